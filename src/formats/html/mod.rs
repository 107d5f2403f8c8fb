//! HTML and XHTML.

use std::sync::Arc;

use crate::document::Document;

use super::{Context, OpenError, Source};

/// Opens a document of this format.
///
/// # Errors
/// When the bytes cannot be read.
pub fn open(_source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    Err(OpenError::new(&context.name, "this format is not read yet"))
}

/// Which rules the markup follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// HTML, as browsers read it.
    Html,
    /// XHTML, as XML but leniently: the chapters of an EPUB.
    Xhtml,
}

/// What the head of a page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `title`.
    pub title: Option<crate::text::Clean>,
    /// The language of the root element.
    pub language: Option<crate::text::Clean>,
    /// `meta name="author"`, in order.
    pub authors: Vec<crate::text::Clean>,
    /// `meta name="description"`.
    pub description: Option<crate::text::Clean>,
    /// `meta name="date"` and its kin.
    pub date: Option<crate::text::Clean>,
}

/// Walks a page (or a fragment of one) into a section. Never fails: markup has no errors, only
/// recoveries.
pub fn walk(_text: &str, _markup: Markup, _builder: &mut crate::document::SectionBuilder) -> Head {
    Head::default()
}

//! HTML and XHTML.

use std::sync::Arc;

use crate::document::{Document, SectionBuilder};
use crate::text::Clean;

use super::writer::Writer;
use super::{Context, OpenError, Source};

mod element;
mod head;
mod list;
mod parse;
mod table;
mod tree;
mod walk;

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
    pub title: Option<Clean>,
    /// The language of the root element.
    pub language: Option<Clean>,
    /// `meta name="author"`, in order.
    pub authors: Vec<Clean>,
    /// `meta name="description"`.
    pub description: Option<Clean>,
    /// `meta name="date"` and its kin.
    pub date: Option<Clean>,
}

/// Walks a page (or a fragment of one) into a section. Never fails: markup has no errors, only
/// recoveries.
pub fn walk(text: &str, markup: Markup, builder: &mut SectionBuilder) -> Head {
    walk_into(text, markup, &mut Writer::whole(builder))
}

/// Walks a page into as many sections as its writer begins.
pub(super) fn walk_into(text: &str, markup: Markup, writer: &mut Writer) -> Head {
    let tree = parse::parse(text, markup);
    walk::walk(&tree, writer);
    head::read(&tree)
}

//! HTML and XHTML.

use std::sync::Arc;

use crate::document::{Document, Format, Meta, SectionBuilder};
use crate::text::Clean;

use super::parsed::Parsed;
use super::writer::Writer;
use super::{Context, OpenError, Source};

pub(super) mod charset;
mod effect;
mod element;
mod head;
#[cfg(test)]
mod laws;
mod list;
mod parse;
mod picture;
mod quotation;
mod table;
mod tree;
mod verse;
mod walk;

pub(super) use effect::{Effect, effect};

/// Opens a page.
///
/// # Errors
/// When the bytes cannot be read.
pub fn open(source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    let page = Parsed::open(&source, context, Format::Html, charset::declared, |text, writer| {
        let markup = if is_xhtml(text) { Markup::Xhtml } else { Markup::Html };
        walk_into(text, markup, writer).into()
    })?;
    Ok(Arc::new(page))
}

/// Whether a page on its own is XHTML: it must say so by an XML declaration *and* its root, as
/// browsers read most of what calls itself XHTML as HTML.
fn is_xhtml(text: &str) -> bool {
    let head = text.trim_start();
    let head = head.get(..head.floor_char_boundary(1024)).unwrap_or_default();
    head.starts_with("<?xml") && head.contains("http://www.w3.org/1999/xhtml")
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

impl From<Head> for Meta {
    fn from(head: Head) -> Meta {
        Meta {
            title: head.title,
            authors: head.authors,
            language: head.language,
            date: head.date,
            description: head.description,
            ..Meta::default()
        }
    }
}

/// Walks a page (or a fragment of one) into a section. Never fails: markup has no errors, only
/// recoveries.
pub fn walk(text: &str, markup: Markup, builder: &mut SectionBuilder) -> Head {
    walk_into(text, markup, &mut Writer::whole(builder))
}

/// Walks a page into as many sections as its writer begins.
pub(super) fn walk_into(text: &str, markup: Markup, writer: &mut Writer) -> Head {
    let tree = parse::parse(text, markup);
    if tree.is_full() {
        writer.warn("This page has more than four million elements; beyond them its text has no structure.");
    }
    walk::walk(&tree, writer);
    head::read(&tree)
}

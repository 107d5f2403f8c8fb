//! HTML and XHTML.

use std::sync::Arc;

use crate::document::{Document, Format, Meta, SectionBuilder};
use crate::text::Clean;

use super::encoding::Charset;
use super::growing::{self, Growing};
use super::parsed::Parsed;
use super::writer::Writer;
use super::{Context, OpenError, Source};
use crate::limits::{SNIFF_BYTES, WHOLE_BYTES};

pub(super) mod charset;
pub(super) mod cuts;
mod effect;
pub(super) mod element;
mod head;
#[cfg(test)]
mod laws;
mod list;
pub(super) mod parse;
mod picture;
mod pieces;
mod quotation;
mod superscript;
mod table;
pub(super) mod tree;
pub(super) mod verse;
pub(super) mod walk;

pub(super) use effect::{Effect, effect};
use pieces::HtmlPieces;

/// Opens a page.
///
/// # Errors
/// When the bytes cannot be read.
pub fn open(source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    if source.len() > WHOLE_BYTES || !source.is_complete() {
        let head = source.read(0, SNIFF_BYTES).map_err(|e| OpenError::io(&context.name, &e))?;
        let charset = match context.charset()? {
            Some(charset) => charset.after_mark(&head),
            None => Charset::detect(&head, charset::declared(&head).as_deref()),
        };
        if growing::can_cut(charset) {
            let text = charset.decode(head.get(charset.mark_len()..).unwrap_or_default());
            let pieces = HtmlPieces { markup: markup(&text) };
            return Ok(Arc::new(Growing::new(pieces, Format::Html, source, charset, context)));
        }
    }
    let page = Parsed::open(&source, context, Format::Html, charset::declared, |text, writer| {
        walk_into(text, markup(text), writer).into()
    })?;
    Ok(Arc::new(page))
}

/// The rules of a page on its own. It is XHTML if it says so by an XML declaration *and* its root,
/// as browsers read most of what calls itself XHTML as HTML.
fn markup(text: &str) -> Markup {
    let head = text.trim_start();
    let head = head.get(..head.floor_char_boundary(1024)).unwrap_or_default();
    let is_xhtml = head.starts_with("<?xml") && head.contains("http://www.w3.org/1999/xhtml");
    if is_xhtml { Markup::Xhtml } else { Markup::Html }
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
    walk::walk(&tree, writer);
    head::read(&tree)
}

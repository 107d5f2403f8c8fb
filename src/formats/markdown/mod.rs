//! Markdown: `CommonMark` with the usual extensions (tables, footnotes, task lists, alerts,
//! definition lists, front matter).

use std::sync::Arc;

use crate::document::{Document, Format, Meta};

use super::parsed::Parsed;
use super::writer::Writer;
use super::{Context, OpenError, Source};

mod events;
mod front;
mod inline;
mod slug;

/// Opens a document of this format.
///
/// # Errors
/// When the bytes cannot be read.
pub fn open(source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    Ok(Arc::new(Parsed::open(&source, context, Format::Markdown, |_| None, read)?))
}

fn read(text: &str, writer: &mut Writer) -> Meta {
    let (mut meta, body) = front::split(text);
    let title = events::write(body, writer);
    meta.title = meta.title.or(title);
    meta
}

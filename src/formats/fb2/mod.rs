//! FB2, plain or in a ZIP archive (`.fb2`, `.fb2.zip`, `.fbz`).
//!
//! A book is one XML file: what it says about itself, its text, its notes, and its pictures as
//! long lines of letters at the end, which are left out before anything is parsed. The text is
//! read in pieces like a long page of HTML, after its elements were given the names that HTML has
//! for them (`words.rs`), so that one walk serves both.

use std::io;
use std::sync::Arc;

use memchr::memmem;

use crate::document::{Document, Format};
use crate::limits::{FB2_SCAN_MAX, MEMBER_TEXT_MAX, SNIFF_BYTES};

use super::encoding::Charset;
use super::growing::{Growing, can_cut};
use super::html::charset;
use super::parsed::Parsed;
use super::zip::Archive;
use super::{Context, OpenError, Source};

mod about;
mod pieces;
#[cfg(test)]
mod tests;
mod words;

use pieces::BookPieces;

/// The extension of a book in an archive.
const EXTENSION: &str = "fb2";

/// Opens a book.
///
/// # Errors
/// When the bytes cannot be read, or are an archive with no book in it or more than one.
pub fn open(source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    let failed = |error: io::Error| OpenError::io(&context.name, &error);
    let mut fault = None;
    let mut source = source;
    if source.read(0, 2).map_err(failed)? == b"PK" {
        let unpacked = unpack(source).map_err(failed)?;
        (source, fault) = unpacked.map_err(|reason| OpenError::new(&context.name, &reason))?;
    }
    let head = source.read(0, SNIFF_BYTES).map_err(failed)?;
    let charset = match context.charset()? {
        Some(charset) => charset.after_mark(&head),
        None => Charset::detect(&head, charset::declared(&head).as_deref()),
    };
    // A book that still arrives is read when all of it is there: its pictures must be left out.
    if source.is_complete() && can_cut(charset) {
        let end = text_end(&source).map_err(failed)?;
        let pieces = BookPieces { fault };
        return Ok(Arc::new(Growing::new(pieces, Format::Fb2, source.until(end), charset, context)));
    }
    let book = Parsed::open(&source, context, Format::Fb2, charset::declared, pieces::read)?;
    Ok(Arc::new(book))
}

/// The one book of an archive, and what is wrong with it; or why there is none.
fn unpack(source: Source) -> io::Result<Result<(Source, Option<String>), String>> {
    let archive = Archive::open(source)?;
    let mut books = archive.members().filter(|(_, member)| member.has_extension(EXTENSION));
    let Some((book, _)) = books.next() else {
        return Ok(Err("it is a ZIP archive, but no FB2 book: there is no file named .fb2 in it.".to_owned()));
    };
    if books.next().is_some() {
        return Ok(Err("it is a ZIP archive with more than one FB2 book in it; unpack it first.".to_owned()));
    }
    let content = archive.read(book, MEMBER_TEXT_MAX)?;
    let name = archive.name(book);
    Ok(match content.fault {
        Some(fault) if content.bytes.is_empty() => Err(format!("its book, '{name}', cannot be read: {fault}.")),
        fault => {
            let fault = fault.map(|fault| format!("The book in the archive cannot be read as it stands: {fault}."));
            Ok((Source::memory(content.bytes), fault))
        }
    })
}

/// Where the text of a book ends: before its pictures, if nothing but pictures follows.
fn text_end(source: &Source) -> io::Result<u64> {
    const PICTURE: &[u8] = b"<binary";
    const TEXT: &[u8] = b"</body";
    let pictures = match source.len() {
        ..=FB2_SCAN_MAX => find(source, PICTURE, 0)?,
        _ => None,
    };
    let Some(pictures) = pictures else { return Ok(source.len()) };
    Ok(if find(source, TEXT, pictures)?.is_some() { source.len() } else { pictures })
}

/// Where a word stands first, from an offset on.
fn find(source: &Source, word: &[u8], from: u64) -> io::Result<Option<u64>> {
    const WINDOW: usize = 1 << 20;
    let finder = memmem::Finder::new(word);
    let mut at = from;
    loop {
        let bytes = source.read(at, WINDOW + word.len())?;
        if let Some(found) = finder.find(&bytes) {
            return Ok(Some(at + found as u64));
        }
        if bytes.len() < WINDOW + word.len() {
            return Ok(None);
        }
        at += WINDOW as u64;
    }
}

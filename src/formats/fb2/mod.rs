//! FB2, plain or in a ZIP archive (`.fb2`, `.fb2.zip`, `.fbz`).
//!
//! A book is one XML file: what it says about itself, its text, its notes, and its pictures as
//! long lines of letters, which are left out before anything is parsed where they stand at the
//! end. The text is read in pieces like a long page of HTML, after its elements were given the
//! names that HTML has for them (`words.rs`), so that one walk serves both.

use std::io;
use std::sync::Arc;

use memchr::memmem;

use crate::document::{Document, Format, Warning};
use crate::limits::{FB2_SCAN_MAX, MEMBER_TEXT_MAX, SNIFF_BYTES};

use super::encoding::{Charset, is_binary};
use super::growing::{Growing, can_cut};
use super::html::charset;
use super::parsed::Parsed;
use super::zip::{Archive, Fault, Member};
use super::{Context, OpenError, Refusal, Source};
use crate::text::clean_line;

mod about;
mod pieces;
#[cfg(test)]
mod tests;
mod words;

use pieces::BookPieces;

/// How an archive begins.
const ZIP: &[u8] = b"PK";
/// The extension of a book in an archive.
const EXTENSION: &str = "fb2";

/// Bytes at the end of a file in which the end tag of a book must stand.
const END_BYTES: usize = 64 * 1024;

/// Opens a book.
///
/// # Errors
/// When the bytes cannot be read, or are an archive with no book in it or more than one.
pub fn open(source: Source, mut context: Context) -> Result<Arc<dyn Document>, OpenError> {
    let name = context.name.clone();
    let failed = |error: io::Error| OpenError::io(&name, &error);
    let is_packed = source.read(0, ZIP.len()).map_err(failed)? == ZIP;
    let (source, fault) = if is_packed {
        unpack(source).map_err(|refusal| OpenError::new(&name, &refusal.to_string()))?
    } else {
        (source, None)
    };
    let head = source.read(0, SNIFF_BYTES).map_err(failed)?;
    let charset = match context.charset()? {
        Some(charset) => charset.after_mark(&head),
        None => Charset::detect(&head, charset::declared(&head).as_deref()),
    };
    let can_cut = source.is_complete() && can_cut(charset);
    let end = if can_cut { text_end(&source).map_err(failed)? } else { source.len() };
    let has_pictures = end < source.len();
    let sentence = match fault {
        Some(fault) if !(has_pictures && fault == Fault::TooLong) => {
            format!("The book in the archive cannot be read as it stands: {fault}.")
        }
        _ if can_cut && !ends(&source).map_err(failed)? => {
            "The file ends before the book does; perhaps it is incomplete.".to_owned()
        }
        _ => String::new(),
    };
    context.faults.extend((!sentence.is_empty()).then(|| Warning(clean_line(&sentence))));
    // A book that still arrives is read when all of it is there: its pictures must be left out.
    if !can_cut {
        return Ok(Arc::new(Parsed::open(&source, context, Format::Fb2, charset::declared, pieces::read)?));
    }
    // The pictures of an archive need not stay in memory.
    let text = if is_packed && has_pictures {
        Source::memory(source.read(0, usize::try_from(end).unwrap_or(usize::MAX)).map_err(failed)?)
    } else {
        source.until(end)
    };
    Ok(Arc::new(Growing::new(BookPieces, Format::Fb2, text, charset, context)))
}

/// The one book of an archive, and what is wrong with it there.
fn unpack(source: Source) -> Result<(Source, Option<Fault>), Refusal> {
    let archive = Archive::open(source)?;
    // Systems put files of their own beside those that are packed.
    let is_book = |member: &Member| {
        let file = member.name.rsplit('/').next().unwrap_or_default();
        member.has_extension(EXTENSION) && !file.starts_with("._") && !member.name.starts_with("__MACOSX/")
    };
    let mut books = archive.members().filter(|(_, member)| is_book(member));
    let (book, name) = match (books.next(), books.next()) {
        (None, _) => {
            return Err(Refusal::new("it is a ZIP archive, but no FB2 book: there is no file named .fb2 in it."));
        }
        (Some((_, first)), Some((_, second))) => {
            let names = format!("'{}', '{}'", first.name, second.name);
            let sentence = format!("it is a ZIP archive with more than one book ({names}); unpack it first.");
            return Err(Refusal::new(sentence));
        }
        (Some((book, member)), None) => (book, &member.name),
    };
    let content = archive.read(book, MEMBER_TEXT_MAX)?;
    if let Some(fault) = content.fault.filter(|_| content.bytes.is_empty()) {
        return Err(Refusal::new(format!("its book, '{name}', cannot be read: {fault}.")));
    }
    let head = content.bytes.get(..SNIFF_BYTES).unwrap_or(&content.bytes);
    if is_binary(head, Charset::detect(head, charset::declared(head).as_deref())) {
        return Err(Refusal::new(format!("its book, '{name}', is a binary file, not a text.")));
    }
    Ok((Source::memory(content.bytes), content.fault))
}

/// Whether the end tag of a book is where it belongs, with a prefix or without.
fn ends(source: &Source) -> io::Result<bool> {
    let tail = source.read(source.len().saturating_sub(END_BYTES as u64), END_BYTES)?;
    let names = tail.split(|&byte| byte == b'<').filter_map(|tag| tag.strip_prefix(b"/")?.split(|&b| b == b'>').next());
    let mut names = names.filter_map(|name| name.trim_ascii().rsplit(|&byte| byte == b':').next());
    Ok(names.any(|name| name.eq_ignore_ascii_case(b"FictionBook")))
}

/// Where the text of a book ends: before its pictures, if nothing but pictures follows.
fn text_end(source: &Source) -> io::Result<u64> {
    const WINDOW: usize = 1 << 20;
    let len = source.len();
    if len > FB2_SCAN_MAX {
        return Ok(len);
    }
    let finder = memmem::Finder::new(PICTURE);
    let mut pictures = None;
    for at in (0..len).step_by(WINDOW) {
        let bytes = source.read(at, WINDOW + PICTURE.len())?;
        let from = match pictures {
            Some(_) => 0,
            None => match finder.find(&bytes) {
                Some(found) => {
                    pictures = Some(at + found as u64);
                    found
                }
                None => continue,
            },
        };
        let rest = bytes.get(from..).unwrap_or_default();
        let tags = memchr::memchr_iter(b'<', rest).take_while(|tag| from + tag < WINDOW);
        if !tags.filter_map(|tag| rest.get(tag..)).all(is_of_picture) {
            return Ok(len);
        }
    }
    Ok(pictures.unwrap_or(len))
}

/// How a picture begins.
const PICTURE: &[u8] = b"<binary";

/// Whether what begins here is no text: a picture, its end, or the end of the book.
fn is_of_picture(tag: &[u8]) -> bool {
    let begins = |start: &[u8]| tag.get(..start.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(start));
    // At the end of a window enough of the tag is seen; at the end of the file the rest is missing.
    begins(PICTURE) || begins(b"</binary") || begins(b"</Ficti") || tag.len() < PICTURE.len()
}

//! What a document says about itself, and by what it is known again.

use std::fmt::{self, Write as _};
use std::io;

use sha2::{Digest as _, Sha256};

use crate::limits::{AUTHORS_MAX, META_LINE_MAX};
use crate::text::{Clean, clean_line};

/// The kinds of document that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Plain,
    /// Text whose lines stand as they are: code, a patch, the output of a program.
    Lines,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// EPUB 2 or 3.
    Epub,
    /// FB2, the second `FictionBook` format.
    Fb2,
}

impl Format {
    /// All of them, in the order that help lists them.
    pub const ALL: [Format; 6] =
        [Format::Plain, Format::Lines, Format::Markdown, Format::Html, Format::Epub, Format::Fb2];

    /// The name, as `--format` takes and `info` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Plain => "text",
            Format::Lines => "lines",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Epub => "epub",
            Format::Fb2 => "fb2",
        }
    }

    /// The format of a name, as `--format` takes it: the name itself, or a usual file extension.
    pub fn from_name(name: &str) -> Option<Format> {
        match name.trim().to_ascii_lowercase().as_str() {
            "text" | "txt" | "plain" => Some(Format::Plain),
            "lines" | "code" => Some(Format::Lines),
            "markdown" | "md" | "mkd" => Some(Format::Markdown),
            "html" | "htm" | "xhtml" => Some(Format::Html),
            "epub" => Some(Format::Epub),
            "fb2" | "fbz" => Some(Format::Fb2),
            _ => None,
        }
    }

    /// Whether readers know its lines by number: those of its file, as `grep -n` counts them (of a plain text
    /// with the ends of an old Macintosh, by those).
    pub fn has_lines(self) -> bool {
        matches!(self, Format::Plain | Format::Lines | Format::Markdown)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a document says about itself. Everything is optional: most plain texts say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Title.
    pub title: Option<Clean>,
    /// Authors in the order given.
    pub authors: Vec<Clean>,
    /// Language as a BCP 47 tag, as stated.
    pub language: Option<Clean>,
    /// Date of publication, as stated.
    pub date: Option<Clean>,
    /// Publisher.
    pub publisher: Option<Clean>,
    /// A few sentences about it.
    pub description: Option<Clean>,
    /// The package identifier (ISBN, UUID, address).
    pub identifier: Option<Clean>,
}

impl Meta {
    /// A line about a document, cut with `…` where it is too long to be one.
    pub fn line(raw: &str) -> Clean {
        let line = clean_line(raw);
        if line.len() <= META_LINE_MAX {
            return line;
        }
        let (start, _) = line.split_at(line.floor_char_boundary(META_LINE_MAX));
        clean_line(&format!("{start}…"))
    }

    /// Leaves as many authors as are named, and `…` for the others.
    pub fn limit_authors(authors: &mut Vec<Clean>) {
        if authors.len() > AUTHORS_MAX {
            authors.truncate(AUTHORS_MAX);
            authors.push(clean_line("…"));
        }
    }
}

/// By what a document is known again when it was renamed or moved: its length and a digest of
/// its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256, in lower-case hexadecimal, of the length (8 bytes, little-endian), the first and
    /// the last 64 KiB of the file (the whole file where it is shorter than both). Reading only
    /// the ends keeps opening a file independent of its size.
    pub digest: String,
}

impl Identity {
    /// Bytes at each end of a file that its digest is made of.
    pub const ENDS: u64 = 64 << 10;

    /// The identity of a file of so many bytes; `read` gives the bytes from an offset on, at most
    /// [`Identity::ENDS`].
    ///
    /// # Errors
    /// Those of `read`.
    pub fn of(bytes: u64, mut read: impl FnMut(u64) -> io::Result<Vec<u8>>) -> io::Result<Identity> {
        let mut hash = Sha256::new();
        hash.update(bytes.to_le_bytes());
        hash.update(read(0)?);
        if bytes > Identity::ENDS {
            hash.update(read((bytes - Identity::ENDS).max(Identity::ENDS))?);
        }
        let mut digest = String::with_capacity(64);
        for byte in hash.finalize() {
            let _ = write!(digest, "{byte:02x}");
        }
        Ok(Identity { bytes, digest })
    }

    /// A short name for file names and listings: the first 32 digits of the digest.
    pub fn key(&self) -> &str {
        self.digest.get(..32).unwrap_or(&self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
        assert_eq!(Format::from_name(" MD "), Some(Format::Markdown));
        assert_eq!(Format::from_name("mobi"), None);
    }
}

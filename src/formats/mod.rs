//! Formats: bytes become documents.
//!
//! [`open`] finds out what a file is and gives a [`Document`]. Each format is a folder of its own
//! with one `open` of the same shape. It knows the document model. It must not know how text is
//! laid out, read, painted or stored.

use std::path::Path;
use std::sync::Arc;

use crate::document::{Document, Format, Identity};
use crate::text::Clean;

pub mod bytes;
pub mod encoding;
pub mod epub;
pub mod html;
pub mod limits;
pub mod markdown;
pub mod plain;
pub mod zip;

pub use bytes::Source;

/// What the reader said about a file, beyond its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// Read it as this format, whatever it looks like.
    pub format: Option<Format>,
    /// Decode it as this encoding (a name of the WHATWG encoding standard).
    pub encoding: Option<String>,
}

/// What a format is given beside the bytes.
#[derive(Clone, Debug)]
pub struct Context {
    /// The file's name, for messages and as a title of last resort.
    pub name: Clean,
    /// By what the file is known again.
    pub identity: Identity,
    /// What the reader said.
    pub options: OpenOptions,
}

/// A file that cannot be opened at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot open '{name}': {reason}")]
pub struct OpenError {
    /// The file's name.
    pub name: Clean,
    /// What is wrong with it, where, and what to try: one or two sentences.
    pub reason: Clean,
}

impl OpenError {
    /// An error with its reason in words.
    pub fn new(name: &Clean, reason: &str) -> OpenError {
        OpenError { name: name.clone(), reason: crate::text::clean_line(reason) }
    }
}

/// Opens a file.
///
/// # Errors
/// With one sentence for the reader, when the file cannot be read or holds nothing that can be
/// shown as text.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Arc<dyn Document>, OpenError> {
    let name = crate::text::clean_line(&path.to_string_lossy());
    let file = std::fs::File::open(path).map_err(|e| OpenError::new(&name, &e.to_string()))?;
    let source = Source::file(file).map_err(|e| OpenError::new(&name, &e.to_string()))?;
    open_source(source, name, options)
}

/// Opens what was read already, a pipe for example.
///
/// # Errors
/// As [`open`].
pub fn open_source(source: Source, name: Clean, options: &OpenOptions) -> Result<Arc<dyn Document>, OpenError> {
    let identity = source.identity().map_err(|e| OpenError::new(&name, &e.to_string()))?;
    let context = Context { name, identity, options: options.clone() };
    plain::open(source, context)
}

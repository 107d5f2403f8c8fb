//! Formats: bytes become documents.
//!
//! [`open`] finds out what a file is and gives a [`Document`]. Each format is a folder of its own
//! with one `open` of the same shape. It knows the document model. It must not know how text is
//! laid out, read, painted or stored.

use std::fs::{File, FileType};
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::document::{Document, Format, Identity, Warning};
use crate::files;
use crate::text::Clean;

pub mod bytes;
pub mod encoding;
pub mod epub;
pub mod fb2;
mod fragment;
mod growing;
mod headings;
pub mod html;
pub mod markdown;
mod matter;
pub mod outlines;
mod parsed;
pub mod plain;
mod prose;
mod raised;
mod sniff;
pub mod topics;
mod writer;
pub mod zip;

pub use bytes::{Source, Spool, Stamp};

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
    /// What was found to be wrong with the file before its text is read.
    pub faults: Vec<Warning>,
}

impl Context {
    /// The encoding that the reader asked for, if any.
    ///
    /// # Errors
    /// When there is no encoding of that name.
    pub fn charset(&self) -> Result<Option<encoding::Charset>, OpenError> {
        let Some(name) = &self.options.encoding else { return Ok(None) };
        let unknown = || {
            let reason = format!("there is no encoding named '{name}'; try utf-8, windows-1252, koi8-r or shift_jis");
            OpenError::new(&self.name, &reason)
        };
        encoding::Charset::from_name(name).map(Some).ok_or_else(unknown)
    }
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
    /// A failure of the disk, in words.
    pub fn io(name: &Clean, error: &io::Error) -> OpenError {
        OpenError::new(name, &in_words(error))
    }

    /// An error with its reason in words.
    pub fn new(name: &Clean, reason: &str) -> OpenError {
        OpenError { name: name.clone(), reason: crate::text::clean_line(reason) }
    }
}

/// Why a book cannot be opened: the disk failed, or a sentence about the book.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Disk(#[from] io::Error),
    #[error("{0}")]
    Book(String),
}

impl Refusal {
    fn new(sentence: impl Into<String>) -> Refusal {
        Refusal::Book(sentence.into())
    }
}

/// Opens a file.
///
/// # Errors
/// With one sentence for the reader, when the file cannot be read or holds nothing that can be
/// shown as text.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Arc<dyn Document>, OpenError> {
    let (source, name) = source(path)?;
    open_source(source, name, options)
}

/// The bytes of a file, and its name for messages.
///
/// # Errors
/// With one sentence for the reader, when it cannot be read or is no file.
pub fn source(path: &Path) -> Result<(Source, Clean), OpenError> {
    let name = crate::text::clean_line(&path.to_string_lossy());
    let file = regular_file(path).map_err(|reason| OpenError::new(&name, &reason))?;
    Ok((Source::file(file).map_err(|e| OpenError::io(&name, &e))?, name))
}

/// Opens a regular file, and nothing else; a pipe is not waited for.
///
/// # Errors
/// With the reason in words, when it cannot be read or is no file.
pub fn regular_file(path: &Path) -> Result<File, String> {
    let fail = |e: io::Error| in_words(&e);
    let about = std::fs::metadata(path).map_err(fail)?;
    refuse_special(about.file_type())?;
    let file = files::open(std::fs::OpenOptions::new().read(true), path).map_err(fail)?;
    // It may have become something else since.
    refuse_special(file.metadata().map_err(fail)?.file_type())?;
    Ok(file)
}

/// Opens what was read already, a pipe for example.
///
/// # Errors
/// As [`open`].
pub fn open_source(source: Source, name: Clean, options: &OpenOptions) -> Result<Arc<dyn Document>, OpenError> {
    let fail = |e: io::Error| OpenError::io(&name, &e);
    let format = match options.format {
        Some(format) => format,
        None => match sniff::sniff(&source, &name, options.encoding.is_some()).map_err(fail)? {
            sniff::Kind::Readable(format) => format,
            sniff::Kind::Refused(reason) => return Err(OpenError::new(&name, &reason)),
        },
    };
    let identity = source.identity().map_err(fail)?;
    let context = Context { name, identity, options: options.clone(), faults: Vec::new() };
    match format {
        Format::Plain => plain::open(source, context),
        Format::Lines => plain::open_lines(source, context),
        Format::Markdown => markdown::open(source, context),
        Format::Html => html::open(source, context),
        Format::Epub => epub::open(source, context),
        Format::Fb2 => fb2::open(source, context),
    }
}

/// Only regular files are read: a pipe may never end and never begin.
fn refuse_special(kind: FileType) -> Result<(), String> {
    if kind.is_file() {
        return Ok(());
    }
    Err(if kind.is_dir() { "it is a directory; name a file in it" } else { special(kind) }.to_owned())
}

/// Whether a path leads to a pipe.
#[cfg(unix)]
pub fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|about| about.file_type().is_fifo())
}

/// Whether a path leads to a pipe.
#[cfg(not(unix))]
pub fn is_pipe(_path: &Path) -> bool {
    false
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "it is a pipe; give it as standard input instead (lection - < PIPE)"
    } else if kind.is_socket() {
        "it is a socket, not a file"
    } else {
        "it is a device, not a file"
    }
}

#[cfg(not(unix))]
fn special(_kind: FileType) -> &'static str {
    "it is a device, not a file"
}

/// A failure of the disk in words.
pub fn in_words(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        return "its symbolic links lead in a circle".to_owned();
    }
    let known = match error.kind() {
        Kind::NotFound => "there is no such file; check the path",
        Kind::PermissionDenied => "permission denied; check who may read it (ls -l)",
        Kind::IsADirectory => "it is a directory; name a file in it",
        Kind::NotADirectory => "a part of its path is a file, not a directory",
        Kind::InvalidFilename => "its name is too long, or not one that this system can have",
        Kind::InvalidInput if error.get_ref().is_none() => "its name is not one that a file can have",
        Kind::TimedOut | Kind::StaleNetworkFileHandle => "the disk or network it is on does not answer; try again",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    files::reason(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(path: &Path, word: &str) {
        let error = open(path, &OpenOptions::default()).expect_err("is refused").to_string();
        assert!(error.contains(word) && !error.contains("os error") && error.lines().count() == 1, "{error}");
    }

    #[test]
    fn what_is_no_file_is_refused_in_one_sentence() {
        let folder = tempfile::tempdir().unwrap();
        check_refused(folder.path(), "directory");
        check_refused(&folder.path().join("missing\u{1b}]0;x.txt"), "no such file");
        let file = folder.path().join("a.txt");
        std::fs::write(&file, "words").unwrap();
        check_refused(&file.join("below"), "not a directory");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("loop", folder.path().join("loop")).unwrap();
            check_refused(&folder.path().join("loop"), "circle");
            check_refused(Path::new("/dev/zero"), "device");
            #[cfg(target_os = "linux")]
            rustix::fs::mkfifoat(rustix::fs::CWD, folder.path().join("fifo"), rustix::fs::Mode::RUSR).unwrap();
            #[cfg(target_os = "linux")]
            check_refused(&folder.path().join("fifo"), "pipe");
        }
    }

    #[test]
    fn the_reader_has_the_last_word() {
        let open = |format, encoding: Option<&str>| {
            let options = OpenOptions { format, encoding: encoding.map(str::to_owned) };
            open_source(Source::memory(*b"<html> caf\xE9"), crate::text::clean_line("a.html"), &options)
        };
        let document = open(Some(Format::Plain), Some("latin1")).ok().unwrap();
        assert_eq!((document.format(), document.encoding()), (Format::Plain, "windows-1252"));
        let error = open(Some(Format::Plain), Some("klingon")).err().unwrap().to_string();
        assert!(error.contains("klingon"), "{error}");
    }
}

//! What went wrong on the disk, in words for the reader.

use std::io;
use std::path::{Path, PathBuf};

use crate::files::reason;
use crate::text::{Clean, clean_line};

/// Something could not be saved. It is kept in memory, and saved with the next try.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct StoreError {
    /// What could not be done: "save the bookmark".
    what: &'static str,
    /// To which file; none where no folder for it is known.
    path: Option<PathBuf>,
    /// Why.
    #[source]
    why: io::Error,
}

impl StoreError {
    pub(super) fn new(what: &'static str, failure: Failure) -> StoreError {
        StoreError { what, path: Some(failure.path), why: failure.why }
    }

    pub(super) fn without_file(what: &'static str, why: io::Error) -> StoreError {
        StoreError { what, path: None, why }
    }

    /// One line: what could not be done, to which file, why.
    pub fn message(&self) -> Clean {
        let why = reason(&self.why);
        match &self.path {
            Some(path) => clean_line(&format!("cannot {} to {}: {why}", self.what, path.display())),
            None => clean_line(&format!("cannot {}: {why}", self.what)),
        }
    }

    /// Why, in a few words: "no space left on device".
    pub fn reason(&self) -> Clean {
        clean_line(&reason(&self.why))
    }

    /// The system's error.
    pub fn kind(&self) -> io::ErrorKind {
        self.why.kind()
    }
}

/// A call that failed, and on what.
#[derive(Debug)]
pub struct Failure {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub why: io::Error,
}

impl Failure {
    /// To be used with `map_err`.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> Failure {
        let path = path.to_path_buf();
        move |why| Failure { path, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_to_which_file_and_why() {
        let failure = Failure { path: PathBuf::from("/m\u{1b}/x.jsonl"), why: io::ErrorKind::StorageFull.into() };
        let error = StoreError::new("save the bookmark", failure);
        assert_eq!(error.to_string(), "cannot save the bookmark to /m␛/x.jsonl: no storage space");
        let why = io::Error::new(io::ErrorKind::NotFound, "there is no home folder");
        assert_eq!(StoreError::without_file("save", why).to_string(), "cannot save: there is no home folder");
    }
}

//! The books that were joined to one, directly or through others.
//!
//! Who joined a version joined what that one had joined. But a file that was empty for a moment is
//! no version of all that ever stood at its path: through a text too short to be known, nothing
//! comes that is foreign. This file knows keys and labels and must read nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::body::Label;
use super::stamp::is_name;

/// Books joined to one book.
const JOINS_MAX: usize = 4096;

/// The keys of joined books.
#[derive(Debug, Default)]
pub struct Joins(BTreeMap<String, Standing>);

/// What is known of a joined book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It is a version.
    Version,
    /// One whose text is too short to be known has joined it.
    Doubtful,
    /// As that, and it is another text.
    Foreign,
}

impl Joins {
    /// The keys of all that are versions, or may be.
    pub fn keys(&self) -> BTreeSet<String> {
        self.0.keys().filter(|key| self.has(key)).cloned().collect()
    }

    /// Whether a book is a version, or may be.
    pub fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|standing| *standing != Standing::Foreign)
    }

    /// Takes in what the reader's own book has joined.
    pub fn add(&mut self, keys: &[String]) {
        for key in keys {
            self.stand(key, Standing::Version);
        }
    }

    /// A joined book was read: whether it is a version of `own`. Then what it has joined is taken in.
    /// `labels`: what it is called.
    pub fn admit(&mut self, own: &Label, key: &str, labels: &[Label]) -> bool {
        let is_known = is_known(labels);
        let mut of = self.0.get(key).copied().unwrap_or(Standing::Version);
        if of != Standing::Version && is_known {
            let is_foreign = is_foreign(std::slice::from_ref(own), labels);
            of = if is_foreign { Standing::Foreign } else { Standing::Version };
            self.0.insert(key.to_owned(), of);
        }
        if of == Standing::Foreign {
            return false;
        }
        let standing = if is_known { Standing::Version } else { Standing::Doubtful };
        for join in labels.iter().flat_map(|label| &label.joins) {
            self.stand(join, standing);
        }
        true
    }

    fn stand(&mut self, key: &str, standing: Standing) {
        let known = self.0.get(key);
        let is_new = known.is_none() && is_name(key) && self.0.len() < JOINS_MAX;
        if is_new || known.is_some() && standing == Standing::Version {
            self.0.insert(key.to_owned(), standing);
        }
    }
}

/// Whether the text of a book is known well enough to tell it from others.
pub fn is_known(labels: &[Label]) -> bool {
    labels.iter().any(|label| !label.print.is_too_short())
}

/// Whether two books are different texts.
pub fn is_foreign(a: &[Label], b: &[Label]) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.print.is_foreign(&b.print)))
}

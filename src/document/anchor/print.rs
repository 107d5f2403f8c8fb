//! The fingerprint of a text: by it, an edited or converted file is known again.
//!
//! Of the hashes of all runs of five words the 128 smallest are kept (a bottom-k sketch, Cohen
//! and Kaplan 2007: `MinHash` with one hash function). The share that two texts have in common of
//! the smallest of both estimates the share that they have in common of all their runs.

use std::collections::BTreeSet;
use std::fmt;

use crate::text::words::Words;

use crate::document::{Document, Section, SectionId};

use super::text::join;

/// Words of a run.
const RUN: usize = 5;
/// Hashes kept.
const KEPT: usize = 128;
/// Digits of a hash as text.
const DIGITS: usize = 12;
/// Texts of which less is known are not compared.
const KEPT_MIN: usize = 16;
/// A longer text (in stored bytes) is not read as a whole: its fingerprint is that of its head.
const READ_MAX: u64 = 16 << 20;
/// So much of it: enough to tell one book from another.
const HEAD_MAX: u64 = 1 << 20;
/// Share of the shorter of two texts below which it is no version of the other, and hashes that it
/// takes to say so.
const FOREIGN: f64 = 0.05;
const FOREIGN_MIN: usize = 8;
/// From here on two texts are versions of one book.
const SAME: f64 = 0.7;

/// A fingerprint. Empty for a text of less than five words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Print(Vec<u64>);

/// What is known of a text when all of it was read, or the head of a very long one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// A hash of all letters; 0 where only a part was read, and so are the letters.
    pub hash: u64,
    /// Letters in all.
    pub letters: u64,
    /// The fingerprint.
    pub print: Print,
    /// Letters before each section.
    pub before: Vec<u64>,
}

impl Sum {
    /// Reads a document, as far as it can be read. `None` where `stop` says so.
    pub fn of(document: &dyn Document, stop: &dyn Fn() -> bool) -> Option<Sum> {
        let mut reading = Reading::default();
        let most = if Sum::is_of_all(document) { READ_MAX } else { HEAD_MAX };
        let (mut bytes, mut is_whole) = (0u64, true);
        for id in (0..document.section_count()).map(SectionId) {
            if stop() {
                return None;
            }
            if bytes > most {
                is_whole = false;
                break;
            }
            bytes = bytes.saturating_add(document.section_bytes(id));
            match document.load(id) {
                Ok(section) => reading.add(&section),
                Err(_) => is_whole = false,
            }
        }
        let sum = reading.finish();
        Some(if is_whole { sum } else { Sum { print: sum.print, ..Sum::default() } })
    }

    /// Whether a document is short enough to be read as a whole.
    pub fn is_of_all(document: &dyn Document) -> bool {
        let bytes = (0..document.section_count()).map(|id| document.section_bytes(SectionId(id)));
        bytes.fold(0, u64::saturating_add) <= READ_MAX
    }
}

/// A text that is being read.
#[derive(Debug, Default)]
struct Reading {
    words: Words,
    run: [u32; RUN],
    seen: usize,
    kept: BTreeSet<u64>,
    sum: Sum,
}

impl Reading {
    fn add(&mut self, section: &Section) {
        self.sum.before.push(self.sum.letters);
        self.words.clear();
        self.words.add(section.text());
        self.sum.letters += u64::from(self.words.sum().0);
        for word in self.words.words() {
            self.run.rotate_left(1);
            self.run[RUN - 1] = word.hash;
            self.seen += 1;
            if self.seen >= RUN {
                let hash = self.run.iter().fold(0, |hash, word| join(hash, *word)) >> (64 - 4 * DIGITS);
                if self.kept.len() < KEPT || self.kept.last().is_some_and(|last| hash < *last) {
                    self.kept.insert(hash);
                    if self.kept.len() > KEPT {
                        self.kept.pop_last();
                    }
                }
            }
        }
    }

    fn finish(mut self) -> Sum {
        self.sum.hash = self.words.sum().1;
        self.sum.print = Print(self.kept.into_iter().collect());
        self.sum
    }
}

impl Print {
    /// The share of their runs that two texts have in common, 0 to 1. `None` where one of them is
    /// too short to tell.
    fn likeness(&self, other: &Print) -> Option<f64> {
        if self.0.len() < KEPT_MIN || other.0.len() < KEPT_MIN {
            return None;
        }
        let all: BTreeSet<u64> = self.0.iter().chain(&other.0).copied().collect();
        let size = all.len().min(KEPT);
        let is_both = |hash: &&u64| self.0.binary_search(hash).is_ok() && other.0.binary_search(hash).is_ok();
        Some(all.iter().take(size).filter(is_both).count() as f64 / size as f64)
    }

    /// Whether hardly anything of the shorter of two texts is in the other: they are different
    /// books. A draft of which much more came is none.
    pub fn is_foreign(&self, other: &Print) -> bool {
        self.has_part_of(other) == Some(false)
    }

    /// Whether anything of the shorter of two texts is in the other. `None` where one of them is too
    /// short to tell.
    pub fn has_part_of(&self, other: &Print) -> Option<bool> {
        // Up to here all hashes of a text are known: the fuller it is, the less far.
        let reach = |print: &Print| if print.0.len() < KEPT { u64::MAX } else { *print.0.last().unwrap_or(&0) };
        let (short, long) = if reach(self) > reach(other) { (self, other) } else { (other, self) };
        let known: Vec<&u64> = short.0.iter().filter(|hash| **hash <= reach(long)).collect();
        let both = known.iter().filter(|hash| long.0.binary_search(hash).is_ok()).count();
        (known.len() >= FOREIGN_MIN).then_some(both as f64 >= known.len() as f64 * FOREIGN)
    }

    /// Whether two texts are versions of one book.
    pub fn is_like(&self, other: &Print) -> bool {
        self.likeness(other).is_some_and(|likeness| likeness >= SAME)
    }

    /// Whether too little is known to tell the text from any other.
    pub fn is_too_short(&self) -> bool {
        self.0.len() < FOREIGN_MIN
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Twelve hexadecimal digits a hash.
impl fmt::Display for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|hash| write!(f, "{hash:0DIGITS$x}"))
    }
}

/// Reads what is written; what is none gives an empty one.
impl From<&str> for Print {
    fn from(text: &str) -> Print {
        let digits = text.as_bytes().chunks(DIGITS).map(|chunk| std::str::from_utf8(chunk).ok());
        let hashes = digits.map(|digits| u64::from_str_radix(digits?, 16).ok());
        let mut hashes = hashes.collect::<Option<Vec<u64>>>().unwrap_or_default();
        hashes.sort_unstable();
        hashes.truncate(KEPT);
        Print(hashes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::SectionBuilder;

    fn sum(words: impl Iterator<Item = usize>) -> Sum {
        let mut reading = Reading::default();
        let mut builder = SectionBuilder::new(SectionId(0));
        builder.text(&words.map(|word| format!("word{word}")).collect::<Vec<_>>().join(" "));
        builder.end();
        reading.add(&builder.finish());
        reading.finish()
    }

    #[test]
    fn texts_are_as_like_as_their_runs_are() {
        let whole = sum(0..5000);
        assert_eq!(whole.print.likeness(&whole.print), Some(1.0));
        // A tenth is gone.
        let shorter = sum(0..4500);
        assert!(shorter.print.is_like(&whole.print), "{:?}", shorter.print.likeness(&whole.print));
        let half = sum(2500..5000).print.likeness(&whole.print).unwrap();
        assert!((0.35..0.65).contains(&half), "{half}");
        assert_eq!(sum(6000..9000).print.likeness(&whole.print), Some(0.0));
        assert_eq!(sum(0..9).print.likeness(&whole.print), None);
        assert!(sum(6000..9000).print.is_foreign(&whole.print) && whole.print.is_foreign(&sum(6000..7000).print));
        for part in [0..9, 0..60, 100..500, 4000..9000] {
            assert!(!sum(part.clone()).print.is_foreign(&whole.print), "{part:?}");
        }
        assert_ne!(whole.hash, shorter.hash);
    }

    #[test]
    fn prints_come_back() {
        let print = sum(0..500).print;
        assert_eq!(Print::from(print.to_string().as_str()), print);
        for odd in ["", "x", "000000000001zz", "äää"] {
            assert!(Print::from(odd).0.len() < 2, "{odd}");
        }
    }
}

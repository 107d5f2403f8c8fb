//! What a reader types to find something, and where it stands in a text.
//!
//! What the eye sees is what is found: white space of any kind and length is one space, curly
//! and straight quotation marks are the same, and letters match without their accents unless
//! the pattern has some. Small letters match both cases; one capital makes the pattern exact
//! (smart case). Text is folded once, with a map back to its own bytes, then searched as bytes.

use std::ops::Range;
use std::sync::Arc;

use icu_normalizer::DecomposingNormalizerBorrowed;
use memchr::memmem::Finder;

use super::sieve::Sieve;

/// A text to be found.
#[derive(Clone, Debug)]
pub struct Pattern {
    folding: Folding,
    parts: Arc<Parts>,
}

/// What is made of a query once.
#[derive(Debug)]
struct Parts {
    finder: Finder<'static>,
    sieve: Sieve,
}

/// What is taken as equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Folding {
    /// Both cases of a letter.
    pub case: bool,
    /// A letter with and without its accents.
    pub accents: bool,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.folding == other.folding && self.parts.finder.needle() == other.parts.finder.needle()
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// A pattern from what was typed; `None` when nothing is left to look for.
    pub fn new(query: &str) -> Option<Pattern> {
        Pattern::folded(query, !query.chars().any(char::is_uppercase))
    }

    /// The same, with both cases of every letter taken as one.
    pub fn ignoring_case(query: &str) -> Option<Pattern> {
        Pattern::folded(query, true)
    }

    fn folded(query: &str, case: bool) -> Option<Pattern> {
        let nfd = DecomposingNormalizerBorrowed::new_nfd();
        let folding = Folding { case, accents: !nfd.normalize_iter(query.chars()).any(is_accent) };
        let needle = fold(query, folding).text;
        if needle.trim().is_empty() {
            return None;
        }
        let sieve = Sieve::new(&needle, folding);
        let finder = Finder::new(needle.as_bytes()).into_owned();
        Some(Pattern { folding, parts: Arc::new(Parts { finder, sieve }) })
    }

    /// Whether there can be a match in what becomes of a raw text once it is cleaned and
    /// re-flowed. Never false where there is one; far quicker than looking for it.
    pub fn may_match(&self, raw: &str) -> bool {
        self.parts.sieve.lets_through(raw)
    }

    /// The stretches of `text` that match, in order, without overlap, as byte ranges on
    /// character boundaries.
    pub fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        if !self.may_match(text) {
            return Vec::new();
        }
        self.find_all_folded(text)
    }

    /// The same without the quick look before.
    fn find_all_folded(&self, text: &str) -> Vec<Range<usize>> {
        let finder = &self.parts.finder;
        let folded = fold(text, self.folding);
        let length = finder.needle().len();
        let mut hits = Vec::new();
        let mut from = 0;
        while let Some(found) = folded.text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
            let at = from + found;
            let hit = folded.origin(at, false)..folded.origin(at + length, true);
            // Two matches inside one character are one.
            if hits.last().is_none_or(|last: &Range<usize>| last.end <= hit.start) {
                hits.push(hit);
            }
            from = at + length.max(1);
        }
        hits.retain(|hit| hit.start < hit.end);
        hits
    }
}

/// A folded text and the way back.
struct Folded {
    text: String,
    /// Characters that did not stay as they were, in order.
    changes: Vec<Change>,
}

/// A character (or a run of white space) that is longer or shorter when folded: the bytes in the
/// folded text, and those in the original.
#[derive(Clone, Copy)]
struct Change {
    folded: (usize, usize),
    origin: (usize, usize),
}

impl Folded {
    /// Where a folded offset stands in the original. Inside a changed character there is no such
    /// place: `round_up` says at which end of it.
    fn origin(&self, folded: usize, round_up: bool) -> usize {
        let after = self.changes.partition_point(|change| change.folded.0 <= folded);
        let Some(Change { folded: at, origin }) = after.checked_sub(1).and_then(|i| self.changes.get(i)) else {
            return folded;
        };
        match folded {
            _ if folded >= at.1 => origin.1 + (folded - at.1),
            _ if folded == at.0 || !round_up => origin.0,
            _ => origin.1,
        }
    }
}

fn fold(text: &str, folding: Folding) -> Folded {
    let mut out = Folded { text: String::with_capacity(text.len()), changes: Vec::new() };
    let mut after_space = false;
    for (at, c) in text.char_indices() {
        let before = out.text.len();
        if c.is_whitespace() {
            if !after_space {
                out.text.push(' ');
            }
            after_space = true;
        } else {
            after_space = false;
            fold_char(c, folding, &mut out.text);
        }
        let (length, now) = (c.len_utf8(), out.text.len());
        // What has as many bytes as one character of ASCII is one.
        let is_one = |folded: &str| folded.len() == 1 || folded.chars().count() == 1;
        if now - before != length || !is_one(out.text.get(before..).unwrap_or_default()) {
            out.changes.push(Change { folded: (before, now), origin: (at, at + length) });
        }
    }
    out
}

pub(super) fn fold_char(c: char, folding: Folding, out: &mut String) {
    if c.is_ascii() {
        out.push(if folding.case { c.to_ascii_lowercase() } else { c });
        return;
    }
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '\u{2BC}' => return out.push('\''),
        '\u{201C}' | '\u{201D}' | '\u{201F}' | '\u{2033}' => return out.push('"'),
        '\u{2010}' | '\u{2011}' => return out.push('-'),
        _ => {}
    }
    let mut lower = |c: char| {
        if folding.case { out.extend(c.to_lowercase()) } else { out.push(c) }
    };
    if folding.accents {
        let nfkd = DecomposingNormalizerBorrowed::new_nfkd();
        nfkd.normalize_iter(std::iter::once(c)).filter(|c| !is_accent(*c)).for_each(&mut lower);
    } else {
        // An accent matches however it was typed: as one character or as two.
        DecomposingNormalizerBorrowed::new_nfd().normalize_iter(std::iter::once(c)).for_each(&mut lower);
    }
}

/// Marks that Latin, Greek and Cyrillic letters carry; the marks of other scripts are letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, text: &str, found: &[&str]) {
        let pattern = Pattern::new(query).unwrap();
        let hits: Vec<&str> = pattern.find_all(text).into_iter().map(|r| text.get(r).unwrap()).collect();
        assert_eq!(hits, found, "{query:?} in {text:?}");
    }

    #[test]
    fn small_letters_match_both_cases() {
        check("whale", "The Whale, a whale, WHALES", &["Whale", "whale", "WHALE"]);
        check("Whale", "The Whale, a whale", &["Whale"]);
    }

    #[test]
    fn white_space_and_quotation_marks_are_equal() {
        check("two words", "two\nwords, two   words, two\u{a0}words", &["two\nwords", "two   words", "two\u{a0}words"]);
        check("don't", "don’t don't", &["don’t", "don't"]);
        check("\"yes", "“Yes”", &["“Yes"]);
    }

    #[test]
    fn accents_match_unless_they_are_typed() {
        check("cafe", "Café, cafe\u{301}, CAFE", &["Café", "cafe\u{301}", "CAFE"]);
        check("café", "Café cafe", &["Café"]);
        check("strasse", "Straße", &[]);
        check("ﬁsh", "fish", &["fish"]);
        check("глава", "ГЛАВА 1", &["ГЛАВА"]);
        check("日本", "日本語日本", &["日本", "日本"]);
    }

    #[test]
    fn ranges_lie_on_boundaries_after_changes_of_length() {
        let text = "İstanbul ﬁne   “quoted” é x end";
        for word in ["fine", "quoted", "end", "x"] {
            check(word, text, &[if word == "fine" { "ﬁne" } else { word }]);
        }
        check("end.", "the end… and", &["end…"]);
        check("ine", "ﬁne", &["ﬁne"]);
        check("café", "cafe\u{301}", &["cafe\u{301}"]);
        assert!(Pattern::new("  ").is_none());
        assert!(Pattern::new("").is_none());
    }

    proptest::proptest! {
        #[test]
        fn hits_are_character_ranges(query in "[a-cfi.1é ]{1,3}", text in "[a-cA-CéÉİﬁ…½“ß\\n\u{301} ]{0,40}") {
            if let Some(pattern) = Pattern::new(&query) {
                for hit in pattern.find_all(&text) {
                    proptest::prop_assert!(text.get(hit).is_some());
                }
                proptest::prop_assert_eq!(pattern.find_all(&text), pattern.find_all_folded(&text));
            }
        }
    }
}

//! A place as it is saved: it finds its words again when the text around them has changed.
//!
//! A locator alone survives nothing but a re-open of the same bytes. An anchor therefore keeps
//! the words before and after the place, and looks for them: at the place itself, then elsewhere
//! in the section, then (the caller's task) in other sections, and last by fraction. It says how
//! it was found, so that a guess is never shown as a find.

use crate::text::{Clean, clean};

use super::{Position, Range, Section};

/// Characters kept before and after the place.
const CONTEXT: usize = 64;
/// Characters of the marked words that are kept.
const WORDS: usize = 400;

/// A saved place or stretch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anchor {
    /// Where it was.
    pub start: Position,
    /// Where it ended; equal to `start` for a bare place.
    pub end: Position,
    /// The marked words, at most 400 characters; empty for a bare place.
    pub words: Clean,
    /// Up to 64 characters before, in the same section.
    pub before: Clean,
    /// Up to 64 characters after, in the same section.
    pub after: Clean,
    /// Titles of the chapters around it, outermost first.
    pub chapter: Vec<Clean>,
    /// How far into the document it was, 0 to 1.
    pub fraction: f64,
}

/// A place that an anchor found in a section.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The place or stretch.
    pub range: Range,
    /// 1 where all kept words are there; less where some had changed.
    pub certainty: f32,
}

impl Anchor {
    /// Keeps a stretch of a section (a bare place where the range is empty). The range is
    /// clamped into the section.
    pub fn new(section: &Section, range: Range, chapter: Vec<Clean>, fraction: f64) -> Anchor {
        let (start, end) = (section.clamp(range.start), section.clamp(range.end));
        let text = section.text().as_str();
        let (from, to) = (section.offset(start), section.offset(end));
        let (head, rest) = text.split_at_checked(from).unwrap_or((text, ""));
        let (words, tail) = rest.split_at_checked(to.saturating_sub(from)).unwrap_or((rest, ""));
        let before = head.char_indices().rev().take(CONTEXT).last().map_or(head.len(), |(i, _)| i);
        Anchor {
            start,
            end,
            words: clean(prefix(words, WORDS)),
            before: clean(head.get(before..).unwrap_or_default()),
            after: clean(prefix(tail, CONTEXT)),
            chapter,
            fraction: fraction.clamp(0.0, 1.0),
        }
    }

    /// Looks for the words in a section: exactly where they were, else at their best match.
    /// `None` where the section has nothing like them.
    pub fn find(&self, section: &Section) -> Option<Found> {
        let text = section.text().as_str();
        if section.id() == self.start.section {
            let offset = section.offset(self.start);
            if section.clamp(self.start) == self.start && self.score(text, offset) >= 1.0 {
                return Some(self.found(section, offset, 1.0));
            }
        }
        let needle = self.needle();
        if needle.is_empty() {
            return None;
        }
        let nearness = |offset: usize| offset.abs_diff(section.offset(self.start));
        text.match_indices(needle)
            .map(|(offset, _)| (self.score(text, offset), offset))
            .filter(|(score, _)| *score >= 0.5)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(nearness(b.1).cmp(&nearness(a.1))))
            .map(|(score, offset)| self.found(section, offset, score.min(0.99)))
    }

    /// Words that begin at the place, enough to be rare.
    fn needle(&self) -> &str {
        let source = if self.words.is_empty() { self.after.as_str() } else { self.words.as_str() };
        prefix(source.trim_end(), 24)
    }

    /// Share of the kept text that stands around an offset, 0 to 1; the words count most.
    fn score(&self, text: &str, offset: usize) -> f32 {
        let Some((head, tail)) = text.split_at_checked(offset) else { return 0.0 };
        let forward = format!("{}{}", self.words, self.after);
        let whole = (forward.chars().count() + self.before.chars().count()).max(1);
        let ahead = tail.chars().zip(forward.chars()).take_while(|(a, b)| a == b).count();
        let behind = head.chars().rev().zip(self.before.chars().rev()).take_while(|(a, b)| a == b).count();
        (ahead + behind) as f32 / whole as f32
    }

    fn found(&self, section: &Section, offset: usize, certainty: f32) -> Found {
        let start = section.position(offset);
        let length = if self.start == self.end { 0 } else { self.length_in(section) };
        Found { range: Range { start, end: section.position(offset + length) }, certainty }
    }

    /// Bytes of the marked stretch: as long as it was, where it was not cut for keeping.
    fn length_in(&self, section: &Section) -> usize {
        let kept = self.words.len();
        if self.words.chars().count() < WORDS {
            kept
        } else {
            kept.max(section.offset(self.end).saturating_sub(section.offset(self.start)))
        }
    }
}

fn prefix(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(i, _)| i);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{SectionBuilder, SectionId};

    fn section(paragraphs: &[&str]) -> Section {
        let mut builder = SectionBuilder::new(SectionId(0));
        for text in paragraphs {
            builder.text(text);
            builder.end();
        }
        builder.finish()
    }

    fn place(section: &Section, words: &str) -> Position {
        section.position(section.text().find(words).unwrap())
    }

    #[test]
    fn every_place_of_an_unchanged_text_is_found_exactly() {
        let s = section(&["Call me Ishmael.", "Some years ago", "", "— never mind how long — precisely"]);
        for (offset, _) in s.text().char_indices() {
            let at = s.position(offset);
            let anchor = Anchor::new(&s, Range::new(at, at), vec![], 0.5);
            let found = anchor.find(&s).unwrap();
            assert_eq!((found.range.start, found.certainty), (at, 1.0), "{offset}");
        }
    }

    #[test]
    fn words_are_found_where_they_moved() {
        let old = section(&["First paragraph of the book.", "Here is the place I liked best.", "And the end."]);
        let at = place(&old, "place I liked");
        let anchor = Anchor::new(&old, Range::new(at, at), vec![], 0.5);
        let new = section(&[
            "A preface that was not there.",
            "First paragraph of the book.",
            "Here is the place I liked best.",
            "And the end.",
        ]);
        let found = anchor.find(&new).unwrap();
        assert_eq!(found.range.start, place(&new, "place I liked"));
        assert!(found.certainty < 1.0 && found.certainty > 0.5);
    }

    #[test]
    fn text_that_is_gone_is_not_found() {
        let old = section(&["One thing and another thing entirely."]);
        let at = place(&old, "another");
        let anchor = Anchor::new(&old, Range::new(at, at), vec![], 0.5);
        assert_eq!(anchor.find(&section(&["Nothing of the kind."])), None);
    }
}

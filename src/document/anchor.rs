//! A place as it is saved: it finds its words again when the text around them has changed.
//!
//! A locator alone survives nothing but a re-open of the same bytes. An anchor therefore keeps
//! its words and those around them, and looks for them: at the place itself, then anywhere
//! ([`resolve()`]). It says how it was found, so that a guess is never shown as a find.

mod align;
mod candidate;
mod choice;
mod myers;
mod pattern;
mod print;
mod resolve;
mod search;
mod seeds;
mod settle;
mod surroundings;
mod text;

pub use print::{Print, Sum};
pub use resolve::{resolve, set_origins};
pub use search::Found;
pub use surroundings::Surroundings;

use std::borrow::Cow;

use crate::text::words::Words;
use crate::text::{Clean, clean};

use super::{Position, Range, Section};

/// Characters kept before and after the place: 12 words of most languages, and some more.
const CONTEXT: usize = 128;
/// Characters of the marked words that are looked for: all of them, else so many in two halves.
const WORDS: usize = 400;
/// Characters between those halves that are kept for the reader.
const MIDDLE: usize = 20_000;

/// A text without the word that it was cut in, if it was cut to [`CONTEXT`].
fn whole_words(text: &str) -> Cow<'_, str> {
    /// Characters of a longer word, or of a script without spaces: those are not left out.
    const WORD: usize = 24;
    if text.chars().count() < CONTEXT {
        return Cow::Borrowed(text);
    }
    let space = text.char_indices().rev().take(WORD).find(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let kept = space.and_then(|at| text.get(..at)).unwrap_or(text);
    Cow::Owned(format!("{}…", kept.trim_end()))
}

/// A saved place or stretch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anchor {
    /// Where it was.
    pub start: Position,
    /// Where it ended; equal to `start` for a bare place.
    pub end: Position,
    /// The marked words, where they are up to 400 characters, else the first 200; empty for a
    /// bare place.
    pub words: Clean,
    /// The last 200 characters of more than 400.
    pub tail: Clean,
    /// What stands between `words` and `tail`, up to 20,000 characters: not looked for, and kept
    /// because it was marked.
    pub middle: Clean,
    /// Up to 128 characters before, in the same section.
    pub before: Clean,
    /// Up to 128 characters after, in the same section.
    pub after: Clean,
    /// Titles of the chapters around it, outermost first.
    pub chapter: Vec<Clean>,
    /// How far into the document it was, 0 to 1.
    pub fraction: f64,
    /// A hash of the words of its block; 0 where that has none.
    pub block: u64,
    /// Words of the block before the place.
    pub block_words: u32,
    /// A sketch of what stands further off, in the same section.
    pub around: Surroundings,
    /// The text that it was made in.
    pub origin: Origin,
}

/// The text that an anchor was made in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The document's key, as [`Identity::key`](super::Identity::key) gives it; empty where it is
    /// not known.
    pub version: String,
    /// A hash of all normalised letters of the text; 0 where it is not known.
    pub text: u64,
    /// Letters in all.
    pub letters: u64,
    /// Letters before the place.
    pub offset: u64,
}

impl Anchor {
    /// Whether it has the words of another one, letter by letter.
    pub fn has_words_of(&self, other: &Anchor) -> bool {
        let letters = |anchor: &Anchor| anchor.quotation().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        letters(self) == letters(other)
    }

    /// Keeps that it was made in this version of the text, if it says nothing of that yet: it is looked
    /// for in later ones.
    pub fn was_made_in(&mut self, version: &str) {
        if self.origin.version.is_empty() {
            version.clone_into(&mut self.origin.version);
        }
    }

    /// Keeps a stretch of a section (a bare place where the range is empty), from a whole letter
    /// on. The range is clamped into the section, but for an end in a later one: of that stretch
    /// the words in this section are kept.
    pub fn new(section: &Section, range: Range, chapter: Vec<Clean>, fraction: f64) -> Anchor {
        let text = section.text().as_str();
        // Half a letter would not be found again: its rest is another one.
        let start = section.at_letter(range.start);
        let goes_on = range.end.section > section.id();
        let end = match range.end {
            end if end == range.start => start,
            end if goes_on => end,
            end => section.clamp(end),
        };
        let (from, to) = (section.offset(start), if goes_on { text.len() } else { section.offset(end) });
        let (head, rest) = text.split_at_checked(from).unwrap_or((text, ""));
        let (words, tail) = rest.split_at_checked(to.saturating_sub(from)).unwrap_or((rest, ""));
        let is_long = words.chars().nth(WORDS).is_some();
        let (block, block_words) = in_block(section, start);
        Anchor {
            start,
            end,
            words: clean(prefix(words, if is_long { WORDS / 2 } else { WORDS })),
            middle: if is_long { clean(middle(words)) } else { Clean::default() },
            tail: if is_long { clean(suffix(words, WORDS / 2)) } else { Clean::default() },
            before: clean(suffix(head, CONTEXT)),
            after: clean(prefix(tail, CONTEXT)),
            chapter,
            fraction: fraction.clamp(0.0, 1.0),
            block,
            block_words,
            around: Surroundings::of(text, from, to),
            origin: Origin::default(),
        }
    }

    /// The marked words, with ` … ` where some of very many are not kept; for a bare place the
    /// words that follow it, whole, with `…` where the text goes on.
    pub fn quotation(&self) -> Cow<'_, str> {
        if self.words.is_empty() {
            return whole_words(&self.after);
        }
        if self.tail.is_empty() {
            return Cow::Borrowed(&self.words);
        }
        let is_whole = (1..MIDDLE).contains(&self.middle.chars().count());
        let gap = if is_whole { "" } else { " … " };
        Cow::Owned(format!("{}{}{gap}{}", self.words, self.middle, self.tail))
    }

    /// Whether nothing but the words is known, because they come from another program.
    pub fn is_words_only(&self) -> bool {
        self.before.is_empty() && self.after.is_empty() && self.start == Position::START && self.end == Position::START
    }

    /// Whether the words and those around them stand in a section where they stood, letter for
    /// letter.
    pub fn stands_in(&self, section: &Section) -> bool {
        let text = section.text().as_str();
        let (from, to) = (section.offset(self.start), section.offset(self.end));
        let at = |offset: usize| text.split_at_checked(offset).unwrap_or((text, ""));
        let (head, rest) = at(from);
        let tail = if self.end.section == self.start.section { at(to).1 } else { "" };
        // Cut as what was kept was cut: a mark of no letter at its start is not in it.
        let before = || clean(suffix(head, length(&self.before, CONTEXT)));
        let next = |text: &str, kept: &Clean, usual: usize| clean(prefix(text, length(kept, usual)));
        section.id() == self.start.section
            && section.clamp(self.start) == self.start
            && begins(self.before.chars().rev(), before().chars().rev())
            && begins(self.words.chars(), next(rest, &self.words, WORDS).chars())
            && (self.end.section != self.start.section
                || begins(self.after.chars(), next(tail, &self.after, CONTEXT).chars()))
    }

    /// Looks for the words in a section: exactly where they were, else at their best match.
    /// `None` where the section has nothing like them.
    pub fn find(&self, section: &Section) -> Option<Range> {
        if self.stands_in(section) {
            return Some(Range { start: self.start, end: section.clamp(self.end) });
        }
        search::find_in(section, self)
    }
}

/// A hash of the block that a place stands in, and the words of the block before it.
fn in_block(section: &Section, place: Position) -> (u64, u32) {
    let words = Words::of(section.block_text(place.block));
    let before = words.words().partition_point(|word| word.end <= place.byte);
    (text::hash(words.words()), before as u32)
}

/// Whether the second of two texts begins with the first; white space does not count.
fn begins(first: impl Iterator<Item = char>, second: impl Iterator<Item = char>) -> bool {
    let mut rest = second.filter(|c| !c.is_whitespace());
    first.filter(|c| !c.is_whitespace()).all(|c| rest.next() == Some(c))
}

/// Characters to look at where so much was kept, which usually is `usual`.
fn length(kept: &Clean, usual: usize) -> usize {
    kept.chars().count().max(usual)
}

/// What stands between the halves of the words that are looked for.
fn middle(words: &str) -> &str {
    let rest = words.get(prefix(words, WORDS / 2).len()..).unwrap_or_default();
    let inner = rest.len().saturating_sub(suffix(rest, WORDS / 2).len());
    prefix(rest.get(..inner).unwrap_or_default(), MIDDLE)
}

fn prefix(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(i, _)| i);
    text.get(..end).unwrap_or(text)
}

fn suffix(text: &str, characters: usize) -> &str {
    let start = text.char_indices().rev().take(characters).last().map_or(text.len(), |(i, _)| i);
    text.get(start..).unwrap_or(text)
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
    fn what_was_marked_is_kept_whole() {
        for (count, is_whole) in [(10, true), (399, true), (400, true), (401, true), (5_000, true), (30_000, false)] {
            let text: String = (0..count).map(|n| if n % 7 == 6 { ' ' } else { 'é' }).collect::<String>() + "!";
            let s = section(&[&text, "after it"]);
            let end = s.position(text.len());
            let anchor = Anchor::new(&s, Range::new(Position::START, end), vec![], 0.5);
            let quotation = anchor.quotation();
            assert!(quotation.ends_with('!') && (*quotation == *text) == is_whole, "{count}");
            assert_eq!(quotation.contains(" … "), !is_whole, "{count}");
        }
    }

    #[test]
    fn a_bare_place_is_quoted_in_whole_words() {
        let check = |text: &str, quotation: &str| {
            let anchor = Anchor::new(&section(&[text]), Range::new(Position::START, Position::START), vec![], 0.0);
            assert_eq!(anchor.quotation(), quotation);
        };
        check("A short text.", "A short text.");
        check(&"some words ".repeat(20), &(["some words"; 11].join(" ") + " some…"));
        check(&"漢".repeat(200), &("漢".repeat(128) + "…"));
    }

    #[test]
    fn every_place_of_an_unchanged_text_is_found_exactly() {
        let s = section(&["Call me Ishmael.", "Some years ago", "", "— never mind how long — precisely"]);
        for (offset, _) in s.text().char_indices() {
            let at = s.position(offset);
            let anchor = Anchor::new(&s, Range::new(at, at), vec![], 0.5);
            assert!(anchor.stands_in(&s), "{offset}");
            assert_eq!(anchor.find(&s), Some(Range::new(at, at)), "{offset}");
        }
    }

    #[test]
    fn a_place_in_a_letter_is_the_place_of_the_letter() {
        let s = section(&["Un e\u{301}te\u{301} 👨\u{200d}👩 here"]);
        for (words, letter) in [("\u{301}te", "e\u{301}te"), ("\u{200d}👩", "👨"), ("👩", "👨"), ("here", "here")]
        {
            let at = place(&s, words);
            let anchor = Anchor::new(&s, Range::new(at, at), vec![], 0.5);
            let whole = place(&s, letter);
            assert_eq!((anchor.start, anchor.end, anchor.find(&s)), (whole, whole, Some(Range::new(whole, whole))));
        }
    }

    #[test]
    fn a_text_that_begins_with_a_mark_of_no_letter_is_found_at_its_start() {
        let text = "\u{FE0F}\u{FE0F}  Plain words, twice. Plain words, twice.";
        let s = section(&[text, text, text]);
        for at in [0, 3, 6].map(|offset| s.position(offset)) {
            let anchor = Anchor::new(&s, Range::new(at, at), vec![], 0.5);
            assert_eq!(anchor.find(&s), Some(Range::new(anchor.start, anchor.end)));
        }
    }

    #[test]
    fn a_stretch_that_goes_on_in_the_next_section_ends_there() {
        let s = section(&["Call me Ishmael.", "Some years ago"]);
        let end = Position::new(SectionId(1), crate::document::BlockId(0), 1);
        let anchor = Anchor::new(&s, Range::new(place(&s, "years"), end), vec![], 0.5);
        assert_eq!((anchor.end, anchor.words.trim_end(), anchor.after.as_str()), (end, "years ago", ""));
        assert!(anchor.stands_in(&s));
    }

    #[test]
    fn small_words_do_not_draw_the_end_of_what_was_cut_into_what_follows() {
        let (first, cut) = (
            "The captain walked along the quay until the lanterns of the last ship were lit.",
            "\
            Then nobody had told the boy what he was to look for there, and so he went home.",
        );
        let rest = "In the town a dog had begun to bark, and the moon was what he looked at for a while.";
        let old = section(&["It was late in the year.", first, cut, rest, "Nothing else was heard."]);
        let range = Range::new(place(&old, "along"), place(&old, ", and so he"));
        let anchor = Anchor::new(&old, range, vec![], 0.3);
        let new = section(&["It was late in the year.", first, rest, "Nothing else was heard."]);
        let found = anchor.find(&new).unwrap();
        let words = new.text().get(new.offset(found.start)..new.offset(found.end)).unwrap();
        assert!(words.starts_with("along") && words.contains("were lit") && !words.contains("dog had"), "{words}");
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
        assert!(!anchor.stands_in(&new));
        assert_eq!(anchor.find(&new).unwrap().start, place(&new, "place I liked"));
    }

    #[test]
    fn text_that_is_gone_is_not_found() {
        let old = section(&["One thing and another thing entirely."]);
        let at = place(&old, "another");
        let anchor = Anchor::new(&old, Range::new(at, at), vec![], 0.5);
        assert_eq!(anchor.find(&section(&["Nothing of the kind."])), None);
    }
}

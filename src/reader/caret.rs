//! The caret of a selection: from a key to the next place for it, inside and across blocks.
//!
//! Words, sentences and graphemes are those of Unicode (UAX #29). What a motion goes over has to
//! be loaded; it knows nothing of rows.

use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use crate::document::{BlockId, Position, Range, Section};

use super::{Missing, Pages};

/// A way to move the caret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaretMotion {
    /// To the next character.
    Right,
    /// To the character before.
    Left,
    /// To the row below.
    Down,
    /// To the row above.
    Up,
    /// Half a page down.
    HalfPageDown,
    /// Half a page up.
    HalfPageUp,
    /// To the start of the next word.
    NextWord,
    /// To the end of the word, or of the next.
    WordEnd,
    /// To the start of the word, or of the one before.
    PreviousWord,
    /// To the start of the row.
    RowStart,
    /// To the end of the row.
    RowEnd,
    /// To the end of the sentence, or of the next.
    SentenceEnd,
    /// To the start of the sentence, or of the one before.
    SentenceStart,
    /// To the end of the paragraph, or of the next.
    ParagraphEnd,
    /// To the start of the paragraph, or of the one before.
    ParagraphStart,
}

/// What can be selected around the caret at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// The word.
    Word,
    /// The sentence.
    Sentence,
    /// The paragraph.
    Paragraph,
}

/// Where a motion by content leads from a place in at most `count` steps, and how many it took: those in
/// the block, else one to the next. `None` where it leads nowhere, or is by rows.
///
/// # Errors
/// With the section that has to be loaded first.
pub fn go(
    motion: CaretMotion,
    count: u32,
    at: Position,
    pages: &mut Pages,
) -> Result<Option<(Position, u32)>, Missing> {
    use CaretMotion as M;
    let section = pages.section(at.section)?;
    let text = section.block_text(at.block);
    let forward = matches!(motion, M::Right | M::NextWord | M::WordEnd | M::SentenceEnd | M::ParagraphEnd);
    let stops: fn(&str) -> Vec<usize> = match motion {
        M::Right | M::Left => characters,
        M::NextWord | M::PreviousWord => word_starts,
        M::WordEnd => word_ends,
        M::SentenceEnd => sentence_ends,
        M::SentenceStart => sentence_starts,
        M::ParagraphEnd => paragraph_ends,
        M::ParagraphStart => |text| characters(text).into_iter().take(1).collect(),
        _ => return Ok(None),
    };
    let here = at.byte as usize;
    let inside = stops(text);
    let ahead = if forward {
        inside.get(inside.partition_point(|&stop| stop <= here)..)
    } else {
        inside.get(..inside.partition_point(|&stop| stop < here))
    };
    let ahead = ahead.unwrap_or_default();
    let steps = ahead.len().min(count as usize);
    let last = if forward { steps.checked_sub(1) } else { ahead.len().checked_sub(steps) };
    if let Some(byte) = last.and_then(|last| ahead.get(last)) {
        return Ok(Some((Position { byte: *byte as u32, ..at }, steps as u32)));
    }
    let mut from = at;
    // A block may have no stop: one of signs alone has no word.
    while let Some((section, block)) = beside(from, forward, pages)? {
        let stops = stops(section.block_text(block));
        let stop = if forward { stops.first() } else { stops.last() };
        from = Position::new(section.id(), block, 0);
        if let Some(byte) = stop {
            return Ok(Some((Position { byte: *byte as u32, ..from }, 1)));
        }
    }
    Ok(None)
}

/// The stretch of a unit around a place, without the white space at its end.
pub fn around(unit: Unit, at: Position, section: &Section) -> Range {
    let text = section.block_text(at.block);
    let here = at.byte as usize;
    let pieces: Vec<(usize, &str)> = match unit {
        Unit::Word => text.split_word_bound_indices().collect(),
        Unit::Sentence => text.split_sentence_bound_indices().collect(),
        Unit::Paragraph => vec![(0, text)],
    };
    let (start, piece) = pieces.into_iter().rev().find(|(start, _)| *start <= here).unwrap_or((0, text));
    let shown = piece.trim_end();
    let length = if shown.is_empty() { piece.len() } else { shown.len() };
    let place = |byte: usize| Position { byte: byte as u32, ..at };
    Range { start: place(start), end: place(start + length) }
}

/// The character at a place as a stretch; empty at the end of a block.
pub fn character(at: Position, section: &Section) -> Range {
    let at = section.clamp(at);
    let rest = section.block_text(at.block).get(at.byte as usize..).unwrap_or_default();
    let length = rest.graphemes(true).next().map_or(0, str::len) as u32;
    Range { start: at, end: Position { byte: at.byte + length, ..at } }
}

/// The next block with text, or the one before.
fn beside(at: Position, forward: bool, pages: &mut Pages) -> Result<Option<(Arc<Section>, BlockId)>, Missing> {
    let mut id = at.section;
    let mut from = Some(at.block.0);
    loop {
        if !pages.is_empty(id) {
            let section = pages.section(id)?;
            let count = section.block_count();
            let has_text = |block: &u32| !section.block_text(BlockId(*block)).trim().is_empty();
            let found = if forward {
                (from.map_or(0, |block| block + 1)..count).find(has_text)
            } else {
                (0..from.unwrap_or(count).min(count)).rev().find(has_text)
            };
            if let Some(block) = found {
                return Ok(Some((section, BlockId(block))));
            }
        }
        from = None;
        match if forward { Some(id.next()) } else { id.previous() } {
            Some(next) if pages.exists(next) => id = next,
            _ => return Ok(None),
        }
    }
}

/// Where characters that are shown begin: the line ends of verse are none.
fn characters(text: &str) -> Vec<usize> {
    text.grapheme_indices(true).filter(|(_, g)| *g != "\n" && *g != "\t").map(|(at, _)| at).collect()
}

fn word_starts(text: &str) -> Vec<usize> {
    text.unicode_word_indices().map(|(at, _)| at).collect()
}

fn word_ends(text: &str) -> Vec<usize> {
    text.unicode_word_indices().map(|(at, word)| at + last_start(word)).collect()
}

fn sentence_starts(text: &str) -> Vec<usize> {
    text.split_sentence_bound_indices().map(|(at, _)| at).collect()
}

fn sentence_ends(text: &str) -> Vec<usize> {
    let sentences = text.split_sentence_bound_indices();
    sentences.filter(|(_, s)| !s.trim().is_empty()).map(|(at, s)| at + last_start(s.trim_end())).collect()
}

fn paragraph_ends(text: &str) -> Vec<usize> {
    let shown = text.trim_end();
    if shown.is_empty() { Vec::new() } else { vec![last_start(shown)] }
}

/// Where the last character of a text begins.
fn last_start(text: &str) -> usize {
    text.grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{SectionBuilder, SectionId};
    use crate::layout::Options;

    fn pages() -> Pages {
        let mut builder = SectionBuilder::new(SectionId(0));
        for text in ["One two. Three four.", "* * *", "Fünf, é 日本."] {
            builder.text(text);
            builder.end();
        }
        let mut pages = Pages::new(Options::new(40), 1);
        pages.insert(Arc::new(builder.finish()), &[]);
        pages
    }

    /// Goes some steps from a place, `at_once` at most in one go.
    fn walk(motion: CaretMotion, mut at: Position, mut left: u32, at_once: u32, pages: &mut Pages) -> Position {
        while left > 0 {
            let Some((place, steps)) = go(motion, left.min(at_once), at, pages).unwrap() else { break };
            assert!((1..=left.min(at_once)).contains(&steps), "{motion:?}");
            (at, left) = (place, left - steps);
        }
        at
    }

    /// Goes some steps from a place, one by one and all at once, and gives the text from there on.
    #[track_caller]
    fn check(motion: CaretMotion, from: (u32, u32), times: u32, expected: &str) {
        let mut pages = pages();
        let from = Position::new(SectionId(0), BlockId(from.0), from.1);
        let at = walk(motion, from, times, 1, &mut pages);
        assert_eq!(walk(motion, from, times, u32::MAX, &mut pages), at, "{motion:?} {times}");
        let section = pages.section(SectionId(0)).unwrap();
        let rest = section.block_text(at.block).get(at.byte as usize..).unwrap();
        assert_eq!(rest, expected, "{motion:?} {times}");
    }

    #[test]
    fn motions_stop_where_readers_expect() {
        use CaretMotion as M;
        check(M::Right, (0, 0), 2, "e two. Three four.");
        check(M::NextWord, (0, 0), 2, "Three four.");
        check(M::NextWord, (0, 0), 4, "Fünf, é 日本.");
        check(M::WordEnd, (0, 0), 2, "o. Three four.");
        check(M::PreviousWord, (2, 0), 2, "Three four.");
        check(M::SentenceEnd, (0, 0), 1, ". Three four.");
        check(M::SentenceEnd, (0, 7), 1, ".");
        check(M::SentenceStart, (0, 12), 1, "Three four.");
        check(M::SentenceStart, (0, 12), 2, "One two. Three four.");
        check(M::ParagraphEnd, (0, 0), 1, ".");
        check(M::ParagraphEnd, (0, 0), 2, "*");
        check(M::ParagraphStart, (2, 4), 2, "* * *");
        check(M::Left, (2, 0), 1, "*");
    }

    /// A step for each letter of a block, each through all letters, was as long as the reader would wait.
    #[test]
    fn a_large_count_goes_through_a_block_once() {
        let mut builder = SectionBuilder::new(SectionId(0));
        builder.text(&"word ".repeat(12_000));
        let mut pages = Pages::new(Options::new(40), 1);
        pages.insert(Arc::new(builder.finish()), &[]);
        for (motion, place) in
            [(CaretMotion::Right, 59_998), (CaretMotion::NextWord, 59_995), (CaretMotion::WordEnd, 59_998)]
        {
            let (to, steps) = go(motion, 999_999_999, Position::START, &mut pages).unwrap().unwrap();
            assert_eq!((to.byte, go(motion, 1, to, &mut pages).unwrap()), (place, None), "{motion:?}, {steps} steps");
        }
    }

    #[test]
    fn units_leave_white_space_out() {
        let mut pages = pages();
        let section = pages.section(SectionId(0)).unwrap();
        let at = Position::new(SectionId(0), BlockId(0), 11);
        for (unit, expected) in
            [(Unit::Word, "Three"), (Unit::Sentence, "Three four."), (Unit::Paragraph, "One two. Three four.")]
        {
            assert_eq!(section.excerpt(around(unit, at, &section)), expected);
        }
    }
}

//! Where a line may break: text as pieces that are never cut but where they are too long.
//!
//! Break opportunities are those of UAX #14, by ICU4X, which also knows the words of scripts
//! without spaces. Prose in plain ASCII needs no tables: a space after a simple word is a break
//! and nothing else is. Only what is not simple goes to ICU4X, with a word of context on each
//! side; a property test holds the two ways to the same result.

use std::cell::LazyCell;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::width::{grapheme_width, width};

/// A stretch of text between two break opportunities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// First byte.
    pub start: u32,
    /// First byte after the piece, white space included.
    pub end: u32,
    /// Columns without the white space at its end.
    pub width: u16,
    /// Columns of the white space at its end.
    pub space: u16,
}

/// Cuts one line of the author's (no line feeds) into pieces. `base` is its first byte.
pub fn pieces(text: &str, base: u32) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len() / 6 + 1);
    let mut start = 0;
    each_break(text, |end| {
        if let Some(piece) = text.get(start..end).filter(|piece| !piece.is_empty()) {
            let bare = piece.trim_end_matches(' ');
            pieces.push(Piece {
                start: base + start as u32,
                end: base + end as u32,
                width: columns(bare),
                space: (piece.len() - bare.len()) as u16,
            });
        }
        start = end;
    });
    pieces
}

/// Cuts pieces that are wider than a line between grapheme clusters.
pub fn cut_long(text: &str, base: u32, pieces: &mut Vec<Piece>, columns: u16) {
    if pieces.iter().all(|piece| piece.width <= columns) {
        return;
    }
    let mut cut = Vec::with_capacity(pieces.len() * 2);
    for piece in pieces.drain(..) {
        if piece.width <= columns {
            cut.push(piece);
            continue;
        }
        let words = text.get((piece.start - base) as usize..(piece.end - base) as usize).unwrap_or_default();
        let mut part = Piece { end: piece.start, width: 0, space: 0, ..piece };
        for grapheme in words.trim_end_matches(' ').graphemes(true) {
            let wide = grapheme_width(grapheme) as u16;
            if part.width > 0 && part.width + wide > columns {
                cut.push(part);
                part = Piece { start: part.end, width: 0, ..part };
            }
            part.end += grapheme.len() as u32;
            part.width += wide;
        }
        cut.push(Piece { end: piece.end, space: piece.space, ..part });
    }
    *pieces = cut;
}

fn columns(text: &str) -> u16 {
    width(text).min(usize::from(u16::MAX)) as u16
}

/// Calls with the end of every piece, in order; the last is the end of the text.
fn each_break(text: &str, mut found: impl FnMut(usize)) {
    // Where a stretch for the tables began, and the last simple word, whose end is a break only
    // if the next word is simple too.
    let mut stretch: Option<usize> = None;
    let mut waiting: Option<(usize, usize)> = None;
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let word = rest.find(' ').unwrap_or(rest.len());
        let end = at + word + rest.bytes().skip(word).take_while(|b| *b == b' ').count();
        let simple = is_simple(rest.get(..word).unwrap_or_default());
        match (stretch, simple) {
            (None, true) => {
                if let Some((_, end)) = waiting.replace((at, end)) {
                    found(end);
                }
            }
            (None, false) => stretch = Some(waiting.take().map_or(at, |(start, _)| start)),
            (Some(_), false) => {}
            (Some(from), true) => {
                by_tables(text, from, end, |at| {
                    if at < end {
                        found(at);
                    }
                });
                stretch = None;
                waiting = Some((at, end));
            }
        }
        at = end;
    }
    if let Some(from) = stretch {
        by_tables(text, from, text.len(), &mut found);
    } else if let Some((_, end)) = waiting {
        found(end);
    }
}

/// Finds breaks by the tables in a stretch of the text.
fn by_tables(text: &str, from: usize, end: usize, mut found: impl FnMut(usize)) {
    thread_local! {
        static SEGMENTER: LazyCell<LineSegmenterBorrowed<'static>> =
            LazyCell::new(|| LineSegmenter::new_auto(LineBreakOptions::default()));
    }
    let stretch = text.get(from..end).unwrap_or_default();
    SEGMENTER.with(|segmenter| segmenter.segment_str(stretch).skip(1).for_each(|at| found(from + at)));
}

/// A word in which no line breaks, before which one breaks after a space, and after which one
/// breaks at a space: letters and digits with commas, stops and straight quotation marks inside.
fn is_simple(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b',' | b'.' | b';' | b':' | b'\'' | b'"'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<&str> {
        pieces(text, 0).iter().map(|p| &text[p.start as usize..p.end as usize]).collect()
    }

    #[test]
    fn lines_break_where_readers_expect_it() {
        assert_eq!(cut("one two,  three"), ["one ", "two,  ", "three"]);
        assert_eq!(cut("well-known (and so on)."), ["well-", "known ", "(and ", "so ", "on)."]);
        assert_eq!(cut("a\u{a0}b “c d”"), ["a\u{a0}b ", "“c ", "d”"]);
        assert_eq!(cut("日本語。「は」"), ["日", "本", "語。", "「は」"]);
        assert_eq!(cut(""), Vec::<&str>::new());
    }

    #[test]
    fn long_words_are_cut_between_clusters() {
        let text = "aé👨\u{200d}👩\u{200d}👧日";
        let mut all = pieces(text, 0);
        cut_long(text, 0, &mut all, 2);
        assert!(all.iter().all(|p| p.width <= 2));
        assert_eq!(all.iter().map(|p| p.end - p.start).sum::<u32>() as usize, text.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_fast_way_is_the_slow_way(text in "[ab1 .,;:'\"()!?/\\-$%+{}\\[\\]|&—“”’é日]{0,40}") {
            let mut fast = Vec::new();
            each_break(&text, |at| fast.push(at));
            let mut slow = Vec::new();
            by_tables(&text, 0, text.len(), |at| slow.push(at));
            prop_assert_eq!(fast, slow);
        }

        #[test]
        fn pieces_cover_the_text(text in "[a-z é日 ]{0,60}", columns in 1u16..10) {
            let mut all = pieces(&text, 7);
            cut_long(&text, 7, &mut all, columns);
            let mut at = 7;
            for piece in &all {
                prop_assert_eq!(piece.start, at);
                prop_assert!(piece.width <= columns.max(2));
                at = piece.end;
            }
            prop_assert_eq!(at as usize, text.len() + 7);
        }
    }
}

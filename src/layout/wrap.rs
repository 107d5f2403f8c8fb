//! Pieces → rows: how much of a text fits in each row.
//!
//! The filling itself is textwrap's, over our pieces. A piece wider than a row is cut between
//! grapheme clusters before, so a row is too wide only if it is one cluster that no row can hold.
//! It must not know what the text is or at which column a row begins.

use std::ops::Range;

use textwrap::core::Fragment;
use textwrap::wrap_algorithms::{Penalties, wrap_first_fit, wrap_optimal_fit};

use crate::text::width::{is_plain, width};

use super::cluster::{each_cluster, shown_len};
use super::pieces::{Piece, pieces};

/// Bytes up to which a text is balanced: the optimal fit is five times slower than the first.
const BALANCED_BYTES_MAX: usize = 8 * 1024;

/// The columns of the rows that a text may fill; each at least 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Widths {
    /// Of the first row.
    pub first: u16,
    /// Of the others.
    pub rest: u16,
}

/// How rows are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Each as full as it can be.
    Full,
    /// With the least raggedness.
    Balanced,
    /// As few rows as possible, the longest of them as short as it can be: for titles.
    Even,
}

/// One row of text. Offsets are in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// First byte.
    pub start: u32,
    /// First byte of the next row.
    pub end: u32,
    /// What is shown: without white space at the end. Empty for a row of white space.
    pub shown: (u32, u32),
    /// Columns of what is shown.
    pub width: u16,
}

/// The lines of a text as its author parted them: where each begins, its text without the line
/// feed, and where the next begins. An empty text has one line.
pub(super) fn author_lines(text: &str) -> impl Iterator<Item = (usize, &str, usize)> {
    let mut next = 0;
    let lines = text.split_inclusive('\n').chain(text.is_empty().then_some(""));
    lines.map(move |line| {
        let start = next;
        next += line.len();
        (start, line.strip_suffix('\n').unwrap_or(line), next)
    })
}

/// The rows of a text without line feeds that begins at `offset` of its block; at least one.
pub(super) fn wrap(text: &str, offset: u32, widths: Widths, fit: Fit) -> Vec<Row> {
    if let Some(row) = single(text, offset, widths.first) {
        return vec![row];
    }
    let pieces = cut_long(pieces(text, offset), text, offset, widths);
    let columns = [f64::from(widths.first), f64::from(widths.rest)];
    let lines = match fit {
        Fit::Balanced if text.len() <= BALANCED_BYTES_MAX => balanced(&pieces, columns),
        Fit::Even if text.len() <= BALANCED_BYTES_MAX => even(&pieces, widths),
        _ => wrap_first_fit(&pieces, &columns),
    };
    lines.into_iter().filter_map(row).collect()
}

/// Cuts a text into stretches of at most `limit` columns, between grapheme clusters; a wider
/// cluster stands alone. Gives each stretch with its columns; nothing for an empty text.
pub(super) fn cut(text: &str, limit: u32, mut each: impl FnMut(Range<usize>, u32)) {
    let (mut start, mut columns) = (0, 0);
    if is_plain(text) {
        while start < text.len() {
            let end = (start + limit as usize).min(text.len());
            each(start..end, (end - start) as u32);
            start = end;
        }
        return;
    }
    each_cluster(text, |cluster| {
        if columns + cluster.width > limit && cluster.start > start {
            each(start..cluster.start, columns);
            (start, columns) = (cluster.start, 0);
        }
        columns += cluster.width;
    });
    if start < text.len() {
        each(start..text.len(), columns);
    }
}

/// The whole text as one row if it fits, which needs no pieces.
fn single(text: &str, offset: u32, limit: u16) -> Option<Row> {
    // No cluster is longer than some 64 bytes a column; most have one to four.
    if text.len() > usize::from(limit) * 8 {
        return None;
    }
    let shown = shown_len(text);
    let columns = width(text.get(..shown)?);
    (columns <= usize::from(limit)).then(|| Row {
        start: offset,
        end: offset + text.len() as u32,
        shown: (offset, offset + shown as u32),
        width: columns as u16,
    })
}

/// Replaces each piece wider than its row by parts that are not. Only the first piece must fit
/// in the first row: any other goes to the next row instead.
fn cut_long(pieces: Vec<Piece>, text: &str, offset: u32, widths: Widths) -> Vec<Piece> {
    let rest = u32::from(widths.rest.max(1));
    let first = rest.min(u32::from(widths.first.max(1)));
    let limit = |piece: &Piece| if piece.start == offset { first } else { rest };
    if pieces.iter().all(|piece| piece.width <= limit(piece)) {
        return pieces;
    }
    let mut out = Vec::with_capacity(pieces.len() + text.len() / rest as usize);
    for piece in pieces {
        let limit = limit(&piece);
        if piece.width <= limit {
            out.push(piece);
            continue;
        }
        let word = text.get((piece.start - offset) as usize..(piece.shown - offset) as usize).unwrap_or_default();
        cut(word, limit, |part, width| {
            let (start, end) = (piece.start + part.start as u32, piece.start + part.end as u32);
            out.push(Piece { start, shown: end, end, width, space: 0 });
        });
        // The white space after the word follows its last part.
        if let Some(last) = out.last_mut() {
            last.end = piece.end;
            last.space = piece.space;
        }
    }
    out
}

/// The rows of the least raggedness. That none is too wide is checked, as the algorithm only makes
/// it costly.
fn balanced(pieces: &[Piece], columns: [f64; 2]) -> Vec<&[Piece]> {
    // A row too wide must cost more than any gap: the square of the widest row.
    let penalties = Penalties { overflow_penalty: 1 << 32, ..Penalties::new() };
    let fits = |(number, line): (usize, &&[Piece])| {
        let limit = if number == 0 { columns[0] } else { columns[1] };
        line.len() < 2 || f64::from(columns_of(line)) <= limit
    };
    match wrap_optimal_fit(pieces, &columns, &penalties) {
        Ok(lines) if lines.iter().enumerate().all(fits) => lines,
        _ => wrap_first_fit(pieces, &columns),
    }
}

/// The narrowest width that needs no more rows than the full one.
fn even(pieces: &[Piece], widths: Widths) -> Vec<&[Piece]> {
    let inset = |by: u16| [f64::from(widths.first.saturating_sub(by)), f64::from(widths.rest.saturating_sub(by))];
    let rows = wrap_first_fit(pieces, &inset(0)).len();
    let widest = pieces.iter().map(|piece| piece.width).max().unwrap_or(0);
    let narrowest = widths.first.min(widths.rest);
    // `good` keeps the number of rows, `bad` may not.
    let mut good = 0;
    let mut bad = narrowest.saturating_sub(widest.min(u32::from(narrowest)) as u16) + 1;
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if wrap_first_fit(pieces, &inset(middle)).len() == rows {
            good = middle;
        } else {
            bad = middle;
        }
    }
    wrap_first_fit(pieces, &inset(good))
}

fn columns_of(line: &[Piece]) -> u32 {
    let all: u32 = line.iter().map(|piece| piece.width + piece.space).sum();
    all - line.last().map_or(0, |piece| piece.space)
}

fn row(line: &[Piece]) -> Option<Row> {
    let (first, last) = (line.first()?, line.last()?);
    Some(Row { start: first.start, end: last.end, shown: (first.start, last.shown), width: columns_of(line) as u16 })
}

impl Fragment for Piece {
    fn width(&self) -> f64 {
        f64::from(self.width)
    }

    fn whitespace_width(&self) -> f64 {
        f64::from(self.space)
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, first: u16, rest: u16, fit: Fit, expected: &[&str]) {
        let rows = wrap(text, 0, Widths { first, rest }, fit);
        let shown: Vec<&str> =
            rows.iter().map(|row| text.get(row.shown.0 as usize..row.shown.1 as usize).unwrap()).collect();
        assert_eq!(shown, expected);
        assert!(rows.iter().zip(&shown).all(|(row, text)| usize::from(row.width) == width(text)));
    }

    #[test]
    fn rows_are_filled_as_asked() {
        let text = "aaa bb cc ddddd";
        check(text, 6, 6, Fit::Full, &["aaa bb", "cc", "ddddd"]);
        check(text, 6, 6, Fit::Balanced, &["aaa", "bb cc", "ddddd"]);
        check(text, 12, 12, Fit::Even, &["aaa bb", "cc ddddd"]);
        check(text, 3, 9, Fit::Full, &["aaa", "bb cc", "ddddd"]);
        check(text, 15, 1, Fit::Full, &[text]);
        check("", 5, 5, Fit::Full, &[""]);
    }

    #[test]
    fn long_words_are_cut_between_clusters() {
        check("a bcdefgh i", 3, 3, Fit::Full, &["a", "bcd", "efg", "h i"]);
        check("日本語", 3, 3, Fit::Full, &["日", "本", "語"]);
        check("日本語", 1, 1, Fit::Full, &["日", "本", "語"]);
        check(
            "👨\u{200d}👩\u{200d}👧👨\u{200d}👩\u{200d}👧",
            3,
            3,
            Fit::Full,
            &["👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧"],
        );
        check("abcdef", 2, 4, Fit::Full, &["ab", "cdef"]);
    }

    #[test]
    fn white_space_at_an_end_takes_no_room() {
        check("aaa    bbb   ", 3, 3, Fit::Full, &["aaa", "bbb"]);
        check("  a", 3, 3, Fit::Full, &["  a"]);
        check("  abc", 3, 3, Fit::Full, &["", "abc"]);
        check("aaa \u{2003} bbb", 3, 3, Fit::Full, &["aaa", "bbb"]);
    }

    #[test]
    fn lines_of_the_author_cover_the_text() {
        let lines = |text| author_lines(text).collect::<Vec<_>>();
        assert_eq!(lines("a\n\nb\n"), [(0, "a", 2), (2, "", 3), (3, "b", 5)]);
        assert_eq!(lines(""), [(0, "", 0)]);
    }

    proptest! {
        #[test]
        fn no_fit_takes_a_row_too_many(text in "([a-z]{1,12} ){0,40}", width in 1u16..50) {
            let rows = |fit| wrap(&text, 0, Widths { first: width, rest: width }, fit);
            let widest = |rows: &[Row]| rows.iter().map(|row| row.width).max();
            let (full, even) = (rows(Fit::Full), rows(Fit::Even));
            prop_assert_eq!(full.len(), even.len());
            prop_assert!(widest(&even) <= widest(&full));
            prop_assert!(rows(Fit::Balanced).iter().all(|row| row.width <= width));
        }
    }
}

//! Pieces become lines: filled first-fit by textwrap's algorithm, or evenly for headings.

use textwrap::core::Fragment;
use textwrap::wrap_algorithms::wrap_first_fit;

use super::pieces::{Piece, cut_long, pieces};

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

/// A filled line: what of the text it stands for, what of that is shown, and its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// First byte.
    pub start: u32,
    /// First byte that is shown.
    pub from: u32,
    /// First byte after what is shown.
    pub to: u32,
    /// First byte of the next line.
    pub end: u32,
    /// Columns of what is shown.
    pub width: u16,
}

/// How lines are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// As much as fits on each line.
    First,
    /// Lines of about the same length.
    Even,
}

/// Fills one line of the author's (no line feeds): `first` columns on the first line, `rest` on
/// the others. `base` is its first byte. Gives at least one line.
pub fn wrap(text: &str, base: u32, first: u16, rest: u16, fill: Fill) -> Vec<Filled> {
    let mut all = pieces(text, base);
    cut_long(text, base, &mut all, first.min(rest).max(1));
    let lines = match fill {
        Fill::First => wrap_first_fit(&all, &[f64::from(first), f64::from(rest)]),
        Fill::Even => even(&all, first.min(rest)),
    };
    let lines = filled(&lines);
    if lines.is_empty() {
        let end = base + text.len() as u32;
        return vec![Filled { start: base, from: base, to: base, end, width: 0 }];
    }
    lines
}

/// The narrowest lines that are no more of them than the widest would be.
fn even(pieces: &[Piece], columns: u16) -> Vec<&[Piece]> {
    let fit = |columns: u16| wrap_first_fit(pieces, &[f64::from(columns)]);
    let fewest = fit(columns).len();
    let (mut low, mut high) = (pieces.iter().map(|p| p.width).max().unwrap_or(0), columns);
    while low < high {
        let middle = low + (high - low) / 2;
        if fit(middle).len() <= fewest {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    fit(high)
}

fn filled(lines: &[&[Piece]]) -> Vec<Filled> {
    let line = |pieces: &&[Piece]| {
        let (first, last) = (pieces.first()?, pieces.last()?);
        let wide: u32 = pieces.iter().map(|p| u32::from(p.width) + u32::from(p.space)).sum();
        Some(Filled {
            start: first.start,
            from: first.start,
            to: last.end - u32::from(last.space),
            end: last.end,
            width: (wide - u32::from(last.space)).min(u32::from(u16::MAX)) as u16,
        })
    };
    lines.iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, first: u16, rest: u16, fill: Fill, expected: &[&str]) {
        let lines = wrap(text, 0, first, rest, fill);
        let shown: Vec<&str> = lines.iter().map(|l| &text[l.start as usize..l.to as usize]).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn lines_are_filled() {
        check("the quick brown fox", 10, 10, Fill::First, &["the quick", "brown fox"]);
        check("the quick brown fox", 4, 12, Fill::First, &["the", "quick brown", "fox"]);
        check("a title of five words", 18, 18, Fill::Even, &["a title of", "five words"]);
        check("abcdefgh", 3, 3, Fill::First, &["abc", "def", "gh"]);
        check("日本語", 1, 1, Fill::First, &["日", "本", "語"]);
        check("", 5, 5, Fill::First, &[""]);
        check("   ", 5, 5, Fill::First, &[""]);
    }
}

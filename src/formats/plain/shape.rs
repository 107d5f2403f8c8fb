//! How the lines of a section are set: one paragraph a line or wrapped, at which margin, and
//! whether a group of lines is prose, verse, or a table.
//!
//! The one idea: in wrapped prose every line end is *forced*: the first word of the next line
//! would not have fitted. Where a writer ended lines early, the line ends are the writer's own.
//! It must not know blocks.

use memchr::{memchr_iter, memchr3};

use super::lines::{Line, Signs};
use crate::text::bytes::any_three;

/// Lines beyond this were never meant for a page of fixed width.
const LONG_COLUMNS: u32 = 130;
/// The margin of a section whose lines do not show one.
const USUAL_MARGIN: u32 = 72;

/// What the lines of a section have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Every line is a paragraph.
    pub is_unwrapped: bool,
    /// The column at which lines are wrapped.
    pub margin: u32,
    /// The indent of running text.
    pub body: u32,
    /// Indented prose is quoted matter, not structure: it is rare enough.
    pub indents_quotes: bool,
}

/// What a group of lines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Running text whose line ends mean nothing.
    Prose,
    /// Verse, addresses, lists of contents: the line ends are the writer's.
    Lines,
    /// Columns or drawings: the spaces are the writer's as well.
    Drawing,
}

impl Shape {
    /// Measures a section.
    pub fn of(lines: &[Line]) -> Shape {
        let total: u64 = lines.iter().map(|l| u64::from(l.width)).sum();
        let long: u64 = lines.iter().map(|l| u64::from(l.width)).filter(|w| *w > u64::from(LONG_COLUMNS)).sum();
        let margin = margin(lines);
        let body = body_indent(lines);
        let (mut deep, mut all) = (0usize, 0usize);
        for line in lines.iter().filter(|l| !l.is_blank() && l.right() * 10 >= margin * 7) {
            all += 1;
            deep += usize::from(line.indent > body + 1);
        }
        Shape { is_unwrapped: long * 2 > total, margin, body, indents_quotes: deep * 4 <= all }
    }

    /// Whether a line is far too long to be one of several that make up a paragraph.
    pub fn is_long(&self, line: &Line) -> bool {
        line.width > LONG_COLUMNS && line.width > self.margin * 9 / 5
    }

    /// What a group of lines between blank lines is.
    pub fn matter(&self, lines: &[Line]) -> Matter {
        if is_drawing(lines) {
            return Matter::Drawing;
        }
        let right = lines.iter().map(Line::right).max().unwrap_or(0);
        let is_narrow = right * 10 < self.margin * 7;
        let margin = if is_narrow { self.margin } else { right };
        let (mut forced, mut free, mut lower, mut sentences) = (0usize, 0usize, 0usize, 0usize);
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            let is_lower = next.text.chars().next().is_some_and(char::is_lowercase);
            lower += usize::from(is_lower);
            if is_forced(line, next, margin) {
                forced += 1;
            } else if ends_sentence(line.text) && !is_lower {
                // The end of a paragraph, perhaps: it says nothing either way.
                sentences += 1;
            } else {
                free += 1;
            }
        }
        let breaks = forced + free + sentences;
        if forced == 0 && free == 0 && sentences > 0 {
            return Matter::Lines;
        }
        let has_capitals = breaks >= 3 && lower * 10 < breaks;
        let is_prose = if has_capitals && (free + sentences) * 4 >= breaks && !self.has_first_indents(lines) {
            false
        } else {
            let few = if breaks <= 3 { free == 0 } else { free * 10 <= (forced + free) * 3 };
            // Lines that go on with a small letter were wrapped, if unevenly.
            few || (lower * 2 >= breaks && right * 10 >= self.margin * 7)
        };
        if is_prose { Matter::Prose } else { Matter::Lines }
    }

    /// Whether the paragraphs of a group begin with an indented line.
    pub fn has_first_indents(&self, lines: &[Line]) -> bool {
        let base = lines.iter().map(|l| l.indent).min().unwrap_or(0);
        let indented: Vec<u32> = lines.iter().map(|l| l.indent).filter(|i| *i > base).collect();
        let Some(usual) = indented.iter().min() else { return false };
        let is_even = indented.iter().filter(|i| **i == *usual).count() * 10 >= indented.len() * 8;
        if !is_even || usual - base > 12 {
            return false;
        }
        // What goes on at the base was wrapped there.
        let (mut forced, mut all) = (0usize, 0usize);
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            if next.indent == base {
                all += 1;
                forced += usize::from(is_forced(line, next, self.margin * 9 / 10));
            }
        }
        all > 0 && forced * 10 >= all * 7
    }

    /// Whether a paragraph ends between two lines of a group of prose.
    pub fn parts_paragraphs(&self, line: &Line, next: &Line, has_first_indents: bool, is_crowded: bool) -> bool {
        let is_indented = next.indent > line.indent || (next.indent == line.indent && next.indent > self.body);
        // A blank that slipped in before the rest of a sentence begins nothing.
        let goes_on = || next.text.starts_with(char::is_lowercase) && !ends_sentence(line.text);
        if has_first_indents && is_indented && !goes_on() {
            return true;
        }
        let room = self.margin / 8;
        let is_short = !is_forced(line, next, self.margin.saturating_sub(room));
        let begins = || next.text.chars().next().is_some_and(|c| !c.is_lowercase());
        let begins_speech = || next.text.starts_with(['—', '–', '―', '“', '"', '«', '„', '「', '『']);
        is_short && begins() && ends_sentence(line.text) && (is_crowded || begins_speech())
    }
}

/// Whether the first word of the next line would not have fitted onto this one.
pub fn is_forced(line: &Line, next: &Line, margin: u32) -> bool {
    let room = margin.saturating_sub(line.right());
    if next.text.chars().next().is_some_and(is_wide) {
        // Two characters, since marks may not begin or end a line.
        return room < 4;
    }
    room < next.first_word + 1
}

/// Whether a character is of a script that is written without spaces, in full width.
pub fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x2FDF | 0x3000..=0x30FF | 0x3100..=0x312F | 0x31C0..=0x9FFF | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
}

/// Whether a line ends where a sentence may, closing quotation marks and brackets aside.
pub fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '\'', '”', '’', '»', '“', ')', ']', '_', '」', '』']);
    bare.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '؟', '।', '۔'])
}

/// The column that lines are wrapped at: most lines end at it or a word before.
fn margin(lines: &[Line]) -> u32 {
    let mut counts = [0usize; LONG_COLUMNS as usize + 1];
    for line in lines.iter().filter(|l| !l.is_blank()) {
        if let Some(count) = counts.get_mut(line.right() as usize) {
            *count += 1;
        }
    }
    let total: usize = counts.iter().sum();
    let mut seen = 0;
    let edge = counts.iter().position(|count| {
        seen += count;
        seen * 100 >= total * 97
    });
    let edge = edge.unwrap_or(0) as u32;
    let (mut forced, mut all) = (0usize, 0usize);
    for pair in lines.windows(2) {
        if let [line, next] = pair
            && !line.is_blank()
            && !next.is_blank()
        {
            all += 1;
            forced += usize::from(is_forced(line, next, edge));
        }
    }
    if edge >= 30 && all >= 8 && forced * 2 >= all { edge } else { edge.max(USUAL_MARGIN) }
}

/// The indent of running text: the most frequent among lines that are followed by another.
fn body_indent(lines: &[Line]) -> u32 {
    let mut counts = [0usize; 33];
    for pair in lines.windows(2) {
        if let [line, next] = pair
            && !line.is_blank()
            && !next.is_blank()
            && line.indent == next.indent
            && let Some(count) = counts.get_mut(line.indent as usize)
        {
            *count += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    counts.iter().position(|count| *count == most).unwrap_or(0) as u32
}

/// Columns, leaders, frames: half of the lines hold inner gaps or drawing characters, or are
/// statements of a program.
fn is_drawing(lines: &[Line]) -> bool {
    let has_columns = |line: &Line| {
        let bytes = line.text.as_bytes();
        matches!(bytes, [b'|', .., b'|'] | [b'+', b'-', ..])
            || is_statement(bytes)
            || has_gaps(bytes)
            || line.signs.any(&[Signs::TAB, Signs::PUNCTUATION]) && (bytes.contains(&b'\t') || has_frames(bytes))
    };
    // Of prose half of the lines are looked at.
    let mut spare = lines.len() / 2;
    for _ in lines.iter().filter(|line| !has_columns(line)) {
        if spare == 0 {
            return false;
        }
        spare -= 1;
    }
    !lines.is_empty() && !has_lost_dashes(lines)
}

/// Whether a line holds three blanks or a leader of dots.
fn has_gaps(bytes: &[u8]) -> bool {
    const GAPS: [&[u8]; 3] = [b"   ", b". . . .", b"....."];
    may_have_gaps(bytes) && GAPS.iter().any(|gap| bytes.windows(gap.len()).any(|part| part == *gap))
}

/// Whether three blanks follow each other, or two dots a blank or a dot apart: each gap holds one of these, and they
/// are rare.
fn may_have_gaps(bytes: &[u8]) -> bool {
    any_three(bytes, |a, b, c| {
        let is_blank = (a == b' ') & (b == b' ') & (c == b' ');
        is_blank | (a == b'.') & (c == b'.') & ((b == b' ') | (b == b'.'))
    })
}

/// Whether the gaps of some lines are those of dashes that were lost on the way to plain text:
/// three blanks each, few for the words, and the whole ends as a sentence does. Columns do not read on like that.
fn has_lost_dashes(lines: &[Line]) -> bool {
    let words: usize = lines.iter().map(|line| line.text.split_ascii_whitespace().count()).sum();
    let gaps: usize = lines.iter().map(|line| line.text.matches("   ").count()).sum();
    let is_drawn = lines
        .iter()
        .any(|line| line.text.contains(['\t', '|']) || line.text.contains(". . .") || line.text.contains("    "));
    let ends = lines.last().is_some_and(|line| {
        let end = line.text.trim_end_matches(['"', '”', '’', '\'', '»', ')', '_']);
        end.ends_with(['.', '!', '?', ',', ';']) || end.len() < line.text.len() && end.ends_with(' ')
    });
    let begins = lines.first().is_some_and(|line| {
        line.text.trim_start_matches(['"', '“', '‘', '\'', '«', '(', '_']).starts_with(char::is_uppercase)
    });
    gaps > 0 && gaps * 3 <= words && begins && ends && !is_drawn
}

/// Whether a line is of a program: its last sign ends a statement, and it holds one that prose
/// does not.
fn is_statement(bytes: &[u8]) -> bool {
    matches!(bytes, [.., b';' | b'{' | b'}']) && memchr3(b'=', b'{', b'}', bytes).is_some()
}

/// Whether a line holds box-drawing characters, U+2500 to U+259F.
fn has_frames(bytes: &[u8]) -> bool {
    let is_frame = |at: usize| matches!(bytes.get(at + 1..at + 3), Some([0x94 | 0x95, _] | [0x96, 0x80..=0x9F]));
    memchr_iter(0xE2, bytes).any(is_frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::plain::grid::LineEnds;
    use crate::formats::plain::lines::split;

    #[track_caller]
    fn check(text: &str, matter: Matter) {
        let lines = split(text, LineEnds::Lf);
        let shape = Shape { is_unwrapped: false, margin: 60, body: 0, indents_quotes: true };
        assert_eq!(shape.matter(&lines), matter, "{text}");
    }

    #[test]
    fn forced_line_ends_are_of_prose() {
        check(
            "The hill stood above the village like an old man who will\nnot leave the table, and nobody in the village could say\nhow long it had been there.",
            Matter::Prose,
        );
        check(
            "The hill stood above the village like an old\nman who will; and\nnobody in the village could say how long it had been;",
            Matter::Prose,
        );
        check("one short line", Matter::Prose);
    }

    #[test]
    fn free_line_ends_are_the_writers() {
        check("The hill is high,\nThe sky is wide,\nAnd none knows why\nThe winds subside.", Matter::Lines);
        check("12 Hill Street\nThe Village\nNowhere", Matter::Lines);
        check(
            "Of hills I sing, and of the long grey road that leads\nTo where the water waits below the standing stones, and\nWhere at the turning of the year\nThe village folk come out",
            Matter::Lines,
        );
    }

    #[test]
    fn gaps_of_lost_dashes_are_not_of_columns() {
        check("\"Is it   has it been so long?\" she asked.", Matter::Prose);
        check("He came   as he often did at that hour of the day   and sat\ndown by the fire.", Matter::Prose);
        check("\"But if you are not   \"", Matter::Prose);
    }

    #[test]
    fn gaps_and_frames_are_drawings() {
        check("name      price\napple         3\npear         12", Matter::Drawing);
        check("+---+\n| a |\n+---+", Matter::Drawing);
        check("Name      Born in a year\nTobin     of the flood.", Matter::Drawing);
        check("for (i = 0; i < n; i++) {\n  n += i;\n}", Matter::Drawing);
        check("┌─┐\n└─┘", Matter::Drawing);
        check("One . . . . . . 3\nTwo . . . . . . 14", Matter::Drawing);
        check("Chapter One ......... 3\nChapter Two ........ 14", Matter::Drawing);
    }
}

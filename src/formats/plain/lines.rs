//! The lines of a section: text, indent, width, and what is before each.
//!
//! A line keeps its text as it was decoded. It must not know what kind of matter it is part of.

use memchr::memchr3_iter;
use unicode_width::UnicodeWidthChar;

use super::grid::LineEnds;
use super::shape::is_wide;
use crate::text::bytes::any_byte;

/// Columns of one tab stop.
const TAB: u32 = 8;

/// A source line, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The whole line.
    pub raw: &'a str,
    /// The line without the white space at its ends.
    pub text: &'a str,
    /// Columns before the text.
    pub indent: u32,
    /// Columns of the text.
    pub width: u32,
    /// Columns of its first word: what stands before a blank or dash.
    pub first_word: u32,
    /// What bytes its text has.
    pub signs: Signs,
    /// A page ends before this line (a form feed).
    pub begins_page: bool,
}

/// Kinds of bytes that a text has, as a set. Most of what is asked of a line is about signs that few
/// lines have: a line without any is told at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u8);

impl Signs {
    /// Any that is not ASCII.
    pub const BEYOND: Signs = Signs(1);
    pub const TAB: Signs = Signs(1 << 1);
    /// The first byte of quotation marks and dashes, of blanks and of frames.
    pub const PUNCTUATION: Signs = Signs(1 << 2);
    /// The first byte of other blanks and of other writing, and of what could not be decoded.
    pub const ELSEWHERE: Signs = Signs(1 << 3);
    /// What emphasis is set with: `_`, `*`, `=`.
    pub const EMPHASIS: Signs = Signs(1 << 4);

    fn of(text: &str) -> Signs {
        // Most lines have none.
        let is_sign = |b| (b >= 0x80) | (b == b'\t') | (b == b'_') | (b == b'*') | (b == b'=');
        if !any_byte(text.as_bytes(), is_sign) {
            return Signs(0);
        }
        Signs(text.bytes().fold(0, |all, byte| all | SIGNS[usize::from(byte)].0))
    }

    const fn of_byte(byte: u8) -> Signs {
        let beyond = Signs::BEYOND.0;
        match byte {
            b'\t' => Signs::TAB,
            b'_' | b'*' | b'=' => Signs::EMPHASIS,
            0xE2 => Signs(beyond | Signs::PUNCTUATION.0),
            0xC2 | 0xE1 | 0xE3.. => Signs(beyond | Signs::ELSEWHERE.0),
            0x80.. => Signs::BEYOND,
            _ => Signs(0),
        }
    }

    /// Whether there is none of all.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether there is any of these.
    pub fn any(self, of: &[Signs]) -> bool {
        of.iter().any(|signs| self.0 & signs.0 != 0)
    }
}

const SIGNS: [Signs; 256] = {
    let mut table = [Signs(0); 256];
    let mut byte = 0u8;
    while byte < u8::MAX {
        table[byte as usize] = Signs::of_byte(byte);
        byte += 1;
    }
    table[byte as usize] = Signs::of_byte(byte);
    table
};

impl<'a> Line<'a> {
    /// A line alone. `begins_page`: a page ends before it.
    pub fn new(raw: &'a str, begins_page: bool) -> Line<'a> {
        let ends = (raw.as_bytes().first(), raw.as_bytes().last());
        let (text, indent) = match ends {
            // Nearly all lines begin and end with a letter or a sign of ASCII.
            (Some(b'!'..=b'~'), Some(b'!'..=b'~')) => (raw, 0),
            _ => {
                let opens = raw.trim_start_matches(is_blank);
                let text = opens.trim_end_matches(is_blank);
                let head = raw.get(..raw.len() - opens.len()).unwrap_or_default();
                (text, if text.is_empty() { 0 } else { columns(head) })
            }
        };
        let signs = Signs::of(text);
        let is_even = !signs.any(&[Signs::BEYOND, Signs::TAB]);
        let columns = |text: &str| if is_even { text.len() as u32 } else { columns(text) };
        Line { raw, text, indent, width: columns(text), first_word: columns(first_word(text)), signs, begins_page }
    }

    /// Whether nothing can be seen on it.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// The column after its last character.
    pub fn right(&self) -> u32 {
        self.indent + self.width
    }
}

/// Bytes of a line, with the blank ones: so that room for all is there at once, as a rule.
const LINE_BYTES: usize = 36;

/// Separators that are hardly ever met; a text without them is split the short way.
const RARE_ENDS: [char; 4] = ['\u{B}', '\u{85}', '\u{2028}', '\u{2029}'];

/// All lines of a text. A form feed ends its line and begins a page.
pub fn split(text: &str, ends: LineEnds) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(text.len() / LINE_BYTES);
    let mut begins_page = false;
    let mut start = 0;
    let each = |end: usize, after: usize| {
        lines.push(Line::new(text.get(start..end).unwrap_or_default(), begins_page));
        begins_page = text.as_bytes().get(end) == Some(&0xC);
        start = after;
    };
    // Their last bytes tell of most texts that there are none.
    let may = any_byte(text.as_bytes(), |b| (b == 0xB) | (b == 0x85) | (b == 0xA8) | (b == 0xA9));
    if may && RARE_ENDS.iter().any(|end| text.contains(*end)) {
        any_ends(text, ends, each);
    } else {
        usual_ends(text, ends, each);
    }
    lines
}

/// Tells of each line of a text without rare separators where it ends, and where the next begins.
fn usual_ends(text: &str, ends: LineEnds, mut each: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let mut start = 0;
    for at in memchr3_iter(b'\n', b'\r', 0xC, bytes) {
        let after = match (bytes.get(at), bytes.get(at + 1)) {
            // The second half of the last end.
            _ if at < start => continue,
            (Some(b'\r'), Some(b'\n')) => at + 2,
            (Some(b'\r'), _) if ends == LineEnds::Lf => continue,
            _ => at + 1,
        };
        each(at, after);
        start = after;
    }
    if start < text.len() {
        each(text.len(), text.len());
    }
}

/// The same for any text.
fn any_ends(text: &str, ends: LineEnds, mut each: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let (mut start, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        let after = match byte {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => at + 2,
            b'\r' if ends == LineEnds::Cr => at + 1,
            b'\n' | 0xB | 0xC => at + 1,
            // NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
            0xC2 if bytes.get(at + 1) == Some(&0x85) => at + 2,
            0xE2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xA8 | 0xA9])) => at + 3,
            _ => {
                at += 1;
                continue;
            }
        };
        each(at, after);
        (start, at) = (after, after);
    }
    if start < text.len() {
        each(text.len(), text.len());
    }
}

/// White space that parts words or indents: also the ideographic space and the no-break space.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

/// What stands before the first blank or dash.
fn first_word(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_dash = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with("—".as_bytes()));
    let ends = |(at, byte): (usize, &u8)| matches!(byte, b' ' | b'\t' | b'-') || *byte == 0xE2 && is_dash(at);
    let end = bytes.iter().enumerate().position(ends).unwrap_or(bytes.len());
    text.get(..end).unwrap_or_default()
}

/// Display columns, near enough for telling long lines from short ones.
pub fn columns(text: &str) -> u32 {
    // Other controls than TAB are too rare to count.
    if !any_byte(text.as_bytes(), |b| (b >= 0x80) | (b == b'\t')) {
        return text.len() as u32;
    }
    text.chars().fold(0, |column, c| match c {
        '\t' => (column / TAB + 1) * TAB,
        // Most letters of most texts, without a look into the tables.
        ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{370}'..='\u{482}' => column + 1,
        c if is_wide(c) => column + 2,
        c => column + c.width().unwrap_or(0) as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, ends: LineEnds, lines: &[&str]) {
        assert_eq!(split(text, ends).iter().map(|l| l.raw).collect::<Vec<_>>(), lines, "{text:?}");
    }

    #[test]
    fn every_end_of_line_is_known() {
        check("a\nb\r\nc", LineEnds::Lf, &["a", "b", "c"]);
        check("a\rb\n\nc\n", LineEnds::Lf, &["a\rb", "", "c"]);
        check("a\rb\r\rc\r\nd\n", LineEnds::Cr, &["a", "b", "", "c", "d"]);
        check("a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f", LineEnds::Lf, &["a", "b", "c", "d", "e", "f"]);
        check("", LineEnds::Lf, &[]);
    }

    #[test]
    fn indents_and_widths_are_columns() {
        let line = |text| split(text, LineEnds::Lf)[0];
        assert_eq!((line("  a b ").indent, line("  a b ").width), (2, 3));
        assert_eq!(line("\tx").indent, 8);
        assert_eq!((line("\u{3000}日本").indent, line("\u{3000}日本").width), (2, 4));
        assert_eq!(line("   ").indent, 0);
        assert!(split("a\u{c}b", LineEnds::Lf)[1].begins_page);
    }

    proptest::proptest! {
        #[test]
        fn the_short_way_splits_as_the_long_way(text in "[a’\r\n\u{c}]{0,12}") {
            for ends in [LineEnds::Lf, LineEnds::Cr] {
                let (mut usual, mut any) = (Vec::new(), Vec::new());
                usual_ends(&text, ends, |end, after| usual.push((end, after)));
                any_ends(&text, ends, |end, after| any.push((end, after)));
                proptest::prop_assert_eq!(usual, any);
            }
        }
    }
}

//! One line of the source, made ready to be judged: odd blanks are blanks, notes of the
//! transcriber and signs of emphasis are off, lines of rule characters are told apart.
//!
//! It knows one line. It must not know blocks or headings.

use std::borrow::Cow;

use crate::formats::plain::lines::{self, Signs};
use crate::formats::plain::numerals;
use crate::text::bytes::any_byte;

/// A line longer than this, in bytes, is prose whatever it says: only its head is looked at.
const LONG: usize = 2000;

/// A line of the source.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// Trimmed at both ends; the head only of a very long line.
    pub(super) text: Cow<'a, str>,
    /// Characters before the text; an ideographic space counts as two.
    pub(super) indent: u16,
    /// Letters of the text, all of a long line (see [`measure`]).
    pub(super) chars: u32,
    /// Only rule characters (`* * *`, `-----`).
    pub(super) is_rule: bool,
    /// It may have signs of emphasis.
    has_emphasis: bool,
}

impl<'a> Line<'a> {
    /// Reads a line. `has_notes` says that the text uses the notes of Aozora Bunko.
    pub(super) fn read(source: &lines::Line<'a>, has_notes: bool) -> Line<'a> {
        let raw = source.raw;
        let is_long = raw.len() > LONG;
        let text = if is_long || !is_plain(source) {
            let head = raw.get(..raw.floor_char_boundary(LONG)).unwrap_or_default();
            Cow::Owned(Self::plain_blanks(head, has_notes).trim().to_owned())
        } else {
            Cow::Borrowed(source.text)
        };
        let mut indent = 0usize;
        for c in raw.chars().take_while(|c| is_blank(*c)).take(LONG) {
            indent += if c == '\u{3000}' { 2 } else { 1 };
        }
        let chars = if is_long { measure(raw) } else { measure(&text) };
        let is_rule = !text.is_empty() && !is_long && text.chars().all(is_rule_sign);
        let has_emphasis = source.signs.any(&[Signs::EMPHASIS]);
        let chars = chars.min(u32::MAX as usize) as u32;
        Line { text, has_emphasis, indent: indent.min(999) as u16, chars, is_rule }
    }

    /// A line of prose, with no sign in it that would have to be made ready.
    pub(super) fn of_prose(source: &lines::Line<'a>) -> Line<'a> {
        let (chars, text) = (source.text.len() as u32, Cow::Borrowed(source.text));
        Line { text, has_emphasis: false, indent: 0, chars, is_rule: false }
    }

    /// Its text without signs of emphasis.
    pub(super) fn plain(&self) -> Cow<'_, str> {
        if self.has_emphasis { without_emphasis(&self.text) } else { Cow::Borrowed(&self.text) }
    }

    /// Nothing, or a rule.
    pub(super) fn is_blank(&self) -> bool {
        self.is_rule || self.text.is_empty()
    }

    /// A rule of at least three strokes, which underlines what stands right above it.
    pub(super) fn is_underline(&self) -> bool {
        self.is_rule && self.text.len() >= 3 && self.text.chars().all(|c| matches!(c, '-' | '=' | '~' | '_' | '^'))
    }

    fn plain_blanks(raw: &str, has_notes: bool) -> String {
        let mut out = String::with_capacity(raw.len());
        let mut chars = raw.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}' => {}
                _ if is_blank(c) => out.push(' '),
                // A note: ［＃８字下げ］.
                '［' if chars.peek() == Some(&'＃') => {
                    for inner in chars.by_ref() {
                        if inner == '］' {
                            break;
                        }
                    }
                }
                '《' if has_notes => {
                    for inner in chars.by_ref() {
                        if inner == '》' {
                            break;
                        }
                    }
                }
                '｜' if has_notes => {}
                _ => out.push(c),
            }
        }
        out
    }
}

/// Whether nothing of a line has to be made ready. What a western text has beyond ASCII are letters,
/// marks of quotation and dashes.
fn is_plain(source: &lines::Line) -> bool {
    // Other writing has blanks and brackets of its own.
    if source.signs.any(&[Signs::TAB, Signs::ELSEWHERE]) {
        return false;
    }
    let is_odd = |c: char| is_blank(c) || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}');
    let mut marks = memchr::memchr_iter(0xE2, source.text.as_bytes());
    !source.signs.any(&[Signs::PUNCTUATION])
        || marks.all(|at| source.text.get(at..).and_then(|rest| rest.chars().next()).is_none_or(|c| !is_odd(c)))
}

/// The text without signs of emphasis: `_The_ OFFENSE`, `*CHAPTER I*`, `=PART ONE=`.
pub(super) fn without_emphasis(text: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'_', b'*', b'=', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = before.is_alphanumeric() && chars.peek().is_some_and(|n| n.is_alphanumeric());
        if !matches!(c, '_' | '*' | '=') || inside {
            out.push(c);
        }
        before = c;
    }
    Cow::Owned(out.trim().to_owned())
}

/// `C H A P T E R  I V`, letters set apart, as words again. `None` where there is no such word.
pub(super) fn unspaced(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    // Three single letters at the start: most lines are told in two looks.
    let is_apart = text.len() <= 120 && bytes.get(1) == Some(&b' ') && bytes.get(3) == Some(&b' ');
    if !is_apart || !text.split(' ').take(3).all(|w| w.len() == 1 && w.bytes().all(|b| b.is_ascii_uppercase())) {
        return None;
    }
    let words = text.split("  ").map(str::trim).filter(|w| !w.is_empty());
    let joined: Vec<String> = words
        .map(|word| {
            let is_spaced = word.split(' ').all(|w| w.trim_end_matches(['.', ',', ':']).chars().count() <= 1);
            if is_spaced { word.split(' ').collect() } else { word.to_owned() }
        })
        .collect();
    let [only] = joined.as_slice() else { return Some(joined.join(" ")) };
    // All gaps are alike: a keyword ends where the rest is a number.
    let cut = (4..only.len()).find(|cut| {
        only.split_at_checked(*cut).is_some_and(|(word, rest)| {
            super::keywords::keyword(word).is_some()
                && numerals::leading(rest).is_some_and(|n| n.length == rest.trim_end_matches('.').len())
        })
    });
    Some(cut.and_then(|cut| only.split_at_checked(cut)).map_or(only.clone(), |(word, rest)| format!("{word} {rest}")))
}

/// How much a text says, in letters: a character of Chinese, Japanese or Korean counts as two.
pub(super) fn measure(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else if !any_byte(text.as_bytes(), |b| (b == 0xE1) | (b >= 0xE3)) {
        // Nothing as far as those scripts.
        text.chars().count()
    } else {
        text.chars()
            .map(|c| if u32::from(c) >= 0x1100 && !matches!(u32::from(c), 0x1E00..=0x2E7F) { 2 } else { 1 })
            .sum()
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

fn is_rule_sign(c: char) -> bool {
    matches!(
        c,
        '*' | '%'
            | '-'
            | '='
            | '_'
            | '~'
            | '·'
            | '•'
            | '.'
            | '—'
            | '–'
            | '―'
            | '─'
            | '━'
            | '═'
            | '┄'
            | '┈'
            | '#'
            | '+'
            | '°'
            | '¤'
    ) || matches!(
        c,
        '※' | '☆'
            | '★'
            | '◇'
            | '◆'
            | '○'
            | '●'
            | '∗'
            | '⁂'
            | '＊'
            | '□'
            | '■'
            | '△'
            | '▲'
            | '◎'
            | '|'
            | '^'
            | '/'
    ) || c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Line<'_> {
        Line::read(&lines::Line::new(raw, false), true)
    }

    #[track_caller]
    fn check(raw: &str, text: &str, indent: u16, is_rule: bool) {
        let line = read(raw);
        assert_eq!((line.text.as_ref(), line.indent, line.is_rule), (text, indent, is_rule), "{raw:?}");
    }

    #[test]
    fn lines_are_made_ready() {
        check("  two words ", "two words", 2, false);
        check("\u{3000}一", "一", 2, false);
        check("［＃８字下げ］一［＃「一」は中見出し］", "一", 0, false);
        check("吾輩《わがはい》は", "吾輩は", 0, false);
        check("\u{FEFF}\tTab", "Tab", 2, false);
        check("  *  *  *", "*  *  *", 2, true);
        check("--", "--", 0, true);
        check("", "", 0, false);
        assert!(read("-----").is_underline() && !read("* * *").is_underline());
    }

    #[test]
    fn letters_set_apart_are_words() {
        for (text, expected) in [
            ("C H A P T E R  I V", Some("CHAPTER IV")),
            ("C H A P T E R I V.", Some("CHAPTER IV.")),
            ("T H E  H I L L", Some("THE HILL")),
            ("A B C", Some("ABC")),
            ("I am", None),
            ("A. B. Nyman", None),
        ] {
            assert_eq!(unspaced(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn emphasis_goes_words_stay() {
        assert_eq!(without_emphasis("_The_ BLACK _and_ WHITE"), "The BLACK and WHITE");
        assert_eq!(without_emphasis("*CHAPTER I*"), "CHAPTER I");
        assert_eq!(without_emphasis("snake_case"), "snake_case");
    }
}

//! Keywords learned from the text: a line of a word and a number, in any language, whose word
//! comes back with rising numbers (`Άρθρο 1`, `ماده ۲`).
//!
//! It knows whole lines of that form, wherever they stand. It needs no table of words.

use std::collections::HashMap;

use crate::document::Position;

use super::hash;
use super::keywords::{is_day_word, is_month, keyword};
use crate::formats::plain::numerals::Form;
use crate::formats::plain::numerals::{self, fold};

/// Lines kept.
const LINES_MAX: usize = 50_000;
/// A word that comes back so often may be a keyword.
const MEMBERS_MIN: usize = 4;

/// A line of a word and a number.
#[derive(Clone, Debug)]
pub(super) struct WordLine {
    pub(super) place: Position,
    /// Characters of text before it.
    pub(super) start: u64,
    pub(super) value: u32,
    pub(super) form: Form,
    /// Where the title begins in the text; its length where there is none.
    pub(super) title: u16,
    /// Key of the word, and of the side it stands on.
    pub(super) word: u64,
    pub(super) text: Box<str>,
}

/// All such lines, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct WordLines {
    lines: Vec<WordLine>,
}

impl WordLines {
    /// Takes a line; keeps it if it is a word and a number.
    pub(super) fn line(&mut self, place: Position, start: u64, text: &str) {
        if text.len() > 120 || self.lines.len() >= LINES_MAX {
            return;
        }
        if !may_be_word_and_number(text) {
            return;
        }
        let mut tokens = text.split_whitespace();
        let (Some(a), Some(mut b), mut third) = (tokens.next(), tokens.next(), tokens.next()) else { return };
        // `PAPER No. 12`.
        if let Some(number) = third.filter(|_| matches!(b, "No." | "No" | "NO." | "Nr." | "N°" | "№" | "#")) {
            (b, third) = (number, tokens.next());
        }
        // A title may follow what clearly closes the number: `Dispatch IV. The Hill`.
        if let Some(third) = third {
            let is_number = b.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X'));
            let is_closed = b.ends_with(['.', ':']) || matches!(third, "-" | "--" | "—" | "–");
            let opens_high = |token: &str| token.starts_with(|c: char| c.is_uppercase());
            let title =
                if third.chars().all(|c| !c.is_alphanumeric()) { tokens.next().unwrap_or_default() } else { third };
            if !is_number || !is_closed || !opens_high(a) || !opens_high(title) || text.ends_with(',') {
                return;
            }
        }
        let number = |token: &str| {
            let bare = token.trim_end_matches(['.', ':', ')', '-', '،']);
            numerals::leading(bare).filter(|n| n.length == bare.len() && n.form != Form::Word)
        };
        let is_word = |token: &str| {
            let bare = token.trim_end_matches(['.', ':']);
            bare.chars().count() >= 2 && bare.chars().all(|c| c.is_alphabetic() || is_mark(c))
        };
        let (word, number, side) = match (number(a), number(b)) {
            (None, Some(n)) if is_word(a) => (a, n, 'a'),
            (Some(n), None) if third.is_none() && is_word(b) => (b, n, 'b'),
            _ => return,
        };
        let folded = fold(word.trim_end_matches(['.', ':']));
        if is_month(&folded) || is_day_word(&folded) || keyword(word).is_some() {
            return;
        }
        let word = hash(folded.chars().chain([side]));
        let title = third.map_or(text.len(), |_| {
            let after = text.find(b).map_or(0, |at| at + b.len());
            text.len() - text.get(after..).unwrap_or_default().trim_start_matches([' ', '-', '—', '–']).len()
        });
        self.lines.push(WordLine {
            place,
            start,
            title: title as u16,
            value: number.value,
            form: number.form,
            word,
            text: text.into(),
        });
    }

    /// Forgets what was read.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
    }

    /// The lines of words that are keywords by now, in order. `limit` is where the text ends.
    pub(super) fn headings(&self, limit: u64) -> Vec<&WordLine> {
        let mut words: HashMap<u64, Vec<&WordLine>> = HashMap::new();
        for line in self.lines.iter().filter(|l| l.start < limit) {
            words.entry(line.word).or_default().push(line);
        }
        let mut found: Vec<&WordLine> = words.into_values().filter(|lines| is_keyword(lines)).flatten().collect();
        found.sort_by_key(|l| l.start);
        found
    }
}

/// Whether a trimmed line has two words, or a second one that may be a number. Bytes tell of most
/// lines that they have neither.
fn may_be_word_and_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Words are short: the next blank is near.
    let blank = |bytes: &[u8]| bytes.iter().position(|b| *b == b' ');
    let Some(first) = blank(bytes) else { return true };
    let rest = bytes.get(first..).unwrap_or_default().trim_ascii_start();
    let opens = rest.first().copied().unwrap_or_default();
    let is_number = opens.is_ascii_digit() || matches!(opens, b'I' | b'V' | b'X' | b'N' | b'#') || !opens.is_ascii();
    is_number || blank(rest).is_none()
}

/// Numbers rise by one in four of five steps, from 1 or near it, with text between.
fn is_keyword(lines: &[&WordLine]) -> bool {
    let steps = lines.windows(2).filter(|w| matches!(w, [a, b] if b.value == a.value + 1)).count();
    let first = lines.first().map_or(0, |l| l.value);
    let mut between: Vec<u64> = lines
        .windows(2)
        .filter_map(|w| matches!(w, [_, _]).then(|| w.last()?.start.checked_sub(w.first()?.start)).flatten())
        .collect();
    between.sort_unstable();
    let median = between.get(between.len() / 2).copied().unwrap_or(0);
    lines.len() >= MEMBERS_MIN && steps * 5 >= (lines.len() - 1) * 4 && (1..=3).contains(&first) && median >= 40
}

/// Vowel signs and points belong to words of their scripts.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36F | 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F | 0x900..=0x903 | 0x93A..=0x94F | 0x200C..=0x200D
        | 0x981..=0x983 | 0x9BC..=0x9CD | 0xE31..=0xE4E)
}

//! Quotation marks of a paragraph, each with its side.
//!
//! A curly mark says its side itself; a straight one takes it from its neighbours. Single marks
//! are also apostrophes, which is decided here as far as the neighbours tell.

use memchr::{memchr_iter, memchr3_iter};

use super::lexicon::Traits;
use super::style::Style;
use super::words::{Vocabulary, is_mark};

/// Which side of a quotation a mark stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Open,
    Close,
    /// What is missing.
    Either,
    /// Closes if nothing after it does (`the dogs' …`).
    MayClose,
    /// Opens if a sure closing mark follows (`'em …`).
    MayOpen,
}

/// A mark in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) side: Side,
}

/// The marks of a text that count in a style, of those that may be marks at all.
pub(super) fn marks<'a>(
    text: &'a str,
    candidates: &'a [Candidate],
    style: Style,
    words: &'a Vocabulary,
) -> impl Iterator<Item = Mark> + 'a {
    // Where a doubled mark ends that was read as one.
    let mut from = 0;
    candidates.iter().copied().filter_map(move |(start, c)| {
        if start < from {
            return None;
        }
        let mut end = start + c.len_utf8();
        let doubled = matches!(c, '`' | '\'') && text.get(end..).is_some_and(|rest| rest.starts_with(c));
        let mut glyph = c;
        if doubled && style == Style::Double {
            end += 1;
            glyph = if c == '`' { '“' } else { '"' };
        }
        from = end;
        // Most are apostrophes.
        if matches!(style, Style::Double | Style::Dash) && !matches!(glyph, '“' | '‟' | '”' | '"' | '＂') {
            return None;
        }
        let rest = text.get(end..).unwrap_or_default();
        // Emphasis as plain text writes it (`_word_`) is transparent.
        let is_seen = |c: &char| !matches!(c, '_' | '*');
        let after = rest.chars().find(is_seen);
        let before = text.get(..start).and_then(|lead| lead.chars().rev().find(is_seen));
        // Dittos stand in the air, before a figure or another of them.
        let is_apart = c == '"' && is_space(before) && rest.starts_with(' ');
        if is_apart && rest.trim_start().starts_with(|c: char| c == '"' || c.is_ascii_digit()) {
            return None;
        }
        let side = match style {
            Style::Double | Style::Dash => double(glyph, before, after),
            Style::Single => single(glyph, before, after, rest, words),
            Style::Guillemets => shape(c, "«‹", "»›"),
            Style::GuillemetsInward => shape(c, "»›", "«‹").map(|side| inward(side, c, before, after)),
            Style::LowHigh => shape(c, "„", "“”"),
            Style::RightDouble => (c == '”').then(|| by_neighbours(before, after)),
            Style::Corner => shape(c, "「『", "」』"),
        };
        side.map(|side| Mark { start, end, side })
    })
}

/// A character that may be a mark of quotation, with its place.
pub(super) type Candidate = (usize, char);

/// Adds the characters of a text that may be marks of quotation, in order. Most of a text is none, and bytes
/// tell.
pub(super) fn candidates(text: &str, found: &mut Vec<Candidate>) {
    let bytes = text.as_bytes();
    let before = found.len();
    found.extend(memchr3_iter(b'"', b'\'', b'`', bytes).filter_map(|at| Some((at, char::from(*bytes.get(at)?)))));
    if bytes.is_ascii() {
        return;
    }
    // The first bytes of those beyond ASCII.
    let others = memchr3_iter(0xC2, 0xE2, 0xE3, bytes).chain(memchr_iter(0xEF, bytes));
    found.extend(others.filter_map(|at| {
        let c = text.get(at..)?.chars().next()?;
        (is_mark(c) || c == '‛').then_some((at, c))
    }));
    found.get_mut(before..).unwrap_or_default().sort_unstable();
}

fn shape(c: char, open: &str, close: &str) -> Option<Side> {
    if open.contains(c) {
        Some(Side::Open)
    } else if close.contains(c) {
        Some(Side::Close)
    } else {
        None
    }
}

/// Swedish and Finnish books set » on both sides.
fn inward(side: Side, c: char, before: Option<char>, after: Option<char>) -> Side {
    if matches!(c, '»' | '›') { by_neighbours(before, after) } else { side }
}

fn double(c: char, before: Option<char>, after: Option<char>) -> Option<Side> {
    match c {
        '“' | '‟' => Some(Side::Open),
        '”' => Some(Side::Close),
        '"' | '＂' => Some(by_neighbours(before, after)),
        _ => None,
    }
}

fn is_space(c: Option<char>) -> bool {
    c.is_none_or(char::is_whitespace)
}

fn is_dash(c: Option<char>) -> bool {
    c.is_some_and(|c| matches!(c, '—' | '–' | '―' | '-'))
}

fn is_stop(c: Option<char>) -> bool {
    c.is_some_and(|c| matches!(c, '.' | ',' | '!' | '?' | ';' | ':' | '…' | ')' | ']'))
}

/// The side of a straight mark.
fn by_neighbours(before: Option<char>, after: Option<char>) -> Side {
    let opens = is_space(before) || before.is_some_and(|c| matches!(c, '(' | '[' | '‘'));
    let closes = is_space(after) || is_stop(after);
    match (opens, closes) {
        (true, false) => Side::Open,
        (false, true) => Side::Close,
        (true, true) if before.is_none() => Side::Open,
        (true, true) if after.is_none() => Side::Close,
        (false, false) if is_stop(before) && is_dash(after) => Side::Close,
        _ => Side::Either,
    }
}

fn single(c: char, before: Option<char>, after: Option<char>, rest: &str, words: &Vocabulary) -> Option<Side> {
    if !matches!(c, '‘' | '’' | '\'' | '`' | '‛') {
        return None;
    }
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if is_letter(before) && is_letter(after) {
        return None;
    }
    let opens = is_space(before) || is_dash(before) || before.is_some_and(|c| matches!(c, '(' | '[' | '“' | '"'));
    let elided = || {
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '\'').take(16).collect();
        // "'98", and Dutch "'t" and "'s": one small letter that is no word.
        let is_year = word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit());
        let is_letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase() && !b"aeiouy".contains(&b));
        is_year || is_letter || words.traits(words.find(&word)).any(Traits::ELISION)
    };
    match c {
        '‘' | '`' | '‛' if opens && elided() => Some(Side::MayOpen),
        '‘' | '`' | '‛' => Some(Side::Open),
        _ if is_stop(before) || before.is_some_and(|c| matches!(c, '”' | '"')) => Some(Side::Close),
        _ if is_dash(before) && is_letter(after) => Some(if c == '’' { Side::MayClose } else { Side::Either }),
        _ if is_dash(before) => Some(Side::Close),
        '\'' if opens && is_letter(after) => Some(if elided() { Side::MayOpen } else { Side::Open }),
        '\'' if opens && !is_space(after) && !is_stop(after) => Some(Side::Open),
        _ if is_letter(before) => Some(Side::MayClose),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn all_that_may_be_marks_are_found_in_order(text in "[ab '\"`é“’„«›‛「＂字]{0,40}") {
            let mut found = vec![(7, 'x')];
            candidates(&text, &mut found);
            let all = text.char_indices().filter(|(_, c)| is_mark(*c) || matches!(c, '`' | '‛'));
            proptest::prop_assert_eq!(&found[1..], all.collect::<Vec<_>>());
        }
    }
}

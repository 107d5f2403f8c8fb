//! Speech after a dash: the whole paragraph, less its reporting clauses.
//!
//! Nothing closes such speech, so a clause is known by its words (*he said*, *said Mr. B*), in
//! the past tense, after a stop. Where the text sets a second dash before the clause (Spanish,
//! Russian), the dash tells.

use super::clause::Reading;
use super::lexicon::Traits;
use super::pairing::Span;
use super::phrase::{Kind, Phrase, is_adverb};
use super::words::{Gap, Token};

/// The spans of speech in a paragraph whose speech begins at `start`.
pub(super) fn spans(text: &str, start: usize, reading: Reading<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = start;
    let mut at = 0;
    while at < reading.tokens.len() {
        let clause = reading.tokens.get(at).filter(|t| t.start as usize > from).and_then(|_| clause(text, at, reading));
        let Some((begin, end, resume)) = clause else {
            at += 1;
            continue;
        };
        found.extend(span(text, from, begin));
        from = end;
        at = resume.max(at + 1);
    }
    found.extend(span(text, from, text.len()));
    found
}

/// Where a clause that begins at a token starts and ends in the text, and the token after it.
fn clause(text: &str, at: usize, reading: Reading<'_>) -> Option<(usize, usize, usize)> {
    let tokens = reading.tokens;
    let token = tokens.get(at)?;
    let before = tokens.get(at.checked_sub(1)?)?;
    if !token.gap.any(&[Gap::COMMA, Gap::STOP, Gap::DASH]) {
        return None;
    }
    let gap_start = before.end as usize;
    let gap = text.get(gap_start..token.start as usize)?;
    let set_off = gap.trim_end().ends_with(['—', '–', '―']) && gap.contains([' ', '\u{a0}']) && !token.is_capital();
    if set_off {
        return Some(until_dash(text, at, gap_start, gap, reading));
    }
    let is_inverted = !token.is_capital() && token.any(Traits::INVERTED);
    let is_elsewhere = !token.is_capital() && token.any(Traits::SAID_ELSEWHERE);
    if !token.gap.any(&[Gap::COMMA, Gap::STOP]) || !(is_inverted || is_elsewhere || reports(at, reading)) {
        return None;
    }
    let end = (at + 1..tokens.len()).find(|i| {
        let ends = |t: &Token| t.gap.any(&[Gap::STOP]) && t.starts_sentence();
        // "Non, reprit-il, je reste": the clause ends at the next comma.
        let cuts = |t: &Token| is_inverted && t.gap.any(&[Gap::COMMA, Gap::STOP, Gap::SEMICOLON, Gap::COLON]);
        tokens.get(*i).is_some_and(|t| ends(t) || cuts(t))
    });
    let begin = gap_start + stop_bytes(gap);
    Some(match end {
        None => (begin, text.len(), tokens.len()),
        Some(next) => (begin, tokens.get(next).map_or(text.len(), |t| t.start as usize), next),
    })
}

/// The clause between dashes.
fn until_dash(text: &str, at: usize, gap_start: usize, gap: &str, reading: Reading<'_>) -> (usize, usize, usize) {
    let begin = gap_start + stop_bytes(gap);
    for (next, token) in reading.tokens.iter().enumerate().skip(at + 1) {
        let from = reading.tokens.get(next - 1).map_or(0, |t| t.end as usize);
        let gap = text.get(from..token.start as usize).unwrap_or_default();
        if gap.contains(['—', '–', '―']) {
            return (begin, token.start as usize, next);
        }
    }
    (begin, text.len(), reading.tokens.len())
}

/// Bytes of the stops at the start of a gap, which belong to the speech; French sets a space
/// before some.
fn stop_bytes(gap: &str) -> usize {
    let bare = gap.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let bare = if bare.starts_with(['!', '?', ';', ':', '…', '»']) { bare } else { gap };
    gap.len() - bare.trim_start_matches([',', '.', '!', '?', '…', ';', ':', '»', '”']).len()
}

fn reports(at: usize, reading: Reading<'_>) -> bool {
    let tokens = reading.tokens;
    let is_said =
        |i: usize| tokens.get(i).is_some_and(|t| !t.is_capital() && t.any(Traits::REPORTS) && t.any(Traits::PAST));
    let is_strong = |i: usize| tokens.get(i).is_some_and(|t| t.any(Traits::SPEECH));
    let is_third = |p: &Phrase| !matches!(p.kind, Kind::Others) && !p.is_object;
    if is_said(at) {
        let subject = reading
            .phrase_at(at + 1)
            .filter(|(_, p)| is_third(p) && tokens.get(p.start).is_some_and(|t| t.gap.is_plain()));
        return subject.is_some() && (is_strong(at) || subject.is_some_and(|(_, p)| p.kind != Kind::I));
    }
    let Some((_, phrase)) = reading.phrase_at(at).filter(|(_, p)| is_third(p) && !p.is_possessive) else {
        return false;
    };
    let mut verb = phrase.end;
    while is_adverb(tokens, verb) || tokens.get(verb).is_some_and(|t| t.any(Traits::AUXILIARY)) {
        verb += 1;
    }
    let touches = (phrase.end..=verb).all(|i| tokens.get(i).is_some_and(|t| t.gap.is_plain()));
    touches && is_said(verb) && is_strong(verb)
}

fn span(text: &str, from: usize, to: usize) -> Option<Span> {
    let said = text.get(from..to)?;
    let left =
        said.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '―' | ',' | '.' | ';' | ':'));
    let start = to - left.len();
    let end = start + left.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '―')).len();
    let end = if left.ends_with('—') { start + left.len() } else { end };
    let has_words = text.get(start..end).is_some_and(|s| s.chars().any(char::is_alphanumeric));
    has_words.then_some(Span { start, end, outer_start: from, outer_end: to, continues: false, is_closed: true })
}

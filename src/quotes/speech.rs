//! Speech, or words in marks: titles, ironies, words as words.

use super::clause::Reading;
use super::lexicon::Traits;
use super::pairing::Span;
use super::words::NARRATION;

/// Words from which on matter in marks is always speech.
const LONG: usize = 40;

/// A paragraph with the spans between its marks.
pub(super) struct Scene<'a> {
    pub(super) text: &'a str,
    pub(super) spans: &'a [Span],
    pub(super) reading: Reading<'a>,
    /// For each span, its first token and the first after it.
    pub(super) bounds: &'a [(usize, usize)],
    pub(super) is_verse: bool,
    /// The paragraph before leads to this one (`He said:`).
    pub(super) is_introduced: bool,
}

impl Scene<'_> {
    /// Whether each span is speech. `before`: whether a span that goes on from the last paragraph
    /// was.
    pub(super) fn speech(&self, before: bool) -> Vec<bool> {
        let mut verdicts: Vec<bool> = Vec::with_capacity(self.spans.len());
        for index in 0..self.spans.len() {
            let is_speech = self.is_speech(index, before, &verdicts);
            verdicts.push(is_speech);
        }
        verdicts
    }

    fn is_speech(&self, index: usize, before: bool, verdicts: &[bool]) -> bool {
        let (Some(span), Some((first, after))) = (self.spans.get(index), self.bounds.get(index).copied()) else {
            return false;
        };
        let quoted = self.text.get(span.start..span.end).unwrap_or_default();
        let looks = Looks::of(quoted, after - first);
        if span.continues {
            return before;
        }
        if looks.words == 0 || looks.is_upper && !looks.shouts {
            return looks.words > 0
                && looks.is_upper
                && self.reading.clause_after(after).is_some()
                && looks.has_end_mark;
        }
        if self.is_verse && !self.is_introduced && !looks.is_wide {
            return false;
        }
        if looks.words >= LONG {
            return true;
        }
        // After other speech the next clause may belong to the next span.
        if (looks.has_end_mark || looks.words > 3) && self.reports_after(span, after) {
            return true;
        }
        let lead = self.text.get(..span.outer_start).unwrap_or_default().trim_end_matches(['_', '*']);
        let starts = lead.trim().is_empty();
        let ends = self.text.get(span.outer_end..).is_none_or(|rest| !rest.chars().any(char::is_alphanumeric));
        if starts && ends {
            return looks.has_stop || looks.words > 8;
        }
        if starts {
            return looks.has_end_mark || looks.words >= 7;
        }
        let follows_speech = verdicts.last().copied().unwrap_or(false);
        // The later piece of a broken utterance: “Yes,” she said; “and so …”
        let is_stopped = lead.trim_end().ends_with(|c: char| c.is_ascii_punctuation() || matches!(c, '—' | '–' | '…'));
        if follows_speech && is_stopped && !looks.is_capital && (looks.has_end_mark || looks.words > 3) {
            return true;
        }
        match lead.trim_end().chars().last() {
            Some(',' | ':' | '–' | '—' | '-' | '，' | '：') => self.after_comma(&looks, first, follows_speech),
            Some('.' | '!' | '?' | ';' | '…' | '。' | '！' | '？' | ')' | '”' | '"' | '’' | '\'') => {
                looks.has_end_mark && looks.is_capital
            }
            _ => self.glued(&looks, first),
        }
    }

    fn reports_after(&self, span: &Span, after: usize) -> bool {
        let touches =
            self.text.get(span.outer_end..).is_some_and(|rest| rest.starts_with([' ', '\n', '—', '-', '\u{a0}']));
        touches && self.reading.clause_after(after).is_some()
    }

    fn after_comma(&self, looks: &Looks, first: usize, follows_speech: bool) -> bool {
        if looks.words <= 2 && looks.last == ',' {
            return false;
        }
        if looks.has_end_mark && (looks.is_capital || follows_speech) {
            return true;
        }
        self.verb_before(first, 10)
    }

    fn verb_before(&self, first: usize, reach: usize) -> bool {
        let from = first.saturating_sub(reach);
        let before = self.reading.tokens.get(from..first).unwrap_or_default();
        let said = |t: &super::words::Token| t.span == NARRATION && t.any(Traits::SPEECH | Traits::SAYING);
        before.iter().any(said)
    }

    /// The opening mark follows a word without any stop.
    fn glued(&self, looks: &Looks, first: usize) -> bool {
        let word = first.checked_sub(1).and_then(|i| self.reading.tokens.get(i));
        let shouts = looks.is_capital && looks.shouts;
        match word {
            Some(word) if word.any(Traits::NAMING) => shouts,
            Some(word) if word.any(Traits::SPEECH | Traits::SAYING) => {
                shouts || looks.is_capital && looks.has_end_mark || looks.words >= 6
            }
            _ => looks.words >= 12 && looks.has_end_mark || shouts && looks.words >= 3,
        }
    }
}

/// What the quoted words look like.
struct Looks {
    words: usize,
    /// Last character.
    last: char,
    has_end_mark: bool,
    has_stop: bool,
    /// Has a ! or ?.
    shouts: bool,
    is_capital: bool,
    /// All letters are capitals.
    is_upper: bool,
    /// In a script without spaces.
    is_wide: bool,
}

impl Looks {
    fn of(quoted: &str, words: usize) -> Looks {
        let trimmed = quoted.trim_end_matches(['_', '*', ' ', '’', '\'', '”', '"', '»']);
        let last = trimmed.chars().last().unwrap_or(' ');
        let letters = || quoted.chars().filter(|c| c.is_alphabetic());
        // Scripts without spaces: about two characters a word.
        let wide = letters().filter(|c| matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')).count();
        let is_wide = wide > 0;
        Looks {
            words: words.max(wide.div_ceil(2)),
            last,
            is_wide,
            has_end_mark: is_wide && wide > 3
                || matches!(
                    last,
                    '.' | ',' | '!' | '?' | ';' | ':' | '…' | '—' | '–' | '-' | '。' | '！' | '？' | '、'
                ),
            has_stop: is_wide || quoted.contains(['.', '!', '?', '…', '。', '！', '？', ',', ';', '—']) || last == '-',
            shouts: quoted.contains(['!', '?', '！', '？']),
            is_capital: is_wide || letters().next().is_some_and(char::is_uppercase),
            is_upper: letters().nth(1).is_some()
                && !quoted.chars().any(char::is_lowercase)
                && letters().any(char::is_uppercase),
        }
    }
}

/// Whether a gap lets a quotation be introduced.
pub(super) fn leads(text: &str) -> bool {
    let end = text.trim_end().trim_end_matches(['_', '*']);
    end.ends_with([':', ',', '—', '–', '：']) || end.ends_with("--") || end.ends_with(":—") || end.ends_with(":-")
}

//! Speech, or words in marks: titles, ironies, words as words.

use super::clause::Reading;
use super::lexicon::Traits;
use super::pairing::Span;
use super::words::NARRATION;
use crate::text::bytes::any_byte;

/// Words from which on matter in marks is always speech.
const LONG: usize = 40;
/// Words after a mark among which a verb of speech of another language stands.
const ELSEWHERE_REACH: usize = 3;
/// Words between a verb of speech and the mark that it leads to without a stop.
const SAYS_REACH: usize = 4;

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
    /// Adds for each span whether it is speech. `before`: whether a span that goes on from the last
    /// paragraph was.
    pub(super) fn speech(&self, before: bool, verdicts: &mut Vec<bool>) {
        for index in 0..self.spans.len() {
            let is_speech = self.is_speech(index, before, verdicts);
            verdicts.push(is_speech);
        }
    }

    fn is_speech(&self, index: usize, before: bool, verdicts: &[bool]) -> bool {
        let (Some(span), Some((first, after))) = (self.spans.get(index), self.bounds.get(index).copied()) else {
            return false;
        };
        let quoted = self.text.get(span.start..span.end).unwrap_or_default();
        let mut looks = Looks::of(quoted, after - first);
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
        if self.reports_after(span, after, &looks) {
            return true;
        }
        let lead = self.text.get(..span.outer_start).unwrap_or_default().trim_end_matches(['_', '*', '(', '[']);
        let starts = lead.trim().is_empty();
        let ends = || self.text.get(span.outer_end..).is_none_or(|rest| !rest.chars().any(char::is_alphanumeric));
        if starts && ends() {
            return looks.words > 8 || looks.has_stop(quoted);
        }
        if starts {
            return looks.has_end_mark || looks.words >= 7 || looks.is_wide;
        }
        let follows_speech = verdicts.last().copied().unwrap_or(false);
        // On the continent the stop of what a colon leads to stands outside.
        let is_stopped_outside = self.text.get(span.outer_end..).is_some_and(|rest| rest.starts_with(['.', '!', '?']));
        looks.has_end_mark |= is_stopped_outside && (follows_speech || lead.trim_end().ends_with(':'));
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

    /// Whether a reporting clause follows. The comma before it stands inside the marks or, as in
    /// Britain and on the continent, outside.
    fn reports_after(&self, span: &Span, after: usize, looks: &Looks) -> bool {
        let rest = self.text.get(span.outer_end..).unwrap_or_default();
        let bare = rest.strip_prefix([',', '，']);
        let touches = bare.unwrap_or(rest).starts_with([' ', '\n', '—', '–', '-', '\u{a0}', '\u{202f}']);
        let is_elsewhere = || self.reports_elsewhere(after);
        touches
            && (looks.has_end_mark || looks.words > 3 || bare.is_some())
            && (self.reading.clause_after(after).is_some() || is_elsewhere())
    }

    /// The same in other languages: *sagte er*, *dit-elle*, *Anna zapytała*.
    fn reports_elsewhere(&self, after: usize) -> bool {
        let reach = self.reading.tokens.get(after..).unwrap_or_default().iter().take(ELSEWHERE_REACH).enumerate();
        let mut clause = reach.take_while(|(at, t)| t.is_narration() && (*at == 0 || t.gap.is_plain()));
        clause.any(|(_, t)| !t.is_capital() && t.any(Traits::SAID_ELSEWHERE | Traits::INVERTED))
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
        let verbs = Traits::SPEECH | Traits::SAYING | Traits::SAID_ELSEWHERE;
        let said = |t: &super::words::Token| t.span == NARRATION && t.any(verbs);
        before.iter().any(said)
    }

    /// The opening mark follows a word without any stop.
    fn glued(&self, looks: &Looks, first: usize) -> bool {
        let word = first.checked_sub(1).and_then(|i| self.reading.tokens.get(i));
        let shouts = looks.is_capital && looks.shouts;
        match word {
            Some(word) if word.any(Traits::NAMING) => shouts,
            Some(word) if word.any(Traits::SAY) => looks.is_capital || looks.words >= 6,
            Some(word) if word.any(Traits::SPEECH | Traits::SAYING) => {
                shouts || looks.is_capital && looks.has_end_mark || looks.words >= 6
            }
            _ if looks.is_capital && looks.has_end_mark && self.says_nearby(first) => true,
            _ if shouts && self.utters(first) => true,
            _ => looks.words >= 12 && looks.has_end_mark || shouts && looks.words >= 3,
        }
    }

    /// *began to say to itself “…”*, *called out “…”*: a verb of speech within a few words, without
    /// a stop between.
    fn says_nearby(&self, first: usize) -> bool {
        let mut back = (first.saturating_sub(SAYS_REACH)..first).rev().filter_map(|at| self.reading.tokens.get(at));
        let verb = back.find(|t| !t.gap.is_plain() || t.any(Traits::SPEECH | Traits::SAYING | Traits::SAY));
        verb.is_some_and(|t| {
            t.is_narration() && !t.is_capital() && t.any(Traits::SPEECH | Traits::SAYING | Traits::SAY)
        })
    }

    /// *a cry of “…!”*, *the order “…!”*.
    fn utters(&self, first: usize) -> bool {
        let back = first.saturating_sub(2)..first;
        self.reading.tokens.get(back).unwrap_or_default().iter().any(|t| t.is_narration() && t.any(Traits::UTTERANCE))
    }
}

/// What the quoted words look like.
struct Looks {
    words: usize,
    /// Last character.
    last: char,
    has_end_mark: bool,
    /// Has a ! or ?.
    shouts: bool,
    is_capital: bool,
    /// All letters are capitals.
    is_upper: bool,
    /// In a script without spaces.
    is_wide: bool,
}

impl Looks {
    /// Whether a stop of any kind stands in the quoted words.
    fn has_stop(&self, quoted: &str) -> bool {
        self.is_wide || self.last == '-' || quoted.contains(['.', '!', '?', '…', '。', '！', '？', ',', ';', '—'])
    }

    fn of(quoted: &str, words: usize) -> Looks {
        let trimmed = quoted.trim_end_matches(['_', '*', ' ', '’', '\'', '”', '"', '»']);
        let last = trimmed.chars().last().unwrap_or(' ');
        let letters = || quoted.chars().filter(|c| c.is_alphabetic());
        let bytes = quoted.as_bytes();
        // No mark of East Asia, nor a letter, is written without one of these bytes.
        let is_western = !any_byte(bytes, |byte| byte >= 0xE3);
        // Scripts without spaces: about two characters a word.
        let is_wide_letter = |c: &char| matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}');
        let wide = if is_western { 0 } else { letters().filter(is_wide_letter).count() };
        let is_wide = wide > 0;
        Looks {
            words: words.max(wide.div_ceil(2)),
            last,
            is_wide,
            has_end_mark: is_wide && wide > 3
                || matches!(
                    last,
                    '.' | ',' | '!' | '?' | ';' | ':' | '…' | '—' | '–' | '-' | '。' | '！' | '？' | '、' | '，'
                ),
            shouts: memchr::memchr2(b'!', b'?', bytes).is_some() || !is_western && quoted.contains(['！', '？']),
            is_capital: is_wide || letters().next().is_some_and(char::is_uppercase),
            is_upper: !quoted.chars().any(char::is_lowercase)
                && letters().nth(1).is_some()
                && letters().any(char::is_uppercase),
        }
    }
}

/// Whether a gap lets a quotation be introduced.
pub(super) fn leads(text: &str) -> bool {
    let end = text.trim_end().trim_end_matches(['_', '*']);
    end.ends_with([':', ',', '—', '–', '：']) || end.ends_with("--") || end.ends_with(":—") || end.ends_with(":-")
}

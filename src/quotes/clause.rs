//! Reporting clauses: *said she*, *Mr. Hale replied*, *as Lenin wrote in …:*.

use super::lexicon::Traits;
use super::phrase::{Kind, Phrase, is_adverb};
use super::words::{Gap, Token};

/// A clause that reports speech.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clause {
    /// Whoever speaks: an index into the paragraph's phrases.
    pub(super) subject: usize,
    /// First token after the verb and its subject.
    pub(super) end: usize,
    /// How sure the clause is, 0 to 1.
    pub(super) weight: f32,
}

/// Words between a subject and its verb.
const REACH: usize = 14;

/// The phrases of a paragraph, found by token.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) phrases: &'a [Phrase],
}

impl Reading<'_> {
    /// The phrase that begins at a token.
    pub(super) fn phrase_at(&self, token: usize) -> Option<(usize, &Phrase)> {
        let index = self.phrases.partition_point(|p| p.start < token);
        self.phrases.get(index).filter(|p| p.start == token).map(|p| (index, p))
    }

    /// The phrase that ends before a token.
    fn phrase_ending(&self, token: usize) -> Option<(usize, &Phrase)> {
        let index = self.phrases.partition_point(|p| p.end < token);
        self.phrases.get(index).filter(|p| p.end == token).map(|p| (index, p))
    }

    /// The phrase that begins at a token, or behind an article there (`the Mock Turtle`).
    fn phrase_near(&self, token: usize) -> Option<(usize, &Phrase)> {
        self.phrase_at(token).or_else(|| {
            let first = self.tokens.get(token)?;
            let plain = |at: usize| self.tokens.get(at).is_some_and(|t| t.gap.is_plain());
            if !first.any(Traits::DETERMINER | Traits::EPITHET) || !plain(token + 1) {
                return None;
            }
            self.phrase_at(token + 1).or_else(|| {
                let second = self.tokens.get(token + 1)?;
                (!second.is_capital() && !second.any(Traits::PREPOSITION) && plain(token + 2))
                    .then(|| self.phrase_at(token + 2))
                    .flatten()
            })
        })
    }

    fn any(&self, at: usize, traits: Traits) -> bool {
        self.tokens.get(at).is_some_and(|t| !t.is_capital() && t.any(traits))
    }

    fn is_plain(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.gap.is_plain())
    }

    /// The first token from `at` on that no longer belongs to its clause.
    fn clause_limit(&self, at: usize) -> usize {
        let rest = self.tokens.iter().enumerate().skip(at);
        let ends = |(i, t): &(usize, &Token)| {
            *i > at && t.gap.any(&[Gap::STOP, Gap::SEMICOLON, Gap::COLON, Gap::MARK]) && !self.abbreviates(*i)
                || !t.is_narration()
        };
        rest.take(REACH * 2).find(ends).map_or((at + REACH * 2).min(self.tokens.len()), |(i, _)| i)
    }

    fn abbreviates(&self, at: usize) -> bool {
        self.tokens
            .get(at.wrapping_sub(1))
            .is_some_and(|t| t.is_initial() || t.any(Traits::SHORTENED) && t.is_capital())
            && self.tokens.get(at).is_some_and(|t| t.gap.is_abbreviation())
    }

    /// The clause that begins at a token, right after a quotation.
    pub(super) fn clause_after(&self, at: usize) -> Option<Clause> {
        if !self.tokens.get(at)?.is_narration() {
            return None;
        }
        let at = if self.any(at, Traits::CONJUNCTION) && !self.any(at, Traits::REPORTS) { at + 1 } else { at };
        let limit = self.clause_limit(at);
        self.verb_subject(at, limit).or_else(|| self.subject_verb(at, limit))
    }

    /// *was his reply*, *was the answer*.
    pub(super) fn is_reply(&self, at: usize) -> bool {
        self.any(at, Traits::AUXILIARY)
            && self.is_plain(at + 1)
            && self.any(at + 1, Traits::DETERMINER)
            && (at + 2..at + 4).any(|noun| self.any(noun, Traits::UTTERANCE))
    }

    fn is_subject_kind(phrase: &Phrase) -> bool {
        !phrase.is_object
    }

    /// *said Mr. B*, *went on the old man*.
    fn verb_subject(&self, at: usize, limit: usize) -> Option<Clause> {
        if !self.any(at, Traits::REPORTS) {
            return None;
        }
        let strong = self.any(at, Traits::SPEECH);
        for skip in 1..=3 {
            let next = at + skip;
            if next >= limit || !self.is_plain(next) {
                break;
            }
            if let Some((subject, phrase)) = self.phrase_near(next) {
                let direct = skip == 1 || strong || self.particle_joins(at);
                let is_somebody = Self::is_subject_kind(phrase) && (!phrase.is_possessive || self.owns_voice(phrase));
                // "Said of him", "answered him" have no subject here.
                return (direct && is_somebody).then_some(Clause {
                    subject,
                    end: phrase.end,
                    weight: if strong { 1.0 } else { 0.93 },
                });
            }
            let skippable =
                is_adverb(self.tokens, next) || self.any(next, Traits::PREPOSITION | Traits::ADVERB) && skip == 1;
            if !skippable {
                break;
            }
        }
        None
    }

    fn particle_joins(&self, verb: usize) -> bool {
        self.is_plain(verb + 1) && self.any(verb + 1, Traits::UP)
    }

    /// *His voice, Mary's voice*.
    fn owns_voice(&self, phrase: &Phrase) -> bool {
        self.any(phrase.end, Traits::OWNED)
    }

    /// *Mr. B quickly replied*, *she turned to the window and said*.
    fn subject_verb(&self, at: usize, limit: usize) -> Option<Clause> {
        let (subject, phrase) = self.phrase_near(at)?;
        if phrase.is_object || phrase.is_possessive && !self.owns_voice(phrase) {
            return None;
        }
        let mut inserted = false;
        let mut chained = false;
        let mut verb_seen = false;
        for verb in phrase.end..limit.min(phrase.end + REACH) {
            let token = self.tokens.get(verb)?;
            inserted |= token.gap.any(&[Gap::COMMA, Gap::DASH]);
            let is_direct = (phrase.end..verb).all(|i| is_adverb(self.tokens, i) || self.any(i, Traits::AUXILIARY));
            if self.any(verb, Traits::SPEECH)
                && !self.is_noun_use(verb)
                && (is_direct || inserted || chained || !verb_seen)
            {
                let weight = if is_direct {
                    1.0
                } else if inserted || chained {
                    0.9
                } else {
                    0.8
                };
                return Some(Clause { subject, end: verb + 1, weight });
            }
            if self.any(verb, Traits::WEAK) && is_direct {
                let weight = if self.particle_joins(verb) { 0.97 } else { 0.86 };
                return Some(Clause { subject, end: verb + 1, weight });
            }
            chained |= self.any(verb, Traits::AND);
            verb_seen |= super::phrase::is_finite(token);
            let another = self.phrase_at(verb).is_some_and(|(_, p)| p.is_subject && !p.is_object && !p.is_possessive);
            if another
                && !inserted
                && matches!(self.phrase_at(verb), Some((_, p)) if matches!(p.kind, Kind::He | Kind::She | Kind::I | Kind::Others))
            {
                return None;
            }
        }
        None
    }

    /// "Her answer", "a cry": the form is also a noun.
    fn is_noun_use(&self, at: usize) -> bool {
        at > 0
            && self.is_plain(at)
            && self.tokens.get(at - 1).is_some_and(|b| b.any(Traits::DETERMINER | Traits::PREPOSITION))
    }

    /// The clause that leads to a quotation at `limit`, in the sentence before it: *Mary turned
    /// and said,* or, before a colon, its subject alone.
    pub(super) fn clause_before(&self, limit: usize, is_colon: bool) -> Option<Clause> {
        let start = self.sentence_start(limit);
        if start >= limit {
            return None;
        }
        let verb = (start..limit)
            .rev()
            .find(|at| (self.any(*at, Traits::SPEECH) || self.any(*at, Traits::SAYING)) && !self.is_noun_use(*at));
        let Some(verb) = verb else {
            let weak = (start..limit).rev().find(|at| self.any(*at, Traits::WEAK) && limit - at <= 3);
            if !is_colon && weak.is_none() {
                return None;
            }
            let subject = self.nearest_subject(start, limit)?;
            return Some(Clause { subject, end: limit, weight: if weak.is_some() { 0.85 } else { 0.7 } });
        };
        // The further the verb from the quotation, the less it reports it.
        let distance = limit - verb;
        let weight = if is_colon || distance <= 6 { 0.95 } else { 0.8 };
        if let Some((subject, phrase)) = self.phrase_near(verb + 1) {
            let inverted =
                self.is_plain(verb + 1) && phrase.is_subject && matches!(phrase.kind, Kind::Name | Kind::Role);
            let preceded = self.subject_touching(start, verb).is_some();
            if inverted && !preceded && self.nearest_subject(start, verb).is_none() {
                return Some(Clause { subject, end: limit, weight });
            }
        }
        let subject = self.subject_touching(start, verb).or_else(|| self.nearest_subject(start, verb))?;
        Some(Clause { subject, end: limit, weight })
    }

    /// The first token of the sentence, or of the stretch between quotations, before a token.
    pub(super) fn sentence_start(&self, limit: usize) -> usize {
        let mut start = limit;
        while start > 0 {
            let before = start - 1;
            let Some(token) = self.tokens.get(before) else { break };
            if !token.is_narration() {
                break;
            }
            start = before;
            if token.starts_sentence() && !token.gap.any(&[Gap::SEMICOLON]) || limit - start > REACH * 8 {
                break;
            }
        }
        start
    }

    fn subject_touching(&self, start: usize, verb: usize) -> Option<usize> {
        let mut at = verb;
        while at > start && (is_adverb(self.tokens, at - 1) || self.any(at - 1, Traits::AUXILIARY)) {
            at -= 1;
        }
        let (index, phrase) = self.phrase_ending(at)?;
        let touches = (at..=verb).all(|i| self.is_plain(i));
        (touches && phrase.start >= start && !phrase.is_object && !phrase.is_possessive).then_some(index)
    }

    /// The first name between two tokens that is no object: *the journalist Mary Grey, who …*.
    fn first_name(&self, start: usize, limit: usize) -> Option<usize> {
        let from = self.phrases.partition_point(|p| p.start < start);
        let inside = self.phrases.iter().enumerate().skip(from).take_while(|(_, p)| p.start < limit);
        let mut names = inside.filter(|(_, p)| p.kind == Kind::Name && !p.is_object && !p.is_possessive);
        names.next().map(|(index, _)| index)
    }

    /// The last subject between two tokens: a nominative pronoun, or a name at the head of a
    /// clause.
    pub(super) fn nearest_subject(&self, start: usize, limit: usize) -> Option<usize> {
        let end = self.phrases.partition_point(|p| p.start < limit);
        let inside = self.phrases.get(..end)?.iter().enumerate().rev().take_while(|(_, p)| p.start >= start);
        let mut heads =
            inside.filter(|(_, p)| p.is_subject && !p.is_object && !p.is_possessive && p.kind != Kind::Others);
        heads.next().map(|(index, _)| index).or_else(|| self.first_name(start, limit))
    }
}

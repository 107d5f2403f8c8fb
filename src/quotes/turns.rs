//! Turns of a paragraph: which of its spans one person says, and what shows who.

use crate::document::QuoteKind;

use super::clause::Reading;
use super::form::Gender;
use super::lexicon::Traits;
use super::pairing::Span;
use super::paragraph::Paragraph;
use super::phrase::Kind;
use super::record::{Before, opening};
use super::signature::signature;
use super::speech::leads;
use super::story::{Evidence, LabelId, MentionId, Piece, Role, Story, Turn, Way};
use super::words::Gap;

/// Bytes of narration over which one utterance goes on.
const CLAUSE_BYTES_MAX: usize = 240;
/// Mentions between two clauses among which another name is looked for.
const NAMED_BETWEEN_MAX: usize = 32;

/// A paragraph as it was read.
pub(super) struct Page<'a> {
    pub(super) paragraph: &'a Paragraph<'a>,
    pub(super) spans: &'a [Span],
    pub(super) bounds: &'a [(usize, usize)],
    pub(super) is_speech: &'a [bool],
    pub(super) reading: Reading<'a>,
    /// The mention of its first phrase; the others follow.
    pub(super) first_mention: MentionId,
}

/// Writes the quotations of a paragraph down as pieces and turns.
pub(super) fn record(story: &mut Story, page: &Page<'_>, before: Before) {
    let mut last: Option<(usize, u32)> = None;
    for index in 0..page.spans.len() {
        let Some(span) = page.spans.get(index) else { break };
        if page.is_speech.get(index) != Some(&true) {
            story.pieces.push(page.piece(span, QuoteKind::Inline, None));
            continue;
        }
        let evidence = page.evidence(index, before, last.is_none());
        let turn = match last {
            Some((_, turn)) if !contradicts(story, turn, evidence) && !passes_on(story, turn, evidence) => turn,
            None if span.continues => story.turns.len().saturating_sub(1) as u32,
            _ => page.new_turn(story, last.is_none().then_some(before)),
        };
        page.add(story, turn, evidence, index);
        let joins = match last {
            Some((before, t)) => t == turn && page.goes_on(before, index, evidence),
            None => span.continues,
        };
        let open = story.pieces.last_mut().filter(|p| joins && p.kind == QuoteKind::Speech && p.turn == Some(turn));
        match open {
            Some(piece) => piece.ranges.push(page.paragraph.range(span.start, span.end)),
            None => story.pieces.push(page.piece(span, QuoteKind::Speech, Some(turn))),
        }
        last = Some((index, turn));
    }
    if let (Some((index, _)), Some(piece)) = (last, story.pieces.last_mut()) {
        piece.signature = piece.signature.take().or_else(|| page.signed(index));
    }
}

impl Page<'_> {
    fn text(&self) -> &str {
        &self.paragraph.text
    }

    fn mention(&self, phrase: usize) -> MentionId {
        self.first_mention + phrase as MentionId
    }

    fn piece(&self, span: &Span, kind: QuoteKind, turn: Option<u32>) -> Piece {
        // A reporting clause parts many a quotation in two.
        let mut ranges = Vec::with_capacity(2);
        ranges.push(self.paragraph.range(span.start, span.end));
        Piece {
            kind,
            ranges,
            opening: opening(self.text().get(span.start..span.end).unwrap_or_default()),
            // Shares of right spans with and without their own closing mark, rounded down.
            confidence: if span.is_closed { 0.9 } else { 0.7 },
            turn,
            signature: None,
        }
    }

    fn gap(&self, before: usize, after: usize) -> usize {
        let end = self.spans.get(before).map_or(0, |s| s.outer_end);
        self.spans.get(after).map_or(0, |s| s.outer_start).saturating_sub(end)
    }

    /// Whether a span goes on with the quotation of the one before: only a reporting clause parts
    /// them, or, in a paragraph that opens with speech, a beat (`“Yes.” He rose. “I do.”`). One that
    /// a sentence introduces anew is another quotation, and so are two without a word between.
    fn goes_on(&self, before: usize, index: usize, evidence: Option<Evidence>) -> bool {
        let (Some((_, after)), Some((first, _))) = (self.bounds.get(before), self.bounds.get(index)) else {
            return false;
        };
        let gap = self.reading.tokens.get(*after..*first).unwrap_or_default();
        let clause = self.reading.clause_after(*after);
        let is_same = |e: Evidence| clause.is_some_and(|clause| self.mention(clause.subject) == e.mention);
        let begins_anew = evidence.is_some_and(|e| e.way == Way::Before && !is_same(e))
            && gap.iter().skip(1).any(|t| t.starts_sentence() || t.gap.any(&[Gap::SEMICOLON]));
        let opens = self.spans.first().is_some_and(|s| self.text().get(..s.outer_start).is_some_and(is_blank));
        !gap.is_empty()
            && self.gap(before, index) <= CLAUSE_BYTES_MAX
            && !begins_anew
            && (opens || clause.is_some() || self.reading.is_reply(*after))
    }

    fn new_turn(&self, story: &mut Story, before: Option<Before>) -> u32 {
        story.turns.push(Turn {
            paragraph: story.paragraph,
            last_paragraph: story.paragraph,
            at: story.offset,
            mentions: (self.first_mention, self.mention(self.reading.phrases.len())),
            evidence: None,
            beat_after: None,
            beat_before: None,
            ending: before.and_then(|b| b.ending),
            calls: Gender::Unknown,
            is_block: false,
        });
        story.turns.len() as u32 - 1
    }

    /// What shows the speaker of a span.
    fn evidence(&self, index: usize, before: Before, is_first: bool) -> Option<Evidence> {
        let span = self.spans.get(index)?;
        let (first, after) = self.bounds.get(index).copied()?;
        let quoted = self.text().get(span.start..span.end).unwrap_or_default();
        if let Some(clause) = self.reading.clause_after(after) {
            // After a full stop a new sentence may begin that only describes.
            let stopped = quoted.ends_with('.');
            let weight = clause.weight - if stopped { 0.08 } else { 0.0 };
            return Some(Evidence { mention: self.mention(clause.subject), way: Way::After, weight });
        }
        let lead = self.text().get(..span.outer_start).unwrap_or_default();
        if is_first && lead.trim().is_empty() {
            return before.intro;
        }
        let is_colon = lead.trim_end().ends_with([':', '：']);
        let glued = lead.trim_end().ends_with(char::is_alphabetic);
        if !leads(lead) && !glued {
            return None;
        }
        let clause = self.reading.clause_before(first, is_colon)?;
        Some(Evidence { mention: self.mention(clause.subject), way: Way::Before, weight: clause.weight })
    }

    /// Adds a span to its turn.
    fn add(&self, story: &mut Story, turn: u32, evidence: Option<Evidence>, index: usize) {
        let kind = |e: &Evidence| story.mention(e.mention).map_or(Kind::Nobody, |m| m.kind);
        let rank = |e: Option<Evidence>| {
            e.map_or(0.0, |e| {
                let named = matches!(kind(&e), Kind::Name | Kind::I);
                e.weight + if named { 0.3 } else { 0.0 } - if e.way == Way::Intro { 0.2 } else { 0.0 }
            })
        };
        let old = story.turns.get(turn as usize).and_then(|t| t.evidence);
        let better = if rank(evidence) > rank(old) { evidence } else { old };
        let (beat_after, beat_before) = (self.beat_after(index), self.beat_before(index));
        let (paragraph, end) = (story.paragraph, self.mention(self.reading.phrases.len()));
        let calls = self.calls(index);
        if let Some(turn) = story.turns.get_mut(turn as usize) {
            turn.calls = turn.calls.or(calls);
            turn.evidence = better;
            turn.last_paragraph = paragraph;
            turn.mentions.1 = end;
            turn.beat_after = turn.beat_after.or(beat_after);
            turn.beat_before = turn.beat_before.or(beat_before);
        }
    }

    /// Whether a span says *sir* or *madam* to somebody.
    fn calls(&self, index: usize) -> Gender {
        let (first, after) = self.bounds.get(index).copied().unwrap_or_default();
        let said = self.reading.tokens.get(first..after).unwrap_or_default();
        let alone = |at: usize| said.get(at + 1).is_none_or(|next| !next.gap.is_plain());
        let called = said.iter().enumerate().find(|(at, t)| t.any(Traits::SIR | Traits::MADAM) && alone(*at));
        match called {
            Some((_, token)) if token.any(Traits::SIR) => Gender::Man,
            Some(_) => Gender::Woman,
            None => Gender::Unknown,
        }
    }

    /// The first subject between two tokens.
    pub(super) fn first_subject(&self, start: usize, limit: usize) -> Option<MentionId> {
        let from = self.reading.phrases.partition_point(|p| p.start < start);
        let inside = self.reading.phrases.iter().enumerate().skip(from).take_while(|(_, p)| p.start < limit);
        inside.into_iter().find(|(_, p)| p.is_subject && p.kind != Kind::Others).map(|(i, _)| self.mention(i))
    }

    /// The subject of the sentence right after a span.
    fn beat_after(&self, index: usize) -> Option<MentionId> {
        let (_, after) = self.bounds.get(index).copied()?;
        let tokens = self.reading.tokens;
        if !tokens.get(after)?.is_narration() {
            return None;
        }
        let rest = tokens.iter().enumerate().skip(after + 1);
        let end =
            rest.into_iter().find(|(_, t)| t.starts_sentence() || !t.is_narration()).map_or(tokens.len(), |(i, _)| i);
        self.first_subject(after, end)
    }

    /// The subject of the sentence right before a span.
    fn beat_before(&self, index: usize) -> Option<MentionId> {
        let (first, _) = self.bounds.get(index).copied()?;
        let start = self.reading.sentence_start(first);
        self.first_subject(start, first)
    }

    /// A dash and a name after the last span sign it.
    fn signed(&self, index: usize) -> Option<crate::text::Clean> {
        let span = self.spans.get(index)?;
        let rest = self.text().get(span.outer_end..)?.trim();
        let name = rest.strip_prefix(['—', '–', '―']).or_else(|| rest.strip_prefix("--"))?.trim_start();
        let is_name = name.starts_with(char::is_uppercase)
            && name.split_whitespace().count() <= 8
            && !name.ends_with(['.', '!', '?', ',', ':'])
            && self.reading.clause_after(self.bounds.get(index)?.1).is_none();
        if is_name { signature(name) } else { None }
    }
}

/// Whether a pronoun means somebody else than the turn's speaker so far: another was named as
/// the subject since (`“…,” said Tom. Dick rose. “…,” he said.`), or at all since a description.
fn passes_on(story: &Story, turn: u32, evidence: Option<Evidence>) -> bool {
    let old = story.turns.get(turn as usize).and_then(|t| t.evidence);
    let (Some(old), Some(new)) = (old, evidence) else { return false };
    let kind = |id: MentionId| story.mention(id).map_or(Kind::Nobody, |m| m.kind);
    if !matches!(kind(new.mention), Kind::He | Kind::She) || !matches!(kind(old.mention), Kind::Name | Kind::Role) {
        return false;
    }
    let label = story.mention(old.mention).map(|m| m.label);
    let is_role = kind(old.mention) == Kind::Role;
    let between = (old.mention + 1..new.mention).take(NAMED_BETWEEN_MAX).filter_map(|id| story.mention(id));
    between.into_iter().any(|m| {
        let acts = is_role || m.role == Role::Subject;
        m.kind == Kind::Name && !m.is_quoted && acts && label.is_some_and(|label| !shares_word(story, label, m.label))
    })
}

/// Whether two names have a word in common.
fn shares_word(story: &Story, a: LabelId, b: LabelId) -> bool {
    let words = |label: LabelId| story.labels.get(label.index()).map(|l| l.words.as_slice()).unwrap_or_default();
    words(a).iter().any(|word| words(b).contains(word))
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '_' | '*' | '(' | '—' | '–' | '―' | '-'))
}

/// Whether new evidence shows another speaker than the turn has.
fn contradicts(story: &Story, turn: u32, evidence: Option<Evidence>) -> bool {
    let old = story.turns.get(turn as usize).and_then(|t| t.evidence);
    let (Some(old), Some(new)) = (old, evidence) else { return false };
    let (Some(a), Some(b)) = (story.mention(old.mention), story.mention(new.mention)) else { return false };
    match (a.kind, b.kind) {
        (Kind::Name, Kind::Name) => !shares_word(story, a.label, b.label),
        (Kind::He, Kind::She) | (Kind::She, Kind::He) => true,
        (Kind::I, other) | (other, Kind::I) => matches!(other, Kind::He | Kind::She | Kind::Name),
        _ => false,
    }
}

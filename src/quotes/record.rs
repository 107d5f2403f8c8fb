//! Reads paragraphs one after the other and writes down what they hold of quotations.

use crate::document::{OPENING_CHARS, QuoteKind, SectionId};
use crate::text::{Clean, clean_line};

use super::clause::Reading;
use super::dash;
use super::form::Gender;
use super::marks::{Mark, marks};
use super::mentions;
use super::pairing::{Span, goes_on, pair};
use super::paragraph::{Matter, Paragraph};
use super::phrase::{Phrase, phrases};
use super::signature::{after_dash, signature};
use super::speech::{Scene, leads};
use super::story::{Evidence, MentionId, Piece, Story, Turn, Way};
use super::style::{Style, Votes, starts_with_dash};
use super::turns::{self, Page};
use super::words::{NARRATION, Token, Vocabulary};

/// Numbers that a break in the text skips, so that nothing seems near across it.
const BREAK: u32 = 20;

/// The reader of paragraphs.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) words: Vocabulary,
    pub(super) story: Story,
    /// A quotation is open at the end of the last paragraph.
    is_open: bool,
    /// The last span of the last paragraph was speech.
    was_speech: bool,
    /// The last paragraph is one whole quotation.
    was_whole: bool,
    before: Before,
    /// The frame whose quoted matter the last paragraph belongs to.
    frame: Option<(SectionId, u32)>,
    /// Room for what is found in a paragraph: its marks and spans, its words and phrases, and for each span its
    /// first word with the first after it, and whether it is speech.
    marks: Vec<Mark>,
    spans: Vec<Span>,
    tokens: Vec<Token>,
    phrases: Vec<Phrase>,
    bounds: Vec<(usize, usize)>,
    is_speech: Vec<bool>,
}

/// What the last paragraph leaves to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Before {
    /// It ends in a colon or the like.
    pub(super) leads: bool,
    /// Who is about to speak by it.
    pub(super) intro: Option<Evidence>,
    /// Subject of its last sentence, if it was narrative.
    pub(super) ending: Option<MentionId>,
}

impl Recorder {
    pub(super) fn new() -> Recorder {
        Recorder {
            words: Vocabulary::new(),
            story: Story::default(),
            is_open: false,
            was_speech: false,
            was_whole: false,
            before: Before::default(),
            frame: None,
            marks: Vec::new(),
            spans: Vec::new(),
            tokens: Vec::new(),
            phrases: Vec::new(),
            bounds: Vec::new(),
            is_speech: Vec::new(),
        }
    }

    /// Reads a paragraph. `next`: the paragraphs after it, as far as they are known.
    pub(super) fn read<'a>(
        &mut self,
        paragraph: &Paragraph,
        next: impl Iterator<Item = &'a Paragraph<'a>>,
        votes: &Votes,
    ) {
        if self.story.is_full() {
            return;
        }
        if !matches!(paragraph.matter, Matter::Quoted { .. }) {
            self.frame = None;
        }
        match paragraph.matter {
            Matter::Prose | Matter::Verse => self.read_text(paragraph, next, votes),
            Matter::Signature => self.sign(signature(&paragraph.text)),
            Matter::Quoted { frame, is_motto, is_signature } => {
                self.set_apart(paragraph, frame, is_motto, is_signature);
            }
            Matter::Break => {
                self.story.paragraph = self.story.paragraph.saturating_add(BREAK);
                self.is_open = false;
                self.was_whole = false;
                self.before = Before::default();
            }
        }
        self.story.offset = self.story.offset.saturating_add(paragraph.text.len() as u32 + 1);
    }

    fn read_text<'a>(&mut self, paragraph: &Paragraph, next: impl Iterator<Item = &'a Paragraph<'a>>, votes: &Votes) {
        let text: &str = &paragraph.text;
        if self.was_whole
            && let Some(name) = after_dash(text)
        {
            self.sign(Some(name));
            self.story.paragraph = self.story.paragraph.saturating_add(1);
            return;
        }
        let mut spans = std::mem::take(&mut self.spans);
        let mut tokens = std::mem::take(&mut self.tokens);
        let mut found = std::mem::take(&mut self.phrases);
        let mut bounds = std::mem::take(&mut self.bounds);
        let mut is_speech = std::mem::take(&mut self.is_speech);
        let is_dash = self.part(paragraph, next, votes, &mut spans, &mut tokens);
        bound(&tokens, &spans, &mut bounds);
        phrases(&tokens, &mut found);
        let reading = Reading { tokens: &tokens, phrases: &found };
        let is_verse = paragraph.matter == Matter::Verse;
        let scene = Scene { text, spans: &spans, reading, bounds: &bounds, is_verse, is_introduced: self.before.leads };
        is_speech.clear();
        if is_dash {
            is_speech.resize(spans.len(), true);
        } else {
            scene.speech(self.was_speech, &mut is_speech);
        }
        self.story.steps += (tokens.len() + found.len() + spans.len()) as u64;
        let first_mention = self.story.mentions.len() as MentionId;
        mentions::record(&mut self.story, text, reading);
        let page = Page { paragraph, spans: &spans, bounds: &bounds, is_speech: &is_speech, reading, first_mention };
        turns::record(&mut self.story, &page, self.before);
        self.was_speech = is_speech.last().copied().unwrap_or(false);
        self.was_whole = self.was_speech && spans.last().is_some_and(|s| s.outer_end >= text.trim_end().len());
        self.before = page.leaves();
        self.story.paragraph = self.story.paragraph.saturating_add(1);
        (self.spans, self.tokens) = (spans, tokens);
        (self.phrases, self.bounds, self.is_speech) = (found, bounds, is_speech);
    }

    /// Parts a paragraph to spans and tokens, and says whether the spans stand after a dash.
    fn part<'a>(
        &mut self,
        paragraph: &Paragraph,
        next: impl Iterator<Item = &'a Paragraph<'a>>,
        votes: &Votes,
        spans: &mut Vec<Span>,
        tokens: &mut Vec<Token>,
    ) -> bool {
        let text: &str = &paragraph.text;
        let style = votes.style();
        let said = if style == Style::Dash { starts_with_dash(text) } else { None };
        if let Some(start) = said {
            self.is_open = false;
            self.words.read(text, &[], tokens);
            let mut found = Vec::new();
            phrases(tokens, &mut found);
            *spans = dash::spans(text, start, Reading { tokens, phrases: &found });
            retag(tokens, spans);
            return true;
        }
        let style = if style == Style::Dash { votes.style_beside_dash() } else { style };
        self.marks.clear();
        self.marks.extend(marks(text, &paragraph.candidates, style, &self.words));
        self.story.steps += self.marks.len() as u64;
        let is_open = pair(text, &self.marks, style, self.is_open, spans);
        let words = &self.words;
        let mut next = next.peekable();
        let is_cut = next.peek().is_some_and(|p| p.continues);
        self.is_open = is_open
            && (is_cut || goes_on(style, next.map(|p| (p.text.as_ref(), marks(&p.text, &p.candidates, style, words)))));
        self.words.read(text, spans, tokens);
        false
    }

    /// A block of quoted matter: one piece a frame.
    fn set_apart(&mut self, paragraph: &Paragraph, frame: u32, is_motto: bool, is_signature: bool) {
        self.is_open = false;
        self.was_whole = false;
        let goes_on = self.frame == Some((paragraph.section, frame));
        if is_signature {
            if goes_on {
                self.sign(signature(&paragraph.text));
            }
            return;
        }
        let text: &str = &paragraph.text;
        let (start, end) = bare(text);
        if start >= end {
            return;
        }
        let range = paragraph.range(start, end);
        if let Some(piece) = self.story.pieces.last_mut().filter(|_| goes_on) {
            piece.ranges.push(range);
            return;
        }
        self.frame = Some((paragraph.section, frame));
        let turn = self.before.intro.filter(|_| !is_motto).map(|evidence| {
            let (number, at) = (self.story.paragraph, self.story.offset);
            let mentions = self.story.mentions.len() as MentionId;
            self.story.turns.push(Turn {
                paragraph: number,
                last_paragraph: number,
                at,
                mentions: (mentions, mentions),
                evidence: Some(evidence),
                beat_after: None,
                beat_before: None,
                ending: None,
                calls: Gender::Unknown,
                is_block: true,
            });
            self.story.turns.len() as u32 - 1
        });
        self.story.pieces.push(Piece {
            kind: if is_motto { QuoteKind::Epigraph } else { QuoteKind::Block },
            ranges: vec![range],
            opening: opening(text.get(start..end).unwrap_or_default()),
            confidence: 0.95,
            turn,
            signature: None,
        });
        self.before = Before::default();
    }

    /// Notes who signs the last quotation.
    fn sign(&mut self, name: Option<Clean>) {
        if let (Some(name), Some(piece)) = (name, self.story.pieces.last_mut()) {
            piece.signature = Some(name);
        }
    }
}

/// Marks that may stand around a whole block.
const PAIRS: [(char, char); 5] = [('“', '”'), ('"', '"'), ('«', '»'), ('„', '“'), ('‘', '’')];

/// The text of a block without marks around all of it.
fn bare(text: &str) -> (usize, usize) {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    let inner = text.get(start..end).unwrap_or_default();
    for (open, close) in PAIRS {
        let stripped = inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if stripped.is_some_and(|s| !s.contains([open, close])) {
            return (start + open.len_utf8(), end - close.len_utf8());
        }
    }
    (start, end)
}

/// The first words of a quotation, on one line.
pub(super) fn opening(quoted: &str) -> Clean {
    // Bytes of ASCII are characters.
    if let Some(head) = quoted.get(..OPENING_CHARS).filter(|head| head.is_ascii()) {
        return clean_line(head);
    }
    let end = quoted.char_indices().nth(OPENING_CHARS).map_or(quoted.len(), |(at, _)| at);
    clean_line(quoted.get(..end).unwrap_or_default())
}

/// Finds for each span its first token and the first after it.
fn bound(tokens: &[Token], spans: &[Span], bounds: &mut Vec<(usize, usize)>) {
    let token_at = |byte: usize| tokens.partition_point(|t| (t.start as usize) < byte);
    bounds.clear();
    bounds.extend(spans.iter().map(|span| (token_at(span.start), token_at(span.end))));
}

/// Notes which span each token stands in.
fn retag(tokens: &mut [Token], spans: &[Span]) {
    for token in tokens {
        let index = spans.partition_point(|span| span.end <= token.start as usize);
        let inside = spans.get(index).is_some_and(|span| span.start <= token.start as usize);
        token.span = if inside { index.min(usize::from(NARRATION) - 1) as u16 } else { NARRATION };
    }
}

impl Page<'_> {
    /// What the paragraph leaves to the next.
    fn leaves(&self) -> Before {
        let text: &str = &self.paragraph.text;
        let tokens = self.reading.tokens;
        let leads = leads(text) || ends_on(text);
        let narrative_end = tokens.last().is_some_and(Token::is_narration);
        let mut before = Before { leads, ..Before::default() };
        if !narrative_end {
            return before;
        }
        if leads {
            let is_colon = text.trim_end().ends_with([':', '：', '—', '-']);
            before.intro = self.reading.clause_before(tokens.len(), is_colon).map(|clause| Evidence {
                mention: self.first_mention + clause.subject as MentionId,
                way: Way::Intro,
                weight: clause.weight,
            });
        }
        if !self.is_speech.iter().any(|speech| *speech) {
            let start = self.reading.sentence_start(tokens.len());
            before.ending = self.first_subject(start, tokens.len());
        }
        before
    }
}

/// *He went on.* and *as follows.* lead to the next paragraph as a colon does.
fn ends_on(text: &str) -> bool {
    let end = text.trim_end_matches(['.', ' ']);
    ["went on", "as follows", "began", "continued"].iter().any(|last| end.ends_with(last))
}

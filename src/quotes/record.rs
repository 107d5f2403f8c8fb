//! Reads paragraphs one after the other and writes down what they hold of quotations.

use crate::document::{OPENING_CHARS, Quote, QuoteKind};
use crate::text::{Clean, clean_line};

use super::clause::Reading;
use super::lexicon::Traits;
use super::marks::marks;
use super::pairing::{Span, goes_on, pair};
use super::paragraph::{Matter, Paragraph};
use super::phrase::{Kind, Phrase, phrases};
use super::speech::{Scene, leads};
use super::story::{Evidence, LabelId, Mention, MentionId, Piece, Role, Story, Turn, Way};
use super::style::{Style, Votes, starts_with_dash};
use super::words::{Gap, Token, Vocabulary};
use super::{dash, story};

/// Numbers that a break in the text skips, so that nothing seems near across it.
const BREAK: u32 = 20;

/// The reader of paragraphs.
#[derive(Debug)]
pub(super) struct Recorder {
    words: Vocabulary,
    story: Story,
    /// A quotation is open at the end of the last paragraph.
    is_open: bool,
    /// The last span of the last paragraph was speech.
    was_speech: bool,
    /// What the last paragraph leads to: it ends in a colon, and this is its subject.
    intro: Option<Intro>,
    /// Subject of the last sentence of the last paragraph, if it was narrative.
    ending: Option<MentionId>,
    tokens: Vec<Token>,
}

/// A paragraph that leads to the next.
#[derive(Clone, Copy, Debug)]
struct Intro {
    evidence: Option<Evidence>,
}

/// A paragraph as it was read: its spans, words and phrases.
struct Read<'a> {
    paragraph: &'a Paragraph,
    spans: &'a [Span],
    bounds: &'a [(usize, usize)],
    reading: Reading<'a>,
    is_speech: &'a [bool],
    /// The mention of its first phrase.
    first_mention: MentionId,
}

impl Recorder {
    pub(super) fn new() -> Recorder {
        Recorder {
            words: Vocabulary::new(),
            story: Story::default(),
            is_open: false,
            was_speech: false,
            intro: None,
            ending: None,
            tokens: Vec::new(),
        }
    }

    /// Reads a paragraph. `next`: the paragraphs after it, as far as they are known.
    pub(super) fn read<'a>(&mut self, paragraph: &Paragraph, next: impl Iterator<Item = &'a Paragraph>, votes: &Votes) {
        match paragraph.matter {
            Matter::Prose | Matter::Verse => self.read_text(paragraph, next, votes),
            Matter::Signature => self.sign(&paragraph.text),
            Matter::Quoted { .. } => {}
            Matter::Break => {
                self.story.paragraph += BREAK;
                self.is_open = false;
                self.intro = None;
                self.ending = None;
            }
        }
        self.story.offset = self.story.offset.saturating_add(paragraph.text.len() as u32 + 1);
    }

    fn sign(&mut self, _text: &str) {}

    fn read_text<'a>(&mut self, paragraph: &Paragraph, next: impl Iterator<Item = &'a Paragraph>, votes: &Votes) {
        let text = paragraph.text.as_str();
        let style = votes.style();
        let said = if style == Style::Dash { starts_with_dash(text) } else { None };
        let style = if style == Style::Dash { votes.style_beside_dash() } else { style };
        let mut tokens = std::mem::take(&mut self.tokens);
        let mut is_open = false;
        let spans = if let Some(start) = said {
            self.words.read(text, &[], &mut tokens);
            let found = phrases(&tokens);
            dash::spans(text, start, Reading { tokens: &tokens, phrases: &found })
        } else {
            let own = marks(text, style, &self.words);
            let paired = pair(text, &own, style, self.is_open);
            is_open = paired.is_open && {
                let words = &self.words;
                goes_on(style, next.map(|p| (p.text.as_str(), marks(&p.text, style, words))))
            };
            paired.spans
        };
        let inner: Vec<(u32, u32)> = spans.iter().map(|s| (s.start as u32, s.end as u32)).collect();
        if said.is_none() {
            self.words.read(text, &inner, &mut tokens);
        } else {
            retag(&mut tokens, &inner);
        }
        let bounds = bounds(&tokens, &spans);
        let found = phrases(&tokens);
        let reading = Reading { tokens: &tokens, phrases: &found };
        let is_verse = paragraph.matter == Matter::Verse;
        let scene =
            Scene { text, spans: &spans, reading, bounds: &bounds, is_verse, is_introduced: self.intro.is_some() };
        let is_speech = if said.is_some() { vec![true; spans.len()] } else { scene.speech(self.was_speech) };
        for (span, speech) in spans.iter().zip(&is_speech) {
            let kind = if *speech { QuoteKind::Speech } else { QuoteKind::Inline };
            let opening = opening(text.get(span.start..span.end).unwrap_or_default());
            self.story.pieces.push(Piece {
                kind,
                ranges: vec![paragraph.range(span.start, span.end)],
                opening,
                joins: false,
                confidence: 0.9,
                turn: None,
                signature: None,
            });
        }
        self.is_open = is_open;
        self.was_speech = is_speech.last().copied().unwrap_or(false);
        self.intro = leads(text).then_some(Intro { evidence: None });
        self.tokens = tokens;
    }

    pub(super) fn finish(self) -> Vec<Quote> {
        self.story
            .pieces
            .into_iter()
            .map(|p| Quote {
                kind: p.kind,
                parts: p.ranges,
                opening: p.opening,
                speaker: None,
                confidence: p.confidence,
            })
            .collect()
    }
}

/// The first words of a quotation, on one line.
fn opening(quoted: &str) -> Clean {
    let end = quoted.char_indices().nth(OPENING_CHARS).map_or(quoted.len(), |(at, _)| at);
    clean_line(quoted.get(..end).unwrap_or_default())
}

/// For each span its first token and the first after it.
fn bounds(tokens: &[Token], spans: &[Span]) -> Vec<(usize, usize)> {
    spans
        .iter()
        .map(|span| {
            let first = tokens.partition_point(|t| (t.start as usize) < span.start);
            let after = tokens.partition_point(|t| (t.start as usize) < span.end);
            (first, after)
        })
        .collect()
}

/// Notes which span each token stands in.
fn retag(tokens: &mut [Token], spans: &[(u32, u32)]) {
    for token in tokens {
        let index = spans.partition_point(|span| span.1 <= token.start);
        let inside = spans.get(index).is_some_and(|span| span.0 <= token.start);
        token.span = if inside { index.min(usize::from(u16::MAX) - 1) as u16 } else { super::words::NARRATION };
    }
}

//! Quoted matter in a text, with its speaker.

use crate::text::Clean;

use super::{Position, Range};

/// Characters kept of a quotation's first words.
pub const OPENING_CHARS: usize = 160;

/// What kind of quoted matter it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuoteKind {
    /// Words that somebody says or writes, in quotation marks or after a dash.
    Speech,
    /// Quoted matter set apart as blocks of its own.
    Block,
    /// A motto before a text or a chapter.
    Epigraph,
    /// Marks around a title, a mentioned word, an irony: not speech.
    Inline,
}

impl QuoteKind {
    /// The name that listings print.
    pub fn name(self) -> &'static str {
        match self {
            QuoteKind::Speech => "speech",
            QuoteKind::Block => "block",
            QuoteKind::Epigraph => "epigraph",
            QuoteKind::Inline => "inline",
        }
    }
}

/// A quotation: one utterance, in one or more stretches.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// What it is.
    pub kind: QuoteKind,
    /// The quoted stretches in reading order, without their quotation marks; more than one where
    /// a reporting clause interrupts (`“Yes,” she said, “I do.”`) or a paragraph ends. Never
    /// empty.
    pub parts: Vec<Range>,
    /// Its first words, at most [`OPENING_CHARS`] characters, on one line: what lists show while
    /// the text itself is not loaded.
    pub opening: Clean,
    /// Who speaks, by the fullest name that the text gives.
    pub speaker: Option<Clean>,
    /// How sure the speaker (or, without one, the quotation itself) is, 0 to 1.
    pub confidence: f32,
}

/// Confidence of a quotation whose speaker is not shown: the share of right ones.
const FOUND: f32 = 0.9;

/// Takes the names away that are less sure than `least`, 0 to 1.
pub fn hide_unsure(quotes: &mut [Quote], least: f32) {
    for quote in quotes.iter_mut().filter(|quote| quote.speaker.is_some() && quote.confidence < least) {
        quote.speaker = None;
        quote.confidence = FOUND;
    }
}

impl Quote {
    /// The whole stretch, from the first quoted word to the last.
    pub fn range(&self) -> Range {
        let start = self.parts.first().map_or(Position::START, |r| r.start);
        let end = self.parts.last().map_or(start, |r| r.end);
        Range { start, end }
    }
}

//! Finds quotations and their speakers in a text.
//!
//! The text is read once, section by section. `marks`, `pairing` and `dash` find what
//! stands in quotation marks, `speech` tells speech from words in marks, `phrase` and
//! `clause` find who is named and who is said to speak. Of all this only compact records are
//! kept (`story`). When the text is through, `cast` makes persons of names, `reference` finds
//! whom *he* and *she* mean, and `decode` picks the most likely speaker of every turn.
//!
//! It knows the document model. It must not know formats, layout or the screen.

mod attribute;
mod cast;
mod clause;
mod dash;
mod decode;
mod form;
mod key;
mod kin;
mod lexicon;
mod link;
mod marks;
mod mentions;
mod narrator;
mod pairing;
mod paragraph;
mod phrase;
mod record;
mod reference;
mod salience;
mod signature;
mod speech;
mod story;
mod style;
mod table;
mod turns;
mod words;

use std::collections::VecDeque;

use crate::document::{Quote, Section};
use crate::limits::QUOTES_MAX;

use pairing::LOOKAHEAD;
use paragraph::{Candidates, Matter, Paragraph, paragraphs};
use record::Recorder;
use style::Votes;

/// A pass over a document, section by section in order.
#[derive(Debug)]
pub struct Finder {
    votes: Votes,
    /// Paragraphs that wait until those after them are known.
    waiting: VecDeque<Paragraph<'static>>,
    recorder: Recorder,
}

impl Default for Finder {
    fn default() -> Finder {
        Finder::new()
    }
}

impl Finder {
    /// A pass at its start.
    pub fn new() -> Finder {
        Finder { votes: Votes::default(), waiting: VecDeque::new(), recorder: Recorder::new() }
    }

    /// Reads the next section. Once [`QUOTES_MAX`] quotations are
    /// found, or names and pronouns fill their room, no more is looked for.
    pub fn feed(&mut self, section: &Section) {
        if self.recorder.story.is_full() {
            return;
        }
        let candidates = Candidates::of(section);
        let own: Vec<Paragraph> = paragraphs(section, &candidates).collect();
        for paragraph in own.iter().filter(|paragraph| paragraph.votes) {
            self.votes.add(&paragraph.text, &paragraph.candidates);
        }
        let mut waiting: VecDeque<Paragraph> = std::mem::take(&mut self.waiting);
        for paragraph in own {
            waiting.push_back(paragraph);
            if waiting.len() > LOOKAHEAD {
                self.read_first(&mut waiting);
            }
        }
        self.waiting = waiting.into_iter().map(Paragraph::into_owned).collect();
    }

    /// All quotations, in reading order.
    pub fn finish(self) -> Vec<Quote> {
        self.finish_counted().0
    }

    /// All quotations, and the steps that finding them took.
    fn finish_counted(mut self) -> (Vec<Quote>, u64) {
        let mut waiting = std::mem::take(&mut self.waiting);
        while !waiting.is_empty() {
            self.read_first(&mut waiting);
        }
        self.recorder.story.pieces.truncate(QUOTES_MAX);
        attribute::quotes(self.recorder.story, &self.recorder.words)
    }

    fn read_first(&mut self, waiting: &mut VecDeque<Paragraph>) {
        if let Some(paragraph) = waiting.pop_front() {
            let next = waiting.iter().take_while(|p| matches!(p.matter, Matter::Prose | Matter::Verse));
            self.recorder.read(&paragraph, next, &self.votes);
        }
    }
}

#[cfg(test)]
mod tests;

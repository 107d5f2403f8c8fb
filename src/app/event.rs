//! All that can happen to the program.

use std::sync::Arc;

use crate::document::Document;
use crate::document::{Anchor, Mark, Outline, Progress, Quote, Section, SectionId};
use crate::reader::{Found, LineSeek, LineSought, Pass};
use crate::text::Clean;

use super::keys::Key;
use super::offer::Offer;

/// What comes from the terminal and the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed (or repeats).
    Key(Key),
    /// Text was pasted; raw, to be cleaned by whoever shows it.
    Paste(String),
    /// The mouse did something.
    Mouse {
        /// What it did.
        kind: MouseKind,
        /// Column of the screen, from 0.
        column: u16,
        /// Row of the screen, from 0.
        row: u16,
    },
    /// The screen has this size now.
    Resize {
        /// Columns, at least 1.
        columns: u16,
        /// Rows, at least 1.
        rows: u16,
    },
    /// The system asks to stop for a while (SIGTSTP).
    Suspend,
    /// Work goes on after a stop that the program did not make itself (SIGCONT).
    Resumed,
    /// The system asks to end (SIGTERM, SIGHUP, SIGINT, SIGQUIT), by the signal's number.
    Stop(i32),
    /// The terminal is gone: nothing can be written any more.
    Gone,
}

/// What a mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The first button went down.
    Press,
    /// The pointer moved with the first button down.
    Drag,
    /// The first button went up.
    Release,
    /// The wheel turned towards the start of the text.
    WheelUp,
    /// The wheel turned towards the end of the text.
    WheelDown,
}

/// Which text an answer is about: a worker may still be busy with one that was replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    /// Counts the times that the file was read again.
    pub text: u32,
    /// Counts the times that more of the text arrived; `None` for answers that stay true then.
    pub growth: Option<u32>,
}

impl Edition {
    /// Whether an answer about this edition is true of the one that is read now.
    pub fn is_true_of(self, now: Edition) -> bool {
        self.text == now.text && (self.growth.is_none() || self.growth == now.growth)
    }
}

/// What became of the file on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was written to, or another one has its place.
    Other,
    /// It is not there any more.
    Gone,
}

/// Everything that can happen to the program: input, and answers to its effects.
#[derive(Debug)]
pub enum Event {
    /// From the terminal or the system.
    Input(Input),
    /// What a worker answers, and about which edition of the document.
    Answer(Edition, Box<Event>),
    /// More of the document has arrived through its pipe.
    Arrived,
    /// The document with what has arrived.
    Grown(Arc<dyn Document>),
    /// The file on the disk is not the one that is read any more.
    FileChanged(Change),
    /// The file was read again, or could not be, for this reason.
    Reopened(Result<Arc<dyn Document>, Clean>),
    /// A section was loaded.
    Loaded(Section),
    /// A section that was asked for has to be found first; it is so near now.
    Reaching(SectionId, Progress),
    /// A section could not be loaded, for this reason.
    LoadFailed(SectionId, Clean),
    /// What came of looking for a line so far, or why it could not be looked for.
    LineSought(LineSeek, Result<LineSought, Clean>),
    /// A section was asked for, but others were more urgent; it may be asked for again.
    LoadDropped(SectionId),
    /// The outline as far as it is known.
    OutlineFound(Outline, Progress),
    /// How far the search for quotations has come.
    QuotesSought(Progress),
    /// All quotations.
    QuotesFound(Vec<Quote>),
    /// All lines like one that was asked for: where they stand, and what they say.
    LikeFound(Vec<(Anchor, Clean)>),
    /// How far the count of words has come.
    WordsSought(Progress),
    /// How many words each section has.
    WordsCounted(Vec<u32>),
    /// What a search, by its generation, found in a stretch of the document.
    Searched(u64, Box<Found>),
    /// A pass over the whole document could not go on, for this reason.
    PassFailed(Pass, Clean),
    /// A search could not go on, for this reason.
    SearchFailed(u64, Clean),
    /// What was saved of this document before.
    StateLoaded {
        /// Its marks.
        marks: Vec<Mark>,
        /// Those of which is not known yet where they are in this text.
        sought: Vec<Mark>,
        /// What is wrong with the saved state, in sentences for the reader.
        problems: Vec<Clean>,
    },
    /// What keeps the marks broke: the program ends with this status.
    Broken(i32),
    /// Another device has read further.
    Offered(Offer),
    /// A mark, with the times that it has now, was saved, or not and why.
    MarkSaved(u64, Box<(Mark, Result<(), Clean>)>),
    /// The mark with this identity is deleted, and that was saved, or not and why.
    MarkDeleted(String, Result<(), Clean>),
    /// The place was saved, or not and why.
    Saved(Result<(), Clean>),
    /// A text comes back from the reader's editor, or why it does not.
    Edited(Result<String, Clean>),
    /// Nothing happened for a while.
    Idle,
    /// Something in the background went wrong, in a sentence for the reader.
    Failed(Clean),
}

impl From<Input> for Event {
    fn from(input: Input) -> Event {
        Event::Input(input)
    }
}

//! What the reader asks of the world. Data only: comparable in tests, performed elsewhere.

use crate::document::{Likeness, Mark, Position, SectionId};
use crate::text::Pattern;

use super::{Direction, LineSeek};

/// How urgent a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// The page or a motion waits for it.
    Now,
    /// It will probably be wanted.
    Soon,
}

/// Something to be done outside.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Load a section.
    Load(SectionId, Priority),
    /// Let all arrive that the pipe has, or no more than is near.
    WantAll(bool),
    /// Look for a line of the file, or for none any more.
    SeekLine(Option<LineSeek>),
    /// Find the chapters, in the background.
    FindOutline,
    /// Find the quotations, in the background.
    FindQuotes,
    /// Find all lines like one, in the background.
    FindLike(Likeness),
    /// Count the words, in the background.
    CountWords,
    /// Find all matches. Anything found for an older generation is stale.
    Search {
        /// Which search it is.
        generation: u64,
        /// What to find.
        pattern: Pattern,
        /// From where on, and round to it again.
        from: Position,
        /// Which way.
        direction: Direction,
    },
    /// End the search that goes on.
    EndSearch,
    /// Save a mark, and how it looked when it was changed, if it is no new one; the answer carries
    /// the ticket.
    SaveMark(u64, Box<Mark>, Option<Box<Mark>>),
    /// Delete a saved mark; the answer carries its identity.
    DeleteMark(Box<Mark>),
}

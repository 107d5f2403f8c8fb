//! What the reader asks of the world. Data only: comparable in tests, performed elsewhere.

use crate::document::{Mark, Position, SectionId};
use crate::text::Pattern;

use super::Direction;

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
    /// Find the chapters, in the background.
    FindOutline,
    /// Find the quotations, in the background.
    FindQuotes,
    /// Find the next match. Anything found for an older generation is stale.
    Search {
        /// Which search it is.
        generation: u64,
        /// What to find.
        pattern: Pattern,
        /// From where on: the first match that begins after (or before) this place.
        from: Position,
        /// Whether a match at `from` itself counts.
        inclusive: bool,
        /// Which way.
        direction: Direction,
        /// Which match counts: 1 for the first.
        count: u32,
    },
    /// Save a mark; the answer carries the ticket.
    SaveMark(u64, Box<Mark>),
    /// Delete a saved mark by its identity.
    DeleteMark(String),
}

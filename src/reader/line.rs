//! Looking for a line of the file by its number, section by section. It must not know who looks, nor
//! when.

use std::io;

use crate::document::{Document, LinePlace, Position, Progress, SectionId};

/// A line that is looked for, and how far that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSeek {
    number: u64,
    /// The section that is looked in next.
    section: SectionId,
    /// Lines that end before the line, from that section on.
    ends: u64,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineSought {
    /// It stands here.
    At(Position),
    /// It is in none of the sections so far.
    Further,
    /// All that is there has been looked at.
    Nowhere,
}

impl LineSeek {
    /// A line by its number, from 1; 0 is the first line too.
    pub fn new(number: u64) -> LineSeek {
        LineSeek { number, section: SectionId(0), ends: number.saturating_sub(1) }
    }

    /// The number.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How far it has come in a document of so many sections; `None` at the beginning.
    pub fn progress(&self, sections: u32) -> Option<Progress> {
        let progress = Progress { done: u64::from(self.section.0), total: u64::from(sections) };
        Some(progress).filter(|progress| progress.done > 0)
    }

    /// Looks in the next sections, so many at most. The last one of a document that still arrives may be
    /// looked in again.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn advance(&mut self, document: &dyn Document, sections: usize) -> io::Result<LineSought> {
        for _ in 0..sections {
            let found = match document.line(self.section, self.ends)? {
                LinePlace::At(place) => return Ok(LineSought::At(place)),
                LinePlace::Beyond(ends) => ends,
            };
            let next = self.section.next();
            if next.0 >= document.section_count() {
                return Ok(LineSought::Nowhere);
            }
            (self.section, self.ends) = (next, self.ends.saturating_sub(found));
        }
        Ok(LineSought::Further)
    }
}

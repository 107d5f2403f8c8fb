//! Finding the next match, section by section, from a place on and round to it again.

use std::io;

use crate::document::{BlockId, Document, Position, Range, Section, SectionId};
use crate::reader::Direction;
use crate::text::Pattern;

/// What a step of a search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A match.
    Found(Range),
    /// Not in this section; more are left.
    More,
    /// In none of them.
    Absent,
}

/// A search under way.
#[derive(Debug)]
pub struct Seek {
    pattern: Pattern,
    from: Position,
    inclusive: bool,
    direction: Direction,
    /// Sections looked at so far; one more than there are, because the first is looked at again
    /// from its other end.
    done: u32,
}

impl Seek {
    /// A search from a place on; whether a match at the place itself counts.
    pub fn new(pattern: Pattern, from: Position, inclusive: bool, direction: Direction) -> Seek {
        Seek { pattern, from, inclusive, direction, done: 0 }
    }

    /// Looks through the next section.
    ///
    /// # Errors
    /// When the section cannot be read.
    pub fn step(&mut self, document: &dyn Document) -> io::Result<Step> {
        let count = document.section_count().max(1);
        if self.done > count {
            return Ok(Step::Absent);
        }
        let start = self.from.section.0.min(count - 1);
        let id = match self.direction {
            Direction::Forward => (start + self.done) % count,
            Direction::Backward => (start + count - self.done % count) % count,
        };
        let section = document.load(SectionId(id))?;
        let hits = hits(&section, &self.pattern);
        let ahead = |hit: &&Range| match self.direction {
            Direction::Forward if self.inclusive => hit.start >= self.from,
            Direction::Forward => hit.start > self.from,
            Direction::Backward => hit.start < self.from,
        };
        let is_first = self.done == 0;
        let eligible: Vec<&Range> = hits.iter().filter(|hit| !is_first || ahead(hit)).collect();
        self.done += 1;
        let found = match self.direction {
            Direction::Forward => eligible.first(),
            Direction::Backward => eligible.last(),
        };
        Ok(match found {
            Some(hit) => Step::Found(**hit),
            None if self.done > count => Step::Absent,
            None => Step::More,
        })
    }
}

/// All matches in a section, in order.
pub fn hits(section: &Section, pattern: &Pattern) -> Vec<Range> {
    let in_block = |index: u32| {
        let block = BlockId(index);
        let place = move |byte: usize| Position::new(section.id(), block, byte as u32);
        let found = pattern.find_all(section.block_text(block));
        found.into_iter().map(move |hit| Range { start: place(hit.start), end: place(hit.end) })
    };
    (0..section.block_count()).flat_map(in_block).collect()
}

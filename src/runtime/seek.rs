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
    /// Matches to go; the last of these is the one that is wanted.
    count: u32,
    /// The last match that was passed: where there are fewer than wanted, it is the answer.
    passed: Option<Range>,
    /// Sections looked at so far; one more than there are, because the first is looked at again
    /// from its other end.
    done: u32,
}

impl Seek {
    /// A search from a place on; whether a match at the place itself counts, and which match is
    /// wanted (1 for the first).
    pub fn new(pattern: Pattern, from: Position, inclusive: bool, direction: Direction, count: u32) -> Seek {
        Seek { pattern, from, inclusive, direction, count: count.max(1), passed: None, done: 0 }
    }

    /// Looks through the next section.
    ///
    /// # Errors
    /// When the section cannot be read. It counts as looked at: the next step goes on behind it.
    pub fn step(&mut self, document: &dyn Document) -> io::Result<Step> {
        let sections = document.section_count().max(1);
        if self.done > sections {
            return Ok(self.passed.map_or(Step::Absent, Step::Found));
        }
        let start = self.from.section.0.min(sections - 1);
        let id = match self.direction {
            Direction::Forward => (start + self.done) % sections,
            Direction::Backward => (start + sections - self.done % sections) % sections,
        };
        let is_first = self.done == 0;
        self.done += 1;
        let mut hits = hits(&document.load(SectionId(id))?, &self.pattern);
        if is_first {
            hits.retain(|hit| self.is_ahead(hit));
        }
        if self.direction == Direction::Backward {
            hits.reverse();
        }
        if let Some(hit) = hits.get(self.count as usize - 1) {
            return Ok(Step::Found(*hit));
        }
        self.count -= hits.len() as u32;
        self.passed = hits.last().copied().or(self.passed);
        Ok(Step::More)
    }

    fn is_ahead(&self, hit: &Range) -> bool {
        match self.direction {
            Direction::Forward if self.inclusive => hit.start >= self.from,
            Direction::Forward => hit.start > self.from,
            Direction::Backward => hit.start < self.from,
        }
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

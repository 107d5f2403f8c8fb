//! What is being looked for, and the matches on the page. The looking itself is an effect.

use crate::document::{Position, Range};
use crate::text::{Clean, Pattern};

use super::{Effect, Row};

/// Which way a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the end.
    Forward,
    /// Towards the start.
    Backward,
}

/// The state of the last search.
#[derive(Debug, Default)]
pub struct Search {
    generation: u64,
    pattern: Option<Pattern>,
    query: Clean,
    is_running: bool,
    hit: Option<Range>,
    is_absent: bool,
    /// The last match lies on the other side of where the search began.
    is_wrapped: bool,
    /// Matches are not shown, until the next search.
    is_hidden: bool,
    /// Where the last search began, how, and how many matches on it goes.
    from: Position,
    inclusive: bool,
    count: u32,
    direction: Option<Direction>,
    shown: Vec<Range>,
}

impl Search {
    /// What is looked for.
    pub fn query(&self) -> &Clean {
        &self.query
    }

    /// Whether a search is going on.
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// Whether the last search found nothing.
    pub fn is_absent(&self) -> bool {
        self.is_absent
    }

    /// Whether the last search went round an end of the document.
    pub fn is_wrapped(&self) -> bool {
        self.is_wrapped
    }

    /// The current match.
    pub fn hit(&self) -> Option<Range> {
        self.hit
    }

    /// All matches on the page.
    pub fn shown(&self) -> &[Range] {
        &self.shown
    }

    /// Begins a new search at a place.
    pub fn start(&mut self, pattern: Pattern, query: Clean, from: Position, direction: Direction) -> Effect {
        self.pattern = Some(pattern.clone());
        self.query = query;
        self.hit = None;
        self.effect(pattern, from, true, direction, 1)
    }

    /// Goes on from the current match if it is on the page, else from the page, to the match that
    /// is `count` further. While a search in the same direction runs, the counts add up.
    pub fn again(
        &mut self,
        direction: Direction,
        count: u32,
        page_start: Position,
        page_end: Position,
    ) -> Option<Effect> {
        let pattern = self.pattern.clone()?;
        if self.is_running && self.direction == Some(direction) {
            let (from, inclusive) = (self.from, self.inclusive);
            return Some(self.effect(pattern, from, inclusive, direction, self.count.saturating_add(count)));
        }
        let on_page = self.hit.filter(|hit| page_start <= hit.start && hit.start <= page_end);
        let (from, inclusive) = match (on_page, direction) {
            (Some(hit), _) => (hit.start, false),
            (None, Direction::Forward) => (page_start, true),
            (None, Direction::Backward) => (page_end, false),
        };
        Some(self.effect(pattern, from, inclusive, direction, count))
    }

    fn effect(
        &mut self,
        pattern: Pattern,
        from: Position,
        inclusive: bool,
        direction: Direction,
        count: u32,
    ) -> Effect {
        self.generation += 1;
        self.is_running = true;
        self.is_absent = false;
        self.is_hidden = false;
        self.from = from;
        self.inclusive = inclusive;
        self.count = count.max(1);
        self.direction = Some(direction);
        Effect::Search { generation: self.generation, pattern, from, inclusive, direction, count: self.count }
    }

    /// Takes in an answer; false for a stale one.
    pub fn end(&mut self, generation: u64, hit: Option<Range>) -> bool {
        if generation != self.generation || !self.is_running {
            return false;
        }
        self.is_running = false;
        self.is_absent = hit.is_none();
        self.is_wrapped = hit.is_some_and(|hit| match self.direction {
            Some(Direction::Backward) => hit.start >= self.from,
            _ => hit.start < self.from,
        });
        if hit.is_some() {
            self.hit = hit;
        }
        true
    }

    /// Hides the matches and ends what runs; `n` goes on with the same pattern.
    pub fn clear(&mut self) {
        self.generation += 1;
        self.is_running = false;
        self.is_hidden = true;
        self.hit = None;
    }

    /// Finds the matches on the page.
    pub fn highlight(&mut self, rows: &[Row]) {
        self.shown.clear();
        let Some(pattern) = self.pattern.as_ref().filter(|_| !self.is_hidden) else { return };
        let mut last = None;
        for row in rows {
            let key = (row.section.id(), row.block);
            if last.replace(key) == Some(key) {
                continue;
            }
            let place = |byte: usize| Position::new(key.0, key.1, byte as u32);
            let hits = pattern.find_all(row.section.block_text(row.block));
            self.shown.extend(hits.into_iter().map(|hit| Range { start: place(hit.start), end: place(hit.end) }));
        }
    }
}

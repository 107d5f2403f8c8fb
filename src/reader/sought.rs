//! What is looked for, the matches of it that are known, and where all of them are known. It must
//! not know how they are found.

use crate::document::{Position, Range};
use crate::text::{Clean, Pattern};

/// Matches that one search keeps; those beyond are counted.
pub const HITS_MAX: usize = 10_000;

/// Which way a search goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Towards the end.
    #[default]
    Forward,
    /// Towards the start.
    Backward,
}

impl Direction {
    /// The other way.
    pub fn reversed(self) -> Direction {
        match self {
            Direction::Forward => Direction::Backward,
            Direction::Backward => Direction::Forward,
        }
    }
}

/// A match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it stands.
    pub range: Range,
    /// It and some words around it, on one line.
    pub words: Clean,
    /// Which bytes of the words it is.
    pub within: std::ops::Range<usize>,
}

/// A match that the reader waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// From where it is looked for.
    pub from: Position,
    /// Whether a match at `from` itself counts.
    pub inclusive: bool,
    /// Which way.
    pub direction: Direction,
    /// How many matches further: 1 for the next.
    pub count: u32,
}

/// What is known of a match that is wanted.
pub enum Known {
    /// It stands here.
    Hit(Range),
    /// There is none.
    Absent,
    /// From here on the document must be looked through.
    Gap(Position),
}

/// What is looked for, and what is known of where it stands.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// What is looked for; none before the first search.
    pub pattern: Option<Pattern>,
    /// The same as it was typed.
    pub query: Clean,
    /// Known matches, in order.
    pub hits: Vec<Hit>,
    /// The stretches in which all matches are known, in order and apart.
    covered: Vec<Range>,
    /// All matches, once a pass has been everywhere.
    pub total: Option<usize>,
    /// The current match.
    pub hit: Option<Range>,
    /// Matches are not shown, until the next search.
    pub is_hidden: bool,
}

impl Sought {
    /// What is known of a wanted match: those ahead in order, then from the other end. Where there
    /// are fewer than wanted, the last of them is the answer.
    pub fn known(&self, wanted: Wanted) -> Known {
        let Wanted { from, inclusive, direction, count } = wanted;
        let is_behind = |hit: &Hit| match direction {
            Direction::Forward if !inclusive => hit.range.start <= from,
            _ => hit.range.start < from,
        };
        let (before, after) = self.hits.split_at_checked(self.hits.partition_point(is_behind)).unwrap_or_default();
        let legs = match direction {
            Direction::Forward => [(from, Position::END, after), (Position::START, from, before)],
            Direction::Backward => [(Position::START, from, before), (from, Position::END, after)],
        };
        // The n-th on the way, from 1.
        let on_the_way = |hits: &[Hit], n: usize| match direction {
            Direction::Forward => n.checked_sub(1).and_then(|n| hits.get(n)).map(|hit| hit.range),
            Direction::Backward => hits.len().checked_sub(n).and_then(|n| hits.get(n)).map(|hit| hit.range),
        };
        let mut left = count as usize;
        let mut last = None;
        for (start, end, hits) in legs {
            let gap = self.gap(start, end, direction);
            let is_sure = |hit: &Range| match (gap, direction) {
                (None, _) => true,
                (Some(gap), Direction::Forward) => hit.start < gap,
                (Some(gap), Direction::Backward) => hit.start >= gap,
            };
            if let Some(hit) = on_the_way(hits, left).filter(is_sure) {
                return Known::Hit(hit);
            }
            if let Some(gap) = gap {
                return Known::Gap(gap);
            }
            left -= hits.len();
            last = on_the_way(hits, hits.len()).or(last);
        }
        last.map_or(Known::Absent, Known::Hit)
    }

    /// The first place of a stretch, in a direction, that was not looked through.
    fn gap(&self, start: Position, end: Position, direction: Direction) -> Option<Position> {
        if start >= end {
            return None;
        }
        match direction {
            Direction::Forward => {
                let holds = self.covered.iter().find(|c| c.start <= start && start < c.end);
                holds.map_or(Some(start), |c| Some(c.end)).filter(|gap| *gap < end)
            }
            Direction::Backward => {
                let holds = self.covered.iter().find(|c| c.start < end && end <= c.end);
                holds.map_or(Some(end), |c| Some(c.start)).filter(|gap| start < *gap)
            }
        }
    }

    /// Notes that all matches in a stretch are known.
    pub fn cover(&mut self, mut range: Range) {
        self.covered.retain(|other| {
            let is_apart = other.end < range.start || range.end < other.start;
            if !is_apart {
                range = Range { start: range.start.min(other.start), end: range.end.max(other.end) };
            }
            is_apart
        });
        let at = self.covered.partition_point(|other| other.start < range.start);
        self.covered.insert(at, range);
    }

    /// Where it stands is no longer known.
    pub fn forget(&mut self) {
        self.hits = Vec::new();
        self.covered.clear();
    }

    /// The document is another one from a place on: what is known of matches there holds no longer,
    /// nor does how many there are.
    pub fn trim(&mut self, from: Position) {
        self.total = None;
        self.hits.retain(|hit| hit.range.start < from);
        self.covered.retain(|covered| covered.start < from);
        for covered in &mut self.covered {
            covered.end = covered.end.min(from);
        }
    }
}

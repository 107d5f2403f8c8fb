//! What is being looked for, the matches known so far, and which of them is meant. The looking
//! itself is an effect: what it finds comes in stretches, each with what it covers.

use crate::document::{Position, Range};
use crate::text::{Clean, Pattern};

use super::sought::{Direction, HITS_MAX, Hit, Known, Sought, Wanted};
use super::{Effect, Row};

/// What a search found in a stretch of the document.
#[derive(Clone, Debug)]
pub struct Found {
    /// The stretch: every match that begins in it, its end excluded, is known now.
    pub covers: Range,
    /// The matches in it, in order.
    pub hits: Vec<Hit>,
    /// Matches found, also those that are not kept.
    pub count: usize,
    /// Sections of it that could not be read.
    pub unread: usize,
    /// Where the search goes on; `None` when it has been everywhere.
    pub next: Option<Position>,
    /// The share of the document looked through so far, 0 to 1.
    pub share: f32,
}

/// A search that goes on.
#[derive(Clone, Copy, Debug)]
struct Pass {
    direction: Direction,
    next: Position,
    share: f32,
    /// The reader has seen that it takes time.
    is_slow: bool,
}

/// How many matches there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tally {
    /// Which of them the current one is, from 1, if that is known.
    pub index: Option<usize>,
    /// Matches found.
    pub found: usize,
    /// The share of the document looked through so far; `None` when it was the whole.
    pub share: Option<f32>,
    /// The search was ended before it had been everywhere.
    pub is_partial: bool,
}

/// The state of the last search.
#[derive(Debug, Default)]
pub struct Search {
    generation: u64,
    /// What is looked for now.
    sought: Sought,
    /// Matches that the pass which goes on, or the last one, has found.
    counted: usize,
    /// Sections that this pass could not read.
    unread: usize,
    pass: Option<Pass>,
    wanted: Option<Wanted>,
    is_absent: bool,
    /// The last match lies on the other side of where the search began.
    is_wrapped: bool,
    shown: Vec<Range>,
    /// The way of the last search.
    direction: Direction,
    /// What was looked for before the reader began to type, and whether it was still being counted.
    before: Option<(Sought, bool)>,
}

impl Search {
    /// What is looked for.
    pub fn query(&self) -> &Clean {
        &self.sought.query
    }

    /// Whether anything was ever looked for.
    pub fn has_pattern(&self) -> bool {
        self.sought.pattern.is_some()
    }

    /// Whether the reader waits for a match.
    pub fn is_running(&self) -> bool {
        self.wanted.is_some()
    }

    /// Sections that could not be read when all were looked through last.
    pub fn unread(&self) -> usize {
        self.unread
    }

    /// Whether that takes so long that the screen says so.
    pub fn is_slow(&self) -> bool {
        self.is_running() && self.pass.is_some_and(|pass| pass.is_slow)
    }

    /// Whether the last search found nothing.
    pub fn is_absent(&self) -> bool {
        self.is_absent
    }

    /// Whether the last search went round an end of the document.
    pub fn is_wrapped(&self) -> bool {
        self.is_wrapped
    }

    /// The way of the last search.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// From now on it goes this way.
    pub fn turn(&mut self, direction: Direction) {
        self.direction = direction;
    }

    /// The current match.
    pub fn hit(&self) -> Option<Range> {
        self.sought.hit
    }

    /// All matches on the page.
    pub fn shown(&self) -> &[Range] {
        &self.shown
    }

    /// The matches known so far, in order.
    pub fn hits(&self) -> &[Hit] {
        &self.sought.hits
    }

    /// The match that begins at a place.
    pub fn hit_at(&self, place: Position) -> Option<&Hit> {
        let index = self.sought.hits.binary_search_by_key(&place, |hit| hit.range.start).ok()?;
        self.sought.hits.get(index)
    }

    /// How many matches there are, as far as it is known. `None` while matches are not shown.
    pub fn tally(&self) -> Option<Tally> {
        self.sought.pattern.as_ref().filter(|_| !self.sought.is_hidden)?;
        if self.pass.is_none() && self.sought.total.is_none() && self.sought.hits.is_empty() {
            return None;
        }
        let found = self.sought.total.unwrap_or(self.counted.max(self.sought.hits.len()));
        let is_whole = found == self.sought.hits.len();
        let index =
            self.sought.hit.and_then(|hit| self.sought.hits.binary_search_by_key(&hit.start, |h| h.range.start).ok());
        let share = if self.sought.total.is_some() { None } else { self.pass.map(|pass| pass.share) };
        let is_partial = self.sought.total.is_none() && self.pass.is_none();
        Some(Tally { index: index.filter(|_| is_whole).map(|index| index + 1), found, share, is_partial })
    }

    /// Begins a new search at a place. With `jumps`, the first match from there on is wanted;
    /// without, the reader is still typing.
    pub fn start(
        &mut self,
        pattern: Pattern,
        query: Clean,
        from: Position,
        direction: Direction,
        jumps: bool,
    ) -> Option<Effect> {
        if jumps {
            self.before = None;
            self.direction = direction;
        } else if self.before.is_none() {
            self.before = Some((self.sought.clone(), self.pass.is_some()));
        }
        let is_known = self.sought.pattern.as_ref() == Some(&pattern);
        self.sought.is_hidden = false;
        self.is_absent = false;
        self.is_wrapped = false;
        self.wanted = jumps.then_some(Wanted { from, inclusive: true, direction, count: 1 });
        self.sought.hit = None;
        if is_known {
            return if jumps { self.pursue(true) } else { self.go_on(from, direction) };
        }
        self.sought.pattern = Some(pattern);
        self.sought.query = query;
        self.sought.total = None;
        self.sought.forget();
        self.pass(from, direction)
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
        self.sought.pattern.as_ref()?;
        self.sought.is_hidden = false;
        self.is_absent = false;
        self.is_wrapped = false;
        // More than are kept could never be counted off.
        let at_most = |count: u32| count.clamp(1, HITS_MAX as u32 / 2);
        if let Some(wanted) = self.wanted.as_mut().filter(|wanted| wanted.direction == direction) {
            wanted.count = at_most(wanted.count.saturating_add(count));
            return None;
        }
        let on_page = self.sought.hit.filter(|hit| page_start <= hit.start && hit.start <= page_end);
        let (from, inclusive) = match (on_page, direction) {
            (Some(hit), _) => (hit.start, false),
            (None, Direction::Forward) => (page_start, true),
            (None, Direction::Backward) => (page_end, false),
        };
        self.wanted = Some(Wanted { from, inclusive, direction, count: at_most(count) });
        self.pursue(true)
    }

    /// Takes in what was found, and says what is to be done next. `None` for what is stale.
    pub fn found(&mut self, generation: u64, found: Found) -> Option<Option<Effect>> {
        if generation != self.generation {
            return None;
        }
        let pass = self.pass.as_mut()?;
        self.counted += found.count;
        self.unread += found.unread;
        pass.share = found.share;
        // The first stretch ends with the first match; a second one means that it takes time.
        pass.is_slow = true;
        let covers = found.covers;
        if covers.start < covers.end {
            if !found.hits.is_empty() {
                if self.sought.hits.is_empty() {
                    self.sought.hits = found.hits;
                } else {
                    self.sought.hits.extend(found.hits);
                }
                self.sought.hits.sort_unstable_by_key(|hit| hit.range.start);
                self.sought.hits.dedup_by_key(|hit| hit.range.start);
            }
            self.sought.cover(covers);
        }
        match found.next {
            Some(next) => pass_on(&mut self.pass, next),
            None => {
                self.pass = None;
                self.sought.total = Some(self.counted);
            }
        }
        Some(if self.wanted.is_some() { self.pursue(false) } else { None })
    }

    /// The search could not go on.
    pub fn failed(&mut self, generation: u64) -> bool {
        let is_ours = generation == self.generation && self.pass.is_some();
        if is_ours {
            self.pass = None;
            self.is_absent = self.wanted.take().is_some();
        }
        is_ours
    }

    /// Waits no longer for a match. What was found stays, and the count goes on.
    pub fn give_up(&mut self) {
        self.wanted = None;
    }

    /// Hides the matches and ends what runs; `n` goes on with the same pattern.
    pub fn clear(&mut self) -> Option<Effect> {
        self.generation += 1;
        self.wanted = None;
        self.sought.is_hidden = true;
        self.sought.hit = None;
        self.pass.take().map(|_| Effect::EndSearch)
    }

    /// The document is another one from this place on: what was found there holds no longer, nor
    /// does how many matches there are. Says what is to be done if a match is waited for.
    pub fn renew(&mut self, from: Position) -> Option<Effect> {
        self.generation += 1;
        self.pass = None;
        (self.counted, self.unread) = (0, 0);
        self.sought.trim(from);
        if let Some((before, _)) = &mut self.before {
            before.trim(from);
        }
        self.pursue(true)
    }

    /// The document is another text: no match is known in it yet, and none is waited for.
    pub fn reopen(&mut self) {
        (self.wanted, self.sought.hit) = (None, None);
        if let Some((before, _)) = &mut self.before {
            before.hit = None;
        }
        self.renew(Position::START);
    }

    /// What was typed is given up: what was looked for before is as it was, and its matches are counted on,
    /// from a place. Nothing is to be done where nothing was typed.
    pub fn abandon(&mut self, from: Position) -> Option<Effect> {
        let (sought, is_counting) = self.before.take()?;
        self.generation += 1;
        self.wanted = None;
        self.counted = sought.total.unwrap_or(sought.hits.len());
        self.sought = sought;
        let end = self.pass.take().map(|_| Effect::EndSearch);
        let again = if is_counting { self.go_on(from, Direction::Forward) } else { None };
        again.or(end)
    }

    /// Looks for the wanted match among the known ones. `None` when that has come to an end, or a
    /// pass that goes on will bring it; `is_new` says that the wish is.
    fn pursue(&mut self, is_new: bool) -> Option<Effect> {
        let wanted = self.wanted?;
        match self.sought.known(wanted) {
            Known::Hit(hit) => {
                self.wanted = None;
                self.sought.hit = Some(hit);
                self.is_wrapped = match wanted.direction {
                    Direction::Forward => hit.start < wanted.from,
                    Direction::Backward => hit.start >= wanted.from,
                };
                None
            }
            Known::Absent => {
                self.wanted = None;
                self.is_absent = true;
                None
            }
            Known::Gap(gap) => {
                let comes = self.pass.is_some_and(|pass| {
                    let is_full = self.sought.hits.len() >= HITS_MAX;
                    pass.direction == wanted.direction && !is_full && (!is_new || pass.next == gap)
                });
                if comes { None } else { self.pass(wanted.from, wanted.direction) }
            }
        }
    }

    /// This match is the current one now.
    pub fn choose(&mut self, hit: Range) {
        self.wanted = None;
        self.sought.is_hidden = false;
        self.sought.hit = Some(hit);
    }

    /// All matches are wanted, for a list of them.
    pub fn want_all(&mut self, from: Position) -> Option<Effect> {
        self.sought.is_hidden = false;
        self.go_on(from, Direction::Forward)
    }

    /// Begins a pass where one is needed to know all matches.
    fn go_on(&mut self, from: Position, direction: Direction) -> Option<Effect> {
        if self.sought.total.is_some() || self.pass.is_some() { None } else { self.pass(from, direction) }
    }

    fn pass(&mut self, from: Position, direction: Direction) -> Option<Effect> {
        let pattern = self.sought.pattern.clone()?;
        // What a pass may add must find room.
        if self.sought.hits.len() > HITS_MAX / 2 {
            self.sought.forget();
        }
        self.generation += 1;
        (self.counted, self.unread) = (0, 0);
        self.pass = Some(Pass { direction, next: from, share: 0.0, is_slow: false });
        Some(Effect::Search { generation: self.generation, pattern, from, direction })
    }

    /// Finds the matches on the page.
    pub fn highlight(&mut self, rows: &[Row]) {
        self.shown.clear();
        let Some(pattern) = self.sought.pattern.as_ref().filter(|_| !self.sought.is_hidden) else { return };
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

fn pass_on(pass: &mut Option<Pass>, next: Position) {
    if let Some(pass) = pass {
        pass.next = next;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{BlockId, SectionId};

    fn place(byte: u32) -> Position {
        Position::new(SectionId(0), BlockId(0), byte)
    }

    fn range(start: u32, end: u32) -> Range {
        Range { start: place(start), end: place(end) }
    }

    /// A pass that looks at one place of a document of 100 at a time.
    struct Looking {
        generation: u64,
        from: u32,
        direction: Direction,
        done: u32,
    }

    impl Looking {
        fn next(&mut self, hits: &[u32]) -> Option<(u64, Found)> {
            let at = |done: u32| match self.direction {
                Direction::Forward => (self.from + done) % 100,
                Direction::Backward => (self.from + 199 - done) % 100,
            };
            if self.done >= 100 {
                return None;
            }
            let here = at(self.done);
            self.done += 1;
            let border = |byte: u32| if byte == 100 { Position::END } else { place(byte) };
            let next = match self.direction {
                Direction::Forward => border(at(self.done)),
                Direction::Backward => border(at(self.done) + 1),
            };
            let hit = |hit: &u32| Hit { range: range(*hit, hit + 1), words: Clean::default(), within: 0..0 };
            let hits: Vec<Hit> = hits.iter().filter(|hit| **hit == here).map(hit).collect();
            let found = Found {
                covers: Range { start: place(here), end: border(here + 1) },
                count: hits.len(),
                hits,
                unread: 0,
                next: (self.done < 100).then_some(next),
                share: 0.5,
            };
            Some((self.generation, found))
        }
    }

    /// The match that is `count` further, by going through all of them.
    fn expected(hits: &[u32], from: u32, inclusive: bool, direction: Direction, count: u32) -> Option<u32> {
        let mut order: Vec<u32> = match direction {
            Direction::Forward => (0..100).map(|n| (from + u32::from(!inclusive) + n) % 100).collect(),
            Direction::Backward => (0..100).map(|n| (from + 199 - n) % 100).collect(),
        };
        order.retain(|place| hits.contains(place));
        order.get(count as usize - 1).or(order.last()).copied()
    }

    proptest! {
        #[test]
        fn whatever_is_known_the_right_match_is_found(
            mut hits in proptest::collection::vec(0u32..100, 0..12),
            // Wishes: from where, which way, how far; and how many steps a pass goes on after each.
            wishes in proptest::collection::vec((0u32..100, any::<bool>(), 1u32..5, 0usize..60), 1..8),
        ) {
            hits.sort_unstable();
            hits.dedup();
            let mut search = Search::default();
            let mut looking: Option<Looking> = None;
            let begin = |effect: Option<Effect>, looking: &mut Option<Looking>| {
                if let Some(Effect::Search { generation, from, direction, .. }) = effect {
                    *looking = Some(Looking { generation, from: from.byte, direction, done: 0 });
                }
            };
            let pattern = Pattern::new("x").unwrap();
            let effect = search.start(pattern, crate::text::clean_line("x"), place(0), Direction::Forward, true);
            begin(effect, &mut looking);
            prop_assert!(looking.is_some());
            let mut wanted = (0, true, Direction::Forward, 1);
            for (from, is_forward, count, steps) in wishes {
                // A wish is granted before the next one is made.
                let mut patience = 0;
                while search.is_running() {
                    let (generation, found) = looking.as_mut().unwrap().next(&hits).unwrap();
                    let effect = search.found(generation, found).unwrap();
                    begin(effect, &mut looking);
                    patience += 1;
                    prop_assert!(patience <= 201);
                }
                let (at, inclusive, direction, n) = wanted;
                let found = if search.is_absent() { None } else { search.hit().map(|hit| hit.start.byte) };
                prop_assert_eq!(found, expected(&hits, at, inclusive, direction, n));
                for _ in 0..steps {
                    if let Some((generation, found)) = looking.as_mut().unwrap().next(&hits) {
                        search.found(generation, found);
                    }
                }
                let direction = if is_forward { Direction::Forward } else { Direction::Backward };
                // The current match is on the page only if the page begins with it.
                let on_page = search.hit().is_some_and(|hit| hit.start == place(from));
                let effect = search.again(direction, count, place(from), place(from));
                begin(effect, &mut looking);
                wanted = (from, is_forward && !on_page, direction, count);
            }
        }
    }
}

//! Looking for a text through a whole document, section by section, from a place on and round to
//! it again. Sections that cannot have a match by a look at their bytes are not loaded.

use std::io;

use crate::document::{BlockId, Document, Position, Range, Section, SectionId};
use crate::reader::{Direction, Found, HITS_MAX, Hit};
use crate::text::{Pattern, clean};

/// Characters before a match that its excerpt shows, and after it.
const EXCERPT: (usize, usize) = (14, 100);

/// What is looked through next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leg {
    /// The first section, from the place on.
    First,
    Whole(u32),
    /// What is left of the first section.
    Rest,
}

/// A search under way.
#[derive(Debug)]
pub struct Seek {
    pattern: Pattern,
    from: Position,
    direction: Direction,
    next: Option<Leg>,
    /// It came to an end of the document and went on from the other one.
    is_round: bool,
    /// Matches given out.
    kept: usize,
    /// Sections looked through.
    done: u32,
}

impl Seek {
    /// A search from a place on.
    pub fn new(pattern: Pattern, from: Position, direction: Direction) -> Seek {
        Seek { pattern, from, direction, next: Some(Leg::First), is_round: false, kept: 0, done: 0 }
    }

    /// Looks through the next sections until `is_enough`, which is asked after each. `None` when
    /// all have been looked through. A section that cannot be read is passed over and counted.
    pub fn stretch(&mut self, document: &dyn Document, mut is_enough: impl FnMut(&Found) -> bool) -> Option<Found> {
        let mut found = self.step(document)?;
        while self.next.is_some() && !is_enough(&found) {
            let Some(next) = self.bounds(document) else { break };
            let goes_on = match self.direction {
                Direction::Forward => next.start == found.covers.end,
                Direction::Backward => next.end == found.covers.start,
            };
            if !goes_on || self.kept >= HITS_MAX {
                break;
            }
            let Some(more) = self.step(document) else { break };
            let Range { start, end } = more.covers;
            let covers = Range { start: start.min(found.covers.start), end: end.max(found.covers.end) };
            let mut hits = found.hits;
            hits.extend(more.hits);
            found = Found {
                hits,
                covers,
                count: found.count + more.count,
                unread: found.unread + more.unread,
                next: more.next,
                share: more.share,
            };
        }
        if self.direction == Direction::Backward {
            found.hits.sort_unstable_by_key(|hit| hit.range.start);
        }
        Some(found)
    }

    /// Looks through one section.
    fn step(&mut self, document: &dyn Document) -> Option<Found> {
        let mut covers = self.bounds(document)?;
        let section = self.section(document)?;
        let is_empty = covers.start >= covers.end;
        let loaded = if is_empty { Ok(None) } else { self.load(document, section) };
        let unread = usize::from(loaded.is_err());
        let section = loaded.ok().flatten();
        let mut hits = section.as_ref().map(|section| hits(section, &self.pattern)).unwrap_or_default();
        hits.retain(|hit| (covers.start..covers.end).contains(&hit.start));
        let count = hits.len();
        let room = HITS_MAX - self.kept;
        if count > room {
            // The nearest are kept; what lies behind them counts as not looked at.
            match self.direction {
                Direction::Forward => {
                    covers.end = hits.get(room).map_or(covers.end, |hit| hit.start);
                    hits.truncate(room);
                }
                Direction::Backward => {
                    let first = hits.split_off(count - room);
                    covers.start = hits.last().map_or(covers.start, |hit| just_after(hit.start));
                    hits = first;
                }
            }
        } else if room == 0 {
            covers = Range { start: covers.start, end: covers.start };
        }
        self.kept += hits.len();
        let words = |section: &Section| hits.iter().map(|hit| excerpt(section, *hit)).collect();
        let hits = section.as_ref().map(words).unwrap_or_default();
        self.done += 1;
        self.advance(document);
        let share = self.done as f32 / (document.section_count() + 1).max(1) as f32;
        let next = self.bounds(document).map(|next| match self.direction {
            Direction::Forward => next.start,
            Direction::Backward => next.end,
        });
        Some(Found { hits, covers, count, unread, next, share: share.min(1.0) })
    }

    /// A section, if it may have a match.
    fn load(&self, document: &dyn Document, section: SectionId) -> io::Result<Option<Section>> {
        if document.may_match(section, &self.pattern)? { document.load(section).map(Some) } else { Ok(None) }
    }

    fn section(&self, document: &dyn Document) -> Option<SectionId> {
        Some(match self.next? {
            Leg::First | Leg::Rest => SectionId(self.home(document)),
            Leg::Whole(section) => SectionId(section),
        })
    }

    fn home(&self, document: &dyn Document) -> u32 {
        self.from.section.0.min(document.section_count().saturating_sub(1))
    }

    /// What the next step looks through; the last section goes on without end.
    fn bounds(&self, document: &dyn Document) -> Option<Range> {
        let section = self.section(document)?;
        let start = Position::start_of(section);
        let is_last = section.0 + 1 >= document.section_count();
        let end = if is_last { Position::END } else { Position::start_of(section.next()) };
        Some(match (self.next?, self.direction) {
            (Leg::Whole(_), _) => Range { start, end },
            (Leg::First, Direction::Forward) | (Leg::Rest, Direction::Backward) => Range { start: self.from, end },
            (Leg::First, Direction::Backward) | (Leg::Rest, Direction::Forward) => Range { start, end: self.from },
        })
    }

    fn advance(&mut self, document: &dyn Document) {
        let home = self.home(document);
        let last = document.section_count().saturating_sub(1);
        let here = match self.next {
            Some(Leg::First) => home,
            Some(Leg::Whole(section)) => section,
            Some(Leg::Rest) | None => {
                self.next = None;
                return;
            }
        };
        let beside = match self.direction {
            Direction::Forward => Some(here + 1).filter(|next| *next <= last),
            Direction::Backward => here.checked_sub(1),
        };
        let next = beside.unwrap_or_else(|| {
            self.is_round = true;
            if self.direction == Direction::Forward { 0 } else { last }
        });
        self.next = Some(if self.is_round && next == home { Leg::Rest } else { Leg::Whole(next) });
        self.next = self.next.filter(|_| self.bounds(document).is_some_and(|bounds| bounds.start < bounds.end));
    }
}

/// The first place after another.
fn just_after(place: Position) -> Position {
    Position { byte: place.byte.saturating_add(1), ..place }
}

/// A match with some words around it.
fn excerpt(section: &Section, range: Range) -> Hit {
    let (text, start, end) = around(section, range, EXCERPT);
    Hit { range, words: clean(&text), within: start..end }
}

/// The text of a match's block around it, with its line breaks as spaces, and the bytes that the
/// match takes in it; where line ends are the author's, that of the match's lines. `chars`: how many
/// characters before and after it, less those of a word that would be cut.
pub fn around(section: &Section, hit: Range, chars: (usize, usize)) -> (String, usize, usize) {
    let text = section.block_text(hit.start.block);
    let (start, end) = (hit.start.byte as usize, hit.end.byte as usize);
    let stands = section.block(hit.start.block).is_some_and(|block| block.kind.is_preformatted());
    let is_end = |c: char| stands && c == '\n';
    let before = text.get(..start).unwrap_or_default();
    let before = before.char_indices().rev().take_while(|(_, c)| !is_end(*c));
    let from = before.take(chars.0).last().map_or(start, |(i, _)| i);
    let after = text.get(end..).unwrap_or_default();
    let after = after.split(is_end).next().unwrap_or_default();
    let to = end + after.char_indices().nth(chars.1).map_or(after.len(), |(i, _)| i);
    // Inside a word: neither side of the cut is white space.
    let is_cut = |at: usize| {
        let sides = text.split_at_checked(at).unwrap_or((text, ""));
        !sides.0.is_empty()
            && !sides.0.ends_with(char::is_whitespace)
            && sides.1.starts_with(|c: char| !c.is_whitespace())
    };
    let head = text.get(from..start).filter(|_| is_cut(from)).and_then(|head| head.find([' ', '\n']));
    let from = head.map_or(from, |space| from + space + 1);
    let from = start - text.get(from..start).map_or(0, |head| head.trim_start().len());
    let tail = text.get(end..to).filter(|_| is_cut(to)).and_then(|tail| tail.rfind([' ', '\n']));
    let to = tail.map_or(to, |space| end + space);
    (text.get(from..to).unwrap_or_default().replace(['\n', '\t'], " "), start - from, end - from)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{
        BlockKind, Format, Identity, Meta, Outline, OutlinePass, Progress, SectionBuilder, Target, Warning,
    };

    #[test]
    fn a_match_is_shown_with_its_line_where_lines_stand() {
        for (kind, expected) in
            [(BlockKind::Paragraph, ("one two three four five", 8, 13)), (BlockKind::Verse, ("two three", 4, 9))]
        {
            let mut builder = SectionBuilder::new(SectionId(0));
            builder.begin(kind);
            builder.text("one\ntwo three\nfour five");
            builder.end();
            let section = builder.finish();
            let hit = hits(&section, &Pattern::new("three").unwrap())[0];
            let (text, start, end) = around(&section, hit, (60, 60));
            assert_eq!((text.as_str(), start, end), expected);
        }
    }

    /// A document of eight short sections of three blocks; needles in some of the blocks.
    struct Hay {
        needles: Vec<usize>,
        meta: Meta,
        identity: Identity,
    }

    impl Document for Hay {
        fn format(&self) -> Format {
            Format::Plain
        }

        fn meta(&self) -> &Meta {
            &self.meta
        }

        fn encoding(&self) -> &'static str {
            "UTF-8"
        }

        fn identity(&self) -> &Identity {
            &self.identity
        }

        fn section_count(&self) -> u32 {
            8
        }

        fn section_bytes(&self, _section: SectionId) -> u64 {
            100
        }

        fn load(&self, id: SectionId) -> io::Result<Section> {
            let mut builder = SectionBuilder::new(id);
            for block in 0..3 {
                let has_needle = self.needles.contains(&(id.index() * 3 + block));
                builder.text(if has_needle { "A needle lies here, a needle." } else { "Nothing but hay here." });
                builder.end();
            }
            Ok(builder.finish())
        }

        fn may_match(&self, section: SectionId, pattern: &Pattern) -> io::Result<bool> {
            Ok(pattern.may_match(self.load(section)?.text()))
        }

        fn outline_pass(&self) -> Box<dyn OutlinePass> {
            Box::new(NoChapters)
        }

        fn resolve(&self, _from: SectionId, _href: &str) -> Option<Target> {
            None
        }

        fn warnings(&self) -> &[Warning] {
            &[]
        }
    }

    struct NoChapters;

    impl OutlinePass for NoChapters {
        fn step(&mut self) -> io::Result<Progress> {
            Ok(Progress::DONE)
        }

        fn outline(&self) -> Outline {
            Outline::default()
        }
    }

    fn all(document: &dyn Document, pattern: &Pattern) -> Vec<Range> {
        (0..document.section_count()).flat_map(|id| hits(&document.load(SectionId(id)).unwrap(), pattern)).collect()
    }

    proptest! {
        #[test]
        fn a_search_goes_everywhere_once_and_the_nearest_come_first(
            needles in proptest::collection::vec(0usize..24, 0..6),
            section in 0u32..10,
            block in 0u32..4,
            byte in 0u32..30,
            is_forward in any::<bool>(),
        ) {
            let identity = Identity { bytes: 1, digest: String::new() };
            let document = Hay { needles, meta: Meta::default(), identity };
            let pattern = Pattern::new("a needle").unwrap();
            let from = Position::new(SectionId(section), BlockId(block), byte);
            let direction = if is_forward { Direction::Forward } else { Direction::Backward };
            let mut seek = Seek::new(pattern.clone(), from, direction);
            let mut found: Vec<Range> = Vec::new();
            let mut next = Some(from);
            let mut count = 0;
            while let Some(stretch) = seek.stretch(&document, |_| found.len().is_multiple_of(2)) {
                let begins = if is_forward { stretch.covers.start } else { stretch.covers.end };
                prop_assert_eq!(next, Some(begins));
                next = stretch.next;
                count += stretch.count;
                let words = |hit: &Hit| hit.words.get(hit.within.clone()).map(str::to_lowercase);
                prop_assert!(stretch.hits.iter().all(|hit| words(hit).as_deref() == Some("a needle")), "{:?}", stretch.hits);
                let mut hits: Vec<Range> = stretch.hits.into_iter().map(|hit| hit.range).collect();
                if !is_forward {
                    hits.reverse();
                }
                found.extend(hits);
            }
            prop_assert_eq!(next, None);
            let mut expected = all(&document, &pattern);
            let split = expected.partition_point(|hit| hit.start < from);
            expected.rotate_left(split);
            if !is_forward {
                expected.reverse();
            }
            prop_assert_eq!(count, expected.len());
            prop_assert_eq!(found, expected);
        }
    }
}

//! Finding the places of anchors in a text that has changed.
//!
//! From the surest to the least sure: an equal text has the place at the same letter; an equal
//! block, and runs of three words in common, say where to look; the words there are aligned with
//! those that were kept (`candidate.rs` says which fits are good enough, `choice.rs` which is the
//! one). Where no run of words is left, or only in another text around, runs of five letters are
//! tried, and last the letters of the quotation near to where it was. What is not found even then
//! is given a place between those that were found.

use crate::document::{Anchor, Document, Position, Range, Section, SectionId, Status};

use super::candidate::{Candidate, Field, LENIENT};
use super::choice::{choose, guess};
use super::myers;
use super::pattern::{Edges, Pattern};
use super::seeds;
use super::settle::{Sections, place_at};
use super::text::{Text, hash};

/// How far apart two votes of words may be, and two of letters.
const SLACK: (i64, i64) = (6, 12);
/// Words of a seed, and letters of one.
const SEED: (usize, usize) = (3, 5);
/// Letters before and after where it was in which a quotation is looked for by its letters.
const NEAR: u32 = 1 << 16;
/// Letters that such a quotation must have.
const NEAR_MIN: usize = 12;
/// Candidates kept of each anchor.
const KEPT: usize = 8;

/// What an anchor found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The place or stretch.
    pub range: Range,
    /// How it was found.
    pub status: Status,
    /// The anchor as it is in this text. None where it is lost.
    pub anchor: Option<Box<Anchor>>,
}

/// Where the sections of a document begin, in stored bytes, and its length.
fn bases(document: &dyn Document) -> (Vec<u64>, u64) {
    let mut base = 0u64;
    let ids = (0..document.section_count()).map(SectionId);
    let bases = ids
        .map(|id| {
            let here = base;
            base = base.saturating_add(document.section_bytes(id).max(1));
            here
        })
        .collect();
    (bases, base)
}

/// Finds the places of many anchors, each by any of its versions, in one pass over a document.
/// In the order of `wanted`; `None` when `stop` says so. A section that cannot be read has
/// nothing in it.
pub fn find_all(document: &dyn Document, wanted: &[&[&Anchor]], stop: &dyn Fn() -> bool) -> Option<Vec<Found>> {
    let mut search = Search::new(wanted);
    let (bases, total) = bases(document);
    let mut text = Text::with_room(total);
    let mut is_first = true;
    for (id, base) in (0..document.section_count()).map(SectionId).zip(&bases) {
        if stop() {
            return None;
        }
        if let Ok(section) = document.load(id) {
            text.add(&section, *base, document.section_bytes(id).max(1));
        }
        if text.is_full() {
            search.look(&text, total, false);
            text.clear();
            is_first = false;
        }
    }
    search.look(&text, total, is_first);
    drop(text);
    if stop() { None } else { Some(search.finish(document, &bases, total)) }
}

/// Finds the place of one anchor in one section.
pub fn find_in(section: &Section, anchor: &Anchor) -> Option<Range> {
    let versions = [anchor];
    let mut search = Search::new(&[&versions]);
    search.look(&Text::of(section), section.text().len() as u64, false);
    let wanted = search.wanted.first()?;
    let place = wanted.place(wanted.starts.first()?)?;
    let [start, end] = [&place.0, &place.1].map(|edge| section.position(edge.settle(section)));
    // Both edges may be found beside one word, where what stood between them is gone.
    Some(Range { start, end: end.max(start) })
}

/// An anchor that is looked for.
pub struct Wanted<'a> {
    /// The reader's own first.
    pub versions: &'a [&'a Anchor],
    /// The patterns of all versions, and which version each is of.
    pub patterns: Vec<(usize, Pattern)>,
    /// Places for the start, or for all of it, the best first; with the pattern that found each.
    pub starts: Vec<(usize, Candidate)>,
    /// Places for the end of a long quotation.
    pub ends: Vec<(usize, Candidate)>,
}

/// A search for many anchors.
struct Search<'a> {
    wanted: Vec<Wanted<'a>>,
}

impl<'a> Wanted<'a> {
    fn new(versions: &'a [&'a Anchor]) -> Wanted<'a> {
        let of = |(i, anchor): (usize, &&Anchor)| Pattern::of(anchor).into_iter().map(move |pattern| (i, pattern));
        let patterns = versions.iter().enumerate().flat_map(of).collect();
        Wanted { versions, patterns, starts: Vec::new(), ends: Vec::new() }
    }

    fn add(&mut self, pattern: usize, candidate: Candidate) {
        let Some((_, of)) = self.patterns.get(pattern) else { return };
        let list = if of.edges == Edges::End { &mut self.ends } else { &mut self.starts };
        // The same place, found by two versions.
        if let Some((_, other)) = list.iter_mut().find(|(_, other)| other.first == candidate.first) {
            if other.score < candidate.score {
                *other = candidate;
            }
        } else {
            list.push((pattern, candidate));
        }
        list.sort_by(|a, b| b.1.score.total_cmp(&a.1.score));
        list.truncate(KEPT);
    }

    /// Where it was, 0 to 1.
    pub fn fraction(&self) -> f64 {
        self.versions.first().map_or(0.0, |anchor| anchor.fraction)
    }
}

impl<'a> Search<'a> {
    fn new(wanted: &[&'a [&'a Anchor]]) -> Search<'a> {
        Search { wanted: wanted.iter().map(|versions| Wanted::new(versions)).collect() }
    }

    /// Looks in a part of a document. `is_whole`: it is all of it.
    fn look(&mut self, text: &Text, total: u64, is_whole: bool) {
        let mut field = Field::new(text, total);
        let (letters, sum) = text.folded().sum();
        for wanted in &mut self.wanted {
            let mut found = Vec::new();
            for (number, (version, pattern)) in wanted.patterns.iter().enumerate() {
                let origin = wanted.versions.get(*version).map(|anchor| &anchor.origin);
                let is_same =
                    |origin: &&super::Origin| is_whole && origin.text == sum && origin.letters == u64::from(letters);
                if let Some(origin) = origin.filter(is_same) {
                    found.extend(field.at_letter(pattern, origin.offset).map(|candidate| (number, candidate)));
                }
            }
            for (number, candidate) in found {
                wanted.add(number, candidate);
            }
        }
        self.by_words(&mut field);
        self.by_letters(&mut field);
        self.by_nearness(&mut field);
    }

    /// The patterns of which no place is known yet.
    fn open(&self) -> Vec<(usize, usize)> {
        let mut open = Vec::new();
        for (i, wanted) in self.wanted.iter().enumerate() {
            for (number, (_, pattern)) in wanted.patterns.iter().enumerate() {
                let list = if pattern.edges == Edges::End { &wanted.ends } else { &wanted.starts };
                if list.first().is_none_or(|(_, candidate)| candidate.is_nearest || candidate.is_strange) {
                    open.push((i, number));
                }
            }
        }
        open
    }

    fn pattern(&self, (i, number): (usize, usize)) -> Option<&Pattern> {
        self.wanted.get(i)?.patterns.get(number).map(|(_, pattern)| pattern)
    }

    fn by_words(&mut self, field: &mut Field<'_>) {
        let open = self.open();
        let key = |run: &[crate::text::words::Word]| hash(run);
        let keys = |at: &(usize, usize)| {
            let words = self.pattern(*at).map(Pattern::words).unwrap_or_default();
            words.windows(SEED.0).map(key).collect::<Vec<u64>>()
        };
        let patterns: Vec<Vec<u64>> = open.iter().map(keys).collect();
        let shifts = seeds::shifts(&patterns, field.text.words().windows(SEED.0).map(key), SLACK.0);
        let blocks = self.blocks(field.text);
        for (at, mut shifts) in open.into_iter().zip(shifts) {
            let Some(pattern) = self.pattern(at) else { continue };
            let block = pattern.block.and_then(|(block, first)| Some((*blocks.get(&block)?)? as i64 + first));
            let near = field.text.word_at(pattern.fraction, field.total) as i64 - pattern.lead as i64;
            shifts.extend(block);
            shifts.push(near);
            let found = field.fits(pattern, &shifts, false);
            let Some(wanted) = self.wanted.get_mut(at.0) else { continue };
            for candidate in found {
                wanted.add(at.1, candidate);
            }
        }
    }

    /// The first words of blocks that are looked for; none where two are the same.
    fn blocks(&self, text: &Text) -> std::collections::HashMap<u64, Option<usize>> {
        let patterns = self.wanted.iter().flat_map(|wanted| &wanted.patterns);
        let hashes = patterns.filter_map(|(_, pattern)| pattern.block.map(|(block, _)| (block, None)));
        let mut blocks: std::collections::HashMap<u64, Option<usize>> = hashes.collect();
        let mut seen = std::collections::HashSet::new();
        for (start, end) in text.blocks() {
            let block = hash(text.words().get(start..end).unwrap_or_default());
            if let Some(found) = blocks.get_mut(&block) {
                *found = seen.insert(block).then_some(start);
            }
        }
        blocks
    }

    fn by_letters(&mut self, field: &mut Field<'_>) {
        let open = self.open();
        if open.is_empty() {
            return;
        }
        let key = |run: &[u8]| run.iter().fold(0u64, |key, letter| super::text::join(key, u32::from(*letter)));
        let keys = |at: &(usize, usize)| {
            let letters = self.pattern(*at).map(Pattern::letters).unwrap_or_default();
            letters.windows(SEED.1).map(key).collect::<Vec<u64>>()
        };
        let patterns: Vec<Vec<u64>> = open.iter().map(keys).collect();
        let shifts = seeds::shifts(&patterns, field.text.folded().letters().windows(SEED.1).map(key), SLACK.1);
        for (at, shifts) in open.into_iter().zip(shifts) {
            let Some(pattern) = self.pattern(at) else { continue };
            let of_letter = |shift: &i64| field.text.word_of_letter((*shift).max(0) as u32) as i64;
            let shifts: Vec<i64> = shifts.iter().take(LENIENT * 2).map(of_letter).collect();
            let found = field.fits(pattern, &shifts, true);
            let Some(wanted) = self.wanted.get_mut(at.0) else { continue };
            for candidate in found {
                wanted.add(at.1, candidate);
            }
        }
    }

    /// The quotation by its letters alone, in the part of the text where it was.
    fn by_nearness(&mut self, field: &mut Field<'_>) {
        for at in self.open() {
            let Some(pattern) = self.pattern(at) else { continue };
            let (quote, before) = pattern.quote_letters();
            let quote = quote.get(..quote.len().min(myers::LETTERS_MAX)).unwrap_or_default();
            if quote.len() < NEAR_MIN {
                continue;
            }
            let word = field.text.word_at(pattern.fraction, field.total);
            let center = field.text.words().get(word).map_or(0, |word| word.letter());
            let low = center.saturating_sub(NEAR) as usize;
            let letters = field.text.folded().letters();
            let near = letters.get(low..(center + NEAR).min(letters.len() as u32) as usize).unwrap_or_default();
            let Some((end, _)) = myers::find(quote, near, quote.len() / 3) else { continue };
            let start = (low + end + 1).saturating_sub(quote.len());
            let first = field.text.word_of_letter(start.saturating_sub(before) as u32) as i64;
            let found = field.fits(pattern, &[first], true);
            let Some(wanted) = self.wanted.get_mut(at.0) else { continue };
            for candidate in found {
                wanted.add(at.1, candidate);
            }
        }
    }

    /// Decides, and settles the places.
    fn finish(self, document: &dyn Document, bases: &[u64], total: u64) -> Vec<Found> {
        let chosen = choose(&self.wanted);
        let mut order: Vec<usize> = (0..chosen.len()).collect();
        order
            .sort_by_key(|i| chosen.get(*i).and_then(|choice| choice.as_ref()).map(|(_, candidate)| candidate.first.0));
        let mut found: Vec<Found> = vec![Found::LOST; chosen.len()];
        let mut sections = Sections::new(document);
        for i in order {
            let (Some(wanted), Some(Some(choice)), Some(slot)) = (self.wanted.get(i), chosen.get(i), found.get_mut(i))
            else {
                continue;
            };
            if let Some(settled) = wanted.settle(choice, &mut sections, bases, total) {
                *slot = settled;
            }
        }
        let known: Vec<(f64, f64)> = self
            .wanted
            .iter()
            .zip(&chosen)
            .filter_map(|(wanted, choice)| Some((wanted.fraction(), choice.as_ref()?.1.fraction)))
            .collect();
        for ((wanted, slot), choice) in self.wanted.iter().zip(&mut found).zip(&chosen) {
            let is_gone = choice.as_ref().is_some_and(|choice| choice.1.is_gone);
            if slot.status == Status::Lost && !is_gone {
                let place = place_at(&mut sections, bases, total, guess(&known, wanted.fraction()));
                slot.range = Range::new(place, place);
            }
        }
        found
    }
}

impl Found {
    /// Nowhere.
    pub const LOST: Found =
        Found { range: Range { start: Position::START, end: Position::START }, status: Status::Lost, anchor: None };
}

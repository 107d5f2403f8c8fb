//! Finding the places of anchors in a text that has changed.
//!
//! From the surest to the least sure: an equal text has the place at the same letter; an equal
//! block, and runs of three words in common, say where to look; the words there are aligned with
//! those that were kept, and the best fit is taken if enough of the quotation and of the words
//! around it is there and no other fit is as good. Where no run of words is left, runs of five
//! letters are tried, and last the letters of the quotation near to where it was. What is not
//! found even then is given a place between those that were found.

use crate::document::{Anchor, Document, Position, Range, Section, SectionId, Status};

use super::align::{Aligner, Fit};
use super::myers;
use super::pattern::{Edge, Edges, Pattern};
use super::seeds;
use super::text::{Spot, Text, hash};

/// How far apart two votes of words may be, and two of letters.
const SLACK: (i64, i64) = (6, 12);
/// Words of a seed, and letters of one.
const SEED: (usize, usize) = (3, 5);
/// Fits that are looked at again with errors in their words.
const LENIENT: usize = 2;
/// Share of the quotation that must be there, and that with the share of the words around it.
const QUOTE_MIN: f32 = 0.5;
const BOTH_MIN: f32 = 0.75;
/// Weight of all words that must be there.
const WEIGHT_MIN: u32 = 16;
/// Share of the words around that tells a place without its quotation.
const CONTEXT_MIN: f32 = 0.4;
/// Two fits that differ less are as good as each other.
const RIVAL: f32 = 0.02;
/// Letters before and after where it was in which a quotation is looked for by its letters.
const NEAR: u32 = 1 << 16;
/// Letters that such a quotation must have.
const NEAR_MIN: usize = 12;
/// Outer words of which none is there where the text around is another one.
const CUT: usize = 6;
/// A share of the document by which a place may be elsewhere than the marks around it say, and
/// one by which it is as they say.
const FAR: f64 = 0.02;
const CLOSE: f64 = 0.01;
/// Weight from which on a quotation is long, and words beside a shorter one that must be there.
const LONG: u32 = 40;
const BESIDE: usize = 5;
/// Candidates kept of each anchor.
const KEPT: usize = 4;

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

/// A place that may be the one.
#[derive(Clone, Debug)]
struct Candidate {
    score: f32,
    /// The first and the last word of the quotation: where each begins and ends.
    first: (Spot, Spot),
    last: (Spot, Spot),
    /// How far into the document, 0 to 1.
    fraction: f64,
    is_whole: bool,
    /// Only the words around it were found.
    is_nearest: bool,
    /// Nothing is there of the outer words on one side.
    is_cut: bool,
}

/// A text, and what it is a part of.
struct Field<'a> {
    text: &'a Text,
    /// Stored bytes of the document.
    total: u64,
    aligner: Aligner,
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
    let mut text = Text::default();
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
            (text, is_first) = (Text::default(), false);
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
    let place = wanted.place(wanted.best()?)?;
    Some(Range { start: section.position(place.0.settle(section)), end: section.position(place.1.settle(section)) })
}

/// An edge of a quotation, found by a word.
struct FoundEdge<'a> {
    word: (Spot, Spot),
    edge: &'a Edge,
    is_start: bool,
}

impl FoundEdge<'_> {
    /// Its offset in its section: beside the word, as it was beside the word that was kept.
    fn settle(&self, section: &Section) -> usize {
        let text = section.text().as_str();
        let (start, end) = (self.word.0.offset as usize, self.word.1.offset as usize);
        let is_same = |(a, b): &(char, char)| a == b || a.is_whitespace() && b.is_whitespace();
        let length = |pairs: &mut dyn Iterator<Item = (char, char)>| {
            pairs.take_while(is_same).map(|(_, c)| c.len_utf8()).sum::<usize>()
        };
        match (self.edge, self.is_start) {
            (Edge::Outside(signs), true) => {
                let head = text.get(..start).unwrap_or_default();
                start - length(&mut signs.chars().rev().zip(head.chars().rev()))
            }
            (Edge::Outside(signs), false) => {
                let tail = text.get(end..).unwrap_or_default();
                end + length(&mut signs.chars().zip(tail.chars()))
            }
            (Edge::Inside(count), is_start) => {
                let word = text.get(start..end).unwrap_or_default();
                let mut places = word.char_indices().map(|(at, _)| start + at);
                if is_start { places.nth(*count) } else { places.rev().nth(count.saturating_sub(1)) }
                    .unwrap_or(if is_start { end } else { start })
            }
        }
    }
}

/// An anchor that is looked for.
struct Wanted<'a> {
    versions: &'a [&'a Anchor],
    /// The patterns of all versions, and which version each is of.
    patterns: Vec<(usize, Pattern)>,
    /// Places for the start, or for all of it, the best first; with the pattern that found each.
    starts: Vec<(usize, Candidate)>,
    /// Places for the end of a long quotation.
    ends: Vec<(usize, Candidate)>,
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

    fn best(&self) -> Option<&(usize, Candidate)> {
        self.starts.first()
    }

    /// Places that are as good as the best one.
    fn rivals(&self) -> impl Iterator<Item = &(usize, Candidate)> {
        let least = self.best().map_or(0.0, |(_, best)| best.score - RIVAL);
        self.starts.iter().filter(move |(_, candidate)| candidate.score >= least)
    }

    /// Where it was, 0 to 1.
    fn fraction(&self) -> f64 {
        self.versions.first().map_or(0.0, |anchor| anchor.fraction)
    }

    /// The edges of the quotation at a candidate.
    fn place(&self, (number, candidate): &(usize, Candidate)) -> Option<(FoundEdge<'_>, FoundEdge<'_>)> {
        let (_, pattern) = self.patterns.get(*number)?;
        let start = FoundEdge { word: candidate.first, edge: &pattern.start, is_start: true };
        let end = FoundEdge { word: candidate.last, edge: &pattern.end, is_start: false };
        let again = |edge: &FoundEdge<'_>| (edge.word, edge.is_start);
        Some(match pattern.edges {
            Edges::Before => {
                let (word, is_start) = again(&start);
                (start, FoundEdge { word, edge: &pattern.start, is_start })
            }
            Edges::After => {
                let (word, is_start) = again(&end);
                (FoundEdge { word, edge: &pattern.end, is_start }, end)
            }
            Edges::Start => {
                // The nearest end behind it.
                let behind = self.ends.iter().filter(|(_, other)| other.last.1 > start.word.0);
                let nearest = behind.min_by_key(|(_, other)| other.last.1);
                let tail = nearest.and_then(|(number, other)| Some((self.patterns.get(*number)?, other)));
                match tail {
                    Some(((_, tail), other)) => {
                        (start, FoundEdge { word: other.last, edge: &tail.end, is_start: false })
                    }
                    None => (start, end),
                }
            }
            Edges::Both | Edges::End => (start, end),
        })
    }
}

impl<'a> Search<'a> {
    fn new(wanted: &[&'a [&'a Anchor]]) -> Search<'a> {
        Search { wanted: wanted.iter().map(|versions| Wanted::new(versions)).collect() }
    }

    /// Looks in a part of a document. `is_whole`: it is all of it.
    fn look(&mut self, text: &Text, total: u64, is_whole: bool) {
        let mut field = Field { text, total, aligner: Aligner::default() };
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
                if list.first().is_none_or(|(_, candidate)| candidate.is_nearest) {
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
            let center = field.text.words().get(word).map_or(0, |word| word.letter);
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
        let chosen = self.choose();
        let mut order: Vec<usize> = (0..chosen.len()).collect();
        order
            .sort_by_key(|i| chosen.get(*i).and_then(|choice| choice.as_ref()).map(|(_, candidate)| candidate.first.0));
        let mut found: Vec<Found> = vec![Found::LOST; chosen.len()];
        let mut sections = Sections { document, last: None };
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
        for (wanted, slot) in self.wanted.iter().zip(&mut found) {
            if slot.status == Status::Lost {
                let place = place_at(&mut sections, bases, total, guess(&known, wanted.fraction()));
                slot.range = Range::new(place, place);
            }
        }
        found
    }

    /// The candidate of each anchor. Where several are as good, the one that stands to the marks
    /// around it as it stood; none where that does not tell.
    fn choose(&self) -> Vec<Option<(usize, Candidate)>> {
        let is_sure = |wanted: &Wanted<'_>| wanted.rivals().count() == 1;
        let mut sure: Vec<(f64, f64)> = self
            .wanted
            .iter()
            .filter(|wanted| is_sure(wanted))
            .filter_map(|wanted| Some((wanted.fraction(), &wanted.best()?.1)))
            .filter(|(_, best)| !best.is_cut && !best.is_nearest)
            .map(|(fraction, best)| (fraction, best.fraction))
            .collect();
        sure.sort_by(|a, b| a.0.total_cmp(&b.0));
        let choose = |wanted: &Wanted<'_>| {
            let expected = beside(&sure, wanted.fraction());
            let apart = |candidate: &Candidate| (candidate.fraction - expected).abs();
            if let Some((number, best)) = wanted.best().filter(|_| is_sure(wanted)) {
                if !best.is_cut || sure.is_empty() || apart(best) <= FAR {
                    return Some((*number, best.clone()));
                }
                let close = wanted.starts.iter().find(|(_, other)| apart(other) <= CLOSE);
                // The same words elsewhere are not known to be the ones that were marked.
                return Some(close.cloned().unwrap_or((*number, Candidate { is_whole: false, ..best.clone() })));
            }
            let mut rivals: Vec<(f64, &(usize, Candidate))> =
                wanted.rivals().map(|rival| ((rival.1.fraction - expected).abs(), rival)).collect();
            rivals.sort_by(|a, b| a.0.total_cmp(&b.0));
            match rivals.as_slice() {
                [(near, rival), (far, _), ..] if near * 2.0 < *far => Some((*rival).clone()),
                _ => None,
            }
        };
        self.wanted.iter().map(choose).collect()
    }
}

/// Where a place should be that stood at `old`, by the one nearest to it of those that are known
/// before and after.
fn beside(known: &[(f64, f64)], old: f64) -> f64 {
    let nearest = known.iter().min_by(|a, b| (a.0 - old).abs().total_cmp(&(b.0 - old).abs()));
    nearest.map_or(old, |(before, now)| now + (old - before))
}

/// Where a lost place may be: between those found around it, or beside the nearest one.
fn guess(known: &[(f64, f64)], old: f64) -> f64 {
    let before = known.iter().filter(|(was, _)| *was <= old).max_by(|a, b| a.0.total_cmp(&b.0));
    let after = known.iter().filter(|(was, _)| *was > old).min_by(|a, b| a.0.total_cmp(&b.0));
    match (before, after) {
        (Some(before), Some(after)) if before.1 <= after.1 => {
            before.1 + (after.1 - before.1) * (old - before.0) / (after.0 - before.0).max(f64::EPSILON)
        }
        _ => beside(known, old),
    }
    .clamp(0.0, 1.0)
}

impl Found {
    const LOST: Found =
        Found { range: Range { start: Position::START, end: Position::START }, status: Status::Lost, anchor: None };
}

/// Sections as they are asked for, the last one kept.
struct Sections<'a> {
    document: &'a dyn Document,
    last: Option<Section>,
}

impl Sections<'_> {
    fn get(&mut self, id: SectionId) -> Option<&Section> {
        if self.last.as_ref().is_none_or(|last| last.id() != id) {
            self.last = self.document.load(id).ok();
        }
        self.last.as_ref()
    }
}

/// The place of a share of a document.
fn place_at(sections: &mut Sections<'_>, bases: &[u64], total: u64, fraction: f64) -> Position {
    let at = total as f64 * fraction;
    let index = bases.partition_point(|base| *base as f64 <= at).saturating_sub(1);
    let start = bases.get(index).copied().unwrap_or(0);
    let end = bases.get(index + 1).copied().unwrap_or(total);
    let within = (at - start as f64) / end.saturating_sub(start).max(1) as f64;
    let id = SectionId(index as u32);
    sections.get(id).map_or(Position::start_of(id), |section| section.word_at(within))
}

impl Wanted<'_> {
    fn settle(
        &self,
        choice: &(usize, Candidate),
        sections: &mut Sections<'_>,
        bases: &[u64],
        total: u64,
    ) -> Option<Found> {
        let (start, end) = self.place(choice)?;
        let candidate = &choice.1;
        let last = {
            let section = sections.get(end.word.0.section)?;
            section.position(end.settle(section))
        };
        let id = start.word.0.section;
        let section = sections.get(id)?;
        let first = section.position(start.settle(section));
        let range = Range { start: first, end: last.max(first) };
        let base = bases.get(id.index()).copied().unwrap_or(0);
        let next = bases.get(id.index() + 1).copied().unwrap_or(total);
        let share = (base as f64 + next.saturating_sub(base) as f64 * section.fraction(first)) / total.max(1) as f64;
        let original = *self.versions.first()?;
        let stands = self.versions.iter().any(|version| version.start == range.start && version.end == range.end);
        let status = match (candidate.is_whole, stands) {
            (true, true) => Status::Exact,
            (true, false) => Status::Moved,
            (false, _) => Status::Changed,
        };
        let anchor = Anchor::new(section, range, original.chapter.clone(), share);
        Some(Found { range, status, anchor: Some(Box::new(anchor)) })
    }
}

impl Field<'_> {
    /// The candidates among places where a pattern may begin.
    fn fits(&mut self, pattern: &Pattern, firsts: &[i64], is_lenient: bool) -> Vec<Candidate> {
        let mut fits: Vec<(f32, i64, Fit)> = Vec::new();
        for first in firsts {
            let fit = self.aligner.fit(pattern, self.text.folded(), *first, is_lenient);
            let score = 0.6 * fit.quote + 0.35 * fit.context;
            fits.push((score, *first, fit));
        }
        fits.sort_by(|a, b| b.0.total_cmp(&a.0));
        if !is_lenient {
            let is_good = |fit: &Fit| fit.is_whole && fit.context > 0.9;
            for (score, first, fit) in fits.iter_mut().take(LENIENT).filter(|(_, _, fit)| !is_good(fit)) {
                let other = self.aligner.fit(pattern, self.text.folded(), *first, true);
                let better = 0.6 * other.quote + 0.35 * other.context;
                if better > *score {
                    (*score, *fit) = (better, other);
                }
            }
        }
        fits.into_iter().filter_map(|(_, _, fit)| self.judge(pattern, fit)).collect()
    }

    /// Whether a fit is good enough, and where it puts the quotation.
    fn judge(&self, pattern: &Pattern, fit: Fit) -> Option<Candidate> {
        let fit = if is_held(pattern, &fit) { fit } else { fit.without_quote(pattern) };
        let all: u32 = pattern.words().iter().map(|word| u32::from(word.weight)).sum();
        let is_enough = fit.weight >= WEIGHT_MIN || fit.weight * 5 >= all * 3;
        let is_found = fit.quote >= QUOTE_MIN && fit.quote + fit.context >= BOTH_MIN;
        let is_nearest = !is_found && fit.context >= CONTEXT_MIN && pattern.words().len() > pattern.quote;
        if !is_enough || !(is_found || is_nearest) {
            return None;
        }
        let (first, last) = edges(pattern, &fit)?;
        let fraction = self.text.fraction(first, self.total);
        let near = 1.0 - (fraction - pattern.fraction).abs() as f32;
        let (first, last) = (self.text.spots(first)?, self.text.spots(last)?);
        let score = 0.6 * fit.quote + 0.35 * fit.context + 0.05 * near;
        let is_cut = is_cut(pattern, &fit);
        let is_whole = fit.is_whole && is_surrounded(pattern, &fit);
        Some(Candidate { score, first, last, fraction, is_whole, is_nearest, is_cut })
    }

    /// The place at a letter of an equal text.
    fn at_letter(&self, pattern: &Pattern, offset: u64) -> Option<Candidate> {
        if matches!(pattern.edges, Edges::After | Edges::End) {
            return None;
        }
        let first = self.text.word_of_letter(u32::try_from(offset).ok()?);
        let length = pattern.quote_letters().0.len().max(1) as u32;
        let last = self.text.word_of_letter(self.text.words().get(first)?.letter + length - 1);
        let fraction = self.text.fraction(first, self.total);
        let (first, last) = (self.text.spots(first)?, self.text.spots(last)?);
        Some(Candidate { score: 2.0, first, last, fraction, is_whole: true, is_nearest: false, is_cut: false })
    }
}

/// Whether the words found of a short quotation stand beside others that were found: else they
/// are there by chance, as small words are everywhere.
fn is_held(pattern: &Pattern, fit: &Fit) -> bool {
    let is_quote = |i: usize| (pattern.lead..pattern.lead + pattern.quote).contains(&i);
    if pattern.quote > 3 || pattern.quote == pattern.words().len() {
        return true;
    }
    fit.pairs.windows(2).any(|pair| match pair {
        [a, b] => (is_quote(a.0) != is_quote(b.0)) && b.0 - a.0 <= 2 && b.1 - a.1 <= 2,
        _ => false,
    })
}

/// Whether a quotation of a few words is the one that was marked: it stands among most of the
/// words that it stood among. A longer one is no other by chance.
fn is_surrounded(pattern: &Pattern, fit: &Fit) -> bool {
    let quote = pattern.lead..pattern.lead + pattern.quote;
    let weight: u32 = pattern.words().iter().skip(quote.start).take(pattern.quote).map(|w| u32::from(w.weight)).sum();
    let near = quote.start.saturating_sub(BESIDE)..(quote.end + BESIDE).min(pattern.words().len());
    let is_beside = |i: usize| near.contains(&i) && !quote.contains(&i);
    let found = fit.pairs.iter().filter(|(i, _)| is_beside(*i)).count();
    weight >= LONG || found * 5 >= (near.len() - quote.len()) * 3
}

/// Whether the text around is another one on one side: then this may be a passage that stood
/// twice, and the mark was in the one that is gone.
fn is_cut(pattern: &Pattern, fit: &Fit) -> bool {
    let count = pattern.words().len();
    let first = fit.pairs.first().map_or(count, |pair| pair.0);
    let last = fit.pairs.last().map_or(0, |pair| pair.0 + 1);
    first >= CUT || count - last >= CUT
}

/// The first and the last word of the quotation in the text.
fn edges(pattern: &Pattern, fit: &Fit) -> Option<(usize, usize)> {
    let (lead, after) = (pattern.lead, pattern.lead + pattern.quote);
    let (before_start, start) = fit.beside(lead);
    let (end, behind_end) = fit.beside(after);
    let first = match (before_start, start) {
        (_, Some((i, j))) if i == lead => j,
        (Some((i, j)), Some((_, next))) => (j + (lead - i)).min(next.max(j + 1)),
        (Some((i, j)), None) => j + (lead - i),
        (None, Some((i, j))) => j.saturating_sub(i - lead),
        (None, None) => return None,
    };
    let last = match (end, behind_end) {
        (Some((i, j)), _) if i + 1 == after => j,
        (Some((i, j)), Some((_, next))) => (j + (after - 1 - i)).min(next.saturating_sub(1)),
        (Some((i, j)), None) => j + (after - 1 - i),
        (None, Some((i, j))) => j.saturating_sub(i - after + 1),
        (None, None) => return None,
    };
    Some((first, last.max(first)))
}

//! Chapters of a plain text, found from the whole of it.
//!
//! A line that looks like a heading proves nothing: numbers stand in lists, capitals in signs,
//! short lines in verse. So candidates are gathered first, each with what it says and the white
//! round it ([`block`], [`reading`]); the printed list of contents is taken out
//! ([`contents_list`]); then series are looked for ([`chain`]): numbers that run through the
//! text, or, where nothing is numbered, titles of one look with much text between them. The
//! rules and their worth were measured on books in nine languages.

mod block;
mod chain;
mod contents_list;
mod reading;
mod titles;

use std::collections::BTreeMap;

use crate::document::{Entry, Outline, Position, SectionId, Target};
use crate::formats::plain::heading::is_capitals;
use crate::text::clean_line;

use crate::formats::plain::numeral::Form;
use block::{Block, Blocks};
use chain::{Link, Shape, best, shape};
use reading::{Says, says};

/// Finds chapters in lines that are fed one by one.
#[derive(Clone, Debug, Default)]
pub struct ChapterFinder {
    blocks: Blocks,
    /// Sections, and the characters of text before each.
    sections: Vec<(SectionId, u64)>,
}

/// Candidates among which a numbering runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Keyword { rank: u8, word: String },
    Bare(Form),
    Titled(Form),
}

/// A heading that was accepted: its block, and how far out it lies (smaller is further).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Heading {
    block: usize,
    rank: u8,
}

/// Rank of numbers without a keyword, below all keywords.
const NUMBER_RANK: u8 = 5;
/// Rank of a title that stands over numbering which begins again.
const PARENT_RANK: u8 = 0;

impl ChapterFinder {
    /// A finder at the start of a document.
    pub fn new() -> ChapterFinder {
        ChapterFinder::default()
    }

    /// Takes the next line: its text without the line end, and the place where it stands (a
    /// blank line: the place of the text after it).
    pub fn line(&mut self, place: Position, text: &str) {
        if self.sections.last().is_none_or(|(id, _)| *id < place.section) {
            self.sections.push((place.section, self.blocks.total));
        }
        match without_notes(text) {
            Some(text) => self.blocks.line(place, &text),
            None => self.blocks.line(place, text),
        }
    }

    /// Notes that a page ends here: it parts blocks as a blank line does.
    pub fn page_break(&mut self) {
        self.blocks.close();
    }

    /// The chapters. Before the end of the text only series that are sure already are shown.
    pub fn outline(&self, at_end: bool) -> Outline {
        let blocks = split_doubles(within_frame(self.blocks.all()));
        let analysis = Analysis::new(&blocks, &self.sections, self.blocks.total);
        analysis.outline(at_end)
    }
}

/// A line without the notes of the setter that Japanese texts have (`［＃…］`); `None` where there
/// are none.
fn without_notes(line: &str) -> Option<String> {
    let (before, mut rest) = line.split_once("［＃")?;
    let mut out = before.to_owned();
    loop {
        rest = rest.split_once('］').map_or("", |(_, after)| after);
        match rest.split_once("［＃") {
            Some((text, more)) => {
                out.push_str(text);
                rest = more;
            }
            None => {
                out.push_str(rest);
                return Some(out);
            }
        }
    }
}

/// Leaves the header and the licence of Project Gutenberg out.
fn within_frame(blocks: Vec<Block>) -> Vec<Block> {
    let marks = |block: &Block, word: &str| {
        block.lines.iter().any(|l| {
            let line = l.to_uppercase();
            line.contains("PROJECT GUTENBERG")
                && (line.starts_with(&format!("***{word}"))
                    || line.starts_with(&format!("*** {word}"))
                    || (word == "END" && line.starts_with("END OF")))
        })
    };
    let count = blocks.len();
    let start = blocks.iter().take(400).rposition(|b| marks(b, "START")).map_or(0, |i| i + 1);
    let end = blocks.iter().skip(start).position(|b| marks(b, "END")).map_or(count, |i| start + i);
    blocks.into_iter().take(end).skip(start).collect()
}

/// Parts a block whose first two lines are headings of two kinds: `VOLUME I` over `CHAPTER I`.
fn split_doubles(blocks: Vec<Block>) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        let is_keyword = |line: Option<&String>| line.is_some_and(|l| matches!(says(l, 1), Some(Says::Keyword { .. })));
        if is_keyword(block.lines.first()) && is_keyword(block.lines.get(1)) {
            let rest = block.lines.split_off(1);
            out.push(Block { length: 0, ..block.clone() });
            block.lines = rest;
        }
        out.push(block);
    }
    out
}

/// Everything that is known of a text's blocks.
struct Analysis<'a> {
    blocks: &'a [Block],
    says: Vec<Option<Says>>,
    listed: Vec<bool>,
    sections: &'a [(SectionId, u64)],
    total: u64,
}

impl<'a> Analysis<'a> {
    fn new(blocks: &'a [Block], sections: &'a [(SectionId, u64)], total: u64) -> Analysis<'a> {
        let read = |block: &Block| match says(block.first(), block.lines.len()) {
            // The first line of a paragraph is a heading only if it says so outright.
            Some(Says::Keyword { .. } | Says::Named) if block.is_open && !ends_like_prose(block.first()) => {
                says(block.first(), 1)
            }
            _ if block.is_open => None,
            other => other,
        };
        let says: Vec<Option<Says>> = blocks.iter().map(read).collect();
        let listed = contents_list::listed(blocks, &says);
        Analysis { blocks, says, listed, sections, total }
    }

    fn outline(&self, at_end: bool) -> Outline {
        let mut headings = self.numbered();
        let has_chapters = headings.len() >= 3 || headings.iter().any(|h| h.rank == 2);
        if at_end && !has_chapters {
            let found = titles::unnumbered(self.blocks, &self.says, &self.listed);
            headings.extend(found.into_iter().map(|block| Heading { block, rank: NUMBER_RANK }));
        }
        headings.sort_by_key(|h| (h.block, h.rank));
        headings.dedup_by_key(|h| h.block);
        if at_end {
            self.add_parents(&mut headings);
            self.add_named(&mut headings);
        }
        self.entries(&headings)
    }

    /// Candidates by kind, with their numbers.
    fn groups(&self) -> BTreeMap<Kind, Vec<Link>> {
        let mut groups: BTreeMap<Kind, Vec<Link>> = BTreeMap::new();
        let mut keywords = [0usize; 4];
        for (index, (block, says)) in self.blocks.iter().zip(&self.says).enumerate() {
            if self.listed.get(index) == Some(&true) {
                continue;
            }
            let (kind, value, parents) = match says {
                Some(Says::Keyword { word, rank, value, .. }) => {
                    let parents = keywords.iter().take(usize::from(*rank)).sum();
                    if let Some(count) = keywords.get_mut(usize::from(*rank)) {
                        *count += 1;
                    }
                    (Kind::Keyword { rank: *rank, word: word.clone() }, *value, parents)
                }
                Some(Says::Bare(form, value)) => (Kind::Bare(*form), *value, keywords.iter().sum()),
                Some(Says::Titled(form, value)) => (Kind::Titled(*form), *value, keywords.iter().sum()),
                _ => continue,
            };
            let link = Link {
                block: index,
                value,
                weight: weight(index, block, says.as_ref()),
                before: block.before,
                parents,
            };
            groups.entry(kind).or_default().push(link);
        }
        groups
    }

    /// Series of numbers that run through the text.
    fn numbered(&self) -> Vec<Heading> {
        let mut accepted: Vec<(Kind, Shape, Vec<usize>)> = Vec::new();
        for (kind, links) in self.groups() {
            let chain = best(&links);
            let found = shape(&links, &chain);
            if accepts(&kind, &found) {
                let blocks = chain.iter().filter_map(|&i| links.get(i)).map(|l| l.block).collect();
                accepted.push((kind, found, blocks));
            }
        }
        let is_chapter = |kind: &Kind| matches!(kind, Kind::Keyword { rank: 2, .. });
        let chapters = accepted.iter().filter(|(k, ..)| is_chapter(k)).map(|(_, s, b)| (s.extent, b.len())).max();
        let heaviest = accepted.iter().map(|(_, s, _)| s.weight).fold(0.0, f64::max);
        let widest = accepted
            .iter()
            .filter(|(k, ..)| !matches!(k, Kind::Keyword { .. }))
            .map(|(_, s, _)| s.extent)
            .max()
            .unwrap_or(0);
        accepted.retain(|(kind, found, _)| match kind {
            Kind::Keyword { rank, .. } => *rank <= 2 || chapters.is_none() || found.len >= 3,
            // Numbers inside chapters are subsections, and numbers in a corner are a list.
            _ => {
                let inside = chapters.is_some_and(|(extent, count)| count >= 3 && extent * 3 >= found.extent);
                let corner = found.extent * 10 < self.total * 3 && found.weight + 0.25 < heaviest;
                !inside && !corner && found.extent * 2 >= widest
            }
        });
        let mut headings = Vec::new();
        for (kind, _, blocks) in &accepted {
            let rank = match kind {
                Kind::Keyword { rank, .. } => *rank,
                _ => NUMBER_RANK,
            };
            headings.extend(blocks.iter().map(|&block| Heading { block, rank }));
            if *kind == Kind::Titled(Form::Arabic) {
                headings.extend(self.dotted(blocks));
            }
        }
        headings
    }

    /// `1.1. Title` under an accepted `1. Title`, one level deep.
    fn dotted(&self, parents: &[usize]) -> Vec<Heading> {
        let mut found = Vec::new();
        for (at, &parent) in parents.iter().enumerate() {
            let Some(Some(Says::Titled(_, number))) = self.says.get(parent) else { continue };
            let end = parents.get(at + 1).copied().unwrap_or(self.blocks.len());
            let mut last = 0;
            for block in parent + 1..end {
                if let Some(Some(Says::Dotted(path))) = self.says.get(block)
                    && self.listed.get(block) != Some(&true)
                    && let [outer, inner] = path.as_slice()
                    && outer == number
                    && *inner == last + 1
                {
                    last = *inner;
                    found.push(Heading { block, rank: NUMBER_RANK + 1 });
                }
            }
        }
        found
    }

    /// Where numbering begins again without a heading further out, the strongest line before it
    /// is that heading: the title of a play before its first act. Only if every such place has one.
    fn add_parents(&self, headings: &mut Vec<Heading>) {
        let outermost = headings.iter().map(|h| h.rank).min().unwrap_or(0);
        let starts: Vec<usize> = headings
            .iter()
            .enumerate()
            .filter(|(_, h)| h.rank == outermost && self.value(h.block) == Some(1))
            .map(|(index, _)| index)
            .collect();
        if starts.len() < 2 {
            return;
        }
        let parent = |&index: &usize| {
            let here = headings.get(index)?.block;
            let previous = index.checked_sub(1).and_then(|i| headings.get(i)).map_or(0, |h| h.block + 1);
            let strong = |&i: &usize| {
                self.listed.get(i) != Some(&true)
                    && matches!(self.says.get(i), Some(Some(Says::Words)))
                    && self.blocks.get(i).is_some_and(|b| b.blanks >= 2 && b.lines.len() <= 2 && is_capitals(b.first()))
            };
            (previous..here).rev().take(60).filter(strong).max_by_key(|&i| self.blocks.get(i).map_or(0, |b| b.blanks))
        };
        let parents: Option<Vec<usize>> = starts.iter().map(parent).collect();
        if let Some(parents) = parents {
            headings.extend(parents.into_iter().map(|block| Heading { block, rank: PARENT_RANK }));
            headings.sort_by_key(|h| h.block);
            headings.dedup_by_key(|h| h.block);
        }
    }

    /// Prefaces, epilogues and their kin, where they stand as isolated as the other headings.
    fn add_named(&self, headings: &mut Vec<Heading>) {
        if headings.is_empty() {
            return;
        }
        let white =
            headings.iter().filter_map(|h| self.blocks.get(h.block)).map(|b| b.blanks).min().unwrap_or(2).clamp(1, 2);
        let outermost = headings.iter().map(|h| h.rank).min().unwrap_or(0);
        let named: Vec<usize> = (0..self.blocks.len())
            .filter(|i| self.says.get(*i) == Some(&Some(Says::Named)) && self.listed.get(*i) != Some(&true))
            .filter(|i| self.blocks.get(*i).is_some_and(|b| b.blanks >= white))
            .collect();
        // From the end of the text, so that what follows each is known.
        let mut later = headings.iter().rev().peekable();
        let mut next = self.total;
        let mut found = Vec::new();
        for block in named.into_iter().rev() {
            let mut is_heading = false;
            while let Some(heading) = later.next_if(|h| h.block >= block) {
                is_heading |= heading.block == block;
                next = self.blocks.get(heading.block).map_or(next, |b| b.before);
            }
            let Some(here) = self.blocks.get(block) else { continue };
            if !is_heading && next.saturating_sub(here.end()) > 300 {
                found.push(Heading { block, rank: outermost });
                next = here.before;
            }
        }
        headings.extend(found);
        headings.sort_by_key(|h| h.block);
    }

    /// The share of its section before a block.
    fn within(&self, block: &Block) -> f32 {
        let next = self.sections.partition_point(|(id, _)| *id <= block.place.section);
        let start = next.checked_sub(1).and_then(|i| self.sections.get(i)).map_or(0, |(_, total)| *total);
        let end = self.sections.get(next).map_or(self.total, |(_, total)| *total);
        block.before.saturating_sub(start) as f32 / end.saturating_sub(start).max(1) as f32
    }

    fn value(&self, block: usize) -> Option<u32> {
        match self.says.get(block)?.as_ref()? {
            Says::Keyword { value, .. } | Says::Bare(_, value) | Says::Titled(_, value) => Some(*value),
            _ => None,
        }
    }

    /// Titles and levels.
    fn entries(&self, headings: &[Heading]) -> Outline {
        let mut ranks: Vec<u8> = headings.iter().map(|h| h.rank).collect();
        ranks.sort_unstable();
        ranks.dedup();
        let joins = titles::joins_next(self.blocks, &self.says, headings.iter().map(|h| h.block));
        let entry = |heading: &Heading| {
            let block = self.blocks.get(heading.block)?;
            let level = ranks.iter().position(|r| *r == heading.rank).unwrap_or(0) as u8 + 1;
            let title = titles::title(self.blocks, &self.says, heading.block, joins);
            let within = self.within(block);
            Some(Entry { title: clean_line(&title), level, target: Target::At(block.place), within, inferred: false })
        };
        Outline::new(headings.iter().filter_map(entry).filter(|e| !e.title.is_empty()).collect())
    }
}

/// How much a candidate looks like a heading by itself.
fn weight(index: usize, block: &Block, says: Option<&Says>) -> f64 {
    let mut weight = match block.blanks {
        0 if index == 0 => 1.0,
        0 => 0.0,
        1 => 0.35,
        2 => 0.7,
        _ => 1.0,
    };
    weight += match says {
        Some(Says::Keyword { .. }) => 0.7,
        Some(Says::Bare(..)) => 0.4,
        _ => 0.0,
    };
    let line = block.first();
    let title = block.lines.get(1).map_or(line, String::as_str);
    if is_capitals(title) {
        weight += 0.3;
    }
    if line.chars().count() > 75 {
        weight -= 0.5;
    }
    if line.ends_with(',') {
        weight -= 0.4;
    }
    if line.contains(". ") && line.split(". ").filter(|part| part.split_whitespace().count() > 4).count() > 1 {
        weight -= 0.6;
    }
    if block.lines.len() > 1 && !reading::begins_high(title) {
        weight -= 0.8;
    }
    if block.is_open {
        weight -= 0.3;
    }
    weight
}

/// A first line that goes on in the next: it has no end of its own.
fn ends_like_prose(line: &str) -> bool {
    line.chars().count() > 60 || line.ends_with(',')
}

/// Whether a chain is headings: the more it looks like them, the less it must prove.
fn accepts(kind: &Kind, found: &Shape) -> bool {
    match kind {
        Kind::Keyword { .. } => {
            let strong = found.len >= 2 && found.median >= 250 && found.weight >= 0.8;
            strong || (found.clean && found.len >= 3 && found.median >= 60)
        }
        Kind::Bare(_) => {
            let strong = found.len >= 3 && found.median >= 350 && found.weight >= 0.7;
            strong || (found.clean && found.len >= 4 && found.median >= 200)
        }
        Kind::Titled(_) => {
            let strong = found.len >= 3 && found.median >= 400 && found.weight >= 0.6;
            strong || (found.clean && found.len >= 4 && found.median >= 250 && found.weight >= 0.3)
        }
    }
}

#[cfg(test)]
mod tests;

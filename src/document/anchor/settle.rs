//! From words that were found to places in the document: the edges of a quotation stand beside its
//! outermost words as they did.

use crate::document::{Anchor, Document, Position, Range, Section, SectionId, Status};

use super::candidate::Candidate;
use super::pattern::{Edge, Edges};
use super::search::{Found, Wanted};
use super::text::Spot;

/// An edge of a quotation, found by a word.
pub struct FoundEdge<'a> {
    word: (Spot, Spot),
    edge: &'a Edge,
    is_start: bool,
}

impl FoundEdge<'_> {
    /// Its offset in its section: beside the word, as it was beside the word that was kept.
    pub fn settle(&self, section: &Section) -> usize {
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

impl Wanted<'_> {
    /// The edges of the quotation at a candidate.
    pub fn place(&self, (number, candidate): &(usize, Candidate)) -> Option<(FoundEdge<'_>, FoundEdge<'_>)> {
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

    /// The place in the document at a candidate.
    pub fn settle(
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
        // The place of what was deleted is where it would be.
        if candidate.is_gone {
            return Some(Found { range: Range::new(first, first), ..Found::LOST });
        }
        let range = Range { start: first, end: last.max(first) };
        let base = bases.get(id.index()).copied().unwrap_or(0);
        let next = bases.get(id.index() + 1).copied().unwrap_or(total);
        let share = (base as f64 + next.saturating_sub(base) as f64 * section.fraction(first)) / total.max(1) as f64;
        let original = *self.versions.first()?;
        let stands = self.versions.iter().any(|version| version.start == range.start && version.end == range.end);
        let anchor = Anchor::new(section, range, original.chapter.clone(), share);
        // A later version of it may be there as it was, with words that are not those that were marked.
        let is_same = original.has_words_of(&anchor);
        let status = match (candidate.is_whole && is_same, stands) {
            (true, true) => Status::Exact,
            (true, false) => Status::Moved,
            (false, _) => Status::Changed,
        };
        Some(Found { range, status, anchor: Some(Box::new(anchor)) })
    }
}

/// Sections as they are asked for, the last one kept.
pub struct Sections<'a> {
    document: &'a dyn Document,
    last: Option<Section>,
}

impl<'a> Sections<'a> {
    /// Sections of a document.
    pub fn new(document: &'a dyn Document) -> Sections<'a> {
        Sections { document, last: None }
    }

    /// A section, if it can be read.
    pub fn get(&mut self, id: SectionId) -> Option<&Section> {
        if self.last.as_ref().is_none_or(|last| last.id() != id) {
            self.last = self.document.load(id).ok();
        }
        self.last.as_ref()
    }
}

/// The place of a share of a document.
pub fn place_at(sections: &mut Sections<'_>, bases: &[u64], total: u64, fraction: f64) -> Position {
    let at = total as f64 * fraction;
    let index = bases.partition_point(|base| *base as f64 <= at).saturating_sub(1);
    let start = bases.get(index).copied().unwrap_or(0);
    let end = bases.get(index + 1).copied().unwrap_or(total);
    let within = (at - start as f64) / end.saturating_sub(start).max(1) as f64;
    let id = SectionId(index as u32);
    sections.get(id).map_or(Position::start_of(id), |section| section.word_at(within))
}

//! Chapters: a list of entries with levels, in reading order, and which one a place is in.

use std::collections::{HashMap, HashSet};

use crate::limits::{OUTLINE_DEPTH_MAX, OUTLINE_ENTRIES_MAX};
use crate::text::{Clean, clean_line};

use super::{BlockId, Position, Range, Section, SectionId, Warning};

/// Where an entry leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A place that is known.
    At(Position),
    /// A named place in a section; known once the section is loaded
    /// ([`Section::id_position`]), and until then its start.
    Named(SectionId, Clean),
}

impl Target {
    /// The section it leads to.
    pub fn section(&self) -> SectionId {
        match self {
            Target::At(place) => place.section,
            Target::Named(section, _) => *section,
        }
    }

    /// The place, as well as it is known without loading anything.
    pub fn position(&self) -> Position {
        match self {
            Target::At(place) => *place,
            Target::Named(section, _) => Position::start_of(*section),
        }
    }

    /// The place, with the section at hand (which must be the target's own).
    pub fn position_in(&self, section: &Section) -> Position {
        match self {
            Target::At(place) => *place,
            Target::Named(id, name) => section.id_position(name).unwrap_or(Position::start_of(*id)),
        }
    }
}

/// One entry of an outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub title: Clean,
    /// How deep it lies: 1 is the outermost.
    pub level: u8,
    /// Where it begins.
    pub target: Target,
    /// The share of its section before it, 0 to 1; 0 where that is not known yet.
    pub within: f32,
    /// Found from the text without a heading: shown as inferred, never as the author's own.
    pub inferred: bool,
}

/// The chapters of a document, in reading order, flattened with their levels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    entries: Vec<Entry>,
    /// The entries stand in the order of their places, as in nearly all outlines.
    is_sorted: bool,
    /// Some entries lead to named places.
    has_names: bool,
    /// What a reader has to know who misses an entry.
    warnings: Vec<Warning>,
}

/// What a reader calls a chapter: an entry and the stretch up to the next one of its level or an
/// outer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The entry's index in the outline.
    pub index: usize,
    /// Where it begins.
    pub start: Position,
    /// Where the next chapter of its level or an outer one begins; `None` at the end.
    pub end: Option<Position>,
}

impl Outline {
    /// An outline of these entries, cut at [`OUTLINE_ENTRIES_MAX`] and [`OUTLINE_DEPTH_MAX`].
    pub fn new(mut entries: Vec<Entry>) -> Outline {
        let mut warnings = Vec::new();
        if entries.len() > OUTLINE_ENTRIES_MAX {
            let sentence = "The contents list has more than 50,000 lines; the rest of them is left out.";
            warnings.push(Warning(clean_line(sentence)));
        }
        entries.truncate(OUTLINE_ENTRIES_MAX);
        for entry in &mut entries {
            entry.level = entry.level.clamp(1, OUTLINE_DEPTH_MAX);
        }
        let mut outline = Outline { entries, is_sorted: false, has_names: false, warnings };
        outline.look_over();
        outline
    }

    /// An outline of entries made from those of this one.
    pub(super) fn remade(&self, entries: Vec<Entry>) -> Outline {
        Outline::new(entries).warned(self.warnings.clone())
    }

    /// This outline, of which the reader has to know these things too.
    #[must_use]
    pub fn warned(mut self, warnings: impl IntoIterator<Item = Warning>) -> Outline {
        for warning in warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        self
    }

    /// Notes what makes questions about a long outline quick to answer.
    fn look_over(&mut self) {
        self.is_sorted = self.entries.is_sorted_by_key(|e| e.target.position());
        self.has_names = self.entries.iter().any(|e| matches!(e.target, Target::Named(..)));
    }

    /// The entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a reader has to know who misses an entry.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Replaces named targets in a section that is now loaded by their places.
    pub fn settle(&mut self, section: &Section) {
        if !self.needs(section.id()) {
            return;
        }
        let mut places = HashMap::new();
        for (name, place) in section.ids() {
            places.entry(name.as_str()).or_insert(place);
        }
        for entry in &mut self.entries {
            if let Target::Named(id, name) = &entry.target
                && *id == section.id()
            {
                let place = places.get(name.as_str()).copied().unwrap_or(Position::start_of(*id));
                entry.target = Target::At(place);
                entry.within = section.fraction(place) as f32;
            }
        }
        self.look_over();
    }

    /// Whether an entry leads to a named place in this section that is not known yet.
    pub fn needs(&self, section: SectionId) -> bool {
        self.has_names && self.entries.iter().any(|e| matches!(&e.target, Target::Named(id, _) if *id == section))
    }

    /// The innermost entry that a place lies in: the last in the list that begins at or before
    /// it. `None` before the first.
    ///
    /// A contents list may be out of order; the entry that begins last is meant then.
    pub fn locate(&self, place: Position) -> Option<usize> {
        if self.is_sorted {
            return self.entries.partition_point(|e| e.target.position() <= place).checked_sub(1);
        }
        self.entries
            .iter()
            .enumerate()
            .filter(|(_, e)| e.target.position() <= place)
            .max_by_key(|(index, e)| (e.target.position(), *index))
            .map(|(index, _)| index)
    }

    /// The places that head a chapter which was not inferred, without their bytes.
    pub fn heads(&self) -> HashSet<(SectionId, BlockId)> {
        let named = self.entries.iter().filter(|entry| !entry.inferred).map(|entry| entry.target.position());
        named.map(|place| (place.section, place.block)).collect()
    }

    /// The next entry of any level that begins later.
    pub fn next(&self, index: usize) -> Option<&Entry> {
        let start = self.entries.get(index)?.target.position();
        self.entries.iter().skip(index + 1).find(|e| e.target.position() > start)
    }

    /// The entry around another: the nearest one before it of an outer level.
    pub fn parent(&self, index: usize) -> Option<usize> {
        let level = self.entries.get(index)?.level;
        (0..index).rev().find(|&i| self.entries.get(i).is_some_and(|e| e.level < level))
    }

    /// The path of titles to an entry, outermost first.
    pub fn path(&self, index: usize) -> Vec<Clean> {
        let mut path: Vec<Clean> = std::iter::successors(Some(index), |&i| self.parent(i))
            .filter_map(|i| self.entries.get(i).map(|e| e.title.clone()))
            .collect();
        path.reverse();
        path
    }

    /// An entry as a stretch of the document.
    pub fn chapter(&self, index: usize) -> Option<Chapter> {
        let entry = self.entries.get(index)?;
        let start = entry.target.position();
        let end = self
            .entries
            .iter()
            .skip(index + 1)
            .filter(|e| e.level <= entry.level)
            .map(|e| e.target.position())
            .find(|&place| place > start);
        Some(Chapter { index, start, end })
    }
}

impl Chapter {
    /// The chapter as a range, if it does not run to the end of the document.
    pub fn range(&self) -> Option<Range> {
        self.end.map(|end| Range { start: self.start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BlockId;
    use crate::text::clean_line;

    fn outline(entries: &[(&str, u8, u32)]) -> Outline {
        let entry = |&(title, level, block): &(&str, u8, u32)| Entry {
            title: clean_line(title),
            level,
            target: Target::At(Position::new(SectionId(0), BlockId(block), 0)),
            within: 0.0,
            inferred: false,
        };
        Outline::new(entries.iter().map(entry).collect())
    }

    fn at(block: u32) -> Position {
        Position::new(SectionId(0), BlockId(block), 0)
    }

    #[test]
    fn a_place_is_in_the_innermost_entry_before_it() {
        let o = outline(&[("Part", 1, 2), ("One", 2, 4), ("Two", 2, 8), ("Part II", 1, 12)]);
        for (block, index) in [(0, None), (2, Some(0)), (3, Some(0)), (4, Some(1)), (11, Some(2)), (40, Some(3))] {
            assert_eq!(o.locate(at(block)), index, "block {block}");
        }
        assert_eq!(o.path(2).iter().map(Clean::as_str).collect::<Vec<_>>(), ["Part", "Two"]);
    }

    #[test]
    fn a_chapter_ends_where_the_next_of_its_level_begins() {
        let o = outline(&[("Part", 1, 2), ("One", 2, 4), ("Two", 2, 8), ("Part II", 1, 12)]);
        let ends: Vec<_> = (0..4).map(|i| o.chapter(i).unwrap().end).collect();
        assert_eq!(ends, [Some(at(12)), Some(at(8)), Some(at(12)), None]);
    }

    #[test]
    fn a_contents_list_out_of_order_still_locates() {
        let o = outline(&[("Notes", 1, 30), ("One", 1, 4), ("Two", 1, 8)]);
        assert_eq!(o.locate(at(9)), Some(2));
        assert_eq!(o.locate(at(31)), Some(0));
    }

    #[test]
    fn limits_hold() {
        let o = outline(&[("deep", 200, 0), ("zero", 0, 1)]);
        assert_eq!(o.entries().iter().map(|e| e.level).collect::<Vec<_>>(), [OUTLINE_DEPTH_MAX, 1]);
    }
}

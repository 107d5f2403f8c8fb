//! Corrections: chapters that the reader made, renamed, moved to another level or took away.
//!
//! A correction is a mark of its own kind, so it is kept, found again in changed text and deleted
//! like any mark. Its note is the title, its name the level; level 0 takes a chapter away. What a
//! pass finds is never changed: corrections are laid over it each time.

use std::collections::HashSet;

use crate::limits::OUTLINE_DEPTH_MAX;
use crate::text::{Clean, clean_line};

use super::{Anchor, BlockId, Entry, Mark, MarkKind, Outline, Position, SectionId, Status, Target};

/// One correction.
#[derive(Clone, Debug, PartialEq)]
struct Correction {
    place: Position,
    /// 0: no chapter.
    level: u8,
    title: Clean,
    /// How far into its section it stands is not known; the share of the document stands in.
    fraction: f32,
}

impl Correction {
    /// It as a chapter of its own.
    fn entry(&self) -> Entry {
        Entry {
            title: self.title.clone(),
            level: self.level,
            target: Target::At(self.place),
            within: self.fraction,
            inferred: false,
        }
    }
}

/// What a correction is about: all of a paragraph.
fn block_of(place: Position) -> (SectionId, BlockId) {
    (place.section, place.block)
}

/// The corrections of one document, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Corrections(Vec<Correction>);

impl Mark {
    /// Whether it says something of the chapters and is no mark for the eye: it is listed with
    /// them, not with the marks.
    pub fn is_correction(&self) -> bool {
        self.kind == MarkKind::Chapter
    }

    /// Whether it is the correction of the chapter that begins with the block of a place.
    pub fn corrects(&self, place: Position) -> bool {
        self.is_correction() && self.status != Status::Lost && block_of(self.anchor.start) == block_of(place)
    }

    /// A correction at a place: a chapter of this level, or none for level 0. `earlier` is the
    /// correction that stood there before; its identity is kept.
    pub fn chapter(anchor: Anchor, level: u8, title: Clean, earlier: Option<&Mark>) -> Mark {
        Mark {
            id: earlier.map(|m| m.id.clone()).unwrap_or_default(),
            kind: MarkKind::Chapter,
            name: Some(clean_line(&level.min(OUTLINE_DEPTH_MAX).to_string())),
            note: Some(title),
            color: None,
            anchor,
            own: None,
            status: Status::Exact,
            created: earlier.map_or(0, |m| m.created),
            changed: 0,
        }
    }
}

impl Corrections {
    /// Those among these marks, the latest of each chapter: two devices or two versions of a text may
    /// each have one. One whose words are gone from the text corrects nothing.
    pub fn of<'a>(marks: impl IntoIterator<Item = &'a Mark>) -> Corrections {
        let read = |mark: &Mark| {
            let level = mark.name.as_ref()?.parse().ok()?;
            let title = mark.note.clone()?;
            let is_found = mark.is_correction() && mark.status != Status::Lost;
            let (place, fraction) = (mark.anchor.start, mark.anchor.fraction as f32);
            is_found.then_some(Correction { place, level, title, fraction })
        };
        let mut marks: Vec<&Mark> = marks.into_iter().collect();
        marks.sort_by(|a, b| b.age().cmp(&a.age()));
        let mut all: Vec<Correction> = marks.into_iter().filter_map(read).collect();
        all.sort_by_key(|c| block_of(c.place));
        all.dedup_by_key(|c| block_of(c.place));
        Corrections(all)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a place has one.
    pub fn has(&self, place: Position) -> bool {
        self.at(place).is_some()
    }

    fn at(&self, place: Position) -> Option<&Correction> {
        self.0.binary_search_by_key(&block_of(place), |c| block_of(c.place)).ok().and_then(|index| self.0.get(index))
    }
}

impl Outline {
    /// This outline with the reader's corrections. Parts found by topic stand back where the
    /// reader made chapters: the two are never mixed.
    pub fn corrected(&self, corrections: &Corrections) -> Outline {
        if corrections.is_empty() {
            return self.clone();
        }
        let old: HashSet<_> = self.entries().iter().map(|e| block_of(e.target.position())).collect();
        let has_made = corrections.0.iter().any(|c| c.level > 0);
        let mut new = corrections.0.iter().filter(|c| c.level > 0 && !old.contains(&block_of(c.place))).peekable();
        let mut entries: Vec<Entry> = Vec::new();
        for entry in self.entries() {
            let place = entry.target.position();
            entries.extend(std::iter::from_fn(|| new.next_if(|c| c.place < place)).map(Correction::entry));
            match corrections.at(place) {
                Some(correction) if correction.level > 0 => {
                    let (title, level) = (correction.title.clone(), correction.level);
                    entries.push(Entry { title, level, inferred: false, ..entry.clone() });
                }
                Some(_) => {}
                None if entry.inferred && has_made => {}
                None => entries.push(entry.clone()),
            }
        }
        entries.extend(new.map(Correction::entry));
        self.remade(entries)
    }

    /// This outline without what was inferred.
    pub fn without_inferred(&self) -> Outline {
        let kept = self.entries().iter().filter(|e| !e.inferred).cloned().collect();
        self.remade(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(block: u32) -> Position {
        Position::new(SectionId(0), BlockId(block), 0)
    }

    fn entry(title: &str, block: u32, inferred: bool) -> Entry {
        Entry { title: clean_line(title), level: 1, target: Target::At(at(block)), within: 0.0, inferred }
    }

    fn mark(block: u32, level: u8, title: &str) -> Mark {
        let anchor = Anchor { start: at(block), end: at(block), ..Anchor::default() };
        Mark::chapter(anchor, level, clean_line(title), None)
    }

    #[track_caller]
    fn check(entries: &[Entry], marks: &[Mark], expected: &[(&str, u8, u32)]) {
        let corrected = Outline::new(entries.to_vec()).corrected(&Corrections::of(marks));
        let found: Vec<(&str, u8, u32)> =
            corrected.entries().iter().map(|e| (e.title.as_str(), e.level, e.target.position().block.0)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn corrections_are_laid_over_what_was_found() {
        let found = [entry("One", 2, false), entry("Two", 9, false)];
        check(&found, &[], &[("One", 1, 2), ("Two", 1, 9)]);
        check(&found, &[mark(5, 2, "New")], &[("One", 1, 2), ("New", 2, 5), ("Two", 1, 9)]);
        check(&found, &[mark(9, 0, "Two")], &[("One", 1, 2)]);
        check(&found, &[mark(2, 3, "First")], &[("First", 3, 2), ("Two", 1, 9)]);
    }

    #[test]
    fn guesses_are_never_mixed_with_chapters() {
        let found = [entry("guess", 2, true), entry("other", 9, true)];
        check(&found, &[mark(9, 1, "Mine")], &[("Mine", 1, 9)]);
        check(&found, &[mark(9, 0, "other")], &[("guess", 1, 2)]);
    }

    #[test]
    fn the_latest_correction_of_a_chapter_counts() {
        let changed = |title: &str, changed: u64| Mark { changed, ..mark(2, 1, title) };
        let found = [entry("One", 2, false)];
        check(&found, &[changed("Early", 1), changed("Late", 3), changed("Between", 2)], &[("Late", 1, 2)]);
        check(&found, &[Mark { changed: 3, ..mark(2, 0, "One") }, changed("Early", 1)], &[]);
    }

    #[test]
    fn a_correction_whose_words_are_gone_corrects_nothing() {
        let mut lost = mark(5, 1, "New");
        lost.status = Status::Lost;
        check(&[entry("One", 2, false)], &[lost], &[("One", 1, 2)]);
    }
}

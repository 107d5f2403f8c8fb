//! The selection: a stretch of the text between two characters, the second of which is the caret.
//!
//! It is content, not rows: the page may change its width under it. Motions by rows look where
//! the caret stands on the page; the page follows the caret.

use crate::document::{Anchor, Position, Range};

use super::caret::{self, CaretMotion, Unit};
use super::{Effect, Missing, Pending, Reader, Row};

/// Bytes of text that are copied at most: what terminals take as one clipboard text, which in
/// base64 is at most 100,000 bytes.
pub const COPY_BYTES_MAX: usize = 74_994;
/// Sections that one selection may span.
const SECTIONS_MAX: u32 = 16;

/// A stretch between two characters, both of them in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The character where it began.
    anchor: Range,
    /// The character at the caret.
    caret: Range,
    /// The column that motions by rows keep.
    column: Option<u16>,
}

impl Selection {
    fn at(character: Range) -> Selection {
        Selection { anchor: character, caret: character, column: None }
    }

    /// What is selected.
    pub fn range(&self) -> Range {
        Range { start: self.anchor.start.min(self.caret.start), end: self.anchor.end.max(self.caret.end) }
    }

    /// The character at the caret.
    pub fn caret(&self) -> Position {
        self.caret.start
    }
}

impl Reader {
    /// Where a search begins: at the caret, else at the page.
    pub(super) fn search_start(&self) -> Position {
        self.selection.map_or_else(|| self.place(), |selection| selection.caret())
    }

    /// What is being selected.
    pub fn selection(&self) -> Option<&Selection> {
        self.selection.as_ref()
    }

    /// Begins to select: at the match of the search if it is on the page, else at the first word.
    /// Nothing happens on a page without text.
    pub fn start_selection(&mut self) {
        let hit = self.search.hit().map(|hit| hit.start).filter(|place| self.viewport.shows(*place));
        let first = self.rows().iter().find(|row| !row.is_textless()).map(Row::start);
        if let Some(place) = hit.or(first) {
            self.select_from(place);
        }
    }

    /// Begins to select at a place that is loaded.
    pub fn select_from(&mut self, place: Position) {
        if let Some(section) = self.pages.resident(place.section) {
            self.selection = Some(Selection::at(caret::character(place, section)));
        }
    }

    /// Extends the selection to a place that is loaded.
    pub fn select_to(&mut self, place: Position) {
        let Some(section) = self.pages.resident(place.section) else { return };
        let caret = caret::character(place, section);
        match &mut self.selection {
            Some(selection) => (selection.caret, selection.column) = (caret, None),
            None => self.selection = Some(Selection::at(caret)),
        }
    }

    /// A jump while something is being selected selects as far as it leads, as in vim.
    pub(super) fn take_caret_along(&mut self, place: Position) {
        if self.selection.is_some() {
            self.select_to(place);
        }
    }

    /// Selects the unit around the caret.
    pub fn select_unit(&mut self, unit: Unit) {
        let Some(selection) = self.selection else { return };
        let Some(section) = self.pages.resident(selection.caret().section) else { return };
        let range = caret::around(unit, selection.caret(), section);
        let last = section.block_text(range.end.block).get(..range.end.byte as usize).unwrap_or_default();
        let last = last.char_indices().next_back().map_or(0, |(at, _)| at as u32);
        self.select_from(range.start);
        self.select_to(Position { byte: last.max(range.start.byte), ..range.end });
        if let Some(selection) = &mut self.selection {
            selection.caret.end = selection.caret.end.max(range.end);
        }
    }

    /// Goes on with the other end.
    pub fn swap_selection(&mut self) -> Vec<Effect> {
        if let Some(selection) = &mut self.selection {
            std::mem::swap(&mut selection.anchor, &mut selection.caret);
            selection.column = None;
        }
        self.show_caret();
        self.settle()
    }

    /// Begins anew where the caret is.
    pub fn restart_selection(&mut self) {
        if let Some(selection) = &mut self.selection {
            selection.anchor = selection.caret;
        }
    }

    /// Gives the selection up.
    pub fn end_selection(&mut self) {
        self.selection = None;
        if matches!(self.pending, Some(Pending::Caret(..))) {
            self.pending = None;
        }
    }

    /// Moves the caret, `count` times.
    pub fn move_caret(&mut self, motion: CaretMotion, count: u32) -> Vec<Effect> {
        self.pending = Some(Pending::Caret(motion, count.max(1)));
        self.settle()
    }

    /// Carries a motion of the caret out as far as sections are loaded.
    pub(super) fn step_caret(&mut self, motion: CaretMotion, count: u32) -> Result<(), Missing> {
        use CaretMotion as M;
        let page = (u32::from(self.viewport.height()) / 2).max(1);
        let (motion, mut left) = match motion {
            M::HalfPageDown => (M::Down, count.saturating_mul(page)),
            M::HalfPageUp => (M::Up, count.saturating_mul(page)),
            motion => (motion, count),
        };
        while left > 0 {
            let Some(selection) = self.selection else { return Ok(()) };
            let moved = match motion {
                M::Down | M::Up | M::RowStart | M::RowEnd => {
                    self.caret_by_rows(motion).map(|place| place.map(|place| (place, 1)))
                }
                _ => caret::go(motion, left, selection.caret(), &mut self.pages),
            };
            let (place, steps) = match moved {
                Ok(Some(moved)) => moved,
                Ok(None) => break,
                Err(missing) => {
                    self.pending = Some(Pending::Caret(motion, left));
                    return Err(missing);
                }
            };
            let column = selection.column;
            self.select_to(place);
            if let Some(selection) = self.selection.as_mut().filter(|_| matches!(motion, M::Down | M::Up)) {
                selection.column = column.or_else(|| self.viewport.rows().iter().find_map(|row| row.column_of(place)));
            }
            left = left.saturating_sub(steps);
            if matches!(motion, M::RowStart | M::RowEnd) {
                break;
            }
        }
        self.show_caret();
        Ok(())
    }

    /// Where a motion by rows leads; the page moves where it must.
    fn caret_by_rows(&mut self, motion: CaretMotion) -> Result<Option<Position>, Missing> {
        let Some(selection) = self.selection else { return Ok(None) };
        self.show_caret();
        self.viewport.settle(&mut self.pages)?;
        let Some(here) = self.viewport.rows().iter().position(|row| row.column_of(selection.caret()).is_some()) else {
            return Ok(None);
        };
        let rows = self.viewport.rows();
        let column = selection.column.or_else(|| rows.get(here)?.column_of(selection.caret())).unwrap_or(0);
        match motion {
            CaretMotion::RowStart => return Ok(rows.get(here).map(|row| row.place_at(0))),
            CaretMotion::RowEnd => return Ok(rows.get(here).map(|row| row.place_at(u16::MAX))),
            _ => {}
        }
        let down = motion == CaretMotion::Down;
        // Rows between paragraphs have nothing to stand on.
        loop {
            let rows = self.viewport.rows();
            let here = rows.iter().position(|row| row.column_of(selection.caret()).is_some());
            let next = match here {
                Some(here) if down => rows.iter().skip(here + 1).find(|row| !row.is_textless()),
                Some(here) => rows.iter().take(here).rev().find(|row| !row.is_textless()),
                None if down => rows.iter().rev().find(|row| !row.is_textless()),
                None => rows.iter().find(|row| !row.is_textless()),
            };
            if let Some(row) = next {
                return Ok(Some(row.place_at(column)));
            }
            let before = rows.first().map(|row| (row.start(), row.row));
            let (left, missing) = self.viewport.walk(if down { 1 } else { -1 }, &mut self.pages);
            if let Some(missing) = missing.filter(|_| left != 0) {
                return Err(missing);
            }
            self.viewport.settle(&mut self.pages)?;
            if self.viewport.rows().first().map(|row| (row.start(), row.row)) == before {
                return Ok(None);
            }
        }
    }

    /// Moves the page so that the caret is on it.
    fn show_caret(&mut self) {
        let Some(caret) = self.selection.map(|s| s.caret()) else { return };
        if self.viewport.rows().iter().any(|row| row.column_of(caret).is_some()) {
            return;
        }
        let below = self.viewport.rows().last().is_some_and(|row| row.start() < caret);
        self.viewport.jump(caret, if below { self.viewport.height().saturating_sub(1) } else { 0 });
    }

    /// A stretch as it is saved, a piece for every section it spans. Empty while one of them is
    /// not loaded, or where there are too many.
    pub fn anchors(&self, range: Range) -> Vec<Anchor> {
        let mut anchors = Vec::new();
        if range.end.section.0.saturating_sub(range.start.section.0) >= SECTIONS_MAX {
            return anchors;
        }
        for id in range.start.section.0..=range.end.section.0 {
            let id = crate::document::SectionId(id);
            let Some(section) = self.pages.resident(id).filter(|_| !self.failed.contains(&id)) else {
                return Vec::new();
            };
            let piece = Range { start: section.clamp(range.start), end: section.clamp(range.end) };
            if piece.start < piece.end || range.start == range.end {
                let chapter = self.outline.locate(piece.start).map(|i| self.outline.path(i)).unwrap_or_default();
                anchors.push(Anchor::new(section, piece, chapter, self.fraction(piece.start)));
            }
        }
        anchors
    }

    /// The text of stretches, each after the other: parted by an empty line where they lie in
    /// different sections, by a space where a reporting clause was between them. `None` while
    /// one of them is not loaded, or where it is more than [`COPY_BYTES_MAX`].
    pub fn excerpt(&self, parts: &[Range]) -> Option<String> {
        let mut out = String::new();
        let mut last: Option<Position> = None;
        for part in parts {
            for id in part.start.section.0..=part.end.section.0 {
                let section = self.pages.resident(crate::document::SectionId(id))?;
                let text = section.excerpt(*part);
                let here = section.clamp(part.start);
                if !out.is_empty() && !text.is_empty() {
                    let is_beside = last.is_some_and(|l| (l.section, l.block) == (here.section, here.block));
                    out.push_str(if is_beside { " " } else { "\n\n" });
                }
                out.push_str(&text);
                last = Some(section.clamp(part.end));
                if out.len() > COPY_BYTES_MAX {
                    return None;
                }
            }
        }
        Some(out)
    }
}

//! The writer: turns what was painted into the fewest bytes that make the terminal show it.
//!
//! It owns a picture of what the terminal shows, and compares each new page with it cell by
//! cell. It must not know what is painted, nor where the bytes go. A frame is one run of bytes
//! between the marks of a synchronized update; when nothing changed there are no bytes at all.
//! Scrolling is a hint: a wrong one costs bytes, never a wrong screen.

use std::mem;

use ratatui::{
    buffer::{Buffer, Cell, CellDiffOption},
    layout::Position,
};

use super::abilities::{Abilities, Scroll};
use super::glyph::{Glyph, TAIL, is_blank};
use super::pen::Pen;
use super::writer::Writer;

/// The rows `top..bottom` of the screen moved as one: what was at row `y` is now at `y - by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// First row of the region, from 0.
    pub top: u16,
    /// The row after the last one of the region.
    pub bottom: u16,
    /// Rows by which the content moved up; negative when it moved down.
    pub by: i32,
}

/// The writer and its picture of the terminal.
#[derive(Debug)]
pub struct Screen {
    abilities: Abilities,
    columns: u16,
    rows: u16,
    /// What the terminal shows, row by row; behind a wide cell stand [`TAIL`]s.
    shown: Vec<Cell>,
    /// Whether `shown` can be trusted.
    is_known: bool,
    /// Whether and where the cursor is seen.
    cursor: Option<Position>,
    /// One row of the new page, split into glyphs.
    glyphs: Vec<Glyph>,
}

/// Opens a frame: the terminal may wait with painting until it is closed.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// Closes a frame.
const END: &[u8] = b"\x1b[?2026l";
/// From any state to an empty screen: attributes, margins and place reset, all erased.
const CLEAR: &[u8] = b"\x1b[m\x1b[r\x1b[H\x1b[2J\x1b[?25l";
/// About the bytes of a scroll sequence, in cells that must change less because of it.
const SCROLL_COST: usize = 24;

impl Screen {
    /// A writer for a terminal of unknown content.
    pub fn new(abilities: Abilities) -> Screen {
        Screen { abilities, columns: 0, rows: 0, shown: Vec::new(), is_known: false, cursor: None, glyphs: Vec::new() }
    }

    /// Forgets what the terminal shows: the next frame clears it and writes everything.
    pub fn invalidate(&mut self) {
        self.is_known = false;
    }

    /// Appends to `out` what makes the terminal show `next`, with the cursor seen at `cursor` or
    /// hidden; nothing when it does already. `hint` tells that rows moved since the last frame.
    pub fn encode(&mut self, next: &Buffer, hint: Option<Shift>, cursor: Option<Position>, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(BEGIN);
        let body = out.len();
        self.fit(next);
        let mut writer = Writer {
            out,
            abilities: self.abilities,
            rows: self.rows,
            columns: self.columns,
            at: None,
            pen: Pen::default(),
        };
        if !mem::replace(&mut self.is_known, true) {
            writer.out.extend_from_slice(CLEAR);
            writer.at = Some((0, 0));
            self.cursor = None;
            self.shown.fill(Cell::EMPTY);
        } else if let Some(shift) = hint.and_then(|shift| self.worth(shift, next)) {
            self.hide_cursor(&mut writer);
            writer.scroll(shift);
            self.shift_shown(shift);
        }
        for y in 0..self.rows {
            self.encode_row(next, y, &mut writer);
        }
        writer.set_pen(Pen::default());
        self.place_cursor(cursor, body, &mut writer);
        if out.len() == body {
            out.truncate(start);
        } else {
            out.extend_from_slice(END);
        }
    }

    /// Takes on the size of the page.
    fn fit(&mut self, next: &Buffer) {
        if (self.columns, self.rows) != (next.area.width, next.area.height) {
            (self.columns, self.rows) = (next.area.width, next.area.height);
            // Its room stays: a large one that comes and goes would leave holes in the heap.
            self.shown.clear();
            self.shown.resize(usize::from(self.columns) * usize::from(self.rows), Cell::EMPTY);
            self.is_known = false;
        }
    }

    fn encode_row(&mut self, next: &Buffer, y: u16, writer: &mut Writer) {
        let range = self.row_range(y);
        let (Some(cells), Some(shown)) = (next.content.get(range.clone()), self.shown.get_mut(range)) else { return };
        // Most rows of most frames: nothing to do, and nothing to prepare.
        if !Glyph::split_row(cells, shown, &mut self.glyphs) {
            return;
        }
        if self.cursor.take().is_some() {
            writer.hide_cursor();
        }
        writer.row(y, &mut self.glyphs, cells);
        for glyph in &self.glyphs {
            glyph.store(cells, shown);
        }
    }

    fn row_range(&self, y: u16) -> std::ops::Range<usize> {
        let columns = usize::from(self.columns);
        let start = usize::from(y) * columns;
        start..start + columns
    }

    fn hide_cursor(&mut self, writer: &mut Writer) {
        if self.cursor.take().is_some() {
            writer.hide_cursor();
        }
    }

    /// Shows the cursor at the end of a frame that begins at `body`, or hides it.
    fn place_cursor(&mut self, cursor: Option<Position>, body: usize, writer: &mut Writer) {
        let cursor = cursor.map(|at| Position {
            x: at.x.min(self.columns.saturating_sub(1)),
            y: at.y.min(self.rows.saturating_sub(1)),
        });
        match cursor {
            None => self.hide_cursor(writer),
            Some(_) if cursor == self.cursor && writer.out.len() == body => {}
            Some(at) => {
                writer.go(at.x, at.y);
                if self.cursor.is_none() {
                    writer.out.extend_from_slice(b"\x1b[?25h");
                }
            }
        }
        self.cursor = cursor;
    }

    /// The shift, if the terminal may scroll it and if fewer cells change with it than without.
    fn worth(&self, shift: Shift, next: &Buffer) -> Option<Shift> {
        let height = shift.bottom.checked_sub(shift.top)?;
        // Some terminals ignore counts above the region; from two thirds on little is left.
        let is_sane = shift.by != 0 && u32::from(height) * 2 >= shift.by.unsigned_abs().checked_mul(3)?;
        if self.abilities.scroll == Scroll::Off || height < 2 || shift.bottom > self.rows || !is_sane {
            return None;
        }
        let (mut plain, mut shifted) = (0, SCROLL_COST);
        for y in shift.top..shift.bottom {
            let cells = next.content.get(self.row_range(y))?;
            let shown = self.shown.get(self.row_range(y))?;
            // Images do not scroll alike everywhere.
            if cells.iter().chain(shown).any(|cell| cell.diff_option == CellDiffOption::Skip) {
                return None;
            }
            plain += differing(cells, Some(shown));
            let from = i32::from(y) + shift.by;
            let moved = (i32::from(shift.top)..i32::from(shift.bottom)).contains(&from);
            shifted += differing(cells, if moved { self.shown.get(self.row_range(from as u16)) } else { None });
        }
        (shifted < plain).then_some(shift)
    }

    /// Moves the picture as the terminal moves its rows; what comes in is blank.
    fn shift_shown(&mut self, shift: Shift) {
        let range = self.row_range(shift.top).start..self.row_range(shift.bottom).start;
        let by = shift.by.unsigned_abs() as usize * usize::from(self.columns);
        let Some(region) = self.shown.get_mut(range) else { return };
        let by = by.min(region.len());
        let vacated = if shift.by > 0 {
            region.rotate_left(by);
            region.len() - by..region.len()
        } else {
            region.rotate_right(by);
            0..by
        };
        if let Some(vacated) = region.get_mut(vacated) {
            vacated.fill(Cell::EMPTY);
        }
    }
}

/// How many cells of a row differ from what is shown; without it, from blanks. The second halves
/// of wide cells count as equal.
fn differing(cells: &[Cell], shown: Option<&[Cell]>) -> usize {
    match shown {
        Some(shown) => cells.iter().zip(shown).filter(|(cell, shown)| cell != shown && shown.symbol() != TAIL).count(),
        None => cells.iter().filter(|cell| !is_blank(cell)).count(),
    }
}

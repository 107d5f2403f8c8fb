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
use super::pen::{Pen, push_number};

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
/// From here on erasing the rest of a row (3 bytes) is cheaper than printing blanks.
const ERASE_FROM: usize = 4;
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

    /// Sets what the terminal can do, and invalidates.
    pub fn set_abilities(&mut self, abilities: Abilities) {
        self.abilities = abilities;
        self.invalidate();
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

/// One frame under construction: the bytes, and the state the terminal will be in after them.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
    abilities: Abilities,
    columns: u16,
    rows: u16,
    /// Column and row of the cursor, if certain.
    at: Option<(u16, u16)>,
    pen: Pen,
}

impl Writer<'_> {
    /// Writes the changed glyphs of a row.
    fn row(&mut self, y: u16, glyphs: &mut [Glyph], cells: &[Cell]) {
        let tail = self.blank_tail(glyphs, cells);
        let erase = self.erasable(tail, glyphs, cells);
        // Until this column a grapheme may have been painted over what stood there.
        let mut spoiled = 0;
        let mut index = 0;
        while let Some(glyph) = glyphs.get(index).copied() {
            if erase.is_some_and(|from| index >= from) {
                break;
            }
            if (glyph.is_changed || glyph.x < spoiled)
                && !glyph.is_skipped
                && let Some(cell) = cells.get(usize::from(glyph.x))
            {
                if self.at.is_none_or(|at| at != (glyph.x, y)) {
                    self.approach(glyph.x, y, index, glyphs, cells);
                }
                self.glyph(glyph, y, cell);
                spoiled = spoiled.max(glyph.x + glyph.spoils);
            }
            index += 1;
        }
        if let Some(glyph) = erase.and_then(|from| glyphs.get(from)) {
            self.erase(glyph.x, y, cells);
        }
    }

    /// The index of the first glyph of the blank end of a row: blanks of one background, on
    /// which nothing else is seen.
    fn blank_tail(&self, glyphs: &[Glyph], cells: &[Cell]) -> usize {
        let pen_of = |glyph: &Glyph| cells.get(usize::from(glyph.x)).map(|cell| Pen::of(cell, self.abilities.depth));
        let Some(last) = glyphs.last().and_then(pen_of) else { return 0 };
        let is_tail =
            |glyph: &Glyph| glyph.is_blank && pen_of(glyph).is_some_and(|pen| pen.looks_alike_on_blanks(last));
        glyphs.len() - glyphs.iter().rev().take_while(|glyph| is_tail(glyph)).count()
    }

    /// The index of the glyph from which on the blank end, which begins at `tail`, is erased;
    /// none if nothing changed there or printing is shorter.
    fn erasable(&self, tail: usize, glyphs: &[Glyph], cells: &[Cell]) -> Option<usize> {
        let is_coloured = !Pen::of(cells.last()?, self.abilities.depth).has_default_background();
        if is_coloured && !self.abilities.erases_in_colour {
            return None;
        }
        // What a grapheme of uncertain width may paint over is erased too.
        let reach = glyphs.iter().fold(0, |reach, glyph| {
            if glyph.is_changed || glyph.x < reach { reach.max(glyph.x + glyph.spoils) } else { reach }
        });
        let is_touched = |glyph: &Glyph| glyph.is_changed || glyph.x < reach;
        let changed = glyphs.get(tail..)?;
        let first = tail + changed.iter().position(is_touched)?;
        let last = tail + changed.iter().rposition(is_touched)?;
        (last - first + 1 >= ERASE_FROM).then_some(first)
    }

    /// Erases from a column to the end of the row, which is blank in `cells`.
    fn erase(&mut self, x: u16, y: u16, cells: &[Cell]) {
        let Some(cell) = cells.last() else { return };
        let blank = Pen::of(cell, self.abilities.depth).blank();
        self.go(x, y);
        if !self.pen.looks_alike_on_blanks(blank) {
            self.set_pen(blank);
        }
        self.out.extend_from_slice(b"\x1b[K");
    }

    /// Goes to a column of a row: by printing what stands between where that is shortest.
    fn approach(&mut self, x: u16, y: u16, index: usize, glyphs: &[Glyph], cells: &[Cell]) {
        let Some((from, row)) = self.at else { return self.go(x, y) };
        // `CSI n C` is 4 bytes for 2 to 9 columns; a bridge is never longer.
        let gap = usize::from(x.saturating_sub(from));
        if row != y || from > x || gap > 4 {
            return self.go(x, y);
        }
        let limit = if gap == 1 { 3 } else { 4 };
        let first = glyphs.iter().take(index).rposition(|glyph| glyph.x <= from).unwrap_or(index);
        let between = glyphs.get(first..index).unwrap_or_default();
        let can_print = |glyph: &Glyph| {
            let pen = cells.get(usize::from(glyph.x)).map(|cell| Pen::of(cell, self.abilities.depth));
            let fits = |pen| pen == self.pen || (glyph.is_blank && self.pen.looks_alike_on_blanks(pen));
            !glyph.is_skipped && glyph.spoils == 0 && pen.is_some_and(fits)
        };
        let text = |glyph: &Glyph| cells.get(usize::from(glyph.x)).map_or("", |cell| glyph.text(cell));
        let bytes: usize = between.iter().map(|glyph| text(glyph).len()).sum();
        if bytes > limit || between.first().is_none_or(|glyph| glyph.x != from) || !between.iter().all(can_print) {
            return self.go(x, y);
        }
        for glyph in between {
            self.out.extend_from_slice(text(glyph).as_bytes());
        }
        self.at = Some((x, y));
    }

    /// Prints one glyph at the cursor.
    fn glyph(&mut self, glyph: Glyph, y: u16, cell: &Cell) {
        let pen = Pen::of(cell, self.abilities.depth);
        if !(glyph.is_blank && pen.looks_alike_on_blanks(self.pen)) {
            self.set_pen(pen);
        }
        let end = glyph.x + glyph.width;
        if glyph.spoils == 0 {
            self.out.extend_from_slice(glyph.text(cell).as_bytes());
            // In the last column the cursor waits before or after the edge, as terminals please.
            self.at = (end < self.columns).then_some((end, y));
        } else {
            // Terminals disagree on the width: the place is blanked, and left by its number.
            self.out.extend(std::iter::repeat_n(b' ', usize::from(glyph.width)));
            self.at = None;
            self.go(glyph.x, y);
            self.out.extend_from_slice(glyph.text(cell).as_bytes());
            self.at = None;
        }
    }

    fn set_pen(&mut self, pen: Pen) {
        self.pen.change(pen, self.out);
        self.pen = pen;
    }

    /// Moves the cursor the shortest way.
    fn go(&mut self, x: u16, y: u16) {
        match self.at {
            Some(at) if at == (x, y) => {}
            Some((from, row)) if row == y && from < x => self.forward(x - from),
            // CR, LF and a step forward are shorter than row and column for these.
            Some((_, row)) if y == row + 1 || (y == row + 2 && x == 0) => {
                self.out.push(b'\r');
                self.out.extend(std::iter::repeat_n(b'\n', usize::from(y - row)));
                self.forward(x);
            }
            _ => self.go_absolute(x, y),
        }
        self.at = Some((x, y));
    }

    fn forward(&mut self, columns: u16) {
        match columns {
            0 => {}
            1 => self.out.extend_from_slice(b"\x1b[C"),
            _ => self.sequence(&[columns], b'C'),
        }
    }

    fn go_absolute(&mut self, x: u16, y: u16) {
        match (x, y) {
            (0, 0) => self.out.extend_from_slice(b"\x1b[H"),
            (0, _) => self.sequence(&[y + 1], b'H'),
            _ => {
                self.out.extend_from_slice(b"\x1b[");
                // An omitted row is the first one.
                if y > 0 {
                    push_number(self.out, y + 1);
                }
                self.out.push(b';');
                push_number(self.out, x + 1);
                self.out.push(b'H');
            }
        }
    }

    /// Moves the rows of a region; what comes in is blank.
    fn scroll(&mut self, shift: Shift) {
        let count = shift.by.unsigned_abs() as u16;
        let is_whole = shift.top == 0 && shift.bottom == self.rows;
        if is_whole || self.abilities.scroll == Scroll::Lines {
            let low = shift.bottom.saturating_sub(count);
            let (first, then) =
                if shift.by > 0 { ((shift.top, b'M'), (low, b'L')) } else { ((low, b'M'), (shift.top, b'L')) };
            // At the bottom of the screen lines come and go by themselves.
            for (row, what) in [first, then] {
                if row != low || shift.bottom != self.rows {
                    self.go(0, row);
                    self.sequence(&[count], what);
                }
            }
        } else {
            self.sequence(&[shift.top + 1, shift.bottom], b'r');
            // Setting margins homes the cursor, but not everywhere: its place is set by number.
            self.go_absolute(0, shift.top);
            self.sequence(&[count], if shift.by > 0 { b'M' } else { b'L' });
            // Margins are never kept: other sequences reset them or move by them.
            self.out.extend_from_slice(b"\x1b[r");
            self.at = Some((0, 0));
        }
    }

    fn hide_cursor(&mut self) {
        self.out.extend_from_slice(b"\x1b[?25l");
    }

    /// `CSI`, numbers parted by semicolons, and the final byte.
    fn sequence(&mut self, numbers: &[u16], end: u8) {
        self.out.extend_from_slice(b"\x1b[");
        for (n, number) in numbers.iter().enumerate() {
            if n > 0 {
                self.out.push(b';');
            }
            push_number(self.out, *number);
        }
        self.out.push(end);
    }
}

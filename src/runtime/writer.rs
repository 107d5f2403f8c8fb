//! One frame under construction: which bytes print a row, reach a place, move a region.
//!
//! It knows the state the terminal will be in after the bytes so far, and picks the shortest way
//! on. It must not know what the terminal showed before: which glyphs changed is told to it.

use ratatui::buffer::Cell;

use super::abilities::{Abilities, Scroll};
use super::glyph::Glyph;
use super::pen::{Pen, push_number};
use super::screen::Shift;

/// From here on erasing the rest of a row (3 bytes) is cheaper than printing blanks.
const ERASE_FROM: usize = 4;

/// The bytes, and the state the terminal will be in after them.
pub(super) struct Writer<'a> {
    pub out: &'a mut Vec<u8>,
    pub abilities: Abilities,
    pub columns: u16,
    pub rows: u16,
    /// Column and row of the cursor, if certain.
    pub at: Option<(u16, u16)>,
    pub pen: Pen,
}

impl Writer<'_> {
    /// Writes the changed glyphs of a row.
    pub fn row(&mut self, y: u16, glyphs: &mut [Glyph], cells: &[Cell]) {
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

    pub fn set_pen(&mut self, pen: Pen) {
        self.pen.change(pen, self.out);
        self.pen = pen;
    }

    /// Moves the cursor the shortest way.
    pub fn go(&mut self, x: u16, y: u16) {
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
    pub fn scroll(&mut self, shift: Shift) {
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

    pub fn hide_cursor(&mut self) {
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

//! Cells as the terminal will print them: how wide, whether changed, whether its width is sure.
//!
//! It knows cells and Unicode, nothing of sequences. It is also the last net before the
//! terminal: a control character in a cell is never printed, whoever put it there.

use ratatui::buffer::{Cell, CellDiffOption};
use unicode_width::UnicodeWidthChar;

use crate::text::width::grapheme_width;

/// What stands in the picture behind the first column of a wide cell. No page has it; if one
/// had, the cell would be written each time.
pub(super) const TAIL: &str = "\0";

/// What is printed for a cell that would do something else than print.
const SUBSTITUTE: &str = "\u{FFFD}";

/// One cell, or one wide cell and those behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Its first column.
    pub x: u16,
    /// Its columns, at least 1.
    pub width: u16,
    /// Columns that some terminal may paint because it takes the grapheme for wider, from `x`
    /// on; 0 if all agree on its width.
    pub spoils: u16,
    /// Whether it differs from what is shown.
    pub is_changed: bool,
    /// Whether it prints as a space.
    pub is_blank: bool,
    /// Whether the cell belongs to something else than text, such as an image, and is let alone.
    pub is_skipped: bool,
    form: Form,
}

/// What is printed of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Its symbol.
    Whole,
    /// The first character of its symbol: the whole might overflow the row.
    First,
    /// A space: there is no room, or nothing to print.
    Blank,
    /// The sign for what cannot be shown.
    Substitute,
}

impl Glyph {
    /// Splits a row into glyphs and compares it with what is shown; returns whether anything
    /// changed. If not, the glyphs are of no use.
    pub fn split_row(cells: &[Cell], shown: &[Cell], glyphs: &mut Vec<Glyph>) -> bool {
        glyphs.clear();
        // Most rows of most frames.
        let is_same = |(cell, shown): (&Cell, &Cell)| cell == shown && cell.diff_option != CellDiffOption::AlwaysUpdate;
        if cells.len() == shown.len() && cells.iter().zip(shown).all(is_same) {
            return false;
        }
        let mut any = false;
        let mut x = 0;
        while let Some(cell) = cells.get(x) {
            let mut glyph = Glyph::of(cell, x as u16, (cells.len() - x) as u16);
            glyph.is_changed = glyph.differs(cell, shown);
            any |= glyph.is_changed;
            x += usize::from(glyph.width);
            glyphs.push(glyph);
        }
        any
    }

    /// What is printed, with `cell` being the one the glyph was made of.
    pub fn text(self, cell: &Cell) -> &str {
        let symbol = cell.symbol();
        match self.form {
            Form::Whole => symbol,
            Form::First => symbol.chars().next().and_then(|c| symbol.get(..c.len_utf8())).unwrap_or(" "),
            Form::Blank => " ",
            Form::Substitute => SUBSTITUTE,
        }
    }

    /// Puts the glyph into the picture of the row.
    pub fn store(self, cells: &[Cell], shown: &mut [Cell]) {
        if !self.is_changed {
            return;
        }
        let x = usize::from(self.x);
        let Some(columns) = shown.get_mut(x..x + usize::from(self.width)) else { return };
        let mut columns = columns.iter_mut();
        if let (Some(first), Some(cell)) = (columns.next(), cells.get(x)) {
            first.clone_from(cell);
        }
        for tail in columns {
            tail.reset();
            tail.set_symbol(TAIL);
        }
    }

    fn of(cell: &Cell, x: u16, room: u16) -> Glyph {
        let glyph = Glyph::of_text(cell, x, room);
        Glyph { is_blank: glyph.is_blank && !glyph.is_skipped, ..glyph }
    }

    fn of_text(cell: &Cell, x: u16, room: u16) -> Glyph {
        let symbol = cell.symbol();
        let glyph = Glyph {
            x,
            width: 1,
            spoils: 0,
            is_changed: false,
            is_blank: symbol == " ",
            is_skipped: cell.diff_option == CellDiffOption::Skip,
            form: Form::Whole,
        };
        // Nearly all cells of nearly all pages.
        if matches!(symbol.as_bytes(), [b' '..=b'~']) && !matches!(cell.diff_option, CellDiffOption::ForcedWidth(_)) {
            return glyph;
        }
        if symbol.chars().any(char::is_control) {
            return Glyph { form: Form::Substitute, ..glyph };
        }
        let wanted = match cell.diff_option {
            CellDiffOption::ForcedWidth(width) => width.get(),
            _ => grapheme_width(symbol) as u16,
        };
        if wanted == 0 || wanted > room {
            return Glyph { form: Form::Blank, is_blank: true, ..glyph };
        }
        glyph.of_width(wanted, room, cell)
    }

    fn of_width(self, width: u16, room: u16, cell: &Cell) -> Glyph {
        let symbol = cell.symbol();
        let glyph = Glyph { width, ..self };
        let most = symbol.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>().min(usize::from(u16::MAX)) as u16;
        let is_sure = match cell.diff_option {
            CellDiffOption::ForcedWidth(_) => false,
            _ => !is_disputed(symbol, width, most),
        };
        if is_sure {
            return glyph;
        }
        let spoils = most.max(width);
        if spoils <= room {
            return Glyph { spoils, ..glyph };
        }
        // A terminal that joins nothing would go on in the next row, or scroll the last one.
        let first = symbol.chars().next().and_then(UnicodeWidthChar::width).unwrap_or(0) as u16;
        let form = if (1..=width).contains(&first) { Form::First } else { Form::Blank };
        Glyph { spoils: width, form, is_blank: form == Form::Blank, ..glyph }
    }

    fn differs(self, cell: &Cell, shown: &[Cell]) -> bool {
        let x = usize::from(self.x);
        let Some(columns) = shown.get(x..x + usize::from(self.width)) else { return true };
        let mut columns = columns.iter();
        let is_same = columns.next().is_some_and(|first| first == cell && first.symbol() != TAIL)
            && columns.all(|tail| tail.symbol() == TAIL);
        !is_same || cell.diff_option == CellDiffOption::AlwaysUpdate
    }
}

/// Whether a cell prints as a space on the terminal's own background.
pub(super) fn is_blank(cell: &Cell) -> bool {
    *cell == Cell::EMPTY
}

/// Whether terminals disagree on the columns of a grapheme: it is of several characters, and is
/// wide, or takes other than the sum of their columns (`most`), or has a variation selector.
fn is_disputed(symbol: &str, width: u16, most: u16) -> bool {
    let is_single = symbol.chars().nth(1).is_none();
    let is_selector = |c| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{200D}');
    !is_single && (width > 1 || most != width || symbol.chars().any(is_selector))
}

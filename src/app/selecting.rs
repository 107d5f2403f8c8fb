//! What keys and the mouse do while something is being selected, and what becomes of it.

use crate::document::{Anchor, Position, Range};
use crate::reader::{COPY_BYTES_MAX, CaretMotion, Motion, Row, Selection, Unit};
use crate::text::Clean;

use super::event::MouseKind;
use super::{App, Effect, PaneRow, Room, wrap};

/// Rows that one turn of the wheel moves.
const WHEEL_ROWS: u32 = 3;

/// Where the button of the mouse went down, and how often at that very place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Press {
    at: (u16, u16),
    times: u8,
    is_down: bool,
}

impl App {
    /// Begins to select.
    pub(super) fn select(&mut self) -> Vec<Effect> {
        self.reader.start_selection();
        if self.reader.selection().is_none() {
            self.say("There are no words here to select".to_owned());
        }
        Vec::new()
    }

    /// What is selected, as it is saved; says so where it cannot be.
    pub(super) fn selected_anchors(&mut self) -> Option<Vec<Anchor>> {
        let range = self.reader.selection()?.range();
        let anchors = self.reader.anchors(range);
        if anchors.is_empty() {
            self.say("The selection is too long, or a part of it is not loaded: select less".to_owned());
            return None;
        }
        Some(anchors)
    }

    /// Highlights what is selected.
    pub(super) fn highlight(&mut self) -> Vec<Effect> {
        let Some(anchors) = self.selected_anchors() else { return Vec::new() };
        self.mark_stretch(anchors, None)
    }

    /// Copies what is selected.
    pub(super) fn copy_selection(&mut self) -> Vec<Effect> {
        let Some(range) = self.reader.selection().map(Selection::range) else { return Vec::new() };
        let text = self.reader.excerpt(&[range]);
        if text.is_some() {
            self.reader.end_selection();
        }
        self.copy(text)
    }

    /// Copies the entry at the cursor of the list with its source.
    pub(super) fn copy_entry(&mut self) -> Vec<Effect> {
        let Some(row) = self.current_row().filter(PaneRow::is_entry) else {
            self.say("There is nothing here to copy".to_owned());
            return Vec::new();
        };
        let quote =
            if let PaneRow::Quote(index) = row { self.reader.quotes().and_then(|q| q.get(index)) } else { None };
        let speaker = quote.and_then(|q| q.speaker.clone());
        let Some(start) = row.place(&self.reader) else { return Vec::new() };
        let words = match &row {
            // Words that are lost, or a place: what was kept with the mark.
            PaneRow::Mark { index, .. } => {
                self.reader.marks().all().get(*index).map(|kept| kept.mark.anchor.quotation().into_owned())
            }
            PaneRow::Chapter { index, .. } => {
                self.reader.outline().entries().get(*index).map(|entry| entry.title.to_string())
            }
            row => self.reader.excerpt(&row.parts(&self.reader)),
        };
        let chapter = self.reader.outline().locate(start).and_then(|i| self.reader.outline().entries().get(i));
        let title = self.title();
        let chapter = chapter.map(|entry| &entry.title).filter(|chapter| *chapter != title);
        let source: Vec<&str> =
            [speaker.as_deref(), Some(title.as_str()), chapter.map(Clean::as_str)].into_iter().flatten().collect();
        let text = words.map(|words| format!("“{}”\n— {} ({start})", words.trim(), source.join(", ")));
        self.copy(text)
    }

    fn copy(&mut self, text: Option<String>) -> Vec<Effect> {
        match text.filter(|text| text.len() <= COPY_BYTES_MAX) {
            Some(text) => {
                let count = text.chars().count();
                self.say(format!("Copied {count} character{}", if count == 1 { "" } else { "s" }));
                vec![Effect::Copy(text)]
            }
            None => {
                self.say(format!("Too much to copy, or not loaded: at most {} kB", COPY_BYTES_MAX / 1000));
                Vec::new()
            }
        }
    }

    /// Moves the caret.
    pub(super) fn move_caret(&mut self, motion: CaretMotion, count: u32) -> Vec<Effect> {
        wrap(self.reader.move_caret(motion, count))
    }

    /// Selects the unit around the caret.
    pub(super) fn select_unit(&mut self, unit: Unit) -> Vec<Effect> {
        self.reader.select_unit(unit);
        Vec::new()
    }

    /// Takes what the mouse did.
    pub(super) fn mouse(&mut self, kind: MouseKind, column: u16, row: u16) -> Vec<Effect> {
        let on_pane = self.room.pane_row(column, row);
        let listing = self.pane.as_ref().is_some_and(|pane| pane.has_focus);
        if self.overlay.is_some() || self.prompt.is_some() || self.note.is_some() {
            return Vec::new();
        }
        // Their numbers stand where the links were.
        self.links = None;
        match kind {
            MouseKind::WheelDown | MouseKind::WheelUp if listing || on_pane.is_some() => {
                let rows = i64::from(WHEEL_ROWS);
                if let Some(pane) = &mut self.pane {
                    pane.step(if kind == MouseKind::WheelDown { rows } else { -rows });
                }
                Vec::new()
            }
            MouseKind::WheelDown => self.go(Motion::LineDown, WHEEL_ROWS),
            MouseKind::WheelUp => self.go(Motion::LineUp, WHEEL_ROWS),
            MouseKind::Press => {
                self.message = None;
                match on_pane {
                    Some(index) => self.press_on_list(index),
                    // What the list points at is gone to.
                    None if listing => self.go_to_row(),
                    None => self.press_on_page(column, row),
                }
            }
            MouseKind::Drag if self.press.is_down => self.drag(column, row),
            MouseKind::Release => {
                self.press.is_down = false;
                Vec::new()
            }
            MouseKind::Drag => Vec::new(),
        }
    }

    /// The first press puts the cursor there, the second goes.
    fn press_on_list(&mut self, index: usize) -> Vec<Effect> {
        let Some(pane) = &mut self.pane else { return Vec::new() };
        let wanted = pane.list.visible().start + index;
        if wanted >= pane.rows().len() {
            return Vec::new();
        }
        let again = pane.has_focus && pane.list.cursor() == wanted;
        pane.has_focus = true;
        pane.step(wanted as i64 - pane.list.cursor() as i64);
        if again { self.go_to_row() } else { Vec::new() }
    }

    /// The first press ends a selection, the second at the same place selects the word, the
    /// third the sentence, the fourth the paragraph.
    fn press_on_page(&mut self, column: u16, row: u16) -> Vec<Effect> {
        let times = if self.press.at == (column, row) { self.press.times % 4 + 1 } else { 1 };
        self.press = Press { at: (column, row), times, is_down: true };
        self.reader.end_selection();
        let unit = match times {
            1 => return Vec::new(),
            2 => Unit::Word,
            3 => Unit::Sentence,
            _ => Unit::Paragraph,
        };
        if let Some(place) = self.place_at(column, row) {
            self.reader.select_from(place);
            self.reader.select_unit(unit);
        }
        Vec::new()
    }

    fn drag(&mut self, column: u16, row: u16) -> Vec<Effect> {
        if self.press.at == (column, row) && self.press.times == 1 && self.reader.selection().is_none() {
            return Vec::new();
        }
        if self.reader.selection().is_none() {
            let (column, row) = self.press.at;
            if let Some(place) = self.place_at(column, row) {
                self.reader.select_from(place);
            }
        }
        self.press.times = 0;
        // Dragging over the edge of the page goes on beyond it.
        if row < self.room.text.1 {
            return self.move_caret(CaretMotion::Up, 1);
        }
        if row >= self.room.text.1 + self.room.rows {
            return self.move_caret(CaretMotion::Down, 1);
        }
        if let Some(place) = self.place_at(column, row) {
            self.reader.select_to(place);
        }
        Vec::new()
    }

    /// The place of the text at a cell of the screen, or the nearest one.
    fn place_at(&self, column: u16, row: u16) -> Option<Position> {
        let rows = self.reader.rows();
        let index = usize::from(row.saturating_sub(self.room.text.1));
        let is_text = |row: &&Row| !row.is_textless();
        let above = || rows.iter().take(index).rev().find(is_text);
        let row = rows.get(index).filter(is_text).or_else(above).or_else(|| rows.iter().find(is_text))?;
        Some(row.place_at(column.saturating_sub(self.room.text.0)))
    }

    /// The stretch that is selected, to be painted.
    pub fn selected(&self) -> Option<Range> {
        self.reader.selection().map(Selection::range)
    }
}

impl Room {
    /// Which row of a list's entries a cell of the screen is, from 0.
    fn pane_row(&self, column: u16, row: u16) -> Option<usize> {
        let (x, y, columns) = self.pane?;
        let inside = (x..x + columns).contains(&column) && (y..y + self.pane_rows).contains(&row);
        inside.then(|| usize::from(row - y))
    }
}

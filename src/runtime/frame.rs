//! A frame: what is painted, and by how many rows the text moved since the last one, so that the
//! terminal can be told to scroll instead of being written anew.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::App;
use crate::document::{BlockId, SectionId};
use crate::layout::Options;
use crate::ui;

use super::Shift;

/// A row of the document, wherever it stands on the screen.
type RowKey = (SectionId, BlockId, usize);

/// The buffer that frames are painted into, and which rows the last one showed.
#[derive(Debug, Default)]
pub struct Frame {
    buffer: Buffer,
    shown: Vec<RowKey>,
    /// Where and how they were laid out.
    layout: Option<(Rect, Options)>,
}

impl Frame {
    /// Nothing painted.
    pub fn new() -> Frame {
        Frame::default()
    }

    /// Paints the state; gives the cells and where the cursor stands.
    pub fn paint(&mut self, app: &App) -> (&Buffer, Option<Position>) {
        let (buffer, _, cursor) = self.repaint(app);
        (buffer, cursor)
    }

    /// Paints the state; gives the cells, how the text moved, and where the cursor stands.
    pub fn repaint(&mut self, app: &App) -> (&Buffer, Option<Shift>, Option<Position>) {
        let (columns, rows) = app.screen();
        self.buffer.resize(Rect::new(0, 0, columns, rows));
        self.buffer.reset();
        let cursor = ui::draw(app, &mut self.buffer);
        let regions = ui::regions(app);
        let now: Vec<RowKey> = app.reader().shown_rows().iter().map(|r| (r.section.id(), r.block, r.row)).collect();
        let layout = (regions.text, app.reader().options());
        let covered = app.overlay().is_some() || regions.room.pane_covers;
        let by = (self.layout == Some(layout) && !covered).then(|| moved(&self.shown, &now)).flatten();
        self.shown = if covered { Vec::new() } else { now };
        self.layout = Some(layout);
        let shift = by.map(|by| Shift { top: regions.text.top(), bottom: regions.text.bottom(), by });
        (&self.buffer, shift, cursor)
    }
}

/// By how many rows the content moved up, if some of it still stands and it moved at all.
fn moved(before: &[RowKey], after: &[RowKey]) -> Option<i32> {
    let up = after.first().and_then(|first| before.iter().position(|key| key == first));
    let down = || before.first().and_then(|first| after.iter().position(|key| key == first));
    let by = match up {
        Some(rows) => rows as i32,
        None => -(down()? as i32),
    };
    (by != 0).then_some(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_seen_both_ways() {
        let rows = |from: usize, count: usize| -> Vec<RowKey> {
            (from..from + count).map(|row| (SectionId(0), BlockId(0), row)).collect()
        };
        for (before, after, by) in [(0, 1, Some(1)), (5, 2, Some(-3)), (4, 4, None), (0, 30, None), (30, 0, None)] {
            assert_eq!(moved(&rows(before, 10), &rows(after, 10)), by, "{before} to {after}");
        }
        assert_eq!(moved(&[], &rows(0, 3)), None);
    }
}

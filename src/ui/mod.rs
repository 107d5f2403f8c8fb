//! Paints the state of the program into a buffer of cells.
//!
//! Painting reads and decides nothing: [`regions()`] divides the screen, the other files fill
//! the parts. It knows the program's state, the reader and layout. It must not know formats, the
//! store, or the terminal.

mod about;
mod detail;
mod foot;
mod help;
mod note;
mod numbers;
mod page;
mod pane;
mod regions;
pub mod theme;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::{App, Overlay, Room};
use crate::text::width::{is_plain, truncate, width};

pub use regions::{Regions, regions};

/// The room that the parts of the screen have now; to be handed to [`App::fit`] before painting.
pub fn room(app: &App) -> Room {
    regions(app).room
}

/// Paints everything. Gives where the cursor stands, if it is to be seen.
pub fn draw(app: &App, buffer: &mut Buffer) -> Option<Position> {
    let regions = regions(app);
    let theme = theme::theme(app.look());
    buffer.set_style(buffer.area, theme.text);
    match app.overlay() {
        Some(Overlay::Help(top)) => help::draw(app.keymap(), top, regions.page, theme, buffer),
        Some(Overlay::About) => about::draw(app, regions.page, theme, buffer),
        None => {
            page::draw(app, &regions, theme, buffer);
            if let (Some(area), Some(pane)) = (regions.pane, app.pane()) {
                pane::draw(app, pane, area, &regions, theme, buffer);
            }
        }
    }
    if let Some(head) = regions.head {
        draw_head(app, head, theme, buffer);
    }
    let white = regions.foot.y.saturating_sub(regions.page.bottom());
    let typing = foot::draw(app, regions.foot, white, theme, buffer);
    let writing = app.note().map(|note| note::draw(note, regions.page, regions.text, theme, buffer));
    typing.or(writing).or_else(|| page::caret(app, &regions))
}

/// The running head: the document at the left, the chapter at the right.
fn draw_head(app: &App, area: Rect, theme: &theme::Theme, buffer: &mut Buffer) {
    let outline = app.reader().outline();
    let chapter = outline.locate(app.reader().shown_place()).and_then(|i| outline.entries().get(i));
    let chapter = chapter.map(|e| e.title.as_str()).filter(|title| *title != app.title().as_str());
    let half = usize::from(area.width) / 2;
    let right = truncate(chapter.unwrap_or_default(), half.saturating_sub(2));
    let left = truncate(app.title(), usize::from(area.width).saturating_sub(width(&right) + 2));
    put(buffer, area, 0, &left, theme.dim);
    put_right(buffer, area, &right, theme.dim);
}

/// Writes a text on the first row of an area, from a column of it on; what does not fit is left
/// out. Gives the column after it.
fn put(buffer: &mut Buffer, area: Rect, column: u16, text: &str, style: Style) -> u16 {
    if column >= area.width || area.height == 0 {
        return column;
    }
    let room = usize::from(area.width - column);
    // Most text: a byte a cell, nothing to measure.
    if is_plain(text) {
        let start = usize::from(area.y) * usize::from(buffer.area.width) + usize::from(area.x + column);
        let end = start + text.len().min(room);
        let cells = buffer.content.get_mut(start..end).unwrap_or_default();
        for (cell, byte) in cells.iter_mut().zip(text.bytes()) {
            cell.set_char(char::from(byte)).set_style(style);
        }
        return column + (end - start) as u16;
    }
    let (x, _) = buffer.set_stringn(area.x + column, area.y, text, room, style);
    x - area.x
}

/// Writes a text at the right end of the first row of an area.
fn put_right(buffer: &mut Buffer, area: Rect, text: &str, style: Style) {
    let columns = width(text).min(usize::from(area.width)) as u16;
    put(buffer, area, area.width - columns, text, style);
}

/// One row of an area.
fn row(area: Rect, index: usize) -> Rect {
    let index = u16::try_from(index).unwrap_or(u16::MAX).min(area.height);
    Rect { y: area.y + index, height: u16::from(index < area.height), ..area }
}

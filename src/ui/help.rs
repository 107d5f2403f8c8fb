//! The keys, from the table of actions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::keymap::Keymap;
use crate::app::{ACTIONS, Context};
use crate::text::width::truncate;

use super::theme::Theme;
use super::{put, row};

/// Columns that one column of keys takes.
const COLUMN: u16 = 56;

/// A line of the help: a heading, or keys and their meaning.
enum Line {
    Heading(&'static str),
    Keys(Vec<&'static str>, &'static str),
    Blank,
}

fn lines(keymap: &Keymap) -> Vec<Line> {
    let mut lines = Vec::new();
    for context in Context::ALL {
        if !lines.is_empty() {
            lines.push(Line::Blank);
        }
        lines.push(Line::Heading(context.title()));
        let entries = ACTIONS.iter().filter(|e| e.context == context);
        lines.extend(entries.map(|e| Line::Keys(keymap.keys_of(e), e.doc)));
    }
    lines
}

/// The columns and rows of keys that an area has room for, and the area itself.
fn grid(area: Rect) -> (usize, usize, Rect) {
    let inner = Rect { x: area.x + 2.min(area.width / 8), width: area.width.saturating_sub(area.width / 8), ..area };
    (usize::from((inner.width / COLUMN).max(1)), usize::from(inner.height.max(1)), inner)
}

/// The last line that the help can begin with, so that it fills the area.
pub fn top_max(area: Rect) -> usize {
    let (columns, rows, _) = grid(area);
    // A heading for each context, and a blank line between two.
    (ACTIONS.len() + 2 * Context::ALL.len() - 1).saturating_sub(rows * columns)
}

/// Paints the help from a line on, in as many columns as there is room for.
pub fn draw(keymap: &Keymap, top: usize, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let lines = lines(keymap);
    let (columns, rows, inner) = grid(area);
    let top = top.min(top_max(area));
    for (index, line) in lines.iter().skip(top).take(rows * columns).enumerate() {
        let column = (index / rows) as u16;
        let width = (inner.width / columns as u16).min(inner.width);
        let area = row(Rect { x: inner.x + column * width, width: width.saturating_sub(2), ..inner }, index % rows);
        match line {
            Line::Heading(title) => {
                put(buffer, area, 0, title, theme.heading);
            }
            Line::Keys(keys, doc) => {
                let split = if area.width < 40 { 12 } else { 24 };
                let room = usize::from(split) - 1;
                // Keys are told apart well where there is room, and all of them shown where there is little.
                let wide = keys.join("  ");
                let keys = if wide.len() > room { keys.join(" ") } else { wide };
                put(buffer, area, 0, &truncate(&keys, room), theme.accent);
                put(buffer, area, split, &truncate(doc, usize::from(area.width.saturating_sub(split))), theme.text);
            }
            Line::Blank => {}
        }
    }
}

//! The list beside the text: contents, quotations or marks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::{App, Grouping, Pane, PaneKind, PaneRow};
use crate::reader::Saving;
use crate::text::width::{truncate, width};

use super::theme::Theme;
use super::{put, put_right, row as row_of};

/// The length of a chapter as one of eight bars.
const BARS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Paints the list, and the rule that parts it from the page.
pub fn draw(app: &App, pane: &Pane, area: Rect, rule: Option<u16>, theme: &Theme, buffer: &mut Buffer) {
    for y in area.top()..area.bottom() {
        let row = Rect { y, height: 1, ..area };
        put(buffer, row, 0, &" ".repeat(usize::from(area.width)), theme.text);
        if let Some(x) = rule {
            buffer.set_string(x, y, "│", theme.dim);
        }
    }
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    draw_heading(app, pane, row_of(inner, 0), theme, buffer);
    if pane.rows().is_empty() {
        put(buffer, row_of(inner, 2), 0, &truncate(empty_words(app, pane), usize::from(inner.width)), theme.dim);
    }
    let here = pane.row_of_reader(app.reader());
    for (line, index) in pane.list.visible().enumerate() {
        let Some(row) = pane.rows().get(index) else { continue };
        let at = row_of(inner, line + 2);
        let is_cursor = pane.has_focus && index == pane.list.cursor();
        let is_here = Some(index) == here && pane.kind == PaneKind::Contents;
        let mut look = if is_here { theme.accent } else { theme.text };
        if is_cursor {
            look = look.add_modifier(Modifier::REVERSED);
            put(buffer, at, 0, &" ".repeat(usize::from(at.width)), look);
        }
        draw_row(app, row, at, look, theme, buffer);
        if is_here {
            put(buffer, at, 0, "›", look);
        }
    }
}

fn draw_heading(app: &App, pane: &Pane, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let title = match pane.kind {
        PaneKind::Contents => "Contents",
        PaneKind::Quotes => "Quotes",
        PaneKind::Marks => "Marks",
    };
    let column = put(buffer, area, 2, title, theme.heading);
    let count = pane.rows().iter().filter(|row| !matches!(row, PaneRow::Speaker { .. })).count();
    let mut note = count.to_string();
    if !pane.filter().is_empty() {
        note = format!("{count} with “{}”", pane.filter());
    } else if pane.kind == PaneKind::Quotes && pane.grouping == Grouping::Speaker {
        note.push_str("  by speaker");
    }
    let searching = app.reader().outline_progress();
    if pane.kind == PaneKind::Contents && !searching.is_done() {
        note = format!("{count} …");
    }
    let room = usize::from(area.width.saturating_sub(column + 2));
    put_right(buffer, area, &truncate(&note, room), theme.dim);
}

fn empty_words(app: &App, pane: &Pane) -> &'static str {
    match pane.kind {
        _ if !pane.filter().is_empty() => "None has these words.",
        PaneKind::Contents if !app.reader().outline_progress().is_done() => "Looking for chapters …",
        PaneKind::Contents => "No chapters found.",
        PaneKind::Quotes if app.reader().quotes().is_none() => "Looking for quotations …",
        PaneKind::Quotes => "No quotations found.",
        PaneKind::Marks => "No marks yet.  M sets one.",
    }
}

fn draw_row(app: &App, row: &PaneRow, area: Rect, look: Style, theme: &Theme, buffer: &mut Buffer) {
    let reader = app.reader();
    let columns = usize::from(area.width);
    match row {
        PaneRow::Chapter { index, unfolded } => {
            let Some(entry) = reader.outline().entries().get(*index) else { return };
            let sign = match unfolded {
                Some(true) => "▾",
                Some(false) => "▸",
                None => " ",
            };
            let indent = usize::from(entry.level.saturating_sub(1)).min(8) * 2;
            put(buffer, area, 1 + indent as u16, sign, look.add_modifier(Modifier::DIM));
            let room = columns.saturating_sub(indent + 3 + 2);
            let title = truncate(&entry.title, room);
            let shade = if entry.inferred { look.add_modifier(Modifier::DIM) } else { look };
            put(buffer, area, 3 + indent as u16, &title, shade);
            if let Some(bar) = length_bar(app, *index) {
                put_right(buffer, area, bar, theme.dim);
            }
        }
        PaneRow::Speaker { name, count } => {
            let name = name.as_ref().map_or("? (no speaker named)", |n| n.as_str());
            let number = count.to_string();
            put(buffer, area, 0, &truncate(name, columns.saturating_sub(number.len() + 2)), look.patch(theme.heading));
            put_right(buffer, area, &number, theme.dim);
        }
        PaneRow::Quote(index) => {
            let Some(quote) = reader.quotes().and_then(|q| q.get(*index)) else { return };
            // Under a speaker's name it need not be said again.
            let is_grouped = app.pane().is_some_and(|pane| pane.grouping == Grouping::Speaker);
            let speaker = quote.speaker.as_ref().filter(|_| !is_grouped).map_or("", |s| s.as_str());
            let speaker = truncate(speaker, columns / 3);
            let room = columns.saturating_sub(2 + if speaker.is_empty() { 0 } else { width(&speaker) + 2 });
            put(buffer, area, 2, &truncate(&quote.opening, room), look);
            put_right(buffer, area, &speaker, look.add_modifier(Modifier::DIM));
        }
        PaneRow::Mark(index) => {
            let Some(kept) = reader.marks().all().get(*index) else { return };
            let anchor = &kept.mark.anchor;
            let sign = match (&kept.saving, &kept.mark.name) {
                (Saving::Failed(_), _) => "!",
                (_, Some(name)) => name.as_str(),
                _ => "▎",
            };
            put(buffer, area, 0, &truncate(sign, 8), look.patch(theme.mark));
            let percent = format!("{} %", super::foot::percent(anchor.fraction));
            let marked = if anchor.words.is_empty() { &anchor.after } else { &anchor.words };
            let words = kept.mark.note.as_ref().unwrap_or(marked);
            let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
            put(buffer, area, 2, &truncate(&words, columns.saturating_sub(percent.len() + 4)), look);
            put_right(buffer, area, &percent, look.add_modifier(Modifier::DIM));
        }
    }
}

/// How long a chapter is, on a scale of doublings: a book's chapters differ by factors. A full
/// bar is all of the document, an empty one less than a five-hundredth of it.
fn length_bar(app: &App, index: usize) -> Option<&'static str> {
    let reader = app.reader();
    let outline = reader.outline();
    let entry = outline.entries().get(index)?;
    let mut after = outline.entries().iter().skip(index + 1);
    let end = after.find(|e| e.level <= entry.level).map_or(1.0, |next| reader.chapter_fraction(next));
    let share = end - reader.chapter_fraction(entry);
    let doublings = (share.max(0.0) * 512.0).max(1.0).log2();
    BARS.get((doublings / 9.0 * 8.0) as usize).or(BARS.last()).copied().filter(|_| share > 0.0)
}

//! The entry at the cursor of a list, in full: where it stands, its words, the reader's note.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, PaneRow};
use crate::document::{Mark, MarkKind, Position, Status};
use crate::text::Clean;
use crate::text::width::truncate;

use super::theme::Theme;
use super::{numbers, pane, put, row as row_of};

/// Bytes of a text that are set to show some rows of it.
const LINE_MAX: usize = 4096;

/// Paints what is known of an entry below a blank row.
pub fn draw(app: &App, entry: &PaneRow, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let reader = app.reader();
    let mut lines: Vec<(String, Style)> = Vec::new();
    let columns = usize::from(area.width.max(1));
    match entry {
        PaneRow::Quote(index) => {
            let Some(quote) = reader.quotes().and_then(|q| q.get(*index)) else { return };
            let start = quote.range().start;
            let place = place(app, start, reader.fraction(start), None);
            lines.push((truncate(&format!("{} · {place}", pane::speaker(quote).0), columns), theme.dim));
            lines.extend(wrap(&quote.opening, columns, theme.text));
        }
        PaneRow::Mark { index, .. } => {
            let Some(mark) = reader.marks().all().get(*index).map(|kept| &kept.mark) else { return };
            let anchor = &mark.anchor;
            let place = place(app, anchor.start, anchor.fraction, anchor.chapter.last());
            let how = match mark.status {
                Status::Exact => String::new(),
                Status::Moved => " · moved".to_owned(),
                Status::Changed => " · the words changed".to_owned(),
                Status::Lost => " · lost: the place is a guess".to_owned(),
            };
            lines.push((truncate(&format!("{place}{how}"), columns), theme.dim));
            if let Some(title) = title(mark) {
                lines.push((truncate(title, columns), theme.heading));
            }
            if let Some(note) = &mark.note {
                lines.extend(wrap(&format!("✎ {}", one_line(note)), columns, theme.text).into_iter().take(2));
            }
            if let Some(marked) = mark.marked_words() {
                let marked = format!("marked: {}", one_line(&marked));
                lines.extend(wrap(&marked, columns, theme.dim).into_iter().take(2));
            }
            lines.extend(wrap(&words(mark), columns, theme.text));
        }
        PaneRow::Match(range) => {
            let Some(hit) = reader.search().hit_at(range.start) else { return };
            let start = hit.range.start;
            lines.push((truncate(&place(app, start, reader.fraction(start), None), columns), theme.dim));
            lines.extend(wrap(&hit.words, columns, theme.text));
        }
        PaneRow::Chapter { .. } | PaneRow::Heading { .. } => {}
    }
    for (index, (line, look)) in lines.into_iter().take(usize::from(area.height.saturating_sub(1))).enumerate() {
        put(buffer, row_of(area, index + 1), 0, &line, look);
    }
}

/// Chapter and percent of a place. `saved`: the chapter's title as it was saved with a mark.
fn place(app: &App, start: Position, fraction: f64, saved: Option<&Clean>) -> String {
    let reader = app.reader();
    let chapter = reader.outline().locate(start).and_then(|index| reader.outline().entries().get(index));
    let title = chapter.map(|entry| &entry.title).or(saved);
    let percent = format!("{} %", numbers::percent(fraction));
    title.map_or(percent.clone(), |title| format!("{title}, {percent}"))
}

/// The marked words, or for a bare place the whole ones of those that follow it.
fn words(mark: &Mark) -> String {
    let anchor = &mark.anchor;
    if !anchor.words.is_empty() {
        return one_line(&anchor.quotation());
    }
    let after = one_line(&anchor.after);
    after.rsplit_once(' ').map_or(after.clone(), |(whole, _)| format!("{whole} …"))
}

/// What a mark is known by in a list, on one line: its title, else the note, else the words.
pub fn headline(mark: &Mark) -> String {
    let note = mark.note.as_ref().filter(|_| mark.kind != MarkKind::Highlight);
    title(mark).or(note).map_or_else(|| words(mark), |text| one_line(text))
}

/// What a mark is called; a letter is only how to go there.
fn title(mark: &Mark) -> Option<&Clean> {
    mark.name.as_ref().filter(|_| mark.letter().is_none())
}

/// A text on one line, as far as any list or frame of it could show: a note may have a megabyte.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let room = LINE_MAX.saturating_sub(line.len());
        if room == 0 {
            break;
        }
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(word.get(..word.floor_char_boundary(room)).unwrap_or_default());
    }
    line
}

fn wrap(text: &str, columns: usize, look: Style) -> Vec<(String, Style)> {
    textwrap::wrap(text, columns).into_iter().map(|line| (line.into_owned(), look)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_text_no_more_is_set_than_can_be_seen() {
        assert_eq!(one_line(" a\n\tb  "), "a b");
        for long in ["日本".repeat(100_000), "some words ".repeat(100_000)] {
            let line = one_line(&long);
            assert!((LINE_MAX - 4..=LINE_MAX + 1).contains(&line.len()), "{}", line.len());
        }
    }
}

//! The foot: what is being typed, what is to be said, or how far the reader has come.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use unicode_segmentation::UnicodeSegmentation;

use crate::app::{App, Change, Offer, Overlay, Purpose};
use crate::document::Format;
use crate::text::width::{truncate, width};

use super::numbers::{WORDS_A_MINUTE, grouped, percent, size, time};
use super::theme::Theme;
use super::{put, put_right};

/// As many chapters as the foot shows as ticks.
const TICKS_MAX: usize = 40;

/// Columns from which on the title of a chapter says something.
const TITLE_MIN: usize = 8;

/// Paints the foot. Gives where the cursor stands while something is typed. `white`: rows above it
/// that nothing else needs, for what is longer than a row.
pub fn draw(app: &App, area: Rect, white: u16, theme: &Theme, buffer: &mut Buffer) -> Option<Position> {
    let tiny = app.screen().1 < 6 || app.screen().0 < 20;
    if let Some(prompt) = app.prompt() {
        clear(buffer, area, theme);
        let sign = match prompt.purpose {
            Purpose::Search => "/",
            Purpose::SearchBackward => "search back: ",
            Purpose::Filter => "filter: ",
            Purpose::Rename(_) => "title: ",
            Purpose::Chapter => "chapter: ",
        };
        let column = put(buffer, area, 0, sign, theme.accent);
        // The end of a long line is what is being typed.
        let room = usize::from(area.width.saturating_sub(column + 1));
        let before = tail(prompt.before_cursor(), room);
        let cursor = put(buffer, area, column, before, theme.text);
        let after = prompt.text().get(prompt.before_cursor().len()..).unwrap_or_default();
        let end = put(buffer, area, cursor, after, theme.text);
        if matches!(prompt.purpose, Purpose::Search | Purpose::SearchBackward)
            && let Some(tally) =
                tally(app).filter(|tally| width(tally) + 3 < usize::from(area.width.saturating_sub(end)))
        {
            put_right(buffer, area, &tally, theme.dim);
        }
        return Some(Position::new((area.x + cursor).min(area.right().saturating_sub(1)), area.y));
    }
    let pending = app.pending_keys();
    if !pending.is_empty() {
        clear(buffer, area, theme);
        let mut column = put(buffer, area, 0, &pending, theme.accent);
        for (key, doc) in app.continuations() {
            column = put(buffer, area, column, "   ", theme.dim);
            column = put(buffer, area, column, &key, theme.accent);
            column = put(buffer, area, column + 1, doc, theme.dim);
        }
        return None;
    }
    if let Some(message) = app.message() {
        clear(buffer, area, theme);
        let lines = lines(message, usize::from(area.width), usize::from(white) + 1);
        for (line, y) in lines.iter().rev().zip((0..=area.y).rev()) {
            put(buffer, Rect { y, ..area }, 0, line, theme.text);
        }
        return None;
    }
    if let Some(offer) = app.offered_place() {
        clear(buffer, area, theme);
        let column = put(buffer, area, 0, "enter", theme.accent);
        let sentence = offer_words(offer, usize::from(area.width.saturating_sub(column + 1)));
        put(buffer, area, column + 1, &sentence, theme.text);
        return None;
    }
    if tiny {
        return None;
    }
    let right = match app.overlay() {
        Some(Overlay::Help(_)) => "j k scroll   any other key closes".to_owned(),
        Some(Overlay::About) => "any key closes".to_owned(),
        None => progress(app),
    };
    put_right(buffer, area, &right, theme.dim);
    if app.overlay().is_none() {
        let room = usize::from(area.width).saturating_sub(width(&right) + 2);
        if let Some(reason) = app.reader().marks().failure() {
            // Until it is saved, nothing is more important.
            put(buffer, area, 0, &truncate(&format!("Not saved: {reason}"), room), theme.accent);
        } else if draw_hints(app, area, room, theme, buffer) == 0 {
            draw_ticks(app, area, room, theme, buffer);
        }
    }
    None
}

/// Where another device has read further; its chapter as far as there is room.
fn offer_words(offer: &Offer, columns: usize) -> String {
    let ago = match offer.minutes {
        0..60 => format!("{} min", offer.minutes),
        60..2_880 => format!("{} h", offer.minutes / 60),
        minutes => format!("{} days", minutes / 1_440),
    };
    let sentence = format!("goes on at {} %, where another device was {ago} ago", percent(offer.anchor.fraction));
    let room = columns.saturating_sub(width(&sentence) + 4);
    match offer.anchor.chapter.last().filter(|_| room >= TITLE_MIN) {
        Some(title) => format!("{sentence}: “{}”", truncate(title, room)),
        None => truncate(&sentence, columns),
    }
}

/// A text in so many rows at most, with `…` where there is more of it.
fn lines(text: &str, columns: usize, rows: usize) -> Vec<String> {
    let shown = truncate(text, columns * rows);
    let mut lines: Vec<String> = textwrap::wrap(&shown, columns).into_iter().map(Cow::into_owned).collect();
    if lines.len() > rows {
        let rest = lines.split_off(rows - 1).join(" ");
        lines.push(truncate(&rest, columns));
    }
    lines
}

/// As much of the end of a text as fits into some columns.
fn tail(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let mut start = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += width(grapheme);
        if used > columns {
            break;
        }
        start = at;
    }
    text.get(start..).unwrap_or_default()
}

fn clear(buffer: &mut Buffer, area: Rect, theme: &Theme) {
    put(buffer, area, 0, &" ".repeat(usize::from(area.width)), theme.text);
}

/// What goes on, percent, and the time that the chapter still takes.
fn progress(app: &App) -> String {
    let reader = app.reader();
    let mut parts = Vec::new();
    if let Some(change) = app.change() {
        parts.push(match change {
            Change::Other => "changed on disk, r reads it again".to_owned(),
            Change::Gone => "gone from the disk".to_owned(),
        });
    }
    let arrived = (!reader.document().is_complete()).then(|| size(reader.extent().total()));
    if let Some(arrived) = &arrived
        && reader.is_waiting()
    {
        parts.push(format!("reading on, {arrived} so far …  any key stops"));
    } else if reader.is_waiting() {
        parts.push(match reader.reaching() {
            Some(progress) => format!("loading, {} % of the way …  esc stops", progress.percent()),
            None => "loading …".to_owned(),
        });
    }
    parts.extend(tally(app));
    let outline = reader.outline_progress();
    if !outline.is_done() && outline.done > 0 {
        parts.push(format!("finding chapters {} %", outline.percent()));
    }
    if let Some(sought) = reader.quotes_progress() {
        parts.push(format!("finding quotations {} %", sought.percent()));
    }
    if let Some(counted) = reader.words_progress() {
        parts.push(format!("counting words {} %", counted.percent()));
    }
    let share = percent(reader.progress());
    parts.push(match arrived {
        Some(arrived) => format!("{share} % of {arrived} so far"),
        None => format!("{share} %"),
    });
    let is_reading = app.hints().is_empty();
    // Nobody reads code and logs word by word.
    let is_prose = reader.document().format() != Format::Lines;
    if let Some(chapter) = reader.chapter().filter(|_| is_reading && is_prose) {
        let minutes = (reader.words_left(chapter) / WORDS_A_MINUTE).ceil();
        if minutes >= 1.0 && reader.progress() < 1.0 {
            parts.push(format!("{} left in chapter", time(minutes)));
        }
    }
    parts.join("  ·  ")
}

/// Which match this is, of how many, and how far the search has come.
fn tally(app: &App) -> Option<String> {
    let search = app.reader().search();
    let tally = search.tally()?;
    let share = tally.share.map(|share| percent(f64::from(share)));
    if search.is_running() {
        return Some(format!("searching {} %", share.unwrap_or(0)));
    }
    let count = match tally.index {
        Some(index) => format!("{index} of {}", grouped(tally.found as u64)),
        None if tally.found == 1 => "1 match".to_owned(),
        None => format!("{} matches", grouped(tally.found as u64)),
    };
    let count = if tally.is_partial { format!("{count} so far") } else { count };
    Some(share.map_or_else(|| count.clone(), |share| format!("{count}  ·  scanning {share} %")))
}

/// The keys that matter now, as many as there is room for. Gives how many were painted.
fn draw_hints(app: &App, area: Rect, room: usize, theme: &Theme, buffer: &mut Buffer) -> usize {
    let (mut column, mut painted) = (0, 0);
    for (key, word) in app.hints() {
        let gap = if painted == 0 { 0 } else { 2 };
        if usize::from(column + gap) + width(key) + 1 + width(word) > room {
            break;
        }
        column = put(buffer, area, column + gap, key, theme.text);
        column = put(buffer, area, column + 1, word, theme.dim);
        painted += 1;
    }
    painted
}

/// A tick for each outermost chapter, the current one long.
fn draw_ticks(app: &App, area: Rect, room: usize, theme: &Theme, buffer: &mut Buffer) {
    let outline = app.reader().outline();
    let entries = outline.entries();
    // So many entries are not all of a few chapters.
    if entries.len() > TICKS_MAX * 100 {
        return;
    }
    // A lone outermost entry is the document's title: its chapters are one level below.
    let count = |level: u8| entries.iter().filter(|e| e.level == level).count();
    let outermost = entries.iter().map(|e| e.level).min().unwrap_or(1);
    let top = if count(outermost) == 1 { outermost + 1 } else { outermost };
    let chapters: Vec<usize> = entries.iter().enumerate().filter(|(_, e)| e.level == top).map(|(i, _)| i).collect();
    if chapters.len() < 2 || chapters.len() > TICKS_MAX.min(room) {
        return;
    }
    let here = app.reader().chapter();
    let current = here.and_then(|here| chapters.iter().rposition(|&i| i <= here));
    for (column, _) in chapters.iter().enumerate() {
        let is_current = current == Some(column);
        let (tick, look) = if is_current { ("▎", theme.accent) } else { ("▏", theme.dim) };
        put(buffer, area, column as u16, tick, look);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_a_row_goes_on_above() {
        for (text, columns, rows, expected) in [
            ("", 10, 2, vec![""]),
            ("one two", 10, 2, vec!["one two"]),
            ("one two three four", 10, 2, vec!["one two", "three four"]),
            ("one two three four", 10, 1, vec!["one two t…"]),
            ("one two three four five", 10, 2, vec!["one two", "three fou…"]),
            ("onetwothree four five", 10, 2, vec!["onetwothre", "e four fi…"]),
            ("日本語日本語", 4, 2, vec!["日本", "語…"]),
            ("word", 1, 1, vec!["…"]),
        ] {
            assert_eq!(lines(text, columns, rows), expected, "{text} in {columns} x {rows}");
        }
    }
}

//! The list beside the text: contents, quotations, marks or matches. Below its entries stands the one at
//! the cursor in full.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::{App, Arrangement, Heading, Pane, PaneKind, PaneRow};
use crate::document::{Mark, MarkKind, Quote, Status};
use crate::reader::{Hit, Kept, Saving};
use crate::text::width::{truncate, width};

use super::regions::Regions;
use super::theme::Theme;
use super::{detail, put, put_right, row as row_of};

/// The length of a chapter as one of eight bars.
const BARS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Speakers that are less sure than this are shown with a question mark.
const SURE: f32 = 0.7;

/// Paints the list, and the rule that parts it from the page.
pub fn draw(app: &App, pane: &Pane, area: Rect, regions: &Regions, theme: &Theme, buffer: &mut Buffer) {
    for y in area.top()..area.bottom() {
        let row = Rect { y, height: 1, ..area };
        put(buffer, row, 0, &" ".repeat(usize::from(area.width)), theme.text);
        if let Some(x) = regions.rule {
            buffer.set_string(x, y, "│", theme.dim);
        }
    }
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    draw_heading(app, pane, row_of(inner, 0), theme, buffer);
    if pane.rows().is_empty() {
        put(buffer, row_of(inner, 2), 0, &truncate(empty_words(app, pane), usize::from(inner.width)), theme.dim);
    }
    let here = if pane.kind == PaneKind::Contents { pane.row_of_reader(app.reader()) } else { None };
    for (line, index) in pane.list.visible().enumerate() {
        let Some(row) = pane.rows().get(index) else { continue };
        let at = row_of(inner, line + 2);
        let is_cursor = pane.has_focus && index == pane.list.cursor();
        let is_here = Some(index) == here;
        let mut look = if is_here { theme.accent } else { theme.text };
        if is_cursor {
            look = look.add_modifier(Modifier::REVERSED);
            put(buffer, at, 0, &" ".repeat(usize::from(at.width)), look);
        }
        let painter = RowPainter { app, pane, area: at, look, theme };
        painter.paint(row, buffer);
        if is_here {
            put(buffer, at, 0, "›", look);
        }
    }
    if let (Some(area), Some(row)) = (regions.detail, pane.entry()) {
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        detail::draw(app, row, inner, theme, buffer);
    }
}

fn draw_heading(app: &App, pane: &Pane, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let title = match pane.kind {
        PaneKind::Contents => "Contents",
        PaneKind::Quotes => "Quotes",
        PaneKind::Marks => "Marks",
        PaneKind::Matches => "Matches",
    };
    let column = put(buffer, area, 2, title, theme.heading);
    let count = pane.count();
    let mut note = count.to_string();
    if !pane.filter().is_empty() {
        note = format!("{count} with “{}”", pane.filter());
    } else if pane.kind.arrangements().len() > 1 {
        note = format!("{count}  {}", pane.arrangement().name());
    }
    // Only so many are kept.
    let found = app.reader().search().tally().map_or(0, |tally| tally.found);
    if pane.kind == PaneKind::Matches && found > count && pane.filter().is_empty() {
        note = format!("the nearest {count} of {found}");
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
        PaneKind::Contents if !app.reader().document().is_complete() => "Chapters are found once all has arrived.",
        PaneKind::Contents if !app.reader().outline_progress().is_done() => "Looking for chapters …",
        PaneKind::Quotes if app.reader().is_seeking_quotes() => "Looking for quotations …",
        PaneKind::Quotes if app.reader().quotes().is_none() => "They could not be looked for.  Q Q tries again",
        _ if !pane.filter().is_empty() => "None has these words.",
        PaneKind::Contents => "No chapters found.",
        PaneKind::Quotes => "No quotations found.",
        PaneKind::Marks => "No marks yet.  M sets one.",
        PaneKind::Matches if app.reader().search().tally().is_some_and(|tally| tally.share.is_some()) => "Searching …",
        PaneKind::Matches => "No matches.",
    }
}

/// What a heading says.
fn heading_words(app: &App, heading: &Heading) -> String {
    let title = |index: usize| app.reader().outline().entries().get(index).map(|e| e.title.to_string());
    match heading {
        Heading::Chapter(index) => index.and_then(title).unwrap_or_else(|| "Before the first chapter".to_owned()),
        Heading::Speaker(name) => name.as_ref().map_or("? (speaker not certain)".to_owned(), ToString::to_string),
        Heading::Kind(MarkKind::Bookmark) => "Bookmarks".to_owned(),
        Heading::Kind(MarkKind::Highlight) => "Highlights".to_owned(),
        Heading::Kind(MarkKind::Note) => "Notes".to_owned(),
        Heading::Kind(MarkKind::Chapter) => "Chapters of yours".to_owned(),
        Heading::Day(Some(day)) => date(*day),
        Heading::Day(None) => "Now".to_owned(),
    }
}

/// The date of a day counted from 1970, in the Gregorian calendar (Howard Hinnant,
/// *chrono-compatible low-level date algorithms*, `civil_from_days`).
fn date(day: u64) -> String {
    let z = day + 719_468;
    let (era, of_era) = (z / 146_097, z % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    format!("{:04}-{month:02}-{of_month:02}", year + era * 400 + u64::from(month <= 2))
}

/// Who speaks, with a question mark where that is not certain; and whether it is.
pub fn speaker(quote: &Quote) -> (String, bool) {
    match &quote.speaker {
        Some(name) if quote.confidence < SURE => (format!("{name}?"), false),
        Some(name) => (name.to_string(), true),
        None => ("?".to_owned(), false),
    }
}

/// The sign that a mark has in lists: the letter it was set under, else its kind's.
pub fn sign(mark: &Mark) -> &str {
    match (mark.kind, &mark.name) {
        (MarkKind::Bookmark, Some(name)) if mark.letter().is_some() => name,
        (MarkKind::Bookmark, _) => "▎",
        (MarkKind::Highlight, _) => "■",
        (MarkKind::Note, _) => "✎",
        (MarkKind::Chapter, _) => "§",
    }
}

/// Paints one row.
struct RowPainter<'a> {
    app: &'a App,
    pane: &'a Pane,
    area: Rect,
    look: Style,
    theme: &'a Theme,
}

impl RowPainter<'_> {
    fn paint(&self, row: &PaneRow, buffer: &mut Buffer) {
        let reader = self.app.reader();
        match row {
            PaneRow::Chapter { index, unfolded, .. } => self.chapter(*index, *unfolded, buffer),
            PaneRow::Heading { heading, count, unfolded } => self.heading(heading, *count, *unfolded, buffer),
            PaneRow::Quote(index) => {
                if let Some(quote) = reader.quotes().and_then(|q| q.get(*index)) {
                    self.quote(quote, buffer);
                }
            }
            PaneRow::Match(range) => {
                if let Some(hit) = reader.search().hit_at(range.start) {
                    self.matched(hit, buffer);
                }
            }
            PaneRow::Mark { index, .. } => {
                if let Some(kept) = reader.marks().all().get(*index) {
                    self.mark(kept, buffer);
                }
            }
        }
    }

    fn dim(&self) -> Style {
        self.look.add_modifier(Modifier::DIM)
    }

    /// Words from a column on, and something at the right end, which is always shown in full.
    fn words(&self, column: u16, words: &str, look: Style, right: &str, buffer: &mut Buffer) {
        let taken = usize::from(column) + if right.is_empty() { 0 } else { width(right) + 2 };
        let room = usize::from(self.area.width).saturating_sub(taken);
        put(buffer, self.area, column, &truncate(words, room), look);
        put_right(buffer, self.area, right, self.dim());
    }

    fn chapter(&self, index: usize, unfolded: Option<bool>, buffer: &mut Buffer) {
        let Some(entry) = self.app.reader().outline().entries().get(index) else { return };
        let sign = match unfolded {
            Some(true) => "▾",
            Some(false) => "▸",
            None => " ",
        };
        let indent = usize::from(entry.level.saturating_sub(1)).min(8) as u16 * 2;
        put(buffer, self.area, 1 + indent, sign, self.dim());
        let shade = if entry.inferred { self.dim() } else { self.look };
        let room = usize::from(self.area.width).saturating_sub(usize::from(indent) + 3 + 2);
        put(buffer, self.area, 3 + indent, &truncate(&entry.title, room), shade);
        if let Some(bar) = length_bar(self.app, index) {
            put_right(buffer, self.area, bar, self.theme.dim);
        }
    }

    fn heading(&self, heading: &Heading, count: usize, unfolded: bool, buffer: &mut Buffer) {
        let look = if *heading == Heading::Speaker(None) { self.dim() } else { self.look.patch(self.theme.heading) };
        if !unfolded {
            put(buffer, self.area, 0, "▸", self.dim());
        }
        let column = if unfolded { 0 } else { 2 };
        self.words(column, &heading_words(self.app, heading), look, &count.to_string(), buffer);
    }

    fn quote(&self, quote: &Quote, buffer: &mut Buffer) {
        // Under a speaker's name it need not be said again.
        let is_grouped = self.pane.arrangement() == Arrangement::Speaker;
        let (name, is_sure) = speaker(quote);
        let right = match (is_grouped, is_sure) {
            (false, _) if quote.speaker.is_some() => truncate(&name, usize::from(self.area.width) / 3),
            (true, false) if quote.speaker.is_some() => "?".to_owned(),
            _ => String::new(),
        };
        let look = if is_sure || quote.speaker.is_none() { self.look } else { self.dim() };
        self.words(2, &quote.opening, look, &right, buffer);
    }

    fn matched(&self, hit: &Hit, buffer: &mut Buffer) {
        let [before, words, after] = around(hit, usize::from(self.area.width).saturating_sub(2));
        let column = put(buffer, self.area, 2, &before, self.look);
        let column = put(buffer, self.area, column, &words, self.look.add_modifier(Modifier::BOLD));
        put(buffer, self.area, column, &after, self.look);
    }

    fn mark(&self, kept: &Kept, buffer: &mut Buffer) {
        let mark = &kept.mark;
        let sign = if matches!(kept.saving, Saving::Failed(_)) { "!" } else { sign(mark) };
        put(buffer, self.area, 0, sign, self.look.patch(self.theme.mark));
        let right = match mark.status {
            Status::Exact => format!("{} %", super::numbers::percent(mark.anchor.fraction)),
            status => status.name().to_owned(),
        };
        let look = if mark.status == Status::Lost { self.dim() } else { self.look };
        self.words(2, &detail::headline(mark), look, &right, buffer);
    }
}

/// A match with what stands before and after it, in so many columns: of what is before it as much is
/// left out as it needs.
fn around(hit: &Hit, room: usize) -> [String; 3] {
    let part = |range: std::ops::Range<usize>| hit.words.get(range).unwrap_or_default();
    let words = truncate(part(hit.within.clone()), room);
    let before = part(0..hit.within.start);
    let left = room.saturating_sub(width(&words));
    let before = match width(before) {
        columns if columns <= left => before.to_owned(),
        _ => {
            let fits = |tail: &str| width(tail) < left;
            let tails = before.char_indices().filter_map(|(at, _)| before.get(at..));
            tails.into_iter().find(|tail| fits(tail)).map_or(String::new(), |tail| format!("…{tail}"))
        }
    };
    let left = left.saturating_sub(width(&before));
    let after = truncate(part(hit.within.end..hit.words.len()), left);
    [before, words, after]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        for (day, expected) in
            [(0, "1970-01-01"), (58, "1970-02-28"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_784, "2026-11-27")]
        {
            assert_eq!(date(day), expected, "{day}");
        }
    }
}

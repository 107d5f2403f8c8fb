//! The page: rows of text, their styles, matches and marks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::App;
use crate::document::{BlockKind, FrameKind, Position, Range, Span};
use crate::layout::line::Ornament;
use crate::reader::Row;
use crate::text::width::width;

use super::regions::Regions;
use super::theme::Theme;
use super::{put, row as row_of};

/// Paints the rows of the page.
pub fn draw(app: &App, regions: &Regions, theme: &Theme, buffer: &mut Buffer) {
    let reader = app.reader();
    if reader.shown_rows().is_empty() {
        let is_loading = reader.is_waiting() || !reader.previewed().is_empty();
        let words = if is_loading { "Loading …" } else { "This document is empty." };
        put(buffer, row_of(regions.text, 0), 0, words, theme.dim);
        return;
    }
    for (index, row) in reader.shown_rows().iter().enumerate() {
        let place = Position::new(row.section.id(), row.block, 0);
        let ground = if reader.document().is_notice(place, row.section.fraction(place)) {
            theme.text.patch(theme.dim)
        } else {
            ground(row, theme)
        };
        let painter = Painter { app, theme, row, ground };
        painter.paint(regions, index, buffer);
    }
    if let Some(links) = app.links() {
        for (number, link) in links.numbered() {
            let look = theme.accent.add_modifier(Modifier::REVERSED);
            let area = row_of(regions.text, link.row);
            let own = area.x + link.column;
            // Over the space before it, so that its words can be read; where there is none (the sign of
            // a note at its word), over its own first letters rather than those of another word.
            let cell = |x: u16| buffer.cell((x, area.y)).map_or("", ratatui::buffer::Cell::symbol);
            // The second half of a wide character is no space, though its cell is empty.
            let is_free = |x: u16| cell(x) == " " && x.checked_sub(1).is_none_or(|before| width(cell(before)) < 2);
            let space = own.checked_sub(1).filter(|&x| is_free(x));
            let x = space.unwrap_or(own);
            put(buffer, Rect { x, width: area.right().saturating_sub(x), ..area }, 0, &number, look);
        }
    }
}

/// Where the caret of a selection stands on the screen.
pub fn caret(app: &App, regions: &Regions) -> Option<ratatui::layout::Position> {
    let caret = app.reader().selection().filter(|_| app.overlay().is_none() && app.note().is_none())?.caret();
    let is_here = app.pane().is_none_or(|pane| !pane.has_focus);
    let mut rows = app.reader().rows().iter().enumerate().filter(|_| is_here);
    let (row, column) = rows.find_map(|(index, row)| Some((index as u16, row.column_of(caret)?)))?;
    let area = regions.text;
    let (x, y) = (area.x + column.min(area.width.saturating_sub(1)), area.y + row.min(area.height.saturating_sub(1)));
    Some(ratatui::layout::Position::new(x, y))
}

/// The look of a block as a whole.
fn ground(row: &Row, theme: &Theme) -> Style {
    let kind = row.section.block(row.block).map(|b| &b.kind);
    let look = match kind {
        Some(BlockKind::Heading(1..=3) | BlockKind::TableRow { header: true, .. }) => theme.heading,
        Some(BlockKind::Heading(_)) => theme.heading.add_modifier(Modifier::ITALIC),
        Some(BlockKind::Code { .. }) => theme.code,
        Some(BlockKind::Attribution | BlockKind::Rule) => theme.dim,
        Some(BlockKind::Image { .. }) => theme.dim.add_modifier(Modifier::ITALIC),
        _ => theme.text,
    };
    let in_note = row.section.frames(row.block).any(|(_, f)| matches!(f.kind, FrameKind::Note { .. }));
    if in_note { look.patch(theme.dim) } else { look }
}

struct Painter<'a> {
    app: &'a App,
    theme: &'a Theme,
    row: &'a Row,
    ground: Style,
}

impl Painter<'_> {
    fn paint(&self, regions: &Regions, index: usize, buffer: &mut Buffer) {
        let area = row_of(regions.text, index);
        let Some(line) = self.row.line() else { return };
        if let Some((column, words)) = line.ornament.text(&self.row.section) {
            put(buffer, area, column, &words, self.theme.dim);
        }
        let text = self.row.section.block_text(self.row.block);
        for run in line.runs() {
            let mut column = run.column;
            let mut at = run.start;
            while at < run.end {
                let (look, end) = self.look(at, run.end);
                let piece = text.get(at as usize..end as usize).unwrap_or_default();
                put(buffer, area, column, piece, look);
                column += width(piece) as u16;
                at = end;
            }
        }
        let landed = self.app.reader().landed().filter(|place| index > 0 && self.is_on_row(*place));
        let sign = self.margin_sign().map(|sign| (sign, self.theme.mark));
        if let Some((sign, look)) = sign.or(landed.map(|_| ("→", self.theme.accent))) {
            let page = row_of(regions.page, index);
            let margin = regions.text.x.saturating_sub(page.x);
            if margin > 0 {
                put(buffer, page, margin.saturating_sub(2), sign, look);
            }
        }
    }

    /// The look at a byte of the block, and where it ends.
    fn look(&self, at: u32, limit: u32) -> (Style, u32) {
        let mut end = limit;
        let spans = self.row.section.spans(self.row.block);
        let next = spans.partition_point(|s| s.end <= at);
        let mut look = self.ground;
        if let Some(Span { start, end: span_end, style, link }) = spans.get(next) {
            if *start <= at {
                look = self.theme.inline(look, *style, link.is_some());
                end = end.min(*span_end);
            } else {
                end = end.min(*start);
            }
        }
        let place = Position::new(self.row.section.id(), self.row.block, at);
        let reader = self.app.reader();
        if let Some(speech) = reader.speech_from(place).filter(|_| self.app.look().speech) {
            cover(speech, self.theme.speech, place, &mut look, &mut end);
        }
        for mark in reader.marks().shown() {
            if let Some(color) = mark.color {
                cover(mark.range, self.theme.highlight(color), place, &mut look, &mut end);
            }
        }
        // What a list points at.
        for part in reader.previewed() {
            cover(*part, self.theme.accent, place, &mut look, &mut end);
        }
        let search = reader.search();
        let shown = search.shown();
        let next = shown.partition_point(|hit| hit.end <= place);
        if let Some(hit) = shown.get(next).filter(|hit| same_block(hit.start, place)) {
            if hit.start <= place {
                look = look.patch(if search.hit() == Some(*hit) { self.theme.current_hit } else { self.theme.hit });
                end = end.min(hit.end.byte);
            } else {
                end = end.min(hit.start.byte);
            }
        }
        if let Some(range) = self.app.selected().filter(|_| reader.previewed().is_empty()) {
            cover(range, self.theme.selection, place, &mut look, &mut end);
        }
        (look, end.max(at + 1))
    }

    /// Whether a place is on the row. A row without text is not where a mark stands.
    fn is_on_row(&self, place: Position) -> bool {
        let (start, end) = (self.row.start(), self.row.end());
        let blank = self.row.line().is_none_or(|line| line.runs().is_empty() && line.ornament == Ornament::None);
        !blank && start <= place && (place < end || place == start)
    }

    /// The sign of the marks that begin on the row. Highlights are seen by their words.
    fn margin_sign(&self) -> Option<&'static str> {
        let shown = self.app.reader().marks().shown().iter();
        let here = || shown.clone().filter(|mark| self.is_on_row(mark.range.start));
        if here().any(|mark| mark.has_note) {
            return Some("✎");
        }
        here().any(|mark| mark.color.is_none()).then_some("▎")
    }
}

/// Lays the look of a stretch over that of a byte, and stops where it begins or ends.
fn cover(range: Range, over: Style, place: Position, look: &mut Style, end: &mut u32) {
    if range.start >= range.end || place >= range.end {
        return;
    }
    if range.start <= place {
        *look = look.patch(over);
        if same_block(range.end, place) {
            *end = (*end).min(range.end.byte);
        }
    } else if same_block(range.start, place) {
        *end = (*end).min(range.start.byte);
    }
}

fn same_block(a: Position, b: Position) -> bool {
    (a.section, a.block) == (b.section, b.block)
}

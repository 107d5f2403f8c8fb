//! About this document: what it says of itself, and what was wrong with it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::App;
use crate::document::{Format, Warning};
use crate::text::Clean;
use crate::text::width::truncate;

use super::numbers::{WORDS_A_MINUTE, grouped, size, time};
use super::theme::Theme;
use super::{put, row};

/// Columns of what a document says it is about.
const DESCRIPTION_COLUMNS: u16 = 72;

/// Paints what is known of the document.
pub fn draw(app: &App, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let inner =
        Rect { x: area.x + 4.min(area.width / 8), width: area.width.saturating_sub(area.width / 8 + 2), ..area };
    let document = app.reader().document();
    let meta = document.meta();
    let mut line = 0;
    put(buffer, row(inner, line), 0, &truncate(app.title(), usize::from(inner.width)), theme.heading);
    line += 2;
    let authors = meta.authors.iter().map(Clean::as_str).collect::<Vec<_>>().join(", ");
    let text = |value: &Option<Clean>| value.as_ref().map(|v| v.as_str().to_owned()).unwrap_or_default();
    let facts = [
        ("by", authors),
        ("language", text(&meta.language)),
        ("date", text(&meta.date)),
        ("publisher", text(&meta.publisher)),
        ("format", format!("{}, {}", document.format(), document.encoding())),
        ("size", size(document.identity().bytes)),
        ("chapters", grouped(app.reader().outline().len() as u64)),
        ("words", app.reader().words().map(|words| length(words, document.format())).unwrap_or_default()),
        ("marks", app.reader().marks().all().iter().filter(|k| !k.mark.is_correction()).count().to_string()),
    ];
    for (name, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        let area = row(inner, line);
        put(buffer, area, 0, name, theme.dim);
        put(buffer, area, 12, &truncate(&value, usize::from(area.width.saturating_sub(12))), theme.text);
        line += 1;
    }
    line += 1;
    let warnings: Vec<&Warning> = document.warnings().iter().chain(app.reader().outline().warnings()).collect();
    let room = usize::from(inner.height).saturating_sub(line);
    // The last row says how many more there are.
    let shown = if warnings.len() > room { room.saturating_sub(1) } else { warnings.len() };
    for warning in warnings.iter().take(shown) {
        put(buffer, row(inner, line), 0, &truncate(&warning.0, usize::from(inner.width)), theme.text);
        line += 1;
    }
    if shown < warnings.len() {
        let more = format!("… and {} more: lection info lists them", warnings.len() - shown);
        put(buffer, row(inner, line), 0, &truncate(&more, usize::from(inner.width)), theme.dim);
        line += 1;
    }
    line += usize::from(shown > 0);
    let room = usize::from(inner.height).saturating_sub(line);
    let columns = usize::from(inner.width.min(DESCRIPTION_COLUMNS));
    let about: Vec<_> = meta.description.iter().flat_map(|text| textwrap::wrap(text, columns)).collect();
    let has_more = about.len() > room;
    let about = about.into_iter().take(if has_more { room.saturating_sub(1) } else { room });
    for words in about.chain(has_more.then_some("… (all of it: lection info)".into())).take(room) {
        put(buffer, row(inner, line), 0, &truncate(&words, columns), theme.text);
        line += 1;
    }
}

/// How long a text is, in words and in the time that reading takes; nobody reads code and logs so.
fn length(words: u64, format: Format) -> String {
    match format {
        Format::Lines => grouped(words),
        _ => format!("{}, about {}", grouped(words), time(words as f64 / WORDS_A_MINUTE)),
    }
}

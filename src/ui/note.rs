//! The note that is being written, over the lower part of the page.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use unicode_segmentation::UnicodeSegmentation;

use crate::app::Note;
use crate::text::width::{grapheme_width, truncate, width};

use super::detail::one_line;
use super::theme::Theme;
use super::{put, row as row_of};

/// Rows above the text: a rule, the words that it is about, white.
const HEAD_ROWS: u16 = 3;

/// Paints the note; gives where the cursor stands.
pub fn draw(note: &Note, page: Rect, text: Rect, theme: &Theme, buffer: &mut Buffer) -> Position {
    let height = (page.height / 2).max(6).min(page.height);
    let area = Rect { y: page.bottom() - height, height, ..page };
    for y in area.top()..area.bottom() {
        put(buffer, Rect { y, height: 1, ..area }, 0, &" ".repeat(usize::from(area.width)), theme.text);
    }
    let inner = Rect { x: text.x, width: text.width, ..area };
    let columns = usize::from(inner.width.max(1));
    put(buffer, row_of(inner, 0), 0, &"─".repeat(columns), theme.dim);
    let head = put(buffer, row_of(inner, 1), 0, "Note  ", theme.heading);
    let words = truncate(&one_line(note.words()), columns.saturating_sub(usize::from(head)));
    put(buffer, row_of(inner, 1), head, &words, theme.dim);
    let typed = note.field().text();
    let rows = wrap(typed, columns);
    let cursor = note.field().before_cursor().len();
    let cursor_row = rows.iter().rposition(|row| row.start <= cursor).unwrap_or(0);
    let room = usize::from(area.height.saturating_sub(HEAD_ROWS).max(1));
    let top = (cursor_row + 1).saturating_sub(room);
    for (index, row) in rows.iter().skip(top).take(room).enumerate() {
        let words = typed.get(row.clone()).unwrap_or_default();
        put(buffer, row_of(inner, index + usize::from(HEAD_ROWS)), 0, words, theme.text);
    }
    let before = rows.get(cursor_row).and_then(|row| typed.get(row.start..cursor)).unwrap_or_default();
    let x = inner.x + (width(before) as u16).min(inner.width.saturating_sub(1));
    Position::new(x, (area.y + HEAD_ROWS + (cursor_row - top) as u16).min(area.bottom().saturating_sub(1)))
}

/// The rows of a text, at most `columns` wide, broken after spaces where there are any.
fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut offset = 0;
    for line in text.split('\n') {
        let (mut start, mut used, mut space) = (offset, 0, None);
        for (at, grapheme) in line.grapheme_indices(true) {
            let at = offset + at;
            let wide = grapheme_width(grapheme);
            while used + wide > columns && at > start {
                let end = space.take().filter(|_| grapheme != " ").unwrap_or(at);
                rows.push(start..end);
                start = end;
                used = width(text.get(start..at).unwrap_or_default());
            }
            used += wide;
            if grapheme == " " {
                space = Some(at + 1);
            }
        }
        rows.push(start..offset + line.len());
        offset += line.len() + 1;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str, columns: usize) -> Vec<&str> {
        wrap(text, columns).into_iter().filter_map(|row| text.get(row)).collect()
    }

    #[test]
    fn words_are_kept_whole_where_they_fit() {
        assert_eq!(rows("one two three", 8), ["one two ", "three"]);
        assert_eq!(rows("one\n\ntwo", 8), ["one", "", "two"]);
        assert_eq!(rows("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(rows("", 3), [""]);
    }

    proptest! {
        #[test]
        fn rows_cover_the_text_but_its_line_ends(text in "[ab 日\n]{0,40}", columns in 2usize..9) {
            let rows = rows(&text, columns);
            prop_assert_eq!(rows.concat(), text.replace('\n', ""));
            prop_assert!(rows.iter().all(|row| width(row) <= columns));
        }
    }
}

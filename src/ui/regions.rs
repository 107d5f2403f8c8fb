//! How the screen is divided: pure, from its size and what is open.

use ratatui::layout::Rect;

use crate::app::{App, Room};
use crate::document::Format;

use super::help;

/// Below this many columns a list covers the page instead of squeezing it.
const SIDE_BY_SIDE: u16 = 60;
/// Below this size there is room for text only.
const TINY: (u16, u16) = (20, 6);
/// From this many rows on, head and foot are parted from the text by white.
const ROOMY: u16 = 10;
/// Rows that a list has below its entries for the entry at the cursor, where there are enough.
const DETAIL_ROWS: u16 = 5;
/// From this many rows on a list has room for that.
const DETAIL_FROM: u16 = 16;
/// From this many columns on, what programs print for the usual 80 leaves room for signs beside it.
const WIDE: u16 = 80 + SIGN_COLUMNS;
/// Columns of the signs of marks.
const SIGN_COLUMNS: u16 = 2;
/// Columns of a list beside the text: two fifths of the screen, within these bounds.
const PANE_COLUMNS: (u16, u16) = (24, 48);

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    /// The running head.
    pub head: Option<Rect>,
    /// All of the page, margins included.
    pub page: Rect,
    /// The column of text in it.
    pub text: Rect,
    /// The list beside the page, or over it.
    pub pane: Option<Rect>,
    /// Rows at the foot of the list for the entry at its cursor.
    pub detail: Option<Rect>,
    /// Column of the thin rule between list and page.
    pub rule: Option<u16>,
    /// The foot. On a tiny screen it covers the last row of text when there is something to say.
    pub foot: Rect,
    /// The room that the state of the program needs to know.
    pub room: Room,
}

/// Divides the screen.
pub fn regions(app: &App) -> Regions {
    let (columns, rows) = app.screen();
    let pane = app.pane().map(|pane| pane.kind.has_preview());
    let is_flush = app.reader().document().format() == Format::Lines;
    divide(columns, rows, (app.look().measure, is_flush), pane)
}

/// `is_flush`: the text has no margins but for the signs of marks, for its lines may be as wide as the
/// screen was on which they were made. `pane`: there is a list, and whether it shows its entries in detail.
fn divide(columns: u16, rows: u16, (measure, is_flush): (u16, bool), pane: Option<bool>) -> Regions {
    let (has_pane, has_detail) = (pane.is_some(), pane == Some(true));
    let (columns, rows) = (columns.max(1), rows.max(1));
    let is_tiny = columns < TINY.0 || rows < TINY.1;
    let foot = Rect::new(0, rows - 1, columns, 1);
    let (above, below) = match (is_tiny, rows) {
        (true, _) => (0, 0),
        (false, ..ROOMY) => (0, 1),
        (false, _) => (2, 2),
    };
    let body = Rect::new(0, above, columns, rows - above - below);
    let beside = has_pane && columns >= SIDE_BY_SIDE;
    let (pane, rule, page) = if beside {
        let wide = (columns * 2 / 5).clamp(PANE_COLUMNS.0, PANE_COLUMNS.1);
        let pane = Rect { width: wide, ..body };
        (Some(pane), Some(wide), Rect { x: wide + 1, width: columns - wide - 1, ..body })
    } else {
        (has_pane.then_some(body), None, body)
    };
    let detail_rows = if pane.is_some_and(|p| p.height >= DETAIL_FROM) && has_detail { DETAIL_ROWS } else { 0 };
    let detail = pane.filter(|_| detail_rows > 0);
    let detail = detail.map(|p| Rect { y: p.bottom() - detail_rows, height: detail_rows, ..p });
    let margin = match page.width {
        ..20 => 0,
        20..30 => 1,
        30..50 => 2,
        _ => 4,
    };
    let signs = if page.width >= WIDE { SIGN_COLUMNS } else { 0 };
    let available = page.width - if is_flush { signs } else { 2 * margin };
    let width = available.min(measure).max(1);
    let left = if is_flush { signs } else { (page.width - width) / 2 };
    let text = Rect { x: page.x + left, width, ..page };
    // The head stands over the text, as in a book; over the whole page where text is narrow.
    let head = (above > 0).then(|| Rect { y: 0, height: 1, ..wider(text, page) });
    Regions {
        head,
        page,
        text,
        pane,
        detail,
        rule,
        foot: Rect {
            x: if is_tiny { 0 } else { margin.min(2) },
            width: columns - if is_tiny { 0 } else { 2 * margin.min(2) },
            ..foot
        },
        room: Room {
            text: (text.x, text.y),
            pane: pane.map(|p| (p.x, p.y + 2, p.width)),
            columns: available.max(1),
            rows: page.height.max(1),
            // The first two rows of a list are its heading.
            pane_rows: pane.map_or(body.height, |p| p.height).saturating_sub(2 + detail_rows).max(1),
            pane_covers: has_pane && !beside,
            pane_squeezes: has_pane && beside && text.width < measure,
            help_top_max: help::top_max(page),
        },
    }
}

/// The text column, or the page less a margin where the column is too narrow for a head.
fn wider(text: Rect, page: Rect) -> Rect {
    if text.width >= 40 { text } else { Rect { x: page.x + 1, width: page.width.saturating_sub(2), ..page } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_lie_on_the_screen(columns in 1u16..400, rows in 1u16..200, measure in 1u16..200, is_flush: bool, pane: Option<bool>) {
            let r = divide(columns, rows, (measure, is_flush), pane);
            let screen = Rect::new(0, 0, columns, rows);
            for part in [Some(r.page), Some(r.text), Some(r.foot), r.head, r.pane, r.detail].into_iter().flatten() {
                prop_assert_eq!(part.intersection(screen), part, "{:?}", part);
            }
            prop_assert!(r.text.width >= 1 && r.text.width <= measure && r.text.height >= 1);
            prop_assert!(r.room.rows == r.text.height && r.room.columns >= r.text.width);
            if let (Some(p), false) = (r.pane, r.room.pane_covers) {
                prop_assert!(p.intersection(r.page).is_empty());
            }
        }
    }

    #[test]
    fn the_usual_screens() {
        let r = divide(80, 24, (72, false), None);
        assert_eq!((r.text.x, r.text.width, r.text.height), (4, 72, 20));
        let r = divide(100, 30, (72, false), None);
        assert_eq!((r.text.x, r.text.width, r.text.height), (14, 72, 26));
        let r = divide(100, 30, (72, false), Some(false));
        assert_eq!((r.pane.unwrap().width, r.text.width), (40, 51));
        assert!(r.room.pane_squeezes);
        let r = divide(160, 50, (72, false), Some(false));
        assert_eq!((r.pane.unwrap().width, r.text.width), (48, 72));
        assert!(!r.room.pane_squeezes);
        let r = divide(80, 24, (200, true), None);
        assert_eq!((r.text.x, r.text.width), (0, 80));
        let r = divide(120, 30, (200, true), None);
        assert_eq!((r.text.x, r.text.width), (2, 118));
        let r = divide(50, 30, (72, false), Some(false));
        assert!(r.room.pane_covers);
    }
}

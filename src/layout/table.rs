//! A row of a table: its cells side by side, each wrapped in its column; on a page too narrow
//! for that, one under the other.
//!
//! Columns are planned from what the whole table needs (its widest cells, its longest words), so
//! that every row can be laid out by itself and still stands under the one above.

use crate::document::{Align, BlockId, Section, Table};

use super::block::Slot;
use super::line::{Line, Ornament, Run, Runs};
use super::wrap::{Fill, Filled, wrap};

/// Columns between two cells.
const GAP: u16 = 2;
/// A column is not made narrower than this unless its words are.
const COLUMN_MIN: u16 = 3;
/// Columns that later cells are set in where they stand one under the other.
const STACK_INDENT: u16 = 2;

/// Sets a row of a table.
pub(super) fn set(section: &Section, id: BlockId, table: u32, header: bool, slot: Slot, lines: &mut Vec<Line>) {
    let text = section.block_text(id);
    let mut start = 0;
    let mut cells = Vec::new();
    for cell in text.split('\t') {
        cells.push((cell, start));
        start += cell.len() as u32 + 1;
    }
    let plan = section.table(table).and_then(|table| columns(table, slot.width));
    let above = lines.len();
    match &plan {
        Some(plan) => side_by_side(&cells, plan, section.table(table), slot, lines),
        None => stacked(&cells, slot, lines),
    }
    if lines.len() == above {
        lines.push(Line::blank(0));
    }
    // All text belongs to the first row; see the law of lines.
    let end = text.len() as u32;
    for (index, line) in lines.iter_mut().skip(above).enumerate() {
        line.start = if index == 0 { 0 } else { end };
        line.end = end;
    }
    if header && plan.is_some() {
        let wide = plan.iter().flatten().map(|(column, width)| column + width).max().unwrap_or(1);
        lines.push(Line { ornament: Ornament::Rule { column: slot.column, width: wide }, ..Line::blank(end) });
    }
}

/// Where each column begins, and its width; `None` where they do not fit side by side.
fn columns(table: &Table, room: u16) -> Option<Vec<(u16, u16)>> {
    let gaps = GAP.checked_mul(u16::try_from(table.natural.len()).ok()?.checked_sub(1)?)?;
    let room = room.checked_sub(gaps)?;
    let least: Vec<u16> = table
        .longest_word
        .iter()
        .zip(&table.natural)
        .map(|(word, natural)| (*word).max(COLUMN_MIN.min(*natural)).max(1))
        .collect();
    if least.iter().map(|w| u32::from(*w)).sum::<u32>() > u32::from(room) {
        return None;
    }
    // The widest columns give way first: all are cut to one greatest width, found by halving.
    let fits = |greatest: u16| {
        let wide = |(natural, least): (&u16, &u16)| u32::from((*natural).min(greatest).max(*least));
        table.natural.iter().zip(&least).map(wide).sum::<u32>() <= u32::from(room)
    };
    let (mut low, mut high) = (0, room);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let mut column = 0;
    let widths = table.natural.iter().zip(&least).map(|(natural, least)| (*natural).min(low).max(*least));
    let place = |width| {
        let start = column;
        column += width + GAP;
        (start, width)
    };
    Some(widths.map(place).collect())
}

fn side_by_side(cells: &[(&str, u32)], plan: &[(u16, u16)], table: Option<&Table>, slot: Slot, lines: &mut Vec<Line>) {
    let mut rows: Vec<Vec<Run>> = Vec::new();
    for (index, ((cell, start), (column, width))) in cells.iter().zip(plan).enumerate() {
        let align = table.and_then(|t| t.aligns.get(index)).copied().unwrap_or_default();
        for (row, filled) in wrap(cell, *start, *width, *width, Fill::First).into_iter().enumerate() {
            if rows.len() <= row {
                rows.push(Vec::new());
            }
            let spare = width.saturating_sub(filled.width);
            let indent = match align {
                Align::Start => 0,
                Align::Center => spare / 2,
                Align::End => spare,
            };
            if let (Some(runs), true) = (rows.get_mut(row), filled.to > filled.from) {
                runs.push(run(&filled, slot.column + column + indent));
            }
        }
    }
    lines.extend(rows.into_iter().map(|runs| Line { runs: pack(runs), ..Line::blank(0) }));
}

fn stacked(cells: &[(&str, u32)], slot: Slot, lines: &mut Vec<Line>) {
    for (index, (cell, start)) in cells.iter().enumerate() {
        if cell.trim().is_empty() {
            continue;
        }
        let indent = if index == 0 { 0 } else { STACK_INDENT.min(slot.width.saturating_sub(1) / 2) };
        let width = slot.width - indent;
        for filled in wrap(cell, *start, width, width, Fill::First) {
            let runs = if filled.to > filled.from { Runs::One(run(&filled, slot.column + indent)) } else { Runs::None };
            lines.push(Line { runs, ..Line::blank(0) });
        }
    }
}

fn run(filled: &Filled, column: u16) -> Run {
    Run { start: filled.from, end: filled.to, column }
}

fn pack(mut runs: Vec<Run>) -> Runs {
    match (runs.pop(), runs.is_empty()) {
        (None, _) => Runs::None,
        (Some(run), true) => Runs::One(run),
        (Some(run), false) => {
            runs.push(run);
            Runs::Many(runs.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(natural: &[u16], words: &[u16], room: u16, expected: Option<&[u16]>) {
        let table = Table { natural: natural.to_vec(), longest_word: words.to_vec(), ..Table::default() };
        let widths = columns(&table, room).map(|plan| plan.into_iter().map(|(_, w)| w).collect::<Vec<_>>());
        assert_eq!(widths.as_deref(), expected, "{natural:?} in {room}");
    }

    #[test]
    fn the_widest_columns_give_way() {
        check(&[5, 5], &[5, 5], 20, Some(&[5, 5]));
        check(&[5, 40], &[5, 8], 30, Some(&[5, 23]));
        check(&[30, 40, 4], &[6, 6, 4], 44, Some(&[18, 18, 4]));
        check(&[30, 40], &[20, 25], 40, None);
        check(&[0, 0], &[0, 0], 10, Some(&[1, 1]));
        check(&[4; 30], &[4; 30], 60, None);
    }
}

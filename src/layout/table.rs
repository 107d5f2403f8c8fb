//! Rows of tables: how wide the columns are, and the cells in them.
//!
//! Every row computes the same widths again from what the whole table measured, in a few passes
//! over its columns, so a row needs no other row. A table that cannot stand side by side is
//! stacked: each cell on rows of its own. It must not know what a cell's text means.

use crate::document::{BlockId, BlockKind, Section, Table};

use super::block::{Setting, aligned};
use super::line::{Line, Ornament, Run, Runs};
use super::room::Room;
use super::wrap::{Fit, Row, Widths, author_lines, wrap};

/// Columns between two cells.
const GAP: u16 = 2;
/// Columns that a cell keeps even if its longest word is longer, which then breaks: most words of
/// most languages are shorter.
const CELL_COLUMNS_MIN: u16 = 12;
/// Columns before the second and further cells of a stacked row.
const STACK_INDENT: u16 = 2;

/// Adds the lines of a row of `table`.
pub(super) fn table_row(text: &str, table: &Table, room: &Room, lines: &mut Vec<Line>) {
    match widths(table, room) {
        Some(widths) => side_by_side(text, table, &widths, room, lines),
        None => stacked(text, room, lines),
    }
}

/// The rule under a row of headings, if no further headings follow.
pub(super) fn header_rule(section: &Section, id: BlockId, table: u32, room: &Room) -> Option<Line> {
    let next = section.block(BlockId(id.0 + 1)).map(|block| &block.kind);
    if matches!(next, Some(BlockKind::TableRow { table: same, header: true }) if *same == table) {
        return None;
    }
    let width = widths(section.table(table)?, room).map_or(room.width, |widths| total(&widths));
    let ornament = Ornament::Rule { column: room.left, width: width.min(room.width).max(1) };
    let end = section.block_text(id).len() as u32;
    Some(Line { ornament, ..Line::blank(end) })
}

/// The width of each column, or nothing if the cells cannot stand side by side.
///
/// All columns wider than some level are cut down to it, so the widest give first; none gets
/// narrower than its longest word, up to a bound. Empty columns take no space at all.
fn widths(table: &Table, room: &Room) -> Option<Vec<u16>> {
    let floor = |column: usize| {
        let natural = table.natural.get(column).copied().unwrap_or(0);
        table.longest_word.get(column).map_or(natural, |word| *word.min(&natural).min(&CELL_COLUMNS_MIN))
    };
    let at_level = |level: u16| {
        let widths = table.natural.iter().enumerate();
        widths.map(move |(column, natural)| level.max(floor(column)).min(*natural)).collect::<Vec<u16>>()
    };
    let fits = |widths: &[u16]| sum(widths) <= u32::from(room.width);
    let natural = at_level(u16::MAX);
    if fits(&natural) {
        return Some(natural);
    }
    let (mut good, mut bad) = (0, room.width);
    if !fits(&at_level(good)) {
        return None;
    }
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if fits(&at_level(middle)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    let mut widths = at_level(good);
    // What is left over is less than a column for each that was cut down.
    let mut left = u32::from(room.width) - sum(&widths);
    for (width, natural) in widths.iter_mut().zip(&table.natural) {
        if left > 0 && *width == good && *width < *natural {
            *width += 1;
            left -= 1;
        }
    }
    Some(widths)
}

/// Columns of a table: its cells and the gaps between those that are not empty.
fn sum(widths: &[u16]) -> u32 {
    let all: u32 = widths.iter().map(|width| u32::from(*width)).sum();
    let cells = widths.iter().filter(|width| **width > 0).count() as u32;
    all + u32::from(GAP) * cells.saturating_sub(1)
}

fn total(widths: &[u16]) -> u16 {
    sum(widths).min(u32::from(u16::MAX)) as u16
}

/// The cells of a row, each with its first byte.
fn cells(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    text.split('\t').map(move |cell| {
        let start = next;
        next += cell.len() + 1;
        (start, cell)
    })
}

fn side_by_side(text: &str, table: &Table, widths: &[u16], room: &Room, lines: &mut Vec<Line>) {
    let mut rows: Vec<Vec<Run>> = vec![Vec::new()];
    let mut left = room.left;
    for (column, ((start, cell), &width)) in cells(text).zip(widths).enumerate() {
        if width == 0 && cell.trim().is_empty() {
            continue;
        }
        let align = table.aligns.get(column).copied().unwrap_or_default();
        for (number, row) in cell_rows(start, cell, width).iter().enumerate() {
            if rows.len() <= number {
                rows.push(Vec::new());
            }
            let (start, end) = row.shown;
            if let (true, Some(runs)) = (start < end, rows.get_mut(number)) {
                let column = aligned(left, width, row.width, align).min(room.left + room.width);
                runs.push(Run { start, end, column });
            }
        }
        if width > 0 {
            left = left.saturating_add(width + GAP);
        }
    }
    let end = text.len() as u32;
    lines.extend(rows.into_iter().enumerate().map(|(number, runs)| {
        let start = if number == 0 { 0 } else { end };
        let runs = match runs.as_slice() {
            [] => Runs::None,
            [run] => Runs::One(*run),
            _ => Runs::Many(runs.into_boxed_slice()),
        };
        Line { start, end, runs, ornament: Ornament::None }
    }));
}

fn cell_rows(start: usize, cell: &str, width: u16) -> Vec<Row> {
    let lines = author_lines(cell);
    let widths = Widths { first: width, rest: width };
    lines.flat_map(|(at, line, _)| wrap(line, (start + at) as u32, widths, Fit::Full)).collect()
}

/// One cell under another, those after the first set in. Empty cells take no rows.
fn stacked(text: &str, room: &Room, lines: &mut Vec<Line>) {
    let above = lines.len();
    let inset = STACK_INDENT.min(room.width - room.indented(STACK_INDENT).width);
    for (start, cell) in cells(text) {
        let mut setting = Setting::new(room);
        if start > 0 {
            (setting.first, setting.rest) = (setting.first.max(inset), inset);
        }
        if lines.len() > above {
            setting.first = setting.rest;
        }
        if !cell.trim().is_empty() {
            for (at, line, end) in author_lines(cell) {
                setting.set((start + at, line, start + end), lines);
                setting.first = setting.rest;
            }
        }
    }
    if lines.len() == above {
        lines.push(Line::blank(0));
    }
    // The tabs and the empty cells between belong to the row before them.
    let starts: Vec<u32> = lines.iter().skip(above + 1).map(|line| line.start).collect();
    let ends = starts.into_iter().chain([text.len() as u32]);
    for (line, end) in lines.iter_mut().skip(above).zip(ends) {
        line.end = end;
    }
    if let Some(first) = lines.get_mut(above) {
        first.start = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(width: u16, natural: &[u16], words: &[u16], expected: Option<&[u16]>) {
        let table = Table { natural: natural.to_vec(), longest_word: words.to_vec(), ..Table::default() };
        let room = Room { left: 0, width, markers: Vec::new() };
        assert_eq!(widths(&table, &room).as_deref(), expected);
    }

    #[test]
    fn the_widest_columns_give_first() {
        check(40, &[10, 20], &[5, 5], Some(&[10, 20]));
        check(32, &[10, 20], &[5, 5], Some(&[10, 20]));
        check(31, &[10, 20], &[5, 5], Some(&[10, 19]));
        check(20, &[4, 30, 50], &[4, 6, 6], Some(&[4, 6, 6]));
        check(40, &[4, 30, 50], &[4, 6, 6], Some(&[4, 16, 16]));
        check(41, &[4, 30, 50], &[4, 6, 6], Some(&[4, 17, 16]));
        check(40, &[4, 30, 50], &[4, 60, 6], Some(&[4, 16, 16]));
    }

    #[test]
    fn a_table_too_wide_is_stacked() {
        check(19, &[4, 30, 50], &[4, 6, 6], None);
        check(1, &[1, 1], &[1, 1], None);
        check(1, &[1, 0], &[1, 0], Some(&[1, 0]));
        check(10, &[], &[], Some(&[]));
    }
}

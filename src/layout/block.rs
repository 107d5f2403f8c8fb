//! Blocks → lines: how each kind of block is set, and the blank rows above it.
//!
//! Kinds differ in where rows may end and at which columns they stand; that is all this file
//! decides. Markers are added to the finished rows. It must not know how a row is filled.

use unicode_segmentation::UnicodeSegmentation;

use crate::document::{Align, Block, BlockId, BlockKind, Section, SectionId};
use crate::text::width::width;

use super::cluster::{is_white, shown_len};
use super::line::{Line, Ornament, Run, Runs};
use super::options::{Options, Paragraphs};
use super::room::Room;
use super::table::{header_rule, table_row};
use super::wrap::{Fit, Row, Widths, author_lines, cut, wrap};

/// Columns before the first row of a paragraph after a paragraph, where no blank row parts them.
const PARAGRAPH_INDENT: u16 = 2;
/// Columns before the rest of a line of verse that does not fit in a row.
const VERSE_HANG: u16 = 4;
/// Columns before preformatted text.
const CODE_INDENT: u16 = 2;

/// The rows of one block, its blank rows above included; none for a block that does not exist.
///
/// ```text
/// lay_out(section, block, &Options::new(66))
/// ```
pub fn lay_out(section: &Section, id: BlockId, options: &Options) -> Box<[Line]> {
    let options = *options;
    let Some(block) = section.block(id) else { return Box::default() };
    let text = section.block_text(id);
    let room = Room::of(section, id, options.width.max(1));
    let mut lines = vec![Line::blank(0); rows_above(section, id, block, options)];
    let above = lines.len();
    match &block.kind {
        BlockKind::Heading(level) => heading(text, *level, &room, &mut lines),
        BlockKind::Image { .. } if text.is_empty() => {
            let ornament = Ornament::Picture { column: room.left, width: room.width };
            lines.push(Line { ornament, ..Line::blank(0) });
        }
        BlockKind::Paragraph | BlockKind::Image { .. } => {
            let indent = if is_indented(section, id, block, options) { PARAGRAPH_INDENT } else { 0 };
            paragraph(text, indent, options, &room, &mut lines);
        }
        BlockKind::Attribution => Setting { align: Align::End, ..Setting::new(&room) }.set_all(text, &mut lines),
        BlockKind::Verse => verse(text, &room, &mut lines),
        BlockKind::Code { .. } => code(text, &room, &mut lines),
        BlockKind::TableRow { table, header } => {
            if let Some(measured) = section.table(*table) {
                table_row(text, measured, &room, &mut lines);
            }
            lines.extend(if *header { header_rule(section, id, *table, &room) } else { None });
        }
        BlockKind::Rule => rule(text, &room, &mut lines),
    }
    mark(&room, above, &mut lines);
    lines.into_boxed_slice()
}

/// Blank rows above a block.
fn rows_above(section: &Section, id: BlockId, block: &Block, options: Options) -> usize {
    let is_first = id.0 == 0 && section.id() == SectionId(0);
    if is_first || block.continues || block.tight {
        return 0;
    }
    let before = before(section, id).map(|block| &block.kind);
    let under = if matches!(before, Some(BlockKind::Heading(..=1))) { 2 } else { 0 };
    let own = match block.kind {
        BlockKind::Heading(..=2) => 2,
        BlockKind::TableRow { table, .. } if section.table(table).is_some_and(|table| table.first != id) => return 0,
        BlockKind::Attribution if !matches!(before, None | Some(BlockKind::Heading(_))) => 0,
        _ if is_indented(section, id, block, options) => 0,
        _ => 1,
    };
    own.max(under)
}

/// Whether a paragraph is told from the one before by its indent.
fn is_indented(section: &Section, id: BlockId, block: &Block, options: Options) -> bool {
    let follows = |before: &Block| before.kind == BlockKind::Paragraph && before.frame == block.frame;
    options.paragraphs == Paragraphs::Indented
        && block.kind == BlockKind::Paragraph
        && !block.continues
        && before(section, id).is_some_and(follows)
}

fn before(section: &Section, id: BlockId) -> Option<&Block> {
    section.block(BlockId(id.0.checked_sub(1)?))
}

/// How the rows of one text stand.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    left: u16,
    width: u16,
    /// Columns that the first row leaves free at its left.
    pub first: u16,
    /// Columns that the other rows leave free.
    pub rest: u16,
    align: Align,
    fit: Fit,
}

impl Setting {
    pub fn new(room: &Room) -> Setting {
        let (left, width) = (room.left, room.width);
        Setting { left, width, first: room.marker_overlap(), rest: 0, align: Align::Start, fit: Fit::Full }
    }

    /// Adds the rows of all the author's lines; only the first row of all is set apart.
    fn set_all(mut self, text: &str, lines: &mut Vec<Line>) {
        for line in author_lines(text) {
            self.set(line, lines);
            self.first = self.rest;
        }
    }

    /// Adds the rows of the author's line from `start` to `end`.
    pub fn set(&self, (start, text, end): (usize, &str, usize), lines: &mut Vec<Line>) {
        let widths = Widths { first: self.width - self.first, rest: self.width - self.rest };
        for (number, row) in wrap(text, start as u32, widths, self.fit).iter().enumerate() {
            let inset = if number == 0 { self.first } else { self.rest };
            lines.push(Line::of(row, aligned(self.left + inset, self.width - inset, row.width, self.align)));
        }
        if let Some(last) = lines.last_mut() {
            last.end = end as u32;
        }
    }
}

/// The column at which something begins that takes `columns` of the `width` from `left`.
pub(super) fn aligned(left: u16, width: u16, columns: u16, align: Align) -> u16 {
    let free = width.saturating_sub(columns);
    left + match align {
        Align::Start => 0,
        Align::Center => free / 2,
        Align::End => free,
    }
}

fn paragraph(text: &str, indent: u16, options: Options, room: &Room, lines: &mut Vec<Line>) {
    let mut setting = Setting::new(room);
    setting.fit = if options.balanced { Fit::Balanced } else { Fit::Full };
    if !text.starts_with(char::is_whitespace) {
        setting.first = setting.first.max(room.width - room.indented(indent).width);
    }
    setting.set_all(text, lines);
}

/// Titles of chapters and parts are centred if they fit; others, and long ones, stand at the left.
fn heading(text: &str, level: u8, room: &Room, lines: &mut Vec<Line>) {
    let mut setting = Setting::new(room);
    setting.fit = Fit::Even;
    let fits = |line: &str| width(line) + usize::from(setting.first) <= usize::from(room.width);
    if level <= 2 && author_lines(text).all(|(_, line, _)| fits(line)) {
        setting.align = Align::Center;
    }
    setting.set_all(text, lines);
}

/// The author's lines, with their leading spaces; the rest of a long one hangs.
fn verse(text: &str, room: &Room, lines: &mut Vec<Line>) {
    let mut overlap = room.marker_overlap();
    for (start, line, end) in author_lines(text) {
        let lead: usize = line.graphemes(true).take_while(|g| is_white(g)).map(str::len).sum();
        let (spaces, words) = line.split_at_checked(lead).unwrap_or(("", line));
        let inset = room.indented(width(spaces).min(usize::from(u16::MAX)) as u16);
        let hang = inset.indented(VERSE_HANG);
        let mut setting = Setting::new(room);
        setting.first = overlap.max(inset.left - room.left);
        setting.rest = hang.left - room.left;
        let first = lines.len();
        setting.set((start + lead, words, end), lines);
        if let Some(line) = lines.get_mut(first) {
            line.start = start as u32;
        }
        overlap = 0;
    }
}

/// The author's lines, cut where a row ends, as nothing may be lost or out of sight.
fn code(text: &str, room: &Room, lines: &mut Vec<Line>) {
    let inset = room.indented(CODE_INDENT);
    for (start, line, end) in author_lines(text) {
        let first = lines.len();
        cut(line, u32::from(inset.width), |part, _| {
            let shown = part.start + shown_len(line.get(part.clone()).unwrap_or_default());
            let at = |byte: usize| (start + byte) as u32;
            let row = Row { start: at(part.start), end: at(part.end), shown: (at(part.start), at(shown)), width: 0 };
            lines.push(Line::of(&row, inset.left));
        });
        if lines.len() == first {
            lines.push(Line::blank(start as u32));
        }
        if let Some(last) = lines.last_mut() {
            last.end = end as u32;
        }
    }
}

/// A rule of a third of the width, in the middle.
fn rule(text: &str, room: &Room, lines: &mut Vec<Line>) {
    let width = (room.width / 3).max(1);
    let column = aligned(room.left, room.width, width, Align::Center);
    lines.push(Line { end: text.len() as u32, ornament: Ornament::Rule { column, width }, ..Line::blank(0) });
}

/// Puts the block's markers on its first row, or on rows of their own above it where they would
/// not fit: all but the innermost one.
fn mark(room: &Room, above: usize, lines: &mut Vec<Line>) {
    let Some((inner, outer)) = room.markers.split_last() else { return };
    let first = lines.get(above);
    let hangs = first.is_some_and(|line| {
        line.ornament == Ornament::None && line.runs().first().is_none_or(|run| run.column >= inner.limit)
    });
    let ornament = |marker: &super::room::Marker| Ornament::Marker { frame: marker.frame, column: marker.column };
    let alone = if hangs { outer } else { &room.markers };
    let rows: Vec<Line> = alone.iter().map(|marker| Line { ornament: ornament(marker), ..Line::blank(0) }).collect();
    if let (true, Some(line)) = (hangs, lines.get_mut(above)) {
        line.ornament = ornament(inner);
    }
    lines.splice(above..above, rows);
}

impl Line {
    /// A row that shows nothing and stands for no text.
    pub(super) fn blank(at: u32) -> Line {
        Line { start: at, end: at, runs: Runs::None, ornament: Ornament::None }
    }

    /// A row of text at a column.
    pub(super) fn of(row: &Row, column: u16) -> Line {
        let (start, end) = row.shown;
        let runs = if start < end { Runs::One(Run { start, end, column }) } else { Runs::None };
        Line { start: row.start, end: row.end, runs, ornament: Ornament::None }
    }
}

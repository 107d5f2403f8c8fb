//! A block becomes lines: what stands above it, how far its frames push it in, how its kind is
//! set.

use crate::document::{Block, BlockId, BlockKind, FrameKind, Section};
use crate::text::width::width;

use super::line::{Line, Ornament, Run, Runs};
use super::wrap::{Fill, Filled, wrap};
use super::{Options, table};
use crate::text::width::grapheme_width;
use unicode_segmentation::UnicodeSegmentation;

/// Columns that quoted matter is set in on each side.
const QUOTE_INDENT: u16 = 3;
/// Columns that the explanation of a term is set in.
const DEFINITION_INDENT: u16 = 4;
/// Columns that matter beside the text is set in.
const ASIDE_INDENT: u16 = 2;
/// Columns that code is set in.
const CODE_INDENT: u16 = 2;
/// Columns that the rest of a verse line hangs in.
const VERSE_HANG: u16 = 4;
/// Text keeps as many columns, however deep its frames are, where there are that many.
const TEXT_MIN: u16 = 10;

/// Where a block may stand: columns from its left edge and their number, and what hangs before
/// its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub column: u16,
    pub width: u16,
    pub marker: Ornament,
}

/// The rows of a block.
pub(super) fn lay_out(section: &Section, id: BlockId, options: &Options) -> Vec<Line> {
    let Some(block) = section.block(id) else { return Vec::new() };
    let mut lines = Vec::new();
    lines.resize(rows_above(section, id, block), Line::blank(0));
    let slot = slot(section, id, options.width.max(1));
    let above = lines.len();
    set(section, id, block, slot, &mut lines);
    if let (Some(line), true) = (lines.get_mut(above), slot.marker != Ornament::None)
        && line.ornament == Ornament::None
    {
        line.ornament = slot.marker;
    }
    lines
}

/// Blank rows between a block and the one before it.
fn rows_above(section: &Section, id: BlockId, block: &Block) -> usize {
    let before = id.0.checked_sub(1).and_then(|i| section.block(BlockId(i)));
    let is_first = before.is_none() && section.id().0 == 0;
    if is_first || block.continues || block.tight {
        return 0;
    }
    let level = |kind: &BlockKind| if let BlockKind::Heading(level) = kind { Some(*level) } else { None };
    match (&block.kind, before.map(|b| &b.kind)) {
        (BlockKind::TableRow { table: a, .. }, Some(BlockKind::TableRow { table: b, .. })) if a == b => 0,
        (BlockKind::Attribution, Some(_)) => 0,
        // A heading right under another belongs to it.
        (BlockKind::Heading(1 | 2), Some(above)) if level(above).is_none() => 2,
        (BlockKind::Heading(1 | 2), None) => 2,
        (_, Some(above)) if level(above) == Some(1) => 2,
        _ => 1,
    }
}

/// What the frames around a block leave of the width.
fn slot(section: &Section, id: BlockId, columns: u16) -> Slot {
    let mut frames: Vec<_> = section.frames(id).collect();
    frames.reverse();
    let mut slot = Slot { column: 0, width: columns, marker: Ornament::None };
    for (index, frame) in frames {
        let marker = width(section.marker(index)).min(usize::from(columns)) as u16;
        let (left, right) = match frame.kind {
            FrameKind::Quote | FrameKind::Epigraph => (QUOTE_INDENT, QUOTE_INDENT),
            FrameKind::Item { .. } | FrameKind::Note { .. } => (marker + 1, 0),
            FrameKind::Definition => (DEFINITION_INDENT, 0),
            FrameKind::Aside => (ASIDE_INDENT, 0),
        };
        // A narrow page gives up indents before it gives up text.
        let spare = slot.width.saturating_sub(TEXT_MIN);
        let left = left.min(spare);
        let right = right.min(spare - left);
        if frame.first == id && marker > 0 && left > marker {
            slot.marker = Ornament::Marker { frame: index, column: slot.column };
        }
        slot.column += left;
        slot.width -= left + right;
    }
    slot
}

/// Sets the text of a block, kind by kind.
fn set(section: &Section, id: BlockId, block: &Block, slot: Slot, lines: &mut Vec<Line>) {
    let text = section.block_text(id);
    match &block.kind {
        BlockKind::Rule => {
            let width = (slot.width / 3).max(1);
            let column = slot.column + (slot.width - width) / 2;
            lines.push(Line { ornament: Ornament::Rule { column, width }, ..Line::blank(0) });
        }
        BlockKind::Image { .. } if text.is_empty() => {
            lines.push(Line { ornament: Ornament::Picture { column: slot.column }, ..Line::blank(0) });
        }
        BlockKind::TableRow { table, header } => table::set(section, id, *table, *header, slot, lines),
        BlockKind::Code { .. } => set_lines(text, slot, lines, set_code),
        BlockKind::Verse => set_lines(text, slot, lines, set_verse),
        BlockKind::Heading(level) => {
            let centred = *level <= 2;
            set_lines(text, slot, lines, |line, start, slot| {
                let filled = wrap(line, start, slot.width, slot.width, Fill::Even);
                let indent = |f: &Filled| if centred { slot.width.saturating_sub(f.width) / 2 } else { 0 };
                filled.into_iter().map(|f| (f, slot.column + indent(&f))).collect()
            });
        }
        BlockKind::Attribution => set_lines(text, slot, lines, |line, start, slot| {
            let filled = wrap(line, start, slot.width, slot.width, Fill::First);
            filled.into_iter().map(|f| (f, slot.column + slot.width.saturating_sub(f.width))).collect()
        }),
        BlockKind::Paragraph | BlockKind::Image { .. } => set_lines(text, slot, lines, |line, start, slot| {
            let filled = wrap(line, start, slot.width, slot.width, Fill::First);
            filled.into_iter().map(|f| (f, slot.column)).collect()
        }),
    }
}

/// Sets each line of the author's by itself.
fn set_lines(
    text: &str,
    slot: Slot,
    lines: &mut Vec<Line>,
    mut set: impl FnMut(&str, u32, Slot) -> Vec<(Filled, u16)>,
) {
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches('\n');
        let end = start + whole.len() as u32;
        let rows = set(line, start, slot);
        let last = rows.len().saturating_sub(1);
        for (row, (filled, column)) in rows.into_iter().enumerate() {
            let is_blank = filled.to <= filled.from;
            let run = Run { start: filled.from, end: filled.to, column };
            let runs = if is_blank { Runs::None } else { Runs::One(run) };
            let end = if row == last { end } else { filled.end };
            lines.push(Line { start: filled.start, end, runs, ornament: Ornament::None });
        }
        start = end;
    }
}

/// A line of verse: its indent is kept, its rest hangs.
fn set_verse(line: &str, start: u32, slot: Slot) -> Vec<(Filled, u16)> {
    let words = line.trim_start_matches(' ');
    let lead = (line.len() - words.len()) as u32;
    // A deep indent shrinks rather than push the words off the page.
    let room = slot.width.saturating_sub(TEXT_MIN);
    let indent = (lead.min(u32::from(u16::MAX)) as u16).min(room);
    let hang = (indent + VERSE_HANG).min(room);
    let mut filled = wrap(words, start + lead, slot.width - indent, slot.width - hang, Fill::First);
    if let Some(first) = filled.first_mut() {
        // The white space before the words belongs to their row, and is shown by its column.
        first.start = start;
    }
    let column = |row: usize| slot.column + if row == 0 { indent } else { hang };
    filled.into_iter().enumerate().map(|(row, f)| (f, column(row))).collect()
}

/// A line of code: no words, cut at the width.
fn set_code(line: &str, start: u32, slot: Slot) -> Vec<(Filled, u16)> {
    let indent = CODE_INDENT.min(slot.width.saturating_sub(TEXT_MIN));
    let room = slot.width - indent;
    let mut rows = Vec::new();
    let mut row = Filled { start, from: start, to: start, end: start, width: 0 };
    for grapheme in line.graphemes(true) {
        let wide = grapheme_width(grapheme) as u16;
        if row.width > 0 && row.width + wide > room {
            rows.push((row, slot.column + indent));
            row = Filled { start: row.end, from: row.end, to: row.end, end: row.end, width: 0 };
        }
        row.end += grapheme.len() as u32;
        row.to = row.end;
        row.width += wide;
    }
    rows.push((row, slot.column + indent));
    rows
}

//! `lection cat`: the text of a document, without any escape sequence.

use std::io::{self, IsTerminal as _, Write};

use anyhow::Context as _;

use crate::document::{BlockId, BlockKind, Document, Format, FrameKind, Position, Section};
use crate::layout::{Line, Options, lay_out};
use crate::runtime::Size;
use crate::text::width::width;

use super::args::{Cat, Reading};
use super::open::{self, Sections};
use super::{OK, at, book};

/// Prints the text, or a chapter of it, or from a place on.
pub fn run(reading: &Reading, command: &Cat) -> anyhow::Result<i32> {
    let document = open::open(reading, &command.file)?;
    let outline = || book::outline(reading, &document, &command.file);
    let (start, end) = match (&command.chapter, &reading.at) {
        (Some(name), _) => at::chapter(&*document, &outline()?, name)?,
        (None, Some(place)) => (at::find(&*document, &outline, place)?, None),
        (None, None) => (Position::START, None),
    };
    print(reading, &*document, start, end)
}

/// Prints the text of an open document from a place on, up to another or to the end.
pub fn print(
    reading: &Reading,
    document: &dyn Document,
    start: Position,
    end: Option<Position>,
) -> anyhow::Result<i32> {
    let width = columns(reading, document);
    let mut sections = Sections::new(document);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut is_first = true;
    for id in sections.ids().skip_while(|id| *id < start.section) {
        if end.is_some_and(|end| id > end.section) {
            break;
        }
        let section = sections.get(id)?;
        for block in (0..section.block_count()).map(BlockId) {
            let place = Position::new(id, block, 0);
            let first = Position { byte: 0, ..start };
            if first <= place && end.is_none_or(|end| place < end) {
                let text = match width {
                    Some(columns) => set(section, block, columns, is_first),
                    None => unset(section, block, is_first),
                };
                out.write_all(text.as_bytes()).context("cannot write the text")?;
                is_first = false;
            }
        }
    }
    out.flush().context("cannot write the text")?;
    Ok(OK)
}

/// Columns in which the text is set, if it is: those of the terminal where it is printed on one. Lines
/// that stand as they are a terminal breaks by itself.
fn columns(reading: &Reading, document: &dyn Document) -> Option<u16> {
    let is_broken = || document.format() != Format::Lines && io::stdout().is_terminal();
    reading.width.or_else(|| is_broken().then(|| Size::now().columns))
}

/// Whether all of a text has room on one screen, with a row for the shell.
///
/// # Errors
/// When a part of it cannot be read.
pub fn fits(reading: &Reading, document: &dyn Document) -> anyhow::Result<bool> {
    if !document.is_complete() {
        return Ok(false);
    }
    let Size { columns, rows } = Size::now();
    let mut sections = Sections::new(document);
    let mut count = 0;
    for id in sections.ids() {
        let section = sections.get(id)?;
        for block in (0..section.block_count()).map(BlockId) {
            count += set(section, block, reading.width.unwrap_or(columns), count == 0).lines().count();
            if count >= usize::from(rows) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// A block as lines of a page.
fn set(section: &Section, block: BlockId, columns: u16, is_first: bool) -> String {
    let mut out = String::new();
    let lines = lay_out(section, block, &Options::new(columns));
    for line in lines.iter().skip_while(|line| is_first && line.is_blank()) {
        let row = row(section, block, line);
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}

/// A row of a page as text.
fn row(section: &Section, block: BlockId, line: &Line) -> String {
    let mut out = String::new();
    let pad = |out: &mut String, column: u16| {
        let now = width(out);
        out.extend(std::iter::repeat_n(' ', usize::from(column).saturating_sub(now)));
    };
    if let Some((column, words)) = line.ornament.text(section) {
        pad(&mut out, column);
        out.push_str(&words);
    }
    let text = section.block_text(block);
    for run in line.runs() {
        pad(&mut out, run.column);
        out.push_str(text.get(run.start as usize..run.end as usize).unwrap_or_default());
    }
    out
}

/// A block as one line (or its own lines, where they are the author's), indented by what is
/// around it, after a blank line.
fn unset(section: &Section, block: BlockId, is_first: bool) -> String {
    let Some(this) = section.block(block) else { return String::new() };
    let is_row = matches!(this.kind, BlockKind::TableRow { .. });
    let after_row =
        block.0.checked_sub(1).and_then(|i| section.block(BlockId(i))).is_some_and(|b| same_table(&b.kind, &this.kind));
    let mut out = String::new();
    let joins = this.tight || this.continues || (is_row && after_row);
    if !is_first && !joins {
        out.push('\n');
    }
    let mut lead = String::new();
    let mut frames: Vec<_> = section.frames(block).collect();
    frames.reverse();
    for (_, frame) in frames {
        let (first, next): (String, usize) = match &frame.kind {
            FrameKind::Item { marker } => (format!("{marker} "), width(marker) + 1),
            FrameKind::Note { label } if label.is_empty() => (String::new(), 0),
            FrameKind::Note { label } => (format!("[{label}] "), width(label) + 3),
            FrameKind::Quote | FrameKind::Epigraph | FrameKind::Definition => ("    ".to_owned(), 4),
            FrameKind::Aside => ("  ".to_owned(), 2),
        };
        if frame.first == block {
            lead.push_str(&first);
        } else {
            lead.extend(std::iter::repeat_n(' ', next));
        }
    }
    let text = match &this.kind {
        BlockKind::Rule => "* * *",
        BlockKind::Image { .. } if this.is_empty() => "[picture]",
        // A row is a line, whatever its cells have.
        BlockKind::TableRow { .. } => &*section.block_text(block).replace('\n', " "),
        _ => section.block_text(block),
    };
    for (index, line) in text.split('\n').enumerate() {
        if index == 0 {
            out.push_str(&lead);
        } else if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', width(&lead)));
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

fn same_table(a: &BlockKind, b: &BlockKind) -> bool {
    matches!((a, b), (BlockKind::TableRow { table: a, .. }, BlockKind::TableRow { table: b, .. }) if a == b)
}

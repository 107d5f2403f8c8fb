//! The page as a window on the rows of the document.
//!
//! Its truth is the **anchor**, a place in the content. The row at the top is derived from it and
//! found again after every change of width; rows are counted from there, block by block, never
//! from the start of the document. Only a motion writes the anchor, so a series of resizes cannot
//! make it drift.

use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use crate::document::{BlockId, Position, Section, SectionId};
use crate::layout::Line;
use crate::text::width::{grapheme_width, width};

use super::{Missing, Pages};

/// One row of the page.
#[derive(Clone, Debug)]
pub struct Row {
    /// The section it is from.
    pub section: Arc<Section>,
    /// The block it is from.
    pub block: BlockId,
    /// The rows of that block.
    pub lines: Arc<[Line]>,
    /// Which of them it is.
    pub row: usize,
}

impl Row {
    /// The laid-out row; `None` cannot happen for rows that a viewport made.
    pub fn line(&self) -> Option<&Line> {
        self.lines.get(self.row)
    }

    /// The first place on the row.
    pub fn start(&self) -> Position {
        Position::new(self.section.id(), self.block, first_byte(self.line()))
    }

    /// Whether there is no text on the row to stand on.
    pub fn is_textless(&self) -> bool {
        self.line().is_none_or(|line| line.runs().is_empty())
    }

    /// The column of a place that is shown on the row; the white space between two rows counts as
    /// the end of the first.
    pub fn column_of(&self, place: Position) -> Option<u16> {
        let line = self.line()?;
        if (place.section, place.block) != (self.section.id(), self.block) || line.runs().is_empty() {
            return None;
        }
        let text = self.section.block_text(self.block);
        let inside = line.runs().iter().find(|run| run.start <= place.byte && place.byte < run.end);
        let between = || line.runs().iter().rev().find(|run| run.end <= place.byte && place.byte < line.end);
        let at_end = || line.runs().last().filter(|run| run.end as usize == text.len() && run.end == place.byte);
        let run = inside.or_else(between).or_else(at_end)?;
        let before = text.get(run.start as usize..place.byte.min(run.end) as usize)?;
        Some(run.column.saturating_add(width(before) as u16))
    }

    /// The place of the character at a column, or of the nearest one on the row.
    pub fn place_at(&self, column: u16) -> Position {
        let place = |byte: u32| Position::new(self.section.id(), self.block, byte);
        let runs = self.line().map(Line::runs).unwrap_or_default();
        let Some(run) = runs.iter().rev().find(|run| run.column <= column).or(runs.first()) else {
            return self.start();
        };
        let text = self.section.block_text(self.block).get(run.start as usize..run.end as usize).unwrap_or_default();
        let mut at = usize::from(run.column);
        let mut byte = run.start;
        for (offset, grapheme) in text.grapheme_indices(true) {
            byte = run.start + offset as u32;
            at += grapheme_width(grapheme);
            if at > usize::from(column) {
                break;
            }
        }
        place(byte)
    }

    /// The first place after the row, in its block.
    pub fn end(&self) -> Position {
        Position::new(self.section.id(), self.block, self.line().map_or(0, |l| l.end))
    }
}

/// The first byte that a row shows.
fn first_byte(line: Option<&Line>) -> u32 {
    line.map_or(0, |line| line.runs().iter().map(|run| run.start).min().unwrap_or(line.start))
}

/// Which row a byte of the block stands on.
fn row_of(lines: &[Line], byte: u32) -> usize {
    let shown = |line: &Line| line.runs().iter().any(|run| run.start <= byte && byte < run.end);
    if let Some(row) = lines.iter().position(shown) {
        return row;
    }
    let has_text = |line: &&Line| line.end > line.start || !line.is_blank();
    let first_text = lines.iter().position(|line| has_text(&line)).unwrap_or(0);
    lines.iter().rposition(|line| has_text(&line) && line.start <= byte).unwrap_or(0).max(first_text)
}

/// A row by block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Top {
    section: SectionId,
    block: BlockId,
    row: usize,
}

/// The page.
#[derive(Debug)]
pub struct Viewport {
    anchor: Position,
    /// Rows of the page above the anchor's row.
    lead: usize,
    /// The first row; `None` until it is derived from the anchor.
    top: Option<Top>,
    /// The anchor follows the top, because a motion by rows set the top.
    follows: bool,
    height: u16,
    rows: Vec<Row>,
    shows_end: bool,
}

impl Default for Viewport {
    fn default() -> Self {
        Self::new()
    }
}

impl Viewport {
    /// A page of one row at the start.
    pub fn new() -> Viewport {
        Viewport {
            anchor: Position::START,
            lead: 0,
            top: None,
            follows: false,
            height: 1,
            rows: Vec::new(),
            shows_end: false,
        }
    }

    /// Where the reader is.
    pub fn anchor(&self) -> Position {
        self.anchor
    }

    /// Rows that the page can have.
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The rows on the page.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether the last row of the document is on the page.
    pub fn shows_end(&self) -> bool {
        self.shows_end
    }

    /// The last place on the page.
    pub fn last_place(&self) -> Position {
        self.rows.last().map_or(self.anchor, Row::end)
    }

    /// Whether a place is on the page.
    pub fn shows(&self, place: Position) -> bool {
        let on = |row: &Row| {
            row.start() <= place && place < row.end().max(Position { byte: row.start().byte + 1, ..row.start() })
        };
        self.rows.iter().any(on)
    }

    /// The page can have this many rows from now on, at least 1.
    pub fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
    }

    /// Where the page begins: the first row's start where it was put above the anchor, else the anchor,
    /// which no change of the width moves.
    pub fn page_start(&self) -> Position {
        let first = self.rows.first().filter(|_| self.lead > 0 && self.top.is_some());
        first.map_or(self.anchor, Row::start)
    }

    /// Lines changed: the first row is found again from the anchor.
    pub fn relayout(&mut self) {
        self.top = None;
        self.follows = false;
    }

    /// Goes to a place, `lead` rows below the top of the page. The place stays the anchor even
    /// where the end of the document keeps it from being that high.
    pub fn jump(&mut self, place: Position, lead: u16) {
        self.anchor = place;
        self.lead = usize::from(lead);
        self.top = None;
        self.follows = false;
    }

    /// Goes to a place as a motion by content does: the anchor is what the page then begins with.
    pub fn move_to(&mut self, place: Position) {
        self.jump(place, 0);
        self.follows = true;
    }

    /// The same with the place on the last row.
    pub fn end_with(&mut self, place: Position) {
        self.jump(place, self.height.saturating_sub(1));
        self.follows = true;
    }

    /// Moves by rows, down where `rows` is positive. Says how many are left and which section is
    /// missing when it cannot go on.
    pub fn walk(&mut self, rows: i64, pages: &mut Pages) -> (i64, Option<Missing>) {
        let mut top = match self.top(pages) {
            Ok(Some(top)) => top,
            Ok(None) => return (0, None),
            Err(missing) => return (rows, Some(missing)),
        };
        let (left, missing) = step(&mut top, rows, pages);
        if left != rows {
            self.top = Some(top);
            self.follows = true;
        }
        (left, missing)
    }

    /// Makes the rows of the page from its top, and pulls the top up where the document ends
    /// before the page does.
    ///
    /// # Errors
    /// With the section that is missing; the rows that could be made are there.
    pub fn settle(&mut self, pages: &mut Pages) -> Result<(), Missing> {
        let Some(mut top) = self.top(pages)? else {
            self.rows.clear();
            self.shows_end = true;
            return Ok(());
        };
        let mut filled = self.fill(top, pages);
        let lacking = usize::from(self.height).saturating_sub(self.rows.len());
        if self.shows_end && lacking > 0 {
            let (left, missing) = step(&mut top, -(lacking as i64), pages);
            if missing.is_none() || left != -(lacking as i64) {
                self.top = Some(top);
                filled = self.fill(top, pages);
            }
            filled = filled.and(missing.map_or(Ok(()), Err));
        }
        if self.follows && filled.is_ok() {
            self.follow();
        }
        filled
    }

    fn follow(&mut self) {
        self.follows = false;
        if let Some(row) = self.rows.first() {
            self.anchor = row.start();
            let text_row = row_of(&row.lines, self.anchor.byte);
            self.lead = text_row.saturating_sub(row.row);
        }
    }

    fn fill(&mut self, top: Top, pages: &mut Pages) -> Result<(), Missing> {
        self.rows.clear();
        self.shows_end = false;
        let mut at = top;
        loop {
            let section = pages.section(at.section)?;
            let lines = pages.lines(at.section, at.block)?;
            for row in at.row..lines.len() {
                if self.rows.len() >= usize::from(self.height) {
                    return Ok(());
                }
                self.rows.push(Row { section: section.clone(), block: at.block, lines: lines.clone(), row });
            }
            match next_block(at, pages)? {
                Some(next) => at = next,
                None => {
                    self.shows_end = true;
                    return Ok(());
                }
            }
        }
    }

    /// The first row, derived from the anchor if needed. `None` in a document without rows.
    fn top(&mut self, pages: &mut Pages) -> Result<Option<Top>, Missing> {
        if let Some(top) = self.top {
            return Ok(Some(top));
        }
        let section = pages.section(self.anchor.section)?;
        let place = section.clamp(self.anchor);
        let mut top = Top { section: place.section, block: place.block, row: 0 };
        if section.block_count() == 0 {
            // Nothing to stand on: the next place that has something, or else the one before.
            match next_block(top, pages)? {
                Some(next) => top = next,
                None => match previous_block(top, pages)? {
                    Some(previous) => {
                        let lines = pages.lines(previous.section, previous.block)?.len();
                        top = Top { row: lines.saturating_sub(1), ..previous };
                    }
                    None => return Ok(None),
                },
            }
        } else {
            top.row = row_of(&pages.lines(place.section, place.block)?, place.byte);
        }
        // On a page that became shorter the anchor still is on it.
        let lead = self.lead.min(usize::from(self.height).saturating_sub(1));
        if lead > 0 {
            let (_, missing) = step(&mut top, -(lead as i64), pages);
            if let Some(missing) = missing {
                return Err(missing);
            }
        }
        self.top = Some(top);
        Ok(Some(top))
    }
}

/// Moves a row up or down the document, as far as it goes. Gives the rows that are left and what
/// is missing; at an end of the document nothing is left.
fn step(top: &mut Top, rows: i64, pages: &mut Pages) -> (i64, Option<Missing>) {
    let mut left = rows;
    while left != 0 {
        let moved = if left > 0 { step_down(top, left, pages) } else { step_up(top, left, pages) };
        match moved {
            Ok(0) => return (0, None),
            Ok(n) => left -= n,
            Err(missing) => return (left, Some(missing)),
        }
    }
    (0, None)
}

/// Moves down inside the block, or onto the first row of the next one.
fn step_down(top: &mut Top, rows: i64, pages: &mut Pages) -> Result<i64, Missing> {
    let lines = pages.lines(top.section, top.block)?.len();
    let inside = (lines.saturating_sub(1 + top.row) as i64).min(rows);
    if inside > 0 {
        top.row += inside as usize;
        return Ok(inside);
    }
    match next_block(*top, pages)? {
        Some(next) => {
            *top = next;
            Ok(1)
        }
        None => Ok(0),
    }
}

/// Moves up inside the block, or onto the last row of the one before. `rows` is negative.
fn step_up(top: &mut Top, rows: i64, pages: &mut Pages) -> Result<i64, Missing> {
    let inside = (top.row as i64).min(-rows);
    if inside > 0 {
        top.row -= inside as usize;
        return Ok(-inside);
    }
    match previous_block(*top, pages)? {
        Some(previous) => {
            let lines = pages.lines(previous.section, previous.block)?.len();
            *top = Top { row: lines.saturating_sub(1), ..previous };
            Ok(-1)
        }
        None => Ok(0),
    }
}

/// The next block that has rows, in this section or a later one.
fn next_block(top: Top, pages: &mut Pages) -> Result<Option<Top>, Missing> {
    let (mut id, mut block) = (top.section, top.block.0 + 1);
    while pages.exists(id) {
        let count = if pages.is_empty(id) { 0 } else { pages.section(id)?.block_count() };
        while block < count {
            if !pages.lines(id, BlockId(block))?.is_empty() {
                return Ok(Some(Top { section: id, block: BlockId(block), row: 0 }));
            }
            block += 1;
        }
        (id, block) = (id.next(), 0);
    }
    Ok(None)
}

/// The block before, in this section or an earlier one, that has rows.
fn previous_block(top: Top, pages: &mut Pages) -> Result<Option<Top>, Missing> {
    let (mut id, mut limit) = (top.section, top.block.0);
    loop {
        while limit > 0 {
            limit -= 1;
            if !pages.lines(id, BlockId(limit))?.is_empty() {
                return Ok(Some(Top { section: id, block: BlockId(limit), row: 0 }));
            }
        }
        let Some(previous) = id.previous() else { return Ok(None) };
        id = previous;
        limit = if pages.is_empty(id) { 0 } else { pages.section(id)?.block_count() };
    }
}

//! A section: the unit of loading. One arena of clean text, and the blocks in it.
//!
//! **Invariant:** built once by a [`SectionBuilder`](super::SectionBuilder), never changed. Block
//! ranges ascend, do not overlap, and part from each other by one line feed in the arena. The
//! same bytes always give the same section.

use std::fmt;

use unicode_segmentation::GraphemeCursor;

use crate::text::Clean;

use super::{Block, BlockId, Frame, FrameKind, Link, Position, SectionId, Span, Table};

/// Something in the content that could not be read as it stands. Reading goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(
    /// One sentence for the reader: what is wrong, and what is shown instead.
    pub Clean,
);

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A loaded section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub(super) id: SectionId,
    pub(super) text: Clean,
    pub(super) blocks: Vec<Block>,
    pub(super) spans: Vec<Span>,
    pub(super) frames: Vec<Frame>,
    pub(super) links: Vec<Link>,
    pub(super) tables: Vec<Table>,
    /// Named places, in the order of the text.
    pub(super) ids: Vec<(Clean, BlockId, u32)>,
    pub(super) warnings: Vec<Warning>,
}

impl Section {
    /// Which section of its document it is.
    pub fn id(&self) -> SectionId {
        self.id
    }

    /// All text: the blocks' texts in order, parted by one line feed each.
    pub fn text(&self) -> &Clean {
        &self.text
    }

    /// The blocks in reading order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Number of blocks.
    pub fn block_count(&self) -> u32 {
        self.blocks.len() as u32
    }

    /// The blocks with their numbers.
    pub fn numbered_blocks(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        (0u32..).map(BlockId).zip(&self.blocks)
    }

    /// One block.
    pub fn block(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(id.index())
    }

    /// The text of a block; empty for one that does not exist.
    pub fn block_text(&self, id: BlockId) -> &str {
        self.block(id).and_then(|b| self.text.get(b.start as usize..b.end as usize)).unwrap_or_default()
    }

    /// The styled and linked stretches of a block, with offsets from its start.
    pub fn spans(&self, id: BlockId) -> &[Span] {
        self.block(id).and_then(|b| self.spans.get(b.spans.0 as usize..b.spans.1 as usize)).unwrap_or_default()
    }

    /// The frames around a block, from the innermost outwards, with their numbers.
    pub fn frames(&self, id: BlockId) -> impl Iterator<Item = (u32, &Frame)> {
        let first = self.block(id).and_then(|b| b.frame);
        std::iter::successors(first.and_then(|i| self.numbered_frame(i)), |(_, frame)| {
            frame.parent.and_then(|i| self.numbered_frame(i))
        })
    }

    fn numbered_frame(&self, index: u32) -> Option<(u32, &Frame)> {
        self.frames.get(index as usize).map(|f| (index, f))
    }

    /// What stands before the first line of a frame: a list item's marker, a note's label.
    pub fn marker(&self, frame: u32) -> &str {
        match self.frames.get(frame as usize).map(|f| &f.kind) {
            Some(FrameKind::Item { marker }) => marker,
            Some(FrameKind::Note { label }) => label,
            _ => "",
        }
    }

    /// A link by its number in a [`Span`].
    pub fn link(&self, index: u32) -> Option<&Link> {
        self.links.get(index as usize)
    }

    /// All links of the section.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// A table by its number in a [`BlockKind::TableRow`](super::BlockKind::TableRow).
    pub fn table(&self, index: u32) -> Option<&Table> {
        self.tables.get(index as usize)
    }

    /// All tables of the section.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// What could not be read as it stands.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Named places with their names, in the order of the text.
    pub fn ids(&self) -> impl Iterator<Item = (&Clean, Position)> {
        self.ids.iter().map(|(name, block, byte)| (name, Position::new(self.id, *block, *byte)))
    }

    /// The place of a name, the first where a name stands twice.
    pub fn id_position(&self, name: &str) -> Option<Position> {
        self.ids().find(|(id, _)| id.as_str() == name).map(|(_, place)| place)
    }

    /// The nearest valid place of this section: an existing block, at most its length, on a
    /// character boundary.
    pub fn clamp(&self, place: Position) -> Position {
        let last = self.block_count().saturating_sub(1);
        if place.section < self.id {
            return Position::start_of(self.id);
        }
        let text = self.block_text(BlockId(place.block.0.min(last)));
        if place.section > self.id || place.block.0 > last {
            return Position::new(self.id, BlockId(last), text.len() as u32);
        }
        let byte = text.floor_char_boundary(place.byte as usize);
        Position::new(self.id, place.block, byte as u32)
    }

    /// The same place, or the start of the letter that it lies in: a base with its marks, an emoji of
    /// several parts.
    pub fn at_letter(&self, place: Position) -> Position {
        let place = self.clamp(place);
        let text = self.block_text(place.block);
        let mut cursor = GraphemeCursor::new(place.byte as usize, text.len(), true);
        if cursor.is_boundary(text, 0) != Ok(false) {
            return place;
        }
        let start = cursor.prev_boundary(text, 0).ok().flatten();
        Position { byte: start.map_or(place.byte, |start| start as u32), ..place }
    }

    /// The offset of a place in [`text`](Self::text).
    pub fn offset(&self, place: Position) -> usize {
        let place = self.clamp(place);
        self.block(place.block).map_or(0, |b| b.start as usize + place.byte as usize)
    }

    /// The place of an offset in [`text`](Self::text); the line feed after a block is its end.
    pub fn position(&self, offset: usize) -> Position {
        let after = self.blocks.partition_point(|b| b.start as usize <= offset);
        let block = BlockId(after.saturating_sub(1) as u32);
        let start = self.block(block).map_or(0, |b| b.start as usize);
        self.clamp(Position::new(self.id, block, offset.saturating_sub(start) as u32))
    }

    /// The first word at or after a share (0 to 1) of the section.
    pub fn word_at(&self, share: f64) -> Position {
        let text = self.text.as_str();
        let at = text.floor_char_boundary((text.len() as f64 * share.clamp(0.0, 1.0)) as usize);
        let rest = text.get(at..).unwrap_or_default();
        let in_word = at > 0 && !text.get(..at).unwrap_or_default().ends_with(char::is_whitespace);
        let skipped = if in_word { rest.find(char::is_whitespace).unwrap_or(0) } else { 0 };
        let white = rest.get(skipped..).unwrap_or_default();
        self.position(at + skipped + (white.len() - white.trim_start().len()))
    }

    /// How far into the section a place lies, 0 to 1.
    pub fn fraction(&self, place: Position) -> f64 {
        if self.text.is_empty() { 0.0 } else { self.offset(place) as f64 / self.text.len() as f64 }
    }
}

//! Blocks: the leaves of a text in reading order, and the frames around them.

use crate::text::Clean;

use super::BlockId;

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading of level 1–6.
    Heading(u8),
    /// Running text; a line feed in it is a line break that the author set.
    Paragraph,
    /// Lines of verse: one stanza, or any matter whose line ends are the author's. Line feeds
    /// part the lines, leading spaces indent them.
    Verse,
    /// Preformatted text; line feeds part the lines, white space stays.
    Code {
        /// The language that the document names.
        language: Option<Clean>,
    },
    /// The line after a quotation or epigraph that names its source (`— Name, year`).
    Attribution,
    /// A picture, as the words that stand for it.
    Image {
        /// The picture's address in the document.
        source: Clean,
    },
    /// One row of a table; a TAB parts its cells in the text.
    TableRow {
        /// The table: an index into [`Section::tables`](super::Section::tables).
        table: u32,
        /// A row of headings.
        header: bool,
    },
    /// A break between parts, drawn as a rule or an ornament. Has no text.
    Rule,
}

impl BlockKind {
    /// Whether white space in the block is the author's and is kept.
    pub fn is_preformatted(&self) -> bool {
        matches!(self, BlockKind::Verse | BlockKind::Code { .. })
    }
}

/// A leaf in reading order: a paragraph, a heading, a table row. Blocks do not nest; what
/// surrounds one is its chain of [`Frame`]s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// First byte of its text in the section's arena.
    pub start: u32,
    /// First byte after its text. At most [`BLOCK_BYTES_MAX`](crate::limits::BLOCK_BYTES_MAX) more than
    /// `start`.
    pub end: u32,
    /// Its spans: indices into the section's list.
    pub(super) spans: (u32, u32),
    /// The innermost frame around it: an index into the section's list.
    pub frame: Option<u32>,
    /// Continues the block before it, of which it is a part: no space between, no indent.
    pub continues: bool,
    /// Stands without a blank row after the block before it (items of a tight list).
    pub tight: bool,
}

impl Block {
    /// Bytes of its text.
    pub fn len(&self) -> u32 {
        self.end - self.start
    }

    /// Whether it has no text (a rule, a picture without words).
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

/// A container around blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The frame around this one: an index into the section's list.
    pub parent: Option<u32>,
    /// What it is.
    pub kind: FrameKind,
    /// The first block in it, which carries the marker of a list item.
    pub first: BlockId,
}

/// What a container is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// Quoted matter set apart.
    Quote,
    /// A motto before a text or a chapter.
    Epigraph,
    /// An item of a list with its marker (`•`, `3.`, `☑`).
    Item {
        /// What stands before the item's first line.
        marker: Clean,
    },
    /// The explanation of a term in a list of definitions.
    Definition,
    /// A note at the foot or the end, with its mark.
    Note {
        /// The note's number or sign.
        label: Clean,
    },
    /// Matter beside the text: a side-bar, an admonition, with its heading if it has one.
    Aside,
}

/// What the rows of one table have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// How each column is aligned; as many as there are columns.
    pub aligns: Vec<Align>,
    /// For each column, the display columns that its widest cell would take on one line.
    pub natural: Vec<u16>,
    /// For each column, the display columns of its longest word: narrower than that, words break.
    pub longest_word: Vec<u16>,
    /// The first row.
    pub first: BlockId,
    /// Number of rows.
    pub rows: u32,
}

/// How the cells of a column stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the start of the line.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// At the end of the line.
    End,
}

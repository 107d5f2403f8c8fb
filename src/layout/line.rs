//! One row of a block, as ranges into the block's text.

use std::borrow::Cow;

use crate::document::Section;
use crate::text::width::truncate;

/// A piece of the block's text at a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First byte in the block's text.
    pub start: u32,
    /// First byte after the piece.
    pub end: u32,
    /// Column where it begins, from the left edge of the text column.
    pub column: u16,
}

/// The pieces of a line from left to right: mostly one, several in the row of a table, none in a
/// blank row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runs {
    /// Nothing.
    None,
    /// One piece.
    One(Run),
    /// Several, which do not overlap on the row.
    Many(Box<[Run]>),
}

/// What a row shows beside text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ornament {
    /// Nothing.
    #[default]
    None,
    /// The marker of a list item or note: the frame's number in the section, and the column. It
    /// ends at least one column before the row's first run; on a row without runs it may be
    /// longer than the row and is then cut.
    Marker {
        /// [`Frame`](crate::document::Frame) by its number.
        frame: u32,
        /// Column of the marker's first character.
        column: u16,
    },
    /// A horizontal rule from `column`, `width` columns long: a break between parts, the line
    /// under the headings of a table.
    Rule {
        /// First column.
        column: u16,
        /// Columns.
        width: u16,
    },
    /// A picture that has no words: the row stands for it.
    Picture {
        /// First column.
        column: u16,
        /// Columns that may be filled.
        width: u16,
    },
}

impl Ornament {
    /// What it shows, and from which column on. `section` is the one that the row is from.
    pub fn text(self, section: &Section) -> Option<(u16, Cow<'_, str>)> {
        match self {
            Ornament::None => None,
            Ornament::Marker { frame, column } => Some((column, Cow::Borrowed(section.marker(frame)))),
            Ornament::Rule { column, width } => Some((column, Cow::Owned("─".repeat(usize::from(width))))),
            Ornament::Picture { column, width } => {
                Some((column, Cow::Owned(truncate("[picture]", usize::from(width)))))
            }
        }
    }
}

/// One row of a block. It owns no text.
///
/// **Law:** the `start..end` of a block's lines, in order, cover the block's text exactly and do
/// not overlap; text in a line's range that is in none of its runs is white space (or the TAB
/// that parts cells). In a table row, whose cells wrap side by side, the first line covers the
/// whole text and the others are empty at its end. Blank rows above a block, and rows of a
/// marker alone, are empty at its start. Runs begin and end between grapheme clusters, do not
/// overlap, and end within the width, unless that is a single column and the run a wide cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// First byte of the block's text that this row stands for.
    pub start: u32,
    /// First byte of the next row's.
    pub end: u32,
    /// What of it is shown, and where.
    pub runs: Runs,
    /// What else is shown.
    pub ornament: Ornament,
}

impl Line {
    /// The pieces of text on the row.
    pub fn runs(&self) -> &[Run] {
        match &self.runs {
            Runs::None => &[],
            Runs::One(run) => std::slice::from_ref(run),
            Runs::Many(runs) => runs,
        }
    }

    /// Whether the row shows nothing.
    pub fn is_blank(&self) -> bool {
        self.runs == Runs::None && self.ornament == Ornament::None
    }
}

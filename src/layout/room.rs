//! What the frames around a block leave of the width.
//!
//! Every frame sets its text in by some columns. On a narrow screen all of them shrink together,
//! so that text keeps a readable width. It must not know what kind the block is.

use crate::document::{BlockId, Frame, FrameKind, Section};
use crate::limits::FRAME_DEPTH_MAX;
use crate::text::width::width;

/// Columns that indents leave to the text wherever the width has so many.
pub(super) const TEXT_COLUMNS_MIN: u16 = 10;
/// Columns of white space left and right of a quotation.
const QUOTE_INDENT: u16 = 3;
/// Columns before the explanation of a term.
const DEFINITION_INDENT: u16 = 4;
/// Columns before matter beside the text.
const ASIDE_INDENT: u16 = 2;
/// Columns of the longest marker that text hangs from (`xxxviii.` and some more).
const MARKER_HANG_MAX: u16 = 10;
/// Columns before the text of an item whose marker is longer.
const LONG_MARKER_INDENT: u16 = 4;

/// The columns in which a block stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// The first column.
    pub left: u16,
    /// Number of columns; at least 1.
    pub width: u16,
    /// The markers that this block carries, from the outermost inwards.
    pub markers: Vec<Marker>,
}

/// The marker of a frame whose first block this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// The frame's number in the section.
    pub frame: u32,
    /// The marker's first column.
    pub column: u16,
    /// First column that text may have on its row: one is left blank.
    pub limit: u16,
}

impl Room {
    /// The room that the frames around a block leave of `columns`.
    pub fn of(section: &Section, block: BlockId, columns: u16) -> Room {
        let mut frames: Vec<(u32, &Frame)> = section.frames(block).take(FRAME_DEPTH_MAX).collect();
        frames.reverse();
        let mut markers = Vec::new();
        let (mut left, mut right) = (0, 0);
        for (number, frame) in frames {
            if let (Some(marker), true) = (marker(&frame.kind), frame.first == block) {
                markers.push(Marker { frame: number, column: left, limit: marker });
            }
            let (before, after) = indents(&frame.kind);
            left += before;
            right += after;
        }
        let allowed = columns.saturating_sub(TEXT_COLUMNS_MIN);
        let total = left + right;
        let shrunk = |indent: u16| {
            if total <= allowed { indent } else { (u32::from(indent) * u32::from(allowed) / u32::from(total)) as u16 }
        };
        for marker in &mut markers {
            marker.column = shrunk(marker.column);
            marker.limit = marker.column.saturating_add(marker.limit).saturating_add(1);
        }
        let (left, right) = (shrunk(left), shrunk(right));
        Room { left, width: columns.saturating_sub(left + right).max(1), markers }
    }

    /// The room less some columns at its left, or fewer where it is narrow.
    pub fn indented(&self, by: u16) -> Room {
        let by = by.min(self.width.saturating_sub(TEXT_COLUMNS_MIN));
        Room { left: self.left + by, width: self.width - by, markers: Vec::new() }
    }

    /// Columns that the first row must leave free at its left for the innermost marker: none if
    /// the marker hangs, or if there is so little room that it takes a row of its own.
    pub fn marker_overlap(&self) -> u16 {
        let limit = self.markers.last().map_or(0, |marker| marker.limit);
        let overlap = limit.saturating_sub(self.left);
        if self.width.saturating_sub(overlap) >= TEXT_COLUMNS_MIN { overlap } else { 0 }
    }
}

/// Columns of a frame's marker, if its kind has one that is not empty.
fn marker(kind: &FrameKind) -> Option<u16> {
    let text = match kind {
        FrameKind::Item { marker } => marker,
        FrameKind::Note { label } => label,
        _ => return None,
    };
    (!text.is_empty()).then(|| width(text).min(usize::from(u16::MAX)) as u16)
}

/// Columns that a frame takes at the left and at the right.
fn indents(kind: &FrameKind) -> (u16, u16) {
    match kind {
        FrameKind::Quote | FrameKind::Epigraph => (QUOTE_INDENT, QUOTE_INDENT),
        FrameKind::Item { .. } | FrameKind::Note { .. } => match marker(kind) {
            None => (0, 0),
            Some(columns @ ..=MARKER_HANG_MAX) => (columns + 1, 0),
            Some(_) => (LONG_MARKER_INDENT, 0),
        },
        FrameKind::Definition => (DEFINITION_INDENT, 0),
        FrameKind::Aside => (ASIDE_INDENT, 0),
    }
}

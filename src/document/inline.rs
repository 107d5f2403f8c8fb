//! What stretches of a block's text look like and lead to.

use std::ops::{BitOr, BitOrAssign};

use crate::text::Clean;

/// A set of character styles. Themes decide what each looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Style(u16);

impl Style {
    /// No style.
    pub const PLAIN: Style = Style(0);
    /// Emphasis (italics).
    pub const EMPHASIS: Style = Style(1);
    /// Strong emphasis (bold).
    pub const STRONG: Style = Style(1 << 1);
    /// Code, keyboard input, sample output.
    pub const CODE: Style = Style(1 << 2);
    /// Deleted or struck out.
    pub const STRIKE: Style = Style(1 << 3);
    /// Inserted or underlined.
    pub const UNDERLINE: Style = Style(1 << 4);
    /// Raised: note references, ordinals.
    pub const SUPER: Style = Style(1 << 5);
    /// Lowered.
    pub const SUB: Style = Style(1 << 6);
    /// Small capitals.
    pub const SMALL_CAPS: Style = Style(1 << 7);
    /// Marked as relevant (`mark`).
    pub const MARKED: Style = Style(1 << 8);

    /// Whether every style of `other` is in this set.
    pub fn has(self, other: Style) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Style {
    type Output = Style;

    fn bitor(self, other: Style) -> Style {
        Style(self.0 | other.0)
    }
}

impl BitOrAssign for Style {
    fn bitor_assign(&mut self, other: Style) {
        self.0 |= other.0;
    }
}

/// A stretch of a block with one set of styles and at most one link.
///
/// The spans of a block ascend, do not overlap, lie on character boundaries and are never empty.
/// Text outside of all spans is plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte in the block's text.
    pub start: u32,
    /// First byte after the stretch.
    pub end: u32,
    /// How it looks.
    pub style: Style,
    /// Where it leads: an index into [`Section::links`](super::Section::links).
    pub link: Option<u32>,
}

/// Where a stretch of text leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Into the same document, as the document writes it (`chapter2.xhtml#note-1`, `#top`);
    /// [`Document::resolve`](super::Document::resolve) finds the place.
    Inside(Clean),
    /// To an address outside. Shown before it is opened; opened only if the reader asks.
    Outside(Clean),
}

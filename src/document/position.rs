//! Places in a document: ordered values that mean the same at any width of the screen.
//!
//! A position names content, never a row: no line number of the whole document exists anywhere.
//! Byte offsets count UTF-8 bytes of the block's clean text and lie on character boundaries.

use std::fmt;
use std::str::FromStr;

/// A section of a document, counted from 0 in reading order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(pub u32);

/// A block of a section, counted from 0 in reading order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub u32);

impl SectionId {
    /// The section as an index into a list.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The section after this one.
    pub fn next(self) -> SectionId {
        SectionId(self.0.saturating_add(1))
    }

    /// The section before this one, if there is one.
    pub fn previous(self) -> Option<SectionId> {
        self.0.checked_sub(1).map(SectionId)
    }
}

impl BlockId {
    /// The block as an index into a list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A place in a document. The order of positions is the order of reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The section.
    pub section: SectionId,
    /// The block in the section.
    pub block: BlockId,
    /// Bytes from the start of the block's text; a character boundary.
    pub byte: u32,
}

impl Position {
    /// The start of the document.
    pub const START: Position = Position { section: SectionId(0), block: BlockId(0), byte: 0 };

    /// Behind every place of any document.
    pub const END: Position = Position { section: SectionId(u32::MAX), block: BlockId(u32::MAX), byte: u32::MAX };

    /// A place in a block.
    pub fn new(section: SectionId, block: BlockId, byte: u32) -> Position {
        Position { section, block, byte }
    }

    /// The first place of a section.
    pub fn start_of(section: SectionId) -> Position {
        Position { section, ..Position::START }
    }
}

/// A position is written as a *locator*, `section/block:byte`; `--at` takes it, every listing
/// prints it.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}:{}", self.section.0, self.block.0, self.byte)
    }
}

/// The text is not of the form `S/B:N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotALocator;

impl FromStr for Position {
    type Err = NotALocator;

    fn from_str(text: &str) -> Result<Position, NotALocator> {
        fn number(digits: &str) -> Result<u32, NotALocator> {
            let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            if all { digits.parse().map_err(|_| NotALocator) } else { Err(NotALocator) }
        }
        let (section, rest) = text.split_once('/').ok_or(NotALocator)?;
        let (block, byte) = rest.split_once(':').unwrap_or((rest, "0"));
        Ok(Position::new(SectionId(number(section)?), BlockId(number(block)?), number(byte)?))
    }
}

/// A stretch of a document: `start` ≤ `end`, `end` excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// The first place of the stretch.
    pub start: Position,
    /// The first place after it.
    pub end: Position,
}

impl Range {
    /// The stretch between two places, in either order.
    pub fn new(a: Position, b: Position) -> Range {
        Range { start: a.min(b), end: a.max(b) }
    }

    /// Whether the stretch holds a place.
    pub fn contains(&self, place: Position) -> bool {
        self.start <= place && place < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locators_read_what_they_write() {
        for text in ["0/0:0", "12/345:6789", "4294967295/4294967295:4294967295"] {
            assert_eq!(text.parse::<Position>().map(|p| p.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("3/4".parse(), Ok(Position::new(SectionId(3), BlockId(4), 0)));
        for text in ["", "3", "3/", "/4:5", "3/4:", "a/b:c", "3/4:-1", "+3/4:5", "3/4:5x", "4294967296/0:0"] {
            assert_eq!(text.parse::<Position>(), Err(NotALocator), "{text:?}");
        }
    }

    #[test]
    fn order_is_reading_order() {
        let at = |s, b, n| Position::new(SectionId(s), BlockId(b), n);
        assert!(at(0, 9, 9) < at(1, 0, 0) && at(1, 0, 9) < at(1, 1, 0) && at(1, 1, 0) < at(1, 1, 1));
    }
}

//! All that layout depends on beside the block.

/// All that layout depends on. Equal options give equal lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Columns of the text; at least 1.
    pub width: u16,
}

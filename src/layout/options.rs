//! All that layout depends on beside the block.

/// All that layout depends on. Equal options give equal lines, so lines may be kept under them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Columns of the text; at least 1 (0 is taken as 1).
    pub width: u16,
    /// How one paragraph is told from the next.
    pub paragraphs: Paragraphs,
    /// Rows of running text are made about equally long, not each as full as it can be. Costs
    /// about five times as much, so only blocks of up to 8 KiB are balanced.
    pub balanced: bool,
}

impl Options {
    /// The usual setting at a width.
    pub fn new(width: u16) -> Options {
        Options { width, paragraphs: Paragraphs::default(), balanced: false }
    }
}

/// How one paragraph is told from the next: by space or by an indent, never by both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Paragraphs {
    /// A blank row between them.
    #[default]
    Spaced,
    /// The first row of a paragraph that follows another is indented.
    Indented,
}

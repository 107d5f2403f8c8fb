//! A block that was found to be a heading, and why.

/// How a heading was found; from this comes how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A member of a numbered sequence.
    Sequence,
    /// It fills a gap in a sequence: its number is misprinted.
    Filled,
    /// It stands over a sequence that begins again.
    Parent,
    /// The name of a section (preface, epilogue).
    Named,
    /// A printed list of contents names it.
    Listed,
    /// One of many lines that give a day.
    Dated,
    /// One of many short lines set apart.
    Titled,
    /// One of several lines with a rule as long as they are under them.
    Underlined,
}

/// A heading of the text.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    /// Its block, by index.
    pub(super) block: usize,
    pub(super) origin: Origin,
    /// How high it stands, in tenths of a keyword's rank: smaller is further out.
    pub(super) order: u8,
    /// Of a sequence: its members, and the steps in it that are not to the next number.
    pub(super) run: Option<(u32, u32)>,
    /// Blocks that follow and belong to its title.
    pub(super) joined: Vec<usize>,
}

impl Heading {
    pub(super) fn new(block: usize, origin: Origin, order: u8) -> Heading {
        Heading { block, origin, order, run: None, joined: Vec::new() }
    }
}

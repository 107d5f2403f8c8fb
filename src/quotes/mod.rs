//! Finds quotations and their speakers in a text.
//!
//! It knows the document model. It must not know formats, layout or the screen.

use crate::document::{Quote, Section};

/// A pass over a document, section by section in order.
#[derive(Debug, Default)]
pub struct Finder {}

impl Finder {
    /// A pass at its start.
    pub fn new() -> Finder {
        Finder::default()
    }

    /// Reads the next section.
    pub fn feed(&mut self, _section: &Section) {}

    /// All quotations, in reading order.
    pub fn finish(self) -> Vec<Quote> {
        Vec::new()
    }
}

//! A document as anchors look at it: the normalised words of its sections, one after the other.
//!
//! It holds numbers only; the words themselves are read again where a place is settled.

use crate::text::words::{Word, Words};

use crate::document::{Section, SectionId};

/// Letters of one part of a text that is searched at once: a part of this size takes about
/// 100 MB for the time of the search, and is longer than nearly every book.
pub const LETTERS_MAX: u32 = 16 << 20;

/// Words of sections.
#[derive(Debug, Default)]
pub struct Text {
    words: Words,
    parts: Vec<Part>,
    /// The first word of each block that has any.
    blocks: Vec<u32>,
}

/// A section in the text.
#[derive(Clone, Copy, Debug)]
struct Part {
    section: SectionId,
    first: u32,
    /// Bytes of the document before it, and its own, as they are stored.
    base: u64,
    stored: u64,
    /// Bytes of its text.
    bytes: u32,
}

/// A place in a section: an offset in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Spot {
    /// The section.
    pub section: SectionId,
    /// Bytes from the start of its text.
    pub offset: u32,
}

impl Text {
    /// A text with room for so many bytes of a document. A list of millions of words that grows
    /// leaves holes of its size in the heap.
    pub fn with_room(bytes: u64) -> Text {
        Text { words: Words::with_room(bytes.min(u64::from(LETTERS_MAX)) as usize), ..Text::default() }
    }

    /// A text of one section.
    pub fn of(section: &Section) -> Text {
        let mut text = Text::default();
        text.add(section, 0, section.text().len() as u64);
        text
    }

    /// Adds a section, which stands `base` bytes into the document and takes `stored` of it.
    pub fn add(&mut self, section: &Section, base: u64, stored: u64) {
        let first = self.words.words().len();
        self.words.add(section.text());
        self.parts.push(Part {
            section: section.id(),
            first: first as u32,
            base,
            stored,
            bytes: section.text().len() as u32,
        });
        let mut next = first;
        let words = self.words.words();
        for block in section.blocks() {
            let rest = words.get(next..).unwrap_or_default();
            next += rest.partition_point(|word| word.start < block.start);
            if words.get(next).is_some_and(|word| word.start < block.end) {
                self.blocks.push(next as u32);
            }
        }
    }

    /// Takes out all that was added.
    pub fn clear(&mut self) {
        self.words.clear();
        self.parts.clear();
        self.blocks.clear();
    }

    /// Whether it is time to search what there is.
    pub fn is_full(&self) -> bool {
        self.words.sum().0 >= LETTERS_MAX
    }

    /// All words.
    pub fn words(&self) -> &[Word] {
        self.words.words()
    }

    /// Letters and words together.
    pub fn folded(&self) -> &Words {
        &self.words
    }

    /// Blocks that have words: the first word, and the one after the last.
    pub fn blocks(&self) -> impl Iterator<Item = (usize, usize)> {
        let ends = self.blocks.iter().skip(1).copied().chain([self.words().len() as u32]);
        self.blocks.iter().zip(ends).map(|(start, end)| (*start as usize, end as usize))
    }

    /// The word that holds a letter.
    pub fn word_of_letter(&self, letter: u32) -> usize {
        self.words().partition_point(|word| word.letter() <= letter).saturating_sub(1)
    }

    /// Where a word begins and ends.
    pub fn spots(&self, word: usize) -> Option<(Spot, Spot)> {
        let found = self.words().get(word)?;
        let section = self.part(word)?.section;
        Some((Spot { section, offset: found.start }, Spot { section, offset: found.end }))
    }

    /// How far into the document a word stands, as a share of `total` stored bytes.
    pub fn fraction(&self, word: usize, total: u64) -> f64 {
        let (Some(part), Some(found)) = (self.part(word), self.words().get(word)) else { return 0.0 };
        let within = f64::from(found.start) / f64::from(part.bytes.max(1));
        (part.base as f64 + part.stored as f64 * within) / total.max(1) as f64
    }

    /// The word nearest to a share of the document.
    pub fn word_at(&self, fraction: f64, total: u64) -> usize {
        let at = fraction * total as f64;
        let index = self.parts.partition_point(|part| part.base as f64 <= at).saturating_sub(1);
        let Some(part) = self.parts.get(index) else { return 0 };
        let end = self.parts.get(index + 1).map_or(self.words().len(), |next| next.first as usize);
        let within = (at - part.base as f64) / part.stored.max(1) as f64 * f64::from(part.bytes);
        let own = self.words().get(part.first as usize..end).unwrap_or_default();
        part.first as usize + own.partition_point(|word| f64::from(word.start) < within)
    }

    fn part(&self, word: usize) -> Option<&Part> {
        self.parts.get(self.parts.partition_point(|part| part.first as usize <= word).checked_sub(1)?)
    }
}

/// A hash of words in their order.
pub fn hash(words: &[Word]) -> u64 {
    words.iter().fold(0, |hash, word| join(hash, word.hash))
}

/// Adds a word to a hash of those before it.
pub fn join(hash: u64, word: u32) -> u64 {
    let mixed = (hash ^ u64::from(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

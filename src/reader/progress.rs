//! Shares of a document: by bytes, so that they are known before anything is loaded, and by words
//! once those are counted.

use crate::document::{Document, Entry, Position, Progress, SectionId};

use super::Reader;

/// Letters of an English word and the space after it.
const BYTES_A_WORD: f64 = 5.7;

/// The sizes of a document's sections, in bytes or in words, summed.
#[derive(Clone, Debug)]
pub struct Extent {
    /// What is before each section, and in all.
    ends: Vec<u64>,
}

impl Extent {
    /// The sizes of a document's sections in bytes.
    pub fn new(document: &dyn Document) -> Extent {
        // An empty section still is a place.
        let bytes = |id| document.section_bytes(SectionId(id)).max(1);
        Extent::of((0..document.section_count().max(1)).map(bytes))
    }

    /// Of sections of these sizes, in order.
    pub fn of(sizes: impl Iterator<Item = u64>) -> Extent {
        let sums = sizes.scan(0_u64, |sum, size| {
            *sum = sum.saturating_add(size);
            Some(*sum)
        });
        Extent { ends: std::iter::once(0).chain(sums).collect() }
    }

    /// The last section.
    pub fn last(&self) -> SectionId {
        SectionId(self.ends.len().saturating_sub(2) as u32)
    }

    /// The nearest section that exists.
    pub fn clamp(&self, section: SectionId) -> SectionId {
        section.min(self.last())
    }

    /// Bytes or words in all.
    pub fn total(&self) -> u64 {
        self.ends.last().copied().unwrap_or(1)
    }

    /// How much is before a place that lies `within` (0 to 1) a section.
    pub fn before(&self, section: SectionId, within: f64) -> f64 {
        let section = self.clamp(section).index();
        let start = self.ends.get(section).copied().unwrap_or(0) as f64;
        let end = self.ends.get(section + 1).copied().unwrap_or(0) as f64;
        start + (end - start) * within.clamp(0.0, 1.0)
    }

    /// The share of the document before such a place.
    pub fn fraction(&self, section: SectionId, within: f64) -> f64 {
        self.before(section, within) / self.total().max(1) as f64
    }

    /// The section that a share of the document lies in, and the share within it.
    pub fn locate(&self, fraction: f64) -> (SectionId, f64) {
        let at = self.total() as f64 * fraction.clamp(0.0, 1.0);
        let after = self.ends.partition_point(|&end| end as f64 <= at);
        let section = self.clamp(SectionId(after.saturating_sub(1) as u32));
        let start = self.ends.get(section.index()).copied().unwrap_or(0) as f64;
        let end = self.ends.get(section.index() + 1).copied().unwrap_or(1) as f64;
        (section, ((at - start) / (end - start).max(1.0)).clamp(0.0, 1.0))
    }
}

impl Reader {
    /// How far into the document a place lies, 0 to 1, by bytes.
    pub fn fraction(&self, place: Position) -> f64 {
        self.extent.fraction(place.section, self.within(place))
    }

    /// How far into the document a chapter begins, 0 to 1, as well as it is known.
    pub fn chapter_fraction(&self, entry: &Entry) -> f64 {
        let place = entry.target.position();
        self.extent.fraction(place.section, self.within_or(place, f64::from(entry.within)))
    }

    /// How far the reader has come, 0 to 1: 1 as soon as the end is on the page.
    pub fn progress(&self) -> f64 {
        if self.viewport.shows_end() && self.document.is_complete() { 1.0 } else { self.fraction(self.place()) }
    }

    /// The share of its section before a place, 0 while the section is not loaded.
    fn within(&self, place: Position) -> f64 {
        self.within_or(place, 0.0)
    }

    /// The same, or what is known of it while the section is not loaded.
    fn within_or(&self, place: Position, known: f64) -> f64 {
        self.pages.resident(place.section).map_or(known, |section| section.fraction(place))
    }

    /// The document's words are being counted: so far.
    pub fn words_sought(&mut self, progress: Progress) {
        self.words_progress = Some(progress);
    }

    /// The words of the document's sections are counted.
    pub fn words_counted(&mut self, words: &[u32]) {
        self.words = Some(Extent::of(words.iter().map(|&words| u64::from(words))));
    }

    /// How far the count of words has come, while it goes on.
    pub fn words_progress(&self) -> Option<Progress> {
        self.words_progress.filter(|_| self.words.is_none())
    }

    /// How many words the document has, once they are counted.
    pub fn words(&self) -> Option<u64> {
        self.words.as_ref().map(Extent::total)
    }

    /// How many words there are from the page to the end of a chapter; before they are counted,
    /// as many as its bytes usually hold. The last one ends where the text itself does.
    pub fn words_left(&self, chapter: usize) -> f64 {
        let next = self.outline.next(chapter).map(|next| (next.target.position(), f64::from(next.within)));
        let end = next.or_else(|| Some((self.document.text_end(), 1.0)).filter(|(end, _)| *end != Position::END));
        let end = end.map(|(place, within)| (place.section, self.within_or(place, within)));
        let Some(words) = &self.words else {
            let end = end.map_or(1.0, |(section, within)| self.extent.fraction(section, within));
            return (end - self.fraction(self.place())).max(0.0) * self.extent.total() as f64 / BYTES_A_WORD;
        };
        let end = end.map_or(words.total() as f64, |(section, within)| words.before(section, within));
        (end - words.before(self.place().section, self.within(self.place()))).max(0.0)
    }
}

/// What is done with the whole document, while it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Finding the chapters.
    Chapters,
    /// Finding the quotations.
    Quotes,
    /// Counting the words.
    Words,
    /// Finding lines that are like one.
    Like,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_sections_are_inverse() {
        let extent = Extent { ends: vec![0, 100, 101, 400] };
        for percent in 0..100 {
            let fraction = f64::from(percent) / 100.0;
            let (section, within) = extent.locate(fraction);
            assert!((extent.fraction(section, within) - fraction).abs() < 1e-9, "{percent}");
        }
        assert_eq!(extent.locate(1.0), (SectionId(2), 1.0));
        assert_eq!(extent.locate(7.0).0, SectionId(2));
        assert_eq!((extent.before(SectionId(2), 0.5), extent.before(SectionId(9), 1.0)), (250.5, 400.0));
    }
}

//! Shares of a document: by bytes, so that they are known before anything is loaded.

use crate::document::{Document, SectionId};

/// The sizes of a document's sections, summed.
#[derive(Clone, Debug)]
pub struct Extent {
    /// Bytes before each section, and after the last one.
    ends: Vec<u64>,
}

impl Extent {
    /// The sizes of a document's sections.
    pub fn new(document: &dyn Document) -> Extent {
        let count = document.section_count().max(1);
        let mut ends = Vec::with_capacity(count as usize + 1);
        let mut sum: u64 = 0;
        ends.push(0);
        for id in 0..count {
            // An empty section still is a place.
            sum = sum.saturating_add(document.section_bytes(SectionId(id)).max(1));
            ends.push(sum);
        }
        Extent { ends }
    }

    /// The last section.
    pub fn last(&self) -> SectionId {
        SectionId(self.ends.len().saturating_sub(2) as u32)
    }

    /// The nearest section that exists.
    pub fn clamp(&self, section: SectionId) -> SectionId {
        section.min(self.last())
    }

    /// Bytes in all.
    pub fn total(&self) -> u64 {
        self.ends.last().copied().unwrap_or(1)
    }

    /// The share of the document before a place that lies `within` (0 to 1) a section.
    pub fn fraction(&self, section: SectionId, within: f64) -> f64 {
        let section = self.clamp(section).index();
        let start = self.ends.get(section).copied().unwrap_or(0) as f64;
        let end = self.ends.get(section + 1).copied().unwrap_or(0) as f64;
        (start + (end - start) * within.clamp(0.0, 1.0)) / self.total() as f64
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
    }
}

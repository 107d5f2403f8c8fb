//! The sections that are loaded and the lines that are laid out, both bounded.
//!
//! It answers "here it is" or "that section is missing", never waits, and remembers which
//! missing sections were asked for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::document::{BlockId, Section, SectionId};
use crate::layout::{Line, Options, lay_out};

use super::{Effect, Priority};

/// Sections kept loaded: a page and its neighbours at the least, and what a reader just left.
const SECTIONS_MAX: usize = 32;
/// Bytes of text kept loaded beyond the page's own sections.
const TEXT_BYTES_MAX: usize = 3 << 20;
/// Lines kept laid out in each of two generations, about 2 MiB.
const LINES_MAX: usize = 16_384;

/// A section that is not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub SectionId);

/// Loaded sections and laid-out lines.
#[derive(Debug)]
pub struct Pages {
    count: u32,
    options: Options,
    /// Most recently used last.
    sections: Vec<Arc<Section>>,
    asked: Vec<(SectionId, Priority)>,
    /// Loaded sections that have become longer meanwhile.
    stale: HashSet<SectionId>,
    /// Sections that were loaded once and have no blocks: they need not be loaded to be passed.
    empty: HashSet<SectionId>,
    /// Two generations: what is used moves to the young one; the old one is dropped whole when
    /// the young one is full.
    young: HashMap<(SectionId, BlockId), Arc<[Line]>>,
    old: HashMap<(SectionId, BlockId), Arc<[Line]>>,
    young_lines: usize,
}

impl Pages {
    /// Nothing loaded, of a document with `count` sections.
    pub fn new(options: Options, count: u32) -> Pages {
        Pages {
            count: count.max(1),
            options,
            sections: Vec::new(),
            asked: Vec::new(),
            stale: HashSet::new(),
            empty: HashSet::new(),
            young: HashMap::new(),
            old: HashMap::new(),
            young_lines: 0,
        }
    }

    /// What lines are laid out by.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Lays out by other options from now on.
    pub fn set_options(&mut self, options: Options) {
        self.options = options;
        self.young.clear();
        self.old.clear();
        self.young_lines = 0;
    }

    /// Takes in a loaded section. Those in `needed` stay, whatever they take; of the others the
    /// ones used longest ago go. Says whether it takes the place of one that was stale.
    pub fn insert(&mut self, section: Arc<Section>, needed: &[SectionId]) -> bool {
        self.forget(section.id());
        let was_stale = self.stale.remove(&section.id());
        if was_stale {
            self.drop_lines(section.id());
        }
        if section.block_count() == 0 {
            self.empty.insert(section.id());
        }
        let new = section.id();
        self.sections.retain(|s| s.id() != new);
        self.sections.push(section);
        let mut bytes: usize = self.sections.iter().map(|s| s.text().len()).sum();
        let mut index = 0;
        while self.sections.len() > SECTIONS_MAX || bytes > TEXT_BYTES_MAX {
            let Some(section) = self.sections.get(index) else { break };
            if section.id() == new || needed.contains(&section.id()) {
                index += 1;
            } else {
                bytes -= section.text().len();
                self.stale.remove(&section.id());
                self.sections.remove(index);
            }
        }
        was_stale
    }

    /// The document has more sections now, and those from `first` on may have become longer: they
    /// are shown until they are loaded anew. What was asked for is forgotten.
    pub fn grow(&mut self, count: u32, first: SectionId) {
        self.count = count.max(1);
        self.asked.clear();
        self.empty.retain(|id| *id < first);
        self.stale.extend(self.sections.iter().map(|s| s.id()).filter(|id| *id >= first));
    }

    /// Whether a loaded section has become longer meanwhile.
    pub fn is_stale(&self, id: SectionId) -> bool {
        self.stale.contains(&id)
    }

    /// Whether a section is known to have no blocks, loaded or not.
    pub fn is_empty(&self, id: SectionId) -> bool {
        self.empty.contains(&id)
    }

    /// Forgets how a section was laid out, because another text stands for it now.
    pub fn drop_lines(&mut self, id: SectionId) {
        self.young.retain(|(section, _), _| *section != id);
        self.old.retain(|(section, _), _| *section != id);
        self.empty.remove(&id);
    }

    /// A loaded section.
    ///
    /// # Errors
    /// With its number, when it is not loaded.
    pub fn section(&mut self, id: SectionId) -> Result<Arc<Section>, Missing> {
        let index = self.sections.iter().rposition(|s| s.id() == id).ok_or(Missing(id))?;
        // The order of use matters only among many.
        if index + 4 < self.sections.len() {
            let used = self.sections.remove(index);
            self.sections.push(used.clone());
            return Ok(used);
        }
        self.sections.get(index).cloned().ok_or(Missing(id))
    }

    /// A loaded section, for a look.
    pub fn resident(&self, id: SectionId) -> Option<&Section> {
        self.sections.iter().find(|s| s.id() == id).map(|s| &**s)
    }

    /// All loaded sections.
    pub fn residents(&self) -> Vec<Arc<Section>> {
        self.sections.clone()
    }

    /// Whether the document has such a section.
    pub fn exists(&self, id: SectionId) -> bool {
        id.0 < self.count
    }

    /// The rows of a block.
    ///
    /// # Errors
    /// With the section's number, when it is not loaded.
    pub fn lines(&mut self, id: SectionId, block: BlockId) -> Result<Arc<[Line]>, Missing> {
        if let Some(lines) = self.young.get(&(id, block)) {
            return Ok(lines.clone());
        }
        let lines = match self.old.remove(&(id, block)) {
            Some(lines) => lines,
            None => lay_out(&*self.section(id)?, block, &self.options).into(),
        };
        self.young_lines += lines.len();
        if self.young_lines > LINES_MAX {
            self.old = std::mem::take(&mut self.young);
            self.young_lines = lines.len();
        }
        self.young.insert((id, block), lines.clone());
        Ok(lines)
    }

    /// A section was asked for in vain.
    pub fn forget(&mut self, id: SectionId) {
        self.asked.retain(|(asked, _)| *asked != id);
    }

    /// The effect that loads a section, unless it does not exist, is loaded, or was asked for as
    /// urgently already.
    pub fn ask(&mut self, id: SectionId, priority: Priority) -> Option<Effect> {
        if !self.exists(id) || self.resident(id).is_some() && !self.is_stale(id) {
            return None;
        }
        let urgent_enough = |asked: Priority| asked == Priority::Now || priority == Priority::Soon;
        if self.asked.iter().any(|(asked, p)| *asked == id && urgent_enough(*p)) {
            return None;
        }
        self.asked.retain(|(asked, _)| *asked != id);
        self.asked.push((id, priority));
        Some(Effect::Load(id, priority))
    }
}

//! Chapters as the reader of this document wants them: what was found, and corrections over it.

use crate::document::{Anchor, Corrections, Likeness, Position, Range};
use crate::text::{Clean, clean_line, width};

use super::{Effect, Reader};

/// Columns of the title that is offered for a paragraph.
const TITLE_COLUMNS: usize = 48;

/// A chapter that is being made or changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Where it begins.
    pub anchor: Anchor,
    /// How deep it lies.
    pub level: u8,
    /// What it is called.
    pub title: Clean,
}

impl Reader {
    /// What a correction would begin with: an entry of the outline by its index, or the paragraph
    /// at the top of the page. `None` where nothing is loaded there.
    pub fn chapter_draft(&self, index: Option<usize>) -> Option<Draft> {
        let entry = |index: usize| self.outline.entries().get(index);
        let block = |p: Position| (p.section, p.block);
        let here = self.place();
        let index =
            index.or_else(|| self.outline.entries().iter().position(|e| block(e.target.position()) == block(here)));
        let place = index.and_then(entry).map_or(here, |e| e.target.position());
        let place = Position::new(place.section, place.block, 0);
        let level = index.and_then(entry).or_else(|| entry(self.chapter()?)).map_or(1, |e| e.level);
        let section = self.pages.resident(place.section).filter(|_| !self.failed.contains(&place.section));
        let title = match (index.and_then(entry), section) {
            (Some(entry), _) => entry.title.clone(),
            (None, Some(section)) => clean_line(&width::opening(section.block_text(place.block), TITLE_COLUMNS)),
            (None, None) => return None,
        };
        let path = self.outline.locate(place).map(|i| self.outline.path(i)).unwrap_or_default();
        let anchor = match section {
            Some(section) => Anchor::new(section, Range::new(place, place), path, self.fraction(place)),
            // Its words are not at hand; its title stands there, most often.
            None => Anchor { start: place, end: place, after: title.clone(), chapter: path, ..Anchor::default() },
        };
        (!title.is_empty()).then_some(Draft { anchor, level, title })
    }

    /// Makes a draft a correction: a chapter of this level, or none for level 0.
    pub fn correct(&mut self, draft: Draft, level: u8) -> Vec<Effect> {
        let effects = self.marks.correct(vec![(draft.anchor, draft.title)], level);
        self.correct_outline();
        effects
    }

    /// What lines are like that of a draft. `None` where none could be.
    pub fn likeness(&self, draft: &Draft) -> Option<Likeness> {
        let place = draft.anchor.start;
        let section = self.pages.resident(place.section);
        let line = section.map_or(draft.title.as_str(), |section| section.block_text(place.block));
        Likeness::of(line).filter(|_| !line.trim().contains('\n'))
    }

    /// Makes all these lines chapters of one level, but those that head one already: one
    /// correction, taken back as one. Says how many.
    pub fn correct_all(&mut self, lines: Vec<(Anchor, Clean)>, level: u8) -> (usize, Vec<Effect>) {
        let heads = self.outline.heads();
        let with_context = |(anchor, title): (Anchor, Clean)| {
            let place = anchor.start;
            let chapter = self.outline.locate(place).map(|i| self.outline.path(i)).unwrap_or_default();
            (Anchor { chapter, fraction: self.fraction(place), ..anchor }, title)
        };
        let is_new = |(anchor, _): &(Anchor, Clean)| !heads.contains(&(anchor.start.section, anchor.start.block));
        let lines: Vec<(Anchor, Clean)> = lines.into_iter().filter(is_new).map(with_context).collect();
        let count = lines.len();
        let effects = if count > 0 { self.marks.correct(lines, level) } else { Vec::new() };
        self.correct_outline();
        (count, effects)
    }

    /// Takes the last correction back. `None` where there is none.
    pub fn undo_correction(&mut self) -> Option<Vec<Effect>> {
        let effects = self.marks.undo_correction()?;
        self.correct_outline();
        Some(effects)
    }

    /// Shows what was inferred, or not; says whether it is hidden now.
    pub fn toggle_inferred(&mut self) -> bool {
        self.hides_inferred = !self.hides_inferred;
        self.correct_outline();
        self.hides_inferred
    }

    /// Lays the corrections over the outline as it was found, if they are other ones than before.
    pub(super) fn correct_outline_anew(&mut self) {
        if self.corrections != self.corrections_now() {
            self.correct_outline();
        }
    }

    fn corrections_now(&self) -> Corrections {
        Corrections::of(self.marks.all().iter().map(|k| &k.mark))
    }

    /// Lays the corrections over the outline as it was found.
    pub(super) fn correct_outline(&mut self) {
        self.corrections = self.corrections_now();
        let found = if self.hides_inferred { self.found.without_inferred() } else { self.found.clone() };
        self.outline = found.corrected(&self.corrections);
        for section in self.pages.residents() {
            self.outline.settle(&section);
        }
    }
}

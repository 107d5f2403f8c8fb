//! Headings as chapters, for formats whose text states them.

use std::borrow::Cow;

use crate::document::{BlockId, BlockKind, Entry, Outline, Position, Section, Span, Style, Target};
use crate::limits::{OUTLINE_ENTRIES_MAX, TITLE_MAX};
use crate::text::{Clean, clean_line};

/// Blocks before the title of a text, at most: a picture, a date, a line of links.
const TITLE_BLOCK_MAX: u32 = 5;

/// Headings found so far, in reading order, with the levels that the text gives them.
#[derive(Clone, Debug, Default)]
pub struct Headings(Vec<Heading>);

#[derive(Clone, Debug)]
struct Heading {
    title: Clean,
    level: u8,
    place: Position,
    within: f32,
}

impl Headings {
    /// Adds those of the next section, as many as an outline can have and one that is too many.
    pub fn add(&mut self, section: &Section) {
        let found = section.numbered_blocks().filter_map(|(id, block)| match block.kind {
            BlockKind::Heading(level) if !block.continues => {
                let place = Position::new(section.id(), id, 0);
                let title = one_line(&without_note_signs(section, id));
                Some(Heading { title, level, place, within: section.fraction(place) as f32 })
            }
            _ => None,
        });
        let free = (OUTLINE_ENTRIES_MAX + 1).saturating_sub(self.0.len());
        self.0.extend(found.filter(|heading| !heading.title.is_empty()).take(free));
    }

    /// Adds one that a line states, as far as there is room.
    pub fn push(&mut self, title: &str, level: u8, place: Position) {
        let title = one_line(title);
        if self.0.len() <= OUTLINE_ENTRIES_MAX && !title.is_empty() {
            self.0.push(Heading { title, level, place, within: 0.0 });
        }
    }

    /// Whether they divide the text: one that stands at its start alone is only its title.
    pub fn divide(&self) -> bool {
        match self.0.as_slice() {
            [] => false,
            [only] => only.place.section.0 > 0 || only.place.block.0 > TITLE_BLOCK_MAX,
            _ => true,
        }
    }

    /// The chapters: the outermost level that occurs is level 1.
    pub fn outline(&self) -> Outline {
        let mut ranks = [1u8; 7];
        let mut next = 1;
        for (level, rank) in (0u8..).zip(&mut ranks) {
            *rank = next;
            next += u8::from(self.0.iter().any(|heading| heading.level == level));
        }
        let entry = |heading: &Heading| Entry {
            title: heading.title.clone(),
            level: ranks.get(usize::from(heading.level)).copied().unwrap_or(1),
            target: Target::At(heading.place),
            within: heading.within,
            inferred: false,
        };
        Outline::new(self.0.iter().map(entry).collect())
    }
}

/// The text of a heading without the raised links in it, which lead to notes; all of it where it
/// is nothing else.
fn without_note_signs(section: &Section, id: BlockId) -> Cow<'_, str> {
    let text = section.block_text(id);
    let spans = section.spans(id);
    let is_raised = |link| spans.iter().filter(|span| span.link == Some(link)).all(|span| span.style.has(Style::SUPER));
    let is_sign = |span: &&Span| span.link.is_some_and(is_raised);
    let mut kept = String::new();
    let mut copied = 0;
    for span in spans.iter().filter(is_sign) {
        kept.push_str(text.get(copied..span.start as usize).unwrap_or_default());
        copied = span.end as usize;
    }
    kept.push_str(text.get(copied..).unwrap_or_default());
    if copied == 0 || kept.trim().is_empty() { Cow::Borrowed(text) } else { Cow::Owned(kept) }
}

/// A heading as one line, cut where it is too long to be one.
pub fn one_line(text: &str) -> Clean {
    match text.split_at_checked(text.floor_char_boundary(TITLE_MAX)) {
        Some((start, rest)) if !rest.is_empty() => clean_line(&format!("{start}…")),
        _ => clean_line(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{SectionBuilder, SectionId};

    #[test]
    fn the_sign_of_a_note_is_no_part_of_a_title() {
        let check = |page: &str, title: &str| {
            let mut builder = SectionBuilder::new(SectionId(0));
            crate::formats::html::walk(page, crate::formats::html::Markup::Html, &mut builder);
            let mut headings = Headings::default();
            headings.add(&builder.finish());
            assert_eq!(headings.outline().entries().first().map(|entry| entry.title.as_str()), Some(title), "{page}");
        };
        check("<h1>One<sup><a href='#n'>[1]</a></sup>. The <a href='#m'>start</a></h1>", "One. The start");
        check("<h1><sup><a href='#n'>1</a></sup></h1>", "¹");
        check("<h1>E = mc<sup>2</sup></h1>", "E = mc²");
        check("<h1><a href='#toc'>The 1<sup>st</sup> day</a></h1>", "The 1st day");
    }

    #[test]
    fn a_heading_as_long_as_a_chapter_is_cut() {
        for (length, kept) in [(TITLE_MAX, TITLE_MAX), (TITLE_MAX + 1, TITLE_MAX + "…".len())] {
            let mut builder = SectionBuilder::new(SectionId(0));
            builder.begin(BlockKind::Heading(1));
            builder.text(&"x".repeat(length));
            builder.end();
            let mut headings = Headings::default();
            headings.add(&builder.finish());
            let outline = headings.outline();
            assert_eq!(outline.entries().first().map(|entry| entry.title.len()), Some(kept));
        }
    }
}

//! The search for the chapters of a book: its contents page, else its NCX, else the headings of
//! its parts, else their titles or, where these do not tell them apart, parts by topic. The lists are read in the first step; headings part by part.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use super::contents::{self, Line};
use super::xml::Node;
use super::{Book, Warnings, container, links, part};
use crate::document::{BlockKind, Entry, Outline, OutlinePass, Position, Progress, Section, SectionId, Target};
use crate::formats::headings;
use crate::formats::topics::{self, Parts, Topics};
use crate::limits::OUTLINE_ENTRIES_MAX;
use crate::text::{Clean, clean_line};

/// Headings of deeper levels are no chapters.
const HEADING_LEVEL_MAX: u8 = 3;

/// A search for the chapters.
pub struct Pass {
    book: Arc<Book>,
    stage: Stage,
    entries: Vec<Entry>,
    /// One entry a part, for a book without headings.
    titles: Vec<Entry>,
    /// The names that parts give themselves; where they do not tell them apart, the text is divided.
    names: HashSet<Clean>,
    topics: Topics,
    parts: Parts,
    read: u64,
    total: u64,
}

enum Stage {
    Lists,
    Headings(SectionId),
    Done,
}

impl Pass {
    /// A search that has not begun.
    pub fn new(book: Arc<Book>) -> Pass {
        let total = (0..book.section_count()).map(|i| book.section_bytes(SectionId(i))).sum::<u64>() + 1;
        Pass {
            book,
            stage: Stage::Lists,
            entries: Vec::new(),
            titles: Vec::new(),
            names: HashSet::new(),
            topics: Topics::default(),
            parts: Parts::default(),
            read: 0,
            total,
        }
    }

    /// The chapters as the book lists them, if it does.
    fn read_lists(&self) -> io::Result<Vec<Entry>> {
        let package = &self.book.package;
        let mut warnings = Warnings::default();
        let mut entries = self.read_list(package.nav(), contents::from_nav, &mut warnings)?;
        if entries.is_empty() {
            entries = self.read_list(package.ncx(), contents::from_ncx, &mut warnings)?;
        }
        self.book.note(warnings);
        Ok(entries)
    }

    /// The entries of a list; what is wrong with it is noted.
    fn read_list(
        &self,
        path: Option<&str>,
        lines_of: fn(&[Node]) -> Vec<Line>,
        warnings: &mut Warnings,
    ) -> io::Result<Vec<Entry>> {
        let Some(path) = path else { return Ok(Vec::new()) };
        let nodes = container::nodes(&self.book.archive, path, warnings)?;
        let lines = lines_of(&nodes);
        let entries = self.entries(&lines, path);
        let dead = lines.len() - entries.len();
        if dead > 0 && !entries.is_empty() {
            warnings.add(&format!("Lines of the contents list that lead nowhere and are left out: {dead}"));
        }
        Ok(entries)
    }

    /// The lines of a list at `base` that lead into the book. A line that does not by itself, the
    /// heading of a part for example, leads to where the first line below it does.
    fn entries(&self, lines: &[Line], base: &str) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut below: Option<(u8, Target)> = None;
        for line in lines.iter().rev() {
            let own = line.href.as_deref().and_then(|href| self.book.resolve(base, href));
            let lent = below.as_ref().filter(|(level, _)| *level > line.level).map(|(_, target)| target.clone());
            let Some(target) = own.or(lent) else { continue };
            below = Some((line.level, target.clone()));
            let title = Some(headings::one_line(&line.title)).filter(|title| !title.is_empty());
            let title = title.unwrap_or_else(|| self.file_name(target.section()));
            entries.push(Entry { title, level: line.level, target, within: 0.0, inferred: false });
        }
        entries.reverse();
        entries
    }

    fn read_headings(&mut self, id: SectionId) -> io::Result<()> {
        let Some(part) = self.book.spine.parts.get(id.index()) else { return Ok(()) };
        let (section, head) = part::load(&self.book.archive, part, id)?;
        let free = (OUTLINE_ENTRIES_MAX + 1).saturating_sub(self.entries.len());
        self.entries.extend(chapters(&section).take(free));
        if self.entries.is_empty() && self.names.len() < 2 && self.total <= topics::BYTES_MAX {
            self.topics.section(&section);
        }
        let name = head.title.filter(|title| !title.is_empty());
        if self.names.len() < 2 {
            self.names.extend(name.clone());
        }
        let title = name.map_or_else(|| self.file_name(id), |name| headings::one_line(&name));
        self.titles.push(Entry {
            title,
            level: 1,
            target: Target::At(Position::start_of(id)),
            within: 0.0,
            inferred: true,
        });
        Ok(())
    }

    fn file_name(&self, id: SectionId) -> Clean {
        clean_line(self.book.spine.parts.get(id.index()).map_or("", |part| links::stem(&part.name)))
    }
}

/// The headings of a section that may be chapters.
fn chapters(section: &Section) -> impl Iterator<Item = Entry> {
    section.numbered_blocks().filter_map(|(id, block)| match block.kind {
        BlockKind::Heading(level) if level <= HEADING_LEVEL_MAX && !block.is_empty() && !block.continues => {
            Some(Entry {
                title: headings::one_line(section.block_text(id)),
                level,
                target: Target::At(Position::new(section.id(), id, 0)),
                within: 0.0,
                inferred: false,
            })
        }
        _ => None,
    })
}

impl OutlinePass for Pass {
    fn step(&mut self) -> io::Result<Progress> {
        match self.stage {
            Stage::Lists => {
                self.entries = self.read_lists()?;
                self.stage = if self.entries.is_empty() { Stage::Headings(SectionId(0)) } else { Stage::Done };
            }
            Stage::Headings(id) if id.0 < self.book.section_count() => {
                self.read_headings(id)?;
                self.read += self.book.section_bytes(id);
                self.stage = Stage::Headings(id.next());
            }
            Stage::Headings(_) => {
                if self.entries.is_empty() {
                    if self.names.len() < 2 {
                        self.parts = Parts::new(&self.topics);
                    }
                    self.topics = Topics::default();
                    self.entries = std::mem::take(&mut self.titles);
                }
                self.stage = Stage::Done;
            }
            Stage::Done => {}
        }
        let done = if matches!(self.stage, Stage::Done) { self.total } else { self.read };
        Ok(Progress { done, total: self.total })
    }

    fn outline(&self) -> Outline {
        self.parts.outline().unwrap_or_else(|| Outline::new(self.entries.clone()))
    }

    fn reasons(&self) -> Vec<String> {
        self.parts.reasons()
    }
}

//! The links on the page, and following those that stay in the document.

use crate::document::{Link, Position, SectionId, Target};

use super::{Effect, Placement, Reader, Row};

/// A link on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleLink {
    /// The row of the page on which it begins, from 0.
    pub row: usize,
    /// The column of the text at which it begins there.
    pub column: u16,
    /// The section it stands in.
    pub section: SectionId,
    /// Where it leads.
    pub link: Link,
}

impl Reader {
    /// The links on the page, in reading order. One that goes over several rows, or changes its
    /// look, is one.
    pub fn visible_links(&self) -> Vec<VisibleLink> {
        let mut links = Vec::new();
        let mut last = None;
        for (index, row) in self.rows().iter().enumerate() {
            for (place, number) in links_of(row) {
                let key = (row.section.id(), row.block, number);
                if last.replace(key) == Some(key) {
                    continue;
                }
                if let (Some(link), Some(column)) = (row.section.link(number), row.column_of(place)) {
                    links.push(VisibleLink { row: index, column, section: row.section.id(), link: link.clone() });
                }
            }
        }
        links
    }

    /// Follows a link into the document. `None` where it leads to no place of it.
    pub fn follow(&mut self, from: SectionId, href: &str) -> Option<Vec<Effect>> {
        let target: Target = self.document.resolve(from, href)?;
        Some(self.jump(target, Placement::Top))
    }
}

/// Where links are shown on a row: the first place of each, and its number in the section.
fn links_of(row: &Row) -> Vec<(Position, u32)> {
    let Some(line) = row.line() else { return Vec::new() };
    let mut links = Vec::new();
    for run in line.runs() {
        let spans = row.section.spans(row.block).iter().filter(|span| span.start < run.end && span.end > run.start);
        links.extend(spans.filter_map(|span| {
            let byte = span.start.max(run.start);
            Some((Position::new(row.section.id(), row.block, byte), span.link?))
        }));
    }
    links
}

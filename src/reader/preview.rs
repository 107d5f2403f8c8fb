//! A second page, for what a list points at: the words in their context, shown instead of the
//! page while the list has the focus. The reader's place stays where it is.

use crate::document::{Position, Range, SectionId};

use super::{Effect, Missing, Reader, Row, Viewport};

/// What a list points at.
#[derive(Debug)]
pub(super) struct Preview {
    viewport: Viewport,
    parts: Vec<Range>,
}

impl Preview {
    fn new(parts: &[Range], height: u16) -> Preview {
        let mut viewport = Viewport::new();
        viewport.set_height(height);
        let mut preview = Preview { viewport, parts: Vec::new() };
        preview.point(parts);
        preview
    }

    pub(super) fn rows(&self) -> &[Row] {
        self.viewport.rows()
    }

    fn point(&mut self, parts: &[Range]) {
        self.parts = parts.to_vec();
        if let Some(first) = parts.first() {
            self.viewport.jump(first.start, self.viewport.height() / 3);
        }
    }
}

impl Reader {
    /// Shows stretches of the text, the first of them a third down the page; with none, the page
    /// itself again.
    pub fn preview(&mut self, parts: &[Range]) -> Vec<Effect> {
        let shown = self.preview.as_ref().map(|p| p.parts.as_slice()).unwrap_or_default();
        if shown == parts {
            return Vec::new();
        }
        let height = self.viewport.height();
        match &mut self.preview {
            _ if parts.is_empty() => self.preview = None,
            Some(preview) => preview.point(parts),
            None => self.preview = Some(Preview::new(parts, height)),
        }
        self.settle()
    }

    /// The stretches that a list points at; none while the page itself is shown.
    pub fn previewed(&self) -> &[Range] {
        self.preview.as_ref().map(|p| p.parts.as_slice()).unwrap_or_default()
    }

    /// The rows to be shown: those of the page, or around what a list points at.
    pub fn shown_rows(&self) -> &[Row] {
        self.preview.as_ref().map_or(self.viewport.rows(), Preview::rows)
    }

    /// The place at the top of what is shown.
    pub fn shown_place(&self) -> Position {
        self.previewed().first().map_or(self.place(), |part| part.start)
    }

    /// Makes the rows of the preview.
    pub(super) fn settle_preview(&mut self) -> Result<(), Missing> {
        let last = self.extent.last();
        let Some(preview) = &mut self.preview else { return Ok(()) };
        // A place that was saved may lie beyond the end of a text that became shorter.
        if preview.viewport.anchor().section > last {
            preview.viewport.jump(Position::start_of(last), 0);
        }
        preview.viewport.settle(&mut self.pages)
    }

    /// The page has another height or other lines.
    pub(super) fn resize_preview(&mut self, height: u16) {
        if let Some(preview) = &mut self.preview {
            preview.viewport.set_height(height);
            preview.viewport.relayout();
        }
    }

    /// Sections that the preview needs.
    pub(super) fn preview_sections(&self) -> impl Iterator<Item = SectionId> + '_ {
        let viewport = self.preview.iter().map(|p| &p.viewport);
        viewport.flat_map(|v| v.rows().iter().map(|row| row.section.id()).chain([v.anchor().section]))
    }
}

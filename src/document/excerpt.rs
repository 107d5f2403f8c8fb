//! A stretch of a section as a text of its own: what the clipboard, a quotation with its source
//! and a listing get. It is what the eye sees, without the ends of rows that the screen made.

use super::{Block, BlockId, BlockKind, Range, Section};

impl Section {
    /// The text of a stretch: paragraphs parted by an empty line, items of a tight list and rows
    /// of a table by a line end, with the markers of list items where there are several blocks. The
    /// range is clamped into the section.
    pub fn excerpt(&self, range: Range) -> String {
        let (start, end) = (self.clamp(range.start), self.clamp(range.end));
        let mut out = String::new();
        for id in (start.block.0..=end.block.0).map(BlockId) {
            let Some(block) = self.block(id) else { break };
            let text = self.block_text(id);
            let from = if id == start.block { start.byte as usize } else { 0 };
            let to = if id == end.block { end.byte as usize } else { text.len() };
            let words = text.get(from..to).unwrap_or_default();
            if words.is_empty() {
                continue;
            }
            if !out.is_empty() {
                out.push_str(gap(block));
            }
            // A word alone is no item.
            if from == 0 && start.block != end.block {
                self.push_markers(id, &mut out);
            }
            out.push_str(words);
        }
        out
    }

    /// The markers that stand before the first line of a block, the outermost first.
    fn push_markers(&self, id: BlockId, out: &mut String) {
        let first = self.frames(id).filter(|(_, frame)| frame.first == id);
        let mut markers: Vec<&str> = first.map(|(index, _)| self.marker(index)).filter(|m| !m.is_empty()).collect();
        markers.reverse();
        for marker in markers {
            out.push_str(marker);
            out.push(' ');
        }
    }
}

/// What stands between a block and the one before it.
fn gap(block: &Block) -> &'static str {
    match block.kind {
        _ if block.continues => "",
        BlockKind::TableRow { .. } => "\n",
        _ if block.tight => "\n",
        _ => "\n\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{FrameKind, Position, SectionBuilder, SectionId};
    use crate::text::clean_line;

    fn section() -> Section {
        let mut builder = SectionBuilder::new(SectionId(0));
        builder.text("One paragraph.");
        builder.end();
        builder.text("Another one.");
        builder.end();
        builder.open(FrameKind::Item { marker: clean_line("•") });
        builder.text("an item");
        builder.end();
        builder.close();
        builder.finish()
    }

    #[test]
    fn blocks_are_joined_as_they_are_read() {
        let section = section();
        let at = |block, byte| Position::new(SectionId(0), BlockId(block), byte);
        for (start, end, expected) in [
            (at(0, 0), at(0, 3), "One"),
            (at(0, 4), at(1, 7), "paragraph.\n\nAnother"),
            (at(1, 8), at(2, 7), "one.\n\n• an item"),
            (at(2, 3), at(9, 0), "item"),
            (at(0, 3), at(0, 3), ""),
        ] {
            assert_eq!(section.excerpt(Range { start, end }), expected);
        }
    }
}

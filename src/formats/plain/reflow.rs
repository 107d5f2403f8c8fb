//! Lines become blocks.
//!
//! **Invariant:** no word of the text is lost or moved.

use crate::document::{BlockKind, Position, Section, SectionBuilder, SectionId};

use super::grid::Cut;
use super::lines::Line;

/// Makes a section of its lines. `cuts` says how it and the next one begin. `each` is told of
/// every source line and where its text stands; a blank line stands where the next text does.
pub fn reflow(id: SectionId, lines: &[Line], cuts: (Cut, Cut), mut each: impl FnMut(&Line, Position)) -> Section {
    let _ = cuts;
    let mut builder = SectionBuilder::new(id);
    for line in lines {
        if line.is_blank() {
            builder.end();
            each(line, builder.place());
            continue;
        }
        if !builder.has_open_text() {
            builder.begin(BlockKind::Paragraph);
        }
        each(line, builder.place());
        builder.text(line.text);
        builder.text(" ");
    }
    builder.finish()
}

//! Superscripts: what of them is a number, a term, the sign of a note.

use super::tree::{Element, NodeId};
use super::walk::{Undo, Walk};
use crate::formats::raised::Raised;

/// Bytes of the longest term.
const TERM_BYTES_MAX: usize = 64;

impl Walk<'_, '_, '_> {
    /// Begins raised text, which is written by what the whole of it is.
    pub(super) fn raise(&mut self, id: NodeId, element: &Element) {
        let text = self.tree.short_text(id, TERM_BYTES_MAX);
        let leads = |element: &Element| element.name() == "a" && element.attribute("href").is_some();
        let inner = || self.tree.descendants(id).filter_map(|node| self.tree.element(node));
        let around = self.tree.parent(id).filter(|parent| self.tree.element(*parent).is_some_and(leads));
        let how = text.map_or(Raised::Plain, |text| {
            let is_all =
                |around| self.tree.short_text(around, TERM_BYTES_MAX).is_some_and(|all| all.trim() == text.trim());
            let is_sign = leads(element) || inner().any(leads) || around.is_some_and(is_all);
            let is_nested = inner().any(|e| matches!(e.name(), "sup" | "sub"));
            Raised::of(&text, self.out.last_word(), is_sign, is_nested)
        });
        self.raised.push(how);
        self.undo.push((id, Undo::Raised));
        if how == Raised::Term {
            self.out.text("^(");
            self.undo.push((id, Undo::Text(")")));
        }
    }
}

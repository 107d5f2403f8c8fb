//! Quotations and mottoes: what in them names their source.

use super::element::{has_class, means};
use super::tree::{Element, NodeId};
use super::walk::Walk;

/// Nodes before a `cite` that are looked at for what it ends.
const LOOK_MAX: usize = 64;

impl Walk<'_, '_, '_> {
    /// Whether a block names the source of the quotation that it stands in.
    pub(super) fn is_attribution(&self, id: NodeId, element: &Element) -> bool {
        let name = element.name();
        let is_named = ["attribution", "source", "signature", "cite", "citation"].iter().any(|w| has_class(element, w));
        let around = || std::iter::successors(self.tree.parent(id), |&p| self.tree.parent(p)).take(4);
        let is_in = |names: &[&str]| around().any(|parent| names.contains(&self.tree.name(parent)));
        let is_caption = name == "figcaption"
            && self.tree.parent(id).is_some_and(|f| self.tree.children(f).any(|c| self.tree.name(c) == "blockquote"));
        let in_epigraph = || {
            around()
                .filter_map(|parent| self.tree.element(parent))
                .any(|e| means(e, "epigraph") || has_class(e, "epigraph"))
        };
        let only_cites = || {
            let mut children = self.tree.children(id).filter(|&c| !self.is_blank(c));
            children.next().is_some_and(|c| self.tree.name(c) == "cite") && children.next().is_none()
        };
        let is_quoted = || self.verse > 0 || is_in(&["blockquote"]) || in_epigraph();
        is_caption || (is_named || name == "footer" || only_cites()) && is_quoted()
    }

    /// Whether a `cite` ends a quotation and names its source.
    pub(super) fn is_source(&self, id: NodeId) -> bool {
        let is_last = std::iter::successors(self.tree.next(id), |&n| self.tree.next(n)).all(|n| self.is_blank(n));
        let quotes = self.tree.parent(id).is_some_and(|parent| self.tree.name(parent) == "blockquote");
        let before = std::iter::successors(self.tree.previous(id), |&n| self.tree.previous(n));
        let before = before.take(LOOK_MAX).find(|&n| !self.is_blank(n));
        quotes && is_last && before.is_some_and(|n| matches!(self.tree.name(n), "p" | "br" | "div" | "ul" | "ol"))
    }
}

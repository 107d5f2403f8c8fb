//! Pictures, drawings and fields of forms: the words that stand for them.

use std::borrow::Cow;

use crate::limits::{PICTURE_SOURCE_MAX, PICTURE_WORDS_MAX};

use super::element::{Display, display};
use super::tree::{Content, Element, NodeId};
use super::walk::{Mode, Walk};

/// Nodes that are looked at to see whether a picture stands alone in its block.
const LOOK_MAX: usize = 64;

impl Walk<'_, '_, '_> {
    pub(super) fn image(&mut self, id: NodeId, element: &Element) {
        let words = element.attribute("alt").or_else(|| element.attribute("title"));
        let words = words.or_else(|| element.attribute("aria-label")).unwrap_or_default();
        let is_ornament = element.words("role").any(|role| matches!(role, "presentation" | "none"))
            || element.attribute("alt") == Some("");
        let source = element.attribute("src").unwrap_or_default();
        self.picture(id, words, source, is_ornament);
    }

    /// A page that holds nothing but a picture shows it, be it called an ornament or not.
    pub(super) fn cover(&mut self) {
        if let Some(source) = self.ornament.take().filter(|_| self.out.is_empty()) {
            self.out.image("", &source);
        }
    }

    pub(super) fn drawing(&mut self, id: NodeId) {
        let find = |name: &str| self.tree.descendants(id).find(|&n| self.tree.name(n) == name);
        let words = find("title")
            .or_else(|| find("desc"))
            .map(|n| self.tree.text(n, PICTURE_WORDS_MAX + 1))
            .unwrap_or_default();
        let label = self.tree.element(id).and_then(|e| e.attribute("aria-label")).unwrap_or_default();
        let words = if words.trim().is_empty() { label.to_owned() } else { words };
        let words = if words.trim().is_empty() { self.labels(id) } else { words };
        let source = find("image").and_then(|n| self.tree.element(n)).and_then(|e| e.attribute("href"));
        self.picture(id, &words, source.unwrap_or_default(), source.is_none());
    }

    /// The words that are written in a drawing.
    pub(super) fn labels(&self, id: NodeId) -> String {
        let mut words = String::new();
        let mut at = self.tree.first(id);
        while let Some(node) = at.filter(|_| words.len() <= PICTURE_WORDS_MAX) {
            let name = self.tree.name(node);
            if let Content::Text(text) = self.tree.content(node) {
                words.push_str(text);
                words.push(' ');
            }
            at = self.tree.following(node, id, matches!(name, "style" | "script" | "metadata"));
        }
        words
    }

    pub(super) fn picture(&mut self, id: NodeId, words: &str, source: &str, is_ornament: bool) {
        let mut words = Cow::Borrowed(words.trim());
        if words.len() > PICTURE_WORDS_MAX {
            self.out.warn("The words for a picture have more than 16 KiB; the rest of them is left out.");
            let kept = words.get(..words.floor_char_boundary(PICTURE_WORDS_MAX)).unwrap_or_default();
            words = Cow::Owned(format!("{kept}…"));
        }
        let source = source.get(..source.floor_char_boundary(PICTURE_SOURCE_MAX)).unwrap_or_default();
        let source =
            if source.starts_with("data:") { source.split([',', ';']).next().unwrap_or_default() } else { source };
        if words.is_empty() && (is_ornament || !self.is_alone(id)) {
            self.ornament.get_or_insert_with(|| source.to_owned());
            return;
        }
        self.need_cell();
        self.breaks = 0;
        if self.mode() == Mode::Flow && !self.out.is_in_table() && !self.out.has_open_text() && self.is_alone(id) {
            self.out.end();
            self.out.image(&words, source);
        } else {
            self.fill_gap();
            self.out.text(&words);
        }
    }

    /// Whether nothing follows a picture in its block.
    pub(super) fn is_alone(&self, id: NodeId) -> bool {
        let mut at = id;
        for _ in 0..LOOK_MAX {
            let mut next = self.tree.next(at);
            while next.is_none() {
                let Some(parent) = self.tree.parent(at) else { return true };
                if self.tree.element(parent).is_none_or(|e| display(e) == Display::Block) {
                    return true;
                }
                at = parent;
                next = self.tree.next(at);
            }
            let Some(node) = next else { return true };
            at = node;
            loop {
                match self.tree.content(at) {
                    Content::Text(_) if !self.is_blank(at) => return false,
                    Content::Element(e) if matches!(e.name(), "br" | "img" | "svg") => return true,
                    Content::Element(e) if display(e) == Display::Block => return true,
                    _ => {}
                }
                match self.tree.first(at) {
                    Some(first) => at = first,
                    None => break,
                }
            }
        }
        true
    }

    pub(super) fn input(&mut self, element: &Element) {
        let value = element.attribute("value").unwrap_or_default();
        match element.attribute("type").unwrap_or("text").to_ascii_lowercase().as_str() {
            "hidden" | "file" | "color" | "range" | "image" | "password" => {}
            "checkbox" => self.text(if element.attribute("checked").is_some() { "☑ " } else { "☐ " }),
            "radio" => self.text(if element.attribute("checked").is_some() { "◉ " } else { "○ " }),
            _ if value.trim().is_empty() => {}
            "submit" | "button" | "reset" => self.text(&format!("[{value}]")),
            _ => self.text(value),
        }
    }
}

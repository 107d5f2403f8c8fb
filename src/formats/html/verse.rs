//! Verse in a page: which elements hold it, which are one stanza, which one line.
//!
//! Books mark verse in three ways: a stanza with a break after each line, a stanza whose lines
//! are blocks, and single lines without a stanza around them. All of them say so somewhere by a
//! class or a type.

use super::element::{Display, display, has_class, means};
use super::tree::{Content, Element, NodeId, Tree};
use super::walk::{Mode, Undo, Walk};
use crate::document::BlockKind;

/// A longer line without a break in it is prose: scripture is marked as verse, too.
const LINE_BYTES_MAX: usize = 160;
/// The class of a block that is a line of verse, however long: for other vocabularies than HTML.
pub const LINE: &str = "lineOfVerse";
/// Nodes of one block that are looked at.
const LOOK_MAX: usize = 4_000;
/// Spaces that the deepest line is indented by.
const INDENT_MAX: usize = 16;

/// What a block in verse is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A stanza of its own.
    Stanza,
    /// One line of a stanza.
    Line,
    /// Neither: something around stanzas, or prose among them.
    Other,
}

/// Whether an element holds verse.
pub fn is_verse(element: &Element) -> bool {
    !element.is_bare()
        && (["poem", "poetry", "verse", "stanza"].iter().any(|word| has_class(element, word))
            || ["verse", "poem", "song", "hymn", "lyrics"].iter().any(|kind| means(element, kind)))
}

/// What a block is that lies in verse.
pub fn part(tree: &Tree, id: NodeId) -> Part {
    if !matches!(tree.name(id), "p" | "div" | "span" | "center") {
        return Part::Other;
    }
    let (mut bytes, mut lines) = (0, 0);
    let mut at = tree.following(id, id, false);
    for _ in 0..LOOK_MAX {
        let Some(node) = at else { break };
        match tree.content(node) {
            Content::Text(text) => bytes += text.split_whitespace().map(|word| word.len() + 1).sum::<usize>(),
            Content::Element(element) => {
                if display(element) == Display::Block {
                    return Part::Other;
                }
                lines += usize::from(element.name() == "br" || is_line(element));
            }
            Content::Nothing => {}
        }
        at = tree.following(node, id, false);
    }
    match (bytes, lines) {
        (0, _) => Part::Other,
        (_, 1..) => Part::Stanza,
        (..=LINE_BYTES_MAX, 0) => Part::Line,
        _ if tree.element(id).is_some_and(|element| element.words("class").any(|class| class == LINE)) => Part::Line,
        _ => Part::Other,
    }
}

/// Whether an element in a stanza is one of its lines.
pub fn is_line(element: &Element) -> bool {
    element.name() == "span" && ["line", "verse", "l"].iter().any(|word| has_class(element, word))
}

/// Spaces that a line is indented by, from a class such as `indent4` or `i2`.
pub fn indent(element: &Element) -> usize {
    let number = |class: &str| {
        let digits = class.strip_prefix("indent").or_else(|| class.strip_prefix('i'))?;
        digits.trim_start_matches(['-', '_']).parse::<usize>().ok()
    };
    element.words("class").find_map(number).unwrap_or(0).min(INDENT_MAX)
}

impl Walk<'_, '_, '_> {
    /// Text in a line of verse, with its white space collapsed.
    pub(super) fn verse_text(&mut self, text: &str) {
        let is_space = |c: char| c.is_ascii_whitespace();
        let mut has_gap = (self.has_gap || text.starts_with(is_space)) && self.breaks == 0 && self.out.has_open_text();
        let mut line = String::with_capacity(text.len());
        for word in text.split_ascii_whitespace() {
            if has_gap {
                line.push(' ');
            }
            line.push_str(word);
            has_gap = true;
        }
        self.has_gap = text.ends_with(is_space);
        self.out.text(&line);
    }

    /// Begins a stanza or a line of verse.
    pub(super) fn verse_part(&mut self, id: NodeId, element: &Element, part: Part, goes_on: bool) {
        if !goes_on {
            self.out.begin(BlockKind::Verse);
        }
        self.modes.push(Mode::Verse);
        self.has_gap = false;
        self.breaks = usize::from(goes_on);
        if part == Part::Line {
            self.stanza = self.tree.parent(id);
            self.undo.push((id, Undo::Line));
        } else {
            self.undo.push((id, Undo::Mode));
        }
        self.indent(element);
        self.style(id, element);
    }

    /// The space before a line of verse, if it is one and nothing stands in it yet.
    pub(super) fn indent(&mut self, element: &Element) {
        let spaces = indent(element);
        if spaces > 0 && self.mode() == Mode::Verse && (self.breaks > 0 || !self.out.has_open_text()) {
            self.out.text(&" ".repeat(spaces));
            self.breaks = 0;
        }
    }
}

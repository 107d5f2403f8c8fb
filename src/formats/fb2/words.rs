//! What the elements of FB2 are in HTML.
//!
//! The meaning of most hangs on where they stand: a `title` is a heading in a section, the sign
//! of a note among the notes, and a bold line in a poem. So names are changed in the tree, in
//! reading order, when all around them is known. (The schema is `FictionBook.xsd`, version 2.2.)

use crate::formats::html::cuts::CONTINUED;
use crate::formats::html::element::NOTE_LABEL;
use crate::formats::html::tree::{Content, NodeId, Tree};
use crate::formats::html::verse::LINE;

/// Characters of the longest sign of a note; a longer title is the title of a text.
const NOTE_LABEL_MAX: usize = 24;
/// Nodes in a short text that are looked at.
const SHORT_NODES_MAX: usize = 16;
/// What names of bodies with notes begin with.
const NOTE_BODIES: [&str; 7] = ["note", "footnote", "endnote", "comment", "примечан", "комментар", "сноск"];

const BOLD: (&str, &str) = ("style", "font-weight: bold");
/// What an `aside` says of itself that is a note.
const NOTE: (&str, &str) = ("epub:type", "footnote");

/// Gives all elements of a book their names in HTML.
pub fn translate(tree: &mut Tree) {
    let mut at = tree.following(Tree::ROOT, Tree::ROOT, false);
    while let Some(id) = at {
        let is_hidden = element(tree, id);
        at = tree.following(id, Tree::ROOT, is_hidden);
    }
}

/// Translates one element; says whether nothing in it is shown.
fn element(tree: &mut Tree, id: NodeId) -> bool {
    match tree.name(id) {
        "fictionbook" => tree.rename(id, "html", &[]),
        "description" | "stylesheet" | "binary" => {
            // The name of a picture is no place in the text.
            tree.rename(id, "head", &[("id", "")]);
            return true;
        }
        "section" if is_note(tree, id) => tree.rename(id, "aside", &[NOTE]),
        "title" => title(tree, id),
        "subtitle" if short_text(tree, id).is_some_and(|text| is_ornament(&text)) => tree.rename(id, "hr", &[]),
        "subtitle" => tree.rename(id, "p", &[BOLD]),
        "epigraph" => tree.rename(id, "blockquote", &[("class", "epigraph")]),
        "cite" => tree.rename(id, "blockquote", &[]),
        "annotation" => tree.rename(id, "aside", &[]),
        "poem" => tree.rename(id, "div", &[("class", "poem")]),
        "stanza" => tree.rename(id, "div", &[("class", "stanza")]),
        "v" => tree.rename(id, "p", &[("class", LINE)]),
        "text-author" => tree.rename(id, "p", &[("class", "attribution")]),
        "empty-line" if parts_scenes(tree, id) => tree.rename(id, "hr", &[]),
        "date" | "empty-line" => tree.rename(id, "p", &[]),
        "emphasis" => tree.rename(id, "em", &[]),
        "strikethrough" => tree.rename(id, "s", &[]),
        "style" => tree.rename(id, "span", &[]),
        "a" if tree.element(id).is_some_and(|link| link.attribute("type") == Some("note")) => {
            tree.rename(id, "a", &[("epub:type", "noteref")]);
        }
        "image" => {
            let source = tree.element(id).and_then(|image| image.attribute("href")).unwrap_or_default();
            let source = source.trim_start_matches('#').to_owned();
            tree.rename(id, "img", &[("src", &source)]);
        }
        _ => {}
    }
    false
}

/// A title by what it is the title of. What is around it has its name in HTML by now.
fn title(tree: &mut Tree, id: NodeId) {
    let parent = tree.parent(id).unwrap_or(Tree::ROOT);
    let around = std::iter::successors(Some(parent), |&around| tree.parent(around));
    let is_sign = || is_note_frame(tree, parent) && !elements_before(tree, id).any(|_| true);
    match tree.name(parent) {
        "body" | "section" => {
            let depth = around.filter(|&around| tree.name(around) == "section").count();
            // Bodies with a name stand beside the chapters of the first.
            let level = 1 + depth + usize::from(body_name(tree, id).is_some());
            tree.rename(id, ["h1", "h2", "h3", "h4", "h5"].get(level - 1).unwrap_or(&"h6"), &[]);
        }
        "aside" if is_sign() => tree.rename(id, NOTE_LABEL, &[]),
        _ => tree.rename(id, "div", &[BOLD]),
    }
}

/// The name of the body around an element; the first body of a book has none.
fn body_name(tree: &Tree, id: NodeId) -> Option<&str> {
    let body = std::iter::successors(Some(id), |&around| tree.parent(around)).find(|&id| tree.name(id) == "body")?;
    let name = tree.element(body)?.attribute("name")?.trim();
    (!name.is_empty()).then_some(name)
}

/// Whether a section is a note: in a body of notes, with words and without further sections, and
/// with no longer title than a sign.
fn is_note(tree: &Tree, id: NodeId) -> bool {
    let is_among_notes = body_name(tree, id)
        .map(str::to_lowercase)
        .is_some_and(|name| NOTE_BODIES.iter().any(|notes| name.starts_with(notes)));
    if !is_among_notes || tree.element(id).is_some_and(|section| section.attribute(CONTINUED).is_some()) {
        return false;
    }
    let mut has_words = false;
    let mut title = None;
    for child in tree.children(id).filter(|&child| tree.element(child).is_some()) {
        match tree.name(child) {
            "section" => return false,
            "title" if title.is_none() && !has_words => title = Some(child),
            _ => has_words = true,
        }
    }
    has_words && title.is_none_or(|title| short_text(tree, title).is_some())
}

/// Whether an element is a note by its name in HTML.
fn is_note_frame(tree: &Tree, id: NodeId) -> bool {
    tree.element(id).is_some_and(|element| element.attribute(NOTE.0) == Some(NOTE.1))
}

/// The text of an element that has nothing but a few words in it, no link and no picture.
fn short_text(tree: &Tree, id: NodeId) -> Option<String> {
    let mut text = String::new();
    for (count, node) in tree.descendants(id).enumerate() {
        match tree.content(node) {
            _ if count >= SHORT_NODES_MAX => return None,
            Content::Text(piece) => text.extend(piece.split_whitespace()),
            Content::Element(element) if matches!(element.name(), "a" | "image") => return None,
            _ => {}
        }
    }
    (text.chars().count() <= NOTE_LABEL_MAX).then_some(text)
}

fn is_ornament(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_alphanumeric)
}

/// Whether an empty line parts two scenes: paragraphs stand on both sides of it, and no other
/// empty line is so near that they only space the text.
fn parts_scenes(tree: &Tree, id: NodeId) -> bool {
    let is_paragraph = |id: &NodeId| {
        let style = tree.element(*id).and_then(|element| element.attribute(BOLD.0));
        tree.name(*id) == "p" && tree.first(*id).is_some() && style != Some(BOLD.1)
    };
    let Some(section) = tree.parent(id).filter(|parent| tree.name(*parent) == "section") else { return false };
    let goes_on = tree.element(section).is_some_and(|section| section.attribute(CONTINUED).is_some());
    let (mut before, mut after) = (elements_before(tree, id), elements_after(tree, id));
    // Two on each side; where a piece of a section begins or ends, as many as there are.
    let is_after = after.next().is_some_and(|id| is_paragraph(&id)) && after.next().is_none_or(|id| is_paragraph(&id));
    let is_before = (0..2).all(|_| before.next().map_or(goes_on, |id| is_paragraph(&id)));
    is_before && is_after
}

/// The elements before another one in the same, the nearest first.
fn elements_before(tree: &Tree, id: NodeId) -> impl Iterator<Item = NodeId> {
    let nodes = std::iter::successors(tree.previous(id), |&node| tree.previous(node));
    nodes.filter(|&node| tree.element(node).is_some())
}

/// The elements after another one in the same, the nearest first.
fn elements_after(tree: &Tree, id: NodeId) -> impl Iterator<Item = NodeId> {
    let nodes = std::iter::successors(tree.next(id), |&node| tree.next(node));
    nodes.filter(|&node| tree.element(node).is_some())
}

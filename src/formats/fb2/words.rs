//! What the elements of FB2 are in HTML.
//!
//! The meaning of most hangs on where they stand: a `title` is a heading in a section, the sign
//! of a note among the notes, and a bold line in a poem. So names are changed in the tree, in
//! reading order, when all around them is known. (The schema is `FictionBook.xsd`, version 2.2.)

use crate::formats::html::element::NOTE_LABEL;
use crate::formats::html::tree::{NodeId, Tree};

/// Bytes of the longest sign of a note; a longer title is the title of a text.
const NOTE_LABEL_BYTES_MAX: usize = 24;
/// The deepest heading of HTML.
const HEADING_MAX: usize = 6;

const BOLD: (&str, &str) = ("style", "font-weight: bold");

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
    let parent = tree.parent(id).unwrap_or(Tree::ROOT);
    match tree.name(id) {
        "fictionbook" => tree.rename(id, "html", &[]),
        "description" | "stylesheet" | "binary" => {
            // The name of a picture is no place in the text.
            tree.rename(id, "head", &[("id", "")]);
            return true;
        }
        "section" if is_note(tree, id) => tree.rename(id, "aside", &[("epub:type", "footnote")]),
        "title" => title(tree, id, parent),
        "subtitle" if tree.text(id, usize::MAX).contains(char::is_alphanumeric) => tree.rename(id, "p", &[BOLD]),
        "subtitle" => tree.rename(id, "hr", &[]),
        "epigraph" => tree.rename(id, "blockquote", &[("class", "epigraph")]),
        "cite" => tree.rename(id, "blockquote", &[]),
        "annotation" => tree.rename(id, "aside", &[]),
        "poem" => tree.rename(id, "div", &[("class", "poem")]),
        "stanza" => tree.rename(id, "div", &[("class", "stanza")]),
        "text-author" => tree.rename(id, "p", &[("class", "attribution")]),
        "v" | "date" | "empty-line" => tree.rename(id, "p", &[]),
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
fn title(tree: &mut Tree, id: NodeId, parent: NodeId) {
    match tree.name(parent) {
        "body" => tree.rename(id, "h1", &[]),
        "section" => {
            let around = std::iter::successors(Some(parent), |&around| tree.parent(around));
            let depth = around.filter(|&around| tree.name(around) == "section").take(HEADING_MAX).count();
            tree.rename(id, ["h2", "h3", "h4", "h5"].get(depth - 1).unwrap_or(&"h6"), &[]);
        }
        "aside" => tree.rename(id, NOTE_LABEL, &[]),
        _ => tree.rename(id, "div", &[BOLD]),
    }
}

/// Whether a section is a note: one without further ones, in a body with a name, and with a title
/// no longer than the sign of a note.
fn is_note(tree: &Tree, id: NodeId) -> bool {
    let mut around = std::iter::successors(tree.parent(id), |&around| tree.parent(around));
    let body = around.find(|&around| tree.name(around) == "body").and_then(|body| tree.element(body));
    let is_named = body.and_then(|body| body.attribute("name")).is_some_and(|name| !name.trim().is_empty());
    let is = |name: &'static str| move |&child: &NodeId| tree.name(child) == name;
    let is_leaf = || !tree.children(id).any(|child| is("section")(&child));
    let title = || tree.children(id).find(is("title")).map(|title| tree.text(title, NOTE_LABEL_BYTES_MAX));
    is_named && is_leaf() && title().is_none_or(|title| title.trim().len() <= NOTE_LABEL_BYTES_MAX)
}

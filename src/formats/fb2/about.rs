//! What a book says about itself, in its `description`.

use crate::document::Meta;
use crate::formats::html::tree::{NodeId, Tree};
use crate::limits::{AUTHORS_MAX, META_LINE_MAX};
use crate::text::Clean;

/// Reads the description of a book, as far as it is in the tree.
pub fn read(tree: &Tree) -> Meta {
    let Some(about) = tree.descendants(Tree::ROOT).find(|&id| tree.name(id) == "description") else {
        return Meta::default();
    };
    let title_info = child(tree, about, "title-info");
    let publish_info = child(tree, about, "publish-info");
    let of = |part: Option<NodeId>, name: &str| words(tree, child(tree, part?, name)?);
    let mut authors: Vec<Clean> = Vec::new();
    if let Some(info) = title_info {
        let named = tree.children(info).filter(|&id| tree.name(id) == "author").filter_map(|id| author(tree, id));
        // One too many, which is then told.
        authors.extend(named.take(AUTHORS_MAX + 1));
    }
    Meta::limit_authors(&mut authors);
    let document_info = child(tree, about, "document-info");
    Meta {
        title: of(title_info, "book-title").or_else(|| of(publish_info, "book-name")),
        authors,
        language: of(title_info, "lang"),
        // The year of this edition; else when it was written.
        date: of(publish_info, "year").or_else(|| date(tree, child(tree, title_info?, "date")?)),
        publisher: of(publish_info, "publisher"),
        description: title_info.and_then(|info| paragraphs(tree, child(tree, info, "annotation")?)),
        identifier: of(publish_info, "isbn").or_else(|| of(document_info, "id")),
    }
}

/// A name as it is written on a title page; the nickname of who gives no other.
fn author(tree: &Tree, id: NodeId) -> Option<Clean> {
    let part = |name: &str| words(tree, child(tree, id, name)?);
    let names: Vec<Clean> = ["first-name", "middle-name", "last-name"].into_iter().filter_map(part).collect();
    if names.is_empty() { part("nickname") } else { Some(Meta::line(&Clean::join(&names, " "))) }
}

fn child(tree: &Tree, id: NodeId, name: &str) -> Option<NodeId> {
    tree.children(id).find(|&child| tree.name(child) == name)
}

fn words(tree: &Tree, id: NodeId) -> Option<Clean> {
    some(&tree.text(id, META_LINE_MAX))
}

/// A date as it is written, or else as it is stated.
fn date(tree: &Tree, id: NodeId) -> Option<Clean> {
    words(tree, id).or_else(|| some(tree.element(id)?.attribute("value")?))
}

/// The paragraphs and the verse of an annotation in one line.
fn paragraphs(tree: &Tree, id: NodeId) -> Option<Clean> {
    let mut texts = Vec::new();
    let mut at = tree.following(id, id, false);
    while let Some(node) = at {
        let is_block = matches!(tree.name(node), "p" | "v" | "subtitle" | "text-author");
        if is_block {
            texts.push(tree.text(node, META_LINE_MAX));
        }
        at = tree.following(node, id, is_block);
    }
    some(&texts.join(" ")).or_else(|| words(tree, id))
}

fn some(text: &str) -> Option<Clean> {
    let line = Meta::line(text);
    (!line.is_empty()).then_some(line)
}

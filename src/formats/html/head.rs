//! The head of a page: its title, its language, who wrote it and when.

use crate::document::Meta;
use crate::limits::{AUTHORS_MAX, META_LINE_MAX};
use crate::text::Clean;

use super::Head;
use super::tree::{Element, NodeId, Tree};

/// Reads the head of a page.
pub fn read(tree: &Tree) -> Head {
    let mut head = Head::default();
    let mut at = Some(Tree::ROOT);
    while let Some(id) = at {
        let name = tree.name(id);
        match name {
            "html" => head.language = tree.element(id).and_then(|e| e.attribute("lang")).and_then(words),
            "title" if head.title.is_none() && is_in_head(tree, id) => {
                head.title = words(&tree.text(id, META_LINE_MAX * 4));
            }
            "meta" => {
                if let Some(element) = tree.element(id) {
                    meta(element, &mut head);
                }
            }
            _ => {}
        }
        // What follows the head is the text; a `meta` there says nothing about the page.
        at = tree.following(id, Tree::ROOT, name == "body" || name == "svg");
    }
    Meta::limit_authors(&mut head.authors);
    head
}

fn is_in_head(tree: &Tree, id: NodeId) -> bool {
    tree.parent(id).is_some_and(|parent| matches!(tree.name(parent), "head" | "html" | ""))
}

fn words(text: &str) -> Option<Clean> {
    let line = Meta::line(text);
    (!line.is_empty()).then_some(line)
}

fn meta(element: &Element, head: &mut Head) {
    let name = element.attribute("name").or_else(|| element.attribute("property"));
    let name = name.or_else(|| element.attribute("http-equiv")).unwrap_or_default().to_ascii_lowercase();
    let Some(value) = element.attribute("content").and_then(words) else { return };
    let set = |place: &mut Option<Clean>, value: Clean| {
        if place.is_none() {
            *place = Some(value);
        }
    };
    match name.as_str() {
        "author" | "dc.creator" | "dcterms.creator" | "citation_author"
            // One too many, which is then told.
            if head.authors.len() <= AUTHORS_MAX && !head.authors.contains(&value) =>
        {
            head.authors.push(value);
        }
        "description" | "dc.description" | "dcterms.description" | "og:description" => {
            set(&mut head.description, value);
        }
        "date"
        | "dc.date"
        | "dcterms.date"
        | "dcterms.issued"
        | "dcterms.created"
        | "citation_publication_date"
        | "article:published_time" => set(&mut head.date, value),
        "language" | "content-language" | "dc.language" | "dcterms.language" => set(&mut head.language, value),
        "dc.title" | "dcterms.title" | "og:title" => set(&mut head.title, value),
        _ => {}
    }
}

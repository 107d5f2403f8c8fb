//! What a single tag means in a line of another format: Markdown hands over its inline tags.

use crate::document::{Link, Style};
use crate::formats::writer::link;

use super::Markup;
use super::element::{self, Display, display};
use super::parse::parse;
use super::tree::Tree;

/// What a start tag does to the text after it.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// Names of this place.
    pub ids: Vec<String>,
    /// The style of the text up to the end tag.
    pub style: Style,
    /// Where the text up to the end tag leads.
    pub link: Option<Link>,
    /// It breaks the line.
    pub is_break: bool,
    /// It has no end tag.
    pub is_void: bool,
    /// Words that stand in its place (of a picture, a quotation mark).
    pub words: String,
    /// Words that stand in place of its end tag.
    pub closing: &'static str,
}

/// Reads a start tag: its name and effect. `None` where it is none.
pub fn effect(tag: &str) -> Option<(String, Effect)> {
    let tree = parse(tag, Markup::Xhtml);
    let element = tree.descendants(Tree::ROOT).find_map(|id| tree.element(id))?;
    let name = element.name().to_owned();
    let mut effect = Effect { is_void: tree_is_void(&name), ..Effect::default() };
    effect.ids.extend(element.attribute("id").map(str::to_owned));
    match name.as_str() {
        "br" => effect.is_break = true,
        "img" => effect.words.push_str(element.attribute("alt").unwrap_or_default()),
        "a" => {
            effect.ids.extend(element.attribute("name").map(str::to_owned));
            effect.link = element.attribute("href").and_then(link);
        }
        "q" => {
            effect.words.push('“');
            effect.closing = "”";
        }
        "rt" => {
            effect.words.push('(');
            effect.closing = ")";
        }
        _ => {}
    }
    if display(element) != Display::Hidden {
        effect.style = element::style(element);
    }
    Some((name, effect))
}

fn tree_is_void(name: &str) -> bool {
    super::parse::VOID.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_effects() {
        let check = |tag: &str| effect(tag).unwrap();
        assert_eq!(check("<EM class=x>").1.style, Style::EMPHASIS);
        assert!(check("<br/>").1.is_break && check("<br>").1.is_void);
        assert_eq!(check("<a id='b' href=\"#c\">").1.ids, ["b"]);
        assert_eq!(check("<img alt='x &amp; y' src=z>").1.words, "x & y");
        assert_eq!(check("<unknown>").0, "unknown");
        assert!(effect("text").is_none());
    }
}

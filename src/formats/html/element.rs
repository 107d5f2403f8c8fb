//! What an element says about its matter, read off its name and attributes alone: tables of
//! names, no walking. It must not know the tree around the element.

use crate::document::Style;

use super::tree::Element;

/// An element, known to other vocabularies than HTML, with the sign of the note that it begins. No
/// tag has this name, as those are read in small letters.
pub const NOTE_LABEL: &str = "noteLabel";

/// How an element stands among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// Not at all, nor anything in it.
    Hidden,
    /// In the line.
    Inline,
    /// As a block.
    Block,
}

/// How an element stands.
pub fn display(element: &Element) -> Display {
    let style = element.attribute("style").unwrap_or_default();
    let is_hidden = element.attribute("hidden").is_some_and(|value| value != "until-found");
    if is_hidden || declares(style, "display", "none") {
        return Display::Hidden;
    }
    match element.name() {
        "head" | "script" | "style" | "template" | "iframe" | "noframes" | "noembed" | "datalist" | "rp" | "param"
        | "source" | "track" | "title" | "annotation" | "annotation-xml" | NOTE_LABEL => Display::Hidden,
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "dd" | "details"
        | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1"
        | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "hr" | "html" | "legend" | "li" | "listing"
        | "main" | "menu" | "nav" | "ol" | "optgroup" | "p" | "plaintext" | "pre" | "search" | "section"
        | "summary" | "table" | "tbody" | "td" | "textarea" | "tfoot" | "th" | "thead" | "tr" | "ul" | "xmp" => {
            if declares(style, "display", "inline") {
                Display::Inline
            } else {
                Display::Block
            }
        }
        _ if declares(style, "display", "block") => Display::Block,
        _ => Display::Inline,
    }
}

/// The style that an element gives its text.
pub fn style(element: &Element) -> Style {
    let mut style = match element.name() {
        "em" | "i" | "cite" | "dfn" | "var" => Style::EMPHASIS,
        "strong" | "b" | "dt" | "summary" | "legend" => Style::STRONG,
        "u" | "ins" => Style::UNDERLINE,
        "s" | "del" | "strike" => Style::STRIKE,
        "code" | "kbd" | "samp" | "tt" => Style::CODE,
        "sup" => Style::SUPER,
        "sub" => Style::SUB,
        "mark" => Style::MARKED,
        _ => Style::PLAIN,
    };
    if element.words("class").any(|w| matches!(w, "smcap" | "smallcaps" | "small-caps" | "smallcap" | "sc")) {
        style |= Style::SMALL_CAPS;
    }
    if means(element, "noteref") && element.name() == "a" {
        style |= Style::SUPER;
    }
    let css = element.attribute("style").unwrap_or_default();
    if !css.is_empty() {
        for (property, value, adds) in [
            ("font-style", "italic", Style::EMPHASIS),
            ("font-style", "oblique", Style::EMPHASIS),
            ("font-weight", "bold", Style::STRONG),
            ("font-weight", "700", Style::STRONG),
            ("font-variant", "small-caps", Style::SMALL_CAPS),
            ("text-decoration", "underline", Style::UNDERLINE),
            ("text-decoration", "line-through", Style::STRIKE),
            ("vertical-align", "super", Style::SUPER),
            ("vertical-align", "sub", Style::SUB),
        ] {
            if declares(css, property, value) {
                style |= adds;
            }
        }
    }
    style
}

/// The level of a heading element.
pub fn heading(name: &str) -> Option<u8> {
    match name {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        _ => None,
    }
}

/// Whether the author says that the element is a thing of this kind, by `epub:type` or `role`.
pub fn means(element: &Element, kind: &str) -> bool {
    if element.is_bare() {
        return false;
    }
    let is = |word: &str| {
        let word = word.strip_prefix("doc-").unwrap_or(word);
        word.rsplit(':').next().is_some_and(|word| word.eq_ignore_ascii_case(kind))
    };
    element.words("epub:type").chain(element.words("role")).any(is)
}

/// Whether an element leads through the pages around this one: a heading in it is none of the text. A list of
/// the text's own chapters is another thing.
pub fn is_navigation(element: &Element) -> bool {
    let is_named = matches!(element.name(), "nav" | "search");
    (is_named || means(element, "navigation") || means(element, "search")) && !means(element, "toc")
}

/// Whether an element is a note that stands apart.
pub fn is_note(element: &Element) -> bool {
    ["footnote", "endnote", "rearnote"].iter().any(|kind| means(element, kind))
}

/// Whether one of the element's classes has a word in its name.
pub fn has_class(element: &Element, word: &str) -> bool {
    element.words("class").any(|class| {
        class.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| {
            let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
            part.eq_ignore_ascii_case(word)
        })
    })
}

/// Whether an inline style sheet sets a property to a value (the first word of it, in any case).
pub fn declares(css: &str, property: &str, value: &str) -> bool {
    css.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, set)| {
        name.trim().eq_ignore_ascii_case(property)
            && set.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(value))
    })
}

/// The language of a block of code, from a class such as `language-rust`.
pub fn language(element: &Element) -> Option<&str> {
    let named = element.words("class").find_map(|class| {
        let name = class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-"))?;
        name.split([',', '{']).next()
    });
    named
        .or_else(|| element.attribute("data-language"))
        .or_else(|| element.attribute("data-lang"))
        .filter(|l| !l.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_are_read_by_words() {
        assert!(declares("color: red; FONT-Style : Italic !important", "font-style", "italic"));
        assert!(!declares("font-style: italics", "font-style", "italic"));
        assert!(!declares("x-font-style: italic", "font-style", "italic"));
    }
}

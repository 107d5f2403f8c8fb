//! What holds for every page, tested on soups of tags.

use proptest::prelude::*;

use super::{Markup, walk};
use crate::document::{SectionBuilder, SectionId};
use crate::text::clean::is_clean;

fn shown(page: &str, markup: Markup) -> String {
    let mut builder = SectionBuilder::new(SectionId(0));
    walk(page, markup, &mut builder);
    builder.finish().text().to_string()
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    words.sort();
    words
}

/// A tag that does not hide its text, with attributes that do not either.
fn tag() -> impl Strategy<Value = String> {
    let names = [
        "p",
        "div",
        "b",
        "i",
        "a href=x",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "caption",
        "h1",
        "h2",
        "blockquote",
        "cite",
        "pre",
        "q",
        "ruby",
        "rt",
        "sup",
        "dl",
        "dt",
        "dd",
        "aside",
        "figure",
        "figcaption",
        "p class=verse",
        "div class=poem",
        "span class=line",
        "div epub:type=footnote",
        "section",
        "button",
        "font",
        "center",
        "details",
        "summary",
        "code",
        "footer",
    ];
    (0..names.len() * 2).prop_map(move |n| {
        let name = names[n / 2];
        if n % 2 == 0 { format!("<{name}>") } else { format!("</{}>", name.split(' ').next().unwrap()) }
    })
}

fn soup() -> impl Strategy<Value = Vec<String>> {
    // Each word is in a place of its own, so that none runs into the next.
    let word = "[a-z]{1,6}".prop_map(|word| format!(" {word} "));
    let empty = prop_oneof![Just("<br>"), Just("<hr>"), Just("&nbsp;"), Just("<!-- c -->"), Just("\n")];
    proptest::collection::vec(prop_oneof![4 => tag(), 3 => word, 1 => empty.prop_map(str::to_owned)], 0..60)
}

proptest! {
    #[test]
    fn no_word_is_lost(pieces in soup()) {
        let page: String = pieces.concat();
        let text: String = pieces.iter().filter(|p| !p.starts_with(['<', '&'])).map(String::as_str).collect();
        for markup in [Markup::Html, Markup::Xhtml] {
            // The words of numbered markers in cells are not the page's.
            let found = shown(&page, markup);
            prop_assert!(is_clean(&found));
            let found = words(&found);
            for word in words(&text) {
                prop_assert!(found.contains(&word), "{word} of {page} is not in {found:?}");
            }
        }
    }

    #[test]
    fn any_text_is_a_page(page in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for text in [page.as_str(), &String::from_utf8_lossy(&bytes)] {
            for markup in [Markup::Html, Markup::Xhtml] {
                prop_assert!(is_clean(&shown(text, markup)));
            }
        }
    }

    #[test]
    fn markup_cut_anywhere_is_a_page(pieces in soup(), cut in 0usize..400) {
        let page: String = pieces.concat();
        let cut = page.floor_char_boundary(cut);
        for markup in [Markup::Html, Markup::Xhtml] {
            prop_assert!(is_clean(&shown(page.get(..cut).unwrap(), markup)));
        }
    }
}

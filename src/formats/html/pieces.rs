//! A long page in pieces.

use crate::document::Meta;
use crate::formats::Source;
use crate::formats::growing::{Pieces, Window};
use crate::formats::writer::Writer;

use super::cuts::{self, State, Vocabulary};
use super::{Markup, walk_into};

/// How HTML is read in pieces.
#[derive(Debug)]
pub struct HtmlPieces {
    /// The rules of the page.
    pub markup: Markup,
}

impl HtmlPieces {
    fn words(&self) -> &'static Vocabulary {
        if self.markup == Markup::Xhtml { &cuts::XHTML } else { &cuts::HTML }
    }
}

impl Pieces for HtmlPieces {
    type State = State;

    fn cut(&self, state: &State, window: &Window) -> (usize, State) {
        cuts::cut(state, window, self.words())
    }

    fn over(&self, _source: &Source) -> HtmlPieces {
        HtmlPieces { markup: self.markup }
    }

    fn read(&self, state: &State, text: &str, writer: &mut Writer) -> Meta {
        if state.is_first() {
            return walk_into(text, self.markup, writer).into();
        }
        let opening = state.resume(writer, self.words());
        walk_into(&(opening + text), self.markup, writer);
        Meta::default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::document::{Document, Format, Section, SectionId};
    use crate::formats::encoding::Charset;
    use crate::formats::growing::Growing;
    use crate::formats::parsed::tests::{document, dump};
    use crate::formats::{Context, OpenOptions};
    use crate::text::clean_line;

    fn growing(text: &str, step: u64) -> Growing<HtmlPieces> {
        let source = Source::memory(text.as_bytes());
        let context = Context {
            name: clean_line("a.html"),
            identity: source.identity().unwrap(),
            options: OpenOptions::default(),
            faults: Vec::new(),
        };
        let pieces = HtmlPieces { markup: Markup::Html };
        Growing::with_step(pieces, Format::Html, source, Charset::UTF_8, context, step)
    }

    fn sections(document: &dyn Document) -> Vec<Section> {
        (0..document.section_count()).map(|id| document.load(SectionId(id)).unwrap()).collect()
    }

    fn pieces(text: &str, step: u64) -> Vec<Section> {
        sections(&growing(text, step))
    }

    /// All that is shown, without white space and the bars of table cells.
    fn shown(sections: &[Section]) -> String {
        sections.iter().flat_map(|s| s.text().chars()).filter(|c| !c.is_whitespace()).collect()
    }

    fn shown_whole(text: &str) -> String {
        let document: Arc<dyn Document> = document("a.html", text.as_bytes());
        shown(&sections(&*document))
    }

    /// The blocks of all pieces; there are several.
    #[track_caller]
    fn blocks(text: &str, step: u64) -> Vec<String> {
        let found = pieces(text, step);
        assert!(found.len() > 1);
        found.iter().flat_map(dump).collect()
    }

    fn numbered(before: &str, after: &str) -> String {
        (0..20).flat_map(|n| [before.to_owned(), n.to_string(), after.to_owned()]).collect()
    }

    #[test]
    fn lists_and_tables_go_on() {
        let items = numbered("<li>item ", "\n");
        let found = blocks(&format!("<html><ol start=5 class=x>{items}</ol><p>end"), 128);
        for (n, block) in found.iter().take(20).enumerate() {
            assert_eq!(block.trim_start_matches('^'), format!("{}. item {n}", n + 5), "{found:?}");
        }
        let rows = numbered("<tr><td>row ", "<td>x\n");
        let found = blocks(&format!("<html><table class=x>{rows}</table><p>end"), 128);
        for (n, block) in found.iter().take(20).enumerate() {
            assert_eq!(*block, format!("tr: row {n}|x"), "{found:?}");
        }
    }

    #[test]
    fn a_long_item_has_one_marker() {
        let inner = "<p>some words</p>\n".repeat(20);
        let found = blocks(&format!("<html><ol><li>{inner}<li><p>next</ol>"), 128);
        assert_eq!(
            found.iter().filter(|block| block.starts_with("1. ")).count(),
            pieces_with("1. ", &found),
            "{found:?}"
        );
        assert_eq!(found.last().unwrap(), "2. next");
    }

    /// A marker stands before every block of its item in a dump: those of the first piece.
    fn pieces_with(marker: &str, found: &[String]) -> usize {
        found.iter().take_while(|block| block.starts_with(marker)).count()
    }

    #[test]
    fn what_is_not_shown_stays_hidden() {
        let hidden = "hidden <b>words</b> here\n".repeat(20);
        for (opens, closes) in
            [("<!--", "-->"), ("<style>", "</style>"), ("<script>", "</script>"), ("<div hidden>", "</div>")]
        {
            assert_eq!(shown(&pieces(&format!("<html><p>a</p>{opens}{hidden}{closes}<p>b"), 64)), "ab", "{opens}");
        }
        let picture = format!("<html><p>a</p><img src=\"data:x,{}\" alt='> b'>c", "QUJD/>=".repeat(60));
        assert_eq!(shown(&pieces(&picture, 64)).replace('b', ""), "a>c");
    }

    #[test]
    fn code_keeps_its_lines_and_styles_go_on() {
        let code = "\n  x = 1\n\n".repeat(20);
        let found = blocks(&format!("<html><pre class=x>{code}</pre>"), 64);
        assert!(found.iter().all(|block| block.starts_with("code(): ")), "{found:?}");
        assert_eq!(shown(&pieces(&format!("<html><pre>{code}</pre>"), 64)), "x=1".repeat(20));
        let words = "words and ".repeat(30);
        let last = pieces(&format!("<html><p><i>{words}</i>"), 64).pop().unwrap();
        assert!(last.blocks().first().is_some_and(|block| block.continues));
        assert!(!last.spans(crate::document::BlockId(0)).is_empty());
    }

    fn page() -> impl Strategy<Value = String> {
        let words = "[a-z]{1,9}( [a-z]{1,9}){0,5}";
        let each = |before: &'static str, after: &'static str| {
            proptest::collection::vec(words.prop_map(move |w| format!("{before}{w}{after}")), 1..12)
                .prop_map(|l| l.concat())
        };
        let block = prop_oneof![
            each("<p>", "</p>"),
            each("<p>", ""),
            each("<div><i>", "</i></div>\n"),
            each("<h2 id=x>", "</h2>"),
            each("<li>", "").prop_map(|l| format!("<ul>{l}</ul>")),
            each("<li><p>", "</li>").prop_map(|l| format!("<ol>{l}</ol>")),
            each("<li>", "").prop_map(|l| format!("<ul><li>y<ul>{l}</ul></ul>")),
            each("<tr><td>", "<td>z").prop_map(|l| format!("<table>{l}</table>")),
            each("<tr><td>", "</td></tr>").prop_map(|l| format!("<table><tbody>{l}</tbody></table>")),
            each("<p>", "").prop_map(|l| format!("<blockquote>{l}</blockquote>")),
            each("<dt>", "<dd>d").prop_map(|l| format!("<dl>{l}</dl>")),
            each("", "\n").prop_map(|l| format!("<pre>{l}</pre>")),
            each("", "<br>"),
            each("<b>", "</b> "),
            each("", " ").prop_map(|l| format!("<!-- {l} -->")),
            each("", " ").prop_map(|l| format!("<script>{l}<p></script>")),
        ];
        proptest::collection::vec(block, 1..16).prop_map(|blocks| format!("<html>{}", blocks.concat()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn pieces_show_what_the_whole_shows(page in page(), step in 200u64..1500) {
            prop_assert_eq!(shown(&pieces(&page, step)), shown_whole(&page), "{}", page);
        }

        #[test]
        fn any_piece_loads_alone(
            text in "(<[a-z/!]{0,2}[a-z \"'=>-]{0,4}|[a-zé>]{0,9} |<p>|</p>|<li>|<ul>|<td>|<!--|-->|<pre>|<script>|</){0,120}",
            step in 32u64..200,
        ) {
            let forward = pieces(&text, step);
            for id in (0..forward.len()).rev() {
                let document = growing(&text, step);
                while !document.reach(SectionId(id as u32)).unwrap().is_done() {}
                prop_assert_eq!(&document.load(SectionId(id as u32)).unwrap(), &forward[id]);
            }
        }
    }
}

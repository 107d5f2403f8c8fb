//! A long text in pieces: what opens a piece, and what it needs from elsewhere.

use std::sync::OnceLock;

use crate::document::Meta;
use crate::formats::Source;
use crate::formats::encoding::Charset;
use crate::formats::growing::{Pieces, Window};
use crate::formats::writer::Writer;

use super::cuts::{self, Begin, State};
use super::events::{self, About};
use super::front;
use super::notes::{self, Definitions};

/// Bytes at the end of a file in which definitions are looked for, for all of it. Reading them takes
/// 6 ms (measured), once.
const TAIL_BYTES: u64 = 4 << 20;

/// How Markdown is read in pieces.
#[derive(Debug)]
pub struct MarkdownPieces {
    source: Source,
    charset: Charset,
    /// What the end of the file defines.
    tail: OnceLock<Definitions>,
}

impl MarkdownPieces {
    /// The pieces of a source.
    pub fn new(source: Source, charset: Charset) -> MarkdownPieces {
        MarkdownPieces { source, charset, tail: OnceLock::new() }
    }

    /// Without the tail its definitions are missing; it is read again with the next piece that
    /// needs it.
    fn tail(&self) -> Option<&Definitions> {
        if self.tail.get().is_none() {
            let start = self.source.len().saturating_sub(TAIL_BYTES);
            let bytes = self.source.read(start, TAIL_BYTES as usize).ok()?;
            let first = if start == 0 { 0 } else { bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len()) };
            let tail = Definitions::read(&self.charset.decode(bytes.get(first..).unwrap_or_default()));
            // Another thread may have been there before; both read the same.
            let _ = self.tail.set(tail);
        }
        self.tail.get()
    }
}

impl Pieces for MarkdownPieces {
    type State = State;

    fn cut(&self, state: &State, window: &Window) -> (usize, State) {
        cuts::cut(state, window)
    }

    fn over(&self, source: &Source) -> MarkdownPieces {
        MarkdownPieces::new(source.clone(), self.charset)
    }

    fn read(&self, state: &State, text: &str, writer: &mut Writer) -> Meta {
        let is_first = state.begin() == Begin::Document;
        let (mut meta, body) = if is_first { front::split(text) } else { (Meta::default(), text) };
        // Spaces before the rest of a line would make code of it.
        let body = if state.begin() == Begin::Inside { body.trim_start_matches(' ') } else { body };
        if state.continues() {
            writer.continues();
        }
        let mut whole = notes::missing(body, || self.tail());
        whole.push_str(&state.opening());
        let opening = whole.len();
        whole.push_str(body);
        // The end of the file is read only for a piece that may have links.
        let elsewhere = whole.contains('[').then(|| self.tail()).flatten();
        let skipped = text.len() - body.len();
        let about = About { opening, skipped, is_html: state.is_html(), number: state.number(), elsewhere };
        let title = events::write(&whole, about, writer);
        meta.title = meta.title.or(title);
        meta
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::document::{Document, Format, Section, SectionId};
    use crate::formats::growing::Growing;
    use crate::formats::parsed::tests::dump;
    use crate::formats::{Context, OpenOptions, open_source};
    use crate::text::clean_line;

    fn pieces(text: &str, step: u64) -> Vec<Section> {
        let document = growing(text, step);
        (0..document.section_count()).map(|id| document.load(SectionId(id)).unwrap()).collect()
    }

    fn growing(text: &str, step: u64) -> Growing<MarkdownPieces> {
        let source = Source::memory(text.as_bytes());
        let context = Context {
            name: clean_line("a.md"),
            identity: source.identity().unwrap(),
            options: OpenOptions { format: Some(Format::Markdown), encoding: None },
            faults: Vec::new(),
        };
        let pieces = MarkdownPieces::new(source.clone(), Charset::UTF_8);
        Growing::with_step(pieces, Format::Markdown, source, Charset::UTF_8, context, step)
    }

    fn whole(text: &str) -> Arc<dyn Document> {
        let options = OpenOptions { format: Some(Format::Markdown), encoding: None };
        open_source(Source::memory(text.as_bytes()), clean_line("a.md"), &options).unwrap()
    }

    /// All that is shown, without white space and the bars of table cells.
    fn shown(sections: &[Section]) -> String {
        sections.iter().flat_map(|s| s.text().chars()).filter(|c| !c.is_whitespace()).collect()
    }

    fn shown_whole(text: &str) -> String {
        let document = whole(text);
        let sections: Vec<_> = (0..document.section_count()).map(|id| document.load(SectionId(id)).unwrap()).collect();
        shown(&sections)
    }

    /// The blocks of pieces that are cut every `step` bytes.
    #[track_caller]
    fn check(text: &str, step: u64, blocks: &[&[&str]]) {
        let found: Vec<Vec<String>> = pieces(text, step).iter().map(dump).collect();
        assert_eq!(found, blocks, "{text}");
    }

    #[test]
    fn fences_go_on() {
        let code = "word words\n".repeat(9);
        let (five, four) = (["word words"; 5].join("/"), ["word words"; 4].join("/"));
        check(
            &format!("a\n\n```rust\n{code}```\n\n# b\n"),
            64,
            &[&["a", &format!("code(rust): {five}")], &[&format!("code(rust): {four}"), "# b"]],
        );
        let code = "  word words\n".repeat(9);
        check(
            &format!("- a\n\n  ~~~\n{code}  ~~~\n- b"),
            64,
            &[&["• a", &format!("• code(): {five}")], &[&format!(" code(): {four}"), "• b"]],
        );
    }

    #[test]
    fn lists_keep_their_numbers() {
        let items: String = (0..9).map(|_| "1. some words\n").collect();
        check(
            &items,
            64,
            &[
                &["1. some words", "^2. some words", "^3. some words", "^4. some words", "^5. some words"],
                &["6. some words", "^7. some words", "^8. some words", "^9. some words"],
            ],
        );
    }

    #[test]
    fn tables_keep_their_columns() {
        let rows: String = (0..8).flat_map(|n| ["| row ".to_owned(), n.to_string(), " | x |\n".to_owned()]).collect();
        let found = pieces(&format!("| a | b |\n|---|--:|\n{rows}"), 64);
        assert!(found.len() > 1);
        let rows: Vec<String> = found.iter().flat_map(dump).collect();
        assert_eq!(rows.len(), 9);
        assert!(rows.iter().skip(1).enumerate().all(|(n, row)| *row == format!("tr: row {n}|x")), "{rows:?}");
    }

    #[test]
    fn what_is_not_shown_stays_hidden() {
        let hidden = "hidden words here\n".repeat(12);
        for (opens, closes) in [("<!--", "-->"), ("<style>", "</style>"), ("<script>\n", "</script>")] {
            assert_eq!(shown(&pieces(&format!("a\n\n{opens}\n{hidden}{closes}\n\nb\n"), 64)), "ab", "{opens}");
        }
        assert_eq!(
            shown(&pieces(&format!("---\ntitle: T\nx: |\n  ```\n---\n\n{}", "words and\n\n".repeat(30)), 64)),
            "wordsand".repeat(30)
        );
    }

    #[test]
    fn what_is_defined_at_the_end_is_known_at_the_start() {
        let text = format!(
            "see [it][far] and a note[^n], [no][such].\n\n{}[far]: x.md\n\n[^n]: note\n",
            "words\n\n".repeat(60)
        );
        let first = &pieces(&text, 64)[0];
        assert!(first.text().starts_with("see it and a noten, [no][such]."), "{}", first.text());
        assert_eq!(first.links().len(), 2);
        let document = growing(&text, 64);
        let mut pass = document.outline_pass();
        while !pass.step().unwrap().is_done() {}
        let place = document.resolve(SectionId(0), "#fn-n").unwrap().position();
        assert_eq!(document.load(place.section).unwrap().block_text(place.block), "note");
    }

    #[test]
    fn a_code_block_that_shows_a_fence_opens_none() {
        let text = format!("a\n\n    ```\n\n{}", "words and\n\n".repeat(60));
        let last = pieces(&text, 64).pop().unwrap();
        assert!(dump(&last).iter().all(|block| !block.starts_with("code")), "{:?}", dump(&last));
    }

    /// Blocks of all kinds, each line of them short.
    fn blocks() -> impl Strategy<Value = Vec<String>> {
        let words = "[a-z]{1,9}( [a-z]{1,9}){0,5}";
        let lines = |mark: &'static str| {
            proptest::collection::vec(words.prop_map(move |w| format!("{mark}{w}\n")), 1..12).prop_map(|l| l.concat())
        };
        let block = prop_oneof![
            lines(""),
            lines("> "),
            lines("- "),
            lines("1. "),
            lines("- a\n  - "),
            lines("    "),
            lines("- x\n\n  "),
            words.prop_map(|w| format!("## {w}\n")),
            words.prop_map(|w| format!("{w}\n---\n")),
            lines("").prop_map(|l| format!("```\n{l}```\n")),
            lines("  ").prop_map(|l| format!("- y\n\n  ~~~\n{l}  ~~~\n")),
            lines("| ").prop_map(|l| format!("| a |\n|---|\n{l}")),
            lines("<p>").prop_map(|l| format!("<div>\n{l}</div>\n")),
            lines("").prop_map(|l| format!("<!--\n{l}-->\n")),
            lines("    ").prop_map(|l| format!("[^n]: z\n\n{l}")),
            Just("---\n".to_owned()),
            Just("a[^1] *b* `c`\n".to_owned()),
        ];
        proptest::collection::vec(block, 1..16)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn pieces_show_what_the_whole_shows(blocks in blocks(), step in 512u64..1500) {
            let text = format!("{}\n[^1]: n\n", blocks.join("\n"));
            prop_assert_eq!(shown(&pieces(&text, step)), shown_whole(&text), "{}", text);
        }

        #[test]
        fn any_piece_loads_alone(text in "([a-zé#>`~|: -]|\n|\n\n|```\n|<!--|- |  |1\\. |\\[\\^a\\]){0,300}", step in 32u64..200) {
            let forward = pieces(&text, step);
            for id in (0..forward.len()).rev() {
                // A document that has read nothing but this.
                let document = growing(&text, step);
                while !document.reach(SectionId(id as u32)).unwrap().is_done() {}
                prop_assert_eq!(&document.load(SectionId(id as u32)).unwrap(), &forward[id]);
            }
            let document = growing(&text, step);
            let bytes: u64 = (0..document.section_count()).map(|id| document.section_bytes(SectionId(id))).sum();
            prop_assert_eq!(bytes, text.len() as u64);
        }
    }
}

//! What holds for every document, width and series of keys.

#![allow(clippy::unwrap_used, clippy::string_slice)]

mod common;

use lection::app::Look;
use lection::document::{BlockId, Format, Position};
use lection::layout::{Options, lay_out};
use lection::runtime::inline::Inline;
use lection::text::clean_line;
use proptest::prelude::*;

/// Any text that could stand in a document.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,12}",
        "[a-z]{30,90}",
        Just("日本語の文章、です。".to_owned()),
        Just("👨‍👩‍👧‍👦".to_owned()),
        Just("e\u{301}tude".to_owned()),
        Just("— “quoted” —".to_owned()),
        Just("https://example.org/a/long/path?with=query&and=more".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\n\n> ".to_owned()),
        Just("\n\n- ".to_owned()),
        Just("\n\n## ".to_owned()),
        Just("\n\n    code  with   space\n\n".to_owned()),
        Just("\n\n| a | b |\n|---|---|\n| one two three | four |\n\n".to_owned()),
        Just("\n\n---\n\n".to_owned()),
        Just("สวัสดีชาวโลก".to_owned()),
        Just("مرحبا بالعالم".to_owned()),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn lines_cover_their_block_and_keep_their_width(text in any_text(), width in 1u16..=300) {
        let document = common::document(Format::Markdown, &text);
        for id in 0..document.section_count() {
            let section = document.load(lection::document::SectionId(id)).unwrap();
            for block in (0..section.block_count()).map(BlockId) {
                let words = section.block_text(block);
                let lines = lay_out(&section, block, &Options::new(width));
                let mut at = 0;
                for line in &lines {
                    prop_assert_eq!(line.start, at, "ranges follow each other");
                    prop_assert!(line.end >= line.start);
                    at = line.end;
                    for run in line.runs() {
                        let shown = words.get(run.start as usize..run.end as usize).unwrap();
                        let wide = usize::from(run.column) + lection::text::width::width(shown);
                        let one = unicode_segmentation::UnicodeSegmentation::graphemes(shown, true).count() <= 1;
                        prop_assert!(wide <= usize::from(width) || one, "{wide} columns of {width}: {shown:?}");
                    }
                }
                prop_assert_eq!(at as usize, words.len(), "nothing is lost");
                let shown: usize = lines.iter().flat_map(lection::layout::Line::runs).map(|r| {
                    words[r.start as usize..r.end as usize].chars().filter(|c| !c.is_whitespace()).count()
                }).sum();
                prop_assert_eq!(shown, words.chars().filter(|c| !c.is_whitespace()).count(), "all of it is shown once");
            }
        }
    }

    #[test]
    fn walking_there_and_back_is_the_identity(start in 0u32..2000, steps in 1u32..400, width in 8u16..120, height in 3u16..60) {
        let mut program = common::program(Format::Plain, &common::paragraphs(300), (width, height));
        program.type_text(&format!("{start}j"));
        let before = (program.app().reader().place(), program.screen());
        program.type_text(&format!("{steps}j"));
        // At the end of the document a walk is cut short, and there is no way back by count.
        let at_end = program.app().reader().progress() >= 1.0;
        program.type_text(&format!("{steps}k"));
        if !at_end {
            prop_assert_eq!((program.app().reader().place(), program.screen()), before);
        }
    }

    #[test]
    fn a_series_of_resizes_keeps_the_place(
        start in 0u32..3000,
        sizes in proptest::collection::vec((1u16..300, 1u16..120), 1..12),
    ) {
        let mut program = common::program(Format::Plain, &common::paragraphs(300), (80, 24));
        program.type_text(&format!("{start}j"));
        let before = (program.app().reader().place(), program.screen());
        for (columns, rows) in sizes {
            program.resize(columns, rows);
            prop_assert_eq!(program.app().reader().place(), before.0);
        }
        program.resize(80, 24);
        prop_assert_eq!((program.app().reader().place(), program.screen()), before);
    }

    #[test]
    fn any_keys_at_any_size_do_no_harm(
        keys in "[jkdubfgGLHtQBMnNmc'?qi/\\]\\[}{)(+=%0-9a-z-]{0,60}",
        size in (1u16..140, 1u16..50),
    ) {
        let mut program = common::program(Format::Markdown, common::SAMPLE, size);
        for c in keys.chars() {
            program.press(lection::app::Key::char(c));
            if c == '/' {
                program.keys("esc").unwrap();
            }
            prop_assert_eq!(program.screen().lines().count(), usize::from(size.1));
        }
        let place = program.app().reader().place();
        prop_assert!(place >= Position::START);
    }
}

/// Characters that are no white space and stand in no marker of a list; sorted, because the cells
/// of a table stand side by side on the screen.
fn essence(text: &str) -> Vec<char> {
    let mut essence: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !"•◦▪‣".contains(*c)).collect();
    essence.sort_unstable();
    essence
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What the eye sees reversed is what is copied: selected by any keys, in any text, at any
    /// width.
    #[test]
    fn what_is_selected_is_what_is_copied(
        text in any_text(),
        width in 12u16..100,
        keys in proptest::collection::vec(
            prop::sample::select(vec!["j", "k", "l", "h", "w", "e", "b", ")", "(", "}", "{", "$", "0", "o", "v", "is", "iw", "ip", "ctrl-d"]),
            0..12,
        ),
    ) {
        let mut program = common::program(Format::Markdown, &text, (width, 500));
        program.type_text("v");
        for key in keys {
            if key.len() == 2 { program.type_text(key) } else { program.keys(key).unwrap() }
        }
        let Some(range) = program.app().selected() else { return Ok(()) };
        let copied = program.app().reader().excerpt(&[range]).unwrap();
        let cells = program.cells();
        let mut seen = String::new();
        let mut skip = 0;
        for cell in &cells.content {
            // The second half of a wide character is a cell of its own.
            if skip == 0 && cell.modifier.contains(ratatui::style::Modifier::REVERSED) {
                seen.push_str(cell.symbol());
                skip = lection::text::width::width(cell.symbol()).saturating_sub(1);
            } else {
                skip = skip.saturating_sub(1);
            }
        }
        prop_assert_eq!(essence(&seen), essence(&copied));
    }
}

#[test]
fn a_place_is_found_again_where_much_came_before_it() {
    // No paragraph is like another one.
    let word = |n: u64| format!("{:012x} ", n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16);
    let text: String = (0..12_000).map(|n| (0..15).map(|m| word(n * 15 + m)).collect::<String>() + "\n\n").collect();
    let mut program = common::program(Format::Plain, &text, (80, 24));
    program.type_text("70%");
    let place = program.app().reader().anchor_here();
    let before = "Something new came before.\n\n".repeat(60_000);
    let document = common::document(Format::Plain, &format!("{before}{text}"));
    assert!(document.section_count() > 12);
    let changed = Inline::open(document, clean_line("test"), Look::default(), (80, 24), place);
    let row = |program: &Inline| program.screen().lines().nth(2).map(str::to_owned);
    assert_eq!(row(&changed), row(&program));
}

//! What is shown: lines of blocks, and the whole program under keys.

use std::sync::Arc;

use lection::app::{Event, Input, Key, Look, MouseKind};
use lection::document::{Document, Format, SectionId};
use lection::formats::{self, OpenOptions, Source};
use lection::layout::{Options, Paragraphs, lay_out};
use lection::runtime::inline::Inline;
use lection::text::clean::is_clean;
use lection::text::clean_line;
use lection::text::width::width;

use super::bytes::Bytes;

fn document(format: Format, data: &[u8]) -> Arc<dyn Document> {
    let options = OpenOptions { format: Some(format), ..OpenOptions::default() };
    formats::open_source(Source::memory(data), clean_line("a file"), &options).expect("memory can be read")
}

/// The lines of a block cover its text and keep the width.
pub fn layout(data: &[u8]) {
    let mut bytes = Bytes(data);
    let format = *bytes.choose(&[Format::Plain, Format::Markdown, Format::Html]);
    let options = Options {
        width: *bytes.choose(&[0, 1, 2, 3, 7, 20, 40, 66, 80, 200, u16::MAX]),
        paragraphs: *bytes.choose(&[Paragraphs::Spaced, Paragraphs::Indented]),
        balanced: bytes.byte() % 2 == 1,
    };
    let document = document(format, bytes.0);
    for id in (0..document.section_count().min(4)).map(SectionId) {
        let section = document.load(id).expect("memory can be read");
        for (block, _) in section.numbered_blocks() {
            let words = section.block_text(block);
            let mut at = 0;
            for line in lay_out(&section, block, &options) {
                assert_eq!(line.start, at, "ranges follow each other");
                at = line.end;
                for run in line.runs() {
                    let shown = words.get(run.start as usize..run.end as usize).expect("a run lies on characters");
                    let wide = usize::from(run.column) + width(shown);
                    assert!(wide <= usize::from(options.width.max(1)) || width(shown) <= 2, "{wide}: {shown:?}");
                }
            }
            assert_eq!(at as usize, words.len(), "nothing is lost");
        }
    }
}

/// A text with one of everything that keys can reach.
const PAGE: &[u8] = b"# One\n\nSome *words* and a [link](#two).\n\n\xE2\x80\x9CYes,\xE2\x80\x9D said Anna.\n\n\
    ## Two\n\n- a\n- b\n\n| a | b |\n|---|---|\n| c | d |\n\n> quoted\n\n# Three\n\nThe end.\n";

/// Any keys, pasted texts, clicks and sizes: the screen is whole and clean after each.
pub fn keys(data: &[u8]) {
    let mut bytes = Bytes(data);
    let mut program = Inline::open(document(Format::Markdown, PAGE), clean_line("a"), Look::default(), (40, 12), None);
    for _ in 0..64 {
        if bytes.is_over() {
            break;
        }
        match bytes.byte() {
            0 => program.happen(Event::Input(Input::Paste(String::from_utf8_lossy(bytes.piece()).into_owned()))),
            1 => {
                let kinds =
                    [MouseKind::Press, MouseKind::Drag, MouseKind::Release, MouseKind::WheelUp, MouseKind::WheelDown];
                let kind = *bytes.choose(&kinds);
                let (column, row) = (u16::from(bytes.byte()), u16::from(bytes.byte()));
                program.happen(Event::Input(Input::Mouse { kind, column, row }));
            }
            2 => program.resize(u16::from(bytes.byte()) + 1, u16::from(bytes.byte() / 4) + 1),
            3 => program.happen(Event::Idle),
            4 => {
                if let Ok(key) = String::from_utf8_lossy(bytes.piece()).parse::<Key>() {
                    program.press(key);
                }
            }
            5 => program.press(Key::ctrl(char::from(bytes.byte() % 26 + b'a'))),
            6 => program
                .keys(bytes.choose::<&str>(&["enter", "esc", "tab", "backspace", "left", "down", "end"]))
                .unwrap(),
            byte => program.press(Key::char(char::from(byte))),
        }
    }
    let screen = program.screen();
    assert!(is_clean(&screen), "{screen:?}");
    assert_eq!(screen.lines().count(), usize::from(program.app().screen().1));
}

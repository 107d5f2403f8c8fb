//! Screens by keys: a document, a size, keys, and the picture that must come of it.
//!
//! The pictures are in `tests/golden/screens`. `LECTION_BLESS=1 cargo test --test screens` writes
//! them anew; look at every one before it is kept.

#![allow(clippy::unwrap_used, clippy::format_push_string)]

mod common;

use std::path::PathBuf;

use lection::document::Format;

/// Presses keys in a document and compares the screen with its picture. In `keys`, `/text/`
/// types a text; everything else is a key of the notation.
#[track_caller]
fn check(name: &str, text: &str, size: (u16, u16), keys: &str) {
    let mut program = common::program(Format::Markdown, text, size);
    for key in keys.split_whitespace() {
        match key.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(typed) => program.type_text(typed),
            None => program.keys(key).unwrap(),
        }
    }
    let screen = program.screen();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/screens/{name}.txt"));
    if std::env::var_os("LECTION_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &screen).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(screen == wanted, "{name} is\n{screen}\nand should be\n{wanted}");
}

const BOOK: &str = include_str!("../assets/october-1917.md");

#[test]
fn the_first_page_of_the_bundled_book() {
    check("first-page-80x24", BOOK, (80, 24), "");
    check("first-page-160x50", BOOK, (160, 50), "");
    check("first-page-44x18", BOOK, (44, 18), "");
}

#[test]
fn one_of_everything() {
    check("sample-80x50", common::SAMPLE, (80, 50), "");
    check("sample-30x40", common::SAMPLE, (30, 40), "d");
}

#[test]
fn the_contents() {
    check("contents-80x24", BOOK, (80, 24), "tab j j");
    check("contents-gone-to-100x30", BOOK, (100, 30), "tab j j j enter");
    check("contents-folded-100x30", BOOK, (100, 30), "tab j j j j j j h");
    check("contents-filtered-100x30", BOOK, (100, 30), "tab / /the/ enter");
    check("contents-narrow-50x20", BOOK, (50, 20), "tab j");
}

#[test]
fn quotations() {
    check("quotes-100x30", BOOK, (100, 30), "Q j");
    check("quotes-by-chapter-80x24", BOOK, (80, 24), "Q s j j j h");
    check("quotes-filtered-100x30", BOOK, (100, 30), "Q / /lenin/");
    check("quotes-narrow-50x20", BOOK, (50, 20), "Q j");
    check("quotes-by-speaker-100x30", BOOK, (100, 30), "Q s s j j");
}

#[test]
fn marks() {
    check("marks-100x30", BOOK, (100, 30), "M 3 ] m a B");
    check("marks-by-kind-80x24", BOOK, (80, 24), "M 3 ] m a B s");
    check("marked-80x24", BOOK, (80, 24), "3 ] j j M");
}

#[test]
fn searching() {
    check("search-prompt-80x24", BOOK, (80, 24), "/ /petrograd/");
    check("search-hit-80x24", BOOK, (80, 24), "/ /petrograd/ enter n");
    check("search-absent-80x24", BOOK, (80, 24), "/ /zeppelin/ enter");
}

#[test]
fn help_and_about() {
    check("help-80x24", BOOK, (80, 24), "?");
    check("help-160x50", BOOK, (160, 50), "?");
    check("about-80x24", BOOK, (80, 24), "i");
}

#[test]
fn keys_that_wait_and_wrong_keys() {
    check("pending-80x24", BOOK, (80, 24), "'");
    check("count-80x24", BOOK, (80, 24), "4 0");
    check("unknown-80x24", BOOK, (80, 24), "Z");
}

#[test]
fn tiny_screens() {
    check("tiny-19x5", BOOK, (19, 5), "d");
    check("tiny-5x2", BOOK, (5, 2), "d");
    check("tiny-1x1", BOOK, (1, 1), "");
    check("short-80x8", BOOK, (80, 8), "]");
}

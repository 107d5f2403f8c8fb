//! Lines of the file by their numbers, as `less` goes to them and `grep -n` counts them.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use proptest::prelude::*;

use common::{arrive, open};
use lection::app::Look;
use lection::document::{Document, Format};
use lection::formats::{Source, Spool};
use lection::reader::{LineSeek, LineSought};
use lection::runtime::inline::Inline;
use lection::text::clean_line;

fn program(document: Arc<dyn Document>) -> Inline {
    Inline::open(document, clean_line("a"), Look::default(), (80, 12), None)
}

/// The text from where a line stands, to the end of its block; `None` where there is no such line.
fn line(document: &dyn Document, number: u64) -> Option<String> {
    let LineSought::At(place) = LineSeek::new(number).advance(document, usize::MAX).unwrap() else { return None };
    let section = document.load(place.section).unwrap();
    let text = section.block_text(place.block);
    Some(text.get(place.byte as usize..).unwrap().to_owned())
}

/// What each line of a text begins with where it stands.
#[track_caller]
fn check(format: Format, text: &str, lines: &[(u64, Option<&str>)]) {
    let document = open(Source::memory(text.as_bytes()), format);
    for (number, expected) in lines {
        let found = line(&*document, *number);
        let first = found.as_deref().map(|text| text.lines().next().unwrap_or_default());
        let is_right = match (first, expected) {
            (Some(found), Some(expected)) => found.starts_with(expected) && found.is_empty() == expected.is_empty(),
            (found, expected) => found == *expected,
        };
        assert!(is_right, "{format}, line {number}: {found:?} is not {expected:?}");
    }
}

#[test]
fn every_line_stands_somewhere() {
    let text = "One\ntwo\n\nfour and\nfive\n\n\n\tnine\x0c\nten\x0b also ten\r\neleven\n";
    for format in [Format::Plain, Format::Lines] {
        check(
            format,
            text,
            &[
                (0, Some("One")),
                (1, Some("One")),
                (2, Some("two")),
                (3, Some("four")),
                (4, Some("four")),
                (5, Some("five")),
            ],
        );
        check(format, text, &[(8, Some("nine")), (9, Some("ten")), (10, Some("eleven")), (11, None), (9_999, None)]);
        check(format, "", &[(1, Some("")), (2, None)]);
        check(format, "one\rtwo\rthree", &[(2, Some("two")), (3, Some("three")), (4, None)]);
    }
    let utf16: Vec<u8> = "\u{FEFF}one\nčtyři\nthree".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(line(&*open(Source::memory(utf16), Format::Lines), 2).as_deref(), Some("čtyři\nthree"));
    let typed = "a\x08a\n\x1b[1mb\x1b[0m\nc";
    check(Format::Lines, "a\nb\n\x1b[0m", &[(2, Some("b")), (3, None)]);
    check(Format::Plain, "a\rb\rc\r\n", &[(3, Some("c")), (4, None)]);
    check(Format::Lines, typed, &[(1, Some("a")), (2, Some("b")), (3, Some("c"))]);
}

#[test]
fn lines_of_markdown_stand_where_they_are_shown() {
    let text = "---\ntitle: A\n---\n# Five *words*\nsix\n**seven**\n\n- eight\n- [x] nine\n\n  eleven\n\n\
                | thirteen | b |\n|---|---|\n| fifteen | c |\n\n```rust\neighteen\n\n  twenty\n```\n\n\
                > twenty-three\n> twenty-four\n\n![twenty-six](a.png)\n\n---\n\nthirty[^1]\n\n    thirty-two\n\tthirty-three\n\n\
                [^1]: thirty-five\n\n<p>thirty-seven</p>\n\nforty &amp; on\n";
    let expected = [
        (1, "Five"),
        (4, "Five"),
        (5, "six"),
        (6, "seven"),
        (7, "eight"),
        (8, "eight"),
        (9, "nine"),
        (11, "eleven"),
        (13, "thirteen"),
        (15, "fifteen"),
        (17, "eighteen"),
        (18, "eighteen"),
        (20, "  twenty"),
        (23, "twenty-three"),
        (24, "twenty-four"),
        (26, "twenty-six"),
        (28, ""),
        (29, "thirty"),
        (30, "thirty"),
        (32, "thirty-two"),
        (33, "thirty-three"),
        (35, "thirty-five"),
        (37, "thirty-seven"),
        (39, "forty"),
    ];
    check(Format::Markdown, text, &expected.map(|(number, words)| (number, Some(words))));
    check(Format::Markdown, text, &[(40, None)]);
    let utf16: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let document = open(Source::memory(utf16), Format::Markdown);
    assert!(line(&*document, 24).unwrap().starts_with("twenty-four") && line(&*document, 40).is_none());
    // Lines inside of markup that is read as a whole are where that begins.
    let text =
        "one\n\n<div>\n<p>four</p>\n<p>five</p>\n</div>\n\n$$\nnine\nten\n$$\n\n`thirteen\nfourteen` x\n\nlast\n";
    let expected = [
        (3, "four"),
        (4, "four"),
        (5, "four"),
        (8, "$$"),
        (9, "$$"),
        (10, "$$"),
        (13, "thirteen"),
        (14, "thirteen"),
        (16, "last"),
    ];
    check(Format::Markdown, text, &expected.map(|(number, words)| (number, Some(words))));
}

/// A text of so many lines, parts of them apart, some of them long or in a block of code.
fn numbered(count: u64) -> String {
    let line = |n: u64| match n % 40 {
        0 => "\n".to_owned(),
        20 | 30 => "```\n".to_owned(),
        _ => format!("w{n}x {}\n", "of many words ".repeat((n % 7) as usize)),
    };
    (1..=count).map(line).collect()
}

#[test]
fn lines_of_a_long_text_are_found_in_any_section() {
    let count = 25_000;
    let text = numbered(count);
    for format in [Format::Plain, Format::Lines, Format::Markdown] {
        let document = open(Source::memory(text.as_bytes()), format);
        assert!(document.section_count() > 4, "{format}");
        for number in (1..count).step_by(1_951).filter(|n| n % 40 % 10 != 0) {
            let found = line(&*document, number).unwrap();
            assert!(found.starts_with(&format!("w{number}x")), "{format}, line {number}: {found:.20}");
        }
        assert_eq!(line(&*document, count + 1), None, "{format}");
    }
}

#[test]
fn keys_go_to_a_line_and_back() {
    let document = open(Source::memory(numbered(20_000).into_bytes()), Format::Lines);
    let mut program = program(document);
    let top = |program: &Inline| program.screen().lines().nth(2).unwrap().trim().to_owned();
    let first = top(&program);
    for (keys, line) in [("1 2 0 5 9 G", "w12059x"), ("7 g", "w7x"), ("1 9 9 1 1 G", "w19911x")] {
        program.keys(keys).unwrap();
        assert!(top(&program).starts_with(line), "{keys}: {}", program.screen());
    }
    program.keys("2 0 0 0 1 G").unwrap();
    assert!(program.screen().contains("There is no line 20001: this is the end"), "{}", program.screen());
    assert!(program.screen().contains("w19999x"), "{}", program.screen());
    program.keys("ctrl-o ctrl-o ctrl-o ctrl-o").unwrap();
    assert_eq!(top(&program), first);
}

#[test]
fn a_book_without_lines_says_so() {
    let mut program = program(open(Source::memory(&b"<p>a\n<p>b"[..]), Format::Html));
    program.keys("2 G").unwrap();
    assert!(program.screen().contains("Lines have no numbers here"), "{}", program.screen());
}

#[test]
fn a_line_that_has_not_arrived_is_waited_for() {
    for format in [Format::Plain, Format::Lines, Format::Markdown] {
        let text = numbered(12_000);
        let (first, rest) = text.split_at(3_000);
        let spool = Arc::new(Spool::new(tempfile::tempfile().unwrap()));
        spool.append(first.as_bytes()).unwrap();
        let mut program = program(open(Source::spool(spool.clone()), format));
        program.keys("1 1 9 1 1 G").unwrap();
        assert!(program.screen().contains("any key stops"), "{}", program.screen());
        for chunk in rest.as_bytes().chunks(100_000) {
            spool.append(chunk).unwrap();
            arrive(&mut program);
        }
        assert!(program.screen().contains("w11911x"), "{format}: {}", program.screen());
        program.keys("9 9 9 9 9 G").unwrap();
        assert!(program.app().reader().is_waiting());
        spool.complete();
        arrive(&mut program);
        assert!(program.screen().contains("There is no line 99999"), "{format}: {}", program.screen());
    }
}

proptest! {
    /// Where lines stand as they are, each is found by its number.
    #[test]
    fn each_line_is_found_by_its_number(
        words in proptest::collection::vec(proptest::sample::select(&["a", "bc", "  d", "\te", "", "", "\u{2028}", "f\x0cg"][..]), 1..60),
    ) {
        let lines: Vec<String> = words.iter().enumerate().map(|(n, word)| format!("{word}{}", if word.trim().is_empty() { String::new() } else { format!("-{n}.") })).collect();
        let document = open(Source::memory(lines.join("\n").into_bytes()), Format::Lines);
        for (number, line_text) in (1u64..).zip(&lines) {
            let first = line_text.split('\x0c').next().unwrap_or_default().trim();
            if !first.is_empty() {
                let found = line(&*document, number);
                prop_assert!(found.as_deref().is_some_and(|found| found.starts_with(first)), "line {number}, {first:?}: {found:?} in {lines:?}");
            }
        }
    }
}

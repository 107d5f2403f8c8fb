//! Chapters of plain texts in many dresses: books of random words always, those of the shared
//! corpus where `LECTION_CORPUS` names it (and a failure where it is named and missing).
//!
//! `cargo run --profile quick --example measure -- chapters CORPUS` prints the same in full.

#![allow(clippy::unwrap_used, clippy::format_push_string, clippy::format_collect)]

mod common;
#[path = "common/variants.rs"]
mod variants;

use variants::{Book, Score, cases, made, titles};

/// Every `step`th case, each with one book by rotation: the score over all.
fn score(books: &[Book], step: usize) -> (Score, String) {
    let mut total = Score::default();
    let mut report = String::new();
    for (at, case) in cases().into_iter().enumerate().step_by(step) {
        let fitting: Vec<&Book> = books.iter().filter(|b| case.style.scripts.contains(&b.script)).collect();
        let Some(book) = fitting.get(at % fitting.len().max(1)) else { continue };
        let Some((text, wanted)) = case.write(book) else { continue };
        let score = Score::of(&wanted, &titles(text.as_bytes()));
        total.add(score);
        if score.f1() < 0.9 {
            report += &format!("{:.2} {} / {}\n", score.f1(), case.name(), book.name);
        }
    }
    (total, report)
}

#[test]
fn books_of_random_words_have_their_chapters() {
    let (total, report) = score(&[made(1, 12), made(2, 24), made(3, 9)], 5);
    assert!(total.wanted > 500 && total.f1() >= 0.97, "F1 {:.3} {total:?}\n{report}", total.f1());
}

#[test]
fn real_books_in_other_dress_have_their_chapters() {
    let Some(corpus) = common::corpus() else { return };
    let books = variants::books(&corpus);
    assert!(books.len() >= 15, "{} books", books.len());
    let (total, report) = score(&books, 4);
    assert!(total.wanted > 1000 && total.f1() >= 0.97, "F1 {:.3} {total:?}\n{report}", total.f1());
}

/// A text without headings, in which every paragraph is about the same.
fn plain_text() -> String {
    (0..30).map(|n| format!("Paragraph {n} goes on about this and that for a while, as they do.\n\n")).collect()
}

/// The outline as a reader sees it: level and title.
fn outline(program: &lection::runtime::inline::Inline) -> Vec<String> {
    let outline = program.app().reader().outline();
    outline.entries().iter().map(|e| format!("{} {}", e.level, e.title)).collect()
}

fn press(program: &mut lection::runtime::inline::Inline, keys: &str) {
    for key in keys.split(' ') {
        match key.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(typed) => program.type_text(&typed.replace('_', " ")),
            None => program.keys(key).unwrap(),
        }
    }
}

#[test]
fn a_reader_makes_renames_moves_and_removes_chapters() {
    let mut program = common::program(lection::document::Format::Plain, &plain_text(), (80, 24));
    assert_eq!(outline(&program), [""; 0]);
    // Its own words are offered; they may be typed over.
    press(&mut program, "E enter } } } E ctrl-u /The_Middle/ enter");
    assert_eq!(outline(&program), ["1 Paragraph 0 goes on about this and that for a…", "1 The Middle"]);
    press(&mut program, "tab > E ctrl-u /Deeper/ enter");
    assert_eq!(outline(&program), ["1 Paragraph 0 goes on about this and that for a…", "2 Deeper"]);
    press(&mut program, "< < g D");
    assert_eq!(outline(&program), ["1 Deeper"]);
    // Each change is taken back by itself.
    press(&mut program, "U U U U");
    assert_eq!(outline(&program), ["1 Paragraph 0 goes on about this and that for a…", "1 The Middle"]);
    press(&mut program, "U U U");
    assert_eq!(outline(&program), [""; 0]);
    // Nothing typed is no title, and Esc gives up.
    press(&mut program, "tab E ctrl-u enter E esc");
    assert_eq!(outline(&program), [""; 0]);
}

#[test]
fn every_line_like_one_is_a_chapter_at_one_key() {
    let pages = "It was late, and what stood there was of no use to anybody.\n\n".repeat(9);
    let text: String = (1..8).map(|n| format!("Log entry {n}\n\n{pages}")).collect();
    let mut program = common::program(lection::document::Format::Plain, &text, (80, 24));
    press(&mut program, "E ctrl-u /First/ enter *");
    assert_eq!(outline(&program).len(), 7);
    assert_eq!(outline(&program)[6], "1 Log entry 7");
    assert_eq!(outline(&program)[0], "1 First", "the title that was typed stays");
    // All are taken back as one, and what was kept there before is there again.
    press(&mut program, "U");
    assert!(outline(&program).contains(&"1 First".to_owned()), "{:?}", outline(&program));
    // A paragraph shows no pattern, and nothing changes.
    let before = outline(&program);
    press(&mut program, "} *");
    assert_eq!(outline(&program), before);
    press(&mut program, "g tab *");
    assert_eq!(outline(&program).len(), 7);
}

#[test]
fn lines_like_one_leave_the_headings_of_the_document_alone() {
    let text = "# Title\n\n## One\n\nA line of its own\n\nIt was late.\n\nAnother of them\n\n## Two\n\nIt was later.\n";
    let mut program = common::program(lection::document::Format::Markdown, text, (80, 8));
    press(&mut program, "} } E enter *");
    assert_eq!(outline(&program), ["1 Title", "2 One", "2 A line of its own", "2 Another of them", "2 Two"]);
}

#[test]
fn chapters_that_were_found_can_be_corrected() {
    let text: String = (1..7).map(|n| format!("\n\n\nCHAPTER {n}\n\n{}", plain_text())).collect();
    let mut program = common::program(lection::document::Format::Plain, &text, (80, 24));
    assert_eq!(outline(&program).len(), 6);
    press(&mut program, "tab g j D j E /_bis/ enter");
    let found = outline(&program);
    assert_eq!(found.len(), 5);
    assert!(found.iter().any(|t| t.ends_with(" bis")), "{found:?}");
    press(&mut program, "U U");
    assert_eq!(outline(&program).len(), 6);
}

#[test]
fn parts_by_topic_are_guesses_and_off_at_one_key() {
    let topics = [
        ["harbour", "anchor", "sail", "mast"],
        ["flour", "oven", "yeast", "crust"],
        ["court", "judge", "clerk", "trial"],
    ];
    let mut text = String::new();
    for (n, words) in topics.iter().enumerate() {
        for m in 0..20 {
            for k in 0..50 {
                text += &format!("{} the ", words[(k * 7 + m * 3 + n) % 4]);
            }
            text += "end of it.\n\n";
        }
    }
    let mut program = common::program(lection::document::Format::Plain, &text, (80, 24));
    let count = outline(&program).len();
    assert!((2..=12).contains(&count), "{:?}", outline(&program));
    assert!(program.app().reader().outline().entries().iter().all(|e| e.inferred));
    press(&mut program, "~");
    assert_eq!(outline(&program), [""; 0]);
    press(&mut program, "~ E ctrl-u /Mine/ enter");
    // A chapter that the reader made is never mixed with guesses.
    assert_eq!(outline(&program), ["1 Mine"]);
}

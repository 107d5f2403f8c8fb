//! Made texts and the chapters that must be found in them.

use super::*;
use crate::document::{BlockId, SectionId};

/// A paragraph of prose, different for each number.
fn prose(seed: usize) -> String {
    const WORDS: [&str; 12] =
        ["river", "stone", "while", "morning", "under", "went", "house", "again", "little", "before", "the", "and"];
    let mut text = String::from("It was so that ");
    for i in 0..110 {
        text.push_str(WORDS[(seed * 7 + i * 5 + i / 3) % WORDS.len()]);
        text.push(if i % 12 == 11 { '\n' } else { ' ' });
    }
    text.push_str("in the end.\n");
    text
}

/// A text of headings with three paragraphs after each, as lines.
fn book(headings: &[&str], blanks: usize) -> String {
    let mut text = String::new();
    for (index, heading) in headings.iter().enumerate() {
        text.push_str(&"\n".repeat(blanks + 1));
        text.push_str(heading);
        text.push_str(&"\n".repeat(2));
        for paragraph in 0..3 {
            text.push_str(&prose(index * 3 + paragraph));
            text.push('\n');
        }
    }
    text
}

fn titles(text: &str) -> Vec<(u8, String)> {
    let mut finder = ChapterFinder::new();
    for (number, line) in text.lines().enumerate() {
        finder.line(Position::new(SectionId(0), BlockId(number as u32), 0), line);
    }
    finder.outline(true).entries().iter().map(|e| (e.level, e.title.to_string())).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = titles(text).into_iter().map(|(_, title)| title).collect();
    assert_eq!(found, expected);
}

#[test]
fn keywords_and_numbers() {
    let heads = ["CHAPTER I. The Start", "CHAPTER II. The Middle", "CHAPTER III. The End"];
    check(&book(&heads, 3), &heads);
    let heads = ["Kapitel 1", "Kapitel 2", "Kapitel 3", "Kapitel 4"];
    check(&book(&heads, 1), &heads);
    let heads = ["第一章 山", "第二章 川", "第三章 海"];
    check(&book(&heads, 1), &heads);
}

#[test]
fn a_printed_list_is_no_chapter() {
    let heads = ["CHAPTER I. The Start", "CHAPTER II. The Middle", "CHAPTER III. The End", "CHAPTER IV. After"];
    let list = format!("CONTENTS\n\n{}\n\n", heads.join("\n\n"));
    check(&format!("{list}{}", book(&heads, 3)), &heads);
    // The same without the word over it.
    let list = format!("{}\n\n", heads.join("\n\n"));
    check(&format!("{list}{}", book(&heads, 3)), &heads);
}

#[test]
fn bare_numbers() {
    let heads = ["I", "II", "III", "IV", "V"];
    check(&book(&heads, 2), &heads);
    let heads = ["1.", "2.", "3.", "4."];
    check(&book(&heads, 1), &heads);
}

#[test]
fn titles_under_numbers_are_joined() {
    let heads = ["I\n\nTHE HILL", "II\n\nTHE WELL", "III\n\nTHE ROAD", "IV\n\nTHE SEA"];
    check(&book(&heads, 3), &["I THE HILL", "II THE WELL", "III THE ROAD", "IV THE SEA"]);
    let heads = ["CHAPTER 1\nThe Hill", "CHAPTER 2\nThe Well", "CHAPTER 3\nThe Road"];
    check(&book(&heads, 3), &["CHAPTER 1 The Hill", "CHAPTER 2 The Well", "CHAPTER 3 The Road"]);
}

#[test]
fn parts_hold_chapters() {
    let text =
        book(&["PART ONE\n\n\nCHAPTER I", "CHAPTER II", "PART TWO\n\n\nCHAPTER I", "CHAPTER II", "CHAPTER III"], 3);
    let expected = [
        (1, "PART ONE"),
        (2, "CHAPTER I"),
        (2, "CHAPTER II"),
        (1, "PART TWO"),
        (2, "CHAPTER I"),
        (2, "CHAPTER II"),
        (2, "CHAPTER III"),
    ];
    assert_eq!(titles(&text), expected.map(|(level, title)| (level, title.to_owned())));
}

#[test]
fn unnumbered_titles() {
    let heads = ["THE HILL", "THE WELL", "THE LONG ROAD", "THE SEA"];
    check(&book(&heads, 3), &heads);
    let heads = ["The Hill", "The Well", "The Long Road", "The Sea"];
    check(&book(&heads, 3), &heads);
}

#[test]
fn prefaces_and_epilogues() {
    let heads = ["PREFACE", "CHAPTER I", "CHAPTER II", "CHAPTER III", "EPILOGUE"];
    check(&book(&heads, 3), &heads);
}

#[test]
fn nothing_is_invented() {
    check(&(0..40).map(|i| prose(i) + "\n").collect::<String>(), &[]);
    let turns: Vec<String> = (0..60).map(|i| format!("“Yes,” said {i}.\n\n“No.”\n\n{}\n", prose(i))).collect();
    check(&turns.concat(), &[]);
    let items: Vec<String> = (1..8).map(|i| format!("{i}. a thing that is small\n\n")).collect();
    check(&format!("{}\n{}\n{}", prose(1), items.concat(), prose(2)), &[]);
    check("", &[]);
}

#[test]
fn a_text_of_short_lines_only_still_has_its_chapters() {
    let mut finder = ChapterFinder::new();
    let mut number = 0;
    for chapter in 1..=4 {
        for line in ["", "", "", &format!("CHAPTER {chapter}"), ""] {
            finder.line(Position::new(SectionId(0), BlockId(number), 0), line);
        }
        for turn in 0..38_000 {
            number += 1;
            finder.line(Position::new(SectionId(0), BlockId(number), 0), &format!("Said he, {turn} times or more"));
            finder.line(Position::new(SectionId(0), BlockId(number), 0), "");
        }
    }
    assert_eq!(finder.outline(true).len(), 4);
    assert!(finder.blocks.done.len() < 1000);
}

#[test]
fn a_chapter_after_numbered_notes_is_none_of_them() {
    let notes: Vec<String> = (1..9).map(|i| format!("{i}. Some Book, p. {i}.\n\n")).collect();
    let heads = ["CHAPTER I", "CHAPTER II", "CHAPTER III"];
    let parts: Vec<String> = heads.iter().map(|head| format!("{}{}", book(&[head], 4), notes.concat())).collect();
    check(&parts.concat(), &heads);
}

//! Whole texts, made here: their words are random, their layouts those of real books.

#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::string_slice,
    reason = "made texts are small and plain"
)]

use super::*;
use crate::document::{BlockId, SectionId, Target};
use crate::formats::plain::lines::Line;
use proptest::prelude::*;

/// Random words and what is made of them; the same seed gives the same text.
struct Words(u64);

impl Words {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] =
            ["ba", "ren", "to", "lis", "ma", "ka", "vor", "nel", "su", "dra", "pe", "lo", "sha", "gru", "ti", "on"];
        let count = 1 + self.below(3);
        (0..count).map(|_| SYLLABLES[self.below(16) as usize]).collect()
    }

    fn sentence(&mut self) -> String {
        let count = 6 + self.below(14);
        let mut words: Vec<String> = (0..count).map(|_| self.word()).collect();
        words[0] = capitalized(&words[0]);
        words.join(" ") + "."
    }

    /// A paragraph in lines of at most 72 columns.
    fn paragraph(&mut self) -> String {
        let count = 2 + self.below(5);
        wrapped(&(0..count).map(|_| self.sentence()).collect::<Vec<_>>().join(" "))
    }

    /// A title of two to four words, each with a capital.
    fn title(&mut self) -> String {
        let count = 2 + self.below(3);
        (0..count).map(|_| capitalized(&self.word())).collect::<Vec<_>>().join(" ")
    }

    /// Paragraphs of at least so many characters, with a line of speech now and then.
    fn prose(&mut self, chars: usize) -> String {
        let mut out = String::new();
        while out.len() < chars {
            let part = if self.below(4) == 0 { format!("\"{}\"", self.sentence()) } else { self.paragraph() };
            out.push_str(&part);
            out.push_str("\n\n");
        }
        out
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        if column + word.len() > 71 {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

const ROMAN: [&str; 20] = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
    "XVIII", "XIX", "XX",
];

fn outline_of(text: &str) -> Outline {
    let mut finder = ChapterFinder::new();
    for (n, page) in text.split('\u{c}').enumerate() {
        if n > 0 {
            finder.page_break();
        }
        for (m, line) in page.split('\n').enumerate() {
            finder.line(Position::new(SectionId(0), BlockId((n * 1_000_000 + m) as u32), 0), &Line::new(line, false));
        }
    }
    finder.outline(true)
}

/// The titles of a text, each after as many dots as its level is below the first.
#[track_caller]
fn check<T: AsRef<str>>(text: &str, expected: &[T]) {
    let found: Vec<String> = outline_of(text)
        .entries()
        .iter()
        .map(|e| format!("{}{}", ".".repeat(usize::from(e.level) - 1), e.title))
        .collect();
    let expected: Vec<&str> = expected.iter().map(AsRef::as_ref).collect();
    assert_eq!(found, expected);
}

/// A book: each heading with `gap` blank lines before, `after` after it, and prose.
fn book(words: &mut Words, headings: &[String], gap: usize, after: usize, chars: usize) -> String {
    let mut out = String::from("A BOOK OF WORDS\n\nby Nobody\n");
    for heading in headings {
        out.push_str(&"\n".repeat(gap));
        out.push_str(heading);
        out.push('\n');
        out.push_str(&"\n".repeat(after));
        out.push_str(words.prose(chars).trim_end());
        out.push('\n');
    }
    out
}

#[test]
fn a_keyword_and_numbers_make_chapters() {
    let mut words = Words(1);
    let headings: Vec<String> = (1..9).map(|n| format!("CHAPTER {n}. {}", words.title())).collect();
    check(&book(&mut words, &headings, 4, 1, 3000), &headings);
    let headings: Vec<String> = ROMAN.iter().take(12).map(|n| format!("Chapter {n}")).collect();
    check(&book(&mut words, &headings, 2, 1, 3000), &headings);
    // One blank line as between paragraphs.
    check(&book(&mut words, &headings, 1, 1, 3000), &headings);
}

#[test]
fn many_languages_have_keywords() {
    for headings in [
        ["Erstes Kapitel", "Zweites Kapitel", "Drittes Kapitel", "Viertes Kapitel", "Fünftes Kapitel"],
        ["CHAPITRE PREMIER", "CHAPITRE II", "CHAPITRE III", "CHAPITRE IV", "CHAPITRE V"],
        ["Capítulo primero", "Capítulo segundo", "Capítulo tercero", "Capítulo cuarto", "Capítulo quinto"],
        ["CAPITOLO I", "CAPITOLO II", "CAPITOLO III", "CAPITOLO IV", "CAPITOLO V"],
        ["EERSTE HOOFDSTUK.", "TWEEDE HOOFDSTUK.", "DERDE HOOFDSTUK.", "VIERDE HOOFDSTUK.", "VIJFDE HOOFDSTUK."],
        ["Глава первая", "Глава вторая", "Глава третья", "Глава четвёртая", "Глава пятая"],
        ["Rozdział I", "Rozdział II", "Rozdział III", "Rozdział IV", "Rozdział V"],
        ["Ensimmäinen luku", "Toinen luku", "Kolmas luku", "Neljäs luku", "Viides luku"],
        ["Első fejezet", "Második fejezet", "Harmadik fejezet", "Negyedik fejezet", "Ötödik fejezet"],
        ["Första kapitlet", "Andra kapitlet", "Tredje kapitlet", "Fjärde kapitlet", "Femte kapitlet"],
        ["Ενότητα 1", "Ενότητα 2", "Ενότητα 3", "Ενότητα 4", "Ενότητα 5"],
        ["الفصل ١", "الفصل ٢", "الفصل ٣", "الفصل ٤", "الفصل ٥"],
        ["अध्याय १", "अध्याय २", "अध्याय ३", "अध्याय ४", "अध्याय ५"],
        ["第一章", "第二章", "第三章", "第四章", "第五章"],
        ["제1장", "제2장", "제3장", "제4장", "제5장"],
    ] {
        let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        check(&book(&mut Words(2), &headings, 3, 1, 2000), &headings);
    }
}

#[test]
fn bare_numbers_make_chapters() {
    let mut words = Words(3);
    let headings: Vec<String> = ROMAN.iter().take(9).map(|n| (*n).to_owned()).collect();
    check(&book(&mut words, &headings, 2, 1, 2500), &headings);
    check(&book(&mut words, &headings, 1, 1, 2500), &headings);
    let headings: Vec<String> = (1..15).map(|n| format!("{n}.")).collect();
    check(&book(&mut words, &headings, 3, 2, 2500), &headings);
    let headings: Vec<String> = ["ONE", "TWO", "THREE", "FOUR", "FIVE"].map(str::to_owned).to_vec();
    check(&book(&mut words, &headings, 4, 2, 2500), &headings);
    let headings: Vec<String> = ["一", "二", "三", "四", "五", "六"].map(str::to_owned).to_vec();
    check(&book(&mut words, &headings, 2, 1, 2500), &headings);
}

/// Numbers with titles, in the ways of print; the list of contents before them or not.
#[test]
fn numbers_have_titles_and_lists_are_left_out() {
    for seed in 10..16 {
        let mut words = Words(seed);
        let titles: Vec<String> = (0..10).map(|_| words.title()).collect();
        let shown: Vec<String> = titles.iter().zip(ROMAN).map(|(t, n)| format!("{n}. {t}")).collect();
        let apart: Vec<String> = titles.iter().zip(ROMAN).map(|(t, n)| format!("{n}\n\n{t}")).collect();
        let list: String = titles.iter().zip(ROMAN).map(|(t, n)| format!("  {n:>5}. {t:<40} {}\n", seed * 3)).collect();
        let spaced = list.replace('\n', "\n\n");
        for headings in [&shown, &apart] {
            let text = book(&mut words, headings, 4, 2, 4000);
            check(&text, &shown);
            check(&format!("CONTENTS\n\n{list}\n\n\n{text}"), &shown);
            check(&format!("CONTENTS\n\n{spaced}\n\n\n{text}"), &shown);
            check(&format!("{list}\n\n\n{text}"), &shown);
        }
    }
}

#[test]
fn titles_without_numbers_make_chapters() {
    for seed in 20..26 {
        let mut words = Words(seed);
        let titles: Vec<String> = (0..12).map(|_| words.title()).collect();
        let capitals: Vec<String> = titles.iter().map(|t| t.to_uppercase()).collect();
        check(&book(&mut words, &capitals, 4, 2, 4000), &capitals);
        check(&book(&mut words, &capitals, 2, 1, 4000), &capitals);
        check(&book(&mut words, &titles, 4, 2, 4000), &titles);
        check(&book(&mut words, &titles, 3, 1, 4000), &titles);
        // The list of contents names them.
        let list: String = titles.iter().map(|t| format!("  {t:<40} 12\n")).collect();
        let text = book(&mut words, &titles, 2, 1, 4000);
        check(&format!("Contents\n\n{list}\n\n\n{text}"), &titles);
    }
}

#[test]
fn letters_and_diaries_are_headed_by_days() {
    let mut words = Words(30);
    let days: Vec<String> = (1..20).map(|n| format!("{n} May 1871.")).collect();
    check(&book(&mut words, &days, 2, 1, 900), &days);
    let days: Vec<String> = (1..20).map(|n| format!("Tomsk, den {n}. März.")).collect();
    check(&book(&mut words, &days, 1, 1, 900), &days);
    // In a book of chapters they head letters inside them.
    let chapters: Vec<String> = (1..8).map(|n| format!("CHAPTER {n}")).collect();
    let text = book(&mut words, &chapters, 4, 1, 3000).replace("CHAPTER", "\n12 May 1871.\n\n\n\nCHAPTER");
    check(&text, &chapters);
}

#[test]
fn underlined_titles_are_chapters_by_their_rules() {
    let text = "tool(1)\n=======\n\nNAME\n----\ntool - do a thing\n\nOPTIONS\n-------\nSome text on what it takes, and more.\n\n\
                Name    Age\n-----------\nAnna    31\n\nSEE ALSO\n--------\nanother(1)\n";
    check(text, &["tool(1)", ".NAME", ".OPTIONS", ".SEE ALSO"]);
    check(&text.replace("-------\nSome", "---------------------------\nSome"), &["tool(1)", ".NAME", ".SEE ALSO"]);
    check("One\n---\n\nText.\n\nTwo\n---\n\nText.\n", &[""; 0]);
}

#[test]
fn numbers_under_titles_are_sections() {
    let mut words = Words(40);
    let titles: Vec<String> = (0..8).map(|_| words.title().to_uppercase()).collect();
    let mut text = String::from("STORIES\n\nby Nobody\n");
    for title in &titles {
        text += &format!("\n\n\n\n{title}\n");
        for n in ROMAN.iter().take(3) {
            text += &format!("\n\n{n}\n\n{}", words.prose(2500).trim_end());
        }
    }
    check(&text, &titles);
}

#[test]
fn numbers_begin_again_in_parts() {
    for (parts, numbers) in [
        (["PART ONE", "PART TWO", "PART THREE"], ["I", "II", "III", "IV"]),
        (["Book the First", "Book the Second", "Book the Third"], ["1", "2", "3", "4"]),
        (["上", "中", "下"], ["一", "二", "三", "四"]),
        (["第一部", "第二部", "第三部"], ["一", "二", "三", "四"]),
        (["ЧАСТЬ ПЕРВАЯ", "ЧАСТЬ ВТОРАЯ", "ЧАСТЬ ТРЕТЬЯ"], ["I", "II", "III", "IV"]),
    ] {
        let mut words = Words(50);
        let mut text = String::from("A BOOK\n\n\n");
        let mut expected = Vec::new();
        for part in parts {
            text += &format!("\n\n\n\n{part}\n");
            expected.push(part.to_owned());
            for number in numbers {
                text += &format!("\n\n{number}\n\n{}", words.prose(2000).trim_end());
                expected.push(format!(".{number}"));
            }
        }
        check(&text, &expected);
    }
}

#[test]
fn plays_have_titles_over_their_acts() {
    let mut words = Words(60);
    let mut text = String::from("PLAYS\n\n\n");
    let mut expected = Vec::new();
    for title in ["THE SALT ROAD", "A HOUSE OF REEDS", "LATE SNOW"] {
        text += &format!(
            "\n\n\n\n{title}\n\nA PLAY IN THREE ACTS\n\n\n\n\nPERSONS\n\n  OLD MAN.\n  YOUNG MAN.\n  THEIR DOG.\n"
        );
        expected.push(title.to_owned());
        for act in ["ACT I", "ACT II", "ACT III"] {
            text += &format!("\n\n\n\n{act}\n\n");
            expected.push(format!(".{act}"));
            for _ in 0..30 {
                text += &format!("OLD MAN. {}\n\nYOUNG MAN. {}\n\n", words.sentence(), words.sentence());
            }
        }
    }
    check(&text, &expected);
}

#[test]
fn people_give_their_names_to_chapters() {
    let mut words = Words(70);
    let names = ["Arvid Holm", "Berta", "Carl Nyström", "Dora", "Edvin Lind", "Frida", "Gustav"];
    let titles: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    check(&book(&mut words, &titles, 3, 1, 3000), &titles);
}

#[test]
fn dotted_numbers_are_listed_two_levels_deep() {
    let mut words = Words(80);
    let mut text = String::from("A MEMO\n\n");
    let mut expected = Vec::new();
    for chapter in 1..5 {
        text += &format!("\n{chapter}. Outline of {chapter}\n\n");
        expected.push(format!("{chapter}. Outline of {chapter}"));
        for section in 1..4 {
            let title = words.title();
            text += &format!("{chapter}.{section}. {title}\n\n{}", words.prose(300));
            expected.push(format!(".{chapter}.{section}. {title}"));
            text += &format!("{chapter}.{section}.1. {}\n\n{}", words.title(), words.prose(300));
            // A list inside a section.
            text += &format!("1. {}\n\n2. {}\n\n", words.sentence(), words.sentence());
        }
    }
    check(&text, &expected);
}

#[test]
fn named_sections_stand_beside_chapters() {
    let mut words = Words(90);
    let mut headings: Vec<String> = (1..6).map(|n| format!("CHAPTER {n}")).collect();
    headings.insert(0, "PREFACE".to_owned());
    headings.push("Epilogue".to_owned());
    check(&book(&mut words, &headings, 4, 2, 2000), &headings);
    // A preface alone is no division.
    check(&book(&mut words, &["PREFACE".to_owned()], 4, 2, 9000), &[""; 0]);
}

#[test]
fn the_frame_of_a_library_holds_no_headings() {
    let mut words = Words(100);
    let headings: Vec<String> = (1..6).map(|n| format!("CHAPTER {n}")).collect();
    let text = book(&mut words, &headings, 4, 2, 2000);
    let frame: String = (1..6).map(|n| format!("\n\n\n\nSection {n}. General terms\n\n{}", words.prose(900))).collect();
    let framed = format!(
        "The Project Gutenberg EBook of Words\n\nPREFACE\n\n{}\n\n*** START OF THE PROJECT GUTENBERG EBOOK WORDS ***\n\n{text}\n\n\
         *** END OF THE PROJECT GUTENBERG EBOOK WORDS ***\n{frame}",
        words.prose(900)
    );
    check(&framed, &headings);
}

#[test]
fn running_heads_are_no_headings() {
    let mut words = Words(110);
    let headings: Vec<String> = (1..6).map(|n| format!("Chapter {n}")).collect();
    let text = book(&mut words, &headings, 3, 2, 9000);
    let lines: Vec<&str> = text.lines().collect();
    let mut paged = String::new();
    for (page, lines) in lines.chunks(40).enumerate() {
        paged += &format!(
            "A BOOK OF WORDS                     Nobody\n\n\n{}\n\n\n                 {}\n\u{c}",
            lines.join("\n"),
            page + 1
        );
    }
    check(&paged, &headings);
    // Form feeds before chapters only.
    check(&text.replace("\n\n\nChapter", "\n\u{c}Chapter"), &headings);
}

#[test]
fn a_misprinted_number_keeps_its_place() {
    let mut words = Words(120);
    let headings: Vec<String> = ["I", "II", "III", "VI", "V", "VI", "VII"].map(str::to_owned).to_vec();
    check(&book(&mut words, &headings, 3, 1, 2500), &headings);
}

#[test]
fn lists_in_chapters_are_no_chapters() {
    let mut words = Words(130);
    let headings: Vec<String> = (1..7).map(|n| format!("CHAPTER {n}")).collect();
    let mut text = book(&mut words, &headings, 4, 2, 3000);
    let list: String = (1..9).map(|n| format!("{n}. {}\n\n", words.sentence())).collect();
    text = text.replace("\n\n\n\nCHAPTER 4", &format!("\n{list}\n\n\n\nCHAPTER 4"));
    check(&text, &headings);
}

#[test]
fn prose_and_verse_have_no_chapters() {
    let mut words = Words(140);
    check(&words.prose(60_000), &[""; 0]);
    let verse: String = (0..300)
        .map(|_| (0..4).map(|_| words.title() + ",\n").collect::<String>() + &words.title() + ".\n\n")
        .collect();
    check(&verse, &[""; 0]);
    check("", &[""; 0]);
    check("One line.", &[""; 0]);
}

#[test]
fn a_novel_without_blank_lines() {
    let mut words = Words(150);
    let headings: Vec<String> = ["一", "二", "三", "四", "五"].iter().map(|n| format!("第{n}章 风雪夜归")).collect();
    let mut text = String::from("长夜\n");
    for heading in &headings {
        text += &format!("{heading}\n");
        for _ in 0..30 {
            text += &format!("　　{}天色已晚，路上没有行人，他独自走着，想起从前的事。\n", words.word());
        }
    }
    check(&text, &headings);
}

#[test]
fn headings_are_shown_before_the_end() {
    let mut words = Words(160);
    let headings: Vec<String> = (1..6).map(|n| format!("CHAPTER {n}")).collect();
    let text = book(&mut words, &headings, 4, 2, 2000);
    let mut finder = ChapterFinder::new();
    let mut most = 0;
    for (n, line) in text.lines().enumerate() {
        finder.line(Position::new(SectionId(0), BlockId(n as u32), 0), &Line::new(line, false));
        let now = finder.outline(false);
        assert!(now.len() + 1 >= most, "an entry went away");
        most = most.max(now.len());
    }
    assert_eq!(finder.outline(true).len(), 5);
}

#[test]
fn titles_are_clean() {
    let mut words = Words(170);
    let headings: Vec<String> = (1..6).map(|n| format!("CHAPTER {n}. \u{1b}]52;c;x\u{7} _Open_")).collect();
    let expected: Vec<String> = (1..6).map(|n| format!("CHAPTER {n}. ␛]52;c;x␇ Open")).collect();
    check(&book(&mut words, &headings, 4, 2, 2000), &expected);
}

proptest! {
    /// No text breaks the finder, and its entries are in order and inside the text.
    #[test]
    fn any_text_gives_an_outline(text in "([A-Z]{1,4}|[IVX]{1,3}\\.?|CHAPTER [IVX0-9]{1,2}|第[一二三]章|[a-z .,\"]{0,60}|1\\.[12] A|\n|\n\n\n|\u{c}|\\PC{0,8}|CONTENTS\n){0,80}") {
        let outline = outline_of(&text);
        let places: Vec<Position> = outline.entries().iter().map(|e| e.target.position()).collect();
        prop_assert!(places.is_sorted());
        for entry in outline.entries() {
            prop_assert!(!entry.title.is_empty() && entry.title.chars().count() <= 260 && matches!(entry.target, Target::At(_)));
        }
    }
}

#[test]
fn lines_beyond_the_limit_are_told_of() {
    for (lines, words) in [(CANDIDATES_MAX, None), (CANDIDATES_MAX + 1, Some("More than 150,000 lines"))] {
        let mut finder = ChapterFinder::new();
        for line in 0..lines as u32 {
            let place = Position::new(SectionId(0), BlockId(line), 0);
            finder.line(place, &Line::new("a line", false));
            finder.line(place, &Line::new("", false));
        }
        let warning = finder.warning().map(|warning| warning.0.into_string());
        assert_eq!(warning.is_some(), words.is_some(), "{lines}");
        assert!(words.is_none_or(|words| warning.is_some_and(|warning| warning.contains(words))));
    }
}

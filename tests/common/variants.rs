//! Books in other dress: the chapters of a text under made headings, in the layouts of print.
//!
//! A book is a list of bodies; a [`Style`] writes the heading of each, a [`Layout`] sets headings,
//! bodies, lists of contents and pages. What is true of the result is known, since it was made.
//! Every third style and layout is held back ([`Case::is_held`]): rules are not written on them.

#![allow(dead_code, reason = "tests and the measure command each use a part")]
#![allow(clippy::unwrap_used, clippy::format_push_string, clippy::string_slice, clippy::indexing_slicing)]

use std::fmt::Write as _;
use std::path::Path;

#[path = "titles.rs"]
mod compare;

pub use compare::{fold, matched};

/// What a book is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Latin,
    Cyrillic,
    East,
}

/// One text cut at its true chapters.
#[derive(Clone, Debug)]
pub struct Book {
    pub name: String,
    pub script: Script,
    /// A title made of words of the chapter, and its lines.
    pub chapters: Vec<(String, Vec<String>)>,
}

/// A book of the corpus: its lines cut by the list `*.toc.tsv` beside it.
pub fn book(path: &Path, charset: &str) -> Option<Book> {
    const CHAPTERS_MAX: usize = 18;
    const LINES_MAX: usize = 160;
    let bytes = std::fs::read(path).unwrap();
    let (text, ..) = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap().decode(&bytes);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let list = std::fs::read_to_string(format!("{}.toc.tsv", path.display())).unwrap();
    let heads: Vec<(usize, &str)> = list
        .lines()
        .skip(1)
        .filter_map(|row| {
            let mut fields = row.split('\t').skip(1);
            Some((fields.next()?.parse::<usize>().ok()? - 1, fields.next()?))
        })
        .collect();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let sample: String = text.chars().skip(20_000).take(2000).collect();
    let script = if sample.chars().any(|c| ('\u{400}'..'\u{500}').contains(&c)) {
        Script::Cyrillic
    } else if sample.chars().any(|c| c > '\u{3000}') {
        Script::East
    } else {
        Script::Latin
    };
    let end = lines.iter().position(|l| l.contains("END OF TH") && l.contains("GUTENBERG")).unwrap_or(lines.len());
    let end = lines
        .iter()
        .position(|l| l.starts_with("End of the Project Gut") || l.starts_with("End of Project Gut"))
        .unwrap_or(end)
        .min(end);
    let mut words = Words(name.len() as u64 + 7);
    let mut chapters = Vec::new();
    for (at, (start, title)) in heads.iter().enumerate() {
        let stop = heads.get(at + 1).map_or(end, |(line, _)| *line);
        // The heading's lines: as many as hold its words.
        let wanted = title.chars().filter(|c| c.is_alphanumeric()).count();
        let mut from = *start;
        let mut seen = 0;
        while seen < wanted && from < stop {
            seen += lines[from].chars().filter(|c| c.is_alphanumeric()).count();
            from += 1;
        }
        let stop = stop.min(from + LINES_MAX).max(from.min(stop));
        let body: Vec<String> = trimmed(&lines[from.min(stop)..stop]).iter().map(|l| (*l).to_owned()).collect();
        // A body that was cut short ends with a paragraph.
        let end = body.iter().rposition(|l| l.trim().is_empty()).filter(|_| body.len() + 2 >= LINES_MAX);
        let body = body.get(..end.unwrap_or(body.len())).unwrap_or_default().to_vec();
        let chars: usize = body.iter().map(String::len).sum();
        if chars > 1500 {
            chapters.push((words.title(&body, script), body));
        }
    }
    chapters.truncate(CHAPTERS_MAX);
    (chapters.len() >= 6).then_some(Book { name, script, chapters })
}

/// A book of random words, with speech, verse and short lines among its prose.
pub fn made(seed: u64, count: usize) -> Book {
    let mut words = Words(seed);
    let chapters = (0..count).map(|_| {
        let mut lines: Vec<String> = Vec::new();
        let paragraphs = 12 + words.below(30);
        for _ in 0..paragraphs {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            match words.below(12) {
                0 => lines.extend((0..4).map(|_| format!("    {},", capitalized(&words.words(5))))),
                1..=3 => lines.push(format!("\"{}\"", words.sentence())),
                4 => lines.push(format!("\"{}!\" said {}.", capitalized(&words.words(3)), capitalized(&words.word()))),
                _ => {
                    let count = 2 + words.below(5);
                    let text = (0..count).map(|_| words.sentence()).collect::<Vec<_>>().join(" ");
                    lines.extend(wrapped(&text, 72));
                }
            }
        }
        (words.title(&lines, Script::Latin), lines)
    });
    Book { name: format!("made-{seed}"), script: Script::Latin, chapters: chapters.collect() }
}

fn trimmed<'a>(lines: &'a [&'a str]) -> &'a [&'a str] {
    let is_blank = |l: &&str| l.trim().is_empty();
    let Some(first) = lines.iter().position(|l| !is_blank(l)) else { return &[] };
    let last = lines.iter().rposition(|l| !is_blank(l)).unwrap_or(first);
    &lines[first..=last]
}

/// A source of choices; the same seed gives the same ones.
#[derive(Clone, Debug)]
pub struct Words(pub u64);

impl Words {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] =
            ["ba", "ren", "to", "lis", "ma", "ka", "vor", "nel", "su", "dra", "pe", "lo", "sha", "gru", "ti", "on"];
        let count = 1 + self.below(3);
        (0..count).map(|_| SYLLABLES[self.below(16) as usize]).collect()
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn sentence(&mut self) -> String {
        let count = 6 + self.below(14) as usize;
        capitalized(&self.words(count)) + "."
    }

    /// One to four words of a text, as titles have them.
    fn title(&mut self, body: &[String], script: Script) -> String {
        if script == Script::East {
            let all: Vec<char> = body.iter().flat_map(|l| l.chars()).filter(|c| c.is_alphabetic()).take(4000).collect();
            let from = self.below(all.len() as u64 / 2) as usize;
            return all.iter().skip(from).take(4 + self.below(5) as usize).collect();
        }
        let all: Vec<&str> = body
            .iter()
            .flat_map(|l| l.split_whitespace())
            .filter(|w| w.chars().count() >= 4 && w.chars().all(|c| c.is_alphabetic() && !c.is_uppercase()))
            .take(3000)
            .collect();
        let count = 1 + self.below(4) as usize;
        let words: Vec<String> =
            (0..count).filter_map(|_| all.get(self.below(all.len() as u64) as usize)).map(|w| capitalized(w)).collect();
        if words.is_empty() { "Untold".to_owned() } else { words.join(" ") }
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    for word in text.split_whitespace() {
        let last = out.last_mut().unwrap();
        if last.chars().count() + word.chars().count() + 1 > width && !last.is_empty() {
            out.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    out
}

pub fn roman(mut n: usize) -> String {
    let mut out = String::new();
    for (value, sign) in
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    {
        while n >= value {
            out.push_str(sign);
            n -= value;
        }
    }
    out
}

fn word(n: usize) -> String {
    const ONES: [&str; 20] = [
        "",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 6] = ["", "", "twenty", "thirty", "forty", "fifty"];
    match n {
        0..20 => ONES[n].to_owned(),
        _ if n.is_multiple_of(10) => TENS[n / 10].to_owned(),
        _ => format!("{}-{}", TENS[n / 10], ONES[n % 10]),
    }
}

fn ordinal(n: usize) -> String {
    const FIRST: [&str; 13] = [
        "", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth",
    ];
    match n {
        0..13 => FIRST[n].to_owned(),
        13..20 => word(n) + "th",
        _ if n.is_multiple_of(10) => word(n).trim_end_matches('y').to_owned() + "ieth",
        _ => format!("{}-{}", word(n / 10 * 10), FIRST[n % 10]),
    }
}

fn han(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (n / 10, n % 10);
    match tens {
        0 => DIGITS[ones].to_owned(),
        1 => format!("十{}", DIGITS[ones]),
        _ => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

fn up(text: &str) -> String {
    text.to_uppercase()
}

/// How headings are written: those that stand before chapter `n` (from 1), each on its own lines.
pub struct Style {
    pub name: &'static str,
    pub scripts: &'static [Script],
    pub heads: fn(usize, &str) -> Vec<String>,
}

const ALL: &[Script] = &[Script::Latin, Script::Cyrillic, Script::East];
const LATIN: &[Script] = &[Script::Latin];
const CYRILLIC: &[Script] = &[Script::Cyrillic];
const EAST: &[Script] = &[Script::East];
const CASED: &[Script] = &[Script::Latin, Script::Cyrillic];

macro_rules! styles {
    ($($name:literal $scripts:ident |$n:ident, $t:ident| $heads:expr;)*) => {
        /// All styles.
        pub const STYLES: &[Style] = &[$(Style { name: $name, scripts: $scripts, heads: |$n, $t| { let _ = ($n, $t); $heads } }),*];
    };
}

/// The number of a chapter among those of its part, five a part; and the part that begins with it.
fn in_part(n: usize) -> (usize, Option<usize>) {
    ((n - 1) % 5 + 1, (n % 5 == 1).then_some(n / 5 + 1))
}

fn stacked(part: Option<String>, head: String) -> Vec<String> {
    part.into_iter().chain([head]).collect()
}

fn day(n: usize) -> (usize, usize) {
    (n * 3 % 28 + 1, n * 3 / 28)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

styles! {
    "CHAPTER I." LATIN |n, t| vec![format!("CHAPTER {}.", roman(n))];
    "Chapter 1" LATIN |n, t| vec![format!("Chapter {n}")];
    "CHAPTER I + title below" LATIN |n, t| vec![format!("CHAPTER {}\n{}", roman(n), up(t))];
    "CHAPTER I + title apart" LATIN |n, t| vec![format!("CHAPTER {}\n\n{t}", roman(n))];
    "Chapter 1: Title" LATIN |n, t| vec![format!("Chapter {n}: {t}")];
    "CHAPTER I. Title wrapped" LATIN |n, t| vec![format!("CHAPTER {}. {t} or the long way that\nwas taken by {t}", roman(n))];
    "Chapter the First" LATIN |n, t| vec![format!("Chapter the {}", capitalized(&ordinal(n)))];
    "CHAPTER ONE" LATIN |n, t| vec![format!("CHAPTER {}", up(&word(n)))];
    "The First Chapter" LATIN |n, t| vec![format!("The {} Chapter", capitalized(&ordinal(n)))];
    "[Chapter 3]" LATIN |n, t| vec![format!("[Chapter {n}]")];
    "[CHAPTER III. Title]" LATIN |n, t| vec![format!("[CHAPTER {}. {t}]", roman(n))];
    "CHAP. III." LATIN |n, t| vec![format!("CHAP. {}.", roman(n))];
    "Ch. 3. Title" LATIN |n, t| vec![format!("Ch. {n}. {t}")];
    "*Chapter 3*" LATIN |n, t| vec![format!("*Chapter {n}*\n\n_{t}_")];
    "=== CHAPTER 3 ===" LATIN |n, t| vec![format!("=== CHAPTER {n} ===")];
    "~ Chapter Three ~" LATIN |n, t| vec![format!("~ Chapter {} ~", capitalized(&word(n)))];
    "-- Chapter 3 --" LATIN |n, t| vec![format!("-- Chapter {n} --")];
    "<CHAPTER 3>" LATIN |n, t| vec![format!("<CHAPTER {n}>")];
    "title before number" LATIN |n, t| vec![format!("{}\n\nCHAPTER {}", up(t), roman(n))];
    "Title (Chapter 3)" LATIN |n, t| vec![format!("{t} (Chapter {n})")];
    "I" CASED |n, t| vec![roman(n)];
    "I." CASED |n, t| vec![format!("{}.", roman(n))];
    "1" ALL |n, t| vec![n.to_string()];
    "1." ALL |n, t| vec![format!("{n}.")];
    "— I —" CASED |n, t| vec![format!("— {} —", roman(n))];
    "- 1 -" ALL |n, t| vec![format!("- {n} -")];
    "(1)" ALL |n, t| vec![format!("({n})")];
    "[IV]" CASED |n, t| vec![format!("[{}]", roman(n))];
    "1)" CASED |n, t| vec![format!("{n})")];
    "* 1 *" CASED |n, t| vec![format!("* {n} *")];
    "No. 3" LATIN |n, t| vec![format!("No. {n}")];
    "NUMBER III. Title" LATIN |n, t| vec![format!("NUMBER {}.\n\n{}", roman(n), up(t))];
    "# 3" LATIN |n, t| vec![format!("#{n}")];
    "001" LATIN |n, t| vec![format!("{n:03}")];
    "One" LATIN |n, t| vec![capitalized(&word(n))];
    "ONE + title" LATIN |n, t| vec![format!("{}\n\n{t}", up(&word(n)))];
    "THE FIRST" LATIN |n, t| vec![format!("THE {}", up(&ordinal(n)))];
    "1. Title" CASED |n, t| vec![format!("{n}. {t}")];
    "I. TITLE" CASED |n, t| vec![format!("{}. {}", roman(n), up(t))];
    "I. Title" CASED |n, t| vec![format!("{}. {t}", roman(n))];
    "I.--TITLE." CASED |n, t| vec![format!("{}.--{}.", roman(n), up(t))];
    "I - Title" CASED |n, t| vec![format!("{} - {t}", roman(n))];
    "3 Title" CASED |n, t| vec![format!("{n} {t}")];
    "3 - Title" CASED |n, t| vec![format!("{n} - {t}")];
    "3) Title" CASED |n, t| vec![format!("{n}) {t}")];
    "I title apart" CASED |n, t| vec![format!("{}\n\n{}", roman(n), up(t))];
    "I title below" CASED |n, t| vec![format!("{}\n{t}", roman(n))];
    "§ 3" CASED |n, t| vec![format!("§ {n}")];
    "§ 3. Title" CASED |n, t| vec![format!("§ {n}. {t}")];
    "TITLE" CASED |n, t| vec![up(t)];
    "Title" CASED |n, t| vec![t.to_owned()];
    "TITLE." CASED |n, t| vec![up(t) + "."];
    "THE TALE OF TITLE" LATIN |n, t| vec![format!("THE TALE OF {}", up(t))];
    "\"Title\"" CASED |n, t| vec![format!("\"{t}\"")];
    "_Title_" CASED |n, t| vec![format!("_{t}_")];
    "TITLE wrapped" CASED |n, t| vec![format!("THE {} AND WHAT BECAME OF THE OTHERS WHO HAD\nTHOUGHT OF IT", up(t))];
    "TITLE + by-line" LATIN |n, t| vec![format!("{}\n\nBy A. Nyman", up(t))];
    "TITLE + date" LATIN |n, t| vec![format!("{}\n\n(1871)", up(t))];
    "TITLE with sections" LATIN |n, t| { let (k, part) = in_part(n); if part.is_some() || k > 3 { vec![up(t)] } else { vec![] } };
    "# Title" CASED |n, t| vec![format!("# {t}")];
    "Title:" CASED |n, t| vec![format!("{t}:")];
    "12 May 1871" LATIN |n, t| { let (d, m) = day(n); vec![format!("{d} {} 1871", MONTHS[m])] };
    "May 12th." LATIN |n, t| { let (d, m) = day(n); vec![format!("{} {d}th.", MONTHS[m])] };
    "Monday, May 12" LATIN |n, t| { let (d, m) = day(n); vec![format!("Monday, {} {d}, 1871.", MONTHS[m])] };
    "LONDON, May 12" LATIN |n, t| { let (d, m) = day(n); vec![format!("LONDON, {} {d}, 1871.", MONTHS[m])] };
    "1871-05-12" ALL |n, t| { let (d, m) = day(n); vec![format!("1871-{:02}-{d:02}", m + 1)] };
    "12. Mai" LATIN |n, t| { let (d, _) = day(n); vec![format!("{d}. {}", ["Januar", "Februar", "März", "April", "Mai"][day(n).1])] };
    "Day 3" LATIN |n, t| vec![format!("Day {n}")];
    "NIGHT THE FIRST" LATIN |n, t| vec![format!("NIGHT THE {}.", up(&ordinal(n)))];
    "The First Night" LATIN |n, t| vec![format!("The {} Night", capitalized(&ordinal(n)))];
    "THE FIRST DAY" LATIN |n, t| vec![format!("THE {} DAY", up(&ordinal(n)))];
    "LETTER I" LATIN |n, t| vec![format!("LETTER {}.\n\nMRS. {} TO MR. HOLM.", roman(n), up(t))];
    "LETTER I bare" LATIN |n, t| vec![format!("LETTER {}", roman(n))];
    "TO THE SAME" LATIN |n, t| vec![format!("{} TO {}", up(t), ["MR. HOLM", "HIS SISTER", "THE EDITOR"][n % 3])];
    "CANTO I" LATIN |n, t| vec![format!("CANTO {}", roman(n))];
    "STAVE ONE" LATIN |n, t| vec![format!("STAVE {}: {}", up(&word(n)), up(t))];
    "LECTURE I" LATIN |n, t| vec![format!("LECTURE {}.\n\n{}.", roman(n), up(t))];
    "FABLE" LATIN |n, t| vec![format!("FABLE {}. {t}", roman(n))];
    "Lesson 3" LATIN |n, t| vec![format!("Lesson {n}: {t}")];
    "Adventure I" LATIN |n, t| vec![format!("Adventure {}. {}", roman(n), up(t))];
    "Problem 3" LATIN |n, t| vec![format!("PROBLEM {n}")];
    "Dispatch" LATIN |n, t| vec![format!("DISPATCH {}", roman(n))];
    "SCENE numbers" LATIN |n, t| { let (k, part) = in_part(n); stacked(part.map(|p| format!("ACT {}", roman(p))), format!("SCENE {}. {t}.", roman(k))) };
    "ACT I. SCENE I." LATIN |n, t| { let (k, part) = in_part(n); stacked(part.map(|p| format!("ACT {}.", roman(p))), format!("ACT {}. SCENE {}.", roman((n - 1) / 5 + 1), roman(k))) };
    "PART + I restart" LATIN |n, t| { let (k, part) = in_part(n); stacked(part.map(|p| format!("PART {}", up(&word(p)))), roman(k)) };
    "PART + I goes on" LATIN |n, t| { let (_, part) = in_part(n); stacked(part.map(|p| format!("PART {}", roman(p))), roman(n)) };
    "BOOK + CHAPTER restart" LATIN |n, t| { let (k, part) = in_part(n); stacked(part.map(|p| format!("BOOK {}", roman(p))), format!("CHAPTER {}", roman(k))) };
    "BOOK THE FIRST + Chapter 1" LATIN |n, t| { let (k, part) = in_part(n); stacked(part.map(|p| format!("BOOK THE {}\n\n{}", up(&ordinal(p)), up(t))), format!("Chapter {k}\n\n{t}")) };
    "TITLE PART + I" LATIN |n, t| { let (k, part) = in_part(n); stacked(part.map(|_| format!("THE BOOK OF {}", up(t))), format!("{}.", roman(k))) };
    "VOLUME BOOK CHAPTER" LATIN |n, t| {
        let (k, part) = in_part(n);
        let volume = (n % 15 == 1).then(|| format!("VOLUME {}", roman(n / 15 + 1)));
        volume.into_iter().chain(part.map(|p| format!("BOOK {}", roman(p)))).chain([format!("CHAPTER {}", roman(k))]).collect()
    };
    "PART + TITLE" LATIN |n, t| { let (_, part) = in_part(n); stacked(part.map(|p| format!("PART {}", up(&word(p)))), up(t)) };
    "years + dates" LATIN |n, t| { let (d, m) = day(n); let (_, part) = in_part(n); stacked(part.map(|p| (1870 + p).to_string()), format!("{} {d}.", MONTHS[m])) };
    "PREFACE first" LATIN |n, t| vec![if n == 1 { "PREFACE".to_owned() } else { format!("CHAPTER {}", roman(n - 1)) }];
    "INTRODUCTION + I" LATIN |n, t| vec![match n { 1 => "INTRODUCTION".to_owned(), 2 => "PROLOGUE".to_owned(), n => roman(n - 2) }];
    "missing number" LATIN |n, t| vec![format!("CHAPTER {}", roman(if n > 4 { n + 1 } else { n }))];
    "missing roman" LATIN |n, t| vec![roman(if n > 3 { n + 1 } else { n })];
    "double number" LATIN |n, t| vec![format!("CHAPTER {}", roman(if n > 5 { n - 1 } else { n }))];
    "misprint" LATIN |n, t| vec![format!("CHAPTER {}.", if n == 4 { "VI".to_owned() } else { roman(n) })];
    "OCR CHAPTER Il" LATIN |n, t| vec![format!("CHAPTER {}", roman(n).replace("III", "Ill").replace("II", "Il"))];
    "OCR CHAPTER 11" LATIN |n, t| vec![format!("CHAPTER {}.", roman(n).replace("II", "11"))];
    "OCR lower" LATIN |n, t| vec![format!("CHAPTER {}", roman(n).to_lowercase())];
    "OCR CHAPTEE" LATIN |n, t| vec![format!("{} {}.", if n % 5 == 2 { "CHAPTEE" } else { "CHAPTER" }, roman(n))];
    "C H A P T E R" LATIN |n, t| vec![format!("C H A P T E R  {}", roman(n))];
    "bilingual" LATIN |n, t| vec![format!("CHAPTER {} / KAPITEL {}", roman(n), roman(n))];
    "bilingual apart" LATIN |n, t| vec![format!("Chapter {n}\nKapitel {n}")];
    "Kapitel 3" LATIN |n, t| vec![format!("Kapitel {n}\n\n{t}")];
    "3. Kapitel" LATIN |n, t| vec![format!("{n}. Kapitel")];
    "Chapitre III" LATIN |n, t| vec![format!("CHAPITRE {}\n\n{}", roman(n), up(t))];
    "Capítulo 3" LATIN |n, t| vec![format!("Capítulo {}. {t}", roman(n))];
    "Capitolo III" LATIN |n, t| vec![format!("CAPITOLO {}", roman(n))];
    "HOOFDSTUK" LATIN |n, t| vec![format!("HOOFDSTUK {}.", roman(n))];
    "3. kapitola" LATIN |n, t| vec![format!("{n}. kapitola")];
    "Rozdział" LATIN |n, t| vec![format!("ROZDZIAŁ {}", roman(n))];
    "III. FEJEZET" LATIN |n, t| vec![format!("{}. FEJEZET\n\n{t}", roman(n))];
    "Bölüm" LATIN |n, t| vec![format!("BÖLÜM {n}")];
    "3. poglavlje" LATIN |n, t| vec![format!("{n}. poglavlje")];
    "Peatükk" LATIN |n, t| vec![format!("{}. PEATÜKK", roman(n))];
    "Chương" LATIN |n, t| vec![format!("Chương {n}: {t}")];
    "PENNOD" LATIN |n, t| vec![format!("PENNOD {}.", roman(n))];
    "Кефалион" CYRILLIC |n, t| vec![format!("Поглавље {n}")];
    "Глава I" CYRILLIC |n, t| vec![format!("Глава {}", roman(n))];
    "ГЛАВА 3. Title" CYRILLIC |n, t| vec![format!("ГЛАВА {n}. {t}")];
    "ГЛАВА + TITLE" CYRILLIC |n, t| vec![format!("ГЛАВА {}\n\n{}", roman(n), up(t))];
    "Часть + I" CYRILLIC |n, t| { let (k, part) = in_part(n); stacked(part.map(|p| format!("ЧАСТЬ {}", ["ПЕРВАЯ", "ВТОРАЯ", "ТРЕТЬЯ", "ЧЕТВЕРТАЯ", "ПЯТАЯ", "ШЕСТАЯ", "СЕДЬМАЯ", "ВОСЬМАЯ", "ДЕВЯТАЯ"][p - 1])), roman(k)) };
    "12 мая" CYRILLIC |n, t| { let (d, m) = day(n); vec![format!("{d} {}", ["января", "февраля", "марта", "апреля", "мая"][m])] };
    "第三章" EAST |n, t| vec![format!("第{}章", han(n))];
    "第三章 title" EAST |n, t| vec![format!("第{}章 {t}", han(n))];
    "第3回" EAST |n, t| vec![format!("第{n}回　{t}")];
    "第三话：" EAST |n, t| vec![format!("第{}话：{t}", han(n))];
    "三" EAST |n, t| vec![han(n)];
    "三、title" EAST |n, t| vec![format!("{}、{t}", han(n))];
    "(三)" EAST |n, t| vec![format!("（{}）", han(n))];
    "其三" EAST |n, t| vec![format!("其{}", han(n))];
    "卷三" EAST |n, t| vec![format!("卷{}", han(n))];
    "第三章title" EAST |n, t| vec![format!("第{}章{t}", han(n))];
    "【title】" EAST |n, t| vec![format!("【{t}】")];
    "title east" EAST |n, t| vec![t.to_owned()];
    "部+章" EAST |n, t| { let (k, part) = in_part(n); stacked(part.map(|p| format!("第{}部", han(p))), format!("第{}章", han(k))) };
    "3 title" EAST |n, t| vec![format!("{n}　{t}")];
    "Chapter 3 east" EAST |n, t| vec![format!("Chapter {n}")];
}

/// What a layout does with the lines of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    Kept,
    /// No blank lines, paragraphs begin with an indent.
    Indented,
    /// No blank lines at all.
    Tight,
    /// A paragraph a line, a blank line between.
    Unwrapped,
    /// A paragraph a line, no blank line between.
    UnwrappedTight,
    /// Two blank lines between paragraphs.
    Double,
    Narrow,
    /// All lines indented.
    Margin,
    /// Breaks between scenes, captions of pictures, a list and a letter.
    Busy,
    /// Notes at the end of each chapter.
    Notes,
}

/// Where the list of contents stands, and how it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    None,
    Plain,
    Pages,
    Spaced,
    AtEnd,
    /// Without a word over it.
    Bare,
    /// As one paragraph.
    Run,
}

/// How pages show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    None,
    /// Running heads with form feeds.
    Feeds,
    /// Running heads without, set apart by blank lines.
    Heads,
    /// Page numbers alone.
    Numbers,
    /// `[Pg 12]`.
    Marks,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub name: &'static str,
    /// Blank lines before and after a heading.
    pub gap: (usize, usize),
    /// Columns before the heading; 99 centres it.
    pub indent: usize,
    pub underline: Option<char>,
    pub body: Body,
    pub list: List,
    pub pages: Pages,
    /// The frame of Project Gutenberg.
    pub frame: bool,
    pub crlf: bool,
}

const PLAIN: Layout = Layout {
    name: "four blanks",
    gap: (4, 2),
    indent: 0,
    underline: None,
    body: Body::Kept,
    list: List::None,
    pages: Pages::None,
    frame: false,
    crlf: false,
};

/// All layouts.
pub const LAYOUTS: &[Layout] = &[
    PLAIN,
    Layout { name: "three blanks, framed", gap: (3, 1), frame: true, ..PLAIN },
    Layout { name: "two blanks", gap: (2, 1), ..PLAIN },
    Layout { name: "one blank", gap: (1, 1), ..PLAIN },
    Layout { name: "list", list: List::Plain, frame: true, ..PLAIN },
    Layout { name: "list with pages", list: List::Pages, ..PLAIN },
    Layout { name: "list spaced", list: List::Spaced, gap: (3, 2), ..PLAIN },
    Layout { name: "list at the end", list: List::AtEnd, gap: (3, 1), ..PLAIN },
    Layout { name: "list without a word", list: List::Bare, ..PLAIN },
    Layout { name: "list as a paragraph", list: List::Run, ..PLAIN },
    Layout { name: "list, two blanks", list: List::Plain, gap: (2, 1), ..PLAIN },
    Layout { name: "list with pages, one blank", list: List::Pages, gap: (1, 1), ..PLAIN },
    Layout { name: "centred", indent: 99, gap: (2, 1), ..PLAIN },
    Layout { name: "centred, one blank", indent: 99, gap: (1, 1), ..PLAIN },
    Layout { name: "indented", indent: 8, gap: (2, 2), ..PLAIN },
    Layout { name: "underlined =", underline: Some('='), gap: (2, 1), ..PLAIN },
    Layout { name: "underlined -", underline: Some('-'), gap: (1, 1), ..PLAIN },
    Layout { name: "indented paragraphs", body: Body::Indented, gap: (1, 1), ..PLAIN },
    Layout { name: "indented paragraphs, wide", body: Body::Indented, gap: (2, 2), list: List::Plain, ..PLAIN },
    Layout { name: "tight", body: Body::Tight, gap: (1, 1), ..PLAIN },
    Layout { name: "tight, no gap", body: Body::Indented, gap: (0, 0), ..PLAIN },
    Layout { name: "unwrapped", body: Body::Unwrapped, gap: (2, 1), ..PLAIN },
    Layout { name: "unwrapped, one blank", body: Body::Unwrapped, gap: (1, 1), ..PLAIN },
    Layout { name: "unwrapped tight", body: Body::UnwrappedTight, gap: (1, 0), ..PLAIN },
    Layout { name: "unwrapped tight, no gap", body: Body::UnwrappedTight, gap: (0, 0), ..PLAIN },
    Layout { name: "double", body: Body::Double, gap: (4, 2), ..PLAIN },
    Layout { name: "double, same gap", body: Body::Double, gap: (2, 2), ..PLAIN },
    Layout { name: "narrow", body: Body::Narrow, gap: (3, 1), ..PLAIN },
    Layout { name: "margin", body: Body::Margin, indent: 4, gap: (2, 1), ..PLAIN },
    Layout { name: "busy", body: Body::Busy, gap: (4, 2), list: List::Plain, ..PLAIN },
    Layout { name: "busy, two blanks", body: Body::Busy, gap: (2, 1), ..PLAIN },
    Layout { name: "notes", body: Body::Notes, gap: (4, 2), ..PLAIN },
    Layout { name: "pages with feeds", pages: Pages::Feeds, gap: (3, 2), ..PLAIN },
    Layout { name: "pages with feeds, list", pages: Pages::Feeds, list: List::Pages, gap: (2, 1), ..PLAIN },
    Layout { name: "pages with heads", pages: Pages::Heads, gap: (3, 2), ..PLAIN },
    Layout { name: "page numbers", pages: Pages::Numbers, gap: (3, 1), ..PLAIN },
    Layout { name: "page marks", pages: Pages::Marks, gap: (3, 2), ..PLAIN },
    Layout { name: "CRLF", crlf: true, gap: (2, 1), list: List::Plain, ..PLAIN },
];

/// One style in one layout.
#[derive(Clone, Copy)]
pub struct Case {
    pub style: &'static Style,
    pub layout: &'static Layout,
}

/// The cases: each style in six layouts, each layout with eight styles; by rotation, so that
/// none is chosen.
pub fn cases() -> Vec<Case> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for style in 0..STYLES.len() {
        pairs.extend((0..6).map(|k| (style, (style * 7 + k * 5) % LAYOUTS.len())));
    }
    for layout in 0..LAYOUTS.len() {
        pairs.extend((0..8).map(|k| ((layout * 11 + k * 17) % STYLES.len(), layout)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let cases = pairs.into_iter().map(|(s, l)| Case { style: &STYLES[s], layout: &LAYOUTS[l] });
    cases.filter(Case::is_fair).collect()
}

impl Case {
    pub fn name(&self) -> String {
        format!("{} / {}", self.style.name, self.layout.name)
    }

    /// Whether it is one of those that no rule was written on.
    pub fn is_held(&self) -> bool {
        let key = |text: &str| text.bytes().fold(7u32, |k, b| k.wrapping_mul(31).wrapping_add(u32::from(b)));
        key(self.style.name) % 3 == 0 || key(self.layout.name) % 4 == 0
    }

    /// Whether a reader could tell the headings at all: without a number and without room nobody can.
    fn is_fair(&self) -> bool {
        let is_numbered =
            !["TITLE", "Title", "\"", "_T", "【", "title east", "TO THE", "THE TALE", "PART + TITLE", "# Title"]
                .iter()
                .any(|start| self.style.name.starts_with(start));
        let is_crowded = self.layout.gap.0 <= 1 && self.layout.underline.is_none()
            || self.layout.name == "double, same gap"
            || self.layout.name == "margin";
        is_numbered || !is_crowded
    }

    /// The text, and the true titles.
    pub fn write(&self, book: &Book) -> Option<(String, Vec<String>)> {
        if !self.style.scripts.contains(&book.script) {
            return None;
        }
        let mut titles = Vec::new();
        let mut body = Vec::new();
        let mut words = Words(book.chapters.len() as u64);
        for (index, (title, lines)) in book.chapters.iter().enumerate() {
            for head in (self.style.heads)(index + 1, title) {
                body.extend(std::iter::repeat_n(String::new(), self.layout.gap.0));
                let rows: Vec<&str> = head.split('\n').collect();
                for row in &rows {
                    body.push(self.set(row));
                }
                if let Some(sign) = self.layout.underline {
                    let row = rows.last().copied().unwrap_or_default();
                    body.push(sign.to_string().repeat(row.chars().count().max(3)));
                }
                body.extend(std::iter::repeat_n(String::new(), self.layout.gap.1));
                titles.push(head.replace('\n', " "));
            }
            if self.style.name == "TITLE with sections" {
                let third = lines.len() / 3;
                for part in 0..3 {
                    let end = if part == 2 { lines.len() } else { third * (part + 1) };
                    body.extend([String::new(), roman(part + 1), String::new()]);
                    body.extend(self.dressed(&lines[third * part..end], &mut words));
                }
            } else {
                body.extend(self.dressed(lines, &mut words));
            }
        }
        let text = self.bound(&body, &titles, book.script);
        (titles.len() >= 4).then_some((text, titles))
    }

    fn set(&self, row: &str) -> String {
        let width = row.chars().count();
        let indent = if self.layout.indent == 99 { 72usize.saturating_sub(width) / 2 } else { self.layout.indent };
        if row.is_empty() { String::new() } else { " ".repeat(indent) + row }
    }

    fn dressed(&self, lines: &[String], words: &mut Words) -> Vec<String> {
        let paragraphs: Vec<&[String]> = lines.split(|l| l.trim().is_empty()).filter(|p| !p.is_empty()).collect();
        let joined = |p: &&[String]| p.iter().map(|l| l.trim()).collect::<Vec<_>>().join(" ");
        let mut out = Vec::new();
        let kept = |out: &mut Vec<String>, p: &[String], gap: usize| {
            if !out.is_empty() {
                out.extend(std::iter::repeat_n(String::new(), gap));
            }
            out.extend(p.iter().cloned());
        };
        match self.layout.body {
            Body::Kept => out = lines.to_vec(),
            Body::Indented => {
                for p in &paragraphs {
                    out.extend(
                        p.iter().enumerate().map(|(i, l)| format!("{}{}", if i == 0 { "    " } else { "" }, l.trim())),
                    );
                }
            }
            Body::Tight => out = paragraphs.concat(),
            Body::Unwrapped => paragraphs.iter().for_each(|p| kept(&mut out, &[joined(p)], 1)),
            Body::UnwrappedTight => out = paragraphs.iter().map(joined).collect(),
            Body::Double => paragraphs.iter().for_each(|p| kept(&mut out, p, 2)),
            Body::Narrow => paragraphs.iter().for_each(|p| kept(&mut out, &wrapped(&joined(p), 40), 1)),
            Body::Margin => {
                out = lines.iter().map(|l| if l.is_empty() { String::new() } else { format!("    {l}") }).collect();
            }
            Body::Busy => {
                let mut every = 0;
                for p in &paragraphs {
                    kept(&mut out, p, 1);
                    every += 1;
                    if every % 9 != 0 {
                        continue;
                    }
                    match words.below(6) {
                        0 | 1 => out.extend(["", "       *       *       *       *       *"].map(String::from)),
                        2 => out.extend(["", "", "[Illustration: THE OLD HARBOUR]", ""].map(String::from)),
                        3 => out.extend(
                            ["", "1. Bread and salt.", "2. A lamp.", "3. Two oars.", "4. Rope."].map(String::from),
                        ),
                        4 => out.extend(
                            [
                                "",
                                "                         HARBOUR STREET, 3 May.",
                                "",
                                "MY DEAR SIR,",
                                "",
                                "I have it.",
                                "",
                                "                         A. N.",
                            ]
                            .map(String::from),
                        ),
                        _ => out.extend(["", "NOTICE. NO ENTRY", "", "It said no more."].map(String::from)),
                    }
                }
            }
            Body::Notes => {
                out = lines.to_vec();
                for n in 1..4 {
                    out.extend([
                        String::new(),
                        format!("[{n}] See what was said of it in the second volume, page {}.", n * 17),
                    ]);
                }
            }
        }
        out
    }

    /// The whole text: title page, list, body, pages, frame.
    fn bound(&self, body: &[String], titles: &[String], script: Script) -> String {
        let east = script == Script::East;
        let mut lines: Vec<String> = Vec::new();
        if self.layout.frame {
            lines.extend(
                [
                    "The Project Gutenberg EBook of The Long Way, by A. Nyman",
                    "",
                    "Title: The Long Way",
                    "",
                    "Author: A. Nyman",
                    "",
                    "*** START OF THE PROJECT GUTENBERG EBOOK THE LONG WAY ***",
                    "",
                    "",
                ]
                .map(String::from),
            );
        }
        let front: &[&str] =
            if east { &["长路", ""] } else { &["THE LONG WAY", "", "A Novel", "", "by A. Nyman", ""] };
        lines.extend(front.iter().map(|l| (*l).to_owned()));
        let list = self.list(titles, east);
        if self.layout.list != List::AtEnd {
            lines.extend(list.clone());
        }
        lines.extend(body.iter().cloned());
        if self.layout.list == List::AtEnd {
            lines.extend(list);
        }
        if self.layout.frame {
            lines.extend(
                [
                    "",
                    "",
                    "*** END OF THE PROJECT GUTENBERG EBOOK THE LONG WAY ***",
                    "",
                    "Section 1. General Terms",
                    "",
                    "The terms are given here.",
                    "",
                ]
                .map(String::from),
            );
        }
        let end = if self.layout.crlf { "\r\n" } else { "\n" };
        self.paged(lines).join(end) + end
    }

    fn list(&self, titles: &[String], east: bool) -> Vec<String> {
        let word = if east { "目录" } else { "CONTENTS" };
        let mut out = vec![String::new(), String::new()];
        if self.layout.list == List::None {
            return out;
        }
        if self.layout.list != List::Bare {
            out.extend([word.to_owned(), String::new()]);
        }
        if self.layout.list == List::Run {
            out.extend(wrapped(&titles.join("; "), 72));
        }
        for (n, title) in titles.iter().enumerate() {
            match self.layout.list {
                List::Pages => {
                    let mut row = String::new();
                    let dots = 60usize.saturating_sub(title.chars().count()).max(3);
                    write!(row, "{title} {} {}", ".".repeat(dots), n * 11 + 5).unwrap();
                    out.push(row);
                }
                List::Spaced => out.extend([format!("  {title}"), String::new()]),
                List::Run | List::None => {}
                List::Plain | List::Bare | List::AtEnd => out.push(format!("  {title}")),
            }
        }
        out.extend([String::new(), String::new()]);
        out
    }

    fn paged(&self, lines: Vec<String>) -> Vec<String> {
        const PAGE: usize = 38;
        if self.layout.pages == Pages::None {
            return lines;
        }
        let mut out = Vec::new();
        for (page, chunk) in lines.chunks(PAGE).enumerate() {
            let number = page + 1;
            match self.layout.pages {
                Pages::Feeds => {
                    let head = if page % 2 == 0 {
                        format!("{number}          THE LONG WAY")
                    } else {
                        format!("A. NYMAN                    {number}")
                    };
                    out.extend([if page > 0 { format!("\u{c}{head}") } else { head }, String::new()]);
                }
                Pages::Heads if page > 0 => {
                    let head =
                        if page % 2 == 0 { format!("{number} THE LONG WAY") } else { format!("A. NYMAN {number}") };
                    out.extend([String::new(), head, String::new()]);
                }
                Pages::Numbers if page > 0 => out.extend([String::new(), format!("{number}"), String::new()]),
                Pages::Marks if page > 0 => out.push(format!("[Pg {number}]")),
                _ => {}
            }
            out.extend(chunk.iter().cloned());
        }
        out
    }
}

/// Counts of true, found and right titles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    pub wanted: usize,
    pub found: usize,
    pub right: usize,
}

impl Score {
    pub fn of(wanted: &[String], found: &[String]) -> Score {
        let (wanted, found): (Vec<String>, Vec<String>) =
            (wanted.iter().map(|t| fold(t)).collect(), found.iter().map(|t| fold(t)).collect());
        Score { wanted: wanted.len(), found: found.len(), right: matched(&wanted, &found) }
    }

    pub fn add(&mut self, other: Score) {
        self.wanted += other.wanted;
        self.found += other.found;
        self.right += other.right;
    }

    pub fn f1(self) -> f64 {
        if self.wanted + self.found == 0 { 1.0 } else { 2.0 * self.right as f64 / (self.wanted + self.found) as f64 }
    }
}

/// The books of the corpus that have chapters enough, and some of random words.
pub fn books(corpus: &Path) -> Vec<Book> {
    const NAMES: &[(&str, &str)] = &[
        ("austen-pride-and-prejudice.txt", "utf-8"),
        ("carroll-alice.txt", "utf-8"),
        ("dickens-two-cities.latin1.txt", "windows-1252"),
        ("flaubert-madame-bovary.fr.latin1.txt", "windows-1252"),
        ("luo-sanguo.zh.txt", "utf-8"),
        ("melville-moby-dick.txt", "utf-8"),
        ("shi-shuihu-head.zh.gb18030.txt", "gb18030"),
        ("soseki-neko.ja.sjis.txt", "shift_jis"),
        ("stevenson-treasure-island.txt", "utf-8"),
        ("stoker-dracula.latin1.txt", "windows-1252"),
        ("tolstoy-kazaki.ru.koi8r.txt", "koi8-r"),
        ("turgenev-ottsy-i-deti.ru.txt", "utf-8"),
        ("twain-huckleberry-finn.txt", "utf-8"),
        ("voltaire-candide.latin1.txt", "windows-1252"),
        ("wells-war-of-the-worlds.txt", "utf-8"),
        ("wells-ida-southern-horrors.txt", "utf-8"),
    ];
    let read = NAMES.iter().filter_map(|(name, charset)| book(&corpus.join("txt").join(name), charset));
    read.chain([made(1, 12), made(2, 24)]).collect()
}

/// The titles that the program finds in a plain text.
pub fn titles(bytes: &[u8]) -> Vec<String> {
    let name = lection::text::clean_line("book.txt");
    let document = lection::formats::open_source(
        lection::formats::Source::memory(bytes),
        name,
        &lection::formats::OpenOptions::default(),
    );
    let Ok(document) = document else { return Vec::new() };
    let mut pass = document.outline_pass();
    while pass.step().is_ok_and(|p| !p.is_done()) {}
    pass.outline().entries().iter().map(|e| e.title.to_string()).collect()
}

//! Which lines are headings, by what they say and nothing else.
//!
//! A conservative rule for the look of a page: a heading that is missed is read as a short
//! paragraph, which harms nobody. The list of chapters is found by `chapters`, with the whole
//! text at hand. It must not know where the lines stand.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::numerals::{self, Form, Number};
use super::starts::Starts;

/// Columns beyond which nothing is a heading.
pub const HEADING_COLUMNS: u32 = 75;

/// Words that head a numbered part, with the level of the heading.
const KEYWORDS: &[(u8, &[&str])] = &[
    (
        1,
        &["volume", "vol", "book", "part", "tome", "livre", "partie", "band", "buch", "teil", "tomo", "libro", "parte"],
    ),
    (1, &["том", "книга", "часть", "deel", "boek", "del", "tom", "część", "osa", "kötet", "rész", "βιβλίο", "μέρος"]),
    (2, &["chapter", "chap", "chapitre", "kapitel", "capítulo", "capitulo", "capitolo", "hoofdstuk", "kapittel"]),
    (2, &["глава", "песнь", "письмо", "rozdział", "kapitola", "fejezet", "luku", "κεφάλαιο", "розділ"]),
    (2, &["letter", "lettre", "brief", "canto", "chant", "gesang", "act", "acte", "akt", "atto", "acto", "действие"]),
    (
        3,
        &[
            "section",
            "scene",
            "scène",
            "szene",
            "scena",
            "escena",
            "сцена",
            "явление",
            "article",
            "artikel",
            "статья",
            "§",
        ],
    ),
];

/// The level (1–3) of a line that a keyword and a number begin or make up: `CHAPTER I.`,
/// `Book the Second: Title`, `PREMIÈRE PARTIE`, `第三回 …`.
pub fn keyword_level(line: &str) -> Option<u8> {
    if let Some(level) = east_asian_level(line) {
        return Some(level);
    }
    let mut words = line.split_whitespace();
    let first = words.next()?;
    let level = level_of(first);
    // Most lines are told by their first word.
    if level.is_none() && !numerals::may_lead(bare(first)) {
        return None;
    }
    let second = words.next()?;
    let third = words.next();
    let article = |word: &str| word.eq_ignore_ascii_case("the");
    if let Some(level) = level {
        let (number, next) = if article(second) { (third?, words.next()) } else { (second, third) };
        // `Part one of the plan` is a sentence, `Part one: of plans` a title.
        let goes_on = next.and_then(|word| word.chars().next()).is_some_and(char::is_lowercase);
        let is_sentence = goes_on
            && number.ends_with(|c: char| c.is_alphanumeric())
            && !number.contains("--")
            && !number.contains('—');
        return (is_number(number) && !is_sentence).then_some(level);
    }
    // `PREMIÈRE PARTIE`: the number first, and nothing after.
    let level = level_of(second)?;
    (third.is_none() && is_number(first) && bare(first).chars().count() > 1).then_some(level)
}

/// Whether a line is a number alone: `IV.`, `12`, `十二`.
pub fn is_bare_number(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_short = words.next().is_some() && words.next().is_none() && bare(line).chars().count() <= 8;
    if !is_short {
        return false;
    }
    let small = bare(line).chars().any(char::is_lowercase);
    !small && matches!(whole_number(bare(line)), Some(number) if number.form != Form::Word)
}

/// The depth of a dotted number that begins a line with a title: 2 for `3.2. Title`.
pub fn dotted_depth(line: &str) -> Option<u8> {
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (number, title) = line.split_once(char::is_whitespace)?;
    let has_title = title.trim_start().chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    let digits = number.strip_suffix('.').unwrap_or(number);
    let parts: Vec<&str> = digits.split('.').collect();
    let all_numbers = parts.iter().all(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
    let is_dotted = number.len() > digits.len() || parts.len() > 1;
    (has_title && all_numbers && is_dotted && parts.len() <= 6).then_some(parts.len() as u8)
}

/// Whether a line is a Roman number with a title: `IV. The Hill`.
pub fn is_roman_title(line: &str) -> bool {
    let Some((number, title)) = line.split_once(' ') else { return false };
    let Some(number) = number.strip_suffix('.') else { return false };
    let begins = title.trim_start().chars().next().is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase());
    begins
        && matches!(whole_number(number), Some(Number { form: Form::Roman, .. }))
        && number.chars().all(char::is_uppercase)
}

/// Whether all cased letters are capitals, and there are at least two.
pub fn is_capitals(line: &str) -> bool {
    // Most lines have a small letter, and soon.
    !line.chars().any(char::is_lowercase) && line.chars().filter(|c| c.is_uppercase()).count() >= 2
}

fn level_of(word: &str) -> Option<u8> {
    static LEVELS: LazyLock<HashMap<&str, u8>> = LazyLock::new(|| {
        let rows = KEYWORDS.iter().rev();
        rows.flat_map(|(level, words)| words.iter().map(|word| (*word, *level))).collect()
    });
    static STARTS: LazyLock<Starts> = LazyLock::new(|| Starts::of(LEVELS.keys().copied()));
    let word = bare(word);
    // The longest has twelve letters.
    if word.len() > 32 || !STARTS.may_open(word) {
        return None;
    }
    LEVELS.get(word.to_lowercase().as_str()).copied()
}

fn is_number(word: &str) -> bool {
    let number = bare(word);
    let first_part = number.split(['-', '—']).next().unwrap_or(number);
    whole_number(number).or_else(|| whole_number(first_part)).is_some()
}

/// A text that is a number and nothing else.
fn whole_number(text: &str) -> Option<Number> {
    numerals::leading(text).filter(|number| number.length == text.len())
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    if is_bare(word.as_bytes().first()) && is_bare(word.as_bytes().last()) {
        return word;
    }
    word.trim().trim_matches(['.', ':', ',', ';', '—', '–', '-', '(', ')', '[', ']', '*', '_'])
}

/// `第十二回`, `제 3 장`: a number between a prefix and a unit.
fn east_asian_level(line: &str) -> Option<u8> {
    let rest = line.strip_prefix(['第', '제'])?;
    let rest: String = rest.chars().filter(|c| !c.is_whitespace()).take(10).collect();
    let unit = rest.trim_start_matches(|c: char| is_han_digit(c) || c.is_numeric());
    if unit.len() == rest.len() {
        return None;
    }
    match unit.chars().next()? {
        '卷' | '部' | '篇' | '編' | '巻' | '부' | '편' | '集' => Some(1),
        '章' | '回' | '话' | '話' | '장' | '幕' => Some(2),
        '节' | '節' | '条' | '條' | '절' | '조' => Some(3),
        _ => None,
    }
}

fn is_han_digit(c: char) -> bool {
    "〇零一二三四五六七八九十百千两兩廿卅".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_and_numbers_head_parts() {
        for (line, level) in [
            ("CHAPTER I.", Some(2)),
            ("Chapter 12: The Well", Some(2)),
            ("Book the Second", Some(1)),
            ("PREMIÈRE PARTIE", Some(1)),
            ("Часть первая", Some(1)),
            ("第一回 风起", Some(2)),
            ("第 二 十 五 条", Some(3)),
            ("제 3 장", Some(2)),
            ("LETTER IV", Some(2)),
            ("Scene 2.", Some(3)),
            ("Part one of the plan failed.", None),
            ("Part of the house", None),
            ("I act", None),
            ("Chapter and verse", None),
            ("第三者", None),
            ("", None),
        ] {
            assert_eq!(keyword_level(line), level, "{line}");
        }
    }

    #[test]
    fn other_forms() {
        assert!(is_bare_number("XIV.") && is_bare_number("3") && is_bare_number("十二") && !is_bare_number("mix"));
        assert_eq!(dotted_depth("3.2.1. Compressed blocks"), Some(3));
        assert_eq!(dotted_depth("1. Introduction"), Some(1));
        assert_eq!(dotted_depth("1917 was a year"), None);
        assert_eq!(dotted_depth("3.5 percent"), None);
        assert!(is_roman_title("IV. The Hill") && !is_roman_title("IV. of it") && !is_roman_title("A. Nyman"));
        assert!(is_capitals("DOWN THE WELL") && !is_capitals("Down") && !is_capitals("1234"));
    }
}

//! What a block of few lines says if it is a heading: keyword and number, a number, a title.

use crate::formats::plain::heading;
use crate::formats::plain::numeral::{Form, number};

/// What a block says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// A word for a part of a book with a number: `CHAPTER I. Title`, `第三回 …`.
    Keyword {
        /// The word, folded: numbering runs among equal ones.
        word: String,
        /// 1 for books and parts, 2 for chapters and acts, 3 for sections and scenes.
        rank: u8,
        /// The number; 0 for "the last".
        value: u32,
        /// Whether a title follows the number.
        has_title: bool,
    },
    /// A number and nothing else.
    Bare(Form, u32),
    /// A number, a stop, and a title: `IV. The Hill`.
    Titled(Form, u32),
    /// `3.2. Title`, as its numbers.
    Dotted(Vec<u32>),
    /// A part that has a name in many books: preface, epilogue, notes.
    Named,
    /// A list of contents begins.
    Contents,
    /// Words that may be a title.
    Words,
}

/// Parts that have a name in many books.
const NAMED: &[&str] = &[
    "preface",
    "foreword",
    "prologue",
    "prelude",
    "introduction",
    "epilogue",
    "afterword",
    "postscript",
    "conclusion",
    "appendix",
    "glossary",
    "bibliography",
    "etymology",
    "extracts",
    "dedication",
    "vorwort",
    "vorrede",
    "einleitung",
    "nachwort",
    "anhang",
    "prolog",
    "epilog",
    "préface",
    "avant-propos",
    "épilogue",
    "prologo",
    "prólogo",
    "epílogo",
    "prefacio",
    "prefazione",
    "introducción",
    "introduzione",
    "conclusión",
    "voorwoord",
    "inleiding",
    "пролог",
    "эпилог",
    "предисловие",
    "послесловие",
    "введение",
    "примечания",
    "заключение",
    "посвящение",
    "楔子",
    "序",
    "序章",
    "終章",
    "尾声",
    "前言",
    "后记",
    "あとがき",
    "はじめに",
    "forord",
    "förord",
    "esipuhe",
    "przedmowa",
];

/// Words over a list of contents.
const CONTENTS: &[&str] = &[
    "contents",
    "table of contents",
    "list of illustrations",
    "illustrations",
    "inhalt",
    "inhaltsverzeichnis",
    "table des matières",
    "table",
    "sommaire",
    "índice",
    "indice",
    "inhoud",
    "inhoudsopgave",
    "содержание",
    "оглавление",
    "目录",
    "目録",
    "目次",
    "目錄",
    "indhold",
    "innehåll",
    "sisällys",
    "spis treści",
    "tartalom",
    "sumário",
    "περιεχομενα",
];

/// Reads a block by its first line and, for a number alone, whether more lines follow.
pub fn says(first: &str, lines: usize) -> Option<Says> {
    let line = first.trim();
    let plain = line.trim_matches(|c: char| "_*= ".contains(c));
    let folded = plain.trim_end_matches([':', '.']).to_lowercase();
    if CONTENTS.contains(&folded.as_str()) {
        return Some(Says::Contents);
    }
    if never(plain) {
        return None;
    }
    if let Some(says) = keyword(plain) {
        return Some(says);
    }
    if let Some(says) = numbered(plain, lines) {
        return Some(says);
    }
    let head = folded.split([' ', '.', ',']).next().unwrap_or_default();
    let short = plain.split_whitespace().count() <= 6;
    if short && (NAMED.contains(&folded.as_str()) || (NAMED.contains(&head) && begins_high(plain))) {
        return Some(Says::Named);
    }
    (plain.chars().count() <= 230 && begins_high(plain)).then_some(Says::Words)
}

/// What no heading is: notes, items, speech, by-lines, the end.
fn never(line: &str) -> bool {
    let first = line.chars().next();
    let dash = first.is_some_and(|c| "-–—•·[(<>|*+".contains(c));
    let folded = line.trim_end_matches(['.', '!']).to_lowercase();
    let by = folded.starts_with("by ") || folded.starts_with("von ") || folded.starts_with("par ");
    dash || by || ["the end", "finis", "ende", "fin", "конец"].contains(&folded.as_str())
}

/// Whether the first letter is no small one.
pub fn begins_high(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase())
}

fn keyword(line: &str) -> Option<Says> {
    let rank = heading::keyword_level(line)?;
    if let Some(rest) = line.strip_prefix(['第', '제']) {
        let digits: String = rest
            .chars()
            .filter(|c| !c.is_whitespace())
            .take_while(|c| number(&c.to_string()).is_some() || *c == '〇' || *c == '零')
            .collect();
        let (value, _) = number(&digits)?;
        let unit = rest.chars().filter(|c| !c.is_whitespace()).nth(digits.chars().count())?;
        let has_title = rest.chars().filter(|c| !c.is_whitespace()).count() > digits.chars().count() + 1;
        return Some(Says::Keyword { word: unit.to_string(), rank, value, has_title });
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_article = |word: &str| ["the", "der", "die", "das", "le", "la"].contains(&bare(word).as_str());
    // `PREMIÈRE PARTIE`: the number stands first.
    if let (Some(first), Some(second)) = (words.first(), words.get(1))
        && words.len() == 2
        && let Some((value, _)) = number(first)
        && heading::keyword_level(&format!("{second} I")).is_some()
    {
        return Some(Says::Keyword { word: bare(second), rank, value, has_title: false });
    }
    let at = if words.get(1).is_some_and(|w| is_article(w)) { 2 } else { 1 };
    let head = words.get(at)?;
    // `Book the First--Recalled to Life` has its title behind a dash.
    let (digits, glued) = head.split_once("--").or_else(|| head.split_once('—')).unwrap_or((head, ""));
    let (value, _) = number(digits).or_else(|| number(digits.split('-').next().unwrap_or(digits)))?;
    let word = bare(words.first()?);
    Some(Says::Keyword { word, rank, value, has_title: !glued.is_empty() || words.len() > at + 1 })
}

fn numbered(line: &str, lines: usize) -> Option<Says> {
    let (head, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let title = rest.trim();
    let digits = head.trim_end_matches(['.', ')', ':', ',', '-', '—']);
    let stopped = digits.len() < head.len();
    if head.starts_with(|c: char| c.is_ascii_digit()) && digits.contains('.') {
        let path: Vec<u32> = digits.split('.').map(|p| p.parse().ok().filter(|n| *n < 1000)).collect::<Option<_>>()?;
        return (path.len() <= 6 && begins_high(title)).then_some(Says::Dotted(path));
    }
    let (value, form) = number(head)?;
    if value == 0 {
        return None;
    }
    let small_roman = form == Form::Roman && digits.chars().any(char::is_lowercase);
    if title.is_empty() {
        // A word alone is a number only as a heading of its own; `I` alone may begin a sentence.
        let begins_prose = form == Form::Word && lines > 1;
        return (!small_roman && !begins_prose).then_some(Says::Bare(form, value));
    }
    match form {
        Form::Word => None,
        _ if small_roman => None,
        // `I went home` is no title; `I. Home` is, and so is `IV THE HILL`.
        Form::Roman if !stopped && !heading::is_capitals(title) => None,
        Form::Han if !title.is_empty() && !line.contains([' ', '　', '、']) => None,
        Form::Arabic if !stopped && !begins_high(title) => None,
        _ => begins_high(title).then_some(Says::Titled(form, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyword(word: &str, rank: u8, value: u32, has_title: bool) -> Says {
        Says::Keyword { word: word.into(), rank, value, has_title }
    }

    #[test]
    fn blocks_are_read() {
        for (line, expected) in [
            ("CHAPTER I. The Start", Some(keyword("chapter", 2, 1, true))),
            ("Book the First--Recalled to Life", Some(keyword("book", 1, 1, true))),
            ("CHAPTER THE LAST", Some(keyword("chapter", 2, 0, false))),
            ("PREMIÈRE PARTIE", Some(keyword("partie", 1, 1, false))),
            ("第一百二十回 荐杜预", Some(keyword("回", 2, 120, true))),
            ("Песнь третия", Some(keyword("песнь", 2, 3, false))),
            ("IV.", Some(Says::Bare(Form::Roman, 4))),
            ("IV. The Hill", Some(Says::Titled(Form::Roman, 4))),
            ("I went home", Some(Says::Words)),
            ("3.2. Header", Some(Says::Dotted(vec![3, 2]))),
            ("9. Author's Address", Some(Says::Titled(Form::Arabic, 9))),
            ("PREFACE", Some(Says::Named)),
            ("CONTENTS", Some(Says::Contents)),
            ("by Somebody", None),
            ("[1] A note", None),
            ("lower case", None),
        ] {
            assert_eq!(says(line, 1), expected, "{line:?}");
        }
    }
}

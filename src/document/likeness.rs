//! Lines like this one: what a reader means who points at one heading and wants them all.
//!
//! Where the line has a number, other lines are like it that have the same words around a number
//! of the same kind (`Log entry 12` and `Log entry 13`). Where it has none, they are short lines
//! set in the same case. It must not know what becomes of them.

use std::collections::HashSet;

use crate::text::{Clean, clean_line};

use super::{BlockId, Position, Section};

/// Lines of one document that are taken as chapters together.
pub const LIKE_MAX: usize = 5000;
/// Numbered lines that stand together before they are a list.
const LISTED_MIN: usize = 3;
/// A line without a number that is longer heads nothing, in characters.
const TITLE_CHARS_MAX: usize = 80;

/// What lines have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The same words around numbers; each number stands as `#`.
    Words(String),
    /// Short, without an end of a sentence; all capitals or not.
    Short {
        /// Whether it has no small letters.
        capitals: bool,
    },
}

impl Likeness {
    /// What other lines share with this one. `None` where it is no line that could head anything.
    pub fn of(line: &str) -> Option<Likeness> {
        let line = line.trim();
        if line.is_empty() || line.chars().count() > TITLE_CHARS_MAX * 3 {
            return None;
        }
        let words = numbered(line);
        if words.contains('#') {
            return Some(Likeness::Words(words));
        }
        is_short(line).then(|| Likeness::Short { capitals: !line.chars().any(char::is_lowercase) })
    }

    /// Whether another line is like it. A title may follow the words of a numbered one.
    pub fn matches(&self, line: &str) -> bool {
        let line = line.trim();
        match self {
            Likeness::Words(words) => {
                let other = numbered(line);
                let head = words.split('#').next().unwrap_or_default();
                let stem = format!("{head}#");
                // `Chapter #: Title` is known by what stands before the number.
                other == *words
                    || !head.trim().is_empty()
                        && line.chars().count() <= TITLE_CHARS_MAX * 2
                        && other.starts_with(&stem)
            }
            Likeness::Short { capitals } => is_short(line) && *capitals != line.chars().any(char::is_lowercase),
        }
    }
}

/// The blocks of one line in a section that are like a line, with what they say. Numbered lines
/// of which many stand together, with no text between, are a printed list of contents, but for the
/// last where it says what no other says.
pub fn lines_like<'a>(section: &'a Section, likeness: &'a Likeness) -> impl Iterator<Item = (Position, Clean)> + 'a {
    let is_like = |block: BlockId| {
        let text = section.block_text(block).trim();
        !text.contains('\n') && likeness.matches(text)
    };
    let mut found: Vec<BlockId> = section.numbered_blocks().map(|(block, _)| block).filter(|b| is_like(*b)).collect();
    if matches!(likeness, Likeness::Words(_)) {
        let runs = || found.chunk_by(|a, b| a.0 + 1 == b.0);
        let text = |block: &BlockId| section.block_text(*block).trim();
        let sure: HashSet<&str> = runs().filter(|run| run.len() < LISTED_MIN).flatten().map(text).collect();
        // The last line of a list may head the text after it.
        let heads_text =
            |run: &&[BlockId]| run.len() < LISTED_MIN || run.last().is_some_and(|last| !sure.contains(text(last)));
        let headings = |run: &[BlockId]| {
            if run.len() < LISTED_MIN { run.to_vec() } else { run.last().copied().into_iter().collect() }
        };
        found = runs().filter(heads_text).flat_map(headings).collect();
    }
    found.into_iter().map(|block| (Position::new(section.id(), block, 0), clean_line(section.block_text(block).trim())))
}

fn is_short(line: &str) -> bool {
    (1..=TITLE_CHARS_MAX).contains(&line.chars().count())
        && line.chars().next().is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase())
        && !line.ends_with(['.', ',', ';', ':', '!', '?', '"', '”', '»', '。', '，'])
}

/// The line in one case, with `#` for each number: digits, and Roman numerals in capitals.
fn numbered(line: &str) -> String {
    let mut out = String::new();
    let mut words = line.split_inclusive(|c: char| !c.is_alphanumeric());
    for part in &mut words {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_number = word.chars().all(char::is_numeric) || word.bytes().all(|b| b"IVXLC".contains(&b));
        if is_number && !word.is_empty() {
            out.push('#');
        } else {
            out.extend(word.chars().flat_map(char::to_lowercase));
        }
        out.push_str(part.get(word.len()..).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, other: &str, is_like: bool) {
        assert_eq!(Likeness::of(line).is_some_and(|l| l.matches(other)), is_like, "{line} / {other}");
    }

    #[test]
    fn numbered_lines_are_like_each_other() {
        check("Log entry 12", "Log entry 131", true);
        check("Log entry 12", "LOG ENTRY 4", true);
        check("Log entry 12", "Log entry 4: the storm", true);
        check("Log entry 12", "Log book 4", false);
        check("IV.", "XII.", true);
        check("IV.", "IV. and so on", false);
        check("Day 3, evening", "Day 4, evening", true);
    }

    #[test]
    fn titles_are_like_titles_in_the_same_case() {
        check("THE HILL", "A HOUSE", true);
        check("THE HILL", "A house", false);
        check("The Hill", "A House", true);
        check("The Hill", "It was late.", false);
        check("The Hill", &"long ".repeat(40), false);
        check(&"long words ".repeat(40), "The Hill", false);
        check("", "", false);
    }
}

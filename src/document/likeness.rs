//! Lines like this one: what a reader means who points at one heading and wants them all.
//!
//! Where the line has a number, other lines are like it that have the same words around a number
//! of the same kind (`Log entry 12` and `Log entry 13`). Where it has none, they are short lines
//! set in the same case. It must not know what becomes of them.

use crate::text::{Clean, clean_line};

use super::{Position, Section};

/// Lines of one document that are taken as chapters together.
pub const LIKE_MAX: usize = 5000;
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

/// The blocks of one line in a section that are like a line, with what they say.
pub fn lines_like<'a>(section: &'a Section, likeness: &'a Likeness) -> impl Iterator<Item = (Position, Clean)> + 'a {
    section.numbered_blocks().filter_map(|(block, _)| {
        let text = section.block_text(block).trim();
        let is_like = !text.contains('\n') && likeness.matches(text);
        is_like.then(|| (Position::new(section.id(), block, 0), clean_line(text)))
    })
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

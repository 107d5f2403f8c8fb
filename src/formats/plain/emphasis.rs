//! `_Emphasis_` of typed texts: which underscores are marks and not letters.
//!
//! Only pairs count, at the edges of words and within one group of lines; every other underscore
//! stays in the text. It must not know blocks.

/// An underscore that is a mark: the line it is on and its byte in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Index of the line.
    pub line: usize,
    /// Byte of the underscore.
    pub at: usize,
}

/// Bytes that one pair may span: longer ones are two strays.
const SPAN_MAX: usize = 4096;

/// The marks of a group of lines, in order: first, third, … begin emphasis, the others end it.
pub fn marks<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut open: Option<(Mark, usize)> = None;
    let mut passed = 0;
    for (line, text) in lines.enumerate() {
        for (at, _) in text.match_indices('_') {
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let after = text.get(at + 1..).and_then(|t| t.chars().next());
            let mark = Mark { line, at };
            let ends_word = before.is_some_and(|c| !c.is_whitespace() && c != '_');
            let begins_word = after.is_some_and(|c| !c.is_whitespace() && c != '_');
            match open {
                Some((start, since)) if ends_word && !after.is_some_and(is_letter) => {
                    if passed + at - since <= SPAN_MAX {
                        marks.extend([start, mark]);
                    }
                    open = None;
                }
                _ if begins_word && !before.is_some_and(is_letter) => open = Some((mark, passed + at)),
                _ => {}
            }
        }
        passed += text.len() + 1;
    }
    marks
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, places: &[usize]) {
        let found: Vec<usize> = marks(text.lines()).iter().map(|m| m.at).collect();
        assert_eq!(found, places, "{text}");
    }

    #[test]
    fn pairs_at_word_edges_are_marks() {
        check("a _word_ b", &[2, 7]);
        check("(_word_)", &[1, 6]);
        check("_4 May._--I found", &[0, 7]);
        check("_one two\nthree_", &[0, 5]);
        check("_a_ and _b_", &[0, 2, 8, 10]);
    }

    #[test]
    fn others_are_letters() {
        for text in ["snake_case_name", "a _ b _", "_open", "open_", "__init__", "____", "a_b _c d"] {
            check(text, &[]);
        }
        check("_a _b_", &[3, 5]);
    }
}

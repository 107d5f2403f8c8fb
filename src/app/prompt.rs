//! One line to type in: for search and for filtering lists.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{clean, clean_line};

use super::keys::{Code, Key};

/// Bytes that one prompt takes; longer pastes are cut.
const BYTES_MAX: usize = 4096;

/// What is being typed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A search in the text.
    Search,
    /// A search towards the start.
    SearchBackward,
    /// A filter of the list.
    Filter,
}

/// What a key did to a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The line changed, or the cursor in it.
    Edited,
    /// The line is finished.
    Accepted,
    /// The line is given up.
    Cancelled,
}

/// A line with a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What it is for.
    pub purpose: Purpose,
    text: String,
    /// Byte offset of the cursor, between two clusters.
    cursor: usize,
}

impl Prompt {
    /// A prompt with some text in it, the cursor at the end.
    pub fn new(purpose: Purpose, text: &str) -> Prompt {
        Prompt { purpose, text: text.to_owned(), cursor: text.len() }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor.
    pub fn before_cursor(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or(&self.text)
    }

    /// Takes a key press.
    pub fn key(&mut self, key: Key) -> Typed {
        match (key.code, key.ctrl, key.alt) {
            (Code::Enter, ..) | (Code::Char('j' | 'm'), true, _) => return Typed::Accepted,
            (Code::Esc, ..) | (Code::Char('c' | 'g'), true, _) => return Typed::Cancelled,
            (Code::Backspace, ..) | (Code::Char('h'), true, _) => {
                // Backspace in an empty line leaves it, as in less and vim.
                if self.text.is_empty() {
                    return Typed::Cancelled;
                }
                self.delete(self.left(), self.cursor);
            }
            (Code::Delete, ..) | (Code::Char('d'), true, _) => self.delete(self.cursor, self.right()),
            (Code::Char('u'), true, _) => self.delete(0, self.cursor),
            (Code::Char('k'), true, _) => self.delete(self.cursor, self.text.len()),
            (Code::Char('w'), true, _) => self.delete(self.word_left(), self.cursor),
            (Code::Left, ..) | (Code::Char('b'), true, _) => self.cursor = self.left(),
            (Code::Right, ..) | (Code::Char('f'), true, _) => self.cursor = self.right(),
            (Code::Home, ..) | (Code::Char('a'), true, _) => self.cursor = 0,
            (Code::End, ..) | (Code::Char('e'), true, _) => self.cursor = self.text.len(),
            (Code::Char(c), false, false) => self.insert(c.encode_utf8(&mut [0; 4])),
            _ => {}
        }
        Typed::Edited
    }

    /// Puts text at the cursor, cleaned and on one line.
    pub fn insert(&mut self, raw: &str) {
        // A space that is typed by itself is meant, of whatever kind.
        let clean = if raw.trim().is_empty() { clean(raw) } else { clean_line(raw) };
        let text = clean.trim_matches('\n');
        let room = BYTES_MAX.saturating_sub(self.text.len());
        let text = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        if self.text.is_char_boundary(self.cursor) {
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
        }
    }

    fn delete(&mut self, from: usize, to: usize) {
        if from <= to && self.text.is_char_boundary(from) && self.text.is_char_boundary(to) {
            self.text.replace_range(from..to, "");
            self.cursor = from;
        }
    }

    fn left(&self) -> usize {
        self.before_cursor().grapheme_indices(true).next_back().map_or(0, |(i, _)| i)
    }

    fn right(&self) -> usize {
        let after = self.text.get(self.cursor..).unwrap_or_default();
        self.cursor + after.graphemes(true).next().map_or(0, str::len)
    }

    fn word_left(&self) -> usize {
        let before = self.before_cursor().trim_end();
        before.rfind(char::is_whitespace).map_or(0, |i| i + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keys: &str, expected: &str) {
        let mut prompt = Prompt::new(Purpose::Search, "");
        for key in keys.split(' ') {
            assert_eq!(prompt.key(key.parse().unwrap()), Typed::Edited, "{key}");
        }
        let (before, after) = prompt.text().split_at(prompt.before_cursor().len());
        assert_eq!(format!("{before}|{after}"), expected, "{keys}");
    }

    #[test]
    fn editing() {
        check("a b c", "abc|");
        check("a b left c", "ac|b");
        check("é 日 backspace", "é|");
        check("a b space c d ctrl-w", "ab |");
        check("a b c ctrl-a delete", "|bc");
        check("a b left ctrl-u", "|b");
        check("a b home ctrl-k", "|");
    }

    #[test]
    fn pasted_text_is_cleaned_and_bounded() {
        let mut prompt = Prompt::new(Purpose::Search, "");
        prompt.insert("a\u{1b}[31m\nb");
        assert_eq!(prompt.text(), "a␛[31m b");
        prompt.insert(&"é".repeat(10_000));
        assert!(prompt.text().len() <= BYTES_MAX);
    }

    #[test]
    fn enter_escape_and_backspace_end_it() {
        let mut prompt = Prompt::new(Purpose::Search, "a");
        assert_eq!(prompt.key(Key::plain(Code::Enter)), Typed::Accepted);
        assert_eq!(prompt.key(Key::plain(Code::Esc)), Typed::Cancelled);
        assert_eq!(prompt.key(Key::plain(Code::Backspace)), Typed::Edited);
        assert_eq!(prompt.key(Key::plain(Code::Backspace)), Typed::Cancelled);
    }
}

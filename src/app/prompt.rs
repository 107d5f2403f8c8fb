//! One line to type in: for search, for filtering lists, for titles.

use super::field::Field;
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
    /// A title for the mark with this number.
    Rename(u64),
    /// The title of a chapter.
    Chapter,
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
    field: Field,
}

impl Prompt {
    /// A prompt with some text in it, the cursor at the end.
    pub fn new(purpose: Purpose, text: &str) -> Prompt {
        Prompt { purpose, field: Field::new(text, false, BYTES_MAX) }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.field.text()
    }

    /// What stands before the cursor.
    pub fn before_cursor(&self) -> &str {
        self.field.before_cursor()
    }

    /// Takes a key press.
    pub fn key(&mut self, key: Key) -> Typed {
        match (key.code, key.ctrl, key.alt) {
            (Code::Enter, ..) | (Code::Char('j' | 'm'), true, _) => return Typed::Accepted,
            (Code::Esc, ..) | (Code::Char('c' | 'g'), true, _) => return Typed::Cancelled,
            // Backspace in an empty line leaves it, as in less and vim.
            (Code::Backspace, ..) | (Code::Char('h'), true, _) if self.text().is_empty() => return Typed::Cancelled,
            _ => {
                self.field.key(key);
            }
        }
        Typed::Edited
    }

    /// Puts text at the cursor, cleaned and on one line.
    pub fn insert(&mut self, raw: &str) {
        self.field.insert(raw);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_escape_and_backspace_end_it() {
        let mut prompt = Prompt::new(Purpose::Search, "a");
        assert_eq!(prompt.key(Key::plain(Code::Enter)), Typed::Accepted);
        assert_eq!(prompt.key(Key::plain(Code::Esc)), Typed::Cancelled);
        assert_eq!(prompt.key(Key::plain(Code::Backspace)), Typed::Edited);
        assert_eq!(prompt.key(Key::plain(Code::Backspace)), Typed::Cancelled);
    }
}

//! One line to type in: for search, for filtering lists, for titles.

use super::field::Field;
use super::keys::{Code, Key};

/// Bytes that one prompt takes; longer pastes are cut.
const BYTES_MAX: usize = 4096;
/// Earlier lines that are kept.
const EARLIER_MAX: usize = 50;

/// What is being typed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A search in the text.
    Search,
    /// A search towards the start.
    SearchBackward,
    /// A filter of the list.
    Filter,
    /// A title for the mark with this identity.
    Rename(String),
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
    earlier: Earlier,
    /// How many lines back the one that is shown was typed, and what was typed before it was
    /// called up.
    back: usize,
    typed: String,
}

/// Lines that were typed before, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier(Vec<String>);

impl Earlier {
    /// Keeps a line, once.
    pub fn keep(&mut self, line: &str) {
        self.0.retain(|other| other != line);
        self.0.insert(0, line.to_owned());
        self.0.truncate(EARLIER_MAX);
    }
}

impl Prompt {
    /// A prompt with some text in it, the cursor at the end.
    pub fn new(purpose: Purpose, text: &str) -> Prompt {
        let field = Field::new(text, false, BYTES_MAX);
        Prompt { purpose, field, earlier: Earlier::default(), back: 0, typed: String::new() }
    }

    /// The same, with lines to call up.
    pub fn with_earlier(self, earlier: Earlier) -> Prompt {
        Prompt { earlier, ..self }
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
            (Code::Up, ..) | (Code::Char('p'), true, _) => self.call_up(self.back + 1),
            (Code::Down, ..) | (Code::Char('n'), true, _) => self.call_up(self.back.saturating_sub(1)),
            _ => {
                self.field.key(key);
            }
        }
        Typed::Edited
    }

    /// Shows a line that was typed before; the one that is being typed is 0 lines back.
    fn call_up(&mut self, back: usize) {
        if self.back == 0 {
            self.typed = self.text().to_owned();
        }
        let line = back.checked_sub(1).map_or(Some(&self.typed), |index| self.earlier.0.get(index));
        if let Some(line) = line {
            self.field = Field::new(line, false, BYTES_MAX);
            self.back = back;
        }
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

    #[test]
    fn earlier_lines_are_called_up() {
        let mut earlier = Earlier::default();
        for line in ["one", "two", "one"] {
            earlier.keep(line);
        }
        let mut prompt = Prompt::new(Purpose::Search, "").with_earlier(earlier);
        prompt.insert("new");
        for (key, expected) in [
            (Code::Down, "new"),
            (Code::Up, "one"),
            (Code::Up, "two"),
            (Code::Up, "two"),
            (Code::Down, "one"),
            (Code::Down, "new"),
        ] {
            prompt.key(Key::plain(key));
            assert_eq!(prompt.text(), expected, "{key:?}");
        }
    }
}

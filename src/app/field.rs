//! Text that is being typed, with a cursor: one line, or the lines of a note.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{clean, clean_line};

use super::keys::{Code, Key};

/// A text with a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    text: String,
    /// Byte offset of the cursor, between two clusters.
    cursor: usize,
    has_lines: bool,
    /// Bytes it takes. A line that would be longer is cut; to several nothing is added that does
    /// not fit whole.
    room: usize,
}

impl Field {
    /// A field of one line or of several, with some text in it and the cursor at the end. It
    /// takes at most `room` bytes, or as many as several lines have already.
    pub fn new(text: &str, has_lines: bool, room: usize) -> Field {
        let free = if has_lines { usize::MAX } else { room };
        let mut field = Field { text: String::new(), cursor: 0, has_lines, room: free };
        field.insert(text);
        field.room = room.max(field.text.len());
        field
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor.
    pub fn before_cursor(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or(&self.text)
    }

    /// Takes a key that types or edits; other keys change nothing. Whether there was room.
    pub fn key(&mut self, key: Key) -> bool {
        match (key.code, key.ctrl, key.alt) {
            (Code::Enter, false, false) if self.has_lines => return self.put("\n"),
            (Code::Backspace, ..) | (Code::Char('h'), true, _) => self.delete(self.left(), self.cursor),
            (Code::Delete, ..) | (Code::Char('d'), true, _) => self.delete(self.cursor, self.right()),
            (Code::Char('u'), true, _) => self.delete(self.line_start(), self.cursor),
            (Code::Char('k'), true, _) => self.delete(self.cursor, self.line_end()),
            (Code::Char('w'), true, _) => self.delete(self.word_left(), self.cursor),
            (Code::Left, ..) | (Code::Char('b'), true, _) => self.cursor = self.left(),
            (Code::Right, ..) | (Code::Char('f'), true, _) => self.cursor = self.right(),
            (Code::Home, ..) | (Code::Char('a'), true, _) => self.cursor = self.line_start(),
            (Code::End, ..) | (Code::Char('e'), true, _) => self.cursor = self.line_end(),
            (Code::Up, ..) => self.go_up(),
            (Code::Down, ..) => self.go_down(),
            (Code::Char(c), false, false) => return self.insert(c.encode_utf8(&mut [0; 4])),
            _ => {}
        }
        true
    }

    /// Puts text at the cursor, cleaned; in a field of one line, on one line. Whether
    /// there was room for it.
    pub fn insert(&mut self, raw: &str) -> bool {
        // Terminals send the ends of pasted lines as the enter key does.
        let raw = &raw.replace("\r\n", "\n").replace('\r', "\n");
        // A space that is typed by itself is meant, of whatever kind.
        if self.has_lines || raw.trim().is_empty() {
            let text = clean(raw);
            self.put(if self.has_lines { &text } else { text.trim_matches('\n') })
        } else {
            self.put(clean_line(raw).trim_matches('\n'))
        }
    }

    fn put(&mut self, text: &str) -> bool {
        let room = self.room.saturating_sub(self.text.len());
        let has_room = text.len() <= room;
        let taken = if has_room { text.len() } else { text.floor_char_boundary(room) };
        let text = text.get(..taken).filter(|_| has_room || !self.has_lines).unwrap_or_default();
        if self.text.is_char_boundary(self.cursor) {
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
        }
        has_room
    }

    fn delete(&mut self, from: usize, to: usize) {
        if from <= to && self.text.is_char_boundary(from) && self.text.is_char_boundary(to) {
            self.text.replace_range(from..to, "");
            self.cursor = from;
        }
    }

    fn after_cursor(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    fn left(&self) -> usize {
        self.before_cursor().grapheme_indices(true).next_back().map_or(0, |(i, _)| i)
    }

    fn right(&self) -> usize {
        self.cursor + self.after_cursor().graphemes(true).next().map_or(0, str::len)
    }

    fn word_left(&self) -> usize {
        let before = self.before_cursor().trim_end();
        before.rfind(char::is_whitespace).map_or(0, |i| i + 1)
    }

    fn line_start(&self) -> usize {
        self.before_cursor().rfind('\n').map_or(0, |i| i + 1)
    }

    fn line_end(&self) -> usize {
        self.cursor + self.after_cursor().find('\n').unwrap_or(self.after_cursor().len())
    }

    fn go_up(&mut self) {
        let start = self.line_start();
        if start > 0 {
            let above = self.text.get(..start - 1).unwrap_or_default();
            self.go_in_line(above.rfind('\n').map_or(0, |i| i + 1));
        }
    }

    fn go_down(&mut self) {
        let end = self.line_end();
        if end < self.text.len() {
            self.go_in_line(end + 1);
        }
    }

    /// Goes to the line that begins at an offset, as far into it as the cursor is in its own.
    fn go_in_line(&mut self, start: usize) {
        let column = self.text.get(self.line_start()..self.cursor).unwrap_or_default().graphemes(true).count();
        let line = self.text.get(start..).unwrap_or_default();
        let line = line.get(..line.find('\n').unwrap_or(line.len())).unwrap_or_default();
        self.cursor = start + line.grapheme_indices(true).nth(column).map_or(line.len(), |(i, _)| i);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(has_lines: bool, keys: &str, expected: &str) {
        let mut field = Field::new("", has_lines, 100);
        for key in keys.split(' ') {
            field.key(key.parse().unwrap());
        }
        let (before, after) = field.text().split_at(field.before_cursor().len());
        assert_eq!(format!("{before}|{after}"), expected, "{keys}");
    }

    #[test]
    fn editing() {
        check(false, "a b c", "abc|");
        check(false, "a b left c", "ac|b");
        check(false, "é 日 backspace", "é|");
        check(false, "a b space c d ctrl-w", "ab |");
        check(false, "a b c ctrl-a delete", "|bc");
        check(false, "a b left ctrl-u", "|b");
        check(false, "a b home ctrl-k", "|");
        check(false, "a enter b up", "ab|");
    }

    #[test]
    fn editing_lines() {
        check(true, "a b enter c", "ab\nc|");
        check(true, "a b enter c up x", "ax|b\nc");
        check(true, "a b enter c home backspace", "ab|c");
        check(true, "a b enter c up home down x", "ab\nx|c");
        check(true, "a b enter c d ctrl-u", "ab\n|");
        check(true, "a enter enter b up up up", "|a\n\nb");
    }

    #[test]
    fn what_is_put_in_is_clean_and_bounded() {
        let mut field = Field::new("a\u{1b}[31m\nb", true, 100);
        assert_eq!(field.text(), "a␛[31m\nb");
        field.insert(&"é".repeat(1000));
        assert_eq!(field.text(), "a␛[31m\nb", "all of it or nothing");
        assert!(field.insert("é") && !field.insert(&"é".repeat(46)) && field.insert(&"é".repeat(44)));
        assert_eq!(field.text().len(), 100);
        assert_eq!(Field::new("a\nb", false, 100).text(), "a b");
        assert_eq!(Field::new(&"é".repeat(60), false, 99).text().len(), 98);
        // What is there is never cut, nor does it grow.
        let mut long = Field::new(&"é".repeat(60), true, 99);
        assert!(!long.key("x".parse().unwrap()) && long.key("backspace".parse().unwrap()));
        assert_eq!(long.text().len(), 118);
        for (has_lines, kept) in [(true, "one\ntwo\nthree"), (false, "one two three")] {
            let mut pasted = Field::new("", has_lines, 100);
            pasted.insert("one\rtwo\r\nthree");
            assert_eq!(pasted.text(), kept);
        }
    }
}

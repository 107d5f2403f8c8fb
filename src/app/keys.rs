//! Keys as the program knows them, independent of the library that reads them, and their
//! notation (`ctrl-d`, `space`, `G`).

use std::fmt;
use std::str::FromStr;

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A key that types a character. Shift is in the character: `G`, not shift-`g`.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Shift and tabulator.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 35.
    F(u8),
}

/// A key press with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With control. The character is then in lower case.
    pub ctrl: bool,
    /// With alt (meta, option).
    pub alt: bool,
    /// With shift, for keys that type no character.
    pub shift: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Key {
        Key { code, ctrl: false, alt: false, shift: false }
    }

    /// A character key without modifiers.
    pub const fn char(c: char) -> Key {
        Key::plain(Code::Char(c))
    }

    /// A character key with control.
    pub const fn ctrl(c: char) -> Key {
        Key { ctrl: true, ..Key::char(c) }
    }
}

/// Letters of other scripts, and what the same keys type with a Latin layout of the same keyboard:
/// Russian and Ukrainian (JCUKEN), Greek.
pub(super) const LAYOUTS: [(&str, &str); 4] = [
    ("ёйцукенгшщзхъфывапролджэячсмитьбюіїє", "`qwertyuiop[]asdfghjkl;'zxcvbnm,.s]'"),
    ("ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮІЇЄ", "~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>S}\""),
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),
    ("ΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ", "ERTYUIOPASDFGHJKLZXCVBNM"),
];

impl Key {
    /// The key of a Latin layout that a letter of another script is on: hands know keys by their
    /// places.
    pub fn on_latin_layout(self) -> Key {
        let Code::Char(letter) = self.code else { return self };
        let place = |(own, latin): &(&str, &str)| latin.chars().nth(own.chars().position(|c| c == letter)?);
        LAYOUTS.iter().find_map(place).map_or(self, |latin| Key { code: Code::Char(latin), ..self })
    }
}

/// The keys with names, in their notation.
const NAMES: &[(&str, Code)] = &[
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backtab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
];

/// Not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAKey;

impl FromStr for Key {
    type Err = NotAKey;

    /// Reads one key: a character, a name, or one of these after `ctrl-`, `alt-`, `shift-`.
    fn from_str(text: &str) -> Result<Key, NotAKey> {
        let mut key = Key::plain(Code::Esc);
        let mut rest = text;
        loop {
            rest = if let Some(more) = rest.strip_prefix("ctrl-") {
                key.ctrl = true;
                more
            } else if let Some(more) = rest.strip_prefix("alt-") {
                key.alt = true;
                more
            } else if let Some(more) = rest.strip_prefix("shift-") {
                key.shift = true;
                more
            } else {
                break;
            };
        }
        let mut characters = rest.chars();
        key.code = match (characters.next(), characters.next()) {
            (Some(c), None) => Code::Char(c),
            _ => match NAMES.iter().find(|(name, _)| *name == rest) {
                Some((_, code)) => *code,
                None => {
                    let number = rest.strip_prefix('f').and_then(|n| n.parse().ok()).filter(|n| (1..=35).contains(n));
                    Code::F(number.ok_or(NotAKey)?)
                }
            },
        };
        Ok(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        match (NAMES.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, Code::Char(c)) => write!(f, "{c}"),
            (None, Code::F(n)) => write!(f, "f{n}"),
            (None, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_reads_what_it_writes() {
        for text in ["j", "G", "ctrl-d", "space", "alt-right", "f12", "-", "shift-tab", "ctrl-alt-x", "'", "?", "é"] {
            assert_eq!(text.parse::<Key>().map(|k| k.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "jj", "ctrl-", "f0", "f99", "hyper-x"] {
            assert_eq!(text.parse::<Key>(), Err(NotAKey), "{text:?}");
        }
    }
}

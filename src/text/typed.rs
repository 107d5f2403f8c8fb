//! What typewriters and terminals leave in a text: letters struck twice to be bold or over a line
//! to be underlined (`man`), and colours (`git`).
//!
//! Only what cannot hide anything is taken out: a letter struck over another one, and every
//! sequence that does more than change the look, stays and is seen.

use std::borrow::Cow;

use memchr::memchr2;

/// The backspace between two letters that are struck on one place.
const BACK: char = '\u{8}';
/// How the sequences of a terminal begin (ECMA-48, CSI).
const SEQUENCE: &str = "\u{1b}[";

/// A text without overstrikes and colours.
pub fn untyped(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr2(BACK as u8, 0x1B, text.as_bytes()).is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if let Some(end) = rest.strip_prefix(SEQUENCE).and_then(look) {
            rest = rest.get(SEQUENCE.len() + end..).unwrap_or_default();
            continue;
        }
        if c == BACK
            && let (Some(under), Some(over)) = (out.chars().next_back(), after.chars().next())
            && (under == over || under == '_' || over == '_')
            && ![under, over].iter().any(|c| c.is_control())
        {
            if under == '_' {
                out.pop();
                out.push(over);
            }
            rest = after.get(over.len_utf8()..).unwrap_or_default();
            continue;
        }
        out.push(c);
        rest = after;
    }
    Cow::Owned(out)
}

/// Bytes of a sequence after its beginning, if all that it does is change how letters look (SGR)
/// or clear the rest of a line (EL), as `grep` and compilers do beside their colours.
fn look(sequence: &str) -> Option<usize> {
    let numbers = sequence.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':')).count();
    matches!(sequence.as_bytes().get(numbers), Some(b'm' | b'K')).then_some(numbers + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, text: &str) {
        assert_eq!(untyped(Cow::Borrowed(typed)), text);
    }

    #[test]
    fn letters_struck_twice_are_letters() {
        check("N\u{8}NA\u{8}AM\u{8}ME\u{8}E", "NAME");
        check("_\u{8}f_\u{8}i_\u{8}l_\u{8}e", "file");
        check("é\u{8}é \u{2014}\u{8}\u{2014} f\u{8}_", "é — f");
        check("_\u{8}_\u{8}_ a\u{8}a\u{8}a", "_ a");
        check("_\u{8}b\u{8}b", "b");
    }

    #[test]
    fn colours_are_not_read() {
        check("\u{1b}[33mcommit\u{1b}[m \u{1b}[1;38;5;9mred\u{1b}[0m\u{1b}[K", "commit red");
        check("\u{1b}[38:2::1:2:3mx", "x");
    }

    #[test]
    fn what_could_hide_something_stays() {
        for text in [
            "rm\u{8}\u{8}ls",
            "a\u{8}b",
            "\u{8}a",
            "a\u{8}",
            "\n\u{8}\n",
            "\u{1b}[2J",
            "\u{1b}[8",
            "\u{1b}",
            "\u{1b}]0;t\u{7}",
        ] {
            check(text, text);
        }
    }
}

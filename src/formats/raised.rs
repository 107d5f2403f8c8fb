//! Text that stands higher than its line, as a terminal can show it: numbers by the characters that Unicode
//! has for them. It must not know what they say: a power, a note, a century.

use std::borrow::Cow;

/// Raised text as it is written after a character: in raised characters where all of it can be, else with a
/// sign (`^`) where it would read on as a part of the number or the word before it. What leads somewhere
/// (`is_sign`) is the sign of a note, whose letters are no numbers.
pub fn raised(text: &str, before: char, is_sign: bool) -> Cow<'_, str> {
    let words = text.trim();
    let has_digit = words.contains(|c: char| c.is_ascii_digit());
    let is_number = has_digit && words.chars().all(|c| character(c).is_some() || is_between(c));
    let is_power = matches!(text, "n" | "i") && !is_sign && before.is_alphanumeric();
    if is_number || is_power {
        return text.chars().map(|c| character(c).unwrap_or(c)).collect::<String>().into();
    }
    // A term, as in `2n` and `n/2`: what ordinals have (`th`, `a`) needs no sign.
    let is_term = has_digit && words.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '+' | '-' | '−'));
    if is_term && !is_sign && before.is_alphanumeric() && words.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return format!("^{text}").into();
    }
    text.into()
}

/// What stands between numbers (notes 1, 3–5) and needs no other form.
fn is_between(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | ',' | ';' | '–')
}

/// The raised form of a character (Unicode's block of superscripts).
fn character(c: char) -> Option<char> {
    Some(match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32(u32::from('⁴') + u32::from(c) - u32::from('4'))?,
        '+' => '⁺',
        '-' | '−' => '⁻',
        '=' => '⁼',
        '(' => '⁽',
        ')' => '⁾',
        'n' => 'ⁿ',
        'i' => 'ⁱ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_raised_and_words_stay() {
        for (text, expected) in [
            ("10", "¹⁰"),
            ("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
            ("−1", "⁻¹"),
            ("(2)", "⁽²⁾"),
            (" 3, 4–5", " ³, ⁴–⁵"),
            ("n", "ⁿ"),
            ("2n", "²ⁿ"),
            ("2k", "^2k"),
            ("n/2", "^n/2"),
            ("n+1", "ⁿ⁺¹"),
            ("th", "th"),
            ("ii", "ii"),
            ("[43]", "[43]"),
            ("*", "*"),
            ("", ""),
        ] {
            assert_eq!(raised(text, 'x', false), expected, "{text}");
        }
        assert_eq!(raised("2k", ' ', false), "2k");
        assert_eq!(["n", "2k", "12"].map(|text| raised(text, 'x', true)), ["n", "2k", "¹²"]);
    }
}

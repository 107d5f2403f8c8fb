//! Text that stands higher than its line, as a terminal can show it: numbers by the characters that Unicode
//! has for them, terms with the sign of a power (`^`). It must not know where such text comes from.

/// How a raised text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// In raised characters, by [`number`].
    Number,
    /// In brackets after the sign of a power, as it would read on as a part of the number before it.
    Term,
    /// As it is: ordinals (`th`), signs of notes that are no numbers.
    Plain,
}

impl Raised {
    /// How the whole of a raised text is written after a word; `before` is empty after a space. What leads
    /// somewhere (`is_sign`) is the sign of a note and no power; `is_nested` says that something in it is raised
    /// or lowered once more.
    pub fn of(text: &str, before: &str, is_sign: bool, is_nested: bool) -> Raised {
        let text = text.trim();
        let has_digit = text.contains(|c: char| c.is_ascii_digit());
        let has_operator = text.contains(['+', '-', '−', '/', '*', '·', '=']);
        let is_bare = !text.is_empty() && text.chars().all(|c| character(c).is_some());
        let is_power = !is_sign && takes_power(before);
        if !is_nested && (number(text).is_some() || is_power && is_bare && text.chars().count() == 1) {
            return Raised::Number;
        }
        let is_term = |c: char| c.is_alphanumeric() || " .,()+-−/*·=".contains(c);
        if is_power && (is_nested || has_digit || has_operator) && text.chars().all(is_term) {
            Raised::Term
        } else {
            Raised::Plain
        }
    }
}

/// A number, or numbers with what stands between them (notes 1, 3–5), in raised characters; none where anything
/// else is in the text.
pub fn number(text: &str) -> Option<String> {
    let is_between = |c: char| matches!(c, ' ' | '\u{a0}' | ',' | ';' | '–');
    let is_number = text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| character(c).is_some() || is_between(c) || c.is_ascii_whitespace());
    is_number.then(|| characters(text))
}

/// A text with those of its characters raised that can be.
pub fn characters(text: &str) -> String {
    text.chars().map(|c| character(c).unwrap_or(c)).collect()
}

/// Whether a word ends in what can have a power: a number, a bracket, a letter by itself.
fn takes_power(word: &str) -> bool {
    let mut ends = word.chars().rev();
    match ends.next() {
        Some(c) if c.is_alphabetic() => !ends.next().is_some_and(char::is_alphabetic),
        Some(c) => c.is_numeric() || matches!(c, ')' | ']' | '}'),
        None => false,
    }
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
    fn numbers_are_raised_terms_bracketed_and_words_stay() {
        use Raised::{Number, Plain, Term};
        for (before, text, how) in [
            ("2", "10", Number),
            ("word", "12", Number),
            ("", "12", Number),
            ("word", " 3, 4–5", Number),
            ("10", "-3", Number),
            ("x", "n", Number),
            ("Na", "+", Plain),
            ("2", "n+1", Number),
            ("2", "2n", Number),
            ("2", "2k", Term),
            ("x", "n/2", Term),
            ("(a+b)", "k+1", Term),
            ("10", "1.5", Term),
            ("word", "12a", Plain),
            ("word", "n", Plain),
            ("4", "th", Plain),
            ("1", "er", Plain),
            ("N", "o", Plain),
            ("word", "[43]", Plain),
            ("word", "*", Plain),
            ("", "3M", Plain),
            ("2", "", Plain),
        ] {
            assert_eq!(Raised::of(text, before, false, false), how, "{before}^{text}");
        }
        assert_eq!((Raised::of("23", "2", false, true), Raised::of("a2", "word", false, true)), (Term, Plain));
        assert_eq!(["n", "2k", "12"].map(|text| Raised::of(text, "2", true, false)), [Plain, Plain, Number]);
        assert_eq!(number("0123456789, −1").as_deref(), Some("⁰¹²³⁴⁵⁶⁷⁸⁹, ⁻¹"));
        assert_eq!((number("n"), number("a1")), (None, None));
    }
}

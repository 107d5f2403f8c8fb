//! What one line shows by its signs: a rule, an underline, a list marker, the source of a motto.
//!
//! It must not know what stands around the line, but for the lines that are underlined.

use super::lines::Line;

/// Columns of a line that may name a source.
const ATTRIBUTION_COLUMNS: u32 = 80;

/// Whether a line parts sayings, as in the files of `fortune`. One alone is a sign like any other.
pub fn parts_sayings(line: &Line) -> bool {
    line.indent == 0 && line.text == "%"
}

/// Whether a line draws a break: `* * *`, `-----`, `⁂`.
pub fn is_rule(text: &str) -> bool {
    if text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    let mut signs = text.chars().filter(|c| !c.is_whitespace());
    let Some(first) = signs.next() else { return false };
    if matches!(first, '⁂' | '❦' | '☙' | '❧') {
        return signs.all(|c| c == first);
    }
    if !matches!(
        first,
        '*' | '-'
            | '_'
            | '='
            | '~'
            | '—'
            | '–'
            | '─'
            | '━'
            | '═'
            | '#'
            | '·'
            | '•'
            | '＊'
            | '☆'
            | '★'
            | '◇'
            | '+'
    ) {
        return false;
    }
    // Lines under the columns of a table are part of it.
    if text.split_whitespace().nth(1).is_some() && text.split_whitespace().any(|part| part.chars().count() > 3) {
        return false;
    }
    signs.try_fold(1usize, |count, c| (c == first).then_some(count + 1)).is_some_and(|count| count >= 3)
}

/// Whether a line underlines the lines above it: as long as they are, more or less.
pub fn is_underline(line: &Line, above: &[Line]) -> bool {
    let Some(last) = above.last() else { return false };
    let is_solid = !line.text.contains(' ') && line.text.starts_with(['=', '-', '~', '*', '─', '━', '═', '_']);
    let slack = (last.width / 4).max(3);
    is_solid && above.len() <= 2 && line.width.abs_diff(last.width) <= slack && !ends_in_comma(last.text)
}

fn ends_in_comma(text: &str) -> bool {
    text.ends_with([',', ';'])
}

/// Whether a line names the source of what is above it: a dash and a name.
pub fn is_attribution(line: &Line) -> bool {
    let name = line.text.trim_start_matches(['_', '(', '[']);
    let dashes = ["——", "—", "--", "―", "–"];
    let Some(name) = dashes.iter().find_map(|dash| name.strip_prefix(dash)) else { return false };
    let name = name.trim_start();
    let begins = name.trim_start_matches(['_', '《', '〈', '“', '"', '«']).chars().next();
    let is_name = begins.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    is_name
        && line.width <= ATTRIBUTION_COLUMNS
        && !name.ends_with(['!', '?', ',', ';', ':', '…', '”', '»'])
        && !name.contains(" — ")
}

/// The marker that begins a list item, and the bytes up to the item's text.
pub fn marker(text: &str) -> Option<(&str, usize)> {
    let (sign, rest) = text.split_once([' ', '\t'])?;
    let text_at = text.len() - rest.trim_start().len();
    if rest.trim_start().is_empty() {
        return None;
    }
    if matches!(sign, "-" | "*" | "•" | "+" | "–" | "·" | "▪" | "◦" | "o") {
        return Some((sign, text_at));
    }
    let body = sign.strip_prefix(['(', '[']).unwrap_or(sign);
    let (body, end) = [')', '.', ']'].iter().find_map(|end| Some((body.strip_suffix(*end)?, *end)))?;
    let is_number = (1..=3).contains(&body.len()) && body.bytes().all(|b| b.is_ascii_digit());
    // A letter and a full stop abbreviate a word (`p. 173`).
    let is_letter = end == ')' && body.len() == 1 && body.bytes().all(|b| b.is_ascii_lowercase());
    (is_number || is_letter).then_some((sign, text_at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::plain::grid::LineEnds;
    use crate::formats::plain::lines::split;

    #[test]
    fn rules_are_of_one_sign() {
        for text in ["***", "* * *", "-----", "⁂", "=  =  =", "— — —", "***   ***"] {
            assert!(is_rule(text), "{text}");
        }
        for text in ["**", "- -", "-*-", "---- ----", "--- a", "%", ""] {
            assert!(!is_rule(text), "{text}");
        }
    }

    #[test]
    fn a_dash_and_a_name_are_a_source() {
        let is_source = |text| is_attribution(&split(text, LineEnds::Lf)[0]);
        for text in ["— Karl Marx", "--A. Nyman, 1917", "——《山》", "― Anon.", "—_The Hill_"] {
            assert!(is_source(text), "{text}");
        }
        for text in ["— why not?", "— Go!", "Karl Marx", "— Why, said he — and went", "—"] {
            assert!(!is_source(text), "{text}");
        }
    }

    #[test]
    fn markers_begin_items() {
        for (text, sign) in [("- a", "-"), ("12. a", "12."), ("(b) c", "(b)"), ("3)\tx", "3)"), ("•  x", "•")] {
            assert_eq!(marker(text).map(|(sign, _)| sign), Some(sign), "{text}");
        }
        assert_eq!(marker("-  x").map(|(_, at)| at), Some(3));
        for text in ["-a", "1917. a", "p. 173", "word x", "-", "- ", "A. Nyman"] {
            assert_eq!(marker(text), None, "{text}");
        }
    }
}

//! Names of members: as they are written, decoded, resolved and compared. Pure functions on text.

use std::borrow::Cow;

/// What byte 0x80 and the following mean where a name is not UTF-8: code page 437, which the
/// format prescribes.
const UPPER_HALF: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// The text of a name: UTF-8 whether it is flagged so or not, else code page 437.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(name) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(name);
    }
    let upper: Vec<char> = UPPER_HALF.chars().collect();
    let char_of = |&b: &u8| upper.get(usize::from(b).wrapping_sub(0x80)).copied().unwrap_or(char::from(b));
    Cow::Owned(bytes.iter().map(char_of).collect())
}

/// A path without dots, empty steps and back-slashes. As in the addresses of the web no step
/// leads above the top, so that no path leaves the archive. `None` for one that names nothing.
pub fn normalise(path: &str) -> Option<String> {
    let mut steps = Vec::new();
    for step in path.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    (!steps.is_empty()).then(|| steps.join("/"))
}

/// A text with its `%41` decoded. What is no such code, or would give no UTF-8, stays.
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let digit = |b: Option<&u8>| b.and_then(|&b| char::from(b).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2))).filter(|_| byte == b'%');
        out.push(code.map_or(byte, |(high, low)| (high * 16 + low) as u8));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A name without regard to case.
pub fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// A name without regard to how its accents are written (é as one character or as two): every
/// stretch of characters beyond ASCII becomes one sign, with the letter that its first mark
/// stands on. Some systems store file names taken apart, while books refer to them put together.
pub fn skeleton(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        let is_mark = matches!(c, '\u{300}'..='\u{36F}');
        if is_mark && out.ends_with(|b: char| b.is_ascii_alphabetic()) {
            out.pop();
        }
        if !out.ends_with('\u{FFFD}') {
            out.push('\u{FFFD}');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for (path, name) in [
            ("OEBPS/c1.xhtml", Some("OEBPS/c1.xhtml")),
            ("./OEBPS//./x/../c1.xhtml", Some("OEBPS/c1.xhtml")),
            ("/OEBPS\\c1.xhtml", Some("OEBPS/c1.xhtml")),
            ("../c1.xhtml", Some("c1.xhtml")),
            ("a/../../etc/passwd", Some("etc/passwd")),
            ("..\\..\\x", Some("x")),
            ("a/..", None),
            ("", None),
            ("./", None),
        ] {
            assert_eq!(normalise(path).as_deref(), name, "{path:?}");
        }
    }

    #[test]
    fn percent_codes() {
        for (coded, plain) in [
            ("a%20b%C3%A9", "a bé"),
            ("%zz%", "%zz%"),
            ("100%", "100%"),
            ("%ff", "%ff"),
            ("%2e%2E/x", "../x"),
            ("é%41", "éA"),
        ] {
            assert_eq!(percent_decode(coded), plain, "{coded:?}");
        }
    }

    #[test]
    fn names_that_are_not_utf_8() {
        assert_eq!(decode(b"caf\x82"), "café");
        assert_eq!(UPPER_HALF.chars().count(), 128);
    }

    #[test]
    fn accents_put_together_and_taken_apart_have_one_skeleton() {
        for (one, two) in [("café.xhtml", "cafe\u{301}.xhtml"), ("がぎ.html", "か\u{3099}き\u{3099}.html")] {
            assert_eq!(skeleton(one), skeleton(two));
        }
        assert_ne!(skeleton("cafe.xhtml"), skeleton("café.xhtml"));
    }
}

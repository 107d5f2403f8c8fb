//! The character encoding that a page names: by an XML declaration, `<meta charset>`, or
//! `<meta http-equiv>`, in its first bytes.

/// Bytes in which a declaration must stand, by the HTML standard.
const DECLARATION_BYTES: usize = 1024;

/// The encoding that a page declares, if it does. In bytes of which this could be read, UTF-16
/// can only mean UTF-8.
pub fn declared(sample: &[u8]) -> Option<String> {
    let head = sample.get(..DECLARATION_BYTES).unwrap_or(sample);
    let text: String = head.iter().map(|&byte| char::from(byte).to_ascii_lowercase()).collect();
    let label = declaration(&text).or_else(|| metas(&text).find_map(in_meta))?;
    let label = if label.starts_with("utf-16") { "utf-8".to_owned() } else { label };
    (!label.starts_with("utf") || is_plausible_utf8(sample)).then_some(label)
}

/// Whether most of what is not ASCII in a sample is UTF-8: many pages say so that are not.
fn is_plausible_utf8(sample: &[u8]) -> bool {
    let text = String::from_utf8_lossy(sample);
    let (mut foreign, mut wrong) = (0usize, 0usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        foreign += 1;
        wrong += usize::from(c == char::REPLACEMENT_CHARACTER);
    }
    wrong * 2 <= foreign
}

/// The encoding in `<?xml … encoding="…"?>`.
fn declaration(text: &str) -> Option<String> {
    let inside = text.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    value(inside.split_once("encoding")?.1)
}

/// The insides of the `meta` tags outside of comments.
fn metas(text: &str) -> impl Iterator<Item = &str> {
    let outside = text.split("<!--").enumerate().filter_map(|(index, part)| {
        if index == 0 { Some(part) } else { part.split_once("-->").map(|(_, after)| after) }
    });
    let tags = outside.flat_map(|part| part.split("<meta").skip(1));
    let tags = tags.filter(|tag| tag.starts_with(|c: char| c.is_ascii_whitespace() || c == '/'));
    tags.map(|tag| tag.split('>').next().unwrap_or(tag))
}

/// The encoding in a `meta` tag: of `charset=…`, which may itself stand in `content="…"`.
fn in_meta(tag: &str) -> Option<String> {
    tag.match_indices("charset").find_map(|(at, word)| value(tag.get(at + word.len()..)?))
}

/// What stands after an equals sign, with or without quotation marks.
fn value(text: &str) -> Option<String> {
    let text = text.trim_start().strip_prefix('=')?.trim_start();
    let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | ';' | '>' | '/');
    let label = text.trim_start_matches(['"', '\'']).split(is_end).next()?;
    (!label.is_empty()).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_where_they_count() {
        let check = |head: &str, found: Option<&str>| assert_eq!(declared(head.as_bytes()).as_deref(), found, "{head}");
        check("<meta charset=windows-1251>", Some("windows-1251"));
        check("<META http-equiv='Content-Type' content='text/html; charset=Shift_JIS'>", Some("shift_jis"));
        check("<?xml version='1.0' encoding=\"iso-8859-1\"?><html>", Some("iso-8859-1"));
        check("<meta charset=utf-16le>", Some("utf-8"));
        check("<!-- <meta charset=koi8-r> --><meta name=charset><meta charset = 'utf-8' />", Some("utf-8"));
        check("<p>charset=koi8-r</p>", None);
        assert_eq!(declared(b"<meta charset=utf-8>\xe4\xf6\xfc"), None);
        check(&format!("{}<meta charset=koi8-r>", " ".repeat(1024)), None);
    }
}

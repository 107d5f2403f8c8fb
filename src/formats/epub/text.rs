//! The text of a file in a book: by its byte order mark, its XML declaration, else UTF-8, else
//! the encoding that files without any statement are in most often.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A text and the encoding that it was in.
pub fn decode(bytes: Vec<u8>) -> (String, &'static Encoding) {
    let encoding = Encoding::for_bom(&bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| wide(&bytes))
        .or_else(|| declared(&bytes).filter(|e| *e != UTF_8 && !is_wide(e)));
    let encoding = match encoding {
        Some(encoding) => encoding,
        None if is_utf_8(&bytes) => UTF_8,
        None => WINDOWS_1252,
    };
    if encoding != UTF_8 || bytes.starts_with(b"\xEF\xBB\xBF") {
        return (encoding.decode(&bytes).0.into_owned(), encoding);
    }
    // The usual case costs no copy.
    let text = String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
    (text, UTF_8)
}

/// UTF-16 without a mark: XML begins with `<`.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [b'<', 0, _, 0] => Some(UTF_16LE),
        [0, b'<', 0, _] => Some(UTF_16BE),
        _ => None,
    }
}

/// A file whose declaration can be read byte by byte is not in a wide encoding, whatever it says.
fn is_wide(encoding: &&'static Encoding) -> bool {
    [UTF_16LE, UTF_16BE].contains(encoding)
}

/// What the XML declaration, or a `meta` element near the start, says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let head = head.to_ascii_lowercase();
    ["encoding=", "charset="].iter().find_map(|key| {
        let at = memchr::memmem::find(&head, key.as_bytes())? + key.len();
        let label: Vec<u8> = head
            .iter()
            .skip(at)
            .copied()
            .skip_while(|b| b"\"' ".contains(b))
            .take_while(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(b))
            .collect();
        Encoding::for_label(&label)
    })
}

/// Whether it is UTF-8 but for a few damaged characters: those must not turn the others into
/// another alphabet.
fn is_utf_8(bytes: &[u8]) -> bool {
    let (mut wide, mut faults) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    faults == 0 || wide > 4 * faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let utf_16: Vec<u8> = "<p>ж</p>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, text, name) in [
            (b"\xEF\xBB\xBFa".as_slice(), "a", "UTF-8"),
            (&utf_16, "<p>ж</p>", "UTF-16LE"),
            (
                b"<?xml version='1.0' encoding='ISO-8859-2'?>\xB1",
                "<?xml version='1.0' encoding='ISO-8859-2'?>ą",
                "ISO-8859-2",
            ),
            (b"<?xml encoding='utf-16'?>\xC3\xA9", "<?xml encoding='utf-16'?>é", "UTF-8"),
            (b"<meta charset=windows-1251>\xE6", "<meta charset=windows-1251>ж", "windows-1251"),
            (b"<?xml encoding='utf-8'?>caf\xE9", "<?xml encoding='utf-8'?>café", "windows-1252"),
            ("éééééé\u{0}".as_bytes(), "éééééé\0", "UTF-8"),
            (b"", "", "UTF-8"),
        ] {
            let (decoded, encoding) = decode(bytes.to_vec());
            assert_eq!((decoded.as_str(), encoding.name()), (text, name));
        }
        assert_eq!(decode(b"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xFF".to_vec()).0, "ééééé\u{FFFD}");
    }
}

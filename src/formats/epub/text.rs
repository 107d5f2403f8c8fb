//! The text of a file in a book: what its declaration says, if that may be true, else what its
//! bytes look like.

use crate::formats::encoding::Charset;
use crate::formats::html::charset;

/// A text, without a byte order mark, and the name of the encoding that it was in.
pub fn decode(bytes: Vec<u8>) -> (String, &'static str) {
    // UTF-8 is declared by habit, and seen in the bytes where it is true.
    let declared = charset::declared(&bytes).filter(|label| !["utf-8", "utf8"].contains(&label.as_str()));
    let charset = Charset::detect(&bytes, declared.as_deref());
    let text = match charset.mark_len() {
        // The usual case costs no copy.
        0 if charset.name() == "UTF-8" => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => charset.decode(error.as_bytes()).into_owned(),
        },
        mark => charset.decode(bytes.get(mark..).unwrap_or_default()).into_owned(),
    };
    (text, charset.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let utf_16: Vec<u8> = "<p>женщина</p>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, text, name) in [
            (b"\xEF\xBB\xBFa".as_slice(), "a", "UTF-8"),
            (&utf_16, "<p>женщина</p>", "UTF-16LE"),
            (
                b"<?xml version='1.0' encoding='ISO-8859-2'?>\xB1",
                "<?xml version='1.0' encoding='ISO-8859-2'?>ą",
                "ISO-8859-2",
            ),
            (b"<?xml version='1.0' encoding='utf-16'?>\xC3\xA9", "<?xml version='1.0' encoding='utf-16'?>é", "UTF-8"),
            (b"<meta charset=windows-1251>\xE6", "<meta charset=windows-1251>ж", "windows-1251"),
            (
                b"<?xml version='1.0' encoding='utf-8'?>caf\xE9 au lait",
                "<?xml version='1.0' encoding='utf-8'?>café au lait",
                "windows-1252",
            ),
            (b"", "", "UTF-8"),
        ] {
            let (decoded, encoding) = decode(bytes.to_vec());
            assert_eq!((decoded.as_str(), encoding), (text, name));
        }
    }
}

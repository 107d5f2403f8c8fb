//! What a file is: by its first bytes, then by the structure of its text, then by its name.
//!
//! Files that are something else altogether are refused with a sentence that names what they are,
//! so that nobody has to read noise to find out. It must not know how any format is read.

use std::io;
use std::path::Path;

use crate::document::Format;

use super::encoding::{Charset, is_binary};
use super::{Source, matter, prose};
use crate::limits::SNIFF_BYTES;
use crate::text::untyped;

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something that can be read.
    Readable(Format),
    /// Something else: what is wrong and what to try, as the end of the sentence *cannot open
    /// FILE: …*.
    Refused(String),
}

/// Looks at a source. `name` is its file name or path; `is_text` holds where the reader named an
/// encoding, so that it is text, whatever it looks like.
///
/// # Errors
/// When it cannot be read.
pub fn sniff(source: &Source, name: &str, is_text: bool) -> io::Result<Kind> {
    let head = source.read(0, SNIFF_BYTES)?;
    let extension = extension(name);
    if let Some(kind) = by_magic(&head, &extension) {
        return Ok(kind);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let tail = source.read(source.len().saturating_sub(SNIFF_BYTES as u64), SNIFF_BYTES)?;
        return Ok(archive(&head, &tail, &extension));
    }
    let charset = Charset::detect(&head, None);
    if !is_text && is_binary(&head, charset) {
        return Ok(refused("a binary file, not a text", "--format text shows it all the same"));
    }
    // Markup shows in its first character; only then is it worth decoding the rest.
    let text = head.get(charset.mark_len()..).unwrap_or_default();
    let first = untyped(charset.decode(text.get(..FIRST_BYTES).unwrap_or(text)));
    let may_be_markup = first.trim_start().is_empty() || first.trim_start().starts_with('<');
    if may_be_markup && let Some(format) = by_root(&charset.decode(text)) {
        return Ok(Kind::Readable(format));
    }
    if extension == "fb2" && first.trim_start().starts_with('<') {
        return Ok(Kind::Readable(Format::Fb2));
    }
    let kind = by_name(&extension, source.is_empty());
    if kind != Kind::Readable(Format::Plain) {
        return Ok(kind);
    }
    let looks_so = || prose::stands(&untyped(charset.decode(text)), source.is_piped());
    let stands = matter::is_named_for_lines(name)
        || matter::begins_lines(&first)
        || !matter::is_named_for_prose(name) && looks_so();
    Ok(Kind::Readable(if stands { Format::Lines } else { Format::Plain }))
}

/// Bytes in which the first character of a text is looked for, and its first two lines: the one of a
/// manual is as wide as the terminal, with bold letters struck twice.
const FIRST_BYTES: usize = 1024;

/// The extension in lower case, without the dot; empty for none.
fn extension(name: &str) -> String {
    Path::new(name).extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

fn refused(what: &str, advice: &str) -> Kind {
    Kind::Refused(format!("it is {what}; {advice}"))
}

const READS: &str = "lection reads text, Markdown, HTML, EPUB and FB2";
const UNPACK: &str = "unpack it first";
const TO_EPUB: &str = "lection does not read it; convert it to EPUB or text first";

/// (offset, first bytes, what it is, what to try).
const MAGIC: &[(usize, &[u8], &str, &str)] = &[
    (0, b"%PDF-", "a PDF document", "lection does not read it; convert it to text first (pdftotext)"),
    (60, b"BOOKMOBI", "a MOBI (Kindle) book", TO_EPUB),
    (60, b"TEXtREAd", "a PalmDOC book", TO_EPUB),
    (0, b"{\\rtf", "an RTF document", TO_EPUB),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Microsoft Office document", TO_EPUB),
    (0, b"AT&TFORM", "a DjVu document", TO_EPUB),
    (0, b"\x1F\x8B", "compressed with gzip", UNPACK),
    (0, b"BZh", "compressed with bzip2", UNPACK),
    (0, b"\xFD7zXZ\0", "compressed with xz", UNPACK),
    (0, b"\x28\xB5\x2F\xFD", "compressed with zstd", UNPACK),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (0, b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"\x89PNG\r\n\x1A\n", "a PNG picture", READS),
    (0, b"\xFF\xD8\xFF", "a JPEG picture", READS),
    (0, b"GIF87a", "a GIF picture", READS),
    (0, b"GIF89a", "a GIF picture", READS),
    (8, b"WEBP", "a WebP picture", READS),
    (0, b"II*\0", "a TIFF picture", READS),
    (0, b"MM\0*", "a TIFF picture", READS),
    (4, b"ftyp", "a video or picture", READS),
    (0, b"\x1A\x45\xDF\xA3", "a video", READS),
    (0, b"OggS\0", "an audio file", READS),
    (0, b"ID3\x03", "an audio file", READS),
    (0, b"ID3\x04", "an audio file", READS),
    (0, b"fLaC\0", "an audio file", READS),
    (0, b"\x7FELF", "a program", READS),
    (0, b"MZ\x90\0", "a program", READS),
    (0, b"\xCF\xFA\xED\xFE", "a program", READS),
    (0, b"\xCA\xFE\xBA\xBE", "a program", READS),
    (0, b"\0asm", "a program", READS),
    (0, b"SQLite format 3\0", "an SQLite database", READS),
];

fn by_magic(head: &[u8], extension: &str) -> Option<Kind> {
    let has = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    let (_, magic, what, advice) = MAGIC.iter().find(|(offset, magic, ..)| has(*offset, magic))?;
    // Letters that a text may begin with prove nothing where the rest is text.
    let is_weak = magic.iter().all(u8::is_ascii_alphanumeric) && extension != "gif";
    if is_weak && !head.contains(&0) && std::str::from_utf8(head).is_ok() {
        return None;
    }
    Some(refused(what, advice))
}

/// What kind of ZIP archive it is, by names in its first and last bytes.
fn archive(head: &[u8], tail: &[u8], extension: &str) -> Kind {
    let has = |name: &[u8]| [head, tail].iter().any(|bytes| memchr::memmem::find(bytes, name).is_some());
    let mimetype = head.get(30..).unwrap_or_default();
    if mimetype.starts_with(b"mimetypeapplication/epub+zip") || extension == "epub" || has(b"META-INF/container.xml") {
        return Kind::Readable(Format::Epub);
    }
    if mimetype.starts_with(b"mimetypeapplication/vnd.oasis.opendocument") {
        return refused("an OpenDocument file", TO_EPUB);
    }
    if has(b"[Content_Types].xml") {
        return refused("a Microsoft Office document", TO_EPUB);
    }
    if has(b"META-INF/MANIFEST.MF") {
        return refused("a Java archive", READS);
    }
    let named = [head, tail].iter().any(|bytes| memchr::memmem::find(&bytes.to_ascii_lowercase(), b".fb2").is_some());
    if named || extension == "fbz" {
        return Kind::Readable(Format::Fb2);
    }
    refused("a ZIP archive, but no book", UNPACK)
}

/// What a text is by its document type or its first element: HTML, XHTML or FB2.
fn by_root(text: &str) -> Option<Format> {
    let mut rest = text.trim_start();
    loop {
        let (open, close) = if rest.starts_with("<!--") {
            ("<!--", "-->")
        } else if rest.starts_with("<?xml") {
            ("<?xml", "?>")
        } else {
            break;
        };
        rest = rest.get(open.len()..)?.split_once(close)?.1.trim_start();
    }
    let rest = rest.strip_prefix('<')?;
    let rest = match rest.split_at_checked(8) {
        Some((word, rest)) if word.eq_ignore_ascii_case("!doctype") => rest.trim_start(),
        _ => rest,
    };
    let end = rest.find([' ', '\t', '\n', '\r', '>', '[', '/'])?;
    let name = rest.get(..end)?;
    // Vocabularies other than HTML may have a prefix.
    let is_book = name.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case("fictionbook"));
    match name {
        name if name.eq_ignore_ascii_case("html") => Some(Format::Html),
        _ if is_book => Some(Format::Fb2),
        _ => None,
    }
}

fn by_name(extension: &str, is_empty: bool) -> Kind {
    match extension {
        "md" | "markdown" | "mkd" | "mdown" => Kind::Readable(Format::Markdown),
        "html" | "htm" | "xhtml" | "xht" => Kind::Readable(Format::Html),
        "epub" => Kind::Refused(
            "it is named like an EPUB but holds no ZIP archive; the download may have failed, so fetch it again"
                .to_owned(),
        ),
        // A text may be named anything, but an empty file of these kinds is one that went wrong.
        "mobi" | "azw" | "azw3" | "pdf" | "doc" | "docx" | "odt" | "djvu" | "fb2" if is_empty => {
            Kind::Refused("it is empty; the download may have failed, so fetch it again".to_owned())
        }
        _ => Kind::Readable(Format::Plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8], name: &str) -> Kind {
        sniff(&Source::memory(bytes), name, false).unwrap()
    }

    #[track_caller]
    fn check(bytes: &[u8], name: &str, format: Format) {
        assert_eq!(kind(bytes, name), Kind::Readable(format));
    }

    #[track_caller]
    fn check_refused(bytes: &[u8], name: &str, word: &str) {
        match kind(bytes, name) {
            Kind::Refused(reason) => assert!(reason.contains(word), "{reason}"),
            Kind::Readable(format) => panic!("taken for {format}"),
        }
    }

    #[test]
    fn structure_then_name() {
        check(b"words", "a.txt", Format::Plain);
        check(b"[a]", "Cargo.TOML", Format::Lines);
        check(b"diff --git a/b b/b", "-", Format::Lines);
        check(b"\x1b[33mcommit 0123456789abcdef0123456789abcdef01234567\x1b[m\nAuthor: A\n", "-", Format::Lines);
        // The first line of a manual at a wide terminal, its letters struck twice.
        let word = |word: &str| word.chars().flat_map(|c| [c, '\u{8}', c]).collect::<String>();
        let (name, title) = (word("SYSTEMD.NETWORK(5)"), word(&"a title ".repeat(20)));
        check(format!("{name}   {title}   {name}\n\n{}\n", word("NAME")).as_bytes(), "-", Format::Lines);
        check(b"words", "README", Format::Plain);
        check(b"# words", "a.MD", Format::Markdown);
        check(b"<p>words", "a.htm", Format::Html);
        check(b" <!DOCTYPE HTML><p>words", "a.txt", Format::Html);
        check(b"<?xml version='1.0'?>\n<!-- c -->\n<html xmlns='x'>", "a", Format::Html);
        check("\u{FEFF}<html>".as_bytes(), "a.epub", Format::Html);
        check(b"<htmlish>", "a.txt", Format::Plain);
        check(b"<?xml version='1.0'?>\n<?xml-stylesheet href='a'?><FictionBook xmlns='x'>", "a.xml", Format::Fb2);
        check(b"<FictionBook/>", "a", Format::Fb2);
        check(b"<fb:FictionBook xmlns:fb='x'>", "a", Format::Fb2);
        check(b"<section>", "a.fb2", Format::Fb2);
        check(b"no book", "a.fb2", Format::Plain);
        check(b"", "a.txt", Format::Plain);
    }

    #[test]
    fn archives_are_told_apart() {
        let zip = |rest: &str| [&b"PK\x03\x04"[..], &[0; 26], rest.as_bytes()].concat();
        check(&zip("mimetypeapplication/epub+zip"), "a.txt", Format::Epub);
        check(&zip("META-INF/container.xml"), "a.zip", Format::Epub);
        check(&zip("x"), "a.epub", Format::Epub);
        check(&zip("a.fb2"), "a.fb2.zip", Format::Fb2);
        check_refused(&zip("[Content_Types].xml"), "a.docx", "Office");
        check_refused(&zip("x"), "a.zip", "ZIP");
    }

    #[test]
    fn other_things_are_named() {
        check_refused(b"%PDF-1.7", "a.txt", "PDF");
        check_refused(b"\x1F\x8B\x08\0", "a.txt", "gzip");
        check_refused(b"\x7FELF\x02", "a.md", "program");
        check_refused(b"just words", "a.epub", "EPUB");
        check_refused(b"", "a.pdf", "empty");
        check_refused(b"", "a.fb2", "empty");
        check_refused(&[0; 4096], "a.txt", "binary");
        assert_eq!(sniff(&Source::memory([0; 4096]), "a.txt", true).unwrap(), Kind::Readable(Format::Plain));
        check(b"BZh is how its magic begins", "a.txt", Format::Plain);
    }
}

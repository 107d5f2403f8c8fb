//! Plain texts of a shared corpus: every one opens in its true encoding, and nothing is lost.
//!
//! Runs only where `LECTION_CORPUS` names the corpus, and fails where files are missing then.

use std::path::{Path, PathBuf};

use lection::document::{Document, FrameKind, SectionId};
use lection::formats::{OpenOptions, open};

/// Files with their true encoding, and a name that detection may give it: several encodings agree
/// in all characters that a text uses.
const ENCODINGS: [(&str, &str, &[&str]); 17] = [
    ("beethoven-letters-2.latin1.txt", "windows-1252", &["windows-1252"]),
    ("dickens-two-cities.latin1.txt", "windows-1252", &["windows-1252"]),
    ("flaubert-madame-bovary.fr.latin1.txt", "windows-1252", &["windows-1252"]),
    ("kafka-verwandlung.de.latin1.txt", "windows-1252", &["windows-1252"]),
    ("voltaire-candide.latin1.txt", "windows-1252", &["windows-1252"]),
    ("carroll-alice.txt", "utf-8", &["UTF-8"]),
    ("carroll-alice.utf16le-bom.txt", "utf-16le", &["UTF-16LE"]),
    ("udhr.hu.utf16le.txt", "utf-16le", &["UTF-16LE"]),
    ("pushkin-ruslan.ru.cp1251.txt", "windows-1251", &["windows-1251"]),
    ("udhr.uk.cp1251.txt", "windows-1251", &["windows-1251"]),
    ("tolstoy-kazaki.ru.koi8r.txt", "koi8-r", &["KOI8-R", "KOI8-U"]),
    ("shi-shuihu-head.zh.gb18030.txt", "gb18030", &["gb18030", "GBK"]),
    ("udhr.zh.gb2312.txt", "gbk", &["gb18030", "GBK"]),
    ("soseki-neko.ja.sjis.txt", "shift_jis", &["Shift_JIS"]),
    ("udhr.ar.cp1256.txt", "windows-1256", &["windows-1256"]),
    // Its name is wrong: 9C and B9 are letters of windows-1250 only.
    ("udhr.pl.iso8859-2.txt", "windows-1250", &["windows-1250"]),
    ("udhr.el.iso8859-7.txt", "iso-8859-7", &["ISO-8859-7", "windows-1253"]),
];

fn folder() -> Option<PathBuf> {
    std::env::var_os("LECTION_CORPUS").map(|root| Path::new(&root).join("txt"))
}

/// The letters and digits of a document in order, the markers of its lists among them.
fn letters(document: &dyn Document) -> String {
    let mut out = String::new();
    for id in 0..document.section_count() {
        let section = document.load(SectionId(id)).expect("the section loads");
        for (block, _) in section.numbered_blocks() {
            for (_, frame) in section.frames(block) {
                if let FrameKind::Item { marker } = &frame.kind
                    && frame.first == block
                {
                    out.push_str(marker);
                }
            }
            out.push_str(section.block_text(block));
        }
    }
    only_letters(&out)
}

fn sorted(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

/// A text without the sequences that only colour it: their letters are none of the text.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ';' | ':'));
        out.push_str(rest.strip_prefix(['m', 'K']).unwrap_or(part));
    }
    out
}

fn only_letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn every_text_opens_in_its_encoding() {
    let Some(folder) = folder() else { return };
    for (name, truth, accepted) in ENCODINGS {
        let path = folder.join(name);
        let document = open(&path, &OpenOptions::default()).unwrap_or_else(|e| panic!("{e}"));
        assert!(accepted.contains(&document.encoding()), "{name} taken for {}", document.encoding());
        let bytes = std::fs::read(&path).unwrap();
        let (text, _, _) = encoding_rs::Encoding::for_label(truth.as_bytes()).unwrap().decode(&bytes);
        let (found, expected) = (letters(document.as_ref()), only_letters(&text));
        let same = found.chars().zip(expected.chars()).take_while(|(a, b)| a == b).count();
        let near: String = expected.chars().skip(same).take(20).collect();
        assert!(found == expected, "{name} differs at letter {same}: {near}");
    }
}

#[test]
fn no_text_loses_a_letter() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_text = path.extension().is_some_and(|extension| extension == "txt");
        if !is_text || name.contains(".toc.") || name.contains("cp500") {
            continue;
        }
        let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) else { continue };
        let document = open(&path, &OpenOptions::default()).unwrap_or_else(|e| panic!("{e}"));
        let (mut found, mut expected) =
            (letters(document.as_ref()), only_letters(&lection::text::clean(&without_colours(&text))));
        // Feet and heads of pages stand after the paragraph that they cut: the same letters, moved.
        if text.contains('\u{c}') {
            found = sorted(&found);
            expected = sorted(&expected);
        }
        let same = found.chars().zip(expected.chars()).take_while(|(a, b)| a == b).count();
        let near: String = expected.chars().skip(same).take(20).collect();
        assert!(found == expected, "{name} differs at letter {same}: {near}");
        count += 1;
    }
    assert!(count > 10, "the corpus has {count} texts in UTF-8");
}

//! Documents made for the benchmark: prose of invented words, always the same.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

const WORDS: [&str; 32] = [
    "the", "of", "and", "hill", "village", "a", "to", "in", "evening", "nobody", "had", "been", "known", "that", "it",
    "was", "long", "before", "winter", "when", "said", "river", "they", "who", "would", "never", "come", "again",
    "house", "there", "under", "stone",
];

/// Numbers without any order, from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// A paragraph on one line; every third one is spoken.
fn paragraph(dice: &mut Dice) -> String {
    let mut text = String::new();
    for sentence in 0..3 + dice.roll(4) {
        let mut words: Vec<&str> = (0..6 + dice.roll(12)).map(|_| WORDS[dice.roll(WORDS.len())]).collect();
        if sentence > 0 {
            text.push(' ');
        }
        words[0] = ["Anna", "Boris", "Nobody", "The hill", "It"][dice.roll(5)];
        let sentence = words.join(" ");
        text += &if dice.roll(3) == 0 { format!("“{sentence},” said Anna.") } else { format!("{sentence}.") };
    }
    text
}

/// Some chapters of plain text with hard line ends, about a megabyte.
fn text() -> String {
    let mut dice = Dice(1);
    let mut out = String::new();
    let mut chapter = 0;
    while out.len() < 1 << 20 {
        chapter += 1;
        out += &format!("\n\nCHAPTER {chapter}\n\n");
        for _ in 0..40 {
            out += &textwrap::fill(&paragraph(&mut dice), 72);
            out += "\n\n";
        }
    }
    out
}

/// Writes a plain text of a size.
pub fn write_text(path: &Path, bytes: usize) {
    let text = text();
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut left = bytes;
    while left > 0 {
        let mut piece = text.len().min(left);
        while !text.is_char_boundary(piece) {
            piece -= 1;
        }
        file.write_all(&text.as_bytes()[..piece]).unwrap();
        left = if piece < text.len() { 0 } else { left - piece };
    }
}

/// A text in Markdown of about a size.
pub fn markdown(bytes: usize) -> String {
    let mut dice = Dice(2);
    let mut out = String::from("# A book\n");
    while out.len() < bytes {
        out += &format!("\n## Chapter {}\n\n", dice.roll(1000));
        for n in 0..20 {
            let paragraph = paragraph(&mut dice);
            out += &match n % 10 {
                3 => format!("> {paragraph}\n\n"),
                5 => format!("- {paragraph}\n- *{}*\n\n", WORDS[dice.roll(WORDS.len())]),
                7 => "| one | two |\n|-----|----:|\n| a   |   1 |\n\n".to_owned(),
                9 => "```rust\nfn main() {}\n```\n\n".to_owned(),
                _ => format!("{paragraph} [A link](https://example.org/) and **weight**.\n\n"),
            };
        }
    }
    out
}

/// An EPUB of chapters of a size each, its entries stored as they are.
pub fn epub(chapters: usize, bytes: usize) -> Vec<u8> {
    let mut dice = Dice(3);
    let mut entries = vec![("mimetype".to_owned(), "application/epub+zip".to_owned())];
    let container = "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles><rootfile full-path='book.opf' media-type='application/oebps-package+xml'/></rootfiles></container>";
    entries.push(("META-INF/container.xml".to_owned(), container.to_owned()));
    let (mut items, mut spine, mut list) = (String::new(), String::new(), String::new());
    for n in 1..=chapters {
        items += &format!("<item id='c{n}' href='c{n}.xhtml' media-type='application/xhtml+xml'/>");
        spine += &format!("<itemref idref='c{n}'/>");
        list += &format!("<li><a href='c{n}.xhtml'>Chapter {n}</a></li>");
        let mut body = format!("<h1>Chapter {n}</h1>");
        while body.len() < bytes {
            body += &format!("<p>{}</p>\n", paragraph(&mut dice));
        }
        entries.push((format!("c{n}.xhtml"), page(&body)));
    }
    items += "<item id='nav' href='nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>";
    let nav = page(&format!("<nav xmlns:e='http://www.idpf.org/2007/ops' e:type='toc'><ol>{list}</ol></nav>"));
    entries.push(("nav.xhtml".to_owned(), nav));
    let package = format!(
        "<package xmlns='http://www.idpf.org/2007/opf' version='3.0' unique-identifier='i'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:identifier id='i'>b</dc:identifier><dc:title>A book</dc:title><dc:language>en</dc:language></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    );
    entries.push(("book.opf".to_owned(), package));
    archive(&entries)
}

fn page(body: &str) -> String {
    format!("<html xmlns='http://www.w3.org/1999/xhtml'><head><title>A book</title></head><body>{body}</body></html>")
}

/// A ZIP archive of entries without compression.
fn archive(entries: &[(String, String)]) -> Vec<u8> {
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, text) in entries {
        let offset = out.len() as u32;
        let mut common = Vec::new();
        // Version, flags, method, time and date; then sum, sizes, lengths of name and extra field.
        common.extend([20u16, 0, 0, 0, 0x21].iter().flat_map(|n| n.to_le_bytes()));
        common.extend(
            [crc.checksum(text.as_bytes()), text.len() as u32, text.len() as u32].iter().flat_map(|n| n.to_le_bytes()),
        );
        common.extend([name.len() as u16, 0].iter().flat_map(|n| n.to_le_bytes()));
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0u8; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    let count = entries.len() as u16;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].iter().flat_map(|n| n.to_le_bytes()));
    out.extend([directory.len() as u32, start].iter().flat_map(|n| n.to_le_bytes()));
    out.extend([0u8; 2]);
    out
}

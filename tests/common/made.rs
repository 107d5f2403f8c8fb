//! Documents by chance, of every format, with everything in them that should not get through.

use super::archive::{archive, entry};
use super::dice::Dice;

/// The formats, by the endings of their files.
pub const FORMATS: [&str; 4] = ["txt", "md", "html", "epub"];

/// What a terminal, a layout or a reader could stumble over.
const HOSTILE: &[&str] = &[
    "\u{1b}]52;c;Z290Y2hh\u{7}",
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}[?1049l",
    "\u{1b}]8;;http://example.org/\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{1b}]0;title\u{7}",
    "\u{1b}P1$r0m\u{1b}\\",
    "\u{1b}[6n\u{1b}[c\u{5}",
    "\u{9b}31m\u{9d}0;x\u{9c}",
    "\u{0}\u{8}\u{b}\u{c}\u{e}\u{f}\u{7f}",
    "\u{202e}desrever\u{202c}",
    "\u{2066}isolated\u{2069}\u{200f}\u{61c}",
    "\u{e0001}\u{e0068}\u{e0069}\u{e007f}",
    "\u{200b}\u{2060}\u{feff}\u{ad}soft\u{ad}hyphen",
    "\u{2028}\u{2029}\u{85}",
    "\u{e000}\u{f8ff}\u{10fffd}\u{ffff}\u{fdd0}",
    "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦 👍🏽 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🇫🇷 ☺\u{fe0f}",
    "日本語の文章は空白なしで続く。",
    "العربية والعبرية עברית",
    "ﬁligree ﷽ 𒐫",
    "क्षत्रिय ภาษาไทย 한국어",
    "\t\ttabs\tand\rreturns\r\n",
    "supercalifragilisticexpialidocious_without_any_place_to_break_it_at_all_whatsoever_and_on_and_on",
    "&#27;[31m &#x9b;31m &lrm;&rlm;&#x202e;&#0;",
];

const WORDS: &[&str] = &[
    "morning",
    "river",
    "and",
    "the",
    "a",
    "of",
    "station",
    "letters",
    "slowly",
    "window",
    "said",
    "Anna",
    "Boris",
    "house",
    "never",
    "when",
    "snow",
    "again",
    "“Who",
    "there?”",
    "—",
    "years",
    "went",
    "(perhaps)",
    "naïve",
];

/// Some words.
pub fn words(dice: &mut Dice, count: usize) -> String {
    let mut text = String::new();
    for n in 0..count {
        if n > 0 {
            text.push(' ');
        }
        text.push_str(dice.pick(WORDS));
    }
    text
}

/// A sentence that is hostile now and then.
fn sentence(dice: &mut Dice) -> String {
    let count = 1 + dice.below(24);
    let mut text = words(dice, count);
    if dice.one_in(4) {
        text.push(' ');
        text.push_str(dice.pick(HOSTILE));
    }
    text.push_str(". ");
    text
}

fn paragraph(dice: &mut Dice) -> String {
    (0..=dice.below(8)).map(|_| sentence(dice)).collect()
}

/// A document of about a size in bytes.
pub fn document(dice: &mut Dice, format: &str, size: usize) -> Vec<u8> {
    match format {
        "txt" => text(dice, size).into_bytes(),
        "md" => markdown(dice, size).into_bytes(),
        "html" => html(dice, size).into_bytes(),
        _ => epub(dice, size),
    }
}

fn text(dice: &mut Dice, size: usize) -> String {
    let mut text = String::from("A MADE BOOK\n\n\n");
    let mut chapter = 0;
    while text.len() < size {
        chapter += 1;
        text += &format!("CHAPTER {chapter}\n\n\n");
        for _ in 0..=dice.below(30) {
            text += &paragraph(dice);
            text += "\n\n";
        }
    }
    text
}

fn markdown(dice: &mut Dice, size: usize) -> String {
    let mut text = String::from("---\ntitle: A made book\n---\n\n");
    while text.len() < size {
        let part = match dice.below(10) {
            0 => format!("{} {}\n\n", "#".repeat(1 + dice.below(6)), sentence(dice).replace('\n', " ")),
            1 => format!("> {}\n>\n> — Somebody\n\n", paragraph(dice)),
            2 => format!("- {}\n  - {}\n    1. {}\n\n", sentence(dice), sentence(dice), sentence(dice)),
            3 => format!("```\n{}\n{}\n```\n\n", sentence(dice), sentence(dice)),
            4 => format!("| a | b |\n|---|--:|\n| {} | 1 |\n| {} | 2 |\n\n", sentence(dice), words(dice, 3)),
            5 => format!("*{}* **{}** `x` [{}](#part)\n\n", words(dice, 3), words(dice, 2), words(dice, 2)),
            _ => paragraph(dice) + "\n\n",
        };
        text += &part;
    }
    text
}

fn body(dice: &mut Dice, size: usize) -> String {
    let mut text = String::new();
    while text.len() < size {
        let part = match dice.below(10) {
            0 => format!("<h{0} id='n{1}'>{2}</h{0}>\n", 1 + dice.below(6), dice.below(50), words(dice, 4)),
            1 => format!("<blockquote><p>{}</p><footer>Somebody</footer></blockquote>\n", paragraph(dice)),
            2 => format!("<ul><li>{}<ul><li>{}</li></ul></li></ul>\n", sentence(dice), sentence(dice)),
            3 => format!("<table><tr><td>{}</td><td>{}</td></tr></table>\n", sentence(dice), words(dice, 2)),
            4 => format!("<pre>{}\n{}</pre>\n", sentence(dice), sentence(dice)),
            5 => format!("<p><b>{}</b> <a href='#n{}'>{}</a></p>\n", words(dice, 2), dice.below(50), words(dice, 2)),
            _ => format!("<p>{}</p>\n", paragraph(dice)),
        };
        text += &part;
    }
    text
}

fn html(dice: &mut Dice, size: usize) -> String {
    let title = dice.pick(HOSTILE);
    format!("<!DOCTYPE html><title>Made {title}</title><body>{}", body(dice, size))
}

fn epub(dice: &mut Dice, size: usize) -> Vec<u8> {
    const CONTAINER: &str = "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container' version='1.0'>\
        <rootfiles><rootfile full-path='book.opf' media-type='application/oebps-package+xml'/></rootfiles></container>";
    let count = 1 + dice.below(12);
    let (mut entries, mut manifest, mut spine, mut nav) = (Vec::new(), String::new(), String::new(), String::new());
    entries.push(entry("META-INF/container.xml", CONTAINER));
    for n in 0..count {
        let name = format!("part{n}.xhtml");
        manifest += &format!("<item id='p{n}' href='{name}' media-type='application/xhtml+xml'/>");
        spine += &format!("<itemref idref='p{n}'/>");
        nav += &format!("<li><a href='{name}'>{} {n}</a></li>", words(dice, 2));
        let text = body(dice, size / count);
        let part = format!("<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>Part {n}</h1>{text}</body></html>");
        entries.push(entry(name, part));
    }
    let package = format!(
        "<package xmlns='http://www.idpf.org/2007/opf' version='3.0' unique-identifier='id'>\
         <metadata xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>A made book {}</dc:title>\
         <dc:creator>A. Maker</dc:creator><dc:identifier id='id'>made-{}</dc:identifier></metadata>\
         <manifest><item id='nav' href='nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>{manifest}\
         </manifest><spine>{spine}</spine></package>",
        dice.pick(HOSTILE).replace(['<', '&', '\u{0}'], " "),
        dice.next()
    );
    entries.push(entry("book.opf", package));
    let nav = format!(
        "<html xmlns='http://www.w3.org/1999/xhtml' xmlns:epub='http://www.idpf.org/2007/ops'><body>\
         <nav epub:type='toc'><ol>{nav}</ol></nav></body></html>"
    );
    entries.push(entry("nav.xhtml", nav));
    archive(&entries)
}

//! One part of a book as a section: its bytes are read, their kind is told by what they are, and
//! what cannot be shown is said in a sentence at its place, so that no part is silently missing.

use std::io;

use super::xml::{self, Node};
use super::{links, text};
use crate::document::{BlockKind, Section, SectionBuilder, SectionId};
use crate::formats::html::{self, Head, Markup};
use crate::formats::zip::{Archive, Fault, MemberId};
use crate::limits::{BOOK_RATIO_MAX, MEMBER_TEXT_MAX, UNSTATED_FREE};

/// A part of a book in reading order.
#[derive(Clone, Debug)]
pub struct Part {
    /// The path in the archive, or the name that the book calls it by.
    pub name: String,
    /// Where it is, or why it is not shown.
    pub place: Place,
}

/// Where a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A member of the archive.
    Member(MemberId),
    /// The book lists it, but it is not there.
    Missing,
    /// It is on the network, where nothing is fetched from.
    Remote,
    /// Its bytes are those of another member: archives are made so to burst the memory.
    Overlapping,
    /// The book gives more than its bytes can hold of text.
    Excess,
}

impl Part {
    /// The member that is shown, if there is one.
    pub fn member(&self) -> Option<MemberId> {
        match self.place {
            Place::Member(member) => Some(member),
            _ => None,
        }
    }
}

/// Loads a part.
///
/// # Errors
/// When the file cannot be read.
pub fn load(archive: &Archive, part: &Part, id: SectionId) -> io::Result<(Section, Head)> {
    let mut builder = SectionBuilder::new(id);
    let head = match part.place {
        Place::Member(member) => {
            let content = archive.read(member, limit(archive, member))?;
            let is_empty = content.bytes.is_empty();
            let head = show(content.bytes, &part.name, &mut builder);
            if let Some(fault) = content.fault {
                tell_fault(fault, is_empty, &part.name, &mut builder);
            }
            head
        }
        Place::Missing => tell("is missing", &part.name, &mut builder),
        Place::Remote => tell("is on the network and is not fetched", &part.name, &mut builder),
        Place::Overlapping => tell("shares its bytes with another one and is not unpacked", &part.name, &mut builder),
        Place::Excess => {
            tell("is beyond what an archive of this size can hold, and is not unpacked", &part.name, &mut builder)
        }
    };
    Ok((builder.finish(), head))
}

/// Inflated bytes of a part at most. What it states counts for the book as a whole; one that gives more than
/// that is no bomb where it gives what text gives. Without a directory nothing is stated.
fn limit(archive: &Archive, member: MemberId) -> usize {
    let usual = archive.packed_size(member).saturating_mul(BOOK_RATIO_MAX).max(UNSTATED_FREE);
    let limit = archive.stated_size(member).max(usual);
    if archive.is_recovered() { MEMBER_TEXT_MAX } else { limit.min(MEMBER_TEXT_MAX as u64) as usize }
}

/// Says in the text and as a warning why a part is not shown.
fn tell(why: &str, name: &str, builder: &mut SectionBuilder) -> Head {
    builder.begin(BlockKind::Paragraph);
    builder.text(&format!("[This part of the book {why}: {name}]"));
    builder.end();
    builder.warn(&format!("A part of the book {why}: {name}"));
    Head::default()
}

fn tell_fault(fault: Fault, is_empty: bool, name: &str, builder: &mut SectionBuilder) {
    if is_empty {
        tell(&format!("cannot be read ({fault})"), name, builder);
        return;
    }
    builder.warn(&format!("A part of the book cannot be read as it stands, {fault}: {name}"));
    // A wrong checksum takes nothing away that could be missed at the end.
    if fault != Fault::Checksum {
        builder.begin(BlockKind::Paragraph);
        builder.text(&format!("[This part of the book ends here: {fault}]"));
        builder.end();
    }
}

/// Shows what the bytes turn out to be, whatever the book calls them.
fn show(bytes: Vec<u8>, name: &str, builder: &mut SectionBuilder) -> Head {
    if is_picture(&bytes) {
        builder.image(links::stem(name), links::file(name));
        return Head::default();
    }
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let is_wide = matches!(start, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]);
    if start.starts_with(b"%PDF") || (!is_wide && start.contains(&0)) {
        return tell("is in a format that cannot be shown", name, builder);
    }
    let (text, _) = text::decode(bytes);
    match root_of(&text) {
        Some(root) if root.eq_ignore_ascii_case("svg") => drawing(&text, name, builder),
        Some(_) => html::walk(&text, markup_of(&text), builder),
        None => {
            for paragraph in text.split("\n\n") {
                builder.begin(BlockKind::Paragraph);
                builder.text(paragraph);
            }
            builder.end();
            Head::default()
        }
    }
}

/// Whether bytes begin a page of a book, as encrypted ones do not.
pub fn is_page(bytes: Vec<u8>) -> bool {
    let (text, _) = text::decode(bytes);
    let has_controls = text.chars().take(64).any(|c| c.is_control() && !c.is_whitespace());
    !has_controls && root_of(text.trim_start_matches('\u{FEFF}')).is_some()
}

/// XHTML, unless nothing at the start of the page says so: such pages are written by hand, with
/// paragraphs that do not end.
fn markup_of(text: &str) -> Markup {
    let start = text.get(..text.floor_char_boundary(2048)).unwrap_or_default();
    let is_xml = start.trim_start().starts_with("<?xml") || start.contains("http://www.w3.org/1999/xhtml");
    if is_xml { Markup::Xhtml } else { Markup::Html }
}

fn is_picture(bytes: &[u8]) -> bool {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let signatures: [&[u8]; 4] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"BM"];
    // Two letters are not enough to tell a bitmap from a text: its header has zeros.
    let is_bitmap = |bytes: &[u8]| !bytes.starts_with(b"BM") || bytes.get(6..10) == Some(&[0; 4]);
    is_webp || (signatures.iter().any(|s| bytes.starts_with(s)) && is_bitmap(bytes))
}

/// The name of the first element, if the text begins with markup; prefixes are left out.
fn root_of(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let inside = rest.strip_prefix('<')?;
        let end = match inside.bytes().next()? {
            b'!' if inside.starts_with("!--") => "-->",
            // An internal subset has declarations in brackets.
            b'!' if inside.split('>').next().is_some_and(|d| d.contains('[')) => "]",
            b'!' => ">",
            b'?' => "?>",
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
    }
    let name = rest.get(1..)?.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
    let name = name.rsplit_once(':').map_or(name, |(_, local)| local);
    name.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(name)
}

/// A drawing: the words that stand for it, then the text in it.
fn drawing(text: &str, name: &str, builder: &mut SectionBuilder) -> Head {
    let mut open: Vec<&str> = Vec::new();
    let (mut title, mut about, mut lines) = (String::new(), String::new(), Vec::new());
    let nodes = xml::parse(text);
    for node in &nodes {
        match node {
            Node::Start(element) => {
                if element.name == "text" {
                    lines.push(String::new());
                }
                open.push(&element.name);
            }
            Node::End => {
                open.pop();
            }
            Node::Text(more) => match open.last().copied() {
                Some("title") if title.is_empty() => title.push_str(more),
                Some("desc") if about.is_empty() => about.push_str(more),
                Some("text" | "tspan" | "textpath" | "a") => {
                    if let Some(line) = lines.last_mut() {
                        line.push_str(more);
                    }
                }
                _ => {}
            },
        }
    }
    let words = [title.trim(), about.trim()].into_iter().find(|w| !w.is_empty()).unwrap_or(links::stem(name));
    builder.image(words, links::file(name));
    for line in lines {
        builder.begin(BlockKind::Paragraph);
        builder.text(&line);
    }
    builder.end();
    Head { title: Some(crate::text::clean_line(&title)).filter(|t| !t.is_empty()), ..Head::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots() {
        for (text, root) in [
            ("<?xml version='1.0'?>\n<!-- <x> --><!DOCTYPE html [<!ENTITY a '>'>]><html>", Some("html")),
            ("<!DOCTYPE html PUBLIC '-//W3C'><html xmlns=''>", Some("html")),
            ("  <svg:svg>", Some("svg")),
            ("<p/>", Some("p")),
            ("plain < text", None),
            ("<", None),
            ("<3", None),
            ("<!-- open", None),
            ("", None),
        ] {
            assert_eq!(root_of(text), root, "{text:?}");
        }
    }

    fn check(bytes: &[u8], expected: &str) {
        let mut builder = SectionBuilder::new(SectionId(0));
        show(bytes.to_vec(), "OEBPS/plate 1.x", &mut builder);
        assert_eq!(builder.finish().text().as_str(), expected);
    }

    #[test]
    fn parts_are_shown_by_what_they_are() {
        check(b"\x89PNG\r\n", "plate 1");
        check(b"GIF89a", "plate 1");
        check(b"one\ntwo\n\nthree", "one two\nthree");
        check(
            b"<svg><title>T</title><desc>D</desc><style>x</style><text>a <tspan>b</tspan></text><text>c</text></svg>",
            "T\na b\nc",
        );
        check(b"<svg><rect/></svg>", "plate 1");
        check(b"%PDF-1.4", "[This part of the book is in a format that cannot be shown: OEBPS/plate 1.x]");
        check(b"", "");
    }
}

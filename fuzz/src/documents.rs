//! Documents: any bytes, read as any format, are refused in a sentence or read to the end.

use std::sync::Arc;

use lection::document::{Document, Format, Link, SectionId};
use lection::formats::{self, OpenError, OpenOptions, Source};
use lection::layout::{Options, lay_out};
use lection::text::clean::is_clean;
use lection::text::clean_line;

use super::bytes::Bytes;
use super::zip::{self, Entry, entry};

/// Sections that are read of one document; bounds the time of one execution.
const SECTIONS: u32 = 64;
/// Steps of a search for chapters, at most; each reads a part of the document.
const STEPS: usize = 4096;

pub fn text(data: &[u8]) {
    let mut bytes = Bytes(data);
    let encoding = bytes.choose(&[None, None, None, Some("utf-16le"), Some("gb18030"), Some("iso-2022-jp")]);
    read(Some(Format::Plain), *encoding, bytes.0);
}

pub fn markdown(data: &[u8]) {
    read(Some(Format::Markdown), None, data);
}

pub fn html(data: &[u8]) {
    read(Some(Format::Html), None, data);
}

pub fn fb2(data: &[u8]) {
    read(Some(Format::Fb2), None, data);
}

/// Bytes as they come: the format is told by what they are, or they are a damaged archive.
pub fn archive(data: &[u8]) {
    let mut bytes = Bytes(data);
    let format = bytes.choose(&[None, Some(Format::Epub)]);
    read(*format, None, bytes.0);
}

/// A sound book but for one of its files of directions.
pub fn package(data: &[u8]) {
    let mut bytes = Bytes(data);
    let name = *bytes.choose(&[OPF, NAV, NCX, CONTAINER, ENCRYPTION]);
    let mut files = sound();
    files.retain(|file| file.name != name.as_bytes());
    files.push(entry(name, bytes.0));
    read(Some(Format::Epub), None, &zip::archive(&files));
}

/// A book made of pieces, and an archive with faults: names that are off, sizes and checksums
/// that lie, members that are encrypted, links, twice there or cut off.
pub fn epub(data: &[u8]) {
    let mut bytes = Bytes(data);
    let mut files = sound();
    while !bytes.is_over() && files.len() < 24 {
        let at = bytes.below(files.len());
        match bytes.byte() % 10 {
            0 => files[at].crc = Some(u32::from(bytes.byte())),
            1 => files[at].size = Some(u32::from(bytes.byte()) << (bytes.byte() % 32)),
            2 => files[at].flags = u16::from(bytes.byte()),
            3 => files[at].method = u16::from(bytes.byte()),
            4 => files[at].mode = u32::from(bytes.byte()) << 8,
            5 => files[at].name = bytes.piece().to_vec(),
            6 => files[at].data = bytes.piece().to_vec(),
            7 => {
                let place = bytes.below(files[at].data.len() + 1);
                let piece = bytes.piece();
                let end = (place + bytes.below(8)).min(files[at].data.len());
                files[at].data.splice(place..end, piece.iter().copied());
            }
            8 => {
                let (name, data) = (bytes.piece(), bytes.piece());
                files.push(Entry { method: u16::from(bytes.byte() % 2) * 8, ..entry(name, data) });
            }
            _ => {
                let end = files[at].data.len();
                files[at].data.extend_from_within(..end.min(2048));
            }
        }
    }
    let mut archive = zip::archive(&files);
    if data.len() % 5 == 4 {
        archive.truncate(archive.len() - archive.len() * usize::from(data[0]) / 256);
    }
    read(Some(Format::Epub), None, &archive);
}

const CONTAINER: &str = "META-INF/container.xml";
const ENCRYPTION: &str = "META-INF/encryption.xml";
const OPF: &str = "OEBPS/book.opf";
const NAV: &str = "OEBPS/nav.xhtml";
const NCX: &str = "OEBPS/toc.ncx";

/// The files of a small sound book.
fn sound() -> Vec<Entry> {
    let stored = |name: &str, data: &str| Entry { method: 0, ..entry(name, data) };
    vec![
        stored("mimetype", "application/epub+zip"),
        stored(
            CONTAINER,
            "<container><rootfiles><rootfile full-path='OEBPS/book.opf' \
             media-type='application/oebps-package+xml'/></rootfiles></container>",
        ),
        stored(
            OPF,
            "<package unique-identifier='i'><metadata><dc:title>T</dc:title><dc:creator id='c'>N</dc:creator>\
             <meta refines='#c' property='role'>aut</meta><dc:identifier id='i'>x</dc:identifier></metadata>\
             <manifest><item id='n' href='nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>\
             <item id='t' href='toc.ncx' media-type='application/x-dtbncx+xml'/>\
             <item id='a' href='a.xhtml' fallback='b' media-type='application/xhtml+xml'/>\
             <item id='b' href='b%20c.xhtml' media-type='application/xhtml+xml'/></manifest>\
             <spine toc='t'><itemref idref='a'/><itemref idref='b'/></spine></package>",
        ),
        stored(
            NAV,
            "<html><body><nav epub:type='toc'><ol><li><a href='a.xhtml'>A</a><ol><li><a href='b%20c.xhtml#p'>B</a>\
             </li></ol></li></ol></nav></body></html>",
        ),
        stored(
            NCX,
            "<ncx><navMap><navPoint><navLabel><text>A</text></navLabel><content src='a.xhtml'/></navPoint></navMap></ncx>",
        ),
        stored("OEBPS/a.xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>A</h1><p>One.</p></body></html>"),
        entry(
            "OEBPS/b c.xhtml",
            "<html xmlns='http://www.w3.org/1999/xhtml'><body><p id='p'>Two <a href='a.xhtml#q'>there</a>.</p></body></html>",
        ),
    ]
}

/// Opens bytes and reads all they give; see the asserts for what must hold.
pub fn read(format: Option<Format>, encoding: Option<&str>, data: &[u8]) {
    let options = OpenOptions { format, encoding: encoding.map(str::to_owned) };
    match formats::open_source(Source::memory(data), clean_line("a file"), &options) {
        Ok(document) => read_all(&document),
        Err(OpenError { name, reason }) => {
            assert!(is_clean(&name) && is_clean(&reason) && reason.contains(' ') && !reason.contains('\n'), "{reason}");
        }
    }
}

/// Reads a document as a reader would, from the first page to the list of its chapters.
pub fn read_all(document: &Arc<dyn Document>) {
    let count = document.section_count();
    let mut last = None;
    for id in (0..count.min(SECTIONS)).map(SectionId) {
        let section = document.load(id).expect("memory can be read");
        assert_eq!(section.id(), id);
        assert!(is_clean(section.text()));
        for link in section.links() {
            let (Link::Inside(href) | Link::Outside(href)) = link;
            assert!(is_clean(href));
            if let Some(target) = document.resolve(id, href) {
                assert!(target.section().0 < count);
            }
        }
        for (name, place) in section.ids() {
            assert!(is_clean(name));
            assert_eq!(section.clamp(place), place);
        }
        for (block, _) in section.numbered_blocks() {
            for (frame, _) in section.frames(block) {
                assert!(is_clean(section.marker(frame)));
            }
        }
        assert!(section.warnings().iter().all(|warning| is_clean(&warning.0)));
        last = Some(section);
    }
    // A section depends on nothing but the bytes.
    if let Some(last) = last {
        assert_eq!(document.load(last.id()).expect("memory can be read"), last);
    }
    let meta = document.meta();
    let lines = [&meta.title, &meta.language, &meta.date, &meta.publisher, &meta.identifier];
    assert!(lines.into_iter().flatten().chain(&meta.authors).all(|line| is_clean(line) && !line.contains('\n')));
    assert!(meta.description.as_ref().is_none_or(|text| is_clean(text)));
    let mut pass = document.outline_pass();
    let ended = (0..STEPS).any(|_| pass.step().expect("memory can be read").is_done());
    assert!(ended || data_is_long(document), "the search for chapters does not end");
    for entry in pass.outline().entries() {
        assert!(is_clean(&entry.title) && !entry.title.contains('\n'));
        assert!(entry.target.section().0 < document.section_count());
    }
    assert!(document.warnings().iter().all(|warning| is_clean(&warning.0)));
}

fn data_is_long(document: &Arc<dyn Document>) -> bool {
    document.identity().bytes > 1 << 20
}

/// What a damaged file gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it was opened; else it was refused in a sentence.
    pub is_open: bool,
    /// Bytes of text that passed the check for what must not be shown.
    pub shown: u64,
}

/// Opens a file as its name says and reads the beginning, the chapters and the end of it.
pub fn read_some(name: &str, data: Vec<u8>) -> Outcome {
    /// Sections from each end.
    const ENDS: u32 = 4;
    let document = match formats::open_source(Source::memory(data), clean_line(name), &OpenOptions::default()) {
        Ok(document) => document,
        Err(OpenError { name, reason }) => {
            assert!(is_clean(&name) && is_clean(&reason) && reason.contains(' ') && !reason.contains('\n'), "{reason}");
            return Outcome { is_open: false, shown: reason.len() as u64 };
        }
    };
    let mut outcome = Outcome { is_open: true, shown: 0 };
    let count = document.section_count();
    for id in (0..count).filter(|id| *id < ENDS || id + ENDS >= count).map(SectionId) {
        let section = document.load(id).expect("memory can be read");
        assert!(is_clean(section.text()));
        outcome.shown += section.text().len() as u64;
        for (block, _) in section.numbered_blocks() {
            let lines = lay_out(&section, block, &Options::new(66));
            assert!(lines.last().is_none_or(|line| line.end as usize == section.block_text(block).len()));
        }
        assert!(section.warnings().iter().all(|warning| is_clean(&warning.0)));
    }
    let mut pass = document.outline_pass();
    for _ in 0..STEPS {
        if pass.step().expect("memory can be read").is_done() {
            break;
        }
    }
    for entry in pass.outline().entries() {
        assert!(is_clean(&entry.title) && entry.target.section().0 < count);
        outcome.shown += entry.title.len() as u64;
    }
    assert!(document.warnings().iter().all(|warning| is_clean(&warning.0)));
    outcome
}

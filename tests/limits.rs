//! Every limit that a document can meet, just below it and just above: at the limit all is there
//! and nothing is said, beyond it the rest is left out and the reader is told so.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
#[allow(dead_code, reason = "it writes damaged archives too")]
#[path = "../src/formats/zip/testing.rs"]
mod zip;

use std::sync::Arc;

use lection::document::{Document, Format, OUTLINE_ENTRIES_MAX, SectionId};
use lection::formats::limits::{
    ARCHIVE_MEMBERS_MAX, ATTRIBUTES_MAX, ELEMENT_DEPTH_MAX, FORMATTING_MAX, INFLATE_FREE, MEMBER_DIRECTIONS_MAX,
    META_LINE_MAX, REPEATS_MAX, SPINE_MAX,
};
use lection::formats::{self, OpenOptions, Source};
use lection::text::clean_line;
use zip::{Entry, archive, entry};

fn open(format: Format, bytes: Vec<u8>) -> Result<Arc<dyn Document>, String> {
    let options = OpenOptions { format: Some(format), ..OpenOptions::default() };
    formats::open_source(Source::memory(bytes), clean_line("test"), &options).map_err(|error| error.to_string())
}

/// All that a document warns of, once it was read to its end, as `lection info` prints it.
fn warnings(document: &dyn Document) -> Vec<String> {
    let mut pass = document.outline_pass();
    while !pass.step().unwrap().is_done() {}
    let mut all = Vec::new();
    let count = document.section_count();
    for id in (0..count).filter(|id| *id < 40 || id + 40 >= count).map(SectionId) {
        all.extend(document.load(id).unwrap().warnings().iter().map(ToString::to_string));
    }
    all.extend(document.warnings().iter().map(ToString::to_string));
    all
}

/// A document of `n` things warns of its limit, with these words, only if there are too many.
#[track_caller]
fn check(format: Format, limit: usize, words: &str, write: impl Fn(usize) -> Vec<u8>) {
    for (n, is_told) in [(limit, false), (limit + 1, true)] {
        let document = open(format, write(n)).unwrap_or_else(|error| panic!("{n}: {error}"));
        let told = warnings(document.as_ref());
        assert_eq!(told.iter().any(|sentence| sentence.contains(words)), is_told, "{n} of {limit}: {told:?}");
    }
}

fn page(body: &str) -> Vec<u8> {
    format!("<!DOCTYPE html><html><head><title>t</title></head><body>{body}</body></html>").into_bytes()
}

#[test]
fn elements_in_elements() {
    // Counted below `html`; `body` stands around these.
    let html = |n: usize| page(&("<div>".repeat(n - 1) + "deep"));
    check(Format::Html, ELEMENT_DEPTH_MAX as usize, "more than 512 deep", html);
}

#[test]
fn emphasis_in_emphasis() {
    check(Format::Html, FORMATTING_MAX as usize, "open at once", |n| page(&("<i>".repeat(n) + "x")));
}

#[test]
fn attributes_of_an_element() {
    let tag = |n: usize| format!("<p {}>x", (0..n).map(|i| format!("a{i}=1")).collect::<Vec<_>>().join(" "));
    check(Format::Html, ATTRIBUTES_MAX, "attributes", |n| page(&tag(n)));
}

#[test]
fn quotations_in_quotations() {
    check(Format::Html, 16, "more than 16 deep", |n| page(&("<blockquote>".repeat(n) + "x")));
    check(Format::Markdown, 16, "more than 16 deep", |n| ("- ".repeat(n) + "x").into_bytes());
}

#[test]
fn columns_of_a_table() {
    let row = |n: usize| format!("<table><tr>{}</tr><tr><td>y</table>", "<td>x".repeat(n));
    check(Format::Html, 100, "100 columns", |n| page(&row(n)));
}

#[test]
fn links_and_names_of_a_part() {
    check(Format::Html, 100_000, "100,000 links", |n| page(&"<a href=#x>x</a>".repeat(n)));
    let named = |n: usize| (0..n).map(|i| format!("<i id=n{i}>x</i>")).collect::<Vec<_>>().concat();
    check(Format::Html, 100_000, "100,000 named places", |n| page(&named(n)));
}

/// A book of one chapter with other files of directions.
fn book(title: &str, manifest: &str, spine: &str, more: Vec<Entry>) -> Vec<Entry> {
    let opf = format!(
        "<package><metadata><title>{title}</title></metadata><manifest><item id='n' href='nav.xhtml' properties='nav' \
         media-type='application/xhtml+xml'/><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>{manifest}\
         </manifest><spine><itemref idref='a'/>{spine}</spine></package>"
    );
    let mut files = vec![
        entry("META-INF/container.xml", "<container><rootfile full-path='b.opf'/></container>"),
        entry("b.opf", opf),
        entry("a.xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>words</p></body></html>"),
    ];
    files.extend(more);
    files
}

#[test]
fn lines_of_a_contents_list() {
    let nav = |n: usize| format!("<nav><ol>{}</ol></nav>", "<li><a href='a.xhtml'>t</a></li>".repeat(n));
    let write = |n| archive(&book("t", "", "", vec![entry("nav.xhtml", nav(n))]));
    check(Format::Epub, OUTLINE_ENTRIES_MAX, "more than 50,000 lines", write);
}

#[test]
fn parts_of_a_book() {
    // The first is there, the others are missing, which is told of in any case.
    let write = |n: usize| archive(&book("t", "", &"<itemref idref='x'/>".repeat(n - 1), Vec::new()));
    check(Format::Epub, SPINE_MAX, "more than 65,535 parts", write);
}

#[test]
fn a_part_of_a_book_again() {
    let write = |n: usize| archive(&book("t", "", &"<itemref idref='a'/>".repeat(n - 1), Vec::new()));
    check(Format::Epub, REPEATS_MAX, "repeated too often", write);
}

#[test]
fn files_of_an_archive() {
    // Only an archive whose directory is lost can have so many without the 64-bit extension.
    let write = |n: usize| {
        let mut files = book("t", "", "", Vec::new());
        let first = files.len();
        files.extend((first..n).map(|i| Entry { method: 0, ..entry(format!("f{i}"), "") }));
        let mut bytes = archive(&files);
        let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        bytes.truncate(directory);
        bytes
    };
    check(Format::Epub, ARCHIVE_MEMBERS_MAX, "more than 65,535 files", write);
}

#[test]
fn bytes_of_directions() {
    let padded = |list: &str, n: usize| list.to_owned() + &" ".repeat(n - list.len());
    let list = "<nav><ol><li><a href='a.xhtml'>t</a></li></ol></nav>";
    let write = |n: usize| archive(&book("t", "", "", vec![entry("nav.xhtml", padded(list, n))]));
    check(Format::Epub, MEMBER_DIRECTIONS_MAX, "'nav.xhtml' cannot be read as it stands", write);
    // Half of a package document is no book.
    let padded = |n: usize| {
        let bare = book("", "", "", Vec::new())[1].data.len();
        archive(&book(&"x".repeat(n - bare), "", "", Vec::new()))
    };
    assert!(open(Format::Epub, padded(MEMBER_DIRECTIONS_MAX)).is_ok());
    let refused = open(Format::Epub, padded(MEMBER_DIRECTIONS_MAX + 1)).err().unwrap();
    assert!(refused.contains("b.opf") && refused.contains("too long"), "{refused}");
}

#[test]
fn bytes_of_a_title() {
    for (n, end) in [(META_LINE_MAX, 'x'), (META_LINE_MAX + 1, '…')] {
        let document = open(Format::Epub, archive(&book(&"x".repeat(n), "", "", Vec::new()))).unwrap();
        assert_eq!(document.meta().title.as_ref().unwrap().chars().last(), Some(end), "{n}");
    }
}

#[test]
fn bytes_that_inflate_beyond_all_measure() {
    // Runs of one letter shrink to a thousandth; what shrinks less than 250 times is let through.
    let chapter = |n: usize| {
        let start = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>";
        let mut files = book("t", "", "", Vec::new());
        files[2] = entry("a.xhtml", start.to_owned() + &"x".repeat(n - start.len()));
        archive(&files)
    };
    check(Format::Epub, INFLATE_FREE, "too long", |n| chapter(if n > INFLATE_FREE { 2 * n } else { n }));
}

//! Every limit that a document can meet, just below it and just above: at the limit all is there
//! and nothing is said, beyond it the rest is left out and the reader is told so.

#![allow(clippy::unwrap_used, clippy::panic, clippy::format_collect)]

mod common;
#[allow(dead_code, reason = "it writes damaged archives too")]
#[path = "../src/formats/zip/testing.rs"]
mod zip;

use std::io::{Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use lection::document::{Document, Format, SectionBuilder, SectionId};
use lection::formats::{self, OpenOptions, Source};
use lection::limits::{
    ADDRESS_MAX, ARCHIVE_MEMBERS_MAX, ARCHIVE_SCAN_MAX, ATTRIBUTES_MAX, AUTHORS_MAX, BARE_ADDRESS_MAX, CANDIDATES_MAX,
    CARRIED_ELEMENTS_MAX, COLSPAN_MAX, ELEMENT_DEPTH_MAX, FALLBACKS_MAX, FB2_SCAN_MAX, FORMATTING_MAX, FRAME_DEPTH_MAX,
    FRONT_BYTES_MAX, IDS_MAX, INFLATE_FREE, LINKS_MAX, MEMBER_DIRECTIONS_MAX, MEMBER_NAME_MAX, MEMBER_TEXT_MAX,
    META_LINE_MAX, OUTLINE_ENTRIES_MAX, PAGE_IDS_MAX, PARSED_BYTES, PICTURE_WORDS_MAX, REPEATS_MAX, ROWSPAN_MAX,
    SECTION_BYTES_MAX, SPINE_MAX, TABLE_COLUMNS_MAX, TABLE_ROWS_MAX, TREE_NODES_MAX, WHOLE_BYTES,
};
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
    for id in (0..count).filter(|id| *id < 8 || id + 8 >= count).map(SectionId) {
        all.extend(document.load(id).unwrap().warnings().iter().map(ToString::to_string));
    }
    all.extend(document.warnings().iter().chain(pass.outline().warnings()).map(ToString::to_string));
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
    check(Format::Html, FRAME_DEPTH_MAX, "more than 16 deep", |n| page(&("<blockquote>".repeat(n) + "x")));
    check(Format::Markdown, FRAME_DEPTH_MAX, "more than 16 deep", |n| ("- ".repeat(n) + "x").into_bytes());
}

#[test]
fn columns_of_a_table() {
    let row = |n: usize| format!("<table><tr>{}</tr><tr><td>y</table>", "<td>x".repeat(n));
    check(Format::Html, TABLE_COLUMNS_MAX, "100 columns", |n| page(&row(n)));
    // A cell over more columns than that leaves none for the next one.
    let wide = |n: usize| page(&format!("<table><tr><td colspan={n}>x<td>y</table>"));
    check(Format::Html, COLSPAN_MAX - 1, "100 columns", wide);
}

#[test]
fn links_and_names_of_a_part() {
    // In this encoding a page is never read in pieces.
    let whole = |body: &str| {
        let units = page(body).into_iter().map(u16::from);
        std::iter::once(0xFEFF).chain(units).flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    check(Format::Html, LINKS_MAX, "100,000 links", |n| whole(&"<a href=#x>x</a>".repeat(n)));
    let named = |n: usize| (0..n).map(|i| format!("<i id=n{i}>x</i>")).collect::<Vec<_>>().concat();
    check(Format::Html, IDS_MAX, "100,000 named places", |n| whole(&named(n)));
}

/// All text of a document.
fn text(format: Format, bytes: Vec<u8>) -> String {
    let document = open(format, bytes).unwrap();
    (0..document.section_count()).map(|id| document.load(SectionId(id)).unwrap().text().to_string() + "\n").collect()
}

#[test]
fn rows_of_a_table() {
    // A longer one is measured anew: nothing is lost, and nothing is to be told.
    for n in [TABLE_ROWS_MAX, TABLE_ROWS_MAX + 1] {
        let rows: String = (0..n).map(|row| format!("<tr><td>r{row}<td>x")).collect();
        let document = open(Format::Html, page(&format!("<table>{rows}</table>"))).unwrap();
        assert_eq!(warnings(document.as_ref()), Vec::<String>::new());
        assert!(text(Format::Html, page(&format!("<table>{rows}</table>"))).contains(&format!("r{}\tx", n - 1)));
    }
    // One cell over all of them ends at the limit, whatever it says.
    let tall = |n: u32| page(&format!("<table><tr><td rowspan={n}>a<td>b{}</table>", "<tr><td>c".repeat(1001)));
    let [below, at, above] = [ROWSPAN_MAX - 1, ROWSPAN_MAX, ROWSPAN_MAX + 1].map(|n| text(Format::Html, tall(n)));
    assert!(below != at && at == above);
}

#[test]
fn bytes_of_an_address() {
    let link = |n: usize| page(&format!("<p><a href={}>words</a>", "x".repeat(n)));
    check(Format::Html, ADDRESS_MAX, "more than 64 KiB", link);
    let written = |n: usize| format!("[words](<{}>)", "x".repeat(n)).into_bytes();
    check(Format::Markdown, ADDRESS_MAX, "more than 64 KiB", written);
    // One that is not marked is text if it is longer.
    for (n, links) in [(BARE_ADDRESS_MAX, 1), (BARE_ADDRESS_MAX + 1, 0)] {
        let address = "http://".to_owned() + &"x".repeat(n - "http://".len());
        let document = open(Format::Markdown, format!("see {address} there").into_bytes()).unwrap();
        let section = document.load(SectionId(0)).unwrap();
        assert_eq!((section.links().len(), section.text().contains(&address)), (links, true), "{n}");
    }
}

#[test]
fn words_for_a_picture() {
    let picture = |n: usize| page(&format!("<p>x</p><img src=y alt='{}'>", "w".repeat(n)));
    check(Format::Html, PICTURE_WORDS_MAX, "more than 16 KiB", picture);
    assert!(text(Format::Html, picture(PICTURE_WORDS_MAX + 1)).contains("w…"));
}

#[test]
fn authors_of_a_document() {
    let named = |n: usize| (0..n).map(|i| format!("<meta name=author content=n{i}>")).collect::<String>();
    let creators =
        |n: usize| (0..n).map(|i| format!("</title><dc:creator>n{i}</dc:creator><title>")).collect::<String>();
    for (n, last) in [(AUTHORS_MAX, "n99"), (AUTHORS_MAX + 1, "…")] {
        let html = format!("<!DOCTYPE html><html><head>{}</head><body>x", named(n));
        let epub = archive(&book(&creators(n), "", "", Vec::new()));
        for (format, bytes) in [(Format::Html, html.into_bytes()), (Format::Epub, epub)] {
            let document = open(format, bytes).unwrap();
            assert_eq!(document.meta().authors.last().unwrap().as_str(), last, "{format}");
        }
    }
}

#[test]
fn metadata_of_a_markdown_file() {
    for (n, is_read) in [(FRONT_BYTES_MAX, true), (FRONT_BYTES_MAX + 1, false)] {
        let start = "---\ntitle: T\nx: ";
        let text = start.to_owned() + &"y".repeat(n - start.len() - 1) + "\n---\nwords\n";
        let document = open(Format::Markdown, text.into_bytes()).unwrap();
        assert_eq!(document.meta().title.is_some(), is_read, "{n}");
        let shown = document.load(SectionId(0)).unwrap();
        assert_eq!((shown.text().contains("words"), shown.text().contains("title: T")), (true, !is_read), "{n}");
    }
}

/// Paragraphs that make a page too long to be read as a whole.
fn long() -> String {
    let paragraph = "<p>".to_owned() + &"words and ".repeat(800);
    paragraph.repeat(WHOLE_BYTES as usize / paragraph.len() + 16)
}

#[test]
fn elements_that_go_on_over_the_parts_of_a_long_page() {
    let deep = |n: usize| page(&("<div>".repeat(n) + &long()));
    // The paragraph that is open is one of them.
    check(Format::Html, CARRIED_ELEMENTS_MAX - 1, "More than 64 elements go on", deep);
}

#[test]
fn names_of_a_long_page() {
    let named = |n: usize| {
        let names: String = (0..n).map(|i| format!("<i id=n{i}>x</i>")).collect();
        page(&(names + &long()))
    };
    check(Format::Html, PAGE_IDS_MAX, "more than 32,768 named places", named);
}

#[test]
fn headings_of_a_text() {
    let headings = |n: usize| "# t\n".repeat(n).into_bytes();
    check(Format::Markdown, OUTLINE_ENTRIES_MAX, "more than 50,000 lines", headings);
}

/// Minutes of work in a usual run, so only where `LECTION_SOAK` asks for it.
#[test]
fn the_largest_files() {
    if std::env::var_os("LECTION_SOAK").is_none() {
        return;
    }
    let chapter = |body: String| {
        let mut files = book("t", "", "", Vec::new());
        let text = format!("<html xmlns='http://www.w3.org/1999/xhtml'><body>{body}</body></html>");
        files[2] = Entry { method: 0, ..entry("a.xhtml", text) };
        archive(&files)
    };
    let around = "<html xmlns='http://www.w3.org/1999/xhtml'><body></body></html>".len();
    let filled = |n: usize| chapter("words and words ".repeat(n.div_ceil(16)).split_at(n - around).0.to_owned());
    check(Format::Epub, MEMBER_TEXT_MAX, "too long", filled);
    // Two of them are `html` and `body`, and what the tree itself begins with.
    let nodes = |n: usize| chapter("<p/>".repeat(if n > TREE_NODES_MAX { n } else { n - 16 }));
    check(Format::Epub, TREE_NODES_MAX, "elements", nodes);
    let utf16 = |n: usize| {
        let mut bytes: Vec<u8> = [0xFF, 0xFE].into_iter().chain(b"w\0o\0r\0d\0 \0".repeat(n / 10)).collect();
        bytes.resize(n, 0);
        bytes
    };
    check(Format::Html, PARSED_BYTES, "over 64 MiB", utf16);
    let lines = |n: usize| (0..n).map(|i| format!("w{i}\n\n")).collect::<String>().into_bytes();
    check(Format::Plain, CANDIDATES_MAX, "More than 150,000 lines", lines);
    for (n, is_told) in [(SECTION_BYTES_MAX, false), (SECTION_BYTES_MAX + 1, true)] {
        let mut builder = SectionBuilder::new(SectionId(0));
        builder.text(&"w".repeat(n));
        builder.end();
        assert_eq!(builder.finish().warnings().iter().any(|told| told.0.contains("over 64 MiB")), is_told);
    }
    for (at, is_told) in [(ARCHIVE_SCAN_MAX - 1, false), (ARCHIVE_SCAN_MAX, true)] {
        assert_eq!(far(at).iter().any(|sentence| sentence.contains("missing")), is_told, "{at}");
    }
}

/// What is told of an archive without a directory of which one file stands only there.
fn far(at: u64) -> Vec<String> {
    let item = "<item id='l' href='l.xhtml' media-type='application/xhtml+xml'/>";
    let page = entry("l.xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>far</p></body></html>");
    let mut bytes = archive(&book("t", item, "<itemref idref='l'/>", vec![page]));
    bytes.truncate(memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap());
    let last = bytes.split_off(memchr::memmem::rfind(&bytes, b"PK\x03\x04").unwrap());
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&last).unwrap();
    let options = OpenOptions { format: Some(Format::Epub), ..OpenOptions::default() };
    warnings(&*formats::open_source(Source::file(file).unwrap(), clean_line("test"), &options).unwrap())
}

#[test]
fn pictures_of_an_fb2_book() {
    for (len, is_text_alone) in [(FB2_SCAN_MAX, true), (FB2_SCAN_MAX + 1, false)] {
        let mut file = tempfile::tempfile().unwrap();
        write!(file, "<FictionBook><body><p>x</p></body><binary>{}", "A".repeat(64 * 1024)).unwrap();
        file.set_len(len).unwrap();
        let options = OpenOptions { format: Some(Format::Fb2), ..OpenOptions::default() };
        let document = formats::open_source(Source::file(file).unwrap(), clean_line("test"), &options).unwrap();
        assert_eq!(document.section_count() == 1, is_text_alone, "{len}");
        assert_eq!(document.load(SectionId(0)).unwrap().text().trim(), "x");
    }
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
fn files_that_stand_for_another() {
    let write = |n: usize| {
        let steps: String = (1..n - 1)
            .map(|i| format!("<item id='f{i}' href='f{i}' media-type='application/x' fallback='f{}'/>", i + 1))
            .collect();
        let last = n - 1;
        let items = format!(
            "<item id='f0' href='f0' media-type='application/x' fallback='f1'/>{steps}\
             <item id='f{last}' href='b.xhtml' media-type='application/xhtml+xml'/>"
        );
        let page = entry("b.xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>b</p></body></html>");
        archive(&book("t", &items, "<itemref idref='f0'/>", vec![page]))
    };
    check(Format::Epub, FALLBACKS_MAX, "missing", write);
}

#[test]
fn attributes_of_directions() {
    let many = |n: usize| (0..n - 3).map(|i| format!("a{i}='x' ")).collect::<String>();
    let item = |n: usize| format!("<item {}id='z' href='z' media-type='x'/>", many(n));
    let write = |n: usize| archive(&book("t", &item(n), "", Vec::new()));
    check(Format::Epub, ATTRIBUTES_MAX, "more than 256 attributes", write);
}

#[test]
fn names_in_an_archive_without_a_directory() {
    let write = |n: usize| {
        let name = "x".repeat(n - ".xhtml".len()) + ".xhtml";
        let item = format!("<item id='l' href='{name}' media-type='application/xhtml+xml'/>");
        let page = entry(name, "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>long</p></body></html>");
        let mut bytes = archive(&book("t", &item, "<itemref idref='l'/>", vec![page]));
        let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        bytes.truncate(directory);
        bytes
    };
    check(Format::Epub, MEMBER_NAME_MAX, "missing", write);
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

//! Books of a few lines, as they are shown.

use std::sync::Arc;

use crate::document::{Document, Format, Meta, Position, Section, SectionId, Style};
use crate::formats::parsed::tests::{document, dump};
use crate::formats::zip::testing::{Entry, archive, entry};
use crate::formats::{OpenOptions, Source, open_source};
use crate::text::clean_line;

/// A book with this in its body.
fn book(body: &str) -> String {
    let space = "xmlns='http://www.gribuser.ru/xml/fictionbook/2.0' xmlns:l='http://www.w3.org/1999/xlink'";
    format!("<?xml version='1.0'?>\n<FictionBook {space}><body>{body}</body></FictionBook>")
}

fn open(bytes: &[u8]) -> Arc<dyn Document> {
    let document = document("book.fb2", bytes);
    assert_eq!(document.format(), Format::Fb2);
    document
}

fn sections(document: &dyn Document) -> Vec<Section> {
    (0..document.section_count()).map(|id| document.load(SectionId(id)).unwrap()).collect()
}

#[track_caller]
fn check(body: &str, blocks: &[&str]) {
    let found: Vec<String> = sections(&*open(book(body).as_bytes())).iter().flat_map(dump).collect();
    assert_eq!(found, blocks, "{body}");
}

#[track_caller]
fn check_outline(document: &dyn Document, expected: &[(u8, &str)]) {
    let mut pass = document.outline_pass();
    while !pass.step().unwrap().is_done() {}
    let outline = pass.outline();
    let found: Vec<(u8, &str)> = outline.entries().iter().map(|e| (e.level, &*e.title)).collect();
    assert_eq!(found, expected);
}

fn refusal(name: &str, bytes: &[u8]) -> String {
    open_source(Source::memory(bytes), clean_line(name), &OpenOptions::default()).err().unwrap().to_string()
}

#[test]
fn titles_are_headings_by_their_depth() {
    check(
        "<title><p>Book</p><p>One</p></title><section><title><p>Part</p></title><section><title><p>A</p><empty-line/>\
         <p>B</p></title><p>a</p><subtitle>s</subtitle><p>b</p><subtitle>* * *</subtitle><empty-line/><p>c</p></section></section>",
        &["# Book/One", "## Part", "### A/B", "a", "s", "b", "---", "c"],
    );
    let deep = "<section><title><p>t</p></title>".repeat(8);
    check(
        &format!("{deep}<p>a</p>"),
        &["## t", "### t", "#### t", "##### t", "###### t", "###### t", "###### t", "###### t", "a"],
    );
}

#[test]
fn quotations_and_verse_name_who_wrote_them() {
    check(
        "<epigraph><p>e</p><text-author>E</text-author></epigraph><section><cite><p>c</p><text-author>C</text-author></cite>\
         <annotation><p>n</p></annotation></section>",
        &["epigraph> e", "epigraph> by: E", "> c", "> by: C", "aside> n"],
    );
    check(
        "<section><poem><title><p>T</p></title><stanza><v>a</v>\n<v>b <emphasis>c</emphasis></v></stanza><stanza><v>d</v></stanza>\
         <text-author>P</text-author><date>1820</date></poem><p>x</p></section>",
        &["verse: T", "verse: a/b c", "verse: d", "by: P", "verse: 1820", "x"],
    );
}

#[test]
fn text_has_styles_links_and_pictures() {
    let body = "<section><p>a<strong>b</strong><emphasis>c</emphasis><strikethrough>d</strikethrough><style name='x'>e</style>\
                <code>f</code><sub>g</sub><sup>h</sup> <a l:href='#n1' type='note'>[1]</a></p><image l:href='#i.png' alt='A cat'/>\
                <p>i <image l:href='#j.png'/> j</p></section>";
    let document = open(book(body).as_bytes());
    let section = document.load(SectionId(0)).unwrap();
    assert_eq!(dump(&section), ["abcdefgh [1]", "image(i.png): A cat", "i j"]);
    let styles: Vec<Style> = section.spans(crate::document::BlockId(0)).iter().map(|span| span.style).collect();
    for style in [Style::STRONG, Style::EMPHASIS, Style::STRIKE, Style::CODE, Style::SUB, Style::SUPER] {
        assert!(styles.contains(&style), "{style:?}");
    }
    assert_eq!(section.links().len(), 1);
}

#[test]
fn notes_stand_under_their_signs() {
    let notes = "</body><body name='notes'><title><p>Notes</p></title><section id='n1'><title><p>1</p></title><p>First.</p></section>\
                 <section id='n2'><title><p> [2] </p></title><p>Second.</p></section><section><p>Third.</p></section><section id='e'><title><p>On the names of the people in this book</p></title><p>Long.</p></section>";
    let text = format!("<section><title><p>A</p></title><p>a<a l:href='#n2' type='note'>2</a></p></section>{notes}");
    let document = open(book(&text).as_bytes());
    assert_eq!(
        dump(&document.load(SectionId(0)).unwrap()),
        [
            "## A",
            "a2",
            "# Notes",
            "note(1) First.",
            "note(2) Second.",
            "note() Third.",
            "## On the names of the people in this book",
            "Long."
        ]
    );
    let place = document.resolve(SectionId(0), "#n2").map(|target| target.position());
    assert_eq!(place.map(|place| place.block.0), Some(4));
    check_outline(&*document, &[(2, "A"), (1, "Notes"), (2, "On the names of the people in this book")]);
}

#[test]
fn a_book_says_what_it_is() {
    let about = "<description><title-info><genre>g</genre><author><first-name>A</first-name><middle-name>B</middle-name>\
                 <last-name>C</last-name></author><author><nickname>n</nickname></author><book-title>The  Book</book-title>\
                 <annotation><p>One.</p><p>Two.</p></annotation><date value='1900-01-01'>1900</date><lang>ru</lang></title-info>\
                 <document-info><author><nickname>scanner</nickname></author><id>i</id></document-info>\
                 <publish-info><publisher>P</publisher><year>1901</year></publish-info></description>";
    let document = open(book("<p>text</p>").replace("<body>", &format!("{about}<body>")).as_bytes());
    let line = |text: &str| Some(clean_line(text));
    let meta = Meta {
        title: line("The Book"),
        authors: vec![clean_line("A B C"), clean_line("n")],
        language: line("ru"),
        date: line("1901"),
        publisher: line("P"),
        description: line("One. Two."),
        identifier: line("i"),
    };
    assert_eq!(*document.meta(), meta);
    assert_eq!(dump(&document.load(SectionId(0)).unwrap()), ["text"]);
}

#[test]
fn pictures_at_the_end_are_no_part_of_the_text() {
    let picture = format!("<binary id='a.png' content-type='image/png'>{}</binary>", "QUJD".repeat(100_000));
    let text = book("<p>text</p>").replace("</FictionBook>", &format!("{picture}</FictionBook>"));
    let document = open(text.as_bytes());
    assert_eq!(document.section_count(), 1);
    assert_eq!(document.resolve(SectionId(0), "#a.png"), None);
    // Where text follows them, they are passed over and it is read.
    let odd = book("<p>text</p>").replace("<body>", &format!("{picture}<body>"));
    let document = open(odd.as_bytes());
    let shown: Vec<String> = sections(&*document).iter().flat_map(dump).collect();
    assert_eq!(shown, ["text"]);
    assert!(document.section_count() > 1);
}

#[test]
fn any_encoding_is_read() {
    let text = book("<p>Жук</p>");
    let declared = |name: &str| text.replace("version='1.0'", &format!("version='1.0' encoding='{name}'"));
    let named =
        [declared("windows-1251").split_once("<body>").unwrap().0.as_bytes(), b"<body><p>\xC6\xF3\xEA</p></body>"]
            .concat();
    let wide: Vec<u8> =
        [0xFEFF].into_iter().chain(declared("utf-16").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (bytes, encoding) in [
        (text.as_bytes(), "UTF-8"),
        (declared("utf-8").as_bytes(), "UTF-8"),
        (declared("utf-16").as_bytes(), "UTF-8"),
        (&named, "windows-1251"),
        (&wide, "UTF-16LE"),
    ] {
        let document = open(bytes);
        assert_eq!(
            (document.encoding(), dump(&document.load(SectionId(0)).unwrap())),
            (encoding, vec!["Жук".to_owned()])
        );
    }
}

#[test]
fn what_is_not_well_formed_keeps_its_text() {
    check("<section><p>a <b & c < d &nbsp; e</p>", &["a <b & c < d \u{a0} e"]);
    check("<section><p>a <emphasis>b</p><p>c</section><p>d", &["a b", "c", "d"]);
    check("<section><p>a</p></cite></section><p>b</p>", &["a", "b"]);
    let deep = format!("{}<p>x</p>", "<section>".repeat(20_000));
    check(&deep, &["x"]);
    let section = open(book(&deep).as_bytes()).load(SectionId(0)).unwrap();
    assert!(section.warnings().iter().any(|warning| warning.0.contains("512")));
}

#[test]
fn archives_hold_one_book() {
    let text = book("<p>text</p>");
    let packed = archive(&[entry("dir/Book.FB2", text.as_bytes())]);
    let document = document("book.fb2.zip", &packed);
    assert_eq!(
        (document.format(), dump(&document.load(SectionId(0)).unwrap())),
        (Format::Fb2, vec!["text".to_owned()])
    );
    let entry_of = |name: &str| entry(name, text.as_bytes());
    assert!(refusal("b.zip", &archive(&[entry_of("a.fb2"), entry_of("b.fb2")])).contains("more than one"));
    assert!(refusal("b.fbz", &archive(&[entry_of("a.txt")])).contains("no FB2"));
    let wrong = Entry { crc: Some(1), ..entry_of("a.fb2") };
    let damaged = crate::formats::parsed::tests::document("a.fbz", &archive(&[wrong])).load(SectionId(0)).unwrap();
    assert!(damaged.warnings().iter().any(|warning| warning.0.contains("checksum")), "{:?}", damaged.warnings());
}

#[test]
fn a_long_book_is_the_same_in_pieces() {
    let chapter = |n: usize| {
        let text = format!("<p>{} <emphasis>of {n}</emphasis></p>\n", "words and more ".repeat(20)).repeat(40);
        format!(
            "<section id='c{n}'><title><p>Chapter {n}</p></title><poem><stanza><v>verse</v></stanza></poem>{text}</section>\n"
        )
    };
    let text: String = (0..40).map(chapter).collect();
    let document = open(book(&format!("<section><title><p>Part</p></title>{text}</section>")).as_bytes());
    assert!(document.section_count() > 4);
    let mut expected = vec![(1, "Part".to_owned())];
    expected.extend((0..40).map(|n| (2, format!("Chapter {n}"))));
    let expected: Vec<(u8, &str)> = expected.iter().map(|(level, title)| (*level, title.as_str())).collect();
    check_outline(&*document, &expected);
    let shown: usize = sections(&*document).iter().map(|s| s.text().matches("words and more").count()).sum();
    assert_eq!(shown, 40 * 40 * 20);
    let place = |href: &str| document.resolve(SectionId(0), href).map(|target| target.position());
    assert!(place("#c39").is_some_and(|place| place.section.0 + 2 > document.section_count()));
    assert_eq!(place("#"), Some(Position::START));
}

//! Books of a few lines, as they are shown.

use std::sync::Arc;

use proptest::prelude::*;

use super::pieces::BookPieces;
use crate::document::{Document, Format, Meta, Position, Section, SectionId, Style};
use crate::formats::encoding::Charset;
use crate::formats::growing::Growing;
use crate::formats::parsed::tests::{document, dump};
use crate::formats::zip::testing::{Entry, archive, entry};
use crate::formats::{Context, OpenOptions, Source, open_source};
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

/// The blocks of all sections.
fn shown(document: &dyn Document) -> Vec<String> {
    sections(document).iter().flat_map(dump).collect()
}

/// What a document says is wrong with it.
fn warnings(bytes: &[u8]) -> Vec<String> {
    document("book.fb2", bytes).warnings().iter().map(ToString::to_string).collect()
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
            "a²",
            "## Notes",
            "note(1) First.",
            "note(2) Second.",
            "note() Third.",
            "### On the names of the people in this book",
            "Long."
        ]
    );
    let place = document.resolve(SectionId(0), "#n2").map(|target| target.position());
    assert_eq!(place.map(|place| place.block.0), Some(4));
    check_outline(&*document, &[(1, "A"), (1, "Notes"), (2, "On the names of the people in this book")]);
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
    // Whatever else follows the first of them is read.
    for (text, shown_text) in [
        ("<p>a</p><binary id='x'>QUJD</binary><p>b</p>", &["a", "b"][..]),
        ("<p>a</p><!-- <binary id='x'> --><p>b</p>", &["a", "b"]),
    ] {
        assert_eq!(shown(&*open(book(text).as_bytes())), shown_text, "{text}");
        assert_eq!(shown(&*open(book(text).split_once("</body>").unwrap().0.as_bytes())), shown_text, "{text}");
    }
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
    let packed = document("book.fb2.zip", &packed);
    assert_eq!((packed.format(), shown(&*packed)), (Format::Fb2, vec!["text".to_owned()]));
    let entry_of = |name: &str| entry(name, text.as_bytes());
    assert!(refusal("b.zip", &archive(&[entry_of("a.fb2"), entry_of("b.fb2")])).contains("more than one"));
    assert!(refusal("b.fbz", &archive(&[entry_of("a.txt")])).contains("no FB2"));
    let wrong = Entry { crc: Some(1), ..entry_of("a.fb2") };
    let mut sentences = warnings(&archive(&[wrong]));
    let wide: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    sentences.extend(warnings(&archive(&[Entry { crc: Some(1), ..entry("a.fb2", wide) }])));
    assert!(sentences.len() == 2 && sentences.iter().all(|sentence| sentence.contains("checksum")), "{sentences:?}");
    // What a system adds is no book, and what is no text is none either.
    let own = archive(&[entry_of("book.fb2"), entry("__MACOSX/._book.fb2", "x"), entry("._b.fb2", "x")]);
    assert_eq!(shown(&*document("b.fb2.zip", &own)), ["text"]);
    assert!(refusal("b.fb2.zip", &archive(&[entry("a.fb2", [0; 4096])])).contains("binary"));
    let picture = format!("<binary id='x'>{}</binary>", "QUJD".repeat(50_000));
    let pictures = text.replace("</FictionBook>", &format!("{picture}</FictionBook>"));
    let document = document("b.fbz", &archive(&[entry("a.fb2", pictures)]));
    assert_eq!((document.section_count(), document.warnings()), (1, &[][..]));
}

#[test]
fn a_book_that_ends_too_soon_says_so() {
    let whole = book("<p>text</p>");
    assert_eq!(warnings(whole.as_bytes()), [""; 0]);
    assert_eq!(warnings(b"<a:FictionBook><a:body><a:p>x</a:p></a:body></a:FictionBook >\n"), [""; 0]);
    let cut = whole.split_once("xt</p>").unwrap().0;
    assert!(warnings(cut.as_bytes()).iter().any(|sentence| sentence.contains("incomplete")));
    // Also where its pictures come first, and what follows them is all its text.
    let picture = "<binary id='a'>QUJD</binary><body>";
    let document = open(cut.replace("<body>", picture).as_bytes());
    assert_eq!(shown(&*document), ["te"]);
}

#[test]
fn titles_are_not_lost_where_they_are_no_headings() {
    let notes = |section: &str| format!("<p>a</p></body><body name='notes'>{section}");
    check(&notes("<section id='n'><title><p>Short</p></title></section>"), &["a", "### Short"]);
    check(
        &notes("<section><title><p>1</p></title><title><p>2</p></title><p>b</p></section>"),
        &["a", "note(1) 2", "note(1) b"],
    );
    check(
        &notes("<section><title><p>1 <a l:href='#x'>back</a></p></title><p>b</p></section>"),
        &["a", "### 1 back", "b"],
    );
    check(
        &notes("<section><title><p>Of one</p></title><section><p>b</p></section></section>"),
        &["a", "### Of one", "note() b"],
    );
    check("<section><annotation><title><p>t</p></title><p>n</p></annotation></section>", &["aside> t", "aside> n"]);
    check("<section><subtitle><image l:href='#x' alt='A map'/></subtitle></section>", &["image(x): A map"]);
    check(
        "<p>a</p></body><body name='Приложение'><title><p>P</p></title><section><title><p>Глава I</p></title><p>b</p></section>",
        &["a", "## P", "### Глава I", "b"],
    );
    let indented = format!("<section><title>\n{}<p>1</p>\n</title><p>b</p></section>", " ".repeat(40));
    check(&notes(&indented), &["a", "note(1) b"]);
    let document = open(book(&notes("<section><title><p id='n2'>2</p></title><p>b</p></section>")).as_bytes());
    assert_eq!(document.resolve(SectionId(0), "#n2").map(|target| target.position().block.0), Some(1));
}

#[test]
fn an_empty_line_parts_scenes_but_does_not_space_a_text() {
    check("<section><p>a</p><p>b</p><empty-line/><p>c</p><p>d</p></section>", &["a", "b", "---", "c", "d"]);
    check(
        "<section><p>a</p><empty-line/><p>b</p><empty-line/><p>c</p><empty-line/><p>d</p></section>",
        &["a", "b", "c", "d"],
    );
    check(
        "<section><p>a</p><p>b</p><empty-line/><image l:href='#i' alt='i'/><empty-line/><p>c</p><p>d</p></section>",
        &["a", "b", "image(i): i", "c", "d"],
    );
}

#[test]
fn a_prefix_of_names_says_nothing() {
    let chapter = |n: usize| {
        format!("<fb:section><fb:title><fb:p>T {n}</fb:p></fb:title>{}</fb:section>", "<fb:p>word</fb:p>".repeat(400))
    };
    let text: String = (0..20).map(chapter).collect();
    let book = format!("<fb:FictionBook xmlns:fb='x'><fb:body>{text}</fb:body></fb:FictionBook>");
    let document = open(book.as_bytes());
    assert!(document.section_count() > 1);
    assert_eq!(shown(&*document).iter().filter(|block| block.starts_with("## T")).count(), 20);
}

/// Books of all kinds of blocks, some of them not well-formed. No tag is longer than a quarter of a step.
fn any_book() -> impl Strategy<Value = String> {
    let words = "[a-z]{1,9}( [a-z]{1,9}){0,5}";
    let each = |before: &'static str, after: &'static str| {
        proptest::collection::vec(words.prop_map(move |w| format!("{before}{w}{after}")), 1..8).prop_map(|l| l.concat())
    };
    let block = prop_oneof![
        each("<p>", "</p>"),
        each("<p>", "</p>\n<empty-line/>"),
        each("<p><emphasis>", "</emphasis> x</p>"),
        each("<p>a < b <x ", "</p>"),
        each("<section><title><p>", "</p></title><p>y</p></section>"),
        each("<section><title><p>", "</p></title></section>"),
        each("<title><p>", "</p></title>"),
        each("<v>", "</v>\n").prop_map(|l| format!("<poem><stanza>{l}</stanza><text-author>z</text-author></poem>")),
        each("<p>", "</p>").prop_map(|l| format!("<cite>{l}</cite>")),
        each("<p>", "</p>").prop_map(|l| format!("<epigraph>{l}</epigraph>")),
        each("<tr><td>", "</td><td>z</td></tr>").prop_map(|l| format!("<table>{l}</table>")),
        each("<subtitle>", "</subtitle>"),
        each("<!-- ", " -->").prop_map(|l| format!("{l}<p>v</p>")),
        each("<p>", "</p></body><body name='notes'>"),
        each("<binary id='x'>", "</binary>"),
        each("</section>", "<section>"),
    ];
    let body = proptest::collection::vec(block, 1..16).prop_map(|blocks| blocks.concat());
    body.prop_map(|body| format!("<FictionBook><body><section>{body}</section></body></FictionBook>"))
}

/// The letters that are shown.
fn letters(sections: &[Section]) -> String {
    let labels = |section: &Section| -> String {
        let frames = section.numbered_blocks().flat_map(|(id, _)| section.frames(id).map(|(frame, _)| frame));
        let mut frames: Vec<_> = frames.collect();
        frames.sort_unstable();
        frames.dedup();
        frames.into_iter().map(|frame| section.marker(frame).to_string()).collect()
    };
    let mut all: Vec<char> = sections.iter().flat_map(|s| (labels(s) + s.text()).chars().collect::<Vec<_>>()).collect();
    all.retain(|c| c.is_alphanumeric());
    all.sort_unstable();
    all.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pieces_show_what_the_whole_shows(text in any_book(), step in 400u64..1500) {
        let source = Source::memory(text.as_bytes());
        let context = |identity| Context {
            name: clean_line("a.fb2"),
            identity,
            options: OpenOptions::default(),
            faults: Vec::new(),
        };
        let pieces = |step| {
            let context = context(source.identity().unwrap());
            Growing::with_step(BookPieces, Format::Fb2, source.clone(), Charset::UTF_8, context, step)
        };
        prop_assert_eq!(letters(&sections(&pieces(step))), letters(&sections(&pieces(1 << 20))), "{}", text);
    }
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

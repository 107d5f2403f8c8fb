//! What books of every kind of soundness open as.

use proptest::prelude::*;

use super::*;
use crate::document::Link;
use crate::formats::OpenOptions;
use crate::formats::zip::testing::{Entry, archive, entry};
use crate::limits::{OUTLINE_DEPTH_MAX, OUTLINE_ENTRIES_MAX, REPEATS_MAX, TITLE_MAX};

/// A book of two chapters that tests take apart: its files by name.
struct Files(Vec<(String, Vec<u8>)>);

const CONTAINER: &str = "<container><rootfiles><rootfile full-path='OEBPS/content.opf' \
                         media-type='application/oebps-package+xml'/></rootfiles></container>";
const PAGE: &str = "media-type='application/xhtml+xml'";

fn page(title: &str, body: &str) -> String {
    format!(
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>{title}</title></head>\
         <body>{body}</body></html>"
    )
}

/// A package of these files, (id, address, other attributes), read in this order.
fn package(items: &[(&str, &str, &str)], spine: &[&str]) -> String {
    let list: Vec<_> = items.iter().map(|(id, href, more)| format!("<item id='{id}' href='{href}' {more}/>")).collect();
    let order: Vec<_> = spine.iter().map(|id| format!("<itemref idref='{id}'/>")).collect();
    let (list, order) = (list.concat(), order.concat());
    format!(
        "<package><metadata><dc:title>Title</dc:title></metadata><manifest>{list}</manifest><spine>{order}</spine></package>"
    )
}

impl Files {
    fn sound() -> Files {
        let opf = package(
            &[("a", "a.xhtml", PAGE), ("b", "b.xhtml", PAGE), ("nav", "nav.xhtml", "properties='nav'")],
            &["a", "b"],
        );
        let nav = page(
            "",
            "<nav epub:type='toc'><ol><li><a href='a.xhtml'>A</a></li><li><a href='b.xhtml#x'>B</a></li></ol></nav>",
        );
        Files(vec![])
            .with("META-INF/container.xml", CONTAINER)
            .with("OEBPS/content.opf", opf)
            .with("OEBPS/nav.xhtml", nav)
            .with("OEBPS/a.xhtml", page("Page a", "<p>Text a. <a href='b.xhtml#x'>on</a></p>"))
            .with("OEBPS/b.xhtml", page("Page b", "<p>Before.</p><p id='x'>Text b.</p>"))
    }

    /// With another file, or another content of a file.
    fn with(mut self, name: &str, content: impl AsRef<[u8]>) -> Files {
        let content = content.as_ref().to_vec();
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = content,
            None => self.0.push((name.to_owned(), content)),
        }
        self
    }

    fn without(mut self, name: &str) -> Files {
        self.0.retain(|(n, _)| n != name);
        self
    }

    fn entries(&self) -> Vec<Entry> {
        self.0.iter().map(|(name, content)| entry(name, content)).collect()
    }

    fn open(&self) -> Result<Arc<dyn Document>, OpenError> {
        open_bytes(archive(&self.entries()))
    }
}

fn open_bytes(bytes: Vec<u8>) -> Result<Arc<dyn Document>, OpenError> {
    let source = Source::memory(bytes);
    let identity = source.identity().unwrap();
    open(
        source,
        Context { name: clean_line("book.epub"), identity, options: OpenOptions::default(), faults: Vec::new() },
    )
}

/// The text of each section.
fn texts(book: &dyn Document) -> Vec<String> {
    (0..book.section_count()).map(|i| book.load(SectionId(i)).unwrap().text().as_str().to_owned()).collect()
}

/// The outline, one entry a line: level, title, target; steps that it took.
fn outline(book: &dyn Document) -> (Vec<String>, usize) {
    let mut pass = book.outline_pass();
    let mut steps = 1;
    while !pass.step().unwrap().is_done() {
        steps += 1;
        assert!(steps < 1000, "the pass does not end");
    }
    let target = |target: &Target| match target {
        Target::At(place) => place.to_string(),
        Target::Named(section, name) => format!("{}#{name}", section.0),
    };
    (pass.outline().entries().iter().map(|e| format!("{} {} {}", e.level, e.title, target(&e.target))).collect(), steps)
}

fn check(files: &Files, expected: &[&str]) {
    let book = files.open().unwrap();
    assert_eq!(texts(book.as_ref()), expected);
}

fn check_refused(files: &Files, reason: &str) {
    let Err(error) = files.open() else { panic!("it opens, wanted: {reason}") };
    assert!(error.reason.contains(reason), "{error}");
}

fn check_outline(files: &Files, expected: &[&str]) {
    assert_eq!(outline(files.open().unwrap().as_ref()).0, expected);
}

#[test]
fn parts_without_headings_and_names_are_divided_by_topic() {
    let divided = |title: &str| {
        let body = crate::formats::topics::tests::body(60);
        let files = Files::sound()
            .with("OEBPS/nav.xhtml", page("", ""))
            .with("OEBPS/a.xhtml", page("Book", &body))
            .with("OEBPS/b.xhtml", page(title, "<p>Text b.</p>"));
        let book = files.open().unwrap();
        let mut pass = book.outline_pass();
        while !pass.step().unwrap().is_done() {}
        let outline = pass.outline();
        assert!(outline.entries().iter().all(|e| e.inferred));
        (outline.len() > 2, pass.reasons().len() == outline.len())
    };
    assert_eq!(divided("Book"), (true, true));
    // Two names tell the parts apart.
    assert_eq!(divided("Afterword"), (false, false));
}

const TEXTS: [&str; 2] = ["Text a. on", "Before.\nText b."];

#[test]
fn a_sound_book() {
    let book = Files::sound().open().unwrap();
    assert_eq!(texts(book.as_ref()), TEXTS);
    assert_eq!(book.meta().title.as_deref(), Some("Title"));
    assert_eq!((book.format(), book.encoding(), book.warnings()), (Format::Epub, "UTF-8", &[][..]));
    assert_eq!(outline(book.as_ref()), (vec!["1 A 0/0:0".to_owned(), "1 B 1#x".to_owned()], 1));
    assert_eq!(
        book.section_bytes(SectionId(0)),
        page("Page a", "<p>Text a. <a href='b.xhtml#x'>on</a></p>").len() as u64
    );
    assert_eq!((book.section_bytes(SectionId(2)), book.load(SectionId(2)).unwrap().block_count()), (0, 0));
}

#[test]
fn links_lead_into_the_book() {
    let book = Files::sound().open().unwrap();
    let named = |section, name| Some(Target::Named(SectionId(section), clean_line(name)));
    let at = |section| Some(Target::At(Position::start_of(SectionId(section))));
    for (href, target) in [
        ("b.xhtml", at(1)),
        ("../OEBPS/b.xhtml#x", named(1, "x")),
        ("B.XHTML#y", named(1, "y")),
        ("#t%20u", named(0, "t u")),
        ("#", at(0)),
        ("", at(0)),
        ("nav.xhtml", None),
        ("gone.xhtml", None),
        ("http://a/b.xhtml", None),
    ] {
        assert_eq!(book.resolve(SectionId(0), href), target, "{href:?}");
    }
    let Some(Target::Named(section, name)) = book.resolve(SectionId(0), "b.xhtml#x") else { panic!() };
    assert_eq!(book.load(section).unwrap().id_position(&name).unwrap().to_string(), "1/1:0");
}

#[test]
fn containers_may_be_missing_or_empty() {
    check(&Files::sound().without("META-INF/container.xml"), &TEXTS);
    check(&Files::sound().with("META-INF/container.xml", ""), &TEXTS);
    check(&Files::sound().with("META-INF/container.xml", CONTAINER.replace("OEBPS", "/oebps")), &TEXTS);
    check_refused(&Files::sound().without("OEBPS/content.opf"), "'OEBPS/content.opf', is not in it");
    check_refused(&Files::sound().without("OEBPS/content.opf").without("META-INF/container.xml"), "no EPUB");
    let Err(error) = open_bytes(b"plain text".to_vec()) else { panic!() };
    assert!(error.reason.contains("no ZIP archive"), "{error}");
}

#[test]
fn missing_parts_are_said_at_their_place() {
    let opf = package(
        &[("a", "a.xhtml", PAGE), ("g", "gone.xhtml", PAGE), ("r", "http://host/r.xhtml", PAGE)],
        &["g", "a", "r", "unknown"],
    );
    let files = Files::sound().with("OEBPS/content.opf", opf);
    check(
        &files,
        &[
            "[This part of the book is missing: OEBPS/gone.xhtml]",
            "Text a. on",
            "[This part of the book is on the network and is not fetched: http://host/r.xhtml]",
            "[This part of the book is missing: unknown]",
        ],
    );
    let book = files.open().unwrap();
    assert_eq!(book.warnings().len(), 1);
    assert_eq!(book.load(SectionId(0)).unwrap().warnings().len(), 1);
}

#[test]
fn a_reading_order_that_leads_nowhere_is_replaced() {
    for spine in [&[][..], &["unknown"], &["g"]] {
        let items = [("g", "gone.xhtml", PAGE), ("a", "a.xhtml", PAGE), ("b", "b.xhtml", PAGE)];
        let files = Files::sound().without("OEBPS/nav.xhtml").with("OEBPS/content.opf", package(&items, spine));
        let all = texts(files.open().unwrap().as_ref());
        assert_eq!(all.iter().filter(|t| !t.contains("missing")).collect::<Vec<_>>(), TEXTS.iter().collect::<Vec<_>>());
    }
    let files = Files::sound().without("OEBPS/a.xhtml").without("OEBPS/b.xhtml").without("OEBPS/nav.xhtml");
    check_refused(&files, "no chapters");
}

#[test]
fn what_cannot_be_shown_is_replaced_by_its_fallback() {
    let items = [
        ("j", "j.json", "media-type='application/json' fallback='k'"),
        ("k", "k.json", "media-type='application/json' fallback='a'"),
        ("a", "a.xhtml", PAGE),
        ("x", "x.bin", "media-type='x/x' fallback='y'"),
        ("y", "y.bin", "media-type='x/x' fallback='x'"),
        ("w", "b.xhtml", "media-type='text/css'"),
    ];
    let files = Files::sound()
        .with("OEBPS/content.opf", package(&items, &["j", "x", "w"]))
        .with("OEBPS/j.json", "{}")
        .with("OEBPS/y.bin", "plain");
    check(&files, &["Text a. on", "plain", "Before.\nText b."]);
    let book = files.open().unwrap();
    assert_eq!(book.resolve(SectionId(2), "j.json").map(|t| t.section()), Some(SectionId(0)));
}

#[test]
fn repeated_parts_are_shown_again_but_not_without_end() {
    let opf = package(&[("a", "a.xhtml", PAGE), ("b", "b.xhtml", PAGE)], &[vec!["a"; 5000], vec!["b"]].concat());
    let book = Files::sound().with("OEBPS/content.opf", opf).open().unwrap();
    assert_eq!(book.section_count() as usize, REPEATS_MAX + 1);
    assert_eq!(book.warnings().len(), 1);
    assert_eq!(book.resolve(SectionId(16), "a.xhtml"), Some(Target::At(Position::START)));
}

#[test]
fn a_place_in_a_part_that_is_shown_is_no_part() {
    let items = [("a", "a.xhtml", PAGE), ("x", "b.xhtml#x", PAGE), ("b", "b.xhtml", PAGE), ("y", "b.xhtml#y", PAGE)];
    let opf = |order: &[&str]| Files::sound().with("OEBPS/content.opf", package(&items, order));
    check(&opf(&["a", "b", "x", "y"]), &["Text a. on", "Before.\nText b."]);
    check(&opf(&["x", "a", "y"]), &["Before.\nText b.", "Text a. on"]);
    check(&opf(&["x", "b", "a", "b"]), &["Before.\nText b.", "Text a. on", "Before.\nText b."]);
}

#[test]
fn parts_beyond_what_an_archive_can_hold_are_not_unpacked() {
    let names: Vec<String> = (0..40).map(|n| format!("c{n}.xhtml")).collect();
    let items: Vec<(&str, &str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str(), PAGE)).collect();
    let order: Vec<&str> = names.iter().map(String::as_str).collect();
    let book = |bytes: usize| {
        let part = page("", &"x".repeat(bytes));
        let files = Files::sound().with("OEBPS/content.opf", package(&items, &order));
        names.iter().fold(files, |files, name| files.with(&format!("OEBPS/{name}"), &part)).open().unwrap()
    };
    assert!(book(1 << 20).warnings().is_empty());
    let bomb = book(4 << 20);
    let last = bomb.load(SectionId(39)).unwrap();
    assert!(last.text().contains("beyond what an archive of this size can hold"), "{}", last.text().len());
    assert!(bomb.load(SectionId(0)).unwrap().text().len() > 1 << 20);
    assert_eq!(bomb.warnings().len(), 1);
}

#[test]
fn sizes_that_lie_take_no_text_away() {
    let words = (0..20_000).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    let names: Vec<String> = (0..4).map(|n| format!("c{n}.xhtml")).collect();
    let items: Vec<(&str, &str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str(), PAGE)).collect();
    let order: Vec<&str> = names.iter().map(String::as_str).collect();
    let files = Files::sound().with("OEBPS/content.opf", package(&items, &order));
    let files = names.iter().fold(files, |files, name| files.with(&format!("OEBPS/{name}"), page("", &words)));
    for size in [0, 1, i32::MAX as u32, u32::MAX] {
        let mut entries = files.entries();
        for entry in entries.iter_mut().rev().take(4) {
            entry.size = Some(size);
        }
        let all = texts(open_bytes(archive(&entries)).unwrap().as_ref());
        assert!(all.iter().all(|text| text.len() == words.len()), "{size}");
    }
}

#[test]
fn a_part_that_gives_far_more_than_it_states_is_cut() {
    let mut entries = Files::sound().with("OEBPS/b.xhtml", page("", &"x".repeat(3 << 20))).entries();
    entries.last_mut().unwrap().size = Some(10);
    let all = texts(open_bytes(archive(&entries)).unwrap().as_ref());
    let length = all[1].len();
    assert!(length < 1 << 20 && all[1].contains("[This part of the book ends here: it is too long"), "{length}");
}

#[test]
fn locked_books_are_named() {
    let encryption = |algorithm: &str, path: &str| {
        format!(
            "<encryption><enc:EncryptedData><enc:EncryptionMethod Algorithm='{algorithm}'/>\
             <enc:CipherData><enc:CipherReference URI='{path}'/></enc:CipherData></enc:EncryptedData></encryption>"
        )
    };
    let locked = |algorithm: &str| {
        let noise: Vec<u8> = (0..500u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
        Files::sound()
            .with("OEBPS/a.xhtml", noise)
            .with("META-INF/encryption.xml", encryption(algorithm, "OEBPS/a.xhtml"))
    };
    let aes = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
    check_refused(&locked(aes).with("META-INF/rights.xml", ""), "it is protected by Adobe DRM; lection reads only");
    check_refused(&locked(aes).with("META-INF/license.lcpl", ""), "Readium LCP");
    check_refused(&locked("http://itunes.apple.com/dataenc").with("META-INF/sinf.xml", ""), "Apple FairPlay");
    check_refused(&locked(aes), "protected by DRM");
    for (algorithm, path) in [
        ("http://www.idpf.org/2008/embedding", "OEBPS/font.otf"),
        ("http://ns.adobe.com/pdf/enc#RC", "OEBPS/a.xhtml"),
        (aes, "OEBPS/plate.png"),
        // Unlocked, but the list stayed.
        (aes, "OEBPS/a.xhtml"),
    ] {
        check(&Files::sound().with("META-INF/encryption.xml", encryption(algorithm, path)), &TEXTS);
    }
    check(&Files::sound().with("META-INF/encryption.xml", "<not xml"), &TEXTS);
}

#[test]
fn damaged_parts_show_what_can_be_read() {
    let mut entries = Files::sound().entries();
    let a = entries.iter_mut().find(|e| e.name.ends_with(b"a.xhtml")).unwrap();
    *a = Entry { crc: Some(7), ..a.clone() };
    let b = entries.iter_mut().find(|e| e.name.ends_with(b"b.xhtml")).unwrap();
    *b = Entry { flags: 1, ..b.clone() };
    let book = open_bytes(archive(&entries)).unwrap();
    let sentence = "[This part of the book cannot be read (it is encrypted with a password): OEBPS/b.xhtml]";
    assert_eq!(texts(book.as_ref()), [TEXTS[0], sentence]);
    assert_eq!(book.load(SectionId(0)).unwrap().warnings().len(), 1);
}

#[test]
fn archives_cut_short_show_what_is_left() {
    let bytes = archive(&Files::sound().entries());
    let end = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    let book = open_bytes(bytes.iter().copied().take(end - 20).collect()).unwrap();
    let all = texts(book.as_ref());
    assert_eq!(all[0], TEXTS[0]);
    assert!(all[1].contains("[This part of the book ends here: it is damaged"), "{all:?}");
    assert_eq!(book.warnings().len(), 1);
}

#[test]
fn members_that_share_their_bytes_are_not_unpacked() {
    let mut bytes = archive(&Files::sound().entries());
    // The directory's last record (b) is made to point at the header of the one before it (a).
    let directory: Vec<_> = memchr::memmem::find_iter(&bytes.clone(), b"PK\x01\x02").collect();
    let (a, b) = (directory[3], directory[4]);
    let offset: Vec<u8> = bytes[a + 42..a + 46].to_vec();
    bytes[b + 42..b + 46].copy_from_slice(&offset);
    let book = open_bytes(bytes).unwrap();
    assert_eq!(
        texts(book.as_ref())[1],
        "[This part of the book shares its bytes with another one and is not unpacked: OEBPS/b.xhtml]"
    );
}

#[test]
fn the_ncx_serves_where_the_nav_says_nothing() {
    let items =
        [("a", "a.xhtml", PAGE), ("b", "b.xhtml", PAGE), ("n", "nav.xhtml", "properties='nav'"), ("t", "toc.ncx", "")];
    let ncx = "<ncx><navMap><navPoint><navLabel><text> One\n two </text></navLabel><content src='b.xhtml'/>\
               <navPoint><navLabel><text/></navLabel><content src='a.xhtml'/></navPoint></navPoint></navMap></ncx>";
    let files = Files::sound().with("OEBPS/content.opf", package(&items, &["a", "b"])).with("OEBPS/toc.ncx", ncx);
    check_outline(&files, &["1 A 0/0:0", "1 B 1#x"]);
    for nav in ["", "<html/>", "<nav><ol><li><a href='gone.xhtml'>x</a></li></ol></nav>"] {
        let files = Files(files.0.clone()).with("OEBPS/nav.xhtml", nav);
        check_outline(&files, &["1 One two 1/0:0", "2 a 0/0:0"]);
    }
}

#[test]
fn lines_find_a_file_in_another_folder_by_its_name_alone() {
    let nav = |file: &str| format!("<nav><ol><li><a href='text/{file}#x'>B</a></li></ol></nav>");
    let files = |file: &str| Files::sound().with("OEBPS/nav.xhtml", nav(file));
    check_outline(&files("b.xhtml"), &["1 B 1#x"]);
    // Of two with one name neither is meant.
    let items = [
        ("a", "a.xhtml", PAGE),
        ("b", "b.xhtml", PAGE),
        ("c", "z/b.xhtml", PAGE),
        ("n", "nav.xhtml", "properties='nav'"),
    ];
    let two = files("b.xhtml")
        .with("OEBPS/content.opf", package(&items, &["a", "b", "c"]))
        .with("OEBPS/z/b.xhtml", page("", "z"));
    assert!(!outline(two.open().unwrap().as_ref()).0.contains(&"1 B 1#x".to_owned()));
}

#[test]
fn lines_that_lead_nowhere_are_left_out_and_counted() {
    let nav = "<nav><ol><li><a href='gone.xhtml'>Part</a><ol><li>No</li><li>Book<ol><li><a href='a.xhtml'>A</a></li></ol></li></ol></li>\
               <li><span>Alone</span></li><li><a href='http://host/b.xhtml'>y</a></li>\
               <li><a href='gone.xhtml'>z</a></li><li><a href='b.xhtml#n'>B</a></li></ol></nav>";
    let book = Files::sound().with("OEBPS/nav.xhtml", nav).open().unwrap();
    for _ in 0..2 {
        assert_eq!(outline(book.as_ref()).0, ["1 Part 0/0:0", "2 Book 0/0:0", "3 A 0/0:0", "1 B 1#n"]);
        assert_eq!(book.warnings().len(), 1);
        assert!(book.warnings()[0].0.ends_with("left out: 4"));
    }
}

#[test]
fn headings_or_titles_serve_where_there_is_no_list() {
    let bare = Files::sound().without("OEBPS/nav.xhtml");
    check_outline(&bare, &["1 Page a 0/0:0", "1 Page b 1/0:0"]);
    let files = bare.with("OEBPS/b.xhtml", page("", "<p>x</p><h1>One <i>1</i></h1><h3>Deeper</h3><h4>No</h4>"));
    check_outline(&files, &["1 One 1 1/1:0", "3 Deeper 1/2:0"]);
    let files = Files(files.0.clone()).with("OEBPS/b.xhtml", page("", "x"));
    check_outline(&files, &["1 Page a 0/0:0", "1 b 1/0:0"]);
}

#[test]
fn lists_keep_their_limits() {
    let deep = page("", &format!("<nav epub:type='toc'>{}", "<ol><li><a href='a.xhtml'>t</a>".repeat(3000)));
    let wide = page("", &format!("<nav epub:type='toc'><ol>{}", "<li><a href='a.xhtml'>t</a></li>".repeat(60_000)));
    let entries = |nav: &str| outline(Files::sound().with("OEBPS/nav.xhtml", nav).open().unwrap().as_ref()).0;
    assert!(entries(&deep).last().unwrap().starts_with(&OUTLINE_DEPTH_MAX.to_string()));
    assert_eq!(entries(&wide).len(), OUTLINE_ENTRIES_MAX);
    // A title is measured at every frame.
    let long =
        page("", &format!("<nav epub:type='toc'><ol><li><a href='a.xhtml'>{}</a></li></ol>", "t".repeat(100_000)));
    assert!(entries(&long)[0].len() < TITLE_MAX + 20);
    let headed = page(&"n".repeat(9_000), &format!("<h1>{}</h1>", "t".repeat(100_000)));
    let bare = Files::sound().without("OEBPS/nav.xhtml").with("OEBPS/a.xhtml", headed).open().unwrap();
    assert!(outline(bare.as_ref()).0.iter().all(|entry| entry.len() < TITLE_MAX + 20));
}

#[test]
fn pages_in_other_encodings() {
    let latin = b"<?xml version='1.0' encoding='iso-8859-1'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>caf\xE9</p></body></html>";
    let wide: Vec<u8> = page("", "<p>\u{416}</p>").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let wide = [b"\xFE\xFF".to_vec(), wide].concat();
    check(&Files::sound().with("OEBPS/a.xhtml", latin).with("OEBPS/b.xhtml", wide), &["café", "\u{416}"]);
}

/// Reads everything that a book has to give.
fn read_all(book: &dyn Document) {
    outline(book);
    for section in (0..book.section_count()).map(SectionId) {
        let loaded = book.load(section).unwrap();
        assert_eq!(loaded, book.load(section).unwrap());
        for link in loaded.links() {
            if let Link::Inside(href) = link {
                let target = book.resolve(section, href).map_or(section, |target| target.section());
                assert!(target.0 < book.section_count());
            }
        }
    }
}

proptest! {
    /// Whatever is wrong with a book's files, it is read or refused.
    #[test]
    fn damaged_files_are_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), "[<>/&;#'a-z \\PC]{0,6}"), 1..8),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let ncx = "<ncx><navMap><navPoint><navLabel><text>A</text></navLabel><content src='a.xhtml'/></navPoint></navMap></ncx>";
        let mut files = Files::sound().with("OEBPS/toc.ncx", ncx);
        for (at, text) in changes {
            let count = files.0.len();
            let (_, content) = &mut files.0[at.index(count)];
            let place = at.index(content.len() + 1);
            let _: Vec<u8> = content.splice(place..(place + text.len()).min(content.len()), text.bytes()).collect();
        }
        let mut bytes = archive(&files.entries());
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        match open_bytes(bytes) {
            Ok(book) => read_all(book.as_ref()),
            Err(error) => prop_assert!(error.reason.ends_with('.'), "{}", error),
        }
    }
}

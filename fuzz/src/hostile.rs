//! Documents that attack whoever shows them: what a terminal would obey, in every place of every
//! format that comes to be shown. Written anew for each run; nothing of it lies on a disk.

use std::fmt::Write as _;

use super::zip::{Entry, archive, entry};

/// What a terminal or a reader's eye could be misled by, each with a name.
pub const POISON: &[(&str, &str)] = &[
    ("clipboard", "\x1b]52;c;eA==\x07"),
    ("clipboard-8-bit", "\u{9D}52;c;eA==\u{9C}"),
    ("clipboard-read", "\x1b]52;c;?\x1b\\"),
    ("link", "\x1b]8;;http://evil.example\x1b\\bank\x1b]8;;\x1b\\"),
    ("link-open", "\x1b]8;;file:///"),
    ("title", "\x1b]0;root\x07\x1b]2;root\x1b\\\x1bkroot\x1b\\"),
    ("title-report", "\x1b[21t"),
    ("replies", "\x1bP$q\"p\x1b\\\x1b[c\x1b[>c\x1b[6n\x05\x1b]10;?\x07\x1b]50;?\x07"),
    ("forgery", "\x1b[2J\x1b[3J\x1b[H\x1b[?1049l\x1b#8"),
    ("reset", "\x1bc\x1b[!p\x1b[1;1r\x1b(0\x0E\x1b%@\x1b[?25l\x1b[?2026h\x1b[?1003h\x1b[>31u\x1b[5i"),
    ("c1", "\u{9B}31m\u{90}q\u{84}\u{85}\u{8D}\u{9F}x\u{9C}"),
    ("picture", "\x1b_Gt=f;L2V0Yy9wYXNzd2Q=\x1b\\\x1b]1337;File=:eA==\x07\x1b]9;x\x07\x1b]777;notify;x\x07"),
    ("wrapped", "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\\x1b\x1b]\x18\x1a\x1b\0["),
    ("overwrite", "safe\revil\x08\x08\x7f\x0B\x0C"),
    ("bells", "\x07\x07\x07"),
    ("bidi", "\u{202E}gpj.exe\u{202C}\u{2066}x\u{2069}\u{202A}\u{202B}\u{202D}\u{2067}\u{2068}"),
    ("hidden", "\u{E0041}\u{E0042}\u{E007F}\u{200B}\u{2060}\u{FEFF}\u{AD}\u{200E}\u{200F}\u{61C}"),
    ("lines", "one\u{2028}two\u{2029}three\u{85}four"),
    ("stacked", "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}"),
    ("selectors", "x\u{FE0F}\u{FE0E}\u{E0100}\u{E01EF}\u{FE0F}"),
    ("private", "\u{E000}\u{F8FF}\u{FFFE}\u{F0000}"),
    ("shell", "$(touch owned) `touch owned` {} %s %n ../../owned; -rf"),
];

/// A document, with the ending that its file should have.
pub struct Hostile {
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

/// The words that stand before and after the poison of a number.
pub fn around(number: usize) -> (String, String) {
    (format!("before{number}x"), format!("after{number}x"))
}

/// A paragraph for each poison, between words that must be seen. Each ends its sentence: one that
/// does not would go on behind the next form feed, as text does from page to page.
fn paragraphs(write: impl Fn(&str) -> String) -> Vec<String> {
    let paragraph = |(number, (_, poison)): (usize, &(&str, &str))| {
        let (before, after) = around(number);
        format!("{before} {} {after}.", write(poison))
    };
    POISON.iter().enumerate().map(paragraph).collect()
}

/// All poison on one line.
pub fn brew() -> String {
    POISON.iter().map(|(_, poison)| *poison).collect::<Vec<_>>().join(" ")
}

/// Each character by its number, as markup may write it. What XML does not allow stays away.
fn coded(text: &str, is_xml: bool) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let is_allowed = !is_xml || c >= ' ' || matches!(c, '\t' | '\n' | '\r');
        if is_allowed {
            let _ = write!(out, "&#x{:x};", u32::from(c));
        }
    }
    out
}

/// The documents.
pub fn documents() -> Vec<Hostile> {
    let doc = |name, bytes: Vec<u8>| Hostile { name, bytes };
    let raw = paragraphs(str::to_owned);
    let numbers = paragraphs(|poison| coded(poison, false));
    let text = format!(
        "{}\n\nCHAPTER I. {}\n\n{}\n\n“Quoted {}” said {}.\n",
        brew(),
        brew(),
        raw.join("\n\n"),
        brew(),
        brew()
    );
    let marked = format!(
        "---\ntitle: '{0}'\nauthor: '{0}'\n---\n# {0} {1}\n\n{2}\n\n{3}\n\n> “Quoted {0}” said Anna {0}.\n\n\
         [{0}](http://x/{4}) ![{0}](x)\n\n```{0}\n{0}\n```\n\n| {0} |\n|---|\n| {0} |\n\n[^{0}]: note\n",
        brew(),
        coded(&brew(), false),
        raw.join("\n\n"),
        numbers.join("\n\n"),
        coded(&brew(), false),
    );
    let page = |is_xml: bool, body: &[String]| {
        let brew = coded(&brew(), is_xml);
        let body = body.join("</p><p>");
        format!(
            "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"{brew}\"><head><title>{brew}</title>\
             <meta name=\"author\" content=\"{brew}\"/></head><body><h1 id=\"{brew}\">Chapter {brew}</h1><p>{body}</p>\
             <p>“Quoted {brew}” said Anna {brew}.</p><img src=\"{brew}\" alt=\"{brew}\"/><a href=\"#{brew}\">{brew}</a>\
             <ol type=\"{brew}\"><li>{brew}</li></ol><table><tr><td>{brew}</td></tr></table></body></html>"
        )
    };
    let coded_xml = paragraphs(|poison| coded(poison, true));
    vec![
        doc("text.txt", text.clone().into_bytes()),
        doc("text-utf16.txt", format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
        doc("text-latin1.txt", latin(&raw.join("\n\n"))),
        doc("marked.md", marked.into_bytes()),
        doc("page.html", page(false, &raw).into_bytes()),
        doc("page-coded.html", page(false, &numbers).into_bytes()),
        doc("page.xhtml", format!("<?xml version=\"1.0\"?>{}", page(true, &coded_xml)).into_bytes()),
        doc("book.fb2", fiction(&coded(&brew(), true), &coded_xml).into_bytes()),
        doc("book-raw.fb2", fiction(&brew().replace(['<', '&'], ""), &raw).into_bytes()),
        doc("book.epub", book(&page(true, &coded_xml), &coded(&brew(), true))),
    ]
}

/// An FB2 book with poison in all it says of itself and in all its parts.
fn fiction(brew: &str, body: &[String]) -> String {
    let body = body.join("</p><p>");
    format!(
        "<FictionBook><description><title-info><author><first-name>{brew}</first-name></author>\
         <book-title>{brew}</book-title><annotation><p>{brew}</p></annotation><lang>{brew}</lang></title-info>\
         <publish-info><publisher>{brew}</publisher><year>{brew}</year><isbn>{brew}</isbn></publish-info></description>\
         <body><title><p>{brew}</p></title><section id='a'><title><p>Chapter {brew}</p></title><p>{body}</p>\
         <p>“Quoted {brew}” said Anna {brew}.</p><cite><text-author>{brew}</text-author></cite><poem><stanza><v>{brew}</v>\
         </stanza></poem><a href='#n'>{brew}</a></section></body><body name='notes'><section id='n'>\
         <title><p>{brew}</p></title><p>{brew}</p></section></body><binary id='x'>{brew}</binary></FictionBook>"
    )
}

/// A text as Latin-1, where what is beyond it is a byte of the upper controls.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(0x9B)).collect()
}

/// A book with poison in all it says of itself, in its contents and in its names.
fn book(page: &str, brew: &str) -> Vec<u8> {
    let stored = |name: &str, data: String| Entry { method: 0, ..entry(name, data) };
    let bad = "\x1b]0;x\x07\u{202E}.xhtml";
    let bad_coded = "%1b%5d0%3bx%07%e2%80%ae.xhtml";
    archive(&[
        stored("mimetype", "application/epub+zip".to_owned()),
        stored(
            "META-INF/container.xml",
            "<container><rootfiles><rootfile full-path=\"b.opf\"/></rootfiles></container>".to_owned(),
        ),
        stored(
            "b.opf",
            format!(
                "<package unique-identifier=\"i\"><metadata><dc:title>{brew}</dc:title><dc:creator>{brew}</dc:creator>\
                 <dc:language>{brew}</dc:language><dc:date>{brew}</dc:date><dc:publisher>{brew}</dc:publisher>\
                 <dc:identifier id=\"i\">{brew}</dc:identifier><dc:description>{brew}</dc:description></metadata>\
                 <manifest><item id=\"n\" href=\"n.xhtml\" properties=\"nav\" media-type=\"application/xhtml+xml\"/>\
                 <item id=\"a\" href=\"{bad_coded}\" media-type=\"application/xhtml+xml\"/>\
                 <item id=\"m\" href=\"gone-{brew}.xhtml\" media-type=\"application/xhtml+xml\"/></manifest>\
                 <spine><itemref idref=\"a\"/><itemref idref=\"m\"/><itemref idref=\"{brew}\"/></spine></package>"
            ),
        ),
        stored(
            "n.xhtml",
            format!(
                "<html><body><nav epub:type=\"toc\"><ol><li><a href=\"{bad_coded}\">Label {brew}</a></li></ol></nav></body></html>"
            ),
        ),
        entry(bad, page.as_bytes()),
    ])
}

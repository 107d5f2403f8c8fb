//! Characters: the filter, encodings, quotations.

use lection::document::{SectionBuilder, SectionId};
use lection::formats::encoding::{Charset, is_binary};
use lection::quotes::Finder;
use lection::text::clean::{Cleaner, is_clean};
use lection::text::{Pattern, clean as filter, clean_line};

use super::bytes::Bytes;

/// The filter: what comes out may be shown, a second time changes nothing, and pieces of any
/// size give what the whole gives.
pub fn clean(data: &[u8]) {
    let mut bytes = Bytes(data);
    let step = bytes.below(40) + 1;
    let text = bytes.text();
    let once = filter(&text);
    assert!(is_clean(&once));
    assert_eq!(filter(&once).as_str().replace('\t', " "), once.as_str().replace('\t', " "));
    let line = clean_line(&text);
    assert!(is_clean(&line) && !line.contains(['\n', '\t']));

    let (mut cleaner, mut pieces) = (Cleaner::new(), String::new());
    let mut rest = text.as_ref();
    while !rest.is_empty() {
        let end = rest.floor_char_boundary(step).max(rest.chars().next().map_or(0, char::len_utf8));
        cleaner.push(&rest[..end], &mut pieces);
        rest = &rest[end..];
    }
    cleaner.finish(&mut pieces);
    assert_eq!(pieces, once.as_str());

    if let Some(pattern) = Pattern::new(&text.chars().take(8).collect::<String>()) {
        for found in pattern.find_all(&once) {
            assert!(once.get(found.start..found.end).is_some(), "a match lies between characters");
        }
    }
}

/// Names of encodings; the empty one leaves it to the bytes.
const NAMES: &[&str] = &[
    "",
    "utf-8",
    "utf-16le",
    "utf-16be",
    "utf-32",
    "utf-32be",
    "latin1",
    "windows-1251",
    "koi8-r",
    "shift_jis",
    "euc-jp",
    "iso-2022-jp",
    "gb18030",
    "gbk",
    "big5",
    "euc-kr",
    "macintosh",
    "x-user-defined",
];

/// Encodings: any bytes are text in any encoding, and a boundary is found in time.
pub fn encoding(data: &[u8]) {
    let mut bytes = Bytes(data);
    let name = bytes.choose(NAMES);
    let at = bytes.below(bytes.0.len() + 1);
    let window = bytes.0;
    let declared = Charset::xml_declared(window);
    let charset = Charset::from_name(name).unwrap_or_else(|| Charset::detect(window, declared)).after_mark(window);
    let _ = (is_binary(window, charset), charset.unit_at(window, at), charset.name());
    let text = charset.decode(window.get(charset.mark_len()..).unwrap_or_default());
    assert!(is_clean(&filter(&text)));
    // Some place near any place is one where reading may begin.
    let near = (at.saturating_sub(8)..=window.len()).find(|place| charset.is_boundary(window, *place));
    assert!(near.is_some_and(|near| near <= at + 8 || charset.look_behind() > 8), "no boundary near {at}");
    let _ = Charset::detect_inside(window).decode(window);
}

/// Quotations: every stretch lies in the text, in order.
pub fn quotes(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut finder = Finder::new();
    let mut sections = Vec::new();
    for (id, part) in text.split('\u{C}').take(4).enumerate() {
        let mut builder = SectionBuilder::new(SectionId(id as u32));
        for paragraph in part.split("\n\n") {
            builder.text(paragraph);
            builder.end();
        }
        let section = builder.finish();
        finder.feed(&section);
        sections.push(section);
    }
    for quote in finder.finish() {
        assert!(!quote.parts.is_empty());
        assert!(is_clean(&quote.opening) && quote.speaker.as_ref().is_none_or(|name| is_clean(name)));
        for part in &quote.parts {
            assert!(part.start <= part.end, "{part:?}");
            for place in [part.start, part.end] {
                let section = sections.get(place.section.index()).expect("a quotation is in the text");
                assert_eq!(section.clamp(place), place);
            }
        }
    }
}

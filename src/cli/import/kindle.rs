//! A Kindle's `My Clippings.txt`: entries parted by a line of equals signs. The first line has
//! the title, the second says in the language of the device what it is and where, then come the
//! words.

use crate::document::MarkKind;

use super::Given;

/// What parts two entries.
const END: &str = "==========";
/// How the kinds are called in the languages of the devices; a note's word may be part of none of
/// the others'.
const KINDS: &[(MarkKind, &[&str])] = &[
    (
        MarkKind::Bookmark,
        &[
            "bookmark",
            "lesezeichen",
            "signet",
            "marcador",
            "segnalibro",
            "bladwijzer",
            "закладка",
            "书签",
            "書籤",
            "ブックマーク",
            "बुकमार्क",
            "yer imi",
            "zakładka",
        ],
    ),
    (
        MarkKind::Highlight,
        &[
            "highlight",
            "markierung",
            "surlignement",
            "surligné",
            "subrayado",
            "evidenziazione",
            "destaque",
            "markering",
            "выделен",
            "标注",
            "標註",
            "ハイライト",
            "vurgu",
            "zaznaczenie",
            "podkreślenie",
            "clip",
        ],
    ),
    (MarkKind::Note, &["note", "notiz", "nota", "notitie", "заметка", "笔记", "筆記", "メモ", "not ", "notatka"]),
];

/// An entry.
struct Entry {
    kind: MarkKind,
    title: String,
    /// From where to where, in the numbers of the device.
    place: Option<(u64, u64)>,
    text: String,
}

/// The marks of a file. A note goes to the highlight at its place; what has no words, and notes
/// without a highlight, cannot be placed and are left out.
pub fn parse(text: &str) -> Vec<Given> {
    let entries: Vec<Entry> = text.split(END).filter_map(entry).collect();
    let mut marks = Vec::new();
    for entry in entries.iter().filter(|entry| entry.kind == MarkKind::Highlight && !entry.text.is_empty()) {
        let is_here = |note: &&Entry| {
            let inside = |((from, to), (at, _)): ((u64, u64), (u64, u64))| (from..=to).contains(&at);
            note.kind == MarkKind::Note && note.title == entry.title && entry.place.zip(note.place).is_some_and(inside)
        };
        // The device writes a new entry for each change: the last one counts.
        let note = entries.iter().rfind(is_here).map(|note| note.text.clone());
        marks.push(Given { title: Some(entry.title.clone()), words: entry.text.clone(), note, ..Given::default() });
    }
    marks
}

fn entry(text: &str) -> Option<Entry> {
    let mut lines = text.trim_start_matches(['\r', '\n', '\u{FEFF}']).lines();
    let title = lines.next()?.trim();
    let about = lines.next()?.trim();
    if !about.starts_with('-') {
        return None;
    }
    let lower = about.to_lowercase();
    // The date comes last and may hold any word.
    let (said, _) = lower.rsplit_once('|').unwrap_or((&lower, ""));
    let (kind, _) = KINDS.iter().find(|(_, words)| words.iter().any(|word| said.contains(word)))?;
    let words: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    // The author stands in brackets at the end.
    let title = title.rsplit_once(" (").filter(|_| title.ends_with(')')).map_or(title, |(title, _)| title);
    let text = words.join("\n");
    Some(Entry { kind: *kind, title: title.trim().to_owned(), place: place(said), text })
}

/// The last number or pair of numbers: pages come before places.
fn place(said: &str) -> Option<(u64, u64)> {
    let mut last = None;
    for part in said.split(|c: char| !c.is_ascii_digit() && c != '-') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        if let Ok(from) = from.parse() {
            // `1234-36` stands for 1234 to 1236 on old devices.
            last = Some((from, to.parse().map_or(from, |end: u64| if end < from { round(from, end) } else { end })));
        }
    }
    last
}

fn round(from: u64, end: u64) -> u64 {
    let unit = 10u64.pow(end.max(1).ilog10() + 1);
    from / unit * unit + end
}

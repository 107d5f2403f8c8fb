//! A Kindle's `My Clippings.txt`: entries parted by a line of equals signs. The first line has
//! the title, the second says in the language of the device what it is and where, then come the
//! words.

use std::collections::BTreeMap;

use crate::cli::date::from_english;
use crate::document::MarkKind;

use super::{Given, Read};

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
    /// When: milliseconds since 1970, where that is said in English.
    time: Option<u64>,
    text: String,
}

/// The marks of a file. A note goes to the highlight at its place. What has no words, as bookmarks and
/// notes without a highlight, has a place as far as its number tells one.
pub fn parse(text: &str) -> Read {
    let mut read = Read::default();
    let mut entries: Vec<Entry> = Vec::new();
    let mut line = 1;
    for part in text.split(END) {
        // The line with the first words of the entry.
        let first = line + part.len().checked_sub(part.trim_start().len()).map_or(0, |at| lines(part, at));
        line += lines(part, part.len());
        match entry(part) {
            // The words of a highlight are missing where the publisher allows no more of them.
            Some(entry) if entry.text.is_empty() => entries.push(Entry { kind: MarkKind::Bookmark, ..entry }),
            Some(entry) => entries.push(entry),
            None if is_blank(part) => {}
            None => read.left.add_line(first),
        }
    }
    let mut notes: Vec<Vec<&Entry>> = entries.iter().map(|_| Vec::new()).collect();
    // Of those that are about no highlight: the first one at each place, and all of them.
    let mut alone: Vec<(&Entry, Vec<&Entry>)> = Vec::new();
    for (index, note) in entries.iter().enumerate().filter(|(_, entry)| entry.kind == MarkKind::Note) {
        match of_note(&entries, index).and_then(|of| notes.get_mut(of)) {
            Some(notes) => notes.push(note),
            None => {
                let is_here = |(first, _): &&mut (&Entry, _)| (&first.title, first.place) == (&note.title, note.place);
                match alone.iter_mut().find(is_here).filter(|_| note.place.is_some()) {
                    Some((_, notes)) => notes.push(note),
                    None => alone.push((note, vec![note])),
                }
            }
        }
    }
    let others = entries.iter().zip(notes).filter(|(entry, _)| entry.kind != MarkKind::Note);
    read.marks.extend(others.chain(alone).map(|(entry, notes)| mark(entry, &notes)));
    read
}

/// Line ends in the first bytes of a text.
fn lines(text: &str, bytes: usize) -> usize {
    text.bytes().take(bytes).filter(|b| *b == b'\n').count()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c == '\u{FEFF}')
}

/// The highlight that a note is about: the device puts the note where that ends.
fn of_note(entries: &[Entry], index: usize) -> Option<usize> {
    let note = entries.get(index)?;
    let (at, _) = note.place?;
    let highlights = entries.iter().enumerate().filter(|(_, entry)| entry.kind == MarkKind::Highlight);
    let here = highlights.filter_map(|(other, entry)| {
        let (from, to) = entry.place.filter(|(from, to)| (*from..=*to).contains(&at) && entry.title == note.title)?;
        Some(((to != at, to - from, other.abs_diff(index)), other))
    });
    here.min().map(|(_, other)| other)
}

/// A highlight, a bookmark or a bare place with its notes. The device writes a new entry for each change: of the notes at one
/// place the last one counts, and what stood there before is said too.
fn mark(entry: &Entry, notes: &[&Entry]) -> Given {
    let mut latest: BTreeMap<Option<(u64, u64)>, &str> = BTreeMap::new();
    let mut texts: Vec<String> = Vec::new();
    for note in notes {
        latest.insert(note.place, &note.text);
        texts.push(latest.values().copied().collect::<Vec<_>>().join("\n\n"));
    }
    let note = texts.pop();
    Given {
        title: Some(entry.title.clone()),
        kind: (entry.kind == MarkKind::Bookmark).then_some(MarkKind::Bookmark),
        place: entry.place.map(|(from, to)| format!("{from}-{to}")),
        location: entry.place.map(|(from, _)| from),
        words: if entry.kind == MarkKind::Highlight { entry.text.clone() } else { String::new() },
        note,
        earlier_notes: texts,
        created: entry.time,
        changed: notes.iter().map(|note| note.time).chain([entry.time]).max().flatten(),
        ..Given::default()
    }
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
    let (said, date) = lower.rsplit_once('|').unwrap_or((&lower, ""));
    let (kind, _) = KINDS.iter().find(|(_, words)| words.iter().any(|word| said.contains(word)))?;
    let words: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    // The author stands in brackets at the end.
    let title = title.rsplit_once(" (").filter(|_| title.ends_with(')')).map_or(title, |(title, _)| title);
    let text = words.join("\n");
    Some(Entry { kind: *kind, title: title.trim().to_owned(), place: place(said), time: from_english(date), text })
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

//! A Kindle's `My Clippings.txt`: entries parted by a line of equals signs. The first line has
//! the title, the second says in the language of the device what it is and where, then come the
//! words.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::cli::date::from_english;
use crate::document::MarkKind;

use super::{Given, Read};

/// What parts two entries.
const END: &str = "==========";
/// Versions of a note that are told from one that was written here: those since the last import or two.
const EARLIER_MAX: usize = 16;
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
    let mut places: HashMap<(&str, (u64, u64)), usize> = HashMap::new();
    let highlights = highlights(&entries);
    for (index, note) in entries.iter().enumerate().filter(|(_, entry)| entry.kind == MarkKind::Note) {
        if let Some(notes) = highlights.get(&index).and_then(|of| notes.get_mut(*of)) {
            notes.push(note);
            continue;
        }
        let next = alone.len();
        let here = note.place.map_or(next, |place| *places.entry((&note.title, place)).or_insert(next));
        match alone.get_mut(here) {
            Some((_, notes)) => notes.push(note),
            None => alone.push((note, vec![note])),
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

/// The highlights that notes are about, by the numbers of both: the device puts a note where its highlight
/// ends. Of several it is the shortest, of those at one place the nearest in the file.
fn highlights(entries: &[Entry]) -> HashMap<usize, usize> {
    let mut notes: HashMap<&str, BTreeSet<(u64, usize)>> = HashMap::new();
    let mut highlights: BTreeMap<(u64, u64, u64, &str), Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        match (entry.kind, entry.place) {
            (MarkKind::Note, Some((at, _))) => {
                notes.entry(&entry.title).or_default().insert((at, index));
            }
            (MarkKind::Highlight, Some((from, to))) if from <= to => {
                highlights.entry((to - from, from, to, &entry.title)).or_default().push(index);
            }
            _ => {}
        }
    }
    let mut found = HashMap::new();
    for ends_there in [true, false] {
        for ((_, from, to, title), same) in &highlights {
            let Some(notes) = notes.get_mut(title) else { continue };
            let from = if ends_there { to } else { from };
            while let Some(&(at, index)) = notes.range((*from, 0)..=(*to, usize::MAX)).next() {
                notes.remove(&(at, index));
                let after = same.partition_point(|other| *other < index);
                let near = after.checked_sub(1).into_iter().chain([after]).filter_map(|place| same.get(place));
                found.extend(near.min_by_key(|other| other.abs_diff(index)).map(|other| (index, *other)));
            }
        }
    }
    found
}

/// A highlight, a bookmark or a bare place with its notes. The device writes a new entry for each change: of the notes at one
/// place the last one counts, and what stood there before is said too.
fn mark(entry: &Entry, notes: &[&Entry]) -> Given {
    let mut latest: BTreeMap<Option<(u64, u64)>, &str> = BTreeMap::new();
    let mut texts: Vec<String> = Vec::new();
    for (number, note) in notes.iter().enumerate() {
        latest.insert(note.place, &note.text);
        if number + EARLIER_MAX >= notes.len() {
            texts.push(latest.values().copied().collect::<Vec<_>>().join("\n\n"));
        }
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
            let end = to.parse().ok().and_then(|end| if end < from { round(from, end) } else { Some(end) });
            last = Some((from, end.unwrap_or(from)));
        }
    }
    last
}

fn round(from: u64, end: u64) -> Option<u64> {
    let unit = 10u64.checked_pow(end.max(1).ilog10() + 1)?;
    (from / unit * unit).checked_add(end)
}

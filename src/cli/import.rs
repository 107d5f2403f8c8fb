//! `lection marks import`: marks that `export` wrote, or that were made in another reader.
//!
//! What other readers say of a place means nothing here; the marked words are looked for in the
//! text. A mark whose words are not found is kept all the same, as a lost one. Importing the same
//! file again changes nothing.

mod json;
mod kindle;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use crate::document::{Anchor, Mark, MarkColor, MarkKind, Position, Range, Status};
use crate::text::words::Words;
use crate::text::{clean, clean_line};

use super::args::Reading;
use super::book::Book;
use super::export::DATA;
use super::{NOTHING, OK, counted, on, print, state};

/// More than any file of marks has.
const BYTES_MAX: u64 = 256 << 20;
/// The digits of a ULID.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A mark as it was read, before it has a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// Its identity, if it was made here.
    pub id: Option<String>,
    /// The title of its document, and the file.
    pub title: Option<String>,
    /// The file.
    pub path: Option<PathBuf>,
    /// bookmark, highlight or note; by what it has, where it is not said.
    pub kind: Option<MarkKind>,
    /// A letter or a title.
    pub name: Option<String>,
    /// The remark.
    pub note: Option<String>,
    /// The colour.
    pub color: Option<MarkColor>,
    /// The marked words.
    pub words: String,
    /// The words before and after, where they are known.
    pub around: (String, String),
    /// The anchor, if it was made here.
    pub anchor: Option<Anchor>,
    /// A stretch given by locators.
    pub range: Option<Range>,
    /// The chapter.
    pub chapter: Option<String>,
    /// How far into the document, 0 to 1.
    pub fraction: f64,
    /// When it was made, and last changed: milliseconds since 1970.
    pub created: Option<u64>,
    /// Last changed.
    pub changed: Option<u64>,
}

/// Reads marks and keeps them. Says on standard error what became of them.
pub fn run(reading: &Reading, source: &Path, into: Option<&Path>) -> anyhow::Result<i32> {
    let text = read(source)?;
    let given = on(source, "take the marks of", || Ok(parse(&text)))?;
    if given.is_empty() {
        eprintln!("lection: there are no marks in {}", source.display());
        return Ok(NOTHING);
    }
    let mut code = OK;
    for (file, marks) in by_document(reading, given, into) {
        let Some(file) = file else {
            let title = marks.first().and_then(|mark| mark.title.as_deref()).unwrap_or("an unnamed document");
            let title = clean_line(title);
            eprintln!(
                "lection: {} of '{title}' without a document; --into FILE names it",
                counted(marks.len(), "mark")
            );
            code = super::TROUBLE;
            continue;
        };
        let counts = on(&file, "mark", || take_in(&mut Book::open(reading, &file)?, marks))?;
        print(format!("{}: {counts}\n", clean_line(&file.to_string_lossy())).as_bytes())?;
    }
    Ok(code)
}

fn read(source: &Path) -> anyhow::Result<String> {
    let failed = || format!("cannot read the marks in {}", source.display());
    let mut bytes = Vec::new();
    if source == Path::new("-") {
        std::io::stdin().lock().take(BYTES_MAX).read_to_end(&mut bytes).with_context(failed)?;
    } else {
        std::fs::File::open(source)
            .and_then(|file| file.take(BYTES_MAX).read_to_end(&mut bytes))
            .with_context(failed)?;
    }
    // Kindles write UTF-8 with a mark of byte order.
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned())
}

/// The marks in a text of any of the forms.
pub fn parse(text: &str) -> Vec<Given> {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        json::parse(text)
    } else if text.contains(DATA) {
        let comments = text.split(DATA).skip(1).filter_map(|rest| rest.split_once(" -->"));
        comments.flat_map(|(data, _)| json::parse(data)).collect()
    } else {
        kindle::parse(text)
    }
}

/// The marks of each document, with its file where that is known.
fn by_document(reading: &Reading, given: Vec<Given>, into: Option<&Path>) -> Vec<(Option<PathBuf>, Vec<Given>)> {
    if let Some(into) = into {
        return vec![(Some(into.to_owned()), given)];
    }
    let shelf: Vec<(String, PathBuf)> = state::store(reading)
        .shelf()
        .into_iter()
        .filter_map(|entry| Some((folded(&entry.title), entry.path?)))
        .collect();
    let mut documents: BTreeMap<(Option<PathBuf>, Option<String>), Vec<Given>> = BTreeMap::new();
    for mark in given {
        let by_title = || {
            let title = folded(mark.title.as_deref()?);
            let like = |(known, _): &&(String, PathBuf)| {
                !known.is_empty()
                    && (title.starts_with(known.as_str()) || known.starts_with(&title) && !title.is_empty())
            };
            shelf.iter().find(like).map(|(_, path)| path.clone())
        };
        let file = mark.path.clone().filter(|path| path.is_file()).or_else(by_title);
        let title = if file.is_none() { mark.title.clone() } else { None };
        documents.entry((file, title)).or_default().push(mark);
    }
    documents.into_iter().map(|((file, _), marks)| (file, marks)).collect()
}

/// A title without what differs from one reader to the next.
fn folded(title: &str) -> String {
    let words = Words::of(title);
    words.letters().iter().map(|letter| char::from(*letter)).collect()
}

/// What became of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    new: usize,
    known: usize,
    lost: usize,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {} known", counted(self.new, "new mark"), self.known)?;
        if self.lost > 0 { write!(f, "; the words of {} were not found", self.lost) } else { Ok(()) }
    }
}

/// Gives marks their places in a document, and keeps them.
pub fn take_in(book: &mut Book, given: Vec<Given>) -> anyhow::Result<Counts> {
    let now = book.new_id().1;
    let mut counts = Counts::default();
    let mut marks = Vec::new();
    for given in given {
        let id = given.id.clone().unwrap_or_else(|| id_of(&given));
        let known = book.marks.iter().find(|mark| mark.id == id);
        let is_newer =
            |known: &Mark| given.id.is_some() && given.changed.is_some_and(|changed| changed > known.changed);
        if known.is_some_and(|known| !is_newer(known)) || marks.iter().any(|(mark, _): &(Mark, _)| mark.id == id) {
            counts.known += 1;
            continue;
        }
        let (known_name, known_note) = (given.name.as_deref(), given.note.as_deref());
        let kind = given.kind.unwrap_or(match (known_note, given.words.is_empty()) {
            (Some(_), _) => MarkKind::Note,
            (None, true) => MarkKind::Bookmark,
            (None, false) => MarkKind::Highlight,
        });
        let created = given.created.unwrap_or(now);
        let mark = Mark {
            id,
            kind,
            name: known_name.map(clean_line).filter(|name| !name.is_empty()),
            note: known_note.map(clean).filter(|note| !note.is_empty()),
            color: given.color,
            anchor: given.anchor.clone().unwrap_or_else(|| words_only(&given)),
            status: Status::Exact,
            created,
            changed: given.changed.unwrap_or(created),
        };
        counts.new += 1;
        marks.push((mark, given));
    }
    place(book, &mut marks)?;
    counts.lost = marks.iter().filter(|(mark, _)| mark.status == Status::Lost).count();
    for (mark, _) in &mut marks {
        // Lost or not, the anchor is what was read.
        mark.status = Status::Exact;
    }
    let marks: Vec<Mark> = marks.into_iter().map(|(mark, _)| mark).collect();
    book.save(&marks)?;
    Ok(counts)
}

/// Gives places to marks that have none: by their locators where the words stand there, else by
/// their words.
fn place(book: &mut Book, marks: &mut [(Mark, Given)]) -> anyhow::Result<()> {
    let (mut open, mut ranges): (Vec<usize>, Vec<Range>) = (Vec::new(), Vec::new());
    let mut wanted = Vec::new();
    for (i, (mark, given)) in marks.iter().enumerate() {
        if given.anchor.is_some() {
            continue;
        }
        match given.range {
            Some(range) => {
                open.push(i);
                ranges.push(Range::new(book.clamp(range.start)?, book.clamp(range.end)?));
            }
            None => wanted.push((i, mark.anchor.clone())),
        }
    }
    let anchors = book.anchors(&ranges)?;
    for (i, anchor) in open.into_iter().zip(anchors) {
        let Some((mark, given)) = marks.get_mut(i) else { continue };
        let there = if anchor.words.is_empty() { &anchor.after } else { &anchor.words };
        let (there, words) = (folded(there), folded(&given.words));
        if words.is_empty() || there.starts_with(&words) || words.starts_with(&there) && !there.is_empty() {
            mark.anchor = anchor;
        } else {
            wanted.push((i, mark.anchor.clone()));
        }
    }
    let seeking: Vec<Anchor> = wanted.iter().map(|(_, anchor)| anchor.clone()).collect();
    let found = book.seek(&seeking);
    let ranges: Vec<Range> = found.iter().map(|(range, _)| *range).collect();
    let anchors = book.anchors(&ranges)?;
    for (((i, _), (_, status)), anchor) in wanted.into_iter().zip(found).zip(anchors) {
        let Some((mark, _)) = marks.get_mut(i) else { continue };
        mark.status = status;
        if status != Status::Lost {
            mark.anchor = anchor;
        }
    }
    Ok(())
}

fn words_only(given: &Given) -> Anchor {
    Anchor {
        start: Position::START,
        words: clean(&given.words),
        before: clean(&given.around.0),
        after: clean(&given.around.1),
        chapter: given.chapter.iter().map(|title| clean_line(title)).collect(),
        fraction: given.fraction,
        ..Anchor::default()
    }
}

/// An identity for a mark that was made elsewhere, the same each time that it is read.
fn id_of(given: &Given) -> String {
    let mut hasher = Sha256::new();
    for part in [given.title.as_deref(), Some(&given.words), given.note.as_deref(), given.name.as_deref()] {
        hasher.update(part.unwrap_or_default());
        hasher.update([0]);
    }
    let random = hasher.finalize().iter().take(10).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    let bits = u128::from(given.created.unwrap_or(0) & 0xFFFF_FFFF_FFFF) << 80 | random;
    (0..26).rev().map(|place| char::from(DIGITS[(bits >> (5 * place) & 31) as usize])).collect()
}

#[cfg(test)]
mod tests;

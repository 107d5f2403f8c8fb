//! `lection marks import`: marks that `export` wrote, or that were made in another reader.
//!
//! What other readers say of a place means nothing here; the marked words are looked for in the
//! text. A mark whose words are not found is kept all the same, as a lost one. Importing the same
//! file again changes nothing. What is left out is said.

mod json;
mod kindle;
mod routes;

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use sha2::{Digest as _, Sha256};

use crate::document::{Anchor, Mark, MarkColor, MarkKind, Position, Range, SectionId, Status};
use crate::limits::NOTE_BYTES_MAX;
use crate::store::{anchor_to_json, is_name, ulid};
use crate::text::words::Words;
use crate::text::{Clean, clean, clean_line};

use super::args::Reading;
use super::book::Book;
use super::export::DATA;
use super::{NOTHING, OK, TROUBLE, counted, on, print, read_beside, tell};

/// Bytes of a book from one location of a Kindle to the next, about (read in its users' forums; with
/// the markup it is 150).
const LOCATION_BYTES: f64 = 128.0;
/// MiB, more than any file of marks has.
const MIB_MAX: u64 = 256;

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
    /// What the remark was before, where the other reader still says so.
    pub earlier_notes: Vec<String>,
    /// The colour.
    pub color: Option<MarkColor>,
    /// Where it stands, in the words of another reader: only to tell it from others.
    pub place: Option<String>,
    /// The same as a number that grows evenly through the text, where it is one.
    pub location: Option<u64>,
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
    /// What of the mark is said, where that may not be all.
    pub part: Option<Part>,
}

/// What lines of a log say of a mark.
#[allow(clippy::struct_excessive_bools, reason = "each says of one field whether it is there")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its name, or that it has none.
    pub has_name: bool,
    /// Its remark, or that it has none.
    pub has_note: bool,
    /// Its colour.
    pub has_color: bool,
    /// That it is deleted.
    pub is_deleted: bool,
}

/// What a file has.
#[derive(Debug, Default)]
pub struct Read {
    /// Its marks.
    pub marks: Vec<Given>,
    /// What else it has.
    pub left: Left,
}

impl Read {
    /// Whether there is anything like a mark in it.
    fn has_marks(&self) -> bool {
        !self.marks.is_empty() || self.left.bookmarks > 0
    }
}

/// What was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Bookmarks of which nothing is said that means anything here.
    pub bookmarks: usize,
    /// Entries that are nothing known here.
    pub others: usize,
    lines: usize,
    first_line: usize,
    /// Marks with too long a remark.
    too_long: usize,
    /// Changes of marks that are not there.
    strangers: usize,
}

impl Left {
    /// Counts a line that nothing can be read from, by its number from 1.
    pub fn add_line(&mut self, number: usize) {
        self.lines += 1;
        if self.lines == 1 {
            self.first_line = number;
        }
    }

    fn add(&mut self, other: &Left) {
        self.too_long += other.too_long;
        self.strangers += other.strangers;
    }

    /// A sentence for each reason; none where nothing was left out.
    fn sentences(&self) -> Vec<String> {
        let left = |count, thing: &str| format!("{} {} left out", counted(count, thing), were(count));
        let mut sentences = Vec::new();
        if self.bookmarks > 0 {
            sentences.push(format!("{}: no marked words tell their place", left(self.bookmarks, "bookmark")));
        }
        if self.others > 0 {
            sentences.push(format!("{}: nothing that is known here", left(self.others, "item")));
        }
        if self.lines > 0 {
            let first = format!("the first is line {}", self.first_line);
            sentences.push(format!("{}: no mark can be read from them; {first}", left(self.lines, "line")));
        }
        if self.too_long > 0 {
            let most = NOTE_BYTES_MAX / 1024;
            sentences.push(format!("{}: notes have at most {most} KiB", left(self.too_long, "mark")));
        }
        if self.strangers > 0 {
            sentences.push(format!("{}: the mark is not known in the document", left(self.strangers, "change")));
        }
        sentences
    }
}

fn were(count: usize) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// Reads marks and keeps them. Says on standard error what became of them.
pub fn run(reading: &Reading, source: &Path, into: Option<&Path>) -> anyhow::Result<i32> {
    let text = read(source)?;
    let Read { marks, mut left } = on(source, "take the marks of", || Ok(parse(&text)))?;
    let mut code = OK;
    if marks.is_empty() {
        tell(&format!("there are no marks in {}", source.display()));
        code = NOTHING;
    }
    for (file, marks) in routes::by_document(reading, marks, into) {
        let Some(file) = file else {
            let title = marks.first().and_then(|mark| mark.title.as_deref()).unwrap_or("an unnamed document");
            tell(&format!("{} of '{title}' without a document; --into FILE names it", counted(marks.len(), "mark")));
            code = TROUBLE;
            continue;
        };
        // What becomes of one document is not the others' loss.
        match on(&file, "mark", || take_in(&mut Book::open(reading, &file)?, marks)) {
            Ok((counts, rest)) => {
                left.add(&rest);
                print(format!("{}: {counts}\n", clean_line(&file.to_string_lossy())).as_bytes())?;
                if counts.are_of_another_text() {
                    let file = file.display();
                    tell(&format!("most of these words are not in {file}: is it another book? --into FILE names one"));
                }
            }
            Err(error) => {
                tell(&format!("{error:#}"));
                code = TROUBLE;
            }
        }
    }
    let sentences = left.sentences();
    for sentence in &sentences {
        tell(sentence);
    }
    Ok(if sentences.is_empty() { code } else { code.max(NOTHING) })
}

fn read(source: &Path) -> anyhow::Result<String> {
    let bytes = read_beside(source, MIB_MAX)
        .map_err(|reason| anyhow!("cannot read the marks in '{}': {reason}", source.display()))?;
    // Kindles write UTF-8 with a mark of byte order.
    let text = String::from_utf8(bytes).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned());
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// The marks in a text of any of the forms: what begins like JSON may be none.
pub fn parse(text: &str) -> Read {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let json = if is_json { json::parse(text) } else { Read::default() };
    if json.has_marks() {
        return json;
    }
    let others = [of_comments as fn(&str) -> Read, kindle::parse];
    others.iter().map(|parse| parse(text)).find(Read::has_marks).unwrap_or(json)
}

/// The marks in the comments of a page of Markdown.
fn of_comments(text: &str) -> Read {
    let mut file = json::File::default();
    let mut line = 1;
    for (number, part) in text.split(DATA).enumerate() {
        if number > 0 && !part.split_once(" -->").is_some_and(|(data, _)| file.value(data)) {
            file.left().add_line(line);
        }
        line += part.bytes().filter(|b| *b == b'\n').count();
    }
    file.finish()
}

/// A text without what differs from one reader to the next.
fn folded(text: &str) -> String {
    let words = Words::of(text);
    words.letters().iter().map(|letter| char::from(*letter)).collect()
}

/// What became of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    new: usize,
    changed: usize,
    deleted: usize,
    known: usize,
    lost: usize,
    guessed: usize,
}

impl Counts {
    /// Whether the words of most new marks are not in the text.
    fn are_of_another_text(&self) -> bool {
        self.lost * 2 > self.new - self.guessed
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", counted(self.new, "new mark"))?;
        for (count, what) in [(self.changed, "changed"), (self.deleted, "deleted")] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        write!(f, ", {} known", self.known)?;
        if self.lost > 0 {
            write!(f, "; the words of {} were not found: lost", self.lost)?;
        }
        if self.guessed > 0 {
            write!(f, "; {} without words: where they stand is guessed, and they are shown as lost", self.guessed)?;
        }
        Ok(())
    }
}

/// Gives marks their places in a document, and keeps them.
pub fn take_in(book: &mut Book, given: Vec<Given>) -> anyhow::Result<(Counts, Left)> {
    let now = book.new_id().1;
    let (mut counts, mut left) = (Counts::default(), Left::default());
    let (mut marks, mut changed, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    let all: HashMap<&str, &Mark> = book.marks.iter().map(|mark| (mark.id.as_str(), mark)).collect();
    let mut seen = HashSet::new();
    for given in given {
        // What is no identity here is told from others by what it says.
        let id = given.id.clone().filter(|id| is_name(id)).unwrap_or_else(|| id_of(&given));
        let known = all.get(id.as_str()).copied();
        let is_deleted = given.part.is_some_and(|part| part.is_deleted);
        if !seen.insert(id.clone()) || is_deleted && known.is_none() {
            counts.known += 1;
        } else if given.note.as_ref().is_some_and(|note| note.len() > NOTE_BYTES_MAX) {
            left.too_long += 1;
        } else if let Some(known) = known {
            match change(known, &given) {
                None => counts.known += 1,
                Some(_) if is_deleted => gone.push(id),
                Some(mark) => changed.push(mark),
            }
        } else if given.part.is_some() && given.anchor.is_none() {
            left.strangers += 1;
        } else {
            marks.push((fresh(id, &given, now), given));
        }
    }
    (counts.new, counts.changed, counts.deleted) = (marks.len(), changed.len(), gone.len());
    place(book, &mut marks)?;
    counts.guessed = guess(book, &mut marks);
    counts.lost = marks.iter().filter(|(mark, _)| mark.status == Status::Lost).count() - counts.guessed;
    // Lost or not, the anchor is what was read.
    let fresh = marks.into_iter().map(|(mark, _)| Mark { status: Status::Exact, ..mark });
    changed.extend(fresh);
    book.save(&changed)?;
    book.delete(&gone)?;
    Ok((counts, left))
}

/// A mark that is not known here.
fn fresh(id: String, given: &Given, now: u64) -> Mark {
    let created = given.created.unwrap_or(now);
    let kind = given.kind.unwrap_or(match (&given.note, given.words.is_empty()) {
        (Some(_), _) => MarkKind::Note,
        (None, true) => MarkKind::Bookmark,
        (None, false) => MarkKind::Highlight,
    });
    Mark {
        id,
        kind,
        name: name_of(given),
        note: note_of(given),
        color: given.color,
        anchor: given.anchor.clone().unwrap_or_else(|| words_only(given)),
        own: None,
        status: Status::Exact,
        created,
        changed: given.changed.unwrap_or(created),
    }
}

fn name_of(given: &Given) -> Option<Clean> {
    let name = given.name.as_deref().map(clean_line).filter(|name| !name.is_empty());
    // What has no words is known by its number.
    let location = given.location.filter(|_| given.is_bare());
    name.or_else(|| location.map(|location| clean_line(&format!("location {location}"))))
}

fn note_of(given: &Given) -> Option<Clean> {
    given.note.as_deref().map(clean).filter(|note| !note.is_empty())
}

/// A known mark with what is newer in the given one. None where nothing is.
fn change(known: &Mark, given: &Given) -> Option<Mark> {
    if given.id.as_deref() != Some(&known.id) {
        return changed_elsewhere(known, given);
    }
    let changed = given.changed.filter(|changed| *changed > known.changed)?;
    let all = Part { has_name: true, has_note: true, has_color: true, is_deleted: false };
    let part = given.part.unwrap_or(all);
    let mut mark = known.clone();
    mark.kind = given.kind.unwrap_or(mark.kind);
    if part.has_name {
        mark.name = name_of(given);
    }
    if part.has_note {
        mark.note = note_of(given);
    }
    if part.has_color {
        mark.color = given.color;
    }
    // What was made of it here on the way stays where it is the same mark of the same words.
    let is_other = |anchor: &&Anchor| anchor_to_json(anchor) != anchor_to_json(known.own_anchor());
    if let Some(anchor) = given.anchor.as_ref().filter(is_other) {
        mark.put(anchor.clone());
    }
    mark.changed = changed;
    Some(mark)
}

/// A mark from another reader, that was imported before: only a note can have come or changed, and
/// one that was written here since is kept beside it.
fn changed_elsewhere(known: &Mark, given: &Given) -> Option<Mark> {
    let note = note_of(given)?;
    let is_untouched = known.changed == known.created;
    if !is_untouched && given.changed.is_none_or(|changed| changed <= known.changed) {
        return None;
    }
    let is_earlier = |old: &Clean| given.earlier_notes.iter().any(|earlier| clean(earlier) == *old);
    let note = match &known.note {
        None => note,
        Some(old) if *old == note => return None,
        Some(old) if is_untouched || is_earlier(old) || note.contains(old.as_str()) => note,
        Some(old) if old.contains(note.as_str()) => return None,
        Some(old) => clean(&format!("{old}\n\n{note}")),
    };
    let changed = given.changed.unwrap_or(known.changed).max(known.changed);
    let mut mark = Mark { changed, ..known.clone() };
    mark.set_note(Some(note));
    Some(mark)
}

/// Gives places to marks that have none: by their locators where the words stand there, else by
/// their words. Says of all that have words whether those are in the text.
fn place(book: &mut Book, marks: &mut [(Mark, Given)]) -> anyhow::Result<()> {
    let (mut open, mut ends): (Vec<usize>, Vec<Position>) = (Vec::new(), Vec::new());
    let mut wanted = Vec::new();
    for (i, (mark, given)) in marks.iter().enumerate() {
        match given.range.filter(|_| given.anchor.is_none()) {
            Some(range) => {
                open.push(i);
                ends.extend([range.start, range.end]);
            }
            None if given.is_bare() => {}
            None => wanted.push((i, mark.anchor.clone())),
        }
    }
    book.clamp(&mut ends)?;
    let (pairs, _) = ends.as_chunks();
    let ranges: Vec<Range> = pairs.iter().map(|[start, end]| Range::new(*start, *end)).collect();
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
    let is_bare = |i: &usize| marks.get(*i).is_some_and(|(mark, _)| mark.kind == MarkKind::Bookmark);
    // A bookmark is where its words begin.
    let end = |i: &usize, range: &Range| if is_bare(i) { range.start } else { range.end };
    let ranges = wanted.iter().zip(&found).map(|((i, _), (range, _))| Range { end: end(i, range), ..*range });
    let anchors = book.anchors(&ranges.collect::<Vec<_>>())?;
    for (((i, _), (_, status)), anchor) in wanted.into_iter().zip(found).zip(anchors) {
        let Some((mark, given)) = marks.get_mut(i) else { continue };
        mark.status = status;
        // What was made here goes on as it was made, wherever it stands now.
        if status != Status::Lost && given.anchor.is_none() {
            mark.anchor = anchor;
        }
    }
    Ok(())
}

/// Guesses how far into the document those stand of which no words are known, by the numbers that
/// others have whose words were found. Gives how many there are. They stay lost ones.
fn guess(book: &Book, marks: &mut [(Mark, Given)]) -> usize {
    let found = marks.iter().filter(|(mark, given)| mark.status != Status::Lost && !given.is_bare());
    let share = |(mark, given): &(Mark, Given)| {
        let location = given.location.filter(|location| *location > 0)?;
        Some(mark.anchor.fraction / location as f64)
    };
    let mut shares: Vec<f64> = found.filter_map(share).collect();
    shares.sort_by(f64::total_cmp);
    let document = &*book.document;
    let bytes: u64 = (0..document.section_count()).map(|id| document.section_bytes(SectionId(id))).sum();
    let usual = LOCATION_BYTES / bytes.max(1) as f64;
    let share = shares.get(shares.len() / 2).copied().unwrap_or(usual);
    let mut count = 0;
    for (mark, given) in marks.iter_mut().filter(|(_, given)| given.is_bare()) {
        let fraction = given.location.map_or(given.fraction, |location| location as f64 * share);
        mark.anchor.fraction = fraction.clamp(0.0, 1.0);
        mark.status = Status::Lost;
        count += 1;
    }
    count
}

impl Given {
    /// Whether nothing is known of its place that could be looked for.
    fn is_bare(&self) -> bool {
        self.anchor.is_none() && self.range.is_none() && self.words.trim().is_empty()
    }
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

/// An identity for a mark that was made elsewhere, the same each time that it is read, whatever its
/// note says by then. Marks of the same words are told apart by their places, else by their times.
fn id_of(given: &Given) -> String {
    let place = given.place.clone().or_else(|| given.created.map(|time| time.to_string()));
    let parts = [
        given.title.as_deref(),
        place.as_deref(),
        Some(&given.words),
        Some(&given.around.0),
        Some(&given.around.1),
        given.id.as_deref(),
        given.kind.map(MarkKind::name),
    ];
    let mut text = String::new();
    for part in parts {
        // Lengths keep the parts apart. Writing into a string cannot fail.
        let part = part.unwrap_or_default();
        let _ = write!(text, "{} {part} ", part.len());
    }
    let random = Sha256::digest(text).iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    ulid(given.created.unwrap_or(0), random)
}

#[cfg(test)]
mod tests;

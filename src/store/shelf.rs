//! The documents read before: for the shelf, and to know a changed file again.
//!
//! As a rule only the two ends of each log are read: labels are written first, places last. Where
//! they are not there, all of it is. It must not write anything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::text::Clean;

use super::body::Label;
use super::fs::Fs;
use super::joins;
use super::log::{self, BYTES_MAX, Content, all_files};
use super::merge::State;
use super::paths::Paths;
use super::record::Kind;

/// Bytes read at each end of a log; a place takes less than 2 KiB, a label hardly more.
const END_BYTES: u64 = 8 << 10;

/// A document on the shelf.
#[derive(Clone, Debug, PartialEq)]
pub struct ShelfEntry {
    /// The book's key, as [`Identity::key`](crate::document::Identity::key) gives it.
    pub key: String,
    /// The title, or the name of the file.
    pub title: Clean,
    /// The authors.
    pub authors: Vec<Clean>,
    /// Where it was when it was last read, here if it was read here.
    pub path: Option<PathBuf>,
    /// How far the reader was, 0 to 100.
    pub percent: u8,
    /// When that was: milliseconds since 1970.
    pub when: u64,
}

/// Another version of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its key, for [`Store::join`](super::Store::join).
    pub key: String,
    /// Why it is taken for one.
    pub why: Why,
    /// When it was last called something, in milliseconds since 1970: what came before it, it has
    /// joined.
    pub when: u64,
}

/// What two versions of a book have in common, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// All letters of the text.
    Text,
    /// The package identifier, the title and the authors.
    Identifier,
    /// Most of the text.
    Print,
    /// The path: the file was changed, though not into another book.
    Path,
}

/// The documents read before, the last one first. What cannot be read is left out.
pub fn shelf<F: Fs>(fs: &mut F, paths: &Paths, device: Option<&str>) -> Vec<ShelfEntry> {
    let mut entries: Vec<ShelfEntry> = states(fs, paths, apply_ends)
        .into_iter()
        .filter_map(|(key, state)| {
            let place = state.places().into_iter().next()?;
            let labels = state.labels();
            let latest = labels.first().map(|(_, label)| label.clone()).unwrap_or_default();
            let path = device.and_then(|device| state.label(device)?.path).or(latest.path.clone());
            Some(ShelfEntry {
                key,
                title: latest.name(),
                authors: latest.authors,
                path,
                percent: (place.anchor.fraction * 100.0).floor() as u8,
                when: place.when,
            })
        })
        .collect();
    entries.sort_by(|a, b| (b.when, &b.key).cmp(&(a.when, &a.key)));
    entries
}

/// Other versions of a book, and it itself.
pub fn related<F: Fs>(fs: &mut F, paths: &Paths, label: &Label) -> Vec<Related> {
    let states = states(fs, paths, apply_head);
    let related = states.iter().filter_map(|(key, state)| {
        let labels = state.labels();
        Related::of(key, label, labels.iter().map(|(_, known)| known), state.labelled())
    });
    related.collect()
}

impl Related {
    /// A book with a key, if it has something in common with another one by what it is called, and
    /// `when` it was last called so.
    pub fn of<'a>(key: &str, label: &Label, known: impl IntoIterator<Item = &'a Label>, when: u64) -> Option<Related> {
        let why = known.into_iter().filter_map(|known| in_common(label, known)).min()?;
        Some(Related { key: key.to_owned(), why, when })
    }
}

/// Whether a book that was taken for a version of another one is one for sure: to delete it, it is not
/// enough that it was at the same path.
pub fn is_kin(a: &Label, b: &Label) -> bool {
    let is_sure = matches!(in_common(a, b), Some(Why::Text | Why::Identifier | Why::Print));
    is_sure || a.print.has_part_of(&b.print) == Some(true)
}

fn in_common(a: &Label, b: &Label) -> Option<Why> {
    let authors = a.authors == b.authors || a.authors.is_empty() || b.authors.is_empty();
    let is_other = a.print.is_foreign(&b.print);
    if !a.text.is_empty() && a.text == b.text && !a.print.is_empty() {
        Some(Why::Text)
    } else if a.identifier.is_some() && a.identifier == b.identifier && a.title == b.title && authors && !is_other {
        Some(Why::Identifier)
    } else if a.print.is_like(&b.print) {
        Some(Why::Print)
    } else if a.path.is_some() && a.path == b.path && !is_other {
        Some(Why::Path)
    } else {
        None
    }
}

/// A book with all its versions.
#[derive(Debug)]
pub struct Versions {
    /// Of the version that was read last: its key.
    pub key: String,
    /// What its logs say, and the marks of all others.
    pub state: State,
}

/// All books, versions that were joined as one. What cannot be read is left out.
pub fn books<F: Fs>(fs: &mut F, paths: &Paths) -> Vec<Versions> {
    let mut states = states(fs, paths, apply_all);
    let mut joined: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, state) in &states {
        for other in state.labels().into_iter().flat_map(|(_, label)| label.joins) {
            joined.entry(other.clone()).or_default().push(key.clone());
            joined.entry(key.clone()).or_default().push(other);
        }
    }
    let mut books = Vec::new();
    while let Some((key, state)) = states.pop_first() {
        // A version, and whether its text or that of the one that led to it is known.
        let mut open = vec![(key.clone(), true)];
        let (mut versions, mut known) = (Vec::new(), Vec::new());
        states.insert(key, state);
        while let Some((key, is_sure)) = open.pop() {
            let Some(state) = states.remove(&key) else { continue };
            let labels: Vec<Label> = state.labels().into_iter().map(|(_, label)| label).collect();
            if !is_sure && joins::is_foreign(&known, &labels) {
                states.insert(key, state);
                continue;
            }
            let is_sure = joins::is_known(&labels);
            open.extend(joined.remove(&key).unwrap_or_default().into_iter().map(|key| (key, is_sure)));
            known.extend(labels);
            versions.push(Versions { key, state });
        }
        let last = |version: &Versions| version.state.places().first().map(|place| place.when);
        versions.sort_by_key(last);
        let Some(mut book) = versions.pop() else { continue };
        for version in versions {
            book.state.add_marks(version.state);
        }
        books.push(book);
    }
    books
}

/// What the logs of all books say, as far as they are read.
pub fn states<F: Fs>(fs: &mut F, paths: &Paths, read: fn(&mut F, &Path, &mut State)) -> BTreeMap<String, State> {
    let mut states: BTreeMap<String, State> = BTreeMap::new();
    for (key, files) in all_files(fs, paths).unwrap_or_default() {
        let state = states.entry(key).or_default();
        for path in &files {
            read(fs, path, state);
        }
    }
    states
}

/// All that the logs of some books say, as far as they can be read.
pub fn states_of<F: Fs>(fs: &mut F, paths: &Paths, keys: &BTreeSet<String>) -> BTreeMap<String, State> {
    let mut states: BTreeMap<String, State> = BTreeMap::new();
    for (key, path) in log::files_of(fs, paths, keys).unwrap_or_default() {
        apply_all(fs, &path, states.entry(key).or_default());
    }
    states
}

/// Takes in the label at the head of a log; all labels where none there says what the text is. A new
/// file is opened after a look at all books.
pub fn apply_head<F: Fs>(fs: &mut F, path: &Path, state: &mut State) {
    let Some(stat) = fs.stat(path).ok().filter(|stat| stat.is_file && stat.bytes <= BYTES_MAX) else { return };
    let mut labels = log::records_of(&fs.read(path, 0, END_BYTES).unwrap_or_default(), Kind::Label);
    let knows_text = labels.iter().any(|label| Label::from_body(&label.body).knows_text());
    if !knows_text && stat.bytes > END_BYTES {
        labels = log::records_of(&fs.read(path, 0, stat.bytes).unwrap_or_default(), Kind::Label);
    }
    state.apply_all(&labels);
}

/// Takes in all of a log.
pub fn apply_all<F: Fs>(fs: &mut F, path: &Path, state: &mut State) {
    // What was read before a failure is taken in.
    let _ = Content::read(fs, path, |record| state.apply(&record));
}

/// Takes in the labels and places at the ends of a log, or all of it where it has none there.
pub fn apply_ends<F: Fs>(fs: &mut F, path: &Path, state: &mut State) {
    let Some(stat) = fs.stat(path).ok().filter(|stat| stat.is_file && stat.bytes <= BYTES_MAX) else { return };
    let tail = fs.read(path, stat.bytes.saturating_sub(END_BYTES), END_BYTES).unwrap_or_default();
    let (mut labels, places) = (log::records_of(&tail, Kind::Label), log::records_of(&tail, Kind::Place));
    if labels.is_empty() && stat.bytes > END_BYTES {
        labels = log::records_of(&fs.read(path, 0, END_BYTES).unwrap_or_default(), Kind::Label);
    }
    if labels.is_empty() || places.is_empty() {
        apply_all(fs, path, state);
    } else {
        state.apply_all(labels.iter().chain(&places));
    }
}

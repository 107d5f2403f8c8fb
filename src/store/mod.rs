//! Disk: marks, reading places, settings.
//!
//! Every change is one line at the end of a log ([`record`]) that this device alone writes
//! ([`log`]); what all devices' logs say together is the state of a book ([`merge`]). So there is
//! no file that two writers could overwrite, and no moment at which a crash could lose more than
//! the line it interrupted. What could not be saved stays in memory, is said so, and is tried
//! again. The store knows the document's records and nothing above them; it must not know the
//! reader, the screen, layout or formats. Only here and on the command line is anything
//! (de)serialized.

mod backup;
mod body;
mod book;
mod cache;
mod clock;
mod compact;
mod device;
pub mod doctor;
mod error;
mod forget;
mod fs;
mod joins;
mod log;
mod marks;
mod merge;
mod paths;
mod record;
mod settings;
mod shelf;
#[cfg(test)]
mod sim;
mod stamp;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use crate::document::{Anchor, Identity, Mark, MarkKind, Meta, Sum};
use crate::text::Clean;

use body::Body;
use book::Book;
use compact::Outcome;
use log::Appended;
use merge::State;
use record::{Kind, Op, Record};
use shelf::Versions;
use stamp::{Ids, Stamp, StampClock};

pub use body::{AUTO, Label, anchor as anchor_from_json, of_anchor as anchor_to_json};
pub use cache::Cache;
pub use clock::{Clock, SystemClock};
pub use error::StoreError;
pub use forget::Going;
pub use fs::{Fs, RealFs, Stat};
pub use merge::Place;
pub use paths::{Paths, ROOT_VARIABLE};
pub use settings::{KeyPreset, Paragraphs, Scroll, Settings, ThemeName};
pub use shelf::{Related, ShelfEntry, Why};
pub use stamp::{is_name, ulid};

/// How much further another device must have read to be told of: about a page of a book.
const PAGE: f64 = 0.003;
/// And how long ago at most, in minutes: who begins a book again a month later knows how it ends.
const FURTHER_MAX: u64 = 30 * 24 * 60;
/// A log shorter than this is not worth writing anew.
const COMPACT_ABOVE: u64 = 1 << 20;
/// Deleted marks of which all may be held, for what was deleted just now may be brought back; with one more all
/// are let go.
const DELETED_MAX: usize = 256;

/// The reader's marks and places on disk. It is owned by one thread, and every call may wait for
/// the disk.
#[derive(Debug)]
pub struct Store<F: Fs = RealFs, C: Clock = SystemClock> {
    fs: F,
    clock: C,
    home: Home,
    device: Option<String>,
    ids: Ids,
    stamps: StampClock,
    books: BTreeMap<String, Book>,
    compact_above: u64,
    deleted_max: usize,
}

/// What is to be forgotten.
#[derive(Clone, Debug)]
pub enum Forgotten {
    /// Everything.
    All,
    /// A book and its other versions, where it was opened. A version that is another file still
    /// stays.
    Book(Identity, Option<PathBuf>),
    /// The book that was read or marked last at this path, where no file is that could be asked.
    Path(PathBuf),
}

/// Where the store is.
#[derive(Clone, Debug)]
enum Home {
    /// In these folders.
    At(Paths),
    /// Nowhere, though it should be: there is no home folder.
    Missing,
    /// Nowhere, as the reader wished.
    Private,
}

/// What is known of a book when it is opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BookState {
    /// The reader's marks, in the order of their places.
    pub marks: Vec<Mark>,
    /// Those of which is not known where they are in this text; the store itself does not ask.
    pub sought: Vec<Mark>,
    /// Where the reader was, on whichever device was last.
    pub place: Option<Anchor>,
    /// Whether `place` is that of what was read at the same path before: nobody compared the texts.
    pub is_by_path: bool,
    /// Where each device was, the latest first; `place` is the first of them.
    pub places: Vec<Place>,
    /// The furthest place of another device, where it is beyond `place` and not too old.
    pub further: Option<Further>,
    /// What could not be read, a sentence each.
    pub problems: Vec<Clean>,
}

/// A place further on than where reading goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Further {
    /// The place.
    pub anchor: Anchor,
    /// How long ago a device was there, in minutes.
    pub minutes: u64,
}

impl Store {
    /// A store that neither reads nor writes anything.
    pub fn private() -> Store {
        Store { home: Home::Private, ..Store::open(None, RealFs::default(), SystemClock) }
    }
}

impl<F: Fs, C: Clock> Store<F, C> {
    /// A store in these folders; `None` where there is no home folder, and every save will say
    /// so. Nothing is read or made before it is asked for.
    pub fn open(paths: Option<Paths>, fs: F, clock: C) -> Store<F, C> {
        Store {
            fs,
            clock,
            home: paths.map_or(Home::Missing, Home::At),
            device: None,
            ids: Ids::default(),
            stamps: StampClock::default(),
            books: BTreeMap::new(),
            compact_above: COMPACT_ABOVE,
            deleted_max: DELETED_MAX,
        }
    }

    /// Whether it neither reads nor writes.
    pub fn is_private(&self) -> bool {
        matches!(self.home, Home::Private)
    }

    /// Whether nothing is kept of any book.
    pub fn is_empty(&mut self) -> bool {
        let Home::At(paths) = &self.home else { return true };
        log::all_files(&mut self.fs, paths).is_ok_and(|files| files.is_empty())
    }

    /// A new identity for a mark.
    pub fn new_id(&mut self) -> String {
        let now = self.clock.now();
        self.ids.ulid(now)
    }

    /// The present time: milliseconds since 1970, for the times of a mark.
    pub fn now(&mut self) -> u64 {
        self.clock.now()
    }

    /// What all devices know of a document. `path`: where it was opened, if it is a file. To be
    /// called again when [`Store::poll`] says so.
    pub fn load(&mut self, identity: &Identity, meta: &Meta, path: Option<&Path>) -> BookState {
        let key = identity.key().to_owned();
        let mut label = Label::new(identity, meta, path);
        let book = self.books.entry(key.clone()).or_default();
        let known = std::mem::take(&mut book.label);
        (label.text, label.print, label.encoding) = (known.text, known.print, known.encoding);
        book.label = label;
        let mut problems = book.untold.take().unwrap_or_default();
        book::add_new(&mut problems, self.refresh(&key));
        self.strip_deleted(&key);
        let (now, device) = (self.now(), self.known_device());
        let Some(book) = self.books.get(&key) else { return BookState::default() };
        let places = book.state.places();
        let mut loaded = BookState {
            marks: book.state.marks(&key),
            sought: Vec::new(),
            is_by_path: false,
            place: places.first().map(|place| place.anchor.clone()),
            further: further(&places, device.as_deref(), now),
            places,
            problems,
        };
        // A new version of a book is opened where the last one was left.
        if book.state.is_empty()
            && let Some(other) = self.related(identity).into_iter().next()
        {
            // One that was open may hold what is not on the disk yet.
            let was_open = self.books.contains_key(&other.key);
            self.refresh(&other.key);
            let places = self.books.get(&other.key).map(|book| book.state.places()).unwrap_or_default();
            loaded.place = places.into_iter().next().map(|place| place.anchor);
            loaded.is_by_path = other.why == Why::Path && !self.knows_text(identity);
            if !was_open {
                self.books.remove(&other.key);
            }
        }
        loaded
    }

    /// The encoding that the reader gave for a document, if any; [`AUTO`] where it was taken back.
    pub fn encoding(&mut self, identity: &Identity) -> Option<String> {
        self.refresh(identity.key());
        let device = self.known_device();
        self.books.get(identity.key())?.state.encoding(device.as_deref())
    }

    /// Of a document of which nothing is kept: the one that was given for what was read at its path.
    pub fn encoding_at(&mut self, identity: &Identity, path: &Path) -> Option<String> {
        self.refresh(identity.key());
        if !self.book(identity.key()).state.is_empty() {
            return None;
        }
        let path = std::path::absolute(path).ok()?;
        let device = self.known_device();
        let Home::At(paths) = self.home.clone() else { return None };
        let all = shelf::states(&mut self.fs, &paths, shelf::apply_ends);
        let is_there = |state: &State| state.labels().iter().any(|(_, label)| label.path.as_ref() == Some(&path));
        let there = all.into_values().filter(is_there);
        let latest = there.max_by_key(|state| state.places().first().map_or(0, |place| place.when));
        latest?.encoding(device.as_deref())
    }

    /// What the reader says of a document's encoding, [`AUTO`] to take it back; kept with the next
    /// change.
    pub fn say_encoding(&mut self, identity: &Identity, name: &str) {
        name.clone_into(&mut self.book(identity.key()).label.encoding);
    }

    /// Other versions of a book that was loaded, the surest first: by its text where that is
    /// known, by its identifier, by its path; of those the latest first.
    pub fn related(&mut self, identity: &Identity) -> Vec<Related> {
        self.related_to(identity.key())
    }

    fn related_to(&mut self, key: &str) -> Vec<Related> {
        let Some(book) = self.books.get(key) else { return Vec::new() };
        let (keys, label) = (book.keys(key), book.known_label());
        // What was made in this run may be on no disk.
        let known = self.books.iter().filter(|(_, book)| !book.state.marks("").is_empty());
        let known =
            known.filter_map(|(key, book)| Related::of(key, &label, [&book.known_label()], book.state.labelled()));
        let mut related: Vec<Related> = known.collect();
        if let Home::At(paths) = &self.home {
            related.extend(shelf::related(&mut self.fs, paths, &label));
        }
        related.retain(|other| !keys.contains(&other.key));
        related.sort_by(|a, b| (a.why, b.when, &a.key).cmp(&(b.why, a.when, &b.key)));
        let mut seen = BTreeSet::new();
        related.retain(|other| seen.insert(other.key.clone()));
        related
    }

    /// What is known of a book's text when it was read; kept with the next change.
    pub fn know(&mut self, identity: &Identity, sum: &Sum) {
        self.book(identity.key()).label.set_sum(sum);
    }

    /// Whether the text of a book was read before.
    pub fn knows_text(&mut self, identity: &Identity) -> bool {
        self.book(identity.key()).known_label().knows_text()
    }

    /// Takes over the marks of all other versions of a book, for good. Whether there were any.
    ///
    /// # Errors
    /// When that is not on the disk. All are joined in memory, and saved with the next try.
    pub fn join_related(&mut self, identity: &Identity) -> Result<bool, StoreError> {
        let related = self.related(identity);
        for other in &related {
            // With one comes what it has joined: of many versions the latest are enough.
            if !self.book(identity.key()).has_joined(&other.key) {
                self.join(identity, &other.key);
            }
        }
        self.flush(identity.key(), "join the books")?;
        Ok(!related.is_empty())
    }

    /// The marks of all books, the book that was read or marked last first, as they were seen last: with
    /// what each is called here, else where it was last read. Versions that were joined are one.
    pub fn all_marks(&mut self) -> Vec<(Label, Vec<Mark>)> {
        let device = self.known_device().unwrap_or_default();
        let Home::At(paths) = &self.home else { return Vec::new() };
        let mut books: Vec<(u64, Label, Vec<Mark>)> = shelf::books(&mut self.fs, paths)
            .into_iter()
            .filter_map(|Versions { key, state }| {
                let latest = state.labels().into_iter().next().map(|(_, label)| label).unwrap_or_default();
                let label = state.label(&device).unwrap_or(latest);
                let when = state.latest();
                let marks = state.marks(&key);
                (!marks.is_empty()).then_some((when, label, marks))
            })
            .collect();
        books.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name().cmp(&b.1.name())));
        books.into_iter().map(|(_, label, marks)| (label, marks)).collect()
    }

    /// Deletes all that is kept of books: of one by its identity or its path, with all its
    /// versions, or of all. Gives the files that are to go, and what is left; with `is_meant` they
    /// are gone.
    ///
    /// # Errors
    /// When one of them cannot be deleted; those before it are gone.
    pub fn forget(&mut self, what: &Forgotten, is_meant: bool) -> Result<Going, StoreError> {
        let Home::At(paths) = self.home.clone() else { return Ok(Going::default()) };
        let mut left = Vec::new();
        let book = match what {
            Forgotten::All => None,
            Forgotten::Book(identity, here) => Some((identity.key().to_owned(), here.as_deref(), BTreeSet::new())),
            Forgotten::Path(path) => {
                // Of several books that stood there the one that was read or marked last.
                let mut all = shelf::states(&mut self.fs, &paths, shelf::apply_all);
                all.retain(|_, state| state.labels().iter().any(|(_, label)| label.path.as_ref() == Some(path)));
                let last = all.iter().max_by_key(|(_, state)| state.latest()).map(|(key, _)| key.clone());
                let Some(key) = last else { return Ok(Going::default()) };
                Some((key, Some(path.as_path()), all.into_keys().collect()))
            }
        };
        let keys = book.map(|(key, here, mut keys)| {
            self.refresh(&key);
            keys.extend(self.book(&key).keys(&key));
            // One that it was not joined to yet is known by its text or its path.
            keys.extend(self.related_to(&key).into_iter().map(|related| related.key));
            let mut all = shelf::states_of(&mut self.fs, &paths, &keys);
            all.remove(&key);
            let own = (self.book(&key).known_label(), here);
            let (mut going, staying) = forget::versions(&mut self.fs, own, &all);
            // Of what has no log any more there may be copies.
            going.extend(keys.into_iter().filter(|key| !all.contains_key(key)));
            left = staying;
            going
        });
        let files = forget::files(&mut self.fs, &paths, keys.as_ref());
        let files = files.map_err(|failure| StoreError::new("look for what is kept", failure))?;
        if is_meant {
            let removed = forget::remove(&mut self.fs, &paths, &files);
            removed.map_err(|failure| StoreError::new("delete what is kept", failure))?;
            self.books.clear();
        }
        Ok(Going { files, left })
    }

    /// Saves the place of reading. The caller does this every few seconds at most.
    ///
    /// # Errors
    /// When it is not on the disk. The latest place is kept, and saved with the next try.
    pub fn save_place(&mut self, identity: &Identity, place: &Anchor) -> Result<(), StoreError> {
        let key = self.prepare(identity);
        let body = Body::from_iter([("anchor".to_owned(), body::of_anchor(place))]);
        self.push(&key, Kind::Place.name(), Op::Set, Kind::Place, body, Vec::new());
        self.flush(&key, "save the place")
    }

    /// Takes the marks of another version of a book over into this one; kept with the next change.
    fn join(&mut self, identity: &Identity, other: &str) {
        let key = self.prepare(identity);
        if other != key && is_name(other) {
            self.book(&key).join(other);
            // What was made in this run of it, and of those it joined, may be on no disk any more.
            let mut known = BTreeSet::from([key.clone()]);
            let next = |books: &BTreeMap<String, Book>, known: &BTreeSet<String>| {
                let is_joined = |of: &&String| books.get(&key).is_some_and(|book| book.has_joined(of));
                books.keys().filter(|of| !known.contains(*of)).find(is_joined).cloned()
            };
            while let Some(of) = next(&self.books, &known) {
                if let Some(mut before) = self.books.remove(&of) {
                    // What the disk has of it is read from there.
                    let ends = matches!(self.home, Home::At(_)) && before.pending.is_empty();
                    let book = self.books.entry(key.clone()).or_default();
                    book.take_over(&of, &mut before, ends, &mut self.stamps);
                    if !ends {
                        self.books.insert(of.clone(), before);
                    }
                }
                known.insert(of);
            }
            self.push_label(&key);
            let problems = self.refresh(&key);
            self.tell_later(identity, problems);
        }
    }

    /// Keeps what went wrong when a book was loaded for those who load it next.
    pub fn tell_later(&mut self, identity: &Identity, problems: Vec<Clean>) {
        if !problems.is_empty() {
            self.book(identity.key()).tell_later(problems);
        }
    }

    /// Keeps what was said of a document's encoding now, without another change.
    ///
    /// # Errors
    /// When it is not on the disk. It is kept, and saved with the next try.
    pub fn keep_encoding(&mut self, identity: &Identity) -> Result<(), StoreError> {
        let key = self.prepare(identity);
        if !self.book(&key).label.encoding.is_empty() {
            self.push_label(&key);
        }
        self.flush(&key, "save the encoding")
    }

    /// How many changes are not on the disk.
    pub fn pending(&self) -> usize {
        self.books.values().map(|book| book.pending.len()).sum()
    }

    /// The changes of marks that are not on the disk, as lines of a log: for a last resort at the
    /// end of the program. They say all of each mark that they change.
    pub fn pending_lines(&self) -> String {
        self.books.values().map(|book| text(&book.last_resort())).collect()
    }

    /// Tries again to save what is pending.
    ///
    /// # Errors
    /// The first thing that could not be saved; the rest was tried nevertheless.
    pub fn retry(&mut self) -> Result<(), StoreError> {
        let keys: Vec<String> = self.books.keys().cloned().collect();
        let mut first = Ok(());
        for key in keys {
            first = first.and(self.flush(&key, "save the marks"));
        }
        first
    }

    /// Whether another program or device has changed a book: then it is to be loaded again. Others
    /// that were loaded are given back, but for what is not on the disk yet.
    pub fn poll(&mut self, identity: &Identity) -> bool {
        self.strip_deleted(identity.key());
        let Home::At(paths) = &self.home else { return false };
        self.books.retain(|key, book| key == identity.key() || !book.pending.is_empty());
        let book = self.books.get(identity.key());
        book.is_some_and(|book| book.untold.is_some() || book.is_changed(&mut self.fs, paths, identity.key()))
    }

    /// The document that was read last and is still where it was; and the one that was read after it
    /// and is not.
    pub fn last_document(&mut self) -> (Option<PathBuf>, Option<PathBuf>) {
        let mut paths = self.shelf().into_iter().filter_map(|entry| entry.path).peekable();
        let last = paths.peek().cloned();
        let found = paths.find(|path| self.fs.stat(path).is_ok_and(|stat| stat.is_file));
        let gone = last.filter(|last| found.as_ref() != Some(last));
        (found, gone)
    }

    /// The documents read before, the last one first.
    pub fn shelf(&mut self) -> Vec<ShelfEntry> {
        let device = self.known_device();
        let Home::At(paths) = &self.home else { return Vec::new() };
        shelf::shelf(&mut self.fs, paths, device.as_deref())
    }

    /// The name of this device, if it has one.
    fn known_device(&mut self) -> Option<String> {
        let Home::At(paths) = &self.home else { return None };
        self.device.clone().or_else(|| device::known(&mut self.fs, paths))
    }

    fn book(&mut self, key: &str) -> &mut Book {
        self.books.entry(key.to_owned()).or_default()
    }

    /// The key of a book whose logs were read, so that a change to it is the latest.
    fn prepare(&mut self, identity: &Identity) -> String {
        let key = identity.key().to_owned();
        if !self.books.contains_key(&key) {
            self.book(&key).label = Label::new(identity, &Meta::default(), None);
            self.refresh(&key);
        } else if !self.book(&key).is_complete {
            self.look_again(&key);
        }
        key
    }

    /// Looks once more at logs of which not all could be read. What is found is shown at the next look.
    fn look_again(&mut self, key: &str) {
        let problems = self.refresh(key);
        let book = self.book(key);
        if book.has_news {
            book.tell_later(problems);
        }
    }

    /// Lets go of what deleted marks were, if the disk has it.
    fn strip_deleted(&mut self, key: &str) {
        let most = self.deleted_max;
        if let (Home::At(_), Some(book)) = (&self.home, self.books.get_mut(key)) {
            book.strip_deleted(most);
        }
    }

    fn refresh(&mut self, key: &str) -> Vec<Clean> {
        let Home::At(paths) = &self.home else { return Vec::new() };
        let book = self.books.entry(key.to_owned()).or_default();
        book.refresh(&mut self.fs, paths, key, &mut self.stamps)
    }

    /// The name of this device; made on the disk at the first call.
    fn device(&mut self) -> String {
        if let Some(device) = &self.device {
            return device.clone();
        }
        let now = self.clock.now();
        let device = match &self.home {
            Home::At(paths) => device::device(&mut self.fs, paths, &mut self.ids, now),
            Home::Missing | Home::Private => self.ids.ulid(now),
        };
        self.device = Some(device.clone());
        device
    }

    /// Makes a change: in memory now, on the disk with the next flush.
    fn push(&mut self, key: &str, id: &str, op: Op, kind: Kind, body: Body, over: Vec<Stamp>) {
        let device = self.device();
        let now = self.clock.now();
        let at = self.stamps.next(now, &device);
        let record = Record { id: id.to_owned(), op, kind, at, over, body };
        self.book(key).add_pending(record);
    }

    /// Makes the label a change, where this device's logs do not have it already.
    fn push_label(&mut self, key: &str) {
        let device = self.device();
        let book = self.book(key);
        let known = book.state.label(&device);
        let label = known.as_ref().map_or_else(|| book.label.clone(), |known| book.label.over(known));
        if known.as_ref() != Some(&label) {
            self.push(key, Kind::Label.name(), Op::Set, Kind::Label, label.body(), Vec::new());
        }
    }

    /// Puts all pending changes of a book on the disk.
    fn flush(&mut self, key: &str, what: &'static str) -> Result<(), StoreError> {
        if self.book(key).pending.is_empty() {
            return Ok(());
        }
        let paths = match &self.home {
            Home::At(paths) => paths.clone(),
            Home::Missing => {
                let why = Error::new(ErrorKind::NotFound, "there is no home folder");
                return Err(StoreError::without_file(what, why));
            }
            Home::Private => {
                self.book(key).settle();
                return Ok(());
            }
        };
        self.renew(key);
        let appended = match self.append(key, &paths, what)? {
            Some(appended) => appended,
            // It was forgotten in another program: what comes now is the first that is kept of it.
            None => {
                self.book(key).forgotten();
                let again = self.append(key, &paths, what)?;
                again.ok_or_else(|| StoreError::without_file(what, Error::other("it is forgotten again and again")))?
            }
        };
        if !std::mem::replace(&mut self.book(key).is_backed_up, true) {
            let now = self.clock.now();
            // All is saved already: a copy that cannot be made is nobody's loss.
            let _ = backup::snapshot(&mut self.fs, &paths, &appended.path, key, now);
        }
        if appended.after.bytes > self.book(key).compact_at.max(self.compact_above) {
            self.compact(key, &paths, &appended.path);
        }
        Ok(())
    }

    /// Adds what is pending of a book to its log, with what it stands on. None where the book was
    /// forgotten meanwhile.
    fn append(&mut self, key: &str, paths: &Paths, what: &'static str) -> Result<Option<Appended>, StoreError> {
        self.push_label(key);
        let device = self.device();
        let now = self.clock.now();
        let random = self.ids.random(now);
        let book = self.books.entry(key.to_owned()).or_default();
        if book.is_no_log(&book.log.path(paths, &device, key)) {
            book.log.distrust();
        }
        let again = || text(&book.written.again(&book.state));
        let ground = book.ground();
        let lines = text(ground.iter().chain(&book.pending));
        let appended = book
            .log
            .append(&mut self.fs, (paths, &device, key), &lines, again, random)
            .map_err(|failure| StoreError::new(what, failure))?;
        if let Some(appended) = &appended {
            book.settle();
            book.wrote(&appended.path, appended.before, appended.after);
        }
        Ok(appended)
    }

    /// Changes that were made while logs could not be read may have stamps before what those say.
    fn renew(&mut self, key: &str) {
        if !self.book(key).is_unsure {
            return;
        }
        self.look_again(key);
        if self.book(key).is_complete {
            let (device, now) = (self.device(), self.clock.now());
            let book = self.books.entry(key.to_owned()).or_default();
            book.renew(|| self.stamps.next(now, &device));
        }
    }

    /// Makes a log short. All is saved already, so that a failure is nobody's loss.
    fn compact(&mut self, key: &str, paths: &Paths, path: &Path) {
        let now = self.clock.now();
        let random = self.ids.random(now);
        let outcome = compact::compact(&mut self.fs, paths, path, random);
        let bytes = self.fs.stat(path).map_or(0, |stat| stat.bytes);
        let book = self.book(key);
        // After a failure the log may be the new one all the same; the next append sees that it is
        // another file, and settles its name.
        if let Ok(Outcome::Replaced(stat)) = outcome {
            book.log.replaced(stat);
            book.replaced(path, stat);
        }
        // Not again before as much has come as is there.
        book.compact_at = bytes.saturating_mul(2);
    }
}

/// The furthest place of another device, if it is beyond the latest one.
fn further(places: &[Place], device: Option<&str>, now: u64) -> Option<Further> {
    let here = places.first()?.anchor.fraction + PAGE;
    let minutes = |place: &Place| now.saturating_sub(place.when) / 60_000;
    let is_further = |place: &&Place| {
        let is_other = device.is_none_or(|device| place.device != device);
        is_other && place.anchor.fraction > here && minutes(place) <= FURTHER_MAX
    };
    let furthest = |a: &&Place, b: &&Place| a.anchor.fraction.total_cmp(&b.anchor.fraction);
    let place = places.iter().filter(is_further).max_by(furthest)?;
    Some(Further { anchor: place.anchor.clone(), minutes: minutes(place) })
}

/// A source of identities for marks, beside the store's own.
pub fn new_ids() -> impl FnMut() -> String {
    let mut ids = Ids::default();
    move || ids.ulid(SystemClock.now())
}

/// A mark that no store may have, as a line of a log: for a last resort. `now`: when it was changed,
/// in milliseconds since 1970.
pub fn line(mark: &Mark, now: u64) -> String {
    let created = if mark.created == 0 { now } else { mark.created };
    merge::whole(&Mark { created, changed: now, ..mark.clone() }, last_stamp(now), Vec::new()).line()
}

/// The same of the deletion of a mark.
pub fn deletion(id: &str, now: u64) -> String {
    let (kind, over, body) = (Kind::Mark(MarkKind::Bookmark), Vec::new(), Body::new());
    Record { id: id.to_owned(), op: Op::Del, kind, at: last_stamp(now), over, body }.line()
}

fn last_stamp(time: u64) -> Stamp {
    Stamp { time, counter: 0, device: "".into() }
}

/// Changes as lines of a log. What the book is called stands first: in a new log it is found there.
fn text<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
    let (labels, others): (Vec<_>, Vec<_>) = records.into_iter().partition(|record| record.kind == Kind::Label);
    let mut lines = labels.into_iter().chain(others).map(Record::line);
    let first = lines.next().unwrap_or_default();
    lines.fold(first, |all, line| all + &line)
}

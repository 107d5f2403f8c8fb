//! The store as a whole, on the simulated disk. Longer runs by `LECTION_SOAK=1`.

mod deleted;
mod soak;
mod versions;

use std::path::{Path, PathBuf};

use super::clock::TestClock;
use super::sim::{Fault, FaultKind, SimDisk};
use super::*;
use crate::document::{BlockId, Position, SectionId, Status};
use crate::text::{clean, clean_line};

pub(super) type TestStore = Store<SimDisk, TestClock>;

/// The folder of all tests; no disk has it.
const ROOT: &str = "/reader";
const TIME: u64 = 1_700_000_000_000;

pub(super) fn paths() -> Paths {
    Paths::under(ROOT)
}

pub(super) fn open(disk: SimDisk) -> TestStore {
    Store::open(Some(paths()), disk, TestClock { time: TIME, step: 1 })
}

pub(super) fn identity(name: char) -> Identity {
    Identity { bytes: 1000, digest: name.to_string().repeat(64) }
}

pub(super) fn meta() -> Meta {
    Meta { title: Some(clean("Title")), ..Meta::default() }
}

pub(super) fn anchor(block: u32) -> Anchor {
    let start = Position::new(SectionId(0), BlockId(block), 0);
    Anchor { start, end: start, words: clean("some words"), fraction: 0.25, ..Anchor::default() }
}

pub(super) fn mark(id: &str, note: &str) -> Mark {
    Mark {
        id: id.to_owned(),
        kind: MarkKind::Note,
        name: None,
        note: Some(clean(note)),
        color: None,
        anchor: anchor(1),
        own: None,
        status: Status::Exact,
        created: TIME,
        changed: TIME,
    }
}

fn load(store: &mut TestStore) -> BookState {
    store.load(&identity('a'), &meta(), Some(Path::new("/books/a.txt")))
}

/// Puts the logs of another device beside those of a store.
fn sync(store: &mut TestStore, other: &TestStore) {
    for path in other.fs.paths().into_iter().filter(|path| path.starts_with(paths().marks())) {
        if store.fs.get(&path).is_none() {
            store.fs.put(&path, other.fs.get(&path).unwrap());
        }
    }
}

fn own_log(store: &mut TestStore, book: char) -> PathBuf {
    let device = store.device();
    paths().device_marks(&device).join(format!("{}.jsonl", identity(book).key()))
}

#[test]
fn what_is_saved_is_there_at_the_next_start() {
    let mut store = open(SimDisk::default());
    assert_eq!(load(&mut store), BookState::default());
    let book = identity('a');
    let (one, mut two) = (mark("ONE", "first"), mark("TWO", "second"));
    for mark in [&one, &two] {
        store.save_mark(&book, mark).unwrap();
    }
    two.note = None;
    two.name = Some(clean("x"));
    store.save_mark(&book, &two).unwrap();
    store.save_mark(&book, &mark("THREE", "")).unwrap();
    store.delete_mark(&book, "THREE", None).unwrap();
    store.delete_mark(&book, "NEVER", None).unwrap();
    store.save_place(&book, &anchor(7)).unwrap();
    assert_eq!(store.pending(), 0);
    let here = load(&mut store);
    let mut store = open(store.fs);
    let there = load(&mut store);
    assert_eq!(there, here);
    assert_eq!(there.marks, [one, two]);
    assert_eq!(there.place, Some(anchor(7)));
    let path = Some(PathBuf::from("/books/a.txt"));
    assert_eq!(store.last_document(), (None, path.clone()));
    store.fs.put(Path::new("/books/a.txt"), b"text");
    assert_eq!(store.last_document(), (path, None));
    let shelf = store.shelf();
    assert_eq!((shelf.len(), shelf[0].title.as_str(), shelf[0].percent), (1, "Title", 25));
}

#[test]
fn an_unchanged_mark_is_not_written_again() {
    let mut store = open(SimDisk::default());
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    let log = own_log(&mut store, 'a');
    let before = store.fs.get(&log).unwrap().to_vec();
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    assert_eq!(store.fs.get(&log), Some(before.as_slice()));
    // A change of one field writes that field.
    store.save_mark(&identity('a'), &mark("ONE", "changed")).unwrap();
    let added = String::from_utf8(store.fs.get(&log).unwrap()[before.len()..].to_vec()).unwrap();
    assert!(added.contains(r#""body":{"note":"changed"}"#) && added.contains(r#""over":["#), "{added}");
}

#[test]
fn a_mark_that_no_log_could_hold_is_refused() {
    let mut store = open(SimDisk::default());
    for id in ["", "two words", "ключ", &"x".repeat(65)] {
        let error = store.save_mark(&identity('a'), &mark(id, "x")).unwrap_err();
        assert_eq!(error.to_string(), "cannot save the note: it has no valid identity");
    }
    assert_eq!(store.pending(), 0);
    let id = store.new_id();
    store.save_mark(&identity('a'), &mark(&id, "x")).unwrap();
}

#[test]
fn nothing_is_touched_before_it_is_asked_for() {
    let mut store = open(SimDisk::default());
    assert_eq!(store.fs.calls, 0);
    load(&mut store);
    assert_eq!(store.fs.paths(), Vec::<PathBuf>::new());
}

#[test]
fn what_a_book_is_called_is_not_forgotten() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.save_place(&identity('a'), &anchor(1)).unwrap();
    // Saved without having been opened, then read from a pipe.
    let mut store = open(store.fs);
    store.save_place(&identity('a'), &anchor(2)).unwrap();
    store.load(&identity('a'), &Meta { authors: vec![clean("Author")], ..Meta::default() }, None);
    store.save_place(&identity('a'), &anchor(3)).unwrap();
    let [entry] = <[ShelfEntry; 1]>::try_from(open(store.fs).shelf()).unwrap();
    assert_eq!((entry.title.as_str(), entry.authors.len()), ("Title", 1));
    assert_eq!(entry.path.as_deref(), Some(Path::new("/books/a.txt")));
}

#[test]
fn a_private_store_holds_marks_in_memory_only() {
    let mut store = Store::private();
    let book = identity('a');
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    store.save_place(&book, &anchor(1)).unwrap();
    assert_eq!(store.load(&book, &meta(), None).marks.len(), 1);
    assert_eq!((store.pending(), store.shelf(), store.poll(&book)), (0, vec![], false));
    // Its file is read again, and is another one.
    store.save_mark(&book, &mark("TWO", "second")).unwrap();
    store.delete_mark(&book, "ONE", None).unwrap();
    store.join(&identity('b'), book.key());
    let marks = store.load(&identity('b'), &meta(), None).marks;
    assert_eq!(marks.iter().map(|mark| mark.id.as_str()).collect::<Vec<_>>(), ["TWO"]);
}

#[test]
fn where_another_device_was_further_is_told_but_not_for_ever() {
    let at = |fraction| Anchor { fraction, ..anchor(1) };
    let mut desk = open(SimDisk::default());
    desk.save_place(&identity('a'), &at(0.6)).unwrap();
    // The same marks folder on another machine.
    let device = paths().device();
    let mut disk = desk.fs;
    disk.put(&device, b"");
    let mut other = Store::open(Some(paths()), disk, TestClock { time: TIME + 3 * 3_600_000, step: 1 });
    assert_eq!(load(&mut other).further, None);
    other.save_place(&identity('a'), &at(0.2)).unwrap();
    let loaded = load(&mut other);
    assert_eq!(loaded.place, Some(at(0.2)));
    assert_eq!(loaded.further.map(|further| (further.anchor, further.minutes)), Some((at(0.6), 180)));
    // Less than a page further is no news, nor is what was read long ago.
    other.save_place(&identity('a'), &at(0.599)).unwrap();
    assert_eq!(load(&mut other).further, None);
    other.save_place(&identity('a'), &at(0.2)).unwrap();
    other.clock.time += 31 * 86_400_000;
    assert_eq!(load(&mut other).further, None);
}

#[test]
fn without_a_home_every_save_says_so() {
    let mut store = Store::open(None, SimDisk::default(), SystemClock);
    let error = store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap_err();
    assert_eq!(error.to_string(), "cannot save the note: there is no home folder");
    assert_eq!((store.pending(), store.fs.calls), (1, 0));
}

#[test]
fn a_later_instance_is_noticed_and_both_are_read() {
    let mut first = open(SimDisk::default());
    first.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    load(&mut first);
    assert!(!first.poll(&identity('a')));
    let mut second = open(std::mem::take(&mut first.fs));
    load(&mut second);
    second.save_mark(&identity('a'), &mark("TWO", "second")).unwrap();
    first.fs = second.fs;
    assert!(first.poll(&identity('a')));
    assert_eq!(load(&mut first).marks.len(), 2);
    assert!(!first.poll(&identity('a')));
    first.save_mark(&identity('a'), &mark("THREE", "third")).unwrap();
    assert!(!first.poll(&identity('a')));
}

/// Each version that was read stayed in memory with the marks of all before it, and when another
/// program wrote to the log of one, every look found news.
#[test]
fn a_book_that_is_read_no_more_is_given_back_once_it_is_saved() {
    let mut store = open(SimDisk::default());
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    store.save_mark(&identity('b'), &mark("TWO", "second")).unwrap();
    let mut other = open(store.fs.clone());
    load(&mut other);
    other.save_mark(&identity('a'), &mark("THREE", "third")).unwrap();
    store.fs = other.fs;
    assert!(!store.poll(&identity('b')) && store.books.len() == 1);
    store.fs.fault = Some(Fault { call: 0, times: usize::MAX, kind: FaultKind::Error(ErrorKind::StorageFull) });
    assert!(store.save_mark(&identity('a'), &mark("FOUR", "fourth")).is_err());
    store.poll(&identity('b'));
    assert!(store.books.len() == 2 && store.pending() > 0);
}

#[test]
fn programs_go_on_in_one_segment_once_a_log_is_full() {
    let mut store = open(SimDisk::default());
    let log = own_log(&mut store, 'a');
    // One line of a tool that merges texts.
    let full = [b"<<<<<<< ".as_slice(), &vec![b'x'; log::SEGMENT_MAX as usize]].concat();
    store.fs.put(&log, &full);
    let mut disk = store.fs;
    for id in ["ONE", "TWO", "THREE"] {
        let mut store = open(disk);
        store.save_mark(&identity('a'), &mark(id, "text")).unwrap();
        disk = store.fs;
    }
    let segments = disk.paths().into_iter().filter(|path| path.to_string_lossy().contains(".seg-")).count();
    assert_eq!((segments, load(&mut open(disk.clone())).marks.len()), (1, 3));
}

#[test]
fn a_later_edit_wins_after_a_clock_that_was_years_ahead() {
    let mut store = Store::open(Some(paths()), SimDisk::default(), TestClock { time: u64::MAX - 9_000_000, step: 1 });
    store.save_mark(&identity('a'), &mark("ONE", "from the year 9999")).unwrap();
    let mut right = open(store.fs);
    load(&mut right);
    for _ in 0..70_000 {
        right.stamps.next(TIME, "d");
    }
    right.save_mark(&identity('a'), &mark("ONE", "now")).unwrap();
    let mut again = open(right.fs);
    assert_eq!(load(&mut again).marks[0].note.as_deref(), Some("now"));
    again.delete_mark(&identity('a'), "ONE", None).unwrap();
    assert!(load(&mut open(again.fs.clone())).marks.is_empty());
    assert!(again.all_marks().is_empty());
}

#[test]
fn a_log_that_is_taken_away_is_written_anew() {
    let mut store = open(SimDisk::default());
    let book = identity('a');
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    let log = own_log(&mut store, 'a');
    store.fs.remove(&log).unwrap();
    store.save_mark(&book, &mark("TWO", "second")).unwrap();
    assert_eq!(load(&mut open(store.fs.clone())).marks.len(), 2);
    // A whole folder that a sync takes away while the store is open.
    let (device, id) = (paths().device(), store.device());
    let mut bare = SimDisk::default();
    bare.put(&device, format!(r#"{{"device":"{id}"}}"#).as_bytes());
    store.fs = bare;
    store.save_mark(&book, &mark("THREE", "third")).unwrap();
    assert_eq!(load(&mut open(store.fs)).marks.len(), 3);
}

#[test]
fn of_a_long_run_only_what_still_counts_is_kept_and_written_again() {
    let mut store = open(SimDisk::default());
    let book = identity('a');
    for number in 0..200 {
        let name = Some(clean_line(&format!("name {number}")));
        store.save_mark(&book, &Mark { name, ..mark("ONE", "a note") }).unwrap();
        store.save_place(&book, &mark("ONE", "").anchor).unwrap();
        store.save_mark(&book, &mark("TWO", "deleted")).unwrap();
        store.delete_mark(&book, "TWO", None).unwrap();
    }
    let before = load(&mut store);
    let log = own_log(&mut store, 'a');
    store.fs.remove(&log).unwrap();
    store.save_mark(&book, &mark("THREE", "third")).unwrap();
    let lines = store.fs.get(&log).unwrap().split(|byte| *byte == b'\n').count();
    assert!(lines < 20, "{lines} lines");
    let after = load(&mut open(store.fs.clone()));
    let ids: Vec<&str> = after.marks.iter().map(|mark| mark.id.as_str()).collect();
    assert_eq!(ids, ["ONE", "THREE"]);
    assert_eq!((&after.marks[0], &after.place), (&before.marks[0], &before.place));
    assert!(store.fs.get(&log).unwrap().windows(5).any(|bytes| bytes == br#""del""#), "the deletion is written again");
}

#[test]
fn a_note_that_was_written_over_does_not_come_back_where_a_log_is_taken_away() {
    let mut store = open(SimDisk::default());
    let book = identity('a');
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    let log = own_log(&mut store, 'a');
    // A copy that a sync made.
    let copy = paths().device_marks("OTHER").join(log.file_name().unwrap());
    let bytes = store.fs.get(&log).unwrap().to_vec();
    log::make_dirs(&mut store.fs, copy.parent().unwrap()).unwrap();
    store.fs.put(&copy, &bytes);
    load(&mut store);
    store.save_mark(&book, &mark("ONE", "second")).unwrap();
    store.save_mark(&book, &mark("ONE", "third")).unwrap();
    store.fs.remove(&log).unwrap();
    store.save_mark(&book, &mark("TWO", "another")).unwrap();
    let notes = |state: BookState| state.marks.into_iter().map(|mark| mark.note.unwrap().into_string()).collect();
    let after: Vec<String> = notes(load(&mut open(store.fs.clone())));
    assert_eq!(after, ["third", "another"]);
    // Nor where the log is written anew for a change of a mark that was only read.
    let mut next = open(store.fs);
    load(&mut next);
    next.save_mark(&book, &mark("ONE", "fourth")).unwrap();
    next.fs.remove(&log).unwrap();
    next.save_mark(&book, &mark("TWO", "again")).unwrap();
    let after: Vec<String> = notes(load(&mut open(next.fs)));
    assert_eq!(after, ["fourth", "again"]);
}

#[test]
fn a_log_grows_by_what_is_written_however_much_was_before() {
    // One note that is written over in every run, and by two programs in turn.
    let runs = |count: usize| {
        let (mut disk, mut log) = (SimDisk::default(), PathBuf::new());
        for run in 0..count {
            let mut store = open(disk);
            load(&mut store);
            store.save_mark(&identity('a'), &mark("ONE", &format!("note {run:04}"))).unwrap();
            log = own_log(&mut store, 'a');
            disk = store.fs;
        }
        disk.get(&log).unwrap().len()
    };
    let turns = |count: usize| {
        let mut stores = [open(SimDisk::default()), open(SimDisk::default())];
        let (mut disk, mut log) = (SimDisk::default(), PathBuf::new());
        for turn in 0..count {
            let store = &mut stores[turn % 2];
            std::mem::swap(&mut store.fs, &mut disk);
            load(store);
            store.save_mark(&identity('a'), &mark("ONE", &format!("note {turn:04}"))).unwrap();
            log = own_log(store, 'a');
            std::mem::swap(&mut store.fs, &mut disk);
        }
        disk.get(&log).unwrap().len()
    };
    for bytes in [[50, 100].map(runs), [50, 100].map(turns)] {
        assert!(bytes[1] < bytes[0] * 21 / 10, "{bytes:?}");
    }
}

#[test]
fn the_text_of_a_note_stands_once_in_a_log_that_was_made_short() {
    let text = "T".repeat(500);
    let mut store = open(SimDisk::default());
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    store.save_mark(&identity('a'), &mark("ONE", &text)).unwrap();
    let log = own_log(&mut store, 'a');
    let mut disk = store.fs;
    for run in 0..20 {
        let mut store = open(disk);
        load(&mut store);
        let name = Some(clean_line(&format!("name {run}")));
        store.save_mark(&identity('a'), &Mark { name, ..mark("ONE", &text) }).unwrap();
        disk = store.fs;
    }
    assert!(matches!(compact::compact(&mut disk, &paths(), &log, 1), Ok(compact::Outcome::Replaced(_))));
    assert_eq!(String::from_utf8_lossy(disk.get(&log).unwrap()).matches(&text).count(), 1);
}

#[test]
fn a_line_that_was_cut_off_ends_alone() {
    let mut store = open(SimDisk::default());
    let book = identity('a');
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    store.save_mark(&book, &mark("TWO", "second")).unwrap();
    let log = own_log(&mut store, 'a');
    let whole = store.fs.get(&log).unwrap().to_vec();
    let second = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in second..whole.len() {
        let mut disk = store.fs.clone();
        disk.put(&log, &whole[..cut]);
        let mut next = open(disk);
        let loaded = load(&mut next);
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        next.save_mark(&book, &mark("THREE", "third")).unwrap();
        let ids: Vec<String> = load(&mut open(next.fs)).marks.into_iter().map(|mark| mark.id).collect();
        let expected: &[&str] = if cut + 1 == whole.len() { &["ONE", "THREE", "TWO"] } else { &["ONE", "THREE"] };
        assert_eq!(ids, expected, "cut at {cut}");
    }
}

/// What is known of a text of numbered words.
/// A mark of one version of a book, found in the next one in another place.
fn found_elsewhere(status: Status) -> TestStore {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    store.load(&identity('b'), &meta(), Some(Path::new("/books/a.txt")));
    store.join_related(&identity('b')).unwrap();
    store.save_found(&identity('b'), &[("ONE".to_owned(), anchor(9), status)]).unwrap();
    store
}

#[test]
fn a_mark_that_is_brought_back_keeps_the_place_that_was_marked() {
    let mut store = found_elsewhere(Status::Changed);
    let shown = store.marks(&identity('b')).remove(0);
    store.delete_mark(&identity('b'), "ONE", None).unwrap();
    assert!(store.marks(&identity('b')).is_empty());
    for seen in [None, Some(&shown)] {
        store.change_mark(&identity('b'), &shown, seen).unwrap();
        let mut again = open(store.fs.clone());
        let back = again.load(&identity('b'), &meta(), None).marks.remove(0);
        assert_eq!((back.anchor, back.status), (anchor(9), Status::Changed));
        assert_eq!(again.anchors(&identity('b'), "ONE"), [anchor(1), anchor(9)]);
        assert_eq!(load(&mut again).marks[0].anchor, anchor(1));
        assert_eq!(again.anchors(&identity('a'), "ONE").first(), Some(&anchor(1)));
        store.delete_mark(&identity('b'), "ONE", None).unwrap();
    }
}

#[test]
fn a_deleted_mark_does_not_come_back_where_it_is_found() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    // Another device has seen nothing of the deletion when it finds the mark.
    let mut other = open(store.fs.clone());
    other.fs.remove(&paths().device()).unwrap();
    load(&mut other);
    store.delete_mark(&identity('a'), "ONE", None).unwrap();
    other.clock.time += 1000;
    other.save_found(&identity('a'), &[("ONE".to_owned(), anchor(9), Status::Moved)]).unwrap();
    sync(&mut store, &other);
    assert_eq!(load(&mut open(store.fs)).marks, []);
}

#[test]
fn what_is_saved_can_be_read_however_much_it_is() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    let text = "words ".repeat(150_000);
    let marks: Vec<Mark> = (0..80).map(|n| mark(&format!("M{n}"), &format!("{n} {text}"))).collect();
    store.save_marks(&identity('a'), &marks).unwrap();
    store.save_mark(&identity('a'), &mark("LAST", "last")).unwrap();
    let bytes = store.fs.paths().iter().filter_map(|path| store.fs.get(path)).map(<[u8]>::len).max();
    assert!(bytes.is_some_and(|bytes| bytes as u64 <= log::SEGMENT_MAX), "{bytes:?}");
    let state = load(&mut open(store.fs));
    assert_eq!((state.marks.len(), state.problems), (81, Vec::new()));
}

#[test]
fn a_note_is_written_over_what_its_writer_saw_and_nothing_else() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    let seen = load(&mut store).marks.remove(0);
    // Another program writes while the editor is open, and the store sees it.
    let mut other = open(store.fs.clone());
    load(&mut other);
    other.save_mark(&identity('a'), &Mark { name: Some(clean("x")), ..mark("ONE", "theirs") }).unwrap();
    store.fs = other.fs;
    assert!(store.poll(&identity('a')));
    load(&mut store);
    let mine = Mark { note: Some(clean("mine")), ..seen.clone() };
    store.change_mark(&identity('a'), &mine, Some(&seen)).unwrap();
    let both = load(&mut store).marks.remove(0);
    let note = both.note.clone().unwrap();
    assert!(note.starts_with("mine\n") && note.ends_with("\ntheirs"), "{note}");
    assert_eq!(both.name, Some(clean("x")), "a name that was not changed here is not taken back");
    // Who saw both may replace both.
    let one = Mark { note: Some(clean("one text")), ..both.clone() };
    store.change_mark(&identity('a'), &one, Some(&both)).unwrap();
    assert_eq!(load(&mut open(store.fs)).marks[0].note, Some(clean("one text")));
}

#[test]
fn where_a_mark_is_found_is_kept_beside_its_own_anchor() {
    let store = found_elsewhere(Status::Moved);
    let mut store = open(store.fs);
    let path = Some(Path::new("/books/a.txt"));
    let found = store.load(&identity('b'), &meta(), path).marks.remove(0);
    assert_eq!((found.anchor.clone(), found.status), (anchor(9), Status::Moved));
    assert_eq!(store.anchors(&identity('b'), "ONE"), [anchor(1), anchor(9)]);
    let own = load(&mut store).marks.remove(0);
    assert_eq!((own.anchor, own.status), (anchor(1), Status::Exact));
    // A change of something else leaves both; a lost place is no place.
    store.save_mark(&identity('b'), &Mark { name: Some(clean("x")), ..found.clone() }).unwrap();
    let mut lost = Mark { note: None, ..found.clone() };
    lost.lose(anchor(5).start);
    store.save_mark(&identity('b'), &lost).unwrap();
    assert_eq!(store.anchors(&identity('b'), "ONE"), [anchor(1), anchor(9)]);
    // Only where the reader puts it elsewhere it has a new one.
    let mut elsewhere = found;
    elsewhere.put(anchor(7));
    store.save_mark(&identity('b'), &elsewhere).unwrap();
    let mut store = open(store.fs);
    assert_eq!(store.load(&identity('b'), &meta(), path).marks[0].anchor, anchor(7));
    assert_eq!(store.anchors(&identity('b'), "ONE"), [anchor(7)]);
}

#[test]
fn a_long_log_of_places_is_made_short() {
    let mut store = open(SimDisk::default());
    store.compact_above = 20_000;
    let book = identity('a');
    load(&mut store);
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    store.save_mark(&book, &mark("ONE", "again")).unwrap();
    let log = own_log(&mut store, 'a');
    let stopped = log.with_extension("jsonl.tmp-1-0000000000000002");
    store.fs.put(&stopped, b"half of a");
    let mut longest = 0;
    for block in 0..500 {
        store.save_place(&book, &anchor(block)).unwrap();
        longest = longest.max(store.fs.get(&log).unwrap().len());
    }
    assert!(longest < 21_000, "{longest}");
    assert!(store.fs.get(&log.with_extension("jsonl.bak")).is_some());
    assert!(store.fs.get(&stopped).is_none());
    let state = load(&mut open(store.fs.clone()));
    assert_eq!((state.marks.len(), state.marks[0].note.as_deref(), state.place), (1, Some("again"), Some(anchor(499))));
    // Where the log itself is gone, its backup is read.
    store.fs.remove(&log).unwrap();
    assert_eq!(load(&mut open(store.fs)).marks.len(), 1);
}

#[test]
fn a_log_of_many_pieces_is_made_short_line_by_line() {
    let mut store = open(SimDisk::default());
    store.compact_above = u64::MAX;
    let book = identity('a');
    load(&mut store);
    for number in 0..8 {
        store.save_mark(&book, &mark(&format!("M{number}"), &"é".repeat(15_000))).unwrap();
    }
    for block in 0..2_000 {
        store.save_place(&book, &anchor(block)).unwrap();
    }
    store.say_encoding(&book, "koi8-r");
    store.save_mark(&book, &mark("LAST", "last")).unwrap();
    let log = own_log(&mut store, 'a');
    let whole = store.fs.get(&log).unwrap().to_vec();
    let said = load(&mut open(store.fs.clone()));
    // The last line with its end and without.
    for cut in 0..=1 {
        let mut disk = store.fs.clone();
        let old = &whole[..whole.len() - cut];
        disk.put(&log, old);
        let outcome = compact::compact(&mut disk, &paths(), &log, 1);
        assert!(
            matches!(outcome, Ok(compact::Outcome::Replaced(stat)) if stat.bytes > 3 * fs::PIECE as u64),
            "{outcome:?}"
        );
        let new = disk.get(&log).unwrap().to_vec();
        let lines =
            |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
        let (old, new) = (lines(old), lines(&new));
        assert!(new.iter().all(|line| old.contains(line)) && new[0].contains("koi8-r"), "cut {cut}");
        assert_eq!(new.last(), old.last(), "cut {cut}");
        assert_eq!(load(&mut open(disk)), said);
    }
}

#[test]
fn what_is_added_without_a_lock_while_a_log_is_made_short_stays() {
    let mut store = open(SimDisk::default());
    store.compact_above = u64::MAX;
    let book = identity('a');
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    for block in 0..200 {
        store.save_place(&book, &anchor(block)).unwrap();
    }
    let log = own_log(&mut store, 'a');
    let before = store.fs.get(&log).unwrap().len();
    let changes: [fn(&mut TestStore); 2] = [
        |other| other.save_mark(&identity('a'), &mark("LATE", "late")).unwrap(),
        |other| other.delete_mark(&identity('a'), "ONE", None).unwrap(),
    ];
    for (change, marks) in changes.into_iter().zip([2, 0]) {
        let mut other = open(store.fs.clone());
        change(&mut other);
        let added = other.fs.get(&log).unwrap()[before..].to_vec();
        let mut disk = store.fs.clone();
        // Between the first look at the log and the next one, as a file syncer may do.
        disk.grows = Some((log.clone(), added));
        let outcome = compact::compact(&mut disk, &paths(), &log, 1);
        assert!(disk.grows.is_none());
        assert_eq!(open(disk).load(&book, &meta(), None).marks.len(), marks, "{outcome:?}");
    }
}

#[test]
fn a_log_of_a_later_version_is_never_made_short() {
    let mut store = open(SimDisk::default());
    store.compact_above = 5_000;
    let book = identity('a');
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    let log = own_log(&mut store, 'a');
    let later = r#"{"v":2,"id":"x","op":"set","kind":"ink","t":"000000000001-0000-d","dev":"d","body":{"ink":[1]}}"#;
    let mut bytes = store.fs.get(&log).unwrap().to_vec();
    bytes.extend_from_slice(format!("{later} {:08x}", record::checksum(later.as_bytes())).as_bytes());
    store.fs.put(&log, &bytes);
    for block in 0..100 {
        store.save_place(&book, &anchor(block)).unwrap();
    }
    let text = String::from_utf8(store.fs.get(&log).unwrap().to_vec()).unwrap();
    assert!(text.contains(later) && text.lines().count() > 100);
    let problems = load(&mut open(store.fs)).problems;
    assert!(problems.len() == 1 && problems[0].contains("later version"), "{problems:?}");
}

/// The form of version 1, as every later version must read it: the log and what it says.
#[test]
fn the_golden_log_says_what_it_said() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/store");
    let log = std::fs::read(golden.join("v1.jsonl")).unwrap();
    let expected = std::fs::read_to_string(golden.join("v1.out")).unwrap();
    let mut disk = SimDisk::default();
    disk.put(&paths().device_marks("DESK").join(format!("{}.jsonl", identity('a').key())), &log);
    let mut store = open(disk);
    let state = load(&mut store);
    let mut said = Vec::new();
    for mark in &state.marks {
        said.push(format!(
            "{} {} {}–{} name={:?} note={:?} words={:?} chapter={:?} fraction={} created={} changed={}",
            mark.kind.name(),
            mark.id,
            mark.anchor.start,
            mark.anchor.end,
            mark.name.as_deref(),
            mark.note.as_deref(),
            mark.anchor.words.as_str(),
            mark.anchor.chapter,
            mark.anchor.fraction,
            mark.created,
            mark.changed,
        ));
    }
    for place in &state.places {
        said.push(format!("place {} {} {}", place.device, place.anchor.start, place.when));
    }
    for entry in store.shelf() {
        said.push(format!(
            "shelf {:?} {:?} {:?} {} {}",
            entry.title, entry.authors, entry.path, entry.percent, entry.when
        ));
    }
    for problem in &state.problems {
        let problem = problem.split_once(&identity('a').key().to_owned()).map_or(problem.as_str(), |(_, rest)| rest);
        said.push(format!("problem {problem}"));
    }
    assert_eq!(said, expected.lines().collect::<Vec<_>>());
}

#[test]
fn an_encoding_is_kept_with_the_next_change_until_it_is_taken_back() {
    let path = Path::new("/books/a.txt");
    let (old, new) = (identity('a'), identity('b'));
    let mut said = open(SimDisk::default());
    said.load(&old, &meta(), Some(path));
    said.say_encoding(&old, "koi8-r");
    assert_eq!(open(said.fs.clone()).encoding(&old), None, "not before there is something to keep");
    said.save_place(&old, &anchor(3)).unwrap();
    let disk = said.fs;
    assert_eq!(open(disk.clone()).encoding(&old).as_deref(), Some("koi8-r"));
    assert_eq!(open(disk.clone()).encoding_at(&new, path).as_deref(), Some("koi8-r"), "a changed file");
    assert_eq!(open(disk.clone()).encoding_at(&old, path), None, "it is known by itself");
    assert_eq!(open(disk.clone()).encoding_at(&new, Path::new("/books/b.txt")), None);
    // Who says nothing of it leaves it as it is.
    let mut silent = open(disk.clone());
    silent.load(&old, &meta(), Some(Path::new("/elsewhere/a.txt")));
    silent.save_place(&old, &anchor(4)).unwrap();
    let disk = silent.fs;
    assert_eq!(open(disk.clone()).encoding(&old).as_deref(), Some("koi8-r"));
    let mut back = open(disk);
    back.say_encoding(&old, AUTO);
    back.keep_encoding(&old).unwrap();
    assert_eq!(open(back.fs).encoding(&old).as_deref(), Some(AUTO));
}

//! Thousands of deleted marks: of them the stamps are held, and the logs have the rest.

use super::*;
use crate::document::MarkColor;

/// More than are held whole.
const MANY: usize = 300;

/// A store in which one mark and many others were deleted.
fn many_deleted(mut store: TestStore) -> TestStore {
    let book = identity('a');
    let marks: Vec<Mark> = (0..MANY).map(|number| mark(&format!("M{number}"), "a note")).collect();
    store.save_marks(&book, &marks).unwrap();
    let ids: Vec<String> = ["ONE".to_owned()].into_iter().chain(marks.into_iter().map(|mark| mark.id)).collect();
    store.delete_marks(&book, &ids).unwrap();
    assert_eq!(load(&mut store).marks, []);
    assert!(store.book(book.key()).state.clone().recall("ONE"));
    store
}

/// The marks as they are in the store, and for one that is opened on its disk.
#[track_caller]
fn check(store: &mut TestStore, marks: &[Mark]) {
    assert_eq!(load(store).marks, marks);
    assert_eq!(load(&mut open(store.fs.clone())).marks, marks);
}

#[test]
fn one_that_is_brought_back_is_whole() {
    let mut store = open(SimDisk::default());
    let (book, one) = (identity('a'), mark("ONE", "first"));
    store.save_mark(&book, &one).unwrap();
    let mut store = many_deleted(store);
    // Whoever had it before their eyes as it was deleted changes a field of it.
    let named = Mark { name: Some(clean_line("name")), ..one.clone() };
    store.change_mark(&book, &named, Some(&one)).unwrap();
    check(&mut store, &[named]);
    // And many at once.
    let mut store = many_deleted(store);
    store.save_marks(&book, &[mark("ONE", "second"), mark("M7", "a note")]).unwrap();
    let shown = load(&mut store).marks;
    let notes: Vec<Option<&str>> = shown.iter().map(|mark| mark.note.as_deref()).collect();
    assert_eq!(notes, [Some("a note"), Some("second")]);
    check(&mut store, &shown);
}

/// Another device has seen it before it was changed here and deleted.
fn changed_elsewhere() -> (TestStore, TestStore, Mark) {
    let mut store = open(SimDisk::default());
    let (book, one) = (identity('a'), mark("ONE", "first"));
    load(&mut store);
    store.save_mark(&book, &one).unwrap();
    let mut other = open(store.fs.clone());
    other.fs.remove(&paths().device()).unwrap();
    let blue = Mark { color: Some(MarkColor::ALL[1]), note: Some(clean("second")), ..one.clone() };
    store.save_mark(&book, &blue).unwrap();
    let store = many_deleted(store);
    load(&mut other);
    other.clock.time += 1_000_000;
    let named = Mark { name: Some(clean_line("name")), ..one.clone() };
    other.change_mark(&book, &named, Some(&one)).unwrap();
    (store, other, Mark { name: named.name, ..blue })
}

#[test]
fn a_later_edit_of_another_device_brings_back_all_of_it() {
    let (mut store, other, all) = changed_elsewhere();
    sync(&mut store, &other);
    assert!(store.poll(&identity('a')));
    check(&mut store, &[all]);
}

#[test]
fn a_log_that_cannot_be_read_for_it_is_read_at_the_next_look() {
    for times in [1, 3] {
        for call in 0..80 {
            let (mut store, other, all) = changed_elsewhere();
            sync(&mut store, &other);
            let first = store.fs.calls;
            store.fs.fault = Some(Fault { call: first + call, times, kind: FaultKind::Error(ErrorKind::TimedOut) });
            load(&mut store);
            store.fs.fault = None;
            check(&mut store, &[all]);
        }
    }
}

#[test]
fn what_was_deleted_stays_so_where_its_log_is_taken_away() {
    let (mut store, other, all) = changed_elsewhere();
    let log = own_log(&mut store, 'a');
    let copy = paths().device_marks("COPY").join(log.file_name().unwrap());
    let bytes = store.fs.get(&log).unwrap().to_vec();
    store.fs.remove(&log).unwrap();
    store.save_mark(&identity('a'), &mark("TWO", "another")).unwrap();
    check(&mut store, &[mark("TWO", "another")]);
    // The edit stands on its own ground, and the rest is there with the log.
    sync(&mut store, &other);
    let ids = |state: BookState| state.marks.into_iter().map(|mark| mark.id).collect::<Vec<_>>();
    assert_eq!(ids(load(&mut store)), ["ONE", "TWO"]);
    store.fs.put(&copy, &bytes);
    check(&mut store, &[all, mark("TWO", "another")]);
}

//! Deleted marks: of them the stamps are held, and the logs have the rest.

use super::*;
use crate::document::MarkColor;

fn notes(state: BookState) -> Vec<String> {
    state.marks.into_iter().map(|mark| mark.note.unwrap().into_string()).collect()
}

/// A store in which a mark is, and was deleted.
fn deleted(mut store: TestStore) -> TestStore {
    store.deleted_max = 0;
    store.delete_mark(&identity('a'), "ONE", None).unwrap();
    assert_eq!(load(&mut store).marks, []);
    assert!(is_let_go(&mut store, "ONE"));
    store
}

fn is_let_go(store: &mut TestStore, id: &str) -> bool {
    store.book(identity('a').key()).state.clone().recall(id)
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
    // Whoever had it before their eyes as it was deleted changes a field of it,
    let mut store = deleted(store);
    let named = Mark { name: Some(clean_line("name")), ..one.clone() };
    store.change_mark(&book, &named, Some(&one)).unwrap();
    check(&mut store, std::slice::from_ref(&named));
    // and then the note: the text from before the deletion does not stand beside it.
    let second = Mark { note: Some(clean("second")), ..named.clone() };
    store.change_mark(&book, &second, Some(&named)).unwrap();
    check(&mut store, std::slice::from_ref(&second));
    // What is brought back anew replaces what was.
    let mut store = deleted(store);
    store.save_mark(&book, &mark("ONE", "third")).unwrap();
    check(&mut store, &[mark("ONE", "third")]);
}

#[test]
fn thousands_that_are_imported_again_are_whole() {
    let mut store = open(SimDisk::default());
    let book = identity('a');
    let text = "long ".repeat(300);
    let marks = |text: &str| (0..2000).map(|number| mark(&format!("M{number}"), text)).collect::<Vec<_>>();
    store.save_marks(&book, &marks(&text)).unwrap();
    let ids: Vec<String> = marks("").into_iter().map(|mark| mark.id).collect();
    store.delete_marks(&book, &ids).unwrap();
    // Without a look at the logs, at the next turn of the store.
    assert!(!is_let_go(&mut store, "M7") && !store.poll(&book) && is_let_go(&mut store, "M7"));
    store.save_marks(&book, &marks(&(text.clone() + "again"))).unwrap();
    let there = load(&mut open(store.fs.clone())).marks;
    assert!(there.len() == 2000 && there.iter().all(|mark| mark.note.as_deref() == Some(&(text.clone() + "again"))));
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
    let store = deleted(store);
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
fn logs_that_cannot_be_read_for_it_are_read_when_they_can() {
    let mut failures = 0;
    for times in [1, 2, 5, 9] {
        for call in 0..60 {
            let (mut store, other, all) = changed_elsewhere();
            sync(&mut store, &other);
            let mut shown = Vec::new();
            for look in 0..2 {
                let first = store.fs.calls + look;
                store.fs.fault = Some(Fault { call: first + call, times, kind: FaultKind::Error(ErrorKind::TimedOut) });
                shown = load(&mut store).marks;
            }
            store.fs.fault = None;
            failures += store.fs.failures;
            // The place is saved every few seconds.
            store.save_place(&identity('a'), &anchor(1)).unwrap();
            if store.poll(&identity('a')) {
                shown = load(&mut store).marks;
            }
            assert_eq!(shown, std::slice::from_ref(&all));
            check(&mut store, &[all]);
        }
    }
    assert!(failures > 200, "{failures}");
}

/// As [`logs_that_cannot_be_read_for_it_are_read_when_they_can`], where the reader brings it back.
#[test]
fn no_failing_call_makes_two_texts_of_one_that_is_brought_back() {
    let mut failures = 0;
    for call in 0..60 {
        let (mut store, _, all) = changed_elsewhere();
        let book = identity('a');
        let first = store.fs.calls;
        store.fs.fault = Some(Fault { call: first + call, times: 2, kind: FaultKind::Error(ErrorKind::TimedOut) });
        let _ = store.change_mark(&book, &all, Some(&all));
        store.fs.fault = None;
        failures += store.fs.failures;
        store.retry().unwrap();
        let shown = load(&mut store).marks;
        assert_eq!(shown[0].note, all.note, "call {call}");
        let third = Mark { note: Some(clean("third")), ..shown[0].clone() };
        store.change_mark(&book, &third, Some(&shown[0])).unwrap();
        check(&mut store, &[third]);
    }
    assert!(failures > 20, "{failures}");
}

#[test]
fn a_log_that_was_away_meanwhile_counts_when_it_is_back() {
    let (mut store, other, all) = changed_elsewhere();
    let log = own_log(&mut store, 'a');
    let away = log.with_file_name("away");
    store.fs.rename(&log, &away).unwrap();
    sync(&mut store, &other);
    // The edit stands on its own ground.
    assert_eq!(notes(load(&mut store)), ["first"]);
    store.fs.rename(&away, &log).unwrap();
    assert!(store.poll(&identity('a')));
    check(&mut store, &[all]);
}

/// Before it was deleted here another device had changed it, which this one's reader had not seen.
#[test]
fn one_that_is_brought_back_has_what_others_said_of_it() {
    let mut store = open(SimDisk::default());
    let (book, one) = (identity('a'), mark("ONE", "first"));
    store.save_mark(&book, &one).unwrap();
    let mut other = open(store.fs.clone());
    other.fs.remove(&paths().device()).unwrap();
    load(&mut other);
    let named = Mark { name: Some(clean_line("name")), ..one.clone() };
    other.change_mark(&book, &named, Some(&one)).unwrap();
    store.clock.time += 1_000_000;
    store.delete_mark(&book, "ONE", None).unwrap();
    sync(&mut store, &other);
    let mut store = deleted(store);
    store.change_mark(&book, &one, Some(&one)).unwrap();
    check(&mut store, &[named]);
}

#[test]
fn what_was_deleted_stays_so_where_its_log_is_taken_away() {
    let mut store = open(SimDisk::default());
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    // A syncer has a copy from before the deletion.
    let log = own_log(&mut store, 'a');
    let copy = log.with_file_name(format!("{}.conflict.jsonl", identity('a').key()));
    let bytes = store.fs.get(&log).unwrap().to_vec();
    store.fs.put(&copy, &bytes);
    let mut store = deleted(store);
    store.fs.remove(&log).unwrap();
    store.save_mark(&identity('a'), &mark("TWO", "another")).unwrap();
    check(&mut store, &[mark("TWO", "another")]);
}

/// What the logs have of it by then is older than what the reader saw.
#[test]
fn what_the_reader_brings_back_is_what_the_reader_saw() {
    let mut store = open(SimDisk::default());
    let (book, one) = (identity('a'), mark("ONE", "first"));
    store.save_mark(&book, &one).unwrap();
    let log = own_log(&mut store, 'a');
    let copy = log.with_file_name(format!("{}.conflict.jsonl", book.key()));
    let bytes = store.fs.get(&log).unwrap().to_vec();
    store.fs.put(&copy, &bytes);
    let blue = Mark { color: Some(MarkColor::ALL[1]), note: Some(clean("second")), kind: MarkKind::Highlight, ..one };
    store.save_mark(&book, &blue).unwrap();
    let mut store = deleted(store);
    store.fs.remove(&log).unwrap();
    // The log is begun anew.
    store.save_place(&book, &anchor(1)).unwrap();
    store.change_mark(&book, &blue, Some(&blue)).unwrap();
    let shown = load(&mut store).marks;
    assert_eq!(load(&mut open(store.fs.clone())).marks, shown);
    assert_eq!((shown[0].kind, shown[0].color), (blue.kind, blue.color));
    assert!(shown[0].note.as_deref().unwrap().starts_with("second"), "{:?}", shown[0].note);
}

#[test]
fn so_many_are_held_whole_and_with_one_more_none() {
    let mut store = open(SimDisk::default());
    let book = identity('a');
    store.deleted_max = 3;
    let ids: Vec<String> = (0..4).map(|number| format!("M{number}")).collect();
    store.save_marks(&book, &ids.iter().map(|id| mark(id, "a note")).collect::<Vec<_>>()).unwrap();
    for (count, id) in ids.iter().enumerate() {
        store.delete_mark(&book, id, None).unwrap();
        assert_eq!((load(&mut store).marks.len(), store.poll(&book)), (3 - count, false));
        assert_eq!(is_let_go(&mut store, "M0"), count == 3);
    }
}

/// One log can be read no more, and stays so; another one changes.
#[test]
fn news_beside_a_log_that_cannot_be_read_is_shown() {
    let (mut store, other, all) = changed_elsewhere();
    let book = identity('a');
    let log = own_log(&mut store, 'a');
    store.fs.put(&log.with_file_name(format!("{}.copy.jsonl", book.key())).join("x"), b"a folder in its place");
    assert_eq!(load(&mut store).problems.len(), 1);
    sync(&mut store, &other);
    store.save_place(&book, &anchor(1)).unwrap();
    assert!(store.poll(&book));
    assert_eq!(load(&mut store).marks, [all]);
    store.save_place(&book, &anchor(2)).unwrap();
    assert!(!store.poll(&book));
}

#[test]
fn what_is_read_to_bring_one_back_is_shown() {
    let (mut store, other, _) = changed_elsewhere();
    let (book, two) = (identity('a'), mark("TWO", "new"));
    let mut other = open(other.fs);
    load(&mut other);
    other.save_mark(&book, &two).unwrap();
    sync(&mut store, &other);
    // The reader brings it back before the store has looked at what another device wrote.
    store.save_mark(&book, &mark("ONE", "back")).unwrap();
    assert!(store.poll(&book));
    let ids: Vec<String> = load(&mut store).marks.into_iter().map(|mark| mark.id).collect();
    assert_eq!((ids, store.poll(&book)), (vec!["ONE".to_owned(), "TWO".to_owned()], false));
}

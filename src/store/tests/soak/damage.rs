//! Logs that were damaged, copied by syncers, or never were logs.

use super::work::{Random, soak};
use super::*;
use crate::store::log::Content;
use std::collections::BTreeSet;

/// A log of marks, one a line, and its path.
fn sound_log(lines: usize) -> (PathBuf, Vec<String>) {
    let path = paths().device_marks("DESK").join(format!("{}.jsonl", identity('a').key()));
    let mut clock = stamp::StampClock::default();
    let lines = (0..lines).map(|i| {
        let mark = mark(&format!("MARK{i}"), "words of the note");
        let kind = Kind::Mark(mark.kind);
        let at = clock.next(TIME, "DESK");
        Record { id: mark.id.clone(), op: Op::Set, kind, at, over: vec![], body: body::of_mark(&mark) }.line()
    });
    (path, lines.collect())
}

#[test]
fn every_undamaged_line_is_read() {
    let (path, lines) = sound_log(if soak() { 1_000 } else { 300 });
    let bytes: Vec<u8> = lines.concat().into_bytes();
    let rounds = if soak() { 10_000 } else { 300 };
    let (mut undamaged, mut lost) = (0, 0);
    let mut random = Random(7);
    for round in 0..rounds {
        let mut damaged = bytes.clone();
        damage(&mut damaged, &mut random);
        let content = Content::of(&damaged);
        let found: BTreeSet<&str> = content.records.iter().map(|record| record.id.as_str()).collect();
        let kept: BTreeSet<&[u8]> = damaged.split_inclusive(|byte| *byte == b'\n').collect();
        for (i, line) in lines.iter().enumerate() {
            if kept.contains(line.as_bytes()) {
                undamaged += 1;
                assert!(found.contains(format!("MARK{i}").as_str()), "round {round}, line {i}");
            } else {
                lost += 1;
            }
        }
        // The whole way now and then: the marks are there, the log is not touched, a copy is kept.
        if round % 100 == 0 {
            let mut disk = SimDisk::default();
            disk.put(&path, &damaged);
            let mut store = open(disk);
            let state = load(&mut store);
            assert_eq!(state.marks.len(), found.len());
            store.save_mark(&identity('a'), &mark("NEW", "after the damage")).unwrap();
            assert_eq!(store.fs.get(&path), Some(damaged.as_slice()));
            let copies = store.fs.paths().iter().filter(|path| path.starts_with(paths().damaged())).count();
            assert_eq!(copies, usize::from(content.bad > 0));
            // It is said at every opening.
            assert_eq!(load(&mut open(store.fs)).problems, state.problems);
            assert_eq!(state.problems.len(), copies);
        }
    }
    println!("store: {rounds} damaged logs, {undamaged} undamaged lines all read, {lost} damaged lines skipped");
    assert!(lost > rounds);
}

/// Flipped bits, runs of zeros, cuts, holes, doubled tails, foreign bytes.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(600)).min(bytes.len());
        match random.below(6) {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (at % 8)),
            1 => bytes.get_mut(at..end).into_iter().flatten().for_each(|byte| *byte = 0),
            2 if bytes.len() > 5_000 => bytes.truncate(bytes.len() - random.below(5_000)),
            3 => drop(bytes.drain(at..end)),
            4 => bytes.extend_from_within(at..),
            _ => bytes.splice(at..at, [b'\n', b'{', 0xFF, b'"']).for_each(drop),
        }
        bytes.truncate(800_000);
    }
}

#[test]
fn a_file_that_is_no_log_is_left_alone() {
    let mut store = open(SimDisk::default());
    let log = own_log(&mut store, 'a');
    for garbage in [&b"\0\0\0\0\0\0\0\0"[..], b"not a log\nat all", &[0xFF; 3000]] {
        let mut disk = store.fs.clone();
        disk.put(&log, garbage);
        let mut store = open(disk);
        assert_eq!(load(&mut store).problems.len(), 1);
        store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
        assert_eq!(store.fs.get(&log), Some(garbage));
        assert_eq!(load(&mut open(store.fs)).marks.len(), 1);
    }
    let mut disk = store.fs.clone();
    disk.put(&log, b"");
    let mut store = open(disk);
    assert_eq!(load(&mut store).problems.len(), 0);
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    assert!(store.fs.get(&log).is_some_and(|bytes| bytes.starts_with(b"{")));
}

#[test]
fn damage_is_said_once_at_every_opening_though_the_log_grows() {
    let mut store = open(SimDisk::default());
    let book = identity('a');
    for id in ["ONE", "TWO", "THREE"] {
        store.save_mark(&book, &mark(id, "words")).unwrap();
    }
    let log = own_log(&mut store, 'a');
    let mut bytes = store.fs.get(&log).unwrap().to_vec();
    let one = bytes.windows(5).position(|part| part == b"\"ONE\"").unwrap();
    bytes[one + 2] ^= 1;
    store.fs.put(&log, &bytes);
    for round in 0..3 {
        store = open(store.fs);
        let state = load(&mut store);
        assert_eq!((state.marks.len(), state.problems.len()), (2, 1), "{:?}", state.problems);
        assert!(state.problems[0].ends_with("a copy was kept"), "{:?}", state.problems);
        store.save_place(&book, &anchor(round)).unwrap();
        let mut other = open(store.fs);
        load(&mut other);
        other.save_place(&book, &anchor(round + 1)).unwrap();
        store.fs = other.fs;
        assert!(store.poll(&book));
        assert_eq!(load(&mut store).problems.len(), 0);
    }
}

#[test]
fn copies_of_syncers_and_git_markers_are_merged() {
    let (path, lines) = sound_log(6);
    let mut disk = SimDisk::default();
    let key = identity('a').key().to_owned();
    let beside = |name: &str| path.with_file_name(format!("{key}{name}"));
    let [mine, theirs] = [format!("{}{}", lines[0], lines[1]), format!("{}{}", lines[0], lines[2])];
    disk.put(&path, format!("<<<<<<< HEAD\n{mine}=======\n{theirs}>>>>>>> laptop\n").as_bytes());
    disk.put(&beside(".sync-conflict-20261101-101500-ABCDEFG.jsonl"), lines[3].replace('\n', "\r\n").as_bytes());
    disk.put(&beside(" (conflicted copy 2026-11-01).jsonl"), lines[4].as_bytes());
    disk.put(&beside(".jsonl.orig"), lines[5].as_bytes());
    disk.put(&beside("0.jsonl"), b"another book");
    let state = load(&mut open(disk));
    assert_eq!((state.marks.len(), state.problems), (6, vec![]));
}

#[test]
fn what_is_no_file_is_named_and_passed_over() {
    let mut store = open(SimDisk::default());
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    let key = identity('a').key().to_owned();
    store.fs.put(&paths().device_marks("OTHER").join(format!("{key}.jsonl")).join("inside"), b"x");
    store.fs.put(&paths().marks().join("a file among the folders"), b"x");
    let mut store = open(store.fs);
    let state = load(&mut store);
    assert_eq!(state.marks.len(), 1);
    assert!(state.problems.len() == 1 && state.problems[0].ends_with("it is not a file"), "{:?}", state.problems);
    // A look every second must not find news in it each time.
    assert!(!store.poll(&identity('a')));
}

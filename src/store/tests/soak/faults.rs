//! Every call of the work fails once and for ever; the power goes at every call.

use std::io::ErrorKind;

use super::work::{Act, Model, open_small, run, soak, work};
use super::*;
use crate::store::sim::{Fault, FaultKind};

const KINDS: [FaultKind; 8] = [
    // EMFILE.
    FaultKind::System(24),
    FaultKind::Error(ErrorKind::StorageFull),
    FaultKind::Error(ErrorKind::QuotaExceeded),
    FaultKind::Error(ErrorKind::Other),
    FaultKind::Error(ErrorKind::ReadOnlyFilesystem),
    FaultKind::Error(ErrorKind::PermissionDenied),
    FaultKind::Error(ErrorKind::Interrupted),
    FaultKind::ShortWrite,
];

/// Seeds of the work: so many where it is asked for long runs.
fn seeds(long: u64) -> std::ops::Range<u64> {
    if soak() { 0..long } else { 0..1 }
}

/// The calls of the work on a sound disk.
fn calls(acts: &[Act]) -> usize {
    run(SimDisk::default(), acts).1.fs.calls
}

#[test]
fn no_failing_call_loses_what_was_acknowledged() {
    // An odd step visits other calls for each kind.
    let step = if soak() { 1 } else { 7 };
    let (mut runs, mut failures, mut refused) = (0, 0, 0);
    for seed in seeds(8) {
        let acts = work(seed);
        let calls = calls(&acts);
        for (shift, kind) in KINDS.into_iter().enumerate() {
            for times in [1, 2, usize::MAX] {
                for call in (shift % step..calls).step_by(step) {
                    let fault = Fault { call, times, kind };
                    let (failed, unsaved) = check_fault(seed, &acts, fault);
                    runs += 1;
                    failures += if times == usize::MAX { 1 } else { failed };
                    refused += usize::from(unsaved);
                }
            }
        }
    }
    println!("store: {runs} runs with failing calls, {failures} injected errors, {refused} ended unsaved, 0 lost");
    assert!(runs > 300 && refused > 30);
}

/// Gives how many calls failed, and whether something was still unsaved at the end.
fn check_fault(seed: u64, acts: &[Act], fault: Fault) -> (usize, bool) {
    let (mut model, mut store) = run(SimDisk::failing(fault), acts);
    let (failures, unsaved) = (store.fs.failures, store.pending() > 0);
    store.fs.fault = None;
    let context = || format!("after {fault:?}, seed {seed}");
    // No false success: what was acknowledged outlives the strictest power cut.
    model.check(store.fs.clone(), context);
    model.check(store.fs.after_power_cut(0, 0, false), context);
    // The disk is sound again: what was kept is saved.
    store.retry().unwrap();
    model.acknowledge();
    model.check(store.fs.after_power_cut(0, 0, false), context);
    (failures, unsaved)
}

#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    let (mut points, mut states, mut most, mut compactions) = (0, 0, 0, 0);
    for seed in seeds(30) {
        let acts = work(seed);
        let sound = run(SimDisk::default(), &acts).1.fs;
        compactions += sound.paths().iter().filter(|path| path.extension().is_some_and(|end| end == "bak")).count();
        // The last one is no cut: all is done.
        let last = calls(&acts);
        for power_off_at in (0..last).step_by(if soak() { 1 } else { 3 }).chain([last]) {
            let (model, store) = run(SimDisk::with_power_until(power_off_at), &acts);
            points += 1;
            most = most.max(model.acknowledged());
            states += check_cuts(&model, &store.fs, &format!("power off at call {power_off_at}, seed {seed}"));
        }
    }
    println!("store: power cut at {points} points, {states} states of the disk, up to {most} marks, 0 lost");
    assert!(states > 1_000 && most == 7 && compactions > 0);
}

/// Checks the states that a power cut may leave of a disk; gives how many.
fn check_cuts(model: &Model, disk: &SimDisk, context: &str) -> usize {
    let mut states = 0;
    // Which of the first six unsettled changes of names happened, with all later ones or none.
    let unsettled = disk.unsettled().min(6);
    let masks = (0..1u64 << unsettled).map(|mask| mask | if mask & 1 == 1 { !0 << 6 } else { 0 });
    let step = if soak() { 1 } else { ((1usize << unsettled) / 8).max(1) };
    for kept in masks.step_by(step).chain([u64::MAX]) {
        for (torn, zeros) in [(0, false), (1, false), (512, false), (4096, false), (usize::MAX, false), (1, true)] {
            let left = disk.after_power_cut(kept, torn, zeros);
            states += 1;
            let context = || format!("{context}, names {kept:b}, {torn} bytes, zeros {zeros}");
            model.check(left.clone(), context);
            // The next start works, and adds to what is there.
            if states % 16 == 0 {
                let mut next = open_small(left);
                next.save_mark(&identity('a'), &mark("NEXT", "after the cut")).unwrap();
                let strict = next.fs.after_power_cut(0, 0, false);
                model.check(strict.clone(), context);
                assert!(load(&mut open(strict)).marks.iter().any(|mark| mark.id == "NEXT"), "{}", context());
            }
        }
    }
    states
}

#[test]
fn a_failed_sync_is_not_tried_again_on_the_same_file() {
    let book = identity('a');
    let mut store = open(SimDisk::default());
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    let log = own_log(&mut store, 'a');
    let mut found = false;
    for call in 0..20 {
        let mut store = open(store.fs.clone());
        load(&mut store);
        let call = store.fs.calls + call;
        store.fs.fault = Some(Fault { call, times: 1, kind: FaultKind::Error(ErrorKind::Other) });
        let lines = store.fs.get(&log).map(<[u8]>::len);
        let refused = store.save_mark(&book, &mark("TWO", "second")).is_err();
        let after = store.fs.get(&log).map(<[u8]>::len);
        store.fs.fault = None;
        store.save_place(&book, &anchor(1)).unwrap();
        // The bytes came into the file, yet it was not saved: the sync failed.
        if refused && after > lines && store.fs.paths().iter().any(|path| path.to_string_lossy().contains(".seg-")) {
            found = true;
            assert_eq!(store.fs.get(&log).map(<[u8]>::len), after, "nothing more is added to it");
        }
        assert_eq!(load(&mut open(store.fs.after_power_cut(0, 0, false))).marks.len(), 2);
    }
    assert!(found);
}

/// The first run writes a mark and ends before the disk has it; the second reads it, and changes it
/// in a log of its own, for the device has lost its name.
#[test]
fn a_change_stands_on_nothing_that_an_earlier_run_did_not_save() {
    let book = identity('a');
    let mut found = false;
    for call in 0..40 {
        let mut first = open(SimDisk::with_power_until(call));
        let _ = first.save_mark(&book, &mark("ONE", "first"));
        first.fs.power_off_at = None;
        let durable = load(&mut open(first.fs.after_power_cut(u64::MAX, 0, false)));
        let _ = first.fs.remove(&paths().device());
        let mut second = open(first.fs);
        let written = load(&mut second).marks.pop();
        found |= durable.marks.is_empty() && written.is_some();
        let known = written.unwrap_or_else(|| mark("ONE", "first"));
        let changed = Mark { name: Some(clean("x")), ..known };
        second.save_mark(&book, &changed).unwrap();
        let left = load(&mut open(second.fs.after_power_cut(0, 0, false)));
        assert_eq!(left.marks, [changed], "power off at call {call}");
    }
    assert!(found, "a run ended with all written and nothing saved");
}

#[test]
fn an_error_names_the_file_and_the_reason() {
    let kind = FaultKind::Error(ErrorKind::ReadOnlyFilesystem);
    let mut store = open(SimDisk::failing(Fault { call: 0, times: usize::MAX, kind }));
    let error = store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap_err();
    assert!(error.to_string().starts_with("cannot save the note to /reader"), "{error}");
    assert_eq!(error.reason().as_str(), "read-only filesystem or storage medium");
    assert_eq!((store.pending(), store.pending_lines().lines().count()), (2, 1));
    // Reading goes on with what is in memory.
    assert_eq!(load(&mut store).marks.len(), 1);
    assert!(!load(&mut store).problems.is_empty());
    store.fs.fault = None;
    store.retry().unwrap();
    assert_eq!((store.pending(), load(&mut open(store.fs)).marks.len()), (0, 1));
}

#[test]
fn lines_that_are_printed_for_want_of_a_disk_say_the_whole_mark() {
    let book = identity('a');
    let mut store = open(SimDisk::default());
    store.save_mark(&book, &mark("ONE", "first")).unwrap();
    let mut store = open(store.fs);
    load(&mut store);
    store.fs.fault = Some(Fault { call: 0, times: usize::MAX, kind: FaultKind::Error(ErrorKind::StorageFull) });
    let changed = Mark { name: Some(clean("x")), ..mark("ONE", "first") };
    assert!(store.save_mark(&book, &changed).is_err());
    let mut disk = SimDisk::default();
    let log = paths().device_marks("OTHER").join(format!("{}.jsonl", book.key()));
    disk.put(&log, store.pending_lines().as_bytes());
    assert_eq!(load(&mut open(disk)).marks, [changed]);
}

#[test]
fn places_that_cannot_be_saved_do_not_pile_up() {
    let mut store = open(SimDisk::default());
    store.fs.fault = Some(Fault { call: 0, times: usize::MAX, kind: FaultKind::Error(ErrorKind::StorageFull) });
    for block in 0..100 {
        assert!(store.save_place(&identity('a'), &anchor(block)).is_err());
    }
    assert_eq!(store.pending(), 2);
}

#[test]
fn a_change_made_while_nothing_could_be_read_is_the_latest_nevertheless() {
    let book = identity('a');
    let mut store = open(SimDisk::default());
    for block in 0..9 {
        store.save_place(&book, &anchor(block)).unwrap();
        store.save_mark(&book, &mark("ONE", &format!("note {block}"))).unwrap();
    }
    // The next start: the clock went back, and the disk answers nothing for a while.
    let mut store = open(store.fs);
    store.fs.fault = Some(Fault { call: 0, times: usize::MAX, kind: FaultKind::Error(ErrorKind::Other) });
    assert!(store.save_place(&book, &anchor(50)).is_err() && store.save_mark(&book, &mark("ONE", "last")).is_err());
    store.fs.fault = None;
    store.retry().unwrap();
    let state = load(&mut open(store.fs));
    // The text that could not be seen is not written over.
    let note = state.marks[0].note.as_deref().unwrap();
    assert!(state.place == Some(anchor(50)) && note.starts_with("last\n") && note.ends_with("\nnote 8"), "{note}");
}

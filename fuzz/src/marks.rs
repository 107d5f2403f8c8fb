//! Marks: lines of a log, logs of several devices, places that are found again.

use std::path::Path;

use lection::document::{Anchor, Identity, Mark, MarkKind, Meta, Range, Section, SectionBuilder, SectionId, Status};
use lection::store::{Clock, Paths, Store};
use lection::text::clean::is_clean;
use lection::text::width::width;

use super::bytes::Bytes;

/// The disk of the store's own tests.
#[allow(dead_code, reason = "its faults are for the store's own tests")]
#[path = "../../src/store/sim.rs"]
mod sim;
/// What it knows of the store.
mod fs {
    pub use lection::store::{Fs, Stat};
}

use sim::SimDisk;

/// Castagnoli's checksum, as each line of a log ends in.
const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);

/// A clock that stands still.
struct Still;

impl Clock for Still {
    fn now(&mut self) -> u64 {
        1_700_000_000_000
    }
}

fn identity() -> Identity {
    Identity { bytes: 1, digest: "ab".repeat(32) }
}

/// Lines of a log: where a line ends in `#` it gets the sum it should have, so that what is
/// inside of it is reached; others stay as they are.
fn log(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"#\n").or(line.strip_suffix(b"#")) {
            Some(json) => {
                out.extend_from_slice(json);
                out.extend_from_slice(format!(" {:08x}\n", CRC.checksum(json)).as_bytes());
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}

fn store(disk: SimDisk) -> Store<SimDisk, Still> {
    Store::open(Some(Paths::under("/r")), disk, Still)
}

fn file(device: &str) -> String {
    format!("/r/marks/{device}/{}.jsonl", identity().key())
}

fn marks_of(disk: &SimDisk) -> Vec<Mark> {
    let state = store(disk.clone()).load(&identity(), &Meta::default(), None);
    for mark in &state.marks {
        let anchor = &mark.anchor;
        let texts = [&anchor.words, &anchor.tail, &anchor.before, &anchor.after].into_iter().chain(&anchor.chapter);
        assert!(texts.chain(&mark.name).chain(&mark.note).all(|text| is_clean(text)));
        assert!((0.0..=1.0).contains(&anchor.fraction));
    }
    assert!(state.problems.iter().all(|problem| is_clean(problem)));
    assert!(state.places.iter().all(|place| is_clean(&place.anchor.words)));
    state.marks
}

/// Any bytes are a log: what is good in it is read, a new mark is kept beside it, and none of its
/// bytes are lost.
pub fn store_line(data: &[u8]) {
    let bytes = log(data);
    let mut disk = SimDisk::default();
    disk.put(Path::new(&file("other")), &bytes);
    disk.put(Path::new("/r/state/device"), b"mine\n");
    disk.put(Path::new(&file("mine")), &bytes);
    let before = marks_of(&disk);
    let mut store = store(disk);
    store.load(&identity(), &Meta::default(), None);
    let anchor = Anchor { fraction: 0.5, ..Anchor::default() };
    let id = store.new_id();
    let mark = Mark { id: id.clone(), anchor, ..empty() };
    store.save_mark(&identity(), &mark).expect("the disk is sound");
    let after = store.load(&identity(), &Meta::default(), None).marks;
    assert!(after.iter().any(|mark| mark.id == id), "what was saved is there");
    for mark in before {
        assert!(after.iter().any(|other| other.id == mark.id), "{} is lost", mark.id);
    }
}

/// The lines of a log say the same in any order, on any device, however often.
pub fn store_merge(data: &[u8]) {
    let bytes = log(data);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).collect();
    let (mut one, mut two) = (SimDisk::default(), SimDisk::default());
    one.put(Path::new(&file("a")), &lines.concat());
    let reversed: Vec<&[u8]> = lines.iter().rev().copied().collect();
    let half = reversed.len() / 2;
    two.put(Path::new(&file("a")), &reversed[half..].concat());
    two.put(Path::new(&file("b")), &[reversed[..half].concat(), reversed.concat()].concat());
    assert_eq!(marks_of(&one), marks_of(&two));
}

fn empty() -> Mark {
    Mark {
        id: String::new(),
        kind: MarkKind::Bookmark,
        name: None,
        note: None,
        color: None,
        anchor: Anchor::default(),
        own: None,
        status: Status::Exact,
        created: 1,
        changed: 1,
    }
}

/// A place is found again where it was in its own text, and only at a place that exists in
/// another.
pub fn anchor(data: &[u8]) {
    let mut bytes = Bytes(data);
    let (from, to, edit, cut) = (bytes.below(512), bytes.below(64), bytes.below(512), bytes.below(32));
    let text = bytes.text().into_owned();
    let old = section(&text);
    let start = old.position(old.text().floor_char_boundary(from));
    let end = old.position(old.text().floor_char_boundary(from + to));
    let anchor = Anchor::new(&old, Range::new(start, end.max(start)), Vec::new(), 0.5);
    assert!([&anchor.words, &anchor.before, &anchor.after].into_iter().all(|text| is_clean(text)));
    if let Some(found) = anchor.find(&old) {
        // A mark that stands on nothing is no letter, and is not kept.
        let (one, other) = (old.offset(found.start), old.offset(anchor.start));
        let between = &old.text()[one.min(other)..one.max(other)];
        assert_eq!(width(between), 0, "a place is found where it was, not {between:?} from there");
    }
    let (head, tail) = text.split_at(text.floor_char_boundary(edit));
    let tail = &tail[tail.floor_char_boundary(cut)..];
    let new = section(&format!("{head}{tail}"));
    if let Some(found) = anchor.find(&new) {
        assert!(found.start <= found.end);
        assert_eq!(new.clamp(found.start), found.start);
        assert_eq!(new.clamp(found.end), found.end);
    }
}

fn section(text: &str) -> Section {
    let mut builder = SectionBuilder::new(SectionId(0));
    for paragraph in text.split("\n\n") {
        builder.text(paragraph);
        builder.end();
    }
    builder.finish()
}

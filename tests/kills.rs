//! Programs that are killed while they save, again and again, at every call and at random. A
//! slice in every run; all of it, and kills by `strace` at every system call of the program
//! itself, by `LECTION_SOAK=1`. Each prints its figures. `LECTION_PROGRAM` may name another build of
//! the program.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice)]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use lection::app::Event;
use lection::document::{Anchor, Format, Identity, Mark, MarkKind, Meta, Status};
use lection::formats::{self, OpenOptions, Source};
use lection::runtime::Keeper;
use lection::store::{Clock, Fs, Paths, RealFs, Stat, Store, SystemClock};
use lection::text::{clean, clean_line};

/// What a process of this test is to do, where, and at which call it dies.
const FOLDER: &str = "LECTION_TEST_FOLDER";
const WORK: &str = "LECTION_TEST_WORK";
const CALL: &str = "LECTION_TEST_CALL";

fn is_long() -> bool {
    std::env::var_os("LECTION_SOAK").is_some()
}

fn identity() -> Identity {
    Identity { bytes: 1, digest: "b".repeat(64) }
}

fn mark(id: &str, note: &str) -> Mark {
    Mark {
        id: id.to_owned(),
        kind: MarkKind::Note,
        name: None,
        note: Some(clean(note)),
        color: None,
        anchor: Anchor::default(),
        own: None,
        status: Status::Exact,
        created: 1,
        changed: 1,
    }
}

/// A place that takes much of a log, so that it is made short now and then.
fn long_place(text: &str) -> Anchor {
    Anchor { before: clean(&text.repeat(500)), ..Anchor::default() }
}

/// The notes on the disk by their marks, as a new start reads them.
fn notes(root: &Path) -> BTreeMap<String, String> {
    let mut store = Store::open(Some(Paths::under(root)), RealFs::default(), SystemClock);
    let state = store.load(&identity(), &Meta::default(), None);
    state.marks.into_iter().map(|mark| (mark.id, mark.note.unwrap_or_default().to_string())).collect()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

// ------------------------------------------------------------------ a disk that kills

/// The disk of the machine; the process dies at one call, of a write after half of it.
struct KillingFs {
    left: usize,
}

impl KillingFs {
    fn call(&mut self) {
        if self.left == 0 {
            std::process::abort();
        }
        self.left -= 1;
    }
}

impl Fs for KillingFs {
    type File = File;
    type Lock = File;

    fn read(&mut self, path: &Path, from: u64, limit: u64) -> io::Result<Vec<u8>> {
        self.call();
        RealFs::default().read(path, from, limit)
    }
    fn read_pieces(&mut self, path: &Path, limit: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        self.call();
        RealFs::default().read_pieces(path, limit, each)
    }
    fn list(&mut self, dir: &Path) -> io::Result<Vec<OsString>> {
        self.call();
        RealFs::default().list(dir)
    }
    fn stat(&mut self, path: &Path) -> io::Result<Stat> {
        self.call();
        RealFs::default().stat(path)
    }
    fn stat_file(&mut self, file: &File) -> io::Result<Stat> {
        self.call();
        RealFs::default().stat_file(file)
    }
    fn is_link(&mut self, path: &Path) -> io::Result<bool> {
        self.call();
        RealFs::default().is_link(path)
    }
    fn create_dir(&mut self, dir: &Path) -> io::Result<()> {
        self.call();
        RealFs::default().create_dir(dir)
    }
    fn open_append(&mut self, path: &Path) -> io::Result<File> {
        self.call();
        RealFs::default().open_append(path)
    }
    fn create_new(&mut self, path: &Path) -> io::Result<File> {
        self.call();
        RealFs::default().create_new(path)
    }
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        self.call();
        if self.left == 0 {
            let _ = RealFs::default().write(file, &bytes[..bytes.len() / 2]);
        }
        self.call();
        RealFs::default().write(file, bytes)
    }
    fn sync(&mut self, file: &mut File) -> io::Result<()> {
        self.call();
        RealFs::default().sync(file)
    }
    fn sync_dir(&mut self, dir: &Path) -> io::Result<()> {
        self.call();
        RealFs::default().sync_dir(dir)
    }
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.call();
        RealFs::default().rename(from, to)
    }
    fn hard_link(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.call();
        RealFs::default().hard_link(from, to)
    }
    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.call();
        RealFs::default().remove(path)
    }
    fn lock(&mut self, path: &Path) -> io::Result<File> {
        self.call();
        RealFs::default().lock(path)
    }
}

/// A book to mark.
const TEXT: &str = "Some words of a book that is read.\n\nAnd others that follow them.\n";

/// The system calls that touch files.
const CALLS: [&str; 13] = [
    "openat",
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "renameat2",
    "linkat",
    "unlink",
    "mkdir",
    "close",
    "flock",
    "statx",
    "read",
];

/// The kinds of work that are killed: what there is before, and what is done.
const WORKS: &[&str] = &["first start", "add and edit", "compaction", "another version"];

/// Makes what there is before the work, with a disk that works.
fn prepare(root: &Path, work: &str) {
    let mut store = Store::open(Some(Paths::under(root)), RealFs::default(), SystemClock);
    if work == "first start" {
        return;
    }
    store.load(&identity(), &Meta::default(), Some(Path::new("/book.txt")));
    store.save_mark(&identity(), &mark("OLD", "old")).unwrap();
    if work == "compaction" {
        // Just under the size at which it is looked at.
        let log = log_of(root);
        while std::fs::metadata(&log).unwrap().len() < (1 << 20) - 3_000 {
            store.save_place(&identity(), &long_place("place ")).unwrap();
        }
    }
}

fn log_of(root: &Path) -> PathBuf {
    let mut dirs = std::fs::read_dir(root.join("marks")).unwrap();
    let dir = dirs.next().unwrap().unwrap().path();
    dir.join(format!("{}.jsonl", identity().key()))
}

/// Saves a mark, and says so before and after.
fn save<F: Fs, C: Clock>(store: &mut Store<F, C>, id: &str, note: &str) {
    eprintln!("saving {id} {note}");
    store.save_mark(&identity(), &mark(id, note)).unwrap();
    eprintln!("saved {id} {note}");
}

/// The work; says each time what is to be saved, and what is saved.
fn do_work<F: Fs, C: Clock>(store: &mut Store<F, C>, work: &str) {
    let book = identity();
    let meta = Meta::default();
    match work {
        "first start" => {
            for (id, note) in [("ONE", "1"), ("TWO", "2")] {
                save(store, id, note);
            }
        }
        "add and edit" => {
            store.load(&book, &meta, Some(Path::new("/book.txt")));
            save(store, "ONE", "1");
            save(store, "OLD", "changed");
            store.save_place(&book, &Anchor::default()).unwrap();
            eprintln!("deleting ONE");
            store.delete_mark(&book, "ONE", None).unwrap();
            eprintln!("deleted ONE");
        }
        "compaction" => {
            store.load(&book, &meta, Some(Path::new("/book.txt")));
            for note in ["1", "2"] {
                store.save_place(&book, &long_place("another ")).unwrap();
                save(store, "ONE", note);
            }
        }
        _ => {
            let new = Identity { bytes: 2, digest: "c".repeat(64) };
            store.load(&new, &meta, Some(Path::new("/book.txt")));
            assert!(store.join_related(&new).unwrap());
            store.save_found(&new, &[("OLD".to_owned(), long_place("x"), Status::Moved)]).unwrap();
            store.load(&book, &meta, None);
            save(store, "ONE", "1");
        }
    }
}

/// Not a test of its own: what the processes of the others do.
#[test]
fn victim() {
    let (Some(root), Some(work)) = (std::env::var_os(FOLDER), std::env::var_os(WORK)) else { return };
    let (paths, work) = (Paths::under(PathBuf::from(root)), work.to_string_lossy().into_owned());
    if work == "many" {
        return write_many(paths);
    }
    let left = std::env::var(CALL).unwrap().parse().unwrap();
    do_work(&mut Store::open(Some(paths), KillingFs { left }, SystemClock), &work);
}

fn victims(root: &Path, work: &str, call: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "victim", "--nocapture"]);
    command.env(FOLDER, root).env(WORK, work).env(CALL, call.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// What was said to be saved is there as it was then, but for the one change that was being made
/// when the process was killed: that may be there or not.
fn check(root: &Path, said: &str, context: &str) -> usize {
    let found = notes(root);
    let mut saved: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let (mut underway, mut count) = (None, 0);
    // A line that was cut off says nothing.
    let whole = said.rfind('\n').map_or("", |end| &said[..end]);
    for line in whole.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["saving", id, note] => underway = Some((*id, Some(*note))),
            ["deleting", id] => underway = Some((*id, None)),
            ["saved", id, note] => {
                saved.insert(id, Some(note));
                (underway, count) = (None, count + 1);
            }
            ["deleted", id] => {
                saved.insert(id, None);
                underway = None;
            }
            _ => {}
        }
    }
    for (id, note) in &saved {
        let there = found.get(*id).map(String::as_str);
        let is_next = underway == Some((*id, there));
        assert!(there == *note || is_next, "{context}: {id} is {there:?}, saved was {note:?}");
    }
    count
}

mod soak {
    use super::*;

    #[test]
    fn a_process_killed_at_any_call_loses_nothing() {
        let (mut points, mut acknowledged) = (0, 0);
        for work in WORKS {
            let ready = tempfile::tempdir().unwrap();
            prepare(ready.path(), work);
            let step = if is_long() { 1 } else { 11 };
            for call in (0..).step_by(step) {
                let root = tempfile::tempdir().unwrap();
                copy(ready.path(), root.path());
                let out = victims(root.path(), work, call).output().unwrap();
                let said = String::from_utf8_lossy(&out.stderr).into_owned();
                acknowledged += check(root.path(), &said, &format!("{work}, killed at call {call}"));
                // The next start works, and adds to what is there.
                let mut store = Store::open(Some(Paths::under(root.path())), RealFs::default(), SystemClock);
                store.save_mark(&identity(), &mark("NEXT", "next")).unwrap();
                assert!(
                    notes(root.path()).contains_key("NEXT")
                        && notes(root.path()).contains_key("OLD") == (*work != "first start")
                );
                if out.status.success() {
                    break;
                }
                points += 1;
            }
        }
        println!("store: {points} kill points by calls of the store, {acknowledged} acknowledged marks all there");
        assert!(points > 20 && acknowledged > 10);
    }

    /// The program itself under `strace`, killed at every call that touches files.
    #[test]
    fn the_program_killed_at_any_system_call_loses_nothing() {
        if !is_long() {
            return;
        }
        let ready = tempfile::tempdir().unwrap();
        let book = ready.path().join("book.txt");
        std::fs::write(&book, TEXT).unwrap();
        let book = book.to_str().unwrap().to_owned();
        let program = std::env::var_os("LECTION_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_lection").into());
        let lection = |root: &Path, arguments: &[&str]| {
            let mut command = Command::new(&program);
            command.args(arguments).env("LECTION_CONFIG_DIR", root).stdin(Stdio::null());
            command.output().unwrap()
        };
        let (mut points, mut acknowledged) = (0, 0);
        // Marks to be imported: one that is there, and a new one.
        let exported = ready.path().join("marks.jsonl");
        let other = tempfile::tempdir().unwrap();
        assert!(lection(other.path(), &["marks", "add", &book, "--at", "0/1:4", "--note", "NEW"]).status.success());
        let out = lection(other.path(), &["marks", "export", &book, "--format", "jsonl"]).stdout;
        std::fs::write(&exported, out).unwrap();
        for work in ["first start", "add", "edit", "delete", "import", "compaction", "changed file"] {
            let before = tempfile::tempdir().unwrap();
            if work != "first start" {
                let made = lection(before.path(), &["marks", "add", &book, "--at", "0/0:5", "--note", "OLD"]);
                assert!(made.status.success());
            }
            if work == "compaction" {
                let long = "words ".repeat(300);
                for _ in 0..640 {
                    let edit = ["marks", "edit", &book, "0", "--name", &long];
                    assert!(lection(before.path(), &edit).status.success());
                    if std::fs::metadata(own_log(before.path())).unwrap().len() > (1 << 20) - 1_000 {
                        break;
                    }
                }
            }
            let arguments: Vec<&str> = match work {
                "edit" | "compaction" => vec!["marks", "edit", &book, "0", "--note", "NEW"],
                "delete" => vec!["marks", "rm", &book, "0"],
                "import" => vec!["marks", "import", exported.to_str().unwrap(), "--into", &book],
                "changed file" => vec!["marks", "--json", &book],
                _ => vec!["marks", "add", &book, "--at", "0/1:4", "--note", "NEW"],
            };
            if work == "changed file" {
                std::fs::write(&book, format!("A line before.\n\n{TEXT}")).unwrap();
            }
            for call in CALLS {
                // What the loader does before the program begins is the same in a run that does nothing.
                for when in 1.. {
                    let root = tempfile::tempdir().unwrap();
                    copy(before.path(), root.path());
                    let out = Command::new("strace")
                        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"])
                        .arg(format!("inject={call}:signal=SIGKILL:when={when}"))
                        .arg(&program)
                        .args(&arguments)
                        .env("LECTION_CONFIG_DIR", root.path())
                        .stdin(Stdio::null())
                        .output()
                        .expect("strace is not installed");
                    let listed = lection(root.path(), &["marks", "--json", &book]);
                    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
                    let context = format!("{work}, killed at {call} {when}: {listed}");
                    // Without a signal it came to its end, and that is none but the good one.
                    let is_done = out.status.code().is_some();
                    assert!(!is_done || out.status.success(), "{context}: {out:?}");
                    assert!(
                        ["first start", "delete"].contains(&work)
                            || listed.contains("\"OLD\"")
                            || listed.contains("\"NEW\""),
                        "{context}"
                    );
                    if ["add", "import", "changed file"].contains(&work) {
                        assert!(listed.contains("\"OLD\""), "{context}");
                    }
                    // What it has printed is acknowledged, whatever came after that.
                    if work != "changed file" && (is_done || !out.stdout.is_empty()) {
                        let kept =
                            if work == "delete" { !listed.contains("\"OLD\"") } else { listed.contains("\"NEW\"") };
                        assert!(kept, "{context}");
                        acknowledged += 1;
                    }
                    if is_done {
                        break;
                    }
                    points += 1;
                }
            }
        }
        println!(
            "store: {points} kill points by system calls of the program, {acknowledged} acknowledged marks all there"
        );
        assert!(points >= 500);
    }

    /// Processes write into one folder; half of them are killed at random moments.
    #[test]
    fn writers_that_are_killed_lose_nothing() {
        let (processes, each) = if is_long() { (8, 1_000) } else { (4, 30) };
        let root = tempfile::tempdir().unwrap();
        let mut children: Vec<_> =
            (0..processes).map(|_| victims(root.path(), "many", each).spawn().unwrap()).collect();
        let readers: Vec<_> = children
            .iter_mut()
            .enumerate()
            .map(|(i, child)| {
                let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
                let id = child.id();
                // Every second one dies, after another number of marks each time.
                let until = if i % 2 == 0 { usize::MAX } else { each * (i + 1) / (processes + 1) };
                std::thread::spawn(move || {
                    let mut saved = Vec::new();
                    let mut killed = false;
                    while let Some(Ok(line)) = lines.next() {
                        saved.extend(line.strip_prefix("saved ").map(str::to_owned));
                        if saved.len() == until && !killed {
                            killed = true;
                            let pid = rustix::process::Pid::from_raw(id as i32).unwrap();
                            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
                        }
                    }
                    (saved, killed)
                })
            })
            .collect();
        let mut saved = BTreeSet::new();
        let mut kills = 0;
        for (reader, child) in readers.into_iter().zip(&mut children) {
            let (mut own, killed) = reader.join().unwrap();
            if killed {
                // The last line may be cut off.
                own.pop();
                kills += 1;
            } else {
                assert_eq!(own.len(), each);
            }
            saved.extend(own);
            child.wait().unwrap();
        }
        let found: BTreeSet<String> = notes(root.path()).into_values().collect();
        let lost: Vec<&String> = saved.difference(&found).collect();
        assert!(lost.is_empty(), "{lost:?}");
        println!("store: {processes} processes, {kills} killed, {} acknowledged marks all there", saved.len());
        assert!(kills == processes / 2 && saved.len() > each * processes / 2);
    }

    /// From the wish to save a mark to the answer, beside what one wait for the disk takes.
    #[test]
    fn a_mark_is_saved_in_little_more_than_the_disk_takes() {
        let root = tempfile::tempdir().unwrap();
        let options = OpenOptions { format: Some(Format::Plain), ..OpenOptions::default() };
        let text = "Some words of a book that is read.\n\n".repeat(2_000);
        let document = formats::open_source(Source::memory(text.as_bytes()), clean_line("book"), &options).unwrap();
        let store = Store::open(Some(Paths::under(root.path())), RealFs::default(), SystemClock);
        let mut keeper = Keeper::new(store, document, None);
        let (events, inbox) = channel();
        keeper.start(events).unwrap();
        let rounds = if is_long() { 200 } else { 10 };
        let (mut saves, mut syncs) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            let wanted = mark(&format!("ROUND-{round}"), &format!("note {round}"));
            let start = Instant::now();
            keeper.save_mark(round, wanted, None);
            loop {
                let event = inbox.recv_timeout(Duration::from_secs(50)).unwrap();
                if let Event::MarkSaved(ticket, result) = event {
                    assert_eq!((ticket, &result.1), (round, &Ok(())));
                    break;
                }
            }
            saves.push(start.elapsed());
            let mut file = RealFs::default().open_append(&root.path().join("beside")).unwrap();
            RealFs::default().write(&mut file, &[b'x'; 500]).unwrap();
            let start = Instant::now();
            RealFs::default().sync(&mut file).unwrap();
            syncs.push(start.elapsed());
        }
        assert_eq!(keeper.finish().as_deref(), Ok(""));
        assert_eq!(notes_of_all(root.path()), rounds as usize);
        saves.sort();
        syncs.sort();
        let middle = |times: &[Duration]| times[times.len() / 2];
        println!(
            "store: a mark is saved in {:.2?} (middle of {rounds}; the longest {:.2?}), one wait for the disk takes {:.2?}",
            middle(&saves),
            saves[saves.len() - 1],
            middle(&syncs)
        );
    }
}

/// Marks in all logs of a folder.
fn notes_of_all(root: &Path) -> usize {
    let mut store = Store::open(Some(Paths::under(root)), RealFs::default(), SystemClock);
    store.all_marks().iter().map(|(_, marks)| marks.len()).sum()
}

/// The log of the only book.
fn own_log(root: &Path) -> PathBuf {
    let dir = std::fs::read_dir(root.join("marks")).unwrap().next().unwrap().unwrap().path();
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(|path| path.extension().is_some_and(|end| end == "jsonl")).unwrap()
}

/// Saves marks, and places in between that make the log be made short.
fn write_many(paths: Paths) {
    let mut store = Store::open(Some(paths), RealFs::default(), SystemClock);
    let count: usize = std::env::var(CALL).unwrap().parse().unwrap();
    let id = std::process::id();
    for i in 0..count {
        let note = format!("{id}.{i}");
        let mark = Mark { id: store.new_id(), ..mark("", &note) };
        store.save_mark(&identity(), &mark).unwrap();
        eprintln!("saved {note}");
        if i % 10 == 0 {
            store.save_place(&identity(), &long_place(&note)).unwrap();
        }
    }
}

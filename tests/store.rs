//! The store on a real disk: threads, processes that are killed, folders that cannot be written.
//! Longer runs by `LECTION_SOAK=1`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lection::document::{Anchor, Identity, Mark, MarkKind, Meta, Status};
use lection::store::{Paths, RealFs, Settings, Store, SystemClock};
use lection::text::clean;

/// The folder a process of [`writers_that_are_killed_lose_nothing`] works in.
const FOLDER: &str = "LECTION_TEST_FOLDER";

fn soak() -> bool {
    std::env::var_os("LECTION_SOAK").is_some()
}

fn open(root: &Path) -> Store {
    Store::open(Some(Paths::under(root)), RealFs, SystemClock)
}

fn identity() -> Identity {
    Identity { bytes: 1, digest: "b".repeat(64) }
}

fn mark(store: &mut Store, note: &str) -> Mark {
    let now = store.now();
    Mark {
        id: store.new_id(),
        kind: MarkKind::Note,
        name: None,
        note: Some(clean(note)),
        color: None,
        anchor: Anchor::default(),
        status: Status::Exact,
        created: now,
        changed: now,
    }
}

/// The notes on the disk, as a new start reads them.
fn notes(root: &Path) -> Vec<String> {
    let state = open(root).load(&identity(), &Meta::default(), None);
    state.marks.into_iter().filter_map(|mark| mark.note).map(|note| note.to_string()).collect()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut dirs = vec![dir.to_path_buf()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                dirs.push(path.clone());
            }
            found.push(path);
        }
    }
    found
}

#[test]
fn eight_instances_lose_nothing_of_each_other() {
    let root = tempfile::tempdir().unwrap();
    let each = if soak() { 1_000 } else { 100 };
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let root = root.path().to_path_buf();
            std::thread::spawn(move || {
                let mut store = open(&root);
                for i in 0..each {
                    let mark = mark(&mut store, &format!("{thread}.{i}"));
                    store.save_mark(&identity(), &mark).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let found: BTreeSet<String> = notes(root.path()).into_iter().collect();
    let expected: BTreeSet<String> =
        (0..8).flat_map(|thread| (0..each).map(move |i| format!("{thread}.{i}"))).collect();
    assert_eq!(found, expected);
    println!("store: 8 instances, {} marks, all there", found.len());
}

/// Not a test of its own: what the processes of the next test do. Says on stderr what is saved.
#[test]
fn writer() {
    let Some(root) = std::env::var_os(FOLDER) else { return };
    let mut store = open(Path::new(&root));
    let id = std::process::id();
    for i in 0..1_000_000 {
        let note = format!("{id}.{i}");
        let mark = mark(&mut store, &note);
        store.save_mark(&identity(), &mark).unwrap();
        eprintln!("saved {note}");
        // Long places, so that the log is made short now and then.
        let place = Anchor { before: clean(&note.repeat(500)), ..Anchor::default() };
        for _ in 0..4 {
            store.save_place(&identity(), &place).unwrap();
        }
    }
}

/// Processes write into one folder and are killed at random moments, again and again.
#[test]
fn writers_that_are_killed_lose_nothing() {
    let folders = if soak() { 20 } else { 1 };
    let (mut kills, mut marks, mut compactions) = (0, 0, 0);
    for folder in 0..folders {
        let root = tempfile::tempdir().unwrap();
        let (killed, saved) = kill_writers(root.path(), folder).unwrap();
        kills += killed;
        marks += saved;
        compactions += files(root.path()).iter().filter(|path| path.to_string_lossy().ends_with(".bak")).count();
    }
    println!("store: {kills} processes killed, {marks} acknowledged marks all there, {compactions} logs made short");
    assert!(kills == folders * ROUNDS * 4 && compactions > 0);
}

/// Rounds of four processes in one folder.
const ROUNDS: usize = 7;

/// Gives how many processes were killed and how many marks they had acknowledged.
fn kill_writers(root: &Path, seed: usize) -> std::io::Result<(usize, usize)> {
    let mut saved = BTreeSet::new();
    let mut kills = 0;
    for round in 0..ROUNDS {
        let program = std::env::current_exe()?;
        let mut children = (0..4)
            .map(|_| {
                Command::new(&program)
                    .args(["--exact", "writer", "--nocapture"])
                    .env(FOLDER, root)
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped())
                    .spawn()
            })
            .collect::<std::io::Result<Vec<_>>>()?;
        for (i, child) in children.iter_mut().enumerate() {
            let Some(said) = child.stderr.take() else { continue };
            let mut lines = BufReader::new(said).lines();
            // Killed after another number of marks each time, at whatever it does then.
            let mut after = 3 + (seed * 11 + round * 7 + i * 5) % 20;
            while let Some(Ok(line)) = lines.next() {
                if let Some(note) = line.strip_prefix("saved ") {
                    saved.insert(note.to_owned());
                    after -= 1;
                    if after == 0 {
                        child.kill()?;
                        kills += 1;
                        break;
                    }
                }
            }
            // What it said before it died was saved too. The last line may be cut off.
            let rest: Vec<String> = lines.map_while(Result::ok).collect();
            saved.extend(rest.iter().rev().skip(1).filter_map(|line| line.strip_prefix("saved ")).map(str::to_owned));
            child.wait()?;
        }
        let found: BTreeSet<String> = notes(root).into_iter().collect();
        let lost: Vec<&String> = saved.difference(&found).collect();
        assert!(lost.is_empty(), "folder {seed}, round {round}: {lost:?}");
    }
    Ok((kills, saved.len()))
}

#[test]
fn a_folder_that_cannot_be_made_costs_nothing_but_the_saving() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let mut store = open(&file);
    let mark = mark(&mut store, "kept");
    let error = store.save_mark(&identity(), &mark).unwrap_err().to_string();
    assert!(error.starts_with("cannot save the note to /") && error.ends_with("not a directory"), "{error}");
    assert_eq!(store.load(&identity(), &Meta::default(), None).marks.len(), 1);
    assert_eq!(std::fs::read(&file).unwrap(), b"x");
    std::fs::remove_file(&file).unwrap();
    store.retry().unwrap();
    assert_eq!((store.pending(), notes(&file)), (0, vec!["kept".to_owned()]));
}

#[test]
fn opening_a_book_without_marks_makes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let mut store = open(root.path());
    assert_eq!(store.load(&identity(), &Meta::default(), Some(Path::new("/x"))).problems, []);
    assert_eq!(Settings::load(&mut RealFs, &Paths::under(root.path()).settings()), (Settings::default(), vec![]));
    let mut private = Store::private();
    let mark = mark(&mut private, "x");
    private.save_mark(&identity(), &mark).unwrap();
    assert_eq!(files(root.path()), Vec::<PathBuf>::new());
}

#[test]
#[cfg(unix)]
fn only_the_owner_may_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let inner = root.path().join("a/b");
    let mut store = open(&inner);
    let mark = mark(&mut store, "x");
    store.save_mark(&identity(), &mark).unwrap();
    let written = files(root.path());
    for path in &written {
        let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    // The log, its weekly copy, the device's name, the lock.
    assert_eq!(written.iter().filter(|path| path.is_file()).count(), 4, "{written:?}");
}

#[test]
#[cfg(unix)]
fn a_folder_of_marks_may_be_a_link() {
    let root = tempfile::tempdir().unwrap();
    let (config, elsewhere) = (root.path().join("config"), root.path().join("elsewhere"));
    std::fs::create_dir_all(&config).unwrap();
    std::fs::create_dir_all(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, config.join("marks")).unwrap();
    let mut store = open(&config);
    let mark = mark(&mut store, "x");
    store.save_mark(&identity(), &mark).unwrap();
    assert_eq!(notes(&config), ["x"]);
    assert!(config.join("marks").is_symlink() && files(&elsewhere).len() == 2);
    // A log that is a link stays one.
    let log = files(&elsewhere).into_iter().find(|path| path.is_file()).unwrap();
    let target = root.path().join("target");
    std::fs::rename(&log, &target).unwrap();
    std::os::unix::fs::symlink(&target, &log).unwrap();
    for _ in 0..3 {
        store.save_place(&identity(), &Anchor::default()).unwrap();
    }
    assert!(log.is_symlink());
    assert_eq!(notes(&config), ["x"]);
}

/// The system's own error on a disk that is full.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_named_and_the_mark_is_kept() {
    let root = tempfile::tempdir().unwrap();
    let mut store = open(root.path());
    let first = mark(&mut store, "first");
    store.save_mark(&identity(), &first).unwrap();
    let log = files(&root.path().join("marks")).into_iter().find(|path| path.is_file()).unwrap();
    let aside = root.path().join("aside");
    std::fs::rename(&log, &aside).unwrap();
    std::os::unix::fs::symlink("/dev/full", &log).unwrap();
    let second = mark(&mut store, "second");
    let error = store.save_mark(&identity(), &second).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot save the note to {}: no space left on device", log.display()));
    assert_eq!(store.pending(), 1);
    std::fs::remove_file(&log).unwrap();
    std::fs::rename(&aside, &log).unwrap();
    store.retry().unwrap();
    assert_eq!((store.pending(), notes(root.path()).len()), (0, 2));
}

/// Starting must not wait for the disk, and a mark must be on it at once.
#[test]
fn a_mark_is_in_the_file_when_the_call_returns() {
    let root = tempfile::tempdir().unwrap();
    let mut store = open(root.path());
    for i in 0..5 {
        let mark = mark(&mut store, &i.to_string());
        store.save_mark(&identity(), &mark).unwrap();
        assert_eq!(notes(root.path()).len(), i + 1);
    }
}

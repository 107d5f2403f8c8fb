//! The store on a real disk: folders that cannot be written, links, rights.

use std::path::{Path, PathBuf};

use lection::document::{Anchor, Identity, Mark, MarkKind, Meta, Status};
use lection::store::{Paths, RealFs, Settings, Store, SystemClock};
use lection::text::clean;

fn open(root: &Path) -> Store {
    Store::open(Some(Paths::under(root)), RealFs::default(), SystemClock)
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
        own: None,
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
    assert_eq!(
        Settings::load(&mut RealFs::default(), &Paths::under(root.path()).settings()),
        (Settings::default(), vec![])
    );
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

//! Files that a command is given beside a document, and what stands where the program keeps its own: none of it
//! is waited for, fills the memory, or reaches the terminal as it is.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::fs::{CWD, Mode, mkfifoat};

/// What a terminal would obey or hide.
const HOSTILE: &str = "\u{1b}]0;x\u{7}\u{9b}2J\u{7f}\u{200b}\u{202e}\u{2066}\u{e0041}";

fn lection(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lection"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env("LECTION_CONFIG_DIR", folder.join("home")).env_remove("LANG").output().unwrap()
}

/// A folder with a book of one mark.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("book.md"), "# One\n\nIt was late on the hill.\n").unwrap();
    let marked = lection(folder.path(), &["marks", "add", "book.md", "--at", "0%", "--note", "a {note}"]);
    assert_eq!(marked.status.code(), Some(0), "{marked:?}");
    folder
}

fn fifo(path: &Path) {
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).unwrap();
}

/// What a command that fails says: one line.
#[track_caller]
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let done = lection(folder, arguments);
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!((done.status.code(), done.stdout.len(), said.lines().count()), (Some(2), 0, 1), "{arguments:?} {said}");
    said.trim_start_matches("lection: ").trim_end().to_owned()
}

const READERS: [(&[&str], &str); 3] = [
    (&["marks", "import", "in", "--into", "book.md"], "cannot read the marks in 'in': "),
    (&["toc", "book.md", "--import", "in"], "cannot read the outline 'in': "),
    (&["marks", "export", "book.md", "--format", "markdown", "--template", "in"], "cannot read the template 'in': "),
];

#[test]
fn what_is_no_file_is_refused_and_what_is_too_long_is_not_read() {
    let folder = folder();
    let file = folder.path().join("in");
    for ((arguments, head), mib) in READERS.into_iter().zip([256, 16, 1]) {
        let check = |reason: &str| {
            assert_eq!(refused(folder.path(), arguments), format!("{head}{reason}"));
            let _ = fs::remove_file(&file);
        };
        check("there is no such file; check the path");
        fifo(&file);
        check("it is a pipe, not a file");
        std::os::unix::fs::symlink("/dev/zero", &file).unwrap();
        check("it is a device, not a file");
        fs::File::create(&file).unwrap().set_len((mib << 20) + 1).unwrap();
        check(&format!("it has more than {mib} MiB; give it in parts, if it is the right one"));
        fs::create_dir(&file).unwrap();
        check("it is a directory; name a file in it");
        fs::remove_dir(&file).unwrap();
    }
}

#[test]
fn a_template_is_cleaned_as_all_else_and_its_names_are_filled_once() {
    let folder = folder();
    let export = |template: String| {
        fs::write(folder.path().join("in"), template).unwrap();
        let done = lection(folder.path(), READERS[2].0);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let out = export(format!("head{HOSTILE}\n%%\n\t{HOSTILE}{{note}}{{no}}{{{{id}}\n"));
    assert!(lection::text::clean::is_clean(&out) && !out.contains(HOSTILE) && !out.contains('\u{e0041}'), "{out:?}");
    assert!(out.starts_with("head") && out.contains("a {note}{no}{") && out.contains('\t'), "{out:?}");
    // A small template makes no gigabytes.
    fs::write(folder.path().join("in"), format!("%%\n{}\n", "{note}{data}".repeat(80_000))).unwrap();
    assert!(refused(folder.path(), READERS[2].0).ends_with("the template makes more than 16 MiB of one mark"));
    // A long line of names takes no longer than its words.
    assert_eq!(export(format!("%%\n{}\n", "{note}".repeat(100_000))).matches("a {note}").count(), 100_000);
}

#[test]
fn tags_in_the_name_of_a_file_are_written_by_their_numbers() {
    let folder = folder();
    let name = "a\u{e0041}\u{1b}b.md";
    fs::rename(folder.path().join("book.md"), folder.path().join(name)).unwrap();
    for arguments in [
        &["marks", name, "--json"][..],
        &["marks", "--json"],
        &["marks", name, "--markdown"],
        &["marks", "export", name, "--format", "jsonl"],
        &["marks", "export", name, "--format", "w3c"],
        &["grep", "late", name, "--json"],
        &["shelf", "--json"],
    ] {
        let done = lection(folder.path(), arguments);
        let out = String::from_utf8(done.stdout).unwrap();
        assert!(!out.contains(['\u{e0041}', '\u{1b}']), "{arguments:?} {out:?}");
        assert!(out.contains("hill") || out.contains("One") || arguments[0] == "shelf", "{arguments:?} {out:?}");
    }
}

/// The files under a folder that have an ending.
fn files(folder: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_pipe_or_a_link_in_place_of_the_own_files_is_neither_waited_for_nor_followed() {
    let folder = folder();
    let log = files(&folder.path().join("home/marks"), ".jsonl").pop().unwrap();
    fs::remove_file(&log).unwrap();
    let add = || lection(folder.path(), &["marks", "add", "book.md", "--at", "0%", "--note", "again"]);
    let outside = folder.path().join("outside");
    std::os::unix::fs::symlink(&outside, &log).unwrap();
    assert_eq!((add().status.code(), outside.exists()), (Some(2), false));
    fs::remove_file(&log).unwrap();
    fifo(&log);
    assert_eq!(add().status.code(), Some(2));
    fs::remove_file(&log).unwrap();
    assert_eq!(add().status.code(), Some(0));
    for (own, code) in [("device", 0), ("marks.lock", 2)] {
        let path = files(folder.path(), own).pop().unwrap();
        fs::remove_file(&path).unwrap();
        fifo(&path);
        assert_eq!(add().status.code(), Some(code), "{own}");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(&outside, &path).unwrap();
        add();
        assert!(!outside.exists(), "{own}");
        fs::remove_file(&path).unwrap();
    }
}

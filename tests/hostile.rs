//! Whatever a document, a name or an argument holds, no byte of it reaches the terminal as a
//! command: every way out of the program, over documents that attack in every place.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice)]

mod common;
#[allow(dead_code, unused_imports, reason = "the targets are for another test")]
#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::pty::Program;
use fuzz::hostile::{POISON, around, brew, documents};
use lection::text::clean::is_clean;

/// A folder with the documents, and a reader's own state.
struct Place {
    folder: tempfile::TempDir,
    files: Vec<PathBuf>,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for document in documents() {
            let path = folder.path().join(document.name);
            std::fs::write(&path, document.bytes).unwrap();
            files.push(path);
        }
        // Names are documents too: the worst that a file system takes.
        let name = brew().replace(['/', '\0'], "_").chars().take(70).collect::<String>() + "\n\u{202E}gpj.txt";
        let path = folder.path().join(name);
        std::fs::write(&path, "CHAPTER I\n\nwords “said” Anna\n").unwrap();
        files.push(path);
        Place { folder, files }
    }

    fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Output {
        let state = self.folder.path().join("state");
        let mut command = Command::new(env!("CARGO_BIN_EXE_lection"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LECTION_CONFIG_DIR", state)
            .env("HOME", "/nowhere");
        command.output().unwrap()
    }

    /// Runs a command; what it says on either way out must be clean text, and trouble one
    /// sentence.
    #[track_caller]
    fn check<S: AsRef<OsStr> + std::fmt::Debug>(&self, arguments: &[S]) -> String {
        let output = self.run(arguments);
        let (out, err) = (text(output.stdout), text(output.stderr));
        assert!(matches!(output.status.code(), Some(0..=2)), "{arguments:?} ended with {:?}: {err}", output.status);
        assert!(is_clean(&out), "{arguments:?} prints {:?}", bad(&out));
        assert!(is_clean(&err), "{arguments:?} complains with {:?}", bad(&err));
        if output.status.code() == Some(2) {
            assert!(err.starts_with("lection: ") && err.lines().count() == 1, "{arguments:?}: {err}");
        }
        out
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("what is printed is UTF-8")
}

/// The first line that must not be shown.
fn bad(text: &str) -> &str {
    text.lines().find(|line| !is_clean(line)).unwrap_or(text)
}

#[test]
fn the_text_is_shown_and_the_poison_is_not() {
    let place = Place::new();
    for file in &place.files {
        let out = place.check(&[OsStr::new("cat"), file.as_os_str()]);
        place.check(&[OsStr::new("cat"), OsStr::new("--width"), OsStr::new("30"), file.as_os_str()]);
        if out.contains("before0x") {
            // All of it, in the order of the document: nothing of the poison takes a word with it
            // or moves one.
            let mut rest = out.as_str();
            for number in 0..POISON.len() {
                let (before, after) = around(number);
                for word in [before, after] {
                    let at = rest.find(&word).unwrap_or_else(|| panic!("{}: no {word} in its place", file.display()));
                    rest = &rest[at + word.len()..];
                }
            }
        }
    }
}

#[test]
fn what_is_found_in_a_document_is_clean() {
    let place = Place::new();
    for file in &place.files {
        for words in [
            &["toc"][..],
            &["toc", "--json"],
            &["quotes"],
            &["quotes", "--json", "--all"],
            &["quotes", "--speaker", "Anna"],
            &["info"],
            &["info", "--json"],
            &["grep", "before"],
            &["grep", "--json", "anna"],
            &["--at", "search:before3x", "cat"],
            &["--at", "40%", "render", "--size", "70x20"],
            &["render", "--size", "90x24", "--keys", "tab j j enter"],
            &["render", "--size", "40x9", "--keys", "/ b e f o r e enter n n m a '"],
            &["--at", "search:said", "marks", "add", "--note", &brew().replace('\0', "")],
            &["marks"],
            &["marks", "--json"],
            &["marks", "export"],
            &["marks", "export", "--format", "jsonl"],
            &["marks", "export", "--format", "w3c"],
        ] {
            let mut arguments: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
            arguments.push(file.as_os_str());
            place.check(&arguments);
        }
    }
    for words in [&["shelf"][..], &["shelf", "--json"], &["render", "--keys", "tab", "text.txt"]] {
        place.check(words);
    }
    assert!(!place.folder.path().join("owned").exists());
}

#[test]
fn what_is_typed_comes_back_clean() {
    let place = Place::new();
    let words = brew().replace('\0', "");
    for arguments in [
        &["cat", &words][..],
        &[&words],
        &["--encoding", &words, "cat", "text.txt"],
        &["--format", &words, "cat", "text.txt"],
        &["--at", &words, "cat", "text.txt"],
        &["--at", &format!("toc:{words}"), "cat", "text.txt"],
        &["--at", &format!("search:{words}"), "cat", "text.txt"],
        &["cat", "--chapter", &words, "text.txt"],
        &["grep", &words, "text.txt"],
        &["grep", "x", &words],
        &["quotes", "--speaker", &words, "book.epub"],
        &["render", "--size", &words, "text.txt"],
        &["render", "--keys", &words, "text.txt"],
        &["--theme", &words, "text.txt"],
        &["--config", &words, "cat", "text.txt"],
        &["--width", &words, "cat", "text.txt"],
        &["marks", "add", &words],
        &["completions", &words],
        &[&format!("--{words}")],
    ] {
        place.check(arguments);
    }
}

#[test]
fn settings_and_marks_of_others_are_clean() {
    let place = Place::new();
    let state = place.folder.path().join("state");
    std::fs::create_dir_all(&state).unwrap();
    let words = brew();
    let mut quoted = String::new();
    for c in words.chars() {
        let _ = write!(quoted, "\\U{:08X}", u32::from(c));
    }
    for settings in [words.clone(), format!("theme = \"{quoted}\"\n\"{quoted}\" = 1\n")] {
        std::fs::write(state.join("config.toml"), &settings).unwrap();
        place.check(&["cat", "text.txt"]);
        place.check(&["--config", "state/config.toml", "render", "text.txt"]);
        place.check(&["info", "text.txt"]);
    }
    // A log as another device, or an attacker who can write to the synced folder, may leave it.
    std::fs::remove_file(state.join("config.toml")).unwrap();
    place.check(&["--at", "0/0:0", "marks", "add", "text.txt"]);
    let marks = state.join("marks");
    let device = std::fs::read_dir(&marks).unwrap().next().unwrap().unwrap().path();
    let log = std::fs::read_dir(&device).unwrap().next().unwrap().unwrap().path();
    let other = marks.join("other");
    std::fs::create_dir_all(&other).unwrap();
    let mut lines = Vec::new();
    for body in [
        serde_json::json!({ "note": words, "name": words, "anchor": { "start": "0/0:0", "words": words, "before": words } }),
        serde_json::json!({ "title": words, "authors": [words], "path": words }),
    ] {
        let kind = if body.get("note").is_some() { ("N1", "note") } else { ("book", "book") };
        let line = serde_json::json!({
            "v": 1, "id": kind.0, "op": "set", "kind": kind.1, "t": "018bcfe56800-0000-other", "dev": "other",
            "body": body,
        });
        let json = serde_json::to_string(&line).unwrap();
        let sum = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(json.as_bytes());
        lines.push(format!("{json} {sum:08x}\n"));
    }
    std::fs::write(other.join(log.file_name().unwrap()), lines.concat() + &words).unwrap();
    for arguments in [&["marks", "text.txt"][..], &["marks", "--json", "text.txt"], &["shelf"], &["shelf", "--json"]] {
        place.check(arguments);
    }
    assert!(place.check(&["marks", "text.txt"]).contains("bank"), "the other device's note is listed");
    place.check(&["render", "--keys", "M j enter", "text.txt"]);
}

/// Sequences that the program writes itself: colours and places, modes, and nothing that a
/// terminal would keep, answer or open.
fn is_own(sequence: &[u8]) -> bool {
    let (first, last) = (sequence.first(), sequence.last());
    let is_csi = first == Some(&b'[') && last.is_some_and(|end| b"ABCDHJKLMPSTXcdhlmqru@bn".contains(end));
    is_csi || matches!(sequence, [b'7' | b'8' | b'=' | b'>'])
}

/// What is left of raw output once the program's own sequences are taken out.
fn without_own(raw: &[u8]) -> String {
    let mut out = Vec::new();
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != 0x1B {
            out.push(byte);
            continue;
        }
        let end = match after.first() {
            Some(b'[') => after.iter().skip(1).position(|b| (0x40..=0x7E).contains(b)).map_or(after.len(), |i| i + 2),
            _ => 1,
        };
        let sequence = &after[..end.min(after.len())];
        assert!(is_own(sequence), "{:?} was written", String::from_utf8_lossy(&after[..after.len().min(40)]));
        rest = &after[sequence.len()..];
    }
    String::from_utf8(out).expect("what is painted is UTF-8")
}

#[test]
fn the_terminal_gets_nothing_but_the_programs_own_sequences() {
    let place = Place::new();
    for file in &place.files {
        if file.to_str().is_some_and(|name| name.contains('\n')) {
            continue;
        }
        let mut session = Program::lection().arg(file).size(100, 30).start();
        session.wait_for("a page", |screen| screen.alternate_screen() && !screen.contents().trim().is_empty());
        session.send("<Tab>jj<Enter>/after5x<Enter>nmaM<Enter>G?qqqqq");
        assert_eq!(session.wait_exit(), 0);
        session.assert_restored();
        let left = without_own(session.raw());
        let odd = left.chars().find(|c| !matches!(c, '\r' | '\n' | '\x08') && !is_clean(c.encode_utf8(&mut [0; 4])));
        assert_eq!(odd, None, "{}", file.display());
    }
}

#[test]
fn no_word_of_the_poison_is_a_path() {
    let place = Place::new();
    assert!(Path::new(&place.folder.path().join("book.epub")).exists());
    for file in &place.files {
        place.check(&[OsStr::new("cat"), file.as_os_str()]);
    }
    let names: Vec<_> = std::fs::read_dir(place.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), place.files.len(), "a command without marks writes nothing: {names:?}");
}

/// Addresses in every place that a browser would fetch something from.
const REMOTE: &str = "<!DOCTYPE html><html><head><title>t</title><base href='http://127.0.0.1:9/'>\
     <meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><link rel=stylesheet href=//127.0.0.1:9/a.css>\
     <style>@import 'http://127.0.0.1:9/b.css';</style><script src='http://127.0.0.1:9/c.js'></script></head>\
     <body background='http://127.0.0.1:9/d.png'><p>words <img src='http://127.0.0.1:9/e.png'></p>\
     <iframe src='http://127.0.0.1:9/f'></iframe><a href='http://127.0.0.1:9/' ping='http://127.0.0.1:9/g'>link</a>";

/// What the system's calls say: the run is watched from outside. `LECTION_STRACE`, which `.ci/run`
/// sets, makes it a failure that there is no `strace`; without it only the calls that the program
/// is linked to are looked at (`tests/dependencies.rs`).
#[cfg(target_os = "linux")]
#[test]
fn no_document_opens_a_connection() {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).output().is_ok_and(|o| o.status.success());
    if !works {
        assert!(std::env::var_os("LECTION_STRACE").is_none(), "strace is wanted, and does not run");
        eprintln!("no strace here: nothing was looked at");
        return;
    }
    let place = Place::new();
    let remote = place.folder.path().join("remote.html");
    std::fs::write(&remote, REMOTE).unwrap();
    let log = place.folder.path().join("calls");
    let traced = || {
        let traced = Program::at("strace").arg("-f").arg("-o").arg(&log).arg("-e").arg("trace=%network");
        traced.arg(env!("CARGO_BIN_EXE_lection"))
    };
    let mut calls = 0;
    let mut look = || {
        for line in std::fs::read_to_string(&log).unwrap().lines() {
            let call = line.split_whitespace().nth(1).unwrap_or_default();
            if call.starts_with(|c: char| c.is_ascii_lowercase()) {
                let is_inside = call.starts_with("socketpair(AF_UNIX") || !call.contains("sock");
                assert!(is_inside && !["conn", "bind", "list", "acce"].contains(&&call[..4]), "{line}");
                calls += 1;
            }
        }
    };
    for file in [&remote].into_iter().chain(&place.files) {
        let output = traced().arg("info").arg(file).output();
        assert!(output.status.code().is_some(), "{output:?}");
        look();
    }
    for file in [&remote, &place.folder.path().join("book.epub")] {
        let mut session = traced().arg(file).size(100, 30).start();
        session.wait_for("a page", |screen| screen.alternate_screen() && !screen.contents().trim().is_empty());
        session.send("<Tab>jj<Enter>nmaM<Enter>Gqqqqq");
        assert_eq!(session.wait_exit(), 0);
        look();
    }
    assert!(calls > 0, "the calls within the program were not seen");
}

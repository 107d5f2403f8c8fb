//! Rough places: sizes, limits, locales, names, pipes, noise, and files that change under the
//! reader. Longer runs by `LECTION_SOAK=1`.

#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::dice::Dice;
use common::pty::{Program, Session};
use common::stream::Stream;

fn is_soak() -> bool {
    std::env::var_os("LECTION_SOAK").is_some()
}

fn made(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

/// A shell that runs a line in which `$1` is the program and `$2` the document.
fn shell(line: &str, document: &Path) -> Program {
    Program::at("/bin/sh").arg("-c").arg(line).arg("sh").arg(env!("CARGO_BIN_EXE_lection")).arg(document)
}

#[track_caller]
fn quit(session: &mut Session) {
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
    let raw = session.take_raw();
    let mut stream = Stream::new();
    assert_eq!(stream.feed(&raw), Ok(()));
    assert!(stream.is_whole());
}

#[test]
fn a_storm_of_sizes_keeps_the_place_to_the_word() {
    let (_folder, path) = made("book.txt", &common::paragraphs(2000));
    let mut session = Program::lection().arg(&path).start();
    session.wait_text("Paragraph 0 ");
    session.send("/paragraph 1234<Enter>");
    session.wait_text("Paragraph 1234 ");
    session.send("3j");
    settled(&mut session);
    let mut dice = Dice::new(6);
    // Without the head, which names the chapter as soon as that is known.
    let text = |screen: &vt100::Screen| screen.contents().lines().skip(1).take(21).collect::<Vec<_>>().join("\n");
    let foot = |screen: &vt100::Screen, row: usize| screen.rows(0, 80).nth(row).is_some_and(|row| row.contains('%'));
    // A size of its own first, as the storm has them: the page is then laid out from its place.
    session.resize(79, 23);
    session.wait_for("a page of 23 rows", |screen| foot(screen, 22) && !foot(screen, 23));
    session.resize(80, 24);
    session.wait_for("a page of 24 rows", |screen| foot(screen, 23));
    let before = text(session.screen());
    for n in 0..1000 {
        let (columns, rows) = match dice.below(8) {
            0 => (1, 1),
            1 => (2, 500),
            2 => (10_000, 1),
            3 => (u16::MAX, u16::MAX),
            _ => (1 + dice.below(250) as u16, 1 + dice.below(80) as u16),
        };
        session.resize_system(columns, rows);
        // Now and then the program has the time to draw the size it finds.
        if n % 10 == 0 {
            session.pump(Duration::from_millis(20));
        }
    }
    // Frames of the storm may still be on their way; the last one is the page as it was.
    session.resize(80, 24);
    session.wait_for(&format!("the page\n{before}\n"), |screen| text(screen) == before);
    quit(&mut session);
}

#[test]
fn without_a_terminal_the_text_is_printed() {
    let (_folder, path) = made("book.md", "# Title\n\nfirst words\n");
    for line in [
        "\"$1\" \"$2\"",
        "setsid -w \"$1\" \"$2\" < /dev/null",
        "setsid -w \"$1\" - < \"$2\"",
        "cat \"$2\" | setsid -w \"$1\"",
    ] {
        let output = shell(line, &path).output();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("first words"), "{line}: {output:?}");
    }
}

#[test]
fn a_document_from_a_pipe_needs_no_more_than_a_screen_to_end() {
    let (_folder, path) = made("book.txt", &common::paragraphs(5000));
    for line in
        ["\"$1\" cat \"$2\" | head -n 1", "\"$1\" \"$2\" | head -n 1", "\"$1\" grep paragraph \"$2\" | head -n 1"]
    {
        let output = shell(line, &path).output();
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{line}: {output:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let (_folder, path) = made("book.txt", &common::paragraphs(50));
    for line in [
        "\"$1\" cat \"$2\" > /dev/full",
        "\"$1\" toc --json \"$2\" > /dev/full; \"$1\" grep paragraph \"$2\" > /dev/full",
    ] {
        let output = shell(line, &path).output();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line}: {output:?}");
        assert!(said.starts_with("lection: ") && said.contains("No space left"), "{line}: {said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_cut_while_it_is_printed_is_named_with_the_part() {
    let (_folder, path) = made("book.txt", &common::paragraphs(40_000));
    // The first line is printed before the file is cut; more than a pipe holds comes after it.
    let line = "\"$1\" cat \"$2\" 2> \"$2.said\" | { read -r line; : > \"$2\"; cat > /dev/null; }; cat \"$2.said\"";
    let output = shell(line, &path).output();
    let said = String::from_utf8_lossy(&output.stdout);
    let begins = format!("lection: cannot print '{}': part ", path.display());
    assert!(said.starts_with(&begins), "{output:?}");
    assert!(said.ends_with(" cannot be read: the file changed on disk; try again\n"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn limits_of_the_system_end_in_a_page_or_a_sentence() {
    let (_folder, path) = made("book.md", &common::SAMPLE.repeat(200));
    for limit in ["-n 16", "-s 1024", "-v 4000000"] {
        let mut session = shell(&format!("ulimit {limit}; exec \"$1\" \"$2\""), &path).start();
        session.wait_text("The Sample");
        session.send("G");
        session.wait_text("The end.");
        quit(&mut session);
    }
    // Less than can be enough: still no abort, and no silence.
    for limit in ["-n 5", "-v 60000", "-v 120000"] {
        let output = shell(&format!("ulimit {limit}; \"$1\" cat \"$2\""), &path).output();
        let said = String::from_utf8_lossy(&output.stderr);
        let is_told = output.status.success() || (output.status.code().is_some() && !said.is_empty());
        assert!(is_told && !said.contains("panicked"), "{limit}: {:?} {said}", output.status);
    }
}

#[test]
fn every_environment_shows_the_page() {
    let (_folder, path) = made("book.md", common::SAMPLE);
    for (name, value) in [
        ("LANG", "C"),
        ("LC_ALL", "POSIX"),
        ("LANG", ""),
        ("TERM", "dumb"),
        ("TERM", ""),
        ("TERM", "no-such-terminal"),
        ("NO_COLOR", "1"),
        ("COLUMNS", "7"),
        ("HOME", "/nowhere"),
    ] {
        let mut session = Program::lection().arg(&path).env(name, value).start();
        session.wait_text("A first paragraph");
        session.send("c");
        let raw = String::from_utf8_lossy(session.raw()).into_owned();
        let has_colour = raw.contains("38;2;") || raw.contains("38;5;") || raw.contains("48;2;");
        let is_plain = name == "NO_COLOR" || value == "dumb";
        assert!(!(is_plain && has_colour), "{name}={value}: {}", raw.escape_debug());
        quit(&mut session);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_opened_by_their_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let line = "f=$(printf '%s/b\\377\\033]0;x\\007k.md' \"$2\"); printf '# Odd\\n\\nfirst words\\n' > \"$f\"; exec \"$1\" \"$f\"";
    let mut session = shell(line, folder.path()).start();
    session.wait_text("first words");
    quit(&mut session);
    let line = line.replace("exec \"$1\" \"$f\"", "rm \"$f\"; exec \"$1\" \"$f\"");
    let mut session = shell(&line, folder.path()).start();
    assert_eq!(session.wait_exit(), 2);
    assert!(session.screen_text().contains("lection: cannot open"));
    assert_eq!(Stream::new().feed(&session.take_raw()), Ok(()));
}

#[test]
fn keys_in_pieces_are_the_keys() {
    let (_folder, path) = made("book.txt", &common::paragraphs(400));
    let mut session = Program::lection().arg(&path).start();
    session.wait_text("Paragraph 0 ");
    // Two down and one up, eight times, in pieces. An escape by itself is a key of its own, so
    // that what begins with one is cut behind its second byte at the earliest.
    let mut dice = Dice::new(1);
    for _ in 0..8 {
        for key in ["\x1b[B", "\x1b[B", "\x1b[A"] {
            let cut = 2 + dice.below(2);
            let (start, end) = key.as_bytes().split_at(cut);
            session.send_bytes(start);
            session.pump(Duration::from_millis(5));
            session.send_bytes(end);
        }
    }
    let pieces = settled(&mut session);
    session.send("g8j");
    assert_eq!(settled(&mut session), pieces);
    quit(&mut session);
}

/// The page when all keys before are done, without its foot, which also says how far the passes
/// over the whole have come.
fn settled(session: &mut Session) -> String {
    session.send("=");
    session.wait_text("usual width");
    session.send("<Esc>");
    session.wait_gone("usual width");
    session.screen_text().lines().take(22).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_huge_paste_and_a_flood_of_the_mouse() {
    let (_folder, path) = made("book.txt", &common::paragraphs(400));
    let mut session = Program::lection().arg(&path).start();
    session.wait_text("Paragraph 0 ");
    let size = if is_soak() { 10 << 20 } else { 1 << 20 };
    let text = "many words, \u{1b}[31m no command\r\n".repeat(size / 30);
    let pasted = [b"\x1b[200~", text.as_bytes(), b"\x1b[201~"].concat();
    // Nothing is open that takes it, then a prompt is.
    session.send_bytes(&pasted);
    session.send("/");
    session.send_bytes(&pasted);
    session.send("<Enter>");
    session.wait_text("Not found");
    session.send_bytes("\x1b[<65;3;4M".repeat(20_000).as_bytes());
    session.send_bytes("\x1b[<64;3;4M".repeat(20_000).as_bytes());
    session.send("g");
    session.wait_text("Paragraph 0 ");
    quit(&mut session);
}

/// A text in which every line says what it is: its version, its number, and both again at its end.
fn version(version: usize, lines: usize) -> String {
    let mut text = String::new();
    for line in 0..lines {
        write!(text, "version {version} line {line} of words and words to fill, end {version} {line}\n\n").unwrap();
    }
    text
}

/// Whether each line of a page is one line of one version.
fn is_whole(screen: &vt100::Screen) -> bool {
    screen.contents().lines().map(str::trim).filter(|line| line.starts_with("version ")).all(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let end = words.len().saturating_sub(2);
        line.contains(" end ") && words.get(1) == words.get(end) && words.get(3) == words.get(end + 1)
    })
}

#[test]
fn a_file_that_changes_under_the_reader() {
    let rounds = if is_soak() { 1000 } else { 40 };
    let (folder, path) = made("book.txt", &version(0, 40_000));
    let mut session = Program::lection().arg(&path).size(100, 30).start();
    session.wait_text("version 0 line 0 ");
    let mut dice = Dice::new(7);
    let (mut torn, mut stream) = (0, Stream::new());
    for round in 1..=rounds {
        let lines = 1 + dice.below(40_000);
        let size = fs::metadata(&path).map_or(0, |data| data.len());
        match dice.below(5) {
            0 => fs::File::options().write(true).open(&path).unwrap().set_len(dice.next() % (size + 1)).unwrap(),
            1 => fs::write(&path, version(round, lines)).unwrap(),
            2 => {
                let other = folder.path().join("other");
                fs::write(&other, version(round, lines)).unwrap();
                fs::rename(&other, &path).unwrap();
            }
            3 => fs::write(&path, "").unwrap(),
            _ => {
                fs::File::options().append(true).open(&path).unwrap().write_all(version(round, 50).as_bytes()).unwrap();
            }
        }
        let percent = format!("{}%", 1 + dice.below(99));
        for key in [percent.as_str(), "j", " ", "G", "b", "g", "r", "["] {
            if dice.one_in(2) {
                session.send(key);
            }
        }
        session.pump(Duration::from_millis(20));
        assert!(!session.has_ended(), "round {round}");
        torn += usize::from(!is_whole(session.screen()));
        assert_eq!(stream.feed(&session.take_raw()), Ok(()), "round {round}");
    }
    eprintln!("{rounds} rounds, {torn} with a line that is not of the file");
    fs::write(&path, version(rounds + 1, 40_000)).unwrap();
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
    assert_eq!(stream.feed(&session.take_raw()), Ok(()));
    assert!(stream.is_whole());
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_for_which_there_is_no_room_is_not_printed_in_part() {
    let (_folder, path) = made("book.txt", &common::paragraphs(2000));
    // No file may be longer than 100 KiB: what comes is kept in one.
    let line = "ulimit -f 100; trap '' XFSZ; cat \"$2\" | \"$1\" cat - 2>&1; echo $?";
    let output = shell(line, &path).output();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with("lection: cannot print standard input: it cannot be read to its end: "), "{said}");
    assert!(said.ends_with("\n2\n") && said.lines().count() == 2, "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_that_the_shell_opened_is_read_as_it_comes() {
    let (folder, path) = made("book.txt", "It was late on the hill.\n");
    let output = shell("cat \"$2\" | \"$1\" cat /dev/fd/0; echo $?", &path).output();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "It was late on the hill.\n0\n");
    let mut session = shell("cat \"$2\" | \"$1\" /dev/fd/0", &path).start();
    session.wait_text("It was late on the hill.");
    session.wait_text("a pipe");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    // A pipe with a name may never begin.
    let pipe = folder.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    let output = shell("\"$1\" cat \"$2\" 2>&1; echo $?", &pipe).output();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("it is a pipe") && said.ends_with("\n2\n"), "{said}");
}

//! The built program in a pseudo-terminal, as a reader uses it: open, read, jump, mark, quit,
//! come back.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::format_push_string)]

mod common;

use std::path::{Path, PathBuf};

use common::pty::{Program, Session};
use rustix::process::Signal;

/// A document to read, and a chapter in it to go to.
struct Book<'a> {
    path: PathBuf,
    /// Words on its first page.
    first: &'a str,
    /// Words of a chapter's title, as they are typed to find it.
    chapter: &'a str,
    /// What the page shows there.
    there: &'a str,
    /// Words of a quotation that the list shows; empty where the document has none.
    quotation: &'a str,
}

fn start(path: &Path, home: &Path) -> Session {
    Program::lection().arg(path).size(100, 30).home(home).start()
}

/// Whether the screen has every long line of a page.
fn shows(screen: &vt100::Screen, page: &str) -> bool {
    let text = screen.contents();
    let mut lines = page.lines().map(|l| l.trim_start_matches([' ', '▎']).trim_end()).filter(|l| l.len() > 20);
    lines.all(|line| text.contains(line))
}

/// The text of the page, without head and foot.
fn page(session: &mut Session) -> String {
    let text = session.screen_text();
    text.lines().skip(2).take(26).collect::<Vec<_>>().join("\n")
}

/// Reads a book as a reader does: a page, the contents, a chapter, the quotations, a bookmark;
/// then quits and comes back to the same page with the bookmark there.
#[track_caller]
fn read(book: &Book<'_>) {
    let home = tempfile::tempdir().unwrap();
    let mut session = start(&book.path, home.path());
    session.wait_text(book.first);
    let first = page(&mut session);
    session.send("<Space>");
    session.wait_for("another page", |screen| !shows(screen, &first));
    session.send("g");
    session.wait_for("the first page", |screen| shows(screen, &first));
    session.send("<Tab>");
    session.wait_text("Contents");
    session.send(&format!("/{}<Enter>", book.chapter));
    session.wait_text("with “");
    session.send("<Enter>");
    session.wait_text(book.there);
    // The list takes room from the text here, and is closed. An escape key before the next one could
    // be read as one key with it.
    session.wait_gone("Contents");
    if !book.quotation.is_empty() {
        session.send("Q");
        session.wait_text("Quotes");
        session.send(&format!("/{}<Enter>", book.quotation.to_lowercase()));
        session.wait_text(book.quotation);
        session.send("q");
        session.wait_gone("Quotes ");
    }
    session.send("2j");
    session.send("M");
    session.wait_text("Marked");
    session.send("<Esc>");
    session.wait_gone("Marked");
    let left = page(&mut session);
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();

    let mut session = start(&book.path, home.path());
    session.wait_for("the page that was left, with its mark", |screen| {
        screen.contents().contains('▎') && shows(screen, &left)
    });
    session.send("B");
    session.wait_text("Marks");
    session.send("q");
    session.wait_gone("Marks");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

fn made(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn a_markdown_book() {
    let (_folder, path) = made("book.md", include_str!("../assets/october-1917.md"));
    read(&Book { path, first: "locomotives", chapter: "soviets", there: "Nobody had", quotation: "In the struggle" });
}

#[test]
fn a_plain_text() {
    let mut text = String::from("A SMALL BOOK\n\n\n");
    for (number, roman) in ["I", "II", "III", "IV", "V", "VI"].iter().enumerate() {
        text.push_str(&format!("CHAPTER {roman}\n\n\nHere begins the part called {number}. "));
        text.push_str(&"It goes on for some lines, and has words in it.\n".repeat(30));
        text.push_str("\n\n\n");
    }
    let (_folder, path) = made("book.txt", &text);
    read(&Book { path, first: "A SMALL BOOK", chapter: "chapter iv", there: "part called 3", quotation: "" });
}

#[test]
fn real_books() {
    let Some(corpus) = common::corpus() else { return };
    let books = [
        ("txt/melville-moby-dick.txt", "MOBY-DICK;", "pequod meets the rachel", "large ship, the Rachel", "Hast seen"),
        (
            "epub/se-h-g-wells_the-time-machine.epub",
            "The Time Machine",
            "epilogue",
            "One cannot choose but wonder",
            "You must follow",
        ),
        ("html/stoker-dracula.htm", "Dracula", "chapter xxvii", "MINA HARKER", "Welcome to"),
        (
            "md/rust-book/ch04-01-what-is-ownership.md",
            "What Is Ownership?",
            "ownership rules",
            "Each value in Rust has an owner",
            "",
        ),
    ];
    for (path, first, chapter, there, quotation) in books {
        read(&Book { path: corpus.join(path), first, chapter, there, quotation });
    }
}

#[test]
fn the_speech_without_headings() {
    let Some(corpus) = common::corpus() else { return };
    let home = tempfile::tempdir().unwrap();
    let mut session = start(&corpus.join("txt/seed-speech.txt"), home.path());
    session.wait_text("Karl Marx");
    session.send("40%");
    session.wait_text("40 %");
    session.send("Q");
    session.wait_text("Lenin");
    session.send("q");
    session.wait_gone("Quotes ");
    session.send("mx");
    session.wait_text("as x");
    session.send("g");
    session.wait_text("Karl Marx");
    session.send("'x");
    session.wait_text("40 %");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    let mut session = start(&corpus.join("txt/seed-speech.txt"), home.path());
    session.wait_text("40 %");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn without_a_file_the_bundled_book_opens_then_the_last_one() {
    let home = tempfile::tempdir().unwrap();
    let mut session = Program::lection().home(home.path()).start();
    session.wait_text("A hundred years on");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    let (_folder, path) = made("later.md", "# The later one\n\nText.\n");
    let mut session = Program::lection().arg(&path).home(home.path()).start();
    session.wait_text("The later one");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    let open = || Program::lection().home(home.path()).start();
    let mut session = open();
    session.wait_text("The later one");
    assert!(!session.screen_text().contains("not there"));
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    // Where it is gone, that is said.
    std::fs::remove_file(&path).unwrap();
    let mut session = open();
    session.wait_text("A hundred years on");
    session.wait_text("later.md', read last, is not there any more");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn an_encoding_that_was_given_is_remembered() {
    let (folder, path) = made("evening.txt", "");
    std::fs::write(&path, encoding_rs::X_MAC_CYRILLIC.encode("Был тихий вечер.\n\n").0.repeat(20)).unwrap();
    for (given, words) in [
        (None, "Ѓыл"),
        (Some("x-mac-cyrillic"), "Был тихий вечер."),
        (None, "Был тихий вечер."),
        (Some("auto"), "Ѓыл"),
        (None, "Ѓыл"),
    ] {
        let mut program = Program::lection().arg(&path).size(100, 30).home(folder.path());
        for argument in given.iter().flat_map(|name| ["--encoding", name]) {
            program = program.arg(argument);
        }
        let mut session = program.start();
        session.wait_text(words);
        session.send("q");
        assert_eq!(session.wait_exit(), 0);
    }
}

#[test]
fn a_pipe_is_read_and_keys_come_from_the_terminal() {
    let mut session = Program::lection().piped("# Piped\n\nfirst words\n\n## Further\n\nlast words\n").start();
    session.wait_text("first words");
    session.send("?");
    session.wait_text("line down");
    session.send("qq");
    assert_eq!(session.wait_exit(), 0);
}

/// What git asks of its pager.
#[test]
fn a_text_that_one_screen_has_room_for_is_printed_where_that_is_asked_for() {
    for (text, is_read) in [("one\ntwo words\n", false), (&"two words\n".repeat(60), true), ("", false)] {
        let mut session = Program::lection().arg("-F").piped(text).start();
        if !text.is_empty() {
            session.wait_text("two words");
        }
        if is_read {
            session.send("q");
        }
        assert_eq!(session.wait_exit(), 0);
        let raw = String::from_utf8_lossy(session.raw()).into_owned();
        assert_eq!(raw.contains("\x1b[?1049h"), is_read, "{}", raw.escape_debug());
        assert!(is_read || text.is_empty() || session.screen_text().contains("two words"));
    }
}

#[test]
fn words_that_are_not_there_are_no_reason_not_to_read() {
    let (_folder, path) = made("book.txt", &common::paragraphs(9));
    for (place, said) in [("+/nowhere", "'nowhere' does not stand"), ("--at=toc:None", "no chapter is called 'None'")] {
        let mut session = Program::lection().arg(place).arg(&path).start();
        session.wait_text(said);
        session.wait_text("Paragraph 0 ");
        session.send("q");
        assert_eq!(session.wait_exit(), 0);
    }
}

#[test]
fn searching_goes_to_the_match_and_back() {
    let (_folder, path) = made("book.txt", &common::paragraphs(400));
    let mut session = Program::lection().arg(&path).start();
    session.wait_text("Paragraph 0 ");
    session.send("/paragraph 321<Enter>");
    session.wait_text("Paragraph 321 ");
    session.send("''");
    session.wait_text("Paragraph 0 ");
    session.send("/no such words<Enter>");
    session.wait_text("Not found");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn the_words_that_opened_a_document_are_looked_for_again() {
    let (_folder, path) = made("book.txt", &"A line of the book with a needle in it.\n\nAnother one.\n\n".repeat(60));
    let mut session = Program::lection().arg("+/needle").arg(&path).size(60, 12).start();
    session.wait_text("needle");
    session.send("n");
    session.wait_text("2 of 60");
}

#[test]
fn every_way_to_end_restores_the_terminal_and_keeps_the_place() {
    let (_folder, path) = made("book.txt", &common::paragraphs(400));
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)] {
        let home = tempfile::tempdir().unwrap();
        let mut session = start(&path, home.path());
        session.wait_text("Paragraph 0 ");
        session.send("50%");
        session.wait_text("50 %");
        session.signal(signal);
        assert_eq!(session.wait_exit(), code);
        session.assert_restored();
        let mut session = start(&path, home.path());
        session.wait_text("50 %");
        session.send("<C-c>");
        assert_eq!(session.wait_exit(), 0);
        session.assert_restored();
    }
}

/// The file that every writer locks stands for a disk that does not answer.
#[test]
fn a_disk_that_hangs_does_not_stop_the_keys() {
    let (_folder, path) = made("book.txt", &common::paragraphs(400));
    let home = tempfile::tempdir().unwrap();
    let mut session = start(&path, home.path());
    session.wait_text("Paragraph 0 ");
    session.send("ma");
    let lock = hold_the_lock(home.path());
    session.send("50%");
    session.wait_text("50 %");
    session.send("mb");
    session.send("g");
    session.wait_text("Paragraph 0 ");
    session.send("G");
    session.wait_text("100 %");
    drop(lock);
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    let is_log = |path: &PathBuf| path.extension().is_some_and(|end| end == "jsonl");
    let log = wait_for_file(home.path(), |path| is_log(path) && path.iter().any(|part| part == "marks"));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains(r#""name":"a""#) && log.contains(r#""name":"b""#), "{log}");
}

#[test]
fn a_program_killed_while_reading_has_its_place() {
    let (_folder, path) = made("book.txt", &common::paragraphs(400));
    let home = tempfile::tempdir().unwrap();
    let mut session = start(&path, home.path());
    session.wait_text("Paragraph 0 ");
    session.send("50%");
    session.wait_text("50 %");
    // Nothing more is done: the place is saved by itself, two seconds later at most.
    let has_place = |path: &PathBuf| std::fs::read_to_string(path).is_ok_and(|log| log.contains(r#""kind":"pos""#));
    wait_for_file(home.path(), has_place);
    session.signal(Signal::KILL);
    let mut session = start(&path, home.path());
    session.wait_text("50 %");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

/// Holds the lock of the marks, once a program has made it, until it is dropped.
fn hold_the_lock(home: &Path) -> std::fs::File {
    let lock = wait_for_file(home, |path| path.ends_with("marks.lock"));
    let lock = std::fs::File::options().append(true).open(lock).unwrap();
    lock.lock().unwrap();
    lock
}

/// Waits for a file below a folder.
fn wait_for_file(folder: &Path, is_it: impl Fn(&PathBuf) -> bool) -> PathBuf {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(50);
    while std::time::Instant::now() < deadline {
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if is_it(&path) {
                    return path;
                }
            }
        }
        std::thread::yield_now();
    }
    unreachable!("the file does not come")
}

#[test]
fn a_stop_gives_the_shell_back_and_going_on_shows_the_page() {
    let (_folder, path) = made("book.txt", &common::paragraphs(400));
    let mut session = Program::lection().arg(&path).start();
    session.wait_text("Paragraph 0 ");
    session.send("<C-z>");
    session.wait_stopped();
    session.assert_restored();
    session.resize(60, 20);
    session.signal(Signal::CONT);
    session.wait_text("Paragraph 0 ");
    session.assert_entered();
    session.send("j");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    let (_folder, path) = made("book.txt", &common::paragraphs(400));
    let mut session = Program::lection().arg(&path).start();
    session.wait_text("Paragraph 0 ");
    session.hang_up();
    assert_eq!(session.wait_exit(), 129);
}

#[test]
fn no_size_is_too_small() {
    let (_folder, path) = made("book.md", common::SAMPLE);
    let mut session = Program::lection().arg(&path).start();
    session.wait_text("The Sample");
    for (columns, rows) in [(1, 1), (2, 500), (500, 2), (10, 3), (3, 10), (80, 24)] {
        session.resize(columns, rows);
        session.send("jk");
    }
    session.wait_text("The Sample");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn what_cannot_be_opened_is_said_in_one_line() {
    for (name, bytes, words) in [
        ("picture.png", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "picture.png"),
        ("book.epub", &b"PK\x03\x04not really an archive"[..], "book.epub"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let mut session = Program::lection().arg(&path).size(200, 10).start();
        assert_eq!(session.wait_exit(), 2);
        let text = session.screen_text();
        assert!(text.contains("lection: cannot open") && text.contains(words), "{text}");
    }
    let mut session = Program::lection().arg("no-such-file.txt").size(200, 10).start();
    assert_eq!(session.wait_exit(), 2);
    assert!(session.screen_text().contains("no-such-file.txt"));
}

#[test]
fn marks_find_their_words_again_when_the_file_is_read_again() {
    let (folder, path) = made("book.txt", &common::paragraphs(200));
    let home = tempfile::tempdir().unwrap();
    let mut session = start(&path, home.path());
    session.wait_text("Paragraph 0 ");
    session.send("50%ma");
    session.wait_text("as a.");
    let marked = page(&mut session).lines().find(|line| line.contains("Paragraph")).unwrap().trim().to_owned();
    let marked = marked.trim_start_matches(['▎', ' ']).to_owned();
    // Another file takes its place, as editors save: much comes before what was there.
    let other = folder.path().join("other");
    std::fs::write(&other, format!("{}\n\n{}", "Something new. ".repeat(4000), common::paragraphs(200))).unwrap();
    std::fs::rename(&other, &path).unwrap();
    session.wait_text("changed on disk");
    session.send("r");
    session.wait_text("Read again");
    session.send("B");
    session.wait_text("moved");
    session.send("q");
    session.send("g");
    session.wait_text("Something new.");
    // Nothing but the mark leads to its words now.
    session.send("'a");
    session.wait_for("the marked words, with their mark", |screen| {
        let text = screen.contents();
        text.contains(&marked) && text.contains('▎')
    });
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    let list = Program::lection().arg("marks").arg("--json").arg(&path).home(home.path()).output();
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.lines().count() == 1 && list.contains(r#""status":"moved""#), "{list}");
}

#[test]
fn where_another_device_has_read_further_is_offered() {
    let (_folder, path) = made("book.txt", &common::paragraphs(200));
    let home = tempfile::tempdir().unwrap();
    let read = |first: &str, keys: &str, then: &str| {
        let mut session = start(&path, home.path());
        session.wait_text(first);
        session.send(keys);
        session.wait_text(then);
        let page = page(&mut session);
        session.send("q");
        assert_eq!(session.wait_exit(), 0);
        page
    };
    let there = read("Paragraph 0 ", "60%", "60 %");
    // The same marks on another machine.
    std::fs::remove_file(home.path().join("config/lection/state/device")).unwrap();
    read("60 %", "g", "Paragraph 0 ");
    let first = read("goes on at 60 %, where another device was 0 min ago", "<Enter>", "60 %  ·");
    assert_eq!(first, there);
    let mut session = start(&path, home.path());
    session.wait_for("the page, and no offer", |screen| shows(screen, &there) && !screen.contents().contains("device"));
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn what_is_copied_is_in_the_clipboard_of_the_terminal() {
    let (_folder, path) = made("book.txt", "Those words\n\nand others\n");
    let mut session = Program::lection().arg(&path).start();
    session.wait_text("Those words");
    session.take_raw();
    session.send("vee");
    session.send("y");
    session.wait_text("opied");
    let raw = String::from_utf8_lossy(&session.take_raw()).into_owned();
    // "Those words" in base 64, between the signs of OSC 52.
    assert!(raw.contains("\x1b]52;c;VGhvc2Ugd29yZHM=\x1b\\"), "{raw:?}");
    session.send("qq");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn a_note_is_written_in_the_readers_own_editor() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = made("book.txt", "Those words\n\nand others\n");
    let home = tempfile::tempdir().unwrap();
    let editor = folder.path().join("own editor");
    std::fs::write(&editor, "#!/bin/sh\nstty -a > \"$0.modes\"\nprintf 'from the editor\\n' >> \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o700)).unwrap();
    let program = || Program::lection().arg(&path).home(home.path()).env("EDITOR", editor.to_str().unwrap());
    let mut session = program().start();
    session.wait_text("Those words");
    session.send("ve");
    session.send("a");
    session.send("begun here<C-e>");
    session.wait_text("The note is saved");
    session.assert_entered();
    // The terminal was the editor's meanwhile.
    let modes = std::fs::read_to_string(folder.path().join("own editor.modes")).unwrap();
    assert!(modes.contains(" icanon") && modes.contains(" echo "), "{modes}");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    let list = Program::lection().arg("marks").arg("--json").arg(&path).home(home.path()).output();
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains(r#""note":"begun here\nfrom the editor""#), "{list}");
    // What is too long for a note is not taken, and not lost.
    std::fs::write(&editor, "#!/bin/sh\nhead -c 1100000 /dev/zero | tr '\\0' x > \"$1\"\n").unwrap();
    let mut session = program().size(200, 24).env("XDG_RUNTIME_DIR", folder.path().to_str().unwrap()).start();
    session.wait_text("Those words");
    session.send("vea");
    session.send("kept here<C-e>");
    session.wait_text("More than 1024 KiB, so it was left in");
    let drafts = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    let mut drafts = drafts.filter(|entry| entry.file_name().to_string_lossy().starts_with("lection-note-"));
    assert_eq!(drafts.next().map(|entry| entry.metadata().unwrap().len()), Some(1_100_000));
    session.send("<C-s>");
    session.wait_text("The note is saved");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    // What an editor had saved before it was killed is not lost.
    std::fs::write(&editor, "#!/bin/sh\nprintf 'nearly done\n' > \"$1\"\nkill -9 $$\n").unwrap();
    let runtime = tempfile::tempdir().unwrap();
    let mut session = program().size(200, 24).env("XDG_RUNTIME_DIR", runtime.path().to_str().unwrap()).start();
    session.wait_text("Those words");
    session.send("vea");
    session.send("kept<C-e>");
    session.wait_text("what it saved is in");
    let draft = wait_for_file(runtime.path(), |_| true);
    assert_eq!(std::fs::read_to_string(draft).unwrap(), "nearly done\n");
    session.send("<C-s>");
    session.wait_text("The note is saved");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    // Nor is one that is still open when the program has to end.
    std::fs::write(&editor, "#!/bin/sh\nprintf 'half\n' > \"$1\"\necho opened\nread line\n").unwrap();
    let mut session = program().size(200, 24).env("XDG_RUNTIME_DIR", runtime.path().to_str().unwrap()).start();
    session.wait_text("Those words");
    session.send("vea");
    session.send("kept<C-e>");
    session.wait_text("opened");
    session.signal(Signal::TERM);
    assert_eq!(session.wait_exit(), 143);
    let said = session.screen_text();
    assert!(said.contains("the note that was being edited is in"), "{said}");
    // An editor that is not there costs nothing but itself.
    let mut session = program().env("EDITOR", "/no/such/editor").start();
    session.wait_text("Those words");
    session.send("vea");
    session.send("kept<C-e>");
    session.wait_text("could not be started");
    session.send("<C-s>");
    session.wait_text("The note is saved");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

/// A supervisor does not wait until the disk answers: what it would cost is said before the end.
#[test]
fn what_waits_for_a_disk_that_hangs_is_printed_at_a_signal() {
    let (_folder, path) = made("book.txt", &common::paragraphs(50));
    let home = tempfile::tempdir().unwrap();
    let mut session = Program::lection().arg(&path).size(3000, 30).home(home.path()).start();
    session.wait_text("Paragraph 0 ");
    session.send("ma");
    session.wait_text("as a.");
    let lock = hold_the_lock(home.path());
    session.send("50%");
    session.wait_text("50 %");
    session.send("mb");
    session.wait_text("Saving");
    session.send("Bgd");
    session.wait_text("Deleting");
    session.signal(Signal::TERM);
    assert_eq!(session.wait_exit(), 143);
    let said = session.screen_text();
    assert!(said.contains("could not be saved") && said.contains(r#""name":"b""#), "{said}");
    assert!(said.contains(r#""op":"del""#), "{said}");
    drop(lock);
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with('{')).collect();
    let saved = home.path().join("said");
    std::fs::write(&saved, lines.join("\n") + "\n").unwrap();
    let import = ["marks", "import", saved.to_str().unwrap(), "--into", path.to_str().unwrap()];
    let import = import.iter().fold(Program::lection().home(home.path()), Program::arg).output();
    let imported = String::from_utf8(import.stdout).unwrap();
    assert!(imported.contains("1 new mark, 1 deleted"), "{imported} of {said}");
}

#[test]
fn what_could_not_be_saved_is_printed_and_can_be_imported() {
    let (_folder, path) = made("book.txt", &common::paragraphs(50));
    let home = tempfile::tempdir().unwrap();
    // A file where the folder should be: nothing can be saved.
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/lection"), "in the way").unwrap();
    // So wide that no line is broken.
    let mut session = Program::lection().arg(&path).size(3000, 30).home(home.path()).start();
    session.wait_text("Paragraph 0 ");
    session.send("ma");
    session.wait_text("It is kept and tried again");
    session.send("50%");
    session.wait_text("Paragraph 25 ");
    session.send("mb");
    session.wait_text("It is kept and tried again");
    session.send("q");
    session.wait_text("q again quits");
    session.send("q");
    assert_eq!(session.wait_exit(), 2);
    let said = session.screen_text();
    assert!(said.contains("could not be saved"), "{said}");
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with('{')).collect();
    let saved = home.path().join("said");
    std::fs::write(&saved, lines.join("\n") + "\n").unwrap();
    std::fs::remove_file(home.path().join("config/lection")).unwrap();
    let import = ["marks", "import", saved.to_str().unwrap(), "--into", path.to_str().unwrap()];
    let import = import.iter().fold(Program::lection().home(home.path()), Program::arg);
    let imported = String::from_utf8(import.output().stdout).unwrap();
    assert!(imported.contains("2 new marks"), "{imported} of {said}");
    let list = Program::lection().arg("marks").arg("--json").arg(&path).home(home.path()).output();
    let list = String::from_utf8(list.stdout).unwrap();
    for (name, words) in [("a", "Paragraph 0 "), ("b", "Paragraph ")] {
        let named = format!(r#""name":"{name}""#);
        let line = list.lines().find(|line| line.contains(&named)).unwrap();
        assert!(line.contains(words) && line.contains(r#""status":"exact""#), "{line}");
    }
}

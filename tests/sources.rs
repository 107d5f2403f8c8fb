//! Where documents come from while they are read: files that change, pipes that still run, disks
//! that hang.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::{arrive, open};
use lection::app::{App, Effect, Event, Input, Key, KeyPreset, Look};
use lection::document::{Document, Format};
use lection::formats::{Source, Spool};
use lection::reader;
use lection::runtime::inline::Inline;
use lection::text::clean_line;
use lection::ui;

/// A document of what a spool has.
fn spooled(spool: &Arc<Spool>, format: Format) -> Arc<dyn Document> {
    open(Source::spool(spool.clone()), format)
}

fn words(count: usize) -> String {
    (0..count).flat_map(|n| ["Paragraph ".to_owned(), n.to_string(), " has words of its own.\n\n".to_owned()]).collect()
}

#[test]
fn a_book_that_ends_too_soon_says_so_when_it_opens() {
    let book = b"<FictionBook><body><section><p>words";
    let mut program =
        Inline::open(open(Source::memory(&book[..]), Format::Fb2), clean_line("a"), Look::default(), (80, 24), None);
    assert!(program.screen().contains("perhaps it is incomplete"), "{}", program.screen());
    program.keys("j").unwrap();
    assert!(!program.screen().contains("incomplete"), "{}", program.screen());
    program.keys("i").unwrap();
    assert!(program.screen().contains("perhaps it is incomplete"), "{}", program.screen());
}

#[test]
fn what_arrives_is_read_without_moving_the_page() {
    for format in [Format::Plain, Format::Markdown, Format::Html] {
        let text = words(8_000);
        let (first, rest) = text.split_at(600);
        let spool = Arc::new(Spool::new(tempfile::tempfile().unwrap()));
        spool.append(first.as_bytes()).unwrap();
        let mut program = Inline::open(spooled(&spool, format), clean_line("pipe"), Look::default(), (80, 24), None);
        program.keys("space").unwrap();
        let before = program.screen();
        assert!(before.contains("so far"), "{before}");
        program.keys("]").unwrap();
        assert!(program.screen().contains("once all has arrived"), "{}", program.screen());
        program.keys("esc").unwrap();
        let top = |screen: &str| screen.lines().skip(2).take(3).collect::<Vec<_>>().join("\n");
        for chunk in rest.as_bytes().chunks(100_000) {
            spool.append(chunk).unwrap();
            arrive(&mut program);
            assert_eq!(top(&program.screen()), top(&before), "{format}");
        }
        // The end is waited for, and is there once it is known to be the end.
        program.keys("G").unwrap();
        assert!(program.screen().contains("any key stops"), "{}", program.screen());
        spool.complete();
        arrive(&mut program);
        let screen = program.screen();
        assert!(screen.contains("Paragraph 7999") && screen.contains("100 %"), "{screen}");
        // It is the same text as one of which more was there from the start.
        let other = Arc::new(Spool::new(tempfile::tempfile().unwrap()));
        other.append(text.as_bytes()).unwrap();
        let whole = spooled(&other, format);
        let grown = program.app().reader().document().clone();
        assert_eq!(grown.section_count(), whole.section_count());
        for id in (0..whole.section_count()).map(lection::document::SectionId) {
            assert_eq!(grown.load(id).unwrap(), whole.load(id).unwrap());
        }
    }
}

#[test]
fn any_key_ends_the_wait_for_the_end() {
    let spool = Arc::new(Spool::new(tempfile::tempfile().unwrap()));
    spool.append(words(100).as_bytes()).unwrap();
    let document = spooled(&spool, Format::Plain);
    let mut program = Inline::open(document, clean_line("pipe"), Look::default(), (80, 24), None);
    for key in ["j", "esc", "x", "ctrl-l", "tab"] {
        program.keys("G").unwrap();
        assert!(program.app().reader().is_waiting(), "{key}");
        program.keys(key).unwrap();
        assert!(!program.app().reader().is_waiting(), "{key}");
    }
}

#[test]
fn a_file_that_is_read_again_keeps_its_place_by_its_words() {
    let text = words(3000);
    let mut program = common::program(Format::Plain, &text, (80, 24));
    program.type_text("/paragraph 1500");
    program.keys("enter z z j j j").unwrap();
    let place = |program: &Inline| {
        // The head names the part, which is found anew.
        program.screen().lines().skip(1).find(|line| line.contains("Paragraph")).unwrap_or_default().to_owned()
    };
    let before = place(&program);
    assert!(before.contains("Paragraph 1"), "{before}");
    program.happen(Event::FileChanged(lection::app::Change::Other));
    assert!(program.screen().contains("r reads it again"), "{}", program.screen());
    program.keys("r").unwrap();
    assert!(program.take_asked().iter().any(|effect| matches!(effect, Effect::Reopen)));
    let longer = format!("{}{text}", "A preface that was not there.\n\n".repeat(12_000));
    program.happen(Event::Reopened(Ok(common::document(Format::Plain, &longer))));
    assert_eq!(place(&program), before);
    program.happen(Event::Reopened(Err(clean_line("the disk failed"))));
    assert!(program.screen().contains("Not read again"), "{}", program.screen());
    assert_eq!(place(&program), before);
}

#[test]
fn a_disk_that_hangs_makes_no_key_wait() {
    let document = common::document(Format::Plain, &words(20_000));
    let look = Look::default();
    let mut app = App::new(document.clone(), clean_line("slow"), look, KeyPreset::default(), Box::new(String::new));
    app.update(Event::Input(Input::Resize { columns: 80, rows: 24 }));
    let mut wishes = app.start(None);
    // Nothing of what is asked for comes.
    for key in ["j", "space", "G", "5", "0", "%", "]", "tab", "tab", "/", "esc", "n", "g", "+", "G"] {
        wishes.extend(app.fit(ui::room(&app)));
        wishes.extend(app.update(Event::Input(Input::Key(key.parse::<Key>().unwrap()))));
    }
    wishes.extend(app.fit(ui::room(&app)));
    assert!(app.reader().is_waiting() && app.reader().rows().is_empty());
    // Then all of it, in the wrong order: the last key counts.
    while let Some(wish) = wishes.pop() {
        if let Effect::Reader(reader::Effect::Load(id, _)) = wish {
            wishes.extend(app.update(Event::Loaded(document.load(id).unwrap())));
            wishes.extend(app.fit(ui::room(&app)));
        }
    }
    assert!(!app.reader().is_waiting() && app.reader().progress() >= 1.0);
    let ends = app.update(Event::Input(Input::Key("ctrl-c".parse::<Key>().unwrap())));
    assert!(ends.iter().any(|effect| matches!(effect, Effect::Quit(_))));
}

#[test]
fn hostile_shapes_are_read_in_bounded_pieces() {
    /// Bytes of text in one section: a piece, its look-ahead, and what is opened again.
    const SECTION_MAX: usize = 256 * 1024;
    let row = format!("|{}\n", " cell |".repeat(10));
    let shapes = [
        (Format::Markdown, String::new(), "# Heading\n\n".to_owned(), "# last words\n"),
        (Format::Markdown, format!("{row}|{}\n", "---|".repeat(10)), row, "| last words |\n"),
        (Format::Markdown, "```\n".to_owned(), "code of some length\n".to_owned(), "last words\n```\n"),
        (Format::Markdown, String::new(), "one line of words ".to_owned(), "last words"),
        (Format::Markdown, "<!-- ".to_owned(), "one long remark ".to_owned(), "-->\n\nlast words"),
        (Format::Markdown, String::new(), "- item\n".to_owned(), "- last words\n"),
        (Format::Html, "<html><p>".to_owned(), "one line of words ".to_owned(), "last words"),
        (Format::Html, "<html><table>".to_owned(), format!("<tr>{}", "<td>cell</td>".repeat(10)), "<tr><td>last words"),
        (Format::Html, "<html>".to_owned(), "<h2>Heading</h2>".to_owned(), "<h2>last words"),
        (Format::Html, "<html>".to_owned(), "<div>x".to_owned(), "<p>last words"),
        (Format::Html, "<html><img src='data:x,".to_owned(), "AAAA".to_owned(), "' alt=picture><p>last words"),
    ];
    for (format, first, part, last) in shapes {
        let text = format!("{first}{}{last}", part.repeat((5 << 20) / part.len()));
        let document = common::document(format, &text);
        let count = document.section_count();
        assert!(count > 30, "{first:?}");
        for id in [0, count / 2, count - 1] {
            let section = document.load(lection::document::SectionId(id)).unwrap();
            assert!(section.text().len() <= SECTION_MAX, "{first:?} {id}: {}", section.text().len());
            assert!(id + 1 < count || section.text().trim_end().ends_with("last words"), "{first:?}");
        }
    }
}

#[cfg(unix)]
mod in_a_terminal {
    use std::io::Write as _;

    use super::common::pty::{Program, Session};

    fn shell(script: &str, arguments: &[&std::path::Path]) -> Session {
        let mut program = Program::at("/bin/sh").arg("-c").arg(script).arg("sh").arg(env!("CARGO_BIN_EXE_lection"));
        for argument in arguments {
            program = program.arg(argument);
        }
        program.size(100, 30).start()
    }

    #[test]
    fn a_file_that_changes_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let text = super::words(2000);
        std::fs::write(&path, &text).unwrap();
        let mut session = Program::lection().arg(&path).size(100, 30).start();
        session.wait_text("Paragraph 0 ");
        session.send("50%");
        session.wait_gone("Paragraph 0 ");
        let first =
            session.screen_text().lines().skip(1).find(|line| line.contains("Paragraph")).unwrap().trim().to_owned();
        std::fs::write(&path, format!("A preface.\n\n{text}")).unwrap();
        session.wait_text("The file changed on disk. r reads it again, your place is kept");
        session.send("r");
        session.wait_text("Read again");
        assert!(session.screen_text().contains(&first), "{}", session.screen_text());
        std::fs::remove_file(&path).unwrap();
        session.wait_text("gone from the disk");
        session.send("r");
        session.wait_text("Not read again");
        session.send("g");
        session.wait_text("A preface.");
        session.send("q");
        assert_eq!(session.wait_exit(), 0);
    }

    #[test]
    fn a_pipe_shows_its_first_page_while_the_rest_arrives() {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("first");
        let rest = folder.path().join("rest");
        std::fs::write(&first, super::words(50)).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &rest, rustix::fs::Mode::RWXU).unwrap();
        let mut session = shell("(cat \"$2\"; cat \"$3\") | \"$1\"", &[&first, &rest]);
        session.wait_text("Paragraph 0 ");
        session.wait_text("so far");
        session.send("G");
        session.wait_text("any key stops");
        // Only now the rest begins.
        let mut rest = std::fs::OpenOptions::new().write(true).open(&rest).unwrap();
        rest.write_all(b"The very last words.\n").unwrap();
        drop(rest);
        session.wait_text("The very last words.");
        session.wait_text("100 %");
        session.send("q");
        assert_eq!(session.wait_exit(), 0);
    }

    /// What had arrived when it was opened was taken for all.
    #[test]
    fn a_place_at_the_end_of_a_pipe_is_waited_for() {
        for (place, words) in [("+G", "The needle"), ("+/needle", "The needle"), ("+99%", "Paragraph 49")] {
            let folder = tempfile::tempdir().unwrap();
            let (first, rest) = (folder.path().join("first"), folder.path().join("rest"));
            std::fs::write(&first, super::words(10)).unwrap();
            rustix::fs::mkfifoat(rustix::fs::CWD, &rest, rustix::fs::Mode::RWXU).unwrap();
            let script = format!("(cat \"$2\"; cat \"$3\") | \"$1\" '{place}'");
            let mut session = shell(&script, &[&first, &rest]);
            if place == "+G" {
                session.wait_text("any key stops");
            }
            let mut rest = std::fs::OpenOptions::new().write(true).open(&rest).unwrap();
            rest.write_all(super::words(50).as_bytes()).unwrap();
            rest.write_all(b"The needle.\n").unwrap();
            drop(rest);
            session.wait_text(words);
            session.send("q");
            assert_eq!(session.wait_exit(), 0);
        }
    }

    #[test]
    fn a_pipe_without_end_is_left_by_any_key() {
        let mut session = shell("yes 'some words that go on' | \"$1\"", &[]);
        session.wait_text("some words that go on");
        session.send("G");
        session.wait_text("any key stops");
        session.send("j");
        session.wait_gone("any key stops");
        session.send("q");
        assert_eq!(session.wait_exit(), 0);
    }
}

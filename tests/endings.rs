//! Every way to end in every state: the terminal is given back as it was, the status is the one
//! that was promised, and the marks are on the disk.
//!
//! A test a way, each over all states, so that a failure names both.

#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::pty::{Program, Session};
use rustix::process::Signal;

/// What the program is at when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    /// A word is being typed.
    Prompt,
    /// The list of chapters has the keys.
    Pane,
    /// The help covers the page.
    Overlay,
    /// A search and a look for chapters run through a long document.
    Scanning,
}

const STATES: [State; 5] = [State::Reading, State::Prompt, State::Pane, State::Overlay, State::Scanning];

/// The bytes of the long document: what runs through it must still run when the end comes. It is
/// beyond what is read as a whole to be known again (64 MiB), which would only take time here.
const LONG: usize = 66 << 20;
/// And of the other one.
const SHORT: usize = 1 << 20;

/// A document of numbered chapters of about a size, made once.
fn book(state: State) -> &'static Path {
    static BOOKS: OnceLock<(tempfile::TempDir, PathBuf, PathBuf)> = OnceLock::new();
    let (_, short, long) = BOOKS.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, size: usize| {
            let mut text = String::new();
            let mut chapter = 0;
            while text.len() < size {
                chapter += 1;
                write!(text, "CHAPTER {chapter}\n\n\nChapter {chapter} begins. ").unwrap();
                text.push_str(&"It goes on for some lines, and has words in it.\n".repeat(200));
                text.push_str("\n\n\n");
            }
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let (short, long) = (write("short.txt", SHORT), write("long.txt", LONG));
        (folder, short, long)
    });
    if state == State::Scanning { long } else { short }
}

/// A session in a state, with a mark set before.
struct Case {
    state: State,
    home: tempfile::TempDir,
    session: Session,
}

impl Case {
    #[track_caller]
    fn start(state: State, program: impl FnOnce(Program, &Path) -> Program) -> Case {
        let home = tempfile::tempdir().unwrap();
        let program = program(Program::lection().arg(book(state)), home.path()).size(100, 30).home(home.path());
        let mut case = Case { state, session: program.start(), home };
        case.session.wait_text("Chapter 1 begins");
        case.session.send("2jM");
        case.session.wait_text("Marked");
        let (keys, sign) = match state {
            State::Reading => ("j", ""),
            State::Prompt => ("/word", "word"),
            State::Pane => ("t", "Contents"),
            State::Overlay => ("?", "half a page"),
            State::Scanning => ("/no such words\r", ""),
        };
        case.session.send_bytes(keys.as_bytes());
        case.session.wait_text(sign);
        case
    }

    /// Closes what is open, with keys that do nothing where nothing is.
    fn close_layers(&mut self) {
        let (key, sign) = match self.state {
            State::Reading | State::Scanning => return,
            // A word may also stand in the text.
            State::Prompt => return self.session.send("<C-g>"),
            State::Pane => ("q", "Contents"),
            State::Overlay => ("q", "half a page"),
        };
        self.session.send(key);
        self.session.wait_gone(sign);
    }

    /// Waits for the end and looks at what must hold after it.
    #[track_caller]
    fn ends(mut self, status: i32, has_terminal: bool) {
        assert_eq!(self.session.wait_exit(), status, "in {:?}", self.state);
        if has_terminal {
            self.session.assert_restored();
        }
        self.has_mark();
    }

    #[track_caller]
    fn has_mark(&self) {
        let output =
            Program::lection().arg("marks").arg("--json").arg(book(self.state)).home(self.home.path()).output();
        let marks = String::from_utf8_lossy(&output.stdout).lines().count();
        assert_eq!(marks, 1, "in {:?}: {output:?}", self.state);
    }
}

/// A way to end, in all states.
#[track_caller]
fn check(status: i32, has_terminal: bool, end: impl Fn(&mut Case)) {
    for state in STATES {
        let mut case = Case::start(state, |program, _| program);
        end(&mut case);
        case.ends(status, has_terminal);
    }
}

#[test]
fn q_closes_layer_after_layer_and_quits() {
    check(0, true, |case| {
        case.close_layers();
        case.session.send("q");
    });
}

#[test]
fn ctrl_c_quits_at_once() {
    check(0, true, |case| {
        // What is typed is given up first.
        if case.state == State::Prompt {
            case.close_layers();
        }
        case.session.send("<C-c>");
    });
}

#[test]
fn a_request_to_end() {
    check(143, true, |case| case.session.signal(Signal::TERM));
}

#[test]
fn a_hang_up_that_is_only_a_signal() {
    check(129, true, |case| case.session.signal(Signal::HUP));
}

#[test]
fn an_interrupt_from_outside() {
    check(130, true, |case| case.session.signal(Signal::INT));
}

#[test]
fn a_quit_signal() {
    check(131, true, |case| case.session.signal(Signal::QUIT));
}

/// A program that breaks at a place once this file is there.
fn breaking(place: &str, state: State) -> Case {
    Case::start(state, |program, home| program.env("LECTION_TEST_PANIC", &format!("{place}:{}", flag(home).display())))
}

fn flag(home: &Path) -> PathBuf {
    home.join("break")
}

#[test]
fn a_mistake_in_drawing() {
    for state in STATES {
        let mut case = breaking("draw", state);
        fs::write(flag(case.home.path()), "").unwrap();
        case.session.resize(90, 28);
        assert_eq!(case.session.wait_exit(), 101);
        assert!(case.session.screen_text().contains("a mistake in the program"), "{}", case.session.screen_text());
        case.ends(101, true);
    }
}

/// What the thread of the store had not saved when it broke is not lost with it.
#[test]
fn a_mistake_in_saving_where_nothing_can_be_saved() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("book.txt");
    fs::write(&path, common::paragraphs(50)).unwrap();
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/lection"), "in the way").unwrap();
    let breaks = format!("save:{}", flag(home.path()).display());
    let program = Program::lection().env("LECTION_TEST_PANIC", &breaks);
    let mut session = program.arg(&path).size(3000, 30).home(home.path()).start();
    session.wait_text("Paragraph 0 ");
    session.send("ma");
    session.wait_text("It is kept and tried again");
    fs::write(flag(home.path()), "").unwrap();
    session.send("G");
    assert_eq!(session.wait_exit(), 101);
    let said = session.screen_text();
    assert!(said.contains("a mistake in the program") && said.contains("could not be saved"), "{said}");
    assert!(said.contains(r#""name":"a""#), "{said}");
}

#[test]
fn a_mistake_in_saving() {
    for state in STATES {
        let mut case = breaking("save", state);
        case.close_layers();
        fs::write(flag(case.home.path()), "").unwrap();
        case.session.send("9j");
        // A new place is saved after a while by itself, and at the latest at the end. (One that was
        // saved already is not saved again: a signal before the keys would end it as usual.)
        if state != State::Reading {
            case.session.wait_gone("Chapter 1 begins");
            case.session.signal(Signal::TERM);
        }
        case.ends(101, true);
    }
}

#[test]
fn a_mistake_in_reading_a_document_is_survived() {
    for state in STATES {
        let mut case = breaking("parse", state);
        case.close_layers();
        fs::write(flag(case.home.path()), "").unwrap();
        case.session.send("G");
        case.session.wait_text("could not be read");
        case.session.assert_entered();
        case.session.send("q");
        case.ends(0, true);
    }
}

#[test]
fn a_terminal_that_is_closed() {
    check(129, false, |case| case.session.hang_up());
}

#[test]
fn a_terminal_that_is_gone_without_a_signal() {
    for state in STATES {
        // In a session without a terminal of its own nobody tells the program.
        let script = "trap '' HUP; setsid -w \"$1\" \"$2\"; echo $? > \"$HOME/status\"";
        let mut case = Case::start(state, |_, _| {
            let lection = env!("CARGO_BIN_EXE_lection");
            Program::at("/bin/sh").arg("-c").arg(script).arg("sh").arg(lection).arg(book(state))
        });
        case.session.hang_up();
        assert_eq!(case.session.wait_exit(), 0);
        let status = fs::read_to_string(case.home.path().join("status")).unwrap();
        assert_eq!(status.trim(), "129", "in {state:?}");
        case.has_mark();
    }
}

/// After a stop: the shell has the terminal; then the program goes on where it was, and quits.
fn goes_on(case: &mut Case) {
    case.session.wait_stopped();
    case.session.assert_restored();
    case.session.resize(90, 28);
    case.session.signal(Signal::CONT);
    case.session.wait_for("the alternate screen", vt100::Screen::alternate_screen);
    case.session.wait_text("It goes on");
    case.session.assert_entered();
    case.session.send("q");
}

#[test]
fn a_stop_by_key_and_the_way_back() {
    check(0, true, |case| {
        case.close_layers();
        case.session.send("<C-z>");
        goes_on(case);
    });
}

#[test]
fn a_stop_from_outside_and_the_way_back() {
    check(0, true, |case| {
        case.session.signal(Signal::TSTP);
        case.session.wait_stopped();
        case.session.assert_restored();
        case.session.signal(Signal::CONT);
        case.session.wait_for("the alternate screen", vt100::Screen::alternate_screen);
        case.close_layers();
        case.session.wait_text("It goes on");
        case.session.send("q");
    });
}

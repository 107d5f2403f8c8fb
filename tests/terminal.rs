//! The terminal side of the runtime, in a pty: a small program enters, draws, reacts, and is
//! ended in every way there is.
//!
//! The program is this test program itself: the test [`probe`] is it, when told so by the
//! environment. So it is always built with the tests and never with anything else.

#![cfg(unix)]
#![allow(clippy::panic, reason = "the probe panics on purpose")]

mod common;

use std::{
    io::{IsTerminal, Read},
    sync::mpsc,
    time::{Duration, Instant},
};

use common::pty::{Program, Session};
use lection::{
    app::{Code, Input, Key},
    runtime::{Abilities, ScrollSetting, Shift, Size, Terminal, guard, input, panics, signals, terminal},
};
use ratatui::{buffer::Buffer, layout::Position, style::Style};
use rustix::process::Signal;

/// Tells the probe to run, and how: words parted by blanks.
const PROBE: &str = "LECTION_PROBE";

/// The probe's page: numbered lines, and a foot that tells what happened last.
fn page(size: Size, top: usize, news: &str) -> Buffer {
    let mut page = Buffer::empty(size.area());
    let foot = size.rows - 1;
    for y in 0..foot {
        let line = format!("line {} of a page that is long enough to be scrolled", top + usize::from(y));
        page.set_stringn(0, y, line, size.columns.into(), Style::new());
    }
    page.set_stringn(0, foot, news, size.columns.into(), Style::new());
    page
}

/// The probe's main loop; returns its status.
fn run_probe(how: &str) -> i32 {
    let has = |word: &str| how.split(' ').any(|other| other == word);
    panics::install();
    let piped = if std::io::stdin().is_terminal() {
        "tty".to_owned()
    } else {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).expect("the pipe is read");
        text
    };
    let (sender, inputs) = mpsc::channel::<Input>();
    // Before the terminal is entered: a signal between would leave it as it is.
    if has("deaf") {
        // As if the signal had never come: only the guard is left.
        let heard = std::sync::Arc::default();
        signal_hook::flag::register(signal_hook::consts::SIGHUP, heard).expect("a handler");
    } else {
        signals::start(sender.clone()).expect("signals");
    }
    let mut size = Size::now();
    let mut top = 0usize;
    let first = page(size, top, &format!("stdin {piped}, {} x {}", size.columns, size.rows));
    let abilities = Abilities::of_process(ScrollSetting::Auto);
    let mut terminal = Terminal::enter(abilities, true, &first, Some(Position { x: 2, y: 1 })).expect("a terminal");
    guard::start(sender.clone()).expect("a guard");
    input::start(sender.clone(), size).expect("keys");
    while let Ok(input) = inputs.recv() {
        let mut hint = None;
        let mut news = format!("{input:?}");
        match input {
            Input::Key(Key { code: Code::Char(c), ctrl, .. }) => match (c, ctrl) {
                ('q', _) => return 0,
                ('z', true) => {
                    size = terminal.suspend();
                    news = "back".into();
                }
                ('j', _) => {
                    top += 1;
                    hint = Some(Shift { top: 0, bottom: size.rows - 1, by: 1 });
                }
                ('p', _) => panic!("a mistake in main"),
                ('t', _) => drop(std::thread::spawn(|| panic!("a mistake\x1b[31m in a thread"))),
                ('w', _) => {
                    let done = std::thread::spawn(|| panics::contain("Work", || panic!("a mistake in work"))).join();
                    news = format!("contained: {:?}", done.expect("the thread lives").map(|()| "nothing"));
                }
                // A main loop that is stuck: nothing is ever sent here.
                ('S', _) => {
                    let (_open, never) = mpsc::channel::<()>();
                    let _ = never.recv();
                }
                _ => {}
            },
            Input::Resize { columns, rows } => {
                // Terminals rearrange what they show, even where the size is the old one again.
                terminal.invalidate();
                size = Size { columns, rows };
            }
            Input::Suspend => size = terminal.suspend(),
            Input::Resumed => size = terminal.resume(),
            Input::Stop(signal) => return 128 + signal,
            Input::Gone => {
                terminal::abandon();
                return 129;
            }
            _ => {}
        }
        let _ = terminal.draw(&page(size, top, &news), hint, None);
    }
    0
}

/// Not a test, but the program the tests run: it does nothing unless told.
#[test]
fn probe() {
    if let Ok(how) = std::env::var(PROBE) {
        // As the language does it around `main`.
        std::process::exit(std::panic::catch_unwind(|| run_probe(&how)).unwrap_or(101));
    }
}

/// The probe, not started yet.
fn probe_program(how: &str) -> Program {
    Program::at(std::env::current_exe().expect("this program"))
        // In one thread tests run in the main one.
        .arg("--exact")
        .arg("probe")
        .arg("--nocapture")
        .arg("--test-threads=1")
        .env(PROBE, how)
}

/// The probe with its first page shown.
fn start(how: &str) -> Session {
    let mut session = probe_program(how).start();
    session.wait_text("stdin tty, 80 x 24");
    session.assert_entered();
    session
}

/// Ends the probe in a way and checks its status, the terminal and the time it took.
#[track_caller]
fn check_end(how: &str, keys: &str, end: impl FnOnce(&mut Session), status: i32, seconds: f32) -> Session {
    let mut session = start(how);
    session.send("j");
    session.wait_text("line 23 ");
    session.send(keys);
    let begun = Instant::now();
    end(&mut session);
    assert_eq!(session.wait_exit(), status);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs_f32(seconds), "took {took:?}");
    session
}

#[test]
fn the_first_page_comes_in_one_piece_and_q_gives_the_terminal_back() {
    let mut session = start("");
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    let (_, entered) = raw.split_once("\x1b[?1049h\x1b[?2026h").expect("page and screen together");
    assert!(entered.ends_with("\x1b[?2004h\x1b[?1000h\x1b[?1002h\x1b[?1006h"), "{}", raw.escape_debug());
    assert_eq!(session.screen().cursor_position(), (1, 2));
    assert!(!session.screen().hide_cursor());
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
    let text = session.screen_text();
    assert!(!text.contains("line 1"), "the page is left behind: {text}");
    // Nothing was asked of the terminal.
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    for question in ["\x1b[6n", "\x1b[c", "\x1b[?u", "\x1b]11;?"] {
        assert!(!raw.contains(question), "{}", question.escape_debug());
    }
}

#[test]
fn signals_end_it_with_their_number_and_the_terminal_is_given_back() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2), (Signal::QUIT, 3)] {
        check_end("", "", |session| session.signal(signal), 128 + number, 2.0).assert_restored();
    }
}

#[test]
fn a_stuck_main_loop_is_ended_and_the_terminal_is_given_back() {
    let end = |session: &mut Session| {
        session.wait_text("line 24 ");
        session.signal(Signal::TERM);
    };
    check_end("", "jS", end, 143, 2.5).assert_restored();
}

#[test]
fn a_panic_anywhere_gives_the_terminal_back_and_says_what_broke() {
    for (key, message) in [("p", "a mistake in main"), ("t", "a mistake [31m in a thread")] {
        let mut session = check_end("", key, |_| {}, 101, 20.0);
        session.assert_restored();
        let text = session.screen_text().replace('\n', "");
        assert!(text.contains(message), "{text}");
    }
}

#[test]
fn a_contained_panic_is_an_error_like_any_other() {
    let mut session = start("");
    session.send("w");
    session.wait_text("contained: Err(\"Work broke a rule of the program: a mistake in work");
    session.assert_entered();
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
}

#[test]
fn a_stop_gives_the_terminal_back_and_going_on_takes_it_again() {
    let mut session = start("");
    session.send("<C-z>");
    session.wait_stopped();
    session.assert_restored();
    session.resize(60, 10);
    session.signal(Signal::CONT);
    session.wait_for("a smaller page", |screen| screen.contents().contains("line 8 ") && screen.alternate_screen());
    session.assert_entered();
    session.send("j");
    session.wait_text("line 9 ");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
    // Once at the start and once after the stop: its own continuation is no other's.
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    assert_eq!(raw.matches("\x1b[?1049h").count(), 2);
}

#[test]
fn stops_from_elsewhere_are_survived() {
    let mut session = start("");
    session.signal(Signal::TSTP);
    session.wait_stopped();
    session.assert_restored();
    session.signal(Signal::CONT);
    session.wait_for("the page again", vt100::Screen::alternate_screen);
    session.wait_text("Suspend");
    session.signal(Signal::STOP);
    session.wait_stopped();
    session.signal(Signal::CONT);
    session.wait_text("Resumed");
    session.assert_entered();
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
}

#[test]
fn a_terminal_that_is_gone_ends_it() {
    for how in ["", "deaf"] {
        check_end(how, "", Session::hang_up, 129, 2.0);
    }
    let end = |session: &mut Session| {
        session.wait_text("line 24 ");
        session.hang_up();
    };
    check_end("deaf", "jS", end, 129, 2.5);
}

#[test]
fn keys_come_from_the_terminal_when_the_input_is_a_pipe() {
    let mut session = probe_program("").piped("a text").start();
    session.wait_text("stdin a text, 80 x 24");
    session.send("j<A-Right><S-Tab><C-d>é");
    session.wait_text("'é'");
    session.wait_text("line 23 ");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
}

#[test]
fn paste_mouse_and_sizes_arrive() {
    let mut session = start("");
    session.send_bytes(b"\x1b[200~one\ntwo\x1b[201~");
    session.wait_text(r#"Paste("one\ntwo")"#);
    session.send_bytes(b"\x1b[<65;3;4M");
    session.wait_text("Mouse { kind: WheelDown, column: 2, row: 3 }");
    for (columns, rows) in [(200, 5), (30, 40), (2, 3), (100, 30)] {
        session.resize(columns, rows);
        if columns > 50 {
            session.wait_text(&format!("Resize {{ columns: {columns}, rows: {rows} }}"));
        }
    }
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
}

#[test]
fn a_storm_of_sizes_ends_with_the_right_page() {
    let mut session = start("");
    for n in 0..100 {
        for (columns, rows) in [(1, 1), (2, 500), (10_000, 1), (0, 0), (40 + n, 3 + n)] {
            session.resize_system(columns, rows);
        }
    }
    session.resize(70, 20);
    session.wait_text("Resize { columns: 70, rows: 20 }");
    session.wait_text("line 18 ");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_restored();
}

#[test]
fn a_terminal_without_a_size_has_the_usual_one() {
    let mut session = probe_program("").size(60, 20).start();
    session.wait_text("60 x 20");
    session.resize_system(0, 0);
    session.wait_text("columns: 80, rows: 24");
    session.resize_system(u16::MAX, u16::MAX);
    session.wait_text("columns: 1000, rows: 500");
    session.send("q");
    assert_eq!(session.wait_exit(), 0);
}

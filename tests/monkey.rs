//! A monkey at the keyboard: everything a terminal, a system and a file can do to the built
//! program, by chance and by seed, with what must always hold looked at every hundred steps.
//!
//! A few seeds run with the tests. More of them:
//!
//! ```text
//! LECTION_MONKEY_SECONDS=7200 cargo test --test monkey -- --nocapture
//! ```
//!
//! with `LECTION_MONKEY_SEED` (the first seed, and the only one if no seconds are given),
//! `LECTION_MONKEY_LOOKS` (looks of a seed: 7,000 are one program for two hours),
//! `LECTION_MONKEY_PAUSE` (milliseconds between steps), `LECTION_MONKEY_BINARY` (another
//! program than the one just built) and `LECTION_MONKEY_KEEP` (the folder of a run that failed
//! stays, with the file and all that was kept of it).

#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used, reason = "the monkey says what it saw")]

mod common;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::dice::Dice;
use common::made;
use common::pty::{DEADLINE, Program, Session, encode_keys, named};
use common::stream::Stream;
use lection::app::ACTIONS;
use rustix::process::Signal;

/// Bytes that a terminal takes in any case without a reader; Linux holds four times as many.
const TERMINAL_HOLDS: usize = 1024;
/// The key that quits, as a Russian or Ukrainian keyboard has it.
const QUIT_CYRILLIC: &str = "й";
/// Steps between two looks at what must hold.
const STEPS: usize = 100;
/// Looks in a run of the tests, and in one of the long runs.
const LOOKS: usize = 2;
const LOOKS_LONG: usize = 1200;
/// The size of the screen at a look.
const SIZE: (u16, u16) = (100, 30);
/// A program that says nothing for so long hangs.
const HANG: Duration = Duration::from_mins(5);
/// How long the answer to a hundred thousand keys may take on a busy machine.
const ANSWER: Duration = Duration::from_mins(2);
/// The share of a long run after which memory must have found its level: a third.
const WARM: usize = 3;
/// A program that has less time has no level to find in it.
const WARM_LEAST: Duration = Duration::from_mins(10);
/// By how much it may then still grow.
const GROWTH: f64 = 1.10;

/// Marks that are left to a program at a look; a monkey makes a hundred a minute.
const MARKS_MAX: usize = 150;

/// Ends a paste and what looks like a mouse, and means nothing else.
const UNSTICK: &[u8] = b"\x1b[201~\x1b[<0;1;1m";

/// The escape key so that it is one whatever follows: by itself it would join the next sequence
/// where the program has not read it yet.
const ESCAPE: &[u8] = b"\x1b[27u";

fn number(name: &str) -> Option<u64> {
    Some(std::env::var(name).ok()?.parse().expect("a number"))
}

fn binary() -> PathBuf {
    std::env::var_os("LECTION_MONKEY_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_lection").into(), PathBuf::from)
}

/// What a run saw.
#[derive(Debug, Default)]
struct Report {
    steps: usize,
    bytes: u64,
    frames: u64,
    starts: usize,
    /// Memory in kB: at the end of the warm-up, and the most after it.
    warm: u64,
    most: u64,
}

struct Monkey {
    dice: Dice,
    folder: tempfile::TempDir,
    path: PathBuf,
    /// What the file is at every look.
    content: Vec<u8>,
    format: String,
    env: Vec<(&'static str, &'static str)>,
    session: Session,
    stream: Stream,
    /// Looks of the run, and the time that it has.
    looks: usize,
    begun: Instant,
    end: Option<Instant>,
    pause: Duration,
    /// What was done last, for the message of a failure.
    done: Vec<String>,
    /// Ends by a key are part of some runs; the others watch the memory.
    may_quit: bool,
    /// A sequence may have been begun.
    is_noisy: bool,
    report: Report,
}

impl Monkey {
    fn new(seed: u64, (looks, end): (usize, Option<Instant>), pause: Duration) -> Monkey {
        let mut dice = Dice::new(seed);
        let folder = tempfile::tempdir().unwrap();
        let (content, format) = content(&mut dice, seed);
        let name = match dice.below(3) {
            0 => "book".to_owned(),
            1 => "\u{1b}]0;a\u{7}b\u{202e}c".to_owned(),
            _ => "книга 本 \u{301}".to_owned(),
        };
        let path = folder.path().join(format!("{name}.{format}"));
        fs::write(&path, &content).unwrap();
        let env = match dice.below(6) {
            0 => vec![("NO_COLOR", "1")],
            1 => vec![("TERM", "screen"), ("COLORTERM", "")],
            2 => vec![("TERM", "linux"), ("COLORTERM", ""), ("LANG", "C")],
            3 => vec![("PTYXIS_VERSION", "1")],
            _ => Vec::new(),
        };
        let session = start(&path, folder.path(), &env);
        let may_quit = dice.one_in(2);
        let (stream, report) = (Stream::new(), Report { starts: 1, ..Report::default() });
        let (begun, done) = (Instant::now(), Vec::new());
        Monkey {
            dice,
            folder,
            path,
            content,
            format,
            env,
            session,
            stream,
            looks,
            begun,
            end,
            pause,
            done,
            may_quit,
            is_noisy: false,
            report,
        }
    }

    fn note(&mut self, what: String) {
        if self.done.len() >= 40 {
            self.done.remove(0);
        }
        self.done.push(what);
    }

    fn fail(&mut self, what: &str) -> ! {
        let screen = self.session.screen_text();
        if std::env::var_os("LECTION_MONKEY_KEEP").is_some() {
            self.folder.disable_cleanup(true);
            eprintln!("kept in {}", self.folder.path().display());
        }
        panic!("{what}\nafter {}\non\n{screen}", self.done.join(" · "));
    }

    /// Takes what was written, and reads it strictly.
    fn pump(&mut self, time: Duration) -> bool {
        let came = self.session.pump(time);
        let raw = self.session.take_raw();
        if let Err(what) = self.stream.feed(&raw) {
            self.fail(&format!("the terminal was sent {what}"));
        }
        came
    }

    /// Takes what comes until nothing has come for a time.
    fn settle(&mut self, quiet: Duration) {
        let end = Instant::now() + DEADLINE;
        while self.pump(quiet) && Instant::now() < end {}
    }

    /// Types. Nobody reads what is typed after the end, and a terminal that is full of it takes no more.
    fn send(&mut self, bytes: &[u8]) {
        if bytes.len() < TERMINAL_HOLDS || self.sync() {
            self.session.send_bytes(bytes);
        }
    }

    /// Waits until all that was sent is drawn: a change of size comes after all keys, and draws
    /// the whole screen. Says whether the program still runs.
    fn sync(&mut self) -> bool {
        self.settle(Duration::from_millis(10));
        let clears = self.stream.clears;
        let end = Instant::now() + ANSWER;
        if self.session.has_ended() {
            return false;
        }
        self.unstick();
        self.session.signal(Signal::WINCH);
        while self.stream.clears == clears {
            if !self.pump(Duration::from_millis(100)) && self.session.has_ended() {
                return false;
            }
            if Instant::now() > end {
                self.fail("the program does not answer");
            }
        }
        true
    }

    /// A program that was quit has left everything as it should be, and is started again.
    fn restart(&mut self) {
        self.note("ended".into());
        let code = self.session.wait_exit();
        self.pump(Duration::ZERO);
        self.stream.forget();
        if code != 0 {
            self.fail(&format!("the program ended with {code}"));
        }
        self.session.assert_restored();
        if !self.stream.is_whole() {
            self.fail("the program ended in the middle of a frame");
        }
        fs::write(&self.path, &self.content).unwrap();
        self.session = start(&self.path, self.folder.path(), &self.env);
        self.report.starts += 1;
    }

    // ------------------------------------------------------------------ steps

    fn step(&mut self) {
        self.report.steps += 1;
        match self.dice.below(100) {
            0..50 => self.bound_key(),
            50..58 => self.search(),
            58..66 => self.noise(),
            66..76 => self.mouse(),
            76..79 => self.paste(),
            79..86 => self.resize(),
            86..89 => self.signal(),
            89..95 => self.file(),
            _ => {
                self.note("rest".into());
                self.settle(Duration::from_millis(5));
            }
        }
        let pause = self.pause;
        self.pump(pause);
    }

    fn bound_key(&mut self) {
        let all: Vec<&str> = ACTIONS.iter().flat_map(|entry| entry.keys.iter().copied()).collect();
        let key = all[self.dice.below(all.len())];
        let quits = matches!(key, "q" | "ctrl-c");
        // A stop is a step of its own, which waits for it.
        if key == "ctrl-z" || (quits && !(self.may_quit && self.dice.one_in(6))) {
            return;
        }
        let mut bytes = Vec::new();
        if self.dice.one_in(8) {
            bytes.extend(self.dice.below(200).to_string().into_bytes());
        }
        bytes.extend(bytes_of(key, &mut self.dice));
        self.note(key.into());
        self.send(&bytes);
        // What is typed after the end is no input of the program. Twice: the first answer may be
        // the one to an older change of size.
        if quits && !(self.sync() && self.sync()) {
            self.restart();
        }
    }

    fn search(&mut self) {
        let count = 1 + self.dice.below(2);
        let words = made::words(&mut self.dice, count);
        self.note(format!("/{words}"));
        self.send(format!("/{words}\r").as_bytes());
    }

    /// Bytes that no hand types, but a cat or a noisy line.
    fn noise(&mut self) {
        let count = 1 + self.dice.below(12);
        let mut bytes: Vec<u8> = Vec::new();
        for _ in 0..count {
            match self.dice.below(4) {
                0 => bytes.push(self.dice.below(256) as u8),
                1 => bytes.extend(char::from_u32(self.dice.below(0x3000) as u32).unwrap_or('x').to_string().bytes()),
                2 => bytes.push(b' ' + self.dice.below(95) as u8),
                _ => bytes.extend_from_slice(
                    [&b"\x1b["[..], b"\x1bO", b"\x1b[<", b"\x1b[1;5", b"~", b";"][self.dice.below(6)],
                ),
            }
        }
        // These stop or end it where it has given the terminal back for a moment.
        bytes.retain(|byte| !matches!(byte, 3 | 26 | 28 | b'q'));
        while let Some(at) = bytes.windows(2).position(|pair| pair == QUIT_CYRILLIC.as_bytes()) {
            bytes.remove(at);
        }
        self.is_noisy = true;
        self.note(format!("noise {}", String::from_utf8_lossy(&bytes).escape_debug()));
        self.send(&bytes);
    }

    fn mouse(&mut self) {
        let (button, end) =
            [(0, 'M'), (0, 'm'), (32, 'M'), (64, 'M'), (65, 'M'), (2, 'M'), (35, 'M')][self.dice.below(7)];
        let (column, row) = (1 + self.dice.below(220), 1 + self.dice.below(80));
        let times = if self.dice.one_in(20) { 500 } else { 1 };
        self.note(format!("mouse {button}{end} {column},{row} x{times}"));
        let event = format!("\x1b[<{button};{column};{row}{end}").repeat(times);
        self.send(event.as_bytes());
    }

    /// Ends whatever was begun, for until then nothing else is read; by an answer, which is kept, after noise.
    fn unstick(&mut self) {
        self.send(UNSTICK);
        if std::mem::take(&mut self.is_noisy) {
            self.send(b"\x1b[?1;2c");
        }
    }

    fn paste(&mut self) {
        let size = if self.dice.one_in(10) { 100_000 } else { 60 };
        let mut text = String::new();
        while text.len() < size {
            text.push_str(dice_text(&mut self.dice).as_str());
        }
        let ends = |c| matches!(c, '\u{1b}' | '\u{3}' | '\u{1a}' | 'q') || QUIT_CYRILLIC.contains(c);
        let text: String = text.chars().filter(|c| !ends(*c)).collect();
        self.note(format!("paste of {}", text.len()));
        self.unstick();
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    }

    fn resize(&mut self) {
        let (columns, rows) = match self.dice.below(12) {
            0 => (1, 1),
            1 => (2, 500),
            2 => (1000, 1),
            3 => (u16::MAX, u16::MAX),
            4 => (0, 0),
            5 => (400, 120),
            _ => (1 + self.dice.below(200) as u16, 1 + self.dice.below(70) as u16),
        };
        self.note(format!("{columns} x {rows}"));
        if columns == 0 || columns > 1000 || rows > 500 {
            self.session.resize_system(columns, rows);
        } else {
            self.session.resize(columns, rows);
        }
    }

    fn signal(&mut self) {
        let which = self.dice.below(4);
        self.note(["TSTP and CONT", "STOP and CONT", "CONT", "WINCH"][which].into());
        // What is still on its way to the program would be printed by the system while it stands.
        if !self.sync() {
            return;
        }
        match which {
            0 => {
                self.session.signal(Signal::TSTP);
                // A busy program may have had a key that ends it still before it.
                if !self.session.stops() {
                    return;
                }
                self.pump(Duration::ZERO);
                self.session.assert_restored();
                self.session.signal(Signal::CONT);
                // Before that, the system prints what is typed.
                let end = Instant::now() + DEADLINE;
                while !self.session.screen().alternate_screen() && !self.session.has_ended() {
                    self.pump(Duration::from_millis(10));
                    if Instant::now() > end {
                        self.fail("the program does not come back");
                    }
                }
            }
            1 => {
                self.session.signal(Signal::STOP);
                self.session.wait_stopped();
                self.session.signal(Signal::CONT);
            }
            2 => self.session.signal(Signal::CONT),
            _ => self.session.signal(Signal::WINCH),
        }
    }

    fn file(&mut self) {
        let cut = self.dice.below(self.content.len() + 1);
        let which = self.dice.below(6);
        self.note(format!("file: {}", ["cut", "emptied", "rewritten", "replaced", "deleted", "restored"][which]));
        let size = 1 + self.dice.below(100_000);
        let _ = match which {
            0 => fs::File::options().write(true).open(&self.path).and_then(|file| file.set_len(cut as u64)),
            1 => fs::write(&self.path, ""),
            2 => fs::write(&self.path, made::document(&mut self.dice, &self.format, size)),
            3 => {
                let other = self.folder.path().join("other");
                let other_content = made::document(&mut self.dice, &self.format, size);
                fs::write(&other, other_content).and_then(|()| fs::rename(&other, &self.path))
            }
            4 => fs::remove_file(&self.path),
            _ => fs::write(&self.path, &self.content),
        };
    }

    /// Shows the largest screen once, as two pictures of it are kept: who would see it for the first
    /// time late would take it for growth.
    fn largest(&mut self) {
        for (columns, rows) in [(u16::MAX, u16::MAX), SIZE] {
            self.session.resize_system(columns, rows);
            self.sync();
        }
    }

    // ------------------------------------------------------------------ looks

    /// Looks at everything that must hold.
    fn look(&mut self) {
        fs::write(&self.path, &self.content).unwrap();
        self.session.resize(SIZE.0, SIZE.1);
        self.note("look".into());
        if !self.sync() {
            return self.restart();
        }
        // Nothing is five layers deep.
        for _ in 0..5 {
            self.send(ESCAPE);
            if !self.sync() {
                return self.restart();
            }
        }
        // The reading takes the file as it is now, if it noticed a change.
        self.send(b"r");
        self.same_drawn_at_once();
        self.marks_agree();
        self.memory();
    }

    /// Frames that write what changed show the same as one that writes everything.
    fn same_drawn_at_once(&mut self) {
        for _ in 0..4 {
            let key = [&b"j"[..], b"k", b" ", b"b", b"d", b"u", b"}", b"{"][self.dice.below(8)];
            self.note(String::from_utf8_lossy(key).into_owned());
            self.send(key);
            self.settle(Duration::from_millis(5));
        }
        // Passes over the document may still change the foot: some tries, one must agree.
        let end = Instant::now() + DEADLINE;
        loop {
            self.settle(Duration::from_millis(30));
            let step_by_step = picture(self.session.screen());
            if !self.sync() {
                self.fail("the program ended");
            }
            let at_once = picture(self.session.screen());
            if step_by_step == at_once {
                return;
            }
            if Instant::now() > end {
                let differ = step_by_step.iter().zip(&at_once).position(|(a, b)| a != b).unwrap_or_default();
                self.fail(&format!(
                    "row {differ} was drawn\n{}\nand at once it is\n{}",
                    String::from_utf8_lossy(&step_by_step[differ]).escape_debug(),
                    String::from_utf8_lossy(&at_once[differ]).escape_debug()
                ));
            }
        }
    }

    /// The list of marks has what `lection marks` prints.
    fn marks_agree(&mut self) {
        self.send(b"B");
        let end = Instant::now() + DEADLINE;
        loop {
            if !self.sync() {
                self.fail("the program ended");
            }
            let (shown, is_filtered) = listed(self.session.screen());
            if is_filtered {
                self.send(ESCAPE);
                continue;
            }
            let kept = self.kept();
            if shown == Some(kept.len()) {
                match kept.get(..kept.len().saturating_sub(MARKS_MAX)) {
                    Some(most) if !most.is_empty() => self.delete(most),
                    _ => break,
                }
            }
            if Instant::now() > end {
                self.fail(&format!("the list has {shown:?} marks, the store {}", kept.len()));
            }
            self.pump(Duration::from_millis(200));
        }
        self.send(b"q");
    }

    /// The marks that another program finds, by their identities.
    fn kept(&mut self) -> Vec<String> {
        let program = Program::at(binary()).arg("marks").arg("--json").arg(&self.path).home(self.folder.path());
        let output = program.output();
        if !matches!(output.status.code(), Some(0 | 1)) {
            self.fail(&format!("lection marks: {output:?}"));
        }
        let id =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        String::from_utf8_lossy(&output.stdout).lines().map(id).collect()
    }

    /// Another program deletes marks: what a reader keeps is no growth of the program.
    fn delete(&mut self, ids: &[String]) {
        self.note(format!("{} marks deleted elsewhere", ids.len()));
        let program = Program::at(binary()).arg("marks").arg("rm").arg(&self.path).home(self.folder.path());
        let output = ids.iter().fold(program, Program::arg).output();
        if !output.status.success() {
            self.fail(&format!("lection marks rm: {output:?}"));
        }
    }

    /// The memory has found its level. A pass over the document may take more while it runs.
    fn memory(&mut self) {
        let pid = self.session.pid().as_raw_nonzero().get();
        // A short run has no level to find.
        let is_long = self.looks >= LOOKS_LONG && self.report.starts == 1;
        let is_late = self
            .end
            .is_some_and(|end| self.begun.elapsed() > (end.duration_since(self.begun) / WARM as u32).max(WARM_LEAST));
        let is_warm = is_long && self.report.warm > 0 && (is_late || self.report.steps / STEPS > self.looks / WARM);
        let limit = (self.report.warm as f64 * GROWTH) as u64;
        let end = Instant::now() + ANSWER;
        while let Some(now) = resident(pid) {
            if !is_warm {
                self.report.warm = self.report.warm.max(now);
                return;
            }
            if now <= limit {
                self.report.most = self.report.most.max(now);
                return;
            }
            if Instant::now() > end {
                let warm = self.report.warm;
                self.fail(&format!("memory grew from {warm} to {now} kB in {} steps", self.report.steps));
            }
            self.pump(Duration::from_millis(200));
        }
    }

    /// Ends the program by its key.
    fn quit(&mut self) {
        let end = Instant::now() + DEADLINE;
        while !self.session.has_ended() {
            self.send(b"q");
            self.note("q".into());
            self.settle(Duration::from_millis(50));
            if Instant::now() > end {
                self.fail("q does not end the program");
            }
        }
        let code = self.session.wait_exit();
        self.pump(Duration::ZERO);
        if code != 0 || !self.stream.is_whole() {
            self.fail(&format!("the program ended with {code}"));
        }
        self.session.assert_restored();
    }
}

fn start(path: &Path, home: &Path, env: &[(&str, &str)]) -> Session {
    let mut program = Program::at(binary()).arg(path).size(SIZE.0, SIZE.1).home(home).env("EDITOR", "true");
    for (name, value) in env {
        program = program.env(name, value);
    }
    let mut session = program.start();
    session.wait_for("the alternate screen", vt100::Screen::alternate_screen);
    session
}

/// A document: made, or of the shared corpus where there is one.
fn content(dice: &mut Dice, seed: u64) -> (Vec<u8>, String) {
    let books: Vec<PathBuf> = common::corpus().map(|corpus| books(&corpus)).unwrap_or_default();
    if !books.is_empty() && dice.one_in(2) {
        let path = &books[dice.below(books.len())];
        return (fs::read(path).unwrap(), path.extension().unwrap().to_string_lossy().into_owned());
    }
    let format = made::FORMATS[seed as usize % made::FORMATS.len()];
    let size = [2_000, 60_000, 600_000, 3_000_000][dice.below(4)];
    (made::document(dice, format, size), format.to_owned())
}

/// Whole books of the corpus that a run can come to an end with.
fn books(corpus: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for folder in ["txt", "md", "html", "epub"] {
        for entry in fs::read_dir(corpus.join(folder)).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_book =
                path.extension().is_some_and(|e| ["txt", "md", "html", "htm", "epub"].iter().any(|f| e == *f));
            if is_book && entry.metadata().is_ok_and(|m| m.is_file() && m.len() < 3_000_000) {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

/// Text for the clipboard, of everything.
fn dice_text(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => made::words(dice, 6),
        1 => char::from_u32(dice.below(0x11_0000) as u32).unwrap_or('\n').to_string(),
        _ => "line\nline\r\n\tx\u{202e}".to_owned(),
    }
}

/// The bytes of a key in the notation of the table.
fn bytes_of(key: &str, dice: &mut Dice) -> Vec<u8> {
    if let Some(start) = key.strip_suffix("{a-z}") {
        // Without its first half, a `q` would quit.
        return format!("{start}{}", (b'a' + dice.below(16) as u8) as char).into_bytes();
    }
    if let Some(rest) = key.strip_prefix("ctrl-") {
        return encode_keys(&format!("<C-{rest}>"));
    }
    if let Some(rest) = key.strip_prefix("alt-") {
        let name = named(rest).map_or_else(|| rest.to_owned(), str::to_owned);
        return encode_keys(&format!("<A-{name}>"));
    }
    match named(key) {
        Some(name) => encode_keys(&format!("<{name}>")),
        None => key.as_bytes().to_vec(),
    }
}

/// The rows of a screen with their looks.
fn picture(screen: &vt100::Screen) -> Vec<Vec<u8>> {
    screen.rows_formatted(0, screen.size().1).collect()
}

/// How many entries the list of marks says it has, and whether these are not all.
fn listed(screen: &vt100::Screen) -> (Option<usize>, bool) {
    let mut rows = screen.rows(0, screen.size().1);
    let heading = rows.find_map(|row| {
        let list = row.split('│').next().unwrap_or_default().trim().to_owned();
        list.starts_with("Marks ").then_some(list)
    });
    let heading = heading.unwrap_or_default();
    (heading.split_whitespace().nth(1).and_then(|count| count.parse().ok()), heading.contains(" with “"))
}

/// Resident memory of a process, in kB, where the system tells it.
fn resident(pid: i32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?.parse().ok()
}

/// Ends everything when nothing moves any more: a terminal that takes no keys blocks the monkey.
fn watch(steps: &Arc<AtomicU64>) {
    let steps = Arc::clone(steps);
    std::thread::spawn(move || {
        let mut last = (steps.load(Ordering::SeqCst), Instant::now());
        loop {
            std::thread::park_timeout(Duration::from_secs(1));
            let now = steps.load(Ordering::SeqCst);
            if now != last.0 {
                last = (now, Instant::now());
            } else if last.1.elapsed() > HANG {
                eprintln!("the program hangs: seed {}, step {}", now >> 32, now & 0xffff_ffff);
                std::process::exit(1);
            }
        }
    });
}

/// One seed, as far as it comes until a time.
fn run(seed: u64, looks: usize, end: Option<Instant>, pause: Duration, steps: &AtomicU64) -> Report {
    let mut monkey = Monkey::new(seed, (looks, end), pause);
    monkey.largest();
    for look in 0..looks {
        for step in 0..STEPS {
            steps.store(seed << 32 | (look * STEPS + step) as u64, Ordering::SeqCst);
            if monkey.session.has_ended() {
                monkey.restart();
            }
            monkey.step();
        }
        if monkey.session.has_ended() {
            monkey.restart();
        }
        monkey.look();
        if end.is_some_and(|end| Instant::now() >= end) {
            break;
        }
    }
    monkey.quit();
    monkey.report.bytes = monkey.stream.bytes;
    monkey.report.frames = monkey.stream.frames;
    monkey.report
}

#[test]
fn the_monkey_breaks_nothing() {
    let seconds = number("LECTION_MONKEY_SECONDS");
    let looks_long = number("LECTION_MONKEY_LOOKS").map_or(LOOKS_LONG, |looks| looks as usize);
    let first = number("LECTION_MONKEY_SEED");
    let pause = Duration::from_millis(number("LECTION_MONKEY_PAUSE").unwrap_or(1));
    let steps = Arc::new(AtomicU64::new(0));
    watch(&steps);
    let Some(seconds) = seconds else {
        let (seeds, looks) = first.map_or((0..4, LOOKS), |seed| (seed..seed + 1, looks_long));
        for seed in seeds {
            eprintln!("seed {seed}");
            run(seed, looks, None, pause, &steps);
        }
        return;
    };
    let (begun, end) = (Instant::now(), Instant::now() + Duration::from_secs(seconds));
    let (mut all, mut failed, mut seed) = (Report::default(), Vec::new(), first.unwrap_or(0));
    while Instant::now() < end {
        match catch_unwind(AssertUnwindSafe(|| run(seed, looks_long, Some(end), pause, &steps))) {
            Ok(report) => {
                eprintln!("{:>6} s  seed {seed}: {report:?}", begun.elapsed().as_secs());
                all.steps += report.steps;
                all.bytes += report.bytes;
                all.frames += report.frames;
                all.starts += report.starts;
            }
            Err(_) => {
                eprintln!("{:>6} s  seed {seed} FAILED", begun.elapsed().as_secs());
                failed.push(seed);
            }
        }
        seed += 1;
    }
    eprintln!("{} s, {all:?}, failed: {failed:?}", begun.elapsed().as_secs());
    assert!(failed.is_empty(), "seeds {failed:?}");
}

#[test]
fn the_reader_of_the_stream_is_strict() {
    const FRAME: &str = "\x1b[?1049h\x1b[?2026h\x1b[m\x1b[r\x1b[H\x1b[2J";
    let check = |text: &str| Stream::new().feed(format!("{FRAME}{text}").as_bytes());
    for sound in [
        "text\r\n\x1b[3Cmore\x1b[;1;38;2;1;2;3m\x1b[58:2::1:2:3mnaïve 日本\x1b[K\x1b[5;7H\x1b[;7H",
        "\x1b[3;20r\x1b[3H\x1b[2M\x1b[r\x1b[?2026l\x1b]52;c;Z290Y2hh\x07\x1b[?1049l",
        "👩\u{200d}👧 \u{1F3F4}\u{E0067}\u{E007F}",
    ] {
        assert_eq!(check(sound), Ok(()), "{}", sound.escape_debug());
    }
    for bad in [
        "\x07",
        "\x08",
        "\t",
        "\nx",
        "\x1bc",
        "\x1b[5n",
        "\x1b[6n",
        "\x1b[5m",
        "\x1b[8m",
        "\x1b[3J",
        "\x1b[?47h",
        "\x1b[501H",
        "\x1b]0;title\x07",
        "\x1b]52;c;Z2\x1b[m",
        "\x1b]8;;x\x1b\\",
        "\x1bP1$r\x1b\\",
        "\u{9b}31m",
        "\u{85}",
        "\u{202e}",
        "\u{200b}",
        "\u{feff}",
        "\u{ad}",
        "x\u{e0067}",
        "\u{e000}",
        "\u{fdd0}\u{ffff}",
        "\x1b[?2026h",
        "\x1b[?2026lx",
        "\x7f",
    ] {
        assert!(check(bad).is_err(), "{}", bad.escape_debug());
    }
}

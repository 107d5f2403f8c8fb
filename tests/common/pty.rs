//! A program in a terminal of its own: keys go in, a screen comes out, nothing sleeps.
//!
//! ```text
//! let mut session = Program::lection().arg("book.txt").size(80, 24).start();
//! session.wait_text("Chapter One");
//! session.send("jj<Space>");
//! session.wait_for("the second page", |screen| screen.contents().contains("page 2"));
//! session.send("q");
//! assert_eq!(session.wait_exit(), 0);
//! session.assert_restored();
//! ```
//!
//! Each wait ends with the event it waits for, or fails at the deadline with the screen printed.
//! The program sees a home folder of its own, and nothing of the environment of the tests.

#![allow(clippy::panic, reason = "a harness fails its test")]

use std::{
    ffi::{OsStr, OsString},
    fmt::Write as _,
    fs::File,
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::{
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid},
    termios::{Termios, tcgetattr},
};
use tempfile::TempDir;

/// How long a wait may take: far more than any machine needs, so that it only ends what hangs.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// A program to be started.
pub struct Program {
    path: PathBuf,
    args: Vec<String>,
    env: Vec<(String, String)>,
    size: (u16, u16),
    /// Text for its standard input; none for the terminal.
    piped: Option<String>,
    home: Option<PathBuf>,
}

impl Program {
    /// The program under test.
    pub fn lection() -> Program {
        Program::at(env!("CARGO_BIN_EXE_lection"))
    }

    /// Any program, on a screen of 80 x 24.
    pub fn at(path: impl AsRef<Path>) -> Program {
        let path = path.as_ref().to_owned();
        Program { path, args: Vec::new(), env: Vec::new(), size: (80, 24), piped: None, home: None }
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Program {
        self.args.push(arg.as_ref().to_string_lossy().into_owned());
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Program {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Columns and rows.
    pub fn size(mut self, columns: u16, rows: u16) -> Program {
        self.size = (columns, rows);
        self
    }

    /// Lets the standard input be a pipe with this text. The process of the session is then a
    /// shell, which ends with the program's status.
    pub fn piped(mut self, text: &str) -> Program {
        self.piped = Some(text.to_owned());
        self
    }

    /// A home folder that outlives the session, for programs that come back to it.
    pub fn home(mut self, home: &Path) -> Program {
        self.home = Some(home.to_owned());
        self
    }

    /// Starts it. Its home, its configuration and its working directory are in a new folder.
    pub fn start(self) -> Session {
        let (columns, rows) = self.size;
        let pair = native_pty_system().openpty(pty_size(columns, rows)).expect("a pty");
        let tty = pair.master.tty_name().expect("a name for the pty");
        let slave = File::options()
            .read(true)
            .write(true)
            .custom_flags(rustix::fs::OFlags::NOCTTY.bits() as i32)
            .open(tty)
            .expect("the other side of the pty");
        let before = tcgetattr(&slave).expect("the modes of the pty");

        let own = TempDir::new().expect("a home folder");
        let home = self.home.clone().unwrap_or_else(|| own.path().to_owned());
        let mut child = pair.slave.spawn_command(self.command(&home)).expect("the program starts");
        drop(pair.slave);
        let pid = child.process_id().and_then(|pid| Pid::from_raw(pid as i32)).expect("a process");

        let (status, exits) = mpsc::channel();
        thread::spawn(move || {
            let code = match child.wait() {
                Ok(ended) if ended.signal().is_none() => Ok(ended.exit_code() as i32),
                Ok(ended) => Err(format!("ended by a signal: {}", ended.signal().unwrap_or_default())),
                Err(error) => Err(error.to_string()),
            };
            let _ = status.send(code);
        });

        let is_closing = Arc::new(AtomicBool::new(false));
        let (chunks, output) = mpsc::channel();
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let closing = Arc::clone(&is_closing);
        let reading = thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if closing.load(Ordering::SeqCst) || chunks.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });

        Session {
            writer: pair.master.take_writer().ok(),
            master: Some(pair.master),
            slave: Some(slave),
            reading: Some(reading),
            is_closing,
            output,
            exits,
            ended: None,
            pid,
            parser: vt100::Parser::new(rows, columns, 1000),
            undecoded: Vec::new(),
            raw: Vec::new(),
            before,
            after: None,
            home,
            _own: own,
        }
    }

    fn command(&self, home: &Path) -> CommandBuilder {
        let mut command = match &self.piped {
            None => CommandBuilder::new(&self.path),
            Some(text) => {
                let mut shell = CommandBuilder::new("/bin/sh");
                shell.arg("-c");
                shell.arg("text=$1; shift; printf %s \"$text\" | \"$@\"");
                shell.arg("sh");
                shell.arg(text);
                shell.arg(&self.path);
                shell
            }
        };
        command.args(&self.args);
        command.env_clear();
        command.cwd(home);
        for (name, value) in self.environment(home) {
            command.env(name, value);
        }
        command
    }

    /// Runs it to its end without a terminal.
    pub fn output(self) -> std::process::Output {
        let own = TempDir::new().expect("a home folder");
        let home = self.home.clone().unwrap_or_else(|| own.path().to_owned());
        let mut command = std::process::Command::new(&self.path);
        command.args(&self.args).env_clear().envs(self.environment(&home)).current_dir(&home);
        command.stdin(std::process::Stdio::null()).output().expect("the program starts")
    }

    /// All of its environment: nothing of the one of the tests but the path.
    fn environment(&self, home: &Path) -> Vec<(String, OsString)> {
        let mut all: Vec<(String, OsString)> = vec![
            ("PATH".into(), std::env::var_os("PATH").unwrap_or_default()),
            ("TERM".into(), "xterm-256color".into()),
            ("COLORTERM".into(), "truecolor".into()),
            ("LANG".into(), "C.UTF-8".into()),
            ("HOME".into(), home.into()),
        ];
        for (name, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "run"),
            ("LECTION_CONFIG_DIR", "config/lection"),
        ] {
            all.push((name.into(), home.join(folder).into()));
        }
        // Later ones replace earlier ones.
        all.extend(self.env.iter().map(|(name, value)| (name.clone(), value.into())));
        all
    }
}

/// A running program and its terminal. Dropping it ends the program.
pub struct Session {
    writer: Option<Box<dyn Write + Send>>,
    master: Option<Box<dyn MasterPty + Send>>,
    /// Held open so that the modes can be read after the program has ended.
    slave: Option<File>,
    reading: Option<JoinHandle<()>>,
    is_closing: Arc<AtomicBool>,
    output: Receiver<Vec<u8>>,
    exits: Receiver<Result<i32, String>>,
    /// Its status, or how else it ended.
    ended: Option<Result<i32, String>>,
    pid: Pid,
    parser: vt100::Parser,
    undecoded: Vec<u8>,
    raw: Vec<u8>,
    before: Termios,
    after: Option<Termios>,
    home: PathBuf,
    _own: TempDir,
}

impl Session {
    /// Types keys: characters as they are, others as `<Enter>`, `<Esc>`, `<C-c>`, `<A-x>`,
    /// `<S-Tab>`, `<PgDn>`, `<lt>` … After `<Esc>` wait for what it does: with the next key it
    /// would be one key with alt.
    pub fn send(&mut self, keys: &str) {
        self.send_bytes(&encode_keys(keys));
    }

    /// Types bytes.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().expect("the terminal is there");
        writer.write_all(bytes).expect("the terminal takes keys");
    }

    /// Waits until the screen satisfies `is_there`, which is called `what` if it never does.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, is_there: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + DEADLINE;
        while !is_there(self.parser.screen()) {
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(chunk) => self.take(&chunk),
                Err(RecvTimeoutError::Timeout) => panic!("no sign of {what} in time on\n{}", self.picture()),
                Err(RecvTimeoutError::Disconnected) => panic!("ended without {what} on\n{}", self.picture()),
            }
        }
    }

    /// Waits until the screen shows a text, which stands in one row.
    #[track_caller]
    pub fn wait_text(&mut self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    /// Waits until a text is gone from the screen.
    #[track_caller]
    pub fn wait_gone(&mut self, text: &str) {
        self.wait_for(&format!("the end of {text}"), |screen| !screen.contents().contains(text));
    }

    /// Waits until the program ends; returns its exit status. All it wrote is then on the screen.
    #[track_caller]
    pub fn wait_exit(&mut self) -> i32 {
        self.look_for_end(DEADLINE);
        let code = match &self.ended {
            Some(Ok(code)) => *code,
            Some(Err(how)) => panic!("{how}, at\n{}", self.picture()),
            None => panic!("still running, at\n{}", self.picture_now()),
        };
        if self.after.is_some() {
            return code;
        }
        self.after = self.slave.as_ref().and_then(|slave| tcgetattr(slave).ok());
        // With its last holder gone, the terminal gives what is left and ends.
        self.slave = None;
        if self.master.is_some() {
            let end = Instant::now() + DEADLINE;
            while let Ok(chunk) = self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                self.take(&chunk);
            }
        }
        code
    }

    /// Whether the program has ended, in whatever way.
    pub fn has_ended(&mut self) -> bool {
        self.ends_within(Duration::ZERO)
    }

    /// Whether the program ends within a time.
    pub fn ends_within(&mut self, patience: Duration) -> bool {
        self.look_for_end(patience);
        self.ended.is_some()
    }

    fn look_for_end(&mut self, patience: Duration) {
        if self.ended.is_none() {
            self.ended = self.exits.recv_timeout(patience).ok();
        }
    }

    /// Takes what the program writes next, if it writes within a time; says whether it did.
    pub fn pump(&mut self, time: Duration) -> bool {
        let Ok(chunk) = self.output.recv_timeout(time) else { return false };
        self.take(&chunk);
        self.drain();
        true
    }

    /// The bytes the program has written since the last call, which the session then forgets.
    pub fn take_raw(&mut self) -> Vec<u8> {
        self.drain();
        std::mem::take(&mut self.raw)
    }

    /// Waits until the program is stopped, as by SIGSTOP.
    #[track_caller]
    pub fn wait_stopped(&mut self) {
        assert!(self.stops(), "ended, at\n{}", self.picture());
    }

    /// Waits until the program is stopped; false where it has ended instead.
    #[track_caller]
    pub fn stops(&mut self) -> bool {
        let (sender, stopped) = mpsc::channel();
        let pid = self.pid;
        thread::spawn(move || {
            let _ = sender.send(waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED));
        });
        let end = Instant::now() + DEADLINE;
        let is_stopped = loop {
            match stopped.recv_timeout(Duration::from_millis(10)) {
                Ok(Ok(Some(_))) => break true,
                _ if self.has_ended() => break false,
                _ => assert!(Instant::now() < end, "not stopped, at\n{}", self.picture()),
            }
        };
        self.drain();
        is_stopped
    }

    /// Sends a signal to the program, if it has not ended yet.
    pub fn signal(&self, signal: Signal) {
        let _ = kill_process(self.pid, signal);
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.drain();
        // The emulator breaks where a wide character finds no room, or the last row none above.
        self.parser.screen_mut().set_size(rows.max(2), columns.max(2));
        self.resize_system(columns, rows);
    }

    /// Lets the system claim another size than the screen has.
    pub fn resize_system(&mut self, columns: u16, rows: u16) {
        let master = self.master.as_ref().expect("the terminal is there");
        master.resize(pty_size(columns, rows)).expect("a new size");
    }

    /// Takes the terminal away, as closing its window does.
    pub fn hang_up(&mut self) {
        self.is_closing.store(true, Ordering::SeqCst);
        // A byte lets the reader look up and close its hold on the terminal.
        if let Some(mut slave) = self.slave.take() {
            let _ = slave.write_all(b" ");
        }
        if let Some(reading) = self.reading.take() {
            let _ = reading.join();
        }
        self.writer = None;
        self.master = None;
    }

    /// The screen as the terminal has it now.
    pub fn screen(&mut self) -> &vt100::Screen {
        self.drain();
        self.parser.screen()
    }

    /// The text of the screen, a line a row, without blank ends.
    pub fn screen_text(&mut self) -> String {
        self.screen().contents()
    }

    /// All bytes the program has written so far.
    pub fn raw(&mut self) -> &[u8] {
        self.drain();
        &self.raw
    }

    /// The modes of the terminal's line now.
    pub fn termios(&self) -> Termios {
        tcgetattr(self.slave.as_ref().expect("the program runs")).expect("the modes of the pty")
    }

    /// The program's home folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Asserts that the screen is the program's: alternate, cursor as told, line raw.
    #[track_caller]
    pub fn assert_entered(&mut self) {
        assert!(self.screen().alternate_screen(), "alternate screen");
        assert!(self.screen().bracketed_paste(), "marked paste");
        let local = self.termios().local_modes;
        assert!(!local.intersects(rustix::termios::LocalModes::ICANON | rustix::termios::LocalModes::ECHO), "raw line");
    }

    /// Asserts that the terminal is as the program found it. If the program still runs, waits
    /// for its leaving the screen, which may still be on its way from the terminal to here.
    #[track_caller]
    pub fn assert_restored(&mut self) {
        if self.ended.is_none() {
            self.wait_for("the normal screen", |screen| !screen.alternate_screen());
        }
        let (before, after) = (modes(&self.before), modes(&self.after.clone().unwrap_or_else(|| self.termios())));
        assert_eq!(after, before, "the modes of the line");
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "paste is still marked");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is still reported");
        let looks = (screen.fgcolor(), screen.bgcolor(), screen.bold(), screen.underline(), screen.inverse());
        assert_eq!(looks, (vt100::Color::Default, vt100::Color::Default, false, false, false), "attributes are left");
        let raw = String::from_utf8_lossy(&self.raw);
        assert!(raw.rfind("\x1b[?2026l") >= raw.rfind("\x1b[?2026h"), "a frame is still open");
    }

    /// Takes what has been written meanwhile.
    fn drain(&mut self) {
        while let Ok(chunk) = self.output.try_recv() {
            self.take(&chunk);
        }
    }

    fn take(&mut self, chunk: &[u8]) {
        self.raw.extend_from_slice(chunk);
        self.undecoded.extend_from_slice(chunk);
        // The emulator prints no replacement character; a box of one column stands for it.
        let cut =
            [&b"\xef\xbf"[..], b"\xef"].iter().find(|end| self.undecoded.ends_with(end)).map_or(0, |end| end.len());
        let rest = self.undecoded.split_off(self.undecoded.len() - cut);
        let mut from = 0;
        while let Some(at) = self.undecoded[from..].windows(3).position(|bytes| bytes == "\u{FFFD}".as_bytes()) {
            show(&mut self.parser, &self.undecoded[from..from + at]);
            show(&mut self.parser, "□".as_bytes());
            from += at + 3;
        }
        show(&mut self.parser, &self.undecoded[from..]);
        self.undecoded = rest;
    }

    fn picture_now(&mut self) -> String {
        self.drain();
        self.picture()
    }

    /// The screen in a frame, for messages.
    fn picture(&self) -> String {
        let screen = self.parser.screen();
        let (_, columns) = screen.size();
        let edge = "-".repeat(columns.into());
        let mut picture = format!("+{edge}+\n");
        for row in screen.rows(0, columns) {
            let _ = writeln!(picture, "|{row}");
        }
        picture + "+" + &edge + "+"
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.has_ended() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

/// Lets the emulator show bytes. It breaks on wide characters at the edge when a frame was made for
/// another size than the terminal has by now; it then starts again, until the next whole frame.
fn show(parser: &mut vt100::Parser, bytes: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| parser.process(bytes))).is_err() {
        let (rows, columns) = parser.screen().size();
        *parser = vt100::Parser::new(rows, columns, 1000);
        parser.process(b"\x1b[?1049h\x1b[?2004h");
    }
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// What can be compared of the modes.
fn modes(termios: &Termios) -> String {
    format!("{termios:?}")
}

/// The bytes a terminal sends for keys in the notation of [`Session::send`].
pub fn encode_keys(keys: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix('<').and_then(|inner| inner.split_once('>')) {
            bytes.extend(encode_name(name));
            rest = after;
        } else {
            bytes.extend_from_slice(c.to_string().as_bytes());
            rest = rest.strip_prefix(c).unwrap_or_default();
        }
    }
    bytes
}

/// The name in the notation of [`encode_keys`] of a key that the table of keys calls by one.
pub fn named(key: &str) -> Option<&'static str> {
    Some(match key {
        "enter" => "Enter",
        "esc" => "Esc",
        "tab" => "Tab",
        "backtab" | "shift-tab" => "S-Tab",
        "space" => "Space",
        "backspace" => "BS",
        "delete" => "Delete",
        "insert" => "Insert",
        "up" => "Up",
        "down" => "Down",
        "left" => "Left",
        "right" => "Right",
        "home" => "Home",
        "end" => "End",
        "pageup" => "PgUp",
        "pagedown" => "PgDn",
        "f1" => "F1",
        _ => return None,
    })
}

fn encode_name(name: &str) -> Vec<u8> {
    if let Some(key) = name.strip_prefix("C-") {
        // Control takes the upper bits away.
        return key.bytes().map(|byte| byte & 0x1f).collect();
    }
    if let Some(key) = name.strip_prefix("A-") {
        let key = if key.len() == 1 { key.as_bytes().to_vec() } else { encode_name(key) };
        // With a cursor key, the modifier is a number; with others, an escape before it.
        return match key.strip_prefix(b"\x1b[") {
            Some([end]) => vec![0x1b, b'[', b'1', b';', b'3', *end],
            _ => [b"\x1b", key.as_slice()].concat(),
        };
    }
    let bytes: &[u8] = match name {
        "Enter" => b"\r",
        "Esc" => b"\x1b",
        "Tab" => b"\t",
        "S-Tab" => b"\x1b[Z",
        "Backspace" | "BS" => b"\x7f",
        "Space" => b" ",
        "lt" => b"<",
        "Up" => b"\x1b[A",
        "Down" => b"\x1b[B",
        "Right" => b"\x1b[C",
        "Left" => b"\x1b[D",
        "Home" => b"\x1b[H",
        "End" => b"\x1b[F",
        "PgUp" => b"\x1b[5~",
        "PgDn" => b"\x1b[6~",
        "Insert" => b"\x1b[2~",
        "Delete" => b"\x1b[3~",
        "F1" => b"\x1bOP",
        other => panic!("no key has the name <{other}>"),
    };
    bytes.to_vec()
}

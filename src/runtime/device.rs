//! The system's side of the terminal: writing to it, its size, and stopping the process.
//!
//! One function each for Unix and elsewhere; nothing here knows what the bytes mean.

#[cfg(unix)]
pub(super) use unix::{prepare, set_raw, size, stop_group, write, write_last};

#[cfg(not(unix))]
pub(super) use elsewhere::{prepare, set_raw, size, stop_group, write, write_last};

#[cfg(unix)]
mod unix {
    use std::{fs::File, io, os::fd::AsFd};

    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        io::Errno,
        process::{Signal, kill_current_process_group},
        stdio::{stdin, stdout},
        termios::{OptionalActions, isatty, tcgetattr, tcgetwinsize, tcsetattr},
    };

    /// How long a last word waits for a terminal that takes nothing: 0.2 s.
    const LAST_WORD: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

    /// What a terminal needs before it understands sequences: here nothing.
    pub fn prepare() {}

    /// Sets raw mode again on a line that was raw before and may not be any more.
    pub fn set_raw() -> io::Result<()> {
        if isatty(stdin()) { make_raw(stdin()) } else { make_raw(File::open("/dev/tty")?) }
    }

    fn make_raw(tty: impl AsFd) -> io::Result<()> {
        let mut modes = tcgetattr(&tty)?;
        modes.make_raw();
        Ok(tcsetattr(&tty, OptionalActions::Now, &modes)?)
    }

    /// Columns and rows as the system has them, which may be 0.
    pub fn size() -> Option<(u16, u16)> {
        let size = tcgetwinsize(stdout())
            .or_else(|_| tcgetwinsize(stdin()))
            .ok()
            .or_else(|| File::open("/dev/tty").ok().and_then(|tty| tcgetwinsize(tty).ok()))?;
        Some((size.ws_col, size.ws_row))
    }

    /// Writes all, in one call if the terminal takes it.
    pub fn write(bytes: &[u8]) -> io::Result<()> {
        write_until(bytes, None)
    }

    /// Writes what the terminal takes without a long wait.
    pub fn write_last(bytes: &[u8]) {
        let _ = write_until(bytes, Some(&LAST_WORD));
    }

    /// Stops this process and the others of its group until they are told to go on. The pipe
    /// that feeds it stops with it.
    pub fn stop_group() {
        let _ = kill_current_process_group(Signal::STOP);
    }

    fn write_until(mut bytes: &[u8], patience: Option<&Timespec>) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(stdout(), bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                // Someone shares the terminal and made it non-blocking.
                Err(Errno::AGAIN) => {
                    let out = stdout();
                    let ready = poll(&mut [PollFd::new(&out, PollFlags::OUT)], patience);
                    if matches!(ready, Ok(0)) {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io::{self, Write};

    /// Asks the console to understand sequences.
    pub fn prepare() {
        #[cfg(windows)]
        let _ = crossterm::ansi_support::supports_ansi();
    }

    /// Sets raw mode again.
    pub fn set_raw() -> io::Result<()> {
        crossterm::terminal::enable_raw_mode()
    }

    /// Columns and rows as the system has them.
    pub fn size() -> Option<(u16, u16)> {
        crossterm::terminal::size().ok()
    }

    /// Writes all.
    pub fn write(bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Writes all, whatever comes of it.
    pub fn write_last(bytes: &[u8]) {
        let _ = write(bytes);
    }

    /// Nothing: there is no such stop here.
    pub fn stop_group() {}
}

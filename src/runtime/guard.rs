//! A watch on the terminal: when it is gone, the process ends.
//!
//! A closed window does not always send a signal, and a reader of keys may spin on a terminal
//! that is gone. The guard sleeps until the system reports the end, and reads nothing itself.

use std::{io, sync::mpsc::Sender};

use crate::app::Input;

/// Starts the thread that sends [`Input::Gone`] when the terminal is gone, and ends the process
/// with status 129 1.5 s later if it still runs. From then on nothing is written to the terminal.
///
/// # Errors
/// There is no terminal, or the system refuses the thread.
#[cfg(unix)]
pub fn start<T: From<Input> + Send + 'static>(inputs: Sender<T>) -> io::Result<()> {
    use super::{ending, terminal};

    let tty = unix::Tty::open()?;
    let watch = move || {
        tty.wait_until_gone();
        terminal::abandon();
        ending::exit_after(ending::GRACE, GONE);
        let _ = inputs.send(Input::Gone.into());
    };
    std::thread::Builder::new().name("guard".into()).spawn(watch)?;
    Ok(())
}

/// Does nothing: a closed console ends its processes.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn start<T: From<Input> + Send + 'static>(_inputs: Sender<T>) -> io::Result<()> {
    Ok(())
}

/// The status after the terminal is gone: 128 and the number of SIGHUP.
#[cfg(unix)]
const GONE: i32 = 129;

#[cfg(unix)]
mod unix {
    use std::{fs::File, io, os::fd::AsFd};

    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        io::Errno,
        stdio::{stdin, stdout},
        termios::{isatty, tcgetwinsize},
    };

    /// Whether `poll` without wishes reports the end of a terminal, and nothing else. Elsewhere
    /// (macOS) it may call a sound terminal invalid, or report no end.
    const IS_POLL_TRUE: bool = cfg!(any(target_os = "linux", target_os = "android"));

    /// How often a terminal is looked at where `poll` cannot be trusted.
    const TICK: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

    /// The terminal that is watched.
    pub enum Tty {
        Input,
        Output,
        Named(File),
    }

    impl Tty {
        /// The one the process was started with, or the one that controls it.
        pub fn open() -> io::Result<Tty> {
            if isatty(stdin()) {
                Ok(Tty::Input)
            } else if isatty(stdout()) {
                Ok(Tty::Output)
            } else {
                File::open("/dev/tty").map(Tty::Named)
            }
        }

        /// Returns when the terminal is gone. Wakes up for nothing else.
        pub fn wait_until_gone(&self) {
            match self {
                Tty::Input => wait(stdin(), IS_POLL_TRUE),
                Tty::Output => wait(stdout(), IS_POLL_TRUE),
                Tty::Named(file) => wait(file, IS_POLL_TRUE),
            }
        }
    }

    /// Waits for the end: asleep if `poll` can be trusted, else by a look each second.
    fn wait(tty: impl AsFd, is_poll_true: bool) {
        let timeout = if is_poll_true { None } else { Some(&TICK) };
        loop {
            let mut fds = [PollFd::new(&tty, PollFlags::empty())];
            let polled = poll(&mut fds, timeout);
            let seen = fds.first().map_or(PollFlags::empty(), PollFd::revents);
            let ends = if is_poll_true { PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL } else { PollFlags::HUP };
            match polled {
                Err(Errno::INTR) => continue,
                // Without a watch the program still works: only a true end is told.
                Err(_) => loop {
                    std::thread::park();
                },
                Ok(_) if seen.intersects(ends) => return,
                Ok(_) => {}
            }
            if !is_poll_true {
                if matches!(tcgetwinsize(&tty), Err(Errno::IO | Errno::NXIO)) {
                    return;
                }
                // An invalid terminal makes `poll` return at once: the tick is waited elsewhere.
                if seen.contains(PollFlags::NVAL) {
                    let _ = poll(&mut [], Some(&TICK));
                }
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::{sync::mpsc, time::Duration};

        #[test]
        fn the_end_is_seen_either_way() {
            for is_poll_true in [true, false] {
                let pair = portable_pty::native_pty_system().openpty(portable_pty::PtySize::default()).unwrap();
                let tty = File::open(pair.master.tty_name().unwrap()).unwrap();
                let (sender, ended) = mpsc::channel();
                std::thread::spawn(move || {
                    wait(tty, is_poll_true);
                    sender.send(()).unwrap();
                });
                assert!(ended.recv_timeout(Duration::from_millis(50)).is_err(), "a sound terminal is left alone");
                drop(pair);
                ended.recv_timeout(Duration::from_secs(20)).expect("the end is seen");
            }
        }
    }
}

//! The thread that takes in what comes through a pipe, as far ahead of the reader as is wanted.
//!
//! It says that something has arrived at most every 50 ms, and when the pipe rests.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::formats::Spool;
use crate::limits::PIPE_BYTES_MAX;
use crate::text::clean_line;

/// Bytes taken in one go.
const CHUNK: usize = 64 * 1024;
/// What is enough to show the first page and to tell what the text is.
const FIRST_BYTES: u64 = 64 * 1024;
/// How long the first page waits for so much once something has come.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// How often it is said that something has arrived.
const SAID_EVERY: Duration = Duration::from_millis(50);
/// What comes through a pipe.
#[derive(Debug)]
pub struct Spooler {
    spool: Arc<Spool>,
    listener: Arc<OnceLock<Sender<Event>>>,
    /// Hears of chunks; ends when all has arrived.
    chunks: Receiver<()>,
}

impl Spooler {
    /// Starts the thread. It ends with the pipe.
    ///
    /// # Errors
    /// When there is no room for a temporary file, or the system has no thread to give.
    pub fn start(pipe: File) -> io::Result<Spooler> {
        let spool = Arc::new(Spool::new(tempfile::tempfile()?));
        let listener = Arc::new(OnceLock::new());
        let (heard, chunks) = sync_channel(1);
        let intake = Intake { pipe, spool: spool.clone(), listener: listener.clone(), heard, said: Instant::now() };
        let thread = thread::Builder::new().name("spooler".into()).spawn(move || intake.run())?;
        let thread = thread.thread().clone();
        spool.on_want(move || thread.unpark());
        Ok(Spooler { spool, listener, chunks })
    }

    /// What has arrived.
    pub fn spool(&self) -> &Arc<Spool> {
        &self.spool
    }

    /// Says from now on to a program that something has arrived.
    pub fn listen(&self, events: Sender<Event>) {
        let _ = self.listener.set(events.clone());
        // What came before anybody listened.
        let _ = events.send(Event::Arrived);
    }

    /// Waits until there is a page to show: until enough has arrived, or all, or something and
    /// then nothing for a moment.
    pub fn wait_for_page(&self) {
        let is_enough = || self.spool.is_complete() || self.spool.arrived() >= FIRST_BYTES;
        if self.chunks.recv().is_err() {
            return;
        }
        let deadline = Instant::now() + FIRST_WAIT;
        while !is_enough() {
            match self.chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Waits until all has arrived.
    pub fn wait_for_all(&self) {
        self.spool.want_all(true);
        while self.chunks.recv().is_ok() {}
    }
}

/// The thread's own.
struct Intake {
    pipe: File,
    spool: Arc<Spool>,
    listener: Arc<OnceLock<Sender<Event>>>,
    heard: SyncSender<()>,
    said: Instant,
}

impl Intake {
    fn run(mut self) {
        let trouble = self.take_all().err();
        self.spool.complete();
        if let Some(error) = trouble {
            let sentence = format!("Standard input could not be read to its end: {error}");
            self.say(Event::Failed(clean_line(&sentence)));
        }
        self.say(Event::Arrived);
    }

    fn take_all(&mut self) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        let mut has_news = false;
        loop {
            // Nothing is said more often than it is looked at, but the last of it is.
            let rests = |pipe: &File, since: Instant| !is_ready(pipe, SAID_EVERY.saturating_sub(since.elapsed()));
            if has_news && (!self.spool.wants_more() || rests(&self.pipe, self.said)) {
                self.say(Event::Arrived);
                has_news = false;
            }
            while !self.spool.wants_more() {
                thread::park();
            }
            let taken = match self.pipe.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(taken) => taken,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.spool.append(buffer.get(..taken).unwrap_or_default())?;
            if self.spool.arrived() >= PIPE_BYTES_MAX {
                return Err(io::Error::other("it is longer than 4 GiB; the rest of it is left out"));
            }
            let _ = self.heard.try_send(());
            has_news = true;
            if self.said.elapsed() >= SAID_EVERY {
                self.say(Event::Arrived);
                has_news = false;
            }
        }
    }

    fn say(&mut self, event: Event) {
        self.said = Instant::now();
        if let Some(listener) = self.listener.get() {
            // Nobody listens when the program ends, and the thread with it.
            let _ = listener.send(event);
        }
    }
}

/// Whether something can be read from a pipe, now or within some time.
#[cfg(unix)]
fn is_ready(pipe: &File, within: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let limit = Timespec { tv_sec: 0, tv_nsec: within.subsec_nanos().into() };
    poll(&mut [PollFd::new(pipe, PollFlags::IN)], Some(&limit)).is_ok_and(|ready| ready > 0)
}

#[cfg(not(unix))]
fn is_ready(_pipe: &File, _within: Duration) -> bool {
    false
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::mpsc::channel;

    use super::*;

    fn pipe() -> (File, File) {
        let (read, write) = io::pipe().unwrap();
        (File::from(std::os::fd::OwnedFd::from(read)), File::from(std::os::fd::OwnedFd::from(write)))
    }

    #[test]
    fn the_first_page_is_there_before_the_end() {
        let (read, mut write) = pipe();
        let spooler = Spooler::start(read).unwrap();
        write.write_all(b"the first words").unwrap();
        spooler.wait_for_page();
        assert_eq!((spooler.spool().arrived(), spooler.spool().is_complete()), (15, false));
        let (events, inbox) = channel();
        spooler.listen(events);
        assert!(matches!(inbox.recv().unwrap(), Event::Arrived));
        write.write_all(b" and more").unwrap();
        while spooler.spool().arrived() < 24 {
            inbox.recv().unwrap();
        }
        drop(write);
        spooler.wait_for_all();
        assert!(spooler.spool().is_complete());
    }

    #[test]
    fn nothing_is_a_document_too() {
        let (read, write) = pipe();
        drop(write);
        let spooler = Spooler::start(read).unwrap();
        spooler.wait_for_page();
        spooler.wait_for_all();
        assert_eq!((spooler.spool().arrived(), spooler.spool().is_complete()), (0, true));
    }
}

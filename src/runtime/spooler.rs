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
    /// Why not all of it was taken.
    trouble: Arc<OnceLock<Shortfall>>,
    /// Hears of chunks; ends when all has arrived.
    chunks: Receiver<()>,
}

impl Spooler {
    /// Starts the thread. It ends with the pipe.
    ///
    /// # Errors
    /// When there is no room for a temporary file, or the system has no thread to give.
    pub fn start(pipe: File) -> io::Result<Spooler> {
        Spooler::start_up_to(pipe, PIPE_BYTES_MAX)
    }

    fn start_up_to(pipe: File, limit: u64) -> io::Result<Spooler> {
        let spool = Arc::new(Spool::new(tempfile::tempfile()?));
        let listener = Arc::new(OnceLock::new());
        let trouble = Arc::new(OnceLock::new());
        let (heard, chunks) = sync_channel(1);
        let intake = Intake {
            pipe,
            spool: spool.clone(),
            listener: listener.clone(),
            trouble: trouble.clone(),
            heard,
            said: Instant::now(),
            limit,
        };
        let thread = thread::Builder::new().name("spooler".into()).spawn(move || intake.run())?;
        let thread = thread.thread().clone();
        spool.on_want(move || thread.unpark());
        Ok(Spooler { spool, listener, trouble, chunks })
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
        if let Some(trouble) = self.trouble.get() {
            let _ = events.send(said(trouble));
        }
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

    /// Waits until all has arrived. Gives why it is not all of it, if so.
    pub fn wait_for_all(&self) -> Option<&Shortfall> {
        self.spool.want_all(true);
        while self.chunks.recv().is_ok() {}
        self.trouble.get()
    }
}

/// The thread's own.
struct Intake {
    pipe: File,
    spool: Arc<Spool>,
    listener: Arc<OnceLock<Sender<Event>>>,
    trouble: Arc<OnceLock<Shortfall>>,
    heard: SyncSender<()>,
    said: Instant,
    /// Bytes that are taken at most.
    limit: u64,
}

/// Why not all that came through a pipe was taken.
#[derive(Debug, thiserror::Error)]
pub enum Shortfall {
    /// It is more than is taken.
    #[error("it is longer than 4 GiB; the rest of it is left out")]
    Cut,
    /// It cannot be read, or not be kept.
    #[error(transparent)]
    Failed(#[from] io::Error),
}

/// What the reader is told.
fn said(trouble: &Shortfall) -> Event {
    Event::Failed(clean_line(&format!("Standard input could not be read to its end: {trouble}")))
}

impl Intake {
    fn run(mut self) {
        if let Err(error) = self.take_all() {
            let event = said(&error);
            let _ = self.trouble.set(error);
            self.spool.complete();
            self.say(event);
        }
        self.spool.complete();
        self.say(Event::Arrived);
    }

    fn take_all(&mut self) -> Result<(), Shortfall> {
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
                Err(error) => return Err(error.into()),
            };
            let room = self.limit.saturating_sub(self.spool.arrived()).min(taken as u64) as usize;
            self.spool.append(buffer.get(..room).unwrap_or_default())?;
            if room < taken {
                return Err(Shortfall::Cut);
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
    fn what_is_too_long_is_cut_and_said() {
        for (limit, is_cut) in [(15, false), (14, true)] {
            let (read, mut write) = pipe();
            let spooler = Spooler::start_up_to(read, limit).unwrap();
            write.write_all(b"the first words").unwrap();
            drop(write);
            assert_eq!(spooler.wait_for_all().is_some_and(|trouble| matches!(trouble, Shortfall::Cut)), is_cut);
            assert_eq!((spooler.spool().arrived(), spooler.spool().is_complete()), (limit, true));
            let (events, inbox) = channel();
            spooler.listen(events);
            assert_eq!(inbox.try_iter().any(|event| matches!(event, Event::Failed(_))), is_cut);
        }
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

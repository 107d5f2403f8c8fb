//! The thread that keeps marks and places on the disk, so that no key waits for it.
//!
//! A mark is reported as saved when the store says that it is on the disk. What could not be
//! saved stays with the store and is tried again; at the end it is given back as lines of a log.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::app::Event;
use crate::document::{Anchor, Document, Mark};
use crate::store::{BookState, Store};
use crate::text::Clean;

/// How often the store looks for what other programs and devices wrote, and tries again to save
/// what it could not.
const LOOK: Duration = Duration::from_secs(1);

/// Something to be kept.
enum Job {
    SaveMark(u64, Box<Mark>),
    DeleteMark(String),
    SavePlace(Box<Anchor>),
}

/// The way to the store, for one document.
pub struct Keeper {
    keep: Option<Keep>,
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<Keep>>,
}

/// The store and the document that it keeps things of.
struct Keep {
    store: Store,
    document: Arc<dyn Document>,
    path: Option<PathBuf>,
    /// Marks under letters that were saved in this session, by their identities.
    letters: HashMap<Clean, String>,
}

impl Keeper {
    /// A store for a document. `path`: its file, if it is one.
    pub fn new(store: Store, document: Arc<dyn Document>, path: Option<PathBuf>) -> Keeper {
        Keeper { keep: Some(Keep { store, document, path, letters: HashMap::new() }), jobs: None, thread: None }
    }

    /// What was kept of the document before.
    pub fn load(&mut self) -> BookState {
        self.keep.as_mut().map(Keep::load).unwrap_or_default()
    }

    /// Starts the thread. It sends what came of every wish.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(&mut self, events: Sender<Event>) -> io::Result<()> {
        let Some(keep) = self.keep.take() else { return Ok(()) };
        let (jobs, wanted) = channel();
        let run = move || keep.run(&wanted, &events);
        self.thread = Some(thread::Builder::new().name("keeper".into()).spawn(run)?);
        self.jobs = Some(jobs);
        Ok(())
    }

    /// Saves a mark; the answer carries the ticket.
    pub fn save_mark(&self, ticket: u64, mark: Mark) {
        self.send(Job::SaveMark(ticket, Box::new(mark)));
    }

    /// Deletes a mark.
    pub fn delete_mark(&self, id: String) {
        self.send(Job::DeleteMark(id));
    }

    /// Saves the place of reading.
    pub fn save_place(&self, place: Anchor) {
        self.send(Job::SavePlace(Box::new(place)));
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only when this sender is dropped.
            let _ = jobs.send(job);
        }
    }

    /// Carries out what was asked for, and ends. Gives what could not be saved, as lines of a
    /// log; empty when all is on the disk.
    pub fn finish(mut self) -> String {
        drop(self.jobs.take());
        let keep = self.thread.take().and_then(|thread| thread.join().ok()).or(self.keep.take());
        let Some(mut keep) = keep else { return String::new() };
        if keep.store.pending() > 0 {
            let _ = keep.store.retry();
        }
        keep.store.pending_lines()
    }
}

impl Keep {
    fn load(&mut self) -> BookState {
        self.store.load(self.document.identity(), self.document.meta(), self.path.as_deref())
    }

    fn run(mut self, wanted: &Receiver<Job>, events: &Sender<Event>) -> Keep {
        loop {
            let event = match wanted.recv_timeout(LOOK) {
                Ok(job) => Some(self.carry_out(job)),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return self,
            };
            if let Some(event) = event {
                // Even if nobody listens any more, what is still asked for is carried out.
                let _ = events.send(event);
            }
        }
    }

    fn carry_out(&mut self, job: Job) -> Event {
        let identity = self.document.identity();
        match job {
            Job::SaveMark(ticket, mut mark) => {
                if mark.id.is_empty() {
                    // A letter set again before its first mark had an identity moves that mark.
                    let same = mark.name.as_ref().and_then(|name| self.letters.get(name)).cloned();
                    mark.id = same.unwrap_or_else(|| self.store.new_id());
                    mark.created = self.store.now();
                }
                if let Some(name) = &mark.name {
                    self.letters.insert(name.clone(), mark.id.clone());
                }
                mark.changed = self.store.now();
                let saved = self.store.save_mark(identity, &mark).map_err(|error| error.reason());
                Event::MarkSaved(ticket, Box::new((*mark, saved)))
            }
            Job::DeleteMark(id) => {
                self.letters.retain(|_, kept| *kept != id);
                Event::Saved(self.store.delete_mark(identity, &id).map_err(|error| error.reason()))
            }
            Job::SavePlace(place) => {
                Event::Saved(self.store.save_place(identity, &place).map_err(|error| error.reason()))
            }
        }
    }

    /// Looks for news, and tries again to save what is not saved.
    fn look(&mut self) -> Option<Event> {
        let waited = self.store.pending() > 0;
        let saved = waited && self.store.retry().is_ok();
        // While something is not on the disk, a list from the store would show it as if it were.
        if self.store.pending() > 0 || (!saved && !self.store.poll()) {
            return None;
        }
        let BookState { marks, problems, .. } = self.load();
        Some(Event::StateLoaded { marks, problems })
    }
}

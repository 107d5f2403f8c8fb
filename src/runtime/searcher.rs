//! The thread that searches. It works while there is a search, hears a new wish between two
//! sections, and shows the first match as soon as it is found.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::document::{Document, Position};
use crate::reader::Direction;
use crate::text::{Pattern, clean_line};

use super::answers::Answers;
use super::role::Role;
use super::{Seek, panics};

/// How often what was found is told of.
const TELL_EVERY: Duration = Duration::from_millis(100);
/// The same while nobody waits: only the count grows.
const COUNT_EVERY: Duration = Duration::from_millis(500);

/// A wish: a search of this generation, or none.
type Job = Option<(u64, Seek)>;

/// The way to the searcher, whose thread begins with the first search.
pub struct Searcher {
    document: Arc<dyn Document>,
    events: Answers,
    jobs: Option<Sender<Job>>,
    role: Role,
}

impl Searcher {
    /// A searcher that waits.
    pub fn new(document: Arc<dyn Document>, events: Answers) -> Searcher {
        Searcher { document, events, jobs: None, role: Role::default() }
    }

    /// Ends the search in what there was before, and searches in another document.
    pub fn turn_to(&mut self, document: Arc<dyn Document>, events: Answers) {
        self.document = document;
        self.events = events;
        self.jobs = None;
    }

    /// Begins a search; what went on before ends.
    pub fn search(&mut self, generation: u64, pattern: Pattern, from: Position, direction: Direction) {
        if self.jobs.is_none() {
            let (jobs, wanted) = channel();
            let (document, events) = (self.document.clone(), self.events.clone());
            match self.role.pass_on("searcher", move || run(&*document, &wanted, &events)) {
                Ok(()) => self.jobs = Some(jobs),
                Err(error) => {
                    let reason = clean_line(&error.to_string());
                    let _ = self.events.send(Event::SearchFailed(generation, reason));
                }
            }
        }
        self.send(Some((generation, Seek::new(pattern, from, direction))));
    }

    /// Ends the search.
    pub fn end(&self) {
        self.send(None);
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only when this sender is dropped.
            let _ = jobs.send(job);
        }
    }
}

fn run(document: &dyn Document, wanted: &Receiver<Job>, events: &Answers) {
    let mut search: Job = None;
    let mut has_found = false;
    loop {
        let Some((generation, seek)) = &mut search else {
            let Ok(job) = wanted.recv() else { return };
            (search, has_found) = (job, false);
            continue;
        };
        let since = Instant::now();
        let every = if has_found { COUNT_EVERY } else { TELL_EVERY };
        let mut news: Option<Result<Job, TryRecvError>> = None;
        let stretch = panics::contain("Searching", || {
            seek.stretch(document, |found| {
                news = Some(wanted.try_recv()).filter(|news| !matches!(news, Err(TryRecvError::Empty)));
                news.is_some() || since.elapsed() >= every || (!has_found && !found.hits.is_empty())
            })
        });
        let event = match stretch {
            Ok(Some(found)) => {
                has_found |= !found.hits.is_empty();
                Event::Searched(*generation, Box::new(found))
            }
            Ok(None) => {
                search = None;
                continue;
            }
            Err(reason) => {
                let event = Event::SearchFailed(*generation, reason);
                search = None;
                event
            }
        };
        if events.send(event).is_err() {
            return;
        }
        match news.unwrap_or_else(|| wanted.try_recv()) {
            Ok(job) => (search, has_found) = (job, false),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return,
        }
    }
}

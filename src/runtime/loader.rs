//! The thread that loads sections: what the page waits for first, and of that the newest.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::document::{Document, Position, SectionId};
use crate::reader::Priority;
use crate::text::clean_line;

use super::answers::Answers;
use super::panics;

/// Sections that wait at most; beyond it the oldest wish is dropped, the reader asks again.
const WAITING_MAX: usize = 8;

/// How often it is said how near a far section is.
const SAID_EVERY: Duration = Duration::from_millis(50);

/// The way to the loader.
#[derive(Debug)]
pub struct Loader {
    jobs: Sender<(SectionId, Priority)>,
}

impl Loader {
    /// Starts the thread. It ends when the loader is dropped or nobody listens any more.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(document: Arc<dyn Document>, events: Answers) -> std::io::Result<Loader> {
        let (jobs, wanted) = channel();
        thread::Builder::new().name("loader".into()).spawn(move || run(&*document, &wanted, &events))?;
        Ok(Loader { jobs })
    }

    /// Asks for a section.
    pub fn load(&self, section: SectionId, priority: Priority) {
        // The thread only ends when this is dropped, or with the program.
        let _ = self.jobs.send((section, priority));
    }
}

fn run(document: &dyn Document, wanted: &Receiver<(SectionId, Priority)>, events: &Answers) {
    let mut now: Vec<SectionId> = Vec::new();
    let mut soon: Vec<SectionId> = Vec::new();
    let mut said = Instant::now();
    loop {
        if now.is_empty() && soon.is_empty() {
            let Ok((id, priority)) = wanted.recv() else { return };
            if priority == Priority::Now { &mut now } else { &mut soon }.push(id);
        }
        loop {
            let (id, priority) = match wanted.try_recv() {
                Ok(wish) => wish,
                Err(TryRecvError::Empty) => break,
                // What is wanted of another edition nobody waits for.
                Err(TryRecvError::Disconnected) => return,
            };
            soon.retain(|other| *other != id);
            let list = if priority == Priority::Now { &mut now } else { &mut soon };
            list.push(id);
            if list.len() > WAITING_MAX {
                let dropped = list.remove(0);
                // The reader believes it asked; an answer lets it ask again.
                if events.send(Event::LoadDropped(dropped)).is_err() {
                    return;
                }
            }
        }
        let (list, id) = match (now.pop(), soon.pop()) {
            (Some(id), other) => {
                soon.extend(other);
                (&mut now, id)
            }
            (None, Some(id)) => (&mut soon, id),
            (None, None) => continue,
        };
        // A section that is far beyond what was read is come nearer to in steps, so that a newer
        // wish need not wait for it.
        if let Ok(Ok(progress)) = panics::contain("Reading a part of the document", || document.reach(id))
            && !progress.is_done()
        {
            list.push(id);
            if said.elapsed() >= SAID_EVERY {
                said = Instant::now();
                if events.send(Event::Reaching(id, progress)).is_err() {
                    return;
                }
            }
            continue;
        }
        let event = match panics::contain("Reading a part of the document", || {
            panics::trip("parse");
            // Known before it is painted, so that painting reads nothing.
            document.is_notice(Position::start_of(id), 1.0);
            document.load(id)
        }) {
            Ok(Ok(section)) => Event::Loaded(section),
            Ok(Err(error)) => Event::LoadFailed(id, clean_line(&error.to_string())),
            Err(reason) => Event::LoadFailed(id, reason),
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

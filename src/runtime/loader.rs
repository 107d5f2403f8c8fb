//! The thread that loads sections: what the page waits for first, and of that the newest. It looks for
//! lines of the file, too, section by section, while the page waits for nothing else.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::document::{Document, Position, SectionId};
use crate::reader::{LineSeek, LineSought, Priority};
use crate::text::{Clean, clean_line};

use super::answers::Answers;
use super::panics;

/// Sections that wait at most; beyond it the oldest wish is dropped, the reader asks again.
const WAITING_MAX: usize = 8;

/// How often it is said how near a far section is.
const SAID_EVERY: Duration = Duration::from_millis(50);

/// How often it is said how near a line is: a pipe that arrives lets a new loader go on from there, far
/// oftener than the other.
const LINE_SAID_EVERY: Duration = Duration::from_millis(10);

/// A wish.
enum Wish {
    Section(SectionId, Priority),
    /// A line, or none any more.
    Line(Option<LineSeek>),
}

/// The way to the loader.
pub struct Loader {
    wishes: Sender<Wish>,
}

impl Loader {
    /// Starts the thread. It ends when the loader is dropped or nobody listens any more.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(document: Arc<dyn Document>, events: Answers) -> std::io::Result<Loader> {
        let (wishes, wanted) = channel();
        thread::Builder::new().name("loader".into()).spawn(move || run(&*document, &wanted, &events))?;
        Ok(Loader { wishes })
    }

    /// Asks for a section.
    pub fn load(&self, section: SectionId, priority: Priority) {
        // The thread only ends when this is dropped, or with the program.
        let _ = self.wishes.send(Wish::Section(section, priority));
    }

    /// Asks for a line in place of the one that was asked for before.
    pub fn seek_line(&self, seek: Option<LineSeek>) {
        let _ = self.wishes.send(Wish::Line(seek));
    }
}

fn run(document: &dyn Document, wanted: &Receiver<Wish>, events: &Answers) {
    let mut now: Vec<SectionId> = Vec::new();
    let mut soon: Vec<SectionId> = Vec::new();
    let mut line: Option<LineSeek> = None;
    let mut said = Instant::now();
    loop {
        let mut news = None;
        if now.is_empty() && soon.is_empty() && line.is_none() {
            let Ok(wish) = wanted.recv() else { return };
            news = Some(wish);
        }
        loop {
            let wish = match news.take().map_or_else(|| wanted.try_recv(), Ok) {
                Ok(wish) => wish,
                Err(TryRecvError::Empty) => break,
                // What is wanted of another edition nobody waits for.
                Err(TryRecvError::Disconnected) => return,
            };
            let (id, priority) = match wish {
                Wish::Section(id, priority) => (id, priority),
                Wish::Line(seek) => {
                    line = seek;
                    continue;
                }
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
        if let Some(mut seek) = line.filter(|_| now.is_empty()) {
            let sought = seek_line(document, &mut seek, 1);
            let is_further = sought == Ok(LineSought::Further);
            line = Some(seek).filter(|_| is_further);
            if !is_further || said.elapsed() >= LINE_SAID_EVERY {
                said = Instant::now();
                if events.send(Event::LineSought(seek, sought)).is_err() {
                    return;
                }
            }
            continue;
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

/// Looks for a line in the next sections, so many at most.
pub fn seek_line(document: &dyn Document, seek: &mut LineSeek, sections: usize) -> Result<LineSought, Clean> {
    match panics::contain("Looking for a line", || seek.advance(document, sections)) {
        Ok(Ok(sought)) => Ok(sought),
        Ok(Err(error)) => Err(clean_line(&error.to_string())),
        Err(reason) => Err(reason),
    }
}

//! The thread for passes over the whole document: search first, then chapters, then quotations,
//! each in slices of one section, so that a new wish is heard between two slices.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::document::{Document, OutlinePass, Progress, SectionId};
use crate::quotes;
use crate::reader::Effect;
use crate::text::clean_line;

use super::answers::Answers;
use super::{Seek, Step, panics};

/// An outline that still grows is shown at most this often, and takes at most a tenth of the
/// time: making it costs more the longer it is.
const OUTLINE_EVERY: Duration = Duration::from_millis(200);

/// The way to the scanner.
#[derive(Debug)]
pub struct Scanner {
    jobs: Sender<Effect>,
}

impl Scanner {
    /// Starts the thread. It ends when the scanner is dropped or nobody listens any more.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(document: Arc<dyn Document>, events: Answers) -> std::io::Result<Scanner> {
        let (jobs, wanted) = channel();
        let scan = Scan { document, events, search: None, outline: None, quotes: None };
        thread::Builder::new().name("scanner".into()).spawn(move || scan.run(&wanted))?;
        Ok(Scanner { jobs })
    }

    /// Asks for a pass: an outline, quotations, or a search.
    pub fn scan(&self, effect: Effect) {
        let _ = self.jobs.send(effect);
    }
}

/// The time between two showings of an outline that grows.
#[derive(Clone, Copy, Debug)]
struct Pause {
    since: Instant,
    length: Duration,
}

impl Pause {
    fn new() -> Pause {
        Pause { since: Instant::now(), length: OUTLINE_EVERY }
    }
}

/// Passes under way.
struct Scan {
    document: Arc<dyn Document>,
    events: Answers,
    search: Option<(u64, Seek)>,
    outline: Option<(Box<dyn OutlinePass>, Pause)>,
    quotes: Option<(quotes::Finder, SectionId)>,
}

impl Scan {
    fn run(mut self, wanted: &Receiver<Effect>) {
        loop {
            let is_idle = self.search.is_none() && self.outline.is_none() && self.quotes.is_none();
            let job =
                if is_idle { wanted.recv().map_err(|RecvError| TryRecvError::Disconnected) } else { wanted.try_recv() };
            match job {
                Ok(effect) => self.begin(effect),
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    if let Some(event) = self.slice()
                        && self.events.send(event).is_err()
                    {
                        return;
                    }
                }
            }
        }
    }

    fn begin(&mut self, effect: Effect) {
        match effect {
            Effect::FindOutline => {
                if let Ok(pass) = panics::contain("Looking for chapters", || self.document.outline_pass()) {
                    self.outline = Some((pass, Pause::new()));
                }
            }
            Effect::FindQuotes => self.quotes = Some((quotes::Finder::new(), SectionId(0))),
            Effect::Search { generation, pattern, from, inclusive, direction, count } => {
                self.search = Some((generation, Seek::new(pattern, from, inclusive, direction, count)));
            }
            Effect::Load(..) | Effect::SaveMark(..) | Effect::DeleteMark(_) | Effect::WantAll(_) => {}
        }
    }

    /// Does a slice of the most urgent pass.
    fn slice(&mut self) -> Option<Event> {
        if let Some((generation, seek)) = self.search.take() {
            return self.search_slice(generation, seek);
        }
        if let Some((pass, pause)) = self.outline.take() {
            return self.outline_slice(pass, pause);
        }
        let (finder, next) = self.quotes.take()?;
        self.quotes_slice(finder, next)
    }

    fn search_slice(&mut self, generation: u64, mut seek: Seek) -> Option<Event> {
        let hit = match panics::contain("Searching", || seek.step(&*self.document)) {
            // A part that cannot be read is passed over: the page says so when it is reached.
            Ok(Ok(Step::More) | Err(_)) => {
                self.search = Some((generation, seek));
                return None;
            }
            Ok(Ok(Step::Found(hit))) => Some(hit),
            Ok(Ok(Step::Absent)) => None,
            Err(reason) => return Some(Event::SearchFailed(generation, reason)),
        };
        Some(Event::SearchEnded { generation, hit })
    }

    fn outline_slice(&mut self, mut pass: Box<dyn OutlinePass>, pause: Pause) -> Option<Event> {
        let step = panics::contain("Looking for chapters", || pass.step().map(|progress| (progress, pass)));
        let (progress, pass) = match step {
            Ok(Ok(step)) => step,
            Ok(Err(error)) => return Some(Event::Failed(clean_line(&format!("Looking for chapters: {error}")))),
            Err(reason) => return Some(Event::Failed(reason)),
        };
        if progress.is_done() {
            return panics::contain("Looking for chapters", || Event::OutlineFound(pass.outline(), Progress::DONE))
                .map_or_else(|reason| Some(Event::Failed(reason)), Some);
        }
        if pause.since.elapsed() < pause.length {
            self.outline = Some((pass, pause));
            return None;
        }
        let start = Instant::now();
        let outline = match panics::contain("Looking for chapters", || pass.outline()) {
            Ok(outline) => outline,
            Err(reason) => return Some(Event::Failed(reason)),
        };
        let length = (start.elapsed() * 10).max(OUTLINE_EVERY);
        self.outline = Some((pass, Pause { since: Instant::now(), length }));
        Some(Event::OutlineFound(outline, progress))
    }

    fn quotes_slice(&mut self, mut finder: quotes::Finder, next: SectionId) -> Option<Event> {
        if next.0 >= self.document.section_count() {
            return match panics::contain("Looking for quotations", || finder.finish()) {
                Ok(quotes) => Some(Event::QuotesFound(quotes)),
                Err(reason) => Some(Event::Failed(reason)),
            };
        }
        let fed = panics::contain("Looking for quotations", || {
            if let Ok(section) = self.document.load(next) {
                finder.feed(&section);
            }
            finder
        });
        match fed {
            Ok(finder) => {
                self.quotes = Some((finder, next.next()));
                None
            }
            Err(reason) => Some(Event::Failed(reason)),
        }
    }
}

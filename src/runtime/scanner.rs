//! The thread for passes over the whole document that nobody waits for: chapters, quotations,
//! words, each in slices of one section; the later ones share what the first one reads. It stands
//! back while keys come.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::document::{Anchor, Document, Likeness, OutlinePass, Progress, Section, SectionId};
use crate::quotes;
use crate::reader::Pass;
use crate::store::Cache;
use crate::text::{Clean, clean_line, count_words};

use super::answers::Answers;
use super::inline::gather_like;
use super::panics;
use super::role::Role;

/// How far a pass has come is told at most this often. Of that, making an outline that still
/// grows takes at most a tenth: it costs more the longer it is.
const TELL_EVERY: Duration = Duration::from_millis(500);
/// The first chapters are shown sooner.
const TELL_FIRST: Duration = Duration::from_millis(150);
/// After a key the passes rest this long, or [`TOLD_EVERY`] less: another one probably follows.
const REST: Duration = Duration::from_millis(250);
/// Of keys that follow each other it is told this often.
const TOLD_EVERY: Duration = Duration::from_millis(50);
/// At the start they rest this long, so that the first page and what is done with it at once have
/// the machine for themselves.
pub(super) const REST_AT_START: Duration = Duration::from_millis(120);
/// What took less than this, with all before it, is not worth keeping.
const KEEP_FROM: Duration = Duration::from_millis(50);
/// Up to here what the search for chapters reads serves the other passes too. In a longer document
/// the chapters come first, and those read it again.
const SHARED_BYTES_MAX: u64 = 64 << 20;

/// A wish.
#[derive(Debug)]
enum Job {
    Outline,
    Quotes,
    Words,
    Like(Likeness),
    /// The reader is at the keys.
    StandBack,
}

/// The way to the scanner.
#[derive(Debug)]
pub struct Scanner {
    jobs: Sender<Job>,
    role: Role,
    /// When it was last told that the reader is at the keys.
    stood_back: Option<Instant>,
}

impl Scanner {
    /// Starts the thread. It ends when the scanner is dropped or nobody listens any more.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(document: Arc<dyn Document>, cache: Cache, events: Answers) -> io::Result<Scanner> {
        let mut scanner = Scanner { jobs: channel().0, role: Role::default(), stood_back: None };
        scanner.turn_to(document, cache, events)?;
        Ok(scanner)
    }

    /// Ends all passes over what there was before, and takes wishes about another document.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn turn_to(&mut self, document: Arc<dyn Document>, cache: Cache, events: Answers) -> io::Result<()> {
        let (jobs, wanted) = channel();
        self.jobs = jobs;
        self.stood_back = None;
        let scan = Scan {
            document,
            cache,
            events,
            outline: None,
            places: None,
            quotes: None,
            words: None,
            like: None,
            is_reached: false,
            worked: Duration::ZERO,
        };
        self.role.pass_on("scanner", move || scan.run(&wanted))
    }

    /// Asks for the chapters.
    pub fn find_outline(&self) {
        self.send(Job::Outline);
    }

    /// Asks for the quotations.
    pub fn find_quotes(&self) {
        self.send(Job::Quotes);
    }

    /// Asks for all lines like one.
    pub fn find_like(&self, likeness: Likeness) {
        self.send(Job::Like(likeness));
    }

    /// Asks for how many words there are.
    pub fn count_words(&self) {
        self.send(Job::Words);
    }

    /// Says that a key came: what nobody waits for makes room. It is not told so at each of ten
    /// thousand turns of a wheel: that would wake it as often.
    pub fn stand_back(&mut self) {
        if self.stood_back.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            self.stood_back = Some(Instant::now());
            self.send(Job::StandBack);
        }
    }

    fn send(&self, job: Job) {
        // The thread only ends with the program.
        let _ = self.jobs.send(job);
    }
}

/// The time between two messages of a pass.
#[derive(Clone, Copy, Debug)]
struct Pause {
    since: Instant,
    length: Duration,
}

impl Pause {
    fn new(length: Duration) -> Pause {
        Pause { since: Instant::now(), length }
    }

    fn is_over(self) -> bool {
        self.since.elapsed() >= self.length
    }
}

/// What a walk through all sections gathers.
enum Gathering {
    Quotes(Box<quotes::Finder>),
    /// Lines like one.
    Like(Likeness, Vec<(Anchor, Clean)>),
    /// How many words each section has.
    Words(Vec<u32>),
}

impl Gathering {
    /// Quotations, none so far.
    fn quotes() -> Gathering {
        Gathering::Quotes(Box::default())
    }

    /// Words, none so far.
    fn words() -> Gathering {
        Gathering::Words(Vec::new())
    }

    /// What it does, for a reader.
    fn what(&self) -> &'static str {
        match self {
            Gathering::Quotes(_) => "Looking for quotations",
            Gathering::Like(..) => "Looking for lines like this one",
            Gathering::Words(_) => "Counting words",
        }
    }

    /// Which pass it is.
    fn pass(&self) -> Pass {
        match self {
            Gathering::Quotes(_) => Pass::Quotes,
            Gathering::Like(..) => Pass::Like,
            Gathering::Words(_) => Pass::Words,
        }
    }

    /// Takes in the next section.
    fn feed(&mut self, section: &Section) {
        match self {
            Gathering::Quotes(finder) => finder.feed(section),
            Gathering::Like(likeness, found) => gather_like(section, likeness, found),
            Gathering::Words(words) => words.push(count_words(section.text()) as u32),
        }
    }

    /// How far it has come, where that is shown.
    fn progress(&self, progress: Progress) -> Option<Event> {
        match self {
            Gathering::Quotes(_) => Some(Event::QuotesSought(progress)),
            Gathering::Words(_) => Some(Event::WordsSought(progress)),
            Gathering::Like(..) => None,
        }
    }

    fn finish(self) -> Event {
        match self {
            Gathering::Quotes(finder) => Event::QuotesFound(finder.finish()),
            Gathering::Like(_, found) => Event::LikeFound(found),
            Gathering::Words(words) => Event::WordsCounted(words),
        }
    }
}

/// A step of a pass of which nothing is told: what it cannot read is said when it is asked for.
fn places_slice(mut pass: Box<dyn OutlinePass>) -> Option<Box<dyn OutlinePass>> {
    let step = panics::contain("Looking for places", || pass.step().map(|progress| (progress, pass)));
    let (progress, pass) = step.ok()?.ok()?;
    (!progress.is_done()).then_some(pass)
}

/// A walk through all sections, in order.
struct Walk {
    gathering: Gathering,
    next: SectionId,
    pause: Pause,
}

impl Walk {
    fn new(gathering: Gathering) -> Walk {
        Walk { gathering, next: SectionId(0), pause: Pause::new(TELL_FIRST) }
    }
}

/// Passes under way, the most urgent first.
struct Scan {
    document: Arc<dyn Document>,
    cache: Cache,
    events: Answers,
    outline: Option<(Box<dyn OutlinePass>, Pause)>,
    /// The same for a document whose chapters are known, and not where its links lead.
    places: Option<Box<dyn OutlinePass>>,
    quotes: Option<Walk>,
    words: Option<Walk>,
    like: Option<Walk>,
    /// It is known where the last section begins.
    is_reached: bool,
    /// Time spent on all passes.
    worked: Duration,
}

impl Scan {
    fn run(mut self, wanted: &Receiver<Job>) {
        lower_priority();
        let mut until = Instant::now() + REST_AT_START;
        loop {
            let walks = [&self.like, &self.quotes, &self.words];
            let is_idle = self.outline.is_none() && self.places.is_none() && walks.iter().all(|walk| walk.is_none());
            let rest = until.saturating_duration_since(Instant::now());
            let job = if is_idle {
                wanted.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                wanted.recv_timeout(rest)
            };
            let event = match job {
                Ok(Job::Outline) => self.begin_outline(),
                Ok(Job::Quotes) => self.begin_quotes(),
                Ok(Job::Words) => self.begin_words(),
                Ok(Job::Like(likeness)) => {
                    self.like = Some(Walk::new(Gathering::Like(likeness, Vec::new())));
                    None
                }
                Ok(Job::StandBack) => {
                    until = Instant::now() + REST;
                    None
                }
                Err(RecvTimeoutError::Timeout) => self.slice(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Some(event) = event
                && self.events.send(event).is_err()
            {
                return;
            }
        }
    }

    /// Begins the pass for chapters, or gives those that are known from an earlier reading.
    fn begin_outline(&mut self) -> Option<Event> {
        let known = self.cache.outline();
        if (known.is_none() || self.document.learns_places())
            && let Ok(pass) = panics::contain("Looking for chapters", || self.document.outline_pass())
        {
            match known {
                Some(_) => self.places = Some(pass),
                None => self.outline = Some((pass, Pause::new(TELL_FIRST))),
            }
        }
        known.map(|outline| Event::OutlineFound(outline, Progress::DONE))
    }

    /// The same for quotations.
    fn begin_quotes(&mut self) -> Option<Event> {
        if let Some(quotes) = self.cache.quotes() {
            return Some(Event::QuotesFound(quotes));
        }
        self.quotes = Some(Walk::new(Gathering::quotes()));
        None
    }

    /// The same for words.
    fn begin_words(&mut self) -> Option<Event> {
        if let Some(words) = self.cache.words() {
            return Some(Event::WordsCounted(words));
        }
        self.words = Some(Walk::new(Gathering::words()));
        None
    }

    /// Does a slice of the most urgent pass.
    fn slice(&mut self) -> Option<Event> {
        // That is quick, and then a key that goes far has its page at once.
        if !self.is_reached {
            self.is_reached = self.reach();
            return None;
        }
        let start = Instant::now();
        let event = if let Some(walk) = self.like.take() {
            self.step(walk, |scan| &mut scan.like)
        } else if let Some((pass, pause)) = self.outline.take() {
            self.outline_slice(pass, pause)
        } else if let Some(walk) = self.quotes.take() {
            self.step(walk, |scan| &mut scan.quotes)
        } else if let Some(pass) = self.places.take() {
            self.places = places_slice(pass);
            None
        } else {
            let walk = self.words.take()?;
            self.step(walk, |scan| &mut scan.words)
        };
        self.worked += start.elapsed();
        if self.worked >= KEEP_FROM {
            match &event {
                Some(Event::OutlineFound(outline, progress)) if progress.is_done() => self.cache.keep_outline(outline),
                Some(Event::QuotesFound(quotes)) => self.cache.keep_quotes(quotes),
                Some(Event::WordsCounted(words)) => self.cache.keep_words(words),
                _ => {}
            }
        }
        event
    }

    /// A step towards the last section. True at the end of the way.
    fn reach(&self) -> bool {
        let last = SectionId(self.document.section_count().saturating_sub(1));
        let step = panics::contain("Looking for parts", || self.document.reach(last));
        // What cannot be read is said when it is asked for.
        step.ok().and_then(Result::ok).is_none_or(Progress::is_done)
    }

    fn outline_slice(&mut self, mut pass: Box<dyn OutlinePass>, pause: Pause) -> Option<Event> {
        let failed = |reason| Event::PassFailed(Pass::Chapters, reason);
        let step = panics::contain("Looking for chapters", || pass.step().map(|progress| (progress, pass)));
        let (progress, pass) = match step {
            Ok(Ok(step)) => step,
            Ok(Err(error)) => return Some(failed(clean_line(&format!("Looking for chapters: {error}")))),
            Err(reason) => return Some(failed(reason)),
        };
        let mut pass = pass;
        if let Some(section) = pass.section() {
            self.share(&section);
        }
        if progress.is_done() {
            return panics::contain("Looking for chapters", || Event::OutlineFound(pass.outline(), Progress::DONE))
                .map_or_else(|reason| Some(failed(reason)), Some);
        }
        if !pause.is_over() {
            self.outline = Some((pass, pause));
            return None;
        }
        let start = Instant::now();
        let outline = match panics::contain("Looking for chapters", || pass.outline()) {
            Ok(outline) => outline,
            Err(reason) => return Some(failed(reason)),
        };
        let length = (start.elapsed() * 10).max(TELL_EVERY);
        self.outline = Some((pass, Pause::new(length)));
        Some(Event::OutlineFound(outline, progress))
    }

    /// Gives a section to the walks that come to it next. One that breaks there begins anew, to say
    /// so by itself.
    fn share(&mut self, section: &Section) {
        if self.document.identity().bytes > SHARED_BYTES_MAX {
            return;
        }
        let fresh: [fn() -> Gathering; 2] = [Gathering::quotes, Gathering::words];
        for (slot, fresh) in [&mut self.quotes, &mut self.words].into_iter().zip(fresh) {
            let Some(Walk { mut gathering, next, pause }) = slot.take_if(|walk| walk.next == section.id()) else {
                continue;
            };
            let fed = panics::contain(gathering.what(), || {
                gathering.feed(section);
                gathering
            });
            *slot = Some(match fed {
                Ok(gathering) => Walk { gathering, next: next.next(), pause },
                Err(_) => Walk::new(fresh()),
            });
        }
    }

    /// Takes a walk one section further, and puts it back where it is kept.
    fn step(&mut self, walk: Walk, kept: fn(&mut Scan) -> &mut Option<Walk>) -> Option<Event> {
        let Walk { mut gathering, next, pause } = walk;
        let (what, pass) = (gathering.what(), gathering.pass());
        let failed = |reason| Event::PassFailed(pass, reason);
        if next.0 >= self.document.section_count() {
            return Some(panics::contain(what, || gathering.finish()).unwrap_or_else(failed));
        }
        let fed = panics::contain(what, || {
            gathering.feed(&self.document.load(next)?);
            io::Result::Ok(gathering)
        });
        // What could not be read is not kept as if there were nothing.
        let gathering = match fed {
            Ok(Ok(gathering)) => gathering,
            Ok(Err(error)) => return Some(failed(clean_line(&format!("{what}: {error}")))),
            Err(reason) => return Some(failed(reason)),
        };
        let progress = Progress { done: u64::from(next.0 + 1), total: u64::from(self.document.section_count()) };
        let is_told = pause.is_over() && !progress.is_done();
        let event = if is_told { gathering.progress(progress) } else { None };
        let pause = if is_told { Pause::new(TELL_EVERY) } else { pause };
        *kept(self) = Some(Walk { gathering, next: next.next(), pause });
        event
    }
}

/// Lets everything else on the machine go first, where the system can do so for one thread.
#[cfg(target_os = "linux")]
pub(super) fn lower_priority() {
    const NICE: i32 = 10;
    // Linux takes "this process" to mean the calling thread. Without it the passes still stand back.
    let _ = rustix::process::setpriority_process(None, NICE);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn lower_priority() {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Edition;
    use crate::formats::{self, OpenOptions, Source};
    use crate::store::{Paths, RealFs};

    fn page(text: &str) -> Arc<dyn Document> {
        formats::open_source(Source::memory(text.as_bytes()), clean_line("page.html"), &OpenOptions::default()).unwrap()
    }

    fn scan(document: &Arc<dyn Document>, cache: Cache) -> Scan {
        let (events, _inbox) = channel();
        Scan {
            document: document.clone(),
            cache,
            events: Answers::new(events, Edition::default()),
            outline: None,
            places: None,
            quotes: None,
            words: None,
            like: None,
            is_reached: false,
            worked: Duration::ZERO,
        }
    }

    #[test]
    fn the_way_to_the_end_is_found_before_the_passes() {
        let document = page(&"<p>Some words of a long page.</p>\n".repeat(200_000));
        let last = SectionId(document.section_count() - 1);
        assert!(!document.reach(last).unwrap().is_done());
        let mut scan = scan(&document, Cache::none());
        scan.begin_outline();
        while !scan.is_reached {
            assert!(scan.slice().is_none());
        }
        assert_eq!(
            document.reach(last).unwrap(),
            Progress { done: u64::from(last.0) + 1, total: u64::from(last.0) + 1 }
        );
    }

    #[test]
    fn links_of_a_long_page_lead_far_where_its_chapters_are_known() {
        let text = format!("<h1>A</h1>{}<h1 id=far>B</h1>", "<p>Some words of a long page.</p>\n".repeat(60_000));
        let folder = tempfile::tempdir().unwrap();
        for is_known in [false, true] {
            let document = page(&text);
            let paths = Paths::under(folder.path());
            let cache = Cache::open(&paths, RealFs::default(), document.identity(), 0, String::new());
            let mut scan = scan(&document, cache);
            let begun = scan.begin_outline();
            assert_eq!(matches!(begun, Some(Event::OutlineFound(..))), is_known);
            while scan.outline.is_some() || scan.places.is_some() {
                if let Some(Event::OutlineFound(outline, Progress::DONE)) = scan.slice() {
                    scan.cache.keep_outline(&outline);
                }
            }
            assert!(document.resolve(SectionId(0), "#far").is_some_and(|target| target.section().0 > 1));
        }
    }
}

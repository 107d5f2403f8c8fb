//! The thread that keeps marks and places on the disk, so that no key waits for it.
//!
//! A mark is reported as saved when the store says that it is on the disk. What could not be
//! saved stays with the store and is tried again; at the end it is given back as lines of a log.
//! Marks that were made in another version of the document are shown when they are found.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::document::{Anchor, Document, Found, Mark, Position, Status, Sum, set_origins};
use crate::store::{self, BookState, Clock as _, Store, StoreError, SystemClock};
use crate::text::{Clean, clean_line};

use super::finder::{self, Answer, Finder};
use super::ledger::{Ledger, Report, last_resort};
use super::{ending, panics};

/// How often the store looks for what other programs and devices wrote, and tries again to save
/// what it could not.
const LOOK: Duration = Duration::from_secs(1);

/// Something to be kept, or found out about what is.
enum Job {
    SaveMark(u64, Box<Mark>, Option<Box<Mark>>),
    DeleteMark(Box<Mark>),
    SavePlace(Box<Anchor>),
    Reopened(Arc<dyn Document>),
    /// Of the finder with this number.
    Found(u64, Answer),
    End,
}

/// The way to the store, for one document.
pub struct Keeper {
    keep: Option<Keep>,
    /// Wishes with their numbers in the ledger.
    jobs: Option<Sender<(u64, Job)>>,
    ledger: Ledger,
    thread: Option<JoinHandle<Keep>>,
    /// The program ends: what is not needed to save is left.
    is_ending: Arc<AtomicBool>,
}

/// The store and the document that it keeps things of.
struct Keep {
    store: Store,
    document: Arc<dyn Document>,
    path: Option<PathBuf>,
    finder: Option<Finder>,
    /// Finders started so far: what an earlier one finds is about another text.
    finders: u64,
    /// The way back to the keeper, for finders.
    jobs: Option<Sender<(u64, Job)>>,
    /// Marks that were looked for in this document.
    sought: HashSet<String>,
    /// Those of them that were not found, and where they may have been.
    lost: HashMap<String, Position>,
    /// The marks of the text that was read before this one, until it is known whose they are.
    before: Vec<Mark>,
    sum: Option<Box<Sum>>,
    is_ending: Arc<AtomicBool>,
}

impl Keeper {
    /// A store for a document. `path`: its file, if it is one.
    pub fn new(store: Store, document: Arc<dyn Document>, path: Option<PathBuf>) -> Keeper {
        let is_ending = Arc::new(AtomicBool::new(false));
        let keep = Keep {
            is_ending: is_ending.clone(),
            store,
            document,
            path,
            finder: None,
            finders: 0,
            jobs: None,
            sought: HashSet::new(),
            lost: HashMap::new(),
            before: Vec::new(),
            sum: None,
        };
        Keeper { keep: Some(keep), jobs: None, ledger: Ledger::default(), thread: None, is_ending }
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
        let Some(mut keep) = self.keep.take() else { return Ok(()) };
        let (jobs, wanted) = channel();
        keep.jobs = Some(jobs.clone());
        keep.start_finder()?;
        let (report, reports) = channel();
        self.ledger.listen(reports);
        let run = move || {
            let _bell = Bell(events.clone());
            keep.run(&wanted, &report, &events)
        };
        self.thread = Some(thread::Builder::new().name(panics::KEEPER.into()).spawn(run)?);
        self.jobs = Some(jobs);
        Ok(())
    }

    /// Saves a mark, which looked like `seen` when it was changed; the answer carries the ticket.
    pub fn save_mark(&mut self, ticket: u64, mark: Mark, seen: Option<Box<Mark>>) {
        let line = store::line(&mark, SystemClock.now());
        self.send(line, Job::SaveMark(ticket, Box::new(mark), seen));
    }

    /// Deletes a mark.
    pub fn delete_mark(&mut self, mark: Box<Mark>) {
        let line = store::deletion(&mark.id, SystemClock.now());
        self.send(line, Job::DeleteMark(mark));
    }

    /// Saves the place of reading.
    pub fn save_place(&mut self, place: Anchor) {
        self.send(String::new(), Job::SavePlace(Box::new(place)));
    }

    /// The document was read again from the disk, and is another version of what it was.
    pub fn reopened(&mut self, document: Arc<dyn Document>) {
        self.send(String::new(), Job::Reopened(document));
    }

    /// Asks for no more. Gives what may not be on the disk yet, as lines of a log; it is said also
    /// where the program must end before the disk has answered.
    pub fn end(&mut self) -> String {
        let lines = self.ledger.lines();
        if !self.is_ending.swap(true, Ordering::Relaxed) {
            ending::say_at_last(last_resort(&lines));
            self.send(String::new(), Job::End);
        }
        lines
    }

    /// `lines`: what would be lost with it.
    fn send(&mut self, lines: String, job: Job) {
        let number = self.ledger.ask(lines);
        if let Some(jobs) = &self.jobs {
            // A thread that broke is said in the end.
            let _ = jobs.send((number, job));
        }
    }

    /// Carries out what was asked for, and ends. Gives what could not be saved, as lines of a
    /// log; empty when all is on the disk.
    ///
    /// # Errors
    /// When the thread broke: what may not be on the disk.
    pub fn finish(mut self) -> Result<String, String> {
        self.end();
        let keep = match self.thread.take() {
            Some(thread) => thread.join().ok(),
            None => self.keep.take(),
        };
        // What nobody can be asked about may not be on the disk.
        let Some(mut keep) = keep else { return Err(self.ledger.lines()) };
        if keep.store.pending() > 0 {
            let _ = keep.store.retry();
        }
        Ok(keep.store.pending_lines())
    }
}

impl Drop for Keeper {
    /// What was asked for is carried out also on the way out of a panic.
    fn drop(&mut self) {
        self.end();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
            let _ = io::stderr().write_all(last_resort(&self.ledger.lines()).as_bytes());
        }
    }
}

/// Rings when the thread of the keeper breaks: a reader whose marks nobody keeps is told at once.
struct Bell(Sender<Event>);

impl Drop for Bell {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Event::Broken(panics::STATUS));
        }
    }
}

impl Keep {
    fn load(&mut self) -> BookState {
        let load =
            |keep: &mut Keep| keep.store.load(keep.document.identity(), keep.document.meta(), keep.path.as_deref());
        let mut state = load(self);
        // A place belongs to a book, and not to whatever stands at its path. The whole text is read
        // before the first page only where the words at the place do not say so.
        if state.is_by_path && self.document.is_complete() && !self.stands_here(state.place.as_ref()) {
            self.read(&|| false);
            self.store.tell_later(self.document.identity(), state.problems);
            state = load(self);
            if state.is_by_path {
                state.place = None;
            }
        }
        let version = self.document.identity().key();
        let is_known = |mark: &Mark| {
            let made = mark.anchor.origin.version.as_str();
            made.is_empty() || made == version || self.sought.contains(&mark.id)
        };
        (state.marks, state.sought) = state.marks.into_iter().partition(is_known);
        for mark in &mut state.marks {
            if let Some(place) = self.lost.get(&mark.id) {
                mark.lose(*place);
            }
        }
        state.marks.sort_by_key(|mark| mark.anchor.start);
        let is_known = |id: &str| state.marks.iter().chain(&state.sought).any(|mark| mark.id == id);
        let before: Vec<Mark> = self.before.iter().filter(|mark| !is_known(&mark.id)).cloned().collect();
        state.sought.extend(before);
        state
    }

    fn run(mut self, wanted: &Receiver<(u64, Job)>, report: &Sender<Report>, events: &Sender<Event>) -> Keep {
        // What cannot be written is in memory, and tried again.
        let _ = self.store.keep_encoding(self.document.identity());
        self.begin();
        let mut next = Instant::now() + LOOK;
        let mut done = 0;
        let mut reported = (done, String::new());
        loop {
            let wait = next.saturating_duration_since(Instant::now());
            let waited = self.store.pending() > 0;
            let mut news = match wanted.recv_timeout(wait) {
                Ok((_, Job::End)) | Err(RecvTimeoutError::Disconnected) => return self,
                Ok((number, job)) => {
                    done = number.max(done);
                    self.carry_out(job)
                }
                Err(RecvTimeoutError::Timeout) => {
                    next = Instant::now() + LOOK;
                    self.look()
                }
            };
            let now = (done, self.store.pending_lines());
            if now != reported {
                reported.clone_from(&now);
                let _ = report.send(now);
            }
            // Whatever took it to the disk.
            if waited && self.store.pending() == 0 {
                news.push(Event::Saved(Ok(())));
            }
            for event in news {
                // Even if nobody listens any more, what is still asked for is carried out.
                let _ = events.send(event);
            }
        }
    }

    /// Whether the text has to be read as a whole, which was never done.
    fn is_unread(&mut self) -> bool {
        let identity = self.document.identity();
        !self.store.is_private() && !self.store.knows_text(identity) && self.document.is_complete()
    }

    /// Whether the words of a place are in the part of the document where it was.
    fn stands_here(&self, place: Option<&Anchor>) -> bool {
        let here = |place: &Anchor| Some(place.find(&self.document.load(place.start.section).ok()?).is_some());
        let look = || place.and_then(here).unwrap_or(false);
        panics::contain("Looking for the place", look).unwrap_or(false)
    }

    /// Reads the text for what it is known by.
    fn read(&mut self, stop: &dyn Fn() -> bool) {
        if let Some(sum) = finder::read(&*self.document, stop) {
            self.store.know(self.document.identity(), &sum);
            self.sum = Some(sum);
        }
    }

    /// Starts a finder for the document.
    fn start_finder(&mut self) -> io::Result<()> {
        self.finders += 1;
        let (number, jobs) = (self.finders, self.jobs.clone());
        let answer = move |answer| {
            // Nobody waits any more where the thread has ended.
            let _ = jobs.as_ref().map(|jobs| jobs.send((0, Job::Found(number, answer))));
        };
        let document = self.document.clone();
        match &mut self.finder {
            Some(finder) => finder.turn_to(document, answer)?,
            None => self.finder = Some(Finder::start(document, answer)?),
        }
        Ok(())
    }

    /// Goes on with another version of the document. The marks made in the one before are its
    /// marks too if it is no other book, and looked for; until they are found they are not shown.
    fn reopen(&mut self, document: Arc<dyn Document>) -> Event {
        let before = std::mem::replace(&mut self.document, document);
        let (old, new) = (before.identity(), self.document.identity().clone());
        if *old != new {
            self.sought.clear();
            self.lost.clear();
            self.sum = None;
            self.before = self.store.marks(old);
            if let Some(name) = self.store.encoding(old) {
                self.store.say_encoding(&new, &name);
            }
            if let Err(error) = self.start_finder() {
                return Event::Failed(clean_line(&format!("Marks are not looked for: {error}")));
            }
            let problems = self.load().problems;
            self.store.tell_later(&new, problems);
            self.begin();
        }
        self.state()
    }

    /// Has the text read, where that was never done, and the marks looked for.
    fn begin(&mut self) {
        if self.is_unread() {
            if let Some(finder) = &self.finder {
                finder.read();
            }
        } else {
            self.join();
        }
    }

    /// Takes over the marks of other versions of the document, and looks for all of them.
    fn join(&mut self) {
        // What cannot be written is in memory, and tried again.
        let _ = self.store.join_related(self.document.identity());
        self.before.clear();
        self.seek();
    }

    /// Looks for marks that were not looked for yet.
    fn seek(&mut self) {
        let identity = self.document.identity();
        let marks = self.store.marks(identity);
        let open = marks.into_iter().filter(|mark| !self.sought.contains(&mark.id));
        let wanted: Vec<(String, Vec<Anchor>)> = open
            .map(|mark| {
                let mut anchors = self.store.anchors(identity, &mark.id);
                // Where it was last found in this version comes before all others.
                anchors.retain(|anchor| *anchor != mark.anchor);
                anchors.insert(0, mark.anchor);
                (mark.id, anchors)
            })
            .collect();
        if let Some(finder) = self.finder.as_ref().filter(|_| !wanted.is_empty()) {
            finder.seek(wanted);
        }
    }

    /// What came of saving something of this document: good only if nothing of any version of it
    /// waits for the disk.
    fn outcome(&mut self, saved: Result<(), StoreError>) -> Result<(), Clean> {
        saved.and_then(|()| self.store.retry()).map_err(|error| error.reason())
    }

    fn carry_out(&mut self, job: Job) -> Vec<Event> {
        let document = self.document.clone();
        let identity = document.identity();
        match job {
            Job::SaveMark(ticket, mut mark, mut seen) => {
                mark.changed = self.store.now();
                if mark.created == 0 {
                    // It may have been changed before the first answer had come.
                    let known = self.store.mark(identity, &mark.id).map(|known| known.created);
                    mark.created = known.unwrap_or(mark.changed);
                }
                // A mark that comes before the finder has read the text does not go without, but
                // where the program ends: then it is saved first of all.
                if self.is_unread() && Sum::is_of_all(&*self.document) {
                    let is_ending = self.is_ending.clone();
                    self.read(&|| is_ending.load(Ordering::Relaxed));
                }
                if mark.anchor.origin.version.is_empty() {
                    let is_seen_there = seen.as_ref().is_some_and(|seen| seen.anchor == mark.anchor);
                    set_origins(&*self.document, self.sum.as_deref(), std::iter::once(&mut mark.anchor));
                    if let Some(seen) = seen.as_mut().filter(|_| is_seen_there) {
                        seen.anchor.clone_from(&mark.anchor);
                    }
                    // Where it was put just now, nobody needs to look for it.
                    self.sought.insert(mark.id.clone());
                    self.lost.remove(&mark.id);
                }
                let saved = self.store.change_mark(identity, &mark, seen.as_deref());
                // A text that was written elsewhere meanwhile stands beside this one.
                let is_joined = self.store.mark(identity, &mark.id).is_some_and(|known| known.note != mark.note);
                let mut news = vec![Event::MarkSaved(ticket, Box::new(((*mark).clone(), self.outcome(saved))))];
                news.extend(is_joined.then(|| self.state()));
                if !self.sought.contains(&mark.id) {
                    self.seek();
                }
                news
            }
            Job::DeleteMark(mark) => {
                // One of the text before, which this one has nothing to do with, is deleted there.
                let made_in = &mark.own_anchor().origin.version;
                let saved = self.store.delete_mark(identity, &mark.id, Some(made_in));
                vec![Event::MarkDeleted(mark.id, self.outcome(saved))]
            }
            Job::SavePlace(mut place) => {
                panics::trip("save");
                identity.key().clone_into(&mut place.origin.version);
                let saved = self.store.save_place(identity, &place);
                vec![Event::Saved(self.outcome(saved))]
            }
            Job::Reopened(document) => vec![self.reopen(document)],
            Job::Found(number, _) if number != self.finders => Vec::new(),
            Job::Found(_, Answer::Sum(sum)) => {
                if let Some(sum) = sum {
                    self.store.know(identity, &sum);
                    self.sum = Some(sum);
                }
                self.join();
                vec![self.state()]
            }
            Job::Found(_, Answer::Places(places)) => self.found(places),
            Job::End => Vec::new(),
        }
    }

    /// Keeps where marks were found.
    fn found(&mut self, places: Vec<(String, Found)>) -> Vec<Event> {
        let identity = self.document.identity();
        let mut news = Vec::new();
        let mut is_new = false;
        for (id, found) in places {
            is_new |= self.sought.insert(id.clone());
            match (found.status, found.anchor) {
                (Status::Lost, _) => drop(self.lost.insert(id, found.range.start)),
                (status, Some(anchor)) => news.push((id, *anchor, status)),
                (_, None) => {}
            }
        }
        set_origins(&*self.document, self.sum.as_deref(), news.iter_mut().map(|(_, anchor, _)| anchor));
        // What cannot be written is known all the same.
        let failed = self.store.save_found(identity, &news).err();
        let state = is_new.then(|| self.state());
        failed.map(|error| Event::Saved(Err(error.reason()))).into_iter().chain(state).collect()
    }

    /// Looks for news, and tries again to save what is not saved.
    fn look(&mut self) -> Vec<Event> {
        let is_saved = self.store.pending() > 0 && self.store.retry().is_ok();
        if !is_saved && !self.store.poll(self.document.identity()) {
            return Vec::new();
        }
        let state = self.state();
        self.seek();
        vec![state]
    }

    fn state(&mut self) -> Event {
        let BookState { marks, sought, problems, .. } = self.load();
        Event::StateLoaded { marks, sought, problems }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{
        BlockId, Format, Identity, MarkKind, Meta, OutlinePass, Range, Section, SectionId, Target, Warning,
    };
    use crate::formats::{self, OpenOptions, Source};
    use crate::store::{Paths, RealFs, SystemClock};
    use crate::text::clean_line;

    /// A long text, and a store in an empty folder.
    fn place() -> (tempfile::TempDir, Arc<dyn Document>) {
        (tempfile::tempdir().unwrap(), text(&"Some words of a book that is read.\n\n".repeat(2_000)))
    }

    /// A bookmark as it comes from the reader: without times where it is new.
    fn bookmark(id: &str, anchor: Anchor, time: u64) -> Mark {
        let (kind, status) = (MarkKind::Bookmark, Status::Exact);
        let (id, name, note, color) = (id.to_owned(), None, None, None);
        Mark { id, own: None, kind, name, note, color, anchor, status, created: time, changed: time }
    }

    fn text(text: &str) -> Arc<dyn Document> {
        let source = Source::memory(text.as_bytes());
        formats::open_source(source, clean_line("book"), &OpenOptions::default()).unwrap()
    }

    fn store(root: &tempfile::TempDir) -> Store {
        Store::open(Some(Paths::under(root.path())), RealFs::default(), SystemClock)
    }

    /// Has new marks of a kind saved, all under one name.
    fn save(root: &tempfile::TempDir, document: &Arc<dyn Document>, kind: MarkKind, name: &str, blocks: &[u32]) {
        let section = document.load(SectionId(0)).unwrap();
        let mut keeper = Keeper::new(store(root), document.clone(), None);
        keeper.load();
        let (events, inbox) = channel();
        keeper.start(events).unwrap();
        for (ticket, block) in (1..).zip(blocks) {
            let start = Position::new(SectionId(0), BlockId(*block), 0);
            let mark = Mark {
                id: format!("{}-{name}-{block}", kind.name()),
                kind,
                name: Some(clean_line(name)),
                note: None,
                color: None,
                anchor: Anchor::new(&section, Range::new(start, start), Vec::new(), 0.0),
                own: None,
                status: Status::Exact,
                created: 0,
                changed: 0,
            };
            keeper.save_mark(ticket, mark, None);
            let is_saved = |event: Event| matches!(event, Event::MarkSaved(of, _) if of == ticket);
            assert!(inbox.iter().any(is_saved));
        }
        assert_eq!(keeper.finish().as_deref(), Ok(""));
    }

    #[test]
    fn marks_of_an_earlier_version_are_shown_where_nothing_can_be_written() {
        let paragraphs =
            |from: usize| (from..400).map(|n| format!("Paragraph {n} of a book.")).collect::<Vec<_>>().join("\n\n");
        let (root, path) = (tempfile::tempdir().unwrap(), Some(PathBuf::from("/books/a.txt")));
        let (old, new) = (text(&paragraphs(0)), text(&paragraphs(9)));
        let mut keeper = Keeper::new(store(&root), old.clone(), path.clone());
        keeper.load();
        keeper.start(channel().0).unwrap();
        let start = Position::new(SectionId(0), BlockId(300), 0);
        let anchor = Anchor::new(&old.load(SectionId(0)).unwrap(), Range::new(start, start), Vec::new(), 0.75);
        let mark = bookmark("one", anchor, 0);
        keeper.save_mark(1, mark, None);
        assert_eq!(keeper.finish().as_deref(), Ok(""));
        // The log of the new version is a folder.
        let marks = Paths::under(root.path()).marks();
        let device = std::fs::read_dir(&marks).unwrap().next().unwrap().unwrap().path();
        std::fs::create_dir(device.join(format!("{}.jsonl", new.identity().key()))).unwrap();
        let mut keeper = Keeper::new(store(&root), new, path);
        keeper.load();
        let (events, inbox) = channel();
        keeper.start(events).unwrap();
        let found =
            std::iter::from_fn(|| inbox.recv_timeout(Duration::from_mins(1)).ok()).find_map(|event| match event {
                Event::StateLoaded { marks, .. } if !marks.is_empty() => Some(marks),
                _ => None,
            });
        let found = found.unwrap().remove(0);
        assert_eq!((found.anchor.start.block, found.status), (BlockId(291), Status::Moved));
        assert!(keeper.finish().unwrap().contains(&found.id), "what was found is not on the disk");
    }

    /// A document of which a parser breaks.
    struct Broken(Arc<dyn Document>);

    impl Document for Broken {
        fn format(&self) -> Format {
            self.0.format()
        }
        fn meta(&self) -> &Meta {
            self.0.meta()
        }
        fn encoding(&self) -> &'static str {
            "UTF-8"
        }
        fn identity(&self) -> &Identity {
            self.0.identity()
        }
        fn section_count(&self) -> u32 {
            self.0.section_count()
        }
        fn section_bytes(&self, id: SectionId) -> u64 {
            self.0.section_bytes(id)
        }
        fn load(&self, _: SectionId) -> io::Result<Section> {
            panic!("a parser broke")
        }
        fn outline_pass(&self) -> Box<dyn OutlinePass> {
            self.0.outline_pass()
        }
        fn resolve(&self, from: SectionId, href: &str) -> Option<Target> {
            self.0.resolve(from, href)
        }
        fn warnings(&self) -> &[Warning] {
            self.0.warnings()
        }
    }

    #[test]
    fn marks_are_not_hidden_where_a_parser_breaks_that_looks_for_them() {
        let (root, path) = (tempfile::tempdir().unwrap(), Some(PathBuf::from("/books/a.txt")));
        let (old, new) = (text("Some words of a book."), text("Other words of a book."));
        let mut before = store(&root);
        before.load(old.identity(), old.meta(), path.as_deref());
        let mut anchor = Anchor::new(
            &old.load(SectionId(0)).unwrap(),
            Range::new(Position::START, Position::START),
            Vec::new(),
            0.0,
        );
        set_origins(&*old, None, std::iter::once(&mut anchor));
        before.save_place(old.identity(), &anchor).unwrap();
        let mark = bookmark("ONE", anchor, 1);
        before.save_mark(old.identity(), &mark).unwrap();
        let mut keeper = Keeper::new(store(&root), Arc::new(Broken(new)), path);
        // Nor does the look at its place break the program.
        keeper.load();
        let (events, inbox) = channel();
        keeper.start(events).unwrap();
        let said = std::iter::from_fn(|| inbox.recv_timeout(Duration::from_mins(1)).ok());
        let shown = said.filter_map(|event| match event {
            Event::StateLoaded { marks, .. } => marks.into_iter().next(),
            _ => None,
        });
        assert_eq!(shown.map(|mark| mark.status).next(), Some(Status::Lost));
    }

    #[test]
    fn the_marks_of_the_text_before_are_known_until_it_is_known_whose_they_are() {
        let (root, path) = (tempfile::tempdir().unwrap(), Some(PathBuf::from("/books/a.txt")));
        let words = |word: &str| (0..500).map(|n| format!("{word} {n} of a {word}.")).collect::<Vec<_>>().join(" ");
        let old = text(&words("line"));
        let mut keeper = Keeper::new(store(&root), old.clone(), path);
        keeper.load();
        let (events, inbox) = channel();
        keeper.start(events).unwrap();
        let start = Position::new(SectionId(0), BlockId(0), 9);
        let anchor = Anchor::new(&old.load(SectionId(0)).unwrap(), Range::new(start, start), Vec::new(), 0.5);
        keeper.save_mark(1, bookmark("one", anchor, 0), None);
        let wait = |listed: usize, looked_for: usize| {
            let said = std::iter::from_fn(|| inbox.recv_timeout(Duration::from_mins(1)).ok());
            let mut states = said.filter_map(|event| match event {
                Event::StateLoaded { marks, sought, .. } => Some((marks.len(), sought.len())),
                _ => None,
            });
            assert!(states.any(|state| state == (listed, looked_for)), "never {listed} and {looked_for}");
        };
        keeper.reopened(text(&format!("A preface. {}", words("line"))));
        // At once it is known that there is one; then it is found.
        wait(0, 1);
        wait(1, 0);
        // That of another book is none of this one.
        keeper.reopened(text(&words("verse")));
        wait(0, 0);
        assert_eq!(keeper.finish().as_deref(), Ok(""));
    }

    #[test]
    fn another_book_at_the_same_path_opens_at_its_own_place() {
        let (root, path) = (tempfile::tempdir().unwrap(), Some(PathBuf::from("/books/a.txt")));
        let words =
            |word: &str| text(&(0..500).map(|n| format!("{word} {n} of a {word}.")).collect::<Vec<_>>().join(" "));
        let (old, edited, other) = (words("line"), words("line"), words("verse"));
        let mut keeper = Keeper::new(store(&root), old.clone(), path.clone());
        keeper.load();
        let (events, inbox) = channel();
        keeper.start(events).unwrap();
        let start = Position::new(SectionId(0), BlockId(0), 9);
        let section = old.load(SectionId(0)).unwrap();
        let anchor = Anchor::new(&section, Range::new(start, start), Vec::new(), 0.5);
        // With a mark its text is read.
        keeper.save_mark(1, bookmark("one", anchor.clone(), 0), None);
        assert!(inbox.iter().any(|event| matches!(event, Event::MarkSaved(..))));
        keeper.save_place(anchor);
        assert_eq!(keeper.finish().as_deref(), Ok(""));
        let place = |document: Arc<dyn Document>| Keeper::new(store(&root), document, path.clone()).load().place;
        assert!(place(edited).is_some());
        assert!(place(text(&format!("A preface. {}", section.text().as_str()))).is_some());
        assert!(place(other).is_none());
    }

    /// A mark that is changed before the first answer has come: only the change is written.
    #[test]
    fn what_is_changed_while_it_is_saved_is_written_once() {
        let (root, document) = place();
        let mut keeper = Keeper::new(store(&root), document.clone(), None);
        keeper.load();
        keeper.start(channel().0).unwrap();
        let section = document.load(SectionId(0)).unwrap();
        let start = Position::new(SectionId(0), BlockId(0), 0);
        let anchor = Anchor::new(&section, Range::new(start, start), Vec::new(), 0.5);
        let mark = bookmark("one", anchor, 0);
        keeper.save_mark(1, mark.clone(), None);
        let noted = Mark { note: Some(clean_line("why")), ..mark.clone() };
        keeper.save_mark(2, noted, Some(Box::new(mark)));
        assert_eq!(keeper.finish().as_deref(), Ok(""));
        let mut store = store(&root);
        let kept = store.load(document.identity(), document.meta(), None).marks;
        assert!(kept.iter().all(|mark| mark.created > 0 && mark.note.as_deref() == Some("why")), "{kept:?}");
        let device = std::fs::read_dir(Paths::under(root.path()).marks()).unwrap().next().unwrap().unwrap().path();
        let log = std::fs::read_to_string(device.join(format!("{}.jsonl", document.identity().key()))).unwrap();
        let anchors = log.lines().filter(|line| line.contains("\"anchor\"")).count();
        assert_eq!((kept.len(), anchors), (1, 1), "{log}");
    }

    #[test]
    fn a_mark_that_comes_before_the_text_was_read_knows_its_text() {
        let (root, document) = place();
        save(&root, &document, MarkKind::Bookmark, "a", &[0]);
        let mut store = store(&root);
        let kept = store.load(document.identity(), document.meta(), None).marks;
        let sum = finder::read(&*document, &|| false).unwrap();
        assert_eq!(kept.first().unwrap().anchor.origin.text, sum.hash);
        assert!(store.knows_text(document.identity()));
    }
}

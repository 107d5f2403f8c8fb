//! The thread that keeps marks and places on the disk, so that no key waits for it.
//!
//! A mark is reported as saved when the store says that it is on the disk. What could not be
//! saved stays with the store and is tried again; at the end it is given back as lines of a log.
//! Marks that were made in another version of the document are shown when they are found.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::document::{Anchor, Document, Found, Mark, Position, Status, Sum, set_origins};
use crate::store::{BookState, Store, StoreError};
use crate::text::{Clean, clean_line};

use super::finder::{self, Answer, Finder};
use super::panics;

/// How often the store looks for what other programs and devices wrote, and tries again to save
/// what it could not.
const LOOK: Duration = Duration::from_secs(1);

/// Something to be kept, or found out about what is.
enum Job {
    SaveMark(u64, Box<Mark>, Option<Box<Mark>>),
    DeleteMark(String),
    SavePlace(Box<Anchor>),
    Reopened(Arc<dyn Document>),
    /// Of the finder with this number.
    Found(u64, Answer),
    End,
}

/// The way to the store, for one document.
pub struct Keeper {
    keep: Option<Keep>,
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<Keep>>,
    /// The program ends: what is not needed to save is left.
    is_ending: Arc<AtomicBool>,
}

/// The store and the document that it keeps things of.
struct Keep {
    store: Store,
    document: Arc<dyn Document>,
    path: Option<PathBuf>,
    /// Marks under letters, by their identities.
    letters: HashMap<char, String>,
    finder: Option<Finder>,
    /// Finders started so far: what an earlier one finds is about another text.
    finders: u64,
    /// The way back to the keeper, for finders.
    jobs: Option<Sender<Job>>,
    /// Marks that were looked for in this document.
    sought: HashSet<String>,
    /// Those of them that were not found, and where they may have been.
    lost: HashMap<String, Position>,
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
            letters: HashMap::new(),
            finder: None,
            finders: 0,
            jobs: None,
            sought: HashSet::new(),
            lost: HashMap::new(),
            sum: None,
        };
        Keeper { keep: Some(keep), jobs: None, thread: None, is_ending }
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
        let run = move || keep.run(&wanted, &events);
        self.thread = Some(thread::Builder::new().name("keeper".into()).spawn(run)?);
        self.jobs = Some(jobs);
        Ok(())
    }

    /// Saves a mark, which looked like `seen` when it was changed; the answer carries the ticket.
    pub fn save_mark(&self, ticket: u64, mark: Mark, seen: Option<Box<Mark>>) {
        self.send(Job::SaveMark(ticket, Box::new(mark), seen));
    }

    /// Deletes a mark.
    pub fn delete_mark(&self, id: String) {
        self.send(Job::DeleteMark(id));
    }

    /// Saves the place of reading.
    pub fn save_place(&self, place: Anchor) {
        self.send(Job::SavePlace(Box::new(place)));
    }

    /// The document was read again from the disk, and is another version of what it was.
    pub fn reopened(&self, document: Arc<dyn Document>) {
        self.send(Job::Reopened(document));
    }

    fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
        self.send(Job::End);
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only when it is told to.
            let _ = jobs.send(job);
        }
    }

    /// Carries out what was asked for, and ends. Gives what could not be saved, as lines of a
    /// log; empty when all is on the disk.
    pub fn finish(mut self) -> String {
        self.end();
        let keep = self.thread.take().and_then(|thread| thread.join().ok()).or(self.keep.take());
        let Some(mut keep) = keep else { return String::new() };
        if keep.store.pending() > 0 {
            let _ = keep.store.retry();
        }
        keep.store.pending_lines()
    }
}

impl Drop for Keeper {
    /// What was asked for is carried out also on the way out of a panic.
    fn drop(&mut self) {
        self.end();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Keep {
    fn load(&mut self) -> BookState {
        let mut state = self.store.load(self.document.identity(), self.document.meta(), self.path.as_deref());
        // Of one letter on two devices the latest counts.
        let mut named: Vec<&Mark> = state.marks.iter().collect();
        named.sort_by_key(|mark| mark.age());
        self.letters = named.into_iter().filter_map(|mark| Some((mark.letter()?, mark.id.clone()))).collect();
        let version = self.document.identity().key();
        let is_known = |mark: &Mark| {
            let made = mark.anchor.origin.version.as_str();
            made.is_empty() || made == version || self.sought.contains(&mark.id)
        };
        // Where the others are is not known yet.
        state.marks.retain(is_known);
        for mark in &mut state.marks {
            if let Some(place) = self.lost.get(&mark.id) {
                mark.lose(*place);
            }
        }
        state.marks.sort_by_key(|mark| mark.anchor.start);
        state
    }

    fn run(mut self, wanted: &Receiver<Job>, events: &Sender<Event>) -> Keep {
        // What cannot be written is in memory, and tried again.
        let _ = self.store.keep_encoding(self.document.identity());
        self.begin();
        let mut next = Instant::now() + LOOK;
        loop {
            let wait = next.saturating_duration_since(Instant::now());
            let waited = self.store.pending() > 0;
            let mut news = match wanted.recv_timeout(wait) {
                Ok(Job::End) | Err(RecvTimeoutError::Disconnected) => return self,
                Ok(job) => self.carry_out(job),
                Err(RecvTimeoutError::Timeout) => {
                    next = Instant::now() + LOOK;
                    self.look()
                }
            };
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

    /// Starts a finder for the document.
    fn start_finder(&mut self) -> io::Result<()> {
        self.finders += 1;
        let (number, jobs) = (self.finders, self.jobs.clone());
        let answer = move |answer| {
            // Nobody waits any more where the thread has ended.
            let _ = jobs.as_ref().map(|jobs| jobs.send(Job::Found(number, answer)));
        };
        self.finder = Some(Finder::start(self.document.clone(), answer)?);
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
            if let Some(name) = self.store.encoding(old) {
                self.store.say_encoding(&new, &name);
            }
            if let Err(error) = self.start_finder() {
                return Event::Failed(clean_line(&format!("Marks are not looked for: {error}")));
            }
            self.load();
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
            Job::SaveMark(ticket, mut mark, seen) => {
                if mark.id.is_empty() {
                    // A letter set again before its first mark had an identity moves that mark.
                    let same = mark.letter().and_then(|letter| self.letters.get(&letter)).cloned();
                    mark.id = same.unwrap_or_else(|| self.store.new_id());
                    mark.created = self.store.now();
                }
                // A mark that has another name now is under its old letter no more.
                self.letters.retain(|_, kept| *kept != mark.id);
                if let Some(letter) = mark.letter() {
                    self.letters.insert(letter, mark.id.clone());
                }
                mark.changed = self.store.now();
                // A mark that comes before the finder has read the text does not go without, but
                // where the program ends: then it is saved first of all.
                if self.is_unread()
                    && Sum::is_of_all(&*self.document)
                    && let Some(sum) = finder::read(&*self.document, &|| self.is_ending.load(Ordering::Relaxed))
                {
                    self.store.know(identity, &sum);
                    self.sum = Some(sum);
                }
                if mark.anchor.origin.version.is_empty() {
                    set_origins(&*self.document, self.sum.as_deref(), std::iter::once(&mut mark.anchor));
                    // Where it was put just now, nobody needs to look for it.
                    self.sought.insert(mark.id.clone());
                    self.lost.remove(&mark.id);
                }
                let saved = self.store.change_mark(identity, &mark, seen.as_deref());
                // A text that was written elsewhere meanwhile stands beside this one.
                let is_joined = self.store.mark(identity, &mark.id).is_some_and(|known| known.note != mark.note);
                let mut news = vec![Event::MarkSaved(ticket, Box::new((*mark, self.outcome(saved))))];
                news.extend(is_joined.then(|| self.state()));
                news
            }
            Job::DeleteMark(id) => {
                self.letters.retain(|_, kept| *kept != id);
                let saved = self.store.delete_mark(identity, &id);
                vec![Event::Saved(self.outcome(saved))]
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
                self.store.know(identity, &sum);
                self.sum = Some(sum);
                self.join();
                Vec::new()
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
        let BookState { marks, problems, .. } = self.load();
        Event::StateLoaded { marks, problems }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockId, MarkKind, Range, SectionId};
    use crate::formats::{self, OpenOptions, Source};
    use crate::store::{Paths, RealFs, SystemClock};
    use crate::text::clean_line;

    /// A long text, and a store in an empty folder.
    fn place() -> (tempfile::TempDir, Arc<dyn Document>) {
        (tempfile::tempdir().unwrap(), text(&"Some words of a book that is read.\n\n".repeat(2_000)))
    }

    fn text(text: &str) -> Arc<dyn Document> {
        let source = Source::memory(text.as_bytes());
        formats::open_source(source, clean_line("book"), &OpenOptions::default()).unwrap()
    }

    fn store(root: &tempfile::TempDir) -> Store {
        Store::open(Some(Paths::under(root.path())), RealFs, SystemClock)
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
                id: String::new(),
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
        assert_eq!(keeper.finish(), "");
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
        let (kind, status) = (MarkKind::Bookmark, Status::Exact);
        let (id, name, note, color) = (String::new(), None, None, None);
        let mark = Mark { id, own: None, kind, name, note, color, anchor, status, created: 0, changed: 0 };
        keeper.save_mark(1, mark, None);
        assert_eq!(keeper.finish(), "");
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
        assert!(keeper.finish().contains(&found.id), "what was found is not on the disk");
    }

    /// The monkey found this: the mark that had been given another name was moved.
    #[test]
    fn a_letter_is_free_once_its_mark_has_another_name() {
        let (root, document) = place();
        save(&root, &document, MarkKind::Bookmark, "a", &[0]);
        let mut keeper = Keeper::new(store(&root), document.clone(), None);
        let old = keeper.load().marks.remove(0);
        let (events, _inbox) = channel();
        keeper.start(events).unwrap();
        keeper.save_mark(1, Mark { name: Some(clean_line("b")), ..old.clone() }, Some(Box::new(old.clone())));
        keeper.save_mark(2, Mark { id: String::new(), ..old }, None);
        assert_eq!(keeper.finish(), "");
        let kept = store(&root).load(document.identity(), document.meta(), None).marks;
        let names: Vec<_> = kept.iter().filter_map(|mark| mark.name.as_deref()).collect();
        assert!(names.contains(&"a") && names.contains(&"b"), "{names:?}");
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

    #[test]
    fn a_letter_moves_and_what_is_only_called_so_does_not() {
        for (kind, name, count) in [
            (MarkKind::Bookmark, "a", 1),
            (MarkKind::Bookmark, "a title", 3),
            (MarkKind::Highlight, "a", 3),
            (MarkKind::Chapter, "1", 3),
        ] {
            let (root, document) = place();
            save(&root, &document, kind, name, &[0, 1]);
            save(&root, &document, kind, name, &[2]);
            let kept = store(&root).load(document.identity(), document.meta(), None).marks;
            assert_eq!(kept.len(), count, "{kind:?}");
        }
    }

    #[test]
    fn of_one_letter_on_two_devices_the_latest_moves() {
        let (root, document) = place();
        save(&root, &document, MarkKind::Bookmark, "a", &[3]);
        let mut before = store(&root);
        let old = before.load(document.identity(), document.meta(), None).marks.remove(0);
        // Another device, earlier, and further on in the text.
        let block = |block: u32| Position::new(SectionId(0), BlockId(block), 0);
        let there = Anchor { start: block(9), end: block(9), ..old.anchor.clone() };
        let earlier = Mark { id: "0OTHER".to_owned(), anchor: there, changed: old.changed - 1, ..old.clone() };
        before.save_mark(document.identity(), &earlier).unwrap();
        save(&root, &document, MarkKind::Bookmark, "a", &[5]);
        let kept = store(&root).load(document.identity(), document.meta(), None).marks;
        let places: Vec<(&str, u32)> = kept.iter().map(|m| (m.id.as_str(), m.anchor.start.block.0)).collect();
        assert_eq!(places, [(old.id.as_str(), 5), ("0OTHER", 9)]);
    }
}

//! The state of reading one document: where the reader is, what is loaded, what was found.
//!
//! It knows the document model and layout. It must not know the terminal, threads, the disk or
//! the clock: what it needs from them it asks for as [`Effect`]s, and gets back as calls of the
//! `*_loaded`, `*_found` and `*_saved` methods. Nothing here ever waits.

mod caret;
mod chapters;
mod effect;
mod history;
mod line;
mod links;
mod marks;
mod motion;
mod pages;
mod preview;
mod progress;
mod search;
mod select;
mod sought;
mod travel;
mod viewport;

use std::collections::HashSet;
use std::sync::Arc;

pub use caret::{CaretMotion, Unit};
pub use chapters::Draft;
pub use effect::{Effect, Priority};
pub use history::History;
pub use line::{LineSeek, LineSought};
pub use links::VisibleLink;
pub use marks::{Kept, Marks, NewId, Saving, Shown};
pub use motion::Motion;
pub use pages::{Missing, Pages};
pub use progress::{Extent, Pass};
pub use search::{Found, Search, Tally};
pub use select::{COPY_BYTES_MAX, Selection};
pub use sought::{Direction, HITS_MAX, Hit};
pub use travel::Placement;

use travel::Pending;
pub use viewport::{Row, Viewport};

use crate::document::{
    Anchor, Corrections, Document, Mark, Outline, Position, Progress, Quote, QuoteKind, Range, Section, SectionId,
    Target,
};
use crate::layout::Options;
use crate::text::{Clean, Pattern};

/// The state of reading one document.
pub struct Reader {
    document: Arc<dyn Document>,
    extent: Extent,
    pages: Pages,
    viewport: Viewport,
    preview: Option<preview::Preview>,
    pending: Option<Pending>,
    /// The outline as it was found, and with the reader's corrections.
    found: Outline,
    outline: Outline,
    corrections: Corrections,
    hides_inferred: bool,
    outline_progress: Progress,
    quotes: Option<Arc<[Quote]>>,
    /// Stretches of direct speech, in order, none within another.
    speech: Vec<Range>,
    quotes_progress: Option<Progress>,
    /// How many words the sections have.
    words: Option<Extent>,
    words_progress: Option<Progress>,
    history: History,
    search: Search,
    marks: Marks,
    /// A section that has to be found before it can be loaded, and how near it is.
    reaching: Option<(SectionId, Progress)>,
    selection: Option<Selection>,
    /// Sections that could not be read.
    failed: HashSet<SectionId>,
    /// A place that was guessed, because the saved words were not found: it is not saved.
    guess: Option<Position>,
    /// Where the last jump led.
    landed: Option<Position>,
    /// The quotations were asked for.
    wants_quotes: bool,
    /// All that the pipe has was asked for.
    wants_all: bool,
    /// A line was asked for.
    wants_line: Option<u64>,
    /// From here on the document grew while a search went on in what it was before.
    unsearched: Option<SectionId>,
}

impl Reader {
    /// A reader at the start of a document, with a page of one row until
    /// [`resize`](Self::resize).
    pub fn new(document: Arc<dyn Document>, options: Options, new_id: NewId) -> Reader {
        let extent = Extent::new(&*document);
        Reader {
            pages: Pages::new(options, document.section_count()),
            document,
            extent,
            viewport: Viewport::new(),
            preview: None,
            pending: None,
            found: Outline::default(),
            outline: Outline::default(),
            corrections: Corrections::default(),
            hides_inferred: false,
            outline_progress: Progress { done: 0, total: 1 },
            quotes: None,
            speech: Vec::new(),
            quotes_progress: None,
            words: None,
            words_progress: None,
            history: History::default(),
            search: Search::default(),
            marks: Marks::new(new_id),
            reaching: None,
            selection: None,
            failed: HashSet::new(),
            guess: None,
            landed: None,
            wants_quotes: false,
            wants_all: false,
            wants_line: None,
            unsearched: None,
        }
    }

    /// The document.
    pub fn document(&self) -> &Arc<dyn Document> {
        &self.document
    }

    /// What layout depends on now.
    pub fn options(&self) -> Options {
        *self.pages.options()
    }

    /// The rows on the page, from the top. Fewer than its height at the end of the document, or
    /// while a section is being loaded.
    pub fn rows(&self) -> &[Row] {
        self.viewport.rows()
    }

    /// The place that counts as where the reader is: the first word on the page.
    pub fn place(&self) -> Position {
        self.viewport.anchor()
    }

    /// The place with which the page begins, to be come back to: a match that was jumped to stands
    /// further down.
    pub fn page_start(&self) -> Position {
        self.viewport.page_start()
    }

    /// The chapters as far as they are known.
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// How far the search for chapters has come.
    pub fn outline_progress(&self) -> Progress {
        self.outline_progress
    }

    /// The quotations, once they were looked for.
    pub fn quotes(&self) -> Option<&[Quote]> {
        self.quotes.as_deref()
    }

    /// The stretch of direct speech at a place, or the next one.
    pub fn speech_from(&self, place: Position) -> Option<Range> {
        self.speech.get(self.speech.partition_point(|part| part.end <= place)).copied()
    }

    /// What was searched for.
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// The marks of this document.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Sizes of the document's sections, and what share of it a place is.
    pub fn extent(&self) -> &Extent {
        &self.extent
    }

    /// Whether a motion waits for a section.
    pub fn is_waiting(&self) -> bool {
        self.pending.is_some()
    }

    /// How near the section or the line is that a motion waits for, if it has to be found first.
    pub fn reaching(&self) -> Option<Progress> {
        if let Some(seek) = self.pending.as_ref().and_then(Pending::line) {
            return seek.progress(self.document.section_count());
        }
        self.reaching.filter(|_| self.is_waiting()).map(|(_, progress)| progress)
    }

    /// The chapter that the page is in: an index into the outline.
    pub fn chapter(&self) -> Option<usize> {
        // The place at the top may be the white before a heading that fills the page below it.
        self.outline.locate(self.place())
    }

    /// Whether a chapter begins after the page's first word.
    pub fn has_next_chapter(&self) -> bool {
        motion::chapter(&self.outline, self.place(), Motion::NextChapter, 1).is_some()
    }

    // ------------------------------------------------------------------ what happens

    /// Opens at the start, or at a saved place.
    pub fn start(&mut self, place: Option<Anchor>) -> Vec<Effect> {
        let mut effects = self.passes();
        match place {
            Some(anchor) => {
                let section = self.extent.clamp(anchor.start.section);
                self.viewport.jump(Position { section, ..anchor.start }, 0);
                self.pending = Some(Pending::Anchor(Box::new(anchor), 0));
            }
            None => self.viewport.jump(self.document.text_start(), 0),
        }
        effects.extend(self.settle());
        effects
    }

    /// The page has this size now, or layout changed otherwise. The place stays.
    pub fn resize(&mut self, options: Options, height: u16) -> Vec<Effect> {
        let changed = *self.pages.options() != options;
        if changed {
            self.pages.set_options(options);
        }
        if changed || self.viewport.height() != height {
            self.viewport.set_height(height);
            self.viewport.relayout();
            self.resize_preview(height);
        }
        self.settle()
    }

    /// A section arrived.
    pub fn section_loaded(&mut self, section: Section) -> Vec<Effect> {
        if self.failed.remove(&section.id()) {
            self.pages.drop_lines(section.id());
        }
        self.take_in(section)
    }

    /// A section that was asked for is nearer than before.
    pub fn section_nearer(&mut self, id: SectionId, progress: Progress) {
        self.reaching = Some((id, progress));
    }

    /// A section cannot be loaded: a sentence that says so stands for it, so that motions can
    /// pass. Nothing there is ever saved as a place.
    pub fn section_failed(&mut self, id: SectionId, reason: &str) -> Vec<Effect> {
        let mut builder = crate::document::SectionBuilder::new(id);
        builder.text(&format!("[This part could not be read: {reason}]"));
        self.failed.insert(id);
        self.pages.drop_lines(id);
        self.take_in(builder.finish())
    }

    fn take_in(&mut self, section: Section) -> Vec<Effect> {
        self.reaching = self.reaching.filter(|(id, _)| *id != section.id());
        self.found.settle(&section);
        self.outline.settle(&section);
        let here = self.place().section;
        let mut needed: Vec<SectionId> = self.viewport.rows().iter().map(|row| row.section.id()).collect();
        needed.extend([Some(here), here.previous(), Some(here.next())].into_iter().flatten());
        needed.extend(self.preview_sections());
        needed.dedup();
        if self.pages.insert(Arc::new(section), &needed) {
            self.viewport.relayout();
        }
        self.settle()
    }

    /// More of the document has arrived. What was read stays as it is, but for the section that
    /// was the last one.
    pub fn grow(&mut self, document: Arc<dyn Document>) -> Vec<Effect> {
        // What is defined at the end may change how a link shows anywhere.
        let first = if document.is_complete() { SectionId(0) } else { self.extent.last() };
        // What looks for it goes on in what there is now.
        self.wants_line = None;
        self.extent = Extent::new(&*document);
        self.pages.grow(document.section_count(), first);
        let is_complete = document.is_complete();
        self.document = document;
        let was_running = self.search.is_running();
        // A search goes on in what was there when it began.
        let from = self.unsearched.map_or(first, |earlier| earlier.min(first));
        let may_renew = is_complete || !was_running;
        self.unsearched = Some(from).filter(|_| !may_renew);
        let search = if may_renew { self.search.renew(Position::start_of(from)) } else { None };
        let mut effects = self.arrive_at_hit(was_running, search);
        effects.extend(self.passes());
        effects
    }

    /// The file was read again: another text, in which the place is found by its words.
    pub fn reopen(&mut self, document: Arc<dyn Document>) -> Vec<Effect> {
        let anchor = match self.pending.take() {
            Some(Pending::Anchor(anchor, _)) => Some(anchor),
            _ => self.anchor_here().map(Box::new),
        };
        if self.document.identity() != document.identity() {
            // They are places in the other text.
            self.history = History::default();
            self.marks.were_made_in(self.document.identity().key());
        }
        self.extent = Extent::new(&*document);
        self.pages = Pages::new(self.options(), document.section_count());
        self.document = document;
        self.found = Outline::default();
        self.outline = Outline::default();
        self.outline_progress = Progress { done: 0, total: 1 };
        self.quotes_progress = None;
        self.words_progress = None;
        self.quotes = None;
        self.words = None;
        self.speech.clear();
        self.preview = None;
        self.marks.unsettle();
        self.end_selection();
        self.reaching = None;
        self.failed.clear();
        self.guess = None;
        self.landed = None;
        self.search.reopen();
        self.viewport.relayout();
        let here = Target::At(self.place());
        self.pending = Some(anchor.map_or(Pending::Jump(here, Placement::Top), |anchor| Pending::Anchor(anchor, 0)));
        let mut effects = self.settle();
        effects.extend(self.passes());
        effects
    }

    /// What is looked for in the whole document, once all of it is there.
    fn passes(&self) -> Vec<Effect> {
        let quotes = self.wants_quotes.then_some(Effect::FindQuotes);
        let passes = [Some(Effect::FindOutline), quotes, Some(Effect::CountWords)];
        if self.document.is_complete() { passes.into_iter().flatten().collect() } else { Vec::new() }
    }

    /// Whether a motion waits for what a document that still arrives does not have yet.
    fn is_waiting_for_more(&self) -> bool {
        matches!(self.pending, Some(Pending::End | Pending::Line(_))) && !self.document.is_complete()
    }

    /// Gives up the wait for what has not arrived yet.
    pub fn stop_waiting_for_more(&mut self) -> Vec<Effect> {
        if !self.is_waiting_for_more() {
            return Vec::new();
        }
        self.pending = None;
        self.settle()
    }

    /// A section was not loaded after all; if the page still needs it, it is asked for again.
    pub fn section_dropped(&mut self, id: SectionId) -> Vec<Effect> {
        self.pages.forget(id);
        self.settle()
    }

    /// The outline as it is known now.
    pub fn outline_found(&mut self, outline: Outline, progress: Progress) -> Vec<Effect> {
        self.found = outline;
        self.outline_progress = progress;
        self.correct_outline();
        self.settle()
    }

    /// A pass over the whole document broke: what it was to find stays as it is known.
    pub fn pass_failed(&mut self, pass: Pass) {
        match pass {
            Pass::Chapters => self.outline_progress = Progress::DONE,
            Pass::Quotes => (self.quotes_progress, self.wants_quotes) = (None, false),
            Pass::Words => self.words_progress = None,
            Pass::Like => {}
        }
    }

    /// Whether the quotations are being looked for, or will be when all has arrived.
    pub fn is_seeking_quotes(&self) -> bool {
        self.wants_quotes && self.quotes.is_none()
    }

    /// How far the search for quotations has come, while it goes on.
    pub fn quotes_progress(&self) -> Option<Progress> {
        self.quotes_progress.filter(|_| self.quotes.is_none())
    }

    /// The search for quotations has come so far.
    pub fn quotes_sought(&mut self, progress: Progress) {
        self.quotes_progress = Some(progress);
    }

    /// The quotations, all of them.
    pub fn quotes_found(&mut self, quotes: Vec<Quote>) {
        self.speech = quotes.iter().filter(|q| q.kind == QuoteKind::Speech).flat_map(|q| q.parts.clone()).collect();
        self.speech.sort_unstable();
        let mut end = Position::START;
        self.speech.retain(|part| {
            let is_beyond = part.end > end;
            end = end.max(part.end);
            is_beyond
        });
        self.quotes = Some(quotes.into());
    }

    /// The marks that were saved before, and those whose places are still looked for.
    pub fn marks_loaded(&mut self, marks: Vec<Mark>, sought: Vec<Mark>) -> Vec<Effect> {
        self.marks.load(marks, sought);
        self.correct_outline_anew();
        self.settle()
    }

    /// A mark was saved, or could not be. It stands where it stood: of thousands that were made together
    /// each answer comes here.
    pub fn mark_saved(&mut self, ticket: u64, mark: Mark, saved: Result<(), Clean>) {
        self.marks.saved(ticket, mark, saved);
    }

    /// A search found something, or nothing, in a stretch of the document. `None` for the news of
    /// one that was given up.
    pub fn searched(&mut self, generation: u64, found: Found) -> Option<Vec<Effect>> {
        let was_running = self.search.is_running();
        let effect = self.search.found(generation, found)?;
        Some(self.arrive_at_hit(was_running, effect))
    }

    /// A search could not go on; false for one that was given up.
    pub fn search_failed(&mut self, generation: u64) -> bool {
        self.search.failed(generation)
    }

    // ------------------------------------------------------------------ what the reader wants

    /// Looks for a text, from the page on or back.
    pub fn search_for(&mut self, pattern: Pattern, query: Clean, direction: Direction) -> Vec<Effect> {
        let effect = self.search.start(pattern, query, self.search_start(), direction, true);
        self.arrive_at_hit(true, effect)
    }

    /// Shows and counts the matches of a text that is still being typed. The page stays.
    pub fn search_as_typed(&mut self, pattern: Pattern, query: Clean) -> Vec<Effect> {
        let effect = self.search.start(pattern, query, self.place(), Direction::Forward, false);
        let mut effects = self.settle();
        effects.extend(effect);
        effects
    }

    /// Looks for the next or the previous match of the last search, `count` further.
    pub fn search_again(&mut self, direction: Direction, count: u32) -> Vec<Effect> {
        let page_start = self.rows().first().map_or(self.place(), Row::start);
        let page_end = self.viewport.last_place();
        let effect = self.search.again(direction, count, page_start, page_end);
        self.arrive_at_hit(true, effect)
    }

    /// Gives up what was being typed.
    pub fn abandon_search(&mut self) -> Vec<Effect> {
        let effect = self.search.abandon(self.place());
        let mut effects = self.settle();
        effects.extend(effect);
        effects
    }

    /// From now on the next match is looked for this way.
    pub fn turn_search(&mut self, direction: Direction) {
        self.search.turn(direction);
    }

    /// All matches of the last search are wanted, for a list of them.
    pub fn want_matches(&mut self) -> Option<Effect> {
        self.search.want_all(self.place())
    }

    /// Waits no longer for a match.
    pub fn give_up_search(&mut self) {
        self.search.give_up();
    }

    /// Goes to one of the known matches.
    pub fn go_to_match(&mut self, hit: Range) -> Vec<Effect> {
        self.search.choose(hit);
        self.jump(Target::At(hit.start), Placement::InView)
    }

    /// Goes to the match that was waited for, if it is known now.
    fn arrive_at_hit(&mut self, was_running: bool, effect: Option<Effect>) -> Vec<Effect> {
        let arrived = was_running && !self.search.is_running();
        let mut effects = match self.search.hit() {
            Some(hit) if arrived => self.jump(Target::At(hit.start), Placement::InView),
            _ => self.settle(),
        };
        effects.extend(effect);
        effects
    }

    /// Ends what goes on: a motion that waits, a search. Matches are no longer shown.
    pub fn cancel(&mut self) -> Vec<Effect> {
        self.pending = None;
        let effect = self.search.clear();
        let mut effects = self.settle();
        effects.extend(effect);
        effects
    }

    /// Asks for the quotations if that was not done yet.
    pub fn want_quotes(&mut self) -> Option<Effect> {
        let asked = std::mem::replace(&mut self.wants_quotes, true);
        (!asked && self.document.is_complete()).then_some(Effect::FindQuotes)
    }

    /// A bookmark at the top of the page, quick or under a letter: what saves it. `None` while the page
    /// is empty.
    pub fn bookmark(&mut self, letter: Option<char>) -> Option<Effect> {
        let anchor = self.anchor_here()?;
        Some(self.with_marks(|marks| marks.bookmark(anchor, letter)))
    }

    /// Changes the marks, and then those that are shown.
    pub fn with_marks<T>(&mut self, change: impl FnOnce(&mut Marks) -> T) -> T {
        let changed = change(&mut self.marks);
        let rows = self.preview.as_ref().map_or(self.viewport.rows(), preview::Preview::rows);
        self.marks.show(rows);
        self.correct_outline_anew();
        changed
    }

    /// The place as it is saved. `None` while its section is being loaded.
    pub fn anchor_here(&self) -> Option<Anchor> {
        let place = self.page_start();
        if self.failed.contains(&place.section) {
            return None;
        }
        let section = self.pages.resident(place.section)?;
        let chapter = self.outline.locate(place).map(|i| self.outline.path(i)).unwrap_or_default();
        Some(Anchor::new(section, Range::new(place, place), chapter, self.fraction(place)))
    }

    /// Does what is pending as far as the loaded sections allow, makes the visible rows, and asks
    /// for what is missing and for the neighbours.
    fn settle(&mut self) -> Vec<Effect> {
        let motion = self.resume().err();
        let page = self.viewport.settle(&mut self.pages).err();
        let mut effects: Vec<Effect> = Vec::new();
        let preview = self.settle_preview().err();
        for Missing(section) in motion.into_iter().chain(page).chain(preview) {
            effects.extend(self.pages.ask(section, Priority::Now));
        }
        let here = self.place().section;
        for neighbour in [Some(here.next()), here.previous()].into_iter().flatten() {
            effects.extend(self.pages.ask(neighbour, Priority::Soon));
        }
        let mut shown: Vec<SectionId> = self.viewport.rows().iter().map(|row| row.section.id()).collect();
        shown.dedup();
        for id in shown {
            if self.pages.is_stale(id) {
                effects.extend(self.pages.ask(id, Priority::Now));
            }
        }
        let wants_all = self.is_waiting_for_more();
        if std::mem::replace(&mut self.wants_all, wants_all) != wants_all {
            effects.push(Effect::WantAll(wants_all));
        }
        let sought = self.pending.as_ref().and_then(Pending::line);
        let wants_line = sought.as_ref().map(LineSeek::number);
        if std::mem::replace(&mut self.wants_line, wants_line) != wants_line {
            effects.push(Effect::SeekLine(sought));
        }
        let rows = self.preview.as_ref().map_or(self.viewport.rows(), preview::Preview::rows);
        self.search.highlight(rows);
        self.marks.show(rows);
        effects
    }
}

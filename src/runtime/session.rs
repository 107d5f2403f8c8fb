//! Reading in the terminal: the first page, then the loop of event, update, effects, frame.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::app::{App, Edition, Effect, Event, Input, Offer};
use crate::document::{Progress, Target};
use crate::reader::{self, LineSought, Priority};
use crate::store::{BookState, Cache, Further};
use crate::text::clean_line;
use crate::ui;

use super::answers::Answers;
use super::frame::Frame;
use super::keeper::Keeper;
use super::ledger::last_resort;
use super::loader::{self, Loader};
use super::scanner::Scanner;
use super::searcher::Searcher;
use super::spooler::Spooler;
use super::terminal::{self, Size};
use super::watcher::{Watched, Watcher};
use super::{Abilities, ScrollSetting, Terminal, ending, external, guard, input, panics, signals};

/// How long the reader rests on a page before its place is saved.
const REST: Duration = Duration::from_secs(2);
/// How long saving may take after the reader has quit.
const SAVING_MAX: Duration = Duration::from_secs(5);
/// Sections that are loaded before the first page at most: its own and its neighbours.
const FIRST_LOADS: usize = 4;
/// Steps towards a far section before the first page at most, a few milliseconds each.
const FIRST_STEPS: usize = 4;
/// Sections in which a line is looked for before the first page at most: 16 MiB of a text, in some 10 ms.
const FIRST_SECTIONS: usize = 64;
/// Events taken in one go before the page is painted again, and how long that may take.
const DRAINED_MAX: usize = 1024;
const DRAIN: Duration = Duration::from_millis(8);

/// The exit code where a mark is not on the disk: trouble, as the command line calls it.
const NOT_SAVED: i32 = 2;

/// How a session ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code.
    pub code: i32,
    /// What could not be saved and how to keep it, for the reader; empty when all is on the disk.
    pub unsaved: String,
}

/// Where a document comes from, as far as it may become another one while it is read.
pub enum Origin {
    /// From the program itself.
    Fixed,
    /// From a file.
    File(Watched),
    /// From a pipe.
    Pipe(Spooler),
}

/// A place that the reader named to begin at.
#[derive(Clone, Debug)]
pub enum Opening {
    /// A place in the document.
    At(Target),
    /// A line of the file, by its number.
    Line(u64),
    /// The end of what still arrives.
    End,
}

/// What the reader set of the terminal.
#[derive(Clone, Copy, Debug)]
pub struct TerminalOptions {
    /// What the mouse does is reported to the program.
    pub has_mouse: bool,
    /// How rows move.
    pub scroll: ScrollSetting,
}

/// Reads a document until the reader quits: from a place, else from where it was left, else from
/// the start.
///
/// # Errors
/// When there is no terminal, or the system has no threads to give.
pub fn run(
    mut app: App,
    opening: Option<Opening>,
    mut keeper: Keeper,
    cache: Cache,
    origin: Origin,
    terminal: TerminalOptions,
) -> io::Result<Ended> {
    let (events, inbox) = channel();
    // Before the terminal is taken: a signal between the two would leave it taken.
    signals::start(events.clone())?;
    let size = Size::now();
    app.update(Event::Input(Input::Resize { columns: size.columns, rows: size.rows }));
    let BookState { marks, sought, place, further, problems, .. } = keeper.load();
    let mut effects = app.start(place.filter(|_| opening.is_none()));
    effects.extend(app.update(Event::StateLoaded { marks, sought, problems }));
    // Who names a place wants that one.
    if let Some(Further { anchor, minutes }) = further.filter(|_| opening.is_none()) {
        effects.extend(app.update(Event::Offered(Offer { anchor, minutes })));
    }
    effects.extend(match opening {
        Some(Opening::At(target)) => app.open_at(target),
        Some(Opening::Line(number)) => app.open_at_line(number),
        Some(Opening::End) => app.open_at_end(),
        None => Vec::new(),
    });
    let later = first_page(&mut app, effects);
    let mut frame = Frame::new();
    let (buffer, cursor) = frame.paint(&app);
    let terminal = Terminal::enter(Abilities::of_process(terminal.scroll), terminal.has_mouse, buffer, cursor)?;
    input::start(events.clone(), size)?;
    // Without a watch on the terminal the program still works.
    let _ = guard::start(events.clone());
    Ok(Session::new(app, terminal, frame, keeper, (cache, origin), events)?.run(&inbox, later))
}

/// Makes the first page on this thread, before there are others. Gives what may wait.
fn first_page(app: &mut App, effects: Vec<Effect>) -> Vec<Effect> {
    let mut later = Vec::new();
    let mut loads = 0;
    let mut queue = effects;
    queue.extend(app.fit(ui::room(app)));
    while !queue.is_empty() {
        let mut next = Vec::new();
        for effect in queue {
            match effect {
                Effect::Reader(reader::Effect::Load(id, Priority::Now)) if loads < FIRST_LOADS => {
                    loads += 1;
                    let document = app.reader().document().clone();
                    // What is far beyond what can be found at once is left to the loader.
                    let reach = || document.reach(id).map_or(true, Progress::is_done);
                    let is_near = |_| panics::contain("Looking for a part of the document", reach).unwrap_or(true);
                    if !(0..FIRST_STEPS).any(is_near) {
                        later.push(effect);
                        continue;
                    }
                    let event = match panics::contain("Reading a part of the document", || document.load(id)) {
                        Ok(Ok(section)) => Event::Loaded(section),
                        Ok(Err(error)) => Event::LoadFailed(id, clean_line(&error.to_string())),
                        Err(reason) => Event::LoadFailed(id, reason),
                    };
                    next.extend(app.update(event));
                }
                // What still arrives may not have it for long.
                Effect::Reader(reader::Effect::SeekLine(Some(mut seek))) if app.reader().document().is_complete() => {
                    let sought = loader::seek_line(&**app.reader().document(), &mut seek, FIRST_SECTIONS);
                    if sought == Ok(LineSought::Further) {
                        later.push(Effect::Reader(reader::Effect::SeekLine(Some(seek))));
                    }
                    next.extend(app.update(Event::LineSought(seek, sought)));
                }
                other => later.push(other),
            }
        }
        queue = next;
    }
    later
}

/// What watches over where the document comes from.
enum Source {
    Fixed,
    File(Watcher),
    Pipe(Spooler),
}

/// The way for what passes over the whole document find: true as long as the text is the same.
fn passes(events: &Sender<Event>, edition: Edition) -> Answers {
    Answers::new(events.clone(), Edition { growth: None, ..edition })
}

/// Everything that lives while a document is read.
struct Session {
    app: App,
    terminal: Terminal,
    frame: Frame,
    loader: Loader,
    scanner: Scanner,
    searcher: Searcher,
    keeper: Keeper,
    source: Source,
    events: Sender<Event>,
    edition: Edition,
    exit: Option<i32>,
    /// When the place was last saved, or could not have been older.
    saved: Instant,
}

impl Session {
    fn new(
        app: App,
        terminal: Terminal,
        frame: Frame,
        mut keeper: Keeper,
        (cache, origin): (Cache, Origin),
        events: Sender<Event>,
    ) -> io::Result<Session> {
        let document = app.reader().document().clone();
        keeper.start(events.clone())?;
        let edition = Edition { text: 0, growth: Some(0) };
        let source = match origin {
            Origin::Fixed => Source::Fixed,
            Origin::File(file) => Source::File(Watcher::start(file, events.clone())?),
            Origin::Pipe(spooler) => {
                spooler.listen(events.clone());
                Source::Pipe(spooler)
            }
        };
        Ok(Session {
            loader: Loader::start(document.clone(), Answers::new(events.clone(), edition))?,
            scanner: Scanner::start(document.clone(), cache, passes(&events, edition))?,
            searcher: Searcher::new(document, passes(&events, edition)),
            keeper,
            source,
            events,
            edition,
            app,
            terminal,
            frame,
            exit: None,
            saved: Instant::now(),
        })
    }

    fn run(mut self, inbox: &Receiver<Event>, first: Vec<Effect>) -> Ended {
        self.perform(first);
        while self.exit.is_none() {
            let event = if self.app.has_unsaved_place() {
                // Also while the reader keeps moving, the saved place is never older than that.
                match inbox.recv_timeout(REST.saturating_sub(self.saved.elapsed())) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => {
                        self.saved = Instant::now();
                        Event::Idle
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            } else {
                self.saved = Instant::now();
                match inbox.recv() {
                    Ok(event) => event,
                    Err(_) => break,
                }
            };
            let since = Instant::now();
            self.take(event);
            for event in inbox.try_iter().take(DRAINED_MAX) {
                self.take(event);
                if since.elapsed() >= DRAIN {
                    break;
                }
            }
            if self.exit.is_none() {
                self.paint();
            }
        }
        let Session { terminal, mut keeper, exit, .. } = self;
        drop(terminal);
        let code = exit.unwrap_or(0);
        let code_of = |unsaved: &str| if unsaved.is_empty() { code } else { code.max(NOT_SAVED) };
        // A disk that hangs must not keep the program; what it was to keep is then on the screen.
        ending::exit_after(SAVING_MAX, code_of(&keeper.end()));
        match keeper.finish() {
            Ok(unsaved) => Ended { code: code_of(&unsaved), unsaved: last_resort(&unsaved) },
            Err(unsaved) => Ended { code: panics::STATUS, unsaved: last_resort(&unsaved) },
        }
    }

    fn take(&mut self, event: Event) {
        // A terminal that changed its size may show anything, even at the size it had.
        if matches!(event, Event::Input(Input::Resize { .. })) {
            self.terminal.invalidate();
        }
        if matches!(event, Event::Input(Input::Gone)) {
            terminal::abandon();
        }
        if matches!(event, Event::Input(_)) {
            self.scanner.stand_back();
        }
        let event = match event {
            // A worker may still be busy with a text that was replaced.
            Event::Answer(edition, _) if !edition.is_true_of(self.edition) => return,
            Event::Arrived => match self.app.reader().document().later() {
                Some(document) => Event::Grown(document),
                None => return,
            },
            event => event,
        };
        let change = match &event {
            Event::Grown(_) => Some(Edition { growth: self.edition.growth.map(|n| n.wrapping_add(1)), ..self.edition }),
            Event::Reopened(Ok(_)) => Some(Edition { text: self.edition.text.wrapping_add(1), ..self.edition }),
            _ => None,
        };
        let mut effects = self.app.update(event);
        if let Some(edition) = change
            && let Err(error) = self.begin_edition(edition)
        {
            let sentence = format!("The system has no thread to give: {error}");
            effects.extend(self.app.update(Event::Failed(clean_line(&sentence))));
        }
        self.perform(effects);
    }

    /// Sets the workers on the document that is read now.
    fn begin_edition(&mut self, edition: Edition) -> io::Result<()> {
        let document = self.app.reader().document();
        let is_other = edition.text != self.edition.text;
        self.edition = edition;
        // A search goes on in what was there when it began.
        if is_other {
            self.keeper.reopened(document.clone());
        }
        if is_other || document.is_complete() || !self.app.reader().search().is_running() {
            // What was found in another edition says nothing about this one.
            self.searcher.turn_to(document.clone(), passes(&self.events, edition));
            self.scanner.turn_to(document.clone(), Cache::none(), passes(&self.events, edition))?;
        }
        self.loader = Loader::start(document.clone(), Answers::new(self.events.clone(), edition))?;
        Ok(())
    }

    fn paint(&mut self) {
        panics::trip("draw");
        let effects = self.app.fit(ui::room(&self.app));
        self.perform(effects);
        let (buffer, shift, cursor) = self.frame.repaint(&self.app);
        // A frame that could not be written is written whole the next time; if the terminal is
        // gone for good, the guard says so.
        let _ = self.terminal.draw(buffer, shift, cursor);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Reader(reader::Effect::Load(id, priority)) => self.loader.load(id, priority),
                Effect::Reader(reader::Effect::SeekLine(seek)) => self.loader.seek_line(seek),
                Effect::Reader(reader::Effect::SaveMark(ticket, mark, seen)) => {
                    self.keeper.save_mark(ticket, *mark, seen);
                }
                Effect::Reader(reader::Effect::DeleteMark(mark)) => self.keeper.delete_mark(mark),
                Effect::Reader(reader::Effect::WantAll(all)) => {
                    if let Source::Pipe(spooler) = &self.source {
                        spooler.spool().want_all(all);
                    }
                }
                Effect::Reader(reader::Effect::Search { generation, pattern, from, direction }) => {
                    self.searcher.search(generation, pattern, from, direction);
                }
                Effect::Reader(reader::Effect::EndSearch) => self.searcher.end(),
                Effect::Reader(reader::Effect::FindOutline) => self.scanner.find_outline(),
                Effect::Reader(reader::Effect::FindQuotes) => self.scanner.find_quotes(),
                Effect::Reader(reader::Effect::FindLike(likeness)) => self.scanner.find_like(likeness),
                Effect::Reader(reader::Effect::CountWords) => self.scanner.count_words(),
                Effect::SavePlace(anchor) => self.keeper.save_place(*anchor),
                Effect::Reopen => match &self.source {
                    Source::File(watcher) => watcher.reopen(),
                    Source::Fixed | Source::Pipe(_) => {
                        self.app.update(Event::Failed(clean_line("There is no file to read again")));
                    }
                },
                Effect::Redraw => self.terminal.invalidate(),
                Effect::Copy(text) => {
                    if !external::hand_to_tmux(&text) {
                        // A terminal that cannot be written to is gone; the guard says so.
                        let _ = self.terminal.send(external::clipboard(&text).as_bytes());
                    }
                }
                Effect::OpenLink(address) => {
                    if let Err(reason) = external::open(&address) {
                        self.take(Event::Failed(reason));
                    }
                }
                Effect::EditText(text) => self.edit(&text),
                Effect::Suspend => {
                    let size = self.terminal.suspend();
                    self.resize(size);
                }
                Effect::Resume => {
                    let size = self.terminal.resume();
                    self.resize(size);
                }
                Effect::Quit(code) => self.exit = Some(code),
            }
        }
    }

    /// Gives the terminal to the reader's editor until it ends.
    fn edit(&mut self, text: &str) {
        terminal::leave();
        let edited = input::resting(|| external::edit(text));
        let size = self.terminal.resume();
        self.resize(size);
        self.take(Event::Edited(edited));
    }

    /// The terminal is ours again, perhaps at another size.
    fn resize(&mut self, size: Size) {
        let Size { columns, rows } = size;
        self.app.update(Event::Input(Input::Resize { columns, rows }));
    }
}

//! The program's state, and the one place where it changes.
//!
//! [`App::update`] takes what happened and gives what is to be done: no threads, no disk, no
//! terminal, no clock. Painting reads the state and changes nothing; before it, [`App::fit`] is
//! told how much room the page has.

mod acting;
pub mod action;
pub mod chapters;
pub mod effect;
pub mod event;
pub mod field;
pub mod hints;
mod input;
pub mod keymap;
pub mod keys;
pub mod links;
pub mod list;
mod marking;
pub mod note;
pub mod offer;
mod overlays;
pub mod pane;
pub mod prompt;
pub mod rows;
mod searching;
mod selecting;

use std::sync::Arc;

pub use action::{ACTIONS, Action, Context};
pub use effect::Effect;
pub use event::{Change, Edition, Event, Input, MouseKind};
pub use keys::{Code, Key};
pub use links::Links;
pub use note::Note;
pub use offer::Offer;
pub use pane::Pane;
pub use prompt::{Prompt, Purpose};
pub use rows::{Arrangement, Heading, PaneKind, PaneRow};

use crate::document::{Anchor, Document, Format, Target, hide_unsure};
use crate::layout::{Options, Paragraphs};
use crate::limits::QUOTES_MAX;
use crate::reader::{self, Direction, Draft, Motion, NewId, Placement, Reader};
use crate::text::{Clean, Pattern, clean_line};

use keymap::Keymap;

/// Columns of text that read best (Bringhurst: 45 to 75 characters).
const MEASURE: u16 = 72;
/// The fewest to which `-` goes.
const MEASURE_MIN: u16 = 20;
/// The most to which `+` goes, and what lines have that stand as they are.
pub const MEASURE_MAX: u16 = 200;
/// Columns that `+` and `-` add and take.
const MEASURE_STEP: u16 = 4;
/// Percent of confidence from which a speaker is named.
const SURE: u16 = 50;

/// Columns of text that a document of a format usually has: lines that stand as they are may be as wide
/// as they can, others have `prose`.
pub fn usual_measure(format: Format, prose: u16) -> u16 {
    if format == Format::Lines { MEASURE_MAX } else { prose }
}

/// How the page looks, as far as the reader chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The most columns that text takes.
    pub measure: u16,
    /// Which theme, by its number; painting takes it modulo the number of themes.
    pub theme: usize,
    /// How one paragraph is told from the next.
    pub paragraphs: Paragraphs,
    /// Direct speech has a look of its own.
    pub speech: bool,
    /// There are no colours: only the theme that needs none is used.
    pub is_mono: bool,
    /// How sure the speaker of a quotation must be to be named, in percent.
    pub sure: u16,
}

impl Default for Look {
    fn default() -> Look {
        Look {
            measure: MEASURE,
            theme: 0,
            paragraphs: Paragraphs::default(),
            speech: false,
            is_mono: false,
            sure: SURE,
        }
    }
}

/// Which keys hands know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyPreset {
    /// Those of the table.
    #[default]
    Usual,
    /// Those of less, where the two differ.
    Less,
}

/// What covers the page until it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys, scrolled to some row.
    Help(usize),
    /// About this document.
    About,
}

/// The room that painting has found for the parts of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// The column and row of the screen where the text begins.
    pub text: (u16, u16),
    /// Columns that text may take.
    pub columns: u16,
    /// Rows of the page.
    pub rows: u16,
    /// Rows of the list beside the text.
    pub pane_rows: u16,
    /// Where the entries of the list begin, and their columns.
    pub pane: Option<(u16, u16, u16)>,
    /// Whether a list covers the page instead of standing beside it.
    pub pane_covers: bool,
    /// Whether a list takes columns that the text would have without it.
    pub pane_squeezes: bool,
    /// The last line that the help can begin with.
    pub help_top_max: usize,
}

/// The state of the program.
pub struct App {
    reader: Reader,
    keymap: Keymap,
    pane: Option<Pane>,
    overlay: Option<Overlay>,
    prompt: Option<Prompt>,
    /// What was searched for.
    searches: prompt::Earlier,
    note: Option<Note>,
    links: Option<Links>,
    /// The address that the last key showed.
    offered: Option<Clean>,
    /// A place where another device has read further.
    offer: Option<Offer>,
    /// Marks that were made by the last key.
    fresh: Vec<String>,
    /// What is to be said when the mark with this ticket is saved.
    promised: Option<(u64, String)>,
    /// Whether a deletion is to be said when the answer has come.
    is_deleting: bool,
    /// Whether marks are kept until the end only.
    is_private: bool,
    press: selecting::Press,
    /// The reader was told that marks are not saved, and may quit.
    is_warned: bool,
    /// How deep the lines lie that are looked for.
    like_level: u8,
    /// The chapter whose title is being typed.
    draft: Option<Draft>,
    message: Option<Clean>,
    screen: (u16, u16),
    room: Room,
    look: Look,
    name: Clean,
    /// What was looked for to open the document.
    opened_by: Option<(Pattern, Clean)>,
    saved_place: Option<crate::document::Position>,
    /// What became of the file since it was read.
    change: Option<Change>,
}

impl App {
    /// A document to be read, under the name that its file has.
    pub fn new(document: Arc<dyn Document>, name: Clean, look: Look, keys: KeyPreset, new_id: NewId) -> App {
        let look = Look { measure: look.measure.clamp(1, MEASURE_MAX), ..look };
        let options = Options { paragraphs: look.paragraphs, ..Options::new(look.measure) };
        App {
            reader: Reader::new(document, options, new_id),
            keymap: match keys {
                KeyPreset::Usual => Keymap::new(),
                KeyPreset::Less => Keymap::less(),
            },
            pane: None,
            overlay: None,
            prompt: None,
            searches: prompt::Earlier::default(),
            note: None,
            links: None,
            offered: None,
            offer: None,
            fresh: Vec::new(),
            promised: None,
            is_deleting: false,
            is_private: false,
            press: selecting::Press::default(),
            is_warned: false,
            like_level: 1,
            draft: None,
            message: None,
            screen: (80, 24),
            room: Room::default(),
            look,
            name,
            opened_by: None,
            saved_place: None,
            change: None,
        }
    }

    /// The state of reading.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The list beside the text.
    pub fn pane(&self) -> Option<&Pane> {
        self.pane.as_ref()
    }

    /// What covers the page.
    pub fn overlay(&self) -> Option<Overlay> {
        self.overlay
    }

    /// What is being typed.
    pub fn prompt(&self) -> Option<&Prompt> {
        self.prompt.as_ref()
    }

    /// What is to be said in the foot.
    pub fn message(&self) -> Option<&Clean> {
        self.message.as_ref()
    }

    /// How the page looks.
    pub fn look(&self) -> Look {
        self.look
    }

    /// The size of the screen in columns and rows.
    pub fn screen(&self) -> (u16, u16) {
        self.screen
    }

    /// Keys typed so far that wait for more.
    pub fn pending_keys(&self) -> String {
        let typed = self.links.as_ref().map(Links::typed).filter(|typed| !typed.is_empty());
        typed.map_or_else(|| self.keymap.pending(), str::to_owned)
    }

    /// The bindings of keys.
    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    /// What may come next after them.
    pub fn continuations(&self) -> Vec<(String, &'static str)> {
        self.keymap.continuations(self.context())
    }

    /// What the document is called: its title, else its file's name.
    pub fn title(&self) -> &Clean {
        self.reader.document().meta().title.as_ref().unwrap_or(&self.name)
    }

    /// Begins reading, where it was left or at the start.
    pub fn start(&mut self, place: Option<Anchor>) -> Vec<Effect> {
        let mut effects = wrap(self.reader.start(place));
        effects.extend(self.want_speech());
        self.warn();
        effects
    }

    /// Says what is wrong with the file as a whole, until the next key.
    fn warn(&mut self) {
        let said = match self.reader.document().warnings() {
            [] => return,
            [only] => only.to_string(),
            [first, rest @ ..] => format!("{first}  ({} more: i lists them)", rest.len()),
        };
        self.say(said);
    }

    /// Asks for the quotations if speech is to be shown.
    fn want_speech(&mut self) -> Vec<Effect> {
        let wanted = if self.look.speech { self.reader.want_quotes() } else { None };
        wrap(wanted.into_iter().collect())
    }

    /// What is marked is kept until the end only: each mark says so.
    pub fn keeps_nothing(&mut self) {
        self.is_private = true;
    }

    /// Says what is wrong in the settings, until the next key.
    pub fn complain(&mut self, problems: &[Clean]) {
        match problems {
            [] => {}
            [problem] => self.say(problem.to_string()),
            [first, rest @ ..] => self.say(format!("{first}  ({} more: lection doctor lists them)", rest.len())),
        }
    }

    /// Goes to a place before the first page is shown.
    pub fn open_at(&mut self, target: Target) -> Vec<Effect> {
        let mut effects = self.reader.jump(target, Placement::Top);
        if let Some((pattern, words)) = self.opened_by.take() {
            effects.extend(self.reader.search_for(pattern, words, Direction::Forward));
        }
        wrap(effects)
    }

    /// Goes to a line of the file before the first page is shown.
    pub fn open_at_line(&mut self, number: u64) -> Vec<Effect> {
        wrap(self.reader.go_to_line(number))
    }

    /// Goes to the end before the first page is shown, when it has arrived.
    pub fn open_at_end(&mut self) -> Vec<Effect> {
        wrap(self.reader.go(Motion::Percent, 100))
    }

    /// The place to open at was found by these words: they are the last search.
    pub fn opened_by(&mut self, words: &str) {
        self.opened_by = Pattern::new(words).map(|pattern| (pattern, clean_line(words)));
    }

    /// Tells the room that painting has. To be called before every frame.
    pub fn fit(&mut self, room: Room) -> Vec<Effect> {
        let mut preview = Vec::new();
        if let Some(pane) = &mut self.pane {
            pane.list.set_height(usize::from(room.pane_rows));
            pane.follow(&self.reader);
            preview = pane.preview(&self.reader);
        }
        let mut effects = self.reader.preview(&preview);
        let width = room.columns.clamp(1, self.look.measure);
        let options = Options { paragraphs: self.look.paragraphs, ..Options::new(width) };
        if self.room != room || self.reader.options() != options {
            self.room = room;
            effects.extend(self.reader.resize(options, room.rows));
        }
        wrap(effects)
    }

    /// Takes what happened and says what is to be done.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Input(input) => return self.input(input),
            Event::Loaded(section) => return wrap(self.reader.section_loaded(section)),
            Event::Reaching(id, progress) => self.reader.section_nearer(id, progress),
            Event::LoadFailed(id, reason) => {
                self.say(format!("A part of the document could not be read: {reason}"));
                return wrap(self.reader.section_failed(id, &reason));
            }
            Event::LineSought(seek, sought) => return self.line_sought(seek, sought),
            Event::OutlineFound(outline, progress) => {
                let effects = self.reader.outline_found(outline, progress);
                self.refresh_pane(PaneKind::Contents);
                return wrap(effects);
            }
            Event::QuotesSought(progress) => self.reader.quotes_sought(progress),
            Event::LikeFound(lines) => return self.like_found(lines),
            Event::WordsSought(progress) => self.reader.words_sought(progress),
            Event::WordsCounted(words) => self.reader.words_counted(&words),
            Event::QuotesFound(mut quotes) => {
                if quotes.len() >= QUOTES_MAX {
                    self.say(format!("Only the first {QUOTES_MAX} quotations are listed."));
                }
                hide_unsure(&mut quotes, f32::from(self.look.sure) / 100.0);
                self.reader.quotes_found(quotes);
                self.refresh_pane(PaneKind::Quotes);
            }
            Event::Searched(generation, found) => return self.searched(generation, *found),
            // Which answers are still true, and what has arrived, is known to the runtime.
            Event::Answer(_, event) => return self.update(*event),
            Event::Arrived => {}
            Event::Grown(document) => {
                let is_complete = document.is_complete();
                let mut effects = wrap(self.reader.grow(document));
                self.refresh_pane(PaneKind::Matches);
                // Not at each of many growths.
                if is_complete {
                    effects.extend(self.find_matches_anew());
                }
                return effects;
            }
            Event::FileChanged(change) => self.file_changed(change),
            Event::Reopened(result) => return self.reopened(result),
            Event::LoadDropped(id) => return wrap(self.reader.section_dropped(id)),
            Event::SearchFailed(generation, reason) => self.search_failed(generation, &reason),
            Event::StateLoaded { marks, sought, problems } => {
                let effects = self.reader.marks_loaded(marks, sought);
                self.say_problems(&problems);
                self.refresh_pane(PaneKind::Marks);
                return wrap(effects);
            }
            Event::Broken(code) => return self.quit(code),
            Event::Offered(offer) => self.offer = Some(offer),
            Event::MarkSaved(ticket, result) => {
                let (mark, saved) = *result;
                self.mark_saved(ticket, mark, saved);
            }
            Event::MarkDeleted(id, result) => self.mark_deleted(&id, result),
            Event::Saved(result) => {
                self.reader.with_marks(|marks| marks.noted(&result));
                self.say_unsaved(result);
            }
            Event::Edited(text) => return self.note_edited(text),
            Event::Idle => return self.save_place(),
            Event::Failed(reason) => self.message = Some(reason),
            Event::PassFailed(pass, reason) => {
                self.reader.pass_failed(pass);
                self.message = Some(reason);
            }
        }
        Vec::new()
    }

    /// What could not be saved is kept by the store, which tries again by itself.
    fn say_unsaved(&mut self, result: Result<(), Clean>) {
        if let Err(reason) = result {
            self.say(format!("Not saved: {reason}.  It is kept and tried again"));
        }
    }

    /// Says the first thing that is wrong with what was saved, and how many more there are.
    fn say_problems(&mut self, problems: &[Clean]) {
        match problems {
            [] => {}
            [one] => self.message = Some(one.clone()),
            [first, more @ ..] => self.say(format!("{first}  (and {} more: lection doctor)", more.len())),
        }
    }

    /// What became of the file on the disk since it was read.
    pub fn change(&self) -> Option<Change> {
        self.change
    }

    fn file_changed(&mut self, change: Change) {
        if self.change.replace(change) != Some(change) {
            self.say(match change {
                Change::Other => "The file changed on disk.  r reads it again, your place is kept".to_owned(),
                Change::Gone => "The file is gone from the disk.  What is open can be read on".to_owned(),
            });
        }
    }

    fn reopened(&mut self, result: Result<Arc<dyn Document>, Clean>) -> Vec<Effect> {
        match result {
            Ok(document) => {
                self.change = None;
                self.links = None;
                let version = self.reader.document().identity().key().to_owned();
                if let Some(note) = &mut self.note {
                    note.was_begun_in(&version);
                }
                if let Some(draft) = &mut self.draft {
                    draft.anchor.was_made_in(&version);
                }
                self.say("Read again from the disk".to_owned());
                let mut effects = wrap(self.reader.reopen(document));
                for kind in [PaneKind::Contents, PaneKind::Quotes] {
                    self.refresh_pane(kind);
                }
                effects.extend(self.find_matches_anew());
                effects
            }
            Err(reason) => {
                self.say(format!("Not read again: {reason}"));
                Vec::new()
            }
        }
    }

    /// Whether the reader has moved since the place was last saved.
    pub fn has_unsaved_place(&self) -> bool {
        let is_known = !self.reader.is_guess() && !self.reader.is_seeking_place();
        is_known && self.saved_place != Some(self.reader.place())
    }

    fn save_place(&mut self) -> Vec<Effect> {
        if !self.has_unsaved_place() {
            return Vec::new();
        }
        let Some(anchor) = self.reader.anchor_here() else { return Vec::new() };
        self.saved_place = Some(self.reader.place());
        vec![Effect::SavePlace(Box::new(anchor))]
    }

    fn quit(&mut self, code: i32) -> Vec<Effect> {
        // A note that is being written is kept: it is sooner deleted than written again.
        let mut effects = self.keep_note_at_end();
        effects.extend(self.save_place());
        effects.push(Effect::Quit(code));
        effects
    }

    fn refresh_pane(&mut self, kind: PaneKind) {
        if let Some(pane) = self.pane.as_mut().filter(|p| p.kind == kind) {
            pane.refresh(&self.reader);
        }
    }

    fn say(&mut self, text: String) {
        self.message = Some(clean_line(&text));
    }
}

fn wrap(effects: Vec<reader::Effect>) -> Vec<Effect> {
    effects.into_iter().map(Effect::Reader).collect()
}

//! The program's state, and the one place where it changes.
//!
//! [`App::update`] takes what happened and gives what is to be done: no threads, no disk, no
//! terminal, no clock. Painting reads the state and changes nothing; before it, [`App::fit`] is
//! told how much room the page has.

pub mod action;
pub mod chapters;
pub mod effect;
pub mod event;
pub mod field;
pub mod hints;
pub mod keymap;
pub mod keys;
pub mod links;
pub mod list;
mod marking;
pub mod note;
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
pub use pane::Pane;
pub use prompt::{Prompt, Purpose};
pub use rows::{Arrangement, Heading, PaneKind, PaneRow};

use crate::document::{Anchor, Document, QUOTES_MAX, Target, hide_unsure};
use crate::layout::{Options, Paragraphs};
use crate::reader::{self, Direction, Draft, Motion, Placement, Reader};
use crate::text::{Clean, Pattern, clean_line};

use keymap::{Fed, Keymap};
use prompt::Typed;

/// Columns of text that read best (Bringhurst: 45 to 75 characters), and the bounds of `+` and
/// `-`.
const MEASURE: u16 = 72;
const MEASURE_MIN: u16 = 20;
const MEASURE_MAX: u16 = 200;
/// Columns that `+` and `-` add and take.
const MEASURE_STEP: u16 = 4;
/// Percent of confidence from which a speaker is named.
const SURE: u16 = 50;

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
    note: Option<Note>,
    links: Option<Links>,
    /// The address that the last key showed.
    offered: Option<Clean>,
    /// Marks that were made by the last key.
    fresh: Vec<u64>,
    /// What is to be said when the mark with this ticket is saved.
    promised: Option<(u64, String)>,
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
    saved_place: Option<crate::document::Position>,
    /// What became of the file since it was read.
    change: Option<Change>,
}

impl App {
    /// A document to be read, under the name that its file has.
    pub fn new(document: Arc<dyn Document>, name: Clean, look: Look, keys: KeyPreset) -> App {
        let look = Look { measure: look.measure.clamp(1, MEASURE_MAX), ..look };
        App {
            reader: Reader::new(document, Options { paragraphs: look.paragraphs, ..Options::new(look.measure) }),
            keymap: match keys {
                KeyPreset::Usual => Keymap::new(),
                KeyPreset::Less => Keymap::less(),
            },
            pane: None,
            overlay: None,
            prompt: None,
            note: None,
            links: None,
            offered: None,
            fresh: Vec::new(),
            promised: None,
            press: selecting::Press::default(),
            is_warned: false,
            like_level: 1,
            draft: None,
            message: None,
            screen: (80, 24),
            room: Room::default(),
            look,
            name,
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
        effects
    }

    /// Asks for the quotations if speech is to be shown.
    fn want_speech(&mut self) -> Vec<Effect> {
        let wanted = if self.look.speech { self.reader.want_quotes() } else { None };
        wrap(wanted.into_iter().collect())
    }

    /// Says on the first page how to get on.
    pub fn greet(&mut self) {
        self.say("? shows the keys, q quits".to_owned());
    }

    /// Goes to a place before the first page is shown.
    pub fn open_at(&mut self, target: Target) -> Vec<Effect> {
        wrap(self.reader.jump(target, Placement::Top))
    }

    /// Tells the room that painting has. To be called before every frame.
    pub fn fit(&mut self, room: Room) -> Vec<Effect> {
        let mut preview = Vec::new();
        if let Some(pane) = &mut self.pane {
            pane.list.set_height(usize::from(room.pane_rows));
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
            Event::Grown(document) => return wrap(self.reader.grow(document)),
            Event::FileChanged(change) => self.file_changed(change),
            Event::Reopened(result) => return self.reopened(result),
            Event::LoadDropped(id) => return wrap(self.reader.section_dropped(id)),
            Event::SearchFailed(generation, reason) => self.search_failed(generation, &reason),
            Event::StateLoaded { marks, problems } => {
                let effects = self.reader.marks_loaded(marks);
                if let Some(problem) = problems.into_iter().next() {
                    self.message = Some(problem);
                }
                self.refresh_pane(PaneKind::Marks);
                return wrap(effects);
            }
            Event::MarkSaved(ticket, result) => {
                let (mark, saved) = *result;
                return self.mark_saved(ticket, mark, saved);
            }
            // What could not be saved is kept by the store, which tries again by itself.
            Event::Saved(result) => {
                self.reader.with_marks(|marks| marks.noted(&result));
                if let Err(reason) = result {
                    self.say(format!("Not saved: {reason}"));
                }
            }
            Event::Edited(text) => return self.note_edited(text),
            Event::Idle => return self.save_place(),
            Event::Failed(reason) => self.message = Some(reason),
        }
        Vec::new()
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
                self.say("Read again from the disk".to_owned());
                let effects = self.reader.reopen(document);
                for kind in [PaneKind::Contents, PaneKind::Quotes] {
                    self.refresh_pane(kind);
                }
                wrap(effects)
            }
            Err(reason) => {
                self.say(format!("Not read again: {reason}"));
                Vec::new()
            }
        }
    }

    /// Whether the reader has moved since the place was last saved.
    pub fn has_unsaved_place(&self) -> bool {
        self.saved_place != Some(self.reader.place()) && !self.reader.is_guess()
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
        let mut effects = self.keep_note();
        effects.extend(self.save_place());
        effects.push(Effect::Quit(code));
        effects
    }

    // ------------------------------------------------------------------ input

    fn input(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Key(key) => self.key(key),
            Input::Paste(raw) => {
                self.note_pasted(&raw);
                if let Some(prompt) = &mut self.prompt {
                    prompt.insert(&raw);
                    return self.prompt_edited();
                }
                Vec::new()
            }
            Input::Mouse { kind, column, row } => self.mouse(kind, column, row),
            Input::Resize { columns, rows } => {
                self.screen = (columns.max(1), rows.max(1));
                Vec::new()
            }
            Input::Suspend => {
                let mut effects = self.save_place();
                effects.push(Effect::Suspend);
                effects
            }
            Input::Resumed => vec![Effect::Resume],
            // What a shell reports of a process that a signal ended.
            Input::Stop(signal) => self.quit(128 + signal),
            Input::Gone => self.quit(129),
        }
    }

    fn context(&self) -> Context {
        match &self.pane {
            Some(pane) if pane.has_focus => Context::List,
            _ if self.reader.selection().is_some() => Context::Selecting,
            _ => Context::Reading,
        }
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        if self.prompt.is_some() {
            return self.prompt_key(key);
        }
        if self.note.is_some() {
            return self.note_key(key);
        }
        self.message = None;
        self.promised = None;
        self.press = selecting::Press::default();
        if let Some(effects) = self.fresh_key(key).or_else(|| self.offered_key(key)).or_else(|| self.link_key(key)) {
            return effects;
        }
        // Any key ends the wait for the end of a document that may have none.
        let mut effects = wrap(self.reader.stop_waiting_for_end());
        effects.extend(self.fed(key));
        effects
    }

    fn fed(&mut self, key: Key) -> Vec<Effect> {
        let esc = key == Key::plain(Code::Esc);
        if esc && self.keymap.reset() {
            return Vec::new();
        }
        match self.keymap.feed(self.context(), key) {
            Fed::Action { action, count, letter } => {
                // A search that takes long is ended by any key but those that ask for more.
                if self.reader.search().is_slow() && !matches!(action, Action::NextMatch | Action::PreviousMatch) {
                    self.reader.give_up_search();
                }
                self.act(action, count, letter)
            }
            Fed::Pending => Vec::new(),
            Fed::Unknown if self.overlay.take().is_some() => Vec::new(),
            Fed::Unknown => {
                self.say(format!("{key} does nothing here.  ? shows the keys"));
                Vec::new()
            }
        }
    }

    fn prompt_key(&mut self, key: Key) -> Vec<Effect> {
        let Some(prompt) = &mut self.prompt else { return Vec::new() };
        match prompt.key(key) {
            Typed::Edited => self.prompt_edited(),
            Typed::Cancelled => match self.prompt.take().map(|prompt| prompt.purpose) {
                Some(Purpose::Filter) => {
                    if let Some(pane) = &mut self.pane {
                        pane.set_filter("", &self.reader);
                    }
                    Vec::new()
                }
                Some(Purpose::Search | Purpose::SearchBackward) => wrap(self.reader.abandon_search()),
                Some(Purpose::Rename(_) | Purpose::Chapter) | None => Vec::new(),
            },
            Typed::Accepted => {
                let prompt = self.prompt.take();
                prompt.map(|p| self.accept(&p)).unwrap_or_default()
            }
        }
    }

    fn accept(&mut self, prompt: &Prompt) -> Vec<Effect> {
        let direction = match prompt.purpose {
            Purpose::Filter => return Vec::new(),
            Purpose::Rename(number) => return self.rename_mark(number, prompt.text()),
            Purpose::Chapter => return self.correct_chapter(prompt.text()),
            Purpose::Search => Direction::Forward,
            Purpose::SearchBackward => Direction::Backward,
        };
        // An empty search repeats the last one, as in less and vim.
        if prompt.text().is_empty() {
            return self.search_again(direction, 1);
        }
        match Pattern::new(prompt.text()) {
            Some(pattern) => self.search_for(pattern, prompt.text(), direction),
            None => Vec::new(),
        }
    }

    // ------------------------------------------------------------------ actions

    fn act(&mut self, action: Action, count: Option<u32>, letter: Option<char>) -> Vec<Effect> {
        if let Some(effects) = self.act_on_overlay(action, count) {
            return effects;
        }
        let n = count.unwrap_or(1);
        let steps = |n: u32| MEASURE_STEP.saturating_mul(u16::try_from(n).unwrap_or(u16::MAX));
        match action {
            Action::Go(Motion::Percent) if count.is_none() => {
                self.say("Type a number first: 40% goes to 40 percent".to_owned());
                Vec::new()
            }
            Action::Go(motion) => self.go(motion, n),
            Action::ToggleBack => self.travel(Reader::toggle_back),
            Action::Back => self.travel(Reader::back),
            Action::Forward => self.travel(Reader::forward),
            Action::Contents => self.toggle_pane(PaneKind::Contents),
            Action::Quotes => self.toggle_pane(PaneKind::Quotes),
            Action::Marks => self.toggle_pane(PaneKind::Marks),
            Action::Matches => self.list_matches(),
            Action::Bookmark => self.bookmark(None),
            Action::SetMark => self.bookmark(letter),
            Action::GoToMark => self.go_to_mark(letter),
            Action::Search => self.ask(Purpose::Search),
            Action::SearchBackward => self.ask(Purpose::SearchBackward),
            Action::NextMatch => self.search_again(Direction::Forward, n),
            Action::PreviousMatch => self.search_again(Direction::Backward, n),
            Action::Wider => self.set_measure(self.look.measure.saturating_add(steps(n))),
            Action::Narrower => self.set_measure(self.reader.options().width.saturating_sub(steps(n))),
            Action::UsualWidth => self.set_measure(MEASURE),
            Action::NextTheme => {
                self.look.theme = self.look.theme.wrapping_add(1);
                vec![Effect::Redraw]
            }
            Action::Chapter => self.ask_for_chapter(),
            Action::ChaptersLike => self.seek_like(),
            Action::UndoChapter => self.undo_chapter(),
            Action::Inferred => self.toggle_inferred(),
            Action::About => self.show(Overlay::About),
            Action::Help => self.show(Overlay::Help(0)),
            Action::Reload => vec![Effect::Reopen],
            Action::Redraw => vec![Effect::Redraw],
            Action::Links => self.number_links(),
            Action::Speech => {
                self.look.speech = !self.look.speech;
                self.say(if self.look.speech { "Speech is shown" } else { "Speech is shown as text" }.to_owned());
                self.want_speech()
            }
            Action::Select => self.select(),
            Action::Caret(motion) => self.move_caret(motion, n),
            Action::SelectUnit(unit) => self.select_unit(unit),
            Action::SwapEnds => wrap(self.reader.swap_selection()),
            Action::SelectAnew => {
                self.reader.restart_selection();
                Vec::new()
            }
            Action::Highlight => self.highlight(),
            Action::Annotate => self.note_on_selection(),
            Action::Copy => self.copy_selection(),
            Action::EndSelection => {
                self.reader.end_selection();
                Vec::new()
            }
            Action::Cancel => wrap(self.reader.cancel()),
            Action::Close => self.close(),
            Action::Quit => self.quit(0),
            Action::Suspend => self.input(Input::Suspend),
            _ => self.act_on_list(action, n),
        }
    }

    fn act_on_list(&mut self, action: Action, n: u32) -> Vec<Effect> {
        let Some(pane) = &mut self.pane else { return Vec::new() };
        let page = (pane.list.height() as i64 - 1).max(1);
        let n = i64::from(n);
        match action {
            Action::ListDown => pane.step(n),
            Action::ListUp => pane.step(-n),
            Action::ListPageDown => pane.step(n * page),
            Action::ListPageUp => pane.step(-n * page),
            Action::ListStart => pane.step(i64::MIN / 2),
            Action::ListEnd => pane.step(i64::MAX / 2),
            Action::Fold => pane.fold(true, &self.reader),
            Action::Unfold => pane.fold(false, &self.reader),
            Action::Regroup if !pane.regroup(&self.reader) => self.say("There is one arrangement only".to_owned()),
            Action::ListGo => return self.go_to_row(),
            Action::Filter => return self.ask(Purpose::Filter),
            Action::ChapterOut => return self.move_chapter(-n),
            Action::ChapterIn => return self.move_chapter(n),
            Action::Delete if pane.kind == PaneKind::Contents => return self.remove_chapter(),
            Action::Delete => return self.delete_mark(),
            Action::Restore => return self.restore_mark(),
            Action::Keep => return self.keep_entry(),
            Action::CopyEntry => return self.copy_entry(),
            Action::Rename | Action::EditNote | Action::Color(_) => return self.act_on_mark(action),
            Action::Leave if !pane.filter().is_empty() => pane.set_filter("", &self.reader),
            Action::Leave => {
                pane.has_focus = false;
                if self.room.pane_covers {
                    self.pane = None;
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn go(&mut self, motion: Motion, count: u32) -> Vec<Effect> {
        let by_chapter = matches!(motion, Motion::NextChapter | Motion::PreviousChapter);
        if by_chapter && self.reader.outline().is_empty() {
            let is_known = self.reader.outline_progress().is_done();
            let sentence = match (is_known, self.reader.document().is_complete()) {
                (true, _) => "No chapters were found",
                (false, true) => "Still looking for chapters",
                (false, false) => "Chapters are found once all has arrived.  G reads on to the end",
            };
            self.say(sentence.to_owned());
            return Vec::new();
        }
        if motion == Motion::NextChapter && !self.reader.has_next_chapter() {
            self.say("This is the last chapter.  G goes to the end".to_owned());
            return Vec::new();
        }
        wrap(self.reader.go(motion, count))
    }

    /// Goes through the jump list; says so where it has no further place.
    fn travel(&mut self, go: impl FnOnce(&mut Reader) -> Vec<reader::Effect>) -> Vec<Effect> {
        let before = (self.reader.place(), self.reader.is_waiting());
        let effects = go(&mut self.reader);
        if effects.is_empty() && before == (self.reader.place(), self.reader.is_waiting()) {
            self.say("No jump to go back to, or on to".to_owned());
        }
        wrap(effects)
    }

    fn toggle_pane(&mut self, kind: PaneKind) -> Vec<Effect> {
        match &mut self.pane {
            Some(pane) if pane.kind == kind => {
                pane.has_focus = !pane.has_focus;
                if !pane.has_focus && self.room.pane_covers {
                    self.pane = None;
                }
            }
            _ => {
                self.pane = Some(Pane::new(kind, &self.reader, usize::from(self.room.pane_rows.max(1))));
            }
        }
        let wanted = if kind == PaneKind::Quotes { self.reader.want_quotes() } else { None };
        wrap(wanted.into_iter().collect())
    }

    fn act_on_mark(&mut self, action: Action) -> Vec<Effect> {
        let Some(number) = self.current_mark() else {
            self.say("There is no mark here".to_owned());
            return Vec::new();
        };
        match action {
            Action::Rename => self.ask(Purpose::Rename(number)),
            Action::EditNote => self.note_on_mark(number),
            Action::Color(color) => self.color_mark(number, color),
            _ => Vec::new(),
        }
    }

    fn go_to_row(&mut self) -> Vec<Effect> {
        let Some(row) = self.pane.as_ref().and_then(|p| p.current().cloned()) else { return Vec::new() };
        let effects = match row {
            PaneRow::Chapter { index, .. } => {
                match self.reader.outline().entries().get(index).map(|e| e.target.clone()) {
                    Some(target) => self.reader.jump(target, Placement::Top),
                    None => return Vec::new(),
                }
            }
            PaneRow::Quote(index) => match self.reader.quotes().and_then(|q| q.get(index)).map(|q| q.range().start) {
                Some(place) => self.reader.jump(Target::At(place), Placement::InView),
                None => return Vec::new(),
            },
            PaneRow::Match(range) => self.reader.go_to_match(range),
            PaneRow::Mark(index) => match self.reader.marks().all().get(index).map(|k| k.mark.anchor.clone()) {
                Some(anchor) => self.reader.jump_to_anchor(&anchor),
                None => return Vec::new(),
            },
            PaneRow::Heading { unfolded, .. } => {
                if let Some(pane) = &mut self.pane {
                    pane.fold(unfolded, &self.reader);
                }
                return Vec::new();
            }
        };
        if self.room.pane_covers {
            self.pane = None;
        } else if let Some(pane) = &mut self.pane {
            pane.has_focus = false;
        }
        wrap(effects)
    }

    fn set_measure(&mut self, measure: u16) -> Vec<Effect> {
        self.look.measure = measure.clamp(MEASURE_MIN, MEASURE_MAX);
        self.say(format!("Text of at most {} columns.  = is the usual width", self.look.measure));
        Vec::new()
    }

    fn ask(&mut self, purpose: Purpose) -> Vec<Effect> {
        let text = match purpose {
            Purpose::Search | Purpose::SearchBackward | Purpose::Chapter => "",
            Purpose::Filter => self.pane.as_ref().map_or("", Pane::filter),
            Purpose::Rename(number) => {
                let marks = self.reader.marks();
                let mark = marks.index_of(number).and_then(|index| marks.all().get(index)).map(|kept| &kept.mark);
                mark.and_then(|mark| mark.name.as_ref()).map_or("", |name| name.as_str())
            }
        };
        self.prompt = Some(Prompt::new(purpose, text));
        Vec::new()
    }

    fn show(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.overlay = Some(overlay);
        Vec::new()
    }

    fn close(&mut self) -> Vec<Effect> {
        if self.reader.selection().is_some() {
            self.reader.end_selection();
            return Vec::new();
        }
        if self.pane.take().is_some() {
            return Vec::new();
        }
        let unsaved = self.reader.marks().failure().cloned().filter(|_| !self.is_warned);
        if let Some(reason) = unsaved {
            self.is_warned = true;
            self.say(format!("Not saved: {reason}.  q again quits and prints what is not saved"));
            return Vec::new();
        }
        self.quit(0)
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

//! The runtime without threads: effects are performed at once, on the spot. For `lection render`
//! and for tests, which are deterministic with it. It saves nothing.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::keys::NotAKey;
use crate::app::{App, Effect, Event, Input, Key, KeyPreset, Look};
use crate::document::{
    Anchor, Document, LIKE_MAX, Likeness, OutlinePass, Progress, Quote, Range, Section, SectionId, Target, lines_like,
};
use crate::quotes;
use crate::reader;
use crate::text::width::width;
use crate::text::{self, Clean, clean_line};
use crate::ui;

use super::{Seek, loader};

/// A program that runs on the spot.
pub struct Inline {
    app: App,
    /// Effects that only a real runtime performs (quit, suspend, redraw, saving the place).
    asked: Vec<Effect>,
    /// Whether nothing is saved or deleted at once either: that is asked for, too.
    is_hung: bool,
}

impl Inline {
    /// Opens a document on a screen of this size, at a saved place or at the start.
    pub fn open(
        document: Arc<dyn Document>,
        name: Clean,
        look: Look,
        size: (u16, u16),
        place: Option<Anchor>,
    ) -> Inline {
        let mut made = 0;
        let new_id = Box::new(move || {
            made += 1;
            format!("mark-{made}")
        });
        let app = App::new(document, name, look, KeyPreset::default(), new_id);
        let mut inline = Inline { app, asked: Vec::new(), is_hung: false };
        inline.resize(size.0, size.1);
        let effects = inline.app.start(place);
        inline.perform(effects);
        inline.settle();
        inline
    }

    /// The state of the program.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// What was asked for that is not done here, and forgets it.
    pub fn take_asked(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.asked)
    }

    /// From now on the disk does not answer: to save and to delete is asked for, and the answer is to be
    /// given by [`Inline::happen`].
    pub fn hang(&mut self) {
        self.is_hung = true;
    }

    /// As in a private session.
    pub fn keep_nothing(&mut self) {
        self.app.keeps_nothing();
    }

    /// Goes to a place.
    pub fn go(&mut self, target: Target) {
        let effects = self.app.open_at(target);
        self.perform(effects);
        self.settle();
    }

    /// Presses keys, parted by white space: `tab j enter`.
    ///
    /// # Errors
    /// When one of them is no key. Those before it were pressed.
    pub fn keys(&mut self, keys: &str) -> Result<(), NotAKey> {
        for key in keys.split_whitespace() {
            self.press(key.parse()?);
        }
        Ok(())
    }

    /// Presses one key.
    pub fn press(&mut self, key: Key) {
        self.happen(Event::Input(Input::Key(key)));
    }

    /// Types a text, key by key.
    pub fn type_text(&mut self, text: &str) {
        text.chars().for_each(|c| self.press(Key::char(c)));
    }

    /// Changes the size of the screen.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.happen(Event::Input(Input::Resize { columns, rows }));
    }

    /// Lets something happen.
    pub fn happen(&mut self, event: Event) {
        let effects = self.app.update(event);
        self.perform(effects);
        self.settle();
    }

    /// The cells of the screen.
    pub fn cells(&self) -> Buffer {
        let (columns, rows) = self.app.screen();
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        ui::draw(&self.app, &mut buffer);
        buffer
    }

    /// What the screen shows, a line a row, without trailing space.
    pub fn screen(&self) -> String {
        let (columns, rows) = self.app.screen();
        let buffer = self.cells();
        let mut out = String::new();
        for y in 0..rows {
            let mut line = String::new();
            let mut x = 0;
            while x < columns {
                let symbol = buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
                line.push_str(symbol);
                x += width(symbol).max(1) as u16;
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Fits the page to the room it has, as the runtime does before every frame.
    fn settle(&mut self) {
        let effects = self.app.fit(ui::room(&self.app));
        self.perform(effects);
    }

    /// Performs effects and what follows from them until nothing is left to do.
    fn perform(&mut self, effects: Vec<Effect>) {
        let mut queue = VecDeque::from(effects);
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Reader(reader::Effect::WantAll(_)) => {}
                Effect::Reader(reader::Effect::SaveMark(..) | reader::Effect::DeleteMark(_)) if self.is_hung => {
                    self.asked.push(effect);
                }
                Effect::Reader(effect) => {
                    for event in answers(&**self.app.reader().document(), effect) {
                        queue.extend(self.app.update(event));
                    }
                }
                other => self.asked.push(other),
            }
        }
    }
}

fn answers(document: &dyn Document, effect: reader::Effect) -> Vec<Event> {
    vec![match effect {
        reader::Effect::Load(id, _) => match document.load(id) {
            Ok(section) => Event::Loaded(section),
            Err(error) => Event::LoadFailed(id, clean_line(&error.to_string())),
        },
        reader::Effect::SeekLine(Some(mut seek)) => {
            let sought = loader::seek_line(document, &mut seek, usize::MAX);
            Event::LineSought(seek, sought)
        }
        reader::Effect::FindOutline => {
            let mut pass = document.outline_pass();
            let mut progress = Progress { done: 0, total: 1 };
            while let Ok(next) = pass.step() {
                progress = next;
                if progress.is_done() {
                    break;
                }
            }
            Event::OutlineFound(pass.outline(), progress)
        }
        reader::Effect::FindQuotes => Event::QuotesFound(find_quotes(document)),
        reader::Effect::FindLike(likeness) => Event::LikeFound(find_like(document, &likeness)),
        reader::Effect::CountWords => Event::WordsCounted(count_words(document)),
        reader::Effect::Search { generation, pattern, from, direction } => {
            let mut seek = Seek::new(pattern, from, direction);
            let stretches = std::iter::from_fn(|| seek.stretch(document, |_| false));
            return stretches.map(|found| Event::Searched(generation, Box::new(found))).collect();
        }
        reader::Effect::EndSearch | reader::Effect::SeekLine(None) => return Vec::new(),
        reader::Effect::SaveMark(ticket, mark, _) => Event::MarkSaved(ticket, Box::new((*mark, Ok(())))),
        reader::Effect::DeleteMark(mark) => Event::MarkDeleted(mark.id, Ok(())),
        reader::Effect::WantAll(_) => Event::Saved(Ok(())),
    }]
}

/// All quotations of a document. A section that cannot be read is passed over.
pub fn find_quotes(document: &dyn Document) -> Vec<Quote> {
    find_quotes_from(document, quotes::Finder::new(), SectionId(0))
}

/// The quotations of a document of which a finder has had all sections before one.
fn find_quotes_from(document: &dyn Document, mut finder: quotes::Finder, first: SectionId) -> Vec<Quote> {
    for id in first.0..document.section_count() {
        if let Ok(section) = document.load(SectionId(id)) {
            finder.feed(&section);
        }
    }
    finder.finish()
}

/// Takes a pass for chapters to its end, and finds the quotations in what it reads on the way and
/// in the sections that it does not give away.
///
/// # Errors
/// When the pass fails. A section that cannot be read is passed over.
pub fn find_quotes_beside(document: &dyn Document, pass: &mut dyn OutlinePass) -> io::Result<Vec<Quote>> {
    let mut finder = quotes::Finder::new();
    let mut next = SectionId(0);
    loop {
        let is_done = pass.step()?.is_done();
        if let Some(section) = pass.section().filter(|section| section.id() == next) {
            finder.feed(&section);
            next = next.next();
        }
        if is_done {
            break;
        }
    }
    Ok(find_quotes_from(document, finder, next))
}

/// All lines that are like one.
fn find_like(document: &dyn Document, likeness: &Likeness) -> Vec<(Anchor, Clean)> {
    let mut found = Vec::new();
    for id in 0..document.section_count() {
        if let Ok(section) = document.load(SectionId(id)) {
            gather_like(&section, likeness, &mut found);
        }
    }
    found
}

/// Adds the lines of a section that are like one, as far as so many are taken.
pub(super) fn gather_like(section: &Section, likeness: &Likeness, found: &mut Vec<(Anchor, Clean)>) {
    let room = LIKE_MAX.saturating_sub(found.len());
    // Chapter and share of the text are told by the reader, who knows both.
    let anchor = |place| Anchor::new(section, Range::new(place, place), Vec::new(), 0.0);
    found.extend(lines_like(section, likeness).take(room).map(|(place, title)| (anchor(place), title)));
}

/// How many words the sections of a document have: none where one cannot be read.
fn count_words(document: &dyn Document) -> Vec<u32> {
    let words = |id| document.load(SectionId(id)).map_or(0, |section| text::count_words(section.text()) as u32);
    (0..document.section_count()).map(words).collect()
}

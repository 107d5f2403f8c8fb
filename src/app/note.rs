//! A note that is being written: a few lines over the page, about a selection or a mark.

use crate::document::{Anchor, Mark};
use crate::limits::NOTE_BYTES_MAX;
use crate::text::{Clean, clean};

use super::field::Field;
use super::keys::{Code, Key};
use super::{App, Effect};

/// What a note is about.
#[derive(Clone, Debug)]
enum About {
    /// A stretch that becomes a mark with the note; a piece for every section it spans.
    Stretch(Vec<Anchor>),
    /// A mark, as it was when the note was opened.
    Mark(Box<Mark>),
}

/// A note that is being written.
#[derive(Debug)]
pub struct Note {
    field: Field,
    about: About,
    /// As it was before.
    before: String,
    words: Clean,
    /// Escape was pressed once on a changed note.
    is_doubted: bool,
}

impl Note {
    fn new(about: About, text: &str, words: Clean) -> Note {
        let field = Field::new(text, true, NOTE_BYTES_MAX);
        Note { before: text.to_owned(), field, about, words, is_doubted: false }
    }

    /// The text and its cursor.
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// The words that it is about.
    pub fn words(&self) -> &Clean {
        &self.words
    }

    /// Keeps that what it is about was chosen in this version of the text: it is looked for in later
    /// ones.
    pub(super) fn was_begun_in(&mut self, version: &str) {
        if let About::Stretch(anchors) = &mut self.about {
            for anchor in anchors {
                anchor.was_made_in(version);
            }
        }
    }

    fn is_changed(&self) -> bool {
        self.field.text() != self.before
    }
}

impl App {
    /// The note that is being written.
    pub fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// Writes a note about what is selected.
    pub(super) fn note_on_selection(&mut self) -> Vec<Effect> {
        let Some(anchors) = self.selected_anchors() else { return Vec::new() };
        let words = anchors.first().map(|anchor| anchor.words.clone()).unwrap_or_default();
        self.note = Some(Note::new(About::Stretch(anchors), "", words));
        Vec::new()
    }

    /// Writes or changes the note of a mark.
    pub(super) fn note_on_mark(&mut self, id: &str) -> Vec<Effect> {
        let Some(mark) = self.reader.marks().get(id) else { return Vec::new() };
        let words = clean(&mark.anchor.quotation());
        let text = mark.note.as_ref().map_or("", |note| note.as_str());
        self.note = Some(Note::new(About::Mark(Box::new(mark.clone())), text, words));
        Vec::new()
    }

    /// What keys mean while a note is written.
    pub(super) fn note_key(&mut self, key: Key) -> Vec<Effect> {
        self.message = None;
        let Some(note) = &mut self.note else { return Vec::new() };
        let doubted = std::mem::take(&mut note.is_doubted);
        match (key.code, key.ctrl, key.alt) {
            (Code::Char('s'), true, _) | (Code::Enter, _, true) => return self.keep_note(),
            (Code::Char('e'), true, _) => return vec![Effect::EditText(note.field.text().to_owned())],
            (Code::Char('z'), true, _) => return vec![Effect::Suspend],
            (Code::Char('l'), true, _) => return vec![Effect::Redraw],
            // What was written is kept: a note is sooner deleted than written again.
            (Code::Char('c'), true, _) => return self.quit(0),
            (Code::Esc, ..) if doubted || !note.is_changed() => self.note = None,
            (Code::Esc, ..) => {
                note.is_doubted = true;
                self.say("esc again forgets what you wrote, ctrl-s keeps it".to_owned());
            }
            _ => {
                let has_room = note.field.key(key);
                self.say_full(has_room);
            }
        }
        Vec::new()
    }

    pub(super) fn note_pasted(&mut self, raw: &str) {
        let has_room = self.note.as_mut().is_none_or(|note| note.field.insert(raw));
        self.say_full(has_room);
    }

    /// Says that what was typed or pasted does not fit.
    fn say_full(&mut self, has_room: bool) {
        if !has_room {
            self.say(format!("Not put in: a note has at most {} KiB", NOTE_BYTES_MAX >> 10));
        }
    }

    /// The text comes back from another editor: it is kept, as it was saved there.
    pub(super) fn note_edited(&mut self, text: Result<String, Clean>) -> Vec<Effect> {
        let Some(note) = &mut self.note else { return Vec::new() };
        match text {
            Ok(text) => {
                note.field = Field::new(text.trim_end(), true, NOTE_BYTES_MAX);
                if !note.is_changed() {
                    return Vec::new();
                }
                // An editor that failed may have left nothing.
                if note.field.text().is_empty() {
                    self.say("The note is empty now.  ctrl-s takes it off, esc esc leaves it".to_owned());
                    return Vec::new();
                }
                self.keep_note()
            }
            Err(reason) => {
                self.message = Some(reason);
                Vec::new()
            }
        }
    }

    /// Keeps the note that is being written at the end of the program. That its field is empty says
    /// nothing then: the text before was perhaps to be written anew.
    pub(super) fn keep_note_at_end(&mut self) -> Vec<Effect> {
        let is_empty = self.note.as_ref().is_some_and(|note| note.field.text().trim().is_empty());
        if is_empty { Vec::new() } else { self.keep_note() }
    }

    /// Keeps the note that is being written. An empty one takes the note off its mark.
    pub(super) fn keep_note(&mut self) -> Vec<Effect> {
        let Some(note) = self.note.take() else { return Vec::new() };
        let text = Some(clean(note.field.text().trim_end())).filter(|text| !text.is_empty());
        match note.about {
            About::Stretch(anchors) if text.is_some() => self.mark_stretch(anchors, text),
            About::Stretch(_) => {
                self.say("An empty note is not kept".to_owned());
                Vec::new()
            }
            // What was written is not lost with it.
            About::Mark(mut mark) if !self.reader.marks().has(&mark.id) => {
                if text.is_none() || note.before == note.field.text() {
                    self.say("The mark is gone: it was deleted elsewhere".to_owned());
                    return Vec::new();
                }
                mark.set_note(text);
                let effect = self.reader.with_marks(|marks| marks.add_again(*mark));
                self.save(effect, "The mark was deleted elsewhere; your note is saved as a new one".to_owned())
            }
            About::Mark(mark) => {
                let done = if text.is_some() { "The note is saved" } else { "The note is taken off" };
                // Another program may have written a text that was not seen here.
                let before = Some(clean(&note.before)).filter(|before| !before.is_empty());
                let effect = self.reader.with_marks(|marks| {
                    marks.edit_seen(&mark.id, |seen| seen.note = before, |mark| mark.set_note(text))
                });
                effect.map(|effect| self.save(effect, done.to_owned())).unwrap_or_default()
            }
        }
    }
}

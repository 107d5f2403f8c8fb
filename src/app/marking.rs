//! What the reader does with marks: setting, going, renaming, colouring, deleting, bringing back.
//!
//! A mark is said to be saved when the answer says that it is, not before.

use crate::document::{Anchor, Mark, MarkColor, MarkKind, Quote};
use crate::reader;
use crate::text::{Clean, clean_line};

use super::keys::Code;
use super::{App, Effect, Key, PaneKind, PaneRow, wrap};

impl App {
    /// Sets a bookmark at the top of the page, quick or under a letter.
    pub(super) fn bookmark(&mut self, letter: Option<char>) -> Vec<Effect> {
        let here = self.reader.page_start();
        if letter.is_none() && self.reader.marks().is_bookmarked(here) {
            self.say("This page has a bookmark already.  B lists marks, d deletes one there".to_owned());
            return Vec::new();
        }
        let Some(effect) = self.reader.bookmark(letter) else {
            self.say("There is nothing here to mark".to_owned());
            return Vec::new();
        };
        let here = self.reader.chapter().and_then(|i| self.reader.outline().entries().get(i));
        let place = here.map(|e| format!("“{}”, ", e.title)).unwrap_or_default();
        let letter = letter.map(|c| format!(" as {c}")).unwrap_or_default();
        let percent = self.reader.progress() * 100.0;
        self.save(effect, format!("Marked {place}{percent:.0} %{letter}.  B lists marks"))
    }

    /// Goes to the bookmark of a letter.
    pub(super) fn go_to_mark(&mut self, letter: Option<char>) -> Vec<Effect> {
        let Some(letter) = letter else { return Vec::new() };
        match self.reader.marks().named(letter).map(|(mark, is_found)| (mark.anchor.clone(), is_found)) {
            Some((anchor, true)) => return wrap(self.reader.jump_to_anchor(&anchor)),
            Some((_, false)) => self.say(format!("Still looking for where mark {letter} is in this text")),
            None => self.say(format!("No mark {letter}.  m{letter} sets it")),
        }
        Vec::new()
    }

    /// Highlights a stretch in the colour used last, the first piece of it with a note.
    pub(super) fn mark_stretch(&mut self, anchors: Vec<Anchor>, note: Option<Clean>) -> Vec<Effect> {
        self.reader.end_selection();
        let color = self.reader.marks().color();
        let kind = if note.is_some() { MarkKind::Note } else { MarkKind::Highlight };
        let word = if note.is_some() { "The note is saved" } else { "Highlighted" };
        let (mut effects, mut kind, mut note, mut fresh) = (Vec::new(), kind, note, Vec::new());
        for anchor in anchors {
            let add = |marks: &mut reader::Marks| marks.add(kind, anchor, None, note.take(), Some(color));
            let effect = self.reader.with_marks(add);
            if let reader::Effect::SaveMark(_, mark, _) = &effect {
                fresh.push(mark.id.clone());
            }
            kind = MarkKind::Highlight;
            let done = format!("{word}.  1 2 3 4 choose the colour, B lists marks");
            effects.extend(self.save(effect, done));
        }
        self.fresh = fresh;
        effects
    }

    /// Right after a highlight was made, a digit chooses its colour.
    pub(super) fn fresh_key(&mut self, key: Key) -> Option<Vec<Effect>> {
        let fresh = std::mem::take(&mut self.fresh);
        let Key { code: Code::Char(digit), ctrl: false, alt: false, .. } = key else { return None };
        let color = color_of(digit).filter(|_| !fresh.is_empty())?;
        let color_all = fresh.into_iter().flat_map(|id| self.color_mark(&id, color)).collect();
        Some(color_all)
    }

    /// Gives a mark a colour, which the next highlight has too.
    pub(super) fn color_mark(&mut self, id: &str, color: MarkColor) -> Vec<Effect> {
        self.reader.with_marks(|marks| marks.set_color(color));
        self.edit_mark(id, |mark| mark.color = Some(color), format!("The colour is {}", color.name()))
    }

    /// Changes a mark and saves it.
    fn edit_mark(&mut self, id: &str, change: impl FnOnce(&mut Mark), done: String) -> Vec<Effect> {
        let Some(effect) = self.reader.with_marks(|marks| marks.edit(id, change)) else {
            self.say("The mark is gone: it was deleted elsewhere".to_owned());
            return Vec::new();
        };
        self.save(effect, done)
    }

    /// Renames a mark; an empty title takes its name away.
    pub(super) fn rename_mark(&mut self, id: &str, title: &str) -> Vec<Effect> {
        let name = Some(clean_line(title)).filter(|name| !name.is_empty());
        let letter = self.reader.marks().get(id).and_then(Mark::letter);
        let freed = letter.filter(|letter| name.as_deref() != Some(letter.encode_utf8(&mut [0; 4])));
        let done = name.as_ref().map_or("The title is taken off".to_owned(), |name| format!("Renamed to “{name}”"));
        let done = match freed {
            Some(letter) => format!("{done}.  '{letter} leads here no longer; a note would keep the letter"),
            None => done,
        };
        self.edit_mark(id, |mark| mark.name = name, done)
    }

    /// Deletes the mark at the cursor of the list.
    pub(super) fn delete_mark(&mut self) -> Vec<Effect> {
        let Some(PaneRow::Mark { index, .. }) = self.current_row() else {
            self.say("There is no mark here to delete".to_owned());
            return Vec::new();
        };
        let effect = self.reader.with_marks(|marks| marks.remove(index));
        self.refresh_pane(PaneKind::Marks);
        self.promised = None;
        self.is_deleting = true;
        self.say("Deleting …".to_owned());
        wrap(effect.into_iter().collect())
    }

    /// Brings back the mark that was deleted last.
    pub(super) fn restore_mark(&mut self) -> Vec<Effect> {
        let Some((id, effect)) = self.reader.with_marks(reader::Marks::restore) else {
            self.say("No mark was deleted since this document was opened".to_owned());
            return Vec::new();
        };
        self.is_deleting = false;
        let effects = self.save(effect, "The mark is back".to_owned());
        if let Some(pane) = &mut self.pane {
            pane.go_to_mark(&id);
        }
        effects
    }

    /// Keeps the quotation or the match at the cursor of the list as a highlight.
    pub(super) fn keep_entry(&mut self) -> Vec<Effect> {
        let range = match self.current_row() {
            Some(PaneRow::Quote(index)) => self.reader.quotes().and_then(|q| q.get(index)).map(Quote::range),
            Some(PaneRow::Match(range)) => Some(range),
            Some(PaneRow::Mark { .. }) => {
                self.say("This is a mark already".to_owned());
                return Vec::new();
            }
            _ => None,
        };
        let Some(range) = range else {
            self.say("There is nothing here to keep".to_owned());
            return Vec::new();
        };
        let anchors = self.reader.anchors(range);
        if anchors.is_empty() {
            self.say("Its text is too long to be one, or still being loaded.  Try again".to_owned());
            return Vec::new();
        }
        let same = |kept: &reader::Kept| (kept.mark.anchor.start, kept.mark.anchor.end) == (range.start, range.end);
        if self.reader.marks().all().iter().any(same) {
            self.say("This is a mark already.  B lists marks".to_owned());
            return Vec::new();
        }
        self.mark_stretch(anchors, None)
    }

    /// The row at the cursor of the list.
    pub(super) fn current_row(&self) -> Option<PaneRow> {
        self.pane.as_ref().and_then(|pane| pane.current().cloned())
    }

    /// The identity of the mark at the cursor of the list.
    pub(super) fn current_mark(&self) -> Option<String> {
        let Some(PaneRow::Mark { id, .. }) = self.current_row() else { return None };
        Some(id)
    }

    /// The answer to a wish to delete a mark.
    pub(super) fn mark_deleted(&mut self, id: &str, saved: Result<(), Clean>) {
        self.reader.with_marks(|marks| marks.gone(id, &saved));
        if std::mem::take(&mut self.is_deleting) && saved.is_ok() {
            self.say("Deleted.  u brings it back".to_owned());
        }
        self.say_unsaved(saved);
    }

    /// Saves a mark, and says that it is done when the answer says so.
    pub(super) fn save(&mut self, effect: reader::Effect, done: String) -> Vec<Effect> {
        self.refresh_pane(PaneKind::Marks);
        if let reader::Effect::SaveMark(ticket, ..) = effect {
            self.promised = Some((ticket, done));
        }
        self.say("Saving …".to_owned());
        wrap(vec![effect])
    }

    /// The answer to a wish to save a mark.
    pub(super) fn mark_saved(&mut self, ticket: u64, mark: Mark, saved: Result<(), Clean>) {
        let promised = self.promised.take_if(|(promised, _)| *promised == ticket);
        self.reader.mark_saved(ticket, mark, saved.clone());
        match (saved, promised) {
            (Err(reason), _) => self.say_unsaved(Err(reason)),
            (Ok(()), Some((_, done))) if self.is_private => self.say(format!("Until the end only: {done}")),
            (Ok(()), Some((_, done))) => self.say(done),
            (Ok(()), None) => {}
        }
        self.refresh_pane(PaneKind::Marks);
    }
}

/// The colour that a digit stands for.
fn color_of(digit: char) -> Option<MarkColor> {
    let index = digit.to_digit(10)?.checked_sub(1)?;
    MarkColor::ALL.get(index as usize).copied()
}

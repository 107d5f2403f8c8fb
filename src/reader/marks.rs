//! The marks of this document as the reader sees them, saved or still being saved.

use std::collections::{HashMap, HashSet};

use crate::document::{Anchor, Mark, MarkColor, MarkKind, Position, Range, Status};
use crate::text::{Clean, clean_line};

use super::{Effect, Row};

/// Gives each mark an identity that no other has, made here or on another device.
pub type NewId = Box<dyn FnMut() -> String>;

/// How many deletions of a session can be taken back: each may have a note of a megabyte.
const REMOVED_MAX: usize = 100;

/// How far saving a mark has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Saving {
    /// It is on the disk.
    Saved,
    /// It was asked for, under this ticket.
    Asked(u64),
    /// It could not be saved, for this reason. It is kept and tried again.
    Failed(Clean),
}

/// A mark with the state of its saving.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The mark.
    pub mark: Mark,
    /// How far saving it has come.
    pub saving: Saving,
}

/// A mark on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Where it stands.
    pub range: Range,
    /// Its colour, where its words are to be shown in one.
    pub color: Option<MarkColor>,
    /// Whether it has a note.
    pub has_note: bool,
}

/// The marks of a document, in the order of the text.
pub struct Marks {
    new_id: NewId,
    kept: Vec<Kept>,
    /// Those whose places in this text are still looked for: they are not listed.
    sought: Vec<Kept>,
    /// The ticket given last.
    ticket: u64,
    /// Where chapters were corrected, with what was kept there before: the last, or the last ones
    /// that were corrected together, are taken back first.
    corrected: Vec<Vec<(Position, Option<Mark>)>>,
    /// Identities that were deleted here, and of which the store does not know it yet.
    deleted: HashSet<String>,
    /// What was deleted in this session, the latest last, as far as it can be brought back.
    removed: Vec<Kept>,
    /// Why the place or a deletion is not on the disk.
    trouble: Option<Clean>,
    /// The colour of the last highlight.
    color: MarkColor,
    shown: Vec<Shown>,
    /// Where the marks are in this text is not known yet.
    is_unsettled: bool,
}

impl Marks {
    /// No marks yet.
    pub fn new(new_id: NewId) -> Marks {
        Marks {
            new_id,
            kept: Vec::new(),
            sought: Vec::new(),
            ticket: 0,
            corrected: Vec::new(),
            deleted: HashSet::new(),
            removed: Vec::new(),
            trouble: None,
            color: MarkColor::default(),
            shown: Vec::new(),
            is_unsettled: false,
        }
    }

    /// All of them, in the order of the text.
    pub fn all(&self) -> &[Kept] {
        &self.kept
    }

    /// The mark set under a letter, and whether its place in this text is known.
    pub fn named(&self, letter: char) -> Option<(&Mark, bool)> {
        let named = latest(self.every(), letter)?;
        Some((&named.mark, !self.sought.iter().any(|sought| sought.mark.id == named.mark.id)))
    }

    /// Whether there is a mark with this identity, listed or still looked for.
    pub fn has(&self, id: &str) -> bool {
        self.every().any(|k| k.mark.id == id)
    }

    /// The mark with this identity, if it is listed.
    pub fn get(&self, id: &str) -> Option<&Mark> {
        self.kept.iter().map(|k| &k.mark).find(|mark| mark.id == id)
    }

    /// All that are there, also those that are not listed.
    fn every(&self) -> impl Iterator<Item = &Kept> {
        self.kept.iter().chain(&self.sought)
    }

    /// Whether a bookmark without a name stands at a place.
    pub fn is_bookmarked(&self, place: Position) -> bool {
        let at = |k: &Kept| k.mark.kind == MarkKind::Bookmark && k.mark.name.is_none() && k.mark.anchor.start == place;
        self.kept.iter().any(at)
    }

    /// Why something is not saved, if anything is not.
    pub fn failure(&self) -> Option<&Clean> {
        let of_mark = |k: &Kept| matches!(k.saving, Saving::Failed(_));
        let failed = self.every().find(|k| of_mark(k));
        let reason = failed.and_then(|k| if let Saving::Failed(reason) = &k.saving { Some(reason) } else { None });
        reason.or(self.trouble.as_ref())
    }

    /// The colour that the next highlight has.
    pub fn color(&self) -> MarkColor {
        self.color
    }

    /// The next highlight has this colour.
    pub fn set_color(&mut self, color: MarkColor) {
        self.color = color;
    }

    /// The marks on the page.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// Finds the marks on the page.
    pub fn show(&mut self, rows: &[Row]) {
        self.shown.clear();
        if self.is_unsettled {
            return;
        }
        let (Some(first), Some(last)) = (rows.first().map(Row::start), rows.last().map(Row::end)) else { return };
        let first = Position { byte: 0, ..first };
        for mark in self.kept.iter().map(|k| &k.mark).filter(|m| m.status != Status::Lost && !m.is_correction()) {
            let range = Range { start: mark.anchor.start, end: mark.anchor.end };
            if range.end >= first && range.start <= last {
                let is_tinted = range.start < range.end && mark.kind != MarkKind::Bookmark;
                let color = is_tinted.then(|| mark.color.unwrap_or_default());
                self.shown.push(Shown { range, color, has_note: mark.note.is_some() });
            }
        }
    }

    /// The text is another one: until it is known where the marks are in it, none is shown.
    pub fn unsettle(&mut self) {
        self.is_unsettled = true;
        self.shown.clear();
        // The places of corrections were places in the other text.
        self.corrected.clear();
    }

    /// All of them that are not said to be of another one were made in this version of the text.
    pub fn were_made_in(&mut self, version: &str) {
        for kept in self.kept.iter_mut().chain(&mut self.sought).chain(&mut self.removed) {
            kept.mark.anchor.was_made_in(version);
        }
    }

    /// Takes in the marks as they are kept now, and those of which nobody knows yet where they are in
    /// this text. Those that are still on their way stay, and what was deleted here does not come
    /// back.
    pub fn load(&mut self, marks: Vec<Mark>, sought: Vec<Mark>) {
        self.is_unsettled = false;
        let is_underway = |kept: &Kept| matches!(kept.saving, Saving::Asked(_));
        let before = std::mem::take(&mut self.kept).into_iter().chain(std::mem::take(&mut self.sought));
        let (underway, before): (Vec<Kept>, Vec<Kept>) = before.partition(is_underway);
        let failed = before.iter().filter(|k| matches!(k.saving, Saving::Failed(_)));
        let failed: HashMap<&str, &Saving> = failed.map(|k| (k.mark.id.as_str(), &k.saving)).collect();
        let ids: HashSet<&str> = underway.iter().map(|k| k.mark.id.as_str()).collect();
        let keep = |mark: Mark| {
            if self.deleted.contains(&mark.id) || ids.contains(mark.id.as_str()) {
                return None;
            }
            // What is known and not on the disk is still to be saved.
            let saving = failed.get(mark.id.as_str()).map_or(Saving::Saved, |saving| (*saving).clone());
            Some(Kept { mark, saving })
        };
        self.kept = marks.into_iter().filter_map(keep).collect();
        self.sought = sought.into_iter().filter_map(keep).collect();
        self.kept.extend(underway);
        self.sort();
    }

    /// Adds a bookmark; one under a letter takes the place of the bookmark that had it. Gives what
    /// saves it, as all that adds or changes one does.
    pub fn bookmark(&mut self, anchor: Anchor, letter: Option<char>) -> Effect {
        if let Some(id) = letter.and_then(|letter| latest(self.every(), letter)).map(|k| k.mark.id.clone()) {
            // Setting a letter again moves its mark: the same identity, a new place. It is known
            // now, if it was still looked for.
            let found = self.sought.iter().position(|k| k.mark.id == id).map(|at| self.sought.remove(at));
            self.kept.extend(found);
            if let Some(effect) = self.edit(&id, |mark| mark.put(anchor.clone())) {
                self.sort();
                return effect;
            }
        }
        let name = letter.map(|letter| clean_line(letter.encode_utf8(&mut [0; 4])));
        self.add(MarkKind::Bookmark, anchor, name, None, None)
    }

    /// Adds a mark.
    pub fn add(
        &mut self,
        kind: MarkKind,
        anchor: Anchor,
        name: Option<Clean>,
        note: Option<Clean>,
        color: Option<MarkColor>,
    ) -> Effect {
        let (id, status) = (String::new(), Status::Exact);
        self.add_mark(Mark { id, kind, name, note, color, anchor, own: None, status, created: 0, changed: 0 })
    }

    /// Adds a mark that was deleted elsewhere while the reader changed it: what was written is not
    /// lost. It is another one now, under no letter that a mark has.
    pub fn add_again(&mut self, mark: Mark) -> Effect {
        let is_taken = mark.letter().is_some_and(|letter| latest(self.every(), letter).is_some());
        let name = mark.name.clone().filter(|_| !is_taken);
        self.add_mark(Mark { name, created: 0, changed: 0, ..mark })
    }

    fn add_mark(&mut self, mark: Mark) -> Effect {
        let mark = Mark { id: (self.new_id)(), ..mark };
        self.keep(mark, None)
    }

    /// Keeps what was not listed.
    fn keep(&mut self, mark: Mark, seen: Option<Box<Mark>>) -> Effect {
        let mut kept = Kept { mark, saving: Saving::Saved };
        let effect = save(&mut self.ticket, &mut kept, seen);
        self.kept.push(kept);
        self.sort();
        effect
    }

    /// Changes the mark with an identity. `None` where there is none.
    pub fn edit(&mut self, id: &str, change: impl FnOnce(&mut Mark)) -> Option<Effect> {
        self.edit_seen(id, |_| {}, change)
    }

    /// Changes a mark of which an earlier state was seen while the change was made: a text takes
    /// a while to write.
    pub fn edit_seen(
        &mut self,
        id: &str,
        seen: impl FnOnce(&mut Mark),
        change: impl FnOnce(&mut Mark),
    ) -> Option<Effect> {
        let kept = self.kept.iter_mut().chain(&mut self.sought).find(|k| k.mark.id == id)?;
        let mut before = Box::new(kept.mark.clone());
        seen(&mut before);
        change(&mut kept.mark);
        Some(save(&mut self.ticket, kept, Some(before)))
    }

    /// Keeps corrections of chapters, in the place of earlier ones there. They are taken back
    /// together.
    pub fn correct(&mut self, chapters: Vec<(Anchor, Clean)>, level: u8) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut together = Vec::with_capacity(chapters.len());
        for (anchor, title) in chapters {
            let place = anchor.start;
            // One that was begun in the text before is looked for in this one.
            let is_here = anchor.origin.version.is_empty();
            let at = self.correction_at(place).filter(|_| is_here).and_then(|at| self.kept.get(at));
            let earlier = at.map(|k| k.mark.clone());
            let corrected = Mark::chapter(anchor, level, title, earlier.as_ref());
            effects.extend(match &earlier {
                Some(mark) => self.edit(&mark.id, |mark| (mark.name, mark.note) = (corrected.name, corrected.note)),
                None => Some(self.add(corrected.kind, corrected.anchor, corrected.name, corrected.note, None)),
            });
            together.extend(is_here.then_some((place, earlier)));
        }
        if !together.is_empty() {
            self.corrected.push(together);
        }
        effects
    }

    /// Takes the last correction back. `None` where there is none.
    pub fn undo_correction(&mut self) -> Option<Vec<Effect>> {
        let together = self.corrected.pop()?;
        let mut effects = Vec::new();
        for (place, earlier) in together {
            let Some(at) = self.correction_at(place) else { continue };
            effects.extend(match earlier {
                Some(earlier) => self.edit(&earlier.id, |mark| (mark.name, mark.note) = (earlier.name, earlier.note)),
                None => self.remove(at),
            });
        }
        Some(effects)
    }

    fn correction_at(&self, place: Position) -> Option<usize> {
        self.kept.iter().position(|kept| kept.mark.corrects(place))
    }

    /// Takes a mark away, by its number in the list, here and on the disk.
    pub fn remove(&mut self, index: usize) -> Option<Effect> {
        if index >= self.kept.len() {
            return None;
        }
        let gone = self.kept.remove(index);
        if self.removed.len() >= REMOVED_MAX {
            self.removed.remove(0);
        }
        let mark = gone.mark.clone();
        self.removed.push(gone);
        self.deleted.insert(mark.id.clone());
        Some(Effect::DeleteMark(Box::new(mark)))
    }

    /// Brings back what was deleted last and did not come back elsewhere. Gives its identity, and what saves
    /// it again; `None` where nothing was deleted.
    pub fn restore(&mut self) -> Option<(String, Effect)> {
        let last = self.removed.iter().rposition(|gone| !self.has(&gone.mark.id))?;
        self.removed.truncate(last + 1);
        let mark = self.removed.pop()?.mark;
        let (id, seen) = (mark.id.clone(), Box::new(mark.clone()));
        self.deleted.remove(&id);
        Some((id, self.keep(mark, Some(seen))))
    }

    /// Takes in how the deletion of a mark went. From now on its fate is what the store says: a later
    /// change, here or elsewhere, brings it back.
    pub fn gone(&mut self, id: &str, saved: &Result<(), Clean>) {
        self.deleted.remove(id);
        self.noted(saved);
    }

    /// Takes in how saving went. A mark that is not on the disk is known again when it is saved
    /// later. An answer to an earlier wish says nothing about the mark as it is now.
    pub fn saved(&mut self, ticket: u64, mark: Mark, saved: Result<(), Clean>) {
        self.noted(&saved);
        let mut every = self.kept.iter_mut().chain(&mut self.sought).chain(&mut self.removed);
        if let Some(kept) = every.find(|k| k.saving == Saving::Asked(ticket)) {
            // When it was made and in which text is said where it is saved.
            kept.mark = mark;
            kept.saving = saved.map_or_else(Saving::Failed, |()| Saving::Saved);
        }
    }

    /// Takes in how saving anything of this document went. What is saved at last takes all with
    /// it that waited: the store writes in order.
    pub fn noted(&mut self, saved: &Result<(), Clean>) {
        match saved {
            Err(reason) => self.trouble = Some(reason.clone()),
            Ok(()) => {
                self.trouble = None;
                for kept in self.kept.iter_mut().chain(&mut self.sought) {
                    if matches!(kept.saving, Saving::Failed(_)) {
                        kept.saving = Saving::Saved;
                    }
                }
            }
        }
    }

    fn sort(&mut self) {
        self.kept.sort_by_key(|k| k.mark.anchor.start);
    }
}

/// What saves a mark, under the next ticket. `seen`: as it was when it was changed, if it is no new one.
fn save(ticket: &mut u64, kept: &mut Kept, seen: Option<Box<Mark>>) -> Effect {
    *ticket += 1;
    kept.saving = Saving::Asked(*ticket);
    Effect::SaveMark(*ticket, Box::new(kept.mark.clone()), seen)
}

/// Of several marks under one letter, as two devices make them, the latest counts.
fn latest<'a>(marks: impl IntoIterator<Item = &'a Kept>, letter: char) -> Option<&'a Kept> {
    let named = marks.into_iter().filter(|k| k.mark.letter() == Some(letter));
    named.max_by_key(|k| (k.saving != Saving::Saved, k.mark.age()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockId, SectionId};
    use crate::text::clean;

    fn anchor(block: u32) -> Anchor {
        let start = Position::new(SectionId(0), BlockId(block), 0);
        Anchor { start, end: start, ..Anchor::default() }
    }

    /// No marks; new ones have the identities `new-1`, `new-2`, ….
    fn none() -> Marks {
        let mut made = 0;
        Marks::new(Box::new(move || {
            made += 1;
            format!("new-{made}")
        }))
    }

    fn bookmark(id: &str, block: u32) -> Mark {
        let (_, made) = asked(Some(none().bookmark(anchor(1), None)));
        Mark { id: id.into(), anchor: anchor(block), ..made }
    }

    /// What the effect would save.
    fn asked(effect: Option<Effect>) -> (u64, Mark) {
        match effect {
            Some(Effect::SaveMark(ticket, mark, _)) => (ticket, *mark),
            other => panic!("{other:?} saves nothing"),
        }
    }

    fn is_deletion(effect: Option<Effect>, wanted: &str) -> bool {
        matches!(effect, Some(Effect::DeleteMark(mark)) if mark.id == wanted)
    }

    /// How many are not on the disk.
    fn unsaved(marks: &Marks) -> usize {
        marks.every().filter(|k| k.saving != Saving::Saved).count()
    }

    #[test]
    fn a_mark_that_is_changed_before_it_is_saved_is_saved_again_at_once() {
        let mut marks = none();
        let (first, mark) = asked(Some(marks.add(MarkKind::Highlight, anchor(1), None, None, Some(MarkColor::Yellow))));
        let Some(Effect::SaveMark(second, changed, Some(seen))) =
            marks.edit("new-1", |mark| mark.note = Some(clean("a thought")))
        else {
            panic!("a change says what it changed");
        };
        let changed = *changed;
        assert_eq!(*seen, mark);
        assert_eq!((changed.id.as_str(), changed.note.as_deref()), ("new-1", Some("a thought")));
        // The first answer says nothing of the change.
        marks.saved(first, Mark { created: 5, ..mark }, Ok(()));
        assert_eq!((unsaved(&marks), marks.all()[0].mark.note.as_deref()), (1, Some("a thought")));
        marks.saved(second, Mark { created: 5, ..changed }, Ok(()));
        assert_eq!((marks.all().len(), unsaved(&marks), marks.all()[0].mark.created), (1, 0, 5));
    }

    #[test]
    fn a_letter_moves_only_the_latest_bookmark_that_has_it() {
        let mut marks = none();
        let bookmark = asked(Some(none().bookmark(anchor(1), Some('x')))).1;
        let of = |id: &str, kind, block: u32, changed| Mark {
            id: id.into(),
            kind,
            anchor: anchor(block),
            changed,
            ..bookmark.clone()
        };
        let all = vec![
            of("highlight", MarkKind::Highlight, 1, 9),
            of("old", MarkKind::Bookmark, 2, 3),
            of("new", MarkKind::Bookmark, 3, 5),
            of("note", MarkKind::Note, 4, 9),
        ];
        marks.load(all, Vec::new());
        assert_eq!(marks.named('x').map(|(mark, _)| mark.id.as_str()), Some("new"));
        let (_, moved) = asked(Some(marks.bookmark(anchor(7), Some('x'))));
        assert_eq!((moved.id.as_str(), moved.anchor.start.block), ("new", BlockId(7)));
        let places: Vec<(&str, u32)> =
            marks.all().iter().map(|k| (k.mark.id.as_str(), k.mark.anchor.start.block.0)).collect();
        assert_eq!(places, [("highlight", 1), ("old", 2), ("note", 4), ("new", 7)]);
    }

    /// The monkey found this: the mark that had been given another name was moved.
    #[test]
    fn a_letter_is_free_once_its_mark_has_another_name() {
        let mut marks = none();
        marks.bookmark(anchor(1), Some('a'));
        marks.edit("new-1", |mark| mark.name = Some(clean("b")));
        let (_, new) = asked(Some(marks.bookmark(anchor(2), Some('a'))));
        assert_eq!((new.id.as_str(), marks.all().len()), ("new-2", 2));
    }

    #[test]
    fn a_letter_moves_and_what_is_only_called_so_does_not() {
        for (kind, name, count) in [
            (MarkKind::Bookmark, "a", 1),
            (MarkKind::Bookmark, "a title", 2),
            (MarkKind::Highlight, "a", 2),
            (MarkKind::Chapter, "1", 2),
        ] {
            let mut marks = none();
            marks.add(kind, anchor(1), Some(clean(name)), None, None);
            // Before the first one is saved, too.
            let (_, moved) = asked(Some(marks.bookmark(anchor(2), name.chars().next())));
            assert_eq!((marks.all().len(), moved.id), (count, format!("new-{count}")), "{kind:?}");
        }
    }

    #[test]
    fn what_is_underway_or_deleted_is_not_taken_from_the_disk() {
        let mut marks = none();
        let of = bookmark;
        marks.load(vec![of("one", 3), of("two", 2), of("three", 1)], Vec::new());
        let edited = marks.edit("two", |mark| mark.name = Some(clean("x")));
        assert!(matches!(edited, Some(Effect::SaveMark(..))));
        assert!(is_deletion(marks.remove(2), "one"));
        marks.unsettle();
        marks.load(vec![of("one", 3), of("two", 5), of("three", 4)], Vec::new());
        let ids = |marks: &Marks| -> Vec<(String, Option<Clean>)> {
            marks.all().iter().map(|k| (k.mark.id.clone(), k.mark.name.clone())).collect()
        };
        // The change of one is on its way.
        assert_eq!(ids(&marks), [("two".into(), Some(clean("x"))), ("three".into(), None)]);
        // Once the deletion is known, whoever brings the mark back is believed.
        marks.gone("one", &Ok(()));
        marks.load(vec![of("one", 3)], Vec::new());
        assert!(ids(&marks).iter().any(|(id, _)| id == "one"));
    }

    #[test]
    fn a_mark_that_is_looked_for_in_a_new_text_stays_the_same_mark() {
        let mut marks = none();
        let letter = Mark { name: Some(clean("a")), note: Some(clean("why")), ..bookmark("letter", 7) };
        let all = vec![bookmark("one", 3), bookmark("two", 2), letter.clone()];
        marks.load(all.clone(), Vec::new());
        marks.unsettle();
        marks.load(Vec::new(), all.clone());
        assert!(marks.all().is_empty() && marks.has("one") && marks.get("one").is_none());
        assert_eq!(marks.named('a').map(|(mark, is_found)| (mark.id.as_str(), is_found)), Some(("letter", false)));
        // What is written about it meanwhile is written about it.
        let (ticket, mark) = asked(marks.edit("one", |mark| mark.note = Some(clean("a thought"))));
        marks.saved(ticket, mark, Err(clean("no space left")));
        assert_eq!((unsaved(&marks), marks.failure().map(Clean::as_str)), (1, Some("no space left")));
        // A letter that is set again moves its mark, with all that it has.
        let (_, moved) = asked(Some(marks.bookmark(anchor(9), Some('a'))));
        assert_eq!((moved.id.as_str(), moved.note, moved.anchor.start.block), ("letter", letter.note, BlockId(9)));
        assert_eq!(marks.named('a').map(|(_, is_found)| is_found), Some(true));
        // One that is there no more is another one when it is kept again, under no letter of others.
        assert!(!marks.has("gone"));
        let (_, again) = asked(Some(marks.add_again(bookmark("gone", 1))));
        assert_eq!((again.id.as_str(), again.name), ("new-1", None));
        let named = Mark { name: Some(clean("a")), ..bookmark("gone", 1) };
        assert_eq!(asked(Some(marks.add_again(named))).1.name, None);
    }

    #[test]
    fn what_is_deleted_comes_back_with_its_identity() {
        let mut marks = none();
        let (ticket, mark) = asked(Some(marks.bookmark(anchor(1), None)));
        marks.saved(ticket, mark, Ok(()));
        assert!(is_deletion(marks.remove(0), "new-1"));
        let (id, effect) = marks.restore().unwrap();
        assert_eq!((asked(Some(effect)).1.id, id), ("new-1".into(), "new-1".into()));
        assert!(marks.restore().is_none());
    }

    /// It waited for its first answer, and so was not deleted where the program ended before that.
    #[test]
    fn what_is_deleted_on_its_way_to_the_disk_is_deleted_at_once_and_comes_back() {
        let mut marks = none();
        let (ticket, mark) = asked(Some(marks.bookmark(anchor(1), None)));
        assert!(is_deletion(marks.remove(0), "new-1"));
        marks.saved(ticket, Mark { created: 5, ..mark }, Ok(()));
        assert!(marks.all().is_empty());
        let (_, back) = asked(Some(marks.restore().unwrap().1));
        assert_eq!((back.id.as_str(), back.created), ("new-1", 5));
    }

    #[test]
    fn of_a_long_session_the_last_deletions_can_be_taken_back() {
        let mut marks = none();
        for block in 0..REMOVED_MAX as u32 + 2 {
            marks.bookmark(anchor(block), None);
            marks.remove(0);
        }
        let mut back = Vec::new();
        while let Some((_, effect)) = marks.restore() {
            back.push(asked(Some(effect)).1.id);
        }
        let latest: Vec<String> = (3..REMOVED_MAX + 3).rev().map(|number| format!("new-{number}")).collect();
        assert_eq!(back, latest);
    }

    /// It was there twice, and who deleted one of them had deleted both.
    #[test]
    fn a_mark_that_came_back_elsewhere_is_not_brought_back_again() {
        let mut marks = none();
        marks.load(vec![bookmark("one", 1), bookmark("two", 2), bookmark("three", 3)], Vec::new());
        for id in ["one", "two", "three"] {
            marks.remove(0);
            marks.gone(id, &Ok(()));
        }
        marks.load(vec![bookmark("three", 3)], vec![bookmark("one", 1)]);
        assert_eq!(marks.restore().unwrap().0, "two");
        assert!(marks.restore().is_none());
        assert_eq!(marks.all().len(), 2);
    }

    #[test]
    fn where_a_mark_was_made_is_said_by_the_store_and_not_saved_again() {
        let mut marks = none();
        let (ticket, mut mark) = asked(Some(marks.bookmark(anchor(1), None)));
        mark.anchor.origin.version = "this text".into();
        marks.saved(ticket, mark.clone(), Ok(()));
        assert_eq!(marks.all()[0].mark.anchor, mark.anchor);
    }

    /// A change that was sent after the file was read again was taken for one of the new text.
    #[test]
    fn what_was_made_before_a_reload_stays_of_the_text_before() {
        let mut marks = none();
        marks.bookmark(anchor(1), None);
        marks.bookmark(anchor(2), None);
        marks.remove(1);
        marks.were_made_in("before");
        let version = |effect: Option<Effect>| asked(effect).1.anchor.origin.version;
        assert_eq!(version(marks.edit("new-1", |mark| mark.name = Some(clean("a")))), "before");
        assert_eq!(version(marks.restore().map(|(_, effect)| effect)), "before");
        let Some(Effect::DeleteMark(gone)) = marks.remove(0) else { panic!("nothing is deleted") };
        assert_eq!(gone.own_anchor().origin.version, "before");
    }

    #[test]
    fn a_failure_is_said_until_something_is_saved() {
        let mut marks = none();
        let (ticket, mark) = asked(Some(marks.bookmark(anchor(1), None)));
        marks.saved(ticket, mark, Err(clean("no space left")));
        assert_eq!(marks.failure().map(Clean::as_str), Some("no space left"));
        let (ticket, mark) = asked(Some(marks.bookmark(anchor(2), None)));
        marks.saved(ticket, mark, Ok(()));
        assert_eq!(marks.failure(), None);
        marks.noted(&Err(clean("again")));
        assert_eq!(marks.failure().map(Clean::as_str), Some("again"));
        marks.load(Vec::new(), Vec::new());
        assert!(marks.failure().is_some());
        marks.noted(&Ok(()));
        assert_eq!(marks.failure(), None);
    }
}

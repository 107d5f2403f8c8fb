//! The marks of this document as the reader sees them, saved or still being saved.

use std::collections::HashSet;

use crate::document::{Anchor, Mark, MarkKind, Position, Status};
use crate::text::Clean;

use super::Effect;

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
    /// The mark. Its identity is empty until it is saved.
    pub mark: Mark,
    /// How far saving it has come.
    pub saving: Saving,
}

/// The marks of a document, in the order of the text.
#[derive(Debug, Default)]
pub struct Marks {
    kept: Vec<Kept>,
    tickets: u64,
    /// Tickets of marks that were deleted before they were on the disk.
    doomed: Vec<u64>,
    /// Identities that were deleted here.
    deleted: HashSet<String>,
}

impl Marks {
    /// All of them, in the order of the text.
    pub fn all(&self) -> &[Kept] {
        &self.kept
    }

    /// The mark set under a letter.
    pub fn named(&self, letter: char) -> Option<&Mark> {
        let mut name = [0; 4];
        let name = letter.encode_utf8(&mut name);
        self.kept.iter().map(|k| &k.mark).find(|m| m.name.as_ref().is_some_and(|n| n.as_str() == name))
    }

    /// Whether a bookmark without a letter stands at a place.
    pub fn is_bookmarked(&self, place: Position) -> bool {
        let at = |k: &Kept| k.mark.kind == MarkKind::Bookmark && k.mark.name.is_none() && k.mark.anchor.start == place;
        self.kept.iter().any(at)
    }

    /// Why something is not saved, if anything is not.
    pub fn failure(&self) -> Option<&Clean> {
        self.kept.iter().find_map(|k| if let Saving::Failed(reason) = &k.saving { Some(reason) } else { None })
    }

    /// Takes in the marks as they are kept now. Those that are still on their way stay, and what
    /// was deleted here does not come back.
    pub fn load(&mut self, marks: Vec<Mark>) {
        self.kept.retain(|k| matches!(k.saving, Saving::Asked(_)));
        let (kept, deleted) = (&self.kept, &self.deleted);
        let is_new = |mark: &Mark| {
            !deleted.contains(&mark.id) && !kept.iter().any(|k| !k.mark.id.is_empty() && k.mark.id == mark.id)
        };
        let new: Vec<Kept> =
            marks.into_iter().filter(is_new).map(|mark| Kept { mark, saving: Saving::Saved }).collect();
        self.kept.extend(new);
        self.sort();
    }

    /// Adds a bookmark; one under a letter takes the letter from the mark that had it.
    pub fn add(&mut self, anchor: Anchor, name: Option<Clean>) -> Effect {
        self.tickets += 1;
        let earlier = name.as_ref().and_then(|n| self.kept.iter().find(|k| k.mark.name.as_ref() == Some(n)));
        // Setting a letter again moves its mark: the same identity, a new place.
        let (id, created) = earlier.map_or((String::new(), 0), |k| (k.mark.id.clone(), k.mark.created));
        if let Some(name) = &name {
            self.kept.retain(|k| k.mark.name.as_ref() != Some(name));
        }
        let mark = Mark {
            id,
            kind: MarkKind::Bookmark,
            name,
            note: None,
            color: None,
            anchor,
            status: Status::Exact,
            created,
            changed: 0,
        };
        self.kept.push(Kept { mark: mark.clone(), saving: Saving::Asked(self.tickets) });
        self.sort();
        Effect::SaveMark(self.tickets, Box::new(mark))
    }

    /// Takes a mark away, by its number in the list, here and on the disk. One that is on its way
    /// to the disk is deleted when it has arrived.
    pub fn remove(&mut self, index: usize) -> Option<Effect> {
        if index >= self.kept.len() {
            return None;
        }
        let gone = self.kept.remove(index);
        if let Saving::Asked(ticket) = gone.saving {
            self.doomed.push(ticket);
            return None;
        }
        Some(self.delete(gone.mark.id))
    }

    fn delete(&mut self, id: String) -> Effect {
        self.deleted.insert(id.clone());
        Effect::DeleteMark(id)
    }

    /// Takes in how saving went. A mark that is not on the disk has its identity already, so that
    /// it can be deleted, and is known again when it is saved later.
    pub fn saved(&mut self, ticket: u64, mark: Mark, saved: Result<(), Clean>) -> Option<Effect> {
        if let Some(index) = self.doomed.iter().position(|doomed| *doomed == ticket) {
            self.doomed.remove(index);
            return Some(self.delete(mark.id));
        }
        if let Some(kept) = self.kept.iter_mut().find(|k| k.saving == Saving::Asked(ticket)) {
            *kept = Kept { mark, saving: saved.map_or_else(Saving::Failed, |()| Saving::Saved) };
        }
        None
    }

    fn sort(&mut self) {
        self.kept.sort_by_key(|k| k.mark.anchor.start);
    }
}

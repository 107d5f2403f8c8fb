//! The marks of one book: how they are read, saved, changed and deleted.
//!
//! What is saved is on the disk when a call comes back, or an error says that it is not and it is kept
//! for the next try. It must not know how lines of a log are merged.

use std::io::{Error, ErrorKind};

use crate::document::{Anchor, Identity, Mark, MarkKind, Status};

use super::Store;
use super::body::{self, Body, Label};
use super::clock::Clock;
use super::error::StoreError;
use super::fs::Fs;
use super::merge;
use super::record::{Kind, Op};
use super::stamp::is_name;

/// Bytes of changes above which they are written before more are made.
const FLUSH_ABOVE: usize = 4 << 20;
/// Bytes that a line takes without its note, about.
const MARK_BYTES: usize = 2 << 10;

impl<F: Fs, C: Clock> Store<F, C> {
    /// The marks of a book as they are known, without a look at the disk.
    pub fn marks(&mut self, identity: &Identity) -> Vec<Mark> {
        self.book(identity.key()).state.marks(identity.key())
    }

    /// A mark as it is known, without a look at the disk.
    pub fn mark(&self, identity: &Identity, id: &str) -> Option<Mark> {
        self.books.get(identity.key())?.state.mark(id, identity.key())
    }

    /// All anchors of a mark: the reader's own, then those found in other versions of the book.
    pub fn anchors(&self, identity: &Identity, id: &str) -> Vec<Anchor> {
        self.books.get(identity.key()).map(|book| book.state.anchors(id)).unwrap_or_default()
    }

    /// Keeps where marks were found in this version of a book, beside their other anchors.
    ///
    /// # Errors
    /// When it is not on the disk. It is kept, and saved with the next try.
    pub fn save_found(&mut self, identity: &Identity, found: &[(String, Anchor, Status)]) -> Result<(), StoreError> {
        let key = self.prepare(identity);
        for (id, anchor, status) in found {
            let is_new =
                |known: &Mark| known.status != *status || body::of_anchor(&known.anchor) != body::of_anchor(anchor);
            if let Some(known) = self.book(&key).state.mark(id, &key).filter(is_new) {
                let body = merge::found_fields(&key, anchor, *status);
                self.push(&key, id, Op::Set, Kind::Mark(known.kind), body, Vec::new());
            }
        }
        self.flush(&key, "save where the marks are")
    }

    /// Saves many marks at once, as [`Store::save_mark`] saves one.
    ///
    /// # Errors
    /// When they are not on the disk. They are kept, and saved with the next try.
    pub fn save_marks(&mut self, identity: &Identity, marks: &[Mark]) -> Result<(), StoreError> {
        let key = self.prepare(identity);
        self.recall(&key, marks);
        let mut bytes = 0;
        for mark in marks {
            self.set_mark(&key, mark, (None, false), "save the marks")?;
            bytes += mark.note.as_ref().map_or(0, |note| note.len()) + MARK_BYTES;
            // A log holds no more than can be read of one.
            if bytes > FLUSH_ABOVE {
                self.flush(&key, "save the marks")?;
                bytes = 0;
            }
        }
        self.flush(&key, "save the marks")
    }

    /// Saves a mark, new or changed, or brought back after its deletion.
    ///
    /// # Errors
    /// When it is not on the disk. It is kept, and saved with the next try.
    pub fn save_mark(&mut self, identity: &Identity, mark: &Mark) -> Result<(), StoreError> {
        self.change_mark(identity, mark, None)
    }

    /// The same of a mark that looked like `seen` when it was changed. Only what is different from
    /// that is saved: what others have said of the mark since then stays, and so does a text of
    /// its note that was not seen.
    ///
    /// # Errors
    /// As those of [`Store::save_mark`].
    pub fn change_mark(&mut self, identity: &Identity, mark: &Mark, seen: Option<&Mark>) -> Result<(), StoreError> {
        let what = match mark.kind {
            MarkKind::Bookmark => "save the bookmark",
            MarkKind::Highlight => "save the highlight",
            MarkKind::Note => "save the note",
            MarkKind::Chapter => "save the chapter",
        };
        let key = self.prepare(identity);
        let is_recalled = self.recall(&key, std::slice::from_ref(mark));
        let book = self.book(&key);
        let is_partial = is_recalled && (!book.is_complete || book.state.lacks_lines(&mark.id));
        self.set_mark(&key, mark, (seen, is_partial), what)?;
        self.flush(&key, what)
    }

    /// What deleted marks were that are to be changed is read again, where it was let go. Whether any was.
    fn recall(&mut self, key: &str, marks: &[Mark]) -> bool {
        let book = self.book(key);
        let mut is_any = false;
        for mark in marks {
            is_any |= book.state.recall(&mark.id);
        }
        if is_any {
            let problems = self.refresh(key);
            self.book(key).tell_later(problems);
        }
        is_any
    }

    /// `is_partial`: less may be known of the mark than when it was seen. Then all is saved that differs from
    /// what is known; still no text of its note is written over that was not seen.
    fn set_mark(
        &mut self,
        key: &str,
        mark: &Mark,
        (seen, is_partial): (Option<&Mark>, bool),
        what: &'static str,
    ) -> Result<(), StoreError> {
        if !is_name(&mark.id) {
            let why = Error::new(ErrorKind::InvalidInput, "it has no valid identity");
            return Err(StoreError::without_file(what, why));
        }
        let state = &self.book(key).state;
        let known = state.known(&mark.id, key);
        let (known, is_there) = known.map_or((None, false), |(known, is_there)| (Some(known), is_there));
        let seen_note = seen.or(known.as_ref()).and_then(|seen| seen.note.as_ref());
        let seen = seen.filter(|_| !is_partial);
        let body = merge::changed_fields(known.as_ref(), seen, mark);
        let kind = match (seen, &known) {
            (Some(seen), Some(known)) if seen.kind == mark.kind => known.kind,
            _ => mark.kind,
        };
        let is_other_kind = known.as_ref().is_none_or(|known| known.kind != kind);
        let over = if body.contains_key("note") { state.note_versions(&mark.id, seen_note) } else { Vec::new() };
        if is_other_kind || !is_there || !body.is_empty() {
            self.push(key, &mark.id, Op::Set, Kind::Mark(kind), body, over);
        }
        Ok(())
    }

    /// Deletes a mark. `made_in`: the version in which it was made, for one that this one does not have.
    ///
    /// # Errors
    /// When the deletion is not on the disk. It is kept, and saved with the next try.
    pub fn delete_mark(&mut self, identity: &Identity, id: &str, made_in: Option<&str>) -> Result<(), StoreError> {
        let mut key = self.prepare(identity);
        if let Some(made_in) = made_in.filter(|made_in| is_name(made_in))
            && self.book(&key).state.mark(id, &key).is_none()
        {
            self.refresh(made_in);
            let book = self.book(made_in);
            if book.label == Label::default() {
                book.label = book.known_label();
            }
            made_in.clone_into(&mut key);
        }
        self.push_deletion(&key, id);
        self.flush(&key, "save the deletion")
    }

    /// Deletes many marks at once.
    ///
    /// # Errors
    /// As those of [`Store::delete_mark`].
    pub fn delete_marks(&mut self, identity: &Identity, ids: &[String]) -> Result<(), StoreError> {
        let key = self.prepare(identity);
        for id in ids {
            self.push_deletion(&key, id);
        }
        self.flush(&key, "save the deletions")
    }

    fn push_deletion(&mut self, key: &str, id: &str) {
        if let Some(mark) = self.book(key).state.mark(id, key) {
            self.push(key, id, Op::Del, Kind::Mark(mark.kind), Body::new(), Vec::new());
        }
    }
}

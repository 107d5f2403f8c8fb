//! What the lines about one mark say together. It must not know how it is held in memory.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::{Anchor, Mark, MarkKind, Status};
use crate::store::body::{self, Body};
use crate::store::record::{Kind, Op, Record};
use crate::store::stamp::Stamp;
use crate::text::{Clean, clean};

use super::register::{Json, Register, keep_latest};
use super::{BESIDE, FOUND, HOW, found_field, only_says_where};

/// The field with the anchor that the reader made.
const ANCHOR: &str = "anchor";
/// The field with the text of a note.
pub(super) const NOTE: &str = "note";
/// Anchors of a mark that are looked for in a new version.
const ANCHORS_MAX: usize = 3;

/// A mark, deleted or not. An edit that was made later than its deletion brings back all of it: a deleted one
/// has its fields, or they were let go and the logs have them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkState {
    kind: Option<Register>,
    fields: BTreeMap<String, Register>,
    /// The versions of the note. Only texts that may be shown are kept: those that no other version
    /// replaced, and the latest.
    pub notes: BTreeMap<Stamp, Option<NoteVersion>>,
    /// Versions that another one was written over, known or not.
    replaced: BTreeSet<Stamp>,
    /// When it was last changed by a reader.
    pub set: Option<Stamp>,
    deleted: Option<Stamp>,
    /// Whether it was deleted and all but its stamps let go. What came since is there.
    pub is_stripped: bool,
}

/// A text of a note, and the versions that it was written over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NoteVersion {
    text: Json,
    over: Vec<Stamp>,
}

impl MarkState {
    /// Takes in one change.
    pub fn apply(&mut self, kind: MarkKind, record: &Record) {
        if record.op == Op::Del {
            self.deleted = self.deleted.take().max(Some(record.at.clone()));
            return;
        }
        // Where it was found says nothing against its deletion: nobody asked for that.
        if !only_says_where(record) {
            self.set = self.set.take().max(Some(record.at.clone()));
            self.kind = self.kind.take().max(Some(Register::new(&record.at, &kind.name())));
        }
        for (field, value) in &record.body {
            if field == NOTE {
                let version = NoteVersion { text: Json::of(value), over: record.over.clone() };
                self.add_note(record.at.clone(), Some(version));
            } else {
                keep_latest(&mut self.fields, field.clone(), Register::new(&record.at, value));
            }
        }
        self.replace(&record.over);
    }

    fn add_note(&mut self, at: Stamp, version: Option<NoteVersion>) {
        let before = self.latest_note().cloned();
        // Of two with one stamp it is the one that every reader of the logs takes.
        let version = self.notes.remove(&at).flatten().max(version);
        self.notes.insert(at.clone(), version);
        for at in before.iter().chain([&at]) {
            self.let_go(at);
        }
    }

    fn replace<'a>(&mut self, versions: impl IntoIterator<Item = &'a Stamp>) {
        for at in versions {
            self.replaced.insert(at.clone());
            self.let_go(at);
        }
    }

    /// Lets go of the text of a version once it can never be shown again.
    fn let_go(&mut self, at: &Stamp) {
        if self.replaced.contains(at)
            && self.latest_note() != Some(at)
            && let Some(version) = self.notes.get_mut(at)
        {
            *version = None;
        }
    }

    fn latest_note(&self) -> Option<&Stamp> {
        self.notes.keys().next_back()
    }

    /// Lets go of all but the stamps, as the logs have it.
    pub fn strip(&mut self) {
        let (set, deleted) = (self.set.take(), self.deleted.take());
        *self = MarkState { set, deleted, is_stripped: true, ..MarkState::default() };
    }

    /// Takes in what another book's logs say.
    pub fn add(&mut self, other: MarkState) {
        self.set = self.set.take().max(other.set);
        self.deleted = self.deleted.take().max(other.deleted);
        self.kind = self.kind.take().max(other.kind);
        for (field, new) in other.fields {
            keep_latest(&mut self.fields, field, new);
        }
        for (at, version) in other.notes {
            self.add_note(at, version);
        }
        self.replace(&other.replaced);
    }

    /// The versions of the note of which the text is kept, the oldest first.
    pub fn kept_notes(&self) -> impl DoubleEndedIterator<Item = (&Stamp, &NoteVersion)> {
        self.notes.iter().filter_map(|(at, version)| Some((at, version.as_ref()?)))
    }

    /// The versions of the note that are shown, the oldest first: those that no other one replaced. A
    /// damaged log may hold versions that replace each other: then it is the latest.
    fn shown_notes(&self) -> impl DoubleEndedIterator<Item = (&Stamp, &NoteVersion)> {
        let is_head = |at: &Stamp| !self.replaced.contains(at);
        let has_head = self.kept_notes().any(|(at, _)| is_head(at));
        self.kept_notes().filter(move |(at, _)| !has_head || is_head(at))
    }

    /// Lines that together say all that is shown of it, with the stamps that they came with.
    pub fn restated(&self, id: &str) -> Vec<Record> {
        let kind = self.kind.as_ref().and_then(|kind| Some((&kind.at, mark_kind(kind)?)));
        let Some((latest, kind)) = kind else { return Vec::new() };
        // Where it was found stands in lines of its own: the reader's latest change may have nothing else
        // left to say, and would be none with that.
        let of_reader = |at| (at, false);
        let mut lines: BTreeMap<(&Stamp, bool), (Vec<Stamp>, Body)> =
            BTreeMap::from([(of_reader(latest), Default::default())]);
        for (name, register) in &self.fields {
            let line = lines.entry((&register.at, name.starts_with(FOUND))).or_default();
            line.1.insert(name.clone(), register.value());
        }
        for (at, version) in self.shown_notes() {
            let (over, body) = lines.entry(of_reader(at)).or_default();
            over.clone_from(&version.over);
            body.insert(NOTE.to_owned(), version.text.value());
        }
        lines.into_iter().map(|((at, _), (over, body))| line(id, kind, at, over, body)).collect()
    }

    /// A line that says which texts of the note no longer count, for another log may have those and not
    /// the lines that say so. It is as old as they are: by itself it brings back nothing that was
    /// deleted since.
    pub fn replaced_in_one(&self, id: &str) -> Option<Record> {
        let kind = self.kind.as_ref()?;
        let at = self.replaced.first()?.min(&kind.at);
        let over = self.replaced.iter().cloned().collect();
        Some(line(id, mark_kind(kind)?, at, over, Body::new()))
    }

    /// A line that says that it was deleted, if it ever was.
    pub fn deletion(&self, id: &str) -> Option<Record> {
        let at = self.deleted.clone()?;
        let (kind, over, body) = (Kind::Mark(MarkKind::Bookmark), Vec::new(), Body::new());
        Some(Record { id: id.to_owned(), op: Op::Del, kind, at, over, body })
    }

    /// The fields with the places that were found, the latest first.
    pub fn found(&self) -> Vec<(&String, &Register)> {
        let mut found: Vec<_> = self.fields.iter().filter(|(name, _)| name.starts_with(FOUND)).collect();
        found.sort_by(|a, b| b.1.at.cmp(&a.1.at));
        found
    }

    /// Lets go of where it was found in other versions than this one, but for the latest.
    pub fn prune(&mut self, version: &str) {
        let here = found_field(version);
        let others = self.found().into_iter().map(|(name, _)| name).filter(|name| **name != here);
        let old: Vec<String> = others.skip(ANCHORS_MAX).cloned().collect();
        self.fields.retain(|name, _| !old.contains(name));
    }

    /// All anchors: the reader's own first, then those that it found in other versions since, the latest
    /// first.
    pub fn anchors(&self) -> Vec<Anchor> {
        let Some(own) = self.fields.get(ANCHOR) else { return Vec::new() };
        let found = self.found().into_iter().map(|(_, register)| register).filter(|register| register.at >= own.at);
        let all = std::iter::once(own).chain(found);
        all.filter_map(|register| body::anchor(&register.value())).take(ANCHORS_MAX).collect()
    }

    /// Whether lines are missing that it was once known by: stamps outlive what came with them.
    pub fn lacks_lines(&self) -> bool {
        self.kind.as_ref().map(|kind| &kind.at) != self.set.as_ref()
    }

    /// Whether it was not deleted after it was last changed.
    pub fn is_there(&self) -> bool {
        self.set.as_ref().is_some_and(|set| self.deleted.as_ref().is_none_or(|deleted| deleted <= set))
    }

    /// The texts of the note that nobody replaced, the latest first.
    fn note(&self) -> Option<Clean> {
        let mut texts: Vec<Clean> = Vec::new();
        for text in self.shown_notes().rev().filter_map(|(_, version)| version.text()) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        match texts.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            all => Some(clean(&all.iter().map(Clean::as_str).collect::<Vec<_>>().join(BESIDE))),
        }
    }

    /// As it is, or was before it was deleted.
    pub fn known(&self, id: &str, version: &str) -> Option<Mark> {
        let set = self.set.as_ref()?;
        let field = |name: &str| self.fields.get(name).map(Register::value);
        let own = self.fields.get(ANCHOR)?;
        let found = self.fields.get(&*found_field(version)).filter(|found| found.at >= own.at).map(Register::value);
        let status = found.as_ref().and_then(|found| found.get(HOW)?.as_str().and_then(Status::from_name));
        let found = found.as_ref().and_then(body::anchor);
        let own = body::anchor(&own.value());
        Some(Mark {
            id: id.to_owned(),
            kind: mark_kind(self.kind.as_ref()?)?,
            name: field("name").as_ref().and_then(body::line),
            note: self.note(),
            color: field("color").as_ref().and_then(body::color),
            own: own.clone().filter(|_| found.is_some()).map(Box::new),
            anchor: found.or(own)?,
            status: status.unwrap_or_default(),
            created: field("created").as_ref().and_then(Value::as_u64).unwrap_or(set.time),
            changed: field("changed").as_ref().and_then(Value::as_u64).unwrap_or(set.time),
        })
    }
}

impl NoteVersion {
    /// What it says, if that is a text.
    pub fn text(&self) -> Option<Clean> {
        body::text(&self.text.value())
    }
}

/// A line that sets fields of a mark.
fn line(id: &str, kind: MarkKind, at: &Stamp, over: Vec<Stamp>, body: Body) -> Record {
    Record { id: id.to_owned(), op: Op::Set, kind: Kind::Mark(kind), at: at.clone(), over, body }
}

fn mark_kind(register: &Register) -> Option<MarkKind> {
    register.value().as_str().and_then(MarkKind::from_name)
}

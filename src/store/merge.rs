//! What a book's logs say together: the union of all lines of all devices.
//!
//! Every field of every mark is a register that the latest stamp wins; places and labels are one
//! register a device. So lines may come in any order, any number of times, from any number of
//! copies, with the same result. Only the text of a note is more: versions that nobody who saw
//! them wrote over are shown together. It must not know files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use litemap::LiteMap;
use serde::Serialize;
use serde_json::Value;

use crate::document::{Anchor, Mark, MarkKind, Status};
use crate::text::{Clean, clean};

use super::body::{self, Body, Label};
use super::record::{Kind, Op, Record};
use super::stamp::Stamp;

/// The field with the anchor that the reader made.
const ANCHOR: &str = "anchor";
/// The field with the text of a note.
const NOTE: &str = "note";
/// How the fields begin that have the anchors found in other versions of the book.
const FOUND: &str = "found@";
/// In those: how the place was found.
const HOW: &str = "how";
/// Anchors of a mark that are looked for in a new version.
const ANCHORS_MAX: usize = 3;
/// What stands between two texts of a note that were written at the same time.
pub const BESIDE: &str = "\n\n[Written elsewhere at the same time:]\n\n";

/// The state of a book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    marks: BTreeMap<String, MarkState>,
    places: BTreeMap<Arc<str>, Register>,
    labels: BTreeMap<Arc<str>, Register>,
}

/// A mark, deleted or not. A deleted one keeps its fields: an edit that was made later, and
/// arrives after the deletion, brings back all of it. A reader may have made thousands, each with a
/// few fields and mostly one text: those are sorted lists, for a node of a tree has room for eleven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct MarkState {
    kind: Option<Register>,
    fields: LiteMap<Box<str>, Register>,
    /// The versions of the note. Only texts that may be shown are kept: those that no other version
    /// replaced, and the latest.
    notes: LiteMap<Stamp, Option<NoteVersion>>,
    /// Versions that another one was written over, known or not.
    replaced: BTreeSet<Stamp>,
    set: Option<Stamp>,
    deleted: Option<Stamp>,
}

/// A text of a note, and the versions that it was written over.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NoteVersion {
    text: Value,
    over: Vec<Stamp>,
}

/// The latest value of a field, as JSON: that takes less room than what is read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Register {
    at: Stamp,
    json: Box<str>,
}

/// Where a device was reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The device.
    pub device: String,
    /// The place.
    pub anchor: Anchor,
    /// When: milliseconds since 1970.
    pub when: u64,
}

impl State {
    /// Takes in one change.
    pub fn apply(&mut self, record: &Record) {
        match record.kind {
            Kind::Mark(kind) => self.marks.entry(record.id.clone()).or_default().apply(kind, record),
            Kind::Place | Kind::Label if record.op == Op::Del => {}
            Kind::Place => set_of_device(&mut self.places, record),
            Kind::Label => set_of_device(&mut self.labels, record),
        }
    }

    /// Takes in changes, in any order.
    pub fn apply_all<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) {
        for record in records {
            self.apply(record);
        }
    }

    /// Lets go of where marks were found in other versions than this one, but for the latest: a text
    /// that is edited every day has hundreds.
    pub fn prune(&mut self, version: &str) {
        for mark in self.marks.values_mut() {
            mark.prune(version);
        }
    }

    /// Lets go of what the book is called.
    pub fn unname(&mut self) {
        self.labels.clear();
    }

    /// When the book was last called something: milliseconds since 1970.
    pub fn labelled(&self) -> u64 {
        self.labels.values().map(|label| label.at.time).max().unwrap_or(0)
    }

    /// When the book was last read, marked or called something: milliseconds since 1970.
    pub fn latest(&self) -> u64 {
        let places = self.places.values().map(|place| place.at.time);
        let marks = self.marks.values().filter_map(|mark| Some(mark.set.as_ref()?.time));
        places.chain(marks).max().unwrap_or(0).max(self.labelled())
    }

    /// Takes in the marks of another version of the book.
    pub fn add_marks(&mut self, other: State) {
        for (id, mark) in other.marks {
            self.marks.entry(id).or_default().add(mark);
        }
    }

    /// Forgets a mark that another book knows by now.
    pub fn let_go(&mut self, id: &str) {
        self.marks.remove(id);
    }

    /// Whether nothing was ever saved.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty() && self.places.is_empty() && self.labels.is_empty()
    }

    /// The marks that are there, in the order of their places in a version of the book.
    pub fn marks(&self, version: &str) -> Vec<Mark> {
        let mut marks: Vec<Mark> = self.marks.iter().filter_map(|(id, mark)| mark.view(id, version)).collect();
        marks.sort_by(|a, b| (a.anchor.start, a.created, &a.id).cmp(&(b.anchor.start, b.created, &b.id)));
        marks
    }

    /// A mark that is there, with its place in a version of the book.
    pub fn mark(&self, id: &str, version: &str) -> Option<Mark> {
        self.marks.get(id).and_then(|mark| mark.view(id, version))
    }

    /// All anchors of a mark: the reader's own first, then those that it found in other versions
    /// of the book since, the latest first.
    pub fn anchors(&self, id: &str) -> Vec<Anchor> {
        self.marks.get(id).map(MarkState::anchors).unwrap_or_default()
    }

    /// A mark, also a deleted one, with its place in a version of the book; and whether it is there.
    pub fn known(&self, id: &str, version: &str) -> Option<(Mark, bool)> {
        self.marks.get(id).and_then(|mark| Some((mark.known(id, version)?, mark.is_there())))
    }

    /// The versions of a mark's note that stand in a text that somebody saw: a new text is written
    /// over those, and over no other that still counts.
    pub fn note_versions(&self, id: &str, seen: Option<&Clean>) -> Vec<Stamp> {
        // A text may itself have been saved with what stands between two.
        let bounded = |text: Option<&Clean>| format!("{BESIDE}{}{BESIDE}", text.map_or("", Clean::as_str));
        let seen = bounded(seen);
        let is_seen = |version: &NoteVersion| seen.contains(&bounded(version.text().as_ref()));
        let versions = self.marks.get(id).map(MarkState::kept_notes).into_iter().flatten();
        versions.filter(|(_, version)| is_seen(version)).map(|(at, _)| at.clone()).collect()
    }

    /// Lines that together say all that is shown of a mark, with the stamps that they came with.
    pub fn restated(&self, id: &str) -> Vec<Record> {
        self.marks.get(id).map(|mark| mark.restated(id)).unwrap_or_default()
    }

    /// Lines that say the same beside whatever others are there: whether it was deleted, and which texts
    /// of its note no longer count, too. Where only the first of them come to the disk, nothing deleted
    /// is back, and a text too many is shown rather than one too few.
    pub fn restated_for_all(&self, id: &str) -> Vec<Record> {
        let replaced = self.marks.get(id).and_then(|mark| mark.replaced_in_one(id));
        self.deletion(id).into_iter().chain(self.restated(id)).chain(replaced).collect()
    }

    /// A line that says that a mark was deleted, if it ever was.
    fn deletion(&self, id: &str) -> Option<Record> {
        let at = self.marks.get(id)?.deleted.clone()?;
        let (kind, over, body) = (Kind::Mark(MarkKind::Bookmark), Vec::new(), Body::new());
        Some(Record { id: id.to_owned(), op: Op::Del, kind, at, over, body })
    }

    /// One line that says all of a mark.
    pub fn in_one(&self, id: &str) -> Option<Record> {
        let state = self.marks.get(id)?;
        let (at, mark) = (state.set.clone()?, state.known(id, "")?);
        Some(whole(&mark, at, state.notes.keys().cloned().collect()))
    }

    /// Where each device was reading, the latest first.
    pub fn places(&self) -> Vec<Place> {
        let mut found: Vec<(&Stamp, Place)> = self
            .places
            .iter()
            .filter_map(|(device, register)| {
                let anchor = body::anchor(register.value().get("anchor")?)?;
                Some((&register.at, Place { device: device.to_string(), anchor, when: register.at.time }))
            })
            .collect();
        found.sort_by(|a, b| b.0.cmp(a.0));
        found.into_iter().map(|(_, place)| place).collect()
    }

    /// What a device calls the book.
    pub fn label(&self, device: &str) -> Option<Label> {
        self.labels.get(device).and_then(Register::label)
    }

    /// The encoding that the reader gave: on this device, else on the one that said so last; `auto` is
    /// one too, nothing said is none.
    pub fn encoding(&self, device: Option<&str>) -> Option<String> {
        let here = device.and_then(|device| self.label(device));
        let all = self.labels().into_iter().map(|(_, label)| label);
        here.into_iter().chain(all).map(|label| label.encoding).find(|encoding| !encoding.is_empty())
    }

    /// What the devices call the book, the latest first.
    pub fn labels(&self) -> Vec<(String, Label)> {
        let mut found: Vec<(&Arc<str>, &Register)> = self.labels.iter().collect();
        found.sort_by(|a, b| b.1.at.cmp(&a.1.at));
        found.into_iter().filter_map(|(device, register)| Some((device.to_string(), register.label()?))).collect()
    }
}

impl Register {
    fn new(at: &Stamp, value: &impl Serialize) -> Register {
        // What was read from JSON can be written as JSON.
        Register { at: at.clone(), json: serde_json::to_string(value).unwrap_or_default().into() }
    }

    /// Two programs on one device may give one stamp twice: then the text of the value decides, so that
    /// every reader of the logs decides the same.
    fn is_later(&self, other: &Register) -> bool {
        (&self.at, &self.json) > (&other.at, &other.json)
    }

    fn value(&self) -> Value {
        serde_json::from_str(&self.json).unwrap_or_default()
    }

    fn mark_kind(&self) -> Option<MarkKind> {
        self.value().as_str().and_then(MarkKind::from_name)
    }

    fn label(&self) -> Option<Label> {
        self.value().as_object().map(Label::from_body)
    }
}

impl MarkState {
    fn apply(&mut self, kind: MarkKind, record: &Record) {
        if record.op == Op::Del {
            self.deleted = self.deleted.take().max(Some(record.at.clone()));
            return;
        }
        // Where it was found says nothing against its deletion: nobody asked for that.
        if !only_says_where(record) {
            self.set = self.set.take().max(Some(record.at.clone()));
            let kind = Register::new(&record.at, &kind.name());
            self.kind = Some(later(self.kind.take(), kind));
        }
        for (field, value) in &record.body {
            if field == NOTE {
                let version = NoteVersion { text: value.clone(), over: record.over.clone() };
                self.add_note(record.at.clone(), Some(version));
            } else {
                self.set(field, Register::new(&record.at, value));
            }
        }
        self.replace(&record.over);
    }

    fn set(&mut self, field: &str, new: Register) {
        match self.fields.get_mut(field) {
            Some(held) if !new.is_later(held) => {}
            Some(held) => *held = new,
            None => drop(self.fields.insert(field.into(), new)),
        }
    }

    fn add_note(&mut self, at: Stamp, version: Option<NoteVersion>) {
        let before = self.latest_note().cloned();
        let version = match (self.notes.remove(&at).flatten(), version) {
            (Some(old), Some(new)) => Some(old.later(new)),
            (old, new) => old.or(new),
        };
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
        self.notes.last().map(|(at, _)| at)
    }

    fn add(&mut self, other: MarkState) {
        self.set = self.set.take().max(other.set);
        self.deleted = self.deleted.take().max(other.deleted);
        self.kind = match (self.kind.take(), other.kind) {
            (old, Some(new)) => Some(later(old, new)),
            (old, None) => old,
        };
        for (field, new) in other.fields {
            self.set(&field, new);
        }
        for (at, version) in other.notes {
            self.add_note(at, version);
        }
        self.replace(&other.replaced);
    }

    /// The versions of the note of which the text is kept, the oldest first.
    fn kept_notes(&self) -> impl DoubleEndedIterator<Item = (&Stamp, &NoteVersion)> {
        self.notes.iter().filter_map(|(at, version)| Some((at, version.as_ref()?)))
    }

    /// The versions of the note that are shown, the oldest first: those that no other one replaced. A
    /// damaged log may hold versions that replace each other: then it is the latest.
    fn shown_notes(&self) -> impl DoubleEndedIterator<Item = (&Stamp, &NoteVersion)> {
        let is_head = |at: &Stamp| !self.replaced.contains(at);
        let has_head = self.kept_notes().any(|(at, _)| is_head(at));
        self.kept_notes().filter(move |(at, _)| !has_head || is_head(at))
    }

    fn restated(&self, id: &str) -> Vec<Record> {
        let kind = self.kind.as_ref().and_then(|kind| Some((&kind.at, kind.mark_kind()?)));
        let Some((latest, kind)) = kind else { return Vec::new() };
        let mut lines: BTreeMap<&Stamp, (Vec<Stamp>, Body)> = BTreeMap::from([(latest, Default::default())]);
        for (name, register) in &self.fields {
            lines.entry(&register.at).or_default().1.insert(name.to_string(), register.value());
        }
        for (at, version) in self.shown_notes() {
            let (over, body) = lines.entry(at).or_default();
            over.clone_from(&version.over);
            body.insert(NOTE.to_owned(), version.text.clone());
        }
        lines.into_iter().map(|(at, (over, body))| line(id, kind, at, over, body)).collect()
    }

    /// A line that says which texts of the note no longer count, for another log may have those and not
    /// the lines that say so. It is as old as they are: by itself it brings back nothing that was
    /// deleted since.
    fn replaced_in_one(&self, id: &str) -> Option<Record> {
        let kind = self.kind.as_ref()?;
        let at = self.replaced.first()?.min(&kind.at);
        let over = self.replaced.iter().cloned().collect();
        Some(line(id, kind.mark_kind()?, at, over, Body::new()))
    }

    /// The fields with the places that were found, the latest first.
    fn found(&self) -> Vec<(&str, &Register)> {
        let fields = self.fields.iter().map(|(name, register)| (&**name, register));
        let mut found: Vec<_> = fields.filter(|(name, _)| name.starts_with(FOUND)).collect();
        found.sort_by(|a, b| b.1.at.cmp(&a.1.at));
        found
    }

    fn prune(&mut self, version: &str) {
        let here = found_field(version);
        let others = self.found().into_iter().map(|(name, _)| name).filter(|name| *name != here);
        let old: BTreeSet<String> = others.skip(ANCHORS_MAX).map(str::to_owned).collect();
        if !old.is_empty() {
            let fields = std::mem::take(&mut self.fields).into_iter();
            self.fields = fields.filter(|(name, _)| !old.contains(&**name)).collect();
        }
    }

    fn anchors(&self) -> Vec<Anchor> {
        let Some(own) = self.fields.get(ANCHOR) else { return Vec::new() };
        let found = self.found().into_iter().map(|(_, register)| register).filter(|register| register.at >= own.at);
        let all = std::iter::once(own).chain(found);
        all.filter_map(|register| body::anchor(&register.value())).take(ANCHORS_MAX).collect()
    }

    fn is_there(&self) -> bool {
        self.set.as_ref().is_some_and(|set| self.deleted.as_ref().is_none_or(|deleted| deleted <= set))
    }

    fn view(&self, id: &str, version: &str) -> Option<Mark> {
        if self.is_there() { self.known(id, version) } else { None }
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
    fn known(&self, id: &str, version: &str) -> Option<Mark> {
        let set = self.set.as_ref()?;
        let field = |name: &str| self.fields.get(name).map(Register::value);
        let own = self.fields.get(ANCHOR)?;
        let found = self.fields.get(&*found_field(version)).filter(|found| found.at >= own.at).map(Register::value);
        let status = found.as_ref().and_then(|found| found.get(HOW)?.as_str().and_then(Status::from_name));
        let found = found.as_ref().and_then(body::anchor);
        let own = body::anchor(&own.value());
        Some(Mark {
            id: id.to_owned(),
            kind: self.kind.as_ref()?.mark_kind()?,
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
    fn text(&self) -> Option<Clean> {
        body::text(&self.text)
    }

    /// The one of two versions with one stamp that every reader of the logs takes.
    fn later(self, other: NoteVersion) -> NoteVersion {
        let of = |version: &NoteVersion| (version.text.to_string(), version.over.clone());
        if of(&other) > of(&self) { other } else { self }
    }
}

/// A line that sets fields of a mark.
fn line(id: &str, kind: MarkKind, at: &Stamp, over: Vec<Stamp>, body: Body) -> Record {
    Record { id: id.to_owned(), op: Op::Set, kind: Kind::Mark(kind), at: at.clone(), over, body }
}

/// The field with the anchor that a mark found in a version of the book.
fn found_field(version: &str) -> String {
    format!("{FOUND}{version}")
}

/// The fields that keep where a mark was found in a version of the book.
pub fn found_fields(version: &str, anchor: &Anchor, status: Status) -> Body {
    let mut value = body::of_anchor(anchor);
    if let Value::Object(fields) = &mut value {
        fields.insert(HOW.to_owned(), Value::from(status.name()));
    }
    Body::from_iter([(found_field(version), value)])
}

/// A change that says all of a mark.
pub fn whole(mark: &Mark, at: Stamp, over: Vec<Stamp>) -> Record {
    let (id, body) = (mark.id.clone(), body::of_mark(mark));
    Record { id, op: Op::Set, kind: Kind::Mark(mark.kind), at, over, body }
}

/// Whether a change only keeps where a mark was found.
pub fn only_says_where(record: &Record) -> bool {
    record.op == Op::Set && !record.body.is_empty() && record.body.keys().all(|field| field.starts_with(FOUND))
}

/// The fields of a mark that differ from what is known of it, and from what was `seen` of it when
/// it was changed: what was not changed there is another's to say.
pub fn changed_fields(known: Option<&Mark>, seen: Option<&Mark>, mark: &Mark) -> Body {
    let mut fields = body::of_mark(mark);
    if let Some(known) = known {
        for other in [Some(known), seen].into_iter().flatten().map(body::of_mark) {
            fields.retain(|name, value| other.get(name) != Some(value));
        }
    }
    fields
}

fn set_of_device(registers: &mut BTreeMap<Arc<str>, Register>, record: &Record) {
    let (device, new) = (&record.at.device, Register::new(&record.at, &record.body));
    let old = registers.remove(device);
    registers.insert(device.clone(), later(old, new));
}

/// The later of two values.
fn later(old: Option<Register>, new: Register) -> Register {
    match old {
        Some(old) if !new.is_later(&old) => old,
        _ => new,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(id: &str, op: Op, kind: MarkKind, at: &str, body: &str) -> Record {
        Record {
            id: id.to_owned(),
            op,
            kind: Kind::Mark(kind),
            at: at.parse().unwrap(),
            over: vec![],
            body: serde_json::from_str(body).unwrap(),
        }
    }

    fn note(at: &str, text: &str, over: &[&str]) -> Record {
        let body = format!(r#"{{"note":"{text}","anchor":{{"start":"0/0:0"}}}}"#);
        let over = over.iter().map(|at| at.parse().unwrap()).collect();
        Record { over, ..record("m", Op::Set, MarkKind::Note, at, &body) }
    }

    fn state<'a>(records: impl IntoIterator<Item = &'a Record>) -> State {
        let mut state = State::default();
        state.apply_all(records);
        state
    }

    /// The texts of the note that are shown, after the records in both orders.
    #[track_caller]
    fn check(records: &[Record], shown: &[&str]) {
        for state in [state(records), state(records.iter().rev())] {
            let note = state.mark("m", "").and_then(|mark| mark.note).map(Clean::into_string);
            assert_eq!(note, (!shown.is_empty()).then(|| shown.join(BESIDE)));
        }
    }

    const EARLY: &str = "000000000001-0000-a";
    const LATER: &str = "000000000002-0000-a";
    const LATER_B: &str = "000000000002-0000-b";
    const LAST: &str = "000000000003-0000-a";

    #[test]
    fn a_note_of_two_devices_keeps_both_texts() {
        check(&[note(EARLY, "one", &[]), note(LATER, "two", &[EARLY])], &["two"]);
        check(&[note(LATER, "one", &[EARLY]), note(LATER_B, "two", &[EARLY])], &["two", "one"]);
        check(&[note(LATER, "same", &[]), note(LATER_B, "same", &[])], &["same"]);
        let both = [note(LATER, "one", &[]), note(LATER_B, "two", &[]), note(LAST, "joined", &[LATER, LATER_B])];
        check(&both, &["joined"]);
        check(&[note(EARLY, "one", &[LATER]), note(LATER, "two", &[EARLY])], &["two"]);
    }

    #[test]
    fn no_line_that_is_written_again_brings_back_what_was_deleted() {
        let old = [note(EARLY, "one", &[]), note(LATER, "two", &[EARLY])];
        let deleted = record("m", Op::Del, MarkKind::Note, LATER_B, "{}");
        let again = note(LAST, "three", &[LATER]);
        let lines = state(old.iter().chain([&deleted, &again])).restated_for_all("m");
        let earlier = lines.iter().filter(|line| line.at != again.at);
        assert_eq!(state(old.iter().chain([&deleted]).chain(earlier)).mark("m", ""), None);
    }

    #[test]
    fn a_text_that_is_never_shown_again_is_not_kept() {
        let texts = |records: &[Record]| {
            let kept = |state: State| state.marks["m"].kept_notes().map(|(at, _)| at.to_string()).collect::<Vec<_>>();
            let (forth, back) = (kept(state(records)), kept(state(records.iter().rev())));
            assert_eq!(forth, back);
            forth
        };
        assert_eq!(texts(&[note(EARLY, "one", &[]), note(LATER, "two", &[EARLY])]), [LATER]);
        assert_eq!(texts(&[note(EARLY, "one", &[]), note(LATER, "two", &[])]), [EARLY, LATER]);
        assert_eq!(texts(&[note(EARLY, "one", &[LATER]), note(LATER, "two", &[EARLY])]), [LATER]);
        let three = [note(EARLY, "one", &[]), note(LATER, "two", &[EARLY]), note(LAST, "three", &[LATER])];
        assert_eq!(texts(&three), [LAST]);
    }

    #[test]
    fn deleting_loses_to_a_later_edit_only() {
        let delete = |at| record("m", Op::Del, MarkKind::Note, at, "{}");
        check(&[note(EARLY, "one", &[]), delete(LATER)], &[]);
        let rename = record("m", Op::Set, MarkKind::Note, LAST, r#"{"name":"x"}"#);
        check(&[note(EARLY, "one", &[]), delete(LATER), rename], &["one"]);
        check(&[delete(EARLY), note(LATER, "one", &[])], &["one"]);
        let found = record("m", Op::Set, MarkKind::Note, LAST, r#"{"found@b":{"start":"0/0:0"}}"#);
        check(&[note(EARLY, "one", &[]), delete(LATER), found], &[]);
    }

    #[test]
    fn a_text_is_written_over_those_that_were_seen() {
        let three = [note(EARLY, "one", &[]), note(LATER, "two", &[]), note(LAST, "three", &[LATER])];
        let state = state(&three);
        let over = |seen: &str| {
            let seen = Some(clean(seen)).filter(|seen| !seen.is_empty());
            state.note_versions("m", seen.as_ref()).iter().map(Stamp::to_string).collect::<Vec<_>>()
        };
        assert_eq!(over(&format!("three{BESIDE}one")), [EARLY, LAST]);
        // The second is no more: the third was written over it.
        assert_eq!((over("three"), over("two"), over("")), (vec![LAST.into()], vec![], vec![]));
        let kept = [note(EARLY, &format!("one{BESIDE}two").replace('\n', "\\n"), &[]), note(LATER, "three", &[])];
        let state = self::state(&kept);
        let shown = state.mark("m", "").unwrap().note;
        assert_eq!(state.note_versions("m", shown.as_ref()).len(), 2);
    }

    #[test]
    fn fields_of_two_devices_are_both_kept() {
        let name = record("m", Op::Set, MarkKind::Note, LATER, r#"{"name":"x"}"#);
        let mark = state(&[note(EARLY, "one", &[]), name, note(LATER_B, "two", &[EARLY])]).mark("m", "").unwrap();
        assert_eq!((mark.name.unwrap().as_str(), mark.note.unwrap().as_str()), ("x", "two"));
    }

    /// Changes of few things at few times, so that they meet.
    pub fn any_record() -> impl Strategy<Value = Record> {
        let kinds = prop::sample::select(vec![
            Kind::Mark(MarkKind::Bookmark),
            Kind::Mark(MarkKind::Note),
            Kind::Place,
            Kind::Label,
        ]);
        let stamp = (0u64..4, 0u16..2, "[ab]").prop_map(|(time, counter, device)| Stamp {
            time,
            counter,
            device: device.into(),
        });
        let body = prop::sample::subsequence(vec!["name", "note", "anchor", "x", "found@b"], 0..5);
        ("[mn]", any::<bool>(), kinds, stamp.clone(), prop::collection::vec(stamp, 0..2), body, "[pq]").prop_map(
            |(id, del, kind, at, over, fields, text)| {
                let value = |field: &str| match field {
                    "anchor" | "found@b" => serde_json::json!({"start": "0/0:0", "words": text}),
                    _ => Value::from(text.clone()),
                };
                let body = fields.iter().map(|field| ((*field).to_owned(), value(field))).collect();
                Record { id, op: if del { Op::Del } else { Op::Set }, kind, at, over, body }
            },
        )
    }

    proptest! {
        /// Commutative, associative, idempotent: any order, any grouping, any repeats.
        #[test]
        fn the_union_of_lines_is_all_that_counts(
            records in prop::collection::vec(any_record(), 0..12),
            order in any::<prop::sample::Index>(),
            again in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let expected = state(&records);
            let mut turned = records.clone();
            if !turned.is_empty() {
                let at = order.index(turned.len());
                turned.rotate_left(at);
                turned.reverse();
                let repeats: Vec<Record> = again.iter().map(|index| index.get(&records).clone()).collect();
                turned.extend(repeats);
            }
            prop_assert_eq!(state(&turned), expected);
        }

        /// What a mark shows stands on nothing but the lines that are written again with a change.
        #[test]
        fn restated_lines_say_what_the_mark_says(records in prop::collection::vec(any_record(), 0..12)) {
            let all = state(&records);
            for mark in all.marks("") {
                let restated = state(&all.restated(&mark.id));
                prop_assert_eq!(restated.mark(&mark.id, ""), Some(mark.clone()));
                prop_assert_eq!(restated.anchors(&mark.id), all.anchors(&mark.id));
            }
        }

        /// They stand for all lines beside any of these: nothing that was written over comes back.
        #[test]
        fn restated_lines_stand_for_all_beside_some(
            records in prop::collection::vec((any_record(), any::<bool>()), 0..12),
        ) {
            let all = state(records.iter().map(|(record, _)| record));
            let some = state(records.iter().filter(|(_, is_there)| *is_there).map(|(record, _)| record));
            for id in ["m", "n"] {
                let mut beside = some.clone();
                beside.apply_all(&all.restated_for_all(id));
                prop_assert_eq!(beside.mark(id, ""), all.mark(id, ""));
            }
        }

        #[test]
        fn any_shuffle_gives_one_state(
            (records, shuffled) in prop::collection::vec(any_record(), 0..10).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        ) {
            prop_assert_eq!(state(&records), state(&shuffled));
        }
    }
}

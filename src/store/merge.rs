//! What a book's logs say together: the union of all lines of all devices.
//!
//! Every field of every mark is a register that the latest stamp wins; places and labels are one
//! register a device. So lines may come in any order, any number of times, from any number of
//! copies, with the same result. Only the text of a note is more: versions that nobody who saw
//! them wrote over are shown together. It must not know files.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::document::{Anchor, Mark, Status};
use crate::text::Clean;

use super::body::{self, Body, Label};
use super::record::{Kind, Op, Record};
use super::stamp::Stamp;

use held::Held;
use mark::{MarkState, NOTE, NoteVersion};
use register::{Register, keep_latest};

mod held;
mod mark;
mod register;

/// How the fields begin that have the anchors found in other versions of the book.
const FOUND: &str = "found@";
/// In those: how the place was found.
const HOW: &str = "how";
/// What stands between two texts of a note that were written at the same time.
pub const BESIDE: &str = "\n\n[Written elsewhere at the same time:]\n\n";

/// Marks that are held open before all are packed.
const OPEN_MAX: usize = 64;

/// The state of a book.
#[derive(Clone, Debug, Default)]
pub struct State {
    marks: BTreeMap<String, Held>,
    /// Those that are open.
    open: Vec<String>,
    /// Those that were deleted, and of which more than the stamps may be held.
    deleted: BTreeSet<String>,
    /// Those of which only the stamps were held, and all is asked for: the logs have it.
    wanted: BTreeSet<String>,
    /// The version in which places that were found are of use.
    version: String,
    places: BTreeMap<Arc<str>, Register>,
    labels: BTreeMap<Arc<str>, Register>,
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
            Kind::Mark(kind) => self.change(&record.id, |mark| mark.apply(kind, record)),
            Kind::Place | Kind::Label if record.op == Op::Del => {}
            Kind::Place | Kind::Label => {
                let of_devices = if record.kind == Kind::Place { &mut self.places } else { &mut self.labels };
                keep_latest(of_devices, record.at.device.clone(), Register::new(&record.at, &record.body));
            }
        }
    }

    /// Changes a mark, known or not.
    fn change(&mut self, id: &str, change: impl FnOnce(&mut MarkState)) {
        if self.open.len() >= OPEN_MAX {
            self.pack();
        }
        let held = self.marks.entry(id.to_owned()).or_insert_with(Held::nothing);
        if !held.is_open() {
            self.open.push(id.to_owned());
        }
        held.change(change);
    }

    /// Has all marks in little memory. Of one that was let go and is there again all is asked for; what came
    /// since of one that is not is let go, too.
    pub fn pack(&mut self) {
        for id in std::mem::take(&mut self.open) {
            let Some(held) = self.marks.get_mut(&id) else { continue };
            held.change(|mark| {
                if !self.version.is_empty() {
                    mark.prune(&self.version);
                }
                if mark.is_stripped && mark.is_there() {
                    self.wanted.insert(id.clone());
                } else if mark.is_stripped && !self.wanted.contains(&id) {
                    mark.strip();
                } else if !mark.is_there() {
                    self.deleted.insert(id.clone());
                }
            });
            held.pack();
        }
    }

    /// Lets go of what deleted marks were, but for their stamps, once more than so many were deleted: a reader
    /// may have deleted thousands. To be called when the logs have all that is known of them.
    pub fn strip_deleted(&mut self, most: usize) {
        if self.deleted.len() <= most {
            return;
        }
        for id in std::mem::take(&mut self.deleted) {
            if let Some(held) = self.marks.get_mut(&id).filter(|held| held.is_deleted()) {
                held.change(MarkState::strip);
                held.pack();
            }
        }
    }

    /// Asks for all that logs say of a mark of which only the stamps are held. Whether it is one.
    pub fn recall(&mut self, id: &str) -> bool {
        let is_stripped = self.marks.get(id).is_some_and(|held| held.is_deleted() && held.read().is_stripped);
        if is_stripped {
            self.wanted.insert(id.to_owned());
        }
        is_stripped
    }

    /// Whether more was once known of a mark than the logs have now.
    pub fn lacks_lines(&self, id: &str) -> bool {
        self.read(id).is_some_and(|mark| mark.lacks_lines())
    }

    /// Marks of which all that logs say is to be taken in once more: they are there again, or are to be changed.
    pub fn wanted(&self) -> BTreeSet<String> {
        self.wanted.clone()
    }

    /// Since these marks were wanted all that logs say was taken in, or will be where it could not be read.
    pub fn has_all(&mut self, wanted: &BTreeSet<String>) {
        // Before they are wanted no more, or those that are open would be let go again.
        self.pack();
        for id in wanted {
            self.wanted.remove(id);
            self.change(id, |mark| mark.is_stripped = false);
        }
        self.pack();
    }

    fn read(&self, id: &str) -> Option<Cow<'_, MarkState>> {
        self.marks.get(id).map(Held::read)
    }

    /// Takes in changes, in any order.
    pub fn apply_all<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) {
        for record in records {
            self.apply(record);
        }
    }

    /// From now on, of where marks were found in other versions than this one the latest are kept: a text
    /// that is edited every day has hundreds.
    pub fn keep_found_in(&mut self, version: &str) {
        version.clone_into(&mut self.version);
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
        let marks = self.marks.values().filter_map(|mark| Some(mark.read().set.as_ref()?.time));
        places.chain(marks).max().unwrap_or(0).max(self.labelled())
    }

    /// Takes in the marks of another version of the book.
    pub fn add_marks(&mut self, other: State) {
        for (id, mark) in other.marks {
            self.change(&id, |known| known.add(mark.read().into_owned()));
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
        let mut marks: Vec<Mark> = self.marks.iter().filter_map(|(id, held)| view(held, id, version)).collect();
        marks.sort_by(|a, b| (a.anchor.start, a.created, &a.id).cmp(&(b.anchor.start, b.created, &b.id)));
        marks
    }

    /// A mark that is there, with its place in a version of the book.
    pub fn mark(&self, id: &str, version: &str) -> Option<Mark> {
        view(self.marks.get(id)?, id, version)
    }

    /// All anchors of a mark: the reader's own first, then those that it found in other versions
    /// of the book since, the latest first.
    pub fn anchors(&self, id: &str) -> Vec<Anchor> {
        self.read(id).map(|mark| mark.anchors()).unwrap_or_default()
    }

    /// A mark, also a deleted one, with its place in a version of the book; and whether it is there.
    pub fn known(&self, id: &str, version: &str) -> Option<(Mark, bool)> {
        self.read(id).and_then(|mark| Some((mark.known(id, version)?, mark.is_there())))
    }

    /// The versions of a mark's note that stand in a text that somebody saw: a new text is written
    /// over those, and over no other that still counts.
    pub fn note_versions(&self, id: &str, seen: Option<&Clean>) -> Vec<Stamp> {
        // A text may itself have been saved with what stands between two.
        let bounded = |text: Option<&Clean>| format!("{BESIDE}{}{BESIDE}", text.map_or("", Clean::as_str));
        let seen = bounded(seen);
        let is_seen = |version: &NoteVersion| seen.contains(&bounded(version.text().as_ref()));
        let mark = self.read(id).unwrap_or_default();
        mark.kept_notes().filter(|(_, version)| is_seen(version)).map(|(at, _)| at.clone()).collect()
    }

    /// Lines that together say all that is shown of a mark, with the stamps that they came with.
    pub fn restated(&self, id: &str) -> Vec<Record> {
        self.read(id).map(|mark| mark.restated(id)).unwrap_or_default()
    }

    /// Lines that say the same beside whatever others are there: whether it was deleted, and which texts
    /// of its note no longer count, too. Where only the first of them come to the disk, nothing deleted
    /// is back, and a text too many is shown rather than one too few.
    pub fn restated_for_all(&self, id: &str) -> Vec<Record> {
        let Some(mark) = self.read(id) else { return Vec::new() };
        mark.deletion(id).into_iter().chain(mark.restated(id)).chain(mark.replaced_in_one(id)).collect()
    }

    /// One line that says all of a mark.
    pub fn in_one(&self, id: &str) -> Option<Record> {
        let state = self.read(id)?;
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
        self.labels.get(device).and_then(label)
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
        found.into_iter().filter_map(|(device, register)| Some((device.to_string(), label(register)?))).collect()
    }
}

/// A mark as it is shown, if it is there.
fn view(held: &Held, id: &str, version: &str) -> Option<Mark> {
    if held.is_deleted() {
        return None;
    }
    let mark = held.read();
    if mark.is_there() { mark.known(id, version) } else { None }
}

/// What a register says that a book is called.
fn label(register: &Register) -> Option<Label> {
    register.value().as_object().map(Label::from_body)
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
    // A note may have a megabyte: it is put in words of JSON only if it differs.
    let others = || known.into_iter().chain(seen.filter(|_| known.is_some()));
    let is_same_note = others().any(|other| other.note == mark.note);
    let without_note = |mark: &Mark| body::of_mark(&Mark { note: None, ..mark.clone() });
    let mut fields = if is_same_note { without_note(mark) } else { body::of_mark(mark) };
    for other in others() {
        let other = without_note(other);
        fields.retain(|name, value| name == NOTE || other.get(name) != Some(value));
    }
    if is_same_note {
        fields.remove(NOTE);
    }
    fields
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::document::MarkKind;
    use crate::text::clean;
    use proptest::prelude::*;

    /// However their marks are held.
    impl PartialEq for State {
        fn eq(&self, other: &State) -> bool {
            let marks = |state: &State| {
                state.marks.iter().map(|(id, held)| (id.clone(), held.read().into_owned())).collect::<Vec<_>>()
            };
            marks(self) == marks(other) && self.places == other.places && self.labels == other.labels
        }
    }

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

    /// A damaged log: the latest text was written over itself, so an earlier one is shown.
    #[test]
    fn the_latest_change_is_restated_also_where_only_a_place_is_left_of_it() {
        let body = r#"{"note":"two","found@b":{"start":"0/0:0"}}"#;
        let latest = Record { over: vec![LAST.parse().unwrap()], ..record("m", Op::Set, MarkKind::Note, LAST, body) };
        let all = state(&[note(EARLY, "one", &[]), latest]);
        assert_eq!(state(&all.restated("m")).mark("m", ""), all.mark("m", ""));
    }

    #[test]
    fn a_text_that_is_never_shown_again_is_not_kept() {
        let texts = |records: &[Record]| {
            let kept =
                |state: State| state.read("m").unwrap().kept_notes().map(|(at, _)| at.to_string()).collect::<Vec<_>>();
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

    /// However many marks there are: more than are held open.
    #[test]
    fn of_places_in_other_versions_the_latest_are_kept() {
        let found = |id: usize, version: u64| {
            let body = format!(r#"{{"found@{version}":{{"start":"0/0:0"}}}}"#);
            record(&format!("m{id}"), Op::Set, MarkKind::Note, &format!("{version:012x}-0000-a"), &body)
        };
        let mut state = State::default();
        state.keep_found_in("2");
        for id in 0..3 * OPEN_MAX {
            state.apply_all(&[9, 2, 7, 8, 5, 4, 6, 3].map(|version| found(id, version)));
        }
        state.pack();
        for held in state.marks.values() {
            let mark = held.read();
            assert_eq!(
                mark.found().into_iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
                ["found@9", "found@8", "found@7", "found@2"]
            );
        }
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
        fn how_marks_are_held_changes_nothing(
            records in prop::collection::vec((any_record(), any::<bool>()), 0..12),
        ) {
            let open = state(records.iter().map(|(record, _)| record));
            let mut packed = State::default();
            for (record, is_packed) in &records {
                packed.apply(record);
                if *is_packed {
                    packed.pack();
                    prop_assert!(packed.marks.values().all(|held| !held.is_open()));
                }
            }
            prop_assert_eq!(&packed, &open);
            for id in ["m", "n"] {
                prop_assert_eq!(packed.mark(id, "b"), open.mark(id, "b"));
                prop_assert_eq!(packed.known(id, "b"), open.known(id, "b"));
            }
        }

        /// Of what is deleted the stamps are enough, for the logs can be read again.
        #[test]
        fn what_was_let_go_of_deleted_marks_comes_back_from_the_logs(
            records in prop::collection::vec((any_record(), any::<bool>()), 0..14),
            late in 0usize..3,
        ) {
            let all = state(records.iter().map(|(record, _)| record));
            let mut stripped = State::default();
            // The last come while the others are read again.
            for (record, is_stripped) in records.iter().rev().skip(late).rev() {
                stripped.apply(record);
                if *is_stripped {
                    stripped.pack();
                    stripped.strip_deleted(0);
                }
            }
            stripped.pack();
            let read_again = |mut state: State| loop {
                let wanted = state.wanted();
                for (record, is_packed) in &records {
                    state.apply(record);
                    if *is_packed {
                        state.pack();
                    }
                }
                state.has_all(&wanted);
                if state.wanted().is_empty() {
                    return state;
                }
            };
            // Those that are there again,
            let there = read_again(stripped.clone());
            for id in ["m", "n"] {
                prop_assert_eq!(there.mark(id, "b"), all.mark(id, "b"));
                prop_assert_eq!(there.read(id).and_then(|mark| mark.deletion(id)), all.read(id).and_then(|mark| mark.deletion(id)));
                stripped.recall(id);
            }
            // and all.
            prop_assert_eq!(read_again(stripped), all);
        }

        #[test]
        fn any_shuffle_gives_one_state(
            (records, shuffled) in prop::collection::vec(any_record(), 0..10).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        ) {
            prop_assert_eq!(state(&records), state(&shuffled));
        }
    }
}

//! A stretch of work with the store, and the check that nothing acknowledged was lost.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::store::merge::BESIDE;

/// One thing a reader does.
#[derive(Clone, Debug)]
pub enum Act {
    Save(Box<Mark>),
    Delete(String),
    Place(u32),
    /// The program ends and starts again.
    Restart,
}

/// All that was tried for each mark, and how far it was acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Model {
    tried: BTreeMap<String, Vec<Option<Mark>>>,
    acknowledged: BTreeMap<String, usize>,
    /// Marks that were tried since the last start and not acknowledged.
    open: BTreeSet<String>,
    places: Vec<u32>,
    place: Option<usize>,
    place_is_open: bool,
}

/// Work that makes folders, marks, changes, deletions, places and compactions, and starts anew in
/// between. Seed 0 does all of that in a fixed order, any other at random.
pub fn work(seed: u64) -> Vec<Act> {
    let mut acts = Vec::new();
    if seed > 0 {
        let mut random = Random(seed);
        acts.extend((0..25).map(|i| match random.below(8) {
            0 => Act::Restart,
            1 => Act::Delete(format!("MARK{}", random.below(5))),
            2..=4 => Act::Place(100 + i),
            _ => Act::Save(mark_of(&format!("MARK{}", random.below(5)), &format!("note {i}"))),
        }));
        return acts;
    }
    for i in 0..6 {
        acts.push(Act::Save(mark_of(&format!("MARK{i}"), &format!("note {i}"))));
        acts.push(Act::Place(i));
        if i == 2 {
            acts.push(Act::Save(mark_of("MARK0", "changed")));
            acts.push(Act::Restart);
            acts.push(Act::Delete("MARK1".to_owned()));
        }
    }
    acts.extend((10..14).map(Act::Place));
    acts.push(Act::Save(mark_of("LAST", "the last one")));
    acts
}

fn mark_of(id: &str, note: &str) -> Box<Mark> {
    Box::new(mark(id, note))
}

/// A place that takes more of the log than a mark does.
fn long_anchor(block: u32) -> Anchor {
    Anchor { before: clean(&"words before it ".repeat(50)), ..anchor(block) }
}

/// Small enough that the work above makes the log short more than once.
pub fn open_small(disk: SimDisk) -> TestStore {
    let mut store = open(disk);
    store.compact_above = 2_500;
    store.deleted_max = 0;
    store
}

/// Does the work; gives what must be on the disk, and the store. Ends at the first sign that the
/// power is off.
pub fn run(disk: SimDisk, acts: &[Act]) -> (Model, TestStore) {
    let book = identity('a');
    let mut store = open_small(disk);
    load(&mut store);
    let mut model = Model::default();
    for act in acts {
        let result = match act {
            Act::Save(mark) => {
                model.try_mark(&mark.id, Some((**mark).clone()));
                store.save_mark(&book, mark)
            }
            Act::Delete(id) => {
                // What the store never heard of, because a read failed, it cannot delete.
                let key = store.prepare(&book);
                if store.book(&key).state.mark(id, "").is_some() {
                    model.try_mark(id, None);
                }
                store.delete_mark(&book, id, None)
            }
            Act::Place(block) => {
                model.places.push(*block);
                model.place_is_open = true;
                store.save_place(&book, &long_anchor(*block))
            }
            Act::Restart => {
                // What is pending is lost with the program, and was not acknowledged.
                model.restart();
                store = open_small(store.fs);
                load(&mut store);
                continue;
            }
        };
        if result.is_ok() {
            assert_eq!(store.pending(), 0, "acknowledged, though something is pending");
            model.acknowledge();
        } else if store.fs.power_off_at.is_some_and(|at| store.fs.calls > at) {
            break;
        }
    }
    (model, store)
}

impl Model {
    /// All that was tried since the last start is on the disk, says the store. What was refused
    /// before that start may be on the disk or not.
    pub fn acknowledge(&mut self) {
        for id in std::mem::take(&mut self.open) {
            self.acknowledged.insert(id.clone(), self.tried[&id].len() - 1);
        }
        if std::mem::take(&mut self.place_is_open) {
            self.place = self.places.len().checked_sub(1);
        }
    }

    fn try_mark(&mut self, id: &str, mark: Option<Mark>) {
        self.tried.entry(id.to_owned()).or_default().push(mark);
        self.open.insert(id.to_owned());
    }

    fn restart(&mut self) {
        self.open.clear();
        self.place_is_open = false;
    }

    /// How many marks were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }

    /// Every acknowledged mark is as it was acknowledged, or as it was to be made after that. Beside
    /// its text another one may stand that was to be saved, where a disk failed: who could not read
    /// a text has not written over it.
    #[track_caller]
    pub fn check(&self, disk: SimDisk, context: impl Fn() -> String) {
        let failures = disk.failures;
        let state = load(&mut open(disk));
        for (id, tried) in &self.tried {
            let mut found = state.marks.iter().find(|mark| mark.id == *id).cloned();
            if failures > 0
                && let Some(note) = found.as_mut().and_then(|mark| mark.note.as_mut())
            {
                let mut texts = note.split(BESIDE).map(clean);
                let latest = texts.next().unwrap_or_default();
                let is_known = |text: &Clean| tried.iter().flatten().any(|mark| mark.note.as_ref() == Some(text));
                assert!(texts.all(|text| is_known(&text)), "{id} has {note:?} {}", context());
                *note = latest;
            }
            let allowed = match self.acknowledged.get(id) {
                Some(from) => tried[*from..].contains(&found),
                None => found.is_none() || tried.contains(&found),
            };
            assert!(allowed, "{id} is {found:?} {}", context());
        }
        if let Some(place) = self.place {
            let found = state.place.map(|place| place.start.block.0);
            assert!(found.is_some_and(|found| self.places[place..].contains(&found)), "place {found:?} {}", context());
        }
    }
}

/// Whether the long versions are asked for.
pub fn soak() -> bool {
    std::env::var_os("LECTION_SOAK").is_some()
}

/// Random numbers that a seed repeats (`SplitMix64`).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

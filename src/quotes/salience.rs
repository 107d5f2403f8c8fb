//! How much each person matters at a place: how often the narration has him as a subject near by.

use super::cast::PersonId;

/// Bytes before and after a place in which a subject counts.
const BEFORE: u32 = 9000;
const AFTER: u32 = 6000;
/// What the logarithm of the count is worth.
const WORTH: f32 = 1.2;
/// Counts whose worth is known beforehand.
const KNOWN: usize = 256;

/// The subjects of a text by person.
#[derive(Debug)]
pub(super) struct Salience {
    subjects: Vec<Subjects>,
    /// What each small count is worth.
    worth: [f32; KNOWN],
}

/// Where a person is a subject, in order, and the stretch last asked for: places are mostly asked
/// for in order too, so that the next stretch is near.
#[derive(Clone, Debug, Default)]
struct Subjects {
    places: Vec<u32>,
    from: usize,
    to: usize,
}

impl Salience {
    /// Nobody matters yet.
    pub(super) fn new(persons: usize) -> Salience {
        let mut worth = [0.0; KNOWN];
        worth.iter_mut().enumerate().for_each(|(count, slot)| *slot = worth_of(count));
        Salience { subjects: vec![Subjects::default(); persons], worth }
    }

    /// Notes a subject; in reading order.
    pub(super) fn note(&mut self, person: PersonId, at: u32) {
        if let Some(subjects) = self.subjects.get_mut(person.0 as usize) {
            subjects.places.push(at);
        }
    }

    /// How much a person matters at a place.
    pub(super) fn at(&mut self, person: PersonId, at: u32) -> f32 {
        let Some(subjects) = self.subjects.get_mut(person.0 as usize) else { return 0.0 };
        let Subjects { places, from, to } = subjects;
        *from = first_from(places, *from, at.saturating_sub(BEFORE));
        *to = first_from(places, *to, at.saturating_add(AFTER));
        let count = *to - *from;
        self.worth.get(count).copied().unwrap_or_else(|| worth_of(count))
    }
}

fn worth_of(count: usize) -> f32 {
    WORTH * (count as f32).ln_1p()
}

/// The first place that is not before a bound, looked for from a guess on.
fn first_from(places: &[u32], guess: usize, bound: u32) -> usize {
    let mut at = guess;
    while at > 0 && places.get(at - 1).is_some_and(|place| *place >= bound) {
        at -= 1;
    }
    while places.get(at).is_some_and(|place| *place < bound) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_near_by_count_wherever_one_asks_next() {
        let mut salience = Salience::new(1);
        let places = [0, 10, 9_000, 9_001, 20_000, 20_000, 30_000];
        for at in places {
            salience.note(PersonId(0), at);
        }
        for at in [0, 5, 15_000, 9_000, 40_000, 9_010, 0, 24_000] {
            let near = places.iter().filter(|p| **p + BEFORE >= at && **p < at + AFTER).count();
            assert_eq!(salience.at(PersonId(0), at).to_bits(), worth_of(near).to_bits(), "at {at}");
        }
        assert_eq!(salience.at(PersonId(1), 0).to_bits(), 0.0f32.to_bits());
    }
}

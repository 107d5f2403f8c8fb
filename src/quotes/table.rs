//! What is known of words and names, by their [`key`](super::key::key)s.
//!
//! It is looked into for every word of a text, so that an entry is found in a few steps: a key is
//! its own hash, and the places that lead to the entries are small. It must not know what a key means.

use std::hash::{BuildHasher, RandomState};

/// Places of a table with few entries, a power of two.
const PLACES_MIN: usize = 1 << 8;

/// Entries by key, and by number in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    /// For each place the number of the entry that its key leads to, and 1; 0 where there is none.
    places: Vec<u32>,
    entries: Vec<(u64, T)>,
    /// An odd number that nobody knows: no text can have words that all belong in one place.
    salt: u64,
    /// The bits of a hash that are too many for a place.
    shift: u32,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        let salt = RandomState::new().hash_one(PLACES_MIN) | 1;
        let shift = u64::BITS - PLACES_MIN.trailing_zeros();
        Table { places: vec![0; PLACES_MIN], entries: Vec::new(), salt, shift }
    }
}

impl<T> Table<T> {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The number of a key.
    #[inline]
    pub(super) fn find(&self, key: u64) -> Option<u32> {
        let mut at = self.place(key);
        loop {
            let number = self.places.get(at)?.checked_sub(1)?;
            if self.entries.get(number as usize)?.0 == key {
                return Some(number);
            }
            at = self.after(at);
        }
    }

    /// Adds an entry for a key that has none, and gives its number.
    pub(super) fn add(&mut self, key: u64, entry: T) -> u32 {
        self.entries.push((key, entry));
        if self.entries.len() > self.places.len() / 2 {
            self.places = vec![0; self.places.len() * 2];
            self.shift -= 1;
            (0..self.entries.len()).for_each(|number| self.note(number));
        } else {
            self.note(self.entries.len() - 1);
        }
        self.entries.len() as u32 - 1
    }

    /// An entry by its number.
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.entries.get(number as usize).map(|(_, entry)| entry)
    }

    /// The same to be changed.
    #[inline]
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.entries.get_mut(number as usize).map(|(_, entry)| entry)
    }

    /// Notes in a free place where an entry is.
    fn note(&mut self, number: usize) {
        let mut at = self.entries.get(number).map_or(0, |(key, _)| self.place(*key));
        while self.places.get(at).is_some_and(|taken| *taken != 0) {
            at = self.after(at);
        }
        if let Some(place) = self.places.get_mut(at) {
            *place = number as u32 + 1;
        }
    }

    /// Where a key belongs: the highest bits of the product depend on all of it.
    #[inline]
    fn place(&self, key: u64) -> usize {
        (key.wrapping_mul(self.salt) >> self.shift) as usize
    }

    /// The place after another. Half of all are free.
    #[inline]
    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.places.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_entry() {
        let key = |number: u32| u64::from(number) * 0x0101_0101;
        let mut table = Table::default();
        for number in 0..40_000 {
            assert_eq!(table.find(key(number)), None);
            assert_eq!(table.add(key(number), number * 2), number);
        }
        assert_eq!(table.len(), 40_000);
        let entry = |number| table.find(key(number)).and_then(|number| table.get(number)).copied();
        assert!((0..40_000).all(|number| entry(number) == Some(number * 2)));
        assert_eq!(table.find(1), None);
    }
}

//! Where short runs that two texts have in common agree: each run of a pattern that stands in the
//! text votes for the shift between the two, a rare one more than a common one.
//!
//! The runs of the patterns are indexed and the text is walked over once, so that a search takes
//! little memory however long the text is.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A run that stands in the text more often says nothing.
const HITS_MAX: usize = 200;
/// Hits kept in all.
const HITS_SUM_MAX: usize = 4_000_000;
/// Shifts that are given of each pattern.
const SHIFTS: usize = 12;
/// Bits of the first look at a run.
const SIEVE_BITS: u32 = 20;

/// The shifts that got most votes, of each pattern, the best first. `patterns`: the runs of each,
/// in order; `text`: those of the text. `slack`: how far apart shifts may be that count together,
/// because something was inserted or left out between two runs.
pub fn shifts(patterns: &[Vec<u64>], text: impl Iterator<Item = u64>, slack: i64) -> Vec<Vec<i64>> {
    let mut numbers: HashMap<u64, u32, BuildHasherDefault<AsIs>> = HashMap::default();
    let mut sieve = vec![0u64; 1 << (SIEVE_BITS - 6)];
    for key in patterns.iter().flatten() {
        let next = numbers.len() as u32;
        numbers.entry(*key).or_insert(next);
        let (cell, bit) = sieve_place(*key);
        if let Some(cell) = sieve.get_mut(cell) {
            *cell |= bit;
        }
    }
    let mut hits: Vec<Vec<u32>> = vec![Vec::new(); numbers.len()];
    let mut sum = 0;
    for (at, key) in text.enumerate() {
        let (cell, bit) = sieve_place(key);
        if sieve.get(cell).is_none_or(|cell| cell & bit == 0) {
            continue;
        }
        let found = numbers.get(&key).and_then(|number| hits.get_mut(*number as usize));
        if let Some(found) = found.filter(|found| found.len() <= HITS_MAX && sum < HITS_SUM_MAX) {
            found.push(at as u32);
            sum += 1;
        }
    }
    let hits_of = |key: &u64| numbers.get(key).and_then(|number| hits.get(*number as usize));
    patterns.iter().map(|keys| best(keys.iter().map(hits_of), slack)).collect()
}

/// The shifts of one pattern.
fn best<'a>(hits: impl Iterator<Item = Option<&'a Vec<u32>>>, slack: i64) -> Vec<i64> {
    let mut votes: Vec<(i64, f32)> = Vec::new();
    for (i, hits) in hits.enumerate() {
        let Some(hits) = hits.filter(|hits| hits.len() <= HITS_MAX) else { continue };
        votes.extend(hits.iter().map(|at| (i64::from(*at) - i as i64, 1.0 / hits.len() as f32)));
    }
    votes.sort_unstable_by_key(|vote| vote.0);
    votes.dedup_by(|next, first| {
        let is_same = next.0 == first.0;
        if is_same {
            first.1 += next.1;
        }
        is_same
    });
    let mut sums: Vec<(f32, i64)> = Vec::with_capacity(votes.len());
    let mut low = 0;
    for (shift, own) in &votes {
        while votes.get(low).is_some_and(|vote| vote.0 < shift - slack) {
            low += 1;
        }
        let near = votes.iter().skip(low).take_while(|vote| vote.0 <= shift + slack);
        let others = near.filter(|vote| vote.0 != *shift).map(|vote| {
            let apart = (vote.0 - shift).unsigned_abs() as f32;
            vote.1 / (1.0 + apart * 0.2)
        });
        sums.push((own + others.sum::<f32>(), *shift));
    }
    sums.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut found: Vec<i64> = Vec::new();
    for (_, shift) in sums {
        if found.len() == SHIFTS {
            break;
        }
        if found.iter().all(|other| (other - shift).abs() > slack) {
            found.push(shift);
        }
    }
    found
}

fn sieve_place(key: u64) -> (usize, u64) {
    let place = key >> (64 - SIEVE_BITS);
    ((place >> 6) as usize, 1 << (place & 63))
}

/// The keys are hashes already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<u64> {
        text.bytes().map(|byte| u64::from(byte).wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect()
    }

    #[test]
    fn rare_runs_outvote_common_ones() {
        let found = shifts(&[keys("xaaz"), keys("q")], keys("..aab...aac....xaaz..aad").into_iter(), 1);
        assert_eq!((found[0][0], found[1].len()), (15, 0));
    }

    #[test]
    fn votes_beside_each_other_count_together() {
        // Something was inserted in the middle: half of the runs stand one further.
        let found = shifts(&[keys("abcdefgh")], keys("ab....abcd-efgh").into_iter(), 3);
        assert!((6..=7).contains(&found[0][0]), "{found:?}");
    }
}

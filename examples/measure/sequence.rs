//! Which elements of two sequences answer each other: the longest stretch that both share, then
//! the same on its left and on its right (Ratcliff and Obershelp).

use std::collections::HashMap;
use std::hash::Hash;

/// The pairs of places with equal elements, in order.
pub fn pairs<T: Eq + Hash>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    let mut places: HashMap<&T, Vec<usize>> = HashMap::new();
    for (at, element) in b.iter().enumerate() {
        places.entry(element).or_default().push(at);
    }
    let mut found = Vec::new();
    let mut waiting = vec![(0, a.len(), 0, b.len())];
    while let Some((a0, a1, b0, b1)) = waiting.pop() {
        let (at, bt, length) = longest(a, &places, (a0, a1), (b0, b1));
        if length > 0 {
            found.extend((0..length).map(|i| (at + i, bt + i)));
            waiting.push((a0, at, b0, bt));
            waiting.push((at + length, a1, bt + length, b1));
        }
    }
    found.sort_unstable();
    found
}

/// The longest shared stretch, the first of equal ones: its places and its length.
fn longest<T: Eq + Hash>(
    a: &[T],
    places: &HashMap<&T, Vec<usize>>,
    (a0, a1): (usize, usize),
    (b0, b1): (usize, usize),
) -> (usize, usize, usize) {
    let mut best = (a0, b0, 0);
    // The places of b at which a shared stretch ends, with its length, in order.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for (at, element) in a.iter().enumerate().take(a1).skip(a0) {
        let inside = places.get(element).map(Vec::as_slice).unwrap_or_default();
        let inside = inside.get(inside.partition_point(|bt| *bt < b0)..).unwrap_or_default();
        let mut next = Vec::new();
        for bt in inside.iter().copied().take_while(|bt| *bt < b1) {
            let before = ends.binary_search_by_key(&(bt.wrapping_sub(1)), |(end, _)| *end);
            let length = before.ok().and_then(|i| ends.get(i)).map_or(0, |(_, length)| *length) + 1;
            next.push((bt, length));
            if length > best.2 {
                best = (at + 1 - length, bt + 1 - length, length);
            }
        }
        ends = next;
    }
    best
}

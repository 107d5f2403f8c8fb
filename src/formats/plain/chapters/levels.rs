//! Levels: how deep each heading lies.
//!
//! Ranks that occur, in order, are the levels 1, 2, 3; the name of a section stands outermost at
//! the ends of a text, and beside the chapters between them.

use super::heading::{Heading, Origin};

/// The level of each heading, in the order given.
pub(super) fn levels(found: &[Heading]) -> Vec<u8> {
    let is_ranked = |h: &&Heading| !matches!(h.origin, Origin::Named | Origin::Listed);
    let mut orders: Vec<u8> = found.iter().filter(is_ranked).map(|h| h.order).collect();
    orders.sort_unstable();
    orders.dedup();
    let level = |order: u8| orders.iter().position(|o| *o == order).map_or(1, |i| i as u8 + 1);
    let first = found.iter().position(|h| is_ranked(&h));
    let last = found.iter().rposition(|h| is_ranked(&h));
    let mut out: Vec<u8> = Vec::with_capacity(found.len());
    for (i, heading) in found.iter().enumerate() {
        let is_between = first.is_some_and(|f| i > f) && last.is_some_and(|l| i < l);
        out.push(match heading.origin {
            Origin::Named | Origin::Listed if is_between => beside(found, i, &level),
            Origin::Named | Origin::Listed => 1,
            _ => level(heading.order),
        });
    }
    out
}

/// The level of the next ranked heading: an interlude stands beside the chapters around it.
fn beside(found: &[Heading], i: usize, level: &impl Fn(u8) -> u8) -> u8 {
    let next = found.iter().skip(i + 1).find(|h| !matches!(h.origin, Origin::Named | Origin::Listed));
    next.map_or(1, |h| level(h.order))
}

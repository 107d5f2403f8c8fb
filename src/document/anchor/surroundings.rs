//! What stands further off around a place: a sketch of it, by which one of several equal passages
//! is told from the others.
//!
//! On each side every 32nd pair of words is kept, as a hash. Where a text was edited most of them
//! are still there, at about the same distance; around another passage, even one near by, they
//! are not.

use std::fmt;

use crate::text::words::{Word, Words};

/// Words on each side next to the place that are not in the sketch: they are kept themselves.
const NEAR: usize = 20;
/// Words from one pair to the next.
const STEP: usize = 32;
/// Pairs kept of each side: together they reach further than a passage that is repeated is long.
const KEPT: usize = 12;
/// Pairs from which on a sketch tells something.
const KEPT_MIN: usize = 8;
/// Hexadecimal digits of a hash, and the bits that they have.
const DIGITS: usize = 6;
const BITS: u32 = 24;
/// How much it says that a pair is at its distance; the rest, that it is there at all.
const AT_DISTANCE: f32 = 0.7;

/// A sketch. Empty where there is too little text, or where it was never made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Before the place, the nearest first.
    before: Vec<u32>,
    /// After it.
    after: Vec<u32>,
}

impl Surroundings {
    /// The sketch around a stretch of a text, from byte `from` to byte `to`.
    pub fn of(text: &str, from: usize, to: usize) -> Surroundings {
        // Twelve bytes hold a word and a space in nearly all languages.
        let bytes = (NEAR + STEP * KEPT) * 12;
        let low = text.ceil_char_boundary(from.saturating_sub(bytes));
        let high = text.floor_char_boundary(to.saturating_add(bytes).min(text.len()));
        let before = Words::of(text.get(low..from).unwrap_or_default());
        let after = Words::of(text.get(to..high).unwrap_or_default());
        let every = |pairs: &mut dyn Iterator<Item = u32>| pairs.skip(NEAR).step_by(STEP).take(KEPT).collect();
        let sketch =
            Surroundings { before: every(&mut pairs(before.words()).rev()), after: every(&mut pairs(after.words())) };
        if sketch.before.len() + sketch.after.len() < KEPT_MIN { Surroundings::default() } else { sketch }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// How much of the sketch stands around the words from `first` to `last` of a text, 0 to 1.
    /// `None` where nothing is known.
    pub fn share(&self, words: &[Word], first: usize, last: usize) -> Option<f32> {
        if self.is_empty() {
            return None;
        }
        let reach = NEAR + slack(NEAR + STEP * KEPT) + STEP * KEPT;
        let before = words.get(first.saturating_sub(reach)..first.min(words.len())).unwrap_or_default();
        let after = words.get((last + 1).min(words.len())..(last + 1 + reach).min(words.len())).unwrap_or_default();
        let found = side(&self.before, pairs(before).rev()) + side(&self.after, pairs(after));
        Some(found / (self.before.len() + self.after.len()) as f32)
    }
}

/// How much of one side is there among the pairs of a text, the nearest first.
fn side(kept: &[u32], pairs: impl Iterator<Item = u32>) -> f32 {
    // What is known of each pair: nothing, that it is there, that it is there at its distance.
    let mut found = [0f32; KEPT];
    for (distance, hash) in pairs.enumerate() {
        for ((i, kept), found) in kept.iter().enumerate().zip(&mut found) {
            if *kept == hash {
                let expected = NEAR + i * STEP;
                let is_near = distance.abs_diff(expected) <= slack(expected);
                *found = found.max(if is_near { 1.0 } else { 1.0 - AT_DISTANCE });
            }
        }
    }
    found.iter().sum()
}

/// Words by which a pair may be nearer or further off than it was.
fn slack(distance: usize) -> usize {
    4 + distance / 8
}

fn pairs(words: &[Word]) -> impl DoubleEndedIterator<Item = u32> {
    words.windows(2).map(|pair| (super::text::hash(pair) >> (64 - BITS)) as u32)
}

/// Hexadecimal digits, six a hash: those before the place, a hyphen, those after it.
impl fmt::Display for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return Ok(());
        }
        self.before.iter().try_for_each(|hash| write!(f, "{hash:0DIGITS$x}"))?;
        f.write_str("-")?;
        self.after.iter().try_for_each(|hash| write!(f, "{hash:0DIGITS$x}"))
    }
}

/// Reads what is written; what is none gives an empty one.
impl From<&str> for Surroundings {
    fn from(text: &str) -> Surroundings {
        let hashes = |text: &str| {
            let digits = text.as_bytes().chunks(DIGITS).take(KEPT).map(|chunk| std::str::from_utf8(chunk).ok());
            digits.map(|digits| u32::from_str_radix(digits?, 16).ok()).collect::<Option<Vec<u32>>>()
        };
        let sides = text.split_once('-').and_then(|(before, after)| Some((hashes(before)?, hashes(after)?)));
        sides.map(|(before, after)| Surroundings { before, after }).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: impl Iterator<Item = usize>) -> String {
        words.fold(String::new(), |text, word| text + "word" + &word.to_string() + " ")
    }

    #[test]
    fn one_of_two_equal_passages_is_told_by_what_stands_around() {
        let [one, other] = [text(0..600), text(2000..2600)];
        let (passage, whole) = ("the same words here ", format!("{one}the same words here {one}"));
        let sketch = Surroundings::of(&whole, one.len(), one.len() + passage.len());
        // Every tenth word is gone.
        let edited = text((0..600).filter(|word| word % 10 > 0));
        let both = Words::of(&format!("{other}{passage}{other}{edited}{passage}{edited}"));
        let share = |first: usize| sketch.share(both.words(), first, first + 3).unwrap();
        let (there, elsewhere, near) = (share(1204 + 540), share(600), share(1204 + 440));
        assert!(there > 0.6 && elsewhere < 0.1 && near < there / 2.0, "{there} {elsewhere} {near}");
    }

    #[test]
    fn a_little_text_says_nothing() {
        assert_eq!(Surroundings::of("a few words", 2, 5), Surroundings::default());
        assert_eq!(Surroundings::default().share(Words::of("a few words").words(), 0, 1), None);
    }

    #[test]
    fn sketches_come_back() {
        let sketch = Surroundings::of(&text(0..900), 4000, 4100);
        assert_eq!((sketch.before.len(), sketch.after.len()), (KEPT, KEPT));
        assert_eq!(Surroundings::from(sketch.to_string().as_str()), sketch);
        for odd in ["", "-", "x", "00000g-", "ää-ää"] {
            assert_eq!(Surroundings::from(odd), Surroundings::default(), "{odd}");
        }
    }
}

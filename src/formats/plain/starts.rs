//! The first letters of the words of a list: most words of a text are told by them that they are not
//! in it.
//!
//! It knows letters of ASCII. Of all other words it says that they may be in the list.

use foldhash::HashSet;

/// Letters by which words are told.
const LETTERS: usize = 3;

/// The first letters of some words.
#[derive(Debug)]
pub(super) struct Starts(HashSet<u32>);

impl Starts {
    /// Those of these words, which are in small letters.
    pub(super) fn of<'a>(words: impl Iterator<Item = &'a str>) -> Starts {
        Starts(words.filter_map(start).collect())
    }

    /// Whether a text may begin with one of the words, in whatever letters. One that does not begin with two
    /// letters of ASCII may.
    pub(super) fn may_open(&self, text: &str) -> bool {
        start(text).is_none_or(|own| own < 1 << 8 || self.0.contains(&own))
    }
}

/// The first letters of a word, made small, as one number. `None` where one of them is not ASCII.
fn start(word: &str) -> Option<u32> {
    let mut own = 0;
    for byte in word.bytes().take(LETTERS) {
        if !byte.is_ascii() {
            return None;
        }
        if !byte.is_ascii_alphabetic() {
            break;
        }
        own = own << 8 | u32::from(byte.to_ascii_lowercase());
    }
    Some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_by_their_first_letters() {
        let starts = Starts::of(["chapter", "to", "über", "o"].into_iter());
        for (text, may) in [
            ("Chapter I", true),
            ("CHAPEL", true),
            ("chest", false),
            ("To be", true),
            ("Tom", false),
            ("to", true),
            ("Über", true),
            ("a", true),
            ("", true),
            ("12", true),
        ] {
            assert_eq!(starts.may_open(text), may, "{text}");
        }
    }
}

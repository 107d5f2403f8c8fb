//! The first letters of the words of a list: most words of a text are told by them that they are not
//! in it.
//!
//! It knows letters of ASCII. Of all other words it says that they may be in the list.

/// Letters by which words are told.
const LETTERS: usize = 3;
/// Bits of a letter: its number in the alphabet, and 0 after the end of a word.
const BITS: usize = 5;

/// The first letters of some words: a bit for each start that there can be.
#[derive(Debug)]
pub(super) struct Starts([u64; (1 << (BITS * LETTERS)) / u64::BITS as usize]);

impl Starts {
    /// Those of these words, which are in small letters.
    pub(super) fn of<'a>(words: impl Iterator<Item = &'a str>) -> Starts {
        let mut own = Starts([0; _]);
        for start in words.filter_map(start) {
            if let Some(bits) = own.0.get_mut(start / u64::BITS as usize) {
                *bits |= 1 << (start % u64::BITS as usize);
            }
        }
        own
    }

    /// Whether a text may begin with one of the words, in whatever letters. One that does not begin with two
    /// letters of ASCII may.
    #[inline]
    pub(super) fn may_open(&self, text: &str) -> bool {
        start(text).is_none_or(|start| {
            let is_alone = start >> BITS & ((1 << BITS) - 1) == 0;
            let bits = self.0.get(start / u64::BITS as usize).copied().unwrap_or(0);
            is_alone || bits >> (start % u64::BITS as usize) & 1 != 0
        })
    }
}

/// The first letters of a word, in whatever case, as one number. `None` where one of them is not ASCII.
#[inline]
fn start(word: &str) -> Option<usize> {
    let mut own = 0;
    let mut letters = word.bytes().take(LETTERS);
    for place in (0..LETTERS).rev() {
        match letters.next() {
            Some(byte) if byte.is_ascii_alphabetic() => own |= usize::from(byte & 0x1F) << (BITS * place),
            Some(byte) if !byte.is_ascii() => return None,
            _ => break,
        }
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

//! Words as they are compared where texts of different origin meet: compatibility forms, case,
//! punctuation and white space do not count; letters and digits do.
//!
//! "Normalised" means NFKC, full case folding, letters and digits only; soft hyphens, apostrophes
//! and hyphens at the end of a line are not there. In scripts that are written without spaces
//! every character is a word. It must not know what the words are compared for.

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_width::UnicodeWidthChar;

/// Letters of a word beyond which it weighs no more.
const WEIGHT_MAX: u32 = 10;
/// What a character weighs that is a word by itself.
const WEIGHT_ALONE: u32 = 3;
/// Bytes of a text for each of its words: a language has five to seven. The scripts that are written
/// without spaces have three; their texts make more room for themselves.
const BYTES: usize = 5;
/// Starting value and factor of FNV-1a with 64 bits.
const FNV: (u64, u64) = (0xCBF2_9CE4_8422_2325, 0x0100_0000_01B3);

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// A hash of its normalised letters.
    pub hash: u32,
    /// Where it begins in the text that was added, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Its first letter and, in the lowest bits, its weight: a long text has millions of words.
    letter_and_weight: u32,
}

/// Bits of the weight of a word.
const WEIGHT_BITS: u32 = 4;

impl Word {
    /// Its first letter among all letters.
    pub fn letter(self) -> u32 {
        self.letter_and_weight >> WEIGHT_BITS
    }

    /// How much it says: its letters, within bounds.
    pub fn weight(self) -> u32 {
        self.letter_and_weight & ((1 << WEIGHT_BITS) - 1)
    }
}

/// Normalised text: its words, and the letters of all words one after the other, up to 2²⁸ of
/// them.
#[derive(Clone, Debug)]
pub struct Words {
    list: Vec<Word>,
    letters: Vec<u8>,
    hash: u64,
}

impl Default for Words {
    fn default() -> Words {
        Words { list: Vec::new(), letters: Vec::new(), hash: FNV.0 }
    }
}

/// What a character is to a word.
enum Class {
    Letter,
    Alone,
    /// Of no width: goes with the letter before it.
    Mark,
    /// An apostrophe: not there, and no end of a word.
    Joiner,
    Hyphen,
    Line,
    Other,
}

impl Words {
    /// Nothing yet, with room for the words of so many bytes of text.
    pub fn with_room(bytes: usize) -> Words {
        Words { list: Vec::with_capacity(bytes / BYTES), letters: Vec::with_capacity(bytes), ..Words::default() }
    }

    /// The words of a text.
    pub fn of(text: &str) -> Words {
        let mut words = Words::default();
        words.add(text);
        words
    }

    /// Adds the words of a text. Their bytes count from the start of this text.
    pub fn add(&mut self, text: &str) {
        let mut word: Option<(usize, usize)> = None;
        let mut is_alone = false;
        // 1 after a hyphen, 2 after a hyphen and the end of a line.
        let mut hyphen = 0;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            let was = std::mem::take(&mut hyphen);
            match class(c) {
                Class::Letter if !is_alone && was != 1 => word = Some((word.map_or(at, |(start, _)| start), end)),
                Class::Letter => {
                    self.end_word(text, word.replace((at, end)), is_alone);
                    is_alone = false;
                }
                Class::Alone => {
                    self.end_word(text, word.replace((at, end)), is_alone);
                    is_alone = true;
                }
                Class::Mark => word = word.map(|(start, _)| (start, end)),
                Class::Joiner if word.is_some() => {}
                Class::Hyphen if word.is_some() && !is_alone => hyphen = 1,
                Class::Line if was == 1 => hyphen = 2,
                Class::Joiner | Class::Hyphen | Class::Line | Class::Other => {
                    self.end_word(text, word.take(), is_alone);
                    is_alone = false;
                }
            }
        }
        self.end_word(text, word, is_alone);
    }

    /// Forgets the words, but not the hash of all letters so far.
    pub fn clear(&mut self) {
        self.list.clear();
        self.letters.clear();
    }

    /// The words, in order.
    pub fn words(&self) -> &[Word] {
        &self.list
    }

    /// Letters in all, and a hash of them that does not depend on where words end.
    pub fn sum(&self) -> (u32, u64) {
        (self.letters.len() as u32, self.hash)
    }

    /// All letters, a byte each: equal letters have equal bytes, and others nearly never.
    pub fn letters(&self) -> &[u8] {
        &self.letters
    }

    /// The letters of a word.
    pub fn letters_of(&self, index: usize) -> &[u8] {
        let start = self.list.get(index).map_or(0, |word| word.letter() as usize);
        let end = self.list.get(index + 1).map_or(self.letters.len(), |word| word.letter() as usize);
        self.letters.get(start..end).unwrap_or_default()
    }

    /// Letters before a byte of the text that was added, `text`.
    pub fn letters_before(&self, text: &str, at: usize) -> u32 {
        let begun = self.list.partition_point(|word| (word.start as usize) < at);
        let Some(last) = begun.checked_sub(1).and_then(|index| self.list.get(index)) else { return 0 };
        // The last word may be cut.
        let part = text.get(last.start as usize..at).unwrap_or_default();
        last.letter() + Words::of(part).sum().0
    }

    fn end_word(&mut self, text: &str, range: Option<(usize, usize)>, is_alone: bool) {
        let Some((start, end)) = range else { return };
        let Some(raw) = text.get(start..end) else { return };
        let letter = self.letters.len() as u32;
        let mut hash = FNV.0;
        let mut put = |c: char| {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(FNV.1);
                self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(FNV.1);
            }
            // ASCII as it is, all others in the upper half.
            let byte = if c.is_ascii() { c as u8 } else { (u32::from(c).wrapping_mul(0x9E37_79B1) >> 25) as u8 | 0x80 };
            self.letters.push(byte);
        };
        if raw.is_ascii() {
            raw.bytes().filter(u8::is_ascii_alphanumeric).for_each(|byte| put(char::from(byte.to_ascii_lowercase())));
        } else {
            let forms = ComposingNormalizerBorrowed::new_nfkc();
            let folded = forms.normalize_iter(raw.chars()).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
            folded.filter(|c| c.is_alphanumeric()).for_each(put);
        }
        let letters = self.letters.len() as u32 - letter;
        if letters > 0 {
            let weight = if is_alone { WEIGHT_ALONE } else { letters.min(WEIGHT_MAX) };
            let hash = (hash ^ (hash >> 32)) as u32;
            let letter_and_weight = letter << WEIGHT_BITS | weight;
            self.list.push(Word { hash, start: start as u32, end: end as u32, letter_and_weight });
        }
    }
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Letter,
        '\'' | '\u{2019}' | '\u{2BC}' => Class::Joiner,
        '-' | '\u{2010}' => Class::Hyphen,
        '\n' => Class::Line,
        _ if c.is_ascii() => Class::Other,
        _ if c.is_alphanumeric() && c.width() != Some(0) => {
            if stands_alone(c) {
                Class::Alone
            } else {
                Class::Letter
            }
        }
        // The soft hyphen, joiners and all combining marks.
        _ if c == '\u{AD}' || c.width() == Some(0) => Class::Mark,
        _ => Class::Other,
    }
}

/// Whether a letter belongs to a script that is written without spaces.
fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = Words::of(text);
        let raw: Vec<&str> =
            found.words().iter().map(|w| text.get(w.start as usize..w.end as usize).unwrap()).collect();
        assert_eq!(raw, expected, "{text:?}");
    }

    #[track_caller]
    fn check_equal(a: &str, b: &str) {
        let hashes = |text| Words::of(text).words().iter().map(|word| word.hash).collect::<Vec<_>>();
        assert_eq!(hashes(a), hashes(b), "{a:?} {b:?}");
        assert_eq!(Words::of(a).sum(), Words::of(b).sum());
    }

    #[test]
    fn words_of_every_script_are_parted() {
        check("", &[]);
        check("“Don’t!” — she\tsaid 12.", &["Don’t", "she", "said", "12"]);
        check("well-known exam-\nple", &["well", "known", "exam-\nple"]);
        check("a日本語 b", &["a", "日", "本", "語", "b"]);
        check("ที่", &["ที่"]);
        check("한국어 책", &["한국어", "책"]);
        check("e\u{301}te\u{AD}ra", &["e\u{301}te\u{AD}ra"]);
        check("dogs’ ‘tails’", &["dogs’".trim_end_matches('’'), "tails"]);
    }

    #[test]
    fn form_does_not_count() {
        check_equal("Don’t “stop” — now", "DON'T stop -- now!");
        check_equal("e\u{301}tude of\u{FB01}ce", "ÉTUDE office");
        check_equal("Straße ΟΔΟΣ", "STRASSE οδος");
        check_equal("ex\u{AD}ample", "example");
        check_equal("Ｗｉｄｅ", "wide");
    }

    proptest! {
        #[test]
        fn letters_before_a_place_are_those_of_the_text_before_it(text in "([a-zß日한é\u{301}\u{AD}'’ \n-]|\\PC){0,40}") {
            let words = Words::of(&text);
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                prop_assert_eq!(words.letters_before(&text, at), Words::of(text.get(..at).unwrap()).sum().0, "{}", at);
            }
        }

        #[test]
        fn any_text_has_words_in_order(text in "\\PC*") {
            let words = Words::of(&text);
            let mut last = 0;
            for word in words.words() {
                prop_assert!(word.start >= last && word.start < word.end && word.end as usize <= text.len());
                prop_assert!(text.is_char_boundary(word.start as usize) && text.is_char_boundary(word.end as usize));
                last = word.end;
            }
        }
    }
}

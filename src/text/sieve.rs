//! Whether a text can have a match at all, by a look that is far quicker than the search itself.
//!
//! The look works on the text before it is cleaned and re-flowed, so that whole stretches of a
//! document need not be. It may say yes where there is no match, but **never no where there is
//! one**: cleaning and re-flowing take out or put in white space, marks and punctuation only, no
//! letter is lost, and none moved except at page breaks, which always pass. So the letters of a match stand in the raw text in the same order with
//! nothing but such things between them, and letters of ASCII stand side by side unless a
//! character that is not ASCII is at work.

use aho_corasick::{Span, packed};
use memchr::memmem::Finder;
use unicode_width::UnicodeWidthChar;

use super::pattern::{Folding, fold_char};

/// Letters of ASCII that are looked for in all their cases, at most: 2 to the power of this many
/// needles.
const PROBE_LETTERS: usize = 3;
/// Bytes of letters that are looked through together, at least.
const LETTERS: usize = 4096;
/// Letters from the rarest to the most frequent, in texts of the languages that use them most.
const RARE_FIRST: &[u8] = b"qjxz0123456789kwvybpfgmuchdlosnraite";

/// What a text must have to have a match.
#[derive(Debug)]
pub(super) struct Sieve {
    folding: Folding,
    word: Option<Word>,
    /// The letters of the pattern, folded, without what stands between them.
    letters: Finder<'static>,
}

impl Sieve {
    /// A sieve for a folded pattern.
    pub fn new(needle: &str, folding: Folding) -> Sieve {
        let mut letters = String::new();
        needle.chars().filter(|c| is_letter(*c)).for_each(|c| letters.push(c));
        let words = needle.split(|c: char| !c.is_ascii_alphanumeric());
        let word = words.max_by_key(|word| word.len()).filter(|word| word.len() > 1);
        Sieve {
            folding,
            word: word.and_then(|word| Word::new(word, folding)),
            letters: Finder::new(letters.as_bytes()).into_owned(),
        }
    }

    /// Whether a raw text, before it is cleaned and re-flowed, may have a match.
    pub fn lets_through(&self, raw: &str) -> bool {
        if let Some(word) = &self.word {
            if word.is_in(raw.as_bytes()) {
                return true;
            }
            if !has_live(raw) {
                return false;
            }
        }
        // Where a sentence goes on over a page break, the foot and head of the page are moved behind it.
        raw.contains('\u{c}') || self.letters.needle().is_empty() || self.has_letters(raw)
    }

    /// Whether a text, folded, has the letters one behind the other, whatever stands between them.
    fn has_letters(&self, raw: &str) -> bool {
        // Pieces of a few kilobytes: a section may be long, and several threads may look at one each.
        let tail = self.letters.needle().len().saturating_sub(1);
        let room = tail + LETTERS.max(tail);
        let mut piece: Vec<u8> = Vec::with_capacity(room);
        let mut folded = String::new();
        for c in raw.chars() {
            self.add_letters(c, &mut folded, &mut piece);
            if piece.len() >= room {
                if self.letters.find(&piece).is_some() {
                    return true;
                }
                piece.drain(..piece.len() - tail);
            }
        }
        self.letters.find(&piece).is_some()
    }

    /// Adds what a character has of letters, folded. `folded`: room to fold in.
    fn add_letters(&self, c: char, folded: &mut String, out: &mut Vec<u8>) {
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                out.push(if self.folding.case { c.to_ascii_lowercase() } else { c } as u8);
            }
            return;
        }
        folded.clear();
        fold_char(c, self.folding, folded);
        for c in folded.chars().filter(|c| is_letter(*c)) {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// What counts as a letter: what neither cleaning nor re-flowing nor folding takes out.
fn is_letter(c: char) -> bool {
    // Characters without a width are stacked on others, and too many of them are dropped.
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() && c.width() != Some(0) }
}

/// Whether a text has a character that is not ASCII and can be part of a word of ASCII: by being
/// folded to ASCII, or by being taken out.
fn has_live(raw: &str) -> bool {
    const CHUNK: usize = 64;
    let bytes = raw.as_bytes();
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..(at + CHUNK).min(bytes.len())).filter(|chunk| !chunk.is_empty()) {
        let Some(first) = (if chunk.is_ascii() { None } else { chunk.iter().position(|b| !b.is_ascii()) }) else {
            at += chunk.len();
            continue;
        };
        at += first;
        // Characters that are not ASCII come in flocks.
        for c in raw.get(at..).unwrap_or_default().chars().take_while(|c| !c.is_ascii()) {
            if !is_inert(c) {
                return true;
            }
            at += c.len_utf8();
        }
    }
    false
}

/// Characters that stay in the text as they are and are folded to nothing of ASCII but signs: the
/// marks of print, and the letters of the scripts that most texts are in.
fn is_inert(c: char) -> bool {
    matches!(c,
        '\u{2010}'..='\u{2027}' | '\u{4E00}'..='\u{9FFF}' | '\u{391}'..='\u{3CE}' | '\u{400}'..='\u{482}'
        | '\u{48A}'..='\u{52F}' | '\u{5D0}'..='\u{5EA}' | '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}'
        | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FE}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{FFFD}')
        || matches!(c, '\u{A0}'..='\u{BF}'
            if !matches!(c, '\u{AA}' | '\u{AD}' | '\u{B2}' | '\u{B3}' | '\u{B9}' | '\u{BA}' | '\u{BC}'..='\u{BE}'))
}

/// A run of letters and digits of ASCII, in any case or exactly as it is.
#[derive(Debug)]
enum Word {
    Exact(Finder<'static>),
    AnyCase {
        word: Vec<u8>,
        /// Its rarest few letters in every case.
        probe: packed::Searcher,
        /// Where in the word they stand.
        offset: usize,
    },
}

impl Word {
    /// `None` where the machine has no instructions to look for several letters at once.
    fn new(word: &str, folding: Folding) -> Option<Word> {
        if !folding.case {
            return Some(Word::Exact(Finder::new(word.as_bytes()).into_owned()));
        }
        let word = word.as_bytes();
        let rank = |letter: &u8| RARE_FIRST.iter().position(|l| l == letter).unwrap_or(0);
        let places = word.windows(PROBE_LETTERS.min(word.len())).enumerate();
        let (offset, letters) = places.min_by_key(|(_, letters)| letters.iter().map(rank).sum::<usize>())?;
        let mut cases: Vec<Vec<u8>> = vec![Vec::new()];
        for letter in letters {
            let upper = letter.to_ascii_uppercase();
            let mut other = cases.clone();
            for case in &mut cases {
                case.push(*letter);
            }
            if upper != *letter {
                for case in &mut other {
                    case.push(upper);
                }
                cases.append(&mut other);
            }
        }
        let probe = packed::Config::new().builder().extend(&cases).build()?;
        Some(Word::AnyCase { word: word.to_vec(), probe, offset })
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        match self {
            Word::Exact(finder) => finder.find(bytes).is_some(),
            Word::AnyCase { word, probe, offset } => {
                let mut rest = Span { start: 0, end: bytes.len() };
                while let Some(found) = probe.find_in(bytes, rest) {
                    let start = found.start().checked_sub(*offset);
                    let here = start.and_then(|start| bytes.get(start..start + word.len()));
                    if here.is_some_and(|here| here.eq_ignore_ascii_case(word)) {
                        return true;
                    }
                    rest.start = found.start() + 1;
                }
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{Pattern, clean};

    #[test]
    fn inert_characters_are_folded_to_no_letter_of_ascii_and_stay() {
        for c in ('\u{80}'..=char::MAX).filter(|c| is_inert(*c)) {
            for (case, accents) in [(false, false), (false, true), (true, false), (true, true)] {
                let mut folded = String::new();
                fold_char(c, Folding { case, accents }, &mut folded);
                assert!(!folded.is_empty() && !folded.chars().any(|c| c.is_ascii_alphanumeric()), "{c:?}");
            }
            assert_eq!(clean(&format!("a{c}b")).as_str(), format!("a{c}b"), "{c:?}");
        }
    }

    #[test]
    fn letters_are_the_same_before_and_after_cleaning() {
        let sieve = Sieve::new("x", Folding { case: true, accents: true });
        let letters = |text: &str| {
            let (mut folded, mut out) = (String::new(), Vec::new());
            text.chars().for_each(|c| sieve.add_letters(c, &mut folded, &mut out));
            out
        };
        // The planes in between are one script whose letters need no rule.
        for c in ('\0'..='\u{30000}').chain('\u{E0000}'..='\u{E0FFF}') {
            let raw = format!("a{c}b");
            assert_eq!(letters(&raw), letters(&clean(&raw)), "{c:?}");
        }
    }

    #[track_caller]
    fn check(query: &str, raw: &str, lets_through: bool) {
        assert_eq!(Pattern::new(query).unwrap().may_match(raw), lets_through, "{query:?} in {raw:?}");
    }

    #[test]
    fn what_cannot_match_is_held_back() {
        for raw in ["the whole of it", "den Wal sehen", "“It’s — whole…”", "кит, 鯨、 whal", "whale".split_at(4).0]
        {
            check("whale", raw, false);
        }
        check("Whale", "the whale", false);
        check("кит", "корабль и море", false);
        check("the whale", "the whole whales", true);
    }

    #[test]
    fn letters_may_stand_apart_in_the_raw_text() {
        check("don't", "DON’T", true);
        check("whale", "WhAle", true);
        check("whale", "wh\u{AD}\n   ale", true);
        check("whale", "wh\u{200B}ale", true);
        check("cafe", "Café", true);
        check("cafe", "cafe\u{301}_s_", true);
        check("find", "ﬁnd", true);
        check("ananas", "xnananas ananana", true);
        check("鯨魚", "鯨\n_魚_", true);
        check("--", "nothing that shows", true);
        // Beyond the first piece, and over the end of one.
        for before in LETTERS - 3..LETTERS + 9 {
            check("whale", &("é".repeat(before) + "wh\u{AD}ale"), true);
        }
        check("whale", &("é".repeat(3 * LETTERS) + "wh\u{AD}al"), false);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(
            query in "[a-cfi.1é一ё ]{1,4}",
            raw in "[a-cA-CfiéÉİﬁ…½“ß１Ａ一二ёЁК\u{212A}\\n\u{301}\u{AD}\u{200D}\u{FE0F}\u{309} ]{0,40}",
        ) {
            if let Some(pattern) = Pattern::new(&query) {
                let found = pattern.find_all(&clean(&raw));
                prop_assert!(found.is_empty() || pattern.may_match(&raw), "{:?}", found);
            }
        }
    }
}

//! Words of a paragraph, and the vocabulary of the text so far.
//!
//! Reading a paragraph gives [`Token`]s: where each word stands, what it can be, and what stands
//! before it. The vocabulary counts how each word is written (small, or capitalised inside a
//! sentence), which is how names are told from words once the whole text was seen.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::key::{key, letters};
use super::lexicon::{Traits, each_word};
use super::pairing::Span;
use super::table::Table;

/// Distinct words that are kept; those of a hostile text beyond it are strangers. The largest
/// novels have some 40,000.
const WORDS_MAX: usize = 1 << 20;
/// Bytes of a word that is looked up; longer ones are no words.
const WORD_BYTES_MAX: usize = 64;

/// A word of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct WordId(u32);

impl WordId {
    /// A word that was not kept.
    pub(super) const STRANGER: WordId = WordId(u32::MAX);
}

/// What stands between a word and the one before it, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap(u8);

impl Gap {
    pub(super) const COMMA: Gap = Gap(1);
    /// End of a sentence.
    pub(super) const STOP: Gap = Gap(1 << 1);
    pub(super) const COLON: Gap = Gap(1 << 2);
    pub(super) const DASH: Gap = Gap(1 << 3);
    /// A mark of quotation that opens or closes a span.
    pub(super) const MARK: Gap = Gap(1 << 4);
    /// Anything else but a space.
    pub(super) const OTHER: Gap = Gap(1 << 5);
    /// A full stop, which may only mark an abbreviation.
    pub(super) const POINT: Gap = Gap(1 << 6);
    pub(super) const SEMICOLON: Gap = Gap(1 << 7);

    pub(super) fn any(self, of: &[Gap]) -> bool {
        of.iter().any(|gap| self.0 & gap.0 != 0)
    }

    /// Only white space.
    pub(super) fn is_plain(self) -> bool {
        self.0 == 0
    }

    /// White space and perhaps one point.
    pub(super) fn is_abbreviation(self) -> bool {
        self.0 & !(Gap::POINT.0 | Gap::STOP.0) == 0
    }

    fn add(&mut self, gap: Gap) {
        self.0 |= gap.0;
    }

    /// What a character between words means.
    const fn of(c: char) -> Gap {
        match c {
            ',' | '、' | '，' => Gap::COMMA,
            '.' => Gap(Gap::STOP.0 | Gap::POINT.0),
            '!' | '?' | '…' | '。' | '！' | '？' => Gap::STOP,
            ':' | '：' => Gap::COLON,
            ';' | '；' => Gap::SEMICOLON,
            '—' | '–' | '―' => Gap::DASH,
            '(' | ')' | '[' | ']' | '/' | '*' => Gap::OTHER,
            c if is_mark(c) => Gap::MARK,
            _ => Gap(0),
        }
    }
}

/// What a byte of a text between words begins.
#[derive(Clone, Copy)]
enum Begins {
    /// A word: it is an ASCII letter or digit.
    Word,
    /// Nothing: it is a sign or a blank.
    Sign(Gap),
    /// A hyphen, of which two are a dash, or a character beyond ASCII.
    Other,
}

const BEGINS: [Begins; 256] = {
    let mut table = [Begins::Other; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b'-' => Begins::Other,
            _ if byte.is_ascii_alphanumeric() => Begins::Word,
            _ => Begins::Sign(Gap::of(byte as char)),
        };
        byte += 1;
    }
    table
};

/// How a word is written, and where, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look(u8);

impl Look {
    const CAPITAL: Look = Look(1);
    const UPPER: Look = Look(1 << 1);
    const INITIAL: Look = Look(1 << 2);
    const POSSESSIVE: Look = Look(1 << 3);
    const SPELLED: Look = Look(1 << 4);
    const OPENS: Look = Look(1 << 5);

    fn has(self, look: Look) -> bool {
        self.0 & look.0 != 0
    }

    /// This look, if it is so.
    fn only_if(self, is: bool) -> Look {
        Look(if is { self.0 } else { 0 })
    }

    fn with(self, other: Look) -> Look {
        Look(self.0 | other.0)
    }
}

/// A word in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// Bytes of the word, without a possessive 's.
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) traits: Traits,
    pub(super) word: WordId,
    /// The quoted span it stands in, [`NARRATION`] outside of all.
    pub(super) span: u16,
    /// What stands before it.
    pub(super) gap: Gap,
    look: Look,
}

/// The span of words outside of all spans.
pub(super) const NARRATION: u16 = u16::MAX;

impl Token {
    pub(super) fn is_narration(&self) -> bool {
        self.span == NARRATION
    }

    pub(super) fn any(&self, traits: Traits) -> bool {
        self.traits.any(traits)
    }

    pub(super) fn is_capital(&self) -> bool {
        self.look.has(Look::CAPITAL)
    }

    /// All letters, more than one, are capitals.
    pub(super) fn is_upper(&self) -> bool {
        self.look.has(Look::UPPER)
    }

    /// One letter, as in `J. Smith`.
    pub(super) fn is_initial(&self) -> bool {
        self.look.has(Look::INITIAL)
    }

    pub(super) fn is_possessive(&self) -> bool {
        self.look.has(Look::POSSESSIVE)
    }

    /// Letters with hyphens between, as words are spelled out or stammered.
    pub(super) fn is_spelled(&self) -> bool {
        self.look.has(Look::SPELLED)
    }

    pub(super) fn starts_sentence(&self) -> bool {
        self.look.has(Look::OPENS)
    }
}

/// A word of a text as a piece of the vocabulary.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    traits: Traits,
    /// Times it stood small.
    small: u32,
    /// Times it stood capitalised inside a sentence.
    capital: u32,
}

/// A word as it is written.
#[derive(Clone, Copy, Debug)]
struct Form {
    word: WordId,
    look: Look,
    /// Bytes without a possessive 's.
    len: usize,
}

/// All words of a text.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    /// By [`key`].
    words: Table<Word>,
    /// Words that are not of ASCII letters alone, by the key of what the text has.
    forms: HashMap<u64, Form>,
    /// Words read, and those of them that are common English.
    total: u64,
    english: u64,
    lower: String,
}

impl Vocabulary {
    /// The vocabulary of the lists.
    pub(super) fn new() -> Vocabulary {
        static LISTS: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::of_lists);
        LISTS.clone()
    }

    fn of_lists() -> Vocabulary {
        let mut own = Vocabulary {
            words: Table::default(),
            forms: HashMap::default(),
            total: 0,
            english: 0,
            lower: String::new(),
        };
        each_word(|word, traits| {
            let id = own.intern(word);
            if let Some(word) = own.words.get_mut(id.0) {
                word.traits |= traits;
            }
        });
        own
    }

    fn intern(&mut self, lower: &str) -> WordId {
        let key = key(lower.as_bytes());
        self.words.find(key).map_or_else(|| self.add(key, lower), WordId)
    }

    /// Adds a word, unless there are too many or it is none.
    fn add(&mut self, key: u64, lower: &str) -> WordId {
        if self.words.len() >= WORDS_MAX || lower.len() > WORD_BYTES_MAX {
            return WordId::STRANGER;
        }
        WordId(self.words.add(key, Word { traits: traits_of_form(lower), ..Word::default() }))
    }

    /// A word by its small letters.
    pub(super) fn find(&self, word: &str) -> WordId {
        let is_small = word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
        let key = if is_small { key(word.as_bytes()) } else { key(word.to_lowercase().as_bytes()) };
        self.words.find(key).map_or(WordId::STRANGER, WordId)
    }

    /// What a word can be.
    pub(super) fn traits(&self, word: WordId) -> Traits {
        self.words.get(word.0).map_or(Traits::NONE, |word| word.traits)
    }

    /// Whether the text writes the word as a name: capitalised inside sentences, and small in at
    /// most a third of its uses.
    pub(super) fn is_name_like(&self, word: WordId) -> bool {
        self.words.get(word.0).is_some_and(|word| {
            !word.traits.any(Traits::STOP | Traits::ABSTRACT)
                && word.small <= word.capital / 2
                && (word.capital > 0 || word.small == 0)
        })
    }

    /// How often the word stood capitalised inside a sentence.
    pub(super) fn capitals(&self, word: WordId) -> u32 {
        self.words.get(word.0).map_or(0, |word| word.capital)
    }

    /// Whether the text is English. Running English has 45 to 55 of these in a hundred words,
    /// its neighbours below 12.
    pub(super) fn is_english(&self) -> bool {
        self.english * 100 >= self.total * 22
    }

    /// Reads a paragraph whose quoted spans are known.
    pub(super) fn read(&mut self, text: &str, spans: &[Span], tokens: &mut Vec<Token>) {
        tokens.clear();
        let bytes = text.as_bytes();
        let mut gap = Gap(0);
        let mut spans = Spans::of(spans);
        let mut english = 0;
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            match BEGINS[usize::from(byte)] {
                Begins::Sign(sign) => {
                    gap.add(sign);
                    at += 1;
                    continue;
                }
                Begins::Word => {}
                Begins::Other => {
                    if let Some((sign, len)) = sign(text, at) {
                        gap.add(sign);
                        at += len;
                        continue;
                    }
                }
            }
            let (len, key) = letters(bytes, at);
            let letters_end = at + len;
            let end = if len == 0 || goes_on(bytes, letters_end) { word_end(text, letters_end) } else { letters_end };
            let own = || text.get(at..end).unwrap_or_default();
            let (word, look, bare_end) = if end == letters_end {
                // A word of ASCII letters, as nearly all are.
                let word = self.words.find(key).map_or_else(|| self.learn(key, own()), WordId);
                let look = if byte.is_ascii_uppercase() { capital(own().as_bytes()) } else { Look::default() };
                (word, look, end)
            } else {
                let Form { word, look, len } = self.form(own());
                (word, look, at + len)
            };
            let look = look.with(Look::OPENS.only_if(starts_sentence(gap, tokens.last())));
            let traits = self.count(word, look);
            english += u64::from(traits.any(Traits::ENGLISH));
            let span = spans.at(at);
            tokens.push(Token { start: at as u32, end: bare_end as u32, traits, word, span, gap, look });
            gap = Gap(0);
            at = end;
        }
        self.total += tokens.len() as u64;
        self.english += english;
    }

    /// A word of ASCII letters at its first use. `key` is that of its small letters.
    #[inline(never)]
    fn learn(&mut self, key: u64, word: &str) -> WordId {
        if word.len() > WORD_BYTES_MAX {
            return WordId::STRANGER;
        }
        let mut lower = std::mem::take(&mut self.lower);
        lower.clear();
        lower.push_str(word);
        lower.make_ascii_lowercase();
        let id = self.add(key, &lower);
        self.lower = lower;
        id
    }

    /// A word of any letters and signs: what it is, looked at once for each way that it is written.
    #[inline(never)]
    fn form(&mut self, written: &str) -> Form {
        let key = key(written.as_bytes());
        if let Some(form) = self.forms.get(&key) {
            return *form;
        }
        let form = self.new_form(written);
        if self.forms.len() < WORDS_MAX {
            self.forms.insert(key, form);
        }
        form
    }

    fn new_form(&mut self, written: &str) -> Form {
        let bare = written.strip_suffix(['s', 'S']).and_then(|stem| stem.strip_suffix(['\'', '’']));
        let word = bare.unwrap_or(written);
        let mut lower = std::mem::take(&mut self.lower);
        lower.clear();
        let is_word = word.len() <= WORD_BYTES_MAX;
        if is_word {
            lower.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
        }
        // "it's" and "that's" are words of their own.
        let mut is_possessive = bare.is_some();
        if is_possessive && matches!(lower.as_str(), "it" | "that" | "there" | "he" | "she" | "what" | "who" | "let") {
            lower.push_str("'s");
            is_possessive = false;
        }
        let id = if is_word { self.intern(&lower) } else { WordId::STRANGER };
        self.lower = lower;
        let mut look = Look::POSSESSIVE.only_if(is_possessive);
        // Only of capitalised words more is asked.
        if word.starts_with(char::is_uppercase) {
            let letters = word.chars().filter(|c| c.is_alphabetic()).count();
            let is_spelled = word.matches('-').count() > 2 || word.chars().nth(1) == Some('-');
            look = look
                .with(Look::CAPITAL)
                .with(Look::UPPER.only_if(letters > 1 && !word.chars().any(char::is_lowercase)))
                .with(Look::INITIAL.only_if(letters == 1 && !matches!(word, "I" | "A" | "O")))
                .with(Look::SPELLED.only_if(is_spelled));
        }
        Form { word: id, look, len: word.len() }
    }

    /// Counts a use of a word, and says what it can be.
    fn count(&mut self, word: WordId, look: Look) -> Traits {
        // At the head of a sentence and in capitals it is capitalised whatever it is.
        let is_name_like = look.0 & (Look::CAPITAL.0 | Look::UPPER.0 | Look::OPENS.0) == Look::CAPITAL.0;
        self.words.get_mut(word.0).map_or(Traits::NONE, |word| {
            word.small += u32::from(!look.has(Look::CAPITAL));
            word.capital += u32::from(is_name_like);
            word.traits
        })
    }
}

/// Spans of a paragraph, asked for in order.
struct Spans<'a> {
    /// Those that may come yet.
    rest: &'a [Span],
    /// The number of the first of them.
    number: u16,
    /// What holds all bytes up to a place: a span, or [`NARRATION`].
    here: u16,
    until: usize,
}

impl<'a> Spans<'a> {
    fn of(spans: &'a [Span]) -> Spans<'a> {
        Spans { rest: spans, number: 0, here: NARRATION, until: 0 }
    }

    /// The span that holds a byte, or [`NARRATION`].
    fn at(&mut self, byte: usize) -> u16 {
        while byte >= self.until {
            (self.here, self.until) = match self.rest {
                [] => (NARRATION, usize::MAX),
                [first, ..] if byte < first.start => (NARRATION, first.start),
                [first, rest @ ..] => {
                    self.rest = rest;
                    self.number = self.number.saturating_add(1);
                    ((self.number - 1).min(NARRATION - 1), first.end)
                }
            };
        }
        self.here
    }
}

/// What a word's form alone says.
fn traits_of_form(lower: &str) -> Traits {
    let (len, ends) = (lower.len(), |end: &str| lower.ends_with(end));
    // The last letter tells most words.
    match lower.as_bytes().last() {
        Some(b'd') if len > 4 && ends("ed") => Traits::ENDS_ED,
        Some(b'y') if len > 6 && (ends("ology") || ends("ography")) => Traits::ABSTRACT,
        Some(b'y') if len > 4 && ends("ly") => Traits::ENDS_LY,
        Some(b'm') if len > 6 && ends("ism") => Traits::ABSTRACT,
        Some(b'n') if len > 6 && ends("ation") => Traits::ABSTRACT,
        Some(b'l' | b'e' | b's') if ["-il", "-elle", "-je", "-ils", "-elles"].into_iter().any(ends) => Traits::INVERTED,
        _ => Traits::NONE,
    }
}

/// Whether what stands between two words ends a sentence.
fn starts_sentence(gap: Gap, last: Option<&Token>) -> bool {
    last.is_none_or(|last| {
        if gap.is_plain() {
            return false;
        }
        let abbreviates = last.is_initial() || last.any(Traits::SHORTENED) && last.is_capital();
        let ends = gap.any(&[Gap::STOP]) && !(gap.is_abbreviation() && gap.any(&[Gap::POINT]) && abbreviates);
        ends || gap.any(&[Gap::MARK]) && !gap.any(&[Gap::COMMA])
    })
}

/// What a hyphen or a character beyond ASCII means between words, and its bytes. `None` where it begins a word.
fn sign(text: &str, at: usize) -> Option<(Gap, usize)> {
    let Some(c) = char_at(text, at) else { return Some((Gap(0), 1)) };
    match c {
        '-' if text.as_bytes().get(..at).is_some_and(|before| before.ends_with(b"-")) => Some((Gap::DASH, 1)),
        c if c.is_alphanumeric() => None,
        c => Some((Gap::of(c), c.len_utf8())),
    }
}

/// The look of a word of ASCII that begins with a capital.
fn capital(word: &[u8]) -> Look {
    match word {
        [b'I' | b'A' | b'O'] => Look::CAPITAL,
        [_] => Look::CAPITAL.with(Look::INITIAL),
        // Nearly all go on with a small letter.
        [_, second, ..] if second.is_ascii_lowercase() => Look::CAPITAL,
        _ => {
            let letters = word.iter().filter(|b| b.is_ascii_alphabetic()).count();
            let is_upper = letters > 1 && !word.iter().any(u8::is_ascii_lowercase);
            Look::CAPITAL.with(Look::UPPER.only_if(is_upper)).with(Look::INITIAL.only_if(letters == 1))
        }
    }
}

/// Whether a word may go on at a byte that is no ASCII letter.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|b| matches!(b, b'\'' | b'-' | b'0'..=b'9' | 0x80..))
}

/// The character at a byte; most are ASCII, and then the byte is the character.
fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        Some(_) => text.get(at..)?.chars().next(),
        None => None,
    }
}

/// Where the word ends that goes on at a byte.
fn word_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = from;
    loop {
        while bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
            end += 1;
        }
        let Some(c) = char_at(text, end) else { return end };
        let next = end + c.len_utf8();
        let is_inside = !c.is_ascii() && (c.is_alphanumeric() || is_combining(c));
        if !is_inside && !joins(c, text.get(next..).unwrap_or_default()) {
            return end;
        }
        end = next;
    }
}

/// Whether a mark may stand around a quotation.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '‘'
            | '’'
            | '‚'
            | '\''
            | '「'
            | '」'
            | '『'
            | '』'
            | '＂'
    )
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Whether a sign between two letters is part of the word.
fn joins(c: char, rest: &str) -> bool {
    matches!(c, '\'' | '’' | '-') && rest.chars().next().is_some_and(char::is_alphanumeric)
}

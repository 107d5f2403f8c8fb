//! Words of a paragraph, and the vocabulary of the text so far.
//!
//! Reading a paragraph gives [`Token`]s: where each word stands, what it can be, and what stands
//! before it. The vocabulary counts how each word is written (small, or capitalised inside a
//! sentence), which is how names are told from words once the whole text was seen.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::key::{key, plain_word};
use super::lexicon::{Traits, each_word};

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
    fn of(c: char) -> Gap {
        match c {
            ',' | '、' | '，' => Gap::COMMA,
            '.' => Gap(Gap::STOP.0 | Gap::POINT.0),
            '!' | '?' | '…' | '。' | '！' | '？' => Gap::STOP,
            ':' | '：' => Gap::COLON,
            ';' | '；' => Gap::SEMICOLON,
            '—' | '–' | '―' => Gap::DASH,
            '(' | ')' | '[' | ']' | '/' | '*' => Gap::OTHER,
            _ => Gap(0),
        }
    }
}

/// A word in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// Bytes of the word, without a possessive 's.
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) word: WordId,
    pub(super) traits: Traits,
    /// What stands before it.
    pub(super) gap: Gap,
    pub(super) is_capital: bool,
    /// All letters, more than one, are capitals.
    pub(super) is_upper: bool,
    /// One letter, as in `J. Smith`.
    pub(super) is_initial: bool,
    pub(super) is_possessive: bool,
    /// Letters with hyphens between, as words are spelled out or stammered.
    pub(super) is_spelled: bool,
    pub(super) starts_sentence: bool,
    /// The quoted span it stands in, [`NARRATION`] outside of all.
    pub(super) span: u16,
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

/// All words of a text.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    /// By [`key`]: looked up for every word of a text, so that neither a hash of many steps nor a
    /// look at letters elsewhere may stand in the way.
    ids: HashMap<u64, u32>,
    words: Vec<Word>,
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
        let mut own =
            Vocabulary { ids: HashMap::default(), words: Vec::new(), total: 0, english: 0, lower: String::new() };
        each_word(|word, traits| {
            let id = own.intern(word);
            if let Some(word) = own.words.get_mut(id.0 as usize) {
                word.traits |= traits;
            }
        });
        own
    }

    fn intern(&mut self, lower: &str) -> WordId {
        let key = key(lower.as_bytes());
        if let Some(id) = self.ids.get(&key) {
            return WordId(*id);
        }
        if self.words.len() >= WORDS_MAX || lower.len() > WORD_BYTES_MAX {
            return WordId::STRANGER;
        }
        let id = self.words.len() as u32;
        self.ids.insert(key, id);
        self.words.push(Word { traits: traits_of_form(lower), ..Word::default() });
        WordId(id)
    }

    /// A word by its small letters.
    pub(super) fn find(&self, word: &str) -> WordId {
        self.ids.get(&key(word.to_lowercase().as_bytes())).map_or(WordId::STRANGER, |id| WordId(*id))
    }

    /// What a word can be.
    pub(super) fn traits(&self, word: WordId) -> Traits {
        self.words.get(word.0 as usize).map_or(Traits::NONE, |word| word.traits)
    }

    /// Whether the text writes the word as a name: capitalised inside sentences, and small in at
    /// most a third of its uses.
    pub(super) fn is_name_like(&self, word: WordId) -> bool {
        self.words.get(word.0 as usize).is_some_and(|word| {
            !word.traits.any(Traits::STOP | Traits::ABSTRACT)
                && word.small <= word.capital / 2
                && (word.capital > 0 || word.small == 0)
        })
    }

    /// How often the word stood capitalised inside a sentence.
    pub(super) fn capitals(&self, word: WordId) -> u32 {
        self.words.get(word.0 as usize).map_or(0, |word| word.capital)
    }

    /// Whether the text is English. Running English has 45 to 55 of these in a hundred words,
    /// its neighbours below 12.
    pub(super) fn is_english(&self) -> bool {
        self.english * 100 >= self.total * 22
    }

    /// Reads a paragraph whose quoted spans are known.
    pub(super) fn read(&mut self, text: &str, spans: &[(u32, u32)], tokens: &mut Vec<Token>) {
        tokens.clear();
        let bytes = text.as_bytes();
        let mut gap = Gap(0);
        let mut previous = ' ';
        let mut spans = Spans { rest: spans, number: 0 };
        let mut next = 0usize;
        while let Some(byte) = bytes.get(next).copied() {
            if byte == b' ' {
                previous = ' ';
                next += 1;
                continue;
            }
            let at = next;
            let (len, key) = plain_word(bytes, at);
            if len == 0 {
                let Some(c) = char_at(text, at) else { break };
                next = at + c.len_utf8();
                if !c.is_alphanumeric() {
                    if is_mark(c) {
                        gap.add(Gap::MARK);
                    }
                    gap.add(if c == '-' && previous == '-' { Gap::DASH } else { Gap::of(c) });
                    previous = c;
                    continue;
                }
            }
            let span = spans.at(at);
            // A word of ASCII letters and digits, as nearly all are, but not the first time.
            let is_plain = len > 0 && !goes_on(bytes, at + len);
            match self.ids.get(&key).filter(|_| is_plain) {
                Some(id) => {
                    next = at + len;
                    self.plain_token(bytes, (at, next), WordId(*id), gap, span, tokens);
                }
                None => {
                    next = word_end(text, (at + len).max(next));
                    let token = Token { span, ..self.token(text, at, next, gap, tokens.last()) };
                    self.count(token.word, token.is_capital, token.starts_sentence || token.is_upper);
                    tokens.push(token);
                }
            }
            gap = Gap(0);
            previous = 'a';
        }
        self.total += tokens.len() as u64;
        self.english += tokens.iter().filter(|token| token.any(Traits::ENGLISH)).count() as u64;
    }

    /// Adds a word of ASCII letters and digits that is known.
    fn plain_token(
        &mut self,
        bytes: &[u8],
        (at, end): (usize, usize),
        word: WordId,
        gap: Gap,
        span: u16,
        tokens: &mut Vec<Token>,
    ) {
        let own = bytes.get(at..end).unwrap_or_default();
        let is_capital = own.first().is_some_and(u8::is_ascii_uppercase);
        // Of small words less is asked.
        let letters = if is_capital { own.iter().filter(|b| b.is_ascii_alphabetic()).count() } else { 0 };
        let is_upper = letters > 1 && !own.iter().any(u8::is_ascii_lowercase);
        let starts_sentence = starts_sentence(gap, tokens.last());
        let traits = self.count(word, is_capital, starts_sentence || is_upper);
        tokens.push(Token {
            start: at as u32,
            end: end as u32,
            word,
            traits,
            gap,
            is_capital,
            is_upper,
            is_initial: letters == 1 && !matches!(own, b"I" | b"A" | b"O"),
            is_possessive: false,
            is_spelled: false,
            starts_sentence,
            span,
        });
    }

    fn token(&mut self, text: &str, at: usize, end: usize, gap: Gap, last: Option<&Token>) -> Token {
        let full = text.get(at..end).unwrap_or_default();
        let bare = full.strip_suffix(['s', 'S']).and_then(|stem| stem.strip_suffix(['\'', '’']));
        let word = bare.unwrap_or(full);
        let mut lower = std::mem::take(&mut self.lower);
        lower.clear();
        let is_ascii = word.is_ascii();
        if word.len() > WORD_BYTES_MAX {
            // No word.
        } else if is_ascii {
            lower.push_str(word);
            lower.make_ascii_lowercase();
        } else {
            lower.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
        }
        // "it's" and "that's" are words of their own.
        let mut is_possessive = bare.is_some();
        if is_possessive && matches!(lower.as_str(), "it" | "that" | "there" | "he" | "she" | "what" | "who" | "let") {
            lower.push_str("'s");
            is_possessive = false;
        }
        let id = self.intern(&lower);
        self.lower = lower;
        let first = word.chars().next().unwrap_or(' ');
        let is_capital = first.is_uppercase();
        // Only of capitalised words more is asked.
        let letters = if is_capital { word.chars().filter(|c| c.is_alphabetic()).count() } else { 0 };
        Token {
            start: at as u32,
            end: (at + word.len()) as u32,
            word: id,
            traits: self.traits(id),
            gap,
            is_capital,
            is_upper: letters > 1 && !word.chars().any(char::is_lowercase),
            is_initial: letters == 1 && !matches!(word, "I" | "A" | "O"),
            is_possessive,
            is_spelled: is_capital && (word.matches('-').count() > 2 || word.chars().nth(1) == Some('-')),
            starts_sentence: starts_sentence(gap, last),
            span: NARRATION,
        }
    }

    /// Counts a use of a word, and says what it can be. `is_open`: it would be capitalised here
    /// whatever it is.
    fn count(&mut self, word: WordId, is_capital: bool, is_open: bool) -> Traits {
        self.words.get_mut(word.0 as usize).map_or(Traits::NONE, |word| {
            word.small += u32::from(!is_capital);
            word.capital += u32::from(is_capital && !is_open);
            word.traits
        })
    }
}

/// Spans of a paragraph, asked for in order.
struct Spans<'a> {
    /// Those that may come yet.
    rest: &'a [(u32, u32)],
    /// The number of the first of them.
    number: u16,
}

impl Spans<'_> {
    /// The span that holds a byte, or [`NARRATION`].
    fn at(&mut self, byte: usize) -> u16 {
        while let [(_, end), rest @ ..] = self.rest
            && *end <= byte as u32
        {
            self.rest = rest;
            self.number = self.number.saturating_add(1);
        }
        let is_inside = self.rest.first().is_some_and(|(start, _)| *start <= byte as u32);
        if is_inside { self.number.min(NARRATION - 1) } else { NARRATION }
    }
}

/// What a word's form alone says.
fn traits_of_form(lower: &str) -> Traits {
    let ends = |ends: &[&str], longer_than: usize, traits| {
        let is = lower.len() > longer_than && ends.iter().any(|end| lower.ends_with(end));
        if is { traits } else { Traits::NONE }
    };
    ends(&["ed"], 4, Traits::ENDS_ED)
        | ends(&["ly"], 4, Traits::ENDS_LY)
        | ends(&["-il", "-elle", "-je", "-ils", "-elles"], 0, Traits::INVERTED)
        | ends(&["ology", "ography", "ism", "ation"], 6, Traits::ABSTRACT)
}

/// Whether what stands between two words ends a sentence.
fn starts_sentence(gap: Gap, last: Option<&Token>) -> bool {
    last.is_none_or(|last| {
        if gap.is_plain() {
            return false;
        }
        let abbreviates = last.is_initial || last.any(Traits::SHORTENED) && last.is_capital;
        let ends = gap.any(&[Gap::STOP]) && !(gap.is_abbreviation() && gap.any(&[Gap::POINT]) && abbreviates);
        ends || gap.any(&[Gap::MARK]) && !gap.any(&[Gap::COMMA])
    })
}

/// Whether a word may go on at a byte that is no ASCII letter.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|b| matches!(b, b'\'' | b'-') || !b.is_ascii())
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
pub(super) fn is_mark(c: char) -> bool {
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

//! What is looked for: the words of an anchor with the words around them.

use crate::text::words::{Word, Words};

use crate::document::Anchor;

use super::surroundings::Surroundings;

/// Words kept on each side of the quotation.
const AROUND: usize = 24;
/// Longest quotation that is looked for as one; of a longer one, its two ends are.
const QUOTE_MAX: usize = 96;
/// Words of each end of a longer one.
const END_WORDS: usize = 48;
/// A bare place has no words; these many after it stand for it.
const BARE_WORDS: usize = 8;

/// Words to be found.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    /// The normalised text that the words are of.
    folded: Words,
    /// Where the words of the pattern begin among those.
    first: usize,
    /// How many they are.
    count: usize,
    /// Words before the quotation.
    pub lead: usize,
    /// Words of the quotation.
    pub quote: usize,
    /// Which edges of the quotation it finds.
    pub edges: Edges,
    /// What stands between the edges of the quotation and those of its words.
    pub start: Edge,
    /// The same at the end.
    pub end: Edge,
    /// Where in the document it was, 0 to 1.
    pub fraction: f64,
    /// Hash of the block that it was in, and where in that the pattern begins, in words.
    pub block: Option<(u64, i64)>,
    /// What stood further off.
    pub around: Surroundings,
}

/// Edges of a quotation that a pattern finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edges {
    /// Both.
    #[default]
    Both,
    /// The start of a long one.
    Start,
    /// The end of a long one.
    End,
    /// A bare place before the words.
    Before,
    /// A bare place after the words, where none follow it.
    After,
}

/// An edge of a quotation beside the edge of its outermost word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// These signs stand between the two.
    Outside(String),
    /// It is so many characters inside the word.
    Inside(usize),
}

impl Default for Edge {
    fn default() -> Edge {
        Edge::Outside(String::new())
    }
}

impl Pattern {
    /// The patterns of an anchor: one, or two for a long quotation. None where it has no words.
    pub fn of(anchor: &Anchor) -> Vec<Pattern> {
        let (before, words) = (anchor.before.as_str(), anchor.words.as_str());
        let head = if anchor.tail.is_empty() { anchor.after.as_str() } else { "" };
        let text = [before, words, head].concat();
        let (from, to) = (before.len(), before.len() + words.len());
        let mut patterns = Vec::new();
        if words.is_empty() {
            patterns.extend(Pattern::cut(&text, from, to, Edges::Before));
            if patterns.is_empty() {
                patterns.extend(Pattern::cut(&text, from, to, Edges::After));
            }
        } else if anchor.tail.is_empty() {
            let whole = Pattern::cut(&text, from, to, Edges::Both);
            if whole.as_ref().is_some_and(|whole| whole.quote > QUOTE_MAX) {
                patterns.extend(Pattern::cut(&text, from, to, Edges::Start));
                patterns.extend(Pattern::cut(&text, from, to, Edges::End));
            } else {
                patterns.extend(whole);
            }
        } else {
            patterns.extend(Pattern::cut(&text, from, to, Edges::Start));
            let tail = [anchor.tail.as_str(), anchor.after.as_str()].concat();
            patterns.extend(Pattern::cut(&tail, 0, anchor.tail.len(), Edges::End));
        }
        for pattern in &mut patterns {
            pattern.fraction = anchor.fraction;
            pattern.around = anchor.around.clone();
            let first = i64::from(anchor.block_words) - pattern.lead as i64;
            let has_start = matches!(pattern.edges, Edges::Both | Edges::Start | Edges::Before);
            pattern.block = (has_start && anchor.block != 0).then_some((anchor.block, first));
        }
        patterns
    }

    fn cut(text: &str, from: usize, to: usize, edges: Edges) -> Option<Pattern> {
        let folded = Words::of(text);
        let words = folded.words();
        // Words of the quotation are those that have a letter in it.
        let mut first = words.partition_point(|word| word.end as usize <= from);
        let mut last = words.partition_point(|word| (word.start as usize) < to);
        match edges {
            Edges::Both => {}
            Edges::Start => last = last.min(first + END_WORDS),
            Edges::End => first = first.max(last.saturating_sub(END_WORDS)),
            Edges::Before => last = (first + BARE_WORDS).min(words.len()),
            Edges::After => (first, last) = (words.len().saturating_sub(BARE_WORDS), words.len()),
        }
        let (one, other) = (words.get(first)?, words.get(last.checked_sub(1)?)?);
        if last <= first {
            return None;
        }
        let start = match edges {
            Edges::Both | Edges::Start | Edges::Before => {
                edge(text, from, one.start as usize, from <= one.start as usize)
            }
            Edges::End | Edges::After => Edge::default(),
        };
        let end = match edges {
            Edges::Both | Edges::End | Edges::After => edge(text, to, other.end as usize, to >= other.end as usize),
            Edges::Start | Edges::Before => Edge::default(),
        };
        let begin = first.saturating_sub(AROUND);
        let count = (last + AROUND).min(words.len()) - begin;
        let (lead, quote) = (first - begin, last - first);
        Some(Pattern { first: begin, count, lead, quote, edges, start, end, folded, ..Pattern::default() })
    }

    /// The words, those around the quotation too.
    pub fn words(&self) -> &[Word] {
        self.folded.words().get(self.first..self.first + self.count).unwrap_or_default()
    }

    /// The letters of a word.
    pub fn letters_of(&self, word: usize) -> &[u8] {
        self.folded.letters_of(self.first + word)
    }

    /// All letters of the pattern.
    pub fn letters(&self) -> &[u8] {
        let from = self.words().first().map_or(0, |word| word.letter() as usize);
        let rest = self.folded.words().get(self.first + self.count);
        let to = rest.map_or(self.folded.letters().len(), |word| word.letter() as usize);
        self.folded.letters().get(from..to).unwrap_or_default()
    }

    /// The letters of the quotation, and how many letters of the pattern stand before them.
    pub fn quote_letters(&self) -> (&[u8], usize) {
        let letter = |word: usize| {
            self.words().get(word).map_or(self.letters().len(), |w| {
                (w.letter() - self.words().first().map_or(0, |first| first.letter())) as usize
            })
        };
        let (from, to) = (letter(self.lead), letter(self.lead + self.quote));
        (self.letters().get(from..to).unwrap_or_default(), from)
    }
}

/// The edge of a quotation at `at` beside the edge of a word at `word`.
fn edge(text: &str, at: usize, word: usize, is_outside: bool) -> Edge {
    let between = text.get(at.min(word)..at.max(word)).unwrap_or_default();
    if is_outside { Edge::Outside(between.to_owned()) } else { Edge::Inside(between.chars().count()) }
}

//! Parts of a text without headings: it is cut where its words change.
//!
//! Lexical cohesion in the manner of `TextTiling`: neighbouring groups of paragraphs are compared by
//! the words they share, weighted by how rare these are; where the likeness falls deepest, a part
//! ends. Parts are named by their first words. They are guesses and say so
//! ([`Entry::inferred`]). It knows blocks of text, and no format.

use std::collections::HashMap;

use crate::document::{Block, BlockKind, Entry, Outline, Position, Section, Target};
use crate::text::{clean_line, width};

/// A text beyond this is data, and not divided.
pub const BYTES_MAX: u64 = 32 << 20;
/// Why a part is one, in words for a reader.
pub const REASON: &str = "the words change here: a part by topic, no chapter";

/// A shorter text needs no parts: paragraphs and letters.
const PARAGRAPHS_MIN: usize = 40;
const CHARS_MIN: u64 = 15_000;
/// Units compared at most; in longer texts several paragraphs make a unit.
const UNITS_MAX: u64 = 700;
/// Paragraphs kept while reading; a text of more is no text for a reader.
const PARAGRAPHS_MAX: usize = 60_000;
/// Units compared on each side of a cut.
const WINDOW: usize = 4;
/// A cut is deeper than the mean by this share of the standard deviation.
const DEVIATIONS: f64 = 0.5;
/// Words in more than this share of units say nothing about a topic.
const COMMON: f64 = 0.4;
/// Letters of a word by which it is known: endings do not matter.
const STEM: usize = 5;
/// Parts at most, and what a part has at least and at most, in characters.
const PARTS_MAX: u64 = 60;
const PART_MIN: u64 = 1200;
const PART_MAX: u64 = 6000;
/// Columns of the words that name a part.
const TITLE_COLUMNS: usize = 48;

/// Reads the sections of a text in order, and divides it.
#[derive(Clone, Debug, Default)]
pub struct Topics {
    paragraphs: Vec<Paragraph>,
    /// Words of all paragraphs: key and count.
    words: Vec<(u32, u16)>,
    chars: u64,
    /// Characters in lines of verse, code and tables, and paragraphs that begin with a speaker.
    set: u64,
    spoken: usize,
}

/// The parts of a text whose markup has no headings.
#[derive(Clone, Debug, Default)]
pub struct Parts(Vec<Entry>);

impl Parts {
    /// The parts of what was read.
    pub fn new(topics: &Topics) -> Parts {
        Parts(topics.parts())
    }

    /// The parts of these sections.
    pub fn of<'a>(sections: impl Iterator<Item = &'a Section>) -> Parts {
        let mut topics = Topics::default();
        sections.for_each(|section| topics.section(section));
        Parts::new(&topics)
    }

    /// The outline of them; `None` where there are none.
    pub fn outline(&self) -> Option<Outline> {
        (!self.0.is_empty()).then(|| Outline::new(self.0.clone()))
    }

    /// Why each was taken.
    pub fn reasons(&self) -> Vec<String> {
        vec![REASON.to_owned(); self.0.len()]
    }
}

#[derive(Clone, Debug)]
struct Paragraph {
    place: Position,
    within: f32,
    chars: u64,
    /// Its words: where they begin in the list of all.
    words: usize,
    title: String,
}

/// Neighbouring paragraphs that are compared as one.
struct Unit {
    /// The first of them.
    paragraph: usize,
    chars: u64,
    /// Key and weight of its words, by key.
    words: Vec<(u32, f64)>,
}

impl Topics {
    /// Takes the next section.
    pub fn section(&mut self, section: &Section) {
        for (id, block) in section.numbered_blocks() {
            let text = section.block_text(id);
            let chars = text.chars().count() as u64;
            self.chars += chars;
            if !matches!(block.kind, BlockKind::Paragraph) {
                self.set += chars;
                continue;
            }
            self.paragraph(Position::new(section.id(), id, 0), section, block, text, chars);
        }
    }

    fn paragraph(&mut self, place: Position, section: &Section, block: &Block, text: &str, chars: u64) {
        if block.continues || self.paragraphs.len() >= PARAGRAPHS_MAX {
            if let Some(last) = self.paragraphs.last_mut() {
                last.chars += chars;
            }
            return;
        }
        self.spoken += usize::from(opens_with_speaker(text));
        let within = section.fraction(place) as f32;
        let title = width::opening(text, TITLE_COLUMNS);
        self.paragraphs.push(Paragraph { place, within, chars, words: self.words.len(), title });
        let mut counts: HashMap<u32, u16> = HashMap::new();
        each_word(text, |key| {
            let count = counts.entry(key).or_default();
            *count = count.saturating_add(1);
        });
        self.words.extend(counts);
    }

    /// The parts, none where the text is too short or is verse or a play.
    pub fn parts(&self) -> Vec<Entry> {
        let from = self.front();
        let paragraphs = self.paragraphs.get(from..).unwrap_or_default();
        let is_play = self.spoken * 3 > self.paragraphs.len();
        let is_set = self.set * 3 > self.chars;
        if paragraphs.len() < PARAGRAPHS_MIN || self.chars < CHARS_MIN || is_set || is_play {
            return Vec::new();
        }
        let units = self.units(from);
        let cuts = cuts(&units, self.chars);
        let starts = std::iter::once(0).chain(cuts);
        let paragraph = |unit: usize| units.get(unit).and_then(|u| self.paragraphs.get(u.paragraph));
        let entry = |p: &Paragraph| Entry {
            title: clean_line(&p.title),
            level: 1,
            target: Target::At(p.place),
            within: p.within,
            inferred: true,
        };
        starts.filter_map(paragraph).map(entry).filter(|e| !e.title.is_empty()).collect()
    }

    /// The paragraphs of the front (title, author, date) end where the first long one begins.
    fn front(&self) -> usize {
        self.paragraphs.iter().take(20).position(|p| p.chars >= 240).unwrap_or(0)
    }

    fn units(&self, from: usize) -> Vec<Unit> {
        let least = self.chars / UNITS_MAX;
        let mut units: Vec<Unit> = Vec::new();
        let mut counts: HashMap<u32, u32> = HashMap::new();
        let end = self.paragraphs.len();
        let mut first = from;
        let mut chars = 0;
        for (at, paragraph) in self.paragraphs.iter().enumerate().skip(from) {
            let next = self.paragraphs.get(at + 1).map_or(self.words.len(), |p| p.words);
            for (key, count) in self.words.get(paragraph.words..next).unwrap_or_default() {
                *counts.entry(*key).or_default() += u32::from(*count);
            }
            chars += paragraph.chars;
            if chars >= least || at + 1 == end {
                let mut words: Vec<(u32, f64)> =
                    counts.drain().map(|(key, count)| (key, 1.0 + f64::from(count).ln())).collect();
                words.sort_unstable_by_key(|(key, _)| *key);
                units.push(Unit { paragraph: first, chars, words });
                (first, chars) = (at + 1, 0);
            }
        }
        weigh(&mut units);
        units
    }
}

/// Gives each word the weight of its rarity; what is in one unit only, or in many, goes.
fn weigh(units: &mut [Unit]) {
    let mut frequency: HashMap<u32, u32> = HashMap::new();
    for (key, _) in units.iter().flat_map(|u| &u.words) {
        *frequency.entry(*key).or_default() += 1;
    }
    let all = units.len() as f64;
    for unit in units {
        unit.words.retain_mut(|(key, weight)| {
            let count = f64::from(frequency.get(key).copied().unwrap_or(1));
            *weight *= (all / count).ln();
            count >= 2.0 && count <= COMMON * all
        });
    }
}

/// The units that parts begin with, in order, the first of all not among them.
fn cuts(units: &[Unit], chars: u64) -> Vec<usize> {
    let likeness = smoothed(&(1..units.len()).map(|at| likeness(units, at)).collect::<Vec<_>>());
    let depths = depths(&likeness);
    let count = depths.len().max(1) as f64;
    let mean = depths.iter().sum::<f64>() / count;
    let deviation = (depths.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / count).sqrt();
    let least = PART_MIN.max(chars / (PARTS_MAX * 2));
    let most = PART_MAX.max(chars / (PARTS_MAX / 3));
    // Characters before each unit.
    let mut before: Vec<u64> = vec![0];
    for unit in units {
        before.push(before.last().copied().unwrap_or(0) + unit.chars);
    }
    let at = |unit: usize| before.get(unit).copied().unwrap_or(0);
    let end = at(units.len());
    let mut order: Vec<usize> = (1..units.len()).collect();
    let depth = |unit: usize| depths.get(unit - 1).copied().unwrap_or(0.0);
    order.sort_by(|a, b| depth(*b).total_cmp(&depth(*a)));
    let mut cuts: Vec<usize> = Vec::new();
    let room = |cuts: &[usize], unit: usize| {
        let near = |cut: usize| at(cut).abs_diff(at(unit)) < least || cut.abs_diff(unit) < 3;
        !near(0) && end - at(unit) >= least && units.len() - unit >= 3 && !cuts.iter().any(|c| near(*c))
    };
    for unit in order.iter().copied().take_while(|u| depth(*u) > mean + DEVIATIONS * deviation) {
        if cuts.len() as u64 + 1 < PARTS_MAX && room(&cuts, unit) {
            cuts.push(unit);
        }
    }
    // A part that is too long is cut where it falls deepest.
    for unit in order {
        let start = cuts.iter().copied().filter(|c| *c <= unit).max().unwrap_or(0);
        let stop = cuts.iter().copied().filter(|c| *c > unit).min().map_or(end, at);
        if (cuts.len() as u64) + 1 < PARTS_MAX && stop - at(start) > most && room(&cuts, unit) {
            cuts.push(unit);
        }
    }
    cuts.sort_unstable();
    cuts
}

/// How alike the words before and after a unit's start are: the cosine, 0 to 1.
fn likeness(units: &[Unit], at: usize) -> f64 {
    let sum = |units: &[Unit]| {
        let mut sum: HashMap<u32, f64> = HashMap::new();
        for (key, weight) in units.iter().flat_map(|u| &u.words) {
            *sum.entry(*key).or_default() += weight;
        }
        sum
    };
    let before = sum(units.get(at.saturating_sub(WINDOW)..at).unwrap_or_default());
    let after = sum(units.get(at..(at + WINDOW).min(units.len())).unwrap_or_default());
    // Sums in the order of keys: the same text gives the same parts on every machine.
    let mut shared: Vec<(u32, f64)> =
        before.iter().filter_map(|(key, a)| after.get(key).map(|b| (*key, a * b))).collect();
    shared.sort_unstable_by_key(|(key, _)| *key);
    let product: f64 = shared.iter().map(|(_, p)| p).sum();
    let length = |words: &HashMap<u32, f64>| {
        let mut squares: Vec<f64> = words.values().map(|w| w * w).collect();
        squares.sort_unstable_by(f64::total_cmp);
        squares.iter().sum::<f64>().sqrt()
    };
    let lengths = length(&before) * length(&after);
    if lengths > 0.0 { product / lengths } else { 0.0 }
}

fn smoothed(values: &[f64]) -> Vec<f64> {
    let at = |i: usize| values.get(i.min(values.len().saturating_sub(1))).copied().unwrap_or(0.0);
    (0..values.len()).map(|i| (at(i.saturating_sub(1)) + 2.0 * at(i) + at(i + 1)) / 4.0).collect()
}

/// How far each value lies below the nearest peaks on both sides.
fn depths(values: &[f64]) -> Vec<f64> {
    let peak = |from: usize, step: isize| {
        let mut top = values.get(from).copied().unwrap_or(0.0);
        let mut at = from;
        while let Some(value) = at.checked_add_signed(step).and_then(|next| values.get(next)).copied() {
            if value < top {
                break;
            }
            (top, at) = (value, at.saturating_add_signed(step));
        }
        top
    };
    values.iter().enumerate().map(|(i, value)| peak(i, -1) + peak(i, 1) - 2.0 * value).collect()
}

/// Calls for each word of a text with its key: its first letters in lower case; in scripts
/// without spaces, each pair of characters.
fn each_word(text: &str, mut each: impl FnMut(u32)) {
    let mut key = 0u32;
    let mut letters = 0;
    let mut wide: Option<char> = None;
    let add = |key: u32, c: char| (key ^ u32::from(c)).wrapping_mul(0x0100_0193);
    for c in text.chars().chain([' ']) {
        let is_wide = matches!(u32::from(c), 0x2E80..=0x2FDF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0x20000..=0x3FFFF);
        if is_wide || !c.is_alphabetic() {
            if letters >= 3 {
                each(key);
            }
            (key, letters) = (0x811C_9DC5, 0);
            if let (Some(first), true) = (wide, is_wide) {
                each(add(add(0x811C_9DC5, first), c));
            }
            wide = is_wide.then_some(c);
            continue;
        }
        if letters == 0 {
            key = 0x811C_9DC5;
        }
        letters += 1;
        if letters <= STEM {
            key = c.to_lowercase().fold(key, add);
        }
    }
}

/// `OLD MAN. Where …`, `Anna: Here`: a paragraph of a play.
fn opens_with_speaker(text: &str) -> bool {
    let Some(end) = text.find(['.', ':']).filter(|end| (2..=28).contains(end)) else { return false };
    let name = text.get(..end).unwrap_or_default();
    let is_capital = !name.chars().any(char::is_lowercase) && name.chars().filter(|c| c.is_uppercase()).count() >= 2;
    is_capital || text.get(end..).is_some_and(|t| t.starts_with(':')) && name.split(' ').count() <= 3
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::document::{Outline, SectionBuilder, SectionId};
    use crate::formats::parsed::tests::document;

    /// Paragraphs about one thing after another, so many each, from words of its own.
    fn prose(topics: &[&[&str]], each: usize, length: usize) -> Vec<String> {
        let mut seed = 7u32;
        let mut paragraph = |words: &[&str]| {
            let mut text = String::new();
            for n in 0..length {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let pick = (seed >> 16) as usize;
                let common = ["the", "and", "was", "that", "with", "from"];
                let word = if n % 2 == 0 { words[pick % words.len()] } else { common[pick % common.len()] };
                text.push_str(word);
                text.push(' ');
            }
            text
        };
        topics.iter().flat_map(|words| std::iter::repeat_n(*words, each)).map(&mut paragraph).collect()
    }

    /// Prose about the sea, bread and law as the body of a page of HTML.
    pub fn body(length: usize) -> String {
        prose(&[SEA, BREAD, LAW], 20, length).iter().flat_map(|text| ["<p>", text, "</p>\n"]).collect()
    }

    fn section(topics: &[&[&str]], each: usize) -> Section {
        let mut builder = SectionBuilder::new(SectionId(0));
        for text in prose(topics, each, 60) {
            builder.begin(BlockKind::Paragraph);
            builder.text(&text);
            builder.end();
        }
        builder.finish()
    }

    fn outline(name: &str, text: &str) -> (Outline, Vec<String>) {
        let document = document(name, text.as_bytes());
        let mut pass = document.outline_pass();
        while !pass.step().unwrap().is_done() {}
        (pass.outline(), pass.reasons())
    }

    /// A text of these parts, each about another thing, and whether it is divided by topic.
    #[track_caller]
    fn check(name: &str, text: &str, is_divided: bool) {
        let (outline, reasons) = outline(name, text);
        let inferred = outline.entries().iter().filter(|e| e.inferred).count();
        if is_divided {
            assert!(inferred >= 3 && inferred == outline.len(), "{name}: {outline:?}");
            assert_eq!(reasons, vec![REASON.to_owned(); inferred]);
        } else {
            assert_eq!((inferred, reasons.len()), (0, 0), "{name}");
        }
    }

    #[test]
    fn markup_without_headings_is_divided_and_a_title_alone_is_none() {
        let plain = prose(&[SEA, BREAD, LAW], 20, 60).join("\n\n");
        check("a.md", &plain, true);
        check("a.md", &format!("# Title\n\n{plain}"), true);
        check("a.md", &format!("{plain}\n\n# Notes\n\nword"), false);
        check("a.md", &format!("# Title\n\n{plain}\n\n## Notes\n\nword"), false);
        check("a.md", "# Title\n\nA few words.\n", false);
        let page = body(60);
        check("a.html", &format!("<html><body>{page}"), true);
        check("a.html", &format!("<html><body><h1>Title</h1>{page}"), true);
        check("a.html", &format!("<html><body><h1>Title</h1><h2>One</h2>{page}"), false);
        // One that is read in pieces.
        let long = body(14_000);
        assert!(long.len() > 4 << 20);
        check("a.html", &format!("<html><body>{long}"), true);
        check("a.html", &format!("<html><body>{long}<h2>One</h2><p>word"), false);
    }

    fn parts(section: &Section) -> Vec<Entry> {
        let mut topics = Topics::default();
        topics.section(section);
        topics.parts()
    }

    const SEA: &[&str] = &["harbour", "anchor", "sail", "mast", "rope", "wave", "captain", "deck"];
    const BREAD: &[&str] = &["flour", "oven", "yeast", "dough", "crust", "baker", "salt", "loaf"];
    const LAW: &[&str] = &["court", "judge", "witness", "verdict", "clerk", "statute", "appeal", "trial"];

    #[test]
    fn a_text_is_cut_where_its_words_change() {
        let found = parts(&section(&[SEA, BREAD, LAW], 20));
        let places: Vec<u32> = found.iter().map(|e| e.target.position().block.0).collect();
        for cut in [20u32, 40] {
            assert!(places.iter().any(|p| p.abs_diff(cut) <= 1), "{places:?}");
        }
        assert!(found.iter().all(|e| e.inferred && e.level == 1));
    }

    #[test]
    fn short_texts_verse_and_plays_have_no_parts() {
        assert_eq!(parts(&section(&[SEA, BREAD], 10)), []);
        let mut builder = SectionBuilder::new(SectionId(0));
        for n in 0..200 {
            builder.begin(if n % 2 == 0 { BlockKind::Verse } else { BlockKind::Paragraph });
            builder.text(&"the old road goes on over the hill ".repeat(5));
            builder.end();
        }
        assert_eq!(parts(&builder.finish()), []);
        let mut builder = SectionBuilder::new(SectionId(0));
        for _ in 0..200 {
            builder.begin(BlockKind::Paragraph);
            builder.text(&format!("OLD MAN. {}", "the old road goes on over the hill ".repeat(5)));
            builder.end();
        }
        assert_eq!(parts(&builder.finish()), []);
    }

    #[test]
    fn words_are_known_by_their_beginnings() {
        let keys = |text: &str| {
            let mut keys = Vec::new();
            each_word(text, |key| keys.push(key));
            keys
        };
        assert_eq!(keys("Workers, worker"), [keys("worker")[0]; 2]);
        assert_eq!(keys("长路漫").len(), 2);
        assert!(keys("a of to").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_divided_in_order(
            paragraphs in proptest::collection::vec("[a-d]{1,6}( [a-d]{1,6}){0,80}", 0..200),
        ) {
            let mut builder = SectionBuilder::new(SectionId(0));
            for text in &paragraphs {
                builder.begin(BlockKind::Paragraph);
                builder.text(text);
                builder.end();
            }
            let found = parts(&builder.finish());
            let places: Vec<Position> = found.iter().map(|e| e.target.position()).collect();
            proptest::prop_assert!(places.is_sorted() && found.len() as u64 <= PARTS_MAX);
        }
    }
}

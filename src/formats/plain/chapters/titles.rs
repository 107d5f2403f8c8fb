//! Books without numbers: chapters headed by days, or by titles alone.
//!
//! Both are found as groups of lines set alike. What keeps verse, dialogue and captions out is
//! *purity*: most lines of the style must have a chapter's worth of text after them.

use std::collections::{BTreeMap, BTreeSet};

use super::block::{Block, Underline};
use super::heading::{Heading, Origin};
use super::mark::{Kind, is_capital};
use super::names::{Taken, opens_as_title};
use super::survey::Survey;

/// Text after a title, in characters, that makes a chapter of it.
const CHAPTER_CHARS_MIN: u64 = 600;
/// The same for a piece of a collection whose titles have three blank lines before them.
const PIECE_CHARS_MIN: u64 = 200;
/// A group is accepted at this score.
const SCORE_MIN: f32 = 0.9;
/// Underlined lines that are titles: fewer may be anything.
const UNDERLINED_MIN: usize = 3;
/// A unnumbered text that comes back so often is a speaker or a running head.
const REPEATS_MAX: usize = 2;

/// Adds the largest group of lines that give a day. Says whether there is one.
pub(super) fn add_dated(survey: &Survey<'_>, found: &mut Vec<Heading>) -> bool {
    let mut groups: BTreeMap<(bool, bool, u8), Vec<usize>> = BTreeMap::new();
    for (i, block) in survey.blocks.iter().enumerate() {
        if let Some(Kind::Date { has_year }) = block.mark.map(|m| m.kind)
            && block.lines <= 2
            && block.is_whole
            && !survey.is_listed(i)
        {
            groups.entry((is_capital(&block.text), has_year, block.before.min(4))).or_default().push(i);
        }
    }
    let best = groups.iter().filter(|(_, members)| is_diary(survey, members)).max_by_key(|(_, members)| members.len());
    let Some((&(capital, has_year, gap), _)) = best else { return false };
    // The first day of a book or a part is set apart more, one at the top of a page less.
    let members: Vec<usize> = groups
        .into_iter()
        .filter(|(style, _)| {
            style.0 == capital && style.1 == has_year && (style.2 >= gap || style.2 + 2 >= gap && style.2 > 0)
        })
        .flat_map(|(_, members)| members)
        .collect();
    found.extend(members.into_iter().map(|i| Heading::new(i, Origin::Dated, 40)));
    true
}

fn is_diary(survey: &Survey<'_>, members: &[usize]) -> bool {
    let start = |i: Option<&usize>| i.and_then(|i| survey.blocks.get(*i)).map_or(0, |b| b.start);
    let covers = start(members.last()).saturating_sub(start(members.first()));
    // One day over and over is the date of a form, not of a diary.
    let days: BTreeSet<u64> = members.iter().filter_map(|i| survey.blocks.get(*i)).map(|b| b.key()).collect();
    members.len() >= 6
        && days.len() * 2 > members.len()
        && median(&lengths(survey, members)) >= 150
        && covers * 5 > survey.limit * 2
}

/// Characters of text after each member.
fn lengths(survey: &Survey<'_>, members: &[usize]) -> Vec<u64> {
    let next = members.iter().skip(1).copied().map(Some).chain([None]);
    members.iter().zip(next).map(|(i, next)| survey.text_between(*i, next)).collect()
}

fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// How a title is set: blanks before (at most 4), capitals, indented.
type Style = (u8, bool, u8);

/// A group of titles set alike.
struct Group {
    style: Style,
    /// Those with a chapter's worth of text after them.
    good: Vec<usize>,
    purity: f32,
    score: f32,
}

/// Adds unnumbered titles: the best group, and those set apart as much. Says whether there are.
pub(super) fn add_titled(survey: &Survey<'_>, others: &[Heading], found: &mut Vec<Heading>) -> bool {
    let mut styles: BTreeMap<Style, Vec<usize>> = BTreeMap::new();
    let repeats = repeats(survey);
    for (i, block) in survey.blocks.iter().enumerate() {
        if !survey.is_listed(i) && is_titlelike(block) && repeats.get(&block.key()).is_none_or(|n| *n <= REPEATS_MAX) {
            for style in styles_of(block) {
                styles.entry(style).or_default().push(i);
            }
        }
    }
    let mut groups: Vec<Group> =
        styles.into_iter().map(|(style, members)| Group::new(survey, style, &members)).collect();
    groups.sort_by(|a, b| b.score.total_cmp(&a.score));
    let Some(best) = groups.first().filter(|g| g.score >= SCORE_MIN) else { return false };
    let mut members: Vec<usize> = best.good.clone();
    for group in groups.iter().skip(1) {
        if group.style.0 >= best.style.0 && group.style.0 >= 2 && group.purity >= 0.4 {
            members.extend(&group.good);
        }
    }
    members.sort_unstable();
    members.dedup();
    let taken = Taken::of(others);
    let members = members.into_iter().filter(|i| !taken.has(survey, *i) && !is_title_page(survey, *i));
    found.extend(members.map(|i| Heading::new(i, Origin::Titled, 40)));
    true
}

/// Underlined titles, as in documents for programs: by the first of each, the rules of one character are of one level.
/// They stand for the titles that were found if they are as many.
pub(super) fn add_underlined(survey: &Survey<'_>, others: &[Heading], found: &mut Vec<Heading>) {
    let repeats = repeats(survey);
    let taken = Taken::of(others);
    let mut signs: Vec<char> = Vec::new();
    let mut members: Vec<(usize, usize)> = Vec::new();
    for (i, block) in survey.blocks.iter().enumerate() {
        let Some(Underline { sign, fits: true }) = block.underline else { continue };
        // What stands in columns is the head of a table.
        let is_title = block.is_whole && !block.text.contains("  ") && !block.text.ends_with([',', ';', '.']);
        let is_repeated = repeats.get(&block.key()).is_some_and(|n| *n > REPEATS_MAX);
        if is_title && !is_repeated && !survey.is_listed(i) && !taken.has(survey, i) {
            let level = signs.iter().position(|known| *known == sign).unwrap_or(signs.len());
            if level == signs.len() {
                signs.push(sign);
            }
            members.push((i, level));
        }
    }
    let start =
        |member: Option<&(usize, usize)>| member.and_then(|(i, _)| survey.blocks.get(*i)).map_or(0, |b| b.start);
    let covers = start(members.last()).saturating_sub(start(members.first()));
    let titled = found.iter().filter(|heading| heading.origin == Origin::Titled).count();
    if members.len() < UNDERLINED_MIN || members.len() < titled || covers * 5 < survey.limit * 2 {
        return;
    }
    found.retain(|heading| heading.origin != Origin::Titled);
    found.extend(members.into_iter().map(|(i, level)| Heading::new(i, Origin::Underlined, 40 + level.min(5) as u8)));
}

fn repeats(survey: &Survey<'_>) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for block in survey.blocks.iter().filter(|b| b.is_whole && b.lines <= 4) {
        *counts.entry(block.key()).or_default() += 1;
    }
    counts
}

/// The style of a title, and from three blanks on a style for which capitals do not matter.
fn styles_of(block: &Block) -> Vec<Style> {
    let gap = block.before.min(4);
    let indent = match block.indent {
        0 => 0,
        1..=8 => 1,
        _ => 2,
    };
    let own = (gap, is_capital(&block.text), indent);
    if gap >= 3 { vec![own, (gap, false, 9)] } else { vec![own] }
}

/// Whether a block alone could be a title.
fn is_titlelike(block: &Block) -> bool {
    let capital = is_capital(&block.text);
    let chars = block.text_chars();
    let fits = block.is_whole && (block.lines <= 2 && chars <= 120 || capital && block.lines <= 4 && chars <= 230);
    let plain = block.mark.is_none_or(|m| m.kind == Kind::Named);
    let open_end = block.text.ends_with([',', ';', '，', '、', '；', '-'])
        || block.before <= 1 && block.text.ends_with([':', '：']);
    let is_prose = block.before <= 1 && block.text.ends_with(['.', '。', '!', '?', '！', '？', '…', '”', '"', '」']);
    let is_prose = is_prose || !capital && block.text.ends_with('.') && block.text.split_whitespace().count() >= 10;
    let is_mention =
        block.before >= 2 && block.text.chars().count() <= 60 && !block.text.contains(['.', ',', '!', '?', '…']);
    let quoted = (block.before >= 3 || is_mention) && block.text.starts_with(['"', '“', '«', '„', '‘', '「', '『']);
    fits && plain
        && block.before >= 1
        && !open_end
        && !is_prose
        && (opens_as_title(&block.text) || quoted)
        && !super::keywords::is_contents_word(block.first_line())
        && !is_by_line(&block.text)
}

/// By-lines and ends are no titles.
fn is_by_line(text: &str) -> bool {
    let folded = crate::formats::plain::numerals::fold(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        bare,
        "the end"
            | "end"
            | "fin"
            | "finis"
            | "ende"
            | "fine"
            | "konec"
            | "конец"
            | "koniec"
            | "slut"
            | "einde"
            | "loppu"
            | "完"
            | "終"
            | "终"
    ) || ["by ", "von ", "par ", "footnote", "translated by", "illustrated by", "copyright", "http", "www.", "printed "]
        .iter()
        .any(|opening| bare.starts_with(opening))
}

impl Group {
    fn new(survey: &Survey<'_>, style: Style, members: &[usize]) -> Group {
        let lengths = lengths(survey, members);
        // Fables and poems are short, but far apart and all alike.
        let least = if style.0 >= 3 && members.len() >= 10 { PIECE_CHARS_MIN } else { CHAPTER_CHARS_MIN };
        let good: Vec<usize> =
            members.iter().zip(&lengths).filter(|(_, chars)| **chars > least).map(|(i, _)| *i).collect();
        let purity = good.len() as f32 / members.len().max(1) as f32;
        let gap = match style.0 {
            4.. => 1.3,
            3 => 1.2,
            2 => 1.0,
            _ => 0.6,
        };
        let capitals = if style.1 { 1.2 } else { 1.0 };
        let room = match median(&lengths) {
            1200.. => 1.0,
            600.. => 0.6,
            PIECE_CHARS_MIN.. if style.0 >= 3 => 0.4,
            _ => 0.2,
        };
        let size = (good.len() as f32 + 1.0).log2().min(5.0);
        let score = purity * purity * size * gap * capitals * room;
        let score = if good.len() >= 3 { score } else { 0.0 };
        Group { style, good, purity, score }
    }
}

/// A title at the front that another follows at once is a title page.
fn is_title_page(survey: &Survey<'_>, block: usize) -> bool {
    let Some(own) = survey.blocks.get(block) else { return false };
    let is_sentence = |b: &Block| b.text.ends_with(['.', '!', '?', '”', '"', '。']);
    let next = survey.blocks.iter().skip(block + 1).find(|b| is_titlelike(b) && !is_sentence(b));
    let is_front = own.start * 100 < survey.limit * 3;
    is_front && next.is_some_and(|b| b.start.saturating_sub(own.end()) < 150)
}

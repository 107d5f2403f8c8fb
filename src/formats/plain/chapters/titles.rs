//! Titles: of chapters without numbers, and of numbered ones whose title stands on a line of its
//! own.

use std::collections::BTreeMap;

use super::block::Block;
use super::reading::{Says, begins_high};
use crate::formats::plain::heading::is_capitals;

/// Characters of text after a title that make it one.
const TEXT_AFTER: u64 = 500;
/// Characters of a title.
const TITLE_MAX: usize = 90;

/// What titles of one kind have in common: blank lines before, capitals, indent.
type Look = (u8, bool, u8);

/// Titles of chapters in a text that numbers nothing: the blocks of one look that have much text
/// after them nearly every time. That keeps verse, dialogue and captions out.
pub fn unnumbered(blocks: &[Block], says: &[Option<Says>], listed: &[bool]) -> Vec<usize> {
    let mut groups: BTreeMap<Look, Vec<usize>> = BTreeMap::new();
    for (index, block) in blocks.iter().enumerate() {
        let capitals = block.lines.iter().all(|l| is_capitals(l));
        let words = matches!(says.get(index), Some(Some(Says::Words | Says::Titled(..) | Says::Named)));
        let short = block.lines.len() <= if capitals { 4 } else { 2 }
            && block.lines.iter().all(|l| l.chars().count() <= TITLE_MAX);
        if !words || !short || listed.get(index) == Some(&true) || block.blanks < 1 {
            continue;
        }
        let line = block.lines.last().map_or("", String::as_str);
        if (block.blanks < 3 && !capitals && line.ends_with(['.', ',', ';', ':']))
            || line.starts_with(['"', '“', '«', '‘', '\''])
        {
            continue;
        }
        // With much white round it, capitals do not matter.
        let look = (block.blanks.min(4), capitals || block.blanks >= 3, block.indent / 12);
        groups.entry(look).or_default().push(index);
    }
    let mut best: Option<(f64, Vec<usize>)> = None;
    for (look, members) in &groups {
        let good: Vec<usize> = members.iter().copied().filter(|&i| text_after(blocks, i) > TEXT_AFTER).collect();
        let purity = good.len() as f64 / members.len() as f64;
        let white = match look.0 {
            1 => 0.6,
            2 => 1.0,
            3 => 1.2,
            _ => 1.3,
        };
        let score =
            purity * purity * ((good.len() + 1) as f64).log2().min(5.0) * white * if look.1 { 1.2 } else { 1.0 };
        if good.len() >= 3 && score > best.as_ref().map_or(1.6, |(s, _)| *s) {
            best = Some((score, good));
        }
    }
    best.map(|(_, members)| without_title_page(blocks, members)).unwrap_or_default()
}

/// Leaves a title out that another follows at once near the start of the text.
fn without_title_page(blocks: &[Block], members: Vec<usize>) -> Vec<usize> {
    let total = blocks.last().map_or(0, Block::end);
    let early = |i: usize| blocks.get(i).is_some_and(|b| b.before * 33 < total);
    let mut kept = members.clone();
    kept.retain(|&i| {
        let next = members.iter().find(|&&j| j > i).and_then(|&j| blocks.get(j));
        let close = next.zip(blocks.get(i)).is_some_and(|(n, b)| n.before - b.end() < 150);
        !(early(i) && close)
    });
    kept
}

/// Characters of text between a block and the next short block with as much white before it.
fn text_after(blocks: &[Block], index: usize) -> u64 {
    let Some(block) = blocks.get(index) else { return 0 };
    let next = blocks.iter().skip(index + 1).find(|b| b.blanks >= block.blanks && b.lines.len() <= 4 && !b.is_open);
    next.map_or(u64::MAX, |next| next.before).saturating_sub(block.end())
}

/// Whether the headings of a text have their titles in the block after them.
pub fn joins_next(blocks: &[Block], says: &[Option<Says>], headings: impl Iterator<Item = usize>) -> bool {
    let (mut bare, mut followed) = (0, 0);
    for index in headings {
        if needs_title(blocks, says, index) {
            bare += 1;
            followed += usize::from(is_title(blocks, says, index + 1));
        }
    }
    bare > 0 && followed * 10 >= bare * 6
}

/// Whether a heading is a number without a title.
fn needs_title(blocks: &[Block], says: &[Option<Says>], index: usize) -> bool {
    let alone = blocks.get(index).is_some_and(|b| b.lines.len() == 1);
    alone && matches!(says.get(index), Some(Some(Says::Bare(..) | Says::Keyword { has_title: false, .. })))
}

/// Whether a block looks like the title of the heading before it.
fn is_title(blocks: &[Block], says: &[Option<Says>], index: usize) -> bool {
    let Some(block) = blocks.get(index) else { return false };
    let last = block.lines.last().map_or("", String::as_str);
    let capitals = block.lines.iter().all(|l| is_capitals(l));
    let short = block.lines.len() == 1
        && last.chars().count() <= TITLE_MAX
        && !last.ends_with(['.', ',', ';', ':', '”', '"', '?', '!']);
    !block.is_open
        && block.blanks <= 3
        && block.lines.len() <= 3
        && (capitals || short)
        && begins_high(block.first())
        && matches!(says.get(index), Some(Some(Says::Words | Says::Named)))
}

/// The title of a heading: its lines, and those of the next block where titles stand there.
pub fn title(blocks: &[Block], says: &[Option<Says>], index: usize, joins: bool) -> String {
    let Some(block) = blocks.get(index) else { return String::new() };
    let numbered = !matches!(says.get(index), Some(Some(Says::Words | Says::Named)));
    let mut lines: Vec<&str> = vec![block.first()];
    let rest = block.lines.iter().skip(1).map(String::as_str);
    // The lines below a number are its title, unless they are the first lines of the text.
    let prose = numbered
        && block.lines.iter().skip(1).any(|l| {
            l.chars().count() > TITLE_MAX || (l.ends_with(['.', ',']) && !is_capitals(l) && block.lines.len() > 2)
        });
    if !prose && !block.is_open {
        lines.extend(rest);
    }
    if joins
        && needs_title(blocks, says, index)
        && is_title(blocks, says, index + 1)
        && let Some(next) = blocks.get(index + 1)
    {
        lines.extend(next.lines.iter().map(String::as_str));
    }
    lines.join(" ").replace('_', "")
}

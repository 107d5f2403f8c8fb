//! Headings that have no number of their own beside sequences that do: named sections, titles that
//! a printed list of contents names, and the titles of plays or stories whose acts begin again.

use std::collections::{HashMap, HashSet};

use super::block::Block;
use super::heading::{Heading, Origin};
use super::mark::{Kind, is_capital};
use super::sequence::{Candidate, Chain};
use super::survey::Survey;

/// A section has at least so many characters.
const SECTION_CHARS_MIN: u64 = 300;
/// A parent stands at most so many characters before the first of its children.
const PARENT_REACH: u64 = 3000;

/// Adds the blocks that a list of contents names without a number.
pub(super) fn add_listed(survey: &Survey<'_>, others: &[Heading], found: &mut Vec<Heading>) {
    let names: HashSet<u64> = survey.lists.unnumbered().iter().copied().collect();
    if names.is_empty() {
        return;
    }
    let after = survey.lists.lists().first().map_or(0, |list| list.last);
    let taken = Taken::of(others);
    let mut seen: HashSet<u64> = HashSet::new();
    let mut returned: Vec<usize> = Vec::new();
    for (i, block) in survey.blocks.iter().enumerate() {
        let free = block.ordinal > after
            && !survey.is_listed(i)
            && !taken.has(survey, i)
            && block.is_whole
            && block.lines <= 3
            && block.before >= 1;
        let key = block.key();
        if free && names.contains(&key) && block.mark.is_none_or(|m| m.value == 0) && seen.insert(key) {
            returned.push(i);
        }
    }
    // An entry that comes back by chance, as a line of verse or a signature, has no room after it.
    for (at, &i) in returned.iter().enumerate() {
        let next = returned.get(at + 1).copied();
        let Some(block) = survey.blocks.get(i) else { continue };
        let has_room = survey.text_between(i, next) > 100;
        let is_apart = block.before >= 2 || survey.gap_weight(block) >= 0.6 || is_capital(&block.text);
        if has_room && is_apart {
            found.push(Heading::new(i, Origin::Listed, 40));
        }
    }
}

/// Adds named sections that are set apart, or set as the numbered headings are.
pub(super) fn add_named(survey: &Survey<'_>, found: &mut Vec<Heading>) {
    let mut starts: Vec<usize> = found.iter().map(|h| h.block).collect();
    starts.sort_unstable();
    let styles: HashSet<(u8, u16)> = found
        .iter()
        .filter(|h| h.origin == Origin::Sequence)
        .filter_map(|h| survey.blocks.get(h.block))
        .map(|b| (b.before, b.indent))
        .collect();
    let named = |i: usize, block: &Block| {
        block.mark.is_some_and(|m| m.kind == Kind::Named) && !survey.is_listed(i) && block.is_whole && block.lines <= 2
    };
    let mut repeats: HashMap<u64, u32> = HashMap::new();
    for (i, block) in survey.blocks.iter().enumerate() {
        if named(i, block) {
            *repeats.entry(block.key()).or_default() += 1;
        }
    }
    let taken = Taken::of(found);
    let mut added = Vec::new();
    for (i, block) in survey.blocks.iter().enumerate() {
        if !named(i, block) || taken.has(survey, i) || repeats.get(&block.key()).is_some_and(|n| *n >= 3) {
            continue;
        }
        let next = starts.get(starts.partition_point(|s| *s <= i)).copied();
        let is_rare = survey.gap_weight(block) >= 0.5 || found.len() >= 3;
        let in_style = styles.contains(&(block.before, block.indent)) && is_rare;
        let is_apart = block.before >= 2 && (found.is_empty() || survey.gap_weight(block) >= 0.4);
        if (is_apart || in_style) && survey.text_between(i, next) > SECTION_CHARS_MIN {
            added.push(Heading::new(i, Origin::Named, 40));
        }
    }
    // A preface alone is no division of a text.
    if !found.is_empty() || added.len() >= 2 {
        found.append(&mut added);
    }
}

/// Adds, before each start of a chain that begins again, the line that stands over it; only if
/// every start has one.
pub(super) fn add_parents(survey: &Survey<'_>, chain: &Chain, order: u8, found: &mut Vec<Heading>) {
    let starts: Vec<&Candidate> = chain.members.iter().filter(|c| c.mark.value == 1).collect();
    let mut shared: HashMap<u64, u32> = HashMap::new();
    let windows: Vec<Vec<usize>> = starts.iter().map(|start| window(survey, chain, start)).collect();
    for block in windows.iter().flatten().filter_map(|i| survey.blocks.get(*i)) {
        *shared.entry(block.key()).or_default() += 1;
    }
    let mut parents = Vec::new();
    for blocks in &windows {
        let own = blocks.iter().filter_map(|i| Some((*i, *survey.blocks.get(*i)?)));
        let own = own.filter(|(_, b)| shared.get(&b.key()).is_none_or(|n| *n == 1));
        // The first of the strongest: what follows it (cast, place, date) is part of its page.
        let strength = |b: &Block| (b.before.min(4), is_capital(&b.text));
        let strongest = own.clone().map(|(_, b)| strength(b)).max();
        let Some((parent, _)) = own.clone().find(|(_, b)| Some(strength(b)) == strongest) else { return };
        parents.push(parent);
    }
    found.extend(parents.into_iter().map(|block| Heading::new(block, Origin::Parent, order)));
}

/// The lines before a start that could stand over it: short, set apart, after the member before.
fn window(survey: &Survey<'_>, chain: &Chain, start: &Candidate) -> Vec<usize> {
    let before = chain.members.iter().map(|c| c.block).filter(|b| *b < start.block).max();
    let low = before.map_or(0, |b| b + 1);
    let from = survey.blocks.get(start.block).map_or(0, |b| b.start);
    let mut out: Vec<usize> = (low..start.block)
        .rev()
        .take_while(|&i| survey.blocks.get(i).is_some_and(|b| from.saturating_sub(b.start) <= PARENT_REACH))
        .filter(|&i| {
            survey.blocks.get(i).is_some_and(|b| {
                let is_title = b.mark.is_none() && b.is_whole && b.lines <= 2 && b.text_chars() <= 80;
                is_title && b.before >= 2 && !survey.is_listed(i) && opens_as_title(&b.text)
            })
        })
        .collect();
    out.reverse();
    out
}

/// Whether a line opens as titles do: with a letter or figure, a capital where there are such.
pub(super) fn opens_as_title(text: &str) -> bool {
    let text = match text.chars().next() {
        Some('#' | '【' | '〔' | '《' | '〈' | '~') => {
            super::mark::unframed(text).map_or(text, |(_, inside)| inside)
        }
        _ => text,
    };
    text.chars().next().is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase() || matches!(c, '¡' | '¿' | '§'))
}

/// Blocks that are headings already, or the titles right after bare ones.
pub(super) struct Taken {
    blocks: Vec<usize>,
}

impl Taken {
    pub(super) fn of(found: &[Heading]) -> Taken {
        let mut blocks: Vec<usize> = found.iter().map(|h| h.block).collect();
        blocks.sort_unstable();
        Taken { blocks }
    }

    pub(super) fn has(&self, survey: &Survey<'_>, block: usize) -> bool {
        let after = self.blocks.partition_point(|b| *b <= block);
        let Some(&last) = after.checked_sub(1).and_then(|i| self.blocks.get(i)) else { return false };
        let (Some(heading), Some(own)) = (survey.blocks.get(last), survey.blocks.get(block)) else { return false };
        last == block || heading.is_bare() && own.start.saturating_sub(heading.end()) < 100 && block <= last + 2
    }
}

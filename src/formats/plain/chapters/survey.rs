//! The survey of all records: from blocks to headings.
//!
//! The order of the rules is the meaning: lists of contents are left out first, then sequences of
//! numbers are found, then what stands beside them; days and unnumbered titles are tried only
//! where no sequence makes chapters.

use std::collections::{HashMap, HashSet};

use crate::document::{Entry, Target};

use super::Sections;
use super::block::Block;
use super::contents_list::{self, ContentsLists};
use super::heading::{Heading, Origin};
use super::keywords::RANK_BARE;
use super::learned::WordLine;
use super::line::measure;
use super::mark::{Kind, Mark, PATH_MAX, TITLE_CHARS_MAX, has_case, is_capital};
use super::sequence::{Candidate, Chain, Group, best_chain};
use super::{joining, names, titles};
use crate::formats::plain::numerals::Form;

/// The row of keywords learned from the text, far from those of the tables.
const LEARNED_ROW: u16 = 0x4000;

/// All that is known of a text when headings are asked for.
pub(super) struct Survey<'a> {
    /// Records in the order of the text.
    pub(super) blocks: Vec<&'a Block>,
    /// Whether a record lies in a list of contents.
    pub(super) listed: Vec<bool>,
    /// How rare each gap is, 0.2 (every block has it) to 1.
    pub(super) rarity: [f32; 10],
    /// Characters of text in all.
    pub(super) limit: u64,
    pub(super) lists: &'a ContentsLists,
    sections: &'a Sections,
}

/// Records for lines whose keyword was learned: those that are kept already, read anew, and new
/// ones for lines inside blocks.
pub(super) fn learned_blocks(lines: &[&WordLine], kept: &[&Block]) -> Vec<Block> {
    let at = |line: &WordLine| {
        let near = kept.get(kept.partition_point(|b| b.start < line.start)..)?;
        near.iter().take_while(|b| b.start == line.start).find(|b| b.place == line.place).copied()
    };
    lines.iter().map(|line| word_block(line, at(line))).collect()
}

fn word_block(line: &WordLine, kept: Option<&Block>) -> Block {
    let kind = Kind::Keyword { rank: 2, row: LEARNED_ROW | (line.word & 0x3FFF) as u16 };
    let mark = Mark {
        kind,
        form: line.form,
        value: line.value,
        path: [0; PATH_MAX],
        title: line.title,
        has_title: usize::from(line.title) < line.text.len(),
    };
    if let Some(block) = kept {
        return Block { mark: Some(mark), ..block.clone() };
    }
    Block {
        place: line.place,
        ordinal: u32::MAX,
        start: line.start,
        chars: measure(&line.text) as u32,
        lines: 1,
        before: 1,
        after: 1,
        indent: 0,
        text: line.text.clone(),
        is_whole: true,
        underline: None,
        cuts_sentence: false,
        mark: Some(mark),
        is_list: false,
    }
}

/// Records and learned lines in the order of the text; of two for one place the learned one.
pub(super) fn merged<'a>(kept: Vec<&'a Block>, learned: &'a [Block]) -> Vec<&'a Block> {
    if learned.is_empty() {
        return kept;
    }
    let mut all: Vec<&Block> = learned.iter().chain(kept).collect();
    all.sort_by_key(|b| b.start);
    all.dedup_by(|later, first| later.place == first.place);
    all
}

impl<'a> Survey<'a> {
    pub(super) fn new(
        blocks: Vec<&'a Block>,
        lists: &'a ContentsLists,
        gaps: [u64; 10],
        limit: u64,
        sections: &'a Sections,
    ) -> Survey<'a> {
        let mut listed = vec![false; blocks.len()];
        let all: u64 = gaps.iter().sum();
        let mut rarity = [0.1; 10];
        for (gap, rare) in rarity.iter_mut().enumerate().skip(1) {
            let as_wide: u64 = gaps.iter().skip(gap).sum();
            let share = as_wide.max(1) as f32 / all.max(1) as f32;
            // One block in thirty-two or fewer: as rare as it gets.
            *rare = (0.2 - 0.8 * share.min(1.0).log10() / 1.5).clamp(0.2, 1.0);
        }
        for list in lists.lists() {
            // A "list" that is a third of a long text is the text.
            if list.chars > 20_000 && list.chars * 3 > limit {
                continue;
            }
            for (flag, block) in listed.iter_mut().zip(&blocks) {
                *flag |= (list.first..=list.last).contains(&block.ordinal);
            }
        }
        contents_list::mark_dense(&blocks, &mut listed);
        Survey { blocks, listed, rarity, limit, lists, sections }
    }

    /// The headings of the text, in order.
    pub(super) fn headings(&self, at_end: bool) -> Vec<Heading> {
        let candidates = self.candidates();
        let mut chains = self.chains(&candidates);
        // Numbers that the printed list has are chapters, whatever stands over them.
        let is_listed =
            |c: &Chain| self.lists.bare() * 2 > c.members.len() && c.members.iter().all(|m| !m.mark.has_title);
        let mut inner = take_if(&mut chains, |c| {
            matches!(c.group, Group::Number(_)) && c.orphans >= 3 && c.run_length() <= 12 && !is_listed(c)
        });
        let mut named: Vec<Heading> = Vec::new();
        let taken: Vec<Heading> =
            chains.iter().flat_map(|c| &c.members).map(|m| Heading::new(m.block, Origin::Sequence, 0)).collect();
        names::add_listed(self, &taken, &mut named);
        let divides = |c: &Chain| c.group.rank() >= 2 && (!at_end || c.divides(&self.blocks, self.limit));
        if named.len() < 4 && at_end && !chains.iter().any(divides) && !titles::add_dated(self, &mut named) {
            titles::add_titled(self, &taken, &mut named);
            titles::add_underlined(self, &taken, &mut named);
        }
        let mut minor = Vec::new();
        if named.len() >= 3 {
            // Numbers right under titles are sections of what the titles head.
            inner.extend(take_if(&mut chains, |c| {
                matches!(c.group, Group::Number(_)) && !is_listed(c) && self.is_under(c, &named)
            }));
            minor = take_if(&mut chains, |c| c.group.rank() >= 2 && !c.divides(&self.blocks, self.limit));
        } else {
            chains.append(&mut inner);
        }
        let mut found: Vec<Heading> = Vec::new();
        for chain in &chains {
            self.add_chain(chain, order(chain, &chains), &chains, &mut found);
        }
        for chain in minor.iter().filter(|c| !matches!(c.group, Group::Number(_))) {
            self.add_chain(chain, 50 + chain.group.rank(), &chains, &mut found);
        }
        found.append(&mut named);
        names::add_named(self, &mut found);
        found.sort_by_key(|h| h.block);
        found.dedup_by_key(|h| h.block);
        joining::join(self, &mut found);
        found
    }

    /// Whether each run of a chain begins right under one of these headings, and more of them
    /// stand without numbers, or the numbers begin again.
    fn is_under(&self, chain: &Chain, titles: &[Heading]) -> bool {
        let mut blocks: Vec<usize> = titles.iter().map(|h| h.block).collect();
        blocks.sort_unstable();
        let mut starts = chain.members.iter().filter(|m| m.mark.value == 1).peekable();
        let several = chain.restarts > 0 || titles.len() >= 3 && !chain.divides(&self.blocks, self.limit);
        several
            && starts.peek().is_some()
            && starts.all(|m| {
                let above = blocks.partition_point(|b| *b < m.block).checked_sub(1).and_then(|i| blocks.get(i));
                above.is_some_and(|above| self.text_between(*above, Some(m.block)) < 300)
            })
    }

    /// The entry of the outline for a heading, if it says anything.
    pub(super) fn entry(&self, heading: &Heading, level: u8) -> Option<Entry> {
        let block = self.blocks.get(heading.block)?;
        let title = joining::title(self, heading);
        let within = self.sections.within(block.place.section, block.start, self.limit);
        (!title.is_empty()).then_some(Entry { title, level, target: Target::At(block.place), within, inferred: false })
    }

    fn add_chain(&self, chain: &Chain, order: u8, all: &[Chain], found: &mut Vec<Heading>) {
        for member in &chain.members {
            let depth = if chain.group == Group::Dotted { member.mark.depth().max(1) as u8 - 1 } else { 0 };
            // Two levels of dotted numbers are listed; deeper ones would drown them.
            if depth <= 1 {
                let run = Some((chain.members.len() as u32, chain.odd as u32));
                found.push(Heading { run, ..Heading::new(member.block, Origin::Sequence, order + depth) });
            }
        }
        self.fill_gaps(chain, order, found);
        if chain.orphans > 0
            || chain.restarts > 0 && chain.group.rank() >= 2 && all.iter().all(|c| c.group.rank() >= chain.group.rank())
        {
            names::add_parents(self, chain, order.saturating_sub(5), found);
        }
    }

    /// A lone block of the style of a chain where one number is missing: the number is misprinted.
    fn fill_gaps(&self, chain: &Chain, order: u8, found: &mut Vec<Heading>) {
        for (a, b) in chain.members.iter().zip(chain.members.iter().skip(1)) {
            let step = b.mark.value.checked_sub(a.mark.value);
            if b.mark.value == LAST_VALUE || !matches!(step, Some(1 | 2)) {
                continue;
            }
            let Some(model) = self.blocks.get(a.block) else { continue };
            let mut alike = (a.block + 1..b.block).filter(|&i| {
                self.blocks.get(i).is_some_and(|block| {
                    let same = block
                        .mark
                        .is_some_and(|m| Group::of(&m) == Some(chain.group) && m.has_title == a.mark.has_title);
                    // A number printed twice needs a chapter's room on both sides.
                    let has_room = || {
                        step == Some(2)
                            || self.text_between(a.block, Some(i)) > 600 && self.text_between(i, Some(b.block)) > 600
                    };
                    same && !self.is_listed(i)
                        && block.before == model.before
                        && block.indent == model.indent
                        && has_room()
                })
            });
            if let (Some(only), None) = (alike.next(), alike.next()) {
                found.push(Heading::new(only, Origin::Filled, order));
            }
        }
    }

    pub(super) fn is_listed(&self, block: usize) -> bool {
        self.listed.get(block).copied().unwrap_or(false)
    }

    /// How rare the gap before a block is.
    pub(super) fn gap_weight(&self, block: &Block) -> f32 {
        self.rarity.get(usize::from(block.before)).copied().unwrap_or(0.2)
    }

    /// Characters of text from the end of a block to another.
    pub(super) fn text_between(&self, from: usize, to: Option<usize>) -> u64 {
        let start = self.blocks.get(from).map_or(0, |b| b.heading_end());
        let end = to.and_then(|i| self.blocks.get(i)).map_or(self.limit, |b| b.start);
        end.saturating_sub(start)
    }

    fn candidates(&self) -> Vec<Candidate> {
        let mut above = [0u32; RANK_BARE as usize + 1];
        let mut out = Vec::new();
        for (i, block) in self.blocks.iter().enumerate() {
            let Some(mark) = block.mark.filter(|m| m.value > 0) else { continue };
            if self.is_listed(i) || block.heading_text().chars().count() > TITLE_CHARS_MAX {
                continue;
            }
            let rank = usize::from(mark.rank());
            let count = above.get(rank).copied().unwrap_or(0);
            out.push(Candidate {
                block: i,
                weight: self.weight(block, &mark),
                mark,
                cuts_sentence: block.cuts_sentence,
                above: count,
            });
            for lower in above.iter_mut().skip(rank + 1) {
                *lower += 1;
            }
        }
        out
    }

    /// What speaks for a line by itself.
    fn weight(&self, block: &Block, mark: &Mark) -> f32 {
        let text = block.heading_text();
        let title = text.get(usize::from(mark.title)..).unwrap_or_default();
        let mut weight = self.gap_weight(block);
        if matches!(mark.kind, Kind::Keyword { .. } | Kind::Portion) {
            weight += 0.7;
        } else if !mark.has_title {
            weight += 0.4;
        }
        if self.lists.has_title(block.key()) || mark.has_title && self.lists.has_title(super::block::letters_key(title))
        {
            weight += 0.8;
        }
        if block.underline.is_some() {
            weight += 0.5;
        }
        // The number of a page; a chapter begins after the end of a sentence.
        if block.cuts_sentence && matches!(mark.kind, Kind::Number) {
            weight -= 1.4;
        }
        if block.after == 0 || usize::from(block.lines) > block.heading_lines() {
            weight -= 0.3;
        }
        weight + title_weight(title, block)
    }

    fn chains(&self, candidates: &[Candidate]) -> Vec<Chain> {
        let mut groups: Vec<(Group, Vec<Candidate>)> = Vec::new();
        let dotted = candidates.iter().filter(|c| c.mark.kind == Kind::Dotted).count() >= 3;
        let mut sorted: Vec<(Group, Candidate)> =
            candidates.iter().filter_map(|c| Some((Group::of(&c.mark)?, *c))).collect();
        if dotted {
            // 1, 1.1, 1.2, 2 are one sequence.
            let plain = candidates
                .iter()
                .filter(|c| c.mark.kind == Kind::Number && c.mark.form == Form::Arabic && c.mark.has_title);
            sorted.extend(plain.map(|c| (Group::Dotted, *c)));
        }
        mend_ones(&mut sorted);
        sorted.sort_by_key(|(group, c)| (*group, c.block));
        for (group, candidate) in sorted {
            match groups.last_mut().filter(|(last, _)| *last == group) {
                Some((_, members)) => members.push(candidate),
                None => groups.push((group, vec![candidate])),
            }
        }
        let best = groups.iter().filter_map(|(group, members)| best_chain(*group, members, &self.blocks, self.limit));
        let mut chains: Vec<Chain> = best.filter(Chain::is_accepted).collect();
        if chains.iter().any(|c| c.group == Group::Dotted) {
            chains.retain(|c| c.group != Group::Number(Form::Arabic));
        }
        self.drop_lists(&mut chains);
        chains
    }

    /// A bare chain that covers little of the text and has less for it than the best is a list.
    fn drop_lists(&self, chains: &mut Vec<Chain>) {
        let best = chains.iter().map(|c| c.mean).fold(0.0, f32::max);
        if chains.len() > 1 {
            chains.retain(|c| {
                let (start, end) = c.span(&self.blocks);
                let covers = (end - start) as f32 / self.limit.max(1) as f32;
                !(matches!(c.group, Group::Number(_)) && covers < 0.3 && c.mean + 0.25 < best)
            });
        }
    }
}

const LAST_VALUE: u32 = super::mark::LAST;

/// `CHAPTER 11` among Roman numerals is a misread `II`.
fn mend_ones(sorted: &mut [(Group, Candidate)]) {
    let is_keyword = |group: &Group| matches!(group, Group::Keyword(..));
    let romans: HashSet<Group> =
        sorted.iter().filter(|(g, c)| is_keyword(g) && c.mark.form == Form::Roman).map(|(g, _)| *g).collect();
    let mut forms: HashMap<Group, (usize, usize)> = HashMap::new();
    for (group, candidate) in sorted.iter().filter(|(g, _)| romans.contains(g)) {
        let count = forms.entry(*group).or_default();
        count.0 += usize::from(candidate.mark.form == Form::Roman);
        count.1 += 1;
    }
    for (group, candidate) in sorted.iter_mut() {
        let mostly_roman = forms.get(group).is_some_and(|(roman, all)| roman * 2 > *all);
        if mostly_roman && candidate.mark.form == Form::Arabic {
            match candidate.mark.value {
                11 => candidate.mark.value = 2,
                111 => candidate.mark.value = 3,
                _ => {}
            }
        }
    }
}

/// What the title of a numbered line says for it.
fn title_weight(title: &str, block: &Block) -> f32 {
    let chars = title.chars().count();
    let Some(first) = title.chars().next() else { return 0.0 };
    let mut weight = 0.0;
    if is_capital(title) {
        weight += 0.3;
    }
    if chars > 75 {
        weight -= 0.5;
    }
    if title.ends_with([',', '，', '、', ';']) {
        weight -= 0.4;
    }
    if first.is_lowercase() && has_case(title) {
        weight -= 0.8;
    }
    if title.contains(['.', '?', '!', '。']) && sentences(title) >= 2 {
        weight -= 0.6;
    }
    if matches!(first, '"' | '“' | '«' | '—' | '-' | '–' | '「') {
        weight -= 1.5;
    }
    // A number before prose that goes on: an item of a list.
    if !block.is_whole && block.lines > 1 {
        weight -= 0.6;
    }
    weight
}

/// Sentences, roughly: full stops before a blank and at the end; short words before a stop are
/// abbreviations.
fn sentences(text: &str) -> usize {
    text.split(' ')
        .filter(|w| w.ends_with(['.', '?', '!', '。']) && w.chars().filter(|c| c.is_alphabetic()).count() > 3)
        .count()
}

/// Takes out the chains for which something holds.
fn take_if(chains: &mut Vec<Chain>, holds: impl Fn(&Chain) -> bool) -> Vec<Chain> {
    let (taken, kept) = std::mem::take(chains).into_iter().partition(|c| holds(c));
    *chains = kept;
    taken
}

/// A sequence of numbers that begins again within another stands below it.
fn order(chain: &Chain, all: &[Chain]) -> u8 {
    let base = chain.group.rank() * 10;
    let is_inner = chain.restarts > 0
        && all.iter().any(|other| {
            other.group != chain.group && other.group.rank() == chain.group.rank() && other.restarts < chain.restarts
        });
    if is_inner && chain.group.rank() == RANK_BARE { base + 5 } else { base }
}

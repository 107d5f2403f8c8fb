//! Sequences: numbered lines that follow each other through the text.
//!
//! Candidates of one keyword, or of one form of number, make a group; the chain of greatest
//! weight through a group is found by dynamic programming, and accepted when it is regular enough
//! for what speaks for its members. This is the rule that carries all others. It must not know
//! titles without numbers.

use super::block::Block;
use super::keywords::RANK_BARE;
use super::mark::{Kind, LAST, Mark, PATH_MAX};
use crate::formats::plain::numerals::Form;

/// Candidates looked back at for the one before: bounds the search to linear time.
const LOOK_BACK: usize = 150;

/// A page of print has fewer characters.
const PAGE_CHARS_MAX: u64 = 4500;

/// What the members of a chain have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Group {
    Keyword(u8, u16),
    Portion,
    Number(Form),
    Dotted,
}

impl Group {
    /// The group of a mark, if it is numbered.
    pub(super) fn of(mark: &Mark) -> Option<Group> {
        Some(match mark.kind {
            Kind::Keyword { rank, row } => Group::Keyword(rank, row),
            Kind::Portion => Group::Portion,
            Kind::Number => Group::Number(mark.form),
            Kind::Dotted => Group::Dotted,
            Kind::Date { .. } | Kind::Named => return None,
        })
    }

    /// How high its members stand.
    pub(super) fn rank(self) -> u8 {
        match self {
            Group::Keyword(rank, _) => rank,
            Group::Portion => 1,
            Group::Number(_) | Group::Dotted => RANK_BARE,
        }
    }
}

/// A line that could be a numbered heading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Its block, by index.
    pub(super) block: usize,
    /// How much speaks for it by itself.
    pub(super) weight: f32,
    pub(super) mark: Mark,
    /// It stands inside a sentence.
    pub(super) cuts_sentence: bool,
    /// Higher keywords before it, by rank: two candidates with different counts have one between.
    pub(super) above: u32,
}

/// Candidates that follow each other.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub(super) group: Group,
    pub(super) members: Vec<Candidate>,
    pub(super) mean: f32,
    /// Characters of text from a member to the next, the median.
    pub(super) median: u64,
    /// All stretches between members are of one length: pages, not chapters.
    pub(super) is_even: bool,
    /// Steps that are not to the next number, or to a new beginning.
    pub(super) odd: usize,
    /// Regular from 1 on.
    pub(super) is_clean: bool,
    /// Members that begin again at 1, the first not counted.
    pub(super) restarts: usize,
    /// Such members that no higher keyword stands before.
    pub(super) orphans: usize,
}

/// The best chain of a group, whether or not it is good enough. `limit` is where the text ends.
pub(super) fn best_chain(group: Group, candidates: &[Candidate], blocks: &[&Block], limit: u64) -> Option<Chain> {
    let mut scores: Vec<(f32, Option<usize>)> = Vec::with_capacity(candidates.len());
    // A keyword is worth something in any setting; a bare number may count against its chain.
    let floor = if matches!(group, Group::Keyword(..)) { 0.1 } else { f32::MIN };
    for (i, candidate) in candidates.iter().enumerate() {
        let weight = candidate.weight.max(floor);
        let start = if begins(&candidate.mark) { 0.0 } else { -0.8 };
        let mut best = (weight + start, None);
        let low = i.saturating_sub(LOOK_BACK);
        for j in low..i {
            let (Some(before), Some((score, _))) = (candidates.get(j), scores.get(j)) else { continue };
            let total = score + weight - step_cost(before, candidate);
            if total > best.0 {
                best = (total, Some(j));
            }
        }
        scores.push(best);
    }
    let end = (0..scores.len()).max_by(|&a, &b| score(&scores, a).total_cmp(&score(&scores, b)))?;
    let mut members: Vec<Candidate> =
        std::iter::successors(Some(end), |&i| scores.get(i).and_then(|(_, before)| *before))
            .filter_map(|i| candidates.get(i).copied())
            .collect();
    members.reverse();
    Some(Chain::new(group, members, blocks, limit))
}

fn score(scores: &[(f32, Option<usize>)], i: usize) -> f32 {
    scores.get(i).map_or(f32::MIN, |(score, _)| *score)
}

fn begins(mark: &Mark) -> bool {
    match mark.kind {
        Kind::Dotted => mark.path.starts_with(&[1]),
        _ => mark.value == 1,
    }
}

/// What it costs that `after` follows `before`.
fn step_cost(before: &Candidate, after: &Candidate) -> f32 {
    if matches!(before.mark.kind, Kind::Dotted) || matches!(after.mark.kind, Kind::Dotted) {
        return dotted_cost(path(&before.mark), path(&after.mark));
    }
    let (a, b) = (before.mark.value, after.mark.value);
    if b == LAST {
        return 0.0;
    }
    match b.checked_sub(a) {
        _ if a == LAST && b != 1 => 4.0,
        Some(1) => 0.0,
        Some(gap @ 2..=6) => 0.6 * gap as f32,
        Some(0) => 2.5,
        _ if b == 1 && before.above != after.above => 0.3,
        _ if b == 1 => 1.4,
        _ => 4.0,
    }
}

/// The levels of a number; a plain one has one level.
fn path(mark: &Mark) -> [u16; PATH_MAX] {
    if matches!(mark.kind, Kind::Dotted) {
        return mark.path;
    }
    let mut path = [0; PATH_MAX];
    if let Some(first) = path.first_mut() {
        *first = mark.value.min(u32::from(u16::MAX)) as u16;
    }
    path
}

/// 3.1 → 3.2, 3.2 → 3.2.1, 3.2.7 → 3.3 and 3.3 → 4 cost nothing.
fn dotted_cost(a: [u16; PATH_MAX], b: [u16; PATH_MAX]) -> f32 {
    let depth = b.iter().take_while(|n| **n > 0).count();
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y && **x > 0).count();
    let (Some(last), Some(was)) = (b.get(same), a.get(same)) else { return 2.5 };
    if *last == 0 {
        return if *was == 0 { 2.5 } else { 4.0 };
    }
    match (last.checked_sub(*was), depth.saturating_sub(same)) {
        (Some(1), 1) => 0.0,
        // A level was left out: 3 → 4.1.
        (Some(1), 2) if b.get(same + 1) == Some(&1) => 0.6,
        (Some(gap @ 2..=6), 1) => 0.6 * f32::from(gap),
        _ => 4.0,
    }
}

impl Chain {
    pub(super) fn new(group: Group, members: Vec<Candidate>, blocks: &[&Block], limit: u64) -> Chain {
        let count = members.len().max(1);
        let mean = members.iter().map(|c| c.weight).sum::<f32>() / count as f32;
        let starts = members.iter().skip(1).filter_map(|c| blocks.get(c.block)).map(|b| b.start).chain([limit]);
        let mut between: Vec<u64> = members
            .iter()
            .filter_map(|c| blocks.get(c.block))
            .zip(starts)
            .map(|(block, next)| next.saturating_sub(block.heading_end()))
            .collect();
        between.sort_unstable();
        let median = between.get(between.len() / 2).copied().unwrap_or(0);
        let quarter = |n: usize| between.get(between.len() * n / 4).copied().unwrap_or(0);
        let is_even = between.len() >= 20 && (quarter(3) - quarter(1)) * 5 < median && median < PAGE_CHARS_MAX;
        let steps: Vec<(&Candidate, &Candidate)> = members.iter().zip(members.iter().skip(1)).collect();
        let regular = steps.iter().filter(|(a, b)| step_cost(a, b) <= 0.3).count();
        let restarted =
            |(a, b): &&(&Candidate, &Candidate)| b.mark.value == 1 && a.mark.value != LAST && group != Group::Dotted;
        let restarts = steps.iter().filter(restarted).count();
        let orphans = steps.iter().filter(restarted).filter(|(a, b)| a.above == b.above).count();
        let first_is_one = members.first().is_some_and(|c| begins(&c.mark));
        // One number in eight may be missing or misprinted, after a keyword one in five.
        let odd = steps.len() - regular;
        let is_keyword = matches!(group, Group::Keyword(..));
        let is_regular = odd * 20 <= steps.len()
            || members.len() >= 8 && odd * 8 <= steps.len()
            || is_keyword && members.len() >= 6 && odd * 5 <= steps.len();
        let is_clean = members.len() >= 4 && first_is_one && is_regular;
        Chain { group, members, mean, median, is_even, odd, is_clean, restarts, orphans }
    }

    /// Whether it is regular enough for what speaks for its members.
    pub(super) fn is_accepted(&self) -> bool {
        let count = self.members.len();
        let cut = |c: &&Candidate| c.cuts_sentence;
        if matches!(self.group, Group::Number(_))
            && count >= 8
            && self.members.iter().filter(cut).count() * 5 > count * 2
        {
            return false;
        }
        if self.is_even && matches!(self.group, Group::Number(Form::Arabic)) {
            return false;
        }
        let titled = self.members.iter().filter(|c| c.mark.has_title).count() * 2 > count;
        let (clean_min, count_min, median_min, mean_min) = match self.group {
            Group::Keyword(..) | Group::Portion => (80, 2, 300, 0.9),
            Group::Dotted => (0, 3, 0, 0.5),
            Group::Number(_) if titled => (1200, 3, 400, 0.75),
            Group::Number(_) => (250, 3, 400, 0.75),
        };
        let lone_first =
            matches!(self.group, Group::Keyword(..)) && count == 1 && self.mean >= 1.5 && self.median >= median_min;
        let starts_low = self.members.first().is_some_and(|c| c.mark.value <= 3)
            || count >= 6
            || matches!(self.group, Group::Keyword(..));
        let good = count >= count_min && self.median >= median_min && self.mean >= mean_min && starts_low;
        let lone_first = lone_first && self.members.first().is_some_and(|c| begins(&c.mark));
        // Two books or volumes of many pages are enough, however they are set.
        let is_long = matches!(self.group, Group::Keyword(..))
            && count >= 2
            && self.median >= 8000
            && self.mean >= 0.45
            && self.members.first().is_some_and(|c| begins(&c.mark))
            && !titled;
        good || is_long || lone_first || self.is_clean && self.median >= clean_min
    }

    /// Where it begins and ends in the text, in characters.
    pub(super) fn span(&self, blocks: &[&Block]) -> (u64, u64) {
        let at = |c: Option<&Candidate>| c.and_then(|c| blocks.get(c.block)).map_or(0, |b| b.start);
        (at(self.members.first()), at(self.members.last()))
    }

    /// Whether it divides the text rather than a part of it.
    pub(super) fn divides(&self, blocks: &[&Block], limit: u64) -> bool {
        let (start, end) = self.span(blocks);
        (end - start + self.median) * 10 >= limit * 3
    }

    /// Members of a run from one restart to the next, on average.
    pub(super) fn run_length(&self) -> usize {
        self.members.len() / (self.restarts + 1)
    }
}

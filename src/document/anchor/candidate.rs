//! Places that may be the one that an anchor means: how good a fit must be, and where it puts the
//! quotation.

use super::align::{Aligner, Fit, Pair};
use super::pattern::{Edges, Pattern};
use super::text::{Spot, Text};

/// Fits that are looked at again with errors in their words.
pub const LENIENT: usize = 2;
/// Share of the quotation that must be there, and that with the share of the words around it.
const QUOTE_MIN: f32 = 0.5;
const BOTH_MIN: f32 = 0.75;
/// Weight of all words that must be there.
const WEIGHT_MIN: u32 = 16;
/// Share of the words around that tells a place without its quotation.
const CONTEXT_MIN: f32 = 0.4;
/// Outer words of which none is there where the text around is another one.
const CUT: usize = 6;
/// Where less than this share of what stood further off is there, the text around is another one.
const STRANGE: f32 = 0.2;
/// Weight below which a quotation is short, and from which on it is long.
const SHORT: u32 = 40;
const LONG: u32 = 80;
/// Words beside a quotation that tell whether it is the one.
const BESIDE: usize = 5;
/// Weight from which on words that stand together are not there by chance.
const RUN_MIN: u32 = 24;
/// Words that may stand in place of the outermost ones of a quotation.
const INSTEAD: usize = 3;

/// A place that may be the one.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    /// How good it is.
    pub score: f32,
    /// The first word of the quotation: where it begins and ends.
    pub first: (Spot, Spot),
    /// The last one.
    pub last: (Spot, Spot),
    /// How far into the document, 0 to 1.
    pub fraction: f64,
    /// The quotation is there as it was, among the words that it stood among.
    pub is_whole: bool,
    /// All words that were kept are there, of the quotation and around it.
    pub is_full: bool,
    /// Only the words around it were found.
    pub is_nearest: bool,
    /// And those on one side of it alone: the text was divided here.
    pub is_torn: bool,
    /// And nothing stands in its place: it was deleted here.
    pub is_gone: bool,
    /// Words around it were found too, as many as tell a place.
    pub is_amid: bool,
    /// The text around is another one, as far as is known.
    pub is_strange: bool,
    /// The share of what stood further off that is there.
    pub around: Option<f32>,
}

/// A text, and what it is a part of.
pub struct Field<'a> {
    /// Its words.
    pub text: &'a Text,
    /// Stored bytes of the document.
    pub total: u64,
    aligner: Aligner,
}

impl<'a> Field<'a> {
    /// A text of a document that has `total` stored bytes.
    pub fn new(text: &'a Text, total: u64) -> Field<'a> {
        Field { text, total, aligner: Aligner::default() }
    }

    /// The candidates among places where a pattern may begin.
    pub fn fits(&mut self, pattern: &Pattern, firsts: &[i64], is_lenient: bool) -> Vec<Candidate> {
        let mut fits: Vec<(f32, i64, Fit)> = Vec::new();
        for first in firsts {
            let fit = self.aligner.fit(pattern, self.text.folded(), *first, is_lenient);
            let score = 0.6 * fit.quote + 0.35 * fit.context;
            fits.push((score, *first, fit));
        }
        fits.sort_by(|a, b| b.0.total_cmp(&a.0));
        if !is_lenient {
            let is_good = |fit: &Fit| fit.is_whole && fit.context > 0.9;
            for (score, first, fit) in fits.iter_mut().take(LENIENT).filter(|(_, _, fit)| !is_good(fit)) {
                let other = self.aligner.fit(pattern, self.text.folded(), *first, true);
                let better = 0.6 * other.quote + 0.35 * other.context;
                if better > *score {
                    (*score, *fit) = (better, other);
                }
            }
        }
        fits.into_iter().filter_map(|(_, _, fit)| self.judge(pattern, fit)).collect()
    }

    /// Whether a fit is good enough, and where it puts the quotation.
    fn judge(&self, pattern: &Pattern, fit: Fit) -> Option<Candidate> {
        let fit = if is_held(pattern, &fit) { fit } else { fit.without_quote(pattern) };
        let all: u32 = pattern.words().iter().map(|word| word.weight()).sum();
        let is_enough = fit.weight >= WEIGHT_MIN || fit.weight * 5 >= all * 3;
        let is_found = fit.quote >= QUOTE_MIN && fit.quote + fit.context >= BOTH_MIN;
        let is_nearest = !is_found && fit.context >= CONTEXT_MIN && pattern.words().len() > pattern.quote;
        if !is_enough || !(is_found || is_nearest) {
            return None;
        }
        let steady = steady(pattern, &fit);
        let (first, last) = edges(pattern, &steady)?;
        let around = pattern.around.share(self.text.words(), first, last);
        let fraction = self.text.fraction(first, self.total);
        let near = 1.0 - (fraction - pattern.fraction).abs() as f32;
        let score = 0.6 * fit.quote + 0.35 * fit.context + 0.05 * near + 0.35 * around.unwrap_or_default();
        let is_strange = around.map_or_else(|| is_cut(pattern, &fit), |around| around < STRANGE);
        let is_one = last + 1 - first <= pattern.quote + pattern.quote / 20;
        let is_whole = fit.is_whole && is_one && is_surrounded(pattern, &fit);
        let (first, last) = (self.text.spots(first)?, self.text.spots(last)?);
        let is_full = fit.is_whole && fit.context >= 1.0;
        let is_torn = is_nearest && is_one_sided(pattern, &steady);
        let is_gone = is_nearest && is_closed(pattern, &steady);
        let is_amid = is_found && fit.context >= CONTEXT_MIN;
        let is =
            Candidate { is_whole, is_full, is_nearest, is_torn, is_gone, is_amid, is_strange, ..Candidate::default() };
        Some(Candidate { score, first, last, fraction, around, ..is })
    }

    /// The place at a letter of an equal text.
    pub fn at_letter(&self, pattern: &Pattern, offset: u64) -> Option<Candidate> {
        if matches!(pattern.edges, Edges::After | Edges::End) {
            return None;
        }
        let first = self.text.word_of_letter(u32::try_from(offset).ok()?);
        let length = pattern.quote_letters().0.len().max(1) as u32;
        let last = self.text.word_of_letter(self.text.words().get(first)?.letter() + length - 1);
        let fraction = self.text.fraction(first, self.total);
        let (first, last) = (self.text.spots(first)?, self.text.spots(last)?);
        let (is_whole, is_full, is_amid) = (true, true, true);
        Some(Candidate { score: 2.0, first, last, fraction, is_whole, is_full, is_amid, ..Candidate::default() })
    }
}

/// Whether the words found of a short quotation stand beside others that were found: else they
/// are there by chance, as small words are everywhere.
fn is_held(pattern: &Pattern, fit: &Fit) -> bool {
    let is_quote = |i: usize| (pattern.lead..pattern.lead + pattern.quote).contains(&i);
    if pattern.quote > 3 || pattern.quote == pattern.words().len() {
        return true;
    }
    fit.pairs.windows(2).any(|pair| match pair {
        [a, b] => (is_quote(a.0) != is_quote(b.0)) && b.0 - a.0 <= 2 && b.1 - a.1 <= 2,
        _ => false,
    })
}

/// Whether a quotation is the one that was marked: a short one stands among the words that it
/// stood among, a longer one among some of them. A long one is no other by chance.
fn is_surrounded(pattern: &Pattern, fit: &Fit) -> bool {
    let quote = pattern.lead..pattern.lead + pattern.quote;
    let weight: u32 = pattern.words().iter().skip(quote.start).take(pattern.quote).map(|w| w.weight()).sum();
    let near = quote.start.saturating_sub(BESIDE)..(quote.end + BESIDE).min(pattern.words().len());
    let is_beside = |i: usize| near.contains(&i) && !quote.contains(&i);
    let found = fit.pairs.iter().filter(|(i, _)| is_beside(*i)).count();
    // Of ten words beside it, and of all around.
    let (beside, context) = match weight {
        0..SHORT => (10, 0.85),
        SHORT..LONG => (6, 0.5),
        _ => (0, 0.0),
    };
    found * 10 >= (near.len() - quote.len()) * beside && fit.context >= context
}

/// Whether the text around is another one on one side: then this may be a passage that stood
/// twice, and the mark was in the one that is gone.
fn is_cut(pattern: &Pattern, fit: &Fit) -> bool {
    let count = pattern.words().len();
    let first = fit.pairs.first().map_or(count, |pair| pair.0);
    let last = fit.pairs.last().map_or(0, |pair| pair.0 + 1);
    first >= CUT || count - last >= CUT
}

/// Whether all that was found stood on one side of the quotation.
fn is_one_sided(pattern: &Pattern, fit: &Fit) -> bool {
    let is_before = |pair: &Pair| pair.0 < pattern.lead;
    fit.pairs.iter().all(is_before) || !fit.pairs.iter().any(is_before)
}

/// Whether nothing is left of a quotation, and nothing stands between what stood around it, or that is
/// there on one side alone. A bare place is where what is left of its surroundings is.
fn is_closed(pattern: &Pattern, fit: &Fit) -> bool {
    let ((before, start), (end, after)) = (fit.beside(pattern.lead), fit.beside(pattern.lead + pattern.quote));
    let is_bare = matches!(pattern.edges, Edges::Before | Edges::After);
    let is_empty = start == after && before == end;
    let is_open = matches!((before, after), (Some((_, last)), Some((_, next))) if next > last + 1);
    !is_bare && is_empty && !is_open
}

/// A fit without the few words that stand apart from the others: they are there by chance, as
/// small words are everywhere, and would draw an edge to where they are.
fn steady(pattern: &Pattern, fit: &Fit) -> Fit {
    let shift = |pair: &Pair| pair.1 as i64 - pair.0 as i64;
    let mut open: Vec<&[Pair]> = fit.pairs.chunk_by(|a, b| shift(a).abs_diff(shift(b)) <= INSTEAD as u64).collect();
    let mut runs: Vec<(u32, &[Pair])> = Vec::new();
    while let Some(pairs) = open.pop() {
        let Some((weight, range)) = heaviest(pattern, pairs) else { continue };
        let (before, rest) = pairs.split_at_checked(range.start).unwrap_or((&[], pairs));
        let (run, after) = rest.split_at_checked(range.len()).unwrap_or((rest, &[]));
        runs.push((weight, run));
        open.extend([before, after]);
    }
    let most = runs.iter().map(|run| run.0).max().unwrap_or(0);
    let is_dense = |run: &[Pair]| match run {
        [first, .., last] => run.len() * 2 > last.0 - first.0,
        _ => true,
    };
    runs.retain(|run| run.0 >= RUN_MIN && is_dense(run.1) || run.0 == most);
    let mut pairs: Vec<Pair> = runs.into_iter().flat_map(|run| run.1).copied().collect();
    pairs.sort_unstable();
    Fit { pairs, ..fit.clone() }
}

/// The pairs beside each other whose weight is most, less that of the words between them that are
/// not there (Bentley 1984); with that weight.
fn heaviest(pattern: &Pattern, pairs: &[Pair]) -> Option<(u32, std::ops::Range<usize>)> {
    let weight = |from: usize, to: usize| -> i64 {
        pattern.words().get(from..to).unwrap_or_default().iter().map(|word| i64::from(word.weight())).sum()
    };
    let (mut sum, mut start, mut last) = (0, 0, 0);
    let mut best: Option<(i64, std::ops::Range<usize>)> = None;
    for (i, pair) in pairs.iter().enumerate() {
        sum -= weight(last, pair.0);
        if sum <= 0 {
            (sum, start) = (0, i);
        }
        last = pair.0 + 1;
        sum += weight(pair.0, last);
        if best.as_ref().is_none_or(|(most, _)| sum > *most) {
            best = Some((sum, start..i + 1));
        }
    }
    best.map(|(sum, range)| (sum.unsigned_abs() as u32, range))
}

/// The first and the last word of the quotation in the text. Where its outermost words are not
/// there, a few words that stand in their place count in their stead; more may be anything.
fn edges(pattern: &Pattern, fit: &Fit) -> Option<(usize, usize)> {
    let (lead, after) = (pattern.lead, pattern.lead + pattern.quote);
    let (before_start, start) = fit.beside(lead);
    let (end, behind_end) = fit.beside(after);
    let first = match (before_start, start) {
        (Some((_, j)), Some((own, at))) if own < after => at.saturating_sub((own - lead).min(INSTEAD)).max(j + 1),
        (None, Some((own, at))) if own < after => at.saturating_sub((own - lead).min(INSTEAD)),
        // Nothing of the quotation is there.
        (Some((i, j)), Some((_, next))) => (j + (lead - i)).min(next.max(j + 1)),
        (Some((i, j)), None) => j + (lead - i),
        (None, Some((i, j))) => j.saturating_sub(i - lead),
        (None, None) => return None,
    };
    let last = match (end, behind_end) {
        (Some((own, at)), Some((_, next))) if own >= lead => {
            (at + (after - 1 - own).min(INSTEAD)).min(next.saturating_sub(1))
        }
        (Some((own, at)), None) if own >= lead => at + (after - 1 - own).min(INSTEAD),
        (Some((i, j)), Some((_, next))) => (j + (after - 1 - i)).min(next.saturating_sub(1)),
        (Some((i, j)), None) => j + (after - 1 - i),
        (None, Some((i, j))) => j.saturating_sub(i - after + 1),
        (None, None) => return None,
    };
    Some((first, last.max(first)))
}

//! How well the words of a pattern fit the words around a place: which of them stand there, in
//! their order.

use crate::text::words::Words;

use super::myers;
use super::pattern::Pattern;

/// Words of the text looked at before and after where the pattern should be: more than a run of
/// inserted words is long.
const MARGIN: usize = 20;
/// What a word of the text costs that stands between two of the pattern; a word of the pattern
/// brings four times its weight.
const GAP: i32 = 1;
/// Letters of a word from which on it may be known again with errors.
const LETTERS_MIN: usize = 3;

/// A word of the pattern and one of the text that go together.
pub type Pair = (usize, usize);

/// A fit.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    /// Words of the pattern and of the text that go together, in order.
    pub pairs: Vec<Pair>,
    /// Share of the quotation that is there, by weight.
    pub quote: f32,
    /// Share of the words around it that are there.
    pub context: f32,
    /// Weight of all that is there.
    pub weight: u32,
    /// Whether the whole quotation is there as it was.
    pub is_whole: bool,
}

/// Aligns patterns; keeps its tables from one to the next.
#[derive(Debug, Default)]
pub struct Aligner {
    scores: Vec<i32>,
    gains: Vec<i32>,
}

impl Aligner {
    /// Fits a pattern that should begin at word `first` of the text. `is_lenient`: words with
    /// errors count too, for less.
    pub fn fit(&mut self, pattern: &Pattern, text: &Words, first: i64, is_lenient: bool) -> Fit {
        let count = pattern.words().len();
        let low = first.saturating_sub(MARGIN as i64).clamp(0, text.words().len() as i64) as usize;
        let high = first.saturating_add((count + MARGIN) as i64).clamp(0, text.words().len() as i64) as usize;
        let width = high - low;
        self.gains.clear();
        self.gains.resize(count * width, 0);
        self.fill_gains(pattern, text, low, width, is_lenient);
        self.fill_scores(count, width);
        self.trace(pattern, low, width)
    }

    /// What each pair of words would bring.
    fn fill_gains(&mut self, pattern: &Pattern, text: &Words, low: usize, width: usize, is_lenient: bool) {
        let window = text.words().get(low..low + width).unwrap_or_default();
        let prints: Vec<u32> =
            if is_lenient { (low..low + width).map(|j| print(text.letters_of(j))).collect() } else { Vec::new() };
        for (i, (word, row)) in pattern.words().iter().zip(self.gains.chunks_mut(width.max(1))).enumerate() {
            let letters = pattern.letters_of(i);
            let own = print(letters);
            for (j, (other, gain)) in window.iter().zip(row).enumerate() {
                if other.hash == word.hash {
                    *gain = 4 * word.weight() as i32;
                } else if is_lenient && letters.len() >= LETTERS_MIN {
                    let errors_max = letters.len() / 3;
                    let apart = prints.get(j).map_or(u32::MAX, |print| (print ^ own).count_ones());
                    if apart as usize > 2 * errors_max {
                        continue;
                    }
                    let theirs = text.letters_of(low + j);
                    if theirs.len().abs_diff(letters.len()) > errors_max {
                        continue;
                    }
                    let errors = myers::distance(letters, theirs);
                    if errors <= errors_max {
                        *gain = 4 * word.weight() as i32 * (letters.len() - errors) as i32 / letters.len() as i32;
                    }
                }
            }
        }
    }

    /// The best sums, for every first part of the pattern and of the window.
    fn fill_scores(&mut self, count: usize, width: usize) {
        let columns = width + 1;
        self.scores.clear();
        self.scores.resize((count + 1) * columns, 0);
        for (i, gains) in self.gains.chunks(width.max(1)).take(count).enumerate() {
            let (above, row) = self.scores.split_at_mut((i + 1) * columns);
            let above = above.get(i * columns..).unwrap_or_default();
            let gap = if i + 1 < count { GAP } else { 0 };
            let mut left = 0;
            for (j, gain) in gains.iter().enumerate() {
                let (corner, up) = (above.get(j).copied().unwrap_or(0), above.get(j + 1).copied().unwrap_or(0));
                left = (corner + gain).max(up).max(left - gap);
                if let Some(cell) = row.get_mut(j + 1) {
                    *cell = left;
                }
            }
        }
    }

    /// Follows the best sum back.
    fn trace(&self, pattern: &Pattern, low: usize, width: usize) -> Fit {
        let words = pattern.words();
        let columns = width + 1;
        let score = |i: usize, j: usize| self.scores.get(i * columns + j).copied().unwrap_or(0);
        let mut fit = Fit::default();
        let (mut i, mut j) = (words.len(), width);
        let (mut got, mut all) = ([0; 2], [0; 2]);
        let is_quote = |i: usize| (pattern.lead..pattern.lead + pattern.quote).contains(&i);
        for (index, word) in words.iter().enumerate() {
            all[usize::from(is_quote(index))] += 4 * word.weight() as i32;
        }
        while i > 0 && j > 0 && score(i, j) > 0 {
            let gain = self.gains.get((i - 1) * width + j - 1).copied().unwrap_or(0);
            if gain > 0 && score(i, j) == score(i - 1, j - 1) + gain {
                fit.pairs.push((i - 1, low + j - 1));
                got[usize::from(is_quote(i - 1))] += gain;
                (i, j) = (i - 1, j - 1);
            } else if score(i, j) == score(i - 1, j) {
                i -= 1;
            } else if score(i, j) == score(i - 1, j - 1) {
                (i, j) = (i - 1, j - 1);
            } else {
                j -= 1;
            }
        }
        fit.pairs.reverse();
        let share = |i: usize| if all[i] == 0 { 1.0 } else { got[i] as f32 / all[i] as f32 };
        (fit.context, fit.quote) = (share(0), share(1));
        fit.weight = (got[0] + got[1]).unsigned_abs() / 4;
        fit.is_whole = got[1] == all[1];
        fit
    }
}

impl Fit {
    /// The last pair whose word of the pattern stands before one, or the first at or after it.
    pub fn beside(&self, word: usize) -> (Option<Pair>, Option<Pair>) {
        let at = self.pairs.partition_point(|pair| pair.0 < word);
        (at.checked_sub(1).and_then(|at| self.pairs.get(at)).copied(), self.pairs.get(at).copied())
    }

    /// Takes the words of the quotation out: what was found of it is chance.
    pub fn without_quote(mut self, pattern: &Pattern) -> Fit {
        self.pairs.retain(|(i, _)| !(pattern.lead..pattern.lead + pattern.quote).contains(i));
        Fit { quote: 0.0, is_whole: false, ..self }
    }
}

/// Which letters a word has, as bits.
fn print(letters: &[u8]) -> u32 {
    letters.iter().fold(0, |bits, letter| bits | 1 << (letter & 31))
}

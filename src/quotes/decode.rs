//! The most likely speaker of every turn, all turns of a conversation together.
//!
//! Each turn offers candidates with scores; a second-order chain over the turns rewards
//! alternation. The best path is found forward and backward, so that each candidate's margin to
//! the best path without it tells how sure it is.

use super::cast::{Cast, PersonId};
use super::form::Gender;
use super::phrase::Kind;
use super::reference::{CANDIDATES_MAX, References};
use super::story::{Story, Turn, Way};

/// Narrative paragraphs over which a conversation goes on.
const PAUSE_MAX: u32 = 3;
/// Turns decoded together; longer conversations are cut, so that memory stays bounded.
const STRETCH_MAX: usize = 512;
/// What a description loses as a speaker by context alone.
const NAMELESS: f32 = 1.5;
/// What a man loses where the turn before or after says *madam*.
const MISCALLED: f32 = 2.0;
/// Turns around one whose speakers may be its own.
const AROUND: usize = 6;

/// Who speaks a turn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Speaker {
    pub(super) person: Option<PersonId>,
    /// Score of the best path over the best without this speaker.
    pub(super) margin: f32,
    pub(super) basis: Basis,
}

/// On what a speaker rests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Basis {
    Name,
    Narrator,
    Description,
    /// *The girl* for somebody known.
    Likeness,
    Pronoun,
    #[default]
    Context,
}

type Choice = (Option<PersonId>, f32);

/// Finds the speakers of all turns, and counts the steps that it took.
pub(super) fn speakers(story: &Story, cast: &Cast, references: &References, is_dialogue: bool) -> (Vec<Speaker>, u64) {
    let mut found = Vec::with_capacity(story.turns.len());
    let decoder = Decoder { story, cast, references, is_dialogue };
    let (mut start, mut steps) = (0, 0);
    while start < story.turns.len() {
        let mut end = start + 1;
        while end < story.turns.len() && end - start < STRETCH_MAX && decoder.distance(end) <= PAUSE_MAX + 1 {
            end += 1;
        }
        steps += decoder.stretch(start, end, &mut found);
        start = end;
    }
    (found, steps)
}

struct Decoder<'a> {
    story: &'a Story,
    cast: &'a Cast,
    references: &'a References,
    is_dialogue: bool,
}

impl Decoder<'_> {
    fn turn(&self, index: usize) -> Option<&Turn> {
        self.story.turns.get(index)
    }

    /// Paragraphs from the turn before to this one.
    fn distance(&self, index: usize) -> u32 {
        match (index.checked_sub(1).and_then(|b| self.turn(b)), self.turn(index)) {
            (Some(before), Some(turn)) if !before.is_block && !turn.is_block => {
                turn.paragraph.saturating_sub(before.last_paragraph)
            }
            _ => u32::MAX,
        }
    }

    fn answers(&self, index: usize) -> bool {
        self.distance(index) <= 1
    }

    fn stretch(&self, start: usize, end: usize, found: &mut Vec<Speaker>) -> u64 {
        let choices: Vec<Vec<Choice>> = (start..end).map(|index| self.choices(index, start, end)).collect();
        let margins = margins(&choices, |at| self.follow(start + at));
        for (offset, (choices, margins)) in choices.iter().zip(margins).enumerate() {
            let best = margins.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
            let Some((choice, margin)) = best else {
                found.push(Speaker::default());
                continue;
            };
            let person = choices.get(choice).and_then(|c| c.0);
            found.push(Speaker { person, margin: *margin, basis: self.basis(start + offset) });
        }
        choices.windows(3).map(|turns| turns.iter().map(|choices| choices.len() as u64).product::<u64>()).sum()
    }

    fn basis(&self, index: usize) -> Basis {
        let evidence = self.turn(index).and_then(|t| t.evidence);
        let mention = evidence.and_then(|e| self.story.mention(e.mention));
        match mention.map(|m| m.kind) {
            Some(Kind::Name) if self.references.of(evidence.map_or(0, |e| e.mention)).is_some() => Basis::Name,
            Some(Kind::I) => Basis::Narrator,
            Some(Kind::Role) if self.references.candidates.get(index).is_some_and(|c| !c.is_empty()) => Basis::Likeness,
            Some(Kind::Role) => {
                let person = evidence.and_then(|e| self.references.of(e.mention));
                let described = person.and_then(|p| self.cast.person(p)).is_none_or(|p| p.is_description);
                if described { Basis::Description } else { Basis::Name }
            }
            Some(Kind::He | Kind::She) => Basis::Pronoun,
            _ => Basis::Context,
        }
    }

    /// What a turn's place is worth to those who spoke just before it.
    fn follow(&self, index: usize) -> Follow {
        let answers = self.answers(index);
        Follow {
            same: if answers { -3.6 } else { 0.0 },
            returns: if answers && self.answers(index.wrapping_sub(1)) { 1.3 } else { 0.0 },
        }
    }

    /// Who may speak a turn, with scores.
    fn choices(&self, index: usize, start: usize, end: usize) -> Vec<Choice> {
        let Some(turn) = self.turn(index) else { return Vec::new() };
        let mut found: Vec<Choice> = Vec::new();
        let mut wanted = Gender::Unknown;
        if let Some(evidence) = turn.evidence {
            let bonus = if evidence.way == Way::Intro { 8.0 } else { 14.0 } * evidence.weight;
            match self.story.mention(evidence.mention).map(|m| m.kind) {
                Some(Kind::Role) if self.references.candidates.get(index).is_some_and(|c| !c.is_empty()) => {
                    let list = self.references.candidates.get(index).map(Vec::as_slice).unwrap_or_default();
                    let best = list.first().map_or(0.0, |c| c.1);
                    for (person, score) in list {
                        add(&mut found, *person, 4.0 + (score - best).max(-8.0));
                    }
                }
                Some(Kind::Name | Kind::Role | Kind::I) => {
                    if let Some(person) = self.references.of(evidence.mention) {
                        add(&mut found, person, bonus);
                    }
                }
                Some(kind @ (Kind::He | Kind::She)) => {
                    wanted = if kind == Kind::He { Gender::Man } else { Gender::Woman };
                    let list = self.references.candidates.get(index).map(Vec::as_slice).unwrap_or_default();
                    let best = list.first().map_or(0.0, |c| c.1);
                    for (person, score) in list {
                        add(&mut found, *person, 4.0 + (score - best).max(-8.0));
                    }
                }
                Some(Kind::Others | Kind::Nobody) => return vec![(None, 0.0)],
                None => {}
            }
        }
        if self.is_dialogue && !turn.is_block {
            self.add_context(&mut found, index, turn, start, end);
        }
        for (person, score) in &mut found {
            let gender = person.map_or(Gender::Unknown, |p| self.cast.gender(p));
            let is_narrator = person.is_some() && *person == self.references.narrator;
            if !gender.agrees(wanted) || is_narrator && wanted != Gender::Unknown {
                *score -= 24.0;
            }
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(CANDIDATES_MAX);
        found.push((None, -1.5));
        found
    }

    fn add_context(&self, found: &mut Vec<Choice>, index: usize, turn: &Turn, start: usize, end: usize) {
        for other in index.saturating_sub(AROUND).max(start)..(index + AROUND + 1).min(end) {
            let shown = self.turn(other).and_then(|t| t.evidence).and_then(|e| self.references.of(e.mention));
            let guess = self.references.guesses.get(other).copied().flatten();
            for person in shown.into_iter().chain(guess) {
                add(found, person, 0.0);
            }
        }
        let beats = [(turn.beat_after, 3.0), (turn.beat_before, 3.0), (turn.ending, 1.2)];
        for (mention, bonus) in beats {
            let is_new = turn.evidence.is_none_or(|e| Some(e.mention) != mention);
            if let Some(person) = mention.filter(|_| is_new).and_then(|m| self.references.of(m)) {
                add(found, person, bonus);
            }
        }
        if let Some(person) = self.references.guesses.get(index).copied().flatten() {
            add(found, person, 0.8);
        }
        if self.answers(index) {
            self.add_addressed(found, index - 1, 1.5);
        }
        if index + 1 < end && self.answers(index + 1) {
            self.add_addressed(found, index + 1, 2.3);
        }
        for person in self.references.addressed(self.story, turn) {
            add(found, person, -2.5);
        }
        let next = Some(index + 1).filter(|next| *next < end && self.answers(*next)).and_then(|next| self.turn(next));
        let before = index.checked_sub(1).filter(|_| self.answers(index)).and_then(|before| self.turn(before));
        let called = next.map_or(Gender::Unknown, |t| t.calls).or(before.map_or(Gender::Unknown, |t| t.calls));
        for (person, score) in found.iter_mut() {
            // Somebody without a name seldom speaks where nothing says so.
            let gender = person.map_or(Gender::Unknown, |p| self.cast.gender(p));
            *score -= if gender.agrees(called) { 0.0 } else { MISCALLED };
            let is_nameless = person.and_then(|p| self.cast.person(p)).is_some_and(|p| p.is_description);
            *score -= if is_nameless && turn.evidence.is_none() { NAMELESS } else { 0.0 };
            *score += person.map_or(0.0, |p| 0.25 * self.references.salience(p, turn.at));
        }
    }

    fn add_addressed(&self, found: &mut Vec<Choice>, other: usize, bonus: f32) {
        let Some(turn) = self.turn(other) else { return };
        let mut seen: Option<PersonId> = None;
        for person in self.references.addressed(self.story, turn) {
            if seen != Some(person) {
                add(found, person, bonus);
            }
            seen = Some(person);
        }
    }
}

fn add(found: &mut Vec<Choice>, person: PersonId, score: f32) {
    match found.iter_mut().find(|(p, _)| *p == Some(person)) {
        Some((_, old)) => *old += score,
        None => found.push((Some(person), score)),
    }
}

/// The most choices of a turn: the candidates, and nobody.
const CHOICES_MAX: usize = CANDIDATES_MAX + 1;

/// One cell for each pair of choices of two turns in a row.
type Cells = [[f32; CHOICES_MAX]; CHOICES_MAX];

/// What following the two turns before is worth to a turn.
#[derive(Clone, Copy, Debug)]
struct Follow {
    /// To the speaker of the turn before.
    same: f32,
    /// To that of the turn before it, if another spoke between.
    returns: f32,
}

/// For each turn and choice: the best path with it, over the best path with another. `follow`
/// gives what a turn's place is worth to those who spoke just before.
fn margins(choices: &[Vec<Choice>], follow: impl Fn(usize) -> Follow) -> Vec<Vec<f32>> {
    let nobody: &[Choice] = &[(None, 0.0)];
    let at = |index: Option<usize>| index.and_then(|i| choices.get(i)).map_or(nobody, Vec::as_slice);
    let turn = |index: usize| Turns {
        two_back: at(index.checked_sub(2)),
        before: at(index.checked_sub(1)),
        own: at(Some(index)),
        follow: follow(index),
    };
    let mut forward: Vec<Cells> = Vec::with_capacity(choices.len());
    for index in 0..choices.len() {
        let cells = turn(index).forward(forward.last());
        forward.push(cells);
    }
    let mut found: Vec<Vec<f32>> = Vec::with_capacity(choices.len());
    // The best rest of the path after a pair of choices.
    let mut rest: Cells = [[0.0; CHOICES_MAX]; CHOICES_MAX];
    for (index, cells) in forward.iter().enumerate().rev() {
        let turns = turn(index);
        let totals: Vec<f32> = (0..turns.own.len())
            .map(|c| {
                let paths = (0..turns.before.len()).map(|b| get(cells, b, c) + get(&rest, b, c));
                paths.fold(f32::MIN, f32::max)
            })
            .collect();
        found.push(over_others(&totals));
        rest = turns.backward(&rest);
    }
    found.reverse();
    found
}

/// A turn with the two before it.
struct Turns<'a> {
    two_back: &'a [Choice],
    before: &'a [Choice],
    own: &'a [Choice],
    follow: Follow,
}

impl Turns<'_> {
    /// What the step from one speaker to the next is worth.
    fn step(&self, before: Choice, own: Choice) -> f32 {
        if own.0.is_some() && before.0 == own.0 { self.follow.same } else { 0.0 }
    }

    /// Whether somebody returns after another: only then does the turn two back matter, so that
    /// for every pair of choices one look at it is enough.
    fn returns(two_back: Choice, before: Choice, own: Choice) -> bool {
        own.0.is_some() && two_back.0 == own.0 && before.0 != own.0
    }

    /// The best path that ends in each pair of choices.
    fn forward(&self, last: Option<&Cells>) -> Cells {
        let mut cells = [[f32::MIN; CHOICES_MAX]; CHOICES_MAX];
        let so_far = |a: usize, b: usize| last.map_or(0.0, |cells| get(cells, a, b));
        for ((b, before), row) in self.before.iter().enumerate().zip(&mut cells) {
            let best = (0..self.two_back.len()).map(|a| so_far(a, b)).fold(f32::MIN, f32::max);
            for (own, cell) in self.own.iter().zip(row) {
                let mut path = best + self.step(*before, *own);
                let earlier = self.two_back.iter().position(|a| Self::returns(*a, *before, *own));
                if let Some(a) = earlier {
                    path = path.max(so_far(a, b) + self.follow.returns);
                }
                *cell = path + own.1;
            }
        }
        cells
    }

    /// The best rest of the path after each pair of choices of the two turns before.
    fn backward(&self, rest: &Cells) -> Cells {
        let mut cells = [[f32::MIN; CHOICES_MAX]; CHOICES_MAX];
        for (b, before) in self.before.iter().enumerate() {
            let own = || self.own.iter().enumerate();
            let path = |(c, own): (usize, &Choice)| own.1 + self.step(*before, *own) + get(rest, b, c);
            let best = own().map(path).fold(f32::MIN, f32::max);
            for (two_back, row) in self.two_back.iter().zip(&mut cells) {
                let later = own().find(|(_, own)| Self::returns(*two_back, *before, **own));
                let path = later.map_or(f32::MIN, |(c, own)| own.1 + self.follow.returns + get(rest, b, c));
                if let Some(cell) = row.get_mut(b) {
                    *cell = best.max(path);
                }
            }
        }
        cells
    }
}

fn get(cells: &Cells, a: usize, b: usize) -> f32 {
    cells.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0.0)
}

/// Each total over the best of the others.
fn over_others(totals: &[f32]) -> Vec<f32> {
    let others = |index: usize| {
        let rest = totals.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, t)| *t);
        rest.fold(f32::MIN, f32::max)
    };
    totals
        .iter()
        .enumerate()
        .map(|(index, total)| if totals.len() > 1 { total - others(index) } else { 20.0 })
        .collect()
}

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
pub(super) fn speakers(
    story: &Story,
    cast: &Cast,
    references: &mut References,
    is_dialogue: bool,
) -> (Vec<Speaker>, u64) {
    let mut found = Vec::with_capacity(story.turns.len());
    let mut decoder = Decoder { story, cast, references, is_dialogue, found: Vec::new() };
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
    references: &'a mut References,
    is_dialogue: bool,
    /// Room in which the choices of a turn are put together.
    found: Vec<Choice>,
}

impl<'a> Decoder<'a> {
    fn turn(&self, index: usize) -> Option<&'a Turn> {
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

    fn stretch(&mut self, start: usize, end: usize, found: &mut Vec<Speaker>) -> u64 {
        let choices: Vec<Choices> = (start..end).map(|index| self.choices(index, start, end)).collect();
        let decisions = decide(&choices, |at| self.follow(start + at));
        for (offset, (choices, (choice, margin))) in choices.iter().zip(decisions).enumerate() {
            let person = choices.persons.get(choice).copied().flatten();
            found.push(Speaker { person, margin, basis: self.basis(start + offset) });
        }
        choices.windows(3).map(|turns| turns.iter().map(|choices| choices.len as u64).product::<u64>()).sum()
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
    fn choices(&mut self, index: usize, start: usize, end: usize) -> Choices {
        let Some(turn) = self.turn(index) else { return Choices::NONE };
        let mut found = std::mem::take(&mut self.found);
        found.clear();
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
                Some(Kind::Others | Kind::Nobody) => return Choices::NOBODY,
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
        let choices = Choices::of(&found);
        self.found = found;
        choices
    }

    fn add_context(&mut self, found: &mut Vec<Choice>, index: usize, turn: &Turn, start: usize, end: usize) {
        for other in index.saturating_sub(AROUND).max(start)..(index + AROUND + 1).min(end) {
            // What a turn shows of its speaker is its guess.
            if let Some(person) = self.references.guesses.get(other).copied().flatten() {
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
        for person in self.references.addressed(index).iter().copied() {
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
        let mut seen: Option<PersonId> = None;
        for person in self.references.addressed(other).iter().copied() {
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

/// A score for each choice of a turn.
type Scores = [f32; CHOICES_MAX];

/// One cell for each pair of choices of two turns in a row.
type Cells = [Scores; CHOICES_MAX];

/// Who may speak a turn. Places that are not in use have a score below all others, so that scores
/// can be added and compared for all places at once.
#[derive(Clone, Copy, Debug)]
struct Choices {
    persons: [Option<PersonId>; CHOICES_MAX],
    scores: Scores,
    len: usize,
}

impl Choices {
    const NONE: Choices = Choices { persons: [None; CHOICES_MAX], scores: [f32::MIN; CHOICES_MAX], len: 0 };
    /// Nobody who is known.
    const NOBODY: Choices = {
        let mut own = Choices::NONE;
        own.scores[0] = 0.0;
        own.len = 1;
        own
    };

    fn of(choices: &[Choice]) -> Choices {
        let mut own = Choices { len: choices.len().min(CHOICES_MAX), ..Choices::NONE };
        for ((person, score), (own_person, own_score)) in
            choices.iter().zip(own.persons.iter_mut().zip(&mut own.scores))
        {
            (*own_person, *own_score) = (*person, *score);
        }
        own
    }

    /// For each choice, where its person stands among the choices of another turn.
    fn places(&self, others: &Choices) -> Places {
        let mut found = [None; CHOICES_MAX];
        let others = others.persons.get(..others.len).unwrap_or_default();
        for (person, place) in self.persons.iter().zip(&mut found).take(self.len) {
            let at = person.and_then(|person| others.iter().position(|other| *other == Some(person)));
            *place = at.map(|at| at as u8);
        }
        found
    }
}

/// For each choice of a turn, where its person stands among the choices of another.
type Places = [Option<u8>; CHOICES_MAX];

/// What following the two turns before is worth to a turn.
#[derive(Clone, Copy, Debug)]
struct Follow {
    /// To the speaker of the turn before.
    same: f32,
    /// To that of the turn before it, if another spoke between.
    returns: f32,
}

/// For each turn the choice on the best path, and its margin: that path over the best with another
/// choice. `follow` gives what a turn's place is worth to those who spoke just before.
fn decide(choices: &[Choices], follow: impl Fn(usize) -> Follow) -> Vec<(usize, f32)> {
    let at = |index: Option<usize>| index.and_then(|i| choices.get(i)).copied().unwrap_or(Choices::NOBODY);
    let mut turns: Vec<Turns> = Vec::with_capacity(choices.len());
    let mut forward: Vec<Cells> = Vec::with_capacity(choices.len());
    for (index, own) in choices.iter().enumerate() {
        let (before, two_back) = (at(index.checked_sub(1)), at(index.checked_sub(2)));
        let turn = Turns {
            own: own.scores,
            before: before.len,
            stays: before.places(own),
            returns: two_back.places(own),
            follow: follow(index),
        };
        forward.push(turn.forward(forward.last()));
        turns.push(turn);
    }
    let mut found: Vec<(usize, f32)> = Vec::with_capacity(choices.len());
    // The best rest of the path after a pair of choices.
    let mut rest: Cells = [[0.0; CHOICES_MAX]; CHOICES_MAX];
    for ((turn, own), cells) in turns.iter().zip(choices).zip(&forward).rev() {
        let mut totals = [f32::MIN; CHOICES_MAX];
        for (cells, rest) in cells.iter().zip(&rest) {
            let paths = cells.iter().zip(rest).map(|(so_far, rest)| so_far + rest);
            totals.iter_mut().zip(paths).for_each(|(total, path)| *total = greater(*total, path));
        }
        found.push(best(totals.get(..own.len).unwrap_or_default()));
        rest = turn.backward(&rest);
    }
    found.reverse();
    found
}

/// The greater of two scores, none of which is NaN.
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The first of the greatest totals, and how far it is over the others.
fn best(totals: &[f32]) -> (usize, f32) {
    /// The margin of what has no rival.
    const ALONE: f32 = 20.0;
    let (mut choice, mut most, mut second) = (0, f32::MIN, f32::MIN);
    for (index, total) in totals.iter().copied().enumerate() {
        if total > most {
            (choice, second, most) = (index, most, total);
        } else {
            second = second.max(total);
        }
    }
    (choice, if totals.len() > 1 { most - second } else { ALONE })
}

/// A turn with the two before it. Only who speaks again makes those matter; for all other pairs of
/// choices the scores are the same.
struct Turns {
    /// The scores of its choices.
    own: Scores,
    /// The choices of the turn before.
    before: usize,
    /// For each choice of the turn before, the own one of the same person; and of the turn before that.
    stays: Places,
    returns: Places,
    follow: Follow,
}

impl Turns {
    fn own(&self, choice: u8) -> Option<f32> {
        self.own.get(usize::from(choice)).copied()
    }

    /// The best path that ends in each pair of choices.
    fn forward(&self, last: Option<&Cells>) -> Cells {
        let none = [[0.0; CHOICES_MAX]; CHOICES_MAX];
        let last = last.unwrap_or(&none);
        let mut best = [f32::MIN; CHOICES_MAX];
        for row in last {
            best.iter_mut().zip(row).for_each(|(best, path)| *best = greater(*best, *path));
        }
        let mut cells = [[f32::MIN; CHOICES_MAX]; CHOICES_MAX];
        for ((best, stays), row) in best.iter().zip(self.stays).zip(&mut cells).take(self.before) {
            row.iter_mut().zip(self.own).for_each(|(cell, own)| *cell = best + own);
            if let Some((cell, own)) = stays.and_then(|c| row.get_mut(usize::from(c)).zip(self.own(c))) {
                *cell = best + self.follow.same + own;
            }
        }
        for (last, c) in last.iter().zip(self.returns) {
            let Some((c, own)) = c.and_then(|c| Some((c, self.own(c)?))) else { continue };
            for (((best, last), stays), row) in best.iter().zip(last).zip(self.stays).zip(&mut cells).take(self.before)
            {
                if let Some(cell) = row.get_mut(usize::from(c)).filter(|_| stays != Some(c)) {
                    *cell = greater(*best, last + self.follow.returns) + own;
                }
            }
        }
        cells
    }

    /// The best rest of the path after each pair of choices of the two turns before.
    fn backward(&self, rest: &Cells) -> Cells {
        let mut best = [f32::MIN; CHOICES_MAX];
        for ((best, rest), stays) in best.iter_mut().zip(rest).zip(self.stays).take(self.before) {
            let mut paths = *rest;
            paths.iter_mut().zip(self.own).for_each(|(path, own)| *path += own);
            if let Some((path, (own, rest))) =
                stays.and_then(|c| paths.get_mut(usize::from(c)).zip(self.own(c).zip(rest.get(usize::from(c)))))
            {
                *path = own + self.follow.same + rest;
            }
            *best = paths.into_iter().fold(f32::MIN, greater);
        }
        let mut cells = [best; CHOICES_MAX];
        for (c, row) in self.returns.iter().zip(&mut cells) {
            let Some((c, own)) = c.and_then(|c| Some((c, self.own(c)?))) else { continue };
            for ((cell, rest), stays) in row.iter_mut().zip(rest).zip(self.stays).take(self.before) {
                if stays != Some(c) {
                    *cell =
                        greater(*cell, own + self.follow.returns + rest.get(usize::from(c)).copied().unwrap_or(0.0));
                }
            }
        }
        cells
    }
}

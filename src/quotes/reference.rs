//! Whom each mention means: names by the cast, *he* and *she* by who is near.

use super::cast::{Cast, PersonId};
use super::form::Gender;
use super::kin::Kin;
use super::phrase::Kind;
use super::salience::Salience;
use super::story::{Mention, MentionId, Role, Story, Turn};

/// Paragraphs and mentions that a pronoun looks back.
const PARAGRAPHS_BACK: u32 = 15;
const MENTIONS_BACK: usize = 48;
/// Turns of a paragraph in which the one of a mention is looked for.
const TURNS_AHEAD: usize = 8;
/// Mentions of a turn in which an address is looked for.
pub(super) const ADDRESSES_MAX: usize = 256;
/// Candidates kept for a turn.
pub(super) const CANDIDATES_MAX: usize = 7;

/// Somebody who may be meant, and how well he fits.
pub(super) type Candidate = (PersonId, f32);

/// Whom the mentions mean, and who may speak by them.
#[derive(Debug)]
pub(super) struct References {
    /// For each mention its person.
    pub(super) persons: Vec<Option<PersonId>>,
    /// For each turn with a pronoun as evidence, who may be meant, best first.
    pub(super) candidates: Vec<Vec<Candidate>>,
    /// For each turn the speaker as far as its own evidence tells.
    pub(super) guesses: Vec<Option<PersonId>>,
    salience: Salience,
    /// Those that are placed so far and stand in the narration, in reading order.
    placed: Vec<Placed>,
    /// Who may be meant by the mention last looked at.
    found: Vec<Candidate>,
    /// Who is addressed, turn after turn, and for each turn where its own end.
    addressed: Vec<PersonId>,
    addressed_ends: Vec<usize>,
    /// Mentions looked at.
    pub(super) steps: u64,
    /// Whom *I* means, and so neither *he* nor *she*.
    pub(super) narrator: Option<PersonId>,
}

/// A mention whose person is known.
#[derive(Clone, Copy, Debug)]
struct Placed {
    index: usize,
    person: PersonId,
    gender: Gender,
    paragraph: u32,
    role: Role,
}

impl References {
    /// Resolves all mentions, in reading order. `narrator`: whom *I* means.
    pub(super) fn new(story: &Story, cast: &Cast, narrator: Option<PersonId>) -> References {
        let mut own = References {
            persons: vec![None; story.mentions.len()],
            candidates: vec![Vec::new(); story.turns.len()],
            guesses: vec![None; story.turns.len()],
            salience: Salience::new(cast.persons.len()),
            placed: Vec::new(),
            found: Vec::new(),
            addressed: Vec::new(),
            addressed_ends: Vec::with_capacity(story.turns.len()),
            narrator,
            steps: 0,
        };
        own.place_names(story, cast, narrator);
        own.note_addresses(story);
        let mut next_turn = 0usize;
        for index in 0..story.mentions.len() {
            while let Some(turn) = story.turns.get(next_turn).filter(|t| (t.mentions.1 as usize) <= index) {
                own.close_turn(story, next_turn, turn);
                next_turn += 1;
            }
            own.resolve(story, cast, index, next_turn);
            own.note_placed(story, cast, index);
        }
        while let Some(turn) = story.turns.get(next_turn) {
            own.close_turn(story, next_turn, turn);
            next_turn += 1;
        }
        own
    }

    /// The person of a mention.
    pub(super) fn of(&self, mention: MentionId) -> Option<PersonId> {
        self.persons.get(mention as usize).copied().flatten()
    }

    /// How much a person matters at a place.
    pub(super) fn salience(&mut self, person: PersonId, at: u32) -> f32 {
        self.salience.at(person, at)
    }

    fn note_placed(&mut self, story: &Story, cast: &Cast, index: usize) {
        let (Some(mention), Some(person)) = (story.mentions.get(index), self.of(index as MentionId)) else { return };
        if !mention.is_quoted {
            // Only the last are looked back at.
            if self.placed.len() >= 2 * MENTIONS_BACK {
                self.placed.drain(..MENTIONS_BACK);
            }
            let (gender, paragraph, role) = (cast.gender(person), mention.paragraph, mention.role);
            self.placed.push(Placed { index, person, gender, paragraph, role });
        }
    }

    fn note_addresses(&mut self, story: &Story) {
        for turn in &story.turns {
            let mentions = (turn.mentions.0..turn.mentions.1).take(ADDRESSES_MAX);
            let called = mentions.filter(|m| story.mention(*m).is_some_and(|m| m.is_vocative));
            self.addressed.extend(called.filter_map(|m| self.persons.get(m as usize).copied().flatten()));
            self.addressed_ends.push(self.addressed.len());
        }
    }

    /// Who is addressed in a turn.
    pub(super) fn addressed(&self, turn: usize) -> &[PersonId] {
        let end = |turn: Option<usize>| turn.and_then(|t| self.addressed_ends.get(t)).copied().unwrap_or(0);
        self.addressed.get(end(turn.checked_sub(1))..end(Some(turn))).unwrap_or_default()
    }

    fn place_names(&mut self, story: &Story, cast: &Cast, narrator: Option<PersonId>) {
        for (mention, slot) in story.mentions.iter().zip(&mut self.persons) {
            *slot = match mention.kind {
                Kind::Role if cast.families.of(mention.label).is_some() => None,
                Kind::Name | Kind::Role => cast.of(mention.label),
                Kind::I if !mention.is_quoted => narrator,
                _ => None,
            };
            let acts = mention.role == Role::Subject && !mention.is_quoted;
            if let Some(person) = slot.filter(|_| acts) {
                self.salience.note(person, mention.at);
            }
        }
    }

    fn resolve(&mut self, story: &Story, cast: &Cast, index: usize, next_turn: usize) {
        let Some(mention) = story.mentions.get(index).filter(|m| !m.is_quoted) else { return };
        let gender = match mention.kind {
            Kind::He => Gender::Man,
            Kind::She => Gender::Woman,
            Kind::Role => match cast.families.of(mention.label) {
                Some(Kin::Like(gender)) => gender,
                Some(kin) => {
                    self.steps += MENTIONS_BACK as u64;
                    let person = self.relative(story, cast, index, mention, kin);
                    if let (Some(_), Some(slot)) = (person, self.persons.get_mut(index)) {
                        *slot = person;
                    }
                    return;
                }
                None => return,
            },
            _ => return,
        };
        let turn = turn_of(story, index, next_turn);
        if turn.is_none() && mention.kind != Kind::Role && mention.role != Role::Subject {
            return;
        }
        self.steps += MENTIONS_BACK as u64;
        self.seek(story, cast, index, mention, gender, turn);
        let best = self.found.first().map(|(person, _)| *person);
        if mention.kind == Kind::Role && best.is_none() {
            return;
        }
        if let Some(slot) = self.persons.get_mut(index) {
            *slot = best;
        }
        if let Some(slot) = turn.and_then(|t| self.candidates.get_mut(t)) {
            slot.clone_from(&self.found);
        }
    }

    /// Whom *his wife* or *her mother* means.
    fn relative(&mut self, story: &Story, cast: &Cast, index: usize, mention: &Mention, kin: Kin) -> Option<PersonId> {
        let families = &cast.families;
        let (gender, spouses) = match kin {
            Kin::Wife => (Gender::Man, &families.wives),
            Kin::Husband => (Gender::Woman, &families.men),
            Kin::Mother => return self.nearest(&families.mothers, mention.at),
            Kin::Father => return self.nearest(&families.fathers, mention.at),
            Kin::Like(_) => return None,
        };
        self.seek(story, cast, index, mention, gender, None);
        self.found.iter().take(3).find_map(|(owner, _)| {
            let surname = cast.surname(*owner)?;
            spouses.get(&surname).copied().filter(|spouse| spouse != owner)
        })
    }

    /// Who of these matters most at a place.
    fn nearest(&mut self, persons: &[PersonId], at: u32) -> Option<PersonId> {
        let near = persons.iter().map(|p| (*p, self.salience(*p, at)));
        near.filter(|(_, salience)| *salience > 0.0)
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
            .map(|(p, _)| p)
    }

    /// Finds who may be meant by a pronoun, best first.
    fn seek(
        &mut self,
        story: &Story,
        cast: &Cast,
        index: usize,
        pronoun: &Mention,
        gender: Gender,
        turn: Option<usize>,
    ) {
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        // What does not depend on the place is added once for each.
        let narrator = self.narrator;
        let mut offer = |person: PersonId, own: Gender, score: f32| {
            if !own.agrees(gender) || narrator == Some(person) {
                return;
            }
            match found.iter_mut().find(|(p, _)| *p == person) {
                Some((_, old)) => *old = old.max(score),
                None => found.push((person, score)),
            }
        };
        let mut rank = 0.0f32;
        for placed in self.placed.iter().rev().take_while(|placed| placed.index + MENTIONS_BACK >= index) {
            let distance = pronoun.paragraph.saturating_sub(placed.paragraph);
            if distance > PARAGRAPHS_BACK {
                break;
            }
            let mut score = -0.8 * distance as f32 - 0.7 * rank;
            score += if distance == 0 { 6.0 } else { 0.0 };
            score += if placed.role == Role::Subject { 0.5 } else { 0.0 };
            score -= if placed.role == Role::Owner { 0.6 } else { 0.0 };
            offer(placed.person, placed.gender, score);
            rank += 1.0;
        }
        let turn = turn.and_then(|t| story.turns.get(t).map(|turn| (t, turn)));
        if let Some((number, turn)) = turn {
            for back in 1..=4usize {
                let Some(before) = number.checked_sub(back) else { break };
                let Some(other) = story.turns.get(before) else { break };
                let distance = turn.paragraph.saturating_sub(other.last_paragraph);
                if distance > PARAGRAPHS_BACK {
                    break;
                }
                if let Some(person) = self.guesses.get(before).copied().flatten() {
                    offer(person, cast.gender(person), 0.5 - 0.8 * distance as f32);
                }
            }
        }
        for (person, score) in &mut found {
            *score += self.salience.at(*person, pronoun.at);
            if let Some(who) = cast.person(*person) {
                let is_unknown = who.gender == Gender::Unknown;
                *score -= if who.is_description { 3.5 } else { 0.0 };
                *score -= if is_unknown { 1.8 } else { 0.0 } + if is_unknown && who.is_description { 0.5 } else { 0.0 };
            }
        }
        if let Some((number, turn)) = turn {
            let addressed = self.addressed(number);
            for (person, score) in &mut found {
                if addressed.contains(person) {
                    *score -= 5.0;
                }
                let before = number.checked_sub(1).and_then(|b| story.turns.get(b));
                let is_next = before.is_some_and(|b| turn.paragraph.saturating_sub(b.last_paragraph) <= 1);
                if is_next && self.guesses.get(number - 1).copied().flatten() == Some(*person) {
                    *score -= 2.5;
                }
            }
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(CANDIDATES_MAX);
        self.found = found;
    }

    /// What a turn's own evidence says of its speaker, for those after it.
    fn close_turn(&mut self, story: &Story, number: usize, turn: &Turn) {
        let shown = turn.evidence.and_then(|e| self.of(e.mention));
        let guess = shown.or_else(|| turn.beat_after.and_then(|m| self.of(m))).or_else(|| {
            let two_back = number.checked_sub(2)?;
            let other = story.turns.get(two_back)?;
            let is_near = turn.paragraph.saturating_sub(other.last_paragraph) <= 2;
            self.guesses.get(two_back).copied().flatten().filter(|_| is_near)
        });
        if let Some(slot) = self.guesses.get_mut(number) {
            *slot = guess;
        }
    }
}

/// The turn whose speaker a mention shows. Turns of one paragraph end together: some are looked
/// through.
fn turn_of(story: &Story, index: usize, next_turn: usize) -> Option<usize> {
    let shows = |turn: &Turn| turn.evidence.is_some_and(|e| e.mention as usize == index);
    (next_turn..next_turn + TURNS_AHEAD).find(|t| story.turns.get(*t).is_some_and(shows))
}

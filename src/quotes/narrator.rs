//! Whom *I* means in the narration.

use foldhash::HashMap;

use super::cast::{Cast, Person, PersonId};
use super::form::Gender;
use super::phrase::Kind;
use super::reference::ADDRESSES_MAX;
use super::story::{Story, Turn};

/// Turns of a narrator in which he is called by his name once, at least.
const TURNS_FOR_CALL: u32 = 40;

/// Calls that show a person of whom nothing else is known.
const CALLS_TO_SHOW: u32 = 2;

impl Cast {
    /// The person whom *I* means, if somebody says *I said*: a name by which others address him
    /// and which the narration hardly uses, else nobody's.
    pub(super) fn add_narrator(&mut self, story: &Story) -> Option<PersonId> {
        let is_i = |turn: &Turn| {
            turn.evidence.and_then(|e| story.mention(e.mention)).is_some_and(|m| m.kind == Kind::I && !m.is_quoted)
        };
        let own_turns = story.turns.iter().filter(|turn| is_i(turn)).count() as u32;
        if own_turns == 0 {
            return None;
        }
        // Called so by chance, another in the scene has fewer calls in a long text.
        let enough = 1 + own_turns / TURNS_FOR_CALL;
        let mut called: HashMap<PersonId, u32> = HashMap::default();
        for (index, turn) in story.turns.iter().enumerate() {
            let is_near = |a: &Turn, b: &Turn| b.paragraph.saturating_sub(a.last_paragraph) <= 1;
            let before =
                index.checked_sub(1).and_then(|i| story.turns.get(i)).is_some_and(|t| is_i(t) && is_near(t, turn));
            let after = story.turns.get(index + 1).is_some_and(|t| is_i(t) && is_near(turn, t));
            if is_i(turn) || !before && !after {
                continue;
            }
            for mention in (turn.mentions.0..turn.mentions.1).take(ADDRESSES_MAX).filter_map(|m| story.mention(m)) {
                if let Some(person) = self.of(mention.label).filter(|_| mention.is_vocative) {
                    *called.entry(person).or_default() += 1;
                }
            }
        }
        let mut subjects: HashMap<PersonId, u32> = HashMap::default();
        for mention in story.mentions.iter().filter(|m| !m.is_quoted) {
            if let Some(person) = self.of(mention.label) {
                *subjects.entry(person).or_default() += 1;
            }
        }
        let hardly = |person: &PersonId, times: u32| subjects.get(person).copied().unwrap_or(0) <= times;
        let best = called
            .into_iter()
            .filter(|(p, n)| *n >= enough && hardly(p, *n) && (self.is_shown(*p) || *n >= CALLS_TO_SHOW))
            .max_by_key(|(p, n)| (*n, std::cmp::Reverse(*p)));
        Some(best.map_or_else(|| self.add_nameless(), |(person, _)| person))
    }

    fn add_nameless(&mut self) -> PersonId {
        self.persons.push(Person {
            name: String::new(),
            gender: Gender::Unknown,
            is_description: false,
            is_shown: true,
        });
        PersonId(self.persons.len() as u32 - 1)
    }
}

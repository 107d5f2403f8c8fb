//! Whom *I* means in the narration.

use std::collections::HashMap;

use super::cast::{Cast, Person, PersonId};
use super::form::Gender;
use super::phrase::Kind;
use super::reference::ADDRESSES_MAX;
use super::story::{Story, Turn};

impl Cast {
    /// The person whom *I* means, if somebody says *I said*: a name by which others address him
    /// and which the narration hardly uses, else nobody's.
    pub(super) fn add_narrator(&mut self, story: &Story) -> Option<PersonId> {
        let is_i = |turn: &Turn| {
            turn.evidence.and_then(|e| story.mention(e.mention)).is_some_and(|m| m.kind == Kind::I && !m.is_quoted)
        };
        if !story.turns.iter().any(is_i) {
            return None;
        }
        let mut called: HashMap<PersonId, u32> = HashMap::new();
        for pair in story.turns.windows(2) {
            let [a, b] = pair else { continue };
            if b.paragraph.saturating_sub(a.last_paragraph) > 1 || is_i(a) == is_i(b) {
                continue;
            }
            let other = if is_i(a) { b } else { a };
            for mention in (other.mentions.0..other.mentions.1).take(ADDRESSES_MAX).filter_map(|m| story.mention(m)) {
                if let Some(person) = self.of(mention.label).filter(|_| mention.is_vocative) {
                    *called.entry(person).or_default() += 1;
                }
            }
        }
        let mut subjects: HashMap<PersonId, u32> = HashMap::new();
        for mention in story.mentions.iter().filter(|m| !m.is_quoted) {
            if let Some(person) = self.of(mention.label) {
                *subjects.entry(person).or_default() += 1;
            }
        }
        let hardly = |person: &PersonId, times: u32| subjects.get(person).copied().unwrap_or(0) <= times;
        let best = called
            .into_iter()
            .filter(|(p, n)| *n >= 2 && hardly(p, *n) && self.is_shown(*p))
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

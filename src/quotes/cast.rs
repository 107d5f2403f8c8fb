//! The persons of a text: names that mean the same person joined, gender and display name found.

use foldhash::HashMap;

use super::form::{Form, Forms, Gender, Honor};
use super::kin::Families;
use super::lexicon::{Traits, formal_names};
use super::link::{BEARERS_MAX, Linker};
use super::phrase::Kind;
use super::story::{LabelId, Mention, Story};
use super::words::{Vocabulary, WordId};

/// Uses of a surname apart from a full name that make it known.
const FAMILY_KNOWN: u32 = 4;
/// Bytes after a name in which a pronoun votes for its gender.
const VOTE_REACH: u32 = 160;

/// A person by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PersonId(pub(super) u32);

/// Somebody of the text.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) gender: Gender,
    /// Known by a description only.
    pub(super) is_description: bool,
    /// Has a title or a given name, or acts in the narration.
    pub(super) is_shown: bool,
}

/// All persons.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) persons: Vec<Person>,
    of_label: Vec<Option<PersonId>>,
    pub(super) families: Families,
    surnames: Vec<Option<WordId>>,
}

impl Cast {
    /// The persons of a text that was read to its end.
    pub(super) fn new(story: &Story, words: &Vocabulary) -> Cast {
        let forms = Forms::new(&story.labels, words);
        let owners = Linker::new(&forms, words).link();
        let mut cast = Cast { of_label: vec![None; story.labels.len()], ..Cast::default() };
        let mut persons: Vec<Option<PersonId>> = vec![None; forms.list.len()];
        let clusters = clusters(&forms.list, &owners);
        for (owner, members) in clusters.iter().enumerate() {
            let named: Vec<&Form> = members.iter().filter_map(|m| forms.list.get(*m)).collect();
            if named.is_empty() || !is_person(&named, words) {
                continue;
            }
            let id = PersonId(cast.persons.len() as u32);
            cast.persons.push(Person {
                name: display(&named, &forms),
                gender: gender(&named),
                is_description: false,
                is_shown: named.iter().any(|f| {
                    !f.words.is_empty() && f.honor != Honor::None || f.is_given || f.uses.acts + f.uses.says > 0
                }),
            });
            if let Some(slot) = persons.get_mut(owner) {
                *slot = Some(id);
            }
            cast.note_family(id, &named);
        }
        for (label, form) in forms.of_label.iter().enumerate() {
            let person = form.and_then(|f| owners.get(f)).and_then(|o| persons.get(*o)).copied().flatten();
            if let Some(slot) = cast.of_label.get_mut(label) {
                *slot = person;
            }
        }
        cast.families.note_labels(&story.labels, words);
        cast.add_roles(story, words, &forms, &owners, &persons);
        cast.vote_genders(&story.mentions);
        cast
    }

    /// The person that a label names.
    pub(super) fn of(&self, label: LabelId) -> Option<PersonId> {
        self.of_label.get(label.index()).copied().flatten()
    }

    pub(super) fn person(&self, id: PersonId) -> Option<&Person> {
        self.persons.get(id.0 as usize)
    }

    /// Whether more than being called in quotations shows the person.
    pub(super) fn is_shown(&self, id: PersonId) -> bool {
        self.person(id).is_some_and(|p| p.is_shown)
    }

    pub(super) fn gender(&self, id: PersonId) -> Gender {
        self.person(id).map_or(Gender::Unknown, |p| p.gender)
    }

    /// Notes whose wife or husband somebody may be.
    fn note_family(&mut self, id: PersonId, forms: &[&Form]) {
        let has = |honor| forms.iter().any(|f| f.honor == honor);
        let Some(surname) = forms.iter().filter(|f| f.honor != Honor::None || f.is_full()).find_map(|f| f.last())
        else {
            return;
        };
        let families = &mut self.families;
        if has(Honor::Mrs) {
            families.wives.entry(surname).or_insert(id);
            families.mothers.push(id);
        } else if gender(forms) == Gender::Man {
            let husbands = families.men.entry(surname).or_insert(id);
            if has(Honor::Mr) {
                *husbands = id;
                families.fathers.push(id);
            }
        }
        for list in [&mut families.mothers, &mut families.fathers] {
            list.truncate(BEARERS_MAX);
        }
        self.surnames.resize(self.persons.len(), None);
        if let Some(slot) = self.surnames.get_mut(id.0 as usize) {
            *slot = Some(surname);
        }
    }

    /// The surname of a person.
    pub(super) fn surname(&self, id: PersonId) -> Option<WordId> {
        self.surnames.get(id.0 as usize).copied().flatten()
    }

    /// Descriptions: *the captain* is Captain X if one dominates; others are persons by their
    /// words.
    fn add_roles(
        &mut self,
        story: &Story,
        words: &Vocabulary,
        forms: &Forms,
        owners: &[usize],
        persons: &[Option<PersonId>],
    ) {
        let bearers = title_bearers(forms, owners, persons, words);
        let mut named: HashMap<WordId, PersonId> = HashMap::default();
        for (index, form) in forms.list.iter().enumerate() {
            let person = owners.get(index).and_then(|o| persons.get(*o)).copied().flatten();
            if let ([word], Honor::None, Some(person)) = (form.words.as_slice(), form.honor, person) {
                named.insert(*word, person);
            }
        }
        for (index, label) in story.labels.iter().enumerate() {
            if !label.is_role {
                continue;
            }
            let Some(noun) = label.words.first().copied() else { continue };
            let is_plain = label.text.starts_with("the ") && label.text.matches(' ').count() == 1;
            let holder = if is_plain { bearers.get(&noun).copied() } else { None };
            let person = holder.or_else(|| named.get(&noun).copied().filter(|_| is_plain)).unwrap_or_else(|| {
                let traits = words.traits(noun);
                let gender = if traits.any(Traits::NOUN_M) {
                    Gender::Man
                } else if traits.any(Traits::NOUN_F) {
                    Gender::Woman
                } else {
                    Gender::Unknown
                };
                self.persons.push(Person {
                    name: label.text.to_string(),
                    gender,
                    is_description: true,
                    is_shown: true,
                });
                PersonId(self.persons.len() as u32 - 1)
            });
            if let Some(slot) = self.of_label.get_mut(index) {
                *slot = Some(person);
            }
        }
    }

    /// Persons of unknown gender take it from the pronouns that follow them, two to one.
    fn vote_genders(&mut self, mentions: &[Mention]) {
        let mut votes: Vec<(u32, u32)> = vec![(0, 0); self.persons.len()];
        let mut last: Option<(PersonId, u32, u32)> = None;
        for mention in mentions.iter().filter(|m| !m.is_quoted) {
            match mention.kind {
                Kind::Name | Kind::Role => {
                    last = self.of(mention.label).map(|p| (p, mention.at, mention.paragraph));
                }
                Kind::He | Kind::She => {
                    let near = last.take().filter(|(_, at, paragraph)| {
                        *paragraph == mention.paragraph && mention.at.saturating_sub(*at) <= VOTE_REACH
                    });
                    let vote = near.and_then(|(person, ..)| votes.get_mut(person.0 as usize));
                    if let Some(vote) = vote {
                        if mention.kind == Kind::He { vote.0 += 1 } else { vote.1 += 1 }
                    }
                }
                _ => {}
            }
        }
        for (person, (he, she)) in self.persons.iter_mut().zip(votes) {
            if person.gender == Gender::Unknown {
                if he > 2 * she {
                    person.gender = Gender::Man;
                } else if she > 2 * he {
                    person.gender = Gender::Woman;
                }
            }
        }
    }
}

/// For each owner its members.
fn clusters(forms: &[Form], owners: &[usize]) -> Vec<Vec<usize>> {
    let mut clusters = vec![Vec::new(); forms.len()];
    for (member, owner) in owners.iter().enumerate() {
        if let Some(cluster) = clusters.get_mut(*owner) {
            cluster.push(member);
        }
    }
    clusters
}

/// Whether the uses of a name show a person.
fn is_person(forms: &[&Form], words: &Vocabulary) -> bool {
    let sum = |of: fn(&super::story::Uses) -> u32| forms.iter().map(|f| of(&f.uses)).sum::<u32>();
    let says = sum(|u| u.says);
    let all = sum(|u| u.all);
    let titled = forms.iter().any(|f| f.honor != Honor::None);
    let listed = forms.iter().any(|f| f.first().is_some_and(|w| words.traits(w).any(Traits::GIVEN)));
    if says > 0 && says * 200 >= all {
        return true;
    }
    // Inns and ships are called after persons: *the Lord Nelson*.
    let is_plain = forms.iter().any(|f| matches!(f.honor, Honor::Mr | Honor::Mrs | Honor::Miss) || f.words.is_empty());
    let is_place = sum(|u| u.local) * 3 > all && !titled;
    let is_thing = sum(|u| u.article) * 10 > all * 6 && !is_plain;
    let shown = titled || listed || sum(|u| u.owns) > 0 || sum(|u| u.called) > 0 || sum(|u| u.acts) > 1;
    shown && !is_place && !is_thing
}

fn gender(forms: &[&Form]) -> Gender {
    let sum = |gender| forms.iter().filter(|f| f.gender == gender).map(|f| f.uses.all).sum::<u32>();
    let titled = forms.iter().find(|f| matches!(f.honor, Honor::Mr | Honor::Mrs | Honor::Miss));
    let (men, women) = (sum(Gender::Man), sum(Gender::Woman));
    match titled {
        Some(form) => form.gender,
        None if men > women => Gender::Man,
        None if women > men => Gender::Woman,
        None => Gender::Unknown,
    }
}

/// The fullest form that is not rare, else the commonest.
fn display(forms: &[&Form], all_forms: &Forms) -> String {
    let all: u32 = forms.iter().map(|f| f.uses.all).sum();
    // The same words with and without a title count together.
    let mut by_words: HashMap<&[WordId], u32> = HashMap::default();
    for form in forms {
        *by_words.entry(&form.words).or_default() += form.uses.all;
    }
    let uses = |form: &Form| by_words.get(form.words.as_slice()).copied().unwrap_or(0);
    // A full name may be rare if its surname is not: nobody says *May Grey* where all Greys are
    // known. One that stands alone may be another's (*Jim Hall* once, where Jim is a servant).
    let enough = |f: &Form| {
        let is_known = f.is_given && all_forms.family(f) >= uses(f).saturating_add(FAMILY_KNOWN);
        if is_known { all / 200 } else { all / 50 }
    };
    let rank = |f: &Form| (f.words.len().min(3), usize::from(f.honor != Honor::None), f.uses.all);
    let full = forms.iter().filter(|f| f.is_sound() && uses(f) >= enough(f)).max_by_key(|f| rank(f));
    let common = forms.iter().rev().max_by_key(|f| f.uses.all);
    // *Mr. Grey* rather than *Grey*, unless hardly anybody calls him so.
    let often = common.map_or(0, |f| f.uses.all / 4);
    let titled =
        || forms.iter().rev().filter(|f| f.honor != Honor::None && f.uses.all >= often).max_by_key(|f| f.uses.all);
    // The formal name of a short one (*Margaret* for *Meg*), if it is in use.
    let short = common.map(|f| f.text.to_lowercase()).unwrap_or_default();
    let is_formal = |f: &Form| formal_names(&short).contains(&f.text.to_lowercase().as_str());
    let formal = || forms.iter().find(|f| f.uses.all >= often && is_formal(f));
    full.or_else(titled).or_else(formal).or(common).map(|f| f.text.clone()).unwrap_or_default()
}

/// For each title and noun of office the one person who dominates it.
fn title_bearers(
    forms: &Forms,
    owners: &[usize],
    persons: &[Option<PersonId>],
    words: &Vocabulary,
) -> HashMap<WordId, PersonId> {
    /// Titles and the noun that stands for them where they differ.
    const NOUNS: [(&str, &str); 7] = [
        ("dr", "doctor"),
        ("prof", "professor"),
        ("capt", "captain"),
        ("col", "colonel"),
        ("rev", "minister"),
        ("lieut", "lieutenant"),
        ("reverend", "minister"),
    ];
    let mut counts: HashMap<WordId, Vec<(PersonId, u32)>> = HashMap::default();
    for (index, form) in forms.list.iter().enumerate() {
        let Honor::Title(title) = form.honor else { continue };
        // *The lady* is any woman, also where one has that title.
        if words.find("lady") == title {
            continue;
        }
        let Some(person) = owners.get(index).and_then(|o| persons.get(*o)).copied().flatten() else { continue };
        let noun = NOUNS.iter().find(|(short, _)| words.find(short) == title).map(|(_, noun)| words.find(noun));
        let counts = counts.entry(noun.unwrap_or(title)).or_default();
        let is_full = counts.len() >= BEARERS_MAX;
        match counts.iter_mut().find(|(p, _)| *p == person) {
            Some((_, count)) => *count += form.uses.all,
            None if !is_full => counts.push((person, form.uses.all)),
            None => {}
        }
    }
    counts
        .into_iter()
        .filter_map(|(title, bearers)| {
            let all: u32 = bearers.iter().map(|(_, n)| n).sum();
            let (person, most) = bearers.into_iter().max_by_key(|(p, n)| (*n, std::cmp::Reverse(*p)))?;
            (most * 10 >= all * 7).then_some((title, person))
        })
        .collect()
}

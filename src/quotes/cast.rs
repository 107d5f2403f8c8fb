//! The persons of a text: names that mean the same person joined, gender and display name found.

use std::collections::HashMap;

use super::kin::Families;
use super::form::{Form, Forms, Gender, Honor};
use super::lexicon::{Traits, formal_names};
use super::phrase::Kind;
use super::story::{Label, LabelId, Mention, Story};
use super::words::{Vocabulary, WordId};

/// Full names of one given name or surname that are compared.
const BEARERS_MAX: usize = 64;
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
    /// Mentions in all.
    pub(super) count: u32,
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
        let owners = Linker::new(&forms.list, words).link();
        let mut cast = Cast { of_label: vec![None; story.labels.len()], ..Cast::default() };
        let mut persons: Vec<Option<PersonId>> = vec![None; forms.list.len()];
        let clusters = clusters(&forms.list, &owners);
        for (owner, members) in clusters.iter().enumerate() {
            let named: Vec<&Form> = members.iter().filter_map(|m| forms.list.get(*m)).collect();
            if named.is_empty() || !is_person(&named, words) {
                continue;
            }
            let id = PersonId(cast.persons.len() as u32);
            if std::env::var("CASTDEBUG").is_ok() { eprintln!("{} {:?} {:?}", display(&named), gender(&named), named.iter().map(|f| format!("{:?} {} {:?}x{}", f.honor, f.text, f.gender, f.uses.all)).collect::<Vec<_>>()); } // DEBUG
            cast.persons.push(Person {
                name: display(&named),
                gender: gender(&named),
                is_description: false,
                count: named.iter().map(|f| f.uses.all).sum(),
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

    pub(super) fn gender(&self, id: PersonId) -> Gender {
        self.person(id).map_or(Gender::Unknown, |p| p.gender)
    }

    /// Notes whose wife or husband somebody may be.
    fn note_family(&mut self, id: PersonId, forms: &[&Form]) {
        let has = |honor| forms.iter().any(|f| f.honor == honor);
        let Some(surname) = forms.iter().filter(|f| f.honor != Honor::None || f.is_full()).find_map(|f| f.last()) else {
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
        let mut named: HashMap<WordId, PersonId> = HashMap::new();
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
                    count: label.uses.all,
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
    let is_place = sum(|u| u.local) * 3 > all && !titled;
    let is_thing = sum(|u| u.article) * 10 > all * 6 && !titled;
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
fn display(forms: &[&Form]) -> String {
    let all: u32 = forms.iter().map(|f| f.uses.all).sum();
    let enough = (all / 66).max(2);
    let rank = |f: &Form| (f.words.len().min(3), usize::from(f.honor != Honor::None), f.uses.all);
    let full = forms.iter().filter(|f| f.uses.all >= enough).max_by_key(|f| rank(f));
    let common = || forms.iter().rev().max_by_key(|f| f.uses.all);
    full.or_else(common).map(|f| f.text.clone()).unwrap_or_default()
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
    let mut counts: HashMap<WordId, Vec<(PersonId, u32)>> = HashMap::new();
    for (index, form) in forms.list.iter().enumerate() {
        let Honor::Title(title) = form.honor else { continue };
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

/// Finds for each form the form it belongs to.
struct Linker<'a> {
    forms: &'a [Form],
    words: &'a Vocabulary,
    /// Forms by their first word and by their last, commonest first.
    by_first: HashMap<WordId, Vec<usize>>,
    by_last: HashMap<WordId, Vec<usize>>,
}

impl<'a> Linker<'a> {
    fn new(forms: &'a [Form], words: &'a Vocabulary) -> Linker<'a> {
        let mut order: Vec<usize> = (0..forms.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(forms.get(*i).map_or(0, |f| f.uses.all)));
        let mut by_first: HashMap<WordId, Vec<usize>> = HashMap::new();
        let mut by_last: HashMap<WordId, Vec<usize>> = HashMap::new();
        for index in order {
            let Some(form) = forms.get(index) else { continue };
            for (map, word) in [(&mut by_first, form.first()), (&mut by_last, form.last())] {
                let Some(word) = word else { continue };
                let bearers = map.entry(word).or_default();
                if bearers.len() < BEARERS_MAX {
                    bearers.push(index);
                }
            }
        }
        Linker { forms, words, by_first, by_last }
    }

    /// The owner of each form; links point to full forms, then to titled ones.
    fn link(&self) -> Vec<usize> {
        let mut links: Vec<usize> = (0..self.forms.len()).collect();
        for (index, form) in self.forms.iter().enumerate() {
            let target = match (form.honor, form.words.len()) {
                (_, 0) => self.title_alone(form),
                (Honor::None, 1) => self.bare(index, form),
                (_, 1) => self.titled(index, form),
                _ => self.full(index, form),
            };
            if let (Some(target), Some(link)) = (target, links.get_mut(index)) {
                *link = target;
            }
        }
        // Chains are short (bare → titled → full), but a hostile text may close a ring.
        (0..links.len())
            .map(|start| {
                let mut at = start;
                for _ in 0..4 {
                    at = links.get(at).copied().unwrap_or(at);
                }
                at
            })
            .collect()
    }

    fn bearers(&self, map: &HashMap<WordId, Vec<usize>>, word: WordId) -> Vec<usize> {
        map.get(&word).cloned().unwrap_or_default()
    }

    fn form(&self, index: usize) -> Option<&Form> {
        self.forms.get(index)
    }

    /// The commonest form among these that fits.
    fn best(&self, among: &[usize], fits: impl Fn(&Form) -> bool) -> Option<usize> {
        among.iter().copied().find(|i| self.form(*i).is_some_and(&fits))
    }

    /// *the Captain*: the bearer of the title, if there is but one.
    fn title_alone(&self, form: &Form) -> Option<usize> {
        let Honor::Title(_) = form.honor else { return None };
        let mut bearers = self.forms.iter().enumerate().filter(|(_, f)| f.honor == form.honor && !f.words.is_empty()).take(2);
        let first = bearers.next().map(|(i, _)| i);
        if bearers.next().is_some() { None } else { first }
    }

    /// A full name: the commonest with the same first and last word.
    fn full(&self, index: usize, form: &Form) -> Option<usize> {
        let same = self.bearers(&self.by_last, form.last()?);
        // "Mrs. Lee Grey" may be the wife of Lee Grey: only a woman's name joins the two.
        let is_wife = form.honor == Honor::Mrs;
        let fits = |f: &Form| {
            let joins = (f.honor == Honor::Mrs) == is_wife || f.gender == form.gender && form.gender != Gender::Unknown;
            f.is_full() && f.first() == form.first() && f.gender.agrees(form.gender) && joins
        };
        let target = self.best(&same, fits)?;
        (target != index).then_some(target)
    }

    /// A title and one name.
    fn titled(&self, index: usize, form: &Form) -> Option<usize> {
        let word = form.first()?;
        let by_last = self.bearers(&self.by_last, word);
        let by_first = self.bearers(&self.by_first, word);
        let gender = form.gender;
        let first = || {
            self.best(&by_first, |f| f.is_full() && f.gender.agrees(gender))
        };
        let last = || self.best(&by_last, |f| f.is_full() && f.gender.agrees(gender) && f.honor != Honor::Mrs);
        match form.honor {
            Honor::Mrs => {
                let has_miss = self.best(&by_last, |f| f.honor == Honor::Miss).is_some();
                let own = self.best(&by_last, |f| f.is_full() && f.honor == Honor::Mrs);
                let women = by_last.iter().filter(|i| self.form(**i).is_some_and(|f| f.is_full() && f.gender == Gender::Woman)).count();
                own.or_else(|| if has_miss || women != 1 { None } else { self.best(&by_last, |f| f.is_full() && f.gender == Gender::Woman) })
            }
            Honor::Miss if self.words.traits(word).any(Traits::GIVEN) => first().or_else(last),
            Honor::Mr | Honor::Miss => last().or_else(first),
            _ => {
                let given = self.words.traits(word).any(Traits::GIVEN);
                let found = if given { first().or_else(last) } else { last().or_else(first) };
                found.or_else(|| self.best(&by_last, |f| f.honor == Honor::Mr && gender != Gender::Woman && f.words.len() == 1))
            }
        }
        .filter(|target| *target != index)
    }

    /// One word without a title.
    fn bare(&self, index: usize, form: &Form) -> Option<usize> {
        let word = form.first()?;
        let by_first = self.bearers(&self.by_first, word);
        let by_last = self.bearers(&self.by_last, word);
        let full_first = self.best(&by_first, Form::is_full);
        let full_last = self.best(&by_last, Form::is_full);
        let count = |i: Option<usize>| i.and_then(|i| self.form(i)).map_or(0, |f| f.uses.all);
        let is_given = self.words.traits(word).any(Traits::GIVEN);
        if full_first.is_some() && (is_given || count(full_first) >= count(full_last)) {
            return full_first;
        }
        let man = self.best(&by_last, |f| f.words.len() == 1 && f.honor != Honor::None && f.gender == Gender::Man);
        let titled = self.best(&by_last, |f| f.words.len() == 1 && f.honor != Honor::None);
        if is_given {
            let own = self.best(&by_first, |f| f.words.len() == 1 && f.honor != Honor::None);
            return own.or_else(|| self.nickname(index, form));
        }
        man.or(full_last).or(titled).or(full_first).or_else(|| self.nickname(index, form))
    }

    /// The formal name of a short one, where that is as common.
    fn nickname(&self, index: usize, form: &Form) -> Option<usize> {
        let short = form.text.to_lowercase();
        formal_names(&short)
            .filter_map(|formal| {
                let bearers = self.bearers(&self.by_first, self.words.find(formal));
                let all: u32 = bearers.iter().filter_map(|i| self.form(*i)).map(|f| f.uses.all).sum();
                let target = self.best(&bearers, |f| f.is_full()).or_else(|| self.best(&bearers, |_| true))?;
                (target != index && all >= form.uses.all).then_some((all, target))
            })
            .max_by_key(|(all, _)| *all)
            .map(|(_, target)| target)
    }
}

//! Which forms of names mean one person: *Mr. Grey*, *Tom Grey* and *Tom*.
//!
//! A title and a surname join the full name of that gender, a given name the commonest full name
//! with it, a bare surname the man, a nickname the formal name.

use foldhash::HashMap;

use super::form::{Form, Forms, Gender, Honor};
use super::lexicon::{Traits, formal_names};
use super::words::{Vocabulary, WordId};

/// Forms of one given name or surname that are compared.
pub(super) const BEARERS_MAX: usize = 64;

/// Finds for each form the form it belongs to.
pub(super) struct Linker<'a> {
    forms: &'a [Form],
    words: &'a Vocabulary,
    /// Forms by their first word and by their last, commonest first.
    by_first: HashMap<WordId, Vec<usize>>,
    by_last: HashMap<WordId, Vec<usize>>,
}

impl<'a> Linker<'a> {
    pub(super) fn new(all: &'a Forms, words: &'a Vocabulary) -> Linker<'a> {
        let forms = all.list.as_slice();
        // Full names count with their family: the Jane whose surname the text says most.
        let weight = |form: &Form| {
            let family = if form.is_full() { all.family(form).max(1).ilog2() } else { 0 };
            form.uses.all.saturating_mul(family + 1)
        };
        let mut order: Vec<usize> = (0..forms.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(forms.get(*i).map_or(0, weight)));
        let mut by_first: HashMap<WordId, Vec<usize>> = HashMap::default();
        let mut by_last: HashMap<WordId, Vec<usize>> = HashMap::default();
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
    pub(super) fn link(&self) -> Vec<usize> {
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
        let mut bearers =
            self.forms.iter().enumerate().filter(|(_, f)| f.honor == form.honor && !f.words.is_empty()).take(2);
        let first = bearers.next().map(|(i, _)| i);
        if bearers.next().is_some() { None } else { first }
    }

    /// A full name: the commonest with the same first and last word.
    fn full(&self, index: usize, form: &Form) -> Option<usize> {
        let same = bearers(&self.by_last, form.last()?);
        // "Mrs. Lee Grey" may be the wife of Lee Grey: only a woman's name joins the two.
        let is_wife = form.honor == Honor::Mrs;
        let fits = |f: &Form| {
            let joins = (f.honor == Honor::Mrs) == is_wife || f.gender == form.gender && form.gender != Gender::Unknown;
            f.is_full() && self.same_given(f, form) && f.gender.agrees(form.gender) && joins
        };
        let target = self.best(same, fits)?;
        (target != index).then_some(target)
    }

    /// Whether two full names have one given name, or one is short for the other's.
    fn same_given(&self, a: &Form, b: &Form) -> bool {
        let is_short = |short: &Form, long: &Form| {
            let name = short.given_name().to_lowercase();
            formal_names(&name).iter().any(|formal| Some(self.words.find(formal)) == long.first())
        };
        a.first() == b.first() || a.is_given && b.is_given && (is_short(a, b) || is_short(b, a))
    }

    /// A title and one name.
    fn titled(&self, index: usize, form: &Form) -> Option<usize> {
        let word = form.first()?;
        let by_last = bearers(&self.by_last, word);
        let by_first = bearers(&self.by_first, word);
        let gender = form.gender;
        let first = || self.best(by_first, |f| f.is_sound() && f.gender.agrees(gender));
        let last = || self.best(by_last, |f| f.is_sound() && f.gender.agrees(gender) && f.honor != Honor::Mrs);
        match form.honor {
            Honor::Mrs => {
                let has_miss = self.best(by_last, |f| f.honor == Honor::Miss).is_some();
                let own = self.best(by_last, |f| f.is_full() && f.honor == Honor::Mrs);
                let women = by_last
                    .iter()
                    .filter(|i| self.form(**i).is_some_and(|f| f.is_full() && f.gender == Gender::Woman))
                    .count();
                own.or_else(|| {
                    if has_miss || women != 1 {
                        None
                    } else {
                        self.best(by_last, |f| f.is_full() && f.gender == Gender::Woman)
                    }
                })
            }
            Honor::Miss if self.words.traits(word).any(Traits::GIVEN) => first().or_else(last),
            Honor::Mr | Honor::Miss => last().or_else(first),
            _ => {
                let given = self.words.traits(word).any(Traits::GIVEN);
                let found = if given { first().or_else(last) } else { last().or_else(first) };
                found.or_else(|| {
                    self.best(by_last, |f| f.honor == Honor::Mr && gender != Gender::Woman && f.words.len() == 1)
                })
            }
        }
        .or_else(|| self.nickname(index, form))
        .filter(|target| *target != index)
    }

    /// One word without a title.
    fn bare(&self, index: usize, form: &Form) -> Option<usize> {
        let word = form.first()?;
        let by_first = bearers(&self.by_first, word);
        let by_last = bearers(&self.by_last, word);
        let full_first = self.best(by_first, Form::is_sound);
        let full_last = self.best(by_last, Form::is_sound);
        let count = |i: Option<usize>| i.and_then(|i| self.form(i)).map_or(0, |f| f.uses.all);
        let is_given = self.words.traits(word).any(Traits::GIVEN);
        if full_first.is_some() && (is_given || count(full_first) >= count(full_last)) {
            return full_first;
        }
        let man = self.best(by_last, |f| f.words.len() == 1 && f.honor != Honor::None && f.gender == Gender::Man);
        let titled = self.best(by_last, |f| f.words.len() == 1 && f.honor != Honor::None);
        if is_given {
            let own = self.best(by_first, |f| f.words.len() == 1 && f.honor != Honor::None);
            return self.nickname(index, form).or(own);
        }
        man.or(full_last).or(titled).or(full_first).or_else(|| self.nickname(index, form))
    }

    /// The formal name of a short one, where that is as common.
    fn nickname(&self, index: usize, form: &Form) -> Option<usize> {
        let short = form.text.rsplit(' ').next().unwrap_or_default().to_lowercase();
        formal_names(&short)
            .iter()
            .filter_map(|formal| {
                let bearers = bearers(&self.by_first, self.words.find(formal));
                let all: u32 = bearers.iter().filter_map(|i| self.form(*i)).map(|f| f.uses.all).sum();
                let target = self.best(bearers, Form::is_full).or_else(|| self.best(bearers, |_| true))?;
                (target != index && all >= form.uses.all).then_some((all, target))
            })
            .max_by_key(|(all, _)| *all)
            .map(|(_, target)| target)
    }
}

/// The forms of a name.
fn bearers(map: &HashMap<WordId, Vec<usize>>, word: WordId) -> &[usize] {
    map.get(&word).map(Vec::as_slice).unwrap_or_default()
}

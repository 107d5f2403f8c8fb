//! The forms of names: titles apart from words, equal forms counted together.

use std::collections::HashMap;

use super::lexicon::Traits;
use super::story::{Label, Uses};
use super::words::{Vocabulary, WordId};

/// Man or woman, as far as words tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Gender {
    #[default]
    Unknown,
    Man,
    Woman,
}

impl Gender {
    /// Whether both may be one person.
    pub(super) fn agrees(self, other: Gender) -> bool {
        self == Gender::Unknown || other == Gender::Unknown || self == other
    }

    /// This, or the other where this is unknown.
    pub(super) fn or(self, other: Gender) -> Gender {
        if self == Gender::Unknown { other } else { self }
    }
}

/// What stands before a name, as far as it parts persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Honor {
    #[default]
    None,
    Mr,
    Mrs,
    Miss,
    /// Any other title, by its word.
    Title(WordId),
}

/// A name in one form, with all its uses.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) honor: Honor,
    /// Without titles.
    pub(super) words: Vec<WordId>,
    pub(super) gender: Gender,
    /// How the text writes it.
    pub(super) text: String,
    pub(super) uses: Uses,
}

impl Form {
    pub(super) fn first(&self) -> Option<WordId> {
        self.words.first().copied()
    }

    pub(super) fn last(&self) -> Option<WordId> {
        self.words.last().copied()
    }

    /// Has a given name and a surname.
    pub(super) fn is_full(&self) -> bool {
        self.words.len() > 1
    }
}

/// All forms of a text, and the form of each label.
#[derive(Debug, Default)]
pub(super) struct Forms {
    pub(super) list: Vec<Form>,
    pub(super) of_label: Vec<Option<usize>>,
}

impl Forms {
    /// Sorts labels into forms, in the order of their first use.
    pub(super) fn new(labels: &[Label], words: &Vocabulary) -> Forms {
        let mut forms = Forms::default();
        let mut known: HashMap<(Honor, Vec<WordId>), usize> = HashMap::new();
        for label in labels {
            let form = if label.is_role || is_plural(label, words) { None } else { form(label, words) };
            let index = form.map(|form| {
                let key = (form.honor, form.words.clone());
                let next = forms.list.len();
                let index = *known.entry(key).or_insert(next);
                match forms.list.get_mut(index) {
                    Some(old) => {
                        if form.uses.all > old.uses.all && form.text.len() >= old.text.len() {
                            old.text.clone_from(&form.text);
                        }
                        old.uses.add(&form.uses);
                    }
                    None => forms.list.push(form),
                }
                index
            });
            forms.of_label.push(index);
        }
        forms.share_genders();
        forms
    }

    /// A full name without a telling title has the gender that it has with one (`Mr. Lee Grey`).
    /// Not with *Mrs.*: that may be the husband's name.
    fn share_genders(&mut self) {
        let mut known: HashMap<&[WordId], Gender> = HashMap::new();
        let telling = |form: &&Form| form.is_full() && !matches!(form.honor, Honor::None | Honor::Mrs);
        for form in self.list.iter().filter(telling).filter(|form| form.gender != Gender::Unknown) {
            known.entry(&form.words).or_insert(form.gender);
        }
        let shared: Vec<Gender> =
            self.list.iter().map(|form| known.get(form.words.as_slice()).copied().unwrap_or_default()).collect();
        for (form, gender) in self.list.iter_mut().zip(shared) {
            if form.honor == Honor::None {
                form.gender = gender.or(form.gender);
            }
        }
    }
}

/// Whether a name is a family's (`the Greys`).
fn is_plural(label: &Label, words: &Vocabulary) -> bool {
    let one = label.text.rsplit(' ').next().and_then(|last| last.strip_suffix('s')).filter(|one| one.len() > 2);
    one.is_some_and(|one| words.capitals(words.find(one)) > 0) && label.uses.article * 2 >= label.uses.all
}

impl Uses {
    fn add(&mut self, other: &Uses) {
        self.all += other.all;
        self.inside += other.inside;
        self.says += other.says;
        self.acts += other.acts;
        self.owns += other.owns;
        self.called += other.called;
        self.local += other.local;
        self.article += other.article;
    }
}

/// Takes the titles from a label and the words from its head that are no names.
fn form(label: &Label, words: &Vocabulary) -> Option<Form> {
    let texts: Vec<&str> = label.text.split(' ').collect();
    let traits = |at: usize| label.words.get(at).map_or(Traits::NONE, |word| words.traits(*word));
    let len = label.words.len().min(texts.len());
    let mut start = 0;
    // Words before a title, or at the head, that the text does not write as names.
    while start < len {
        let word = *label.words.get(start)?;
        let is_title = traits(start).any(Traits::TITLE);
        // A word that never stood inside a sentence may be any word that begins one.
        let is_loose = start + 1 < len && words.capitals(word) == 0 && !traits(start).any(Traits::GIVEN);
        let is_kept = is_title
            || !is_loose && words.is_name_like(word)
            || traits(start).any(Traits::GIVEN) && words.capitals(word) > 0;
        let follows_title = start > 0 && traits(start - 1).any(Traits::TITLE);
        if is_kept || follows_title {
            break;
        }
        start += 1;
    }
    let mut honor = Honor::None;
    let mut gender = Gender::Unknown;
    let mut name = start;
    while name < len && traits(name).any(Traits::TITLE) && name < start + 2 {
        // A given name that is also a title (Duke, Earl) before nothing is a name.
        let own = traits(name);
        let titled = if own.any(Traits::TITLE_M) {
            Gender::Man
        } else if own.any(Traits::TITLE_F) {
            Gender::Woman
        } else {
            Gender::Unknown
        };
        gender = gender.or(titled);
        let text = texts.get(name)?.trim_end_matches('.').to_lowercase();
        let own = match text.as_str() {
            "mr" | "mister" => Honor::Mr,
            "mrs" => Honor::Mrs,
            "miss" | "ms" => Honor::Miss,
            _ => Honor::Title(*label.words.get(name)?),
        };
        honor = if honor == Honor::None { own } else { honor };
        name += 1;
    }
    if start >= len {
        return None;
    }
    let mut own: Vec<WordId> = label.words.get(name..len).unwrap_or_default().to_vec();
    if own.is_empty() && matches!(honor, Honor::Mr | Honor::Mrs | Honor::Miss) {
        return None;
    }
    let last = traits(len - 1);
    if own.len() > 1 && last.any(Traits::THING) && honor == Honor::None {
        return None;
    }
    // "Mrs. Alexander Grey" has her husband's given name.
    if honor == Honor::Mrs && own.len() > 1 && own.first().is_some_and(|w| only(words.traits(*w), Gender::Man)) {
        own = own.last().copied().into_iter().collect();
    }
    if honor == Honor::None || matches!(honor, Honor::Title(_)) {
        gender = gender.or(own.first().map_or(Gender::Unknown, |w| given(words.traits(*w))));
    }
    let text = texts.get(start..len).unwrap_or_default().join(" ");
    Some(Form { honor, words: own, gender, text, uses: label.uses })
}

fn only(traits: Traits, gender: Gender) -> bool {
    given(traits) == gender
}

/// The gender of a given name of the lists.
pub(super) fn given(traits: Traits) -> Gender {
    match (traits.any(Traits::GIVEN_M), traits.any(Traits::GIVEN_F)) {
        (true, false) => Gender::Man,
        (false, true) => Gender::Woman,
        _ => Gender::Unknown,
    }
}

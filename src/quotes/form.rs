//! The forms of names: titles apart from words, equal forms counted together.

use foldhash::HashMap;

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
    /// Begins with a given name of the lists, or an initial.
    pub(super) is_given: bool,
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

    /// The first word of an untitled name.
    pub(super) fn given_name(&self) -> &str {
        self.text.split(' ').next().unwrap_or_default()
    }

    /// A full name that is surely one: other capitalised words may stand together once.
    pub(super) fn is_sound(&self) -> bool {
        self.is_full() && (self.is_given || self.honor != Honor::None || self.uses.all > 2)
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
    /// For each surname the uses of all forms that end in it.
    families: HashMap<WordId, u32>,
}

impl Forms {
    /// Sorts labels into forms, in the order of their first use.
    pub(super) fn new(labels: &[Label], words: &Vocabulary) -> Forms {
        let mut forms = Forms::default();
        let mut known: HashMap<(Honor, Vec<WordId>), usize> = HashMap::default();
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
        for form in &forms.list {
            if let Some(last) = form.last() {
                let uses = forms.families.entry(last).or_default();
                *uses = uses.saturating_add(form.uses.all);
            }
        }
        forms.share_genders();
        forms
    }

    /// How often the text says a surname, in whatever form.
    pub(super) fn family(&self, form: &Form) -> u32 {
        form.last().and_then(|last| self.families.get(&last)).copied().unwrap_or(0)
    }

    /// A full name without a telling title has the gender that it has with one (`Mr. Lee Grey`).
    /// Not with *Mrs.*: that may be the husband's name.
    fn share_genders(&mut self) {
        let mut known: HashMap<&[WordId], Gender> = HashMap::default();
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

/// A word of a label.
#[derive(Clone, Copy)]
struct Part<'a> {
    word: WordId,
    traits: Traits,
    text: &'a str,
}

/// Takes the titles from a label, and the words from its ends that are no names.
fn form(label: &Label, words: &Vocabulary) -> Option<Form> {
    let parts: Vec<Part> = label
        .words
        .iter()
        .zip(label.text.split(' '))
        .map(|(word, text)| Part { word: *word, traits: words.traits(*word), text })
        .collect();
    let kept = name_parts(&parts, words);
    let (honor, mut gender, titles) = titles(kept);
    // A small title tells the gender and is no part of the name (`my sister Jane`).
    let is_small = kept.first().is_some_and(|part| part.text.starts_with(char::is_lowercase));
    let shown = if is_small { kept.get(titles..)? } else { kept };
    let mut own: Vec<WordId> = kept.get(titles..)?.iter().map(|part| part.word).collect();
    let first = kept.get(titles).copied();
    if shown.is_empty() || own.is_empty() && matches!(honor, Honor::Mr | Honor::Mrs | Honor::Miss) {
        return None;
    }
    let honor = if is_small { Honor::None } else { honor };
    if own.len() > 1 && honor == Honor::None && kept.last().is_some_and(|part| part.traits.any(Traits::THING)) {
        return None;
    }
    let own_gender = first.map_or(Gender::Unknown, |part| given(part.traits));
    // "Mrs. Alexander Grey" has her husband's given name.
    if honor == Honor::Mrs && own.len() > 1 && own_gender == Gender::Man {
        own = own.last().copied().into_iter().collect();
    }
    if matches!(honor, Honor::None | Honor::Title(_)) {
        gender = gender.or(own_gender);
    }
    let is_given = first.is_some_and(|part| part.traits.any(Traits::GIVEN) || part.text.chars().count() <= 2);
    let mut text = String::with_capacity(label.text.len());
    for part in shown {
        text.push_str(if text.is_empty() { "" } else { " " });
        text.push_str(part.text);
    }
    Some(Form { honor, words: own, gender, is_given, text, uses: label.uses })
}

/// The parts from the first title or name to the last name.
fn name_parts<'a, 'b>(parts: &'b [Part<'a>], words: &Vocabulary) -> &'b [Part<'a>] {
    let is_name =
        |part: &Part| words.is_name_like(part.word) || part.traits.any(Traits::GIVEN) && words.capitals(part.word) > 0;
    let mut start = 0;
    while let Some(part) = parts.get(start) {
        // A word that never stood inside a sentence may be any word that begins one.
        let is_loose = start + 1 < parts.len() && words.capitals(part.word) == 0 && !part.traits.any(Traits::GIVEN);
        if part.traits.any(Traits::TITLE) || !is_loose && is_name(part) {
            break;
        }
        start += 1;
    }
    let kept = parts.get(start..).unwrap_or_default();
    let titles = kept.iter().take_while(|part| part.traits.any(Traits::TITLE)).count();
    let mut end = kept.len();
    while end > titles + 1 && kept.get(end - 1).is_some_and(|part| !is_name(part)) {
        end -= 1;
    }
    kept.get(..end).unwrap_or_default()
}

/// The titles at the head of a name: what they are, whose they are, how many words.
fn titles(parts: &[Part]) -> (Honor, Gender, usize) {
    let mut honor = Honor::None;
    let mut gender = Gender::Unknown;
    let mut count = 0;
    for part in parts.iter().take(2).take_while(|part| part.traits.any(Traits::TITLE)) {
        gender = gender.or(if part.traits.any(Traits::TITLE_M) {
            Gender::Man
        } else if part.traits.any(Traits::TITLE_F) {
            Gender::Woman
        } else {
            Gender::Unknown
        });
        let own = match part.text.trim_end_matches('.').to_lowercase().as_str() {
            "mr" | "mister" => Honor::Mr,
            "mrs" => Honor::Mrs,
            "miss" | "ms" => Honor::Miss,
            _ => Honor::Title(part.word),
        };
        honor = if honor == Honor::None { own } else { honor };
        count += 1;
    }
    (honor, gender, count)
}

/// The gender of a given name of the lists.
pub(super) fn given(traits: Traits) -> Gender {
    match (traits.any(Traits::GIVEN_M), traits.any(Traits::GIVEN_F)) {
        (true, false) => Gender::Man,
        (false, true) => Gender::Woman,
        _ => Gender::Unknown,
    }
}

//! What is known of single words before any text is read.
//!
//! It owns the word lists of `lists/` and turns them into one table, word → [`Traits`]. It knows
//! nothing of texts: a list is general knowledge of the language, never of a book.

use foldhash::HashMap;
use std::ops::{BitOr, BitOrAssign};
use std::sync::LazyLock;

/// What a word can be, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits(u64);

impl Traits {
    pub(super) const NONE: Traits = Traits(0);
    /// Finite verb of speech or writing.
    pub(super) const SPEECH: Traits = Traits(1);
    /// Finite verb that reports speech only when it touches the quotation.
    pub(super) const WEAK: Traits = Traits(1 << 1);
    /// Past tense of any verb.
    pub(super) const PAST: Traits = Traits(1 << 2);
    /// Present participle of a verb of speech.
    pub(super) const SAYING: Traits = Traits(1 << 3);
    pub(super) const TITLE_M: Traits = Traits(1 << 4);
    pub(super) const TITLE_F: Traits = Traits(1 << 5);
    pub(super) const TITLE_N: Traits = Traits(1 << 6);
    pub(super) const GIVEN_M: Traits = Traits(1 << 7);
    pub(super) const GIVEN_F: Traits = Traits(1 << 8);
    /// Person nouns by gender.
    pub(super) const NOUN_M: Traits = Traits(1 << 9);
    pub(super) const NOUN_F: Traits = Traits(1 << 10);
    pub(super) const NOUN_N: Traits = Traits(1 << 11);
    /// A noun that speaks but is nobody.
    pub(super) const NOBODY: Traits = Traits(1 << 12);
    /// No name, though often capitalised.
    pub(super) const STOP: Traits = Traits(1 << 13);
    pub(super) const PREPOSITION: Traits = Traits(1 << 14);
    /// Begins a clause.
    pub(super) const CONJUNCTION: Traits = Traits(1 << 15);
    /// Stands before places.
    pub(super) const LOCAL: Traits = Traits(1 << 16);
    /// What a person has: *voice, eyes, wife*.
    pub(super) const OWNED: Traits = Traits(1 << 17);
    /// Ends the name of a thing: *Street, House*.
    pub(super) const THING: Traits = Traits(1 << 18);
    pub(super) const DETERMINER: Traits = Traits(1 << 19);
    /// Stands small inside names: *de, von*.
    pub(super) const PARTICLE: Traits = Traits(1 << 20);
    /// Frequent English word of no content, by which the language is known.
    pub(super) const ENGLISH: Traits = Traits(1 << 21);
    /// Loses its first letter to an apostrophe.
    pub(super) const ELISION: Traits = Traits(1 << 22);
    pub(super) const HE: Traits = Traits(1 << 23);
    pub(super) const SHE: Traits = Traits(1 << 24);
    pub(super) const I: Traits = Traits(1 << 25);
    /// A pronoun as subject; without it the pronoun is an object or possessive.
    pub(super) const NOMINATIVE: Traits = Traits(1 << 26);
    /// *called, named, read*: words in marks after these are names, not speech.
    pub(super) const NAMING: Traits = Traits(1 << 27);
    /// Dropped from the head of a name: *poor, old, dear*.
    pub(super) const EPITHET: Traits = Traits(1 << 28);
    /// Helping verb: *had, was*.
    pub(super) const AUXILIARY: Traits = Traits(1 << 29);
    /// They, we, you, it.
    pub(super) const OTHERS: Traits = Traits(1 << 30);
    /// Adverbs without -ly that stand between subject and verb.
    pub(super) const ADVERB: Traits = Traits(1 << 31);
    /// The word ends in -ed or -ly, whatever it is.
    pub(super) const ENDS_ED: Traits = Traits(1 << 32);
    pub(super) const ENDS_LY: Traits = Traits(1 << 33);
    /// Makes a weak verb report speech: *went on, put in*.
    pub(super) const UP: Traits = Traits(1 << 34);
    /// Joins two verbs of one subject.
    pub(super) const AND: Traits = Traits(1 << 35);
    /// Stands before an address: *O Tom, well Tom*.
    pub(super) const ADDRESS: Traits = Traits(1 << 36);

    /// A title that ends in a point.
    pub(super) const SHORTENED: Traits = Traits(1 << 37);

    /// How a man and a woman are called to their face.
    pub(super) const SIR: Traits = Traits(1 << 38);
    pub(super) const MADAM: Traits = Traits(1 << 39);

    /// Reports speech in another language than English.
    pub(super) const SAID_ELSEWHERE: Traits = Traits(1 << 40);
    /// A French verb with its subject behind it (`dit-il`).
    pub(super) const INVERTED: Traits = Traits(1 << 41);

    /// *say* and the verbs that mean no more: any capitalised words in marks after them are said.
    pub(super) const SAY: Traits = Traits(1 << 42);
    /// What is uttered: *a cry of “…”*.
    pub(super) const UTTERANCE: Traits = Traits(1 << 43);

    /// Names a science, a doctrine or an art by its ending: *Zoology*, *Darwinism*. Nobody's name.
    pub(super) const ABSTRACT: Traits = Traits(1 << 44);

    pub(super) const TITLE: Traits = Traits(Self::TITLE_M.0 | Self::TITLE_F.0 | Self::TITLE_N.0);
    pub(super) const GIVEN: Traits = Traits(Self::GIVEN_M.0 | Self::GIVEN_F.0);
    pub(super) const NOUN: Traits = Traits(Self::NOUN_M.0 | Self::NOUN_F.0 | Self::NOUN_N.0);
    pub(super) const REPORTS: Traits = Traits(Self::SPEECH.0 | Self::WEAK.0);
    pub(super) const PRONOUN: Traits = Traits(Self::HE.0 | Self::SHE.0 | Self::I.0);

    /// Whether the word can be one of these.
    pub(super) fn any(self, of: Traits) -> bool {
        self.0 & of.0 != 0
    }
}

impl BitOr for Traits {
    type Output = Traits;

    fn bitor(self, other: Traits) -> Traits {
        Traits(self.0 | other.0)
    }
}

impl BitOrAssign for Traits {
    fn bitor_assign(&mut self, other: Traits) {
        self.0 |= other.0;
    }
}

/// The words of a list, without its comments.
fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// The lines of a list, without its comments.
fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// Calls `add` for every word with what it can be, the commonest first; a word may come several times.
pub(super) fn each_word(mut add: impl FnMut(&str, Traits)) {
    const PLAIN: [(&str, Traits); 14] = [
        (include_str!("lists/english.txt"), Traits::ENGLISH),
        (include_str!("lists/nobody.txt"), Traits::NOBODY),
        (include_str!("lists/stop.txt"), Traits::STOP),
        (include_str!("lists/prepositions.txt"), Traits(Traits::PREPOSITION.0 | Traits::STOP.0)),
        (include_str!("lists/conjunctions.txt"), Traits(Traits::CONJUNCTION.0 | Traits::STOP.0)),
        (include_str!("lists/local.txt"), Traits::LOCAL),
        (include_str!("lists/owned.txt"), Traits::OWNED),
        (include_str!("lists/things.txt"), Traits::THING),
        (include_str!("lists/past_verbs.txt"), Traits::PAST),
        (include_str!("lists/elisions.txt"), Traits::ELISION),
        (include_str!("lists/epithets.txt"), Traits(Traits::EPITHET.0 | Traits::STOP.0)),
        (include_str!("lists/names_m.txt"), Traits::GIVEN_M),
        (include_str!("lists/names_f.txt"), Traits::GIVEN_F),
        (include_str!("lists/said_elsewhere.txt"), Traits::SAID_ELSEWHERE),
    ];
    for (list, traits) in PLAIN {
        words(list).for_each(|word| add(word, traits));
    }
    for (list, traits) in SMALL {
        list.split(' ').for_each(|word| add(word, *traits));
    }
    let gendered = |list, m, f, n, add: &mut dyn FnMut(&str, Traits)| {
        for line in lines(list) {
            let traits = match line.chars().next() {
                Some('m') => m,
                Some('f') => f,
                _ => n,
            };
            line.split_whitespace().skip(1).for_each(|word| add(word, traits));
        }
    };
    gendered(include_str!("lists/titles.txt"), Traits::TITLE_M, Traits::TITLE_F, Traits::TITLE_N, &mut add);
    gendered(include_str!("lists/persons.txt"), Traits::NOUN_M, Traits::NOUN_F, Traits::NOUN_N, &mut add);
    words(include_str!("lists/verbs.txt")).for_each(|verb| add_verb(verb, Traits::SPEECH, &mut add));
    words(include_str!("lists/weak_verbs.txt")).for_each(|verb| add_verb(verb, Traits::WEAK, &mut add));
}

/// Closed classes too small for a file.
const SMALL: &[(&str, Traits)] = &[
    ("the a an this that these those his her my your our their its one another some every each no", Traits::DETERMINER),
    ("de du des la le van von der den di da del della dos ten ter y", Traits::PARTICLE),
    ("he", Traits(Traits::HE.0 | Traits::NOMINATIVE.0)),
    ("him his himself he's he'd he'll", Traits::HE),
    ("she", Traits(Traits::SHE.0 | Traits::NOMINATIVE.0)),
    ("her hers herself she's she'd she'll", Traits::SHE),
    ("i", Traits(Traits::I.0 | Traits::NOMINATIVE.0)),
    ("on out in up forth off back again", Traits::UP),
    ("and then but", Traits::AND),
    ("my o oh ah well no yes now why but come say and hullo hello", Traits::ADDRESS),
    (
        "mr mrs ms dr prof capt col gen maj lieut lt sgt sergt serg rev hon st messrs mme mlle m gov sen st \
         ch chas wm thos geo jas jno edw robt alex benj jos fr th ph",
        Traits::SHORTENED,
    ),
    ("sir papa father", Traits::SIR),
    ("madam ma'am miss mamma mother", Traits::MADAM),
    ("they we you it who thou ye", Traits::OTHERS),
    (
        "then only just also again still even never always soon now once at last thus here there merely simply almost",
        Traits::ADVERB,
    ),
    ("called named titled entitled termed styled read mentioned dubbed nicknamed christened", Traits::NAMING),
    ("had has have did was were is", Traits::AUXILIARY),
    (
        "say says said saying cry cried crying ask asked asking answer answered answering reply replied replying \
         exclaim exclaimed exclaiming murmur murmured murmuring whisper whispered whispering shout shouted shouting",
        Traits::SAY,
    ),
    (
        "cry cries shout shouts call calls exclamation exclamations murmur murmurs whisper whispers word words order \
         orders scream screams yell yells answer answers reply replies response remark comment",
        Traits::UTTERANCE,
    ),
];

/// A verb in the forms that report: past, third person, participle.
fn add_verb(entry: &str, traits: Traits, add: &mut impl FnMut(&str, Traits)) {
    let (base, past) = entry.split_once('/').map_or((entry, None), |(base, past)| (base, Some(past)));
    let regular = past_of(base);
    add(past.unwrap_or(&regular), traits | Traits::PAST);
    add(&third_person_of(base), traits);
    if traits.any(Traits::SPEECH) {
        add(&participle_of(base), Traits::SAYING);
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// Whether the last consonant doubles: one short vowel before it, in a verb of one syllable or
/// one of the few longer ones stressed at the end.
fn doubles(base: &str) -> bool {
    let mut back = base.chars().rev();
    let (last, vowel, before) = (back.next(), back.next(), back.next());
    let short = last.is_some_and(|c| !is_vowel(c) && !matches!(c, 'w' | 'x' | 'y'))
        && vowel.is_some_and(is_vowel)
        && before.is_some_and(|c| !is_vowel(c));
    short && (base.chars().filter(|c| is_vowel(*c)).count() == 1 || matches!(base, "admit" | "concur" | "confer"))
}

fn past_of(base: &str) -> String {
    if base.ends_with('e') {
        return format!("{base}d");
    }
    if let Some(stem) = base.strip_suffix('y').filter(|stem| !stem.ends_with(is_vowel)) {
        return format!("{stem}ied");
    }
    match base.chars().last() {
        Some(last) if doubles(base) => format!("{base}{last}ed"),
        _ => format!("{base}ed"),
    }
}

fn third_person_of(base: &str) -> String {
    if let Some(stem) = base.strip_suffix('y').filter(|stem| !stem.ends_with(is_vowel)) {
        return format!("{stem}ies");
    }
    let hisses = ["s", "sh", "ch", "x", "z", "o"].iter().any(|end| base.ends_with(end));
    if hisses { format!("{base}es") } else { format!("{base}s") }
}

fn participle_of(base: &str) -> String {
    if let Some(stem) = base.strip_suffix('e').filter(|stem| !stem.ends_with('e')) {
        return format!("{stem}ing");
    }
    match base.chars().last() {
        Some(last) if doubles(base) => format!("{base}{last}ing"),
        _ => format!("{base}ing"),
    }
}

/// The full names that a short one may stand for.
pub(super) fn formal_names(short: &str) -> &'static [&'static str] {
    static NICKNAMES: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
        let names = lines(include_str!("lists/nicknames.txt")).map(str::split_whitespace);
        names.filter_map(|mut names| Some((names.next()?, names.collect()))).collect()
    });
    NICKNAMES.get(short).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_take_their_forms() {
        let check = |base: &str, forms: [&str; 3]| {
            assert_eq!([past_of(base), third_person_of(base), participle_of(base)], forms.map(str::to_owned));
        };
        check("cry", ["cried", "cries", "crying"]);
        check("beg", ["begged", "begs", "begging"]);
        check("declare", ["declared", "declares", "declaring"]);
        check("admit", ["admitted", "admits", "admitting"]);
        check("answer", ["answered", "answers", "answering"]);
        check("agree", ["agreed", "agrees", "agreeing"]);
        check("hiss", ["hissed", "hisses", "hissing"]);
        check("bray", ["brayed", "brays", "braying"]);
    }
}

//! Descriptions that mean somebody known: *his wife*, *her father*, *the girl*.

use foldhash::HashMap;

use super::cast::PersonId;
use super::form::Gender;
use super::lexicon::Traits;
use super::story::{Label, LabelId};
use super::words::{Vocabulary, WordId};

/// What a description stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kin {
    /// *His wife*: Mrs. X of the last Mr. X.
    Wife,
    /// *Her husband*: Mr. X of the last Mrs. X.
    Husband,
    /// *His, her, the mother*: the Mrs. X who matters most here.
    Mother,
    Father,
    /// *The girl*, where no girl was introduced: she.
    Like(Gender),
}

/// One use in so many may introduce somebody (`a girl`) before `the girl` is a stranger.
const INTRODUCED_SHARE: u32 = 8;

/// Who is married, and who has children, by their titles.
#[derive(Debug, Default)]
pub(super) struct Families {
    kin: HashMap<LabelId, Kin>,
    /// Men and women by surname.
    pub(super) men: HashMap<WordId, PersonId>,
    pub(super) wives: HashMap<WordId, PersonId>,
    /// Those called Mr. and Mrs.
    pub(super) fathers: Vec<PersonId>,
    pub(super) mothers: Vec<PersonId>,
}

impl Families {
    /// Notes what the descriptions of a text stand for.
    pub(super) fn note_labels(&mut self, labels: &[Label], words: &Vocabulary) {
        for (label, id) in labels.iter().zip(0u32..).filter(|(label, _)| label.is_role) {
            if let Some(kin) = kin(label, words) {
                self.kin.insert(LabelId(id), kin);
            }
        }
    }

    /// What a label stands for.
    pub(super) fn of(&self, label: LabelId) -> Option<Kin> {
        self.kin.get(&label).copied()
    }
}

fn kin(label: &Label, words: &Vocabulary) -> Option<Kin> {
    let (article, rest) = label.text.split_once(' ')?;
    let owned = matches!(article, "his" | "her");
    match rest {
        "wife" if article == "his" => return Some(Kin::Wife),
        "husband" if article == "her" => return Some(Kin::Husband),
        "mother" | "mamma" | "mama" if owned || article == "the" => return Some(Kin::Mother),
        "father" | "papa" if owned || article == "the" => return Some(Kin::Father),
        _ => {}
    }
    let noun = rest.rsplit(' ').next()?;
    let is_general =
        matches!(noun, "man" | "woman" | "girl" | "boy" | "lady" | "gentleman" | "lad" | "fellow" | "maiden" | "youth");
    if article != "the" || !is_general || label.uses.introduced * INTRODUCED_SHARE > label.uses.all {
        return None;
    }
    let traits = words.traits(*label.words.first()?);
    if traits.any(Traits::NOUN_M) {
        Some(Kin::Like(Gender::Man))
    } else if traits.any(Traits::NOUN_F) {
        Some(Kin::Like(Gender::Woman))
    } else {
        None
    }
}

//! What is kept of a text while it is read: compact records of who is mentioned where, and of
//! who might be speaking, without the text itself.

use crate::document::{QuoteKind, Range};
use crate::limits::QUOTES_MAX;
use crate::text::Clean;

use super::form::Gender;
use super::key::key;
use super::phrase::Kind;
use super::table::Table;
use super::words::WordId;

/// Mentions that are kept, 64 MiB; a thick novel has 50,000. What follows is not searched.
const MENTIONS_MAX: usize = 4 << 20;
/// Distinct names and descriptions that are kept.
const LABELS_MAX: usize = 1 << 18;

/// A name or description as the text writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct LabelId(pub(super) u32);

impl LabelId {
    /// No words of its own: a pronoun.
    pub(super) const NONE: LabelId = LabelId(u32::MAX);

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A name or description, and how it is used.
#[derive(Debug, Default)]
pub(super) struct Label {
    pub(super) text: Box<str>,
    pub(super) words: Vec<WordId>,
    pub(super) is_role: bool,
    pub(super) uses: Uses,
}

/// How often a label is used in which way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uses {
    pub(super) all: u32,
    /// Inside a sentence, where capitals tell names.
    pub(super) inside: u32,
    /// As the subject of a verb of speech.
    pub(super) says: u32,
    /// As the subject of another verb.
    pub(super) acts: u32,
    /// Before *voice, eyes, wife*.
    pub(super) owns: u32,
    /// As an address in a quotation.
    pub(super) called: u32,
    /// After *in, at, near*.
    pub(super) local: u32,
    /// After *the*.
    pub(super) article: u32,
    /// After *a* or a possessive: somebody is introduced.
    pub(super) introduced: u32,
}

/// Somebody is mentioned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    /// Byte of the whole text.
    pub(super) at: u32,
    pub(super) paragraph: u32,
    pub(super) label: LabelId,
    pub(super) kind: Kind,
    pub(super) role: Role,
    pub(super) is_quoted: bool,
    /// An address in a quotation.
    pub(super) is_vocative: bool,
}

/// The part that a mention plays in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Subject,
    Object,
    Owner,
    Other,
}

/// A mention by its place in the list.
pub(super) type MentionId = u32;

/// How a turn shows its speaker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evidence {
    pub(super) mention: MentionId,
    pub(super) way: Way,
    /// 0 to 1.
    pub(super) weight: f32,
}

/// Where the evidence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    After,
    Before,
    /// The paragraph before ends in a colon.
    Intro,
}

/// All that one person says in one paragraph.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) paragraph: u32,
    /// The paragraph it ends in.
    pub(super) last_paragraph: u32,
    /// Byte of the whole text.
    pub(super) at: u32,
    /// Mentions of its paragraphs.
    pub(super) mentions: (u32, u32),
    pub(super) evidence: Option<Evidence>,
    /// Subject of the sentence after, of the one before.
    pub(super) beat_after: Option<MentionId>,
    pub(super) beat_before: Option<MentionId>,
    /// Subject of the last sentence of the narrative paragraph before.
    pub(super) ending: Option<MentionId>,
    /// It says *sir* or *madam*.
    pub(super) calls: Gender,
    /// Matter set apart, which is no part of a conversation.
    pub(super) is_block: bool,
}

/// Quoted matter in one stretch.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) kind: QuoteKind,
    pub(super) ranges: Vec<Range>,
    pub(super) opening: Clean,
    /// How sure it is that this is what its kind says.
    pub(super) confidence: f32,
    pub(super) turn: Option<u32>,
    /// A speaker in plain words (of a block quotation).
    pub(super) signature: Option<Clean>,
}

/// The records of a text.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) labels: Vec<Label>,
    /// The numbers of labels, by their words.
    ids: Table<()>,
    /// Names by what the text has, and descriptions.
    written: [Table<LabelId>; 2],
    /// Room in which labels are put together.
    pub(super) scratch: String,
    pub(super) mentions: Vec<Mention>,
    pub(super) turns: Vec<Turn>,
    pub(super) pieces: Vec<Piece>,
    /// Number of the next paragraph; a break in the text skips some numbers.
    pub(super) paragraph: u32,
    /// Bytes read.
    pub(super) offset: u32,
    /// Work done so far, in words, marks and candidates looked at; tests hold it to grow with the
    /// text and no faster.
    pub(super) steps: u64,
}

impl Story {
    /// The label of these words, made at their first use.
    pub(super) fn label(&mut self, text: &str, words: impl Iterator<Item = WordId>, is_role: bool) -> LabelId {
        let key = key(text.as_bytes());
        if let Some(known) = self.ids.find(key) {
            return LabelId(known);
        }
        if self.labels.len() >= LABELS_MAX {
            return LabelId::NONE;
        }
        self.labels.push(Label { text: text.into(), words: words.collect(), is_role, ..Label::default() });
        LabelId(self.ids.add(key, ()))
    }

    /// The label of words that were met before, written like that.
    pub(super) fn label_as_written(&self, words: &str, is_role: bool) -> Option<LabelId> {
        let [names, roles] = &self.written;
        let written = if is_role { roles } else { names };
        written.get(written.find(key(words.as_bytes()))?).copied()
    }

    /// Notes the label of words as the text has them, at their first use.
    pub(super) fn note_written(&mut self, words: &str, is_role: bool, label: LabelId) {
        let [names, roles] = &mut self.written;
        let written = if is_role { roles } else { names };
        if label != LabelId::NONE && written.len() < LABELS_MAX {
            written.add(key(words.as_bytes()), label);
        }
    }

    /// Whether as much is kept as may be.
    pub(super) fn is_full(&self) -> bool {
        self.pieces.len() >= QUOTES_MAX || self.mentions.len() >= MENTIONS_MAX
    }

    pub(super) fn uses(&mut self, label: LabelId) -> Option<&mut Uses> {
        self.labels.get_mut(label.index()).map(|label| &mut label.uses)
    }

    pub(super) fn mention(&self, id: MentionId) -> Option<&Mention> {
        self.mentions.get(id as usize)
    }
}

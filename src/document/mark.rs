//! What the reader makes: bookmarks, highlights, notes.

use std::borrow::Cow;

use crate::text::Clean;

use super::{Anchor, Position};

/// What kind of mark it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// A place to come back to.
    Bookmark,
    /// Words that stand out.
    Highlight,
    /// Words with a remark.
    Note,
    /// A chapter that the reader made, renamed or took away ([`Mark::chapter`]).
    Chapter,
}

impl MarkKind {
    /// The name that listings and the store use.
    pub fn name(self) -> &'static str {
        match self {
            MarkKind::Bookmark => "bookmark",
            MarkKind::Highlight => "highlight",
            MarkKind::Note => "note",
            MarkKind::Chapter => "chapter",
        }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<MarkKind> {
        [MarkKind::Bookmark, MarkKind::Highlight, MarkKind::Note, MarkKind::Chapter]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// How a mark's place was found in the text as it is now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The words stand where they stood.
    #[default]
    Exact,
    /// The words are as they were, at another place.
    Moved,
    /// The words were changed; this is where they were, or what stands there instead.
    Changed,
    /// The words are gone; the place is guessed from the marks around it.
    Lost,
}

impl Status {
    /// The word that listings use.
    pub fn name(self) -> &'static str {
        match self {
            Status::Exact => "exact",
            Status::Moved => "moved",
            Status::Changed => "changed",
            Status::Lost => "lost",
        }
    }

    /// The status of a word.
    pub fn from_name(name: &str) -> Option<Status> {
        let all = [Status::Exact, Status::Moved, Status::Changed, Status::Lost];
        all.into_iter().find(|status| status.name() == name)
    }
}

/// The colour of a highlight. Readers for all systems know these four; a theme gives each a look
/// that can be told from the others even without colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkColor {
    /// The usual one.
    #[default]
    Yellow,
    /// The second.
    Green,
    /// The third.
    Blue,
    /// The fourth.
    Red,
}

impl MarkColor {
    /// All of them, in the order of the keys `1` to `4`.
    pub const ALL: [MarkColor; 4] = [MarkColor::Yellow, MarkColor::Green, MarkColor::Blue, MarkColor::Red];

    /// The name that listings and the store use.
    pub fn name(self) -> &'static str {
        match self {
            MarkColor::Yellow => "yellow",
            MarkColor::Green => "green",
            MarkColor::Blue => "blue",
            MarkColor::Red => "red",
        }
    }

    /// The colour of a name.
    pub fn from_name(name: &str) -> Option<MarkColor> {
        MarkColor::ALL.into_iter().find(|color| color.name() == name)
    }
}

/// A mark in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Its identity for ever: 26 characters, sortable by time (a ULID).
    pub id: String,
    /// What it is.
    pub kind: MarkKind,
    /// The letter `a`–`z` it was set under, or a title that the reader gave it.
    pub name: Option<Clean>,
    /// The reader's remark.
    pub note: Option<Clean>,
    /// The colour of a highlight; `None` for what has none, or one that this version does not know.
    pub color: Option<MarkColor>,
    /// Where it stands.
    pub anchor: Anchor,
    /// The anchor that the reader made, where `anchor` is what was found of it in another text.
    pub own: Option<Box<Anchor>>,
    /// How that place was found in the text that is read now.
    pub status: Status,
    /// When it was made: milliseconds since 1970, UTC.
    pub created: u64,
    /// When it was last changed: milliseconds since 1970, UTC.
    pub changed: u64,
}

impl Mark {
    /// The anchor that the reader made, wherever the mark stands now.
    pub fn own_anchor(&self) -> &Anchor {
        self.own.as_deref().unwrap_or(&self.anchor)
    }

    /// Puts it where the reader wants it.
    pub fn put(&mut self, anchor: Anchor) {
        (self.anchor, self.own, self.status) = (anchor, None, Status::Exact);
    }

    /// Gives it a note, or takes it away: words with a remark are a note, without one a highlight; a
    /// place without words is a bookmark. A bookmark stays one, and what corrects a chapter too.
    pub fn set_note(&mut self, text: Option<Clean>) {
        let own = self.own_anchor();
        self.kind = match (&text, own.start == own.end) {
            _ if matches!(self.kind, MarkKind::Bookmark | MarkKind::Chapter) => self.kind,
            (Some(_), _) => MarkKind::Note,
            (None, true) => MarkKind::Bookmark,
            (None, false) => MarkKind::Highlight,
        };
        self.note = text;
    }

    /// Says where it was found in the text as it is now, and how.
    pub fn found(&mut self, anchor: Anchor, status: Status) {
        let before = std::mem::replace(&mut self.anchor, anchor);
        self.own.get_or_insert_with(|| Box::new(before));
        self.status = status;
    }

    /// Says that it was not found; the place is a guess.
    pub fn lose(&mut self, place: Position) {
        self.found(Anchor { start: place, end: place, ..self.anchor.clone() }, Status::Lost);
    }

    /// The words that were marked, where others stand there now.
    pub fn marked_words(&self) -> Option<Cow<'_, str>> {
        let own = self.own.as_deref().filter(|_| self.status == Status::Changed)?;
        Some(own.quotation()).filter(|_| !own.has_words_of(&self.anchor))
    }

    /// The order in which marks of one letter count: the latest last.
    pub fn age(&self) -> (u64, &str) {
        (self.changed, &self.id)
    }

    /// The letter that a place was marked with. What other marks are called says something else,
    /// and many may be called the same.
    pub fn letter(&self) -> Option<char> {
        let name = self.name.as_deref().filter(|_| self.kind == MarkKind::Bookmark)?;
        let mut letters = name.chars();
        letters.next().filter(|_| letters.next().is_none())
    }
}

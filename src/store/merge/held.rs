//! A mark in memory, in as little of it as it needs. It must not know what the fields of a mark mean.

use std::borrow::Cow;

use super::mark::MarkState;

/// A mark. A reader may have made thousands, and few of them are looked at or changed at a time: the others
/// are in one piece of memory each, and not in twenty.
#[derive(Clone, Debug)]
pub enum Held {
    /// One that is changed just now.
    Open(Box<MarkState>),
    /// One that is there.
    There(Box<[u8]>),
    /// One that is deleted.
    Deleted(Box<[u8]>),
}

impl Held {
    /// A mark of which nothing is known yet.
    pub fn nothing() -> Held {
        Held::There(Box::default())
    }

    /// The mark, to be read.
    pub fn read(&self) -> Cow<'_, MarkState> {
        match self {
            Held::Open(mark) => Cow::Borrowed(mark),
            // What was written so can be read; where nothing was, nothing is known.
            Held::There(bytes) | Held::Deleted(bytes) => Cow::Owned(postcard::from_bytes(bytes).unwrap_or_default()),
        }
    }

    /// Changes the mark, and leaves it open. What was deleted may be there again.
    pub fn change(&mut self, change: impl FnOnce(&mut MarkState)) {
        let mut mark = match std::mem::replace(self, Held::nothing()) {
            Held::Open(mark) => mark,
            packed => Box::new(packed.read().into_owned()),
        };
        change(&mut mark);
        *self = Held::Open(mark);
    }

    /// Whether it takes more memory than it needs.
    pub fn is_open(&self) -> bool {
        matches!(self, Held::Open(_))
    }

    /// Whether it is deleted, as far as that shows without reading it.
    pub fn is_deleted(&self) -> bool {
        matches!(self, Held::Deleted(_))
    }

    /// Has it in as little memory as may be. What cannot be written so stays open.
    pub fn pack(&mut self) {
        let Held::Open(mark) = self else { return };
        let Ok(bytes) = postcard::to_allocvec(mark) else { return };
        *self = if mark.is_there() { Held::There(bytes.into()) } else { Held::Deleted(bytes.into()) };
    }
}

//! A mark in memory, in as little of it as it needs. It must not know what the fields of a mark mean.

use std::borrow::Cow;
use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::mark::MarkState;

/// A mark. A reader may have made thousands, and few of them are looked at or changed at a time: the others
/// are in one piece of memory each, and not in twenty. Those that are deleted only wait for an edit of
/// another device that was made later: the latest are deflated, and of the others only the stamps are held.
#[derive(Clone, Debug)]
pub enum Held {
    /// One that is changed just now.
    Open(Box<MarkState>),
    /// One that is there.
    There(Box<[u8]>),
    /// One that is deleted.
    Deleted(Box<[u8]>),
    /// The stamps of one that is deleted.
    Stamps(Box<[u8]>),
}

impl Held {
    /// A mark of which nothing is known yet.
    pub fn nothing() -> Held {
        Held::There(Box::default())
    }

    /// The mark, to be read.
    pub fn read(&self) -> Cow<'_, MarkState> {
        let mut inflated = Vec::new();
        let bytes = match self {
            Held::Open(mark) => return Cow::Borrowed(mark),
            Held::There(bytes) | Held::Stamps(bytes) => bytes,
            Held::Deleted(bytes) => {
                let read = DeflateDecoder::new(&**bytes).read_to_end(&mut inflated);
                read.map_or(&[][..], |_| &inflated)
            }
        };
        // What was written so can be read; where nothing was, nothing is known.
        Cow::Owned(postcard::from_bytes(bytes).unwrap_or_default())
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

    /// Has it in as little memory as may be. What cannot be written so stays open.
    pub fn pack(&mut self) {
        let Held::Open(mark) = self else { return };
        let Ok(bytes) = postcard::to_allocvec(mark) else { return };
        if mark.is_there() {
            *self = Held::There(bytes.into());
        } else if mark.is_stripped {
            *self = Held::Stamps(bytes.into());
        } else if let Ok(deflated) = deflated(&bytes) {
            *self = Held::Deleted(deflated.into());
        }
    }

    /// Lets go of all but the stamps of one that is deleted.
    pub fn strip(&mut self) {
        if matches!(self, Held::Deleted(_)) {
            self.change(MarkState::strip);
            self.pack();
        }
    }
}

fn deflated(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(bytes)?;
    deflated.finish()
}

//! The offer to go on where another device has read further. It stands in the foot until a key is
//! pressed: one takes it up, any other declines it and does what it always does.

use crate::document::Anchor;

use super::keys::Code;
use super::{App, Effect, Key, wrap};

/// A place further on than where reading goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The place.
    pub anchor: Anchor,
    /// How long ago somebody was there, in minutes.
    pub minutes: u64,
}

impl App {
    /// What is offered now: nothing while something else is to be said.
    pub fn offered_place(&self) -> Option<&Offer> {
        self.offer.as_ref().filter(|_| self.message.is_none())
    }

    /// What a key means while a place is offered; `None` where it means what it always does.
    pub(super) fn offer_key(&mut self, key: Key) -> Option<Vec<Effect>> {
        self.offered_place()?;
        let offer = self.offer.take().filter(|_| key == Key::plain(Code::Enter))?;
        Some(wrap(self.reader.jump_to_anchor(&offer.anchor)))
    }
}

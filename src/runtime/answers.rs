//! What workers send their answers through. Each answer says which edition of the document it is
//! about, so that those about one that was replaced meanwhile are told from others.

use std::sync::mpsc::Sender;

use crate::app::{Edition, Event};

/// Nobody listens any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unheard;

/// The way back from a worker.
#[derive(Clone, Debug)]
pub struct Answers {
    events: Sender<Event>,
    edition: Edition,
}

impl Answers {
    /// A way for answers about one edition.
    pub fn new(events: Sender<Event>, edition: Edition) -> Answers {
        Answers { events, edition }
    }

    /// Sends an answer.
    ///
    /// # Errors
    /// When nobody listens any more.
    pub fn send(&self, event: Event) -> Result<(), Unheard> {
        self.events.send(Event::Answer(self.edition, Box::new(event))).map_err(|_| Unheard)
    }
}

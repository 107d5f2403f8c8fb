//! The thread that keeps marks and places on the disk.

use std::io;
use std::sync::mpsc::Sender;

use crate::app::Event;
use crate::document::{Anchor, Mark};

/// The way to the store.
#[derive(Debug, Default)]
pub struct Keeper {}

impl Keeper {
    /// Starts the thread.
    pub fn start(&mut self, _events: Sender<Event>) -> io::Result<()> {
        Ok(())
    }

    /// Saves a mark.
    pub fn save_mark(&self, _ticket: u64, _mark: Mark) {}

    /// Deletes a mark.
    pub fn delete_mark(&self, _id: String) {}

    /// Saves the place.
    pub fn save_place(&self, _anchor: Anchor) {}

    /// Ends.
    pub fn finish(self) {}
}

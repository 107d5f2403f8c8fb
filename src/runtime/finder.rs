//! The thread that finds the places of marks in a document that has changed, and reads its whole
//! text for its fingerprint. Only a mark that is made before that is done has to wait for it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

use crate::document::{Anchor, Document, Found, Sum, resolve};

use super::panics;
use super::role::Role;
use super::scanner::{REST_AT_START, lower_priority};

/// Something to be found.
enum Wish {
    Sum,
    Places(Vec<(String, Vec<Anchor>)>),
}

/// Something that was found.
pub enum Answer {
    /// What is known of the text as a whole, if it could be read.
    Sum(Option<Box<Sum>>),
    /// Where marks are, by their identities.
    Places(Vec<(String, Found)>),
}

/// The way to the finder. When it is dropped, the thread stops at the next section.
pub struct Finder {
    wishes: Sender<Wish>,
    is_over: Arc<AtomicBool>,
    role: Role,
}

impl Finder {
    /// Starts the thread; `answer` is called there.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(document: Arc<dyn Document>, answer: impl Fn(Answer) + Send + 'static) -> io::Result<Finder> {
        let mut finder = Finder { wishes: channel().0, is_over: Arc::default(), role: Role::default() };
        finder.turn_to(document, answer)?;
        Ok(finder)
    }

    /// Gives up what is looked for, and takes wishes about another document.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn turn_to(&mut self, document: Arc<dyn Document>, answer: impl Fn(Answer) + Send + 'static) -> io::Result<()> {
        self.is_over.store(true, Ordering::Relaxed);
        let (wishes, wanted) = channel();
        let over = Arc::new(AtomicBool::new(false));
        self.wishes = wishes;
        self.is_over = over.clone();
        self.role.pass_on("finder", move || find(&*document, &wanted, &over, answer))
    }

    /// Asks for what is known of the whole text.
    pub fn read(&self) {
        let _ = self.wishes.send(Wish::Sum);
    }

    /// Asks where marks are.
    pub fn seek(&self, marks: Vec<(String, Vec<Anchor>)>) {
        let _ = self.wishes.send(Wish::Places(marks));
    }
}

impl Drop for Finder {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

/// Reads a document for its fingerprint. `None` where that cannot be done, or `stop` says so.
pub fn read(document: &dyn Document, stop: &dyn Fn() -> bool) -> Option<Box<Sum>> {
    panics::contain("Reading the document", || Sum::of(document, stop)).ok().flatten().map(Box::new)
}

fn find(document: &dyn Document, wanted: &Receiver<Wish>, over: &AtomicBool, answer: impl Fn(Answer)) {
    lower_priority();
    let stop = || over.load(Ordering::Relaxed);
    let due = Instant::now() + REST_AT_START;
    let mut is_unread = false;
    loop {
        let wish = if is_unread {
            wanted.recv_timeout(due.saturating_duration_since(Instant::now()))
        } else {
            wanted.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        let found = match wish {
            Ok(Wish::Sum) => {
                is_unread = true;
                continue;
            }
            Ok(Wish::Places(marks)) => {
                let (ids, anchors): (Vec<String>, Vec<Vec<Anchor>>) = marks.into_iter().unzip();
                // Marks that cannot be looked for are not hidden for ever.
                let found = panics::contain("Looking for marks", || resolve(document, &anchors, &stop))
                    .unwrap_or_else(|_| Some(vec![Found::LOST; ids.len()]));
                found.map(|found| Answer::Places(ids.into_iter().zip(found).collect()))
            }
            Err(RecvTimeoutError::Timeout) => {
                is_unread = false;
                Some(Answer::Sum(read(document, &stop)))
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if let Some(found) = found {
            answer(found);
        }
    }
}

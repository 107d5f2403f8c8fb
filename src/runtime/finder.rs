//! The thread that finds the places of marks in a document that has changed, and reads its whole
//! text for its fingerprint. Only a mark that is made before that is done has to wait for it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use crate::document::{Anchor, Document, Found, Sum, resolve};

use super::panics;
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
}

impl Finder {
    /// Starts the thread; `answer` is called there.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(document: Arc<dyn Document>, answer: impl Fn(Answer) + Send + 'static) -> io::Result<Finder> {
        let (wishes, wanted) = channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = is_over.clone();
        thread::Builder::new().name("finder".into()).spawn(move || find(&*document, &wanted, &over, answer))?;
        Ok(Finder { wishes, is_over })
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

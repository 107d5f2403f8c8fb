//! The thread that looks whether the file on the disk is still the one that is read, and reads it
//! again when asked to. A disk that hangs makes this thread wait and no other.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::app::{Change, Event};
use crate::document::Document;
use crate::formats::Stamp;
use crate::text::Clean;

use super::panics;

/// How often the file is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// The file that is read.
pub struct Watched {
    /// Its path.
    pub path: PathBuf,
    /// Its stamp before it was opened; `None` where the system does not tell.
    pub stamp: Option<Stamp>,
    /// Opens it, or says in words why it cannot be opened.
    pub open: Box<dyn Fn() -> Result<Arc<dyn Document>, Clean> + Send>,
}

/// The way to the watcher.
#[derive(Debug)]
pub struct Watcher {
    wishes: Sender<()>,
}

impl Watcher {
    /// Starts the thread. It ends when the watcher is dropped.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(file: Watched, events: Sender<Event>) -> io::Result<Watcher> {
        let (wishes, wanted) = channel();
        thread::Builder::new().name("watcher".into()).spawn(move || run(file, &wanted, &events))?;
        Ok(Watcher { wishes })
    }

    /// Asks for the file to be read again.
    pub fn reopen(&self) {
        // The thread only ends with the program.
        let _ = self.wishes.send(());
    }
}

fn run(mut file: Watched, wanted: &Receiver<()>, events: &Sender<Event>) {
    loop {
        let event = match wanted.recv_timeout(LOOK) {
            Ok(()) => {
                file.stamp = Stamp::of(&file.path).ok();
                let opened = panics::contain("Reading the file again", || {
                    // A page that is parsed as a whole is parsed here, not where keys wait for it.
                    (file.open)().inspect(|document| {
                        let _ = (document.section_count(), document.meta());
                    })
                });
                Some(Event::Reopened(opened.unwrap_or_else(Err)))
            }
            Err(RecvTimeoutError::Timeout) => look(&mut file).map(Event::FileChanged),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if let Some(event) = event
            && events.send(event).is_err()
        {
            return;
        }
    }
}

/// What became of the file since the last look.
fn look(file: &mut Watched) -> Option<Change> {
    match Stamp::of(&file.path) {
        Ok(now) if file.stamp == Some(now) => None,
        Ok(now) => {
            file.stamp = Some(now);
            Some(Change::Other)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && file.stamp.is_some() => {
            file.stamp = None;
            Some(Change::Gone)
        }
        // A disk that does not answer says nothing about the file.
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean_line;

    #[test]
    fn a_look_sees_what_became_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "words").unwrap();
        let open = Box::new(|| Err(clean_line("not asked for")));
        let mut file = Watched { path: path.clone(), stamp: Stamp::of(&path).ok(), open };
        let mut check = |change: &dyn Fn(), seen: Option<Change>| {
            change();
            assert_eq!((look(&mut file), look(&mut file)), (seen, None));
        };
        check(&|| {}, None);
        check(&|| std::fs::write(&path, "more words").unwrap(), Some(Change::Other));
        check(&|| std::fs::write(&path, "w").unwrap(), Some(Change::Other));
        check(&|| std::fs::remove_file(&path).unwrap(), Some(Change::Gone));
        check(&|| std::fs::write(&path, "back").unwrap(), Some(Change::Other));
        let other = folder.path().join("b.txt");
        std::fs::write(&other, "back").unwrap();
        check(&|| std::fs::rename(&other, &path).unwrap(), Some(Change::Other));
    }
}

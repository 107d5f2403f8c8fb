//! The threads of one role, one after the other: each begins when the one before it has ended, so
//! that however fast one edition of a document follows another, the work of one is in memory. One
//! that waits holds its document, and waits as long as the one before it reads a part: both end soon,
//! for whoever is told to end looks for that after each part. It must not know what the work is.

use std::io;
use std::thread::{Builder, JoinHandle};

/// A role, and its last thread.
#[derive(Debug, Default)]
pub struct Role {
    last: Option<JoinHandle<()>>,
}

impl Role {
    /// Gives the role to a new thread. Whoever has it should have been told to end.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn pass_on(&mut self, name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let before = self.last.take();
        let work = move || {
            // One that broke has ended too, and said so by itself.
            let _ = before.map(JoinHandle::join);
            work();
        };
        self.last = Some(Builder::new().name(name.into()).spawn(work)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn one_begins_when_the_one_before_has_ended() {
        let (steps, done) = channel();
        let mut role = Role::default();
        let ways: Vec<_> = (0..3)
            .map(|number| {
                let (end, wanted) = channel::<()>();
                let steps = steps.clone();
                let work = move || {
                    let _ = steps.send((number, "begins"));
                    let _ = wanted.recv();
                    let _ = steps.send((number, "ends"));
                };
                role.pass_on("worker", work).unwrap();
                end
            })
            .collect();
        // Told to end in the other order.
        ways.into_iter().rev().for_each(drop);
        drop(steps);
        let all: Vec<_> = done.iter().collect();
        assert_eq!(all, [0, 1, 2].map(|number| [(number, "begins"), (number, "ends")]).concat());
    }

    #[test]
    fn one_that_broke_has_ended() {
        let mut role = Role::default();
        role.pass_on("worker", || std::panic::resume_unwind(Box::new("broken"))).unwrap();
        let (sent, came) = channel();
        role.pass_on("worker", move || sent.send(7).unwrap()).unwrap();
        assert_eq!(came.recv(), Ok(7));
    }
}

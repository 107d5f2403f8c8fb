//! The turn that passes over a document take, where nobody waits for them: one section at a time is in
//! memory for all of them. It goes round in the order in which they came, so that a short pass need
//! not wait for the end of a long one. It must not know what they do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// How often one that waits looks.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// The turn; a copy is the same one.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    numbers: Arc<Numbers>,
}

#[derive(Debug, Default)]
struct Numbers {
    /// How many came so far.
    came: AtomicU64,
    /// How many of them have been.
    been: AtomicU64,
}

/// Whoever has this has the turn.
#[derive(Debug)]
pub struct Taken<'a> {
    turn: &'a Turn,
}

impl Turn {
    /// Waits for the turn.
    pub fn take(&self) -> Taken<'_> {
        self.wait();
        Taken { turn: self }
    }

    fn wait(&self) {
        let number = self.numbers.came.fetch_add(1, Ordering::Relaxed);
        while self.numbers.been.load(Ordering::Acquire) != number {
            thread::park_timeout(LOOK_EVERY);
        }
    }

    fn leave(&self) {
        self.numbers.been.fetch_add(1, Ordering::Release);
    }
}

impl Taken<'_> {
    /// Lets those go first that wait by now.
    pub fn pass(&self) {
        self.turn.leave();
        self.turn.wait();
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.turn.leave();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn one_at_a_time_has_it_whoever_breaks() {
        let (turn, inside) = (Turn::default(), Arc::new(AtomicU32::new(0)));
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let (turn, inside) = (turn.clone(), inside.clone());
                thread::spawn(move || {
                    let taken = turn.take();
                    for _ in 0..50 {
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1);
                        taken.pass();
                    }
                    if number == 0 {
                        std::panic::resume_unwind(Box::new("broken"));
                    }
                })
            })
            .collect();
        let ended: Vec<bool> = threads.into_iter().map(|thread| thread.join().is_ok()).collect();
        assert_eq!(ended, [false, true, true, true]);
        drop(turn.take());
    }

    #[test]
    fn who_passes_it_waits_for_those_who_came() {
        let turn = Turn::default();
        let taken = turn.take();
        let (done, was_done) = channel();
        let other = turn.clone();
        let thread = thread::spawn(move || {
            let _taken = other.take();
            done.send(()).unwrap();
        });
        while turn.numbers.came.load(Ordering::Relaxed) < 2 {
            thread::yield_now();
        }
        assert!(was_done.try_recv().is_err());
        taken.pass();
        assert!(was_done.try_recv().is_ok());
        thread.join().unwrap();
    }
}

//! What time it is, as a value that tests can set.

use std::time::{SystemTime, UNIX_EPOCH};

/// A wall clock. It may jump or go back; the store's own stamps never do.
pub trait Clock {
    /// Milliseconds since 1970, UTC.
    fn now(&mut self) -> u64;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&mut self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
    }
}

/// A clock for tests: it stands at `time` and moves by `step` at each look, in milliseconds.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub struct TestClock {
    /// The time it shows next.
    pub time: u64,
    /// How far it moves after each look; may be negative.
    pub step: i64,
}

#[cfg(test)]
impl Clock for TestClock {
    fn now(&mut self) -> u64 {
        let now = self.time;
        self.time = now.saturating_add_signed(self.step);
        now
    }
}

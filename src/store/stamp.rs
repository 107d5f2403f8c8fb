//! Names and times that never collide and never go back: marks' identities ([`Ids`]) and the
//! order of all changes on all devices ([`Stamp`], [`StampClock`]).
//!
//! It must not know what is stamped, nor the disk.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The last millisecond of the year 9999: no clock is taken to say more.
const TIME_MAX: u64 = 253_402_300_799_999;
/// A stamp beyond this is no time but damage, and must not push the stamps of all devices to where
/// they cannot grow any more. After a clock that was at the end of time there is room for 2^56
/// changes.
const STAMP_MAX: u64 = TIME_MAX + (1 << 40);
/// Longest name of a device, in bytes.
const DEVICE_MAX: usize = 64;
/// The digits of a ULID, without those that look alike.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// When a change was made, in an order that all devices agree on (a hybrid logical clock): by
/// time, then by a counter, then by device. Written, it sorts as it compares.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Milliseconds since 1970, never less than in any stamp seen before.
    pub time: u64,
    /// Parts changes of the same millisecond.
    pub counter: u16,
    /// The device that made the change. There are many copies of one stamp: they share it.
    pub device: Arc<str>,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}-{:04x}-{}", self.time, self.counter, self.device)
    }
}

/// The text is no stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAStamp;

impl FromStr for Stamp {
    type Err = NotAStamp;

    fn from_str(text: &str) -> Result<Stamp, NotAStamp> {
        let mut parts = text.splitn(3, '-');
        let mut number = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits).ok_or(NotAStamp)?;
            let lower = part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if lower { u64::from_str_radix(part, 16).map_err(|_| NotAStamp) } else { Err(NotAStamp) }
        };
        let (time, counter) = (number(12)?, number(4)?);
        let device = parts.next().filter(|device| is_name(device)).ok_or(NotAStamp)?;
        if time > STAMP_MAX {
            return Err(NotAStamp);
        }
        Ok(Stamp { time, counter: counter as u16, device: device.into() })
    }
}

/// Whether a text can name a device or a mark: short, and the same in every file system.
pub fn is_name(text: &str) -> bool {
    (1..=DEVICE_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A ULID: the lower 48 bits of a time in milliseconds since 1970, and the upper 80 of `random`.
pub fn ulid(time: u64, random: u128) -> String {
    let bits = u128::from(time & 0xFFFF_FFFF_FFFF) << 80 | random >> 48;
    (0..26).rev().map(|place| char::from(DIGITS[(bits >> (5 * place) & 31) as usize])).collect()
}

/// Gives stamps that are later than all it has seen, whatever the clock of the machine does.
#[derive(Clone, Debug, Default)]
pub struct StampClock {
    time: u64,
    counter: u16,
    /// The device that the last stamp was given to.
    device: Option<Arc<str>>,
}

impl StampClock {
    /// Takes note of a stamp from any device.
    pub fn observe(&mut self, stamp: &Stamp) {
        if (stamp.time, stamp.counter) > (self.time, self.counter) {
            (self.time, self.counter) = (stamp.time, stamp.counter);
        }
    }

    /// A stamp later than all before. `now`: milliseconds since 1970.
    pub fn next(&mut self, now: u64, device: &str) -> Stamp {
        let now = now.min(TIME_MAX);
        if now > self.time {
            (self.time, self.counter) = (now, 0);
        } else if let Some(counter) = self.counter.checked_add(1) {
            self.counter = counter;
        } else if self.time < STAMP_MAX {
            (self.time, self.counter) = (self.time + 1, 0);
        }
        let known = self.device.take().filter(|known| **known == *device);
        let device = self.device.insert(known.unwrap_or_else(|| device.into())).clone();
        Stamp { time: self.time, counter: self.counter, device }
    }
}

/// A source of identities that no other process or machine gives too.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    keys: RandomState,
    given: u64,
}

impl Ids {
    /// A ULID: 26 characters, sortable by time; 48 bits of time and 80 random bits. `now`:
    /// milliseconds since 1970.
    pub fn ulid(&mut self, now: u64) -> String {
        ulid(now, u128::from(self.random(now)) << 64 | u128::from(self.random(now)))
    }

    /// 64 random bits: the keys come from the system's source of randomness, the rest keeps two
    /// calls apart.
    pub fn random(&mut self, now: u64) -> u64 {
        self.given = self.given.wrapping_add(1);
        // Standard keys are random once a thread and counted up after that, so that the process
        // and the time go in too.
        let mut hasher = self.keys.build_hasher();
        hasher.write_u64(self.given);
        hasher.write_u64(now);
        hasher.write_u32(std::process::id());
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn stamps_read_what_they_write_and_sort_as_they_compare() {
        let stamp = |time, counter, device: &str| Stamp { time, counter, device: device.into() };
        let stamps = [stamp(0, 0, "b"), stamp(1, 0, "a"), stamp(1, 9, "a"), stamp(1, 10, "a"), stamp(255, 0, "a-b")];
        for pair in stamps.windows(2) {
            assert!(pair[0] < pair[1] && pair[0].to_string() < pair[1].to_string());
        }
        for stamp in stamps {
            assert_eq!(stamp.to_string().parse(), Ok(stamp));
        }
        for text in ["", "x", "000000000001-0000-", "00000000001-0000-a", "+00000000001-0000-a", "ffffffffffff-0000-a"]
        {
            assert_eq!(text.parse::<Stamp>(), Err(NotAStamp), "{text}");
        }
    }

    #[test]
    fn stamps_never_go_back() {
        let mut clock = StampClock::default();
        let mut last = clock.next(1_000, "a");
        let times = [1_000, 1_001, 5, 0, 2_000, u64::MAX, 7];
        for time in times.into_iter().cycle().take(200_000) {
            let next = clock.next(time, "a");
            assert!(next > last, "{next} after {last}");
            assert_eq!(next.to_string().parse(), Ok(next.clone()));
            last = next;
        }
        // At the end of all stamps none is before the last.
        let mut clock = StampClock { time: STAMP_MAX, counter: u16::MAX - 1, device: None };
        let last: Vec<Stamp> = (0..3).map(|_| clock.next(u64::MAX, "a")).collect();
        assert!(last.is_sorted() && last[2].counter == u16::MAX && last[2].time == STAMP_MAX);
        let mut clock = StampClock::default();
        clock.observe(&"0000000003e8-0005-z".parse().unwrap());
        assert_eq!(clock.next(3, "a").to_string(), "0000000003e8-0006-a");
    }

    #[test]
    fn identities_differ_and_sort_by_time() {
        let mut ids = Ids::default();
        let seen: HashSet<String> = (0..10_000).map(|_| ids.ulid(1_700_000_000_000)).collect();
        assert_eq!(seen.len(), 10_000);
        assert!(seen.iter().all(|id| id.len() == 26 && id.starts_with("01HF7YAT00") && is_name(id)));
        assert!(ids.ulid(1) < ids.ulid(2));
    }
}

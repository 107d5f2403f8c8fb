//! Copies of this device's logs, one a week and eight at most, in the state folder: against what
//! no log can guard itself from, a folder of marks that is deleted or a sync that goes wrong.
//!
//! A copy is made of a log without damage only, and old copies go only after the new one was read
//! back; so a bad week never pushes a good one out. Nothing here is read by the program itself, but
//! where `doctor` finds that a log is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::fs::Fs;
use super::log::{Content, key_of, make_dirs, optional, put, read};
use super::paths::Paths;

/// Milliseconds from one copy to the next.
const WEEK: u64 = 7 * 24 * 60 * 60 * 1000;
/// Copies kept of each book.
const COPIES: usize = 8;

/// Copies a log, if that was not done this week. Whether it was done now. `now`: milliseconds
/// since 1970.
///
/// # Errors
/// When a call failed: then the copies are as they were, or one more.
pub fn snapshot<F: Fs>(fs: &mut F, paths: &Paths, log: &Path, key: &str, now: u64) -> io::Result<bool> {
    let dir = paths.backup();
    let week = now / WEEK;
    let copy = dir.join(format!("{key}.{week:06}.jsonl"));
    if optional(fs.stat(&copy))?.is_some() {
        return Ok(false);
    }
    let (bytes, _) = read(fs, log)?;
    let content = Content::each(&bytes, drop);
    if content.bad > 0 || content.sound == 0 {
        return Ok(false);
    }
    make_dirs(fs, &dir).map_err(|failure| failure.why)?;
    put(fs, &copy, &bytes)?;
    for old in copies(fs, &dir, key)?.iter().rev().skip(COPIES) {
        fs.remove(old)?;
    }
    Ok(true)
}

/// The latest copy of each book's log, with the book's key.
pub fn latest<F: Fs>(fs: &mut F, paths: &Paths) -> BTreeMap<String, PathBuf> {
    let dir = paths.backup();
    let names = fs.list(&dir).unwrap_or_default();
    let keys: BTreeSet<&str> = names.iter().filter_map(|name| key_of(name.to_str()?)).collect();
    let latest = |key: &str| Some((key.to_owned(), copies(fs, &dir, key).ok()?.pop()?));
    keys.into_iter().filter_map(latest).collect()
}

/// The copies of a book's log, the oldest first.
fn copies<F: Fs>(fs: &mut F, dir: &Path, key: &str) -> io::Result<Vec<PathBuf>> {
    let names = fs.list(dir)?;
    let is_copy = |name: &str| {
        let week = name.strip_prefix(key).and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".jsonl"));
        week.is_some_and(|week| week.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let mut copies: Vec<PathBuf> =
        names.iter().filter(|name| name.to_str().is_some_and(is_copy)).map(|name| dir.join(name)).collect();
    copies.sort();
    Ok(copies)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sim::SimDisk;

    #[test]
    fn eight_weeks_are_kept_and_a_damaged_log_pushes_none_out() {
        let (mut disk, paths) = (SimDisk::default(), Paths::under("/r"));
        let log = paths.device_marks("d").join("k.jsonl");
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/store/v1.jsonl");
        let golden = std::fs::read(golden).unwrap();
        let sound: Vec<u8> = golden.split_inclusive(|byte| *byte == b'\n').take(3).flatten().copied().collect();
        disk.put(&log, &sound);
        for week in 0..20 {
            assert!(snapshot(&mut disk, &paths, &log, "k", week * WEEK).unwrap());
            assert!(!snapshot(&mut disk, &paths, &log, "k", week * WEEK + 1).unwrap());
        }
        let kept = copies(&mut disk, &paths.backup(), "k").unwrap();
        assert_eq!(kept.len(), COPIES);
        assert!(kept[0].ends_with("k.000012.jsonl") && disk.get(&kept[7]) == Some(&sound));
        disk.put(&log, &golden);
        for bad in [golden.as_slice(), b""] {
            disk.put(&log, bad);
            assert!(!snapshot(&mut disk, &paths, &log, "k", 99 * WEEK).unwrap());
        }
        assert_eq!(copies(&mut disk, &paths.backup(), "k").unwrap(), kept);
        assert!(snapshot(&mut disk, &paths, Path::new("/none"), "k", 99 * WEEK).is_err());
    }
}

//! Making a log short: lines that later lines of the *same* log replaced are left out.
//!
//! The new log is written beside the old one, read back, and takes its name only if both say the
//! same; the old one stays as `.bak`. Lines are copied as they are, byte for byte, those that are
//! damaged or not understood too. Only what this device wrote itself counts as replaced, and
//! only where that cannot matter to any other device: places, labels, and fields of marks. A line
//! with the text of a note always stays.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::fs::{Fs, Stat};
use super::log::{self, Content, TEMPORARY, beside, optional, read, sync_dir, write_all};
use super::merge::{self, State};
use super::paths::Paths;
use super::record::{self, Kind, Line, Op, Record, VERSION};
use super::stamp::Stamp;

/// What became of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it was: half of it or more is needed, or it is not ours to change.
    Kept,
    /// It was replaced by a shorter one.
    Replaced(Stat),
}

/// Writes a log anew if less than half of it is needed.
///
/// # Errors
/// Whatever fails, the log is whole: the old one or the new one stands under its name. After an
/// error nobody knows which, until the folder is synced.
pub fn compact<F: Fs>(fs: &mut F, paths: &Paths, path: &Path, random: u64) -> io::Result<Outcome> {
    // Without a lock another program's lines could come between the reading and the renaming.
    let Some(_lock) = log::lock(fs, paths).map_err(|failure| failure.why)? else { return Ok(Outcome::Kept) };
    if fs.is_link(path)? {
        return Ok(Outcome::Kept);
    }
    let (old, _) = read(fs, path)?;
    let Some(new) = live(&old) else { return Ok(Outcome::Kept) };
    let mut state = State::default();
    let content = Content::each(&old, |record| state.apply(&record));
    if content.version > VERSION || content.is_no_log() {
        return Ok(Outcome::Kept);
    }
    drop(old);
    remove_stopped(fs, path);
    let temporary = beside(path, &format!("{TEMPORARY}{}-{random:016x}", std::process::id()));
    match replace(fs, path, &temporary, new, &state) {
        Ok(outcome) => Ok(outcome),
        Err(error) => {
            let _ = fs.remove(&temporary);
            Err(error)
        }
    }
}

/// Removes what compactions left that were stopped. Under the lock nobody else is at one.
fn remove_stopped<F: Fs>(fs: &mut F, path: &Path) {
    let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else { return };
    let prefix = format!("{}{TEMPORARY}", name.to_string_lossy());
    for name in fs.list(dir).unwrap_or_default() {
        if name.to_string_lossy().starts_with(&prefix) {
            let _ = fs.remove(&dir.join(name));
        }
    }
}

fn replace<F: Fs>(fs: &mut F, path: &Path, temporary: &Path, new: Vec<u8>, expected: &State) -> io::Result<Outcome> {
    let mut file = fs.create_new(temporary)?;
    write_all(fs, &mut file, &new)?;
    fs.sync(&mut file)?;
    drop(file);
    let (back, _) = read(fs, temporary)?;
    let is_same = back == new;
    drop(new);
    let mut state = State::default();
    Content::each(&back, |record| state.apply(&record));
    drop(back);
    if !is_same || !state.shows_the_same(expected) {
        return Err(io::Error::other("the new log does not read back as it was written"));
    }
    let backup = beside(path, ".bak");
    optional(fs.remove(&backup))?;
    match fs.hard_link(path, &backup) {
        Ok(()) => {}
        // A disk without links has no backup; the new log was read back.
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied) => {}
        Err(error) => return Err(error),
    }
    fs.rename(temporary, path)?;
    let dir = path.parent().unwrap_or(Path::new("."));
    sync_dir(fs, dir)?;
    fs.stat(path).map(Outcome::Replaced)
}

/// The lines that are needed, in their order but for what the book is called: that stands first.
/// None where they are more than half of the log. What a line says is read twice, and not kept: all
/// of it takes several times the log.
fn live(log: &[u8]) -> Option<Vec<u8>> {
    let lines = || log.split(|byte| *byte == b'\n').map(|line| (line, record::parse(line)));
    let names = RandomState::new();
    let mut latest: HashMap<u64, Stamp> = HashMap::new();
    for (_, line) in lines() {
        let Line::Record(record, _) = line else { continue };
        for register in registers(&record, &names) {
            match latest.get_mut(&register) {
                Some(stamp) if *stamp >= record.at => {}
                Some(stamp) => stamp.clone_from(&record.at),
                None => {
                    latest.insert(register, record.at.clone());
                }
            }
        }
    }
    let mut seen = HashSet::new();
    let mut is_needed = |bytes, line: &Line| match line {
        Line::Noise => false,
        Line::Record(record, _) => {
            let is_latest = registers(record, &names).any(|register| latest.get(&register) == Some(&record.at));
            (is_latest || record.body.contains_key("note")) && seen.insert(bytes)
        }
        Line::Foreign(_) | Line::Torn | Line::Bad => true,
    };
    let (mut labels, mut others) = (Vec::new(), Vec::new());
    for (bytes, line) in lines().filter(|(bytes, line)| is_needed(*bytes, line)) {
        // Labels stand first, where the book is known again by them.
        let is_label = matches!(line, Line::Record(record, _) if record.kind == Kind::Label);
        if is_label { &mut labels } else { &mut others }.push(bytes);
    }
    let all = || labels.iter().chain(&others);
    let bytes: usize = all().map(|line| line.len() + 1).sum();
    if bytes * 2 > log.len() {
        return None;
    }
    let mut out = Vec::with_capacity(bytes);
    for line in all() {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    Some(out)
}

/// The registers that a record sets: hashes of sort, identity and field. Two with one hash would
/// cost a line, and that the new log would not say the same.
fn registers(record: &Record, names: &RandomState) -> impl Iterator<Item = u64> {
    let fields = match (record.kind, record.op) {
        (Kind::Mark(_), Op::Set) => Some(record.body.keys()),
        _ => None,
    };
    let whole = match (record.kind, record.op) {
        (Kind::Mark(_), Op::Set) if merge::only_says_where(record) => None,
        // The kind of the mark, and the fact that it was set.
        (Kind::Mark(_), Op::Set) => Some((0, &record.id, "")),
        (Kind::Mark(_), Op::Del) => Some((1, &record.id, "")),
        (Kind::Place, _) => Some((2, &record.at.device, "")),
        (Kind::Label, _) => Some((3, &record.at.device, "")),
    };
    let named = fields.into_iter().flatten().map(|field| (4, &record.id, field.as_str()));
    whole.into_iter().chain(named).map(|register| names.hash_one(register))
}

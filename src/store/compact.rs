//! Making a log short: lines that later lines of the *same* log replaced are left out.
//!
//! The new log is written beside the old one, read back, and takes its name only if both say the
//! same; the old one stays as `.bak`. Lines are copied as they are, byte for byte, those that are
//! damaged or not understood too. Only what this device wrote itself counts as replaced, and
//! only where that cannot matter to any other device: places, labels, and fields of marks. A line
//! with the text of a note always stays, and one that says which texts it was written over.
//!
//! A log may be long: it is read line by line, and only what is needed of it is held.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::fs::{Fs, Stat};
use super::log::{self, Content, TEMPORARY, beside, each_line, optional, sync_dir, write_all};
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
    let (mut state, mut needs) = (State::default(), Needs::default());
    let (content, stat) = Content::read(fs, path, |record| {
        needs.learn(&record);
        state.apply(&record);
    })?;
    if content.version > VERSION || content.is_no_log() {
        return Ok(Outcome::Kept);
    }
    let said = needs.hashes.hash_one(&state);
    drop(state);
    let Some(new) = shortened(fs, path, &needs, stat.bytes / 2)? else { return Ok(Outcome::Kept) };
    remove_stopped(fs, path);
    let temporary = beside(path, &format!("{TEMPORARY}{}-{random:016x}", std::process::id()));
    match replace(fs, path, &temporary, &new, |state| needs.hashes.hash_one(state) == said) {
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

/// Puts the new log in place of the old one, if it says the same: two states have one hash by no chance
/// that counts, and are not held side by side.
fn replace<F: Fs>(
    fs: &mut F,
    path: &Path,
    temporary: &Path,
    new: &[u8],
    says_the_same: impl Fn(&State) -> bool,
) -> io::Result<Outcome> {
    let mut file = fs.create_new(temporary)?;
    write_all(fs, &mut file, new)?;
    fs.sync(&mut file)?;
    drop(file);
    let (mut state, mut lines, mut is_same) = (State::default(), new.split(|byte| *byte == b'\n'), true);
    each_line(fs, temporary, |line| {
        is_same &= lines.next() == Some(line);
        if let Line::Record(record, _) = record::parse(line) {
            state.apply(&record);
        }
    })?;
    if !is_same || lines.next().is_some() || !says_the_same(&state) {
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

/// The lines of a log that are needed, in their order but for what the book is called: that stands
/// first, where the book is known again by it. None where they are more bytes than `most`.
fn shortened<F: Fs>(fs: &mut F, path: &Path, needs: &Needs, most: u64) -> io::Result<Option<Vec<u8>>> {
    let (mut labels, mut others, mut pick) = (Vec::new(), Vec::new(), needs.pick());
    let mut is_short = true;
    each_line(fs, path, |line| {
        if let Some(is_label) = pick(line).filter(|_| is_short) {
            let lines = if is_label { &mut labels } else { &mut others };
            lines.extend_from_slice(line);
            lines.push(b'\n');
            is_short = (labels.len() + others.len()) as u64 <= most;
        }
    })?;
    labels.append(&mut others);
    Ok(is_short.then_some(labels))
}

/// Which lines of a log are needed: those that set a register last.
#[derive(Default)]
struct Needs {
    latest: HashMap<u64, Stamp>,
    hashes: RandomState,
}

impl Needs {
    /// Takes in a line.
    fn learn(&mut self, record: &Record) {
        for register in registers(record, &self.hashes) {
            match self.latest.get_mut(&register) {
                Some(stamp) if *stamp >= record.at => {}
                Some(stamp) => stamp.clone_from(&record.at),
                None => {
                    self.latest.insert(register, record.at.clone());
                }
            }
        }
    }

    /// Goes through the lines in their order; of those that are needed it says whether they say what
    /// the book is called, and of the same line once.
    fn pick(&self) -> impl FnMut(&[u8]) -> Option<bool> {
        let mut seen = HashSet::new();
        move |bytes| match record::parse(bytes) {
            Line::Noise => None,
            Line::Record(record, _) => {
                let mut registers = registers(&record, &self.hashes);
                let is_latest = registers.any(|register| self.latest.get(&register) == Some(&record.at));
                let is_of_note = record.body.contains_key("note") || !record.over.is_empty();
                let is_needed = (is_latest || is_of_note) && seen.insert(self.hashes.hash_one(bytes));
                is_needed.then_some(record.kind == Kind::Label)
            }
            Line::Foreign(_) | Line::Torn | Line::Bad => Some(false),
        }
    }
}

/// The registers that a record sets: hashes of sort, identity and field. Two with one hash would
/// cost a line, and then the new log would not say the same.
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

//! Making a log short: lines that later lines of the *same* log replaced are left out.
//!
//! The new log is written beside the old one, read back, and takes its name only if both say the
//! same; the old one stays as `.bak`. Lines are copied as they are, byte for byte, those that are
//! damaged or not understood too. Only what this device wrote itself counts as replaced, and
//! only where that cannot matter to any other device: places, labels, and fields of marks. A line
//! with the text of a note always stays, and one that says which texts it was written over.
//!
//! A log may be long: it is read line by line and written piece by piece, and of what it says hashes and
//! stamps are held.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::fs::{Fs, PIECE, Stat};
use super::log::{self, Content, TEMPORARY, beside, each_line, optional, sync_dir, write_all};
use super::merge;
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
    let hashes = RandomState::new();
    let mut gist = Gist::new(&hashes);
    let (content, stat) = Content::read(fs, path, |record| gist.learn(&record))?;
    if content.version > VERSION || content.is_no_log() {
        return Ok(Outcome::Kept);
    }
    let plan = Plan::of(fs, path, &gist)?;
    if plan.size() > stat.bytes / 2 {
        return Ok(Outcome::Kept);
    }
    drop(gist);
    // With other hashes than the plan was made by: what two registers with one hash cost shows.
    let hashes = RandomState::new();
    let (said, now) = says(fs, path, &hashes)?;
    // What came meanwhile, without the lock, is in no plan.
    if now != stat {
        return Ok(Outcome::Kept);
    }
    remove_stopped(fs, path);
    let temporary = beside(path, &format!("{TEMPORARY}{}-{random:016x}", std::process::id()));
    match replace(fs, (path, stat), &temporary, &plan, (said, &hashes)) {
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

/// What a log says, in one number, and the file as it was then.
fn says<F: Fs>(fs: &mut F, path: &Path, hashes: &RandomState) -> io::Result<(u64, Stat)> {
    let mut gist = Gist::new(hashes);
    let (_, stat) = Content::read(fs, path, |record| gist.learn(&record))?;
    Ok((gist.number(), stat))
}

/// Puts the new log in place of the old one, if it says the same: two logs have one number by no chance
/// that counts.
fn replace<F: Fs>(
    fs: &mut F,
    (path, before): (&Path, Stat),
    temporary: &Path,
    plan: &Plan,
    (said, hashes): (u64, &RandomState),
) -> io::Result<Outcome> {
    let mut file = fs.create_new(temporary)?;
    plan.each_piece(fs, path, |fs, piece| write_all(fs, &mut file, piece))?;
    fs.sync(&mut file)?;
    drop(file);
    let unlike = || io::Error::other("the new log does not read back as it was written");
    let mut at = 0;
    plan.each_piece(fs, path, |fs, piece| {
        let back = fs.read(temporary, at, piece.len() as u64)?;
        at += piece.len() as u64;
        if back == piece { Ok(()) } else { Err(unlike()) }
    })?;
    let (now_said, stat) = says(fs, temporary, hashes)?;
    if stat.bytes != at || now_said != said {
        return Err(unlike());
    }
    if fs.stat(path)? != before {
        return Err(io::Error::other("the log was changed meanwhile"));
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

/// The stretches of a log that are needed, in their order but for what the book is called: that stands
/// first, where the book is known again by it.
struct Plan {
    stretches: Vec<Range<u64>>,
}

impl Plan {
    fn of<F: Fs>(fs: &mut F, path: &Path, gist: &Gist) -> io::Result<Plan> {
        let (mut labels, mut others, mut pick, mut at) = (Vec::new(), Vec::new(), gist.pick(), 0);
        each_line(fs, path, |line| {
            let line_and_end = at..at + line.len() as u64 + 1;
            at = line_and_end.end;
            let Some(is_label) = pick(line) else { return };
            let stretches: &mut Vec<Range<u64>> = if is_label { &mut labels } else { &mut others };
            match stretches.last_mut().filter(|last| last.end == line_and_end.start) {
                Some(last) => last.end = line_and_end.end,
                None => stretches.push(line_and_end),
            }
        })?;
        labels.append(&mut others);
        Ok(Plan { stretches: labels })
    }

    /// Bytes of the new log.
    fn size(&self) -> u64 {
        self.stretches.iter().map(|stretch| stretch.end - stretch.start).sum()
    }

    /// The bytes of the new log, in pieces. The old one is read window by window, however many stretches
    /// lie in each. Its last line may have no end: in the new one others follow.
    fn each_piece<F: Fs>(
        &self,
        fs: &mut F,
        path: &Path,
        mut each: impl FnMut(&mut F, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let end = fs.stat(path)?.bytes;
        let (mut base, mut window, mut piece) = (0, Vec::new(), Vec::new());
        for stretch in &self.stretches {
            let mut at = stretch.start;
            while at < stretch.end {
                if !(base..base + window.len() as u64).contains(&at) {
                    (base, window) = (at, fs.read(path, at, end.saturating_sub(at).min(PIECE as u64))?);
                    if base + window.len() as u64 == end {
                        window.push(b'\n');
                    }
                }
                let from = (at - base) as usize;
                let to = ((stretch.end - base) as usize).min(window.len()).min(from + PIECE - piece.len());
                let bytes = window.get(from..to).filter(|bytes| !bytes.is_empty());
                let bytes = bytes.ok_or_else(|| io::Error::other("the log was changed meanwhile"))?;
                piece.extend_from_slice(bytes);
                at += bytes.len() as u64;
                if piece.len() == PIECE {
                    each(fs, &piece)?;
                    piece.clear();
                }
            }
        }
        if piece.is_empty() { Ok(()) } else { each(fs, &piece) }
    }
}

/// What a log says, in hashes: what was set last of each register, and each text of a note.
struct Gist<'a> {
    last: HashMap<u64, Last>,
    /// The devices, each once: a long log has a hundred thousand stamps of two or three.
    devices: HashSet<Arc<str>>,
    notes: HashSet<u64>,
    hashes: &'a RandomState,
}

/// The last setting of a register.
struct Last {
    at: Stamp,
    /// The least and the greatest hash of what it was set to: two programs on one device may give one
    /// stamp twice, and then both values count.
    values: (u64, u64),
}

impl Gist<'_> {
    fn new(hashes: &RandomState) -> Gist<'_> {
        Gist { last: HashMap::new(), devices: HashSet::new(), notes: HashSet::new(), hashes }
    }

    /// Takes in a line.
    fn learn(&mut self, record: &Record) {
        let device = self.devices.get(&record.at.device).unwrap_or(&record.at.device).clone();
        let at = Stamp { device, ..record.at };
        for (register, value) in registers(record, self.hashes) {
            let last = Last { at: at.clone(), values: (value, value) };
            match self.last.entry(register) {
                Entry::Occupied(mut known) => known.get_mut().add(last),
                Entry::Vacant(none) => {
                    none.insert(last);
                }
            }
        }
        self.devices.insert(at.device);
        if is_of_note(record) {
            self.notes.insert(self.hashes.hash_one((&record.id, &record.at, record.body.get("note"), &record.over)));
        }
    }

    /// All of it, whatever the order of the lines.
    fn number(&self) -> u64 {
        let of_last = |(register, last): (&u64, &Last)| self.hashes.hash_one((register, &last.at, last.values));
        self.last.iter().map(of_last).chain(self.notes.iter().copied()).fold(0, u64::wrapping_add)
    }

    /// Goes through the lines in their order; of those that are needed it says whether they say what
    /// the book is called, and of the same line once.
    fn pick(&self) -> impl FnMut(&[u8]) -> Option<bool> {
        let mut seen = HashSet::new();
        move |bytes| match record::parse(bytes) {
            Line::Noise => None,
            Line::Record(record, _) => {
                let mut registers = registers(&record, self.hashes);
                let is_last =
                    registers.any(|(register, _)| self.last.get(&register).is_some_and(|last| last.at == record.at));
                let is_needed = (is_last || is_of_note(&record)) && seen.insert(self.hashes.hash_one(bytes));
                is_needed.then_some(record.kind == Kind::Label)
            }
            Line::Foreign(_) | Line::Torn | Line::Bad => Some(false),
        }
    }
}

impl Last {
    fn add(&mut self, other: Last) {
        match other.at.cmp(&self.at) {
            Ordering::Less => {}
            Ordering::Equal => {
                let (one, two) = (self.values, other.values);
                self.values = (one.0.min(two.0), one.1.max(two.1));
            }
            Ordering::Greater => *self = other,
        }
    }
}

/// Whether a line has a text of a note, or says that one no longer counts.
fn is_of_note(record: &Record) -> bool {
    record.body.contains_key("note") || !record.over.is_empty()
}

/// The registers that a record sets, and to what: hashes of sort, identity and field, and of the value.
fn registers(record: &Record, hashes: &RandomState) -> impl Iterator<Item = (u64, u64)> {
    let fields = match (record.kind, record.op) {
        (Kind::Mark(_), Op::Set) => Some(&record.body),
        _ => None,
    };
    let whole = match (record.kind, record.op) {
        (Kind::Mark(_), Op::Set) if merge::only_says_where(record) => None,
        // The kind of the mark, and the fact that it was set.
        (Kind::Mark(kind), Op::Set) => Some(((0, &*record.id), hashes.hash_one(kind.name()))),
        (Kind::Mark(_), Op::Del) => Some(((1, &*record.id), 0)),
        (Kind::Place, Op::Set) => Some(((2, &*record.at.device), hashes.hash_one(&record.body))),
        (Kind::Label, Op::Set) => Some(((3, &*record.at.device), hashes.hash_one(&record.body))),
        // Says nothing.
        (Kind::Place | Kind::Label, Op::Del) => None,
    };
    let whole = whole.map(|(register, value)| (hashes.hash_one(register), value));
    let named = fields.into_iter().flatten();
    let named = named.map(|(field, value)| (hashes.hash_one((4, &*record.id, field)), hashes.hash_one(value)));
    whole.into_iter().chain(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::merge::State;
    use crate::store::merge::tests::any_record;
    use proptest::prelude::*;

    fn gist<'a>(lines: &[&str], hashes: &'a RandomState) -> Gist<'a> {
        let mut gist = Gist::new(hashes);
        for line in lines {
            if let Line::Record(record, _) = record::parse(line.as_bytes()) {
                gist.learn(&record);
            }
        }
        gist
    }

    fn state(lines: &[&str]) -> State {
        let mut state = State::default();
        for line in lines {
            if let Line::Record(record, _) = record::parse(line.as_bytes()) {
                state.apply(&record);
            }
        }
        state
    }

    proptest! {
        /// The lines that are picked say all, and whatever some lines do not say is not in their number.
        #[test]
        fn the_number_of_a_log_stands_for_what_it_says(
            records in prop::collection::vec((any_record(), any::<bool>()), 0..14),
        ) {
            let hashes = RandomState::new();
            let lines: Vec<String> = records.iter().map(|(record, _)| record.line().trim_end().to_owned()).collect();
            let all: Vec<&str> = lines.iter().map(String::as_str).collect();
            let gist = gist(&all, &hashes);
            let mut pick = gist.pick();
            let picked: Vec<&str> = all.iter().copied().filter(|line| pick(line.as_bytes()).is_some()).collect();
            prop_assert_eq!(self::gist(&picked, &hashes).number(), gist.number());
            prop_assert_eq!(state(&picked), state(&all));
            let some: Vec<&str> = all.iter().zip(&records).filter(|(_, (_, stays))| *stays).map(|(line, _)| *line).collect();
            if self::gist(&some, &hashes).number() == gist.number() {
                prop_assert_eq!(state(&some), state(&all));
            }
        }
    }
}

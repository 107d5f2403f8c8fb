//! Making a log short: lines that later lines of the *same* log replaced are left out.
//!
//! The new log is written beside the old one, read back, and takes its name only if both say the
//! same; the old one stays as `.bak`. Lines are copied as they are, byte for byte, those that are
//! damaged or not understood too. Only what this device wrote itself counts as replaced, and
//! only where that cannot matter to any other device: places, labels, and fields of marks. A line
//! with the text of a note always stays, and one that says which texts it was written over.
//!
//! A log may be long: it is read line by line and written piece by piece; what it says is held, not its
//! lines.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::Path;

use super::fs::{Fs, PIECE, Stat};
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
    let mut needs = Needs::default();
    let (content, stat) = Content::read(fs, path, |record| needs.learn(&record))?;
    if content.version > VERSION || content.is_no_log() {
        return Ok(Outcome::Kept);
    }
    let plan = Plan::of(fs, path, &needs)?;
    if plan.size() > stat.bytes / 2 {
        return Ok(Outcome::Kept);
    }
    // What the log says is read only now: it is not held beside what is needed of it.
    let Needs { latest, hashes } = needs;
    drop(latest);
    let (said, _) = says(fs, path, &hashes)?;
    remove_stopped(fs, path);
    let temporary = beside(path, &format!("{TEMPORARY}{}-{random:016x}", std::process::id()));
    match replace(fs, path, &temporary, &plan, (said, &hashes)) {
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

/// What a log says, as a hash, and the file as it was then.
fn says<F: Fs>(fs: &mut F, path: &Path, hashes: &RandomState) -> io::Result<(u64, Stat)> {
    let mut state = State::default();
    let (_, stat) = Content::read(fs, path, |record| state.apply(&record))?;
    Ok((hashes.hash_one(&state), stat))
}

/// Puts the new log in place of the old one, if it says the same: two states have one hash by no chance
/// that counts, and are not held side by side.
fn replace<F: Fs>(
    fs: &mut F,
    path: &Path,
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
    fn of<F: Fs>(fs: &mut F, path: &Path, needs: &Needs) -> io::Result<Plan> {
        let (mut labels, mut others, mut pick, mut at) = (Vec::new(), Vec::new(), needs.pick(), 0);
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

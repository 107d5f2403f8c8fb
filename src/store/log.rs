//! The log of one book on one device: finding, reading and appending.
//!
//! A log is only ever added to. Lines are written at once and whole, under a lock, and count as
//! saved when the disk has said so for the bytes *and* for the name of the file. What is read is
//! never changed. It must not know what a record means.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use memchr::memmem;

use super::error::Failure;
use super::fs::{Fs, Stat};
use super::paths::Paths;
use super::record::{self, Kind, Line, Record};

/// Most of a log that is read; 60,000 marks take less.
pub const BYTES_MAX: u64 = 64 << 20;
/// A log that would be longer is left as it is, and another one begun beside it: what nobody may
/// make short grows, and must still be read.
pub const SEGMENT_MAX: u64 = BYTES_MAX / 2;
/// How often a call that was interrupted is made again.
const INTERRUPTS_MAX: usize = 64;
/// How often an append starts anew because the file under it was replaced.
const REPLACED_MAX: usize = 4;

/// What the name of a file ends in before it takes that of the one it replaces, and then a number.
pub const TEMPORARY: &str = ".tmp-";

/// The log that this program appends to.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The name of a file beside the usual one, once that cannot be trusted any more.
    segment: Option<String>,
    /// The disk failed under the current file.
    distrusted: bool,
    /// The file as it was after the last append.
    last: Option<Stat>,
    /// The file whose name is known to be on the disk.
    named: Option<(u64, u64)>,
    /// The sign of the last time that any book was forgotten, as it was when this one was looked at.
    forgotten: Option<Stat>,
}

/// What an append did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The file.
    pub path: PathBuf,
    /// The file as it was found; none where it was new.
    pub before: Option<Stat>,
    /// The file as it is now.
    pub after: Stat,
}

impl Log {
    /// No line may be added to the file as it is: it is no log, or the disk failed under it.
    pub fn distrust(&mut self) {
        self.distrusted = true;
    }

    /// The file was written anew, and its name is on the disk.
    pub fn replaced(&mut self, stat: Stat) {
        self.last = Some(stat);
        self.named = Some(stat.id);
    }

    /// From now on it is noticed where the reader has the book forgotten, in another program.
    pub fn watch<F: Fs>(&mut self, fs: &mut F, paths: &Paths) {
        self.forgotten.get_or_insert_with(|| fs.stat(&paths.forgotten()).unwrap_or_default());
    }

    /// Whether a log that is gone was forgotten since it was last looked at: with it went its copies.
    fn is_forgotten<F: Fs>(&mut self, fs: &mut F, paths: &Paths, key: &str) -> bool {
        let now = fs.stat(&paths.forgotten()).unwrap_or_default();
        let is_copy = |name: &OsString| name.to_str().and_then(key_of) == Some(key);
        let before = self.forgotten.replace(now);
        before.is_some_and(|before| before != now) && !fs.list(&paths.backup()).unwrap_or_default().iter().any(is_copy)
    }

    /// The file that is appended to.
    pub fn path(&self, paths: &Paths, device: &str, key: &str) -> PathBuf {
        let name = self.segment.clone().unwrap_or_else(|| format!("{key}.jsonl"));
        paths.device_marks(device).join(name)
    }

    /// Adds whole lines and waits until the disk has them. `again`: lines saved before, which
    /// are written again where the file is not the one they went to. `random` names a new file
    /// where one is needed. Where the book was forgotten meanwhile there is `None`, and nothing is added:
    /// what was read of it before is no ground for anything any more.
    ///
    /// # Errors
    /// Where `Err` comes back, the lines may or may not be in the file, and must be added again:
    /// lines that stand in a log twice do no harm.
    pub fn append<F: Fs>(
        &mut self,
        fs: &mut F,
        (paths, device, key): (&Paths, &str, &str),
        lines: &str,
        again: impl Fn() -> String,
        random: u64,
    ) -> Result<Option<Appended>, Failure> {
        self.watch(fs, paths);
        let forgotten = self.forgotten;
        let other = |name: String| Log { segment: Some(name), forgotten, ..Log::default() };
        let segment = || other(format!("{key}.seg-{random:016x}.jsonl"));
        if self.distrusted {
            *self = segment();
        }
        let dir = paths.device_marks(device);
        let _lock = lock(fs, paths)?;
        for _ in 0..REPLACED_MAX {
            let path = self.path(paths, device, key);
            if self.named.is_none() {
                make_dirs(fs, &dir)?;
            }
            let before = optional(fs.stat(&path)).map_err(Failure::at(&path))?;
            let has_room = |now: Stat| now.bytes == 0 || now.bytes.saturating_add(lines.len() as u64) <= SEGMENT_MAX;
            if before.is_some_and(|now| !has_room(now)) {
                // Under the lock nobody else looks for one: all programs go on in the same.
                let found = segments(fs, &dir, key).find(|name| fs.stat(&dir.join(name)).is_ok_and(has_room));
                *self = found.map_or_else(segment, other);
                continue;
            }
            if before.is_none() && self.is_forgotten(fs, paths, key) {
                *self = Log { forgotten: self.forgotten, ..Log::default() };
                return Ok(None);
            }
            let mut text = String::new();
            let same = |last: Stat| before.is_some_and(|now| now.id == last.id && now.bytes >= last.bytes);
            if self.last.is_some_and(|last| !same(last)) {
                text.push_str(&again());
            }
            text.push_str(lines);
            match self.write(fs, &path, before, &text) {
                Ok(true) => {}
                // The file or its folder went away under the write: a sync, or a clean-up.
                Ok(false) => {
                    self.named = None;
                    continue;
                }
                Err(why) if why.kind() == ErrorKind::NotFound && self.named.is_some() => {
                    self.named = None;
                    continue;
                }
                Err(why) => return Err(Failure { path, why }),
            }
            let after = fs.stat(&path).map_err(Failure::at(&path))?;
            if self.named != Some(after.id) {
                settle_name(fs, paths, &dir)?;
                self.named = Some(after.id);
            }
            self.last = Some(after);
            return Ok(Some(Appended { path, before, after }));
        }
        let path = self.path(paths, device, key);
        Err(Failure { path, why: io::Error::other("the file is replaced again and again") })
    }

    /// Writes and waits. Whether the bytes went into the file that has the name.
    fn write<F: Fs>(&mut self, fs: &mut F, path: &Path, before: Option<Stat>, text: &str) -> io::Result<bool> {
        let mut file = fs.open_append(path)?;
        let mut bytes = Vec::with_capacity(text.len() + 1);
        // A line that was cut off ends alone. What somebody else wrote may be cut off though it
        // reads as whole: after a failed sync the disk may hold zeros where memory has the line.
        let as_left = |now: Stat| self.last.is_some_and(|last| last.id == now.id && last.bytes == now.bytes);
        if before.is_some_and(|now| now.bytes > 0 && !as_left(now)) {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(text.as_bytes());
        write_all(fs, &mut file, &bytes)?;
        if let Err(error) = fs.sync(&mut file) {
            // The system may have dropped the bytes and would call the next wait a success.
            self.distrusted = true;
            return Err(error);
        }
        let written = fs.stat_file(&file)?.id;
        Ok(optional(fs.stat(path))?.is_some_and(|named| named.id == written))
    }
}

/// The segments of a book's log in the folder of a device, in the order of their names.
fn segments<F: Fs>(fs: &mut F, dir: &Path, key: &str) -> std::vec::IntoIter<String> {
    let is_segment = |name: &String| {
        let random = name.strip_prefix(key).and_then(|rest| rest.strip_prefix(".seg-")?.strip_suffix(".jsonl"));
        random.is_some_and(|random| random.len() == 16 && random.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    // Where the folder cannot be read, there is a new one.
    let names = fs.list(dir).unwrap_or_default();
    let mut names: Vec<String> =
        names.iter().filter_map(|name| name.to_str().map(str::to_owned)).filter(is_segment).collect();
    names.sort();
    names.into_iter()
}

/// What a file of a log holds.
#[derive(Debug, Default)]
pub struct Content {
    /// The changes that are understood, unless they were given away one by one.
    pub records: Vec<Record>,
    /// How many they are.
    pub sound: usize,
    /// Lines that are sound but not understood.
    pub foreign: usize,
    /// How many lines are damaged.
    pub bad: usize,
    /// A check sum over those.
    pub bad_sum: u32,
    /// The latest version that wrote a line.
    pub version: u32,
}

impl Content {
    /// Reads all lines. The last one counts without its line feed if its sum is right.
    pub fn of(bytes: &[u8]) -> Content {
        let mut records = Vec::new();
        let content = Content::each(bytes, |record| records.push(record));
        Content { records, ..content }
    }

    /// The same, with each change given away as it is read: all of them take several times the log.
    pub fn each(bytes: &[u8], mut each: impl FnMut(Record)) -> Content {
        let mut content = Content::default();
        bytes.split(|byte| *byte == b'\n').for_each(|line| content.add(line, &mut each));
        content
    }

    /// The same, of a file that is not held in memory; and what it was when it was read.
    ///
    /// # Errors
    /// As [`read`]. What was read before the failure has been given away.
    pub fn read<F: Fs>(fs: &mut F, path: &Path, mut each: impl FnMut(Record)) -> io::Result<(Content, Stat)> {
        let mut content = Content::default();
        let stat = each_line(fs, path, |line| content.add(line, &mut each))?;
        Ok((content, stat))
    }

    fn add(&mut self, line: &[u8], each: &mut impl FnMut(Record)) {
        match record::parse(line) {
            Line::Record(record, version) => {
                self.version = self.version.max(version);
                self.sound += 1;
                each(record);
            }
            Line::Foreign(version) => {
                self.version = self.version.max(version);
                self.foreign += 1;
            }
            Line::Bad => {
                self.bad += 1;
                self.bad_sum = self.bad_sum.rotate_left(1) ^ record::checksum(line);
            }
            // A line that was cut off was never acknowledged.
            Line::Torn | Line::Noise => {}
        }
    }

    /// Whether there are bytes and none of them are a log.
    pub fn is_no_log(&self) -> bool {
        self.sound == 0 && self.foreign == 0 && self.bad > 0
    }
}

/// The changes of a kind in a part of a log. Lines that the part cuts are none.
pub fn records_of(part: &[u8], kind: Kind) -> Vec<Record> {
    part.split(|byte| *byte == b'\n').filter_map(of_kind(kind)).collect()
}

/// Reads lines that are changes of a kind, and no others. Only those that look like it are parsed, so
/// that a thousand books are no long wait.
pub fn of_kind(kind: Kind) -> impl Fn(&[u8]) -> Option<Record> {
    let name = memmem::Finder::new(&format!("\"{}\"", kind.name())).into_owned();
    move |line| {
        name.find(line)?;
        match record::parse(line) {
            Line::Record(record, _) if record.kind == kind => Some(record),
            _ => None,
        }
    }
}

/// All files with changes to some books, of all devices, with the book of each.
///
/// # Errors
/// When a folder exists and cannot be read.
pub fn files_of<F: Fs>(fs: &mut F, paths: &Paths, keys: &BTreeSet<String>) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut files = Vec::new();
    for (dir, names) in device_dirs(fs, paths)? {
        for name in &names {
            if let Some(key) = book_of(&names, name).filter(|key| keys.contains(*key)) {
                files.push((key.to_owned(), dir.join(name)));
            }
        }
    }
    Ok(files)
}

/// The book of which a file among others of a device is a log, if it is one.
fn book_of<'a>(names: &[String], name: &'a str) -> Option<&'a str> {
    let key = key_of(name)?;
    (is_log_of(name, key) || stood_in(names, name).is_some()).then_some(key)
}

/// The log for which the copy from before its last compaction stands in, because it is gone.
/// `names`: all of the device, in order.
pub fn stood_in<'a>(names: &[String], name: &'a str) -> Option<&'a str> {
    let main = name.strip_suffix(".bak")?;
    let is_main = key_of(name).is_some_and(|key| main.len() == key.len() + ".jsonl".len() && is_log_of(main, key));
    (is_main && names.binary_search_by(|name| name.as_str().cmp(main)).is_err()).then_some(main)
}

/// The book that a file is named after.
pub fn key_of(name: &str) -> Option<&str> {
    let digits = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    name.get(..digits).filter(|key| !key.is_empty())
}

/// The keys of all books that have a log, with their files.
///
/// # Errors
/// When a folder exists and cannot be read.
pub fn all_files<F: Fs>(fs: &mut F, paths: &Paths) -> Result<BTreeMap<String, Vec<PathBuf>>, Failure> {
    let mut books: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (dir, names) in device_dirs(fs, paths)? {
        for name in &names {
            if let Some(key) = book_of(&names, name) {
                books.entry(key.to_owned()).or_default().push(dir.join(name));
            }
        }
    }
    Ok(books)
}

/// Whether a name is one of a book's logs, or a copy that some syncer or merge tool made of one.
fn is_log_of(name: &str, key: &str) -> bool {
    let Some(rest) = name.strip_prefix(key).filter(|_| !key.is_empty()) else { return false };
    let named = rest.starts_with(['.', ' ', '-', '_', '(', '~']);
    // `.tmp-` is a compaction that was stopped, `.bak` what one replaced: both hold nothing new.
    named && rest.contains(".jsonl") && !rest.contains(".tmp-") && !rest.contains(".jsonl.bak")
}

fn device_dirs<F: Fs>(fs: &mut F, paths: &Paths) -> Result<Vec<(PathBuf, Vec<String>)>, Failure> {
    let marks = paths.marks();
    let Some(mut devices) = optional(fs.list(&marks)).map_err(Failure::at(&marks))? else { return Ok(Vec::new()) };
    devices.sort();
    let mut dirs = Vec::new();
    for device in devices {
        let dir = marks.join(device);
        match fs.list(&dir) {
            Ok(names) => {
                let mut names: Vec<String> =
                    names.iter().filter_map(|name| OsStr::to_str(name).map(str::to_owned)).collect();
                names.sort();
                dirs.push((dir, names));
            }
            // A file that somebody put there, or a folder that a sync just took away.
            Err(error) if matches!(error.kind(), ErrorKind::NotADirectory | ErrorKind::NotFound) => {}
            Err(error) => return Err(Failure { path: dir, why: error }),
        }
    }
    Ok(dirs)
}

/// The bytes of a log and what it was when it was read.
///
/// # Errors
/// When it cannot be read, is no regular file, or is larger than any log can be.
pub fn read<F: Fs>(fs: &mut F, path: &Path) -> io::Result<(Vec<u8>, Stat)> {
    let stat = stat_of_log(fs, path)?;
    // What is added after the look belongs to the next one.
    Ok((fs.read(path, 0, stat.bytes)?, stat))
}

/// Reads a log line by line, without their line feeds, and holds no more than one of them. What it was
/// when it was read.
///
/// # Errors
/// As [`read`]. Lines before the failure have been read.
pub fn each_line<F: Fs>(fs: &mut F, path: &Path, mut each: impl FnMut(&[u8])) -> io::Result<Stat> {
    let stat = stat_of_log(fs, path)?;
    let mut begun: Vec<u8> = Vec::new();
    fs.read_pieces(path, stat.bytes, &mut |piece| {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            match part.strip_suffix(b"\n") {
                Some(line) if begun.is_empty() => each(line),
                Some(end) => {
                    begun.extend_from_slice(end);
                    each(&begun);
                    begun.clear();
                }
                None => begun.extend_from_slice(part),
            }
        }
    })?;
    each(&begun);
    Ok(stat)
}

fn stat_of_log<F: Fs>(fs: &mut F, path: &Path) -> io::Result<Stat> {
    let stat = fs.stat(path)?;
    if !stat.is_file {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a file"));
    }
    if stat.bytes > BYTES_MAX {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "it is larger than 64 MiB"));
    }
    Ok(stat)
}

/// Keeps a copy of a damaged log, once for each set of damaged lines.
///
/// # Errors
/// When it cannot be written.
pub fn keep_damaged<F: Fs>(fs: &mut F, paths: &Paths, log: &Path, bad_sum: u32) -> io::Result<()> {
    let name = log.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let copy = paths.damaged().join(format!("{name}.{bad_sum:08x}"));
    if optional(fs.stat(&copy))?.is_some() {
        return Ok(());
    }
    make_dirs(fs, &paths.damaged()).map_err(|failure| failure.why)?;
    let (bytes, _) = read(fs, log)?;
    put(fs, &copy, &bytes)
}

/// The lock of all writers on this machine. `None` where the disk has no locks or no lock file can
/// be made: one write to the end of a file is whole even then.
pub fn lock<F: Fs>(fs: &mut F, paths: &Paths) -> Result<Option<F::Lock>, Failure> {
    let without = |why: &io::Error| why.kind() == ErrorKind::Unsupported || is_closed(why);
    match make_dirs(fs, paths.state_dir()) {
        Ok(()) => {}
        Err(failure) if without(&failure.why) => return Ok(None),
        Err(failure) => return Err(failure),
    }
    let path = paths.lock();
    match again(|| fs.lock(&path)) {
        Ok(lock) => Ok(Some(lock)),
        Err(why) if without(&why) || has_no_locks(&why) => Ok(None),
        Err(why) => Err(Failure { path, why }),
    }
}

/// Network disks without a lock service say this in their own way.
fn has_no_locks(why: &io::Error) -> bool {
    #[cfg(unix)]
    return why.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error());
    #[cfg(not(unix))]
    return why.kind() == ErrorKind::Unsupported;
}

/// Puts the names of the file and of the folders above it on the disk, once a file. Another
/// program may have made them, and been stopped before it did this.
fn settle_name<F: Fs>(fs: &mut F, paths: &Paths, dir: &Path) -> Result<(), Failure> {
    let own = [dir, &paths.marks(), paths.config_dir()];
    for dir in own {
        sync_dir(fs, dir).map_err(Failure::at(dir))?;
    }
    // `~/.config` and `~`: it may be closed to us or need nothing, if we did not make it.
    for dir in paths.config_dir().ancestors().skip(1).take(2) {
        match sync_dir(fs, dir) {
            Err(why) if !is_closed(&why) => return Err(Failure { path: dir.into(), why }),
            _ => {}
        }
    }
    Ok(())
}

/// Makes a folder and those above it, for their owner only, and puts their names on the disk.
pub fn make_dirs<F: Fs>(fs: &mut F, dir: &Path) -> Result<(), Failure> {
    let mut missing = Vec::new();
    for dir in dir.ancestors() {
        match optional(fs.stat(dir)).map_err(Failure::at(dir))? {
            Some(_) => break,
            None => missing.push(dir),
        }
    }
    for dir in missing.into_iter().rev() {
        match fs.create_dir(dir) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(Failure { path: dir.into(), why: error });
            }
            _ => {}
        }
        if let Some(parent) = dir.parent() {
            match sync_dir(fs, parent) {
                // A folder may be open for making new ones, and closed for reading.
                Err(why) if !is_closed(&why) => return Err(Failure { path: parent.into(), why }),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Writes a whole file under a name of this program's first, and reads it back; then it takes its own.
///
/// # Errors
/// When a call failed: then what had the name is as it was.
pub fn put<F: Fs>(fs: &mut F, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = beside(path, &format!("{TEMPORARY}{}", std::process::id()));
    let mut write = || {
        optional(fs.remove(&temporary))?;
        let mut file = fs.create_new(&temporary)?;
        write_all(fs, &mut file, bytes)?;
        fs.sync(&mut file)?;
        drop(file);
        if read(fs, &temporary)?.0 != bytes {
            return Err(io::Error::other("it does not read back as it was written"));
        }
        fs.rename(&temporary, path)?;
        sync_dir(fs, path.parent().unwrap_or(Path::new(".")))
    };
    let written = write();
    if written.is_err() {
        let _ = fs.remove(&temporary);
    }
    written
}

/// A path with something at its end.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Writes all bytes, in as few writes as the disk allows.
pub fn write_all<F: Fs>(fs: &mut F, file: &mut F::File, bytes: &[u8]) -> io::Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match again(|| fs.write(file, rest))? {
            0 => return Err(ErrorKind::WriteZero.into()),
            written => rest = rest.get(written..).unwrap_or_default(),
        }
    }
    Ok(())
}

/// Waits for a folder's names, where the disk can do that.
pub fn sync_dir<F: Fs>(fs: &mut F, dir: &Path) -> io::Result<()> {
    match again(|| fs.sync_dir(dir)) {
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => Ok(()),
        result => result,
    }
}

/// Whether a place is not for us to write, now or later.
fn is_closed(why: &io::Error) -> bool {
    matches!(why.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// What is there, or `None` where nothing is.
pub fn optional<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes a call again that a signal interrupted.
fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for _ in 0..INTERRUPTS_MAX {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
    call()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_syncers_are_logs_too() {
        let key = "0123abcd";
        for (rest, expected) in [
            (".jsonl", true),
            (".seg-0000000000000001.jsonl", true),
            (".sync-conflict-20261101-101500-ABCDEFG.jsonl", true),
            (" (conflicted copy 2026-11-01).jsonl", true),
            (" (anna's conflicted copy 2026-11-01).jsonl", true),
            ("-DESKTOP.jsonl", true),
            (".jsonl.orig", true),
            (".jsonl.sync-conflict-20261101-101500-ABCDEFG", true),
            (".jsonl.bak", false),
            (".jsonl.tmp-1-2", false),
            ("ef.jsonl", false),
            (".txt", false),
        ] {
            assert_eq!(is_log_of(&format!("{key}{rest}"), key), expected, "{rest}");
        }
        assert!(!is_log_of("x.jsonl", key) && !is_log_of(".jsonl", ""));
    }
}

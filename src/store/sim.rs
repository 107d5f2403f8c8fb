//! A disk in memory that fails where a test wants it to, and forgets what was not synced.
//!
//! It is stricter than real disks: a write is on the disk only after a sync of its file, a name
//! only after a sync of its folder, in any order before that; and a sync that failed loses the
//! bytes for good, though the next one succeeds.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::fs::{Fs, Stat};

/// Bytes of a piece of a file: no line fits.
const SIM_PIECE: usize = 50;

/// The disk.
#[derive(Clone, Debug, Default)]
pub struct SimDisk {
    files: Vec<SimFile>,
    names: BTreeMap<PathBuf, Node>,
    /// Names as they are on the disk.
    durable: BTreeMap<PathBuf, Node>,
    /// Changes of names that are not on the disk yet, in order, with their folder.
    changes: Vec<(PathBuf, Change)>,
    /// Calls made so far.
    pub calls: usize,
    /// Which calls fail, and how.
    pub fault: Option<Fault>,
    /// Failures given so far.
    pub failures: usize,
    /// No call at or after this one happens: the power is off.
    pub power_off_at: Option<usize>,
    /// What another program adds to a file as soon as that was read.
    pub grows: Option<(PathBuf, Vec<u8>)>,
    time: u128,
}

/// Calls that fail.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The first call that fails, from 0.
    pub call: usize,
    /// How many calls fail.
    pub times: usize,
    /// What they say.
    pub kind: FaultKind,
}

/// How a call fails.
#[derive(Clone, Copy, Debug)]
pub enum FaultKind {
    /// With this error of the system, with nothing done; a write has taken half of its bytes.
    Error(ErrorKind),
    /// With this number of the system's own, that has no name in the standard library.
    System(i32),
    /// A write takes half of its bytes and says so; other calls work.
    ShortWrite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Dir,
    File(usize),
}

#[derive(Clone, Debug)]
enum Change {
    Add(PathBuf, Node),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf, Node),
}

#[derive(Clone, Debug, Default)]
struct SimFile {
    bytes: Vec<u8>,
    durable: Vec<u8>,
    /// From here on the bytes are to be written with the next sync.
    dirty: usize,
    modified: u128,
}

impl SimDisk {
    /// An empty disk on which some calls fail.
    pub fn failing(fault: Fault) -> SimDisk {
        SimDisk { fault: Some(fault), ..SimDisk::default() }
    }

    /// An empty disk on which only so many calls happen.
    pub fn with_power_until(call: usize) -> SimDisk {
        SimDisk { power_off_at: Some(call), ..SimDisk::default() }
    }

    /// Puts a file on the disk, for good and without a fault.
    pub fn put(&mut self, path: &Path, bytes: &[u8]) {
        for dir in path.ancestors().skip(1) {
            self.names.insert(dir.to_path_buf(), Node::Dir);
            self.durable.insert(dir.to_path_buf(), Node::Dir);
        }
        self.time += 1;
        let file = SimFile { bytes: bytes.into(), durable: bytes.into(), dirty: bytes.len(), modified: self.time };
        self.files.push(file);
        let node = Node::File(self.files.len() - 1);
        self.names.insert(path.to_path_buf(), node);
        self.durable.insert(path.to_path_buf(), node);
    }

    /// The bytes of a file.
    pub fn get(&self, path: &Path) -> Option<&[u8]> {
        self.file(path).ok().map(|file| self.files[file].bytes.as_slice())
    }

    /// The paths of all files.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.names.iter().filter(|(_, node)| **node != Node::Dir).map(|(path, _)| path.clone()).collect()
    }

    /// Changes of names that a power cut may undo.
    pub fn unsettled(&self) -> usize {
        self.changes.len()
    }

    /// The disk after a power cut: of the changes of names only those whose bit is set in `kept`
    /// happened, and of bytes that were not synced only `torn` per file, the rest of its length
    /// zeros if `zeros`.
    pub fn after_power_cut(&self, kept: u64, torn: usize, zeros: bool) -> SimDisk {
        let mut names = self.durable.clone();
        for (i, (_, change)) in self.changes.iter().enumerate() {
            if i < 64 && kept >> i & 1 == 1 {
                change.apply(&mut names);
            }
        }
        // A name in a folder that is not there is not there.
        let dirs: BTreeSet<PathBuf> =
            names.iter().filter(|(_, node)| **node == Node::Dir).map(|(path, _)| path.clone()).collect();
        names.retain(|path, _| path.ancestors().skip(1).all(|dir| dirs.contains(dir) || dir.parent().is_none()));
        let files = self.files.iter().map(|file| file.after_power_cut(torn, zeros)).collect();
        SimDisk { files, durable: names.clone(), names, time: self.time, failures: self.failures, ..SimDisk::default() }
    }

    fn file(&self, path: &Path) -> io::Result<usize> {
        match self.names.get(path) {
            Some(Node::File(file)) => Ok(*file),
            Some(Node::Dir) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    /// Counts a call; says how it fails, if it does.
    fn call(&mut self) -> io::Result<Option<FaultKind>> {
        let call = self.calls;
        self.calls += 1;
        self.time += 1;
        if self.power_off_at.is_some_and(|at| call >= at) {
            return Err(io::Error::other("power off"));
        }
        let fault = self.fault.filter(|fault| (fault.call..fault.call.saturating_add(fault.times)).contains(&call));
        self.failures += usize::from(fault.is_some());
        Ok(fault.map(|fault| fault.kind))
    }

    /// Counts a call that fails as a whole.
    fn step(&mut self) -> io::Result<()> {
        match self.call()? {
            Some(FaultKind::Error(kind)) => Err(kind.into()),
            Some(FaultKind::System(number)) => Err(io::Error::from_raw_os_error(number)),
            Some(FaultKind::ShortWrite) | None => Ok(()),
        }
    }

    fn change(&mut self, path: &Path, change: Change) -> io::Result<()> {
        let dir = path.parent().unwrap_or(path).to_path_buf();
        if dir.parent().is_some() && self.names.get(&dir) != Some(&Node::Dir) {
            return Err(ErrorKind::NotFound.into());
        }
        change.apply(&mut self.names);
        self.changes.push((dir, change));
        Ok(())
    }

    fn create(&mut self, path: &Path) -> io::Result<usize> {
        self.files.push(SimFile { modified: self.time, ..SimFile::default() });
        let file = self.files.len() - 1;
        self.change(path, Change::Add(path.to_path_buf(), Node::File(file)))?;
        Ok(file)
    }

    fn stat_of(&self, file: usize) -> Stat {
        let SimFile { bytes, modified, .. } = &self.files[file];
        Stat { bytes: bytes.len() as u64, modified: *modified, id: (1, file as u64 + 1), is_file: true }
    }
}

impl Change {
    fn apply(&self, names: &mut BTreeMap<PathBuf, Node>) {
        match self {
            Change::Add(path, node) => {
                names.insert(path.clone(), *node);
            }
            Change::Remove(path) => {
                names.remove(path);
            }
            Change::Rename(from, to, node) => {
                names.remove(from);
                names.insert(to.clone(), *node);
            }
        }
    }
}

impl SimFile {
    fn after_power_cut(&self, torn: usize, zeros: bool) -> SimFile {
        let mut bytes = self.durable.clone();
        if self.bytes.len() > self.dirty {
            bytes.resize(self.dirty, 0);
            bytes.extend(self.bytes[self.dirty..].iter().take(torn));
            if zeros {
                bytes.resize(self.bytes.len(), 0);
            }
        }
        SimFile { durable: bytes.clone(), dirty: bytes.len(), bytes, modified: self.modified }
    }
}

impl Fs for SimDisk {
    type File = usize;
    type Lock = ();

    fn read(&mut self, path: &Path, from: u64, limit: u64) -> io::Result<Vec<u8>> {
        self.step()?;
        let file = self.file(path)?;
        Ok(self.files[file].bytes.iter().skip(from as usize).take(limit as usize).copied().collect())
    }

    fn read_pieces(&mut self, path: &Path, limit: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let bytes = self.read(path, 0, limit)?;
        let (first, second) = bytes.split_at(bytes.len() / 2);
        first.chunks(SIM_PIECE).for_each(&mut *each);
        // It may fail half-way.
        self.step()?;
        second.chunks(SIM_PIECE).for_each(each);
        if let Some((_, added)) = self.grows.take_if(|(grown, _)| grown == path) {
            let mut file = self.open_append(path)?;
            self.write(&mut file, &added)?;
        }
        Ok(())
    }

    fn list(&mut self, dir: &Path) -> io::Result<Vec<OsString>> {
        self.step()?;
        match self.names.get(dir) {
            Some(Node::Dir) => {}
            Some(Node::File(_)) => return Err(ErrorKind::NotADirectory.into()),
            None => return Err(ErrorKind::NotFound.into()),
        }
        let inside = self.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(inside.filter_map(|path| path.file_name()).map(OsString::from).collect())
    }

    fn stat(&mut self, path: &Path) -> io::Result<Stat> {
        self.step()?;
        match self.names.get(path) {
            Some(Node::File(file)) => Ok(self.stat_of(*file)),
            Some(Node::Dir) => Ok(Stat::default()),
            None if path.parent().is_none() => Ok(Stat::default()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn stat_file(&mut self, file: &usize) -> io::Result<Stat> {
        self.step()?;
        Ok(self.stat_of(*file))
    }

    fn is_link(&mut self, path: &Path) -> io::Result<bool> {
        self.step()?;
        self.file(path).map(|_| false)
    }

    fn create_dir(&mut self, dir: &Path) -> io::Result<()> {
        self.step()?;
        if self.names.contains_key(dir) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.change(dir, Change::Add(dir.to_path_buf(), Node::Dir))
    }

    fn open_append(&mut self, path: &Path) -> io::Result<usize> {
        self.step()?;
        match self.file(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => self.create(path),
            result => result,
        }
    }

    fn create_new(&mut self, path: &Path) -> io::Result<usize> {
        self.step()?;
        if self.names.contains_key(path) { Err(ErrorKind::AlreadyExists.into()) } else { self.create(path) }
    }

    fn write(&mut self, file: &mut usize, bytes: &[u8]) -> io::Result<usize> {
        let fault = self.call()?;
        let half = if fault.is_some() { bytes.len() / 2 } else { bytes.len() };
        let interrupted = matches!(fault, Some(FaultKind::Error(ErrorKind::Interrupted)));
        let taken = if interrupted { 0 } else { half };
        self.files[*file].bytes.extend_from_slice(&bytes[..taken]);
        self.files[*file].modified = self.time;
        match fault {
            Some(FaultKind::Error(kind)) => Err(kind.into()),
            Some(FaultKind::System(number)) => Err(io::Error::from_raw_os_error(number)),
            Some(FaultKind::ShortWrite) | None => Ok(taken),
        }
    }

    fn sync(&mut self, file: &mut usize) -> io::Result<()> {
        let result = self.step();
        if self.power_off_at.is_some_and(|at| self.calls > at) {
            return result;
        }
        let file = &mut self.files[*file];
        if result.is_ok() {
            file.durable.resize(file.dirty, 0);
            file.durable.extend_from_slice(&file.bytes[file.dirty..]);
        }
        file.dirty = file.bytes.len();
        result
    }

    fn sync_dir(&mut self, dir: &Path) -> io::Result<()> {
        self.step()?;
        let (settled, rest) = std::mem::take(&mut self.changes).into_iter().partition(|(of, _)| of == dir);
        self.changes = rest;
        let settled: Vec<(PathBuf, Change)> = settled;
        for (_, change) in settled {
            change.apply(&mut self.durable);
        }
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        let file = self.file(from)?;
        self.change(to, Change::Rename(from.to_path_buf(), to.to_path_buf(), Node::File(file)))
    }

    fn hard_link(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        let file = self.file(from)?;
        if self.names.contains_key(to) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.change(to, Change::Add(to.to_path_buf(), Node::File(file)))
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.step()?;
        self.file(path)?;
        self.change(path, Change::Remove(path.to_path_buf()))
    }

    fn lock(&mut self, path: &Path) -> io::Result<()> {
        self.step()?;
        match self.file(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => self.create(path).map(|_| ()),
            result => result.map(|_| ()),
        }
    }
}

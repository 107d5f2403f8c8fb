//! Bytes of a document by position: a file that is read in windows, a spool that a pipe still
//! fills, or a buffer.
//!
//! Files are never mapped (a truncated file would raise a signal) and never read whole by this
//! type. A file that became another one since it was opened gives errors, so that a page is never
//! made of two texts; one that only grew is read as it was. It must not know what the bytes mean.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use crate::document::Identity;

/// Bytes before its end by which a file that grew is told from another one.
const TAIL_BYTES: u64 = 1024;
/// Bytes that are taken from a pipe beyond what was asked for.
const AHEAD: u64 = 64 << 20;

/// Where the bytes of a document are. Clones share them.
#[derive(Clone, Debug)]
pub struct Source {
    inner: Inner,
    /// What lies beyond is not looked at.
    limit: u64,
}

#[derive(Clone, Debug)]
enum Inner {
    File(Arc<OpenFile>),
    Spool { spool: Arc<Spool>, len: u64, is_complete: bool },
    Memory(Arc<[u8]>),
}

/// A file as it was when it was opened.
#[derive(Debug)]
struct OpenFile {
    file: File,
    stamp: Stamp,
    /// Its last bytes.
    tail: Vec<u8>,
}

/// What shows without reading a file that it is another one, or was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    len: u64,
    /// Since 1970.
    modified: Option<Duration>,
    /// The device and the number of the file on it, where the system tells.
    file: (u64, u64),
}

impl Stamp {
    /// The stamp of the file at a path.
    ///
    /// # Errors
    /// When the system does not tell: above all, when there is no such file.
    pub fn of(path: &Path) -> io::Result<Stamp> {
        std::fs::metadata(path).map(|about| Stamp::from(&about))
    }
}

impl From<&std::fs::Metadata> for Stamp {
    fn from(about: &std::fs::Metadata) -> Stamp {
        #[cfg(unix)]
        let file = {
            use std::os::unix::fs::MetadataExt as _;
            (about.dev(), about.ino())
        };
        #[cfg(not(unix))]
        let file = (0, 0);
        let modified = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Stamp { len: about.len(), modified, file }
    }
}

impl OpenFile {
    /// Whether the bytes that it had when it was opened are what is read now.
    fn check(&self) -> io::Result<()> {
        let now = Stamp::from(&self.file.metadata()?);
        let is_same = now.modified == self.stamp.modified && now.len == self.stamp.len;
        let has_grown = || {
            let from = self.stamp.len - self.tail.len() as u64;
            let mut tail = vec![0; self.tail.len()];
            Ok::<_, io::Error>(
                now.len > self.stamp.len && fill(&self.file, &mut tail, from)? == self.tail.len() && tail == self.tail,
            )
        };
        if is_same || has_grown()? {
            Ok(())
        } else {
            Err(io::Error::other("the file changed on disk; r reads it again"))
        }
    }
}

/// What arrives through a pipe, in a file of its own that has no name. One thread appends; any
/// number of sources read what has arrived.
pub struct Spool {
    file: File,
    arrived: AtomicU64,
    is_complete: AtomicBool,
    /// Bytes that somebody wants to have, counted from the start.
    wanted: AtomicU64,
    /// Wakes the thread that appends.
    wake: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool").field("arrived", &self.arrived()).finish_non_exhaustive()
    }
}

impl Spool {
    /// An empty spool in a file. `wake` is called when more is wanted than before.
    pub fn new(file: File) -> Spool {
        Spool {
            file,
            arrived: AtomicU64::new(0),
            is_complete: AtomicBool::new(false),
            wanted: AtomicU64::new(AHEAD),
            wake: OnceLock::new(),
        }
    }

    /// Says how the thread that appends is woken when more is wanted than before.
    pub fn on_want(&self, wake: impl Fn() + Send + Sync + 'static) {
        let _ = self.wake.set(Box::new(wake));
    }

    /// Adds what came next. Only one thread may.
    ///
    /// # Errors
    /// When it cannot be written; nothing of it counts then.
    pub fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let at = self.arrived();
        write_at(&self.file, bytes, at)?;
        self.arrived.store(at + bytes.len() as u64, Ordering::Release);
        Ok(())
    }

    /// Nothing more will come.
    pub fn complete(&self) {
        self.is_complete.store(true, Ordering::Release);
    }

    /// Bytes that have arrived.
    pub fn arrived(&self) -> u64 {
        self.arrived.load(Ordering::Acquire)
    }

    /// Whether all has arrived.
    pub fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Acquire)
    }

    /// Whether more should be taken from the pipe.
    pub fn wants_more(&self) -> bool {
        self.arrived() < self.wanted.load(Ordering::Acquire)
    }

    /// Asks for all that will ever come, or takes that wish back.
    pub fn want_all(&self, all: bool) {
        self.wanted.store(if all { u64::MAX } else { self.arrived().saturating_add(AHEAD) }, Ordering::Release);
        self.wake();
    }

    fn want(&self, end: u64) {
        let end = end.saturating_add(AHEAD);
        if self.wanted.fetch_max(end, Ordering::AcqRel) < end {
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.get() {
            wake();
        }
    }
}

impl From<Inner> for Source {
    fn from(inner: Inner) -> Source {
        Source { inner, limit: u64::MAX }
    }
}

impl Source {
    /// A file, as it is now.
    ///
    /// # Errors
    /// When the file's length cannot be asked, or its end not be read.
    pub fn file(file: File) -> io::Result<Source> {
        let stamp = Stamp::from(&file.metadata()?);
        let mut tail = vec![0; stamp.len.min(TAIL_BYTES) as usize];
        let from = stamp.len - tail.len() as u64;
        let filled = fill(&file, &mut tail, from)?;
        tail.truncate(filled);
        Ok(Source::from(Inner::File(Arc::new(OpenFile { file, stamp, tail }))))
    }

    /// A buffer.
    pub fn memory(bytes: impl Into<Arc<[u8]>>) -> Source {
        Source::from(Inner::Memory(bytes.into()))
    }

    /// What has arrived in a spool so far.
    pub fn spool(spool: Arc<Spool>) -> Source {
        // In this order: what arrives in between belongs to the next look.
        let is_complete = spool.is_complete();
        let len = spool.arrived();
        Source::from(Inner::Spool { spool, len, is_complete })
    }

    /// The same source with what has arrived since; `None` where nothing has.
    pub fn later(&self) -> Option<Source> {
        let Inner::Spool { spool, len, is_complete } = &self.inner else { return None };
        let later = Source::spool(spool.clone()).until(self.limit);
        (later.len() > *len || later.is_complete() != *is_complete).then_some(later)
    }

    /// Whether nothing more will arrive.
    pub fn is_complete(&self) -> bool {
        !matches!(self.inner, Inner::Spool { is_complete: false, .. })
    }

    /// Whether it comes through a pipe.
    pub fn is_piped(&self) -> bool {
        matches!(self.inner, Inner::Spool { .. })
    }

    /// The same source up to an offset, in bytes.
    pub fn until(self, limit: u64) -> Source {
        Source { limit: limit.min(self.limit), ..self }
    }

    /// Length in bytes when it was opened, [at most](Self::until) what is looked at.
    pub fn len(&self) -> u64 {
        let len = match &self.inner {
            Inner::File(open) => open.stamp.len,
            Inner::Spool { len, .. } => *len,
            Inner::Memory(bytes) => bytes.len() as u64,
        };
        len.min(self.limit)
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Up to `len` bytes from `offset`; fewer only at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or became another one.
    pub fn read(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let want = self.len().saturating_sub(offset).min(len as u64) as usize;
        match &self.inner {
            Inner::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                Ok(bytes.get(start..start + want).unwrap_or_default().to_vec())
            }
            Inner::File(open) => {
                let bytes = read_from(&open.file, offset, want)?;
                // Afterwards: a change in between shows then.
                open.check()?;
                Ok(bytes)
            }
            Inner::Spool { spool, .. } => {
                spool.want(offset.saturating_add(len as u64));
                read_from(&spool.file, offset, want)
            }
        }
    }

    /// By what these bytes are known again; see [`Identity::digest`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn identity(&self) -> io::Result<Identity> {
        Identity::of(self.len(), |from| self.read(from, Identity::ENDS as usize))
    }
}

fn read_from(file: &File, offset: u64, want: usize) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; want];
    let filled = fill(file, &mut buffer, offset)?;
    buffer.truncate(filled);
    Ok(buffer)
}

/// Fills a buffer from an offset on, as far as the file goes. Gives how far.
fn fill(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(free) = buffer.get_mut(filled..).filter(|free| !free.is_empty()) {
        match read_at(file, free, offset + filled as u64) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    let mut written = 0;
    while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
        written += std::os::windows::fs::FileExt::seek_write(file, rest, offset + written as u64)?;
    }
    Ok(())
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(bytes: &[u8]) -> (tempfile::TempDir, [Source; 2]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        let file = Source::file(File::open(path).unwrap()).unwrap();
        (folder, [file, Source::memory(bytes)])
    }

    #[test]
    fn a_source_may_be_looked_at_in_part() {
        let (_folder, sources) = sources(b"0123456789");
        for source in sources {
            let part = source.until(7).until(100).until(4);
            assert_eq!((part.len(), part.read(2, 10).unwrap().as_slice()), (4, &b"23"[..]));
        }
    }

    #[test]
    fn reads_are_short_at_the_end_only() {
        let (_folder, sources) = sources(b"0123456789");
        for source in &sources {
            assert_eq!((source.len(), source.is_empty()), (10, false));
            for (offset, len, bytes) in [
                (0, 4, &b"0123"[..]),
                (8, 4, b"89"),
                (10, 1, b""),
                (99, 1, b""),
                (u64::MAX, usize::MAX, b""),
                (3, 0, b""),
            ] {
                assert_eq!(source.read(offset, len).unwrap(), bytes, "{offset} {len}");
            }
        }
    }

    #[test]
    fn a_file_that_grew_is_read_as_it_was_and_another_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let check = |change: &dyn Fn(), is_readable: bool| {
            std::fs::write(&path, "0123456789").unwrap();
            let file = File::open(&path).unwrap();
            // A time that no later write can have.
            file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
            let source = Source::file(file).unwrap();
            let before = Stamp::of(&path).unwrap();
            change();
            assert_eq!(source.read(2, 100).ok(), is_readable.then(|| b"23456789".to_vec()));
            assert_ne!(Stamp::of(&path).ok(), Some(before));
        };
        check(&|| std::fs::write(&path, "0123456789 and more").unwrap(), true);
        check(&|| std::fs::write(&path, "another text, longer").unwrap(), false);
        check(&|| std::fs::write(&path, "9876543210").unwrap(), false);
        check(&|| std::fs::write(&path, "012").unwrap(), false);
        check(&|| std::fs::remove_file(&path).unwrap(), true);
        let other = folder.path().join("b");
        std::fs::write(&other, "another text").unwrap();
        check(&|| std::fs::rename(&other, &path).unwrap(), true);
    }

    #[test]
    fn a_spool_grows_under_its_readers() {
        let spool = Arc::new(Spool::new(tempfile::tempfile().unwrap()));
        spool.append(b"first ").unwrap();
        let early = Source::spool(spool.clone());
        assert!(early.later().is_none() && !early.is_complete());
        spool.append(b"second").unwrap();
        let late = early.later().unwrap();
        assert_eq!(
            (early.read(0, 99).unwrap(), late.read(0, 99).unwrap()),
            (b"first ".to_vec(), b"first second".to_vec())
        );
        spool.complete();
        assert!(!late.is_complete() && late.later().unwrap().is_complete());
    }

    #[test]
    fn a_spool_takes_no_more_than_is_wanted() {
        let spool = Arc::new(Spool::new(tempfile::tempfile().unwrap()));
        let woken = Arc::new(AtomicU64::new(0));
        let count = woken.clone();
        spool.on_want(move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        spool.append(&[b'x'; 100]).unwrap();
        assert!(spool.wants_more());
        spool.wanted.store(100, Ordering::Relaxed);
        assert!(!spool.wants_more());
        Source::spool(spool.clone()).read(0, 10).unwrap();
        assert!(spool.wants_more() && woken.load(Ordering::Relaxed) == 1);
        spool.want_all(true);
        assert_eq!(spool.wanted.load(Ordering::Relaxed), u64::MAX);
    }

    #[test]
    fn a_file_and_its_bytes_have_one_identity() {
        for len in [0usize, 1, 65_536, 65_537, 131_072, 200_000] {
            let bytes: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
            let (_folder, [file, memory]) = sources(&bytes);
            assert_eq!(file.identity().unwrap(), memory.identity().unwrap(), "{len}");
            let mut other = bytes.clone();
            if let Some(last) = other.last_mut() {
                *last ^= 1;
                assert_ne!(Source::memory(other).identity().unwrap(), memory.identity().unwrap(), "{len}");
            }
        }
    }
}

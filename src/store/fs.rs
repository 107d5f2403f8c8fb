//! The calls that the store makes to a disk, and nothing more, so that a simulated disk can stand
//! in and fail at any one of them.
//!
//! Every method is one system call, or as near to one as the standard library allows. But for
//! the wait for a lock none of them retries, none creates parent folders, none decides anything.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use crate::files;

/// Bytes of a piece of a file.
pub const PIECE: usize = 64 << 10;
/// How long a lock is waited for: less than the reader waits for the store when it ends, so that
/// what could not be saved can still be said.
const LOCK_MAX: Duration = Duration::from_secs(4);
/// How often it is tried: a save takes some milliseconds.
const LOCK_AGAIN: Duration = Duration::from_millis(1);

/// A disk.
// Every method fails as its system call does; saying so sixteen times would say nothing.
#[allow(clippy::missing_errors_doc)]
pub trait Fs {
    /// An open file.
    type File;
    /// A lock that is held until it is dropped.
    type Lock;

    /// The bytes of a file from an offset, at most `limit`.
    fn read(&mut self, path: &Path, from: u64, limit: u64) -> io::Result<Vec<u8>>;
    /// The first bytes of a file, at most `limit`, in pieces: all of one file, whatever gets its name
    /// meanwhile.
    fn read_pieces(&mut self, path: &Path, limit: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()>;
    /// The names in a folder, in any order.
    fn list(&mut self, dir: &Path) -> io::Result<Vec<OsString>>;
    /// What is at a path; links are followed.
    fn stat(&mut self, path: &Path) -> io::Result<Stat>;
    /// What an open file is.
    fn stat_file(&mut self, file: &Self::File) -> io::Result<Stat>;
    /// Whether the path itself is a symbolic link.
    fn is_link(&mut self, path: &Path) -> io::Result<bool>;
    /// Makes one folder that only its owner may use.
    fn create_dir(&mut self, dir: &Path) -> io::Result<()>;
    /// Opens a file so that every write goes to its end; makes it, for its owner only, where it
    /// does not exist.
    fn open_append(&mut self, path: &Path) -> io::Result<Self::File>;
    /// Makes a new file for its owner only; fails where one exists.
    fn create_new(&mut self, path: &Path) -> io::Result<Self::File>;
    /// Writes once; says how many bytes were taken.
    fn write(&mut self, file: &mut Self::File, bytes: &[u8]) -> io::Result<usize>;
    /// Waits until the bytes and the length of the file are on the disk.
    fn sync(&mut self, file: &mut Self::File) -> io::Result<()>;
    /// Waits until the names in a folder are on the disk.
    fn sync_dir(&mut self, dir: &Path) -> io::Result<()>;
    /// Gives a file another name, in place of what had it.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file a second name; fails where it is taken.
    fn hard_link(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a name.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
    /// Waits for the only lock on a file, which is made where it does not exist; not for ever.
    fn lock(&mut self, path: &Path) -> io::Result<Self::Lock>;
}

/// What the store asks about a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was changed: nanoseconds since 1970.
    pub modified: u128,
    /// Device and number, where the system has them: another file under the same name has
    /// another.
    pub id: (u64, u64),
    /// Whether it is a regular file.
    pub is_file: bool,
}

/// The disk of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealFs {
    /// Since when the lock is waited for in vain. There is one wait for all that waits: once it is
    /// over, the lock is only tried, until it is free.
    waiting: Option<Instant>,
}

impl Fs for RealFs {
    type File = File;
    type Lock = File;

    fn read(&mut self, path: &Path, from: u64, limit: u64) -> io::Result<Vec<u8>> {
        let mut file = files::open(OpenOptions::new().read(true), path)?;
        if from > 0 {
            file.seek(SeekFrom::Start(from))?;
        }
        // A list that grows takes up to thrice its size.
        let left = file.metadata()?.len().saturating_sub(from).min(limit);
        let mut bytes = Vec::with_capacity(usize::try_from(left).unwrap_or(0));
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn read_pieces(&mut self, path: &Path, limit: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let mut file = BufReader::with_capacity(PIECE, files::open(OpenOptions::new().read(true), path)?.take(limit));
        loop {
            let piece = match file.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                piece => piece?,
            };
            if piece.is_empty() {
                return Ok(());
            }
            each(piece);
            let read = piece.len();
            file.consume(read);
        }
    }

    fn list(&mut self, dir: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    fn stat(&mut self, path: &Path) -> io::Result<Stat> {
        fs::metadata(path).map(|metadata| stat_of(&metadata))
    }

    fn stat_file(&mut self, file: &File) -> io::Result<Stat> {
        file.metadata().map(|metadata| stat_of(&metadata))
    }

    fn is_link(&mut self, path: &Path) -> io::Result<bool> {
        fs::symlink_metadata(path).map(|metadata| metadata.is_symlink())
    }

    fn create_dir(&mut self, dir: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(dir)
    }

    fn open_append(&mut self, path: &Path) -> io::Result<File> {
        appended(path)
    }

    fn create_new(&mut self, path: &Path) -> io::Result<File> {
        private(OpenOptions::new().write(true).create_new(true)).open(path)
    }

    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        file.write(bytes)
    }

    fn sync(&mut self, file: &mut File) -> io::Result<()> {
        file.sync_data()
    }

    fn sync_dir(&mut self, dir: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn hard_link(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn lock(&mut self, path: &Path) -> io::Result<File> {
        let file = appended(path)?;
        let since = *self.waiting.get_or_insert_with(Instant::now);
        loop {
            match file.try_lock() {
                Ok(()) => {
                    self.waiting = None;
                    return Ok(file);
                }
                Err(TryLockError::Error(error)) => {
                    self.waiting = None;
                    return Err(error);
                }
                Err(TryLockError::WouldBlock) if since.elapsed() < LOCK_MAX => thread::park_timeout(LOCK_AGAIN),
                Err(TryLockError::WouldBlock) => {
                    let why = format!("another program has held its lock for {} s", LOCK_MAX.as_secs());
                    return Err(io::Error::new(io::ErrorKind::TimedOut, why));
                }
            }
        }
    }
}

/// Opens a file to be written at its end, and makes it where it is not there; a link that leads nowhere makes none.
fn appended(path: &Path) -> io::Result<File> {
    let append = || files::open(OpenOptions::new().append(true), path);
    match append() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match files::open(private(OpenOptions::new().append(true).create_new(true)), path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => append(),
                made => made,
            }
        }
        opened => opened,
    }
}

/// Options for a file that only its owner may read, where it is made.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn stat_of(metadata: &fs::Metadata) -> Stat {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    #[cfg(unix)]
    let id = (std::os::unix::fs::MetadataExt::dev(metadata), std::os::unix::fs::MetadataExt::ino(metadata));
    #[cfg(not(unix))]
    let id = (0, 0);
    Stat {
        bytes: metadata.len(),
        modified: modified.map_or(0, |since| since.as_nanos()),
        id,
        is_file: metadata.is_file(),
    }
}

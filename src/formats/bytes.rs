//! Bytes of a document by position: a file that is read in windows, or a buffer.
//!
//! Files are never mapped (a truncated file would raise a signal) and never read whole by this
//! type: a read past the end is short, nothing more. It must not know what the bytes mean.

use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::document::Identity;

/// Bytes at each end of a file that its identity is made of.
const IDENTITY_BYTES: u64 = 64 * 1024;

/// Where the bytes of a document are. Clones share them.
#[derive(Clone, Debug)]
pub struct Source(Inner);

#[derive(Clone, Debug)]
enum Inner {
    File { file: Arc<File>, len: u64 },
    Memory(Arc<[u8]>),
}

impl Source {
    /// A file, with the length that it has now.
    ///
    /// # Errors
    /// When the file's length cannot be asked.
    pub fn file(file: File) -> io::Result<Source> {
        let len = file.metadata()?.len();
        Ok(Source(Inner::File { file: Arc::new(file), len }))
    }

    /// A buffer.
    pub fn memory(bytes: impl Into<Arc<[u8]>>) -> Source {
        Source(Inner::Memory(bytes.into()))
    }

    /// Length in bytes when it was opened.
    pub fn len(&self) -> u64 {
        match &self.0 {
            Inner::File { len, .. } => *len,
            Inner::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Up to `len` bytes from `offset`; fewer only at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        match &self.0 {
            Inner::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let end = start.saturating_add(len).min(bytes.len());
                Ok(bytes.get(start..end).unwrap_or_default().to_vec())
            }
            Inner::File { file, len: known } => {
                let want = known.saturating_sub(offset).min(len as u64) as usize;
                let mut buffer = vec![0; want];
                let mut filled = 0;
                while let Some(free) = buffer.get_mut(filled..).filter(|free| !free.is_empty()) {
                    match read_at(file, free, offset + filled as u64) {
                        Ok(0) => break,
                        Ok(n) => filled += n,
                        Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                        Err(e) => return Err(e),
                    }
                }
                buffer.truncate(filled);
                Ok(buffer)
            }
        }
    }

    /// By what these bytes are known again; see [`Identity::digest`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn identity(&self) -> io::Result<Identity> {
        let len = self.len();
        let mut hash = Sha256::new();
        hash.update(len.to_le_bytes());
        hash.update(self.read(0, IDENTITY_BYTES as usize)?);
        if len > IDENTITY_BYTES {
            let start = (len - IDENTITY_BYTES).max(IDENTITY_BYTES);
            hash.update(self.read(start, IDENTITY_BYTES as usize)?);
        }
        let mut digest = String::with_capacity(64);
        for byte in hash.finalize() {
            let _ = write!(digest, "{byte:02x}");
        }
        Ok(Identity { bytes: len, digest })
    }
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

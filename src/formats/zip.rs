//! ZIP archives: which members there are, the one that a name means, its bytes within limits.
//!
//! The directory is read at once, members on demand; the archive is never read whole. Nothing an
//! archive says about sizes is believed: limits hold on what comes out. Names are resolved inside
//! the archive only. Bad content never fails: it gives fewer members, or bytes with a [`Fault`].
//! This part must not know what the members mean.

use std::collections::HashMap;
use std::io;
use std::sync::OnceLock;

use rawzip::{CompressionMethod, ErrorKind, ReaderAt, ZipArchive, ZipFileHeaderRecord};

use super::Source;
use crate::limits::ARCHIVE_MEMBERS_MAX;

mod inflate;
pub mod names;
mod recover;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;

/// First bytes of a member.
const LOCAL_SIGNATURE: [u8; 4] = *b"PK\x03\x04";
/// Bytes of a member's header before its name.
const LOCAL_HEADER: usize = 30;

/// An archive whose directory was read.
#[derive(Debug)]
pub struct Archive {
    source: Source,
    members: Vec<Member>,
    /// Normalised name to member; the first of two with one name.
    exact: HashMap<String, MemberId>,
    /// The same for names that are off by case or by their way of writing accents; made when
    /// first needed, as few books need it.
    loose: OnceLock<HashMap<String, Loose>>,
    is_recovered: bool,
    is_cut: bool,
}

/// A member of an archive, counted in the order of its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(u32);

/// A member as the directory describes it.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name, normalised.
    pub name: String,
    /// Offset of its header.
    header: u64,
    /// Bytes as they are stored, as stated.
    packed: u64,
    /// Bytes when inflated, as stated.
    size: u64,
    /// The checksum, if one is stated.
    crc: Option<u32>,
    method: CompressionMethod,
    is_encrypted: bool,
    is_link: bool,
}

/// The bytes of a member, up to a fault or a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// What could be read.
    pub bytes: Vec<u8>,
    /// Why it may not be all.
    pub fault: Option<Fault>,
}

/// What is wrong with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It inflates to more than the limit.
    #[error("it is too long, the rest is left out")]
    TooLong,
    /// The compressed bytes are broken or cut short.
    #[error("it is damaged, the rest cannot be read")]
    Damaged,
    /// All bytes were read and they are not what was put in.
    #[error("its checksum is wrong, some of the text may be damaged")]
    Checksum,
    /// There is no member where the directory says.
    #[error("it is not where the archive says")]
    Misplaced,
    /// It is encrypted by the archive itself.
    #[error("it is encrypted with a password")]
    Encrypted,
    /// It is compressed in a way that is not read here.
    #[error("it is compressed in a way that is not supported")]
    Method,
    /// It is a link to a file outside the archive.
    #[error("it is a link out of the archive")]
    Link,
}

#[derive(Clone, Copy, Debug)]
enum Loose {
    One(MemberId),
    Several,
}

impl Archive {
    /// Reads the directory. One that is damaged or missing is replaced by a search for members;
    /// bytes that are no archive give one without members.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(source: Source) -> io::Result<Archive> {
        let (mut members, is_sound) = read_directory(&source)?;
        let is_recovered = !is_sound || !starts_with_a_member(&source, &members)?;
        if is_recovered {
            let found = recover::scan(&source)?.members;
            if is_sound {
                // The directory is well-formed and points elsewhere: the members found are right.
                members = found;
            } else {
                members.extend(found);
            }
        }
        let is_cut = members.len() > ARCHIVE_MEMBERS_MAX;
        members.truncate(ARCHIVE_MEMBERS_MAX);
        let mut exact = HashMap::with_capacity(members.len());
        for (index, member) in (0u32..).zip(&members) {
            exact.entry(member.name.clone()).or_insert(MemberId(index));
        }
        Ok(Archive { source, members, exact, loose: OnceLock::new(), is_recovered, is_cut })
    }

    /// The members in the order of the directory.
    pub fn members(&self) -> impl Iterator<Item = (MemberId, &Member)> {
        (0u32..).map(MemberId).zip(&self.members)
    }

    /// Whether no directory could be used and the members were searched for.
    pub fn is_recovered(&self) -> bool {
        self.is_recovered
    }

    /// Whether it has more members than are listed.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The member with a name: percent-coded or not, with back-slashes and dots, and, if no name
    /// is equal, one that differs in case or in how its accents are written.
    pub fn find(&self, path: &str) -> Option<MemberId> {
        let decoded = names::percent_decode(path);
        [decoded.as_ref(), path].into_iter().find_map(|path| {
            let name = names::normalise(path)?;
            self.exact.get(&name).copied().or_else(|| self.find_loosely(&name))
        })
    }

    /// Bytes of the archive.
    pub fn len(&self) -> u64 {
        self.source.len()
    }

    /// Whether it has no members.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The name of a member.
    pub fn name(&self, id: MemberId) -> &str {
        self.member(id).map_or("", |m| &m.name)
    }

    /// Bytes of a member as the directory states them; may be a lie.
    pub fn stated_size(&self, id: MemberId) -> u64 {
        self.member(id).map_or(0, |m| m.size)
    }

    /// Bytes of a member in the archive, as the directory states them; 0 where the archive has not so many.
    pub fn packed_size(&self, id: MemberId) -> u64 {
        let range = self.stated_range(id);
        if range.end <= self.len() { range.end - range.start } else { 0 }
    }

    /// Where the bytes of a member lie in the archive, as the directory states it; may be a lie.
    pub fn stated_range(&self, id: MemberId) -> std::ops::Range<u64> {
        self.member(id).map_or(0..0, |m| m.header..m.header.saturating_add(m.packed))
    }

    /// Reads a member, at most `limit` bytes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self, id: MemberId, limit: usize) -> io::Result<Content> {
        self.member(id).map_or(Ok(Content::faulty(Fault::Misplaced)), |m| inflate::read(&self.source, m, limit))
    }

    fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.get(id.0 as usize)
    }

    fn find_loosely(&self, name: &str) -> Option<MemberId> {
        let loose = self.loose.get_or_init(|| {
            let mut map = HashMap::new();
            for (id, member) in self.members() {
                let folded = names::fold(&member.name);
                let skeleton = names::skeleton(&folded);
                // The first of two names that differ in case only; none of two that only look alike.
                if skeleton != folded {
                    map.entry(skeleton).and_modify(|l| *l = Loose::Several).or_insert(Loose::One(id));
                }
                map.entry(folded).or_insert(Loose::One(id));
            }
            map
        });
        let folded = names::fold(name);
        [loose.get(&folded), loose.get(&names::skeleton(&folded))].into_iter().flatten().find_map(|l| match l {
            Loose::One(id) => Some(*id),
            Loose::Several => None,
        })
    }
}

impl Member {
    /// The name in small letters, to tell kinds of files by their ends.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(extension))
    }

    fn from_directory(record: &ZipFileHeaderRecord<'_>) -> Option<Member> {
        if record.is_dir() {
            return None;
        }
        Some(Member {
            name: names::normalise(&names::decode(record.file_path().as_bytes()))?,
            header: record.local_header_offset(),
            packed: record.compressed_size_hint(),
            size: record.uncompressed_size_hint(),
            crc: Some(record.crc32()),
            method: record.compression_method(),
            is_encrypted: record.flags().is_encrypted(),
            is_link: record.mode().is_symlink(),
        })
    }
}

impl Content {
    fn faulty(fault: Fault) -> Content {
        Content { bytes: Vec::new(), fault: Some(fault) }
    }
}

impl ReaderAt for Source {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let bytes = self.read(offset, buffer.len())?;
        for (to, from) in buffer.iter_mut().zip(&bytes) {
            *to = *from;
        }
        Ok(bytes.len())
    }
}

/// The members that the central directory lists, at most one too many, and whether it could be read to its end.
fn read_directory(source: &Source) -> io::Result<(Vec<Member>, bool)> {
    let mut members = Vec::new();
    let mut buffer = vec![0; rawzip::MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let archive = match ZipArchive::with_max_search_space(1 << 20).locate_in_reader(source, &mut buffer, source.len()) {
        Ok(archive) => archive,
        Err((_, error)) => return disk_error(error).map_or(Ok((members, false)), Err),
    };
    let mut entries = archive.entries(&mut buffer);
    loop {
        match entries.next_entry() {
            Ok(Some(record)) if members.len() <= ARCHIVE_MEMBERS_MAX => {
                members.extend(Member::from_directory(&record));
            }
            Ok(_) => return Ok((members, true)),
            Err(error) => return disk_error(error).map_or(Ok((members, false)), Err),
        }
    }
}

/// What the disk said, if the archive itself is not to blame.
fn disk_error(error: rawzip::Error) -> Option<io::Error> {
    match error.into_kind() {
        ErrorKind::IO(e) if e.kind() != io::ErrorKind::UnexpectedEof => Some(e),
        _ => None,
    }
}

/// Whether the directory points at a member: it does not if something was put before the archive.
fn starts_with_a_member(source: &Source, members: &[Member]) -> io::Result<bool> {
    // An empty archive is sound; a member with a lying offset must not condemn the others.
    for member in members.iter().take(4) {
        if source.read(member.header, 4)? == LOCAL_SIGNATURE {
            return Ok(true);
        }
    }
    Ok(members.is_empty())
}

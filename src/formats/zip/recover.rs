//! The members of an archive whose directory is missing or wrong, found by their own headers.

use std::io;

use memchr::memmem;
use rawzip::CompressionMethod;

use super::{LOCAL_HEADER, LOCAL_SIGNATURE, Member, names};
use crate::formats::Source;
use crate::limits::{ARCHIVE_MEMBERS_MAX, ARCHIVE_SCAN_MAX, MEMBER_NAME_MAX};

/// Bytes read at a time.
const WINDOW: usize = 1 << 20;
/// Bytes of names that are looked at for each byte that was passed; sound archives have less than
/// one.
pub const NAMES_MAX: u64 = 4;
/// Bytes of a header with its name.
pub const HEADER_MAX: usize = LOCAL_HEADER + MEMBER_NAME_MAX;

/// What a search has found.
#[derive(Debug, Default)]
pub struct Found {
    pub members: Vec<Member>,
    /// Bytes of names that were looked at.
    pub looked: u64,
}

/// Searches for members from the start, at most for one too many. Every byte is read about once,
/// and names are looked at by the length of what was passed: headers may stand in names, each
/// with a name over all that follow it.
pub fn scan(source: &Source) -> io::Result<Found> {
    let mut found = Found::default();
    let end = source.len().min(ARCHIVE_SCAN_MAX);
    let (mut window, mut start, mut at) = (Vec::new(), 0u64, 0u64);
    while at < end && found.members.len() <= ARCHIVE_MEMBERS_MAX {
        let limit = start + window.len() as u64;
        // A header is looked at whole, unless the file ends in it.
        if at + HEADER_MAX as u64 > limit && limit < source.len() || at > limit {
            window = source.read(at, WINDOW)?;
            start = at;
            if window.is_empty() {
                break;
            }
        }
        let rest = window.get((at - start) as usize..).unwrap_or_default();
        at = match memmem::find(rest, &LOCAL_SIGNATURE) {
            // Near the end of the window it is moved, so that the header can be seen.
            Some(junk) if junk > 0 => at + junk as u64,
            Some(_) if found.looked > (at + HEADER_MAX as u64) * NAMES_MAX => at + LOCAL_SIGNATURE.len() as u64,
            Some(_) => match member_at(source, at, rest, &mut found.looked) {
                Some((member, next)) => {
                    found.members.push(member);
                    next
                }
                None => at + LOCAL_SIGNATURE.len() as u64,
            },
            // A signature may lie across the end of the window.
            None => at + (rest.len().saturating_sub(3) as u64).max(1),
        };
    }
    Ok(found)
}

/// The member whose header begins here, and where to search on.
fn member_at(source: &Source, header: u64, bytes: &[u8], looked: &mut u64) -> Option<(Member, u64)> {
    let field = |at: usize, len: usize| {
        bytes.get(at..at + len).map(|b| b.iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte)))
    };
    let (name_len, extra_len) = (field(26, 2)?, field(28, 2)?);
    let name = bytes.get(LOCAL_HEADER..LOCAL_HEADER + name_len as usize)?;
    if name.len() > MEMBER_NAME_MAX || name.ends_with(b"/") {
        return None;
    }
    *looked += name_len;
    let (flags, packed) = (field(6, 2)?, field(18, 4)?);
    let start = header + LOCAL_HEADER as u64 + name_len + extra_len;
    // Sizes may stand behind the data or in a 64-bit field; compressed data knows its own end.
    let is_open = flags & 8 != 0 && packed == 0 || packed == u64::from(u32::MAX);
    let member = Member {
        name: names::normalise(&names::decode(name))?,
        header,
        packed: if is_open { source.len().saturating_sub(start) } else { packed },
        size: field(22, 4)?,
        crc: (!is_open).then_some(field(14, 4)? as u32),
        method: CompressionMethod::new(field(8, 2)? as u16),
        is_encrypted: flags & 1 != 0,
        is_link: false,
    };
    // What claims to go on past the end is searched too: its size may be a lie.
    let next = start + if is_open || start + packed > source.len() { 0 } else { packed };
    Some((member, next))
}

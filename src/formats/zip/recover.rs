//! The members of an archive whose directory is missing or wrong, found by their own headers.

use std::io;

use memchr::memmem;
use rawzip::CompressionMethod;

use super::{LOCAL_HEADER, LOCAL_SIGNATURE, Member, names};
use crate::formats::Source;
use crate::limits::{ARCHIVE_MEMBERS_MAX, ARCHIVE_SCAN_MAX, MEMBER_NAME_MAX};

/// Bytes read at a time.
const WINDOW: usize = 1 << 20;
/// Bytes of a header with its name.
const HEADER_MAX: usize = LOCAL_HEADER + MEMBER_NAME_MAX;

/// Searches for members from the start, at most for one too many. Every byte is read about once.
pub fn scan(source: &Source) -> io::Result<Vec<Member>> {
    let mut members = Vec::new();
    let end = source.len().min(ARCHIVE_SCAN_MAX);
    let (mut window, mut start, mut at) = (Vec::new(), 0u64, 0u64);
    while at < end && members.len() <= ARCHIVE_MEMBERS_MAX {
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
            Some(found) if found > 0 => at + found as u64,
            Some(_) => match member_at(source, at, rest) {
                Some((member, next)) => {
                    members.push(member);
                    next
                }
                None => at + LOCAL_SIGNATURE.len() as u64,
            },
            // A signature may lie across the end of the window.
            None => at + (rest.len().saturating_sub(3) as u64).max(1),
        };
    }
    Ok(members)
}

/// The member whose header begins here, and where to search on.
fn member_at(source: &Source, header: u64, bytes: &[u8]) -> Option<(Member, u64)> {
    let field = |at: usize, len: usize| {
        bytes.get(at..at + len).map(|b| b.iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte)))
    };
    let (name_len, extra_len) = (field(26, 2)?, field(28, 2)?);
    let name = bytes.get(LOCAL_HEADER..LOCAL_HEADER + name_len as usize)?;
    if name.len() > MEMBER_NAME_MAX || name.ends_with(b"/") {
        return None;
    }
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

//! The members of an archive whose directory is missing or wrong, found by their own headers.

use std::io;

use memchr::memmem;
use rawzip::CompressionMethod;

use super::{LOCAL_HEADER, LOCAL_SIGNATURE, Member, names};
use crate::formats::Source;
use crate::formats::limits::{ARCHIVE_MEMBERS_MAX, ARCHIVE_SCAN_MAX};

/// Bytes searched at a time.
const WINDOW: usize = 256 * 1024;
/// The longest header: fixed part, name and extra field.
const HEADER_MAX: usize = LOCAL_HEADER + 2 * 65_535;

/// Searches for members from the start.
pub fn scan(source: &Source) -> io::Result<Vec<Member>> {
    let mut members = Vec::new();
    let end = source.len().min(ARCHIVE_SCAN_MAX);
    let mut at = 0;
    while at < end && members.len() < ARCHIVE_MEMBERS_MAX {
        let window = source.read(at, WINDOW)?;
        let Some(found) = memmem::find(&window, &LOCAL_SIGNATURE) else {
            // A signature may lie across the end of the window.
            at += (window.len() as u64).saturating_sub(3).max(1);
            continue;
        };
        let header = at + found as u64;
        let near = window.get(found..).unwrap_or_default();
        at = match member_at(source, header, near)? {
            Some((member, next)) => {
                members.push(member);
                next
            }
            None => header + 4,
        };
    }
    Ok(members)
}

/// The member whose header begins here, and where to search on.
fn member_at(source: &Source, header: u64, near: &[u8]) -> io::Result<Option<(Member, u64)>> {
    let number = |bytes: &[u8], at: usize, len: usize| {
        bytes.get(at..at + len).map(|b| b.iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte)))
    };
    let Some((name_len, extra_len)) = number(near, 26, 2).zip(number(near, 28, 2)) else {
        return fetch_whole(source, header, near);
    };
    let Some(name) = near.get(LOCAL_HEADER..LOCAL_HEADER + name_len as usize) else {
        return fetch_whole(source, header, near);
    };
    let field = |at, len| number(near, at, len).unwrap_or(0);
    let flags = field(6, 2);
    let start = header + LOCAL_HEADER as u64 + name_len + extra_len;
    let (packed, size) = (field(18, 4), field(22, 4));
    // Sizes may stand behind the data or in a 64-bit field; compressed data knows its own end.
    let is_open = flags & 8 != 0 && packed == 0 || packed == u64::from(u32::MAX);
    let Some(name) = names::normalise(&names::decode(name)).filter(|_| !name.ends_with(b"/")) else {
        return Ok(None);
    };
    let member = Member {
        name,
        header,
        packed: if is_open { source.len().saturating_sub(start) } else { packed },
        size,
        crc: (!is_open).then(|| field(14, 4) as u32),
        method: CompressionMethod::new(field(8, 2) as u16),
        is_encrypted: flags & 1 != 0,
        is_link: false,
    };
    // What claims to go on past the end is searched too: its size may be a lie.
    let next = start + if is_open || start + packed > source.len() { 0 } else { packed };
    Ok(Some((member, next)))
}

/// The same with the header read anew, if it was cut by the end of a window.
fn fetch_whole(source: &Source, header: u64, near: &[u8]) -> io::Result<Option<(Member, u64)>> {
    let whole = source.read(header, HEADER_MAX)?;
    if whole.len() <= near.len() { Ok(None) } else { member_at(source, header, &whole) }
}

//! The bytes of one member: its header is checked, its limit kept, its checksum compared.

use std::io;

use flate2::{Decompress, FlushDecompress, Status};
use rawzip::CompressionMethod;

use super::{Content, Fault, LOCAL_HEADER, LOCAL_SIGNATURE, Member};
use crate::formats::Source;
use crate::limits::{INFLATE_FREE, INFLATE_RATIO_MAX};

/// Compressed bytes read at a time, and room for inflated ones made at a time.
const WINDOW: usize = 64 * 1024;

/// Reads a member, at most `limit` bytes of it, up to the first fault.
pub fn read(source: &Source, member: &Member, limit: usize) -> io::Result<Content> {
    if member.is_link {
        return Ok(Content::faulty(Fault::Link));
    }
    if member.is_encrypted {
        return Ok(Content::faulty(Fault::Encrypted));
    }
    let Some(start) = data_start(source, member.header)? else {
        return Ok(Content::faulty(Fault::Misplaced));
    };
    let end = start.saturating_add(member.packed).min(source.len());
    let mut content = match member.method {
        CompressionMethod::STORE => stored(source, start, end, limit)?,
        CompressionMethod::DEFLATE => deflated(source, start, end, limit)?,
        _ => Content::faulty(Fault::Method),
    };
    let is_cut = member.method == CompressionMethod::STORE && end - start < member.packed;
    if content.fault.is_none() && is_cut {
        content.fault = Some(Fault::Damaged);
    }
    if content.fault.is_none() && member.crc.is_some_and(|crc| crc != rawzip::crc32(&content.bytes)) {
        content.fault = Some(Fault::Checksum);
    }
    Ok(content)
}

/// The first byte after the member's header, if there is a header.
fn data_start(source: &Source, header: u64) -> io::Result<Option<u64>> {
    let bytes = source.read(header, LOCAL_HEADER)?;
    let length = |at: usize| {
        let pair = bytes.get(at..at + 2).and_then(|b| <[u8; 2]>::try_from(b).ok());
        pair.map(|pair| u64::from(u16::from_le_bytes(pair)))
    };
    let is_member = bytes.starts_with(&LOCAL_SIGNATURE);
    let start = length(26).zip(length(28)).map(|(name, extra)| header + LOCAL_HEADER as u64 + name + extra);
    Ok(start.filter(|&start| is_member && start <= source.len()))
}

fn stored(source: &Source, start: u64, end: u64, limit: usize) -> io::Result<Content> {
    let wanted = end.saturating_sub(start).min(limit as u64) as usize;
    let bytes = source.read(start, wanted)?;
    let fault = (end.saturating_sub(start) > limit as u64).then_some(Fault::TooLong);
    Ok(Content { bytes, fault })
}

fn deflated(source: &Source, start: u64, end: u64, limit: usize) -> io::Result<Content> {
    let mut machine = Decompress::new(false);
    let mut out = Vec::new();
    let (mut window, mut used, mut at) = (Vec::new(), 0, start);
    let fault = loop {
        if used == window.len() && at < end {
            window = source.read(at, (end - at).min(WINDOW as u64) as usize)?;
            used = 0;
            at = if window.is_empty() { end } else { at + window.len() as u64 };
        }
        out.reserve(WINDOW);
        let before = (machine.total_in(), machine.total_out());
        let rest = window.get(used..).unwrap_or_default();
        let status = machine.decompress_vec(rest, &mut out, FlushDecompress::None);
        used += (machine.total_in() - before.0) as usize;
        let is_stuck = before == (machine.total_in(), machine.total_out());
        let allowed = limit.min(machine.total_in().saturating_mul(INFLATE_RATIO_MAX).max(INFLATE_FREE as u64) as usize);
        if out.len() > allowed {
            out.truncate(allowed);
            break Some(Fault::TooLong);
        }
        match status {
            Ok(Status::StreamEnd) => break None,
            Err(_) => break Some(Fault::Damaged),
            Ok(_) if is_stuck && at >= end => break Some(Fault::Damaged),
            Ok(_) => {}
        }
    };
    Ok(Content { bytes: out, fault })
}

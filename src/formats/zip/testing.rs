//! Writes archives for tests, sound ones and damaged ones.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// A member to be written, with what is to be wrong about it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name, in bytes.
    pub name: Vec<u8>,
    /// What is put in.
    pub data: Vec<u8>,
    /// 0 stored, 8 compressed.
    pub method: u16,
    /// The general purpose flags.
    pub flags: u16,
    /// A checksum other than the right one.
    pub crc: Option<u32>,
    /// A size other than the right one.
    pub size: Option<u32>,
    /// The Unix file mode.
    pub mode: u32,
}

/// A compressed member.
pub fn entry(name: impl AsRef<[u8]>, data: impl AsRef<[u8]>) -> Entry {
    let (name, data) = (name.as_ref().to_vec(), data.as_ref().to_vec());
    Entry { name, data, method: 8, flags: 0, crc: None, size: None, mode: 0 }
}

/// An archive of these members.
pub fn archive(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for e in entries {
        let body = if e.method == 8 {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&e.data).unwrap();
            encoder.finish().unwrap()
        } else {
            e.data.clone()
        };
        let mut common = Vec::new();
        for number in [20, e.flags, e.method, 0, 0x21] {
            common.extend_from_slice(&number.to_le_bytes());
        }
        common.extend_from_slice(&e.crc.unwrap_or_else(|| rawzip::crc32(&e.data)).to_le_bytes());
        common.extend_from_slice(&(body.len() as u32).to_le_bytes());
        common.extend_from_slice(&e.size.unwrap_or(e.data.len() as u32).to_le_bytes());
        common.extend_from_slice(&(e.name.len() as u16).to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        let offset = out.len() as u32;
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        let sizes = out.len() - 16..out.len() - 4;
        out.extend_from_slice(&e.name);
        out.extend_from_slice(&body);
        if e.flags & 8 != 0 {
            // Written as a stream: checksum and sizes stand behind the data.
            let behind = out[sizes.clone()].to_vec();
            out[sizes].fill(0);
            out.extend_from_slice(b"PK\x07\x08");
            out.extend_from_slice(&behind);
        }
        directory.extend_from_slice(b"PK\x01\x02\x14\x03");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 6]);
        directory.extend_from_slice(&(e.mode << 16).to_le_bytes());
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(&e.name);
    }
    let start = out.len() as u32;
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    }
    out.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

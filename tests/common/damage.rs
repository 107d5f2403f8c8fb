//! Damage: bytes that are flipped, cut out, doubled or mixed with those of another file, by a
//! seed that can be given again.

use super::dice::Dice;

/// Bytes that break things: controls, marks of markup, borders of encodings and numbers.
const SHARP: &[&[u8]] = &[
    b"\x1b]52;c;eA==\x07",
    b"\xC2\x9B31m",
    b"\x9B",
    b"\0",
    b"\r",
    b"\xE2\x80\xAE",
    b"\xF3\xA0\x81\xA1",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xC0\x9B",
    b"\xED\xA0\x80",
    b"&#27;",
    b"&#x9b;",
    b"<",
    b">",
    b"</p>",
    b"<table><tr><td>",
    b"<!--",
    b"]]>",
    b"\"",
    b"\n\n",
    b"> > ",
    b"```\n",
    b"\xFF\xFF\xFF\xFF",
    b"\0\0\0\0",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
];

/// Damages bytes in one to four places. `other` is what pieces are taken from.
pub fn damage(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        let len = 1 << dice.below(10);
        let end = at.saturating_add(len).min(bytes.len());
        match dice.below(8) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
            1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = dice.next() as u8;
                }
            }
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                let from = dice.below(other.len() + 1);
                let piece = &other[from..(from + len).min(other.len())];
                bytes.splice(at..end, piece.iter().copied());
            }
            6 => bytes[at..end].fill(dice.next() as u8),
            _ => {
                let piece = SHARP[dice.below(SHARP.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
}

//! Keys by which words are looked up: 64 bits, read from a text eight bytes at once.
//!
//! It knows bytes. It must not know what words mean.

/// The key of a word: its bytes; of one of more than eight a hash, by which two words are taken for
/// one as good as never. No word has a byte 0.
pub(super) fn key(word: &[u8]) -> u64 {
    let (parts, rest) = word.as_chunks();
    let rest = match word.last_chunk() {
        _ if rest.is_empty() => None,
        // The last bytes are shifted down to where the rest begins.
        Some(last) => Some(u64::from_le_bytes(*last) >> (u64::BITS as usize - 8 * rest.len())),
        None => Some(window(rest, 0)),
    };
    let mut parts = parts.iter().map(|part| u64::from_le_bytes(*part)).chain(rest);
    let first = parts.next().unwrap_or(0);
    parts.fold(first, mixed)
}

/// The key of a word that goes on with these bytes.
fn mixed(key: u64, part: u64) -> u64 {
    /// Odd numbers without a pattern: digits of π.
    const SALT: [u64; 2] = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7345];
    let product = u128::from(key ^ SALT[0]) * u128::from(part ^ SALT[1]);
    (product >> 64) as u64 ^ product as u64
}

/// The ASCII letters that a text goes on with at a byte: how many, and the key of the word they make,
/// in small letters.
#[inline]
pub(super) fn letters(text: &[u8], at: usize) -> (usize, u64) {
    let bytes = window(text, at);
    match others(bytes) {
        0 => many_letters(text, at),
        others => (first_place(others), small(bytes) & below(others)),
    }
}

/// The same for those that take more than a window.
fn many_letters(text: &[u8], at: usize) -> (usize, u64) {
    let mut len = size_of::<u64>();
    let mut key = small(window(text, at));
    loop {
        let bytes = window(text, at + len);
        let others = others(bytes);
        let own = if others == 0 { u64::MAX } else { below(others) };
        if own != 0 {
            key = mixed(key, small(bytes) & own);
        }
        if others != 0 {
            return (len + first_place(others), key);
        }
        len += size_of::<u64>();
    }
}

/// The highest bit of each byte that is no ASCII letter: all bytes are told at once.
fn others(bytes: u64) -> u64 {
    let seven = small(bytes) & each(0x7F);
    // Seven bits and so much do not carry into the next byte.
    let from = |first: u8| seven + each(0x80 - first);
    (!from(b'a') | from(b'z' + 1) | bytes) & each(0x80)
}

/// Which byte the first of these bits is in.
fn first_place(bits: u64) -> usize {
    bits.trailing_zeros() as usize / 8
}

/// All bits of the bytes before the first of these.
fn below(bits: u64) -> u64 {
    (bits ^ (bits - 1)) >> 8
}

/// Capitals made small.
fn small(bytes: u64) -> u64 {
    bytes | each(0x20)
}

/// The same byte in each place.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; size_of::<u64>()])
}

/// The bytes of a text from a place on, the first lowest; zeros after its end.
fn window(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => rest.iter().rev().fold(0, |window, byte| window << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_a_text_has_the_key_of_its_small_letters() {
        for (text, word) in [
            ("Hills, and", "hills"),
            ("a", "a"),
            ("B2 or", "b"),
            ("2 or", ""),
            ("mountain", "mountain"),
            ("MOUNTAINS—", "mountains"),
            ("Misunderstanding's", "misunderstanding"),
            ("incomprehensibility", "incomprehensibility"),
            ("don't", "don"),
            ("@Z[`{/:", ""),
            ("zeé", "ze"),
            ("", ""),
        ] {
            assert_eq!(letters(text.as_bytes(), 0), (word.len(), key(word.as_bytes())), "{text}");
        }
        assert_ne!(key(b"mountains"), key(b"mountaine"));
    }

    #[test]
    fn letters_are_told_from_all_other_bytes() {
        for byte in 0..=u8::MAX {
            let told = others(u64::from_le_bytes([b'a', byte, 0, byte, b'Z', 0xFF, byte, b' ']));
            let other = !byte.is_ascii_alphabetic();
            let found: Vec<bool> = told.to_le_bytes().iter().map(|b| *b == 0x80).collect();
            assert_eq!(found, [false, other, true, other, false, true, other, true], "{byte}");
        }
    }
}

//! Looks at the bytes of a text, many at once: most lines of most texts are told in a few steps.
//!
//! What is asked of a byte should be comparisons joined by `|` and `&`, without a way out: then the
//! compiler compares a whole stretch together. It knows bytes only.

/// Bytes that are looked at together.
const STRETCH: usize = 16;

/// Whether any byte is of a kind.
#[inline]
pub fn any_byte(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(0, |all, byte| all | u8::from(is(*byte))) != 0
}

/// Whether two spaces follow each other.
#[inline]
pub fn has_wide_space(bytes: &[u8]) -> bool {
    let space = |byte: &u8| u8::from(*byte == b' ');
    let after = bytes.get(1..).unwrap_or_default();
    bytes.iter().zip(after).fold(0, |all, (a, b)| all | (space(a) & space(b))) != 0
}

/// Where the first byte of a kind is.
#[inline]
pub fn first_place(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    let class = |byte| if is(byte) { 0x80 } else { 0 };
    let place = |found: u128| (found != 0).then(|| found.trailing_zeros() as usize / 8);
    let (stretches, rest) = bytes.as_chunks();
    for (number, stretch) in stretches.iter().enumerate() {
        if let Some(at) = place(classes(stretch, class)) {
            return Some(number * STRETCH + at);
        }
    }
    match bytes.last_chunk() {
        // None of those before the last bytes is one.
        Some(last) if !rest.is_empty() => place(classes(last, class)).map(|at| bytes.len() - STRETCH + at),
        Some(_) => None,
        None => rest.iter().position(|byte| is(*byte)),
    }
}

/// Tells where the characters are that are beyond ASCII or one of some signs of ASCII, in order.
#[inline]
pub fn each_sign<const SIGNS: usize>(bytes: &[u8], signs: [u8; SIGNS], mut tell: impl FnMut(usize)) {
    const WORD: usize = size_of::<u64>();
    let each = |byte| u64::from_le_bytes([byte; WORD]);
    let mut look = |start: usize, word: u64| {
        // The first byte of a character has its two highest bits.
        let mut found = word & word << 1;
        for sign in signs {
            // Of a byte that is the sign nothing is left; seven bits and so much carry into the eighth else.
            let other = word ^ each(sign);
            found |= !(((other & each(0x7F)) + each(0x7F)) | other);
        }
        found &= each(0x80);
        while found != 0 {
            tell(start + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
    };
    let (words, rest) = bytes.as_chunks();
    for (number, word) in words.iter().enumerate() {
        look(number * WORD, u64::from_le_bytes(*word));
    }
    look(words.len() * WORD, rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
}

/// What each byte is, in its place.
#[inline]
fn classes(stretch: &[u8; STRETCH], class: impl Fn(u8) -> u8) -> u128 {
    let mut found = *stretch;
    for byte in &mut found {
        *byte = class(*byte);
    }
    u128::from_le_bytes(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(bytes: &[u8]) -> Vec<usize> {
        let mut found = Vec::new();
        each_sign(bytes, [b'b', b'\''], |at| found.push(at));
        found
    }

    proptest::proptest! {
        #[test]
        fn many_at_once_are_told_as_each_alone(text in "[ab 'é“]{0,40}") {
            let bytes = text.as_bytes();
            let is = |byte: u8| byte == b'b';
            proptest::prop_assert_eq!(any_byte(bytes, is), bytes.contains(&b'b'));
            proptest::prop_assert_eq!(first_place(bytes, is), bytes.iter().position(|b| *b == b'b'));
            proptest::prop_assert_eq!(has_wide_space(bytes), text.contains("  "));
            let signs = text.char_indices().filter(|(_, c)| matches!(c, 'b' | '\'') || !c.is_ascii());
            proptest::prop_assert_eq!(places(bytes), signs.map(|(at, _)| at).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_lone_byte_is_found_wherever_it_stands() {
        for len in 1..70 {
            for at in 0..len {
                let mut bytes = vec![b'a'; len];
                bytes[at] = b'b';
                assert!(any_byte(&bytes, |byte| byte == b'b'), "{at} of {len}");
                assert_eq!(first_place(&bytes, |byte| byte == b'b'), Some(at));
                assert_eq!(places(&bytes), [at]);
            }
        }
    }
}

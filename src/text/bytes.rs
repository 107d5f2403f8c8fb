//! Looks at the bytes of a text, many at once: most lines of most texts are told in a few steps.
//!
//! What is asked of a byte should be comparisons joined by `|` and `&`, without a way out: then the
//! compiler compares a whole stretch together. It knows bytes only.

/// Bytes that are looked at together.
const STRETCH: usize = 16;

/// The classes of all bytes together. A class is a set of bits.
#[inline]
pub fn all_classes(bytes: &[u8], class: impl Fn(u8) -> u8) -> u8 {
    bytes.iter().fold(0, |all, byte| all | class(*byte))
}

/// Whether any byte is of a kind.
#[inline]
pub fn any_byte(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    all_classes(bytes, |byte| u8::from(is(byte))) != 0
}

/// Whether any byte is of a class (a set of bits) that the byte after it is of too.
#[inline]
pub fn any_pair(bytes: &[u8], class: impl Fn(u8) -> u8, class_after: impl Fn(u8) -> u8) -> bool {
    let after = bytes.get(1..).unwrap_or_default();
    bytes.iter().zip(after).fold(0, |all, (a, b)| all | class(*a) & class_after(*b)) != 0
}

/// Whether two spaces follow each other.
#[inline]
pub fn has_wide_space(bytes: &[u8]) -> bool {
    let space = |byte| u8::from(byte == b' ');
    any_pair(bytes, space, space)
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

/// Tells where the bytes of a kind are, in order.
#[inline]
pub fn each_place(bytes: &[u8], is: impl Fn(u8) -> bool + Copy, mut tell: impl FnMut(usize)) {
    let class = |byte| if is(byte) { 0x80 } else { 0 };
    for (number, stretch) in bytes.chunks(STRETCH).enumerate() {
        let mut left = match stretch.first_chunk() {
            Some(stretch) => classes(stretch, class),
            None => stretch.iter().rev().fold(0, |left, byte| left << 8 | u128::from(class(*byte))),
        };
        while left != 0 {
            tell(number * STRETCH + left.trailing_zeros() as usize / 8);
            left &= left - 1;
        }
    }
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

    fn places(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> Vec<usize> {
        let mut found = Vec::new();
        each_place(bytes, is, |at| found.push(at));
        found
    }

    proptest::proptest! {
        #[test]
        fn many_at_once_are_told_as_each_alone(text in "[ab ]{0,70}") {
            let bytes = text.as_bytes();
            let is = |byte: u8| byte == b'b';
            let found: Vec<usize> = (0..bytes.len()).filter(|at| is(bytes[*at])).collect();
            proptest::prop_assert_eq!(any_byte(bytes, is), !found.is_empty());
            proptest::prop_assert_eq!(first_place(bytes, is), found.first().copied());
            let bits = |byte| u8::from(byte == b'a') | (u8::from(byte == b'b') << 1);
            proptest::prop_assert_eq!(all_classes(bytes, bits), bytes.iter().fold(0, |all, byte| all | bits(*byte)));
            let (a, b) = (|byte| u8::from(byte == b'a') * 3, |byte| u8::from(byte == b'b') * 3);
            proptest::prop_assert_eq!(any_pair(bytes, a, b), text.contains("ab"));
            proptest::prop_assert_eq!(has_wide_space(bytes), text.contains("  "));
            proptest::prop_assert_eq!(places(bytes, is), found);
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
                assert_eq!(places(&bytes, |byte| byte == b'b'), [at]);
            }
        }
    }
}

//! Looks at the bytes of a text, many at once: most lines of most texts are told in a few steps.
//!
//! What is asked of a byte should be comparisons joined by `|` and `&`, without a way out: then a
//! whole stretch is compared together. It knows bytes only.

/// Bytes that are looked at together.
const STRETCH: usize = 16;

/// Whether any byte is of a kind.
#[inline]
pub fn any_byte(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> bool {
    let found = |stretch: &[u8; STRETCH]| classes(stretch, |byte| u8::from(is(byte))) != 0;
    let (stretches, rest) = bytes.as_chunks();
    if stretches.iter().any(found) {
        return true;
    }
    match bytes.last_chunk() {
        // The last bytes are told with some of those before them.
        Some(last) => !rest.is_empty() && found(last),
        None => rest.iter().any(|byte| is(*byte)),
    }
}

/// Whether any byte is of a class (a set of bits, all in one byte) that the byte after it is of too.
#[inline]
pub fn any_pair(bytes: &[u8], class: impl Fn(u8) -> u8 + Copy, class_after: impl Fn(u8) -> u8 + Copy) -> bool {
    let (Some((_, after)), Some((_, before))) = (bytes.split_first(), bytes.split_last()) else { return false };
    let found = |a: &[u8; STRETCH], b: &[u8; STRETCH]| classes(a, class) & classes(b, class_after) != 0;
    let ((firsts, rest), (seconds, rest_after)) = (before.as_chunks(), after.as_chunks());
    if firsts.iter().zip(seconds).any(|(a, b)| found(a, b)) {
        return true;
    }
    match (before.last_chunk(), after.last_chunk()) {
        (Some(a), Some(b)) => !rest.is_empty() && found(a, b),
        _ => rest.iter().zip(rest_after).any(|(a, b)| class(*a) & class_after(*b) != 0),
    }
}

/// Whether two spaces follow each other.
#[inline]
pub fn has_wide_space(bytes: &[u8]) -> bool {
    let space = |byte| if byte == b' ' { 0xFF } else { 0 };
    any_pair(bytes, space, space)
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
    u128::from_le_bytes(stretch.map(class))
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
                assert_eq!(places(&bytes, |byte| byte == b'b'), [at]);
            }
        }
    }
}

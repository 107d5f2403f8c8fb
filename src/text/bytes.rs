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

/// Where a text goes on after so many ends of lines, each one byte, or how many it has.
///
/// # Errors
/// Where there are fewer, or nothing follows: how many there are.
pub fn after_ends(text: &[u8], end: u8, ends: u64) -> Result<usize, u64> {
    let mut found = 0;
    let mut places = memchr::memchr_iter(end, text).map(|at| at + 1);
    let mut at = 0;
    while found < ends {
        let Some(next) = places.next() else { return Err(found) };
        (at, found) = (next, found + 1);
    }
    if at < text.len() || ends == 0 { Ok(at) } else { Err(found) }
}

/// Whether two spaces follow each other.
#[inline]
pub fn has_wide_space(bytes: &[u8]) -> bool {
    any_pair(bytes, |a, b| (a == b' ') & (b == b' '))
}

/// Whether any two bytes that follow each other are of a kind.
#[inline]
pub fn any_pair(bytes: &[u8], is: impl Fn(u8, u8) -> bool) -> bool {
    let after = bytes.get(1..).unwrap_or_default();
    bytes.iter().zip(after).fold(0, |all, (a, b)| all | u8::from(is(*a, *b))) != 0
}

/// Whether any three bytes that follow each other are of a kind.
#[inline]
pub fn any_three(bytes: &[u8], is: impl Fn(u8, u8, u8) -> bool) -> bool {
    let (after, last) = (bytes.get(1..).unwrap_or_default(), bytes.get(2..).unwrap_or_default());
    bytes.iter().zip(after).zip(last).fold(0, |all, ((a, b), c)| all | u8::from(is(*a, *b, *c))) != 0
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

    proptest::proptest! {
        #[test]
        fn many_at_once_are_told_as_each_alone(text in "[ab 'é“]{0,40}") {
            let bytes = text.as_bytes();
            let is = |byte: u8| byte == b'b';
            proptest::prop_assert_eq!(any_byte(bytes, is), bytes.contains(&b'b'));
            proptest::prop_assert_eq!(first_place(bytes, is), bytes.iter().position(|b| *b == b'b'));
            proptest::prop_assert_eq!(has_wide_space(bytes), text.contains("  "));
            let ends = |a: u8, _: u8, c: u8| (a == b'a') & (c == b'b');
            let has_ends = bytes.windows(3).any(|three| ends(three[0], three[1], three[2]));
            proptest::prop_assert_eq!(any_three(bytes, ends), has_ends);
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
            }
        }
    }
}

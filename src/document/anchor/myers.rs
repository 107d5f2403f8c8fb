//! How far two stretches of letters are from each other: Myers' bit-vector algorithm (1999), a
//! column of the table in one word.

/// Letters that one column holds.
pub const LETTERS_MAX: usize = 64;

/// The columns of a pattern.
#[derive(Clone, Debug)]
pub struct Myers {
    equal: Box<[u64; 256]>,
    length: usize,
    plus: u64,
    minus: u64,
    errors: usize,
}

impl Myers {
    /// For a pattern of 1 to 64 letters; of a longer one the first 64.
    pub fn new(pattern: &[u8]) -> Myers {
        let mut equal = Box::new([0; 256]);
        for (i, letter) in pattern.iter().take(LETTERS_MAX).enumerate() {
            if let Some(bits) = equal.get_mut(usize::from(*letter)) {
                *bits |= 1 << i;
            }
        }
        let length = pattern.len().min(LETTERS_MAX);
        Myers { equal, length, plus: !0, minus: 0, errors: length }
    }

    /// Goes on to the next letter of the text; gives the errors of the best match that ends
    /// there. `is_whole`: the match must begin where the text does.
    fn step(&mut self, letter: u8, is_whole: bool) -> usize {
        let high = 1u64 << self.length.saturating_sub(1).min(63);
        let equal = self.equal.get(usize::from(letter)).copied().unwrap_or(0);
        let vertical = equal | self.minus;
        let horizontal = ((equal & self.plus).wrapping_add(self.plus) ^ self.plus) | equal;
        let mut plus = self.minus | !(horizontal | self.plus);
        let mut minus = self.plus & horizontal;
        if plus & high != 0 {
            self.errors += 1;
        } else if minus & high != 0 {
            self.errors -= 1;
        }
        plus = plus << 1 | u64::from(is_whole);
        minus <<= 1;
        self.plus = minus | !(vertical | plus);
        self.minus = plus & vertical;
        self.errors
    }
}

/// Letters that must be changed, added or left out to make one of the other. Of long ones only
/// the first 64 letters of `a` count.
pub fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.is_empty() {
        return b.len();
    }
    let mut columns = Myers::new(a);
    b.iter().fold(columns.length, |_, letter| columns.step(*letter, true))
}

/// Where in a text the best match of a pattern ends, and its errors, if there are at most
/// `errors_max`. `None` too where another place is as good.
pub fn find(pattern: &[u8], text: &[u8], errors_max: usize) -> Option<(usize, usize)> {
    let mut columns = Myers::new(pattern);
    let mut best: Option<(usize, usize)> = None;
    let mut is_one = true;
    for (at, letter) in text.iter().enumerate() {
        let errors = columns.step(*letter, false);
        match best {
            Some((_, least)) if errors > least => {}
            Some((end, least)) if errors == least => {
                is_one &= at - end <= pattern.len();
            }
            _ if errors <= errors_max => {
                // A better end of the same match is no other place.
                is_one = true;
                best = Some((at, errors));
            }
            _ => {}
        }
    }
    best.filter(|_| is_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(a: &[u8], b: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut left = i + 1;
            let mut corner = i;
            row[0] = left;
            for (j, y) in b.iter().enumerate() {
                left = (left + 1).min(row[j + 1] + 1).min(corner + usize::from(x != y));
                corner = row[j + 1];
                row[j + 1] = left;
            }
        }
        row[b.len()]
    }

    #[test]
    fn words_are_found_with_their_errors() {
        assert_eq!(find(b"wonderful", b"averywonderfulday", 3), Some((13, 0)));
        assert_eq!(find(b"wonderful", b"averywanderfulday", 3), Some((13, 1)));
        assert_eq!(find(b"wonderful", b"nothingofthekind", 3), None);
        assert_eq!(find(b"same", b"samexxxxxxxxxxsame", 1), None);
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_the_table(a in "[abc]{0,64}", b in "[abc]{0,80}") {
            prop_assert_eq!(distance(a.as_bytes(), b.as_bytes()), table(a.as_bytes(), b.as_bytes()));
        }
    }
}

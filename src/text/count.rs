//! How many words a text has, as a reader would count them.

/// Counts runs of letters and digits; in scripts without spaces every character is a word.
pub fn count_words(text: &str) -> u64 {
    let mut words = 0;
    let mut inside = false;
    for c in text.chars() {
        let ideograph = matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
        let letter = c.is_alphanumeric() || (inside && matches!(c, '\'' | '’' | '-'));
        words += u64::from(ideograph || (letter && !inside));
        inside = letter && !ideograph;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_every_script() {
        for (text, words) in
            [("", 0), ("one two", 2), ("don't stop — now", 3), ("日本語", 3), ("a 日b", 3), ("Глава 1", 2)]
        {
            assert_eq!(count_words(text), words, "{text:?}");
        }
    }
}

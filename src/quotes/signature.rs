//! Who signs a quotation: the name in a line after it.
//!
//! What else stands there (the close of a letter, an answer after a dash) is nobody's name, and then
//! nobody signs.

use crate::text::{Clean, clean_line};

/// Words of a line that signs.
const WORDS_MAX: usize = 12;
/// Small words inside names and titles (`Taylor the Water-Poet`, `Letter to a Friend`).
const SMALL: &str = "of the and de du des la le les van von der den zu y e da di do dos del della af av og och und et \
    bin ibn al el ben a an to in on at for from with";
/// Words that begin no name,
const OPENINGS: &str = "i yours your by from";
/// and words that stand in none: letters close with them.
const CLOSES: &str = "am are is yours sincerely faithfully truly respectfully obedient affectionate servant";
/// Signs before a name.
const BEFORE: [char; 9] = ['—', '–', '―', '-', '~', ' ', '\u{a0}', '(', '['];
/// Signs after it: what follows says more of it. A mark of quotation or of a note is one too.
const AFTER: [char; 15] = [',', '(', '[', ';', '\n', ')', ']', '“', '”', '"', '«', '»', '„', '↩', '‟'];

/// The name in a line that signs, without dashes, marks and what is said of it.
pub(super) fn signature(text: &str) -> Option<Clean> {
    // With an address it signs a letter or a change, of which nothing is a quotation by that.
    if text.contains('@') && text.contains('<') {
        return None;
    }
    let line = text.trim().trim_start_matches(BEFORE);
    let is_edge = |c: char| matches!(c, '‘' | '’' | '\'' | '_' | '*') || c.is_whitespace();
    let stretch = line.split(AFTER).find(|stretch| stretch.contains(char::is_alphabetic))?;
    let name = stretch.trim_matches(is_edge).trim_end_matches(['.', ' ']);
    is_name(name).then(|| clean_line(name))
}

/// The name in a paragraph `— Name` after a quotation. An answer in talk looks like one, but for its
/// small words and its end.
pub(super) fn after_dash(text: &str) -> Option<Clean> {
    let name = text.trim_start_matches(['—', '–', '―', '-', ' ', '\u{a0}']);
    if name.len() == text.len() || !name.starts_with(char::is_uppercase) {
        return None;
    }
    let is_sentence = name.ends_with(['.', '!', '?', ',', ':', '…']);
    let is_short = name.split_whitespace().count() <= WORDS_MAX;
    let is_said = is_sentence || !is_short || !name.split([',', '(']).next().is_some_and(is_capitalised);
    if is_said { None } else { signature(name) }
}

fn is_name(text: &str) -> bool {
    let words = || text.split_whitespace().map(|word| bare(word).to_lowercase());
    let opens_low = text.split_whitespace().next().is_some_and(|word| !is_capitalised(word));
    text.contains(char::is_alphabetic)
        && !text.contains(['?', '!', '…', '？', '！'])
        && words().count() <= WORDS_MAX
        && words().next().is_some_and(|first| !is_in(OPENINGS, &first) && !opens_low)
        && !words().any(|word| is_in(CLOSES, &word))
}

/// Whether all words but small ones have a capital.
fn is_capitalised(text: &str) -> bool {
    text.split_whitespace().map(bare).all(|word| {
        // `d'Arc`, `al-Khwarizmi`.
        !word.starts_with(char::is_lowercase) || word.contains(char::is_uppercase) || is_in(SMALL, word)
    })
}

/// A word without signs around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sign_and_closes_of_letters_do_not() {
        for (line, name) in [
            ("— Anna Grey, in a letter, 1871", Some("Anna Grey")),
            ("“Anna Grey.”", Some("Anna Grey")),
            ("“ ‘Anna.’", Some("Anna")),
            ("-- Anna Grey <anna@example.org>  Thu, 07 Nov 2024", None),
            ("“Anna Grey.”45", Some("Anna Grey")),
            ("A. G. ↩", Some("A. G")),
            ("Grey the Water-Poet ↩", Some("Grey the Water-Poet")),
            ("-- d’Arcy of the Hill", Some("d’Arcy of the Hill")),
            ("Letter to a Friend, page 4", Some("Letter to a Friend")),
            ("1 Samuel 26:9", Some("1 Samuel 26:9")),
            ("Old saying, the north", Some("Old saying")),
            ("孔子", Some("孔子")),
            ("“Yours", None),
            ("Your obedient servant", None),
            ("Very truly yours", None),
            ("I am, Sir", None),
            ("dated June 16th", None),
            ("Is he here? She", None),
            ("1871", None),
        ] {
            assert_eq!(signature(line).as_deref(), name, "{line}");
        }
    }

    #[test]
    fn an_answer_after_a_dash_signs_nothing() {
        for (paragraph, name) in [
            ("— Anna Grey", Some("Anna Grey")),
            ("—Anna Grey, 1871", Some("Anna Grey")),
            ("— And yet…", None),
            ("— And if I am right", None),
            ("— No!", None),
            ("Anna Grey", None),
        ] {
            assert_eq!(after_dash(paragraph).as_deref(), name, "{paragraph}");
        }
    }
}

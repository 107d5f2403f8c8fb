//! Running heads: the lines at the top and foot of every page of a text paged by form feeds.
//!
//! It decides by repetition, with digits masked, and only where the form feeds part pages: a
//! text that has one before each chapter has headings there, not running heads.

use std::collections::HashMap;

use super::hash;

/// A page of print has fewer lines.
const PAGE_LINES_MAX: u64 = 90;
/// A text seen so often beside form feeds is a running head, if it is also on a third of pages.
const SEEN_MIN: u32 = 3;
/// Different texts kept; more are prose, not running heads.
const TEXTS_MAX: usize = 4096;

/// What stands beside form feeds.
#[derive(Clone, Debug, Default)]
pub(super) struct RunningHeads {
    seen: HashMap<u64, u32>,
    pages: u32,
    lines: u64,
    /// Filled lines since the last form feed.
    since_break: u32,
    /// The last two filled lines.
    last: [String; 2],
}

impl RunningHeads {
    /// The next filled line. Says whether it is known to be a running head.
    pub(super) fn line(&mut self, text: &str) -> bool {
        self.lines += 1;
        if self.pages == 0 && self.lines > PAGE_LINES_MAX * 4 {
            return false;
        }
        self.last.rotate_left(1);
        let [_, last] = &mut self.last;
        last.clear();
        last.push_str(text);
        self.since_break = self.since_break.saturating_add(1);
        if self.pages == 0 {
            return false;
        }
        let key = masked(text);
        if self.since_break <= 2 {
            self.count(key);
        }
        self.is_known(key)
    }

    /// A form feed.
    pub(super) fn page_break(&mut self) {
        self.pages = self.pages.saturating_add(1);
        for last in std::mem::take(&mut self.last) {
            if !last.is_empty() {
                self.count(masked(&last));
            }
        }
        self.since_break = 0;
    }

    /// Whether form feeds part pages here, rather than chapters.
    pub(super) fn is_paged(&self) -> bool {
        self.pages >= 2 && self.lines / u64::from(self.pages) <= PAGE_LINES_MAX
    }

    /// Whether a line is a running head as far as is known now.
    pub(super) fn is_running_head(&self, text: &str) -> bool {
        self.pages > 0 && self.is_known(masked(text))
    }

    fn is_known(&self, key: u64) -> bool {
        self.is_paged() && self.seen.get(&key).is_some_and(|n| *n >= SEEN_MIN.max(self.pages / 3))
    }

    fn count(&mut self, key: u64) {
        if self.seen.len() < TEXTS_MAX || self.seen.contains_key(&key) {
            let count = self.seen.entry(key).or_default();
            *count = count.saturating_add(1);
        }
    }
}

/// `[Pg 12]`, `[Page xii]`, `{12}`, `[p. 3]`: the mark of a page of print.
pub(super) fn is_page_mark(text: &str) -> bool {
    let inside = text
        .strip_prefix('[')
        .and_then(|t| t.strip_suffix(']'))
        .or_else(|| text.strip_prefix('{').and_then(|t| t.strip_suffix('}')));
    let Some(inside) = inside.filter(|t| t.len() <= 16) else { return false };
    let is_braced = text.starts_with('{');
    let (word, number) = inside.rsplit_once([' ', '.']).unwrap_or(("", inside));
    let is_word =
        matches!(word.trim().trim_end_matches('.'), "Pg" | "pg" | "Page" | "page" | "p" | "P" | "S" | "Seite")
            || is_braced && word.is_empty();
    let number = number.trim();
    let is_number = number.bytes().all(|b| b.is_ascii_digit()) || number.bytes().all(|b| b"ivxlc".contains(&b));
    is_word && !number.is_empty() && is_number
}

/// The key of a line with its digits masked, without blanks and signs of emphasis; at least 1.
fn masked(text: &str) -> u64 {
    let head = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '*' | '=')).take(120);
    hash(head.map(|c| if c.is_ascii_digit() { '#' } else { c })).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_on_every_page_is_a_running_head() {
        let mut heads = RunningHeads::default();
        let mut known = false;
        for page in 1..10usize {
            known = heads.line(&format!("A Book        page {page}"));
            for line in 0..20 {
                assert!(!heads.line(&format!("prose of {}", "x".repeat(page * 10 + line % 9))));
            }
            heads.page_break();
        }
        assert!(known);
    }

    #[test]
    fn marks_of_pages_are_known() {
        for (text, expected) in [
            ("[Pg 12]", true),
            ("[Page xii]", true),
            ("{4}", true),
            ("[p. 3]", true),
            ("[12]", false),
            ("[Note 3]", false),
        ] {
            assert_eq!(is_page_mark(text), expected, "{text}");
        }
    }

    #[test]
    fn form_feeds_before_chapters_make_no_pages() {
        let mut heads = RunningHeads::default();
        for chapter in 1..10usize {
            assert!(!heads.line(&format!("Chapter {chapter}")));
            for line in 0..200 {
                heads.line(&format!("prose of {}", "x".repeat(chapter * 10 + line % 9)));
            }
            heads.page_break();
        }
    }
}

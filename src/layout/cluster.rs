//! Grapheme clusters with their columns, fast where every character is its own cluster.
//!
//! Most letters and punctuation neither join what stands beside them nor vary in width, so text
//! of nothing else needs no segmentation. It must not know lines or rows.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::width::grapheme_width;

/// A grapheme cluster of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    /// First byte.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
    /// Columns: 0, 1 or 2.
    pub width: u32,
    /// It shows nothing.
    pub is_white: bool,
}

/// Gives each cluster of a text in order.
pub(super) fn each_cluster(text: &str, mut each: impl FnMut(Cluster)) {
    if text.chars().all(|c| single_width(c).is_some()) {
        for (start, c) in text.char_indices() {
            let (end, width) = (start + c.len_utf8(), single_width(c).unwrap_or(1));
            each(Cluster { start, end, width, is_white: c == ' ' });
        }
    } else {
        for (start, grapheme) in text.grapheme_indices(true) {
            let (end, width) = (start + grapheme.len(), grapheme_width(grapheme) as u32);
            each(Cluster { start, end, width, is_white: is_white(grapheme) });
        }
    }
}

/// Whether a grapheme cluster shows nothing.
pub(super) fn is_white(grapheme: &str) -> bool {
    grapheme.chars().all(char::is_whitespace)
}

/// Bytes of a text without the white space at its end. A space that belongs to a larger cluster
/// counts as text.
pub(super) fn shown_len(text: &str) -> usize {
    if !text.ends_with(char::is_whitespace) {
        return text.len();
    }
    let white: usize = text.graphemes(true).rev().take_while(|g| is_white(g)).map(str::len).sum();
    text.len() - white
}

/// Columns of a character that is a cluster of its own among others of this kind. Tested against
/// the tables for all characters.
fn single_width(c: char) -> Option<u32> {
    match u32::from(c) {
        // ASCII; Latin; Greek, Cyrillic and Armenian letters; dashes, quotes and the like.
        0x20..=0x7E | 0xC0..=0x2FF | 0x391..=0x482 | 0x48A..=0x556 | 0x2010..=0x2027 | 0x2030..=0x203B => Some(1),
        // Ideographic punctuation, Hiragana, Katakana, ideographs, full-width forms.
        0x3001..=0x3029 | 0x3041..=0x3096 | 0x30A1..=0x30FF | 0x4E00..=0x9FFF | 0xFF01..=0xFF60 => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_characters_are_clusters_of_their_width() {
        for c in ('\0'..=char::MAX).filter(|c| single_width(*c).is_some()) {
            let text = c.to_string();
            assert_eq!(Some(grapheme_width(&text) as u32), single_width(c), "U+{:04X}", u32::from(c));
            assert_eq!(is_white(&text), c == ' ', "U+{:04X}", u32::from(c));
            assert_eq!(format!("a{c}{c}日").graphemes(true).count(), 4, "U+{:04X}", u32::from(c));
        }
    }
}

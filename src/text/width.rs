//! How many terminal columns text takes.
//!
//! Widths are those of grapheme clusters, never of single characters: a family emoji is one
//! cluster of two columns, not eight. One function decides, so that layout, painting and the
//! terminal writer cannot disagree. It must not know what is measured.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of one grapheme cluster: 0, 1 or 2 (UAX #11 as terminals apply it; no cluster takes
/// more than two columns).
pub fn grapheme_width(grapheme: &str) -> usize {
    match grapheme.as_bytes() {
        [b' '..=b'~'] => 1,
        _ => grapheme.width().min(2),
    }
}

/// Columns of a text on one line.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.graphemes(true).map(grapheme_width).sum() }
}

/// Columns of the longest word of a text: of what stands between white space. A space that belongs to a larger
/// cluster is none.
pub fn longest_word(text: &str) -> usize {
    if is_plain(text) {
        return text.split(' ').map(str::len).max().unwrap_or(0);
    }
    let (mut longest, mut word) = (0, 0);
    for grapheme in text.graphemes(true) {
        word = if grapheme.trim().is_empty() { 0 } else { word + grapheme_width(grapheme) };
        longest = longest.max(word);
    }
    longest
}

/// Whether every byte is printable ASCII, one column each.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b))
}

/// Cuts a text so that it takes at most `columns`, with `…` as the last column where something
/// was left out.
pub fn truncate(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme_width(grapheme);
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        out.push_str(grapheme);
    }
    if columns > 0 {
        out.truncate(out.trim_end().len());
        out.push('…');
    }
    out
}

/// The first words of a text, cut at a word to so many columns, with a sign of the cut.
pub fn opening(text: &str, columns: usize) -> String {
    let head: String = text.chars().take(columns * 3).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if width(&head) <= columns {
        return head;
    }
    let (mut end, mut at_word, mut used) = (0, 0, 0);
    for (at, grapheme) in head.grapheme_indices(true) {
        used += grapheme_width(grapheme);
        if used >= columns {
            break;
        }
        end = at + grapheme.len();
        if grapheme == " " {
            at_word = at;
        }
    }
    // A text without spaces is cut between characters.
    let cut = head.get(..if at_word > 0 { at_word } else { end }).unwrap_or_default();
    format!("{}…", cut.trim_end_matches([' ', ',', ';', ':', '—', '-', '–']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_have_terminal_widths() {
        for (text, columns) in
            [("abc", 3), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("👨‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("❤️", 2), ("", 0)]
        {
            assert_eq!(width(text), columns, "{text:?}");
        }
    }

    #[test]
    fn words_are_measured_in_clusters() {
        for (text, columns) in
            [("", 0), ("a  bcd e", 3), ("日本 語", 4), ("\u{a0}", 0), ("a \u{301}b c", 3), ("\u{a0}\u{1160}", 0)]
        {
            assert_eq!(longest_word(text), columns, "{text:?}");
        }
    }

    #[test]
    fn truncation_never_overflows_or_cuts_a_cluster() {
        assert_eq!(truncate("chapter one", 20), "chapter one");
        assert_eq!(truncate("chapter one", 9), "chapter…");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("日本語", 1), "…");
        assert_eq!(truncate("日本語", 0), "");
    }

    #[test]
    fn openings_are_cut_at_a_word() {
        assert_eq!(opening("A short one.", 48), "A short one.");
        let cut = opening("It was late, and nobody had told them how far it was to the next house.", 48);
        assert!(cut.ends_with("it…") || cut.ends_with("far…"), "{cut}");
        assert!(width(&opening(&"长路漫漫".repeat(20), 48)) <= 48);
        assert_eq!(opening(&"x".repeat(100), 48).chars().count(), 48);
    }
}

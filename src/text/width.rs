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
    fn truncation_never_overflows_or_cuts_a_cluster() {
        assert_eq!(truncate("chapter one", 20), "chapter one");
        assert_eq!(truncate("chapter one", 9), "chapter…");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("日本語", 1), "…");
        assert_eq!(truncate("日本語", 0), "");
    }
}

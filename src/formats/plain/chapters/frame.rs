//! The frame that Project Gutenberg puts round its texts: a header before the text, a licence
//! after it. Neither holds headings.
//!
//! It knows the wording of the frame and how far from the ends it may stand.

/// The header ends within so many lines.
const HEADER_LINES_MAX: u64 = 600;
/// The licence begins at most so many lines before the end.
pub const LICENCE_LINES_MAX: u64 = 700;

/// What a line says about the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The text begins after it.
    TextStarts,
    /// The text ended before it.
    TextEnded,
}

/// Reads a trimmed line.
pub fn edge(line: &str) -> Option<Edge> {
    // Most lines are told by how they begin.
    if !matches!(line.as_bytes().first(), Some(b'*' | b' ' | b's' | b'S' | b'e' | b'E')) {
        return None;
    }
    let bare = line.trim_start_matches(['*', ' ']);
    let begins = |word: &str| bare.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if !begins("start") && !begins("end") {
        return None;
    }
    let mentions =
        line.len() < 300 && (line.contains("utenberg") || line.contains("UTENBERG") || line.starts_with("*END*"));
    if !mentions {
        return None;
    }
    let upper = line.to_uppercase();
    let plain = upper.trim_matches(['*', ' ']).replace("THE PROJECT", "PROJECT").replace("THIS PROJECT", "PROJECT");
    if plain.starts_with("START OF PROJECT GUTENBERG") || upper.starts_with("*END*THE SMALL PRINT") {
        Some(Edge::TextStarts)
    } else if plain.starts_with("END OF PROJECT GUTENBERG") {
        Some(Edge::TextEnded)
    } else {
        None
    }
}

/// Whether a header may still end in this line, counted from 0.
pub fn is_near_start(line: u64) -> bool {
    line < HEADER_LINES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_known() {
        for (line, expected) in [
            ("*** START OF THIS PROJECT GUTENBERG EBOOK THE NOVEL ***", Some(Edge::TextStarts)),
            ("***START OF THE PROJECT GUTENBERG EBOOK X***", Some(Edge::TextStarts)),
            ("*** END OF THE PROJECT GUTENBERG EBOOK X ***", Some(Edge::TextEnded)),
            ("End of Project Gutenberg's The Novel, by Nobody", Some(Edge::TextEnded)),
            ("Project Gutenberg is a library", None),
            ("The end of the road", None),
        ] {
            assert_eq!(edge(line), expected, "{line}");
        }
    }
}

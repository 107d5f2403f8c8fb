//! The notices of a publisher round a text: a header before it, a licence after it. Reading begins
//! and ends at the text between them; they stay where they are, for whoever goes there.
//!
//! It looks at the first and the last pages of a file, and parses a section only where these hold
//! a notice.

use memchr::memmem;

use super::PlainText;
use super::chapters::frame::{self, Edge, LICENCE_LINES_MAX};
use super::lines::Line;
use crate::document::{Document as _, Position, SectionId};

/// Bytes at either end in which a notice shows.
const BYTES: usize = 64 << 10;
/// A licence of so many lines begins in the last section or the one before.
const SECTIONS: u32 = 2;

/// Where the text begins that a header stands before; `None` where there is none, or where it
/// cannot be read.
pub(super) fn header_end(text: &PlainText) -> Option<Position> {
    if !is_signed(text, 0) {
        return None;
    }
    let (mut begins, mut is_next, mut number) = (None, false, 0);
    let each = |line: &Line, place: Position| {
        if is_next && !line.is_blank() {
            (begins, is_next) = (Some(place), false);
        }
        is_next |= frame::is_near_start(number) && frame::edge(line.text) == Some(Edge::TextStarts);
        number += 1;
    };
    text.read(SectionId(0), each).ok()?;
    begins
}

/// Whether a place may be in a licence: as near to the end as two of them are long. `within`: how
/// far into its section it lies, 0 to 1.
pub(super) fn is_near_end(text: &PlainText, section: SectionId, within: f64) -> bool {
    // Three sections are longer than that.
    let rest: u64 = (section.0..text.section_count()).map(|id| text.section_bytes(SectionId(id))).take(3).sum();
    rest.saturating_sub((text.section_bytes(section) as f64 * within) as u64) <= 2 * BYTES as u64
}

/// Where the licence begins; `None` where there is none, or where it cannot be read.
pub(super) fn licence(text: &PlainText) -> Option<Position> {
    let from = text.grid.total().saturating_sub(BYTES as u64);
    if !text.is_complete() || !is_signed(text, from) {
        return None;
    }
    let count = text.section_count();
    let mut ends: Vec<(u64, Position)> = Vec::new();
    let mut lines = 0;
    for id in count.saturating_sub(SECTIONS)..count {
        let each = |line: &Line, place: Position| {
            lines += 1;
            if frame::edge(line.text) == Some(Edge::TextEnded) {
                ends.push((lines, place));
            }
        };
        text.read(SectionId(id), each).ok()?;
    }
    ends.into_iter().find(|(line, _)| lines - line <= LICENCE_LINES_MAX).map(|(_, place)| place)
}

/// Whether the name that every notice bears stands in the bytes from here on.
fn is_signed(text: &PlainText, from: u64) -> bool {
    let bytes = text.grid.source().read(from, BYTES).unwrap_or_default();
    [b"utenberg".as_slice(), b"UTENBERG"].iter().any(|name| memmem::find(&bytes, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    const HEADER: &str = "The Project Gutenberg eBook of The Hill\n\nTitle: The Hill\n\n\
        *** START OF THE PROJECT GUTENBERG EBOOK THE HILL ***\n\n\n";
    const LICENCE: &str = "\n\n*** END OF THE PROJECT GUTENBERG EBOOK THE HILL ***\n\nMay be copied.\n\nFreely.\n";

    /// The first and the last words of the text between the notices.
    fn words(file: &str, step: u64) -> (String, String) {
        let text = text(file.as_bytes(), step);
        let (start, end) = (text.text_start(), text.text_end());
        let at = |place: Position| {
            let section = text.load(place.section.min(SectionId(text.section_count() - 1))).unwrap();
            section.block_text(place.block).chars().take(16).collect::<String>()
        };
        (at(start), if end == Position::END { String::new() } else { at(end) })
    }

    #[test]
    fn the_text_stands_between_the_notices() {
        let body = "It was late and the hill was high.\n\n".repeat(40);
        for step in [512, 1 << 20] {
            let check = |file: &str, expected: (&str, &str)| {
                assert_eq!(words(file, step), (expected.0.to_owned(), expected.1.to_owned()), "step {step}");
            };
            check(&format!("{HEADER}THE HILL\n\n{body}{LICENCE}"), ("THE HILL", "*** END OF THE P"));
            check(&format!("{HEADER}THE HILL\n\n{body}"), ("THE HILL", ""));
            check(&format!("THE HILL\n\n{body}{LICENCE}"), ("THE HILL", "*** END OF THE P"));
            check(&format!("THE HILL\n\nGutenberg printed.\n\n{body}"), ("THE HILL", ""));
            check(HEADER, ("The Project Gute", ""));
            check("", ("", ""));
        }
        // What follows for long is no licence.
        let long = format!("THE HILL\n\n{LICENCE}{}Gutenberg\n", "It was late.\n".repeat(900));
        assert_eq!(words(&long, 1 << 20).1, "");
    }
}

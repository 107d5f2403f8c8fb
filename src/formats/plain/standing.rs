//! Lines that stand as they are: code, a patch, a table of a program's output.
//!
//! What stands between empty lines is one block, to go to and to select; of empty lines that follow
//! each other all but one begin the next block, for one is between blocks anyway. Where there are none
//! for long, a block ends with a line, before it would be cut inside of one. It must not know what the
//! lines mean.

use crate::document::{Position, Section, SectionId};
use crate::limits::BLOCK_BYTES_MAX;

use super::grid::Cut;
use super::lines::Line;
use super::writer::Writer;

/// Bytes of lines after which a block ends: signs for what cannot be shown take more than it did.
const BLOCK_BYTES: usize = BLOCK_BYTES_MAX / 4 * 3;

/// Sets the lines of a section. `is_whole`: its bytes were its text already. `each` hears of every
/// line where it stands.
pub fn set(id: SectionId, lines: &[Line], cut: Cut, is_whole: bool, each: impl FnMut(&Line, Position)) -> Section {
    let mut writer = Writer::new(id, lines, each);
    if !is_whole {
        writer.warn_of_lost_bytes();
    }
    if lines.first().is_some_and(|line| !line.is_blank()) {
        match cut {
            Cut::Paragraph => {}
            Cut::Line => writer.tight(),
            Cut::Inside => writer.continues(),
        }
    }
    let mut next = 0;
    while let Some(blanks) = lines.get(next..).and_then(|rest| rest.iter().position(|line| !line.is_blank())) {
        let first = next + blanks;
        if first == next && next > 0 {
            writer.tight();
        }
        let mut bytes = 0;
        let is_over = |line: &Line| {
            bytes += line.raw.len().max(line.right() as usize) + 1;
            line.is_blank() || bytes > BLOCK_BYTES
        };
        let rest = lines.get(first..).unwrap_or_default();
        let end = first + rest.iter().position(is_over).unwrap_or(rest.len()).max(1);
        // The first empty line is the space between two blocks.
        writer.standing(first.min(next + 1)..end);
        next = end;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::plain::grid::LineEnds;
    use crate::formats::plain::lines::split;

    /// The blocks, with `|` between them and line ends as `/`.
    fn blocks(text: &str) -> String {
        let section = set(SectionId(0), &split(text, LineEnds::Lf), Cut::Paragraph, true, |_, _| {});
        let blocks: Vec<String> =
            section.numbered_blocks().map(|(id, _)| section.block_text(id).replace('\n', "/")).collect();
        blocks.join("|")
    }

    #[test]
    fn lines_stand_as_they_are() {
        for (text, expected) in [
            ("[package]\nname = \"a\"\n\n[lib]\n", "[package]/name = \"a\"|[lib]"),
            ("def a():\n    b\n\n\ndef c():\n\td\n", "def a():/    b|/def c():/        d"),
            (
                "NAME\n       ls - list\n\n   Exit status:\n       0   if OK\n",
                "NAME/       ls - list|   Exit status:/       0   if OK",
            ),
            ("\n\n\n* _a_\n* * *\n", "//* _a_/* * *"),
            ("a   b  \n  \n\n", "a   b"),
            ("", ""),
        ] {
            assert_eq!(blocks(text), expected, "{text}");
        }
    }

    #[test]
    fn where_no_line_is_empty_for_long_all_stand_at_their_place() {
        let lines: Vec<String> =
            (0..9_000).map(|n| format!("{}line {n}{}", " ".repeat(n % 9), "x".repeat(n % 40 * (n % 50)))).collect();
        let text = lines.join("\n");
        for (cut, tight, continues) in
            [(Cut::Paragraph, false, false), (Cut::Line, true, false), (Cut::Inside, false, true)]
        {
            let section = set(SectionId(1), &split(&text, LineEnds::Lf), cut, true, |_, _| {});
            let shown: Vec<&str> =
                section.numbered_blocks().flat_map(|(id, _)| section.block_text(id).split('\n')).collect();
            assert!(shown == lines, "{cut:?}");
            let blocks = section.blocks();
            assert!(blocks.len() > 9 && blocks[1..].iter().all(|block| block.tight && !block.continues));
            assert_eq!((blocks[0].tight, blocks[0].continues), (tight, continues));
        }
    }

    proptest! {
        #[test]
        fn no_line_is_lost_or_moved(lines in proptest::collection::vec("[a-z{} ]{0,5}", 0..20)) {
            let text = lines.join("\n");
            let shown = blocks(&text).replace('|', "//").replace('/', "\n");
            let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned();
            // One empty line before everything is between nothing and the first block.
            let expected = if text.trim().is_empty() { String::new() } else { trimmed(&text) };
            let expected = if lines.first().is_some_and(|line| line.trim().is_empty()) { expected.strip_prefix('\n').unwrap_or(&expected).to_owned() } else { expected };
            prop_assert_eq!(trimmed(&shown), expected);
        }
    }
}

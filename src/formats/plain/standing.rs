//! Lines that stand as they are: code, a patch, a table of a program's output.
//!
//! What stands between empty lines is one block, to go to and to select; of empty lines that follow
//! each other all but one begin the next block, for one is between blocks anyway. It must not know
//! what the lines mean.

use crate::document::{Position, Section, SectionId};

use super::grid::Cut;
use super::lines::Line;
use super::writer::Writer;

/// Sets the lines of a section. `is_whole`: its bytes were its text already. `each` hears of every
/// line where it stands.
pub fn set(id: SectionId, lines: &[Line], cut: Cut, is_whole: bool, each: impl FnMut(&Line, Position)) -> Section {
    let mut writer = Writer::new(id, lines, each);
    if !is_whole {
        writer.warn_of_lost_bytes();
    }
    if cut != Cut::Paragraph && lines.first().is_some_and(|line| !line.is_blank()) {
        writer.continues();
    }
    let mut blank: Option<usize> = None;
    let mut open: Option<usize> = None;
    for (index, line) in lines.iter().enumerate() {
        if !line.is_blank() {
            // The first empty line is the space between two blocks.
            open = open.or_else(|| Some(blank.take().map_or(index, |first| first + 1)));
        } else if let Some(start) = open.take() {
            writer.standing(start..index);
            blank = Some(index);
        } else {
            blank = blank.or(Some(index));
        }
    }
    if let Some(start) = open {
        writer.standing(start..lines.len());
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

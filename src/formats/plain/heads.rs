//! The heads in a text whose lines stand as they are: sections of a page of a manual, here, and what
//! [`Patch`] finds. Other texts have none. It must not know how lines are set.

use std::io;

use crate::document::{Document as _, Outline, OutlinePass, Position, Progress, Section, SectionId};
use crate::formats::headings::Headings;
use crate::formats::matter::begins_manual;

use super::PlainText;
use super::lines::Line;
use super::patch::Patch;

/// Columns before a head inside a section of a manual; its text has seven.
const SUBHEAD_INDENT: u32 = 3;

/// Why a line is a head.
const REASON: &str = "a head of a manual or of a patch";

/// The search for heads: one section a step.
pub struct Pass {
    text: PlainText,
    heads: Heads,
    next: SectionId,
    /// Bytes that were read.
    done: u64,
    /// The section that the last step read.
    read: Option<Section>,
}

impl Pass {
    /// A search that begins.
    pub fn new(text: PlainText) -> Pass {
        Pass { text, heads: Heads::default(), next: SectionId(0), done: 0, read: None }
    }
}

impl OutlinePass for Pass {
    fn step(&mut self) -> io::Result<Progress> {
        let (count, heads) = (self.text.section_count(), &mut self.heads);
        if self.next.0 < count {
            self.read = Some(self.text.read(self.next, |line, place| heads.line(place, line))?);
            self.done += self.text.section_bytes(self.next);
            self.next = self.next.next();
        }
        if self.next.0 < count {
            return Ok(Progress { done: self.done, total: self.text.grid.total().max(self.done + 1) });
        }
        self.heads.end();
        Ok(Progress::DONE)
    }

    fn section(&mut self) -> Option<Section> {
        self.read.take()
    }

    fn outline(&self) -> Outline {
        self.heads.found.outline()
    }

    fn reasons(&self) -> Vec<String> {
        vec![REASON.to_owned(); self.outline().len()]
    }
}

/// The heads so far.
#[derive(Debug, Default)]
struct Heads {
    found: Headings,
    /// Known by the first line.
    matter: Option<Matter>,
}

#[derive(Debug)]
enum Matter {
    /// A page of a manual, with a line that is a head if what follows it at once stands deeper.
    Manual(Option<(Position, String, u32)>),
    /// All else: a patch may stand in a mail.
    Patch(Patch),
}

impl Heads {
    /// Takes in the next line.
    fn line(&mut self, place: Position, line: &Line) {
        if self.matter.is_none() && line.is_blank() {
            return;
        }
        let begin = || {
            if begins_manual(line.raw) { Matter::Manual(None) } else { Matter::Patch(Patch::beginning(line.raw)) }
        };
        match self.matter.get_or_insert_with(begin) {
            Matter::Manual(above) => {
                if let Some((at, title, indent)) = above.take()
                    && !line.is_blank()
                    && line.indent > indent
                {
                    self.found.push(&title, if indent == 0 { 1 } else { 2 }, at);
                }
                if !line.is_blank() && line.indent <= SUBHEAD_INDENT {
                    *above = Some((place, line.text.to_owned(), line.indent));
                }
            }
            Matter::Patch(patch) => patch.line(place, line.raw, &mut self.found),
        }
    }

    /// There are no more lines.
    fn end(&mut self) {
        if let Some(Matter::Patch(patch)) = &mut self.matter {
            patch.end(&mut self.found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BlockId;
    use crate::formats::plain::grid::LineEnds;
    use crate::formats::plain::lines::split;

    #[track_caller]
    fn check(text: &str, expected: &[(u8, &str, u32)]) {
        let mut heads = Heads::default();
        for (number, line) in (0..).zip(&split(text, LineEnds::Lf)) {
            heads.line(Position::new(SectionId(0), BlockId(number), 0), line);
        }
        heads.end();
        let outline = heads.found.outline();
        let entries = outline.entries().iter();
        let found: Vec<_> =
            entries.map(|entry| (entry.level, entry.title.as_str(), entry.target.position().block.0)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn sections_of_a_manual_are_heads() {
        let page = "\nLS(1)     User Commands     LS(1)\n\nNAME\n       ls - list\n\nOPTIONS\n       -a, --all\n              \
                    all of them\n\n   Exit status:\n       0      if OK\n\nGNU coreutils     2024     LS(1)\n";
        check(page, &[(1, "NAME", 3), (1, "OPTIONS", 6), (2, "Exit status:", 10)]);
    }

    #[test]
    fn a_patch_has_those_of_its_commits() {
        check("\ncommit abcdef1\nAuthor: A\n\n    One\n", &[(1, "One", 1)]);
    }

    #[test]
    fn other_lines_have_none() {
        for text in [
            "BEGIN\n    x;\nEND\n",
            "set.seed(20240101)\nfor (i in 1:10) {\n  x\n}\n",
            "print(1)\ndef f():\n    x\n",
            "#!/bin/sh\ncommit abcdef1\n\n    x\n",
            "",
        ] {
            check(text, &[]);
        }
    }
}

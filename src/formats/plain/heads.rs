//! The heads in a text whose lines stand as they are: sections of a page of a manual, commits and
//! files of a patch. Other texts have none. It must not know how lines are set.

use std::io;

use crate::document::{Document as _, Entry, Outline, OutlinePass, Position, Progress, Section, SectionId, Target};
use crate::formats::sniff::{names_commit, names_manual};
use crate::limits::OUTLINE_ENTRIES_MAX;
use crate::text::clean_line;

use super::PlainText;
use super::lines::Line;

/// Columns before a head inside a section of a manual; its text has seven.
const SUBHEAD_INDENT: u32 = 3;
/// Columns before the words of a commit.
const MESSAGE_INDENT: u32 = 4;

/// Why a line is a head.
const REASON: &str = "a head of a manual or of a patch";

/// The search for heads: one section a step.
pub struct Pass {
    text: PlainText,
    heads: Heads,
    next: SectionId,
    /// The section that the last step read.
    read: Option<Section>,
}

impl Pass {
    /// A search that begins.
    pub fn new(text: PlainText) -> Pass {
        Pass { text, heads: Heads::default(), next: SectionId(0), read: None }
    }
}

impl OutlinePass for Pass {
    fn step(&mut self) -> io::Result<Progress> {
        let (count, heads) = (self.text.section_count(), &mut self.heads);
        if self.next.0 < count {
            self.read = Some(self.text.read(self.next, |line, place| heads.line(place, line))?);
            self.next = self.next.next();
        }
        Ok(Progress { done: u64::from(self.next.0), total: u64::from(count) })
    }

    fn section(&mut self) -> Option<Section> {
        self.read.take()
    }

    fn outline(&self) -> Outline {
        Outline::new(self.heads.entries.clone())
    }

    fn reasons(&self) -> Vec<String> {
        vec![REASON.to_owned(); self.outline().len()]
    }
}

/// What a text is by its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matter {
    Manual,
    Patch,
    Other,
}

/// The heads so far.
#[derive(Debug, Default)]
struct Heads {
    matter: Option<Matter>,
    entries: Vec<Entry>,
    /// A line of a manual that is a head if what follows it at once stands deeper.
    above: Option<(Position, String, u32)>,
    /// A commit whose first line is still to come.
    commit: Option<Position>,
    has_commits: bool,
}

impl Heads {
    /// Takes in the next line.
    fn line(&mut self, place: Position, line: &Line) {
        if self.matter.is_none() && line.is_blank() {
            return;
        }
        let first = || {
            let mut words = line.text.split_whitespace();
            match words.next() {
                Some(word) if names_manual(word) => Matter::Manual,
                Some("commit" | "From" | "diff" | "---") => Matter::Patch,
                _ => Matter::Other,
            }
        };
        match *self.matter.get_or_insert_with(first) {
            Matter::Manual => self.manual(place, line),
            Matter::Patch => self.patch(place, line),
            Matter::Other => {}
        }
    }

    fn manual(&mut self, place: Position, line: &Line) {
        if line.is_blank() {
            self.above = None;
            return;
        }
        if let Some((at, title, indent)) = self.above.take()
            && line.indent > indent
        {
            self.push(&title, if indent == 0 { 1 } else { 2 }, at);
        }
        if line.indent <= SUBHEAD_INDENT {
            self.above = Some((place, line.text.to_owned(), line.indent));
        }
    }

    fn patch(&mut self, place: Position, line: &Line) {
        let mut words = line.raw.split_whitespace();
        match (words.next(), words.next(), words.next_back()) {
            (Some("commit" | "From"), Some(hash), _) if line.indent == 0 && names_commit(hash) => {
                (self.commit, self.has_commits) = (Some(place), true);
            }
            (Some("diff"), Some(option), Some(file)) if line.indent == 0 && option.starts_with('-') => {
                // Names with blanks in them stand twice in a line: from the last ` b/` on it is one.
                let file = line.text.rsplit_once(" b/").map_or(file, |(_, file)| file);
                self.push(file, if self.has_commits { 2 } else { 1 }, place);
            }
            _ => {
                let subject = line.text.strip_prefix("Subject: ");
                let subject = subject.or_else(|| Some(line.text).filter(|_| line.indent == MESSAGE_INDENT));
                if let Some(subject) = subject.filter(|subject| !subject.is_empty())
                    && let Some(at) = self.commit.take()
                {
                    self.push(subject, 1, at);
                }
            }
        }
    }

    fn push(&mut self, title: &str, level: u8, at: Position) {
        // One more says that there are others.
        if self.entries.len() <= OUTLINE_ENTRIES_MAX {
            let (title, target) = (clean_line(title), Target::At(at));
            self.entries.push(Entry { title, level, target, within: 0.0, inferred: false });
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
        for (number, line) in split(text, LineEnds::Lf).iter().enumerate() {
            heads.line(Position::new(SectionId(0), BlockId(number as u32), 0), line);
        }
        let found: Vec<_> = heads
            .entries
            .iter()
            .map(|entry| (entry.level, entry.title.as_str(), entry.target.position().block.0))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sections_of_a_manual_are_heads() {
        let page = "\nLS(1)     User Commands     LS(1)\n\nNAME\n       ls - list\n\nOPTIONS\n       -a, --all\n              \
                    all of them\n\n   Exit status:\n       0      if OK\n\nGNU coreutils     2024     LS(1)\n";
        check(page, &[(1, "NAME", 3), (1, "OPTIONS", 6), (2, "Exit status:", 10)]);
    }

    #[test]
    fn commits_and_files_of_a_patch_are_heads() {
        let hash = "0123456789abcdef0123456789abcdef01234567";
        check(
            &format!(
                "commit {hash}\nAuthor: A <a@b.c>\n\n    A change\n\n    Why.\n\ndiff --git a/x y b/x y\n+commit me\n"
            ),
            &[(1, "A change", 0), (2, "x y", 7)],
        );
        check(
            &format!("From {hash} Mon Sep\nSubject: [PATCH] A change\n\ndiff -u a b\n"),
            &[(1, "[PATCH] A change", 0), (2, "b", 3)],
        );
        check("diff --git a/one b/one\n--- a/one\n+++ b/one\n diff -u a b\n", &[(1, "one", 0)]);
    }

    #[test]
    fn other_lines_have_none() {
        check("BEGIN\n    x;\nEND\n", &[]);
        check("", &[]);
    }
}

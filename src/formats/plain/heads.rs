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

/// Digits of a hash that are shown: enough to be the only one in most repositories.
const HASH_SHOWN: usize = 12;
/// The name of a file that is not there before or after a change.
const NOTHING: &str = "/dev/null";

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

/// The heads so far.
#[derive(Debug, Default)]
struct Heads {
    /// Whether the first line is that of a page of a manual, once there was one.
    is_manual: Option<bool>,
    entries: Vec<Entry>,
    /// A line of a manual that is a head if what follows it at once stands deeper.
    above: Option<(Position, String, u32)>,
    /// A commit whose first line is still to come, and its hash.
    commit: Option<(Position, String)>,
    has_commits: bool,
    /// The names of a changed file: `---`, then `+++`.
    names: Option<(Position, String, Option<String>)>,
    /// A line of `diff` has named that file already.
    is_named: bool,
}

impl Heads {
    /// Takes in the next line.
    fn line(&mut self, place: Position, line: &Line) {
        if self.is_manual.is_none() && line.is_blank() {
            return;
        }
        let is_first = || line.text.split_whitespace().next().is_some_and(names_manual);
        if *self.is_manual.get_or_insert_with(is_first) { self.manual(place, line) } else { self.patch(place, line) }
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
        let names = self.names.take();
        if line.indent == MESSAGE_INDENT && !line.text.is_empty() {
            return self.subject(line.text);
        }
        let mut words = line.raw.split_whitespace();
        match (words.next(), words.next()) {
            _ if line.indent > 0 => {}
            (Some("commit" | "From"), Some(hash)) if names_commit(hash) => {
                self.untitled();
                (self.commit, self.has_commits) = (Some((place, hash.to_owned())), true);
            }
            (Some("Subject:"), Some(_)) => self.subject(line.text.strip_prefix("Subject:").unwrap_or(line.text).trim()),
            (Some("diff"), Some(option)) if option.starts_with('-') => {
                self.file(named_twice(line.text).or(words.next_back()).unwrap_or(line.text), place);
                self.is_named = true;
            }
            (Some("---"), Some(_)) => self.names = Some((place, name(line.raw), None)),
            (Some("+++"), Some(_)) => {
                self.names =
                    names.filter(|names| names.2.is_none()).map(|names| (names.0, names.1, Some(name(line.raw))));
            }
            // Only a change makes names of two lines that may be words.
            (Some("@@"), Some(_)) => {
                if let Some((at, old, Some(new))) = names
                    && !std::mem::take(&mut self.is_named)
                {
                    self.file(if new == NOTHING { &old } else { &new }, at);
                }
            }
            _ => {}
        }
    }

    /// The first line of the words of a commit.
    fn subject(&mut self, subject: &str) {
        if let Some((at, _)) = self.commit.take() {
            self.push(subject, 1, at);
        }
    }

    /// A commit without words goes by its hash.
    fn untitled(&mut self) {
        if let Some((at, hash)) = self.commit.take() {
            self.push(&hash.chars().take(HASH_SHOWN).collect::<String>(), 1, at);
        }
    }

    /// A file that is changed.
    fn file(&mut self, name: &str, at: Position) {
        self.untitled();
        self.push(name, if self.has_commits { 2 } else { 1 }, at);
    }

    fn push(&mut self, title: &str, level: u8, at: Position) {
        // One more says that there are others.
        if self.entries.len() <= OUTLINE_ENTRIES_MAX {
            let (title, target) = (clean_line(title), Target::At(at));
            self.entries.push(Entry { title, level, target, within: 0.0, inferred: false });
        }
    }
}

/// The name after `---` or `+++`: up to the time of a `diff -u`, without the side of a `git diff`.
fn name(line: &str) -> String {
    let name = line.get(4..).unwrap_or_default();
    let name = name.split_once('\t').map_or(name, |(name, _)| name).trim_end();
    name.strip_prefix("a/").or_else(|| name.strip_prefix("b/")).unwrap_or(name).to_owned()
}

/// The name in a line of `git diff` that has it twice, once for each side; names may have blanks.
fn named_twice(line: &str) -> Option<&str> {
    let names = line.strip_prefix("diff --git ")?;
    let (left, right) = names.split_at_checked(names.len() / 2)?;
    let sides = (left.split_once('/')?.1, right.strip_prefix(' ')?.split_once('/')?.1);
    // Of a file that was given another name, the second is the new one.
    if sides.0 == sides.1 { Some(sides.1) } else { names.rsplit_once(" b/").map(|(_, name)| name) }
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
        check("diff --git a/one b/one\n--- a/one\n+++ b/one\n@@ -1 +1 @@\n diff -u a b\n", &[(1, "one", 0)]);
        check("diff --git a/b/x b/y b/b/x b/y\ndiff --git a/one b/two\n", &[(1, "b/x b/y", 0), (1, "two", 1)]);
    }

    #[test]
    fn a_patch_without_lines_of_diff_has_files() {
        let change = "@@ -1 +1 @@\n-x\n+y\n";
        check(
            &format!(
                "Words first.\n--- a/one\n+++ b/one\n{change}--- two\t2024-01-01\n+++ two words\t2024-01-02\n{change}\
                 --- gone\n+++ /dev/null\n{change}"
            ),
            &[(1, "one", 1), (1, "two words", 6), (1, "gone", 11)],
        );
        // Lines of a change that look like names.
        check("--- a/one\n+++ b/one\n@@ -1 +1 @@\n--- x\n+++ y\n z\n", &[(1, "one", 0)]);
    }

    #[test]
    fn a_commit_without_words_goes_by_its_hash() {
        let hash = "0123456789abcdef0123456789abcdef01234567";
        check(
            &format!("commit {hash}\nAuthor: A <a@b.c>\n\ndiff --git a/x b/x\n     y\n    z\ncommit {hash}\n\n    W\n"),
            &[(1, "0123456789ab", 0), (2, "x", 3), (1, "W", 6)],
        );
    }

    #[test]
    fn other_lines_have_none() {
        check("BEGIN\n    x;\nEND\n", &[]);
        check("", &[]);
    }
}

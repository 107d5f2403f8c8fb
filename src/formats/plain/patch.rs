//! The commits and files of a patch or a history, by the lines that `git`, `diff` and `svn` put before
//! them. What stands inside of a change is passed over by its count of lines. It must not know where
//! the lines come from.

use std::borrow::Cow;

use crate::document::Position;
use crate::formats::headings::Headings;
use crate::formats::matter::{GRAPH, graphless, names_commit};
use crate::limits::TITLE_MAX;

/// Levels in the outline; where there are no commits, files are the outermost.
const COMMIT: u8 = 1;
const FILE: u8 = 2;
/// What stands before the words of a commit in a history.
const MESSAGE: &str = "    ";
/// Digits of a hash that are shown: enough to be the only one in most repositories.
const HASH_SHOWN: usize = 12;
/// The name of a file that is not there before or after a change.
const NOTHING: &str = "/dev/null";
/// What stands between two changes in a context diff.
const CONTEXT_CHANGE: &str = "***************";

/// What has been seen of a patch.
#[derive(Debug, Default)]
pub struct Patch {
    /// The word that begins a commit; none where the text does not begin with one.
    opener: Option<&'static str>,
    /// A commit whose title is still to come.
    commit: Option<Commit>,
    /// The file that a line of `git` has named.
    named: Option<String>,
    /// A line of `diff` or `svn` that may belong to a file, and the name in it.
    above: Option<(Position, String)>,
    pair: Option<Pair>,
    /// Lines of the change that are still to come: old and new ones.
    change: (u64, u64),
}

#[derive(Debug)]
struct Commit {
    place: Position,
    hash: String,
    stage: Stage,
}

/// What comes next of a commit.
#[derive(Debug)]
enum Stage {
    /// Its author and date, or the head of a mail.
    Head,
    /// Its words.
    Words,
    /// More of the subject of a mail, which goes on in lines with a blank before them (RFC 5322, 2.2.3).
    Subject(String),
}

/// The names of a file before and after a change.
#[derive(Debug)]
struct Pair {
    place: Position,
    is_context: bool,
    old: String,
    new: Option<String>,
}

impl Patch {
    /// A patch that begins with a line.
    pub fn beginning(line: &str) -> Patch {
        let opener = match graphless(line).split_once(' ') {
            Some(("From", rest)) if names_commit(rest) => Some("From"),
            Some(("commit", rest)) if names_commit(rest) => Some("commit"),
            // What is shown of a tag is followed by its commit.
            Some(("tag", _)) => Some("commit"),
            _ => None,
        };
        Patch { opener, ..Patch::default() }
    }

    /// Takes in the next line.
    pub fn line(&mut self, place: Position, line: &str, found: &mut Headings) {
        if self.is_inside(line) {
            return;
        }
        if let Some(hash) = self.opens(line) {
            self.end(found);
            self.commit = Some(Commit { place, hash: hash.to_owned(), stage: Stage::Head });
            return;
        }
        if self.commit.is_some() {
            self.words(line, found);
        }
        let (above, pair) = (self.above.take(), self.pair.take());
        let Some((first, rest)) = line.split_once(' ') else {
            match (line, pair, above) {
                (CONTEXT_CHANGE, Some(pair), _) => self.changed(pair, found),
                // Under the name that svn gives.
                (line, _, above) if line.starts_with("====") => self.above = above,
                (line, _, Some((place, name))) if is_change(line) => self.file(place, &name, found),
                _ => {}
            }
            return;
        };
        match (first, pair) {
            ("diff", _) => match rest.split_once(' ') {
                Some(("--git", names)) => self.name(place, &named_twice(names), found),
                Some(("--cc" | "--combined", name)) => self.name(place, &unquoted(name), found),
                Some((option, files)) if option.starts_with('-') => {
                    self.above = Some((place, files.rsplit(' ').next().unwrap_or(files).to_owned()));
                }
                _ => {}
            },
            ("Index:", _) => self.above = Some((place, rest.to_owned())),
            // The lines of a context diff that are old or new, by their numbers.
            ("***" | "---", _) if rest.ends_with(" ****") || rest.ends_with(" ----") => {}
            ("---", Some(pair)) if pair.is_context && pair.new.is_none() => {
                self.pair = Some(Pair { new: Some(name(rest)), ..pair });
            }
            ("***" | "---", _) => {
                let place = above.map_or(place, |(place, _)| place);
                self.pair = Some(Pair { place, is_context: first == "***", old: name(rest), new: None });
            }
            ("+++", Some(pair)) if !pair.is_context && pair.new.is_none() => {
                self.pair = Some(Pair { new: Some(name(rest)), ..pair });
            }
            ("@@", pair) => {
                self.change = counts(rest);
                if let Some(pair) = pair {
                    self.changed(pair, found);
                }
            }
            _ => {}
        }
    }

    /// Ends what was begun: a commit without words goes by its hash.
    pub fn end(&mut self, found: &mut Headings) {
        if let Some(commit) = self.commit.take() {
            match commit.stage {
                Stage::Subject(subject) => found.push(&subject, COMMIT, commit.place),
                _ => found.push(commit.hash.get(..HASH_SHOWN).unwrap_or(&commit.hash), COMMIT, commit.place),
            }
        }
    }

    /// Whether a line stands inside of a change; else that is over.
    fn is_inside(&mut self, line: &str) -> bool {
        let (old, new) = self.change;
        if (old, new) == (0, 0) {
            return false;
        }
        let left = match line.bytes().next() {
            // An editor may have taken the blank from an empty line.
            None | Some(b' ') => Some((old.saturating_sub(1), new.saturating_sub(1))),
            Some(b'-') => Some((old.saturating_sub(1), new)),
            Some(b'+') => Some((old, new.saturating_sub(1))),
            Some(b'\\') => Some((old, new)),
            Some(_) => None,
        };
        self.change = left.unwrap_or_default();
        left.is_some()
    }

    /// The hash in a line that begins a commit.
    fn opens<'a>(&self, line: &'a str) -> Option<&'a str> {
        let hash = graphless(line).strip_prefix(self.opener?)?.strip_prefix(' ')?;
        names_commit(hash).then(|| hash.split(' ').next()).flatten()
    }

    /// A line after the beginning of a commit.
    fn words(&mut self, line: &str, found: &mut Headings) {
        let Some(commit) = &mut self.commit else { return };
        match &mut commit.stage {
            Stage::Head => {
                if let Some(subject) = line.strip_prefix("Subject:").filter(|_| self.opener == Some("From")) {
                    commit.stage = Stage::Subject(subject.trim().to_owned());
                } else if line.bytes().all(|b| GRAPH.contains(&b)) {
                    commit.stage = Stage::Words;
                }
            }
            Stage::Words => {
                let words = line.split_once(MESSAGE).filter(|(graph, _)| graph.bytes().all(|b| GRAPH.contains(&b)));
                if let Some((_, words)) = words.filter(|(_, words)| !words.trim().is_empty()) {
                    found.push(words.trim(), COMMIT, commit.place);
                    self.commit = None;
                }
            }
            Stage::Subject(subject) if line.starts_with([' ', '\t']) => {
                if subject.len() <= TITLE_MAX {
                    subject.push(' ');
                    subject.push_str(line.trim());
                }
            }
            Stage::Subject(_) => self.end(found),
        }
    }

    /// A file that a line names at once.
    fn name(&mut self, place: Position, name: &str, found: &mut Headings) {
        self.file(place, name, found);
        self.named = Some(name.to_owned());
    }

    /// A file by its two names, if no line has named it yet.
    fn changed(&mut self, pair: Pair, found: &mut Headings) {
        let Some(new) = &pair.new else { return };
        let name = changed(&pair.old, new);
        if self.named.take().as_deref() != Some(name) {
            self.file(pair.place, name, found);
        }
    }

    fn file(&mut self, place: Position, name: &str, found: &mut Headings) {
        self.end(found);
        found.push(name, FILE, place);
    }
}

/// The name after `---`, `+++` or `***`: a time may follow after a tab.
fn name(rest: &str) -> String {
    unquoted(rest.split('\t').next().unwrap_or_default().trim_end()).into_owned()
}

/// What a file is called that had two names, each perhaps with the folder of its side (`a/`, `b/`).
fn changed<'a>(old: &'a str, new: &'a str) -> &'a str {
    let inner = |name: &'a str| name.split_once('/').map(|(_, inner)| inner);
    let sideless = |name: &'a str| name.split_once('/').filter(|(side, _)| side.len() == 1).map_or(name, |(_, n)| n);
    match (inner(old), inner(new)) {
        _ if new == NOTHING => sideless(old),
        _ if old == new => new,
        (Some(of_old), Some(of_new)) if of_old == of_new => of_new,
        _ => sideless(new),
    }
}

/// The name in the line of `git diff` that has it once for each side; names may have blanks.
fn named_twice(names: &str) -> String {
    let half = names.split_at_checked(names.len() / 2).and_then(|(old, new)| Some((old, new.strip_prefix(' ')?)));
    let inner = |name: &str| name.split_once('/').map(|(_, inner)| inner.trim_end_matches('"').to_owned());
    let (old, new) = half
        .filter(|(old, new)| old == new || inner(old).is_some() && inner(old) == inner(new))
        .or_else(|| split_before(names, " \""))
        .or_else(|| split_before(names, " b/"))
        .or_else(|| names.rsplit_once(' '))
        .unwrap_or((names, names));
    changed(&unquoted(old), &unquoted(new)).to_owned()
}

/// The two names where the second begins with what follows the blank of a sign.
fn split_before<'a>(names: &'a str, sign: &str) -> Option<(&'a str, &'a str)> {
    let (old, _) = names.rsplit_once(sign)?;
    Some((old, names.get(old.len() + 1..)?))
}

/// A name as it is, where `git` has put it in quotes for what is not ASCII in it: bytes as octal numbers,
/// letters after a backslash as in C.
fn unquoted(name: &str) -> Cow<'_, str> {
    let Some(inner) = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) else {
        return Cow::Borrowed(name);
    };
    let is_octal = |byte: &u8| (b'0'..=b'7').contains(byte);
    let (mut bytes, mut rest) = (Vec::new(), inner.bytes().peekable());
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let mut number = None;
        while let Some(digit) = rest.next_if(|byte| is_octal(byte) && number.is_none_or(|n| n < 0o40)) {
            number = Some(number.unwrap_or(0) * 8 + (digit - b'0'));
        }
        bytes.extend(number.or_else(|| rest.next()));
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// Old and new lines of a change, by what stands after its `@@`: `-1,5 +1,6 @@`.
fn counts(range: &str) -> (u64, u64) {
    let count = |sign: char| {
        let range = range.split(' ').find_map(|word| word.strip_prefix(sign))?;
        range.split_once(',').map_or(Some(1), |(_, count)| count.parse().ok())
    };
    (count('-').unwrap_or(0), count('+').unwrap_or(0))
}

/// Whether a line begins a change in the oldest form of `diff`: `5c7`, `1,4d0`, `3a4,9`.
fn is_change(line: &str) -> bool {
    let is_range = |range: &str| {
        range.split(',').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) && range.split(',').count() < 3
    };
    line.split_once(['a', 'c', 'd']).is_some_and(|(old, new)| is_range(old) && is_range(new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockId, SectionId};

    const HASH: &str = "0123456789abcdef0123456789abcdef01234567";

    #[track_caller]
    fn check(text: &str, expected: &[(u8, &str, u32)]) {
        let (mut patch, mut found) = (Patch::beginning(text.lines().next().unwrap()), Headings::default());
        for (number, line) in (0..).zip(text.lines()) {
            patch.line(Position::new(SectionId(0), BlockId(number), 0), line, &mut found);
        }
        patch.end(&mut found);
        let outline = found.outline();
        let entries = outline.entries().iter();
        let found: Vec<_> =
            entries.map(|entry| (entry.level, entry.title.as_str(), entry.target.position().block.0)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn commits_and_their_files() {
        check(
            &format!(
                "commit {HASH}\nAuthor: A <a@b.c>\n\n    A change\n\n    Why.\n    diff --git a/y b/y\n\n\
                 diff --git a/x y b/x y\n+commit me\n"
            ),
            &[(1, "A change", 0), (2, "x y", 8)],
        );
        check(
            &format!(
                "From {HASH} Mon Sep\nFrom: A\nSubject: [PATCH] A\n long one\nDate: x\n\ncommit {HASH} upstream.\n"
            ),
            &[(1, "[PATCH] A long one", 0)],
        );
        check(
            &format!("commit abcdef1 (HEAD)\nAuthor: A\n\n    * A\n\ncommit {HASH}\n"),
            &[(1, "* A", 0), (1, "0123456789ab", 5)],
        );
        check("tag v1\nTagger: A\n\nOne\n\ncommit abcdef1\nAuthor: A\n\n    B\n", &[(1, "B", 5)]);
        check(
            "* commit abcdef1\n| Author: A\n| \n|     One\n|     commit abcdef2\n| \n| * commit abcdef3\n|/  Author: A\n|   \n|       Two\n",
            &[(1, "One", 0), (1, "Two", 6)],
        );
    }

    #[test]
    fn a_commit_without_words_goes_by_its_hash() {
        check(
            &format!(
                "commit {HASH}\nAuthor: A\n\ndiff --git a/x b/x\n     y\ncommit {HASH}\n\n    W\ncommit abcdef1\n"
            ),
            &[(1, "0123456789ab", 0), (2, "x", 3), (1, "W", 5), (1, "abcdef1", 8)],
        );
    }

    #[test]
    fn names_of_files() {
        for (line, name) in [
            ("--git a/one b/one", "one"),
            ("--git a/b/x b/y b/b/x b/y", "b/x b/y"),
            ("--git a/one b/two", "two"),
            ("--git a/one two b/three four five", "three four five"),
            ("--git a/src/a/typed.rs b/src/typed.rs", "src/typed.rs"),
            ("--git src/mod.rs src/mod.rs", "src/mod.rs"),
            ("--git i/x w/x", "x"),
            (r#"--git "a/na\303\257ve.txt" "b/na\303\257ve.txt""#, "naïve.txt"),
            (r#"--git a/plain "b/\"q\"\\ \303\251""#, "\"q\"\\ é"),
            (r#"--git "a/\377" b/x"#, "x"),
            ("--cc src/x.rs", "src/x.rs"),
        ] {
            check(&format!("diff {line}\n"), &[(1, name, 0)]);
        }
    }

    #[test]
    fn a_patch_without_lines_of_git_has_files() {
        let change = "@@ -1 +1 @@\n-x\n+y\n";
        check(
            &format!(
                "Words.\n--- a/one\n+++ b/one\n{change}diff -u two x\n--- two\t2024-01-01\n+++ two words\t2024-01-02\n{change}\
                 --- gone\n+++ /dev/null\n{change}--- /dev/null\n+++ b/new\n{change}"
            ),
            &[(1, "one", 1), (1, "two words", 6), (1, "gone", 12), (1, "new", 17)],
        );
        check(
            &format!("Index: foo.c\n====\n--- foo.c\t(revision 1)\n+++ foo.c\t(working copy)\n{change}"),
            &[(1, "foo.c", 0)],
        );
        check(&format!("diff -ru a/x b/x\n--- a/x\t1\n+++ b/x\t2\n{change}"), &[(1, "x", 0)]);
        check("diff -r a/x b/x\n1,2c3\n< x\n---\n> y\ndiff -r a/y b/y\n5a6\n> z\n", &[(1, "b/x", 0), (1, "b/y", 5)]);
        check(
            "*** old/x\t1\n--- new/x\t2\n***************\n*** 1,2 ****\n! a\n--- 1,2 ----\n! b\n***************\n*** 9 ****\n",
            &[(1, "x", 0)],
        );
        // A file whose mode alone was changed, before one that git did not name.
        check(&format!("diff --git a/x b/x\n--- a/y\n+++ b/y\n{change}"), &[(1, "x", 0), (1, "y", 1)]);
    }

    #[test]
    fn lines_inside_of_a_change_are_no_names() {
        check(
            "--- a/one\n+++ b/one\n@@ -1,2 +1,2 @@\n--- x\n+++ y\n@@ -9 +9 @@\n z\n@@ -7 +7 @@\n--- x\n+++ y\n@@ -5,0 +6 @@\n+z\n",
            &[(1, "one", 0)],
        );
        check("#!/bin/sh\ndiff -u expected out\ndiff -r \"$a\" \"$b\" > /dev/null || exit 1\n--- a\nx\n+++ b\n", &[]);
    }

    #[test]
    fn a_name_is_no_longer_than_a_title() {
        let name = "x".repeat(TITLE_MAX * 2);
        let (mut patch, mut found) = (Patch::default(), Headings::default());
        patch.line(Position::START, &format!("diff --git a/{name} b/{name}"), &mut found);
        assert!(found.outline().entries()[0].title.len() < TITLE_MAX + 4);
    }
}

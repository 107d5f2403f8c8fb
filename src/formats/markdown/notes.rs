//! Definitions of links and footnotes: those that a piece of a long text lacks.
//!
//! A link or a note is often defined far from where it is used. What is near the end of the file,
//! where authors collect definitions, is known to every piece; a note that is used under a number
//! is one wherever it is defined. Anything else must be defined in the piece itself: to look
//! through the whole file would make what a piece shows depend on what was read before.

use std::collections::HashMap;

use memchr::{memchr, memmem, memrchr};

/// Bytes of the longest label.
const LABEL_MAX: usize = 999;

/// What is defined in a part of a text, by label.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    links: HashMap<String, String>,
    notes: Vec<String>,
}

impl Definitions {
    /// The definitions in a text, each at the start of a line.
    pub fn read(text: &str) -> Definitions {
        let mut found = Definitions::default();
        for line in lines_with(text, "]:") {
            let bare = line.trim_start_matches(' ');
            let Some((label, after)) = bare.strip_prefix('[').and_then(|rest| rest.split_once("]:")) else { continue };
            if line.len() - bare.len() > 3 || label.is_empty() || label.len() > LABEL_MAX || label.contains(['[', ']'])
            {
                continue;
            }
            match label.strip_prefix('^') {
                Some(note) => found.notes.push(folded(note)),
                None => {
                    let address = after.split_whitespace().next().unwrap_or_default();
                    let address = address.trim_start_matches('<').trim_end_matches('>');
                    if !address.is_empty() {
                        found.links.entry(folded(label)).or_insert_with(|| address.to_owned());
                    }
                }
            }
        }
        found.notes.sort_unstable();
        found
    }

    /// Where a link of this label leads.
    pub fn link(&self, label: &str) -> Option<String> {
        self.links.get(&folded(label)).cloned()
    }

    fn has_note(&self, label: &str) -> bool {
        self.notes.binary_search(&folded(label)).is_ok()
    }
}

/// The lines that have a sign in them, with their ends.
fn lines_with<'a>(text: &'a str, sign: &'static str) -> impl Iterator<Item = &'a str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = memmem::find(rest.as_bytes(), sign.as_bytes())?;
        let (before, after) = rest.split_at_checked(at)?;
        let start = memrchr(b'\n', before.as_bytes()).map_or(0, |end| end + 1);
        let end = memchr(b'\n', after.as_bytes()).map_or(rest.len(), |end| at + end + 1);
        let line = rest.get(start..end)?;
        rest = rest.get(end..)?;
        Some(line)
    })
}

/// A label as labels are compared: case and white space do not matter.
fn folded(label: &str) -> String {
    let words: Vec<&str> = label.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Definitions without matter for the notes that a piece uses but does not define, so that their
/// signs are read as signs.
pub fn missing<'a>(piece: &str, elsewhere: impl FnOnce() -> Option<&'a Definitions>) -> String {
    let used = piece.match_indices("[^").filter_map(|(at, sign)| {
        let rest = piece.get(at + sign.len()..)?;
        let label = rest.get(..rest.floor_char_boundary(LABEL_MAX))?.split(']').next()?;
        let is_label = !label.is_empty() && label.len() < rest.len() && !label.contains(['[', '\n', ' ', '\t']);
        is_label.then_some(label)
    });
    let mut used: Vec<&str> = used.collect();
    if used.is_empty() {
        return String::new();
    }
    used.sort_unstable();
    used.dedup();
    let own = Definitions::read(piece);
    let elsewhere = elsewhere();
    let is_number = |label: &str| label.len() <= 6 && label.bytes().all(|byte| byte.is_ascii_digit());
    used.retain(|label| {
        !own.has_note(label) && (is_number(label) || elsewhere.is_some_and(|elsewhere| elsewhere.has_note(label)))
    });
    let mut out: String = used.iter().flat_map(|label| ["[^", label, "]: x\n\n"]).collect();
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_stand_at_the_start_of_lines() {
        let found =
            Definitions::read("[A  b]: <c.md> 'T'\n  [^n]: note\n    [code]: x\nx [d]: e\n[e]:\n[a b]: second\n");
        assert_eq!(found.link("a B").as_deref(), Some("c.md"));
        assert_eq!(["code", "d", "e"].map(|label| found.link(label)), [None, None, None]);
        assert!(found.has_note("N") && !found.has_note("a b"));
        let lines: Vec<&str> = lines_with("a\nb: :c\n\n:d", ":").collect();
        assert_eq!(lines, ["b: :c\n", ":d"]);
    }

    #[test]
    fn signs_of_notes_that_are_defined_elsewhere_are_signs() {
        let elsewhere = Definitions::read("[^far]: x");
        let check = |piece: &str, stubs: &str| assert_eq!(missing(piece, || Some(&elsewhere)), stubs, "{piece}");
        check("a[^1] b[^far] c[^no] d[^2]\n\n[^2]: here", "[^1]: x\n\n[^far]: x\n\n\n");
        check("no sign [^", "");
        check("[^a b] [^] [^x", "");
    }
}

//! The names that headings get, as GitHub makes them, so that `#a-heading` leads there.

use std::collections::HashMap;

/// The names given so far in a document.
#[derive(Debug, Default)]
pub struct Slugs {
    /// For each name, how often it was asked for.
    seen: HashMap<String, u32>,
}

impl Slugs {
    /// The name of a heading: its letters and digits in lower case, hyphens for spaces, and a
    /// number after the second of the same name.
    pub fn name(&mut self, heading: &str) -> String {
        let mut slug = String::with_capacity(heading.len());
        for c in heading.trim().chars().flat_map(char::to_lowercase) {
            match c {
                ' ' => slug.push('-'),
                '-' | '_' => slug.push(c),
                c if c.is_alphanumeric() || is_mark(c) => slug.push(c),
                _ => {}
            }
        }
        let Some(count) = self.seen.get(&slug).copied() else {
            self.seen.insert(slug.clone(), 0);
            return slug;
        };
        let mut next = count + 1;
        let mut numbered = format!("{slug}-{next}");
        while self.seen.contains_key(&numbered) {
            next += 1;
            numbered = format!("{slug}-{next}");
        }
        self.seen.insert(slug, next);
        self.seen.insert(numbered.clone(), 0);
        numbered
    }
}

/// Combining marks belong to the letters before them; they have no width of their own.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && unicode_width::UnicodeWidthChar::width(c) == Some(0) && !c.is_control() && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_as_readers_link_them() {
        let mut slugs = Slugs::default();
        for (heading, name) in [
            ("What is it?", "what-is-it"),
            ("What is it?", "what-is-it-1"),
            ("what is it", "what-is-it-2"),
            ("A & B_c – d", "a--b_c--d"),
            ("Über 3.1 日本語", "über-31-日本語"),
            ("हिन्दी", "हिन्दी"),
            ("!?", ""),
            ("X-1", "x-1"),
            ("X", "x"),
            ("X", "x-2"),
        ] {
            assert_eq!(slugs.name(heading), name, "{heading}");
        }
    }
}

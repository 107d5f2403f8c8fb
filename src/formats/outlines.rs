//! Outline files: chapters that somebody wrote down for a text, found again in it by their words.
//!
//! ```toml
//! text = "9b1c…"            # whose text it is; left out, it may be any
//!
//! [[chapter]]
//! title = "The soviets"
//! level = 1
//! words = "The fall of the Czar and his regime"
//! ```
//!
//! A chapter begins with the first paragraph, after the one before, that begins with its words;
//! case, signs and the ends of lines do not matter. Some outlines come with the program, for
//! texts that have no headings of their own.

use std::collections::HashSet;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::document::{Entry, Position, Section, Target};
use crate::limits::OUTLINE_ENTRIES_MAX;
use crate::text::{Clean, clean_line};

/// Characters of a paragraph by which a chapter is known again.
const WORDS_MAX: usize = 90;

/// Fewer letters may stand anywhere; they are looked for at the start of a paragraph only.
const LONG_WORDS: usize = 16;

/// The outlines that come with the program.
const BUNDLED: &[&str] = &[include_str!("../../assets/outlines/october-1917.toml")];

/// A text beyond this is none of those that an outline comes with.
pub const BUNDLED_BYTES_MAX: u64 = 1 << 20;

/// An outline as its file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutlineFile {
    /// The fingerprint of the text ([`Fingerprint`]); empty for any text.
    pub text: String,
    /// Its chapters, in the order of the text.
    pub chapters: Vec<Row>,
}

/// One chapter of an outline file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is called.
    pub title: Clean,
    /// How deep it lies: 1 is the outermost.
    pub level: u8,
    /// The first words of it, the heading's own among them.
    pub words: Clean,
}

impl OutlineFile {
    /// Reads a file.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it, and in which line or chapter.
    pub fn parse(text: &str) -> Result<OutlineFile, String> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            let line = e.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
            format!("line {line}: {}", e.message())
        })?;
        let rows = match table.get("chapter") {
            Some(toml::Value::Array(rows)) => rows.as_slice(),
            None => &[],
            Some(_) => return Err("'chapter' is no list; write [[chapter]] before each".to_owned()),
        };
        if rows.len() > OUTLINE_ENTRIES_MAX {
            return Err("it has more than 50,000 chapters".to_owned());
        }
        let mut chapters = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let field = |name: &str| {
                let value = row.get(name).and_then(toml::Value::as_str).map(clean_line).filter(|v| !v.is_empty());
                value.ok_or_else(|| format!("chapter {}: '{name}' is missing", index + 1))
            };
            let level = row.get("level").map_or(Some(1), toml::Value::as_integer).filter(|l| (1..=32).contains(l));
            let level = level.ok_or_else(|| format!("chapter {}: 'level' is no number from 1 to 32", index + 1))?;
            chapters.push(Row { title: field("title")?, level: level as u8, words: field("words")? });
        }
        let text = table.get("text").and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        Ok(OutlineFile { text, chapters })
    }

    /// The file.
    pub fn write(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut out = String::new();
        if !self.text.is_empty() {
            let _ = writeln!(out, "text = {}", quoted(&self.text));
        }
        for row in &self.chapters {
            let (title, words) = (quoted(&row.title), quoted(&row.words));
            let _ = write!(out, "\n[[chapter]]\ntitle = {title}\nlevel = {}\nwords = {words}\n", row.level);
        }
        out
    }

    /// A row for a chapter that begins at a place of a section: the words run on into what
    /// follows the heading, for a printed list of contents has the heading too.
    pub fn row(title: &Clean, level: u8, section: &Section, place: Position) -> Row {
        let text = section.text().get(section.offset(place)..).unwrap_or_default();
        let end = text.char_indices().nth(WORDS_MAX).map_or(text.len(), |(at, _)| at);
        let words = text.get(..end).unwrap_or_default();
        // Whole words, so that the file reads well.
        let cut = words.rfind(char::is_whitespace).filter(|_| end < text.len()).and_then(|at| words.get(..at));
        Row { title: title.clone(), level, words: clean_line(cut.unwrap_or(words)) }
    }
}

/// Looks for the chapters of an outline file in the sections of a text, in order.
#[derive(Clone, Debug)]
pub struct Places {
    rows: Vec<Row>,
    /// The words of each, as they are compared.
    folded: Vec<String>,
    next: usize,
    found: Vec<Entry>,
}

impl Places {
    /// A search for these chapters.
    pub fn of(file: OutlineFile) -> Places {
        let folded = file.chapters.iter().map(|row| folded(&row.words)).collect();
        Places { rows: file.chapters, folded, next: 0, found: Vec::new() }
    }

    /// Takes the next section. A chapter whose words are gone is left out, and those after it are
    /// still found.
    pub fn section(&mut self, section: &Section) {
        if self.next >= self.rows.len() {
            return;
        }
        let text = Letters::of(section);
        let mut from = 0;
        while let Some((row, at)) = self.seek(&text, from) {
            from = text.folded.ceil_char_boundary(at + 1);
            if let Some(offset) = text.offsets.get(at) {
                self.take(row, section, section.position(*offset as usize));
            }
        }
    }

    /// The next chapter that begins at or after a letter: its number, and where.
    fn seek(&self, text: &Letters, from: usize) -> Option<(usize, usize)> {
        // One that is gone must not hide the rest: a few are looked ahead.
        (self.next..self.rows.len()).take(8).find_map(|row| {
            let words = self.folded.get(row).filter(|words| !words.is_empty())?;
            let rest = text.folded.get(from..)?;
            let mut all = rest.match_indices(words.as_str()).map(|(at, _)| from + at).take(64).peekable();
            let first = all.peek().copied();
            // Another wrapping may have joined paragraphs; a few letters may stand anywhere.
            let at = all.find(|at| text.starts.contains(at)).or(first.filter(|_| words.len() >= LONG_WORDS))?;
            Some((row, at))
        })
    }

    fn take(&mut self, at: usize, section: &Section, place: Position) {
        let Some(row) = self.rows.get(at) else { return };
        self.found.push(Entry {
            title: row.title.clone(),
            level: row.level,
            target: Target::At(place),
            within: section.fraction(place) as f32,
            inferred: true,
        });
        self.next = at + 1;
    }

    /// The chapters that were found.
    pub fn entries(self) -> Vec<Entry> {
        self.found
    }

    /// How many were looked for.
    pub fn wanted(&self) -> usize {
        self.rows.len()
    }
}

/// The letters of a section in lower case, with the place of each in its text.
struct Letters {
    folded: String,
    offsets: Vec<u32>,
    /// Where blocks begin, in `folded`.
    starts: HashSet<usize>,
}

impl Letters {
    fn of(section: &Section) -> Letters {
        let text = section.text().as_str();
        let mut letters =
            Letters { folded: String::with_capacity(text.len()), offsets: Vec::new(), starts: HashSet::new() };
        let mut is_start = true;
        // A quotation mark before the first letter of a block belongs to it.
        let mut start = 0;
        for (at, c) in text.char_indices() {
            if c == '\n' {
                (is_start, start) = (true, at + 1);
            } else if c.is_alphanumeric() {
                if is_start {
                    letters.starts.insert(letters.folded.len());
                }
                letters.folded.extend(c.to_lowercase());
                letters.offsets.resize(letters.folded.len(), if is_start { start } else { at } as u32);
                is_start = false;
            }
        }
        letters
    }
}

/// The fingerprint of a text: the same for any wrapping, case and punctuation.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Takes the next section.
    pub fn section(&mut self, section: &Section) {
        self.0.update(folded(section.text()));
    }

    /// The fingerprint, 32 hexadecimal digits.
    pub fn finish(self) -> String {
        self.0.finalize().iter().take(16).fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
    }
}

/// The outline that comes with the program for a text of this fingerprint.
pub fn bundled(fingerprint: &str) -> Option<OutlineFile> {
    BUNDLED.iter().filter_map(|text| OutlineFile::parse(text).ok()).find(|file| file.text == fingerprint)
}

/// Letters and digits in lower case.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{SectionBuilder, SectionId};

    fn section(paragraphs: &[&str]) -> Section {
        let mut builder = SectionBuilder::new(SectionId(0));
        for text in paragraphs {
            builder.text(text);
            builder.end();
        }
        builder.finish()
    }

    fn row(title: &str, level: u8, words: &str) -> Row {
        Row { title: clean_line(title), level, words: clean_line(words) }
    }

    #[test]
    fn files_read_what_they_write() {
        let rows = vec![row("The \"Hill\"", 1, "It was high"), row("Down\\", 2, "Then they went")];
        let file = OutlineFile { text: "ab".to_owned(), chapters: rows };
        assert_eq!(OutlineFile::parse(&file.write()), Ok(file));
        assert_eq!(OutlineFile::parse(""), Ok(OutlineFile::default()));
    }

    #[test]
    fn faults_are_named_with_their_place() {
        for (text, words) in [
            ("text = 'a'\n[[chapter]]\ntitle = 'x'\n", "chapter 1: 'words' is missing"),
            ("[[chapter]]\ntitle='x'\nwords='y'\nlevel='z'\n", "'level' is no number"),
            ("chapter = 3", "[[chapter]]"),
            ("text = 'a'\n= 4", "line 2"),
        ] {
            let error = OutlineFile::parse(text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn chapters_are_found_by_their_words() {
        let text =
            section(&["It was late.", "The hill was high, and nobody knew. “Then they went down into the valley.”"]);
        let rows = vec![
            row("Hill", 1, "the hill was HIGH and"),
            row("Gone", 1, "not here"),
            row("Down", 2, "Then they went down into"),
        ];
        let mut places = Places::of(OutlineFile { text: String::new(), chapters: rows });
        places.section(&text);
        let place = |e: &Entry| (e.target.position().block.0, e.target.position().byte);
        let found: Vec<(String, u8, (u32, u32))> =
            places.entries().iter().map(|e| (e.title.to_string(), e.level, place(e))).collect();
        assert_eq!(found, [("Hill".to_owned(), 1, (1, 0)), ("Down".to_owned(), 2, (1, 39))]);
    }

    #[test]
    fn wrapping_does_not_change_a_fingerprint() {
        let print = |paragraphs: &[&str]| {
            let mut print = Fingerprint::default();
            print.section(&section(paragraphs));
            print.finish()
        };
        assert_eq!(print(&["It was late."]), print(&["It  was", "late"]));
        assert_ne!(print(&["It was late."]), print(&["It was early."]));
        assert_eq!(print(&["x"]).len(), 32);
    }

    #[test]
    fn outlines_that_come_with_the_program_are_sound() {
        for text in BUNDLED {
            let file = OutlineFile::parse(text).unwrap();
            assert_eq!(file.text.len(), 32);
            assert!(file.chapters.len() >= 3);
        }
    }
}

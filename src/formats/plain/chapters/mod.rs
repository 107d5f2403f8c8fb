//! Chapters of a plain text: headings of the form *keyword number*, isolated by blank lines.

use crate::document::{Entry, Outline, Position, Target};
use crate::formats::plain::heading::is_numbered;
use crate::text::clean_line;

/// Finds chapters in lines that are fed one by one.
#[derive(Clone, Debug, Default)]
pub struct ChapterFinder {
    entries: Vec<Entry>,
    waiting: Option<(Position, String)>,
    was_blank: bool,
}

impl ChapterFinder {
    /// A finder at the start of a document.
    pub fn new() -> ChapterFinder {
        ChapterFinder { was_blank: true, ..ChapterFinder::default() }
    }

    /// Takes the next line: its text without the line end, and the place where it stands (a
    /// blank line: the place of the text after it).
    pub fn line(&mut self, place: Position, text: &str) {
        let is_blank = text.trim().is_empty();
        if let Some((at, title)) = self.waiting.take().filter(|_| is_blank) {
            self.entries.push(Entry { title: clean_line(&title), level: 1, target: Target::At(at), inferred: false });
        }
        if !is_blank && self.was_blank && is_numbered(text.trim()) {
            self.waiting = Some((place, text.to_owned()));
        }
        self.was_blank = is_blank;
    }

    /// Notes that a page ends here.
    pub fn page_break(&mut self) {}

    /// The chapters found so far, or in all.
    pub fn outline(&self, _at_end: bool) -> Outline {
        Outline::new(self.entries.clone())
    }
}

//! Writes lines as blocks, and says where each line went.
//!
//! It joins the lines of a paragraph, keeps those of verse, turns underscores into emphasis, and
//! tells the listener of every source line in order. It must not know why lines form a block.

use std::borrow::Cow;

use crate::document::{BlockKind, FrameKind, Position, Section, SectionBuilder, SectionId, Style};

use super::emphasis::{Mark, marks};
use super::heading::HEADING_COLUMNS;
use super::lines::{Line, Signs};
use super::shape::{is_forced, is_wide};

/// Columns of an indent that is kept: a margin beyond it leaves no text.
const INDENT_MAX: u32 = 120;
/// Words that follow a hyphen which stands for a missing half: `pre- and post-war`.
const AFTER_OPEN_HYPHEN: [&str; 8] = ["and", "or", "to", "und", "oder", "bis", "et", "ou"];

/// Writes the blocks of one section. Lines are named by their index in the section.
pub struct Writer<'a, F> {
    lines: &'a [Line<'a>],
    builder: SectionBuilder,
    section: SectionId,
    each: F,
    /// Lines that the listener was told of.
    told: usize,
}

impl<'a, F: FnMut(&Line, Position)> Writer<'a, F> {
    /// A writer at the start of a section.
    pub fn new(section: SectionId, lines: &'a [Line<'a>], each: F) -> Self {
        let bytes = lines.iter().map(|line| line.text.len() + 1).sum();
        Writer { lines, builder: SectionBuilder::with_capacity(section, bytes), section, each, told: 0 }
    }

    /// The next block goes on with the last one of the section before.
    pub fn continues(&mut self) {
        self.builder.continues();
    }

    /// Says where bytes could not be decoded. To be asked only where the text was not UTF-8 already: a
    /// sign for lost bytes may be the writer's.
    pub fn warn_of_lost_bytes(&mut self) {
        if self.lines.iter().any(|line| line.signs.any(&[Signs::ELSEWHERE]) && has_lost_bytes(line.text)) {
            self.builder.warn("Some bytes are not text in the encoding of the document; each is shown as \u{FFFD}.");
        }
    }

    /// The next block stands close to the one before.
    pub fn tight(&mut self) {
        self.builder.tight();
    }

    /// Opens a frame around the blocks that follow.
    pub fn open(&mut self, kind: FrameKind) {
        self.builder.open(kind);
    }

    /// Closes the innermost frame.
    pub fn close(&mut self) {
        self.builder.close();
    }

    /// A break between parts, for one line that draws it.
    pub fn rule(&mut self) {
        self.builder.rule();
    }

    /// Writes lines as one block of flowing text.
    pub fn flow(&mut self, kind: BlockKind, range: std::ops::Range<usize>) {
        self.flow_after(kind, range, 0);
    }

    /// The same, without the first `skip` bytes of the first line's text, which became a marker.
    pub fn flow_after(&mut self, kind: BlockKind, range: std::ops::Range<usize>, skip: usize) {
        let lines = self.lines.get(range.clone()).unwrap_or_default();
        self.flow_lines(kind, lines, |index| range.start + index, skip);
    }

    /// Writes two groups of lines as one paragraph, which goes on over what stands between.
    pub fn flow_over(&mut self, first: std::ops::Range<usize>, second: std::ops::Range<usize>) {
        let group = |range: std::ops::Range<usize>| self.lines.get(range).unwrap_or_default();
        let lines = [group(first.clone()), group(second.clone())].concat();
        // What stands between is told of with the second group.
        let count = first.len();
        let line = |index: usize| index.checked_sub(count).map_or(first.start + index, |rest| second.start + rest);
        self.flow_lines(BlockKind::Paragraph, &lines, line, 0);
    }

    fn flow_lines(&mut self, kind: BlockKind, lines: &[Line], number: impl Fn(usize) -> usize, skip: usize) {
        self.builder.begin(kind);
        let mut marks = emphasis(lines).into_iter().peekable();
        let mut is_open = false;
        let mut last = "";
        for (index, line) in lines.iter().enumerate() {
            if index > 0 && !joins_without_space(last, line.text) {
                self.builder.space();
            }
            self.tell(number(index));
            let skip = if index == 0 { skip } else { 0 };
            self.styled(line.text, skip, index, &mut marks, &mut is_open);
            last = line.text;
        }
        if is_open {
            self.builder.pop_style();
        }
        self.builder.end();
    }

    /// Writes lines as one block that keeps their ends and their indents from each other.
    pub fn verse(&mut self, range: std::ops::Range<usize>) {
        let lines = self.lines.get(range.clone()).unwrap_or_default();
        let margin = lines.iter().filter(|l| !l.is_blank()).map(|l| l.indent).min().unwrap_or(0);
        self.keep(range, margin, emphasis(lines));
    }

    /// Writes lines as one block as they stand: tabs and other blanks of an indent become spaces, one
    /// beyond [`INDENT_MAX`] is cut, and blanks at the ends of lines go.
    pub fn standing(&mut self, range: std::ops::Range<usize>) {
        self.keep(range, 0, Vec::new());
    }

    /// Writes lines that keep their ends, and their indents beyond the margin.
    fn keep(&mut self, range: std::ops::Range<usize>, margin: u32, marks: Vec<Mark>) {
        let lines = self.lines.get(range.clone()).unwrap_or_default();
        self.builder.begin(BlockKind::Verse);
        let mut marks = marks.into_iter().peekable();
        let mut is_open = false;
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.builder.text("\n");
            }
            let indent = line.indent.saturating_sub(margin).min(INDENT_MAX) as usize;
            self.builder.text(&" ".repeat(indent));
            self.tell(range.start + index);
            if line.text.contains('\t') {
                self.builder.text(&expand_tabs(line));
                while marks.next_if(|mark| mark.line <= index).is_some() {}
            } else {
                self.styled(line.text, 0, index, &mut marks, &mut is_open);
            }
        }
        if is_open {
            self.builder.pop_style();
        }
        self.builder.end();
    }

    /// Writes lines as one heading: a line that was only wrapped flows on, others stay lines.
    pub fn heading(&mut self, level: u8, range: std::ops::Range<usize>) {
        let lines = self.lines.get(range.clone()).unwrap_or_default();
        self.builder.begin(BlockKind::Heading(level));
        let mut marks = emphasis(lines).into_iter().peekable();
        let mut is_open = false;
        let mut above: Option<&Line> = None;
        for (index, line) in lines.iter().enumerate() {
            if line.is_blank() {
                continue;
            }
            if let Some(above) = above {
                let is_wrapped = index > 0
                    && lines.get(index - 1).is_some_and(|l| !l.is_blank())
                    && above.width * 2 > HEADING_COLUMNS
                    && is_forced(above, line, above.right().max(line.right()).max(60));
                if is_wrapped {
                    self.builder.text(" ");
                } else {
                    self.builder.line_break();
                }
            }
            self.tell(range.start + index);
            self.styled(line.text, 0, index, &mut marks, &mut is_open);
            above = Some(line);
        }
        if is_open {
            self.builder.pop_style();
        }
        self.builder.end();
    }

    /// The section, after all lines were written.
    pub fn finish(mut self) -> Section {
        self.builder.end();
        let next = Position::start_of(self.section.next());
        for line in self.lines.get(self.told..).unwrap_or_default() {
            (self.each)(line, next);
        }
        self.builder.finish()
    }

    /// Tells of all lines up to this one that they stand where the next word will.
    fn tell(&mut self, line: usize) {
        let place = self.builder.place();
        for line in self.lines.get(self.told..=line).unwrap_or_default() {
            (self.each)(line, place);
        }
        self.told = self.told.max(line + 1);
    }

    /// Writes the text of one line, with its marks as changes of style.
    fn styled(
        &mut self,
        text: &str,
        skip: usize,
        line: usize,
        marks: &mut std::iter::Peekable<impl Iterator<Item = Mark>>,
        is_open: &mut bool,
    ) {
        let mut from = skip;
        while let Some(mark) = marks.next_if(|mark| mark.line == line) {
            self.builder.text(text.get(from..mark.at).unwrap_or_default());
            if *is_open {
                self.builder.pop_style();
            } else {
                self.builder.push_style(Style::EMPHASIS);
            }
            *is_open = !*is_open;
            from = mark.at + 1;
        }
        self.builder.text(text.get(from..).unwrap_or_default());
    }
}

/// Whether bytes of a line could not be decoded.
fn has_lost_bytes(line: &str) -> bool {
    let mut found = memchr::memchr_iter(0xEF, line.as_bytes());
    found.any(|at| line.get(at..).is_some_and(|rest| rest.starts_with(char::REPLACEMENT_CHARACTER)))
}

/// The marks of a group of lines; most texts have none and pay nothing.
fn emphasis(lines: &[Line]) -> Vec<Mark> {
    let has_any = lines.iter().any(|line| line.signs.any(&[Signs::EMPHASIS]));
    if has_any { marks(lines.iter().map(|line| line.text)) } else { Vec::new() }
}

/// Whether two lines of a paragraph go on in one word, or in a script without spaces.
fn joins_without_space(above: &str, below: &str) -> bool {
    let mut ends = above.chars().rev();
    let (Some(last), before) = (ends.next(), ends.next()) else { return false };
    let Some(first) = below.chars().next() else { return false };
    if is_wide(last) && is_wide(first) {
        return true;
    }
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match last {
        // The hyphen of a compound stays, and the compound stays whole.
        '-' | '\u{2010}' if is_letter(before) => {
            let word = below.split_whitespace().next().unwrap_or_default();
            first.is_alphanumeric() && !AFTER_OPEN_HYPHEN.contains(&word)
        }
        '-' => before == Some('-') && is_letter(above.chars().rev().nth(2)) && first.is_alphanumeric(),
        '—' => is_letter(before) && first.is_alphanumeric(),
        // What is broken may be put together again by its reader only.
        '\u{AD}' => true,
        _ => false,
    }
}

/// The text of a line with its tabs as spaces, at the stops of the whole line.
fn expand_tabs<'a>(line: &Line<'a>) -> Cow<'a, str> {
    let mut out = String::with_capacity(line.text.len() + 16);
    let mut column = line.indent;
    for part in line.text.split_inclusive('\t') {
        let words = part.strip_suffix('\t');
        let words_or_part = words.unwrap_or(part);
        out.push_str(words_or_part);
        column += super::lines::columns(words_or_part);
        if words.is_some() {
            let stop = (column / 8 + 1) * 8;
            out.push_str(&" ".repeat((stop - column) as usize));
            column = stop;
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_across_line_ends() {
        for (above, below, joined) in [
            ("self-", "assertion", true),
            ("pre-", "and post-war", false),
            ("the end", "of it", false),
            ("evolution--", "not here", true),
            ("he said --", "not here", false),
            ("他来了", "我走了", true),
            ("他来了", "and I left", false),
            ("a -", "b", false),
        ] {
            assert_eq!(joins_without_space(above, below), joined, "{above} / {below}");
        }
    }
}

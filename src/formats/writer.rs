//! A section builder that goes on in a next section where a text grows long.
//!
//! A page of HTML or Markdown is one tree without parts, but a reader needs sections of bounded
//! size: progress, search and memory are counted by them. So the writer passes everything on to a
//! [`SectionBuilder`], remembers what is open, and at a good place (before a heading, else between
//! any two blocks) begins the next section with the same frames, styles and links open. It must
//! not know any format.

use std::ops::Range;

use crate::document::{Align, BlockKind, FrameKind, Link, Position, Section, SectionBuilder, SectionId, Style};
use crate::limits::FRAME_DEPTH_MAX;
use crate::text::{Clean, clean_line};

/// From this many bytes of text on, a section ends at the next heading.
const SECTION_BYTES: usize = 64 * 1024;
/// From this many bytes on, a section ends at the next block of any kind.
const SECTION_BYTES_LONG: usize = 96 * 1024;
/// From this many bytes on, even a table goes on in the next section.
const SECTION_BYTES_TABLE: usize = 1024 * 1024;

/// Writes blocks into one builder, or, when it may cut, into one after another.
#[derive(Debug)]
pub struct Writer<'b> {
    builder: &'b mut SectionBuilder,
    /// Sections that are complete; `None` where all goes into one.
    done: Option<Vec<Section>>,
    /// Bytes of text in the current section, roughly.
    bytes: usize,
    frames: Vec<FrameKind>,
    /// Open frames in those, which nest too deep to show and are only counted.
    flattened: usize,
    styles: Vec<Style>,
    links: Vec<Link>,
    tables: usize,
    /// The columns of the outermost table that is open.
    aligns: Vec<Align>,
    /// The open block keeps its white space.
    is_preformatted: bool,
    /// The last character of running text.
    last: char,
    /// A line of the source has ended after a character that needs no space after it.
    has_line_end: bool,
    /// Names that wait for the next block: it may stand in the next section.
    ids: Vec<String>,
    /// No block is open as far as the writer knows: a cut here parts nothing.
    is_between: bool,
    /// Where in the source is what is written next, in bytes.
    source: Range<usize>,
    /// A place in the source that is looked for.
    sought: Option<Sought>,
}

/// A place in the source, in bytes, and where stands the stretch that has it, or the next after it.
#[derive(Debug)]
struct Sought {
    source: usize,
    found: Option<Position>,
}

impl<'b> Writer<'b> {
    /// Writes all into one section.
    pub fn whole(builder: &'b mut SectionBuilder) -> Writer<'b> {
        Writer {
            builder,
            done: None,
            bytes: 0,
            frames: Vec::new(),
            flattened: 0,
            styles: Vec::new(),
            links: Vec::new(),
            tables: 0,
            aligns: Vec::new(),
            is_preformatted: false,
            last: ' ',
            has_line_end: false,
            ids: Vec::new(),
            is_between: true,
            source: 0..0,
            sought: None,
        }
    }

    /// Writes into a first section and then further ones; [`finish`](Self::finish) gives those
    /// that came before the builder's last one.
    pub fn cutting(builder: &'b mut SectionBuilder) -> Writer<'b> {
        Writer { done: Some(Vec::new()), ..Writer::whole(builder) }
    }

    /// The same, to find where a place in the source is written.
    pub fn seeking(self, source: usize) -> Writer<'b> {
        Writer { sought: Some(Sought { source, found: None }), ..self }
    }

    /// Whether a place in the source is looked for.
    pub fn is_seeking(&self) -> bool {
        self.sought.is_some()
    }

    /// Says where in the source is what is written next.
    pub fn at(&mut self, source: Range<usize>) {
        self.source = source;
    }

    /// Where stands what is at the place in the source that was looked for; the end, so far, where
    /// nothing came after it.
    pub fn found(&self) -> Position {
        self.sought.as_ref().and_then(|sought| sought.found).unwrap_or_else(|| self.builder.place())
    }

    /// Something of the text is written here.
    fn note(&mut self) {
        if let Some(sought) = &mut self.sought
            && sought.found.is_none()
            && (sought.source <= self.source.start || sought.source < self.source.end)
        {
            sought.found = Some(self.builder.place());
        }
    }

    /// The complete sections; the last one is still in the builder.
    pub fn finish(mut self) -> Vec<Section> {
        self.name();
        self.done.unwrap_or_default()
    }

    /// Begins a block, after ending the one before.
    pub fn begin(&mut self, kind: BlockKind) {
        self.end();
        self.cut(matches!(kind, BlockKind::Heading(_)));
        self.is_preformatted = kind.is_preformatted() && self.tables == 0;
        self.builder.begin(kind);
        self.is_between = false;
    }

    /// Ends the open block, if there is one.
    pub fn end(&mut self) {
        self.builder.end();
        self.is_between = true;
        self.is_preformatted = false;
        self.forget_line();
    }

    /// Whether the open block, if any, has text so far.
    pub fn has_open_text(&self) -> bool {
        self.builder.has_open_text()
    }

    /// The end of the last word so far, if what comes next stands right after it.
    pub fn last_word(&self) -> &str {
        self.builder.last_word()
    }

    /// Adds text of any origin.
    pub fn text(&mut self, raw: &str) {
        if self.is_between && self.tables == 0 && !raw.trim_ascii().is_empty() {
            self.cut(false);
            self.is_between = false;
        }
        if !raw.trim_ascii().is_empty() {
            self.note();
        }
        self.bytes += raw.len();
        if self.is_preformatted {
            self.builder.text(raw);
        } else {
            self.running_text(raw);
        }
    }

    /// Text in which a line end of the source is a space, except between two characters of a
    /// script that writes none.
    fn running_text(&mut self, raw: &str) {
        let is_space = |c: char| c.is_ascii_whitespace();
        let mut rest = raw;
        while !rest.is_empty() {
            if self.has_line_end {
                rest = rest.trim_start_matches(is_space);
                let Some(first) = rest.chars().next() else { return };
                if !has_no_spaces(first) {
                    self.builder.text("\n");
                }
                self.has_line_end = false;
            }
            let (line, more) = rest.split_once('\n').map_or((rest, None), |(line, more)| (line, Some(more)));
            let words = line.trim_end_matches(is_space);
            self.last = words.chars().next_back().unwrap_or(self.last);
            self.has_line_end = more.is_some() && has_no_spaces(self.last);
            if self.has_line_end {
                self.builder.text(words);
            } else {
                let end = if more.is_some() { line.len() + 1 } else { line.len() };
                self.builder.text(rest.get(..end).unwrap_or(rest));
            }
            rest = more.unwrap_or_default();
        }
    }

    fn forget_line(&mut self) {
        self.last = ' ';
        self.has_line_end = false;
    }

    /// Ends the line inside the block.
    pub fn line_break(&mut self) {
        self.forget_line();
        self.builder.line_break();
    }

    /// Marks the next block as standing without a blank row before it.
    pub fn tight(&mut self) {
        self.builder.tight();
    }

    /// Marks the next block as going on with the one that ended the section before.
    pub fn continues(&mut self) {
        self.builder.continues();
    }

    /// Adds a style to what follows.
    pub fn push_style(&mut self, style: Style) {
        self.styles.push(style);
        self.builder.push_style(style);
    }

    /// Takes the last added style away.
    pub fn pop_style(&mut self) {
        self.styles.pop();
        self.builder.pop_style();
    }

    /// What follows leads somewhere.
    pub fn push_link(&mut self, link: Link) {
        self.links.push(link.clone());
        self.builder.push_link(link);
    }

    /// Ends the link.
    pub fn pop_link(&mut self) {
        self.links.pop();
        self.builder.pop_link();
    }

    /// Names this place.
    pub fn id(&mut self, name: &str) {
        if self.done.is_some() && self.is_between && self.tables == 0 {
            self.ids.push(name.to_owned());
        } else {
            self.builder.id(name);
        }
    }

    /// Opens a container around the blocks that follow.
    pub fn open(&mut self, kind: FrameKind) {
        self.end();
        self.cut(false);
        if self.frames.len() >= FRAME_DEPTH_MAX {
            self.builder.warn_of_depth();
            self.flattened += 1;
        } else {
            self.frames.push(kind.clone());
            self.builder.open(kind);
        }
    }

    /// Whether nothing was written so far.
    pub fn is_empty(&self) -> bool {
        self.builder.block_count() == 0 && !self.builder.has_open_text() && self.done.as_ref().is_none_or(Vec::is_empty)
    }

    /// Items of lists around this place.
    pub fn list_depth(&self) -> usize {
        self.frames.iter().filter(|frame| matches!(frame, FrameKind::Item { .. })).count()
    }

    /// Closes the innermost container.
    pub fn close(&mut self) {
        self.end();
        if self.flattened > 0 {
            self.flattened -= 1;
        } else {
            self.frames.pop();
            self.builder.close();
        }
    }

    /// A break between parts of the text.
    pub fn rule(&mut self) {
        self.name();
        self.note();
        self.builder.rule();
        self.is_between = true;
    }

    /// A picture, by the words that stand for it.
    pub fn image(&mut self, words: &str, source: &str) {
        self.bytes += words.len();
        self.name();
        self.note();
        self.builder.image(words, source);
    }

    /// Begins a table.
    pub fn table(&mut self, aligns: Vec<Align>) {
        self.builder.end();
        if self.tables == 0 {
            self.is_between = true;
            self.cut(false);
        }
        self.tables += 1;
        if self.tables == 1 {
            self.aligns.clone_from(&aligns);
        }
        self.forget_line();
        self.builder.table(aligns);
    }

    /// Begins a row of the table.
    pub fn row(&mut self, header: bool) {
        if self.tables == 1 && self.bytes >= SECTION_BYTES_TABLE && self.done.is_some() {
            let aligns = self.aligns.clone();
            self.end_table();
            self.table(aligns);
        }
        self.builder.row(header);
    }

    /// Begins a cell of the row.
    pub fn cell(&mut self) {
        self.bytes += 1;
        self.forget_line();
        self.builder.cell();
    }

    /// Ends the table.
    pub fn end_table(&mut self) {
        self.tables = self.tables.saturating_sub(1);
        self.builder.end_table();
        self.is_between = true;
        self.forget_line();
    }

    /// Whether a table is open.
    pub fn is_in_table(&self) -> bool {
        self.tables > 0
    }

    /// Notes that something could not be read as it stands.
    pub fn warn(&mut self, sentence: &str) {
        self.builder.warn(sentence);
    }

    /// Begins the next section here if this one is long enough, and names the place.
    fn cut(&mut self, is_heading: bool) {
        self.begin_section(is_heading);
        self.name();
    }

    fn name(&mut self) {
        for name in self.ids.drain(..) {
            self.builder.id(&name);
        }
    }

    fn begin_section(&mut self, is_heading: bool) {
        let limit = if is_heading { SECTION_BYTES } else { SECTION_BYTES_LONG };
        if self.bytes < limit || !self.is_between || self.tables > 0 {
            return;
        }
        let Some(done) = &mut self.done else { return };
        let next = SectionId(done.len() as u32 + 1);
        let mut builder = SectionBuilder::new(next);
        for frame in &self.frames {
            builder.open(continued(frame));
        }
        for style in &self.styles {
            builder.push_style(*style);
        }
        for link in &self.links {
            builder.push_link(link.clone());
        }
        done.push(std::mem::replace(self.builder, builder).finish());
        self.bytes = 0;
    }
}

/// A frame as it goes on in the next section: its marker was shown in the one before.
fn continued(frame: &FrameKind) -> FrameKind {
    match frame {
        FrameKind::Item { .. } => FrameKind::Item { marker: Clean::default() },
        FrameKind::Note { .. } => FrameKind::Note { label: Clean::default() },
        kind => kind.clone(),
    }
}

/// Whether a character belongs to a script that puts no spaces between words, so that a line of
/// the source may end after it without meaning one: Chinese and Japanese.
fn has_no_spaces(c: char) -> bool {
    matches!(c,
        '\u{3000}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

/// Where an address in a document leads: into the same document, outside, or nowhere that a
/// reader could go.
pub fn link(address: &str) -> Option<Link> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    match scheme(address) {
        Some(scheme) if ["javascript", "data", "vbscript"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) => None,
        Some(_) => Some(Link::Outside(clean_line(address))),
        None if address.starts_with("//") => Some(Link::Outside(clean_line(address))),
        None => Some(Link::Inside(clean_line(address))),
    }
}

/// The scheme of an address (`https`), if it has one.
fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let is_name = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    is_name.then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BlockId;

    fn sections(write: impl FnOnce(&mut Writer)) -> Vec<Section> {
        let mut builder = SectionBuilder::new(SectionId(0));
        let mut writer = Writer::cutting(&mut builder);
        write(&mut writer);
        let mut sections = writer.finish();
        sections.push(builder.finish());
        sections
    }

    #[test]
    fn long_texts_are_cut_at_headings() {
        let words = "word ".repeat(8 * 1024);
        let parts = sections(|w| {
            for _ in 0..3 {
                w.begin(BlockKind::Heading(2));
                w.text("Title");
                w.end();
                w.text(&words);
                w.end();
                w.text(&words);
                w.end();
            }
        });
        assert_eq!(parts.len(), 3);
        for (number, part) in parts.iter().enumerate() {
            assert_eq!(part.id(), SectionId(number as u32));
            assert_eq!(part.block_text(BlockId(0)), "Title");
        }
    }

    #[test]
    fn frames_and_styles_go_on_after_a_cut() {
        let words = "word ".repeat(8 * 1024);
        let parts = sections(|w| {
            w.open(FrameKind::Quote);
            w.open(FrameKind::Item { marker: clean_line("1.") });
            w.push_style(Style::EMPHASIS);
            for _ in 0..5 {
                w.text(&words);
                w.end();
            }
            w.pop_style();
            w.close();
            w.close();
            w.text("outside");
        });
        assert_eq!(parts.len(), 2);
        let kinds: Vec<_> = parts[1].frames(BlockId(0)).map(|(_, f)| f.kind.clone()).collect();
        assert_eq!(kinds, [FrameKind::Item { marker: Clean::default() }, FrameKind::Quote]);
        assert_eq!(parts[1].spans(BlockId(0))[0].style, Style::EMPHASIS);
        let last = BlockId(parts[1].block_count() - 1);
        assert_eq!((parts[1].block_text(last), parts[1].frames(last).count()), ("outside", 0));
    }

    #[test]
    fn a_huge_table_goes_on_in_the_next_section() {
        let words = "word ".repeat(1000);
        let parts = sections(|w| {
            w.table(vec![Align::End]);
            for _ in 0..600 {
                w.row(false);
                w.cell();
                w.text(&words);
            }
            w.end_table();
            w.text("after");
        });
        assert_eq!(parts.len(), 4);
        let rows: u32 = parts.iter().flat_map(Section::tables).map(|table| table.rows).sum();
        assert_eq!(rows, 600);
        assert!(parts.iter().flat_map(Section::tables).all(|table| table.aligns == [Align::End]));
    }

    #[test]
    fn line_ends_are_spaces_where_the_script_has_them() {
        let check = |pieces: &[&str], shown: &str| {
            let parts = sections(|w| pieces.iter().for_each(|piece| w.text(piece)));
            assert_eq!(parts[0].text().as_str(), shown, "{pieces:?}");
        };
        check(&["one\n two"], "one two");
        check(&["日本\n  語。\r\n次"], "日本語。次");
        check(&["日本", "\n", "語"], "日本語");
        check(&["日本\n", "word\n日", " 本"], "日本 word 日 本");
        check(&["한국\n어"], "한국 어");
        check(&["日\n"], "日");
    }

    #[test]
    fn addresses_lead_inside_or_outside() {
        let check = |address: &str, kind: &str| {
            let name = match link(address) {
                Some(Link::Inside(_)) => "inside",
                Some(Link::Outside(_)) => "outside",
                None => "nowhere",
            };
            assert_eq!(name, kind, "{address:?}");
        };
        for address in ["#a", "b.html", " c.xhtml#d ", "../x", "a/b:c", "1:2"] {
            check(address, "inside");
        }
        for address in ["https://example.org", "MAILTO:a@example.org", "//example.org/x"] {
            check(address, "outside");
        }
        for address in ["", "  ", "javascript:f()", "data:text/html,x"] {
            check(address, "nowhere");
        }
    }
}

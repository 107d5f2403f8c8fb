//! The one way to make a section. Formats say what they meet; the builder cleans the text,
//! collapses white space, keeps the limits and upholds the invariants of [`Section`].
//!
//! It never fails: matter beyond a limit is cut or flattened, with a warning where a reader would
//! miss something. It must not know any format.

use unicode_segmentation::UnicodeSegmentation;

use crate::limits::{
    ADDRESS_MAX, BLOCK_BYTES_MAX, FRAME_DEPTH_MAX, IDS_MAX, LINKS_MAX, SECTION_BYTES_MAX, TABLE_COLUMNS_MAX,
    TABLE_ROWS_MAX, WARNINGS_MAX,
};
use crate::text::bytes::any_pair;
use crate::text::width::{longest_word, width};
use crate::text::{Clean, Cleaner, clean_line};

use super::section::Warning;
use super::{Align, Block, BlockId, BlockKind, Frame, FrameKind, Link, Position, Section, SectionId};
use super::{Span, Style, Table};

/// From here on a block is cut at the next space rather than in a word.
const BLOCK_BYTES_SOFT: usize = BLOCK_BYTES_MAX - 1024;

/// Builds one section.
///
/// Text given while no block is open begins a paragraph. White space of flowing text collapses as
/// in HTML; in verse and code it stays.
#[derive(Debug)]
pub struct SectionBuilder {
    section: Section,
    text: String,
    cleaner: Cleaner,
    scratch: String,
    open: Option<Open>,
    /// A collapsed space that waits for a next word.
    space: bool,
    /// Line breaks that wait for a next word.
    breaks: usize,
    styles: Vec<Style>,
    links: Vec<Option<u32>>,
    /// Where the current run of one style and link begins in `text`.
    run: usize,
    /// Open frames; `None` for one that was flattened.
    frames: Vec<Option<u32>>,
    /// The innermost open frame that was kept.
    frame: Option<u32>,
    /// Names that wait for the next block.
    pending_ids: Vec<Clean>,
    tight: bool,
    continues: bool,
    table: Option<OpenTable>,
    is_full: bool,
}

#[derive(Debug)]
struct Open {
    kind: BlockKind,
    start: usize,
    spans: usize,
    continues: bool,
}

#[derive(Debug)]
struct OpenTable {
    /// Tables in cells of this one, which are flattened.
    inner: usize,
    index: u32,
    columns: usize,
    header: bool,
}

impl SectionBuilder {
    /// An empty section.
    pub fn new(id: SectionId) -> SectionBuilder {
        SectionBuilder {
            section: Section { id, ..Section::default() },
            text: String::new(),
            cleaner: Cleaner::new(),
            scratch: String::new(),
            open: None,
            space: false,
            breaks: 0,
            styles: vec![Style::PLAIN],
            links: vec![None],
            run: 0,
            frames: Vec::new(),
            frame: None,
            pending_ids: Vec::new(),
            tight: false,
            continues: false,
            table: None,
            is_full: false,
        }
    }

    /// The same with room for so many bytes of text.
    pub fn with_capacity(id: SectionId, bytes: usize) -> SectionBuilder {
        SectionBuilder { text: String::with_capacity(bytes.min(SECTION_BYTES_MAX)), ..SectionBuilder::new(id) }
    }

    /// Number of blocks that are complete.
    pub fn block_count(&self) -> u32 {
        self.section.block_count()
    }

    /// Whether the open block, if any, has text so far.
    pub fn has_open_text(&self) -> bool {
        self.open.as_ref().is_some_and(|open| self.text.len() > open.start)
    }

    /// The last characters of the last word of the open block, at most four, if what comes next stands right
    /// after it.
    pub fn last_word(&self) -> &str {
        let text = self.open.as_ref().and_then(|open| self.text.get(open.start..)).unwrap_or_default();
        if self.space || self.breaks > 0 {
            return "";
        }
        let end = text.char_indices().rev().take(4).take_while(|(_, c)| !c.is_whitespace());
        end.last().and_then(|(at, _)| text.get(at..)).unwrap_or_default()
    }

    /// Begins a block, after ending the one before. In a table cell it begins a line.
    pub fn begin(&mut self, kind: BlockKind) {
        if self.table.is_some() {
            self.breaks = 1;
            return;
        }
        self.end();
        self.begin_block(kind, false);
    }

    /// Ends the open block, if there is one. One without text is dropped.
    pub fn end(&mut self) {
        if self.table.is_some() {
            self.breaks = 1;
        } else {
            self.end_block(true);
        }
    }

    /// Marks the next block as standing without a blank row after the one before it.
    pub fn tight(&mut self) {
        self.tight = true;
    }

    /// Marks the next block as going on with one that the section before ends with.
    pub fn continues(&mut self) {
        self.continues = true;
    }

    /// Where the next word will stand.
    pub fn place(&self) -> Position {
        let block = BlockId(self.section.block_count());
        let byte = self.open.as_ref().map_or(0, |open| {
            let written = self.text.len() - open.start;
            let waiting = if self.breaks > 0 { self.breaks.min(2) } else { usize::from(self.space) };
            written + if written > 0 { waiting } else { 0 }
        });
        Position::new(self.section.id, block, byte as u32)
    }

    /// Adds text of any origin.
    pub fn text(&mut self, raw: &str) {
        if self.cleaner.passes(raw) {
            return self.append(raw);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        self.cleaner.push(raw, &mut scratch);
        self.append(&scratch);
        self.scratch = scratch;
    }

    /// Adds a space, as [`text`](Self::text) with one does.
    pub fn space(&mut self) {
        let flows = self.table.is_none() && self.open.as_ref().is_some_and(|open| !open.kind.is_preformatted());
        if flows && self.cleaner.space() {
            self.space = true;
        } else {
            self.text(" ");
        }
    }

    /// Ends the line inside the block.
    pub fn line_break(&mut self) {
        if self.table.is_some() {
            self.breaks = 1;
        } else if self.has_open_text() {
            self.breaks += 1;
            self.space = false;
        }
    }

    /// Adds a style to what follows, until [`pop_style`](Self::pop_style).
    pub fn push_style(&mut self, style: Style) {
        self.flush_space();
        self.close_run();
        let around = self.styles.last().copied().unwrap_or_default();
        self.styles.push(around | style);
    }

    /// Takes the last added style away.
    pub fn pop_style(&mut self) {
        self.close_run();
        if self.styles.len() > 1 {
            self.styles.pop();
        }
    }

    /// What follows leads somewhere, until [`pop_link`](Self::pop_link).
    pub fn push_link(&mut self, link: Link) {
        self.flush_space();
        self.close_run();
        let (Link::Inside(address) | Link::Outside(address)) = &link;
        if address.len() > ADDRESS_MAX {
            self.warn("An address has more than 64 KiB; its link leads nowhere.");
            self.links.push(None);
        } else if self.section.links.len() < LINKS_MAX {
            self.section.links.push(link);
            self.links.push(Some(self.section.links.len() as u32 - 1));
        } else {
            self.warn("This part of the document has more than 100,000 links; the rest of them lead nowhere.");
            self.links.push(None);
        }
    }

    /// Ends the link.
    pub fn pop_link(&mut self) {
        self.close_run();
        if self.links.len() > 1 {
            self.links.pop();
        }
    }

    /// Names this place, for links.
    pub fn id(&mut self, name: &str) {
        let name = clean_line(name);
        if name.is_empty() {
            return;
        }
        if self.section.ids.len() + self.pending_ids.len() >= IDS_MAX {
            self.warn("This part of the document has more than 100,000 named places; the rest cannot be reached.");
            return;
        }
        match &self.open {
            Some(open) => {
                let byte = (self.text.len() - open.start) as u32;
                self.section.ids.push((name, BlockId(self.section.block_count()), byte));
            }
            None => self.pending_ids.push(name),
        }
    }

    /// Opens a container around the blocks that follow.
    pub fn open(&mut self, kind: FrameKind) {
        if self.table.is_some() {
            self.frames.push(None);
            return;
        }
        self.end();
        if self.frames.iter().flatten().count() >= FRAME_DEPTH_MAX {
            self.warn_of_depth();
            self.frames.push(None);
            return;
        }
        let first = BlockId(self.section.block_count());
        self.section.frames.push(Frame { parent: self.frame, kind, first });
        self.frame = Some(self.section.frames.len() as u32 - 1);
        self.frames.push(self.frame);
    }

    /// Closes the innermost container.
    pub fn close(&mut self) {
        self.end();
        self.frames.pop();
        if self.table.is_none() {
            self.frame = self.frames.iter().rev().find_map(|frame| *frame);
        }
    }

    /// A break between parts of the text.
    pub fn rule(&mut self) {
        if self.table.is_none() {
            self.end();
            self.begin_block(BlockKind::Rule, false);
            self.end_block(false);
        }
    }

    /// A picture, by the words that stand for it. Inside a block the words stand in the line;
    /// between blocks they are a block of their own, even without words.
    pub fn image(&mut self, words: &str, source: &str) {
        if self.has_open_text() || self.table.is_some() || self.open.is_some() {
            if !words.trim().is_empty() {
                self.text(words);
            }
            return;
        }
        self.begin_block(BlockKind::Image { source: clean_line(source) }, false);
        self.text(words);
        self.end_block(false);
    }

    /// Begins a table with as many columns as there are alignments (it may turn out wider).
    pub fn table(&mut self, aligns: Vec<Align>) {
        if let Some(table) = &mut self.table {
            table.inner += 1;
            self.breaks = 1;
            return;
        }
        self.end();
        let index = self.add_table(aligns);
        self.table = Some(OpenTable { inner: 0, index, columns: 0, header: false });
    }

    /// Begins a row, after ending the one before.
    pub fn row(&mut self, header: bool) {
        self.end_row();
        let Some(table) = &mut self.table else { return };
        if table.inner > 0 {
            self.breaks = 1;
            return;
        }
        table.columns = 0;
        table.header = header;
        let rows = self.section.tables.get(table.index as usize).map_or(0, |t| t.rows);
        if rows >= TABLE_ROWS_MAX {
            let aligns = self.section.tables.last().map(|t| t.aligns.clone()).unwrap_or_default();
            let index = self.add_table(aligns);
            if let Some(table) = &mut self.table {
                table.index = index;
            }
        }
    }

    /// Begins a cell of the row.
    pub fn cell(&mut self) {
        let Some(table) = &mut self.table else { return };
        if table.inner > 0 {
            self.space = true;
            return;
        }
        table.columns += 1;
        let (columns, index, header) = (table.columns, table.index, table.header);
        self.end_cell();
        if columns == 1 {
            self.begin_block(BlockKind::TableRow { table: index, header }, false);
        } else if columns <= TABLE_COLUMNS_MAX {
            self.text.push('\t');
            self.run = self.text.len();
        }
        self.space = columns > TABLE_COLUMNS_MAX;
        if self.space {
            self.warn("A table has more than 100 columns; the rest of a row stands in its last one.");
        }
        self.breaks = 0;
    }

    /// Ends the table.
    pub fn end_table(&mut self) {
        match &mut self.table {
            Some(table) if table.inner > 0 => {
                table.inner -= 1;
                self.breaks = 1;
            }
            _ => {
                self.end_row();
                self.table = None;
                self.frame = self.frames.iter().rev().find_map(|frame| *frame);
            }
        }
    }

    /// Notes that something could not be read as it stands; the same thing once.
    pub fn warn(&mut self, sentence: &str) {
        let sentence = Warning(clean_line(sentence));
        if self.section.warnings.len() > WARNINGS_MAX || self.section.warnings.contains(&sentence) {
            return;
        }
        let is_last = self.section.warnings.len() == WARNINGS_MAX;
        let others =
            || Warning(clean_line("There is more in this part of the document that cannot be read as it stands."));
        self.section.warnings.push(if is_last { others() } else { sentence });
    }

    /// Notes that a container is left out because there are too many around it.
    pub fn warn_of_depth(&mut self) {
        self.warn("Lists and quotations stand more than 16 deep in each other; deeper ones are shown at that depth.");
    }

    /// The finished section.
    pub fn finish(mut self) -> Section {
        self.end_table();
        self.end();
        // Names after the last block name its end.
        if let Some(last) = self.section.blocks.last() {
            let place = (BlockId(self.section.block_count() - 1), last.len());
            self.section.ids.extend(self.pending_ids.drain(..).map(|name| (name, place.0, place.1)));
        }
        self.section.text = Clean::from_cleaner(self.text);
        self.section
    }

    fn add_table(&mut self, aligns: Vec<Align>) -> u32 {
        let first = BlockId(self.section.block_count());
        self.section.tables.push(Table { aligns, first, ..Table::default() });
        self.section.tables.len() as u32 - 1
    }

    /// Ends the open cell, if there is one, without the white space at its end.
    fn end_cell(&mut self) {
        self.close_run();
        self.settle_cleaner();
        (self.space, self.breaks) = (false, 0);
        if let Some(start) = self.open.as_ref().map(|open| open.start) {
            let kept = self.text.get(start..).unwrap_or_default().trim_end_matches([' ', '\n']).len();
            self.text.truncate(start + kept);
            self.run = self.run.min(self.text.len());
        }
    }

    fn end_row(&mut self) {
        let Some(OpenTable { inner: 0, index, .. }) = self.table else { return };
        let Some(start) = self.open.as_ref().map(|open| open.start) else { return };
        self.end_cell();
        let row = self.text.get(start..).unwrap_or_default();
        if let Some(table) = self.section.tables.get_mut(index as usize) {
            table.rows += 1;
            for (column, cell) in row.split('\t').enumerate() {
                if table.natural.len() <= column {
                    table.natural.push(0);
                    table.longest_word.push(0);
                }
                if table.aligns.len() <= column {
                    table.aligns.push(Align::Start);
                }
                // A cell of white space takes no columns, any other that takes some has a word.
                let lines = cell.split('\n').filter(|line| !line.trim().is_empty());
                let across = lines.map(width).max().unwrap_or(0);
                let word = longest_word(cell).max(1).min(across);
                if let (Some(natural), Some(longest)) =
                    (table.natural.get_mut(column), table.longest_word.get_mut(column))
                {
                    *natural = (*natural).max(across.min(usize::from(u16::MAX)) as u16);
                    *longest = (*longest).max(word.min(usize::from(u16::MAX)) as u16);
                }
            }
        }
        self.end_block(false);
    }

    fn begin_block(&mut self, kind: BlockKind, continues: bool) {
        let continues = continues || std::mem::take(&mut self.continues);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let block = BlockId(self.section.block_count());
        self.section.ids.extend(self.pending_ids.drain(..).map(|name| (name, block, 0)));
        self.open = Some(Open { kind, start: self.text.len(), spans: self.section.spans.len(), continues });
        self.run = self.text.len();
        self.space = false;
        self.breaks = 0;
        self.cleaner = Cleaner::new();
    }

    /// Ends the open block. `drop_empty`: one without text leaves no trace.
    fn end_block(&mut self, drop_empty: bool) {
        self.settle_cleaner();
        self.close_run();
        let Some(open) = self.open.take() else { return };
        self.space = false;
        self.breaks = 0;
        let text = self.text.get(open.start..).unwrap_or_default();
        let kept = match open.kind {
            BlockKind::Code { .. } => text.trim_end_matches('\n').len(),
            // The tabs of empty last cells stay.
            BlockKind::TableRow { .. } => text.trim_end_matches([' ', '\n']).len(),
            _ => text.trim_end_matches([' ', '\n', '\u{3000}']).len(),
        };
        self.text.truncate(open.start + kept);
        let end = self.text.len();
        if kept == 0 && drop_empty {
            self.undo_block(&open);
            return;
        }
        let own = self.section.spans.split_off(open.spans.min(self.section.spans.len()));
        let clip = |at: u32| (at as usize).clamp(open.start, end) as u32 - open.start as u32;
        let clipped = own.into_iter().map(|span| Span { start: clip(span.start), end: clip(span.end), ..span });
        self.section.spans.extend(clipped.filter(|span| span.start < span.end));
        // Names in the white space that goes name the end.
        let block = BlockId(self.section.block_count());
        for (_, _, byte) in self.section.ids.iter_mut().rev().take_while(|(_, of, _)| *of == block) {
            *byte = (*byte).min(kept as u32);
        }
        self.section.blocks.push(Block {
            kind: open.kind,
            start: open.start as u32,
            end: end as u32,
            spans: (open.spans as u32, self.section.spans.len() as u32),
            frame: self.frame,
            continues: open.continues,
            tight: std::mem::take(&mut self.tight),
        });
    }

    /// Takes back a block that got no text: its names wait for the next one.
    fn undo_block(&mut self, open: &Open) {
        let block = BlockId(self.section.block_count());
        self.section.spans.truncate(open.spans);
        let first = self.section.ids.partition_point(|(_, b, _)| *b < block);
        self.pending_ids.extend(self.section.ids.drain(first..).map(|(name, ..)| name));
        if !self.section.blocks.is_empty() {
            self.text.truncate(open.start.saturating_sub(1));
        }
        self.run = self.text.len();
    }

    /// What the cleaner still held back belongs to the open block.
    fn settle_cleaner(&mut self) {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        self.cleaner.finish(&mut scratch);
        if self.open.is_some() {
            self.append(&scratch);
        }
        self.scratch = scratch;
    }

    fn append(&mut self, clean: &str) {
        if clean.is_empty() || self.is_full {
            return;
        }
        if self.text.len() + clean.len() > SECTION_BYTES_MAX {
            self.is_full = true;
            self.warn("This part of the document is over 64 MiB; the rest of it is left out.");
            return;
        }
        let clean = self.cut_row(clean);
        let keeps_space = self.open.as_ref().is_some_and(|open| open.kind.is_preformatted());
        if keeps_space {
            self.append_preformatted(clean);
        } else {
            self.append_flowing(clean);
        }
    }

    /// What of a text still fits into the row of a table: its cells cannot go on in another row.
    fn cut_row<'t>(&mut self, clean: &'t str) -> &'t str {
        let room = match &self.open {
            Some(Open { kind: BlockKind::TableRow { .. }, start, .. }) => {
                BLOCK_BYTES_SOFT.saturating_sub(self.text.len() - start)
            }
            _ => return clean,
        };
        if clean.len() <= room {
            return clean;
        }
        self.warn("A row of a table is over 63 KiB; the rest of it is left out.");
        clean.get(..clean.floor_char_boundary(room)).unwrap_or_default()
    }

    fn append_preformatted(&mut self, clean: &str) {
        self.flush_space();
        for line in clean.split_inclusive('\n') {
            self.split_if_full(line.len(), line.ends_with('\n'));
            if line.len() < BLOCK_BYTES_SOFT {
                self.text.push_str(line);
            } else {
                for c in line.chars() {
                    self.split_if_full(c.len_utf8(), c == ' ');
                    self.text.push(c);
                }
            }
        }
    }

    fn append_flowing(&mut self, clean: &str) {
        if self.append_spaced(clean) {
            return;
        }
        for word in clean.split_inclusive([' ', '\n']) {
            let bare = word.trim_end_matches([' ', '\n']);
            if !bare.is_empty() {
                if self.open.is_none() {
                    if self.table.is_some() {
                        continue;
                    }
                    self.begin_block(BlockKind::Paragraph, false);
                }
                self.flush_space();
                self.split_if_full(bare.len(), true);
                if bare.len() < BLOCK_BYTES_SOFT {
                    self.text.push_str(bare);
                } else {
                    for grapheme in bare.graphemes(true) {
                        self.split_if_full(grapheme.len(), false);
                        self.text.push_str(grapheme);
                    }
                }
            }
            if bare.len() < word.len() {
                self.space = true;
            }
        }
    }

    /// The short way for words that spaces part: what stands between two wide ones is copied as one.
    fn append_spaced(&mut self, clean: &str) -> bool {
        let Some(open) = &self.open else { return false };
        let (is_led, is_followed) = (clean.starts_with(' '), clean.ends_with(' '));
        let words = if is_led || is_followed { clean.trim_matches(' ') } else { clean };
        let fits = words.len() + (self.text.len() - open.start) < BLOCK_BYTES_SOFT;
        if words.is_empty() || !fits {
            return false;
        }
        // Most have neither line feeds nor wide spaces.
        let is_even = words != "\n"
            && !any_pair(words.as_bytes(), |a, b| (a == b'\n') | (b == b'\n') | (a == b' ') & (b == b' '));
        if !is_even && words.contains('\n') {
            return false;
        }
        self.space |= is_led;
        let mut rest = words;
        while let Some((part, after)) = if is_even { None } else { rest.split_once("  ") } {
            self.flush_space();
            self.text.push_str(part);
            self.space = true;
            rest = after.trim_start_matches(' ');
        }
        self.flush_space();
        self.text.push_str(rest);
        self.space = is_followed;
        true
    }

    /// Writes the space or the line breaks that waited, unless at the start of the block or cell.
    fn flush_space(&mut self) {
        let Some(start) = self.open.as_ref().map(|open| open.start) else { return };
        let last = self.text.as_bytes().last().copied().filter(|_| self.text.len() > start);
        let at_start = matches!(last, None | Some(b'\t'));
        if !at_start && self.breaks > 0 {
            for _ in 0..self.breaks.min(2) {
                self.text.push('\n');
            }
        } else if !at_start && self.space && !matches!(last, Some(b' ' | b'\n')) {
            self.text.push(' ');
        }
        self.space = false;
        self.breaks = 0;
    }

    /// Goes on in a new block when the open one would grow over its limit.
    fn split_if_full(&mut self, more: usize, at_boundary: bool) {
        let Some(open) = &self.open else { return };
        let limit = if at_boundary { BLOCK_BYTES_SOFT } else { BLOCK_BYTES_MAX };
        if self.text.len() - open.start + more <= limit {
            return;
        }
        let kind = match &open.kind {
            BlockKind::TableRow { .. } => return,
            kind => kind.clone(),
        };
        self.close_run();
        let cleaner = std::mem::take(&mut self.cleaner);
        self.end_block(true);
        self.begin_block(kind, true);
        self.cleaner = cleaner;
    }

    /// Ends the run of text with one style and link, and notes it as a span.
    fn close_run(&mut self) {
        let end = self.text.len();
        let style = self.styles.last().copied().unwrap_or_default();
        let link = self.links.last().copied().flatten();
        if self.open.is_some() && end > self.run && (style != Style::PLAIN || link.is_some()) {
            let (start, end) = (self.run as u32, end as u32);
            // A run that goes on with the same look lengthens the block's last span.
            let first = self.open.as_ref().map_or(0, |open| open.spans);
            match self.section.spans.get_mut(first..).and_then(<[Span]>::last_mut) {
                Some(last) if last.end == start && last.style == style && last.link == link => last.end = end,
                _ => self.section.spans.push(Span { start, end, style, link }),
            }
        }
        self.run = end;
    }
}

#[cfg(test)]
mod tests;

//! Chapters in plain text.
//!
//! A plain text has no headings, only lines that look like some. One line is weak evidence; a
//! *sequence* (I, II, III …, set alike, with text between) is strong. So the work is done in two
//! steps. While lines are fed, each is judged alone and short [`block`]s are kept as compact
//! records. When an [`Outline`] is asked for, the [`survey`] looks at all records: it leaves out
//! printed lists of contents, finds the sequences, and falls back on days and unnumbered titles
//! where there are none.
//!
//! It must not know where lines come from: files, encodings, sections.
//!
//! ```text
//! line ─► mark (numerals, keywords, dates) ─► block ─► records ─► survey ─► outline
//!          running_heads, frame, contents_list, learned            sequence, dated, titles, names
//! ```

use crate::document::{Outline, Position, SectionId, Warning};
use crate::limits::{CANDIDATES_MAX, OUTLINE_ENTRIES_MAX};
use crate::text::clean_line;

mod block;
mod contents_list;
mod dates;
pub(super) mod frame;
mod heading;
mod joining;
mod keywords;
mod learned;
mod levels;
mod line;
mod mark;
mod names;
mod reason;
mod running_heads;
mod sequence;
mod survey;
mod titles;

use block::{Block, OpenBlock};
use contents_list::ContentsLists;
use frame::Edge;
use learned::WordLines;
use line::Line;
use running_heads::RunningHeads;

/// A line of so many characters is of prose.
const SENTENCE_LINE_MIN: u32 = 40;
/// Lines at the start of a text that may announce the notes of Aozora Bunko.
const NOTES_LINES: u64 = 60;

/// Finds the chapters of a plain text from its lines.
#[derive(Clone, Debug, Default)]
pub struct ChapterFinder {
    blocks: Vec<Block>,
    open: Option<OpenBlock>,
    /// Room for the text of the next block.
    room: String,
    lists: ContentsLists,
    words: WordLines,
    heads: RunningHeads,
    /// Blocks so far, kept or not.
    ordinal: u32,
    /// Characters of text so far.
    chars: u64,
    lines: u64,
    /// The last line of prose ended inside a sentence.
    is_mid_sentence: bool,
    /// Filled lines so far, and those too long to have been wrapped.
    filled: u64,
    long: u64,
    /// Blank lines since the last filled one.
    blanks: u32,
    /// A running head stood in this gap: the blanks round it are the page's.
    is_page_gap: bool,
    /// A form feed stood in this gap.
    is_broken: bool,
    /// Blocks by the blank lines before them, 9 and more together.
    gaps: [u64; 10],
    /// Where a licence began: records before it, characters, and its line.
    licence: Option<(usize, u64, u64)>,
    has_notes: bool,
    /// How much must speak for a block to be kept.
    keeping: Keeping,
    sections: Sections,
}

/// How much text stands before each section.
#[derive(Clone, Debug, Default)]
struct Sections(Vec<(SectionId, u64)>);

impl Sections {
    /// A line of this section comes, after so many characters.
    fn note(&mut self, id: SectionId, chars: u64) {
        if self.0.last().is_none_or(|(last, _)| *last < id) {
            self.0.push((id, chars));
        }
    }

    /// The share of a section before a place with `chars` before it; the text has `all`.
    fn within(&self, id: SectionId, chars: u64, all: u64) -> f32 {
        let next = self.0.partition_point(|(other, _)| *other <= id);
        let start = next.checked_sub(1).and_then(|i| self.0.get(i)).map_or(0, |(_, chars)| *chars);
        let end = self.0.get(next).map_or(all, |(_, chars)| *chars);
        chars.saturating_sub(start) as f32 / end.saturating_sub(start).max(1) as f32
    }
}

/// Which blocks are worth a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Keeping {
    /// All that could be titles.
    #[default]
    Short,
    /// Those that say something, or are set apart by two blank lines.
    Apart,
    /// Those that say something.
    Marked,
    /// None any more.
    Nothing,
}

impl ChapterFinder {
    /// A finder at the start of a text.
    pub fn new() -> ChapterFinder {
        // The start of the text is as good as a wide gap.
        ChapterFinder { blanks: 3, ..ChapterFinder::default() }
    }

    /// One source line in order, decoded but not cleaned; blank lines are fed too. `place` is where
    /// its text begins.
    pub(super) fn line(&mut self, place: Position, source: &super::lines::Line) {
        self.sections.note(place.section, self.chars);
        self.lines += 1;
        let goes_on = self.goes_on(source);
        let line = if goes_on { Line::of_prose(source) } else { Line::read(source, self.has_notes) };
        if line.is_blank() {
            if line.is_underline()
                && let Some(open) = &mut self.open
            {
                open.underline(&line);
            }
            self.close();
            self.blanks = self.blanks.saturating_add(1);
            return;
        }
        if self.lines < NOTES_LINES && line.text.contains("：ルビ") {
            self.has_notes = true;
        }
        // The mark of a page stands in the text, and says nothing of it.
        if running_heads::is_page_mark(&line.text) {
            return;
        }
        if let Some(edge) = frame::edge(&line.text) {
            self.cross(edge);
            return;
        }
        if self.heads.line(&line.text) {
            self.close();
            self.is_page_gap = true;
            return;
        }
        if goes_on {
            self.fill(&line, OpenBlock::go_on);
            return;
        }
        self.words.line(place, self.chars, &line.text);
        self.part(place, &line);
        self.fill(&line, OpenBlock::push);
    }

    /// Whether a line can be nothing but the next of a paragraph, as most lines are: it has a page's width, and
    /// small words go on with the sentence that the line before did not end.
    fn goes_on(&self, source: &super::lines::Line) -> bool {
        let bytes = source.text.as_bytes();
        let width = bytes.len() as u32;
        let second = source.first_word as usize;
        self.is_mid_sentence
            && source.signs.is_none()
            && (SENTENCE_LINE_MIN..=block::WRAPPED_MAX).contains(&width)
            && bytes.first().is_some_and(u8::is_ascii_lowercase)
            && matches!(bytes.get(second..), Some([b' ', b'a'..=b'z', ..]))
            && self.open.as_ref().is_some_and(OpenBlock::is_running)
            && !self.is_unwrapped()
    }

    /// A form feed stood here (running heads are decided by it).
    pub fn page_break(&mut self) {
        self.close();
        self.heads.page_break();
        self.is_broken = true;
    }

    /// The outline from what was read so far; `at_end` says that all was read. Before that,
    /// titles that only the whole text can prove are left out.
    pub fn outline(&self, at_end: bool) -> Outline {
        let entries = self.survey(at_end, |survey, found| {
            let levels = levels::levels(&found);
            found.iter().zip(levels).filter_map(|(heading, level)| survey.entry(heading, level)).collect::<Vec<_>>()
        });
        Outline::new(entries).warned(self.warning())
    }

    /// What a reader has to know who misses a chapter: that not all lines were looked at that may be
    /// headings.
    pub fn warning(&self) -> Option<Warning> {
        let looked_at = match self.keeping {
            Keeping::Short => return None,
            Keeping::Apart => "those with a number or much room round them",
            Keeping::Marked => "those with a number or a word for a chapter",
            Keeping::Nothing => "the first of those with a number or a word for a chapter",
        };
        let sentence = format!("More than 150,000 lines may be headings; only {looked_at} were looked at.");
        Some(Warning(clean_line(&sentence)))
    }

    /// Why each entry of the outline of the whole text was taken, in words.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.survey(true, |survey, found| {
            let shown = found.iter().filter(|heading| survey.entry(heading, 1).is_some());
            shown.map(|heading| reason::reason(survey, heading)).collect()
        });
        reasons.truncate(OUTLINE_ENTRIES_MAX);
        reasons
    }

    /// Surveys what was read and gives what `then` makes of the headings.
    fn survey<T>(&self, at_end: bool, then: impl FnOnce(&survey::Survey<'_>, Vec<heading::Heading>) -> T) -> T {
        let last = self.open.as_ref().map(|open| open.close(0));
        let licence = self.licence.filter(|(_, _, line)| self.lines - line <= frame::LICENCE_LINES_MAX);
        let (kept, limit) = licence.map_or((self.blocks.len(), self.chars), |(kept, chars, _)| (kept, chars));
        let open = last.as_ref().filter(|_| licence.is_none());
        let kept = self.blocks.iter().take(kept).chain(open).filter(|b| !self.heads.is_running_head(b.first_line()));
        let kept: Vec<&Block> = kept.collect();
        let learned = survey::learned_blocks(&self.words.headings(limit), &kept);
        let blocks = survey::merged(kept, &learned);
        let survey = survey::Survey::new(blocks, &self.lists, self.gaps, limit, &self.sections);
        let found = survey.headings(at_end);
        then(&survey, found)
    }

    /// Begins a block with a filled line, unless it belongs to the open one.
    fn part(&mut self, place: Position, line: &Line<'_>) {
        if let Some(open) = &self.open {
            let follows_heading = open.lines() == 1 && open.width() <= 70;
            let width = if follows_heading { u32::MAX / 16 } else { open.width() };
            if open.is_day()
                || self.is_unwrapped()
                || block::starts_block(line, open.last(), width, !self.is_mid_sentence)
            {
                self.close();
            }
        }
        if self.open.is_none() {
            let before = self.gap();
            if let Some(count) = self.gaps.get_mut(usize::from(before)) {
                *count += 1;
            }
            if let Some(last) = self.blocks.last_mut().filter(|b| b.ordinal + 1 == self.ordinal) {
                last.after = before;
                // What it stands in goes on after it.
                last.cuts_sentence &= line.text.starts_with(|c: char| c.is_lowercase() || !mark::has_case(&line.text));
            }
            let mut open =
                OpenBlock::new(place, self.ordinal, self.chars, before, line.indent, std::mem::take(&mut self.room));
            if self.lists.is_open() || keywords::is_contents_word(&line.text) {
                open.listing = Some(Vec::new());
            }
            if self.is_mid_sentence {
                open.cuts_sentence();
            }
            self.open = Some(open);
            self.ordinal = self.ordinal.saturating_add(1);
            self.blanks = 0;
            self.is_page_gap = false;
            self.is_broken = false;
        }
    }

    /// Takes a filled line into the open block.
    fn fill(&mut self, line: &Line<'_>, push: fn(&mut OpenBlock, &Line<'_>)) {
        if let Some(open) = &mut self.open {
            push(open, line);
        }
        // A line of a page's width that ends in a word or a comma goes on; short lines may be titles.
        let goes_on =
            line.text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | ';' | '，' | '、'));
        let is_number = line.chars < 12 && goes_on;
        self.is_mid_sentence =
            if is_number { self.is_mid_sentence } else { goes_on && line.chars >= SENTENCE_LINE_MIN };
        self.chars += u64::from(line.chars);
        self.filled += 1;
        self.long += u64::from(line.chars > block::WRAPPED_MAX);
    }

    /// Whether lines are paragraphs here: every fifth is longer than any page is wide.
    fn is_unwrapped(&self) -> bool {
        self.filled > 20 && self.long * 5 > self.filled
    }

    /// Blank lines before the block that begins now.
    fn gap(&self) -> u8 {
        let blanks = self.blanks.min(9) as u8;
        if self.is_page_gap {
            blanks.min(1)
        } else if self.is_broken && !self.heads.is_paged() {
            // A form feed before a chapter is as wide as any gap.
            blanks.max(5)
        } else {
            blanks
        }
    }

    fn close(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        if !open.is_prose() {
            self.keep(&mut open);
        }
        self.room = open.into_room();
    }

    /// Keeps the record of a block, if it says enough.
    fn keep(&mut self, open: &mut OpenBlock) {
        let block = open.close(0);
        if let Some(lines) = open.listing.take() {
            self.lists.block(&block, &lines);
        }
        let is_short = block.is_whole && (block.chars <= 160 || block.chars <= 300 && mark::is_capital(&block.text));
        let keep = match self.keeping {
            Keeping::Short => is_short || block.mark.is_some() || block.is_list,
            Keeping::Apart => block.mark.is_some() || block.is_list || is_short && block.before >= 2,
            Keeping::Marked => block.mark.is_some(),
            Keeping::Nothing => false,
        };
        if keep {
            self.blocks.push(block);
            self.keep_fewer();
        }
    }

    /// Drops the weaker records when there are too many.
    fn keep_fewer(&mut self) {
        if self.blocks.len() <= CANDIDATES_MAX {
            return;
        }
        self.keeping = match self.keeping {
            Keeping::Short => Keeping::Apart,
            Keeping::Apart => Keeping::Marked,
            Keeping::Marked | Keeping::Nothing => Keeping::Nothing,
        };
        match self.keeping {
            Keeping::Apart => self.blocks.retain(|b| b.mark.is_some() || b.is_list || b.before >= 2),
            Keeping::Marked => self.blocks.retain(|b| b.mark.is_some()),
            Keeping::Short | Keeping::Nothing => {}
        }
    }

    fn cross(&mut self, edge: Edge) {
        self.close();
        let ended = self.licence.filter(|(_, _, line)| self.lines - line <= frame::LICENCE_LINES_MAX);
        match edge {
            Edge::TextStarts if frame::is_near_start(self.lines) => {
                self.blocks.clear();
                self.words.clear();
                self.lists.clear();
            }
            // Several books in one file: what stood between them goes.
            Edge::TextStarts => {
                if let Some((kept, ..)) = ended {
                    self.blocks.truncate(kept);
                    self.licence = None;
                }
            }
            Edge::TextEnded if ended.is_none() => self.licence = Some((self.blocks.len(), self.chars, self.lines)),
            Edge::TextEnded => {}
        }
        self.blanks = 3;
    }
}

/// A key of characters (FNV-1a): equal texts have equal keys, others hardly ever.
fn hash(chars: impl IntoIterator<Item = char>) -> u64 {
    chars
        .into_iter()
        .fold(0xCBF2_9CE4_8422_2325, |key, c| (key ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests;

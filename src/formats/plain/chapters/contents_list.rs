//! Printed lists of contents: where they stand, and what they say.
//!
//! Nothing in such a list is a heading; what it names is evidence for the headings of the text.
//! A list is opened by a word over it and ends where the text begins: at prose, or where one of
//! its first entries comes back. It must not know sequences of numbers.

use std::collections::HashSet;

use super::block::{Block, letters_key};
use super::keywords::is_contents_word;
use super::mark::{self, Kind, Mark, leads_to_page};
use crate::formats::plain::numerals;

/// Lines of one list; more are the text itself.
const LINES_MAX: usize = 3000;
/// Entries of all lists.
const ENTRIES_MAX: usize = 20_000;
/// Lists of one text.
const LISTS_MAX: usize = 200;
/// The entries by which the end of a list is known again.
const FIRST_ENTRIES: usize = 6;

/// Blocks of a list, by ordinal, ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub(super) first: u32,
    pub(super) last: u32,
    /// Characters from its start to its end.
    pub(super) chars: u64,
}

/// What one entry says.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Of all its text but the page.
    whole: u64,
    /// Of its title alone.
    title: u64,
    number: Option<(Kind, numerals::Form, u32)>,
    has_title: bool,
    /// The block it stands in.
    block: u32,
}

#[derive(Clone, Debug)]
struct OpenList {
    first: u32,
    start: u64,
    /// The blocks so far: ordinal, blanks before, end; the last few are looked at again.
    tail: Vec<(u32, u8, u64)>,
    entries: Vec<Entry>,
    lines: usize,
    /// Blanks before most blocks, as counts.
    gaps: [u32; 10],
}

/// All lists of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct ContentsLists {
    open: Option<OpenList>,
    lists: Vec<List>,
    /// Keys of entries that have letters enough to be known again.
    titles: HashSet<u64>,
    /// The same for entries without a number, in order.
    unnumbered: Vec<u64>,
    /// Entries that are a number and nothing else.
    bare: usize,
}

impl ContentsLists {
    /// Whether the lines of the next block are wanted.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Takes a block with its lines, in order. Lines are wanted while a list is open, and of a
    /// block that opens one.
    pub(super) fn block(&mut self, block: &Block, lines: &[String]) {
        if let Some(open) = &mut self.open {
            if open.returns(block) || !looks_like_entries(lines) {
                let cut = open.cut_before(block);
                self.close(cut);
            } else if open.lines + lines.len() > LINES_MAX {
                self.open = None;
            } else {
                open.add(block, lines);
                return;
            }
        }
        if is_contents_word(block.first_line()) && self.lists.len() < LISTS_MAX {
            let mut open = OpenList {
                first: block.ordinal,
                start: block.start,
                tail: Vec::new(),
                entries: Vec::new(),
                lines: 0,
                gaps: [0; 10],
            };
            open.add(block, lines.get(1..).unwrap_or_default());
            self.open = Some(open);
        }
    }

    /// The lists, the open one as far as it goes.
    pub(super) fn lists(&self) -> Vec<List> {
        let mut lists = self.lists.clone();
        lists.extend(self.open.as_ref().and_then(|open| open.list(None)));
        lists
    }

    /// Whether an entry has this text (see [`letters_key`]).
    pub(super) fn has_title(&self, key: u64) -> bool {
        self.titles.contains(&key)
    }

    /// Keys of entries without a number.
    pub(super) fn unnumbered(&self) -> &[u64] {
        &self.unnumbered
    }

    /// Entries that are a number and nothing else.
    pub(super) fn bare(&self) -> usize {
        self.bare
    }

    /// Forgets what was read.
    pub(super) fn clear(&mut self) {
        *self = ContentsLists::default();
    }

    fn close(&mut self, cut: Option<u32>) {
        let Some(open) = self.open.take() else { return };
        let Some(list) = open.list(cut) else { return };
        self.lists.push(list);
        let mut after_number = false;
        for entry in open.entries.iter().filter(|e| e.block <= list.last) {
            if self.unnumbered.len() + self.titles.len() >= ENTRIES_MAX {
                break;
            }
            self.titles.insert(entry.whole);
            if entry.has_title {
                self.titles.insert(entry.title);
                // After a bare number stands its title.
                if entry.number.is_none() && !after_number {
                    self.unnumbered.push(entry.whole);
                }
            }
            self.bare += usize::from(entry.number.is_some() && !entry.has_title);
            after_number = entry.number.is_some() && !entry.has_title;
        }
    }
}

impl OpenList {
    fn add(&mut self, block: &Block, lines: &[String]) {
        self.lines += lines.len();
        let gap = usize::from(block.before.min(9));
        if let Some(count) = self.gaps.get_mut(gap) {
            *count += 1;
        }
        self.tail.push((block.ordinal, block.before, block.end()));
        if self.tail.len() > 64 {
            self.tail.drain(..32);
        }
        self.entries.extend(
            lines.iter().filter(|l| !is_contents_word(l) && !is_page_word(l)).map(|l| Entry::read(l, block.ordinal)),
        );
    }

    /// Whether the text begins again with one of the first entries.
    fn returns(&self, block: &Block) -> bool {
        if self.entries.len() < 3 || block.lines > 4 {
            return false;
        }
        let first = Entry::read(block.first_line(), block.ordinal);
        let whole = Entry::read(&block.text.replace('\n', " "), block.ordinal);
        self.entries.iter().take(FIRST_ENTRIES).any(|entry| {
            let is_same = (entry.whole == first.whole
                || entry.whole == whole.whole
                || entry.has_title && entry.title == whole.whole)
                && (first.number.is_some() && first.has_title || block.before >= 2);
            let same_title = !first.has_title || !entry.has_title || first.title == entry.title;
            let is_same_number = first.number.is_some()
                && first.number == entry.number
                && same_title
                && block.before >= 2
                && block.before > self.usual_gap();
            is_same || is_same_number
        })
    }

    /// The text begins with this block: a heading or title right before it, more set apart than
    /// entries are, is not part of the list. Gives the ordinal of the first block that is not.
    fn cut_before(&self, next: &Block) -> Option<u32> {
        let usual = self.usual_gap();
        let near = self.tail.iter().rev().take(4).take_while(|(_, _, end)| next.start.saturating_sub(*end) < 300);
        let cut = near
            .filter(|(_, before, _)| *before >= 2 && *before > usual)
            .max_by_key(|(ordinal, before, _)| (*before, *ordinal));
        cut.map(|(ordinal, ..)| *ordinal)
    }

    /// Blanks before most blocks of the list.
    fn usual_gap(&self) -> u8 {
        (0u8..).zip(self.gaps).max_by_key(|(gap, count)| (*count, *gap)).map_or(0, |(gap, _)| gap)
    }

    fn list(&self, cut: Option<u32>) -> Option<List> {
        let mut tail = self.tail.iter().rev().filter(|(ordinal, ..)| cut.is_none_or(|cut| *ordinal < cut));
        let (last, _, end) = tail.next()?;
        // A word and a lone line under it are a heading with its subtitle.
        (self.entries.len() >= 2).then_some(List {
            first: self.first,
            last: *last,
            chars: end.saturating_sub(self.start),
        })
    }
}

impl Entry {
    fn read(line: &str, block: u32) -> Entry {
        let text = without_page(line);
        let read = mark::read(text);
        let numbered: Option<&Mark> = read.as_ref().filter(|m| m.value > 0);
        let title = numbered.map_or(text, |m| text.get(usize::from(m.title)..).unwrap_or_default());
        Entry {
            whole: letters_key(text),
            title: letters_key(title),
            number: numbered.map(|m| (m.kind, m.form, m.value)),
            has_title: title.chars().filter(|c| c.is_alphabetic()).count() >= 2,
            block,
        }
    }
}

/// An entry without the dots and the page number at its end.
fn without_page(line: &str) -> &str {
    let bare = line.trim_end_matches(|c: char| c.is_ascii_digit());
    let roman = line.trim_end_matches(['i', 'v', 'x', 'l']);
    let cut = if bare.len() < line.len() { bare } else { roman };
    let stripped = cut.trim_end_matches(['.', ' ', '·', '…', '-', '_']);
    let had_gap = cut.ends_with("  ") || cut.ends_with("..") || cut.ends_with('…') || cut.ends_with(". ");
    if had_gap && cut.len() < line.len() && !stripped.is_empty() { stripped } else { line.trim_end_matches(['.', ' ']) }
}

/// Whether lines could be entries of a list rather than prose.
fn looks_like_entries(lines: &[String]) -> bool {
    let count = lines.len();
    let chars: usize = lines.iter().map(|l| l.chars().count()).sum();
    let entries = lines.iter().filter(|l| is_entry(l)).count();
    let stops = lines.iter().filter(|l| l.ends_with(['.', ',', ';', '!', '?', '。', '，', '”', '"'])).count();
    // A summary in keywords: `The storm--How they sailed--A sail in sight`.
    let dashes: usize = lines.iter().map(|l| l.matches("--").count() + l.matches('—').count()).sum();
    let ends_in_page = lines.last().is_some_and(|l| leads_to_page(l));
    let is_short = chars < 120 && count <= 4;
    let is_column = count > 1 && chars / count.max(1) < 50 && stops * 2 <= count;
    entries * 2 >= count || is_short || dashes >= 3 && dashes * 150 > chars || ends_in_page || is_column
}

/// The word over the column of page numbers.
fn is_page_word(line: &str) -> bool {
    let folded = numerals::fold(line.trim_end_matches('.'));
    matches!(
        folded.as_str(),
        "page"
            | "pages"
            | "chapter"
            | "chap"
            | "seite"
            | "pagina"
            | "pag"
            | "paginas"
            | "стр"
            | "kapitel"
            | "chapter page"
    )
}

fn is_entry(line: &str) -> bool {
    let ends_in_number =
        line.split_whitespace().next_back().is_some_and(|w| w.len() <= 4 && w.bytes().all(|b| b.is_ascii_digit()));
    let numbered = mark::read(line).is_some_and(|m| m.value > 0);
    line.chars().count() < 110 && (leads_to_page(line) || numbered || ends_in_number)
}

/// Marks the blocks that are lists without a word over them: four or more numbered blocks
/// with hardly any text between, and blocks of numbered lines.
pub(super) fn mark_dense(blocks: &[&Block], listed: &mut [bool]) {
    /// Between entries stands a line at most.
    const BETWEEN: u64 = 60;
    let mut run: Vec<usize> = Vec::new();
    let mut end = 0;
    // The widest gap inside the run.
    let mut widest = 0;
    for (i, block) in blocks.iter().enumerate() {
        if listed.get(i).copied().unwrap_or(false) {
            settle(blocks, &mut run, listed);
            continue;
        }
        let Some(mark) = block.mark.filter(|m| m.value > 0) else { continue };
        // Where the first entry comes back, the text begins.
        let first = run.first().and_then(|i| blocks.get(*i)).and_then(|b| b.mark);
        let returns = first.is_some_and(|f| (f.kind, f.form, f.value) == (mark.kind, mark.form, mark.value));
        // A wider gap than any in the run stands before something else.
        let is_apart = run.len() >= 2 && block.before >= 2 && block.before > widest;
        if block.start > end + BETWEEN || returns || is_apart {
            settle(blocks, &mut run, listed);
            widest = 0;
        } else {
            widest = widest.max(block.before);
        }
        end = block.heading_end();
        run.push(i);
    }
    settle(blocks, &mut run, listed);
    for (flag, block) in listed.iter_mut().zip(blocks) {
        *flag |= block.is_list;
    }
}

/// Marks a run of numbered blocks that is long enough for a list, and begins a new one.
fn settle(blocks: &[&Block], run: &mut Vec<usize>, listed: &mut [bool]) {
    let is_dotted = |i: &usize| blocks.get(*i).and_then(|b| b.mark).is_some_and(|m| m.kind == Kind::Dotted);
    // Sections and subsections may follow each other without text.
    let enough = if run.iter().any(is_dotted) { 7 } else { 4 };
    if run.len() >= enough {
        for i in run.iter() {
            if let Some(flag) = listed.get_mut(*i) {
                *flag = true;
            }
        }
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_off_entries() {
        for (line, text) in [
            ("Introduction ........... 7", "Introduction"),
            ("The Mail          12", "The Mail"),
            ("Preface      vii", "Preface"),
            ("Chapter 12", "Chapter 12"),
            ("The Year 1812", "The Year 1812"),
            ("Loomings.", "Loomings"),
        ] {
            assert_eq!(without_page(line), text, "{line}");
        }
    }

    #[test]
    fn prose_is_no_entry() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert!(looks_like_entries(&lines("I. The Road  4\nII. The Inn  9")));
        assert!(looks_like_entries(&lines("The Road\nThe Inn\nThe Sea")));
        assert!(!looks_like_entries(&lines(
            "It was late in the year when the road was open again, and those who had\nwaited for it all summer went down to the water with all they had, and sat."
        )));
    }
}

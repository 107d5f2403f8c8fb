//! The lines of a text as blocks between blank lines, each with what a heading would show: the
//! white before it, its first lines, how much text follows. Long blocks leave only their length.

use crate::document::Position;

use super::reading::{Says, says};

/// Lines of a heading with its title, at most.
const LINES_MAX: usize = 5;
/// Bytes kept of one line.
const LINE_BYTES: usize = 300;
/// Blocks kept, about 30 MiB. In a text with more short blocks only those that stand isolated or
/// say a number are kept.
const BLOCKS_MAX: usize = 150_000;

/// A short block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where it stands.
    pub place: Position,
    /// Characters of text before it.
    pub before: u64,
    /// Characters in it.
    pub length: u64,
    /// Blank lines before it, at most 9.
    pub blanks: u8,
    /// Columns of white before its first line, at most 200.
    pub indent: u8,
    /// Its lines, without white at the ends.
    pub lines: Vec<String>,
    /// More lines follow without a blank: only the first was kept.
    pub is_open: bool,
}

impl Block {
    /// Its first line.
    pub fn first(&self) -> &str {
        self.lines.first().map_or("", String::as_str)
    }

    /// Characters of text before what follows it.
    pub fn end(&self) -> u64 {
        self.before + self.length
    }
}

/// Collects lines into blocks.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    /// The short blocks, in order.
    pub done: Vec<Block>,
    open: Option<Block>,
    /// Lines of the open block, kept or not.
    open_lines: usize,
    blanks: u8,
    /// Only strong blocks are kept any more.
    is_sparse: bool,
    /// Characters so far.
    pub total: u64,
}

impl Blocks {
    /// Takes a line.
    pub fn line(&mut self, place: Position, text: &str) {
        let line = text.trim();
        if line.is_empty() || is_ruler(line) {
            self.close();
            self.blanks = self.blanks.saturating_add(1).min(9);
            return;
        }
        let length = line.chars().filter(|c| c.is_alphanumeric()).count() as u64;
        let kept = line.get(..line.floor_char_boundary(LINE_BYTES)).unwrap_or(line);
        if self.open.is_none() {
            let white = text.chars().take_while(|c| c.is_whitespace());
            let indent: usize = white.map(|c| if c == '\t' { 8 } else { 1 + usize::from(c == '\u{3000}') }).sum();
            self.open = Some(Block {
                place,
                before: self.total,
                length: 0,
                blanks: self.blanks,
                indent: indent.min(200) as u8,
                lines: Vec::new(),
                is_open: false,
            });
            self.open_lines = 0;
        }
        if let Some(open) = &mut self.open {
            if self.open_lines < LINES_MAX {
                open.lines.push(kept.to_owned());
            }
            open.length += length;
        }
        self.open_lines += 1;
        self.blanks = 0;
        self.total += length;
    }

    /// Ends the open block, as a blank line does.
    pub fn close(&mut self) {
        let Some(mut block) = self.open.take() else { return };
        if self.open_lines > LINES_MAX || block.lines.iter().any(|l| l.len() >= LINE_BYTES) {
            // A long block: its first line may be a heading without a blank line after it.
            block.is_open = true;
            let first = block.first().chars().filter(|c| c.is_alphanumeric()).count() as u64;
            block.lines.truncate(1);
            block.length = first;
            if block.first().chars().count() > 80 {
                return;
            }
        }
        if self.done.len() >= BLOCKS_MAX && !self.is_sparse {
            self.is_sparse = true;
            self.done.retain(is_strong);
        }
        if self.done.len() < BLOCKS_MAX && (!self.is_sparse || is_strong(&block)) {
            self.done.push(block);
        }
    }

    /// All blocks, as if the text ended here.
    pub fn all(&self) -> Vec<Block> {
        let mut blocks = self.clone();
        blocks.close();
        blocks.done
    }
}

/// Whether a block could be a heading by more than its brevity.
fn is_strong(block: &Block) -> bool {
    let speaks = matches!(
        says(block.first(), block.lines.len()),
        Some(Says::Keyword { .. } | Says::Bare(..) | Says::Titled(..) | Says::Dotted(_) | Says::Named | Says::Contents)
    );
    speaks || block.blanks >= 2
}

/// A line of rule characters only.
fn is_ruler(line: &str) -> bool {
    line.chars().all(|c| "-=*_~#+·.—– ".contains(c)) && line.chars().count() >= 3
}

//! Blocks: filled lines between blank ones, and the records that are kept of them.
//!
//! A long text is never held: prose leaves only its length behind, in the offsets of the blocks
//! that are kept. The one idea: what may be a heading is short, so short blocks are kept whole
//! and of long ones at most the first line.

use std::borrow::Cow;

use crate::document::Position;

use super::hash;
use super::line::{Line, measure, unspaced};
use super::mark::{self, Mark};
use crate::formats::plain::numerals;

/// Bytes kept of one block's text.
const TEXT_MAX: usize = 320;
/// A block of more lines is prose (four lines: a long title in narrow columns).
const LINES_MAX: u32 = 4;

/// What is kept of a block.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Where its text begins.
    pub(super) place: Position,
    /// Which block of the text it is.
    pub(super) ordinal: u32,
    /// Characters of text before it.
    pub(super) start: u64,
    /// Characters of its text.
    pub(super) chars: u32,
    /// Lines, at most 65,535.
    pub(super) lines: u16,
    /// Blank lines before and after it, at most 9.
    pub(super) before: u8,
    pub(super) after: u8,
    pub(super) indent: u16,
    /// Its lines without emphasis, parted by line feeds; of a long block the first line only.
    pub(super) text: Box<str>,
    /// Whether `text` is all of it.
    pub(super) is_whole: bool,
    /// What a rule right under it is drawn with.
    pub(super) underline: Option<Underline>,
    /// It stands inside a sentence of the text before it, as the number of a page does.
    pub(super) cuts_sentence: bool,
    /// What its first line says.
    pub(super) mark: Option<Mark>,
    /// It has four numbered lines or more, most of all its lines: a list.
    pub(super) is_list: bool,
}

/// A rule right under a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Underline {
    /// The character that it is drawn with.
    pub(super) sign: char,
    /// Whether it is about as long as the line above it, as one is that was drawn for it.
    pub(super) fits: bool,
}

impl Block {
    /// The first line.
    pub(super) fn first_line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    /// Characters of the kept text.
    pub(super) fn text_chars(&self) -> usize {
        self.text.chars().count()
    }

    /// Where it ends.
    pub(super) fn end(&self) -> u64 {
        self.start + u64::from(self.chars)
    }

    /// The lines of it that are the heading, if it is one: all of a short block, but only the
    /// number over a paragraph that is set without a blank line.
    pub(super) fn heading_lines(&self) -> usize {
        let mut lines = self.text.lines().skip(1);
        let is_bare = self.mark.is_some_and(|m| m.value > 0 && !m.has_title || m.kind == mark::Kind::Named);
        let Some(second) = lines.next().filter(|_| self.is_whole) else { return 1 };
        let count = usize::from(self.lines);
        let is_title = mark::is_capital(self.text.split_once('\n').map_or("", |(_, rest)| rest))
            || count == 2 && second.chars().count() <= 60 && !second.ends_with(['.', ',', '。', '，']);
        if is_bare && !is_title { 1 } else { count }
    }

    /// The text of the heading, if it is one, on one line.
    pub(super) fn heading_text(&self) -> String {
        let lines: Vec<&str> = self.text.lines().take(self.heading_lines()).collect();
        lines.join(" ")
    }

    /// Where the text under the heading begins, if it is one.
    pub(super) fn heading_end(&self) -> u64 {
        if self.is_whole && self.heading_lines() == usize::from(self.lines) {
            return self.end();
        }
        self.start + measure(self.first_line()) as u64
    }

    /// Whether, as a heading, it says nothing but a number, with or without its keyword.
    pub(super) fn is_bare(&self) -> bool {
        self.mark.is_some_and(|m| m.value > 0 && !m.has_title) && self.heading_lines() == 1
    }

    /// A key of the letters and digits of its text, the same for any case, blanks and signs.
    pub(super) fn key(&self) -> u64 {
        letters_key(&self.text)
    }
}

/// A key of the letters and digits of a text.
pub(super) fn letters_key(text: &str) -> u64 {
    if text.is_ascii() {
        return hash(text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
    }
    hash(text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase))
}

/// A block whose lines are still coming.
#[derive(Clone, Debug)]
pub(super) struct OpenBlock {
    block: Block,
    text: String,
    numbered: u32,
    lines: u32,
    /// The width of its widest line, in characters.
    width: u32,
    /// Characters of its last line.
    last: u32,
    /// All lines, for a reader of contents lists; kept only when it asks.
    pub(super) listing: Option<Vec<String>>,
}

impl OpenBlock {
    /// A block that begins here. `room` is an empty string for its text.
    pub(super) fn new(place: Position, ordinal: u32, start: u64, before: u8, indent: u16, room: String) -> OpenBlock {
        let block = Block {
            place,
            ordinal,
            start,
            chars: 0,
            lines: 0,
            before,
            after: 0,
            indent,
            text: Box::default(),
            is_whole: true,
            underline: None,
            cuts_sentence: false,
            mark: None,
            is_list: false,
        };
        OpenBlock { block, text: room, numbered: 0, lines: 0, width: 0, last: 0, listing: None }
    }

    /// The room that its text had, for the next block.
    pub(super) fn into_room(mut self) -> String {
        self.text.clear();
        self.text
    }

    /// Takes the next line.
    pub(super) fn push(&mut self, line: &Line) {
        let plain = line.plain();
        let plain = unspaced(&plain).map_or(plain, Cow::Owned);
        if self.lines == 0 {
            self.block.mark = mark::read(&plain);
        }
        // Numbered lines are counted for the first thousand lines: by then it is a list or not.
        if self.lines < 1000 && numerals::leading(&plain).is_some_and(|n| n.length < plain.len()) {
            self.numbered += 1;
        }
        self.add(&plain, line.chars);
    }

    /// Takes a line that goes on with its sentence: it says nothing by itself.
    pub(super) fn go_on(&mut self, line: &Line) {
        self.add(&line.text, line.chars);
    }

    fn add(&mut self, plain: &str, chars: u32) {
        if self.lines < LINES_MAX && self.block.is_whole {
            if self.lines > 0 {
                self.text.push('\n');
            }
            self.text.push_str(plain);
        } else {
            self.block.is_whole = false;
        }
        if self.text.len() > TEXT_MAX {
            self.block.is_whole = false;
            self.text.truncate(self.text.floor_char_boundary(TEXT_MAX));
        }
        if let Some(lines) = &mut self.listing {
            lines.push(plain.chars().take(TEXT_MAX).collect());
        }
        self.lines = self.lines.saturating_add(1);
        self.width = self.width.max(chars);
        self.last = chars;
        self.block.chars = self.block.chars.saturating_add(chars);
    }

    /// Lines so far.
    pub(super) fn lines(&self) -> u32 {
        self.lines
    }

    /// Whether it is a line that is a heading by itself: what follows is another block.
    pub(super) fn is_day(&self) -> bool {
        self.lines == 1 && self.block.mark.is_some_and(|m| matches!(m.kind, mark::Kind::Date { .. }))
    }

    /// Whether a line that goes on with a sentence can be nothing else here.
    pub(super) fn is_running(&self) -> bool {
        self.listing.is_none() && self.last <= WRAPPED_MAX && !self.is_day()
    }

    /// Characters of the last line.
    pub(super) fn last(&self) -> u32 {
        self.last
    }

    /// The widest line so far, in characters.
    pub(super) fn width(&self) -> u32 {
        self.width
    }

    /// It stands inside a sentence.
    pub(super) fn cuts_sentence(&mut self) {
        self.block.cuts_sentence = true;
    }

    /// A rule stands right under it.
    pub(super) fn underline(&mut self, rule: &Line) {
        let slack = (self.last / 4).max(3);
        let drawn =
            rule.text.chars().next().map(|sign| Underline { sign, fits: rule.chars.abs_diff(self.last) <= slack });
        self.block.underline = drawn.filter(|_| self.lines <= 2);
    }

    /// Whether nothing of it is worth a record.
    pub(super) fn is_prose(&self) -> bool {
        !self.block.is_whole && self.block.mark.is_none() && self.listing.is_none() && !self.is_list()
    }

    /// Whether it has four numbered lines or more, most of all its lines.
    fn is_list(&self) -> bool {
        self.numbered >= 4 && self.numbered * 10 >= self.lines.min(1000) * 6
    }

    /// The record of the block. `after` is the number of blank lines that follow.
    pub(super) fn close(&self, after: u8) -> Block {
        let mut block = self.block.clone();
        block.after = after;
        block.lines = self.lines.min(u32::from(u16::MAX)) as u16;
        block.is_list = self.is_list();
        let text = if block.is_whole { self.text.as_str() } else { self.text.lines().next().unwrap_or_default() };
        block.text = text.into();
        block
    }
}

/// A line beyond this was not wrapped by its writer: it is a paragraph of its own.
pub(super) const WRAPPED_MAX: u32 = 130;
/// A line inside a block that says no more than a number or a day is shorter.
const BARE_MAX: u32 = 32;

/// Whether a line inside a block begins a block of its own: a heading set without blank lines,
/// or a paragraph that is one line. `ended` says that the sentence before has, `last` is the length of the line before, `width_before` that
/// of the widest one of the block.
pub(super) fn starts_block(line: &Line, last: u32, width_before: u32, ended: bool) -> bool {
    let (text, chars) = (line.text.as_ref(), line.chars);
    if last > WRAPPED_MAX || chars > WRAPPED_MAX {
        return true;
    }
    let Some(first) = text.chars().next() else { return false };
    if chars <= BARE_MAX && chars * 10 < width_before * 8 {
        let plain = line.plain();
        let is_bare = |m: Mark| m.value > 0 && !m.has_title || matches!(m.kind, mark::Kind::Date { .. });
        if mark::read(&plain).is_some_and(is_bare) {
            return true;
        }
    }
    // A number with a title, after a sentence that has ended.
    if ended && chars <= 60 && chars * 10 < width_before * 8 && first.is_alphanumeric() {
        let plain = line.plain();
        let is_titled = |m: Mark| m.value > 0 && m.has_title && matches!(m.kind, mark::Kind::Number);
        if !plain.ends_with([',', ';', '.']) && mark::read(&plain).is_some_and(is_titled) {
            return true;
        }
    }
    let is_east = matches!(first, '第' | '제' | '卷');
    // No number alone is that long, and no title fills the width.
    let is_wide = chars > BARE_MAX && chars * 10 >= width_before * 8;
    if chars > 70 || !is_east && is_wide || !is_east && (first.is_lowercase() || !first.is_alphabetic()) {
        return false;
    }
    let word_end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let word = text.get(..word_end).unwrap_or_default();
    if !is_east && super::keywords::keyword(word).is_none() {
        return false;
    }
    let Some(mark) = mark::read(text) else { return false };
    // A wrapped line of prose fills the width; a heading with its title is shorter.
    mark.value > 0 && (is_east || !mark.has_title || chars * 10 < width_before * 8)
}

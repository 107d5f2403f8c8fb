//! From what a key means to a place in the document.

use unicode_segmentation::UnicodeSegmentation;

use crate::document::{BlockId, BlockKind, Outline, Position, Section, Target};

use super::{Missing, Pages};

/// A way to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    /// A row on.
    LineDown,
    /// A row back.
    LineUp,
    /// A page on.
    PageDown,
    /// A page back.
    PageUp,
    /// Half a page on.
    HalfPageDown,
    /// Half a page back.
    HalfPageUp,
    /// To the start of the document.
    Start,
    /// To its end.
    End,
    /// To a share of it; the count is the percentage.
    Percent,
    /// To the next chapter.
    NextChapter,
    /// To the start of this chapter, or of the one before.
    PreviousChapter,
    /// To the next paragraph.
    NextParagraph,
    /// To the start of this paragraph, or of the one before.
    PreviousParagraph,
    /// To the next sentence.
    NextSentence,
    /// To the start of this sentence, or of the one before.
    PreviousSentence,
}

impl Motion {
    /// Whether the place before it is remembered. Reading on does not jump.
    pub fn is_jump(self) -> bool {
        matches!(self, Motion::Start | Motion::End | Motion::Percent | Motion::NextChapter | Motion::PreviousChapter)
    }
}

/// Where the chapter `count` further on or back begins; the last or first one where there are
/// fewer. `None` where there is none.
pub fn chapter(outline: &Outline, here: Position, motion: Motion, count: u32) -> Option<Target> {
    let steps = count.max(1) as usize - 1;
    let place = |e: &&crate::document::Entry| e.target.position();
    let entries = outline.entries();
    // Entries that lead to the same place are one stop.
    let mut stops: Vec<_> = entries.iter().collect();
    if !stops.is_sorted_by_key(place) {
        stops.sort_by_key(place);
    }
    // Named places of a part that is not loaded yet are different stops at one position.
    stops.dedup_by(|a, b| a.target == b.target);
    let entry = if motion == Motion::NextChapter {
        let later: Vec<_> = stops.into_iter().filter(|e| place(e) > here).collect();
        later.get(steps.min(later.len().saturating_sub(1))).copied()
    } else {
        stops.into_iter().rev().filter(|e| place(e) < here).nth(steps)
    };
    entry.map(|e| e.target.clone())
}

/// How far a motion by content has come: the place, and the steps that are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The place.
    pub place: Position,
    /// Steps left; 0 at the goal, or at an end of the document.
    pub left: u32,
    /// The section that has to be loaded before it can go on.
    pub missing: Option<Missing>,
}

/// Goes from a place by paragraphs or sentences, as far as sections are loaded.
pub fn go(motion: Motion, count: u32, from: Position, pages: &mut Pages) -> Reached {
    let mut reached = Reached { place: from, left: count, missing: None };
    while reached.left > 0 {
        match advance(motion, reached.left, reached.place, pages) {
            Ok(Some((place, steps))) => {
                reached.place = place;
                reached.left -= steps.min(reached.left);
            }
            Ok(None) => reached.left = 0,
            Err(missing) => {
                reached.missing = Some(missing);
                break;
            }
        }
    }
    reached
}

/// Goes some steps, at most `count`, inside the block or one step out of it.
fn advance(motion: Motion, count: u32, at: Position, pages: &mut Pages) -> Result<Option<(Position, u32)>, Missing> {
    let section = pages.section(at.section)?;
    let forward = matches!(motion, Motion::NextParagraph | Motion::NextSentence);
    if matches!(motion, Motion::NextSentence | Motion::PreviousSentence)
        && let Some(inside) = sentences(&section, at, forward, count)
    {
        return Ok(Some(inside));
    }
    let next = if forward { paragraph_after(&section, at) } else { paragraph_before(&section, at) };
    let next = match next {
        Some(next) => Some(next),
        None => neighbour(at, pages, forward)?,
    };
    let Some(next) = next else { return Ok(None) };
    if motion == Motion::PreviousSentence {
        // Into the block before from its end: its last sentence.
        let section = pages.section(next.section)?;
        let last = sentence_starts(section.block_text(next.block)).last().unwrap_or(0);
        return Ok(Some((Position { byte: last, ..next }, 1)));
    }
    Ok(Some((next, 1)))
}

/// Whether a block is a stop for motions by paragraph.
fn is_stop(section: &Section, index: u32) -> bool {
    let Some(block) = section.block(BlockId(index)) else { return false };
    match block.kind {
        BlockKind::Rule => false,
        BlockKind::TableRow { table, .. } => section.table(table).is_none_or(|t| t.first.0 == index),
        _ => !block.continues,
    }
}

fn paragraph_after(section: &Section, at: Position) -> Option<Position> {
    let next = (at.block.0 + 1..section.block_count()).find(|&i| is_stop(section, i))?;
    Some(Position::new(section.id(), BlockId(next), 0))
}

fn paragraph_before(section: &Section, at: Position) -> Option<Position> {
    let limit = at.block.0.min(section.block_count()) + u32::from(at.byte > 0);
    let before = (0..limit).rev().find(|&i| is_stop(section, i))?;
    Some(Position::new(section.id(), BlockId(before), 0))
}

fn sentence_starts(text: &str) -> impl Iterator<Item = u32> {
    text.split_sentence_bound_indices().map(|(start, _)| start as u32)
}

/// Goes by sentences inside a block: the place, and how many steps that took.
fn sentences(section: &Section, at: Position, forward: bool, count: u32) -> Option<(Position, u32)> {
    let starts: Vec<u32> = sentence_starts(section.block_text(at.block)).collect();
    let wanted = count as usize;
    let (index, steps) = if forward {
        let first = starts.partition_point(|&start| start <= at.byte);
        let index = (first + wanted - 1).min(starts.len().checked_sub(1)?);
        (index, (index + 1).checked_sub(first)?)
    } else {
        let before = starts.partition_point(|&start| start < at.byte);
        let index = before.saturating_sub(wanted);
        (index, before - index)
    };
    let byte = *starts.get(index).filter(|_| steps > 0)?;
    Some((Position { byte, ..at }, steps as u32))
}

/// The first stop of the next section that has any, or the last one of the section before.
fn neighbour(at: Position, pages: &mut Pages, forward: bool) -> Result<Option<Position>, Missing> {
    let mut id = at.section;
    loop {
        match if forward { Some(id.next()) } else { id.previous() } {
            Some(next) if pages.exists(next) => id = next,
            _ => return Ok(None),
        }
        if pages.is_empty(id) {
            continue;
        }
        let section = pages.section(id)?;
        let mut blocks = 0..section.block_count();
        let stop =
            if forward { blocks.find(|&i| is_stop(&section, i)) } else { blocks.rfind(|&i| is_stop(&section, i)) };
        if let Some(block) = stop {
            return Ok(Some(Position::new(id, BlockId(block), 0)));
        }
    }
}

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
    stops.sort_by_key(place);
    stops.dedup_by_key(|e| e.target.position());
    let entry = if motion == Motion::NextChapter {
        let later: Vec<_> = stops.into_iter().filter(|e| place(e) > here).collect();
        later.get(steps.min(later.len().saturating_sub(1))).copied()
    } else {
        stops.into_iter().rev().filter(|e| place(e) < here).nth(steps)
    };
    entry.map(|e| e.target.clone())
}

/// Where a motion by content leads from a place; the place itself at the ends of the document.
///
/// # Errors
/// With the section that has to be loaded first.
pub fn place(motion: Motion, count: u32, here: Position, pages: &mut Pages) -> Result<Position, Missing> {
    let mut at = here;
    for _ in 0..count.max(1) {
        let section = pages.section(at.section)?;
        let next = match motion {
            Motion::NextParagraph => paragraph_after(&section, at),
            Motion::PreviousParagraph => paragraph_before(&section, at),
            Motion::NextSentence => sentence_after(&section, at).or_else(|| paragraph_after(&section, at)),
            _ => sentence_before(&section, at).or_else(|| {
                let block = paragraph_before(&section, at)?;
                let end = Position { byte: section.block_text(block.block).len() as u32, ..block };
                Some(sentence_before(&section, end).unwrap_or(block))
            }),
        };
        let forward = matches!(motion, Motion::NextParagraph | Motion::NextSentence);
        let next = match next {
            Some(next) => Some(next),
            None if forward => neighbour(at, pages, true)?,
            None => neighbour(at, pages, false)?,
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(at)
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

fn sentence_after(section: &Section, at: Position) -> Option<Position> {
    let byte = sentence_starts(section.block_text(at.block)).find(|&start| start > at.byte)?;
    Some(Position { byte, ..at })
}

fn sentence_before(section: &Section, at: Position) -> Option<Position> {
    let byte = sentence_starts(section.block_text(at.block)).take_while(|&start| start < at.byte).last()?;
    Some(Position { byte, ..at })
}

/// The first stop of the next section that has any, or the last one of the section before.
fn neighbour(at: Position, pages: &mut Pages, forward: bool) -> Result<Option<Position>, Missing> {
    let mut id = at.section;
    loop {
        match if forward { Some(id.next()) } else { id.previous() } {
            Some(next) if pages.exists(next) => id = next,
            _ => return Ok(None),
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

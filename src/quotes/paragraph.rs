//! What of a document is searched: its paragraphs, and matter that its markup sets apart as
//! quoted.

use std::borrow::Cow;

use crate::document::{Block, BlockId, BlockKind, FrameKind, Position, Range, Section, SectionId};

use super::marks::{Candidate, candidates};

/// A paragraph, or what stands between paragraphs.
#[derive(Debug)]
pub(super) struct Paragraph<'a> {
    pub(super) section: SectionId,
    pub(super) block: BlockId,
    pub(super) text: Cow<'a, str>,
    pub(super) candidates: Cow<'a, [Candidate]>,
    pub(super) matter: Matter,
    /// It goes on from the block before without a break.
    pub(super) continues: bool,
    /// Its marks tell the style of the text.
    pub(super) votes: bool,
}

/// What a paragraph is to this search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matter {
    Prose,
    Verse,
    /// A line that names the source of the quotation before it.
    Signature,
    /// Set apart as quoted: in which frame, and whether it is a motto.
    Quoted {
        frame: u32,
        is_motto: bool,
        is_signature: bool,
    },
    /// A heading, a rule, a table: not searched, and no talk goes on across it.
    Break,
}

impl Paragraph<'_> {
    /// A stretch of it as a range of the document.
    pub(super) fn range(&self, start: usize, end: usize) -> Range {
        let at = |byte: usize| Position::new(self.section, self.block, byte as u32);
        Range { start: at(start), end: at(end) }
    }

    /// The same for longer than its section is there.
    pub(super) fn into_owned(self) -> Paragraph<'static> {
        Paragraph {
            text: Cow::Owned(self.text.into_owned()),
            candidates: Cow::Owned(self.candidates.into_owned()),
            ..self
        }
    }
}

/// The characters of a section that may be marks of quotation, by block: all in one list, and where
/// those of each block end.
#[derive(Debug)]
pub(super) struct Candidates {
    all: Vec<Candidate>,
    ends: Vec<usize>,
}

impl Candidates {
    /// Looks through a section.
    pub(super) fn of(section: &Section) -> Candidates {
        let mut own = Candidates { all: Vec::new(), ends: Vec::with_capacity(section.blocks().len()) };
        for (id, block) in section.numbered_blocks() {
            candidates(text(section, id, block), &mut own.all);
            own.ends.push(own.all.len());
        }
        own
    }

    fn of_block(&self, block: BlockId) -> &[Candidate] {
        let end = |index: usize| self.ends.get(index).copied().unwrap_or(0);
        let start = block.index().checked_sub(1).map_or(0, end);
        self.all.get(start..end(block.index())).unwrap_or_default()
    }
}

/// What of a block is searched.
fn text<'a>(section: &'a Section, id: BlockId, block: &Block) -> &'a str {
    let is_searched = matches!(block.kind, BlockKind::Paragraph | BlockKind::Verse | BlockKind::Attribution);
    if is_searched { section.block_text(id) } else { "" }
}

/// The paragraphs of a section.
pub(super) fn paragraphs<'a>(section: &'a Section, candidates: &'a Candidates) -> impl Iterator<Item = Paragraph<'a>> {
    section.numbered_blocks().map(|(id, block)| {
        let quoted = section.frames(id).rfind_quoted();
        let is_signature = block.kind == BlockKind::Attribution;
        let matter = match (&block.kind, quoted) {
            (BlockKind::Paragraph | BlockKind::Verse | BlockKind::Attribution, Some((frame, is_motto))) => {
                Matter::Quoted { frame, is_motto, is_signature }
            }
            (BlockKind::Paragraph, None) => Matter::Prose,
            (BlockKind::Verse, None) => Matter::Verse,
            (BlockKind::Attribution, None) => Matter::Signature,
            _ => Matter::Break,
        };
        Paragraph {
            section: section.id(),
            block: id,
            text: Cow::Borrowed(text(section, id, block)),
            candidates: Cow::Borrowed(candidates.of_block(id)),
            matter,
            continues: block.continues,
            // Matter set apart as quoted may keep marks.
            votes: block.kind == BlockKind::Paragraph,
        }
    })
}

/// Frames from the innermost outwards.
trait Frames {
    /// The outermost frame of quoted matter, and whether it is a motto.
    fn rfind_quoted(&mut self) -> Option<(u32, bool)>;
}

impl<'a, I: Iterator<Item = (u32, &'a crate::document::Frame)>> Frames for I {
    fn rfind_quoted(&mut self) -> Option<(u32, bool)> {
        self.filter_map(|(index, frame)| match frame.kind {
            FrameKind::Quote => Some((index, false)),
            FrameKind::Epigraph => Some((index, true)),
            _ => None,
        })
        .last()
    }
}

//! What of a document is searched: its paragraphs, and matter that its markup sets apart as
//! quoted.

use crate::document::{BlockId, BlockKind, FrameKind, Position, Range, Section, SectionId};

use super::marks::{Candidate, candidates};

/// A paragraph, or what stands between paragraphs.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub(super) section: SectionId,
    pub(super) block: BlockId,
    pub(super) text: String,
    pub(super) candidates: Vec<Candidate>,
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

impl Paragraph {
    /// A stretch of it as a range of the document.
    pub(super) fn range(&self, start: usize, end: usize) -> Range {
        let at = |byte: usize| Position::new(self.section, self.block, byte as u32);
        Range { start: at(start), end: at(end) }
    }
}

/// The paragraphs of a section.
pub(super) fn paragraphs(section: &Section) -> impl Iterator<Item = Paragraph> {
    section.numbered_blocks().map(|(id, block)| {
        let mut frames = section.frames(id);
        let quoted = frames.rfind_quoted();
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
        let text = if matter == Matter::Break { "" } else { section.block_text(id) };
        Paragraph {
            section: section.id(),
            block: id,
            text: text.to_owned(),
            candidates: candidates(text),
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

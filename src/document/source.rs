//! The document as its format offers it: the one interface between formats and readers.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::text::Pattern;

use super::{Format, Identity, Meta, Outline, Position, Section, SectionId, Target, Warning};

/// An opened document.
///
/// It is immutable and shared between threads; `load` depends on nothing but the file, so a
/// section may be loaded, forgotten and loaded again with the same result. Bad *content* is
/// never an error: it gives a section with warnings. Only the disk gives errors.
pub trait Document: Send + Sync {
    /// The format.
    fn format(&self) -> Format;

    /// What the document says about itself.
    fn meta(&self) -> &Meta;

    /// The character encoding of its text, by its usual name (`UTF-8`, `windows-1251`).
    fn encoding(&self) -> &str;

    /// By what it is known again.
    fn identity(&self) -> &Identity;

    /// Number of sections. At least 1; a document without any text has one empty section.
    fn section_count(&self) -> u32;

    /// The size of a section in bytes as it is stored, known without loading it; progress through
    /// the document is measured by it. 0 for a section that does not exist.
    fn section_bytes(&self, section: SectionId) -> u64;

    /// Comes nearer to where a section begins, by a step of a few milliseconds, and says how near
    /// it is: where sections can only be found one after another, loading a far one takes long
    /// without it.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn reach(&self, _section: SectionId) -> io::Result<Progress> {
        Ok(Progress::DONE)
    }

    /// Whether it is all there. A document that still arrives (through a pipe) has as many
    /// sections as have come so far; all of them but the last are final.
    fn is_complete(&self) -> bool {
        true
    }

    /// Where the text itself begins, after what whoever publishes it sets before it.
    fn text_start(&self) -> Position {
        Position::START
    }

    /// Where the text itself ends, before what is set after it; [`Position::END`] where nothing is.
    fn text_end(&self) -> Position {
        Position::END
    }

    /// Whether a place is outside the text itself. `_within`: how far into its section it lies, 0
    /// to 1.
    fn is_notice(&self, _place: Position, _within: f64) -> bool {
        false
    }

    /// The same document with what has arrived since; `None` where nothing has.
    fn later(&self) -> Option<Arc<dyn Document>> {
        None
    }

    /// Loads one section.
    ///
    /// # Errors
    /// When the file cannot be read (it went away, the disk failed).
    fn load(&self, section: SectionId) -> io::Result<Section>;

    /// Whether a section may have a match, by a look that is quicker than loading it where the
    /// format knows one. Never false where there is a match.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn may_match(&self, _section: SectionId, _pattern: &Pattern) -> io::Result<bool> {
        Ok(true)
    }

    /// Looks in a section for the line of the file before which `ends` lines end in it: 0 is what the
    /// section begins with. To be asked where the [format has lines](Format::has_lines).
    ///
    /// # Errors
    /// When the file cannot be read.
    fn line(&self, _section: SectionId, _ends: u64) -> io::Result<LinePlace> {
        Ok(LinePlace::Beyond(0))
    }

    /// A pass that finds the chapters. It may read the whole document, a slice at each step.
    fn outline_pass(&self) -> Box<dyn OutlinePass>;

    /// Whether the outline pass would still teach it where links lead: that is no chapter, and not known
    /// from an earlier reading.
    fn learns_places(&self) -> bool {
        false
    }

    /// The place that a link in `from` leads to, if it lies in this document.
    fn resolve(&self, from: SectionId, href: &str) -> Option<Target>;

    /// What was wrong with the document as a whole (a missing part, a broken contents list).
    fn warnings(&self) -> &[Warning];
}

impl fmt::Debug for dyn Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({}, {} bytes)", self.format(), self.identity().bytes)
    }
}

/// Where a line of the file is, as far as one section tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinePlace {
    /// Here; of an empty line, what follows it; of one inside of markup, where that begins.
    At(Position),
    /// After the section, in which so many lines end.
    Beyond(u64),
}

/// A search for the chapters, in steps short enough to run beside the reader (each at most a
/// few hundred KiB of text). It owns what it reads from, and touches nothing else.
pub trait OutlinePass: Send {
    /// Does the next step and says how far the pass has come. After it is done, further calls
    /// do nothing.
    ///
    /// # Errors
    /// When the file cannot be read. The outline so far stays usable.
    fn step(&mut self) -> io::Result<Progress>;

    /// The section that the last step read, given away: what else goes through the whole document
    /// need not read it again. `None` where a step reads none.
    fn section(&mut self) -> Option<Section> {
        None
    }

    /// The outline as far as it is known. Positions of entries do not change as it grows.
    fn outline(&self) -> Outline;

    /// Why each entry of [`outline`](Self::outline) was taken, in a few words; empty where the
    /// document names its chapters itself.
    fn reasons(&self) -> Vec<String> {
        Vec::new()
    }
}

/// How far a pass over a document has come, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far.
    pub done: u64,
    /// Bytes in all; `done == total` at the end.
    pub total: u64,
}

impl Progress {
    /// The end of a pass.
    pub const DONE: Progress = Progress { done: 1, total: 1 };

    /// Whether the pass is through.
    pub fn is_done(self) -> bool {
        self.done >= self.total
    }

    /// Percent, 0 to 100.
    pub fn percent(self) -> u8 {
        if self.is_done() { 100 } else { (self.done * 100 / self.total.max(1)) as u8 }
    }
}

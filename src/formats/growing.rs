//! A long page of HTML or Markdown: read in pieces, of which the first is there at once.
//!
//! Nominal cuts lie at multiples of the step, as in plain text; the true cut is the first good
//! place after it, within a look-ahead of a quarter step. But what is a good place, and what a
//! text after it means, depends on what is before it (a fence, a list, a table, open elements).
//! So each cut keeps that as a **state**, found by a scan that is many times as quick as parsing
//! and walks from cut to cut; what was found stays. A section then depends on its own bytes and
//! the state before them: it may be forgotten and loaded again without reading what precedes it,
//! and is the same whatever was read before. It must not know any format: how pieces are cut and
//! read is given by a [`Pieces`].

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use crate::document::{
    Document, Format, Identity, LinePlace, Meta, Outline, OutlinePass, Position, Progress, Section, SectionBuilder,
    SectionId, Target, Warning,
};
use crate::limits::{PAGE_IDS_MAX, PIECE_BYTES};
use crate::text::bytes::after_ends;
use crate::text::{Clean, clean_line};

use super::encoding::Charset;
use super::fragment::fragment;
use super::headings::Headings;
use super::topics::{self, Parts, Topics};
use super::writer::Writer;
use super::{Context, Source};

/// A few more bytes than the look-ahead, for the rest of a character or of a CR LF.
const SLACK: u64 = 8;
/// Cuts that are looked for in one step towards a section: 2 MiB are scanned in a few
/// milliseconds.
const STRIDE: u32 = 32;
/// How a format is read in pieces.
pub trait Pieces: Sized + Send + Sync + 'static {
    /// What has to be known of the text before a cut. The default is the start of the document.
    type State: Clone + Default + Send + Sync;

    /// The best place for the next piece to begin, as an offset into `window.bytes` that lies in
    /// `window.cuts`, and the state there. `state` is that at the start of the bytes.
    fn cut(&self, state: &Self::State, window: &Window) -> (usize, Self::State);

    /// The same over a source that has grown.
    fn over(&self, source: &Source) -> Self;

    /// Writes a piece.
    fn read(&self, state: &Self::State, text: &str, writer: &mut Writer) -> Meta;
}

/// The bytes from one cut to where the next one must have been.
#[derive(Debug)]
pub struct Window<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Where the next piece may begin: both ends count.
    pub cuts: Range<usize>,
    /// Their encoding.
    pub charset: Charset,
}

impl Window<'_> {
    /// The first place for a cut at which a character begins, and better, a word.
    pub fn inside(&self) -> usize {
        let Range { start, end } = self.cuts.clone();
        let byte = |at: usize| self.bytes.get(at).copied().unwrap_or(b' ');
        let is_word = |at: &usize| at.checked_sub(1).is_some_and(|b| byte(b) == b' ') && is_letter(byte(*at));
        let is_boundary = |at: &usize| self.charset.is_boundary(self.bytes, *at);
        (start..end).filter(is_word).find(is_boundary).or_else(|| (start..end).find(is_boundary)).unwrap_or(end)
    }
}

/// A byte that begins a word and no markup.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

/// A document that is read in pieces.
pub struct Growing<P: Pieces>(Arc<Inner<P>>);

impl<P: Pieces> Clone for Growing<P> {
    fn clone(&self) -> Self {
        Growing(Arc::clone(&self.0))
    }
}

struct Inner<P: Pieces> {
    pieces: P,
    format: Format,
    source: Source,
    charset: Charset,
    identity: Identity,
    name: Clean,
    step: u64,
    /// Where each section begins, without a gap from the first one on.
    cuts: Cuts<P::State>,
    /// As many of them are known at the least.
    known: AtomicU32,
    meta: OnceLock<Meta>,
    /// Named places, the first of each name; once the outline pass has seen all.
    ids: OnceLock<HashMap<Clean, Position>>,
    /// What was wrong with it from the start.
    faults: Vec<Warning>,
    /// The same with what else is wrong with it as a whole; once the outline pass has seen all.
    warnings: OnceLock<Vec<Warning>>,
}

/// Where each section of a document begins, as far as that is known.
type Cuts<S> = Vec<OnceLock<Arc<Cut<S>>>>;

/// Where a section begins.
struct Cut<S> {
    start: u64,
    state: S,
}

/// The bytes of a section, and what is before them.
struct Piece<'a, S> {
    state: &'a S,
    bytes: Vec<u8>,
}

impl<P: Pieces> Growing<P> {
    /// A document over a source in an encoding that [`can_cut`].
    pub fn new(pieces: P, format: Format, source: Source, charset: Charset, context: Context) -> Growing<P> {
        Growing::with_step(pieces, format, source, charset, context, PIECE_BYTES)
    }

    /// The same with another length of sections, at least 32 bytes.
    pub fn with_step(
        pieces: P,
        format: Format,
        source: Source,
        charset: Charset,
        context: Context,
        step: u64,
    ) -> Growing<P> {
        let step = step.max(32);
        let cuts = cuts(source.len(), step);
        if let Some(first) = cuts.first() {
            let _ = first.set(Arc::new(Cut { start: charset.mark_len() as u64, state: P::State::default() }));
        }
        Growing(Arc::new(Inner {
            pieces,
            format,
            source,
            charset,
            identity: context.identity,
            name: context.name,
            faults: context.faults,
            step,
            cuts,
            known: AtomicU32::new(1),
            meta: OnceLock::new(),
            ids: OnceLock::new(),
            warnings: OnceLock::new(),
        }))
    }
}

/// Room for the cuts of a document of some length.
fn cuts<S>(len: u64, step: u64) -> Cuts<S> {
    // What is left after the last whole step joins the section before it if the look-ahead could
    // swallow it.
    let count = len.saturating_sub(step / 4 + SLACK).div_ceil(step).clamp(1, u64::from(u32::MAX));
    (0..count).map(|_| OnceLock::new()).collect()
}

/// Whether a text in this encoding can be cut where its markup says so: every byte of ASCII is
/// that character of the text.
pub fn can_cut(charset: Charset) -> bool {
    charset.unit() == 1 && charset.has_sure_spaces()
}

impl<P: Pieces> Inner<P> {
    /// The same document over a source that has grown, with the cuts that are known.
    fn over(&self, source: Source) -> Inner<P> {
        // Before the cuts are copied: others may be looking for more of them just now.
        let count = self.known.load(Ordering::Acquire);
        let cuts = cuts(source.len(), self.step);
        for (new, known) in cuts.iter().zip(&self.cuts) {
            if let Some(cut) = known.get() {
                let _ = new.set(cut.clone());
            }
        }
        Inner {
            pieces: self.pieces.over(&source),
            source,
            cuts,
            known: AtomicU32::new(count),
            ids: OnceLock::new(),
            warnings: OnceLock::new(),
            identity: self.identity.clone(),
            name: self.name.clone(),
            faults: self.faults.clone(),
            meta: self.meta.clone(),
            ..*self
        }
    }

    fn count(&self) -> u32 {
        self.cuts.len() as u32
    }

    /// Looks for cuts from the last known one on, up to that of a section, at most so many. Gives
    /// how many are known then.
    fn scan(&self, section: u32, limit: u32) -> io::Result<u32> {
        let mut known = self.known.load(Ordering::Acquire).max(1);
        let end = section.saturating_add(1).min(self.count()).min(known.saturating_add(limit));
        while known < end {
            let place = known as usize;
            if self.cuts.get(place).is_some_and(|cut| cut.get().is_none())
                && let Some(before) = self.cuts.get(place - 1).and_then(OnceLock::get)
            {
                let found = self.cut_after(before, u64::from(known))?;
                // Another thread may have found the same meanwhile.
                let _ = self.cuts.get(place).map(|cut| cut.set(Arc::new(found)));
            }
            known += 1;
            self.known.fetch_max(known, Ordering::AcqRel);
        }
        Ok(known)
    }

    fn cut_after(&self, before: &Cut<P::State>, number: u64) -> io::Result<Cut<P::State>> {
        let nominal = (number * self.step).saturating_sub(before.start);
        let limit = nominal + self.step / 4;
        let bytes = self.source.read(before.start, (limit + SLACK) as usize)?;
        let cuts = (nominal as usize).min(bytes.len())..(limit as usize).min(bytes.len());
        let window = Window { bytes: &bytes, cuts, charset: self.charset };
        let (offset, state) = self.pieces.cut(&before.state, &window);
        Ok(Cut { start: before.start + offset as u64, state })
    }

    fn cut(&self, section: u32) -> io::Result<Option<&Cut<P::State>>> {
        self.scan(section, u32::MAX)?;
        Ok(self.cuts.get(section as usize).and_then(OnceLock::get).map(|cut| &**cut))
    }

    fn piece(&self, id: SectionId) -> io::Result<Option<Piece<'_, P::State>>> {
        let Some(cut) = self.cut(id.0)? else { return Ok(None) };
        let end = match self.cut(id.0.saturating_add(1))? {
            Some(next) => next.start,
            None => self.source.len(),
        };
        let bytes = self.source.read(cut.start, end.saturating_sub(cut.start) as usize)?;
        Ok(Some(Piece { state: &cut.state, bytes }))
    }

    fn line(&self, id: SectionId, ends: u64) -> io::Result<LinePlace> {
        let Some(piece) = self.piece(id)? else { return Ok(LinePlace::Beyond(0)) };
        let text = self.charset.decode(&piece.bytes);
        Ok(match after_ends(text.as_bytes(), b'\n', ends) {
            Ok(at) => {
                let mut builder = SectionBuilder::new(id);
                let mut writer = Writer::whole(&mut builder).seeking(at);
                self.pieces.read(piece.state, &text, &mut writer);
                LinePlace::At(writer.found())
            }
            Err(found) => LinePlace::Beyond(found),
        })
    }

    fn load(&self, id: SectionId) -> io::Result<Section> {
        let mut builder = SectionBuilder::new(id);
        let Some(piece) = self.piece(id)? else { return Ok(builder.finish()) };
        let mut writer = Writer::whole(&mut builder);
        let meta = self.pieces.read(piece.state, &self.charset.decode(&piece.bytes), &mut writer);
        writer.finish();
        if id.0 == 0 {
            self.meta.get_or_init(|| meta);
        }
        Ok(builder.finish())
    }
}

impl<P: Pieces> Document for Growing<P> {
    fn format(&self) -> Format {
        self.0.format
    }

    fn meta(&self) -> &Meta {
        if self.0.meta.get().is_none() {
            // A file that cannot be read says nothing about itself either.
            let _ = self.0.load(SectionId(0));
        }
        self.0.meta.get_or_init(Meta::default)
    }

    fn encoding(&self) -> &str {
        self.0.charset.name()
    }

    fn identity(&self) -> &Identity {
        &self.0.identity
    }

    fn section_count(&self) -> u32 {
        self.0.count()
    }

    /// By the nominal cuts: they sum to the length of the file.
    fn section_bytes(&self, section: SectionId) -> u64 {
        let start = u64::from(section.0) * self.0.step;
        match self.0.count() {
            count if section.0 >= count => 0,
            count if section.0 + 1 == count => self.0.source.len().saturating_sub(start),
            _ => self.0.step,
        }
    }

    fn reach(&self, section: SectionId) -> io::Result<Progress> {
        let wanted = section.0.saturating_add(2).min(self.0.count());
        let known = self.0.scan(wanted.saturating_sub(1), STRIDE)?;
        Ok(Progress { done: u64::from(known.min(wanted)), total: u64::from(wanted) })
    }

    fn is_complete(&self) -> bool {
        self.0.source.is_complete()
    }

    fn later(&self) -> Option<Arc<dyn Document>> {
        Some(Arc::new(Growing(Arc::new(self.0.over(self.0.source.later()?)))))
    }

    fn load(&self, section: SectionId) -> io::Result<Section> {
        self.0.load(section)
    }

    fn line(&self, section: SectionId, ends: u64) -> io::Result<LinePlace> {
        self.0.line(section, ends)
    }

    fn outline_pass(&self) -> Box<dyn OutlinePass> {
        let document = self.clone();
        Box::new(Pass {
            document,
            next: SectionId(0),
            read: None,
            headings: Headings::default(),
            topics: Some(Topics::default()),
            parts: Parts::default(),
            ids: HashMap::new(),
            is_cut: false,
        })
    }

    fn learns_places(&self) -> bool {
        self.0.ids.get().is_none()
    }

    fn resolve(&self, from: SectionId, href: &str) -> Option<Target> {
        let fragment = fragment(&self.0.name, href)?;
        let known = self.0.ids.get();
        let place = fragment.names().find_map(|name| match known.and_then(|ids| ids.get(&name)) {
            Some(place) => Some(*place),
            // Not all is known yet: most links lead to somewhere near.
            None => self.load(from).ok()?.id_position(&name),
        });
        place.or(fragment.is_top().then_some(Position::START)).map(Target::At)
    }

    fn warnings(&self) -> &[Warning] {
        self.0.warnings.get().unwrap_or(&self.0.faults)
    }
}

/// The search for chapters: one section a step.
struct Pass<P: Pieces> {
    document: Growing<P>,
    next: SectionId,
    /// The section that the last step read.
    read: Option<Section>,
    headings: Headings,
    /// What is gathered for parts while there are no headings.
    topics: Option<Topics>,
    parts: Parts,
    ids: HashMap<Clean, Position>,
    /// Some names are not among them.
    is_cut: bool,
}

impl<P: Pieces> OutlinePass for Pass<P> {
    fn step(&mut self) -> io::Result<Progress> {
        let count = self.document.section_count();
        if self.next.0 < count {
            let section = self.document.load(self.next)?;
            self.headings.add(&section);
            if self.headings.divide() || self.document.0.source.len() > topics::BYTES_MAX {
                self.topics = None;
            }
            if let Some(topics) = &mut self.topics {
                topics.section(&section);
            }
            for (name, place) in section.ids() {
                if self.ids.len() < PAGE_IDS_MAX {
                    self.ids.entry(name.clone()).or_insert(place);
                } else {
                    self.is_cut |= !self.ids.contains_key(name);
                }
            }
            self.read = Some(section);
            self.next = self.next.next();
        }
        if self.next.0 >= count {
            let sentence =
                "This page has more than 32,768 named places; the rest of them is reached from near by only.";
            let warning = self.is_cut.then(|| Warning(clean_line(sentence)));
            let faults = &self.document.0.faults;
            self.document.0.warnings.get_or_init(|| faults.iter().cloned().chain(warning).collect());
            if let Some(topics) = self.topics.take() {
                self.parts = Parts::new(&topics);
            }
            self.document.0.ids.get_or_init(|| std::mem::take(&mut self.ids));
            return Ok(Progress::DONE);
        }
        Ok(Progress { done: u64::from(self.next.0) * self.document.0.step, total: self.document.0.source.len() })
    }

    fn section(&mut self) -> Option<Section> {
        self.read.take()
    }

    fn outline(&self) -> Outline {
        self.parts.outline().unwrap_or_else(|| self.headings.outline())
    }

    fn reasons(&self) -> Vec<String> {
        self.parts.reasons()
    }
}

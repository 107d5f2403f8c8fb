//! Plain text.
//!
//! A text of any size is a grid of sections ([`grid`]), each read, decoded and re-flowed
//! ([`reflow`], or [`standing`] where lines stay as they are) on its own; its chapters are found by a
//! pass over all its lines ([`chapters`]; [`heads`], [`patch`]).
//! It must not know other formats.

use std::borrow::Cow;
use std::io;
use std::sync::{Arc, OnceLock};

use crate::document::{
    Document, Entry, Format, Identity, LinePlace, Meta, Outline, OutlinePass, Position, Progress, Section, SectionId,
    Target, Warning,
};
use crate::formats::encoding::{Charset, DETECT_BYTES};
use crate::text::bytes::after_ends;
use crate::text::{Pattern, untyped};

use super::outlines::{self, Fingerprint, Places};
use super::topics::{self, Topics};
use super::{Context, OpenError, Source};

use chapters::ChapterFinder;
use grid::{Cell, Grid, LineEnds};

pub mod chapters;
mod emphasis;
mod grid;
mod header;
mod heading;
mod heads;
mod lines;
mod notice;
mod number_words;
mod numerals;
mod patch;
mod reflow;
mod runs;
mod shape;
mod signs;
mod standing;
mod starts;
mod writer;

/// A document of ASCII so far is looked at in this many more places for its first accent.
const SAMPLES: u64 = 8;
/// Bytes of each of those places.
const SAMPLE_BYTES: usize = 4096;
/// A file up to here is looked through whole for its first accent, in half a millisecond. In a
/// longer one that is missed by all samples, each section is guessed by itself.
const SCAN_BYTES_MAX: u64 = 2 << 20;

/// Opens a document of this format.
///
/// # Errors
/// When the bytes cannot be read, or the reader named an encoding that does not exist.
pub fn open(source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    Ok(Arc::new(PlainText::open(source, context, grid::STEP)?))
}

/// The same for a text whose lines stand as they are.
///
/// # Errors
/// As [`open`].
pub fn open_lines(source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    Ok(Arc::new(PlainText { format: Format::Lines, ..PlainText::open(source, context, grid::STEP)? }))
}

/// An opened plain text.
#[derive(Clone, Debug)]
struct PlainText {
    grid: Grid,
    charset: Charset,
    ends: LineEnds,
    identity: Identity,
    meta: Meta,
    /// Plain, or lines that stand as they are.
    format: Format,
    /// Where the text begins and ends between the notices of its publisher, once that was asked.
    start: OnceLock<Position>,
    end: OnceLock<Position>,
}

impl PlainText {
    fn open(source: Source, context: Context, step: u64) -> Result<PlainText, OpenError> {
        let fail = |e: &io::Error| OpenError::io(&context.name, e);
        let head = source.read(0, DETECT_BYTES).map_err(|e| fail(&e))?;
        let charset = match context.charset()? {
            Some(charset) => charset.after_mark(&head),
            None => detect(&source, &head).map_err(|e| fail(&e))?,
        };
        let text = untyped(charset.decode(head.get(charset.mark_len()..).unwrap_or_default()));
        let ends = LineEnds::detect(&text);
        let meta = header::meta(&lines::split(&text, ends));
        let grid = Grid::new(source, charset, ends, step);
        let (start, end) = (OnceLock::new(), OnceLock::new());
        Ok(PlainText { grid, charset, ends, identity: context.identity, meta, format: Format::Plain, start, end })
    }

    /// Reads a section and gives it with the place of each of its lines to `each`.
    fn read(&self, id: SectionId, each: impl FnMut(&lines::Line, Position)) -> io::Result<Section> {
        let Cell { bytes, cut, next, .. } = self.grid.read(id.0)?;
        // What needed no decoding has lost nothing, whatever letters it has.
        let (text, is_whole) = self.charset.take(bytes);
        let text = untyped(Cow::Owned(text));
        let lines = lines::split(&text, self.ends);
        Ok(match self.format {
            Format::Lines => standing::set(id, &lines, cut, is_whole, each),
            _ => reflow::reflow(id, &lines, (cut, next), is_whole, each),
        })
    }
}

/// The encoding of a text; where it begins with plain ASCII, what follows is asked as well.
fn detect(source: &Source, head: &[u8]) -> io::Result<Charset> {
    let charset = Charset::detect(head, Charset::xml_declared(head));
    if !charset.is_open() {
        return Ok(charset);
    }
    let len = source.len();
    let (stride, size) =
        if len <= SCAN_BYTES_MAX { (DETECT_BYTES as u64, DETECT_BYTES) } else { (len / SAMPLES, SAMPLE_BYTES) };
    let mut at = stride;
    while at < len {
        let window = source.read(at, size)?;
        let accent = if window.is_ascii() { None } else { window.iter().position(|b| !b.is_ascii()) };
        if let Some(first) = accent {
            let from = (at + first as u64).saturating_sub(256);
            let near = source.read(from, DETECT_BYTES)?;
            return Ok(Charset::detect_inside(&near));
        }
        at += stride;
    }
    Ok(charset)
}

impl Document for PlainText {
    fn format(&self) -> Format {
        self.format
    }

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn encoding(&self) -> &str {
        self.charset.name()
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn section_count(&self) -> u32 {
        self.grid.count()
    }

    fn section_bytes(&self, section: SectionId) -> u64 {
        self.grid.nominal_bytes(section.0)
    }

    fn is_complete(&self) -> bool {
        self.grid.source().is_complete()
    }

    fn text_start(&self) -> Position {
        *self.start.get_or_init(|| notice::header_end(self).unwrap_or(Position::START))
    }

    fn text_end(&self) -> Position {
        let licence = || notice::licence(self).filter(|end| *end > self.text_start());
        *self.end.get_or_init(|| licence().unwrap_or(Position::END))
    }

    fn is_notice(&self, place: Position, within: f64) -> bool {
        // The end of a text is not read for a page that is far from it.
        place < self.text_start() || notice::is_near_end(self, place.section, within) && place >= self.text_end()
    }

    fn later(&self) -> Option<Arc<dyn Document>> {
        let grid = self.grid.over(self.grid.source().later()?);
        // Only the last section grows.
        let start = if self.grid.count() > 1 { self.start.clone() } else { OnceLock::new() };
        Some(Arc::new(PlainText { grid, start, end: OnceLock::new(), ..self.clone() }))
    }

    fn load(&self, section: SectionId) -> io::Result<Section> {
        self.read(section, |_, _| {})
    }

    fn may_match(&self, section: SectionId, pattern: &Pattern) -> io::Result<bool> {
        Ok(pattern.may_match(&untyped(self.charset.decode(&self.grid.read(section.0)?.bytes))))
    }

    fn line(&self, section: SectionId, ends: u64) -> io::Result<LinePlace> {
        let (text, _) = self.charset.take(self.grid.read(section.0)?.bytes);
        let before = match after_ends(text.as_bytes(), self.ends.last_byte(), ends) {
            Ok(at) => untyped(Cow::Borrowed(text.get(..at).unwrap_or_default())),
            Err(found) => return Ok(LinePlace::Beyond(found)),
        };
        // Other signs end lines, too, that nobody counts.
        let number = lines::split(&before, self.ends).len();
        let mut places = Vec::new();
        self.read(section, |_, place| places.push(place))?;
        // Nothing of the last one may be seen: colours that end.
        let place = places.get(number).copied().or((ends == 0).then_some(Position::start_of(section)));
        Ok(place.map_or(LinePlace::Beyond(ends), LinePlace::At))
    }

    fn outline_pass(&self) -> Box<dyn OutlinePass> {
        if self.format == Format::Lines {
            return Box::new(heads::Pass::new(self.clone()));
        }
        Box::new(Pass {
            text: self.clone(),
            finder: ChapterFinder::new(),
            next: SectionId(0),
            done: 0,
            read: None,
            parts: Parts::Unasked,
        })
    }

    fn resolve(&self, _from: SectionId, _href: &str) -> Option<Target> {
        None
    }

    fn warnings(&self) -> &[Warning] {
        &[]
    }
}

/// The search for chapters: one section a step. A text without any is gone through again, for an
/// outline that comes with the program, or for parts by topic.
struct Pass {
    text: PlainText,
    finder: ChapterFinder,
    next: SectionId,
    done: u64,
    /// The section that the last step read.
    read: Option<Section>,
    parts: Parts,
}

/// The search for parts of a text without chapters.
enum Parts {
    /// Whether there are chapters is not known yet.
    Unasked,
    /// There are, or the text is too long for parts.
    Chapters(Outline),
    Asked(Box<Search>),
    Found {
        entries: Vec<Entry>,
        reason: &'static str,
    },
}

/// What is gathered for parts.
struct Search {
    topics: Topics,
    fingerprint: Fingerprint,
    /// An outline whose places are being looked for, in a third pass.
    places: Option<Places>,
    next: SectionId,
}

impl Pass {
    fn count(&self) -> u32 {
        self.text.section_count()
    }

    /// The next section for parts.
    fn seek_parts(&mut self, mut search: Box<Search>) -> io::Result<Parts> {
        let section = self.text.read(search.next, |_, _| {})?;
        search.next = search.next.next();
        match &mut search.places {
            Some(places) => places.section(&section),
            None => {
                search.topics.section(&section);
                search.fingerprint.section(&section);
            }
        }
        if search.next.0 < self.count() {
            return Ok(Parts::Asked(search));
        }
        let Search { topics, fingerprint, places, .. } = *search;
        if let Some(places) = places {
            return Ok(Parts::Found { entries: places.entries(), reason: "from the outline that comes with lection" });
        }
        let is_small = self.text.grid.total() <= outlines::BUNDLED_BYTES_MAX;
        if let Some(file) = is_small.then(|| outlines::bundled(&fingerprint.finish())).flatten() {
            let places = Some(Places::of(file));
            let search = Search { topics, fingerprint: Fingerprint::default(), places, next: SectionId(0) };
            return Ok(Parts::Asked(Box::new(search)));
        }
        Ok(Parts::Found { entries: topics.parts(), reason: topics::REASON })
    }
}

impl OutlinePass for Pass {
    fn step(&mut self) -> io::Result<Progress> {
        let count = self.text.section_count();
        if self.next.0 < count {
            let finder = &mut self.finder;
            self.read = Some(self.text.read(self.next, |line, place| {
                if line.begins_page {
                    finder.page_break();
                }
                finder.line(place, line);
            })?);
            self.done += self.text.section_bytes(self.next);
            self.next = self.next.next();
        }
        let total = self.text.grid.total();
        if self.next.0 < count {
            return Ok(Progress { done: self.done.min(total.saturating_sub(1)), total });
        }
        self.parts = match std::mem::replace(&mut self.parts, Parts::Unasked) {
            Parts::Unasked => match self.finder.outline(true) {
                none if none.is_empty() && total <= topics::BYTES_MAX => {
                    let search = Search {
                        topics: Topics::default(),
                        fingerprint: Fingerprint::default(),
                        places: None,
                        next: SectionId(0),
                    };
                    Parts::Asked(Box::new(search))
                }
                found => Parts::Chapters(found),
            },
            Parts::Asked(search) => self.seek_parts(search)?,
            found @ (Parts::Chapters(_) | Parts::Found { .. }) => found,
        };
        let is_done = !matches!(self.parts, Parts::Asked(_));
        Ok(if is_done { Progress::DONE } else { Progress { done: total.saturating_sub(1), total: total.max(1) } })
    }

    fn section(&mut self) -> Option<Section> {
        self.read.take()
    }

    fn outline(&self) -> Outline {
        match &self.parts {
            Parts::Found { entries, .. } => Outline::new(entries.clone()).warned(self.finder.warning()),
            Parts::Chapters(outline) => outline.clone(),
            _ => self.finder.outline(self.next.0 >= self.count()),
        }
    }

    fn reasons(&self) -> Vec<String> {
        match &self.parts {
            Parts::Found { entries, reason } => vec![(*reason).to_owned(); entries.len()],
            _ => self.finder.reasons(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BlockId;
    use crate::formats::OpenOptions;
    use crate::text::clean_line;

    pub(super) fn text(bytes: &[u8], step: u64) -> PlainText {
        let source = Source::memory(bytes);
        let identity = source.identity().unwrap();
        let context =
            Context { name: clean_line("a.txt"), identity, options: OpenOptions::default(), faults: Vec::new() };
        PlainText::open(source, context, step).ok().unwrap()
    }

    /// What re-flowing joins, takes out or changes.
    const PARTS: [&str; 24] = [
        "word ",
        "Word",
        "self-\n",
        "éclair ",
        "soft\u{AD}\n   ly ",
        "_em",
        "phasis_ ",
        "\n",
        "\n\n",
        "\t",
        "漢字\n",
        "_漢_",
        "Ｗide",
        "- item ",
        "1. one ",
        "“Quoted” ",
        "dash—\n",
        "* * *\n",
        "CHAPTER II\n\n",
        "cafe\u{301}_s_ ",
        "ﬁne ",
        "     indented ",
        "\n\n12\n\u{c}\n\n",
        "белый",
    ];
    const MARKS: [&[u8]; 5] = [b"", b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF", b"\xFF\xFE\0\0"];

    fn book(chapters: u32) -> String {
        let paragraph =
            "It was late and the hill was high,\nand nobody had told them how far it was\nto the next house.\n\n";
        let chapter = |n| format!("CHAPTER {n}\n\n{}\n\n\n", paragraph.repeat(9));
        (1..=chapters).map(chapter).collect()
    }

    #[test]
    fn any_section_loads_alone() {
        let book = text(book(9).as_bytes(), 256);
        let count = book.section_count();
        assert!(count > 5);
        let forward: Vec<Section> = (0..count).map(|i| book.load(SectionId(i)).unwrap()).collect();
        for id in (0..count).rev() {
            assert_eq!(book.load(SectionId(id)).unwrap(), forward[id as usize]);
        }
        assert_eq!((0..count).map(|i| book.section_bytes(SectionId(i))).sum::<u64>(), book.grid.total());
    }

    #[test]
    fn the_pass_finds_chapters_where_they_stand() {
        for step in [128, 1024, 1 << 20] {
            let book = text(book(9).as_bytes(), step);
            let mut pass = book.outline_pass();
            while !pass.step().unwrap().is_done() {}
            assert!(pass.step().unwrap().is_done());
            let outline = pass.outline();
            assert_eq!(outline.len(), 9, "step {step}");
            for entry in outline.entries() {
                let place = entry.target.position();
                let section = book.load(place.section).unwrap();
                assert_eq!(section.block_text(place.block), entry.title.as_str(), "step {step}");
            }
        }
    }

    #[test]
    fn text_that_begins_in_ascii_is_asked_further_on() {
        let latin = [b"plain words ".repeat(20_000), b"caf\xE9 na\xEFve \xFCber ".repeat(20)].concat();
        let latin = text(&latin, grid::STEP);
        assert_eq!(latin.encoding(), "windows-1252");
        let utf8 = text(("plain words ".repeat(20_000) + "café naïve").as_bytes(), grid::STEP);
        assert_eq!(utf8.encoding(), "UTF-8");
    }

    #[test]
    fn a_mark_is_no_text_and_nothing_is_a_document() {
        let marked = text(b"\xEF\xBB\xBFwords", 64);
        assert_eq!(marked.load(SectionId(0)).unwrap().block_text(BlockId(0)), "words");
        let empty = text(b"", 64);
        assert_eq!((empty.section_count(), empty.load(SectionId(0)).unwrap().block_count()), (1, 0));
        let mut pass = empty.outline_pass();
        assert!((0..3).any(|_| pass.step().unwrap().is_done()));
        assert_eq!(empty.load(SectionId(7)).unwrap().block_count(), 0);
        // A sign for lost bytes that stands in the text is none of ours.
        for (more, warnings) in [(&b"\xFF"[..], 1), ("\u{FFFD}".as_bytes(), 0)] {
            let broken = text(&["много слов ".repeat(20).as_bytes(), more].concat(), 1 << 20);
            assert_eq!(broken.load(SectionId(0)).unwrap().warnings().len(), warnings);
        }
        assert_eq!(marked.load(SectionId(0)).unwrap().warnings().len(), 0);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_text(
            bytes in proptest::collection::vec(proptest::prop_oneof![
                proptest::strategy::Just(b'\n'), proptest::strategy::Just(b' '), proptest::strategy::Just(b'_'),
                proptest::strategy::Just(b'*'), proptest::strategy::Just(0x1Bu8), b'a'..=b'z', proptest::num::u8::ANY,
            ], 0..600),
            step in 32u64..300,
            mark in proptest::sample::select(&MARKS[..]),
        ) {
            let book = text(&[mark, &bytes].concat(), step);
            let mut pass = book.outline_pass();
            for id in 0..book.section_count() {
                let section = book.load(SectionId(id)).unwrap();
                proptest::prop_assert!(crate::text::clean::is_clean(section.text()));
                pass.step().unwrap();
            }
            // A text without chapters is gone through once more.
            proptest::prop_assert!((0..book.section_count() + 2).any(|_| pass.step().unwrap().is_done()));
            proptest::prop_assert!(pass.step().unwrap().is_done());
        }

        #[test]
        fn no_match_is_overlooked(
            parts in proptest::collection::vec(proptest::sample::select(&PARTS[..]), 1..60),
            charset in proptest::sample::select(&["utf-8", "utf-16le", "windows-1252", "gb18030"][..]),
            at in 0usize..1000,
            len in 1usize..12,
        ) {
            let raw = parts.concat();
            let bytes = match charset {
                "utf-16le" => raw.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                name => encoding_rs::Encoding::for_label(name.as_bytes()).unwrap().encode(&raw).0.into_owned(),
            };
            let context = |options| Context { name: clean_line("a.txt"), identity: Identity { bytes: 0, digest: String::new() }, options, faults: Vec::new() };
            let options = OpenOptions { encoding: Some(charset.to_owned()), ..OpenOptions::default() };
            let book = PlainText::open(Source::memory(bytes), context(options), 128).ok().unwrap();
            for id in (0..book.section_count()).map(SectionId) {
                let section = book.load(id).unwrap();
                let text = section.text();
                // Any stretch of the text is found in it, however its letters are written.
                let stretch: String = text.chars().skip(at % text.chars().count().max(1)).take(len).collect();
                for query in [stretch.to_lowercase(), stretch.to_uppercase(), stretch] {
                    let Some(pattern) = Pattern::new(&query) else { continue };
                    let is_there = section.numbered_blocks().any(|(b, _)| !pattern.find_all(section.block_text(b)).is_empty());
                    proptest::prop_assert!(!is_there || book.may_match(id, &pattern).unwrap(), "{:?} in {:?}", query, text);
                }
            }
        }
    }
}

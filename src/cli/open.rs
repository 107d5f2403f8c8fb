//! Opening the document that a command names.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use crate::document::{Document, Outline, Position, Section, SectionId};
use crate::formats::encoding::{Charset, DETECT_BYTES};
use crate::formats::{self, OpenOptions, Source, Stamp};
use crate::reader::Extent;
use crate::runtime::{Origin, Shortfall, Spooler, Watched, panics};
use crate::store::AUTO;
use crate::text::clean_line;

use super::args::{Format, Reading};
use super::{at, state, tell};

/// A share as it is printed: in percent, with two digits after the point.
pub fn percent(fraction: f64) -> f64 {
    (fraction * 10_000.0).round() / 100.0
}

/// Why its chapters cannot be looked for.
pub fn no_chapters(error: &io::Error) -> anyhow::Error {
    failed(error).context("its chapters cannot be looked for")
}

/// One part of a document; where the disk does not give it, which one it is.
pub fn part(document: &dyn Document, id: SectionId) -> anyhow::Result<Section> {
    document.load(id).map_err(|error| no_part(document, id, &error))
}

/// Which part cannot be read, and why.
pub fn no_part(document: &dyn Document, id: SectionId, error: &io::Error) -> anyhow::Error {
    failed(error).context(format!("part {} of {} cannot be read", id.0 + 1, document.section_count()))
}

/// A failure of the disk in words that fit a command: there is no key to press.
fn failed(error: &io::Error) -> anyhow::Error {
    let words = formats::in_words(error).replace("r reads it again", "try again");
    io::Error::new(error.kind(), words).into()
}

/// How to open a document: as the command line says, else as it was said before of this document.
fn options(reading: &Reading, source: &Source, path: Option<&Path>) -> OpenOptions {
    let encoding = reading.encoding.clone().or_else(|| said_before(reading, source, path));
    OpenOptions {
        format: reading.format.and_then(Format::of_document),
        encoding: encoding.filter(|name| !name.eq_ignore_ascii_case(AUTO)),
    }
}

/// The encoding that the reader gave for a document earlier. Of a file that was changed it is that of
/// what stood there, unless it is plainly something else now.
fn said_before(reading: &Reading, source: &Source, path: Option<&Path>) -> Option<String> {
    let mut store = state::store(reading);
    let identity = source.identity().ok()?;
    let said = store.encoding(&identity).or_else(|| {
        let said = store.encoding_at(&identity, &state::known_path(path?)?)?;
        let head = source.read(0, DETECT_BYTES).ok()?;
        let is_other = !head.is_ascii() && Charset::detect(&head, None).name() == Charset::UTF_8.name();
        (!is_other).then_some(said)
    })?;
    // A later version may know more of them.
    (said == AUTO || Charset::from_name(&said).is_some()).then_some(said)
}

/// What is read as it comes, if a name stands for that.
pub fn stream(file: &Path) -> io::Result<Option<File>> {
    if !is_stream(file) {
        return Ok(None);
    }
    if file == Path::new("-") { standard_input() } else { File::open(file) }.map(Some)
}

/// Whether a name stands for what is read as it comes: standard input for `-`, or a pipe that the
/// shell has opened already (`lection <(command)`). Any other pipe may never begin.
pub fn is_stream(file: &Path) -> bool {
    let is_open = || OPEN_PIPES.iter().any(|folder| file.parent() == Some(Path::new(folder)));
    file == Path::new("-") || is_open() && formats::is_pipe(file)
}

/// Opens a file, or standard input for `-`.
pub fn open(reading: &Reading, file: &Path) -> anyhow::Result<Arc<dyn Document>> {
    panics::trip("open");
    if let Some(input) = stream(file).with_context(|| unreadable(file))? {
        if let Some(document) = seekable(reading, file, &input)? {
            return Ok(document);
        }
        let spooler = Spooler::start(input).with_context(|| unreadable(file))?;
        take_all(&spooler, file)?;
        return spooled(reading, file, &spooler);
    }
    Ok(open_file(reading, file)?.0)
}

/// Opens a file; gives also how.
fn open_file(reading: &Reading, file: &Path) -> anyhow::Result<(Arc<dyn Document>, OpenOptions)> {
    let (source, name) = formats::source(file)?;
    let options = options(reading, &source, Some(file));
    Ok((formats::open_source(source, name, &options)?, options))
}

/// Opens a file, or standard input for `-`, to be read while it arrives or changes.
pub fn open_to_read(reading: &Reading, file: &Path) -> anyhow::Result<(Arc<dyn Document>, Origin)> {
    let Some(input) = stream(file).with_context(|| unreadable(file))? else {
        // Before it is opened: what happens in between is a change too.
        let stamp = Stamp::of(file).ok();
        let (document, options) = open_file(reading, file)?;
        let path = file.to_owned();
        let open = Box::new(move || formats::open(&path, &options).map_err(|error| clean_line(&error.to_string())));
        return Ok((document, Origin::File(Watched { path: file.to_owned(), stamp, open })));
    };
    if let Some(document) = seekable(reading, file, &input)? {
        return Ok((document, Origin::Fixed));
    }
    let spooler = Spooler::start(input).with_context(|| unreadable(file))?;
    spooler.wait_for_page();
    let head = Source::spool(spooler.spool().clone()).read(0, ARCHIVE.len()).with_context(|| unreadable(file))?;
    // The directory of an archive stands at its end.
    if head == ARCHIVE {
        take_all(&spooler, file)?;
    }
    let document = spooled(reading, file, &spooler)?;
    // What cannot be read in pieces (UTF-16 with markup) can be read only when all of it is there; so may
    // the place to open at.
    let is_whole = document.is_complete() && !Source::spool(spooler.spool().clone()).is_complete();
    let needs_all = |at: &str| !document.is_complete() && at::needs_all(&*document, at);
    if is_whole || reading.at.as_deref().is_some_and(needs_all) {
        take_all(&spooler, file)?;
        return Ok((spooled(reading, file, &spooler)?, Origin::Pipe(spooler)));
    }
    Ok((document, Origin::Pipe(spooler)))
}

/// Waits for all that comes through a pipe.
fn take_all(spooler: &Spooler, file: &Path) -> anyhow::Result<()> {
    match spooler.wait_for_all() {
        Some(cut @ Shortfall::Cut) => tell(&format!("{}: {cut}", name(file))),
        Some(Shortfall::Failed(error)) => return Err(failed(error).context("it cannot be read to its end")),
        None => {}
    }
    Ok(())
}

/// What could not be done with a stream.
fn unreadable(file: &Path) -> String {
    format!("cannot read {}", name(file))
}

/// Where a shell names the pipes that it has opened for a command.
const OPEN_PIPES: [&str; 2] = ["/dev/fd", "/proc/self/fd"];
/// How an EPUB begins.
const ARCHIVE: &[u8] = b"PK\x03\x04";

#[cfg(unix)]
fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn standard_input() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdin().as_handle().try_clone_to_owned().map(File::from)
}

/// A stream as a document if it is a file, of which any part can be read (`lection - < FILE`).
fn seekable(reading: &Reading, file: &Path, input: &File) -> anyhow::Result<Option<Arc<dyn Document>>> {
    let source = || input.metadata()?.is_file().then(|| Source::file(input.try_clone()?)).transpose();
    let source = source().with_context(|| unreadable(file))?;
    source.map(|source| unnamed(reading, file, source)).transpose()
}

fn spooled(reading: &Reading, file: &Path, spooler: &Spooler) -> anyhow::Result<Arc<dyn Document>> {
    unnamed(reading, file, Source::spool(spooler.spool().clone()))
}

/// What a stream gives as a document.
fn unnamed(reading: &Reading, file: &Path, source: Source) -> anyhow::Result<Arc<dyn Document>> {
    let options = options(reading, &source, None);
    Ok(formats::open_source(source, clean_line(&name(file)), &options)?)
}

/// What a document is called by its file.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "standard input".to_owned();
    }
    if is_stream(path) {
        return "a pipe".to_owned();
    }
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The whole outline, with every named place resolved.
pub fn outline(document: &dyn Document) -> anyhow::Result<Outline> {
    Ok(explained(document)?.0)
}

/// The same, with the reason for each entry where it was found by reasons.
pub fn explained(document: &dyn Document) -> anyhow::Result<(Outline, Vec<String>)> {
    let mut pass = document.outline_pass();
    while !pass.step().map_err(|error| no_chapters(&error))?.is_done() {}
    Ok((settled(document, pass.outline()), pass.reasons()))
}

/// An outline whose places are all known to the letter.
pub fn settled(document: &dyn Document, mut outline: Outline) -> Outline {
    let mut wanted: Vec<SectionId> = outline.entries().iter().map(|e| e.target.section()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    for id in wanted {
        if outline.needs(id)
            && let Ok(section) = document.load(id)
        {
            outline.settle(&section);
        }
    }
    outline
}

/// Sections as they are asked for, the last one kept: passes in reading order load each once.
pub struct Sections<'a> {
    document: &'a dyn Document,
    extent: Extent,
    last: Option<Section>,
}

impl<'a> Sections<'a> {
    /// The sections of a document.
    pub fn new(document: &'a dyn Document) -> Sections<'a> {
        Sections { document, extent: Extent::new(document), last: None }
    }

    /// One section.
    pub fn get(&mut self, id: SectionId) -> anyhow::Result<&Section> {
        let section = match self.last.take() {
            Some(last) if last.id() == id => last,
            _ => part(self.document, id)?,
        };
        Ok(self.last.insert(section))
    }

    /// The nearest place that exists.
    pub fn clamp(&mut self, place: Position) -> anyhow::Result<Position> {
        let id = self.extent.clamp(place.section);
        Ok(self.get(id)?.clamp(place))
    }

    /// How far into the document a place lies, in percent with two digits after the point.
    pub fn percent(&mut self, place: Position) -> f64 {
        let within = self.get(place.section).map_or(0.0, |s| s.fraction(place));
        let fraction = self.extent.fraction(place.section, within);
        percent(fraction)
    }

    /// All sections, in order.
    pub fn ids(&self) -> impl Iterator<Item = SectionId> + use<> {
        (0..self.document.section_count()).map(SectionId)
    }
}

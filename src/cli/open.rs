//! Opening the document that a command names.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use crate::document::{Document, Outline, Position, Section, SectionId};
use crate::formats::{self, OpenOptions, Source};
use crate::reader::Extent;
use crate::text::clean_line;

use super::args::Reading;

/// Bytes taken from standard input; a pipe without end is cut there.
const PIPE_BYTES_MAX: u64 = 1 << 30;

/// What the command line says about how to open.
pub fn options(reading: &Reading) -> OpenOptions {
    OpenOptions { format: reading.format.map(Into::into), encoding: reading.encoding.clone() }
}

/// Opens a file, or standard input for `-`.
pub fn open(reading: &Reading, file: &Path) -> anyhow::Result<Arc<dyn Document>> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().take(PIPE_BYTES_MAX).read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(formats::open_source(Source::memory(bytes), clean_line("standard input"), &options(reading))?);
    }
    Ok(formats::open(file, &options(reading))?)
}

/// What a document is called by its file.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "standard input".to_owned();
    }
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The whole outline, with every named place resolved.
pub fn outline(document: &dyn Document) -> anyhow::Result<Outline> {
    let mut pass = document.outline_pass();
    while !pass.step().context("cannot look for chapters")?.is_done() {}
    let mut outline = pass.outline();
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
    Ok(outline)
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
            _ => self.document.load(id).context("cannot read a part of the document")?,
        };
        Ok(self.last.insert(section))
    }

    /// How far into the document a place lies, in percent with two digits after the point.
    pub fn percent(&mut self, place: Position) -> f64 {
        let within = self.get(place.section).map_or(0.0, |s| s.fraction(place));
        let fraction = self.extent.fraction(place.section, within);
        (fraction * 10_000.0).round() / 100.0
    }

    /// All sections, in order.
    pub fn ids(&self) -> impl Iterator<Item = SectionId> + use<> {
        (0..self.document.section_count()).map(SectionId)
    }
}

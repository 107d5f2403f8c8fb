//! EPUB 2 and 3.
//!
//! Opening reads the archive's directory, the container and the package document; parts are
//! inflated and parsed one by one when they are read, the contents list when it is asked for.
//! Books as they are found are read, not as they should be: what is missing or broken is said at
//! its place. Locked books are refused by the name of their lock.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use super::limits::{MEMBER_DIRECTIONS_MAX, MEMBER_TEXT_MAX, REPEATS_MAX, SPINE_MAX};
use super::zip::{Archive, Fault, MemberId};
use super::{Context, OpenError, Source};
use crate::document::{Document, Format, Identity, Meta, OutlinePass, Position, Section, SectionId, Target, Warning};
use crate::text::{Clean, clean_line};

mod container;
mod contents;
mod links;
mod outline;
mod package;
mod part;
#[cfg(test)]
mod tests;
mod text;
mod xml;

use package::Package;
use part::{Part, Place};

/// Bytes of a part by which a page is told from encrypted matter.
const LOCK_SAMPLE: usize = 1024;

/// An opened book.
struct Epub(Arc<Book>);

/// What is known of a book once it is opened; shared with its outline pass.
struct Book {
    archive: Archive,
    package: Package,
    parts: Vec<Part>,
    /// The first section that shows a member.
    sections: HashMap<MemberId, SectionId>,
    encoding: &'static str,
    identity: Identity,
    warnings: Vec<Warning>,
}

/// Why a book cannot be opened: the disk failed, or a sentence about the book.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Disk(#[from] io::Error),
    #[error("{0}")]
    Book(String),
}

/// Opens a document of this format.
///
/// # Errors
/// When the bytes cannot be read, are no EPUB, or are locked.
pub fn open(source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    let book = open_book(source, context.identity);
    let book = book.map_err(|refusal| OpenError::new(&context.name, &refusal.to_string()))?;
    Ok(Arc::new(Epub(Arc::new(book))))
}

fn open_book(source: Source, identity: Identity) -> Result<Book, Refusal> {
    let archive = Archive::open(source)?;
    if archive.is_empty() {
        return Err(Refusal::new("it is no EPUB: it is no ZIP archive, or an empty or incomplete one."));
    }
    let mut warnings = Warnings::default();
    if archive.is_recovered() {
        warnings.add("The archive has no usable directory; what could be found in it is shown.");
    }
    let (mut package, encoding) = read_package(&archive)?;
    if package.spine().is_empty() {
        warnings.add("The book states no reading order; its pages are shown in the order they are listed in.");
        package.use_all_pages();
    }
    let (parts, sections) = lay_out(&archive, &package, &mut warnings);
    if parts.is_empty() {
        return Err(Refusal::new("it holds no chapters. Perhaps the file is incomplete."));
    }
    if let Some(lock) = lock(&archive, &parts)? {
        return Err(Refusal::new(format!("it is protected by {lock}; lection reads only unprotected books.")));
    }
    Ok(Book { archive, package, parts, sections, encoding, identity, warnings: warnings.0 })
}

/// The package document and the encoding that it is in.
fn read_package(archive: &Archive) -> Result<(Package, &'static str), Refusal> {
    let opf = container::find_package(archive)?;
    let path = archive.name(opf);
    let content = archive.read(opf, MEMBER_DIRECTIONS_MAX)?;
    match content.fault {
        // What a damaged one still says is taken; half of a bomb is no book.
        Some(fault) if content.bytes.is_empty() || fault == Fault::TooLong => {
            Err(Refusal::new(format!("its package document, '{path}', cannot be read: {fault}.")))
        }
        _ => {
            let (text, encoding) = text::decode(content.bytes);
            Ok((Package::read(&xml::parse(&text), path), encoding))
        }
    }
}

/// The parts in reading order, and which section shows which member. No parts if none is there.
fn lay_out(archive: &Archive, package: &Package, warnings: &mut Warnings) -> (Vec<Part>, HashMap<MemberId, SectionId>) {
    let mut parts = Vec::new();
    let mut sections = HashMap::new();
    let mut seen: HashMap<MemberId, usize> = HashMap::new();
    let (mut repeated, mut missing) = (0, 0);
    for id in package.spine() {
        let chain = package.with_fallbacks(id);
        let members: Vec<_> = chain.iter().map(|item| item.path.as_ref().and_then(|path| archive.find(path))).collect();
        let is_there = |page: bool| {
            chain.iter().zip(&members).find_map(|(item, member)| member.filter(|_| !page || item.is_page()))
        };
        // The first that is a page, else the first that is there at all: it may be one all the same.
        let place = match is_there(true).or_else(|| is_there(false)) {
            Some(member) => Place::Member(member),
            None if chain.first().is_some_and(|item| links::is_outside(&item.href)) => Place::Remote,
            None => Place::Missing,
        };
        let mut name = chain.first().map_or(id.as_str(), |item| item.path.as_deref().unwrap_or(&item.href));
        if let Place::Member(member) = place {
            let times = seen.entry(member).or_default();
            *times += 1;
            if *times > REPEATS_MAX {
                repeated += 1;
                continue;
            }
            name = archive.name(member);
        } else {
            missing += 1;
        }
        let section = SectionId(parts.len() as u32);
        for member in members.into_iter().flatten() {
            sections.entry(member).or_insert(section);
        }
        parts.push(Part { name: name.to_owned(), place });
    }
    if parts.iter().all(|part: &Part| part.member().is_none()) {
        warnings.add("No part of the reading order is in the archive; the pages in it are shown as they come.");
        parts = all_pages(archive);
        sections = (0..).map(SectionId).zip(&parts).filter_map(|(id, part)| Some((part.member()?, id))).collect();
    }
    let overlapping = mark_overlaps(archive, &mut parts);
    warnings.count(repeated, "repetitions of a part of the book are left out.");
    warnings.count(missing, "parts of the book are missing; a line says so where they belong.");
    warnings.count(overlapping, "parts of the book share their bytes with others and are not unpacked.");
    (parts, sections)
}

/// Marks the parts whose bytes begin inside those of another: a few bytes that unpack to
/// gigabytes. Sizes that run past the end are no overlap but a lie, and are left to the reading.
fn mark_overlaps(archive: &Archive, parts: &mut [Part]) -> usize {
    // Members found by searching have no sizes that could be compared.
    if archive.is_recovered() {
        return 0;
    }
    let members: HashSet<_> = parts.iter().filter_map(Part::member).collect();
    let mut ranges: Vec<_> = members.into_iter().map(|m| (archive.stated_range(m), m)).collect();
    ranges.retain(|(range, _)| range.end <= archive.len());
    ranges.sort_by_key(|(range, member)| (range.start, *member));
    let mut end = 0;
    let mut overlapping = HashSet::new();
    for (range, member) in ranges {
        if range.start < end {
            overlapping.insert(member);
        }
        end = end.max(range.end);
    }
    for part in parts.iter_mut().filter(|part| part.member().is_some_and(|m| overlapping.contains(&m))) {
        part.place = Place::Overlapping;
    }
    overlapping.len()
}

/// The pages of an archive whose package leads nowhere.
fn all_pages(archive: &Archive) -> Vec<Part> {
    archive
        .members()
        .filter(|(_, member)| ["xhtml", "html", "htm"].iter().any(|end| member.has_extension(end)))
        .map(|(id, member)| Part { name: member.name.clone(), place: Place::Member(id) })
        .take(SPINE_MAX)
        .collect()
}

/// Whose lock is on the book, if there is one: a part is said to be encrypted, and its bytes are
/// no page. (Books that were unlocked may still say so.)
fn lock(archive: &Archive, parts: &[Part]) -> io::Result<Option<&'static str>> {
    let encrypted = container::encrypted(archive)?;
    let locked = parts.iter().filter_map(Part::member).find_map(|m| Some((m, encrypted.get(&m)?)));
    let Some((member, algorithm)) = locked else { return Ok(None) };
    let start = archive.read(member, LOCK_SAMPLE)?;
    Ok((!part::is_page(start.bytes)).then(|| container::lock_name(archive, algorithm)))
}

impl Refusal {
    fn new(sentence: impl Into<String>) -> Refusal {
        Refusal::Book(sentence.into())
    }
}

impl Part {
    fn member(&self) -> Option<MemberId> {
        match self.place {
            Place::Member(member) => Some(member),
            _ => None,
        }
    }
}

/// Warnings about the book as a whole.
#[derive(Debug, Default)]
struct Warnings(Vec<Warning>);

impl Warnings {
    fn add(&mut self, sentence: &str) {
        self.0.push(Warning(clean_line(sentence)));
    }

    fn count(&mut self, count: usize, what: &str) {
        if count > 0 {
            self.add(&format!("{count} {what}"));
        }
    }
}

impl Book {
    fn section_count(&self) -> u32 {
        self.parts.len() as u32
    }

    /// The stated size, at least 1 so that every part counts in the progress, at most what is
    /// ever read of it.
    fn section_bytes(&self, section: SectionId) -> u64 {
        let Some(part) = self.parts.get(section.index()) else { return 0 };
        part.member().map_or(1, |m| self.archive.stated_size(m)).clamp(1, MEMBER_TEXT_MAX as u64)
    }

    /// The place that an address leads to which stands in the file at `base`.
    fn resolve(&self, base: &str, href: &str) -> Option<Target> {
        let address = links::resolve(base, href)?;
        let member = self.archive.find(address.path.as_deref().unwrap_or(base))?;
        let section = *self.sections.get(&member)?;
        Some(match address.fragment {
            Some(name) => Target::Named(section, clean_line(&name)),
            None => Target::At(Position::start_of(section)),
        })
    }
}

impl Document for Epub {
    fn format(&self) -> Format {
        Format::Epub
    }

    fn meta(&self) -> &Meta {
        &self.0.package.meta
    }

    fn encoding(&self) -> &str {
        self.0.encoding
    }

    fn identity(&self) -> &Identity {
        &self.0.identity
    }

    fn section_count(&self) -> u32 {
        self.0.section_count()
    }

    fn section_bytes(&self, section: SectionId) -> u64 {
        self.0.section_bytes(section)
    }

    fn load(&self, section: SectionId) -> io::Result<Section> {
        let Some(part) = self.0.parts.get(section.index()) else { return Ok(Section::default()) };
        Ok(part::load(&self.0.archive, part, section)?.0)
    }

    fn outline_pass(&self) -> Box<dyn OutlinePass> {
        Box::new(outline::Pass::new(Arc::clone(&self.0)))
    }

    fn resolve(&self, from: SectionId, href: &str) -> Option<Target> {
        let part = self.0.parts.get(from.index())?;
        // A fragment alone stays in its section, even if the file is shown again elsewhere.
        match href.trim().strip_prefix('#') {
            Some("") => Some(Target::At(Position::start_of(from))),
            Some(name) => {
                let name: Clean = clean_line(&super::zip::names::percent_decode(name));
                Some(Target::Named(from, name))
            }
            None => self.0.resolve(&part.name, href),
        }
    }

    fn warnings(&self) -> &[Warning] {
        &self.0.warnings
    }
}

//! EPUB 2 and 3.
//!
//! Opening reads the archive's directory, the container and the package document; parts are
//! inflated and parsed one by one when they are read, the contents list when it is asked for.
//! Books as they are found are read, not as they should be: what is missing or broken is said at
//! its place. Locked books are refused by the name of their lock.

use std::io;
use std::sync::{Arc, OnceLock};

use super::zip::{Archive, Fault};
use super::{Context, OpenError, Refusal, Source};
use crate::document::{Document, Format, Identity, Meta, OutlinePass, Position, Section, SectionId, Target, Warning};
use crate::limits::{MEMBER_DIRECTIONS_MAX, MEMBER_TEXT_MAX};
use crate::text::{Clean, clean_line};

mod container;
mod contents;
mod links;
mod outline;
mod package;
mod part;
mod spine;
#[cfg(test)]
mod tests;
mod text;
mod xml;

use package::Package;
use part::Part;
use spine::Spine;

/// Bytes of a part by which a page is told from encrypted matter.
const LOCK_SAMPLE: usize = 1024;

/// An opened book.
struct Epub(Arc<Book>);

/// What is known of a book once it is opened; shared with its outline pass.
struct Book {
    archive: Archive,
    package: Package,
    spine: Spine,
    encoding: &'static str,
    identity: Identity,
    warnings: Vec<Warning>,
    /// The same with what the contents list turned out to lack, once it was read.
    warnings_at_last: OnceLock<Vec<Warning>>,
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
    if archive.is_cut() {
        warnings.add("The archive has more than 65,535 files; the rest of them is left out.");
    }
    let (mut package, encoding) = read_package(&archive, &mut warnings)?;
    if package.spine().is_empty() {
        warnings.add("The book states no reading order; its pages are shown in the order they are listed in.");
        package.use_all_pages();
    }
    let spine = Spine::lay_out(&archive, &package, &mut warnings);
    if spine.parts.is_empty() {
        return Err(Refusal::new("it holds no chapters. Perhaps the file is incomplete."));
    }
    if let Some(lock) = lock(&archive, &spine.parts, &mut warnings)? {
        return Err(Refusal::new(format!("it is protected by {lock}; lection reads only unprotected books.")));
    }
    Ok(Book { archive, package, spine, encoding, identity, warnings: warnings.0, warnings_at_last: OnceLock::new() })
}

/// The package document and the encoding that it is in.
fn read_package(archive: &Archive, warnings: &mut Warnings) -> Result<(Package, &'static str), Refusal> {
    let opf = container::find_package(archive, warnings)?;
    let path = archive.name(opf);
    let content = archive.read(opf, MEMBER_DIRECTIONS_MAX)?;
    match content.fault {
        // What a damaged one still says is taken; half of a bomb is no book.
        Some(fault) if content.bytes.is_empty() || fault == Fault::TooLong => {
            Err(Refusal::new(format!("its package document, '{path}', cannot be read: {fault}.")))
        }
        fault => {
            if let Some(fault) = fault {
                warnings.add(&format!("The package document cannot be read as it stands: {fault}."));
            }
            let (text, encoding) = text::decode(content.bytes);
            let nodes = xml::parse(&text);
            if let Some(loss) = xml::loss(&nodes) {
                warnings.add(&format!("The book's file '{path}' {loss}."));
            }
            Ok((Package::read(&nodes, path), encoding))
        }
    }
}

/// Whose lock is on the book, if there is one: a part is said to be encrypted, and its bytes are
/// no page. (Books that were unlocked may still say so.)
fn lock(archive: &Archive, parts: &[Part], warnings: &mut Warnings) -> io::Result<Option<&'static str>> {
    let encrypted = container::encrypted(archive, warnings)?;
    let locked = parts.iter().filter_map(Part::member).find_map(|m| Some((m, encrypted.get(&m)?)));
    let Some((member, algorithm)) = locked else { return Ok(None) };
    let start = archive.read(member, LOCK_SAMPLE)?;
    Ok((!part::is_page(start.bytes)).then(|| container::lock_name(archive, algorithm)))
}

/// Warnings about the book as a whole.
#[derive(Debug, Default)]
struct Warnings(Vec<Warning>);

impl Warnings {
    fn add(&mut self, sentence: &str) {
        self.0.push(Warning(clean_line(sentence)));
    }
}

impl Book {
    fn section_count(&self) -> u32 {
        self.spine.parts.len() as u32
    }

    /// The stated size, at least 1 so that every part counts in the progress, at most what is
    /// ever read of it.
    fn section_bytes(&self, section: SectionId) -> u64 {
        let Some(part) = self.spine.parts.get(section.index()) else { return 0 };
        part.member().map_or(1, |m| self.archive.stated_size(m)).clamp(1, MEMBER_TEXT_MAX as u64)
    }

    /// Notes what is wrong with the contents list. Every pass finds the same.
    fn note(&self, found: Warnings) {
        if !found.0.is_empty() {
            self.warnings_at_last.get_or_init(|| [self.warnings.clone(), found.0].concat());
        }
    }

    /// The place that an address leads to which stands in the file at `base`.
    fn resolve(&self, base: &str, href: &str) -> Option<Target> {
        let address = links::resolve(base, href)?;
        let path = address.path.as_deref().unwrap_or(base);
        let section = match self.archive.find(path) {
            Some(member) => *self.spine.sections.get(&member)?,
            None => self.spine.at(path)?,
        };
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
        let Some(part) = self.0.spine.parts.get(section.index()) else { return Ok(Section::default()) };
        Ok(part::load(&self.0.archive, part, section)?.0)
    }

    fn outline_pass(&self) -> Box<dyn OutlinePass> {
        Box::new(outline::Pass::new(Arc::clone(&self.0)))
    }

    fn resolve(&self, from: SectionId, href: &str) -> Option<Target> {
        let part = self.0.spine.parts.get(from.index())?;
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
        self.0.warnings_at_last.get().unwrap_or(&self.0.warnings)
    }
}

//! What a pass over a document found, kept in the cache folder so that the second opening has it
//! at once. Any of it may be deleted at any time.
//!
//! A file holds what one kind of pass of one build of the program found in one state of a file;
//! anything else in its place (another version, a torn or foreign file) counts as nothing. Failures
//! of the disk are no failures here: without a cache the pass is made again.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::document::{
    BlockId, Entry, Identity, Outline, Position, Quote, QuoteKind, Range, SectionId, Target, Warning,
};
use crate::text::clean_line;

use super::fs::{Fs, RealFs};
use super::log::{make_dirs, optional, write_all};
use super::paths::Paths;

/// Of the form of these files.
const VERSION: u32 = 1;
/// Bytes of one file; what would be larger is found anew each time.
const FILE_BYTES_MAX: u64 = 16 << 20;
/// Bytes of all files; beyond it the oldest go.
const ALL_BYTES_MAX: u64 = 64 << 20;
/// Number of all files.
const FILES_MAX: usize = 512;

/// What was found in one document.
#[derive(Debug)]
pub struct Cache<F: Fs = RealFs> {
    fs: F,
    dir: Option<PathBuf>,
    key: String,
    head: Head,
}

/// The first line of a file: what the rest was made of, and how many lines it has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Head {
    version: u32,
    program: String,
    digest: String,
    modified: String,
    kind: String,
    lines: usize,
}

impl Cache {
    /// A cache that keeps nothing.
    pub fn none() -> Cache {
        Cache { fs: RealFs::default(), dir: None, key: String::new(), head: Head::default() }
    }
}

impl<F: Fs> Cache<F> {
    /// What was found in a document. `modified`: when its file was changed, because its identity
    /// is made of its ends only; `program`: which build of the program looks at it, and how it reads it.
    pub fn open(paths: &Paths, fs: F, identity: &Identity, modified: u128, program: String) -> Cache<F> {
        let (digest, modified) = (identity.digest.clone(), modified.to_string());
        let head = Head { version: VERSION, program, digest, modified, kind: String::new(), lines: 0 };
        Cache { fs, dir: Some(paths.passes()), key: identity.key().to_owned(), head }
    }

    /// The chapters.
    pub fn outline(&mut self) -> Option<Outline> {
        let (mut entries, mut warnings) = (Vec::new(), Vec::new());
        for line in self.load("outline")? {
            match line {
                OutlineLine::Entry(entry) => entries.push(entry.into_entry()),
                OutlineLine::Warning { warning } => warnings.push(Warning(clean_line(&warning))),
            }
        }
        Some(Outline::new(entries).warned(warnings))
    }

    /// Keeps the chapters.
    pub fn keep_outline(&mut self, outline: &Outline) {
        let mut lines: Vec<OutlineLine> = outline.entries().iter().map(EntryLine::of).map(OutlineLine::Entry).collect();
        lines.extend(outline.warnings().iter().map(|warning| OutlineLine::Warning { warning: warning.to_string() }));
        self.keep("outline", lines.into_iter());
    }

    /// The quotations.
    pub fn quotes(&mut self) -> Option<Vec<Quote>> {
        let quotes: Vec<QuoteLine> = self.load("quotes")?;
        quotes.into_iter().map(QuoteLine::into_quote).collect()
    }

    /// Keeps the quotations.
    pub fn keep_quotes(&mut self, quotes: &[Quote]) {
        self.keep("quotes", quotes.iter().map(QuoteLine::of));
    }

    /// How many words each section has.
    pub fn words(&mut self) -> Option<Vec<u32>> {
        self.load("words")
    }

    /// Keeps how many words each section has.
    pub fn keep_words(&mut self, words: &[u32]) {
        self.keep("words", words.iter());
    }

    fn load<T: DeserializeOwned>(&mut self, kind: &str) -> Option<Vec<T>> {
        let path = self.path(kind)?;
        let stat = self.fs.stat(&path).ok().filter(|stat| stat.is_file && stat.bytes <= FILE_BYTES_MAX)?;
        let bytes = self.fs.read(&path, 0, stat.bytes).ok()?;
        let text = std::str::from_utf8(&bytes).ok()?;
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let head: Head = serde_json::from_str(lines.next()?).ok()?;
        let records: Vec<T> = lines.map(|line| serde_json::from_str(line).ok()).collect::<Option<_>>()?;
        (head == self.head(kind, records.len())).then_some(records)
    }

    fn keep<T: Serialize>(&mut self, kind: &str, records: impl ExactSizeIterator<Item = T>) {
        let Some(bytes) = self.bytes(kind, records) else { return };
        // Without a cache the pass is made again.
        let _ = self.write(kind, &bytes);
    }

    fn bytes<T: Serialize>(&self, kind: &str, records: impl ExactSizeIterator<Item = T>) -> Option<Vec<u8>> {
        let mut bytes = serde_json::to_vec(&self.head(kind, records.len())).ok()?;
        bytes.push(b'\n');
        for record in records {
            serde_json::to_writer(&mut bytes, &record).ok()?;
            bytes.push(b'\n');
            if bytes.len() as u64 > FILE_BYTES_MAX {
                return None;
            }
        }
        Some(bytes)
    }

    fn write(&mut self, kind: &str, bytes: &[u8]) -> io::Result<()> {
        let (Some(path), Some(dir)) = (self.path(kind), self.dir.clone()) else { return Ok(()) };
        make_dirs(&mut self.fs, &dir).map_err(|failure| failure.why)?;
        self.trim(&dir, bytes.len() as u64)?;
        let part = path.with_extension(format!("{kind}.part"));
        optional(self.fs.remove(&part))?;
        let mut file = self.fs.create_new(&part)?;
        let written = write_all(&mut self.fs, &mut file, bytes);
        drop(file);
        match written {
            Ok(()) => self.fs.rename(&part, &path),
            // A torn file takes room and is good for nothing.
            Err(error) => self.fs.remove(&part).and(Err(error)),
        }
    }

    /// Makes room for a file of some bytes: the files that were written longest ago go.
    fn trim(&mut self, dir: &Path, bytes: u64) -> io::Result<()> {
        let mut files = Vec::new();
        for name in self.fs.list(dir)? {
            let path = dir.join(name);
            if let Some(stat) = optional(self.fs.stat(&path))?.filter(|stat| stat.is_file) {
                files.push((stat.modified, stat.bytes, path));
            }
        }
        files.sort();
        let mut all = bytes + files.iter().map(|(_, bytes, _)| bytes).sum::<u64>();
        let mut count = files.len() + 1;
        for (_, bytes, path) in files {
            if all <= ALL_BYTES_MAX && count <= FILES_MAX {
                break;
            }
            optional(self.fs.remove(&path))?;
            all -= bytes;
            count -= 1;
        }
        Ok(())
    }

    fn path(&self, kind: &str) -> Option<PathBuf> {
        Some(self.dir.as_ref()?.join(format!("{}.{kind}", self.key)))
    }

    fn head(&self, kind: &str, lines: usize) -> Head {
        Head { kind: kind.to_owned(), lines, ..self.head.clone() }
    }
}

/// A place: section, block, byte.
type Place = (u32, u32, u32);

fn place_of(place: Position) -> Place {
    (place.section.0, place.block.0, place.byte)
}

fn position(place: Place) -> Position {
    Position::new(SectionId(place.0), BlockId(place.1), place.2)
}

/// A part of an outline.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum OutlineLine {
    Entry(EntryLine),
    /// What a reader has to know who misses an entry.
    Warning {
        warning: String,
    },
}

/// An entry of an outline.
#[derive(Serialize, Deserialize)]
struct EntryLine {
    title: String,
    level: u8,
    at: Place,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    within: f32,
    inferred: bool,
}

impl EntryLine {
    fn of(entry: &Entry) -> EntryLine {
        let Entry { title, level, target, within, inferred } = entry;
        let id = match target {
            Target::At(_) => None,
            Target::Named(_, id) => Some(id.to_string()),
        };
        let at = place_of(target.position());
        EntryLine { title: title.to_string(), level: *level, at, id, within: *within, inferred: *inferred }
    }

    fn into_entry(self) -> Entry {
        let EntryLine { title, level, at, id, within, inferred } = self;
        let target = match id {
            None => Target::At(position(at)),
            Some(id) => Target::Named(SectionId(at.0), clean_line(&id)),
        };
        Entry { title: clean_line(&title), level, target, within, inferred }
    }
}

/// A quotation.
#[derive(Serialize, Deserialize)]
struct QuoteLine {
    kind: String,
    parts: Vec<(Place, Place)>,
    opening: String,
    speaker: Option<String>,
    confidence: f32,
}

impl QuoteLine {
    fn of(quote: &Quote) -> QuoteLine {
        let Quote { kind, parts, opening, speaker, confidence } = quote;
        QuoteLine {
            kind: kind.name().to_owned(),
            parts: parts.iter().map(|part| (place_of(part.start), place_of(part.end))).collect(),
            opening: opening.to_string(),
            speaker: speaker.as_ref().map(ToString::to_string),
            confidence: *confidence,
        }
    }

    /// `None` for what no quotation can be.
    fn into_quote(self) -> Option<Quote> {
        let kinds = [QuoteKind::Speech, QuoteKind::Block, QuoteKind::Epigraph, QuoteKind::Inline];
        let kind = kinds.into_iter().find(|kind| kind.name() == self.kind)?;
        let range = |(start, end)| Range { start: position(start), end: position(end) };
        let parts: Vec<Range> = self.parts.into_iter().map(range).collect();
        if parts.is_empty() {
            return None;
        }
        Some(Quote {
            kind,
            parts,
            opening: clean_line(&self.opening),
            speaker: self.speaker.map(|speaker| clean_line(&speaker)),
            confidence: self.confidence,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(root: &Path, modified: u128, program: &str) -> Cache {
        let identity = Identity { bytes: 10, digest: "ab".repeat(32) };
        Cache::open(&Paths::under(root), RealFs::default(), &identity, modified, program.to_owned())
    }

    fn outline() -> Outline {
        let entry =
            |title: &str, target| Entry { title: clean_line(title), level: 1, target, within: 0.25, inferred: true };
        let place = Position::new(SectionId(3), BlockId(14), 159);
        Outline::new(vec![
            entry("“One”", Target::At(place)),
            entry("Two", Target::Named(SectionId(4), clean_line("two"))),
        ])
        .warned([Warning(clean_line("The third one is missing."))])
    }

    fn quotes() -> Vec<Quote> {
        let range = |byte| Range { start: Position::START, end: Position::new(SectionId(0), BlockId(0), byte) };
        let quote = |speaker: Option<&str>| Quote {
            kind: QuoteKind::Speech,
            parts: vec![range(4), range(9)],
            opening: clean_line("Yes, I do."),
            speaker: speaker.map(clean_line),
            confidence: 0.75,
        };
        vec![quote(None), quote(Some("Anna"))]
    }

    #[test]
    fn what_is_kept_is_there_at_the_next_opening() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = cache(folder.path(), 7, "1");
        assert!(first.outline().is_none() && first.quotes().is_none() && first.words().is_none());
        first.keep_outline(&outline());
        first.keep_quotes(&quotes());
        first.keep_words(&[3, 0, 7]);
        let mut second = cache(folder.path(), 7, "1");
        assert_eq!((second.outline(), second.quotes()), (Some(outline()), Some(quotes())));
        assert_eq!(second.words(), Some(vec![3, 0, 7]));
        // A file that was changed, and another build of the program, begin anew.
        assert!(cache(folder.path(), 8, "1").outline().is_none());
        assert!(cache(folder.path(), 7, "2").quotes().is_none());
    }

    #[test]
    fn torn_and_foreign_files_count_as_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = cache(folder.path(), 7, "1");
        cache.keep_outline(&outline());
        let path = cache.path("outline").unwrap();
        let whole = std::fs::read(&path).unwrap();
        for end in 0..whole.len() {
            std::fs::write(&path, whole.get(..end).unwrap()).unwrap();
            assert!(cache.outline().is_none(), "{end}");
        }
        let other = String::from_utf8(whole.clone()).unwrap().replace("\"at\"", "\"to\"");
        for bytes in [&b"\x00\xFF"[..], b"{}\n", b"\n\n", other.as_bytes()] {
            std::fs::write(&path, bytes).unwrap();
            assert!(cache.outline().is_none());
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(cache.outline().is_none());
        // What cannot be written is not kept; nothing else comes of it.
        cache.keep_outline(&outline());
        assert!(cache.outline().is_none());
    }

    #[test]
    fn the_folder_stays_small() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = cache(folder.path(), 7, "1");
        cache.keep_quotes(&quotes());
        let dir = Paths::under(folder.path()).passes();
        for n in 0..FILES_MAX + 20 {
            std::fs::write(dir.join(format!("old-{n}")), "x").unwrap();
        }
        cache.keep_outline(&outline());
        assert!(std::fs::read_dir(&dir).unwrap().count() <= FILES_MAX);
        assert!(cache.outline().is_some());
    }
}

//! A document with the marks that the reader made in it, as the commands about marks need it:
//! every mark with its place in the text as it is now.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::document::{
    Anchor, Corrections, Document, Mark, Outline, Position, Range, Status, Sum, resolve, set_origins,
};
use crate::store::{Label, Store};
use crate::text::{Clean, clean_line};

use super::args::Reading;
use super::open::{self, Sections};
use super::{at, of_store, state};

/// The marks of a document, as they are listed.
pub struct Listed {
    /// Where the document is, or was.
    pub path: Option<PathBuf>,
    /// The title, or the name of the file.
    pub title: Clean,
    /// The marks, and how far into the document each stands, in percent.
    pub marks: Vec<(Mark, f64)>,
    /// Whether they were looked for in the text as it is now.
    pub is_open: bool,
}

impl Listed {
    /// The marks of a file; of one that is gone, as they were when they were last seen: of several books
    /// that stood there those of the latest.
    pub fn open(reading: &Reading, file: &Path) -> anyhow::Result<Listed> {
        if let Some(gone) = state::known_path(file).filter(|path| !path.exists()) {
            let mut kept = state::store(reading).all_marks();
            kept.retain(|(label, _)| label.path.as_ref() == Some(&gone));
            let mut kept = kept.into_iter();
            if let Some((label, marks)) = kept.next() {
                eprintln!("lection: {} is gone; its marks are shown as they were", clean_line(&gone.to_string_lossy()));
                for (other, _) in kept {
                    eprintln!("lection: “{}” was there before; 'lection marks' lists its marks", other.name());
                }
                return Ok(Listed::last_seen(&label, marks));
            }
        }
        let book = Book::open(reading, file)?;
        let percents = book.percents();
        let marks = book.marks.into_iter().zip(percents).collect();
        Ok(Listed { path: book.path, title: book.title, marks, is_open: true })
    }

    /// Marks as they were when they were last seen.
    pub fn last_seen(label: &Label, marks: Vec<Mark>) -> Listed {
        let percents: Vec<f64> = marks.iter().map(|mark| open::percent(mark.anchor.fraction)).collect();
        let marks = marks.into_iter().zip(percents).collect();
        Listed { path: label.path.clone(), title: label.name(), marks, is_open: false }
    }
}

/// The outline of a document from a file as the reader knows it: with the corrections that are kept with
/// its marks.
pub fn outline(reading: &Reading, document: &Arc<dyn Document>, file: &Path) -> anyhow::Result<Outline> {
    Ok(corrected(reading, document, file, open::outline(&**document)?))
}

/// An outline with the corrections that are kept. Nothing is written, and no mark is looked for, where
/// there are none.
pub fn corrected(reading: &Reading, document: &Arc<dyn Document>, file: &Path, outline: Outline) -> Outline {
    let path = state::known_path(file);
    let mut store = state::store_of(reading, &**document, path.as_deref());
    let kept = store.load(document.identity(), document.meta(), path.as_deref());
    if !kept.marks.iter().any(Mark::is_correction) {
        return outline;
    }
    corrected_by(&Book::of(reading, document.clone(), file).marks, outline)
}

/// An outline with the corrections that are among marks.
fn corrected_by(marks: &[Mark], outline: Outline) -> Outline {
    let corrections = Corrections::of(marks);
    if corrections.is_empty() { outline } else { outline.corrected(&corrections) }
}

/// Marks that are named where several may be meant.
const CANDIDATES_MAX: usize = 8;

/// A document and what is kept of it.
pub struct Book {
    /// The document.
    pub document: Arc<dyn Document>,
    /// Where it is; none for standard input.
    pub path: Option<PathBuf>,
    /// The title, or the name of the file.
    pub title: Clean,
    /// Its marks.
    pub marks: Vec<Mark>,
    store: Store,
    sum: Option<Sum>,
    explained: Option<(Outline, Vec<String>)>,
}

impl Book {
    /// Opens a document and finds all its marks.
    pub fn open(reading: &Reading, file: &Path) -> anyhow::Result<Book> {
        Ok(Book::of(reading, open::open(reading, file)?, file))
    }

    /// Finds all marks of a document, which was opened from a file.
    fn of(reading: &Reading, document: Arc<dyn Document>, file: &Path) -> Book {
        let path = state::known_path(file);
        let mut store = state::store_of(reading, &*document, path.as_deref());
        let kept = store.load(document.identity(), document.meta(), path.as_deref());
        for problem in &kept.problems {
            eprintln!("lection: {problem}");
        }
        let title = document.meta().title.clone().unwrap_or_else(|| clean_line(&open::name(file)));
        let mut book = Book { document, path, title, marks: Vec::new(), store, sum: None, explained: None };
        book.find();
        book
    }

    /// The outline with the reader's corrections.
    pub fn outline(&self) -> anyhow::Result<Outline> {
        Ok(corrected_by(&self.marks, open::outline(&*self.document)?))
    }

    /// The place that a text names.
    pub fn find_place(&self, text: &str) -> anyhow::Result<Position> {
        at::find(&*self.document, &|| self.outline(), text)
    }

    /// Finds the marks in the text as it is now. What is found elsewhere than it was is kept.
    fn find(&mut self) {
        let identity = self.document.identity().clone();
        if !self.store.is_empty() && !self.store.knows_text(&identity) {
            self.read();
        }
        // What cannot be written now is found again the next time.
        let _ = self.store.join_related(&identity);
        let mut marks = self.store.marks(&identity);
        let anchors = |mark: &Mark| {
            let mut anchors = self.store.anchors(&identity, &mark.id);
            anchors.retain(|anchor| *anchor != mark.anchor);
            anchors.insert(0, mark.anchor.clone());
            anchors
        };
        let wanted: Vec<Vec<Anchor>> = marks.iter().map(anchors).collect();
        let found = resolve(&*self.document, &wanted, &|| false).unwrap_or_default();
        let mut news = Vec::new();
        for (mark, found) in marks.iter_mut().zip(found) {
            match found.anchor {
                Some(anchor) => news.push((mark.id.clone(), *anchor, found.status)),
                // Where it was found before in this text, that says how.
                None if found.status == Status::Exact => {}
                None => mark.lose(found.range.start),
            }
        }
        self.set_origins(news.iter_mut().map(|(_, anchor, _)| anchor));
        for (id, anchor, status) in &news {
            if let Some(mark) = marks.iter_mut().find(|mark| mark.id == *id) {
                mark.found(anchor.clone(), *status);
            }
        }
        let _ = self.store.save_found(&identity, &news);
        marks.sort_by_key(|mark| mark.anchor.start);
        self.marks = marks;
    }

    /// Reads the text for what it is known by.
    fn read(&mut self) {
        if self.sum.is_none() {
            self.sum = Sum::of(&*self.document, &|| false);
        }
        if let Some(sum) = &self.sum {
            self.store.know(self.document.identity(), sum);
        }
    }

    fn set_origins<'a>(&self, anchors: impl Iterator<Item = &'a mut Anchor>) {
        set_origins(&*self.document, self.sum.as_ref(), anchors);
    }

    /// The chapters that the document has, without the reader's corrections; and the reason for each
    /// where it was found by reasons.
    pub fn explained(&mut self) -> anyhow::Result<&(Outline, Vec<String>)> {
        let explained = match self.explained.take() {
            Some(explained) => explained,
            None => open::explained(&*self.document)?,
        };
        Ok(self.explained.insert(explained))
    }

    /// Anchors of stretches, with their chapters. In the order of `ranges`.
    pub fn anchors(&mut self, ranges: &[Range]) -> anyhow::Result<Vec<Anchor>> {
        self.read();
        self.explained()?;
        let mut order: Vec<usize> = (0..ranges.len()).collect();
        order.sort_by_key(|i| ranges.get(*i).map(|range| range.start));
        let mut anchors = vec![Anchor::default(); ranges.len()];
        let mut sections = Sections::new(&*self.document);
        for i in order {
            let (Some(range), Some(slot)) = (ranges.get(i), anchors.get_mut(i)) else { continue };
            let outline = self.explained.as_ref().map(|(outline, _)| outline);
            let chapter =
                outline.and_then(|outline| Some(outline.path(outline.locate(range.start)?))).unwrap_or_default();
            let fraction = sections.percent(range.start) / 100.0;
            let section = sections.get(range.start.section)?;
            *slot = Anchor::new(section, *range, chapter, fraction);
        }
        self.set_origins(anchors.iter_mut());
        Ok(anchors)
    }

    /// Where words stand, and how that was found.
    pub fn seek(&self, wanted: &[Anchor]) -> Vec<(Range, Status)> {
        let wanted: Vec<Vec<Anchor>> = wanted.iter().map(|anchor| vec![anchor.clone()]).collect();
        let found = resolve(&*self.document, &wanted, &|| false).unwrap_or_default();
        found.into_iter().map(|found| (found.range, found.status)).collect()
    }

    /// How far into the document each mark stands, in percent.
    pub fn percents(&self) -> Vec<f64> {
        let mut sections = Sections::new(&*self.document);
        self.marks.iter().map(|mark| sections.percent(mark.anchor.start)).collect()
    }

    /// The mark with an identity, or with one that begins like this, if there is only one.
    pub fn mark(&self, id: &str) -> anyhow::Result<&Mark> {
        if let Some(mark) = self.marks.iter().find(|mark| mark.id == id) {
            return Ok(mark);
        }
        let like: Vec<&Mark> = self.marks.iter().filter(|mark| !id.is_empty() && mark.id.starts_with(id)).collect();
        match like.as_slice() {
            [mark] => Ok(mark),
            [] if id.is_empty() => anyhow::bail!("an empty identity names no mark; 'lection marks --json' lists them"),
            [] => anyhow::bail!("no mark is called '{id}'; 'lection marks --json' lists them"),
            [..] => {
                let named =
                    like.iter().take(CANDIDATES_MAX).map(|mark| mark.id.as_str()).collect::<Vec<_>>().join(", ");
                let more = if like.len() > CANDIDATES_MAX { ", ..." } else { "" };
                anyhow::bail!("'{id}' begins the identities of {} marks: {named}{more}; give more of it", like.len())
            }
        }
    }

    /// Saves marks, new and changed.
    pub fn save(&mut self, marks: &[Mark]) -> anyhow::Result<()> {
        let saved = self.store.save_marks(self.document.identity(), marks);
        saved.map_err(of_store)
    }

    /// Deletes marks.
    pub fn delete(&mut self, ids: &[String]) -> anyhow::Result<()> {
        let deleted = self.store.delete_marks(self.document.identity(), ids);
        deleted.map_err(of_store)
    }

    /// An identity for a mark that is made now, and the present time.
    pub fn new_id(&mut self) -> (String, u64) {
        (self.store.new_id(), self.store.now())
    }

    /// The nearest places that exist, each part of the document read once.
    pub fn clamp(&self, places: &mut [Position]) -> anyhow::Result<()> {
        let mut sections = Sections::new(&*self.document);
        let mut inside: Vec<&mut Position> = places.iter_mut().collect();
        inside.sort();
        for place in inside {
            *place = sections.clamp(*place)?;
        }
        Ok(())
    }
}

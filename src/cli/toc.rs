//! `lection toc`: the chapters, and outline files.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::document::{Corrections, Document, Entry, LIKE_MAX, Likeness, Mark, Outline, Position, Range, lines_like};
use crate::formats::outlines::{Fingerprint, OutlineFile, Places};
use crate::text::{Clean, clean_line};

use super::args::{Reading, Toc};
use super::book::Book;
use super::open::{self, Sections};
use super::{NOTHING, OK, counted, json_line, print, read_text_beside};

/// MiB, more than any outline has.
const OUTLINE_MIB_MAX: u64 = 16;

/// A chapter, as `--json` prints it.
#[derive(Serialize)]
struct Row<'a> {
    title: &'a str,
    level: u8,
    at: String,
    percent: f64,
    inferred: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

/// An outline with the reason for each entry, where there is one.
struct Found {
    outline: Outline,
    reasons: Vec<String>,
}

/// Lists the chapters, or exports or imports them.
pub fn run(reading: &Reading, command: &Toc) -> anyhow::Result<i32> {
    if command.plain {
        let document = open::open(reading, &command.file)?;
        return show(command, &*document, &plain(&*document)?);
    }
    let mut book = Book::open(reading, &command.file)?;
    if let Some(file) = &command.import {
        return import(&mut book, file);
    }
    if let Some(line) = &command.like {
        return like(&mut book, line);
    }
    if command.reset {
        return reset(&mut book);
    }
    let found = found(&mut book)?;
    show(command, &*book.document, &found)
}

/// Lists the chapters, or writes them as an outline file.
fn show(command: &Toc, document: &dyn Document, found: &Found) -> anyhow::Result<i32> {
    if command.export {
        print(export(document, &found.outline)?.write().as_bytes())?;
    } else {
        list(command, document, found)?;
    }
    for warning in found.outline.warnings() {
        eprintln!("lection: {warning}");
    }
    Ok(if found.outline.is_empty() { NOTHING } else { OK })
}

fn list(command: &Toc, document: &dyn Document, found: &Found) -> anyhow::Result<()> {
    let mut sections = Sections::new(document);
    let mut out = String::new();
    let width = found.outline.len().to_string().len();
    for (index, entry) in found.outline.entries().iter().enumerate() {
        let place = entry.target.position();
        let percent = sections.percent(place);
        let why = command.explain.then(|| why(entry, found.reasons.get(index)));
        if command.json {
            let row = Row {
                title: &entry.title,
                level: entry.level,
                at: place.to_string(),
                percent,
                inferred: entry.inferred,
                why: why.as_deref(),
            };
            out.push_str(&json_line(&row)?);
        } else {
            let number = index + 1;
            let indent = "  ".repeat(usize::from(entry.level - 1));
            let sign = if entry.inferred { "~ " } else { "" };
            writeln!(out, "{number:>width$}  {percent:>5.1} %  {indent}{sign}{}", entry.title)?;
            if let Some(why) = why {
                writeln!(out, "{:width$}           {indent}    {why}", "")?;
            }
        }
    }
    print(out.as_bytes())?;
    Ok(())
}

fn why(entry: &Entry, reason: Option<&String>) -> String {
    match reason {
        Some(reason) => reason.clone(),
        None if entry.inferred => "inferred".to_owned(),
        None => "the document names it".to_owned(),
    }
}

/// What the document says of its chapters, without what was inferred.
fn plain(document: &dyn Document) -> anyhow::Result<Found> {
    let (outline, reasons) = open::explained(document)?;
    let (entries, reasons) = outline
        .entries()
        .iter()
        .cloned()
        .zip(reasons.into_iter().map(Some).chain(std::iter::repeat(None)))
        .filter(|(entry, _)| !entry.inferred)
        .map(|(entry, reason)| (entry, reason.unwrap_or_default()))
        .unzip();
    Ok(Found { outline: Outline::new(entries).warned(outline.warnings().iter().cloned()), reasons })
}

/// The outline with the reader's corrections.
fn found(book: &mut Book) -> anyhow::Result<Found> {
    let corrections = Corrections::of(&book.marks);
    let (outline, reasons) = book.explained()?;
    if corrections.is_empty() {
        return Ok(Found { outline: outline.clone(), reasons: reasons.clone() });
    }
    let corrected = outline.corrected(&corrections);
    // Reasons follow their entries by place.
    let reason = |entry: &Entry| {
        let place = entry.target.position();
        if corrections.has(place) {
            return "you made it a chapter".to_owned();
        }
        let at = outline.entries().iter().position(|e| e.target.position() == place);
        at.and_then(|at| reasons.get(at).cloned()).unwrap_or_default()
    };
    let reasons = corrected.entries().iter().map(reason).collect();
    Ok(Found { outline: corrected, reasons })
}

fn export(document: &dyn Document, outline: &Outline) -> anyhow::Result<OutlineFile> {
    let mut sections = Sections::new(document);
    let mut fingerprint = Fingerprint::default();
    for id in sections.ids() {
        fingerprint.section(sections.get(id)?);
    }
    let mut chapters = Vec::new();
    for entry in outline.entries() {
        let place = entry.target.position();
        let row = OutlineFile::row(&entry.title, entry.level, sections.get(place.section)?, place);
        if !row.words.is_empty() {
            chapters.push(row);
        }
    }
    Ok(OutlineFile { text: fingerprint.finish(), chapters })
}

/// Keeps the chapters of a file as corrections: each of them, and the removal of all others.
fn import(book: &mut Book, file: &Path) -> anyhow::Result<i32> {
    let name = clean_line(&file.to_string_lossy());
    let text = read_text_beside(file, OUTLINE_MIB_MAX);
    let text = text.map_err(|reason| anyhow::anyhow!("cannot read the outline '{name}': {reason}"))?;
    let parsed = OutlineFile::parse(&text).map_err(|reason| {
        anyhow::anyhow!("cannot use the outline '{name}': {reason}; lection toc --export shows the form")
    })?;
    let mut places = Places::of(parsed);
    let wanted = places.wanted();
    let mut sections = Sections::new(&*book.document);
    for id in sections.ids() {
        places.section(sections.get(id)?);
    }
    let entries = places.entries();
    if entries.is_empty() && wanted > 0 {
        anyhow::bail!("cannot use the outline '{name}': none of its {wanted} chapters is in this document");
    }
    // Those that the reader made before are there too.
    let known = found(book)?.outline;
    let block = |e: &Entry| (e.target.section(), e.target.position().block);
    let is_wanted = |entry: &Entry| entries.iter().any(|e| block(e) == block(entry));
    let removed = known.entries().iter().filter(|e| !e.inferred && !is_wanted(e));
    let removed = removed.map(|e| (e.target.position(), 0, e.title.clone()));
    let added = entries.iter().map(|e| (e.target.position(), e.level, e.title.clone()));
    let rows = added.chain(removed).collect();
    keep(book, rows)?;
    eprintln!("lection: {} of {wanted} chapters taken from '{name}'", entries.len());
    Ok(OK)
}

/// Keeps every line as a chapter that is like one.
fn like(book: &mut Book, line: &str) -> anyhow::Result<i32> {
    let likeness = Likeness::of(line).context("say what the lines look like, as --like \"Log entry 12\"")?;
    let outline = found(book)?.outline;
    let heads = outline.heads();
    let level = outline.entries().iter().map(|entry| entry.level).min().unwrap_or(1);
    let mut sections = Sections::new(&*book.document);
    let mut rows = Vec::new();
    for id in sections.ids() {
        let new = lines_like(sections.get(id)?, &likeness)
            .filter(|(place, _)| !heads.contains(&(place.section, place.block)))
            .take(LIKE_MAX - rows.len());
        rows.extend(new.map(|(place, title)| (place, level, title)));
    }
    let count = rows.len();
    keep(book, rows)?;
    eprintln!("lection: {count} lines are chapters now");
    Ok(if count == 0 { NOTHING } else { OK })
}

/// Takes all corrections back.
fn reset(book: &mut Book) -> anyhow::Result<i32> {
    let ids: Vec<String> = book.marks.iter().filter(|mark| mark.is_correction()).map(|mark| mark.id.clone()).collect();
    book.delete(&ids)?;
    eprintln!("lection: {} taken back", counted(ids.len(), "correction"));
    Ok(if ids.is_empty() { NOTHING } else { OK })
}

/// Keeps corrections with the marks: place, level and title of each.
fn keep(book: &mut Book, rows: Vec<(Position, u8, Clean)>) -> anyhow::Result<()> {
    let ranges: Vec<Range> = rows.iter().map(|(place, ..)| Range::new(*place, *place)).collect();
    let anchors = book.anchors(&ranges)?;
    // The latest of each chapter is the one that is changed.
    let mut earlier: Vec<Mark> = book.marks.iter().filter(|mark| mark.is_correction()).cloned().collect();
    earlier.sort_by(|a, b| b.age().cmp(&a.age()));
    let mut marks = Vec::with_capacity(rows.len());
    for ((place, level, title), anchor) in rows.into_iter().zip(anchors) {
        let (id, now) = book.new_id();
        let mut mark = Mark::chapter(anchor, level, title, earlier.iter().find(|mark| mark.corrects(place)));
        if mark.id.is_empty() {
            (mark.id, mark.created) = (id, now);
        }
        mark.changed = now;
        marks.push(mark);
    }
    book.save(&marks)
}

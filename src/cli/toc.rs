//! `lection toc`: the chapters, and outline files.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::document::{
    Anchor, Corrections, Document, Entry, LIKE_MAX, Likeness, Mark, Outline, Position, Range, lines_like,
};
use crate::formats::outlines::{Fingerprint, OutlineFile, Places};
use crate::text::{Clean, clean_line};

use super::args::{Reading, Toc};
use super::open::{self, Sections};
use super::{NOTHING, OK, counted, json_line, of_store, print, state};

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
    let document = open::open(reading, &command.file)?;
    if let Some(file) = &command.import {
        return import(reading, command, &*document, file);
    }
    if let Some(line) = &command.like {
        return like(reading, command, &*document, line);
    }
    if command.reset {
        return reset(reading, command, &*document);
    }
    let found = found(reading, command, &*document)?;
    if command.export {
        print(export(&*document, &found.outline)?.write().as_bytes())?;
    } else {
        list(command, &*document, &found)?;
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

/// The outline with the reader's corrections.
fn found(reading: &Reading, command: &Toc, document: &dyn Document) -> anyhow::Result<Found> {
    let (outline, reasons) = open::explained(document)?;
    if command.plain {
        let (entries, reasons) = outline
            .entries()
            .iter()
            .cloned()
            .zip(reasons.into_iter().map(Some).chain(std::iter::repeat(None)))
            .filter(|(entry, _)| !entry.inferred)
            .map(|(entry, reason)| (entry, reason.unwrap_or_default()))
            .unzip();
        let left = Outline::new(entries).warned(outline.warnings().iter().cloned());
        return Ok(Found { outline: left, reasons });
    }
    let path = state::known_path(&command.file);
    let kept =
        state::store_of(reading, document, path.as_deref()).load(document.identity(), document.meta(), path.as_deref());
    let corrections = Corrections::of(&kept.marks);
    if corrections.is_empty() {
        return Ok(Found { outline, reasons });
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
fn import(reading: &Reading, command: &Toc, document: &dyn Document, file: &Path) -> anyhow::Result<i32> {
    let name = clean_line(&file.to_string_lossy());
    let text = std::fs::read_to_string(file).map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::InvalidData => "it is no text in UTF-8".to_owned(),
            _ => error.to_string(),
        };
        anyhow::anyhow!("cannot read the outline '{name}': {reason}")
    })?;
    let parsed = OutlineFile::parse(&text).map_err(|reason| {
        anyhow::anyhow!("cannot use the outline '{name}': {reason}; lection toc --export shows the form")
    })?;
    let mut places = Places::of(parsed);
    let wanted = places.wanted();
    let mut sections = Sections::new(document);
    for id in sections.ids() {
        places.section(sections.get(id)?);
    }
    let entries = places.entries();
    if entries.is_empty() && wanted > 0 {
        anyhow::bail!("cannot use the outline '{name}': none of its {wanted} chapters is in this document");
    }
    let (own, _) = open::explained(document)?;
    let block = |e: &Entry| (e.target.section(), e.target.position().block);
    let is_wanted = |entry: &Entry| entries.iter().any(|e| block(e) == block(entry));
    let removed = own.entries().iter().filter(|e| !e.inferred && !is_wanted(e));
    let removed = removed.map(|e| (e.target.position(), 0, e.title.clone()));
    let added = entries.iter().map(|e| (e.target.position(), e.level, e.title.clone()));
    keep(reading, command, document, added.chain(removed))?;
    eprintln!("lection: {} of {wanted} chapters taken from '{name}'", entries.len());
    Ok(OK)
}

/// Keeps every line as a chapter that is like one.
fn like(reading: &Reading, command: &Toc, document: &dyn Document, line: &str) -> anyhow::Result<i32> {
    let likeness = Likeness::of(line).context("say what the lines look like, as --like \"Log entry 12\"")?;
    let outline = found(reading, command, document)?.outline;
    let heads = outline.heads();
    let level = outline.entries().iter().map(|entry| entry.level).min().unwrap_or(1);
    let mut sections = Sections::new(document);
    let mut rows = Vec::new();
    for id in sections.ids() {
        let new = lines_like(sections.get(id)?, &likeness)
            .filter(|(place, _)| !heads.contains(&(place.section, place.block)))
            .take(LIKE_MAX - rows.len());
        rows.extend(new.map(|(place, title)| (place, level, title)));
    }
    let count = rows.len();
    keep(reading, command, document, rows.into_iter())?;
    eprintln!("lection: {count} lines are chapters now");
    Ok(if count == 0 { NOTHING } else { OK })
}

/// Takes all corrections back.
fn reset(reading: &Reading, command: &Toc, document: &dyn Document) -> anyhow::Result<i32> {
    let path = state::known_path(&command.file);
    let mut store = state::store_of(reading, document, path.as_deref());
    let mut kept = store.load(document.identity(), document.meta(), path.as_deref()).marks;
    kept.retain(Mark::is_correction);
    for mark in &kept {
        store.delete_mark(document.identity(), &mark.id, None).map_err(of_store)?;
    }
    eprintln!("lection: {} taken back", counted(kept.len(), "correction"));
    Ok(if kept.is_empty() { NOTHING } else { OK })
}

/// Keeps corrections with the marks: place, level and title of each.
fn keep(
    reading: &Reading,
    command: &Toc,
    document: &dyn Document,
    rows: impl Iterator<Item = (Position, u8, Clean)>,
) -> anyhow::Result<()> {
    let mut sections = Sections::new(document);
    let path = state::known_path(&command.file);
    let mut store = state::store_of(reading, document, path.as_deref());
    let kept = store.load(document.identity(), document.meta(), path.as_deref());
    for (place, level, title) in rows {
        let fraction = sections.percent(place) / 100.0;
        let anchor = Anchor::new(sections.get(place.section)?, Range::new(place, place), Vec::new(), fraction);
        let there = kept.marks.iter().find(|mark| mark.corrects(place));
        let mut mark = Mark::chapter(anchor, level, title, there);
        if mark.id.is_empty() {
            mark.id = store.new_id();
            mark.created = store.now();
        }
        mark.changed = store.now();
        store.save_mark(document.identity(), &mark).map_err(of_store)?;
    }
    Ok(())
}

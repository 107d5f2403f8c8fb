//! `lection marks`: the reader's marks, in one document or in all.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::document::{Mark, MarkColor, MarkKind, Position, Range, Status};
use crate::limits::NOTE_BYTES_MAX;
use crate::text::{Clean, clean, clean_line};

use super::args::{AddMark, EditMark, Format, Marks, MarksCommand, Reading};
use super::book::{Book, Listed};
use super::export::{self, Row};
use super::{NOTHING, OK, at, import, json_line, on, print, state};

/// What is being done.
const CHANGE: &str = "change the marks of";
const FIND: &str = "find the marks of";

/// Carries out what is asked about marks.
pub fn run(reading: &Reading, command: &Marks) -> anyhow::Result<i32> {
    match (&command.command, &command.file) {
        (Some(MarksCommand::Add(add)), _) => on(&add.file, "mark", || self::add(reading, add)),
        (Some(MarksCommand::Edit(edit)), _) => on(&edit.file, CHANGE, || self::edit(reading, edit)),
        (Some(MarksCommand::Rm { file, ids }), _) => on(file, CHANGE, || remove(reading, file, ids)),
        (Some(MarksCommand::Export { file, template }), _) => {
            // Here the format is that of the marks.
            let listed = on(file, FIND, || Listed::open(&Reading { format: None, ..reading.clone() }, file))?;
            export::run(&listed, reading.format.unwrap_or(Format::Markdown), template.as_deref())
        }
        (Some(MarksCommand::Import { source, into }), _) => import::run(reading, source, into.as_deref()),
        (None, Some(file)) => {
            let listed = on(file, FIND, || Listed::open(reading, file))?;
            if command.markdown {
                export::run(&listed, Format::Markdown, None)
            } else {
                list(&[listed], command.json, false)
            }
        }
        // As they were when they were last seen: the documents are not opened.
        (None, None) => {
            let kept = state::store(reading).all_marks();
            let listed: Vec<Listed> = kept.into_iter().map(|(label, marks)| Listed::last_seen(&label, marks)).collect();
            list(&listed, command.json, true)
        }
    }
}

/// Lists the marks of documents; with `titles` under the title of each.
fn list(all: &[Listed], json: bool, titles: bool) -> anyhow::Result<i32> {
    let mut out = String::new();
    let mut code = NOTHING;
    for listed in all {
        let mut marks = listed.marks.iter().filter(|(mark, _)| !mark.is_correction()).peekable();
        if marks.peek().is_none() {
            continue;
        }
        code = OK;
        if titles && !json {
            writeln!(out, "{}", listed.title)?;
        }
        for (mark, percent) in marks {
            if json {
                out.push_str(&json_line(&Row::new(mark, *percent, listed))?);
            } else {
                line(&mut out, mark, *percent)?;
            }
        }
    }
    print(out.as_bytes())?;
    Ok(code)
}

/// A mark for the eye.
fn line(out: &mut String, mark: &Mark, percent: f64) -> anyhow::Result<()> {
    let name = mark.name.as_deref().unwrap_or("-");
    let how = match mark.status {
        Status::Exact => "",
        Status::Moved => "  (moved)",
        Status::Changed => "  (text changed)",
        Status::Lost => "  (lost; perhaps here)",
    };
    writeln!(out, "{percent:>5.1} %  {name}  {}  {}{how}", mark.anchor.start, clean_line(&mark.anchor.quotation()))?;
    if let Some(marked) = mark.marked_words() {
        writeln!(out, "           marked: {}", clean_line(&marked))?;
    }
    if let Some(note) = &mark.note {
        writeln!(out, "           {}", clean_line(note))?;
    }
    Ok(())
}

fn add(reading: &Reading, add: &AddMark) -> anyhow::Result<i32> {
    let mut book = Book::open(reading, &add.file)?;
    let place =
        reading.at.as_deref().context("say where: --at with a locator, toc:TITLE, search:TEXT, line:50 or 40%")?;
    let start = book.find_place(place)?;
    let range = stretch(&book, start, add.end.as_deref())?;
    let note = add.note.as_deref().map(note).transpose()?.flatten();
    let anchor = book.anchors(&[range])?.into_iter().next().context("the place cannot be kept")?;
    let (id, now) = book.new_id();
    let name = add.name.as_deref().map(clean_line).filter(|name| !name.is_empty());
    let color = color(add.color.as_deref(), range)?;
    let is_place = range.start == range.end;
    let (kind, own, status) = (MarkKind::Bookmark, None, Status::Exact);
    let mut mark = Mark { id, kind, name, note: None, color, anchor, own, status, created: now, changed: now };
    let letter = mark.letter().filter(|_| is_place);
    let has_letter = |other: &&Mark| letter.is_some() && other.letter() == letter;
    if let Some(earlier) = book.marks.iter().filter(has_letter).max_by_key(|mark| mark.age()) {
        // A letter is at one place: as where it is typed in the reader, the mark that has it moves.
        let mut moved = earlier.clone();
        moved.put(mark.anchor);
        mark = Mark { note: note.or(moved.note), changed: now, ..moved };
    } else {
        mark.kind = match &note {
            _ if letter.is_some() => MarkKind::Bookmark,
            Some(_) => MarkKind::Note,
            None if is_place => MarkKind::Bookmark,
            None => MarkKind::Highlight,
        };
        mark.note = note;
    }
    book.save(std::slice::from_ref(&mark))?;
    print(format!("{}\n", mark.id).as_bytes())
}

/// From a place to the one that `--end` names.
fn stretch(book: &Book, start: Position, end: Option<&str>) -> anyhow::Result<Range> {
    let end =
        end.map(|end| at::find_from(&*book.document, &|| book.outline(), end, start)).transpose()?.unwrap_or(start);
    if end < start {
        bail!("--end {end} stands before where the mark begins, {start}; give the first place with --at");
    }
    Ok(Range::new(start, end))
}

/// A remark; none for an empty one.
fn note(text: &str) -> anyhow::Result<Option<Clean>> {
    if text.len() > NOTE_BYTES_MAX {
        bail!("a note has at most {} KiB; this one has {}", NOTE_BYTES_MAX >> 10, text.len() >> 10);
    }
    Ok(Some(clean(text)).filter(|note| !note.trim().is_empty()))
}

/// The colour that is asked for of the words between two places.
fn color(name: Option<&str>, range: Range) -> anyhow::Result<Option<MarkColor>> {
    let color = name.and_then(MarkColor::from_name);
    if color.is_some() && range.start == range.end {
        bail!("a place without words has no colour; --end says where its words end");
    }
    Ok(color)
}

fn edit(reading: &Reading, edit: &EditMark) -> anyhow::Result<i32> {
    let mut book = Book::open(reading, &edit.file)?;
    let mut mark = book.mark(&edit.id)?.clone();
    if mark.is_correction() {
        bail!("'{}' is a chapter that was made or taken away; 'lection toc --import' changes chapters", mark.id);
    }
    if let Some(name) = &edit.name {
        mark.name = Some(clean_line(name)).filter(|name| !name.is_empty());
    }
    if reading.at.is_some() || edit.end.is_some() {
        let at = reading.at.as_deref().map(|place| book.find_place(place)).transpose()?;
        let range = stretch(&book, at.unwrap_or(mark.anchor.start), edit.end.as_deref())?;
        mark.put(book.anchors(&[range])?.into_iter().next().context("the place cannot be kept")?);
    }
    // What it is with or without one depends on its words.
    if let Some(text) = &edit.note {
        mark.set_note(note(text)?);
    }
    let color = color(edit.color.as_deref(), Range { start: mark.own_anchor().start, end: mark.own_anchor().end })?;
    mark.color = color.or(mark.color);
    mark.changed = book.new_id().1;
    book.save(&[mark])?;
    Ok(OK)
}

fn remove(reading: &Reading, file: &Path, ids: &[String]) -> anyhow::Result<i32> {
    let mut book = Book::open(reading, file)?;
    // All are known before the first one goes.
    let ids = ids.iter().map(|id| book.mark(id).map(|mark| mark.id.clone())).collect::<anyhow::Result<Vec<_>>>()?;
    book.delete(&ids)?;
    Ok(OK)
}

//! `lection marks`: the reader's marks, in one document or in all.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;

use crate::document::{Mark, MarkColor, MarkKind, Range, Status};
use crate::text::{clean, clean_line};

use super::args::{AddMark, EditMark, Format, Marks, MarksCommand, Reading};
use super::book::Book;
use super::export::{self, Row};
use super::{NOTHING, OK, at, import, json_line, print, state};

/// Carries out what is asked about marks.
pub fn run(reading: &Reading, command: &Marks) -> anyhow::Result<i32> {
    match (&command.command, &command.file) {
        (Some(MarksCommand::Add(add)), _) => self::add(reading, add),
        (Some(MarksCommand::Edit(edit)), _) => self::edit(reading, edit),
        (Some(MarksCommand::Rm { file, ids }), _) => remove(reading, file, ids),
        (Some(MarksCommand::Export { file, template }), _) => {
            // Here the format is that of the marks.
            let book = Book::open(&Reading { format: None, ..reading.clone() }, file)?;
            export::run(&book, reading.format.unwrap_or(Format::Markdown), template.as_deref())
        }
        (Some(MarksCommand::Import { source, into }), _) => import::run(reading, source, into.as_deref()),
        (None, Some(file)) if command.markdown => export::run(&Book::open(reading, file)?, Format::Markdown, None),
        (None, Some(file)) => list(&Book::open(reading, file)?, command.json),
        (None, None) => list_all(reading, command.json),
    }
}

fn list(book: &Book, json: bool) -> anyhow::Result<i32> {
    let mut out = String::new();
    let listed = book.marks.iter().zip(book.percents()).filter(|(mark, _)| is_listed(mark));
    for (mark, percent) in listed {
        if json {
            let row = Row::new(mark, percent, &book.title, book.path.as_deref());
            out.push_str(&json_line(&row)?);
        } else {
            line(&mut out, mark, percent)?;
        }
    }
    print(out.as_bytes())?;
    Ok(if book.marks.iter().any(is_listed) { OK } else { NOTHING })
}

/// All marks, as they were when they were last seen: the documents are not opened.
fn list_all(reading: &Reading, json: bool) -> anyhow::Result<i32> {
    let mut out = String::new();
    let mut kept = state::store(reading).all_marks();
    for (_, marks) in &mut kept {
        marks.retain(is_listed);
    }
    for (label, marks) in &kept {
        if !json && !marks.is_empty() {
            writeln!(out, "{}", label.name())?;
        }
        for mark in marks {
            let percent = (mark.anchor.fraction * 10_000.0).round() / 100.0;
            if json {
                let row = Row::new(mark, percent, &label.name(), label.path.as_deref());
                out.push_str(&json_line(&row)?);
            } else {
                line(&mut out, mark, percent)?;
            }
        }
    }
    print(out.as_bytes())?;
    Ok(if kept.iter().all(|(_, marks)| marks.is_empty()) { NOTHING } else { OK })
}

/// Whether it is listed among marks: what was made of chapters is shown by `lection toc`.
pub fn is_listed(mark: &Mark) -> bool {
    mark.kind != MarkKind::Chapter
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
    if let Some(note) = &mark.note {
        writeln!(out, "           {}", clean_line(note))?;
    }
    Ok(())
}

fn add(reading: &Reading, add: &AddMark) -> anyhow::Result<i32> {
    let mut book = Book::open(reading, &add.file)?;
    let place = reading.at.as_deref().context("say where: --at with a locator, toc:TITLE, search:TEXT or 40%")?;
    let start = at::find(&*book.document, place)?;
    let end = add.end.as_deref().map(|end| at::find(&*book.document, end)).transpose()?.unwrap_or(start);
    let anchor = book.anchors(&[Range::new(start, end)])?.into_iter().next().context("the place cannot be kept")?;
    let kind = match (&add.note, &add.color, start == end) {
        (Some(_), _, _) => MarkKind::Note,
        (None, None, true) => MarkKind::Bookmark,
        (None, _, _) => MarkKind::Highlight,
    };
    let (id, now) = book.new_id();
    let mark = Mark {
        id,
        kind,
        name: add.name.as_deref().map(clean_line),
        note: add.note.as_deref().map(clean),
        color: add.color.as_deref().and_then(MarkColor::from_name),
        anchor,
        status: Status::Exact,
        created: now,
        changed: now,
    };
    book.save(std::slice::from_ref(&mark))?;
    print(format!("{}\n", mark.id).as_bytes())
}

fn edit(reading: &Reading, edit: &EditMark) -> anyhow::Result<i32> {
    let mut book = Book::open(reading, &edit.file)?;
    let mut mark = book.mark(&edit.id)?.clone();
    if let Some(name) = &edit.name {
        mark.name = Some(clean_line(name)).filter(|name| !name.is_empty());
    }
    if let Some(note) = &edit.note {
        mark.note = Some(clean(note)).filter(|note| !note.is_empty());
        // A highlight with a remark is a note; a note without one stays what it was made as.
        if mark.note.is_some() {
            mark.kind = MarkKind::Note;
        }
    }
    if let Some(color) = edit.color.as_deref().and_then(MarkColor::from_name) {
        mark.color = Some(color);
    }
    if let Some(place) = &reading.at {
        let start = at::find(&*book.document, place)?;
        let end = edit.end.as_deref().map(|end| at::find(&*book.document, end)).transpose()?.unwrap_or(start);
        mark.anchor =
            book.anchors(&[Range::new(start, end)])?.into_iter().next().context("the place cannot be kept")?;
        mark.status = Status::Exact;
    }
    mark.changed = book.new_id().1;
    book.save(&[mark])?;
    Ok(OK)
}

fn remove(reading: &Reading, file: &Path, ids: &[String]) -> anyhow::Result<i32> {
    let mut book = Book::open(reading, file)?;
    // All are known before the first one goes.
    let ids = ids.iter().map(|id| book.mark(id).map(|mark| mark.id.clone())).collect::<anyhow::Result<Vec<_>>>()?;
    for id in ids {
        book.delete(&id)?;
    }
    Ok(OK)
}

//! `lection marks`: the reader's marks, in one document or in all.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::document::{Anchor, Mark, MarkKind, Range, Status};
use crate::text::{Clean, clean, clean_line};

use super::args::{Marks, MarksCommand, Reading};
use super::open::{self, Sections};
use super::state;
use super::{NOTHING, OK, at, print};

/// A mark, as `--json` prints it.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    kind: &'a str,
    name: Option<&'a str>,
    note: Option<&'a str>,
    quote: &'a str,
    chapter: Option<&'a str>,
    at: String,
    percent: f64,
    document: &'a str,
    path: Option<String>,
    created: u64,
    changed: u64,
}

/// Lists the marks of a document, or adds one.
pub fn run(reading: &Reading, command: &Marks) -> anyhow::Result<i32> {
    match (&command.command, &command.file) {
        (Some(MarksCommand::Add { file, note }), _) => add(reading, file, note.as_deref()),
        (None, Some(file)) => list(reading, file, command.json),
        (None, None) => anyhow::bail!("name a document: lection marks FILE; lection shelf lists what was read"),
    }
}

fn list(reading: &Reading, file: &Path, json: bool) -> anyhow::Result<i32> {
    let document = open::open(reading, file)?;
    let mut store = state::store(reading);
    let path = state::known_path(file);
    let kept = store.load(document.identity(), document.meta(), path.as_deref());
    for problem in &kept.problems {
        eprintln!("lection: {problem}");
    }
    let name = clean_line(&file.to_string_lossy());
    let title = document.meta().title.clone().unwrap_or(name);
    let shown = path.map(|path| path.to_string_lossy().into_owned());
    let mut out = String::new();
    for mark in &kept.marks {
        let anchor = &mark.anchor;
        let percent = (anchor.fraction * 10_000.0).round() / 100.0;
        let words = clean_line(words(mark));
        if json {
            let row = Row {
                id: &mark.id,
                kind: mark.kind.name(),
                name: mark.name.as_deref(),
                note: mark.note.as_deref(),
                quote: &words,
                chapter: anchor.chapter.last().map(Clean::as_str),
                at: anchor.start.to_string(),
                percent,
                document: &title,
                path: shown.clone(),
                created: mark.created,
                changed: mark.changed,
            };
            out.push_str(&serde_json::to_string(&row)?);
            out.push('\n');
        } else {
            let name = mark.name.as_deref().unwrap_or("-");
            writeln!(out, "{percent:>5.1} %  {name}  {}  {words}", anchor.start)?;
            if let Some(note) = &mark.note {
                writeln!(out, "           {}", clean_line(note))?;
            }
        }
    }
    print(out.as_bytes())?;
    Ok(if kept.marks.is_empty() { NOTHING } else { OK })
}

/// The marked words, or for a bare place those that follow it.
fn words(mark: &Mark) -> &str {
    if mark.anchor.words.is_empty() { &mark.anchor.after } else { &mark.anchor.words }
}

fn add(reading: &Reading, file: &Path, note: Option<&str>) -> anyhow::Result<i32> {
    let document = open::open(reading, file)?;
    let at = reading.at.as_deref().context("say where: --at with a locator, toc:TITLE, search:TEXT or 40%")?;
    let place = at::find(&*document, at)?;
    let outline = open::outline(&*document)?;
    let mut sections = Sections::new(&*document);
    let fraction = sections.percent(place) / 100.0;
    let chapter = outline.locate(place).map(|index| outline.path(index)).unwrap_or_default();
    let anchor = Anchor::new(sections.get(place.section)?, Range::new(place, place), chapter, fraction);
    let mut store = state::store(reading);
    store.load(document.identity(), document.meta(), state::known_path(file).as_deref());
    let now = store.now();
    let note = note.map(clean);
    let kind = if note.is_some() { MarkKind::Note } else { MarkKind::Bookmark };
    let mark = Mark {
        id: store.new_id(),
        kind,
        name: None,
        note,
        color: None,
        anchor,
        status: Status::Exact,
        created: now,
        changed: now,
    };
    store.save_mark(document.identity(), &mark).map_err(|error| anyhow::anyhow!("{}", error.message()))?;
    print(format!("{}\n", mark.id).as_bytes())
}

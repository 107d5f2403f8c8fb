//! `lection info`: what a document is.

use std::fmt::Write as _;

use serde::Serialize;

use crate::text::{Clean, count_words};

use super::args::{Info, Reading};
use super::open::{self, Sections};
use super::{json_line, print};

/// What a document is, as `--json` prints it.
#[derive(Serialize)]
struct Row<'a> {
    title: Option<&'a str>,
    authors: Vec<&'a str>,
    language: Option<&'a str>,
    date: Option<&'a str>,
    publisher: Option<&'a str>,
    identifier: Option<&'a str>,
    description: Option<&'a str>,
    format: &'a str,
    encoding: &'a str,
    bytes: u64,
    sections: u32,
    chapters: usize,
    words: u64,
    warnings: Vec<String>,
}

/// Says what a document is. Reads all of it, to count its words.
pub fn run(reading: &Reading, command: &Info) -> anyhow::Result<i32> {
    let document = open::open(reading, &command.file)?;
    let outline = open::outline(&*document)?;
    let mut warnings: Vec<String> =
        document.warnings().iter().chain(outline.warnings()).map(ToString::to_string).collect();
    let mut words = 0;
    let mut sections = Sections::new(&*document);
    for id in sections.ids() {
        let section = sections.get(id)?;
        words += count_words(section.text());
        warnings.extend(section.warnings().iter().map(ToString::to_string));
    }
    let meta = document.meta();
    let row = Row {
        title: meta.title.as_ref().map(Clean::as_str),
        authors: meta.authors.iter().map(Clean::as_str).collect(),
        language: meta.language.as_ref().map(Clean::as_str),
        date: meta.date.as_ref().map(Clean::as_str),
        publisher: meta.publisher.as_ref().map(Clean::as_str),
        identifier: meta.identifier.as_ref().map(Clean::as_str),
        description: meta.description.as_ref().map(Clean::as_str),
        format: document.format().name(),
        encoding: document.encoding(),
        bytes: document.identity().bytes,
        sections: document.section_count(),
        chapters: outline.len(),
        words,
        warnings,
    };
    let mut out = String::new();
    if command.json {
        out = json_line(&row)?;
    } else {
        for (name, value) in [
            ("title", row.title.unwrap_or("-").to_owned()),
            ("authors", if row.authors.is_empty() { "-".to_owned() } else { row.authors.join(", ") }),
            ("language", row.language.unwrap_or("-").to_owned()),
            ("format", row.format.to_owned()),
            ("encoding", row.encoding.to_owned()),
            ("bytes", row.bytes.to_string()),
            ("sections", row.sections.to_string()),
            ("chapters", row.chapters.to_string()),
            ("words", row.words.to_string()),
        ] {
            writeln!(out, "{name:<10}{value}")?;
        }
        for (name, value) in
            [("date", row.date), ("publisher", row.publisher), ("id", row.identifier), ("about", row.description)]
        {
            if let Some(value) = value {
                writeln!(out, "{name:<10}{value}")?;
            }
        }
        for warning in &row.warnings {
            writeln!(out, "warning   {warning}")?;
        }
    }
    print(out.as_bytes())
}

//! `lection toc`: the chapters.

use std::fmt::Write as _;

use serde::Serialize;

use super::args::{Reading, Toc};
use super::open::{self, Sections};
use super::{NOTHING, print};

/// A chapter, as `--json` prints it.
#[derive(Serialize)]
struct Row<'a> {
    title: &'a str,
    level: u8,
    at: String,
    percent: f64,
    inferred: bool,
}

/// Lists the chapters.
pub fn run(reading: &Reading, command: &Toc) -> anyhow::Result<i32> {
    let document = open::open(reading, &command.file)?;
    let outline = open::outline(&*document)?;
    let mut sections = Sections::new(&*document);
    let mut out = String::new();
    for entry in outline.entries() {
        let place = entry.target.position();
        let percent = sections.percent(place);
        if command.json {
            let row = Row {
                title: &entry.title,
                level: entry.level,
                at: place.to_string(),
                percent,
                inferred: entry.inferred,
            };
            out.push_str(&serde_json::to_string(&row)?);
            out.push('\n');
        } else {
            let indent = "  ".repeat(usize::from(entry.level - 1));
            writeln!(out, "{percent:>5.1} %  {indent}{}", entry.title)?;
        }
    }
    print(out.as_bytes())?;
    Ok(if outline.is_empty() { NOTHING } else { super::OK })
}

//! `lection shelf`: the documents read before.

use std::fmt::Write as _;

use serde::Serialize;

use super::args::{Reading, Shelf};
use super::{NOTHING, OK, json_line, print, state};

/// A document, as `--json` prints it. `when` is in milliseconds since 1970.
#[derive(Serialize)]
struct Row<'a> {
    title: &'a str,
    authors: Vec<&'a str>,
    path: Option<String>,
    percent: u8,
    when: u64,
}

/// Lists what was read, the last first.
pub fn run(reading: &Reading, command: &Shelf) -> anyhow::Result<i32> {
    let mut shelf = state::store(reading).shelf();
    // What came through a pipe cannot be opened again.
    shelf.retain(|entry| entry.path.is_some());
    let mut out = String::new();
    for entry in &shelf {
        let path = entry.path.as_ref().map(|path| path.to_string_lossy().into_owned());
        if command.json {
            let authors = entry.authors.iter().map(crate::text::Clean::as_str).collect();
            let row = Row { title: &entry.title, authors, path, percent: entry.percent, when: entry.when };
            out.push_str(&json_line(&row)?);
        } else {
            let path = crate::text::clean_line(&path.unwrap_or_default());
            writeln!(out, "{:>3} %  {}  {path}", entry.percent, entry.title)?;
        }
    }
    print(out.as_bytes())?;
    Ok(if shelf.is_empty() { NOTHING } else { OK })
}

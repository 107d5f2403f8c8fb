//! `lection grep`: where a text stands in documents.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::document::Range;
use crate::runtime::{around, hits};
use crate::text::{Pattern, clean};

use super::args::{Grep, Reading};
use super::open::{self, Sections};
use super::{NOTHING, OK, book, is_broken_pipe, json_line, on, print, tell};

/// Characters shown around a match.
const AROUND: usize = 60;

/// A match, as `--json` prints it. `start` and `end` are the match's bytes in `text`.
#[derive(Serialize)]
struct Row<'a> {
    path: &'a str,
    at: String,
    chapter: Option<&'a str>,
    percent: f64,
    text: &'a str,
    start: usize,
    end: usize,
}

/// Lists the matches.
pub fn run(reading: &Reading, command: &Grep) -> anyhow::Result<i32> {
    let made = if command.ignore_case { Pattern::ignoring_case } else { Pattern::new };
    let Some(pattern) = made(&command.pattern) else {
        anyhow::bail!("there is nothing to search for in '{}'", command.pattern);
    };
    let (mut found, mut failed) = (false, None);
    for file in &command.files {
        match on(file, "search", || search(reading, command, file, &pattern)) {
            Ok(count) => found |= count > 0,
            // The other documents are searched nevertheless; the last error ends the program.
            Err(error) if is_broken_pipe(&error) => return Err(error),
            Err(error) => {
                if let Some(earlier) = failed.replace(error) {
                    tell(&format!("{earlier:#}"));
                }
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(if found { OK } else { NOTHING }),
    }
}

/// Lists the matches in one document; gives how many there are.
fn search(reading: &Reading, command: &Grep, file: &Path, pattern: &Pattern) -> anyhow::Result<usize> {
    let mut count = 0;
    let path = path_of(file);
    // As grep does where there are several.
    let prefix = if command.files.len() > 1 { format!("{path}:") } else { String::new() };
    let document = open::open(reading, file)?;
    let outline =
        if command.json { book::outline(reading, &document, file)? } else { crate::document::Outline::default() };
    let mut sections = Sections::new(&*document);
    for id in sections.ids() {
        if !document.may_match(id, pattern).map_err(|error| open::no_part(&*document, id, &error))? {
            continue;
        }
        let all = hits(sections.get(id)?, pattern);
        count += all.len();
        if command.count || command.files_with_matches {
            if command.files_with_matches && count > 0 {
                break;
            }
            continue;
        }
        let mut out = String::new();
        for hit in all {
            let (text, start, end) = excerpt(&mut sections, hit)?;
            let percent = sections.percent(hit.start);
            if command.json {
                let chapter = outline.locate(hit.start).and_then(|i| outline.entries().get(i));
                let row = Row {
                    path: &file.to_string_lossy(),
                    at: hit.start.to_string(),
                    chapter: chapter.map(|e| e.title.as_str()),
                    percent,
                    text: &text,
                    start,
                    end,
                };
                out.push_str(&json_line(&row)?);
            } else {
                writeln!(out, "{prefix}{}: {text}", hit.start)?;
            }
        }
        print(out.as_bytes())?;
    }
    if command.files_with_matches && count > 0 {
        print(format!("{path}\n").as_bytes())?;
    } else if command.count {
        print(format!("{prefix}{count}\n").as_bytes())?;
    }
    Ok(count)
}

/// The path as it is on the disk, but for what is no text.
fn path_of(file: &Path) -> String {
    clean(&file.to_string_lossy()).replace('\n', "\u{2424}")
}

/// The match with some text around it, on one line, and where in that it stands.
fn excerpt(sections: &mut Sections<'_>, hit: Range) -> anyhow::Result<(String, usize, usize)> {
    Ok(around(sections.get(hit.start.section)?, hit, (AROUND, AROUND)))
}

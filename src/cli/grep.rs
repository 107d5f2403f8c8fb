//! `lection grep`: where a text stands in documents.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde::Serialize;

use crate::document::Range;
use crate::runtime::{around, hits};
use crate::text::{Pattern, clean_line};

use super::args::{Grep, Reading};
use super::open::{self, Sections};
use super::{NOTHING, OK, json_line, print};

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
    let Some(pattern) = Pattern::new(&command.pattern) else {
        anyhow::bail!("there is nothing to search for in '{}'", command.pattern);
    };
    let mut found = false;
    for file in &command.files {
        let path = clean_line(&file.to_string_lossy());
        let document = open::open(reading, file)?;
        let outline = if command.json { open::outline(&*document)? } else { crate::document::Outline::default() };
        let mut sections = Sections::new(&*document);
        for id in sections.ids() {
            if !document.may_match(id, &pattern).context("cannot read a part of the document")? {
                continue;
            }
            let all = hits(sections.get(id)?, &pattern);
            let mut out = String::new();
            for hit in all {
                found = true;
                let (text, start, end) = excerpt(&mut sections, hit)?;
                let percent = sections.percent(hit.start);
                if command.json {
                    let chapter = outline.locate(hit.start).and_then(|i| outline.entries().get(i));
                    let row = Row {
                        path: &path,
                        at: hit.start.to_string(),
                        chapter: chapter.map(|e| e.title.as_str()),
                        percent,
                        text: &text,
                        start,
                        end,
                    };
                    out.push_str(&json_line(&row)?);
                } else if command.files.len() > 1 {
                    writeln!(out, "{path}:{}: {text}", hit.start)?;
                } else {
                    writeln!(out, "{}: {text}", hit.start)?;
                }
            }
            print(out.as_bytes())?;
        }
    }
    Ok(if found { OK } else { NOTHING })
}

/// The match with some text around it, on one line, and where in that it stands.
fn excerpt(sections: &mut Sections<'_>, hit: Range) -> anyhow::Result<(String, usize, usize)> {
    Ok(around(sections.get(hit.start.section)?, hit, (AROUND, AROUND)))
}

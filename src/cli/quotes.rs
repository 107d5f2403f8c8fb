//! `lection quotes`: the quotations and who says them.

use std::fmt::Write as _;

use serde::Serialize;

use crate::document::{Quote, QuoteKind, Range};
use crate::text::{Clean, Pattern};

use super::args::{Quotes, Reading};
use super::open::{self, Sections};
use super::{NOTHING, OK, print};

/// A quotation, as `--json` prints it.
#[derive(Serialize)]
struct Row<'a> {
    parts: Vec<String>,
    speaker: Option<&'a str>,
    kind: &'a str,
    confidence: f64,
    chapter: Option<&'a str>,
    at: String,
}

/// Lists the quotations.
pub fn run(reading: &Reading, command: &Quotes) -> anyhow::Result<i32> {
    let document = open::open(reading, &command.file)?;
    let outline = open::outline(&*document)?;
    let speaker = command.speaker.as_deref().map(Pattern::new);
    let wanted = |quote: &&Quote| {
        let kind = command.all || quote.kind != QuoteKind::Inline;
        let by = match &speaker {
            None => true,
            Some(pattern) => {
                let name = quote.speaker.as_ref().map_or("", |s| s.as_str());
                pattern.as_ref().is_some_and(|p| !p.find_all(name).is_empty())
            }
        };
        kind && by
    };
    let quotes = crate::runtime::inline::find_quotes(&*document);
    let mut sections = Sections::new(&*document);
    let mut out = String::new();
    let mut found = false;
    for quote in quotes.iter().filter(wanted) {
        found = true;
        let start = quote.range().start;
        let parts = quote.parts.iter().map(|part| text(&mut sections, *part)).collect::<anyhow::Result<Vec<_>>>()?;
        let speaker = quote.speaker.as_ref().map(Clean::as_str);
        let chapter = outline.locate(start).and_then(|i| outline.entries().get(i)).map(|e| e.title.as_str());
        if command.json {
            let confidence = (f64::from(quote.confidence) * 100.0).round() / 100.0;
            let row = Row { parts, speaker, kind: quote.kind.name(), confidence, chapter, at: start.to_string() };
            out.push_str(&serde_json::to_string(&row)?);
            out.push('\n');
        } else {
            writeln!(out, "{}", parts.join(" … "))?;
            let place = chapter.map(|c| format!(", {c}")).unwrap_or_default();
            writeln!(out, "    {}{place}  ({start})\n", speaker.unwrap_or("?"))?;
        }
    }
    print(out.as_bytes())?;
    Ok(if found { OK } else { NOTHING })
}

/// The text of a stretch, on one line a block.
fn text(sections: &mut Sections<'_>, range: Range) -> anyhow::Result<String> {
    let mut out = String::new();
    for id in (range.start.section.0..=range.end.section.0).map(crate::document::SectionId) {
        let section = sections.get(id)?;
        let start = if id == range.start.section { section.offset(range.start) } else { 0 };
        let end = if id == range.end.section { section.offset(range.end) } else { section.text().len() };
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(section.text().get(start..end).unwrap_or_default());
    }
    Ok(out)
}

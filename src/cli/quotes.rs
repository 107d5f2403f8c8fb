//! `lection quotes`: the quotations and who says them.

use std::fmt::Write as _;

use serde::Serialize;

use crate::document::{Document, Outline, Position, Quote, QuoteKind, Range, hide_unsure};
use crate::runtime::inline::find_quotes;
use crate::text::{Clean, Pattern};

use super::args::{Quotes, Reading};
use super::open::{self, Sections};
use super::{NOTHING, OK, at, print, state};

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

/// Which quotations are asked for.
struct Wish {
    kinds: Vec<QuoteKind>,
    /// A part of the speaker's name; a pattern of nothing fits nobody.
    speaker: Option<Option<Pattern>>,
    chapter: Option<(Position, Option<Position>)>,
}

impl Wish {
    fn new(command: &Quotes, document: &dyn Document) -> anyhow::Result<Wish> {
        let mut kinds = vec![QuoteKind::Speech, QuoteKind::Block, QuoteKind::Epigraph];
        if command.all {
            kinds.push(QuoteKind::Inline);
        }
        if let Some(kind) = command.kind {
            kinds = vec![kind.into()];
        }
        Ok(Wish {
            kinds,
            speaker: command.speaker.as_deref().map(Pattern::new),
            chapter: command.chapter.as_deref().map(|name| at::chapter(document, name)).transpose()?,
        })
    }

    fn takes(&self, quote: &Quote) -> bool {
        let name = quote.speaker.as_ref().map_or("", Clean::as_str);
        let is_said = |pattern: &Option<Pattern>| pattern.as_ref().is_some_and(|p| !p.find_all(name).is_empty());
        let place = quote.range().start;
        self.kinds.contains(&quote.kind)
            && self.speaker.as_ref().is_none_or(is_said)
            && self.chapter.is_none_or(|(start, end)| start <= place && end.is_none_or(|end| place < end))
    }
}

/// Lists the quotations.
pub fn run(reading: &Reading, command: &Quotes) -> anyhow::Result<i32> {
    let document = open::open(reading, &command.file)?;
    let outline = open::outline(&*document)?;
    let wish = Wish::new(command, &*document)?;
    let mut quotes = find_quotes(&*document);
    hide_unsure(&mut quotes, state::settings(reading).sure_share());
    let mut sections = Sections::new(&*document);
    let title = document.meta().title.as_ref().map(Clean::as_str);
    let mut out = String::new();
    let mut found = false;
    for quote in quotes.iter().filter(|quote| wish.takes(quote)) {
        found = true;
        let parts = quote.parts.iter().map(|part| text(&mut sections, *part)).collect::<anyhow::Result<Vec<_>>>()?;
        let chapter = chapter(&outline, quote);
        if command.json {
            out.push_str(&serde_json::to_string(&row(quote, parts, chapter))?);
            out.push('\n');
        } else if command.markdown {
            out.push_str(&markdown(quote, &parts, title, chapter));
        } else {
            writeln!(out, "{}", parts.join(" … "))?;
            let speaker = quote.speaker.as_ref().map_or("?", Clean::as_str);
            let place = chapter.map(|c| format!(", {c}")).unwrap_or_default();
            writeln!(out, "    {speaker}{place}  ({})\n", quote.range().start)?;
        }
    }
    print(out.as_bytes())?;
    Ok(if found { OK } else { NOTHING })
}

fn chapter<'a>(outline: &'a Outline, quote: &Quote) -> Option<&'a str> {
    outline.locate(quote.range().start).and_then(|i| outline.entries().get(i)).map(|entry| entry.title.as_str())
}

fn row<'a>(quote: &'a Quote, parts: Vec<String>, chapter: Option<&'a str>) -> Row<'a> {
    Row {
        parts,
        speaker: quote.speaker.as_ref().map(Clean::as_str),
        kind: quote.kind.name(),
        confidence: (f64::from(quote.confidence) * 100.0).round() / 100.0,
        chapter,
        at: quote.range().start.to_string(),
    }
}

/// A block quotation with a line for its source. Parts in paragraphs of their own stay apart.
fn markdown(quote: &Quote, parts: &[String], title: Option<&str>, chapter: Option<&str>) -> String {
    let mut words = String::new();
    let mut last: Option<Range> = None;
    for (part, range) in parts.iter().zip(&quote.parts) {
        let goes_on =
            last.is_some_and(|last| last.end.section == range.start.section && last.end.block == range.start.block);
        match last {
            Some(_) if goes_on => words.push_str(" … "),
            Some(_) => words.push_str("\n\n"),
            None => {}
        }
        words.push_str(&escaped(part));
        last = Some(*range);
    }
    let mut out = String::new();
    for line in words.lines() {
        out.push_str(if line.is_empty() { ">" } else { "> " });
        out.push_str(line);
        out.push('\n');
    }
    let source = [quote.speaker.as_ref().map(|name| escaped(name)), title.map(|t| format!("*{}*", escaped(t)))];
    let source: Vec<String> = source.into_iter().flatten().chain(chapter.map(escaped)).collect();
    if !source.is_empty() {
        out.push_str(&format!(">\n> — {}\n", source.join(", ")));
    }
    out.push('\n');
    out
}

/// Text that Markdown takes as it stands. A character that means something only at the start of
/// a line is covered too.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
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

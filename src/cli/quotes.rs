//! `lection quotes`: the quotations and who says them.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde::Serialize;

use crate::document::{Document, Outline, Position, Quote, QuoteKind, Range, hide_unsure};
use crate::limits::QUOTES_MAX;
use crate::runtime::inline::find_quotes_beside;
use crate::text::{Clean, Pattern};

use super::args::{Quotes, Reading};
use super::open::{self, Sections};
use super::{NOTHING, OK, at, book, json_line, print, state};

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
    /// A part of the speaker's name.
    speaker: Option<Pattern>,
    chapter: Option<(Position, Option<Position>)>,
}

impl Wish {
    fn new(command: &Quotes, document: &dyn Document, outline: &Outline) -> anyhow::Result<Wish> {
        let mut kinds = vec![QuoteKind::Speech, QuoteKind::Block, QuoteKind::Epigraph];
        if command.all {
            kinds.push(QuoteKind::Inline);
        }
        if let Some(kind) = command.kind {
            kinds = vec![kind.into()];
        }
        let chapter = |name: &str| at::chapter(document, outline, name);
        Ok(Wish {
            kinds,
            speaker: command.speaker.as_deref().map(named).transpose()?,
            chapter: command.chapter.as_deref().map(chapter).transpose()?,
        })
    }

    fn takes(&self, quote: &Quote) -> bool {
        let name = quote.speaker.as_ref().map_or("", Clean::as_str);
        let is_said = |pattern: &Pattern| !pattern.find_all(name).is_empty();
        let place = quote.range().start;
        self.kinds.contains(&quote.kind)
            && self.speaker.as_ref().is_none_or(is_said)
            && self.chapter.is_none_or(|(start, end)| start <= place && end.is_none_or(|end| place < end))
    }
}

fn named(name: &str) -> anyhow::Result<Pattern> {
    Pattern::new(name).context("--speaker needs a part of a name")
}

/// Lists the quotations.
pub fn run(reading: &Reading, command: &Quotes) -> anyhow::Result<i32> {
    let document = open::open(reading, &command.file)?;
    let mut pass = document.outline_pass();
    let mut quotes = find_quotes_beside(&*document, &mut *pass).map_err(|error| open::no_chapters(&error))?;
    let outline = open::settled(&*document, pass.outline());
    let outline = book::corrected(reading, &document, &command.file, outline);
    let wish = Wish::new(command, &*document, &outline)?;
    if quotes.len() >= QUOTES_MAX {
        eprintln!("lection: Only the first {QUOTES_MAX} quotations are listed.");
    }
    hide_unsure(&mut quotes, state::settings_aloud(reading).sure_share());
    let mut sections = Sections::new(&*document);
    let title = document.meta().title.as_ref().map(Clean::as_str);
    let mut out = String::new();
    let mut found = false;
    for quote in quotes.iter().filter(|quote| wish.takes(quote)) {
        found = true;
        let parts = quote.parts.iter().map(|part| text(&mut sections, *part)).collect::<anyhow::Result<Vec<_>>>()?;
        let chapter = chapter(&outline, quote);
        if command.json {
            out.push_str(&json_line(&row(quote, parts, chapter))?);
        } else if command.markdown {
            out.push_str(&markdown(quote, &parts, title, chapter)?);
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
fn markdown(
    quote: &Quote,
    parts: &[String],
    title: Option<&str>,
    chapter: Option<&str>,
) -> Result<String, std::fmt::Error> {
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
        writeln!(out, ">\n> — {}", source.join(", "))?;
    }
    out.push('\n');
    Ok(out)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockId, SectionId};
    use crate::text::clean_line;

    #[test]
    fn markdown_keeps_paragraphs_apart_and_names_the_source() {
        let range = |block: u32, byte: u32| {
            let at = |byte| Position::new(SectionId(0), BlockId(block), byte);
            Range { start: at(byte), end: at(byte + 1) }
        };
        let quote = Quote {
            kind: QuoteKind::Speech,
            parts: vec![range(0, 1), range(0, 9), range(1, 0)],
            opening: clean_line("Is it far?"),
            speaker: Some(clean_line("Orla Finch")),
            confidence: 0.9,
        };
        let parts = ["Is it *far*?".to_owned(), "So far?".to_owned(), "1 < 2".to_owned()];
        let made = markdown(&quote, &parts, Some("The Mill"), Some("Chapter_1")).unwrap();
        let expected = "> Is it \\*far\\*? … So far?\n>\n> 1 \\< 2\n>\n> — Orla Finch, *The Mill*, Chapter\\_1\n\n";
        assert_eq!(made, expected);
        let bare = Quote { speaker: None, ..quote };
        assert_eq!(markdown(&bare, &["Yes.".to_owned()], None, None).unwrap(), "> Yes.\n\n");
    }
}

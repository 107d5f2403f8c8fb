//! Places as they are typed: `3/14:0`, `toc:TITLE`, `search:TEXT`, `line:50`, `40%`.

use anyhow::{Context as _, bail};

use crate::document::{Document, Outline, Position};
use crate::reader::{Direction, Extent, LineSeek, LineSought};
use crate::runtime::Seek;
use crate::text::Pattern;

use super::open;

/// The end of a document.
pub const END: &str = "100%";

/// What gives the chapters, for places that are named by them.
pub type FindOutline<'a> = &'a dyn Fn() -> anyhow::Result<Outline>;

/// Finds the place that a text names in a document.
pub fn find(document: &dyn Document, outline: FindOutline<'_>, text: &str) -> anyhow::Result<Position> {
    find_from(document, outline, text, Position::START)
}

/// The same; words are searched for from a place on, and then from the beginning.
pub fn find_from(
    document: &dyn Document,
    outline: FindOutline<'_>,
    text: &str,
    from: Position,
) -> anyhow::Result<Position> {
    if let Ok(place) = text.parse::<Position>() {
        let there = open::Sections::new(document).clamp(place)?;
        if (there.section, there.block) != (place.section, place.block) {
            bail!("there is no place {text}; 'lection grep' prints the places of words");
        }
        return Ok(there);
    }
    if let Some(title) = text.strip_prefix("toc:") {
        return chapter(document, &outline()?, title).map(|(place, _)| place);
    }
    if let Some(words) = words(text) {
        return search(document, words, from);
    }
    if let Some(number) = line(document, text)? {
        return match LineSeek::new(number).advance(document, usize::MAX).context("cannot look for the line")? {
            LineSought::At(place) => Ok(place),
            LineSought::Further | LineSought::Nowhere => bail!("there is no line {number}"),
        };
    }
    let number = text.trim_end_matches('%');
    match number.parse::<f64>() {
        Ok(percent) if text.ends_with('%') && (0.0..=100.0).contains(&percent) => {
            let (id, within) = Extent::new(document).locate(percent / 100.0);
            let section = open::part(document, id)?;
            Ok(section.word_at(within))
        }
        _ => bail!("'{text}' is no place; try a locator such as 3/14:0, toc:TITLE, search:TEXT, line:50 or 40%"),
    }
}

/// Whether a place is one that may not be there in a document that is, as words and titles are.
pub fn is_sought(text: &str) -> bool {
    text.starts_with("toc:") || words(text).is_some()
}

/// Whether a place must be looked for in all of a document, of which only this has arrived. The first
/// words that are found, and a place that is there, stay what they are.
pub fn needs_all(document: &dyn Document, text: &str) -> bool {
    let is_there = || find(document, &|| open::outline(document), text).is_ok();
    if text.starts_with("toc:") || text.ends_with('%') {
        return text != END;
    }
    line(document, text).is_ok_and(|line| line.is_none()) && !is_there()
}

/// The words that a place is to be found by, if it is one of `search:`.
pub fn words(text: &str) -> Option<&str> {
    text.strip_prefix("search:")
}

/// The number of the line that a place is, if it is one of `line:`.
pub fn line(document: &dyn Document, text: &str) -> anyhow::Result<Option<u64>> {
    let Some(number) = text.strip_prefix("line:") else { return Ok(None) };
    let format = document.format();
    if !format.has_lines() {
        bail!("{format} has no lines that have numbers; try 40%, toc:TITLE or search:TEXT");
    }
    match number.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => bail!("'{number}' is no number of a line; the first is line:1"),
    }
}

/// Finds a chapter by its number in `lection toc` or by a part of its title, and where it ends.
pub fn chapter(document: &dyn Document, outline: &Outline, name: &str) -> anyhow::Result<(Position, Option<Position>)> {
    let entries = outline.entries();
    // A number is never a part of a title: `--chapter 0` means no "Chapter 10".
    let index = match name.parse::<usize>() {
        Ok(number) => number.checked_sub(1).filter(|index| *index < entries.len()),
        Err(_) => {
            let pattern = Pattern::new(name);
            let likeness = |title: &str| pattern.as_ref().and_then(|pattern| likeness(title, pattern));
            let like = entries.iter().enumerate().filter_map(|(index, e)| Some((likeness(&e.title)?, index)));
            like.min().map(|(_, index)| index)
        }
    };
    let Some(index) = index else {
        bail!("no chapter is called '{name}'; 'lection toc' lists them with their numbers")
    };
    let Some(chapter) = outline.chapter(index) else { bail!("no chapter is called '{name}'") };
    // The last one ends where the text does, before what its publisher sets after it.
    let text_end = || Some(document.text_end()).filter(|end| chapter.start < *end && *end != Position::END);
    Ok((chapter.start, chapter.end.or_else(text_end)))
}

/// How much of a title a name is, the most first: all of it, its first words, the beginning of a word at
/// its start, words in it, or letters in it. "V" means "V: Tempest" rather than "IV: Cunegonde".
fn likeness(title: &str, pattern: &Pattern) -> Option<u8> {
    let is_word = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
    let of = |hit: std::ops::Range<usize>| {
        let (before, after) = (title.get(..hit.start)?, title.get(hit.end..)?);
        let ends = !is_word(after.chars().next());
        let begins = !is_word(before.chars().next_back());
        Some(match (before.is_empty(), after.is_empty()) {
            (true, true) => 0,
            (true, false) if ends => 1,
            (true, false) => 2,
            _ if begins && ends => 3,
            _ => 4,
        })
    };
    pattern.find_all(title).into_iter().filter_map(of).min()
}

fn search(document: &dyn Document, words: &str, from: Position) -> anyhow::Result<Position> {
    let Some(pattern) = Pattern::new(words) else { bail!("there is nothing to search for in 'search:{words}'") };
    let mut seek = Seek::new(pattern, from, Direction::Forward);
    while let Some(found) = seek.stretch(document, |found| !found.hits.is_empty()) {
        if let Some(hit) = found.hits.first() {
            return Ok(hit.range.start);
        }
    }
    bail!("'{words}' does not stand in the document")
}

//! Titles as a reader wants to see them: number and title in one line, wrapped lines joined.
//!
//! A bare number is often followed by its title in a block of its own. Whether it is, is decided
//! for a whole chain, so that the first words of one chapter are not taken for its title.

use super::block::Block;
use super::heading::{Heading, Origin};
use super::mark::{is_capital, leads_to_page};
use super::names::opens_as_title;
use super::survey::Survey;
use crate::text::{Clean, clean_line};

/// A title is cut here, in characters.
const CHARS_MAX: usize = 240;
/// Chains by order that are looked at apart.
const ORDERS: usize = 64;

/// Finds the blocks that belong to the titles of bare headings.
pub(super) fn join(survey: &Survey<'_>, found: &mut [Heading]) {
    let heads: Vec<usize> = found.iter().map(|h| h.block).collect();
    // For each order: bare headings, those followed by a title, those by a line at all.
    let mut counts = [(0u32, 0u32, 0u32); ORDERS];
    let follows = |i: usize| -> Option<(usize, bool)> {
        let next = i + 1;
        if heads.binary_search(&next).is_ok() {
            return None;
        }
        let (own, block) = (survey.blocks.get(i)?, survey.blocks.get(next)?);
        let near =
            block.ordinal.checked_sub(own.ordinal) == Some(1) && block.before <= 3 && block.before >= 1 && own.is_whole;
        let short = block.is_whole && block.lines <= 3 && block.mark.is_none_or(|m| m.value == 0);
        (near && short).then(|| (next, is_title(block)))
    };
    let is_joined = |h: &Heading| {
        matches!(h.origin, Origin::Sequence | Origin::Filled) && survey.blocks.get(h.block).is_some_and(|b| b.is_bare())
    };
    for heading in found.iter().filter(|h| is_joined(h)) {
        if let Some(count) = counts.get_mut(usize::from(heading.order)) {
            count.0 += 1;
            if let Some((_, titled)) = follows(heading.block) {
                count.1 += u32::from(titled);
                count.2 += 1;
            }
        }
    }
    for heading in found.iter_mut() {
        if !is_joined(heading) {
            continue;
        }
        let (all, titled, _) = counts.get(usize::from(heading.order)).copied().unwrap_or_default();
        if let Some((next, is_title)) = follows(heading.block) {
            let joins = titled * 10 >= all * 6 && is_title || titled * 10 >= all * 8;
            if joins {
                heading.joined.push(next);
            }
        }
    }
}

/// Whether a block after a bare number looks like its title.
fn is_title(block: &Block) -> bool {
    let chars = block.text_chars();
    let sentence = block.text.ends_with([',', ';', '，', '、', '。', '，'])
        || block.text.ends_with(['"', '”', '」', '!', '?']) && block.lines == 1;
    let opens = opens_as_title(&block.text);
    opens
        && !block.text.ends_with([',', '，', '、'])
        && (is_capital(&block.text) && chars <= 230 || chars <= 90 && !(sentence && chars > 40))
}

/// The title of a heading, cleaned.
pub(super) fn title(survey: &Survey<'_>, heading: &Heading) -> Clean {
    let Some(block) = survey.blocks.get(heading.block) else { return Clean::default() };
    let mut text = own_text(block);
    for part in heading.joined.iter().filter_map(|i| survey.blocks.get(*i)) {
        append(&mut text, &part.text.replace('\n', " "));
    }
    clean_line(&cut(without_note(&text)))
}

/// The text of the block that is the heading.
fn own_text(block: &Block) -> String {
    let is_bare = block.mark.is_some_and(|m| m.value > 0 && !m.has_title);
    let mut lines = block.text.lines().take(block.heading_lines());
    let mut out = lines.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = lines.collect();
    if is_bare && !rest.is_empty() {
        append(&mut out, &rest.join(" "));
    } else if !rest.is_empty() {
        out.push(' ');
        out.push_str(&rest.join(" "));
    }
    out
}

/// A title without the mark of a footnote at its end (`[1]`). One inside stays: it is part of
/// what the book says there.
fn without_note(text: &str) -> &str {
    let Some((before, mark)) = text.trim_end().strip_suffix(']').and_then(|t| t.rsplit_once('[')) else { return text };
    let is_note = !mark.is_empty() && mark.len() <= 3 && mark.bytes().all(|b| b.is_ascii_digit());
    if is_note && !before.trim().is_empty() { before.trim_end() } else { text }
}

/// Joins a title to its number as `CHAPTER I. The Start`.
fn append(text: &mut String, title: &str) {
    let last = text.chars().next_back();
    let east = last.is_some_and(|c| u32::from(c) >= 0x2E80);
    if last.is_some_and(char::is_alphanumeric) && !east {
        text.push('.');
    }
    text.push(' ');
    text.push_str(title);
}

fn cut(text: &str) -> String {
    let bare = if leads_to_page(text) {
        text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))
    } else {
        text
    };
    if bare.chars().count() <= CHARS_MAX {
        return bare.to_owned();
    }
    let head: String = bare.chars().take(CHARS_MAX - 1).collect();
    format!("{}…", head.trim_end())
}

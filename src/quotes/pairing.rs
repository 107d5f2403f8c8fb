//! Pairs quotation marks to spans, within a paragraph and from one to the next.

use super::marks::{Mark, Side};
use super::style::Style;

/// Paragraphs after an open one in which a closing mark is looked for.
pub(super) const LOOKAHEAD: usize = 4;

/// A stretch between marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The quoted text, without marks.
    pub(super) start: usize,
    pub(super) end: usize,
    /// With marks.
    pub(super) outer_start: usize,
    pub(super) outer_end: usize,
    /// It goes on from the paragraph before.
    pub(super) continues: bool,
    /// Its own mark closes it.
    pub(super) is_closed: bool,
}

/// Pairs the marks of a paragraph to `spans`, and says whether the last of these is open at its end. `continues`: a
/// quotation was open before it.
pub(super) fn pair(text: &str, marks: &[Mark], style: Style, continues: bool, spans: &mut Vec<Span>) -> bool {
    spans.clear();
    // The open span: start of its text, start with mark, whether it goes on from before.
    let mut open: Option<(usize, usize, bool)> = continues.then_some((0, 0, true));
    let mut depth = 0usize;
    let nests = matches!(style, Style::Guillemets | Style::Corner);
    let asks = |mark: &Mark| matches!(mark.side, Side::MayClose | Side::MayOpen);
    let sure = if marks.iter().any(asks) { next_sure(marks) } else { Vec::new() };
    for (index, mark) in marks.iter().enumerate() {
        let side = settle(mark.side, sure.get(index).copied().flatten(), open.is_some());
        match (side, open) {
            (Some(Side::Open), None) => open = Some((mark.end, mark.start, false)),
            (Some(Side::Open), Some((start, _, true))) if is_blank(text, start, mark.start) => {
                open = Some((mark.end, mark.start, true));
            }
            (Some(Side::Open), Some((start, outer, goes_on))) => {
                if nests || closes_twice(marks.get(index + 1..).unwrap_or_default()) {
                    depth += 1;
                } else {
                    // The first quotation lost its closing mark and ends here.
                    spans.extend(span(text, start, mark.start, outer, mark.start, goes_on, false));
                    open = Some((mark.end, mark.start, false));
                }
            }
            (Some(_), Some((start, outer, goes_on))) => {
                if depth > 0 {
                    depth -= 1;
                } else {
                    spans.extend(span(text, start, mark.start, outer, mark.end, goes_on, true));
                    open = None;
                }
            }
            (Some(_) | None, _) => {}
        }
    }
    let last =
        open.and_then(|(start, outer, goes_on)| span(text, start, text.len(), outer, text.len(), goes_on, false));
    spans.extend(last);
    last.is_some()
}

/// For each mark the side of the next one that is sure.
fn next_sure(marks: &[Mark]) -> Vec<Option<Side>> {
    let mut next = None;
    let mut found: Vec<Option<Side>> = Vec::with_capacity(marks.len());
    for mark in marks.iter().rev() {
        found.push(next);
        if matches!(mark.side, Side::Open | Side::Close) {
            next = Some(mark.side);
        }
    }
    found.reverse();
    found
}

/// Decides the marks that need to see what follows.
fn settle(side: Side, next_sure: Option<Side>, is_open: bool) -> Option<Side> {
    match side {
        Side::Either => Some(if is_open { Side::Close } else { Side::Open }),
        Side::MayClose => (is_open && next_sure != Some(Side::Close)).then_some(Side::Close),
        Side::MayOpen => (!is_open && next_sure == Some(Side::Close)).then_some(Side::Open),
        side => Some(side),
    }
}

fn closes_twice(rest: &[Mark]) -> bool {
    matches!(rest, [Mark { side: Side::Close, .. }, Mark { side: Side::Close, .. }, ..])
}

fn is_blank(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end).is_none_or(|s| s.chars().all(|c| c.is_whitespace() || matches!(c, '_' | '*')))
}

/// A span without the white space at its ends; none if nothing is left.
fn span(
    text: &str,
    start: usize,
    end: usize,
    outer_start: usize,
    outer_end: usize,
    continues: bool,
    is_closed: bool,
) -> Option<Span> {
    let quoted = text.get(start..end)?;
    let left = quoted.trim_start();
    let start = end - left.len();
    let end = start + left.trim_end().len();
    (start < end).then_some(Span { start, end, outer_start, outer_end, continues, is_closed })
}

/// Whether a quotation that is open at the end of a paragraph goes on in the next: it begins with
/// an opening mark, or (double marks only) the first firm mark that follows closes.
pub(super) fn goes_on<'a, M: Iterator<Item = Mark>>(style: Style, next: impl Iterator<Item = (&'a str, M)>) -> bool {
    for (index, (text, mut marks)) in next.take(LOOKAHEAD).enumerate() {
        if let Some(first) = marks.find(|mark| !matches!(mark.side, Side::MayClose | Side::MayOpen)) {
            let at_start = index == 0 && is_blank(text, 0, first.start);
            return match first.side {
                Side::Close => style != Style::Single,
                _ => at_start,
            };
        }
    }
    false
}

//! Which lines belong together: the runs of a section, and the lines that part them. It must not know what
//! a run is.

use std::ops::Range;

use super::grid::Cut;
use super::lines::Line;
use super::shape::Shape;
use super::signs::{is_rule, marker, parts_sayings};

/// Blank lines that count as standing before a document.
const START_GAP: usize = 3;

/// Lines that belong together.
#[derive(Clone, Debug)]
pub struct Run {
    /// From the first to behind the last.
    pub lines: Range<usize>,
    /// Blank lines before it.
    pub gap: usize,
    /// Whether a blank line follows, or the end.
    pub is_closed: bool,
}

/// Which lines are breaks between parts.
#[derive(Clone, Copy)]
pub struct Breaks {
    /// Sayings are parted by a sign.
    has_sayings: bool,
}

impl Breaks {
    /// Looks at all lines of a section: one sign that parts sayings may be anything, two are meant.
    pub fn of(lines: &[Line]) -> Breaks {
        Breaks { has_sayings: lines.iter().filter(|line| parts_sayings(line)).nth(1).is_some() }
    }

    /// Whether a line is one.
    pub fn holds(self, line: &Line) -> bool {
        is_rule(line.text) || self.has_sayings && parts_sayings(line)
    }
}

/// Splits lines into runs; `next` says how the section after them begins. Where each line is a paragraph, so is
/// it a run; a line that is far too long for its section is one as well.
pub fn runs(lines: &[Line], shape: &Shape, breaks: Breaks, is_first: bool, next: Cut) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut gap = if is_first { START_GAP } else { 0 };
    let mut open: Option<usize> = None;
    let close = |runs: &mut Vec<Run>, lines: Range<usize>, gap: usize, is_closed: bool| {
        runs.push(Run { lines, gap, is_closed });
    };
    let mut open_gap = 0;
    for (index, line) in lines.iter().enumerate() {
        if let Some(start) = open {
            let is_alone = shape.is_long(line) || lines.get(index - 1).is_some_and(|above| shape.is_long(above));
            let above = lines.get(index - 1);
            let begins_list = above.is_some_and(|above| above.text.ends_with(':') && above.indent < line.indent)
                && marker(line.text).is_some();
            let parts = line.is_blank() || line.begins_page || is_alone || breaks.holds(line);
            if parts || begins_list || shape.is_unwrapped {
                close(&mut runs, start..index, open_gap, line.is_blank() || line.begins_page);
                open = None;
            }
        }
        if line.is_blank() {
            gap += 1;
            continue;
        }
        let gap_here = gap + usize::from(line.begins_page);
        gap = 0;
        if breaks.holds(line) {
            close(&mut runs, index..index + 1, gap_here, true);
        } else if open.is_none() {
            open = Some(index);
            open_gap = gap_here;
        }
    }
    if let Some(start) = open {
        let is_closed = next == Cut::Paragraph;
        close(&mut runs, start..lines.len(), open_gap, is_closed);
    }
    runs
}

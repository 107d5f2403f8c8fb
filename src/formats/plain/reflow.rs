//! Lines become blocks: which lines belong together, and what they are.
//!
//! Lines between blank lines are a *run* ([`runs`]). A run is a heading, a list, prose, verse or a drawing;
//! what it is depends on the run, its neighbours and the shape of its section, so that every
//! section is the same whether or not the others were read.
//!
//! **Invariant:** no word of the text is lost or moved; only underscores of emphasis, the markers
//! of list items and lines that draw a rule become something else, and the foot and head of a page
//! that cut a sentence stand after its paragraph.

use std::ops::Range;

use crate::document::{BlockKind, FrameKind, Position, Section, SectionId};

use super::grid::Cut;
use super::heading::{self, HEADING_COLUMNS};
use super::lines::Line;
use super::runs::{Breaks, Run, runs};
use super::shape::{Matter, Shape, ends_sentence};
use super::signs::{is_attribution, is_rule, is_underline, marker};
use super::writer::Writer;

/// Runs before which a quotation in the first section is a motto: front matter is short.
const FRONT_RUNS: usize = 12;
/// Columns of a line in a group of short ones, where paragraphs are lines.
const SHORT_COLUMNS: u32 = 75;

/// Columns of text between the entries of a list of contents, at most.
const CONTENTS_COLUMNS: u32 = 240;

/// Makes a section of its lines. `cuts` says how it and the next one begin, `is_whole` that no byte was
/// lost where they were decoded. `each` is told of every source line and where its text stands; a blank
/// line stands where the next text does.
pub fn reflow(
    id: SectionId,
    lines: &[Line],
    cuts: (Cut, Cut),
    is_whole: bool,
    each: impl FnMut(&Line, Position),
) -> Section {
    let shape = Shape::of(lines);
    let breaks = Breaks::of(lines);
    let runs = runs(lines, &shape, breaks, id.0 == 0, cuts.1);
    let mut writer = Writer::new(id, lines, each);
    if !is_whole {
        writer.warn_of_lost_bytes();
    }
    let is_cut = cuts.0 == Cut::Inside || (cuts.0 == Cut::Line && !shape.is_unwrapped);
    if is_cut && lines.first().is_some_and(|line| !line.is_blank()) {
        writer.continues();
    }
    let mut reflow = Reflow {
        lines,
        shape,
        breaks,
        runs,
        writer,
        is_front: id.0 == 0,
        follows_heading: false,
        is_heading: false,
        singles_until: 0,
    };
    let mut next = 0;
    while next < reflow.runs.len() {
        next += reflow.run(next);
    }
    reflow.writer.finish()
}

struct Reflow<'a, F> {
    lines: &'a [Line<'a>],
    shape: Shape,
    breaks: Breaks,
    runs: Vec<Run>,
    writer: Writer<'a, F>,
    /// Nothing but short matter came so far in the document.
    is_front: bool,
    follows_heading: bool,
    /// The run at hand is a heading.
    is_heading: bool,
    /// Short lines before this run are no group; they are looked at once only.
    singles_until: usize,
}

impl<'a, F: FnMut(&Line, Position)> Reflow<'a, F> {
    /// Writes one run, or more that belong to it, and says how many.
    fn run(&mut self, index: usize) -> usize {
        let Some(run) = self.runs.get(index).cloned() else { return 1 };
        self.follows_heading = std::mem::take(&mut self.is_heading);
        let used = self.special(index, &run);
        if used > 0 {
            return used;
        }
        if self.shape.is_unwrapped && index >= self.singles_until {
            let (count, is_group) = self.short_group(index);
            self.singles_until = index + count;
            if is_group {
                let end = self.runs.get(index + count - 1).map_or(run.lines.end, |last| last.lines.end);
                self.writer.verse(run.lines.start..end);
                return count;
            }
        }
        if let Some(count) = self.over_page(index, &run) {
            return count;
        }
        self.matter(&run);
        1
    }

    /// A sentence that goes on over the end of a page: the runs it takes. Its paragraph is put
    /// together, and the foot and head of the pages stand after it.
    fn over_page(&mut self, index: usize, run: &Run) -> Option<usize> {
        let first = self.slice(&run.lines);
        let is_open = first.last().is_some_and(|l| !ends_sentence(l.text)) && self.shape.matter(first) == Matter::Prose;
        if !is_open || self.shape.is_unwrapped {
            return None;
        }
        let above = self.runs.get(index + 1..)?;
        let is_furniture = |run: &&Run| run.lines.len() <= 2 && self.slice(&run.lines).iter().all(|l| l.width <= 120);
        for count in 0..=2 {
            let next = above.get(count)?;
            let between = above.get(..count)?;
            let goes_on = self.slice(&next.lines);
            let gap = self.lines.get(run.lines.end..=next.lines.start).unwrap_or_default();
            let is_paged = gap.iter().any(|l| l.begins_page);
            let opens_low = goes_on.first().is_some_and(|l| l.text.starts_with(char::is_lowercase));
            if is_paged
                && opens_low
                && self.shape.matter(goes_on) == Matter::Prose
                && between.iter().all(|r| is_furniture(&r))
            {
                let (second, between) = (next.lines.clone(), between.to_vec());
                self.writer.flow_over(run.lines.clone(), second);
                for run in between {
                    self.writer.verse(run.lines);
                }
                return Some(count + 2);
            }
        }
        None
    }

    /// Rules, headings, mottos, lists: matter that shows by its first line. 0 where it is none.
    fn special(&mut self, index: usize, run: &Run) -> usize {
        let Some(first) = self.lines.get(run.lines.start) else { return 1 };
        if self.breaks.holds(first) {
            self.writer.rule();
            // Rules that follow each other are one ornament.
            let draws = |run: &Run| self.lines.get(run.lines.start).is_some_and(|line| self.breaks.holds(line));
            return self.runs.iter().skip(index).take_while(|run| draws(run)).count();
        }
        if let Some((level, count)) = self.heading(index) {
            return self.write_heading(index, level, count);
        }
        if let Some(count) = self.quotation(index, run) {
            return count;
        }
        usize::from(self.list(run))
    }

    fn slice(&self, range: &Range<usize>) -> &'a [Line<'a>] {
        self.lines.get(range.clone()).unwrap_or_default()
    }

    /// The level of a heading, and the runs that make it up.
    fn heading(&self, index: usize) -> Option<(u8, usize)> {
        let run = self.runs.get(index)?;
        let lines = self.slice(&run.lines);
        let first = lines.first()?;
        if lines.len() > 3 || lines.iter().any(|l| l.width > HEADING_COLUMNS) {
            return None;
        }
        let is_isolated = (run.gap > 0 && run.is_closed) || self.shape.is_unwrapped;
        let underline = self.runs.get(index + 1).filter(|next| next.gap == 0 && !run.is_closed);
        let underline = underline.and_then(|next| self.lines.get(next.lines.start));
        if let Some(line) = underline.filter(|l| run.gap > 0 && is_underline(l, lines)) {
            return Some((if line.text.starts_with('=') { 1 } else { 2 }, 2));
        }
        if !is_isolated {
            return None;
        }
        if let Some(level) = heading::keyword_level(first.text) {
            let is_contents = self.is_followed_by(index, level);
            let is_title = lines.iter().skip(1).all(|l| heading::keyword_level(l.text).is_none());
            return (!is_contents && is_title).then(|| (level, 1 + self.title_after(index, first.text)));
        }
        if lines.len() == 1 && heading::is_bare_number(first.text) && self.may_head(run, first.text) {
            return Some((2, 1 + self.title_after(index, first.text)));
        }
        if self.shape.is_unwrapped {
            return None;
        }
        if let Some(depth) = heading::dotted_depth(first.text).filter(|_| lines.len() == 1) {
            return (!ends_sentence(first.text) && first.indent <= self.shape.body.max(8))
                .then(|| (depth.min(5) + 1, 1));
        }
        let is_capital = lines.iter().all(|l| heading::is_capitals(l.text)) && !first.text.ends_with(',');
        let is_roman = lines.len() == 1 && heading::is_roman_title(first.text) && !first.text.ends_with(',');
        ((is_capital || is_roman) && run.gap > 1 && self.has_text_after(index)).then_some((2, 1))
    }

    /// Whether a number that stands alone may head what follows. Where each line is a paragraph,
    /// an arabic one rather marks a note.
    fn may_head(&self, run: &Run, number: &str) -> bool {
        run.gap > 1 || (self.shape.is_unwrapped && number.chars().any(char::is_alphabetic))
    }

    /// Whether another heading of this level follows with hardly any text between, as in a list of
    /// contents.
    fn is_followed_by(&self, index: usize, level: u8) -> bool {
        let mut columns = 0;
        for run in self.runs.iter().skip(index + 1) {
            let lines = self.slice(&run.lines);
            if lines.first().is_some_and(|l| heading::keyword_level(l.text) == Some(level)) {
                return true;
            }
            // Lines without width count too, so that the look ahead ends.
            columns += 1 + lines.iter().map(|l| l.width).sum::<u32>();
            if columns > CONTENTS_COLUMNS {
                return false;
            }
        }
        false
    }

    /// Whether text follows that a heading may head, and not only more short lines.
    fn has_text_after(&self, index: usize) -> bool {
        let mut after = self.runs.iter().skip(index + 1).take(3).peekable();
        after.peek().is_none()
            || after.any(|run| {
                let lines = self.slice(&run.lines);
                let is_sentence = |line: &Line| ends_sentence(line.text) && !heading::is_capitals(line.text);
                let columns = lines.iter().map(|l| l.width).sum::<u32>();
                lines.len() > 2 || columns > CONTENTS_COLUMNS / 2 || lines.last().is_some_and(is_sentence)
            })
    }

    /// Whether the run after a bare number or keyword is its title: the runs to take, 0 or 1.
    fn title_after(&self, index: usize, first: &str) -> usize {
        let (Some(run), Some(next)) = (self.runs.get(index), self.runs.get(index + 1)) else { return 0 };
        let lines = self.slice(&next.lines);
        let is_bare = run.lines.len() == 1 && (heading::is_bare_number(first) || first.split_whitespace().count() == 2);
        let is_near = (1..=2).contains(&next.gap) || self.shape.is_unwrapped;
        let Some(title) = lines.first().filter(|_| is_bare && is_near && next.is_closed && lines.len() <= 3) else {
            return 0;
        };
        let is_short = lines.iter().all(|l| l.width <= HEADING_COLUMNS);
        let is_capital = lines.iter().all(|l| heading::is_capitals(l.text));
        let begins = title.text.chars().next().is_some_and(char::is_uppercase);
        let is_phrase =
            lines.len() == 1 && begins && !ends_sentence(title.text) && !title.text.ends_with([',', ';', '-']);
        let is_other =
            heading::keyword_level(title.text).is_some() || heading::is_bare_number(title.text) || is_rule(title.text);
        usize::from(is_short && !is_other && (is_capital || (is_phrase && !self.shape.is_unwrapped)))
    }

    fn write_heading(&mut self, index: usize, level: u8, count: usize) -> usize {
        let Some(run) = self.runs.get(index).cloned() else { return 1 };
        let last = self.runs.get(index + count - 1).map_or(run.lines.end, |last| last.lines.end);
        // The line under a heading is drawn, not read.
        let is_underlined = count == 2 && self.lines.get(last - 1).is_some_and(|l| is_rule(l.text));
        let end = if is_underlined { last - 1 } else { last };
        self.writer.heading(level, run.lines.start..end);
        self.is_heading = true;
        count
    }

    /// A quotation with its source in a line of its own: the runs it takes.
    fn quotation(&mut self, index: usize, run: &Run) -> Option<usize> {
        let lines = self.slice(&run.lines);
        let last = lines.last()?;
        let is_set_apart = |lines: &[Line]| {
            let quoted =
                lines.first().is_some_and(|l| l.text.starts_with(['“', '"', '«', '„', '‘', '「', '『', '_', '\'']));
            let closed = lines.last().is_some_and(|l| {
                l.text.trim_end_matches(['.', ',', '_']).ends_with(['”', '"', '»', '“', '’', '」', '』', '\''])
                    || l.text.ends_with('_')
            });
            let indented = lines.iter().all(|l| l.indent > self.shape.body + 1);
            (quoted && closed) || (indented && !self.shape.is_unwrapped)
        };
        let (body, source, count) = if lines.len() > 1 && is_attribution(last) {
            (run.lines.start..run.lines.end - 1, run.lines.end - 1, 1)
        } else {
            let next = self.runs.get(index + 1)?;
            let is_source = |line: &Line| next.lines.len() == 1 && next.gap <= 1 && is_attribution(line);
            self.lines.get(next.lines.start).filter(|line| is_source(line))?;
            (run.lines.clone(), next.lines.start, 2)
        };
        if !is_set_apart(self.slice(&body)) {
            return None;
        }
        let is_motto = (self.is_front && index < FRONT_RUNS) || self.follows_heading;
        self.writer.open(if is_motto { FrameKind::Epigraph } else { FrameKind::Quote });
        self.paragraphs(body);
        self.writer.flow(BlockKind::Attribution, source..source + 1);
        self.writer.close();
        Some(count)
    }

    /// A list whose items hang from their markers. Says whether it was one.
    fn list(&mut self, run: &Run) -> bool {
        let lines = self.slice(&run.lines);
        let Some(first) = lines.first() else { return false };
        if self.shape.is_unwrapped || marker(first.text).is_none() {
            return false;
        }
        let mut items: Vec<usize> = Vec::new();
        let mut depths: Vec<u32> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let begins = marker(line.text).is_some() && (at == 0 || line.indent <= first.indent + 8);
            if begins {
                items.push(at);
                depths.push(line.indent);
            } else if depths.last().is_some_and(|depth| line.indent < depth + 2) {
                return false;
            }
        }
        let hangs = items.len() < lines.len();
        // The letter `o` is a bullet in old memos and a word in some languages.
        if first.text.starts_with('o') && (first.indent == 0 || (!hangs && items.len() == 1)) {
            return false;
        }
        let is_sure = hangs || first.indent > self.shape.body;
        // Dashes that begin lines of sentences are of speech.
        let is_speech = first.text.starts_with(['-', '–', '—']) && lines.iter().any(|l| ends_sentence(l.text));
        if !is_sure && (is_speech || (items.len() == 1 && ends_sentence(first.text))) {
            return false;
        }
        for (nth, at) in items.iter().enumerate() {
            let end = items.get(nth + 1).copied().unwrap_or(lines.len());
            let Some((sign, skip)) = lines.get(*at).and_then(|line| marker(line.text)) else { continue };
            self.writer.open(FrameKind::Item { marker: crate::text::clean_line(sign) });
            if nth > 0 {
                self.writer.tight();
            }
            let range = run.lines.start + at..run.lines.start + end;
            self.writer.flow_after(BlockKind::Paragraph, range, skip);
            self.writer.close();
        }
        true
    }

    /// Prose, verse or a drawing.
    fn matter(&mut self, run: &Run) {
        let lines = self.slice(&run.lines);
        let is_deep = lines.len() > 1 && lines.iter().all(|l| l.indent > self.shape.body + 1);
        let is_quote = is_deep && self.shape.indents_quotes && self.shape.matter(lines) == Matter::Prose;
        if is_quote {
            self.writer.open(FrameKind::Quote);
        }
        self.paragraphs(run.lines.clone());
        if is_quote {
            self.writer.close();
        }
    }

    fn paragraphs(&mut self, range: Range<usize>) {
        let lines = self.slice(&range);
        if self.shape.is_unwrapped || lines.len() == 1 && self.shape.matter(lines) == Matter::Prose {
            self.is_front &= lines.iter().all(|l| l.width <= SHORT_COLUMNS * 4);
            return self.writer.flow(BlockKind::Paragraph, range);
        }
        if self.shape.matter(lines) != Matter::Prose {
            return self.writer.verse(range);
        }
        self.is_front &= lines.len() < 6;
        let has_first_indents = self.shape.has_first_indents(lines);
        let is_crowded = lines.len() > 15;
        let mut start = range.start;
        for (at, pair) in lines.windows(2).enumerate() {
            let [line, next] = pair else { continue };
            if self.shape.parts_paragraphs(line, next, has_first_indents, is_crowded) {
                let end = range.start + at + 1;
                self.writer.flow(BlockKind::Paragraph, start..end);
                start = end;
            }
        }
        self.writer.flow(BlockKind::Paragraph, start..range.end);
    }

    /// Where each line is a paragraph: how many short lines stand here, and whether they belong
    /// together as on a title page or in verse.
    fn short_group(&self, index: usize) -> (usize, bool) {
        let mut count = 0;
        let mut free = 0;
        let mut last_ends = false;
        for run in self.runs.iter().skip(index) {
            let Some(line) = self.lines.get(run.lines.start) else { break };
            let is_speech = line.text.starts_with(['—', '–', '-', '―', '“', '"', '«', '„', '「', '『', '‘']);
            let is_part =
                line.width <= SHORT_COLUMNS && !is_speech && !is_rule(line.text) && (count == 0 || run.gap == 0);
            if !is_part || heading::keyword_level(line.text).is_some() || heading::is_bare_number(line.text) {
                break;
            }
            free += usize::from(count > 0 && !last_ends);
            last_ends = ends_sentence(line.text);
            count += 1;
        }
        // Sentences that are paragraphs end as sentences do.
        (count, count > 1 && free * 2 >= count - 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::BlockId;
    use crate::formats::plain::grid::LineEnds;
    use crate::formats::plain::lines::split;

    const WHOLE: (Cut, Cut) = (Cut::Paragraph, Cut::Paragraph);

    #[test]
    fn a_sentence_goes_on_over_the_end_of_a_page() {
        let text = "The order in which the parts of a thing are sent over a line\nis not what this memo is about, since the form of it is octet-\n\n\
                    Nyman            Informational            [Page 5]\n\u{c}\nMEMO 12          The Long Way          May 1996\n\n\
                    oriented and not laid down here, as was said above.\n\nAnother paragraph begins here and ends as it should do.\n";
        let lines = split(text, LineEnds::Lf);
        let section = reflow(SectionId(0), &lines, WHOLE, true, |_, _| {});
        let texts: Vec<&str> = section.numbered_blocks().map(|(id, _)| section.block_text(id)).collect();
        assert!(texts[0].ends_with("octet-oriented and not laid down here, as was said above."), "{texts:?}");
        assert!(texts[1].contains("[Page 5]") && texts[2].contains("MEMO 12") && texts[3].starts_with("Another"));
    }

    fn section(text: &str) -> Section {
        reflow(SectionId(0), &split(text, LineEnds::Lf), WHOLE, true, |_, _| {})
    }

    /// Blocks as `kind: text`, with frames before and line breaks as `/`.
    fn blocks(section: &Section) -> Vec<String> {
        let name = |kind: &BlockKind| match kind {
            BlockKind::Heading(level) => format!("h{level}"),
            BlockKind::Paragraph => "p".to_owned(),
            BlockKind::Verse => "v".to_owned(),
            BlockKind::Attribution => "by".to_owned(),
            BlockKind::Rule => "rule".to_owned(),
            other => format!("{other:?}"),
        };
        let frame = |kind: &FrameKind| match kind {
            FrameKind::Quote => "quote ".to_owned(),
            FrameKind::Epigraph => "motto ".to_owned(),
            FrameKind::Item { marker } => format!("[{marker}] "),
            other => format!("{other:?} "),
        };
        let show = |(id, block): (BlockId, &crate::document::Block)| {
            let frames: String = section.frames(id).map(|(_, f)| frame(&f.kind)).collect();
            format!("{frames}{}: {}", name(&block.kind), section.block_text(id).replace('\n', "/"))
        };
        section.numbered_blocks().map(show).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(blocks(&section(text)), expected, "{text}");
    }

    #[test]
    fn wrapped_paragraphs_flow() {
        check(
            "The hill stood above the village like an old man who will not leave\nthe table, and nobody in the village could say how long it had been\nthere.\n\nA second paragraph.\n",
            &[
                "p: The hill stood above the village like an old man who will not leave the table, and nobody in the village could say how long it had been there.",
                "p: A second paragraph.",
            ],
        );
        check(
            "It was a matter of common knowledge in all of the village that self-\nassertion was no virtue; but who would have said so to the old man--\nand why?\n",
            &[
                "p: It was a matter of common knowledge in all of the village that self-assertion was no virtue; but who would have said so to the old man--and why?",
            ],
        );
    }

    #[test]
    fn indented_first_lines_begin_paragraphs() {
        check(
            "   The hill stood above the village like an old man who will not\nleave the table, and nobody in the village could say how long it\nhad been there.\n   A second paragraph, which is long enough to need another line of\nits own.\n   A third.\n",
            &[
                "p: The hill stood above the village like an old man who will not leave the table, and nobody in the village could say how long it had been there.",
                "p: A second paragraph, which is long enough to need another line of its own.",
                "p: A third.",
            ],
        );
    }

    #[test]
    fn long_lines_are_paragraphs() {
        let long = "The hill stood above the village and nobody knew why. ".repeat(5);
        let long = long.trim();
        check(
            &format!(
                "A Masthead\nof Two Lines\n“A motto of some length.”\n— A. Nyman\n{long}\n{long}\n— Why? said he.\n"
            ),
            &[
                "v: A Masthead/of Two Lines",
                "motto p: “A motto of some length.”",
                "motto by: — A. Nyman",
                &format!("p: {long}"),
                &format!("p: {long}"),
                "p: — Why? said he.",
            ],
        );
    }

    #[test]
    fn verse_and_short_lines_stay() {
        check(
            "The hill is high,\n  The sky is wide,\nAnd none knows why\n",
            &["v: The hill is high,/  The sky is wide,/And none knows why"],
        );
        check("12 Hill Street\nThe Village\n", &["v: 12 Hill Street/The Village"]);
        check("name      price\napple         3\n", &["v: name      price/apple         3"]);
        check("a\t1\nbb\t2\n", &["v: a       1/bb      2"]);
    }

    #[test]
    fn headings_are_isolated() {
        check("CHAPTER I.\n\nIt was late.\n", &["h2: CHAPTER I.", "p: It was late."]);
        check("CHAPTER I\nTHE HILL\n\nIt was late.\n", &["h2: CHAPTER I/THE HILL", "p: It was late."]);
        check("text\n\n\nIV\n\nTHE HILL\n\nIt was late.\n", &["p: text", "h2: IV/THE HILL", "p: It was late."]);
        check("The Hill\n========\n\nIt was late.\n", &["h1: The Hill", "p: It was late."]);
        check(
            "1. The Hill\n\nIt was late.\n\n1.1 The Road\n\nx\n",
            &["h2: 1. The Hill", "p: It was late.", "h3: 1.1 The Road", "p: x"],
        );
        check("text\n\n\nI. The Hill\n\nIt was late.\n", &["p: text", "h2: I. The Hill", "p: It was late."]);
        check("第一回 风起\n\n很高。\n", &["h2: 第一回 风起", "p: 很高。"]);
        check("Chapter one of it was lost.\n", &["p: Chapter one of it was lost."]);
        check("CHAPTER I\n\nCHAPTER II\n", &["p: CHAPTER I", "h2: CHAPTER II"]);
    }

    #[test]
    fn rules_lists_and_emphasis() {
        check("a.\n\n* * *\n\n-----\n\nb.\n", &["p: a.", "rule: ", "p: b."]);
        check("One saying.\n%\nAnother.\n%\n", &["p: One saying.", "rule: ", "p: Another.", "rule: "]);
        check("It was five\n%\nand no more of the vote.\n", &["v: It was five/%/and no more of the vote."]);
        check("- one\n- two\n  and more\n- three\n", &["[-] p: one", "[-] p: two and more", "[-] p: three"]);
        check("1. one thing\n2. two\n", &["[1.] p: one thing", "[2.] p: two"]);
        check("- Why? said he.\n- Why not?\n", &["v: - Why? said he./- Why not?"]);
        check("a _b\nc_ d_e _f\n", &["v: a b/c d_e _f"]);
        let s = section("so _very_ high\n");
        assert_eq!(s.spans(BlockId(0)).iter().map(|s| (s.start, s.end)).collect::<Vec<_>>(), [(3, 7)]);
    }

    #[test]
    fn a_blank_that_slipped_in_parts_no_sentence() {
        check(
            "It was a matter of common knowledge that he who wore the “cap”\n and the coat was no virtue in the eyes of the old village, as\nnobody could say how long it had been there.\n",
            &[
                "p: It was a matter of common knowledge that he who wore the “cap” and the coat was no virtue in the eyes of the old village, as nobody could say how long it had been there.",
            ],
        );
    }

    #[test]
    fn indented_prose_is_quoted() {
        let prose = "The hill stood above the village like an old man who will not leave\nthe table, and nobody in the village could say how long it had been\nthere.\n\n";
        let quote =
            "     It was a matter of common knowledge in all of the village\n     that the hill was no virtue.\n";
        let text = format!("{prose}{prose}{quote}\n{prose}{prose}");
        assert_eq!(
            blocks(&section(&text))[2],
            "quote p: It was a matter of common knowledge in all of the village that the hill was no virtue."
        );
    }

    #[test]
    fn a_cut_paragraph_goes_on() {
        let lines = split("goes on here.\n\nNext.\n", LineEnds::Lf);
        let continued =
            |cut| reflow(SectionId(1), &lines, (cut, Cut::Paragraph), true, |_, _| {}).blocks()[0].continues;
        assert!(continued(Cut::Line) && continued(Cut::Inside) && !continued(Cut::Paragraph));
    }

    /// All letters and digits in order, the markers of lists among them.
    fn letters(section: &Section) -> String {
        let mut out = String::new();
        for (id, _) in section.numbered_blocks() {
            for (_, frame) in section.frames(id) {
                if let FrameKind::Item { marker } = &frame.kind
                    && frame.first == id
                {
                    out.push_str(marker);
                }
            }
            out.push_str(section.block_text(id));
        }
        out.chars().filter(|c| c.is_alphanumeric()).collect()
    }

    /// Texts made of what the rules look at.
    fn texts() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("\n"),
            Just("\n\n"),
            Just("\n\n\n"),
            Just("  "),
            Just("      "),
            Just("\t"),
            Just("word "),
            Just("Word, "),
            Just("end. "),
            Just("_em_ "),
            Just("_"),
            Just("CHAPTER IV\n"),
            Just("XII."),
            Just("- "),
            Just("1. "),
            Just("* * *\n"),
            Just("-----\n"),
            Just("====="),
            Just("— Name"),
            Just("“Quoted”"),
            Just("漢字。"),
            Just("self-\n"),
            Just("\u{c}"),
            Just("a long stretch of words that fills a line nearly to its end, and "),
            Just("3.1 Title\n"),
            Just("第三回"),
        ];
        proptest::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn no_word_is_lost_or_moved(text in texts(), cut in 0usize..3) {
            let cut = [Cut::Paragraph, Cut::Line, Cut::Inside][cut];
            let section = reflow(SectionId(0), &split(&text, LineEnds::Lf), (cut, cut), true, |_, _| {});
            let mut expected: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
            let mut found: Vec<char> = letters(&section).chars().collect();
            // The foot and head of a page may stand after the paragraph that they cut.
            if text.contains('\u{c}') {
                expected.sort_unstable();
                found.sort_unstable();
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn every_line_knows_its_place(text in texts()) {
            let lines = split(&text, LineEnds::Lf);
            let mut told = Vec::new();
            let section = reflow(SectionId(0), &lines, WHOLE, true, |line, place| told.push((line.text.to_owned(), place)));
            let is_paged = text.contains('\u{c}');
            prop_assert_eq!(told.len(), lines.len());
            let mut last = Position::START;
            for (text, place) in told {
                prop_assert!(last <= place);
                last = place;
                // What a rule, a marker or an emphasis begins is not the text that stands there.
                let first = text.chars().next().filter(|c| c.is_alphanumeric() && marker(&text).is_none());
                if let Some(first) = first {
                    let here = section.text().get(section.offset(place)..).unwrap();
                    // What cuts a sentence is told of with its paragraph.
                    prop_assert!(is_paged || here.starts_with(first), "{} at {}", text, place);
                }
            }
        }
    }
}

//! What layout looks like, as pictures, and its laws.

use super::*;
use crate::document::{Align, BlockId, BlockKind, FrameKind, Section, SectionBuilder, SectionId};
use crate::text::clean_line;
use crate::text::width::width;

/// Paints lines as rows of text: runs, markers, rules as `─`, a picture as `▒`.
fn paint(section: &Section, block: BlockId, lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| paint_row(section, block, line)).collect()
}

fn paint_row(section: &Section, block: BlockId, line: &Line) -> String {
    let mut parts: Vec<(usize, String)> = Vec::new();
    match line.ornament {
        Ornament::None => {}
        Ornament::Marker { frame, column } => {
            let (_, frame) = section.frames(block).find(|(number, _)| *number == frame).unwrap();
            let text = match &frame.kind {
                FrameKind::Item { marker } => marker,
                FrameKind::Note { label } => label,
                kind => unreachable!("{kind:?} has no marker"),
            };
            parts.push((usize::from(column), text.to_string()));
        }
        Ornament::Rule { column, width } => parts.push((usize::from(column), "─".repeat(usize::from(width)))),
        Ornament::Picture { column, width } => parts.push((usize::from(column), "▒".repeat(usize::from(width)))),
    }
    for run in line.runs() {
        let text = section.block_text(block).get(run.start as usize..run.end as usize).unwrap();
        parts.push((usize::from(run.column), text.to_owned()));
    }
    let mut row = String::new();
    for (column, text) in parts {
        let gap = column.checked_sub(width(&row)).expect("nothing overlaps on a row");
        row.extend(std::iter::repeat_n(' ', gap));
        row.push_str(&text);
    }
    row
}

fn build(make: impl FnOnce(&mut SectionBuilder)) -> Section {
    let mut builder = SectionBuilder::new(SectionId(0));
    make(&mut builder);
    builder.finish()
}

fn picture(section: &Section, options: Options) -> String {
    let blocks = (0..section.block_count()).map(BlockId);
    blocks.map(|id| paint(section, id, &lay_out(section, id, &options)).join("\n")).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(width: u16, make: impl FnOnce(&mut SectionBuilder), expected: &str) {
    check_options(Options::new(width), make, expected);
}

#[track_caller]
fn check_options(options: Options, make: impl FnOnce(&mut SectionBuilder), expected: &str) {
    let shown = picture(&build(make), options);
    let expected: Vec<&str> = expected.lines().filter_map(|line| line.split_once('|')).map(|(_, row)| row).collect();
    assert!(shown == expected.join("\n"), "shown:\n|{}\n", shown.replace('\n', "\n|"));
}

const PROSE: &str = "Nobody had drawn up the soviets on paper. Twelve years before, strikers in some \
    fifty towns had sent one of their own from each workshop to sit in a common council.";

fn heading(b: &mut SectionBuilder, level: u8, text: &str) {
    b.begin(BlockKind::Heading(level));
    b.text(text);
}

fn para(b: &mut SectionBuilder, text: &str) {
    b.begin(BlockKind::Paragraph);
    for (number, line) in text.split('\u{2028}').enumerate() {
        if number > 0 {
            b.line_break();
        }
        b.text(line);
    }
}

fn item(b: &mut SectionBuilder, marker: &str, tight: bool, make: impl FnOnce(&mut SectionBuilder)) {
    b.open(FrameKind::Item { marker: clean_line(marker) });
    if tight {
        b.tight();
    }
    make(b);
    b.close();
}

fn row(b: &mut SectionBuilder, header: bool, cells: &[&str]) {
    b.row(header);
    for cell in cells {
        b.cell();
        b.text(cell);
    }
}

// Pictures. A `|` stands before each row.

#[test]
fn titles_are_centred_if_they_fit() {
    let make = |b: &mut SectionBuilder| {
        heading(b, 1, "The soviets");
        para(b, "Nobody had drawn them up.");
        heading(b, 2, "A longer title that does not fit in a row of forty columns");
        para(b, "Text.");
        heading(b, 3, "Small");
        para(b, "Text.");
    };
    check(
        72,
        make,
        "
        |                              The soviets
        |
        |
        |Nobody had drawn them up.
        |
        |
        |       A longer title that does not fit in a row of forty columns
        |
        |Text.
        |
        |Small
        |
        |Text.",
    );
    check(
        40,
        make,
        "
        |              The soviets
        |
        |
        |Nobody had drawn them up.
        |
        |
        |A longer title that does not
        |fit in a row of forty columns
        |
        |Text.
        |
        |Small
        |
        |Text.",
    );
    check(
        20,
        make,
        "
        |    The soviets
        |
        |
        |Nobody had drawn
        |them up.
        |
        |
        |A longer title that
        |does not fit in a
        |row of forty columns
        |
        |Text.
        |
        |Small
        |
        |Text.",
    );
}

#[test]
fn paragraphs_fill_their_rows() {
    let make = |b: &mut SectionBuilder| {
        para(b, PROSE);
        para(b, "日本語の文章は、どこでも折れますが、句読点は行の頭に来ません。");
        para(
            b,
            "A line\u{2028}that its author broke, http://example.org/a/very/long/address.html and Donaudampfschifffahrtsgesellschaft.",
        );
    };
    check(
        40,
        make,
        "
        |Nobody had drawn up the soviets on
        |paper. Twelve years before, strikers in
        |some fifty towns had sent one of their
        |own from each workshop to sit in a
        |common council.
        |
        |日本語の文章は、どこでも折れますが、句読
        |点は行の頭に来ません。
        |
        |A line
        |that its author broke, http://
        |example.org/a/very/long/address.html and
        |Donaudampfschifffahrtsgesellschaft.",
    );
    check(
        20,
        make,
        "
        |Nobody had drawn up
        |the soviets on
        |paper. Twelve years
        |before, strikers in
        |some fifty towns had
        |sent one of their
        |own from each
        |workshop to sit in a
        |common council.
        |
        |日本語の文章は、どこ
        |でも折れますが、句読
        |点は行の頭に来ませ
        |ん。
        |
        |A line
        |that its author
        |broke, http://
        |example.org/a/very/
        |long/address.html
        |and
        |Donaudampfschifffahr
        |tsgesellschaft.",
    );
}

#[test]
fn quotations_are_set_in() {
    let make = |b: &mut SectionBuilder| {
        para(b, "A visitor saw who sat there and wrote it down:");
        b.open(FrameKind::Quote);
        para(b, "… miners who understood mining, machinists who understood machinery …");
        b.begin(BlockKind::Attribution);
        b.text("— Albert Rhys Williams, 1917");
        b.close();
        para(b, "So it was.");
    };
    check(
        72,
        make,
        "
        |A visitor saw who sat there and wrote it down:
        |
        |   … miners who understood mining, machinists who understood
        |   machinery …
        |                                         — Albert Rhys Williams, 1917
        |
        |So it was.",
    );
    check(
        40,
        make,
        "
        |A visitor saw who sat there and wrote it
        |down:
        |
        |   … miners who understood mining,
        |   machinists who understood
        |   machinery …
        |         — Albert Rhys Williams, 1917
        |
        |So it was.",
    );
    check(
        20,
        make,
        "
        |A visitor saw who
        |sat there and wrote
        |it down:
        |
        |   … miners who
        |   understood
        |   mining,
        |   machinists who
        |   understood
        |   machinery …
        |    — Albert Rhys
        |   Williams, 1917
        |
        |So it was.",
    );
}

#[test]
fn items_hang_from_their_markers() {
    let make = |b: &mut SectionBuilder| {
        para(b, "Items:");
        item(b, "9.", false, |b| para(b, "of a loose list, which takes more than a row"));
        item(b, "10.", false, |b| {
            para(b, "with another in it");
            item(b, "•", true, |b| para(b, "tight, and longer than one row of forty columns"));
            item(b, "☑", true, |b| para(b, "done"));
            para(b, "and more.");
        });
        item(b, "-", false, |b| item(b, "*", false, |b| para(b, "both at once")));
    };
    check(
        40,
        make,
        "
        |Items:
        |
        |9. of a loose list, which takes more
        |   than a row
        |
        |10. with another in it
        |    • tight, and longer than one row of
        |      forty columns
        |    ☑ done
        |
        |    and more.
        |
        |-
        |  * both at once",
    );
    check(
        20,
        make,
        "
        |Items:
        |
        |9. of a loose list,
        |   which takes more
        |   than a row
        |
        |10. with another in
        |    it
        |    • tight, and
        |      longer than
        |      one row of
        |      forty columns
        |    ☑ done
        |
        |    and more.
        |
        |-
        |  * both at once",
    );
}

#[test]
fn a_marker_leaves_the_row_to_a_rule_or_picture() {
    let make = |b: &mut SectionBuilder| {
        item(b, "1.", false, SectionBuilder::rule);
        item(b, "2.", false, |b| b.image("", "a.png"));
        item(b, "3.", false, |b| heading(b, 1, "Title"));
    };
    check(
        20,
        make,
        "
        |1.
        |         ─────
        |
        |2.
        |   ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
        |
        |
        |3.       Title",
    );
}

#[test]
fn notes_definitions_and_asides_are_set_in() {
    let make = |b: &mut SectionBuilder| {
        b.open(FrameKind::Note { label: clean_line("[12]") });
        para(b, "A note with a label that is longer than most.");
        b.close();
        b.open(FrameKind::Note { label: clean_line("A long label") });
        para(b, "Its text begins after it and goes on below.");
        b.close();
        para(b, "term");
        b.open(FrameKind::Definition);
        b.tight();
        para(b, "what it means, in some more words");
        b.close();
        b.open(FrameKind::Aside);
        para(b, "Beside the text, with a heading or without.");
        b.close();
    };
    check(
        40,
        make,
        "
        |[12] A note with a label that is longer
        |     than most.
        |
        |A long label Its text begins after it
        |    and goes on below.
        |
        |term
        |    what it means, in some more words
        |
        |  Beside the text, with a heading or
        |  without.",
    );
    check(
        20,
        make,
        "
        |[12] A note with a
        |     label that is
        |     longer than
        |     most.
        |
        |A long label
        |    Its text begins
        |    after it and
        |    goes on below.
        |
        |term
        |    what it means,
        |    in some more
        |    words
        |
        |  Beside the text,
        |  with a heading or
        |  without.",
    );
}

#[test]
fn indents_shrink_where_it_is_narrow() {
    let make = |b: &mut SectionBuilder| {
        b.open(FrameKind::Quote);
        item(b, "1.", false, |b| item(b, "ab.", false, |b| para(b, "two deep")));
        b.close();
    };
    check(
        14,
        make,
        "
        |1.
        | ab.
        |   two deep",
    );
    check(
        5,
        make,
        "
        |1.
        |ab.
        |two
        |deep",
    );
    check(
        1,
        make,
        "
        |1.
        |ab.
        |t
        |w
        |o
        |d
        |e
        |e
        |p",
    );
}

#[test]
fn verse_keeps_its_lines() {
    let make = |b: &mut SectionBuilder| {
        b.begin(BlockKind::Verse);
        b.text("O wind that comes across the frozen river\n  at evening, when the lamps are not yet lit,\n\nstay");
    };
    check(
        40,
        make,
        "
        |O wind that comes across the frozen
        |    river
        |  at evening, when the lamps are not yet
        |      lit,
        |
        |stay",
    );
    check(
        20,
        make,
        "
        |O wind that comes
        |    across the
        |    frozen river
        |  at evening, when
        |      the lamps are
        |      not yet lit,
        |
        |stay",
    );
}

#[test]
fn code_is_cut_never_lost() {
    let make = |b: &mut SectionBuilder| {
        b.begin(BlockKind::Code { language: None });
        b.text("fn main() {\n    println!(\"{}\", 1 + 2 + 3 + 4 + 5 + 6);\n\n}");
    };
    check(
        40,
        make,
        "
        |  fn main() {
        |      println!(\"{}\", 1 + 2 + 3 + 4 + 5 +
        |   6);
        |
        |  }",
    );
    check(
        20,
        make,
        "
        |  fn main() {
        |      println!(\"{}\",
        |   1 + 2 + 3 + 4 + 5
        |   + 6);
        |
        |  }",
    );
}

#[test]
fn rules_and_pictures_have_a_row() {
    let make = |b: &mut SectionBuilder| {
        para(b, "Before.");
        b.rule();
        b.image("", "a.png");
        b.end();
        b.image("A crowd in a street, seen from a window", "b.png");
    };
    check(
        40,
        make,
        "
        |Before.
        |
        |             ─────────────
        |
        |▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
        |
        |A crowd in a street, seen from a window",
    );
    check(
        20,
        make,
        "
        |Before.
        |
        |       ──────
        |
        |▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
        |
        |A crowd in a street,
        |seen from a window",
    );
}

#[test]
fn tables_stand_side_by_side_or_stacked() {
    let make = |b: &mut SectionBuilder| {
        b.table(vec![Align::Start, Align::End, Align::Center]);
        row(b, true, &["Town", "Seats", "Remark"]);
        row(b, false, &["Petrograd", "1,200", "The largest of all, in two chambers of unequal size"]);
        row(b, false, &["Moscow", "900", ""]);
        row(b, false, &["", "7", "tiny"]);
        b.end_table();
        para(b, "After.");
    };
    check(
        72,
        make,
        "
        |Town       Seats                        Remark
        |─────────────────────────────────────────────────────────────────────
        |Petrograd  1,200  The largest of all, in two chambers of unequal size
        |Moscow       900
        |               7                         tiny
        |
        |After.",
    );
    check(
        40,
        make,
        "
        |Town       Seats          Remark
        |────────────────────────────────────────
        |Petrograd  1,200  The largest of all, in
        |                     two chambers of
        |                       unequal size
        |Moscow       900
        |               7           tiny
        |
        |After.",
    );
    check(
        20,
        make,
        "
        |Town
        |  Seats
        |  Remark
        |────────────────────
        |Petrograd
        |  1,200
        |  The largest of
        |  all, in two
        |  chambers of
        |  unequal size
        |Moscow
        |  900
        |  7
        |  tiny
        |
        |After.",
    );
}
#[test]
fn paragraphs_are_told_apart_by_space_or_indent() {
    let make = |b: &mut SectionBuilder| {
        heading(b, 1, "Title");
        para(b, "The first one is flush.");
        para(b, "The second one is indented.");
        b.open(FrameKind::Quote);
        para(b, "Set in.");
        para(b, "Set in more.");
        b.close();
        para(b, "Flush again.");
    };
    let options = Options { paragraphs: Paragraphs::Indented, ..Options::new(20) };
    check_options(
        options,
        make,
        "
        |       Title
        |
        |
        |The first one is
        |flush.
        |  The second one is
        |indented.
        |
        |   Set in.
        |     Set in more.
        |
        |Flush again.",
    );
}

#[test]
fn balanced_rows_are_about_equally_long() {
    let options = Options { balanced: true, ..Options::new(40) };
    check_options(
        options,
        |b| para(b, PROSE),
        "
        |Nobody had drawn up the soviets on
        |paper. Twelve years before, strikers
        |in some fifty towns had sent one of
        |their own from each workshop to sit in a
        |common council.",
    );
}

#[test]
fn blank_rows_follow_the_place() {
    let above = |section: u32, make: fn(&mut SectionBuilder)| {
        let mut builder = SectionBuilder::new(SectionId(section));
        make(&mut builder);
        let section = builder.finish();
        let lines = lay_out(&section, BlockId(section.block_count() - 1), &Options::new(40));
        lines.iter().take_while(|line| line.is_blank()).count()
    };
    assert_eq!(above(0, |b| heading(b, 1, "First")), 0);
    assert_eq!(above(1, |b| heading(b, 1, "First")), 2);
    assert_eq!(above(1, |b| para(b, "First")), 1);
    assert_eq!(above(0, |b| (heading(b, 1, "One"), heading(b, 2, "Two")).1), 2);
    assert_eq!(above(0, |b| (heading(b, 2, "Two"), heading(b, 3, "Three")).1), 1);
    assert_eq!(above(0, |b| (heading(b, 2, "Two"), para(b, "Text")).1), 1);
    // The second part of a block that was too long for one.
    assert_eq!(above(0, |b| para(b, &"word ".repeat(20_000))), 0);
}

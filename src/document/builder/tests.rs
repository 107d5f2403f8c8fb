//! What the builder makes of what formats say.

use super::*;

fn build(make: impl FnOnce(&mut SectionBuilder)) -> Section {
    let mut builder = SectionBuilder::new(SectionId(0));
    make(&mut builder);
    let section = builder.finish();
    check_invariants(&section);
    section
}

fn check_invariants(section: &Section) {
    for (name, place) in section.ids() {
        assert_eq!(section.clamp(place), place, "{name}");
    }
    let mut end = 0;
    for (id, block) in section.numbered_blocks() {
        assert_eq!(block.start, end, "{id:?} begins where the one before ended");
        assert!(block.len() as usize <= BLOCK_BYTES_MAX);
        end = block.end + 1;
        let mut at = 0;
        for span in section.spans(id) {
            assert!(at <= span.start && span.start < span.end && span.end <= block.len());
            assert!(section.block_text(id).is_char_boundary(span.start as usize));
            at = span.end;
        }
    }
    assert!(crate::text::clean::is_clean(section.text()));
}

fn texts(section: &Section) -> Vec<&str> {
    (0..section.block_count()).map(|i| section.block_text(BlockId(i))).collect()
}

#[test]
fn white_space_collapses_around_styles() {
    let s = build(|b| {
        b.text("  one\n two ");
        b.push_style(Style::EMPHASIS);
        b.text(" three ");
        b.pop_style();
        b.text(" four ");
        b.end();
        b.end();
    });
    assert_eq!(texts(&s), ["one two three four"]);
    let spans: Vec<_> = s.spans(BlockId(0)).iter().map(|s| (s.start, s.end)).collect();
    assert_eq!(spans, [(8, 13)]);
}

#[test]
fn empty_blocks_leave_no_trace() {
    let s = build(|b| {
        b.begin(BlockKind::Paragraph);
        b.id("lost");
        b.begin(BlockKind::Heading(1));
        b.text(" Title ");
        b.begin(BlockKind::Paragraph);
        b.text("\n \t");
        b.end();
        b.rule();
        b.text("body");
    });
    assert_eq!(texts(&s), ["Title", "", "body"]);
    assert_eq!(s.id_position("lost"), Some(super::super::Position::START));
}

#[test]
fn verse_and_code_keep_their_space() {
    let s = build(|b| {
        b.begin(BlockKind::Code { language: None });
        b.text("fn f() {\n\tx\n}\n");
        b.begin(BlockKind::Verse);
        b.text("a\n  b");
    });
    assert_eq!(texts(&s), ["fn f() {\n        x\n}", "a\n  b"]);
}

#[test]
fn breaks_stand_inside_a_block_only() {
    let s = build(|b| {
        b.line_break();
        b.text("a");
        b.line_break();
        b.text(" b ");
        b.line_break();
        b.end();
    });
    assert_eq!(texts(&s), ["a\nb"]);
}

#[test]
fn frames_nest_and_flatten() {
    let s = build(|b| {
        for _ in 0..40 {
            b.open(FrameKind::Quote);
        }
        b.text("deep");
        for _ in 0..40 {
            b.close();
        }
        b.text("out");
        b.close();
    });
    assert_eq!(s.frames(BlockId(0)).count(), FRAME_DEPTH_MAX);
    assert_eq!(s.frames(BlockId(1)).count(), 0);
}

#[test]
fn a_long_block_is_continued() {
    let words = "word ".repeat(40_000);
    let s = build(|b| b.text(&words));
    assert!(s.blocks().iter().skip(1).all(|b| b.continues) && s.block_count() > 3);
    let all: Vec<&str> = texts(&s).iter().flat_map(|t| t.split(' ')).filter(|w| !w.is_empty()).collect();
    assert_eq!(all.len(), 40_000);
    let long = build(|b| b.text(&"é".repeat(100_000)));
    assert_eq!(long.text().chars().filter(|c| *c == 'é').count(), 100_000);
    let code = build(|b| {
        b.begin(BlockKind::Code { language: None });
        b.text(&"x".repeat(200_000));
    });
    assert_eq!(code.text().chars().filter(|c| *c == 'x').count(), 200_000);
}

#[test]
fn tables_are_measured() {
    let s = build(|b| {
        b.table(vec![Align::Start, Align::End]);
        b.row(true);
        for cell in ["Name", "Count"] {
            b.cell();
            b.text(cell);
        }
        b.row(false);
        b.cell();
        b.begin(BlockKind::Paragraph);
        b.text("two words");
        b.end();
        b.cell();
        b.push_style(Style::STRONG);
        b.text("7");
        b.pop_style();
        b.cell();
        b.end_table();
        b.text("after");
    });
    assert_eq!(texts(&s), ["Name\tCount", "two words\t7\t", "after"]);
    let table = s.table(0).unwrap();
    assert_eq!(
        (table.natural.as_slice(), table.longest_word.as_slice(), table.rows),
        (&[9, 5, 0][..], &[5, 5, 0][..], 2)
    );
    assert_eq!(s.spans(BlockId(1)).len(), 1);
    assert_eq!(s.spans(BlockId(1))[0].start, 10);
}

#[test]
fn a_table_in_a_cell_is_flattened() {
    let s = build(|b| {
        b.table(vec![]);
        b.row(false);
        b.cell();
        b.text("a");
        b.table(vec![]);
        b.row(false);
        b.cell();
        b.text("b");
        b.cell();
        b.text("c");
        b.end_table();
        b.cell();
        b.text("d");
        b.end_table();
    });
    assert_eq!(texts(&s), ["a\nb c\td"]);
}

#[test]
fn places_and_offsets_agree() {
    let s = build(|b| {
        b.text("one");
        b.end();
        b.id("here");
        b.text("zwei");
    });
    for offset in 0..=s.text().len() {
        assert_eq!(s.offset(s.position(offset)), offset);
    }
    assert_eq!(s.id_position("here").map(|p| s.offset(p)), Some(4));
}

proptest::proptest! {
    #[test]
    fn words_copied_as_one_are_as_words_copied_singly(text in "[a-zж \n]{0,60}", cut in 0usize..60) {
        let at = text.floor_char_boundary(cut.min(text.len()));
        let (head, tail) = text.split_at(at);
        let fast = build(|b| { b.text(head); b.text(tail); });
        let slow = build(|b| { b.text(&head.replace(' ', "  ")); b.text(&tail.replace(' ', "  ")); });
        proptest::prop_assert_eq!(fast, slow);
    }
}

#[test]
fn a_row_of_a_table_is_bounded() {
    let s = build(|b| {
        b.table(vec![]);
        b.row(false);
        for _ in 0..100 {
            b.cell();
            b.text(&"word ".repeat(2000));
        }
        b.end_table();
    });
    assert_eq!(s.block_count(), 1);
    // Said once.
    assert_eq!(s.warnings().len(), 1);
    assert!(s.block_text(BlockId(0)).len() <= BLOCK_BYTES_MAX);
}

#[test]
fn warnings_beyond_the_limit_are_one_more() {
    for (count, last) in
        [(WARNINGS_MAX, "number 99"), (WARNINGS_MAX + 1, "There is more"), (WARNINGS_MAX + 9, "There is more")]
    {
        let mut builder = SectionBuilder::new(SectionId(0));
        (0..count).for_each(|n| builder.warn(&format!("number {n}")));
        let section = builder.finish();
        assert!(section.warnings().last().unwrap().0.starts_with(last), "{count}");
        assert!(section.warnings().len() <= WARNINGS_MAX + 1);
    }
}

#[test]
fn a_name_in_white_space_that_goes_names_the_end() {
    let section = build(|builder| {
        builder.text("word\u{3000}");
        builder.id("after");
        builder.end();
    });
    assert_eq!(section.id_position("after"), Some(Position::new(SectionId(0), BlockId(0), 4)));
}

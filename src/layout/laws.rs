//! What holds for the lines of every block, whatever its kind, text and width.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::document::{Align, BlockId, BlockKind, FrameKind, Section, SectionBuilder, SectionId};
use crate::text::clean_line;
use crate::text::width::width;

/// What a generated document does next.
#[derive(Clone, Debug)]
enum Step {
    Block(BlockKind, String),
    Open(FrameKind),
    Close,
    Tight,
    Rule,
    Image(String),
    Table(Vec<(bool, Vec<String>)>),
}

/// Texts of all that is hard to set: wide and joined clusters, marks without a base, characters
/// that join what follows, spaces of every kind, words longer than any row.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => "[a-zA-Z]{1,9} ".prop_map(String::from),
        2 => "[ -~]{1,12}".prop_map(String::from),
        2 => prop::sample::select(vec![
            "日本語、", "👨\u{200d}👩\u{200d}👧\u{200d}👦", "🇩🇪🇫🇷", "e\u{301}\u{302}", "\u{301}", "ไทยภาษา", "हिन्दी ", "한국어 ",
            "\u{600} ", "\u{600}1", " \u{301}", "\u{a0}", "\u{3000}", "\u{2003}", "“”", "’s ", "—", "…", "❤\u{fe0f}", "1\u{fe0f}\u{20e3}",
            "می\u{200c}خواهم ", "\u{180e}", "\u{1160}", "   ", "\u{2028}", "\t", "-", "http://a.b/c?d=e#f ",
        ]).prop_map(String::from),
        1 => (1usize..90).prop_map(|n| "x".repeat(n)),
        1 => "\\PC{0,6}".prop_map(String::from),
    ];
    prop::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        (1u8..=6).prop_map(BlockKind::Heading),
        Just(BlockKind::Paragraph),
        Just(BlockKind::Verse),
        Just(BlockKind::Code { language: None }),
        Just(BlockKind::Attribution),
    ];
    let marker = prop::sample::select(vec!["", "•", "12.", "☑", "日本語", "a very long marker"]).prop_map(clean_line);
    let frame = prop_oneof![
        Just(FrameKind::Quote),
        Just(FrameKind::Epigraph),
        Just(FrameKind::Definition),
        Just(FrameKind::Aside),
        marker.clone().prop_map(|marker| FrameKind::Item { marker }),
        marker.prop_map(|label| FrameKind::Note { label }),
    ];
    let row = (any::<bool>(), prop::collection::vec(text(), 1..5));
    prop_oneof![
        8 => (kind, text()).prop_map(|(kind, text)| Step::Block(kind, text)),
        4 => frame.prop_map(Step::Open),
        3 => Just(Step::Close),
        1 => Just(Step::Tight),
        1 => Just(Step::Rule),
        1 => text().prop_map(Step::Image),
        2 => prop::collection::vec(row, 1..4).prop_map(Step::Table),
    ]
}

fn build(section: u32, steps: &[Step]) -> Section {
    let mut b = SectionBuilder::new(SectionId(section));
    for step in steps {
        match step {
            Step::Block(kind, text) => {
                b.begin(kind.clone());
                for (number, line) in text.split('\u{2028}').enumerate() {
                    if number > 0 && !kind.is_preformatted() {
                        b.line_break();
                    } else if number > 0 {
                        b.text("\n");
                    }
                    b.text(line);
                }
            }
            Step::Open(kind) => b.open(kind.clone()),
            Step::Close => b.close(),
            Step::Tight => b.tight(),
            Step::Rule => b.rule(),
            Step::Image(words) => {
                b.end();
                b.image(words, "picture.png");
            }
            Step::Table(rows) => {
                b.table(vec![Align::Start, Align::Center, Align::End]);
                for (header, cells) in rows {
                    b.row(*header);
                    for cell in cells {
                        b.cell();
                        b.text(cell);
                    }
                }
                b.end_table();
            }
        }
    }
    b.finish()
}

fn marker(section: &Section, block: BlockId, frame: u32) -> usize {
    match section.frames(block).find(|(number, _)| *number == frame).map(|(_, frame)| &frame.kind) {
        Some(FrameKind::Item { marker }) => width(marker),
        Some(FrameKind::Note { label }) => width(label),
        kind => unreachable!("{kind:?} has no marker"),
    }
}

/// Every law, for one block.
#[track_caller]
fn obey(section: &Section, id: BlockId, options: Options) {
    let text = section.block_text(id);
    let lines = lay_out(section, id, &options);
    assert_eq!(lines, lay_out(section, id, &options));
    assert!(lines.iter().any(|line| !line.is_blank()) || text.trim().is_empty(), "something is shown");
    let across = usize::from(options.width);

    // The lines cover the text.
    let mut at = 0;
    for line in &lines {
        assert_eq!(line.start, at, "lines follow each other");
        assert!(line.end >= line.start);
        at = line.end;
    }
    assert_eq!(at as usize, text.len(), "lines cover the text");

    // What is in no run is white space, and no text is in two.
    let mut runs: Vec<Run> = lines.iter().flat_map(|line| line.runs().to_vec()).collect();
    runs.sort_by_key(|run| run.start);
    let mut seen = 0;
    for (start, end) in runs.iter().map(|run| (run.start, run.end)).chain([(at, at)]) {
        let outside = text.get(seen as usize..start as usize).expect("runs do not overlap in the text");
        assert!(outside.trim().is_empty(), "{outside:?} is not shown");
        seen = end;
    }

    let boundaries: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
    let is_table = matches!(section.block(id).unwrap().kind, BlockKind::TableRow { .. });
    for line in &lines {
        let mut free = match line.ornament {
            Ornament::Marker { frame, column } if !line.runs().is_empty() => {
                usize::from(column) + marker(section, id, frame) + 1
            }
            Ornament::Rule { column, width } | Ornament::Picture { column, width } => {
                assert!(width > 0 && usize::from(column + width) <= across && line.runs().is_empty());
                0
            }
            Ornament::Marker { column, .. } => {
                assert!(usize::from(column) < across);
                0
            }
            Ornament::None => 0,
        };
        for run in line.runs() {
            let shown = text.get(run.start as usize..run.end as usize).unwrap();
            assert!(run.start < run.end && (is_table || line.start <= run.start && run.end <= line.end));
            assert!(boundaries.binary_search(&(run.start as usize)).is_ok(), "{shown:?} begins in a cluster");
            assert!(boundaries.binary_search(&(run.end as usize)).is_ok(), "{shown:?} ends in a cluster");
            assert!(usize::from(run.column) >= free, "{shown:?} overlaps");
            free = usize::from(run.column) + width(shown);
            assert!(free <= across || across == 1 && shown.graphemes(true).count() == 1, "{shown:?} is too wide");
        }
    }
}

fn options() -> impl Strategy<Value = Options> {
    let width = prop_oneof![4 => 1u16..12, 8 => 12u16..90, 4 => 90u16..=300, 1 => Just(u16::MAX)];
    let paragraphs = prop::sample::select(vec![Paragraphs::Spaced, Paragraphs::Indented]);
    (width, paragraphs, any::<bool>()).prop_map(|(width, paragraphs, balanced)| Options { width, paragraphs, balanced })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn lines_obey_the_law(number in 0u32..2, steps in prop::collection::vec(step(), 1..12), options in options()) {
        let section = build(number, &steps);
        for id in (0..section.block_count()).map(BlockId) {
            obey(&section, id, options);
        }
    }
}

#[test]
fn a_cell_without_width_stands_in_the_row() {
    let cells = vec!["x".repeat(50), "\u{301}".to_owned()];
    obey(&build(0, &[Step::Table(vec![(false, cells)])]), BlockId(0), Options::new(12));
}

#[test]
fn no_cell_of_nearly_nothing_covers_another() {
    for white in ["\u{a0}", "\u{a0}\u{1160}", " \u{301}", "\u{600} "] {
        let cells = [white, "AAaaaAAaa", white].map(str::to_owned).to_vec();
        for width in 1..20 {
            obey(&build(0, &[Step::Table(vec![(false, cells.clone())])]), BlockId(0), Options::new(width));
        }
    }
}

#[test]
fn no_columns_are_taken_as_one() {
    let section = build(0, &[Step::Block(BlockKind::Paragraph, "two words".to_owned())]);
    assert_eq!(lay_out(&section, BlockId(0), &Options::new(0)), lay_out(&section, BlockId(0), &Options::new(1)));
}

#[test]
fn a_block_that_does_not_exist_has_no_lines() {
    assert!(lay_out(&build(0, &[]), BlockId(0), &Options::new(40)).is_empty());
}

#[test]
fn a_line_is_small() {
    assert!(size_of::<Line>() <= 40);
}

//! A test for every fault that was found and mended, named after it.

#![allow(clippy::unwrap_used)]

mod common;

use std::io;
use std::sync::Arc;

use lection::app::{Effect, Event, Input, Look, MouseKind, Prompt};
use lection::document::{
    Document, Format, Identity, Mark, Meta, Outline, OutlinePass, Progress, Section, SectionBuilder, SectionId, Target,
    Warning,
};
use lection::reader::Pass;
use lection::runtime::inline::Inline;
use lection::text::clean_line;

/// A document of many small sections, some of them empty, some that cannot be read.
struct Many {
    count: u32,
    is_empty: fn(u32) -> bool,
    fails: fn(u32) -> bool,
    is_complete: bool,
    meta: Meta,
    identity: Identity,
}

/// No chapters.
struct NoChapters;

impl OutlinePass for NoChapters {
    fn step(&mut self) -> io::Result<Progress> {
        Ok(Progress::DONE)
    }

    fn outline(&self) -> Outline {
        Outline::default()
    }
}

impl Document for Many {
    fn format(&self) -> Format {
        Format::Plain
    }

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn encoding(&self) -> &'static str {
        "UTF-8"
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn is_complete(&self) -> bool {
        self.is_complete
    }

    fn section_count(&self) -> u32 {
        self.count
    }

    fn section_bytes(&self, _section: SectionId) -> u64 {
        100
    }

    fn load(&self, id: SectionId) -> io::Result<Section> {
        if (self.fails)(id.0) {
            return Err(io::Error::other("the disk failed"));
        }
        let mut builder = SectionBuilder::new(id);
        if !(self.is_empty)(id.0) {
            builder.text(&format!("Section {} begins. It goes on. It ends with a needle.", id.0));
            builder.end();
            builder.text("A second paragraph.");
        }
        Ok(builder.finish())
    }

    fn outline_pass(&self) -> Box<dyn OutlinePass> {
        Box::new(NoChapters)
    }

    fn resolve(&self, _from: SectionId, _href: &str) -> Option<Target> {
        None
    }

    fn warnings(&self) -> &[Warning] {
        &[]
    }
}

fn many(count: u32, is_empty: fn(u32) -> bool, fails: fn(u32) -> bool) -> Inline {
    many_so_far(count, is_empty, fails, true)
}

fn many_so_far(count: u32, is_empty: fn(u32) -> bool, fails: fn(u32) -> bool, is_complete: bool) -> Inline {
    let identity = Identity { bytes: 1, digest: "0".repeat(64) };
    let document = Arc::new(Many { count, is_empty, fails, is_complete, meta: Meta::default(), identity });
    Inline::open(document, clean_line("many"), Look::default(), (60, 12), None)
}

#[test]
fn a_counted_motion_over_many_sections_comes_to_its_end() {
    for (keys, section) in [("999999}", 199), ("100}", 50), ("999999)", 199), ("100j", 25)] {
        let mut program = many(200, |_| false, |_| false);
        program.type_text(keys);
        let place = program.app().reader().place();
        assert!(place.section.0 + 6 >= section && !program.app().reader().is_waiting(), "{keys}: {place}");
    }
}

#[test]
fn many_empty_sections_in_a_row_are_passed() {
    let mut program = many(200, |id| (5..195).contains(&id), |_| false);
    program.type_text("G");
    assert!(program.screen().contains("Section 199"));
    program.type_text("20k");
    let screen = program.screen();
    assert!(screen.contains("Section 4 ") && screen.contains("Section 195"), "{screen}");
    let nothing = many(100, |_| true, |_| false);
    assert!(nothing.screen().contains("empty"));
}

#[test]
fn a_part_that_cannot_be_read_is_said_and_passed_and_never_saved_as_the_place() {
    let mut program = many(50, |_| false, |id| id == 0 || id == 20);
    assert!(program.screen().contains("could not be read"));
    assert!(program.app().reader().anchor_here().is_none());
    program.type_text("/section 30");
    program.keys("enter").unwrap();
    assert!(program.screen().contains("Section 30"));
    assert!(program.app().reader().anchor_here().is_some());
}

#[test]
fn the_previous_match_is_found_beyond_the_page() {
    let mut program = many(60, |_| false, |_| false);
    program.type_text("G/needle");
    program.keys("enter").unwrap();
    let mut last = 60;
    for _ in 0..40 {
        program.type_text("N");
        let here = program.app().reader().search().hit().map(|hit| hit.start.section.0).unwrap();
        assert!(here < last || last == 60 || here == 59, "from {last} to {here}");
        last = here;
    }
    assert!(last < 25, "{last}");
}

#[test]
fn a_page_that_becomes_shorter_keeps_the_match_on_it() {
    let mut program = many(100, |_| false, |_| false);
    program.resize(60, 60);
    program.type_text("/section 70");
    program.keys("enter").unwrap();
    program.resize(60, 12);
    assert!(program.screen().contains("Section 70"));
}

#[test]
fn wider_is_never_narrower() {
    let mut program = many(3, |_| false, |_| false);
    program.resize(50, 20);
    program.type_text("+");
    assert_eq!(program.app().look().measure, 76);
}

#[test]
fn n_takes_a_count() {
    let mut program = many(60, |_| false, |_| false);
    program.type_text("/needle");
    program.keys("enter").unwrap();
    program.type_text("7n");
    assert_eq!(program.app().reader().search().hit().map(|hit| hit.start.section.0), Some(7));
}

#[test]
fn escape_ends_a_search_and_keeps_its_words() {
    let mut program = many(20, |_| false, |_| false);
    program.type_text("/needle");
    program.keys("enter esc").unwrap();
    assert!(program.app().reader().search().shown().is_empty());
    program.type_text("n");
    assert!(!program.app().reader().search().shown().is_empty());
}

#[test]
fn a_letter_set_twice_is_one_mark() {
    let mut program = many(20, |_| false, |_| false);
    program.type_text("ma5jma");
    let marks = program.app().reader().marks().all();
    assert_eq!(marks.len(), 1);
    assert!(program.app().prompt().map(Prompt::text).is_none());
}

#[test]
fn matches_beyond_those_that_are_kept_are_counted_and_reached() {
    // 250 paragraphs of 50 needles.
    let text = format!("{}\n\n", "a needle ".repeat(50)).repeat(250);
    let mut program = common::program(Format::Plain, &text, (80, 12));
    let block = |program: &Inline| program.app().reader().search().hit().map(|hit| hit.start.block.0);
    program.type_text("/needle");
    program.keys("enter").unwrap();
    let tally = program.app().reader().search().tally().unwrap();
    assert_eq!((tally.found, tally.share), (12_500, None));
    let mut reached = 0;
    for _ in 0..4 {
        program.type_text("3500n");
        reached += 3500;
        assert_eq!(block(&program), Some(reached % 12_500 / 50));
    }
    program.type_text("N");
    assert_eq!(block(&program), Some(1499 / 50));
}

#[test]
fn a_search_that_is_given_up_while_typing_leaves_the_last_one() {
    let mut program = many(20, |_| false, |_| false);
    program.type_text("/section 7");
    program.keys("enter").unwrap();
    program.type_text("/needle");
    assert!(!program.app().reader().search().shown().is_empty());
    let tally = |program: &Inline| program.app().reader().search().tally();
    program.keys("esc").unwrap();
    let search = program.app().reader().search();
    assert_eq!((search.query().as_str(), search.shown().len(), search.hits().len()), ("section 7", 1, 1));
    assert_eq!(tally(&program).and_then(|tally| tally.index), Some(1));
    // And where nothing was typed.
    program.type_text("/");
    program.keys("esc").unwrap();
    assert_eq!((tally(&program).map(|tally| tally.found), program.app().reader().search().shown().len()), (Some(1), 1));
}

/// A book of four chapters with a note, links, and words that stand on several lines.
const BOOK: &str = "# One\n\nFirst words, [a link](#two) and [another](#three).\n\n\
    # Two\n\nA needle.\n\n# Three\n\nA needle, and a needle.\n\n# Four\n\nThe last needle.\n";

/// What the screen shows after keys, with words typed where they begin with an equals sign.
fn screen(keys: &str) -> String {
    let mut program = common::program(Format::Markdown, BOOK, (80, 24));
    for key in keys.split(' ') {
        match key.strip_prefix('=') {
            Some(text) => program.type_text(text),
            None => program.keys(key).unwrap(),
        }
    }
    program.screen()
}

#[track_caller]
fn shows(keys: &str, words: &str) {
    let screen = screen(keys);
    assert!(screen.contains(words), "{keys}: no “{words}” in\n{screen}");
}

#[test]
fn n_goes_the_way_that_the_search_went() {
    shows("=/needle enter", "1 of 4");
    shows("=/needle enter n", "2 of 4");
    shows("=/needle enter N j", "4 of 4");
    shows("G alt-/ =needle enter", "4 of 4");
    shows("G alt-/ =needle enter n", "3 of 4");
    shows("G alt-/ =needle enter n N", "4 of 4");
    // An empty search goes on the way that was asked for.
    shows("G alt-/ =needle enter / enter n", "2 of 4");
}

#[test]
fn q_and_the_wheel_end_the_choice_of_a_link() {
    let mut program = common::program(Format::Markdown, BOOK, (80, 24));
    for end in [
        Event::Input(Input::Key("q".parse().unwrap())),
        Event::Input(Input::Mouse { kind: MouseKind::WheelDown, column: 9, row: 9 }),
        Event::Input(Input::Resize { columns: 60, rows: 20 }),
    ] {
        program.keys("o").unwrap();
        assert!(program.app().links().is_some());
        program.happen(end);
        assert!(program.app().links().is_none() && program.take_asked().is_empty());
    }
}

/// Words of the list were cut in the middle of the match, and nothing of it was shown.
#[test]
fn a_match_is_seen_in_a_narrow_list() {
    let text = format!("{} needle {}\n", "word ".repeat(9), "after ".repeat(9));
    for columns in 40..120 {
        let mut program = common::program(Format::Plain, &text, (columns, 12));
        program.type_text("/needle");
        program.keys("enter &").unwrap();
        assert!(program.screen().contains("needle"), "{columns}: {}", program.screen());
    }
}

#[test]
fn the_list_of_matches_begins_at_the_one_that_is_meant() {
    for (keys, match_of_four) in [("", "1 of 4"), ("n", "2 of 4"), ("n n", "3 of 4")] {
        shows(format!("=/needle enter {keys} & enter").replace("  ", " ").as_str(), match_of_four);
    }
}

#[test]
fn chapters_are_made_on_the_page_and_in_the_contents() {
    shows("M B E", "Chapters are made on the page");
    shows("=/needle enter & *", "Chapters are made on the page");
    shows("tab E", "chapter: One");
}

#[test]
fn any_key_closes_what_is_said_about_the_document() {
    for key in ["j", "space", "G", "x", "q"] {
        shows("i", "any key closes");
        assert!(!screen(&format!("i {key}")).contains("any key closes"), "{key}");
    }
}

/// Whoever put the cursor of the contents away sees there where the page is.
#[test]
fn contents_beside_the_page_follow_it() {
    let text = (1..60).map(|n| format!("# Chapter {n}\n\nWords of it.\n\n")).collect::<Vec<_>>().concat();
    let mut program = common::program(Format::Markdown, &text, (120, 20));
    program.keys("tab esc").unwrap();
    let listed = |program: &Inline| program.screen().lines().any(|line| line.contains("›  Chapter 50"));
    assert!(!listed(&program));
    program.type_text("/chapter 50");
    program.keys("enter").unwrap();
    assert!(listed(&program), "{}", program.screen());
    // The wheel shows others, until the page moves on.
    for _ in 0..12 {
        program.happen(Event::Input(Input::Mouse { kind: MouseKind::WheelUp, column: 9, row: 9 }));
    }
    assert!(!listed(&program), "{}", program.screen());
    program.keys("]").unwrap();
    assert!(program.screen().contains("›  Chapter 51"), "{}", program.screen());
}

/// It began with the match, in the middle of a sentence.
#[test]
fn a_page_that_is_come_back_to_begins_as_it_did() {
    let mut program = common::program(Format::Plain, &common::paragraphs(90), (60, 12));
    program.type_text("/paragraph 40");
    program.keys("enter").unwrap();
    let page = |program: &Inline| program.screen().lines().take(8).map(str::to_owned).collect::<Vec<_>>();
    let before = page(&program);
    program.keys("G backspace").unwrap();
    assert_eq!(page(&program), before);
    program.happen(Event::Idle);
    let saved = program.take_asked().into_iter().find_map(|effect| match effect {
        Effect::SavePlace(anchor) => Some(*anchor),
        _ => None,
    });
    let document = program.app().reader().document().clone();
    let again = Inline::open(document, clean_line("again"), Look::default(), (60, 12), saved);
    assert_eq!(page(&again)[1..], before[1..]);
}

#[test]
fn a_search_in_vain_says_how_words_are_looked_for() {
    shows("=/Nowhere enter", "Not found: Nowhere. Capitals are looked for as they are");
    shows("=/no.*where enter", "Not found: no.*where. Every sign stands for itself here");
}

/// A list of marks kept its row, and not its mark, when others came before it.
#[test]
fn the_cursor_of_a_list_stays_on_its_mark() {
    let mut program = common::program(Format::Markdown, BOOK, (80, 24));
    program.keys("] M [ M B").unwrap();
    let mut others: Vec<Mark> = program.app().reader().marks().all().iter().map(|k| k.mark.clone()).collect();
    let meant = others.last().unwrap().clone();
    program.keys("G").unwrap();
    others.insert(0, Mark { id: "other".into(), ..others[0].clone() });
    program.happen(Event::StateLoaded { marks: others, sought: Vec::new(), problems: Vec::new() });
    program.keys("d").unwrap();
    let left: Vec<String> = program.app().reader().marks().all().iter().map(|k| k.mark.id.clone()).collect();
    assert!(left.len() == 2 && !left.contains(&meant.id), "{left:?}");
}

/// It was said to go on for ever, and to look for quotations again did nothing.
#[test]
fn a_pass_that_broke_is_not_said_to_go_on() {
    let mut program = common::program(Format::Markdown, BOOK, (100, 24));
    program.happen(Event::WordsSought(Progress { done: 1, total: 4 }));
    for pass in [Pass::Chapters, Pass::Quotes, Pass::Words] {
        program.happen(Event::PassFailed(pass, clean_line("The disk failed")));
        assert!(program.screen().contains("The disk failed"), "{}", program.screen());
    }
    let reader = program.app().reader();
    assert!(reader.outline_progress().is_done() && reader.words_progress().is_none() && !reader.is_seeking_quotes());
}

#[test]
fn what_has_not_arrived_yet_is_not_said_to_be_missing() {
    for (is_complete, message) in [(true, "Not found: nowhere"), (false, "Not found so far: nowhere")] {
        let mut program = many_so_far(3, |_| false, |_| false, is_complete);
        program.type_text("/nowhere");
        program.keys("enter").unwrap();
        assert!(program.screen().contains(message), "{}", program.screen());
    }
}

#[test]
fn a_search_says_what_it_could_not_read() {
    let mut program = many(5, |_| false, |id| id > 2);
    program.type_text("/nowhere");
    program.keys("enter").unwrap();
    let screen = program.screen();
    assert!(screen.contains("Not found: nowhere, but 2 of the document's parts"), "{screen}");
}

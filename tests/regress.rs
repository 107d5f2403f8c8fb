//! A test for every fault that was found and mended, named after it.

mod common;

use std::io;
use std::sync::Arc;

use lection::app::{Look, Prompt};
use lection::document::{
    Document, Format, Identity, Meta, Outline, OutlinePass, Progress, Section, SectionBuilder, SectionId, Target,
    Warning,
};
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
    program.keys("esc").unwrap();
    assert!(program.app().reader().search().shown().is_empty());
    program.type_text("n");
    assert_eq!(program.app().reader().search().query().as_str(), "section 7");
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

//! Screens by keys: a document, a size, keys, and the picture that must come of it.
//!
//! The pictures are in `tests/golden/screens`. `LECTION_BLESS=1 cargo test --test screens` writes
//! them anew; look at every one before it is kept.

#![allow(clippy::unwrap_used, clippy::format_push_string)]

mod common;

use std::path::PathBuf;

use lection::app::{Effect, Event, Input, Look, MEASURE_MAX, MouseKind, Offer};
use lection::document::{Anchor, Format, Mark, MarkKind, Position, Status};
use lection::limits::NOTE_BYTES_MAX;
use lection::reader;
use lection::runtime::inline::Inline;
use lection::text::{clean, clean_line};

/// Presses keys in a document and compares the screen with its picture. In `keys`, `/text/`
/// types a text; everything else is a key of the notation.
#[track_caller]
fn check(name: &str, text: &str, size: (u16, u16), keys: &str) {
    compare(name, &press(text, size, keys).screen());
}

/// As [`check`], with what is reversed, underlined or coloured listed below the picture.
#[track_caller]
fn check_looks(name: &str, text: &str, size: (u16, u16), keys: &str) {
    let program = press(text, size, keys);
    compare(name, &(program.screen() + &common::looks(&program)));
}

/// A program in which keys were pressed.
#[track_caller]
fn press(text: &str, size: (u16, u16), keys: &str) -> Inline {
    press_in(Format::Markdown, text, size, keys)
}

/// The same in a text of any format.
#[track_caller]
fn press_in(format: Format, text: &str, size: (u16, u16), keys: &str) -> Inline {
    let mut program = common::program(format, text, size);
    for key in keys.split_whitespace() {
        match key.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(typed) => program.type_text(typed),
            None => program.keys(key).unwrap(),
        }
    }
    program
}

#[track_caller]
fn compare(name: &str, screen: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/screens/{name}.txt"));
    if std::env::var_os("LECTION_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, screen).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(screen == wanted, "{name} is\n{screen}\nand should be\n{wanted}");
}

const BOOK: &str = include_str!("../assets/october-1917.md");

#[test]
fn the_first_page_of_the_bundled_book() {
    check("first-page-80x24", BOOK, (80, 24), "");
    check("first-page-160x50", BOOK, (160, 50), "");
    check("first-page-44x18", BOOK, (44, 18), "");
}

#[test]
fn lines_of_a_manual_stand_as_they_are_and_its_sections_are_listed() {
    let page = "HILL(1)                          User Commands                          HILL(1)\n\nNAME\n       \
                hill - say how high it is\n\nSYNOPSIS\n       hill [OPTION]... [NAME]...\n\nDESCRIPTION\n       \
                Say how high each hill is, in the order in which they were named. With no\n       \
                name, say it of all.\n\n       -f, --feet\n              in feet, not in metres\n\n   Exit status:\n       \
                0      all of them were found\n\n       1      one was not\n\nlection                             2026                                  HILL(1)\n";
    let look = Look { measure: MEASURE_MAX, ..Look::default() };
    let mut program = Inline::open(common::document(Format::Lines, page), clean_line("hill"), look, (80, 24), None);
    compare("manual-80x24", &program.screen());
    program.keys("tab").unwrap();
    compare("manual-contents-80x24", &program.screen());
}

#[test]
fn the_notices_of_a_publisher_stand_outside_the_text() {
    let header = "The Project Gutenberg eBook of The Hill\n\nTitle: The Hill\n\nAuthor: A. Nyman\n\n\
                  *** START OF THE PROJECT GUTENBERG EBOOK THE HILL ***\n\n\n\n";
    let text: String = (1..=20)
        .flat_map(|day| ["It was late, and the hill was as high as on day ", ["one", "two"][day % 2], ".\n\n"])
        .collect();
    let licence =
        "\n*** END OF THE PROJECT GUTENBERG EBOOK THE HILL ***\n\n".to_owned() + &"May be copied.\n\n".repeat(20);
    let book = format!("{header}THE HILL\n\n{text}{licence}");
    let rows = |keys: &str| {
        let screen = press_in(Format::Plain, &book, (60, 14), keys).screen();
        let rows: Vec<String> = screen.lines().map(|row| row.trim().to_owned()).filter(|row| !row.is_empty()).collect();
        let page = rows.get(1..rows.len() - 1).unwrap().to_vec();
        (page.first().unwrap().clone(), page.last().unwrap().clone())
    };
    assert_eq!(rows("").0, "THE HILL");
    assert_eq!(rows("j j g").0, "THE HILL");
    assert_eq!(rows("g").0, "The Project Gutenberg eBook of The Hill");
    assert_eq!(rows("g g").0, "The Project Gutenberg eBook of The Hill");
    assert!(rows("G").1.ends_with("***"), "{:?}", rows("G"));
    assert_eq!(rows("G G").1, "May be copied.");
    assert_eq!(rows("G G g").0, "THE HILL");
}

#[test]
fn one_of_everything() {
    check("sample-80x50", common::SAMPLE, (80, 50), "");
    check("sample-30x40", common::SAMPLE, (30, 40), "d");
}

#[test]
fn the_contents() {
    check("contents-80x24", BOOK, (80, 24), "tab j j");
    check("contents-gone-to-100x30", BOOK, (100, 30), "tab j j j enter");
    check("contents-gone-to-160x50", BOOK, (160, 50), "tab j j j enter");
    check("contents-folded-100x30", BOOK, (100, 30), "tab j j j j j j h");
    check("contents-filtered-100x30", BOOK, (100, 30), "tab / /the/ enter");
    check("contents-narrow-50x20", BOOK, (50, 20), "tab j");
}

#[test]
fn quotations() {
    check("quotes-100x30", BOOK, (100, 30), "Q j");
    check("quotes-by-chapter-80x24", BOOK, (80, 24), "Q s j j j h");
    check("quotes-filtered-100x30", BOOK, (100, 30), "Q / /lenin/");
    check("quotes-narrow-50x20", BOOK, (50, 20), "Q j");
    check("quotes-by-speaker-100x30", BOOK, (100, 30), "Q s s j j");
}

#[test]
fn marks() {
    check("marks-100x30", BOOK, (100, 30), "M 3 ] m a B");
    check("marks-by-kind-80x24", BOOK, (80, 24), "M 3 ] m a B s");
    check("marked-80x24", BOOK, (80, 24), "3 ] j j M");
}

#[test]
fn searching() {
    check("search-prompt-80x24", BOOK, (80, 24), "/ /petrograd/");
    check("search-hit-80x24", BOOK, (80, 24), "/ /petrograd/ enter n");
    check("search-absent-80x24", BOOK, (80, 24), "/ /zeppelin/ enter");
    check("matches-100x30", BOOK, (100, 30), "/ /petrograd/ enter & j");
    check("matches-in-order-80x24", BOOK, (80, 24), "/ /soviet/ enter n & s");
}

#[test]
fn help_and_about() {
    check("help-80x24", BOOK, (80, 24), "?");
    check("help-160x50", BOOK, (160, 50), "?");
    check("about-80x24", BOOK, (80, 24), "i");
}

#[test]
fn keys_that_wait_and_wrong_keys() {
    check("pending-80x24", BOOK, (80, 24), "'");
    check("count-80x24", BOOK, (80, 24), "4 0");
    check("unknown-80x24", BOOK, (80, 24), "Z");
}

#[test]
fn tiny_screens() {
    check("tiny-19x5", BOOK, (19, 5), "d");
    check("tiny-5x2", BOOK, (5, 2), "d");
    check("tiny-1x1", BOOK, (1, 1), "");
    check("short-80x8", BOOK, (80, 8), "]");
}

#[test]
fn selecting_and_highlighting() {
    check_looks("selecting-80x24", BOOK, (80, 24), "] v j j w e");
    check_looks("selecting-back-80x24", BOOK, (80, 24), "] v 2 } v ( b");
    check_looks("selecting-sentences-80x24", BOOK, (80, 24), "] v } b v i s )");
    check_looks("selecting-below-the-page-80x24", BOOK, (80, 24), "] v 5 } v ctrl-d j");
    check_looks("selecting-to-a-match-80x24", BOOK, (80, 24), "] v / /petrograd/ enter n");
    check_looks("highlighted-80x24", BOOK, (80, 24), "] v } v i s enter } v i s enter 2");
    check_looks("highlighted-plain-80x24", BOOK, (80, 24), "c ] v } v i s enter } v i s enter 4");
    check("note-80x24", BOOK, (80, 24), "] v } i s a /Why/ space /this?/ enter /Second/ enter");
    check("noted-80x24", BOOK, (80, 24), "] v } i s a /Why?/ ctrl-s");
    check("copied-80x24", BOOK, (80, 24), "] v } i s y");
}

#[test]
fn marks_are_renamed_deleted_and_brought_back() {
    check(
        "marks-renamed-100x30",
        BOOK,
        (100, 30),
        "M ] v i s enter ] v i p a /A/ space /note/ ctrl-s B G r /Title/ enter",
    );
    check("marks-letter-renamed-80x24", BOOK, (80, 24), "m a B r backspace /Title/ enter");
    check("marks-deleted-80x24", BOOK, (80, 24), "M ] m a B G d");
    check("marks-restored-80x24", BOOK, (80, 24), "M ] m a B G d u");
    check("marks-by-time-80x24", BOOK, (80, 24), "M ] m a B s s");
    check("quote-kept-100x30", BOOK, (100, 30), "Q j M");
}

const LINKED: &str = "# Links\n\nA [first](https://example.org/a) link, a [second one that is long enough to go over the \
end of the row it begins on](#end) and a [third](file:///etc/passwd).\n\n## Middle\n\nText.\n\n## End\n\nThe end.\n";

#[test]
fn links_are_numbered_and_followed() {
    check_looks("links-60x16", LINKED, (60, 16), "o");
    let signs = "# Signs\n\nA word[\\[7\\]](#end), two words[8](#end) and\n[a link](#end).\n\n## End\n\nThe end.\n";
    check_looks("links-at-words-60x16", signs, (60, 16), "o");
    check("link-outside-60x16", LINKED, (60, 16), "o 1");
    check("link-refused-60x16", LINKED, (60, 16), "o 3");
    check("link-followed-60x16", LINKED, (60, 8), "o 2");
    // A place that is not at the top of the page has a sign.
    let notes = format!("# Notes\n\nA word[^a].\n\n{}[^a]: The one.\n[^b]: The other.\n", "More text.\n\n".repeat(9));
    check("link-to-the-end-60x16", &notes, (60, 16), "o 1");
    // A mark at the top has none, nor has a page that a selection moves.
    let long = format!("# A\n\n{}\n\n## B\n\nEnd.\n", common::paragraphs(20));
    for keys in ["1 0 j m a ] ' a", "] v k k k k k k k k k"] {
        let screen = press(&long, (50, 14), keys).screen();
        assert!(!screen.contains('→'), "{keys}\n{screen}");
    }
    // After a wide letter there is no space.
    check_looks("links-after-wide-60x16", "漢字[一](#b)漢字[二](#b) ab[c](#b)\n\n# B\n", (60, 16), "o");
    check("link-back-60x16", LINKED, (60, 8), "o 2 ctrl-o");
}

#[test]
fn speech_has_a_look_of_its_own() {
    let mut program = press(common::SAMPLE, (80, 24), "\"");
    program.keys("\"").unwrap();
    let italic = |program: &Inline| {
        let cells = program.cells();
        let is_italic = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(ratatui::style::Modifier::ITALIC);
        cells.content.iter().filter(is_italic).map(ratatui::buffer::Cell::symbol).collect::<String>()
    };
    assert_eq!(italic(&program), "emphasis");
    program.keys("\"").unwrap();
    assert_eq!(italic(&program), "emphasisIs this a question?It is,and a shortone.");
}

/// The text that the last keys put into the clipboard.
#[track_caller]
fn copied(text: &str, keys: &str) -> String {
    let mut program = press(text, (80, 24), keys);
    let copied = program.take_asked().into_iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text),
        _ => None,
    });
    copied.unwrap_or_else(|| program.screen())
}

#[test]
fn what_is_copied() {
    assert_eq!(copied(BOOK, "] v } v i s y"), "A hundred years on");
    assert_eq!(copied(common::SAMPLE, "/ /first/ enter n v i w y"), "first");
    assert_eq!(copied(common::SAMPLE, "/ /first/ enter n v j j } y"), "• first\n• second\n◦ nested");
    assert_eq!(copied(LINKED, "o 1 y"), "https://example.org/a");
    assert_eq!(copied(common::SAMPLE, "Q G y"), "“It is, and a short one.”\n— Boris, The Sample, One (0/5:41)",);
}

/// Presses, drags and releases the button of the mouse at cells of the screen.
fn drag(program: &mut Inline, cells: &[(u16, u16)]) {
    for (index, &(column, row)) in cells.iter().enumerate() {
        let kind = if index == 0 { MouseKind::Press } else { MouseKind::Drag };
        program.happen(Event::Input(Input::Mouse { kind, column, row }));
    }
    let (column, row) = *cells.last().unwrap();
    program.happen(Event::Input(Input::Mouse { kind: MouseKind::Release, column, row }));
}

#[test]
fn the_mouse_selects() {
    let selected = |program: &Inline| {
        program.app().selected().and_then(|range| program.app().reader().excerpt(&[range])).unwrap_or_default()
    };
    let mut program = press(BOOK, (80, 24), "]");
    drag(&mut program, &[(7, 4), (20, 4), (12, 5)]);
    assert_eq!(selected(&program), "a mantelpiece in the Winter Palace, in a small white dining room, stands a ");
    drag(&mut program, &[(9, 4)]);
    assert_eq!(selected(&program), "");
    drag(&mut program, &[(9, 4)]);
    assert_eq!(selected(&program), "mantelpiece");
    drag(&mut program, &[(9, 4)]);
    assert!(selected(&program).starts_with("On a mantelpiece") && selected(&program).ends_with("hundred years."));
    drag(&mut program, &[(9, 4)]);
    assert!(selected(&program).ends_with("set the clock going."));
    // In a list, the first press points and the second goes.
    program.keys("esc tab").unwrap();
    drag(&mut program, &[(9, 10)]);
    drag(&mut program, &[(9, 10)]);
    assert!(program.app().pane().is_none());
}

#[test]
fn a_place_of_another_device_is_offered_until_a_key_is_pressed() {
    let mut text = press(BOOK, (80, 24), "6 0 % ] space");
    let anchor = text.app().reader().anchor_here().unwrap();
    let there = text.screen();
    text.keys("g").unwrap();
    let start = text.screen();
    let offer = |program: &mut Inline, minutes| {
        program.happen(Event::Offered(Offer { anchor: anchor.clone(), minutes }));
    };
    let mut program = press(BOOK, (80, 24), "");
    offer(&mut program, 200);
    compare("offer-80x24", &program.screen());
    program.resize(40, 12);
    compare("offer-40x12", &program.screen());
    program.resize(80, 24);
    program.keys("enter").unwrap();
    assert_eq!(program.screen(), there);
    program.keys("backspace").unwrap();
    assert_eq!(program.screen(), start);
    // Any other key does what it always does, and enter then too.
    offer(&mut program, 3);
    program.keys("space").unwrap();
    assert_eq!(program.screen(), press(BOOK, (80, 24), "space").screen());
    program.keys("enter").unwrap();
    assert_eq!(program.screen(), press(BOOK, (80, 24), "space enter").screen());
    // What else is to be said comes first.
    program.keys("g").unwrap();
    program.happen(Event::Failed(clean_line("The disk is on fire")));
    offer(&mut program, 3_000);
    assert!(program.screen().contains("The disk is on fire"));
    program.keys("esc").unwrap();
    assert!(program.screen().contains("2 days ago"), "{}", program.screen());
    program.keys("enter").unwrap();
    assert_eq!(program.screen(), there);
}

#[test]
fn a_note_is_written_elsewhere_and_comes_back() {
    let mut program = press(BOOK, (80, 24), "] v } v i s a /draft/ ctrl-e");
    let asked = program.take_asked();
    assert!(matches!(asked.as_slice(), [Effect::EditText(text)] if text == "draft"), "{asked:?}");
    program.happen(Event::Edited(Err(lection::text::clean_line("The editor failed"))));
    assert!(program.screen().contains("The editor failed") && program.app().note().is_some());
    program.happen(Event::Edited(Ok("a better\nnote\n".to_owned())));
    let marks = program.app().reader().marks().all();
    assert_eq!(marks.first().and_then(|kept| kept.mark.note.as_deref()), Some("a better\nnote"));
    assert!(program.app().note().is_none());
}

#[test]
fn a_note_is_not_lost_by_one_key() {
    for (keys, notes) in
        [("esc", 0), ("/text/ esc", 0), ("/text/ esc x ctrl-s", 1), ("/text/ ctrl-c", 1), ("ctrl-s", 0)]
    {
        let program = press(BOOK, (80, 24), &format!("] v }} v i s a {keys}"));
        assert_eq!(program.app().reader().marks().all().len(), notes, "{keys}");
        assert_eq!(program.app().note().is_some(), keys == "/text/ esc", "{keys}");
    }
}

/// A program with a mark in its list that was found in a changed text.
fn with_mark(note: &str) -> Inline {
    let mut program = press(BOOK, (80, 24), "");
    let anchor = |words: &str| Anchor { words: clean(words), start: Position::START, ..Anchor::default() };
    let mark = Mark {
        id: "ONE".to_owned(),
        kind: MarkKind::Note,
        name: None,
        note: Some(clean(note)),
        color: None,
        anchor: anchor("what stands there now"),
        own: Some(Box::new(anchor("what was marked once"))),
        status: Status::Changed,
        created: 1,
        changed: 1,
    };
    program.happen(Event::StateLoaded { marks: vec![mark], sought: Vec::new(), problems: Vec::new() });
    program.keys("B").unwrap();
    program
}

#[test]
fn the_list_of_marks_shows_what_was_marked_where_the_text_differs() {
    let mut program = with_mark("why?");
    assert!(program.screen().contains("marked: what was marked once"), "{}", program.screen());
    // It is found by both.
    for (words, is_found) in [("marked once", true), ("there now", true), ("nowhere", false)] {
        program.type_text(&format!("/{words}"));
        program.keys("enter").unwrap();
        assert_eq!(program.screen().contains("why?"), is_found, "{words}: {}", program.screen());
        program.keys("esc").unwrap();
    }
}

#[test]
fn a_note_is_kept_whose_mark_was_deleted_elsewhere() {
    let said = |sought| Event::StateLoaded { marks: Vec::new(), sought, problems: Vec::new() };
    let notes = |program: &Inline| -> Vec<(bool, String, String)> {
        let of = |kept: &lection::reader::Kept| {
            let own = kept.mark.own_anchor().words.to_string();
            (kept.mark.id == "ONE", kept.mark.note.clone().unwrap_or_default().into_string(), own)
        };
        program.app().reader().marks().all().iter().map(of).collect()
    };
    let anew = |text: &str| vec![(false, text.to_owned(), "what was marked once".to_owned())];
    let mut program = with_mark("why?");
    program.keys("e").unwrap();
    program.type_text(" because");
    program.keys("ctrl-s").unwrap();
    assert_eq!(notes(&program)[0].1, "why? because");
    for end in ["ctrl-s", "ctrl-c"] {
        let mut program = with_mark("why?");
        program.keys("e").unwrap();
        program.type_text(" because");
        program.happen(said(Vec::new()));
        program.keys(end).unwrap();
        assert_eq!(notes(&program), anew("why? because"), "{end}");
    }
    let mut program = with_mark("why?");
    program.keys("e").unwrap();
    program.happen(said(Vec::new()));
    program.happen(Event::Edited(Ok("from the editor".to_owned())));
    assert_eq!(notes(&program), anew("from the editor"));
    // What was only looked at is gone, and what is still looked for is not.
    let mut program = with_mark("why?");
    program.keys("e").unwrap();
    program.happen(said(Vec::new()));
    program.keys("ctrl-s").unwrap();
    assert!(notes(&program).is_empty() && program.screen().contains("The mark is gone"), "{}", program.screen());
    let mut program = with_mark("why?");
    let mark = program.app().reader().marks().all()[0].mark.clone();
    program.keys("e").unwrap();
    program.type_text(" because");
    program.happen(said(vec![mark]));
    program.keys("ctrl-s").unwrap();
    assert!(notes(&program).is_empty() && program.screen().contains("The note is saved"), "{}", program.screen());
}

/// The file may be read again while a note is written: its words are then looked for in that text.
#[test]
fn a_note_knows_in_which_text_its_words_were_chosen() {
    let mut program = press(BOOK, (80, 24), "] v } v i s a /draft/");
    let before = program.app().reader().document().identity().key().to_owned();
    let source = lection::formats::Source::memory(b"Another text.".as_slice());
    let options = lection::formats::OpenOptions::default();
    let other = lection::formats::open_source(source, clean_line("book"), &options).unwrap();
    program.happen(Event::Reopened(Ok(other)));
    program.keys("ctrl-s").unwrap();
    let marks = program.app().reader().marks().all();
    assert_eq!((marks.len(), marks[0].mark.anchor.origin.version.as_str()), (1, before.as_str()));
}

#[test]
fn nothing_is_said_to_be_saved_before_the_disk_has_it() {
    let asked = |program: &mut Inline| match program.take_asked().pop() {
        Some(Effect::Reader(reader::Effect::SaveMark(ticket, mark, _))) => (ticket, *mark),
        other => panic!("{other:?} saves nothing"),
    };
    let check = |program: &Inline, words: &str| {
        let screen = program.screen();
        assert!(screen.contains(words), "no “{words}” in {screen}");
        let is_done = ["Saving", "Deleting"].contains(&words);
        assert!(!is_done || !["is saved", "Marked", "Deleted"].iter().any(|done| screen.contains(done)), "{screen}");
    };
    let mut program = press(BOOK, (80, 24), "");
    program.hang();
    program.keys("M").unwrap();
    check(&program, "Saving");
    let (ticket, mark) = asked(&mut program);
    // It is changed before that, too.
    program.keys("B e").unwrap();
    program.type_text("a thought");
    program.keys("ctrl-s").unwrap();
    check(&program, "Saving");
    program.happen(Event::MarkSaved(ticket, Box::new((mark.clone(), Ok(())))));
    check(&program, "Saving");
    let (ticket, changed) = asked(&mut program);
    assert_eq!((&changed.id, changed.note.as_deref()), (&mark.id, Some("a thought")));
    program.happen(Event::MarkSaved(ticket, Box::new((changed, Ok(())))));
    check(&program, "The note is saved");
    program.keys("d").unwrap();
    check(&program, "Deleting");
    program.happen(Event::MarkDeleted(mark.id, Ok(())));
    check(&program, "Deleted. u brings it back");
}

/// It waited for the first answer, and was lost where the reader quit before that.
#[test]
fn what_is_changed_before_it_is_on_the_disk_is_asked_for_before_the_end() {
    let asked = |keys: &str| -> Vec<String> {
        let mut program = press(BOOK, (80, 24), "");
        program.hang();
        for part in keys.split('/') {
            if let Some(text) = part.strip_prefix('=') { program.type_text(text) } else { program.keys(part).unwrap() }
        }
        let said = |effect| match effect {
            Effect::Reader(reader::Effect::SaveMark(_, mark, _)) => Some(format!("{:?} {:?}", mark.note, mark.color)),
            Effect::Reader(reader::Effect::DeleteMark(_)) => Some("deleted".to_owned()),
            Effect::Quit(_) => Some("quit".to_owned()),
            _ => None,
        };
        program.take_asked().into_iter().filter_map(said).collect()
    };
    let check = |keys: &str, wanted: &[&str]| assert_eq!(asked(keys), wanted, "{keys}");
    check("M B d q q", &["None None", "deleted", "quit"]);
    check("M B e/=why/ctrl-c", &["None None", "Some(\"why\") None", "quit"]);
    check("M B 3 q q", &["None None", "None Some(Blue)", "quit"]);
}

#[test]
fn what_is_kept_until_the_end_only_is_said_to_be() {
    let mut program = press(BOOK, (80, 24), "");
    program.keep_nothing();
    program.keys("M").unwrap();
    assert!(program.screen().contains("Until the end only: Marked"), "{}", program.screen());
}

#[test]
fn an_emptied_field_takes_no_note_off_at_the_end() {
    for (end, note) in [("ctrl-c", Some("why?")), ("ctrl-s", None)] {
        let mut program = with_mark("why?");
        program.keys("e ctrl-u").unwrap();
        program.keys(end).unwrap();
        let marks = program.app().reader().marks().all();
        assert_eq!(marks[0].mark.note.as_deref(), note, "{end}");
    }
}

/// An editor that failed may leave an empty file.
#[test]
fn an_emptied_file_of_an_editor_takes_no_note_off_by_itself() {
    let note = |program: &Inline| program.app().reader().marks().all()[0].mark.note.clone();
    for (keys, is_there) in [("esc esc", true), ("ctrl-s", false)] {
        let mut program = with_mark("why?");
        program.keys("e").unwrap();
        program.happen(Event::Edited(Ok(String::new())));
        assert!(note(&program).is_some() && program.screen().contains("The note is empty now"), "{}", program.screen());
        program.keys(keys).unwrap();
        assert_eq!(note(&program).is_some(), is_there, "{keys}");
    }
}

/// A title that is typed while the file is read again belongs to the chapter it was begun for; what
/// was corrected in the text before is not taken back at places of this one.
#[test]
fn a_correction_knows_in_which_text_it_was_begun() {
    let other = || common::document(Format::Markdown, "# Another\n\nText.\n\n# One more\n\nText.\n");
    let mut program = press(BOOK, (80, 24), "");
    let before = program.app().reader().document().identity().key().to_owned();
    program.keys("E").unwrap();
    program.happen(Event::Reopened(Ok(other())));
    program.type_text("mine");
    program.keys("enter").unwrap();
    let versions = |program: &Inline| -> Vec<String> {
        let marks = program.app().reader().marks().all().iter();
        marks.map(|kept| kept.mark.anchor.origin.version.clone()).collect()
    };
    assert_eq!(versions(&program), [before]);
    let mut program = press(BOOK, (80, 24), "E /mine/ enter");
    program.happen(Event::Reopened(Ok(other())));
    program.keys("U").unwrap();
    assert_eq!(versions(&program).len(), 1);
    assert!(program.screen().contains("No change of a chapter"), "{}", program.screen());
}

#[test]
fn a_long_note_is_never_cut() {
    let note = |program: &Inline| {
        let marks = program.app().reader().marks().all();
        marks.first().and_then(|kept| kept.mark.note.as_ref()).map(ToString::to_string).unwrap_or_default()
    };
    let long = "a thought ".repeat(10_001) + "the end";
    let mut program = with_mark(&long);
    program.keys("e ! ctrl-s").unwrap();
    assert!(note(&program).ends_with("the end!") && note(&program).len() == long.len() + 1);
    // What does not fit is not put in, and said so; what was written stays.
    program.keys("e").unwrap();
    program.happen(Event::Input(Input::Paste("b".repeat(NOTE_BYTES_MAX))));
    assert!(program.screen().contains("Not put in: a note has at most 1024 KiB"), "{}", program.screen());
    program.keys("? ctrl-s").unwrap();
    assert!(note(&program).ends_with("the end!?") && note(&program).len() == long.len() + 2);
    // What another editor gives back is taken whole.
    program.keys("e ctrl-e").unwrap();
    program.happen(Event::Edited(Ok("c".repeat(NOTE_BYTES_MAX) + "\n")));
    assert_eq!(note(&program).len(), NOTE_BYTES_MAX);
    // A note that was longer before may be changed, not made longer.
    let mut program = with_mark(&"d".repeat(NOTE_BYTES_MAX + 2));
    program.keys("e x backspace backspace y z ctrl-s").unwrap();
    assert_eq!(note(&program).len(), NOTE_BYTES_MAX + 2);
    assert!(note(&program).ends_with("dyz"));
}

//! The writer against a terminal: whatever is painted, the terminal shows it, and few bytes do.

use lection::runtime::{Abilities, Depth, Screen, Scroll, Shift};
use proptest::prelude::*;
use ratatui::{
    buffer::{Buffer, Cell, CellDiffOption},
    layout::{Position, Rect},
    style::{Color, Modifier, Style},
};

/// Symbols of all kinds: blanks, ASCII, accents, wide ones, graphemes of uncertain width, and
/// what must never reach the terminal.
const SYMBOLS: [&str; 18] = [
    " ",
    " ",
    " ",
    "a",
    "b",
    "e",
    "é",
    "e\u{301}",
    "日",
    "本",
    "–",
    "👨‍👩‍👧‍👦",
    "❤️",
    "🇩🇪",
    "\u{1b}",
    "\u{9b}",
    "\u{301}",
    "",
];

/// Colours of all kinds.
const COLOURS: [Color; 6] =
    [Color::Reset, Color::Reset, Color::Red, Color::LightBlue, Color::Indexed(130), Color::Rgb(20, 200, 255)];

/// Attributes the emulator knows, one of bold and dim at most: it takes them for one another's
/// opposite.
const ATTRIBUTES: [Modifier; 6] =
    [Modifier::empty(), Modifier::empty(), Modifier::BOLD, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];

/// What happens to the page between two frames.
#[derive(Clone, Debug)]
enum Change {
    /// Cells are written: place, symbol, foreground, background, attribute, and how often.
    Put { x: u16, y: u16, symbol: usize, style: [usize; 3], times: u16 },
    /// Rows move, and the writer is told so, or something else.
    Move { top: u16, bottom: u16, by: i32, told: i32 },
    /// The terminal was spoiled and the writer knows.
    Invalidate,
    /// The cursor is shown or hidden.
    Cursor(Option<(u16, u16)>),
}

fn change() -> impl Strategy<Value = Change> {
    let put = (0u16..24, 0u16..12, 0..SYMBOLS.len(), [0..6usize, 0..6usize, 0..6usize], 1u16..30)
        .prop_map(|(x, y, symbol, style, times)| Change::Put { x, y, symbol, style, times });
    let moved = (0u16..12, 0u16..14, -9i32..10, prop_oneof![3 => Just(0i32), 1 => -9i32..10])
        .prop_map(|(top, bottom, by, told)| Change::Move { top, bottom, by, told });
    prop_oneof![
        8 => put,
        4 => moved,
        1 => Just(Change::Invalidate),
        1 => proptest::option::of((0u16..30, 0u16..14)).prop_map(Change::Cursor),
    ]
}

/// Applies a change to the page; returns the hint for the writer.
fn apply(change: &Change, page: &mut Buffer) -> Option<Shift> {
    let (columns, rows) = (page.area.width, page.area.height);
    match *change {
        Change::Put { x, y, symbol, style: [fg, bg, attribute], times } => {
            let start = usize::from(y % rows) * usize::from(columns) + usize::from(x % columns);
            for cell in page.content.iter_mut().skip(start).take(times.into()) {
                cell.reset();
                cell.set_symbol(SYMBOLS[symbol]).set_fg(COLOURS[fg]).set_bg(COLOURS[bg]);
                cell.modifier = ATTRIBUTES[attribute];
            }
            None
        }
        Change::Move { top, bottom, by, told } => {
            let (low, high) = (top.min(bottom).min(rows), top.max(bottom).min(rows));
            let old = page.clone();
            for y in low..high {
                let from = i32::from(y) + by;
                for x in 0..columns {
                    let is_inside = (i32::from(low)..i32::from(high)).contains(&from);
                    page[(x, y)] = if is_inside { old[(x, from as u16)].clone() } else { Cell::from('n') };
                }
            }
            Some(Shift { top, bottom, by: if told == 0 { by } else { told } })
        }
        Change::Invalidate | Change::Cursor(_) => None,
    }
}

/// The colour as the emulator names it.
fn emulated(colour: Color) -> vt100::Color {
    match colour {
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

/// Compares all cells: what they show and how.
fn compare(page: &Buffer, screen: &vt100::Screen) -> Result<(), TestCaseError> {
    for y in 0..page.area.height {
        let mut x = 0;
        while x < page.area.width {
            let cell = &page[(x, y)];
            let room = page.area.width - x;
            let symbol = cell.symbol();
            let wide = matches!(symbol, "日" | "本" | "👨‍👩‍👧‍👦" | "❤️" | "🇩🇪") && room > 1;
            let expected = match symbol {
                "日" | "本" | "👨‍👩‍👧‍👦" | "❤️" | "🇩🇪" if !wide => " ",
                // Uncertain ones: at least their first character, and nothing beyond them.
                "👨‍👩‍👧‍👦" => "👨",
                "❤️" => "❤",
                "🇩🇪" => "🇩",
                "\u{1b}" | "\u{9b}" => "¿",
                "\u{301}" | "" => " ",
                other => other,
            };
            let seen = screen.cell(y, x).expect("the emulator has this cell");
            let contents = if seen.has_contents() { seen.contents() } else { " " };
            let is_uncertain = matches!(symbol, "👨‍👩‍👧‍👦" | "❤️" | "🇩🇪");
            let is_right = if is_uncertain { contents.starts_with(expected) } else { contents == expected };
            prop_assert!(is_right, "at {x},{y}: {contents:?} for {symbol:?}");
            let looks = (seen.bgcolor(), seen.underline(), seen.inverse());
            let is_set = |attribute| cell.modifier.contains(attribute);
            let wanted = (emulated(cell.bg), is_set(Modifier::UNDERLINED), is_set(Modifier::REVERSED));
            prop_assert_eq!(looks, wanted, "at {},{}: {:?}", x, y, symbol);
            if expected != " " {
                let looks = (seen.fgcolor(), seen.bold(), seen.italic());
                let wanted = (emulated(cell.fg), is_set(Modifier::BOLD), is_set(Modifier::ITALIC));
                prop_assert_eq!(looks, wanted, "at {},{}: {:?}", x, y, symbol);
            }
            x += if wide { 2 } else { 1 };
        }
    }
    Ok(())
}

/// Runs a story of changes through writer and emulator.
fn check(columns: u16, rows: u16, scroll: Scroll, colours: bool, story: &[Change]) -> Result<(), TestCaseError> {
    let abilities = Abilities { scroll, erases_in_colour: colours, ..Abilities::FULL };
    let mut screen = Screen::new(abilities);
    let mut terminal = vt100::Parser::new(rows, columns, 0);
    terminal.process("spoiled\r\nscreen\x1b[7m\x1b[2;3r".as_bytes());
    let mut page = Buffer::empty(Rect::new(0, 0, columns, rows));
    let mut cursor = None;
    for change in story {
        let hint = apply(change, &mut page);
        match change {
            Change::Invalidate => {
                terminal.process(b"\x1b[5;5Hgarbage\x1b[4m");
                screen.invalidate();
            }
            Change::Cursor(at) => cursor = at.map(|(x, y)| Position { x, y }),
            _ => {}
        }
        let mut out = Vec::new();
        screen.encode(&page, hint, cursor, &mut out);
        // The emulator prints no replacement character.
        terminal.process(String::from_utf8_lossy(&out).replace('\u{FFFD}', "¿").as_bytes());
        compare(&page, terminal.screen())?;
        prop_assert_eq!(terminal.screen().hide_cursor(), cursor.is_none());
        if let Some(at) = cursor {
            let expected = (at.y.min(rows - 1), at.x.min(columns - 1));
            prop_assert_eq!(terminal.screen().cursor_position(), expected);
        }
        out.clear();
        screen.encode(&page, None, cursor, &mut out);
        prop_assert!(out.is_empty(), "nothing changed, yet {:?}", String::from_utf8_lossy(&out));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_terminal_shows_what_was_painted(
        columns in 2u16..24,
        // The emulator itself panics on margins in fewer rows.
        rows in 3u16..12,
        scroll in prop_oneof![Just(Scroll::Region), Just(Scroll::Lines), Just(Scroll::Off)],
        colours in any::<bool>(),
        story in proptest::collection::vec(change(), 1..40),
    ) {
        check(columns, rows, scroll, colours, &story)?;
    }
}

/// Stories that once went wrong.
#[test]
fn an_empty_symbol_is_no_second_half_of_a_wide_one() {
    let put = |symbol, style, times| Change::Put { x: 0, y: 0, symbol, style, times };
    let (underlined_heart, empty) = (put(12, [0, 0, 4], 3), put(17, [0, 0, 0], 2));
    check(2, 5, Scroll::Region, false, &[underlined_heart, empty]).expect("the terminal shows the page");
}

/// Prose without an end: words of one to ten letters in lines of at most `columns`.
fn prose(columns: usize, lines: usize) -> Vec<String> {
    let mut seed = 7u32;
    let mut next = move |limit: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % limit
    };
    let mut all = Vec::new();
    while all.len() < lines {
        let mut line = String::new();
        loop {
            let letters = 1 + next(10);
            if line.len() + 1 + letters as usize > columns {
                break;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            // The frequencies of a language, roughly.
            line.extend((0..letters).map(|_| char::from(b"eeeetttaaaoooiinnsshhrrdlcumwfgypbvk"[next(36) as usize])));
        }
        all.push(line);
    }
    all
}

/// A page of `lines` from `first` on, with a foot that tells the place.
fn painted(lines: &[String], first: usize, style: Style) -> Buffer {
    let mut page = Buffer::empty(Rect::new(0, 0, 100, 40));
    page.set_style(page.area, style);
    for (y, line) in lines.iter().skip(first).take(39).enumerate() {
        page.set_string(0, y as u16, line, style);
    }
    page.set_string(0, 39, format!("line {first}"), style);
    page
}

#[test]
fn a_line_and_a_page_cost_few_bytes() {
    let lines = prose(100, 400);
    for style in [Style::new(), Style::new().fg(Color::Rgb(220, 210, 190)).bg(Color::Rgb(30, 28, 26))] {
        let mut screen = Screen::new(Abilities::FULL);
        let mut out = Vec::new();
        screen.encode(&painted(&lines, 0, style), None, None, &mut out);
        let mut at = 0usize;
        for by in [1i32, 1, -1, 1, 1, -1] {
            at = at.saturating_add_signed(by as isize);
            out.clear();
            let hint = Some(Shift { top: 0, bottom: 39, by });
            screen.encode(&painted(&lines, at, style), hint, None, &mut out);
            assert!(out.len() <= 200, "a line: {} bytes: {}", out.len(), String::from_utf8_lossy(&out).escape_debug());
        }
        for _ in 0..8 {
            at += 39;
            out.clear();
            screen.encode(&painted(&lines, at, style), None, None, &mut out);
            let text: usize = lines.iter().skip(at).take(39).map(String::len).sum();
            assert!(out.len() <= text * 115 / 100 + 400, "a page: {} bytes for {text}", out.len());
        }
    }
}

#[test]
fn a_wrong_hint_costs_next_to_nothing() {
    let lines = prose(100, 100);
    let mut screen = Screen::new(Abilities::FULL);
    let mut out = Vec::new();
    screen.encode(&painted(&lines, 0, Style::new()), None, None, &mut out);
    for hint in [
        Shift { top: 0, bottom: 39, by: 1 },
        Shift { top: 0, bottom: 39, by: i32::MIN },
        Shift { top: 39, bottom: 0, by: 1 },
        Shift { top: 0, bottom: u16::MAX, by: -3 },
        Shift { top: 3, bottom: 4, by: 1 },
    ] {
        out.clear();
        screen.encode(&painted(&lines, 0, Style::new()), Some(hint), None, &mut out);
        assert!(out.is_empty(), "{hint:?}: {}", String::from_utf8_lossy(&out).escape_debug());
    }
}

#[test]
fn the_bytes_of_a_scroll_are_the_proven_ones() {
    let mut page = Buffer::with_lines(["head", "one", "two", "three", "four", "foot"]);
    let mut screen = Screen::new(Abilities::FULL);
    let mut out = Vec::new();
    // Long enough rows that scrolling is worth its bytes.
    for y in 1..5 {
        page.set_string(0, y, format!("{y}"), Style::new());
    }
    let wide = |first: usize| {
        let mut page = Buffer::empty(Rect::new(0, 0, 40, 6));
        let lines = prose(40, 9);
        page.set_string(0, 0, "head", Style::new());
        for y in 1..5 {
            page.set_string(0, y, &lines[first + usize::from(y)], Style::new());
        }
        page.set_string(0, 5, "foot", Style::new());
        page
    };
    screen.encode(&wide(0), None, None, &mut out);
    out.clear();
    screen.encode(&wide(1), Some(Shift { top: 1, bottom: 5, by: 1 }), None, &mut out);
    let text = String::from_utf8_lossy(&out).into_owned();
    assert!(text.starts_with("\x1b[?2026h\x1b[2;5r\x1b[2H\x1b[1M\x1b[r\x1b[5H"), "{}", text.escape_debug());
    assert!(text.ends_with("\x1b[?2026l"), "{}", text.escape_debug());
}

#[test]
fn a_size_change_and_an_invalidation_clear_first() {
    let mut screen = Screen::new(Abilities::FULL);
    let mut out = Vec::new();
    for (page, clears) in [
        (Buffer::with_lines(["ab"]), true),
        (Buffer::with_lines(["ac"]), false),
        (Buffer::with_lines(["ac", "d"]), true),
        (Buffer::empty(Rect::ZERO), true),
        (Buffer::with_lines(["x"]), true),
    ] {
        out.clear();
        screen.encode(&page, None, None, &mut out);
        assert_eq!(String::from_utf8_lossy(&out).contains("\x1b[2J"), clears, "{page:?}");
    }
    screen.invalidate();
    out.clear();
    screen.encode(&Buffer::with_lines(["x"]), None, None, &mut out);
    assert!(String::from_utf8_lossy(&out).contains("\x1b[m\x1b[r\x1b[H\x1b[2J"));
}

#[test]
fn cells_of_others_are_let_alone_and_forced_ones_are_obeyed() {
    let mut screen = Screen::new(Abilities::FULL);
    let mut encode = |page: &Buffer, hint| {
        let mut out = Vec::new();
        screen.encode(page, hint, None, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    let mut page = Buffer::with_lines(["abcdef", "ghijkl", "mnopqr"]);
    page[(1, 1)].set_diff_option(CellDiffOption::Skip);
    let first = encode(&page, None);
    assert!(first.contains("g\x1b[Cijkl"), "{}", first.escape_debug());
    page[(1, 1)].set_symbol("X");
    assert_eq!(encode(&page, None), "");
    page[(1, 1)].set_diff_option(CellDiffOption::None);
    assert!(encode(&page, None).contains("\x1b[2;2HX"));
    page[(0, 0)].set_diff_option(CellDiffOption::AlwaysUpdate);
    encode(&page, None);
    assert_eq!(encode(&page, None), "\x1b[?2026h\x1b[Ha\x1b[?2026l");
    page[(0, 0)].set_diff_option(CellDiffOption::None);
    encode(&page, None);
    let two = std::num::NonZeroU16::new(2).expect("two");
    page[(0, 2)].set_symbol("☎").set_diff_option(CellDiffOption::ForcedWidth(two));
    // The place is blanked, the symbol printed, and what follows is reached by its number.
    page[(2, 2)].set_symbol("Z");
    assert!(encode(&page, None).contains("\x1b[3H  \x1b[3H☎\x1b[3;3HZ"));
}

#[test]
fn without_colours_only_attributes_are_sent() {
    let mut screen = Screen::new(Abilities { depth: Depth::Mono, ..Abilities::FULL });
    let mut page = Buffer::empty(Rect::new(0, 0, 4, 1));
    page.set_string(0, 0, "a", Style::new().fg(Color::Red).bg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::BOLD));
    let mut out = Vec::new();
    screen.encode(&page, None, None, &mut out);
    assert!(String::from_utf8_lossy(&out).ends_with("\x1b[1ma\x1b[m\x1b[?2026l"));
}

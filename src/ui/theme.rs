//! What each role looks like. A theme may set colours; every theme reads well without them.

use ratatui::style::{Color, Modifier, Style};

use crate::document;

/// Roles and their looks.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// Its name in the settings.
    pub name: &'static str,
    /// Text, and the ground under it.
    pub text: Style,
    /// What stays in the background: head, foot, hints.
    pub dim: Style,
    /// Where the reader is: current entry, current match.
    pub accent: Style,
    /// Headings.
    pub heading: Style,
    /// Links.
    pub link: Style,
    /// Code.
    pub code: Style,
    /// A match of the search.
    pub hit: Style,
    /// The match that the search stands at.
    pub current_hit: Style,
    /// The sign of a mark in the margin.
    pub mark: Style,
}

const BASE: Style = Style::new();

const fn make(name: &'static str, text: Style, accent: Color, link: Color) -> Theme {
    Theme {
        name,
        text,
        dim: text.add_modifier(Modifier::DIM),
        accent: text.fg(accent).add_modifier(Modifier::BOLD),
        heading: text.add_modifier(Modifier::BOLD),
        link: text.fg(link).add_modifier(Modifier::UNDERLINED),
        code: text.fg(link),
        hit: text.add_modifier(Modifier::REVERSED),
        current_hit: text.fg(accent).add_modifier(Modifier::REVERSED.union(Modifier::BOLD)),
        mark: text.fg(accent),
    }
}

const fn ground(ink: (u8, u8, u8), paper: (u8, u8, u8)) -> Style {
    BASE.fg(Color::Rgb(ink.0, ink.1, ink.2)).bg(Color::Rgb(paper.0, paper.1, paper.2))
}

/// All themes, in the order that `c` shows them. The first is the usual one: the terminal's own
/// colours.
pub const THEMES: &[Theme] = &[
    make("auto", BASE, Color::Cyan, Color::Blue),
    Theme {
        code: BASE,
        link: BASE.add_modifier(Modifier::UNDERLINED),
        accent: BASE.add_modifier(Modifier::BOLD),
        current_hit: BASE.add_modifier(Modifier::REVERSED.union(Modifier::BOLD)),
        mark: BASE,
        ..make("plain", BASE, Color::Reset, Color::Reset)
    },
    make(
        "light",
        ground((0x33, 0x2e, 0x28), (0xf6, 0xf1, 0xe4)),
        Color::Rgb(0x9a, 0x34, 0x12),
        Color::Rgb(0x1f, 0x4e, 0x79),
    ),
    make(
        "dark",
        ground((0xc8, 0xc3, 0xb8), (0x16, 0x18, 0x1d)),
        Color::Rgb(0xe0, 0xa4, 0x58),
        Color::Rgb(0x86, 0xb0, 0xd6),
    ),
];

/// The number of a theme by its name; the usual one where there is none.
pub fn number(name: &str) -> usize {
    THEMES.iter().position(|theme| theme.name == name).unwrap_or(0)
}

/// A theme by its number, which may grow without end.
pub fn theme(number: usize) -> &'static Theme {
    static USUAL: Theme = make("auto", BASE, Color::Cyan, Color::Blue);
    THEMES.get(number % THEMES.len()).unwrap_or(&USUAL)
}

impl Theme {
    /// The look of a stretch of text with these styles, on a ground.
    pub fn inline(&self, ground: Style, style: document::Style, is_link: bool) -> Style {
        use document::Style as S;
        let mut look = ground;
        if is_link && !style.has(S::SUPER) {
            look = look.patch(self.link);
        }
        if style.has(S::CODE) {
            look = look.patch(self.code);
        }
        let attributes = [
            (S::EMPHASIS, Modifier::ITALIC),
            (S::STRONG, Modifier::BOLD),
            (S::STRIKE, Modifier::CROSSED_OUT),
            (S::UNDERLINE, Modifier::UNDERLINED),
            (S::MARKED, Modifier::REVERSED),
            (S::SUPER, Modifier::DIM),
        ];
        for (set, modifier) in attributes {
            if style.has(set) {
                look = look.add_modifier(modifier);
            }
        }
        look
    }
}

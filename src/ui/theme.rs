//! What each role looks like. A theme may set colours; every theme reads well without them.

use ratatui::style::{Color, Modifier, Style};

use crate::app::Look;
use crate::document::{self, MarkColor};

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
    /// Direct speech, where the reader wants to see it.
    pub speech: Style,
    /// What is being selected.
    pub selection: Style,
    /// Highlights in their colours, in the order of [`MarkColor::ALL`].
    pub highlights: [Style; 4],
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
        speech: BASE.add_modifier(Modifier::ITALIC),
        selection: BASE.add_modifier(Modifier::REVERSED),
        highlights: [
            marker(Color::Black, Color::Yellow),
            marker(Color::Black, Color::Green),
            marker(Color::White, Color::Blue),
            marker(Color::White, Color::Red),
        ],
    }
}

const fn marker(ink: Color, color: Color) -> Style {
    BASE.fg(ink).bg(color)
}

/// Highlights without colours: by line, weight and slope.
const LINES: [Style; 4] = [
    BASE.add_modifier(Modifier::UNDERLINED),
    BASE.add_modifier(Modifier::UNDERLINED.union(Modifier::BOLD)),
    BASE.add_modifier(Modifier::UNDERLINED.union(Modifier::ITALIC)),
    BASE.add_modifier(Modifier::UNDERLINED.union(Modifier::ITALIC).union(Modifier::BOLD)),
];

const INK: Color = Color::Rgb(0x33, 0x2e, 0x28);
const NIGHT: Color = Color::Rgb(0x16, 0x18, 0x1d);

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
        highlights: LINES,
        ..make("plain", BASE, Color::Reset, Color::Reset)
    },
    Theme {
        speech: BASE.fg(Color::Rgb(0x1f, 0x4e, 0x79)),
        // Strong enough to be told apart where they are mapped to sixteen colours.
        highlights: [
            marker(INK, Color::Rgb(0xff, 0xe8, 0x50)),
            marker(INK, Color::Rgb(0x30, 0xd8, 0x40)),
            marker(INK, Color::Rgb(0x80, 0xb8, 0xff)),
            marker(INK, Color::Rgb(0xff, 0x50, 0x50)),
        ],
        ..make(
            "light",
            ground((0x33, 0x2e, 0x28), (0xf6, 0xf1, 0xe4)),
            Color::Rgb(0x9a, 0x34, 0x12),
            Color::Rgb(0x1f, 0x4e, 0x79),
        )
    },
    Theme {
        speech: BASE.fg(Color::Rgb(0x86, 0xb0, 0xd6)),
        highlights: [
            marker(NIGHT, Color::Rgb(0xc8, 0xb4, 0x50)),
            marker(NIGHT, Color::Rgb(0x30, 0xb8, 0x40)),
            marker(NIGHT, Color::Rgb(0x60, 0x90, 0xe8)),
            marker(NIGHT, Color::Rgb(0xe0, 0x48, 0x48)),
        ],
        ..make(
            "dark",
            ground((0xc8, 0xc3, 0xb8), (0x16, 0x18, 0x1d)),
            Color::Rgb(0xe0, 0xa4, 0x58),
            Color::Rgb(0x86, 0xb0, 0xd6),
        )
    },
];

/// The number of a theme by its name; the usual one where there is none.
pub fn number(name: &str) -> usize {
    THEMES.iter().position(|theme| theme.name == name).unwrap_or(0)
}

/// The theme of a look. Where there are no colours it is the one that needs none.
pub fn theme(look: Look) -> &'static Theme {
    static USUAL: Theme = make("auto", BASE, Color::Cyan, Color::Blue);
    let number = if look.is_mono { number("plain") } else { look.theme };
    THEMES.get(number % THEMES.len()).unwrap_or(&USUAL)
}

impl Theme {
    /// The look of a highlight in a colour.
    pub fn highlight(&self, color: MarkColor) -> Style {
        let index = MarkColor::ALL.iter().position(|known| *known == color).unwrap_or(0);
        self.highlights.get(index).copied().unwrap_or(self.selection)
    }

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

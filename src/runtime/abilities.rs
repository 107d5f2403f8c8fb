//! What the terminal can show, as the environment tells it: colours, scrolling, coloured blanks.
//!
//! The terminal itself is never asked: an answer may take seconds or never come. All here is a
//! pure function of the environment, given as a function from a name to its value.

use ratatui::style::Color;

/// What the terminal can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// How many colours it has.
    pub depth: Depth,
    /// How a region of rows is moved.
    pub scroll: Scroll,
    /// Whether the rest of a row, when erased, takes the background in force. Without it coloured
    /// blanks are printed one by one.
    pub erases_in_colour: bool,
}

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: bold, underline and reverse only.
    Mono,
    /// The sixteen named ones.
    Named,
    /// The palette of 256.
    Palette,
    /// Red, green and blue in 256 steps each.
    Full,
}

/// How a region of rows is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scroll {
    /// Margins around it, then lines deleted or inserted at its top.
    Region,
    /// Lines deleted at one end and inserted at the other, without margins.
    Lines,
    /// Not at all: rows are written again.
    Off,
}

/// What the user wants of scrolling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScrollSetting {
    /// What suits the terminal.
    #[default]
    Auto,
    /// [`Scroll::Lines`].
    Lines,
    /// [`Scroll::Off`].
    Off,
}

impl Abilities {
    /// Everything: what the tests and a modern terminal have.
    pub const FULL: Abilities = Abilities { depth: Depth::Full, scroll: Scroll::Region, erases_in_colour: true };

    /// Reads the environment; `get` gives the value of a variable.
    pub fn detect(scroll: ScrollSetting, get: impl Fn(&str) -> Option<String>) -> Abilities {
        let term = get("TERM").unwrap_or_default();
        Abilities {
            depth: depth(&term, &get),
            scroll: match scroll {
                ScrollSetting::Lines => Scroll::Lines,
                ScrollSetting::Off => Scroll::Off,
                // Ptyxis paints the scroll before the rest of the frame, in spite of the
                // synchronized update.
                ScrollSetting::Auto if term == "dumb" || get("PTYXIS_VERSION").is_some() => Scroll::Off,
                ScrollSetting::Auto => Scroll::Region,
            },
            erases_in_colour: erases_in_colour(&term, &get),
        }
    }

    /// [`Abilities::detect`] in the environment of this process.
    pub fn of_process(scroll: ScrollSetting) -> Abilities {
        Abilities::detect(scroll, |name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }
}

impl Depth {
    /// The nearest colour that this depth has.
    pub fn map(self, colour: Color) -> Color {
        match (self, colour) {
            (Depth::Mono, _) => Color::Reset,
            (Depth::Palette, Color::Rgb(r, g, b)) => Color::Indexed(nearest_in_palette([r, g, b])),
            (Depth::Named, Color::Rgb(r, g, b)) => nearest_named([r, g, b]),
            (Depth::Named, Color::Indexed(n)) => match NAMED.get(usize::from(n)) {
                Some((named, _)) => *named,
                None => nearest_named(palette(n)),
            },
            (Depth::Full | Depth::Palette | Depth::Named, _) => colour,
        }
    }
}

/// The named colours in the order of the palette, as xterm shows them.
const NAMED: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// The steps of the 6x6x6 cube in the palette.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn depth(term: &str, get: &impl Fn(&str) -> Option<String>) -> Depth {
    let is_set = |name: &str| get(name).is_some_and(|value| !value.is_empty());
    if is_set("NO_COLOR") || term == "dumb" {
        return Depth::Mono;
    }
    // GNU screen passes COLORTERM of the outer terminal on and misreads 24-bit colours.
    if term.starts_with("screen") && !is_set("TMUX") {
        return if term.contains("256") { Depth::Palette } else { Depth::Named };
    }
    let announced = get("COLORTERM").is_some_and(|value| matches!(value.as_str(), "truecolor" | "24bit"));
    let known = ["-direct", "kitty", "ghostty", "alacritty", "foot", "wezterm"].iter().any(|name| term.contains(name));
    if announced || known || is_set("WT_SESSION") || (term.is_empty() && cfg!(windows)) {
        Depth::Full
    } else if term.contains("256") {
        Depth::Palette
    } else {
        Depth::Named
    }
}

fn erases_in_colour(term: &str, get: &impl Fn(&str) -> Option<String>) -> bool {
    if term.starts_with("screen") {
        return get("TMUX").is_some();
    }
    // Real terminals of the last century and what only claims to be one.
    let old = ["dumb", "ansi", "cygwin"].contains(&term) || term.starts_with("vt");
    !old && (!term.is_empty() || cfg!(windows))
}

/// The red, green and blue of a palette entry.
fn palette(n: u8) -> [u8; 3] {
    let step = |n: u8| CUBE.get(usize::from(n % 6)).copied().unwrap_or_default();
    match n {
        0..=15 => NAMED.get(usize::from(n)).map(|(_, rgb)| *rgb).unwrap_or_default(),
        16..=231 => [step((n - 16) / 36), step((n - 16) / 6), step(n - 16)],
        232..=255 => [8 + 10 * (n - 232); 3],
    }
}

/// The nearest of the fixed part of the palette: users often change the first sixteen.
fn nearest_in_palette(rgb: [u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(|part| {
        let distance = |step: &u8| step.abs_diff(part);
        CUBE.iter().enumerate().min_by_key(|(_, step)| distance(step)).map_or(0, |(n, _)| n as u8)
    });
    let cube = 16 + 36 * r + 6 * g + b;
    let mean = rgb.iter().map(|part| u16::from(*part)).sum::<u16>() / 3;
    let grey = 232 + (mean.saturating_sub(3) / 10).min(23) as u8;
    if distance(palette(grey), rgb) < distance(palette(cube), rgb) { grey } else { cube }
}

fn nearest_named(rgb: [u8; 3]) -> Color {
    NAMED.iter().min_by_key(|(_, named)| distance(*named, rgb)).map_or(Color::Reset, |(colour, _)| *colour)
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(environment: &[(&str, &str)]) -> Abilities {
        Abilities::detect(ScrollSetting::Auto, |name| {
            environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_tells_the_depth() {
        for (environment, expected) in [
            (&[("TERM", "xterm-256color")][..], Depth::Palette),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::Full),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "yes")], Depth::Palette),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("NO_COLOR", "1")], Depth::Mono),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("NO_COLOR", "")], Depth::Full),
            (&[("TERM", "screen-256color"), ("COLORTERM", "truecolor")], Depth::Palette),
            (&[("TERM", "screen-256color"), ("COLORTERM", "truecolor"), ("TMUX", "/x")], Depth::Full),
            (&[("TERM", "screen")], Depth::Named),
            (&[("TERM", "xterm-kitty")], Depth::Full),
            (&[("TERM", "linux")], Depth::Named),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::Mono),
        ] {
            assert_eq!(detect(environment).depth, expected, "{environment:?}");
        }
    }

    #[test]
    fn the_environment_tells_how_to_scroll_and_erase() {
        for (environment, scroll, erases) in [
            (&[("TERM", "xterm-256color")][..], Scroll::Region, true),
            (&[("TERM", "xterm-256color"), ("PTYXIS_VERSION", "47")], Scroll::Off, true),
            (&[("TERM", "dumb")], Scroll::Off, false),
            (&[("TERM", "screen.xterm-256color")], Scroll::Region, false),
            (&[("TERM", "screen-256color"), ("TMUX", "/x")], Scroll::Region, true),
            (&[("TERM", "vt220")], Scroll::Region, false),
        ] {
            let found = detect(environment);
            assert_eq!((found.scroll, found.erases_in_colour), (scroll, erases), "{environment:?}");
        }
        assert_eq!(Abilities::detect(ScrollSetting::Lines, |_| None).scroll, Scroll::Lines);
    }

    #[test]
    fn colours_go_to_the_nearest_there_is() {
        for (depth, from, to) in [
            (Depth::Full, Color::Rgb(1, 2, 3), Color::Rgb(1, 2, 3)),
            (Depth::Palette, Color::Rgb(255, 0, 0), Color::Indexed(196)),
            (Depth::Palette, Color::Rgb(0, 0, 0), Color::Indexed(16)),
            (Depth::Palette, Color::Rgb(255, 255, 255), Color::Indexed(231)),
            (Depth::Palette, Color::Rgb(48, 48, 48), Color::Indexed(236)),
            (Depth::Palette, Color::Red, Color::Red),
            (Depth::Palette, Color::Indexed(3), Color::Indexed(3)),
            (Depth::Named, Color::Rgb(250, 10, 10), Color::LightRed),
            (Depth::Named, Color::Indexed(9), Color::LightRed),
            (Depth::Named, Color::Indexed(232), Color::Black),
            (Depth::Named, Color::Reset, Color::Reset),
            (Depth::Mono, Color::Rgb(9, 9, 9), Color::Reset),
            (Depth::Mono, Color::Blue, Color::Reset),
        ] {
            assert_eq!(depth.map(from), to, "{depth:?} {from:?}");
        }
    }

    #[test]
    fn every_palette_entry_is_its_own_nearest() {
        for n in 16..=255 {
            assert_eq!(palette(nearest_in_palette(palette(n))), palette(n), "{n}");
        }
    }

    #[test]
    fn highlights_of_every_theme_can_be_told_apart_at_every_depth() {
        use crate::ui::theme::THEMES;
        for depth in [Depth::Full, Depth::Palette, Depth::Named] {
            for theme in THEMES {
                let look =
                    |style: ratatui::style::Style| (style.bg.map(|colour| depth.map(colour)), style.add_modifier);
                let mut looks: Vec<_> = theme.highlights.iter().map(|style| look(*style)).collect();
                looks.push(look(theme.text));
                for (index, one) in looks.iter().enumerate() {
                    assert!(!looks[index + 1..].contains(one), "{} at {depth:?}: {looks:?}", theme.name);
                }
            }
        }
    }
}

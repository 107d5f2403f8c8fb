//! The pen: colours and attributes the terminal prints with, and the shortest way to change them.
//!
//! It knows styles and the SGR sequence, nothing of cells or rows. Colours are mapped down to
//! what the terminal has before they reach the pen.

use std::io::Write;

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

use super::abilities::Depth;

/// How the terminal prints the next character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pen {
    foreground: Color,
    background: Color,
    /// Of the underline; default when nothing is underlined.
    line: Color,
    attributes: Modifier,
}

/// Attributes that are seen on a blank.
const SEEN_ON_BLANK: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK);

/// What switches an attribute on, and what off.
const CODES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

impl Pen {
    /// The pen a cell asks for, in the colours there are.
    pub fn of(cell: &Cell, depth: Depth) -> Pen {
        let is_underlined = cell.modifier.contains(Modifier::UNDERLINED);
        // A terminal of sixteen colours knows no coloured underline.
        let has_line = is_underlined && depth >= Depth::Palette;
        Pen {
            foreground: depth.map(cell.fg),
            background: depth.map(cell.bg),
            line: if has_line { depth.map(cell.underline_color) } else { Color::Reset },
            attributes: cell.modifier,
        }
    }

    /// The pen for blanks on this pen's background.
    pub fn blank(self) -> Pen {
        Pen { background: self.background, ..Pen::default() }
    }

    /// Whether a blank printed with this pen is only its background.
    pub fn is_plain_on_blanks(self) -> bool {
        !self.attributes.intersects(SEEN_ON_BLANK)
    }

    /// Whether a blank looks the same printed with either pen.
    pub fn looks_alike_on_blanks(self, other: Pen) -> bool {
        self.background == other.background && self.is_plain_on_blanks() && other.is_plain_on_blanks()
    }

    /// Whether the background is the terminal's own.
    pub fn has_default_background(self) -> bool {
        self.background == Color::Reset
    }

    /// Appends what turns this pen into `next`: the shorter of the difference and of a reset
    /// with all that follows.
    pub fn change(self, next: Pen, out: &mut Vec<u8>) {
        if self == next {
            return;
        }
        let start = out.len();
        self.write_difference(next, out);
        let middle = out.len();
        next.write_from_reset(out);
        if out.len() - middle < middle - start {
            out.drain(start..middle);
        } else {
            out.truncate(middle);
        }
    }

    fn write_difference(self, next: Pen, out: &mut Vec<u8>) {
        let mut codes = Codes { out, is_started: false };
        let mut kept = self.attributes;
        for (attribute, _, off) in CODES {
            if kept.contains(attribute) && !next.attributes.contains(attribute) {
                codes.push(off);
                // Bold and dim share their end, and so do the two kinds of blinking.
                for (other, _, other_off) in CODES {
                    if other_off == off {
                        kept.remove(other);
                    }
                }
            }
        }
        codes.push_attributes(next.attributes - kept);
        if self.foreground != next.foreground {
            codes.push_colour(next.foreground, 30);
        }
        if self.background != next.background {
            codes.push_colour(next.background, 40);
        }
        codes.end();
        if self.line != next.line {
            write_line_colour(next.line, out);
        }
    }

    fn write_from_reset(self, out: &mut Vec<u8>) {
        // An omitted number is 0, the reset.
        let mut codes = Codes { out, is_started: false };
        codes.part();
        codes.push_attributes(self.attributes);
        if self.foreground != Color::Reset {
            codes.push_colour(self.foreground, 30);
        }
        if self.background != Color::Reset {
            codes.push_colour(self.background, 40);
        }
        codes.end();
        if self.line != Color::Reset {
            write_line_colour(self.line, out);
        }
    }
}

/// One sequence under construction at the end of the output.
struct Codes<'a> {
    out: &'a mut Vec<u8>,
    is_started: bool,
}

impl Codes<'_> {
    /// Starts the sequence or parts two numbers of it.
    fn part(&mut self) {
        self.out.extend_from_slice(if self.is_started { b";" } else { b"\x1b[" });
        self.is_started = true;
    }

    fn push(&mut self, code: u8) {
        self.part();
        push_number(self.out, code.into());
    }

    fn push_attributes(&mut self, attributes: Modifier) {
        for (attribute, on, _) in CODES {
            if attributes.contains(attribute) {
                self.push(on);
            }
        }
    }

    /// `base` is 30 for the foreground and 40 for the background.
    fn push_colour(&mut self, colour: Color, base: u8) {
        match colour {
            Color::Reset => self.push(base + 9),
            Color::Indexed(n) => [base + 8, 5, n].into_iter().for_each(|code| self.push(code)),
            Color::Rgb(r, g, b) => [base + 8, 2, r, g, b].into_iter().for_each(|code| self.push(code)),
            named => self.push(base + named_code(named)),
        }
    }

    fn end(self) {
        if self.is_started {
            self.out.push(b'm');
        }
    }
}

/// What a named colour adds to the base; the bright ones lie 60 above.
fn named_code(colour: Color) -> u8 {
    match colour {
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Black | Color::Reset | Color::Rgb(..) | Color::Indexed(_) => 0,
    }
}

/// The palette entry of a named colour.
fn named_entry(colour: Color) -> u8 {
    let code = named_code(colour);
    if code >= 60 { code - 52 } else { code }
}

/// The colour of the underline: in a sequence of its own and parted by colons, so that a
/// terminal without it drops this and nothing else.
fn write_line_colour(colour: Color, out: &mut Vec<u8>) {
    // Writing to memory cannot fail.
    let _ = match colour {
        Color::Reset => write!(out, "\x1b[59m"),
        Color::Rgb(r, g, b) => write!(out, "\x1b[58:2::{r}:{g}:{b}m"),
        Color::Indexed(n) => write!(out, "\x1b[58:5:{n}m"),
        named => write!(out, "\x1b[58:5:{}m", named_entry(named)),
    };
}

/// Appends a number in decimal.
pub(super) fn push_number(out: &mut Vec<u8>, number: u16) {
    let start = out.len();
    let mut rest = number;
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen(foreground: Color, background: Color, attributes: Modifier) -> Pen {
        Pen { foreground, background, line: Color::Reset, attributes }
    }

    fn check(from: Pen, to: Pen, expected: &str) {
        let mut out = b"x".to_vec();
        from.change(to, &mut out);
        assert_eq!(String::from_utf8_lossy(&out), format!("x{expected}"), "{from:?} -> {to:?}");
    }

    #[test]
    fn a_change_is_the_shorter_of_difference_and_reset() {
        let plain = Pen::default();
        let bold = pen(Color::Reset, Color::Reset, Modifier::BOLD);
        let dim = pen(Color::Reset, Color::Reset, Modifier::DIM);
        let both = pen(Color::Reset, Color::Reset, Modifier::BOLD | Modifier::DIM);
        let blue = pen(Color::Indexed(4), Color::Reset, Modifier::BOLD | Modifier::ITALIC);
        let page = pen(Color::Rgb(1, 22, 133), Color::Rgb(255, 0, 9), Modifier::empty());
        let strong = Pen { attributes: Modifier::BOLD, ..page };
        check(plain, plain, "");
        check(plain, bold, "\x1b[1m");
        check(bold, plain, "\x1b[m");
        check(both, dim, "\x1b[;2m");
        check(bold, dim, "\x1b[;2m");
        check(plain, blue, "\x1b[1;3;38;5;4m");
        check(blue, plain, "\x1b[m");
        check(page, strong, "\x1b[1m");
        check(strong, page, "\x1b[22m");
        check(plain, pen(Color::White, Color::DarkGray, Modifier::empty()), "\x1b[97;100m");
        check(plain, pen(Color::Black, Color::Red, Modifier::empty()), "\x1b[30;41m");
        check(page, Pen { foreground: Color::Reset, ..page }, "\x1b[39m");
        check(page, Pen { background: Color::Reset, ..page }, "\x1b[49m");
    }

    #[test]
    fn a_coloured_underline_is_a_sequence_of_its_own() {
        let underlined = pen(Color::Reset, Color::Reset, Modifier::UNDERLINED);
        let red = Pen { line: Color::LightRed, ..underlined };
        check(Pen::default(), red, "\x1b[4m\x1b[58:5:9m");
        check(red, underlined, "\x1b[59m");
        check(red, Pen::default(), "\x1b[m");
        check(underlined, Pen { line: Color::Rgb(1, 2, 3), ..underlined }, "\x1b[58:2::1:2:3m");
    }

    #[test]
    fn numbers_are_decimal() {
        for number in [0, 7, 10, 99, 100, 65535] {
            let mut out = b";".to_vec();
            push_number(&mut out, number);
            assert_eq!(String::from_utf8_lossy(&out), format!(";{number}"));
        }
    }
}

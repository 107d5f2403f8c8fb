//! HTML tags inside a line of Markdown (`<em>`, `<br>`, `<sup>`, `<a id=…>`), one at a time.
//!
//! A tag is read by the HTML parser, so that its attributes are understood as everywhere, and its
//! effect lasts until its end tag or the end of the block.

use crate::document::Style;
use crate::formats::html::{Effect, effect};
use crate::formats::writer::Writer;

/// The tags that are open in a block.
#[derive(Debug, Default)]
pub struct Tags {
    /// Name, whether a style was pushed, whether a link was pushed, whether its text is hidden.
    open: Vec<(String, Effect)>,
}

impl Tags {
    /// Takes in one piece of inline HTML.
    pub fn take(&mut self, html: &str, out: &mut Writer) {
        if let Some(rest) = html.strip_prefix("</") {
            let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            let name = name.to_ascii_lowercase();
            // As browsers have it.
            if name == "br" {
                out.line_break();
            }
            self.close(&name, out);
        } else if html.starts_with('<')
            && html.get(1..2).is_some_and(|c| c.as_bytes().iter().all(u8::is_ascii_alphabetic))
        {
            let Some((name, effect)) = effect(html) else { return };
            for id in &effect.ids {
                out.id(id);
            }
            if effect.is_break {
                out.line_break();
            }
            if !effect.words.is_empty() {
                out.text(&effect.words);
            }
            if !effect.is_void {
                if effect.style != Style::PLAIN {
                    out.push_style(effect.style);
                }
                if let Some(link) = effect.link.clone() {
                    out.push_link(link);
                }
                self.open.push((name, effect));
            }
        }
    }

    /// Whether they raise a text, once, and do nothing else to its height.
    pub fn are_raised(&self) -> bool {
        let mut shifts = self.open.iter().filter(|(_, e)| e.style.has(Style::SUPER) || e.style.has(Style::SUB));
        shifts.next().is_some_and(|(_, effect)| effect.style.has(Style::SUPER)) && shifts.next().is_none()
    }

    /// Closes the innermost open tag of a name, and those in it; others stay unnoticed.
    fn close(&mut self, name: &str, out: &mut Writer) {
        // A handful of tags is open in a line of prose; looking further would only cost.
        let Some(place) = self.open.iter().rev().take(64).position(|(n, _)| n == name) else { return };
        for _ in 0..=place {
            self.pop(out);
        }
    }

    /// Closes all that is open: the block ends.
    pub fn finish(&mut self, out: &mut Writer) {
        while !self.open.is_empty() {
            self.pop(out);
        }
    }

    fn pop(&mut self, out: &mut Writer) {
        let Some((_, effect)) = self.open.pop() else { return };
        if !effect.closing.is_empty() {
            out.text(effect.closing);
        }
        if effect.link.is_some() {
            out.pop_link();
        }
        if effect.style != Style::PLAIN {
            out.pop_style();
        }
    }
}

//! Links: the visible ones are numbered, a number follows one. What leads out of the document is
//! shown first, and opened or copied only with a second key.

use std::fmt::Write as _;

use crate::document::Link;
use crate::reader::VisibleLink;
use crate::text::Clean;

use super::keys::{Code, Key};
use super::{App, Effect, wrap};

/// Schemes that may be handed to other programs.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// The links on the page while one of them is chosen.
#[derive(Debug)]
pub struct Links {
    links: Vec<VisibleLink>,
    typed: String,
}

impl Links {
    /// The links with their numbers from 1, of those that begin with what was typed.
    pub fn numbered(&self) -> impl Iterator<Item = (String, &VisibleLink)> {
        let numbers = (1..).map(|n: usize| n.to_string()).zip(&self.links);
        numbers.filter(|(number, _)| number.starts_with(&self.typed))
    }

    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }
}

impl App {
    /// The links, while one of them is chosen.
    pub fn links(&self) -> Option<&Links> {
        self.links.as_ref()
    }

    /// Numbers the visible links.
    pub(super) fn number_links(&mut self) -> Vec<Effect> {
        let links = self.reader.visible_links();
        if links.is_empty() {
            self.say("There is no link on this page".to_owned());
        } else {
            self.links = Some(Links { links, typed: String::new() });
        }
        Vec::new()
    }

    /// What a key means while a link is chosen; `None` where it means what it always does.
    pub(super) fn link_key(&mut self, key: Key) -> Option<Vec<Effect>> {
        let links = self.links.as_mut()?;
        match key {
            Key { code: Code::Char(digit @ '0'..='9'), ctrl: false, alt: false, .. } => links.typed.push(digit),
            Key { code: Code::Backspace, .. } if links.typed.pop().is_some() => return Some(Vec::new()),
            Key { code: Code::Enter, .. } => return Some(self.choose_link()),
            // As every layer over the page is closed.
            Key { code: Code::Esc | Code::Char('q'), ctrl: false, alt: false, .. } => {
                self.links = None;
                return Some(Vec::new());
            }
            _ => {
                self.links = None;
                return None;
            }
        }
        match links.numbered().take(2).count() {
            1 => Some(self.choose_link()),
            2 => Some(Vec::new()),
            _ => {
                self.say("No link has this number".to_owned());
                self.links = None;
                Some(Vec::new())
            }
        }
    }

    /// Follows the link whose number was typed; without a number, the first.
    fn choose_link(&mut self) -> Vec<Effect> {
        let Some(chosen) = self.links.take() else { return Vec::new() };
        let exact = chosen.numbered().find(|(number, _)| number == chosen.typed());
        let Some((_, link)) = exact.or_else(|| chosen.numbered().next()) else { return Vec::new() };
        match &link.link {
            Link::Inside(href) => match self.reader.follow(link.section, href) {
                Some(effects) => wrap(effects),
                None => {
                    self.say(format!("This link leads to no place in the document: {href}"));
                    Vec::new()
                }
            },
            Link::Outside(address) => {
                self.say(match host(address) {
                    Some(host) => format!("o opens {host}, y copies: {address}"),
                    None => format!("y copies; links of this kind are not opened: {address}"),
                });
                self.offered = Some(address.clone());
                Vec::new()
            }
        }
    }

    /// Right after an address was shown, a key opens or copies it.
    pub(super) fn offered_key(&mut self, key: Key) -> Option<Vec<Effect>> {
        let address = self.offered.take()?;
        match key {
            Key { code: Code::Char('o') | Code::Enter, ctrl: false, alt: false, .. } => {
                let effect = host(&address).map(|_| Effect::OpenLink(encode(&address)));
                self.say(if effect.is_some() { "Opened in another program" } else { "Not opened" }.to_owned());
                Some(effect.into_iter().collect())
            }
            Key { code: Code::Char('y'), ctrl: false, alt: false, .. } => {
                self.say("The address is copied".to_owned());
                Some(vec![Effect::Copy(address.to_string())])
            }
            _ => None,
        }
    }
}

/// Whom an address leads to, if it is of a kind that may be opened: what stands before `@` in
/// it only pretends.
fn host(address: &Clean) -> Option<String> {
    let scheme = SCHEMES
        .iter()
        .find(|scheme| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let rest = address.get(scheme.len()..)?;
    let host = rest.split(['/', '?', '#', '\\']).next()?;
    let host = if *scheme == "mailto:" { host } else { host.rsplit('@').next()? };
    (!host.is_empty()).then(|| host.to_owned())
}

/// An address in characters that no program takes for anything else (RFC 3986).
fn encode(address: &str) -> String {
    let mut out = String::new();
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&()*+,;=%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean_line;

    #[test]
    fn only_known_schemes_are_opened_and_the_true_host_is_said() {
        for (address, expected) in [
            ("https://example.org/a?b#c", Some("example.org")),
            ("HTTP://Example.org", Some("Example.org")),
            ("https://bank.example@evil.example/", Some("evil.example")),
            ("https://evil.example\\@bank.example/", Some("evil.example")),
            ("mailto:a@example.org?subject=x", Some("a@example.org")),
            ("file:///etc/passwd", None),
            ("javascript:alert(1)", None),
            ("-https://example.org", None),
            ("https://", None),
            ("//example.org", None),
        ] {
            assert_eq!(host(&clean_line(address)).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn addresses_are_plain_characters() {
        assert_eq!(encode("https://e.org/é `x` 'y'|z"), "https://e.org/%C3%A9%20%60x%60%20%27y%27%7Cz");
        assert_eq!(encode("https://e.org/a%20b?c=d&e=f"), "https://e.org/a%20b?c=d&e=f");
    }
}

//! Where a long page may be cut, and which elements are open there.
//!
//! Tags are looked at without building a tree: which elements are open, as far as their names say
//! so, with the ends that HTML implies. The best cut stands before a block that lies in nothing
//! but containers, the next best before one inside an item or a cell, then at any tag; where there
//! is none (one long text, a comment, a script, a picture in an attribute) the text itself is cut.
//! What is open at a cut is opened again by tags before the piece ([`State::resume`]). It must
//! not know what elements mean to a reader beyond that; most names that its rules are about stand in
//! a [`Vocabulary`].

use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

use crate::formats::growing::Window;
use crate::formats::writer::Writer;
use crate::limits::{CARRIED_ATTRIBUTES_MAX, CARRIED_ELEMENTS_MAX};

use super::list::integer;
use super::parse::VOID;

/// What has to be known of a vocabulary to cut a text in it.
#[derive(Debug)]
pub struct Vocabulary {
    /// A tag may end itself (`<x/>`).
    pub is_xml: bool,
    /// A prefix of a name says nothing, and what has a `<` in it is no tag (`parse_xml`).
    pub is_strict: bool,
    /// Elements that a piece best begins with.
    pub parts: &'static [&'static str],
    /// Attributes that say how text in an element is shown.
    pub kept: &'static [&'static str],
    /// Elements whose content is no markup.
    pub raw: &'static [&'static str],
    /// Elements that never have content.
    pub void: &'static [&'static str],
    /// Elements that are there whether their tags are or not.
    pub implied: &'static [&'static str],
    /// Elements that stand as blocks: they end an open paragraph.
    pub blocks: &'static [&'static str],
    /// Elements that hold text of their own: a cut in them parts a block, an item or a cell.
    pub holders: &'static [&'static str],
    /// Those of them that are one block.
    pub whole: &'static [&'static str],
}

/// The words of HTML.
pub const HTML: Vocabulary = Vocabulary {
    is_xml: false,
    is_strict: false,
    parts: &[],
    kept: &["class", "style", "type", "role", "epub:type", "hidden", "reversed", "href", "lang", "align"],
    raw: &["iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"],
    void: &VOID,
    implied: &["html", "head", "body"],
    blocks: &BLOCKS,
    holders: &["p", "li", "td", "th", "dd", "dt", "caption", "pre", "h1", "h2", "h3", "h4", "h5", "h6"],
    whole: &["p", "pre", "h1", "h2", "h3", "h4", "h5", "h6"],
};
/// The same where tags may end themselves.
pub const XHTML: Vocabulary = Vocabulary { is_xml: true, ..HTML };

const BLOCKS: [&str; 44] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
    "xmp",
];
/// Elements that a paragraph outside of them does not reach into.
const SCOPES: [&str; 6] = ["table", "td", "th", "caption", "template", "object"];
/// The attribute that says of an item that its marker was shown, of a section that it began before.
pub const CONTINUED: &str = "data-continued";

/// How good a cut is: the best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Begin {
    /// With the document.
    #[default]
    Document,
    /// With a part of it.
    Part,
    /// With a block in nothing but containers.
    Block,
    /// With a block in an item or a cell.
    Nested,
    /// With a tag.
    Tag,
    /// Inside a text or a tag.
    Inside,
}

/// What is open at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    begin: Begin,
    mode: Mode,
    open: Vec<Open>,
    /// More elements are open than are carried on.
    is_deep: bool,
}

/// What the text is at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Mode {
    /// The start of the document, then text with tags.
    #[default]
    Text,
    Comment,
    /// The content of an element that has no markup in it.
    Raw(Box<str>),
    /// Inside the tag of an element, perhaps in a value with this quote.
    Tag {
        name: Box<str>,
        quote: Option<u8>,
    },
}

/// An open element.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    name: Box<str>,
    /// The attributes that are kept, as they stand in a tag.
    attributes: Box<str>,
    /// In a numbered list, the number of its next item.
    next: i64,
}

/// Finds the best cut in a window.
pub fn cut(state: &State, window: &Window, words: &Vocabulary) -> (usize, State) {
    let Range { start: nominal, end: limit } = window.cuts.clone();
    let mut state = state.clone();
    state.is_deep &= state.open.len() == CARRIED_ELEMENTS_MAX;
    let mut at = 0;
    let mut best: Option<(usize, State)> = None;
    while at <= limit {
        // What ends beyond the limit has not ended at the cut.
        let before = (state.mode != Mode::Text).then(|| state.clone());
        let Some(Step { tag, end }) = state.next(window.bytes, at, words) else { break };
        if let Some((start, tag)) = &tag {
            if *start > limit {
                break;
            }
            if *start >= nominal
                && let Some(found) = state.cut_before(tag, best.as_ref().map(|(_, best)| best.begin), words)
                && best.as_ref().is_none_or(|(_, best)| found.begin < best.begin)
            {
                let is_best = found.begin == Begin::Part || found.begin == Begin::Block && words.parts.is_empty();
                best = Some((*start, found));
                if is_best {
                    break;
                }
            }
        }
        match tag {
            Some((_, tag)) if end <= limit => state.take(&tag, words),
            // Whether this is a tag shows behind the limit: it begins the next piece.
            Some((start, _)) if words.is_strict && start >= nominal => {
                best = best.or(Some((start, State { begin: Begin::Inside, ..state.clone() })));
                break;
            }
            Some((start, tag)) => {
                at = start;
                state.mode = Mode::Tag { name: tag.name.into(), quote: None };
                break;
            }
            None if end > limit => {
                state.mode = Mode::Text;
                state = before.unwrap_or(state);
                break;
            }
            None => {}
        }
        at = end;
    }
    if let Some(best) = best {
        return best;
    }
    let place = state.place_inside(&Window { cuts: nominal.max(at).min(limit)..limit, ..*window });
    match &mut state.mode {
        Mode::Tag { quote, .. } if at < place => {
            *quote = quote_at(window.bytes.get(at..place).unwrap_or_default(), *quote);
        }
        Mode::Tag { .. } if at > 0 => state.mode = Mode::Text,
        _ => {}
    }
    state.begin = Begin::Inside;
    (place, state)
}

/// The quote of the value that the end of a part of a tag lies in; `quote` is that of its start.
fn quote_at(part: &[u8], mut quote: Option<u8>) -> Option<u8> {
    for &byte in part {
        match quote {
            Some(open) if open == byte => quote = None,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            _ => {}
        }
    }
    quote
}

/// What comes next in a text: a tag with its start, or nothing that matters, and where it ends.
struct Step<'a> {
    tag: Option<(usize, Tag<'a>)>,
    end: usize,
}

/// A tag.
struct Tag<'a> {
    name: String,
    is_end: bool,
    is_empty: bool,
    /// What stands after the name.
    rest: &'a [u8],
}

impl<'a> Tag<'a> {
    /// The tag at a `<`; `None` for a sign that begins none. With where it ends; beyond the bytes
    /// if it does not.
    fn read(bytes: &'a [u8], start: usize, words: &Vocabulary) -> Option<(Tag<'a>, usize)> {
        let inside = bytes.get(start + 1..)?;
        let is_end = inside.first() == Some(&b'/');
        let inside = inside.get(usize::from(is_end)..)?;
        if !inside.first()?.is_ascii_alphabetic() {
            return None;
        }
        let is_name = |b: &u8| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/');
        let len = inside.iter().take(64).take_while(|b| is_name(b)).count();
        let name = String::from_utf8_lossy(inside.get(..len)?).to_ascii_lowercase();
        let rest = inside.get(len..)?;
        let next = if words.is_strict { memchr(b'<', rest) } else { None };
        let rest = rest.get(..next.unwrap_or(rest.len())).unwrap_or_default();
        let end = tag_end(rest, None);
        if end.is_none() && next.is_some() {
            return None;
        }
        let rest = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let name = if words.is_strict { local(&name).to_owned() } else { name };
        let is_empty = rest.last() == Some(&b'/');
        let end = end.map_or(usize::MAX, |end| start + 1 + usize::from(is_end) + len + end + 1);
        Some((Tag { name, is_end, is_empty, rest }, end))
    }

    fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    /// The attributes, with what quotes stand around values taken away.
    fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        let mut rest = self.rest;
        std::iter::from_fn(move || {
            let is_gap = |b: &u8| b.is_ascii_whitespace() || *b == b'/';
            let start = rest.iter().position(|b| !is_gap(b))?;
            rest = rest.get(start..)?;
            let len = rest.iter().position(|b| is_gap(b) || *b == b'=').unwrap_or(rest.len()).max(1);
            let name = String::from_utf8_lossy(rest.get(..len)?).to_ascii_lowercase();
            rest = rest.get(len..)?;
            let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else { return Some((name, String::new())) };
            let value = value.trim_ascii_start();
            let (value, after) = match value.first() {
                Some(&quote @ (b'"' | b'\'')) => {
                    let inside = value.get(1..)?;
                    let end = memchr(quote, inside).unwrap_or(inside.len());
                    (inside.get(..end)?, inside.get(end + 1..).unwrap_or_default())
                }
                _ => value.split_at(value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len())),
            };
            rest = after;
            Some((name, String::from_utf8_lossy(value).into_owned()))
        })
    }

    /// The attributes that are kept, as they stand in a tag.
    fn kept(&self, words: &Vocabulary) -> Box<str> {
        let mut out = String::new();
        if self.rest.is_empty() {
            return out.into();
        }
        for (name, value) in self.attributes().take(64) {
            // Books choose a prefix of their own for links.
            let name = if words.is_strict && local(&name) == "href" { "href" } else { &name };
            if words.kept.contains(&name) && out.len() + value.len() <= CARRIED_ATTRIBUTES_MAX && !value.contains('"') {
                out.push_str(&[" ", name, "=\"", &value, "\""].concat());
            }
        }
        out.into()
    }

    fn number(&self, attribute: &str) -> Option<i64> {
        self.attributes().find(|(name, _)| name == attribute).and_then(|(_, value)| integer(&value))
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Where a tag ends: its `>`, outside of quoted values.
fn tag_end(rest: &[u8], mut quote: Option<u8>) -> Option<usize> {
    let mut at = 0;
    loop {
        let from = rest.get(at..)?;
        at += match quote.take() {
            Some(open) => memchr(open, from)? + 1,
            None => {
                let found = memchr3(b'>', b'"', b'\'', from)?;
                match from.get(found) {
                    Some(b'>') => return Some(at + found),
                    // A quote that follows no sign of equality is a part of a name.
                    Some(sign) if from.get(..found).is_some_and(|b| b.trim_ascii_end().ends_with(b"=")) => {
                        quote = Some(*sign);
                    }
                    _ => {}
                }
                found + 1
            }
        };
    }
}

/// The end of a word in a text, in any case, and behind it.
fn find_end(bytes: &[u8], from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    loop {
        at += memmem::find(bytes.get(at..)?, b"</")?;
        let found = bytes.get(at + 2..at + 2 + name.len()).unwrap_or_default();
        if found.eq_ignore_ascii_case(name.as_bytes()) {
            return Some(at);
        }
        at += 2;
    }
}

impl State {
    /// Whether the piece is the first one.
    pub fn is_first(&self) -> bool {
        self.begin == Begin::Document
    }

    /// Lets a piece go on with what the one before it ended with. Gives the tags that open again
    /// what is open.
    pub fn resume(&self, writer: &mut Writer, words: &Vocabulary) -> String {
        let is_in_text = self.mode == Mode::Text || self.open.iter().any(|o| words.holders.contains(&&*o.name));
        if (self.begin == Begin::Inside || self.begin == Begin::Tag) && is_in_text {
            writer.continues();
        }
        if self.is_deep {
            writer.warn("More than 64 elements go on from the part before this one; the others end there.");
        }
        self.opening()
    }

    /// Tags that open again what is open.
    fn opening(&self) -> String {
        let mut out = String::new();
        for open in &self.open {
            out.push_str(&["<", &open.name, &open.attributes].concat());
            match &*open.name {
                "li" | "section" => out.push_str(&[" ", CONTINUED].concat()),
                "ol" => out.push_str(&[" start=", &open.next.to_string()].concat()),
                _ => {}
            }
            // The line end after this tag is no part of the text.
            out.push_str(if &*open.name == "pre" { ">\n" } else { ">" });
        }
        match &self.mode {
            Mode::Text => {}
            Mode::Comment => out.push_str("<!--"),
            Mode::Raw(name) => out.push_str(&["<", name, ">"].concat()),
            Mode::Tag { name, quote: None } => out.push_str(&["<", name, " "].concat()),
            Mode::Tag { name, quote: Some(quote) } => {
                out.push_str(&["<", name, " data-cut="].concat());
                out.push(char::from(*quote));
            }
        }
        out
    }

    /// The first place in a text at which nothing is parted that ends what it is.
    fn place_inside(&self, window: &Window) -> usize {
        let place = window.inside();
        let is_whole = |at: &usize| {
            let before = |bytes: usize| window.bytes.get(at.saturating_sub(bytes)..*at).unwrap_or_default();
            match &self.mode {
                Mode::Comment => !before(2).contains(&b'-'),
                Mode::Raw(name) => !before(name.len() + 2).contains(&b'<'),
                Mode::Text | Mode::Tag { .. } => true,
            }
        };
        let is_boundary = |at: &usize| window.charset.is_boundary(window.bytes, *at);
        (place..window.cuts.end).filter(is_whole).find(is_boundary).unwrap_or(place)
    }

    /// Goes to the next tag, or out of what holds none. `None` where the bytes end before.
    fn next<'a>(&mut self, bytes: &'a [u8], at: usize, words: &Vocabulary) -> Option<Step<'a>> {
        let skip = |end: usize| Some(Step { tag: None, end });
        match &self.mode {
            Mode::Comment => {
                let end = at + memmem::find(bytes.get(at..)?, b"-->")? + 3;
                self.mode = Mode::Text;
                return skip(end);
            }
            Mode::Raw(name) => {
                let end = find_end(bytes, at, name)?;
                self.mode = Mode::Text;
                return skip(end);
            }
            Mode::Tag { name, quote } => {
                let name = name.to_string();
                let end = at + tag_end(bytes.get(at..)?, *quote)?;
                self.mode = Mode::Text;
                let is_empty = bytes.get(at..end)?.ends_with(b"/");
                self.take(&Tag { name, is_end: false, is_empty, rest: &[] }, words);
                return skip(end + 1);
            }
            Mode::Text => {}
        }
        let start = at + memchr(b'<', bytes.get(at..)?)?;
        let sign = bytes.get(start..)?;
        if sign.starts_with(b"<!--") {
            self.mode = Mode::Comment;
            return skip(start + 4);
        }
        if let [b'<', b'!' | b'?', rest @ ..] = sign {
            return skip(start + 3 + memchr(b'>', rest)?);
        }
        match Tag::read(bytes, start, words) {
            Some((tag, end)) => Some(Step { tag: Some((start, tag)), end }),
            None => skip(start + 1),
        }
    }

    /// The state for a cut before a tag.
    fn cut_before(&self, tag: &Tag, best: Option<Begin>, words: &Vocabulary) -> Option<State> {
        // Before a tag that is no block no cut is better than any other at a tag.
        if tag.is_end || (!tag.is(words.blocks) && best.is_some_and(|best| best <= Begin::Tag)) {
            return None;
        }
        let mut state = State { begin: Begin::Tag, ..self.clone() };
        if tag.is(words.blocks) {
            state.imply_ends(&tag.name, words);
            let holds = |open: &Open| words.holders.contains(&&*open.name);
            let in_text = |open: &Open| words.whole.contains(&&*open.name);
            state.begin = if !state.open.iter().any(holds) {
                if tag.is(words.parts) { Begin::Part } else { Begin::Block }
            } else if !state.open.iter().any(in_text) {
                Begin::Nested
            } else {
                state.open.clone_from(&self.open);
                Begin::Tag
            };
        }
        Some(state)
    }

    /// Closes what the start of an element closes.
    fn imply_ends(&mut self, name: &str, words: &Vocabulary) {
        let close = |open: &mut Vec<Open>, names: &[&str], stops: &[&str]| {
            let place = open.iter().rposition(|o| names.contains(&&*o.name) || stops.contains(&&*o.name));
            if let Some(place) = place
                && open.get(place).is_some_and(|o| names.contains(&&*o.name))
            {
                open.truncate(place);
            }
        };
        if words.blocks.contains(&name) {
            close(&mut self.open, &["p"], &SCOPES);
        }
        match name {
            "li" => close(&mut self.open, &["li"], &["ul", "ol", "menu", "dir", "table"]),
            "dd" | "dt" => close(&mut self.open, &["dd", "dt"], &["dl", "table"]),
            "tr" => close(&mut self.open, &["tr"], &["table"]),
            "td" | "th" => close(&mut self.open, &["td", "th"], &["tr", "table"]),
            "tbody" | "thead" | "tfoot" => close(&mut self.open, &["tbody", "thead", "tfoot"], &["table"]),
            "option" => close(&mut self.open, &["option"], &["select"]),
            _ => {}
        }
    }

    /// Takes a tag in.
    fn take(&mut self, tag: &Tag, words: &Vocabulary) {
        if tag.is(words.implied) {
            return;
        }
        if tag.is_end {
            if let Some(place) = self.open.iter().rposition(|open| *open.name == tag.name) {
                if words.blocks.contains(&tag.name.as_str()) || matches!(tag.name.as_str(), "td" | "th" | "caption") {
                    self.open.truncate(place);
                } else {
                    self.open.remove(place);
                }
            }
            return;
        }
        self.imply_ends(&tag.name, words);
        let is_foreign = self.open.iter().any(|open| matches!(&*open.name, "svg" | "math"));
        if tag.is_empty && (words.is_xml || is_foreign) || tag.is(words.void) {
            return;
        }
        if tag.is(words.raw) {
            self.mode = Mode::Raw(tag.name.as_str().into());
            return;
        }
        if tag.name == "li"
            && let Some(list) = self.open.iter_mut().rev().find(|open| matches!(&*open.name, "ol" | "ul"))
            && &*list.name == "ol"
        {
            list.next = tag.number("value").unwrap_or(list.next).saturating_add(1);
        }
        if self.open.len() < CARRIED_ELEMENTS_MAX {
            let next = if tag.name == "ol" { tag.number("start").unwrap_or(1) } else { 0 };
            self.open.push(Open { name: tag.name.as_str().into(), attributes: tag.kept(words), next });
        } else {
            self.is_deep = true;
        }
    }
}

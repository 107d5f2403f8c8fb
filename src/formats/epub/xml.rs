//! Small XML files (container, package, contents) as a flat list of what they hold. Lenient: what
//! is not well-formed is read as far as it makes sense. Nothing outside the file is fetched, no
//! entity of its own is expanded. It must not know what the elements mean.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use crate::limits::{ATTRIBUTES_MAX, XML_NODES_MAX};

/// One thing in a file, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element begins.
    Start(Element),
    /// Text, decoded.
    Text(String),
    /// The innermost open element ends.
    End,
}

/// The beginning of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The name in small letters, without its prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute by its name without prefix, white space at its ends removed; `None` if it is
    /// not there or empty.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(n, _)| n == name)?;
        Some(value.trim()).filter(|v| !v.is_empty())
    }

    /// Whether an attribute that lists words has this one.
    pub fn has_word(&self, name: &str, word: &str) -> bool {
        self.attribute(name).is_some_and(|v| v.split_whitespace().any(|w| w == word))
    }
}

/// What a limit has taken of a file's nodes, in words that follow its name.
pub fn loss(nodes: &[Node]) -> Option<&'static str> {
    let is_rich = |node: &Node| matches!(node, Node::Start(element) if element.attributes.len() > ATTRIBUTES_MAX);
    if nodes.len() >= XML_NODES_MAX {
        Some("has more than a million elements; the rest is left out")
    } else {
        nodes
            .iter()
            .any(is_rich)
            .then_some("has an element with more than 256 attributes; the rest of them is left out")
    }
}

/// What a file holds. Every `Start` has its `End`.
pub fn parse(text: &str) -> Vec<Node> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut nodes = Vec::new();
    let mut open: Vec<String> = Vec::new();
    while nodes.len() + open.len() < XML_NODES_MAX {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let element = element(&tag);
                open.push(element.name.clone());
                nodes.push(Node::Start(element));
            }
            Ok(Event::Empty(tag)) => nodes.extend([Node::Start(element(&tag)), Node::End]),
            Ok(Event::End(tag)) => close(&tag.local_name().as_ref().to_lowercase(), &mut open, &mut nodes),
            Ok(Event::Text(text)) => add_text(&mut nodes, &text),
            Ok(Event::CData(text)) => add_text(&mut nodes, &text),
            Ok(Event::GeneralRef(name)) => add_text(&mut nodes, &reference(&name)),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    nodes.extend(open.iter().map(|_| Node::End));
    nodes
}

/// Closes the nearest open element of this name and all in it. An end without a beginning nearby
/// is left out; looking further up would take long in a file made for that.
fn close(name: &str, open: &mut Vec<String>, nodes: &mut Vec<Node>) {
    const NEAR: usize = 32;
    if let Some(depth) = open.iter().rev().take(NEAR).position(|o| o == name) {
        open.truncate(open.len() - depth - 1);
        nodes.extend((0..=depth).map(|_| Node::End));
    }
}

fn add_text(nodes: &mut Vec<Node>, text: &str) {
    match nodes.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => nodes.push(Node::Text(text.to_owned())),
    }
}

fn element(tag: &BytesStart<'_>) -> Element {
    let mut attributes = Vec::new();
    for attribute in tag.html_attributes().with_checks(false).take(ATTRIBUTES_MAX + 1).flatten() {
        let name = attribute.key.local_name().as_ref().to_lowercase();
        attributes.push((name, unescape(&attribute.value)));
    }
    Element { name: tag.local_name().as_ref().to_lowercase(), attributes }
}

/// The value of an attribute; references that are not known stay as they are written.
fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // No reference is longer than that.
        let end = after.bytes().take(12).position(|b| b == b';');
        rest = after;
        if let Some((name, after)) = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))) {
            out.push_str(&reference(name));
            rest = after;
        } else {
            out.push('&');
        }
    }
    out.push_str(rest);
    out
}

/// What a reference stands for; itself if it is not known.
fn reference(name: &str) -> Cow<'_, str> {
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    });
    if let Some(c) = number.and_then(char::from_u32) {
        return Cow::Owned(c.to_string());
    }
    match name {
        // The one reference of HTML that is common in package documents.
        "nbsp" => Cow::Borrowed("\u{A0}"),
        _ => resolve_xml_entity(name).map_or_else(|| Cow::Owned(format!("&{name};")), Cow::Borrowed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The nodes as a line: `<name attribute=value`, text, `>`.
    fn check(xml: &str, expected: &str) {
        let mut line = String::new();
        for node in parse(xml) {
            match node {
                Node::Start(e) => {
                    line.push('<');
                    line.push_str(&e.name);
                    e.attributes.iter().for_each(|(n, v)| line.extend([" ", n, "=", v]));
                    line.push(':');
                }
                Node::Text(text) => line.push_str(&text),
                Node::End => line.push('>'),
            }
        }
        assert_eq!(line, expected, "{xml}");
    }

    #[test]
    fn files_are_read() {
        check("<?xml version='1.0'?><a><b/>x</a>", "<a:<b:>x>");
        check("<dc:Title opf:Role='x'>T &amp; &#x41;&#66;</dc:Title>", "<title role=x:T & AB>");
        check("<a b='1 &lt; 2' c=\"&quot;\"/>", "<a b=1 < 2 c=\":>");
        check("<a><![CDATA[<b>]]></a>", "<a:<b>>");
    }

    #[test]
    fn what_is_not_well_formed_is_read_as_far_as_possible() {
        check("<a><b>x</a>y", "<a:<b:x>>y");
        check("<a>x</b></a>", "<a:x>");
        check("<a>x", "<a:x>");
        check("<a b=c d>x & y &unknown; z</a>", "<a b=c d=:x & y &unknown; z>");
        check("<a>x<", "<a:x>");
        check("", "");
    }

    #[test]
    fn entities_of_the_file_are_not_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'xx'><!ENTITY c SYSTEM 'file:///etc/passwd'>]><a t='&b;'>&b;&c;</a>";
        check(bomb, "<a t=&b;:&b;&c;>");
    }

    #[test]
    fn a_file_of_too_many_elements_says_so() {
        // Each of these is a start and an end.
        let check = |count: usize, is_told: bool| assert_eq!(loss(&parse(&"<a/>".repeat(count))).is_some(), is_told);
        check(XML_NODES_MAX / 2 - 1, false);
        check(XML_NODES_MAX / 2 + 1, true);
    }
}

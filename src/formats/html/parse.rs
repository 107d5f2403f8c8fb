//! Markup to tree: the tokenizers, and what is kept from them.
//!
//! Between tokenizer and tree stands a filter that drops tags beyond the depth limit and
//! formatting beyond its own; see [`tree`](super::tree) for why. It must not know what an element
//! means to a reader.

use std::borrow::Cow;
use std::cell::Cell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::TreeSink as _;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, TokenizerResult};
use xml5ever::tokenizer as xml;

use super::Markup;
use super::tree::{Content, Handle, NodeId, Sink, Tree};
use crate::limits::{ATTRIBUTES_MAX, ELEMENT_DEPTH_MAX, FORMATTING_MAX};

const TOO_MANY: &str = "This page has more than four million elements; beyond them its text has no structure.";
const TOO_DEEP: &str = "Elements stand more than 512 deep in each other; what lies deeper is shown as text.";
const TOO_FORMATTED: &str = "More than 32 kinds of emphasis are open at once; further ones are not shown.";
const TOO_DECORATED: &str = "An element has more than 256 attributes; the rest of them is left out.";

/// Names of dropped tags that are remembered; beyond it a stray end tag does no harm.
const DROPPED_NAMES_MAX: usize = 64;

/// Elements that never have content.
pub const VOID: [&str; 17] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "wbr",
];
/// Elements whose content is no markup: to drop their tag would show it as text.
const RAW: [&str; 9] = ["iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"];
/// Elements that html5ever opens again in each paragraph while they are not closed.
const FORMATTING: [&str; 13] =
    ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Parses a page.
pub fn parse(text: &str, markup: Markup) -> Tree {
    parse_within_limits(text, |text| parse_markup(text, markup))
}

/// Parses XML in any vocabulary. What is not well-formed is taken as it can be.
pub fn parse_xml(text: &str) -> Tree {
    parse_within_limits(&without_strays(text), |text| parse_xhtml(text).0)
}

/// Makes text of each `<` that begins no tag: another one stands before a `>`, which no tag of XML
/// has in it, or the text ends before one, and not in a name or a value. A parser would lose what
/// follows it.
fn without_strays(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)).map(|found| at + found) {
        let inside = bytes.get(start + 1..).unwrap_or_default();
        let end = match inside {
            [b'!', b'-', b'-', ..] => memchr::memmem::find(inside, b"-->"),
            [b'!' | b'?', ..] => memchr::memchr(b'>', inside),
            _ => memchr::memchr2(b'<', b'>', inside),
        };
        let has_value = || [&b"=\""[..], b"='"].iter().any(|sign| memchr::memmem::find(inside, sign).is_some());
        let is_name = |b: &u8| !b.is_ascii_whitespace();
        let end = match end {
            Some(end) => end,
            None if matches!(inside, [b'!' | b'?', ..]) || inside.iter().all(is_name) || has_value() => break,
            None => inside.len(),
        };
        if inside.get(end) != Some(&b'>') && !matches!(inside, [b'!' | b'?', ..]) {
            kept.push_str(text.get(copied..start).unwrap_or_default());
            kept.push_str("&lt;");
            copied = start + 1;
        }
        at = start + 1 + end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(kept)
}

/// Parses a text of which what has no limit of its own was taken out.
fn parse_within_limits(text: &str, parse: impl Fn(&str) -> Tree) -> Tree {
    let text = without_subset(text);
    let text = limit_attributes(&text);
    let mut tree = parse(&text);
    if matches!(text, Cow::Owned(_)) {
        tree.lose(TOO_DECORATED);
    }
    tree
}

fn parse_markup(text: &str, markup: Markup) -> Tree {
    match markup {
        Markup::Html => parse_html(text),
        Markup::Xhtml => {
            let (tree, errors) = parse_xhtml(text);
            if errors == 0 {
                return tree;
            }
            // Not well-formed: whichever rules keep more of the text are right.
            let other = parse_html(text);
            let (strict, lenient) = (shown(&tree), shown(&other));
            if lenient > strict + strict / 50 + 8 { other } else { tree }
        }
    }
}

fn parse_html(text: &str) -> Tree {
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let filter = Filter {
        builder: TreeBuilder::new(Sink::new(), options),
        dropped: Dropped::default(),
        formatting: Cell::new(0),
    };
    let tokenizer = Tokenizer::new(filter, html5ever::tokenizer::TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.builder.sink.finish()
}

fn parse_xhtml(text: &str) -> (Tree, u32) {
    let sink = XmlBuilder {
        sink: Sink::new(),
        open: Cell::new(Vec::new()),
        dropped: Dropped::default(),
        errors: Cell::new(0),
    };
    let tokenizer = xml::XmlTokenizer::new(sink, xml::XmlTokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    (tokenizer.sink.sink.finish(), tokenizer.sink.errors.get())
}

/// How much text a tree shows, in bytes without white space.
fn shown(tree: &Tree) -> usize {
    let mut bytes = 0;
    let mut at = Some(Tree::ROOT);
    while let Some(id) = at {
        let mut over = false;
        match tree.content(id) {
            Content::Text(text) => bytes += text.bytes().filter(|b| !b.is_ascii_whitespace()).count(),
            Content::Element(element) => {
                over = matches!(element.name(), "head" | "title" | "script" | "style" | "template");
            }
            Content::Nothing => {}
        }
        at = tree.following(id, Tree::ROOT, over);
    }
    bytes
}

/// Tags that were dropped and whose end tags are dropped with them.
#[derive(Default)]
struct Dropped(Cell<Vec<(LocalName, u32)>>);

impl Dropped {
    fn add(&self, name: &LocalName) {
        let mut list = self.0.take();
        if let Some((_, count)) = list.iter_mut().find(|(n, _)| n == name) {
            *count += 1;
        } else if list.len() < DROPPED_NAMES_MAX {
            list.push((name.clone(), 1));
        }
        self.0.set(list);
    }

    /// Whether an end tag belongs to a tag that was dropped.
    fn take(&self, name: &LocalName) -> bool {
        let mut list = self.0.take();
        let found = list.iter_mut().find(|(n, count)| n == name && *count > 0);
        let is_dropped = found.is_some();
        if let Some((_, count)) = found {
            *count -= 1;
        }
        self.0.set(list);
        is_dropped
    }

    fn forget(&self) {
        self.0.take();
    }
}

/// Stands between html5ever's tokenizer and its tree builder.
struct Filter {
    builder: TreeBuilder<Handle, Sink>,
    dropped: Dropped,
    formatting: Cell<u32>,
}

impl Filter {
    /// Whether a start tag goes no further.
    fn refuses(&self, name: &LocalName) -> bool {
        let sink = &self.builder.sink;
        if sink.is_full() {
            sink.lose(TOO_MANY);
            return !RAW.contains(&&**name);
        }
        if sink.depth() >= ELEMENT_DEPTH_MAX {
            let nests = !RAW.contains(&&**name) && !VOID.contains(&&**name);
            if nests || sink.depth() >= 2 * ELEMENT_DEPTH_MAX {
                sink.lose(TOO_DEEP);
                return true;
            }
        }
        if FORMATTING.contains(&&**name) {
            let open = self.formatting.get();
            self.formatting.set(open.saturating_add(1));
            if open >= FORMATTING_MAX {
                sink.lose(TOO_FORMATTED);
            }
            return open >= FORMATTING_MAX;
        }
        false
    }
}

impl TokenSink for Filter {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if let Token::TagToken(tag) = &token {
            match tag.kind {
                TagKind::StartTag => {
                    if self.refuses(&tag.name) {
                        if !VOID.contains(&&*tag.name) && !tag.self_closing {
                            self.dropped.add(&tag.name);
                        }
                        return TokenSinkResult::Continue;
                    }
                }
                TagKind::EndTag => {
                    if FORMATTING.contains(&&*tag.name) {
                        self.formatting.set(self.formatting.get().saturating_sub(1));
                    }
                    if self.dropped.take(&tag.name) {
                        return TokenSinkResult::Continue;
                    }
                    self.builder.sink.leave();
                    if self.builder.sink.depth() < ELEMENT_DEPTH_MAX / 2 && self.formatting.get() < FORMATTING_MAX {
                        self.dropped.forget();
                    }
                }
            }
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Builds a tree of XHTML from xml5ever's tokens.
struct XmlBuilder {
    sink: Sink,
    /// The open elements with their names, outermost first.
    open: Cell<Vec<(NodeId, LocalName)>>,
    dropped: Dropped,
    /// What was not well-formed.
    errors: Cell<u32>,
}

impl XmlBuilder {
    fn tag(&self, mut tag: xml::Tag) {
        // Capitals are an error in XHTML, and mean what they mean in HTML.
        if tag.name.local.bytes().any(|byte| byte.is_ascii_uppercase()) {
            tag.name.local = tag.name.local.to_ascii_lowercase();
        }
        let mut open = self.open.take();
        let name = tag.name.local.clone();
        match tag.kind {
            xml::TagKind::StartTag | xml::TagKind::EmptyTag => {
                let is_empty = tag.kind == xml::TagKind::EmptyTag || VOID.contains(&&*name);
                let is_deep = open.len() >= ELEMENT_DEPTH_MAX as usize;
                let is_refused = is_deep || self.sink.is_full();
                if is_refused {
                    self.sink.lose(if is_deep { TOO_DEEP } else { TOO_MANY });
                }
                if is_refused && !is_empty {
                    self.dropped.add(&name);
                } else if !is_refused {
                    let parent = open.last().map_or(Tree::ROOT, |(id, _)| *id);
                    let id = self.sink.put_element(parent, tag.name, tag.attrs);
                    if !is_empty {
                        open.push((id, name));
                    }
                }
            }
            xml::TagKind::EndTag => {
                if !VOID.contains(&&*name) && !self.dropped.take(&name) {
                    let place = open.iter().rposition(|(_, n)| *n == name);
                    if place.is_none_or(|place| place + 1 != open.len()) {
                        self.fault();
                    }
                    if let Some(place) = place {
                        open.truncate(place);
                    }
                }
            }
            xml::TagKind::ShortTag => {
                open.pop();
            }
        }
        self.open.set(open);
    }

    fn text(&self, text: StrTendril) {
        let open = self.open.take();
        let parent = open.last().map_or(Tree::ROOT, |(id, _)| *id);
        self.open.set(open);
        self.sink.put_text(parent, text);
    }

    fn fault(&self) {
        self.errors.set(self.errors.get().saturating_add(1));
    }
}

impl xml::TokenSink for XmlBuilder {
    type Handle = NodeId;

    fn process_token(&self, token: xml::Token) -> xml::ProcessResult<NodeId> {
        match token {
            xml::Token::Tag(tag) => self.tag(tag),
            xml::Token::Characters(text) => self.text(text),
            xml::Token::ParseError(_) => self.fault(),
            _ => {}
        }
        xml::ProcessResult::Continue
    }
}

/// Takes the declarations inside of a document type (`<!DOCTYPE x [ … ]>`) out: nothing is ever
/// expanded, and the parsers would show the end of them as text.
fn without_subset(text: &str) -> Cow<'_, str> {
    /// Bytes before a document type, and of its declarations.
    const HEAD: usize = 4 * 1024;
    const SUBSET: usize = 256 * 1024;
    let head = text.as_bytes().get(..HEAD.min(text.len())).unwrap_or_default();
    let start = head.windows(9).position(|word| word.eq_ignore_ascii_case(b"<!doctype"));
    let Some((before, doctype)) = start.and_then(|at| text.split_at_checked(at)) else { return Cow::Borrowed(text) };
    let doctype = doctype.get(..doctype.floor_char_boundary(SUBSET)).unwrap_or_default();
    let Some(open) = doctype.find(['[', '>']).filter(|&at| doctype.as_bytes().get(at) == Some(&b'[')) else {
        return Cow::Borrowed(text);
    };
    let closes = |at: &usize| doctype.get(at + 1..).is_some_and(|rest| rest.trim_start().starts_with('>'));
    let Some(close) = doctype.match_indices(']').map(|(at, _)| at).filter(|at| *at > open).find(closes) else {
        return Cow::Borrowed(text);
    };
    let head = doctype.get(..open).unwrap_or_default();
    let rest = text.get(before.len() + close + 1..).unwrap_or_default();
    Cow::Owned([before, head, rest].concat())
}

/// Cuts attributes beyond [`ATTRIBUTES_MAX`] out of a tag.
fn limit_attributes(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        at += found + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (over, end) = scan_tag(bytes, at);
        if let Some(over) = over {
            kept.push_str(text.get(copied..over).unwrap_or_default());
            copied = end;
        }
        at = end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(kept)
}

/// Where the first attribute too many begins in the tag at `start`, if there is one, and where
/// the tag ends (at its `>`, or at the end of the text).
fn scan_tag(bytes: &[u8], start: usize) -> (Option<usize>, usize) {
    let mut at = start;
    let mut names = 0;
    let mut over = None;
    let mut in_name = true;
    let mut after_equals = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return (over, at),
            b'"' | b'\'' if after_equals => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                at += 1 + memchr::memchr(byte, rest).unwrap_or(rest.len());
                after_equals = false;
                in_name = false;
            }
            b'=' => {
                after_equals = true;
                in_name = true;
            }
            b'/' if !after_equals => in_name = false,
            byte if byte.is_ascii_whitespace() => {
                if !after_equals {
                    in_name = false;
                }
            }
            _ => {
                if !in_name {
                    in_name = true;
                    names += 1;
                    if names > ATTRIBUTES_MAX && over.is_none() {
                        over = Some(at);
                    }
                }
                after_equals = false;
            }
        }
        at += 1;
    }
    (over, bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str, markup: Markup) -> String {
        let tree = parse(text, markup);
        tree.text(Tree::ROOT, usize::MAX)
    }

    #[test]
    fn attributes_are_limited_and_the_tag_still_ends() {
        use std::fmt::Write as _;
        let mut many = String::from("<p>a<div ");
        for i in 0..1000 {
            let _ = write!(many, "a{i}='>{i}' ");
        }
        many.push_str(">b</div>");
        assert_eq!(shape(&many, Markup::Html), "ab");
        assert!(matches!(limit_attributes("<p class='a b'>x < y</p>"), Cow::Borrowed(_)));
    }

    #[test]
    fn xhtml_keeps_what_html_would_swallow() {
        let page = "<html><head><title/></head><body><p>one&nbsp;two<br/>three<i/></p></body></html>";
        assert_eq!(shape(page, Markup::Xhtml), "one\u{a0}twothree");
    }

    #[test]
    fn markup_that_is_not_well_formed_keeps_its_text() {
        for page in [
            "<html><body><p>Hello <b>unclosed<p>two &nbsp; &bogus; <br>three</body>",
            "<p>a<br>b<hr>c</p><p>d & e < f</p>",
            "<p>a</div>b</p></p>c",
        ] {
            let text = shape(page, Markup::Xhtml);
            let words: Vec<char> = text.chars().filter(char::is_ascii_lowercase).collect();
            let html: Vec<char> = shape(page, Markup::Html).chars().filter(char::is_ascii_lowercase).collect();
            assert_eq!(words, html, "{page}");
        }
    }

    #[test]
    fn declarations_in_a_document_type_are_no_text() {
        let page =
            "<!DOCTYPE html [<!ENTITY a \"x>y\"><!ENTITY b SYSTEM 'file:///c'>] ><html><body>d [e]> &a;</body></html>";
        for markup in [Markup::Html, Markup::Xhtml] {
            assert_eq!(shape(page, markup).trim(), "d [e]> &a;", "{markup:?}");
        }
        assert!(matches!(without_subset("<!DOCTYPE html><p>[a]></p>"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_sign_that_begins_no_tag_of_xml_is_text() {
        let check = |text: &str, shown: &str| assert_eq!(parse_xml(text).text(Tree::ROOT, usize::MAX), shown, "{text}");
        check("<p>a <b & c < d</p><p>e</p>", "a <b & c < de");
        check("<p>a<!-- < <b --></p><?x < ?><p t='>'>b <</p>", "ab <");
        check("<p>a <b c", "a <b c");
        check("<p>a</sect", "a");
        check("<p>a<image href='x y", "a");
        assert!(matches!(without_strays("<p>a <b>c</b></p><"), Cow::Borrowed(_)));
    }

    #[test]
    fn depth_is_limited_and_text_is_not() {
        for markup in [Markup::Html, Markup::Xhtml] {
            let page = format!("<p>a</p>{}x{}<p>z</p>", "<div>".repeat(20_000), "</div>".repeat(20_000));
            let tree = parse(&page, markup);
            let deepest =
                tree.descendants(Tree::ROOT).map(|id| std::iter::successors(Some(id), |&id| tree.parent(id)).count());
            assert!(deepest.max().unwrap() < 600);
            assert_eq!(tree.text(Tree::ROOT, usize::MAX), "axz");
        }
    }
}

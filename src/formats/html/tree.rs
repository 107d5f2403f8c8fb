//! The tree of a page: an arena of nodes, and the two ways markup becomes one.
//!
//! HTML is built by html5ever's tree builder, XHTML by a stack of our own over xml5ever's
//! tokenizer, in which void elements are empty, unclosed ones end with their parent, and nothing
//! is refused. Both count how deep they are and drop the tags (never the text) beyond a limit,
//! *before* a tree builder sees them: its loops over open elements are quadratic in the depth.
//! The arena makes walks and drops iterative. It must not know what an element means to a reader.

use std::cell::Cell;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, LocalName, QualName, ns};

use crate::limits::TREE_NODES_MAX;

/// Attributes kept, by local name; all others are dropped while parsing.
const ATTRIBUTES: [&str; 35] = [
    "align",
    "alt",
    "alttext",
    "aria-label",
    "charset",
    "checked",
    "cite",
    "class",
    "colspan",
    "content",
    "epub:type",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "label",
    "lang",
    "name",
    "open",
    "property",
    "reversed",
    "role",
    "rowspan",
    "scheme",
    "scope",
    "src",
    "start",
    "style",
    "title",
    "type",
    "value",
    "width",
    "data-lang",
    "data-language",
    super::cuts::CONTINUED,
];

/// A node by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(u32);

/// What a node is.
#[derive(Debug)]
pub enum Content {
    /// The document itself, a comment, a processing instruction: nothing that shows.
    Nothing,
    /// An element.
    Element(Element),
    /// Text.
    Text(StrTendril),
}

/// An element: its name and the attributes that matter.
#[derive(Debug)]
pub struct Element {
    name: QualName,
    attributes: Vec<(LocalName, StrTendril)>,
}

#[derive(Debug)]
struct Node {
    parent: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    /// Elements around it when it was put in its place.
    depth: u32,
    content: Content,
}

/// A tree of nodes. The root always exists.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    /// What a limit has taken from it, in sentences for the reader.
    losses: Vec<&'static str>,
}

impl Element {
    /// The local name, in the case that the markup gives it.
    pub fn name(&self) -> &str {
        &self.name.local
    }

    /// The value of an attribute; an empty one where it has none.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| &**n == name).map(|(_, value)| &**value)
    }

    /// Whether it has no attribute that matters.
    pub fn is_bare(&self) -> bool {
        self.attributes.is_empty()
    }

    /// The words of an attribute that is a list of names.
    pub fn words<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.attribute(name).unwrap_or_default().split_ascii_whitespace()
    }
}

impl Tree {
    /// The root of all.
    pub const ROOT: NodeId = NodeId(0);

    fn new() -> Tree {
        let mut tree = Tree::default();
        tree.add(Content::Nothing);
        tree
    }

    /// What limits have taken from it, in sentences for the reader.
    pub fn losses(&self) -> &[&'static str] {
        &self.losses
    }

    /// Notes that a limit has taken something.
    pub fn lose(&mut self, sentence: &'static str) {
        if !self.losses.contains(&sentence) {
            self.losses.push(sentence);
        }
    }

    /// What a node is.
    pub fn content(&self, id: NodeId) -> &Content {
        self.node(id).map_or(&Content::Nothing, |node| &node.content)
    }

    /// A node as an element, if it is one.
    pub fn element(&self, id: NodeId) -> Option<&Element> {
        match self.content(id) {
            Content::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The name of a node that is an element; empty for others.
    pub fn name(&self, id: NodeId) -> &str {
        self.element(id).map_or("", Element::name)
    }

    /// The node around a node.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id)?.parent
    }

    /// The first node in a node.
    pub fn first(&self, id: NodeId) -> Option<NodeId> {
        self.node(id)?.first
    }

    /// The node after a node, with the same parent.
    pub fn next(&self, id: NodeId) -> Option<NodeId> {
        self.node(id)?.next
    }

    /// The node before a node, with the same parent.
    pub fn previous(&self, id: NodeId) -> Option<NodeId> {
        self.node(id)?.previous
    }

    /// The nodes in a node, not those deeper.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.first(id), |&child| self.next(child))
    }

    /// The node after this one in reading order, without those in it when `over`; `None` at the
    /// end of `root`.
    pub fn following(&self, id: NodeId, root: NodeId, over: bool) -> Option<NodeId> {
        if !over && let Some(first) = self.first(id) {
            return Some(first);
        }
        let mut at = id;
        while at != root {
            if let Some(next) = self.next(at) {
                return Some(next);
            }
            at = self.parent(at)?;
        }
        None
    }

    /// All nodes in a node, in reading order.
    pub fn descendants(&self, root: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.following(root, root, false), move |&id| self.following(id, root, false))
    }

    /// The text in a node, at most about `limit` bytes of it.
    pub fn text(&self, root: NodeId, limit: usize) -> String {
        let mut text = String::new();
        for id in std::iter::once(root).chain(self.descendants(root)) {
            if let Content::Text(piece) = self.content(id) {
                text.push_str(piece);
                if text.len() > limit {
                    break;
                }
            }
        }
        text
    }

    /// All text in a node, if it is short: of at most so many bytes, in few nodes. What is around a million
    /// empty elements is asked for it as often as those lie in each other.
    pub fn short_text(&self, root: NodeId, limit: usize) -> Option<String> {
        /// Nodes of a short text with its markup.
        const NODES_MAX: usize = 64;
        let mut text = String::new();
        for (number, id) in std::iter::once(root).chain(self.descendants(root)).enumerate() {
            if let Content::Text(piece) = self.content(id) {
                text.push_str(piece);
            }
            if text.len() > limit || number >= NODES_MAX {
                return None;
            }
        }
        Some(text)
    }

    /// Makes an element one of another name, with attributes set (or taken away, where the value is
    /// empty) and all others as they are.
    pub fn rename(&mut self, id: NodeId, name: &str, attributes: &[(&str, &str)]) {
        let Some(Content::Element(element)) = self.node_mut(id).map(|node| &mut node.content) else { return };
        element.name.local = LocalName::from(name);
        for (name, value) in attributes {
            element.attributes.retain(|(kept, _)| &**kept != *name);
            if !value.is_empty() {
                element.attributes.push((LocalName::from(*name), StrTendril::from(*value)));
            }
        }
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.0 as usize)
    }

    fn add(&mut self, content: Content) -> NodeId {
        self.nodes.push(Node { parent: None, first: None, last: None, previous: None, next: None, depth: 0, content });
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn add_element(&mut self, name: QualName, attributes: Vec<Attribute>) -> NodeId {
        let kept = attributes.into_iter().filter_map(kept).collect();
        self.add(Content::Element(Element { name, attributes: kept }))
    }

    fn append(&mut self, parent: NodeId, child: NodeOrText<NodeId>) {
        let last = self.node(parent).and_then(|node| node.last);
        match child {
            NodeOrText::AppendText(text) => {
                if !self.lengthen(last, &text) {
                    let id = self.add(Content::Text(text));
                    self.attach(id, parent, None);
                }
            }
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                self.attach(id, parent, None);
            }
        }
    }

    fn insert_before(&mut self, sibling: NodeId, child: NodeOrText<NodeId>) {
        let Some(parent) = self.parent(sibling) else { return };
        match child {
            NodeOrText::AppendText(text) => {
                if !self.lengthen(self.previous(sibling), &text) {
                    let id = self.add(Content::Text(text));
                    self.attach(id, parent, Some(sibling));
                }
            }
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                self.attach(id, parent, Some(sibling));
            }
        }
    }

    /// Adds to a text node, if it is one.
    fn lengthen(&mut self, id: Option<NodeId>, text: &StrTendril) -> bool {
        match id.and_then(|id| self.node_mut(id)).map(|node| &mut node.content) {
            Some(Content::Text(before)) => {
                before.push_tendril(text);
                true
            }
            _ => false,
        }
    }

    /// Puts a node that has no parent in its place: before a sibling, or last.
    fn attach(&mut self, id: NodeId, parent: NodeId, before: Option<NodeId>) {
        let last = self.node(parent).and_then(|node| node.last);
        let depth = self.node(parent).map_or(0, |node| node.depth) + 1;
        let previous = before.map_or(last, |sibling| self.previous(sibling));
        if let Some(node) = self.node_mut(id) {
            node.parent = Some(parent);
            node.previous = previous;
            node.next = before;
            node.depth = depth;
        }
        match previous.and_then(|id| self.node_mut(id)) {
            Some(node) => node.next = Some(id),
            None => {
                if let Some(node) = self.node_mut(parent) {
                    node.first = Some(id);
                }
            }
        }
        match before.and_then(|id| self.node_mut(id)) {
            Some(node) => node.previous = Some(id),
            None => {
                if let Some(node) = self.node_mut(parent) {
                    node.last = Some(id);
                }
            }
        }
    }

    fn detach(&mut self, id: NodeId) {
        let Some(node) = self.node_mut(id) else { return };
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        match previous.and_then(|id| self.node_mut(id)) {
            Some(node) => node.next = next,
            None => {
                if let Some(node) = parent.and_then(|id| self.node_mut(id)) {
                    node.first = next;
                }
            }
        }
        match next.and_then(|id| self.node_mut(id)) {
            Some(node) => node.previous = previous,
            None => {
                if let Some(node) = parent.and_then(|id| self.node_mut(id)) {
                    node.last = previous;
                }
            }
        }
    }
}

/// An attribute by the name that the walk asks for, if it is one that matters.
fn kept(attribute: Attribute) -> Option<(LocalName, StrTendril)> {
    let local = match attribute.name.prefix.as_deref() {
        None | Some("xml") => attribute.name.local,
        Some("epub") if &*attribute.name.local == "type" => LocalName::from("epub:type"),
        // Books choose a prefix of their own for links.
        Some(_) if &*attribute.name.local == "href" => attribute.name.local,
        Some(_) => return None,
    };
    let local = match &*local {
        "xml:lang" => LocalName::from("lang"),
        "xlink:href" => LocalName::from("href"),
        name if name.bytes().any(|byte| byte.is_ascii_uppercase()) => local.to_ascii_lowercase(),
        _ => local,
    };
    ATTRIBUTES.contains(&&*local).then_some((local, attribute.value))
}

/// A tree that is being built. The tree builder's interface hands out shared references only, so
/// the tree is taken out of its cell for each change and put back.
#[derive(Default)]
pub struct Sink {
    tree: Cell<Tree>,
    depth: Cell<u32>,
    nodes: Cell<usize>,
}

impl Sink {
    /// An empty document.
    pub fn new() -> Sink {
        Sink { tree: Cell::new(Tree::new()), ..Sink::default() }
    }

    /// Elements around the place where the last node was put, by a close estimate.
    pub fn depth(&self) -> u32 {
        self.depth.get()
    }

    /// An end tag came by: the next node lies no deeper than one level up.
    pub fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Whether the tree may not grow but by text.
    pub fn is_full(&self) -> bool {
        self.nodes.get() >= TREE_NODES_MAX
    }

    /// Notes that a limit has taken something.
    pub fn lose(&self, sentence: &'static str) {
        self.with(|tree| tree.lose(sentence));
    }

    fn with<T>(&self, change: impl FnOnce(&mut Tree) -> T) -> T {
        let mut tree = self.tree.take();
        let result = change(&mut tree);
        self.nodes.set(tree.nodes.len());
        self.tree.set(tree);
        result
    }

    fn note_depth(&self, tree: &Tree, parent: NodeId) {
        self.depth.set(tree.node(parent).map_or(0, |node| node.depth));
    }

    /// Adds an element as the last in a parent.
    pub fn put_element(&self, parent: NodeId, name: QualName, attributes: Vec<Attribute>) -> NodeId {
        self.with(|tree| {
            let id = tree.add_element(name, attributes);
            tree.append(parent, NodeOrText::AppendNode(id));
            id
        })
    }

    /// Adds text at the end of a parent.
    pub fn put_text(&self, parent: NodeId, text: StrTendril) {
        self.with(|tree| tree.append(parent, NodeOrText::AppendText(text)));
    }
}

/// A node as the tree builder holds it: with its name, which it asks for all the time, so that it
/// need not be looked up.
#[derive(Clone, Debug)]
pub struct Handle {
    id: NodeId,
    name: QualName,
}

impl Handle {
    fn nameless(id: NodeId) -> Handle {
        Handle { id, name: QualName::new(None, ns!(), LocalName::from("")) }
    }
}

/// What the tree builder wants put in, by its number.
fn child(handle: NodeOrText<Handle>) -> NodeOrText<NodeId> {
    match handle {
        NodeOrText::AppendNode(handle) => NodeOrText::AppendNode(handle.id),
        NodeOrText::AppendText(text) => NodeOrText::AppendText(text),
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _message: std::borrow::Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle::nameless(Tree::ROOT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _flags: ElementFlags) -> Handle {
        let id = self.with(|tree| tree.add_element(name.clone(), attributes));
        Handle { id, name }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        Handle::nameless(self.with(|tree| tree.add(Content::Nothing)))
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        Handle::nameless(self.with(|tree| tree.add(Content::Nothing)))
    }

    fn append(&self, parent: &Handle, node: NodeOrText<Handle>) {
        self.with(|tree| {
            tree.append(parent.id, child(node));
            self.note_depth(tree, parent.id);
        });
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, node: NodeOrText<Handle>) {
        if self.with(|tree| tree.parent(element.id).is_some()) {
            self.append_before_sibling(element, node);
        } else {
            self.append(previous, node);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    /// What a template holds is never shown, so it may lie in the template itself.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one.id == other.id
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, node: NodeOrText<Handle>) {
        self.with(|tree| {
            tree.insert_before(sibling.id, child(node));
            if let Some(parent) = tree.parent(sibling.id) {
                self.note_depth(tree, parent);
            }
        });
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        self.with(|tree| {
            let Some(Content::Element(element)) = tree.node_mut(target.id).map(|node| &mut node.content) else {
                return;
            };
            for (name, value) in attributes.into_iter().filter_map(kept) {
                if element.attribute(&name).is_none() {
                    element.attributes.push((name, value));
                }
            }
        });
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.with(|tree| tree.detach(target.id));
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.with(|tree| {
            while let Some(child) = tree.first(node.id) {
                tree.append(new_parent.id, NodeOrText::AppendNode(child));
            }
        });
    }
}

//! A page's tree into blocks: what each element means to a reader.
//!
//! One iterative walk in reading order. Entering an element may leave a list of things to undo
//! (a style, a frame, a block) that are undone when the walk leaves it. What an element *is* comes
//! from [`element`](super::element), [`list`](super::list) and [`table`](super::table); this file
//! knows only what to tell the writer.

use crate::document::{BlockKind, FrameKind, Style};
use crate::text::{Clean, clean_line};

use super::element::{self, Display, display, has_class, means};
use super::list::List;
use super::table::{self, Table};
use super::tree::{Content, Element, NodeId, Tree};
use super::verse::{self, Part};
use crate::formats::writer::{Writer, link};

/// Bytes of the words that stand for a picture or a formula; longer ones are data.
const WORDS_MAX: usize = 16 * 1024;
/// Bytes of a picture's address; longer ones carry the picture itself.
const SOURCE_MAX: usize = 2048;
/// Nodes that are looked at to see whether a picture stands alone in its block.
const LOOK_MAX: usize = 64;

/// Walks a tree into a writer.
pub fn walk(tree: &Tree, out: &mut Writer) {
    let mut walk = Walk {
        tree,
        out,
        undo: Vec::new(),
        modes: Vec::new(),
        lists: Vec::new(),
        tables: Vec::new(),
        quotes: 0,
        breaks: 0,
        verse: 0,
        stanza: None,
        has_gap: false,
    };
    let mut at = Tree::ROOT;
    loop {
        if walk.enter(at)
            && let Some(first) = tree.first(at)
        {
            at = first;
            continue;
        }
        walk.leave(at);
        loop {
            if let Some(next) = tree.next(at) {
                at = next;
                break;
            }
            match tree.parent(at) {
                Some(parent) => {
                    walk.leave(parent);
                    at = parent;
                }
                None => {
                    walk.out.end();
                    return;
                }
            }
        }
    }
}

/// How text and block boundaries are taken at this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Paragraphs, as they come.
    Flow,
    /// One block of a kind of its own (a heading): what would be a block in it is a line.
    Block,
    /// Lines of verse: white space collapses, and the walk itself keeps the indents.
    Verse,
    /// Preformatted text.
    Preformatted,
}

/// What is to be undone when the walk leaves an element.
#[derive(Debug)]
enum Undo {
    Style,
    Link,
    Boundary,
    Frame,
    Mode,
    List,
    Row,
    Table,
    /// With the number of further columns that the cell spans.
    Cell(usize),
    Text(&'static str),
    Quote,
    Verse,
    /// A line of verse whose stanza goes on.
    Line,
}

pub(super) struct Walk<'t, 'w, 'b> {
    tree: &'t Tree,
    out: &'w mut Writer<'b>,
    undo: Vec<(NodeId, Undo)>,
    modes: Vec<Mode>,
    lists: Vec<List>,
    tables: Vec<Table>,
    /// Quotation marks that are open.
    quotes: usize,
    /// Line breaks since the last word.
    breaks: usize,
    /// Elements that hold verse, around this place.
    verse: usize,
    /// What lines of verse lie in whose stanza is still open.
    stanza: Option<NodeId>,
    /// In verse: white space since the last word.
    has_gap: bool,
}

impl Walk<'_, '_, '_> {
    /// Takes a node in; says whether to go into it.
    fn enter(&mut self, id: NodeId) -> bool {
        match self.tree.content(id) {
            Content::Nothing => true,
            Content::Text(text) => {
                self.text(text);
                false
            }
            Content::Element(element) => self.element(id, element),
        }
    }

    fn leave(&mut self, id: NodeId) {
        while self.undo.last().is_some_and(|(owner, _)| *owner == id) {
            let Some((_, undo)) = self.undo.pop() else { return };
            match undo {
                Undo::Style => self.out.pop_style(),
                Undo::Link => self.out.pop_link(),
                Undo::Boundary => self.boundary(),
                Undo::Frame => self.out.close(),
                Undo::Mode => {
                    self.modes.pop();
                    self.boundary();
                }
                Undo::List => {
                    self.lists.pop();
                }
                Undo::Row => {
                    if let Some(table) = self.tables.last_mut() {
                        table.end_row();
                    }
                }
                Undo::Cell(further) => {
                    for _ in 0..further {
                        self.out.cell();
                    }
                    if let Some(table) = self.tables.last_mut() {
                        table.has_cell = false;
                    }
                }
                Undo::Table => {
                    if self.tables.pop().is_some_and(|table| table.is_open) {
                        self.out.end_table();
                    }
                }
                Undo::Text(text) => self.out.text(text),
                Undo::Verse => self.verse = self.verse.saturating_sub(1),
                Undo::Line => {
                    self.modes.pop();
                }
                Undo::Quote => {
                    self.quotes = self.quotes.saturating_sub(1);
                    self.out.text(if self.quotes.is_multiple_of(2) { "”" } else { "’" });
                }
            }
        }
    }

    fn mode(&self) -> Mode {
        self.modes.last().copied().unwrap_or(Mode::Flow)
    }

    fn text(&mut self, text: &str) {
        let is_fill = |c: char| c.is_ascii_whitespace() || c == '\u{a0}';
        let is_first = matches!(self.mode(), Mode::Flow | Mode::Block) && !self.out.has_open_text();
        let is_filled = self.out.is_in_table() && text.chars().all(is_fill);
        let text = if is_first || is_filled { text.trim_start_matches(is_fill) } else { text };
        if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            if self.mode() == Mode::Verse {
                self.has_gap = true;
            } else {
                self.out.text(text);
            }
            return;
        }
        self.need_cell();
        if self.mode() == Mode::Verse {
            self.verse_text(text);
            self.breaks = 0;
            return;
        }
        self.breaks = 0;
        // The line break after the tag that opens preformatted text is no part of it.
        let is_first = self.mode() == Mode::Preformatted && !self.out.has_open_text();
        let text = if is_first { text.strip_prefix("\r\n").or(text.strip_prefix('\n')).unwrap_or(text) } else { text };
        self.out.text(text);
    }

    /// Text in a line of verse, with its white space collapsed.
    fn verse_text(&mut self, text: &str) {
        let is_space = |c: char| c.is_ascii_whitespace();
        let mut has_gap = (self.has_gap || text.starts_with(is_space)) && self.breaks == 0 && self.out.has_open_text();
        let mut line = String::with_capacity(text.len());
        for word in text.split_ascii_whitespace() {
            if has_gap {
                line.push(' ');
            }
            line.push_str(word);
            has_gap = true;
        }
        self.has_gap = text.ends_with(is_space);
        self.out.text(&line);
    }

    /// Text between the cells of a table gets a cell of its own.
    fn need_cell(&mut self) {
        let Some(table) = self.tables.last_mut().filter(|table| table.is_open && !table.has_cell) else { return };
        table.has_cell = true;
        self.out.cell();
    }

    /// The edge of something that stands as a block.
    fn boundary(&mut self) {
        if self.mode() == Mode::Flow {
            self.out.end();
            self.breaks = 0;
            self.stanza = None;
        } else if self.breaks == 0 {
            self.out.line_break();
            self.breaks = 1;
        }
    }

    fn element(&mut self, id: NodeId, element: &Element) -> bool {
        let display = display(element);
        let is_block = display == Display::Block;
        if is_block && verse::is_verse(element) {
            self.verse += 1;
            self.undo.push((id, Undo::Verse));
        }
        let is_verse = is_block && self.verse > 0 && self.mode() == Mode::Flow && !self.out.is_in_table();
        let part = if is_verse { verse::part(self.tree, id) } else { Part::Other };
        let goes_on = part == Part::Line && self.stanza.is_some() && self.stanza == self.tree.parent(id);
        if is_block && !goes_on {
            self.boundary();
        }
        if goes_on {
            self.out.line_break();
        }
        for name in ["id", "name"] {
            let is_target = name == "id" || matches!(element.name(), "a" | "map");
            if let Some(value) = element.attribute(name).filter(|_| is_target && element.name() != "meta") {
                self.out.id(value);
            }
        }
        if display == Display::Hidden {
            return false;
        }
        if self.is_page_number(id, element) {
            self.names_in(id);
            return false;
        }
        if part != Part::Other && !self.is_attribution(id, element) {
            self.verse_part(id, element, part, goes_on);
            return true;
        }
        if is_block {
            self.undo.push((id, Undo::Boundary));
            self.block(id, element)
        } else {
            self.inline(id, element)
        }
    }

    /// Begins a stanza or a line of verse.
    fn verse_part(&mut self, id: NodeId, element: &Element, part: Part, goes_on: bool) {
        if !goes_on {
            self.out.begin(BlockKind::Verse);
        }
        self.modes.push(Mode::Verse);
        self.has_gap = false;
        self.breaks = usize::from(goes_on);
        if part == Part::Line {
            self.stanza = self.tree.parent(id);
            self.undo.push((id, Undo::Line));
        } else {
            self.undo.push((id, Undo::Mode));
        }
        self.indent(element);
        self.style(id, element);
    }

    /// The space before a line of verse, if it is one and nothing stands in it yet.
    fn indent(&mut self, element: &Element) {
        let spaces = verse::indent(element);
        if spaces > 0 && self.mode() == Mode::Verse && (self.breaks > 0 || !self.out.has_open_text()) {
            self.out.text(&" ".repeat(spaces));
            self.breaks = 0;
        }
    }

    /// Whether an element is nothing but the number of a printed page.
    fn is_page_number(&self, id: NodeId, element: &Element) -> bool {
        /// Bytes of the longest number with its brackets and words (`[Page xxxviii]`).
        const NUMBER_BYTES_MAX: usize = 24;
        let is_named = means(element, "pagebreak")
            || ["pagenum", "pageno", "pgnum", "pagenumber", "pagebreak"].iter().any(|word| has_class(element, word));
        is_named && element.name() != "hr" && self.tree.text(id, NUMBER_BYTES_MAX).trim().len() <= NUMBER_BYTES_MAX
    }

    /// Names in matter that is not shown are places all the same.
    fn names_in(&mut self, id: NodeId) {
        for element in self.tree.descendants(id).filter_map(|node| self.tree.element(node)) {
            for name in element.attribute("id").into_iter().chain(element.attribute("name")) {
                self.out.id(name);
            }
        }
    }

    /// Takes in an element that stands as a block.
    fn block(&mut self, id: NodeId, element: &Element) -> bool {
        self.style(id, element);
        let name = element.name();
        if let Some(level) = element::heading(name) {
            self.whole(id, BlockKind::Heading(level), Mode::Block);
            return true;
        }
        match name {
            "hr" => {
                self.out.rule();
                return false;
            }
            "pre" | "listing" | "xmp" | "plaintext" => self.preformatted(id, element),
            "textarea" => self.whole(id, BlockKind::Code { language: None }, Mode::Preformatted),
            "blockquote" => {
                let is_motto = means(element, "epigraph") || has_class(element, "epigraph");
                self.frame(id, if is_motto { FrameKind::Epigraph } else { FrameKind::Quote });
            }
            "ul" | "ol" | "menu" | "dir" => self.list(id),
            "li" => self.item(id, element),
            "dd" => {
                self.out.tight();
                self.frame(id, FrameKind::Definition);
            }
            "table" => self.table(id),
            "tr" => self.row(id),
            "td" | "th" => self.cell(id, element),
            "caption" => self.caption(),
            _ => self.section(id, element),
        }
        true
    }

    /// A division: most are nothing but a boundary.
    fn section(&mut self, id: NodeId, element: &Element) {
        if self.mode() != Mode::Flow {
            return;
        }
        if element::is_note(element) && !matches!(element.name(), "section" | "body" | "html") {
            self.frame(id, FrameKind::Note { label: Clean::default() });
        } else if means(element, "epigraph") {
            self.frame(id, FrameKind::Epigraph);
        } else if element.name() == "aside" {
            self.frame(id, FrameKind::Aside);
        } else if self.is_attribution(id, element) {
            self.whole(id, BlockKind::Attribution, Mode::Block);
        }
    }

    /// Whether a block names the source of the quotation that it stands in.
    fn is_attribution(&self, id: NodeId, element: &Element) -> bool {
        let name = element.name();
        let is_named = ["attribution", "source", "signature", "cite", "citation"].iter().any(|w| has_class(element, w));
        let around = || std::iter::successors(self.tree.parent(id), |&p| self.tree.parent(p)).take(4);
        let is_in = |names: &[&str]| around().any(|parent| names.contains(&self.tree.name(parent)));
        let is_caption = name == "figcaption"
            && self.tree.parent(id).is_some_and(|f| self.tree.children(f).any(|c| self.tree.name(c) == "blockquote"));
        let in_epigraph = || {
            around()
                .filter_map(|parent| self.tree.element(parent))
                .any(|e| means(e, "epigraph") || has_class(e, "epigraph"))
        };
        let only_cites = || {
            let mut children = self.tree.children(id).filter(|&c| !self.is_blank(c));
            children.next().is_some_and(|c| self.tree.name(c) == "cite") && children.next().is_none()
        };
        let is_quoted = || self.verse > 0 || is_in(&["blockquote"]) || in_epigraph();
        is_caption || (is_named || name == "footer" || only_cites()) && is_quoted()
    }

    fn is_blank(&self, id: NodeId) -> bool {
        match self.tree.content(id) {
            Content::Nothing => true,
            Content::Text(text) => text.bytes().all(|byte| byte.is_ascii_whitespace()),
            Content::Element(_) => false,
        }
    }

    /// Takes in an element that stands in the line.
    fn inline(&mut self, id: NodeId, element: &Element) -> bool {
        match element.name() {
            "br" => {
                self.line_break();
                return false;
            }
            "img" => {
                self.image(id, element);
                return false;
            }
            "svg" => {
                self.drawing(id);
                return false;
            }
            "math" if element.attribute("alttext").is_some() => {
                self.text(element.attribute("alttext").unwrap_or_default());
                return false;
            }
            "input" => {
                self.input(element);
                return false;
            }
            "option" => {
                self.out.text(" ");
                self.undo.push((id, Undo::Text(" ")));
            }
            "q" => {
                self.text(if self.quotes.is_multiple_of(2) { "“" } else { "‘" });
                self.quotes += 1;
                self.undo.push((id, Undo::Quote));
            }
            "rt" => {
                self.text("(");
                self.undo.push((id, Undo::Text(")")));
            }
            "cite" if self.mode() == Mode::Flow && self.is_source(id) => {
                self.boundary();
                self.whole(id, BlockKind::Attribution, Mode::Block);
                return true;
            }
            "a" => {
                if let Some(link) = element.attribute("href").and_then(link) {
                    self.out.push_link(link);
                    self.undo.push((id, Undo::Link));
                }
            }
            _ => {}
        }
        if self.mode() == Mode::Verse {
            if verse::is_line(element) && self.breaks == 0 && self.out.has_open_text() {
                self.line_break();
            }
            self.indent(element);
        }
        self.style(id, element);
        true
    }

    /// Whether a `cite` ends a quotation and names its source.
    fn is_source(&self, id: NodeId) -> bool {
        let is_last = std::iter::successors(self.tree.next(id), |&n| self.tree.next(n)).all(|n| self.is_blank(n));
        let quotes = self.tree.parent(id).is_some_and(|parent| self.tree.name(parent) == "blockquote");
        let before = std::iter::successors(self.tree.previous(id), |&n| self.tree.previous(n));
        let before = before.take(LOOK_MAX).find(|&n| !self.is_blank(n));
        quotes && is_last && before.is_some_and(|n| matches!(self.tree.name(n), "p" | "br" | "div" | "ul" | "ol"))
    }

    fn style(&mut self, id: NodeId, element: &Element) {
        let style = element::style(element);
        if style != Style::PLAIN {
            self.out.push_style(style);
            self.undo.push((id, Undo::Style));
        }
    }

    /// Makes one block of an element and all that is in it.
    fn whole(&mut self, id: NodeId, kind: BlockKind, mode: Mode) {
        if self.mode() == Mode::Flow && !self.out.is_in_table() {
            self.out.begin(kind);
            self.modes.push(mode);
            self.undo.push((id, Undo::Mode));
        }
    }

    fn frame(&mut self, id: NodeId, kind: FrameKind) {
        if self.mode() == Mode::Flow {
            self.out.open(kind);
            self.undo.push((id, Undo::Frame));
        }
    }

    fn preformatted(&mut self, id: NodeId, element: &Element) {
        let inner = self.tree.children(id).filter_map(|child| self.tree.element(child)).find(|e| e.name() == "code");
        let language = element::language(element).or_else(|| inner.and_then(element::language)).map(clean_line);
        self.whole(id, BlockKind::Code { language }, Mode::Preformatted);
    }

    /// A line break; two in a row part paragraphs.
    fn line_break(&mut self) {
        self.breaks += 1;
        match self.mode() {
            Mode::Flow if self.breaks == 2 => self.out.end(),
            Mode::Block if self.breaks > 1 => {}
            _ => self.out.line_break(),
        }
    }

    fn list(&mut self, id: NodeId) {
        let ordered = self.lists.iter().filter(|list| list.is_ordered()).count();
        self.lists.push(List::open(self.tree, id, ordered, self.lists.len() - ordered));
        self.undo.push((id, Undo::List));
    }

    fn item(&mut self, id: NodeId, element: &Element) {
        if self.lists.is_empty() {
            self.lists.push(List::stray());
            self.undo.push((id, Undo::List));
        }
        let Some(list) = self.lists.last_mut() else { return };
        let is_tight = list.is_tight && (list.items > 0 || list.depth > 0);
        let marker = list.marker(element);
        if self.out.is_in_table() || self.mode() != Mode::Flow {
            if !marker.is_empty() {
                self.text(&marker);
                self.out.text(" ");
            }
            return;
        }
        if is_tight {
            self.out.tight();
        }
        let marker = clean_line(&marker);
        let kind =
            if element::is_note(element) { FrameKind::Note { label: marker } } else { FrameKind::Item { marker } };
        self.frame(id, kind);
    }

    fn table(&mut self, id: NodeId) {
        let is_nested = self.tables.iter().any(|table| table.is_open);
        if self.mode() == Mode::Flow && (is_nested || table::is_data(self.tree, id)) {
            self.tables.push(Table::new(id));
            self.undo.push((id, Undo::Table));
        }
    }

    /// The table that a row or a cell belongs to, if it is read as one.
    fn own_table(&mut self, id: NodeId) -> Option<&mut Table> {
        let tree = self.tree;
        let owner =
            std::iter::successors(tree.parent(id), |&p| tree.parent(p)).take(3).find(|&p| tree.name(p) == "table")?;
        self.tables.last_mut().filter(|table| table.id == owner)
    }

    fn row(&mut self, id: NodeId) {
        let Some(table) = self.own_table(id) else { return };
        table.row();
        let (owner, was_open) = (table.id, std::mem::replace(&mut table.is_open, true));
        if !was_open {
            self.out.table(table::aligns(self.tree, owner));
        }
        self.out.row(table::is_header(self.tree, id));
        self.undo.push((id, Undo::Row));
    }

    fn cell(&mut self, id: NodeId, element: &Element) {
        let Some(table) = self.own_table(id).filter(|table| table.is_open) else { return };
        let (skipped, wide) = table.cell(element);
        for _ in 0..=skipped {
            self.out.cell();
        }
        // The text stands in the first of the columns that a cell spans.
        self.undo.push((id, Undo::Cell(wide - 1)));
    }

    /// A caption stands before the table, or parts it where it comes between rows.
    fn caption(&mut self) {
        if let Some(table) = self.tables.last_mut().filter(|table| table.is_open) {
            table.is_open = false;
            self.out.end_table();
        }
    }

    fn image(&mut self, id: NodeId, element: &Element) {
        let words = element.attribute("alt").or_else(|| element.attribute("title"));
        let words = words.or_else(|| element.attribute("aria-label")).unwrap_or_default();
        let is_ornament = element.words("role").any(|role| matches!(role, "presentation" | "none"))
            || element.attribute("alt") == Some("");
        let source = element.attribute("src").unwrap_or_default();
        self.picture(id, words, source, is_ornament);
    }

    fn drawing(&mut self, id: NodeId) {
        let find = |name: &str| self.tree.descendants(id).find(|&n| self.tree.name(n) == name);
        let words = find("title").or_else(|| find("desc")).map(|n| self.tree.text(n, WORDS_MAX)).unwrap_or_default();
        let label = self.tree.element(id).and_then(|e| e.attribute("aria-label")).unwrap_or_default();
        let words = if words.trim().is_empty() { label.to_owned() } else { words };
        let words = if words.trim().is_empty() { self.labels(id) } else { words };
        let source = find("image").and_then(|n| self.tree.element(n)).and_then(|e| e.attribute("href"));
        self.picture(id, &words, source.unwrap_or_default(), source.is_none());
    }

    /// The words that are written in a drawing.
    fn labels(&self, id: NodeId) -> String {
        let mut words = String::new();
        let mut at = self.tree.first(id);
        while let Some(node) = at.filter(|_| words.len() < WORDS_MAX) {
            let name = self.tree.name(node);
            if let Content::Text(text) = self.tree.content(node) {
                words.push_str(text);
                words.push(' ');
            }
            at = self.tree.following(node, id, matches!(name, "style" | "script" | "metadata"));
        }
        words
    }

    fn picture(&mut self, id: NodeId, words: &str, source: &str, is_ornament: bool) {
        let words = words.get(..words.floor_char_boundary(WORDS_MAX)).unwrap_or_default().trim();
        let source = source.get(..source.floor_char_boundary(SOURCE_MAX)).unwrap_or_default();
        let source =
            if source.starts_with("data:") { source.split([',', ';']).next().unwrap_or_default() } else { source };
        if words.is_empty() && (is_ornament || !self.is_alone(id)) {
            return;
        }
        self.need_cell();
        self.breaks = 0;
        if self.mode() == Mode::Flow && !self.out.is_in_table() && !self.out.has_open_text() && self.is_alone(id) {
            self.out.end();
            self.out.image(words, source);
        } else {
            self.out.text(words);
        }
    }

    /// Whether nothing follows a picture in its block.
    fn is_alone(&self, id: NodeId) -> bool {
        let mut at = id;
        for _ in 0..LOOK_MAX {
            let mut next = self.tree.next(at);
            while next.is_none() {
                let Some(parent) = self.tree.parent(at) else { return true };
                if self.tree.element(parent).is_none_or(|e| display(e) == Display::Block) {
                    return true;
                }
                at = parent;
                next = self.tree.next(at);
            }
            let Some(node) = next else { return true };
            at = node;
            loop {
                match self.tree.content(at) {
                    Content::Text(_) if !self.is_blank(at) => return false,
                    Content::Element(e) if matches!(e.name(), "br" | "img" | "svg") => return true,
                    Content::Element(e) if display(e) == Display::Block => return true,
                    _ => {}
                }
                match self.tree.first(at) {
                    Some(first) => at = first,
                    None => break,
                }
            }
        }
        true
    }

    fn input(&mut self, element: &Element) {
        let value = element.attribute("value").unwrap_or_default();
        match element.attribute("type").unwrap_or("text").to_ascii_lowercase().as_str() {
            "hidden" | "file" | "color" | "range" | "image" | "password" => {}
            "checkbox" => self.text(if element.attribute("checked").is_some() { "☑ " } else { "☐ " }),
            "radio" => self.text(if element.attribute("checked").is_some() { "◉ " } else { "○ " }),
            _ if value.trim().is_empty() => {}
            "submit" | "button" | "reset" => self.text(&format!("[{value}]")),
            _ => self.text(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockId, Section, SectionBuilder, SectionId};
    use crate::formats::html::Markup;

    fn section(page: &str) -> Section {
        let mut builder = SectionBuilder::new(SectionId(0));
        crate::formats::html::walk(page, Markup::Html, &mut builder);
        builder.finish()
    }

    #[track_caller]
    fn check(page: &str, blocks: &[&str]) {
        assert_eq!(crate::formats::parsed::tests::dump(&section(page)), blocks, "{page}");
    }

    #[test]
    fn paragraphs_headings_and_rules() {
        check(
            "<h1>A <i>b</i></h1><p>c\n d<p>e<div>f<div>g</div>h</div><hr>i",
            &["# A b", "c d", "e", "f", "g", "h", "---", "i"],
        );
        check("<h2><div>One</div><div>Two</div></h2>x", &["## One/Two", "x"]);
        check("a<br>b<br><br>c<br> <br>d", &["a/b", "c", "d"]);
        check(
            "<p hidden>a</p><p style='display:none'>b</p><script>c</script><style>d</style><noscript>e</noscript>",
            &["e"],
        );
    }

    #[test]
    fn lists_have_markers() {
        check("<ul><li>a<ul><li>b</ul><li>c</ul>", &["• a", "^• ◦ b", "^• c"]);
        check("<ol start=3><li>a<li value=7>b<li>c</ol>", &["3. a", "^7. b", "^8. c"]);
        check("<ol reversed type=I><li>a<li>b</ol>", &["II. a", "^I. b"]);
        check("<ol><li>a<ol><li>b<ol><li>c</ol></ol></ol>", &["1. a", "^1. a. b", "^1. a. i. c"]);
        check("<ul><li><p>a</p><p>b</p><li><p>c</p></ul>", &["• a", "• b", "• c"]);
        check("<dl><dt>t<dd>d</dl>", &["t", "^: d"]);
    }

    #[test]
    fn quotations_name_their_source() {
        check("<blockquote><p>q</p><footer>— N</footer></blockquote>", &["> q", "> by: — N"]);
        check("<blockquote><p>q</p><cite>N</cite></blockquote>", &["> q", "> by: N"]);
        check("<blockquote><p>q <cite>T</cite> r</p><p class=source>N</p></blockquote>", &["> q T r", "> by: N"]);
        check("<blockquote><p>q</p><p><cite>N</cite></p></blockquote>", &["> q", "> by: N"]);
        check("<figure><blockquote>q</blockquote><figcaption>N</figcaption></figure>", &["> q", "by: N"]);
        check("<p>a <cite>B</cite></p>", &["a B"]);
        check("<p>She said <q>no <q>yes</q></q>.", &["She said “no ‘yes’”."]);
    }

    #[test]
    fn tables_have_rows_and_cells() {
        check(
            "<table><caption>C</caption><thead><tr><th>a<th>b</thead><tr><td>1<td>2<tr><td colspan=2>3</table>x",
            &["C", "th: a|b", "tr: 1|2", "tr: 3|", "x"],
        );
        check("<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d<td>e</table>", &["tr: a|b", "tr: |c", "tr: d|e"]);
        check("<table><tr><td><h1>T</h1><p>a</p><td><table><tr><td>b</table></table>", &["# T", "a", "tr: b"]);
        check("<table><tr><td><ul><li>a<li>b</ul><td>c</table>", &["tr: • a • b|c"]);
    }

    #[test]
    fn pictures_are_words() {
        check("<p><img src=a.png alt='A cat'></p>", &["image(a.png): A cat"]);
        check("<p><img src=w.png alt=W>hen <img alt='' src=x>it</p>", &["When it"]);
        check("<img src=a.png><img role=presentation src=b.png>", &["image(a.png): "]);
        check("<svg><title>T</title><text>x</text></svg>", &["image(): T"]);
        check("<p>a <math alttext='x^2'><mi>x</mi></math> b</p>", &["a x^2 b"]);
    }

    #[test]
    fn code_keeps_its_lines() {
        check("<pre><code class='language-rust'>\nfn f() {\n  x\n}\n</code></pre>", &["code(rust): fn f() {/  x/}"]);
        check("<p>a <code>b</code></p><pre>\nx</pre>", &["a b", "code(): x"]);
    }

    #[test]
    fn notes_and_epigraphs_are_framed() {
        check("<aside epub:type=footnote id=n><p>N</p></aside><aside>s</aside>", &["note() N", "aside> s"]);
        check("<div epub:type=epigraph><p>E</p><p class=cite>W</p></div>", &["epigraph> E", "epigraph> by: W"]);
        check("<ol><li role=doc-endnote>N</ol>", &["note(1.) N"]);
        let s = section("<p>a<a epub:type=noteref href='#n'>1</a></p>");
        assert_eq!(s.spans(BlockId(0))[0].style, Style::SUPER);
        assert_eq!(s.links().len(), 1);
    }

    #[test]
    fn verse_keeps_its_lines() {
        check(
            "<div class=poem><div class=stanza><div class='verse indent0'>a\n b</div><div class='verse indent4'><i>c</i> d</div></div>
             <div class=stanza><div class=verse>e</div></div></div>f",
            &["verse: a b/    c d", "verse: e", "f"],
        );
        check(
            "<blockquote epub:type='z3998:verse'><p><span>a</span><br><span class=i1>b\n c</span></p><p>d<br>e</p></blockquote>",
            &["> verse: a/ b c", "> verse: d/e"],
        );
        check("<p class=poem>a<br>\n&nbsp;&nbsp;b</p>", &["verse: a/\u{a0}\u{a0}b"]);
        check(
            "<div class=poem><p>a</p><p>b</p><p>&nbsp;</p><p>c</p><p class=author>d</p></div>",
            &["verse: a/b", "verse: c/d"],
        );
        check("<p class=stanza><span class=line>a</span> <span class=line>b</span></p>", &["verse: a/b"]);
        let prose = "word ".repeat(60);
        check(&format!("<p class=verse>{prose}</p>"), &[prose.trim_end()]);
    }

    #[test]
    fn what_only_fills_a_page_is_left_out() {
        check(
            "<p>a</p><p>&nbsp;</p><p>&nbsp;&nbsp;b&nbsp;c</p><table><tr><td>&nbsp;<td>d</table>",
            &["a", "b\u{a0}c", "tr: |d"],
        );
        check(
            "<p>a <span class=pagenum><a id=p8>[Pg 8]</a></span>b</p><span epub:type=pagebreak id=p9>9</span>c",
            &["a b", "c"],
        );
        let s = section("<p>a <span class=pagenum><a id=p8>[Pg 8]</a></span>b</p>");
        assert_eq!(s.id_position("p8").map(|p| p.byte), Some(1));
    }

    #[test]
    fn forms_and_ruby_stay_readable() {
        check("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字", &["漢(kan)字"]);
        check("<p><input type=checkbox checked>a <select><option>b<option>c</select></p>", &["☑ a b c"]);
    }

    #[test]
    fn names_are_places() {
        let s = section("<body id=top><h1 id=a>A</h1><p>b<a name=c>c</a></p><ul><li id=d>d</ul>");
        let place = |name| s.id_position(name).map(|p| (p.block.0, p.byte));
        assert_eq!(
            [place("top"), place("a"), place("c"), place("d")],
            [Some((0, 0)), Some((0, 0)), Some((1, 1)), Some((2, 0))]
        );
    }
}

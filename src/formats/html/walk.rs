//! A page's tree into blocks: what each element means to a reader.
//!
//! One iterative walk in reading order. Entering an element may leave a list of things to undo
//! (a style, a frame, a block) that are undone when the walk leaves it. What an element *is* comes
//! from [`super::element`]; what takes more than a line to tell (tables, verse, sources
//! of quotations, pictures) stands in a file of its own. It must not know where the page is from.

use crate::document::{BlockKind, FrameKind, Style};
use crate::text::clean_line;

use super::cuts::CONTINUED;
use super::element::{self, Display, display, has_class, means};
use super::list::List;
use super::table::Table;
use super::tree::{Content, Element, NodeId, Tree};
use super::verse::{self, Part};
use crate::formats::raised::{self, Raised};
use crate::formats::writer::{Writer, link};
use crate::formats::zip::names::percent_decode;

/// Walks a tree into a writer.
pub fn walk(tree: &Tree, out: &mut Writer) {
    for sentence in tree.losses() {
        out.warn(sentence);
    }
    let outer_lists = out.list_depth();
    let mut walk = Walk {
        tree,
        out,
        undo: Vec::new(),
        modes: Vec::new(),
        lists: Vec::new(),
        outer_lists,
        tables: Vec::new(),
        quotes: 0,
        breaks: 0,
        verse: 0,
        navigation: 0,
        raised: Vec::new(),
        stanza: None,
        ornament: None,
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
            let Some(parent) = tree.parent(at) else {
                walk.out.end();
                walk.cover();
                return;
            };
            walk.leave(parent);
            at = parent;
        }
    }
}

/// How text and block boundaries are taken at this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
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
pub(super) enum Undo {
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
    Navigation,
    Raised,
    /// A line of verse whose stanza goes on.
    Line,
}

/// The state of a walk. Parts of what it does stand with what they are about: tables, verse,
/// quotations, pictures.
pub(super) struct Walk<'t, 'w, 'b> {
    pub(super) tree: &'t Tree,
    pub(super) out: &'w mut Writer<'b>,
    pub(super) undo: Vec<(NodeId, Undo)>,
    pub(super) modes: Vec<Mode>,
    pub(super) lists: Vec<List>,
    /// Lists of another format around the page.
    pub(super) outer_lists: usize,
    pub(super) tables: Vec<Table>,
    /// Quotation marks that are open.
    pub(super) quotes: usize,
    /// Line breaks since the last word.
    pub(super) breaks: usize,
    /// Elements that hold verse, around this place.
    pub(super) verse: usize,
    /// Elements that lead to other pages, around this place.
    navigation: usize,
    /// How the raised texts are written that are around this place.
    pub(super) raised: Vec<Raised>,
    /// What lines of verse lie in whose stanza is still open.
    pub(super) stanza: Option<NodeId>,
    /// The address of a picture that was left out as an ornament.
    pub(super) ornament: Option<String>,
    /// In verse and after a line of it: white space since the last word.
    pub(super) has_gap: bool,
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
                Undo::Raised => drop(self.raised.pop()),
                Undo::Navigation => self.navigation = self.navigation.saturating_sub(1),
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

    pub(super) fn mode(&self) -> Mode {
        self.modes.last().copied().unwrap_or(Mode::Flow)
    }

    pub(super) fn text(&mut self, text: &str) {
        let is_fill = |c: char| c.is_ascii_whitespace() || c == '\u{a0}';
        let characters;
        let text = if self.raised.last() == Some(&Raised::Number) {
            characters = raised::characters(text);
            &characters
        } else {
            text
        };
        let is_first = matches!(self.mode(), Mode::Flow | Mode::Block) && !self.out.has_open_text();
        let is_filled = self.out.is_in_table() && text.chars().all(is_fill);
        let text = match text {
            text if is_filled && !text.is_empty() => " ",
            text if is_first => text.trim_start_matches(is_fill),
            text => text,
        };
        if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            match self.mode() {
                Mode::Verse => self.has_gap = true,
                // The stanza may go on with its next line.
                Mode::Flow if self.stanza.is_some() => self.has_gap = true,
                _ => self.out.text(text),
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
        self.fill_gap();
        // The line break after the tag that opens preformatted text is no part of it.
        let is_first = self.mode() == Mode::Preformatted && !self.out.has_open_text();
        let text = if is_first { text.strip_prefix("\r\n").or(text.strip_prefix('\n')).unwrap_or(text) } else { text };
        self.out.text(text);
    }

    /// Writes the white space after a line of verse that something in the line follows.
    pub(super) fn fill_gap(&mut self) {
        if self.mode() == Mode::Flow && self.stanza.is_some() && std::mem::take(&mut self.has_gap) {
            self.out.text(" ");
        }
    }

    /// The edge of something that stands as a block.
    pub(super) fn boundary(&mut self) {
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
        if self.is_page_number(id, element) || self.is_own_address(id, element) {
            self.names_in(id);
            return false;
        }
        if part != Part::Other && !self.is_attribution(id, element) {
            self.verse_part(id, element, part, goes_on);
            return true;
        }
        if is_block {
            self.undo.push((id, Undo::Boundary));
            if element::is_navigation(element) {
                self.navigation += 1;
                self.undo.push((id, Undo::Navigation));
            }
            self.block(id, element)
        } else {
            self.inline(id, element)
        }
    }

    /// Whether an element is nothing but the number of a printed page.
    fn is_page_number(&self, id: NodeId, element: &Element) -> bool {
        /// Bytes of the longest number with its brackets and words (`[Page xxxviii]`).
        const NUMBER_BYTES_MAX: usize = 24;
        let is_named = means(element, "pagebreak")
            || ["pagenum", "pageno", "pgnum", "pagenumber", "pagebreak"].iter().any(|word| has_class(element, word));
        // Around it the source may be indented.
        let is_number = |text: String| text.trim().len() <= NUMBER_BYTES_MAX;
        is_named && element.name() != "hr" && self.tree.short_text(id, 10 * NUMBER_BYTES_MAX).is_some_and(is_number)
    }

    /// Whether an element is nothing but a sign that leads to the place it stands at (`¶`), for the address of that
    /// place to be copied.
    fn is_own_address(&self, id: NodeId, element: &Element) -> bool {
        /// Elements around the sign, at most, from the one that is named to it.
        const ABOVE_MAX: usize = 5;
        let is_sign = |text: String| matches!(text.trim(), "¶" | "#" | "§" | "🔗" | "⚓");
        if element.name() != "a" || !self.tree.short_text(id, 64).is_some_and(is_sign) {
            return false;
        }
        let Some(name) = element.attribute("href").and_then(|href| href.strip_prefix('#')) else { return false };
        let decoded = percent_decode(name);
        let is_named = |node: NodeId| {
            let element = self.tree.element(node);
            let named = element.and_then(|e| e.attribute("id").or_else(|| e.attribute("name")));
            named.is_some_and(|named| named == name || named == decoded)
        };
        let above = || std::iter::successors(Some(id), |&node| self.tree.parent(node)).take(ABOVE_MAX);
        let beside = || self.tree.parent(id).into_iter().flat_map(|parent| self.tree.children(parent)).take(ABOVE_MAX);
        !name.is_empty() && (above().any(is_named) || beside().any(is_named))
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
            // The title of a page may stand in its menu.
            if self.navigation > 0 && level > 1 {
                self.out.push_style(Style::STRONG);
                self.undo.push((id, Undo::Style));
                return true;
            }
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
            let label = self.tree.children(id).find(|&child| self.tree.name(child) == element::NOTE_LABEL);
            let words = label.map(|child| self.tree.text(child, usize::MAX)).unwrap_or_default();
            let words = clean_line(words.trim().trim_start_matches('[').trim_end_matches(']'));
            self.frame(id, FrameKind::Note { label: words });
            if let Some(label) = label {
                self.names_in(label);
            }
        } else if means(element, "epigraph") {
            self.frame(id, FrameKind::Epigraph);
        } else if element.name() == "aside" {
            self.frame(id, FrameKind::Aside);
        } else if self.is_attribution(id, element) {
            self.whole(id, BlockKind::Attribution, Mode::Block);
        }
    }

    pub(super) fn is_blank(&self, id: NodeId) -> bool {
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
            "rt" if !self.tree.text(id, 64).trim().is_empty() => {
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

    pub(super) fn style(&mut self, id: NodeId, element: &Element) {
        let style = element::style(element);
        if style != Style::PLAIN {
            self.out.push_style(style);
            self.undo.push((id, Undo::Style));
        }
        if style.has(Style::SUPER) && self.mode() != Mode::Preformatted {
            self.raise(id, element);
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
    pub(super) fn line_break(&mut self) {
        self.breaks += 1;
        match self.mode() {
            Mode::Flow if self.breaks == 2 => self.out.end(),
            Mode::Block if self.breaks > 1 => {}
            _ => self.out.line_break(),
        }
    }

    fn list(&mut self, id: NodeId) {
        let ordered = self.lists.iter().filter(|list| list.is_ordered()).count();
        let unordered = self.lists.len() - ordered + self.outer_lists;
        self.lists.push(List::open(self.tree, id, ordered, unordered));
        self.undo.push((id, Undo::List));
    }

    fn item(&mut self, id: NodeId, element: &Element) {
        if self.lists.is_empty() {
            self.lists.push(List::stray());
            self.undo.push((id, Undo::List));
        }
        let Some(list) = self.lists.last_mut() else { return };
        let is_tight = list.is_tight && (list.items > 0 || list.depth > 0);
        let is_shown = element.attribute(CONTINUED).is_some();
        let marker = if is_shown { String::new() } else { list.marker(element) };
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
            "<div role=navigation><h3>Menu</h3><p>x</div><h1>A</h1><nav><h2>B</h2></nav>",
            &["Menu", "x", "# A", "B"],
        );
        check("<nav epub:type=toc><h1>C</h1></nav><h2>D</h2>", &["# C", "## D"]);
        check(
            "<h1 id=a>A<a href='#a'>¶</a></h1><div id='b c'><h2><a href='#b%20c'>#</a> B</h2></div>",
            &["# A", "## B"],
        );
        check("<dl><dt><a id=d></a><b>D</b><a href='#d'> ¶</a><dd>e</dl>", &["D", "^: e"]);
        check("<h2>C<a href='#c-sharp'>#</a></h2>a<a href='#n1'>¶</a>", &["## C#", "a¶"]);
        check(
            "<p hidden>a</p><p style='display:none'>b</p><script>c</script><style>d</style><noscript>e</noscript>",
            &["e"],
        );
    }

    #[test]
    fn raised_text_is_no_part_of_the_number_before_it() {
        for (page, text) in [
            ("2<sup>10</sup>, 10<sup>-<i>3</i></sup>", "2¹⁰, 10⁻³"),
            ("2<sup>2<sup>3</sup></sup>", "2^(2³)"),
            ("x<sup>a<sub>2</sub></sup>", "x^(a2)"),
            ("2<sup>k+1</sup> 2<sup>k</sup>", "2^(k+1) 2k"),
            ("60559<sup><a href='#n'>43</a></sup>", "60559⁴³"),
            ("60559<a href='#n'><sup>43</sup></a>", "60559⁴³"),
            ("word<sup>12a</sup> a <sup>3M</sup>", "word12a a 3M"),
            ("4<sup>th</sup> M<sup>me</sup>", "4th Mme"),
            ("<a href='#t'>2<sup>n</sup> and 2<sup>2k</sup></a>", "2ⁿ and 2^(2k)"),
            ("10<sup>x<sub>1</sub></sup>y", "10^(x1)y"),
        ] {
            check(page, &[text]);
        }
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
        check("<table><tr><td><h1>T</h1><p>a</p><td><table><tr><td>b<td>c</table></table>", &["# T", "a", "tr: b|c"]);
        check("<table><tr><td><ul><li>a<li>b</ul><td>c</table>", &["tr: • a/• b|c"]);
    }

    #[test]
    fn pictures_are_words() {
        check("<p><img src=a.png alt='A cat'></p>", &["image(a.png): A cat"]);
        check("<p><img src=w.png alt=W>hen <img alt='' src=x>it</p>", &["When it"]);
        check("<img src=a.png><img role=presentation src=b.png>", &["image(a.png): "]);
        check("<div><img alt='' src=cover.jpg></div>", &["image(cover.jpg): "]);
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
        check("<div class=stanza>\n<p>a</p>\n<p>b</p>\n</div>\n<p>c</p>", &["verse: a/b", "c"]);
        check("<div class=poem><p>a</p> <b>b</b> <i>c</i>\n<p>d</p></div>", &["verse: a b c/d"]);
        check("<div class=poem><p>a</p> <img src=x alt=b></div>", &["verse: a b"]);
        check("<p class=stanza><span class=line>a</span> <span class=line>b</span></p>", &["verse: a/b"]);
        let prose = "word ".repeat(60);
        check(&format!("<p class=verse>{prose}</p>"), &[prose.trim_end()]);
    }

    #[test]
    fn what_only_fills_a_page_is_left_out() {
        check(
            "<p>a</p><p>&nbsp;</p><p>&nbsp;&nbsp;b&nbsp;c</p><table><tr><td>&nbsp;<td><i>d</i> <i>e</i></table>",
            &["a", "b\u{a0}c", "tr: |d e"],
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
        check("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby><ruby>字<rt></rt></ruby>", &["漢(kan)字"]);
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

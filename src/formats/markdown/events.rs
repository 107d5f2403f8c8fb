//! The parser's events into blocks.
//!
//! One pass over the events with their places in the source. Headings are held back until their
//! end (their name comes from their words), pictures until it is known whether they stand alone,
//! list items until it is known whether they carry a check box.

use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeWithOffset,
};

use crate::document::{Align, BlockKind, FrameKind, Link, Style};
use crate::formats::html::{self, Markup};
use crate::formats::raised::number;
use crate::formats::writer::{Writer, link};
use crate::limits::{BARE_ADDRESS_MAX, FRAME_DEPTH_MAX};
use crate::text::{Clean, clean_line};

use super::inline::Tags;
use super::notes::Definitions;
use super::slug::Slugs;

/// An event and the bytes of the source that it comes from.
type Placed<'a> = (Event<'a>, Range<usize>);

/// What a text is, beside its words.
#[derive(Clone, Copy, Default)]
pub struct About<'a> {
    /// Bytes at its start that only open again what is open there, and are not to be written.
    pub opening: usize,
    /// Bytes of the source before what follows those.
    pub skipped: usize,
    /// It begins inside a block of HTML, whose opening is written.
    pub is_html: bool,
    /// The number that its first item has, whatever it says.
    pub number: Option<u64>,
    /// Where links lead that are defined elsewhere, by their label.
    pub elsewhere: Option<&'a Definitions>,
}

/// Writes a text; gives the words of its first heading where that is of level 1.
pub fn write(text: &str, about: About, out: &mut Writer) -> Option<Clean> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS;
    let elsewhere = |link: BrokenLink| {
        let address = about.elsewhere.and_then(|defined| defined.link(&link.reference))?;
        Some((CowStr::from(address), CowStr::from("")))
    };
    let parser = Parser::new_with_broken_link_callback(text, options, Some(elsewhere));
    let events = TextMergeWithOffset::new(parser.into_offset_iter());
    let mut writer = Events {
        source: text,
        out,
        lists: Vec::new(),
        item: None,
        quotes: Vec::new(),
        tags: Tags::default(),
        slugs: Slugs::default(),
        title: None,
        headings: 0,
        links: 0,
        html: None,
        is_code: false,
        is_raised: false,
        about,
    };
    let mut held: Option<Held> = None;
    for event in events {
        if writer.is_opening(&event) {
            continue;
        }
        held = writer.step(held, event);
    }
    writer.release(held, true);
    writer.out.end();
    writer.title
}

/// Events that wait for what comes after them.
enum Held<'a> {
    Heading {
        level: u8,
        id: Option<CowStr<'a>>,
        events: Vec<Placed<'a>>,
        words: String,
    },
    /// A picture whose words are being read; `depth` counts pictures in its words.
    Picture {
        words: String,
        source: String,
        depth: usize,
    },
    /// A picture at the start of a block.
    First {
        words: String,
        source: String,
    },
}

/// A list item whose first block has not begun.
struct Item {
    marker: String,
    is_tight: bool,
}

/// A list that is open.
struct List {
    /// The number of the next item, if items have numbers.
    number: Option<u64>,
    /// Lists without numbers, this one and around it.
    bullets: usize,
    /// Items so far.
    items: usize,
}

struct Events<'t, 'w, 'b> {
    source: &'t str,
    out: &'w mut Writer<'b>,
    lists: Vec<List>,
    item: Option<Item>,
    /// For each open quotation, where the line begins that names its source.
    quotes: Vec<Option<usize>>,
    tags: Tags,
    slugs: Slugs,
    title: Option<Clean>,
    headings: usize,
    /// Links that are open.
    links: usize,
    /// The block of HTML that is being read.
    html: Option<String>,
    is_code: bool,
    /// A raised text is open.
    is_raised: bool,
    about: About<'w>,
}

impl<'t> Events<'t, '_, '_> {
    /// Whether an event comes from the opening alone.
    fn is_opening(&self, (event, place): &Placed) -> bool {
        let is_shown = self.about.is_html && matches!(event, Event::Html(_));
        place.start < self.about.opening && place.end <= self.about.opening && !is_shown
    }

    /// Takes in one event, with what was held back before it.
    fn step(&mut self, held: Option<Held<'t>>, event: Placed<'t>) -> Option<Held<'t>> {
        match held {
            Some(Held::Heading { level, id, mut events, mut words }) => {
                match &event.0 {
                    Event::End(TagEnd::Heading(_)) => {
                        self.heading(level, id, events, &words);
                        return None;
                    }
                    Event::Text(text) | Event::Code(text) => words.push_str(text),
                    Event::SoftBreak | Event::HardBreak => words.push(' '),
                    _ => {}
                }
                events.push(event);
                Some(Held::Heading { level, id, events, words })
            }
            Some(Held::Picture { mut words, source, mut depth }) => {
                match event.0 {
                    Event::Start(Tag::Image { .. }) => depth += 1,
                    Event::End(TagEnd::Image) if depth > 0 => depth -= 1,
                    Event::End(TagEnd::Image) => return self.picture(words, source),
                    Event::Text(text) | Event::Code(text) | Event::InlineMath(text) => words.push_str(&text),
                    Event::SoftBreak | Event::HardBreak => words.push(' '),
                    _ => {}
                }
                Some(Held::Picture { words, source, depth })
            }
            held => {
                let is_end = matches!(event.0, Event::End(TagEnd::Paragraph | TagEnd::Item));
                self.release(held, is_end);
                self.event(event)
            }
        }
    }

    /// Writes a picture that was held back: a block where it stands alone, else its words.
    fn release(&mut self, held: Option<Held<'t>>, is_alone: bool) {
        match held {
            Some(Held::First { words, source } | Held::Picture { words, source, .. }) => {
                self.begin_item();
                if is_alone && !self.out.has_open_text() {
                    self.out.end();
                    self.out.image(&words, &source);
                } else {
                    self.out.text(&words);
                }
            }
            Some(Held::Heading { level, id, events, words }) => self.heading(level, id, events, &words),
            None => {}
        }
    }

    /// A picture after its words were read.
    fn picture(&mut self, words: String, source: String) -> Option<Held<'t>> {
        self.begin_item();
        if self.out.has_open_text() || self.links > 0 || self.out.is_in_table() {
            self.out.text(&words);
            return None;
        }
        Some(Held::First { words, source })
    }

    fn heading(&mut self, level: u8, id: Option<CowStr<'t>>, events: Vec<Placed<'t>>, words: &str) {
        self.begin_item();
        self.out.begin(BlockKind::Heading(level));
        let slug = self.slugs.name(words);
        for name in id.as_deref().into_iter().chain([slug.as_str()]) {
            self.out.id(name);
        }
        if self.headings == 0 && level == 1 {
            self.title = Some(clean_line(words)).filter(|title| !title.is_empty());
        }
        self.headings += 1;
        let mut held = None;
        for event in events {
            held = self.step(held, event);
        }
        self.release(held, false);
        self.end_block();
    }

    /// Where a place in the text is in the source.
    fn in_source(&self, place: usize) -> usize {
        (self.about.skipped + place).saturating_sub(self.about.opening)
    }

    fn event(&mut self, (event, place): Placed<'t>) -> Option<Held<'t>> {
        // What begins says nothing yet of what is in it.
        let end = if matches!(event, Event::Start(_)) { place.start } else { place.end };
        self.out.at(self.in_source(place.start)..self.in_source(end));
        match event {
            Event::Start(tag) => return self.start(tag, place),
            Event::End(tag) => self.finish(tag),
            Event::Text(text) if self.is_code && self.out.is_seeking() => self.code_lines(&text, place),
            Event::Text(text) => self.text(&text, place.start),
            Event::Code(text) => {
                self.begin_item();
                self.out.push_style(Style::CODE);
                self.out.text(&text);
                self.out.pop_style();
            }
            // Formulas are shown as they are written: their signs may also be those of money.
            Event::InlineMath(text) => self.text(&format!("${text}$"), place.start),
            Event::DisplayMath(text) => self.text(&format!("$${text}$$"), place.start),
            Event::Html(text) => match &mut self.html {
                Some(html) => html.push_str(&text),
                None => self.html(&text),
            },
            Event::InlineHtml(text) => {
                self.begin_item();
                self.tags.take(&text, self.out);
            }
            Event::FootnoteReference(label) => {
                self.begin_item();
                self.out.push_style(Style::SUPER);
                self.out.push_link(Link::Inside(note_name(&label, "#")));
                self.out.text(number(&label).as_deref().unwrap_or(&label));
                self.out.pop_link();
                self.out.pop_style();
            }
            Event::SoftBreak => self.out.text("\n"),
            Event::HardBreak => self.out.line_break(),
            Event::Rule => {
                self.begin_item();
                self.out.rule();
            }
            Event::TaskListMarker(is_done) => {
                let mark = if is_done { "☑" } else { "☐" };
                match &mut self.item {
                    Some(item) => mark.clone_into(&mut item.marker),
                    None => self.out.text(mark),
                }
            }
        }
        None
    }

    fn start(&mut self, tag: Tag<'t>, place: Range<usize>) -> Option<Held<'t>> {
        match tag {
            Tag::Paragraph => {
                if let Some(item) = &mut self.item {
                    item.is_tight = false;
                }
            }
            Tag::Heading { level, id, .. } => {
                return Some(Held::Heading { level: level as u8, id, events: Vec::new(), words: String::new() });
            }
            Tag::BlockQuote(kind) => self.quote(kind, place),
            Tag::CodeBlock(kind) => self.code(kind),
            Tag::HtmlBlock => self.html = Some(String::new()),
            Tag::List(number) => {
                self.begin_item();
                self.out.end();
                let around = self.lists.last().map_or(0, |list| list.bullets);
                let number = number.map(|own| self.about.number.take().unwrap_or(own));
                self.lists.push(List { number, bullets: around + usize::from(number.is_none()), items: 0 });
            }
            Tag::Item => self.list_item(place.start < self.about.opening),
            Tag::FootnoteDefinition(label) => {
                self.begin_item();
                self.out.open(FrameKind::Note { label: clean_line(&label) });
                self.out.id(&note_name(&label, ""));
            }
            Tag::DefinitionList | Tag::TableHead | Tag::TableRow | Tag::TableCell => self.start_part(&tag),
            Tag::DefinitionListTitle => {
                self.begin_item();
                self.out.end();
                self.out.push_style(Style::STRONG);
            }
            Tag::DefinitionListDefinition => {
                self.out.tight();
                self.out.open(FrameKind::Definition);
            }
            Tag::Table(aligns) => {
                self.begin_item();
                self.out.table(aligns.into_iter().map(align).collect());
            }
            Tag::Emphasis => self.style(Style::EMPHASIS),
            Tag::Strong => self.style(Style::STRONG),
            Tag::Strikethrough => self.style(Style::STRIKE),
            Tag::Superscript => {
                self.is_raised = true;
                self.style(Style::SUPER);
            }
            Tag::Subscript => self.style(Style::SUB),
            Tag::Link { dest_url, link_type, .. } => {
                self.begin_item();
                self.links += 1;
                self.out.push_link(target(&dest_url, link_type));
            }
            Tag::Image { dest_url, .. } => {
                return Some(Held::Picture { words: String::new(), source: dest_url.into_string(), depth: 0 });
            }
            Tag::MetadataBlock(_) => {}
        }
        None
    }

    fn start_part(&mut self, tag: &Tag) {
        match tag {
            Tag::TableHead => self.out.row(true),
            Tag::TableRow => self.out.row(false),
            Tag::TableCell => self.out.cell(),
            _ => {
                self.begin_item();
                self.out.end();
            }
        }
    }

    fn finish(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) => self.end_block(),
            TagEnd::BlockQuote(_) => {
                self.end_block();
                self.quotes.pop();
                self.out.close();
            }
            TagEnd::CodeBlock => {
                self.is_code = false;
                self.out.end();
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.html(&html);
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.out.end();
            }
            TagEnd::Item => {
                self.begin_item();
                self.end_block();
                self.out.close();
            }
            TagEnd::FootnoteDefinition | TagEnd::DefinitionListDefinition => {
                self.end_block();
                self.out.close();
            }
            TagEnd::DefinitionListTitle => {
                self.tags.finish(self.out);
                self.out.pop_style();
                self.out.end();
            }
            TagEnd::Table => self.out.end_table(),
            TagEnd::TableCell => self.tags.finish(self.out),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {
                self.is_raised = false;
                self.out.pop_style();
            }
            TagEnd::Link => {
                self.links = self.links.saturating_sub(1);
                self.out.pop_link();
            }
            TagEnd::DefinitionList
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::Image
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn end_block(&mut self) {
        self.tags.finish(self.out);
        self.out.end();
    }

    fn style(&mut self, style: Style) {
        self.begin_item();
        self.out.push_style(style);
    }

    fn text(&mut self, text: &str, place: usize) {
        self.begin_item();
        let raised = if self.is_raised || self.tags.are_raised() { number(text) } else { None };
        let text = raised.as_deref().unwrap_or(text);
        if self.quotes.last().copied().flatten() == Some(place) {
            self.out.begin(BlockKind::Attribution);
        }
        if self.is_code || self.links > 0 || !(text.contains("://") || text.contains("www.")) {
            self.out.text(text);
        } else {
            self.bare_links(text);
        }
    }

    /// Lines of code, each with its place in the source.
    fn code_lines(&mut self, text: &str, place: Range<usize>) {
        let mut at = place.start;
        let mut source = self.source.get(place).unwrap_or_default().split_inclusive('\n');
        for line in text.split_inclusive('\n') {
            let start = at;
            at += source.next().map_or(0, str::len);
            self.out.at(self.in_source(start)..self.in_source(at));
            self.text(line, start);
        }
    }

    /// Text with addresses in it that are links without being marked as such.
    fn bare_links(&mut self, text: &str) {
        let mut at = 0;
        for range in addresses(text) {
            self.out.text(text.get(at..range.start).unwrap_or_default());
            let address = text.get(range.clone()).unwrap_or_default();
            let full = if address.starts_with("www.") { format!("http://{address}") } else { address.to_owned() };
            if let Some(link) = link(&full) {
                self.out.push_link(link);
                self.out.text(address);
                self.out.pop_link();
            }
            at = range.end;
        }
        self.out.text(text.get(at..).unwrap_or_default());
    }

    fn html(&mut self, html: &str) {
        self.begin_item();
        self.out.end();
        html::walk_into(html, Markup::Html, self.out);
    }

    fn code(&mut self, kind: CodeBlockKind) {
        self.begin_item();
        let language = match kind {
            CodeBlockKind::Fenced(info) => {
                let name = info.split([',', ' ', '\t', '{', '}']).find(|word| !word.is_empty());
                name.map(|name| clean_line(name.trim_start_matches('.')))
            }
            CodeBlockKind::Indented => None,
        };
        self.out.begin(BlockKind::Code { language });
        self.is_code = true;
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>, place: Range<usize>) {
        self.begin_item();
        let title = match kind {
            None => "",
            Some(BlockQuoteKind::Note) => "Note",
            Some(BlockQuoteKind::Tip) => "Tip",
            Some(BlockQuoteKind::Important) => "Important",
            Some(BlockQuoteKind::Warning) => "Warning",
            Some(BlockQuoteKind::Caution) => "Caution",
        };
        // Deeper ones are flattened, so the search for their last line would be in vain.
        let is_plain = title.is_empty() && self.quotes.len() < FRAME_DEPTH_MAX;
        self.quotes.push(if is_plain { source_line(self.source, place) } else { None });
        self.out.open(if title.is_empty() { FrameKind::Quote } else { FrameKind::Aside });
        if !title.is_empty() {
            self.out.push_style(Style::STRONG);
            self.out.text(title);
            self.out.pop_style();
            self.out.end();
        }
    }

    /// `is_shown`: the item began before this text, with its marker.
    fn list_item(&mut self, is_shown: bool) {
        self.begin_item();
        self.out.end();
        let is_nested = self.lists.len() > 1;
        let Some(list) = self.lists.last_mut() else { return };
        let marker = match &mut list.number {
            Some(number) => {
                let marker = format!("{number}.");
                *number = number.saturating_add(1);
                marker
            }
            None => ["•", "◦", "▪"].get(list.bullets.saturating_sub(1) % 3).copied().unwrap_or("•").to_owned(),
        };
        let marker = if is_shown { String::new() } else { marker };
        let is_tight = list.items > 0 || is_nested;
        list.items += 1;
        self.item = Some(Item { marker, is_tight });
    }

    /// Opens the list item that waits, now that its first matter comes.
    fn begin_item(&mut self) {
        let Some(item) = self.item.take() else { return };
        if item.is_tight {
            self.out.tight();
        }
        self.out.open(FrameKind::Item { marker: clean_line(&item.marker) });
    }
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Start,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::End,
    }
}

/// The name of a footnote's place.
fn note_name(label: &str, prefix: &str) -> Clean {
    clean_line(&format!("{prefix}fn-{label}"))
}

fn target(address: &str, kind: LinkType) -> Link {
    let address = if kind == LinkType::Email { format!("mailto:{address}") } else { address.to_owned() };
    link(&address).unwrap_or_else(|| Link::Inside(Clean::default()))
}

/// Where the last line of a quotation begins, if it names a source (`— Name`, `-- Name`) and is
/// not all there is.
fn source_line(source: &str, place: Range<usize>) -> Option<usize> {
    let quote = source.get(place.clone())?;
    let body = quote.trim_end_matches(|c: char| c.is_whitespace() || c == '>');
    let start = body.rfind('\n')? + 1;
    let line = body.get(start..)?;
    let words = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '*' | '_'));
    let dashes = words.trim_start_matches(['-', '–', '—', '―']);
    let is_dash = words.starts_with(['–', '—', '―']) || words.starts_with("--") && !words.starts_with("---");
    let has_words = dashes.chars().any(char::is_alphanumeric);
    (is_dash && has_words).then(|| place.start + start + (line.len() - words.len()))
}

/// The addresses in a text that are meant as links, as ranges of bytes.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let schemes = text.match_indices("://").filter_map(|(at, _)| {
        let before = text.get(..at)?;
        ["https", "http"].iter().find(|scheme| before.ends_with(*scheme)).map(|scheme| at - scheme.len())
    });
    let mut starts: Vec<usize> = schemes.chain(text.match_indices("www.").map(|(at, _)| at)).collect();
    starts.sort_unstable();
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in starts {
        let is_inside = found.last().is_some_and(|last| start < last.end);
        let is_word = text.get(..start).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
        let rest = text.get(start..).filter(|_| is_word && !is_inside);
        if let Some(length) = rest.and_then(address_length) {
            found.push(start..start + length);
        }
    }
    found
}

/// The length of the address that a text begins with, without the punctuation of the sentence
/// around it.
fn address_length(text: &str) -> Option<usize> {
    let head = text.get(..text.floor_char_boundary(BARE_ADDRESS_MAX + 1))?;
    let end = head.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`')).unwrap_or(head.len());
    if end > BARE_ADDRESS_MAX || end == head.len() && end < text.len() {
        return None;
    }
    let punctuation = ['.', ',', ':', ';', '!', '?', '*', '_', '~', '\'', '’', '”'];
    let mut address = text.get(..end)?.trim_end_matches(punctuation);
    if address.ends_with(')') && address.matches(')').count() > address.matches('(').count() {
        address = address.get(..address.len() - 1)?.trim_end_matches(punctuation);
    }
    let host = address.split_once("://").map(|(_, host)| host).or_else(|| address.strip_prefix("www."))?;
    host.starts_with(char::is_alphanumeric).then_some(address.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockId, Position, Section, SectionBuilder, SectionId};

    fn section(text: &str) -> Section {
        let mut builder = SectionBuilder::new(SectionId(0));
        write(text, About::default(), &mut Writer::whole(&mut builder));
        builder.finish()
    }

    #[track_caller]
    fn check(text: &str, blocks: &[&str]) {
        assert_eq!(crate::formats::parsed::tests::dump(&section(text)), blocks, "{text}");
    }

    #[test]
    fn headings_have_names() {
        let s = section("# A *b*\n\nC d\n---\n\n## A b\n## X {#y}\n");
        let place = |name: &str| s.id_position(name).map(|p| p.block.0);
        assert_eq!(["a-b", "c-d", "a-b-1", "x", "y"].map(place), [0, 1, 2, 3, 3].map(Some));
        check("# A *b*\nc", &["# A b", "c"]);
    }

    #[test]
    fn lists_are_tight_or_loose() {
        check("- a\n- b\n  - c\n", &["• a", "^• b", "^• ◦ c"]);
        check("3. a\n\n4. b\n", &["3. a", "4. b"]);
        check("- [x] a\n- [ ] b\n", &["☑ a", "^☐ b"]);
        check("- [x] a\n\n- [ ] b\n", &["☑ a", "☐ b"]);
        check("- a\n\n      code\n", &["• a", "• code(): code"]);
    }

    #[test]
    fn quotations_name_their_source() {
        check("> a\n> b\n> — N, 1900\n", &["> a b", "> by: — N, 1900"]);
        check("> a\n>\n> -- *N*\n\nb", &["> a", "> by: -- N", "b"]);
        check("> *a*\n> *— N*\n", &["> a", "> by: — N"]);
        check("> — a\n", &["> — a"]);
        check("> [!WARNING]\n> a\n", &["aside> Warning", "aside> a"]);
    }

    #[test]
    fn code_tables_and_notes() {
        check("```rust,ignore\nfn f() {}\n\nx\n```\n", &["code(rust): fn f() {}//x"]);
        check("| a | b |\n|---|--:|\n| 1 | `2` |\n", &["th: a|b", "tr: 1|2"]);
        check("a[^n].\n\n[^n]: the *note*\n", &["an.", "note(n) the note"]);
        check("term\n: meaning\n", &["term", "^: meaning"]);
        let s = section("a[^n]\n\n[^n]: b\n");
        assert_eq!(s.links(), [Link::Inside(clean_line("#fn-n"))]);
        assert_eq!(s.id_position("fn-n"), Some(Position::new(SectionId(0), BlockId(1), 0)));
    }

    #[test]
    fn pictures_and_html() {
        check("![a *b*](c.png)\n\nd ![e](f) g\n", &["image(c.png): a b", "d e g"]);
        check("[![a](b)](c) [![d](e)](f)\n", &["a d"]);
        check("a<br>b <em>c</em> <x>d</x><!-- e -->\n\n<div align=center>\n<h2>f</h2>\n</div>\n", &["a/b c d", "## f"]);
        check("- a\n  <ul><li>b</li></ul>\n", &["• a", "^• ◦ b"]);
        check("$x_1$ costs $5\n", &["$x_1$ costs $5"]);
        let s = section("a <a id=b></a><sup>c</sup>");
        assert_eq!(s.id_position("b").map(|p| p.byte), Some(1));
        assert_eq!(s.spans(BlockId(0))[0].style, Style::SUPER);
    }

    #[test]
    fn addresses_are_links() {
        let check = |text: &str, found: &[&str]| {
            let got: Vec<&str> = addresses(text).into_iter().filter_map(|range| text.get(range)).collect();
            assert_eq!(got, found, "{text}");
        };
        check(
            "see https://a.example/b_c?d=(e), or (http://f.example).",
            &["https://a.example/b_c?d=(e)", "http://f.example"],
        );
        check("www.a.example/é，xhttp://b ://c https:// www.", &["www.a.example/é，xhttp://b"]);
        let s = section("go to https://a.example. Or <b@c.example> [d](e.md#f)");
        let outside = |address: &str| Link::Outside(clean_line(address));
        let inside = Link::Inside(clean_line("e.md#f"));
        assert_eq!(s.links(), [outside("https://a.example"), outside("mailto:b@c.example"), inside]);
    }
}

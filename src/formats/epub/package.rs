//! The package document (OPF): what the book says about itself, its files, their order. Knows
//! the words of EPUB 2 and 3; must not know the archive.

use std::collections::HashMap;

use super::links;
use super::xml::{Element, Node};
use crate::document::{Meta, SectionBuilder, SectionId};
use crate::formats::html::{self, Markup};
use crate::limits::{FALLBACKS_MAX, SPINE_MAX};
use crate::text::Clean;

/// A package document.
#[derive(Debug, Default)]
pub struct Package {
    /// What the book says about itself.
    pub meta: Meta,
    items: Vec<Item>,
    by_id: HashMap<String, usize>,
    spine: Vec<String>,
    toc: Option<String>,
}

/// A file of the book.
#[derive(Debug, Default)]
pub struct Item {
    /// The address as it is written.
    pub href: String,
    /// The path in the archive; `None` for one that is not in it.
    pub path: Option<String>,
    /// The media type as stated, in small letters.
    pub media_type: String,
    is_nav: bool,
    fallback: Option<String>,
}

/// A line of the metadata.
#[derive(Debug)]
struct Field {
    name: String,
    element: Element,
    text: String,
}

/// What `meta` elements say about others: (id, property) to value.
type Refinements = HashMap<(String, String), String>;

impl Package {
    /// Reads a package document that stands at `path`.
    pub fn read(nodes: &[Node], path: &str) -> Package {
        let mut package = Package::default();
        let mut fields = Vec::new();
        let mut unique = None;
        let mut in_metadata = false;
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            at += 1;
            let Node::Start(element) = node else { continue };
            match element.name.as_str() {
                "package" => unique = unique.or(element.attribute("unique-identifier")),
                "metadata" => in_metadata = true,
                "manifest" => in_metadata = false,
                "spine" => {
                    in_metadata = false;
                    package.toc = element.attribute("toc").map(str::to_owned);
                }
                // Parts of a book with metadata of their own follow.
                "collection" => break,
                "item" if !in_metadata => package.add_item(element, path),
                "itemref" if package.spine.len() <= SPINE_MAX => {
                    package.spine.extend(element.attribute("idref").map(str::to_owned));
                }
                "dc-metadata" | "x-metadata" => {}
                name if in_metadata => {
                    let (text, end) = text_of(nodes, at);
                    at = end;
                    fields.push(Field { name: name.to_owned(), element: element.clone(), text });
                }
                _ => {}
            }
        }
        package.meta = meta(&fields, unique);
        package
    }

    /// The names of the parts in reading order, at most one more than are shown.
    pub fn spine(&self) -> &[String] {
        &self.spine
    }

    /// Takes all pages as the reading order, for a package that states none.
    pub fn use_all_pages(&mut self) {
        let is_page = |id: &&String| {
            let item = self.by_id.get(*id).and_then(|&i| self.items.get(i));
            item.is_some_and(|item| item.is_page() && !item.is_nav)
        };
        let mut ids: Vec<_> = self.by_id.keys().filter(is_page).cloned().collect();
        ids.sort_by_key(|id| self.by_id.get(id).copied());
        ids.truncate(SPINE_MAX + 1);
        self.spine = ids;
    }

    /// A file and those that stand for it where it cannot be shown, each once.
    pub fn with_fallbacks(&self, id: &str) -> Vec<&Item> {
        let mut chain: Vec<usize> = Vec::new();
        let mut next = self.by_id.get(id).copied();
        while let Some(index) = next.filter(|i| !chain.contains(i) && chain.len() < FALLBACKS_MAX) {
            chain.push(index);
            let fallback = self.items.get(index).and_then(|item| item.fallback.as_ref());
            next = fallback.and_then(|id| self.by_id.get(id).copied());
        }
        chain.into_iter().filter_map(|index| self.items.get(index)).collect()
    }

    /// The path of the contents page of EPUB 3.
    pub fn nav(&self) -> Option<&str> {
        self.items.iter().find(|item| item.is_nav).and_then(|item| item.path.as_deref())
    }

    /// The path of the contents file of EPUB 2.
    pub fn ncx(&self) -> Option<&str> {
        let stated = self.toc.as_ref().and_then(|id| self.by_id.get(id)).and_then(|&i| self.items.get(i));
        let is_ncx = |item: &&Item| {
            item.media_type == "application/x-dtbncx+xml" || item.href.to_ascii_lowercase().ends_with(".ncx")
        };
        stated.or_else(|| self.items.iter().find(is_ncx)).and_then(|item| item.path.as_deref())
    }

    fn add_item(&mut self, element: &Element, base: &str) {
        let Some((id, href)) = element.attribute("id").zip(element.attribute("href")) else { return };
        let index = self.items.len();
        // Of two with one id the first is meant, as in the archive.
        self.by_id.entry(id.to_owned()).or_insert(index);
        self.items.push(Item {
            href: href.to_owned(),
            path: links::resolve(base, href).and_then(|address| address.path),
            media_type: element.attribute("media-type").unwrap_or_default().to_ascii_lowercase(),
            is_nav: element.has_word("properties", "nav"),
            fallback: element.attribute("fallback").map(str::to_owned),
        });
    }
}

impl Item {
    /// Whether its media type is one of pages of text.
    pub fn is_page(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "application/xhtml+xml"
                | "text/html"
                | "image/svg+xml"
                | "application/x-dtbook+xml"
                | "text/x-oeb1-document"
                | "text/plain"
        )
    }
}

/// All text from a node on to the end of the element that it is in, and the node after that.
fn text_of(nodes: &[Node], start: usize) -> (String, usize) {
    let mut text = String::new();
    let mut depth = 0usize;
    for (index, node) in nodes.iter().enumerate().skip(start) {
        match node {
            Node::Start(_) => depth += 1,
            Node::Text(more) => text.push_str(more),
            Node::End if depth == 0 => return (text, index + 1),
            Node::End => depth -= 1,
        }
    }
    (text, nodes.len())
}

fn meta(fields: &[Field], unique: Option<&str>) -> Meta {
    let mut refinements = Refinements::new();
    for field in fields {
        if let Some((id, property)) = field.element.attribute("refines").zip(field.element.attribute("property")) {
            let key = (id.trim_start_matches('#').to_owned(), property.to_owned());
            refinements.entry(key).or_insert_with(|| field.text.trim().to_owned());
        }
    }
    let all = |name: &'static str| fields.iter().filter(move |f| f.name == name && !f.text.trim().is_empty());
    let first = |name| all(name).next().map(|f| Meta::line(&f.text));
    let named_unique = all("identifier").find(|f| unique.is_some() && f.element.attribute("id") == unique);
    let dated = all("date").find(|f| f.element.attribute("event") == Some("publication"));
    Meta {
        title: title(all("title"), &refinements),
        authors: authors(all("creator"), &refinements),
        language: first("language"),
        date: dated.map(|f| Meta::line(&f.text)).or_else(|| first("date")),
        publisher: first("publisher"),
        description: all("description").next().map(|f| description(&f.text)).filter(|d| !d.is_empty()),
        identifier: named_unique.map(|f| Meta::line(&f.text)).or_else(|| first("identifier")),
    }
}

fn refined<'a>(field: &Field, property: &str, refinements: &'a Refinements) -> Option<&'a str> {
    let id = field.element.attribute("id")?;
    refinements.get(&(id.to_owned(), property.to_owned())).map(String::as_str)
}

/// The place among fields of one kind; those without a number keep theirs behind.
fn sequence(field: &Field, refinements: &Refinements) -> u32 {
    refined(field, "display-seq", refinements).and_then(|n| n.parse().ok()).unwrap_or(u32::MAX)
}

/// The main title, if one is called so; else the first.
fn title<'a>(titles: impl Iterator<Item = &'a Field>, refinements: &Refinements) -> Option<Clean> {
    let is_main = |f: &Field| refined(f, "title-type", refinements) == Some("main");
    titles.min_by_key(|f| (!is_main(f), sequence(f, refinements))).map(|f| Meta::line(&f.text))
}

/// Those who wrote the book; if all creators did something else, all of them.
fn authors<'a>(creators: impl Iterator<Item = &'a Field>, refinements: &Refinements) -> Vec<Clean> {
    let mut creators: Vec<_> = creators.collect();
    creators.sort_by_key(|f| sequence(f, refinements));
    let wrote = |f: &&&Field| {
        let role = f.element.attribute("role").or_else(|| refined(f, "role", refinements));
        role.is_none_or(|role| role.eq_ignore_ascii_case("aut"))
    };
    let mut names: Vec<Clean> = creators.iter().filter(wrote).map(|f| Meta::line(&f.text)).collect();
    if names.is_empty() {
        names = creators.iter().map(|f| Meta::line(&f.text)).collect();
    }
    Meta::limit_authors(&mut names);
    names
}

/// A description as running text; it may be written as HTML.
fn description(raw: &str) -> Clean {
    let mut builder = SectionBuilder::new(SectionId(0));
    html::walk(raw, Markup::Html, &mut builder);
    let section = builder.finish();
    Meta::line(section.text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::epub::xml;
    use crate::limits::META_LINE_MAX;

    fn package(metadata: &str, rest: &str) -> Package {
        let text = format!("<package unique-identifier='uid'><metadata>{metadata}</metadata>{rest}</package>");
        Package::read(&xml::parse(&text), "OEBPS/content.opf")
    }

    fn check(metadata: &str, expected: &str) {
        let meta = package(metadata, "").meta;
        let joined = Clean::join(&meta.authors, "; ");
        let all = [meta.title, Some(joined), meta.language, meta.date, meta.publisher, meta.identifier];
        let line: Vec<_> = all.iter().map(|c| c.as_ref().map_or("", Clean::as_str)).collect();
        assert_eq!(line.join("|"), expected, "{metadata}");
    }

    #[test]
    fn metadata() {
        check(
            "<dc:title> A \n Title </dc:title><dc:creator opf:role='ill'>P</dc:creator>\
             <dc:creator opf:role='aut'>W</dc:creator><dc:language>en</dc:language><dc:date>1895</dc:date>\
             <dc:publisher>H</dc:publisher><dc:identifier id='x'>1</dc:identifier>\
             <dc:identifier id='uid'>2</dc:identifier>",
            "A Title|W|en|1895|H|2",
        );
        check("<dc:creator opf:role='ill'>P</dc:creator><dc:title> </dc:title>", "|P||||");
        check("<dc-metadata><dc:Title>Old</dc:Title><dc:Creator>O</dc:Creator></dc-metadata>", "Old|O||||");
        check(
            "<dc:date opf:event='modification'>2020</dc:date><dc:date opf:event='publication'>1900</dc:date>",
            "|||1900||",
        );
        check("", "|||||");
    }

    #[test]
    fn refinements() {
        check(
            "<dc:title id='a'>Sub</dc:title><dc:title id='b'>Main</dc:title>\
             <meta refines='#a' property='title-type'>subtitle</meta>\
             <meta refines='#b' property='title-type'>main</meta>\
             <dc:creator id='c'>Second</dc:creator><dc:creator id='d'>First</dc:creator><dc:creator id='e'>T</dc:creator>\
             <meta refines='#c' property='display-seq'>2</meta><meta refines='#d' property='display-seq'>1</meta>\
             <meta refines='#e' property='role' scheme='marc:relators'>trl</meta>",
            "Main|First; Second||||",
        );
    }

    #[test]
    fn long_titles_are_cut() {
        let title = package(&format!("<dc:title>{}</dc:title>", "é".repeat(9000)), "").meta.title.unwrap();
        assert!(title.len() <= META_LINE_MAX + 3 && title.ends_with('…'));
    }

    #[test]
    fn files_and_their_order() {
        let package = package(
            "",
            "<manifest><item id='a' href='a%20b.xhtml' media-type='application/xhtml+xml'/>\
             <item id='n' href='../nav.xhtml' properties='x nav'/><item id='t' href='t.NCX'/>\
             <item id='j' href='j.json' fallback='k'/><item id='k' href='k.xml' fallback='j'/>\
             <item id='o' href='http://a/b'/></manifest>\
             <spine toc='gone'><itemref idref='a'/><itemref idref='j' linear='no'/></spine>",
        );
        assert_eq!(package.spine(), ["a", "j"]);
        assert_eq!((package.nav(), package.ncx()), (Some("nav.xhtml"), Some("OEBPS/t.NCX")));
        let paths = |id| package.with_fallbacks(id).iter().map(|i| i.path.as_deref()).collect::<Vec<_>>();
        assert_eq!(paths("a"), [Some("OEBPS/a b.xhtml")]);
        assert_eq!(paths("j"), [Some("OEBPS/j.json"), Some("OEBPS/k.xml")]);
        assert_eq!(paths("o"), [None]);
        assert_eq!(paths("gone"), []);
    }

    #[test]
    fn a_package_without_an_order_is_read_by_its_pages() {
        let page = "media-type='application/xhtml+xml'";
        let mut package = package(
            "",
            &format!(
                "<manifest><item id='b' href='b' {page}/><item id='p' href='p.png' media-type='image/png'/><item id='a' href='a' {page}/></manifest>"
            ),
        );
        package.use_all_pages();
        assert_eq!(package.spine(), ["b", "a"]);
    }
}

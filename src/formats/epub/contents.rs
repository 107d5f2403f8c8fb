//! Contents lists: the `nav` of EPUB 3 and the NCX of EPUB 2, as lines with levels and addresses.
//! Lists of any depth are walked without recursion. Where the addresses lead is not known here.

use super::xml::{Element, Node};
use crate::limits::{OUTLINE_DEPTH_MAX, OUTLINE_ENTRIES_MAX};

/// A line of a contents list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The title as it is written; may be empty.
    pub title: String,
    /// How deep it lies: 1 is the outermost.
    pub level: u8,
    /// The address, if it has one: headings of a part often have none.
    pub href: Option<String>,
}

/// The table of contents of a navigation page, at most one line more than an outline has.
pub fn from_nav(nodes: &[Node]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut lists = 0usize;
    // The line whose title is being read; none behind the list below it.
    let mut current: Option<usize> = None;
    for node in toc_of(nodes) {
        match node {
            Node::Start(element) => {
                match element.name.as_str() {
                    "ol" | "ul" => {
                        lists += 1;
                        current = None;
                    }
                    "li" if lines.len() <= OUTLINE_ENTRIES_MAX => {
                        current = Some(lines.len());
                        lines.push(Line { level: level(lists), ..Line::default() });
                    }
                    _ => {
                        if let Some(line) = current.and_then(|i| lines.get_mut(i)) {
                            add_element(line, element);
                        }
                    }
                }
                open.push(&element.name);
            }
            Node::Text(text) => {
                if let Some(line) = current.and_then(|i| lines.get_mut(i)) {
                    line.title.push_str(text);
                }
            }
            Node::End => match open.pop() {
                Some("ol" | "ul") => lists = lists.saturating_sub(1),
                Some("li") => current = None,
                _ => {}
            },
        }
    }
    lines
}

/// The map of an NCX, in the order of the file, at most one line more than an outline has.
pub fn from_ncx(nodes: &[Node]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut points: Vec<usize> = Vec::new();
    let mut in_label = false;
    for node in nodes {
        match node {
            Node::Start(element) => {
                let has_room = lines.len() <= OUTLINE_ENTRIES_MAX;
                let current = points.last().and_then(|&i| lines.get_mut(i));
                match (element.name.as_str(), current) {
                    ("navpoint", _) if has_room => {
                        points.push(lines.len());
                        lines.push(Line { level: level(points.len()), ..Line::default() });
                    }
                    // A point may have labels in several languages; the first is the book's.
                    ("navlabel", Some(line)) => in_label = line.title.trim().is_empty(),
                    ("content", Some(line)) if line.href.is_none() => {
                        line.href = element.attribute("src").map(str::to_owned);
                    }
                    _ => {}
                }
                open.push(&element.name);
            }
            Node::Text(text) if in_label => {
                if let Some(line) = points.last().and_then(|&i| lines.get_mut(i)) {
                    line.title.push_str(text);
                }
            }
            Node::Text(_) => {}
            Node::End => match open.pop() {
                Some("navpoint") => {
                    points.pop();
                }
                Some("navlabel") => in_label = false,
                _ => {}
            },
        }
    }
    lines
}

/// The nodes inside the `nav` of the table of contents: the one that says so, else one that says
/// nothing, else the whole page.
fn toc_of(nodes: &[Node]) -> &[Node] {
    let kind = |e: &Element| match e {
        e if e.name != "nav" => None,
        e if e.has_word("type", "toc") || e.has_word("role", "doc-toc") => Some(0),
        e if e.attribute("type").is_none() => Some(1),
        // Pages and landmarks are no chapters.
        _ => None,
    };
    let starts = nodes.iter().enumerate().filter_map(|(index, node)| match node {
        Node::Start(element) => kind(element).map(|rank| (rank, index)),
        _ => None,
    });
    let Some((_, start)) = starts.min() else { return nodes };
    let inside = nodes.get(start + 1..).unwrap_or_default();
    let mut depth = 0usize;
    let end = inside.iter().position(|node| match node {
        Node::Start(_) => {
            depth += 1;
            false
        }
        Node::Text(_) => false,
        Node::End if depth == 0 => true,
        Node::End => {
            depth -= 1;
            false
        }
    });
    inside.get(..end.unwrap_or(inside.len())).unwrap_or_default()
}

/// What an element in a line adds to it: its address, or the words that stand for a picture.
fn add_element(line: &mut Line, element: &Element) {
    match element.name.as_str() {
        "a" if line.href.is_none() => line.href = element.attribute("href").map(str::to_owned),
        "img" => line.title.push_str(element.attribute("alt").or(element.attribute("title")).unwrap_or_default()),
        "br" => line.title.push(' '),
        _ => {}
    }
}

fn level(depth: usize) -> u8 {
    depth.clamp(1, usize::from(OUTLINE_DEPTH_MAX)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::epub::xml;

    fn shown(lines: &[Line]) -> Vec<String> {
        let href = |l: &Line| l.href.clone().unwrap_or_else(|| "-".to_owned());
        lines.iter().map(|l| format!("{} {} {}", l.level, l.title.trim(), href(l))).collect()
    }

    fn check_nav(body: &str, expected: &[&str]) {
        assert_eq!(shown(&from_nav(&xml::parse(body))), expected, "{body}");
    }

    fn check_ncx(map: &str, expected: &[&str]) {
        let ncx = format!("<ncx><docTitle><text>T</text></docTitle><navMap>{map}</navMap></ncx>");
        assert_eq!(shown(&from_ncx(&xml::parse(&ncx))), expected, "{map}");
    }

    #[test]
    fn nav_lists() {
        check_nav(
            "<nav epub:type='landmarks'><ol><li><a href='x'>no</a></li></ol></nav>\
             <nav epub:type='toc'><h1>Contents</h1><ol><li><a href='a'>A <i>b</i></a>\
             <ol><li><a href='c#d'>C</a></li></ol> after</li><li><a href='e'>E</a></li></ol></nav>",
            &["1 A b a", "2 C c#d", "1 E e"],
        );
        check_nav("<nav><ol><li><a href='a'>A</a></li></ol></nav>", &["1 A a"]);
        check_nav("<body><ul><li><a href='a'><img alt='A'/></a></li></ul></body>", &["1 A a"]);
        check_nav("<nav epub:type='page-list'><ol><li><a href='p'>1</a></li></ol></nav><ol/>", &["1 1 p"]);
        check_nav("", &[]);
    }

    #[test]
    fn headings_may_have_no_address() {
        check_nav(
            "<nav><ol><li><span>Part</span><ol><li>Book<ol><li><a href='a'>A</a></li></ol></li></ol></li></ol></nav>",
            &["1 Part -", "2 Book -", "3 A a"],
        );
    }

    #[test]
    fn ncx_maps() {
        check_ncx(
            "<navPoint playOrder='2'><navLabel><text>A</text></navLabel><navLabel><text>Ä</text></navLabel><content src='a'/>\
             <navPoint><navLabel><text>B</text></navLabel><content src='b#c'/></navPoint></navPoint>\
             <navPoint><content src='d'/></navPoint>",
            &["1 A a", "2 B b#c", "1  d"],
        );
        check_ncx("", &[]);
    }

    #[test]
    fn deep_and_long_lists_are_walked() {
        let deep = format!("<nav>{}x", "<ol><li><a href='a'>t</a>".repeat(5000));
        let lines = from_nav(&xml::parse(&deep));
        assert_eq!((lines.len(), lines.last().map(|l| l.level)), (5000, Some(OUTLINE_DEPTH_MAX)));
        let wide = format!("<nav><ol>{}", "<li><a href='a'>t</a></li>".repeat(60_000));
        assert_eq!(from_nav(&xml::parse(&wide)).len(), OUTLINE_ENTRIES_MAX + 1);
    }
}

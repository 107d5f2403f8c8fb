//! Where a long text may be cut, and what a piece must know of the text before it.
//!
//! Lines are looked at as far as blocks show in them: fences, blocks of HTML, list items and
//! their columns, tables, quotations. The best cut stands before a heading or a paragraph of the
//! outermost level, the next best between two items of a list, then at any line; a line that is
//! longer than the look-ahead is cut in itself. What is open at a cut is opened again by a few
//! lines of markup before the piece ([`State::opening`]). It must not know how blocks are written.

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::formats::growing::Window;
use crate::limits::FRONT_BYTES_MAX;

use super::front;

/// List items and notes in each other that are told apart.
const ITEMS_MAX: usize = 12;
/// Bytes of the head of a table that is repeated for the parts of it.
const TABLE_HEAD_MAX: usize = 8 * 1024;
/// Bytes of a fence's info string that are repeated.
const INFO_MAX: usize = 256;
/// Marks of quotations and items in one line that are looked through.
const MARKS_MAX: usize = 24;

/// How a piece begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Begin {
    /// With the document.
    #[default]
    Document,
    /// With a block of the outermost level.
    Block,
    /// With an item of a list of the outermost level.
    Item,
    /// With a line.
    Line,
    /// Inside a line.
    Inside,
}

/// What is open at a place, as far as the text after it depends on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    begin: Begin,
    fence: Option<Fence>,
    html: Option<Html>,
    /// Columns at which the matter of the open items and notes begins, outermost first.
    items: Vec<usize>,
    /// The number of the last item of the outermost list, if its items have numbers.
    number: Option<u64>,
    /// The head of the open table: its two lines.
    table: Option<Box<[u8]>>,
    in_quote: bool,
    after_blank: bool,
}

/// An open fence.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fence {
    mark: u8,
    len: usize,
    info: Box<[u8]>,
    /// Columns before it, and those of the item that it lies in.
    indent: usize,
    column: usize,
    in_quote: bool,
}

/// An open block of HTML: what ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Html {
    Blank,
    End { opens: &'static str, closes: &'static str },
}

/// (how a block of HTML begins, what ends it): those that blank lines do not end.
const HTML: &[(&str, &str)] = &[
    ("<!--", "-->"),
    ("<?", "?>"),
    ("<![CDATA[", "]]>"),
    ("<script", "</script>"),
    ("<pre", "</pre>"),
    ("<style", "</style>"),
    ("<textarea", "</textarea>"),
];

/// Finds the best cut in a window.
pub fn cut(state: &State, window: &Window) -> (usize, State) {
    let bytes = window.bytes;
    let Range { start: nominal, end: limit } = window.cuts.clone();
    let mut state = state.clone();
    let mut at = match state.begin {
        Begin::Document => front_len(bytes),
        // What is left of a line says nothing about blocks.
        Begin::Inside => line_end(bytes, 0),
        _ => 0,
    };
    let mut best: Option<(usize, State)> = None;
    let mut previous: &[u8] = &[];
    while at <= limit && at < bytes.len() {
        let end = line_end(bytes, at);
        let line = bytes.get(at..end).unwrap_or_default();
        if at >= nominal
            && let Some(begin) = state.begin_at(line)
            && best.as_ref().is_none_or(|(_, found)| begin < found.begin)
        {
            best = Some((at, state.at_cut(begin, line)));
            if begin == Begin::Block {
                break;
            }
        }
        if end > limit {
            break;
        }
        state.line(line, previous);
        previous = line;
        at = end;
    }
    if let Some(best) = best {
        return best;
    }
    let place = Window { cuts: nominal.max(at).min(limit)..limit, ..*window }.inside();
    if place > at {
        state.line(bytes.get(at..place).unwrap_or_default(), previous);
    }
    state.begin = Begin::Inside;
    (place, state)
}

/// The length of the front matter.
fn front_len(bytes: &[u8]) -> usize {
    if !matches!(bytes, [b'-' | b'+', ..]) {
        return 0;
    }
    let head = bytes.get(..FRONT_BYTES_MAX * 2).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    // Replaced bytes would make it longer; the words of a cut are no worse for it.
    text.len().saturating_sub(front::split(&text).1.len()).min(bytes.len())
}

/// The end of the line at a place, behind its line feed.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + memchr(b'\n', rest).map_or(rest.len(), |found| found + 1)
}

/// A line without its indent and its end, and the columns of the indent from a column on.
fn unindented(line: &[u8], from: usize) -> (usize, &[u8]) {
    let mut column = from;
    let mut rest = line;
    while let [first, after @ ..] = rest {
        match first {
            b' ' => column += 1,
            b'\t' => column = column / 4 * 4 + 4,
            _ => break,
        }
        rest = after;
    }
    (column, rest.trim_ascii_end())
}

/// The length of the mark of a list item, and its number if it has one.
fn item_mark(rest: &[u8]) -> Option<(usize, Option<u64>)> {
    let digits = rest.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let (len, number) = match rest.get(digits) {
        Some(b'-' | b'+' | b'*') if digits == 0 && !is_rule(rest) => (1, None),
        Some(b'.' | b')') if (1..10).contains(&digits) => {
            let number = rest.iter().take(digits).fold(0, |n, b| n * 10 + u64::from(b - b'0'));
            (digits + 1, Some(number))
        }
        _ => return None,
    };
    matches!(rest.get(len), None | Some(b' ' | b'\t')).then_some((len, number))
}

/// Whether a line is a rule: three or more of one sign.
fn is_rule(rest: &[u8]) -> bool {
    let Some(sign @ (b'-' | b'*' | b'_')) = rest.first() else { return false };
    rest.iter().all(|b| b == sign || matches!(b, b' ' | b'\t')) && rest.iter().filter(|b| *b == sign).nth(2).is_some()
}

fn is_heading(rest: &[u8]) -> bool {
    let level = rest.iter().take(7).take_while(|b| **b == b'#').count();
    (1..=6).contains(&level) && matches!(rest.get(level), None | Some(b' ' | b'\t'))
}

/// Whether a line parts the head of a table from its rows.
fn is_delimiter(rest: &[u8]) -> bool {
    rest.contains(&b'-')
        && rest.iter().any(|b| matches!(b, b'|' | b':'))
        && rest.iter().all(|b| matches!(b, b'|' | b':' | b'-' | b' ' | b'\t'))
}

/// The sign and the length of a fence.
fn fence_mark(rest: &[u8]) -> Option<(u8, usize)> {
    let mark @ (b'`' | b'~') = *rest.first()? else { return None };
    let len = rest.iter().take_while(|b| **b == mark).count();
    let has_tick = mark == b'`' && rest.iter().skip(len).any(|b| *b == b'`');
    (len >= 3 && !has_tick).then_some((mark, len))
}

/// The block of HTML that a line begins, and whether it ends in it.
fn html_block(rest: &[u8]) -> Option<Html> {
    let begins = |word: &str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    if let Some(&(opens, closes)) = HTML.iter().find(|(opens, _)| begins(opens)) {
        let inside = rest.get(opens.len()..).unwrap_or_default();
        return (!contains(inside, closes)).then_some(Html::End { opens, closes });
    }
    let is_tag = matches!(rest, [b'<', b'a'..=b'z' | b'A'..=b'Z', ..] | [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z', ..]);
    // An address in angle brackets is a paragraph.
    let name_end = rest.iter().skip(2).find(|b| !b.is_ascii_alphanumeric() && **b != b'-');
    (is_tag && matches!(name_end, None | Some(b' ' | b'\t' | b'>' | b'/'))).then_some(Html::Blank)
}

/// Whether a line has a closing tag or sign in it; names in any case.
fn contains(line: &[u8], closes: &str) -> bool {
    if closes.starts_with("</") {
        let mut from = 0;
        while let Some(at) = line.get(from..).and_then(|rest| memmem::find(rest, b"</")) {
            let tag = line.get(from + at..).unwrap_or_default();
            if tag.get(..closes.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(closes.as_bytes())) {
                return true;
            }
            from += at + 2;
        }
        return false;
    }
    memmem::find(line, closes.as_bytes()).is_some()
}

impl State {
    /// How the piece begins.
    pub fn begin(&self) -> Begin {
        self.begin
    }

    /// Whether the piece goes on with what the one before it ended with, without a gap.
    pub fn continues(&self) -> bool {
        match self.begin {
            Begin::Inside => true,
            Begin::Line => !self.after_blank && self.table.is_none(),
            _ => false,
        }
    }

    /// The number of the first item, where the piece begins with one that has a number.
    pub fn number(&self) -> Option<u64> {
        self.number.filter(|_| self.begin == Begin::Item).map(|number| number.saturating_add(1))
    }

    /// Whether the piece begins inside a block of HTML.
    pub fn is_html(&self) -> bool {
        self.html.is_some()
    }

    /// Markup that opens again what is open.
    pub fn opening(&self) -> String {
        let mut out = String::new();
        if let Some(fence) = &self.fence {
            open_items(&mut out, &self.items, fence.column);
            let quote = if fence.in_quote { "> " } else { "" };
            let indent = " ".repeat(fence.indent);
            let mark = char::from(fence.mark).to_string().repeat(fence.len);
            out.push_str(&[quote, &indent, &mark, &String::from_utf8_lossy(&fence.info), "\n"].concat());
        } else if let Some(Html::End { opens, .. }) = self.html {
            out.push_str(opens);
            out.push_str(if opens.starts_with("<!") || opens.starts_with("<?") { "\n" } else { ">\n" });
        } else if let Some(head) = self.table.as_ref().filter(|_| self.begin == Begin::Line) {
            out.push_str(&String::from_utf8_lossy(head));
        } else if self.html.is_none() {
            open_items(&mut out, &self.items, usize::MAX);
        }
        out
    }

    /// How good a cut before a line is. `None` where one would change what the lines mean.
    fn begin_at(&self, line: &[u8]) -> Option<Begin> {
        let (indent, rest) = unindented(line, 0);
        if self.fence.is_some() || self.html.is_some() {
            let closes =
                self.fence.as_ref().is_some_and(|fence| fence_mark(rest).is_some_and(|(m, _)| m == fence.mark));
            return (!closes && !rest.is_empty()).then_some(Begin::Line);
        }
        if rest.is_empty() {
            return None;
        }
        let is_outermost = indent == 0;
        if is_outermost && (is_heading(rest) && !self.in_quote || is_heading(rest) && self.after_blank) {
            return Some(Begin::Block);
        }
        if is_outermost && item_mark(rest).is_some() && !self.items.is_empty() {
            return Some(Begin::Item);
        }
        if is_outermost && self.after_blank && rest.first() != Some(&b':') {
            return Some(Begin::Block);
        }
        // A line of these may make a heading or a table of the one before.
        let first = rest.first().copied().unwrap_or(b' ');
        (!matches!(first, b'=' | b'-' | b':' | b'~' | b'`') && !is_delimiter(rest)).then_some(Begin::Line)
    }

    /// What a piece must know that begins so with a line.
    fn at_cut(&self, begin: Begin, line: &[u8]) -> State {
        match begin {
            Begin::Document | Begin::Block => State { begin, ..State::default() },
            Begin::Item => State { begin, number: self.number, ..State::default() },
            Begin::Line | Begin::Inside => {
                let (indent, _) = unindented(line, 0);
                let mut state = State { begin, ..self.clone() };
                if state.fence.is_none() {
                    state.items.retain(|column| *column <= indent);
                }
                state
            }
        }
    }

    /// Takes a line in. `previous` is the one before it.
    fn line(&mut self, line: &[u8], previous: &[u8]) {
        self.begin = Begin::Line;
        let (indent, rest) = unindented(line, 0);
        if self.in_fence(indent, rest) {
            return;
        }
        match self.html {
            Some(Html::End { closes, .. }) => {
                if contains(rest, closes) {
                    self.html = None;
                }
                self.after_blank = false;
                return;
            }
            Some(Html::Blank) if !rest.is_empty() => return,
            _ => self.html = None,
        }
        self.after_blank = rest.is_empty();
        if rest.is_empty() {
            self.table = None;
            self.in_quote = false;
            return;
        }
        while self.items.last().is_some_and(|column| *column > indent) {
            self.items.pop();
        }
        if indent < self.items.last().copied().unwrap_or(0) + 4 {
            self.blocks(indent, rest, previous, line);
        }
    }

    /// Whether the line belongs to an open fence. One that lies in an item or a quotation ends
    /// with it.
    fn in_fence(&mut self, indent: usize, rest: &[u8]) -> bool {
        let Some(fence) = &self.fence else { return false };
        let is_out = fence.column > indent && !rest.is_empty() || fence.in_quote && rest.first() != Some(&b'>');
        if is_out {
            self.fence = None;
            return false;
        }
        let inner = if fence.in_quote { unindented(rest.get(1..).unwrap_or_default(), 0).1 } else { rest };
        let closes = fence_mark(inner).is_some_and(|(mark, len)| {
            mark == fence.mark && len >= fence.len && inner.iter().all(|byte| *byte == mark)
        });
        if closes {
            self.fence = None;
        }
        self.after_blank = false;
        true
    }

    /// Looks through the marks of quotations and items at the start of a line for what it opens.
    fn blocks(&mut self, indent: usize, rest: &[u8], previous: &[u8], line: &[u8]) {
        let (mut column, mut rest) = (indent, rest);
        let mut in_quote = false;
        if self.items.is_empty() && item_mark(rest).is_none() {
            self.number = None;
        }
        for _ in 0..MARKS_MAX {
            if let [b'>', inner @ ..] = rest {
                in_quote = true;
                (column, rest) = unindented(inner, column + 1);
            } else if let Some((len, number)) = item_mark(rest) {
                let (after, inner) = unindented(rest.get(len..).unwrap_or_default(), column + len);
                let width = if inner.is_empty() || after - column - len > 4 { len + 1 } else { after - column };
                if self.items.is_empty() && !in_quote {
                    self.number = number.map(|own| self.number.map_or(own, |last| last.saturating_add(1)));
                }
                if !in_quote && self.items.len() < ITEMS_MAX {
                    self.items.push(column + width);
                }
                (column, rest) = (after, inner);
            } else {
                break;
            }
        }
        self.in_quote = in_quote;
        if rest.starts_with(b"[^") && memmem::find(rest, b"]:").is_some() && self.items.is_empty() && !in_quote {
            self.items.push(4);
        } else if let Some((mark, len)) = fence_mark(rest) {
            let info = rest.get(len..).unwrap_or_default();
            let info = info.get(..INFO_MAX).unwrap_or(info).into();
            let item = if in_quote { 0 } else { self.items.last().copied().unwrap_or(0) };
            let indent = if in_quote { 0 } else { column };
            self.fence = Some(Fence { mark, len, info, indent, column: item, in_quote });
        } else if rest.first() == Some(&b'<') && !in_quote {
            self.html = html_block(rest);
        } else if is_delimiter(rest)
            && !in_quote
            && self.items.is_empty()
            && self.table.is_none()
            && memchr(b'|', previous).is_some()
            && previous.len() + line.len() <= TABLE_HEAD_MAX
        {
            self.table = Some([previous, line].concat().into());
        }
    }
}

/// Markup of items whose matter begins at these columns, up to one.
fn open_items(out: &mut String, items: &[usize], limit: usize) {
    let mut column = 0;
    for &item in items.iter().filter(|&&item| item <= limit) {
        // A mark and its space take two columns, and five at most.
        while item.saturating_sub(column) > 5 {
            out.push_str("- ");
            column += 2;
        }
        if item >= column + 2 {
            out.push('-');
            out.push_str(&" ".repeat(item - column - 1));
            column = item;
        }
    }
    if column > 0 {
        out.push_str("x\n\n");
    }
}

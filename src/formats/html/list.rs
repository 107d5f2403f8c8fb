//! Lists: the marker that stands before each item.

use super::element::declares;
use super::tree::{Element, NodeId, Tree};

/// An open list.
#[derive(Debug)]
pub struct List {
    number: Option<Numbering>,
    bullet: char,
    /// Items stand without blank rows between them.
    pub is_tight: bool,
    /// Lists around this one.
    pub depth: usize,
    /// Items so far.
    pub items: usize,
}

#[derive(Debug)]
struct Numbering {
    next: i64,
    step: i64,
    style: Numerals,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numerals {
    None,
    Decimal,
    Letters { upper: bool },
    Roman { upper: bool },
}

impl List {
    /// A list as its element describes it. `ordered` and `unordered` count the lists of each kind
    /// around it.
    pub fn open(tree: &Tree, id: NodeId, ordered: usize, unordered: usize) -> List {
        let element = tree.element(id);
        let attribute = |name| element.and_then(|e: &Element| e.attribute(name));
        let css = attribute("style").unwrap_or_default();
        let is_bare = declares(css, "list-style", "none") || declares(css, "list-style-type", "none");
        let number = (tree.name(id) == "ol").then(|| {
            let is_reversed = attribute("reversed").is_some();
            let start = attribute("start").and_then(integer).unwrap_or_else(|| {
                if is_reversed { tree.children(id).filter(|&c| tree.name(c) == "li").count() as i64 } else { 1 }
            });
            let style = if is_bare { Numerals::None } else { numerals(attribute("type"), css, ordered) };
            Numbering { next: start, step: if is_reversed { -1 } else { 1 }, style }
        });
        let bullet = if is_bare { ' ' } else { ['•', '◦', '▪'].get(unordered % 3).copied().unwrap_or('•') };
        let depth = ordered + unordered;
        List { number, bullet, is_tight: is_tight(tree, id), depth, items: 0 }
    }

    /// An item that stands in no list.
    pub fn stray() -> List {
        List { number: None, bullet: '•', is_tight: true, depth: 0, items: 0 }
    }

    /// Whether the items are numbered.
    pub fn is_ordered(&self) -> bool {
        self.number.is_some()
    }

    /// The marker of the next item.
    pub fn marker(&mut self, item: &Element) -> String {
        self.items += 1;
        let Some(number) = &mut self.number else { return self.bullet.to_string().trim().to_owned() };
        let value = item.attribute("value").and_then(integer).unwrap_or(number.next);
        number.next = value.saturating_add(number.step);
        match number.style {
            Numerals::None => String::new(),
            Numerals::Decimal => format!("{value}."),
            Numerals::Letters { upper } => format!("{}.", cased(letters(value), upper)),
            Numerals::Roman { upper } => format!("{}.", cased(roman(value), upper)),
        }
    }
}

/// Whether no item of a list holds a paragraph.
fn is_tight(tree: &Tree, list: NodeId) -> bool {
    let has_paragraph = |item: NodeId| {
        tree.children(item).any(|child| matches!(tree.name(child), "p" | "blockquote" | "pre" | "table" | "figure"))
    };
    !tree.children(list).filter(|&child| tree.name(child) == "li").any(has_paragraph)
}

/// An integer as HTML reads it: digits after a sign, whatever follows. `None` when it is none or
/// too large to count with.
pub fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let value: i64 = digits.get(..end)?.parse().ok()?;
    // Beyond 32 bits browsers do not count either.
    i32::try_from(sign * value).ok().map(i64::from)
}

fn numerals(kind: Option<&str>, css: &str, depth: usize) -> Numerals {
    let is = |value| declares(css, "list-style-type", value) || declares(css, "list-style", value);
    match kind {
        Some("a") => return Numerals::Letters { upper: false },
        Some("A") => return Numerals::Letters { upper: true },
        Some("i") => return Numerals::Roman { upper: false },
        Some("I") => return Numerals::Roman { upper: true },
        Some("1") => return Numerals::Decimal,
        _ => {}
    }
    if is("lower-alpha") || is("lower-latin") {
        Numerals::Letters { upper: false }
    } else if is("upper-alpha") || is("upper-latin") {
        Numerals::Letters { upper: true }
    } else if is("lower-roman") {
        Numerals::Roman { upper: false }
    } else if is("upper-roman") {
        Numerals::Roman { upper: true }
    } else if is("decimal") {
        Numerals::Decimal
    } else {
        let by_depth = [Numerals::Decimal, Numerals::Letters { upper: false }, Numerals::Roman { upper: false }];
        by_depth.get(depth % 3).copied().unwrap_or(Numerals::Decimal)
    }
}

fn cased(text: String, upper: bool) -> String {
    if upper { text.to_ascii_uppercase() } else { text }
}

/// a, b … z, aa, ab …; figures below 1.
fn letters(value: i64) -> String {
    if value < 1 {
        return value.to_string();
    }
    let mut rest = value;
    let mut reversed = Vec::new();
    while rest > 0 {
        rest -= 1;
        reversed.push(char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
    }
    reversed.iter().rev().collect()
}

/// i, ii, iii, iv …; figures below 1 and from 4,000 on.
fn roman(value: i64) -> String {
    const STEPS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&value) {
        return value.to_string();
    }
    let mut rest = value;
    let mut text = String::new();
    for (step, numeral) in STEPS {
        while rest >= step {
            text.push_str(numeral);
            rest -= step;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_every_style() {
        for (value, letter, numeral) in
            [(1, "a", "i"), (4, "d", "iv"), (26, "z", "xxvi"), (27, "aa", "xxvii"), (0, "0", "0"), (-3, "-3", "-3")]
        {
            assert_eq!((letters(value).as_str(), roman(value).as_str()), (letter, numeral));
        }
        assert_eq!(roman(1994), "mcmxciv");
        assert_eq!((letters(703), roman(4000)), ("aaa".to_owned(), "4000".to_owned()));
    }

    #[test]
    fn integers_are_read_leniently() {
        for (text, value) in [("7", Some(7)), (" -12px", Some(-12)), ("+3", Some(3)), ("x", None), ("", None)] {
            assert_eq!(integer(text), value, "{text:?}");
        }
        assert_eq!(integer("99999999999999"), None);
    }
}

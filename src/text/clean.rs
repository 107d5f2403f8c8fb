//! Text that may be shown, and the one rule that makes it.
//!
//! Every byte of a document is untrusted: a control character that reaches the terminal is a
//! command. So text passes this filter once, after all decoding (charset, entities, percent and
//! base64 coding), character by character, and only the result ([`Clean`], or a
//! [`Section`](crate::document::Section), which is built through it) is accepted by the layers
//! above. What is taken out leaves a visible mark one column wide wherever a reader should know
//! that something stood there, so that width, search offset and text agree.
//!
//! The rule works on characters, never on escape *sequences*: split or unfinished sequences then
//! cannot matter. This file must not know what the text is for.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use unicode_width::UnicodeWidthChar;

use super::bytes::{first_place, has_wide_space};
use crate::limits::{JOINS_MAX, MARKS_MAX, TAGS_MAX};

/// Columns from one tab stop to the next, at most.
const TAB: usize = 8;
/// Shown where something was that no reader may see raw.
const REPLACEMENT: char = '\u{FFFD}';

/// Text that may be written to a terminal: no control character but LF and TAB, no bidi control,
/// no hidden tag, bounded clusters. Made by [`clean`] and [`clean_line`] only.
///
/// A `TAB` is never left by the filter itself; a [`Section`](crate::document::Section) uses it to
/// part the cells of a table. A clone shares the text: a note may have a megabyte.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clean(Arc<String>);

impl Clean {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, given away.
    pub fn into_string(self) -> String {
        Arc::unwrap_or_clone(self.0)
    }

    /// Joins texts that are clean already: the result is clean, because no rule looks across
    /// more than one cluster and `separator` parts them.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Clean>, separator: &'static str) -> Clean {
        let parts: Vec<&str> = parts.into_iter().map(Clean::as_str).collect();
        Clean(Arc::new(parts.join(separator)))
    }

    /// Takes text that a [`Cleaner`] wrote, as [`crate::document::SectionBuilder`] does.
    pub(crate) fn from_cleaner(text: String) -> Clean {
        debug_assert!(is_clean(&text));
        Clean(Arc::new(text))
    }
}

impl Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl AsRef<str> for Clean {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Cleans a whole text; line breaks stay.
///
/// ```text
/// clean("a\u{1b}]52;c;…\u{7}")  =  "a␛]52;c;…␇"
/// ```
pub fn clean(raw: &str) -> Clean {
    let mut out = String::with_capacity(raw.len());
    let mut cleaner = Cleaner::new();
    cleaner.push(raw, &mut out);
    cleaner.finish(&mut out);
    Clean(Arc::new(out))
}

/// Cleans a text that is shown on one line (a title, a label, a file name, a message): every run
/// of white space, line breaks included, becomes one space, and the ends are trimmed.
pub fn clean_line(raw: &str) -> Clean {
    if is_plain_line(raw) {
        return Clean(Arc::new(raw.to_owned()));
    }
    let text = clean(raw);
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Clean(Arc::new(out))
}

/// Whether a line stays as it is: nothing in it needs a rule, and single spaces part its words.
fn is_plain_line(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let is_trimmed = bytes.first() != Some(&b' ') && bytes.last() != Some(&b' ');
    is_trimmed && !has_wide_space(bytes) && Plain::of(raw).bytes == raw.len()
}

/// How many bytes at the start are printable ASCII.
fn printable(bytes: &[u8]) -> usize {
    first_place(bytes, |b| !(b' '..=b'~').contains(&b)).unwrap_or(bytes.len())
}

/// The characters at the start of a text that need no rule, as most of prose.
struct Plain {
    bytes: usize,
    columns: usize,
    last: Option<char>,
}

impl Plain {
    fn of(raw: &str) -> Plain {
        let mut own = Plain { bytes: 0, columns: 0, last: None };
        while let Some(rest) = raw.get(own.bytes..) {
            // Bytes are faster to look at than characters.
            if matches!(rest.as_bytes(), [b' '..=b'~', ..]) {
                let ascii = printable(rest.as_bytes());
                own.bytes += ascii;
                own.columns += ascii;
                own.last = raw.as_bytes().get(own.bytes - 1).map(|b| char::from(*b));
                continue;
            }
            let Some((c, width)) = rest.chars().next().and_then(|c| Some((c, plain_width(c)?))) else { break };
            own.bytes += c.len_utf8();
            own.columns += width;
            own.last = Some(c);
        }
        own
    }
}

/// Whether a text may be shown as it is: the law that every output of [`clean`] keeps.
pub fn is_clean(text: &str) -> bool {
    text.chars().all(|c| {
        !matches!(c,
            '\0'..='\u{8}' | '\u{B}'..='\u{1F}' | '\u{7F}'..='\u{9F}'
            | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
            && !is_hidden_or_private(c)
    })
}

/// The filter as a stream: text may arrive in pieces of any size with the same result.
#[derive(Debug)]
pub struct Cleaner {
    /// The last character kept, where a mark, a joiner or a selector may follow it.
    base: Option<char>,
    /// Combining marks on that character.
    marks: u8,
    /// Joiners in this cluster.
    joins: u8,
    /// A variation selector already stands after the base.
    selected: bool,
    /// A joiner that waits for what follows it.
    joiner: Option<char>,
    /// A carriage return that waits for a line feed.
    carriage_return: bool,
    /// Tag characters after a black flag, until their end mark.
    tags: Option<String>,
    /// A run of hidden characters was marked already.
    hidden: bool,
    /// Display columns since the last line break, for tab stops.
    column: usize,
}

impl Default for Cleaner {
    fn default() -> Self {
        Self::new()
    }
}

impl Cleaner {
    /// A filter at the start of a line.
    pub fn new() -> Self {
        Cleaner {
            base: None,
            marks: 0,
            joins: 0,
            selected: false,
            joiner: None,
            carriage_return: false,
            tags: None,
            hidden: false,
            column: 0,
        }
    }

    /// Cleans the next piece of text onto the end of `out`.
    pub fn push(&mut self, raw: &str, out: &mut String) {
        let mut rest = raw;
        while !rest.is_empty() {
            if self.is_plain() {
                rest = self.push_plain(rest, out);
            }
            if let Some(c) = rest.chars().next() {
                self.push_char(c, out);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }

    /// Takes a text that stays as it is, if it is one and nothing waits for what follows; whoever asks
    /// writes it.
    pub fn passes(&mut self, raw: &str) -> bool {
        let plain = if self.is_plain() { Plain::of(raw) } else { return false };
        if plain.bytes < raw.len() {
            return false;
        }
        self.take(&plain);
        true
    }

    fn take(&mut self, plain: &Plain) {
        if plain.last.is_some() {
            self.column += plain.columns;
            self.start_cluster(plain.last);
        }
    }

    /// Takes a space, if nothing waits for what follows it; whoever asks writes it.
    pub fn space(&mut self) -> bool {
        let is_plain = self.is_plain();
        if is_plain {
            self.column += 1;
            self.start_cluster(Some(' '));
        }
        is_plain
    }

    /// Copies the characters at the start that need no rule, and gives the rest.
    fn push_plain<'a>(&mut self, raw: &'a str, out: &mut String) -> &'a str {
        let plain = Plain::of(raw);
        self.take(&plain);
        let (copied, rest) = raw.split_at_checked(plain.bytes).unwrap_or((raw, ""));
        out.push_str(copied);
        rest
    }

    /// Ends the text: what still waited for a next character is decided.
    pub fn finish(&mut self, out: &mut String) {
        self.settle(None, out);
        *self = Cleaner { column: self.column, ..Cleaner::new() };
    }

    fn is_plain(&self) -> bool {
        self.joiner.is_none() && !self.carriage_return && self.tags.is_none()
    }

    fn start_cluster(&mut self, base: Option<char>) {
        self.base = base;
        self.marks = 0;
        self.joins = 0;
        self.selected = false;
        self.hidden = false;
    }

    /// Decides what was waiting, now that `next` is known.
    fn settle(&mut self, next: Option<char>, out: &mut String) {
        if self.carriage_return {
            self.carriage_return = false;
            if next != Some('\n') {
                self.emit('\u{240D}', out);
            }
        }
        if let Some(tags) = self.tags.take() {
            match next {
                Some(c) if is_tag(c) && tags.chars().count() < TAGS_MAX => {
                    self.tags = Some(tags);
                }
                _ if tags.is_empty() => {}
                // A flag that never ended: one mark for what it hid.
                _ => self.emit(REPLACEMENT, out),
            }
        }
        if let Some(joiner) = self.joiner.take() {
            let joins = next.is_some_and(|c| self.joins_on(c)) && self.base.is_some_and(joins_before);
            if joins && self.joins < JOINS_MAX {
                out.push(joiner);
                self.joins += 1;
            } else {
                self.base = None;
            }
        }
    }

    /// Whether a joiner may stand before this character: a letter, an emoji or a mark that is
    /// kept. Before one that is dropped it would join nothing.
    fn joins_on(&self, c: char) -> bool {
        if is_selector(c) {
            return self.base.is_some() && !self.selected;
        }
        // Marks of some scripts are letters, too.
        let is_kept = if is_mark(c) { self.marks < MARKS_MAX } else { joins_before(c) };
        !is_format(c) && !is_hidden_or_private(c) && is_kept
    }

    fn push_char(&mut self, c: char, out: &mut String) {
        self.settle(Some(c), out);
        match c {
            '\n' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push('\n');
                self.column = 0;
                self.start_cluster(None);
            }
            '\r' => self.carriage_return = true,
            '\t' => {
                for _ in 0..TAB - self.column % TAB {
                    self.emit(' ', out);
                }
            }
            '\0'..='\u{1F}' => self.emit(char::from_u32(0x2400 + u32::from(c)).unwrap_or(REPLACEMENT), out),
            '\u{7F}' => self.emit('\u{2421}', out),
            '\u{80}'..='\u{9F}' => self.emit(REPLACEMENT, out),
            // Bidi overrides and isolates would reorder the whole row, the frame included.
            '\u{202A}' | '\u{202D}' | '\u{2066}' => self.emit('\u{21E2}', out),
            '\u{202B}' | '\u{202E}' | '\u{2067}' => self.emit('\u{21E0}', out),
            '\u{202C}' | '\u{2068}' | '\u{2069}' => self.emit('\u{21E1}', out),
            // Directional marks and break hints have no width and no glyph of their own.
            '\u{200E}'
            | '\u{200F}'
            | '\u{61C}'
            | '\u{200B}'
            | '\u{2060}'..='\u{2064}'
            | '\u{206A}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{AD}' => {}
            '\u{200C}' | '\u{200D}' => self.joiner = Some(c),
            _ if is_selector(c) => {
                if self.base.is_some() && !self.selected {
                    self.selected = true;
                    out.push(c);
                }
            }
            _ if is_tag(c) => self.push_tag(c, out),
            _ if is_hidden_or_private(c) => self.emit(REPLACEMENT, out),
            _ if is_mark(c) => {
                if self.marks < MARKS_MAX {
                    self.marks += 1;
                    out.push(c);
                }
            }
            _ => {
                let joined = out.ends_with('\u{200D}');
                let joins = self.joins;
                self.emit(c, out);
                if joined {
                    self.joins = joins;
                }
                if c == '\u{1F3F4}' {
                    self.tags = Some(String::new());
                }
            }
        }
    }

    fn push_tag(&mut self, c: char, out: &mut String) {
        match self.tags.take() {
            Some(mut tags) => {
                tags.push(c);
                if c == '\u{E007F}' {
                    if tags.chars().count() > 1 {
                        out.push_str(&tags);
                    }
                } else {
                    self.tags = Some(tags);
                }
            }
            None if !self.hidden => {
                self.emit(REPLACEMENT, out);
                self.hidden = true;
            }
            None => {}
        }
    }

    fn emit(&mut self, c: char, out: &mut String) {
        out.push(c);
        self.column += c.width().unwrap_or(0);
        self.start_cluster(Some(c));
    }
}

fn is_tag(c: char) -> bool {
    ('\u{E0000}'..='\u{E007F}').contains(&c)
}

/// Columns of a character that needs no rule: letters and punctuation of the scripts that most
/// texts are in. `None` for any other, which the rules then look at.
fn plain_width(c: char) -> Option<usize> {
    let is_narrow = matches!(c, ' '..='~'
        | '\u{AB}' | '\u{BB}' | '\u{C0}'..='\u{24F}' | '\u{391}'..='\u{3CE}' | '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}'
        | '\u{5D0}'..='\u{5EA}' | '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}'
        | '\u{2013}' | '\u{2014}' | '\u{2018}'..='\u{201F}' | '\u{2026}');
    let is_wide = matches!(c, '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{FF01}'..='\u{FF5E}');
    (is_narrow || is_wide).then_some(if is_wide { 2 } else { 1 })
}

fn is_hidden_or_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..='\u{10FFFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// A character that stacks on the one before it.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.width() == Some(0)
}

/// May a joiner follow this character? Letters and marks of joining scripts, and emoji.
fn joins_before(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii() || is_pictograph(c)
}

/// Chooses one of the looks of the character before it.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Says something about the text around it, and has no look of its own.
fn is_format(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
        || is_tag(c)
}

/// Symbols and emoji, coarsely: what may stand in a joined emoji sequence.
fn is_pictograph(c: char) -> bool {
    matches!(u32::from(c), 0x2190..=0x2BFF | 0x3030..=0x303D | 0x3297..=0x3299 | 0x1F000..=0x1FAFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(raw: &str, shown: &str) {
        assert_eq!(clean(raw).as_str(), shown, "{raw:?}");
        // The same text in pieces of one character.
        let mut out = String::new();
        let mut cleaner = Cleaner::new();
        for c in raw.chars() {
            cleaner.push(c.encode_utf8(&mut [0; 4]), &mut out);
        }
        cleaner.finish(&mut out);
        assert_eq!(out, shown, "{raw:?} in pieces");
    }

    #[test]
    fn controls_become_pictures() {
        check("a\u{1b}]52;c;eA\u{7}b", "a␛]52;c;eA␇b");
        check("\0\u{7f}\u{9b}1m", "␀␡\u{FFFD}1m");
        check("a\rb\r\nc\r", "a␍b\nc␍");
        check("one\u{2028}two\u{c}three\u{85}", "one\ntwo\nthree\n");
    }

    #[test]
    fn tabs_go_to_the_next_stop() {
        check("\ta", "        a");
        check("abc\td\n\te", "abc     d\n        e");
        check("日本\tx", "日本    x");
    }

    #[test]
    fn bidi_controls_are_seen_not_obeyed() {
        check("exe.\u{202e}gpj", "exe.⇠gpj");
        check("\u{2066}x\u{2069}", "⇢x⇡");
        check("שלום\u{200f}!", "שלום!");
    }

    #[test]
    fn joiners_stay_where_they_join() {
        check("👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧");
        check("a\u{200d}b", "ab");
        // Found by fuzzing: what follows the joiner is dropped.
        check("क\u{94d}\u{200d}\u{feff}", "क\u{94d}");
        check("क\u{200d}\u{fff9}", "क\u{fffd}");
        let marks = "\u{301}".repeat(8);
        check(&format!("क{marks}\u{200d}\u{901}."), &format!("क{marks}."));
        check(&("क".to_owned() + &"\u{301}".repeat(8) + "\u{200d}\u{301}"), &("क".to_owned() + &"\u{301}".repeat(8)));
        check("می\u{200c}خواهم", "می\u{200c}خواهم");
        check("\u{200d}👩\u{200d}", "👩");
        check("a\u{ad}b\u{200b}c\u{feff}", "abc");
    }

    #[test]
    fn hidden_tags_are_marked_flags_stay() {
        let flag = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}";
        check(flag, flag);
        check("a\u{E0041}\u{E0042}b", "a\u{FFFD}b");
        check("\u{1F3F4}\u{E0041}x", "\u{1F3F4}\u{FFFD}x");
    }

    #[test]
    fn marks_and_selectors_are_bounded() {
        check(&format!("e{}x", "\u{301}".repeat(50)), &format!("e{}x", "\u{301}".repeat(8)));
        check("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}");
        check("\u{E000}\u{FFFF}", "\u{FFFD}\u{FFFD}");
        let chain = "👩\u{200d}".repeat(100);
        assert!(clean(&chain).split('👩').count() > 90);
        assert!(
            unicode_segmentation::UnicodeSegmentation::graphemes(clean(&chain).as_str(), true).all(|g| g.len() <= 64)
        );
    }

    #[test]
    fn the_short_way_gives_what_the_rules_give() {
        for c in ('\0'..=char::MAX).filter(|c| plain_width(*c).is_some()) {
            let mut by_rules = String::new();
            let mut cleaner = Cleaner::new();
            cleaner.push_char(c, &mut by_rules);
            let mut short = String::new();
            let mut other = Cleaner::new();
            other.push(c.encode_utf8(&mut [0; 4]), &mut short);
            assert_eq!((by_rules, format!("{cleaner:?}")), (short, format!("{other:?}")), "{c:?}");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(clean_line(" a\r\nb \t c\u{1b} ").as_str(), "a b c␛");
    }

    proptest! {
        #[test]
        fn what_is_clean_stays_so(raw in "\\PC*|[\\x00-\\u{9f}\\u{200b}-\\u{206f}\\u{e0000}-\\u{e01ef}🏴👩❤e\\u{301}]*") {
            let once = clean(&raw);
            prop_assert!(is_clean(&once));
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn pieces_make_no_difference(raw in "[\\x00-\\x20a-c\\u{200b}-\\u{200f}🏴\\u{e0041}\\u{e007f}👩❤e\\u{301}\\u{fe0f}]*", cut in 0usize..20) {
            let at = raw.char_indices().map(|(i, _)| i).nth(cut).unwrap_or(raw.len());
            let (a, b) = raw.split_at(at);
            let mut out = String::new();
            let mut cleaner = Cleaner::new();
            cleaner.push(a, &mut out);
            cleaner.push(b, &mut out);
            cleaner.finish(&mut out);
            prop_assert_eq!(out, clean(&raw).into_string());
        }
    }
}

//! Text → pieces: the stretches between two places where a row may end.
//!
//! The break opportunities are those of UAX #14, less the few that would part a grapheme cluster.
//! Most words need no segmenter: after `word␣word` and `word-word` a break is certain whatever
//! stands around, and inside a plain word there is none. So text is cut into *chunks* at certain
//! breaks, and only a chunk with anything doubtful in it (brackets, slashes, symbols, other
//! scripts) goes to the segmenter. It must not know the width of a row.

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;

use super::cluster::each_cluster;

/// A stretch of text that may stand at the end of a row. Offsets are in the text's block. Only
/// the first of a text may be all white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// First byte.
    pub start: u32,
    /// First byte of the white space at its end.
    pub shown: u32,
    /// First byte after that white space.
    pub end: u32,
    /// Columns without the white space.
    pub width: u32,
    /// Columns of the white space.
    pub space: u32,
}

/// The pieces of a text without line feeds, which begins at `offset` of its block. They cover it
/// exactly; there are none in an empty text.
pub(super) fn pieces(text: &str, offset: u32) -> Vec<Piece> {
    let mut pieces = cut(text, offset);
    // The standard lets a line begin with an em dash; books do not: it stays with its word.
    if memchr::memmem::find(text.as_bytes(), DASH.as_bytes()).is_some() {
        let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces.drain(..) {
            let begins = text.get((piece.start - offset) as usize..).is_some_and(|rest| rest.starts_with(DASH));
            match joined.last_mut() {
                Some(word) if begins && word.space == 0 => {
                    let width = word.width.saturating_add(piece.width);
                    *word = Piece { start: word.start, width, ..piece };
                }
                _ => joined.push(piece),
            }
        }
        return joined;
    }
    pieces
}

/// The em dash.
const DASH: &str = "—";

/// The pieces that the standard allows.
fn cut(text: &str, offset: u32) -> Vec<Piece> {
    // English has a word about every six bytes.
    let out = Vec::with_capacity(text.len() / 6 + 1);
    let mut cutter = Cutter { text, offset, chunk: Chunk::default(), out };
    cutter.run();
    cutter.out
}

/// What is known of a character without looking far around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    /// A full stop, a straight or closing quote, `)` …: no break on either side of it in a word.
    Glue,
    /// An opening quote that is not straight: like glue, but what follows a space after it is
    /// doubtful.
    Quote,
    /// `!`, `?`, `…`: no break before it, one after it if more than glue follows.
    Close,
    /// A certain break after it if letters stand on both sides.
    Hyphen,
    /// A break between it and letters.
    Dash,
    /// `(`, `[`, `{`: no break after it, even over spaces.
    Open,
    /// Other printable ASCII.
    Symbol,
    /// All else.
    Foreign,
}

/// The class of the character that begins with the first of `bytes`, and how many bytes it has;
/// characters of which nothing is known are taken byte by byte.
fn classify(bytes: &[u8]) -> (Class, usize) {
    match *bytes {
        [b' ', ..] => (Class::Space, 1),
        [b'a'..=b'z' | b'A'..=b'Z', ..] => (Class::Letter, 1),
        [b'0'..=b'9', ..] => (Class::Digit, 1),
        [b'.' | b',' | b';' | b':' | b'\'' | b'"' | b')' | b']', ..] => (Class::Glue, 1),
        [b'!' | b'?' | b'}', ..] => (Class::Close, 1),
        [b'-', ..] => (Class::Hyphen, 1),
        [b'(' | b'[' | b'{', ..] => (Class::Open, 1),
        [b'!'..=b'~', ..] => (Class::Symbol, 1),
        // Latin, Greek and Cyrillic letters, and what stands among them.
        [0xC3..=0xC5 | 0xCE | 0xD0 | 0xD1, _, ..] => (Class::Letter, 2),
        // ‘ “, ’ ”, – …, —.
        [0xE2, 0x80, 0x98 | 0x9C, ..] => (Class::Quote, 3),
        [0xE2, 0x80, 0x99 | 0x9D, ..] => (Class::Glue, 3),
        [0xE2, 0x80, 0x93 | 0xA6, ..] => (Class::Close, 3),
        [0xE2, 0x80, 0x94, ..] => (Class::Dash, 3),
        _ => (Class::Foreign, 1),
    }
}

/// A stretch between two certain breaks, while it is read.
#[derive(Clone, Copy, Default)]
struct Chunk {
    start: usize,
    /// There may be breaks inside.
    doubtful: bool,
    /// Not all of it is printable ASCII, one column a byte.
    measured: bool,
}

struct Cutter<'a> {
    text: &'a str,
    offset: u32,
    chunk: Chunk,
    out: Vec<Piece>,
}

impl Cutter<'_> {
    fn run(&mut self) {
        use Class::{Close, Dash, Digit, Foreign, Glue, Hyphen, Letter, Open, Quote, Space};
        let mut before = Space;
        // The last class that was no space; a text may begin with spaces.
        let mut last = Letter;
        let mut hyphenated = false;
        let mut at = 0;
        while let Some(rest @ [_, ..]) = self.text.as_bytes().get(at..) {
            let (now, len) = classify(rest);
            match (before, now) {
                (_, Space)
                | (Letter | Digit | Glue | Quote, Letter | Digit | Glue | Quote | Close)
                | (Close, Glue | Quote | Close) => {}
                (Letter, Hyphen) => hyphenated = true,
                (Letter, Dash) | (Dash, Letter) => self.settle(at),
                (Hyphen, Letter) if hyphenated => self.settle(at),
                (Space, Letter | Digit | Quote) if !matches!(last, Open | Quote | Foreign) => self.settle(at),
                _ => self.chunk.doubtful = true,
            }
            hyphenated &= now == Hyphen;
            self.chunk.measured |= len > 1 || now == Foreign;
            if now != Space {
                last = now;
            }
            before = now;
            at += len;
        }
        self.settle(self.text.len());
    }

    /// Ends the chunk where a break is certain.
    fn settle(&mut self, end: usize) {
        let chunk = std::mem::replace(&mut self.chunk, Chunk { start: end, ..Chunk::default() });
        let text = self.text.get(chunk.start..end).unwrap_or_default();
        match chunk {
            _ if text.is_empty() => {}
            Chunk { measured: true, doubtful: true, .. } => self.push_measured(chunk.start, text, segment(text)),
            Chunk { measured: true, .. } => self.push_measured(chunk.start, text, std::iter::empty()),
            Chunk { doubtful: true, .. } => {
                let mut start = 0;
                for end in segment(text) {
                    self.push_plain(chunk.start + start, text.get(start..end).unwrap_or_default());
                    start = end;
                }
            }
            _ => self.push_plain(chunk.start, text),
        }
    }

    /// A break before white space is none: it would begin a row with it.
    fn push(&mut self, piece: Piece) {
        match self.out.last_mut() {
            Some(last) if piece.shown == piece.start => {
                last.end = piece.end;
                last.space += piece.space;
            }
            _ => self.out.push(piece),
        }
    }

    /// A piece of printable ASCII, one column a byte.
    fn push_plain(&mut self, start: usize, text: &str) {
        let start = self.offset + start as u32;
        let space = text.bytes().rev().take_while(|byte| *byte == b' ').count() as u32;
        let width = text.len() as u32 - space;
        self.push(Piece { start, shown: start + width, end: start + width + space, width, space });
    }

    /// The pieces of a chunk whose clusters must be measured, up to the breaks inside it and to
    /// its end.
    fn push_measured(&mut self, start: usize, text: &str, breaks: impl Iterator<Item = usize>) {
        let offset = self.offset + start as u32;
        let empty = |at: u32| Piece { start: at, shown: at, end: at, width: 0, space: 0 };
        let mut breaks = breaks.peekable();
        let mut piece = empty(offset);
        each_cluster(text, |cluster| {
            let at = offset + cluster.end as u32;
            if cluster.is_white {
                piece.space += cluster.width;
            } else {
                piece.width += piece.space + cluster.width;
                piece.space = 0;
                piece.shown = at;
            }
            // A break inside a cluster is none.
            while breaks.next_if(|next| *next < cluster.end).is_some() {}
            if breaks.next_if_eq(&cluster.end).is_some() || cluster.end == text.len() {
                self.push(Piece { end: at, ..piece });
                piece = empty(at);
            }
        });
    }
}

/// Where a row may end in a text, its end included, as UAX #14 says. Scripts without spaces
/// (Thai, Lao, Khmer, Burmese) are cut by dictionary: the neural models that `new_auto` takes
/// need 170 ms for 64 KiB of Thai, the dictionary 2 ms.
fn segment(text: &str) -> impl Iterator<Item = usize> {
    LineSegmenter::new_dictionary(LineBreakOptions::default()).segment_str(text).skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The pieces without any shortcut.
    fn slow(text: &str) -> Vec<Piece> {
        let mut cutter = Cutter { text, offset: 0, chunk: Chunk::default(), out: Vec::new() };
        cutter.push_measured(0, text, segment(text));
        cutter.out
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = cut(text, 0);
        let words: Vec<&str> = found.iter().map(|p| text.get(p.start as usize..p.end as usize).unwrap()).collect();
        assert_eq!(words.join("|"), expected);
        assert_eq!(found, slow(text));
    }

    #[test]
    fn breaks_stand_where_the_standard_allows() {
        check("The quick (brown) fox  can't.", "The |quick |(brown) |fox  |can't.");
        check("well-known 1990-95 a -1 x--y", "well-|known |1990-95 |a |-1 |x--|y");
        check("see http://example.org/a/b?c=d now", "see |http://|example.org/|a/|b?|c=d |now");
        check("one—two “three” l’été", "one|—|two |“three” |l’été");
        check("日本語、です。", "日|本|語、|で|す。");
        check("  lead", "  |lead");
        check("aaa \u{2003} \u{3000}b", "aaa \u{2003} \u{3000}|b");
        check("", "");
    }

    #[test]
    fn widths_leave_out_the_space_at_the_end() {
        let found = cut("日本\u{3000} cafe\u{301}  ", 10);
        let seen: Vec<_> = found.iter().map(|p| (p.start, p.shown, p.end, p.width, p.space)).collect();
        assert_eq!(seen, [(10, 13, 13, 2, 0), (13, 16, 20, 2, 3), (20, 26, 28, 4, 2)]);
    }

    #[test]
    fn every_known_character_behaves_as_its_class() {
        for c in (' '..='\u{FFFF}').filter(|c| classify(c.to_string().as_bytes()).0 != Class::Foreign) {
            let text = format!("{c} a{c}b{c}{c} {c}a a{c} {c}-{c} 1{c}1 {c}—{c} “{c}” ‘{c}’ {c}… ({c}) {c}!{c}.{c}");
            assert_eq!(cut(&text, 0), slow(&text), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn shortcuts_change_nothing_in_ascii(text in "[ -~]{0,60}") {
            prop_assert_eq!(cut(&text, 0), slow(&text));
        }

        #[test]
        fn shortcuts_change_nothing_in_prose(text in "([a-z]{1,3}|[ ]{1,2}|[-.,;:!?'\"()$%/0-9]|[“‘”’—–…éÀ×ßœψЖיⅣ日\u{301}\u{a0}\u{200d}\u{3000}]){0,40}") {
            prop_assert_eq!(cut(&text, 0), slow(&text));
        }

        #[test]
        fn shortcuts_change_nothing_anywhere(text in "\\PC{0,40}") {
            prop_assert_eq!(cut(&text, 0), slow(&text));
        }
    }

    #[test]
    fn no_line_begins_with_a_dash_after_a_word() {
        let all = pieces("miles of them—leagues. — So", 0);
        let cut: Vec<&str> =
            all.iter().filter_map(|p| "miles of them—leagues. — So".get(p.start as usize..p.end as usize)).collect();
        assert_eq!(cut, ["miles ", "of ", "them—", "leagues. ", "— ", "So"]);
        assert_eq!(all.iter().map(|p| p.width).collect::<Vec<_>>(), [5, 2, 5, 8, 1, 2]);
    }
}

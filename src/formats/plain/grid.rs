//! The grid: where the sections of a plain text begin, without ever having read what is before.
//!
//! Nominal cuts lie at multiples of the step. The true start of a section is the first paragraph
//! break after its nominal cut, within a look-ahead of a quarter step; else the first end of a
//! line, else the first space, else the next character. So each start depends only on bytes near
//! it, starts never cross (the look-ahead is less than a step), and no table over the file is
//! needed. It must not know what lines mean.

use std::io;

use crate::formats::Source;
use crate::formats::encoding::Charset;

/// Bytes from one nominal cut to the next.
pub const STEP: u64 = crate::limits::TEXT_SECTION_BYTES;
/// Bytes of the look-ahead that are read at first.
const NEAR: usize = 4096;
/// A few more bytes than the look-ahead, for the second half of a CR LF or of a character.
const SLACK: u64 = 8;

/// Which characters end a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// LF, and CR before LF. A lone CR is a stray control.
    Lf,
    /// CR as well: texts of old Macintosh, or a mixture.
    Cr,
}

impl LineEnds {
    /// What ends lines in a text that begins so: lone CRs do if they are as many as the LFs.
    pub fn detect(text: &str) -> LineEnds {
        let feeds = text.bytes().filter(|b| *b == b'\n').count();
        let returns = text.bytes().filter(|b| *b == b'\r').count();
        let pairs = text.match_indices("\r\n").count();
        if returns - pairs > 0 && returns - pairs >= feeds { LineEnds::Cr } else { LineEnds::Lf }
    }

    /// The byte by which lines are counted.
    pub fn last_byte(self) -> u8 {
        match self {
            LineEnds::Lf => b'\n',
            LineEnds::Cr => b'\r',
        }
    }
}

/// How a section begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// With a paragraph: the blank lines before it belong to it.
    Paragraph,
    /// With a line, perhaps inside a paragraph.
    Line,
    /// Inside a line.
    Inside,
}

/// The bytes of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Offset of the first byte in the file.
    pub start: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// How it begins.
    pub cut: Cut,
    /// How the next one begins; a paragraph at the end of the file.
    pub next: Cut,
}

/// The sections of one file.
#[derive(Clone, Debug)]
pub struct Grid {
    source: Source,
    charset: Charset,
    ends: LineEnds,
    step: u64,
}

impl Grid {
    /// The grid over a source. `step` is at least 32 bytes.
    pub fn new(source: Source, charset: Charset, ends: LineEnds, step: u64) -> Grid {
        Grid { source, charset, ends, step: step.max(32) / 4 * 4 }
    }

    /// The source.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The same grid over a source that has grown.
    pub fn over(&self, source: Source) -> Grid {
        Grid { source, ..self.clone() }
    }

    fn look_ahead(&self) -> u64 {
        self.step / 16 * 4
    }

    /// Number of sections, at least 1. What is left after the last whole step joins the section
    /// before it if the look-ahead could swallow it.
    pub fn count(&self) -> u32 {
        let len = self.source.len().saturating_sub(self.look_ahead() + SLACK);
        u32::try_from(len.div_ceil(self.step)).unwrap_or(u32::MAX).max(1)
    }

    /// Bytes of the whole file.
    pub fn total(&self) -> u64 {
        self.source.len()
    }

    /// The size of a section by its nominal cuts; they sum to the length of the file.
    pub fn nominal_bytes(&self, section: u32) -> u64 {
        let start = u64::from(section) * self.step;
        match self.count() {
            count if section >= count => 0,
            count if section == count - 1 => self.source.len() - start.min(self.source.len()),
            _ => self.step,
        }
    }

    /// Reads a section.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self, section: u32) -> io::Result<Cell> {
        let count = self.count();
        let nominal = u64::from(section.min(count)) * self.step;
        let from = nominal.saturating_sub(self.charset.look_behind() as u64) / 4 * 4;
        let is_last = section + 1 >= count;
        let first = (nominal - from) as usize;
        let next = first + self.step as usize;
        let look_ahead = (self.look_ahead() + SLACK) as usize;
        // Where the next section begins shows nearly always in the first lines of the look-ahead.
        let near = if is_last { look_ahead } else { look_ahead.min(NEAR) };
        let mut window = self.source.read(from, next + near)?;
        let (start, cut) = if section == 0 {
            (self.charset.mark_len().min(window.len()), Cut::Paragraph)
        } else {
            self.cut(&window, first)
        };
        let (mut end, mut then) = if is_last { (window.len(), Cut::Paragraph) } else { self.cut(&window, next) };
        // Any other cut than the best one is sure only when all has been seen.
        if then != Cut::Paragraph && near < look_ahead {
            window.append(&mut self.source.read(from + window.len() as u64, look_ahead - near)?);
            (end, then) = self.cut(&window, next);
        }
        window.truncate(end);
        // A file that shrank has less than was known of it.
        window.drain(..start.min(window.len()));
        Ok(Cell { start: from + start as u64, bytes: window, cut, next: then })
    }

    /// The true start for a nominal cut, both as offsets into a window.
    fn cut(&self, window: &[u8], nominal: usize) -> (usize, Cut) {
        let unit = self.charset.unit();
        let limit = nominal + self.look_ahead() as usize;
        let mut at = nominal;
        let (mut line, mut space) = (None, None);
        // Whether nothing but blanks stood since the last end of a line.
        let mut is_blank = false;
        while at < limit {
            let Some(code) = self.charset.unit_at(window, at) else { break };
            let next = at + unit;
            let is_return = code == 0xD && self.ends == LineEnds::Cr;
            if code == 0xA || is_return {
                // A CR LF is one end.
                let is_pair = is_return && self.charset.unit_at(window, next) == Some(0xA);
                let end = if is_pair { next + unit } else { next };
                if let (true, Some((_, last))) = (is_blank, line) {
                    return (last, Cut::Paragraph);
                }
                line = Some((line.map_or(end, |(first, _)| first), end));
                is_blank = true;
                at = end;
                continue;
            }
            if code == 0x20 && space.is_none() {
                space = Some(next);
            }
            is_blank &= matches!(code, 0x20 | 9 | 0xB | 0xC | 0xD);
            at = next;
        }
        if let Some((first, _)) = line {
            return (first, Cut::Line);
        }
        if let Some(space) = space.filter(|_| self.charset.has_sure_spaces()) {
            return (space, Cut::Inside);
        }
        (self.character(window, nominal), Cut::Inside)
    }

    /// The next start of a character.
    fn character(&self, window: &[u8], nominal: usize) -> usize {
        let unit = self.charset.unit();
        let places = (0..4usize).map(|i| nominal + i * unit);
        places.filter(|at| *at <= window.len()).find(|at| self.charset.is_boundary(window, *at)).unwrap_or(nominal)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::Encoding;
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 12] = [
        "utf-8",
        "utf-16le",
        "utf-16be",
        "utf-32",
        "gb18030",
        "gbk",
        "big5",
        "shift_jis",
        "euc-jp",
        "euc-kr",
        "iso-2022-jp",
        "windows-1251",
    ];

    fn encode(name: &str, text: &str) -> Vec<u8> {
        match name {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            "utf-32" => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            _ => {
                let encoding = Encoding::for_label(name.as_bytes()).unwrap();
                // Line by line, as ISO-2022-JP asks of every writer.
                text.split_inclusive(['\n', '\r']).flat_map(|line| encoding.encode(line).0.into_owned()).collect()
            }
        }
    }

    fn cells(bytes: &[u8], name: &str, ends: LineEnds, step: u64) -> Vec<Cell> {
        let charset = Charset::from_name(name).unwrap();
        let grid = Grid::new(Source::memory(bytes), charset, ends, step);
        (0..grid.count()).map(|section| grid.read(section).unwrap()).collect()
    }

    #[test]
    fn a_paragraph_break_is_the_best_cut() {
        let text = format!("{}\n\n{}\n", "word ".repeat(13), "other ".repeat(30));
        let cells = cells(text.as_bytes(), "utf-8", LineEnds::Lf, 64);
        assert_eq!(cells[1].cut, Cut::Paragraph);
        // The blank line before a paragraph belongs to it.
        assert!(cells[1].bytes.starts_with(b"\nother"));
    }

    #[test]
    fn without_breaks_the_next_best_is_taken() {
        let check = |text: &str, cut: Cut| {
            let cells = cells(text.as_bytes(), "utf-8", LineEnds::Lf, 64);
            assert!(cells.len() > 1 && cells[1..].iter().all(|cell| cell.cut == cut), "{cells:?}");
        };
        check(&"seven\n".repeat(50), Cut::Line);
        check(&"seven ".repeat(50), Cut::Inside);
        check(&"ж".repeat(300), Cut::Inside);
    }

    #[test]
    fn a_pair_of_returns_and_feeds_is_one_end() {
        for ends in [LineEnds::Lf, LineEnds::Cr] {
            let cells = cells("seven\r\n".repeat(60).as_bytes(), "utf-8", ends, 64);
            assert!(cells.len() > 1 && cells[1..].iter().all(|c| c.cut == Cut::Line && c.bytes.starts_with(b"seven")));
        }
        let lone = cells("seven\r\rsix\r".repeat(60).as_bytes(), "utf-8", LineEnds::Cr, 64);
        assert!(lone[1..].iter().all(|cell| cell.cut == Cut::Paragraph && cell.bytes.starts_with(b"\rsix")));
    }

    #[test]
    fn sizes_sum_to_the_file() {
        for len in [0usize, 1, 15, 16, 63, 64, 65, 80, 81, 88, 89, 128, 1000] {
            let grid = Grid::new(Source::memory(vec![b'x'; len]), Charset::UTF_8, LineEnds::Lf, 64);
            assert_eq!((0..grid.count() + 2).map(|i| grid.nominal_bytes(i)).sum::<u64>(), len as u64, "{len}");
        }
    }

    #[test]
    fn a_file_that_shrank_gives_errors_and_no_other_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "word ".repeat(100)).unwrap();
        let grid =
            Grid::new(Source::file(std::fs::File::open(&path).unwrap()).unwrap(), Charset::UTF_8, LineEnds::Lf, 64);
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(100).unwrap();
        assert!((0..grid.count()).all(|i| grid.read(i).is_err()));
    }

    proptest! {
        #[test]
        fn sections_partition_the_bytes(
            bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), Just(b' '), Just(0u8), Just(0x81u8), any::<u8>()], 0..700),
            name in proptest::sample::select(&NAMES[..]),
            step in 32u64..200,
            cr in any::<bool>(),
        ) {
            let ends = if cr { LineEnds::Cr } else { LineEnds::Lf };
            let cells = cells(&bytes, name, ends, step);
            let mut at = 0;
            for cell in &cells {
                prop_assert_eq!(cell.start, at);
                prop_assert!(cells.len() == 1 || !cell.bytes.is_empty());
                at += cell.bytes.len() as u64;
            }
            prop_assert_eq!(cells.iter().flat_map(|cell| cell.bytes.clone()).collect::<Vec<_>>(), bytes);
            for pair in cells.windows(2) {
                prop_assert_eq!(pair[0].next, pair[1].cut);
            }
        }

        #[test]
        fn no_character_is_cut(
            text in "([a-z ,.]{0,6}|[а-яё]{0,30}|[一-十あ-ん、。々]{0,40}|\r\n|\n|\n\n|\r|🏴é){0,40}",
            name in proptest::sample::select(&NAMES[..]),
            step in 32u64..200,
            cr in any::<bool>(),
        ) {
            // In ISO-2022-JP only ends of lines are places to cut.
            let text = if name == "iso-2022-jp" { text.chars().flat_map(|c| [c, '\n']).collect() } else { text };
            let bytes = encode(name, &text);
            let charset = Charset::from_name(name).unwrap();
            let ends = if cr { LineEnds::Cr } else { LineEnds::Lf };
            let parts: String = cells(&bytes, name, ends, step).iter().map(|cell| charset.decode(&cell.bytes).into_owned()).collect();
            prop_assert_eq!(parts, charset.decode(&bytes));
        }

        #[test]
        fn a_start_depends_on_bytes_near_it(
            before in "[a-zж\n ]{0,300}",
            text in "[a-zж\n ]{300,500}",
        ) {
            // Another text of the same length before leaves the later sections as they are.
            let other: String = before.chars().map(|c| if c == 'ж' { 'ш' } else { 'x' }).collect();
            let (one, two) = (before.clone() + &text, other + &text);
            let (one, two) = (cells(one.as_bytes(), "utf-8", LineEnds::Lf, 64), cells(two.as_bytes(), "utf-8", LineEnds::Lf, 64));
            let first = before.len() / 64 + 1;
            prop_assert_eq!(one.get(first..), two.get(first..));
        }
    }
}

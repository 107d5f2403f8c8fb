//! What one line says about itself: a numbered heading, a date, the name of a section, or nothing.
//!
//! The line is judged alone; whether it *is* a heading is decided later, in the sequence it
//! belongs to. It must not know lines around it.

use super::dates;
use super::keywords::{self, Rank};
use crate::formats::plain::numerals::{self, Form};

/// Levels of a dotted number (`3.2.1`).
pub(super) const PATH_MAX: usize = 4;
/// A line longer than this, in characters, is no heading.
pub(super) const TITLE_CHARS_MAX: usize = 230;

/// What kind of heading a line could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Keyword and number. `row` is shared by the spellings of one keyword.
    Keyword { rank: Rank, row: u16 },
    /// A number, alone or before a title.
    Number,
    /// A dotted number of at least two levels before a title.
    Dotted,
    /// 上, 中, 下: the parts of a book in three.
    Portion,
    /// A day, as diaries and letters have it. `has_year` tells two styles apart.
    Date { has_year: bool },
    /// The name of a section (preface, epilogue).
    Named,
}

/// A line read as a possible heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    pub(super) form: Form,
    /// The number; 0 where the kind has none; [`LAST`] for `Chapter the Last`.
    pub(super) value: u32,
    /// The levels of a dotted number, unused ones 0.
    pub(super) path: [u16; PATH_MAX],
    /// Where the title begins in the line, in bytes; the length of the line where it has none.
    pub(super) title: u16,
    /// Whether a title follows the number on the same line.
    pub(super) has_title: bool,
}

/// The value of `Chapter the Last`: it follows any number.
pub(super) const LAST: u32 = u32::MAX;

impl Mark {
    fn new(kind: Kind, form: Form, value: u32) -> Mark {
        Mark { kind, form, value, path: [0; PATH_MAX], title: 0, has_title: false }
    }

    /// How high it stands among the headings of the text.
    pub(super) fn rank(&self) -> Rank {
        match self.kind {
            Kind::Keyword { rank, .. } => rank,
            Kind::Portion => 1,
            _ => keywords::RANK_BARE,
        }
    }

    /// Levels of its number.
    pub(super) fn depth(&self) -> usize {
        self.path.iter().take_while(|n| **n > 0).count()
    }
}

/// Reads a line, which is trimmed and free of emphasis signs.
pub(super) fn read(line: &str) -> Option<Mark> {
    let first = line.chars().next()?;
    if opens_as_speech(first) {
        return None;
    }
    if !first.is_alphanumeric()
        && let Some(mark) = framed(line).or_else(|| ornamented(line))
    {
        return Some(mark);
    }
    if line.len() > TITLE_CHARS_MAX * 4 || opens_as_list(first) || leads_to_page(line) {
        return None;
    }
    let mark = east_asian(line)
        .map(|mark| inner(line, mark, east_asian))
        .or_else(|| dates::read(line).map(|has_year| Mark::new(Kind::Date { has_year }, Form::Arabic, 0)))
        .or_else(|| keyword_first(line).map(|mark| inner(line, mark, keyword_first)))
        .or_else(|| number_first(line))
        .or_else(|| named(line))?;
    Some(mark)
}

/// `— IV —`, `- 4 -`, `[ 4 ]`, `(IV)`: a bare number in a frame.
fn framed(line: &str) -> Option<Mark> {
    let pairs = [
        ('—', '—'),
        ('-', '-'),
        ('–', '–'),
        ('[', ']'),
        ('(', ')'),
        ('~', '~'),
        ('（', '）'),
        ('〔', '〕'),
        ('<', '>'),
    ];
    let (open, close) = pairs.iter().find(|(open, _)| line.starts_with(*open))?;
    let inside = line.trim_start_matches(*open).strip_suffix(*close)?.trim_end_matches(*close).trim();
    let number = numerals::leading(inside).filter(|n| n.length == inside.len() && n.form != Form::Word)?;
    // `[1]` is the mark of a footnote.
    let is_note = *open == '[' && number.form == Form::Arabic && !line.contains(' ');
    let is_low = inside.chars().next().is_some_and(char::is_lowercase);
    if is_note || is_low {
        return None;
    }
    with_title(Mark::new(Kind::Number, number.form, number.value), line, line.len())
}

/// `[Chapter 3]`, `-- CHAPTER III. The Hill --`, `# 3`: a numbered heading between ornaments.
fn ornamented(line: &str) -> Option<Mark> {
    let (at, inside) = unframed(line)?;
    let is_hash = line.starts_with('#');
    let accepts = |m: &Mark| match m.kind {
        Kind::Keyword { .. } => true,
        Kind::Number | Kind::Dotted => is_hash,
        _ => false,
    };
    let mark = read(inside).filter(accepts)?;
    let title = u16::try_from(at).ok()?.checked_add(mark.title)?;
    Some(Mark { title, ..mark })
}

/// What stands between ornaments (`[ ]`, `-- --`, `【 】`) or after hashes, and where it begins.
pub(super) fn unframed(line: &str) -> Option<(usize, &str)> {
    const PAIRS: [(char, char); 14] = [
        ('[', ']'),
        ('<', '>'),
        ('{', '}'),
        ('(', ')'),
        ('~', '~'),
        ('-', '-'),
        ('–', '–'),
        ('—', '—'),
        ('•', '•'),
        (':', ':'),
        ('【', '】'),
        ('〔', '〕'),
        ('《', '》'),
        ('〈', '〉'),
    ];
    let inside = if line.starts_with('#') {
        line.trim_start_matches('#').trim_end_matches('#').trim()
    } else {
        let (open, close) = PAIRS.iter().find(|(open, _)| line.starts_with(*open))?;
        line.trim_start_matches(*open).strip_suffix(*close)?.trim_end_matches(*close).trim()
    };
    let opens = inside.chars().next().is_some_and(char::is_alphanumeric);
    let at = inside.as_ptr().addr().checked_sub(line.as_ptr().addr())?;
    opens.then_some((at, inside))
}

/// `ACT I. SCENE II`, `第一卷 第二章`: the inner of two numbers is the heading's own.
fn inner(line: &str, outer: Mark, read: fn(&str) -> Option<Mark>) -> Mark {
    let title = line.get(usize::from(outer.title)..).unwrap_or_default();
    match read(title) {
        Some(mark) if mark.rank() > outer.rank() => Mark { title: mark.title + outer.title, ..mark },
        _ => outer,
    }
}

/// Dashes, brackets and bullets do not open numbered headings,
fn opens_as_list(first: char) -> bool {
    matches!(first, '-' | '–' | '—' | '―' | '[' | '(' | '{' | '<' | '*' | '•' | '·' | '+' | '|' | '>' | '/' | '\\')
}

/// and quotation marks none at all.
fn opens_as_speech(first: char) -> bool {
    matches!(first, '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '‹' | '「' | '『')
}

/// `Introduction ........ 7`, `The Mail        12`: an entry of a list of contents.
pub(super) fn leads_to_page(line: &str) -> bool {
    let without = line.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, 'i' | 'v' | 'x' | 'l' | '.' | ' '));
    let tail = line.get(without.len()..).unwrap_or_default();
    if without.is_empty() || tail.len() < 4 {
        return false;
    }
    let has_leader = tail.contains("...") || tail.contains(". . .") || tail.starts_with("   ");
    has_leader && tail.trim_matches(['.', ' ']).chars().any(char::is_alphanumeric)
}

/// 第三回, 卷一, 제2장, 上.
fn east_asian(line: &str) -> Option<Mark> {
    let first = line.chars().next().filter(|c| u32::from(*c) >= 0x2E80)?;
    if let Some(mark) = portion(line, first) {
        return Some(mark);
    }
    if let Some(rest) = line.strip_prefix("正文").filter(|rest| rest.starts_with([' ', '第'])) {
        let at = line.len() - rest.trim_start().len();
        let mark = east_asian(rest.trim_start())?;
        return Some(Mark { title: mark.title.saturating_add(at as u16), ..mark });
    }
    if let Some(rest) = line.strip_prefix("その") {
        let number = numerals::leading(rest).filter(|n| n.length == rest.len())?;
        let kind = Kind::Keyword { rank: 3, row: (u32::from('そ') & 0x7FFF) as u16 | 0x8000 };
        return with_title(Mark::new(kind, number.form, number.value), line, line.len());
    }
    if first == '其' {
        let number = numerals::leading(line.get(first.len_utf8()..)?)?;
        let kind = Kind::Keyword { rank: 3, row: (u32::from(first) & 0x7FFF) as u16 | 0x8000 };
        let is_whole = first.len_utf8() + number.length == line.len();
        return is_whole.then(|| with_title(Mark::new(kind, number.form, number.value), line, line.len())).flatten();
    }
    if matches!(first, '第' | '제') {
        let rest = line.get(first.len_utf8()..)?.trim_start();
        let number = numerals::leading(rest)?;
        let after = rest.get(number.length..)?.trim_start();
        let unit = after.chars().next()?;
        let (rank, row) = keywords::unit(unit)?;
        let end = line.len() - after.len() + unit.len_utf8();
        let rest = line.get(end..)?;
        // 第三回合 is a word that goes on; a title is parted from the number, or the line is short.
        let parted = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
        if !parted && (line.chars().count() > 24 || rest.contains(['，', '。', '、'])) {
            return None;
        }
        return with_title(Mark::new(Kind::Keyword { rank, row }, number.form, number.value), line, end);
    }
    if let Some((rank, row)) = keywords::unit(first).filter(|(rank, _)| *rank <= 1) {
        let rest = line.get(first.len_utf8()..)?;
        let rest = rest.strip_prefix('之').or_else(|| rest.strip_prefix('第')).unwrap_or(rest);
        let number = numerals::leading(rest.trim_start()).filter(|n| n.form != Form::Word)?;
        let end = line.len() - rest.trim_start().len() + number.length;
        let next = line.get(end..)?.chars().next();
        if next.is_some_and(char::is_alphanumeric) {
            return None;
        }
        return with_title(Mark::new(Kind::Keyword { rank, row }, number.form, number.value), line, end);
    }
    None
}

/// 上, 下巻, 中　両親と私.
fn portion(line: &str, first: char) -> Option<Mark> {
    let value = ['上', '中', '下'].iter().position(|c| *c == first)? as u32 + 1;
    let rest = line.get(first.len_utf8()..)?;
    let after = rest.strip_prefix(['編', '编', '篇', '卷', '巻', '部', '册']).unwrap_or(rest);
    let is_parted = after.is_empty() || after.starts_with([' ', '、', '：']) && line.chars().count() <= 24;
    is_parted
        .then(|| with_title(Mark::new(Kind::Portion, Form::Chinese, value), line, line.len() - after.len()))
        .flatten()
}

/// `CHAPTER IV. The Cellar`, `Book the First`, `Chapter the Last`, `Песнь третия`.
fn keyword_first(line: &str) -> Option<Mark> {
    let end = line
        .find(|c: char| !c.is_alphabetic() && c != '§' && !('\u{300}'..='\u{36F}').contains(&c))
        .unwrap_or(line.len());
    let word = line.get(..end)?;
    let (rank, row) = keywords::keyword(word)?;
    let kind = Kind::Keyword { rank, row };
    let mut rest = line.get(end..)?;
    rest = rest.strip_prefix('.').unwrap_or(rest).trim_start();
    for filler in [
        "the ", "THE ", "The ", "No. ", "NO. ", "no. ", "Nr. ", "N° ", "№ ", "№", "Number ", "la ", "LA ", "der ",
        "DER ",
    ] {
        rest = rest.strip_prefix(filler).unwrap_or(rest);
    }
    if let Some(after) =
        ["LAST", "Last", "last", "LETZTES", "ПОСЛЕДНЯЯ", "последняя"].iter().find_map(|last| rest.strip_prefix(last))
    {
        let is_whole = after.trim_matches(['.', ' ']).is_empty();
        return is_whole.then(|| with_title(Mark::new(kind, Form::Word, LAST), line, line.len())).flatten();
    }
    let number = numerals::leading(rest)
        .filter(|n| !rest.get(n.length..).is_some_and(|r| r.starts_with(char::is_alphanumeric)))
        .or_else(|| misread(rest))
        .or_else(|| numerals::letters(rest))?;
    let number_end = line.len() - rest.len() + number.length;
    if number.form == Form::Arabic && is_dotted(line.get(number_end..)?) {
        return None;
    }
    let mark = with_title(Mark::new(kind, number.form, number.value), line, number_end)?;
    let is_lower = word.chars().next().is_some_and(char::is_lowercase);
    // `Act one` may open a sentence, and `part 3` may stand in one.
    let after = line.get(number_end..)?;
    let parted =
        after.is_empty() || after.starts_with(['.', ':', '-', '—', '–', ')', ']', '|', ',']) || after.starts_with("  ");
    let title = line.get(usize::from(mark.title)..)?;
    let goes_on = title.chars().next().is_some_and(|c| !c.is_uppercase() && c.is_alphabetic()) && has_case(title);
    // `Chapter 5, which …` goes on; `ACT I, SCENE 2` does not.
    let is_clause = after.starts_with(',') && keyword_first(title).is_none();
    if is_clause || goes_on && !parted || is_lower && mark.has_title && !parted {
        return None;
    }
    (!(number.form == Form::Word && mark.has_title && !parted && title.chars().count() > 60)).then_some(mark)
}

/// A Roman numeral as a scanner reads it: `Il`, `1V`, `XlI`.
fn misread(text: &str) -> Option<numerals::Number> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '|' && c != '!').unwrap_or(text.len());
    let token = text.get(..end).filter(|t| (2..=8).contains(&t.len()))?;
    let mended: String =
        token.chars().map(|c| if matches!(c, 'l' | '1' | '|' | '!' | 'i') { 'I' } else { c }).collect();
    let number = numerals::leading(&mended).filter(|n| n.length == mended.len() && n.form == Form::Roman)?;
    Some(numerals::Number { length: end, ..number })
}

/// `IV`, `4.`, `IV. The Cellar`, `3.2 Blocks`, `Erstes Kapitel`, `PREMIÈRE PARTIE`.
fn number_first(line: &str) -> Option<Mark> {
    let (start, article) = line
        .split_once(' ')
        .filter(|(first, _)| ["The", "THE", "La", "LA", "Das", "DAS"].contains(first))
        .map_or((line, false), |(_, rest)| (rest, true));
    let number = numerals::leading(start)?;
    let number_end = line.len() - start.len() + number.length;
    let after = line.get(number_end..)?;
    // `1 August` gives a day, whatever follows it.
    let next = after.trim_start_matches(['.', ' ']).split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    if number.form == Form::Arabic && keywords::is_month(&numerals::fold(next)) {
        return None;
    }
    if let Some(mark) = keyword_after(line, number, after, number_end) {
        return Some(mark);
    }
    if article {
        return None;
    }
    if number.form == Form::Arabic && is_dotted(after) {
        return dotted(line);
    }
    plain_number(line, number, after, number_end)
}

/// `1. Kapitel`, `FIRST PART`, `Первая часть: Дом`.
fn keyword_after(line: &str, number: numerals::Number, after: &str, number_end: usize) -> Option<Mark> {
    let rest = after.strip_prefix('.').unwrap_or(after).trim_start();
    // `1章`, `３回　Title`: a unit right after the number.
    if let Some(unit) = after.chars().next().filter(|c| u32::from(*c) >= 0x2E80)
        && let Some((rank, row)) = keywords::unit(unit)
    {
        let tail = after.get(unit.len_utf8()..)?;
        let is_parted = tail.chars().next().is_none_or(|c| !c.is_alphanumeric());
        let mark = Mark::new(Kind::Keyword { rank, row }, number.form, number.value);
        let is_short = line.chars().count() <= 40 && !tail.contains(['。', '，']);
        return (is_parted && is_short).then(|| with_title(mark, line, number_end + unit.len_utf8())).flatten();
    }
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let word = rest.get(..end)?;
    let (rank, row) = keywords::keyword(word)?;
    let stop = line.len() - rest.len() + end;
    let tail = line.get(stop..)?;
    let parted = tail.is_empty() || tail.starts_with(['.', ':', '-', '—', '–', '|']) || tail.starts_with("  ");
    let is_upper = line.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric() || !c.is_alphabetic());
    // `Two days`, `One letter` are no numbers of headings unless that is the whole line.
    if !parted || !is_upper || stop <= number_end {
        return None;
    }
    with_title(Mark::new(Kind::Keyword { rank, row }, number.form, number.value), line, stop)
}

fn plain_number(line: &str, number: numerals::Number, after: &str, number_end: usize) -> Option<Mark> {
    let mark = Mark::new(Kind::Number, number.form, number.value);
    let closed = after.trim_start_matches(['.', ')', ':', ' ', '-', '—', '–', '、', '．', '―']);
    let is_whole = closed.is_empty();
    let sign = after.chars().next();
    let is_parted = matches!(sign, Some('.' | ')' | ':' | '—' | '–' | '、' | '．' | '-'))
        || after.starts_with("  ")
        || [" - ", " – ", " — ", " -- "].iter().any(|dash| after.starts_with(dash));
    let spaced = after.starts_with([' ', '.', ')', ':', '—', '–', '、', '．']) || after.starts_with("--");
    let title_opens_low = closed.chars().next().is_some_and(char::is_lowercase);
    let in_lower = line.chars().next().is_some_and(char::is_lowercase);
    match number.form {
        // A roman numeral in small letters numbers pages and lists.
        Form::Roman if in_lower => None,
        Form::Roman | Form::Chinese | Form::Arabic if is_whole => with_title(mark, line, line.len()),
        // `I am`, `I Go`, `C. Sharp`, `D. H.` are words and names, not numbers.
        Form::Roman if title_opens_low || !spaced => None,
        Form::Roman if !is_parted && number.length == 1 && !is_capital(closed) => None,
        Form::Word if is_whole => {
            let opens_high = line.chars().next().is_some_and(char::is_uppercase);
            opens_high.then(|| with_title(mark, line, line.len())).flatten()
        }
        // `One. The Cellar`, `FIVE: Home`.
        Form::Word => {
            let opens_high = line.chars().next().is_some_and(char::is_uppercase) && !title_opens_low;
            let is_title = opens_high && matches!(sign, Some('.' | ':' | '—' | '–')) && closed.chars().count() < 60;
            (is_title && !closed.ends_with(['.', '!', '?'])).then(|| with_title(mark, line, number_end)).flatten()
        }
        Form::Chinese => {
            let short = line.chars().count() <= 30 && !line.contains(['，', '。', '？', '！', '」']);
            (short && (is_parted || after.starts_with(' '))).then(|| with_title(mark, line, number_end)).flatten()
        }
        Form::Arabic if !spaced || title_opens_low && !is_parted => None,
        Form::Roman | Form::Arabic => with_title(mark, line, number_end),
    }
}

/// `3.2.1. Title`.
fn dotted(line: &str) -> Option<Mark> {
    let mut mark = Mark::new(Kind::Dotted, Form::Arabic, 0);
    let end = line.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(line.len());
    let (number, rest) = line.split_at_checked(end)?;
    let levels = number.trim_end_matches('.').split('.');
    for (depth, level) in levels.enumerate() {
        let value: u16 = level.parse().ok().filter(|v| *v > 0 && *v < 200)?;
        *mark.path.get_mut(depth)? = value;
        mark.value = u32::from(value);
    }
    // `1.5 million`, `12.30 Uhr`: a heading opens with a capital.
    let opens = rest.trim_start().chars().next()?;
    let is_title =
        rest.starts_with(' ') && (opens.is_uppercase() || u32::from(opens) >= 0x2E80 || number.ends_with('.'));
    is_title.then(|| with_title(mark, line, end)).flatten()
}

fn is_dotted(after: &str) -> bool {
    let mut chars = after.chars();
    chars.next() == Some('.') && chars.next().is_some_and(|c| c.is_ascii_digit())
}

fn named(line: &str) -> Option<Mark> {
    if !keywords::may_name_section(line) {
        return None;
    }
    if keywords::is_named_section(line) {
        return with_title(Mark::new(Kind::Named, Form::Word, 0), line, 0);
    }
    // `楔子　張天師`, `Appendix A. Tables`, `PREFACE TO THE SECOND EDITION`.
    let (head, rest) = line.split_once([' ', ':', '.'])?;
    let is_east = head.chars().all(|c| u32::from(c) >= 0x2E80);
    let opens_high = head.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
    let of_capitals = opens_high && is_capital(rest) && rest.chars().count() < 50;
    let folded = numerals::fold(head);
    let is_appendix = keywords::APPENDIX.contains(&folded.as_str()) && rest.trim().chars().count() < 60;
    let first_high = head.chars().next().is_some_and(char::is_uppercase);
    let is_short = is_east && rest.chars().count() <= 30 && !rest.contains(['。', '，', ',']);
    ((is_short || of_capitals) && keywords::is_named_section(head) || is_appendix && first_high)
        .then(|| with_title(Mark::new(Kind::Named, Form::Word, 0), line, 0))
        .flatten()
}

/// Sets where the title begins: after the signs and blanks that follow the number.
fn with_title(mut mark: Mark, line: &str, number_end: usize) -> Option<Mark> {
    let rest = line.get(number_end..)?;
    let title = rest.trim_start_matches([
        ' ', '.', ':', '-', '—', '–', ')', '|', '、', '．', '―', '*', ']', '=', '：', '】', '・', ',', '，',
    ]);
    mark.title = u16::try_from(line.len() - title.len()).ok()?;
    mark.has_title = mark.title > 0 && !is_note(title);
    Some(mark)
}

/// Nothing, or the mark of a footnote: `[1]`.
fn is_note(title: &str) -> bool {
    title.is_empty() || title.starts_with('[') && title.ends_with(']') && title.len() <= 5
}

/// Whether a text has letters, and no small ones but in few short words.
pub(super) fn is_capital(text: &str) -> bool {
    // Too many small letters, whatever else it has.
    let small = text.bytes().fold(0u32, |count, byte| count + u32::from(byte.is_ascii_lowercase()));
    if small as usize * 4 > text.len() {
        return false;
    }
    let (mut upper, mut lower) = (0, 0);
    for (at, c) in text.char_indices() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
        // Too many, whatever follows.
        if lower * 4 > upper + (text.len() - at) {
            return false;
        }
    }
    upper > 0 && upper >= lower * 4
}

/// Whether the script has capitals at all.
pub(super) fn has_case(text: &str) -> bool {
    text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}

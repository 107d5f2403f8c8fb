//! Lines that give a day: `5 May`, `London, March 23, 1827.`, `三月五日`. Diaries and letters are
//! headed by them.

use super::keywords::{is_day_word, is_month, is_weekday};
use crate::formats::plain::numerals::{digit, fold};
use crate::text::bytes::any_byte;

/// Longer lines tell more than a day.
const CHARS_MAX: usize = 60;

/// Whether a line is a date; then, whether it names the year.
pub(super) fn read(line: &str) -> Option<bool> {
    if line.len() > CHARS_MAX * 3 || !may_have_figures(line) {
        return None;
    }
    if !line.chars().any(|c| digit(c).is_some() || matches!(c, '月')) {
        return None;
    }
    if line.chars().count() > CHARS_MAX {
        return None;
    }
    chinese(line).or_else(|| figures(line)).or_else(|| words(line))
}

/// Whether a line may have a digit or 月: the bytes that these begin with tell of most lines that
/// they have none.
fn may_have_figures(line: &str) -> bool {
    let is_first = |b: u8| (b == 0xD9) | (b == 0xDB) | (b == 0xE0) | (b == 0xE1) | (b == 0xE6) | (b == 0xEF);
    any_byte(line.as_bytes(), |b| b.is_ascii_digit() | is_first(b))
}

fn words(line: &str) -> Option<bool> {
    let (mut months, mut days, mut years, mut strangers, mut places, mut weekdays) = (0, 0, 0, 0, 0, 0);
    for token in
        line.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ':' | ';' | '—' | '–' | '(' | ')' | '/'))
    {
        let token = token.trim_matches(['-', '_', '\'', '’', '"', '[', ']']);
        if token.is_empty() {
            continue;
        }
        let folded = fold(token);
        let digits: String = token.chars().take_while(char::is_ascii_digit).collect();
        if let Ok(number) = digits.parse::<u32>() {
            match number {
                1..=31 if token.len() <= digits.len() + 2 => days += 1,
                1000..=2200 if token.len() == digits.len() => years += 1,
                _ => strangers += 1,
            }
        } else if is_month(&folded) {
            months += 1;
        } else if is_day_word(&folded) {
            weekdays += usize::from(is_weekday(&folded));
        } else if months == 0 && days == 0 {
            places += 1;
        } else {
            strangers += 1;
        }
    }
    // A place may stand before the day, parted by a comma: `Paris, 3 May`.
    let place_is_parted = places == 0
        || line
            .find([',', '—', ':'])
            .is_some_and(|i| line.get(i..).is_some_and(|r| r.chars().any(|c| c.is_ascii_digit())));
    let is_date =
        months == 1 && (1..=2).contains(&days) && years <= 1 && strangers == 0 && places <= 2 && place_is_parted;
    // `Saturday, 5th`, and `March 1871` over what was written in it.
    let is_weekday = months == 0 && weekdays == 1 && days == 1 && years == 0 && strangers + places == 0;
    let is_month = months == 1 && days == 0 && years == 1 && strangers + places == 0;
    (is_date || is_weekday || is_month).then_some(years == 1)
}

/// `1871-05-12`, `12.5.1871`, `5/12/71`, with the name of a day or not.
fn figures(line: &str) -> Option<bool> {
    let bare = line.trim_end_matches(['.', ':']);
    let (day, figures) = bare.rsplit_once(' ').unwrap_or(("", bare));
    let is_day = day.is_empty() || super::keywords::is_weekday(&fold(day.trim_end_matches(['.', ','])));
    let sign = figures.chars().find(|c| matches!(c, '-' | '.' | '/'))?;
    let parts: Vec<u32> =
        figures.split(sign).map(|p| p.parse().ok().filter(|_| p.len() <= 4)).collect::<Option<_>>()?;
    let [a, b, c] = parts.as_slice() else { return None };
    let is_day_and_month = |a: u32, b: u32| {
        (1..=31).contains(&a) && (1..=12).contains(&b) || (1..=12).contains(&a) && (1..=31).contains(&b)
    };
    let is_year = |y: u32| (1000..=2200).contains(&y);
    let is_short = sign != '-' && *c <= 99 && sign == '/';
    let is_date = is_year(*a) && is_day_and_month(*c, *b) || (is_year(*c) || is_short) && is_day_and_month(*a, *b);
    (is_day && is_date).then_some(true)
}

fn chinese(line: &str) -> Option<bool> {
    let (before, after) = line.split_once('月')?;
    let is_number = |text: &str| {
        !text.is_empty() && text.chars().all(|c| digit(c).is_some() || "〇一二三四五六七八九十廿卅 ".contains(c))
    };
    let (day, rest) = after.split_once(['日', '號', '号'])?;
    let month = before.rsplit(['年', ' ']).next()?;
    (is_number(month) && is_number(day) && rest.chars().count() <= 12 && before.chars().count() <= 12)
        .then_some(before.contains('年'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_known() {
        for (line, expected) in [
            ("5 May.", Some(false)),
            ("May 12th, 1890", Some(true)),
            ("Monday, 3rd June", Some(false)),
            ("Vienna, March 23, 1827.", Some(true)),
            ("12 мая 1860 года", Some(true)),
            ("1er janvier 1890", Some(true)),
            ("三月五日", Some(false)),
            ("1905年3月5日　晴", Some(true)),
            ("1871-05-12", Some(true)),
            ("Monday, 12.5.1871", Some(true)),
            ("3.2.1", None),
            ("Saturday, 5th.", Some(false)),
            ("March 1871", Some(true)),
            ("May", None),
            ("In May I saw 12 of them", None),
            ("March 3 was cold", None),
            ("1890", None),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }
}

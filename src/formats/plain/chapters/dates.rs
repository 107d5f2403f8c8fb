//! Lines that give a day: `5 May`, `London, March 23, 1827.`, `三月五日`. Diaries and letters are
//! headed by them.

use super::keywords::{is_day_word, is_month};
use crate::formats::plain::numerals::{digit, fold};

/// Longer lines tell more than a day.
const CHARS_MAX: usize = 60;

/// Whether a line is a date; then, whether it names the year.
pub(super) fn read(line: &str) -> Option<bool> {
    if line.len() > CHARS_MAX * 3 || !line.chars().any(|c| digit(c).is_some() || matches!(c, '月')) {
        return None;
    }
    if line.chars().count() > CHARS_MAX {
        return None;
    }
    chinese(line).or_else(|| words(line))
}

fn words(line: &str) -> Option<bool> {
    let (mut months, mut days, mut years, mut strangers, mut places) = (0, 0, 0, 0, 0);
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
    is_date.then_some(years == 1)
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
            ("May", None),
            ("In May I saw 12 of them", None),
            ("March 3 was cold", None),
            ("1890", None),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }
}

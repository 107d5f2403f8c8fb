//! Times as other programs write them: `2026-11-27T22:37:16.000Z`, and what is near to that.

/// Days from the first of March of the year 0 to that of 1970, in the calendar of today.
const DAYS_TO_1970: i64 = 719_468;

/// A time in milliseconds since 1970 as ISO 8601, in UTC.
pub fn iso(time: u64) -> String {
    let (days, rest) = ((time / 86_400_000) as i64 + DAYS_TO_1970, time % 86_400_000);
    // Years begin with March, so that the day that comes and goes is the last (Hinnant 2013).
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let (seconds, millis) = (rest / 1000, rest % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// The milliseconds of a time as [`iso`] writes it; zones, fractions and the time of day may be
/// left out.
pub fn from_iso(text: &str) -> Option<u64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (hour, minute, second) =
        (number(11, 13).unwrap_or(0), number(14, 16).unwrap_or(0), number(17, 19).unwrap_or(0));
    let millis = text.get(19..20).filter(|dot| *dot == ".").and_then(|_| number(20, 23)).unwrap_or(0);
    let zone = text.get(19..).and_then(|rest| rest.find(['+', '-']).and_then(|at| rest.get(at..))).map_or(0, |zone| {
        let part =
            |from: usize, to: usize| zone.get(from..to).and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0);
        let minutes = part(1, 3) * 60 + if zone.get(3..4) == Some(":") { part(4, 6) } else { part(3, 5) };
        if zone.starts_with('-') { -minutes } else { minutes }
    });
    let (shifted_year, shifted) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
    let seconds = ((days * 24 + hour) * 60 + minute - zone) * 60 + second;
    u64::try_from(seconds * 1000 + millis).ok()
}

/// The milliseconds of a day as people write it in English, with its time: `Monday, 1 May 2023
/// 10:00:00`, `May 1, 2023, 9:30 PM`. The zone is not said and taken for UTC.
pub fn from_english(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let words = || text.split(|c: char| !c.is_alphanumeric() && c != ':').filter(|word| !word.is_empty());
    let is_word = |wanted: &str| words().any(|word| word.eq_ignore_ascii_case(wanted));
    let month = 1 + MONTHS.iter().position(|month| is_word(month))?;
    let numbers = || words().filter_map(|word| Some((word.len(), word.parse::<u32>().ok()?)));
    let (_, year) = numbers().find(|(digits, _)| *digits == 4)?;
    let (_, day) = numbers().find(|(digits, _)| *digits <= 2)?;
    let mut time = words().find(|word| word.contains(':')).unwrap_or_default().split(':').map(str::parse::<u32>);
    let mut part = || time.next().and_then(Result::ok).unwrap_or(0);
    let (hour, minute, second) = (part(), part(), part());
    let hour = match (is_word("am"), is_word("pm")) {
        (true, _) => hour % 12,
        (_, true) => hour % 12 + 12,
        _ => hour,
    };
    from_iso(&format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", hour.min(23), minute.min(59), second.min(59)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_of_other_programs() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_709_210_096_789), "2024-02-29T12:34:56.789Z");
        for (text, time) in [
            ("2024-02-29T12:34:56.789Z", Some(1_709_210_096_789)),
            ("2024-02-29 12:34:56", Some(1_709_210_096_000)),
            ("2024-02-29T14:34:56+02:00", Some(1_709_210_096_000)),
            ("2024-02-29T07:04:56-0530", Some(1_709_210_096_000)),
            ("2024-02-29", Some(1_709_164_800_000)),
            ("1960-01-01", None),
            ("yesterday", None),
            ("2024-13-01", None),
        ] {
            assert_eq!(from_iso(text), time, "{text}");
        }
    }

    #[test]
    fn days_as_people_write_them() {
        for (text, time) in [
            ("Added on Monday, 1 May 2023 10:00:00", "2023-05-01T10:00:00.000Z"),
            ("Added on Monday, May 1, 2023 9:30:05 PM", "2023-05-01T21:30:05.000Z"),
            ("Added on Monday, May 31, 2023, 12:07\u{202f}AM", "2023-05-31T00:07:00.000Z"),
            ("29 February 2024", "2024-02-29T00:00:00.000Z"),
        ] {
            assert_eq!(from_english(text).map(iso).as_deref(), Some(time), "{text}");
        }
        for odd in ["", "May", "1. Mai 2023", "Hinzugefügt am Montag, 1. Mai 2023", "May 99, 2023", "May 1 123456"] {
            assert_eq!(from_english(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn times_come_back(time in 0u64..253_402_300_800_000) {
            prop_assert_eq!(from_iso(&iso(time)), Some(time));
        }
    }
}

//! Numbers as a reader says them.

/// Words read in a minute (Brysbaert 2019, on 190 studies: 238 in non-fiction, 260 in fiction).
pub const WORDS_A_MINUTE: f64 = 238.0;

/// A number with its thousands apart: `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share in percent: 100 only at the very end.
pub fn percent(share: f64) -> u8 {
    if share >= 1.0 { 100 } else { (share * 100.0).round().min(99.0) as u8 }
}

/// A size as a reader says it.
pub fn size(bytes: u64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

/// A time that is given in minutes.
pub fn time(minutes: f64) -> String {
    let minutes = minutes.ceil() as u64;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

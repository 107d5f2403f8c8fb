//! Titles that were found beside the true ones. It knows no document and no layout.

/// A title as it is compared: letters and digits, without case and accents.
pub fn fold(title: &str) -> String {
    let nfkd = icu_normalizer::DecomposingNormalizerBorrowed::new_nfkd();
    nfkd.normalize(title).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a found title is the true one: equal, or one begins or ends with the other (a heading
/// with and without its number), or a bare number stands for number and title.
fn is_same(a: &str, b: &str) -> bool {
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    let is_number = short.chars().all(|c| c.is_ascii_digit()) || short.chars().all(|c| "ivxlcdm".contains(c));
    a == b
        || (short.chars().count() >= 6 && (long.starts_with(short) || long.ends_with(short)))
        || (is_number && long.starts_with(short))
}

/// How many true titles were found, in order: the longest common subsequence.
pub fn matched(wanted: &[String], found: &[String]) -> usize {
    let mut row = vec![0; found.len() + 1];
    for title in wanted {
        let mut diagonal = 0;
        for (index, other) in found.iter().enumerate() {
            let keep = row[index + 1];
            row[index + 1] = if is_same(title, other) { diagonal + 1 } else { row[index + 1].max(row[index]) };
            diagonal = keep;
        }
    }
    row[found.len()]
}

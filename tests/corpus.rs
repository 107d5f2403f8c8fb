//! Real documents. These tests run when `LECTION_CORPUS` names the shared corpus, and fail when
//! it is named and something in it is missing.

#![allow(clippy::unwrap_used, clippy::format_push_string)]

mod common;

use std::path::{Path, PathBuf};

use lection::document::{Document, Outline};
use lection::formats::{self, OpenOptions};

/// Every chapter of a document.
fn outline(document: &dyn Document) -> Outline {
    let mut pass = document.outline_pass();
    while !pass.step().unwrap().is_done() {}
    pass.outline()
}

/// A title as it is compared: letters and digits, without case and accents.
fn fold(title: &str) -> String {
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
fn matched(wanted: &[String], found: &[String]) -> usize {
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

/// The lists of true chapters in a folder of the corpus, with the books they belong to.
fn lists(folder: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let mut lists = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(book) = path.to_str().and_then(|p| p.strip_suffix(".toc.txt")).map(PathBuf::from) else { continue };
        let text = std::fs::read_to_string(&path).unwrap();
        let titles = text.lines().map(fold).filter(|t| !t.is_empty()).collect();
        lists.push((book, titles));
    }
    lists.sort();
    lists
}

/// Compares the chapters that are found with the true ones, over all books of a folder.
fn check(folder: &str, books: usize, must: f64) {
    let Some(corpus) = common::corpus() else { return };
    let (mut wanted, mut found, mut right) = (0, 0, 0);
    let mut report = String::new();
    let lists = lists(&corpus.join(folder));
    assert!(lists.len() >= books, "{folder} has {} lists of chapters", lists.len());
    for (book, titles) in lists {
        let document = formats::open(&book, &OpenOptions::default()).unwrap();
        let ours: Vec<String> = outline(&*document).entries().iter().map(|e| fold(&e.title)).collect();
        let hits = matched(&titles, &ours);
        (wanted, found, right) = (wanted + titles.len(), found + ours.len(), right + hits);
        let own = 2.0 * hits as f64 / (titles.len() + ours.len()) as f64;
        assert!(
            own >= 0.9,
            "{}: F1 {own:.3} of {} true, {} found, {hits} right",
            book.display(),
            titles.len(),
            ours.len()
        );
        report.push_str(&format!("{}: {} true, {} found, {hits} right\n", book.display(), titles.len(), ours.len()));
    }
    let f1 = 2.0 * right as f64 / (wanted + found) as f64;
    assert!(f1 >= must, "{folder}: F1 {f1:.3} is under {must}\n{report}");
}

#[test]
fn contents_of_books_are_their_own() {
    check("epub", 13, 0.99);
}

#[test]
fn chapters_of_plain_texts_are_found() {
    check("txt", 23, 0.985);
}

//! Real documents. These tests run when `LECTION_CORPUS` names the shared corpus, and fail when
//! it is named and something in it is missing.

#![allow(clippy::unwrap_used, clippy::format_push_string)]

mod common;
#[path = "common/titles.rs"]
mod titles;

use std::path::{Path, PathBuf};

use lection::document::{Document, Outline};
use lection::formats::{self, OpenOptions};

use titles::{fold, matched};

/// Every chapter of a document.
fn outline(document: &dyn Document) -> Outline {
    let mut pass = document.outline_pass();
    while !pass.step().unwrap().is_done() {}
    pass.outline()
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
fn contents_of_fiction_books_are_their_titles() {
    check("fb2", 1, 0.98);
}

#[test]
fn chapters_of_plain_texts_are_found() {
    check("txt", 23, 0.985);
}

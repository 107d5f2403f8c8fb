//! Books from outside: their contents lists against lists made by hand, and that every book
//! opens or says why not. Runs only where `LECTION_CORPUS` names the folder of the books.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lection::document::{Document, SectionId, Target};
use lection::formats::{Context, OpenError, OpenOptions, Source, epub};
use lection::text::clean_line;

/// Of all titles, by count of letters in common order; below it a list is not that of the book.
const F1_MIN: f64 = 0.99;

/// Files that hold nothing which could be shown.
const UNREADABLE: [&str; 3] =
    ["ocf-package-document-missing-fatal", "ocf-zip-unreadable-image-with-epub-extension-fatal", "hostile-truncated"];

fn corpus() -> Option<PathBuf> {
    std::env::var_os("LECTION_CORPUS").map(|root| PathBuf::from(root).join("epub"))
}

fn open(path: &Path) -> Result<Arc<dyn Document>, OpenError> {
    let source = Source::file(std::fs::File::open(path).unwrap()).unwrap();
    let identity = source.identity().unwrap();
    let name = clean_line(&path.to_string_lossy());
    epub::open(source, Context { name, identity, options: OpenOptions::default() })
}

/// The files below a folder with this ending, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn titles(book: &dyn Document) -> Vec<String> {
    let mut pass = book.outline_pass();
    while !pass.step().unwrap().is_done() {}
    pass.outline().entries().iter().map(|e| e.title.as_str().to_owned()).collect()
}

/// Letters and digits without case.
fn fold(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Length of the longest common subsequence.
fn common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let keep = row[j + 1];
            row[j + 1] = if x == y { diagonal + 1 } else { row[j + 1].max(row[j]) };
            diagonal = keep;
        }
    }
    row[b.len()]
}

#[test]
fn contents_lists_are_those_of_the_books() {
    let Some(root) = corpus() else { return };
    let lists = files(&root, ".epub.toc.txt");
    assert!(lists.len() >= 13, "the corpus is not whole: {} lists", lists.len());
    let (mut wanted, mut given, mut right) = (0, 0, 0);
    let mut report = Vec::new();
    for list in &lists {
        let path = PathBuf::from(list.to_string_lossy().trim_end_matches(".toc.txt"));
        let text = std::fs::read_to_string(list).unwrap();
        let want: Vec<_> = text.lines().map(fold).filter(|t| !t.is_empty()).collect();
        let book = open(&path).unwrap();
        let found: Vec<_> = titles(book.as_ref()).iter().map(|t| fold(t)).collect();
        let hits = common(&want, &found);
        report.push(format!("{}: {hits} right of {} wanted, {} found", path.display(), want.len(), found.len()));
        wanted += want.len();
        given += found.len();
        right += hits;
    }
    let f1 = 2.0 * right as f64 / (wanted + given) as f64;
    assert!(f1 >= F1_MIN, "F1 {f1:.4}\n{}", report.join("\n"));
}

#[test]
fn every_book_opens_or_says_why_not() {
    let Some(root) = corpus() else { return };
    let books = files(&root, ".epub");
    assert!(books.len() >= 200, "the corpus is not whole: {} books", books.len());
    let mut wrong = Vec::new();
    for path in &books {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        match open(path) {
            Ok(book) => {
                // Some of the checks' files hold nothing but sound or moving pictures.
                let has_text = !path.iter().any(|folder| folder == "epubcheck");
                if !read_all(book.as_ref()) && has_text {
                    wrong.push(format!("{name}: nothing is shown"));
                }
            }
            Err(error) if UNREADABLE.contains(&name.as_str()) => {
                println!("refused: {error}");
                assert!(error.reason.ends_with('.'), "{error}");
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Loads all of a book and resolves its links; whether any part has something to show.
fn read_all(book: &dyn Document) -> bool {
    let mut is_shown = false;
    for id in (0..book.section_count()).map(SectionId) {
        let section = book.load(id).unwrap();
        assert_eq!(section.id(), id);
        assert!(book.section_bytes(id) > 0);
        is_shown |= section.block_count() > 0;
        for link in section.links() {
            if let lection::document::Link::Inside(href) = link
                && let Some(target) = book.resolve(id, href)
            {
                assert!(target.section().0 < book.section_count());
            }
        }
    }
    let mut pass = book.outline_pass();
    while !pass.step().unwrap().is_done() {}
    for entry in pass.outline().entries() {
        assert!(!entry.title.is_empty() || matches!(entry.target, Target::At(_)));
        assert!(entry.target.section().0 < book.section_count());
    }
    is_shown
}

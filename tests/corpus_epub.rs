//! Books from outside: every one opens or says why not. Runs where `LECTION_CORPUS` names the
//! corpus, and fails if it is not there.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lection::document::{Document, SectionId, Target};
use lection::formats::{Context, OpenError, OpenOptions, Source, epub};
use lection::text::clean_line;

/// Files that hold nothing which could be shown.
const UNREADABLE: [&str; 3] =
    ["ocf-package-document-missing-fatal", "ocf-zip-unreadable-image-with-epub-extension-fatal", "hostile-truncated"];

fn corpus() -> Option<PathBuf> {
    common::corpus().map(|root| root.join("epub"))
}

fn open(path: &Path) -> Result<Arc<dyn Document>, OpenError> {
    let source = Source::file(std::fs::File::open(path).unwrap()).unwrap();
    let identity = source.identity().unwrap();
    let name = clean_line(&path.to_string_lossy());
    epub::open(source, Context { name, identity, options: OpenOptions::default(), faults: Vec::new() })
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

//! Every case of the `CommonMark` specification shows the words that its HTML shows.
//!
//! Runs under `LECTION_CORPUS` only, a folder with `spec/commonmark-0.31.json`; when that is set
//! and the file is missing it fails.

use std::path::Path;

use lection::document::{Document, Format, SectionId};
use lection::formats::{OpenOptions, Source, open_source};
use lection::text::clean_line;

/// The words (runs of letters and digits) that a document shows.
fn words(text: &str, format: Format) -> Vec<String> {
    let options = OpenOptions { format: Some(format), encoding: Some("utf-8".to_owned()) };
    let document = open_source(Source::memory(text.as_bytes()), clean_line("case"), &options).unwrap();
    let shown = |number| document.load(SectionId(number)).unwrap().text().to_string();
    let all: Vec<String> = (0..Document::section_count(&*document)).map(shown).collect();
    let all = all.join("\n");
    all.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn every_case_shows_the_words_of_its_html() {
    let Some(corpus) = std::env::var_os("LECTION_CORPUS") else { return };
    let file = Path::new(&corpus).join("spec/commonmark-0.31.json");
    let cases: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 652);
    let mut wrong = Vec::new();
    for case in cases {
        let text = |key: &str| case[key].as_str().unwrap();
        let (ours, expected) = (words(text("markdown"), Format::Markdown), words(text("html"), Format::Html));
        if ours != expected {
            wrong.push(format!("{} {:?}\n  {ours:?}\n  {expected:?}", case["example"], text("markdown")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

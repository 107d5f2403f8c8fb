//! Every case of the `CommonMark` specification shows the words that its HTML shows.
//!
//! Runs under `LECTION_CORPUS` only, a folder with `spec/commonmark-0.31.json`; when that is set
//! and the file is missing it fails.

use std::cell::Cell;
use std::path::Path;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use lection::document::{Format, SectionId};
use lection::formats::{OpenOptions, Source, open_source};
use lection::text::clean_line;

/// What a text in HTML shows, by its tokens alone: characters, the words for pictures, and a
/// break at every tag that does not stand in the line. Independent of how the reader walks pages.
#[derive(Default)]
struct Shown {
    text: Cell<String>,
    is_hidden: Cell<bool>,
}

impl Shown {
    fn push(&self, more: &str) {
        if !self.is_hidden.get() {
            let mut text = self.text.take();
            text.push_str(more);
            self.text.set(text);
        }
    }
}

impl TokenSink for Shown {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.push(&text),
            Token::TagToken(tag) => match &*tag.name {
                "script" | "style" => self.is_hidden.set(tag.kind == TagKind::StartTag),
                "img" => {
                    let alt = tag.attrs.iter().find(|a| &*a.name.local == "alt");
                    self.push(alt.map_or("", |a| &*a.value));
                }
                "a" | "b" | "code" | "del" | "em" | "i" | "strong" => {}
                _ => self.push("\n"),
            },
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn expected(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Shown::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    words(&tokenizer.sink.text.take())
}

/// The words of a text: its runs of letters and digits.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words that a document of Markdown shows.
fn shown(text: &str) -> Vec<String> {
    let options = OpenOptions { format: Some(Format::Markdown), encoding: Some("utf-8".to_owned()) };
    let document = open_source(Source::memory(text.as_bytes()), clean_line("case"), &options).expect("text opens");
    let load = |number| document.load(SectionId(number)).expect("it is in memory").text().to_string();
    let all: Vec<String> = (0..document.section_count()).map(load).collect();
    words(&all.join("\n"))
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
        let (ours, expected) = (shown(text("markdown")), expected(text("html")));
        if ours != expected {
            wrong.push(format!("{} {:?}\n  {ours:?}\n  {expected:?}", case["example"], text("markdown")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

//! `lection FILE`: reading in the terminal; where the output is no terminal, the text.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;

use crate::app::App;
use crate::document::{Document, Format, Target};
use crate::formats::{self, OpenOptions, Source};
use crate::runtime::{Keeper, session};
use crate::text::{Clean, clean_line};

use super::args::{Cat, Reading};
use super::{at, cat, open, state};

/// What is shown on a new machine: a book of this project, as Markdown.
const BUNDLED: &str = include_str!("../../assets/october-1917.md");
/// The name under which it is known.
const BUNDLED_NAME: &str = "october-1917.md";

/// Reads a document.
pub fn run(reading: &Reading, file: Option<PathBuf>) -> anyhow::Result<i32> {
    let is_pipe = !io::stdin().is_terminal();
    let file = file.or_else(|| is_pipe.then(|| PathBuf::from("-")));
    if !io::stdout().is_terminal() {
        return print(reading, file);
    }
    let mut store = state::store(reading);
    // Without a file: what was read last, else a bundled book.
    let file = file.or_else(|| store.last_document());
    let (document, name) = match &file {
        Some(path) => (open::open(reading, path)?, clean_line(&name(path))),
        None => bundled()?,
    };
    let place = reading.at.as_ref().map(|at| at::find(&*document, at)).transpose()?;
    let app = App::new(document.clone(), name, reading.width);
    let keeper = Keeper::new(store, document, file.as_deref().and_then(state::known_path));
    let ended = session::run(app, place.map(Target::At), keeper).context("cannot use the terminal")?;
    if !ended.unsaved.is_empty() {
        // The last resort: what is not on the disk is at least on the screen.
        eprintln!("lection: these marks could not be saved; add the lines to a file in the marks folder to keep them:");
        eprint!("{}", ended.unsaved);
    }
    Ok(ended.code)
}

fn print(reading: &Reading, file: Option<PathBuf>) -> anyhow::Result<i32> {
    match file {
        Some(file) => cat::run(reading, &Cat { file, chapter: None }),
        None => cat::print(reading, &*bundled()?.0, None),
    }
}

fn name(path: &std::path::Path) -> String {
    let last = path.file_name().unwrap_or(path.as_os_str());
    if path == std::path::Path::new("-") { "standard input".to_owned() } else { last.to_string_lossy().into_owned() }
}

fn bundled() -> anyhow::Result<(Arc<dyn Document>, Clean)> {
    let name = clean_line(BUNDLED_NAME);
    let options = OpenOptions { format: Some(Format::Markdown), ..OpenOptions::default() };
    let document = formats::open_source(Source::memory(BUNDLED.as_bytes()), name.clone(), &options)?;
    Ok((document, name))
}

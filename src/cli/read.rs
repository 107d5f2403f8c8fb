//! `lection FILE`: reading in the terminal; where the output is no terminal, the text.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;

use crate::app::App;
use crate::document::{Document, Format, Position, Target};
use crate::formats::{self, OpenOptions, Source};
use crate::runtime::{Keeper, Opening, Origin, session};
use crate::store::{self, Store};
use crate::text::{Clean, clean_line};

use super::args::{Cat, Reading};
use super::at::FindOutline;
use super::{at, book, cat, on, open, state, tell};

/// A document that is part of the program, in Markdown.
pub struct Bundled {
    /// The name under which it is known.
    name: &'static str,
    text: &'static str,
}

/// What is shown on a new machine.
const BOOK: Bundled = Bundled { name: "october-1917.md", text: include_str!("../../assets/october-1917.md") };
/// A short tour that teaches the keys.
pub const TOUR: Bundled = Bundled { name: "how-to-read.md", text: include_str!("../../assets/how-to-read.md") };

/// Reads a document.
pub fn run(reading: &Reading, file: Option<PathBuf>, ends_if_one_screen: bool) -> anyhow::Result<i32> {
    let is_pipe = !io::stdin().is_terminal();
    let file = file.or_else(|| is_pipe.then(|| PathBuf::from("-")));
    let mut store = state::store(reading);
    // Without a file: what was read last, else a bundled book.
    let (file, gone) = if file.is_some() { (file, None) } else { store.last_document() };
    let gone = gone.map(|path| clean_line(&format!("'{}', read last, is not there any more", open::name(&path))));
    if !io::stdout().is_terminal() {
        if let Some(gone) = &gone {
            tell(gone);
        }
        return print(reading, file);
    }
    match &file {
        Some(path) => {
            let (document, origin) = on(path, "open", || open::open_to_read(reading, path))?;
            if ends_if_one_screen && reading.at.is_none() && cat::fits(reading, &*document)? {
                return cat::print(reading, &*document, Position::START, None);
            }
            // What still arrives has no identity under which it would be known again.
            let known = state::known_path(path);
            let store = || state::store_of(reading, &*document, known.as_deref());
            let store = if document.is_complete() { store() } else { Store::private() };
            read(reading, document, (clean_line(&open::name(path)), gone), store, known, origin)
        }
        None => {
            let (document, name) = BOOK.open()?;
            read(reading, document, (name, gone), store, None, Origin::Fixed)
        }
    }
}

/// Reads a document that is part of the program.
pub fn run_bundled(reading: &Reading, bundled: &Bundled) -> anyhow::Result<i32> {
    let (document, name) = bundled.open()?;
    if !io::stdout().is_terminal() {
        return print_bundled(reading, &*document);
    }
    read(reading, document, (name, None), state::store(reading), None, Origin::Fixed)
}

/// Reads a document with a name. `gone`: what is to be said of another one.
fn read(
    reading: &Reading,
    document: Arc<dyn Document>,
    (name, gone): (Clean, Option<Clean>),
    store: Store,
    path: Option<PathBuf>,
    origin: Origin,
) -> anyhow::Result<i32> {
    let file = path.clone().unwrap_or_else(|| PathBuf::from("-"));
    let outline = || book::outline(reading, &document, &file);
    let (settings, mut problems) = state::settings(reading);
    let opening = match reading.at.as_ref().map(|at| opening(&*document, &outline, at)) {
        // Words that are not there are no reason not to read, as in less.
        Some(Err(error)) if reading.at.as_deref().is_some_and(at::is_sought) => {
            problems.insert(0, clean_line(&format!("{error:#}")));
            None
        }
        opening => opening.transpose()?,
    };
    problems.extend(gone);
    let look = state::look(reading, &settings, document.format());
    let mut app = App::new(document.clone(), name, look, state::keys(&settings), Box::new(store::new_ids()));
    app.complain(&problems);
    if store.is_private() {
        app.keeps_nothing();
    }
    if let Some(words) = reading.at.as_deref().and_then(at::words) {
        app.opened_by(words);
    }
    let cache = state::cache(reading, &*document, path.as_deref());
    let keeper = Keeper::new(store, document, path);
    let ended = session::run(app, opening, keeper, cache, origin, state::terminal(&settings))
        .context("cannot use the terminal")?;
    // The last resort: what is not on the disk is at least on the screen.
    eprint!("{}", ended.unsaved);
    Ok(ended.code)
}

/// Where to begin. A line that is not there yet, and the end, may still come through a pipe.
fn opening(document: &dyn Document, outline: FindOutline<'_>, at: &str) -> anyhow::Result<Opening> {
    Ok(match at::line(document, at)? {
        Some(number) => Opening::Line(number),
        None if at == at::END && !document.is_complete() => Opening::End,
        None => Opening::At(Target::At(at::find(document, outline, at)?)),
    })
}

fn print(reading: &Reading, file: Option<PathBuf>) -> anyhow::Result<i32> {
    match file {
        Some(file) => on(&file, "print", || cat::run(reading, &Cat { file: file.clone(), chapter: None })),
        None => print_bundled(reading, &*BOOK.open()?.0),
    }
}

fn print_bundled(reading: &Reading, document: &dyn Document) -> anyhow::Result<i32> {
    let find = |place: &String| at::find(document, &|| open::outline(document), place);
    let start = reading.at.as_ref().map(find).transpose()?.unwrap_or(Position::START);
    cat::print(reading, document, start, None)
}

impl Bundled {
    fn open(&self) -> anyhow::Result<(Arc<dyn Document>, Clean)> {
        let name = clean_line(self.name);
        let options = OpenOptions { format: Some(Format::Markdown), ..OpenOptions::default() };
        let document = formats::open_source(Source::memory(self.text.as_bytes()), name.clone(), &options)?;
        Ok((document, name))
    }
}

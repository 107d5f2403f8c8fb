//! `lection forget`: deletes what is kept of a document.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use crate::document::Sum;
use crate::store::{Forgotten, Going, Store};
use crate::text::clean_line;

use super::args::{Forget, Reading};
use super::{NOTHING, OK, TROUBLE, of_store, on, open, print, state, tell};

/// Deletes, after a question, and says what.
pub fn run(reading: &Reading, command: &Forget) -> anyhow::Result<i32> {
    let mut store = state::store(reading);
    let what = match &command.file {
        None => Forgotten::All,
        Some(file) => what(reading, file, &mut store),
    };
    let Going { files, left } = store.forget(&what, false).map_err(of_store)?;
    for said in &left {
        tell(said);
    }
    if files.is_empty() {
        tell("nothing is kept of that");
        return Ok(NOTHING);
    }
    let of = command
        .file
        .as_ref()
        .map_or_else(|| "all documents".to_owned(), |file| clean_line(&file.to_string_lossy()).to_string());
    if !command.yes && !asked(&format!("Delete the marks and places of {of} ({} files)?", files.len()))? {
        return Ok(TROUBLE);
    }
    let gone = store.forget(&what, true).map_err(of_store)?.files;
    let mut said = String::new();
    for file in gone {
        writeln!(said, "removed {}", clean_line(&file.to_string_lossy()))?;
    }
    print(said.as_bytes())?;
    Ok(OK)
}

fn what(reading: &Reading, file: &Path, store: &mut Store) -> Forgotten {
    let path = state::known_path(file);
    let known = || {
        let document = open::open(reading, file)?;
        let identity = document.identity().clone();
        store.load(&identity, document.meta(), path.as_deref());
        // By its text it is told from another book that stood at the path before.
        if !store.knows_text(&identity)
            && let Some(sum) = Sum::of(&*document, &|| false)
        {
            store.know(&identity, &sum);
        }
        Ok(identity)
    };
    match on(file, "open", known) {
        Ok(identity) => Forgotten::Book(identity, path.clone()),
        // It is gone, or cannot be read: what was read there is known by its path.
        Err(_) => Forgotten::Path(path.unwrap_or_else(|| file.to_path_buf())),
    }
}

/// Asks on the terminal; without one nothing is done.
///
/// # Errors
/// When there is nobody to ask.
pub fn asked(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        anyhow::bail!("there is nobody to ask '{question}'; --yes says that it is meant");
    }
    eprint!("{question} [y/N] ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

//! `lection forget`: deletes what is kept of a document.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use crate::store::Forgotten;

use super::args::{Forget, Reading};
use super::{NOTHING, OK, TROUBLE, of_store, on, open, print, state};

/// Deletes, after a question, and says what.
pub fn run(reading: &Reading, command: &Forget) -> anyhow::Result<i32> {
    let mut store = state::store(reading);
    let what = match &command.file {
        None => Forgotten::All,
        Some(file) => what(reading, file),
    };
    let files = store.forget(&what, false).map_err(of_store)?;
    if files.is_empty() {
        eprintln!("lection: nothing is kept of that");
        return Ok(NOTHING);
    }
    let of = command.file.as_ref().map_or_else(|| "all documents".to_owned(), |file| file.display().to_string());
    if !command.yes && !asked(&format!("Delete the marks and places of {of} ({} files)?", files.len()))? {
        return Ok(TROUBLE);
    }
    let gone = store.forget(&what, true).map_err(of_store)?;
    let mut said = String::new();
    for file in gone {
        writeln!(said, "removed {}", crate::text::clean_line(&file.to_string_lossy()))?;
    }
    print(said.as_bytes())?;
    Ok(OK)
}

fn what(reading: &Reading, file: &Path) -> Forgotten {
    match on(file, "open", || open::open(reading, file)) {
        Ok(document) => Forgotten::Book(document.identity().clone(), state::known_path(file)),
        // It is gone, or cannot be read: what was read there is known by its path.
        Err(_) => Forgotten::Path(state::known_path(file).unwrap_or_else(|| file.to_path_buf())),
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

//! The command line: first what was typed ([`args`]), then what is needed, one file a command.
//!
//! It may know every layer. Results go to standard output, as text or as one JSON object a line;
//! what goes wrong is one sentence on standard error and exit code 2.

pub mod args;
mod at;
mod book;
mod cat;
mod date;
mod doctor;
mod export;
mod forget;
mod grep;
mod import;
mod info;
mod marks;
mod open;
mod quotes;
mod read;
mod render;
mod shelf;
mod state;
mod toc;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use clap::{CommandFactory, Parser};

use crate::app::{ACTIONS, Context};
use crate::formats::{self, in_words};
use crate::runtime::panics;
use crate::store::StoreError;
use crate::text::clean::is_clean;
use args::{Args, Command};

/// Done as asked.
pub const OK: i32 = 0;
/// Nothing was found, or something was left out.
pub const NOTHING: i32 = 1;
/// The command cannot be carried out.
pub const TROUBLE: i32 = 2;

/// Carries out a command line (without the program's name) and gives the exit code.
pub fn run(arguments: Vec<OsString>) -> i32 {
    let parsed = match args::only_file(&arguments) {
        Some(args) => Ok(args),
        None => Args::try_parse_from(std::iter::once("lection".into()).chain(args::translate(arguments.clone()))),
    };
    panics::install();
    let args = match parsed {
        Ok(args) => args,
        Err(error) => {
            // Help and version are no errors.
            if !error.use_stderr() {
                let _ = error.print();
                return OK;
            }
            let said = error.to_string();
            let is_told = |line: &&str| !line.starts_with("Usage:") && !line.starts_with("For more");
            let told: Vec<&str> = said.lines().take_while(is_told).flat_map(str::split_whitespace).collect();
            let told =
                told.join(" ").replace(" tip: ", "; ").replace("invalid digit found in string", "it is no number");
            let told = told.trim_start_matches("error: ");
            let told = unknown_word(&error, &arguments).unwrap_or_else(|| told.to_owned());
            let sentence = format!("{told}; 'lection --help' tells what can be typed");
            tell(&sentence);
            return TROUBLE;
        }
    };
    match carry_out(args) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => OK,
        Err(error) => {
            tell(&format!("{error:#}"));
            TROUBLE
        }
    }
}

/// What to say of a word that has no place: it may be less's or vim's way to open, a second document, or
/// no command.
fn unknown_word(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    if error.kind() != clap::error::ErrorKind::UnknownArgument {
        return None;
    }
    let words = || arguments.iter().filter_map(|word| word.to_str());
    if let Some(plus) = words().find(|word| word.starts_with('+')) {
        return Some(format!("'{plus}' is no place to open at; +50, +G, +40% and +/TEXT are"));
    }
    let word = words().next().filter(|word| !word.starts_with('-'))?;
    if Args::command().find_subcommand(word).is_some() {
        return None;
    }
    if !Path::new(word).exists() {
        return Some(format!("'{word}' is neither a command nor a file"));
    }
    let second = words().skip(1).find(|word| Path::new(word).exists())?;
    Some(format!("'{second}' is one document too many; one is read at a time"))
}

fn carry_out(args: Args) -> anyhow::Result<i32> {
    let reading = args.reading;
    state::check_named(&reading)?;
    if let Some(name) = args.command.as_ref().and_then(Command::writes).filter(|_| reading.private) {
        anyhow::bail!("'{name}' writes, and --private reads and writes no state; leave one of them out");
    }
    let exports = matches!(&args.command, Some(Command::Marks(marks)) if marks.exports());
    if let Some(format) = reading.format.filter(|format| format.of_document().is_none() && !exports) {
        let name = format.name();
        anyhow::bail!("'{name}' is a format of marks, not of documents; 'lection marks export' writes it");
    }
    match args.command {
        None => read::run(&reading, args.file, args.quit_if_one_screen),
        Some(Command::Toc(command)) => on(&command.file, "list the chapters of", || toc::run(&reading, &command)),
        Some(Command::Quotes(command)) => {
            on(&command.file, "list the quotations of", || quotes::run(&reading, &command))
        }
        Some(Command::Cat(command)) => on(&command.file, "print", || cat::run(&reading, &command)),
        Some(Command::Grep(command)) => grep::run(&reading, &command),
        Some(Command::Info(command)) => on(&command.file, "describe", || info::run(&reading, &command)),
        Some(Command::Marks(command)) => marks::run(&reading, &command),
        Some(Command::Shelf(command)) => shelf::run(&reading, &command),
        Some(Command::Forget(command)) => forget::run(&reading, &command),
        Some(Command::Doctor(command)) => doctor::run(&reading, &command),
        Some(Command::Render(command)) => on(&command.file, "show a screen of", || render::run(&reading, &command)),
        Some(Command::Tour) => read::run_bundled(&reading, &read::TOUR),
        Some(Command::Keys { markdown }) => print(keys(markdown).as_bytes()),
        Some(Command::Completions { shell }) => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "lection", &mut out);
            print(&out)
        }
        Some(Command::Man) => {
            let mut out = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut out).context("cannot make the manual page")?;
            print(&out)
        }
    }
}

/// Works on a document so that whatever goes wrong ends in a sentence with what was being done
/// ("print") and to which file: a disk that fails within it, and a mistake of the program.
fn on<T>(file: &Path, doing: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let name = if file == Path::new("-") { "standard input".to_owned() } else { format!("'{}'", file.display()) };
    let cannot = || format!("cannot {doing} {name}");
    match panics::contain("reading it", work) {
        Ok(Err(error)) if is_of_the_disk(&error) => Err(error.context(cannot())),
        Ok(done) => done,
        Err(said) => {
            let tries = "'--format text' may show it nevertheless; please report this, with the file";
            Err(anyhow::anyhow!("{}: {said}; {tries}", cannot()))
        }
    }
}

/// Whether the system's own words stand in an error: they name no file.
fn is_of_the_disk(error: &anyhow::Error) -> bool {
    !is_broken_pipe(error) && error.chain().any(<dyn std::error::Error>::is::<io::Error>)
}

/// The table of keys: aligned for the eye, or in Markdown for the README.
pub fn keys(markdown: bool) -> String {
    let mut out = String::new();
    let width = ACTIONS.iter().map(|entry| entry.doc.len()).max().unwrap_or(0);
    for context in Context::ALL {
        let title = context.title();
        let head = if markdown { format!("| {title} | keys |\n|---|---|\n") } else { format!("{title}\n") };
        out.push_str(&head);
        for entry in ACTIONS.iter().filter(|e| e.context == context) {
            let keys: Vec<String> =
                entry.keys.iter().map(|key| if markdown { code(key) } else { (*key).to_owned() }).collect();
            let keys = keys.join(" ");
            let row = if markdown {
                format!("| {} | {keys} |\n", entry.doc)
            } else {
                format!("  {:<width$}  {keys}\n", entry.doc)
            };
            out.push_str(&row);
        }
        out.push('\n');
    }
    out
}

/// A key as inline code in a Markdown table.
fn code(key: &str) -> String {
    let key = key.replace('|', "\\|");
    if key.contains('`') { format!("`` {key} ``") } else { format!("`{key}`") }
}

/// Says what went wrong: one line, and nothing in it that a terminal would obey.
fn tell(sentence: &str) {
    let _ = writeln!(io::stderr(), "lection: {}", crate::text::clean_line(sentence));
}

/// What the store could not do; its sentence has the reason in it.
#[allow(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn of_store(error: StoreError) -> anyhow::Error {
    anyhow::anyhow!("{}", error.message())
}

/// So many of a thing, in words.
fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// One result as JSON on a line.
fn json_line(row: &impl serde::Serialize) -> anyhow::Result<String> {
    Ok(plain_json(&serde_json::to_string(row)?) + "\n")
}

/// Whether a character of a path, or of what was never cleaned, can be shown as it is. Tags, which say nothing
/// that one sees, are clean in flags only.
fn is_shown(c: char) -> bool {
    is_clean(c.encode_utf8(&mut [0; 4])) && !('\u{E0000}'..='\u{E007F}').contains(&c)
}

/// JSON in which what a terminal would obey is written by its number, which means the same: paths
/// are as they are on the disk.
fn plain_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if is_shown(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// Reads a file that a command is given beside a document, of at most so many MiB; why it cannot be read.
fn read_beside(file: &Path, most: u64) -> Result<Vec<u8>, String> {
    let most_bytes = most << 20;
    let failed = |error: io::Error| in_words(&error);
    let too_long = || Err(format!("it has more than {most} MiB; give it in parts, if it is the right one"));
    let mut bytes = Vec::new();
    if let Some(input) = open::stream(file).map_err(failed)? {
        input.take(most_bytes + 1).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        if formats::is_pipe(file) {
            return Err("it is a pipe, not a file".to_owned());
        }
        let opened = formats::regular_file(file)?;
        // A file that is too long for sure need not be read.
        if opened.metadata().is_ok_and(|about| about.len() > most_bytes) {
            return too_long();
        }
        opened.take(most_bytes + 1).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() as u64 > most_bytes { too_long() } else { Ok(bytes) }
}

/// The same of a file that is text.
fn read_text_beside(file: &Path, most: u64) -> Result<String, String> {
    let bytes = read_beside(file, most)?;
    String::from_utf8(bytes).map_err(|_| "it is no text in UTF-8".to_owned())
}

/// Writes a result.
fn print(bytes: &[u8]) -> anyhow::Result<i32> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).context("cannot write the result")?;
    Ok(OK)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_names_what_a_terminal_would_obey_by_its_number() {
        for path in ["/a/b é 日", "/\u{1b}]0;x\u{7}", "/\u{9b}\u{202e}\u{e0041}\u{7f}\n"] {
            let line = json_line(&path).unwrap();
            assert!(line.trim_end_matches('\n').chars().all(is_shown) && line.ends_with('\n'), "{line:?}");
            assert_eq!(serde_json::from_str::<String>(&line).unwrap(), path);
        }
    }
}

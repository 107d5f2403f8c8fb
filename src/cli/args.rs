//! What can be typed after `lection`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::document;

/// A reader for the terminal: chapters, quotations, fine pages, and marks that are never lost.
///
/// Without a file it goes on with the last document, or shows a bundled one.
#[derive(Debug, Parser)]
#[command(name = "lection", version, subcommand_precedence_over_arg = true, max_term_width = 100)]
#[command(override_usage = "lection [OPTIONS] [FILE]\n       lection [OPTIONS] <COMMAND>")]
#[command(
    after_help = "Exit codes: 0 done, 1 nothing found or something left out, 2 trouble.\n+50, +G, +40% and +/TEXT open at a line, at the end, at a percentage, at a text."
)]
pub struct Args {
    /// How to read.
    #[command(flatten)]
    pub reading: Reading,
    /// Print a text that one screen has room for, and end: `GIT_PAGER="lection -F"`
    #[arg(short = 'F', long)]
    pub quit_if_one_screen: bool,
    /// The document; `-` for standard input
    pub file: Option<PathBuf>,
    /// Something else than reading.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How documents are opened and shown.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Reading {
    /// Columns of text, at most; into a pipe `cat` without it prints a paragraph a line
    #[arg(short, long, global = true, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..=200))]
    pub width: Option<u16>,
    /// The format, if it is not what it seems: text (its lines flow), lines (they stand as they are),
    /// markdown, html, epub or fb2; with `marks export` that of the marks: markdown, jsonl or w3c
    #[arg(long, global = true, value_enum, hide_possible_values = true)]
    pub format: Option<Format>,
    /// The character encoding, if it is not what it seems (`windows-1251`, `Shift_JIS`, ...); kept for
    /// a document that is read or marked with it, and `auto` takes it back
    #[arg(long, global = true, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Where to open: a locator S/B:N, toc:TITLE, search:TEXT, line:50 or 40%
    #[arg(long, global = true, value_name = "PLACE")]
    pub at: Option<String>,
    /// The theme: auto, plain, light or dark
    #[arg(long, global = true, value_name = "NAME", value_parser = ["auto", "plain", "light", "dark"])]
    pub theme: Option<String>,
    /// The settings, instead of `config.toml` in the configuration directory
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read and write no state: no marks, no place
    #[arg(long, global = true)]
    pub private: bool,
}

/// The formats, by the names that the command line takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Plain text
    Text,
    /// Text whose lines stay as they are: code, tables, output
    Lines,
    /// Markdown
    Markdown,
    /// HTML
    Html,
    /// EPUB
    Epub,
    /// FB2
    Fb2,
    /// JSON Lines; marks only
    Jsonl,
    /// W3C Web Annotations; marks only
    W3c,
}

impl Marks {
    /// Whether they are written for other programs: then the format is theirs.
    pub fn exports(&self) -> bool {
        matches!(self.command, Some(MarksCommand::Export { .. }))
    }
}

impl Format {
    /// The name that the command line takes.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The format of a document; none for what only marks are written in.
    pub fn of_document(self) -> Option<document::Format> {
        match self {
            Format::Text => Some(document::Format::Plain),
            Format::Lines => Some(document::Format::Lines),
            Format::Markdown => Some(document::Format::Markdown),
            Format::Html => Some(document::Format::Html),
            Format::Epub => Some(document::Format::Epub),
            Format::Fb2 => Some(document::Format::Fb2),
            Format::Jsonl | Format::W3c => None,
        }
    }
}

/// What can be done beside reading.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The chapters of a document
    Toc(Toc),
    /// The quotations of a document, with their speakers
    Quotes(Quotes),
    /// The text of a document
    Cat(Cat),
    /// Find a text in documents
    Grep(Grep),
    /// What a document is
    Info(Info),
    /// Your marks in a document
    Marks(Marks),
    /// The documents read before
    Shelf(Shelf),
    /// Delete what is kept of a document: marks, places, copies
    Forget(Forget),
    /// Look whether all is well with the marks, the terminal and the folders; changes nothing unless
    /// it is told to repair
    Doctor(Doctor),
    /// One screen as text, as it would be shown
    Render(Render),
    /// Read a short tour that teaches the keys
    Tour,
    /// All keys and what they do
    Keys {
        /// As a table in Markdown
        #[arg(long)]
        markdown: bool,
    },
    /// Completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// The manual page
    Man,
}

impl Command {
    /// What it is called, if it is there to write state.
    pub fn writes(&self) -> Option<&'static str> {
        match self {
            Command::Marks(Marks { command, .. }) => Some(match command.as_ref()? {
                MarksCommand::Add(_) => "marks add",
                MarksCommand::Edit(_) => "marks edit",
                MarksCommand::Rm { .. } => "marks rm",
                MarksCommand::Import { .. } => "marks import",
                MarksCommand::Export { .. } => return None,
            }),
            Command::Toc(Toc { like: Some(_), .. }) => Some("toc --like"),
            Command::Toc(Toc { import: Some(_), .. }) => Some("toc --import"),
            Command::Toc(Toc { reset: true, .. }) => Some("toc --reset"),
            Command::Forget(_) => Some("forget"),
            Command::Doctor(Doctor { repair: true, .. }) => Some("doctor --repair"),
            _ => None,
        }
    }
}

/// `lection toc`.
#[derive(Debug, clap::Args)]
pub struct Toc {
    /// The document
    pub file: PathBuf,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Say for each chapter why it was taken
    #[arg(long)]
    pub explain: bool,
    /// Only the document's own chapters: no parts found by topic, no corrections of yours
    #[arg(long, conflicts_with_all = ["like", "import", "reset"])]
    pub plain: bool,
    /// Print them as an outline file (TOML), to be changed and imported
    #[arg(long, conflicts_with = "json")]
    pub export: bool,
    /// Make every line a chapter that is like this one (`--like "Log entry 12"`), kept with your marks
    #[arg(long, value_name = "LINE", conflicts_with_all = ["json", "export", "explain", "import"])]
    pub like: Option<String>,
    /// Take the chapters of an outline file as your corrections, kept with your marks
    #[arg(long, value_name = "OUTLINE", conflicts_with_all = ["json", "export", "explain"])]
    pub import: Option<PathBuf>,
    /// Take all your corrections of its chapters back; marks stay
    #[arg(long, conflicts_with_all = ["json", "export", "explain", "import", "like"])]
    pub reset: bool,
}

/// `lection quotes`.
#[derive(Debug, clap::Args)]
pub struct Quotes {
    /// The document
    pub file: PathBuf,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// As quotations in Markdown, each with its source
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Only what this speaker says (part of the name)
    #[arg(long, value_name = "NAME")]
    pub speaker: Option<String>,
    /// Only those of a chapter: its number in `lection toc`, or part of its title
    #[arg(long, value_name = "N|TITLE")]
    pub chapter: Option<String>,
    /// Only those of a kind
    #[arg(long)]
    pub kind: Option<Kind>,
    /// Titles, mentioned words and the like too
    #[arg(long)]
    pub all: bool,
}

/// Kinds of quotations, as they are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// What somebody says or writes
    Speech,
    /// Quoted matter set apart
    Block,
    /// Mottoes
    Epigraph,
    /// Titles, mentioned words, ironies
    Inline,
}

impl From<Kind> for document::QuoteKind {
    fn from(kind: Kind) -> document::QuoteKind {
        match kind {
            Kind::Speech => document::QuoteKind::Speech,
            Kind::Block => document::QuoteKind::Block,
            Kind::Epigraph => document::QuoteKind::Epigraph,
            Kind::Inline => document::QuoteKind::Inline,
        }
    }
}

/// `lection cat`.
#[derive(Debug, clap::Args)]
pub struct Cat {
    /// The document; `-` for standard input
    pub file: PathBuf,
    /// Only one chapter: its number in `lection toc`, or part of its title
    #[arg(long, value_name = "N|TITLE")]
    pub chapter: Option<String>,
}

/// `lection grep`.
#[derive(Debug, clap::Args)]
pub struct Grep {
    /// What to find, as it is written: no regular expression. Without capitals it finds both cases,
    /// without accents letters with them too
    #[arg(value_name = "TEXT")]
    pub pattern: String,
    /// The documents
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Both cases, though there are capitals in it
    #[arg(short, long)]
    pub ignore_case: bool,
    /// Only how many matches there are, in each document
    #[arg(short, long)]
    pub count: bool,
    /// Only the documents that have one
    #[arg(short = 'l', long, conflicts_with = "count")]
    pub files_with_matches: bool,
    /// One JSON object a line
    #[arg(long, conflicts_with_all = ["count", "files_with_matches"])]
    pub json: bool,
}

/// `lection info`.
#[derive(Debug, clap::Args)]
pub struct Info {
    /// The document
    pub file: PathBuf,
    /// As a JSON object
    #[arg(long)]
    pub json: bool,
}

/// `lection marks`.
#[derive(Debug, clap::Args)]
#[command(subcommand_precedence_over_arg = true)]
pub struct Marks {
    /// The document
    pub file: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// As Markdown, those of one document
    #[arg(long, conflicts_with = "json", requires = "file")]
    pub markdown: bool,
    /// Something else than listing.
    #[command(subcommand)]
    pub command: Option<MarksCommand>,
}

/// What can be done with marks.
#[derive(Debug, Subcommand)]
pub enum MarksCommand {
    /// Mark a place, given by `--at`; prints the mark's identity
    Add(AddMark),
    /// Change a mark: its remark, name, colour, or with `--at` its place
    Edit(EditMark),
    /// Delete marks
    Rm {
        /// The document
        file: PathBuf,
        /// The marks' identities, or how they begin
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Write the marks for other programs
    ///
    /// `--format` says as what: markdown, jsonl (JSON Lines) or w3c (Web Annotations).
    Export {
        /// The document
        file: PathBuf,
        /// For Markdown: a template with {title}, {chapter}, {quote}, {note}, {at} ...
        #[arg(long, value_name = "FILE")]
        template: Option<PathBuf>,
    },
    /// Take in marks: what `export` wrote, `KOReader`'s, Readest's or Foliate's JSON, a Kindle's clippings
    Import {
        /// The file with the marks; `-` for standard input
        source: PathBuf,
        /// The document that they belong to; without it, what they name is looked for
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,
    },
}

/// `lection marks add`.
#[derive(Debug, clap::Args)]
pub struct AddMark {
    /// The document
    pub file: PathBuf,
    /// Where it ends, as `--at` says where it begins
    #[arg(long, value_name = "PLACE")]
    pub end: Option<String>,
    /// A remark
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// A letter to jump to it, or a title
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// The colour of a highlight
    #[arg(long, value_parser = ["yellow", "green", "blue", "red"])]
    pub color: Option<String>,
}

/// `lection marks edit`.
#[derive(Debug, clap::Args)]
pub struct EditMark {
    /// The document
    pub file: PathBuf,
    /// The mark's identity, or how it begins
    pub id: String,
    /// Where it ends, as `--at` says where it begins
    #[arg(long, value_name = "PLACE")]
    pub end: Option<String>,
    /// A remark; an empty one takes it away
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// A letter or a title; an empty one takes it away
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// The colour of a highlight
    #[arg(long, value_parser = ["yellow", "green", "blue", "red"])]
    pub color: Option<String>,
}

/// `lection forget`.
#[derive(Debug, clap::Args)]
pub struct Forget {
    /// The document; it need not be there any more
    #[arg(required_unless_present = "all")]
    pub file: Option<PathBuf>,
    /// All documents
    #[arg(long, conflicts_with = "file")]
    pub all: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// `lection doctor`.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// Repair what was found, after a question
    #[arg(long)]
    pub repair: bool,
    /// Do not ask
    #[arg(long, requires = "repair")]
    pub yes: bool,
}

/// `lection shelf`.
#[derive(Debug, clap::Args)]
pub struct Shelf {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `lection render`.
#[derive(Debug, clap::Args)]
pub struct Render {
    /// The document
    pub file: PathBuf,
    /// Columns and rows
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "80x24")]
    pub size: String,
    /// Keys to press first, parted by spaces (`tab j enter`)
    #[arg(long, value_name = "KEYS", default_value = "")]
    pub keys: String,
}

/// What is meant by a single word that can be nothing but a file: the most frequent command line
/// by far, and the one whose reader waits for a page. `None` for any other.
pub fn only_file(arguments: &[OsString]) -> Option<Args> {
    let [word] = arguments else { return None };
    let bytes = word.as_encoded_bytes();
    // No command has a dot or a slash in its name.
    let is_file =
        !bytes.starts_with(b"-") && !bytes.starts_with(b"+") && bytes.iter().any(|b| matches!(b, b'.' | b'/'));
    is_file.then(|| Args {
        file: Some(word.into()),
        reading: Reading::default(),
        quit_if_one_screen: false,
        command: None,
    })
}

/// Reads less's `+50`, `+40%`, `+/text` and `+G` as `--at`, when it is reading that is asked for: a
/// command's own words may begin with a plus.
pub fn translate(arguments: Vec<OsString>) -> Vec<OsString> {
    use clap::CommandFactory;
    let is_command = |word: &OsString| Args::command().get_subcommands().any(|command| *word == *command.get_name());
    if arguments.iter().any(is_command) {
        return arguments;
    }
    let mut out = Vec::with_capacity(arguments.len());
    let mut is_over = false;
    for argument in arguments {
        is_over |= argument == "--";
        let plus = argument.to_str().filter(|_| !is_over).and_then(|a| a.strip_prefix('+')).filter(|a| !a.is_empty());
        match plus {
            Some("G") => out.extend(["--at".into(), "100%".into()]),
            Some(text) if text.starts_with('/') => {
                out.extend(["--at".into(), format!("search:{}", text.trim_start_matches('/')).into()]);
            }
            Some(text) if text.bytes().all(|b| b.is_ascii_digit()) => {
                out.extend(["--at".into(), format!("line:{text}").into()]);
            }
            Some(text) if text.ends_with('%') && text.trim_end_matches('%').bytes().all(|b| b.is_ascii_digit()) => {
                out.extend(["--at".into(), text.into()]);
            }
            _ => out.push(argument),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[track_caller]
    fn check(typed: &str, at: Option<&str>, file: Option<&str>) {
        let words = typed.split(' ').map(OsString::from).collect();
        let args = Args::try_parse_from(std::iter::once("lection".into()).chain(translate(words))).unwrap();
        assert_eq!((args.reading.at.as_deref(), args.file.as_deref().and_then(|f| f.to_str())), (at, file));
    }

    #[test]
    fn places_as_less_takes_them() {
        check("+/whale moby.txt", Some("search:whale"), Some("moby.txt"));
        check("+50 moby.txt", Some("line:50"), Some("moby.txt"));
        check("+40% moby.txt", Some("40%"), Some("moby.txt"));
        check("+G moby.txt", Some("100%"), Some("moby.txt"));
        check("-- +G", None, Some("+G"));
        check("--at 3/4:5 moby.txt", Some("3/4:5"), Some("moby.txt"));
    }

    #[test]
    fn a_file_alone_is_understood_without_the_parser() {
        for word in ["a.txt", "./toc", "/tmp/x", "dir/grep"] {
            let words = vec![OsString::from(word)];
            let parsed = Args::try_parse_from(["lection".into(), words[0].clone()]).unwrap();
            assert_eq!(format!("{:?}", only_file(&words)), format!("{:?}", Some(parsed)), "{word}");
        }
        for words in [&["toc"][..], &["--help"], &["-V"], &["+G.x"], &["-"], &["a.txt", "b.txt"], &["-w40.0"], &[]] {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            assert!(only_file(&words).is_none(), "{words:?}");
        }
        let dotted = |command: &clap::Command| command.get_name().contains(['.', '/']);
        assert!(!Args::command().get_subcommands().any(dotted));
    }

    #[test]
    fn words_of_commands_stay() {
        let words: Vec<OsString> = ["grep", "+G", "book.txt"].map(OsString::from).to_vec();
        assert_eq!(translate(words.clone()), words);
    }

    #[test]
    fn options_may_stand_before_a_command() {
        let args = Args::try_parse_from(["lection", "--private", "shelf"]).unwrap();
        assert!(args.reading.private && matches!(args.command, Some(Command::Shelf(_))));
    }
}

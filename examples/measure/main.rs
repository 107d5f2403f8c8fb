//! Measures what the reader finds in texts against what people found in them:
//! `cargo run --release --example measure -- quotes FILE.quotes.tsv…`,
//! `cargo run --release --example measure -- chapters CORPUS`, and how fast: `-- speed FILE…`.
//!
//! One file a kind of finding. Nothing here is part of the program.

mod chapters;
mod quotes;
mod sequence;
mod speed;

use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let kind = words.next().unwrap_or_default();
    let (flags, files): (Vec<String>, Vec<String>) = words.partition(|word| word.starts_with("--"));
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    match (kind.as_str(), files.first()) {
        ("quotes", _) => return quotes::measure(&files, flags.contains(&"--misses")),
        ("chapters", Some(corpus)) => {
            chapters::books_as_they_are(corpus);
            chapters::speech(corpus);
            chapters::run(corpus, &flags);
        }
        ("speed", Some(_)) => return speed::measure(&files),
        ("speech", Some(corpus)) => chapters::speech(corpus),
        _ => anyhow::bail!(
            "usage: measure quotes FILE.quotes.tsv… [--misses] | measure chapters CORPUS [--held] [--show] | measure speech CORPUS | measure speed FILE…"
        ),
    }
    Ok(())
}

//! Measures what the reader finds in texts against what people found in them:
//! `cargo run --release --example measure -- quotes FILE.quotes.tsv…`.
//!
//! One file a kind of finding. Nothing here is part of the program.

mod quotes;
mod sequence;

use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let kind = words.next().unwrap_or_default();
    let shows_misses = std::env::args().any(|word| word == "--misses");
    let files: Vec<PathBuf> = words.filter(|word| word != "--misses").map(PathBuf::from).collect();
    match kind.as_str() {
        "quotes" => quotes::measure(&files, shows_misses),
        _ => anyhow::bail!("usage: measure quotes FILE.quotes.tsv… [--misses]"),
    }
}

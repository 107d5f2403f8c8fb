//! How fast the passes over whole documents are: nanoseconds of processor time a byte, and MB/s.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use lection::document::{Document, SectionId};
use lection::formats::{self, OpenOptions};
use lection::quotes::Finder;
use lection::runtime::inline::find_quotes_beside;

/// Prints a line a file and one for all: reading alone, then the pass for chapters and the one for
/// quotations, each with the reading it needs, and both over one reading, with it and without it (which any
/// use of the document needs).
pub fn measure(files: &[PathBuf]) -> anyhow::Result<()> {
    let mut all = [Duration::ZERO; PARTS];
    let mut bytes = 0;
    for file in files {
        let len = std::fs::metadata(file)?.len();
        let times = passes(file)?;
        print(&file.file_name().unwrap_or_default().to_string_lossy(), len, times);
        all.iter_mut().zip(times).for_each(|(sum, time)| *sum += time);
        bytes += len;
    }
    print(&format!("all {} files", files.len()), bytes, all);
    Ok(())
}

/// Reading, chapters, quotations, of those the end when all was read, and both passes together.
const PARTS: usize = 5;

fn passes(file: &Path) -> anyhow::Result<[Duration; PARTS]> {
    let document =
        formats::open(file, &OpenOptions::default()).with_context(|| format!("cannot open {}", file.display()))?;
    let start = spent();
    sections(&*document, |_| {})?;
    let read = spent();
    let mut pass = document.outline_pass();
    while !pass.step()?.is_done() {}
    let outline = pass.outline();
    let chapters = spent();
    let mut finder = Finder::new();
    sections(&*document, |section| finder.feed(section))?;
    let fed = spent();
    let quotes = finder.finish();
    let found = spent();
    let mut pass = document.outline_pass();
    let again = find_quotes_beside(&*document, &mut *pass)?;
    let same = pass.outline();
    let both = spent();
    anyhow::ensure!(same == outline && again == quotes, "both passes together find something else");
    println!("{} chapters, {} quotations", outline.len(), quotes.len());
    let times = [(start, read), (read, chapters), (chapters, found), (fed, found), (found, both)];
    Ok(times.map(|(from, to)| to.saturating_sub(from)))
}

fn sections(document: &dyn Document, mut each: impl FnMut(&lection::document::Section)) -> anyhow::Result<()> {
    for id in 0..document.section_count() {
        each(&document.load(SectionId(id))?);
    }
    Ok(())
}

fn print(name: &str, bytes: u64, times: [Duration; PARTS]) {
    let [read, chapters, quotes, end, both] = times.map(|time| time.as_secs_f64() * 1e9 / bytes as f64);
    let alone = both - read;
    println!(
        "{name}: {:.1} MB; ns/byte: reading {read:.1}, chapters {chapters:.1}, quotations {quotes:.1} (end {end:.1}), \
         both {both:.1}, without the reading {alone:.1}; \
         MB/s: chapters {:.0}, quotations {:.0}, both {:.0}, without the reading {:.0}",
        bytes as f64 / 1e6,
        1e3 / chapters,
        1e3 / quotes,
        1e3 / both,
        1e3 / alone
    );
}

/// Processor time of this thread: what else the machine does must not count.
#[cfg(unix)]
fn spent() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(not(unix))]
fn spent() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

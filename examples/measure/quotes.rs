//! Quotations and their speakers against annotated text.
//!
//! `NAME.quotes.tsv` annotates `NAME.txt`. Two layouts are known by their first line:
//! *start, end, speaker, text* with one row a quoted stretch, and *line, `end_line`, speaker, …* with
//! one row a quotation. A stretch is right when its letters and digits are those of an annotated
//! one, in order. A speaker is right when both names share a word of three letters or more that is
//! no title, or have the same letters.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use lection::document::{Quote, QuoteKind, Range, Section, SectionId};
use lection::formats::{self, OpenOptions};
use lection::runtime::inline::find_quotes;

use super::sequence;

/// Words of names that tell nobody.
const TITLES: &str = "mr mrs miss ms lady sir lord the aunt uncle madame captain colonel doctor dr major old young \
    man woman and his her son of";
/// Shares of right answers at which precision is read off.
const SHARES: [f64; 4] = [0.4, 0.5, 0.6, 0.7];
/// From here on a name of the second layout counts as given.
const GIVEN: f64 = 0.5;

/// Lines by which the second layout may be off: it gives those of the longest piece.
const SLACK: usize = 3;

/// What was counted.
#[derive(Default)]
struct Counts {
    annotated: usize,
    found: usize,
    right: usize,
    asked: usize,
    named: usize,
    named_right: usize,
    /// Confidence of every name given, and whether it is right.
    votes: Vec<(f64, bool)>,
}

/// A stretch that was found.
struct Part {
    text: String,
    speaker: String,
    confidence: f64,
}

/// Prints a line a file and one for all.
pub fn measure(files: &[PathBuf], shows_misses: bool) -> anyhow::Result<()> {
    let mut total = Counts::default();
    for file in files {
        let table = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let counts = if table.starts_with("line\t") {
            whole(file, &table, shows_misses)?
        } else {
            stretches(file, &table, shows_misses)?
        };
        print_line(&file.file_name().unwrap_or_default().to_string_lossy(), &counts);
        total.add(counts);
    }
    print_curve(&mut total);
    print_line(&format!("all {} files", files.len()), &total);
    Ok(())
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.annotated += other.annotated;
        self.found += other.found;
        self.right += other.right;
        self.asked += other.asked;
        self.named += other.named;
        self.named_right += other.named_right;
        self.votes.extend(other.votes);
    }

    fn ask(&mut self, speaker: &str, given: &str, confidence: f64) -> bool {
        self.asked += 1;
        let is_right = same_speaker(speaker, given);
        if !given.is_empty() {
            self.named += 1;
            self.named_right += usize::from(is_right);
            self.votes.push((confidence, is_right));
        }
        is_right
    }
}

/// The first layout: stretches of speech, matched as two sequences.
fn stretches(file: &Path, table: &str, shows_misses: bool) -> anyhow::Result<Counts> {
    let rows = table.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t').skip(2);
        Some((cells.next()?, cells.next()?)).filter(|(_, text)| !fold(text).is_empty())
    });
    let annotated: Vec<(&str, &str)> = rows.collect();
    let (sections, quotes) = read(file)?;
    let mut found = Vec::new();
    for quote in quotes.iter().filter(|quote| quote.kind == QuoteKind::Speech) {
        found.extend(parts(&sections, quote).into_iter().filter(|part| !fold(&part.text).is_empty()));
    }
    let true_folds: Vec<String> = annotated.iter().map(|(_, text)| fold(text)).collect();
    let found_folds: Vec<String> = found.iter().map(|part| fold(&part.text)).collect();
    let pairs = sequence::pairs(&true_folds, &found_folds);
    let mut counts = Counts { annotated: annotated.len(), found: found.len(), right: pairs.len(), ..Counts::default() };
    for (a, b) in &pairs {
        let (Some((speaker, text)), Some(part)) = (annotated.get(*a), found.get(*b)) else { continue };
        let asked = !speaker.is_empty();
        if asked && !counts.ask(speaker, &part.speaker, part.confidence) && shows_misses {
            println!("  speaker {:?} ({:.2}) for {speaker:?}: {}", part.speaker, part.confidence, head(text));
        }
    }
    if shows_misses {
        let (hit, met): (HashSet<usize>, HashSet<usize>) = pairs.into_iter().unzip();
        let missed = annotated.iter().enumerate().filter(|(i, _)| !hit.contains(i));
        missed.for_each(|(_, (_, text))| println!("  missed  {}", head(text)));
        let extra = found.iter().enumerate().filter(|(i, _)| !met.contains(i));
        extra.for_each(|(_, part)| println!("  extra   {}", head(&part.text)));
    }
    Ok(counts)
}

/// The second layout: whole quotations of any kind, known by their lines, their first words and
/// their length.
fn whole(file: &Path, table: &str, shows_misses: bool) -> anyhow::Result<Counts> {
    let book = book_of(file);
    let source = fs::read_to_string(&book).with_context(|| format!("cannot read {}", book.display()))?;
    let lines: Vec<&str> = source.lines().collect();
    let (sections, quotes) = read(file)?;
    let mut found = Vec::new();
    for quote in quotes.iter().filter(|quote| quote.kind != QuoteKind::Inline) {
        found.push(parts(&sections, quote));
    }
    let mut counts = Counts::default();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [first, last, speaker, _, opening, _, words, ..] = cells.as_slice() else { continue };
        let (first, last, words): (usize, usize, usize) = (first.parse()?, last.parse()?, words.parse()?);
        counts.annotated += 1;
        let around = first.saturating_sub(1 + SLACK)..(last + SLACK).min(lines.len());
        let place = fold(&lines.get(around).unwrap_or_default().join(" "));
        let fits = |parts: &&Vec<Part>| {
            let total: usize = parts.iter().map(|part| part.text.split_whitespace().count()).sum();
            let stands = parts.iter().all(|part| place.contains(&fold(&part.text)));
            let opens = parts.first().is_some_and(|part| fold(&part.text).starts_with(&fold(opening)));
            // A quotation in pieces is annotated by the words of its longest.
            let longest = parts.iter().map(|part| part.text.split_whitespace().count()).max().unwrap_or(0);
            let near = |count: usize| count.abs_diff(words) <= 1 + words / 20;
            stands && opens && (near(total) || near(longest))
        };
        let hit = found.iter().find(fits).and_then(|parts| parts.first());
        counts.right += usize::from(hit.is_some());
        counts.found += usize::from(hit.is_some());
        let given = hit.filter(|part| part.confidence >= GIVEN).map_or("", |part| part.speaker.as_str());
        let is_right = if *speaker == "-" || hit.is_none() {
            given.is_empty()
        } else {
            counts.ask(speaker, given, hit.map_or(0.0, |part| part.confidence))
        };
        if shows_misses && (hit.is_none() || !is_right) {
            let what = if hit.is_some() { "speaker" } else { "missed" };
            println!("  {what} {first}–{last} {speaker:?} {given:?}: {opening}");
        }
    }
    Ok(counts)
}

fn book_of(file: &Path) -> PathBuf {
    let name = file.to_string_lossy();
    let book = name.strip_suffix(".quotes.tsv").unwrap_or(&name);
    let book = Path::new(book);
    // "NAME.txt.quotes.tsv" is known too.
    if book.extension().is_some_and(|end| end == "txt") {
        book.to_owned()
    } else {
        PathBuf::from(format!("{}.txt", book.display()))
    }
}

fn read(file: &Path) -> anyhow::Result<(Vec<Section>, Vec<Quote>)> {
    let document = formats::open(&book_of(file), &OpenOptions::default())?;
    let quotes = find_quotes(&*document);
    let sections = (0..document.section_count()).map(|id| document.load(SectionId(id)));
    Ok((sections.collect::<Result<_, _>>()?, quotes))
}

fn parts(sections: &[Section], quote: &Quote) -> Vec<Part> {
    let speaker = quote.speaker.as_ref().map_or("", |name| name.as_str());
    let confidence = (f64::from(quote.confidence) * 100.0).round() / 100.0;
    let part = |range: &Range| Part { text: text(sections, *range), speaker: speaker.to_owned(), confidence };
    quote.parts.iter().map(part).collect()
}

fn text(sections: &[Section], range: Range) -> String {
    let mut text = String::new();
    for section in sections.get(range.start.section.index()..=range.end.section.index()).unwrap_or_default() {
        let start = if section.id() == range.start.section { section.offset(range.start) } else { 0 };
        let end = if section.id() == range.end.section { section.offset(range.end) } else { section.text().len() };
        text.push_str(section.text().get(start..end).unwrap_or_default());
        text.push('\n');
    }
    text
}

/// Letters and digits alone, small.
fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn head(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect()
}

fn same_speaker(a: &str, b: &str) -> bool {
    let words = |name: &str| -> HashSet<String> {
        let small = name.to_lowercase();
        let words = small.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2);
        words.filter(|word| !TITLES.split(' ').any(|title| title == *word)).map(str::to_owned).collect()
    };
    fold(a) == fold(b) || !words(a).is_disjoint(&words(b))
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn print_line(label: &str, counts: &Counts) {
    let precision = if counts.found == 0 { 1.0 } else { share(counts.right, counts.found) };
    let recall = if counts.annotated == 0 { 1.0 } else { share(counts.right, counts.annotated) };
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    let Counts { annotated, found, right, asked, named, named_right, .. } = counts;
    let (named_precision, named_recall) = (share(*named_right, *named), share(*named_right, *asked));
    println!(
        "{label}: spans annotated {annotated} found {found} right {right} P {precision:.3} R {recall:.3} F1 {f1:.3} | \
         speakers asked {asked} named {named} right {named_right} P {named_precision:.3} R {named_recall:.3}"
    );
}

/// Precision at the confidence where right answers reach a share of those asked.
fn print_curve(counts: &mut Counts) {
    counts.votes.sort_by(|a, b| b.0.total_cmp(&a.0));
    print!("speakers by confidence:");
    for wanted in SHARES {
        let mut right = 0;
        let mut best = None;
        for (index, (confidence, is_right)) in counts.votes.iter().enumerate() {
            right += usize::from(*is_right);
            let is_last = counts.votes.get(index + 1).is_none_or(|next| next.0.total_cmp(confidence).is_ne());
            if is_last && share(right, counts.asked) >= wanted {
                best = Some((share(right, index + 1), *confidence));
                break;
            }
        }
        match best {
            Some((precision, confidence)) => print!(" R{wanted:.2} P {precision:.3} (confidence {confidence:.2});"),
            None => print!(" R{wanted:.2} not reached;"),
        }
    }
    println!();
}

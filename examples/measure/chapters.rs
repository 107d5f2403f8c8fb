//! Chapters: over the lists of the corpus, and over its books in other dress.

use std::collections::BTreeMap;
use std::path::Path;

use lection::formats::{self, OpenOptions};

#[path = "../../tests/common/variants.rs"]
mod variants;

use variants::{Book, Score, books, titles};

/// Prints the measures. `--variants` lists those that are not right, `--held` those held back.
pub fn run(corpus: &Path, flags: &[&str]) {
    let books = books(corpus);
    let mut total = [Score::default(); 2];
    let mut by_name: BTreeMap<String, Score> = BTreeMap::new();
    let mut by_style: BTreeMap<(&str, &str), (bool, Score)> = BTreeMap::new();
    let filter = flags.iter().find_map(|f| f.strip_prefix("--only="));
    let everything = flags.contains(&"--all");
    for (at, case) in variants::cases().into_iter().enumerate() {
        if filter.is_some_and(|f| !case.name().contains(f)) {
            continue;
        }
        let fitting: Vec<&Book> = books.iter().filter(|b| case.style.scripts.contains(&b.script)).collect();
        let count =
            if everything { fitting.len() } else { fitting.len().min(if flags.contains(&"--more") { 4 } else { 1 }) };
        for k in 0..count {
            let Some(book) = fitting.get((at * 3 + k) % fitting.len()) else { continue };
            let Some((text, wanted)) = case.write(book) else { continue };
            let found = titles(text.as_bytes());
            let score = Score::of(&wanted, &found);
            if flags.contains(&"--show") && score.f1() < 0.97 {
                println!("## {} / {}: {score:?}\n   {found:?}", case.name(), book.name);
            }
            if let Some(total) = total.get_mut(usize::from(case.is_held())) {
                total.add(score);
            }
            by_name
                .entry(format!("{} / {}", case.name(), if case.is_held() { "held" } else { "seen" }))
                .or_default()
                .add(score);
            for key in [("style", case.style.name), ("layout", case.layout.name)] {
                let row = by_style.entry(key).or_insert((false, Score::default()));
                row.0 |= case.is_held();
                if !case.is_held() {
                    row.1.add(score);
                }
            }
        }
    }
    let mut rows: Vec<_> = by_style.into_iter().filter(|(_, (_, score))| score.wanted > 0).collect();
    rows.sort_by(|a, b| a.1.1.f1().total_cmp(&b.1.1.f1()));
    for ((kind, name), (_, score)) in rows.iter().take(60) {
        println!("{:.3} {kind} {name} {score:?}", score.f1());
    }
    let mut worst: Vec<_> =
        by_name.iter().filter(|(name, _)| flags.contains(&"--held") || name.ends_with("seen")).collect();
    worst.sort_by(|a, b| a.1.f1().total_cmp(&b.1.f1()));
    for (name, score) in worst.iter().take(70).filter(|(_, s)| s.f1() < 0.97) {
        println!("  {:.3} {name} {} {} {}", score.f1(), score.wanted, score.found, score.right);
    }
    let mean = |held: &str| {
        let all: Vec<f64> = by_name.iter().filter(|(n, _)| n.ends_with(held)).map(|(_, s)| s.f1()).collect();
        (all.iter().sum::<f64>() / all.len().max(1) as f64, all.iter().filter(|f| **f < 0.9).count(), all.len())
    };
    println!(
        "seen: F1 {:.4} {:?}, (mean of cases, cases under 0.90, cases) {:?}",
        total[0].f1(),
        total[0],
        mean("seen")
    );
    println!("held: F1 {:.4} {:?}, {:?}", total[1].f1(), total[1], mean("held"));
}

/// The speech: parts by topic against a model division, without the outline that comes with it.
pub fn speech(corpus: &Path) {
    let folder = corpus.join("txt");
    let list = std::fs::read_to_string(folder.join("seed-speech.outline.tsv")).unwrap_or_default();
    let truth: Vec<usize> = list
        .lines()
        .skip(1)
        .filter_map(|row| row.split('\t').next()?.parse::<usize>().ok()?.checked_sub(1))
        .skip(1)
        .collect();
    let Ok(document) = formats::open(&folder.join("seed-speech.txt"), &OpenOptions::default()) else { return };
    let mut topics = lection::formats::topics::Topics::default();
    let mut places = Vec::new();
    for id in (0..document.section_count()).map(lection::document::SectionId) {
        let Ok(section) = document.load(id) else { return };
        topics.section(&section);
        // A paragraph of the division is a line of the file; some blocks keep several.
        for (block, _) in section.numbered_blocks().filter(|(_, b)| !b.is_empty()) {
            places.extend(section.block_text(block).lines().map(|_| (id, block)));
        }
    }
    let starts: Vec<usize> = topics
        .parts()
        .iter()
        .filter_map(|e| places.iter().position(|p| *p == (e.target.position().section, e.target.position().block)))
        .collect();
    let found: Vec<usize> = starts.iter().copied().skip(1).collect();
    let near = truth.iter().filter(|t| found.iter().any(|f| f.abs_diff(**t) <= 1)).count();
    let count = places.len();
    let part = |cuts: &[usize], at: usize| cuts.iter().filter(|c| **c <= at).count();
    let span = (count as f64 / (truth.len() + 1) as f64 / 2.0).round().max(2.0) as usize;
    let wrong = (0..count - span)
        .filter(|i| (part(&truth, *i) == part(&truth, i + span)) != (part(&found, *i) == part(&found, i + span)))
        .count();
    println!(
        "speech: {} paragraphs, {} parts (true {}), boundaries within one paragraph {:.2}, Pk {:.2}",
        count,
        starts.len(),
        truth.len() + 1,
        near as f64 / truth.len().max(1) as f64,
        wrong as f64 / (count - span).max(1) as f64
    );
    let mut pass = document.outline_pass();
    while pass.step().is_ok_and(|p| !p.is_done()) {}
    println!("speech with its outline file: {} parts", pass.outline().len());
}

/// The books of the corpus as they are.
pub fn books_as_they_are(corpus: &Path) {
    let mut total = Score::default();
    let Ok(folder) = std::fs::read_dir(corpus.join("txt")) else { return };
    let mut lists: Vec<_> = folder.filter_map(|e| Some(e.ok()?.path())).collect();
    lists.retain(|p| p.to_string_lossy().ends_with(".toc.txt"));
    lists.sort();
    for list in lists {
        let Ok(text) = std::fs::read_to_string(&list) else { continue };
        let wanted: Vec<String> = text.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect();
        let book = list.to_string_lossy().trim_end_matches(".toc.txt").to_owned();
        let Ok(bytes) = std::fs::read(&book) else { continue };
        let score = Score::of(&wanted, &titles(&bytes));
        total.add(score);
        if score.f1() < 1.0 {
            println!("{:.3} {book} {score:?}", score.f1());
        }
    }
    println!("books: F1 {:.4} {total:?}", total.f1());
}

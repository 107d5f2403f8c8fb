//! The fuzz targets as plain tests: over inputs that were written for them, over damaged ones,
//! and whole documents with damage. `LECTION_SOAK` says how many times as long as in a usual run,
//! `LECTION_SEED` where the dice begin, so that another run tries other damage; a soak begins with
//! what libFuzzer has found too (`fuzz/corpus/`), and is of one target if `LECTION_TARGET` names it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice)]

mod common;
#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use common::damage::damage;
use common::dice::Dice;
use fuzz::hostile::documents;
use fuzz::{TARGETS, Target, read_some};

/// Damaged inputs of each target, and damaged documents, in a usual run.
const DAMAGED: usize = 100;

/// How many times as long as usual.
fn soak() -> Option<usize> {
    std::env::var("LECTION_SOAK").ok().and_then(|times| times.parse().ok())
}

/// Dice of a test, which begin elsewhere in a run with a seed.
fn dice(own: u64) -> Dice {
    let seed: u64 = std::env::var("LECTION_SEED").map_or(0, |seed| seed.parse().expect("a number"));
    Dice::new(own ^ seed << 32)
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

/// The inputs of a target, by name.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    inputs(&folder("seeds").join(target))
}

/// The files of a folder, by name.
fn inputs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        inputs.push((entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()));
    }
    inputs.sort();
    inputs
}

/// Runs a target; an input that breaks it is kept where the message says.
#[track_caller]
fn hold(name: &str, target: Target, input: &[u8]) {
    if catch_unwind(|| target(input)).is_err() {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.broken"));
        fs::write(&path, input).unwrap();
        panic!("{name} is broken by {}", path.display());
    }
}

#[test]
fn every_target_has_a_program_and_seeds() {
    let manifest = fs::read_to_string(folder("Cargo.toml")).unwrap();
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    for (name, _) in TARGETS {
        let program = fs::read_to_string(folder("fuzz_targets").join(format!("{name}.rs"))).unwrap();
        assert!(
            program.contains(&format!("lection_fuzz::{name}(")) && manifest.contains(&format!("name = \"{name}\""))
        );
        assert!(seeds(name).len() >= 3, "{name} has few seeds");
    }
}

#[test]
fn targets_hold_on_the_seeds_of_all() {
    for (name, target) in TARGETS {
        for (other, _) in TARGETS {
            for (_, seed) in seeds(other) {
                hold(name, *target, &seed);
            }
        }
    }
}

#[test]
fn targets_hold_on_damaged_seeds() {
    let all: Vec<u8> = TARGETS.iter().flat_map(|(name, _)| seeds(name)).flat_map(|(_, seed)| seed).collect();
    let only = std::env::var("LECTION_TARGET").ok();
    for (name, target) in TARGETS.iter().filter(|(name, _)| only.as_ref().is_none_or(|only| only == name)) {
        let mut seeds = seeds(name);
        let found = folder("corpus").join(name);
        if soak().is_some() && found.is_dir() {
            seeds.extend(inputs(&found));
        }
        let (mut dice, turns, before) = (dice(0x1EC7), DAMAGED * soak().unwrap_or(1), processor_seconds());
        for turn in 0..turns {
            let mut input = seeds[turn % seeds.len()].1.clone();
            damage(&mut input, &all, &mut dice);
            input.truncate(1 << 16);
            hold(name, *target, &input);
        }
        println!("{turns} runs of {name} in {:.1} s of a processor", processor_seconds() - before);
    }
}

/// Documents to be damaged: the shared corpus in a soak, where there is one, else our own.
fn sound() -> Vec<(String, Vec<u8>)> {
    let mut sound: Vec<_> =
        documents().into_iter().map(|document| (document.name.to_owned(), document.bytes)).collect();
    if let Some(corpus) = common::corpus().filter(|_| soak().is_some()) {
        sound.clear();
        add_files(&corpus, &mut sound);
        assert!(sound.len() >= 300, "the corpus is not whole: {} files", sound.len());
    }
    sound
}

fn add_files(folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            add_files(&path, files);
        } else {
            files.push((path.to_str().unwrap().to_owned(), fs::read(&path).unwrap()));
        }
    }
}

/// Bytes of a text that are damaged and read at once; archives are taken whole.
const WINDOW: usize = 64 << 10;

#[test]
fn damaged_documents_are_read_or_refused() {
    let sound = sound();
    let mut dice = dice(0xDA_4A6E);
    let (mut opened, mut shown, mut longest) = (0u64, 0u64, 0f64);
    let turns = DAMAGED * soak().unwrap_or(1);
    for turn in 0..turns {
        let (name, whole) = &sound[dice.below(sound.len())];
        let (_, other) = &sound[dice.below(sound.len())];
        let mut bytes = if whole.starts_with(b"PK") || whole.len() <= WINDOW {
            whole.clone()
        } else {
            let start = if dice.below(4) == 0 { 0 } else { dice.below(whole.len() - WINDOW) };
            whole[start..start + WINDOW].to_vec()
        };
        damage(&mut bytes, &other[..other.len().min(1 << 20)], &mut dice);
        let before = processor_seconds();
        let Ok(outcome) = catch_unwind(|| read_some(name, bytes.clone())) else {
            let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("damaged.broken");
            fs::write(&path, &bytes).unwrap();
            panic!("{name}, damaged, is broken: {}", path.display());
        };
        opened += u64::from(outcome.is_open);
        shown += outcome.shown;
        longest = longest.max(processor_seconds() - before);
        // Times are nobody's promise but in a soak.
        assert!(soak().is_none() || longest < 5.0, "{name}, damaged, takes {longest} s (turn {turn})");
    }
    println!("{turns} damaged files: {opened} opened, {shown} bytes of text checked, the longest took {longest:.2} s");
    assert!(opened > 0 && shown > 0);
}

/// Seconds that this thread has had of a processor, where the system says so.
fn processor_seconds() -> f64 {
    let times = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    times.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

//! The rules of the code base as a test: who may know whom, what is banned, what must agree.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice)]

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the source tree: its path below `src`, its module folder, and its text without the
/// unit tests.
struct Source {
    path: PathBuf,
    layer: String,
    text: String,
    lines: usize,
    has_head: bool,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() > 40, "the source tree was not found");
    let load = |path: PathBuf| {
        let whole = fs::read_to_string(&path).unwrap();
        let short = path.strip_prefix(root().join("src")).unwrap().to_owned();
        let layer = short.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
        // Unit tests stand at the end of a file, as a module of it; a module of their own is no
        // part of the program either.
        let is_test = matches!(path.file_name().and_then(|n| n.to_str()), Some("tests.rs" | "laws.rs" | "sim.rs"))
            || path.parent().is_some_and(|folder| folder.ends_with("tests"));
        let end = if is_test { 0 } else { whole.find("#[cfg(test)]\nmod tests {").unwrap_or(whole.len()) };
        let text = whole[..end].to_owned();
        Source { path: short, layer, lines: whole.lines().count(), has_head: whole.starts_with("//!"), text }
    };
    files.into_iter().map(load).collect()
}

/// The layers that a layer may name, beside itself.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("limits", &[]),
    ("files", &[]),
    ("text", &[]),
    ("document", &["text"]),
    ("formats", &["text", "document", "files"]),
    ("quotes", &["text", "document"]),
    ("layout", &["text", "document"]),
    ("store", &["text", "document", "files"]),
    ("reader", &["text", "document", "layout"]),
    ("app", &["text", "document", "layout", "reader"]),
    ("ui", &["text", "document", "layout", "reader", "app"]),
    ("runtime", &["text", "document", "layout", "reader", "app", "ui", "formats", "quotes", "store"]),
    ("cli", &["text", "document", "layout", "reader", "app", "ui", "formats", "quotes", "store", "runtime"]),
];

#[test]
fn dependencies_go_one_way() {
    for source in sources() {
        if matches!(source.layer.as_str(), "main" | "lib") {
            continue;
        }
        let allowed = MAY_KNOW.iter().find(|(layer, _)| *layer == source.layer);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{}: a layer without a rule", source.path.display()));
        for (at, _) in source.text.match_indices("crate::") {
            let rest = &source.text[at + "crate::".len()..];
            let named: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // Doc links may name what the code must not.
            let line = source.text[..at].rsplit('\n').next().unwrap().trim_start();
            if line.starts_with("//") || named == source.layer || named == "limits" || named.is_empty() {
                continue;
            }
            assert!(allowed.contains(&named.as_str()), "{} names {named}", source.path.display());
        }
    }
}

/// What code may say only in some layers.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("ratatui", &["ui", "runtime", "cli"]),
    ("crossterm", &["runtime"]),
    ("std::fs", &["files", "formats", "store", "cli", "runtime"]),
    // The store waits for a lock, and starts none.
    ("std::thread", &["runtime", "store"]),
    ("thread::Builder", &["runtime"]),
    ("mpsc", &["runtime"]),
    ("serde", &["store", "cli"]),
    ("directories", &["store"]),
    ("SystemTime", &["store", "runtime"]),
    ("std::env", &["store", "cli", "runtime", "main"]),
];

/// What code may say nowhere.
const NOWHERE: &[&str] =
    &["Mutex", "RwLock", "RefCell", "unsafe ", "todo!(", "dbg!(", "std::net", "TcpStream", "thread::sleep", "memmap"];

#[test]
fn layers_keep_to_their_means() {
    for source in sources() {
        let code: String =
            source.text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for (word, layers) in ONLY_IN {
            if code.contains(word) {
                assert!(layers.contains(&source.layer.as_str()), "{} says {word}", source.path.display());
            }
        }
        assert!(!code.contains("super::super::"), "{} reaches over its parent", source.path.display());
        let is_free = matches!(source.layer.as_str(), "runtime" | "cli" | "store");
        assert!(is_free || !code.contains("use std::{"), "{} groups what this test looks for", source.path.display());
        for word in NOWHERE {
            assert!(!code.contains(word), "{} says {word}", source.path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_owns_and_stays_small() {
    for source in sources() {
        assert!(source.has_head, "{} has no head", source.path.display());
        assert!(source.lines <= 800, "{} has {} lines", source.path.display(), source.lines);
    }
}

#[test]
fn the_readme_lists_the_keys_of_the_program() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let table = lection::cli::keys(true);
    assert!(readme.contains(table.trim_end()), "README.md lacks the table that `lection keys --markdown` prints");
}

#[test]
fn the_architecture_names_every_layer() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (layer, _) in MAY_KNOW {
        assert!(text.contains(&format!("`{layer}/`")), "ARCHITECTURE.md does not speak of {layer}/");
    }
    assert!(text.lines().count() <= 250);
}

#[test]
fn the_top_level_holds_what_is_expected() {
    const EXPECTED: &[&str] = &[
        ".ci",
        ".clippy.toml",
        ".git",
        ".gitignore",
        ".rustfmt.toml",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "assets",
        "benches",
        "examples",
        "deny.toml",
        "examples",
        "fuzz",
        "SECURITY.md",
        "src",
        "target",
        "tests",
    ];
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(EXPECTED.contains(&name.as_str()), "{name} is not expected at the top level");
    }
    assert!(Path::new(&root().join("assets")).is_dir());
}

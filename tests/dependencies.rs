//! What the program is made of: no code that speaks to a network, none that needs a C compiler or
//! a library of the system, none from anywhere but the registry; and what it is built with.
//!
//! `deny.toml` holds the same rules for `cargo deny`; this needs nothing but Cargo.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// Packages that would bring what the program must not have.
const BANNED: &[&str] = &[
    "cc",
    "cmake",
    "pkg-config",
    "bindgen",
    "openssl-sys",
    "native-tls",
    "rustls",
    "ring",
    "tokio",
    "async-std",
    "smol",
    "hyper",
    "reqwest",
    "ureq",
    "curl",
    "socket2",
    "libz-sys",
];

/// Licences that a program under MIT or Apache-2.0 may be made of.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "0BSD",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The packages that the program is built of, on any system: those that its own code or a build
/// script of one of them needs, not those of tests.
fn packages() -> Vec<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["metadata", "--format-version", "1", "--locked"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes: HashMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    let (mut found, mut todo) = (HashSet::new(), vec![text(&metadata["resolve"]["root"])]);
    while let Some(id) = todo.pop() {
        if !found.insert(id.clone()) {
            continue;
        }
        for dependency in list(&nodes[&id]["deps"]) {
            if list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev") {
                todo.push(text(&dependency["pkg"]));
            }
        }
    }
    list(&metadata["packages"]).into_iter().filter(|package| found.contains(&text(&package["id"]))).collect()
}

#[test]
fn nothing_speaks_to_a_network_or_needs_a_c_compiler() {
    let packages = packages();
    assert!(packages.len() > 50, "the packages were not found");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        assert!(!BANNED.contains(&name), "{name} is banned");
        let is_own = name == env!("CARGO_PKG_NAME");
        let source = package["source"].as_str().unwrap_or_default();
        assert!(is_own || source.starts_with("registry+"), "{name} is from {source}");
        let licence = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
        let is_free = licence.split(" OR ").any(|choice| {
            let choice = choice.trim_matches(['(', ')', ' ']);
            LICENCES.contains(&choice) || choice.split(" AND ").all(|one| LICENCES.contains(&one.trim_matches(['(', ')', ' '])))
        });
        assert!(is_free, "{name} is under '{licence}'");
    }
}

#[test]
fn a_panic_unwinds_and_unsafe_code_is_forbidden() {
    let manifest: toml::Table = std::fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    assert_eq!(manifest["profile"]["release"]["panic"].as_str(), Some("unwind"));
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    for lint in ["unwrap_used", "panic", "string_slice", "todo", "unimplemented"] {
        assert_eq!(manifest["lints"]["clippy"][lint].as_str(), Some("deny"), "{lint}");
    }
}

//! What the program is made of: no code that speaks to a network, none that needs a C compiler or
//! a library of the system, none from anywhere but the registry; and what it is built with.
//!
//! `deny.toml` holds the same rules for `cargo deny`; this needs nothing but Cargo.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

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
/// script of one of them needs, not those of tests. Each with its version, source and licence.
fn packages() -> BTreeSet<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["tree", "--locked", "--edges", "normal,build", "--target", "all"]);
    let output = command.args(["--prefix", "none", "--format", "{p}\t{l}\t"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    // What follows is a sign for what was listed before.
    listed.lines().filter_map(|line| line.rsplit_once('\t')).map(|(package, _)| package.to_owned()).collect()
}

/// Whether a licence, as an SPDX expression, allows a choice among [`LICENCES`].
fn is_free(licence: &str) -> bool {
    let bare = |part: &str| part.trim_matches(['(', ')', ' ']).to_owned();
    let licence = licence.replace('/', " OR ");
    licence.split(" OR ").any(|choice| choice.split(" AND ").all(|one| LICENCES.contains(&bare(one).as_str())))
}

#[test]
fn nothing_speaks_to_a_network_or_needs_a_c_compiler() {
    let packages = packages();
    assert!(packages.len() > 50, "the packages were not found");
    for package in packages {
        let (package, licence) = package.split_once('\t').unwrap();
        let (name, version) = package.split_once(' ').unwrap();
        assert!(!BANNED.contains(&name), "{name} is banned");
        // Any other source than the registry is named in brackets.
        let source = version.split_once(" (").map(|(_, source)| source.trim_end_matches(')'));
        let is_own = name == env!("CARGO_PKG_NAME");
        assert!(is_own || source.is_none_or(|kind| kind == "proc-macro"), "{package} is from elsewhere");
        assert!(is_free(licence), "{name} is under '{licence}'");
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

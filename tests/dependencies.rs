//! What the program is made of: no code that speaks to a network, none that needs a C compiler or
//! a library of the system, none from anywhere but the registry; and what it is built with.
//!
//! `deny.toml` has the rules, for `cargo deny` too; this needs nothing but Cargo.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn table(file: &str) -> toml::Table {
    std::fs::read_to_string(root().join(file)).unwrap().parse().unwrap()
}

/// A list of `deny.toml`.
fn rules(section: &str, list: &str) -> BTreeSet<String> {
    let table = table("deny.toml");
    let rules: BTreeSet<_> =
        table[section][list].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap().to_owned()).collect();
    assert!(rules.len() > 5, "{section}.{list} has few rules");
    rules
}

/// What `cargo tree` says of all that the program is built of, on any system: what its own code
/// or a build script of a package of it needs, not what tests need.
fn tree(edges: &str, format: &str) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["tree", "--locked", "--edges", edges, "--target", "all"]);
    let output = command.args(["--prefix", "none", "--format", format]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The packages, each with its version, source and licence.
fn packages() -> BTreeSet<String> {
    // What follows is a sign for what was listed before.
    let listed = tree("normal,build", "{p}\t{l}\t");
    listed.lines().filter_map(|line| line.rsplit_once('\t')).map(|(package, _)| package.to_owned()).collect()
}

/// Whether a licence, as an SPDX expression, allows a choice among these.
fn is_free(licence: &str, allowed: &BTreeSet<String>) -> bool {
    let bare = |part: &str| part.trim_matches(['(', ')', ' ']).to_owned();
    let licence = licence.replace('/', " OR ");
    licence.split(" OR ").any(|choice| choice.split(" AND ").all(|one| allowed.contains(&bare(one))))
}

#[test]
fn nothing_speaks_to_a_network_or_needs_a_c_compiler() {
    let (banned, allowed) = (rules("bans", "deny"), rules("licenses", "allow"));
    let packages = packages();
    assert!(packages.len() > 50, "the packages were not found");
    for package in packages {
        let (package, licence) = package.split_once('\t').unwrap();
        let (name, version) = package.split_once(' ').unwrap();
        assert!(!banned.contains(name), "{name} is banned");
        // Any other source than the registry is named in brackets.
        let source = version.split_once(" (").map(|(_, source)| source.trim_end_matches(')'));
        let is_own = name == env!("CARGO_PKG_NAME");
        assert!(is_own || source.is_none_or(|kind| kind == "proc-macro"), "{package} is from elsewhere");
        assert!(is_free(licence, &allowed), "{name} is under '{licence}'");
    }
}

/// The names that the program takes from libraries of the system: the strings of its table of
/// dynamic symbols (ELF, 64 bits, little-endian).
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64", target_endian = "little"))]
fn imports() -> BTreeSet<String> {
    const DYNAMIC_SYMBOLS: u64 = 11;
    let program = std::fs::read(env!("CARGO_BIN_EXE_lection")).unwrap();
    let number = |at: usize, len: usize| program[at..at + len].iter().rev().fold(0, |n, b| n << 8 | u64::from(*b));
    let (sections, size) = (number(0x28, 8) as usize, number(0x3A, 2) as usize);
    let section = |index: usize| sections + index * size;
    let symbols = (0..number(0x3C, 2) as usize).map(section).find(|at| number(at + 4, 4) == DYNAMIC_SYMBOLS).unwrap();
    let strings = section(number(symbols + 0x28, 4) as usize);
    let (start, len) = (number(strings + 0x18, 8) as usize, number(strings + 0x20, 8) as usize);
    let names = program[start..start + len].split(|byte| *byte == 0);
    names.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

/// A program that takes none of these from the system's library has no way to another machine:
/// the only other door, calls of the system without that library, is in one package, whose part
/// for networks is not built.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64", target_endian = "little"))]
#[test]
fn the_program_has_no_call_that_opens_a_connection() {
    let imports = imports();
    // A pair of ends within the process, by which a signal wakes a thread: what is looked for is
    // found where it is.
    assert!(imports.contains("socketpair") && imports.contains("write"), "the names were not found: {imports:?}");
    for call in ["socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "getaddrinfo", "gethostbyname"] {
        assert!(!imports.contains(call), "the program calls {call}");
    }
    let features = tree("normal,build,features", "{p} {f}");
    let raw = features.lines().filter(|line| line.starts_with("rustix v")).collect::<BTreeSet<_>>();
    assert!(!raw.is_empty() && raw.iter().all(|line| !line.contains("net")), "{raw:?}");
}

#[test]
fn a_panic_unwinds_and_unsafe_code_is_forbidden() {
    let manifest = table("Cargo.toml");
    assert_eq!(manifest["profile"]["release"]["panic"].as_str(), Some("unwind"));
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    for lint in ["unwrap_used", "panic", "string_slice", "todo", "unimplemented"] {
        assert_eq!(manifest["lints"]["clippy"][lint].as_str(), Some("deny"), "{lint}");
    }
}

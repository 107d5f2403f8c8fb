//! What is fuzzed: each target is a function of bytes that panics where a law is broken.
//!
//! `cargo fuzz` runs them with libFuzzer (`fuzz_targets/`), `tests/fuzz.rs` as plain tests over
//! `seeds/`, over hostile files and over mutations, on stable Rust and without libFuzzer.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::string_slice)]

mod bytes;
mod documents;
pub mod hostile;
mod marks;
mod screens;
mod texts;
/// Writes archives, sound ones and damaged ones.
#[allow(clippy::duplicate_mod, reason = "the tests that bring these targets bring it too")]
#[path = "../../src/formats/zip/testing.rs"]
pub mod zip;

pub use documents::{archive, epub, fb2, html, markdown, package, read_some, text};
pub use marks::{anchor, store_line, store_merge};
pub use screens::{keys, layout};
pub use texts::{clean, encoding, quotes};

/// A target: what it takes, and panics on if a law does not hold.
pub type Target = fn(&[u8]);

/// All targets by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("clean", clean),
    ("encoding", encoding),
    ("text", text),
    ("markdown", markdown),
    ("html", html),
    ("fb2", fb2),
    ("archive", archive),
    ("epub", epub),
    ("package", package),
    ("store_line", store_line),
    ("store_merge", store_merge),
    ("anchor", anchor),
    ("keys", keys),
    ("layout", layout),
    ("quotes", quotes),
];

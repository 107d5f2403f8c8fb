//! The store and the settings, as the command line finds them.

use std::path::{Path, PathBuf};

use crate::store::{Paths, RealFs, Store, SystemClock};

use super::args::Reading;

/// The folders of this user.
pub fn paths() -> Option<Paths> {
    Paths::from_env(|name| std::env::var_os(name))
}

/// The store of marks and places; one that keeps nothing where the reader wishes so.
pub fn store(reading: &Reading) -> Store {
    if reading.private { Store::private() } else { Store::open(paths(), RealFs, SystemClock) }
}

/// A file's path as the store knows it: absolute. `None` for standard input.
pub fn known_path(file: &Path) -> Option<PathBuf> {
    if file == Path::new("-") { None } else { file.canonicalize().or_else(|_| std::path::absolute(file)).ok() }
}

//! Deleting what is kept of books, because the reader wishes so: the logs of all devices, their
//! copies, what was kept of damaged ones, and what passes over the documents found. Settings stay,
//! and so does the name of the device.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::document::Identity;
use crate::text::{Clean, clean_line};

use super::body::Label;
use super::error::Failure;
use super::fs::Fs;
use super::log::{self, key_of, optional};
use super::merge::State;
use super::paths::Paths;
use super::shelf;

/// What goes when a book is forgotten, and what does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Going {
    /// The files that go.
    pub files: Vec<PathBuf>,
    /// What is still kept that was taken for a version of the book, a sentence each.
    pub left: Vec<Clean>,
}

/// Which of the versions of a book, at `here`, go with it: those that are it for sure or have no marks
/// to lose, and no other file that is still there. And what is to be said of the others. `own`: what the
/// book is called. `versions`: all that their logs say.
pub fn versions<F: Fs>(
    fs: &mut F,
    (own, here): (Label, Option<&Path>),
    versions: &BTreeMap<String, State>,
) -> (BTreeSet<String>, Vec<Clean>) {
    let labels = |state: &State| state.labels().into_iter().map(|(_, label)| label).collect::<Vec<Label>>();
    let mut open: Vec<(&String, &State, Vec<Label>)> =
        versions.iter().map(|(key, state)| (key, state, labels(state))).collect();
    let (mut known, mut going, mut left) = (vec![own], BTreeSet::new(), Vec::new());
    // A version of a version is one.
    while let Some(at) = open.iter().position(|(key, state, labels)| {
        let is_kin = labels.iter().any(|label| known.iter().any(|known| shelf::is_kin(known, label)));
        is_kin || !labels.iter().any(Label::knows_text) && state.marks(key).is_empty()
    }) {
        let (key, _, labels) = open.swap_remove(at);
        let mut paths = labels.iter().filter_map(|label| label.path.as_deref()).filter(|path| Some(*path) != here);
        match paths.find(|path| holds(fs, path, key)) {
            Some(path) => left.push(format!("{} is still there, with its marks", path.display())),
            None => drop(going.insert(key.clone())),
        }
        known.extend(labels);
    }
    left.extend(open.into_iter().map(|(_, _, labels)| {
        let is_known = labels.iter().any(Label::knows_text);
        let why = if is_known { "it is another text" } else { "nobody knows whether it is another text" };
        let name = labels.first().map(Label::name).unwrap_or_default();
        format!("the marks of “{name}” stay: {why}")
    }));
    (going, left.iter().map(|said| clean_line(said)).collect())
}

/// Whether a file is the book with a key.
fn holds<F: Fs>(fs: &mut F, path: &Path, key: &str) -> bool {
    let Ok(stat) = fs.stat(path) else { return false };
    let identity = Identity::of(stat.bytes, |from| fs.read(path, from, Identity::ENDS));
    stat.is_file && identity.is_ok_and(|identity| identity.key() == key)
}

/// The files that are kept of some books; of all where no keys are given.
///
/// # Errors
/// When a folder exists and cannot be read.
pub fn files<F: Fs>(fs: &mut F, paths: &Paths, keys: Option<&BTreeSet<String>>) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = vec![paths.backup(), paths.damaged(), paths.passes()];
    let marks = paths.marks();
    let devices = optional(fs.list(&marks)).map_err(Failure::at(&marks))?.unwrap_or_default();
    folders.extend(devices.into_iter().map(|device| marks.join(device)));
    folders.sort();
    let mut files = Vec::new();
    for folder in folders {
        // What stands among the folders of devices and is none is not ours.
        let mut names = fs.list(&folder).unwrap_or_default();
        names.sort();
        for name in names {
            let key = name.to_str().and_then(key_of);
            // A log's name begins with 32 digits; whatever else is there stays there.
            let is_log = key.is_some_and(|key| key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit()));
            if is_log && key.is_some_and(|key| keys.is_none_or(|keys| keys.contains(key))) {
                files.push(folder.join(name));
            }
        }
    }
    Ok(files)
}

/// Deletes files, while nobody writes, and leaves a sign for programs that have one of the books open:
/// they must not write again what they have written.
///
/// # Errors
/// When one cannot be deleted; those before it are gone.
pub fn remove<F: Fs>(fs: &mut F, paths: &Paths, files: &[PathBuf]) -> Result<(), Failure> {
    let _lock = log::lock(fs, paths)?;
    let sign = paths.forgotten();
    log::put(fs, &sign, b"").map_err(Failure::at(&sign))?;
    for file in files {
        optional(fs.remove(file)).map_err(Failure::at(file))?;
    }
    Ok(())
}

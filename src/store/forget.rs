//! Deleting what is kept of books, because the reader wishes so: the logs of all devices, their
//! copies, what was kept of damaged ones, and what passes over the documents found. Settings stay,
//! and so does the name of the device.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::error::Failure;
use super::fs::Fs;
use super::log::{key_of, optional};
use super::paths::Paths;

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

/// Deletes files.
///
/// # Errors
/// When one cannot be deleted; those before it are gone.
pub fn remove<F: Fs>(fs: &mut F, files: &[PathBuf]) -> Result<(), Failure> {
    for file in files {
        optional(fs.remove(file)).map_err(Failure::at(file))?;
    }
    Ok(())
}

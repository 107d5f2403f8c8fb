//! Whether all is well with the store: what is wrong, and what could be done about it.
//!
//! Looking changes nothing. A repair never deletes what cannot be read: it is moved to the folder
//! of damaged files.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::files::reason;

use super::error::Failure;
use super::fs::Fs;
use super::log::{self, Content, make_dirs, optional};
use super::paths::Paths;
use super::record::{Kind, VERSION};
use super::stamp::is_name;
use super::{backup, device};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which file or folder.
    pub path: PathBuf,
    /// What is wrong with it, as the rest of a sentence.
    pub what: String,
    /// What would help.
    pub repair: Repair,
}

/// What helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing that a program should do.
    None,
    /// Nothing that this device should do: another one writes the file.
    Elsewhere,
    /// This copy takes the place of the file, which is gone.
    Restore(PathBuf),
    /// The file goes to the folder of damaged files.
    SetAside,
    /// A copy goes there, and the file is written anew without its damaged lines.
    Rewrite,
    /// The file goes: nothing in it is needed.
    Remove,
}

impl Repair {
    /// What would be done, in words.
    pub fn words(&self) -> String {
        match self {
            Repair::None => "nothing is to be done".to_owned(),
            Repair::Elsewhere => "it is another device's: run lection doctor there".to_owned(),
            Repair::Restore(copy) => format!("put {} in its place", copy.display()),
            Repair::SetAside => "move it to the folder of damaged files".to_owned(),
            Repair::Rewrite => "keep a copy, and leave the damaged lines out".to_owned(),
            Repair::Remove => "remove it".to_owned(),
        }
    }

    /// Whether there is anything to be done here.
    pub fn is_possible(&self) -> bool {
        !matches!(self, Repair::None | Repair::Elsewhere)
    }
}

/// What the store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkup {
    /// Devices with logs.
    pub devices: usize,
    /// Logs of all devices.
    pub logs: usize,
    /// Changes in them that are understood.
    pub records: usize,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
}

/// Looks at everything that is kept. Changes nothing.
pub fn check<F: Fs>(fs: &mut F, paths: &Paths) -> Checkup {
    let mut checkup = Checkup::default();
    let marks = paths.marks();
    let found = |path: &Path, what: String, repair| Finding { path: path.to_path_buf(), what, repair };
    let mut devices = match optional(fs.list(&marks)) {
        Ok(devices) => devices.unwrap_or_default(),
        Err(why) => {
            checkup.findings.push(found(&marks, format!("cannot be read: {}", reason(&why)), Repair::None));
            return checkup;
        }
    };
    devices.sort();
    let this = device::known(fs, paths);
    for device in devices {
        // A log is written by its device only.
        let is_ours = this.as_deref().is_some_and(|this| device == this);
        let dir = marks.join(device);
        let mut names = match fs.list(&dir) {
            Ok(names) => names,
            Err(why) => {
                checkup.findings.push(found(&dir, format!("is no folder of a device: {}", reason(&why)), Repair::None));
                continue;
            }
        };
        checkup.devices += 1;
        names.sort();
        let first = checkup.findings.len();
        let names: Vec<String> = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        for name in &names {
            let path = dir.join(name);
            if let Some(gone) = log::stood_in(&names, name) {
                let what = "is gone; the copy from before it was made short stands in".to_owned();
                checkup.findings.push(found(&dir.join(gone), what, Repair::Restore(path.clone())));
            }
            if name.contains(".jsonl.tmp-") {
                checkup.findings.push(found(&path, "was left by a rewriting that was stopped".into(), Repair::Remove));
            } else if name.contains(".jsonl") && !name.contains(".jsonl.bak") {
                checkup.logs += 1;
                check_log(fs, &path, &mut checkup);
            }
        }
        let possible = checkup.findings.iter_mut().skip(first).filter(|finding| finding.repair.is_possible());
        possible.filter(|_| !is_ours).for_each(|finding| finding.repair = Repair::Elsewhere);
    }
    if let Some(this) = this {
        check_copies(fs, paths, &this, &mut checkup);
    }
    checkup
}

/// Whether every log of which there is a weekly copy is still there: that of the device that wrote it,
/// which may have been called something else than `this` then.
fn check_copies<F: Fs>(fs: &mut F, paths: &Paths, this: &str, checkup: &mut Checkup) {
    for (key, copy) in backup::latest(fs, paths) {
        let content = log::read(fs, &copy).map(|(bytes, _)| Content::of(&bytes)).unwrap_or_default();
        let log = paths.device_marks(writer(&content).unwrap_or(this)).join(format!("{key}.jsonl"));
        let is_offered = checkup.findings.iter().any(|finding| finding.path == log);
        if !is_offered && fs.stat(&log).is_err_and(|why| why.kind() == ErrorKind::NotFound) {
            let what = format!("is gone; a weekly copy of it has {} changes", content.records.len());
            checkup.findings.push(Finding { path: log, what, repair: Repair::Restore(copy) });
        }
    }
}

/// The device whose log it is. Of marks it says also what others have said; a place and what the book is
/// called are its own.
fn writer(content: &Content) -> Option<&str> {
    let own = content.records.iter().rfind(|record| matches!(record.kind, Kind::Place | Kind::Label));
    own.map(|record| &*record.at.device).filter(|device| is_name(device))
}

fn check_log<F: Fs>(fs: &mut F, path: &Path, checkup: &mut Checkup) {
    let (what, repair) = match log::read(fs, path) {
        Err(why) => (format!("cannot be read: {}", reason(&why)), Repair::None),
        Ok((bytes, _)) => {
            let content = Content::of(&bytes);
            checkup.records += content.records.len();
            if content.is_no_log() {
                ("is no log".to_owned(), Repair::SetAside)
            } else if content.bad > 0 && content.version <= VERSION {
                (format!("has {} damaged lines", content.bad), Repair::Rewrite)
            } else if content.bad > 0 {
                (format!("has {} damaged lines, and others of a later version", content.bad), Repair::None)
            } else if content.version > VERSION {
                ("has lines of a later version; what they add is kept".to_owned(), Repair::None)
            } else {
                return;
            }
        }
    };
    checkup.findings.push(Finding { path: path.to_path_buf(), what, repair });
}

/// Repairs one thing.
///
/// # Errors
/// When a call failed: the file is as it was, or a copy of it is in the folder of damaged files.
pub fn repair<F: Fs>(fs: &mut F, paths: &Paths, finding: &Finding) -> Result<(), super::StoreError> {
    let failed = |failure| super::StoreError::new("write the repair", failure);
    let lock = log::lock(fs, paths).map_err(failed)?;
    if lock.is_none() && finding.repair.is_possible() {
        // What another program adds meanwhile would be lost.
        let why = std::io::Error::new(std::io::ErrorKind::Unsupported, "nothing can be locked on this disk");
        return Err(failed(Failure { path: finding.path.clone(), why }));
    }
    match &finding.repair {
        Repair::None | Repair::Elsewhere => Ok(()),
        Repair::Restore(copy) => restore(fs, copy, &finding.path).map_err(failed),
        Repair::Remove => fs.remove(&finding.path).map_err(Failure::at(&finding.path)).map_err(failed),
        Repair::SetAside => keep_copy(fs, paths, &finding.path)
            .and_then(|()| fs.remove(&finding.path).map_err(Failure::at(&finding.path)))
            .map_err(failed),
        Repair::Rewrite => {
            keep_copy(fs, paths, &finding.path).and_then(|()| rewrite(fs, &finding.path)).map_err(failed)
        }
    }
}

/// Keeps a whole copy in the folder of damaged files.
fn keep_copy<F: Fs>(fs: &mut F, paths: &Paths, path: &Path) -> Result<(), Failure> {
    let (bytes, _) = log::read(fs, path).map_err(Failure::at(path))?;
    make_dirs(fs, &paths.damaged())?;
    log::keep_damaged(fs, paths, path, super::record::checksum(&bytes)).map_err(Failure::at(path))?;
    log::sync_dir(fs, &paths.damaged()).map_err(Failure::at(&paths.damaged()))
}

/// Puts a copy in the place of a log that is gone. The copy stays.
fn restore<F: Fs>(fs: &mut F, copy: &Path, gone: &Path) -> Result<(), Failure> {
    let (bytes, _) = log::read(fs, copy).map_err(Failure::at(copy))?;
    make_dirs(fs, gone.parent().unwrap_or(Path::new(".")))?;
    if optional(fs.stat(gone)).map_err(Failure::at(gone))?.is_some() {
        let why = std::io::Error::new(ErrorKind::AlreadyExists, "it is there again");
        return Err(Failure { path: gone.to_path_buf(), why });
    }
    log::put(fs, gone, &bytes).map_err(Failure::at(gone))
}

/// Writes a log anew without its damaged lines; all others stay as they are, byte for byte.
fn rewrite<F: Fs>(fs: &mut F, path: &Path) -> Result<(), Failure> {
    if fs.is_link(path).map_err(Failure::at(path))? {
        let why = std::io::Error::other("it is a link to another file; repair that one");
        return Err(Failure { path: path.to_path_buf(), why });
    }
    let (bytes, _) = log::read(fs, path).map_err(Failure::at(path))?;
    let mut sound = Vec::with_capacity(bytes.len());
    for line in bytes.split(|byte| *byte == b'\n') {
        if matches!(super::record::parse(line), super::record::Line::Record(..) | super::record::Line::Foreign(_)) {
            sound.extend_from_slice(line);
            sound.push(b'\n');
        }
    }
    log::put(fs, path, &sound).map_err(Failure::at(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sim::SimDisk;

    #[test]
    fn what_is_wrong_is_named_and_repaired_only_when_asked() {
        let (mut disk, paths) = (SimDisk::default(), Paths::under("/r"));
        assert_eq!(check(&mut disk, &paths), Checkup::default());
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/store/v1.jsonl");
        let golden = std::fs::read(golden).unwrap();
        let lines: Vec<&[u8]> = golden.split_inclusive(|byte| *byte == b'\n').take(3).collect();
        let dir = paths.device_marks("d");
        let file = |name: &str| dir.join(format!("{}{name}", "a".repeat(32)));
        disk.put(&paths.device(), br#"{"device":"d","machine":null}"#);
        disk.put(&file(".jsonl"), &[lines[0], b"{\"v\":1,\"damaged\" 00000000\n", lines[1]].concat());
        disk.put(&file("b.jsonl"), b"not a log\n");
        disk.put(&file("c.jsonl"), lines[2]);
        disk.put(&file(".jsonl.tmp-1-2"), b"half");
        let calls = disk.clone();
        let found = check(&mut disk, &paths);
        assert_eq!(disk.paths(), calls.paths());
        assert_eq!((found.devices, found.logs, found.records), (1, 3, 3));
        let repairs: Vec<Repair> = found.findings.iter().map(|finding| finding.repair.clone()).collect();
        assert_eq!(repairs, [Repair::Rewrite, Repair::Remove, Repair::SetAside]);
        for finding in &found.findings {
            repair(&mut disk, &paths, finding).unwrap();
        }
        assert_eq!(check(&mut disk, &paths).findings, []);
        assert_eq!(disk.get(&file(".jsonl")), Some([lines[0], lines[1]].concat().as_slice()));
        let kept = disk.paths().into_iter().filter(|path| path.starts_with(paths.damaged())).count();
        assert_eq!(kept, 2);
    }

    #[test]
    fn a_log_that_is_gone_comes_back_from_its_copies_and_others_logs_are_left_alone() {
        let (mut disk, paths) = (SimDisk::default(), Paths::under("/r"));
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/store/v1.jsonl");
        let golden = std::fs::read(golden).unwrap();
        let lines: Vec<&[u8]> = golden.split_inclusive(|byte| *byte == b'\n').take(3).collect();
        disk.put(&paths.device(), br#"{"device":"d","machine":null}"#);
        let key = |digit: &str| digit.repeat(32);
        let log = |device: &str, digit: &str| paths.device_marks(device).join(key(digit) + ".jsonl");
        let bak = |device: &str, digit: &str| paths.device_marks(device).join(key(digit) + ".jsonl.bak");
        // One that is there, one whose copy stands in, one of which only weekly copies are left.
        disk.put(&log("d", "a"), lines[0]);
        disk.put(&bak("d", "a"), lines[0]);
        disk.put(&bak("d", "b"), lines[1]);
        for (digit, week) in [("a", 1), ("b", 1), ("c", 1), ("c", 2)] {
            disk.put(&paths.backup().join(format!("{}.{week:06}.jsonl", key(digit))), lines[week]);
        }
        disk.put(&log("other", "a"), b"not a log\n");
        disk.put(&bak("other", "b"), lines[1]);
        disk.put(&paths.device_marks("other").join(key("d") + ".jsonl.tmp-1-2"), b"half");
        let found = check(&mut disk, &paths).findings;
        let repairs: Vec<(&Path, &Repair)> = found.iter().map(|f| (f.path.as_path(), &f.repair)).collect();
        let (weekly, elsewhere) = (paths.backup().join(key("c") + ".000002.jsonl"), Repair::Elsewhere);
        let stopped = paths.device_marks("other").join(key("d") + ".jsonl.tmp-1-2");
        let expected: [(&Path, &Repair); 5] = [
            (&log("d", "b"), &Repair::Restore(bak("d", "b"))),
            (&log("other", "a"), &elsewhere),
            (&log("other", "b"), &elsewhere),
            (&stopped, &elsewhere),
            (&log("d", "c"), &Repair::Restore(weekly)),
        ];
        assert_eq!(repairs, expected);
        let others = disk.get(&log("other", "a")).map(<[u8]>::to_vec);
        for finding in &found {
            repair(&mut disk, &paths, finding).unwrap();
        }
        assert_eq!((disk.get(&log("d", "b")), disk.get(&log("d", "c"))), (Some(lines[1]), Some(lines[2])));
        assert_eq!(disk.get(&log("other", "a")).map(<[u8]>::to_vec), others);
        let again = check(&mut disk, &paths).findings;
        assert!(again.iter().all(|finding| !finding.repair.is_possible()), "{again:?}");
        // One that came back meanwhile is not written over.
        let late = Finding { path: log("d", "a"), what: String::new(), repair: Repair::Restore(bak("d", "b")) };
        assert!(repair(&mut disk, &paths, &late).is_err());
        assert_eq!(disk.get(&log("d", "a")), Some(lines[0]));
    }

    #[test]
    fn a_machine_with_another_name_misses_no_log_that_is_there() {
        let (mut disk, paths) = (SimDisk::default(), Paths::under("/r"));
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/store/v1.jsonl");
        let golden = std::fs::read(golden).unwrap();
        let lines: Vec<u8> = golden.split_inclusive(|byte| *byte == b'\n').take(2).flatten().copied().collect();
        let key = "a".repeat(32);
        let log = paths.device_marks("DESK").join(format!("{key}.jsonl"));
        let copy = paths.backup().join(format!("{key}.000001.jsonl"));
        disk.put(&paths.device(), br#"{"device":"NEW","machine":null}"#);
        disk.put(&log, &lines);
        disk.put(&copy, &lines);
        assert_eq!(check(&mut disk, &paths).findings, []);
        // Where it is gone, it comes back to where it was.
        disk.remove(&log).unwrap();
        let found = check(&mut disk, &paths).findings;
        assert_eq!((&found[0].path, &found[0].repair, found.len()), (&log, &Repair::Restore(copy), 1));
        repair(&mut disk, &paths, &found[0]).unwrap();
        assert_eq!(disk.get(&log), Some(lines.as_slice()));
    }
}

//! The name of this device: under it, and under no other, this machine writes its logs.
//!
//! It stands in the state folder, never among the synced files, with a print of the machine: a
//! home that was copied to another machine is noticed and gets a name of its own, because two
//! writers of one log would lose each other's lines in a sync. A home that several machines share
//! has a line for each.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::fs::Fs;
use super::log::{lock, make_dirs, write_all};
use super::paths::Paths;
use super::stamp::{Ids, is_name};

/// Where Linux keeps a number that no two machines share, but those that were copied as a whole.
const MACHINE: &str = "/etc/machine-id";
/// Where it keeps the machine's name, which tells those apart.
const HOST: &str = "/proc/sys/kernel/hostname";
/// Machines that share a home; the names of others are forgotten first.
const MACHINES_MAX: usize = 64;
/// More than any of the files read here can need.
const BYTES_MAX: u64 = 16 << 10;

#[derive(Serialize, Deserialize)]
struct Device {
    device: String,
    /// A print of the machine, where it has one.
    machine: Option<String>,
}

/// The device's name, made and written down at the first call on a machine.
///
/// Where it cannot be written down, it holds for this run only: marks are then saved under a name
/// that is not used again, and merge like those of any other device.
pub fn device<F: Fs>(fs: &mut F, paths: &Paths, ids: &mut Ids, now: u64) -> String {
    let machine = machine(fs);
    if let Some(known) = of(&read(fs, paths), machine.as_ref()) {
        return known;
    }
    // Two programs that begin together agree. Where nothing can be locked the first one wins.
    let _lock = lock(fs, paths);
    let exists = fs.stat(&paths.device()).is_ok();
    let mut all = read(fs, paths);
    if let Some(known) = of(&all, machine.as_ref()) {
        return known;
    }
    let device = ids.ulid(now);
    all.insert(0, Device { device: device.clone(), machine: machine.clone() });
    all.truncate(MACHINES_MAX);
    let temporary = paths.state_dir().join(format!("device.tmp-{:016x}", ids.random(now)));
    if keep(fs, paths, &all, &temporary, exists).is_ok() {
        return device;
    }
    let _ = fs.remove(&temporary);
    // Another program may have been first.
    of(&read(fs, paths), machine.as_ref()).unwrap_or(device)
}

/// The device's name, if it has one.
pub fn known<F: Fs>(fs: &mut F, paths: &Paths) -> Option<String> {
    let machine = machine(fs);
    of(&read(fs, paths), machine.as_ref())
}

/// The name of this machine, as far as anybody can tell it.
fn of(all: &[Device], machine: Option<&String>) -> Option<String> {
    let is_of = |known: &&Device| machine.is_none() || known.machine.is_none() || machine == known.machine.as_ref();
    all.iter().find(is_of).map(|known| known.device.clone())
}

fn read<F: Fs>(fs: &mut F, paths: &Paths) -> Vec<Device> {
    let bytes = fs.read(&paths.device(), 0, BYTES_MAX).unwrap_or_default();
    let lines = bytes.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).filter(|known: &Device| is_name(&known.device)).collect()
}

/// Writes the file under another name first, so that nobody ever reads half of it.
fn keep<F: Fs>(fs: &mut F, paths: &Paths, all: &[Device], temporary: &Path, exists: bool) -> io::Result<()> {
    make_dirs(fs, paths.state_dir()).map_err(|failure| failure.why)?;
    let mut json = String::new();
    for known in all {
        json.push_str(&serde_json::to_string(known)?);
        json.push('\n');
    }
    let mut file = fs.create_new(temporary)?;
    write_all(fs, &mut file, json.as_bytes())?;
    fs.sync(&mut file)?;
    if exists {
        fs.rename(temporary, &paths.device())?;
    } else {
        // A link fails where a file is, a rename would replace it: the first writer wins.
        match fs.hard_link(temporary, &paths.device()) {
            Ok(()) => fs.remove(temporary)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) => fs.rename(temporary, &paths.device())?,
        }
    }
    fs.sync_dir(paths.state_dir())
}

/// A print of the machine: the number itself is not to be spread.
fn machine<F: Fs>(fs: &mut F) -> Option<String> {
    let id = fs.read(Path::new(MACHINE), 0, BYTES_MAX);
    let host = fs.read(Path::new(HOST), 0, BYTES_MAX);
    if id.is_err() && host.is_err() {
        return None;
    }
    let (id, host) = (id.unwrap_or_default(), host.unwrap_or_default());
    let digest = Sha256::new().chain_update(b"lection device ").chain_update(&id).chain_update(&host).finalize();
    Some(digest.iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sim::SimDisk;

    #[test]
    fn a_device_keeps_its_name_and_a_copied_home_gets_another() {
        let (mut disk, mut ids, paths) = (SimDisk::default(), Ids::default(), Paths::under("/r"));
        disk.put(Path::new(MACHINE), b"one\n");
        let name = device(&mut disk, &paths, &mut ids, 1);
        assert_eq!(device(&mut disk, &paths, &mut ids, 2), name);
        disk.put(Path::new(HOST), b"copy\n");
        let copied = device(&mut disk, &paths, &mut ids, 3);
        assert_ne!(copied, name);
        // Two machines may take turns.
        disk.put(Path::new(HOST), b"");
        assert_eq!(device(&mut disk, &paths, &mut ids, 3), name);
        disk.put(Path::new(HOST), b"copy\n");
        assert_eq!(known(&mut disk, &paths), Some(copied.clone()));
        disk.put(Path::new(MACHINE), b"two\n");
        let other = device(&mut disk, &paths, &mut ids, 3);
        assert_ne!(other, copied);
        assert_eq!(device(&mut disk, &paths, &mut ids, 4), other);
        disk.put(&paths.device(), b"{\"devi");
        assert_ne!(device(&mut disk, &paths, &mut ids, 5), other);
    }
}

//! Where everything lives: the only place that knows folders.
//!
//! Marks and settings are the reader's own and stand in the config folder, where a person finds
//! them and any syncer can carry them; what belongs to this machine alone stands in the state
//! folder; what may be deleted at any time in the cache folder. Nothing here touches the disk.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The name of the program's folder in each of the system's folders.
const NAME: &str = "lection";
/// The variable that moves everything under one root.
pub const ROOT_VARIABLE: &str = "LECTION_CONFIG_DIR";

/// The folders of one reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    state: PathBuf,
    cache: PathBuf,
}

impl Paths {
    /// Everything under one root: settings and marks in it, the rest in sub-folders.
    pub fn under(root: impl Into<PathBuf>) -> Paths {
        let root = root.into();
        Paths { state: root.join("state"), cache: root.join("cache"), config: root }
    }

    /// The folders that an environment names: `LECTION_CONFIG_DIR`, else the `XDG_…_HOME`
    /// variables on every system, else the system's own. `None` where there is no home folder.
    ///
    /// A relative path in a variable is no path for the whole session, so it does not count, as
    /// the XDG specification has it; for `LECTION_CONFIG_DIR` it is taken from the working
    /// folder.
    pub fn from_env(variable: impl Fn(&str) -> Option<OsString>) -> Option<Paths> {
        let named = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(root) = named(ROOT_VARIABLE) {
            return Some(Paths::under(std::path::absolute(&root).unwrap_or(root)));
        }
        let xdg = |name: &str| named(name).filter(|path| path.is_absolute()).map(|path| path.join(NAME));
        let (config, state, cache) = (xdg("XDG_CONFIG_HOME"), xdg("XDG_STATE_HOME"), xdg("XDG_CACHE_HOME"));
        if let (Some(config), Some(state), Some(cache)) = (&config, &state, &cache) {
            return Some(Paths { config: config.clone(), state: state.clone(), cache: cache.clone() });
        }
        let system = directories::ProjectDirs::from("", "", NAME)?;
        Some(Paths {
            config: config.unwrap_or_else(|| system.config_dir().to_path_buf()),
            // macOS and Windows have no folder for state.
            state: state.unwrap_or_else(|| {
                system.state_dir().map_or_else(|| system.data_local_dir().join("state"), Path::to_path_buf)
            }),
            cache: cache.unwrap_or_else(|| system.cache_dir().to_path_buf()),
        })
    }

    /// The folder of the settings and of the marks.
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// The settings, which only the reader writes.
    pub fn settings(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of all devices' marks.
    pub fn marks(&self) -> PathBuf {
        self.config.join("marks")
    }

    /// The folder of one device's marks.
    pub fn device_marks(&self, device: &str) -> PathBuf {
        self.marks().join(device)
    }

    /// The folder of what belongs to this machine and is never synced.
    pub fn state_dir(&self) -> &Path {
        &self.state
    }

    /// The file with the name of this device.
    pub fn device(&self) -> PathBuf {
        self.state.join("device")
    }

    /// The file that is locked while a log of this machine is written. Outside the marks, because
    /// a lock must never be synced, and because some systems forbid to read a locked file.
    pub fn lock(&self) -> PathBuf {
        self.state.join("marks.lock")
    }

    /// The file that is written anew each time that something is forgotten: programs that have a book open
    /// notice it by that.
    pub fn forgotten(&self) -> PathBuf {
        self.state.join("forgotten")
    }

    /// The folder for copies of logs that could not be read whole.
    pub fn damaged(&self) -> PathBuf {
        self.state.join("damaged")
    }

    /// The folder for weekly copies of this device's logs.
    pub fn backup(&self) -> PathBuf {
        self.state.join("backup")
    }

    /// The log of the program itself.
    pub fn log(&self) -> PathBuf {
        self.state.join("lection.log")
    }

    /// The folder of what may be deleted at any time.
    pub fn cache_dir(&self) -> &Path {
        &self.cache
    }

    /// The folder of what passes over whole documents found.
    pub fn passes(&self) -> PathBuf {
        self.cache.join("passes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], settings: &str, lock: &str, cache: &str) {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        let paths = Paths::from_env(value).unwrap();
        assert_eq!(paths.settings(), Path::new(settings));
        assert_eq!(paths.lock(), Path::new(lock));
        assert_eq!(paths.cache_dir(), Path::new(cache));
    }

    #[test]
    #[cfg(unix)]
    fn the_environment_names_the_folders() {
        let xdg = [("XDG_CONFIG_HOME", "/c"), ("XDG_STATE_HOME", "/s"), ("XDG_CACHE_HOME", "/k")];
        check(&xdg, "/c/lection/config.toml", "/s/lection/marks.lock", "/k/lection");
        let mut all = xdg.to_vec();
        all.push((ROOT_VARIABLE, ""));
        check(&all, "/c/lection/config.toml", "/s/lection/marks.lock", "/k/lection");
        all.push((ROOT_VARIABLE, "ignored, the first one counts"));
        all.insert(0, (ROOT_VARIABLE, "/r"));
        check(&all, "/r/config.toml", "/r/state/marks.lock", "/r/cache");
    }

    #[test]
    fn a_root_holds_everything() {
        let paths = Paths::under("/r");
        for path in [paths.settings(), paths.device_marks("d"), paths.device(), paths.damaged(), paths.log()] {
            assert!(path.starts_with("/r"), "{}", path.display());
        }
    }
}

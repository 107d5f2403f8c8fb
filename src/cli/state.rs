//! The store and the settings, as the command line finds them.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::app::{self, Look};
use crate::document::{Document, Format};
use crate::formats::encoding::Charset;
use crate::layout::Paragraphs;
use crate::runtime::ScrollSetting;
use crate::runtime::session::TerminalOptions;
use crate::store::{self, Cache, Fs as _, Paths, RealFs, Settings, Store, SystemClock};
use crate::text::Clean;
use crate::ui::theme;

use super::args::Reading;
use super::open::is_stream;

/// The folders of this user.
pub fn paths() -> Option<Paths> {
    Paths::from_env(|name| std::env::var_os(name))
}

/// The store of marks and places; one that keeps nothing where the reader wishes so.
pub fn store(reading: &Reading) -> Store {
    if reading.private { Store::private() } else { Store::open(paths(), RealFs::default(), SystemClock) }
}

/// The same, which keeps with its next change what was typed about a document's encoding, or that a
/// changed file is still read in the one that was typed before.
pub fn store_of(reading: &Reading, document: &dyn Document, path: Option<&Path>) -> Store {
    let mut store = store(reading);
    let is_used = |name: &String| Charset::from_name(name).is_some_and(|found| found.name() == document.encoding());
    let before = || store.encoding_at(document.identity(), path?).filter(is_used);
    if let Some(name) = reading.encoding.clone().or_else(before) {
        store.say_encoding(document.identity(), &name.to_lowercase());
    }
    store
}

/// What passes over a document found before. Nothing is kept of what is no file, because nothing
/// tells when it was changed.
pub fn cache(reading: &Reading, document: &dyn Document, path: Option<&Path>) -> Cache {
    let changed = |path: &Path| RealFs::default().stat(path).ok();
    let (Some(paths), Some(file)) = (paths().filter(|_| !reading.private), path.and_then(changed)) else {
        return Cache::none();
    };
    // Another build may find something else.
    let build = std::env::current_exe().ok().and_then(|exe| changed(&exe)).unwrap_or_default();
    let program = format!("{} {} {}", env!("CARGO_PKG_VERSION"), build.bytes, build.modified);
    // The same bytes read in another way are another text.
    let way = format!("{program} {} {}", document.format().name(), document.encoding());
    Cache::open(&paths, RealFs::default(), document.identity(), file.modified, way)
}

/// A file's path as the store knows it: absolute. `None` for standard input and other pipes.
pub fn known_path(file: &Path) -> Option<PathBuf> {
    if is_stream(file) { None } else { file.canonicalize().or_else(|_| std::path::absolute(file)).ok() }
}

/// The file of settings: the one that was named, else the usual one.
pub fn settings_file(reading: &Reading) -> Option<PathBuf> {
    reading.config.clone().or_else(|| paths().map(|paths| paths.settings()))
}

/// The settings, as the reader wrote them, and what is wrong with them.
pub fn settings(reading: &Reading) -> (Settings, Vec<Clean>) {
    settings_file(reading).map_or_else(Default::default, |file| Settings::load(&mut RealFs::default(), &file))
}

/// Whether the file of settings that was named is there; the usual one may be missing.
pub fn check_named(reading: &Reading) -> anyhow::Result<()> {
    match &reading.config {
        Some(file) if !file.is_file() => bail!("there are no settings in '{}'; check the path", file.display()),
        _ => Ok(()),
    }
}

/// The same where there is no page to say on what is wrong in them: that goes to standard error.
pub fn settings_aloud(reading: &Reading) -> Settings {
    let (settings, problems) = settings(reading);
    for problem in problems {
        eprintln!("lection: {problem}");
    }
    settings
}

/// How the page of a document looks: the settings, and above them what was typed.
pub fn look(reading: &Reading, settings: &Settings, format: Format) -> Look {
    let theme = reading.theme.as_deref().unwrap_or(settings.theme.name());
    let paragraphs = match settings.paragraphs {
        store::Paragraphs::Space => Paragraphs::Spaced,
        store::Paragraphs::Indent => Paragraphs::Indented,
    };
    let is_set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let is_mono = is_set("NO_COLOR").is_some() || is_set("TERM").is_some_and(|term| term == "dumb");
    let measure = reading.width.unwrap_or_else(|| app::usual_measure(format, settings.width));
    Look { measure, theme: theme::number(theme), paragraphs, speech: settings.speech, is_mono, sure: settings.sure }
}

/// Which keys hands know.
pub fn keys(settings: &Settings) -> app::KeyPreset {
    match settings.keys {
        store::KeyPreset::Default => app::KeyPreset::Usual,
        store::KeyPreset::Less => app::KeyPreset::Less,
    }
}

/// What is set of the terminal.
pub fn terminal(settings: &Settings) -> TerminalOptions {
    let scroll = match settings.scroll {
        store::Scroll::Auto => ScrollSetting::Auto,
        store::Scroll::Lines => ScrollSetting::Lines,
        store::Scroll::Off => ScrollSetting::Off,
    };
    TerminalOptions { has_mouse: settings.mouse, scroll }
}

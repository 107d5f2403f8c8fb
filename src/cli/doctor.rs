//! `lection doctor`: whether all is well with the marks, the folders and the terminal.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::Path;

use crate::store::RealFs;
use crate::store::doctor::{self, Repair};
use crate::text::clean_line;

use super::args::{Doctor, Reading};
use super::{NOTHING, OK, TROUBLE, counted, forget, of_store, print, state, tell};

/// Looks, and says what was found. The exit code is 1 where something is not well.
pub fn run(reading: &Reading, command: &Doctor) -> anyhow::Result<i32> {
    let Some(paths) = state::paths().filter(|_| !reading.private) else {
        print(b"store      none: there is no home folder, or this is a private session\n")?;
        return Ok(OK);
    };
    let mut fs = RealFs::default();
    let settings = state::settings_file(reading).unwrap_or_else(|| paths.settings());
    let checkup = doctor::check(&mut fs, &paths);
    let mut out = String::new();
    let mut is_well = true;
    // The settings are the reader's to write.
    for (name, path, is_written) in
        [("marks", paths.marks(), true), ("state", paths.state_dir().to_owned(), true), ("settings", settings, false)]
    {
        let wrong = access(&path, is_written);
        is_well &= wrong.is_none();
        let said = wrong.unwrap_or(if path.exists() { "" } else { "  (not made yet)" });
        writeln!(out, "{name:<11}{}{said}", clean_line(&path.to_string_lossy()))?;
    }
    writeln!(
        out,
        "store      {}, {}, {}",
        counted(checkup.devices, "device"),
        counted(checkup.logs, "log"),
        counted(checkup.records, "change")
    )?;
    let (_, problems) = state::settings(reading);
    for problem in &problems {
        writeln!(out, "settings   {problem}")?;
    }
    terminal(&mut out)?;
    let mut open: Vec<_> = checkup.findings.iter().collect();
    for finding in &open {
        writeln!(out, "found      {} {}", clean_line(&finding.path.to_string_lossy()), finding.what)?;
        if finding.repair != Repair::None {
            writeln!(out, "  repair   {}", clean_line(&finding.repair.words()))?;
        }
    }
    let is_rest_well = is_well && problems.is_empty();
    is_well = is_rest_well && open.is_empty();
    if is_well {
        writeln!(out, "all is well")?;
    }
    print(out.as_bytes())?;
    open.retain(|finding| finding.repair.is_possible());
    let is_rest_well = is_rest_well && open.len() == checkup.findings.len();
    if open.is_empty() {
        return Ok(if is_well { OK } else { NOTHING });
    }
    if !command.repair {
        return Ok(NOTHING);
    }
    if !command.yes && !forget::asked(&format!("Repair these {}?", open.len()))? {
        return Ok(TROUBLE);
    }
    // What cannot be repaired is not the others' loss.
    let mut code = OK;
    for finding in open {
        if let Err(error) = doctor::repair(&mut fs, &paths, finding).map_err(of_store) {
            tell(&format!("{error:#}"));
            code = TROUBLE;
        }
    }
    print(if code == OK { b"repaired\n" } else { b"the others are repaired\n" })?;
    Ok(if code == OK && !is_rest_well { NOTHING } else { code })
}

/// What is wrong with the nearest folder of a path that exists, if anything is.
fn access(path: &Path, is_written: bool) -> Option<&'static str> {
    let Some(there) = path.ancestors().find(|path| path.exists()) else { return Some("  (no such disk)") };
    #[cfg(unix)]
    {
        use rustix::fs::{Access, access};
        if access(there, Access::READ_OK).is_err() {
            return Some("  (cannot be read)");
        }
        if is_written && access(there, Access::WRITE_OK).is_err() {
            return Some("  (cannot be written: nothing is saved)");
        }
    }
    None
}

/// What is known of the terminal without asking it anything.
fn terminal(out: &mut String) -> std::fmt::Result {
    let value =
        |name: &str| std::env::var(name).map_or_else(|_| "-".to_owned(), |value| clean_line(&value).into_string());
    let kind = if std::io::stdout().is_terminal() { "a terminal" } else { "no terminal" };
    let names = ["TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "LANG"];
    let variables: Vec<String> = names.iter().map(|name| format!("{name}={}", value(name))).collect();
    writeln!(out, "terminal   output is {kind}; {}", variables.join(" "))?;
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    let locale = locale.into_iter().find(|value| !value.is_empty()).unwrap_or_default().to_ascii_lowercase();
    if !locale.contains("utf") {
        writeln!(out, "terminal   the locale is not UTF-8; letters outside of ASCII may be shown wrong")?;
    }
    Ok(())
}

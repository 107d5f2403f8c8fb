//! What other programs do for the reader: hold the clipboard, edit a note, open a link.
//!
//! Programs are started by name and arguments, never through a shell.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, io, thread};

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

use crate::limits::NOTE_BYTES_MAX;
use crate::text::{Clean, clean_line};

/// The sequence that puts a text into the clipboard of the terminal (OSC 52).
pub fn clipboard(text: &str) -> String {
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut out);
    out
}

/// Hands a text to the tmux around the program, which keeps it as its latest buffer and passes it
/// on to the terminal outside: as it is set up by default it takes no [`clipboard`] sequence from
/// programs. Says whether there is one; it is not waited for.
pub fn hand_to_tmux(text: &str) -> bool {
    if env::var_os("TMUX").is_none_or(|socket| socket.is_empty()) {
        return false;
    }
    let Ok(first) = load_buffer(&["-w", "-"]) else { return false };
    let text = text.to_owned();
    let hand_over = move || {
        let is_taken = |mut child: Child| {
            // A tmux that goes away takes nothing; its status says so.
            let _ = child.stdin.take().map(|mut input| input.write_all(text.as_bytes()));
            child.wait().is_ok_and(|status| status.success())
        };
        // Before version 3.2 it knows no `-w`.
        if !is_taken(first) {
            let _ = load_buffer(&["-"]).map(is_taken);
        }
    };
    thread::Builder::new().name("clipboard".into()).spawn(hand_over).is_ok()
}

fn load_buffer(arguments: &[&str]) -> io::Result<Child> {
    let mut command = Command::new("tmux");
    command.arg("load-buffer").args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}

/// Lets the reader's own editor change a text. The terminal must not be ours meanwhile.
///
/// # Errors
/// With a sentence for the reader, when there is no editor, no place for the text, or the editor
/// ended with a failure: the text is then as it was. What is too long for a note stays in its file.
pub fn edit(text: &str) -> Result<String, Clean> {
    let get = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    let editor = get("VISUAL").or_else(|| get("EDITOR")).unwrap_or_else(|| USUAL_EDITOR.to_owned());
    let argv = words(&editor, |path| Path::new(path).is_file());
    let said = |error: io::Error| clean_line(&format!("The note could not be edited: {error}"));
    let file = Draft::new(text).map_err(said)?;
    let (program, arguments) = argv.split_first().ok_or_else(|| clean_line("No editor is set.  EDITOR names it"))?;
    let status = Command::new(program).args(arguments).arg(&file.path).status().map_err(|error| {
        clean_line(&format!("The editor {program} could not be started: {error}.  EDITOR names another"))
    })?;
    if !status.success() {
        // With a status of its own an editor says that the text is to be thrown away; what one saved
        // before it was ended is the reader's.
        let is_other = |now: Option<String>| now.is_none_or(|now| now.trim_end() != text.trim_end());
        let is_saved = status.code().is_none() && file.read(NOTE_BYTES_MAX).is_ok_and(is_other);
        let left = if is_saved { format!("; what it saved is in {}", file.keep().display()) } else { String::new() };
        return Err(clean_line(&format!("The editor ended with {status}: the note is as it was{left}")));
    }
    // A note that was longer before may stay so.
    let most = text.len().max(NOTE_BYTES_MAX);
    let edited = file.read(most).map_err(said)?;
    edited.ok_or_else(|| {
        let path = file.keep();
        clean_line(&format!("More than {} KiB, so it was left in {}", most >> 10, path.display()))
    })
}

/// Hands an address to the program that the system has for it, and does not wait for that.
///
/// # Errors
/// With a sentence for the reader, when there is no such program.
pub fn open(address: &str) -> Result<(), Clean> {
    let (program, arguments) = OPENER;
    let mut command = Command::new(program);
    command.args(arguments).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child =
        command.spawn().map_err(|error| clean_line(&format!("The link could not be opened: {program}: {error}")))?;
    // Somebody has to take note of its end.
    let _ = thread::Builder::new().name("opener".into()).spawn(move || child.wait());
    Ok(())
}

#[cfg(windows)]
const OPENER: (&str, &[&str]) = ("rundll32", &["url.dll,FileProtocolHandler"]);
#[cfg(target_os = "macos")]
const OPENER: (&str, &[&str]) = ("open", &[]);
#[cfg(not(any(windows, target_os = "macos")))]
const OPENER: (&str, &[&str]) = ("xdg-open", &[]);

#[cfg(windows)]
const USUAL_EDITOR: &str = "notepad";
#[cfg(not(windows))]
const USUAL_EDITOR: &str = "vi";

/// Program and arguments, parted at white space; a program whose own name has spaces is one word.
fn words(line: &str, is_file: impl Fn(&str) -> bool) -> Vec<String> {
    if is_file(line) { vec![line.to_owned()] } else { line.split_whitespace().map(str::to_owned).collect() }
}

/// Where notes are that the reader's editor still has, a sentence each: for an end that cannot wait
/// for it.
pub fn open_drafts() -> String {
    let mut said = String::new();
    for file in fs::read_dir(folder()).into_iter().flatten().flatten() {
        if file.file_name().to_string_lossy().starts_with(&name()) {
            let path = clean_line(&file.path().to_string_lossy());
            said.extend(["lection: the note that was being edited is in ", path.as_str(), "\n"]);
        }
    }
    said
}

/// The folder of the session where there is one: it is in memory and the user's own.
fn folder() -> PathBuf {
    let folder = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    folder.filter(|path| path.is_absolute() && path.is_dir()).unwrap_or_else(env::temp_dir)
}

/// How the names of this program's drafts begin.
fn name() -> String {
    format!("lection-note-{}-", std::process::id())
}

/// A file for nobody else to read, that goes when it is dropped.
struct Draft {
    path: PathBuf,
}

impl Draft {
    fn new(text: &str) -> io::Result<Draft> {
        let folder = folder();
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut last = io::ErrorKind::AlreadyExists.into();
        for number in 0..100 {
            let path = folder.join(format!("{}{number}.md", name()));
            match options.open(&path) {
                Ok(mut file) => {
                    let draft = Draft { path };
                    file.write_all(text.as_bytes())?;
                    // A last line without an end is no line to many editors.
                    file.write_all(if text.is_empty() { b"" } else { b"\n" })?;
                    return Ok(draft);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// The text, if it has no more bytes than these and the end of its last line.
    fn read(&self, most: usize) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let most = most as u64 + 1;
        fs::File::open(&self.path)?.take(most + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= most).then(|| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Leaves the file where it is.
    fn keep(mut self) -> PathBuf {
        std::mem::take(&mut self.path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_is_a_program_and_its_arguments() {
        let no_file = |_: &str| false;
        assert_eq!(words("code --wait  -n", no_file), ["code", "--wait", "-n"]);
        assert_eq!(words("/opt/my editor/ed", |_| true), ["/opt/my editor/ed"]);
        assert_eq!(words("ed; rm $(x)", no_file), ["ed;", "rm", "$(x)"]);
    }

    #[test]
    fn the_clipboard_gets_the_text_as_base64() {
        assert_eq!(clipboard("a\u{e9}"), "\x1b]52;c;YcOp\x1b\\");
    }

    #[test]
    fn what_is_too_long_for_a_note_stays_in_its_file() {
        let draft = Draft::new("a note").unwrap();
        assert_eq!(draft.read(5).unwrap(), None);
        let path = draft.keep();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a note\n");
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_draft_is_for_its_owner_only_and_goes() {
        let draft = Draft::new("a note").unwrap();
        assert_eq!(draft.read(6).unwrap().as_deref(), Some("a note\n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&draft.path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let path = draft.path.clone();
        drop(draft);
        assert!(!path.exists());
    }
}

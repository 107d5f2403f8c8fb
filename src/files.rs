//! How files are opened, and the system's words for what goes wrong. It must not know what is in a file.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file, and no pipe: what is written into one is gone, and what is read from one may never come. It
/// waits for nothing but a program that has a lease on the file, and as long as the system gives that.
///
/// # Errors
/// As the system's; and where it is a pipe.
#[cfg(unix)]
pub fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
    let no_file = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a file");
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let opened = match options.custom_flags(flags.bits().cast_signed()).open(path) {
        // Another program has a lease on the file, which it gives back when it is asked to.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock && std::fs::metadata(path)?.is_file() => {
            options.custom_flags(rustix::fs::OFlags::NOCTTY.bits().cast_signed()).open(path)
        }
        opened => opened,
    };
    // A pipe that nobody reads cannot even be opened to be written.
    let is_pipe = |error: &io::Error| error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error());
    let file = opened.map_err(|error| if is_pipe(&error) { no_file() } else { error })?;
    if file.metadata()?.file_type().is_fifo() { Err(no_file()) } else { Ok(file) }
}

/// Opens a file.
///
/// # Errors
/// As the system's.
#[cfg(not(unix))]
pub fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.open(path)
}

/// The system's words for an error, as part of a sentence: without the number, in lower case.
pub fn reason(why: &io::Error) -> String {
    let text = why.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = words.chars();
    match (chars.next(), chars.clone().next()) {
        // "I/O error" stays as it is.
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_parts_of_sentences() {
        let custom = io::Error::new(io::ErrorKind::NotFound, "There is no home folder");
        assert_eq!(reason(&custom), "there is no home folder");
        assert_eq!(reason(&io::Error::other("I/O error")), "I/O error");
        #[cfg(target_os = "linux")]
        assert_eq!(reason(&io::Error::from_raw_os_error(28)), "no space left on device");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
        for options in [OpenOptions::new().read(true), OpenOptions::new().append(true)] {
            assert_eq!(open(options, &pipe).unwrap_err().to_string(), "it is not a file");
        }
    }
}

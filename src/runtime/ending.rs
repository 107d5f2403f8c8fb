//! How the process ends when the main loop might not manage to.
//!
//! Whoever asks the main loop to end also sets a deadline here; past it the process ends anyway.

use std::{
    io::Write,
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

use super::{external, terminal};

/// How long the main loop may take to save and end: 1.5 s, for a supervisor that waits 2.
pub const GRACE: Duration = Duration::from_millis(1500);

/// How long giving the terminal back may take at the very end.
const LAST_GRACE: Duration = Duration::from_millis(200);

/// What is to be said when the process ends because a deadline is over.
static LAST_WORDS: OnceLock<String> = OnceLock::new();

/// Whatever deadline is over from now on, this is said then. The first words count: the main loop
/// ends once.
pub fn say_at_last(words: String) {
    let _ = LAST_WORDS.set(words);
}

/// Ends the process with a status when `grace` is over, unless it has ended by then. The
/// terminal is given back if it takes it, and the last words are said.
pub fn exit_after(grace: Duration, status: i32) {
    let end = move || {
        wait(grace);
        let leaving = thread::Builder::new().name("leaving".into()).spawn(move || {
            terminal::leave();
            let words = LAST_WORDS.get().map(String::as_str).unwrap_or_default().to_owned() + &external::open_drafts();
            let _ = std::io::stderr().write_all(words.as_bytes());
            exit_now(status);
        });
        if leaving.is_ok() {
            wait(LAST_GRACE);
        }
        exit_now(status);
    };
    if thread::Builder::new().name("deadline".into()).spawn(end).is_err() {
        // Without a thread to wait there is no grace.
        exit_now(status);
    }
}

/// Ends the process at once: no destructors, no handlers, nothing that could block.
pub fn exit_now(status: i32) -> ! {
    #[cfg(unix)]
    signal_hook::low_level::exit(status);
    #[cfg(not(unix))]
    std::process::exit(status);
}

/// Waits for a time, on a channel that nobody sends on.
fn wait(time: Duration) {
    let (_open, never) = mpsc::channel::<()>();
    let _ = never.recv_timeout(time);
}

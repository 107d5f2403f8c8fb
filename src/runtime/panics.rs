//! What happens when the program breaks one of its own rules.
//!
//! A panic gives the terminal back, says on the normal screen what broke, and ends the process
//! with status 101, in whichever thread it happens. Only work run by [`contain`] may panic and
//! be survived: there the panic is an error like any other.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    cell::Cell,
    io::{self, Write},
    panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook},
    thread,
};

use super::{ending, terminal};
use crate::text::{Clean, clean_line};

/// The status of a process that panicked, as the language has it.
pub const STATUS: i32 = 101;

/// The most characters of a message that are shown: it may quote what it broke on.
const LONGEST: usize = 300;

/// The name of the thread that keeps marks on the disk.
pub const KEEPER: &str = "keeper";

thread_local! {
    /// How many [`contain`]s this thread is in.
    static CONTAINED: Cell<u32> = const { Cell::new(0) };
    /// What the last contained panic said.
    static SAID: Cell<Option<String>> = const { Cell::new(None) };
}

/// Sets what happens on a panic. To be called in the main thread, before the terminal is entered.
pub fn install() {
    let main = thread::current().id();
    set_hook(Box::new(move |panic| {
        if CONTAINED.try_with(Cell::get).unwrap_or(0) > 0 {
            let said = said(panic);
            let _ = SAID.try_with(|last| last.set(Some(said)));
            return;
        }
        terminal::leave();
        let mut stderr = io::stderr().lock();
        let _ = writeln!(stderr, "lection: a mistake in the program ended it: {}", said(panic));
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            let _ = writeln!(stderr, "{trace}");
        }
        drop(stderr);
        let this = thread::current();
        if this.id() != main && this.name() != Some(KEEPER) {
            ending::exit_now(STATUS);
        }
        // The main thread unwinds and saves on its way out, with the same status; of the keeper it
        // says what is not saved.
        ending::exit_after(ending::GRACE, STATUS);
    }));
}

/// Runs work that may panic, such as reading a document, without ending with it.
/// `what` names the work for the reader ("Searching").
///
/// # Errors
/// The work panicked: a sentence that says so, with the panic's message.
pub fn contain<T>(what: &str, work: impl FnOnce() -> T) -> Result<T, Clean> {
    CONTAINED.set(CONTAINED.get().saturating_add(1));
    // What the work left half-done is dropped with it: callers give it nothing to change.
    let done = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(CONTAINED.get().saturating_sub(1));
    done.map_err(|_| {
        let said = SAID.take().unwrap_or_else(|| "no message".to_owned());
        clean_line(&format!("{what} broke a rule of the program: {said}"))
    })
}

/// Breaks on purpose, for the tests of what happens then: `LECTION_TEST_PANIC=PLACE:FILE` breaks
/// at a place once the file is there. Builds for release know nothing of it.
#[allow(clippy::panic, reason = "this is what it is for")]
pub fn trip(place: &str) {
    if cfg!(debug_assertions)
        && let Ok(wish) = std::env::var("LECTION_TEST_PANIC")
        && let Some((at, file)) = wish.split_once(':')
        && at == place
        && std::path::Path::new(file).exists()
    {
        panic!("asked to break at {place}");
    }
}

/// The message and its place, safe to show.
fn said(panic: &PanicHookInfo) -> String {
    let message = panic.payload_as_str().unwrap_or("no message");
    let message: String = message.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    match panic.location() {
        Some(place) => format!("{message} ({place})"),
        None => message,
    }
}

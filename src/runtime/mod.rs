//! The only part with threads, channels, the clock and the terminal. It performs the effects
//! that the program's state asks for, and brings the answers back as events.

pub mod inline;
mod loader;
mod scanner;
mod seek;

pub use seek::{Seek, Step, hits};

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::text::{Clean, clean_line};

/// Runs work on document data so that a panic in it ends the work and not the program.
///
/// # Errors
/// With a sentence, when the work panicked.
fn guarded<T>(what: &str, work: impl FnOnce() -> T) -> Result<T, Clean> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| clean_line(&format!("{what} failed inside lection; please report it with the document")))
}

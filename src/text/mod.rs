//! What Unicode says about text: which characters may be shown, how wide they are, where one
//! character as a reader sees it ends. The lowest layer: it knows nothing of documents, files
//! or the screen.

pub mod bytes;
pub mod clean;
mod count;
pub mod pattern;
mod sieve;
mod typed;
pub mod width;
pub mod words;

pub use clean::{Clean, Cleaner, clean, clean_line};
pub use count::count_words;
pub use pattern::Pattern;
pub use typed::untyped;

//! The only part with threads, channels, the clock and the terminal.

pub mod abilities;
mod device;
pub mod ending;
mod glyph;
pub mod guard;
pub mod input;
pub mod panics;
pub mod pen;
pub mod screen;
pub mod signals;
pub mod terminal;
mod writer;

pub use abilities::{Abilities, Depth, Scroll, ScrollSetting};
pub use screen::{Screen, Shift};
pub use terminal::{Size, Terminal};

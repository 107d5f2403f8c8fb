//! The only part with threads, channels, the clock and the terminal. It performs the effects
//! that the program's state asks for, and brings the answers back as events.
//!
//! [`session`] is the loop; [`inline`] does without threads. Below it the workers (loader,
//! searcher, scanner, keeper), and the terminal: what it can do, how it is written to, entered and left.

pub mod abilities;
mod answers;
mod device;
pub mod ending;
pub mod external;
mod finder;
mod frame;
mod glyph;
pub mod guard;
pub mod inline;
pub mod input;
mod keeper;
mod ledger;
mod loader;
pub mod panics;
pub mod pen;
mod role;
mod scanner;
pub mod screen;
mod searcher;
mod seek;
pub mod session;
pub mod signals;
mod spooler;
pub mod terminal;
mod watcher;
mod writer;

pub use abilities::{Abilities, Depth, Scroll, ScrollSetting};
pub use frame::Frame;
pub use keeper::Keeper;
pub use screen::{Screen, Shift};
pub use seek::{Seek, around, hits};
pub use session::{Opening, Origin};
pub use spooler::{Shortfall, Spooler};
pub use terminal::{Size, Terminal};
pub use watcher::Watched;

//! The program's state.

pub mod event;
pub mod keys;

pub use event::{Input, MouseKind};
pub use keys::{Code, Key};

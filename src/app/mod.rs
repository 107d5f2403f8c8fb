//! The program's state.

pub mod action;
pub mod event;
pub mod keymap;
pub mod keys;

pub use action::{ACTIONS, Action, Context};
pub use event::{Input, MouseKind};
pub use keys::{Code, Key};

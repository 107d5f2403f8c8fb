//! All that can happen to the program.

use super::keys::Key;

/// What comes from the terminal and the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed (or repeats).
    Key(Key),
    /// Text was pasted; raw, to be cleaned by whoever shows it.
    Paste(String),
    /// The mouse did something.
    Mouse {
        /// What it did.
        kind: MouseKind,
        /// Column of the screen, from 0.
        column: u16,
        /// Row of the screen, from 0.
        row: u16,
    },
    /// The screen has this size now.
    Resize {
        /// Columns, at least 1.
        columns: u16,
        /// Rows, at least 1.
        rows: u16,
    },
    /// The system asks to stop for a while (SIGTSTP).
    Suspend,
    /// Work goes on after a stop that the program did not make itself (SIGCONT).
    Resumed,
    /// The system asks to end (SIGTERM, SIGHUP, SIGINT, SIGQUIT), by the signal's number.
    Stop(i32),
    /// The terminal is gone: nothing can be written any more.
    Gone,
}

/// What a mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The first button went down.
    Press,
    /// The pointer moved with the first button down.
    Drag,
    /// The first button went up.
    Release,
    /// The wheel turned towards the start of the text.
    WheelUp,
    /// The wheel turned towards the end of the text.
    WheelDown,
}

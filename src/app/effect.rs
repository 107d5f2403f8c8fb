//! All that the program may ask of the world. Data only; the runtime performs it.

use crate::document::Anchor;
use crate::reader;

/// Something to be done outside.
#[derive(Clone, Debug)]
pub enum Effect {
    /// What the reader asks for.
    Reader(reader::Effect),
    /// Save the place of reading.
    SavePlace(Box<Anchor>),
    /// Read the file again, as it is now.
    Reopen,
    /// Put a text into the clipboard.
    Copy(String),
    /// Open an address in another program. It is of a kind that may be, in plain characters.
    OpenLink(String),
    /// Let the reader's own editor change a text; the answer is [`Event::Edited`](super::Event).
    EditText(String),
    /// Stop and give the shell back.
    Suspend,
    /// Take the terminal again after a stop that came from elsewhere.
    Resume,
    /// Draw every cell anew.
    Redraw,
    /// End the program with this exit code.
    Quit(i32),
}

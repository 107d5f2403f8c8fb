//! From a block and a width to lines: pure functions, no state.
//!
//! [`lay_out`] gives the rows of one block, its blank rows above included. It knows the document
//! model and the width it may fill. It must not know the screen, the reader, threads or files.
//!
//! `pieces` finds where a row may end, `wrap` fills rows, `room` knows what the frames around a
//! block leave of the width, `block` sets each kind of block and `table` the rows of tables.

mod block;
mod cluster;
#[cfg(test)]
mod laws;
pub mod line;
pub mod options;
mod pieces;
mod room;
mod table;
#[cfg(test)]
mod tests;
mod wrap;

pub use block::lay_out;
pub use line::{Line, Ornament, Run, Runs};
pub use options::{Options, Paragraphs};

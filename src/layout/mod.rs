//! From a block and a width to lines: pure functions, no state.
//!
//! [`lay_out`] gives the rows of one block, its blank rows above included. It knows the document
//! model and the width it may fill. It must not know the screen, the reader, threads or files.

mod block;
pub mod line;
pub mod options;
mod pieces;
mod table;
mod wrap;

pub use line::{Line, Run, Runs};
pub use options::Options;

use crate::document::{BlockId, Section};

/// The rows of one block, at least one for every block that exists. See [`Line`] for the law
/// that they keep.
pub fn lay_out(section: &Section, block: BlockId, options: &Options) -> Box<[Line]> {
    block::lay_out(section, block, options).into()
}

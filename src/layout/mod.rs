//! From a block and a width to lines: pure functions, no state.
//!
//! [`lay_out`] gives the rows of one block, its blank rows above included. It knows the document
//! model and the width it may fill. It must not know the screen, the reader, threads or files.

pub mod line;
pub mod options;

pub use line::{Line, Run, Runs};
pub use options::Options;

use crate::document::{BlockId, Section};

/// The rows of one block.
pub fn lay_out(_section: &Section, _block: BlockId, _options: &Options) -> Box<[Line]> {
    Box::default()
}

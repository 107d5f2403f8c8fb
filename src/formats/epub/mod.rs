//! EPUB 2 and 3.

use std::sync::Arc;

use crate::document::Document;

use super::{Context, OpenError, Source};

/// Opens a document of this format.
///
/// # Errors
/// When the bytes cannot be read.
pub fn open(_source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    Err(OpenError::new(&context.name, "this format is not read yet"))
}

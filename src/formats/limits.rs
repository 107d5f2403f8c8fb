//! Every cap on what a document may ask of the machine, in one place, each with its reason.

/// Bytes at the start of a file that decide what it is and how it is encoded. The guesser of
/// encodings needs 4 ms for them.
pub const SNIFF_BYTES: usize = 64 * 1024;
/// Bytes of plain text in one section. Reading and splitting them takes 1.5 ms (measured), a tenth
/// of a frame.
pub const TEXT_SECTION_BYTES: u64 = 256 * 1024;
/// Bytes of a page of HTML or Markdown that are read; the tree of it takes a few times as much.
pub const PARSED_BYTES: usize = 64 << 20;

//! Every limit on what a document may ask of the machine or put on the screen, in one place, each
//! with its reason. `tests/limits.rs` tries each just below and just above.
//!
//! What a limit takes away is said in the document or in its warnings. Rules that only decide what
//! something *is* (how long a heading may be) stand with what decides; limits of the program's own
//! files stand in `store`. It knows nothing.

// ---------------------------------------------------------------------------------- reading bytes

/// Bytes at the start of a file that decide what it is and how it is encoded. The guesser of
/// encodings needs 4 ms for them.
pub const SNIFF_BYTES: usize = 64 * 1024;
/// Bytes of plain text in one section. Reading and splitting them takes 1.5 ms (measured), a tenth
/// of a frame.
pub const TEXT_SECTION_BYTES: u64 = 256 * 1024;
/// Bytes up to which a page of HTML or Markdown is parsed as a whole, in about 15 ms.
pub const WHOLE_BYTES: u64 = 1 << 20;
/// Bytes of one section of a longer one. Parsing them takes 1 to 3 ms, 10 where there is nothing
/// but tags (measured): a key that goes far has its page within a frame.
pub const PIECE_BYTES: u64 = 64 * 1024;
/// Bytes that are read of a page in an encoding that cannot be cut into pieces (UTF-16 and -32,
/// ISO-2022-JP); the tree of it takes a few times as much.
pub const PARSED_BYTES: usize = 64 << 20;
/// Bytes of an FB2 book that is searched for where its text ends and its pictures begin, in a tenth
/// of a second; the pictures of a longer one count as text without words.
pub const FB2_SCAN_MAX: u64 = 256 << 20;
/// Bytes that are taken from a pipe; they are kept in a file of the temporary folder.
pub const PIPE_BYTES_MAX: u64 = 4 << 30;

// --------------------------------------------------------------------------------------- archives

/// Members of an archive that are listed; the format without its 64-bit extension allows no more.
pub const ARCHIVE_MEMBERS_MAX: usize = 65_535;
/// Bytes of an archive without a directory that are searched for members: about a second of
/// reading. Books are smaller; what lies beyond is not found.
pub const ARCHIVE_SCAN_MAX: u64 = 512 << 20;
/// Bytes of a name that a searched archive's member may have; longer ones are no names.
pub const MEMBER_NAME_MAX: usize = 4096;
/// Inflated bytes of one member with text. The longest novels have 4 MiB in all; a bomb has more.
pub const MEMBER_TEXT_MAX: usize = 64 << 20;
/// Inflated bytes of a member up to which its ratio is free: a small file may well be one letter.
pub const INFLATE_FREE: usize = 4 << 20;
/// Bytes that one compressed byte may give beyond that. Text gives 3 to 10, a table of equal
/// cells 100; the format allows 1032, which only bombs come near.
pub const INFLATE_RATIO_MAX: u64 = 250;
/// Inflated bytes of all parts of a book up to which their ratio is free: twice the largest part.
pub const BOOK_FREE: u64 = 128 << 20;
/// Bytes that one byte of the archive may give beyond that, all parts together: whole books give 2 to 10. And
/// those that one byte of a part may give which states fewer than it has.
pub const BOOK_RATIO_MAX: u64 = 50;
/// Inflated bytes of such a part that are read in any case.
pub const UNSTATED_FREE: u64 = 64 << 10;
/// Inflated bytes of one member with directions (container, package, contents, encryption).
/// The package document of a book with 10,000 files has about 2 MiB.
pub const MEMBER_DIRECTIONS_MAX: usize = 4 << 20;

// ------------------------------------------------------------------------------------------ books

/// Parts of a book in reading order; more than that many files do not fit into its archive.
pub const SPINE_MAX: usize = 65_535;
/// Times that one file may stand in the reading order. A refrain or a map may come again; a book
/// that repeats one chapter fifty thousand times is made to fill the memory.
pub const REPEATS_MAX: usize = 16;
/// Steps along a chain of fallbacks; real chains have one or two.
pub const FALLBACKS_MAX: usize = 16;
/// Elements, ends and texts kept of one small XML file: what 4 MiB of real markup can hold.
pub const XML_NODES_MAX: usize = 1_000_000;
/// Bytes of a title or another line about a document. Longer ones are cut: no screen shows them.
pub const META_LINE_MAX: usize = 4096;
/// Authors of a document that are named; `…` stands for the others.
pub const AUTHORS_MAX: usize = 100;

// ----------------------------------------------------------------------------------------- markup

/// Attributes kept of one element, so that an element of one million of them stays cheap.
pub const ATTRIBUTES_MAX: usize = 256;
/// Elements around one element; what lies deeper becomes text of the last level, before a tree is
/// built of it. Browsers use 512.
pub const ELEMENT_DEPTH_MAX: u32 = 512;
/// Elements and texts in one tree. Beyond it only text is taken, so that markup which multiplies
/// (unclosed formatting is cloned into each paragraph) cannot eat the memory; about 400 MB.
pub const TREE_NODES_MAX: usize = 4_000_000;
/// Formatting elements that may be open at once. An unclosed one is cloned into every paragraph
/// that follows, so their number multiplies the size of the tree.
pub const FORMATTING_MAX: u32 = 32;
/// Elements in each other that are carried from one piece of a long page into the next; those
/// beyond it lie too deep to show.
pub const CARRIED_ELEMENTS_MAX: usize = 64;
/// Bytes of attributes that are carried for one element.
pub const CARRIED_ATTRIBUTES_MAX: usize = 512;
/// Columns one cell may span; the standard says 1,000, a screen has fewer. A larger number counts
/// as this one: cells move, none is lost.
pub const COLSPAN_MAX: usize = 100;
/// Rows one cell may span.
pub const ROWSPAN_MAX: u32 = 1000;
/// Bytes of the words that stand for a picture.
pub const PICTURE_WORDS_MAX: usize = 16 * 1024;
/// Bytes of a picture's address that are kept to be shown.
pub const PICTURE_SOURCE_MAX: usize = 2048;
/// Bytes of an address in Markdown that is a link without being marked as one; longer ones are
/// data, and stay text.
pub const BARE_ADDRESS_MAX: usize = 2048;
/// Bytes of metadata at the head of a Markdown file; longer ones are text.
pub const FRONT_BYTES_MAX: usize = 64 * 1024;

// ------------------------------------------------------------------------------------ what is shown

/// Bytes of text in one block, so that laying out one block always fits a frame (0.6 ms for
/// 64 KiB, measured); longer ones are continued in the next block.
pub const BLOCK_BYTES_MAX: usize = 64 * 1024;
/// Frames around one block; deeper ones are flattened. Margins would leave no text beyond it.
pub const FRAME_DEPTH_MAX: usize = 16;
/// Bytes of text in one section.
pub const SECTION_BYTES_MAX: usize = 64 << 20;
/// Columns of a table; further cells join the last one.
pub const TABLE_COLUMNS_MAX: usize = 100;
/// Rows that are measured together; a longer table is continued as another.
pub const TABLE_ROWS_MAX: u32 = 10_000;
/// Named places kept in a section.
pub const IDS_MAX: usize = 100_000;
/// Named places kept of a long page as a whole, about 3 MiB: those that links from one piece of it
/// into another can reach.
pub const PAGE_IDS_MAX: usize = 32_768;
/// Links kept in a section.
pub const LINKS_MAX: usize = 100_000;
/// Bytes of the address of a link; longer ones carry data, not a place.
pub const ADDRESS_MAX: usize = 64 * 1024;
/// Warnings kept of a section; one more says that there were others.
pub const WARNINGS_MAX: usize = 100;

// -------------------------------------------------------------------------- what the reader writes

/// Bytes of a note. It is a line of a log that is read as a whole, and on each frame it is laid out
/// as a whole; what a person writes about a passage has a thousandth of it.
pub const NOTE_BYTES_MAX: usize = 1 << 20;

// --------------------------------------------------------------------------------- what is found

/// Entries kept in one outline; a table of contents beyond that is damage, not a book.
pub const OUTLINE_ENTRIES_MAX: usize = 50_000;
/// The deepest level kept; deeper entries are listed at this level.
pub const OUTLINE_DEPTH_MAX: u8 = 32;
/// Bytes of a heading kept as the title of a chapter; the heading itself is shown whole.
pub const TITLE_MAX: usize = 512;
/// Lines of a plain text that are kept as what may be a heading. Beyond it the weaker are dropped.
pub const CANDIDATES_MAX: usize = 150_000;
/// Quotations kept of one document, with their openings about 60 MiB; the search ends with the
/// last of them. A thick novel has 5,000.
pub const QUOTES_MAX: usize = 200_000;

// ------------------------------------------------------------------------------------- characters

/// Combining marks kept on one base character; the rest is dropped. The largest stacks of living
/// orthographies (Vietnamese, Biblical Hebrew, Tibetan) need four or five.
pub const MARKS_MAX: u8 = 8;
/// Joined parts kept in one emoji or Indic cluster, which bounds a cluster to about 64 bytes.
pub const JOINS_MAX: u8 = 7;
/// Tag characters in one flag: the longest subdivision codes have six, and the end mark.
pub const TAGS_MAX: usize = 8;

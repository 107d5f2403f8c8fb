//! Every cap on what a document may ask of the machine, in one place, each with its reason.

/// Bytes at the start of a file that decide what it is and how it is encoded. The guesser of
/// encodings needs 4 ms for them.
pub const SNIFF_BYTES: usize = 64 * 1024;
/// Bytes of plain text in one section. Reading and splitting them takes 1.5 ms (measured), a tenth
/// of a frame.
pub const TEXT_SECTION_BYTES: u64 = 256 * 1024;
/// Bytes up to which a page of HTML or Markdown is parsed as a whole, in about 60 ms.
pub const WHOLE_BYTES: u64 = 4 << 20;
/// Bytes of one section of a longer one. Parsing them takes 1 to 3 ms, 10 where there is nothing
/// but tags (measured): a key that goes far has its page within a frame.
pub const PIECE_BYTES: u64 = 64 * 1024;
/// Bytes that are read of a page in an encoding that cannot be cut into pieces (UTF-16 and -32,
/// ISO-2022-JP); the tree of it takes a few times as much.
pub const PARSED_BYTES: usize = 64 << 20;
/// Members of an archive that are listed; the format without its 64-bit extension allows no more.
pub const ARCHIVE_MEMBERS_MAX: usize = 65_535;
/// Bytes of an archive without a directory that are searched for members: about a second of
/// reading. Books are smaller; what lies beyond is not found.
pub const ARCHIVE_SCAN_MAX: u64 = 512 << 20;
/// Inflated bytes of one member with text. The longest novels have 4 MiB in all; a bomb has more.
pub const MEMBER_TEXT_MAX: usize = 64 << 20;
/// Inflated bytes of a member up to which its ratio is free: a small file may well be one letter.
pub const INFLATE_FREE: usize = 4 << 20;
/// Bytes that one compressed byte may give beyond that. Text gives 3 to 10, a table of equal
/// cells 100; the format allows 1032, which only bombs come near.
pub const INFLATE_RATIO_MAX: u64 = 250;
/// Inflated bytes of one member with directions (container, package, contents, encryption).
/// The package document of a book with 10,000 files has about 2 MiB.
pub const MEMBER_DIRECTIONS_MAX: usize = 4 << 20;
/// Parts of a book in reading order; more than that many files do not fit into its archive.
pub const SPINE_MAX: usize = 65_535;
/// Steps along a chain of fallbacks; real chains have one or two.
pub const FALLBACKS_MAX: usize = 16;
/// Attributes kept of one element, so that an element of one million of them stays cheap.
pub const ATTRIBUTES_MAX: usize = 256;
/// Elements, ends and texts kept of one small XML file: what 4 MiB of real markup can hold.
pub const XML_NODES_MAX: usize = 1_000_000;
/// Bytes of a title or another line about a document. Longer ones are cut: no screen shows them.
pub const META_LINE_MAX: usize = 4096;
/// Bytes of a heading kept as the title of a chapter; the heading itself is shown whole.
pub const TITLE_MAX: usize = 512;
/// Times that one file may stand in the reading order. A refrain or a map may come again; a book
/// that repeats one chapter fifty thousand times is made to fill the memory.
pub const REPEATS_MAX: usize = 16;
/// Elements around one element; what lies deeper becomes text of the last level, before a tree is
/// built of it. Browsers use 512.
pub const ELEMENT_DEPTH_MAX: u32 = 512;
/// Elements and texts in one tree. Beyond it only text is taken, so that markup which multiplies
/// (unclosed formatting is cloned into each paragraph) cannot eat the memory; about 400 MB.
pub const TREE_NODES_MAX: usize = 4_000_000;
/// Formatting elements that may be open at once. An unclosed one is cloned into every paragraph
/// that follows, so their number multiplies the size of the tree.
pub const FORMATTING_MAX: u32 = 32;
/// Columns one cell may span; the standard says 1,000, a screen has fewer.
pub const COLSPAN_MAX: usize = 100;
/// Rows one cell may span.
pub const ROWSPAN_MAX: u32 = 1000;

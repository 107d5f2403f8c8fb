//! A book in pieces: where it may be cut, and how a piece is read.

use crate::document::Meta;
use crate::formats::Source;
use crate::formats::growing::{Pieces, Window};
use crate::formats::html::cuts::{self, State, Vocabulary};
use crate::formats::html::tree::Tree;
use crate::formats::html::{parse, walk};
use crate::formats::writer::Writer;

use super::{about, words};

/// How a book is read in pieces.
#[derive(Debug)]
pub struct BookPieces;

/// The words of FB2. Nothing is implied, and no element is empty by its name.
const FICTION_BOOK: Vocabulary = Vocabulary {
    is_xml: true,
    is_strict: true,
    parts: &["body", "section"],
    kept: &["name", "type", "href"],
    raw: &["binary", "stylesheet"],
    void: &[],
    implied: &[],
    blocks: &[
        "annotation",
        "body",
        "cite",
        "date",
        "empty-line",
        "epigraph",
        "p",
        "poem",
        "section",
        "stanza",
        "subtitle",
        "table",
        "text-author",
        "title",
        "tr",
    ],
    holders: &["date", "p", "subtitle", "td", "text-author", "th", "title", "v"],
    whole: &["date", "p", "subtitle", "text-author", "title", "v"],
};

impl Pieces for BookPieces {
    type State = State;

    fn cut(&self, state: &State, window: &Window) -> (usize, State) {
        cuts::cut(state, window, &FICTION_BOOK)
    }

    fn over(&self, _source: &Source) -> BookPieces {
        BookPieces
    }

    fn read(&self, state: &State, text: &str, writer: &mut Writer) -> Meta {
        if state.is_first() {
            return read(text, writer);
        }
        let opening = state.resume(writer, &FICTION_BOOK);
        write(parse::parse_xml(&(opening + text)), writer);
        Meta::default()
    }
}

/// Writes the text of a book, or its first piece, and reads what the book says about itself.
pub fn read(text: &str, writer: &mut Writer) -> Meta {
    let tree = parse::parse_xml(text);
    let meta = about::read(&tree);
    write(tree, writer);
    meta
}

fn write(mut tree: Tree, writer: &mut Writer) {
    words::translate(&mut tree);
    walk::walk(&tree, writer);
}

//! A book in pieces: where it may be cut, and how a piece is read.

use crate::document::Meta;
use crate::formats::Source;
use crate::formats::growing::{Pieces, Window};
use crate::formats::html::cuts::{self, State, Vocabulary};
use crate::formats::html::{parse, walk};
use crate::formats::writer::Writer;

use super::{about, words};

/// How a book is read in pieces.
#[derive(Debug)]
pub struct BookPieces {
    /// What is wrong with the file as a whole, for its first piece to say.
    pub fault: Option<String>,
}

/// The words of FB2. Nothing is implied, and no element is empty by its name.
const FICTION_BOOK: Vocabulary = Vocabulary {
    is_xml: true,
    kept: &["name", "type", "href", "l:href", "xlink:href"],
    raw: &[],
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
        "v",
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
        BookPieces { fault: self.fault.clone() }
    }

    fn read(&self, state: &State, text: &str, writer: &mut Writer) -> Meta {
        if state.is_first() {
            if let Some(fault) = &self.fault {
                writer.warn(fault);
            }
            return read(text, writer);
        }
        let opening = state.resume(writer);
        read(&(opening + text), writer)
    }
}

/// Writes the text of a book or of a piece of one.
pub fn read(text: &str, writer: &mut Writer) -> Meta {
    let mut tree = parse::parse_xml(text);
    let meta = about::read(&tree);
    words::translate(&mut tree);
    walk::walk(&tree, writer);
    meta
}

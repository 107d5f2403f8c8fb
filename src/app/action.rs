//! **The table** of what a reader can do: every action with its name, its one line of help, its
//! keys and where they hold. Help, the README and the keymap come from it; no key is written
//! anywhere else.

use crate::document::MarkColor;
use crate::reader::{CaretMotion, Motion, Unit};

/// What a reader can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Move in the text.
    Go(Motion),
    /// Back to the place before the last jump, and forth.
    ToggleBack,
    /// Back one jump.
    Back,
    /// Forward one jump.
    Forward,
    /// The contents.
    Contents,
    /// The quotations.
    Quotes,
    /// The list of marks.
    Marks,
    /// Bookmark the page.
    Bookmark,
    /// Bookmark the page under a letter.
    SetMark,
    /// Go to the bookmark of a letter.
    GoToMark,
    /// Type something to find.
    Search,
    /// Type something to find backwards.
    SearchBackward,
    /// The next match.
    NextMatch,
    /// The previous match.
    PreviousMatch,
    /// The list of matches.
    Matches,
    /// Wider text.
    Wider,
    /// Narrower text.
    Narrower,
    /// The width it had.
    UsualWidth,
    /// The next theme.
    NextTheme,
    /// About this document.
    About,
    /// Help.
    Help,
    /// Draw the screen anew.
    Redraw,
    /// Close the top layer, or quit.
    Close,
    /// Read the file again.
    Reload,
    /// Cancel what is going on.
    Cancel,
    /// Quit at once.
    Quit,
    /// Stop for a while and give the shell back.
    Suspend,
    /// In a list: the next entry.
    ListDown,
    /// In a list: the entry before.
    ListUp,
    /// In a list: a page on.
    ListPageDown,
    /// In a list: a page back.
    ListPageUp,
    /// In a list: the first entry.
    ListStart,
    /// In a list: the last entry.
    ListEnd,
    /// In a list: go to the entry.
    ListGo,
    /// In a list: fold the entry.
    Fold,
    /// In a list: unfold the entry.
    Unfold,
    /// In a list: show only entries with some words.
    Filter,
    /// In a list: sort or group otherwise.
    Regroup,
    /// Make the paragraph at the top of the page a chapter; give a chapter another title.
    Chapter,
    /// Make every line like this one a chapter.
    ChaptersLike,
    /// Take the last correction of a chapter back.
    UndoChapter,
    /// Show parts found by topic, or not.
    Inferred,
    /// In the contents: the chapter lies further out.
    ChapterOut,
    /// In the contents: the chapter lies deeper.
    ChapterIn,
    /// In the list of marks: delete the entry.
    Delete,
    /// In the list of marks: bring back what was deleted.
    Restore,
    /// In the list of marks: a title for the entry.
    Rename,
    /// In the list of marks: the note of the entry.
    EditNote,
    /// In the list of marks: the colour of the entry.
    Color(MarkColor),
    /// In the list of quotations: keep the entry as a mark.
    Keep,
    /// In a list: copy the entry with its source.
    CopyEntry,
    /// Number the visible links.
    Links,
    /// Show direct speech in a look of its own, or not.
    Speech,
    /// Begin to select.
    Select,
    /// Selecting: move the caret.
    Caret(CaretMotion),
    /// Selecting: take the unit around the caret.
    SelectUnit(Unit),
    /// Selecting: go on with the other end.
    SwapEnds,
    /// Selecting: begin anew at the caret.
    SelectAnew,
    /// Selecting: highlight.
    Highlight,
    /// Selecting: write a note.
    Annotate,
    /// Selecting: copy.
    Copy,
    /// Selecting: give it up.
    EndSelection,
    /// Back to the text, the list stays.
    Leave,
}

/// Where a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// In the text.
    Reading,
    /// While words are being selected.
    Selecting,
    /// In a list beside it.
    List,
    /// Everywhere.
    Anywhere,
}

impl Context {
    /// All of them, in the order that help shows them.
    pub const ALL: [Context; 4] = [Context::Reading, Context::Anywhere, Context::Selecting, Context::List];

    /// The heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Context::Reading => "Reading",
            Context::Selecting => "Selecting",
            Context::List => "In a list",
            Context::Anywhere => "Anywhere",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What is done.
    pub action: Action,
    /// Its name, for settings.
    pub name: &'static str,
    /// What the help says.
    pub doc: &'static str,
    /// Where its keys hold.
    pub context: Context,
    /// Its keys, in the notation of [`keys`](super::keys). `{a-z}` stands for any small letter.
    pub keys: &'static [&'static str],
}

const fn entry(
    action: Action,
    name: &'static str,
    doc: &'static str,
    context: Context,
    keys: &'static [&'static str],
) -> Entry {
    Entry { action, name, doc, context, keys }
}

use Context::{Anywhere, List, Reading, Selecting};

/// The table, in the order that help shows it.
pub const ACTIONS: &[Entry] = &[
    entry(Action::Go(Motion::LineDown), "line-down", "line down", Reading, &["j", "down", "enter", "ctrl-e"]),
    entry(Action::Go(Motion::LineUp), "line-up", "line up", Reading, &["k", "up", "ctrl-y"]),
    entry(
        Action::Go(Motion::PageDown),
        "page-down",
        "page down",
        Reading,
        &["space", "f", "right", "pagedown", "ctrl-f"],
    ),
    entry(Action::Go(Motion::PageUp), "page-up", "page up", Reading, &["b", "ctrl-b", "pageup", "left"]),
    entry(Action::Go(Motion::HalfPageDown), "half-page-down", "half a page down", Reading, &["d", "ctrl-d"]),
    entry(Action::Go(Motion::HalfPageUp), "half-page-up", "half a page up", Reading, &["u", "ctrl-u"]),
    entry(Action::Go(Motion::Start), "start", "start of the document", Reading, &["g", "home"]),
    entry(Action::Go(Motion::End), "end", "end of the document; 50G to line 50", Reading, &["G", "end"]),
    entry(Action::Go(Motion::Percent), "percent", "to a percentage (40%)", Reading, &["%"]),
    entry(Action::Go(Motion::NextChapter), "next-chapter", "next chapter", Reading, &["]", "L"]),
    entry(Action::Go(Motion::PreviousChapter), "previous-chapter", "previous chapter", Reading, &["[", "H"]),
    entry(Action::Go(Motion::NextParagraph), "next-paragraph", "next paragraph", Reading, &["}"]),
    entry(Action::Go(Motion::PreviousParagraph), "previous-paragraph", "previous paragraph", Reading, &["{"]),
    entry(Action::Go(Motion::NextSentence), "next-sentence", "next sentence", Reading, &[")"]),
    entry(Action::Go(Motion::PreviousSentence), "previous-sentence", "previous sentence", Reading, &["("]),
    entry(Action::Contents, "contents", "contents; again: back to the text", Anywhere, &["tab", "t"]),
    entry(Action::Quotes, "quotes", "quotations and their speakers", Anywhere, &["Q"]),
    entry(Action::Search, "search", "search", Reading, &["/"]),
    entry(Action::SearchBackward, "search-backward", "search backward", Reading, &["alt-/"]),
    entry(Action::NextMatch, "next-match", "next match", Reading, &["n"]),
    entry(Action::PreviousMatch, "previous-match", "previous match", Reading, &["N"]),
    entry(Action::Matches, "matches", "list of all matches", Anywhere, &["&"]),
    entry(Action::SetMark, "mark", "mark this place with a letter", Reading, &["m{a-z}"]),
    entry(Action::GoToMark, "go-to-mark", "go to the place of a letter", Reading, &["'{a-z}", "`{a-z}"]),
    entry(Action::ToggleBack, "toggle-back", "where the last jump came from", Reading, &["''", "``"]),
    entry(Action::Back, "back", "back one jump", Reading, &["ctrl-o", "backspace"]),
    entry(Action::Forward, "forward", "forward one jump", Reading, &["alt-right"]),
    entry(Action::Bookmark, "bookmark", "bookmark this page", Reading, &["M"]),
    entry(Action::Marks, "marks", "list of marks", Anywhere, &["B"]),
    entry(Action::Links, "links", "number the links; a number or enter follows", Reading, &["o"]),
    entry(Action::Select, "select", "select words, to mark or copy them", Reading, &["v"]),
    entry(Action::Chapter, "chapter", "make this paragraph a chapter, or rename it", Anywhere, &["E"]),
    entry(Action::ChaptersLike, "chapters-like", "make every line like this one a chapter", Anywhere, &["*"]),
    entry(Action::UndoChapter, "undo-chapter", "take the last change of a chapter back", Anywhere, &["U"]),
    entry(Action::Inferred, "inferred", "show parts found by topic, or not", Anywhere, &["~"]),
    entry(Action::Wider, "wider", "wider text", Reading, &["+"]),
    entry(Action::Narrower, "narrower", "narrower text", Reading, &["-"]),
    entry(Action::UsualWidth, "usual-width", "usual width", Reading, &["="]),
    entry(Action::NextTheme, "next-theme", "next theme", Reading, &["c"]),
    entry(Action::Speech, "speech", "show direct speech in its own look", Reading, &["\""]),
    entry(Action::About, "about", "about this document", Reading, &["i"]),
    entry(Action::Caret(CaretMotion::Right), "caret-right", "next character", Selecting, &["l", "right"]),
    entry(Action::Caret(CaretMotion::Left), "caret-left", "previous character", Selecting, &["h", "left"]),
    entry(Action::Caret(CaretMotion::Down), "caret-down", "line down", Selecting, &["j", "down"]),
    entry(Action::Caret(CaretMotion::Up), "caret-up", "line up", Selecting, &["k", "up"]),
    entry(Action::Caret(CaretMotion::NextWord), "caret-word", "next word", Selecting, &["w"]),
    entry(Action::Caret(CaretMotion::WordEnd), "caret-word-end", "end of the word", Selecting, &["e"]),
    entry(Action::Caret(CaretMotion::PreviousWord), "caret-word-back", "previous word", Selecting, &["b"]),
    entry(
        Action::Caret(CaretMotion::RowStart),
        "caret-line-start",
        "start of the line",
        Selecting,
        &["0", "^", "home"],
    ),
    entry(Action::Caret(CaretMotion::RowEnd), "caret-line-end", "end of the line", Selecting, &["$", "end"]),
    entry(Action::Caret(CaretMotion::SentenceEnd), "caret-sentence", "end of the sentence", Selecting, &[")"]),
    entry(Action::Caret(CaretMotion::SentenceStart), "caret-sentence-back", "start of the sentence", Selecting, &["("]),
    entry(Action::Caret(CaretMotion::ParagraphEnd), "caret-paragraph", "end of the paragraph", Selecting, &["}"]),
    entry(
        Action::Caret(CaretMotion::ParagraphStart),
        "caret-paragraph-back",
        "start of the paragraph",
        Selecting,
        &["{"],
    ),
    entry(
        Action::Caret(CaretMotion::HalfPageDown),
        "caret-half-page",
        "half a page down",
        Selecting,
        &["ctrl-d", "pagedown"],
    ),
    entry(
        Action::Caret(CaretMotion::HalfPageUp),
        "caret-half-page-back",
        "half a page up",
        Selecting,
        &["ctrl-u", "pageup"],
    ),
    entry(Action::Search, "select-search", "search, and select as far as the match", Selecting, &["/"]),
    entry(Action::SearchBackward, "select-search-backward", "the same towards the start", Selecting, &["alt-/"]),
    entry(Action::NextMatch, "select-next-match", "as far as the next match", Selecting, &["n"]),
    entry(Action::PreviousMatch, "select-previous-match", "as far as the previous match", Selecting, &["N"]),
    entry(Action::Go(Motion::Start), "select-start", "as far as the start of the document", Selecting, &["g"]),
    entry(Action::Go(Motion::End), "select-end", "as far as the end of the document", Selecting, &["G"]),
    entry(Action::SelectUnit(Unit::Word), "select-word", "the word", Selecting, &["iw"]),
    entry(Action::SelectUnit(Unit::Sentence), "select-sentence", "the sentence", Selecting, &["is"]),
    entry(Action::SelectUnit(Unit::Paragraph), "select-paragraph", "the paragraph", Selecting, &["ip"]),
    entry(Action::SelectAnew, "select-anew", "begin anew here", Selecting, &["v"]),
    entry(Action::SwapEnds, "swap-ends", "go on with the other end", Selecting, &["o"]),
    entry(Action::Highlight, "highlight", "highlight, then 1 to 4 for the colour", Selecting, &["enter"]),
    entry(Action::Annotate, "annotate", "write a note", Selecting, &["a"]),
    entry(Action::Copy, "copy", "copy", Selecting, &["y"]),
    entry(Action::EndSelection, "end-selection", "give the selection up", Selecting, &["esc"]),
    entry(Action::ListDown, "list-down", "next entry", List, &["j", "down", "ctrl-n"]),
    entry(Action::ListUp, "list-up", "previous entry", List, &["k", "up", "ctrl-p"]),
    entry(Action::ListPageDown, "list-page-down", "page down", List, &["space", "ctrl-f", "pagedown", "ctrl-d"]),
    entry(Action::ListPageUp, "list-page-up", "page up", List, &["b", "ctrl-b", "pageup", "ctrl-u"]),
    entry(Action::ListStart, "list-start", "first entry", List, &["g", "home"]),
    entry(Action::ListEnd, "list-end", "last entry", List, &["G", "end"]),
    entry(Action::ListGo, "list-go", "go there", List, &["enter"]),
    entry(Action::Fold, "fold", "fold", List, &["h", "left"]),
    entry(Action::Unfold, "unfold", "unfold", List, &["l", "right"]),
    entry(Action::Filter, "filter", "show only entries with these words", List, &["/"]),
    entry(Action::Regroup, "regroup", "arrange otherwise: by chapter, speaker, kind, time", List, &["s"]),
    entry(Action::CopyEntry, "copy-entry", "copy with its source", List, &["y"]),
    entry(Action::Keep, "keep", "keep the quotation as a mark", List, &["M"]),
    entry(Action::Rename, "rename", "give the mark a title", List, &["r"]),
    entry(Action::EditNote, "edit-note", "write the note of the mark", List, &["e", "a"]),
    entry(Action::Color(MarkColor::Yellow), "color-yellow", "mark in the first colour", List, &["1"]),
    entry(Action::Color(MarkColor::Green), "color-green", "mark in the second colour", List, &["2"]),
    entry(Action::Color(MarkColor::Blue), "color-blue", "mark in the third colour", List, &["3"]),
    entry(Action::Color(MarkColor::Red), "color-red", "mark in the fourth colour", List, &["4"]),
    entry(Action::Delete, "delete", "delete the mark, take the chapter away", List, &["d", "D", "delete"]),
    entry(Action::Restore, "restore", "bring back the deleted mark", List, &["u"]),
    entry(Action::ChapterOut, "chapter-out", "chapter one level out", List, &["<"]),
    entry(Action::ChapterIn, "chapter-in", "chapter one level in", List, &[">"]),
    entry(Action::Leave, "leave", "back to the text, the list stays", List, &["esc"]),
    entry(Action::Help, "help", "this help", Anywhere, &["?", "f1"]),
    entry(Action::Cancel, "cancel", "cancel, forget the matches", Reading, &["esc"]),
    entry(Action::Reload, "reload", "read the file again, as it is now", Reading, &["r"]),
    entry(Action::Redraw, "redraw", "draw the screen anew", Anywhere, &["ctrl-l"]),
    entry(Action::Close, "close", "close the top layer, then quit", Anywhere, &["q"]),
    entry(Action::Quit, "quit", "quit at once", Anywhere, &["ctrl-c"]),
    entry(Action::Suspend, "suspend", "back to the shell; fg returns", Anywhere, &["ctrl-z"]),
];

/// Keys that other hands know, instead of those of the table: a key and what it does then.
pub const LESS_KEYS: &[(&str, Action)] = &[("?", Action::SearchBackward), ("h", Action::Help)];

/// The row of an action.
pub fn of(action: Action) -> Option<&'static Entry> {
    ACTIONS.iter().find(|e| e.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_words() {
        let mut seen = HashSet::new();
        for e in ACTIONS {
            assert!(seen.insert(e.name), "{} stands twice", e.name);
            assert!(e.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
            assert!(!e.keys.is_empty() && !e.doc.is_empty());
        }
    }
}

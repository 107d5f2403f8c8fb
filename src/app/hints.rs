//! What the foot offers while the keys go to something other than the text: the keys that matter
//! there, from the table of actions, each with a word.

use super::action::{Action, of};
use super::{App, PaneKind};

/// A key and a word for what it does.
pub type Hint = (&'static str, &'static str);

const CONTENTS: &[(Action, &str)] = &[(Action::ListGo, "go"), (Action::Fold, "fold"), (Action::Filter, "filter")];
const QUOTES: &[(Action, &str)] = &[
    (Action::ListGo, "go"),
    (Action::CopyEntry, "copy"),
    (Action::Keep, "keep"),
    (Action::Filter, "filter"),
    (Action::Regroup, "arrange"),
];
const MARKS: &[(Action, &str)] = &[
    (Action::ListGo, "go"),
    (Action::Rename, "title"),
    (Action::EditNote, "note"),
    (Action::Delete, "delete"),
    (Action::Restore, "undo"),
    (Action::Filter, "filter"),
    (Action::Regroup, "arrange"),
    (Action::CopyEntry, "copy"),
];
const SELECTING: &[(Action, &str)] = &[
    (Action::Highlight, "highlight"),
    (Action::Annotate, "note"),
    (Action::Copy, "copy"),
    (Action::SelectAnew, "from here"),
    (Action::SwapEnds, "other end"),
    (Action::EndSelection, "cancel"),
];
/// Numbers belong to no action either.
const LINKS: &[Hint] = &[("1 2 …", "follow"), ("⏎", "the first"), ("esc", "cancel")];
/// The keys of a note belong to no action: it is text that is typed.
const NOTE: &[Hint] = &[("ctrl-s", "keep"), ("ctrl-e", "editor"), ("esc", "cancel")];

impl App {
    /// The keys that matter now, the most important first; none while the text has the keys.
    pub fn hints(&self) -> Vec<Hint> {
        if self.note().is_some() {
            return NOTE.to_vec();
        }
        if self.links().is_some() {
            return LINKS.to_vec();
        }
        let hints = match self.pane().filter(|pane| pane.has_focus).map(|pane| pane.kind) {
            Some(PaneKind::Contents) => CONTENTS,
            Some(PaneKind::Quotes | PaneKind::Matches) => QUOTES,
            Some(PaneKind::Marks) => MARKS,
            None if self.reader().selection().is_some() => SELECTING,
            None => &[],
        };
        hints.iter().filter_map(|(action, word)| Some((key(*action)?, *word))).collect()
    }
}

/// The first key of an action, as short as it can be shown.
fn key(action: Action) -> Option<&'static str> {
    match *of(action)?.keys.first()? {
        "enter" => Some("⏎"),
        key => Some(key),
    }
}

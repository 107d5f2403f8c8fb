//! What the foot offers while the keys go to something other than the text: the keys that matter
//! there, from the table of actions, each with a word.

use super::action::{Action, of};
use super::{App, PaneKind};

/// A key and a word for what it does.
pub type Hint = (&'static str, &'static str);

const CONTENTS: &[(Action, &str)] = &[(Action::ListGo, "go"), (Action::Fold, "fold"), (Action::Filter, "filter")];
const QUOTES: &[(Action, &str)] = &[(Action::ListGo, "go"), (Action::Filter, "filter"), (Action::Regroup, "arrange")];
const MARKS: &[(Action, &str)] =
    &[(Action::ListGo, "go"), (Action::Delete, "delete"), (Action::Filter, "filter"), (Action::Regroup, "arrange")];

impl App {
    /// The keys that matter now, the most important first; none while the text has the keys.
    pub fn hints(&self) -> Vec<Hint> {
        let Some(pane) = self.pane().filter(|pane| pane.has_focus) else { return Vec::new() };
        let hints = match pane.kind {
            PaneKind::Contents => CONTENTS,
            PaneKind::Quotes => QUOTES,
            PaneKind::Marks => MARKS,
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

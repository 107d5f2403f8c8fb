//! What the program does about a search: while it is typed, when news of it come, and with the
//! list of its matches.

use crate::reader::{Direction, Found};
use crate::text::{Clean, Pattern, clean_line};

use super::{App, Effect, PaneKind, Purpose, wrap};

/// Signs of which hands expect that they stand for others.
const SIGNS: [&str; 8] = [".*", ".+", "\\", "[", "(", "|", "^", "$"];

/// Why words that stand in a text may not be found as they were typed.
fn hint(query: &str) -> &'static str {
    if SIGNS.iter().any(|sign| query.contains(sign)) {
        ".  Every sign stands for itself here"
    } else if query.chars().any(char::is_uppercase) {
        ".  Capitals are looked for as they are"
    } else {
        ""
    }
}

impl App {
    /// Shows at once what the prompt is about: the filtered list, the matches on the page.
    pub(super) fn prompt_edited(&mut self) -> Vec<Effect> {
        let Some(prompt) = &self.prompt else { return Vec::new() };
        match prompt.purpose {
            Purpose::Filter => {
                if let Some(pane) = &mut self.pane {
                    pane.set_filter(prompt.text(), &self.reader);
                }
                Vec::new()
            }
            Purpose::Search | Purpose::SearchBackward => wrap(match Pattern::new(prompt.text()) {
                Some(pattern) => self.reader.search_as_typed(pattern, clean_line(prompt.text())),
                None => return self.abandon_search(),
            }),
            Purpose::Rename(_) | Purpose::Chapter => Vec::new(),
        }
    }

    /// Looks for what was typed.
    pub(super) fn search_for(&mut self, pattern: Pattern, query: &str, direction: Direction) -> Vec<Effect> {
        let effects = self.reader.search_for(pattern, clean_line(query), direction);
        self.say_found();
        self.refresh_pane(PaneKind::Matches);
        wrap(effects)
    }

    /// Gives up what was typed: what was looked for before is back.
    pub(super) fn abandon_search(&mut self) -> Vec<Effect> {
        let mut effects = wrap(self.reader.abandon_search());
        effects.extend(self.find_matches_anew());
        effects
    }

    /// The matches are not known any more: a list of them finds them again.
    pub(super) fn find_matches_anew(&mut self) -> Vec<Effect> {
        self.refresh_pane(PaneKind::Matches);
        let is_listed = self.pane.as_ref().is_some_and(|pane| pane.kind == PaneKind::Matches);
        let wanted = if is_listed { self.reader.want_matches() } else { None };
        wrap(wanted.into_iter().collect())
    }

    /// Looks for the next or the previous match.
    pub(super) fn search_again(&mut self, direction: Direction, count: u32) -> Vec<Effect> {
        if !self.has_searched() {
            return Vec::new();
        }
        let effects = self.reader.search_again(direction, count);
        self.say_found();
        wrap(effects)
    }

    /// Shows the list of all matches, or leaves it.
    pub(super) fn list_matches(&mut self) -> Vec<Effect> {
        if !self.has_searched() {
            return Vec::new();
        }
        let wanted = self.reader.want_matches();
        let mut effects = self.toggle_pane(PaneKind::Matches);
        effects.extend(wanted.map(Effect::Reader));
        effects
    }

    /// A search found something, or nothing, in a stretch of the document.
    pub(super) fn searched(&mut self, generation: u64, found: Found) -> Vec<Effect> {
        let was_running = self.reader.search().is_running();
        // The answer to a search that was given up says nothing.
        let Some(effects) = self.reader.searched(generation, found) else { return Vec::new() };
        if was_running {
            self.say_found();
        }
        self.refresh_pane(PaneKind::Matches);
        wrap(effects)
    }

    /// A search could not go on.
    pub(super) fn search_failed(&mut self, generation: u64, reason: &Clean) {
        if self.reader.search_failed(generation) {
            self.say(format!("The search could not go on: {reason}"));
        }
    }

    fn has_searched(&mut self) -> bool {
        let has_searched = self.reader.search().has_pattern();
        if !has_searched {
            self.say("Nothing was searched for yet.  / searches".to_owned());
        }
        has_searched
    }

    /// Says what came of a search, if it has come to its end and not simply to a match.
    fn say_found(&mut self) {
        let search = self.reader.search();
        if search.is_running() {
        } else if search.is_absent() {
            // The rest of a pipe may still have it.
            let so_far = if self.reader.document().is_complete() { "" } else { " so far" };
            let unread = match search.unread() {
                0 => String::new(),
                parts => format!(", but {parts} of the document's parts could not be read"),
            };
            self.say(format!("Not found{so_far}: {}{unread}{}", search.query(), hint(search.query())));
        } else if search.is_wrapped() {
            self.say("The search went on from the other end".to_owned());
        }
    }
}

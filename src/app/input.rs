//! What the reader types, pastes and points at, and what it means.
//!
//! It must not know what an action does: that is said in the sibling for actions.

use super::keymap::Fed;
use super::prompt::Typed;
use super::{App, Code, Context, Effect, Input, Key, Prompt, Purpose, selecting, wrap};
use crate::app::Action;
use crate::reader::Direction;
use crate::text::Pattern;

impl App {
    pub(super) fn input(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Key(key) => self.key(key),
            Input::Paste(raw) => {
                self.note_pasted(&raw);
                if let Some(prompt) = &mut self.prompt {
                    prompt.insert(&raw);
                    return self.prompt_edited();
                }
                Vec::new()
            }
            Input::Mouse { kind, column, row } => self.mouse(kind, column, row),
            Input::Resize { columns, rows } => {
                self.screen = (columns.max(1), rows.max(1));
                self.links = None;
                Vec::new()
            }
            Input::Suspend => {
                let mut effects = self.save_place();
                effects.push(Effect::Suspend);
                effects
            }
            Input::Resumed => vec![Effect::Resume],
            // What a shell reports of a process that a signal ended.
            Input::Stop(signal) => self.quit(128 + signal),
            Input::Gone => self.quit(129),
        }
    }

    pub(super) fn context(&self) -> Context {
        match &self.pane {
            Some(pane) if pane.has_focus => Context::List,
            _ if self.reader.selection().is_some() => Context::Selecting,
            _ => Context::Reading,
        }
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        if self.prompt.is_some() {
            return self.prompt_key(key);
        }
        if self.note.is_some() {
            return self.note_key(key);
        }
        if let Some(effects) = self.offer_key(key) {
            return effects;
        }
        self.message = None;
        self.promised = None;
        self.is_deleting = false;
        self.press = selecting::Press::default();
        if let Some(effects) = self.fresh_key(key).or_else(|| self.offered_key(key)).or_else(|| self.link_key(key)) {
            return effects;
        }
        // Any key ends the wait for the end of a document that may have none.
        let mut effects = wrap(self.reader.stop_waiting_for_more());
        effects.extend(self.fed(key));
        effects
    }

    fn fed(&mut self, key: Key) -> Vec<Effect> {
        let esc = key == Key::plain(Code::Esc);
        if esc && self.keymap.reset() {
            return Vec::new();
        }
        match self.keymap.feed(self.context(), key) {
            Fed::Action { action, count, letter } => {
                // A search that takes long is ended by any key but those that ask for more.
                if self.reader.search().is_slow() && !matches!(action, Action::NextMatch | Action::PreviousMatch) {
                    self.reader.give_up_search();
                }
                self.act(action, count, letter)
            }
            Fed::Pending => Vec::new(),
            Fed::Unknown if self.overlay.take().is_some() => Vec::new(),
            Fed::Unknown => {
                self.say(format!("{key} does nothing here.  {} shows the keys", self.keymap.help_key(self.context())));
                Vec::new()
            }
        }
    }

    fn prompt_key(&mut self, key: Key) -> Vec<Effect> {
        let Some(prompt) = &mut self.prompt else { return Vec::new() };
        match prompt.key(key) {
            Typed::Edited => self.prompt_edited(),
            Typed::Cancelled => match self.prompt.take().map(|prompt| prompt.purpose) {
                Some(Purpose::Filter) => {
                    if let Some(pane) = &mut self.pane {
                        pane.set_filter("", &self.reader);
                    }
                    Vec::new()
                }
                Some(Purpose::Search | Purpose::SearchBackward) => self.abandon_search(),
                Some(Purpose::Rename(_) | Purpose::Chapter) | None => Vec::new(),
            },
            Typed::Accepted => {
                let prompt = self.prompt.take();
                prompt.map(|p| self.accept(&p)).unwrap_or_default()
            }
        }
    }

    fn accept(&mut self, prompt: &Prompt) -> Vec<Effect> {
        let direction = match &prompt.purpose {
            Purpose::Filter => return Vec::new(),
            Purpose::Rename(id) => return self.rename_mark(id, prompt.text()),
            Purpose::Chapter => return self.correct_chapter(prompt.text()),
            Purpose::Search => Direction::Forward,
            Purpose::SearchBackward => Direction::Backward,
        };
        // An empty search repeats the last one, as in less and vim.
        let Some(pattern) = Pattern::new(prompt.text()) else {
            self.reader.turn_search(direction);
            return self.search_again(direction, 1);
        };
        self.searches.keep(prompt.text());
        self.search_for(pattern, prompt.text(), direction)
    }
}

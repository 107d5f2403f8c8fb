//! Corrections of chapters by keys: on the page and in the contents.

use crate::document::{Anchor, LIKE_MAX};
use crate::reader::{self, Draft};
use crate::text::{Clean, clean_line};

use super::prompt::{Prompt, Purpose};
use super::rows::{PaneKind, PaneRow};
use super::{App, Effect, wrap};

impl App {
    /// The draft for what the keys are at: the entry of the contents, or the page's top paragraph.
    fn chapter_draft(&self) -> Option<Draft> {
        let pane = self.pane.as_ref().filter(|p| p.has_focus && p.kind == PaneKind::Contents);
        match pane {
            Some(pane) => match pane.current() {
                Some(PaneRow::Chapter { index, .. }) => self.reader.chapter_draft(Some(*index)),
                _ => None,
            },
            None => self.reader.chapter_draft(None),
        }
    }

    /// Whether the keys are at a list of something else, which stands before the page: says so.
    fn is_at_other_list(&mut self) -> bool {
        let is_other = self.pane.as_ref().is_some_and(|pane| pane.has_focus && pane.kind != PaneKind::Contents);
        if is_other {
            self.say("Chapters are made on the page and in the contents.  enter goes to the page".to_owned());
        }
        is_other
    }

    /// Asks for the title of the chapter at hand, its own offered.
    pub(super) fn ask_for_chapter(&mut self) -> Vec<Effect> {
        if self.is_at_other_list() {
            return Vec::new();
        }
        self.draft = self.chapter_draft();
        match &self.draft {
            Some(draft) => self.prompt = Some(Prompt::new(Purpose::Chapter, &draft.title)),
            None => self.say("There is no paragraph here to make a chapter of".to_owned()),
        }
        Vec::new()
    }

    /// Takes the typed title.
    pub(super) fn correct_chapter(&mut self, title: &str) -> Vec<Effect> {
        let Some(draft) = self.draft.take() else { return Vec::new() };
        let title = clean_line(title);
        if title.is_empty() {
            self.say("A chapter needs a title.  In the contents D takes a chapter away".to_owned());
            return Vec::new();
        }
        let level = draft.level;
        self.say(format!("“{title}” is a chapter now.  U takes it back, * takes all lines like it, Tab shows it"));
        self.change_chapter(Draft { title, ..draft }, level)
    }

    /// Takes away the chapter that the cursor of the contents is on.
    pub(super) fn remove_chapter(&mut self) -> Vec<Effect> {
        let Some(draft) = self.chapter_draft() else { return Vec::new() };
        self.say(format!("“{}” is no chapter any more.  U takes that back", draft.title));
        self.change_chapter(draft, 0)
    }

    /// Moves the chapter under the cursor so many levels in, or out.
    pub(super) fn move_chapter(&mut self, steps: i64) -> Vec<Effect> {
        let is_contents = self.pane.as_ref().is_some_and(|p| p.kind == PaneKind::Contents);
        let Some(draft) = self.chapter_draft().filter(|_| is_contents) else { return Vec::new() };
        let level = (i64::from(draft.level) + steps).clamp(1, 9) as u8;
        if level == draft.level {
            self.say("It lies as far out as can be".to_owned());
            return Vec::new();
        }
        self.change_chapter(draft, level)
    }

    fn change_chapter(&mut self, draft: Draft, level: u8) -> Vec<Effect> {
        let effects = self.reader.correct(draft, level);
        self.refresh_chapters();
        wrap(effects)
    }

    /// Looks for all lines like the one at hand, to make them chapters as it is.
    pub(super) fn seek_like(&mut self) -> Vec<Effect> {
        if self.is_at_other_list() {
            return Vec::new();
        }
        let draft = self.chapter_draft();
        let likeness = draft.as_ref().and_then(|draft| self.reader.likeness(draft));
        let (Some(draft), Some(likeness)) = (draft, likeness) else {
            self.say("Only a short line, or one with a number, shows what others are like it".to_owned());
            return Vec::new();
        };
        self.say("Looking for all lines like this one …".to_owned());
        self.like_level = draft.level;
        wrap(vec![reader::Effect::FindLike(likeness)])
    }

    /// Makes the lines that were found chapters.
    pub(super) fn like_found(&mut self, lines: Vec<(Anchor, Clean)>) -> Vec<Effect> {
        let is_full = lines.len() >= LIKE_MAX;
        let (count, effects) = self.reader.correct_all(lines, self.like_level);
        let words = match count {
            0 if is_full => {
                format!("The first {LIKE_MAX} lines like this one are chapters already, and no more can be")
            }
            0 => "All lines like this one are chapters already".to_owned(),
            1 => "A line like this one is a chapter now.  U takes it back".to_owned(),
            _ if is_full => {
                format!("Of the first {LIKE_MAX} lines like this one {count} became chapters.  U takes them back")
            }
            _ => format!("{count} lines like this one are chapters now.  U takes them back"),
        };
        self.say(words);
        self.refresh_chapters();
        wrap(effects)
    }

    /// Takes the last change of a chapter back.
    pub(super) fn undo_chapter(&mut self) -> Vec<Effect> {
        let Some(effects) = self.reader.undo_correction() else {
            self.say("No change of a chapter to take back".to_owned());
            return Vec::new();
        };
        self.say("The last change of a chapter is taken back".to_owned());
        self.refresh_chapters();
        wrap(effects)
    }

    /// Shows parts found by topic, or not.
    pub(super) fn toggle_inferred(&mut self) -> Vec<Effect> {
        let words = if self.reader.toggle_inferred() {
            "Parts found by topic are not shown.  ~ shows them"
        } else {
            "Parts found by topic are shown, where there are no chapters"
        };
        self.say(words.to_owned());
        self.refresh_chapters();
        Vec::new()
    }

    fn refresh_chapters(&mut self) {
        self.refresh_pane(PaneKind::Contents);
        self.refresh_pane(PaneKind::Marks);
    }
}

//! What each action does.
//!
//! It must not know which key asked for it.

use super::{
    Action, App, Effect, Input, MEASURE, MEASURE_MAX, MEASURE_MIN, MEASURE_STEP, Overlay, Pane, PaneKind, PaneRow,
    Prompt, Purpose, usual_measure, wrap,
};
use crate::document::Target;
use crate::reader::{self, LineSeek, LineSought, Motion, Placement, Reader};
use crate::text::Clean;

impl App {
    pub(super) fn act(&mut self, action: Action, count: Option<u32>, letter: Option<char>) -> Vec<Effect> {
        if let Some(effects) = self.act_on_overlay(action, count) {
            return effects;
        }
        let n = count.unwrap_or(1);
        let steps = |n: u32| MEASURE_STEP.saturating_mul(u16::try_from(n).unwrap_or(u16::MAX));
        match action {
            Action::Go(Motion::Percent) if count.is_none() => {
                self.say("Type a number first: 40% goes to 40 percent".to_owned());
                Vec::new()
            }
            // As in less and vim.
            Action::Go(Motion::Start | Motion::End) if count.is_some() => self.go_to_line(n),
            Action::Go(motion) => self.go(motion, n),
            Action::ToggleBack => self.travel(Reader::toggle_back),
            Action::Back => self.travel(Reader::back),
            Action::Forward => self.travel(Reader::forward),
            Action::Contents => self.toggle_pane(PaneKind::Contents),
            Action::Quotes => self.toggle_pane(PaneKind::Quotes),
            Action::Marks => self.toggle_pane(PaneKind::Marks),
            Action::Matches => self.list_matches(),
            Action::Bookmark => self.bookmark(None),
            Action::SetMark => self.bookmark(letter),
            Action::GoToMark => self.go_to_mark(letter),
            Action::Search => self.ask(Purpose::Search),
            Action::SearchBackward => self.ask(Purpose::SearchBackward),
            // The way that the search went, and against it, as in less and vim.
            Action::NextMatch => self.search_again(self.reader.search().direction(), n),
            Action::PreviousMatch => self.search_again(self.reader.search().direction().reversed(), n),
            Action::Wider => self.set_measure(self.look.measure.saturating_add(steps(n))),
            Action::Narrower => self.set_measure(self.reader.options().width.saturating_sub(steps(n))),
            Action::UsualWidth => self.set_measure(usual_measure(self.reader.document().format(), MEASURE)),
            Action::NextTheme => {
                self.look.theme = self.look.theme.wrapping_add(1);
                vec![Effect::Redraw]
            }
            Action::Chapter => self.ask_for_chapter(),
            Action::ChaptersLike => self.seek_like(),
            Action::UndoChapter => self.undo_chapter(),
            Action::Inferred => self.toggle_inferred(),
            Action::About => self.show(Overlay::About),
            Action::Help => self.show(Overlay::Help(0)),
            Action::Reload => vec![Effect::Reopen],
            Action::Redraw => vec![Effect::Redraw],
            Action::Links => self.number_links(),
            Action::Speech => {
                self.look.speech = !self.look.speech;
                self.say(if self.look.speech { "Speech is shown" } else { "Speech is shown as text" }.to_owned());
                self.want_speech()
            }
            Action::Select => self.select(),
            Action::Caret(motion) => self.move_caret(motion, n),
            Action::SelectUnit(unit) => self.select_unit(unit),
            Action::SwapEnds => wrap(self.reader.swap_selection()),
            Action::SelectAnew => {
                self.reader.restart_selection();
                Vec::new()
            }
            Action::Highlight => self.highlight(),
            Action::Annotate => self.note_on_selection(),
            Action::Copy => self.copy_selection(),
            Action::EndSelection => {
                self.reader.end_selection();
                Vec::new()
            }
            Action::Cancel => wrap(self.reader.cancel()),
            Action::Close => self.close(),
            Action::Quit => self.quit(0),
            Action::Suspend => self.input(Input::Suspend),
            _ => self.act_on_list(action, n),
        }
    }

    fn act_on_list(&mut self, action: Action, n: u32) -> Vec<Effect> {
        let Some(pane) = &mut self.pane else { return Vec::new() };
        let page = (pane.list.height() as i64 - 1).max(1);
        let n = i64::from(n);
        match action {
            Action::ListDown => pane.step(n),
            Action::ListUp => pane.step(-n),
            Action::ListPageDown => pane.step(n * page),
            Action::ListPageUp => pane.step(-n * page),
            Action::ListStart => pane.step(i64::MIN / 2),
            Action::ListEnd => pane.step(i64::MAX / 2),
            Action::Fold => pane.fold(true, &self.reader),
            Action::Unfold => pane.fold(false, &self.reader),
            Action::Regroup if !pane.regroup(&self.reader) => self.say("There is one arrangement only".to_owned()),
            Action::ListGo => return self.go_to_row(),
            Action::Filter => return self.ask(Purpose::Filter),
            Action::ChapterOut => return self.move_chapter(-n),
            Action::ChapterIn => return self.move_chapter(n),
            Action::Delete if pane.kind == PaneKind::Contents => return self.remove_chapter(),
            Action::Delete => return self.delete_mark(),
            Action::Restore => return self.restore_mark(),
            Action::Keep => return self.keep_entry(),
            Action::CopyEntry => return self.copy_entry(),
            Action::Rename | Action::EditNote | Action::Color(_) => return self.act_on_mark(action),
            Action::Leave if !pane.filter().is_empty() => pane.set_filter("", &self.reader),
            Action::Leave => {
                pane.has_focus = false;
                if self.room.pane_covers {
                    self.pane = None;
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn go_to_line(&mut self, number: u32) -> Vec<Effect> {
        if self.reader.document().format().has_lines() {
            return wrap(self.reader.go_to_line(u64::from(number)));
        }
        self.say("Lines have no numbers here: 40% goes to 40 percent, g and G to start and end".to_owned());
        Vec::new()
    }

    /// A line was found, or is not there, or could not be looked for.
    pub(super) fn line_sought(&mut self, seek: LineSeek, sought: Result<LineSought, Clean>) -> Vec<Effect> {
        if !self.reader.is_waiting_for_line(&seek) {
            return Vec::new();
        }
        match &sought {
            Ok(LineSought::Nowhere) if self.reader.document().is_complete() => {
                self.say(format!("There is no line {}: this is the end", seek.number()));
            }
            Err(reason) => self.say(format!("The line could not be looked for: {reason}")),
            Ok(_) => {}
        }
        wrap(self.reader.line_sought(seek, sought))
    }

    pub(super) fn go(&mut self, motion: Motion, count: u32) -> Vec<Effect> {
        let by_chapter = matches!(motion, Motion::NextChapter | Motion::PreviousChapter);
        if by_chapter && self.reader.outline().is_empty() {
            let is_known = self.reader.outline_progress().is_done();
            let sentence = match (is_known, self.reader.document().is_complete()) {
                (true, _) => "No chapters were found",
                (false, true) => "Still looking for chapters",
                (false, false) => "Chapters are found once all has arrived.  G reads on to the end",
            };
            self.say(sentence.to_owned());
            return Vec::new();
        }
        if motion == Motion::NextChapter && !self.reader.has_next_chapter() {
            self.say("This is the last chapter.  G goes to the end".to_owned());
            return Vec::new();
        }
        wrap(self.reader.go(motion, count))
    }

    /// Goes through the jump list; says so where it has no further place.
    fn travel(&mut self, go: impl FnOnce(&mut Reader) -> Vec<reader::Effect>) -> Vec<Effect> {
        let before = (self.reader.place(), self.reader.is_waiting());
        let effects = go(&mut self.reader);
        if effects.is_empty() && before == (self.reader.place(), self.reader.is_waiting()) {
            self.say("No jump to go back to, or on to".to_owned());
        }
        wrap(effects)
    }

    pub(super) fn toggle_pane(&mut self, kind: PaneKind) -> Vec<Effect> {
        match &mut self.pane {
            Some(pane) if pane.kind == kind => {
                pane.has_focus = !pane.has_focus;
                if !pane.has_focus && self.room.pane_covers {
                    self.pane = None;
                }
            }
            _ => {
                self.pane = Some(Pane::new(kind, &self.reader, usize::from(self.room.pane_rows.max(1))));
            }
        }
        let wanted = if kind == PaneKind::Quotes { self.reader.want_quotes() } else { None };
        wrap(wanted.into_iter().collect())
    }

    fn act_on_mark(&mut self, action: Action) -> Vec<Effect> {
        let Some(id) = self.current_mark() else {
            self.say("There is no mark here".to_owned());
            return Vec::new();
        };
        match action {
            Action::Rename => self.ask(Purpose::Rename(id)),
            Action::EditNote => self.note_on_mark(&id),
            Action::Color(color) => self.color_mark(&id, color),
            _ => Vec::new(),
        }
    }

    pub(super) fn go_to_row(&mut self) -> Vec<Effect> {
        let Some(row) = self.pane.as_ref().and_then(|p| p.current().cloned()) else { return Vec::new() };
        let effects = match row {
            PaneRow::Chapter { index, .. } => {
                match self.reader.outline().entries().get(index).map(|e| e.target.clone()) {
                    Some(target) => self.reader.jump(target, Placement::Top),
                    None => return Vec::new(),
                }
            }
            PaneRow::Quote(index) => match self.reader.quotes().and_then(|q| q.get(index)).map(|q| q.range().start) {
                Some(place) => self.reader.jump(Target::At(place), Placement::InView),
                None => return Vec::new(),
            },
            PaneRow::Match(range) => self.reader.go_to_match(range),
            PaneRow::Mark { index, .. } => match self.reader.marks().all().get(index).map(|k| k.mark.anchor.clone()) {
                Some(anchor) => self.reader.jump_to_anchor(&anchor),
                None => return Vec::new(),
            },
            PaneRow::Heading { unfolded, .. } => {
                if let Some(pane) = &mut self.pane {
                    pane.fold(unfolded, &self.reader);
                }
                return Vec::new();
            }
        };
        // What was selected is left behind with its page.
        self.reader.end_selection();
        // The text is read at its own width again.
        if self.room.pane_covers || self.room.pane_squeezes {
            self.pane = None;
        } else if let Some(pane) = &mut self.pane {
            pane.has_focus = false;
        }
        wrap(effects)
    }

    fn set_measure(&mut self, measure: u16) -> Vec<Effect> {
        self.look.measure = measure.clamp(MEASURE_MIN, MEASURE_MAX);
        self.say(format!("Text of at most {} columns.  = is the usual width", self.look.measure));
        Vec::new()
    }

    pub(super) fn ask(&mut self, purpose: Purpose) -> Vec<Effect> {
        let text = match &purpose {
            Purpose::Search | Purpose::SearchBackward | Purpose::Chapter => "",
            Purpose::Filter => self.pane.as_ref().map_or("", Pane::filter),
            Purpose::Rename(id) => {
                let name = self.reader.marks().get(id).and_then(|mark| mark.name.as_ref());
                name.map_or("", |name| name.as_str())
            }
        };
        let is_search = matches!(purpose, Purpose::Search | Purpose::SearchBackward);
        let prompt = Prompt::new(purpose, text);
        self.prompt = Some(if is_search { prompt.with_earlier(self.searches.clone()) } else { prompt });
        Vec::new()
    }

    fn show(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.overlay = Some(overlay);
        Vec::new()
    }

    fn close(&mut self) -> Vec<Effect> {
        if self.reader.selection().is_some() {
            self.reader.end_selection();
            return Vec::new();
        }
        if self.pane.take().is_some() {
            return Vec::new();
        }
        let unsaved = self.reader.marks().failure().cloned().filter(|_| !self.is_warned);
        if let Some(reason) = unsaved {
            self.is_warned = true;
            self.say(format!("Not saved: {reason}.  q again quits and prints what is not saved"));
            return Vec::new();
        }
        self.quit(0)
    }
}

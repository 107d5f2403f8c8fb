//! Keys while something covers the page: help, and what the document is.

use crate::reader::Motion;

use super::action::{ACTIONS, Action};
use super::{App, Effect, Overlay};

impl App {
    /// What keys mean while something covers the page: movement scrolls it, the rest closes it.
    pub(super) fn act_on_overlay(&mut self, action: Action, count: Option<u32>) -> Option<Vec<Effect>> {
        let overlay = self.overlay?;
        if matches!(action, Action::Quit | Action::Suspend | Action::Redraw) {
            return None;
        }
        let page = usize::from(self.room.rows.max(2)) - 1;
        let n = count.unwrap_or(1) as usize;
        let Overlay::Help(top) = overlay else {
            self.overlay = None;
            return Some(Vec::new());
        };
        let top = match action {
            Action::Go(Motion::LineDown) | Action::ListDown => Some(top.saturating_add(n)),
            Action::Go(Motion::LineUp) | Action::ListUp => Some(top.saturating_sub(n)),
            Action::Go(Motion::PageDown | Motion::HalfPageDown) | Action::ListPageDown => {
                Some(top.saturating_add(page * n))
            }
            Action::Go(Motion::PageUp | Motion::HalfPageUp) | Action::ListPageUp => Some(top.saturating_sub(page * n)),
            Action::Go(Motion::Start) | Action::ListStart => Some(0),
            Action::Go(Motion::End) | Action::ListEnd => Some(ACTIONS.len()),
            _ => None,
        };
        self.overlay = top.map(|top| Overlay::Help(top.min(self.room.help_top_max)));
        Some(Vec::new())
    }
}

//! Keys while something covers the page: help, and what the document is.

use crate::reader::Motion;

use super::action::{ACTIONS, Action};
use super::{App, Effect, Overlay};

impl App {
    /// What keys mean while something covers the page: movement scrolls it, the rest closes it.
    pub(super) fn act_on_overlay(&mut self, action: Action, count: Option<u32>) -> Option<Vec<Effect>> {
        let overlay = self.overlay?;
        let page = usize::from(self.room.rows.max(2)) - 1;
        let n = count.unwrap_or(1) as usize;
        let step = |overlay, down: bool, rows: usize| match overlay {
            Overlay::Help(top) if down => Overlay::Help(top.saturating_add(rows)),
            Overlay::Help(top) => Overlay::Help(top.saturating_sub(rows)),
            Overlay::About => Overlay::About,
        };
        self.overlay = match action {
            Action::Quit | Action::Suspend | Action::Redraw => return None,
            Action::Go(Motion::LineDown) | Action::ListDown => Some(step(overlay, true, n)),
            Action::Go(Motion::LineUp) | Action::ListUp => Some(step(overlay, false, n)),
            Action::Go(Motion::PageDown | Motion::HalfPageDown) | Action::ListPageDown => {
                Some(step(overlay, true, page * n))
            }
            Action::Go(Motion::PageUp | Motion::HalfPageUp) | Action::ListPageUp => {
                Some(step(overlay, false, page * n))
            }
            Action::Go(Motion::Start) | Action::ListStart => Some(step(overlay, false, usize::MAX)),
            Action::Go(Motion::End) | Action::ListEnd => Some(step(overlay, true, ACTIONS.len())),
            _ => None,
        };
        if let Some(Overlay::Help(top)) = self.overlay {
            self.overlay = Some(Overlay::Help(top.min(self.room.help_top_max)));
        }
        Some(Vec::new())
    }
}

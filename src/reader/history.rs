//! Places before jumps, back and forward. Reading on does not push; jumping does.

use crate::document::Position;

/// Places kept; older ones are forgotten.
const KEPT: usize = 200;

/// The jump list.
#[derive(Debug, Default)]
pub struct History {
    back: Vec<Position>,
    forward: Vec<Position>,
}

impl History {
    /// Remembers the place that a jump leaves.
    pub fn push(&mut self, place: Position) {
        if self.back.last() != Some(&place) {
            self.back.push(place);
        }
        if self.back.len() > KEPT {
            self.back.remove(0);
        }
        self.forward.clear();
    }

    /// The place before the last jump that led away from there; `here` can be gone forward to again.
    pub fn back(&mut self, here: Position) -> Option<Position> {
        let place = last_other(&mut self.back, here)?;
        self.forward.push(here);
        Some(place)
    }

    /// The place that the last step back left.
    pub fn forward(&mut self, here: Position) -> Option<Position> {
        let place = last_other(&mut self.forward, here)?;
        self.back.push(here);
        Some(place)
    }

    /// The place before the last jump, and in exchange `here`: done twice, it comes back.
    pub fn toggle(&mut self, here: Position) -> Option<Position> {
        let place = last_other(&mut self.back, here)?;
        self.back.push(here);
        Some(place)
    }
}

/// Takes out the last place that is not `here`: a jump to what is on the page already leads nowhere.
fn last_other(places: &mut Vec<Position>, here: Position) -> Option<Position> {
    while let Some(place) = places.pop() {
        if place != here {
            return Some(place);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockId, SectionId};

    fn at(block: u32) -> Position {
        Position::new(SectionId(0), BlockId(block), 0)
    }

    #[test]
    fn back_and_forward_are_inverse() {
        let mut history = History::default();
        history.push(at(1));
        history.push(at(2));
        assert_eq!(history.back(at(3)), Some(at(2)));
        assert_eq!(history.back(at(2)), Some(at(1)));
        assert_eq!(history.back(at(1)), None);
        assert_eq!(history.forward(at(1)), Some(at(2)));
        assert_eq!(history.forward(at(2)), Some(at(3)));
        assert_eq!(history.forward(at(3)), None);
    }

    #[test]
    fn a_jump_that_led_nowhere_is_none() {
        let mut history = History::default();
        history.push(at(1));
        history.push(at(5));
        assert_eq!(history.toggle(at(5)), Some(at(1)));
        assert_eq!(history.toggle(at(1)), Some(at(5)));
        history.push(at(5));
        assert_eq!((history.back(at(5)), history.back(at(1))), (Some(at(1)), None));
    }

    #[test]
    fn toggling_twice_comes_back() {
        let mut history = History::default();
        history.push(at(1));
        assert_eq!(history.toggle(at(9)), Some(at(1)));
        assert_eq!(history.toggle(at(1)), Some(at(9)));
    }
}

//! Going somewhere: by a motion, a jump, the jump list, to a saved place. What needs a section that
//! is not loaded waits for it, and goes on from where it stopped.

use super::motion::{self, Motion};
use super::{CaretMotion, Effect, LineSeek, LineSought, Missing, Reader};
use crate::document::{Anchor, BlockId, Position, SectionId, Target};
use crate::text::Clean;

/// Where a jump puts its place on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// On the first row.
    Top,
    /// On the last row.
    Bottom,
    /// Where it is, if it is on the page; else a third down, with some of what precedes it.
    InView,
}

/// How many sections before and after where it may be a saved place is looked for in.
const NEAR: u32 = 4;

/// What still has to happen once a section is there.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pending {
    Walk(i64),
    Jump(Target, Placement),
    Fraction(SectionId, f64),
    End,
    /// A line that is being looked for.
    Line(LineSeek),
    Motion(Motion, u32),
    Caret(CaretMotion, u32),
    /// With how many sections it was looked for in.
    Anchor(Box<Anchor>, usize),
}

impl Pending {
    /// The line that is waited for.
    pub(super) fn line(&self) -> Option<LineSeek> {
        match self {
            Pending::Line(seek) => Some(*seek),
            _ => None,
        }
    }
}

impl Reader {
    /// Moves as a key asks, `count` times.
    pub fn go(&mut self, motion: Motion, count: u32) -> Vec<Effect> {
        if motion.is_jump() {
            self.history.push(self.page_start());
        }
        let waiting = self.pending.take();
        self.landed = None;
        self.perform(motion, count);
        // A walk that waits for a section goes on, and the new one after it.
        if let (Some(Pending::Walk(left)), Some(Pending::Walk(rows))) = (waiting, &mut self.pending) {
            *rows = rows.saturating_add(left);
        }
        self.settle()
    }

    /// Jumps to a place, and remembers where it came from.
    pub fn jump(&mut self, target: Target, placement: Placement) -> Vec<Effect> {
        self.history.push(self.page_start());
        self.pending = Some(Pending::Jump(target, placement));
        self.settle()
    }

    /// Goes to a line of the file by its number, from 1, in a document that
    /// [has lines](crate::document::Format::has_lines).
    pub fn go_to_line(&mut self, number: u64) -> Vec<Effect> {
        self.history.push(self.page_start());
        self.pending = Some(Pending::Line(LineSeek::new(number)));
        self.settle()
    }

    /// Whether it waits for a line that is looked for.
    pub fn is_waiting_for_line(&self, seek: &LineSeek) -> bool {
        let waiting = self.pending.as_ref().and_then(Pending::line);
        waiting.is_some_and(|waiting| waiting.number() == seek.number())
    }

    /// What came of looking for a line [that it waits for](Self::is_waiting_for_line). Where there is no
    /// such line it goes to the end, as `vim` does.
    pub fn line_sought(&mut self, seek: LineSeek, sought: Result<LineSought, Clean>) -> Vec<Effect> {
        self.pending = match sought {
            Ok(LineSought::At(place)) => Some(Pending::Jump(Target::At(place), Placement::Top)),
            Ok(LineSought::Further) => Some(Pending::Line(seek)),
            // More of a pipe may have it.
            Ok(LineSought::Nowhere) if !self.document.is_complete() => Some(Pending::Line(seek)),
            Ok(LineSought::Nowhere) => Some(Pending::End),
            Err(_) => None,
        };
        self.settle()
    }

    /// Jumps to a saved place.
    pub fn jump_to_anchor(&mut self, anchor: &Anchor) -> Vec<Effect> {
        self.history.push(self.page_start());
        self.pending = Some(Pending::Anchor(Box::new(anchor.clone()), 0));
        self.settle()
    }

    /// Goes back to where the last jump came from; again, forth.
    pub fn toggle_back(&mut self) -> Vec<Effect> {
        match self.history.toggle(self.destination()) {
            Some(place) => self.move_to(place),
            None => Vec::new(),
        }
    }

    /// Goes back one jump.
    pub fn back(&mut self) -> Vec<Effect> {
        match self.history.back(self.destination()) {
            Some(place) => self.move_to(place),
            None => Vec::new(),
        }
    }

    /// Goes forward again.
    pub fn forward(&mut self) -> Vec<Effect> {
        match self.history.forward(self.destination()) {
            Some(place) => self.move_to(place),
            None => Vec::new(),
        }
    }

    /// Where the reader is, or is about to be.
    fn destination(&self) -> Position {
        match &self.pending {
            Some(Pending::Jump(target, _)) => target.position(),
            _ => self.page_start(),
        }
    }

    fn move_to(&mut self, place: Position) -> Vec<Effect> {
        self.pending = Some(Pending::Jump(Target::At(place), Placement::Top));
        self.settle()
    }

    fn perform(&mut self, motion: Motion, count: u32) {
        let count = count.max(1);
        let rows = i64::from(self.viewport.height());
        let steps = i64::from(count);
        // A page turn leaves one line in view (two on a tall page) so that the eye keeps its place.
        let page = (rows - if rows > 30 { 2 } else { 1 }).max(1);
        self.pending = Some(match motion {
            Motion::LineDown => Pending::Walk(steps),
            Motion::LineUp => Pending::Walk(-steps),
            Motion::PageDown => Pending::Walk(steps * page),
            Motion::PageUp => Pending::Walk(-steps * page),
            Motion::HalfPageDown => Pending::Walk(steps * (rows / 2).max(1)),
            Motion::HalfPageUp => Pending::Walk(-steps * (rows / 2).max(1)),
            // The ends of the text, and from there those of what its publisher sets round it.
            Motion::Start => {
                let start = self.document.text_start();
                let start = if self.place() > start { start } else { Position::START };
                Pending::Jump(Target::At(start), Placement::Top)
            }
            Motion::End => {
                let end = self.document.text_end();
                let is_past = end == Position::END || self.place() >= end || self.viewport.shows(end);
                if is_past { Pending::End } else { Pending::Jump(Target::At(end), Placement::Bottom) }
            }
            Motion::Percent => {
                let (section, within) = self.extent.locate(f64::from(count.min(100)) / 100.0);
                if count >= 100 { Pending::End } else { Pending::Fraction(section, within) }
            }
            Motion::PreviousChapter | Motion::NextChapter => {
                match motion::chapter(&self.outline, self.place(), motion, count) {
                    Some(target) => Pending::Jump(target, Placement::Top),
                    None => Pending::Jump(Target::At(Position::START), Placement::Top),
                }
            }
            Motion::NextParagraph | Motion::PreviousParagraph | Motion::NextSentence | Motion::PreviousSentence => {
                Pending::Motion(motion, count)
            }
        });
    }

    pub(super) fn resume(&mut self) -> Result<(), Missing> {
        let Some(pending) = self.pending.take() else { return Ok(()) };
        let result = self.attempt(&pending);
        if result.is_err() && self.pending.is_none() {
            self.pending = Some(pending);
        }
        result
    }

    fn attempt(&mut self, pending: &Pending) -> Result<(), Missing> {
        match pending {
            Pending::Walk(rows) => {
                let (left, missing) = self.viewport.walk(*rows, &mut self.pages);
                if let Some(missing) = missing {
                    self.pending = Some(Pending::Walk(left));
                    return Err(missing);
                }
            }
            Pending::Jump(target, placement) => {
                let section = self.pages.section(self.extent.clamp(target.section()))?;
                let wanted = target.position_in(&section);
                let place = section.clamp(wanted);
                // It may stand in what came since the section was loaded.
                if place != wanted && self.pages.is_stale(section.id()) {
                    return Err(Missing(section.id()));
                }
                self.arrive(place, *placement);
                self.landed = (*placement == Placement::Top).then_some(place);
                self.take_caret_along(place);
            }
            Pending::Fraction(id, within) => {
                let section = self.pages.section(*id)?;
                self.viewport.move_to(section.word_at(*within));
            }
            Pending::End => {
                if !self.document.is_complete() {
                    return Err(Missing(self.extent.last().next()));
                }
                let last = self.extent.last();
                if self.pages.is_stale(last) {
                    return Err(Missing(last));
                }
                let section = self.pages.section(last)?;
                let end = section.clamp(Position::new(section.id(), BlockId(u32::MAX), 0));
                self.viewport.jump(end, 0);
                self.take_caret_along(end);
            }
            // It goes on when the line is found.
            Pending::Line(_) => self.pending = Some(pending.clone()),
            Pending::Motion(motion, count) => {
                let reached = motion::go(*motion, *count, self.viewport.anchor(), &mut self.pages);
                self.viewport.move_to(reached.place);
                if let Some(missing) = reached.missing {
                    self.pending = Some(Pending::Motion(*motion, reached.left));
                    return Err(missing);
                }
            }
            Pending::Caret(motion, count) => {
                self.landed = None;
                self.step_caret(*motion, *count)?;
            }
            Pending::Anchor(anchor, looked) => {
                let mut looked = *looked;
                match self.find_anchor(anchor, &mut looked) {
                    Ok(place) => {
                        self.viewport.jump(place, 0);
                        self.landed = Some(place);
                    }
                    Err(missing) => {
                        self.pending = Some(Pending::Anchor(anchor.clone(), looked));
                        return Err(missing);
                    }
                }
            }
        }
        Ok(())
    }

    fn arrive(&mut self, place: Position, placement: Placement) {
        match placement {
            Placement::Top => self.viewport.jump(place, 0),
            Placement::Bottom => self.viewport.end_with(place),
            Placement::InView if self.viewport.shows(place) => {}
            Placement::InView => self.viewport.jump(place, self.viewport.height() / 3),
        }
    }

    /// Where a saved place is now: in its own section or one near it, else in or near the one where the
    /// same share of the document is, else in one that is loaded, else, as a guess, at that share.
    /// `looked`: how many of the near ones are done with.
    fn find_anchor(&mut self, anchor: &Anchor, looked: &mut usize) -> Result<Position, Missing> {
        let home = self.extent.clamp(anchor.start.section);
        let (at_share, within) = self.extent.locate(anchor.fraction);
        let near = |id: SectionId| {
            let beside = (1..=NEAR).flat_map(move |n| [id.0.checked_sub(n), id.0.checked_add(n)]);
            std::iter::once(Some(id.0)).chain(beside)
        };
        for id in near(home).chain(near(at_share)).skip(*looked) {
            if let Some(id) = id.map(SectionId).filter(|id| self.pages.exists(*id)) {
                let section = self.pages.section(id)?;
                if id == home && self.failed.contains(&home) {
                    return Ok(section.clamp(anchor.start));
                }
                if let Some(found) = anchor.find(&section) {
                    return Ok(found.start);
                }
            }
            *looked += 1;
        }
        if let Some(found) = self.pages.residents().iter().find_map(|section| anchor.find(section)) {
            return Ok(found.start);
        }
        let place = self.pages.section(at_share)?.word_at(within);
        self.guess = Some(place);
        Ok(place)
    }

    /// Whether a saved place is still looked for: the page is not where the reader is.
    pub fn is_seeking_place(&self) -> bool {
        matches!(self.pending, Some(Pending::Anchor(..)))
    }

    /// Where the last jump led, until the page is moved: at the end of a text that is not its first row.
    pub fn landed(&self) -> Option<Position> {
        self.landed
    }

    /// Whether the page is where the saved words are thought to have been, not where they are.
    pub fn is_guess(&self) -> bool {
        self.guess == Some(self.place())
    }
}

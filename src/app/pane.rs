//! The list beside the text: contents, quotations, marks, matches. One piece for all of them: it keeps
//! how its entries are arranged, filtered and folded, and where its cursor is. What the rows are
//! [`super::rows`] makes; the entries themselves belong to the reader.

use std::collections::HashSet;

use crate::document::Range;
use crate::reader::{Reader, Row};

use super::list::List;
use super::rows::{self, Arrangement, Heading, PaneKind, PaneRow};

/// A list beside the text.
#[derive(Debug)]
pub struct Pane {
    /// Which list it is.
    pub kind: PaneKind,
    /// Whether keys go to it rather than to the text.
    pub has_focus: bool,
    /// Where its cursor is.
    pub list: List,
    arrangement: Arrangement,
    filter: String,
    folded: HashSet<Heading>,
    rows: Vec<PaneRow>,
    /// Entries, folded ones included.
    count: usize,
    /// The cursor was never moved, so it follows where the reader is.
    follows: bool,
    /// The row that the cursor was last put on because the reader was there.
    followed: Option<usize>,
}

impl Pane {
    /// A list with the focus, its cursor where the reader is.
    pub fn new(kind: PaneKind, reader: &Reader, height: usize) -> Pane {
        let mut pane = Pane {
            kind,
            has_focus: true,
            list: List::default(),
            arrangement: kind.arrangements().first().copied().unwrap_or(Arrangement::Place),
            filter: String::new(),
            folded: HashSet::new(),
            rows: Vec::new(),
            count: 0,
            follows: true,
            followed: None,
        };
        pane.list.set_height(height);
        pane.refresh(reader);
        pane
    }

    /// The rows, after folding and filtering.
    pub fn rows(&self) -> &[PaneRow] {
        &self.rows
    }

    /// How many entries pass the filter, folded ones included.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How the entries are arranged.
    pub fn arrangement(&self) -> Arrangement {
        self.arrangement
    }

    /// The row that the cursor is on.
    pub fn current(&self) -> Option<&PaneRow> {
        self.rows.get(self.list.cursor())
    }

    /// The entry at the cursor, or the first one below the heading there.
    pub fn entry(&self) -> Option<&PaneRow> {
        self.rows.get(self.list.cursor()..)?.iter().find(|row| row.is_entry())
    }

    /// What of the text is to be shown beside the list, while it has the focus.
    pub fn preview(&self, reader: &Reader) -> Vec<Range> {
        let row = self.entry().filter(|_| self.has_focus && self.kind.has_preview());
        row.map(|row| row.parts(reader)).unwrap_or_default()
    }

    /// The words that entries must have.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Shows only entries with these words, all where there are none. The cursor stays on its
    /// entry if that is shown.
    pub fn set_filter(&mut self, filter: &str, reader: &Reader) {
        if self.filter == filter {
            return;
        }
        filter.clone_into(&mut self.filter);
        self.follows = false;
        self.refresh_at_entry(reader);
    }

    /// Moves the cursor.
    pub fn step(&mut self, entries: i64) {
        self.follows = false;
        self.list.step(entries);
    }

    /// Contents without the focus show where the reader is. To be called before every frame.
    pub fn follow(&mut self, reader: &Reader) {
        if self.has_focus || self.kind != PaneKind::Contents {
            return;
        }
        // What the wheel brought into view stays there while the page does.
        let here = self.row_of_reader(reader);
        if let Some(index) = here.filter(|_| here != std::mem::replace(&mut self.followed, here)) {
            self.list.go(index);
        }
    }

    /// Puts the cursor on a mark, if it is shown.
    pub fn go_to_mark(&mut self, id: &str) {
        let is_it = |row: &PaneRow| matches!(row, PaneRow::Mark { id: shown, .. } if shown == id);
        if let Some(index) = self.rows.iter().position(is_it) {
            self.follows = false;
            self.list.go(index);
        }
    }

    /// Arranges the entries in the next way. The cursor stays on its entry. Says whether there
    /// is another way.
    pub fn regroup(&mut self, reader: &Reader) -> bool {
        let ways = self.kind.arrangements();
        let next = ways.iter().position(|way| *way == self.arrangement).map_or(0, |at| (at + 1) % ways.len());
        self.arrangement = ways.get(next).copied().unwrap_or(self.arrangement);
        self.refresh_at_entry(reader);
        ways.len() > 1
    }

    /// Folds or unfolds the row at the cursor. On one that has nothing to fold, the cursor goes
    /// to the row around it.
    pub fn fold(&mut self, fold: bool, reader: &Reader) {
        let Some(row) = self.current().cloned() else { return };
        self.follows = false;
        let target = match (fold, row.fold()) {
            (true, Some((heading, true))) => {
                self.folded.insert(heading);
                Some(self.list.cursor())
            }
            (false, Some((heading, _))) => {
                self.folded.remove(&heading);
                Some(self.list.cursor())
            }
            (false, None) => None,
            (true, _) => self.around(self.list.cursor(), reader),
        };
        self.refresh(reader);
        self.list.go(target.unwrap_or(self.list.cursor()));
    }

    /// The row that the one at an index is folded with.
    fn around(&self, index: usize, reader: &Reader) -> Option<usize> {
        let before = self.rows.get(..index)?;
        match self.rows.get(index)? {
            PaneRow::Chapter { index, .. } => {
                let parent = reader.outline().parent(*index)?;
                before.iter().rposition(|row| matches!(row, PaneRow::Chapter { index, .. } if *index == parent))
            }
            row if row.is_entry() => before.iter().rposition(|row| !row.is_entry()),
            _ => None,
        }
    }

    /// Makes the rows anew, after anything they depend on changed. The cursor stays on its entry, else
    /// on its row.
    pub fn refresh(&mut self, reader: &Reader) {
        let (row, entry) = (self.list.cursor(), self.current().filter(|row| row.is_entry()).cloned());
        self.make_rows(reader);
        if !self.follows {
            self.list.go(entry.and_then(|entry| self.row_of(&entry)).unwrap_or(row));
        }
    }

    fn make_rows(&mut self, reader: &Reader) {
        (self.rows, self.count) = rows::rows(self.kind, self.arrangement, &self.filter, &self.folded, reader);
        self.list.set_len(self.rows.len());
        if self.follows {
            self.list.center(self.row_of_reader(reader).or(self.first_entry()).unwrap_or(0));
        }
    }

    /// Makes the rows anew and puts the cursor on the entry that it was on, else on the first.
    fn refresh_at_entry(&mut self, reader: &Reader) {
        let entry = self.current().filter(|row| row.is_entry()).cloned();
        self.make_rows(reader);
        let same = entry.and_then(|entry| self.row_of(&entry));
        self.list.center(same.or(self.first_entry()).unwrap_or(0));
    }

    /// The row of an entry that was shown before.
    fn row_of(&self, entry: &PaneRow) -> Option<usize> {
        // Two chapters may begin at one place.
        let same = self.rows.iter().position(|row| row.is_same(entry));
        let begins = |row: &PaneRow| if let PaneRow::Chapter { place, .. } = row { Some(*place) } else { None };
        same.or_else(|| self.rows.iter().position(|row| begins(row).is_some() && begins(row) == begins(entry)))
    }

    fn first_entry(&self) -> Option<usize> {
        self.rows.iter().position(PaneRow::is_entry)
    }

    /// The row that stands for where the reader is: of the entries that begin before the page or
    /// on its first row, the last one in the text. Of what is no chapter, rather the first one that
    /// begins on the page.
    pub fn row_of_reader(&self, reader: &Reader) -> Option<usize> {
        let shown = reader.rows().first().map(Row::start).zip(reader.rows().last().map(Row::end));
        let is_shown = |place| shown.is_some_and(|(first, last)| (first..last).contains(&place));
        // The match that is meant comes before others on the page.
        let hit = reader.search().hit().filter(|hit| self.kind == PaneKind::Matches && is_shown(hit.start));
        let is_hit = |row: &PaneRow| hit.is_some_and(|hit| *row == PaneRow::Match(hit));
        if let Some(index) = self.rows.iter().position(is_hit) {
            return Some(index);
        }
        let here = reader.place();
        let places = || {
            let entries = self.rows.iter().enumerate().filter(|(_, row)| row.is_entry());
            entries.filter_map(|(index, row)| Some((row.place(reader)?, index)))
        };
        let on_page = || places().filter(|(place, _)| is_shown(*place)).min();
        let on_page = if self.kind == PaneKind::Contents { None } else { on_page() };
        let before = || places().filter(|(place, _)| *place <= here).max();
        on_page.or_else(before).map(|(_, index)| index)
    }
}

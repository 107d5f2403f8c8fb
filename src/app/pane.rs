//! The lists beside the text: contents, quotations, marks. Each keeps which of its entries are
//! shown and where its cursor is; the entries themselves belong to the reader.

use std::collections::HashSet;

use crate::document::{Outline, Quote, QuoteKind};
use crate::reader::{Kept, Reader};
use crate::text::{Clean, Pattern};

use super::list::List;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneKind {
    /// The chapters.
    Contents,
    /// The quotations.
    Quotes,
    /// The reader's marks.
    Marks,
}

/// How quotations are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// In the order of the text.
    #[default]
    Place,
    /// By who speaks, those who speak most first.
    Speaker,
}

/// One row of a pane.
#[derive(Clone, Debug, PartialEq)]
pub enum PaneRow {
    /// An entry of the outline, by its index; whether it has entries below it, and shows them.
    Chapter {
        /// Index in the outline.
        index: usize,
        /// `Some(true)`: its entries are shown; `Some(false)`: folded; `None`: it has none.
        unfolded: Option<bool>,
    },
    /// A speaker, above what they say.
    Speaker {
        /// The name; `None` for quotations of nobody known.
        name: Option<Clean>,
        /// How many quotations.
        count: usize,
    },
    /// A quotation, by its index.
    Quote(usize),
    /// A mark, by its index.
    Mark(usize),
}

/// A list beside the text.
#[derive(Debug)]
pub struct Pane {
    /// Which list it is.
    pub kind: PaneKind,
    /// Whether keys go to it rather than to the text.
    pub has_focus: bool,
    /// Where its cursor is.
    pub list: List,
    /// How quotations are grouped.
    pub grouping: Grouping,
    filter: String,
    folded: HashSet<usize>,
    rows: Vec<PaneRow>,
    /// The cursor was never moved, so it follows where the reader is.
    follows: bool,
}

impl Pane {
    /// A list with the focus, its cursor where the reader is.
    pub fn new(kind: PaneKind, reader: &Reader, height: usize) -> Pane {
        let mut pane = Pane {
            kind,
            has_focus: true,
            list: List::default(),
            grouping: Grouping::default(),
            filter: String::new(),
            folded: HashSet::new(),
            rows: Vec::new(),
            follows: true,
        };
        pane.list.set_height(height);
        pane.refresh(reader);
        pane
    }

    /// The rows, after folding and filtering.
    pub fn rows(&self) -> &[PaneRow] {
        &self.rows
    }

    /// The row that the cursor is on.
    pub fn current(&self) -> Option<&PaneRow> {
        self.rows.get(self.list.cursor())
    }

    /// The words that entries must have.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Shows only entries with these words.
    pub fn set_filter(&mut self, filter: &str, reader: &Reader) {
        filter.clone_into(&mut self.filter);
        self.follows = false;
        self.refresh(reader);
        self.list.go(self.rows.iter().position(|row| !matches!(row, PaneRow::Speaker { .. })).unwrap_or(0));
    }

    /// Moves the cursor.
    pub fn step(&mut self, entries: i64) {
        self.follows = false;
        self.list.step(entries);
    }

    /// Groups quotations the other way.
    pub fn regroup(&mut self, reader: &Reader) {
        self.grouping = match self.grouping {
            Grouping::Place => Grouping::Speaker,
            Grouping::Speaker => Grouping::Place,
        };
        self.follows = true;
        self.refresh(reader);
    }

    /// Folds or unfolds the chapter at the cursor. On one that has nothing to fold, the cursor
    /// goes to the chapter around it.
    pub fn fold(&mut self, fold: bool, reader: &Reader) {
        let Some(&PaneRow::Chapter { index, unfolded }) = self.current() else { return };
        self.follows = false;
        let target = match (fold, unfolded) {
            (true, Some(true)) => {
                self.folded.insert(index);
                index
            }
            (true, _) => reader.outline().parent(index).unwrap_or(index),
            (false, _) => {
                self.folded.remove(&index);
                index
            }
        };
        self.refresh(reader);
        if let Some(row) =
            self.rows.iter().position(|r| matches!(r, PaneRow::Chapter { index, .. } if *index == target))
        {
            self.list.go(row);
        }
    }

    /// Makes the rows anew, after anything they depend on changed.
    pub fn refresh(&mut self, reader: &Reader) {
        let pattern = Pattern::new(&self.filter);
        self.rows = match self.kind {
            PaneKind::Contents => chapter_rows(reader.outline(), &self.folded, pattern.as_ref()),
            PaneKind::Quotes => quote_rows(reader, self.grouping, pattern.as_ref()),
            PaneKind::Marks => mark_rows(reader.marks().all(), pattern.as_ref()),
        };
        self.list.set_len(self.rows.len());
        if self.follows {
            let first = self.rows.iter().position(|row| !matches!(row, PaneRow::Speaker { .. }));
            self.list.center(self.row_of_reader(reader).or(first).unwrap_or(0));
        }
    }

    /// The row that stands for where the reader is: the last one before the page.
    pub fn row_of_reader(&self, reader: &Reader) -> Option<usize> {
        let place = reader.place();
        let here = |row: &PaneRow| match row {
            PaneRow::Chapter { index, .. } => {
                reader.outline().entries().get(*index).is_some_and(|e| e.target.position() <= place)
            }
            PaneRow::Quote(index) => {
                reader.quotes().and_then(|q| q.get(*index)).is_some_and(|q| q.range().start <= place)
            }
            PaneRow::Mark(index) => reader.marks().all().get(*index).is_some_and(|k| k.mark.anchor.start <= place),
            PaneRow::Speaker { .. } => false,
        };
        // Grouped by speaker, the rows are not in the order of the text.
        if self.grouping == Grouping::Speaker { None } else { self.rows.iter().rposition(here) }
    }
}

fn chapter_rows(outline: &Outline, folded: &HashSet<usize>, pattern: Option<&Pattern>) -> Vec<PaneRow> {
    let entries = outline.entries();
    let has_children = |index: usize| match (entries.get(index), entries.get(index + 1)) {
        (Some(entry), Some(next)) => next.level > entry.level,
        _ => false,
    };
    let mut rows = Vec::new();
    let mut hidden_below = None;
    for (index, entry) in entries.iter().enumerate() {
        if let Some(pattern) = pattern {
            if !pattern.find_all(&entry.title).is_empty() {
                rows.push(PaneRow::Chapter { index, unfolded: None });
            }
            continue;
        }
        match hidden_below {
            Some(level) if entry.level > level => continue,
            _ => hidden_below = None,
        }
        let unfolded = has_children(index).then(|| !folded.contains(&index));
        if unfolded == Some(false) {
            hidden_below = Some(entry.level);
        }
        rows.push(PaneRow::Chapter { index, unfolded });
    }
    rows
}

fn quote_rows(reader: &Reader, grouping: Grouping, pattern: Option<&Pattern>) -> Vec<PaneRow> {
    let quotes = reader.quotes().unwrap_or_default();
    let wanted = |quote: &Quote| {
        quote.kind != QuoteKind::Inline
            && pattern.is_none_or(|p| {
                let texts = [Some(&quote.opening), quote.speaker.as_ref()];
                texts.into_iter().flatten().any(|text| !p.find_all(text).is_empty())
            })
    };
    let shown: Vec<usize> = quotes.iter().enumerate().filter(|(_, q)| wanted(q)).map(|(i, _)| i).collect();
    if grouping == Grouping::Place {
        return shown.into_iter().map(PaneRow::Quote).collect();
    }
    let mut groups: Vec<(Option<Clean>, Vec<usize>)> = Vec::new();
    let mut index_of = std::collections::HashMap::new();
    for index in shown {
        let speaker = quotes.get(index).and_then(|q| q.speaker.clone());
        let group = *index_of.entry(speaker.clone()).or_insert_with(|| {
            groups.push((speaker, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, members)) = groups.get_mut(group) {
            members.push(index);
        }
    }
    groups.sort_by_key(|(name, members)| (name.is_none(), std::cmp::Reverse(members.len())));
    let rows = groups.into_iter().flat_map(|(name, members)| {
        let head = PaneRow::Speaker { name, count: members.len() };
        std::iter::once(head).chain(members.into_iter().map(PaneRow::Quote))
    });
    rows.collect()
}

fn mark_rows(marks: &[Kept], pattern: Option<&Pattern>) -> Vec<PaneRow> {
    let wanted = |kept: &Kept| {
        pattern.is_none_or(|p| {
            let mark = &kept.mark;
            let texts = [Some(&mark.anchor.words), Some(&mark.anchor.after), mark.note.as_ref(), mark.name.as_ref()];
            texts.into_iter().flatten().any(|text| !p.find_all(text).is_empty())
        })
    };
    marks.iter().enumerate().filter(|(_, k)| wanted(k)).map(|(i, _)| PaneRow::Mark(i)).collect()
}

//! The rows of a list: which entries are shown, in what order, and under which headings.
//!
//! Every list is made the same way: the entries that pass the filter, in an arrangement that the
//! kind of list has, grouped under headings that count and fold. It must not know the cursor or
//! the screen.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::document::{MarkKind, Outline, Position, Quote, QuoteKind, Range};
use crate::reader::{Kept, Reader};
use crate::text::{Clean, Pattern};

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneKind {
    /// The chapters.
    Contents,
    /// The quotations.
    Quotes,
    /// The reader's marks.
    Marks,
    /// The matches of the last search.
    Matches,
}

impl PaneKind {
    /// The ways in which its entries can be arranged, the usual one first.
    pub fn arrangements(self) -> &'static [Arrangement] {
        match self {
            PaneKind::Contents => &[Arrangement::Place],
            PaneKind::Quotes => &[Arrangement::Place, Arrangement::Chapter, Arrangement::Speaker],
            PaneKind::Matches => &[Arrangement::Chapter, Arrangement::Place],
            PaneKind::Marks => &[Arrangement::Chapter, Arrangement::Kind, Arrangement::Time],
        }
    }

    /// Whether the entry at the cursor is shown in its context: beside the list, and in full
    /// below it.
    pub fn has_preview(self) -> bool {
        self != PaneKind::Contents
    }
}

/// How entries are ordered and grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// In the order of the text, without headings.
    Place,
    /// In the order of the text, under the chapters.
    Chapter,
    /// Under who speaks, those who speak most first.
    Speaker,
    /// Under what they are.
    Kind,
    /// Under the day they were made, the latest first.
    Time,
}

impl Arrangement {
    /// What the list says of it.
    pub fn name(self) -> &'static str {
        match self {
            Arrangement::Place => "in order",
            Arrangement::Chapter => "by chapter",
            Arrangement::Speaker => "by speaker",
            Arrangement::Kind => "by kind",
            Arrangement::Time => "by time",
        }
    }
}

/// What entries have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Heading {
    /// The chapter, by its index in the outline; `None` before the first.
    Chapter(Option<usize>),
    /// Who speaks; `None` where that is not known.
    Speaker(Option<Clean>),
    /// The kind of mark.
    Kind(MarkKind),
    /// The day, counted from 1970 (UTC); `None` for what is being saved now.
    Day(Option<u64>),
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaneRow {
    /// An entry of the outline, by its index; whether it has entries below it, and shows them.
    Chapter {
        /// Index in the outline.
        index: usize,
        /// Where it begins.
        place: Position,
        /// `Some(true)`: its entries are shown; `Some(false)`: folded; `None`: it has none.
        unfolded: Option<bool>,
    },
    /// A heading above entries.
    Heading {
        /// What they have in common.
        heading: Heading,
        /// How many there are.
        count: usize,
        /// Whether they are shown.
        unfolded: bool,
    },
    /// A quotation, by its index.
    Quote(usize),
    /// A mark.
    Mark {
        /// Its index.
        index: usize,
        /// Its identity.
        id: String,
    },
    /// A match: others are found before it while it is shown.
    Match(Range),
}

impl PaneRow {
    /// Whether the row stands for something to go to, and is no heading.
    pub fn is_entry(&self) -> bool {
        !matches!(self, PaneRow::Heading { .. })
    }

    /// What can be folded at this row: a heading, or a chapter with others below it.
    pub fn fold(&self) -> Option<(Heading, bool)> {
        match self {
            PaneRow::Chapter { index, unfolded, .. } => unfolded.map(|shown| (Heading::Chapter(Some(*index)), shown)),
            PaneRow::Heading { heading, unfolded, .. } => Some((heading.clone(), *unfolded)),
            PaneRow::Quote(_) | PaneRow::Mark { .. } | PaneRow::Match(_) => None,
        }
    }

    /// The stretches of the text that the entry stands for; none for a heading or a chapter.
    pub fn parts(&self, reader: &Reader) -> Vec<Range> {
        match self {
            PaneRow::Quote(index) => {
                reader.quotes().and_then(|q| q.get(*index)).map(|q| q.parts.clone()).unwrap_or_default()
            }
            PaneRow::Mark { index, .. } => {
                let anchor = reader.marks().all().get(*index).map(|k| &k.mark.anchor);
                anchor.map(|anchor| Range { start: anchor.start, end: anchor.end }).into_iter().collect()
            }
            PaneRow::Match(range) => vec![*range],
            PaneRow::Chapter { .. } | PaneRow::Heading { .. } => Vec::new(),
        }
    }

    /// Whether the rows stand for one entry, which may have another index now.
    pub fn is_same(&self, other: &PaneRow) -> bool {
        match (self, other) {
            (PaneRow::Mark { id, .. }, PaneRow::Mark { id: other, .. }) => id == other,
            _ => self == other,
        }
    }

    /// Where the entry begins.
    pub fn place(&self, reader: &Reader) -> Option<Position> {
        match self {
            PaneRow::Chapter { place, .. } => Some(*place),
            PaneRow::Quote(index) => reader.quotes().and_then(|q| q.get(*index)).map(|q| q.range().start),
            PaneRow::Mark { index, .. } => reader.marks().all().get(*index).map(|k| k.mark.anchor.start),
            PaneRow::Match(range) => Some(range.start),
            PaneRow::Heading { .. } => None,
        }
    }
}

/// Makes the rows of a list; gives them and how many entries there are, folded ones included.
pub(super) fn rows(
    kind: PaneKind,
    arrangement: Arrangement,
    filter: &str,
    folded: &HashSet<Heading>,
    reader: &Reader,
) -> (Vec<PaneRow>, usize) {
    let pattern = Pattern::new(filter);
    let pattern = pattern.as_ref();
    if kind == PaneKind::Contents {
        let rows = chapter_rows(reader.outline(), folded, pattern);
        let count = rows.len();
        return (rows, count);
    }
    let quotes = reader.quotes().unwrap_or_default();
    let marks = reader.marks().all();
    let hits = reader.search().hits();
    let entries: Vec<PaneRow> = match kind {
        PaneKind::Quotes => (0..quotes.len())
            .filter(|&i| quotes.get(i).is_some_and(|q| has_quote(q, pattern)))
            .map(PaneRow::Quote)
            .collect(),
        PaneKind::Matches => hits
            .iter()
            .filter(|hit| pattern.is_none_or(|p| !p.find_all(&hit.words).is_empty()))
            .map(|hit| PaneRow::Match(hit.range))
            .collect(),
        _ => (0..)
            .zip(marks)
            .filter(|(_, kept)| has_mark(kept, pattern))
            .map(|(index, kept)| PaneRow::Mark { index, id: kept.mark.id.clone() })
            .collect(),
    };
    let count = entries.len();
    let mark =
        |row: &PaneRow| if let PaneRow::Mark { index, .. } = row { marks.get(*index).map(|k| &k.mark) } else { None };
    let quote = |row: &PaneRow| if let PaneRow::Quote(index) = row { quotes.get(*index) } else { None };
    let groups = match arrangement {
        Arrangement::Place => return (entries, count),
        Arrangement::Chapter => {
            let chapters = Chapters::new(reader.outline());
            if chapters.starts.len() < 2 {
                return (entries, count);
            }
            grouped(entries, |row| Heading::Chapter(row.place(reader).and_then(|place| chapters.locate(place))))
        }
        Arrangement::Speaker => {
            let mut groups = grouped(entries, |row| Heading::Speaker(quote(row).and_then(|q| q.speaker.clone())));
            groups.sort_by_key(|(heading, members)| (*heading == Heading::Speaker(None), Reverse(members.len())));
            groups
        }
        Arrangement::Kind => {
            let mut groups = grouped(entries, |row| Heading::Kind(mark(row).map_or(MarkKind::Bookmark, |m| m.kind)));
            groups.sort_by_key(|(heading, _)| if let Heading::Kind(kind) = heading { Some(*kind) } else { None });
            groups
        }
        Arrangement::Time => {
            let mut entries = entries;
            // What is being saved has no time yet: it is the latest.
            entries.sort_by_key(|row| Reverse(mark(row).map(|m| m.created).filter(|&t| t > 0).unwrap_or(u64::MAX)));
            grouped(entries, |row| Heading::Day(mark(row).map(|m| m.created / DAY).filter(|&day| day > 0)))
        }
    };
    (headed(groups, |heading| pattern.is_some() || !folded.contains(heading)), count)
}

/// Entries with the same key, in the order in which the keys first come.
fn grouped<K: Clone + Eq + Hash>(entries: Vec<PaneRow>, key: impl Fn(&PaneRow) -> K) -> Vec<(K, Vec<PaneRow>)> {
    let mut groups: Vec<(K, Vec<PaneRow>)> = Vec::new();
    let mut index_of: HashMap<K, usize> = HashMap::new();
    for row in entries {
        let key = key(&row);
        let index = *index_of.entry(key.clone()).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, members)) = groups.get_mut(index) {
            members.push(row);
        }
    }
    groups
}

fn headed(groups: Vec<(Heading, Vec<PaneRow>)>, is_unfolded: impl Fn(&Heading) -> bool) -> Vec<PaneRow> {
    let mut rows = Vec::new();
    for (heading, members) in groups {
        let unfolded = is_unfolded(&heading);
        rows.push(PaneRow::Heading { heading, count: members.len(), unfolded });
        if unfolded {
            rows.extend(members);
        }
    }
    rows
}

/// Where chapters begin, for many look-ups.
struct Chapters {
    starts: Vec<(Position, usize)>,
}

impl Chapters {
    fn new(outline: &Outline) -> Chapters {
        let places = outline.entries().iter().map(|e| e.target.position());
        let mut starts: Vec<(Position, usize)> = places.zip(0..).collect();
        starts.sort_unstable();
        Chapters { starts }
    }

    /// As [`Outline::locate`].
    fn locate(&self, place: Position) -> Option<usize> {
        let after = self.starts.partition_point(|(start, _)| *start <= place);
        after.checked_sub(1).and_then(|i| self.starts.get(i)).map(|(_, index)| *index)
    }
}

fn chapter_rows(outline: &Outline, folded: &HashSet<Heading>, pattern: Option<&Pattern>) -> Vec<PaneRow> {
    let entries = outline.entries();
    let has_children = |index: usize| match (entries.get(index), entries.get(index + 1)) {
        (Some(entry), Some(next)) => next.level > entry.level,
        _ => false,
    };
    let mut rows = Vec::new();
    let mut hidden_below = None;
    for (index, entry) in entries.iter().enumerate() {
        let place = entry.target.position();
        if let Some(pattern) = pattern {
            if !pattern.find_all(&entry.title).is_empty() {
                rows.push(PaneRow::Chapter { index, place, unfolded: None });
            }
            continue;
        }
        match hidden_below {
            Some(level) if entry.level > level => continue,
            _ => hidden_below = None,
        }
        let unfolded = has_children(index).then(|| !folded.contains(&Heading::Chapter(Some(index))));
        if unfolded == Some(false) {
            hidden_below = Some(entry.level);
        }
        rows.push(PaneRow::Chapter { index, place, unfolded });
    }
    rows
}

fn has_quote(quote: &Quote, pattern: Option<&Pattern>) -> bool {
    let texts = || [Some(&quote.opening), quote.speaker.as_ref()].into_iter().flatten();
    quote.kind != QuoteKind::Inline && pattern.is_none_or(|p| texts().any(|text| !p.find_all(text).is_empty()))
}

fn has_mark(kept: &Kept, pattern: Option<&Pattern>) -> bool {
    // What was made of chapters is listed with the chapters.
    if kept.mark.is_correction() {
        return false;
    }
    let Some(pattern) = pattern else { return true };
    let mark = &kept.mark;
    let is_in = |text: &str| !pattern.find_all(text).is_empty();
    let mut texts = [mark.note.as_ref(), mark.name.as_ref()].into_iter().flatten().chain(&mark.anchor.chapter);
    is_in(&mark.anchor.quotation())
        || mark.marked_words().is_some_and(|words| is_in(&words))
        || texts.any(|text| is_in(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_grouped_in_the_order_of_their_first() {
        let entries: Vec<PaneRow> = [3, 1, 4, 5, 9, 2].map(PaneRow::Quote).into();
        let groups = grouped(entries, |row| if let PaneRow::Quote(n) = row { n % 2 } else { 0 });
        let numbers: Vec<(usize, usize)> = groups.into_iter().map(|(key, members)| (key, members.len())).collect();
        assert_eq!(numbers, [(1, 4), (0, 2)]);
    }

    #[test]
    fn a_folded_heading_counts_what_it_hides() {
        let day = |n| Heading::Day(Some(n));
        let mark = |index| PaneRow::Mark { index, id: index.to_string() };
        let groups = vec![(day(2), vec![mark(0), mark(1)]), (day(1), vec![mark(2)])];
        let rows = headed(groups, |heading| *heading != day(2));
        let heading = |n, count, unfolded| PaneRow::Heading { heading: day(n), count, unfolded };
        assert_eq!(rows, [heading(2, 2, false), heading(1, 1, true), mark(2)]);
    }
}

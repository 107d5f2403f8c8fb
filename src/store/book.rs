//! A book in memory: what its logs say, and what they do not have yet.
//!
//! What was once known stays known until the program ends, even where its file is taken away; but of many
//! deleted marks only that they are: what they were stands in the logs, and is read again where a change
//! brings one back. This file reads logs and must not write them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::files::reason;
use crate::text::{Clean, clean_line};

use super::body::Label;
use super::fs::{Fs, Stat};
use super::joins::Joins;
use super::log::{self, Content, Log};
use super::merge::State;
use super::paths::Paths;
use super::record::{Kind, Op, Record, VERSION};
use super::stamp::{Stamp, StampClock};

/// A book whose logs were read.
#[derive(Debug, Default)]
pub struct Book {
    /// What is known, saved or not.
    pub state: State,
    /// What the book is called where it is read now.
    pub label: Label,
    /// Changes that are not yet on the disk.
    pub pending: Vec<Record>,
    /// What of this run is, in case the file that it went to is taken away.
    pub written: Written,
    /// The log of this device.
    pub log: Log,
    /// Bytes of the log at which it is looked at for compaction.
    pub compact_at: u64,
    /// Whether the weekly copy was thought of in this run.
    pub is_backed_up: bool,
    /// Whether all logs could be read when they were last looked at. Else a new change might get
    /// a stamp before one that is not known.
    pub is_complete: bool,
    /// Whether a pending change was made while that was so.
    pub is_unsure: bool,
    /// Marks of which this run has put all on the disk that is known of them. What was only read may
    /// not be there: the program that wrote it may have ended before the disk had it.
    grounded: BTreeSet<String>,
    /// All books joined to this one, directly or not.
    joins: Joins,
    /// Whether the last look at the logs found any that it could read and had not.
    pub has_news: bool,
    /// What went wrong when logs were read of which the reader was not told; none where there were none.
    pub untold: Option<Vec<Clean>>,
    /// The files as they were when they were last looked at.
    files: BTreeMap<PathBuf, Seen>,
}

/// What a run has put on the disk: the changes of marks need not be kept, for what became of them is
/// known, and a run may make any number of them.
#[derive(Debug, Default)]
pub struct Written {
    /// Marks that it changed.
    marks: BTreeSet<String>,
    /// Its place, and what it calls the book.
    latest: Vec<Record>,
}

impl Written {
    /// Lines that together say what of it still counts.
    pub fn again(&self, state: &State) -> Vec<Record> {
        let marks = self.marks.iter().flat_map(|id| state.restated_for_all(id));
        self.latest.iter().cloned().chain(marks).collect()
    }

    fn add(&mut self, record: Record) {
        match record.kind {
            Kind::Mark(_) => {
                self.marks.insert(record.id);
            }
            Kind::Place | Kind::Label => add(&mut self.latest, record),
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    stat: Stat,
    /// Whether all of it is known; what could not be read is tried again.
    is_read: bool,
    /// Whether no line of it is a log's.
    is_no_log: bool,
    /// A check sum over its damaged lines.
    bad_sum: u32,
}

impl Book {
    /// Reads what is new in the logs of a book and of those joined to it. Gives what went wrong.
    pub fn refresh<F: Fs>(&mut self, fs: &mut F, paths: &Paths, key: &str, stamps: &mut StampClock) -> Vec<Clean> {
        let mut problems = Vec::new();
        let mut read = BTreeSet::new();
        self.log.watch(fs, paths);
        self.state.keep_found_in(key);
        (self.is_complete, self.has_news) = (true, false);
        let files = log::all_files(fs, paths).unwrap_or_else(|failure| {
            self.is_complete = false;
            problems.push(unreadable(&failure.path, &failure.why));
            BTreeMap::new()
        });
        let mut wanted = BTreeSet::new();
        loop {
            // A book that is read may name further ones.
            let next: BTreeSet<String> = self.keys(key).difference(&read).cloned().collect();
            if next.is_empty() {
                self.state.has_all(&wanted);
                wanted = self.state.wanted();
                if wanted.is_empty() {
                    return problems;
                }
                // All is read once more. What is away is news when it is back.
                self.files.values_mut().for_each(|seen| (seen.is_read, seen.stat) = (false, Stat::default()));
                read.clear();
                continue;
            }
            for of in &next {
                let files = files.get(of).map(Vec::as_slice).unwrap_or_default();
                add_new(&mut problems, self.read_files(fs, paths, (key, of), files, stamps));
            }
            read.extend(next);
        }
    }

    /// Lets go of what deleted marks were once they are more than so many, if it is on the disk.
    pub fn strip_deleted(&mut self, most: usize) {
        if self.is_complete && self.pending.is_empty() {
            self.state.strip_deleted(most);
        }
    }

    /// The reader is to be told at the next look that something was read, and what went wrong.
    pub fn tell_later(&mut self, problems: Vec<Clean>) {
        add_new(self.untold.get_or_insert_default(), problems);
    }

    /// Whether a file was changed since it was last looked at.
    pub fn is_changed<F: Fs>(&self, fs: &mut F, paths: &Paths, key: &str) -> bool {
        // A folder that cannot be read now may be there again at the next look.
        let files = log::files_of(fs, paths, &self.keys(key)).unwrap_or_default();
        files
            .iter()
            .any(|(_, path)| fs.stat(path).is_ok_and(|now| self.files.get(path).is_none_or(|seen| seen.stat != now)))
    }

    /// Whether a file has bytes and none of them are a log.
    pub fn is_no_log(&self, path: &Path) -> bool {
        self.files.get(path).is_some_and(|seen| seen.is_no_log)
    }

    /// This program made a log short of which it knows all.
    pub fn replaced(&mut self, path: &Path, stat: Stat) {
        self.files.entry(path.to_path_buf()).and_modify(|seen| seen.stat = stat);
    }

    /// This program added to a file: what was known of it before is known now.
    pub fn wrote(&mut self, path: &Path, before: Option<Stat>, after: Stat) {
        let seen = self.files.get(path).copied().unwrap_or_default();
        let known = seen.is_read && Some(seen.stat) == before;
        // What others wrote and was not read yet is still to be read.
        if before.is_none() || known {
            self.files.insert(path.to_path_buf(), Seen { stat: after, is_read: true, is_no_log: false, ..seen });
        }
    }

    /// What the book is called where it is read now, with what is known of its text: whoever read
    /// it, a text has one fingerprint.
    pub fn known_label(&self) -> Label {
        let latest = || self.state.labels().into_iter().next().map(|(_, label)| label);
        let mut label = if self.label == Label::default() { latest().unwrap_or_default() } else { self.label.clone() };
        if !label.knows_text()
            && let Some((_, known)) = self.state.labels().into_iter().find(|(_, known)| known.knows_text())
        {
            (label.text, label.print) = (known.text, known.print);
        }
        label
    }

    /// Joins another book to this one.
    pub fn join(&mut self, other: &str) {
        if !self.label.joins.iter().any(|join| join == other) {
            self.label.joins.push(other.to_owned());
        }
        self.joins.add(&[other.to_owned()]);
    }

    /// What the pending changes of marks stand on, and this run has not put on the disk itself: it is
    /// to be written before them, for a change without its mark is nothing.
    pub fn ground(&self) -> Vec<Record> {
        let pending: BTreeSet<&Stamp> = self.pending.iter().map(|record| &record.at).collect();
        let ids: BTreeSet<&String> = self.pending.iter().filter_map(changed_mark).collect();
        let ids = ids.into_iter().filter(|id| !self.grounded.contains(*id));
        ids.flat_map(|id| self.state.restated(id)).filter(|record| !pending.contains(&record.at)).collect()
    }

    /// The changes of marks that are not on the disk, one line for each mark that says all of it.
    pub fn last_resort(&self) -> Vec<Record> {
        let is_deletion = |record: &&Record| record.op == Op::Del;
        let ids: BTreeSet<&String> = self.pending.iter().filter_map(changed_mark).collect();
        let marks = ids.into_iter().filter_map(|id| self.state.in_one(id));
        self.pending.iter().filter(is_deletion).cloned().chain(marks).collect()
    }

    /// The pending lines are on the disk, and the ground that they stand on.
    pub fn settle(&mut self) {
        for record in std::mem::take(&mut self.pending) {
            match changed_mark(&record) {
                Some(id) => drop(self.grounded.insert(id.clone())),
                // Whoever brings back a deleted mark may do so after its log was taken away: with its ground.
                None => drop(self.grounded.remove(&record.id)),
            }
            self.written.add(record);
        }
    }

    /// The logs were deleted because the reader wished so: nothing of what they said counts as written.
    pub fn forgotten(&mut self) {
        self.label = self.known_label();
        self.written = Written::default();
        self.grounded.clear();
        self.is_backed_up = false;
        self.state.unname();
    }

    /// A change: in memory now, to be written.
    pub fn add_pending(&mut self, record: Record) {
        self.is_unsure |= !self.is_complete;
        self.state.apply(&record);
        add(&mut self.pending, record);
    }

    /// Makes the pending changes anew, later than all that is known by now.
    pub fn renew(&mut self, mut stamp: impl FnMut() -> Stamp) {
        self.is_unsure = false;
        let mut renewed: Vec<(Stamp, Stamp)> = Vec::new();
        for record in &mut self.pending {
            let old = std::mem::replace(&mut record.at, stamp());
            // What was written over an earlier one of them still is.
            let earlier = renewed.iter().filter(|(old, _)| record.over.contains(old)).map(|(_, new)| new.clone());
            record.over.extend(earlier.collect::<Vec<_>>());
            if record.body.contains_key("note") {
                renewed.push((old.clone(), record.at.clone()));
                record.over.push(old);
            }
            self.state.apply(record);
        }
    }

    /// Whether another book is joined to this one, directly or not.
    pub fn has_joined(&self, other: &str) -> bool {
        self.joins.has(other)
    }

    /// The book's own key and those joined to it.
    pub fn keys(&self, key: &str) -> BTreeSet<String> {
        self.joins.keys().into_iter().chain([key.to_owned()]).collect()
    }

    /// Takes in the logs of a book as far as they have changed since they were read: this one's own,
    /// or those of one that was joined to it.
    fn read_files<F: Fs>(
        &mut self,
        fs: &mut F,
        paths: &Paths,
        (own, of): (&str, &str),
        files: &[PathBuf],
        stamps: &mut StampClock,
    ) -> Vec<Clean> {
        let (mut problems, mut logs, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        let label = log::of_kind(Kind::Label);
        for path in files.iter().filter(|path| self.is_news(fs, path)).collect::<Vec<_>>() {
            match log::each_line(fs, path, |line| labels.extend(label(line))) {
                Ok(stat) => logs.push((path, stat)),
                Err(why) => problems.push(self.unreadable(fs, path, &why)),
            }
        }
        if logs.is_empty() {
            return problems;
        }
        let labels: Vec<Label> = labels.iter().map(|record| Label::from_body(&record.body)).collect();
        let is_admitted = self.admits(own, of, &labels);
        // What comes between the two readings belongs to the next look, with its labels.
        for (path, stat) in logs {
            let each = |record: Record| {
                if is_admitted {
                    self.take(own == of, &record, stamps);
                }
            };
            let content = match Content::read(fs, path, each) {
                Ok((content, _)) => content,
                Err(why) => {
                    problems.push(self.unreadable(fs, path, &why));
                    continue;
                }
            };
            let said = self.files.get(path).map_or(0, |seen| seen.bad_sum);
            // Of a book that is foreign nothing was taken in; another one may still join it as a version.
            let seen = Seen { stat, is_read: is_admitted, is_no_log: content.is_no_log(), bad_sum: content.bad_sum };
            self.files.insert(path.clone(), seen);
            self.has_news |= is_admitted;
            problems.extend(self::problems(fs, paths, path, (&content, said)));
        }
        problems
    }

    /// Takes in what this run has made of a book that was joined to this one, on the disk or not. Where
    /// that one `ends`, it gives its marks away, for there may be thousands.
    pub fn take_over(&mut self, of: &str, other: &mut Book, ends: bool, stamps: &mut StampClock) {
        let records: Vec<Record> = other.written.latest.iter().chain(&other.pending).cloned().collect();
        let labels = records.iter().filter(|record| record.kind == Kind::Label);
        let labels: Vec<Label> = labels.map(|record| Label::from_body(&record.body)).collect();
        let has_any = !records.is_empty() || !other.written.marks.is_empty();
        if has_any && self.joins.admit(&self.known_label(), of, &labels) {
            for id in &other.written.marks {
                let of_mark = other.state.restated_for_all(id);
                if ends {
                    other.state.let_go(id);
                }
                for record in &of_mark {
                    self.take(false, record, stamps);
                }
            }
            for record in &records {
                self.take(false, record, stamps);
            }
        }
    }

    /// Whether what is known of a book is taken in, going by what it is called; with the books that
    /// it was joined to itself.
    fn admits(&mut self, own: &str, of: &str, labels: &[Label]) -> bool {
        if own != of {
            return self.joins.admit(&self.known_label(), of, labels);
        }
        for label in labels {
            self.joins.add(&label.joins);
        }
        true
    }

    fn take(&mut self, is_own: bool, record: &Record, stamps: &mut StampClock) {
        stamps.observe(&record.at);
        self.grounded.remove(&record.id);
        // A joined book keeps its own name.
        if is_own || record.kind != Kind::Label {
            self.state.apply(record);
        }
    }

    /// Whether a log has changed since it was read.
    fn is_news<F: Fs>(&mut self, fs: &mut F, path: &Path) -> bool {
        if let (Ok(now), Some(seen)) = (fs.stat(path), self.files.get_mut(path)) {
            if seen.is_read && seen.stat == now {
                return false;
            }
            *seen = Seen { stat: now, is_read: false, ..*seen };
        }
        true
    }

    /// A log could not be read: it is tried again at the next look.
    fn unreadable<F: Fs>(&mut self, fs: &mut F, path: &Path, why: &io::Error) -> Clean {
        let stat = fs.stat(path).unwrap_or_default();
        self.files.insert(path.to_path_buf(), Seen { stat, ..Seen::default() });
        self.is_complete = false;
        unreadable(path, why)
    }
}

/// What to say about a log that was read, in every program that reads it. `said`: the damage that was
/// said in this one.
fn problems<F: Fs>(fs: &mut F, paths: &Paths, path: &Path, (content, said): (&Content, u32)) -> Vec<Clean> {
    let mut problems = Vec::new();
    if content.bad > 0 && content.bad_sum != said {
        let lines = if content.bad == 1 { "a line" } else { "some lines" };
        let kept = log::keep_damaged(fs, paths, path, content.bad_sum).map_or("", |()| "; a copy was kept");
        problems.push(format!("damaged: {lines} of {}{kept}", path.display()));
    }
    if content.version > VERSION {
        problems.push(format!("{} was written by a later version; what it adds is kept", path.display()));
    }
    problems.iter().map(|problem| clean_line(problem)).collect()
}

/// The mark that a change leaves in place.
fn changed_mark(record: &Record) -> Option<&String> {
    (record.op == Op::Set && matches!(record.kind, Kind::Mark(_))).then_some(&record.id)
}

/// Adds a line; an older place or label need not be written any more.
fn add(lines: &mut Vec<Record>, line: Record) {
    if matches!(line.kind, Kind::Place | Kind::Label) {
        lines.retain(|old| old.kind != line.kind);
    }
    lines.push(line);
}

/// Adds sentences that are not there yet.
pub fn add_new(sentences: &mut Vec<Clean>, more: Vec<Clean>) {
    for sentence in more {
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
}

fn unreadable(path: &Path, why: &io::Error) -> Clean {
    clean_line(&format!("cannot read {}: {}", path.display(), reason(why)))
}

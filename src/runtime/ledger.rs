//! What was asked of the keeper and may not be on the disk, as lines of a log.
//!
//! It is kept on the asking side, so that it can be said although the keeper waits for a disk that
//! does not answer, or broke. It must not know the store's files.

use std::collections::VecDeque;
use std::sync::mpsc::Receiver;

/// What the keeper says after it carried out the wish with this number, or something of its own
/// after that: what of all wishes so far is not on the disk.
pub type Report = (u64, String);

/// Wishes that are open, and what is left of those carried out.
#[derive(Debug, Default)]
pub struct Ledger {
    asked: u64,
    /// Wishes that were not carried out yet, by number.
    open: VecDeque<(u64, String)>,
    rest: String,
    reports: Option<Receiver<Report>>,
}

impl Ledger {
    /// From now on the keeper says how far it is.
    pub fn listen(&mut self, reports: Receiver<Report>) {
        self.reports = Some(reports);
    }

    /// A wish, with the lines that would carry it out; empty where it is no loss. Gives its number.
    pub fn ask(&mut self, lines: String) -> u64 {
        self.settle();
        self.asked += 1;
        if !lines.is_empty() {
            self.open.push_back((self.asked, lines));
        }
        self.asked
    }

    /// All that may not be on the disk.
    pub fn lines(&mut self) -> String {
        self.settle();
        std::iter::once(&self.rest).chain(self.open.iter().map(|(_, lines)| lines)).map(String::as_str).collect()
    }

    fn settle(&mut self) {
        for (number, rest) in self.reports.iter().flat_map(Receiver::try_iter) {
            self.rest = rest;
            while self.open.front().is_some_and(|(open, _)| *open <= number) {
                self.open.pop_front();
            }
        }
    }
}

/// What is said of changes that could not be saved, for the reader. Nothing of none.
pub fn last_resort(lines: &str) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let how = "keep the lines in a file; `lection marks import THAT_FILE --into DOCUMENT` takes them in";
    format!("lection: this could not be saved; {how}:\n{lines}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn what_was_not_carried_out_and_what_failed_is_left() {
        let (keeper, reports) = channel();
        let mut ledger = Ledger::default();
        ledger.listen(reports);
        let asked: Vec<u64> = ["a\n", "", "b\n", "c\n"].into_iter().map(|line| ledger.ask(line.to_owned())).collect();
        assert_eq!((asked.as_slice(), ledger.lines().as_str()), (&[1, 2, 3, 4][..], "a\nb\nc\n"));
        keeper.send((2, "a\n".to_owned())).unwrap();
        assert_eq!(ledger.lines(), "a\nb\nc\n");
        keeper.send((3, String::new())).unwrap();
        assert_eq!(ledger.lines(), "c\n");
        drop(keeper);
        ledger.ask("d\n".to_owned());
        assert_eq!(ledger.lines(), "c\nd\n");
        assert_eq!(last_resort(""), "");
    }
}

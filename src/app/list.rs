//! A list with a cursor, scrolled so that the cursor stays in view. It knows numbers of entries,
//! not what they are.

use std::ops::Range;

/// The state of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    cursor: usize,
    top: usize,
    len: usize,
    height: usize,
}

impl List {
    /// The entry that the cursor is on.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Rows that it can show.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The list has this many entries now.
    pub fn set_len(&mut self, len: usize) {
        self.len = len;
        self.go(self.cursor);
    }

    /// The list can show this many rows now.
    pub fn set_height(&mut self, height: usize) {
        self.height = height;
        self.go(self.cursor);
    }

    /// Puts the cursor on an entry, or the last one.
    pub fn go(&mut self, index: usize) {
        self.cursor = index.min(self.len.saturating_sub(1));
        let height = self.height.max(1);
        self.top = self.top.min(self.len.saturating_sub(height)).min(self.cursor);
        if self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
    }

    /// Puts the cursor on an entry and shows some of what precedes it.
    pub fn center(&mut self, index: usize) {
        self.go(index);
        self.top = self.cursor.saturating_sub(self.height / 2).min(self.len.saturating_sub(self.height.max(1)));
        self.go(index);
    }

    /// Moves the cursor by entries.
    pub fn step(&mut self, entries: i64) {
        let target = (self.cursor as i64).saturating_add(entries).max(0);
        self.go(usize::try_from(target).unwrap_or(0));
    }

    /// The entries in view.
    pub fn visible(&self) -> Range<usize> {
        self.top..(self.top + self.height).min(self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_cursor_is_always_in_view(len in 0usize..50, height in 1usize..10, steps in proptest::collection::vec(-20i64..20, 0..20)) {
            let mut list = List::default();
            list.set_height(height);
            list.set_len(len);
            for step in steps {
                list.step(step);
                let visible = list.visible();
                proptest::prop_assert!(len == 0 || visible.contains(&list.cursor()));
                proptest::prop_assert_eq!(visible.len(), len.min(height));
            }
        }
    }
}

//! Choices made from bytes: what libFuzzer mutates decides what is built.

use std::borrow::Cow;

/// Bytes that are used up.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next byte; 0 at the end.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (usize::from(self.byte()) << 8 | usize::from(self.byte())) % end.max(1)
    }

    pub fn choose<'b, T>(&mut self, from: &'b [T]) -> &'b T {
        &from[usize::from(self.byte()) % from.len()]
    }

    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// Up to 255 bytes, as many as the next byte says.
    pub fn piece(&mut self) -> &'a [u8] {
        let len = usize::from(self.byte()).min(self.0.len());
        let (piece, rest) = self.0.split_at(len);
        self.0 = rest;
        piece
    }

    /// What is left, as text.
    pub fn text(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.0)
    }
}

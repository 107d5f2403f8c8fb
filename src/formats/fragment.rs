//! Addresses that lead into the page that they stand in.

use crate::text::{Clean, clean_line};

/// What an address says about a place in its own page: the part after `#`.
#[derive(Clone, Copy, Debug)]
pub struct Fragment<'a>(&'a str);

/// The fragment of an address, if it leads into the file of this name.
pub fn fragment<'a>(file: &str, href: &'a str) -> Option<Fragment<'a>> {
    let (path, fragment) = href.split_once('#').unwrap_or((href, ""));
    let is_here = path.is_empty() || decoded(path) == file.rsplit(['/', '\\']).next().unwrap_or_default();
    is_here.then_some(Fragment(fragment))
}

impl Fragment<'_> {
    /// The names that it may mean, as it stands first.
    pub fn names(self) -> impl Iterator<Item = Clean> {
        [clean_line(self.0), clean_line(&decoded(self.0))].into_iter()
    }

    /// Whether it leads to the start of the page, if no place has its name.
    pub fn is_top(self) -> bool {
        self.0.is_empty() || self.0.eq_ignore_ascii_case("top")
    }
}

/// A text with its percent coding undone.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|b| char::from(*b).to_digit(16));
        if byte == b'%'
            && let (Some(high), Some(low)) = (digit(0), digit(1))
        {
            bytes.push((high * 16 + low) as u8);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

//! Addresses in a book: what is outside, what is a path inside the archive, what a fragment is.
//! Pure functions on text; whether there is anything at an address is not known here.

use crate::formats::zip::names;

/// An address split into what it names and the place in that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The path in the archive, normalised and decoded; `None` for the document the address
    /// stands in.
    pub path: Option<String>,
    /// The name of a place, decoded.
    pub fragment: Option<String>,
}

/// Resolves an address against the path of the document that it stands in. `None` for one that
/// leads out of the book; dots do not, they stop at the top.
pub fn resolve(base: &str, href: &str) -> Option<Address> {
    let href = href.trim();
    if is_outside(href) {
        return None;
    }
    let (path, fragment) = href.split_once('#').unwrap_or((href, ""));
    let fragment = Some(names::percent_decode(fragment).into_owned()).filter(|f| !f.is_empty());
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.is_empty() {
        return Some(Address { path: None, fragment });
    }
    let path = names::percent_decode(path);
    let joined = match (path.starts_with(['/', '\\']), base.rsplit_once('/')) {
        (false, Some((folder, _))) => names::normalise(&format!("{folder}/{path}")),
        _ => names::normalise(&path),
    };
    joined.map(|path| Address { path: Some(path), fragment })
}

/// Whether an address has a scheme or a host.
pub fn is_outside(href: &str) -> bool {
    let scheme = href.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    scheme || href.starts_with("//")
}

/// The name of a file without its folders: its address from where it stands.
pub fn file(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, file)| file)
}

/// The name of a file without its folders and its ending: a title of last resort.
pub fn stem(path: &str) -> &str {
    let file = file(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved_inside_the_archive() {
        let base = "OEBPS/text/c1.xhtml";
        for (href, path, fragment) in [
            ("c2.xhtml", Some("OEBPS/text/c2.xhtml"), None),
            ("c2.xhtml#a%20b", Some("OEBPS/text/c2.xhtml"), Some("a b")),
            ("../n.xhtml#", Some("OEBPS/n.xhtml"), None),
            ("/OEBPS/n.xhtml?x=1#y", Some("OEBPS/n.xhtml"), Some("y")),
            ("a%20%C3%A9.xhtml", Some("OEBPS/text/a é.xhtml"), None),
            (" #top ", None, Some("top")),
            ("../../../etc/passwd", Some("etc/passwd"), None),
            ("%2e%2e/../../x", Some("x"), None),
            ("", None, None),
        ] {
            let address = Address { path: path.map(str::to_owned), fragment: fragment.map(str::to_owned) };
            assert_eq!(resolve(base, href), Some(address), "{href:?}");
        }
        for href in ["http://a/b", "mailto:x", "//host/x", "data:,x", "../.."] {
            assert_eq!(resolve(base, href), None, "{href:?}");
        }
    }

    #[test]
    fn stems() {
        for (path, name) in [("a/b.c.xhtml", "b.c"), ("b", "b"), ("a/", "")] {
            assert_eq!(stem(path), name);
        }
    }
}

//! The fields of a record: how marks, places and labels are written in JSON and read again.
//!
//! Reading takes any value and cleans all text, because a log comes from other machines and
//! through other hands. It must not know lines, files or merging.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::document::{Anchor, Identity, Mark, MarkColor, Meta, Origin, Print, Sum, Surroundings};
use crate::text::{Clean, clean, clean_line};

/// The fields of a record.
pub type Body = Map<String, Value>;

/// Parts of the whole in which a fraction is kept: finer than a byte of a long book, and short
/// enough that every reader of JSON gives the same number back.
const FRACTION_PARTS: f64 = 1e6;
/// Chapter titles kept around a place.
const CHAPTERS_MAX: usize = 32;

/// All fields of a mark but its kind, which the record itself has. Where it was found in another
/// text is none of them.
pub fn of_mark(mark: &Mark) -> Body {
    let text = |text: &Option<Clean>| text.as_ref().map_or(Value::Null, |text| Value::from(text.as_str()));
    let color = mark.color.map(|color| ("color".to_owned(), Value::from(color.name())));
    let fields = [
        ("name".to_owned(), text(&mark.name)),
        ("note".to_owned(), text(&mark.note)),
        ("anchor".to_owned(), of_anchor(mark.own_anchor())),
        ("created".to_owned(), Value::from(mark.created)),
        ("changed".to_owned(), Value::from(mark.changed)),
    ];
    fields.into_iter().chain(color).collect()
}

/// The colour of a highlight, if it is one of those known here.
pub fn color(value: &Value) -> Option<MarkColor> {
    value.as_str().and_then(MarkColor::from_name)
}

/// Text of one line, as a name has it.
pub fn line(value: &Value) -> Option<Clean> {
    value.as_str().map(clean_line).filter(|text| !text.is_empty())
}

/// Text of any number of lines, as a note has it.
pub fn text(value: &Value) -> Option<Clean> {
    value.as_str().map(clean)
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct AnchorBody {
    start: String,
    end: String,
    words: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    middle: String,
    before: String,
    after: String,
    chapter: Vec<String>,
    fraction: f64,
    #[serde(skip_serializing_if = "String::is_empty")]
    tail: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    block: String,
    #[serde(skip_serializing_if = "is_zero")]
    block_words: u32,
    #[serde(skip_serializing_if = "String::is_empty")]
    around: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(skip_serializing_if = "is_zero")]
    letters: u64,
    #[serde(skip_serializing_if = "is_zero")]
    offset: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

/// A hash as text; empty for one that is not known.
fn hex(hash: u64) -> String {
    if hash == 0 { String::new() } else { format!("{hash:016x}") }
}

fn from_hex(text: &str) -> u64 {
    u64::from_str_radix(text, 16).unwrap_or(0)
}

/// An anchor as a value.
pub fn of_anchor(anchor: &Anchor) -> Value {
    let body = AnchorBody {
        start: anchor.start.to_string(),
        end: anchor.end.to_string(),
        words: anchor.words.to_string(),
        middle: anchor.middle.to_string(),
        before: anchor.before.to_string(),
        after: anchor.after.to_string(),
        chapter: anchor.chapter.iter().map(Clean::to_string).collect(),
        fraction: (anchor.fraction.clamp(0.0, 1.0) * FRACTION_PARTS).round() / FRACTION_PARTS,
        tail: anchor.tail.to_string(),
        block: hex(anchor.block),
        block_words: anchor.block_words,
        around: anchor.around.to_string(),
        version: anchor.origin.version.clone(),
        text: hex(anchor.origin.text),
        letters: anchor.origin.letters,
        offset: anchor.origin.offset,
    };
    serde_json::to_value(body).unwrap_or_default()
}

/// The anchor of a value, if it names a place.
pub fn anchor(value: &Value) -> Option<Anchor> {
    let body = AnchorBody::deserialize(value).ok()?;
    let start = body.start.parse().ok()?;
    Some(Anchor {
        start,
        end: body.end.parse().unwrap_or(start).max(start),
        words: clean(&body.words),
        middle: clean(&body.middle),
        before: clean(&body.before),
        after: clean(&body.after),
        chapter: body.chapter.iter().take(CHAPTERS_MAX).map(|title| clean_line(title)).collect(),
        fraction: if body.fraction.is_finite() { body.fraction.clamp(0.0, 1.0) } else { 0.0 },
        tail: clean(&body.tail),
        block: from_hex(&body.block),
        block_words: body.block_words,
        around: Surroundings::from(body.around.as_str()),
        origin: Origin {
            version: body.version,
            text: from_hex(&body.text),
            letters: body.letters,
            offset: body.offset,
        },
    })
}

/// In place of an encoding: it is told from the bytes.
pub const AUTO: &str = "auto";

/// What a book is called, where it is, and by what else it may be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Title.
    pub title: Option<Clean>,
    /// Authors.
    pub authors: Vec<Clean>,
    /// The package identifier.
    pub identifier: Option<Clean>,
    /// Where the file was when it was last read on the device that wrote this.
    pub path: Option<PathBuf>,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Digest of the file.
    pub digest: String,
    /// A hash of the normalised text; empty where it was not read as a whole.
    pub text: String,
    /// The fingerprint of that.
    pub print: Print,
    /// The encoding that the reader gave, [`AUTO`] where none is to be taken; empty where nothing was
    /// said.
    pub encoding: String,
    /// Keys of other versions of the same book, whose marks belong to this one too.
    pub joins: Vec<String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct LabelBody {
    title: Option<String>,
    authors: Vec<String>,
    identifier: Option<String>,
    path: Option<String>,
    /// The path's bytes in hexadecimal, where they are no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    bytes: u64,
    digest: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    print: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    encoding: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    joins: Vec<String>,
}

impl Label {
    /// The label of a document that is read now.
    pub fn new(identity: &Identity, meta: &Meta, path: Option<&Path>) -> Label {
        Label {
            title: meta.title.clone(),
            authors: meta.authors.clone(),
            identifier: meta.identifier.clone(),
            // The path must mean the same from any working folder.
            path: path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())),
            bytes: identity.bytes,
            digest: identity.digest.clone(),
            text: String::new(),
            print: Print::default(),
            encoding: String::new(),
            joins: Vec::new(),
        }
    }

    /// Whether the text was read.
    pub fn knows_text(&self) -> bool {
        !self.text.is_empty() || !self.print.is_empty()
    }

    /// Takes in what is known when the text was read.
    pub fn set_sum(&mut self, sum: &Sum) {
        self.text = hex(sum.hash);
        self.print = sum.print.clone();
    }

    /// As fields.
    pub fn body(&self) -> Body {
        let strings = |list: &[Clean]| list.iter().map(Clean::to_string).collect();
        let body = LabelBody {
            title: self.title.as_ref().map(Clean::to_string),
            authors: strings(&self.authors),
            identifier: self.identifier.as_ref().map(Clean::to_string),
            path: self.path.as_ref().map(|path| path.to_string_lossy().into_owned()),
            path_bytes: self.path.as_deref().filter(|path| path.to_str().is_none()).and_then(path_hex),
            bytes: self.bytes,
            digest: self.digest.clone(),
            text: self.text.clone(),
            print: self.print.to_string(),
            encoding: self.encoding.clone(),
            joins: self.joins.clone(),
        };
        match serde_json::to_value(body) {
            Ok(Value::Object(body)) => body,
            _ => Body::new(),
        }
    }

    /// From fields.
    pub fn from_body(body: &Body) -> Label {
        let body = LabelBody::deserialize(body).unwrap_or_default();
        let line = |text: &Option<String>| text.as_deref().map(clean_line).filter(|text| !text.is_empty());
        Label {
            title: line(&body.title),
            authors: body.authors.iter().map(|author| clean_line(author)).collect(),
            identifier: line(&body.identifier),
            path: body.path_bytes.as_deref().and_then(path_from_hex).or(body.path.map(PathBuf::from)),
            bytes: body.bytes,
            digest: body.digest,
            text: body.text,
            print: Print::from(body.print.as_str()),
            encoding: body.encoding,
            joins: body.joins,
        }
    }

    /// This label, with what an older one says where this one says nothing: a book that is read
    /// from a pipe is still where it was before. Joins are never undone.
    pub fn over(&self, older: &Label) -> Label {
        let mut label = self.clone();
        label.title = label.title.or_else(|| older.title.clone());
        label.identifier = label.identifier.or_else(|| older.identifier.clone());
        label.path = label.path.or_else(|| older.path.clone());
        if !label.knows_text() {
            label.text.clone_from(&older.text);
            label.print.clone_from(&older.print);
        }
        if label.encoding.is_empty() {
            label.encoding.clone_from(&older.encoding);
        }
        if label.authors.is_empty() {
            label.authors.clone_from(&older.authors);
        }
        label.joins.extend(older.joins.iter().cloned());
        label.joins.sort();
        label.joins.dedup();
        label
    }

    /// The title, or the file's name, or a word for neither.
    pub fn name(&self) -> Clean {
        let file = || self.path.as_ref()?.file_name().map(|name| clean_line(&name.to_string_lossy()));
        self.title.clone().or_else(file).unwrap_or_else(|| clean_line("untitled"))
    }
}

#[cfg(unix)]
fn path_hex(path: &Path) -> Option<String> {
    use std::fmt::Write;
    let mut hex = String::new();
    for byte in std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()) {
        write!(hex, "{byte:02x}").ok()?;
    }
    Some(hex)
}

#[cfg(unix)]
fn path_from_hex(hex: &str) -> Option<PathBuf> {
    let digit = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    let pairs = hex.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect();
    Some(PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes?)))
}

#[cfg(not(unix))]
fn path_hex(_: &Path) -> Option<String> {
    None
}

#[cfg(not(unix))]
fn path_from_hex(_: &str) -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockId, Position, SectionId};
    use proptest::prelude::*;

    #[test]
    #[cfg(unix)]
    fn paths_that_are_no_text_come_back() {
        let path =
            PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(b"/a/\xff\n.txt".into()));
        let identity = Identity { bytes: 1, digest: "d".to_owned() };
        let label = Label::new(&identity, &Meta::default(), Some(&path));
        assert_eq!(Label::from_body(&label.body()), label);
        assert_eq!(label.name().as_str(), "\u{FFFD} .txt");
    }

    #[test]
    fn values_of_any_shape_are_read() {
        for json in [
            "null",
            "1",
            "\"x\"",
            "[]",
            "{}",
            r#"{"start":"x"}"#,
            r#"{"start":1}"#,
            r#"{"start":"0/0:0","fraction":"x"}"#,
        ] {
            assert_eq!(anchor(&serde_json::from_str(json).unwrap()), None, "{json}");
        }
        let odd = r#"{"start":"1/2:3","end":"0/0:0","words":"\u001b]0;x","fraction":1e300,"more":1}"#;
        let anchor = anchor(&serde_json::from_str(odd).unwrap()).unwrap();
        assert_eq!((anchor.end, anchor.fraction, anchor.words.as_str()), (anchor.start, 1.0, "␛]0;x"));
        assert_eq!(Label::from_body(&Body::new()).name().as_str(), "untitled");
    }

    #[test]
    fn colours_come_back_and_unknown_ones_are_none() {
        for known in MarkColor::ALL {
            assert_eq!(color(&Value::from(known.name())), Some(known));
        }
        assert_eq!((color(&Value::from("puce")), color(&Value::from(1))), (None, None));
    }

    proptest! {
        #[test]
        fn anchors_come_back(numbers in any::<[u32; 3]>(), words in ".*", chapter in prop::collection::vec("\\PC*", 0..4), parts in 0u32..=1_000_000) {
            let start = Position::new(SectionId(numbers[0]), BlockId(numbers[1]), numbers[2]);
            let kept = Anchor {
                start,
                end: start,
                words: clean(&words),
                middle: clean(&words),
                before: Clean::default(),
                after: clean(&words),
                chapter: chapter.iter().map(|title| clean_line(title)).collect(),
                fraction: f64::from(parts) / FRACTION_PARTS,
                tail: clean(&words),
                block: u64::from(numbers[0]),
                block_words: numbers[1],
                around: Surroundings::of(&"some words ".repeat(numbers[2] as usize % 100), 500, 500),
                origin: Origin { version: "v".to_owned(), text: 7, letters: 8, offset: u64::from(numbers[2]) },
            };
            let json = of_anchor(&kept).to_string();
            prop_assert_eq!(anchor(&serde_json::from_str(&json).unwrap()), Some(kept));
        }
    }
}

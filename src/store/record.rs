//! One line of a log: a change, as it stands on disk.
//!
//! ```text
//! {"v":1,"id":"01J…","op":"set","kind":"note","t":"STAMP","dev":"01J…","body":{…}} 9ae0daaf
//! ```
//!
//! JSON, a space, and the CRC-32C of the JSON's bytes in eight hexadecimal digits. A line is
//! sound or it is skipped; nothing in a log depends on the line before it. What a later version
//! writes (other keys, kinds, operations) is sound and kept, though not understood. This file
//! must not know what a body holds, nor where lines are stored.

use std::borrow::Cow;
use std::io::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::document::MarkKind;

use super::stamp::{Stamp, is_name};

/// The version of the format that this program writes.
pub const VERSION: u32 = 1;
/// Castagnoli's polynomial: what file systems and iSCSI use for blocks of this size.
const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);
/// How every line begins.
const START: &[u8] = b"{\"v\":";
/// Bytes of a line beside the texts of its body, and those of a usual anchor.
const ROOM: usize = 1024;
/// Digits of the check sum.
const CRC_DIGITS: usize = 8;

/// A change to one thing in one book.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The mark's identity; the kind's name for places and labels, of which a device has one a
    /// book.
    pub id: String,
    /// Whether it was changed or deleted.
    pub op: Op,
    /// What is changed.
    pub kind: Kind,
    /// When, and by which device.
    pub at: Stamp,
    /// Versions of the note that no longer count: those that the writer of a text saw and replaced.
    pub over: Vec<Stamp>,
    /// The fields that are set.
    pub body: Map<String, Value>,
}

/// What a change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Sets the fields of the body.
    Set,
    /// Deletes.
    Del,
}

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A bookmark, highlight or note.
    Mark(MarkKind),
    /// The place of reading.
    Place,
    /// What the book is called and where it is.
    Label,
}

impl Kind {
    /// The name in a log.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Mark(kind) => kind.name(),
            Kind::Place => "pos",
            Kind::Label => "book",
        }
    }

    fn from_name(name: &str) -> Option<Kind> {
        match name {
            "pos" => Some(Kind::Place),
            "book" => Some(Kind::Label),
            _ => MarkKind::from_name(name).map(Kind::Mark),
        }
    }
}

/// What a line of a log is.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A change that is understood; the version that wrote it.
    Record(Record, u32),
    /// A sound line of a kind that is not; the version that wrote it.
    Foreign(u32),
    /// Not of the log: empty, or put there by a tool that merges texts.
    Noise,
    /// The first part of a line whose writer was stopped.
    Torn,
    /// Damaged.
    Bad,
}

/// The line as JSON writes it. Keys keep this order, so that logs are easy to read and compare.
#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    v: u32,
    id: String,
    op: Value,
    kind: String,
    t: String,
    dev: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    over: Vec<String>,
    #[serde(default)]
    body: Cow<'a, Map<String, Value>>,
}

/// What every version of a line has.
#[derive(Deserialize)]
struct Version {
    v: u32,
}

impl Record {
    /// The whole line, with its line feed.
    pub fn line(&self) -> String {
        let op = match self.op {
            Op::Set => "set",
            Op::Del => "del",
        };
        let wire = Wire {
            v: VERSION,
            id: self.id.clone(),
            op: Value::from(op),
            kind: self.kind.name().to_owned(),
            t: self.at.to_string(),
            dev: self.at.device.to_string(),
            over: self.over.iter().map(Stamp::to_string).collect(),
            body: Cow::Borrowed(&self.body),
        };
        // A note may have a megabyte: the line is made in one piece of memory, as far as can be told.
        let texts = self.body.values().filter_map(Value::as_str).map(str::len).sum::<usize>();
        let mut line = Vec::with_capacity(texts + texts / 16 + ROOM);
        // Maps with text keys always have a JSON form, and that is text.
        let _ = serde_json::to_writer(&mut line, &wire);
        let sum = CRC.checksum(&line);
        let _ = writeln!(line, " {sum:08x}");
        String::from_utf8(line).unwrap_or_default()
    }
}

/// Reads one line, without its line feed.
pub fn parse(line: &[u8]) -> Line {
    // A tool that converts line ends may have been at the file.
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if is_noise(line) {
        return Line::Noise;
    }
    let Some((json, sum)) = split_sum(line) else {
        let torn = line.starts_with(START) || START.starts_with(line);
        return if torn { Line::Torn } else { Line::Bad };
    };
    if CRC.checksum(json) != sum {
        return Line::Bad;
    }
    // The sum is right: whoever wrote this meant it.
    if let Ok(wire) = serde_json::from_slice::<Wire<'_>>(json) {
        let version = wire.v;
        return understood(wire).map_or(Line::Foreign(version), |record| Line::Record(record, version));
    }
    serde_json::from_slice(json).map_or(Line::Bad, |Version { v }| Line::Foreign(v))
}

/// A check sum over any bytes, as the lines have it.
pub fn checksum(bytes: &[u8]) -> u32 {
    CRC.checksum(bytes)
}

fn understood(wire: Wire<'_>) -> Option<Record> {
    Some(Record {
        op: serde_json::from_value(wire.op).ok()?,
        kind: Kind::from_name(&wire.kind)?,
        at: wire.t.parse().ok()?,
        over: wire.over.iter().filter_map(|text| text.parse().ok()).collect(),
        id: is_name(&wire.id).then_some(wire.id)?,
        body: wire.body.into_owned(),
    })
}

fn split_sum(line: &[u8]) -> Option<(&[u8], u32)> {
    let (json, sum) = line.split_at_checked(line.len().checked_sub(CRC_DIGITS + 1)?)?;
    let digits = std::str::from_utf8(sum.strip_prefix(b" ")?).ok()?;
    let lower = digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if lower { Some((json, u32::from_str_radix(digits, 16).ok()?)) } else { None }
}

/// Empty lines, and the markers that git leaves where two versions of a file met.
fn is_noise(line: &[u8]) -> bool {
    line.is_empty()
        || line == b"======="
        || [b"<<<<<<< ".as_slice(), b">>>>>>> ", b"||||||| "].iter().any(|marker| line.starts_with(marker))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(id: &str, body: &str) -> Record {
        Record {
            id: id.to_owned(),
            op: Op::Set,
            kind: Kind::Mark(MarkKind::Note),
            at: "018bcfe56800-0000-laptop".parse().unwrap(),
            over: vec!["018bcfe56700-0001-desk".parse().unwrap()],
            body: serde_json::from_str(body).unwrap(),
        }
    }

    #[track_caller]
    fn check(json: &str, line: &Line) {
        let text = format!("{json} {:08x}", checksum(json.as_bytes()));
        assert_eq!(&parse(text.as_bytes()), line, "{json}");
    }

    #[test]
    fn the_form_on_disk() {
        let line = record("01J", r#"{"note":"a\u001b"}"#).line();
        let json = concat!(
            r#"{"v":1,"id":"01J","op":"set","kind":"note","t":"018bcfe56800-0000-laptop","dev":"laptop","#,
            r#""over":["018bcfe56700-0001-desk"],"body":{"note":"a\u001b"}}"#
        );
        assert_eq!(line, format!("{json} {:08x}\n", checksum(json.as_bytes())));
        // The check value of the catalogue of CRCs.
        assert_eq!(checksum(b"123456789"), 0xE306_9283);
    }

    #[test]
    fn what_a_later_version_writes_is_sound() {
        let known =
            r#"{"v":2,"id":"a","op":"set","kind":"pos","t":"000000000001-0000-d","dev":"d","new":[1],"body":{}}"#;
        assert!(matches!(parse(format!("{known} {:08x}", checksum(known.as_bytes())).as_bytes()), Line::Record(_, 2)));
        check(r#"{"v":1,"id":"a","op":"set","kind":"ink","t":"000000000001-0000-d","dev":"d"}"#, &Line::Foreign(1));
        check(
            r#"{"v":3,"id":"a","op":"move","kind":"pos","t":"000000000001-0000-d","dev":"d","body":{}}"#,
            &Line::Foreign(3),
        );
        check(r#"{"v":4}"#, &Line::Foreign(4));
        check(r#"{"v":"4"}"#, &Line::Bad);
        check("[]", &Line::Bad);
    }

    #[test]
    fn what_is_no_line_is_known_for_what_it_is() {
        for noise in ["", "\r", "<<<<<<< HEAD", "=======", ">>>>>>> other"] {
            assert_eq!(parse(noise.as_bytes()), Line::Noise, "{noise:?}");
        }
        let line = record("01J", "{}").line();
        let line = line.trim_end();
        assert!(matches!(parse(format!("{line}\r").as_bytes()), Line::Record(..)));
        for end in 0..line.len() {
            let expected = if end == 0 { Line::Noise } else { Line::Torn };
            assert_eq!(parse(&line.as_bytes()[..end]), expected, "{end}");
        }
        assert_eq!(parse(b"\0\0\0\0\0\0\0\0\0\0\0\0"), Line::Bad);
    }

    proptest! {
        #[test]
        fn lines_read_what_they_write(id in "[A-Za-z0-9_-]{1,64}", key in ".*", text in ".*", number in any::<i64>()) {
            let mut record = record(&id, "{}");
            record.body.insert(key, Value::from(text));
            record.body.insert("n".to_owned(), Value::from(number));
            let line = record.line();
            prop_assert_eq!(line.matches('\n').count(), 1);
            prop_assert_eq!(parse(line.trim_end_matches('\n').as_bytes()), Line::Record(record, VERSION));
        }

        #[test]
        fn one_changed_byte_is_seen(at in 0usize..150, bit in 0u32..8) {
            let mut line = record("01J", r#"{"note":"words"}"#).line().into_bytes();
            line.pop();
            let at = at % line.len();
            line[at] ^= 1 << bit;
            prop_assert!(!matches!(parse(&line), Line::Record(..)));
        }

        #[test]
        fn no_bytes_panic(line in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&line);
        }
    }
}

//! Marks in JSON: as `export` and `--json` write them, as lines of a log, as Web Annotations, and
//! as `KOReader`, Readest and Foliate export them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::document::{MarkColor, MarkKind, Position, Range};
use crate::store;

use super::{Given, Left, Part, Read};
use crate::cli::date::from_iso;
use crate::cli::export::Row;

/// Bytes of a file that is one value: exports of other readers have some megabytes. Lines may have more.
const VALUE_BYTES_MAX: usize = 16 << 20;

/// The marks of one value, or of one value a line.
pub fn parse(text: &str) -> Read {
    let mut file = File::default();
    // What is read of one value takes some thirty times its bytes.
    if text.len() <= VALUE_BYTES_MAX && file.value(text) {
        return file.finish();
    }
    for (number, line) in (1..).zip(text.lines()) {
        // The line of a log ends in a check sum.
        let json = || line.rsplit_once(' ').map_or("", |(json, _)| json);
        if !line.trim().is_empty() && !file.value(line) && !file.value(json()) {
            file.left.add_line(number);
        }
    }
    file.finish()
}

/// What was read so far.
#[derive(Default)]
pub struct File {
    marks: Vec<Given>,
    /// What became of marks, by their identities: lines of a log.
    logs: BTreeMap<String, Vec<Value>>,
    left: Left,
}

impl File {
    /// Takes in a text that is one value, of any known form. Whether it is one.
    pub fn value(&mut self, text: &str) -> bool {
        let value = serde_json::from_str(text);
        value.map(|value| self.read(&value, &Given::default(), "")).is_ok()
    }

    /// All that was read.
    pub fn finish(mut self) -> Read {
        self.marks.extend(self.logs.into_iter().filter_map(|(id, lines)| of_log(id, lines)));
        Read { marks: self.marks, left: self.left }
    }

    /// Counts what was left out.
    pub fn left(&mut self) -> &mut Left {
        &mut self.left
    }

    /// Takes in a value. `of`: what is known of the document; `list`: in which list it stands.
    fn read(&mut self, value: &Value, of: &Given, list: &str) {
        if let Value::Array(values) = value {
            for value in values {
                self.read(value, of, list);
            }
            return;
        }
        if !value.is_object() {
            // Foliate knows a bookmark by nothing but its place in the markup.
            *(if list == "bookmarks" { &mut self.left.bookmarks } else { &mut self.left.others }) += 1;
            return;
        }
        let lists = ["items", "documents", "entries", "booknotes", "annotations", "bookmarks", "highlights"];
        let title = text(value, &["title"]).or_else(|| text(value.get("metadata")?, &["title"]));
        let inner = Given { title: title.or_else(|| of.title.clone()), ..Given::default() };
        let mut is_list = false;
        for (name, list) in lists.iter().filter_map(|name| Some((name, value.get(name)?))) {
            if list.is_array() {
                is_list = true;
                self.read(list, &inner, name);
            }
        }
        if is_list {
            return;
        }
        if let Some(row) = value.get("lection:mark") {
            return self.read(row, of, list);
        }
        let mark = if value.get("v").is_some() && value.get("op").is_some() {
            let id = text(value, &["id"]).unwrap_or_default();
            self.logs.entry(id).or_default().push(value.clone());
            return;
        } else if value.get("target").is_some() {
            of_annotation(value)
        } else if value.get("at").is_some() || value.get("anchor").is_some() {
            of_row(value)
        } else if value.get("deletedAt").is_some_and(|time| !time.is_null()) {
            return;
        } else {
            of_reader(value)
        };
        match mark {
            Some(mark) => self.marks.push(Given { title: mark.title.or_else(|| of.title.clone()), ..mark }),
            None => self.left.others += 1,
        }
    }
}

/// The first of some fields that has text.
fn text(value: &Value, names: &[&str]) -> Option<String> {
    let mut texts = names.iter().filter_map(|name| value.get(name)?.as_str());
    texts.find(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// Whether another reader calls it a bookmark.
fn is_bookmark(value: &Value) -> bool {
    ["type", "sort"].iter().any(|name| value.get(name).and_then(Value::as_str) == Some("bookmark"))
}

/// The first of some fields that has a time: ISO 8601, seconds or milliseconds since 1970.
fn time(value: &Value, names: &[&str]) -> Option<u64> {
    names.iter().filter_map(|name| value.get(name)).find_map(|time| match time {
        Value::String(text) => from_iso(text),
        Value::Number(number) => {
            let number = number.as_f64().filter(|number| *number > 0.0)? as u64;
            // Nothing was marked before 1973, and no clock of seconds is that far yet.
            Some(if number < 100_000_000_000 { number * 1000 } else { number })
        }
        _ => None,
    })
}

/// As `export` and `--json` write it.
fn of_row(value: &Value) -> Option<Given> {
    let row: Row = serde_json::from_value(value.clone()).ok()?;
    let anchor = store::anchor_from_json(&row.anchor);
    let start = row.at.parse::<Position>().ok();
    let range = start.map(|start| Range::new(start, row.end.parse().unwrap_or(start)));
    let color = row.color.as_deref().and_then(MarkColor::from_name);
    let has_place = anchor.is_some() || range.is_some() || !row.quote.trim().is_empty();
    has_place.then(|| Given {
        id: Some(row.id).filter(|id| !id.is_empty()),
        title: Some(row.document).filter(|title| !title.is_empty()),
        path: row.path.map(PathBuf::from),
        kind: MarkKind::from_name(&row.kind),
        name: row.name,
        note: row.note,
        color,
        words: row.quote,
        anchor,
        range,
        chapter: row.chapter,
        fraction: row.percent / 100.0,
        created: Some(row.created).filter(|time| *time > 0),
        changed: Some(row.changed).filter(|time| *time > 0),
        ..Given::default()
    })
}

/// Lines of a log, as they are given out when they could not be saved: what they say together of a
/// mark. None where they say nothing of it that a reader made.
fn of_log(id: String, mut lines: Vec<Value>) -> Option<Given> {
    // Stamps sort as they are written.
    let stamp = |line: &Value| text(line, &["t"]).unwrap_or_default();
    lines.sort_by_key(stamp);
    let (mut body, mut kind, mut time, mut is_deleted) = (Map::new(), None, 0, false);
    for line in &lines {
        let Some(of) = line.get("kind").and_then(Value::as_str).and_then(MarkKind::from_name) else { continue };
        kind = Some(of);
        let fields = line.get("body").and_then(Value::as_object).cloned().unwrap_or_default();
        let said: Map<String, Value> = fields.into_iter().filter(|(name, _)| !name.contains('@')).collect();
        let is_end = line.get("op").and_then(Value::as_str) == Some("del");
        is_deleted = is_end || is_deleted && said.is_empty();
        if is_end || !said.is_empty() {
            time = stamp(line).get(..12).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0);
        }
        body.extend(said);
    }
    if body.is_empty() && !is_deleted {
        return None;
    }
    let has = |name: &str| body.contains_key(name);
    let part = Part { has_name: has("name"), has_note: has("note"), has_color: has("color"), is_deleted };
    let body = Value::Object(body);
    Some(Given {
        id: Some(id),
        kind: Some(kind?),
        name: text(&body, &["name"]),
        note: text(&body, &["note"]),
        color: text(&body, &["color"]).as_deref().and_then(MarkColor::from_name),
        anchor: body.get("anchor").and_then(store::anchor_from_json),
        created: number(&body, "created"),
        changed: number(&body, "changed").max(Some(time)),
        part: Some(part),
        ..Given::default()
    })
}

/// A time of our own.
fn number(value: &Value, name: &str) -> Option<u64> {
    value.get(name).and_then(Value::as_u64)
}

/// A Web Annotation of another program.
fn of_annotation(value: &Value) -> Option<Given> {
    let target = value.get("target")?;
    let selectors = match target.get("selector")? {
        Value::Array(selectors) => selectors.clone(),
        selector => vec![selector.clone()],
    };
    let quote = selectors.iter().find(|selector| selector.get("exact").is_some())?;
    let bodies = match value.get("body") {
        Some(Value::Array(bodies)) => bodies.clone(),
        Some(body) => vec![body.clone()],
        None => Vec::new(),
    };
    let is_tag = |body: &&Value| body.get("purpose").and_then(Value::as_str) == Some("tagging");
    let of = |body: &Value| body.as_str().map(str::to_owned).or_else(|| text(body, &["value"]));
    Some(Given {
        name: bodies.iter().find(is_tag).and_then(of),
        note: bodies.iter().filter(|body| !is_tag(body)).find_map(of),
        path: text(target, &["source"]).map(PathBuf::from),
        place: text(value, &["id"]),
        words: text(quote, &["exact"])?,
        around: (text(quote, &["prefix"]).unwrap_or_default(), text(quote, &["suffix"]).unwrap_or_default()),
        created: time(value, &["created"]),
        changed: time(value, &["modified"]),
        ..Given::default()
    })
}

/// A highlight or note of another reader: most have the words, some a remark. What has no words has a
/// page at best; a page's bookmark in `KOReader` has a title for words.
fn of_reader(value: &Value) -> Option<Given> {
    let is_page = value.get("sort").and_then(Value::as_str) == Some("bookmark");
    let said = text(value, &["text", "highlight", "quote"]);
    let note = text(value, &["note", "comment"]);
    if said.is_none() && note.is_none() && !is_bookmark(value) {
        return None;
    }
    let (name, words) = if is_page { (said, None) } else { (None, said) };
    let page = value.get("page").filter(|_| words.is_none()).map(ToString::to_string);
    let color = text(value, &["color", "style"]).and_then(|color| MarkColor::from_name(&color.to_lowercase()));
    let number = |name: &str| value.get(name).and_then(Value::as_f64);
    let pages = number("number_of_pages").or_else(|| number("pages")).filter(|pages| *pages > 0.0);
    let context = value.get("context");
    let around = |name: &str| context.and_then(|context| text(context, &[name])).unwrap_or_default();
    Some(Given {
        kind: is_bookmark(value).then_some(MarkKind::Bookmark),
        name,
        note,
        color,
        place: text(value, &["cfi", "value", "pos0"]).or(page),
        words: words.unwrap_or_default(),
        around: (around("before"), around("after")),
        chapter: text(value, &["chapter", "chapterTitle"]),
        fraction: number("page").zip(pages).map_or(0.0, |(page, pages)| (page / pages).clamp(0.0, 1.0)),
        created: time(value, &["created", "createdAt", "datetime", "time"]),
        changed: time(value, &["modified", "updatedAt", "datetime_updated", "time"]),
        ..Given::default()
    })
}

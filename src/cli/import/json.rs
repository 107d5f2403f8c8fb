//! Marks in JSON: as `export` and `--json` write them, as lines of a log, as Web Annotations, and
//! as `KOReader`, Readest and Foliate export them.

use std::path::PathBuf;

use serde_json::Value;

use crate::document::{MarkColor, MarkKind, Position, Range};
use crate::store;

use super::Given;
use crate::cli::date::from_iso;
use crate::cli::export::Row;

/// The marks of one value, or of one value a line.
pub fn parse(text: &str) -> Vec<Given> {
    let mut marks = Vec::new();
    if let Ok(value) = serde_json::from_str(text) {
        read(&value, &Given::default(), &mut marks);
        return marks;
    }
    for line in text.lines() {
        // The line of a log ends in a check sum.
        let whole = serde_json::from_str(line);
        let value = whole.or_else(|_| serde_json::from_str(line.rsplit_once(' ').map_or("", |(json, _)| json)));
        if let Ok(value) = value {
            read(&value, &Given::default(), &mut marks);
        }
    }
    marks
}

/// Takes in a value of any known form. `of`: what is known of the document.
fn read(value: &Value, of: &Given, marks: &mut Vec<Given>) {
    if let Value::Array(values) = value {
        for value in values {
            read(value, of, marks);
        }
        return;
    }
    let lists = ["items", "documents", "entries", "booknotes", "annotations", "bookmarks", "highlights"];
    let title = text(value, &["title"]).or_else(|| text(value.get("metadata")?, &["title"]));
    let inner = Given { title: title.or_else(|| of.title.clone()), ..Given::default() };
    let mut is_list = false;
    for list in lists.iter().filter_map(|name| value.get(name)).filter(|list| list.is_array()) {
        is_list = true;
        read(list, &inner, marks);
    }
    if is_list {
        return;
    }
    if let Some(row) = value.get("lection:mark") {
        return read(row, of, marks);
    }
    let mark = if value.get("v").is_some() && value.get("op").is_some() {
        of_line(value)
    } else if value.get("target").is_some() {
        of_annotation(value)
    } else if value.get("at").is_some() || value.get("anchor").is_some() {
        of_row(value)
    } else {
        of_reader(value)
    };
    marks.extend(mark.map(|mark| Given { title: mark.title.or_else(|| of.title.clone()), ..mark }));
}

/// The first of some fields that has text.
fn text(value: &Value, names: &[&str]) -> Option<String> {
    let mut texts = names.iter().filter_map(|name| value.get(name)?.as_str());
    texts.find(|text| !text.trim().is_empty()).map(str::to_owned)
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
    Some(Given {
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

/// A line of a log, as it is given out when it could not be saved.
fn of_line(value: &Value) -> Option<Given> {
    let kind = MarkKind::from_name(value.get("kind")?.as_str()?)?;
    let body = value.get("body")?;
    Some(Given {
        id: text(value, &["id"]),
        kind: Some(kind),
        name: text(body, &["name"]),
        note: text(body, &["note"]),
        color: text(body, &["color"]).as_deref().and_then(MarkColor::from_name),
        anchor: Some(store::anchor_from_json(body.get("anchor")?)?),
        created: time(body, &["created"]),
        changed: time(body, &["changed"]),
        ..Given::default()
    })
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
        words: text(quote, &["exact"])?,
        around: (text(quote, &["prefix"]).unwrap_or_default(), text(quote, &["suffix"]).unwrap_or_default()),
        created: time(value, &["created"]),
        changed: time(value, &["modified"]),
        ..Given::default()
    })
}

/// A highlight or note of another reader: all of them have the words, most a remark. What has no
/// words has no place that means anything here.
fn of_reader(value: &Value) -> Option<Given> {
    let is_deleted = value.get("deletedAt").is_some_and(|time| !time.is_null());
    let words = text(value, &["text", "highlight", "quote"]).filter(|_| !is_deleted)?;
    let color = text(value, &["color", "style"]).and_then(|color| MarkColor::from_name(&color.to_lowercase()));
    let number = |name: &str| value.get(name).and_then(Value::as_f64);
    let pages = number("number_of_pages").or_else(|| number("pages")).filter(|pages| *pages > 0.0);
    let context = value.get("context");
    let around = |name: &str| context.and_then(|context| text(context, &[name])).unwrap_or_default();
    Some(Given {
        note: text(value, &["note", "comment"]),
        color,
        words,
        around: (around("before"), around("after")),
        chapter: text(value, &["chapter", "chapterTitle"]),
        fraction: number("page").zip(pages).map_or(0.0, |(page, pages)| (page / pages).clamp(0.0, 1.0)),
        created: time(value, &["created", "createdAt", "datetime", "time"]),
        changed: time(value, &["modified", "updatedAt", "datetime_updated", "time"]),
        ..Given::default()
    })
}

//! Marks written for other programs: Markdown by a template, JSON Lines, W3C Web Annotations.
//!
//! Each of the three can be read again ([`import`](super::import)): JSON Lines without loss, the other
//! two without the chapters that the reader made.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::document::{Mark, MarkKind, Status};
use crate::store;
use crate::text::{Clean, clean, clean_line};

use super::args::Format;
use super::book::Listed;
use super::{NOTHING, OK, date, is_shown, json_line, plain_json, print, read_text_beside};

/// What stands once at the head, a line of percent signs, and what is written of each mark. A line
/// of which all names have nothing to say is left out.
const TEMPLATE: &str = "\
# {title}
%%
## {chapter}
> {quote}
> *(marked: {marked})*

{note}

{name}
*{kind} at {percent} %: `lection {path} --at {at}`* {data}

";
/// MiB, more than any template has.
const TEMPLATE_MIB_MAX: u64 = 1;
/// Bytes that a template may make of one mark: ten times the longest note.
const MARK_BYTES_MAX: usize = 16 << 20;
/// How the marks' own fields stand in Markdown, in a comment.
pub const DATA: &str = "<!-- lection ";

/// A mark as `--json` prints it: where it stands now, and in `anchor` all that is needed to find it
/// in another version of the document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Row {
    /// Its identity.
    pub id: String,
    /// bookmark, highlight or note.
    pub kind: String,
    /// A letter or a title.
    pub name: Option<String>,
    /// The remark.
    pub note: Option<String>,
    /// The words that stand there now, for a bookmark those that follow it.
    pub quote: String,
    /// The words that were marked, where they are others.
    pub marked: Option<String>,
    /// The innermost chapter.
    pub chapter: Option<String>,
    /// A locator that reopens it.
    pub at: String,
    /// Where it ends.
    pub end: String,
    /// How far into the document.
    pub percent: f64,
    /// The title of the document.
    pub document: String,
    /// Its file.
    pub path: Option<String>,
    /// Milliseconds since 1970.
    pub created: u64,
    /// Milliseconds since 1970.
    pub changed: u64,
    /// How it was found: exact, moved, changed, lost. None where the document was not opened, and
    /// nothing but its own place is known.
    pub status: Option<String>,
    /// The colour of a highlight.
    pub color: Option<String>,
    /// The whole anchor as the reader made it, wherever the mark stands now.
    pub anchor: Value,
}

impl Row {
    /// A mark among those that are listed, and how far into the document it stands.
    pub fn new(mark: &Mark, percent: f64, listed: &Listed) -> Row {
        let anchor = &mark.anchor;
        let is_known = listed.is_open || mark.status != Status::Exact;
        let text = |text: &Option<Clean>| text.as_ref().map(Clean::to_string);
        Row {
            id: mark.id.clone(),
            kind: mark.kind.name().to_owned(),
            name: text(&mark.name),
            note: text(&mark.note),
            quote: anchor.quotation().into_owned(),
            marked: mark.marked_words().map(Cow::into_owned),
            chapter: anchor.chapter.last().map(Clean::to_string),
            at: anchor.start.to_string(),
            end: anchor.end.to_string(),
            percent,
            document: listed.title.to_string(),
            path: listed.path.as_ref().map(|path| path.to_string_lossy().into_owned()),
            created: mark.created,
            changed: mark.changed,
            status: is_known.then(|| mark.status.name().to_owned()),
            color: mark.color.map(|color| color.name().to_owned()),
            anchor: store::anchor_to_json(mark.own_anchor()),
        }
    }
}

/// Writes the marks of a document.
pub fn run(listed: &Listed, format: Format, template: Option<&Path>) -> anyhow::Result<i32> {
    let row = |(mark, percent): &(Mark, f64)| Row::new(mark, *percent, listed);
    // Only the whole of what is kept has the chapters that the reader made: the others are for
    // people and other programs, and `toc --export` is for chapters.
    let is_wanted = |(mark, _): &&(Mark, f64)| format == Format::Jsonl || !mark.is_correction();
    let rows: Vec<Row> = listed.marks.iter().filter(is_wanted).map(row).collect();
    let out = match format {
        Format::Jsonl => rows.iter().map(json_line).collect::<anyhow::Result<String>>()?,
        Format::W3c => plain_json(&serde_json::to_string_pretty(&annotations(&rows))?) + "\n",
        Format::Text | Format::Lines | Format::Html | Format::Epub | Format::Fb2 => {
            anyhow::bail!("marks are written as markdown, jsonl or w3c")
        }
        Format::Markdown => {
            let read = |file: &Path| {
                let text = read_text_beside(file, TEMPLATE_MIB_MAX);
                text.map_err(|reason| anyhow!("cannot read the template '{}': {reason}", file.display()))
            };
            let what = |file: &Path| format!("cannot use {}", clean_line(&file.to_string_lossy()));
            let text = template.map(read).transpose()?.unwrap_or_else(|| TEMPLATE.to_owned());
            let written = markdown(&rows, &text)
                .with_context(|| template.map_or_else(|| "cannot write the marks".to_owned(), what))?;
            // A template may be anyone's; its tabs mean something in Markdown.
            written.split('\t').map(|part| clean(part).into_string()).collect::<Vec<_>>().join("\t")
        }
    };
    print(out.as_bytes())?;
    Ok(if rows.is_empty() { NOTHING } else { OK })
}

/// The marks as a page of Web Annotations (W3C Recommendation of 2017).
pub fn annotations(rows: &[Row]) -> Value {
    let items: Vec<Value> = rows.iter().map(annotation).collect();
    json!({"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": items})
}

fn annotation(row: &Row) -> Value {
    // The words are those of the text that was marked.
    let own = store::anchor_from_json(&row.anchor).unwrap_or_default();
    let exact = if own.words.is_empty() { "".into() } else { own.quotation() };
    let mut body = Vec::new();
    if let Some(note) = &row.note {
        body.push(json!({"type": "TextualBody", "value": note, "format": "text/plain", "purpose": "commenting"}));
    }
    if let Some(name) = &row.name {
        body.push(json!({"type": "TextualBody", "value": name, "format": "text/plain", "purpose": "tagging"}));
    }
    let motivation = match MarkKind::from_name(&row.kind) {
        Some(MarkKind::Note | MarkKind::Chapter) => "commenting",
        Some(MarkKind::Highlight) => "highlighting",
        Some(MarkKind::Bookmark) | None => "bookmarking",
    };
    json!({
        "id": format!("urn:ulid:{}", row.id),
        "type": "Annotation",
        "motivation": motivation,
        "created": date::iso(row.created),
        "modified": date::iso(row.changed),
        "body": body,
        "target": {
            "source": row.path.as_deref().unwrap_or(&row.document),
            "selector": [
                {"type": "TextQuoteSelector", "exact": exact, "prefix": own.before.as_str(), "suffix": own.after.as_str()},
                {"type": "FragmentSelector", "value": format!("at={}", row.at)},
            ],
        },
        "lection:mark": row,
    })
}

/// The marks by a template.
pub fn markdown(rows: &[Row], template: &str) -> anyhow::Result<String> {
    let template = template.replace("\r\n", "\n");
    let (head, each) = template.split_once("%%\n").context("the template has no line of two percent signs, %%")?;
    let Some(first) = rows.first() else { return Ok(String::new()) };
    let mut out = fill(head, first)?;
    out.push('\n');
    let mut chapter = None;
    for row in rows {
        // A chapter's title stands before the first of its marks only.
        let is_new = row.chapter.is_some() && chapter != Some(&row.chapter);
        chapter = Some(&row.chapter);
        let each: String = each.split_inclusive('\n').filter(|line| is_new || !line.contains("{chapter}")).collect();
        out.push_str(&fill(&each, row)?);
    }
    Ok(out)
}

fn fill(template: &str, row: &Row) -> anyhow::Result<String> {
    let path = row.path.as_deref().map(quoted).unwrap_or_default();
    let percent = format!("{:.1}", row.percent);
    // No comment begins or ends inside of it.
    let data = plain_json(&serde_json::to_string(row)?).replace('<', "\\u003c").replace('>', "\\u003e");
    let data = format!("{DATA}{data} -->");
    let (created, changed) = (date::iso(row.created), date::iso(row.changed));
    let values = [
        ("{title}", row.document.as_str()),
        ("{chapter}", row.chapter.as_deref().unwrap_or_default()),
        ("{quote}", row.quote.as_str()),
        ("{marked}", row.marked.as_deref().unwrap_or_default().trim()),
        ("{note}", row.note.as_deref().unwrap_or_default()),
        ("{name}", row.name.as_deref().unwrap_or_default()),
        ("{kind}", row.kind.as_str()),
        ("{color}", row.color.as_deref().unwrap_or_default()),
        ("{status}", row.status.as_deref().unwrap_or_default()),
        ("{percent}", percent.as_str()),
        ("{at}", row.at.as_str()),
        ("{path}", path.as_str()),
        ("{created}", created.as_str()),
        ("{changed}", changed.as_str()),
        ("{id}", row.id.as_str()),
        ("{data}", data.as_str()),
    ];
    let mut out = String::new();
    for line in template.split_inclusive('\n') {
        let named = values.iter().filter(|(name, _)| line.contains(name));
        let says = named.clone().any(|(_, value)| !value.is_empty());
        if named.count() > 0 && !says {
            continue;
        }
        let indent: String = line.chars().take_while(|c| matches!(c, '>' | ' ')).collect();
        write_line(&mut out, line, &values, &indent)?;
        if out.len() > MARK_BYTES_MAX {
            anyhow::bail!("the template makes more than {} MiB of one mark", MARK_BYTES_MAX >> 20);
        }
    }
    Ok(out)
}

/// One line of the template; what has several lines goes on with what the first begins with. The
/// values are put in one by one from the left, so that no value is taken for a name.
fn write_line(out: &mut String, line: &str, values: &[(&str, &str)], indent: &str) -> anyhow::Result<()> {
    for (number, part) in line.split('{').enumerate() {
        let named = values.iter().find_map(|(name, value)| Some((name, value, part.strip_prefix(name.get(1..)?)?)));
        match named.filter(|_| number > 0) {
            Some((name, value, after)) => {
                // What a text says of comments is no comment.
                let value =
                    if *name == "{data}" { Cow::Borrowed(*value) } else { value.replace("<!--", "&lt;!--").into() };
                write!(out, "{}{after}", value.replace('\n', &format!("\n{indent}")))?;
                if out.len() > MARK_BYTES_MAX {
                    break;
                }
            }
            None if number > 0 => write!(out, "{{{part}")?,
            None => out.push_str(part),
        }
    }
    Ok(())
}

/// A path as a shell takes it. What a terminal would obey is written by its bytes, as in POSIX of
/// 2024.
fn quoted(path: &str) -> String {
    let is_plain = path.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
    if is_plain {
        return path.to_owned();
    }
    if path.chars().all(|c| is_shown(c) && c != '\n') {
        return format!("'{}'", path.replace('\'', "'\\''"));
    }
    let mut out = String::from("$'");
    for c in path.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
        }
    }
    out.push('\'');
    out
}

//! Front matter: the lines between `---` (or `+++`) at the start of a text that say its title,
//! authors, language and date.
//!
//! Only simple lines are understood (`key: value`, `key = "value"`, and lists of values); others
//! are passed over. Where the lines do not look like metadata at all the text is left as it is,
//! for a text may also begin with a rule.

use crate::document::Meta;
use crate::limits::FRONT_BYTES_MAX;
use crate::text::{Clean, clean_line};

/// Splits a text into what its front matter says and the body after it.
pub fn split(text: &str) -> (Meta, &str) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (fence, equals) = match text.lines().next().map(str::trim_end) {
        Some("---") => ("---", ':'),
        Some("+++") => ("+++", '='),
        _ => return (Meta::default(), text),
    };
    let mut inside = Vec::new();
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        at += line.len();
        let bare = line.trim_end();
        if number > 0 && (bare == fence || fence == "---" && bare == "...") {
            let body = text.get(at..).unwrap_or_default();
            return if is_metadata(&inside, equals) { (read(&inside, equals), body) } else { (Meta::default(), text) };
        }
        if number > 0 {
            inside.push(bare);
        }
        if at > FRONT_BYTES_MAX {
            break;
        }
    }
    (Meta::default(), text)
}

/// Whether the lines are metadata: one of them has a key, and every one could stand there.
fn is_metadata(lines: &[&str], equals: char) -> bool {
    let fits = |line: &&str| {
        line.is_empty() || line.starts_with([' ', '\t', '#', '-', '[', ']', '}']) || pair(line, equals).is_some()
    };
    lines.iter().all(fits) && lines.iter().any(|line| pair(line, equals).is_some())
}

/// A line as a key and its value.
fn pair(line: &str, equals: char) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(equals)?;
    let is_key = !key.is_empty()
        && key.trim_end().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '"'))
        && key.starts_with(|c: char| c.is_alphabetic() || c == '"' || c == '_')
        && (equals == '=' || value.is_empty() || value.starts_with([' ', '\t']));
    is_key.then(|| (key.trim().trim_matches('"'), value.trim()))
}

fn read(lines: &[&str], equals: char) -> Meta {
    let mut meta = Meta::default();
    for (number, line) in lines.iter().enumerate() {
        let Some((key, value)) = pair(line, equals) else { continue };
        let values = match value {
            "" | "|" | ">" | "|-" | ">-" => {
                let follow = lines.get(number + 1..).unwrap_or_default();
                below(follow, value.is_empty())
            }
            value => values(value),
        };
        let Some(first) = values.first().cloned() else { continue };
        let set = |place: &mut Option<Clean>| {
            if place.is_none() {
                *place = Some(first);
            }
        };
        match key.to_ascii_lowercase().as_str() {
            "title" => set(&mut meta.title),
            "author" | "authors" | "creator" => meta.authors.extend(values),
            "lang" | "language" | "locale" => set(&mut meta.language),
            "date" | "published" | "pubdate" => set(&mut meta.date),
            "description" | "summary" | "abstract" => set(&mut meta.description),
            "publisher" => set(&mut meta.publisher),
            "isbn" | "doi" | "identifier" => set(&mut meta.identifier),
            _ => {}
        }
    }
    meta
}

/// The values on the lines below a key: a list, or (folded) the words of a paragraph.
fn below(lines: &[&str], is_list: bool) -> Vec<Clean> {
    let inner = lines.iter().take_while(|line| line.starts_with([' ', '\t', '-']));
    if !is_list {
        let words: Vec<&str> = inner.map(|line| line.trim()).collect();
        return Some(clean_line(&words.join(" "))).filter(|w| !w.is_empty()).into_iter().collect();
    }
    let name = |item: &str| {
        let item = item.strip_prefix("name:").unwrap_or(item);
        clean_line(unquoted(item.trim()))
    };
    inner
        .filter_map(|line| line.trim().strip_prefix('-'))
        .map(|item| name(item.trim()))
        .filter(|v| !v.is_empty())
        .collect()
}

/// A value, or the values of a list in brackets.
fn values(value: &str) -> Vec<Clean> {
    let inner = value.strip_prefix('[').and_then(|v| v.strip_suffix(']'));
    let parts = inner.map_or_else(|| vec![value], |list| list.split(',').collect());
    parts.into_iter().map(|part| clean_line(unquoted(part.trim()))).filter(|v| !v.is_empty()).collect()
}

/// A value without its quotation marks, or without the remark after it.
fn unquoted(value: &str) -> &str {
    for mark in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(mark)
            && let Some((inside, _)) = inner.split_once(mark)
        {
            return inside;
        }
    }
    value.split_once(" #").map_or(value, |(before, _)| before).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_lines_are_understood() {
        let (meta, body) = split(
            "---\ntitle: \"A: B\" # t\nauthor:\n  - Ann\n  - name: Bob\nlang: de\ndate: 2020-01-02\ndescription: >\n  one\n  two\ntags: [x, y]\n---\nbody",
        );
        assert_eq!(body, "body");
        assert_eq!(meta.title.as_deref(), Some("A: B"));
        assert_eq!(meta.authors.iter().map(Clean::as_str).collect::<Vec<_>>(), ["Ann", "Bob"]);
        assert_eq!((meta.language.as_deref(), meta.date.as_deref()), (Some("de"), Some("2020-01-02")));
        assert_eq!(meta.description.as_deref(), Some("one two"));
        let (meta, body) = split("+++\ntitle = 'T'\nauthors = [\"A\", \"B\"]\n+++\nx\n");
        assert_eq!((meta.title.as_deref(), meta.authors.len(), body), (Some("T"), 2, "x\n"));
    }

    #[test]
    fn a_rule_at_the_start_is_no_front_matter() {
        for text in
            ["---\nFoo\n---\nBar", "---\n\n---\nx", "---\ntitle: x\n", "--- \n- a\n---\n", "text\n---\na: b\n---"]
        {
            let (meta, body) = split(text);
            assert_eq!((meta, body), (Meta::default(), text), "{text:?}");
        }
    }
}

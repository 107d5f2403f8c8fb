//! What a plain text says about itself in its first lines: the `Title:` of a library's header, or
//! the first line that looks like a title.

use crate::document::Meta;
use crate::text::{Clean, clean_line};

use super::lines::Line;

/// Lines that are searched for a header.
const HEADER_LINES: usize = 60;
/// Columns of a line that may be a title.
const TITLE_COLUMNS: u32 = 72;

/// Reads the first lines of a text.
pub fn meta(lines: &[Line]) -> Meta {
    let head = lines.get(..HEADER_LINES).unwrap_or(lines);
    let title = field(head, "Title");
    // A single `Title:` may be anything's; with an author or a language beside it, it is a header.
    let author = field(head, "Author");
    let language = field(head, "Language");
    if title.is_some() && (author.is_some() || language.is_some()) {
        return Meta {
            title,
            authors: author.into_iter().collect(),
            language: language.as_deref().map(tag),
            ..Meta::default()
        };
    }
    Meta { title: first_title(head), ..Meta::default() }
}

/// The value of `Name: value` at the start of a line, with the indented lines that go on with it.
fn field(lines: &[Line], name: &str) -> Option<Clean> {
    let value = |line: &Line| line.raw.strip_prefix(name)?.strip_prefix(':').map(|v| v.trim().to_owned());
    let at = lines.iter().position(|line| value(line).is_some_and(|v| !v.is_empty()))?;
    let mut words = value(lines.get(at)?)?;
    for more in lines.iter().skip(at + 1).take_while(|line| !line.is_blank() && line.indent >= 2) {
        words.push_str(": ");
        words.push_str(more.text);
    }
    Some(clean_line(&words))
}

/// The language as a tag where the header names it in words.
fn tag(name: &str) -> Clean {
    const NAMES: [(&str, &str); 14] = [
        ("english", "en"),
        ("german", "de"),
        ("french", "fr"),
        ("spanish", "es"),
        ("italian", "it"),
        ("portuguese", "pt"),
        ("dutch", "nl"),
        ("russian", "ru"),
        ("chinese", "zh"),
        ("japanese", "ja"),
        ("swedish", "sv"),
        ("finnish", "fi"),
        ("greek", "el"),
        ("latin", "la"),
    ];
    let known = NAMES.iter().find(|(word, _)| name.eq_ignore_ascii_case(word));
    clean_line(known.map_or(name, |(_, tag)| tag))
}

/// The first line, if it stands alone and reads like a title.
fn first_title(lines: &[Line]) -> Option<Clean> {
    let at = lines.iter().position(|line| !line.is_blank())?;
    let line = lines.get(at)?;
    let stands_alone = lines.get(at + 1).is_none_or(Line::is_blank);
    let is_short = (1..=TITLE_COLUMNS).contains(&line.width);
    let reads_so =
        line.text.chars().next().is_some_and(|c| c.is_uppercase() || is_caseless_letter(c) || c.is_numeric())
            || line.text.starts_with(['《', '『', '「', '“', '«']);
    let is_sentence = line.text.ends_with(['.', '。', ',', ';', ':', '!', '?', '…']);
    (stands_alone && is_short && reads_so && !is_sentence).then(|| clean_line(line.text))
}

fn is_caseless_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::plain::grid::LineEnds;
    use crate::formats::plain::lines::split;

    #[track_caller]
    fn check(text: &str, title: Option<&str>, authors: &[&str], language: Option<&str>) {
        let meta = meta(&split(text, LineEnds::Lf));
        assert_eq!(meta.title.as_deref(), title);
        assert_eq!(meta.authors.iter().map(Clean::as_str).collect::<Vec<_>>(), authors);
        assert_eq!(meta.language.as_deref(), language);
    }

    #[test]
    fn a_header_names_the_book() {
        let header = "An eBook\n\nTitle: The Hill\n       A Walk\n\nAuthor: A. Nyman\n\nLanguage: English\n";
        check(header, Some("The Hill: A Walk"), &["A. Nyman"], Some("en"));
        check("a form:\nTitle: alone\n\ntext", None, &[], None);
    }

    #[test]
    fn else_the_first_line_may_be_a_title() {
        check("\n\nTHE HILL\n\nIt was high.\n", Some("THE HILL"), &[], None);
        check("《山》\n\n很高。\n", Some("《山》"), &[], None);
        check("It was high.\n\nVery.\n", None, &[], None);
        check("It was high and\nvery cold\n", None, &[], None);
        check("", None, &[], None);
    }
}

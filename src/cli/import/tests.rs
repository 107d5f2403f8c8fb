//! What other programs write, and what comes of it.

use super::*;
use crate::cli::export::{Row, annotations, markdown};
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, expected: &[(&str, Option<&str>, &str)]) {
    let marks = parse(text);
    let found: Vec<(&str, Option<&str>, &str)> = marks
        .iter()
        .map(|mark| (mark.title.as_deref().unwrap_or_default(), mark.note.as_deref(), mark.words.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn clippings_in_several_languages() {
    check(
        "\u{FEFF}The Book (Writer, A.)\r\n- Your Highlight on page 5 | Location 120-122 | Added on Monday, 1 May 2023 10:00:00\r\n\r\nmarked words here\r\n==========\r\n\
         \u{FEFF}The Book (Writer, A.)\r\n- Your Note on page 5 | Location 122 | Added on Monday, 1 May 2023 10:00:10\r\n\r\nmy thought\r\n==========\r\n\
         The Book (Writer, A.)\r\n- Your Bookmark on page 9 | Location 200 | Added on Monday\r\n\r\n\r\n==========\r\n",
        &[("The Book", Some("my thought"), "marked words here")],
    );
    for about in [
        "- Ihre Markierung auf Seite 3 | bei Position 40-42 | Hinzugefügt am Montag, 1. Mai 2023",
        "- Votre surlignement sur la page 3 | emplacement 40-42 | Ajouté le lundi 1 mai 2023",
        "- Tu subrayado en la página 3 | posición 40-42 | Añadido el lunes",
        "- La tua evidenziazione a pagina 3 | posizione 40-42 | Aggiunto in data",
        "- Seu destaque ou posição 40-42 | Adicionado: segunda-feira",
        "- Ваш выделенный отрывок на странице 3 | Место 40–42 | Добавлено",
        "- 您在第 3 页（位置 #40-42）的标注 | 添加于 2023年5月1日星期一",
        "- 3ページ|位置No. 40-42のハイライト |作成日: 2023年5月1日月曜日",
    ] {
        check(&format!("Titel\n{about}\n\nwords\n==========\n"), &[("Titel", None, "words")]);
    }
}

#[test]
fn exports_of_other_readers() {
    check(
        r#"{"title":"T","author":"A","number_of_pages":100,"entries":[{"sort":"highlight","page":50,"time":1683000000,
            "chapter":"One","text":"marked words","note":"thought","drawer":"lighten","color":"green"}]}"#,
        &[("T", Some("thought"), "marked words")],
    );
    check(
        r#"{"documents":[{"title":"T","entries":[{"text":"a b"}]},{"title":"U","entries":[{"text":"c d"}]}]}"#,
        &[("T", None, "a b"), ("U", None, "c d")],
    );
    check(
        r#"{"booknotes":[{"id":"1","type":"annotation","cfi":"epubcfi(/6/4!/4,/2,/4)","text":"a b","note":"","color":"blue",
            "createdAt":1683000000000,"deletedAt":null},{"id":"2","text":"gone","deletedAt":1683000000001}]}"#,
        &[("", None, "a b")],
    );
    check(
        r#"{"metadata":{"title":"T"},"annotations":[{"value":"epubcfi(/6/2)","color":"yellow","text":"a b","note":"n",
            "created":"2023-05-01T10:00:00Z"}],"bookmarks":["epubcfi(/6/4)"]}"#,
        &[("T", Some("n"), "a b")],
    );
    check(
        r#"[{"type":"Annotation","target":{"source":"x.epub","selector":{"type":"TextQuoteSelector","exact":"a b","prefix":"p"}},
            "body":{"type":"TextualBody","value":"n"}}]"#,
        &[("", Some("n"), "a b")],
    );
    let koreader = &parse(r#"{"title":"T","entries":[{"text":"a","time":1683000000,"color":"RED"}]}"#)[0];
    assert_eq!((koreader.created, koreader.color), (Some(1_683_000_000_000), Some(MarkColor::Red)));
    for odd in ["", "{}", "[1]", "{\"entries\":[{}]}", "no marks\n==========\n", "{broken", "{\"target\":1}"] {
        check(odd, &[]);
    }
}

fn any_mark() -> impl Strategy<Value = Mark> {
    let text = prop::option::of("\\PC{1,20}( |\n|-->)\\PC{1,9}");
    (
        any::<u64>(),
        text.clone(),
        text,
        "\\PC{0,40}",
        any::<[u32; 3]>(),
        0u64..4_000_000_000_000,
        0usize..5,
        0u32..=1_000_000,
    )
        .prop_map(|(id, name, note, words, at, created, color, parts)| {
            let start = Position::new(crate::document::SectionId(at[0]), crate::document::BlockId(at[1]), at[2]);
            Mark {
                id: format!("{id:026}"),
                kind: if note.is_some() { MarkKind::Note } else { MarkKind::Highlight },
                name: name.as_deref().map(clean_line).filter(|name| !name.is_empty()),
                note: note.as_deref().map(clean),
                color: MarkColor::ALL.get(color).copied(),
                anchor: Anchor {
                    start,
                    end: start,
                    words: clean(&words),
                    after: clean(&words),
                    chapter: vec![clean_line("Chapter {note} -->")],
                    fraction: f64::from(parts) / 1e6,
                    ..Anchor::default()
                },
                status: Status::Exact,
                created: created + 1,
                changed: created + 2,
            }
        })
}

proptest! {
    /// What is written in any of the forms is read again without loss.
    #[test]
    fn exports_come_back(marks in prop::collection::vec(any_mark(), 1..4)) {
        let rows = || marks.iter().map(|mark| Row::new(mark, 12.5, "Title --> {data}", Some(Path::new("/a b/c.txt"))));
        let lines: String = rows().map(|row| serde_json::to_string(&row).unwrap() + "\n").collect();
        let rows: Vec<Row> = rows().collect();
        let page = serde_json::to_string(&annotations(&rows)).unwrap();
        let template = "# {title}\n%%\n## {chapter}\n> {quote}\n{note}\n{name} {data}\n";
        for text in [lines, page, markdown(&rows, template).unwrap()] {
            let given = parse(&text);
            prop_assert_eq!(given.len(), marks.len());
            for (given, mark) in given.iter().zip(&marks) {
                prop_assert_eq!(given.id.as_deref(), Some(mark.id.as_str()));
                prop_assert_eq!(given.kind, Some(mark.kind));
                prop_assert_eq!(given.name.as_deref().map(clean_line), mark.name.clone());
                prop_assert_eq!(given.note.as_deref().map(clean), mark.note.clone());
                prop_assert_eq!(given.anchor.as_ref(), Some(&mark.anchor));
                prop_assert_eq!((given.color, given.created, given.changed), (mark.color, Some(mark.created), Some(mark.changed)));
                prop_assert_eq!(given.path.as_deref(), Some(Path::new("/a b/c.txt")));
            }
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC*", lines in "([-{=\\[|] ?\\PC{0,9}\n){0,9}") {
        parse(&text);
        parse(&lines);
        parse(&format!("T\n- note {text}|\n\n{lines}=========="));
    }
}

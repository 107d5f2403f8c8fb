//! What other programs write, and what comes of it.

use super::*;
use crate::cli::book::Listed;
use crate::cli::export::{Row, annotations, markdown};
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, expected: &[(&str, Option<&str>, &str)]) {
    let marks = parse(text).marks;
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
        &[("The Book", Some("my thought"), "marked words here"), ("The Book", None, "")],
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

/// Kindle entries at these locations.
fn clippings(entries: &[(&str, &str, &str)]) -> String {
    let entry = |(about, date, words): &(&str, &str, &str)| {
        format!("The Book (Writer, A.)\r\n- Your {about} | Added on {date}\r\n\r\n{words}\r\n==========\r\n")
    };
    entries.iter().map(entry).collect()
}

#[test]
fn clippings_are_told_apart_by_place_and_keep_their_dates() {
    let (one, two) = ("Monday, May 1, 2023 10:00:00 AM", "Monday, 1 May 2023 22:00:00");
    let text = clippings(&[
        ("Highlight on page 5 | Location 120-122", one, "the same words"),
        ("Highlight on page 9 | Location 220-222", one, "the same words"),
        ("Note on page 5 | Location 122", one, "first"),
        ("Note on page 5 | Location 122", two, "second"),
        ("Note on page 5 | Location 121", one, "another"),
        ("Note on page 7 | Location 180", one, "a remark on nothing"),
        ("Note on page 7 | Location 180", two, "a better remark on nothing"),
        ("Note on page 7 | Location 190", two, "another"),
        ("Bookmark on page 9 | Location 200", one, ""),
        ("Dream on page 9 | Location 200", one, "what is this"),
    ]);
    let Read { marks, left } = parse(&text);
    let ids: Vec<String> = marks.iter().map(id_of).collect();
    let parts: HashSet<&String> = ids.iter().collect();
    assert!(ids.len() == 5 && parts.len() == 5 && is_name(&ids[0]), "{ids:?}");
    // What has no words is kept too, the last text of a note at each place.
    let bare: Vec<(Option<MarkKind>, Option<u64>, Option<&str>)> =
        marks[2..].iter().map(|mark| (mark.kind, mark.location, mark.note.as_deref())).collect();
    let remark = (None, Some(180), Some("a better remark on nothing"));
    assert_eq!(bare, [(Some(MarkKind::Bookmark), Some(200), None), remark, (None, Some(190), Some("another"))]);
    assert_eq!(marks[3].earlier_notes, ["a remark on nothing"]);
    assert_eq!(marks[0].note.as_deref(), Some("another\n\nsecond"));
    assert_eq!(marks[0].earlier_notes, ["first", "second"]);
    assert_eq!((marks[0].created, marks[0].changed), (Some(1_682_935_200_000), Some(1_682_978_400_000)));
    assert_eq!(left.sentences(), ["1 line was left out: no mark can be read from them; the first is line 46"]);
    // The note is no part of the identity.
    let without = clippings(&[("Highlight on page 5 | Location 120-122", one, "the same words")]);
    assert_eq!(id_of(&parse(&without).marks[0]), ids[0]);
}

/// Thousands at one place take no longer, and no more, than at many.
#[test]
fn a_note_goes_to_the_nearest_of_the_shortest_highlights_that_end_there() {
    let time = "Monday, May 1, 2023 10:00:00 AM";
    let notes = |entries: &[(&str, &str)]| -> Vec<Option<String>> {
        let entries: Vec<_> = entries.iter().map(|(about, text)| (*about, time, *text)).collect();
        parse(&clippings(&entries)).marks.into_iter().map(|mark| mark.note).collect()
    };
    let said = |text: &str| Some(text.to_owned());
    let long = ("Highlight on Location 100-130", "long");
    let short = ("Highlight on Location 118-122", "short");
    assert_eq!(notes(&[long, short, ("Note on Location 122", "n")]), [None, said("n")]);
    assert_eq!(notes(&[long, short, ("Note on Location 130", "n")]), [said("n"), None]);
    assert_eq!(notes(&[long, short, ("Note on Location 120", "n")]), [None, said("n")]);
    assert_eq!(notes(&[short, short, ("Note on Location 122", "n"), short]), [None, said("n"), None]);
    assert_eq!(notes(&[long, ("Note on Location 131", "n")]), [None, said("n")]);
    // Numbers that no device writes.
    assert_eq!(notes(&[("Highlight on Location 18446744073709551615-36", "x")]).len(), 1);
    let mut many = vec![("Highlight on Location 1-1000000000", "all")];
    many.extend(vec![("Highlight on Location 5-7", "words"); 20_000]);
    many.extend(vec![("Note on Location 6", "a remark"); 20_000]);
    many.extend(vec![("Note on Location 0", "about nothing"); 20_000]);
    let read = parse(&clippings(&many.iter().map(|(about, text)| (*about, time, *text)).collect::<Vec<_>>()));
    assert!(read.marks.iter().all(|mark| mark.earlier_notes.len() <= 16));
    assert_eq!(read.marks.len(), 20_002);
}

/// The note of a mark that came from another reader, after another import.
#[track_caller]
fn joined(known: Option<&str>, times: (u64, u64), given: &str, earlier: &[&str], at: Option<u64>) -> Option<String> {
    let given = Given {
        note: Some(given.to_owned()),
        earlier_notes: earlier.iter().map(|note| (*note).to_owned()).collect(),
        changed: at,
        ..Given::default()
    };
    let known =
        Given { note: known.map(str::to_owned), created: Some(times.0), changed: Some(times.1), ..Given::default() };
    let known = fresh("ID".to_owned(), &known, 0);
    change(&known, &given).map(|mark| mark.note.unwrap().into_string())
}

#[test]
fn a_note_that_comes_later_joins_its_mark() {
    let said = |text: &str| Some(text.to_owned());
    // Never touched here.
    assert_eq!(joined(None, (5, 5), "new", &[], None), said("new"));
    assert_eq!(joined(Some("old"), (5, 5), "new", &[], None), said("new"));
    assert_eq!(joined(Some("old"), (5, 5), "old", &[], Some(9)), None);
    // Changed here or there since.
    assert_eq!(joined(Some("old"), (5, 7), "new", &[], Some(6)), None);
    assert_eq!(joined(Some("old"), (5, 7), "new", &["old"], Some(8)), said("new"));
    assert_eq!(joined(Some("mine"), (5, 7), "new", &["old"], Some(8)), said("mine\n\nnew"));
    assert_eq!(joined(Some("mine\n\nnew"), (5, 8), "new", &["old"], Some(9)), None);
    assert_eq!(joined(None, (5, 7), "taken off here", &[], None), None);
}

#[test]
fn what_cannot_be_placed_is_counted() {
    for (text, marks, said) in [
        (r#"{"title":"T","entries":[{"page":3},{"text":"a"}]}"#, 1, "1 item was left out: nothing that is known here"),
        (
            r#"{"annotations":[],"bookmarks":["epubcfi(/6/4)","epubcfi(/6/8)"]}"#,
            0,
            "2 bookmarks were left out: no marked words tell their place",
        ),
        (
            "{\"at\":\"0/0:0\"}\n\n{\"at\":\"0/0:\n{\"at\":\"0/1:0\"}\n{",
            2,
            "2 lines were left out: no mark can be read from them; the first is line 3",
        ),
        (
            "<!-- lection {\"at\":\"0/0:0\"} -->\n<!-- lection {\"at\"",
            1,
            "1 line was left out: no mark can be read from them; the first is line 2",
        ),
        ("{\"at\":\"here\"}\n7\n{\"at\":\"0/0:0\"}", 1, "2 items were left out: nothing that is known here"),
    ] {
        let read = parse(text);
        assert_eq!((read.marks.len(), read.left.sentences()), (marks, vec![said.to_owned()]), "{text}");
    }
    let bare =
        r#"{"title":"T","entries":[{"sort":"bookmark","page":3,"pages":4,"text":"in One"},{"note":"n","page":4}]}"#;
    let Read { marks, left } = parse(bare);
    assert_eq!((marks[0].name.as_deref(), marks[0].kind), (Some("in One"), Some(MarkKind::Bookmark)));
    assert_eq!((marks[0].fraction, marks[1].note.as_deref(), left), (0.75, Some("n"), Left::default()));
    assert!(marks.iter().all(|mark| mark.words.is_empty()) && id_of(&marks[0]) != id_of(&marks[1]));
    let readest = parse(r#"{"booknotes":[{"type":"bookmark","cfi":"x","text":"a b"}]}"#);
    assert_eq!((readest.marks[0].kind, readest.left), (Some(MarkKind::Bookmark), Left::default()));
}

#[test]
fn what_begins_like_json_may_be_something_else() {
    check(
        &clippings(&[("Highlight on Location 1-2", "", "words")]).replace("The Book", "[Draft] The Book"),
        &[("[Draft] The Book", None, "words")],
    );
    check("[{title}]\n<!-- lection {\"at\":\"0/0:0\",\"document\":\"T\",\"quote\":\"a\"} -->\n", &[("T", None, "a")]);
}

#[test]
fn lines_of_a_log_are_put_together() {
    let line = |time: u64, op: &str, body: &str| {
        format!(
            r#"{{"v":1,"id":"M","op":"{op}","kind":"note","t":"{time:012x}-0000-d","dev":"d","body":{body}}} 00000000"#
        )
    };
    let anchor = r#"{"anchor":{"start":"0/1:2","words":"w"},"note":"one","name":null,"created":5,"changed":5}"#;
    let of = |lines: &[String]| parse(&lines.join("\n")).marks;
    let whole = of(&[line(7, "set", r#"{"note":"two","changed":7}"#), line(5, "set", anchor)]);
    assert_eq!((whole.len(), whole[0].note.as_deref(), whole[0].changed), (1, Some("two"), Some(7)));
    assert!(whole[0].anchor.is_some());
    let part = &of(&[line(7, "set", r#"{"name":"x"}"#)])[0];
    let of_name = Part { has_name: true, ..Part::default() };
    assert_eq!((part.name.as_deref(), part.part, part.anchor.as_ref()), (Some("x"), Some(of_name), None));
    // What the program itself keeps is no change of the reader's.
    assert_eq!(of(&[line(7, "set", r#"{"found@v":{"start":"0/0:0"}}"#)]), []);
    let gone = of(&[line(7, "del", "{}"), line(8, "set", r#"{"found@v":{"start":"0/0:0"}}"#)]);
    assert_eq!((gone[0].part.map(|part| part.is_deleted), gone[0].changed), (Some(true), Some(7)));
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
    let koreader = &parse(r#"{"title":"T","entries":[{"text":"a","time":1683000000,"color":"RED"}]}"#).marks[0];
    assert_eq!((koreader.created, koreader.color), (Some(1_683_000_000_000), Some(MarkColor::Red)));
    for odd in ["", "{}", "[1]", "{\"entries\":[{}]}", "no marks\n==========\n", "{broken", "{\"target\":1}"] {
        check(odd, &[]);
    }
}

fn any_mark() -> impl Strategy<Value = Mark> {
    let text = prop::option::of("\\PC{1,20}( |\n|-->|<!-- lection \\{\"at\":1\\} -->)\\PC{1,9}");
    (
        any::<u64>(),
        text.clone(),
        text,
        "\\PC{0,40}",
        any::<[u32; 3]>(),
        0u64..4_000_000_000_000,
        0usize..5,
        0u32..=1_000_000,
        any::<bool>(),
    )
        .prop_map(|(id, name, note, words, at, created, color, parts, is_own)| {
            let start = Position::new(crate::document::SectionId(at[0]), crate::document::BlockId(at[1]), at[2]);
            let own = Anchor { end: start, start, words: clean(&format!("marked {words}")), ..Anchor::default() };
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
                status: if is_own { Status::Changed } else { Status::Exact },
                own: is_own.then(|| Box::new(own)),
                created: created + 1,
                changed: created + 2,
            }
        })
}

proptest! {
    /// What is written in any of the forms is read again without loss.
    #[test]
    fn exports_come_back(marks in prop::collection::vec(any_mark(), 1..4)) {
        let (path, title) = (Some("/a b/c.txt".into()), clean_line("Title --> {data}"));
        let listed = Listed { path, title, marks: Vec::new(), is_open: true };
        let rows = || marks.iter().map(|mark| Row::new(mark, 12.5, &listed));
        let lines: String = rows().map(|row| serde_json::to_string(&row).unwrap() + "\n").collect();
        let rows: Vec<Row> = rows().collect();
        let page = serde_json::to_string(&annotations(&rows)).unwrap();
        let template = "# {title}\n%%\n## {chapter}\n> {quote}\n{note}\n{name} {data}\n";
        for text in [lines, page, markdown(&rows, template).unwrap()] {
            let Read { marks: given, left } = parse(&text);
            prop_assert_eq!(left, Left::default());
            prop_assert_eq!(given.len(), marks.len());
            for (given, mark) in given.iter().zip(&marks) {
                prop_assert_eq!(given.id.as_deref(), Some(mark.id.as_str()));
                prop_assert_eq!(given.kind, Some(mark.kind));
                prop_assert_eq!(given.name.as_deref().map(clean_line), mark.name.clone());
                prop_assert_eq!(given.note.as_deref().map(clean), mark.note.clone());
                prop_assert_eq!(given.anchor.as_ref(), Some(mark.own_anchor()));
                prop_assert_eq!((given.color, given.created, given.changed), (mark.color, Some(mark.created), Some(mark.changed)));
                let own = Mark { anchor: mark.own_anchor().clone(), own: None, status: Status::Exact, ..mark.clone() };
                prop_assert_eq!(fresh(mark.id.clone(), given, 0), own.clone());
                // Where it is known already nothing is new, on whichever of the two devices.
                prop_assert_eq!((change(mark, given), change(&own, given)), (None, None));
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

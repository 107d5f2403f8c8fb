//! Whole texts and the quotations in them.

use std::fmt::Write;

mod languages;

use proptest::prelude::*;

use super::Finder;
use crate::document::{BlockKind, FrameKind, Position, Quote, Section, SectionBuilder, SectionId};
use crate::limits::QUOTES_MAX;

/// A section of paragraphs, parted by blank lines. `> ` begins a block of quoted matter, `^ ` a
/// motto, `# ` a heading, `~ ` a line that names a source.
fn section(id: u32, text: &str) -> Section {
    let mut builder = SectionBuilder::new(SectionId(id));
    let mut frame = "";
    for paragraph in text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
        let (sign, rest) = paragraph.split_once(' ').unwrap_or((paragraph, ""));
        let signs = if matches!(sign, ">" | "^" | "#" | "~") { sign } else { "" };
        if !frame.is_empty() && signs != frame && signs != "~" {
            builder.close();
            frame = "";
        }
        if matches!(signs, ">" | "^") && frame.is_empty() {
            builder.open(if signs == ">" { FrameKind::Quote } else { FrameKind::Epigraph });
            frame = signs;
        }
        builder.begin(match signs {
            "#" => BlockKind::Heading(1),
            "~" => BlockKind::Attribution,
            _ => BlockKind::Paragraph,
        });
        builder.text(if signs.is_empty() { paragraph } else { rest });
        builder.end();
    }
    builder.finish()
}

fn find(sections: &[Section]) -> Vec<Quote> {
    let mut finder = Finder::new();
    for section in sections {
        finder.feed(section);
    }
    finder.finish()
}

/// The quotations of a text, one a line: `kind speaker: part | part`.
fn listed(sections: &[Section]) -> String {
    let mut list = String::new();
    for quote in find(sections) {
        let parts: Vec<&str> = quote
            .parts
            .iter()
            .map(|r| {
                let section = &sections[r.start.section.index()];
                section.text().get(section.offset(r.start)..section.offset(r.end)).unwrap()
            })
            .collect();
        let speaker = quote.speaker.as_ref().map_or("-", |name| name.as_str());
        writeln!(list, "{} {speaker}: {}", quote.kind.name(), parts.join(" | ")).unwrap();
    }
    list
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let lines = expected.lines().map(str::trim).filter(|line| !line.is_empty());
    let expected = lines.fold(String::new(), |list, line| list + line + "\n");
    assert_eq!(listed(&[section(0, text)]), expected, "{text}");
}

/// Only the spans: `kind: part | part`.
#[track_caller]
fn check_spans(text: &str, expected: &[&str]) {
    let found = listed(&[section(0, text)]);
    let spans: Vec<String> = found
        .lines()
        .map(|line| {
            let (head, parts) = line.split_once(": ").unwrap();
            format!("{}: {parts}", head.split(' ').next().unwrap())
        })
        .collect();
    assert_eq!(spans, expected, "{text}");
}

/// Narration that makes a short text English and its persons known.
const FRAME: &str = "It was late in the day when they came to the old mill, and there was no one at the gate. \
    Mr. Tobin Hale was the owner of it. Mrs. Orla Finch had come with him from the town.";

#[test]
fn marks_of_all_styles_pair() {
    check_spans("“I will come,” she said.", &["speech: I will come,"]);
    check_spans("\"I will come,\" she said. \"Do you hear?\"", &["speech: I will come, | Do you hear?"]);
    check_spans("‘It’s the dogs’ dinner,’ he said.", &["speech: It’s the dogs’ dinner,"]);
    check_spans(
        "'Tis late,' he said. 'I can't go.'\n\n'Why not?'\n\n'No.'",
        &["speech: Tis late, | I can't go.", "speech: Why not?", "speech: No."],
    );
    check_spans("« Venez ici ! » dit-il.", &["speech: Venez ici !"]);
    check_spans("»Komm her!« rief er.", &["speech: Komm her!"]);
    check_spans("„Komm her!“ rief er.", &["speech: Komm her!"]);
    check_spans("”Kom hit!” ropade han.", &["speech: Kom hit!"]);
    check_spans("「こちらへ来なさい」と彼は言った。", &["speech: こちらへ来なさい"]);
    check_spans("``I will come,'' she said.", &["speech: I will come,"]);
    check_spans("_“I will come,”_ she said.", &["speech: I will come,"]);
}

#[test]
fn lost_and_nested_marks() {
    check_spans("“I saw “The Mill” today,” she said.", &["speech: I saw “The Mill” today,"]);
    check_spans("“He said “go.”” She wept.", &["speech: He said “go.”"]);
    check_spans(
        "“I never closed it.\n\n“And I never shall,” she said.",
        &["speech: I never closed it. | And I never shall,"],
    );
    check_spans("“It is lost.\n\nNothing came after it. The rain fell.", &["speech: It is lost."]);
    check_spans("“It goes on.\n\nHere it ends,” she said.", &["speech: It goes on. | Here it ends,"]);
}

#[test]
fn dashes_begin_speech() {
    let text = "—Come in.\n\n—Who is there? he asked.\n\n—It is I, said Mr. Hale, and I am wet.\n\n—Well.";
    check_spans(text, &["speech: Come in.", "speech: Who is there?", "speech: It is I,", "speech: Well."]);
    check_spans(
        "—Ven aquí —dijo él—. No tengas miedo.\n\n—No quiero.\n\n—¿Por qué?",
        &["speech: Ven aquí | No tengas miedo.", "speech: No quiero.", "speech: ¿Por qué?"],
    );
    check_spans(
        "— Venez, dit-il, il est tard.\n\n— Non! répondit Jeanne.\n\n— Pourquoi?",
        &["speech: Venez, | il est tard.", "speech: Non!", "speech: Pourquoi?"],
    );
    check_spans(
        "— Иди сюда, — сказал он. — Не бойся.\n\n— Не хочу.\n\n— Почему?",
        &["speech: Иди сюда, | Не бойся.", "speech: Не хочу.", "speech: Почему?"],
    );
}

#[test]
fn words_in_marks_are_no_speech() {
    check_spans("They called it “the house,” and it was one.", &["inline: the house,"]);
    check_spans("A board with “DRINK HERE” hung on the door.", &["inline: DRINK HERE"]);
    check_spans("He read “The Mill by the Sea” that night.", &["inline: The Mill by the Sea"]);
    check_spans("Her “friend” was late.", &["inline: friend"]);
    check_spans(
        "He said that it was “the very worst road that he had ever seen in all his life.”",
        &["speech: the very worst road that he had ever seen in all his life."],
    );
    check_spans("“The Wooden Bridge”", &["inline: The Wooden Bridge"]);
}

#[test]
fn words_that_lead_to_a_mark_without_a_stop() {
    check_spans("She began to say to herself “It is late” once more.", &["inline: It is late"]);
    check_spans("She began to say to herself “It is late.” Then she slept.", &["speech: It is late."]);
    check_spans("A few called out “No!” and went away.", &["speech: No!"]);
    check_spans("There was a cry of “Fire!” in the street.", &["speech: Fire!"]);
    check_spans("The old man said “Rather” into his beard.", &["speech: Rather"]);
    check_spans("She read “Hope” on the board.", &["inline: Hope"]);
}

#[test]
fn one_quotation_or_two() {
    // A reporting clause or a beat parts one; a new introduction begins another.
    check_spans("“Yes.” He rose. “I do.”", &["speech: Yes. | I do."]);
    check_spans(
        "“Is it far?” asked Orla Finch. And, with a nod, she went on: “It is.”",
        &["speech: Is it far?", "speech: It is."],
    );
    check_spans(
        "It meant, he wrote, “a long road for all who walk on it,” and it was also “the only road that was left to all of them in those bad days.”",
        &[
            "speech: a long road for all who walk on it,",
            "speech: the only road that was left to all of them in those bad days.",
        ],
    );
    check_spans(
        "He wrote: “There is no hope…” “There is one.”",
        &["speech: There is no hope…", "speech: There is one."],
    );
}

#[test]
fn signs_that_are_no_marks() {
    check_spans("The board was 6' 2\" by 3' 4\", or 5'6\" at the end.", &[]);
    check_spans("In the year '98 the lads o' the town were out, an' so were the girls'.", &[]);
    check_spans("Flour  2 lb.\n\n\"      3 lb.\n\n\"  \"   4 lb.", &[]);
    check_spans("It ran from 40° 12' 30\" to 41° 2' 5\" north.", &[]);
    check_spans("HALE. I will come.\n\nFINCH. So will I.", &[]);
}

#[test]
fn clauses_name_the_speaker() {
    let with = |text: &str, expected: &str| check(&format!("{FRAME}\n\n{text}"), expected);
    with("“I will come,” said Mr. Hale.", "speech Mr. Tobin Hale: I will come,");
    with("“I will come,” Mrs. Finch quickly replied.", "speech Mrs. Orla Finch: I will come,");
    with("“I will,” Hale said, “if you do.”", "speech Mr. Tobin Hale: I will, | if you do.");
    with("“No!” Mrs. Finch turned to the door and cried: “Never!”", "speech Mrs. Orla Finch: No! | Never!");
    with("Mr. Hale looked up and said, “I will come.”", "speech Mr. Tobin Hale: I will come.");
    with("Then Mr. Hale spoke to Mrs. Finch:\n\n“I will come.”", "speech Mr. Tobin Hale: I will come.");
    with(
        "As Mrs. Finch wrote in her letter, “the mill is an old one.”",
        "speech Mrs. Orla Finch: the mill is an old one.",
    );
    with("“The mill is old.”\n\n— Tobin Hale", "speech Tobin Hale: The mill is old.");
    with("“I will come,” said a voice.", "speech -: I will come,");
    with(
        "“I will come,” said Mr. Hale. And Mrs. Finch answered, “So will I.”",
        "speech Mr. Tobin Hale: I will come,
         speech Mrs. Orla Finch: So will I.",
    );
}

#[test]
fn names_of_one_person_join() {
    check(
        "Dr. Edmund Varley was at the inn, and with him was the host. There was a fire in the room.\n\n\
         “It is cold,” said Edmund.\n\nThey looked at the fire for a long time. It was all that there was.\n\n\
         “It is,” said Dr. Varley. Then the rain came, and the wind with it, and they sat on.\n\n\
         They were quiet. It was a good fire, as fires go, and the night was long.\n\n\
         “So it is,” said the doctor.",
        "speech Dr. Edmund Varley: It is cold,
         speech Dr. Edmund Varley: It is,
         speech Dr. Edmund Varley: So it is,",
    );
}

#[test]
fn names_of_two_persons_stay_apart() {
    // The wife bears her husband's name; the family is nobody; a title tells the gender.
    check(
        "Martin Garrow was at the gate with Mrs. Martin Garrow. The Garrows had been there for a year, and Garrow liked it. \
         Mr. Garrow had a stick in his hand.\n\n\
         “It is cold,” said Mrs. Garrow.\n\n“It is,” said Mr. Garrow.\n\n“So it is,” said Garrow.",
        "speech Mrs. Martin Garrow: It is cold,
         speech Martin Garrow: It is,
         speech Martin Garrow: So it is,",
    );
    // Two Janes: the one whose family the story is about.
    check(
        "By Jane Pell. It was the year in which all of the Garrows came. Mr. Garrow was old, and Mrs. Garrow was not. \
         Their daughter was Jane Garrow. They had a house, and it was a good one for such a place. Jane liked it.\n\n\
         “It is cold,” said Jane.",
        "speech Jane Garrow: It is cold,",
    );
}

#[test]
fn short_names_and_narrators() {
    check(
        "There was nobody at home but Margaret, and Margaret had gone to sleep. It was late, and the fire was out. \
         Margaret woke when the door opened.\n\n“It is cold,” said Meg.",
        "speech Margaret: It is cold,",
    );
    check(
        "I had gone to the inn, as it was late. Mr. Garrow was there, and the host had made a fire for him.\n\n\
         “It is cold, Varley,” said Mr. Garrow.\n\n“It is,” I said.\n\n“Sit down here, Varley,” said Mr. Garrow. \
         “There is no other fire.”\n\n“I will,” said I.",
        "speech Mr. Garrow: It is cold, Varley,
         speech Varley: It is,
         speech Mr. Garrow: Sit down here, Varley, | There is no other fire.
         speech Varley: I will,",
    );
}

#[test]
fn pronouns_find_their_persons() {
    check(
        &format!(
            "{FRAME}\n\nMrs. Finch looked at the wheel. “It is broken,” she said.\n\n\
            They waited for the others. It was not long. Mr. Hale sat down on a stone. “It is not,” he said."
        ),
        "speech Mrs. Orla Finch: It is broken,
         speech Mr. Tobin Hale: It is not,",
    );
    check(
        &format!("{FRAME}\n\nMr. Hale was at the door. “It is broken,” said his wife. It was Mrs. Hale who knew it."),
        "speech Mrs. Hale: It is broken,",
    );
}

#[test]
fn turns_alternate() {
    check(
        &format!(
            "{FRAME}\n\n“Is it far?” asked Mrs. Finch.\n\n“A mile,” said Mr. Hale.\n\n“Is there a road?”\n\n\
            “There was.”\n\n“Then let us go, Mr. Hale.”\n\n“As you like.”\n\n“And the mill?” asked Mrs. Finch."
        ),
        "speech Mrs. Orla Finch: Is it far?
         speech Mr. Tobin Hale: A mile,
         speech Mrs. Orla Finch: Is there a road?
         speech Mr. Tobin Hale: There was.
         speech Mrs. Orla Finch: Then let us go, Mr. Hale.
         speech Mr. Tobin Hale: As you like.
         speech Mrs. Orla Finch: And the mill?",
    );
}

#[test]
fn matter_set_apart_is_one_quote() {
    check(
        &format!(
            "^ All wheels turn.\n\n~ — Old saying, the north\n\n# One\n\n{FRAME}\n\n\
            As Mrs. Finch wrote:\n\n> The mill is old.\n\n> It will “fall.”\n\nIt did not.\n\n> Go.\n\n~ Tobin Hale, *Letters*"
        ),
        "epigraph Old saying: All wheels turn.
         block Mrs. Orla Finch: The mill is old. | It will “fall.”
         block Tobin Hale: Go.",
    );
}

#[test]
fn other_languages_give_spans_without_speakers() {
    check("„Komm her!“ sagte Herr Braun. Er war müde.", "speech -: Komm her!");
}

#[test]
fn headings_code_and_tables_are_not_searched() {
    check("# “I will come,” said Mr. Hale.", "");
}

#[test]
fn a_quotation_goes_on_across_sections() {
    let sections = [section(0, "“It goes on."), section(1, "“Here it ends,” she said.")];
    assert_eq!(listed(&sections), "speech -: It goes on. | Here it ends,\n");
}

/// Pieces that real and hostile texts are made of.
fn matter() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "“",
        "”",
        "\"",
        "‘",
        "’",
        "'",
        "«",
        "»",
        "„",
        "「",
        "」",
        "—",
        "--",
        "``",
        "''",
        ",",
        ".",
        "!",
        "?",
        ":",
        " ",
        " ",
        " ",
        "\n\n",
        "\n\n",
        "said",
        "he",
        "she",
        "I",
        "Mr. Hale",
        "Mrs. Hale",
        "Tom",
        "his wife",
        "the old man",
        "said the",
        "went on",
        "voice",
        "May",
        "d'Or",
        "é",
        "來",
        "\u{301}",
        "_",
        "x",
    ]);
    prop::collection::vec(words, 0..200).prop_map(|words| words.join(""))
}

proptest! {
    #[test]
    fn parts_are_in_order_and_whole(texts in prop::collection::vec(matter(), 1..4)) {
        let sections: Vec<Section> = (0u32..).zip(&texts).map(|(id, text)| section(id, text)).collect();
        let mut last = Position::START;
        for quote in find(&sections) {
            prop_assert!(!quote.parts.is_empty());
            prop_assert!((0.0..=1.0).contains(&quote.confidence));
            for part in &quote.parts {
                let section = &sections[part.start.section.index()];
                prop_assert!(last <= part.start && part.start < part.end, "{part:?} after {last}");
                prop_assert_eq!(section.clamp(part.start), part.start);
                prop_assert_eq!(section.clamp(part.end), part.end);
                last = part.end;
            }
        }
    }
}

#[test]
fn work_grows_with_the_text_and_no_faster() {
    let steps = |text: &str, times: usize| {
        let mut finder = Finder::new();
        finder.feed(&section(0, &text.repeat(times)));
        finder.finish_counted().1
    };
    let texts = [
        format!("{FRAME}\n\n“Is it far?” asked Mrs. Finch. She sat down.\n\n“A mile,” he said.\n\n“So far?”\n\n"),
        format!(
            "{FRAME} “It is,” said Mr. Hale. “It is,” said Mrs. Finch. “It is,” he said. “Was it?” said his wife. "
        ),
        "“a ".to_owned(),
        "“.” ".to_owned(),
        "a' 'b ".to_owned(),
        "“a\n\n".to_owned(),
        "—x, he said, “y” his wife\n\n".to_owned(),
    ];
    for text in texts {
        let (once, fourfold) = (steps(&text, 100), steps(&text, 400));
        assert!(fourfold <= once * 9 / 2, "{once} steps, then {fourfold}: {text}");
    }
}

#[test]
fn a_hundred_thousand_marks_in_one_paragraph_are_one_walk() {
    const MARKS: usize = 100_000;
    let steps_for = |unit: &str, marks: usize| {
        let mut builder = SectionBuilder::new(SectionId(0));
        builder.text(&unit.repeat(marks / unit.matches(['“', '”', '"', '\'']).count().max(1)));
        let mut finder = Finder::new();
        finder.feed(&builder.finish());
        let (quotes, steps) = finder.finish_counted();
        assert!(quotes.len() <= marks, "{unit}");
        steps
    };
    for unit in ["“", "”", "\"", "“a” ", "\"a ", "\"a\" said he. ", "'a ", "“He” "] {
        let (tenth, all) = (steps_for(unit, MARKS / 10), steps_for(unit, MARKS));
        assert!(all <= tenth.max(100) * 12, "{tenth} steps, then {all}: {unit}");
    }
}

#[test]
fn no_more_is_kept_than_has_room() {
    let mut finder = Finder::new();
    let paragraph = "“No!” ".repeat(1000);
    for id in 0..(QUOTES_MAX / 1000 + 3) as u32 {
        finder.feed(&section(id, &paragraph));
    }
    assert_eq!(finder.finish().len(), QUOTES_MAX);
}

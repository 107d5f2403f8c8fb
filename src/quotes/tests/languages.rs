//! Conventions of printing in many languages: a short text each, and the spans in it.

use super::check_spans;

/// One paragraph a line.
#[track_caller]
fn check(paragraphs: &[&str], expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|part| format!("speech: {part}")).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check_spans(&paragraphs.join("\n\n"), &expected);
}

#[test]
fn english() {
    // American, British, and as printers set it two hundred years ago.
    check(&["“Come,” she said. “It’s ‘late,’ as you say.”"], &["Come, | It’s ‘late,’ as you say."]);
    check(&["‘Come’, she said. ‘It’s “late”, as you say.’"], &["Come | It’s “late”, as you say."]);
    check(
        &["\"Come,\" said he,--\"come at once. The boat--\"", "\"The boat!\" she cried;--\"there is no boat!\""],
        &["Come, | come at once. The boat--", "The boat! | there is no boat!"],
    );
    check(&["“Come,”—he said it low,—“come at once.”"], &["Come, | come at once."]);
    check(&["(“Come,” she said to the dog.)", "“No.”"], &["Come,", "No."]);
    check(
        &["'You mustn't,' said the girls' mother. ''Tis the boys' turn.'", "'Is it?'"],
        &["You mustn't, | 'Tis the boys' turn.", "Is it?"],
    );
}

#[test]
fn french() {
    check(
        &["« Venez, dit-elle, il est tard. »", "« Pourquoi ? » demanda Paul."],
        &["Venez, dit-elle, il est tard.", "Pourquoi ?"],
    );
    check(&["«Venez», dit-elle. «Il est tard.»"], &["Venez | Il est tard."]);
    check(
        &[
            "— Venez, dit-elle, il est tard.",
            "— Pourquoi ? demanda Paul en se levant.",
            "— Parce que je le veux, s’écria-t-elle. Venez !",
            "— Soit.",
        ],
        &["Venez, | il est tard.", "Pourquoi ?", "Parce que je le veux, | Venez !", "Soit."],
    );
    check(&["“Venez”, dit-elle. “Il est tard.”"], &["Venez | Il est tard."]);
}

#[test]
fn german() {
    check(&["„Komm“, sagte er, „es ist spät.“", "„Warum ‚spät‘?“"], &["Komm | es ist spät.", "Warum ‚spät‘?"]);
    check(&["»Komm«, sagte er, »es ist spät.«", "»Warum ›spät‹?«"], &["Komm | es ist spät.", "Warum ›spät‹?"]);
    check(&["«Komm», sagte er, «es ist spät.»", "«Warum?»"], &["Komm | es ist spät.", "Warum?"]);
    check(&["\"Komm\", sagte er, \"es ist spät.\""], &["Komm | es ist spät."]);
    check(&["„Komm”, sagte er, „es ist spät.”"], &["Komm | es ist spät."]);
    check(&["Er sagte: „Komm her, es ist spät.“"], &["Komm her, es ist spät."]);
}

#[test]
fn spanish_and_portuguese() {
    check(
        &[
            "—Ven —dijo él—. Es tarde.",
            "—¿Tarde? —preguntó ella.",
            "—Sí —contestó él, y se levantó—, muy tarde.",
            "—¡Vamos!",
        ],
        &["Ven | Es tarde.", "¿Tarde?", "Sí | muy tarde.", "¡Vamos!"],
    );
    check(&["«Ven», dijo él. «Es tarde».", "«¿Por qué?»"], &["Ven | Es tarde", "¿Por qué?"]);
    check(
        &["— Vem — disse ele. — É tarde.", "— Por quê?", "— Porque sim — respondeu ele."],
        &["Vem | É tarde.", "Por quê?", "Porque sim"],
    );
    check(&["–Ven –dijo él–. Es tarde.", "–¿Tarde?", "–Sí."], &["Ven | Es tarde.", "¿Tarde?", "Sí."]);
}

#[test]
fn slavic() {
    check(
        &["— Иди, — сказал он. — Уже поздно.", "— Зачем?", "— Иди! — крикнул он и встал."],
        &["Иди, | Уже поздно.", "Зачем?", "Иди!"],
    );
    check(&["«Иди сюда», — сказал он.", "Он сказал: «Уже поздно»."], &["Иди сюда", "Уже поздно"]);
    check(
        &["— Chodź — powiedział. — Jest późno.", "— Dlaczego? — zapytała Anna.", "— Bo tak."],
        &["Chodź | Jest późno.", "Dlaczego?", "Bo tak."],
    );
    check(&["„Chodź”, powiedział. „Jest późno.”"], &["Chodź | Jest późno."]);
    check(&["– Chodź – powiedział. – Późno.", "– Nie.", "– Tak."], &["Chodź | Późno.", "Nie.", "Tak."]);
    check(&["„Pojď,“ řekl. „Je pozdě.“"], &["Pojď, | Je pozdě."]);
    check(&["»Pojď,« řekl. »Je pozdě.«"], &["Pojď, | Je pozdě."]);
}

#[test]
fn italian() {
    check(&["«Vieni», disse lui, «è tardi.»", "«Perché?»"], &["Vieni | è tardi.", "Perché?"]);
    check(&["« Vieni, » disse lui. « È tardi. »"], &["Vieni, | È tardi."]);
    check(&["— Vieni, — disse lui. — È tardi.", "— Perché?", "— Vieni!"], &["Vieni, | È tardi.", "Perché?", "Vieni!"]);
    check(&["“Vieni”, disse lui. “È tardi.”"], &["Vieni | È tardi."]);
}

#[test]
fn dutch_and_scandinavian() {
    check(&["‘Kom,’ zei hij, ‘het is laat.’", "‘Waarom?’"], &["Kom, | het is laat.", "Waarom?"]);
    check(&["„Kom,” zei hij, „het is laat.”", "„’t Is laat,” zei ze."], &["Kom, | het is laat.", "’t Is laat,"]);
    check(&["'Kom,' zei hij. 't Was laat. 'Waarom?' vroeg zij."], &["Kom, | Waarom?"]);
    check(&["”Kom”, sade han, ”det är sent.”", "”Varför det?” frågade hon."], &["Kom | det är sent.", "Varför det?"]);
    check(&["»Kom», sade han, »det är sent.»", "»Varför det?»"], &["Kom | det är sent.", "Varför det?"]);
    check(&["– Kom, sade han. Det är sent.", "– Varför?", "– Kom nu!"], &["Kom, | Det är sent.", "Varför?", "Kom nu!"]);
    check(&["»Kom,« sagde han. »Det er sent.«"], &["Kom, | Det er sent."]);
}

#[test]
fn chinese_and_japanese() {
    check(&["“来吧，”他说，“天晚了。”", "她问道：“为什么呢？”"], &["来吧， | 天晚了。", "为什么呢？"]);
    check(&["「來吧，」他說，「天晚了。」", "「『天晚』是什麼？」"], &["來吧， | 天晚了。", "『天晚』是什麼？"]);
    check(
        &["「もう遅いから来い」と彼は言った。「早く来い」", "「いやです」"],
        &["もう遅いから来い | 早く来い", "いやです"],
    );
}

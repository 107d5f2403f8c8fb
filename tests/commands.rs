//! The command line of the built program: what it prints, what it says, and its exit code.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

/// A book of two chapters.
const BOOK: &str =
    "# The Hill\n\n## One\n\nIt was late on the hill.\n\n## Ten of 10\n\nA Hill is high, and no hill is higher.\n";

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lection"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("LECTION_CONFIG_DIR", folder.join("home"))
        .env_remove("LANG")
        .stdin(std::process::Stdio::null());
    command
}

fn lection(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// A folder with a book in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hill.md"), BOOK).unwrap();
    folder
}

#[track_caller]
fn check(arguments: &[&str], code: i32, out: &str, err: &str) {
    let folder = folder();
    let done = lection(folder.path(), arguments);
    let (said, printed) = (String::from_utf8(done.stderr).unwrap(), String::from_utf8(done.stdout).unwrap());
    assert_eq!((printed.as_str(), said.as_str(), done.status.code()), (out, err, Some(code)), "{arguments:?}");
}

#[test]
fn a_command_line_that_is_wrong_says_what_would_do() {
    let tells = "; 'lection --help' tells what can be typed\n";
    check(&["toc"], 2, "", &format!("lection: the following required arguments were not provided: <FILE>{tells}"));
    check(
        &["--theme", "pink", "hill.md"],
        2,
        "",
        &format!(
            "lection: invalid value 'pink' for '--theme <NAME>' [possible values: auto, plain, light, dark]{tells}"
        ),
    );
    check(
        &["--width", "5", "hill.md"],
        2,
        "",
        &format!("lection: invalid value '5' for '--width <COLUMNS>': 5 is not in 20..=200{tells}"),
    );
    check(&["tco", "hill.md"], 2, "", &format!("lection: 'tco' is neither a command nor a file{tells}"));
    check(
        &["+g", "hill.md"],
        2,
        "",
        &format!("lection: '+g' is no place to open at; +50, +G, +40% and +/TEXT are{tells}"),
    );
    check(
        &["hill.md", "hill.md"],
        2,
        "",
        &format!("lection: 'hill.md' is one document too many; one is read at a time{tells}"),
    );
    check(
        &["grep", "-w", "Alice", "hill.md"],
        2,
        "",
        &format!("lection: invalid value 'Alice' for '--width <COLUMNS>': it is no number{tells}"),
    );
    check(
        &["--format", "pdf", "hill.md"],
        2,
        "",
        &format!(
            "lection: invalid value 'pdf' for '--format <FORMAT>' \
             [possible values: text, lines, markdown, html, epub, fb2, jsonl, w3c]{tells}"
        ),
    );
    check(
        &["toc", "hill.md", "--format", "w3c"],
        2,
        "",
        "lection: 'w3c' is a format of marks, not of documents; 'lection marks export' writes it\n",
    );
    check(
        &["--config", "none.toml", "hill.md"],
        2,
        "",
        "lection: there are no settings in 'none.toml'; check the path\n",
    );
}

/// Each command on a document ends in one sentence that names it, also where the program is wrong.
#[test]
fn a_mistake_of_the_program_ends_a_command_in_a_sentence() {
    let folder = folder();
    for (arguments, doing) in [
        (&["hill.md"][..], "print"),
        (&["cat", "hill.md"], "print"),
        (&["toc", "hill.md"], "list the chapters of"),
        (&["quotes", "hill.md"], "list the quotations of"),
        (&["grep", "hill", "hill.md"], "search"),
        (&["info", "hill.md"], "describe"),
        (&["render", "hill.md", "--size", "80x24"], "show a screen of"),
        (&["marks", "hill.md"], "find the marks of"),
        (&["marks", "export", "hill.md"], "find the marks of"),
        (&["marks", "add", "hill.md", "--at", "40%"], "mark"),
    ] {
        let done = command(folder.path(), arguments).env("LECTION_TEST_PANIC", "open:hill.md").output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        let begins =
            format!("lection: cannot {doing} 'hill.md': reading it broke a rule of the program: asked to break");
        assert!(said.starts_with(&begins) && said.lines().count() == 1, "{said}");
        assert_eq!((done.stdout.as_slice(), done.status.code()), (&b""[..], Some(2)), "{arguments:?}");
    }
}

#[test]
fn chapters_have_numbers_and_are_named_by_them() {
    check(&["toc", "hill.md"], 0, "1    0.0 %  The Hill\n2   10.5 %    One\n3   44.2 %    Ten of 10\n", "");
    check(&["cat", "hill.md", "--chapter", "3"], 0, "Ten of 10\n\nA Hill is high, and no hill is higher.\n", "");
    for number in ["0", "10", "4"] {
        let none = format!("lection: no chapter is called '{number}'; 'lection toc' lists them with their numbers\n");
        check(&["quotes", "hill.md", "--chapter", number], 2, "", &none);
    }
}

#[test]
fn a_place_holds_for_the_bundled_documents_too() {
    let tour = done(Path::new("."), &["--private", "tour"]);
    let half = done(Path::new("."), &["--private", "tour", "--at", "50%"]);
    assert!(half.len() < tour.len() && tour.ends_with(half.trim_start()), "{half}");
    check(
        &["--private", "tour", "--at", "nowhere"],
        2,
        "",
        "lection: 'nowhere' is no place; try a locator such as 3/14:0, toc:TITLE, search:TEXT, line:50 or 40%\n",
    );
}

/// "V" is the fifth chapter, and not the first one that has the letter in it.
#[test]
fn a_chapter_is_meant_by_the_beginning_of_its_title_sooner_than_by_letters_in_it() {
    let folder = folder();
    let titles = ["IV: How they met", "V: A storm", "Vines", "The V", "Imprint", "I"];
    let book = titles.map(|title| format!("# {title}\n\nWords.\n\n")).concat();
    std::fs::write(folder.path().join("book.md"), book).unwrap();
    for (name, title) in [("V", "V: A storm"), ("V:", "V: A storm"), ("I", "I"), ("the v", "The V"), ("vin", "Vines")] {
        let printed = done(folder.path(), &["cat", "book.md", "--chapter", name]);
        assert_eq!(printed.lines().next(), Some(title), "{name}");
        assert_eq!(
            done(folder.path(), &["cat", "book.md", "--at", &format!("toc:{name}")]).lines().next(),
            Some(title)
        );
    }
}

/// They were those of the document, and the numbers of others.
#[test]
fn chapters_are_named_as_they_were_corrected() {
    let folder = folder();
    std::fs::write(
        folder.path().join("log.md"),
        "# Log\n\nEntry 1\n\nWords.\n\nEntry 2\n\nMore.\n\n> A quotation of some words.\n\n# End\n",
    )
    .unwrap();
    done(folder.path(), &["toc", "log.md", "--like", "Entry 1"]);
    assert_eq!(done(folder.path(), &["cat", "log.md", "--chapter", "2"]), "Entry 1\n\nWords.\n");
    assert_eq!(
        done(folder.path(), &["cat", "log.md", "--chapter", "Entry 2"]),
        "Entry 2\n\nMore.\n\n    A quotation of some words.\n"
    );
    assert!(done(folder.path(), &["cat", "log.md", "--at", "toc:Entry 2"]).starts_with("Entry 2"));
    let found: serde_json::Value =
        serde_json::from_str(&done(folder.path(), &["grep", "More", "log.md", "--json"])).unwrap();
    assert_eq!(found["chapter"], "Entry 2");
    let quotes = done(folder.path(), &["quotes", "log.md", "--chapter", "Entry 2", "--json"]);
    let quote: serde_json::Value = serde_json::from_str(&quotes).unwrap();
    assert_eq!(quote["chapter"], "Entry 2");
    // What an outline leaves out is gone, also what the reader made before.
    let outline = done(folder.path(), &["toc", "log.md", "--export"]);
    let kept: Vec<&str> = outline.split("\n\n").filter(|part| !part.contains("Entry 1")).collect();
    std::fs::write(folder.path().join("log.toml"), kept.join("\n\n")).unwrap();
    done(folder.path(), &["toc", "log.md", "--import", "log.toml"]);
    let left = done(folder.path(), &["toc", "log.md"]);
    assert!(left.contains("Entry 2") && !left.contains("Entry 1"), "{left}");
}

#[test]
fn chapters_that_the_reader_made_are_no_marks() {
    let folder = folder();
    let list = "Log 1\n\nLog 2\n\nLog 3\n\nA word before.\n\nLog 0\n\nLog 00\n\n";
    let log = |n: usize| format!("Log {n}\n\nIt was late, and what stood there was of no use to anybody.\n\n");
    std::fs::write(folder.path().join("log.md"), format!("# Log book\n\n{list}{}{}{}", log(1), log(2), log(3)))
        .unwrap();
    let made = lection(folder.path(), &["toc", "log.md", "--like", "Log 1"]);
    // Those of the printed list of contents are none.
    assert_eq!(String::from_utf8(made.stderr).unwrap(), "lection: 3 lines are chapters now\n");
    let toc = lection(folder.path(), &["toc", "log.md"]).stdout;
    assert_eq!(String::from_utf8(toc).unwrap().lines().count(), 4);
    for listing in [&["marks", "log.md"][..], &["marks"], &["marks", "export", "log.md"]] {
        let done = lection(folder.path(), listing);
        assert_eq!((done.stdout, done.status.code()), (Vec::new(), Some(1)), "{listing:?}");
    }
    let all = lection(folder.path(), &["marks", "export", "log.md", "--format", "jsonl"]).stdout;
    assert_eq!(String::from_utf8(all).unwrap().lines().count(), 3);
    let back = lection(folder.path(), &["toc", "log.md", "--reset"]);
    assert_eq!(String::from_utf8(back.stderr).unwrap(), "lection: 3 corrections taken back\n");
    let toc = lection(folder.path(), &["toc", "log.md"]).stdout;
    assert_eq!(String::from_utf8(toc).unwrap().lines().count(), 1);
}

#[test]
fn a_text_is_found_as_grep_finds_it() {
    let (first, second) = ("0/2:19: It was late on the hill.\n", "0/4:22: A Hill is high, and no hill is higher.\n");
    check(&["grep", "hill", "hill.md", "-c"], 0, "4\n", "");
    check(&["grep", "Hill", "hill.md", "-c"], 0, "2\n", "");
    check(&["grep", "Hill", "hill.md", "-c", "-i"], 0, "4\n", "");
    check(&["grep", "no", "hill.md", "-l"], 0, "hill.md\n", "");
    check(&["grep", "none", "hill.md", "-l"], 1, "", "");
    check(&["grep", "late", "hill.md"], 0, &first.replace(":19", ":7"), "");
    // One that cannot be read does not hide the others.
    let out = format!("hill.md:{}", second.replace(":22", ":16"));
    let none = "lection: cannot open 'none.txt': there is no such file; check the path\n";
    check(&["grep", "and", "none.txt", "hill.md"], 2, &out, none);
}

#[test]
fn a_doctor_says_well_only_where_all_is_well() {
    let folder = folder();
    let home = folder.path().join("home");
    std::fs::create_dir_all(&home).unwrap();
    for (settings, code, is_well) in [("", 0, true), ("theme = \"pink\"\n", 1, false)] {
        std::fs::write(home.join("config.toml"), settings).unwrap();
        let done = lection(folder.path(), &["doctor"]);
        let out = String::from_utf8(done.stdout).unwrap();
        assert_eq!((done.status.code(), out.contains("all is well")), (Some(code), is_well), "{out}");
    }
}

#[cfg(unix)]
#[test]
fn a_doctor_goes_on_where_one_thing_cannot_be_repaired() {
    let folder = folder();
    done(folder.path(), &["marks", "add", "hill.md", "--at", "40%"]);
    let marks = folder.path().join("home/marks");
    let device = std::fs::read_dir(&marks).unwrap().next().unwrap().unwrap().path();
    let (log, key) = (std::fs::read_dir(&device).unwrap().next().unwrap().unwrap().path(), "0".repeat(32));
    // A link to a log is not written anew.
    let linked = folder.path().join("linked");
    std::fs::write(&linked, [std::fs::read(&log).unwrap(), b"{\"v\":1,\"damaged\" 00000000\n".to_vec()].concat())
        .unwrap();
    std::os::unix::fs::symlink(&linked, device.join(format!("{key}.jsonl"))).unwrap();
    let stopped = device.join(format!("{key}.jsonl.tmp-1"));
    std::fs::write(&stopped, "half").unwrap();
    let repaired = lection(folder.path(), &["doctor", "--repair", "--yes"]);
    let said = String::from_utf8(repaired.stderr).unwrap();
    assert!(said.contains("it is a link to another file") && said.lines().count() == 1, "{said}");
    assert_eq!((repaired.status.code(), stopped.exists()), (Some(2), false));
    assert!(String::from_utf8(repaired.stdout).unwrap().ends_with("the others are repaired\n"));
}

#[test]
fn marks_of_a_file_that_is_gone_are_listed() {
    let folder = folder();
    let added = lection(folder.path(), &["marks", "add", "hill.md", "--at", "search:higher", "--name", "end"]);
    assert!(added.status.success(), "{added:?}");
    let listed = lection(folder.path(), &["marks", "hill.md"]).stdout;
    std::fs::remove_file(folder.path().join("hill.md")).unwrap();
    let gone = lection(folder.path(), &["marks", "hill.md"]);
    assert_eq!((gone.stdout, gone.status.code()), (listed, Some(0)));
    assert!(String::from_utf8(gone.stderr).unwrap().contains("hill.md is gone; its marks are shown as they were"));
    let exported = lection(folder.path(), &["marks", "export", "hill.md"]).stdout;
    assert!(String::from_utf8(exported).unwrap().contains("higher"));
}

/// Three chapters of words that no other book has, after a preface.
fn chapters(title: &str, preface: &str) -> String {
    let paragraph = |n: usize| (0..60).map(|word| format!("{title}{n}x{word}")).collect::<Vec<_>>().join(" ");
    let chapter = |n: usize| format!("## {title} {n}\n\n{}", paragraph(n));
    format!("# {title}\n\n{preface}{}\n", (1..4).map(chapter).collect::<Vec<_>>().join("\n\n"))
}

/// Exports the chapters of a file, and imports them with another title for one.
fn rename_a_chapter(folder: &Path, file: &str, from: &str, to: &str) {
    let outline = done(folder, &["toc", file, "--export"]);
    let title = |title: &str| format!("title = \"{title}\"");
    let outline = outline.replace(&title(from), &title(to));
    std::fs::write(folder.join("outline"), outline).unwrap();
    done(folder, &["toc", file, "--import", "outline"]);
}

#[test]
fn corrected_chapters_stay_corrected_where_the_text_is_changed() {
    let folder = folder();
    let file = folder.path().join("log.md");
    let toc = || done(folder.path(), &["toc", "log.md"]);
    std::fs::write(&file, chapters("Log", "")).unwrap();
    rename_a_chapter(folder.path(), "log.md", "Log 2", "OLD TITLE");
    assert!(toc().contains("OLD TITLE"));
    std::fs::write(&file, chapters("Log", "Words of a preface.\n\nAnd more of them.\n\n")).unwrap();
    assert!(toc().contains("OLD TITLE"), "{}", toc());
    rename_a_chapter(folder.path(), "log.md", "OLD TITLE", "NEW TITLE");
    let exported = || done(folder.path(), &["marks", "export", "log.md", "--format", "jsonl"]);
    let count = exported().lines().count();
    assert!(toc().contains("NEW TITLE") && !toc().contains("OLD TITLE"), "{}", toc());
    // None of them is made twice.
    rename_a_chapter(folder.path(), "log.md", "NEW TITLE", "NEW TITLE");
    assert_eq!(exported().lines().count(), count);
    std::fs::write(&file, chapters("Log", "Another preface.\n\n")).unwrap();
    let back = lection(folder.path(), &["toc", "log.md", "--reset"]);
    assert_eq!(String::from_utf8(back.stderr).unwrap(), format!("lection: {count} corrections taken back\n"));
    assert!(toc().contains("Log 2") && !toc().contains("TITLE"), "{}", toc());
}

#[test]
fn what_is_forgotten_of_one_book_stays_of_another_that_was_at_its_path() {
    let folder = folder();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("x.md"), chapters("Log", "")).unwrap();
    std::fs::write(file("log.md"), chapters("Log", "")).unwrap();
    rename_a_chapter(folder.path(), "x.md", "Log 2", "OLD TITLE");
    std::fs::write(file("x.md"), chapters("Tale", "")).unwrap();
    let forgotten = lection(folder.path(), &["forget", "x.md", "--yes"]);
    assert_eq!((forgotten.stdout.as_slice(), forgotten.status.code()), (&b""[..], Some(1)), "{forgotten:?}");
    assert!(done(folder.path(), &["toc", "log.md"]).contains("OLD TITLE"));
    assert!(!done(folder.path(), &["toc", "x.md"]).contains("TITLE"));
    // The same where the file is gone: the last one goes, and the other one is named.
    std::fs::remove_file(file("log.md")).unwrap();
    done(folder.path(), &["marks", "add", "x.md", "--at", "40%", "--note", "of the tale"]);
    std::fs::write(file("x.md"), chapters("Log", "")).unwrap();
    done(folder.path(), &["marks", "add", "x.md", "--at", "40%", "--note", "of the log"]);
    std::fs::remove_file(file("x.md")).unwrap();
    let listed = lection(folder.path(), &["marks", "x.md"]);
    let (out, err) = (String::from_utf8(listed.stdout).unwrap(), String::from_utf8(listed.stderr).unwrap());
    assert!(
        out.contains("of the log") && !out.contains("of the tale") && err.contains("“Tale” was there"),
        "{out}{err}"
    );
    let forgotten = lection(folder.path(), &["forget", "x.md", "--yes"]);
    let err = String::from_utf8(forgotten.stderr).unwrap();
    assert_eq!(
        (err.as_str(), forgotten.status.code()),
        ("lection: the marks of “Tale” stay: it is another text\n", Some(0))
    );
    let all = done(folder.path(), &["marks"]);
    assert!(all.contains("of the tale") && !all.contains("of the log"), "{all}");
}

#[test]
fn what_was_marked_is_exported_whole() {
    let folder = folder();
    let long = "word and ".repeat(300);
    std::fs::write(folder.path().join("long.txt"), format!("{long}end.\n\nAnother.\n")).unwrap();
    let end = format!("0/0:{}", long.len() + 4);
    let added = lection(folder.path(), &["marks", "add", "long.txt", "--at", "0/0:0", "--end", &end]);
    assert!(added.status.success(), "{added:?}");
    for format in ["markdown", "jsonl", "w3c"] {
        let out = lection(folder.path(), &["marks", "export", "long.txt", "--format", format]).stdout;
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains(&format!("{long}end.")), "{format}: {out}");
    }
}

/// A line right below a quotation would be a part of it.
#[test]
fn a_note_is_no_part_of_the_quotation_in_markdown() {
    let folder = folder();
    let add = ["marks", "add", "hill.md", "--at", "search:higher", "--end", "100%", "--note", "mine"];
    done(folder.path(), &add);
    let out = done(folder.path(), &["marks", "export", "hill.md", "--format", "markdown"]);
    assert!(out.contains("> higher") && out.contains("\n\nmine\n"), "{out}");
}

#[test]
fn an_encoding_is_remembered_for_a_document_and_a_wrong_one_loses_no_mark() {
    let folder = folder();
    // Which is never guessed.
    let words = encoding_rs::X_MAC_CYRILLIC.encode("Был тихий вечер.\n\n").0.repeat(20);
    std::fs::write(folder.path().join("evening.txt"), &words).unwrap();
    let run = |arguments: &[&str]| {
        let done = lection(folder.path(), arguments);
        (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let is_read = || run(&["cat", "evening.txt"]).0.starts_with("Был тихий вечер.");
    let place = || run(&["marks", "evening.txt"]).0.lines().next().unwrap_or_default().to_owned();
    assert!(!is_read());
    // What only prints keeps nothing.
    assert!(run(&["cat", "evening.txt", "--encoding", "x-mac-cyrillic"]).0.starts_with("Был тихий вечер."));
    assert!(!is_read());
    run(&["marks", "add", "evening.txt", "--encoding", "X-Mac-Cyrillic", "--at", "search:вечер", "--name", "dusk"]);
    assert!(is_read());
    let made = place();
    assert!(made.contains("dusk") && !made.contains("lost"), "{made}");
    // A wrong one, for once and for good.
    run(&["marks", "evening.txt", "--encoding", "utf-16le"]);
    run(&["marks", "add", "evening.txt", "--encoding", "utf-16le", "--at", "0%", "--name", "wrong"]);
    assert!(!is_read());
    assert!(run(&["marks", "evening.txt"]).0.contains("dusk"));
    run(&["marks", "edit", "evening.txt", "--encoding", "x-mac-cyrillic", "--name", "dusk", &id_of(&run, "dusk")]);
    assert!(is_read());
    assert!(run(&["marks", "evening.txt"]).0.contains(&made), "{}", run(&["marks", "evening.txt"]).0);
    // It stays with a file that was changed, and goes where it is taken back.
    std::fs::write(folder.path().join("evening.txt"), [&words[..], b"more\n"].concat()).unwrap();
    assert!(is_read());
    run(&["marks", "edit", "evening.txt", "--encoding", "auto", "--name", "dusk", &id_of(&run, "dusk")]);
    assert!(!is_read());
    // A name that is none is refused, and changes nothing.
    let (_, said) = run(&["marks", "add", "evening.txt", "--encoding", "klingon", "--at", "0%"]);
    assert!(said.contains("there is no encoding named 'klingon'"), "{said}");
}

/// The identity of the mark with a name in the text of the evening.
fn id_of(run: &impl Fn(&[&str]) -> (String, String), name: &str) -> String {
    let (listed, _) = run(&["marks", "evening.txt", "--json"]);
    let row = listed.lines().find(|line| line.contains(&format!("\"name\":\"{name}\""))).unwrap();
    let row: serde_json::Value = serde_json::from_str(row).unwrap();
    row["id"].as_str().unwrap().to_owned()
}

/// Runs a command that must do what it is asked, and gives what it prints.
#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let done = lection(folder, arguments);
    assert!(done.status.success(), "{arguments:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

/// A folder with a story, a mark in it, and the story changed since around and in the mark.
fn changed_story() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let story = |middle: &str| {
        let paragraph = |n: usize| format!("Paragraph {n} speaks of the lamp number {n} and of nobody else.\n\n");
        format!(
            "{}{middle}\n\n{}",
            (0..8).map(paragraph).collect::<String>(),
            (8..16).map(paragraph).collect::<String>()
        )
    };
    let file = folder.path().join("story.txt");
    std::fs::write(&file, story("The keeper of the tower went up the stairs with a heavy heart.")).unwrap();
    done(
        folder.path(),
        &["marks", "add", "story.txt", "--at", "search:keeper", "--end", "search:with", "--note", "why?"],
    );
    std::fs::write(&file, story("The keeper of our tower ran down the stairs with a heavy heart.")).unwrap();
    folder
}

#[test]
fn a_changed_mark_says_what_was_marked_and_goes_to_another_device_as_it_was_made() {
    let folder = changed_story();
    let listed = done(folder.path(), &["marks", "story.txt"]);
    assert!(listed.contains("our tower ran down") && listed.contains("(text changed)"), "{listed}");
    assert!(listed.contains("marked: keeper of the tower went up the stairs"), "{listed}");
    let row = |folder: &Path| -> serde_json::Value {
        serde_json::from_str(&done(folder, &["marks", "--json", "story.txt"])).unwrap()
    };
    for format in ["markdown", "jsonl", "w3c"] {
        let here = row(folder.path());
        assert!(here["anchor"]["words"].as_str().unwrap().contains("of the tower went up"), "{here}");
        let file = folder.path().join("marks.out");
        let out = done(folder.path(), &["marks", "export", "story.txt", "--format", format]);
        assert!(out.contains("keeper of the tower went up the stairs"), "{format}: {out}");
        std::fs::write(&file, out).unwrap();
        // Another device has the changed story, and no state.
        let other = tempfile::tempdir().unwrap();
        for name in ["story.txt", "marks.out"] {
            std::fs::copy(folder.path().join(name), other.path().join(name)).unwrap();
        }
        let import = ["marks", "import", "marks.out", "--into", "story.txt"];
        assert_eq!(done(other.path(), &import), "story.txt: 1 new mark, 0 known\n", "{format}");
        let there = row(other.path());
        for field in ["id", "kind", "note", "anchor", "quote", "marked", "at", "end", "status", "created", "changed"] {
            assert_eq!(there[field], here[field], "{format}: {field}");
        }
        // Once more changes nothing; a later change elsewhere does, and the mark stays its own.
        assert_eq!(done(other.path(), &import), "story.txt: 0 new marks, 1 known\n");
        let id = here["id"].as_str().unwrap();
        done(other.path(), &["marks", "edit", "story.txt", id, "--note", "because"]);
        let later = done(other.path(), &["marks", "export", "story.txt", "--format", format]);
        std::fs::write(&file, later).unwrap();
        assert_eq!(done(folder.path(), &import), "story.txt: 0 new marks, 1 changed, 0 known\n", "{format}");
        let back = row(folder.path());
        for field in ["anchor", "quote", "marked", "at", "status"] {
            assert_eq!(back[field], here[field], "{format}: {field}");
        }
        assert_eq!(back["note"], "because");
        done(folder.path(), &["marks", "edit", "story.txt", id, "--note", "why?"]);
    }
}

/// Imports a file into the book, and gives the code, what was printed and what was said.
/// What stood in the place of a mark says how it is: nothing, other words, the words again.
#[test]
fn a_mark_says_what_became_of_its_words_through_several_changes() {
    let folder = folder();
    let paragraph =
        |n: usize| format!("Paragraph {n} tells of hill {n}, of valley {n} and of the {n} roads between.\n\n");
    let story =
        |middle: &str| (0..20).map(|n| if n == 10 { middle.to_owned() } else { paragraph(n) }).collect::<String>();
    let write = |text: &str| std::fs::write(folder.path().join("story.txt"), text).unwrap();
    let horses =
        |animals: &str| format!("There we saw {animals} that stood behind the old mill and waited for rain.\n\n");
    let marks = || {
        let listed = lection(folder.path(), &["marks", "--json", "story.txt"]).stdout;
        let mark: serde_json::Value = serde_json::from_slice(&listed).unwrap();
        let text = |name: &str| mark[name].as_str().unwrap_or_default().to_owned();
        (text("status"), text("quote").trim().to_owned(), text("marked").trim().to_owned())
    };
    let check = |text: &str, status: &str, words: &str, marked: &str| {
        write(text);
        assert_eq!(marks(), (status.to_owned(), words.to_owned(), marked.to_owned()), "{text}");
    };
    let (white, black) = ("nine white horses", "ten black mules");
    write(&story(&horses(white)));
    done(folder.path(), &["marks", "add", "story.txt", "--at", "search:nine", "--end", "search:that"]);
    check(&story(&horses(black)), "changed", black, white);
    check(&format!("A line at the top.\n\n{}", story(&horses(black))), "changed", black, white);
    check(&story(""), "lost", white, "");
    check(&format!("A line at the top.\n\n{}", story(&horses(white))), "moved", white, "");
}

fn import(folder: &Path, text: &str) -> (i32, String, String) {
    std::fs::write(folder.join("in"), text).unwrap();
    let done = lection(folder, &["marks", "import", "in", "--into", "hill.md"]);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn marks_whose_words_are_not_in_the_text_are_counted_and_listed_as_lost() {
    let folder = folder();
    let file = folder.path().join("x.md");
    std::fs::write(&file, chapters("Log", "")).unwrap();
    for place in ["20%", "50%", "80%"] {
        done(folder.path(), &["marks", "add", "x.md", "--at", place, "--note", "of the log"]);
    }
    let marks = done(folder.path(), &["marks", "export", "x.md", "--format", "jsonl"]);
    std::fs::write(folder.path().join("marks.jsonl"), marks).unwrap();
    // Another book stands there now.
    std::fs::write(&file, chapters("Tale", "")).unwrap();
    let taken = lection(folder.path(), &["marks", "import", "marks.jsonl"]);
    let (out, err) = (String::from_utf8(taken.stdout).unwrap(), String::from_utf8(taken.stderr).unwrap());
    assert!(out.ends_with("x.md: 3 new marks, 0 known; the words of 3 were not found: lost\n"), "{out}");
    assert!(err.contains("is it another book? --into FILE names one"), "{err}");
    let listed = done(folder.path(), &["marks", "x.md", "--json"]);
    assert_eq!(listed.matches(r#""status":"lost""#).count(), 3, "{listed}");
    // Where the document is not opened nobody knows.
    let all = done(folder.path(), &["marks", "--json"]);
    assert_eq!((all.matches(r#""status":null"#).count(), all.contains("exact")), (6, false), "{all}");
}

#[test]
fn one_bad_identity_or_line_is_not_the_loss_of_the_others() {
    let folder = folder();
    let row = |id: &str, at: &str| format!("{{\"id\":\"{id}\",\"kind\":\"bookmark\",\"at\":\"{at}\"}}\n");
    let whole = row("ONE", "0/1:0") + &row("bad id!", "0/2:0") + &row("TWO", "0/3:0");
    let said = "lection: 1 line was left out: no mark can be read from them; the first is line 4\n";
    let first = import(folder.path(), &format!("{whole}{{\"id\":\"CUT"));
    assert_eq!(first, (1, "hill.md: 3 new marks, 0 known\n".to_owned(), said.to_owned()));
    assert_eq!(done(folder.path(), &["marks", "hill.md"]).lines().count(), 3);
    assert_eq!(import(folder.path(), &whole), (0, "hill.md: 0 new marks, 3 known\n".to_owned(), String::new()));
}

#[test]
fn lines_that_say_a_part_of_a_known_mark_change_that_part() {
    let folder = folder();
    let id = done(folder.path(), &["marks", "add", "hill.md", "--at", "search:late", "--name", "x", "--note", "old"]);
    let id = id.trim();
    let line = |id: &str, op: &str, time: &str, body: &str| {
        format!(
            "{{\"v\":1,\"id\":\"{id}\",\"op\":\"{op}\",\"kind\":\"note\",\"t\":\"{time}-0000-d\",\"dev\":\"d\",\"body\":{body}}} 00000000\n"
        )
    };
    let edit = line(id, "set", "0f0000000000", "{\"changed\":16492674416640,\"note\":\"new\"}");
    let strange = line("OTHER", "set", "0f0000000000", "{\"note\":\"new\"}");
    let said = "lection: 1 change was left out: the mark is not known in the document\n";
    let (code, out, err) = import(folder.path(), &(edit.clone() + &strange));
    assert_eq!((code, out.as_str(), err.as_str()), (1, "hill.md: 0 new marks, 1 changed, 0 known\n", said));
    let listed = done(folder.path(), &["marks", "--json", "hill.md"]);
    let row: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&row["note"], &row["name"], &row["at"]), (&"new".into(), &"x".into(), &"0/2:7".into()));
    // What is older than what is known changes nothing.
    assert_eq!(import(folder.path(), &edit).1, "hill.md: 0 new marks, 1 known\n");
    let gone = line(id, "del", "0f0000000001", "{}");
    assert_eq!(import(folder.path(), &gone).1, "hill.md: 0 new marks, 1 deleted, 0 known\n");
    assert_eq!(lection(folder.path(), &["marks", "hill.md"]).status.code(), Some(1));
}

#[test]
fn clippings_of_the_same_words_stay_apart_and_take_later_notes() {
    let folder = folder();
    let entry = |about: &str, words: &str| {
        format!("The Hill\n- Your {about} | Added on Monday, 1 May 2023 10:00:00\n\n{words}\n==========\n")
    };
    let two = entry("Highlight on Location 10-11", "hill") + &entry("Highlight on Location 20-21", "hill");
    assert_eq!(import(folder.path(), &two).1, "hill.md: 2 new marks, 0 known\n");
    let noted = two + &entry("Note on Location 21", "what hill?");
    assert_eq!(import(folder.path(), &noted).1, "hill.md: 0 new marks, 1 changed, 1 known\n");
    assert_eq!(import(folder.path(), &noted).1, "hill.md: 0 new marks, 2 known\n");
    let listed = done(folder.path(), &["marks", "--json", "hill.md"]);
    assert_eq!((listed.lines().count(), listed.matches("what hill?").count()), (2, 1), "{listed}");
    assert!(listed.contains("\"created\":1682935200000"), "{listed}");
    // Without --into the title says where, and no other title does.
    std::fs::write(folder.path().join("in"), &noted).unwrap();
    assert!(done(folder.path(), &["marks", "import", "in"]).ends_with("hill.md: 0 new marks, 2 known\n"));
    std::fs::write(folder.path().join("in"), noted.replace("The Hill", "The Hilltop")).unwrap();
    let unknown = lection(folder.path(), &["marks", "import", "in"]);
    let said = "lection: 2 marks of 'The Hilltop' without a document; --into FILE names it\n";
    assert_eq!((String::from_utf8(unknown.stderr).unwrap().as_str(), unknown.status.code()), (said, Some(2)));
}

#[test]
fn clippings_without_words_are_kept_at_a_guessed_place() {
    let folder = folder();
    let entry = |about: &str, words: &str| {
        format!("The Hill\n- Your {about} | Added on Monday, 1 May 2023 10:00:00\n\n{words}\n==========\n")
    };
    let all = entry("Note on page 2 | Location 3", "to nothing")
        + &entry("Highlight on Location 1-2", "hill")
        + &entry("Bookmark on Location 2", "");
    let said =
        "hill.md: 3 new marks, 0 known; 2 without words: where they stand is guessed, and they are shown as lost\n";
    assert_eq!(import(folder.path(), &all).1, said);
    assert_eq!(import(folder.path(), &all).1, "hill.md: 0 new marks, 3 known\n");
    let listed = done(folder.path(), &["marks", "hill.md"]);
    for part in ["location 2", "location 3", "to nothing"] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    assert_eq!(listed.matches("(lost; perhaps here)").count(), 2, "{listed}");
}

#[test]
fn an_identity_names_one_mark_or_none() {
    let folder = folder();
    let id = done(folder.path(), &["marks", "add", "hill.md", "--at", "search:late"]);
    let tells = |id: &str| String::from_utf8(lection(folder.path(), &["marks", "rm", "hill.md", id]).stderr).unwrap();
    assert_eq!(tells(""), "lection: an empty identity names no mark; 'lection marks --json' lists them\n");
    let other = done(folder.path(), &["marks", "add", "hill.md", "--at", "search:higher"]);
    let both = format!("'0' begins the identities of 2 marks: {}, {}; give more of it", id.trim(), other.trim());
    assert_eq!(tells("0"), format!("lection: {both}\n"));
    assert_eq!(done(folder.path(), &["marks", "hill.md"]).lines().count(), 2);
}

#[test]
fn private_and_a_command_that_writes_exclude_each_other() {
    for (arguments, name) in [
        (&["marks", "add", "hill.md", "--at", "0/0:0"][..], "marks add"),
        (&["marks", "edit", "hill.md", "X"], "marks edit"),
        (&["marks", "rm", "hill.md", "X"], "marks rm"),
        (&["marks", "import", "hill.md"], "marks import"),
        (&["toc", "hill.md", "--like", "One"], "toc --like"),
        (&["toc", "hill.md", "--reset"], "toc --reset"),
        (&["forget", "--all", "--yes"], "forget"),
        (&["doctor", "--repair"], "doctor --repair"),
    ] {
        let arguments = [arguments, &["--private"]].concat();
        let said =
            format!("lection: '{name}' writes, and --private reads and writes no state; leave one of them out\n");
        check(&arguments, 2, "", &said);
    }
    check(&["marks", "hill.md", "--private"], 1, "", "");
}

#[test]
fn a_place_beyond_the_document_is_none() {
    for place in ["9/0:0", "0/99:0"] {
        let none = format!("lection: there is no place {place}; 'lection grep' prints the places of words\n");
        check(&["cat", "hill.md", "--at", place], 2, "", &none);
        check(&["marks", "add", "hill.md", "--at", place], 2, "", &none);
    }
}

#[test]
fn the_last_chapter_ends_where_the_text_does() {
    let folder = folder();
    let body = "It was late on the hill, and nobody was there to see how the day went down.\n\n".repeat(40);
    let licence = "*** END OF THE PROJECT GUTENBERG EBOOK THE HILL ***\n\nMay be copied.\n";
    let book = format!("THE HILL\n\n\nCHAPTER I\n\n{body}\nCHAPTER II\n\n{body}\nThe end.\n\n{licence}");
    std::fs::write(folder.path().join("tale.txt"), book).unwrap();
    let last = done(folder.path(), &["cat", "tale.txt", "--chapter", "CHAPTER II"]);
    assert!(last.contains("The end.") && !last.contains("END OF"), "{last}");
}

#[test]
fn a_sign_for_lost_bytes_that_the_writer_wrote_is_text() {
    let folder = folder();
    for (bytes, is_warned) in
        [(&b"A literal \xef\xbf\xbd here.\n"[..], false), (b"A \xef\xbf\xbd, a \xff here.\n", true)]
    {
        std::fs::write(folder.path().join("signs.txt"), bytes).unwrap();
        let said = done(folder.path(), &["info", "signs.txt", "--encoding", "utf-8"]);
        assert_eq!(said.contains("Some bytes are not text"), is_warned, "{said}");
    }
}

#[test]
fn a_letter_is_at_one_place() {
    let folder = folder();
    let letter = |place: &str| done(folder.path(), &["marks", "add", "hill.md", "--at", place, "--name", "a"]);
    assert_eq!(letter("0/2:0"), letter("0/4:0"));
    let rows = done(folder.path(), &["marks", "hill.md"]);
    assert!(rows.contains("  a  0/4:0  ") && rows.lines().count() == 1, "{rows}");
    // A place has no colour, whether the letter is new or moves.
    let refused =
        lection(folder.path(), &["marks", "add", "hill.md", "--at", "0/2:0", "--name", "a", "--color", "red"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(done(folder.path(), &["marks", "hill.md"]), rows);
}

/// A remark made another kind of it, and `'a` went nowhere.
#[test]
fn a_letter_with_a_remark_is_still_a_letter() {
    let folder = folder();
    let row = || -> serde_json::Value {
        serde_json::from_str(&done(folder.path(), &["marks", "--json", "hill.md"])).unwrap()
    };
    let id = done(folder.path(), &["marks", "add", "hill.md", "--at", "0/2:0", "--name", "a", "--note", "why"]);
    assert_eq!((&row()["kind"], &row()["note"]), (&"bookmark".into(), &"why".into()));
    done(folder.path(), &["marks", "add", "hill.md", "--at", "0/4:0", "--name", "a", "--note", "new"]);
    assert_eq!((&row()["id"], &row()["note"]), (&id.trim().into(), &"new".into()));
    done(folder.path(), &["marks", "edit", "hill.md", id.trim(), "--note", "newer"]);
    assert_eq!((&row()["kind"], &row()["note"]), (&"bookmark".into(), &"newer".into()));
    // What was made of a chapter is no text to write over.
    let outline = done(folder.path(), &["toc", "hill.md", "--export"]);
    std::fs::write(folder.path().join("hill.toml"), outline.replace("\"One\"", "\"First\"")).unwrap();
    done(folder.path(), &["toc", "hill.md", "--import", "hill.toml"]);
    let all = done(folder.path(), &["marks", "export", "hill.md", "--format", "jsonl"]);
    let rows = all.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let made = rows.filter(|row| row["kind"] == "chapter").map(|row| row["id"].clone()).next().unwrap();
    let refused = lection(folder.path(), &["marks", "edit", "hill.md", made.as_str().unwrap(), "--note", "x"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_doctor_looks_at_the_settings_that_are_named() {
    let folder = folder();
    std::fs::write(folder.path().join("mine.toml"), "width = \"wide\"\n").unwrap();
    let found = lection(folder.path(), &["doctor", "--config", "mine.toml"]);
    let found = (String::from_utf8(found.stdout).unwrap(), found.status.code());
    assert!(found.0.contains("settings   mine.toml, line 1") && found.1 == Some(1), "{found:?}");
}

#[test]
fn the_list_of_keys_keeps_its_columns_apart() {
    let keys = done(Path::new("."), &["keys"]);
    assert!(keys.lines().filter(|line| line.starts_with("  ")).all(|line| line.trim().contains("  ")), "{keys}");
}

/// The first picture of the README is drawn by the command that stands above it.
#[test]
fn the_readme_shows_what_the_program_draws() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let command = ["render", "assets/october-1917.md", "--size", "90x26", "--at", "toc:The soviets", "--keys", "tab"];
    let picture = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let drawn = lection(root, &[&["--private"][..], &command].concat());
    assert_eq!(picture, String::from_utf8(drawn.stdout).unwrap());
}

#[test]
fn marks_that_make_no_sense_are_refused() {
    let bare = "lection: a place without words has no colour; --end says where its words end\n";
    check(&["marks", "add", "hill.md", "--at", "0/2:0", "--color", "red"], 2, "", bare);
    let before = "lection: --end 0/2:0 stands before where the mark begins, 0/2:7; give the first place with --at\n";
    check(&["marks", "add", "hill.md", "--at", "0/2:7", "--end", "0/2:0"], 2, "", before);
    let folder = folder();
    let id = done(folder.path(), &["marks", "add", "hill.md", "--at", "0/2:0", "--note", " "]);
    let id = id.trim();
    let row = || -> serde_json::Value {
        serde_json::from_str(&done(folder.path(), &["marks", "--json", "hill.md"])).unwrap()
    };
    assert_eq!((&row()["kind"], &row()["note"]), (&"bookmark".into(), &serde_json::Value::Null));
    // The end is searched for from the beginning on.
    done(folder.path(), &["marks", "edit", "hill.md", id, "--at", "search:high", "--end", "search:hill"]);
    assert_eq!((&row()["at"], &row()["quote"]), (&"0/4:10".into(), &"high, and no ".into()));
    done(folder.path(), &["marks", "edit", "hill.md", id, "--at", "0/2:0"]);
    // An end alone leaves the beginning where it is.
    done(folder.path(), &["marks", "edit", "hill.md", id, "--end", "search:late", "--color", "red"]);
    assert_eq!((&row()["at"], &row()["quote"]), (&"0/2:0".into(), &"It was ".into()));
}

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

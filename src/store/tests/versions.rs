//! Versions of a book: how they are known, joined, listed and forgotten.

use super::*;
use crate::document::{Document, Format, OutlinePass, Section, SectionBuilder, Target, Warning};

/// A document of one section.
struct Text(Section, Identity, Meta);

impl Text {
    fn new(text: &str) -> Text {
        let mut builder = SectionBuilder::new(SectionId(0));
        builder.text(text);
        builder.end();
        Text(builder.finish(), identity('t'), Meta::default())
    }
}

impl Document for Text {
    fn format(&self) -> Format {
        Format::Plain
    }
    fn meta(&self) -> &Meta {
        &self.2
    }
    fn encoding(&self) -> &'static str {
        "UTF-8"
    }
    fn identity(&self) -> &Identity {
        &self.1
    }
    fn section_count(&self) -> u32 {
        1
    }
    fn section_bytes(&self, _: SectionId) -> u64 {
        self.0.text().len() as u64
    }
    fn load(&self, _: SectionId) -> std::io::Result<Section> {
        Ok(self.0.clone())
    }
    fn outline_pass(&self) -> Box<dyn OutlinePass> {
        unreachable!("nobody asks for chapters")
    }
    fn resolve(&self, _: SectionId, _: &str) -> Option<Target> {
        None
    }
    fn warnings(&self) -> &[Warning] {
        &[]
    }
}

fn sum(words: std::ops::Range<usize>) -> Sum {
    let text = words.map(|word| format!("word{word}")).collect::<Vec<_>>().join(" ");
    let document = Text::new(&text);
    Sum::of(&document, &|| false).unwrap()
}

#[test]
fn a_changed_file_finds_its_older_version() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    store.save_place(&identity('a'), &anchor(8)).unwrap();
    let mut store = open(store.fs);
    let path = Path::new("/books/a.txt");
    let loaded = store.load(&identity('b'), &Meta::default(), Some(path));
    assert_eq!((loaded.marks.len(), loaded.place), (0, Some(anchor(8))));
    let found: Vec<(String, Why)> =
        store.related(&identity('b')).iter().map(|book| (book.key.clone(), book.why)).collect();
    assert_eq!(found, [(identity('a').key().to_owned(), Why::Path)]);
    assert!(store.join_related(&identity('b')).unwrap());
    let mut store = open(store.fs);
    let loaded = store.load(&identity('b'), &Meta::default(), Some(path));
    assert_eq!((loaded.marks.len(), store.related(&identity('b')).len()), (1, 0));
    // It stays joined, whatever is written of the older version later.
    store.load(&identity('a'), &Meta::default(), Some(Path::new("/moved")));
    store.save_place(&identity('a'), &anchor(2)).unwrap();
    let mut store = open(store.fs);
    store.load(&identity('b'), &meta(), Some(path));
    store.save_place(&identity('b'), &anchor(3)).unwrap();
    let mut store = open(store.fs);
    let loaded = store.load(&identity('b'), &Meta::default(), Some(path));
    assert_eq!((loaded.marks.len(), loaded.place), (1, Some(anchor(3))));
    // The older version stays as it is, also where the newer one is changed.
    store.delete_mark(&identity('b'), "ONE", None).unwrap();
    let mut store = open(store.fs);
    assert_eq!(store.load(&identity('b'), &Meta::default(), None).marks.len(), 0);
    assert_eq!(store.load(&identity('a'), &Meta::default(), None).marks.len(), 1);
    // By identifier and title, wherever the file is.
    let known = Meta { identifier: Some(clean("isbn")), ..meta() };
    store.load(&identity('c'), &known, None);
    store.save_place(&identity('c'), &anchor(1)).unwrap();
    store.load(&identity('d'), &known, Some(Path::new("/other")));
    assert_eq!(store.related(&identity('d')).iter().map(|book| book.why).collect::<Vec<_>>(), [Why::Identifier]);
    let stranger = Meta { authors: vec![clean("Another")], ..known.clone() };
    store.load(&identity('d'), &stranger, Some(Path::new("/other")));
    assert_eq!(store.related(&identity('d')).len(), 1, "nobody knows that it is by another");
    store.load(&identity('e'), &meta(), Some(Path::new("/other")));
    assert_eq!(store.related(&identity('e')), []);
}

#[test]
fn what_is_forgotten_of_one_file_stays_of_the_others() {
    let of = |text: &[u8]| Identity::of(text.len() as u64, |_| Ok(text.to_vec())).unwrap();
    let there = of(b"text");
    let mut store = open(SimDisk::default());
    let all = [
        // The file is still there, the next one's path has another file now.
        (there.clone(), "/books/a.txt", 0..400),
        (identity('d'), "/books/gone.txt", 0..400),
        // Older versions of the file, and others that were at its path.
        (identity('b'), "/books/b.htm", 0..390),
        (identity('e'), "/books/b.htm", 5000..5900),
        (identity('f'), "/books/b.htm", 7000..7010),
        (identity('c'), "/books/b.htm", 0..400),
    ];
    store.fs.put(Path::new("/books/a.txt"), b"text");
    store.fs.put(Path::new("/books/gone.txt"), b"another text");
    for (identity, path, words) in all.clone() {
        store.load(&identity, &meta(), Some(Path::new(path)));
        store.know(&identity, &sum(words));
        store.save_mark(&identity, &mark(&format!("OF{}", identity.key()), "first")).unwrap();
    }
    let c = identity('c');
    for other in [there.key(), identity('d').key(), identity('b').key()] {
        store.join(&c, other);
    }
    let what = Forgotten::Book(c.clone(), Some("/books/b.htm".into()));
    assert!(store.related(&c).iter().any(|other| other.key == identity('f').key()), "it would be taken too");
    let mut going = store.forget(&what, false).unwrap();
    going.left.sort();
    let left: Vec<&str> = going.left.iter().map(Clean::as_str).collect();
    let other = "the marks of “Title” stay: it is another text";
    assert_eq!(left, ["/books/a.txt is still there, with its marks", other]);
    assert_eq!(store.forget(&what, true).unwrap().files, going.files);
    let marks = |(of, ..): &(Identity, &str, std::ops::Range<usize>)| {
        open(store.fs.clone()).load(of, &Meta::default(), None).marks.len()
    };
    assert_eq!(all.iter().map(marks).collect::<Vec<_>>(), [1, 0, 0, 1, 1, 0]);
}

#[test]
fn a_book_that_is_forgotten_while_it_is_open_elsewhere_does_not_come_back() {
    let mut reader = open(SimDisk::default());
    load(&mut reader);
    reader.know(&identity('a'), &sum(0..400));
    for id in ["ONE", "TWO"] {
        reader.save_mark(&identity('a'), &mark(id, "first")).unwrap();
    }
    let mut other = open(reader.fs);
    let what = Forgotten::Book(identity('a'), Some("/books/a.txt".into()));
    assert_eq!(other.forget(&what, true).unwrap().files.len(), 2, "a log and its copy");
    reader.fs = other.fs;
    // The next page is the first that is kept of it.
    reader.save_place(&identity('a'), &anchor(3)).unwrap();
    let mut next = open(reader.fs.clone());
    assert_eq!((load(&mut next).marks.len(), next.shelf()[0].title.as_str()), (0, "Title"));
    assert!(next.knows_text(&identity('a')));
    // What is changed then is kept whole, also where a sync takes the log away.
    let changed = Mark { name: Some(clean("x")), ..mark("ONE", "first") };
    reader.save_mark(&identity('a'), &changed).unwrap();
    assert_eq!(load(&mut open(reader.fs.clone())).marks, std::slice::from_ref(&changed));
    let log = own_log(&mut reader, 'a');
    reader.fs.remove(&log).unwrap();
    reader.save_place(&identity('a'), &anchor(4)).unwrap();
    assert_eq!(load(&mut open(reader.fs)).marks, [changed]);
}

#[test]
fn marks_of_a_text_that_nobody_read_are_not_forgotten_with_another_book() {
    let mut store = open(SimDisk::default());
    let path = Some(Path::new("/books/a.txt"));
    for (name, is_marked) in [('a', true), ('b', false)] {
        store.load(&identity(name), &meta(), path);
        store.save_place(&identity(name), &anchor(1)).unwrap();
        if is_marked {
            store.save_mark(&identity(name), &mark("ONE", "first")).unwrap();
        }
    }
    store.load(&identity('c'), &meta(), path);
    store.know(&identity('c'), &sum(0..400));
    store.save_place(&identity('c'), &anchor(1)).unwrap();
    let going = store.forget(&Forgotten::Book(identity('c'), path.map(Path::to_path_buf)), true).unwrap();
    assert_eq!(going.left, [clean("the marks of “Title” stay: nobody knows whether it is another text")]);
    let mut store = open(store.fs);
    assert_eq!((store.shelf().len(), load(&mut store).marks.len()), (1, 1));
}

#[test]
fn a_text_is_known_again_under_another_name() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.know(&identity('a'), &sum(0..4000));
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    let mut store = open(store.fs);
    assert!({
        load(&mut store);
        store.knows_text(&identity('a'))
    });
    for (name, words, path, why) in [
        ('b', 0..4000, "/other", Some(Why::Text)),
        ('c', 200..4000, "/other", Some(Why::Print)),
        ('d', 3000..7000, "/other", None),
        ('e', 3000..7000, "/books/a.txt", Some(Why::Path)),
        ('f', 9000..9900, "/books/a.txt", None),
    ] {
        let mut store = open(store.fs.clone());
        store.load(&identity(name), &Meta::default(), Some(Path::new(path)));
        store.know(&identity(name), &sum(words));
        assert_eq!(store.related(&identity(name)).first().map(|book| book.why), why, "{name}");
    }
}

/// A file that became another version while its second mark waits for a full disk.
fn waiting() -> TestStore {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.know(&identity('a'), &sum(0..4000));
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    store.fs.fault = Some(Fault { call: 0, times: usize::MAX, kind: FaultKind::Error(ErrorKind::StorageFull) });
    assert!(store.save_mark(&identity('a'), &mark("TWO", "second")).is_err());
    store.load(&identity('b'), &meta(), Some(Path::new("/books/a.txt")));
    store.know(&identity('b'), &sum(0..3900));
    assert!(store.join_related(&identity('b')).is_err());
    store
}

#[test]
fn what_waits_for_the_disk_stays_when_the_file_becomes_another_version() {
    let mut store = waiting();
    assert_eq!(store.marks(&identity('b')).len(), 2);
    assert!(store.pending_lines().contains("second"), "{}", store.pending_lines());
    store.fs.fault = None;
    store.retry().unwrap();
    assert_eq!((store.pending(), open(store.fs.clone()).load(&identity('b'), &meta(), None).marks.len()), (0, 2));
}

#[test]
fn what_waits_for_the_disk_goes_on_through_a_version_that_does_not_wait() {
    let mut store = waiting();
    store.fs.fault = None;
    store.save_place(&identity('b'), &anchor(1)).unwrap();
    store.load(&identity('c'), &meta(), Some(Path::new("/books/a.txt")));
    store.know(&identity('c'), &sum(0..3800));
    store.join_related(&identity('c')).unwrap();
    assert_eq!((store.marks(&identity('c')).len(), store.pending()), (2, 1));
    // What does not wait is not held beside what it has become.
    let held: Vec<&String> = store.books.keys().collect();
    assert_eq!(held, [identity('a').key(), identity('c').key()]);
}

#[test]
fn a_log_that_a_syncer_put_back_costs_the_next_version_no_mark() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.know(&identity('a'), &sum(0..4000));
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    let log = own_log(&mut store, 'a');
    let before = store.fs.get(&log).unwrap().to_vec();
    store.save_mark(&identity('a'), &mark("TWO", "second")).unwrap();
    store.fs.put(&log, &before);
    store.load(&identity('b'), &meta(), Some(Path::new("/books/a.txt")));
    store.know(&identity('b'), &sum(0..3900));
    store.join_related(&identity('b')).unwrap();
    assert_eq!(store.marks(&identity('b')).len(), 2);
}

#[test]
fn another_book_at_the_same_path_stays_another_book() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.know(&identity('a'), &sum(0..4000));
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    // What it is known by stands in its log at the second start.
    let mut store = open(store.fs);
    store.load(&identity('b'), &Meta::default(), Some(Path::new("/books/a.txt")));
    store.know(&identity('b'), &sum(5000..9000));
    store.save_mark(&identity('b'), &mark("TWO", "second")).unwrap();
    let mut store = open(store.fs);
    store.load(&identity('b'), &Meta::default(), Some(Path::new("/books/a.txt")));
    assert!(store.knows_text(&identity('b')));
    assert_eq!(store.related(&identity('b')), []);
    // Nor does an identifier that many books have make them one.
    let id = Meta { identifier: Some(clean("BookId")), ..Meta::default() };
    for (name, words) in [('c', 0..3000), ('d', 4000..7000), ('e', 4000..7100)] {
        store.load(&identity(name), &id, Some(Path::new("/books").join(name.to_string()).as_path()));
        store.know(&identity(name), &sum(words));
        store.save_place(&identity(name), &anchor(1)).unwrap();
    }
    let related = |store: &mut TestStore, name| -> Vec<String> {
        store.related(&identity(name)).into_iter().map(|related| related.key).collect()
    };
    assert_eq!(related(&mut store, 'e'), [identity('d').key().to_owned()]);
}

#[test]
fn a_file_that_was_empty_for_a_moment_makes_no_book_of_two() {
    let path = Some(Path::new("/books/a.txt"));
    // The first book, the empty file, another book, the empty file again: each joins what it may.
    let texts = [('a', 0..4000), ('e', 0..0), ('b', 5000..9000), ('e', 0..0)];
    let mut store = open(SimDisk::default());
    for (name, words) in texts {
        store.load(&identity(name), &Meta::default(), path);
        store.know(&identity(name), &sum(words));
        store.join_related(&identity(name)).unwrap();
        if name != 'e' {
            store.save_mark(&identity(name), &mark(&format!("MARK{name}"), "here")).unwrap();
        }
    }
    let ids = |store: &mut TestStore, name| -> Vec<String> {
        let state = store.load(&identity(name), &Meta::default(), path);
        state.marks.into_iter().map(|mark| mark.id).collect()
    };
    // The same in the program that wrote it and in the next one.
    let mut next = open(store.fs.clone());
    for store in [&mut store, &mut next] {
        for (name, all) in [('a', &["MARKa"][..]), ('b', &["MARKb"]), ('e', &["MARKa", "MARKb"])] {
            store.load(&identity(name), &Meta::default(), path);
            store.join_related(&identity(name)).unwrap();
            assert_eq!(ids(store, name), all, "in {name}");
        }
    }
    assert_eq!(next.all_marks().len(), 2);
    // What is deleted in the empty file is deleted.
    next.delete_mark(&identity('e'), "MARKa", None).unwrap();
    assert!(ids(&mut open(next.fs), 'a').is_empty());
}

#[test]
fn a_book_that_was_foreign_is_read_when_a_version_of_both_joins_it() {
    let path = Some(Path::new("/books/a.txt"));
    let read = |store: &mut TestStore, name, words| {
        store.load(&identity(name), &Meta::default(), path);
        store.know(&identity(name), &sum(words));
        store.join_related(&identity(name)).unwrap();
        store.save_mark(&identity(name), &mark(&format!("MARK{name}"), "here")).unwrap();
    };
    let ids = |store: &mut TestStore| -> Vec<String> {
        let state = store.load(&identity('a'), &Meta::default(), path);
        state.marks.into_iter().map(|mark| mark.id).collect()
    };
    // Two books that meet in an empty file: nothing comes through it that is foreign.
    let mut writer = open(SimDisk::default());
    for (name, words) in [('a', 0..4000), ('e', 0..0), ('b', 5000..9000), ('e', 0..0)] {
        read(&mut writer, name, words);
    }
    let mut reader = open(writer.fs);
    read(&mut reader, 'a', 0..4000);
    assert_eq!(ids(&mut reader), ["MARKa", "MARKe"]);
    // One with something of both has joined the other.
    let mut writer = open(reader.fs.clone());
    writer.load(&identity('k'), &Meta::default(), path);
    writer.join(&identity('k'), identity('b').key());
    read(&mut writer, 'k', 3000..6000);
    read(&mut writer, 'a', 0..4000);
    reader.fs = writer.fs.clone();
    let all = ids(&mut open(writer.fs));
    assert_eq!(all, ["MARKa", "MARKb", "MARKe", "MARKk"]);
    assert_eq!(ids(&mut reader), all);
}

#[test]
fn a_program_joins_what_the_next_one_will_read() {
    // Another book and the empty file that it was once; the empty file elsewhere, a text with a little of
    // both, and one that has nothing of the other book.
    let [x, a] = ["/books/x.txt", "/books/a.txt"].map(|path| Some(Path::new(path)));
    let texts = [('x', x, 5000..9000), ('e', x, 0..0), ('e', a, 0..0), ('k', a, 3900..5100), ('o', a, 0..4000)];
    let mut store = open(SimDisk::default());
    for (name, path, words) in texts {
        store.load(&identity(name), &Meta::default(), path);
        store.know(&identity(name), &sum(words));
        store.join_related(&identity(name)).unwrap();
        store.save_mark(&identity(name), &mark(&format!("MARK{name}"), "here")).unwrap();
    }
    let ids = |store: &mut TestStore| -> Vec<String> {
        let state = store.load(&identity('o'), &Meta::default(), a);
        state.marks.into_iter().map(|mark| mark.id).collect()
    };
    assert_eq!(ids(&mut store), ["MARKe", "MARKk", "MARKo"]);
    assert_eq!(ids(&mut open(store.fs)), ["MARKe", "MARKk", "MARKo"]);
}

#[test]
fn a_text_that_became_another_one_step_by_step_has_its_marks() {
    let path = Some(Path::new("/books/a.txt"));
    let mut store = open(SimDisk::default());
    for (name, words) in [('a', 0..1000), ('b', 500..1500), ('c', 1000..2000)] {
        store.load(&identity(name), &Meta::default(), path);
        store.know(&identity(name), &sum(words));
        store.join_related(&identity(name)).unwrap();
        store.save_mark(&identity(name), &mark(&format!("MARK{name}"), "here")).unwrap();
    }
    assert_eq!(open(store.fs).load(&identity('c'), &Meta::default(), path).marks.len(), 3);
}

#[test]
fn a_mark_of_the_text_before_is_deleted_where_it_was_made() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    // Another book came to its place before the deletion did.
    let mut store = open(store.fs);
    store.load(&identity('b'), &Meta::default(), None);
    store.delete_mark(&identity('b'), "ONE", Some(identity('a').key())).unwrap();
    assert!(store.all_marks().is_empty());
    let mut next = open(store.fs);
    assert!(load(&mut next).marks.is_empty());
    assert_eq!(next.shelf().len(), 0);
    store = next;
    store.save_place(&identity('a'), &anchor(1)).unwrap();
    assert_eq!(store.shelf()[0].path.as_deref(), Some(Path::new("/books/a.txt")));
}

#[test]
fn a_file_that_is_edited_every_day_keeps_all_marks_in_short_logs() {
    let path = Some(Path::new("/books/a.txt"));
    let versions = 40;
    let mut store = open(SimDisk::default());
    for n in 0..versions {
        // Each time another program, and another text.
        store = open(store.fs);
        let identity = Identity { bytes: 1000, digest: format!("{n:02}").repeat(32) };
        store.load(&identity, &meta(), path);
        store.know(&identity, &sum(n * 10..n * 10 + 200));
        store.join_related(&identity).unwrap();
        store.save_mark(&identity, &mark(&format!("MARK{n}"), "here")).unwrap();
        assert_eq!(open(store.fs.clone()).load(&identity, &meta(), path).marks.len(), n + 1);
        let device = store.device();
        let log = paths().device_marks(&device).join(format!("{}.jsonl", identity.key()));
        let bytes = store.fs.stat(&log).unwrap().bytes;
        assert!(bytes < 8000, "the log of version {n} has {bytes} bytes");
    }
}

#[test]
fn versions_that_were_joined_are_listed_as_one_book() {
    let mut store = open(SimDisk::default());
    load(&mut store);
    store.know(&identity('a'), &sum(0..400));
    for id in ["ONE", "TWO"] {
        store.save_mark(&identity('a'), &mark(id, "first")).unwrap();
    }
    store.save_place(&identity('a'), &anchor(1)).unwrap();
    let path = Some(Path::new("/books/a.txt"));
    for name in ['b', 'c'] {
        store.load(&identity(name), &meta(), path);
        store.know(&identity(name), &sum(0..400));
        store.join_related(&identity(name)).unwrap();
        store.save_place(&identity(name), &anchor(2)).unwrap();
    }
    store.delete_mark(&identity('c'), "ONE", None).unwrap();
    let ids = |store: &mut TestStore| -> Vec<String> {
        store.all_marks().into_iter().flat_map(|(_, marks)| marks).map(|mark| mark.id).collect()
    };
    assert_eq!(ids(&mut open(store.fs.clone())), ["TWO"]);
    // And are forgotten as one, also of a version that was never joined.
    store.load(&identity('d'), &meta(), path);
    store.know(&identity('d'), &sum(0..400));
    let gone = store.forget(&Forgotten::Book(identity('d'), path.map(Path::to_path_buf)), true).unwrap();
    assert!(!gone.files.is_empty());
    assert!(ids(&mut open(store.fs)).is_empty());
}

#[test]
fn a_book_is_known_again_wherever_its_log_says_what_it_is_called() {
    let by = |bytes: usize| clean(&"note ".repeat(bytes / 5));
    let marks: Vec<Mark> = (0..10).map(|n| Mark { note: Some(by(1500)), ..mark(&format!("MARK{n}"), "") }).collect();
    let mut store = open(SimDisk::default());
    store.compact_above = 30_000;
    load(&mut store);
    // The label that is written first does not say what the text is, the last one does.
    store.save_marks(&identity('a'), &marks).unwrap();
    store.know(&identity('a'), &sum(0..4000));
    store.load(&identity('a'), &meta(), Some(Path::new("/books/moved.txt")));
    store.save_place(&identity('a'), &anchor(1)).unwrap();
    let log = own_log(&mut store, 'a');
    let far = store.fs.clone();
    let bytes = |disk: &mut SimDisk| disk.stat(&log).unwrap().bytes;
    let mut longest = 0;
    while bytes(&mut store.fs) >= longest {
        longest = bytes(&mut store.fs);
        store.save_place(&identity('a'), &anchor(2)).unwrap();
    }
    // Another device says more of all marks before it says anything else.
    let other = paths().device_marks("OTHER").join(log.file_name().unwrap());
    let mut second = far.clone();
    second.put(&other, far.get(&log).unwrap());
    second.remove(&log).unwrap();
    let mut second = open(second);
    load(&mut second);
    let changed: Vec<Mark> = marks.iter().map(|mark| Mark { name: Some(clean("x")), ..mark.clone() }).collect();
    second.save_marks(&identity('a'), &changed).unwrap();
    second.fs.remove(&other).unwrap();

    for (case, disk) in [("far behind", far), ("made short", store.fs), ("of a second device", second.fs)] {
        let first = disk.get(&log).unwrap().split(|byte| *byte == b'\n').find(|line| !line.is_empty()).unwrap();
        assert_eq!(String::from_utf8_lossy(first).contains(r#""print":"#), case != "far behind", "{case}");
        let mut store = open(disk);
        // A preface was put in front, and the file is elsewhere.
        store.load(&identity('b'), &meta(), Some(Path::new("/other.txt")));
        store.know(&identity('b'), &sum(0..4100));
        let why: Vec<Why> = store.related(&identity('b')).into_iter().map(|related| related.why).collect();
        assert_eq!(why, [Why::Print], "{case}");
        assert!(store.join_related(&identity('b')).unwrap());
        assert_eq!((store.marks(&identity('b')).len(), store.all_marks().len()), (10, 1), "{case}");
    }
}

#[test]
fn what_comes_between_two_readings_of_a_log_is_seen_at_the_next_look() {
    let mut store = open(SimDisk::default());
    let (old, new) = (identity('b'), identity('a'));
    store.save_mark(&old, &mark("OLD", "of the old version")).unwrap();
    store.load(&new, &meta(), None);
    store.save_mark(&new, &mark("ONE", "first")).unwrap();
    let log = paths().device_marks(&store.device()).join(format!("{}.jsonl", new.key()));
    let before = store.fs.get(&log).unwrap().len();
    // Another program joins the old version.
    let mut joiner = open(store.fs.clone());
    joiner.load(&new, &meta(), None);
    joiner.join(&new, old.key());
    joiner.retry().unwrap();
    let added = joiner.fs.get(&log).unwrap()[before..].to_vec();
    store.fs.grows = Some((log, added));
    let mut reader = open(store.fs);
    reader.load(&new, &meta(), None);
    assert!(reader.poll(&new));
    assert_eq!(reader.load(&new, &meta(), None).marks.len(), 2);
}

#[test]
fn damage_in_the_log_of_a_version_that_is_joined_is_said() {
    let mut store = open(SimDisk::default());
    store.save_mark(&identity('a'), &mark("ONE", "first")).unwrap();
    let log = own_log(&mut store, 'a');
    let bytes = [store.fs.get(&log).unwrap(), b"no line of a log\n"].concat();
    store.fs.put(&log, &bytes);
    let mut store = open(store.fs);
    let said = |store: &mut TestStore| store.load(&identity('b'), &meta(), None).problems.len();
    assert_eq!(said(&mut store), 0);
    store.join(&identity('b'), identity('a').key());
    assert_eq!((said(&mut store), said(&mut store)), (1, 0));
}

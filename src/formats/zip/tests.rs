//! What archives of every kind of soundness give.

use super::testing::{Entry, archive, entry};
use super::*;
use crate::limits::INFLATE_FREE;
use proptest::prelude::*;

fn open(bytes: Vec<u8>) -> Archive {
    Archive::open(Source::memory(bytes)).unwrap()
}

/// What reading a member by name gives: its text and its fault.
fn read(archive: &Archive, name: &str, limit: usize) -> Option<(String, Option<Fault>)> {
    let content = archive.read(archive.find(name)?, limit).unwrap();
    Some((String::from_utf8_lossy(&content.bytes).into_owned(), content.fault))
}

fn check(bytes: Vec<u8>, name: &str, text: &str, fault: Option<Fault>) {
    assert_eq!(read(&open(bytes), name, 1000), Some((text.to_owned(), fault)), "{name:?}");
}

fn two() -> Vec<Entry> {
    vec![entry("a.txt", "first"), Entry { method: 0, ..entry("dir/b.txt", "second") }]
}

#[test]
fn members_are_read() {
    check(archive(&two()), "a.txt", "first", None);
    check(archive(&two()), "dir/b.txt", "second", None);
    assert!(open(archive(&two())).find("c.txt").is_none());
    assert!(!open(archive(&two())).is_recovered());
}

#[test]
fn names_are_found_by_every_way_of_writing_them() {
    let entries = [entry("./OEBPS/a bé.xhtml", "x"), entry("cafe\u{301}.xhtml", "x"), entry(b"caf\x82.txt", "x")];
    let archive = open(archive(&entries));
    for name in [
        "OEBPS/a bé.xhtml",
        "OEBPS/a%20b%C3%A9.xhtml",
        "oebps\\A BÉ.XHTML",
        "/OEBPS/./x/../a bé.xhtml",
        "café.xhtml",
        "café.txt",
    ] {
        assert!(archive.find(name).is_some(), "{name:?}");
    }
    for name in ["../etc/passwd", "OEBPS/../..", "OEBPS", "", "cafe.xhtml"] {
        assert!(archive.find(name).is_none(), "{name:?}");
    }
}

#[test]
fn the_first_of_two_names_wins() {
    let entries = [entry("a.txt", "one"), entry("a.txt", "two"), entry("A.TXT", "three")];
    check(archive(&entries), "a.txt", "one", None);
    check(archive(&entries), "A.TXT", "three", None);
    check(archive(&entries), "A.txt", "one", None);
}

#[test]
fn faults_are_named_and_what_can_be_read_is_kept() {
    let a = || entry("a", "text");
    for (entry, text, fault) in [
        (Entry { crc: Some(1), ..a() }, "text", Fault::Checksum),
        (Entry { flags: 1, ..a() }, "", Fault::Encrypted),
        (Entry { method: 99, ..a() }, "", Fault::Method),
        (Entry { mode: 0o120_777, ..a() }, "", Fault::Link),
    ] {
        check(archive(&[entry]), "a", text, Some(fault));
    }
    check(archive(&[Entry { size: Some(1), ..a() }]), "a", "text", None);
    check(archive(&[Entry { size: Some(u32::MAX - 1), ..a() }]), "a", "text", None);
}

#[test]
fn broken_compression_gives_the_text_before_it() {
    let text = (0..2000).map(|i| format!("line {i}\n")).collect::<Vec<_>>().concat();
    let mut bytes = archive(&[entry("a", &text)]);
    let middle = bytes.len() / 2;
    bytes.iter_mut().skip(middle).take(40).for_each(|b| *b = 0xFF);
    let (start, fault) = read(&open(bytes), "a", 1 << 20).unwrap();
    assert!(fault.is_some_and(|f| f == Fault::Damaged || f == Fault::Checksum));
    assert!(start.starts_with("line 0\nline 1\n"));
}

#[test]
fn the_limit_holds_on_what_comes_out() {
    for method in [0, 8] {
        let bytes = archive(&[Entry { method, size: Some(3), ..entry("a", "x".repeat(1001)) }]);
        let archive = open(bytes);
        assert_eq!(read(&archive, "a", 1001).unwrap().0.len(), 1001);
        assert_eq!(read(&archive, "a", 1000), Some(("x".repeat(1000), Some(Fault::TooLong))));
    }
}

#[test]
fn what_inflates_beyond_all_measure_is_cut() {
    let bytes = archive(&[entry("bomb", vec![b'x'; 2 * INFLATE_FREE]), entry("small", vec![b'x'; INFLATE_FREE])]);
    let archive = open(bytes);
    let length = |name| read(&archive, name, usize::MAX).map(|(text, fault)| (text.len(), fault));
    assert_eq!(length("bomb"), Some((INFLATE_FREE, Some(Fault::TooLong))));
    assert_eq!(length("small"), Some((INFLATE_FREE, None)));
}

#[test]
fn archives_without_their_end_are_searched() {
    let whole = archive(&two());
    let directory = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
    for len in [directory, directory + 10, whole.len() - 5] {
        let archive = open(whole.iter().copied().take(len).collect());
        assert!(archive.is_recovered());
        assert_eq!(read(&archive, "dir/b.txt", 100), Some(("second".to_owned(), None)), "{len}");
    }
    // Members that were written as a stream know their sizes only behind their data.
    let streamed =
        archive(&[Entry { flags: 8, ..entry("a.txt", "first") }, Entry { flags: 8, ..entry("b.txt", "second") }]);
    check(streamed.clone(), "b.txt", "second", None);
    let directory_of_streamed = memchr::memmem::find(&streamed, b"PK\x01\x02").unwrap();
    for name in ["a.txt", "b.txt"] {
        let archive = open(streamed.iter().copied().take(directory_of_streamed).collect());
        assert!(read(&archive, name, 100).is_some_and(|(text, fault)| !text.is_empty() && fault.is_none()), "{name}");
    }
    // Cut inside the second member: the first is whole, the second ends early.
    let cut = open(whole.iter().copied().take(directory - 3).collect());
    assert_eq!(read(&cut, "a.txt", 100), Some(("first".to_owned(), None)));
    assert_eq!(read(&cut, "dir/b.txt", 100), Some(("sec".to_owned(), Some(Fault::Damaged))));
}

#[test]
fn searching_takes_steps_by_the_length_only() {
    // Headers inside the names of headers before them, none of which lead anywhere: a name over
    // 116 of them is a folder, or goes down and up again.
    let header =
        |end: &[u8], name_len: u16| [b"PK\x03\x04", &[b'/'; 22][..], &name_len.to_le_bytes(), &[0, 0], end].concat();
    let folders = header(b"", 4095).repeat(40_000);
    let returns = header(b"xx/..", 116 * 35 + 5).repeat(40_000);
    for spam in [b"PK\x03\x04".repeat(300_000), folders, returns] {
        let len = spam.len() as u64;
        let found = recover::scan(&Source::memory(spam.clone())).unwrap();
        assert!(found.looked <= (len + 2 * recover::HEADER_MAX as u64) * recover::NAMES_MAX, "{}", found.looked);
        assert!(open(spam).is_recovered());
    }
    assert_eq!(recover::scan(&Source::memory(archive(&two()))).unwrap().looked, 5 + 9);
    // A member whose header lies across the border of two windows.
    for junk in (1usize << 20) - 40..(1 << 20) + 4 {
        let mut bytes = vec![b'j'; junk];
        bytes.extend(archive(&two()).iter().take(35 + 7));
        assert_eq!(read(&open(bytes), "a.txt", 100), Some(("first".to_owned(), None)), "{junk}");
    }
}

#[test]
fn junk_around_an_archive_is_passed_over() {
    for (before, after) in [(500, 0), (0, 70_000), (300_000, 3)] {
        let mut bytes = vec![b'j'; before];
        bytes.extend(archive(&two()));
        bytes.extend(vec![0; after]);
        check(bytes, "dir/b.txt", "second", None);
    }
}

#[test]
fn what_is_no_archive_has_no_members() {
    for bytes in [b"".to_vec(), b"PK\x03\x04".to_vec(), b"plain text".to_vec(), archive(&[])] {
        assert_eq!(open(bytes).members().count(), 0);
    }
}

#[test]
fn the_64_bit_directory_is_read() {
    let mut bytes = archive(&two());
    let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap() as u64;
    let end = bytes.len() as u64 - 22;
    bytes.truncate(end as usize);
    let number = |bytes: &mut Vec<u8>, n: u64| bytes.extend_from_slice(&n.to_le_bytes());
    bytes.extend_from_slice(b"PK\x06\x06");
    number(&mut bytes, 44);
    bytes.extend_from_slice(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for n in [2, 2, end - directory, directory] {
        number(&mut bytes, n);
    }
    bytes.extend_from_slice(b"PK\x06\x07\0\0\0\0");
    number(&mut bytes, end);
    bytes.extend_from_slice(&[1, 0, 0, 0]);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    bytes.extend_from_slice(&[0xFF; 12]);
    bytes.extend_from_slice(&[0, 0]);
    assert!(!open(bytes.clone()).is_recovered());
    check(bytes, "dir/b.txt", "second", None);
}

proptest! {
    /// No damage to an archive panics, and no limit is exceeded.
    #[test]
    fn damage_is_survived(cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6), end in any::<prop::sample::Index>()) {
        let mut bytes = archive(&two());
        for (index, byte) in cuts {
            let at = index.index(bytes.len());
            if let Some(b) = bytes.get_mut(at) {
                *b = byte;
            }
        }
        bytes.truncate(end.index(bytes.len()) + 1);
        let archive = open(bytes);
        for (id, _) in archive.members() {
            prop_assert!(archive.read(id, 4).unwrap().bytes.len() <= 4);
        }
    }
}

//! Character encodings: which one a document is in, and its text as UTF-8.
//!
//! The order of evidence: what the reader said, a byte order mark, what the markup declares, valid
//! UTF-8, the NULs of UTF-16, and last a guess from at most 64 KiB (the guesser reads 17 MB/s, so
//! it never sees a whole book). Wrong bytes become U+FFFD and never stop reading.
//!
//! **Invariant:** a document is decoded in windows, and each window decodes alone. A window may
//! begin wherever [`Charset::is_boundary`] or the end of a line says so; stateful encodings
//! (ISO-2022-JP) start anew on each line, as their standard asks of every writer. It must not
//! know any format.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, CoderResult, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes that detection looks at.
pub const DETECT_BYTES: usize = crate::limits::SNIFF_BYTES;
/// Bytes of room with which a decoder always goes on.
const SPARE: usize = 64;

/// How the bytes of a document become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset {
    scheme: Scheme,
    /// Length of the byte order mark that the document begins with.
    mark: usize,
    /// Nothing but ASCII was seen so far: a window that is not UTF-8 is guessed on its own.
    is_open: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Standard(&'static Encoding),
    Utf32 { big: bool },
}

impl Charset {
    /// UTF-8, without a byte order mark.
    pub const UTF_8: Charset = Charset { scheme: Scheme::Standard(UTF_8), mark: 0, is_open: false };

    /// The encoding of this name (a label of the WHATWG encoding standard, such as `latin1`,
    /// `koi8-r`, `shift_jis`, or `utf-32`). `None` for an unknown one.
    pub fn from_name(name: &str) -> Option<Charset> {
        let scheme = match name.trim().to_ascii_lowercase().as_str() {
            "utf-32" | "utf32" | "utf-32le" | "utf32le" => Scheme::Utf32 { big: false },
            "utf-32be" | "utf32be" => Scheme::Utf32 { big: true },
            label => Scheme::Standard(Encoding::for_label_no_replacement(label.as_bytes())?),
        };
        Some(Charset { scheme, mark: 0, is_open: false })
    }

    /// The encoding of a document that begins with `head` (64 KiB are enough; it may end inside a
    /// character). `declared` is what the markup says of itself, if it does.
    pub fn detect(head: &[u8], declared: Option<&str>) -> Charset {
        if let Some(found) = Charset::from_mark(head) {
            return found;
        }
        let head = head.get(..DETECT_BYTES).unwrap_or(head);
        // A declaration that could be read byte by byte is not in UTF-16, whatever it says.
        let declared = declared.and_then(Charset::from_name);
        if let Some(found) = declared.filter(|c| c.unit() == 1) {
            return found;
        }
        Charset::detect_bare(head)
    }

    /// The same encoding for a document that begins with `head`, whose byte order mark is then
    /// no text.
    #[must_use]
    pub fn after_mark(self, head: &[u8]) -> Charset {
        match Charset::from_mark(head) {
            Some(found) if found.scheme == self.scheme => found,
            _ => self,
        }
    }

    fn from_mark(head: &[u8]) -> Option<Charset> {
        let (scheme, mark) = match head {
            [0xFF, 0xFE, 0, 0, ..] => (Scheme::Utf32 { big: false }, 4),
            [0, 0, 0xFE, 0xFF, ..] => (Scheme::Utf32 { big: true }, 4),
            [0xEF, 0xBB, 0xBF, ..] => (Scheme::Standard(UTF_8), 3),
            [0xFF, 0xFE, ..] => (Scheme::Standard(UTF_16LE), 2),
            [0xFE, 0xFF, ..] => (Scheme::Standard(UTF_16BE), 2),
            _ => return None,
        };
        Some(Charset { scheme, mark, is_open: false })
    }

    /// The encoding of a document that is known to be ASCII until this sample from its midst,
    /// which may begin and end inside a character.
    pub fn detect_inside(sample: &[u8]) -> Charset {
        let encoding = if is_mostly_utf8(sample) { UTF_8 } else { guess(sample) };
        Charset { scheme: Scheme::Standard(encoding), mark: 0, is_open: false }
    }

    /// The encoding that the first line of an XML document names.
    pub fn xml_declared(head: &[u8]) -> Option<&str> {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let line = head.strip_prefix(b"<?xml")?;
        let line = line.get(..line.iter().take(200).position(|b| *b == b'>')?)?;
        let (_, value) = std::str::from_utf8(line).ok()?.split_once("encoding")?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value.get(1..)?.split_once(quote).map(|(name, _)| name)
    }

    fn detect_bare(head: &[u8]) -> Charset {
        let standard = |encoding| Charset { scheme: Scheme::Standard(encoding), mark: 0, is_open: false };
        if let Some(utf16) = utf16_without_mark(head) {
            return standard(utf16);
        }
        if is_iso_2022_jp(head) {
            return standard(ISO_2022_JP);
        }
        if head.is_ascii() {
            return Charset { is_open: true, ..Charset::UTF_8 };
        }
        if is_mostly_utf8(head) { Charset::UTF_8 } else { standard(guess(head)) }
    }

    /// The usual name, `UTF-8` or `windows-1251` for example.
    pub fn name(&self) -> &'static str {
        match self.scheme {
            Scheme::Standard(encoding) => encoding.name(),
            Scheme::Utf32 { big: false } => "UTF-32LE",
            Scheme::Utf32 { big: true } => "UTF-32BE",
        }
    }

    /// Length of the byte order mark at the start of the document, which is no text.
    pub fn mark_len(&self) -> usize {
        self.mark
    }

    /// Whether nothing but ASCII was seen, so that more of the document may say more.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Bytes of one code unit: 1, 2 or 4. Windows begin at multiples of it.
    pub fn unit(&self) -> usize {
        match self.scheme {
            Scheme::Utf32 { .. } => 4,
            Scheme::Standard(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => 2,
            Scheme::Standard(_) => 1,
        }
    }

    /// The code unit at a byte offset of a window; `None` where the window ends before it does.
    pub fn unit_at(&self, window: &[u8], offset: usize) -> Option<u32> {
        let bytes = window.get(offset..)?;
        match (self.scheme, bytes) {
            (Scheme::Utf32 { big: false }, &[a, b, c, d, ..]) => Some(u32::from_le_bytes([a, b, c, d])),
            (Scheme::Utf32 { big: true }, &[a, b, c, d, ..]) => Some(u32::from_be_bytes([a, b, c, d])),
            (Scheme::Standard(encoding), &[a, b, ..]) if encoding == UTF_16LE => {
                Some(u32::from(u16::from_le_bytes([a, b])))
            }
            (Scheme::Standard(encoding), &[a, b, ..]) if encoding == UTF_16BE => {
                Some(u32::from(u16::from_be_bytes([a, b])))
            }
            (Scheme::Standard(_), &[a, ..]) if self.unit() == 1 => Some(u32::from(a)),
            _ => None,
        }
    }

    /// Whether a space in the bytes is always a space of the text. Not so in ISO-2022-JP, where
    /// only the end of a line is sure.
    pub fn has_sure_spaces(&self) -> bool {
        self.scheme != Scheme::Standard(ISO_2022_JP)
    }

    /// Bytes before a place that [`is_boundary`](Self::is_boundary) may need.
    pub fn look_behind(&self) -> usize {
        match self.scheme {
            // A line of Chinese may have no ASCII for long; beyond this the place is a guess.
            Scheme::Standard(encoding) if is_double_byte(encoding) => 64 * 1024,
            _ => 8,
        }
    }

    /// Whether a character may begin at `offset`. `window` should hold some bytes before it: in
    /// the double-byte encodings of East Asia only a byte that is never the second of two says
    /// where characters begin.
    ///
    /// In damaged text what belongs to no character stands by itself, so that a boundary is
    /// always near.
    pub fn is_boundary(&self, window: &[u8], offset: usize) -> bool {
        let Scheme::Standard(encoding) = self.scheme else { return true };
        if encoding == UTF_8 {
            let goes_on = |byte: &u8| byte & 0xC0 == 0x80;
            let is_stray = || {
                offset.checked_sub(3).and_then(|from| window.get(from..offset)).is_some_and(|b| b.iter().all(goes_on))
            };
            return !window.get(offset).is_some_and(goes_on) || is_stray();
        }
        if self.unit() == 2 {
            let is_low = |unit: &u32| (0xDC00..0xE000).contains(unit);
            let is_stray =
                || offset.checked_sub(2).and_then(|from| self.unit_at(window, from)).as_ref().is_some_and(is_low);
            return !self.unit_at(window, offset).as_ref().is_some_and(is_low) || is_stray();
        }
        if !is_double_byte(encoding) {
            return true;
        }
        let before = window.get(..offset).unwrap_or(window);
        // Bytes below `0` never belong to another character in any of these encodings.
        let sure = before.iter().rposition(|b| *b < b'0').map_or(0, |i| i + 1);
        let mut at = sure;
        while at < offset {
            at += character_len(encoding, window.get(at..).unwrap_or_default());
        }
        at == offset
    }

    /// The text of a window of the document. Any bytes give text.
    pub fn decode<'a>(&self, window: &'a [u8]) -> Cow<'a, str> {
        match self.scheme {
            Scheme::Utf32 { big } => Cow::Owned(decode_utf32(window, big)),
            Scheme::Standard(encoding) if encoding == ISO_2022_JP => {
                let lines = window.split_inclusive(|b| matches!(b, b'\n' | b'\r'));
                Cow::Owned(lines.map(|line| encoding.decode_without_bom_handling(line).0).collect())
            }
            Scheme::Standard(_) if self.is_open && !window.is_ascii() && !is_mostly_utf8(window) => {
                let first = window.iter().position(|b| !b.is_ascii()).unwrap_or(0);
                let sample = window.get(first.saturating_sub(DETECT_BYTES / 2)..).unwrap_or(window);
                let sample = sample.get(..DETECT_BYTES).unwrap_or(sample);
                decode(guess_single(sample), window)
            }
            Scheme::Standard(encoding) => decode(encoding, window),
        }
    }

    /// The text of a window that is not needed any more, and whether its bytes are that text already.
    pub fn take(&self, window: Vec<u8>) -> (String, bool) {
        if let Cow::Owned(text) = self.decode(&window) {
            return (text, false);
        }
        // What was lent is UTF-8.
        let text = String::from_utf8(window);
        (text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()), true)
    }
}

/// The text of bytes in an encoding; lent where it stands there as it is. The library would make room
/// for three bytes of each of them, this takes about as much as the text needs: several threads may
/// read a section each.
fn decode<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Cow<'a, str> {
    let is_text = encoding == UTF_8 || encoding.is_ascii_compatible() && bytes.is_ascii();
    if let Some(text) = is_text.then(|| std::str::from_utf8(bytes).ok()).flatten() {
        return Cow::Borrowed(text);
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + SPARE);
    let mut rest = bytes;
    loop {
        let (result, read, _) = decoder.decode_to_string(rest, &mut text, true);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            CoderResult::InputEmpty => return Cow::Owned(text),
            // Two bytes are what most letters beyond ASCII take.
            CoderResult::OutputFull => text.reserve_exact(2 * rest.len() + SPARE),
        }
    }
}

/// Whether bytes cannot be text in any encoding: a program, a picture, noise. Short ones are
/// given the benefit of the doubt, since there every byte shows.
pub fn is_binary(head: &[u8], charset: Charset) -> bool {
    // Shares below are of this many bytes or more.
    const SURE: usize = 512;
    if head.len() < SURE || charset.unit() > 1 || !charset.has_sure_spaces() {
        return false;
    }
    let mut counts = [0usize; 32];
    for byte in head {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let nuls = counts.first().copied().unwrap_or(0);
    // TAB, LF, VT, FF, CR, BS (overstrikes of a formatter) and ESC (colours of a log) are of texts.
    let odd = |code: &usize| !matches!(code, 8..=13 | 27);
    let controls: usize = (0..32).filter(odd).filter_map(|code| counts.get(code)).sum();
    let kinds = (0..32).filter(odd).filter(|code| counts.get(*code).is_some_and(|n| *n > 0)).count();
    // Compiled or compressed matter has a tenth of its bytes down there, of all kinds; text that
    // repeats one control a thousand times has one kind.
    nuls * 10 > head.len() * 3 || (controls * 20 > head.len() && kinds >= 8)
}

/// UTF-16 shows by its NULs: every other byte of ASCII, of any other script its spaces and line
/// ends. What decodes with an error or into controls is something else.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let even_len = head.len() / 2 * 2;
    let head = head.get(..even_len)?;
    let nuls = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let pairs = head.len() / 2;
    let (encoding, many, few) = if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    if pairs < 4 || many * 20 < pairs || few * 20 > many {
        return None;
    }
    // A few NULs in what else is ASCII are strays.
    let ascii = head.iter().filter(|b| (b' '..=b'~').contains(*b)).count();
    if many * 2 < pairs && ascii * 5 > (head.len() - even - odd) * 4 {
        return None;
    }
    // The window may end inside a pair of surrogates.
    let (text, _) = encoding.decode_without_bom_handling(head);
    let bad = text.chars().filter(|c| matches!(c, '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{FFFD}')).count();
    (bad * 100 <= pairs).then_some(encoding)
}

fn is_iso_2022_jp(head: &[u8]) -> bool {
    let escapes: [&[u8]; 3] = [b"\x1b$B", b"\x1b$@", b"\x1b(J"];
    if !head.is_ascii() || !escapes.iter().any(|escape| memchr::memmem::find(head, escape).is_some()) {
        return false;
    }
    let end = head.iter().rposition(|b| *b == b'\n').map_or(head.len(), |i| i + 1);
    let (text, had_errors) = ISO_2022_JP.decode_without_bom_handling(head.get(..end).unwrap_or(head));
    !had_errors && text.chars().any(|c| c >= '\u{3000}')
}

/// Whether bytes are UTF-8, perhaps cut at their end, or UTF-8 with a little damage.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().len() - bytecount_ascii(chunk.valid());
        bad += usize::from(!chunk.invalid().is_empty());
    }
    let is_cut = std::str::from_utf8(bytes).is_err_and(|e| e.error_len().is_none());
    bad == 0 || (bad == 1 && is_cut) || good >= bad * 20
}

fn bytecount_ascii(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii).count()
}

fn guess(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    detector.guess(None, Utf8Detection::Deny)
}

/// A guess that is safe for windows which were cut as if they were UTF-8.
fn guess_single(sample: &[u8]) -> &'static Encoding {
    let found = guess(sample);
    if is_double_byte(found) { WINDOWS_1252 } else { found }
}

fn is_double_byte(encoding: &'static Encoding) -> bool {
    [GB18030, GBK, BIG5, SHIFT_JIS, EUC_JP, EUC_KR].contains(&encoding)
}

/// Bytes of the character that begins here, at least 1.
fn character_len(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let lead = at(0);
    if lead < 0x81 || lead == 0xFF || (encoding == SHIFT_JIS && (0xA0..=0xDF).contains(&lead)) {
        return 1;
    }
    let is_gb = encoding == GB18030 || encoding == GBK;
    if is_gb && at(1).is_ascii_digit() {
        return if (0x81..=0xFE).contains(&at(2)) && at(3).is_ascii_digit() { 4 } else { 1 };
    }
    if encoding == EUC_JP && lead == 0x8F {
        return if at(1) >= 0xA1 && at(2) >= 0xA1 { 3 } else { 1 };
    }
    if at(1) >= 0x40 { 2 } else { 1 }
}

fn decode_utf32(window: &[u8], big: bool) -> String {
    let (units, rest) = window.as_chunks::<4>();
    let code = |unit: &[u8; 4]| if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
    let mut text: String =
        units.iter().map(|unit| char::from_u32(code(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], name: &str, text: &str) {
        let charset = Charset::detect(bytes, None);
        assert_eq!(charset.name(), name);
        assert_eq!(charset.decode(bytes.get(charset.mark_len()..).unwrap()), text);
    }

    fn encoded(name: &str, text: &str) -> Vec<u8> {
        Encoding::for_label(name.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    const RUSSIAN: &str = "Все счастливые дни похожи, а каждый дождливый день идёт по-своему.\n";
    const GREEK: &str = "Το βιβλίο είναι ανοιχτό και ο άνεμος γυρίζει τις σελίδες του.\n";
    const POLISH: &str = "Książka leży otwarta, a wiatr przewraca jej żółte kartki źle i głośno.\n";
    const ARABIC: &str = "الكتاب مفتوح والريح تقلب صفحاته كلها في هدوء الليل.\n";
    const JAPANESE: &str = "本は開かれたまま、風がページをめくっている。夜は静かだった。\n";
    const CHINESE: &str = "书打开着,风翻动它的书页,夜晚非常安静,没有人说话。\n";

    #[test]
    fn a_text_is_what_the_standard_says_and_takes_little_more_room() {
        let noise: Vec<u8> = (0..40_000u32).map(|i| ((i * i) >> 7) as u8).collect();
        let russian = RUSSIAN.repeat(500);
        let texts = [noise.clone(), russian.clone().into_bytes(), b"plain ".repeat(900), vec![0xFF; 3000], Vec::new()];
        for encoding in [UTF_8, UTF_16LE, UTF_16BE, WINDOWS_1252, GBK, GB18030, BIG5, EUC_JP, EUC_KR, SHIFT_JIS] {
            for bytes in &texts {
                let text = decode(encoding, bytes);
                assert_eq!(text, encoding.decode_without_bom_handling(bytes).0, "{}", encoding.name());
                let Cow::Owned(text) = text else { continue };
                assert!(text.capacity() <= bytes.len().max(2 * text.len()) + 4 * SPARE, "{}", encoding.name());
            }
        }
        let koi8 = encoded("koi8-r", &russian);
        let Cow::Owned(text) = decode(encoding_rs::KOI8_R, &koi8) else { panic!() };
        assert!(text == russian && text.capacity() < 2 * koi8.len() + 4 * SPARE);
        assert!(matches!(decode(UTF_8, russian.as_bytes()), Cow::Borrowed(_)));
    }

    #[test]
    fn marks_come_first() {
        check(b"\xEF\xBB\xBFabc", "UTF-8", "abc");
        check(b"\xFF\xFEa\0b\0", "UTF-16LE", "ab");
        check(b"\xFE\xFF\0a\0b", "UTF-16BE", "ab");
        check(b"\xFF\xFE\0\0a\0\0\0\xE4\0\0\0", "UTF-32LE", "aä");
        check(b"\0\0\xFE\xFF\0\0\0a\0", "UTF-32BE", "a\u{FFFD}");
    }

    #[test]
    fn utf8_may_be_cut_or_a_little_broken() {
        check("día".as_bytes(), "UTF-8", "día");
        check(b"START \xE4\xB8", "UTF-8", "START \u{FFFD}");
        let mut broken = "много слов ".repeat(20).into_bytes();
        broken.extend(b"\xFF end");
        assert_eq!(Charset::detect(&broken, None).name(), "UTF-8");
    }

    #[test]
    fn legacy_encodings_are_guessed() {
        for (name, text) in [
            ("windows-1251", RUSSIAN),
            ("koi8-u", RUSSIAN),
            ("windows-1253", GREEK),
            ("iso-8859-2", POLISH),
            ("windows-1256", ARABIC),
            ("shift_jis", JAPANESE),
            ("euc-jp", JAPANESE),
            ("gbk", CHINESE),
            ("iso-2022-jp", JAPANESE),
        ] {
            let text = text.repeat(8);
            let bytes = encoded(name, &text);
            let charset = Charset::detect(&bytes, None);
            assert_eq!(charset.decode(&bytes), text, "{name} taken for {}", charset.name());
        }
        assert_eq!(
            Charset::detect(&encoded("windows-1252", "Ein Stück “Käse” für später"), None).name(),
            "windows-1252"
        );
    }

    #[test]
    fn utf16_shows_by_its_nuls() {
        for text in ["Plain words, and more of them.\n", RUSSIAN, GREEK] {
            for big in [false, true] {
                check(&utf16(text, big), if big { "UTF-16BE" } else { "UTF-16LE" }, text);
            }
        }
        check(b"BEFORE \x1b\0[31m\x1b\0]0;A\x07 AFTER.\n", "UTF-8", "BEFORE \x1b\0[31m\x1b\0]0;A\x07 AFTER.\n");
        check(b"START \0\0\0 middle\0END\n", "UTF-8", "START \0\0\0 middle\0END\n");
    }

    #[test]
    fn a_declaration_beats_a_guess_but_not_a_mark() {
        let bytes = encoded("koi8-r", RUSSIAN);
        assert_eq!(Charset::detect(&bytes, Some("windows-1251")).name(), "windows-1251");
        assert_eq!(Charset::detect(b"\xEF\xBB\xBFx", Some("latin1")).name(), "UTF-8");
        assert_eq!(Charset::detect(b"<p>", Some("utf-16")).name(), "UTF-8");
        assert_eq!(Charset::detect(b"<p>", Some("no such name")).name(), "UTF-8");
        assert_eq!(Charset::xml_declared(b"<?xml version='1.0' encoding = 'koi8-r'?><a/>"), Some("koi8-r"));
        assert_eq!(Charset::xml_declared(b"<?xml version='1.0'?><a encoding='x'/>"), None);
        assert_eq!(Charset::from_name("latin1").map(|c| c.name()), Some("windows-1252"));
        assert_eq!(Charset::from_name("klingon"), None);
    }

    #[test]
    fn a_late_accent_does_not_become_damage() {
        let charset = Charset::detect(b"only ASCII so far", None);
        assert!(charset.is_open());
        assert_eq!(
            charset.decode(b"the caf\xE9 on the corner, the caf\xE9 again"),
            "the café on the corner, the café again"
        );
        assert_eq!(charset.decode("the café".as_bytes()), "the café");
    }

    #[test]
    fn noise_is_no_text() {
        let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(is_binary(&noise, Charset::UTF_8));
        assert!(is_binary(&[0; 4096], Charset::UTF_8));
        assert!(!is_binary(&[7; 4096], Charset::UTF_8));
        assert!(!is_binary("слова и слова ".repeat(100).as_bytes(), Charset::UTF_8));
        assert!(!is_binary(b"\0\x01\x02", Charset::UTF_8));
    }

    #[test]
    fn boundaries_lie_between_characters() {
        for name in ["utf-8", "gb18030", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr", "windows-1252"] {
            let text = "a 本々日 zあx漢 \u{4E00}\u{20AC}é\n";
            let charset = Charset::from_name(name).unwrap();
            let mut whole = Vec::new();
            let mut starts = vec![0];
            let encoding = Encoding::for_label(name.as_bytes()).unwrap();
            for c in text.chars() {
                let character = c.to_string();
                let (bytes, _, unmappable) = encoding.encode(&character);
                if !unmappable {
                    whole.extend_from_slice(&bytes);
                    starts.push(whole.len());
                }
            }
            for offset in 0..=whole.len() {
                assert_eq!(charset.is_boundary(&whole, offset), starts.contains(&offset), "{name} at {offset}");
            }
        }
    }

    #[test]
    fn a_boundary_is_near_in_damaged_text_too() {
        for (name, unit) in [("utf-8", &b"\x88"[..]), ("utf-16le", b"\x00\xDC"), ("utf-16be", b"\xDC\x00")] {
            let (charset, window) = (Charset::from_name(name).unwrap(), unit.repeat(20));
            let near = (8..16).step_by(unit.len()).find(|at| charset.is_boundary(&window, *at)).unwrap();
            let pieces = charset.decode(&window[..near]).into_owned() + &charset.decode(&window[near..]);
            assert_eq!(pieces, charset.decode(&window), "{name}");
        }
    }
}

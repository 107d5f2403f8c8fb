//! What the program may write to a terminal, read as strictly as can be.
//!
//! The reader knows the few sequences that drawing, entering and leaving need, and nothing of
//! how the program makes them. Everything else, whole or in pieces, is an error: a control
//! character of a document that got through, or a frame that is broken.

/// The sequences without numbers of their own: parameters and final byte.
const FIXED: &[&str] = &[
    "?1049h", "?1049l", "?2026h", "?2026l", "?2004h", "?2004l", "?1000h", "?1000l", "?1002h", "?1002l", "?1006h",
    "?1006l", "?1004l", "?25h", "?25l", "r", "H", "C", "K", "2J", "m", "59m",
];

/// Of those, what needs no frame around it.
const BETWEEN_FRAMES: &[&str] = &["r", "m"];

/// The largest screen that is drawn.
const COLUMNS: u32 = 1000;
const ROWS: u32 = 500;

/// A reader of all that was written so far.
#[derive(Debug, Default)]
pub struct Stream {
    /// The beginning of something that is not complete yet.
    rest: Vec<u8>,
    last: char,
    is_alternate: bool,
    is_in_frame: bool,
    is_clearing: bool,
    /// Bytes read.
    pub bytes: u64,
    /// Frames that were completed.
    pub frames: u64,
    /// Of those, the ones that clear the screen and write all of it.
    pub clears: u64,
}

impl Stream {
    pub fn new() -> Stream {
        Stream::default()
    }

    /// Reads on.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.bytes += bytes.len() as u64;
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let mut at = 0;
        while at < all.len() {
            match self.take(&all[at..]) {
                Ok(Some(length)) => at += length,
                Ok(None) => break,
                Err(what) => {
                    let near = String::from_utf8_lossy(&all[at.saturating_sub(60)..all.len().min(at + 60)]);
                    return Err(format!("{what}, near {}", near.escape_debug()));
                }
            }
        }
        self.rest = all.split_off(at);
        Ok(())
    }

    /// Whether nothing is open: no sequence, no frame.
    pub fn is_whole(&self) -> bool {
        self.rest.is_empty() && !self.is_in_frame
    }

    /// Whether the program has the terminal.
    pub fn is_entered(&self) -> bool {
        self.is_alternate
    }

    /// Forgets what is not complete, at the end of a program.
    pub fn forget(&mut self) {
        self.rest.clear();
    }

    /// Takes one character or sequence; gives its length, or none if it is not all there.
    fn take(&mut self, bytes: &[u8]) -> Result<Option<usize>, String> {
        match bytes[0] {
            0x1b => self.escape(bytes),
            // The system itself prints what is typed while an editor or the shell has the terminal.
            _ if !self.is_alternate => self.next_char('\u{fffd}', 1),
            b'\r' => self.next_char('\r', 1),
            b'\n' if self.last == '\r' || self.last == '\n' => self.next_char('\n', 1),
            byte @ (0..0x20 | 0x7f) => Err(format!("the control character {byte:#04x}")),
            byte => {
                let length = match byte {
                    ..0x80 => 1,
                    0x80..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    0xf0.. => 4,
                };
                let Some(coded) = bytes.get(..length) else { return Ok(None) };
                let Ok(text) = std::str::from_utf8(coded) else { return Err(format!("no UTF-8: {coded:x?}")) };
                let c = text.chars().next().unwrap_or_default();
                if is_forbidden(c, self.last) {
                    return Err(format!("the character {}", c.escape_unicode()));
                }
                if self.is_alternate && !self.is_in_frame {
                    return Err(format!("{c:?} outside of a frame"));
                }
                self.next_char(c, length)
            }
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "as `take` gives it")]
    fn next_char(&mut self, c: char, length: usize) -> Result<Option<usize>, String> {
        self.last = c;
        Ok(Some(length))
    }

    fn escape(&mut self, bytes: &[u8]) -> Result<Option<usize>, String> {
        let after = &bytes[1..];
        match after.first() {
            None => Ok(None),
            Some(b']') => clipboard(after),
            Some(b'[') => {
                let Some(end) = after[1..].iter().position(|byte| (0x40..0x7f).contains(byte)) else {
                    let is_sane = after.len() < 64 && after[1..].iter().all(|byte| (0x30..0x40).contains(byte));
                    return if is_sane { Ok(None) } else { Err("an endless sequence".into()) };
                };
                let body = String::from_utf8_lossy(&after[1..end + 2]).into_owned();
                self.sequence(&body)?;
                self.last = '\x1b';
                Ok(Some(end + 3))
            }
            Some(other) => Err(format!("an escape before {other:#04x}")),
        }
    }

    /// One sequence, without its introducer.
    fn sequence(&mut self, body: &str) -> Result<(), String> {
        let (parameters, end) = body.split_at(body.len() - 1);
        if !(FIXED.contains(&body) || is_known(parameters, end)) {
            return Err(format!("the sequence CSI {body}"));
        }
        match body {
            "?1049h" => self.is_alternate = true,
            "?1049l" => self.is_alternate = false,
            "?2026h" if self.is_in_frame => return Err("a frame in a frame".into()),
            "?2026h" => (self.is_in_frame, self.is_clearing) = (true, false),
            "?2026l" => {
                // Leaving closes a frame whether one is open or not.
                self.frames += u64::from(self.is_in_frame);
                self.clears += u64::from(self.is_in_frame && self.is_clearing);
                self.is_in_frame = false;
            }
            "2J" => self.is_clearing = true,
            _ => {}
        }
        let needs_frame = !body.starts_with('?') && !BETWEEN_FRAMES.contains(&body);
        if needs_frame && !self.is_in_frame {
            return Err(format!("CSI {body} outside of a frame"));
        }
        Ok(())
    }
}

/// Whether a sequence with numbers is one of drawing.
fn is_known(parameters: &str, end: &str) -> bool {
    if end == "m" {
        return is_style(parameters);
    }
    // An omitted number is the first one.
    let numbers: Option<Vec<u32>> =
        parameters.split(';').map(|n| if n.is_empty() { Some(1) } else { n.parse().ok() }).collect();
    match (end, numbers.as_deref()) {
        ("H" | "M" | "L", Some([row])) => (1..=ROWS).contains(row),
        ("H", Some([row, column])) => (1..=ROWS).contains(row) && (1..=COLUMNS).contains(column),
        ("r", Some([top, bottom])) => 1 <= *top && top < bottom && *bottom <= ROWS,
        ("C", Some([columns])) => (1..=COLUMNS).contains(columns),
        _ => false,
    }
}

/// Whether a style is one the program has: no blinking, nothing hidden.
fn is_style(parameters: &str) -> bool {
    if let Some(colour) = parameters.strip_prefix("58:") {
        return colour.split(':').all(|n| n.is_empty() || n.parse::<u8>().is_ok());
    }
    let mut codes = parameters.split(';').map(|n| if n.is_empty() { Some(0) } else { n.parse::<u8>().ok() });
    while let Some(code) = codes.next() {
        let is_right = match code {
            Some(38 | 48) => {
                let length = match codes.next() {
                    Some(Some(5)) => 1,
                    Some(Some(2)) => 3,
                    _ => return false,
                };
                (0..length).all(|_| matches!(codes.next(), Some(Some(_))))
            }
            Some(0..=4 | 7 | 9 | 22..=24 | 27 | 29 | 30..=37 | 39..=47 | 49 | 90..=97 | 100..=107) => true,
            _ => false,
        };
        if !is_right {
            return false;
        }
    }
    true
}

/// The one sequence for the clipboard: `OSC 52 ; c ; BASE64` and its end.
fn clipboard(after: &[u8]) -> Result<Option<usize>, String> {
    const START: &[u8] = b"]52;c;";
    if !START.starts_with(&after[..after.len().min(START.len())]) {
        return Err("an operating system command".into());
    }
    let data = after.get(START.len()..).unwrap_or_default();
    let is_coded = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let Some(end) = data.iter().position(|byte| !is_coded(byte)) else { return Ok(None) };
    match &data[end..] {
        [0x07, ..] => Ok(Some(1 + START.len() + end + 1)),
        [0x1b, b'\\', ..] => Ok(Some(1 + START.len() + end + 2)),
        [0x1b] => Ok(None),
        _ => Err("something else than text in the clipboard's command".into()),
    }
}

/// What no reader may be shown raw: controls, directions, hidden and private characters.
fn is_forbidden(c: char, last: char) -> bool {
    let is_flag = |c: char| c == '\u{1F3F4}' || ('\u{E0020}'..='\u{E007F}').contains(&c);
    match c {
        '\u{E0020}'..='\u{E007F}' => !is_flag(last),
        '\0'..='\u{1F}'
        | '\u{7F}'..='\u{9F}'
        | '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{E000}'..='\u{F8FF}'
        | '\u{FDD0}'..='\u{FDEF}'
        | '\u{FEFF}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E001F}'
        | '\u{F0000}'.. => true,
        c => u32::from(c) & 0xfffe == 0xfffe,
    }
}

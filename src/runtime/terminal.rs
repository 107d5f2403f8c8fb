//! The terminal: how it is entered, drawn on, left and got back.
//!
//! One function, [`leave`], gives it back as it was found, whoever calls it: the main loop, the
//! panic hook, the end of a signal's grace. The terminal is never asked anything; its size comes
//! from the system. This part must not know what is drawn.

use std::{
    io,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, Thread},
    time::{Duration, Instant},
};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode, is_raw_mode_enabled};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::abilities::Abilities;
use super::device;
use super::screen::{Screen, Shift};

/// Whether the terminal is ours: entered, and not left since.
static IS_ENTERED: AtomicBool = AtomicBool::new(false);
/// Whether it has been given back whole: false from entering on until the last byte is out.
static IS_GIVEN_BACK: AtomicBool = AtomicBool::new(true);
/// Whether the next continuation after a stop is the one [`Terminal::suspend`] waits for.
static IS_SUSPENDED: AtomicBool = AtomicBool::new(false);
/// The thread that suspends: the one of the main loop.
static SUSPENDING: OnceLock<Thread> = OnceLock::new();

/// How long a stop may take to reach all threads: 0.1 s. Until then the thread that asked for it
/// may run on, and must not take the terminal again.
const STOP_WITHIN: Duration = Duration::from_millis(100);

/// How long one thread waits for another one that gives the terminal back: 0.2 s.
const GIVING_BACK: Duration = Duration::from_millis(200);

/// The alternate screen, with the place on the normal one kept.
const ENTER: &[u8] = b"\x1b[?1049h";
/// Pasted text arrives marked as such.
const PASTE_ON: &[u8] = b"\x1b[?2004h";
/// Buttons, movement while a button is down, and places as numbers without a limit.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
/// Back to normal from any state of a frame: synchronized update closed, margins off, mouse,
/// focus and paste reports off, attributes off, cursor seen, normal screen.
const LEAVE: &[u8] =
    b"\x1b[?2026l\x1b[r\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[m\x1b[?25h\x1b[?1049l";

/// The largest screen that is drawn; beyond it the rest stays blank. Real ones have about 500 x
/// 150; a size such as 65535 x 65535 is a mistake of someone, and would take gigabytes.
const LARGEST: Size = Size { columns: 1000, rows: 500 };
/// What is assumed where the system knows no size.
const USUAL: Size = Size { columns: 80, rows: 24 };

/// The size of the screen in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns, 1 to 1000.
    pub columns: u16,
    /// Rows, 1 to 500.
    pub rows: u16,
}

impl Size {
    /// The size of this process's terminal now; 80 x 24 where there is none. Never blocks.
    pub fn now() -> Size {
        let (columns, rows) = device::size().unwrap_or_default();
        Size::drawable(columns, rows)
    }

    /// The size that is drawn on a terminal which claims another one.
    pub fn drawable(columns: u16, rows: u16) -> Size {
        let or = |claimed: u16, usual: u16, largest: u16| if claimed == 0 { usual } else { claimed.min(largest) };
        Size { columns: or(columns, USUAL.columns, LARGEST.columns), rows: or(rows, USUAL.rows, LARGEST.rows) }
    }

    /// The area of the whole screen, as pages have it.
    pub fn area(self) -> Rect {
        Rect::new(0, 0, self.columns, self.rows)
    }
}

/// The terminal while it is ours. Dropping it gives it back.
#[derive(Debug)]
pub struct Terminal {
    screen: Screen,
    /// The bytes of a frame, kept for their room.
    out: Vec<u8>,
    has_mouse: bool,
    /// Whether the next frame begins with entering the alternate screen.
    must_enter: bool,
}

impl Terminal {
    /// Takes the terminal and shows the first page, in one write.
    ///
    /// # Errors
    /// There is no terminal, or it cannot be written to. It is then as it was before.
    pub fn enter(
        abilities: Abilities,
        has_mouse: bool,
        first: &Buffer,
        cursor: Option<Position>,
    ) -> io::Result<Terminal> {
        device::prepare();
        // Room for a large page of long symbols; more is taken when needed.
        let mut terminal =
            Terminal { screen: Screen::new(abilities), out: Vec::with_capacity(16 << 10), has_mouse, must_enter: true };
        terminal.encode(first, None, cursor);
        enable_raw_mode()?;
        IS_GIVEN_BACK.store(false, Ordering::SeqCst);
        IS_ENTERED.store(true, Ordering::SeqCst);
        terminal.write()?;
        Ok(terminal)
    }

    /// Shows a page, with the cursor at a place or hidden. `hint` tells that rows moved since the
    /// last page. Writes nothing if nothing changed, or if the terminal has been left.
    ///
    /// # Errors
    /// The terminal cannot be written to. The next page is then written whole.
    pub fn draw(&mut self, next: &Buffer, hint: Option<Shift>, cursor: Option<Position>) -> io::Result<()> {
        if !IS_ENTERED.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.encode(next, hint, cursor);
        self.write()
    }

    /// Lets the next page be written whole, for a terminal that shows something else.
    pub fn invalidate(&mut self) {
        self.screen.invalidate();
    }

    /// Stops the process and those it works with, as ctrl-z does, and returns when it goes on,
    /// with the size of then. The next page is written whole.
    pub fn suspend(&mut self) -> Size {
        leave();
        SUSPENDING.get_or_init(thread::current);
        IS_SUSPENDED.store(true, Ordering::SeqCst);
        let until = Instant::now() + STOP_WITHIN;
        device::stop_group();
        // After a stop the time is over, or the continuation is reported before.
        while IS_SUSPENDED.load(Ordering::SeqCst) {
            let rest = until.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                break;
            }
            thread::park_timeout(rest);
        }
        self.resume()
    }

    /// Takes the terminal again after a stop that came from elsewhere, and returns its size. The
    /// next page is written whole.
    ///
    /// A terminal that cannot be taken is gone: the system lets processes go on when it takes
    /// their terminal away. Nothing is written to it then; the guard or a signal tells the end.
    pub fn resume(&mut self) -> Size {
        // The shell may have set its own modes: ours are set again, not only believed in. Without
        // passing through any other mode, in which the system would print what is typed.
        let taken = if is_raw_mode_enabled().unwrap_or(false) { device::set_raw() } else { enable_raw_mode() };
        IS_GIVEN_BACK.store(taken.is_err(), Ordering::SeqCst);
        IS_ENTERED.store(taken.is_ok(), Ordering::SeqCst);
        self.must_enter = true;
        self.screen.invalidate();
        Size::now()
    }

    /// Sends bytes that neither print nor move the cursor, such as text for the clipboard.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if IS_ENTERED.load(Ordering::SeqCst) { device::write(bytes) } else { Ok(()) }
    }

    fn encode(&mut self, next: &Buffer, hint: Option<Shift>, cursor: Option<Position>) {
        self.out.clear();
        if self.must_enter {
            self.out.extend_from_slice(ENTER);
        }
        self.screen.encode(next, hint, cursor, &mut self.out);
        if self.must_enter {
            self.out.extend_from_slice(PASTE_ON);
            if self.has_mouse {
                self.out.extend_from_slice(MOUSE_ON);
            }
        }
    }

    fn write(&mut self) -> io::Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        let written = device::write(&self.out);
        match written {
            Ok(()) => self.must_enter = false,
            Err(_) => self.screen.invalidate(),
        }
        written
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

/// Gives the terminal back as it was found. From any thread, at any time, any number of times;
/// allocates nothing, and leaves errors alone: there is nobody left to tell. Where another thread
/// is at it, that one is waited for: whoever ends the process next must not cut it short.
pub fn leave() {
    if IS_ENTERED.swap(false, Ordering::SeqCst) {
        device::write_last(LEAVE);
        let _ = disable_raw_mode();
        IS_GIVEN_BACK.store(true, Ordering::SeqCst);
        return;
    }
    let until = Instant::now() + GIVING_BACK;
    while !IS_GIVEN_BACK.load(Ordering::SeqCst) && Instant::now() < until {
        thread::park_timeout(Duration::from_millis(1));
    }
}

/// Forgets the terminal without touching it: it is gone, and writing could block.
pub fn abandon() {
    IS_ENTERED.store(false, Ordering::SeqCst);
    IS_GIVEN_BACK.store(true, Ordering::SeqCst);
}

/// Whether this continuation is the end of a [`Terminal::suspend`], which needs no telling.
#[cfg(unix)]
pub(super) fn ends_suspension() -> bool {
    let ends = IS_SUSPENDED.swap(false, Ordering::SeqCst);
    if let Some(suspending) = SUSPENDING.get().filter(|_| ends) {
        suspending.unpark();
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claimed_size_can_be_drawn() {
        for (claimed, drawn) in [
            ((80, 24), (80, 24)),
            ((0, 0), (80, 24)),
            ((0, 5), (80, 5)),
            ((7, 0), (7, 24)),
            ((1, 1), (1, 1)),
            ((10_000, 1), (1000, 1)),
            ((2, 500), (2, 500)),
            ((u16::MAX, u16::MAX), (1000, 500)),
        ] {
            let size = Size::drawable(claimed.0, claimed.1);
            assert_eq!((size.columns, size.rows), drawn, "{claimed:?}");
        }
    }
}

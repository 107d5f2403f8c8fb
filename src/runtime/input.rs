//! Keys, pasted text, the mouse and new sizes, as the program knows them.
//!
//! A thread waits for the terminal and translates; it decides nothing.

use std::{
    io,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
    thread::{self, Thread},
    time::{Duration, Instant},
};

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind, poll, read,
};

use super::terminal::Size;
use crate::app::{Code, Input, Key, MouseKind};

/// So many failures to read one after another mean that the terminal is gone.
const PATIENCE: u32 = 16;

/// How long it may take until the thread leaves the terminal alone: 0.2 s.
const REST_WITHIN: Duration = Duration::from_millis(200);

/// Whether another program is to get what comes from the terminal.
static MUST_REST: AtomicBool = AtomicBool::new(false);
/// Whether the thread has heard that.
static IS_RESTING: AtomicBool = AtomicBool::new(false);
/// The thread that waits for the terminal.
static LISTENER: OnceLock<Thread> = OnceLock::new();

/// Does something while nobody here reads from the terminal.
pub fn resting<T>(work: impl FnOnce() -> T) -> T {
    MUST_REST.store(true, Ordering::SeqCst);
    // The thread waits inside a read. A new size, even if it is the old one, ends that.
    #[cfg(unix)]
    let _ = signal_hook::low_level::raise(signal_hook::consts::SIGWINCH);
    let until = Instant::now() + REST_WITHIN;
    while LISTENER.get().is_some() && !IS_RESTING.load(Ordering::SeqCst) && Instant::now() < until {
        thread::park_timeout(Duration::from_millis(1));
    }
    let done = work();
    MUST_REST.store(false, Ordering::SeqCst);
    if let Some(listener) = LISTENER.get() {
        listener.unpark();
    }
    done
}

/// Whether the terminal is another program's for a while.
pub(super) fn must_rest() -> bool {
    MUST_REST.load(Ordering::SeqCst)
}

/// Rests as long as it must.
fn rest() {
    while MUST_REST.load(Ordering::SeqCst) {
        IS_RESTING.store(true, Ordering::SeqCst);
        thread::park();
    }
    IS_RESTING.store(false, Ordering::SeqCst);
}

/// Starts the thread that sends what comes from the terminal. It ends with the receiver, or
/// with [`Input::Gone`] when nothing can be read any more. `drawn` is the size of the page that
/// is shown: if the terminal has another one by now, that is the first input.
///
/// # Errors
/// The system refuses the thread.
pub fn start<T: From<Input> + Send + 'static>(inputs: Sender<T>, drawn: Size) -> io::Result<()> {
    let listen = move || {
        LISTENER.get_or_init(thread::current);
        // New sizes are reported only from the first look at the terminal on; many terminals
        // get their size just after their program has started.
        let _ = poll(Duration::ZERO);
        if Size::now() != drawn && inputs.send(new_size().into()).is_err() {
            return;
        }
        let mut failures = 0;
        while failures < PATIENCE {
            let Ok(event) = read() else {
                failures += 1;
                continue;
            };
            failures = 0;
            rest();
            if let Some(input) = translate(event)
                && inputs.send(input.into()).is_err()
            {
                return;
            }
        }
        let _ = inputs.send(Input::Gone.into());
    };
    thread::Builder::new().name("input".into()).spawn(listen)?;
    Ok(())
}

/// The input of an event, if it is one.
fn translate(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) => translate_key(key).map(Input::Key),
        Event::Mouse(mouse) => translate_mouse(mouse),
        Event::Paste(text) => Some(Input::Paste(text)),
        // The event's size may be late, or an assumption: the system knows.
        // Where there are signals they say so, also before anything is read here.
        Event::Resize(..) => cfg!(not(unix)).then(new_size),
        Event::FocusGained | Event::FocusLost => None,
    }
}

/// The input of a terminal that may have another size now.
pub fn new_size() -> Input {
    let Size { columns, rows } = Size::now();
    Input::Resize { columns, rows }
}

fn translate_key(key: KeyEvent) -> Option<Key> {
    // Keys of the window manager are not for us.
    if key.kind == KeyEventKind::Release || key.modifiers.intersects(KeyModifiers::SUPER | KeyModifiers::HYPER) {
        return None;
    }
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::META);
    let shift = key.modifiers.contains(KeyModifiers::SHIFT);
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(match (ctrl, shift) {
            (true, _) => single(c.to_lowercase(), c),
            (false, true) => single(c.to_uppercase(), c),
            (false, false) => c,
        }),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Tab if shift => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n @ 1..=35) => Code::F(n),
        // What terminals send for ctrl-space.
        KeyCode::Null => return Some(Key { alt, ..Key::ctrl(' ') }),
        _ => return None,
    };
    // In characters and in the tabulator backwards, shift is said already.
    let shift = shift && !matches!(code, Code::Char(_) | Code::BackTab);
    Some(Key { code, ctrl, alt, shift })
}

/// The one character of a change of case; the old one where there are more (`ß`).
fn single(mut changed: impl Iterator<Item = char>, old: char) -> char {
    match (changed.next(), changed.next()) {
        (Some(c), None) => c,
        _ => old,
    }
}

fn translate_mouse(mouse: MouseEvent) -> Option<Input> {
    let kind = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Press,
        MouseEventKind::Drag(MouseButton::Left) => MouseKind::Drag,
        MouseEventKind::Up(MouseButton::Left) => MouseKind::Release,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Input::Mouse { kind, column: mouse.column, row: mouse.row })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: KeyCode, modifiers: KeyModifiers, expected: Option<Key>) {
        let found = translate(Event::Key(KeyEvent::new(code, modifiers)));
        assert_eq!(found, expected.map(Input::Key), "{code:?} {modifiers:?}");
    }

    #[test]
    fn keys_are_named_as_the_program_knows_them() {
        let none = KeyModifiers::NONE;
        let (ctrl, alt, shift) = (KeyModifiers::CONTROL, KeyModifiers::ALT, KeyModifiers::SHIFT);
        check(KeyCode::Char('j'), none, Some(Key::char('j')));
        check(KeyCode::Char('G'), shift, Some(Key::char('G')));
        check(KeyCode::Char('g'), shift, Some(Key::char('G')));
        check(KeyCode::Char('ß'), shift, Some(Key::char('ß')));
        check(KeyCode::Char('{'), shift, Some(Key::char('{')));
        check(KeyCode::Char('D'), ctrl, Some(Key::ctrl('d')));
        check(KeyCode::Char('x'), alt, Some(Key { alt: true, ..Key::char('x') }));
        check(KeyCode::Right, alt, Some(Key { alt: true, ..Key::plain(Code::Right) }));
        check(KeyCode::Up, shift, Some(Key { shift: true, ..Key::plain(Code::Up) }));
        check(KeyCode::BackTab, shift, Some(Key::plain(Code::BackTab)));
        check(KeyCode::Tab, shift, Some(Key::plain(Code::BackTab)));
        check(KeyCode::Null, none, Some(Key::ctrl(' ')));
        check(KeyCode::F(12), none, Some(Key::plain(Code::F(12))));
        check(KeyCode::F(99), none, None);
        check(KeyCode::CapsLock, none, None);
        check(KeyCode::Char('q'), KeyModifiers::SUPER, None);
    }

    #[test]
    fn releases_are_no_keys_and_repeats_are() {
        for (kind, counts) in
            [(KeyEventKind::Press, true), (KeyEventKind::Repeat, true), (KeyEventKind::Release, false)]
        {
            let key = KeyEvent { kind, ..KeyEvent::from(KeyCode::Enter) };
            assert_eq!(translate(Event::Key(key)).is_some(), counts, "{kind:?}");
        }
    }

    #[test]
    fn the_mouse_has_one_button_and_a_wheel() {
        for (kind, expected) in [
            (MouseEventKind::Down(MouseButton::Left), Some(MouseKind::Press)),
            (MouseEventKind::Drag(MouseButton::Left), Some(MouseKind::Drag)),
            (MouseEventKind::Up(MouseButton::Left), Some(MouseKind::Release)),
            (MouseEventKind::Down(MouseButton::Right), None),
            (MouseEventKind::ScrollUp, Some(MouseKind::WheelUp)),
            (MouseEventKind::ScrollDown, Some(MouseKind::WheelDown)),
            (MouseEventKind::Moved, None),
        ] {
            let mouse = MouseEvent { kind, column: 3, row: 4, modifiers: KeyModifiers::NONE };
            let expected = expected.map(|kind| Input::Mouse { kind, column: 3, row: 4 });
            assert_eq!(translate(Event::Mouse(mouse)), expected, "{kind:?}");
        }
        assert_eq!(translate(Event::Paste("a\nb".into())), Some(Input::Paste("a\nb".into())));
        assert_eq!(translate(Event::FocusLost), None);
    }
}

//! Signals of the system, turned into inputs.
//!
//! A thread waits for them, so that nothing runs inside a handler. Signals that end the process
//! carry a deadline: the main loop saves and ends, or the process ends without it.

use std::{io, sync::mpsc::Sender};

use crate::app::Input;

/// Starts the thread that sends signals as inputs: to end ([`Input::Stop`], with a deadline of
/// 1.5 s and status 128 + number), to stop for a while, to go on after a stop that the program did
/// not make itself, and a new size of the terminal. To be called before the terminal is entered
/// and its size is read: an earlier signal ends the process as the system does it, and nobody
/// gives the terminal back; and a window that is made larger as soon as it opens is noticed.
///
/// # Errors
/// The system refuses the handlers or the thread.
#[cfg(unix)]
pub fn start<T: From<Input> + Send + 'static>(inputs: Sender<T>) -> io::Result<()> {
    use signal_hook::{
        consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH},
        iterator::Signals,
    };

    use super::{ending, input, terminal};

    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    let watch = move || {
        for signal in signals.forever() {
            let input = match signal {
                SIGCONT if terminal::ends_suspension() => continue,
                // The terminal is another program's: its keys are not meant for us, but the
                // shell must see all of the job stop.
                SIGTSTP if input::must_rest() => {
                    let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
                    continue;
                }
                SIGINT | SIGQUIT | SIGCONT | SIGWINCH if input::must_rest() => continue,
                SIGWINCH => input::new_size(),
                SIGTSTP => Input::Suspend,
                SIGCONT => Input::Resumed,
                ending => Input::Stop(ending),
            };
            if let Input::Stop(signal) = input {
                ending::exit_after(ending::GRACE, 128 + signal);
            }
            // A main loop that is gone has nothing left to save.
            if inputs.send(input.into()).is_err() {
                break;
            }
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(watch)?;
    Ok(())
}

/// Does nothing: there are no such signals here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn start<T: From<Input> + Send + 'static>(_inputs: Sender<T>) -> io::Result<()> {
    Ok(())
}

//! The only part with threads, channels, the clock and the terminal.

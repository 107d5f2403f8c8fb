//! **lection** reads documents in the terminal.
//!
//! ```text
//! main ──► runtime ──► app ──► reader ──► layout ──► document ──► text
//!            │          ▲                    ▲          ▲
//!            ├──► ui ───┘ (reads app, reader, layout)   │
//!            ├──► formats ──────────────────────────────┤
//!            ├──► quotes ───────────────────────────────┤
//!            └──► store (plain records; knows document) ┘
//! ```
//!
//! `ARCHITECTURE.md` says what each layer owns and what it must not know; `tests/tidy.rs` holds
//! the code to it.

pub mod app;
pub mod cli;
pub mod document;
pub mod files;
pub mod formats;
pub mod layout;
pub mod limits;
pub mod quotes;
pub mod reader;
pub mod runtime;
pub mod store;
pub mod text;
pub mod ui;

//! The model of a text that is read.
//!
//! - A **[`Document`]** is a list of **sections**, loaded one by one; the reader never sees them.
//! - A **[`Section`]** is immutable: one arena of clean text and flat **[`Block`]s** in reading
//!   order, each with **[`Span`]s** of style and links, inside **[`Frame`]s** (quote, list item,
//!   note). It is made by a [`SectionBuilder`] only, which cleans the text and keeps the limits.
//! - A **[`Position`]** is (section, block, byte): ordered, and independent of the screen.
//! - An **[`Outline`]** lists the chapters; a **[`Quote`]** is quoted matter found in the text.
//! - An **[`Anchor`]** is a place as it is saved: it finds its words again in a changed text. A
//!   **[`Mark`]** is what the reader made of one.
//!
//! It knows the standard library and Unicode tables. It must not know formats, the width of a
//! screen, files, the terminal, or how anything is stored.

mod anchor;
mod block;
mod builder;
mod correction;
mod excerpt;
mod inline;
mod likeness;
mod mark;
mod meta;
mod outline;
mod position;
mod quote;
mod section;
mod source;

pub use anchor::{Anchor, Found, Origin, Print, Sum, Surroundings, resolve, set_origins};
pub use block::{Align, Block, BlockKind, Frame, FrameKind, Table};
pub use builder::SectionBuilder;
pub use correction::Corrections;
pub use inline::{Link, Span, Style};
pub use likeness::{LIKE_MAX, Likeness, lines_like};
pub use mark::{Mark, MarkColor, MarkKind, Status};
pub use meta::{Format, Identity, Meta};
pub use outline::{Chapter, Entry, Outline, Target};
pub use position::{BlockId, Position, Range, SectionId};
pub use quote::{OPENING_CHARS, Quote, QuoteKind, hide_unsure};
pub use section::{Section, Warning};
pub use source::{Document, LinePlace, OutlinePass, Progress};

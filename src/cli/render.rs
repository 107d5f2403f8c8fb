//! `lection render`: one screen as text, for tests, scripts and screen readers.

use anyhow::bail;

use crate::document::Target;
use crate::runtime::inline::Inline;
use crate::text::clean_line;

use super::args::{Reading, Render};
use super::{at, book, open, print, state};

/// Cells of a screen that can be rendered.
const CELLS_MAX: u32 = 1_000_000;

/// Prints a screen.
pub fn run(reading: &Reading, command: &Render) -> anyhow::Result<i32> {
    let Some(size) = parse_size(&command.size) else {
        bail!("'{}' is no size; try --size 80x24", command.size);
    };
    let document = open::open(reading, &command.file)?;
    let outline = || book::outline(reading, &document, &command.file);
    let place = reading.at.as_ref().map(|at| at::find(&*document, &outline, at)).transpose()?;
    let name = clean_line(&open::name(&command.file));
    let look = state::look(reading, &state::settings_aloud(reading), document.format());
    let mut program = Inline::open(document, name, look, size, None);
    if let Some(place) = place {
        program.go(Target::At(place));
    }
    if program.keys(&command.keys).is_err() {
        bail!("'{}' are not all keys; 'lection keys' lists them", command.keys);
    }
    print(program.screen().as_bytes())
}

fn parse_size(text: &str) -> Option<(u16, u16)> {
    let (columns, rows) = text.split_once('x')?;
    let (columns, rows) = (columns.parse().ok()?, rows.parse().ok()?);
    let cells = u32::from(columns) * u32::from(rows);
    (columns > 0 && rows > 0 && cells <= CELLS_MAX).then_some((columns, rows))
}

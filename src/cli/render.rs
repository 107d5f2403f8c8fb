//! `lection render`: one screen as text, for tests, scripts and screen readers.

use anyhow::{Context as _, bail};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{App, Event, Input};
use crate::document::Target;
use crate::runtime::inline;
use crate::text::clean_line;
use crate::ui;

use super::args::{Reading, Render};
use super::{at, open, print};

/// Cells of a screen that can be rendered.
const CELLS_MAX: u32 = 1_000_000;

/// Prints a screen.
pub fn run(reading: &Reading, command: &Render) -> anyhow::Result<i32> {
    let Some((columns, rows)) = parse_size(&command.size) else {
        bail!("'{}' is no size; try --size 80x24", command.size);
    };
    let document = open::open(reading, &command.file)?;
    let place = reading.at.as_ref().map(|at| at::find(&*document, at)).transpose()?;
    let mut app = App::new(document, clean_line(&command.file.to_string_lossy()), reading.width);
    let effects = app.update(Event::Input(Input::Resize { columns, rows }));
    inline::perform(&mut app, effects);
    let mut effects = app.start(None);
    effects.extend(app.fit(ui::room(&app)));
    if let Some(place) = place {
        effects.extend(app.open_at(Target::At(place)));
    }
    inline::perform(&mut app, effects);
    for key in command.keys.split_whitespace() {
        let key = key.parse().ok().with_context(|| format!("'{key}' is no key; 'lection keys' lists them"))?;
        let effects = app.update(Event::Input(Input::Key(key)));
        inline::perform(&mut app, effects);
        settle(&mut app);
    }
    settle(&mut app);
    print(screen(&app).as_bytes())
}

/// Fits the page to its room and performs what follows.
fn settle(app: &mut App) {
    let effects = app.fit(ui::room(app));
    inline::perform(app, effects);
}

/// What the screen shows, a line a row, without trailing space.
pub fn screen(app: &App) -> String {
    let (columns, rows) = app.screen();
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    ui::draw(app, &mut buffer);
    let mut out = String::new();
    for y in 0..rows {
        let mut line = String::new();
        let mut x = 0;
        while x < columns {
            let symbol = buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
            line.push_str(symbol);
            x += (crate::text::width::width(symbol).max(1)) as u16;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn parse_size(text: &str) -> Option<(u16, u16)> {
    let (columns, rows) = text.split_once('x')?;
    let (columns, rows) = (columns.parse().ok()?, rows.parse().ok()?);
    let cells = u32::from(columns) * u32::from(rows);
    (columns > 0 && rows > 0 && cells <= CELLS_MAX).then_some((columns, rows))
}

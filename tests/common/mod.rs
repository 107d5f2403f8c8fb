//! What the integration tests share: programs without threads, made documents.

#![allow(dead_code, reason = "each test program compiles this and uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::format_push_string)]

#[allow(clippy::duplicate_mod, reason = "the fuzz targets bring it too")]
#[path = "../../src/formats/zip/testing.rs"]
pub mod archive;
pub mod damage;
pub mod dice;
pub mod made;
pub mod pty;
pub mod stream;

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::style::{Color, Modifier};

use lection::app::{Event, Look};
use lection::document::{Document, Format};
use lection::formats::{self, OpenOptions, Source};
use lection::runtime::inline::Inline;
use lection::text::clean_line;

/// The shared corpus, if the environment names it. Named and missing is a failure, never a skip.
pub fn corpus() -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os("LECTION_CORPUS")?);
    assert!(path.is_dir(), "LECTION_CORPUS names {}, which is no folder", path.display());
    Some(path)
}

/// A document from a text, read as a format.
pub fn document(format: Format, text: &str) -> Arc<dyn Document> {
    open(Source::memory(text.as_bytes()), format)
}

/// A document from a source, read as a format.
pub fn open(source: Source, format: Format) -> Arc<dyn Document> {
    let options = OpenOptions { format: Some(format), ..OpenOptions::default() };
    formats::open_source(source, clean_line("test"), &options).unwrap()
}

/// Lets all arrive that is in the spool that a program reads.
pub fn arrive(program: &mut Inline) {
    if let Some(later) = program.app().reader().document().later() {
        program.happen(Event::Grown(later));
    }
}

/// A program without threads that shows a text.
pub fn program(format: Format, text: &str, size: (u16, u16)) -> Inline {
    Inline::open(document(format, text), clean_line("test"), Look::default(), size, None)
}

/// The stretches of the screen that are reversed, underlined or coloured in the ground, a line
/// each: row and column, look, words.
pub fn looks(program: &Inline) -> String {
    let cells = program.cells();
    let mut out = String::new();
    for y in cells.area.top()..cells.area.bottom() {
        let mut last: Option<String> = None;
        for x in cells.area.left()..cells.area.right() {
            let cell = cells.cell((x, y)).unwrap();
            let shown = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
            let is_plain = cell.bg == Color::Reset && !cell.modifier.intersects(shown);
            let look = (!is_plain).then(|| format!("{:?} {:?}", cell.bg, cell.modifier));
            if let Some(look) = look.as_ref().filter(|look| last.as_ref() != Some(look)) {
                out += &format!("\n{y},{x} {look}: ");
            }
            if look.is_some() {
                out += cell.symbol();
            }
            last = look;
        }
    }
    out.push('\n');
    out
}

/// A plain text of `count` numbered paragraphs of different lengths.
pub fn paragraphs(count: usize) -> String {
    let mut text = String::new();
    for n in 0..count {
        text += &format!("Paragraph {n} begins here.");
        for word in 0..(n * 7) % 60 {
            let words = ["and", "so", "it", "goes", "on", "with", "considerable", "length", "—", "naïve", "日本語"];
            text.push(' ');
            text.push_str(words[(n + word * 3) % words.len()]);
        }
        text.push_str("\n\n");
    }
    text
}

/// A small document with one of everything.
pub const SAMPLE: &str = "\
# The Sample

> Small things matter.
>
> — A proverb

## One

A first paragraph with *emphasis*, **weight**, `code` and a [link](https://example.org/). It goes on
for a while, so that it takes more than one line on any page that is not very wide.

“Is this a question?” asked Anna. “It is,” said Boris, “and a short one.”

- first
- second
  - nested
  - again
- third

## Two

| name | number |
|------|-------:|
| one  |      1 |
| two  |      2 |

```rust
fn main() {
    println!(\"hello\");
}
```

### Two and a half

1. a list
2. with numbers

---

The end.[^1]

[^1]: A note.
";

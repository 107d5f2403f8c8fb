//! What reading costs: CPU time of fixed work, on documents that the benchmark makes itself.
//!
//! `cargo bench` runs all, `cargo bench -- search` some. The documents are of 1 and 64 MB;
//! `LECTION_BENCH_MB=1024` makes the larger one that large.

#![allow(clippy::unwrap_used, clippy::format_push_string, missing_docs)]

mod documents;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

use lection::app::{App, Effect, Event, Input, KeyPreset, Look};
use lection::document::{Anchor, Document, Mark, MarkKind, Position, Range, Section, SectionId, Status};
use lection::formats::{self, OpenOptions};
use lection::layout::{Options, lay_out};
use lection::quotes::Finder;
use lection::reader::{self, Direction};
use lection::runtime::{Abilities, Frame, Screen, ScrollSetting, Seek};
use lection::text::{Pattern, clean, clean_line};
use lection::ui;

/// CPU time of this thread: other programs on the machine hardly enter it.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        #[cfg(unix)]
        {
            let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
            Duration::new(u64::try_from(now.tv_sec).unwrap(), u32::try_from(now.tv_nsec).unwrap())
        }
        #[cfg(not(unix))]
        {
            static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
            START.elapsed()
        }
    }

    fn end(&self, start: Duration) -> Duration {
        self.start().saturating_sub(start)
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// The program as the terminal sees it, without threads and without passes over the document.
struct Program {
    app: App,
    frame: Frame,
    screen: Screen,
    out: Vec<u8>,
}

impl Program {
    fn open(path: &Path) -> Program {
        let document = open(path);
        let app = App::new(document, clean_line("bench"), Look::default(), KeyPreset::default(), Box::new(String::new));
        let screen = Screen::new(Abilities::of_process(ScrollSetting::Auto));
        let mut program = Program { app, frame: Frame::new(), screen, out: Vec::new() };
        program.happen(Event::Input(Input::Resize { columns: 100, rows: 40 }));
        let effects = program.app.start(None);
        program.perform(effects);
        program.paint();
        program
    }

    /// Presses keys, and paints after each.
    fn press(&mut self, keys: &str) -> usize {
        for key in keys.split(' ') {
            self.happen(Event::Input(Input::Key(key.parse().unwrap())));
            self.paint();
        }
        self.out.len()
    }

    fn happen(&mut self, event: Event) {
        let effects = self.app.update(event);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Reader(reader::Effect::Load(id, _)) = effect {
                let section = self.app.reader().document().load(id).unwrap();
                self.happen(Event::Loaded(section));
            }
        }
    }

    fn paint(&mut self) {
        let effects = self.app.fit(ui::room(&self.app));
        self.perform(effects);
        let (buffer, shift, cursor) = self.frame.repaint(&self.app);
        self.out.clear();
        self.screen.encode(buffer, shift, cursor, &mut self.out);
    }
}

fn open(path: &Path) -> Arc<dyn Document> {
    formats::open(path, &OpenOptions::default()).unwrap()
}

/// The documents, in a folder that goes with the benchmark.
struct Shelf {
    _folder: tempfile::TempDir,
    small: PathBuf,
    large: PathBuf,
    markdown: PathBuf,
    epub: PathBuf,
}

impl Shelf {
    fn new() -> Shelf {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let megabytes = std::env::var("LECTION_BENCH_MB").ok().and_then(|mb| mb.parse().ok()).unwrap_or(64);
        let shelf = Shelf {
            small: file("small.txt"),
            large: file("large.txt"),
            markdown: file("book.md"),
            epub: file("book.epub"),
            _folder: folder,
        };
        documents::write_text(&shelf.small, 1 << 20);
        documents::write_text(&shelf.large, megabytes << 20);
        std::fs::write(&shelf.markdown, documents::markdown(15 << 16)).unwrap();
        std::fs::write(&shelf.epub, documents::epub(960, 11_000)).unwrap();
        shelf
    }
}

fn opening(c: &mut Criterion<CpuTime>) {
    let shelf = Shelf::new();
    let mut group = c.benchmark_group("open to first page");
    for (name, path) in [
        ("text small", &shelf.small),
        ("text large", &shelf.large),
        ("markdown 1 MB", &shelf.markdown),
        ("epub 10 MB", &shelf.epub),
    ] {
        group.bench_function(name, |b| b.iter(|| Program::open(black_box(path))));
    }
    group.finish();
}

fn keys(c: &mut Criterion<CpuTime>) {
    let shelf = Shelf::new();
    for (name, path) in [("small", &shelf.small), ("large", &shelf.large), ("epub", &shelf.epub)] {
        let mut group = c.benchmark_group(format!("keys, {name}"));
        let mut program = Program::open(path);
        group.bench_function("line", |b| b.iter(|| program.press("j k") / 2));
        group.bench_function("page", |b| b.iter(|| program.press("space b") / 2));
        group.bench_function("end and start", |b| b.iter(|| program.press("G g")));
        group.bench_function("resize", |b| {
            b.iter(|| {
                for columns in [60, 100] {
                    program.happen(Event::Input(Input::Resize { columns, rows: 40 }));
                    program.paint();
                }
            });
        });
        group.finish();
    }
}

/// Marks, spread over a document.
fn made_marks(document: &dyn Document, count: u32) -> Vec<Mark> {
    let each = count / document.section_count();
    let sections = (0..document.section_count()).map(|id| document.load(SectionId(id)).unwrap());
    let of_section = |section: Section| {
        let bytes = section.text().len() as u32;
        (0..each).map(move |n| {
            let start = section.position((bytes / each * n) as usize);
            let end = section.position((bytes / each * n) as usize + 60);
            let words = clean(&format!("thought {n}"));
            Mark {
                id: format!("M{}x{n}", section.id().0),
                kind: if n % 3 == 0 { MarkKind::Note } else { MarkKind::Highlight },
                name: None,
                note: (n % 3 == 0).then_some(words),
                color: None,
                anchor: Anchor::new(&section, Range::new(start, end), vec![clean_line("Chapter")], 0.5),
                own: None,
                status: Status::Exact,
                created: 1_700_000_000_000 + u64::from(n) * 40_000_000,
                changed: 1_700_000_000_000,
            }
        })
    };
    sections.flat_map(of_section).collect()
}

/// What keys cost beside ten thousand marks.
fn marks(c: &mut Criterion<CpuTime>) {
    let shelf = Shelf::new();
    let marks = made_marks(&*open(&shelf.large), 10_000);
    let load = |program: &mut Program| {
        program.happen(Event::StateLoaded { marks: marks.clone(), sought: Vec::new(), problems: Vec::new() });
    };
    let mut group = c.benchmark_group(format!("marks, {}", marks.len()));
    let mut program = Program::open(&shelf.large);
    load(&mut program);
    group.bench_function("a page and back", |b| b.iter(|| program.press("space b")));
    group.bench_function("list opened and closed", |b| b.iter(|| program.press("B q")));
    program.press("B");
    group.bench_function("list, a line and back", |b| b.iter(|| program.press("j k")));
    group.bench_function("list, a page and back", |b| b.iter(|| program.press("pagedown pageup")));
    group.bench_function("list, three arrangements", |b| b.iter(|| program.press("s s s")));
    group.bench_function("list, filter of six letters", |b| b.iter(|| program.press("/ t h o u g h esc")));
    group.bench_function("list, two colours", |b| b.iter(|| program.press("1 2")));
    group.bench_function("news of another device", |b| b.iter(|| load(&mut program)));
    group.finish();
}

fn passes(c: &mut Criterion<CpuTime>) {
    let shelf = Shelf::new();
    let bytes = |path: &Path| Throughput::Bytes(std::fs::metadata(path).unwrap().len());
    let mut group = c.benchmark_group("passes");
    group.sample_size(10);
    for (name, word) in [("any case", "zyzzyva"), ("exactly", "Zyzzyva"), ("other letters", "щука")] {
        let pattern = Pattern::new(word).unwrap();
        let document = open(&shelf.large);
        group.throughput(bytes(&shelf.large));
        group.bench_function(format!("search, {name}"), |b| {
            b.iter(|| {
                let mut seek = Seek::new(pattern.clone(), Position::START, Direction::Forward);
                while let Some(found) = seek.stretch(&*document, |_| false) {
                    assert_eq!(found.count, 0);
                }
            });
        });
    }
    let document = open(&shelf.small);
    group.throughput(bytes(&shelf.small));
    group.bench_function("chapters", |b| {
        b.iter(|| {
            let mut pass = document.outline_pass();
            while !pass.step().unwrap().is_done() {}
            pass.outline()
        });
    });
    group.bench_function("quotations", |b| {
        b.iter(|| {
            let mut finder = Finder::new();
            for id in 0..document.section_count() {
                finder.feed(&document.load(SectionId(id)).unwrap());
            }
            finder.finish()
        });
    });
    group.finish();
}

fn parts(c: &mut Criterion<CpuTime>) {
    let shelf = Shelf::new();
    let mut group = c.benchmark_group("parts");
    let bytes = |path: &Path| Throughput::Bytes(std::fs::metadata(path).unwrap().len());
    group.throughput(bytes(&shelf.markdown));
    group.bench_function("markdown parse", |b| {
        b.iter_batched(
            || open(&shelf.markdown),
            |document| document.load(SectionId(0)).unwrap(),
            BatchSize::LargeInput,
        );
    });
    let section = open(&shelf.small).load(SectionId(1)).unwrap();
    group.throughput(Throughput::Bytes(section.text().len() as u64));
    group.bench_function("text parse", |b| {
        let document = open(&shelf.small);
        b.iter(|| document.load(SectionId(1)).unwrap());
    });
    group.bench_function("layout", |b| {
        b.iter(|| {
            section.numbered_blocks().map(|(id, _)| lay_out(&section, id, &Options::new(72)).len()).sum::<usize>()
        });
    });
    group.finish();
}

fn quiet() -> Criterion<CpuTime> {
    Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! { name = benches; config = quiet(); targets = opening, keys, marks, passes, parts }
criterion_main!(benches);

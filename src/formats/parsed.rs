//! A document that is parsed as a whole: one page of HTML or Markdown.
//!
//! Opening reads the bytes and no more; the first question about the content parses them, once,
//! and all later answers come from that result. It must not know any format: how text becomes
//! sections is given by a function.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, OnceLock};

use crate::document::{
    Document, Format, Identity, LinePlace, Meta, Outline, OutlinePass, Position, Progress, Section, SectionBuilder,
    SectionId, Target, Warning,
};
use crate::limits::{PARSED_BYTES, SNIFF_BYTES};
use crate::text::bytes::after_ends;
use crate::text::{Clean, clean_line};

use super::encoding::Charset;
use super::fragment::fragment;
use super::headings::Headings;
use super::topics::Parts;
use super::writer::Writer;
use super::{Context, OpenError, Source};

/// How a format reads a text: it writes the blocks and says what the text says about itself.
pub type Read = fn(&str, &mut Writer) -> Meta;

/// A document whose sections all come from one pass over its text.
#[derive(Clone)]
pub struct Parsed(Arc<Inner>);

struct Inner {
    format: Format,
    identity: Identity,
    name: Clean,
    charset: Charset,
    bytes: Vec<u8>,
    faults: Vec<Warning>,
    is_cut: bool,
    read: Read,
    content: OnceLock<Content>,
}

/// What the text turned out to be.
struct Content {
    meta: Meta,
    sections: Vec<Arc<Section>>,
    headings: Headings,
    /// Named places, the first of each name.
    ids: HashMap<Clean, Position>,
    warnings: Vec<Warning>,
}

impl Parsed {
    /// Opens a source. `declared` finds the encoding that the first bytes name.
    ///
    /// # Errors
    /// When the bytes cannot be read, or the reader asked for an encoding that does not exist.
    pub fn open(
        source: &Source,
        context: Context,
        format: Format,
        declared: fn(&[u8]) -> Option<String>,
        read: Read,
    ) -> Result<Parsed, OpenError> {
        let limit = PARSED_BYTES;
        let bytes = source.read(0, limit).map_err(|e| OpenError::io(&context.name, &e))?;
        let head = bytes.get(..SNIFF_BYTES).unwrap_or(&bytes);
        let charset = match context.charset()? {
            Some(charset) => charset.after_mark(head),
            None => Charset::detect(head, declared(head).as_deref()),
        };
        Ok(Parsed(Arc::new(Inner {
            format,
            identity: context.identity,
            name: context.name,
            faults: context.faults,
            charset,
            is_cut: source.len() > limit as u64,
            bytes,
            read,
            content: OnceLock::new(),
        })))
    }

    fn content(&self) -> &Content {
        self.0.content.get_or_init(|| self.0.parse())
    }
}

impl Inner {
    fn text(&self) -> Cow<'_, str> {
        self.charset.decode(self.bytes.get(self.charset.mark_len()..).unwrap_or_default())
    }

    fn parse(&self) -> Content {
        let text = self.text();
        let mut builder = SectionBuilder::new(SectionId(0));
        let mut writer = Writer::cutting(&mut builder);
        let meta = (self.read)(&text, &mut writer);
        let mut sections = writer.finish();
        sections.push(builder.finish());
        let mut warnings = self.faults.clone();
        if self.is_cut {
            let sentence = "This file is over 64 MiB; the rest of it is left out.";
            warnings.push(Warning(clean_line(sentence)));
        }
        let mut ids = HashMap::new();
        for (name, place) in sections.iter().flat_map(Section::ids) {
            ids.entry(name.clone()).or_insert(place);
        }
        let mut headings = Headings::default();
        for section in &sections {
            headings.add(section);
        }
        Content { meta, headings, ids, warnings, sections: sections.into_iter().map(Arc::new).collect() }
    }
}

impl Document for Parsed {
    fn format(&self) -> Format {
        self.0.format
    }

    fn meta(&self) -> &Meta {
        &self.content().meta
    }

    fn encoding(&self) -> &str {
        self.0.charset.name()
    }

    fn identity(&self) -> &Identity {
        &self.0.identity
    }

    fn section_count(&self) -> u32 {
        self.content().sections.len() as u32
    }

    /// The bytes of its text: the markup around it is nothing to read.
    fn section_bytes(&self, section: SectionId) -> u64 {
        self.content().sections.get(section.index()).map_or(0, |s| s.text().len() as u64)
    }

    fn load(&self, section: SectionId) -> io::Result<Section> {
        let found = self.content().sections.get(section.index());
        Ok(found.map_or_else(|| SectionBuilder::new(section).finish(), |s| Section::clone(s)))
    }

    /// The first section knows all lines.
    fn line(&self, section: SectionId, ends: u64) -> io::Result<LinePlace> {
        if section.0 > 0 {
            return Ok(LinePlace::Beyond(0));
        }
        let text = self.0.text();
        let Ok(at) = after_ends(text.as_bytes(), b'\n', ends) else { return Ok(LinePlace::Beyond(0)) };
        let mut builder = SectionBuilder::new(section);
        let mut writer = Writer::cutting(&mut builder).seeking(at);
        (self.0.read)(&text, &mut writer);
        Ok(LinePlace::At(writer.found()))
    }

    fn outline_pass(&self) -> Box<dyn OutlinePass> {
        Box::new(Pass { text: self.clone(), parts: Parts::default() })
    }

    fn resolve(&self, _from: SectionId, href: &str) -> Option<Target> {
        let name = fragment(&self.0.name, href)?;
        let place = name.names().find_map(|name| self.content().ids.get(&name)).copied();
        place.or(name.is_top().then_some(Position::START)).map(Target::At)
    }

    fn warnings(&self) -> &[Warning] {
        &self.content().warnings
    }
}

/// The headings are known as soon as the text is parsed; a text without any is then divided.
struct Pass {
    text: Parsed,
    parts: Parts,
}

impl OutlinePass for Pass {
    fn step(&mut self) -> io::Result<Progress> {
        let content = self.text.content();
        if !content.headings.divide() {
            self.parts = Parts::of(content.sections.iter().map(AsRef::as_ref));
        }
        Ok(Progress::DONE)
    }

    fn outline(&self) -> Outline {
        let headings = || self.text.0.content.get().map(|content| content.headings.outline()).unwrap_or_default();
        self.parts.outline().unwrap_or_else(headings)
    }

    fn reasons(&self) -> Vec<String> {
        self.parts.reasons()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::document::{Block, BlockId, BlockKind, FrameKind};
    use crate::formats::{OpenOptions, open_source};

    /// A document of these bytes.
    pub fn document(name: &str, bytes: &[u8]) -> Arc<dyn Document> {
        open_source(Source::memory(bytes), clean_line(name), &OpenOptions::default()).unwrap()
    }

    /// One line for each block: its frames, its kind, its text.
    pub fn dump(section: &Section) -> Vec<String> {
        let frame = |kind: &FrameKind| match kind {
            FrameKind::Quote => "> ".to_owned(),
            FrameKind::Epigraph => "epigraph> ".to_owned(),
            FrameKind::Item { marker } => format!("{marker} "),
            FrameKind::Definition => ": ".to_owned(),
            FrameKind::Note { label } => format!("note({label}) "),
            FrameKind::Aside => "aside> ".to_owned(),
        };
        let line = |(id, block): (BlockId, &Block)| {
            let mut frames: Vec<_> = section.frames(id).map(|(_, f)| frame(&f.kind)).collect();
            frames.reverse();
            let kind = match &block.kind {
                BlockKind::Heading(level) => "#".repeat(usize::from(*level)) + " ",
                BlockKind::Paragraph => String::new(),
                BlockKind::Verse => "verse: ".to_owned(),
                BlockKind::Code { language } => format!("code({}): ", language.as_deref().unwrap_or_default()),
                BlockKind::Attribution => "by: ".to_owned(),
                BlockKind::Image { source } => format!("image({source}): "),
                BlockKind::TableRow { header, .. } => if *header { "th: " } else { "tr: " }.to_owned(),
                BlockKind::Rule => "---".to_owned(),
            };
            let text = section.block_text(id).replace('\n', "/").replace('\t', "|");
            format!("{}{}{kind}{text}", if block.tight { "^" } else { "" }, frames.concat())
        };
        section.numbered_blocks().map(line).collect()
    }

    fn entries(document: &dyn Document) -> Vec<(String, u8)> {
        let mut pass = document.outline_pass();
        while !pass.step().unwrap().is_done() {}
        pass.outline().entries().iter().map(|e| (e.title.to_string(), e.level)).collect()
    }

    #[test]
    fn the_outermost_heading_is_level_one() {
        let check = |page: &str, levels: &[u8]| {
            let found: Vec<u8> = entries(&*document("a.html", page.as_bytes())).iter().map(|e| e.1).collect();
            assert_eq!(found, levels, "{page}");
        };
        check("<html><h1>T</h1><h2>a</h2><h2>b</h2>", &[1, 2, 2]);
        check("<html><h2>a</h2><h4>b</h4><h2>c</h2>", &[1, 2, 1]);
        check("<html><h3> </h3><p>x", &[]);
    }

    #[test]
    fn names_are_found_in_any_section() {
        let filler = format!("<p>{}</p>", "word ".repeat(30_000));
        let page = format!("<html><h1 id=a>A</h1>{filler}<h1 id='b c'>B</h1>{filler}<p id=c>end");
        let document = document("dir/page one.html", page.as_bytes());
        assert!(document.section_count() > 1);
        let place = |href: &str| document.resolve(SectionId(0), href).map(|t| t.position());
        assert_eq!(place("#a"), Some(Position::START));
        assert_eq!(place("#b%20c").map(|p| p.section), Some(SectionId(1)));
        assert_eq!(place("page%20one.html#c"), place("#c"));
        assert_eq!(place("#"), Some(Position::START));
        for nowhere in ["#missing", "other.html", "other.html#a"] {
            assert_eq!(place(nowhere), None, "{nowhere}");
        }
        for number in 0..document.section_count() {
            let section = document.load(SectionId(number)).unwrap();
            assert_eq!(section.id(), SectionId(number));
            assert_eq!(document.section_bytes(SectionId(number)), section.text().len() as u64);
        }
    }
}

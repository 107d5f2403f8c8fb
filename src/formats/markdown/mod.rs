//! Markdown: `CommonMark` with the usual extensions (tables, footnotes, task lists, alerts,
//! definition lists, front matter).

use std::sync::Arc;

use crate::document::{Document, Format, Meta};

use super::encoding::Charset;
use super::growing::{self, Growing};
use super::parsed::Parsed;
use super::writer::Writer;
use super::{Context, OpenError, Source};
use crate::limits::{SNIFF_BYTES, WHOLE_BYTES};

mod cuts;
mod events;
mod front;
mod inline;
mod notes;
mod pieces;
mod slug;

use events::About;
use pieces::MarkdownPieces;

/// Opens a document of this format.
///
/// # Errors
/// When the bytes cannot be read.
pub fn open(source: Source, context: Context) -> Result<Arc<dyn Document>, OpenError> {
    if source.len() > WHOLE_BYTES || !source.is_complete() {
        let head = source.read(0, SNIFF_BYTES).map_err(|e| OpenError::io(&context.name, &e))?;
        let charset = match context.charset()? {
            Some(charset) => charset.after_mark(&head),
            None => Charset::detect(&head, None),
        };
        if growing::can_cut(charset) {
            let pieces = MarkdownPieces::new(source.clone(), charset);
            return Ok(Arc::new(Growing::new(pieces, Format::Markdown, source, charset, context)));
        }
    }
    Ok(Arc::new(Parsed::open(&source, context, Format::Markdown, |_| None, read)?))
}

fn read(text: &str, writer: &mut Writer) -> Meta {
    let (mut meta, body) = front::split(text);
    let about = About { skipped: text.len() - body.len(), ..About::default() };
    let title = events::write(body, about, writer);
    meta.title = meta.title.or(title);
    meta
}

#[cfg(test)]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{SectionBuilder, SectionId};
    use crate::text::clean::is_clean;

    fn shown(text: &str) -> String {
        let mut builder = SectionBuilder::new(SectionId(0));
        let mut writer = Writer::cutting(&mut builder);
        read(text, &mut writer);
        let mut text: String = writer.finish().iter().map(|s| s.text().as_str().to_owned() + "\n").collect();
        text.push_str(builder.finish().text());
        text
    }

    /// Pieces of markup that hide no words.
    fn soup() -> impl Strategy<Value = Vec<String>> {
        let marks = [
            "\n",
            "\n\n",
            "\n\n",
            "# ",
            "## ",
            "> ",
            "- ",
            "1. ",
            "    ",
            "  ",
            "*",
            "**",
            "_",
            "`",
            "~~",
            "![",
            "](",
            "| ",
            "\n|---|---|\n",
            "---",
            "===",
            "```",
            "<em>",
            "</em>",
            "<br>",
            "<b id=x>",
            "[x] ",
            "$",
            "\\",
            ": ",
            "[^1]",
            "&amp;",
            "— ",
            "[!NOTE]\n",
        ];
        let mark = (0..marks.len()).prop_map(move |n| marks[n].to_owned());
        let word = "[a-z]{2,6}".prop_map(|word| format!("{word} "));
        proptest::collection::vec(prop_oneof![2 => mark, 1 => word], 0..60)
    }

    proptest! {
        #[test]
        fn any_text_is_a_document(text in "\\PC{0,200}", pieces in soup()) {
            for text in [text, pieces.concat()] {
                prop_assert!(is_clean(&shown(&text)));
            }
        }

        #[test]
        fn no_word_of_a_paragraph_is_lost(pieces in soup()) {
            // Brackets may make an address of a word, and a fence its language: both are no text.
            let hides = ["](", "![", "[^1]", "```", "`", "~~", "<b id=x>", "[!NOTE]\n", "| ", "\n|---|---|\n"];
            let kept: Vec<&str> = pieces.iter().map(String::as_str).filter(|p| !hides.contains(p)).collect();
            let found = shown(&format!("x\n\n{}", kept.concat()));
            for piece in kept {
                let word = piece.trim_end();
                if word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase()) {
                    prop_assert!(found.contains(word), "{word} is not in {found:?}");
                }
            }
        }
    }
}

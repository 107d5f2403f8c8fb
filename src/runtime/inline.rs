//! The runtime without threads: effects are performed at once, on the spot. For `lection render`
//! and for tests, which are deterministic with it.

use crate::app::{App, Effect, Event};
use crate::document::{Document, Mark};
use crate::quotes;
use crate::reader;
use crate::text::clean_line;

use super::{Seek, Step};

/// Performs effects and what follows from them until nothing is left to do. Gives the effects
/// that only a real runtime can perform (quit, suspend, redraw, saving places).
pub fn perform(app: &mut App, effects: Vec<Effect>) -> Vec<Effect> {
    let mut left = Vec::new();
    let mut queue = std::collections::VecDeque::from(effects);
    while let Some(effect) = queue.pop_front() {
        match effect {
            Effect::Reader(effect) => {
                let event = answer(app, effect);
                queue.extend(app.update(event));
            }
            other => left.push(other),
        }
    }
    left
}

fn answer(app: &App, effect: reader::Effect) -> Event {
    let document = app.reader().document().clone();
    match effect {
        reader::Effect::Load(id, _) => match document.load(id) {
            Ok(section) => Event::Loaded(section),
            Err(error) => Event::LoadFailed(id, clean_line(&error.to_string())),
        },
        reader::Effect::FindOutline => {
            let mut pass = document.outline_pass();
            let mut progress = crate::document::Progress { done: 0, total: 1 };
            while let Ok(next) = pass.step() {
                progress = next;
                if progress.is_done() {
                    break;
                }
            }
            Event::OutlineFound(pass.outline(), progress)
        }
        reader::Effect::FindQuotes => Event::QuotesFound(find_quotes(&*document)),
        reader::Effect::Search { generation, pattern, from, inclusive, direction } => {
            let mut seek = Seek::new(pattern, from, inclusive, direction);
            let hit = loop {
                match seek.step(&*document) {
                    Ok(Step::Found(hit)) => break Some(hit),
                    Ok(Step::More) => {}
                    Ok(Step::Absent) | Err(_) => break None,
                }
            };
            Event::SearchEnded { generation, hit }
        }
        reader::Effect::SaveMark(ticket, mark) => {
            let id = if mark.id.is_empty() { format!("unsaved-{ticket}") } else { mark.id.clone() };
            Event::MarkSaved(ticket, Box::new(Ok(Mark { id, ..*mark })))
        }
        reader::Effect::DeleteMark(_) => Event::Saved(Ok(())),
    }
}

/// All quotations of a document. A section that cannot be read is passed over.
pub fn find_quotes(document: &dyn Document) -> Vec<crate::document::Quote> {
    let mut finder = quotes::Finder::new();
    for id in 0..document.section_count() {
        if let Ok(section) = document.load(crate::document::SectionId(id)) {
            finder.feed(&section);
        }
    }
    finder.finish()
}

//! Where the anchors of many marks are in a document now: first where they were, then anywhere.

use crate::document::{Anchor, Document, Origin, Range, Status};
use crate::text::words::Words;

use super::print::Sum;
use super::search::{Found, find_all};

/// Finds the places of many anchors, of each by any of its versions, the original first. In the
/// order of `wanted`; `None` when `stop` says so. A text in which all of them stand where they
/// stood is read only where they are.
///
/// What is found elsewhere than the first of its anchors says comes with an anchor of its own, to be
/// kept beside the others.
pub fn resolve(document: &dyn Document, wanted: &[Vec<Anchor>], stop: &dyn Fn() -> bool) -> Option<Vec<Found>> {
    let mut found: Vec<Option<Found>> = vec![None; wanted.len()];
    let versions = wanted.iter().enumerate().flat_map(|(i, versions)| versions.iter().map(move |anchor| (i, anchor)));
    let mut places: Vec<(usize, &Anchor)> = versions.collect();
    places.sort_by_key(|(_, anchor)| anchor.start);
    let mut section = None;
    for (i, anchor) in places {
        let Some((slot, original)) = found.get_mut(i).zip(wanted.get(i).and_then(|versions| versions.first())) else {
            continue;
        };
        let is_original = std::ptr::eq(anchor, original);
        if slot.is_some() && !is_original {
            continue;
        }
        let id = anchor.start.section;
        if id.0 >= document.section_count() || anchor.is_words_only() {
            continue;
        }
        if section.as_ref().is_none_or(|(last, _)| *last != id) {
            if stop() {
                return None;
            }
            section = Some((id, document.load(id).ok()));
        }
        if let Some((_, Some(section))) = &section
            && anchor.stands_in(section)
        {
            let range = Range { start: anchor.start, end: anchor.end };
            // Where a later version of it stands, its words may have been changed before.
            let status = if anchor.words == original.words { Status::Exact } else { Status::Changed };
            *slot = Some(Found { range, status, anchor: (!is_original).then(|| Box::new(anchor.clone())) });
        }
    }
    let open: Vec<Vec<&Anchor>> =
        wanted.iter().zip(&found).filter(|(_, slot)| slot.is_none()).map(|(all, _)| all.iter().collect()).collect();
    if !open.is_empty() {
        let open: Vec<&[&Anchor]> = open.iter().map(Vec::as_slice).collect();
        let mut rest = find_all(document, &open, stop)?.into_iter();
        found.iter_mut().filter(|slot| slot.is_none()).for_each(|slot| *slot = rest.next());
    }
    Some(found.into_iter().flatten().collect())
}

/// Says of each anchor which text it was made in. A section that cannot be read leaves it unsaid.
pub fn set_origins<'a>(document: &dyn Document, sum: Option<&Sum>, anchors: impl Iterator<Item = &'a mut Anchor>) {
    let mut anchors: Vec<&mut Anchor> = anchors.collect();
    anchors.sort_by_key(|anchor| anchor.start);
    for together in anchors.chunk_by_mut(|a, b| a.start.section == b.start.section) {
        let Some(id) = together.first().map(|anchor| anchor.start.section) else { continue };
        let Ok(section) = document.load(id) else { continue };
        let before = sum.and_then(|sum| sum.before.get(id.index()));
        let last = together.last().filter(|_| before.is_some()).map_or(0, |anchor| section.offset(anchor.start));
        let head = section.text().get(..last).unwrap_or_default();
        let words = Words::of(head);
        for anchor in together {
            let within = |before: &u64| before + u64::from(words.letters_before(head, section.offset(anchor.start)));
            anchor.origin = Origin {
                version: document.identity().key().to_owned(),
                text: sum.map_or(0, |sum| sum.hash),
                letters: sum.map_or(0, |sum| sum.letters),
                offset: before.map_or(0, within),
            };
        }
    }
}

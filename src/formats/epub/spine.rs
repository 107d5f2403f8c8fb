//! The reading order as it can be shown: which part is which member of the archive, and what is
//! to be said where there is none. No part of the order is left out silently.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::package::{Item, Package};
use super::part::{Part, Place};
use super::{Warnings, links};
use crate::document::SectionId;
use crate::formats::zip::{Archive, Member, MemberId};
use crate::limits::{
    BOOK_FREE, BOOK_RATIO_MAX, INFLATE_FREE, INFLATE_RATIO_MAX, MEMBER_TEXT_MAX, REPEATS_MAX, SPINE_MAX,
};

/// Files of one name, in different folders, that are told apart.
const SAME_NAMES_MAX: usize = 64;

/// The parts of a book in reading order; one part is one section.
#[derive(Debug, Default)]
pub struct Spine {
    /// The parts; none if nothing of the book is there.
    pub parts: Vec<Part>,
    /// The first section that shows a member, or stands for it.
    pub sections: HashMap<MemberId, SectionId>,
    /// The first sections of the files of each name, whatever their folders.
    by_file: OnceLock<HashMap<String, Vec<SectionId>>>,
}

impl Spine {
    /// Finds the members of all parts.
    pub fn lay_out(archive: &Archive, package: &Package, warnings: &mut Warnings) -> Spine {
        let mut spine = Spine::default();
        let mut times: HashMap<MemberId, usize> = HashMap::new();
        let mut whole: HashSet<MemberId> = HashSet::new();
        let mut left_out = 0;
        if package.spine().len() > SPINE_MAX {
            warnings.add("The book has more than 65,535 parts; the rest of them is left out.");
        }
        for id in package.spine().iter().take(SPINE_MAX) {
            let chain = package.with_fallbacks(id);
            let members: Vec<_> =
                chain.iter().map(|item| item.path.as_ref().and_then(|path| archive.find(path))).collect();
            let part = part(archive, id, &chain, &members);
            if let Some(member) = part.member() {
                // A place in a file that is shown already is none to read again.
                let is_place = chain.first().is_some_and(|item| item.href.contains('#'));
                let was_whole = !is_place && !whole.insert(member);
                if times.contains_key(&member) && !was_whole {
                    continue;
                }
                let times = times.entry(member).or_default();
                *times += 1;
                if *times > REPEATS_MAX {
                    left_out += 1;
                    continue;
                }
            }
            spine.add(part, members.into_iter().flatten());
        }
        let missing = spine.parts.iter().filter(|part| part.member().is_none()).count();
        if left_out > 0 {
            warnings.add(&format!("A part of the book is repeated too often; repetitions left out: {left_out}"));
        }
        if missing == spine.parts.len() {
            warnings.add("Nothing of the reading order is in the archive; its pages are shown as they come.");
            spine = Spine::of_all_pages(archive, package.nav());
        } else if missing > 0 {
            warnings.add(&format!("Parts of the book that are missing, as a line says where each belongs: {missing}"));
        }
        spine.mark_overlaps(archive, warnings);
        spine.mark_excess(archive, warnings);
        spine
    }

    /// The pages of an archive whose package leads nowhere, but for its contents list.
    fn of_all_pages(archive: &Archive, nav: Option<&str>) -> Spine {
        let nav = nav.and_then(|path| archive.find(path));
        let mut spine = Spine::default();
        let is_page = |(id, member): &(MemberId, &Member)| {
            nav != Some(*id) && ["xhtml", "html", "htm"].iter().any(|end| member.has_extension(end))
        };
        for (id, member) in archive.members().filter(is_page).take(SPINE_MAX) {
            spine.add(Part { name: member.name.clone(), place: Place::Member(id) }, [id]);
        }
        spine
    }

    /// The part at a path that the archive does not have: itself, for it may be missing, else the only one of its
    /// file's name, for lists do not always say in which folder the files of a book are.
    pub fn at(&self, path: &str) -> Option<SectionId> {
        let by_file = self.by_file.get_or_init(|| {
            let mut map: HashMap<String, Vec<SectionId>> = HashMap::new();
            for (part, number) in self.parts.iter().zip(0..) {
                let same = map.entry(links::file(&part.name).to_owned()).or_default();
                if !same.iter().any(|other| self.name(*other) == part.name) && same.len() < SAME_NAMES_MAX {
                    same.push(SectionId(number));
                }
            }
            map
        });
        let same = by_file.get(links::file(path))?;
        let own = same.iter().find(|part| self.name(**part) == path).copied();
        own.or_else(|| <[SectionId; 1]>::try_from(same.as_slice()).ok().map(|[only]| only))
    }

    fn name(&self, part: SectionId) -> &str {
        self.parts.get(part.index()).map_or("", |part| &part.name)
    }

    fn add(&mut self, part: Part, members: impl IntoIterator<Item = MemberId>) {
        let section = SectionId(self.parts.len() as u32);
        for member in members {
            self.sections.entry(member).or_insert(section);
        }
        self.parts.push(part);
    }

    /// Marks the parts whose bytes begin inside those of another: a few bytes that unpack to
    /// gigabytes. Sizes that run past the end are no overlap but a lie, and are left to the
    /// reading.
    fn mark_overlaps(&mut self, archive: &Archive, warnings: &mut Warnings) {
        // Members found by searching have no sizes that could be compared.
        if archive.is_recovered() {
            return;
        }
        let members: HashSet<_> = self.parts.iter().filter_map(Part::member).collect();
        let mut ranges: Vec<_> = members.into_iter().map(|m| (archive.stated_range(m), m)).collect();
        ranges.retain(|(range, _)| range.end <= archive.len());
        ranges.sort_by_key(|(range, member)| (range.start, *member));
        let mut end = 0;
        let mut overlapping = HashSet::new();
        for (range, member) in ranges {
            if range.start < end {
                overlapping.insert(member);
            }
            end = end.max(range.end);
        }
        for part in self.parts.iter_mut().filter(|part| part.member().is_some_and(|m| overlapping.contains(&m))) {
            part.place = Place::Overlapping;
        }
        if !overlapping.is_empty() {
            let count = overlapping.len();
            warnings.add(&format!("Parts that share their bytes with others and are not unpacked: {count}"));
        }
    }

    /// Marks the parts after those that give all that an archive of its size may: each may be sound, and
    /// thousands of them take minutes.
    fn mark_excess(&mut self, archive: &Archive, warnings: &mut Warnings) {
        // Members found by searching have no sizes that could be added.
        if archive.is_recovered() {
            return;
        }
        let mut left = archive.len().saturating_mul(BOOK_RATIO_MAX).max(BOOK_FREE);
        let mut count = 0;
        let mut known = HashMap::new();
        for part in &mut self.parts {
            let Some(member) = part.member() else { continue };
            // A part may state more than it can give.
            let most = archive.packed_size(member).saturating_mul(INFLATE_RATIO_MAX).max(INFLATE_FREE as u64);
            let size = archive.stated_size(member).min(most).min(MEMBER_TEXT_MAX as u64);
            let fits = *known.entry(member).or_insert_with(|| {
                let fits = size <= left;
                left -= if fits { size } else { 0 };
                fits
            });
            if !fits {
                part.place = Place::Excess;
                count += 1;
            }
        }
        if count > 0 {
            warnings
                .add(&format!("Parts beyond what an archive of this size can hold, which are not unpacked: {count}"));
        }
    }
}

/// A part by what is there of its files: the first that is a page, else the first that is there
/// at all, which may be a page all the same.
fn part(archive: &Archive, id: &str, chain: &[&Item], members: &[Option<MemberId>]) -> Part {
    let mut pages = chain.iter().zip(members).filter(|(item, _)| item.is_page());
    let page = pages.find_map(|(_, member)| *member);
    if let Some(member) = page.or_else(|| members.iter().flatten().next().copied()) {
        return Part { name: archive.name(member).to_owned(), place: Place::Member(member) };
    }
    let Some(item) = chain.first() else { return Part { name: id.to_owned(), place: Place::Missing } };
    let place = if links::is_outside(&item.href) { Place::Remote } else { Place::Missing };
    Part { name: item.path.as_ref().unwrap_or(&item.href).clone(), place }
}

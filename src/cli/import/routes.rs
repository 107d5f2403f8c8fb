//! Which document marks belong to, where nobody says: the file that they name, else the one that
//! was read or marked before and is called so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::cli::args::Reading;
use crate::cli::state;
use crate::text::words::Words;

use super::Given;

/// A title as it is compared: the letters of its words.
type Title = Vec<Vec<u8>>;

/// The marks of each document, with its file where that is known.
pub fn by_document(reading: &Reading, given: Vec<Given>, into: Option<&Path>) -> Vec<(Option<PathBuf>, Vec<Given>)> {
    if let Some(into) = into.filter(|_| !given.is_empty()) {
        return vec![(Some(into.to_owned()), given)];
    }
    let mut store = state::store(reading);
    let read = store.shelf().into_iter().map(|entry| (entry.title, entry.path));
    // What was only marked is on no shelf.
    let marked = store.all_marks().into_iter().map(|(label, _)| (label.name(), label.path));
    let known = read.chain(marked);
    let shelf: Vec<(Title, PathBuf)> =
        known.filter_map(|(name, path)| Some((title(&name), path.filter(|path| path.is_file())?))).collect();
    let mut documents: BTreeMap<(Option<PathBuf>, Option<String>), Vec<Given>> = BTreeMap::new();
    for mark in given {
        let named = mark.path.clone().filter(|path| path.is_file());
        let file = named.or_else(|| by_title(&shelf, mark.title.as_deref()?).map(Path::to_owned));
        let title = if file.is_none() { mark.title.clone() } else { None };
        documents.entry((file, title)).or_default().push(mark);
    }
    documents.into_iter().map(|((file, _), marks)| (file, marks)).collect()
}

/// The one document that is called so; else the one whose title goes on after these words, or ends
/// before the last of them (a subtitle, a series).
fn by_title<'a>(shelf: &'a [(Title, PathBuf)], name: &str) -> Option<&'a Path> {
    let wanted = title(name);
    let only = |is_it: &dyn Fn(&Title) -> bool| {
        let named = shelf.iter().filter(|(known, _)| !known.is_empty() && is_it(known));
        let files: BTreeSet<&Path> = named.map(|(_, path)| path.as_path()).collect();
        (files.len(), files.into_iter().next())
    };
    let (count, file) = only(&|known| *known == wanted);
    if count > 0 || wanted.is_empty() {
        return file.filter(|_| count == 1);
    }
    let (count, file) = only(&|known| known.starts_with(&wanted) || wanted.starts_with(known));
    file.filter(|_| count == 1)
}

fn title(text: &str) -> Title {
    let words = Words::of(text);
    (0..words.words().len()).map(|index| words.letters_of(index).to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_one_document_or_none() {
        let shelf =
            ["It", "Italian grammar", "Emma: A Novel", "The Lamp, Part One", "The Lamp, Part Two", "Notes", "Notes"];
        let shelf: Vec<(Title, PathBuf)> =
            shelf.iter().zip(0..).map(|(name, n)| (title(name), PathBuf::from(format!("{n}")))).collect();
        for (name, file) in [
            ("it", Some("0")),
            ("It (Reprint)", Some("0")),
            ("Ital", None),
            ("Italian Grammar", Some("1")),
            ("EMMA", Some("2")),
            ("Emma – a novel, annotated", Some("2")),
            ("The Lamp", None),
            ("The Lamp: Part Two", Some("4")),
            // Two files of one title.
            ("Notes", None),
            ("", None),
            ("…", None),
        ] {
            assert_eq!(by_title(&shelf, name), file.map(Path::new), "{name}");
        }
    }
}

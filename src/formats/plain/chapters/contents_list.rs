//! The printed list of contents: nothing in it is a heading.

use super::block::Block;
use super::reading::Says;

/// Characters of text between two entries of a list, at most.
const BETWEEN_MAX: u64 = 60;
/// Entries that make a run of numbers a list.
const RUN_MIN: usize = 4;
/// A block with more text than this is prose, and ends a list.
const PROSE: u64 = 400;

/// Which blocks stand in a list of contents.
pub fn listed(blocks: &[Block], says: &[Option<Says>]) -> Vec<bool> {
    let mut listed = vec![false; blocks.len()];
    after_its_word(blocks, says, &mut listed);
    runs(blocks, says, &mut listed);
    listed
}

/// After a word for contents: up to the block in which one of the first entries comes back.
fn after_its_word(blocks: &[Block], says: &[Option<Says>], listed: &mut [bool]) {
    let mut index = 0;
    while index < blocks.len() {
        if says.get(index) != Some(&Some(Says::Contents)) {
            index += 1;
            continue;
        }
        let first = index + 1;
        let entries: Vec<String> = blocks
            .iter()
            .skip(first)
            .take(4)
            .flat_map(|b| b.lines.iter())
            .map(|l| fold(l))
            .filter(|l| !l.is_empty())
            .take(6)
            .collect();
        let mut end = first;
        while let Some(block) = blocks.get(end) {
            let here = fold(block.first());
            let far = end > first + 1 || block.lines.len() > 1;
            let returns =
                far && entries.iter().take(4).any(|e| {
                    *e == here || (e.chars().count() >= 6 && here.starts_with(e.as_str()) && block.blanks >= 2)
                }) && entries.first() != Some(&here)
                    || (end > first && entries.first() == Some(&here));
            let previous = blocks.get(end - 1).map_or(0, Block::end);
            let prose = block.before.saturating_sub(previous) > PROSE || (block.is_open && !is_entry_block(block));
            if (returns && end > first) || prose {
                break;
            }
            end += 1;
        }
        for flag in listed.iter_mut().take(end).skip(index) {
            *flag = true;
        }
        index = end.max(index + 1);
    }
}

/// Numbered blocks with hardly any text between them.
fn runs(blocks: &[Block], says: &[Option<Says>], listed: &mut [bool]) {
    let numbered: Vec<(usize, u32)> =
        says.iter().enumerate().filter_map(|(i, s)| value(s.as_ref()?).map(|v| (i, v))).collect();
    let mut start = 0;
    while start < numbered.len() {
        let mut end = start;
        while let (Some(&(a, before)), Some(&(b, after))) = (numbered.get(end), numbered.get(end + 1)) {
            let between = match (blocks.get(a), blocks.get(b)) {
                (Some(a), Some(b)) => b.before.saturating_sub(a.end()),
                _ => u64::MAX,
            };
            // The list ends where its numbering begins again: that is the first chapter.
            let again = after <= before && after <= 1 && end > start + 1;
            // A keyword far below a row of numbers heads a chapter after its notes.
            let heads = matches!(says.get(b), Some(Some(Says::Keyword { .. })))
                && !matches!(says.get(a), Some(Some(Says::Keyword { .. })))
                && blocks.get(b).is_some_and(|block| block.blanks >= 3);
            if between >= BETWEEN_MAX || again || heads {
                break;
            }
            end += 1;
        }
        if end - start + 1 >= RUN_MIN {
            for (index, _) in numbered.iter().take(end + 1).skip(start) {
                if let Some(flag) = listed.get_mut(*index) {
                    *flag = true;
                }
            }
        }
        start = end + 1;
    }
}

fn value(says: &Says) -> Option<u32> {
    match says {
        Says::Keyword { value, .. } | Says::Bare(_, value) | Says::Titled(_, value) => Some(*value),
        Says::Dotted(path) => path.first().copied(),
        _ => None,
    }
}

/// A long block whose first line looks like an entry: it ends in a page number or has dots.
fn is_entry_block(block: &Block) -> bool {
    let line = block.first();
    line.contains("...")
        || line.contains(". .")
        || line.ends_with(|c: char| c.is_ascii_digit())
        || block.lines.iter().all(|l| l.chars().count() < 60)
}

/// A title as it is compared: letters and digits, without page numbers behind dots.
pub fn fold(line: &str) -> String {
    let bare = line.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c.is_whitespace());
    let bare = if bare.is_empty() { line } else { bare };
    bare.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

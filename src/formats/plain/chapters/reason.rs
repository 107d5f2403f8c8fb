//! Why a block was taken for a heading, in words for the reader.

use super::block::Block;
use super::heading::{Heading, Origin};
use super::survey::Survey;

/// The reason for one heading.
pub(super) fn reason(survey: &Survey<'_>, heading: &Heading) -> String {
    let Some(block) = survey.blocks.get(heading.block) else { return String::new() };
    let mut words = vec![origin(heading)];
    words.extend(setting(survey, block));
    words.join("; ")
}

fn origin(heading: &Heading) -> String {
    match heading.origin {
        Origin::Sequence => match heading.run {
            Some((members, 0)) => format!("one of {members} numbers in a row"),
            Some((members, odd)) => format!("one of {members} numbers in a row, {odd} out of order or missing"),
            None => "one of a row of numbers".to_owned(),
        },
        Origin::Filled => "set like its neighbours where a number is missing or printed twice".to_owned(),
        Origin::Parent => "stands over numbers that begin again".to_owned(),
        Origin::Named => "the name of a section, set apart".to_owned(),
        Origin::Listed => "the printed contents name it".to_owned(),
        Origin::Dated => "one of many lines that give a day".to_owned(),
        Origin::Underlined => "one of several short lines that are underlined".to_owned(),
        Origin::Titled => "one of many short lines set alike, with a chapter's text after each".to_owned(),
    }
}

/// How it is set.
fn setting(survey: &Survey<'_>, block: &Block) -> Vec<String> {
    let mut words = Vec::new();
    match block.before {
        0 => {}
        1 => words.push("1 blank line before".to_owned()),
        9.. => words.push("9 or more blank lines before".to_owned()),
        blanks => words.push(format!("{blanks} blank lines before")),
    }
    if block.underline.is_some() {
        words.push("underlined".to_owned());
    }
    if survey.lists.has_title(block.key()) {
        words.push("the printed contents have it".to_owned());
    }
    words
}

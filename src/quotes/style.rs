//! Which marks a text puts around speech: one style a text, by votes of its paragraphs.
//!
//! The votes fade as the text goes on, so that a collection may change its style.

use super::marks::Candidate;

/// The marks around speech.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Style {
    /// “ ” and " ".
    #[default]
    Double,
    /// ‘ ’ and ' '.
    Single,
    /// « ».
    Guillemets,
    /// » «.
    GuillemetsInward,
    /// „ “ and „ ”.
    LowHigh,
    /// ” ”.
    RightDouble,
    /// 「 」 and 『 』.
    Corner,
    /// A dash before the speech of a paragraph.
    Dash,
}

const STYLES: [Style; 8] = [
    Style::Double,
    Style::Single,
    Style::Guillemets,
    Style::GuillemetsInward,
    Style::LowHigh,
    Style::RightDouble,
    Style::Corner,
    Style::Dash,
];

/// A paragraph that begins with the mark; an opening mark inside one counts 1.
const VOTE_AT_START: u32 = 3;
const VOTE_FOR_DASH: u32 = 4;
/// Paragraphs that must begin with a dash before dashes count at all; lists have dashes too.
const DASHES_MIN: u32 = 3;
/// Votes from which on old ones fade.
const VOTES_FADE: u32 = 2000;

/// The votes so far.
#[derive(Debug, Default)]
pub(super) struct Votes {
    by_style: [u32; STYLES.len()],
    dashes: u32,
}

impl Votes {
    /// Counts the marks of one paragraph.
    pub(super) fn add(&mut self, text: &str, candidates: &[Candidate]) {
        if starts_with_dash(text).is_some() {
            self.dashes += 1;
            self.vote(Style::Dash, VOTE_FOR_DASH);
        }
        for (start, c) in candidates.iter().copied() {
            let before = text.get(..start).and_then(|lead| lead.chars().next_back());
            let opens = before.is_none_or(|b: char| b.is_whitespace() || matches!(b, '(' | '[' | '—' | '-' | '_'));
            let weight = if before.is_none() { VOTE_AT_START } else { 1 };
            let next = text.get(start + c.len_utf8()..).and_then(|rest| rest.chars().next());
            let before_word = next.is_some_and(|next| !next.is_whitespace());
            let style = match c {
                // German closes with the mark that opens in English.
                '“' | '‟' if opens => Some(Style::Double),
                '"' | '＂' if opens && before_word => Some(Style::Double),
                '‘' => Some(Style::Single),
                '\'' if opens && before_word => Some(Style::Single),
                '„' => Some(Style::LowHigh),
                '«' if opens => Some(Style::Guillemets),
                '»' if opens && before_word => Some(Style::GuillemetsInward),
                '”' if opens && before_word => Some(Style::RightDouble),
                '「' | '『' => Some(Style::Corner),
                _ => None,
            };
            if let Some(style) = style {
                self.vote(style, weight);
            }
        }
    }

    fn vote(&mut self, style: Style, votes: u32) {
        if let Some(sum) = self.by_style.get_mut(style as usize) {
            *sum += votes;
        }
        if self.by_style.iter().sum::<u32>() > VOTES_FADE {
            self.by_style.iter_mut().for_each(|sum| *sum /= 2);
        }
    }

    /// The style with the most votes.
    pub(super) fn style(&self) -> Style {
        self.best(self.dashes >= DASHES_MIN)
    }

    /// The style of the marks in a text whose speech stands after dashes.
    pub(super) fn style_beside_dash(&self) -> Style {
        self.best(false)
    }

    fn best(&self, with_dash: bool) -> Style {
        let votes = |style: Style| self.by_style.get(style as usize).copied().unwrap_or(0);
        let mut best = Style::Double;
        for style in STYLES {
            if (with_dash || style != Style::Dash) && votes(style) > votes(best) {
                best = style;
            }
        }
        best
    }
}

/// Where speech begins in a paragraph that begins with a dash: after the dash, and after a space
/// if the text sets one.
pub(super) fn starts_with_dash(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(['—', '–', '―']).or_else(|| text.strip_prefix("--"))?;
    let rest = rest.trim_start_matches(['—', '-']);
    let said = rest.trim_start();
    let first = said.chars().next()?;
    let ends = text.trim_end_matches(['_', '*']).ends_with(['.', '!', '?', '…', ',', ':', ';', '—', '-', '»', '”']);
    let is_said = first.is_alphabetic() || matches!(first, '¿' | '¡' | '…' | '_' | '.' | '«' | '\'' | '’');
    (is_said && (ends || said.len() == rest.len())).then_some(text.len() - said.len())
}

#[cfg(test)]
mod tests {
    use super::super::marks::candidates;
    use super::*;

    #[test]
    fn most_votes_win() {
        let check = |paragraphs: &[&str], style| {
            let mut votes = Votes::default();
            for text in paragraphs {
                let mut marks = Vec::new();
                candidates(text, &mut marks);
                votes.add(text, &marks);
            }
            assert_eq!(votes.style(), style, "{paragraphs:?}");
        };
        check(&[], Style::Double);
        check(&["“Come,” he said.", "He said ‘no’ twice."], Style::Double);
        check(&["\"Come,\" he said. \"Do.\"", "It's the boys' turn."], Style::Double);
        check(&["‘Come,’ he said.", "‘She said “no” twice.’"], Style::Single);
        check(&["'Come,' he said.", "It's 'ere."], Style::Single);
        check(&["« Venez », dit-il."], Style::Guillemets);
        check(&["»Komm«, sagte er."], Style::GuillemetsInward);
        check(&["„Komm“, sagte er."], Style::LowHigh);
        check(&["”Kom”, sade han."], Style::RightDouble);
        check(&["「来い」と言った。"], Style::Corner);
        check(&["—Come.", "—No, he said.", "—Why?"], Style::Dash);
        check(&["— Да, — сказал он.", "— Нет.", "— Как?"], Style::Dash);
        check(&["– milk", "– eggs", "– bread"], Style::Double);
    }
}

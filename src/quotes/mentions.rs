//! Writes down who is mentioned in a paragraph, and how each name is used.

use super::clause::Reading;
use super::lexicon::Traits;
use super::phrase::{Kind, Phrase, is_finite};
use super::story::{LabelId, Mention, Role, Story};
use super::words::{Gap, Token};

/// Records one mention for each phrase, in order.
pub(super) fn record(story: &mut Story, text: &str, reading: Reading<'_>) {
    for phrase in reading.phrases {
        let label = match phrase.kind {
            Kind::Name | Kind::Role => label(story, text, reading, phrase),
            _ => LabelId::NONE,
        };
        let Some(first) = reading.tokens.get(phrase.start) else { continue };
        let is_quoted = !first.is_narration();
        let is_vocative = is_quoted && phrase.kind == Kind::Name && is_vocative(reading, phrase);
        if label != LabelId::NONE {
            count(story, label, reading, phrase, is_vocative);
        }
        let role = if phrase.is_possessive {
            Role::Owner
        } else if phrase.is_object {
            Role::Object
        } else if phrase.is_subject {
            Role::Subject
        } else {
            Role::Other
        };
        story.mentions.push(Mention {
            at: story.offset.saturating_add(first.start),
            paragraph: story.paragraph,
            label,
            kind: phrase.kind,
            role,
            is_quoted,
            is_vocative,
        });
    }
}

/// The label of a phrase. What its words make is put together once for each way that they are written.
fn label(story: &mut Story, text: &str, reading: Reading<'_>, phrase: &Phrase) -> LabelId {
    let tokens = reading.tokens.get(phrase.start..phrase.end).unwrap_or_default();
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return LabelId::NONE };
    let written = text.get(first.start as usize..last.end as usize).unwrap_or_default();
    let is_role = phrase.kind == Kind::Role;
    if let Some(label) = story.label_as_written(written, is_role) {
        return label;
    }
    let make = if is_role { role_label } else { name_label };
    let label = make(story, text, reading, phrase);
    story.note_written(written, is_role, label);
    label
}

fn name_label(story: &mut Story, text: &str, reading: Reading<'_>, phrase: &Phrase) -> LabelId {
    let tokens = reading.tokens.get(phrase.start..phrase.end).unwrap_or_default();
    let mut name = std::mem::take(&mut story.scratch);
    name.clear();
    for token in tokens {
        let word = text.get(token.start as usize..token.end as usize).unwrap_or_default();
        if !name.is_empty() {
            name.push(' ');
        }
        if token.is_upper() && !token.is_initial() {
            name.extend(word.chars().take(1));
            name.extend(word.chars().skip(1).flat_map(char::to_lowercase));
        } else {
            name.push_str(word);
        }
        let rest = text.get(token.end as usize..).unwrap_or_default();
        let is_short = token.is_initial() || token.any(Traits::TITLE | Traits::SHORTENED);
        if is_short && rest.starts_with('.') && token.end != tokens.last().map_or(0, |t| t.end) {
            name.push('.');
        }
    }
    let label = story.label(&name, tokens.iter().map(|t| t.word), false);
    story.scratch = name;
    label
}

/// The label of a description: *a* counts as *the*, so that later mentions join the first.
fn role_label(story: &mut Story, text: &str, reading: Reading<'_>, phrase: &Phrase) -> LabelId {
    let tokens = reading.tokens.get(phrase.start..phrase.end).unwrap_or_default();
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return LabelId::NONE };
    let words = text.get(first.end as usize..last.end as usize).unwrap_or_default();
    let article = text.get(first.start as usize..first.end as usize).unwrap_or_default();
    let mut name = std::mem::take(&mut story.scratch);
    name.clear();
    name.extend(article.chars().flat_map(char::to_lowercase));
    let owner = first.any(Traits::PRONOUN) || matches!(name.as_str(), "my" | "our" | "your" | "their");
    if !owner {
        name.clear();
        name.push_str("the");
    }
    for word in words.split_whitespace() {
        name.push(' ');
        name.push_str(word);
    }
    // The noun comes first: it tells the gender.
    let noun = reading.tokens.get(phrase.noun).map(|t| t.word);
    let label = story.label(&name, noun.into_iter().chain(tokens.iter().map(|t| t.word)), true);
    story.scratch = name;
    label
}

/// Whether a name in a quotation is an address: between marks, or at an edge.
fn is_vocative(reading: Reading<'_>, phrase: &Phrase) -> bool {
    let tokens = reading.tokens;
    let Some(first) = tokens.get(phrase.start) else { return false };
    let span = first.span;
    let before = tokens.get(phrase.start.wrapping_sub(1)).filter(|t| phrase.start > 0 && t.span == span);
    let after = tokens.get(phrase.end).filter(|t| t.span == span);
    let leads = |t: &Token| t.any(Traits::EPITHET) || matches_address(t);
    let opens = match before {
        None => true,
        Some(b) => {
            first.gap.any(&[Gap::COMMA, Gap::STOP, Gap::DASH, Gap::SEMICOLON]) || first.gap.is_plain() && leads(b)
        }
    };
    let closes = after.is_none_or(|a| a.gap.any(&[Gap::COMMA, Gap::STOP, Gap::DASH, Gap::SEMICOLON]));
    let listed = after.is_some_and(|a| {
        a.gap.any(&[Gap::COMMA]) && a.is_capital() && !a.any(Traits::STOP) || a.any(Traits::AND) && a.gap.is_plain()
    });
    // Nothing but a name is an answer, unless it is called out.
    let is_all = before.is_none() && after.is_none();
    !phrase.is_possessive && opens && closes && !listed && !is_all
}

/// *My* Tom, *O* Tom, *oh* Tom, *well* Tom.
fn matches_address(token: &Token) -> bool {
    token.any(Traits::ADDRESS)
}

fn count(story: &mut Story, label: LabelId, reading: Reading<'_>, phrase: &Phrase, is_vocative: bool) {
    let tokens = reading.tokens;
    let at = |index: usize| tokens.get(index);
    let plain = at(phrase.start).is_some_and(|t| t.gap.is_plain());
    let before = at(phrase.start.wrapping_sub(1)).filter(|_| plain && phrase.start > 0);
    let after = at(phrase.end).filter(|t| t.gap.is_plain());
    let starts = at(phrase.start).is_some_and(Token::starts_sentence);
    let touched =
        before.is_some_and(|t| t.any(Traits::SPEECH) && t.any(Traits::PAST) && !t.is_capital() && t.is_narration());
    let Some(uses) = story.uses(label) else { return };
    let add = |counter: &mut u32, is: bool| *counter = counter.saturating_add(u32::from(is));
    add(&mut uses.all, true);
    add(&mut uses.inside, !starts);
    let says = after.is_some_and(|t| t.any(Traits::SPEECH) && is_finite(t) && t.is_narration());
    add(&mut uses.says, (says || touched) && !phrase.is_object && !phrase.is_possessive);
    add(&mut uses.acts, after.is_some_and(is_finite) && !phrase.is_object && !phrase.is_possessive);
    add(&mut uses.owns, phrase.is_possessive && after.is_some_and(|t| t.any(Traits::OWNED)));
    add(&mut uses.called, is_vocative);
    add(&mut uses.local, before.is_some_and(|t| t.any(Traits::LOCAL)));
    add(&mut uses.article, before.is_some_and(|t| t.any(Traits::DETERMINER)));
    let introduces = at(phrase.start).is_some_and(|t| t.end - t.start <= 2 && t.any(Traits::DETERMINER));
    add(&mut uses.introduced, phrase.kind == Kind::Role && introduces);
}

//! Who is named in a paragraph: names, pronouns and descriptions of persons, as the words tell
//! them before any cast is known.

use super::lexicon::Traits;
use super::words::{Gap, Token};

/// What kind of words name a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Capitalised words, perhaps with titles.
    Name,
    /// A determiner and a noun: *the old man, his wife*.
    Role,
    He,
    She,
    I,
    /// They, we, you, it: somebody who is never shown as a speaker.
    Others,
    /// *A voice, the answer, one of them*.
    Nobody,
}

/// Words that name a person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase {
    pub(super) kind: Kind,
    /// Tokens.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The noun of a role.
    pub(super) noun: usize,
    /// Followed by what it owns (`Mary's hand`, `his hand`).
    pub(super) is_possessive: bool,
    /// After a preposition, or an object pronoun.
    pub(super) is_object: bool,
    /// Begins its sentence or clause, or a finite verb touches it.
    pub(super) is_subject: bool,
}

/// Words between a determiner and its noun.
const ADJECTIVES_MAX: usize = 3;
/// Words of a name.
const NAME_WORDS_MAX: usize = 6;

/// All phrases of a paragraph, in order.
pub(super) fn phrases(tokens: &[Token], found: &mut Vec<Phrase>) {
    found.clear();
    let mut at = 0;
    while at < tokens.len() {
        match phrase(tokens, at) {
            Some(phrase) => {
                at = phrase.end;
                found.push(phrase);
            }
            None => at += 1,
        }
    }
}

fn phrase(tokens: &[Token], at: usize) -> Option<Phrase> {
    let token = tokens.get(at)?;
    // Most words begin none.
    if !token.is_capital() && !token.any(begins()) {
        return None;
    }
    if token.any(Traits::PRONOUN) && (token.is_capital() || !token.any(Traits::I)) {
        return Some(pronoun(tokens, at, token));
    }
    if token.any(Traits::OTHERS) {
        return Some(simple(Kind::Others, at));
    }
    name(tokens, at).or_else(|| role(tokens, at))
}

/// What a small word that begins a phrase can be.
fn begins() -> Traits {
    Traits::PRONOUN | Traits::OTHERS | Traits::TITLE | Traits::DETERMINER
}

fn simple(kind: Kind, at: usize) -> Phrase {
    Phrase { kind, start: at, end: at + 1, noun: at, is_possessive: false, is_object: false, is_subject: true }
}

fn pronoun(tokens: &[Token], at: usize, token: &Token) -> Phrase {
    let kind = if token.any(Traits::I) {
        Kind::I
    } else if token.any(Traits::HE) {
        Kind::He
    } else {
        Kind::She
    };
    let is_subject = token.any(Traits::NOMINATIVE);
    // "His wife", "her mother" name another person.
    if let Some(role) = role(tokens, at).filter(|_| !is_subject) {
        return role;
    }
    let owns = token.any(Traits::DETERMINER)
        && tokens.get(at + 1).is_some_and(|next| {
            next.gap.is_plain() && !next.any(Traits::PREPOSITION | Traits::CONJUNCTION | Traits::DETERMINER)
        });
    Phrase { is_possessive: owns, is_object: !is_subject && !owns, is_subject, ..simple(kind, at) }
}

/// Whether the word can stand in a name.
fn is_name_word(token: &Token) -> bool {
    // "May" and "Will" are names inside a sentence.
    let is_given = token.any(Traits::GIVEN) && !token.starts_sentence();
    token.is_capital() && !token.is_spelled() && (!token.any(Traits::STOP) || token.is_initial() || is_given)
}

/// Titles and capitalised words that touch each other.
fn name(tokens: &[Token], at: usize) -> Option<Phrase> {
    let next_touches = |i: usize| tokens.get(i + 1).is_some_and(Token::is_capital) && touches(tokens, i + 1);
    let is_title = |i: usize, token: &Token| {
        token.any(Traits::TITLE) && (token.is_capital() || next_touches(i)) && !token.is_possessive()
    };
    let mut end = at;
    while end - at < 2 && tokens.get(end).is_some_and(|t| is_title(end, t) && (end == at || touches(tokens, end))) {
        if tokens.get(end).is_some_and(|t| t.any(Traits::STOP) && !next_touches(end)) {
            break;
        }
        end += 1;
    }
    let titles = end - at;
    if titles > 0 && tokens.get(at).is_some_and(|t| !t.is_capital()) && !next_touches(at) {
        return None;
    }
    let mut closed = tokens.get(end.wrapping_sub(1)).is_some_and(|t| titles > 0 && t.is_possessive());
    while !closed && end - at < NAME_WORDS_MAX {
        let Some(token) = tokens.get(end) else { break };
        if end > at && !touches(tokens, end) {
            break;
        }
        // After a title any capitalised word is a name (`Miss Grey`, `Mr. Street`).
        if is_name_word(token) || end == at + titles && titles > 0 && token.is_capital() && !token.any(Traits::PRONOUN)
        {
            end += 1;
            closed = token.is_possessive();
        } else if end > at
            && token.any(Traits::PARTICLE)
            && !token.is_capital()
            && (end + 1..=end + 2).any(|next| tokens.get(next).is_some_and(is_name_word) && touches(tokens, next))
            && tokens.get(end + 1).is_some_and(|next| is_name_word(next) || next.any(Traits::PARTICLE))
        {
            end += 1;
        } else {
            break;
        }
    }
    // Initials alone are no name (`the U.S. envoy`).
    let is_named = tokens.get(at..end).is_some_and(|name| name.iter().any(|t| t.is_capital() && !t.is_initial()));
    is_named.then(|| noun_phrase(Kind::Name, tokens, at, end, end - 1))
}

/// Whether a token stands after the one before it as the next word of the same name does.
fn touches(tokens: &[Token], at: usize) -> bool {
    let (Some(before), Some(token)) = (tokens.get(at.wrapping_sub(1)), tokens.get(at)) else { return false };
    let short = before.is_initial() || before.any(Traits::SHORTENED) && before.is_capital();
    before.span == token.span && (token.gap.is_plain() || short && token.gap.is_abbreviation())
}

/// A determiner, at most three words, a noun that names a person.
fn role(tokens: &[Token], at: usize) -> Option<Phrase> {
    let first = tokens.get(at)?;
    if !first.any(Traits::DETERMINER) || first.is_upper() && first.end - first.start > 1 {
        return None;
    }
    let mut noun = None;
    let mut thing = None;
    for i in at + 1..=at + 1 + ADJECTIVES_MAX {
        let Some(token) = tokens.get(i) else { break };
        let comma = i > at + 2 && token.gap.any(&[Gap::COMMA]) && !token.gap.any(&[Gap::MARK, Gap::STOP]);
        if token.span != first.span || !(token.gap.is_plain() || comma) {
            break;
        }
        if token.is_capital() && !token.any(Traits::NOUN) {
            // "The White Rabbit": a name with an article; "the old Captain Hook": a name later.
            return None;
        }
        if token.any(Traits::NOBODY | Traits::NOUN) {
            noun = Some(i);
            if token.is_possessive() {
                break;
            }
            continue;
        }
        if noun.is_some() || token.any(closes_noun_phrase()) {
            break;
        }
        thing = Some(i);
    }
    if let Some(noun) = noun {
        let token = tokens.get(noun)?;
        let kind = if token.any(Traits::NOUN) { Kind::Role } else { Kind::Nobody };
        // "The man's" owns; "one of the men" is nobody.
        return Some(noun_phrase(kind, tokens, at, noun + 1, noun));
    }
    // An unknown noun is somebody only where a verb of speech touches both it and a mark.
    let thing = thing?;
    let before = tokens.get(at.wrapping_sub(1)).filter(|_| at > 0);
    let said_before = before.is_some_and(|b| b.any(Traits::SPEECH) && b.gap.any(&[Gap::MARK])) && first.gap.is_plain();
    let said_after = first.gap.any(&[Gap::MARK])
        && tokens.get(thing + 1).is_some_and(|next| next.any(Traits::SPEECH) && next.gap.is_plain());
    // After the verb adverbs may follow the noun, before it adjectives precede it.
    let noun = if said_before { at + 1 } else { thing };
    ((said_before || said_after) && first.is_narration()).then(|| noun_phrase(Kind::Role, tokens, at, noun + 1, noun))
}

fn closes_noun_phrase() -> Traits {
    Traits::PREPOSITION
        | Traits::CONJUNCTION
        | Traits::DETERMINER
        | Traits::PRONOUN
        | Traits::OTHERS
        | Traits::SPEECH
        | Traits::AUXILIARY
        | Traits::PAST
}

fn noun_phrase(kind: Kind, tokens: &[Token], start: usize, end: usize, noun: usize) -> Phrase {
    let before = tokens.get(start.wrapping_sub(1)).filter(|_| start > 0);
    let first = tokens.get(start);
    let last = tokens.get(end - 1);
    let plain = first.is_some_and(|t| t.gap.is_plain());
    let article = before.filter(|b| plain && b.any(Traits::DETERMINER | Traits::EPITHET));
    let before = if article.is_some() { tokens.get(start.wrapping_sub(2)).filter(|_| start > 1) } else { before };
    let is_object = plain && before.is_some_and(|b| b.any(Traits::PREPOSITION) && !b.any(Traits::CONJUNCTION));
    let is_possessive = last.is_some_and(Token::is_possessive);
    let next = tokens.get(end).filter(|t| t.gap.is_plain());
    let verb =
        next.is_some_and(|t| is_finite(t) || is_adverb(tokens, end) && tokens.get(end + 1).is_some_and(is_finite));
    let heads = first.is_some_and(Token::starts_sentence)
        || before.is_none_or(|b| plain && b.any(Traits::CONJUNCTION | Traits::SPEECH))
        || first.is_some_and(|t| t.gap.any(&[Gap::COMMA, Gap::MARK, Gap::SEMICOLON])) && verb;
    Phrase {
        kind,
        start,
        end,
        noun,
        is_possessive,
        is_object,
        is_subject: !is_possessive && !is_object && (verb || heads),
    }
}

/// Whether a word is a finite verb in the past, as far as its form tells.
pub(super) fn is_finite(token: &Token) -> bool {
    !token.is_capital() && token.any(Traits::PAST | Traits::SPEECH | Traits::WEAK | Traits::AUXILIARY | Traits::ENDS_ED)
}

/// Whether a word is an adverb: -ly, or one of a few.
pub(super) fn is_adverb(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| !t.is_capital() && t.any(Traits::ADVERB | Traits::ENDS_LY))
}

//! From the records of a text to its quotations with their speakers.

use foldhash::HashMap;

use crate::document::{Quote, QuoteKind};
use crate::text::{Clean, clean_line};

use super::cast::{Cast, PersonId};
use super::decode::{Basis, Speaker, speakers};
use super::reference::References;
use super::story::{Piece, Story, Turn};
use super::words::Vocabulary;

/// Below this a speaker is a guess that nobody is shown.
const FLOOR: f32 = 0.2;
/// The most that somebody known by a description is worth: about four in ten are right.
const NAMELESS: f32 = 0.4;
/// Confidence of a line that signs a quotation.
const SIGNED: f32 = 0.95;

/// Makes quotations of all pieces, and counts the steps that it took.
pub(super) fn quotes(story: Story, words: &Vocabulary) -> (Vec<Quote>, u64) {
    if !words.is_english() {
        return (story.pieces.into_iter().map(|piece| quote(piece, None)).collect(), story.steps);
    }
    let mut cast = Cast::new(&story, words);
    let narrator = cast.add_narrator(&story);
    let mut references = References::new(&story, &cast, narrator);
    let is_dialogue = is_dialogue(&story);
    let (speakers, steps) = speakers(&story, &cast, &mut references, is_dialogue);
    let mut names: HashMap<PersonId, Clean> = HashMap::default();
    let mut attributed = Vec::with_capacity(story.pieces.len());
    for piece in &story.pieces {
        let turn = piece.turn.map(|t| t as usize);
        let speaker = turn.and_then(|t| speakers.get(t).zip(story.turns.get(t)));
        attributed.push(speaker.and_then(|(speaker, turn)| {
            let person = speaker.person?;
            let is_nameless = cast.person(person).is_none_or(|p| p.is_description);
            let sure = confidence(speaker, turn, is_dialogue).min(if is_nameless { NAMELESS } else { 1.0 });
            if sure < FLOOR {
                return None;
            }
            let name = names
                .entry(person)
                .or_insert_with(|| clean_line(cast.persons.get(person.0 as usize).map_or("", |p| p.name.as_str())));
            (!name.is_empty()).then(|| (name.clone(), sure))
        }));
    }
    let steps = story.steps + references.steps + steps;
    let pieces = story.pieces.into_iter().zip(attributed);
    (pieces.map(|(piece, named)| quote(piece, named)).collect(), steps)
}

fn quote(piece: Piece, named: Option<(Clean, f32)>) -> Quote {
    let signed = piece.signature.map(|name| (name, SIGNED));
    let named = signed.or(named).filter(|_| piece.kind != QuoteKind::Inline);
    let confidence = named.as_ref().map_or(piece.confidence, |(_, sure)| *sure);
    Quote {
        kind: piece.kind,
        parts: piece.ranges,
        opening: piece.opening,
        speaker: named.map(|(name, _)| name),
        confidence,
    }
}

/// Whether turns answer turns often enough for a conversation.
fn is_dialogue(story: &Story) -> bool {
    let answers = |pair: &[Turn]| match pair {
        [a, b] => !b.is_block && b.paragraph.saturating_sub(a.last_paragraph) == 1,
        _ => false,
    };
    let answering = story.turns.windows(2).filter(|pair| answers(pair)).count();
    answering >= 4 && answering * 4 >= story.turns.len()
}

/// How sure a speaker is, by the kind of evidence and the margin in decoding.
fn confidence(speaker: &Speaker, turn: &Turn, is_dialogue: bool) -> f32 {
    let weight = turn.evidence.map_or(0.0, |e| e.weight);
    let margin = speaker.margin.max(0.0);
    // Essays and speeches name by what is near; no conversation confirms it.
    if !is_dialogue && speaker.basis == Basis::Pronoun {
        return 0.55 + 0.3 * (margin / 6.0).min(1.0);
    }
    let points: &[(f32, f32)] = match speaker.basis {
        Basis::Name => &[(0.0, 0.3), (4.0, 0.75), (8.0, 0.8), (11.0, 0.9), (14.0, 0.95), (20.0, 0.97)],
        Basis::Narrator => &[(0.0, 0.9), (20.0, 0.93)],
        Basis::Description => &[(0.0, 0.4)],
        Basis::Likeness => &[(0.0, 0.35), (4.0, 0.5), (8.0, 0.7)],
        Basis::Pronoun => &[(0.0, 0.3), (1.0, 0.42), (2.0, 0.52), (4.0, 0.62), (6.0, 0.76), (8.0, 0.86), (14.0, 0.9)],
        Basis::Context => &[(0.0, 0.38), (1.0, 0.55), (2.0, 0.62), (3.0, 0.7), (4.0, 0.78), (8.0, 0.82)],
    };
    // A clause that stands less firmly is less sure.
    let firm = if matches!(speaker.basis, Basis::Name | Basis::Narrator) { 0.9 + 0.1 * weight } else { 1.0 };
    interpolate(points, margin) * firm
}

/// The value at `x` on a line through points in ascending order.
fn interpolate(points: &[(f32, f32)], x: f32) -> f32 {
    let mut last = points.first().copied().unwrap_or_default();
    for &(next, value) in points {
        if x <= next {
            let share = if next > last.0 { (x - last.0) / (next - last.0) } else { 0.0 };
            return last.1 + share.max(0.0) * (value - last.1);
        }
        last = (next, value);
    }
    last.1
}

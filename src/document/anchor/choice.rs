//! Which candidate is the one: by how good they are, and where several are as good, by what stands
//! around them and by the marks beside.

use super::candidate::Candidate;
use super::search::Wanted;

/// Two fits that differ less are as good as each other.
const RIVAL: f32 = 0.03;
/// A share of the document by which a place may be elsewhere than the marks around it say, and
/// one by which it is as they say.
const FAR: f64 = 0.02;
const CLOSE: f64 = 0.01;
/// Share of what stood around a place from which on one with half of it is another passage.
const AROUND: f32 = 0.3;
/// Shares of what stood around that differ less are the same.
const ALIKE: f32 = 0.1;

/// The candidate of each anchor. Where several are as good, the one that stands to the marks
/// around it as it stood; none where that does not tell.
pub fn choose(wanted: &[Wanted<'_>]) -> Vec<Option<(usize, Candidate)>> {
    let rivals: Vec<Vec<&(usize, Candidate)>> = wanted.iter().map(rivals).collect();
    let mut sure: Vec<(f64, f64)> = Vec::new();
    for (wanted, rivals) in wanted.iter().zip(&rivals) {
        if let [(_, best)] = rivals.as_slice()
            && !best.is_strange
            && !best.is_nearest
        {
            sure.push((wanted.fraction(), best.fraction));
        }
    }
    sure.sort_by(|a, b| a.0.total_cmp(&b.0));
    wanted.iter().zip(&rivals).map(|(wanted, rivals)| choose_one(wanted, rivals, &sure)).collect()
}

fn choose_one(wanted: &Wanted<'_>, rivals: &[&(usize, Candidate)], sure: &[(f64, f64)]) -> Option<(usize, Candidate)> {
    let expected = beside(sure, wanted.fraction());
    let apart = |candidate: &Candidate| (candidate.fraction - expected).abs();
    if let [(number, best)] = rivals {
        if !best.is_strange || sure.is_empty() || apart(best) <= FAR {
            return Some((*number, best.clone()));
        }
        let close = standing(wanted).find(|(_, other)| apart(other) <= CLOSE);
        // The same words elsewhere are not known to be the ones that were marked.
        return Some(close.cloned().unwrap_or((*number, Candidate { is_whole: false, ..best.clone() })));
    }
    // In a text where all passages are alike a small word may be all that differs.
    let full: Vec<_> = rivals.iter().filter(|rival| rival.1.is_full).collect();
    if let [full] = full.as_slice()
        && rivals.iter().all(|rival| rival.1.around.unwrap_or_default() <= full.1.around.unwrap_or_default() + ALIKE)
    {
        return Some((**full).clone());
    }
    let mut rivals = rivals.to_vec();
    rivals.sort_by(|a, b| apart(&a.1).total_cmp(&apart(&b.1)));
    match rivals.as_slice() {
        [near, far, ..] if apart(&near.1) * 2.0 < apart(&far.1) => Some((*near).clone()),
        _ => None,
    }
}

/// Candidates, the best first. Where the text was divided beside a quotation, what is left of the
/// place counts for nothing if the quotation went with the text on the other side.
fn standing<'a>(wanted: &'a Wanted<'_>) -> impl Iterator<Item = &'a (usize, Candidate)> {
    let is_elsewhere = wanted.starts.iter().any(|(_, candidate)| candidate.is_amid);
    wanted.starts.iter().filter(move |(_, candidate)| !(candidate.is_torn && is_elsewhere))
}

/// Candidates that are as good as the best one. One around which another text stands than around
/// the others is another passage, however well its words fit.
fn rivals<'a>(wanted: &'a Wanted<'_>) -> Vec<&'a (usize, Candidate)> {
    let known = standing(wanted).filter_map(|(_, candidate)| candidate.around);
    let most = known.fold(0.0, f32::max);
    let is_there = |candidate: &Candidate| most < AROUND || candidate.around.is_none_or(|around| around * 2.0 >= most);
    let there = || standing(wanted).filter(|(_, candidate)| is_there(candidate));
    // They are in order.
    let best = there().next().map_or(0.0, |(_, best)| best.score);
    there().filter(|(_, candidate)| candidate.score >= best - RIVAL).collect()
}

/// Where a place should be that stood at `old`, by the one nearest to it of those that are known
/// before and after.
fn beside(known: &[(f64, f64)], old: f64) -> f64 {
    let nearest = known.iter().min_by(|a, b| (a.0 - old).abs().total_cmp(&(b.0 - old).abs()));
    nearest.map_or(old, |(before, now)| now + (old - before))
}

/// Where a lost place may be: between those found around it, or beside the nearest one.
pub fn guess(known: &[(f64, f64)], old: f64) -> f64 {
    let before = known.iter().filter(|(was, _)| *was <= old).max_by(|a, b| a.0.total_cmp(&b.0));
    let after = known.iter().filter(|(was, _)| *was > old).min_by(|a, b| a.0.total_cmp(&b.0));
    match (before, after) {
        (Some(before), Some(after)) if before.1 <= after.1 => {
            before.1 + (after.1 - before.1) * (old - before.0) / (after.0 - before.0).max(f64::EPSILON)
        }
        _ => beside(known, old),
    }
    .clamp(0.0, 1.0)
}

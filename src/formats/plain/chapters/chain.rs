//! Numbers that run: of all candidates of one kind, those that count up through the text.
//!
//! Single lines prove nothing; a series does. The best chain is found by dynamic programming
//! over the candidates of one kind.

/// A candidate of a chain.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Its block.
    pub block: usize,
    /// Its number; 0 follows whatever came before.
    pub value: u32,
    /// How much it looks like a heading by itself.
    pub weight: f64,
    /// Characters of text before it.
    pub before: u64,
    /// How many headings of an outer kind precede it: numbering may begin again after one.
    pub parents: usize,
}

/// How far back a predecessor is looked for.
const LOOK_BACK: usize = 150;

/// The chain of greatest weight: indices into the links, in order.
pub fn best(links: &[Link]) -> Vec<usize> {
    let mut score: Vec<f64> = Vec::with_capacity(links.len());
    let mut from: Vec<Option<usize>> = Vec::with_capacity(links.len());
    for (index, link) in links.iter().enumerate() {
        let start = if link.value <= 1 { 0.0 } else { 0.8 };
        let mut best = (link.weight - start, None);
        for earlier in index.saturating_sub(LOOK_BACK)..index {
            let (Some(previous), Some(sum)) = (links.get(earlier), score.get(earlier)) else { continue };
            let total = sum + link.weight - cost(previous, link);
            if total > best.0 {
                best = (total, Some(earlier));
            }
        }
        score.push(best.0);
        from.push(best.1);
    }
    let Some(last) = score.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i) else {
        return Vec::new();
    };
    let mut chain: Vec<usize> = std::iter::successors(Some(last), |&i| from.get(i).copied().flatten()).collect();
    chain.reverse();
    chain
}

/// What a step from one number to another costs.
fn cost(a: &Link, b: &Link) -> f64 {
    if b.value == 0 || b.value == a.value + 1 {
        return 0.0;
    }
    if b.value == 1 {
        return if b.parents > a.parents { 0.3 } else { 1.4 };
    }
    if b.value > a.value && b.value - a.value <= 6 {
        return 0.6 * f64::from(b.value - a.value);
    }
    if b.value == a.value { 2.5 } else { 4.0 }
}

/// What a chain is like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Members.
    pub len: usize,
    /// Mean weight.
    pub weight: f64,
    /// Characters between members in the middle of their order.
    pub median: u64,
    /// Begins at 1 and nearly every step is one up, or begins again under a new parent.
    pub clean: bool,
    /// Characters from the first member to the last.
    pub extent: u64,
}

/// Looks at a chain.
pub fn shape(links: &[Link], chain: &[usize]) -> Shape {
    let members: Vec<&Link> = chain.iter().filter_map(|&i| links.get(i)).collect();
    let mut gaps: Vec<u64> = Vec::new();
    let mut good = 0;
    for pair in members.windows(2) {
        let [a, b] = pair else { continue };
        gaps.push(b.before.saturating_sub(a.before));
        let again = b.value == 1;
        good += usize::from(b.value == 0 || b.value == a.value + 1 || again);
    }
    gaps.sort_unstable();
    let steps = members.len().saturating_sub(1).max(1);
    Shape {
        len: members.len(),
        weight: members.iter().map(|l| l.weight).sum::<f64>() / members.len().max(1) as f64,
        median: gaps.get(gaps.len() / 2).copied().unwrap_or(0),
        clean: members.len() >= 3 && members.first().is_some_and(|l| l.value == 1) && good * 100 >= steps * 90,
        extent: members.last().map_or(0, |l| l.before) - members.first().map_or(0, |l| l.before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[u32], expected: &[u32]) {
        let link =
            |(i, v): (usize, &u32)| Link { block: i, value: *v, weight: 0.8, before: i as u64 * 1000, parents: 0 };
        let links: Vec<Link> = values.iter().enumerate().map(link).collect();
        let found: Vec<u32> = best(&links).into_iter().map(|i| links[i].value).collect();
        assert_eq!(found, expected, "{values:?}");
    }

    #[test]
    fn the_run_is_found_among_others() {
        check(&[1, 2, 3, 4], &[1, 2, 3, 4]);
        check(&[1, 40, 2, 12, 3], &[1, 2, 3]);
        check(&[1, 2, 4, 5], &[1, 2, 4, 5]);
        check(&[], &[]);
    }
}

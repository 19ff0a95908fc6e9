//! The name somebody probably meant: the nearest by Damerau-Levenshtein distance (optimal string alignment), if it is
//! near enough.

/// The candidate nearest to what was given, at most a third of its letters away.
pub(super) fn nearest(given: &str, candidates: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let bound = (given.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(given, candidate), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, left out, replaced, or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
    rows[0] = (0..=other.len()).collect();
    for i in 1..=one.len() {
        rows[i][0] = i;
        for j in 1..=other.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            rows[i][j] = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
            }
        }
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        for (given, want) in [
            ("listen", Some("listen")),
            ("lisen", Some("listen")),
            ("lsiten", Some("listen")),
            ("listens", Some("listen")),
            ("lvel", Some("level")),
            ("lev", None),
            ("x", None),
            ("", None),
            ("läsen", None),
        ] {
            assert_eq!(nearest(given, ["listen", "level"]), want, "{given}");
        }
        assert_eq!((distance("", "abc"), distance("abc", ""), distance("ca", "ac")), (3, 3, 1));
    }
}

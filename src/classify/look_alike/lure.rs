//! What a label is once the words that lure are taken off it: `secure-paypal-login24` is `paypal`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The deepest a label is peeled.
const DEEPEST: usize = 5;

/// A word, and whether it proves something alone.
type Lure = (&'static str, bool);

/// Words by one of their letters.
type ByLetter = HashMap<u8, Vec<Lure>>;

/// The words by their first letter, and by their last.
static LURES: LazyLock<(ByLetter, ByLetter)> = LazyLock::new(|| {
    let (mut by_first, mut by_last) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
    for (word, proof) in lines().filter_map(|line| line.split_once(' ')) {
        let lure = (word, proof == "strong");
        by_first.entry(word.as_bytes()[0]).or_default().push(lure);
        by_last.entry(word.as_bytes()[word.len() - 1]).or_default().push(lure);
    }
    (by_first, by_last)
});

/// The lines of the list.
fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("lures.txt").lines().filter(|line| !line.starts_with('#'))
}

/// The first answer about what is left of a label when lures are taken off its ends, at least one of which proves
/// something. Digits and hyphens between them go too.
pub(super) fn behind_lures<T>(label: &str, ask: &mut dyn FnMut(&str) -> Option<T>) -> Option<T> {
    peel(label, false, DEEPEST, ask)
}

fn peel<T>(label: &str, proven: bool, depth: usize, ask: &mut dyn FnMut(&str) -> Option<T>) -> Option<T> {
    let bare = without_numbers(label);
    if proven && let Some(found) = ask(label.trim_matches('-')).or_else(|| ask(bare)) {
        return Some(found);
    }
    let (first, last) = (*bare.as_bytes().first()?, *bare.as_bytes().last()?);
    if depth == 0 {
        return None;
    }
    let of = |words: &'static HashMap<u8, Vec<Lure>>, letter| words.get(&letter).into_iter().flatten();
    let fronts = of(&LURES.0, first).filter_map(|(word, strong)| Some((bare.strip_prefix(word)?, *strong)));
    let backs = of(&LURES.1, last).filter_map(|(word, strong)| Some((bare.strip_suffix(word)?, *strong)));
    fronts.chain(backs).find_map(|(rest, strong)| peel(rest, proven || strong, depth - 1, ask))
}

/// A label without the numbers and hyphens at its ends.
fn without_numbers(label: &str) -> &str {
    label.trim_matches(|sign: char| sign == '-' || sign.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_behind_lures() {
        for (label, found) in [
            ("paypal-login", true),
            ("secure-paypal", true),
            ("paypallogin", true),
            ("loginpaypal24", true),
            ("www-paypal-com-secure", true),
            ("secure2024-paypal-account-update", true),
            ("paypal", false),
            ("paypal-online", false),
            ("paypal24", false),
            ("paypal-fans", false),
            ("mypaypalx-login", false),
            ("login", false),
            ("", false),
        ] {
            let mut ask = |rest: &str| (rest == "paypal").then_some(());
            assert_eq!(behind_lures(label, &mut ask).is_some(), found, "{label}");
        }
        assert!(lines().is_sorted() && lines().count() > 100);
        assert!(lines().all(|line| line.ends_with(" strong") || line.ends_with(" weak")));
    }
}

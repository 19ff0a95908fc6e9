//! What a label is once the words that lure are taken off it: `secure-paypal-login24` is `paypal`.

use std::sync::LazyLock;

/// The deepest a label is peeled.
const DEEPEST: usize = 5;

/// Words, each with whether it proves something alone.
static LURES: LazyLock<Vec<(&str, bool)>> = LazyLock::new(|| {
    let lines = include_str!("lures.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).map(|(word, proof)| (word, proof == "strong")).collect()
});

/// The first answer about what is left of a label when lures are taken off its ends, at least one of which proves
/// something. Digits and hyphens between them go too.
pub(super) fn behind_lures<T>(label: &str, ask: &mut dyn FnMut(&str) -> Option<T>) -> Option<T> {
    peel(label, false, DEEPEST, ask)
}

fn peel<T>(label: &str, proven: bool, depth: usize, ask: &mut dyn FnMut(&str) -> Option<T>) -> Option<T> {
    let bare = |text: &str| -> usize { text.bytes().filter(|byte| !byte.is_ascii_digit() && *byte != b'-').count() };
    if proven && let Some(found) = ask(label.trim_matches('-')).or_else(|| ask(without_numbers(label))) {
        return Some(found);
    }
    if depth == 0 || bare(label) < 4 {
        return None;
    }
    let label = without_numbers(label);
    LURES.iter().find_map(|(word, strong)| {
        let front = label.strip_prefix(word).filter(|rest| !rest.is_empty());
        let back = label.strip_suffix(word).filter(|rest| !rest.is_empty());
        let mut on = |rest: &str| peel(rest, proven || *strong, depth - 1, ask);
        front.and_then(&mut on).or_else(|| back.and_then(&mut on))
    })
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
        assert!(LURES.is_sorted() && LURES.len() > 100);
    }
}

//! One edit away: names found by what is left of them without one letter, so that a question costs a few look-ups
//! whatever the number of names ("deletion neighbourhood", as in SymSpell).

use super::How;
use xxhash_rust::xxh3::xxh3_64;

/// From this length on a name is known by any one edit of it.
const LONG: usize = 6;

/// From this length on a name is known by two letters swapped or one doubled, which are slips and seldom words.
const SHORT: usize = 5;

/// From this length on a name is known without its first letter, which nobody mistypes unless to be another word.
const LONGER: usize = 8;

/// Names and what is left of them without one letter, by hash.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// The hash of a part and the place of its name, in order.
    parts: Vec<(u64, u32)>,
    longest: usize,
}

impl Neighbours {
    /// Of names by their place.
    pub(super) fn new<'name>(names: impl Iterator<Item = (u32, &'name str)>) -> Self {
        let mut found = Self::default();
        for (place, name) in names.filter(|(_, name)| name.len() >= SHORT) {
            found.longest = found.longest.max(name.len());
            each_part(name, |hash| found.parts.push((hash, place)));
        }
        found.parts.sort_unstable();
        found.parts.dedup();
        found
    }

    /// The places of names that may be one edit from a label.
    pub(super) fn near(&self, label: &str) -> Vec<u32> {
        let mut places = Vec::new();
        if label.len() >= SHORT && label.len() <= self.longest + 1 {
            each_part(label, |hash| {
                let first = self.parts.partition_point(|(part, _)| *part < hash);
                let same = self.parts[first..].iter().take_while(|(part, _)| *part == hash);
                places.extend(same.map(|(_, place)| *place));
            });
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Calls with the hash of a word and of each part of it that lacks one byte.
fn each_part(word: &str, mut with: impl FnMut(u64)) {
    with(xxh3_64(word.as_bytes()));
    let mut part = word.as_bytes().get(1..).unwrap_or_default().to_vec();
    for (at, byte) in word.bytes().enumerate() {
        with(xxh3_64(&part));
        if let Some(slot) = part.get_mut(at) {
            *slot = byte;
        }
    }
}

/// The one edit that makes a label of a name; `None` where it takes none or more, or proves nothing at its length.
pub(super) fn edit(name: &str, label: &str) -> Option<How> {
    let (name, label) = (name.as_bytes(), label.as_bytes());
    let at = name.iter().zip(label).take_while(|(one, other)| one == other).count();
    let (left, right) = (&name[at..], &label[at..]);
    let how = match (left, right) {
        ([], []) => return None,
        ([one, other, rest @ ..], [first, second, same @ ..]) if one == second && other == first && rest == same => {
            How::Swap
        }
        ([_, rest @ ..], [_, same @ ..]) if rest == same => How::Substitution,
        (rest, [added, same @ ..]) if rest == same => match at.checked_sub(1).map(|before| label[before]) {
            Some(before) if before == *added => How::Repetition,
            _ => How::Insertion,
        },
        ([_, rest @ ..], same) if rest == same => How::Omission,
        _ => return None,
    };
    let needed = match how {
        How::Swap | How::Repetition => SHORT,
        _ if at == 0 => LONGER,
        _ => LONG,
    };
    (name.len() >= needed).then_some(how)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_has_its_word() {
        for (name, label, how) in [
            ("paypal", "paypal", None),
            ("paypal", "paypol", Some(How::Substitution)),
            ("paypal", "aypal", None),
            ("facebook", "acebook", Some(How::Omission)),
            ("paypal", "paypl", Some(How::Omission)),
            ("paypal", "paypaal", Some(How::Repetition)),
            ("paypal", "ppaypal", Some(How::Repetition)),
            ("paypal", "paypalx", Some(How::Insertion)),
            ("paypal", "xpaypal", None),
            ("facebook", "xfacebook", Some(How::Insertion)),
            ("paypal", "papyal", Some(How::Swap)),
            ("paypal", "apypal", Some(How::Swap)),
            ("paypal", "paypla", Some(How::Swap)),
            ("paypal", "payapll", None),
            ("paypal", "pqypql", None),
            ("paypal", "", None),
            ("gmail", "gmial", Some(How::Swap)),
            ("gmail", "gmaill", Some(How::Repetition)),
            ("gmail", "email", None),
            ("gmail", "gmai", None),
            ("ebay", "eaby", None),
        ] {
            assert_eq!(edit(name, label), how, "{name} {label}");
            let near = Neighbours::new([(7, name)].into_iter()).near(label);
            assert!(how.is_none() || near == [7], "{name} {label}");
        }
        let far = Neighbours::new([(0, "paypal"), (1, "google")].into_iter());
        assert!(far.near("wikipedia").is_empty() && far.near("").is_empty() && far.near("pqypql").is_empty());
    }
}

//! How long requests took, as numbers that can be counted together: how many took how long, and what share was not slower.

use serde::Serialize;
use std::collections::BTreeMap;

/// Durations below are counted in an array.
const EXACT_MS: usize = 4096;
/// Significant bits of longer ones.
const SIGNIFICANT_BITS: u32 = 14;

/// How many requests took how long. Durations of 16,384 ms and above are rounded down to 14 significant bits, less than
/// 0.02 % off, so that memory does not grow with the number of rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DurationCounts {
    /// By milliseconds.
    short: Vec<u64>,
    /// By milliseconds, rounded.
    long: BTreeMap<u64, u64>,
}

/// How long requests took, in milliseconds; shares by nearest rank.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Durations {
    /// Requests.
    pub requests: u64,
    /// Half took no longer.
    pub p50_ms: u64,
    /// 90 of 100 took no longer.
    pub p90_ms: u64,
    /// 95 of 100 took no longer.
    pub p95_ms: u64,
    /// 99 of 100 took no longer.
    pub p99_ms: u64,
    /// The longest.
    pub max_ms: u64,
}

impl DurationCounts {
    /// Counts a request; a negative duration as none.
    pub fn add(&mut self, duration_ms: i64) {
        let ms = u64::try_from(duration_ms).unwrap_or_default();
        match usize::try_from(ms) {
            Ok(at) if at < EXACT_MS => {
                if self.short.is_empty() {
                    self.short = vec![0; EXACT_MS];
                }
                self.short[at] += 1;
            }
            _ => {
                let dropped = (u64::BITS - ms.leading_zeros()).saturating_sub(SIGNIFICANT_BITS);
                *self.long.entry(ms >> dropped << dropped).or_default() += 1;
            }
        }
    }

    /// Adds what others counted.
    pub fn merge(&mut self, other: &DurationCounts) {
        if self.short.is_empty() {
            self.short.clone_from(&other.short);
        } else {
            self.short.iter_mut().zip(&other.short).for_each(|(mine, theirs)| *mine += theirs);
        }
        for (ms, requests) in &other.long {
            *self.long.entry(*ms).or_default() += requests;
        }
    }

    /// What that comes to; `None` where nothing was counted.
    pub fn summary(&self) -> Option<Durations> {
        let requests = self.short.iter().sum::<u64>() + self.long.values().sum::<u64>();
        (requests > 0).then(|| Durations {
            requests,
            p50_ms: self.at_rank(requests, 50),
            p90_ms: self.at_rank(requests, 90),
            p95_ms: self.at_rank(requests, 95),
            p99_ms: self.at_rank(requests, 99),
            max_ms: self.at_rank(requests, 100),
        })
    }

    fn at_rank(&self, requests: u64, percent: u64) -> u64 {
        // In 128 bits a hundred times as many fit always.
        let rank = (u128::from(requests) * u128::from(percent)).div_ceil(100);
        let short = self.short.iter().enumerate().map(|(ms, requests)| (ms as u64, *requests));
        let mut passed = 0_u128;
        let mut all = short.chain(self.long.iter().map(|(ms, requests)| (*ms, *requests)));
        let found = all.find(|(_, requests)| {
            passed += u128::from(*requests);
            passed >= rank && *requests > 0
        });
        found.map_or(0, |(ms, _)| ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(durations_ms: &[i64]) -> DurationCounts {
        let mut counts = DurationCounts::default();
        durations_ms.iter().for_each(|ms| counts.add(*ms));
        counts
    }

    #[test]
    fn shares_are_by_nearest_rank() {
        assert_eq!(DurationCounts::default().summary(), None);
        let hundred: Vec<i64> = (1..=100).rev().collect();
        let found = Durations { requests: 100, p50_ms: 50, p90_ms: 90, p95_ms: 95, p99_ms: 99, max_ms: 100 };
        assert_eq!(counted(&hundred).summary(), Some(found));
        let one = counted(&[-5]).summary().unwrap();
        assert_eq!((one.requests, one.p50_ms, one.max_ms), (1, 0, 0));
    }

    proptest! {
        #[test]
        fn no_share_is_further_off_than_said(
            durations in proptest::collection::vec(prop_oneof![0..5000_i64, 0..100_000_000_i64, Just(i64::MAX)], 1..300),
            cut in 0..300_usize,
        ) {
            let (one, other) = durations.split_at(cut.min(durations.len()));
            let mut counts = counted(one);
            counts.merge(&counted(other));
            prop_assert_eq!(&counts, &counted(&durations));
            let mut sorted = durations.clone();
            sorted.sort_unstable();
            let found = counts.summary().unwrap();
            for (percent, found) in [(50, found.p50_ms), (90, found.p90_ms), (95, found.p95_ms), (99, found.p99_ms), (100, found.max_ms)] {
                let exact = sorted[(sorted.len() * percent).div_ceil(100) - 1] as u64;
                prop_assert!(found <= exact && exact - found <= exact / 8192, "{percent}: {found} for {exact}");
                prop_assert!(exact >= 4096 || found == exact);
            }
        }
    }
}

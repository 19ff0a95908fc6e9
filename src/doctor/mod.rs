//! What a log can't show: from its format, from the squid.conf that writes it, from what its rows were seen to carry.
//! Each blind spot comes with what is lost by it and with the lines of squid.conf that mend it.
//!
//! Not here: whether a configuration is secure (`posture`). Sources: Squid's `cf.data.pre` (5.7 to 7) and its
//! `urlCanonicalCleanWithoutRequest`, which leaves the question mark where `strip_query_terms` took the query.

mod checks;
mod configured;
mod diagnosis;
mod evidence;
mod files;
mod fixes;
mod sample;
mod spot;

pub use checks::{CHECKS, Check};
pub use diagnosis::{Diagnosis, Subject, diagnose, title};
pub use evidence::Evidence;
pub use files::{DoctorError, log_format, read_conf};
pub use spot::{Ability, BlindSpot, Severity};

use crate::format::Format;
use crate::model::Observed;
use std::collections::BTreeMap;

/// What a log in that format, whose rows were seen to carry that, can't show; the worst first.
pub fn blind_spots(format: &dyn Format, observed: &Observed) -> Vec<BlindSpot> {
    examine(&Evidence { observed: Some(*observed), ..Evidence::of_format(format) })
}

/// What logs can't show, each given as its format's spec and what its rows were seen to carry; each blind spot once, the
/// worst first.
pub fn blind_spots_of_all<'l>(logs: impl Iterator<Item = (&'l str, &'l Observed)>) -> Vec<BlindSpot> {
    let mut by_format: BTreeMap<&str, Observed> = BTreeMap::new();
    for (spec, observed) in logs {
        by_format.entry(spec).or_default().add(observed);
    }
    let mut spots: Vec<BlindSpot> = Vec::new();
    for (spec, observed) in by_format {
        let Ok(format) = crate::format::resolve(spec) else { continue };
        for spot in blind_spots(&*format, &observed) {
            if !spots.iter().any(|known| known.id == spot.id) {
                spots.push(spot);
            }
        }
    }
    spots.sort_by_key(|spot| std::cmp::Reverse(spot.severity));
    spots
}

/// Every blind spot that the evidence shows, the worst first.
pub fn examine(evidence: &Evidence<'_>) -> Vec<BlindSpot> {
    let mut spots: Vec<BlindSpot> = CHECKS.iter().filter_map(|check| check.run(evidence)).collect();
    spots.sort_by_key(|spot| std::cmp::Reverse(spot.severity));
    spots
}

/// What can still be found out wholly beside those blind spots.
pub fn left(spots: &[BlindSpot]) -> Vec<Ability> {
    Ability::ALL.into_iter().filter(|ability| !spots.iter().any(|spot| spot.loses.contains(ability))).collect()
}

#[cfg(test)]
mod tests;

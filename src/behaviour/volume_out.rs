//! A client that sends far more in a day than on its other days. Needs the bytes from clients (`%>st`) in the log.
//!
//! Source: MITRE ATT&CK T1048.

use super::profile::{BASELINE_DAYS, Ground, Profile};
use super::suspicion::{Place, Suspicion};
use crate::model::DAY_MS;
use std::collections::BTreeMap;

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    let mut days: BTreeMap<u32, u64> = BTreeMap::new();
    profile.sent.iter().for_each(|sent| {
        let sum = days.entry(sent.day).or_default();
        *sum = sum.saturating_add(sent.bytes);
    });
    for (day, bytes) in &days {
        let mut others: Vec<u64> = days.iter().filter(|(other, _)| *other != day).map(|(_, bytes)| *bytes).collect();
        if *bytes < ground.limits.volume_out_bytes || (others.len() as i64) < BASELINE_DAYS {
            continue;
        }
        let middle = others.len() / 2;
        let usual = *others.select_nth_unstable(middle).1;
        if *bytes < usual.saturating_mul(ground.limits.volume_out_factor) {
            continue;
        }
        let begins = u32::try_from(i64::from(*day) * DAY_MS).unwrap_or(u32::MAX);
        let ends = begins.saturating_add(DAY_MS as u32);
        let of_day = || profile.calls.iter().map(|call| call.at_ms()).filter(|at| (begins..ends).contains(at));
        let (first, last) = (of_day().min().unwrap_or(begins), of_day().max().unwrap_or(begins));
        let place = (profile.client, Place::Anywhere);
        let suspicion = Suspicion::of("volume_out", place, ground.range, (first, last), of_day().count() as u64);
        out.push(
            suspicion
                .measured("megabytes", *bytes as f64 / 1e6)
                .measured("usual_megabytes", usual as f64 / 1e6)
                .strong(*bytes as f64),
        );
    }
}

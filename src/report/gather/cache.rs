//! What the cache was good for, by result codes.

use super::asker::Asker;
use crate::model::{Dimension, EventFilter, GroupOrder, Outcome, Resolution, SeriesQuery, Terms};
use crate::report::Shown;
use crate::report::contents::{Cache, CacheHour, ResultUse};
use crate::report::figures::share_pct;
use crate::store::StoreResult;

/// Whether a result code means that the reply came from the cache, as `LogTags::isTcpHit` of Squid 5 to 7 has it; also
/// where others end it with `HIT`.
fn is_hit(result: &str) -> bool {
    let result = result.to_ascii_uppercase();
    let mut words = result.split(['_', '/', ' ']);
    words.any(|word| word == "HIT") || result.contains("REFRESH_UNMODIFIED") || result.contains("REFRESH_FAIL_OLD")
}

/// Requests that a cache can have a say in: no tunnels, and not what the proxy itself refused.
fn cacheable(ask: &Asker<'_>) -> EventFilter {
    EventFilter {
        method: Terms { any: Vec::new(), none: vec!["CONNECT".to_owned()] },
        outcome: Terms { any: Vec::new(), none: vec![Outcome::Denied, Outcome::AuthChallenge] },
        ..ask.all()
    }
}

pub(super) fn cache(ask: &Asker<'_>) -> StoreResult<Option<Cache>> {
    let by = Dimension::ResultCode;
    let (entries, _) = ask.groups(by, &ask.all(), GroupOrder::Rows, usize::MAX, false)?;
    if entries.is_empty() {
        return Ok(None);
    }
    let result = |entry: &crate::model::GroupEntry| ResultUse {
        name: Shown::of(&entry.name),
        is_hit: is_hit(&entry.name),
        requests: entry.measure.outcomes.total(),
        bytes_sent: entry.measure.bytes,
    };
    let results = entries.iter().take(ask.top).map(result).collect();
    let mut hours: Vec<CacheHour> = (0..24).map(|hour| CacheHour { hour, ..CacheHour::default() }).collect();
    let query = SeriesQuery { by: Some(by), filter: cacheable(ask), resolution: Resolution::Hour };
    for point in ask.store.series(&query, &ask.lens)? {
        let hour = &mut hours[point.time.hour().rem_euclid(24) as usize];
        let (requests, bytes) = (point.measure.outcomes.total(), point.measure.bytes);
        hour.requests += requests;
        hour.bytes_sent = hour.bytes_sent.saturating_add(bytes);
        if is_hit(&point.name) {
            hour.hits += requests;
            hour.bytes_saved = hour.bytes_saved.saturating_add(bytes);
        }
    }
    let sum = |part: fn(&CacheHour) -> u64| hours.iter().map(part).fold(0, u64::saturating_add);
    let (requests, hits) = (sum(|hour| hour.requests), sum(|hour| hour.hits));
    let (bytes_sent, bytes_saved) = (sum(|hour| hour.bytes_sent), sum(|hour| hour.bytes_saved));
    Ok(Some(Cache {
        requests,
        hits,
        hit_pct: share_pct(hits, requests),
        bytes_sent,
        bytes_saved,
        byte_hit_pct: share_pct(bytes_saved, bytes_sent),
        hours,
        results,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_those_of_squid() {
        for result in [
            "TCP_HIT",
            "TCP_MEM_HIT",
            "TCP_IMS_HIT",
            "TCP_INM_HIT",
            "TCP_NEGATIVE_HIT",
            "TCP_OFFLINE_HIT",
            "TCP_REFRESH_UNMODIFIED",
            "TCP_REFRESH_UNMODIFIED_ABORTED",
            "TCP_REFRESH_FAIL_OLD",
            "TCP_MEM_HIT_ABORTED",
            "TCP_REFRESH_HIT",
            "HIT",
        ] {
            assert!(is_hit(result), "{result}");
        }
        for result in [
            "TCP_MISS",
            "TCP_REFRESH_MODIFIED",
            "TCP_REFRESH_FAIL_ERR",
            "TCP_DENIED",
            "TCP_TUNNEL",
            "NONE_NONE",
            "-",
            "WHITE",
        ] {
            assert!(!is_hit(result), "{result}");
        }
    }
}

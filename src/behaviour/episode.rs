//! Stretches of time in which something happened too often.

/// A stretch, in milliseconds since the window's start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Episode {
    pub(super) first_ms: u32,
    pub(super) last_ms: u32,
    /// Events in it.
    pub(super) events: u64,
    /// Most events within one width.
    pub(super) peak: u64,
}

/// Stretches with at least `limit` events within `width_ms`, of events at rising times. Such that overlap or lie less
/// than a width apart are one.
pub(super) fn episodes(times: &[u32], width_ms: u32, limit: u64) -> Vec<Episode> {
    let mut found: Vec<Episode> = Vec::new();
    // Places of the first and last event of the last stretch.
    let mut span = (0, 0);
    let mut from = 0;
    for (at, time) in times.iter().enumerate() {
        while time - times[from] >= width_ms {
            from += 1;
        }
        let within = (at - from + 1) as u64;
        if within < limit {
            continue;
        }
        match found.last_mut() {
            Some(episode) if times[from] < episode.last_ms.saturating_add(width_ms) => {
                span.1 = at;
                episode.last_ms = *time;
                episode.peak = episode.peak.max(within);
                episode.events = (span.1 - span.0 + 1) as u64;
            }
            _ => {
                span = (from, at);
                found.push(Episode { first_ms: times[from], last_ms: *time, events: within, peak: within });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bursts_are_cut_out_of_what_goes_on() {
        let mut times: Vec<u32> = (0..10).map(|at| at * 1_000_000).collect();
        times.extend((0..50).map(|at| 3_200_000 + at * 100));
        times.extend((0..20).map(|at| 8_200_000 + at * 100));
        times.sort_unstable();
        let found = episodes(&times, 10_000, 20);
        let cut: Vec<_> = found.iter().map(|episode| (episode.first_ms, episode.events, episode.peak)).collect();
        assert_eq!(cut, [(3_200_000, 50, 50), (8_200_000, 20, 20)]);
        assert_eq!(episodes(&times, 10_000, 51), []);
    }

    proptest! {
        #[test]
        fn every_full_window_lies_in_one_episode(
            mut times in proptest::collection::vec(0..5_000_u32, 0..200),
            width in 1..400_u32,
            limit in 1..20_u64,
        ) {
            times.sort_unstable();
            let found = episodes(&times, width, limit);
            for pair in found.windows(2) {
                prop_assert!(pair[0].last_ms + width <= pair[1].first_ms);
            }
            for (at, time) in times.iter().enumerate() {
                let within: Vec<u32> = times[..=at].iter().copied().filter(|other| time - other < width).collect();
                let around = found.iter().filter(|one| one.first_ms <= within[0] && *time <= one.last_ms).count();
                prop_assert!(within.len() < limit as usize || around == 1);
            }
            for episode in &found {
                let inside = times.iter().filter(|time| (episode.first_ms..=episode.last_ms).contains(time)).count();
                prop_assert!(inside as u64 >= episode.events && episode.events >= episode.peak);
                prop_assert!(episode.peak >= limit);
            }
        }
    }
}

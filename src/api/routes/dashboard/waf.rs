//! What the rules say of many rows. What only rules can feed is null or empty while none are applied; the rest is true.

use crate::api::error::ApiResult;
use crate::api::statistic::Statistic;
use crate::model::{Dimension, EventFilter, GroupEntry, Resolution, Tag, TimeRange, Totals};
use serde::Serialize;
use utoipa::ToSchema;

/// What the rules say of a window's rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WafStats {
    /// Rows.
    pub total_requests: u64,
    /// Those that count as blocked.
    pub total_blocked: u64,
    /// How many of a hundred that is.
    pub block_rate_pct: f64,
    /// Rows with a score from the threshold on; null while rows are not scored.
    pub flagged: Option<u64>,
    /// Mean entropy of what follows the origin, in bits per byte, over the rows that have enough of it; null where none
    /// has. A window that doesn't end with hours is widened to them for this.
    pub avg_url_entropy: Option<f64>,
    /// Rows with the tag `high_entropy`.
    pub high_entropy_count: u64,
    /// Rows of the minute up to the end of the current ten seconds.
    pub requests_last_minute: u64,
    /// Where most requests go: `host:port`.
    pub top_destinations: Vec<KeyCount>,
    /// Categories of rules in blocked rows; empty while rows are not scored.
    pub top_blocked_categories: Vec<KeyCount>,
    /// The programs with most requests, by family.
    pub top_user_agents: Vec<KeyCount>,
    /// The rules that matched most; empty while rows are not scored.
    pub top_rules: Vec<RuleCount>,
    /// Rows by score; empty while rows are not scored.
    pub score_histogram: Vec<u64>,
    /// Rules that are applied.
    pub rules_loaded: u64,
}

/// Requests of something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeyCount {
    /// Its name.
    pub key: String,
    /// Requests.
    pub count: u64,
}

/// Matches of a rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleCount {
    /// The rule's number.
    pub id: u32,
    /// What it means.
    pub message: String,
    /// Matches.
    pub count: u64,
}

impl WafStats {
    /// Of a range's rows.
    pub(super) fn find(
        statistic: &Statistic<'_>,
        (range, last_minute): (TimeRange, TimeRange),
        limit: usize,
    ) -> ApiResult<WafStats> {
        let (store, lens) = (statistic.store, &statistic.lens);
        let mut totals = Totals::default();
        store.timeline(range, Resolution::Hour)?.iter().for_each(|hour| totals.add(&hour.totals));
        let filter = EventFilter::within(range);
        // One group of all rows: what the range holds to the millisecond.
        let severities = statistic.top(Dimension::Severity, &filter, limit.max(8), false)?;
        let total_requests: u64 = severities.iter().map(|entry| entry.measure.outcomes.total()).sum();
        let total_blocked: u64 = severities.iter().map(|entry| statistic.blocked(entry)).sum();
        let destinations = statistic.top(Dimension::Destination, &filter, limit, false)?;
        // One more, for those whose agent is not known.
        let agents = statistic.top(Dimension::Agent, &filter, limit + 1, false)?.into_iter();
        let known = agents.filter_map(|entry| {
            let family = entry.name.split('\n').next().filter(|family| *family != "-")?.to_owned();
            Some(KeyCount { key: statistic.family(&family), count: entry.measure.outcomes.total() })
        });
        Ok(WafStats {
            total_requests,
            total_blocked,
            block_rate_pct: rounded(100.0 * total_blocked as f64 / total_requests.max(1) as f64, 100.0),
            flagged: None,
            avg_url_entropy: (totals.entropy_rows > 0)
                .then(|| rounded(totals.entropy_millibits as f64 / totals.entropy_rows as f64 / 1000.0, 1000.0)),
            high_entropy_count: store.count(&statistic.tagged(range, &[Tag::HighEntropy]), lens)?,
            requests_last_minute: store.count(&EventFilter::within(last_minute), lens)?,
            top_destinations: destinations.iter().map(|entry| KeyCount::of(statistic, entry)).collect(),
            top_blocked_categories: Vec::new(),
            top_user_agents: known.take(limit).collect(),
            top_rules: Vec::new(),
            score_histogram: Vec::new(),
            rules_loaded: 0,
        })
    }
}

impl KeyCount {
    fn of(statistic: &Statistic<'_>, entry: &GroupEntry) -> KeyCount {
        KeyCount { key: statistic.name(&entry.name), count: entry.measure.outcomes.total() }
    }
}

/// To so many parts of one.
fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}

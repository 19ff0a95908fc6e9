//! `GET /api/waf/stats`: what the rules said of many rows.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::params::{Asked, Extent};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::api::statistic::{Statistic, WindowParams, statistic};
use crate::api::verdicts::VerdictSums;
use crate::model::{
    DAY_MS, Dimension, EventFilter, GroupEntry, OutcomeCounts, Resolution, Tag, TimeRange, Timestamp, Totals,
};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
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
    /// Rows with a score from the threshold on; null where no row was scored.
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
    /// Categories of rules in blocked rows.
    pub top_blocked_categories: Vec<KeyCount>,
    /// The programs with most requests, by family.
    pub top_user_agents: Vec<KeyCount>,
    /// The rules that matched most.
    pub top_rules: Vec<RuleCount>,
    /// Rows that were scored, by score.
    pub score_histogram: Vec<ScoreCount>,
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
    /// What it says; empty where it is not there any more.
    pub message: String,
    /// Matches.
    pub count: u64,
}

/// Rows of a score.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreCount {
    /// The score.
    pub score: u32,
    /// Rows.
    pub count: u64,
}

/// What the rules said of the rows of a window.
#[utoipa::path(
    get, path = "/waf/stats", operation_id = "waf_stats", tag = "waf", params(WindowParams),
    responses(
        (status = 200, description = "The numbers", body = Success<WafStats>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn stats(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, WindowParams::KNOWN);
    let now = state.clock.now();
    let (extent, last_minute) = (Extent::read(&mut asked, now, DAY_MS), last_minute(now));
    asked.finish()?;
    statistic((&auth, &state, &headers), format!("waf stats {extent:?} {last_minute:?}"), move |statistic| {
        Ok(Success::new(WafStats::find(statistic, (extent.range, last_minute), extent.limit)?))
    })
    .await
}

/// The minute up to the end of the current ten seconds.
pub fn last_minute(now: Timestamp) -> TimeRange {
    let soon = Timestamp(now.floor_to(10_000).0 + 10_000);
    TimeRange { from: Timestamp(soon.0 - 60_000), until: soon }
}

impl WafStats {
    /// Of a range's rows.
    pub fn find(
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
        let sums = VerdictSums::find(statistic, &filter)?;
        let blocked = |outcomes: &OutcomeCounts| outcomes.blocked(statistic.rows.challenges_block);
        let categories = sums.categories.iter().map(|(name, outcomes)| (name.clone(), blocked(outcomes)));
        let rules = most(sums.rules.iter().map(|(id, count)| (*id, *count)), limit);
        let message = |id| statistic.book.rule(id).map(|rule| rule.message.clone()).unwrap_or_default();
        Ok(WafStats {
            total_requests,
            total_blocked,
            block_rate_pct: rounded(100.0 * total_blocked as f64 / total_requests.max(1) as f64, 100.0),
            flagged: (sums.scored > 0).then_some(sums.flagged),
            avg_url_entropy: (totals.entropy_rows > 0)
                .then(|| rounded(totals.entropy_millibits as f64 / totals.entropy_rows as f64 / 1000.0, 1000.0)),
            high_entropy_count: store.count(&statistic.tagged(range, &[Tag::HighEntropy]), lens)?,
            requests_last_minute: store.count(&EventFilter::within(last_minute), lens)?,
            top_destinations: destinations.iter().map(|entry| KeyCount::of(statistic, entry)).collect(),
            top_blocked_categories: most(categories.filter(|(_, count)| *count > 0), limit)
                .into_iter()
                .map(|(key, count)| KeyCount { key, count })
                .collect(),
            top_user_agents: known.take(limit).collect(),
            top_rules: rules.into_iter().map(|(id, count)| RuleCount { id, message: message(id), count }).collect(),
            score_histogram: sums
                .scores
                .iter()
                .map(|(score, count)| ScoreCount { score: *score, count: *count })
                .collect(),
            rules_loaded: statistic.book.applied() as u64,
        })
    }
}

impl KeyCount {
    fn of(statistic: &Statistic<'_>, entry: &GroupEntry) -> KeyCount {
        KeyCount { key: statistic.name(&entry.name), count: entry.measure.outcomes.total() }
    }
}

/// Those with the highest counts, ties by key.
fn most<K: Ord>(counts: impl Iterator<Item = (K, u64)>, limit: usize) -> Vec<(K, u64)> {
    let mut counts: Vec<_> = counts.collect();
    counts.sort_by(|(key, count), (other_key, other)| other.cmp(count).then_with(|| key.cmp(other_key)));
    counts.truncate(limit);
    counts
}

/// To so many parts of one.
fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}

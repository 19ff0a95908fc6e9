//! `GET /api/dashboard/summary`: the numbers of the start page.

mod threats;

use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, LogsRead};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Extent};
use crate::api::responses::Failures;
use crate::api::routes::findings::{FindingsCount, counts};
use crate::api::routes::waf::WafStats;
use crate::api::routes::waf::stats::last_minute;
use crate::api::rows::LogRow;
use crate::api::state::AppState;
use crate::api::statistic::{Question, Statistic, WindowParams, statistic};
use crate::model::{
    DAY_MS, Dimension, EventFilter, EventView, GroupOrder, Lens, Measure, Outcome, PageQuery, Resolution, Terms,
    TimeRange, Timestamp,
};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use std::time::Instant;
use threats::{ThreatCount, threats};
use utoipa::ToSchema;

/// The numbers of the start page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Summary {
    /// Rows, in the whole store.
    pub total_requests: u64,
    /// Those that count as blocked.
    pub blocked_requests: u64,
    /// Bytes sent to clients, in the whole store.
    pub bytes: u64,
    /// Rows since 00:00 UTC.
    pub today_requests: u64,
    /// Those that count as blocked.
    pub today_blocked: u64,
    /// Where most requests were blocked.
    pub top_blocked: Vec<BlockedDestination>,
    /// Who asked most.
    pub top_clients: Vec<ClientCount>,
    /// Requests by what makes them worth a look: the tags `ip_literal`, `unusual_port`, `dga`, `look_alike`,
    /// `double_extension`, `mime_mismatch`, and the categories of services of high risk that are not sanctioned.
    pub threat_categories: Vec<ThreatCount>,
    /// The newest requests that were blocked.
    pub recent_blocks: Vec<RecentBlock>,
    /// What the rules say.
    pub waf: WafStats,
    /// The security score as it was kept last: the setting `score_schedule` says when; `/api/security/score` asks anew.
    pub security_score: u32,
    /// What behaviour gave away and nobody has looked into yet.
    pub findings: FindingsCount,
    /// How the store is fed.
    pub ingest: IngestRow,
}

/// Where requests were blocked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BlockedDestination {
    /// `host:port`.
    pub dest: String,
    /// Blocked requests.
    pub count: u64,
}

/// A client's requests.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientCount {
    /// Its address.
    pub ip: String,
    /// What the setting `client_aliases` calls it; null for those who may not see its address.
    pub client_name: Option<String>,
    /// Requests.
    pub count: u64,
}

/// A request that was blocked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecentBlock {
    /// When, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub timestamp: String,
    /// The client.
    pub source_ip: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// `host:port`.
    pub destination: String,
    /// Code and result code.
    pub status: String,
}

/// How the store is fed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IngestRow {
    /// Lines stored a second, of late.
    pub lines_per_second: f64,
    /// How long the oldest line has waited to be stored, in seconds, as far as that is known.
    pub lag_seconds: f64,
    /// When rows were last stored, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub last_import: Option<String>,
}

/// The windows that are asked for.
#[derive(Clone, Copy, Debug)]
struct Windows {
    extent: Extent,
    /// The current UTC day.
    today: TimeRange,
    /// The minute up to the end of the current ten seconds.
    last_minute: TimeRange,
}

/// Answers once what the start page asks, and keeps nothing but what the store remembers by it: of a large store, names
/// and verdicts of hosts take seconds to put together. Whoever asks meanwhile shares what is done by then. Blocks; best
/// called where nobody waits for it.
pub fn warm_up(state: &AppState) {
    let started = Instant::now();
    match ask_all(state) {
        Ok(()) => tracing::debug!(seconds = started.elapsed().as_secs_f64(), "ready for the start page"),
        Err(cause) => tracing::warn!(%cause, "the start page could not be made ready"),
    }
}

fn ask_all(state: &AppState) -> ApiResult<()> {
    let masked = Some(state.privacy.lens_of_nobody()).filter(|lens| !lens.is_plain());
    for lens in [Lens::PLAIN].into_iter().chain(masked) {
        let (statistic, windows) =
            (Statistic::of(state, lens)?, Windows::read(&mut Asked::of(&Uri::default(), &[]), state.clock.now()));
        let domains = statistic.top(Dimension::Domain, &EventFilter::within(windows.extent.range), 1, false);
        Summary::find(&statistic, windows, Beside::find(state)?).and(domains)?;
    }
    Ok(())
}

impl Windows {
    fn read(asked: &mut Asked, now: Timestamp) -> Windows {
        Windows {
            extent: Extent::read(asked, now, DAY_MS),
            today: Resolution::Day.last(1, now),
            last_minute: last_minute(now),
        }
    }
}

/// What is told beside the store.
#[derive(Clone, Copy, Debug)]
struct Beside {
    lines_per_second: f64,
    lag_seconds: f64,
    security_score: u32,
}

impl Beside {
    /// As things are now; blocks.
    fn find(state: &AppState) -> ApiResult<Beside> {
        let ingest = state.health.ingest();
        Ok(Beside {
            lines_per_second: ingest.lines_per_second,
            lag_seconds: ingest.sources.iter().map(|source| source.lag_seconds).fold(0.0, f64::max),
            security_score: state.posture.kept(state)?,
        })
    }
}

/// The numbers of the start page; of the last 24 hours where they are not of the whole store.
#[utoipa::path(
    get, path = "/dashboard/summary", operation_id = "dashboard_summary", tag = "statistics", params(WindowParams),
    responses(
        (status = 200, description = "The numbers", body = Success<Summary>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn summary(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, WindowParams::KNOWN);
    let windows = Windows::read(&mut asked, state.clock.now());
    asked.finish()?;
    let beside = state.work(Lane::Pages, Beside::find).await?;
    let question = Question::from(format!("summary {windows:?}")).beside(format!("{beside:?}"));
    let asked = state.clone();
    statistic((&auth, &state, &headers), question, move |statistic| {
        Ok(Success::new(Summary::find(statistic, windows, Beside::find(&asked)?)?))
    })
    .await
}

impl Summary {
    fn find(statistic: &Statistic<'_>, windows: Windows, beside: Beside) -> ApiResult<Summary> {
        let Extent { range, limit } = windows.extent;
        let challenges_block = statistic.rows.challenges_block;
        let stats = statistic.store.stats()?;
        let whole = stats.totals.measure;
        let mut today = Measure::default();
        let days = statistic.store.timeline(windows.today, Resolution::Day)?;
        days.iter().for_each(|day| today.add(&day.totals.measure));
        let filter = EventFilter::within(range);
        let blocked = GroupOrder::Outcomes(statistic.rows.blocked());
        // The two halves take about as long: nobody waits for one after the other.
        let (marked, waf) = std::thread::scope(|scope| {
            let marked =
                scope.spawn(|| Ok((threats(statistic, range, limit)?, recent_blocks(statistic, range, limit)?)));
            let waf = WafStats::find(statistic, (range, windows.last_minute), limit);
            (marked.join(), waf)
        });
        let (threat_categories, recent_blocks) =
            marked.unwrap_or_else(|_| Err(ApiError::internal("a half of the summary ended early")))?;
        let top_blocked = statistic.groups(Dimension::Destination, &filter, blocked, limit, false)?.entries;
        let top_clients = statistic.top(Dimension::Client, &filter, limit, false)?;
        Ok(Summary {
            total_requests: whole.outcomes.total(),
            blocked_requests: whole.outcomes.blocked(challenges_block),
            bytes: whole.bytes,
            today_requests: today.outcomes.total(),
            today_blocked: today.outcomes.blocked(challenges_block),
            top_blocked: top_blocked
                .iter()
                .map(|entry| BlockedDestination { dest: statistic.name(&entry.name), count: statistic.blocked(entry) })
                .collect(),
            top_clients: top_clients
                .into_iter()
                .map(|entry| ClientCount {
                    client_name: statistic.rows.client_name(&entry.name),
                    count: entry.measure.outcomes.total(),
                    ip: entry.name,
                })
                .collect(),
            threat_categories,
            recent_blocks,
            waf: waf?,
            security_score: beside.security_score,
            findings: counts(&statistic.store.findings()?),
            ingest: IngestRow {
                lines_per_second: beside.lines_per_second,
                lag_seconds: beside.lag_seconds,
                last_import: stats.last_import.map(Timestamp::to_sql),
            },
        })
    }
}

/// The newest blocked rows of a range.
fn recent_blocks(statistic: &Statistic<'_>, range: TimeRange, limit: usize) -> ApiResult<Vec<RecentBlock>> {
    let blocked = statistic.rows.blocked();
    let any = Outcome::ALL.into_iter().filter(|outcome| blocked.has(*outcome)).collect();
    let filter = EventFilter { outcome: Terms { any, none: Vec::new() }, ..EventFilter::within(range) };
    let page = statistic.store.page(&PageQuery { filter, ..PageQuery::newest(limit) }, &statistic.lens)?;
    let rows = page.rows.iter().map(|event| LogRow::of(EventView::of(event, &statistic.lens), &statistic.rows));
    let block = |row: LogRow| RecentBlock {
        timestamp: row.timestamp,
        source_ip: row.client_ip,
        method: row.method,
        destination: row.destination,
        status: row.status,
    };
    Ok(rows.map(block).collect())
}

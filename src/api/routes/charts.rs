//! `/api/charts`: rows by hour, by machine, and by severity.

use crate::api::caching::{tag, unless_known};
use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Extent, Kind, Known, LIMIT, Param, WINDOW, document, limit, terms};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::api::statistic::statistic;
use crate::model::{
    Dimension, EventFilter, Lens, Resolution, SeriesPoint, SeriesQuery, Severity, TimeRange, Timestamp,
};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

const HOURS: &[Param] =
    &[Param::one("hours", Kind::Integer { min: 1, max: 168 }, "How many hours, the current one last; 24 unless given")];
const VOLUME: Known =
    &[HOURS, LIMIT, &[Param::filter("host", "The machine whose log it is, without regard to case; `!` negates")]];
const TOP_HOSTS: Known =
    &[WINDOW, &[Param::one("limit", Kind::Integer { min: 1, max: 20 }, "Machines wanted; 10 unless given")]];
const SEVERITIES: Known = &[HOURS, LIMIT];

macro_rules! params {
    ($($(#[$doc:meta])* $name:ident = $known:expr;)+) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                document($known)
            }
        }
    )+};
}
params! {
    /// The parameters of the volume, for the OpenAPI document.
    VolumeParams = VOLUME;
    /// The parameters of the machines, for the OpenAPI document.
    TopHostsParams = TOP_HOSTS;
    /// The parameters of the severities, for the OpenAPI document.
    SeverityParams = SEVERITIES;
}

/// Rows of an hour.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Volume {
    /// Its start.
    #[schema(example = "2026-01-01T12:00:00Z")]
    pub time: String,
    /// Rows.
    pub count: u64,
}

/// Rows of a machine's log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HostCount {
    /// The machine.
    pub host: String,
    /// Rows.
    pub count: u64,
}

/// Rows of an hour by severity, each under its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeverityCounts {
    /// Its start.
    pub time: String,
    /// Rows by severity: `Emergency` to `Debug`.
    #[serde(flatten)]
    pub counts: BTreeMap<&'static str, u64>,
}

/// The hours asked for; `limit` keeps the newest.
fn hours(asked: &mut Asked, now: Timestamp) -> TimeRange {
    let hours = asked.integer("hours").unwrap_or(24);
    let hours = limit(asked).map_or(hours, |limit| hours.min(limit as i64));
    Resolution::Hour.last(hours, now)
}

/// Rows per hour, gaps filled with zeros, the current unfinished hour last.
#[utoipa::path(
    get, path = "/charts/volume", operation_id = "charts_volume", tag = "statistics", params(VolumeParams),
    responses(
        (status = 200, description = "Hours by rising time", body = Success<Vec<Volume>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn volume(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, VOLUME);
    let range = hours(&mut asked, state.clock.now());
    let host = terms(&mut asked, "host", |text| Ok(vec![text.to_owned()]));
    asked.finish()?;
    let filter = EventFilter { host, ..EventFilter::within(range) };
    let tag = tag(&auth, &state, &format!("volume {filter:?}")).await?;
    unless_known(&headers, &tag, async || {
        let query = SeriesQuery { by: None, filter, resolution: Resolution::Hour };
        let points = state.ask(Lane::Scans, move |store| store.series(&query, &Lens::MASKED)).await?;
        let mut points = points.iter().peekable();
        let volume = |time: Timestamp| {
            let point = points.next_if(|point| point.time == time);
            Volume { time: time.to_rfc3339(), count: point.map_or(0, |point| point.measure.outcomes.total()) }
        };
        Ok(Success::new(Resolution::Hour.starts(range).map(volume).collect::<Vec<_>>()))
    })
    .await
}

/// The machines whose logs have most rows.
#[utoipa::path(
    get, path = "/charts/top-hosts", operation_id = "charts_top_hosts", tag = "statistics", params(TopHostsParams),
    responses(
        (status = 200, description = "Machines, most rows first", body = Success<Vec<HostCount>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn top_hosts(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, TOP_HOSTS);
    let given = asked.has("limit");
    let Extent { range, limit } = Extent::read(&mut asked, state.clock.now(), Extent::DEFAULT_MS);
    let limit = if given { limit } else { 10 };
    asked.finish()?;
    statistic((&auth, &state, &headers), format!("top hosts {range:?} {limit}"), move |statistic| {
        let top = statistic.top(Dimension::Host, &EventFilter::within(range), limit, false)?;
        let hosts = top.into_iter().map(|entry| HostCount { host: entry.name, count: entry.measure.outcomes.total() });
        Ok(Success::new(hosts.collect::<Vec<_>>()))
    })
    .await
}

/// Rows per hour and severity, gaps filled with zeros, the current unfinished hour last.
#[utoipa::path(
    get, path = "/charts/severity-timeline", operation_id = "charts_severity_timeline", tag = "statistics",
    params(SeverityParams),
    responses(
        (status = 200, description = "Hours by rising time", body = Success<Vec<SeverityCounts>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn severities(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, SEVERITIES);
    let range = hours(&mut asked, state.clock.now());
    asked.finish()?;
    let tag = tag(&auth, &state, &format!("severities {range:?}")).await?;
    unless_known(&headers, &tag, async || {
        let filter = EventFilter::within(range);
        let query = SeriesQuery { by: Some(Dimension::Severity), filter, resolution: Resolution::Hour };
        let points = state.ask(Lane::Scans, move |store| store.series(&query, &Lens::MASKED)).await?;
        Ok(Success::new(by_severity(&points, range)))
    })
    .await
}

fn by_severity(points: &[SeriesPoint], range: TimeRange) -> Vec<SeverityCounts> {
    let mut points = points.iter().peekable();
    let hour = |time: Timestamp| {
        let mut counts: BTreeMap<_, u64> = Severity::ALL.into_iter().map(|severity| (severity.name(), 0)).collect();
        while let Some(point) = points.next_if(|point| point.time == time) {
            if let Some(count) = counts.get_mut(point.name.as_str()) {
                *count += point.measure.outcomes.total();
            }
        }
        SeverityCounts { time: time.to_rfc3339(), counts }
    };
    Resolution::Hour.starts(range).map(hour).collect()
}

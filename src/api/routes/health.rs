//! Whether the server works: `/health` for people and monitors, `/livez` and `/readyz` for supervisors.

use crate::api::extract::MaybeAuthed;
use crate::api::frame::Deliberate;
use crate::api::health::{Condition, Ingest};
use crate::api::sources::Source;
use crate::api::state::AppState;
use crate::model::{Lens, PageQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// How long a read of both databases may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(3);

/// How a source of lines is doing; more is told by `/api/sources`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Receiver {
    /// The source's name.
    name: String,
    /// Where it reads from: a file, `udp://…`, `stdin`.
    path: String,
    /// How it is doing.
    state: Condition,
    /// Why, where it is not `ok`.
    reason: Option<String>,
    /// Lines and datagrams lost since the start.
    dropped: u64,
    /// What its log can't show, in a sentence each.
    blind_spots: Vec<String>,
}

impl Receiver {
    fn of(source: Source) -> Receiver {
        let place = source.path.or(source.listen);
        Receiver {
            name: source.name,
            path: place.unwrap_or_else(|| source.kind.word().to_owned()),
            state: source.state.condition(),
            reason: source.reason,
            dropped: source.dropped,
            blind_spots: source.blind_spots.into_iter().map(|spot| spot.what).collect(),
        }
    }
}

const HEALTHY: &str = "healthy";

/// How the server is doing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Health {
    /// `healthy`, or `degraded` with HTTP status 503.
    #[schema(example = "healthy")]
    status: &'static str,
    /// Tidegate's version.
    version: &'static str,
    /// Seconds since the start.
    uptime_seconds: i64,
    /// Threads that parse and store.
    workers: usize,
    /// Lines stored a second, of late.
    ingestion_rps: f64,
    /// The parts.
    components: Components,
    /// What is wrong; for those who said who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<String>>,
    /// The sources; for those who said who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<Vec<Receiver>>,
}

/// How each part is doing.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Components {
    /// Both databases: whether they can be read, and have room to grow.
    pub database: Condition,
    /// Whatever brings lines.
    pub receivers: Condition,
    /// Whatever says what lines are.
    pub detectors: Condition,
}

impl Components {
    /// How they are now; the databases were read, or were not to be.
    pub fn of(state: &AppState, ingest: &Ingest, is_readable: bool) -> Components {
        let is_sound = ingest.damaged_blocks == 0 && full(state.free_bytes()).is_none();
        Components {
            database: match is_readable {
                false => Condition::Down,
                true if !is_sound => Condition::Degraded,
                true => Condition::Ok,
            },
            receivers: ingest.condition(),
            detectors: if state.scorer.fault().is_some() { Condition::Degraded } else { Condition::Ok },
        }
    }

    fn worst(self) -> Condition {
        self.database.max(self.receivers).max(self.detectors)
    }
}

/// Less than this is free where the databases are, and soon nothing can be stored.
const LEAST_FREE_BYTES: u64 = 64 << 20;

/// Says so where the databases have no room to grow; nothing where that can't be found out.
fn full(free_bytes: Option<u64>) -> Option<String> {
    let free = free_bytes.filter(|free| *free < LEAST_FREE_BYTES)?;
    Some(format!("only {} MiB are free in the file system of the data directory; make room there", free >> 20))
}

/// How the server is doing; why, for those who said who they are.
#[utoipa::path(
    get, path = "/health", tag = "service", security((), ("basic" = []), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "All is well", body = Health),
        (status = 503, description = "Something is not", body = Health)
    )
)]
pub async fn health(who: MaybeAuthed, State(state): State<AppState>) -> Response {
    let health = Health::find(&state, who.0.is_some()).await;
    answered(health.status == HEALTHY, health)
}

impl Health {
    /// How the server is doing now; why, for those who are known.
    pub async fn find(state: &AppState, known: bool) -> Health {
        let ingest = state.health.ingest();
        let database = read_databases(state).await;
        let (full, rules) = (full(state.free_bytes()), state.scorer.fault());
        let components = Components::of(state, &ingest, database.is_ok());
        let https = state.tls.fault();
        let healthy = components.worst() == Condition::Ok && https.is_none();
        Health {
            status: if healthy { HEALTHY } else { "degraded" },
            version: env!("CARGO_PKG_VERSION"),
            uptime_seconds: (state.clock.now().0 - state.started.0).max(0) / 1000,
            workers: ingest.workers,
            ingestion_rps: ingest.lines_per_second,
            components,
            reasons: known.then(|| reasons(database.err().or(full), &ingest, rules, https)),
            sources: known.then(|| ingest.sources.into_iter().map(Receiver::of).collect()),
        }
    }
}

/// As `/health`.
#[utoipa::path(
    get, path = "/health", operation_id = "api_health", tag = "service",
    security((), ("basic" = []), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "All is well", body = Health),
        (status = 503, description = "Something is not", body = Health)
    )
)]
pub async fn below_api(who: MaybeAuthed, state: State<AppState>) -> Response {
    health(who, state).await
}

fn reasons(database: Option<String>, ingest: &Ingest, rules: Option<String>, https: Option<String>) -> Vec<String> {
    let database = database.map(|cause| format!("database: {cause}"));
    let stalled = ingest.stalled.then(|| "sources: nobody has looked at the files for a minute".to_owned());
    let troubled = ingest.sources.iter().filter(|source| source.state.condition() != Condition::Ok);
    let sources =
        troubled.map(|source| format!("{}: {}", source.name, source.reason.as_deref().unwrap_or("no reason is known")));
    let damaged = (ingest.damaged_blocks > 0).then(|| {
        format!("database: {} damaged blocks are left out of answers; see tidegate db verify", ingest.damaged_blocks)
    });
    let rules = rules.map(|cause| format!("detectors: earlier rules are in force: {cause}"));
    database.into_iter().chain(damaged).chain(stalled).chain(sources).chain(rules).chain(https).collect()
}

/// One word.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Word {
    /// How it is.
    status: &'static str,
    /// Why it is not as it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// Whether the process answers, whatever else is wrong.
#[utoipa::path(
    get, path = "/livez", tag = "service", security(()),
    responses((status = 200, description = "The process answers", body = Word))
)]
pub async fn live() -> Response {
    answered(true, Word { status: "healthy", reason: None })
}

/// Whether questions can be answered.
#[utoipa::path(
    get, path = "/readyz", tag = "service", security(()),
    responses(
        (status = 200, description = "The databases can be read", body = Word),
        (status = 503, description = "The databases can't be read", body = Word)
    )
)]
pub async fn ready(State(state): State<AppState>) -> Response {
    match read_databases(&state).await {
        Ok(()) => answered(true, Word { status: "ready", reason: None }),
        Err(_) => answered(false, Word { status: "unready", reason: Some("the databases can't be read") }),
    }
}

/// A status of 503 with its own body, which the frame leaves alone.
fn answered(well: bool, body: impl Serialize) -> Response {
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = (status, Json(body)).into_response();
    response.extensions_mut().insert(Deliberate);
    response
}

/// Reads the newest row and the accounts, outside the lanes: a queue of scans is no failure. A read that doesn't come
/// back in time is.
async fn read_databases(state: &AppState) -> Result<(), String> {
    let (store, control) = (Arc::clone(&state.store), Arc::clone(&state.control));
    let probe = async {
        // The permit goes with the read: reads that hang must not collect threads.
        let permit = Arc::clone(&state.probes).acquire_owned().await;
        let read = tokio::task::spawn_blocking(move || {
            let _until_done = permit;
            store.page(&PageQuery::newest(1), &Lens::MASKED).map_err(|cause| cause.to_string())?;
            control.has_admin().map(drop).map_err(|cause| cause.to_string())
        });
        read.await.unwrap_or_else(|_| Err("the read ended early".to_owned()))
    };
    let late = |_| Err(format!("a read took longer than {} s", PATIENCE.as_secs()));
    tokio::time::timeout(PATIENCE, probe).await.unwrap_or_else(late)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_room_is_said_so() {
        for (free, said) in
            [(None, false), (Some(LEAST_FREE_BYTES), false), (Some(LEAST_FREE_BYTES - 1), true), (Some(0), true)]
        {
            assert_eq!(full(free).is_some(), said, "{free:?}");
        }
        assert!(full(Some(5 << 20)).unwrap().contains("only 5 MiB"));
    }
}

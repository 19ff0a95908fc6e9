//! What every handler can reach.

use super::error::{ApiError, ApiResult};
use super::flights::Flights;
use super::health::HealthSource;
use super::lanes::{Lane, Lanes};
use super::limits::{Blocked, Limiter};
use super::live::Live;
use super::operator::Operator;
use super::people::PeopleCache;
use super::posture::Posture;
use super::process::free_bytes;
use super::tls::Tls;
use crate::auth::Authenticator;
use crate::control::ControlDb;
use crate::control::keys::{Key, KeyName};
use crate::control::settings::{COUNT_AUTH_CHALLENGES_AS_BLOCKED, LOG_RETENTION_DAYS};
use crate::jobs::Jobs;
use crate::model::{Clock, Lens, Principal, Storing, Timestamp};
use crate::privacy::Privacy;
use crate::scoring::Scorer;
use crate::store::{EventStore, StoreResult};
use crate::update::Updates;
use metrics_exporter_prometheus::PrometheusHandle;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// What the API is built on; [`AppState::new`] takes it.
pub struct Parts {
    /// The events.
    pub store: Arc<dyn EventStore>,
    /// Settings, audit log, accounts.
    pub control: Arc<ControlDb>,
    /// Who may come in.
    pub authenticator: Arc<Authenticator>,
    /// Who sees what of a person.
    pub privacy: Arc<Privacy>,
    /// What rules say of requests.
    pub scorer: Arc<Scorer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How the sources are doing.
    pub health: Arc<dyn HealthSource>,
    /// Renders what was counted: [`super::install_metrics`].
    pub metrics: PrometheusHandle,
    /// Who runs the process.
    pub operator: Arc<dyn Operator>,
    /// Whether there is a newer release.
    pub updates: Arc<Updates>,
    /// Certificates, for HTTPS.
    pub tls: Arc<Tls>,
    /// Work that goes on by itself.
    pub jobs: Arc<Jobs>,
    /// How wide the lanes for blocking work are.
    pub cores: usize,
}

/// What every handler can reach.
#[derive(Clone)]
pub struct AppState {
    pub(super) store: Arc<dyn EventStore>,
    pub(super) control: Arc<ControlDb>,
    pub(super) authenticator: Arc<Authenticator>,
    pub(super) privacy: Arc<Privacy>,
    pub(super) scorer: Arc<Scorer>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cursor_key: Key,
    pub(super) health: Arc<dyn HealthSource>,
    pub(super) metrics: PrometheusHandle,
    pub(super) operator: Arc<dyn Operator>,
    pub(super) updates: Arc<Updates>,
    pub(super) tls: Arc<Tls>,
    pub(super) lanes: Lanes,
    /// Statistics that are being made.
    pub(super) flights: Flights,
    pub(super) limiter: Arc<Limiter>,
    /// Work that goes on by itself.
    pub(super) jobs: Arc<Jobs>,
    /// Streams of rows as they are stored.
    pub(super) live: Arc<Live>,
    /// What turns peers away: the limiter among it.
    pub(super) blocked: Arc<[Arc<dyn Blocked>]>,
    pub(super) started: Timestamp,
    /// Who must not be named.
    pub(super) people: Arc<PeopleCache>,
    /// The security score.
    pub(super) posture: Arc<Posture>,
    pub(super) request_timeout: Duration,
    /// Reads under way for health checks; a store that hangs must not collect threads.
    pub(super) probes: Arc<Semaphore>,
}

impl AppState {
    /// How long a handler may take.
    pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

    /// The state of an API that starts now.
    pub fn new(parts: Parts) -> AppState {
        let limiter = Arc::new(Limiter::new(Arc::clone(&parts.clock), &parts.control.settings()));
        AppState {
            started: parts.clock.now(),
            people: Arc::default(),
            blocked: Arc::from([Arc::clone(&limiter) as Arc<dyn Blocked>, Arc::clone(&parts.authenticator) as _]),
            limiter,
            jobs: parts.jobs,
            live: Arc::default(),
            store: parts.store,
            cursor_key: parts.control.keys().key(KeyName::Cursor).clone(),
            control: parts.control,
            authenticator: parts.authenticator,
            privacy: parts.privacy,
            scorer: parts.scorer,
            clock: parts.clock,
            health: parts.health,
            metrics: parts.metrics,
            operator: parts.operator,
            updates: parts.updates,
            tls: parts.tls,
            lanes: Lanes::new(parts.cores),
            flights: Flights::default(),
            posture: Arc::default(),
            request_timeout: Self::REQUEST_TIMEOUT,
            probes: Arc::new(Semaphore::new(4)),
        }
    }

    /// With another limit on how long a handler may take.
    pub fn with_request_timeout(self, request_timeout: Duration) -> AppState {
        AppState { request_timeout, ..self }
    }

    /// With the squid.conf that the security score looks at.
    pub fn with_squid_conf(self, squid_conf: Option<PathBuf>) -> AppState {
        AppState { posture: Arc::new(Posture::of(squid_conf)), ..self }
    }

    /// Puts a question to the store, in its lane.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        lane: Lane,
        question: impl FnOnce(&dyn EventStore) -> StoreResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        let store = Arc::clone(&self.store);
        self.lanes.run(lane, move || question(&*store)).await
    }

    /// Runs blocking work that needs more than the store, in its lane.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&AppState) -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        let state = self.clone();
        self.lanes.run::<T, ApiError, _>(lane, move || work(&state)).await
    }

    /// What is free where the databases are, in bytes; none where that can't be found out.
    pub(super) fn free_bytes(&self) -> Option<u64> {
        free_bytes(self.data_dir())
    }

    /// Where the databases are.
    pub(super) fn data_dir(&self) -> &Path {
        self.control.data_dir()
    }

    /// How personal values appear to a caller.
    pub(super) fn lens_of(&self, principal: &Principal) -> Lens {
        self.privacy.lens_of(principal)
    }

    /// How rows are stored from now on.
    pub(super) fn storing(&self) -> Storing {
        Storing { lens: self.privacy.stored_as(), scorer: self.scorer.row_scorer() }
    }

    /// Whether a request for credentials counts as blocked.
    pub(super) fn challenges_block(&self) -> bool {
        self.control.settings().get(COUNT_AUTH_CHALLENGES_AS_BLOCKED)
    }

    /// Days events are kept where nobody names a number.
    pub(super) fn retention_days(&self) -> i64 {
        self.control.settings().get(LOG_RETENTION_DAYS)
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AppState").field("started", &self.started).finish_non_exhaustive()
    }
}

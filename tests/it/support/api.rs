//! The API in process: a router over a [`MemoryStore`], and requests to it.

use super::lines::{NOON, SAMPLE, batch};
use super::memory::MemoryStore;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine;
use http_body_util::BodyExt;
use metrics_exporter_prometheus::PrometheusHandle;
use parking_lot::Mutex;
use serde_json::Value;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tidegate::api::tls::Tls;
use tidegate::api::{AppState, Ingest, Operator, Parts, Peer, ReloadError, Reloaded, router};
use tidegate::auth::{Authenticator, Password, ensure_admin};
use tidegate::control::settings::{SettingDefaults, SettingValue};
use tidegate::control::{AccountName, Actor, ControlDb};
use tidegate::format::resolve;
use tidegate::jobs::{Context, Jobs};
use tidegate::model::{Batch, Clock, FixedClock, SourceName, Storing, Timestamp};
use tidegate::pipeline::parse_chunk;
use tidegate::privacy::Privacy;
use tidegate::scoring::{BUILTIN, RuleBook, Scorer};
use tidegate::source::Chunk;
use tidegate::store::EventStore;
use tidegate::update::Updates;
use tower::ServiceExt;

/// The admin's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A running API.
pub struct Api {
    /// What it serves.
    pub router: Router,
    /// Its events.
    pub store: Arc<MemoryStore>,
    /// Its settings and audit log.
    pub control: Arc<ControlDb>,
    /// Its judge of credentials.
    pub authenticator: Arc<Authenticator>,
    /// Who sees what of a person.
    pub privacy: Arc<Privacy>,
    /// What scores lines.
    pub scorer: Arc<Scorer>,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// What its sources report.
    pub ingest: Arc<Mutex<Ingest>>,
    /// Its certificates.
    pub tls: Arc<Tls>,
    /// Its jobs.
    pub jobs: Arc<Jobs>,
    /// Who runs it.
    pub operator: Arc<Operated>,
    /// Where it asks for releases.
    pub updates: Arc<Updates>,
    /// Where its databases are, as long as it runs.
    _dir: tempfile::TempDir,
}

/// Somebody who runs the process: says what it is told to say, and counts.
#[derive(Default)]
pub struct Operated {
    /// What is wrong with the configuration.
    pub refuses: Mutex<Vec<(String, String)>>,
    /// Whether something would start the process again.
    pub is_supervised: AtomicBool,
    /// How often it was told to.
    pub restarts: AtomicUsize,
}

impl Operator for Operated {
    fn config(&self) -> Value {
        serde_json::json!({ "data_dir": "tidegate-data" })
    }

    fn reload(&self, _: &Actor) -> Result<Reloaded, ReloadError> {
        let refuses = self.refuses.lock().clone();
        if !refuses.is_empty() {
            return Err(ReloadError::Refused(refuses));
        }
        Ok(Reloaded { applied: vec!["source"], needs_restart: vec!["server.listen"], sources: 2, rules: 3 })
    }

    fn is_supervised(&self) -> bool {
        self.is_supervised.load(Ordering::SeqCst)
    }

    fn restart(&self) {
        self.restarts.fetch_add(1, Ordering::SeqCst);
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, null when it is no JSON.
    pub body: Value,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// A header's text; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The ids of the rows of a page.
    pub fn ids(&self) -> Vec<u64> {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.body["data"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
    }

    /// The fields named in `errors`.
    pub fn fields(&self) -> Vec<&str> {
        self.body["errors"].as_object().map(|errors| errors.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

pub fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| tidegate::api::install_metrics().unwrap()).clone()
}

/// The rules of this build, compiled once for all tests of a process.
pub fn rules() -> Arc<RuleBook> {
    static RULES: OnceLock<Arc<RuleBook>> = OnceLock::new();
    Arc::clone(RULES.get_or_init(|| Arc::new(RuleBook::load(&[BUILTIN.to_owned()]).unwrap())))
}

/// Settings without rate limits: the clock stands still here, so that nothing that was taken would ever come back.
fn unlimited() -> SettingDefaults {
    let mut settings = SettingDefaults::default();
    settings.insert("api_rate_limit_enabled", &SettingValue::Bool(false)).unwrap();
    settings
}

/// The value of `Authorization` for a name and password.
pub fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{username}:{password}")))
}

impl Api {
    /// Without events.
    pub fn empty() -> Api {
        Api::with(|state| state)
    }

    /// Without events, with a changed state.
    pub fn with(change: impl FnOnce(AppState) -> AppState) -> Api {
        Api::made(None, change)
    }

    /// Over another store than the one in memory.
    pub fn over(store: Arc<dyn EventStore>) -> Api {
        Api::made(Some(store), |state| state)
    }

    fn made(other: Option<Arc<dyn EventStore>>, change: impl FnOnce(AppState) -> AppState) -> Api {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(NOON));
        let store = Arc::new(MemoryStore::new(clock.clone()));
        let control = Arc::new(ControlDb::open(dir.path(), clock.clone(), unlimited()).unwrap());
        let password = Password::new(PASSWORD).unwrap();
        ensure_admin(&control, &AccountName::new("admin").unwrap(), Some(&password)).unwrap();
        let tls = Arc::new(Tls::open(dir.path(), Arc::clone(&control), clock.clone()));
        let ingest = Arc::new(Mutex::new(Ingest { workers: 2, lines_per_second: 1.5, ..Ingest::default() }));
        let reported = Arc::clone(&ingest);
        let privacy = Arc::new(Privacy::open(dir.path(), Arc::clone(&control)).unwrap());
        let authenticator = Arc::new(Authenticator::new(Arc::clone(&control), clock.clone()).unwrap());
        let scorer = Arc::new(Scorer::new(rules(), Arc::clone(&control)));
        let store_of_all: Arc<dyn EventStore> = other.unwrap_or_else(|| store.clone());
        let jobs = Arc::new(
            Jobs::new(Context {
                store: Arc::clone(&store_of_all),
                control: Arc::clone(&control),
                privacy: Arc::clone(&privacy),
                scorer: Arc::clone(&scorer),
                clock: clock.clone(),
                squid_conf: None,
            })
            .unwrap(),
        );
        let operator = Arc::new(Operated::default());
        let updates = Arc::new(Updates::new(None, clock.clone()));
        let state = AppState::new(Parts {
            jobs: Arc::clone(&jobs),
            store: store_of_all,
            control: Arc::clone(&control),
            privacy: Arc::clone(&privacy),
            scorer: Arc::clone(&scorer),
            authenticator: Arc::clone(&authenticator),
            clock: clock.clone(),
            health: Arc::new(move || reported.lock().clone()),
            metrics: metrics(),
            operator: operator.clone(),
            updates: Arc::clone(&updates),
            tls: Arc::clone(&tls),
            cores: 2,
        });
        let state = change(state.with_request_timeout(Duration::from_secs(20)));
        Api {
            router: router(state),
            store,
            control,
            authenticator,
            privacy,
            scorer,
            clock,
            ingest,
            tls,
            jobs,
            operator,
            updates,
            _dir: dir,
        }
    }

    /// Where its databases are.
    pub fn data_dir(&self) -> &Path {
        self._dir.path()
    }

    /// Without events, with rate limits as they are by default.
    pub fn limited() -> Api {
        let api = Api::empty();
        api.set("api_rate_limit_enabled", "true");
        api
    }

    /// Stores lines in Squid's format as an import does, each so many minutes before now.
    pub fn log(&self, lines: &[(i64, &str)]) {
        let time = |minutes: &i64| (NOON.0 - minutes * 60_000) as f64 / 1000.0;
        let text: String = lines.iter().map(|(minutes, line)| format!("{:.3} 12 {line}\n", time(minutes))).collect();
        let chunk = Chunk { end: text.len() as u64, bytes: text.into_bytes(), ..Chunk::default() };
        let mut storing = Storing { lens: self.privacy.stored_as(), scorer: self.scorer.row_scorer() };
        let source = SourceName { name: "squid".into(), host: "proxy1".into(), format: "squid".into() };
        let mut format = resolve("squid").unwrap();
        let mut batches = Vec::new();
        let parsed =
            parse_chunk::<()>(&mut format, &source, &chunk, &mut storing, &mut Batch::default(), |batch, _| {
                batches.push(batch.clone());
                Ok(())
            });
        assert_eq!(parsed.unwrap().stored, lines.len() as u64);
        self.store.push(batches);
    }

    /// Sets a setting.
    pub fn set(&self, name: &str, value: &str) {
        self.control.set_setting(name, SettingValue::Text(value.to_owned()), &Actor::system("test")).unwrap();
    }

    /// Lets time pass.
    pub fn later(&self, ms: i64) {
        self.clock.set(Timestamp(self.clock.now().0 + ms));
    }

    /// With the sample log.
    pub fn sample() -> Api {
        let api = Api::empty();
        api.store.push(vec![batch(&SAMPLE)]);
        api
    }

    /// Adds an account with the admin's password.
    pub fn add_account(&self, name: &str, role: &str) {
        let sql = "INSERT INTO account (name, role, password_hash, created_at_ms, password_changed_at_ms)
                   SELECT ?1, ?2, password_hash, created_at_ms, password_changed_at_ms FROM account WHERE name = 'admin'";
        self.sql(|connection| assert_eq!(connection.execute(sql, (name, role)).unwrap(), 1));
    }

    /// Reaches past everything into `control.db`.
    pub fn sql(&self, act: impl FnOnce(&rusqlite::Connection)) {
        act(&rusqlite::Connection::open(self.control.path()).unwrap());
    }

    /// Sends JSON as somebody with the admin's password.
    pub async fn post_as(&self, who: &str, path: &str, json: &str) -> Answer {
        let request = request("POST", path)
            .header(header::AUTHORIZATION, basic(who, PASSWORD))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(json.to_owned())).unwrap()).await
    }

    /// Asks as somebody with the admin's password.
    pub async fn get_as(&self, who: &str, path: &str) -> Answer {
        let request = request("GET", path).header(header::AUTHORIZATION, basic(who, PASSWORD));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a request as it is. Of a stream of events, which never ends, the body is left unread.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let endless = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let body = if endless { Body::empty() } else { body };
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body, text }
    }

    /// Sends a request without credentials from a peer elsewhere.
    pub async fn anonymous(&self, method: &str, path: &str) -> Answer {
        self.send(request(method, path).body(Body::empty()).unwrap()).await
    }

    /// Asks as the admin.
    pub async fn get(&self, path: &str) -> Answer {
        self.admin("GET", path).await
    }

    /// Sends a request without a body as the admin.
    pub async fn admin(&self, method: &str, path: &str) -> Answer {
        self.send(as_admin(method, path).body(Body::empty()).unwrap()).await
    }

    /// Sends a request with a header that says who asks, and JSON unless there is none.
    pub async fn ask(&self, (name, value): &Who, method: &str, path: &str, json: Option<&Value>) -> Answer {
        let mut ask = request(method, path).header(*name, value);
        if json.is_some() {
            ask = ask.header(header::CONTENT_TYPE, "application/json");
        }
        self.send(ask.body(json.map_or_else(Body::empty, |json| Body::from(json.to_string()))).unwrap()).await
    }

    /// Sends JSON as the admin.
    pub async fn post(&self, path: &str, json: &str) -> Answer {
        self.send_as("POST", path, "application/json", json.to_owned()).await
    }

    /// Sends a body of some type as the admin.
    pub async fn send_as(&self, method: &str, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
        self.send(as_admin(method, path).header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()).await
    }
}

/// A header that says who asks.
pub type Who = (&'static str, String);

/// A request from a peer elsewhere.
pub fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).extension(Peer("192.0.2.1:4711".parse().unwrap()))
}

/// A request with the admin's credentials.
pub fn as_admin(method: &str, path: &str) -> axum::http::request::Builder {
    request(method, path).header(header::AUTHORIZATION, basic("admin", PASSWORD))
}

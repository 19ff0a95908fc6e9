//! `tidegate serve`: follows the configured sources and answers questions about them, until told to end.

use super::reload::{ReadConfig, Running};
use super::sources::{self, Sources};
use super::supervisor::Supervisor;
use super::watchdog::Watched;
use crate::api::tls::Tls;
use crate::api::{self, AppState, Limits, Parts, Serving};
use crate::archive::Folder;
use crate::auth::{Authenticator, FirstAdmin, Password, ensure_admin};
use crate::classify;
use crate::config::{Config, LogFormat, LogLevel};
use crate::control::{AccountName, ControlDb, JobOutcome};
use crate::jobs::{self, Jobs, keep_schedules};
use crate::model::{Clock, SystemClock};
use crate::pipeline::{Follower, ReceiveSpec, Receivers, SourceSpec, TlsConfigs};
use crate::privacy::Privacy;
use crate::scoring::Scorer;
use crate::store::columnar::ColumnarStore;
use crate::update::Updates;
use anyhow::Context;
use clap::Args;
use parking_lot::Mutex;
use std::io::{IsTerminal, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::reload::Handle;

/// Where to listen.
#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Address and port; wins over the configuration's `server.listen`. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

pub(super) fn run(arguments: &ServeArguments, config: &Config, read: ReadConfig) -> anyhow::Result<ExitCode> {
    let log = start_log(config);
    let listen = arguments.listen.unwrap_or(config.server.listen);
    let listener = TcpListener::bind(listen).with_context(|| {
        format!("can't listen on {listen}; is another Tidegate running? choose a port with --listen")
    })?;
    Service::open(config, read, log)?.run(listener)
}

/// Everything that runs behind the listener.
pub(super) struct Service {
    pub(super) store: Arc<ColumnarStore>,
    data_dir: PathBuf,
    first_admin: FirstAdmin,
    admin: String,
    control: Arc<ControlDb>,
    pub(super) privacy: Arc<Privacy>,
    pub(super) scorer: Arc<Scorer>,
    clock: Arc<dyn Clock>,
    followed: Vec<SourceSpec>,
    received: Vec<ReceiveSpec>,
    squid_conf: Option<PathBuf>,
    config: Config,
    read: ReadConfig,
    log: LogLevels,
}

impl Service {
    /// Looks for what behaviour gives away in what is stored, as the job does at its time.
    pub(super) fn look_for_findings(&self) -> anyhow::Result<()> {
        let run = self.control.begin_job("findings", "demo")?;
        let outcome = jobs::look_now(&*self.store, &self.control, self.clock.now());
        let outcome = outcome.map_or_else(|failure| JobOutcome::Failed(failure.to_string()), JobOutcome::Done);
        Ok(self.control.end_job(run.id, &outcome)?)
    }

    /// Opens both databases, the keys and, at the first start, makes the admin.
    pub(super) fn open(config: &Config, read: ReadConfig, log: LogLevels) -> anyhow::Result<Service> {
        let (followed, received) = sources::specs(&config.sources)?;
        super::make_data_dir(&config.data_dir)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = Arc::new(ColumnarStore::open(&config.data_dir, classify::CLASSIFIERS, Arc::clone(&clock))?);
        let control = Arc::new(ControlDb::open(&config.data_dir, Arc::clone(&clock), config.settings.clone())?);
        let interrupted = control.interrupt_open_intents()?;
        if interrupted > 0 {
            tracing::warn!(interrupted, "changes were cut off by the last stop; see the audit log");
        }
        for setting in control.settings().lost_secrets() {
            tracing::warn!(
                setting,
                "its secret can't be opened, since the key it was sealed with is gone; set it again"
            );
        }
        if let Err(cause) = Folder::of(&config.data_dir).sweep() {
            tracing::warn!(%cause, "what is left of archives that were cut off could not be removed");
        }
        let privacy = Arc::new(Privacy::open(&config.data_dir, Arc::clone(&control))?);
        let scorer = super::scorer(config, &control)?;
        let name = AccountName::new(&config.admin.username)?;
        let given = super::environment("TIDEGATE_ADMIN_PASSWORD").map(Password::new).transpose()?;
        let first_admin = ensure_admin(&control, &name, given.as_ref())?;
        Ok(Service {
            data_dir: config.data_dir.clone(),
            store,
            control,
            privacy,
            scorer,
            clock,
            followed,
            received,
            first_admin,
            admin: config.admin.username.clone(),
            squid_conf: config.squid_conf().map(Into::into),
            config: config.clone(),
            read,
            log,
        })
    }

    /// Prints where the service is and, where it was just made, the admin's password; in one piece, for whoever reads
    /// it from a pipe.
    fn announce(&self, listener: &TcpListener, scheme: &str) -> anyhow::Result<()> {
        let mut said = format!("Tidegate {} on {scheme}://{}/\n", env!("CARGO_PKG_VERSION"), listener.local_addr()?);
        match &self.first_admin {
            FirstAdmin::Created { generated: Some(password) } => {
                said += &format!("  user      {}\n", self.admin);
                said += &format!("  password  {}   (generated; shown this once)\n", password.expose());
            }
            FirstAdmin::Created { generated: None } => {
                said += &format!("  user      {} (password from TIDEGATE_ADMIN_PASSWORD)\n", self.admin);
            }
            FirstAdmin::Existing => {}
        }
        let mut out = std::io::stdout().lock();
        out.write_all(said.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// Says where it is, then serves until SIGINT or SIGTERM, or until it is to be started again.
    pub(super) fn run(mut self, listener: TcpListener) -> anyhow::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        // Before anybody is told that it runs: from then on it may be told to end.
        let (told_to_end, told_to_reload) =
            runtime.block_on(async { Ok::<_, std::io::Error>((told_to_end()?, hung_up()?)) })?;
        let supervisor = Arc::new(Supervisor::of_this_process(self.config.server.supervised));
        let tls = Arc::new(Tls::open(&self.data_dir, Arc::clone(&self.control), Arc::clone(&self.clock)));
        // A commit that waits for another process is told of before long, and tried again.
        self.store.wait_for_others(LOCK_PATIENCE)?;
        let stored_as = super::privacy::stored_as(&self.privacy, &self.scorer);
        let syslog = Arc::clone(&tls);
        let received = std::mem::take(&mut self.received);
        let syslog_config: TlsConfigs = Arc::new(move || syslog.syslog_config());
        let receivers = Arc::new(Receivers::start(&self.store, &self.clock, &stored_as, received, syslog_config)?);
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let names = sources::names(&self.followed);
        let followed = std::mem::take(&mut self.followed);
        let follower = Follower::new(Arc::clone(&self.store), Arc::clone(&self.clock), followed);
        let mut follower = follower.stored_as(stored_as);
        // Before anybody is told that it runs: a log that is rotated the next moment has been met under its name.
        follower.look(Duration::ZERO);
        self.announce(&listener, if tls.is_on() { "https" } else { "http" })?;
        let sources = Arc::new(Sources::new(follower.status(), receivers.status(), names));
        let updates = Arc::new(Updates::new(self.config.updates.url.clone(), Arc::clone(&self.clock)));
        let (restart, told_to_restart) = watch::channel(false);
        let running = Arc::new(Running {
            read: self.read,
            config: Mutex::new(self.config),
            turn: Mutex::default(),
            control: Arc::clone(&self.control),
            scorer: Arc::clone(&self.scorer),
            updates: Arc::clone(&updates),
            tls: Arc::clone(&tls),
            sources: Arc::clone(&sources),
            receivers: Arc::clone(&receivers),
            follow: follower.changes(),
            log: self.log,
            supervisor: Arc::clone(&supervisor),
            restart,
        });
        let watched = Watched {
            supervisor: Arc::clone(&supervisor),
            store: Arc::clone(&self.store),
            sources: Arc::clone(&sources),
            clock: Arc::clone(&self.clock),
            runtime: runtime.handle().clone(),
        };
        let metrics = api::install_metrics()?;
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        let jobs = Arc::new(Jobs::new(jobs::Context {
            store: Arc::clone(&self.store) as _,
            control: Arc::clone(&self.control),
            privacy: Arc::clone(&self.privacy),
            scorer: Arc::clone(&self.scorer),
            clock: Arc::clone(&self.clock),
            squid_conf: self.squid_conf.clone(),
        })?);
        let serving = Serving { metrics: metrics.clone(), tls: Arc::clone(&tls), limits: Limits::of_this_process() };
        let parts = Parts {
            store: self.store,
            authenticator: Arc::new(Authenticator::new(Arc::clone(&self.control), Arc::clone(&self.clock))?),
            control: self.control,
            privacy: self.privacy,
            scorer: self.scorer,
            clock: Arc::clone(&self.clock),
            health: Arc::new(move || sources.ingest(&store, &*clock)),
            metrics,
            operator: Arc::clone(&running) as _,
            updates: Arc::clone(&updates),
            tls,
            jobs: Arc::clone(&jobs),
            cores,
        };
        let state = AppState::new(parts).with_squid_conf(self.squid_conf);
        let warmed = state.clone();
        // Ends with the process, whether or not it is done.
        std::thread::Builder::new().name("warm-up".into()).spawn(move || api::warm_up(&warmed))?;
        let router = api::router(state);
        runtime.spawn(keep_schedules(jobs));
        runtime.spawn(look_for_updates(updates));
        let stop = Arc::new(AtomicBool::new(false));
        let stopping = Arc::clone(&stop);
        let following = std::thread::Builder::new().name("follower".into()).spawn(move || follower.run(&stopping))?;
        // Sources end while the API does, each in its own time; also where serving fails, which drops the sender.
        let (begin, told) = mpsc::channel::<Instant>();
        let (done, ended) = mpsc::channel();
        std::thread::Builder::new().name("ending".into()).spawn(move || {
            let until = told.recv().unwrap_or_else(|_| Instant::now()) + END_PATIENCE;
            let _ = done.send(until);
            stop.store(true, Ordering::Relaxed);
            receivers.stop();
            if following.join().is_err() {
                tracing::error!("the follower ended in a panic");
            }
        })?;
        runtime.spawn(reload_when_told(told_to_reload, running));
        watched.start()?;
        supervisor.ready();
        let is_restart = told_to_restart.clone();
        let served = runtime.block_on(async move {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let told_to_end = async move {
                tokio::select! {
                    () = told_to_end => {}
                    () = told_once(told_to_restart) => {}
                }
                supervisor.stopping();
                let _ = begin.send(Instant::now());
            };
            api::serve(listener, router, serving, told_to_end).await
        });
        // Blocking work that is still under way, a long scan, ends with the process.
        runtime.shutdown_background();
        let left = |until: Instant| until.saturating_duration_since(Instant::now());
        // The thread's end hangs up.
        if let Ok(until) = ended.recv()
            && ended.recv_timeout(left(until)) == Err(RecvTimeoutError::Timeout)
        {
            tracing::error!(
                "the store did not take the last lines in time; what is followed is gone on with next time"
            );
        }
        served?;
        if *is_restart.borrow() {
            tracing::info!("stopped, to be started again");
            return Ok(ExitCode::from(RESTART));
        }
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }
}

/// The exit code that asks the supervisor to start the process again: EX_TEMPFAIL of sysexits(3).
const RESTART: u8 = 75;
/// How long a commit waits for another process that holds the database.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// How long the last commits may take from when the end is told.
const END_PATIENCE: Duration = Duration::from_secs(4);

/// Asks whether there is a newer release, where it is to be asked at all; whether it is time for that it knows itself.
async fn look_for_updates(updates: Arc<Updates>) {
    let mut hourly = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hourly.tick().await;
        let updates = Arc::clone(&updates);
        if let Err(cause) = tokio::task::spawn_blocking(move || updates.check()).await {
            tracing::error!(%cause, "looking for a newer release ended early");
        }
    }
}

/// Reads the configuration again at each SIGHUP.
async fn reload_when_told(mut hung_up: Signal, running: Arc<Running>) {
    while hung_up.recv().await.is_some() {
        let running = Arc::clone(&running);
        if let Err(cause) = tokio::task::spawn_blocking(move || running.reload_by_signal()).await {
            tracing::error!(%cause, "reloading ended early");
        }
    }
}

/// Catches SIGHUP from this call on.
fn hung_up() -> std::io::Result<Signal> {
    signal(SignalKind::hangup())
}

/// Completes when it is told so, never when nobody is left to tell.
async fn told_once(mut told: watch::Receiver<bool>) {
    if told.wait_for(|told| *told).await.is_err() {
        std::future::pending().await
    }
}

/// Completes at SIGINT or SIGTERM, which are caught from this call on.
pub(super) fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Changes what is logged while the process runs.
#[derive(Clone)]
pub(super) struct LogLevels(Option<Arc<dyn Fn(LogLevel) + Send + Sync>>);

impl LogLevels {
    /// Logs what is of that level, or above, from now on.
    pub(super) fn set(&self, level: LogLevel) {
        if let Some(set) = &self.0 {
            set(level);
        }
    }
}

/// Tidegate's own log goes to standard error.
pub(super) fn start_log(config: &Config) -> LogLevels {
    let filter = EnvFilter::new(config.log.level.word());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    fn levels<S: 'static>(handle: Handle<EnvFilter, S>) -> Arc<dyn Fn(LogLevel) + Send + Sync> {
        Arc::new(move |level| {
            if let Err(cause) = handle.reload(EnvFilter::new(level.word())) {
                tracing::error!(%cause, "the log's level could not be changed");
            }
        })
    }
    let (set, started) = match config.log.format {
        LogFormat::Text => {
            let log = log.with_filter_reloading();
            (levels(log.reload_handle()), log.try_init())
        }
        LogFormat::Json => {
            let log = log.json().with_filter_reloading();
            (levels(log.reload_handle()), log.try_init())
        }
    };
    // A second start in one process keeps the first log.
    LogLevels(started.is_ok().then_some(set))
}

//! `tidegate serve`: follows the configured sources and answers questions about them, until told to end.

use super::sources::{self, Sources};
use crate::api::tls::Tls;
use crate::api::{self, AppState, Limits, Parts, Serving};
use crate::archive::Folder;
use crate::auth::{Authenticator, FirstAdmin, Password, ensure_admin};
use crate::classify;
use crate::config::{Config, LogFormat};
use crate::control::settings::AUDIT_RETENTION_DAYS;
use crate::control::{AccountName, Actor, ControlDb};
use crate::model::{Clock, SystemClock};
use crate::pipeline::{Follower, ReceiveSpec, Receivers, SourceSpec, TlsConfigs};
use crate::privacy::Privacy;
use crate::scoring::Scorer;
use crate::store::columnar::ColumnarStore;
use anyhow::Context;
use clap::Args;
use std::io::{IsTerminal, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Where to listen.
#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Address and port; wins over the configuration's `server.listen`. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

pub(super) fn run(arguments: &ServeArguments, config: &Config) -> anyhow::Result<ExitCode> {
    start_log(config);
    let listen = arguments.listen.unwrap_or(config.server.listen);
    let listener = TcpListener::bind(listen).with_context(|| {
        format!("can't listen on {listen}; is another Tidegate running? choose a port with --listen")
    })?;
    Service::open(config)?.run(listener)
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
    config: serde_json::Value,
}

impl Service {
    /// Opens both databases, the keys and, at the first start, makes the admin.
    pub(super) fn open(config: &Config) -> anyhow::Result<Service> {
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
            config: config.to_json(),
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

    /// Says where it is, then serves until SIGINT or SIGTERM.
    pub(super) fn run(mut self, listener: TcpListener) -> anyhow::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        // Before anybody is told that it runs: from then on it may be told to end.
        let told_to_end = runtime.block_on(async { told_to_end() })?;
        let tls = Arc::new(Tls::open(&self.data_dir, Arc::clone(&self.control), Arc::clone(&self.clock)));
        // A commit that waits for another process is told of before long, and tried again.
        self.store.wait_for_others(LOCK_PATIENCE)?;
        let stored_as = super::privacy::stored_as(&self.privacy, &self.scorer);
        let syslog = Arc::clone(&tls);
        let received = std::mem::take(&mut self.received);
        let syslog_config: TlsConfigs = Arc::new(move || syslog.syslog_config());
        let receivers = Receivers::start(&self.store, &self.clock, &stored_as, received, syslog_config)?;
        self.announce(&listener, if tls.is_on() { "https" } else { "http" })?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let names = self.followed.iter().map(|spec| (spec.source.name.clone(), spec.source.host.clone())).collect();
        let follower = Follower::new(Arc::clone(&self.store), Arc::clone(&self.clock), self.followed);
        let mut follower = follower.stored_as(stored_as);
        let sources = Sources { followed: follower.status(), received: receivers.status(), names };
        let metrics = api::install_metrics()?;
        let (store, control, clock) = (Arc::clone(&self.store), Arc::clone(&self.control), Arc::clone(&self.clock));
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
            config: self.config,
            tls,
            cores,
        };
        let router = api::router(AppState::new(parts));
        runtime.spawn(keep_audit_bounded(control));
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
        let served = runtime.block_on(async move {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let told_to_end = async move {
                told_to_end.await;
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
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }
}

/// How long a commit waits for another process that holds the database.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// How long the last commits may take from when the end is told.
const END_PATIENCE: Duration = Duration::from_secs(4);

/// Removes what the audit log keeps no longer, at the start and then every hour.
async fn keep_audit_bounded(control: Arc<ControlDb>) {
    let mut hourly = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hourly.tick().await;
        let control = Arc::clone(&control);
        let pruned = tokio::task::spawn_blocking(move || {
            let days = control.settings().get(AUDIT_RETENTION_DAYS);
            control.prune_audit(days, &Actor::system("serve"))
        });
        match pruned.await {
            Ok(Ok(pruned)) if pruned.entries > 0 => tracing::info!(entries = pruned.entries, "audit log pruned"),
            Ok(Ok(_)) => {}
            Ok(Err(cause)) => tracing::error!(%cause, "the audit log could not be pruned"),
            Err(cause) => tracing::error!(%cause, "pruning the audit log ended early"),
        }
    }
}

/// Completes at SIGINT or SIGTERM, which are caught from this call on.
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Tidegate's own log goes to standard error.
pub(super) fn start_log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(config.log.level.word());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second start in one process keeps the first log.
    let _ = match config.log.format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}

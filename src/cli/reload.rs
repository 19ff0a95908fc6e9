//! Another configuration while it runs: config.toml and what it names are read again, checked as a whole, and put in
//! force, by `POST /api/reload` and by SIGHUP. What holds only from a start on is said, and stays what it was.

use super::serve::LogLevels;
use super::sources::{self, Sources};
use super::supervisor::Supervisor;
use crate::api::tls::Tls;
use crate::api::{Operator, ReloadError, Reloaded};
use crate::config::{Config, ConfigFaults};
use crate::control::{Actor, ControlDb};
use crate::pipeline::{FollowChanges, Receivers};
use crate::scoring::{RuleBook, Scorer};
use crate::update::Updates;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Reads the configuration again.
pub(super) type ReadConfig = Box<dyn Fn() -> Result<Config, ConfigFaults> + Send + Sync>;

/// Runs the process.
pub(super) struct Running {
    pub(super) read: ReadConfig,
    /// What is in force.
    pub(super) config: Mutex<Config>,
    /// Held while it is changed.
    pub(super) turn: Mutex<()>,
    pub(super) control: Arc<ControlDb>,
    pub(super) scorer: Arc<Scorer>,
    pub(super) updates: Arc<Updates>,
    pub(super) tls: Arc<Tls>,
    pub(super) sources: Arc<Sources>,
    pub(super) receivers: Arc<Receivers>,
    pub(super) follow: FollowChanges,
    pub(super) log: LogLevels,
    pub(super) supervisor: Arc<Supervisor>,
    /// Told to end, to be started again.
    pub(super) restart: watch::Sender<bool>,
}

/// How long the follower may take to turn to other sources.
const FOLLOWER_PATIENCE: Duration = Duration::from_secs(10);

impl Operator for Running {
    fn config(&self) -> serde_json::Value {
        self.config.lock().to_json()
    }

    fn reload(&self, actor: &Actor) -> Result<Reloaded, ReloadError> {
        // One after the other; what is in force is told meanwhile.
        let _turn = self.turn.lock();
        let mut in_force = self.config.lock().clone();
        self.supervisor.reloading();
        let intent = self.control.intent(actor, "service.reload", Config::FILE, Some(in_force.to_json()));
        let reloaded = intent.map_err(ReloadError::from).and_then(|intent| {
            let reloaded = self.apply(&mut in_force);
            if reloaded.is_ok() {
                self.config.lock().clone_from(&in_force);
            }
            match &reloaded {
                Ok(_) => self.control.complete(intent, Some(in_force.to_json()))?,
                Err(failure) => self.control.fail(intent, &failure.to_string())?,
            }
            reloaded
        });
        self.supervisor.ready();
        reloaded
    }

    fn is_supervised(&self) -> bool {
        self.supervisor.starts_again()
    }

    fn restart(&self) {
        self.restart.send_replace(true);
    }
}

impl Running {
    /// Reads everything, then puts it in force; what may still be refused comes first.
    fn apply(&self, in_force: &mut Config) -> Result<Reloaded, ReloadError> {
        let refused = |place: &str, problem: String| ReloadError::Refused(vec![(place.to_owned(), problem)]);
        let mut config = (self.read)().map_err(|faults| ReloadError::Refused(faults.by_place()))?;
        let (followed, received) =
            sources::specs(&config.sources).map_err(|fault| refused("source", format!("{fault:#}")))?;
        let book = RuleBook::load(&config.waf.rules()).map_err(|faults| refused("waf.rules", faults.to_string()))?;
        let rules = book.applied();

        let names = sources::names(&followed);
        let all_changed = self.receivers.replace(received).map_err(|fault| refused("source", fault.to_string()))?;
        self.scorer.replace(book).map_err(|faults| refused("waf.rules", faults.to_string()))?;
        self.control.set_defaults(config.settings.clone())?;
        self.sources.are_called(names);
        if !self.follow.follow(followed, FOLLOWER_PATIENCE) {
            tracing::warn!("the files are not looked at just now; what is followed changes as soon as they are");
        }
        self.updates.ask_at(config.updates.url.clone());
        self.log.set(config.log.level);
        self.tls.look();

        let mut reloaded = Reloaded { sources: config.sources.len(), rules, ..Reloaded::default() };
        let mut note = |key: &'static str, has_changed: bool| {
            if has_changed {
                reloaded.applied.push(key);
            }
        };
        note("source", config.sources != in_force.sources && all_changed);
        note("waf.rules", true);
        note("log.level", config.log.level != in_force.log.level);
        note("updates.url", config.updates != in_force.updates);
        note("settings", config.settings != in_force.settings);
        note("tls", true);
        let mut later = |key: &'static str, has_changed: bool| {
            if has_changed {
                reloaded.needs_restart.push(key);
            }
        };
        later("data_dir", config.data_dir != in_force.data_dir);
        later("server.listen", config.server.listen != in_force.server.listen);
        later("server.supervised", config.server.supervised != in_force.server.supervised);
        later("source of standard input", !all_changed);
        later("squid.conf", config.squid_conf() != in_force.squid_conf());
        later("log.format", config.log.format != in_force.log.format);
        config.data_dir.clone_from(&in_force.data_dir);
        config.server = in_force.server.clone();
        config.squid = in_force.squid.clone();
        config.log.format = in_force.log.format;
        *in_force = config;
        Ok(reloaded)
    }

    /// Reloads because somebody sent SIGHUP; what came of it is in the log.
    pub(super) fn reload_by_signal(&self) {
        match self.reload(&Actor::system("SIGHUP")) {
            Ok(done) => {
                let (applied, needs_restart) = (done.applied.join(", "), done.needs_restart.join(", "));
                tracing::info!(applied, needs_restart, "the configuration was reloaded");
            }
            Err(failure) => tracing::error!(%failure, "the configuration was not reloaded; the former is in force"),
        }
    }
}

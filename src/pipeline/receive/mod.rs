//! Receiving lines: over UDP, TCP and TLS, as syslog or bare, and from standard input. `listen` brings them into an
//! `inbox`, `commit` takes them out of it into the store.
//!
//! A stream has no content that could be looked at again, so nothing marks how far it was read: what was received and
//! not yet committed when the process is killed is lost, which is what came in the last moment (100 ms) while the store
//! works. When it is told to end, everything that has come is committed first. While the store refuses, lines wait: then
//! TCP senders have to, and UDP loses lines, which are counted.

mod commit;
mod inbox;
mod listen;
mod status;

pub use status::{ReceiveState, ReceiveStatus};

use super::parse::StoredAs;
use crate::format::FormatChoice;
use crate::model::{Clock, SourceName};
use crate::source::syslog::ListenAddress;
use crate::store::EventSink;
use commit::Committer;
use inbox::Inbox;
use ipnet::IpNet;
use listen::Listening;
use status::Watched;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::watch;

/// How lines come in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Door {
    /// Over the network.
    Network(ListenAddress),
    /// From standard input, one after the other.
    Stdin,
}

impl fmt::Display for Door {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Door::Network(address) => address.fmt(out),
            Door::Stdin => out.write_str("standard input"),
        }
    }
}

/// What to receive.
#[derive(Clone, Debug)]
pub struct ReceiveSpec {
    /// Name of its rows, and machine of those whose message names none.
    pub source: SourceName,
    /// Where its lines come in.
    pub door: Door,
    /// How its lines are read; found out for each machine where it is not said.
    pub format: FormatChoice,
    /// The zone of times without one.
    pub zone: jiff::tz::TimeZone,
    /// Who may send; everybody when it is empty.
    pub allow: Vec<IpNet>,
}

/// What TLS is spoken with for the next connection, or a sentence that says why it can't be.
pub type TlsConfigs = Arc<dyn Fn() -> Result<Arc<rustls::ServerConfig>, String> + Send + Sync>;

/// Why receiving could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The address can't be listened on.
    #[error("can't listen on {address}: {cause}; {mend}", mend = mend(cause))]
    Listen {
        /// The address.
        address: ListenAddress,
        /// Why.
        cause: io::Error,
    },
    /// No thread could be started.
    #[error("can't start receiving: {0}")]
    Start(#[from] io::Error),
}

/// What helps where an address can't be listened on.
fn mend(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::AddrInUse => "another program does; stop it, or choose another port",
        io::ErrorKind::AddrNotAvailable => "name an address that this machine has, or 0.0.0.0 or [::] for all",
        io::ErrorKind::PermissionDenied => "choose a port from 1024 on, or give Tidegate CAP_NET_BIND_SERVICE",
        _ => "choose another address",
    }
}

/// Receives, in threads of its own, until it is told to stop.
#[derive(Debug)]
pub struct Receivers {
    status: Arc<ReceiveStatus>,
    stop: watch::Sender<bool>,
    listening: JoinHandle<()>,
    committing: Vec<JoinHandle<()>>,
}

impl Receivers {
    /// How much waits for the store per source at most, in bytes of lines.
    pub const MOST_WAITING_BYTES: usize = 32 << 20;

    /// Opens every door and begins.
    ///
    /// # Errors
    /// [`ReceiveError`] when an address can't be listened on.
    pub fn start<S: EventSink + 'static>(
        store: &Arc<S>,
        clock: &Arc<dyn Clock>,
        stored_as: &StoredAs,
        specs: Vec<ReceiveSpec>,
        tls: TlsConfigs,
    ) -> Result<Receivers, ReceiveError> {
        let mut doors = Vec::new();
        for spec in specs {
            let (door, socket) = listen::open(spec.door)?;
            let watched = Arc::new(Watched::new(spec, door, Inbox::new(Self::MOST_WAITING_BYTES)));
            doors.push((watched, socket));
        }
        let sources: Vec<Arc<Watched>> = doors.iter().map(|(watched, _)| Arc::clone(watched)).collect();
        let mut committing = Vec::new();
        for watched in &sources {
            let (store, clock, stored_as) = (Arc::clone(store), Arc::clone(clock), Arc::clone(stored_as));
            let committer = Committer::new(store, clock, stored_as, Arc::clone(watched));
            committing.push(std::thread::Builder::new().name("committer".into()).spawn(move || committer.run())?);
        }
        let (stop, stopping) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listening = Listening { tls, stop: stopping };
        let listening =
            std::thread::Builder::new().name("receiver".into()).spawn(move || listening.run(runtime, doors))?;
        Ok(Receivers { status: Arc::new(ReceiveStatus { sources }), stop, listening, committing })
    }

    /// How receiving goes.
    pub fn status(&self) -> Arc<ReceiveStatus> {
        Arc::clone(&self.status)
    }

    /// Takes what has come, commits it and ends.
    pub fn stop(self) {
        // Nobody listens any more where the thread has ended already.
        let _ = self.stop.send(true);
        let mut panicked = self.listening.join().is_err();
        for source in &self.status.sources {
            source.inbox.close();
        }
        for committing in self.committing {
            panicked |= committing.join().is_err();
        }
        if panicked {
            tracing::error!("receiving ended in a panic");
        }
    }
}

#[cfg(test)]
mod tests;

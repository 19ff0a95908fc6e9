//! Receiving lines: over UDP, TCP and TLS, as syslog or bare, and from standard input. `listen` brings them into an
//! `inbox`, `commit` takes them out of it into the store, and `running` is both for one source.
//!
//! A stream has no content that could be looked at again, so nothing marks how far it was read: what was received and
//! not yet committed when the process is killed is lost, which is what came in the last moment (100 ms) while the store
//! works. When it is told to end, everything that has come is committed first. While the store refuses, lines wait: then
//! TCP senders have to, and UDP loses lines, which are counted.

mod commit;
mod inbox;
mod listen;
mod running;
mod status;

pub use status::{ReceiveState, ReceiveStatus};

use super::parse::StoredAs;
use crate::format::FormatChoice;
use crate::model::{Clock, SourceName};
use crate::source::syslog::ListenAddress;
use crate::store::EventSink;
use ipnet::IpNet;
use listen::Opening;
use parking_lot::Mutex;
use running::Running;
use std::fmt;
use std::io;
use std::sync::Arc;

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
#[derive(Clone, Debug, PartialEq)]
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
pub struct Receivers {
    status: Arc<ReceiveStatus>,
    running: Mutex<Vec<Running>>,
    begin: Box<dyn Fn(ReceiveSpec, Opening) -> Result<Running, ReceiveError> + Send + Sync>,
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
        let (store, clock, stored_as) = (Arc::clone(store), Arc::clone(clock), Arc::clone(stored_as));
        let begin = move |spec, opening| {
            let way = (Arc::clone(&store), Arc::clone(&clock), Arc::clone(&stored_as));
            Running::begin(spec, opening, way, Arc::clone(&tls))
        };
        let receivers = Receivers { status: Arc::default(), running: Mutex::default(), begin: Box::new(begin) };
        receivers.replace(specs)?;
        Ok(receivers)
    }

    /// Receives these from now on. A source that is as it was goes on untouched. One that has changed takes over the
    /// socket of the former, so that what comes meanwhile waits in it; connections are read to what has come and closed.
    /// Every other is told to stop when the new ones are open. Answers whether it is so: standard input can't be changed
    /// while it is read, and stays what it is.
    ///
    /// # Errors
    /// [`ReceiveError`] when an address can't be listened on; then nothing has changed.
    pub fn replace(&self, specs: Vec<ReceiveSpec>) -> Result<bool, ReceiveError> {
        let mut running = self.running.lock();
        let stdin = running.iter().find(|one| one.spec.door == Door::Stdin).map(|one| one.spec.clone());
        let asked = specs.iter().find(|spec| spec.door == Door::Stdin);
        let all_changed = stdin.is_none() || stdin.as_ref() == asked;
        let mut wanted: Vec<ReceiveSpec> =
            specs.into_iter().filter(|spec| spec.door != Door::Stdin || stdin.is_none()).collect();
        wanted.extend(stdin);
        let mut openings = Vec::new();
        for spec in wanted.iter().filter(|spec| !running.iter().any(|one| one.spec == **spec)) {
            let former = running.iter().find(|one| one.has_socket_for(spec.door) && !wanted.contains(&one.spec));
            let opening = former.map_or_else(|| listen::open(spec.door), |former| former.handed_over(spec.door))?;
            openings.push((spec.clone(), opening, former.map(|former| Arc::clone(&former.watched))));
        }
        let (kept, ended): (Vec<Running>, Vec<Running>) =
            std::mem::take(&mut *running).into_iter().partition(|one| wanted.contains(&one.spec));
        *running = kept;
        ended.into_iter().for_each(Running::stop);
        for (spec, opening, former) in openings {
            let begun = (self.begin)(spec, opening)?;
            if let Some(former) = former {
                begun.watched.counts_on(&former);
            }
            running.push(begun);
        }
        let place = |one: &Running| wanted.iter().position(|spec| *spec == one.spec);
        running.sort_by_key(place);
        self.status.are(running.iter().map(|one| Arc::clone(&one.watched)).collect());
        Ok(all_changed)
    }

    /// How receiving goes.
    pub fn status(&self) -> Arc<ReceiveStatus> {
        Arc::clone(&self.status)
    }

    /// Takes what has come, commits it and ends.
    pub fn stop(&self) {
        let running = std::mem::take(&mut *self.running.lock());
        // All at once, then each to its end.
        running.iter().for_each(Running::tell);
        running.into_iter().for_each(Running::stop);
    }
}

impl fmt::Debug for Receivers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Receivers").field("status", &self.status).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

//! One source that is received: a thread that listens and a thread that commits, and the socket, which outlives them where
//! the source's configuration changes.

use super::commit::Committer;
use super::inbox::Inbox;
use super::listen::{Listening, Opening};
use super::status::Watched;
use super::{Door, ReceiveError, ReceiveSpec, Receivers, TlsConfigs};
use crate::model::Clock;
use crate::pipeline::parse::StoredAs;
use crate::source::syslog::Transport;
use crate::store::EventSink;
use socket2::Socket;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::watch;

/// A source that is received.
pub(super) struct Running {
    /// As it was configured.
    pub(super) spec: ReceiveSpec,
    pub(super) watched: Arc<Watched>,
    /// Another handle on the socket that is listened on.
    socket: Option<Socket>,
    stop: watch::Sender<bool>,
    listening: JoinHandle<()>,
    committing: JoinHandle<()>,
}

impl Running {
    /// Begins.
    pub(super) fn begin<S: EventSink + 'static>(
        spec: ReceiveSpec,
        opening: Opening,
        (store, clock, stored_as): (Arc<S>, Arc<dyn Clock>, StoredAs),
        tls: TlsConfigs,
    ) -> Result<Running, ReceiveError> {
        let socket = opening.socket.as_ref().map(Socket::try_clone).transpose()?;
        let watched = Arc::new(Watched::new(spec.clone(), opening.door, Inbox::new(Receivers::MOST_WAITING_BYTES)));
        if let Some(lost) = opening.lost_before {
            watched.kernel_lost_before(lost);
        }
        let (stop, stopping) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listening = Listening { tls, stop: stopping };
        let source = Arc::clone(&watched);
        let listening = std::thread::Builder::new()
            .name("receiver".into())
            .spawn(move || listening.run(runtime, source, opening.socket))?;
        let committer = Committer::new(store, clock, stored_as, Arc::clone(&watched));
        let committing = std::thread::Builder::new().name("committer".into()).spawn(move || committer.run())?;
        Ok(Running { spec, watched, socket, stop, listening, committing })
    }

    /// Whether what comes in by a door comes by its socket.
    pub(super) fn has_socket_for(&self, door: Door) -> bool {
        let place = |door: Door| match door {
            Door::Network(address) => Some((address.address, address.transport == Transport::Udp)),
            Door::Stdin => None,
        };
        self.socket.is_some() && place(door).is_some() && place(door) == place(self.spec.door)
    }

    /// Its socket, for whoever receives there from now on.
    pub(super) fn handed_over(&self, door: Door) -> Result<Opening, ReceiveError> {
        let socket = self.socket.as_ref().map(Socket::try_clone).transpose()?;
        let (Door::Network(asked), Door::Network(taken)) = (door, self.watched.door) else {
            return Ok(Opening { door, socket, lost_before: None });
        };
        let door = Door::Network(crate::source::syslog::ListenAddress { address: taken.address, ..asked });
        Ok(Opening { door, socket, lost_before: Some(self.watched.lost_in_kernel()) })
    }

    /// Tells it to take what has come, and to end.
    pub(super) fn tell(&self) {
        // Nobody listens any more where the thread has ended already.
        let _ = self.stop.send(true);
    }

    /// Has it take what has come, commit it and end.
    pub(super) fn stop(self) {
        self.tell();
        let mut panicked = self.listening.join().is_err();
        self.watched.inbox.close();
        panicked |= self.committing.join().is_err();
        if panicked {
            tracing::error!("receiving ended in a panic");
        }
    }
}

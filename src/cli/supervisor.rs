//! Who started the process and watches over it: systemd's protocol of notifications (sd_notify(3)), one datagram of
//! `NAME=value` lines to the socket that `NOTIFY_SOCKET` names. Says nothing where nobody listens.

use super::environment;
use crate::config::Supervised;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// How long a notification may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who started the process.
pub(super) struct Supervisor {
    socket: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
    starts_again: bool,
}

impl Supervisor {
    /// The one of this process, as the environment says.
    pub(super) fn of_this_process(configured: Supervised) -> Supervisor {
        let own = std::process::id().to_string();
        let is_own = |name: &str| environment(name).is_none_or(|pid| pid == own);
        let socket = environment("NOTIFY_SOCKET").and_then(|name| {
            let address = match name.strip_prefix('@') {
                Some(name) => SocketAddr::from_abstract_name(name),
                None => SocketAddr::from_pathname(&name),
            };
            let socket = address.and_then(|address| {
                let socket = UnixDatagram::unbound()?;
                // A supervisor that doesn't listen must not hold anything up.
                socket.set_write_timeout(Some(PATIENCE))?;
                Ok((socket, address))
            });
            socket.inspect_err(|cause| tracing::warn!(%cause, "the supervisor can't be notified")).ok()
        });
        let watchdog_us = environment("WATCHDOG_USEC").and_then(|us| us.parse().ok()).filter(|us| *us > 0);
        // What systemd starts inherits nothing of it to what that starts in turn, unless by SYSTEMD_EXEC_PID.
        let is_service = socket.is_some() || environment("SYSTEMD_EXEC_PID").is_some_and(|pid| pid == own);
        Supervisor {
            socket,
            watchdog: watchdog_us.filter(|_| is_own("WATCHDOG_PID")).map(Duration::from_micros),
            starts_again: match configured {
                Supervised::Auto => is_service,
                Supervised::Yes => true,
                Supervised::No => false,
            },
        }
    }

    /// Whether the process is started again when it ends.
    pub(super) fn starts_again(&self) -> bool {
        self.starts_again
    }

    /// How often at least it must be told that all works; none where it doesn't ask.
    pub(super) fn watchdog(&self) -> Option<Duration> {
        self.watchdog.filter(|_| self.socket.is_some())
    }

    /// It runs, and is reached.
    pub(super) fn ready(&self) {
        self.tell(&format!("READY=1\nMAINPID={}", std::process::id()));
    }

    /// It reads its configuration again; [`Supervisor::ready`] ends that.
    pub(super) fn reloading(&self) {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        let us = now.tv_sec.saturating_mul(1_000_000).saturating_add(now.tv_nsec / 1_000);
        self.tell(&format!("RELOADING=1\nMONOTONIC_USEC={us}"));
    }

    /// It ends.
    pub(super) fn stopping(&self) {
        self.tell("STOPPING=1\nSTATUS=Storing what has come");
    }

    /// It works.
    pub(super) fn works(&self, status: &str) {
        self.tell(&format!("WATCHDOG=1\nSTATUS={status}"));
    }

    /// It doesn't work; nothing else is said.
    pub(super) fn fails(&self, status: &str) {
        self.tell(&format!("STATUS={status}"));
    }

    fn tell(&self, text: &str) {
        let Some((socket, address)) = &self.socket else { return };
        if let Err(cause) = socket.send_to_addr(text.as_bytes(), address) {
            tracing::debug!(%cause, "the supervisor was not notified");
        }
    }
}

//! How much a client may take: connections, time and memory. One struct, so that tests can make it short.

use super::super::frame::MAX_HEADER_BYTES;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::Duration;

/// The limits on clients. The default is what `tidegate serve` uses, but for the number of connections, which
/// [`Limits::of_this_process`] derives from the system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Connections at a time. Where one more comes, those that let the server wait longest are closed.
    pub connections: usize,
    /// How long a new connection may be silent.
    pub first_byte: Duration,
    /// How long request line and headers may take from their first byte, a TLS handshake before them included.
    pub head: Duration,
    /// How long a connection may be silent between two requests.
    pub idle: Duration,
    /// How long a request's body may let the server wait, besides what [`Limits::body_rate`] grants.
    pub body: Duration,
    /// Bytes of a body, each such number of which grants another second.
    pub body_rate: u64,
    /// How long a client may take for each 16 KiB of an answer, or for what is left of it.
    pub write: Duration,
    /// Bytes of unfinished headers, bodies and answers not yet taken, all connections together. Beyond it, those that
    /// hold most while they let the server wait are closed.
    pub held_bytes: usize,
    /// Bytes of request line and headers.
    pub head_bytes: usize,
    /// How long open requests may go on once the end was asked for.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 768,
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            body: Duration::from_secs(10),
            body_rate: 1024,
            write: Duration::from_secs(20),
            held_bytes: 64 << 20,
            head_bytes: MAX_HEADER_BYTES,
            drain: Duration::from_secs(4),
        }
    }
}

impl Limits {
    /// More connections than this cost more memory than they are worth.
    const MOST_CONNECTIONS: u64 = 16_384;
    /// Open files left for databases, logs and whatever else.
    const OTHER_FILES: u64 = 256;

    /// The limits for this process: as many connections as it may open files, less some for the rest. Raises the soft
    /// limit on open files to the hard one.
    pub fn of_this_process() -> Limits {
        let files = most_files().unwrap_or(1024);
        let others = Self::OTHER_FILES.max(files / 8);
        let connections = files.saturating_sub(others).clamp(64, Self::MOST_CONNECTIONS);
        Limits { connections: usize::try_from(connections).unwrap_or(usize::MAX), ..Limits::default() }
    }
}

/// How many files this process may open, after asking for as many as it can get; `None` is without limit.
fn most_files() -> Option<u64> {
    let given = getrlimit(Resource::Nofile);
    let asked = Rlimit { current: given.maximum, maximum: given.maximum };
    // What was given stands where more is refused.
    if setrlimit(Resource::Nofile, asked).is_ok() { asked.current } else { given.current }.or(Some(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_follow_the_limit_on_files() {
        let limits = Limits::of_this_process();
        let files = getrlimit(Resource::Nofile);
        assert_eq!(files.current, files.maximum, "the soft limit was raised");
        let files = files.current.unwrap_or(u64::MAX);
        assert!(limits.connections >= 64 && limits.connections <= 16_384);
        assert!(limits.connections as u64 + 256 <= files.max(64 + 256));
    }
}

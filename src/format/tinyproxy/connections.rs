//! What lines said of clients: who is connected, and what was asked lately. Bounded; the oldest go first.

use std::collections::VecDeque;

/// Connections remembered at most: tinyproxy's `MaxClients` is 100 by default.
const CONNECTIONS: usize = 1024;
/// Requests remembered at most: a refusal comes at once.
const REQUESTS: usize = 64;
/// How long what is remembered of one may be.
const BYTES: usize = 4096;

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Connections {
    open: VecDeque<Connection>,
    requests: VecDeque<Request>,
}

#[derive(Debug)]
struct Connection {
    pid: Box<[u8]>,
    descriptor: Box<[u8]>,
    client: Box<[u8]>,
}

/// A request that was asked.
#[derive(Debug)]
pub(super) struct Request {
    pub client: Box<[u8]>,
    pub method: Box<[u8]>,
    pub url: Box<[u8]>,
}

/// What a refusal says of the request it refuses.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'line> {
    Host(&'line [u8]),
    Url(&'line [u8]),
    /// Of a tunnel.
    Port(&'line [u8]),
}

impl Connections {
    /// A client connected; whoever had that descriptor before is gone.
    pub fn connected(&mut self, pid: &[u8], descriptor: &[u8], client: &[u8]) {
        self.open.retain(|open| !(*open.pid == *pid && *open.descriptor == *descriptor));
        if pid.len() + descriptor.len() + client.len() > BYTES {
            return;
        }
        if self.open.len() == CONNECTIONS {
            self.open.pop_front();
        }
        self.open.push_back(Connection { pid: pid.into(), descriptor: descriptor.into(), client: client.into() });
    }

    /// The client of a connection.
    pub fn client(&self, pid: &[u8], descriptor: &[u8]) -> Option<&[u8]> {
        let open = self.open.iter().rev().find(|open| *open.pid == *pid && *open.descriptor == *descriptor);
        open.map(|open| &*open.client)
    }

    /// A request was asked.
    pub fn asked(&mut self, client: &[u8], method: &[u8], url: &[u8]) {
        if client.len() + method.len() + url.len() > BYTES {
            return;
        }
        if self.requests.len() == REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(Request { client: client.into(), method: method.into(), url: url.into() });
    }

    /// The last request that was for this.
    pub fn last(&self, wanted: Wanted<'_>) -> Option<&Request> {
        self.requests.iter().rev().find(|request| {
            let (host, port) = host_and_port(&request.url);
            match wanted {
                Wanted::Url(url) => *request.url == *url,
                Wanted::Host(wanted) => host.eq_ignore_ascii_case(wanted),
                Wanted::Port(wanted) => *request.method == *b"CONNECT" && port == wanted,
            }
        })
    }
}

/// The host of a URL or of a tunnel's target, and the port that is written behind it.
fn host_and_port(url: &[u8]) -> (&[u8], &[u8]) {
    let authority = memchr::memmem::find(url, b"://").map_or(url, |scheme| &url[scheme + 3..]);
    let end = authority.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(authority.len());
    let authority = &authority[..end];
    let authority = memchr::memrchr(b'@', authority).map_or(authority, |at| &authority[at + 1..]);
    match memchr::memrchr(b':', authority).filter(|at| !authority[*at..].contains(&b']')) {
        Some(at) => (&authority[..at], &authority[at + 1..]),
        None => (authority, b""),
    }
}

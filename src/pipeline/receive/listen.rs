//! The sockets, and standard input: each is read by a thread with a small runtime of its own, so that neither questions
//! to the API nor the store hold it up.

use super::inbox::Lines;
use super::status::{Alarm, Watched};
use super::{Door, ReceiveError, TlsConfigs};
use crate::source::syslog::{self, Frame, Framing, KernelDrops, ListenAddress, Message, Transport};
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use std::io::{self, Read};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// The receive buffer that a UDP socket asks for, in bytes. Without the right to more it gets what
/// `net.core.rmem_max` allows.
const UDP_BUFFER_BYTES: usize = 16 << 20;
/// Below this a burst is lost; said once in the log.
const SMALL_BUFFER_BYTES: usize = 1 << 20;
/// The longest datagram.
const DATAGRAM_BYTES: usize = 65_536;
/// Datagrams taken before others have their turn.
const DATAGRAMS_AT_ONCE: usize = 512;
/// Connections open at once, per source.
const MOST_CONNECTIONS: usize = 256;
/// Read of a connection at once, in bytes.
const READ_BYTES: usize = 16 * 1024;
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a message may take that has begun. A connection without one may be silent as long as it likes: a proxy has
/// quiet nights, and a line written to a connection that is closed meanwhile is lost. Those whose other end is gone are
/// found by keep-alive.
const MESSAGE: Duration = Duration::from_secs(60);
/// How long what has come is still taken at the end: in all, and per wait.
const LAST_READS: Duration = Duration::from_secs(1);
const LAST_READ: Duration = Duration::from_millis(50);
/// How often counts of the kernel, and certificates, are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// A door that is open.
#[derive(Debug)]
pub(super) struct Opening {
    /// With the port that was taken.
    pub(super) door: Door,
    /// What is listened on; none for standard input.
    pub(super) socket: Option<Socket>,
    /// Datagrams that the kernel threw away before, and that are on somebody else's account.
    pub(super) lost_before: Option<u64>,
}

/// Opens a door.
pub(super) fn open(door: Door) -> Result<Opening, ReceiveError> {
    let Door::Network(address) = door else { return Ok(Opening { door, socket: None, lost_before: None }) };
    let opened = bind(address).map_err(|cause| ReceiveError::Listen { address, cause })?;
    let taken = opened.local_addr().ok().and_then(|address| address.as_socket()).unwrap_or(address.address);
    let door = Door::Network(ListenAddress { address: taken, ..address });
    Ok(Opening { door, socket: Some(opened), lost_before: None })
}

fn bind(listen: ListenAddress) -> io::Result<Socket> {
    let domain = Domain::for_address(listen.address);
    let is_udp = listen.transport == Transport::Udp;
    let (kind, protocol) = if is_udp { (Type::DGRAM, Protocol::UDP) } else { (Type::STREAM, Protocol::TCP) };
    let socket = Socket::new(domain, kind, Some(protocol))?;
    if domain == Domain::IPV6 {
        socket.set_only_v6(false)?;
    }
    if is_udp {
        // Beyond the system's limit where this process may.
        if rustix::net::sockopt::set_socket_recv_buffer_size_force(&socket, UDP_BUFFER_BYTES).is_err() {
            socket.set_recv_buffer_size(UDP_BUFFER_BYTES)?;
        }
        let bytes = socket.recv_buffer_size()?;
        if bytes < SMALL_BUFFER_BYTES {
            tracing::warn!(bytes, "the receive buffer is small; bursts are lost unless net.core.rmem_max is raised");
        }
    } else {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&listen.address.into())?;
    if !is_udp {
        socket.listen(128)?;
    }
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// What is needed to listen.
#[derive(Clone)]
pub(super) struct Listening {
    pub(super) tls: TlsConfigs,
    pub(super) stop: watch::Receiver<bool>,
}

impl Listening {
    /// Listens until told to stop.
    pub(super) fn run(self, runtime: Runtime, source: Arc<Watched>, socket: Option<Socket>) {
        runtime.block_on(async move {
            let mut stop = self.stop.clone();
            let mut tasks = JoinSet::new();
            tasks.spawn(self.listen(source, socket));
            // Also where nothing is left to listen to.
            let _ = stop.wait_for(|stop| *stop).await;
            let _ = timeout(LAST_READS, async { while tasks.join_next().await.is_some() {} }).await;
        });
    }

    async fn listen(self, source: Arc<Watched>, socket: Option<Socket>) {
        let _alarm = Alarm(&source);
        let done = match (source.door, socket) {
            (Door::Network(ListenAddress { transport: Transport::Udp, .. }), Some(socket)) => {
                self.datagrams(&source, socket).await
            }
            (Door::Network(address), Some(socket)) => {
                self.connections(&source, socket, address.transport == Transport::Tls).await
            }
            _ => self.standard_input(&source).await,
        };
        if let Err(cause) = done {
            source.socket_fault(Some(cause.to_string()));
        }
    }

    async fn standard_input(self, source: &Watched) -> io::Result<()> {
        let (mut to_reader, reader) = tokio::io::duplex(READ_BYTES);
        let runtime = tokio::runtime::Handle::current();
        // A read of standard input can't be broken off: it has a thread that is left alone at the end.
        std::thread::Builder::new().name("stdin".into()).spawn(move || {
            let mut buffer = vec![0; READ_BYTES];
            while let Ok(length @ 1..) = io::stdin().lock().read(&mut buffer) {
                if runtime.block_on(to_reader.write_all(&buffer[..length])).is_err() {
                    break;
                }
            }
        })?;
        self.read(source, reader, Stream::Bare).await;
        source.ended();
        Ok(())
    }

    async fn datagrams(mut self, source: &Watched, socket: Socket) -> io::Result<()> {
        let drops = KernelDrops::of(&socket);
        let socket = UdpSocket::from_std(socket.into())?;
        let (mut buffer, mut lines) = (vec![0; DATAGRAM_BYTES], Lines::default());
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let stopping = tokio::select! {
                biased;
                _ = self.stop.wait_for(|stop| *stop) => true,
                _ = look.tick() => {
                    source.kernel_lost(drops.count().unwrap_or_default());
                    false
                }
                ready = socket.readable() => { ready?; false }
            };
            if stopping {
                // Whether something is there has to be asked for first.
                let _ = timeout(LAST_READ, socket.readable()).await;
            }
            let mut taken = 0;
            while taken < DATAGRAMS_AT_ONCE {
                match socket.try_recv_from(&mut buffer) {
                    Ok((length, peer)) => {
                        taken += 1;
                        if source.lets_in(peer.ip()) {
                            syslog::lines(&buffer[..length], |host, line| lines.push(host, line));
                        }
                    }
                    Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => break,
                    Err(cause) => {
                        tracing::warn!(source = source.spec.source.name, %cause, "a datagram could not be taken");
                        sleep(LOOK).await;
                        break;
                    }
                }
            }
            if !source.inbox.offer(&mut lines) {
                source.lost.add(lines.count());
                lines.clear();
            }
            if stopping && taken < DATAGRAMS_AT_ONCE {
                source.kernel_lost(drops.count().unwrap_or_default());
                return Ok(());
            }
        }
    }

    async fn connections(mut self, source: &Arc<Watched>, socket: Socket, is_tls: bool) -> io::Result<()> {
        let listener = TcpListener::from_std(socket.into())?;
        let mut open = JoinSet::new();
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let accepted = tokio::select! {
                biased;
                _ = self.stop.wait_for(|stop| *stop) => break,
                _ = look.tick(), if is_tls => {
                    source.socket_fault((self.tls)().err());
                    continue;
                }
                Some(_) = open.join_next() => {
                    source.connections.store(open.len() as u64, Ordering::Relaxed);
                    continue;
                }
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) if source.lets_in(peer.ip()) => {
                    if open.len() >= MOST_CONNECTIONS {
                        source.refused.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    open.spawn(self.clone().connection(Arc::clone(source), stream, is_tls));
                    source.connections.store(open.len() as u64, Ordering::Relaxed);
                }
                Ok(_) => {}
                Err(cause) => {
                    // Out of file descriptors, for one: it may pass.
                    tracing::warn!(%cause, "a connection could not be accepted");
                    sleep(LOOK).await;
                }
            }
        }
        while open.join_next().await.is_some() {}
        Ok(())
    }

    async fn connection(self, source: Arc<Watched>, stream: TcpStream, is_tls: bool) {
        let keep_alive = TcpKeepalive::new()
            .with_time(Duration::from_secs(60))
            .with_interval(Duration::from_secs(10))
            .with_retries(6);
        if let Err(cause) = SockRef::from(&stream).set_tcp_keepalive(&keep_alive) {
            tracing::debug!(%cause, "keep-alive can't be set");
        }
        if !is_tls {
            return self.read(&source, stream, Stream::Framed).await;
        }
        let Ok(config) = (self.tls)() else { return };
        match timeout(HANDSHAKE, TlsAcceptor::from(config).accept(stream)).await {
            Ok(Ok(stream)) => self.read(&source, stream, Stream::Framed).await,
            Ok(Err(cause)) => {
                source.refused.fetch_add(1, Ordering::Relaxed);
                tracing::debug!(source = source.spec.source.name, %cause, "a TLS handshake failed");
            }
            Err(_) => {
                source.refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Reads a stream to its end. Where there is no room for its lines, it waits, and so has its sender to.
    async fn read(mut self, source: &Watched, mut stream: impl AsyncRead + Unpin, kind: Stream) {
        let mut framing = if kind == Stream::Bare { Framing::of_lines() } else { Framing::default() };
        let (mut buffer, mut lines) = (vec![0; READ_BYTES], Lines::default());
        let (mut stopping, mut waited) = (false, Waited::default());
        loop {
            let was_midway = framing.is_midway();
            let limit = match kind {
                _ if stopping => LAST_READ,
                Stream::Framed if was_midway => waited.left(),
                _ => Duration::MAX,
            };
            let asked = Instant::now();
            let read = tokio::select! {
                biased;
                _ = self.stop.wait_for(|stop| *stop), if !stopping => {
                    stopping = true;
                    continue;
                }
                read = timeout(limit, stream.read(&mut buffer)) => read,
            };
            let done = match read {
                Ok(Ok(0)) => {
                    framing.finish(|frame| kind.take(frame, &mut lines));
                    true
                }
                Ok(Ok(length)) => {
                    let took = asked.elapsed();
                    let mut is_new = !was_midway;
                    let fed = framing.feed(&buffer[..length], |frame| {
                        is_new = true;
                        kind.take(frame, &mut lines);
                    });
                    waited.add(took, is_new);
                    if let Err(cause) = fed {
                        tracing::warn!(source = source.spec.source.name, %cause, "a connection is closed");
                    }
                    fed.is_err()
                }
                // Broken off, or too slow.
                Ok(Err(_)) | Err(_) => true,
            };
            source.inbox.put(&mut lines).await;
            if done {
                source.lost.add(u64::from(framing.holds_part()));
                return;
            }
        }
    }
}

/// How long the message that is under way has been waited for, over all its pieces: who sends it byte by byte has no
/// more time than others. Waiting for room is not the sender's.
#[derive(Clone, Copy, Debug, Default)]
struct Waited(Duration);

impl Waited {
    fn left(self) -> Duration {
        MESSAGE.saturating_sub(self.0)
    }

    /// A piece took so long; with a new one the time begins anew.
    fn add(&mut self, took: Duration, is_new: bool) {
        self.0 = if is_new { Duration::ZERO } else { self.0 + took };
    }
}

/// What a stream holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stream {
    /// Messages.
    Framed,
    /// Lines and nothing else.
    Bare,
}

impl Stream {
    fn take(self, frame: Frame<'_>, lines: &mut Lines) {
        match (self, frame) {
            (Stream::Framed, Frame::Message(message)) => syslog::lines(message, |host, line| lines.push(host, line)),
            (Stream::Framed, Frame::TooLong(head)) => {
                let message = Message::read(head);
                lines.push_too_long(message.host, message.text);
            }
            (Stream::Bare, Frame::Message(line)) => lines.push("", line),
            (Stream::Bare, Frame::TooLong(head)) => lines.push_too_long("", head),
        }
    }
}

impl Watched {
    /// Whether somebody may send; counts those who may not.
    fn lets_in(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        let allowed = self.spec.allow.is_empty() || self.spec.allow.iter().any(|network| network.contains(&peer));
        if !allowed {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sends_a_message_byte_by_byte_has_no_more_time_for_it() {
        let (hours, part) = (Duration::from_secs(7200), MESSAGE / 2);
        let mut waited = Waited::default();
        for (took, is_new, left) in [
            // A quiet night is not the message's that ends it.
            (hours, true, MESSAGE),
            (part, false, part),
            (part / 2, false, part / 2),
            (part, false, Duration::ZERO),
            (part, true, MESSAGE),
        ] {
            waited.add(took, is_new);
            assert_eq!(waited.left(), left);
        }
    }
}

//! Real sockets on loopback, into a real store.

use super::*;
use crate::format::resolve;
use crate::model::{EventFilter, Lens, PageQuery, SystemClock};
use crate::pipeline::stored_plain;
use crate::source::syslog::{MAX_MESSAGE_BYTES, Transport};
use crate::store::EventStore;
use crate::store::columnar::ColumnarStore;
use std::io::Write;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

const LINE: &str = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html";

struct Running {
    store: Arc<ColumnarStore>,
    receivers: Receivers,
    _dir: tempfile::TempDir,
}

fn spec(listen: &str) -> ReceiveSpec {
    ReceiveSpec {
        source: SourceName { name: "edge".into(), host: "own".into(), format: String::new() },
        door: Door::Network(listen.parse().unwrap()),
        format: FormatChoice::Given(resolve("squid").unwrap()),
        zone: jiff::tz::TimeZone::UTC,
        allow: Vec::new(),
    }
}

fn running(spec: ReceiveSpec) -> (Running, SocketAddr) {
    running_as(spec, &stored_plain())
}

fn running_as(spec: ReceiveSpec, stored_as: &StoredAs) -> (Running, SocketAddr) {
    let dir = tempfile::tempdir().unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Arc::new(ColumnarStore::open(dir.path(), crate::classify::CLASSIFIERS, Arc::clone(&clock)).unwrap());
    let no_tls: TlsConfigs = Arc::new(|| Err("there is no certificate".to_owned()));
    let receivers = Receivers::start(&store, &clock, stored_as, vec![spec], no_tls).unwrap();
    let Door::Network(door) = receivers.status().sources()[0].door else { panic!("standard input") };
    (Running { store, receivers, _dir: dir }, door.address)
}

impl Running {
    fn state(&self) -> ReceiveState {
        self.receivers.status().sources().remove(0)
    }

    fn wait(&self, done: impl Fn(&ReceiveState) -> bool) -> ReceiveState {
        let end = Instant::now() + Duration::from_secs(20);
        while !done(&self.state()) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.state()
    }

    fn rows_by_host(&self, host: &str) -> u64 {
        let page = self.store.page(&PageQuery::newest(100), &Lens::PLAIN).unwrap();
        page.rows.iter().filter(|row| row.source.host == host && row.source.name == "edge").count() as u64
    }
}

#[test]
fn datagrams_become_rows_of_the_machines_they_name() {
    let (running, address) = running(spec("udp://127.0.0.1:0"));
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    for datagram in [
        format!("{LINE}\n"),
        format!("{LINE}\n{LINE}\nnonsense\n"),
        format!("<134>Oct 11 22:14:15 proxy1 squid[7]: {LINE}"),
        format!("<134>1 2026-10-11T22:14:15.003Z proxy2 squid 7 - - \u{feff}{LINE}"),
    ] {
        sender.send_to(datagram.as_bytes(), address).unwrap();
    }
    let state = running.wait(|state| state.lines == 6);
    assert_eq!((state.lines, state.rejected, state.dropped, state.fault), (6, 1, 0, None));
    assert_eq!((state.format.as_deref(), state.observed.rows, state.waiting), (Some("squid"), 5, 0));
    assert_eq!(["own", "proxy1", "proxy2"].map(|host| running.rows_by_host(host)), [3, 1, 1]);
    assert_eq!(running.store.reject_counts().unwrap()[0].source, "edge");
    running.receivers.stop();
}

#[test]
fn only_those_allowed_may_send() {
    let allow = vec!["192.0.2.0/24".parse().unwrap()];
    let (running, address) = running(ReceiveSpec { allow, ..spec("udp://[::1]:0") });
    UdpSocket::bind("[::1]:0").unwrap().send_to(LINE.as_bytes(), address).unwrap();
    let state = running.wait(|state| state.refused > 0);
    assert_eq!((state.refused, state.lines), (1, 0));
    running.receivers.stop();
}

#[test]
fn streams_are_read_however_they_are_framed() {
    let (running, address) = running(spec("tcp://127.0.0.1:0"));
    let message = format!("<134>Oct 11 22:14:15 proxy1 squid[7]: {LINE}");
    let counted = format!("{} {message}", message.len());
    let long = vec![b'x'; MAX_MESSAGE_BYTES + 5];
    let streams = [
        format!("{LINE}\n{LINE}\n{LINE}").into_bytes(),
        format!("{message}\n{message}\n").into_bytes(),
        format!("{counted}{counted}").into_bytes(),
        [&long, &b"\n"[..], LINE.as_bytes(), b"\n"].concat(),
    ];
    let connections = streams.map(|stream| {
        let mut connection = TcpStream::connect(address).unwrap();
        connection.write_all(&stream).unwrap();
        connection
    });
    // The line that has no end is one when the connection ends.
    let state = running.wait(|state| state.lines == 8 && state.connections == 4);
    assert_eq!((state.lines, state.rejected, state.connections), (8, 1, 4));
    drop(connections);
    let state = running.wait(|state| state.lines == 9 && state.connections == 0);
    assert_eq!((state.lines, state.dropped, state.connections), (9, 0, 0));
    assert_eq!((running.rows_by_host("own"), running.rows_by_host("proxy1")), (4, 4));
    running.receivers.stop();
}

#[test]
fn a_stream_out_of_step_is_closed_and_what_is_cut_off_is_counted() {
    let (running, address) = running(spec("tcp://127.0.0.1:0"));
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(b"5 <1>abcdefg\n").unwrap();
    let state = running.wait(|state| state.dropped == 1 && state.lines == 1);
    assert_eq!((state.dropped, state.lines), (1, 1));
    let end = std::io::Read::read(&mut connection, &mut [0]);
    assert!(matches!(end, Ok(0) | Err(_)));
    // The sender ends in the middle of a message, as it does when it is killed.
    TcpStream::connect(address).unwrap().write_all(b"5 <1>ab5 <1>").unwrap();
    let state = running.wait(|state| state.dropped == 2 && state.lines == 2);
    assert_eq!((state.dropped, state.lines), (2, 2));
    running.receivers.stop();
}

#[test]
fn the_format_is_found_out_and_found_out_again() {
    let (running, address) = running(ReceiveSpec { format: FormatChoice::Auto, ..spec("tcp://127.0.0.1:0") });
    let mut connection = TcpStream::connect(address).unwrap();
    writeln!(connection, "first nonsense").unwrap();
    let state = running.wait(|state| state.lines == 1);
    assert_eq!((state.lines, state.rejected), (1, 1));
    for _ in 0..20 {
        writeln!(connection, "{LINE}").unwrap();
    }
    let state = running.wait(|state| state.lines == 21);
    assert_eq!((state.lines, state.rejected, state.format.as_deref()), (21, 1, Some("squid")));
    running.receivers.stop();
}

#[test]
fn what_has_come_is_stored_at_the_end() {
    for transport in [Transport::Udp, Transport::Tcp] {
        let (running, address) = running(spec(&format!("{}://127.0.0.1:0", transport.word())));
        let lines = format!("{LINE}\n").repeat(10);
        let sent = 500 * 10;
        if transport == Transport::Udp {
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            (0..500).for_each(|_| {
                sender.send_to(lines.as_bytes(), address).unwrap();
            });
        } else {
            let mut connection = TcpStream::connect(address).unwrap();
            connection.write_all(lines.repeat(500).as_bytes()).unwrap();
            running.wait(|state| state.connections == 1);
        }
        let Running { store, receivers, _dir } = running;
        let status = receivers.status();
        receivers.stop();
        let stored = store.count(&EventFilter::default(), &Lens::PLAIN).unwrap();
        let lost = status.sources()[0].dropped;
        assert_eq!((stored + 10 * lost, transport), (sent, transport));
        assert!(transport == Transport::Udp || lost == 0);
    }
}

#[test]
fn a_panic_is_told_of() {
    let stored_as: StoredAs = Arc::new(|| panic!("on purpose"));
    let (running, address) = running_as(spec("udp://127.0.0.1:0"), &stored_as);
    UdpSocket::bind("127.0.0.1:0").unwrap().send_to(LINE.as_bytes(), address).unwrap();
    let fault = running.wait(|state| state.fault.is_some()).fault.unwrap_or_default();
    assert!(fault.starts_with("receiving ended by a fault of Tidegate's own"), "{fault}");
    running.receivers.stop();
}

#[test]
fn an_address_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let wanted = spec(&format!("tcp://{}", taken.local_addr().unwrap()));
    // As any other program would have it.
    let said = listen::open(wanted.door).unwrap_err().to_string();
    assert!(said.starts_with(&format!("can't listen on tcp://{}: ", taken.local_addr().unwrap())), "{said}");
    assert!(said.ends_with("; another program does; stop it, or choose another port"), "{said}");
    // TEST-NET-1 is nobody's.
    let said = listen::open(spec("udp://192.0.2.1:0").door).unwrap_err().to_string();
    assert!(said.ends_with("; name an address that this machine has, or 0.0.0.0 or [::] for all"), "{said}");
}

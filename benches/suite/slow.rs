//! The real server beside 10,000 clients that let it wait: connections that are silent, headers and bodies that come a
//! byte a second, and answers that nobody reads. What is closed is opened again. Then two bodies of a gigabyte.

use crate::data::{self, Log};
use crate::http::{PER_SECOND, start};
use crate::load::{self, Question};
use crate::report::{Report, quantile, verdict};
use crate::{fresh, process};
use anyhow::{Context, ensure};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use tokio::sync::Mutex;
use tokio::time::interval;

const CLIENTS: usize = 10_000;
/// The slow clients' addresses: 127.0.0.2 and so on; the measured one is 127.0.0.1.
const ADDRESSES: usize = 4;
/// How often one of them asks for a large answer; a client may ask 20 times a second, by the rate limits.
const LARGE_EVERY: Duration = Duration::from_millis(50);
const TARGET_P99_MS: f64 = 100.0;
const GIGABYTE: u64 = 1_000_000_000;

/// How a client lets the server wait.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Silent,
    SlowHead,
    SlowBody,
    SlowReader,
}

impl Manner {
    /// Of 20, eight are silent, seven send headers slowly, four a body, one reads slowly.
    fn of(number: usize) -> Manner {
        match number % 20 {
            0..8 => Manner::Silent,
            8..15 => Manner::SlowHead,
            15..19 => Manner::SlowBody,
            _ => Manner::SlowReader,
        }
    }
}

/// Drives the server over a store of `log`, alone and beside the slow clients.
pub fn drive(report: &mut Report, directory: &Path, log: &Log, seconds: u64) -> anyhow::Result<()> {
    let data_dir = fresh(directory, "slow")?;
    ensure!(process::run(&mut data::import(&data_dir, log)?)?.wall_s > 0.0);
    data::settle(&data_dir)?;
    let (server, question) = start(&data_dir)?;
    let files = raise_files()?;
    ensure!(files > CLIENTS as u64 + 500, "{files} open files are too few for {CLIENTS} clients; see ulimit -n");
    let lasting = Duration::from_secs(seconds);
    let memory = || resident_bytes(server.0.id());

    report.title(&format!(
        "GET {} over {} lines, {PER_SECOND} requests/s for {seconds} s (ms), beside {CLIENTS} slow clients",
        question.path, log.lines
    ));
    println!(
        "  {:<16} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8} {:<5}",
        "", "requests", "p50", "p99", "max", "RSS MB", "target", ""
    );
    load::drive(&question, PER_SECOND, Duration::from_secs(3))?;
    let alone = load::drive(&question, PER_SECOND, lasting)?;
    let alone = row("alone", &alone, memory()?);

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let crowd = Crowd::gather(&runtime, &question);
    let gathered = Instant::now();
    // Who reads slowly comes later, as often as they may ask.
    while crowd.open.load(Ordering::Relaxed) < CLIENTS * 95 / 100 {
        ensure!(gathered.elapsed() < Duration::from_secs(120), "only {:?} clients are connected", crowd.open);
        std::thread::sleep(Duration::from_millis(100));
    }
    let gathered_s = gathered.elapsed().as_secs_f64();
    let measured = AtomicBool::new(false);
    let (taken_ms, most) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut most = 0;
            while !measured.load(Ordering::Relaxed) {
                most = most.max(memory().unwrap_or_default());
                std::thread::sleep(Duration::from_millis(100));
            }
            most
        });
        let taken_ms = load::drive(&question, PER_SECOND, lasting);
        measured.store(true, Ordering::Relaxed);
        (taken_ms, watch.join().unwrap_or_default())
    });
    let (open, closed) = (crowd.open.load(Ordering::Relaxed), crowd.closed.load(Ordering::Relaxed));
    let beside = row("beside them", &taken_ms?, most);
    crowd.disperse(runtime);
    std::thread::sleep(Duration::from_secs(2));
    let after = load::drive(&question, PER_SECOND, Duration::from_secs(5))?;
    let after = row("after them", &after, memory()?);
    let ratio = beside["p99_ms"].as_f64().unwrap_or_default() / alone["p99_ms"].as_f64().unwrap_or(1.0);
    println!("  p99 beside them is {ratio:.2} times that alone; {open} were open at the end, {closed} had been closed");

    let declared = gigabyte(&question, "Content-Length: 1000000000")?;
    let chunked = gigabyte(&question, "Transfer-Encoding: chunked")?;
    let bodies_bytes = memory()?;
    println!("  after two bodies of 1 GB: RSS {:.0} MB", bodies_bytes as f64 / 1e6);
    report.add(
        "slow",
        json!({
            "clients": CLIENTS, "alone": alone, "beside": beside, "after": after, "p99_ratio": ratio,
            "gathered_s": gathered_s, "open_at_the_end": open, "closed_by_server": closed,
            "declared_gigabyte": declared, "chunked_gigabyte": chunked, "rss_after_bodies_bytes": bodies_bytes,
        }),
    );
    drop(server);
    std::fs::remove_dir_all(&data_dir)?;
    Ok(())
}

fn row(name: &str, taken_ms: &[f64], resident_bytes: u64) -> Value {
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| quantile(taken_ms, share));
    let (count, verdict) = (taken_ms.len(), verdict(p99, Some(TARGET_P99_MS)));
    let megabytes = resident_bytes as f64 / 1e6;
    println!(
        "  {name:<16} {count:>9} {p50:>9.2} {p99:>9.2} {max:>9.2} {megabytes:>9.1} {TARGET_P99_MS:>8} {verdict:<5}"
    );
    json!({"requests": count, "p50_ms": p50, "p99_ms": p99, "max_ms": max, "target_p99_ms": TARGET_P99_MS,
           "rss_bytes": resident_bytes})
}

/// Slow clients, each a task that connects again when it was closed.
struct Crowd {
    open: Arc<AtomicUsize>,
    closed: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Crowd {
    fn gather(runtime: &Runtime, question: &Question) -> Crowd {
        let large = {
            let _inside = runtime.enter();
            Arc::new(Mutex::new(interval(LARGE_EVERY)))
        };
        let crowd = Crowd { open: Arc::default(), closed: Arc::default(), stop: Arc::default() };
        for number in 0..CLIENTS {
            let (open, closed, stop) = (Arc::clone(&crowd.open), Arc::clone(&crowd.closed), Arc::clone(&crowd.stop));
            let large = Arc::clone(&large);
            let (address, authorization) = (question.address, question.authorization.clone());
            runtime.spawn(async move {
                // Not all at once: 5,000 a second.
                tokio::time::sleep(Duration::from_micros(number as u64 * 200)).await;
                while !stop.load(Ordering::Relaxed) {
                    if matches!(Manner::of(number), Manner::SlowReader) {
                        large.lock().await.tick().await;
                    }
                    // What ends a connection is the server's affair.
                    let _ = be_slow(number, address, &authorization, &open).await;
                    closed.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            });
        }
        crowd
    }

    fn disperse(self, runtime: Runtime) {
        self.stop.store(true, Ordering::Relaxed);
        runtime.shutdown_timeout(Duration::from_secs(10));
    }
}

/// One connection, until the server closes it.
async fn be_slow(number: usize, address: SocketAddr, authorization: &str, open: &AtomicUsize) -> std::io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    let from = Ipv4Addr::new(127, 0, 0, 2 + (number % ADDRESSES) as u8);
    socket.set_recv_buffer_size(4096)?;
    socket.bind((from, 0).into())?;
    let stream = socket.connect(address).await?;
    let _counted = Counted::new(open);
    let (mut reading, mut writing) = stream.into_split();
    let manner = Manner::of(number);
    let head = match manner {
        Manner::Silent => String::new(),
        Manner::SlowHead => format!("GET /livez HTTP/1.1\r\nHost: {address}\r\nX-Slow: "),
        Manner::SlowBody => format!(
            "POST /api/logs/clear-old HTTP/1.1\r\nHost: {address}\r\nAuthorization: {authorization}\r\n\
             Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        ),
        Manner::SlowReader => {
            format!("GET /api/logs?limit=1000 HTTP/1.1\r\nHost: {address}\r\nAuthorization: {authorization}\r\n\r\n")
        }
    };
    writing.write_all(head.as_bytes()).await?;
    let mut byte = [0];
    loop {
        match manner {
            Manner::Silent => {
                let _ = reading.read(&mut byte).await?;
                return Ok(());
            }
            Manner::SlowReader => {
                if reading.read(&mut byte).await? == 0 {
                    return Ok(());
                }
            }
            Manner::SlowHead | Manner::SlowBody => writing.write_all(b" ").await?,
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Counts a connection while it lives.
struct Counted<'c>(&'c AtomicUsize);

impl<'c> Counted<'c> {
    fn new(open: &'c AtomicUsize) -> Counted<'c> {
        open.fetch_add(1, Ordering::Relaxed);
        Counted(open)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Sends a gigabyte until the server has enough; how much it took, in how long, and what it answered.
fn gigabyte(question: &Question, framing: &str) -> anyhow::Result<Value> {
    let Question { address, authorization, .. } = question;
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST /api/logs/clear-old HTTP/1.1\r\nHost: {address}\r\nAuthorization: {authorization}\r\n\
         Content-Type: application/json\r\n{framing}\r\n\r\n"
    )?;
    let started = Instant::now();
    let mut reading = stream.try_clone()?;
    let answer = std::thread::spawn(move || {
        let mut answer = Vec::new();
        // A connection that breaks after the answer is as good as one that ends.
        let _ = reading.read_to_end(&mut answer);
        answer
    });
    let piece =
        if framing.starts_with('T') { format!("10000\r\n{}\r\n", "x".repeat(65_536)) } else { "x".repeat(65_536) };
    let mut sent = 0;
    while sent < GIGABYTE && stream.write_all(piece.as_bytes()).is_ok() {
        sent += piece.len() as u64;
    }
    let answer = answer.join().map_err(|_| anyhow::anyhow!("the reading thread ended in a panic"))?;
    let status = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned();
    let (megabytes, taken_ms) = (sent as f64 / 1e6, started.elapsed().as_secs_f64() * 1e3);
    println!("  1 GB, {framing:<28} {status}, after {megabytes:.1} MB and {taken_ms:.0} ms");
    Ok(json!({"status": status, "sent_bytes": sent, "taken_ms": taken_ms}))
}

/// Asks for as many open files as this process can get.
fn raise_files() -> anyhow::Result<u64> {
    let given = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: given.maximum, maximum: given.maximum })?;
    Ok(given.maximum.unwrap_or(u64::MAX))
}

/// Memory that a process holds now.
fn resident_bytes(pid: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024)
}

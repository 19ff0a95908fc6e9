//! A client that asks at a constant rate, whatever the answers take: a request's latency counts from when it was due,
//! so that a server that stalls can't hide the requests it kept waiting.

use anyhow::{Context, bail, ensure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Connections kept open; requests in flight at most.
const CONNECTIONS: usize = 16;

/// What is asked, of whom.
#[derive(Clone, Debug)]
pub struct Question {
    /// The server.
    pub address: SocketAddr,
    /// The path and query.
    pub path: &'static str,
    /// The value of the `Authorization` header.
    pub authorization: String,
}

/// A connection that is used again and again.
struct Connection<'q> {
    stream: BufReader<TcpStream>,
    question: &'q Question,
    body: Vec<u8>,
}

impl<'q> Connection<'q> {
    fn open(question: &'q Question) -> anyhow::Result<Self> {
        let stream = TcpStream::connect_timeout(&question.address, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Connection { stream: BufReader::new(stream), question, body: Vec::new() })
    }

    /// Asks once; the body is in `self.body`.
    fn ask(&mut self) -> anyhow::Result<()> {
        self.ask_for(self.question.path)
    }

    fn ask_for(&mut self, path: &str) -> anyhow::Result<()> {
        let Question { address, authorization, .. } = self.question;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {authorization}\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        ensure!(line.starts_with("HTTP/1.1 200 "), "the server answered {:?}", line.trim_end());
        let mut length = None;
        loop {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "the server hung up");
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = Some(value.trim().parse::<usize>()?);
                }
                Some(_) => {}
                None => break,
            }
        }
        self.body.resize(length.context("an answer without Content-Length")?, 0);
        self.stream.read_exact(&mut self.body)?;
        Ok(())
    }
}

/// A client that asks one thing after the other.
pub struct Asking<'q>(Connection<'q>);

impl<'q> Asking<'q> {
    /// A client of that server, with those credentials.
    pub fn open(question: &'q Question) -> anyhow::Result<Self> {
        Connection::open(question).map(Asking)
    }

    /// The body of the answer to a GET of `path`.
    pub fn ask(&mut self, path: &str) -> anyhow::Result<&[u8]> {
        // A server may close a connection between two requests.
        if self.0.ask_for(path).is_err() {
            self.0 = Connection::open(self.0.question)?;
            self.0.ask_for(path)?;
        }
        Ok(&self.0.body)
    }
}

/// Asks once, on a connection of its own, and answers the body.
pub fn once(question: &Question) -> anyhow::Result<Vec<u8>> {
    let mut connection = Connection::open(question)?;
    connection.ask()?;
    Ok(connection.body)
}

/// Asks `per_second` times a second for a while; answers the latencies in milliseconds.
pub fn drive(question: &Question, per_second: u32, lasting: Duration) -> anyhow::Result<Vec<f64>> {
    let period = Duration::from_secs(1) / per_second;
    let all = (lasting.as_secs_f64() * f64::from(per_second)) as u64;
    let next = AtomicU64::new(0);
    let start = Instant::now() + Duration::from_millis(50);
    let worker = || -> anyhow::Result<Vec<f64>> {
        let mut connection = Connection::open(question)?;
        let mut taken_ms = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= all {
                return Ok(taken_ms);
            }
            let due = start + period.mul_f64(number as f64);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            connection.ask()?;
            taken_ms.push(due.elapsed().as_secs_f64() * 1e3);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(worker)).collect();
        let mut taken_ms = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(done) => taken_ms.extend(done?),
                Err(_) => bail!("a client ended in a panic"),
            }
        }
        Ok(taken_ms)
    })
}

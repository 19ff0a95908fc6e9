//! The real binary, run as people run it.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub const PASSWORD: &str = "correct horse battery staple";

/// The command, in `directory`, which is also its data directory's parent; nothing of the caller's environment that
/// could matter.
pub fn tidegate(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidegate"));
    command
        .current_dir(directory)
        .env("TIDEGATE_ADMIN_PASSWORD", PASSWORD)
        .args(["--data-dir", "data"])
        .args(arguments);
    command.stdin(Stdio::null());
    command
}

/// Runs to the end.
pub fn run(directory: &Path, arguments: &[&str]) -> Output {
    tidegate(directory, arguments).output().unwrap()
}

/// Runs to a good end and reads its standard output as one JSON object.
pub fn json(directory: &Path, arguments: &[&str]) -> Value {
    let output = run(directory, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs to a good end with something on standard input.
pub fn json_from(directory: &Path, arguments: &[&str], input: &[u8]) -> Value {
    let mut child = tidegate(directory, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `tidegate serve` on a free port, killed when dropped.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    /// What it printed at its start.
    pub greeting: String,
}

impl Server {
    pub fn start(directory: &Path) -> Server {
        Self::of(tidegate(directory, &["serve", "--listen", "127.0.0.1:0"]))
    }

    pub fn of(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let (mut greeting, mut address) = (String::new(), None);
        while address.is_none() {
            let start = greeting.len();
            assert!(lines.read_line(&mut greeting).unwrap() > 0, "the server ended at its start: {greeting}");
            address = greeting[start..]
                .split_once("on http://")
                .and_then(|(_, rest)| rest.trim().trim_end_matches('/').parse().ok());
        }
        // What follows, the password where one was made, came in the same write.
        greeting.push_str(&String::from_utf8_lossy(lines.buffer()));
        Server { child, address: address.unwrap(), greeting }
    }

    /// GETs a path as the admin.
    pub fn get(&self, path: &str) -> Value {
        self.get_as(path, PASSWORD)
    }

    pub fn get_as(&self, path: &str, password: &str) -> Value {
        self.send("GET", path, password)
    }

    /// Sends a request without a body as the admin.
    pub fn send(&self, method: &str, path: &str, password: &str) -> Value {
        use base64::Engine;
        let credentials = base64::engine::general_purpose::STANDARD.encode(format!("admin:{password}"));
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let body = memchr::memmem::find(&answer, b"\r\n\r\n").map(|at| &answer[at + 4..]).unwrap_or_default();
        let head = String::from_utf8_lossy(&answer[..answer.len() - body.len()]).to_lowercase();
        let whole;
        let body = if head.contains("transfer-encoding: chunked") {
            whole = dechunk(body);
            &whole[..]
        } else {
            body
        };
        serde_json::from_slice(body).unwrap_or_else(|_| panic!("{path}: {}", String::from_utf8_lossy(&answer)))
    }

    /// Waits until the store holds `rows` rows; answers how many it held at the end.
    pub fn wait_for_rows(&self, rows: u64) -> u64 {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let held = self.get("/api/logs/stats")["data"]["total_count"].as_u64().unwrap();
            if held >= rows || Instant::now() > end {
                return held;
            }
            // Slower than the server's rate limit.
            std::thread::sleep(Duration::from_millis(60));
        }
    }

    pub fn signal(&self, signal: i32) {
        // Only ever the process that this test started.
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn dechunk(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(at) = memchr::memmem::find(body, b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&body[..at]).unwrap().trim(), 16).unwrap();
        whole.extend_from_slice(&body[at + 2..at + 2 + size]);
        body = &body[at + 2 + size + 2..];
        if size == 0 {
            break;
        }
    }
    whole
}

/// A generated log of about `lines` lines; the same for the same `seed`.
pub fn sample_log(lines: u64, seed: u64) -> Vec<u8> {
    let mut text = Vec::new();
    tidegate::sample::write(&tidegate::sample::Options { seed, ..tidegate::sample::Options::bench(lines) }, &mut text)
        .unwrap();
    text
}

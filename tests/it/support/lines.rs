//! Rows for tests: a small log with one row of every kind worth telling apart.

use tidegate::model::{AccessEvent, Batch, HOUR_MS, Reject, RejectReason, SourceName, Target, Timestamp};

/// Noon of 1 January 2026, when tests take place.
pub const NOON: Timestamp = Timestamp(1_767_268_800_000);

/// A line of the sample log.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Minutes before [`NOON`].
    pub minutes_ago: i64,
    /// Client address.
    pub client: &'static str,
    /// Method.
    pub method: &'static str,
    /// Origin and rest of the target.
    pub target: (&'static str, &'static str),
    /// Status code.
    pub status: u16,
    /// Result code.
    pub result: &'static str,
}

/// A line of the sample log.
pub const fn line(
    minutes_ago: i64,
    client: &'static str,
    method: &'static str,
    target: (&'static str, &'static str),
    status: u16,
    result: &'static str,
) -> Line {
    Line { minutes_ago, client, method, target, status, result }
}

/// The sample log, oldest first but for one line that came late; two lines share an instant.
pub const SAMPLE: [Line; 12] = [
    line(40 * 24 * 60, "10.0.0.1", "GET", ("http://old.example", "/a"), 200, "TCP_MISS"),
    line(35 * 24 * 60, "10.0.0.1", "GET", ("http://old.example", "/b"), 403, "TCP_DENIED"),
    line(26 * 60, "10.0.0.2", "GET", ("http://www.example.com", "/"), 200, "TCP_HIT"),
    line(180, "10.0.0.2", "CONNECT", ("www.example.com:443", ""), 200, "TCP_TUNNEL"),
    line(170, "10.0.0.3", "CONNECT", ("192.168.1.7:443", ""), 403, "TCP_DENIED"),
    line(170, "10.0.0.3", "GET", ("http://203.0.113.9:8080", "/x?y=1"), 403, "TCP_MISS"),
    line(90, "2001:db8::1", "CONNECT", ("[2001:db8::9]:443", ""), 200, "TCP_TUNNEL"),
    line(61, "10.0.0.4", "GET", ("http://www.example.com", "/login"), 407, "TCP_DENIED"),
    line(59, "10.0.0.4", "POST", ("http://api.example.org", "/v1/things"), 0, "TCP_MISS_ABORTED"),
    line(5, "10.0.0.1", "GET", ("http://down.example", "/"), 503, "TCP_MISS"),
    line(1, "10.0.0.1", "", ("", "error:transaction-end-before-headers"), 0, "NONE_NONE"),
    line(120, "10.0.0.2", "get", ("http://late.example", "/"), 200, ""),
];

/// The lines as a batch, with one rejected line.
pub fn batch(lines: &[Line]) -> Batch {
    batch_of("squid", lines)
}

/// The lines as a batch of a source of that name, with one rejected line.
pub fn batch_of(source: &str, lines: &[Line]) -> Batch {
    let source = SourceName { name: source.into(), host: "proxy1".into(), format: "squid".into() };
    let mut batch = Batch::new(source);
    for line in lines {
        let (origin, rest) = line.target;
        let target = Target { origin: origin.as_bytes(), rest: rest.as_bytes(), had_userinfo: false };
        let event = AccessEvent {
            time: Timestamp(NOON.0 - line.minutes_ago * HOUR_MS / 60),
            time_taken_ms: 12,
            c_ip: line.client.as_bytes(),
            cs_username: if line.client == "10.0.0.3" { b"ada" } else { b"" },
            cs_method: line.method.as_bytes(),
            sc_status: line.status,
            sc_bytes: 1000 + line.minutes_ago.unsigned_abs(),
            result: line.result.as_bytes(),
            hierarchy: b"HIER_DIRECT",
            peer: b"198.51.100.1",
            content_type: b"text/html",
            canonical: line.method != "get",
            ..AccessEvent::default()
        };
        batch.push(&event, &target, b"the line as it was");
    }
    batch.rejects.push(Reject::new(RejectReason::BadTime, 4711, b"x y z"));
    batch
}

/// A log for statistics: services, agents, files, and names worth a look, of the last hours.
pub fn office() -> Batch {
    type Of<'r> = (i64, &'r str, &'r str, &'r str, &'r str, u16, &'r str, &'r str);
    const ROWS: [Of<'static>; 12] = [
        (200, "10.0.0.1", "CONNECT", "www.dropbox.com:443", "", 200, "", ""),
        (190, "10.0.0.2", "CONNECT", "client.dropbox.com:443", "", 200, "", ""),
        (180, "10.0.0.2", "CONNECT", "pypi.org:443", "", 200, "", ""),
        (170, "10.0.0.3", "CONNECT", "abc.ngrok.io:443", "", 403, "", ""),
        (90, "10.0.0.1", "GET", "http://www.example.com", "/app.js?v=1", 200, "application/javascript", "curl/8.5.0"),
        (80, "10.0.0.1", "GET", "http://www.example.com", "/logo.png", 200, "image/png", "curl/8.5.0"),
        (70, "10.0.0.3", "GET", "http://www.example.com", "/x/app.js", 200, "application/javascript", "sqlmap/1.8"),
        (60, "10.0.0.3", "GET", "http://files.example.org", "/invoice.pdf.exe", 200, "application/x-msdownload", ""),
        (50, "10.0.0.3", "GET", "http://files.example.org:4444", "/cat.jpg", 200, "application/x-msdownload", ""),
        (40, "10.0.0.4", "GET", "http://203.0.113.9", "/", 403, "text/html", ""),
        (30, "10.0.0.4", "GET", "http://ada.pages.example", "/", 200, "text/html", ""),
        (1, "", "", "", "error:transaction-end-before-headers", 0, "", ""),
    ];
    let mut batch = Batch::new(SourceName { name: "squid".into(), host: "proxy2".into(), format: "squid".into() });
    for (minutes_ago, client, method, origin, rest, status, mime, agent) in ROWS {
        let target = Target { origin: origin.as_bytes(), rest: rest.as_bytes(), had_userinfo: false };
        let event = AccessEvent {
            time: Timestamp(NOON.0 - minutes_ago * HOUR_MS / 60),
            c_ip: client.as_bytes(),
            cs_username: if client == "10.0.0.3" { b"ada" } else { b"" },
            cs_method: method.as_bytes(),
            sc_status: status,
            sc_bytes: 1000 + minutes_ago.unsigned_abs(),
            result: if status == 403 { b"TCP_DENIED" } else { b"TCP_MISS" },
            content_type: mime.as_bytes(),
            user_agent: agent.as_bytes(),
            canonical: true,
            ..AccessEvent::default()
        };
        batch.push(&event, &target, b"");
    }
    batch
}

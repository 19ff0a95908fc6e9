//! Whatever is asked of the log, answers equal what plain loops find in its raw lines: random filters, windows, orders
//! and ways to page of `/api/logs`, exports of the same, and windows of the statistics, over the store that a server has.
//! The lines are spread over weeks, so that windows cut hours and days in two.

use super::statistics::{LOG, Line, batch_of, lines, numbers};
use crate::store::{append, columnar};
use crate::support::api::{Answer, Api};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;
use tidegate::model::{DAY_MS, HOUR_MS, Timestamp};

/// Questions asked of the log.
const QUESTIONS: usize = 150;
/// Windows asked of each statistic.
const WINDOWS: usize = 20;

/// The recorded log with other times: rising, and over 20 days.
fn spread() -> Vec<u8> {
    let mut number = numbers(99);
    let mut time_ms = 1_795_171_627_015;
    let mut log = Vec::new();
    // But for the line that Squid cut off at 8 kB, so that it ends in the next one.
    for line in LOG.split(|byte| *byte == b'\n').filter(|line| !line.is_empty() && line.len() < 8000) {
        // Often within a second, sometimes hours later.
        time_ms += [0, 1, 700, 60_000, HOUR_MS, 7 * HOUR_MS][number(6) as usize] / 3;
        log.extend_from_slice(format!("{}.{:03}", time_ms / 1000, time_ms % 1000).as_bytes());
        log.extend_from_slice(&line[line.iter().position(|byte| *byte == b' ').unwrap()..]);
        log.push(b'\n');
    }
    log
}

impl Line<'_> {
    /// The whole target without user and password.
    fn shown_url(&self) -> String {
        let from = match self.url.find("://") {
            Some(at) => at + 3,
            None if self.method == "CONNECT" => 0,
            None => return self.url.to_owned(),
        };
        let until = self.url[from..].find(['/', '?', '#']).map_or(self.url.len(), |at| from + at);
        let host = self.url[from..until].rfind('@').map_or(from, |at| from + at + 1);
        format!("{}{}", &self.url[..from], &self.url[host..])
    }

    fn host(&self) -> &str {
        self.destination.rsplit_once(':').map_or("", |(host, _)| host)
    }

    fn address(&self) -> Option<IpAddr> {
        self.host().trim_matches(['[', ']']).parse().ok()
    }

    fn outcome(&self) -> &'static str {
        match self.status {
            407 => "auth_challenge",
            _ if self.result.contains("DENIED") || self.result.contains("BLOCKED") => "denied",
            403 => "origin_forbidden",
            _ if self.result.contains("ABORTED") => "aborted",
            0 | 500.. => "error",
            _ => "allowed",
        }
    }

    /// By number, 0 the worst.
    fn severity(&self) -> usize {
        match self.outcome() {
            "error" => 3,
            "denied" => 4,
            "allowed" => 6,
            _ => 5,
        }
    }

    fn has(&self, tag: &str) -> bool {
        let scheme = self.url.split_once("://").map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
        let port = self.destination.rsplit_once(':').map_or("", |(_, port)| port);
        let usual: &[&str] = match &scheme[..] {
            "http" | "ws" => &["80", "8080"],
            "https" | "wss" => &["443", "8443"],
            "ftp" => &["21"],
            "gopher" => &["70"],
            "wais" => &["210"],
            "whois" => &["43"],
            "" => &["443", "8443", "80", "8080"],
            _ => &[],
        };
        match tag {
            "blocked" => self.is_blocked(),
            "ip_literal" => self.address().is_some(),
            "private_destination" => self.address().is_some_and(|address| address.is_loopback()),
            "unusual_port" => self.destination != "-" && !usual.contains(&port),
            _ => panic!("{tag}"),
        }
    }

    /// What is written in small letters, as what a line has none of is none.
    fn user(&self) -> String {
        if self.user == "-" { String::new() } else { self.user.to_ascii_lowercase() }
    }
}

const SEVERITIES: [&str; 8] =
    ["Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"];
const FIELDS: [&str; 14] = [
    "client_ip",
    "user",
    "method",
    "status",
    "status_code",
    "outcome",
    "severity",
    "min_severity",
    "source",
    "host",
    "destination",
    "domain",
    "tag",
    "keyword",
];

type Number = Box<dyn FnMut(i64) -> i64>;
type Test = Box<dyn Fn(&Line<'_>) -> bool>;

fn pick<'a, T>(number: &mut Number, of: &'a [T]) -> &'a T {
    &of[number(of.len() as i64) as usize]
}

/// A part of a text, of letters and signs that everybody writes alike.
fn part(number: &mut Number, text: &str) -> String {
    let text: Vec<char> = text.chars().filter(|sign| sign.is_ascii_graphic() && !"\"!".contains(*sign)).collect();
    if text.is_empty() {
        return "none".to_owned();
    }
    let from = number(text.len() as i64) as usize;
    let length = (1 + number(6) as usize).min(text.len() - from);
    let part: String = text[from..from + length].iter().collect();
    if number(2) == 0 { part.to_ascii_uppercase() } else { part }
}

/// One value of a filter, made of what some line has, and what it means.
fn term(number: &mut Number, field: &str, line: &Line<'_>) -> (String, Test) {
    let either = |number: &mut Number, text: &str| {
        if number(2) == 0 { text.to_ascii_uppercase() } else { text.to_owned() }
    };
    match field {
        "client_ip" => {
            let address: IpAddr = line.client.parse().unwrap();
            match (number(3), address) {
                (0, IpAddr::V4(address)) => {
                    (format!("::ffff:{address}"), Box::new(move |line| line.client == address.to_string()))
                }
                (0 | 1, _) => (address.to_string(), Box::new(move |line| line.client.parse() == Ok(address))),
                (_, IpAddr::V4(address)) => {
                    let width = number(33) as u32;
                    let bits = move |address: std::net::Ipv4Addr| u64::from(address.to_bits()) >> (32 - width);
                    let is_in = move |line: &Line<'_>| line.client.parse().is_ok_and(|one| bits(one) == bits(address));
                    (format!("{address}/{width}"), Box::new(is_in))
                }
                (_, IpAddr::V6(address)) => {
                    let width = number(129) as u32;
                    let bits =
                        move |address: std::net::Ipv6Addr| address.to_bits().checked_shr(128 - width).unwrap_or(0);
                    let is_in = move |line: &Line<'_>| line.client.parse().is_ok_and(|one| bits(one) == bits(address));
                    (format!("{address}/{width}"), Box::new(is_in))
                }
            }
        }
        "user" => {
            let name = if line.user == "-" { "alice".to_owned() } else { line.user.trim().to_owned() };
            let name = if name.is_empty() { "bob".to_owned() } else { name };
            let wanted = name.to_ascii_lowercase();
            (either(number, &name), Box::new(move |line| line.user() == wanted))
        }
        "method" => {
            let wanted = if line.method == "-" { "GET".to_owned() } else { line.method.to_owned() };
            // An exclamation mark in front negates.
            let wanted = wanted.trim_start_matches('!').to_owned();
            (either(number, &wanted), Box::new(move |line| line.method.eq_ignore_ascii_case(&wanted)))
        }
        "status" => match number(3) {
            0 => {
                let status = line.status;
                (format!("{status}"), Box::new(move |line| line.status == status))
            }
            1 => {
                let class = line.status / 100;
                (format!("{class}xx"), Box::new(move |line| line.status / 100 == class))
            }
            _ => {
                let result = line.result.to_owned();
                (either(number, &result), Box::new(move |line| line.result == result))
            }
        },
        "status_code" => {
            let status = line.status;
            (format!("{status:03}"), Box::new(move |line| line.status == status))
        }
        "outcome" => {
            let outcome = line.outcome();
            (either(number, outcome), Box::new(move |line| line.outcome() == outcome))
        }
        "severity" => {
            let wanted = if number(5) == 0 { number(8) as usize } else { line.severity() };
            let word = if number(2) == 0 { wanted.to_string() } else { SEVERITIES[wanted].to_owned() };
            (word, Box::new(move |line| line.severity() == wanted))
        }
        "min_severity" => {
            let least = 3 + number(4) as usize;
            (SEVERITIES[least].to_owned(), Box::new(move |line| line.severity() <= least))
        }
        "source" => {
            let wanted = *pick(number, &["squid", "SQUID", "other"]);
            (wanted.to_owned(), Box::new(move |_| wanted != "other"))
        }
        "host" => {
            let wanted = *pick(number, &["h", "H", "other"]);
            (wanted.to_owned(), Box::new(move |_| wanted != "other"))
        }
        "destination" => {
            let wanted = part(number, &line.destination);
            let small = wanted.to_ascii_lowercase();
            (wanted, Box::new(move |line| line.destination.contains(&small)))
        }
        "domain" => {
            let labels: Vec<&str> = line.host().split('.').collect();
            let name = labels[number(labels.len() as i64) as usize..].join(".");
            let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
            let name = match name.trim_matches('.') {
                // Addresses have no labels.
                name if is_plain && !name.is_empty() && line.address().is_none() => name.to_owned(),
                _ => (*pick(number, &["com", "example.com", "ample.com", "co.uk", "www"])).to_owned(),
            };
            let small = name.to_ascii_lowercase();
            let is_below = move |line: &Line<'_>| {
                let host = line.host().trim_end_matches('.');
                host.strip_suffix(&small[..]).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            (either(number, &name), Box::new(is_below))
        }
        "tag" => {
            let tag = *pick(number, &["blocked", "ip_literal", "private_destination", "unusual_port"]);
            (either(number, tag), Box::new(move |line| line.has(tag)))
        }
        "keyword" => {
            let text = if number(4) == 0 { line.user } else { line.url };
            let mut words = vec![part(number, text)];
            if number(3) == 0 {
                words.push(part(number, line.url));
            }
            let small: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
            if number(3) == 0 {
                words[0] = format!("\"{}\"", words[0]);
            }
            let says = move |line: &Line<'_>| {
                let texts = [line.shown_url().to_ascii_lowercase(), line.user()];
                small.iter().all(|word| texts.iter().any(|text| text.contains(word)))
            };
            (words.join(" "), Box::new(says))
        }
        _ => panic!("{field}"),
    }
}

/// What is asked of rows.
struct Question {
    /// As parameters, each with an ampersand in front.
    query: String,
    tests: Vec<Test>,
}

impl Question {
    fn random(number: &mut Number, log: &[Line<'_>], now: i64) -> Question {
        let (mut query, mut tests) = (String::new(), Vec::<Test>::new());
        let mut ask = |name: &str, value: &str| {
            query += &format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
        };
        let mut fields: Vec<&str> = (0..number(4)).map(|_| *pick(number, &FIELDS)).collect();
        fields.sort_unstable();
        fields.dedup();
        for field in fields {
            let (mut any, mut none) = (Vec::new(), Vec::new());
            let many = if matches!(field, "min_severity" | "keyword") { 1 } else { 1 + number(3) };
            for _ in 0..many {
                let line = pick(number, log);
                let (value, test) = term(number, field, line);
                if many > 1 && number(3) == 0 || !matches!(field, "min_severity" | "keyword") && number(5) == 0 {
                    ask(field, &format!("!{value}"));
                    none.push(test);
                } else {
                    ask(field, &value);
                    any.push(test);
                }
            }
            let accepts = move |line: &Line<'_>| {
                (any.is_empty() || any.iter().any(|test| test(line))) && !none.iter().any(|test| test(line))
            };
            tests.push(Box::new(accepts));
        }
        let (one, other) = (pick(number, log).time_ms, pick(number, log).time_ms + number(2));
        let (from, until) = (one.min(other), one.max(other));
        let text = |at: i64| Timestamp(at).to_rfc3339();
        match number(5) {
            0 => {
                ask("from", &text(from));
                ask("to", &text(until));
                tests.push(Box::new(move |line| (from..until).contains(&line.time_ms)));
            }
            1 => {
                ask("since", &text(from));
                tests.push(Box::new(move |line| from <= line.time_ms));
            }
            2 => {
                let hours = 1 + number(480);
                ask("hours", &hours.to_string());
                tests.push(Box::new(move |line| now - hours * HOUR_MS <= line.time_ms));
            }
            _ => {}
        }
        Question { query, tests }
    }

    /// The numbers of the rows that pass, by rising number: that of the line.
    fn rows(&self, log: &[Line<'_>]) -> Vec<usize> {
        (1..=log.len()).filter(|id| self.tests.iter().all(|test| test(&log[id - 1]))).collect()
    }
}

/// What rows are ordered by.
fn key(sort: &str, line: &Line<'_>) -> (i64, Vec<u8>) {
    let text = |text: &str| (0, text.as_bytes()[..text.len().min(256)].to_vec());
    let or_none = |value: &'static str, given: &str| if given == value { String::new() } else { given.to_owned() };
    match sort {
        "timestamp" => (line.time_ms, Vec::new()),
        "source_ip" => text(line.client),
        "destination" => text(&line.destination),
        "status" => text(&format!("{:03} {}", line.status, line.result)),
        "bytes" => (line.bytes as i64, Vec::new()),
        "method" => text(&or_none("-", line.method)),
        "host" => text("h"),
        "severity" => (line.severity() as i64, Vec::new()),
        "message" => text(&line.shown_url()),
        _ => panic!("{sort}"),
    }
}

const SORTS: [&str; 9] =
    ["timestamp", "source_ip", "destination", "status", "bytes", "method", "host", "severity", "message"];

/// Every id of a listing, page by page; each page says the total.
async fn walk(api: &Api, number: &mut Number, path: &str, total: usize) -> Vec<usize> {
    let limit = 1 + number(total as i64 / 3 + 2).min(999) as usize;
    let way = number(4);
    let (mut ids, mut place) = (Vec::new(), String::new());
    loop {
        let paging = match way {
            0 => format!("&limit={limit}{place}"),
            1 => format!("&limit={limit}&offset={}", ids.len()),
            2 => format!("&page_size={limit}&page={}", ids.len() / limit + 1),
            _ => match ids.last() {
                None => format!("&limit={limit}"),
                Some(id) => format!("&limit={limit}&cursor_id={id}"),
            },
        };
        let answer: Answer = api.get(&format!("{path}{paging}")).await;
        let page = answer.ids();
        assert_eq!(answer.body["total"], total, "{path}{paging}");
        let next = answer.body["next_cursor"].as_str();
        assert!(page.len() <= limit, "{path}{paging}");
        ids.extend(page.iter().map(|id| *id as usize));
        assert_eq!(next.is_some(), ids.len() < total, "{path}{paging}: {} of {total}", ids.len());
        match next {
            Some(next) if !page.is_empty() => place = format!("&cursor={next}"),
            _ => return ids,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_any_question_are_those_of_the_raw_log() {
    let temporary = columnar();
    let raw = spread();
    // Twice, as an import and what comes later are.
    let half = raw.len() / 2 + raw[raw.len() / 2..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    append(&*temporary.store, &[batch_of(&raw[..half])]);
    append(&*temporary.store, &[batch_of(&raw[half..])]);
    let api = Api::over(temporary.store.clone());
    let text = String::from_utf8_lossy(&raw);
    let log = lines(&text);
    let now = log.iter().map(|line| line.time_ms).max().unwrap() + 1;
    api.clock.set(Timestamp(now));
    let mut number: Number = Box::new(numbers(2026));
    let (mut some, mut rows) = (0, 0);
    for _ in 0..QUESTIONS {
        let question = Question::random(&mut number, &log, now);
        let (sort, order) = (*pick(&mut number, &SORTS), *pick(&mut number, &["desc", "asc"]));
        let mut want = question.rows(&log);
        let path = format!("/api/logs?sort={sort}&order={order}{}", question.query);
        want.sort_by_cached_key(|id| (key(sort, &log[id - 1]), *id));
        if order == "desc" {
            want.reverse();
        }
        let got = walk(&api, &mut number, &path, want.len()).await;
        assert_eq!(got, want, "{path}");

        want.sort_by_key(|id| Reverse((log[id - 1].time_ms, *id)));
        let export = api.get(&format!("/api/export/ndjson?{}", &question.query.trim_start_matches('&'))).await;
        assert_eq!(export.header("x-total-count"), want.len().to_string(), "{path}");
        let told: Vec<serde_json::Value> =
            export.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<usize> = told.iter().map(|row| row["id"].as_u64().unwrap() as usize).collect();
        assert_eq!(ids, want, "{path}");
        for (row, id) in told.iter().zip(ids) {
            let line = &log[id - 1];
            assert_eq!(row["url"], line.shown_url(), "{id}");
            assert_eq!(row["destination"], line.destination, "{id}");
            assert_eq!(row["status"], format!("{:03} {}", line.status, line.result), "{id}");
            assert_eq!((&row["outcome"], &row["bytes"]), (&line.outcome().into(), &line.bytes.into()), "{id}");
            assert_eq!(
                (&row["client_ip"], &row["severity"]),
                (&line.client.into(), &SEVERITIES[line.severity()].into())
            );
            // Blanks around a user name can't be told from those between fields.
            assert_eq!(row["user"].as_str().unwrap_or("-"), line.user.trim(), "{id}");
            assert_eq!(row["method"].as_str().unwrap_or("-"), line.method, "{id}");
            assert_eq!(row["timestamp"], Timestamp(line.time_ms).to_sql(), "{id}");
        }
        some += usize::from(!want.is_empty());
        rows += want.len();
    }
    assert!(some > QUESTIONS / 3 && rows > 10_000, "{some} of {QUESTIONS} questions found {rows} rows");
}

/// Registered names, with all hosts below.
const REGISTERED: [&str; 3] = ["example.com", "example.net", "example.co.uk"];

fn registered(line: &Line<'_>) -> Option<&'static str> {
    let host = line.host().trim_end_matches('.');
    REGISTERED
        .into_iter()
        .find(|name| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// The extension of the path's last segment, of paths where everybody would say the same.
fn extension(line: &Line<'_>) -> Option<String> {
    let (_, rest) = line.url.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    let path = path.split(['?', '#']).next()?;
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    ["css", "js", "png", "html", "json", "mp4", "xml"].contains(&extension).then(|| format!(".{extension}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn statistics_of_any_window_are_those_of_the_raw_log() {
    let temporary = columnar();
    let raw = spread();
    append(&*temporary.store, &[batch_of(&raw)]);
    let api = Api::over(temporary.store.clone());
    let text = String::from_utf8_lossy(&raw);
    let log = lines(&text);
    let (first, last) = (log[0].time_ms, log[log.len() - 1].time_ms);
    assert!(last - first > 12 * DAY_MS);
    api.clock.set(Timestamp(last + 1));
    let mut number: Number = Box::new(numbers(4));
    for round in 0..WINDOWS {
        if round == WINDOWS / 2 {
            temporary.store.settle().unwrap();
        }
        let mut edge = || match number(3) {
            // Where buckets end, and where rows lie.
            0 => Timestamp(first + number(last - first)).floor_to(HOUR_MS).0,
            1 => pick(&mut number, &log).time_ms,
            _ => first + number(last - first + 2),
        };
        let (one, other) = (edge(), edge());
        let (from, until) = (one.min(other), one.max(other));
        let window = format!("from={}&to={}", Timestamp(from).to_rfc3339(), Timestamp(until).to_rfc3339());
        let within = || log.iter().filter(|line| (from..until).contains(&line.time_ms));
        let data = async |path: &str| api.get(&format!("{path}?limit=1000&{window}")).await.body["data"].clone();

        let mut domains: BTreeMap<&str, (u64, u64, u64, Vec<&str>)> = BTreeMap::new();
        for line in within() {
            let Some(name) = registered(line) else { continue };
            let (requests, blocked, bytes, clients) = domains.entry(name).or_default();
            (*requests, *blocked, *bytes) =
                (*requests + 1, *blocked + u64::from(line.is_blocked()), *bytes + line.bytes);
            clients.push(line.client);
            clients.sort_unstable();
            clients.dedup();
        }
        let answer = data("/api/domains/statistics").await;
        for row in answer.as_array().unwrap() {
            let count = |field: &str| row[field].as_u64().unwrap();
            let name = row["domain_name"].as_str().unwrap();
            if !REGISTERED.contains(&name) {
                continue;
            }
            let (requests, blocked, bytes, clients) = domains.remove(name).unwrap();
            let got = (count("requests"), count("blocked"), count("bytes"), count("clients"));
            assert_eq!(got, (requests, blocked, bytes, clients.len() as u64), "{name} {window}");
        }
        assert!(domains.is_empty(), "{window}: {domains:?}");

        let mut extensions: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for line in within() {
            if let Some(name) = extension(line) {
                let (count, bytes) = extensions.entry(name).or_default();
                (*count, *bytes) = (*count + 1, *bytes + line.bytes);
            }
        }
        let answer = data("/api/analytics/file-extensions").await;
        let told = answer["extensions"].as_array().unwrap().iter();
        let told = told.map(|row| {
            let count = |field: &str| row[field].as_u64().unwrap();
            (row["ext"].as_str().unwrap().to_owned(), (count("count"), count("bytes")))
        });
        let told: BTreeMap<_, _> = told.filter(|(name, _)| extensions.contains_key(name)).collect();
        assert_eq!(told, extensions, "{window}");

        let answer = data("/api/stats").await;
        assert_eq!(answer["total"], within().count(), "{window}");
        for (severity, name) in SEVERITIES.into_iter().enumerate() {
            let want = within().filter(|line| line.severity() == severity).count();
            assert_eq!(answer["severity_counts"][name], want, "{window} {name}");
        }
        let hosts: &[&str] = if within().count() == 0 { &[] } else { &["h"] };
        assert_eq!(answer["hosts"], serde_json::json!(hosts), "{window}");

        let answer = data("/api/dashboard/summary").await;
        let newest = answer["recent_blocks"].as_array().unwrap().iter();
        let newest: Vec<_> = newest.map(|row| row["timestamp"].as_str().unwrap().to_owned()).collect();
        let mut want: Vec<_> = within().filter(|line| line.is_blocked()).map(|line| line.time_ms).collect();
        want.sort_by_key(|time| Reverse(*time));
        assert_eq!(newest, want.into_iter().map(|time| Timestamp(time).to_sql()).collect::<Vec<_>>(), "{window}");
        let literals = within().filter(|line| line.has("ip_literal")).count();
        let threats = answer["threat_categories"].as_array().unwrap();
        let told = threats
            .iter()
            .find(|threat| threat["category"] == "ip_literal")
            .map_or(0, |row| row["count"].as_u64().unwrap());
        assert_eq!(told, literals as u64, "{window}");
    }

    let stats = api.get("/api/logs/stats").await.body["data"].clone();
    let count = |passes: &dyn Fn(&Line<'_>) -> bool| log.iter().filter(|line| passes(line)).count();
    assert_eq!(stats["total_count"], log.len());
    assert_eq!(stats["blocked_count"], count(&|line| line.is_blocked()));
    assert_eq!(stats["ip_blocks_count"], count(&|line| line.is_blocked() && line.address().is_some()));
    assert_eq!(stats["proxy_denied_count"], count(&|line| line.outcome() == "denied"));
    assert_eq!(stats["origin_forbidden_count"], count(&|line| line.outcome() == "origin_forbidden"));
    assert_eq!(stats["auth_challenge_count"], count(&|line| line.outcome() == "auth_challenge"));
    for (path, width_ms) in [
        ("/api/charts/volume?hours=168", HOUR_MS),
        ("/api/logs/timeline?hours=168", HOUR_MS),
        ("/api/logs/timeline?hours=48&resolution=5m", 300_000),
        ("/api/logs/timeline?hours=720&resolution=1d", DAY_MS),
        ("/api/charts/severity-timeline?hours=168", HOUR_MS),
    ] {
        let answer = api.get(path).await;
        let buckets = answer.body["data"].as_array().unwrap_or_else(|| panic!("{path}: {}", answer.text)).clone();
        for bucket in buckets {
            let text = bucket["time"].as_str().unwrap();
            let from = Timestamp::parse(text, Timestamp(0)).unwrap().0;
            let within = || log.iter().filter(|line| (from..from + width_ms).contains(&line.time_ms));
            let want = within().count() as u64;
            if path.contains("severity") {
                for (severity, name) in SEVERITIES.into_iter().enumerate() {
                    assert_eq!(
                        bucket[name],
                        within().filter(|line| line.severity() == severity).count(),
                        "{path} {text}"
                    );
                }
                continue;
            }
            let told = bucket.get("count").or(bucket.get("total")).unwrap();
            assert_eq!(told.as_u64(), Some(want), "{path} {text}");
            if let Some(blocked) = bucket.get("blocked") {
                assert_eq!(blocked.as_u64(), Some(within().filter(|line| line.is_blocked()).count() as u64));
            }
        }
    }
}

//! `tidegate report`: what it says is what stands in the log; nobody is named where masking is on; a log can't make it do
//! anything.

use super::import::import;
use crate::support::process::{Server, run, sample_log, tidegate};
use quick_xml::events::Event;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

const FORMATS: [&str; 5] = ["html", "text", "md", "json", "csv"];

/// A line of Squid's native format, read by splitting it at blanks.
#[derive(Clone, Debug)]
struct Line {
    time_ms: i64,
    taken_ms: i64,
    client: String,
    result: String,
    status: String,
    bytes: u64,
    method: String,
    user: String,
}

fn line(text: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(text).ok()?;
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let [time, taken, client, result, bytes, method, _, user, _, _] = fields[..] else { return None };
    let (seconds, millis) = time.split_once('.')?;
    let (result, status) = result.split_once('/')?;
    Some(Line {
        time_ms: seconds.parse::<i64>().ok()? * 1000 + millis.parse::<i64>().ok()?,
        taken_ms: taken.parse().ok()?,
        client: client.to_owned(),
        result: result.to_owned(),
        status: status.to_owned(),
        bytes: bytes.parse().ok()?,
        method: method.to_owned(),
        user: user.to_owned(),
    })
}

/// A generated log, those lines left out that are hard to read by splitting.
fn simple_log(lines: u64, seed: u64) -> (Vec<u8>, Vec<Line>) {
    let log = sample_log(lines, seed);
    let parsed: Vec<(&[u8], Line)> =
        log.split(|byte| *byte == b'\n').filter_map(|text| Some((text, line(text)?))).collect();
    let simple = parsed.iter().flat_map(|(text, _)| [text, &b"\n"[..]].concat()).collect();
    (simple, parsed.into_iter().map(|(_, line)| line).collect())
}

fn text(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn report(directory: &Path, arguments: &[&str]) -> String {
    text(run(directory, &[&["report"], arguments].concat()))
}

fn as_json(directory: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&report(directory, &[arguments, &["--format", "json"]].concat())).unwrap()
}

/// Counts and bytes by something of each line.
fn by(lines: &[Line], of: impl Fn(&Line) -> Option<String>) -> BTreeMap<String, (u64, u64)> {
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for line in lines {
        let Some(name) = of(line) else { continue };
        let sum = sums.entry(name).or_default();
        *sum = (sum.0 + 1, sum.1 + line.bytes);
    }
    sums
}

fn groups(rows: &Value) -> BTreeMap<String, (u64, u64)> {
    let number = |row: &Value, name: &str| row[name].as_u64().unwrap();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row["name"].as_str().unwrap().to_owned(), (number(row, "requests"), number(row, "bytes_sent"))))
        .collect()
}

#[test]
fn the_report_says_what_stands_in_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let (log, lines) = simple_log(20_000, 5);
    std::fs::write(directory.join("access.log"), &log).unwrap();
    let said = as_json(directory, &["access.log", "--top", "1000"]);
    let all = lines.len() as u64;
    assert_eq!(said["read"]["lines"], all);
    assert_eq!((&said["totals"]["requests"], &said["read"]["stored"]), (&all.into(), &all.into()));
    assert_eq!(said["totals"]["bytes_sent"], lines.iter().map(|line| line.bytes).sum::<u64>());
    assert_eq!(groups(&said["status"]["rows"]), by(&lines, |line| Some(line.status.clone())));
    assert_eq!(
        groups(&said["methods"]["rows"]),
        by(&lines, |line| Some(line.method.clone()).filter(|method| method != "-"))
    );
    assert_eq!(groups(&said["cache"]["results"]), by(&lines, |line| Some(line.result.clone())));
    let users = by(&lines, |line| Some(line.user.clone()).filter(|user| user != "-"));
    assert_eq!(said["users"]["total"], users.len());
    // Names appear with percent escapes read; how many rows each has is the same.
    let mut counts: Vec<_> = users.values().collect();
    counts.sort_unstable_by(|one, other| other.cmp(one));
    let found = said["users"]["rows"].as_array().unwrap().iter().map(|row| row["requests"].as_u64().unwrap());
    assert!(found.eq(counts.iter().take(1000).map(|(requests, _)| *requests)));
    let clients = by(&lines, |line| Some(line.client.clone()));
    assert_eq!((&said["totals"]["clients"], &said["clients"]["total"]), (&clients.len().into(), &clients.len().into()));
    for (name, sums) in groups(&said["clients"]["rows"]) {
        assert_eq!(sums, clients[&name], "{name}");
    }

    // Hours of the week and buckets hold every line.
    let mut week = [[0_u64; 24]; 7];
    for line in &lines {
        let hour = line.time_ms.div_euclid(3_600_000);
        week[(hour.div_euclid(24) + 3).rem_euclid(7) as usize][hour.rem_euclid(24) as usize] += 1;
    }
    assert_eq!(said["week"]["requests"], serde_json::to_value(week).unwrap());
    let buckets = said["traffic"]["buckets"].as_array().unwrap();
    assert_eq!(buckets.iter().map(|bucket| bucket["requests"].as_u64().unwrap()).sum::<u64>(), all);
    assert!((24..=240).contains(&buckets.len()), "{}", buckets.len());

    // Hits, of what a cache can answer.
    let refused = |line: &&Line| line.result.contains("DENIED") || line.status == "407";
    let cacheable: Vec<&Line> = lines.iter().filter(|line| line.method != "CONNECT" && !refused(line)).collect();
    let hits: Vec<&&Line> =
        cacheable.iter().filter(|line| line.result.contains("HIT") || line.result.contains("UNMODIFIED")).collect();
    assert!(!hits.is_empty());
    let cache = &said["cache"];
    assert_eq!((&cache["requests"], &cache["hits"]), (&cacheable.len().into(), &hits.len().into()));
    assert_eq!(cache["bytes_saved"], hits.iter().map(|line| line.bytes).sum::<u64>());

    // Shares of durations, up to where they are rounded.
    let mut taken: Vec<i64> =
        lines.iter().filter(|line| line.method != "CONNECT").map(|line| line.taken_ms.max(0)).collect();
    taken.sort_unstable();
    let durations = &said["durations"]["requests"];
    assert_eq!(durations["requests"], taken.len());
    for (name, percent) in [("p50_ms", 50), ("p90_ms", 90), ("p95_ms", 95), ("p99_ms", 99)] {
        let exact = taken[(taken.len() * percent).div_ceil(100) - 1];
        let found = durations[name].as_i64().unwrap();
        assert!(
            found <= exact && exact - found <= exact / 8192 && (exact >= 4096 || found == exact),
            "{name}: {found}"
        );
    }

    // The database says the same of the same lines, beside a server.
    import(directory, &["access.log"]);
    let _server = Server::start(directory);
    let stored = as_json(directory, &["--from-db", "--top", "1000"]);
    for part in said.as_object().unwrap().keys() {
        if !["read", "generated_at", "findings", "blind_spots"].contains(&part.as_str()) {
            assert_eq!(stored[part], said[part], "{part}");
        }
    }
    // A window holds its hours alone.
    let from = said["window"]["from"].as_str().unwrap().to_owned();
    let day = as_json(directory, &["--from-db", "--from", &from, "--to", "2026-01-02"]);
    let first = lines.iter().filter(|line| line.time_ms < 1_767_312_000_000).count();
    assert_eq!((&day["totals"]["requests"], &day["window"]["until"]), (&first.into(), &"2026-01-02T00:00:00Z".into()));
}

/// A day's log in which every section has something to say.
const LOG: &str = "\
1767225600.100    120 10.0.0.1 TCP_MISS/200 5000 GET http://www.example.com/index.html ada HIER_DIRECT/93.184.216.34 text/html
1767225660.200      4 10.0.0.1 TCP_MEM_HIT/200 9000 GET http://www.example.com/logo.png ada HIER_NONE/- image/png
1767225720.300  90000 10.0.0.2 TCP_TUNNEL/200 70000 CONNECT www.dropbox.com:443 grace HIER_DIRECT/162.125.1.1 -
1767229200.400     11 10.0.0.2 TCP_DENIED/403 3900 CONNECT 203.0.113.9:8443 grace HIER_NONE/- text/html
1767229260.500     12 10.0.0.3 TCP_DENIED/407 4000 GET http://intranet.example.org/ - HIER_NONE/- text/html
1767232800.600    300 10.0.0.3 TCP_MISS/200 800 GET http://shop.example.org/item.php?id=1%27%20UNION%20SELECT%20password%20FROM%20users-- linus HIER_DIRECT/192.0.2.7 text/html
1767236400.700   2500 10.0.0.1 TCP_MISS/503 400 POST http://api.example.org/v1/things ada HIER_DIRECT/192.0.2.8 text/html
no line at all
";

/// What is the same in every run.
fn steady(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("Tidegate ")).map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn text_markdown_and_csv_say_the_same() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("access.log"), LOG).unwrap();
    insta::assert_snapshot!("text", steady(&report(directory.path(), &["access.log"])));
    insta::assert_snapshot!("md", steady(&report(directory.path(), &["access.log", "--format", "md"])));
    insta::assert_snapshot!("csv", report(directory.path(), &["access.log", "--format", "csv"]).replace("\r\n", "\n"));
    let said = as_json(directory.path(), &["access.log"]);
    assert_eq!(said["read"]["rejected"].as_array().unwrap().len(), 1);
    let example = &said["flagged"]["examples"][0];
    let reason = &example["reasons"][0];
    assert!(example["url"].as_str().unwrap().contains("UNION") && example["score"].as_u64().unwrap() >= 5, "{example}");
    assert!(reason["message"].is_string() && reason["fragment"].is_string() && reason["where"].is_string(), "{reason}");
    assert!(said["blind_spots"].as_array().unwrap().iter().any(|spot| !spot["fix"].as_array().unwrap().is_empty()));
}

#[test]
fn the_ending_of_the_file_says_the_format() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let file = |name: &str| directory.join(name);
    std::fs::write(file("access.log"), LOG).unwrap();
    std::fs::write(file("access.log.1"), LOG.lines().next().unwrap().replace("10.0.0.1", "10.0.0.9") + "\n").unwrap();
    for (name, start) in [
        ("report.html", "<!DOCTYPE html>"),
        ("report.HTM", "<!DOCTYPE html>"),
        ("report.txt", "Proxy report"),
        ("report.md", "# Proxy report"),
        ("report.json", "{\n"),
        ("report.csv", "section,table,item,measure,value,unit\r\n"),
    ] {
        assert_eq!(report(directory, &["access.log*", "-o", name]), "");
        assert!(std::fs::read_to_string(file(name)).unwrap().starts_with(start), "{name}");
    }
    let said: Value = serde_json::from_slice(&std::fs::read(file("report.json")).unwrap()).unwrap();
    assert_eq!((&said["read"]["lines"], &said["totals"]["clients"]), (&9.into(), &4.into()));
    for (arguments, code, words) in [
        (vec!["access.log", "-o", "report.pdf"], 2, "its ending names no format"),
        (vec!["access.log", "-o", "access.log", "--format", "text"], 3, "it is read"),
        (vec!["missing.log"], 3, "missing.log: no such file"),
        (vec![], 2, "required"),
        (vec!["access.log", "--from-db"], 2, "cannot be used with"),
        (vec!["--from-db"], 3, "no such database"),
        (vec!["access.log", "--last", "soon"], 2, "is not a time"),
        (vec!["access.log", "--from", "2026-02-01", "--to", "2026-01-01"], 3, "the window is empty"),
    ] {
        let output = run(directory, &[&["report"], &arguments[..]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read_to_string(file("access.log")).unwrap(), LOG);
    // Nothing was made of a data directory that is not there.
    assert!(!file("data").exists());
}

#[test]
fn standard_input_compressed_and_empty_logs_are_read_and_nothing_is_left_behind() {
    let directory = tempfile::tempdir().unwrap();
    let temporary = directory.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let piped = |input: &[u8]| -> Value {
        let mut child = tidegate(directory.path(), &["report", "-", "--format", "json"])
            .env("TMPDIR", &temporary)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        serde_json::from_str(&text(child.wait_with_output().unwrap())).unwrap()
    };
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(LOG.as_bytes()).unwrap();
    for input in [LOG.as_bytes(), &packed.finish().unwrap()] {
        let said = piped(input);
        assert_eq!((&said["read"]["lines"], &said["read"]["stored"]), (&8.into(), &7.into()));
        assert_eq!(said["read"]["files"][0]["path"], "-");
    }
    let nothing = piped(b"");
    assert_eq!((&nothing["totals"]["requests"], &nothing["window"]["first_row"]), (&0.into(), &Value::Null));
    std::fs::write(directory.path().join("empty.log"), "").unwrap();
    for format in FORMATS {
        assert!(!report(directory.path(), &["empty.log", "--format", format]).is_empty());
    }
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn nobody_is_named_where_masking_is_on() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let (log, lines) = simple_log(3000, 7);
    std::fs::write(directory.join("access.log"), log).unwrap();
    // As whole words: a user may be called as a part of some host.
    let both = lines.iter().flat_map(|line| [line.client.clone(), line.user.clone()]);
    let people: BTreeSet<String> = both.filter(|name| name.len() > 4).collect();
    let names = |text: &str| {
        let words: BTreeSet<&str> =
            text.split(|sign: char| !(sign.is_alphanumeric() || ".:_-".contains(sign))).collect();
        people.iter().filter(|one| words.contains(one.as_str())).count()
    };
    let masked = |arguments: &[&str]| {
        for format in FORMATS {
            let text = report(directory, &[arguments, &["--format", format]].concat());
            assert_eq!(names(&text), 0, "{format} {arguments:?}");
        }
    };
    assert!(names(&report(directory, &["access.log", "--format", "html"])) > 0);
    masked(&["access.log", "--mask"]);
    let said = as_json(directory, &["access.log", "--mask"]);
    assert_eq!((&said["masking"]["masked"], &said["masking"]["clients"]), (&true.into(), &"pseudonyms".into()));

    std::fs::write(directory.join("config.toml"), "[settings]\ngdpr_mode = true\n").unwrap();
    masked(&["access.log"]);
    assert!(names(&report(directory, &["access.log", "--no-mask", "--format", "html"])) > 0);
    // Of the database there is no way around it, and pseudonyms are those that everything else shows.
    import(directory, &["access.log"]);
    masked(&["--from-db"]);
    let refused = run(directory, &["report", "--from-db", "--no-mask"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = as_json(directory, &["--from-db"]);
    let first = said["clients"]["rows"][0]["name"].as_str().unwrap();
    let asked = "SELECT client_ip FROM proxy_logs GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1";
    assert!(text(run(directory, &["sql", "--csv", asked])).contains(first), "{first}");
    assert_eq!(as_json(directory, &["access.log"])["clients"], said["clients"]);
}

/// What a log can say to make a report do something.
const HOSTILE: [&str; 9] = [
    "http://a.example/<script>alert(1)</script>",
    "http://a.example/\"onmouseover=\"alert(1)",
    "javascript:alert(document.domain)",
    "http://a.example/\u{202e}gpj.exe",
    "http://a.example/\u{1b}[31m\u{1b}]0;x\u{7}",
    "http://</style><img/src=x/onerror=alert(1)>/",
    "http://a.example/|[x](http://evil.example)`",
    "http://=cmd|'/C_calc'!A1/",
    "http://a.example/../../etc/passwd?x=<svg/onload=alert(1)>'%20OR%201=1--",
];

#[test]
fn a_log_can_not_make_it_do_anything() {
    let directory = tempfile::tempdir().unwrap();
    let mut log = Vec::new();
    let long = format!("http://a.example/?q=%3Cscript%3E{}", "x".repeat(65_536));
    for (at, url) in HOSTILE.iter().copied().chain([long.as_str()]).enumerate() {
        for user in ["<b>u</b>", "@SUM(1+1)", "\u{202e}u", "\u{1b}[2J"] {
            let time = 1_767_225_600 + at;
            writeln!(log, "{time}.100 5 10.0.0.1 TCP_MISS/200 9 GET {url} {user} HIER_NONE/- <i>").unwrap();
        }
    }
    // A name no shell would give, and no browser may take for its own.
    let name = "<img src=x onerror=alert(1)>.log";
    std::fs::write(directory.path().join(name), log).unwrap();
    for format in FORMATS {
        let text = report(directory.path(), &[name, "--format", format, "--top", "1000", "--format-in", "squid"]);
        assert!(text.len() < 1_000_000, "{format}: {} bytes", text.len());
        let steers =
            |sign: char| sign.is_control() && !"\r\n".contains(sign) || ('\u{202a}'..='\u{202e}').contains(&sign);
        assert!(!text.contains(steers), "{format}: {:?}", text.find(steers).map(|at| &text[at.saturating_sub(80)..at]));
    }
    let page = report(directory.path(), &[name, "--format", "html", "--top", "1000", "--format-in", "squid"]);
    assert!(page.contains("&lt;script&gt;") && page.contains("default-src 'none'"));
    let (elements, attributes) = page_parts(&page);
    let known = [
        "a",
        "bdi",
        "body",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "head",
        "header",
        "html",
        "li",
        "link",
        "main",
        "meta",
        "nav",
        "p",
        "path",
        "pre",
        "rect",
        "section",
        "style",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ];
    assert!(elements.iter().all(|name| known.contains(&name.as_str())), "{elements:?}");
    for (name, value) in &attributes {
        assert!(!name.starts_with("on") && name != "style" && name != "src", "{name}={value}");
        assert!(name != "href" || value.starts_with('#') || value == "data:,", "{name}={value}");
        assert!(!value.contains("example") && !value.contains("alert"), "{name}={value}");
    }
    let markdown = report(directory.path(), &[name, "--format", "md", "--top", "1000", "--format-in", "squid"]);
    assert!(!markdown.contains("<script") && !markdown.contains("](") && !markdown.contains("http://"), "{markdown}");
    let csv = report(directory.path(), &[name, "--format", "csv", "--top", "1000", "--format-in", "squid"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    for record in reader.records() {
        let record = record.unwrap();
        assert!(record.iter().all(|field| !field.starts_with(['=', '+', '@'])), "{record:?}");
    }
}

/// The elements of a page and their attributes. It is well-formed: every element that is begun is ended.
fn page_parts(page: &str) -> (BTreeSet<String>, BTreeSet<(String, String)>) {
    let (mut elements, mut attributes) = (BTreeSet::new(), BTreeSet::new());
    let mut reader = quick_xml::Reader::from_str(page);
    loop {
        let event = reader.read_event().unwrap_or_else(|fault| panic!("at {}: {fault}", reader.buffer_position()));
        if let Event::Start(start) | Event::Empty(start) = &event {
            elements.insert(String::from_utf8(start.name().as_ref().to_vec()).unwrap());
            for attribute in start.attributes() {
                let attribute = attribute.unwrap();
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                attributes.insert((text(attribute.key.as_ref()), text(&attribute.value)));
            }
        }
        if matches!(event, Event::Eof) {
            return (elements, attributes);
        }
    }
}

#[test]
fn a_run_that_is_told_to_end_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    let temporary = directory.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let mut child = tidegate(directory.path(), &["report", "-"])
        .env("TMPDIR", &temporary)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(LOG.as_bytes()).unwrap();
    let held = || std::fs::read_dir(&temporary).unwrap().count();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while held() == 0 {
        assert!(std::time::Instant::now() < end, "it made no directory");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // It waits for more lines.
    std::thread::sleep(std::time::Duration::from_millis(300));
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(held(), 0);
}

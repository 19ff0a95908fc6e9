//! The questions of an analyst, asked of Tidegate and of DuckDB over the same log, in process and warm both, with as many
//! threads as there are cores. DuckDB comes from PyPI into a virtual environment of the benchmark's own; without Python or
//! the network this part says so and Tidegate is measured alone.
//!
//! DuckDB gets the typed columns that it takes for the log's fields and no indexes; it hides nothing, tells services from
//! nothing and knows no registrable domains, so questions are asked by host.

use crate::data::Log;
use crate::questions::{days, last_time};
use crate::report::{Report, median};
use anyhow::{Context, ensure};
use serde_json::{Map, Value, json};
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;
use tidegate::classify;
use tidegate::model::{
    ClientTerm, Dimension, EventFilter, GroupOrder, GroupQuery, Lens, Order, OutcomeSet, PageQuery, Resolution, Sort,
    StatusTerm, SystemClock, TagTest, Terms, TimeRange, Timestamp,
};
use tidegate::store::columnar::ColumnarStore;
use tidegate::store::{EventStore, StoreResult};

/// The release that is compared with.
const VERSION: &str = "2.0.0";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/duckdb_questions.py");
/// DuckDB's questions take long: it is asked less often.
const DUCKDB_ASKS: usize = 7;
/// Rows of a page.
const PAGE: usize = 50;

/// Asks a store, given the number of the ask; answers how much was found.
type Ask = Box<dyn Fn(&ColumnarStore, i64) -> StoreResult<u64>>;

/// A question in both tongues.
struct Question {
    name: &'static str,
    /// Milliseconds it may take at 10M lines, or half of DuckDB's time where that is more.
    target_ms: Option<f64>,
    sql: String,
    /// Given the number of the ask: counts, and what of a block passes, are remembered by their filter, so each ask has
    /// another end of time, and says the rest in another way.
    ask: Ask,
}

fn none_of<T>() -> Terms<T> {
    Terms::default()
}

fn any<T>(value: T) -> Terms<T> {
    Terms { any: vec![value], ..none_of() }
}

/// A word in as many spellings as its letters have cases, all of which mean the same.
fn respelled(word: &str, number: i64) -> String {
    let spelt = |(at, letter): (usize, char)| match number >> at & 1 {
        0 => letter.to_ascii_lowercase(),
        _ => letter.to_ascii_uppercase(),
    };
    word.chars().enumerate().map(spelt).collect()
}

/// Everything up to the end of the data and a little more each time.
fn until(end: Timestamp, number: i64) -> Option<TimeRange> {
    Some(TimeRange { from: Timestamp(i64::MIN), until: Timestamp(end.0 + 1 + number) })
}

fn sql_time(time: Timestamp) -> String {
    format!("TIMESTAMP '{}'", time.to_sql())
}

fn count(filter: impl Fn(i64) -> EventFilter + 'static, end: Timestamp) -> Ask {
    Box::new(move |store, number| {
        store.count(&EventFilter { range: until(end, number), ..filter(number) }, &Lens::PLAIN)
    })
}

/// A page and the number of all, as a list shows both.
fn listed(filter: impl Fn(i64) -> EventFilter + 'static, end: Timestamp) -> Ask {
    Box::new(move |store, number| {
        let filter = EventFilter { range: until(end, number), ..filter(number) };
        let query = PageQuery { filter: filter.clone(), ..PageQuery::newest(PAGE) };
        Ok(store.page(&query, &Lens::PLAIN)?.rows.len() as u64 + store.count(&filter, &Lens::PLAIN)?)
    })
}

fn sorted(sort: Sort, order: Order, end: Timestamp) -> Ask {
    Box::new(move |store, number| {
        let filter = EventFilter { range: until(end, number), ..EventFilter::default() };
        let query = PageQuery { filter, sort, order, ..PageQuery::newest(PAGE) };
        Ok(store.page(&query, &Lens::PLAIN)?.rows.len() as u64)
    })
}

fn top(by: Dimension, span: i64, end: Timestamp, order: GroupOrder, clients: bool) -> Ask {
    Box::new(move |store, _| {
        let query = GroupQuery { order, count_clients: clients, ..GroupQuery::of(by, days(span, end), PAGE) };
        Ok(store.groups(&query, &Lens::PLAIN)?.entries.len() as u64)
    })
}

fn questions(end: Timestamp, large: bool) -> Vec<Question> {
    let since = |span| sql_time(days(span, end).from);
    let (week, month) = (since(7), since(30));
    let blocked = || any(TagTest::Outcome(OutcomeSet::blocked(false)));
    let keyword = |word: &'static str| {
        move |number| EventFilter { keywords: vec![respelled(word, number)], ..EventFilter::default() }
    };
    let substring = |name, word, target_ms| Question {
        name,
        target_ms,
        sql: format!("SELECT count(*) FROM log WHERE url ILIKE '%{word}%' OR usr ILIKE '%{word}%'"),
        ask: count(keyword(word), end),
    };
    let at = |small: f64, big: f64| Some(if large { big } else { small });
    vec![
        Question {
            name: "hourly timeline 30 d",
            target_ms: at(2.0, 2.0),
            sql: format!(
                "SELECT date_trunc('hour', ts) AS t, count(*), count(*) FILTER (blocked) FROM log WHERE ts >= {month} GROUP BY 1 ORDER BY 1"
            ),
            ask: Box::new(move |store, _| Ok(store.timeline(days(30, end), Resolution::Hour)?.len() as u64)),
        },
        Question {
            name: "top 50 hosts 7 d",
            target_ms: at(15.0, 15.0),
            sql: format!(
                "SELECT host, count(*) AS n, sum(bytes) FROM log WHERE ts >= {week} GROUP BY 1 ORDER BY n DESC, 1 LIMIT {PAGE}"
            ),
            ask: top(Dimension::Destination, 7, end, GroupOrder::Rows, false),
        },
        Question {
            name: "top 50 hosts 30 d",
            target_ms: at(50.0, 50.0),
            sql: format!(
                "SELECT host, count(*) AS n, sum(bytes) FROM log WHERE ts >= {month} GROUP BY 1 ORDER BY n DESC, 1 LIMIT {PAGE}"
            ),
            ask: top(Dimension::Destination, 30, end, GroupOrder::Rows, false),
        },
        Question {
            name: "top 50 hosts 7 d with their clients",
            target_ms: None,
            sql: format!(
                "SELECT host, count(*) AS n, count(DISTINCT client) FROM log WHERE ts >= {week} GROUP BY 1 ORDER BY n DESC, 1 LIMIT {PAGE}"
            ),
            ask: top(Dimension::Destination, 7, end, GroupOrder::Rows, true),
        },
        Question {
            name: "blocked by host 30 d",
            target_ms: at(40.0, 400.0),
            sql: format!(
                "SELECT host, count(*) AS n FROM log WHERE blocked AND ts >= {month} GROUP BY 1 ORDER BY n DESC, 1 LIMIT {PAGE}"
            ),
            ask: top(Dimension::Destination, 30, end, GroupOrder::Outcomes(OutcomeSet::blocked(false)), false),
        },
        substring("substring over all, in 1 of 200 rows", "login", at(150.0, 1500.0)),
        substring("substring over all, in every third", "static", at(150.0, 1500.0)),
        substring("substring over all, nowhere", "qqzzxx", at(150.0, 1500.0)),
        Question {
            name: "blocked GETs of a network, newest 50 and total",
            target_ms: at(150.0, 1500.0),
            sql: format!(
                "SELECT *, count(*) OVER () FROM log WHERE blocked AND method = 'GET' AND client LIKE '10.0.1.%' ORDER BY ts DESC LIMIT {PAGE}"
            ),
            ask: listed(
                move |number| EventFilter {
                    tag: blocked(),
                    method: Terms { any: vec!["GET".to_owned()], none: vec![format!("ask {number}")] },
                    client_ip: any(ClientTerm::parse("10.0.1.0/24")),
                    ..EventFilter::default()
                },
                end,
            ),
        },
        Question {
            name: "2xx of one domain with a word, newest 50 and total",
            target_ms: at(150.0, 1500.0),
            sql: format!(
                "SELECT *, count(*) OVER () FROM log WHERE status BETWEEN 200 AND 299 AND (host = 'celgenx.ch' OR host LIKE '%.celgenx.ch') AND url ILIKE '%account%' ORDER BY ts DESC LIMIT {PAGE}"
            ),
            ask: listed(
                |number| EventFilter {
                    status: any(StatusTerm::Class(2)),
                    domain: any(respelled("celgenx.ch", number)),
                    keywords: vec!["account".to_owned()],
                    ..EventFilter::default()
                },
                end,
            ),
        },
        Question {
            name: "the 50 largest",
            target_ms: at(150.0, 1500.0),
            sql: format!("SELECT * FROM log ORDER BY bytes DESC LIMIT {PAGE}"),
            ask: sorted(Sort::Bytes, Order::Descending, end),
        },
        Question {
            name: "50 by client",
            target_ms: None,
            sql: format!("SELECT * FROM log ORDER BY client LIMIT {PAGE}"),
            ask: sorted(Sort::Client, Order::Ascending, end),
        },
        Question {
            name: "50 by URL",
            target_ms: None,
            sql: format!("SELECT * FROM log ORDER BY url LIMIT {PAGE}"),
            ask: sorted(Sort::Url, Order::Ascending, end),
        },
    ]
}

/// Asks both, DuckDB where it is to be had.
pub fn compare(
    report: &mut Report,
    directory: &Path,
    data_dir: &Path,
    log: &Log,
    asks: usize,
    with_duckdb: bool,
) -> anyhow::Result<()> {
    let store = ColumnarStore::open(data_dir, classify::CLASSIFIERS, Arc::new(SystemClock))?;
    let questions = questions(last_time(&store)?, log.lines > 20_000_000);
    let ours: Vec<(f64, u64)> =
        questions.iter().map(|question| ask(&store, question, asks)).collect::<Result<_, _>>()?;
    drop(store);
    let theirs = if with_duckdb { duckdb(directory, log, &questions)? } else { None };
    report.title(&format!("The same questions of Tidegate and DuckDB over {} lines, in process, warm (ms)", log.lines));
    if let Some(theirs) = &theirs {
        let (seconds, bytes) = (theirs["import_s"].as_f64().unwrap_or(0.0), theirs["bytes"].as_f64().unwrap_or(0.0));
        println!(
            "  DuckDB {}: {} rows loaded in {seconds:.1} s, {:.1} bytes a line",
            theirs["version"].as_str().unwrap_or_default(),
            theirs["rows"],
            bytes / log.lines as f64
        );
    }
    println!("  {:<52} {:>9} {:>9} {:>7} {:>8}", "", "tidegate", "duckdb", "ratio", "target");
    let mut results = Map::new();
    for (question, (ours_ms, found)) in questions.iter().zip(&ours) {
        let theirs_ms = theirs.as_ref().and_then(|theirs| theirs["questions"][question.name]["median_ms"].as_f64());
        let target_ms = question.target_ms.map(|target_ms| target_ms.max(theirs_ms.unwrap_or(0.0) / 2.0));
        let shown =
            |value: Option<f64>, unit: &str| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}{unit}"));
        let verdict = target_ms.map_or("", |target_ms| if *ours_ms <= target_ms { "ok" } else { "MISSED" });
        println!(
            "  {:<52} {ours_ms:>9.2} {:>9} {:>7} {:>8} {verdict}",
            question.name,
            shown(theirs_ms, ""),
            shown(theirs_ms.map(|theirs_ms| theirs_ms / ours_ms), "x"),
            shown(target_ms, ""),
        );
        results.insert(
            question.name.to_owned(),
            json!({"tidegate_ms": ours_ms, "duckdb_ms": theirs_ms, "target_ms": target_ms, "found": found}),
        );
    }
    let facts = theirs
        .as_ref()
        .map(|theirs| json!({"version": theirs["version"], "import_s": theirs["import_s"], "bytes": theirs["bytes"]}));
    report.add(&format!("duckdb {}", log.lines), json!({"questions": results, "duckdb": facts}));
    Ok(())
}

/// The median in milliseconds, and what was found last.
fn ask(store: &ColumnarStore, question: &Question, asks: usize) -> anyhow::Result<(f64, u64)> {
    let (mut taken_ms, mut found) = (Vec::with_capacity(asks), 0);
    for number in -2..asks as i64 {
        let started = Instant::now();
        found = black_box((question.ask)(store, number + 2)?);
        if number >= 0 {
            taken_ms.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok((median(&taken_ms), found))
}

/// What DuckDB took; `None` where it can't be had.
fn duckdb(directory: &Path, log: &Log, questions: &[Question]) -> anyhow::Result<Option<Value>> {
    let python = match environment(directory) {
        Ok(python) => python,
        Err(error) => {
            println!("\nDuckDB is left out: {error:#}");
            return Ok(None);
        }
    };
    let database = directory.join("log.duckdb");
    let sql: Map<String, Value> =
        questions.iter().map(|question| (question.name.to_owned(), Value::from(question.sql.clone()))).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let job = json!({"log": log.path, "database": database, "threads": threads, "asks": DUCKDB_ASKS, "questions": sql});
    let mut command = Command::new(python);
    let mut run = command.arg(SCRIPT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    run.stdin.take().context("no input")?.write_all(job.to_string().as_bytes())?;
    let printed = run.wait_with_output()?;
    ensure!(printed.status.success(), "{SCRIPT} failed");
    std::fs::remove_file(&database)?;
    Ok(Some(serde_json::from_slice(&printed.stdout)?))
}

/// The Python of a virtual environment that has DuckDB, made where it is missing.
fn environment(directory: &Path) -> anyhow::Result<PathBuf> {
    let place = directory.join(format!("duckdb-{VERSION}"));
    let python = place.join("bin/python");
    let has = |python: &Path| {
        let tried = Command::new(python).args(["-c", "import duckdb"]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    if !has(&python) {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&place).status();
        ensure!(
            made.is_ok_and(|status| status.success()),
            "python3 with venv is missing (apt-get install python3-venv)"
        );
        let wanted = format!("duckdb=={VERSION}");
        let installed = Command::new(&python).args(["-m", "pip", "install", "--quiet", &wanted]).status()?;
        ensure!(installed.success(), "pip could not install {wanted}");
    }
    Ok(python)
}

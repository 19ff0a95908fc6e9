//! The dashboard's questions, in process, warm: median and 99th percentile. Windows end where the data end, once on
//! whole hours and once on odd milliseconds at both edges.

use crate::data::Log;
use crate::orders;
use crate::report::{Report, median, quantile, verdict};
use anyhow::Context;
use serde_json::json;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidegate::classify;
use tidegate::model::{
    ClientTerm, DAY_MS, Dimension, EventFilter, GroupQuery, HOUR_MS, Lens, Outcome, PageQuery, Resolution, SystemClock,
    Terms, TimeRange, Timestamp,
};
use tidegate::store::columnar::ColumnarStore;
use tidegate::store::{EventStore, StoreResult};

/// Asks no more of one question when this is spent, at least [`FEWEST`] times though.
const PATIENCE: Duration = Duration::from_secs(30);
const FEWEST: usize = 5;
pub const WARM_UP: usize = 3;

/// Asks questions and notes how long the answers take.
pub struct Asker<'r> {
    report: &'r mut Report,
    asks: usize,
}

impl Asker<'_> {
    /// Asks `question` again and again, handing it the number of the ask.
    pub fn ask<T>(
        &mut self,
        name: &str,
        target_ms: Option<f64>,
        warm_up: usize,
        mut question: impl FnMut(usize) -> StoreResult<T>,
    ) -> anyhow::Result<()> {
        for _ in 0..warm_up {
            black_box(question(0)?);
        }
        let mut taken_ms = Vec::with_capacity(self.asks);
        let until = Instant::now() + PATIENCE;
        for number in 0..self.asks {
            let started = Instant::now();
            black_box(question(number)?);
            taken_ms.push(started.elapsed().as_secs_f64() * 1e3);
            if Instant::now() > until && taken_ms.len() >= FEWEST {
                break;
            }
        }
        let (middle, p99) = (median(&taken_ms), quantile(&taken_ms, 0.99));
        let target = target_ms.map_or_else(String::new, |target| format!("{target}"));
        println!(
            "  {name:<44} {middle:>10.3} {p99:>10.3} {target:>8} {:<5} {:>5}",
            verdict(middle, target_ms),
            taken_ms.len()
        );
        let result = json!({"median_ms": middle, "p99_ms": p99, "target_ms": target_ms, "asks": taken_ms.len()});
        self.report.add(&format!("question: {name}"), result);
        Ok(())
    }
}

/// Asks everything of the settled store that holds `log`.
pub fn ask(report: &mut Report, data_dir: &Path, log: &Log, asks: usize) -> anyhow::Result<()> {
    report.title(&format!("Questions over {} lines, in process, warm (ms)", log.lines));
    let started = Instant::now();
    let store = ColumnarStore::open(data_dir, classify::CLASSIFIERS, Arc::new(SystemClock))?;
    let last = last_time(&store)?;
    println!("  opening the store and its first row: {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    println!("  {:<44} {:>10} {:>10} {:>8} {:<5} {:>5}", "", "median", "p99", "target", "", "asks");
    let mut asker = Asker { report, asks };
    let edges =
        [("", Timestamp((last.hour() + 1) * HOUR_MS)), (", odd edges", Timestamp(last.0 - 17 * 60_000 - 23_456))];
    for (suffix, end) in edges {
        windows(&mut asker, &store, suffix, end)?;
    }
    orders::groups(&mut asker, &store, edges[1].1)?;
    orders::orders(&mut asker, &store)?;
    pages(&mut asker, &store)?;
    counts(&mut asker, &store, edges[1].1)
}

/// The time of the newest row.
pub fn last_time(store: &ColumnarStore) -> anyhow::Result<Timestamp> {
    let newest = store.page(&PageQuery::newest(1), &Lens::PLAIN)?;
    Ok(newest.rows.first().context("the store is empty")?.time)
}

/// As many days, up to `end`.
pub fn days(count: i64, end: Timestamp) -> TimeRange {
    TimeRange { from: Timestamp(end.0 - count * DAY_MS), until: end }
}

fn windows(asker: &mut Asker<'_>, store: &ColumnarStore, suffix: &str, end: Timestamp) -> anyhow::Result<()> {
    asker.ask(&format!("hourly timeline 30 d{suffix}"), Some(2.0), WARM_UP, |_| {
        store.timeline(days(30, end), Resolution::Hour)
    })?;
    for (name, by, span, target_ms) in [
        ("top 50 domains 7 d", Dimension::Domain, 7, 15.0),
        ("top 50 domains 30 d", Dimension::Domain, 30, 40.0),
        ("top 50 clients 30 d", Dimension::Client, 30, 15.0),
    ] {
        let query = GroupQuery::of(by, days(span, end), 50);
        asker.ask(&format!("{name}{suffix}"), Some(target_ms), WARM_UP, |_| store.groups(&query, &Lens::PLAIN))?;
    }
    Ok(())
}

fn pages(asker: &mut Asker<'_>, store: &ColumnarStore) -> anyhow::Result<()> {
    let newest = PageQuery::newest(50);
    asker.ask("newest 50", Some(5.0), WARM_UP, |_| store.page(&newest, &Lens::PLAIN))?;
    let depth = 5_000_000.min(store.count(&EventFilter::default(), &Lens::PLAIN)? / 2);
    let deep = PageQuery { offset: depth, limit: 50, ..PageQuery::newest(50) };
    let place = store.page(&PageQuery { limit: 1, ..deep.clone() }, &Lens::PLAIN)?.next;
    let after = PageQuery { after: Some(place.context("no row that deep")?), ..PageQuery::newest(50) };
    asker.ask(&format!("cursor page of 50, {depth} deep"), Some(5.0), WARM_UP, |_| store.page(&after, &Lens::PLAIN))?;
    asker.ask(&format!("offset page of 50, {depth} deep"), None, WARM_UP, |_| store.page(&deep, &Lens::PLAIN))
}

fn counts(asker: &mut Asker<'_>, store: &ColumnarStore, odd_end: Timestamp) -> anyhow::Result<()> {
    let denied = || Terms { any: vec![Outcome::Denied], none: Vec::new() };
    let filter = EventFilter { outcome: denied(), ..EventFilter::default() };
    asker.ask("count by outcome", None, WARM_UP, |_| store.count(&filter, &Lens::PLAIN))?;
    let filter = EventFilter { range: Some(days(7, odd_end)), ..filter };
    asker.ask("count by outcome 7 d, odd edges", None, WARM_UP, |_| store.count(&filter, &Lens::PLAIN))?;
    // A count is remembered per filter: a client of its own each time makes it a first.
    let clients = GroupQuery::of(Dimension::Client, TimeRange::ALL, asker.asks);
    let filters: Vec<EventFilter> = store
        .groups(&clients, &Lens::PLAIN)?
        .entries
        .iter()
        .map(|client| EventFilter {
            client_ip: Terms { any: vec![ClientTerm::parse(&client.name)], none: Vec::new() },
            outcome: denied(),
            ..EventFilter::default()
        })
        .collect();
    let pick = |number: usize| &filters[number % filters.len()];
    asker.ask("count by client and outcome, first", None, 0, |number| store.count(pick(number), &Lens::PLAIN))?;
    asker.ask("count by client and outcome, again", None, WARM_UP, |_| store.count(pick(0), &Lens::PLAIN))
}

//! What is told of all requests together.

use super::groups::groups;
use super::{section, text};
use crate::model::Durations;
use crate::report::Shown;
use crate::report::contents::{Bucket, FileRead, Report, TimesOf};
use crate::report::figures::{minute, share_pct};
use crate::report::layout::{Block, Cell, Chart, Columns, Heat, Section, Table};

pub(super) fn read(report: &Report) -> Option<Section> {
    let (read, window, masking) = (&report.read, &report.window, &report.masking);
    let mut facts = Vec::new();
    if let Some(lines) = read.lines {
        facts.push(("Lines read", Cell::Count(lines)));
    }
    facts.push(("Stored as requests", Cell::Count(read.stored)));
    facts.push(("Rejected", Cell::Count(read.rejected.iter().map(|one| one.lines).sum())));
    if let Some(repeated) = read.repeated.filter(|repeated| *repeated > 0) {
        facts.push(("Given twice, counted once", Cell::Count(repeated)));
    }
    let time = |time: Option<_>| time.map_or(Cell::Nothing, Cell::Time);
    facts.extend([
        ("First request", time(window.first_row)),
        ("Last request", time(window.last_row)),
        ("Window from", Cell::Time(window.from)),
        ("Window until", Cell::Time(window.until)),
        ("Time zone", Cell::Word(window.timezone)),
        ("Clients appear", Cell::Word(masking.clients)),
        ("Users appear", Cell::Word(masking.users)),
        ("URLs appear", Cell::Word(masking.urls)),
    ]);
    let note = match (read.from, masking.masked) {
        ("database", false) => "From the database. Rejected lines are those of all time.",
        ("database", true) => "From the database, personal data masked. Rejected lines are those of all time.",
        (_, false) => "From files.",
        (_, true) => "From files, personal data masked.",
    };
    let rejected = Table {
        id: "rejected",
        title: "Rejected lines",
        columns: vec!["Reason", "Lines"],
        keys: 1,
        rows: read.rejected.iter().map(|one| vec![Cell::Word(one.reason), Cell::Count(one.lines)]).collect(),
        ..Table::default()
    };
    let file = |file: &FileRead| {
        vec![
            Cell::Text(file.path.clone()),
            text(&file.format),
            Cell::Count(file.lines),
            Cell::Count(file.stored),
            Cell::Count(file.rejected),
            text(&file.error),
        ]
    };
    let files = Table {
        id: "files",
        title: "Files",
        columns: vec!["File", "Format", "Lines", "Stored", "Rejected", "Cut short"],
        keys: 1,
        rows: read.files.iter().map(file).collect(),
        ..Table::default()
    };
    let sources = Table {
        id: "sources",
        title: "Sources",
        columns: vec!["Source", "Requests", "Sent"],
        keys: 1,
        rows: read
            .sources
            .iter()
            .map(|group| {
                vec![Cell::Text(group.name.clone()), Cell::Count(group.requests), Cell::Bytes(group.bytes_sent)]
            })
            .collect(),
        ..Table::default()
    };
    let tables = [rejected, files, sources].into_iter().filter(|table| !table.rows.is_empty());
    let blocks = [Block::Facts(facts)].into_iter().chain(tables.map(Block::Table)).collect();
    section("read", "What was read", note, blocks)
}

pub(super) fn totals(report: &Report) -> Option<Section> {
    let totals = &report.totals;
    let mut facts = vec![
        ("Requests", Cell::Count(totals.requests)),
        ("Blocked", Cell::Count(totals.blocked)),
        ("Blocked, share", Cell::Percent(totals.blocked_pct)),
    ];
    if let Some(flagged) = totals.flagged {
        facts.push(("Flagged by rules", Cell::Count(flagged)));
    }
    if let Some(cache) = &report.cache {
        facts.push(("Cache hits, share", Cell::Percent(cache.hit_pct)));
    }
    facts.push(("Sent to clients", Cell::Bytes(totals.bytes_sent)));
    if let Some(received) = totals.bytes_received {
        facts.push(("Received from clients", Cell::Bytes(received)));
    }
    facts.extend([
        ("Clients", Cell::Count(totals.clients)),
        ("Users", Cell::Count(totals.users)),
        ("Domains", Cell::Count(totals.domains)),
        ("Known services", Cell::Count(totals.services)),
        ("To bare addresses", Cell::Count(totals.ip_literals)),
    ]);
    let outcomes = [
        ("allowed", totals.allowed),
        ("denied by the proxy", totals.denied),
        ("forbidden by the origin (403)", totals.origin_forbidden),
        ("asked for credentials (407)", totals.auth_challenges),
        ("aborted by the client", totals.aborted),
        ("errors (no reply, or 500 and above)", totals.errors),
    ];
    let row = |(name, requests): (&'static str, u64)| {
        vec![Cell::Word(name), Cell::Count(requests), Cell::Percent(share_pct(requests, totals.requests))]
    };
    let outcomes = Table {
        id: "outcomes",
        title: "What became of requests",
        columns: vec!["Outcome", "Requests", "Share"],
        keys: 1,
        rows: outcomes.into_iter().map(row).collect(),
        bars: Some(1),
        ..Table::default()
    };
    section("totals", "Totals", "", vec![Block::Facts(facts), Block::Table(outcomes)])
}

pub(super) fn traffic(report: &Report) -> Option<Section> {
    let buckets = &report.traffic.buckets;
    let is_day = report.traffic.bucket_seconds >= 86_400;
    let label = |time| {
        let label = minute(time);
        if is_day { label.chars().take(10).collect() } else { label }
    };
    let rest = |bucket: &Bucket| bucket.requests.saturating_sub(bucket.blocked).saturating_sub(bucket.errors);
    let requests = buckets.iter().map(|one| (label(one.time), vec![rest(one), one.errors, one.blocked])).collect();
    let sizes = buckets.iter().map(|one| (label(one.time), vec![one.bytes_sent])).collect();
    let table = Table {
        id: "buckets",
        title: "By time, empty spans left out",
        columns: vec!["From", "Requests", "Blocked", "Errors", "Sent"],
        keys: 1,
        rows: buckets
            .iter()
            .filter(|one| one.requests > 0)
            .map(|one| {
                vec![
                    Cell::Time(one.time),
                    Cell::Count(one.requests),
                    Cell::Count(one.blocked),
                    Cell::Count(one.errors),
                    Cell::Bytes(one.bytes_sent),
                ]
            })
            .collect(),
        behind_chart: true,
        ..Table::default()
    };
    let width = match report.traffic.bucket_seconds {
        300 => "five minutes".to_owned(),
        3600 => "one hour".to_owned(),
        86_400 => "one day".to_owned(),
        seconds if seconds % 86_400 == 0 => format!("{} days", seconds / 86_400),
        seconds => format!("{} hours", seconds / 3600),
    };
    let parts = vec!["others", "errors", "blocked"];
    let charts = [
        Columns { title: "Requests", parts, columns: requests, is_bytes: false },
        Columns { title: "Bytes sent to clients", parts: vec!["sent"], columns: sizes, is_bytes: true },
    ];
    let charts = charts.into_iter().map(|columns| Block::Chart(Chart::Columns(columns)));
    let note = format!("Each column is {width}, in UTC.");
    section("traffic", "Traffic over time", note, charts.chain([Block::Table(table)]).collect())
}

pub(super) fn week(report: &Report) -> Option<Section> {
    let week = &report.week;
    let rows = week.weekdays.iter().zip(&week.requests).flat_map(|(day, hours)| {
        hours.iter().enumerate().map(|(hour, requests)| {
            vec![Cell::Word(day), Cell::Text(Shown::of(&format!("{hour:02}:00"))), Cell::Count(*requests)]
        })
    });
    let table = Table {
        id: "hours",
        title: "By weekday and hour",
        columns: vec!["Weekday", "Hour", "Requests"],
        keys: 2,
        rows: rows.filter(|row| row[2].size() > 0).collect(),
        behind_chart: true,
        ..Table::default()
    };
    let heat = Heat { title: "Requests by weekday and hour", weekdays: week.weekdays, requests: week.requests };
    let blocks = vec![Block::Chart(Chart::Heat(Box::new(heat))), Block::Table(table)];
    section("week", "Hours and weekdays", "Hours are in UTC.", blocks)
}

pub(super) fn cache(report: &Report) -> Option<Section> {
    let cache = report.cache.as_ref()?;
    let facts = vec![
        ("Hits by requests", Cell::Percent(cache.hit_pct)),
        ("Hits by bytes", Cell::Percent(cache.byte_hit_pct)),
        ("Bytes saved", Cell::Bytes(cache.bytes_saved)),
        ("Hits", Cell::Count(cache.hits)),
        ("Requests that count", Cell::Count(cache.requests)),
    ];
    let columns = cache.hours.iter();
    let columns = columns.map(|one| (format!("{:02}", one.hour), vec![one.requests - one.hits, one.hits])).collect();
    let chart = Columns {
        title: "Hits and misses by hour of the day",
        parts: vec!["misses", "hits"],
        columns,
        is_bytes: false,
    };
    let hours = Table {
        id: "hours",
        title: "By hour of the day",
        columns: vec!["Hour", "Requests", "Hits", "Hits, share", "Sent", "Saved"],
        keys: 1,
        rows: cache
            .hours
            .iter()
            .map(|one| {
                vec![
                    Cell::Text(Shown::of(&format!("{:02}:00", one.hour))),
                    Cell::Count(one.requests),
                    Cell::Count(one.hits),
                    Cell::Percent(share_pct(one.hits, one.requests)),
                    Cell::Bytes(one.bytes_sent),
                    Cell::Bytes(one.bytes_saved),
                ]
            })
            .collect(),
        behind_chart: true,
        ..Table::default()
    };
    let results = Table {
        id: "results",
        title: "Result codes",
        columns: vec!["Result code", "Hit", "Requests", "Sent"],
        keys: 1,
        rows: cache
            .results
            .iter()
            .map(|one| {
                vec![
                    Cell::Text(one.name.clone()),
                    Cell::Word(if one.is_hit { "yes" } else { "no" }),
                    Cell::Count(one.requests),
                    Cell::Bytes(one.bytes_sent),
                ]
            })
            .collect(),
        bars: Some(2),
        ..Table::default()
    };
    let mut blocks = vec![Block::Facts(facts)];
    if cache.hits > 0 {
        blocks.extend([Block::Chart(Chart::Columns(chart)), Block::Table(hours)]);
    }
    blocks.push(Block::Table(results));
    let note = "Of requests that a cache can answer: no tunnels (CONNECT), and nothing that the proxy refused.";
    section("cache", "Cache", note, blocks)
}

pub(super) fn durations(report: &Report) -> Option<Section> {
    let times = report.durations.as_ref()?;
    let row = |name: Cell, found: &Durations| {
        let spans = [found.p50_ms, found.p90_ms, found.p95_ms, found.p99_ms, found.max_ms];
        [name, Cell::Count(found.requests)].into_iter().chain(spans.map(Cell::Millis)).collect()
    };
    let table = |id, title, of, rows: Vec<Vec<Cell>>| {
        let columns = vec![of, "Requests", "p50", "p90", "p95", "p99", "Longest"];
        Table { id, title, columns, keys: 1, rows, ..Table::default() }
    };
    let whole = [("requests", &times.requests), ("tunnels (CONNECT)", &times.tunnels)];
    let whole = whole.iter().filter_map(|(name, found)| Some(row(Cell::Word(name), found.as_ref()?))).collect();
    let of = |all: &[TimesOf]| all.iter().map(|one| row(Cell::Text(one.name.clone()), &one.durations)).collect();
    let tables = [
        table("whole", "Over all", "What", whole),
        table("domains", "Domains with most requests", "Domain", of(&times.domains)),
        table("results", "Result codes", "Result code", of(&times.results)),
    ];
    let blocks = tables.into_iter().filter(|table| !table.rows.is_empty()).map(Block::Table).collect();
    let note = "p95: 95 of 100 took no longer. A tunnel's time is how long it stood; it says nothing of speed.";
    section("durations", "Response times", note, blocks)
}

pub(super) fn status(report: &Report) -> Option<Section> {
    let tables = [
        groups("status", "Status codes", "Status", &report.status, ""),
        groups("methods", "Methods", "Method", &report.methods, ""),
    ];
    let blocks: Vec<Block> = tables.into_iter().filter(|table| !table.rows.is_empty()).map(Block::Table).collect();
    if blocks.is_empty() {
        return None;
    }
    section("status", "Status codes and methods", "000: no reply was sent.", blocks)
}

//! What is worth a look: what was refused, flagged and found, and what the log can't show.

use super::{section, text};
use crate::report::Shown;
use crate::report::contents::{BlindSpot, Example, Finding, Group, Reason, Report, Rule, RuleHits, Top};
use crate::report::layout::{Block, Cell, Section, Table};

pub(super) fn denied(report: &Report) -> Option<Section> {
    let denied = &report.denied;
    let table = |id, title, of, top: &Top<Group>| {
        let row = |group: &Group| {
            vec![Cell::Text(group.name.clone()), Cell::Count(group.blocked), Cell::Count(group.requests)]
        };
        let rows = top.rows.iter().map(row).collect();
        let columns = vec![of, "Blocked", "Of requests"];
        Table { id, title, columns, keys: 1, rows, total: top.total, bars: Some(1), behind_chart: false }
    };
    let tables = [
        table("destinations", "Destinations", "Destination", &denied.destinations),
        table("clients", "Clients", "Client", &denied.clients),
        table("users", "Users", "User", &denied.users),
    ];
    let blocks: Vec<Block> = tables.into_iter().filter(|table| !table.rows.is_empty()).map(Block::Table).collect();
    if blocks.is_empty() {
        return None;
    }
    section("denied", "Blocked", "Denied by the proxy or forbidden by the origin.", blocks)
}

fn rule(rule: &Rule) -> [Cell; 4] {
    [
        Cell::Text(Shown::of(&rule.id.to_string())),
        text(&rule.message),
        text(&rule.category),
        rule.severity.map_or(Cell::Nothing, Cell::Word),
    ]
}

/// A reason in a line: rule, points, and what matched where.
fn reason(reason: &Reason) -> Shown {
    let mut line = format!("{} (+{})", reason.rule.id, reason.points);
    if let Some(message) = &reason.rule.message {
        line.push_str(&format!(" {message}"));
    }
    if let Some(location) = &reason.location {
        line.push_str(&format!(": {location}"));
    }
    if let Some(fragment) = &reason.fragment {
        line.push_str(&format!(" = “{fragment}”"));
    }
    Shown::of(&line)
}

pub(super) fn flagged(report: &Report) -> Option<Section> {
    let flagged = report.flagged.as_ref()?;
    let hits = |hits: &RuleHits| {
        let counts = [Cell::Count(hits.flagged), Cell::Count(hits.requests)];
        let techniques = hits.rule.techniques.iter().map(Shown::as_str).collect::<Vec<_>>().join(" ");
        rule(&hits.rule).into_iter().chain([Cell::Text(Shown::of(&techniques))]).chain(counts).collect()
    };
    let rules = Table {
        id: "rules",
        title: "Rules",
        columns: vec!["Rule", "Message", "Category", "Severity", "ATT&CK", "Flagged", "Matched"],
        keys: 1,
        rows: flagged.rules.rows.iter().map(hits).collect(),
        total: flagged.rules.total,
        bars: Some(5),
        ..Table::default()
    };
    let categories = Table {
        id: "categories",
        title: "Categories of rules",
        columns: vec!["Category", "Matched"],
        keys: 1,
        rows: flagged
            .categories
            .iter()
            .map(|one| vec![Cell::Text(one.name.clone()), Cell::Count(one.requests)])
            .collect(),
        bars: Some(1),
        ..Table::default()
    };
    let example = |example: &Example| {
        let method = example.method.as_ref().map_or("-", Shown::as_str);
        let who = [&example.client, &example.user].into_iter().flatten().cloned().collect();
        let what = Shown::of(&format!("{method} {} → {:03}", example.url, example.status));
        vec![
            Cell::Time(example.time),
            Cell::Lines(who),
            Cell::Text(what),
            Cell::Count(example.score.into()),
            Cell::Lines(example.reasons.iter().map(reason).collect()),
        ]
    };
    let examples = Table {
        id: "examples",
        title: "Examples, with the reasons",
        columns: vec!["Time", "Who", "Request", "Score", "Why"],
        rows: flagged.examples.iter().map(example).collect(),
        ..Table::default()
    };
    let facts = vec![
        ("Scored", Cell::Count(flagged.scored)),
        ("Flagged", Cell::Count(flagged.flagged)),
        ("Flagged from score", Cell::Count(flagged.threshold.into())),
    ];
    let tables = [rules, examples, categories].into_iter().filter(|table| !table.rows.is_empty());
    let blocks = [Block::Facts(facts)].into_iter().chain(tables.map(Block::Table)).collect();
    section(
        "flagged",
        "Flagged by rules",
        "Each example names its rules and what they matched, after decoding.",
        blocks,
    )
}

pub(super) fn findings(report: &Report) -> Option<Section> {
    let row = |finding: &Finding| {
        vec![
            Cell::Word(finding.severity),
            Cell::Text(finding.title.clone()),
            // Names client and place.
            Cell::Text(finding.summary.clone()),
            Cell::Time(finding.last_seen),
            Cell::Count(finding.requests),
            text(&finding.technique),
        ]
    };
    let columns = vec!["Severity", "Finding", "Why", "Last", "Requests", "ATT&CK"];
    let rows = report.findings.rows.iter().map(row).collect();
    let table = Table { id: "findings", columns, rows, total: report.findings.total, ..Table::default() };
    let (note, blocks) = match (report.findings.rows.is_empty(), report.read.from) {
        (true, "database") => ("Nothing that was found is open; the job findings looks for more.", Vec::new()),
        (true, _) => ("Nothing behaves suspiciously.", Vec::new()),
        (false, _) => ("What behaves suspiciously over many requests.", vec![Block::Table(table)]),
    };
    section("findings", "Findings", note, blocks)
}

pub(super) fn blind_spots(report: &Report) -> Option<Section> {
    let spots = report.blind_spots.as_ref()?;
    let row = |spot: &BlindSpot| {
        let note = if spot.note.is_empty() { Cell::Nothing } else { Cell::Word(spot.note) };
        vec![
            Cell::Word(spot.id),
            Cell::Word(spot.severity),
            Cell::Text(spot.what.clone()),
            Cell::Lines(spot.loses.iter().map(|lost| Shown::of(lost)).collect()),
            Cell::Code(spot.fix.clone()),
            note,
        ]
    };
    let columns = vec!["Blind spot", "Hides", "What is missing", "What is lost by it", "squid.conf", "Note"];
    let table =
        Table { id: "blind-spots", columns, keys: 1, rows: spots.iter().map(row).collect(), ..Table::default() };
    let (note, blocks) = match spots.is_empty() {
        true => ("No blind spots found: this log shows everything that Tidegate looks for.", Vec::new()),
        false => ("What this log can't show, and the lines of squid.conf that mend it.", vec![Block::Table(table)]),
    };
    section("blind-spots", "Blind spots", note, blocks)
}

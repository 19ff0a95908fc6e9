//! The score as SARIF 2.1.0: a rule for each check, a result for each that lost points, with file and line where
//! squid.conf shows it, so that a forge shows it beside the line. Form: OASIS' `sarif-schema-2.1.0.json`.

use super::Scored;
use crate::posture::{CHECKS, Check, Judged, Source, Status};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::path::Path;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What stands in a path of a URI as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// From so many points on a failure is an error.
const GRAVE_POINTS: u32 = 5;

pub(super) fn log(scored: &Scored) -> Value {
    let report = &scored.report;
    let results: Vec<Value> = report
        .checks
        .iter()
        .enumerate()
        .filter(|(_, judged)| judged.lost() > 0)
        .map(|(index, judged)| result(index, judged, scored.squid_conf.as_deref()))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tidegate",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": CHECKS.iter().map(rule).collect::<Vec<_>>(),
            }},
            "results": results,
            "properties": { "score": report.score, "grade": report.grade().name() },
        }],
    })
}

fn rule(check: &Check) -> Value {
    let level = if check.max_points >= GRAVE_POINTS { "error" } else { "warning" };
    json!({
        "id": check.id,
        "shortDescription": { "text": check.title },
        "fullDescription": { "text": format!("Looks at {}.", check.looks_at) },
        "help": { "text": check.recommendation },
        "defaultConfiguration": { "level": level },
        "properties": { "tags": ["security", check.source.name()], "maxPoints": check.max_points },
    })
}

fn result(index: usize, judged: &Judged, squid_conf: Option<&Path>) -> Value {
    let check = judged.check;
    let level = match judged.status {
        Status::Partial => "note",
        Status::Contradicted => "error",
        _ if check.max_points >= GRAVE_POINTS => "error",
        _ => "warning",
    };
    let seen: Vec<&str> = judged.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
    let advice = judged.recommendation.as_deref().unwrap_or_default();
    let text = format!("{}: no. {} {advice}", check.title, seen.join(" "));
    let text = if judged.status == Status::Partial { text.replacen(": no.", ": in part.", 1) } else { text };
    json!({
        "ruleId": check.id,
        "ruleIndex": index,
        "kind": "fail",
        "level": level,
        "message": { "text": text },
        "locations": locations(judged, squid_conf),
        "partialFingerprints": { "check/v1": check.id },
        "properties": { "points": judged.points, "maxPoints": check.max_points, "status": judged.status.name() },
    })
}

/// The lines that show it; of squid.conf its first line where none does, since what is missing has no line; else the
/// setting's name.
fn locations(judged: &Judged, squid_conf: Option<&Path>) -> Vec<Value> {
    let physical = |file: &str, line: usize| json!({ "physicalLocation": { "artifactLocation": { "uri": uri(file) }, "region": { "startLine": line } } });
    let places = judged.evidence.iter().filter_map(|evidence| evidence.place.as_ref());
    let found: Vec<Value> = places.map(|place| physical(&place.file, place.line)).collect();
    if !found.is_empty() {
        return found;
    }
    match (judged.check.source, squid_conf) {
        (Source::SquidConf, Some(path)) => vec![physical(&path.display().to_string(), 1)],
        _ => {
            let names = judged.evidence.iter().filter_map(|evidence| evidence.setting.as_ref());
            names.map(|(name, _)| json!({ "logicalLocations": [{ "fullyQualifiedName": name }] })).collect()
        }
    }
}

/// A path as a URI: a relative one stays so, for whoever has the checkout.
fn uri(file: &str) -> String {
    let file = file.strip_prefix("./").unwrap_or(file);
    let path = utf8_percent_encode(file, PATH);
    if file.starts_with('/') { format!("file://{path}") } else { path.to_string() }
}

//! A finding in the words of the API.

use crate::api::rows::LogRow;
use crate::behaviour::{DETECTORS, Told, detector, tell};
use crate::model::{Finding, FindingStatus, Lens, People, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Something that a client did over time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingRow {
    /// Its number; rises, never reused.
    pub id: u64,
    /// The name of what detected it: `beacon`.
    #[schema(example = "beacon")]
    pub detector: String,
    /// What findings of the detector are headed.
    #[schema(example = "Beaconing")]
    pub title: &'static str,
    /// How bad it is.
    #[schema(example = "Warning")]
    pub severity: &'static str,
    /// `open` or `dismissed`.
    #[schema(example = "open")]
    pub status: &'static str,
    /// The client that did it.
    pub client_ip: Option<String>,
    /// Where: `host:port`, a domain or the name of a service; null where it is no one place.
    pub destination: Option<String>,
    /// The first of its requests.
    pub first_seen: String,
    /// The last of its requests.
    pub last_seen: String,
    /// When it was found first.
    pub found_at: String,
    /// Why it is one, in one sentence.
    pub summary: String,
    /// Requests that it rests on.
    pub requests: u64,
    /// What was measured, by name: `period_seconds`, `jitter_pct`, `megabytes`.
    pub measures: BTreeMap<String, f64>,
    /// The MITRE ATT&CK technique that it hints at.
    #[schema(example = "T1071.001")]
    pub technique: Option<&'static str>,
    /// The question that lists its requests.
    pub logs: String,
}

/// A finding with the rows that show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingDetail {
    /// The finding.
    #[serde(flatten)]
    pub row: FindingRow,
    /// Its first requests and its last, at most twenty; fewer where retention or an erasure took some, none for those who
    /// may not read the log.
    pub evidence: Vec<LogRow>,
    /// What to do about it.
    pub recommendation: &'static str,
    /// What somebody said of it.
    pub note: Option<String>,
}

impl FindingRow {
    /// A finding as a lens shows it.
    pub fn of(finding: &Finding, (lens, people): (&Lens, &People)) -> FindingRow {
        let Told { title, summary, technique, client, destination, .. } = tell(finding, lens, people);
        FindingRow {
            id: finding.id,
            detector: finding.detector.clone(),
            title,
            severity: finding.severity.name(),
            status: finding.status.name(),
            logs: logs(finding, client.as_deref(), destination.as_deref()),
            client_ip: client,
            destination,
            first_seen: finding.first.to_rfc3339(),
            last_seen: finding.last.to_rfc3339(),
            found_at: finding.found.to_rfc3339(),
            summary,
            requests: finding.requests,
            measures: finding.measures.iter().cloned().collect(),
            technique: (!technique.is_empty()).then_some(technique),
        }
    }
}

/// The question that lists the rows: client, place, time, and what the detector looks at.
fn logs(finding: &Finding, client: Option<&str>, destination: Option<&str>) -> String {
    let place = String::from("/api/logs?");
    let start = place.len();
    let mut query = form_urlencoded::Serializer::for_suffix(place, start);
    if let Some(client) = client {
        query.append_pair("client_ip", client);
    }
    match (&*finding.detector, destination) {
        // A service has domains of its own, which the rows below name.
        ("new_service", _) | (_, None) => {}
        ("tunnel" | "new_domain", Some(domain)) => {
            query.append_pair("domain", domain);
        }
        (_, Some(destination)) => {
            query.append_pair("destination", destination);
            // A part of `host:port` is asked for: `t.co:443` is one of `pinterest.co:443`, which is not of its domain.
            let host = destination.rsplit_once(':').map_or(destination, |(host, _)| host);
            let is_name = |host: &str| host.bytes().all(|sign| sign.is_ascii_alphanumeric() || b".-_".contains(&sign));
            if is_name(host) && !host.trim_matches('.').is_empty() {
                query.append_pair("domain", host);
            }
        }
    }
    if let Some((name, value)) = detector(&finding.detector).and_then(|detector| detector.filter.split_once('=')) {
        query.append_pair(name, value);
    }
    query.append_pair("from", &finding.first.to_rfc3339());
    query.append_pair("to", &Timestamp(finding.last.0.saturating_add(1)).to_rfc3339());
    query.finish()
}

/// Findings nobody has looked into yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingsCount {
    /// How many.
    pub open: u64,
    /// How many by detector; those without any are left out.
    pub by_detector: Vec<DetectorCount>,
}

/// Open findings of a detector.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DetectorCount {
    /// Its name.
    pub detector: &'static str,
    /// What its findings are headed.
    pub title: &'static str,
    /// How many.
    pub count: u64,
}

/// Counts what is open.
pub fn counts(findings: &[Finding]) -> FindingsCount {
    let open = || findings.iter().filter(|finding| finding.status == FindingStatus::Open);
    let count = |name: &str| open().filter(|finding| finding.detector == name).count() as u64;
    let by_detector = DETECTORS.iter().map(|detector| DetectorCount {
        detector: detector.name,
        title: detector.title,
        count: count(detector.name),
    });
    FindingsCount { open: open().count() as u64, by_detector: by_detector.filter(|of| of.count > 0).collect() }
}

//! A row of the log in the words of the API.

use crate::classify::{Destination, destination};
use crate::control::lists::{Aliases, HostSet};
use crate::control::settings::{
    CLIENT_ALIASES, COUNT_AUTH_CHALLENGES_AS_BLOCKED, IGNORED_HOSTS, INTERNAL_NETWORKS, Settings,
};
use crate::format::render;
use crate::model::{EventView, Lens, Outcome, OutcomeSet, Severity, Tag};
use axum::http::StatusCode;
use ipnet::IpNet;
use serde::Serialize;
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use utoipa::ToSchema;

/// A row of the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogRow {
    /// The row's number; rises, never reused.
    pub id: u64,
    /// When the request was completed, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub timestamp: String,
    /// Client address.
    pub client_ip: Option<String>,
    /// What the setting `client_aliases` calls the client; null for those who may not see its address.
    pub client_name: Option<String>,
    /// User name.
    pub user: Option<String>,
    /// Request method.
    pub method: Option<String>,
    /// `host:port`, `-` where the line names no target.
    pub destination: String,
    /// The whole request target.
    pub url: String,
    /// Code and result code: `200 TCP_TUNNEL`.
    pub status: String,
    /// Status code, 0 where no reply was sent.
    pub status_code: u16,
    /// The log's result code.
    pub result: Option<String>,
    /// What became of the request.
    #[schema(example = "denied")]
    pub outcome: &'static str,
    /// Bytes sent to the client.
    pub bytes: u64,
    /// How long it took, in milliseconds.
    pub elapsed_ms: i64,
    /// MIME type of the reply.
    pub mime: Option<String>,
    /// Squid's hierarchy code.
    pub hierarchy: Option<String>,
    /// User-Agent header, where the log has it.
    pub user_agent: Option<String>,
    /// Referer header, where the log has it.
    pub referer: Option<String>,
    /// The name of the source.
    pub source: String,
    /// The machine whose log the line came from.
    pub host: String,
    /// How bad it is.
    #[schema(example = "Warning")]
    pub severity: &'static str,
    /// `METHOD URL STATUS`.
    pub message: String,
    /// What is to be noted: `blocked`, `ip_literal`, `private_destination`, `ignored` (by the
    /// setting `ignored_hosts`; such rows are stored and counted like others).
    pub tags: Vec<&'static str>,
    /// What the rules say.
    pub waf: WafVerdict,
}

/// What the rules say of a row; all null where it was not scored.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct WafVerdict {
    /// Sum of points.
    pub score: Option<u32>,
    /// The worst severity of a match.
    pub severity: Option<String>,
    /// Categories of the matches.
    pub categories: Vec<String>,
}

/// A row with everything that is known of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogDetail {
    /// The row.
    #[serde(flatten)]
    pub row: LogRow,
    /// The line itself.
    pub raw: Option<String>,
    /// Every rule that matched.
    pub matched_rules: Vec<MatchedRule>,
    /// What the line was taken for, and why.
    pub classification: Vec<Classification>,
}

/// A rule that matched a line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MatchedRule {
    /// The rule's number.
    pub id: u32,
    /// What it means.
    pub message: String,
    /// Where it matched.
    #[serde(rename = "where")]
    pub location: String,
    /// What it matched.
    pub fragment: String,
    /// What it adds to the score.
    pub points: u32,
}

/// One thing the line was taken for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Classification {
    /// What was looked at.
    pub name: &'static str,
    /// What it was found to be.
    pub value: String,
    /// Why.
    pub why: String,
}

/// What settings say of rows.
#[derive(Clone, Debug)]
pub struct RowSettings {
    /// Changes with every setting.
    pub(super) version: u64,
    pub(super) challenges_block: bool,
    internal: Arc<[IpNet]>,
    ignored: Arc<HostSet>,
    /// None where addresses are not shown: a name would say as much.
    aliases: Option<Arc<Aliases>>,
}

impl RowSettings {
    /// For rows seen through `lens`.
    pub fn of(settings: &Settings, lens: &Lens) -> RowSettings {
        RowSettings {
            version: settings.version(),
            challenges_block: settings.get(COUNT_AUTH_CHALLENGES_AS_BLOCKED),
            internal: settings.get(INTERNAL_NETWORKS),
            ignored: settings.get(IGNORED_HOSTS),
            aliases: lens.client_is_plain().then(|| settings.get(CLIENT_ALIASES)),
        }
    }

    fn client_name(&self, view: &EventView) -> Option<String> {
        let address: IpAddr = view.client_ip.as_ref()?.parse().ok()?;
        self.aliases.as_ref()?.name_of(address).map(str::to_owned)
    }

    /// Why a destination has a tag that destinations have, where it does.
    pub(super) fn why(&self, tag: Tag, target: &Destination) -> Option<String> {
        match tag {
            Tag::IpLiteral => target.address().map(|address| format!("the host is the address {address}, not a name")),
            Tag::PrivateDestination => self.private(target),
            Tag::Ignored => {
                self.ignored(target).map(|entry| format!("the host is or lies below {entry}, one of ignored_hosts"))
            }
            _ => None,
        }
    }

    /// Why a destination counts as private, where it does.
    fn private(&self, target: &Destination) -> Option<String> {
        let address = target.address()?.to_canonical();
        if target.is_private() {
            return Some("the address is not reachable on the public Internet".to_owned());
        }
        let network = self.internal.iter().find(|network| network.contains(&address))?;
        Some(format!("the address lies in {network}, one of internal_networks"))
    }

    /// The entry of the ignored hosts that covers a destination.
    fn ignored(&self, target: &Destination) -> Option<&str> {
        let host = match target.address() {
            Some(address) => Cow::Owned(address.to_canonical().to_string()),
            None => Cow::Borrowed(target.host()),
        };
        self.ignored.covering(&host)
    }
}

impl LogRow {
    /// The row of a view.
    pub fn of(view: EventView, settings: &RowSettings) -> LogRow {
        let status = status_text(view.status_code, &view.result);
        let target = destination(view.origin.as_bytes());
        let blocked = OutcomeSet::blocked(settings.challenges_block).has(view.outcome);
        let noted = |tag: &Tag| match tag {
            Tag::Blocked => blocked,
            tag => target.as_ref().is_some_and(|target| settings.why(*tag, target).is_some()),
        };
        let tags = Tag::ALL.into_iter().filter(noted).map(Tag::name).collect();
        let target = target.map_or_else(|| "-".to_owned(), |target| target.to_string());
        LogRow {
            id: view.id,
            timestamp: view.time.to_sql(),
            message: format!("{} {} {status}", view.method.as_deref().unwrap_or("-"), view.url),
            client_name: settings.client_name(&view),
            client_ip: view.client_ip,
            user: view.user,
            method: view.method,
            destination: target,
            url: view.url,
            status,
            status_code: view.status_code,
            result: Some(view.result).filter(|result| !result.is_empty()),
            outcome: view.outcome.name(),
            bytes: view.bytes,
            elapsed_ms: view.time_taken_ms,
            mime: view.mime,
            hierarchy: view.hierarchy,
            user_agent: view.user_agent,
            referer: view.referer,
            source: view.source.name,
            host: view.source.host,
            severity: Severity::of(view.outcome).name(),
            tags,
            waf: WafVerdict::default(),
        }
    }
}

impl LogDetail {
    /// Everything known of a view.
    pub fn of(view: EventView, settings: &RowSettings) -> LogDetail {
        let raw = render(&view);
        let classification = classify(&view, settings);
        LogDetail { row: LogRow::of(view, settings), raw, matched_rules: Vec::new(), classification }
    }
}

/// `200 TCP_TUNNEL`, or the standard phrase where the log has no result code.
fn status_text(code: u16, result: &str) -> String {
    let phrase = match result {
        "" => StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason()).unwrap_or_default(),
        result => result,
    };
    format!("{code:03} {phrase}").trim_end().to_owned()
}

fn classify(view: &EventView, settings: &RowSettings) -> Vec<Classification> {
    let why = match view.outcome {
        Outcome::AuthChallenge => "status 407: the proxy asked for credentials".to_owned(),
        Outcome::Denied => format!("result code {}: the proxy refused", view.result),
        Outcome::OriginForbidden => "status 403 without a refusal by the proxy: the origin's answer".to_owned(),
        Outcome::Aborted => format!("result code {}: the client went away first", view.result),
        Outcome::Error if view.status_code == 0 => "no reply was sent".to_owned(),
        Outcome::Error => format!("status {}: 500 or above", view.status_code),
        Outcome::Allowed => "a reply was sent, and no rule for another outcome applies".to_owned(),
    };
    let mut found = vec![Classification { name: "outcome", value: view.outcome.name().to_owned(), why }];
    let Some(target) = destination(view.origin.as_bytes()) else {
        let why = "the request target names no host".to_owned();
        found.push(Classification { name: "destination", value: "-".to_owned(), why });
        return found;
    };
    let why = format!("host and port of {}", view.origin);
    found.push(Classification { name: "destination", value: target.to_string(), why });
    if !target.is_ip_literal() {
        let why = "registrable domain by the public suffix list".to_owned();
        found.push(Classification { name: "domain", value: target.domain(), why });
    }
    for tag in Tag::ALL {
        if let Some(why) = settings.why(tag, &target) {
            found.push(Classification { name: tag.name(), value: "true".to_owned(), why });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_text() {
        for (code, result, want) in [
            (200, "TCP_TUNNEL", "200 TCP_TUNNEL"),
            (0, "NONE_NONE", "000 NONE_NONE"),
            (404, "", "404 Not Found"),
            (0, "", "000"),
            (299, "", "299"),
        ] {
            assert_eq!(status_text(code, result), want);
        }
    }
}

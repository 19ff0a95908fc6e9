//! A row of the log in the words of the API.

mod classification;
mod settings;

pub use classification::Classification;
pub use settings::RowSettings;

use super::explained::{MatchedRule, of_row};
use super::tags;
use crate::classify::{CLASSIFIERS, destination};
use crate::format::render;
use crate::model::{EventView, Tag, Verdict};
use crate::scoring::Scorer;
use axum::http::StatusCode;
use classification::classify;
use serde::Serialize;
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
    /// setting `ignored_hosts`; such rows are stored and counted like others), `shadow_it`,
    /// `unusual_port`, `dga`, `look_alike`, `double_extension`, `mime_mismatch`, `high_entropy`, `flagged`.
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

impl WafVerdict {
    fn of(verdict: Option<&Verdict>) -> WafVerdict {
        let Some(verdict) = verdict else { return WafVerdict::default() };
        WafVerdict {
            score: Some(verdict.score),
            severity: verdict.severity.map(|severity| severity.name().to_owned()),
            categories: verdict.categories.clone(),
        }
    }
}

/// A row with everything that is known of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogDetail {
    /// The row.
    #[serde(flatten)]
    pub row: LogRow,
    /// The line itself.
    pub raw: Option<String>,
    /// Every rule that matched when the row was scored.
    pub matched_rules: Vec<MatchedRule>,
    /// Whether today's rules would say something else; null where the row was not scored, or not everything is shown.
    pub rules_changed: Option<bool>,
    /// What the line was taken for, and why.
    pub classification: Vec<Classification>,
}

impl LogRow {
    /// The row of a view.
    pub fn of(view: EventView, settings: &RowSettings) -> LogRow {
        let status = status_text(view.status_code, &view.result);
        let target = destination(view.origin.as_bytes());
        let path = view.path_traits(&CLASSIFIERS);
        let has = |tag: &Tag| tags::has(*tag, settings, &view, target.as_ref(), &path);
        let tags = Tag::ALL.into_iter().filter(has).map(Tag::name).collect();
        let target = target.map_or_else(|| "-".to_owned(), |target| target.to_string());
        LogRow {
            id: view.id,
            timestamp: view.time.to_sql(),
            message: format!("{} {} {status}", view.method.as_deref().unwrap_or("-"), view.url),
            client_name: view.client_ip.as_deref().and_then(|client| settings.client_name(client)),
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
            severity: view.severity.name(),
            tags,
            waf: WafVerdict::of(view.verdict.as_ref()),
        }
    }
}

impl LogDetail {
    /// Everything known of a view.
    pub fn of(view: EventView, settings: &RowSettings, scorer: &Scorer) -> LogDetail {
        let raw = render(&view);
        let classification = classify(&view, settings);
        let (matched_rules, is_same) = of_row(scorer, &view);
        let rules_changed = (view.verdict.is_some() && view.is_whole).then_some(!is_same);
        LogDetail { row: LogRow::of(view, settings), raw, matched_rules, rules_changed, classification }
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

//! `POST /api/rejects/reimport`: rejected lines are read again, now that a format reads them.

use super::rejects::reason_of;
use crate::api::audited::audited;
use crate::api::body::add_fields;
use crate::api::envelope::Changed;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Admin, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, Param};
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::format::{FORMATS, FormatChoice, LocalTime};
use crate::pipeline::{Reimport, ReimportError, ReimportSummary};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const FIELDS: Known = &[&[
    Param::one("source", Kind::Text, "The name of the source, without regard to case"),
    Param::one("reason", Kind::Text, "Only lines rejected for this reason"),
    Param::one("format", Kind::Text, "The format the lines are in, or `auto`"),
]];

/// Names rejected lines, and the format they are in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReimportBody {
    /// The name of their source, without regard to case.
    #[schema(example = "access.log")]
    pub source: String,
    /// Only those rejected for this reason.
    #[schema(example = "bad_time")]
    pub reason: Option<String>,
    /// The format they are in; `auto` for the one that explains most of them. Without it each line is read in its own
    /// source's format, as this version reads it.
    #[schema(example = "squid")]
    pub format: Option<String>,
}

/// What became of the lines: `tried` = `stored` + `directives` + all of `still_rejected` + `not_whole`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reimported {
    /// The format they were read in; null where it was that of each line's source.
    pub format: Option<String>,
    /// Rejected lines looked at: those asked for that are kept.
    pub tried: u64,
    /// Lines stored as rows, which are rejects no more.
    pub stored: u64,
    /// Lines that say how those behind them are read, and are rejects no more.
    pub directives: u64,
    /// Lines that stay, by what was wrong with them this time.
    pub still_rejected: BTreeMap<String, u64>,
    /// Lines that stay because only their head or shape is kept.
    pub not_whole: u64,
}

impl From<ReimportSummary> for Reimported {
    fn from(summary: ReimportSummary) -> Reimported {
        let ReimportSummary { format, tried, stored, directives, still_rejected, not_whole } = summary;
        Reimported { format, tried, stored, directives, still_rejected, not_whole }
    }
}

impl From<ReimportError> for ApiError {
    fn from(error: ReimportError) -> ApiError {
        match error {
            ReimportError::Undetected => ApiError::invalid("format", error.to_string()),
            ReimportError::Store(error) => error.into(),
        }
    }
}

/// Reads rejected lines of a source again. Those that can be read become rows and are rejects no more; the others stay.
/// While masking is on, a format with a definition of its own needs the scope `pii:read`, as it says which part of a line
/// is personal. Times without a zone are in that of this machine.
#[utoipa::path(
    post, path = "/rejects/reimport", operation_id = "rejects_reimport", tag = "logs", request_body = ReimportBody,
    responses((status = 200, description = "Read again", body = Changed<Reimported>), Failures, BodyFailures)
)]
pub async fn reimport(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Changed<Reimported>> {
    Asked::of(&uri, &[]).finish()?;
    let mut asked = Asked::of(&Uri::default(), FIELDS);
    add_fields(&mut asked, &headers, body).await?;
    let (source, reason, spec) = (asked.text("source"), asked.text("reason"), asked.text("format"));
    let reason = reason.and_then(|name| match reason_of(&name) {
        Ok(reason) => Some(reason),
        Err(fault) => {
            asked.faults.add("reason", fault);
            None
        }
    });
    if spec.as_deref().is_some_and(is_definition) && !auth.lens.is_plain() {
        return Err(ApiError::Forbidden(
            "saying which part of a line is personal, as the definition of a format does, needs the scope pii:read"
                .to_owned(),
        ));
    }
    let format = spec.and_then(|spec| match FormatChoice::parse(&spec) {
        Ok(format) => Some(format),
        Err(fault) => {
            asked.faults.add("format", fault.to_string());
            None
        }
    });
    asked.finish()?;
    let source = source.ok_or_else(|| ApiError::Malformed("the field `source` is missing".to_owned()))?;
    let actor = auth.actor();
    let local_time = LocalTime { until: state.clock.now(), zone: TimeZone::system() };
    let asked = Reimport { source, reason, format, local_time };
    let done = state.work(Lane::Scans, move |state| {
        let counts = asked.counts(&*state.store)?;
        // A name that is no source's is not put on record: it may be anything.
        let Some(source) = counts.first().map(|count| count.source.clone()) else { return Ok(Default::default()) };
        audited(state, &actor, "rejects.reimport", &source, asked.on_record(&counts), || {
            let summary = asked.run(&*state.store, &|| state.storing())?;
            Ok((summary.on_record(), summary))
        })
    });
    let summary: ReimportSummary = done.await?;
    Ok(Changed::new("Rejected lines read again", summary.into()))
}

/// Whether a spec says more than a name that this program made up.
fn is_definition(spec: &str) -> bool {
    let spec = spec.trim();
    let begins = |name: &str| spec.strip_prefix(name).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    FORMATS.iter().any(|kind| begins(kind.name) && !kind.detected_as.contains(&spec))
}

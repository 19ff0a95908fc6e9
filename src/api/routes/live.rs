//! `/api/logs/live`: rows as they are stored.

use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{LogsRead, Narrowed};
use crate::api::live::stream::{Begin, live as stream, resume};
use crate::api::log_question::LogQuestion;
use crate::api::params::{Asked, FILTERS, Kind, Known, Param, WINDOW, document};
use crate::api::responses::Failures;
use crate::api::serve::Ending;
use crate::api::standing::Reader;
use crate::api::state::AppState;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

const RESUME: &[Param] = &[Param::one(
    "cursor",
    Kind::Text,
    "The `id` of an event of the same question: the rows stored after it; the header `Last-Event-ID` wins",
)];
const KNOWN: Known = &[RESUME, FILTERS, WINDOW];
/// What a browser sends when it connects again.
const LAST_EVENT_ID: &str = "last-event-id";
/// When a place may be free again.
const RETRY_AFTER_S: u64 = 5;

/// The parameters of the stream, for the OpenAPI document.
pub struct LiveParams;

impl IntoParams for LiveParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// Rows as they are stored, as server-sent events.
///
/// `event: log` carries a row; its `id` resumes the stream, in `Last-Event-ID` or `cursor`, without a gap. `event:
/// dropped` says with `{count}` how many rows were left out because too many waited. A comment comes every 15 s. `event:
/// end` says with `{code}` why the stream ends: `unauthenticated` when the credential was revoked or has expired,
/// `view_changed` when masking has changed (its `id` resumes in the new view), `shutdown`, or the code of a failure.
#[utoipa::path(
    get, path = "/logs/live", operation_id = "logs_live", tag = "logs", params(LiveParams),
    responses((status = 200, description = "Events", body = String, content_type = "text/event-stream"), Failures)
)]
pub async fn live(
    Narrowed(auth): Narrowed<LogsRead>,
    State(state): State<AppState>,
    ending: Option<Extension<Ending>>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, KNOWN);
    let cursor = asked.text("cursor");
    let mut question = LogQuestion::read(&mut asked, &state, &auth.lens);
    asked.finish()?;
    question.keep_to(&auth.principal)?;
    let last = headers.get(LAST_EVENT_ID).filter(|last| !last.is_empty());
    let last = last.map(|last| String::from_utf8_lossy(last.as_bytes()));
    let token =
        last.as_deref().map(|last| ("Last-Event-ID", last)).or(cursor.as_deref().map(|cursor| ("cursor", cursor)));
    let begin = match token {
        Some(token) => resume(&state, &mut question, &auth.lens, token)?,
        None => Begin::Now,
    };
    let place = state.live.take(auth.principal.account).ok_or_else(|| ApiError::Unavailable {
        cause: "as many live streams are open as there may be".to_owned(),
        retry_after_s: RETRY_AFTER_S,
    })?;
    let reader = Reader::of(&state, auth).await?;
    stream(state, reader, question, begin, (place, ending.map(|Extension(ending)| ending))).await
}
